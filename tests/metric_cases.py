"""Shared parts of the tests of metrics."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from algolint.linting.linter import Linter
from algolint.rule import Problem, Replace
from algolint.rule_files import first_party_rules
from algolint.testing import completed, model_of, problems
from algolint.values import OpenDict

Reported = set[tuple[str, tuple[str | int, ...], str]]
RULES = first_party_rules()
METRIC = "MetricDefinition"
METRICS = "MetricDefinitionList"
OBJECTIVES = "HyperParameterTuningJobObjectives"
TRAINING = "TrainingSpecification"
analysis = import_module("algolint_rules._regex")
facts = import_module("algolint_rules._regex_facts")
fixes = import_module("algolint_rules._regex_fixes")
matching = import_module("algolint_rules._regex_matching")
NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
# Matches every number, so that no other rule reports the pattern.
ANY = r"([-+0-9.eE]+)"


def found(spec: Any, shape: str) -> list[tuple[str, Problem, str]]:
    linter = Linter(model_of(), RULES)
    whole = spec if isinstance(spec, OpenDict) else completed(spec, shape, linter.model)
    rows = [(rule.name, p, p.severity or rule.severity) for rule, p in problems(linter, whole, shape)]
    # Tested with their own families.
    others = {"missing-descriptions", "hp-objective-without-tunable", "tuning-limits"}
    return [row for row in rows if row[0] not in others]


def reported(spec: Any, shape: str) -> Reported:
    return {(name, problem.path, level) for name, problem, level in found(spec, shape)}


def of_regex(pattern: Any) -> dict[str, str]:
    """Return the findings for a pattern: each rule without the common prefix, with its severity."""
    rows = reported({"Name": "m", "Regex": pattern}, METRIC)
    assert {path for _, path, _ in rows} <= {("Regex",)}
    return {name.removeprefix("metric-regex-"): level for name, _, level in rows}


def only(spec: Any, rule: str, shape: str) -> Problem:
    (problem,) = [problem for name, problem, _ in found(spec, shape) if name == rule]
    return problem


def fixed(pattern: str, rule: str) -> str | None:
    fix = only({"Name": "m", "Regex": pattern}, f"metric-regex-{rule}", METRIC).fix
    assert fix is None or (isinstance(fix, Replace) and fix.path == ("Regex",) and not fix.safe)
    return None if fix is None else fix.value
