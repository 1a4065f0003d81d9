"""A long session of random edits: after each the diagnostics are those of a fresh lint, and nothing is logged."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from language_client import CAPABILITIES, LanguageClient, ServerError

from algolint.diagnostic import Diagnostic, collapsed
from algolint.server.text import Text
from algolint.session import Session
from algolint.source import Source
from algolint.spec.structural_rules import invalid_syntax
from algolint.syntaxes import may_hold_spec

Json = dict[str, Any]
Row = tuple[str, str, int, int, int, int]
TEXTS = [
    path
    for folder, name in (("forecaster", "spec.json"), ("boosted-trees", "spec.yaml"), ("forecaster", "spec.py"),
                         ("image-classifier", "spec.tf"), ("image-classifier", "spec.cfn.yaml"), ("forecaster", "spec.ipynb"))
    for path in [ROOT / "fixtures/same" / folder / name]
] + [ROOT / "fixtures/faulty/metrics.yaml"]  # fmt: skip
TOKENS = [
    "", "", "", '"', "'", "{", "}", "[", "]", ":", ",", "\n", "\r\n", "  ", "- ", "#", "x", "7", "é", "中", "😀",
    "TrainingChannels", "AlgorithmName: ", '"Name": ', "ml.m5.xlarge", "true", "null", "&a ", "*a", "!Sub ", "|\n", "${x}",
    "# algolint: ignore[unknown-field]", "{{ x }}", "---\n",
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


def row(diagnostic: Diagnostic) -> Row:
    place = diagnostic.location
    return (
        diagnostic.rule.name,
        diagnostic.message,
        place.line,
        place.column,
        place.end_line,
        place.end_column,
    )


def shown(found: Json) -> Row:
    start, end = found["range"]["start"], found["range"]["end"]
    lines = (start["line"] + 1, start["character"] + 1, end["line"] + 1, end["character"] + 1)
    return found["code"], found["message"], *lines


def fresh(session: Session, name: str, text: str) -> tuple[list[Row], bool]:
    """What linting a text for the first time finds, and whether it can be read."""
    if not may_hold_spec(name, text):
        return [], True
    result = session.lint(name, False, Source(name, text))
    assert not result.error
    assert not result.crashes
    found = collapsed(result.diagnostics)
    is_broken = result.note is not None or any(d.rule is invalid_syntax for d in found)
    return [*map(row, found)], not is_broken


class Typist:
    """Changes texts at random, as people do: a few characters here, a block there, and often back again."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def change(self, text: str, original: str) -> tuple[int, int, str]:
        """The span to replace, and the text to put there."""
        chance = self.chance
        if chance.random() < 0.15 or len(text) > 2 * len(original):
            return 0, len(text), original
        start = chance.randrange(len(text) + 1)
        length = chance.choice((0, 0, 1, 1, 3, 20, 200))
        end = min(start + length, len(text))
        new = chance.choice(TOKENS)
        if chance.random() < 0.2:
            other = chance.randrange(len(original))
            new = original[other : other + chance.choice((5, 60, 400))]
        return start, end, new

    def requests(self, uri: str, text: Text) -> Iterator[tuple[str, Json]]:
        """What an editor asks in between."""
        chance = self.chance
        if chance.random() < 0.5:
            position = text.position(chance.randrange(len(text.text) + 1))
            params = {"textDocument": {"uri": uri}, "position": position, "newName": "renamed", "context": {}}
            yield chance.choice(METHODS), params
        if chance.random() < 0.1:
            first, last = sorted(chance.choices(range(len(text.text) + 1), k=2))
            where = text.range((first, last))
            yield "textDocument/codeAction", {"textDocument": {"uri": uri}, "range": where, "context": {}}


def memory_of(process: int) -> int:
    """The memory of a process in kB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


@pytest.mark.parametrize("count", [210, pytest.param(10_000, marks=pytest.mark.slow)])
def test_after_each_edit_the_diagnostics_are_those_of_a_fresh_lint(count: int, tmp_path: Path) -> None:
    session = Session({})
    typist = Typist(count)
    offered = {**CAPABILITIES, "general": {"positionEncodings": ["utf-32"]}}
    memory = []
    broken = 0
    with LanguageClient(tmp_path, offered) as client:
        client.limit(3600)
        documents = []
        for path in TEXTS:
            original = path.read_text()
            name = f"{path.parent.name}-{path.name}"
            documents.append((client.open(name, original), name, original, Text(original, "utf-32")))
        for number in range(2, count + 2):
            uri, name, original, text = typist.chance.choice(documents)
            start, end, new = typist.change(text.text, original)
            change = {"range": text.range((start, end)), "text": new}
            # What is between CR and LF has no position of its own, so both sides place it alike.
            text.change(change)
            client.change(uri, number, change)
            found = [*map(shown, client.diagnostics(uri, number))]
            expected, is_readable = fresh(session, str(tmp_path / name), text.text)
            if is_readable:
                assert found == expected, (number, name)
            else:
                broken += 1
                errors = [finding for finding in found if finding[0] == "invalid-syntax"]
                assert errors == [finding for finding in expected if finding[0] == "invalid-syntax"]
                lines = len(text.text.splitlines()) + 1
                assert all(1 <= finding[2] <= finding[4] <= lines for finding in found)
            for method, params in typist.requests(uri, text):
                # A name may not be there, or be taken.
                with suppress(ServerError) if method == "textDocument/rename" else nullcontext():
                    client.request(method, params)
            if os.name == "posix" and number % max(count // 20, 1) == 0:
                memory.append(memory_of(client.process.pid))
        client.end()
    assert broken > count / 20
    if memory and count > 1000:
        # What it takes after half of the session is what it takes in the end.
        assert memory[-1] < 1.1 * memory[len(memory) // 2], memory
        print(f"{count} edits, {broken} of them left a broken text; memory in kB: {memory}")
