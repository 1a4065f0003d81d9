"""What automatic model tuning needs: ranges of what is tunable, objectives, and its limits."""

from __future__ import annotations

from typing import Any

import pytest
from hyperparameter_cases import (
    OBJECTIVE,
    TRAINING,
    Reported,
    categorical,
    numeric,
    only,
    reported,
    suspicious,
)

from algolint.values import UNKNOWN, OpenDict, OpenList

# ---------------------------------------------------------------- tunable


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"Type": "Integer", "IsTunable": True}, {("hp-tunable-without-range", (), "warning")}),
        ({"Type": "Continuous", "IsTunable": True}, {("hp-tunable-without-range", (), "warning")}),
        # One fault, one name: the info rule is silent beside the warning.
        ({"Type": "Categorical", "IsTunable": True}, {("hp-tunable-without-range", (), "warning")}),
        ({"Type": "Integer", "IsTunable": True, "Range": UNKNOWN}, set()),
        ({"Type": UNKNOWN, "IsTunable": True}, set()),
        ({"Type": "Integer", "IsTunable": UNKNOWN}, set()),
        (OpenDict({"Name": "a", "Type": "Categorical", "IsTunable": True}), set()),
        # The SDK's tuner demands a value for what it searches.
        (
            numeric("Integer", "1", "9", IsTunable=True, IsRequired=True),
            {("hp-required-and-tunable", ("IsRequired",), "info")},
        ),
        (numeric("Integer", "1", "9", IsTunable=True, IsRequired=False), set()),
        (numeric("Integer", "1", "9", IsTunable=UNKNOWN, IsRequired=True), set()),
        (numeric("Integer", "1", "9", IsTunable=True, IsRequired=True, DefaultValue=UNKNOWN), set()),
        (OpenDict(numeric("Integer", "1", "9", Name="a", IsTunable=True, IsRequired=True)), set()),
        ({"Type": "FreeText", "IsTunable": True}, {("hp-freetext-tunable", ("IsTunable",), "warning")}),
        ({"Type": "FreeText", "IsTunable": False}, set()),
        (
            numeric("Integer", "2", "2", IsTunable=True),
            {("hp-tunable-single-point", ("IsTunable",), "warning")},
        ),
        (
            numeric("Continuous", "0.5", ".50", IsTunable=True),
            {("hp-tunable-single-point", ("IsTunable",), "warning")},
        ),
        (numeric("Continuous", "0.1", "0.10000000000000000001", IsTunable=True), set()),
        (numeric("Integer", "2", "2"), set()),
        (numeric("Integer", "2", "2", IsTunable=False), set()),
        (numeric("Integer", "2", UNKNOWN, IsTunable=True), set()),
        (categorical(["a"], IsTunable=True), {("hp-tunable-single-point", ("IsTunable",), "warning")}),
        (
            categorical(["ab", "".join(("a", "b"))], IsTunable=True),
            {("hp-tunable-single-point", ("IsTunable",), "warning"), *suspicious(1)},
        ),
        (categorical(["a"]), set()),
        (categorical(["a", UNKNOWN], IsTunable=True), set()),
        (categorical(OpenList(["a"]), IsTunable=True), set()),
        (categorical(UNKNOWN, IsTunable=True), set()),
    ],
)
def test_tunable(spec: dict[str, Any], expected: Reported) -> None:
    assert reported(spec) == expected


# ---------------------------------------------------------------- tuning as a whole


TUNABLE = numeric("Integer", "1", "9", Name="depth", IsTunable=True)
FIXED = {"Name": "columns", "Type": "FreeText", "IsTunable": False}
LACKS_OBJECTIVE: Reported = {("hp-tunable-without-objective", (), "warning")}
LACKS_TUNABLE: Reported = {
    ("hp-objective-without-tunable", ("SupportedTuningJobObjectiveMetrics",), "warning")
}


@pytest.mark.parametrize(
    ("training", "expected"),
    [
        ({"SupportedHyperParameters": [TUNABLE, FIXED], **OBJECTIVE}, set()),
        ({"SupportedHyperParameters": [TUNABLE]}, LACKS_OBJECTIVE),
        ({"SupportedHyperParameters": [UNKNOWN, TUNABLE]}, LACKS_OBJECTIVE),
        ({"SupportedHyperParameters": [FIXED]}, set()),
        (
            {"SupportedHyperParameters": [TUNABLE], "SupportedTuningJobObjectiveMetrics": []},
            {("hp-tunable-without-objective", ("SupportedTuningJobObjectiveMetrics",), "warning")},
        ),
        ({"SupportedHyperParameters": [TUNABLE], "SupportedTuningJobObjectiveMetrics": OpenList()}, set()),
        ({"SupportedHyperParameters": [TUNABLE], "SupportedTuningJobObjectiveMetrics": UNKNOWN}, set()),
        ({"SupportedHyperParameters": [FIXED], **OBJECTIVE}, LACKS_TUNABLE),
        ({"SupportedHyperParameters": [{"Name": "a", "Type": "FreeText"}], **OBJECTIVE}, LACKS_TUNABLE),
        ({"SupportedHyperParameters": [], **OBJECTIVE}, LACKS_TUNABLE),
        (OBJECTIVE, LACKS_TUNABLE),
        ({"SupportedHyperParameters": [{**TUNABLE, "IsTunable": UNKNOWN}], **OBJECTIVE}, set()),
        ({"SupportedHyperParameters": [FIXED, UNKNOWN], **OBJECTIVE}, set()),
        ({"SupportedHyperParameters": OpenList([FIXED]), **OBJECTIVE}, set()),
        # What cannot be tuned although IsTunable is true.
        ({"SupportedHyperParameters": [{**FIXED, "IsTunable": True}], **OBJECTIVE}, LACKS_TUNABLE),
        (
            {
                "SupportedHyperParameters": [numeric("Integer", "2", "2", Name="a", IsTunable=True)],
                **OBJECTIVE,
            },
            LACKS_TUNABLE,
        ),
        (
            {
                "SupportedHyperParameters": [numeric("Integer", "2", UNKNOWN, Name="a", IsTunable=True)],
                **OBJECTIVE,
            },
            set(),
        ),
        (
            {"SupportedHyperParameters": [categorical(["a"], Name="a", IsTunable=True)], **OBJECTIVE},
            LACKS_TUNABLE,
        ),
        (
            {"SupportedHyperParameters": [{"Name": "a", "IsTunable": True, "Type": UNKNOWN}], **OBJECTIVE},
            set(),
        ),
        ({"SupportedHyperParameters": UNKNOWN, **OBJECTIVE}, set()),
    ],
)
def test_objectives_and_what_is_tuned(training: dict[str, Any], expected: Reported) -> None:
    ours = {"hp-tunable-without-objective", "hp-objective-without-tunable"}
    assert {row for row in reported(training, TRAINING) if row[0] in ours} == expected


def test_the_first_that_is_tunable_is_shown() -> None:
    training = {"SupportedHyperParameters": [FIXED, TUNABLE, {**TUNABLE, "Name": "width"}]}
    problem = only(training, "hp-tunable-without-objective", TRAINING)
    assert [related.path for related in problem.related] == [("SupportedHyperParameters", 1, "IsTunable")]


def weights(tunable: int, fixed: int) -> list[dict[str, Any]]:
    return [numeric("Integer", "1", "9", Name=f"w{n}", IsTunable=n < tunable) for n in range(tunable + fixed)]


@pytest.mark.parametrize(
    ("hyperparameters", "reports"),
    [
        (weights(30, 0), False),
        (weights(31, 0), True),
        (weights(30, 69), False),
        (weights(30, 70), True),
        (weights(0, 100), False),
        (OpenList(weights(1, 99)), False),
        (OpenList(weights(31, 0)), True),
    ],
)
def test_the_limits_of_tuning(hyperparameters: list[Any], reports: bool) -> None:
    rows = {
        row for row in reported({"SupportedHyperParameters": hyperparameters}, TRAINING) if "limits" in row[0]
    }
    assert rows == ({("tuning-limits", ("SupportedHyperParameters",), "info")} if reports else set())


@pytest.mark.parametrize(("count", "reports"), [(20, False), (21, True), (40, True)])
def test_the_limit_of_metrics(count: int, reports: bool) -> None:
    metrics = [{"Name": f"m{n}", "Regex": f"m{n}=([-+0-9.eE]+)"} for n in range(count)]
    rows = reported({"MetricDefinitions": metrics}, TRAINING)
    assert rows == ({("tuning-limits", ("MetricDefinitions",), "info")} if reports else set())
