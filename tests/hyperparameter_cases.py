"""Shared parts of the tests of rules on hyperparameters."""

from __future__ import annotations

from typing import Any

from algolint.linting.linter import Linter
from algolint.rule import Problem
from algolint.rule_files import first_party_rules
from algolint.testing import completed, model_of, problems
from algolint.values import OpenDict

Reported = set[tuple[str, tuple[str | int, ...], str]]
RULES = first_party_rules()
HP = "HyperParameterSpecification"
LIST = "HyperParameterSpecifications"
TRAINING = "TrainingSpecification"


def found(
    spec: Any, shape: str, revision: str = "latest", *, yaml: bool = True
) -> list[tuple[str, Problem, str]]:
    linter = Linter(model_of(revision), RULES)
    whole = spec if isinstance(spec, OpenDict) else completed(spec, shape, linter.model)
    rows = [
        (rule.name, p, p.severity or rule.severity) for rule, p in problems(linter, whole, shape, yaml=yaml)
    ]
    # Descriptions, and names as short as those below, would only make the tables longer.
    return [row for row in rows if row[0] not in ("missing-descriptions", "hp-name-nonportable")]


def reported(spec: Any, shape: str = HP, revision: str = "latest", *, yaml: bool = True) -> Reported:
    return {(name, problem.path, level) for name, problem, level in found(spec, shape, revision, yaml=yaml)}


def only(spec: Any, rule: str, shape: str = HP) -> Problem:
    (problem,) = [problem for name, problem, _ in found(spec, shape) if name == rule]
    return problem


def numeric(kind: str, least: Any, greatest: Any, **more: Any) -> dict[str, Any]:
    limits = {"MinValue": least, "MaxValue": greatest}
    return {"Type": kind, "Range": {f"{kind}ParameterRangeSpecification": limits}, **more}


def categorical(values: Any, **more: Any) -> dict[str, Any]:
    return {
        "Type": "Categorical",
        "Range": {"CategoricalParameterRangeSpecification": {"Values": values}},
        **more,
    }


INTEGER = ("Range", "IntegerParameterRangeSpecification")
CONTINUOUS = ("Range", "ContinuousParameterRangeSpecification")
CATEGORIES = ("Range", "CategoricalParameterRangeSpecification", "Values")
REVERSED: Reported = {("hp-range-min-gt-max", (*INTEGER, "MinValue"), "error")}
BOTH = {
    "IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "8"},
    "CategoricalParameterRangeSpecification": {"Values": ["1", "8"]},
}
OBJECTIVE = {
    "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([-+0-9.eE]+)"}],
    "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "loss"}],
}


def lenient(*path: str) -> Reported:
    return {("hp-nonportable-number-form", path, "warning")}


def suspicious(index: int) -> Reported:
    return {("hp-categorical-values-suspicious", (*CATEGORIES, index), "warning")}


def named(*names: Any) -> list[dict[str, Any]]:
    return [{"Name": name, "Type": "FreeText"} for name in names]


def request(declared: Any, given: Any) -> dict[str, Any]:
    profile = {"ProfileName": "p", "TrainingJobDefinition": {"HyperParameters": given}}
    return {
        "TrainingSpecification": {"SupportedHyperParameters": declared},
        "ValidationSpecification": {"ValidationProfiles": [profile]},
    }
