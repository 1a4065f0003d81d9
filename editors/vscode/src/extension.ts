// The client of algolint's language server.

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, State } from "vscode-languageclient/node";
import { findProgram, Program } from "./program";

const LANGUAGES = [
  "json", "jsonc", "yaml", "python", "terraform", "hcl", "opentofu", "typescript", "typescriptreact", "javascript",
  "javascriptreact", "shellscript", "makefile", "cloudformation",
];
const INSTALL = "Install algolint";
const SHOW_LOG = "Show log";
const SETTINGS = "Open settings";

let client: LanguageClient | undefined;
let program: Program | undefined;
let log: vscode.OutputChannel;
let status: vscode.LanguageStatusItem;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel("algolint");
  status = vscode.languages.createLanguageStatusItem("algolint", LANGUAGES.map((language) => ({ language })));
  status.name = "algolint";
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand("algolint.restart", restart),
    vscode.commands.registerCommand("algolint.showLog", () => log.show()),
    vscode.commands.registerCommand("algolint.fixAll", fixAll),
    vscode.commands.registerCommand("algolint.explain", explain),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("algolint.path") || event.affectsConfiguration("algolint.enable")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function restart(): Promise<void> {
  await stop();
  await start();
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(): Promise<void> {
  if (!vscode.workspace.getConfiguration("algolint").get<boolean>("enable", true)) {
    show("off", vscode.LanguageStatusSeverity.Information);
    return;
  }
  program = await findProgram(vscode.workspace.workspaceFolders?.[0], log);
  if (!program && !vscode.workspace.isTrusted) {
    // A message would still be there once the workspace is trusted and algolint is found.
    show("not on the PATH; environments are looked at once the workspace is trusted", vscode.LanguageStatusSeverity.Warning);
    return;
  }
  if (!program) {
    show("not found", vscode.LanguageStatusSeverity.Error);
    // Not awaited: the message stays until somebody answers.
    void reportMissing();
    return;
  }
  const server = { command: program.command, args: [...program.args, "server"] };
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    outputChannel: log,
    initializationOptions: { trusted: vscode.workspace.isTrusted },
  };
  client = new LanguageClient("algolint", "algolint", server, options);
  client.onDidChangeState((event) => {
    if (event.newState === State.Running) {
      show(`from ${program?.origin}`, vscode.LanguageStatusSeverity.Information);
    } else if (event.newState === State.Stopped) {
      show("stopped", vscode.LanguageStatusSeverity.Warning);
    }
  });
  try {
    await client.start();
  } catch (error) {
    log.appendLine(String(error));
    show("failed", vscode.LanguageStatusSeverity.Error);
    const answer = await vscode.window.showErrorMessage(`algolint's server does not start: ${error}`, SHOW_LOG);
    if (answer) {
      log.show();
    }
  }
}

function show(text: string, severity: vscode.LanguageStatusSeverity): void {
  status.text = "algolint";
  status.detail = text;
  status.severity = severity;
  status.command = { command: "algolint.showLog", title: SHOW_LOG };
}

async function reportMissing(): Promise<void> {
  const message = vscode.workspace.isTrusted
    ? "algolint is not installed in the Python environment of this workspace, nor on the PATH."
    : "algolint is not on the PATH; environments of the workspace are looked at once it is trusted.";
  const choices = vscode.workspace.isTrusted ? [INSTALL, SETTINGS, SHOW_LOG] : [SHOW_LOG];
  switch (await vscode.window.showErrorMessage(message, ...choices)) {
    case INSTALL: {
      const terminal = vscode.window.createTerminal("algolint");
      terminal.show();
      terminal.sendText("python -m pip install algolint");
      void vscode.window.showInformationMessage("Once it is installed, run: algolint: Restart");
      break;
    }
    case SETTINGS:
      await vscode.commands.executeCommand("workbench.action.openSettings", "algolint.path");
      break;
    case SHOW_LOG:
      log.show();
  }
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", {
    kind: "source.fixAll.algolint",
    apply: "first",
  });
}

/** Show the page of the rule of the finding at the cursor, or of one that is asked for. */
async function explain(): Promise<void> {
  if (!program) {
    await reportMissing();
    return;
  }
  const rule = ruleAtCursor() ?? (await vscode.window.showInputBox({ title: "Explain a rule", prompt: "Its name" }));
  if (!rule) {
    return;
  }
  execFile(program.command, [...program.args, "explain", rule], async (error, stdout, stderr) => {
    if (error) {
      void vscode.window.showErrorMessage(stderr.trim() || error.message);
      return;
    }
    const document = await vscode.workspace.openTextDocument({ content: stdout, language: "markdown" });
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  });
}

function ruleAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    return undefined;
  }
  const found = vscode.languages
    .getDiagnostics(editor.document.uri)
    .find((diagnostic) => diagnostic.source === "algolint" && diagnostic.range.contains(editor.selection.active));
  const code = found?.code;
  return typeof code === "object" ? String(code.value) : code === undefined ? undefined : String(code);
}
