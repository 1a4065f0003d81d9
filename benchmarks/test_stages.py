"""Measures each stage in a long-running process, and each rule, in microseconds for one request.

    pytest benchmarks
    pytest benchmarks -k stage_ --benchmark-autosave --benchmark-compare

Each round gets a new request, which is made before the clock starts, so that caches of texts help as little
as with files of many authors.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count, islice
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from algolint.aws.model import REQUEST, Model
from algolint.config.effective import SettingsFinder
from algolint.config.settings import FORMATS
from algolint.diagnostic import Diagnostic
from algolint.document import Document
from algolint.linting.linter import Linter
from algolint.reports import text as report_text
from algolint.rule import Rule
from algolint.rule_files import first_party_rules
from algolint.runs.outcome import Outcome
from algolint.runs.session import Session
from algolint.source import Source
from algolint.spec.binder import Binder
from algolint.spec.context import Context
from algolint.spec.walker import Walker
from algolint.syntaxes import read
from benchmarks import corpus

if TYPE_CHECKING:
    from algolint.values import Path

    # pytest-benchmark's results have no types.
    Benchmark: TypeAlias = Any

ROUNDS = 50
MODEL = Model()
RULES = first_party_rules()

_dice = random.Random(20181129)
_numbers = count()


def request() -> dict[str, Any]:
    """Return a clean request of 12 KB with unique names and patterns."""
    number = next(_numbers)
    spec = corpus.request(_dice, number)
    corpus.set_patterns(spec, number)
    return spec


def source(syntax: str) -> Source:
    """Return a new request as a file."""
    return Source(f"algorithm.{syntax}", corpus.written(request(), syntax))


def measured(benchmark: Benchmark, stage: Callable[..., object], given: Callable[[], object]) -> None:
    """Measure a stage; `given` makes its arguments for each round."""
    benchmark.pedantic(stage, setup=lambda: ((given(),), {}), rounds=ROUNDS, warmup_rounds=5)


# ---------------------------------------------------------------- stages


@pytest.mark.parametrize("syntax", corpus.SYNTAXES)
def test_stage_parse(benchmark: Benchmark, syntax: str) -> None:
    measured(benchmark, read, lambda: source(syntax))


@pytest.mark.parametrize("syntax", corpus.SYNTAXES)
def test_stage_bind(benchmark: Benchmark, syntax: str) -> None:
    binder = Binder(MODEL)
    measured(
        benchmark,
        lambda spec: binder.bind(spec, REQUEST, is_yaml=syntax == "yaml"),
        lambda: read(source(syntax))[0].spec,
    )


@pytest.mark.parametrize("rules", [[], RULES], ids=["no-rules", "all-rules"])
def test_stage_walk(benchmark: Benchmark, rules: list[Rule]) -> None:
    measured(benchmark, walk_of(rules), request)


def walk_of(rules: list[Rule]) -> Callable[[Any], object]:
    """Return a function that walks requests with some of the rules."""
    walker = Walker(MODEL, rules)
    return lambda spec: walker.walk(spec, REQUEST, Context(MODEL, spec, REQUEST))


@pytest.mark.parametrize("syntax", corpus.SYNTAXES)
@pytest.mark.parametrize("locations", ["one", "all"])
def test_stage_locate(benchmark: Benchmark, syntax: str, locations: str) -> None:
    def given() -> tuple[Document, list[Path]]:
        document = read(source(syntax))[0]
        paths = list(paths_of(document.spec))
        return document, paths if locations == "all" else [paths[len(paths) // 2]]

    def locate(task: tuple[Document, list[Path]]) -> None:
        document, paths = task
        for path in paths:
            document.source.position(document.locate(path)[0])

    measured(benchmark, locate, given)


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of all values in a spec."""
    yield path
    if isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths_of(item, (*path, step))


@pytest.mark.parametrize("syntax", corpus.SYNTAXES)
def test_stage_lint(benchmark: Benchmark, syntax: str) -> None:
    """Measure everything that happens on a keystroke in an editor."""
    session = Session(SettingsFinder({}, isolated=True))
    measured(benchmark, lambda given: session.lint(given.name, True, given), lambda: source(syntax))


@pytest.fixture(scope="module")
def findings() -> list[Diagnostic]:
    """Return the findings in 50 faulty fixtures."""
    linter = Linter(MODEL, RULES, with_edits=True, with_fingerprints=True)
    found: list[Diagnostic] = []
    for number, text in enumerate(islice(corpus.from_fixtures("yaml"), 1000)):
        if corpus.is_faulty(number):
            found += linter.lint_source(Source(f"algorithm-{number}.yaml", text)).diagnostics
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_stage_report(benchmark: Benchmark, findings: list[Diagnostic], form: str) -> None:
    """Measure a report of all findings in 50 files."""
    outcome = Outcome(MODEL)
    outcome.add(findings)
    outcome.names = list(dict.fromkeys(diagnostic.source.name for diagnostic in findings))
    outcome.files = len(outcome.names)

    def report() -> str:
        if FORMATS[form].is_for_people:
            lines = report_text.full if form == "full" else report_text.concise
            return "\n".join(lines(findings))
        text: str = import_module(FORMATS[form].module).report(outcome)
        return text

    text = benchmark.pedantic(report, rounds=5, warmup_rounds=1)
    assert len(findings) > 200
    assert len(text) > 100 * len(findings) / 2


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule(benchmark: Benchmark, rule: Rule) -> None:
    """Measure a walk that only calls this rule. Its cost is the difference from `no-rules`."""
    measured(benchmark, walk_of([rule]), request)
