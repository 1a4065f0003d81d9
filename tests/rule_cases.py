"""What the tests of rules share: what is reported for a part of a spec."""

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
    """A linter with all rules of algolint, for a revision and region."""
    return Linter(model_of(revision), RULES, region=region)


def found(
    spec: Any, shape: str, revision: str = "latest", region: str | None = None
) -> list[tuple[Rule, Problem]]:
    """The problems of a part of a spec. Required fields that it does not show are unknown, unless it is open."""
    seen = spec if isinstance(spec, (OpenDict, OpenList)) else completed(spec, shape, model_of(revision))
    return problems(linter(revision, region), seen, shape)


def reported(spec: Any, shape: str, revision: str = "latest", region: str | None = None) -> Reported:
    """The problems of a part of a spec as (rule, path, severity), after replacement."""
    return {
        (rule.name, problem.path, problem.severity or rule.severity)
        for rule, problem in found(spec, shape, revision, region)
    }


def only(spec: Any, shape: str, name: str, revision: str = "latest", region: str | None = None) -> Problem:
    """The one problem that a rule reports."""
    (problem,) = [problem for rule, problem in found(spec, shape, revision, region) if rule.name == name]
    return problem


def message(spec: Any, shape: str, name: str, revision: str = "latest") -> str:
    """The message of the one problem that a rule reports."""
    return only(spec, shape, name, revision).message


def opened(value: Any) -> Any:
    """The same value with every object open, so that no rule reports what is absent."""
    if isinstance(value, dict):
        return OpenDict({key: opened(item) for key, item in value.items()})
    return [opened(item) for item in value] if type(value) is list else value
