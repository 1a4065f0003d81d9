"""Counting the steps of some work, which are the same in every run and on every machine."""

from __future__ import annotations

import cProfile
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from algolint.regexes.parser import parse_any

matching = import_module("algolint_rules._regex_matching")

_ENOUGH = 1 << 60
_parsed = cache(parse_any)


def calls_of(function: Callable[[], Any]) -> int:
    """Return the number of function calls, including those of C functions."""
    profile = cProfile.Profile()
    profile.runcall(function)
    return sum(entry.callcount for entry in profile.getstats())


def steps_of(function: Callable[[], Any]) -> Counter[str]:
    """Return the number of function calls, and the steps that each regular expression takes.

    Expressions that were compiled before are not counted.
    """
    compile_: Callable[..., Any] = vars(re)["_compile"]
    searches: list[tuple[str, str, str, int]] = []

    def noted(pattern: Any, flags: int) -> Any:
        compiled = compile_(pattern, flags)
        return _NotedPattern(compiled, searches) if isinstance(pattern, str) else compiled

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(vars(re), "_compile", noted)
        steps = Counter(calls=calls_of(function))
    for search in searches:
        steps[search[0]] += _taken(*search)
    return steps


class _NotedPattern:
    """A pattern that records the texts it searches."""

    def __init__(self, pattern: re.Pattern[str], searches: list[tuple[str, str, str, int]]) -> None:
        self._pattern = pattern
        self._searches = searches

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pattern, name)
        if not callable(found):
            return found

        def used(*arguments: Any) -> Any:
            # The second argument of `sub` is the text.
            text, at, *_ = (*arguments[name == "sub" :], 0)
            self._searches.append((self._pattern.pattern, name, text, at))
            return found(*arguments)

        return used


def _taken(pattern: str, name: str, text: str, at: int) -> int:
    """Return the steps to match a pattern in a text from an offset, with one of its methods."""
    budget = matching.Budget(_ENOUGH)
    matcher = _Backtracker(text, budget, alone=False)
    while at <= len(text):
        found = matcher.states(_parsed(pattern), (at, ()))
        if name in ("match", "fullmatch") or (found and name == "search"):
            break
        at = max(found[0][0], at + 1) if found else at + 1
    return _ENOUGH - int(budget.left)


class _Backtracker(matching.Matcher):  # type: ignore[misc, name-defined]
    """Tries all alternatives as a matcher that fails does, including those that lead to the same state."""

    @staticmethod
    def _distinct(states: list[Any]) -> list[Any]:
        return states
