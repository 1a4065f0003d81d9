"""Rules only ask questions of a spec that unknown values answer properly.

A value in a pattern is compared with `==`, which raises `Undecided` for an unknown value and ends the call,
so that later cases and items would not be checked. Inside the pattern of its type, `str("Gzip")`, it is only
compared with text. A type by itself, such as `int()`, does not match a field with an unknown value; `_` tests
whether a field is set.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rule_cases import REQUEST, linter, reported

import rules
from algolint.testing import problems
from algolint.values import UNKNOWN

FILES = sorted(Path(rules.__file__).parent.glob("[a-z]*.py"))
_TYPES = ("str", "int", "float", "bool", "dict", "list")


def faults(tree: ast.AST) -> Iterator[str]:
    """Yield the patterns of a file that are not allowed, with their lines."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            nodes = list(ast.walk(function))
            used = {node.id for node in nodes if isinstance(node, ast.Name)}
            for node in nodes:
                if isinstance(node, ast.match_case):
                    yield from _compared(node.pattern)
                    yield from _asks_presence_by_type(node.pattern, used)


def _compared(pattern: ast.pattern) -> Iterator[str]:
    """Yield values that are compared with any value."""
    if isinstance(pattern, ast.MatchValue):
        yield f"line {pattern.lineno}: write str(…) or int(…) around {ast.unparse(pattern.value)}"
    elif not (isinstance(pattern, ast.MatchClass) and _named(pattern) in _TYPES):
        for child in ast.iter_child_nodes(pattern):
            if isinstance(child, ast.pattern):
                yield from _compared(child)


def _asks_presence_by_type(pattern: ast.pattern, used: set[str]) -> Iterator[str]:
    """Yield fields of which only the type is tested, and the value not used."""
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchMapping):
            for key, value in zip(node.keys, node.patterns, strict=True):
                name = value.name if isinstance(value, ast.MatchAs) else None
                inner = value.pattern if isinstance(value, ast.MatchAs) else value
                if isinstance(inner, ast.MatchClass) and not inner.patterns and name not in used:
                    yield f"line {inner.lineno}: write _ to ask whether {ast.unparse(key)} is set"


def _named(pattern: ast.MatchClass) -> str:
    return pattern.cls.id if isinstance(pattern.cls, ast.Name) else ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rules_ask_definite_questions(file: Path) -> None:
    assert list(faults(ast.parse(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        ('{"Type": "Integer"}', "write str(…) or int(…) around 'Integer'"),
        ('{"Type": "Integer" | "Continuous" as kind} if kind', "around 'Integer'"),
        ('[{"Size": 0}]', "around 0"),
        ('"Integer", str() as text if text', "around 'Integer'"),
        ('{"Type": str("Integer"), "Flag": True, "Other": None}', None),
        ('{"Type": str("Integer" | "Continuous" as kind)}', None),
        ('{"Wait": int()}', "write _ to ask whether 'Wait' is set"),
        ('{"Wait": int() as wait}', "write _ to ask whether 'Wait' is set"),
        ('{"Source": {"Data": dict()}}', "whether 'Data' is set"),
        ('{"Wait": int() as wait} if wait > 3', None),
        ('{"Wait": _}', None),
        ("dict()", None),
    ],
)
def test_the_check_finds_indefinite_questions(case: str, fault: str | None) -> None:
    found = list(
        faults(ast.parse(f"def rule(spec):\n    match spec:\n        case {case}:\n            pass\n"))
    )
    assert [fault] == [fault for what in found if fault and fault in what][:1] if fault else found == []


def profile(job: str, **fields: Any) -> dict[str, Any]:
    """Return a request with a validation profile whose job has the fields."""
    return {"ValidationSpecification": {"ValidationProfiles": [{job: fields}]}}


def served(**container: Any) -> dict[str, Any]:
    """Return a request with one container."""
    return {"InferenceSpecification": {"Containers": [container]}}


PRESENT: list[tuple[str, dict[str, Any]]] = [
    (
        "max-wait-without-spot",
        profile("TrainingJobDefinition", StoppingCondition={"MaxWaitTimeInSeconds": UNKNOWN}),
    ),
    ("model-data-in-algorithm", served(ModelDataUrl=UNKNOWN)),
    ("model-data-in-algorithm", served(ModelDataSource=UNKNOWN)),
    ("model-data-two-sources", served(ModelDataUrl=UNKNOWN, ModelDataSource=UNKNOWN)),
    ("model-data-source-unsupported", {**served(ModelDataSource=UNKNOWN), "CertifyForMarketplace": True}),
    (
        "model-data-source-unsupported",
        {
            **served(ModelDataSource={}),
            "ValidationSpecification": {"ValidationProfiles": [{"TransformJobDefinition": UNKNOWN}]},
        },
    ),
    (
        "transform-without-inference-spec",
        {"ValidationSpecification": {"ValidationProfiles": [{"TransformJobDefinition": UNKNOWN}]}},
    ),
    (
        "inference-instance-lists-missing",
        {
            "InferenceSpecification": {"Containers": UNKNOWN},
            "ValidationSpecification": {"ValidationProfiles": [{"TransformJobDefinition": UNKNOWN}]},
        },
    ),
    (
        "inference-not-validated",
        {"InferenceSpecification": UNKNOWN, "ValidationSpecification": {"ValidationProfiles": [{}]}},
    ),
    (
        "filesystem-needs-vpc",
        profile("TrainingJobDefinition", InputDataConfig=[{"DataSource": {"FileSystemDataSource": UNKNOWN}}]),
    ),
    (
        "filesystem-needs-file-mode",
        profile(
            "TrainingJobDefinition",
            TrainingInputMode="Pipe",
            InputDataConfig=[{"DataSource": {"FileSystemDataSource": UNKNOWN}}],
        ),
    ),
    (
        "filesystem-needs-file-mode",
        profile(
            "TrainingJobDefinition",
            InputDataConfig=[{"DataSource": {"FileSystemDataSource": UNKNOWN}, "ShuffleConfig": UNKNOWN}],
        ),
    ),
    (
        "placement-config",
        profile(
            "TrainingJobDefinition",
            ResourceConfig={"InstanceType": "ml.m5.large", "InstancePlacementConfig": UNKNOWN},
        ),
    ),
    (
        "instance-and-groups-exclusive",
        profile(
            "TrainingJobDefinition", ResourceConfig={"InstanceType": UNKNOWN, "InstanceGroups": [UNKNOWN]}
        ),
    ),
    (
        "hp-range-not-exactly-one",
        {
            "TrainingSpecification": {
                "SupportedHyperParameters": [
                    {
                        "Range": {
                            "IntegerParameterRangeSpecification": UNKNOWN,
                            "ContinuousParameterRangeSpecification": UNKNOWN,
                        }
                    }
                ]
            }
        },
    ),
]


@pytest.mark.parametrize(("rule", "spec"), PRESENT, ids=[rule for rule, _ in PRESENT])
def test_a_field_that_is_set_is_reported_whatever_its_value(rule: str, spec: dict[str, Any]) -> None:
    assert rule in {name for name, _, _ in reported(spec, REQUEST)}


def test_a_null_is_only_of_the_wrong_type() -> None:
    """Its author may have meant to leave the field out; other missing fields are reported."""
    found = reported({"MaxWaitTimeInSeconds": None}, "StoppingCondition")
    assert found == {("wrong-type", ("MaxWaitTimeInSeconds",), "error")}
    here = problems(linter(), {"InstanceType": "ml.m5.large", "InstanceCount": None}, "InstanceGroup")
    assert {rule.name for rule, _ in here} == {"wrong-type", "missing-field"}


def test_after_an_unknown_value_the_next_item_is_checked() -> None:
    spec = {
        "TrainingSpecification": {
            "SupportedTuningJobObjectiveMetrics": [
                {"Type": UNKNOWN, "MetricName": "a"},
                {"Type": "Minimize", "MetricName": "b"},
                {"Type": "Minimize", "MetricName": "b"},
            ]
        }
    }
    path = ("TrainingSpecification", "SupportedTuningJobObjectiveMetrics", 2)
    assert ("objective-duplicate-or-conflicting", path, "warning") in reported(spec, REQUEST)
