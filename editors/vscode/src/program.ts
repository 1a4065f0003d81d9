// Finding the algolint program of a workspace.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

const WINDOWS = process.platform === "win32";

/** A program to start, and where it was found, for the log. */
export interface Program {
  command: string;
  args: string[];
  origin: string;
}

/** The programs to try, the most specific first. In a workspace that is not trusted only the PATH is looked at. */
async function candidates(folder: vscode.WorkspaceFolder | undefined): Promise<Program[]> {
  const found: Program[] = [];
  if (vscode.workspace.isTrusted) {
    const configured = vscode.workspace.getConfiguration("algolint").get<string>("path", "").trim();
    if (configured) {
      const command = configured.replace("${workspaceFolder}", folder?.uri.fsPath ?? "");
      return [{ command, args: [], origin: "algolint.path" }];
    }
    const python = await selectedPython(folder);
    if (python) {
      found.push({ command: python, args: ["-m", "algolint"], origin: "the selected Python environment" });
    }
    if (folder) {
      const program = path.join(folder.uri.fsPath, ".venv", WINDOWS ? "Scripts/algolint.exe" : "bin/algolint");
      if (existsSync(program)) {
        found.push({ command: program, args: [], origin: ".venv" });
      }
    }
  }
  found.push({ command: "algolint", args: [], origin: "the PATH" });
  return found;
}

/** The interpreter that is selected in the Python extension. */
async function selectedPython(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension("ms-python.python");
  if (!extension) {
    return undefined;
  }
  try {
    const api = await extension.activate();
    return api?.environments?.getActiveEnvironmentPath(folder?.uri)?.path;
  } catch {
    return undefined;
  }
}

/** The version that a program prints, or why it cannot be run. */
function version(program: Program): Promise<{ version?: string; error?: string }> {
  return new Promise((resolve) => {
    execFile(program.command, [...program.args, "--version"], { timeout: 15_000 }, (error, stdout, stderr) => {
      const printed = stdout.trim();
      resolve(printed.startsWith("algolint ") ? { version: printed } : { error: stderr.trim() || error?.message });
    });
  });
}

/** The first program that runs; undefined if there is none. */
export async function findProgram(
  folder: vscode.WorkspaceFolder | undefined,
  log: vscode.OutputChannel,
): Promise<Program | undefined> {
  for (const program of await candidates(folder)) {
    const answer = await version(program);
    const called = [program.command, ...program.args].join(" ");
    log.appendLine(`${program.origin}: ${called}: ${answer.version ?? `cannot be used: ${answer.error}`}`);
    if (answer.version) {
      return program;
    }
  }
  return undefined;
}
