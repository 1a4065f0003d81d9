"""A little of the fuzzing campaign, and what it has found; `python -m campaigns.fuzz` goes on for longer."""

from __future__ import annotations

import random

import pytest

from campaigns import fuzz

TARGETS = (*fuzz.NAMES, "run")


@pytest.mark.parametrize("what", TARGETS)
def test_two_thousand_files(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    failed = fuzz.campaign(what, 2000, 7, 120)
    said = capsys.readouterr().out
    assert not failed, said
    assert said.startswith(f"seed 7: {what}: ")


def test_a_file_is_made_again_from_its_number() -> None:
    seeds, whole = fuzz.corpus("json"), fuzz.specs("json")
    again = [fuzz.mutated(random.Random("7:1999"), seeds, whole) for _ in range(2)]
    assert again[0] == again[1]


def test_a_fault_would_be_seen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(fuzz, "target", lambda what: lambda data: str(1 // (len(data) % 3)))  # noqa: ARG005
    assert fuzz.campaign("json", 50, 7, 60) >= 5
    assert "ZeroDivisionError" in capsys.readouterr().out


# What came of files that the campaign found: the syntax, the file, and what holds since.
FOUND: list[tuple[str, bytes, str]] = [
    ("json", b'{"a": {{ x }}, {{ y }} "b": 1 {{ z }}}', "refused"),
]


@pytest.mark.parametrize(("what", "data", "word"), FOUND)
def test_what_was_found(what: str, data: bytes, word: str) -> None:
    assert fuzz.target(what)(data) == word


def test_a_fault_of_a_template_quotes_no_cover() -> None:
    from algolint.engine import read
    from algolint.source import Source, SyntaxFault

    with pytest.raises(SyntaxFault) as caught:
        read(Source("a.json", '{"a": {{ x }}, {{ y }} "b": 1 {{ z }}}'))
    assert not any("\ue000" <= character <= "\uf8ff" for character in caught.value.message)
