"""Locations of findings as integrations show them, obtained by running the real programs."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
import yaml
from conftest import ROOT, run_command

POSIX = pytest.mark.skipif(os.name != "posix", reason="runs a shell script")


class Finding(NamedTuple):
    """The part of a finding that every integration shows."""

    path: str
    line: int
    column: int
    severity: str
    rule: str
    message: str


class Span(NamedTuple):
    """A finding with its end, if an integration shows it."""

    finding: Finding
    end_line: int
    end_column: int


# These rules are in the core and their levels are set, so that changes of other rules do not affect the
# folder.
CONFIGURATION = """\
select = ["pattern-mismatch", "unknown-field", "unknown-value", "not-an-algorithm"]
show-info = true
[severity]
unknown-field = "warning"
unknown-value = "info"
"""
YAML_SPEC = """\
AlgorithmName: "a: [b] c; d"
"odd.yaml:1:2: error: key [rule]": 1
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/a:1
  SupportedTrainingInstanceTypes: [ml.m5.large]
  TrainingChannels:
    - {Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: ["x.json:3:4: error: [y]"]}
"""
JSON_SPEC = """\
{
	"AlgorithmName": "-x",
	"TrainingSpecification": {
		"TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/a:1",
		"SupportedTrainingInstanceTypes": ["ml.m5.large"], "TrainingChannel": [],
		"TrainingChannels": [
			{"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["Pip"]}
		]
	}
}
"""


def write_folder(folder: Path) -> Path:
    """Write a folder with findings of each severity, with spaces in paths, and with files that are not specs."""
    files = {
        "algolint.toml": CONFIGURATION,
        "algorithm.yaml": YAML_SPEC,
        "my specs/an odd algorithm (2).json": JSON_SPEC,
        "my specs/no-algorithm.json": '{"name": "package"}\n',
        "my specs/notes.txt": "a.yaml:1:1: error: no output [of-algolint]\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def run(
    *command: str | Path, cwd: Path, stdin: str = "", env: dict[str, str] | None = None, timeout: int = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command in an environment without variables of CI services."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        env=plain_environment() | (env or {}),
    )


def plain_environment() -> dict[str, str]:
    """Return the environment without variables that would select another format or git configuration."""
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return _outside_of_ci() | nowhere | {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}


def _outside_of_ci() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GIT_"))}
    for name in ("PRE_COMMIT", "SKIP", "NO_COLOR"):
        kept.pop(name, None)
    return kept


def lint(folder: Path, form: str, *options: str) -> str:
    """Return the output of `algolint` for a folder in a format."""
    done = run_command("--format", form, *options, cwd=folder, env=_outside_of_ci())
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def program_in(folder: Path) -> Path:
    """Make a folder for PATH with a command `algolint` that runs this tree with this Python."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "algolint"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m algolint "$@"\n')
    program.chmod(0o755)
    return folder


def with_program(folder: Path) -> dict[str, str]:
    """Return environment variables with which `algolint` is found."""
    return {"PATH": f"{program_in(folder)}{os.pathsep}{os.environ['PATH']}"}


@functools.cache
def needs(program: str) -> str:
    """Return the full name of a program, or skip the test if it is not installed."""
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is not installed")
    return found


def needs_pre_commit() -> tuple[str, ...]:
    """Return the command of pre-commit, or skip the test if it is not installed."""
    if not importlib.util.find_spec("pre_commit"):
        pytest.skip("pre-commit is not installed")
    return (sys.executable, "-m", "pre_commit")


@functools.cache
def _index_answers() -> bool:
    quick = ["--retries", "0", "--timeout", "10", "--disable-pip-version-check", "--dry-run"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--ignore-installed"]
    wanted = ["setuptools>=77", "PyYAML", "jsonschema", "pathspec", "regex"]
    done = subprocess.run([*command, *quick, *wanted], capture_output=True, timeout=120, check=False)
    return done.returncode == 0


def needs_package_index() -> None:
    """Skip the test if no package index is available."""
    if not _index_answers():
        pytest.skip("no package index can be reached, so pip cannot install")


def copy_of_package(target: Path) -> Path:
    """Copy what an installation from the repository needs, so that building does not change the tree."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("algolint", "rules"):
        shutil.copytree(ROOT / name, target / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml", "action.yml"):
        shutil.copy(ROOT / name, target / name)
    return target


# ---------------------------------------------------------------- the truth


def spans_by_json(folder: Path) -> list[Span]:
    """Return the findings from `--format json`."""
    rows = json.loads(lint(folder, "json"))["diagnostics"]
    return sorted(Span(_of_row(row), row["end_line"], row["end_column"]) for row in rows)


def by_json(folder: Path) -> list[Finding]:
    """Return the findings from `--format json`, without their ends."""
    return [span.finding for span in spans_by_json(folder)]


def _of_row(row: dict[str, Any]) -> Finding:
    path = row["path"].replace(os.sep, "/")
    return Finding(path, row["line"], row["column"], row["severity"], row["rule"], row["message"])


# ---------------------------------------------------------------- pre-commit

_HEADLINE = re.compile(r"(\S.*?):(\d+):(\d+): (error|warning|info): (.+) \[(\S+)\]")


def headlines(text: str) -> list[Finding]:
    """Return the findings in the first lines of a text."""
    found = []
    for line in text.splitlines():
        if match := _HEADLINE.fullmatch(line):
            path, row, column, severity, message, rule = match.groups()
            found.append(Finding(path.replace(os.sep, "/"), int(row), int(column), severity, rule, message))
    return sorted(found)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a scratch repository."""
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false")
    done = run(needs("git"), *who, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit_all(folder: Path) -> None:
    """Make a folder a git repository with everything committed."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")


def hooks() -> dict[str, dict[str, Any]]:
    """Return the hooks of this repository, by id."""
    return {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def hook_here(identity: str, **changes: Any) -> dict[str, Any]:
    """Return a hook of this repository that runs from this tree instead of its own environment."""
    hook = hooks()[identity]
    program, _, options = hook["entry"].partition(" ")
    assert program == "algolint"
    entry = f"{shlex.quote(Path(sys.executable).as_posix())} -m algolint {options}"
    return hook | {"language": "system", "entry": entry} | changes


def pre_commit(
    folder: Path, *hooks: dict[str, Any], arguments: tuple[str, ...] = ("run", "--all-files")
) -> subprocess.CompletedProcess[str]:
    """Run the real pre-commit with local hooks in a repository."""
    configuration = folder.parent / "pre-commit-config.yaml"
    configuration.write_text(json.dumps({"repos": [{"repo": "local", "hooks": hooks}]}))
    return run(
        *needs_pre_commit(),
        *arguments,
        "--config",
        configuration,
        "--color=never",
        cwd=folder,
        env={"PRE_COMMIT_HOME": str(folder.parent / "pre-commit-home")},
        timeout=300,
    )


def by_pre_commit(folder: Path) -> list[Finding]:
    """Return the findings that pre-commit prints for a folder, which becomes a git repository."""
    commit_all(folder)
    done = pre_commit(folder, hook_here("algolint"))
    assert done.returncode == 1, done.stdout + done.stderr
    return headlines(done.stdout)


# ---------------------------------------------------------------- the action


def action_steps() -> dict[str, dict[str, Any]]:
    """Return the steps of the action, by id."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    return {step["id"]: step for step in action["runs"]["steps"]}


class StepRun(NamedTuple):
    """The result of a step that was run by hand."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]
    summary: str


def run_step(
    identity: str, folder: Path, scratch: Path, values: dict[str, str], env: dict[str, str] | None = None
) -> StepRun:
    """Run a shell step of the action as the runner does, with its expressions replaced by `values`.

    An input that is not in `values` has the default from action.yml.
    """
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    values = {f"inputs.{name}": str(entry["default"]) for name, entry in inputs.items()} | values
    step = action_steps()[identity]

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ *(\S+) *\}\}", lambda match: values[match[1]], text)

    scratch.mkdir(parents=True, exist_ok=True)
    script, output, summary = scratch / f"{identity}.sh", scratch / "output", scratch / "summary"
    script.write_text(step["run"])
    output.write_text("")
    summary.write_text("")
    runner = {
        "GITHUB_ACTIONS": "true",
        "CI": "true",
        "GITHUB_WORKSPACE": str(folder),
        "RUNNER_TEMP": str(scratch),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    done = run(
        *(needs("bash"), "--noprofile", "--norc", "-e", "-o", "pipefail", script),
        cwd=folder / filled(step.get("working-directory", ".")),
        env=runner | {key: filled(value) for key, value in step["env"].items()} | (env or {}),
        timeout=300,
    )
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return StepRun(done.returncode, done.stdout, done.stderr, outputs, summary.read_text())


def annotated(text: str) -> list[Span]:
    """Return the annotations that GitHub makes from the workflow commands in a text."""
    levels = {"error": "error", "warning": "warning", "notice": "info"}
    spans = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        given = {key: unquote(value) for key, value in properties.items()}
        rule = re.fullmatch(r"algolint \((.*)\)", given["title"])
        assert rule
        finding = Finding(
            *(given["file"], int(given["line"]), int(given.get("col", 0))),
            *(levels[match[1]], rule[1], unquote(match[3])),
        )
        spans.append(Span(finding, int(given["endLine"]), int(given.get("endColumn", 0))))
    return sorted(spans)


def by_action(folder: Path, scratch: Path) -> list[Finding]:
    """Return the findings as the action's lint step annotates them for a folder."""
    program = program_in(scratch / "bin") / "algolint"
    values = {"steps.install.outputs.program": str(program)}
    done = run_step("lint", folder, scratch, values)
    assert done.code == 1, done.stderr
    return [span.finding for span in annotated(done.stdout)]


# ---------------------------------------------------------------- problem matchers, with Node

# How GitHub's runner and VS Code handle a line of output: the first pattern of a matcher that matches gives
# the parts by its group numbers. (The runner compiles them with .NET's ECMAScript option.)
_MATCH = """\
const {matchers, lines} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const rows = [];
for (const line of lines) {
  for (const matcher of matchers) {
    const pattern = [].concat(matcher.pattern)[0];
    const groups = new RegExp(pattern.regexp).exec(line);
    if (groups) {
      const row = {default: matcher.severity};
      for (const [part, group] of Object.entries(pattern)) {
        if (part !== 'regexp' && groups[group] !== undefined) row[part] = groups[group];
      }
      rows.push(row);
      break;
    }
  }
}
console.log(JSON.stringify(rows));
"""


def matched(matchers: list[dict[str, Any]], text: str) -> list[dict[str, str]]:
    """Return the parts that a problem matcher finds in each line, using Node."""
    data = json.dumps({"matchers": matchers, "lines": text.splitlines()})
    done = run(needs("node"), "-e", _MATCH, cwd=ROOT, stdin=data)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, str]] = json.loads(done.stdout)
    return rows


def github_matchers() -> list[dict[str, Any]]:
    """Return the matchers for GitHub Actions."""
    matchers: list[dict[str, Any]] = json.loads((ROOT / "editors/github-matcher.json").read_text())[
        "problemMatcher"
    ]
    return matchers


def vscode_tasks() -> dict[str, dict[str, Any]]:
    """Return the tasks for VS Code, by label."""
    tasks = json.loads((ROOT / "editors/vscode/tasks.json").read_text())["tasks"]
    return {task["label"]: task for task in tasks}


def finding_of(row: dict[str, str]) -> Finding:
    """Return the finding that GitHub or VS Code shows for the parts of a line."""
    words = {"error": "error", "warning": "warning", "info": "info", "notice": "info"}
    # VS Code does not know the word "notice" and uses the severity of the matcher.
    severity = words[row.get("severity", row.get("default", "error"))]
    path = row["file"].replace("\\", "/")
    return Finding(path, int(row["line"]), int(row["column"]), severity, row["code"], row["message"])


def by_github_matcher(folder: Path, form: str = "full") -> list[Finding]:
    """Return the findings that the GitHub matcher finds in the report for people."""
    return sorted(finding_of(row) for row in matched(github_matchers(), lint(folder, form)))


def by_vscode(folder: Path, scratch: Path, label: str = "algolint") -> list[Span]:
    """Return the findings of a VS Code task. If a line has no end, they end where they start."""
    task = vscode_tasks()[label]
    assert task["command"] == "algolint"
    done = run(program_in(scratch) / "algolint", *task["args"], cwd=folder)
    assert done.returncode == 1, done.stderr
    spans = []
    for row in matched([task["problemMatcher"]], done.stdout):
        end = int(row.get("endLine", row["line"])), int(row.get("endColumn", row["column"]))
        spans.append(Span(finding_of(row), *end))
    return sorted(spans)


# ---------------------------------------------------------------- Vim

VIM_DUMP = """\
let rows = []
for item in getqflist()
  call add(rows, extend(copy(item), {'name': bufname(item.bufnr)}))
endfor
call writefile([json_encode(rows)], $VIM_DUMP)
"""


def vim(folder: Path, scratch: Path, *commands: str) -> list[dict[str, Any]]:
    """Return the quickfix list of Vim after commands with the compiler selected."""
    dump, script = scratch / "quickfix.json", scratch / "script.vim"
    script.parent.mkdir(parents=True, exist_ok=True)
    start = [
        "set nocompatible encoding=utf-8",
        f"set runtimepath^={ROOT / 'editors/vim'}",
        "compiler algolint",
    ]
    script.write_text("\n".join([*start, *commands, VIM_DUMP]))
    env = with_program(scratch / "bin") | {"VIM_DUMP": str(dump)}
    # In silent mode Vim exits with 1 after any message, so the dump shows whether it worked.
    done = run(
        needs("vim"), "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", script, "-c", "qa!", cwd=folder, env=env
    )
    assert dump.exists(), done.stdout + done.stderr
    rows: list[dict[str, Any]] = json.loads(dump.read_text())
    return rows


def findings_of_quickfix(folder: Path, rows: list[dict[str, Any]]) -> list[Finding]:
    """Return the findings of a quickfix list, with columns in characters instead of bytes."""
    words = {"e": "error", "w": "warning", "i": "info"}
    found = []
    for row in rows:
        if not row["valid"]:
            continue
        message, rule = re.fullmatch(r"(.*) \[(\S+)\]", row["text"]).groups()  # type: ignore[union-attr]
        line = (folder / row["name"]).read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()[row["lnum"] - 1]
        column = len(line[: row["col"] - 1].decode()) + 1
        found.append(Finding(row["name"], row["lnum"], column, words[row["type"].lower()], rule, message))
    return sorted(found)


def by_vim(folder: Path, scratch: Path) -> list[Finding]:
    """Return the findings that Vim lists after `:make`."""
    return findings_of_quickfix(folder, vim(folder, scratch, "silent make!"))


# ---------------------------------------------------------------- Emacs

# A process is no longer live when it ends, but what it wrote may not have been read until this function is called.
_EMACS_LINT = """\
(require 'algolint)
(defvar is-finished nil)
(add-hook 'compilation-finish-functions (lambda (&rest _) (setq is-finished t)))
(algolint default-directory)
(while (not is-finished) (accept-process-output nil 1))
"""

_EMACS_COMPILE = f"""\
{_EMACS_LINT}
(with-current-buffer "*algolint*"
  (let (rows)
    (compilation--ensure-parse (point-max))
    (goto-char (point-min))
    (while (not (eobp))
      (let ((message (get-text-property (point) 'compilation-message)))
        (when message
          (let* ((loc (compilation--message->loc message))
                 (line (buffer-substring-no-properties (point) (line-end-position))))
            (string-match (car algolint-error-regexp) line)
            (push (list (caar (compilation--loc->file-struct loc))
                        (compilation--loc->line loc) (compilation--loc->col loc)
                        (compilation--message->type message) (match-string 7 line) (match-string 6 line))
                  rows))))
      (forward-line 1))
    (princ (json-encode (vconcat (nreverse rows))))))
"""

_EMACS_VISIT = f"""\
{_EMACS_LINT}
(with-current-buffer "*algolint*"
  (let ((folder default-directory) rows)
    (goto-char (point-min))
    (ignore-errors
      (while t
        (with-current-buffer "*algolint*" (next-error))
        (with-current-buffer (window-buffer (selected-window))
          (push (list (file-relative-name buffer-file-name folder) (line-number-at-pos)
                      (1+ (- (point) (line-beginning-position)))) rows))))
    (princ (json-encode (vconcat (nreverse rows))))))
"""

_EMACS_EGLOT = """\
(dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa/*")) (add-to-list 'load-path folder))
(unless (and (locate-library "eglot") (locate-library "yaml-mode")) (princ "null") (kill-emacs))
(require 'algolint)
(require 'yaml-mode)
(unless (fboundp 'js-json-mode) (define-derived-mode js-json-mode js-mode "JSON"))
(algolint-eglot-setup)
(setq eglot-sync-connect 20)
(find-file (pop command-line-args-left))
(if (string-suffix-p ".yaml" buffer-file-name) (yaml-mode) (js-json-mode))
(require 'eglot)
(call-interactively #'eglot)
(let ((end (+ (float-time) 20)) rows)
  (while (and (null (flymake-diagnostics)) (< (float-time) end)) (flymake-start) (accept-process-output nil 0.05))
  (dolist (diagnostic (flymake-diagnostics))
    (let ((place (lambda (position)
                   (save-excursion (goto-char position)
                     (list (line-number-at-pos) (1+ (- (point) (line-beginning-position))))))))
      (push (list (funcall place (flymake-diagnostic-beg diagnostic))
                  (funcall place (flymake-diagnostic-end diagnostic))
                  (symbol-name (flymake-diagnostic-type diagnostic))
                  (flymake-diagnostic-text diagnostic)) rows)))
  (princ (json-encode (vconcat rows))))
"""


def emacs(folder: Path, scratch: Path, program: str, *arguments: str) -> Any:
    """Return the JSON that an Emacs Lisp program prints, with algolint.el on the load path."""
    script = scratch / "script.el"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(f"(require 'json)\n{program}")
    options = ("--batch", "-Q", "--directory", ROOT / "editors/emacs", "--load", script)
    done = run(needs("emacs"), *options, *arguments, cwd=folder, env=with_program(scratch / "bin"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_emacs(folder: Path, scratch: Path) -> list[Finding]:
    """Return the findings that `M-x algolint` lists."""
    words = {2: "error", 1: "warning", 0: "info"}
    rows = emacs(folder, scratch, _EMACS_COMPILE)
    return sorted(
        Finding(name, line, column, words[kind], rule, message)
        for name, line, column, kind, rule, message in rows
    )


def visited_by_emacs(folder: Path, scratch: Path) -> list[tuple[str, int, int]]:
    """Return the positions to which `next-error` moves the cursor."""
    return sorted((name, line, column) for name, line, column in emacs(folder, scratch, _EMACS_VISIT))


def by_eglot(folder: Path, name: str, scratch: Path) -> list[Span]:
    """Return the findings in one file that Eglot shows."""
    rows = emacs(folder, scratch, _EMACS_EGLOT, name)
    if rows is None:
        pytest.skip("Emacs is here without Eglot or yaml-mode")
    spans = []
    for (line, column), end, kind, text in rows:
        rule, message = re.fullmatch(r"algolint \[(\S+)\]: (.*)", text).groups()  # type: ignore[union-attr]
        level = next(word for word in ("error", "warning", "note") if word in kind)
        severity = {"note": "info"}.get(level, level)
        spans.append(Span(Finding(name, line, column, severity, rule, message), *end))
    return sorted(spans)


_NEOVIM = """\
local config = dofile(vim.env.ALGOLINT_LUA)
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.ALGOLINT_FILE))
local buffer = vim.api.nvim_get_current_buf()
local options = { name = "algolint", cmd = config.cmd, root_dir = vim.fn.getcwd(), init_options = config.init_options }
vim.lsp.buf_attach_client(buffer, vim.lsp.start_client(options))
vim.wait(20000, function() return #vim.diagnostic.get(buffer) > 0 end, 20)
local rows = {}
for _, found in ipairs(vim.diagnostic.get(buffer)) do
  local function column(line, byte)
    return vim.fn.strchars(string.sub(vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1], 1, byte)) + 1
  end
  table.insert(rows, {
    found.lnum + 1, column(found.lnum, found.col), found.end_lnum + 1, column(found.end_lnum, found.end_col),
    found.severity, found.code or vim.tbl_get(found, "user_data", "lsp", "code"), found.message,
  })
end
io.stdout:write(vim.fn.json_encode(rows))
vim.cmd("qa!")
"""


def by_neovim(folder: Path, name: str, scratch: Path) -> list[Span]:
    """Return the findings in one file that Neovim's own client shows."""
    script = scratch / "script.lua"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(_NEOVIM)
    settings = {"ALGOLINT_LUA": str(ROOT / "editors/neovim/lsp/algolint.lua"), "ALGOLINT_FILE": name}
    environment = {**with_program(scratch / "bin"), **settings}
    command = (needs("nvim"), "--headless", "-u", "NONE", "-n", "-c", f"luafile {script}")
    done = run(*command, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    severities = {1: "error", 2: "warning", 3: "info"}
    return sorted(
        Span(Finding(name, line, column, severities[severity], rule, message), end_line, end_column)
        for line, column, end_line, end_column, severity, rule, message in json.loads(done.stdout)
    )
