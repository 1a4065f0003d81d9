"""The files in editors/, each tried with the real program (Node for the patterns of GitHub and VS Code)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import locations
import pytest
from conftest import ROOT
from locations import POSIX, Finding

import algolint
from algolint.server.actions import ADD_TO_BASELINE, OPEN_PAGE
from algolint.server.workspace import LANGUAGES

#: Every way to see the findings in an editor, from a folder and a scratch folder beside it.
EDITORS: dict[str, Callable[[Path, Path], list[Finding]]] = {
    "github-matcher-full": lambda folder, _: locations.by_github_matcher(folder),
    "github-matcher-concise": lambda folder, _: locations.by_github_matcher(folder, "concise"),
    "vscode": lambda folder, scratch: [span.finding for span in locations.by_vscode(folder, scratch)],
    "vscode-fix": lambda folder, scratch: [
        span.finding for span in locations.by_vscode(folder, scratch, "algolint: fix")
    ],
    "vim": locations.by_vim,
    "emacs": locations.by_emacs,
}
# Tabs, wide characters, a character outside the Basic Multilingual Plane and a combining one, all before
# the finding: columns of bytes, of UTF-16 units and of the screen all differ from those of characters.
WIDE_JSON = '{\t"AlgorithmDescription": "é e\u0301 中 😀",\t"AlgorithmName": "-x",\t"Größe": 1}\n'
WIDE_YAML = "{AlgorithmDescription: é e\u0301 中 😀, AlgorithmName: -x, Größe: 1}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return locations.write_folder(tmp_path / "specs")


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    folder = tmp_path / "wide"
    folder.mkdir()
    (folder / "algolint.toml").write_text('select = ["pattern-mismatch", "unknown-field"]')
    (folder / "a.json").write_bytes(("\ufeff" + WIDE_JSON).encode())
    (folder / "b.yaml").write_bytes(WIDE_YAML.encode())
    return folder


def characters(folder: Path) -> list[Finding]:
    """The findings of the wide folder, after a check that their columns count characters."""
    found = locations.by_json(folder)
    assert {(f.path, f.column) for f in found} == {
        ("a.json", WIDE_JSON.index('"-x"') + 1),
        ("a.json", WIDE_JSON.index('"Größe"') + 1),
        ("b.yaml", WIDE_YAML.index("-x") + 1),
        ("b.yaml", WIDE_YAML.index("Größe") + 1),
    }
    return found


@POSIX
@pytest.mark.parametrize("editor", EDITORS)
def test_an_editor_shows_the_findings_where_they_are(editor: str, folder: Path, tmp_path: Path) -> None:
    expected = locations.by_json(folder)
    assert {finding.severity for finding in expected} == {"error", "warning", "info"}
    assert any(" " in finding.path for finding in expected)
    assert any(": error: [" in finding.message and "]" in finding.message for finding in expected)
    assert EDITORS[editor](folder, tmp_path / "scratch") == expected


# ---------------------------------------------------------------- patterns

LINES = {
    r"C:\specs\my algorithm.yaml:3:5: error: 'a: b' is [odd] [unknown-value]": (
        Finding(r"C:\specs\my algorithm.yaml", 3, 5, "error", "unknown-value", "'a: b' is [odd]")
    ),
    "/specs/a b.json:12:1: warning: see x.yaml:1:2: error: y [z] [pack/a-rule]": (
        Finding("/specs/a b.json", 12, 1, "warning", "pack/a-rule", "see x.yaml:1:2: error: y [z]")
    ),
    "a.yml:1:1: info: error: [warning] [a-rule]": (
        Finding("a.yml", 1, 1, "info", "a-rule", "error: [warning]")
    ),
}
OTHER_LINES = """\
1 error in 2 files
 3 |   Name: x.yaml:1:2: error: y [z]
   |         ^^^^ also x.yaml:1:2: error: y [z]
  fix: remove x.yaml:1:2: error: y [z]
no algorithm specs found
"""


@pytest.mark.parametrize("matcher", ["github", "vscode"])
def test_patterns_take_paths_and_messages_whole(matcher: str) -> None:
    matchers = locations.github_matchers()
    if matcher == "vscode":
        matchers = [locations.vscode_tasks()["algolint: fix"]["problemMatcher"]]
    rows = locations.matched(matchers, "\n".join([*LINES, OTHER_LINES]))
    expected = [f._replace(path=f.path.replace("\\", "/")) for f in LINES.values()]
    assert [locations.finding_of(row) for row in rows] == expected


@POSIX
def test_vim_takes_paths_and_messages_whole(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("\n".join([*LINES, OTHER_LINES]))
    rows = locations.vim(tmp_path, tmp_path / "scratch", "cgetfile output")
    rows = [row for row in rows if row["valid"]]
    assert [(r["name"], r["lnum"], r["col"], r["type"], r["text"]) for r in rows] == [
        (f.path, f.line, f.column, f.severity[0], f"{f.message} [{f.rule}]") for f in LINES.values()
    ]


@POSIX
def test_emacs_takes_paths_and_messages_whole(tmp_path: Path) -> None:
    program = """
        (require 'algolint)
        (princ (json-encode (vconcat (delq nil (mapcar
          (lambda (line)
            (when (string-match (car algolint-error-regexp) line)
              (vconcat (mapcar (lambda (group) (or (match-string group line) "")) '(1 2 3 4 5 6 7)))))
          (json-parse-string (pop command-line-args-left)))))))
    """
    lines = json.dumps([*LINES, *OTHER_LINES.splitlines()])
    levels = {"error": ["", ""], "warning": ["warning", ""], "info": ["", "info"]}
    assert locations.emacs(tmp_path, tmp_path / "scratch", program, lines) == [
        [f.path, str(f.line), str(f.column), *levels[f.severity], f.message, f.rule] for f in LINES.values()
    ]


# ---------------------------------------------------------------- ends and columns


@POSIX
def test_vscode_knows_where_findings_end(folder: Path, tmp_path: Path) -> None:
    assert locations.by_vscode(folder, tmp_path / "scratch") == locations.spans_by_json(folder)


def test_what_vscode_cannot_show_of_a_line_for_github(tmp_path: Path) -> None:
    """docs/editors.md says so: several lines have no columns, and some characters stay encoded."""
    locations.write_folder(tmp_path)
    percent = locations.YAML_SPEC.replace("a: [b] c; d", "7%")
    (tmp_path / "100% algorithm, really.yaml").write_text(percent)
    folded = locations.YAML_SPEC.replace('"a: [b] c; d"', ">-\n  a b\n  c d")
    (tmp_path / "folded.yaml").write_text(folded)
    matcher = locations.vscode_tasks()["algolint"]["problemMatcher"]
    rows = locations.matched([matcher], locations.lint(tmp_path, "github"))
    assert len(rows) == len(locations.by_json(tmp_path))
    encoded = [row for row in rows if row["file"] == "100%25 algorithm%2C really.yaml"]
    assert encoded[0]["message"].startswith("'7%25' contains '%25'")
    long = next(row for row in rows if row["file"] == "folded.yaml")
    assert (long["line"], long["endLine"]) == ("1", "3")
    assert "column" not in long


@POSIX
def test_vim_counts_bytes_and_the_compiler_file_sees_to_it(wide: Path, tmp_path: Path) -> None:
    expected = characters(wide)
    rows = locations.vim(wide, tmp_path / "scratch", "silent make!")
    assert locations.findings_of_quickfix(wide, rows) == expected
    assert {row["col"] for row in rows if row["name"] == "b.yaml"} == {
        WIDE_YAML.encode().index(b"-x") + 1,
        WIDE_YAML.encode().index("Größe".encode()) + 1,
    }


@POSIX
def test_vim_leaves_the_lists_of_other_compilers_alone(wide: Path, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("b.yaml:1:40: error: x")
    commands = ("set errorformat=%f:%l:%c:%m", f"cgetfile {tmp_path / 'output'}")
    assert [row["col"] for row in locations.vim(wide, tmp_path / "scratch", *commands)] == [40]


@POSIX
def test_vim_puts_the_cursor_there(wide: Path, tmp_path: Path) -> None:
    commands = ["silent make!", "let g:seen = []"]
    for number in range(1, 5):
        commands += [f"silent cc {number}", "call add(g:seen, strcharpart(getline('.')[col('.')-1:], 0, 2))"]
    commands.append("call setqflist(map(g:seen, {_, text -> {'text': text}}))")
    rows = locations.vim(wide, tmp_path / "scratch", *commands)
    assert sorted(row["text"] for row in rows) == sorted(['"-', '"G', "-x", "Gr"])


@POSIX
def test_emacs_puts_the_cursor_there(folder: Path, wide: Path, tmp_path: Path) -> None:
    for location, expected in ((folder, locations.by_json(folder)), (wide, characters(wide))):
        visited = locations.visited_by_emacs(location, tmp_path / "scratch")
        assert visited == [(f.path, f.line, f.column) for f in expected]


def test_a_program_that_is_not_found_is_seen_in_vscode() -> None:
    """With `never` the terminal that says so stays hidden, and the list of problems looks clean."""
    for task in json.loads((ROOT / "editors/vscode/tasks.json").read_text())["tasks"]:
        assert task.get("presentation", {}).get("reveal", "always") in ("always", "silent")


def test_the_extension_declares_what_its_source_has() -> None:
    folder = ROOT / "editors/vscode"
    package = json.loads((folder / "package.json").read_text())
    source = "".join(path.read_text() for path in sorted((folder / "src").glob("*.ts")))
    commands = {command["command"] for command in package["contributes"]["commands"]}
    assert commands == set(re.findall(r'registerCommand\("([\w.]+)"', source))
    # The client registers those of the server by itself.
    assert not commands & {ADD_TO_BASELINE, OPEN_PAGE}
    settings = package["contributes"]["configuration"]["properties"]
    assert {"algolint.enable", "algolint.path"} <= settings.keys()
    assert all(setting["description"].endswith(".") for setting in settings.values())
    # VS Code has no versions in development.
    assert package["version"] == algolint.__version__.partition(".dev")[0]
    languages = source.partition("const LANGUAGES = [")[2].partition("]")[0]
    assert set(LANGUAGES) - set(re.findall(r'"(\w+)"', languages)) <= {"sh", "bash", "make"}


CLIENTS = {"Eglot": locations.by_eglot, "Neovim": locations.by_neovim}


@POSIX
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", ["a.json", "b.yaml"])
def test_clients_of_the_language_server_underline_findings_to_their_ends(
    client: str, name: str, wide: Path, tmp_path: Path
) -> None:
    expected = [span for span in locations.spans_by_json(wide) if span.finding.path == name]
    assert CLIENTS[client](wide, name, tmp_path / "scratch") == expected


@POSIX
def test_emacs_compiles_the_file_without_warnings(tmp_path: Path) -> None:
    (tmp_path / "algolint.el").write_bytes((ROOT / "editors/emacs/algolint.el").read_bytes())
    compile_it = '(progn (setq byte-compile-error-on-warn t) (byte-compile-file "algolint.el"))'
    done = locations.run(locations.needs("emacs"), "--batch", "-Q", "--eval", compile_it, cwd=tmp_path)
    assert (tmp_path / "algolint.elc").exists(), done.stderr


# ---------------------------------------------------------------- everywhere


@pytest.mark.slow
@POSIX
def test_findings_are_the_same_everywhere(folder: Path, tmp_path: Path) -> None:
    """One folder through pre-commit, the action's steps and each editor: the same findings and places."""
    expected = locations.by_json(folder)
    assert len(expected) == 6
    found = {
        "action": locations.by_action(folder, tmp_path / "action"),
        "pre-commit": locations.by_pre_commit(folder),
    }
    for name, see in EDITORS.items():
        try:
            found[name] = see(folder, tmp_path / name)
        except pytest.skip.Exception as reason:
            # The others are still compared; this editor's own test says that it was skipped.
            print(f"{name}: {reason}")
    assert found == dict.fromkeys(found, expected)
