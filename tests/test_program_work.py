"""The cost of interpreting programs: twice as many functions, classes and values take twice as many calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from steps import calls_of

from algolint import limits
from algolint.compare.diff import first_party_rules
from algolint.linting.linter import Linter
from algolint.source import Source
from algolint.testing import model_of

CALL = 'client.create_algorithm(AlgorithmName="a b", TrainingSpecification={"TrainingImage": X})\n'
LITERAL = 'client.create_algorithm(AlgorithmName="a b", TrainingSpecification={"TrainingImage": "a"})\n'


def rows(line: str, count: int, first: str = "") -> str:
    """Return a text of lines in which {n} is the number of the line, and {m} that of the one before."""
    return first + "".join(line.replace("{n}", str(n)).replace("{m}", str(n - 1)) for n in range(1, count))


MADE: dict[str, Callable[[int], str]] = {
    "functions that call the one before": lambda n: rows(
        "def f{n}(x):\n    return f{m}(x) + f{m}(x)\n", n, "def f0(x):\n    return x\n"
    ),
    "functions that lead to a call, the nearest last": lambda n: (
        rows("def f{n}():\n    f{m}()\n", n) + f"def f0():\n    {CALL}"
    ),
    "classes that inherit from the one before": lambda n: rows(
        "class A{n}(A{m}):\n    x = A{m}.x\n    def f(self):\n        return self.x\n", n
    ),
    "attributes that any class may have": lambda n: rows("class A{n}:\n    x = ''\n", n) + rows("y.x\n", n),
    "names that functions see": lambda n: (
        rows("D{n} = {}\n", n) + rows("def f{n}():\n    D{n}['a'] = f{m}()\n", n)
    ),
    "texts that are changed, and functions that see them": lambda n: (
        rows("X += 'a'\n", n, "X = ''\n") + rows("def f{n}():\n    X\n    E[0]\n", n, "E = []\n")
    ),
    "functions that set a key of one dict": lambda n: rows("def f{n}():\n    D['a{n}'] = 1\n", n, "D = {}\n"),
}
# The work for these ends at a limit.
BOUNDED: dict[str, Callable[[int], str]] = {
    "functions that see dicts of a name": lambda n: (
        rows("X = {**X, 'a': {n}}\n", n, "X = {}\n") + rows("def f{n}():\n    X\n", n)
    ),
    "functions that see dicts of classes": lambda n: (
        rows("class A{n}:\n    x = {}\n", n) + rows("def f{n}():\n    y.x\n", n)
    ),
    "functions that may change every name": lambda n: (
        rows("D{n} = {}\n", n) + rows("def f{n}():\n    exec(D)\n", n)
    ),
}


def linted(text: str) -> Any:
    return Linter(model_of(), first_party_rules()).lint_source(Source("a.py", text))


def steps(text: str) -> int:
    """Return the number of calls, including C functions, to lint a program."""
    results = []
    calls = calls_of(lambda: results.append(linted(text)))
    assert "pattern-mismatch" in [diagnostic.rule.name for diagnostic in results[0].diagnostics]
    return calls


@pytest.mark.parametrize("what", MADE)
def test_twice_as_many_take_twice_the_steps(what: str) -> None:
    steps(CALL)
    one, two = (steps(MADE[what](count) + CALL) for count in (100, 200))
    assert two <= 2.3 * one, two / one


@pytest.mark.parametrize("what", BOUNDED)
def test_values_times_functions_are_bounded(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(limits, "MAX_PROGRAM_WEIGHT", 20_000)
    steps(CALL)
    one, two = (steps(BOUNDED[what](count) + CALL) for count in (150, 300))
    assert two <= 2.3 * one, two / one


@pytest.mark.parametrize("what", BOUNDED)
def test_what_is_not_followed_is_reported(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    text = BOUNDED[what](100)
    assert [spec.unknown for spec in linted(text + LITERAL).specs] == []
    monkeypatch.setattr(limits, "MAX_PROGRAM_WEIGHT", 1000)
    unknown = "what the variables of this long program hold"
    assert [spec.unknown for spec in linted(text + CALL).specs] == [unknown]
    # Nothing of a literal request is unknown.
    assert [spec.unknown for spec in linted(text + LITERAL).specs] == []
