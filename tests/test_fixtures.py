"""The fixtures: complete specs that are clean, and faulty ones with the recorded report."""

from __future__ import annotations

from pathlib import Path

import pytest

from algolint.linting.linter import Linter, Selection
from algolint.reports import text as report_text
from algolint.rule_files import first_party_rules
from algolint.source import read_file
from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES
from algolint.testing import model_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
CLEAN = sorted(p for p in (FIXTURES / "clean").iterdir() if p.suffix in (".json", ".yaml"))
FAULTY = sorted(p for p in (FIXTURES / "faulty").iterdir() if p.suffix in (".json", ".yaml"))
RULES = first_party_rules()


def report(path: Path, show_info: bool) -> list[str]:
    names = frozenset(rule.name for rule in (*STRUCTURAL_RULES, *RULES))
    linter = Linter(model_of(), RULES, Selection(names, {}, show_info=show_info))
    result = linter.lint_source(read_file(str(path), 1 << 23))
    assert not result.crashes, result.crashes[0]
    assert result.is_spec
    lines = report_text.concise(result.diagnostics)
    return [line.replace(str(path), path.name) for line in lines]


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_a_clean_request_is_silent(path: Path) -> None:
    assert report(path, show_info=False) == []


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.name)
def test_a_faulty_request_gives_the_recorded_report(path: Path, update: bool) -> None:
    """`pytest --update` rewrites the records; read the difference before committing it."""
    out = path.with_suffix(path.suffix + ".out")
    now = "".join(f"{line}\n" for line in report(path, show_info=True))
    if update:
        out.write_text(now, encoding="utf-8")
    assert out.exists(), "no record yet: run pytest --update and read it"
    assert out.read_text(encoding="utf-8") == now


def test_every_record_has_its_request() -> None:
    recorded = {p.name.removesuffix(".out") for p in (FIXTURES / "faulty").iterdir() if p.suffix == ".out"}
    assert recorded == {p.name for p in FAULTY}


def test_there_are_enough_of_both() -> None:
    assert len(CLEAN) >= 6
    assert len(FAULTY) >= 16


ACCEPTED = sorted((FIXTURES / "accepted").glob("*.yaml"))
# Decided: the reference forbids it in words, though the service has been seen to accept it.
DECIDED = {"default-with-required.yaml": {"hp-default-and-required"}}


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.name)
def test_what_the_service_accepts_is_never_an_error(path: Path) -> None:
    errors = {line.rpartition("[")[2][:-1] for line in report(path, show_info=True) if ": error: " in line}
    assert errors == DECIDED.get(path.name, set())
