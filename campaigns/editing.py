"""Edits open documents at random, and compares the language server's diagnostics with a new run after each
edit.

    python -m campaigns.editing --count 10000 --seed 1

JSON, YAML, CloudFormation, Python, Terraform, and a notebook as text and as cells are open in one server. An
edit inserts a few characters, removes some, moves a block or restores the text. Between edits the server gets
the usual requests of editors. After each edit the diagnostics must be those of a new run; for a broken text,
they must be its syntax error and the findings of a new run in the readable rest. The server must not log
anything, and its memory must not grow in the last quarter of the session, when everything has been imported
and cached. Exits with 1 if one of these does not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from algolint.config.effective import SettingsFinder
from algolint.diagnostic import Diagnostic, collapsed
from algolint.runs.session import Session
from algolint.server.notebook import OpenNotebook
from algolint.server.repair import repaired
from algolint.server.text import ClientText
from algolint.source import Source, SourceSyntaxError
from algolint.spec.structural_rules import invalid_syntax
from algolint.syntaxes import may_hold_spec
from benchmarks.language_server import Editor

Json = dict[str, Any]
# The rule, the message, and the range.
Row = tuple[str, str, int, int, int, int]

ROOT = Path(__file__).resolve().parent.parent
TEXTS = (
    "same/forecaster/spec.json",
    "same/boosted-trees/spec.yaml",
    "same/forecaster/spec.py",
    "same/image-classifier/spec.tf",
    "same/image-classifier/spec.cfn.yaml",
    "same/forecaster/spec.ipynb",
    "faulty/metrics.yaml",
    "faulty/channels.yaml",
)
NOTEBOOK = "same/image-classifier/spec.ipynb"
LANGUAGES = {"py": "python", "ipynb": "json", "tf": "terraform"}
TOKENS = [
    "", "", "", '"', "'", "{", "}", "[", "]", ":", ",", "\n", "\r\n", "  ", "- ", "#", "x", "7", "é", "中", "😀",
    "TrainingChannels", "AlgorithmName: ", '"Name": ', "ml.m5.xlarge", "true", "null", "&a ", "*a", "!Sub ", "|\n", "${x}",
    "# algolint: ignore[unknown-field]", "{{ x }}", "---\n", "  Supp\n", '    "Na\n', "    Tags: [\n", '"Tags": [\n',
]  # fmt: skip
METHODS = (
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/documentSymbol",
    "textDocument/rename",
)
# The edits between measurements of memory.
_SAMPLES = 20


class Difference(Exception):
    """Raised if the server's diagnostics are wrong."""


class Client(Editor):
    """An editor that waits for the server after each message, and keeps the messages that the server sends on
    its own.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__([sys.executable, "-m", "algolint", "server"], folder)
        self.folder = folder
        self.published: dict[str, Json] = {}
        self.logged: list[str] = []
        self.request(
            "initialize",
            {
                "rootUri": folder.as_uri(),
                "capabilities": {
                    "general": {"positionEncodings": ["utf-32"]},
                    "textDocument": {"publishDiagnostics": {"versionSupport": True}},
                },
            },
        )
        self.notify("initialized", {})

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def receive(self) -> Json:
        try:
            message = super().receive()
        except EOFError as error:
            raise Difference(str(error)) from None
        match message:
            case {"method": "textDocument/publishDiagnostics", "params": params}:
                self.published[params["uri"]] = params
            case {"method": "window/logMessage", "params": params}:
                self.logged.append(params["message"])
        return message

    def request(self, method: str, params: Any) -> Any:
        """Return the result of a request, or the error in its answer."""
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.number:
            pass
        return message.get("result", message.get("error"))

    def diagnostics_of(self, uri: str, version: int) -> list[Row]:
        """Return the diagnostics of a version of a document."""
        while self.published.get(uri, {}).get("version") != version:
            self.receive()
        return [_shown(found) for found in self.published[uri]["diagnostics"]]

    def end(self) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        if self.process.wait(30) != 0:
            raise Difference("the server did not end in good order")

    def memory(self) -> int:
        """Return the memory of the server in kB, or 0 if it is not known."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return 0
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def _shown(found: Json) -> Row:
    start, end = found["range"]["start"], found["range"]["end"]
    return found["code"], found["message"], start["line"], start["character"], end["line"], end["character"]


def _row(diagnostic: Diagnostic) -> Row:
    place = diagnostic.location
    places = place.line - 1, place.column - 1, place.end_line - 1, place.end_column - 1
    return diagnostic.rule.name, diagnostic.message, *places


class EditedText:
    """An open text, and the diagnostics that it must have."""

    def __init__(self, client: Client, name: str, original: str) -> None:
        self.client = client
        self.name = name
        self.original = original
        self.uri = (client.folder / name).as_uri()
        self.text = ClientText(original, "utf-32")
        ending = name.rpartition(".")[2]
        item = {"uri": self.uri, "languageId": LANGUAGES.get(ending, ending), "version": 0, "text": original}
        client.notify("textDocument/didOpen", {"textDocument": item})

    def edit(self, version: int, start: int, end: int, new: str) -> None:
        change = {"range": self.text.range((start, end)), "text": new}
        # An offset between CR and LF has no position, so both sides place it in the same way.
        self.text.change(change)
        identifier = {"uri": self.uri, "version": version}
        params = {"textDocument": identifier, "contentChanges": [change]}
        self.client.notify("textDocument/didChange", params)

    def check(self, session: Session, version: int) -> bool:
        """Compare the diagnostics with a new run, and return whether the text can be read."""
        found = self.client.diagnostics_of(self.uri, version)
        name = str(self.client.folder / self.name)
        source = Source(name, self.text.text)
        if not may_hold_spec(name, source.text):
            _equal(found, [], self.name)
            return True
        result = session.lint(name, False, source)
        if result.error or result.crashes:
            raise Difference(f"{self.name}: {result.error} {result.crashes}")
        expected = collapsed(result.diagnostics)
        faults = [diagnostic for diagnostic in expected if diagnostic.rule is invalid_syntax]
        if not faults and result.note is None:
            _equal(found, [*map(_row, expected)], self.name)
            return True
        errors = [row for row in found if row[0] == "invalid-syntax"]
        _equal(errors, [*map(_row, faults)], self.name)
        lines = len(self.text.text.splitlines()) + 1
        if not all(0 <= row[2] <= row[4] < lines for row in found):
            raise Difference(f"{self.name}: a place outside of the text: {found}")
        if faults:
            fault = SourceSyntaxError(faults[0].message, faults[0].location.span)
            self._check_rest(session, repaired(source, fault), found)
        return False

    def _check_rest(self, session: Session, rest: Source | None, found: list[Row]) -> None:
        if rest is None:
            return
        result = session.lint(rest.name, False, rest)
        if result.error or result.crashes:
            raise Difference(f"{self.name}: {result.error} {result.crashes}")
        # An earlier finding may replace another one.
        places = {row[2:] for row in found}
        if not result.was_read:
            return
        missing = {row for row in map(_row, collapsed(result.diagnostics)) if row[2:] not in places}
        if missing:
            raise Difference(f"{self.name}: not reported of what can be read: {missing}")

    def positions(self, dice: random.Random) -> tuple[str, Json, Json]:
        """Return the URI, and a range in it."""
        first, last = sorted(dice.choices(range(len(self.text.text) + 1), k=2))
        return self.uri, self.text.position(first), self.text.range((first, last))


class EditedNotebook:
    """A notebook whose cells are open."""

    def __init__(self, client: Client, name: str, cells: list[str]) -> None:
        self.client = client
        self.uri = (client.folder / name).as_uri()
        self.mirror = OpenNotebook(self.uri, 0, "utf-32")
        uris = [f"notebook-cell:{number}" for number in range(len(cells))]
        parts = [{"kind": 2, "document": uri} for uri in uris]
        self.originals = dict(zip(uris, cells, strict=True))
        texts = [
            {"uri": uri, "languageId": "python", "version": 0, "text": text}
            for uri, text in self.originals.items()
        ]
        self.versions = dict.fromkeys(uris, 0)
        notebook = {"uri": self.uri, "notebookType": "jupyter-notebook", "version": 0, "cells": parts}
        params = {"notebookDocument": notebook, "cellTextDocuments": texts}
        client.notify("notebookDocument/didOpen", params)
        self.mirror.open(parts, texts)
        self.chosen = uris[0]

    def choose(self, dice: random.Random) -> None:
        """Choose the cell for the next edit."""
        self.chosen = dice.choice([*self.versions])

    @property
    def original(self) -> str:
        return self.originals[self.chosen]

    @property
    def text(self) -> ClientText:
        return next(cell.text for cell in self.mirror.cells if cell.uri == self.chosen)

    def edit(self, version: int, start: int, end: int, new: str) -> None:
        change = {"range": self.text.range((start, end)), "text": new}
        self.versions[self.chosen] = version
        document = {"uri": self.chosen, "version": version}
        cells = {"textContent": [{"document": document, "changes": [change]}]}
        identifier = {"uri": self.uri, "version": version}
        self.client.published.clear()
        params = {"notebookDocument": identifier, "change": {"cells": cells}}
        self.client.notify("notebookDocument/didChange", params)
        self.mirror.change_cells(cells, version)

    def check(self, session: Session, version: int) -> bool:  # noqa: ARG002
        """Compare the diagnostics with a new run, and return whether no cell is half typed."""
        found = [
            (uri, row)
            for uri, version in self.versions.items()
            for row in self.client.diagnostics_of(uri, version)
        ]
        source = self.mirror.make_source()
        expected = []
        result = session.lint(source.name, False, source)
        if may_hold_spec(source.name, source.text):
            if result.error or result.crashes:
                raise Difference(f"{source.name}: {result.error} {result.crashes}")
            for diagnostic in collapsed(result.diagnostics):
                uri, where = self.mirror.placed(diagnostic.location.span)
                shown = {"code": diagnostic.rule.name, "message": diagnostic.message, "range": where}
                expected.append((uri, _shown(shown)))
        if self.mirror.readable(None) is not None:
            return False
        self.mirror.take(result)
        _equal(sorted(found), sorted(expected), source.name)
        return True

    def positions(self, dice: random.Random) -> tuple[str, Json, Json]:
        """Return the URI of a cell, and a range in it."""
        text = self.text
        first, last = sorted(dice.choices(range(len(text.text) + 1), k=2))
        return self.chosen, text.position(first), text.range((first, last))


def _equal(found: list[Any], expected: list[Any], name: str) -> None:
    if found != expected:
        more = [row for row in found if row not in expected]
        fewer = [row for row in expected if row not in found]
        raise Difference(f"{name}: too many {more}, too few {fewer}")


def change(dice: random.Random, text: str, original: str) -> tuple[int, int, str]:
    """Return the span to replace and the new text: a few characters, a block, or the original text."""
    if dice.random() < 0.3 or len(text) > 2 * len(original) + 100:
        return 0, len(text), original
    start = dice.randrange(len(text) + 1)
    end = min(start + dice.choice((0, 0, 1, 1, 3, 20, 200)), len(text))
    new = dice.choice(TOKENS)
    if dice.random() < 0.2 and original:
        other = dice.randrange(len(original))
        new = original[other : other + dice.choice((5, 60, 400))]
    return start, end, new


def ask(dice: random.Random, client: Client, document: EditedText | EditedNotebook) -> None:
    """Send the usual requests of editors."""
    uri, position, where = document.positions(dice)
    identifier = {"uri": uri}
    if dice.random() < 0.5:
        params = {"textDocument": identifier, "position": position, "newName": "renamed", "context": {}}
        client.request(dice.choice(METHODS), params)
    if dice.random() < 0.1:
        params = {"textDocument": identifier, "range": where, "context": {}}
        client.request("textDocument/codeAction", params)


def edit_at_random(count: int, seed: int, client: Client) -> tuple[dict[str, int], list[int]]:
    """Edit a number of times; return how many texts were readable and broken, and the memory in kB.

    Raises `Difference`.
    """
    dice = random.Random(seed)
    session = Session(SettingsFinder({}, isolated=True))
    documents: list[EditedText | EditedNotebook] = []
    for name in TEXTS:
        text = (ROOT / "fixtures" / name).read_text(encoding="utf-8")
        documents.append(EditedText(client, name.replace("/", "-"), text))
    content = json.loads((ROOT / "fixtures" / NOTEBOOK).read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]
    documents.append(EditedNotebook(client, "cells.ipynb", cells))
    for document in documents:
        document.check(session, 0)
    counts = {"whole": 0, "broken": 0}
    memory = []
    for number in range(1, count + 1):
        document = dice.choice(documents)
        if isinstance(document, EditedNotebook):
            document.choose(dice)
        document.edit(number, *change(dice, document.text.text, document.original))
        try:
            is_whole = document.check(session, number)
        except Difference as error:
            raise Difference(f"edit {number}: {error}") from None
        counts["whole" if is_whole else "broken"] += 1
        ask(dice, client, document)
        if number % max(count // _SAMPLES, 1) == 0:
            memory.append(client.memory())
    client.end()
    if client.logged:
        raise Difference(f"the server logged {client.logged[0]}")
    return counts, memory


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="edits")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(argv)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Client(Path(folder).resolve()) as client:
        try:
            counts, memory = edit_at_random(given.count, given.seed, client)
        except Difference as difference:
            print(f"seed {given.seed}: {difference}")
            return 1
    print(f"seed {given.seed}: {given.count:,} edits in {time.monotonic() - start:.0f} s, 0 differences")
    print(f"texts that can be read {counts['whole']:,}, broken {counts['broken']:,}")
    print(f"memory in MB: {', '.join(f'{kilobytes / 1000:.0f}' for kilobytes in memory)}")
    return int(memory[-1] > 1.05 * memory[3 * len(memory) // 4 - 1])


if __name__ == "__main__":
    sys.exit(main())
