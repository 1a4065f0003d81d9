"""Shared parts of the tests of rules."""

from __future__ import annotations

import functools
from typing import Any

from algolint.linting.linter import Linter
from algolint.rule import Problem, Rule
from algolint.rule_files import first_party_rules
from algolint.testing import completed, model_of, problems
from algolint.values import OpenDict, OpenList

Path = tuple[str | int, ...]
Reported = set[tuple[str, Path, str]]

RULES = first_party_rules()
REQUEST = "CreateAlgorithmInput"


@functools.cache
def linter(revision: str = "latest", region: str | None = None) -> Linter:
    """Return a linter with all rules of algolint, for a revision and region."""
    return Linter(model_of(revision), RULES, region=region)


def found(
    spec: Any, shape: str, revision: str = "latest", region: str | None = None
) -> list[tuple[Rule, Problem]]:
    """Return the problems of a part of a spec. Missing required fields are unknown, unless it is open."""
    seen = spec if isinstance(spec, (OpenDict, OpenList)) else completed(spec, shape, model_of(revision))
    return problems(linter(revision, region), seen, shape)


def reported(spec: Any, shape: str, revision: str = "latest", region: str | None = None) -> Reported:
    """Return the problems of a part of a spec as (rule, path, severity), after replacement."""
    return {
        (rule.name, problem.path, problem.severity or rule.severity)
        for rule, problem in found(spec, shape, revision, region)
    }


def only(spec: Any, shape: str, name: str, revision: str = "latest", region: str | None = None) -> Problem:
    """Return the only problem that a rule reports."""
    (problem,) = [problem for rule, problem in found(spec, shape, revision, region) if rule.name == name]
    return problem


def message(spec: Any, shape: str, name: str, revision: str = "latest") -> str:
    """Return the message of the only problem that a rule reports."""
    return only(spec, shape, name, revision).message


def opened(value: Any) -> Any:
    """Return a value with all objects open, so that no rule reports missing fields."""
    if isinstance(value, dict):
        return OpenDict({key: opened(item) for key, item in value.items()})
    return [opened(item) for item in value] if type(value) is list else value
