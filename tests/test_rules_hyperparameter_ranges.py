"""The ranges of hyperparameters: their kind, limits and categories."""

from __future__ import annotations

from typing import Any

import pytest
from hyperparameter_cases import (
    BOTH,
    CATEGORIES,
    CONTINUOUS,
    INTEGER,
    REVERSED,
    Reported,
    categorical,
    lenient,
    numeric,
    only,
    reported,
    request,
    suspicious,
)

from algolint.rule import Remove, Rename, Replace
from algolint.values import UNKNOWN, OpenDict

# ---------------------------------------------------------------- the kind of range


def test_the_categories_may_be_left_out() -> None:
    assert reported({"Type": "Categorical"}) == {("hp-categorical-without-range", (), "info")}
    assert reported({"Type": "Categorical", "Range": UNKNOWN}) == set()
    # Beside a warning of another rule the advice is not given.
    assert reported({"Type": "Categorical", "IsTunable": True}) == {
        ("hp-tunable-without-range", (), "warning")
    }


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {"Type": "Integer", "Range": numeric("Continuous", "1", "9")["Range"]},
            {("hp-range-kind-mismatch", CONTINUOUS, "error")},
        ),
        (
            {"Type": "Categorical", "Range": numeric("Integer", "1", "9")["Range"]},
            {("hp-range-kind-mismatch", INTEGER, "error")},
        ),
        (
            {"Type": "FreeText", "Range": categorical(["a"])["Range"]},
            {("hp-range-kind-mismatch", CATEGORIES[:2], "warning")},
        ),
        # The wrong kind is the one fault: its limits and the default are not compared with the Type.
        (
            {"Type": "Integer", "Range": numeric("Continuous", "0.5", "9")["Range"], "DefaultValue": "99"},
            {("hp-range-kind-mismatch", CONTINUOUS, "error")},
        ),
        ({"Type": "Integer", "Range": {"ContinuousParameterRangeSpecification": UNKNOWN}},
         {("hp-range-kind-mismatch", CONTINUOUS, "error")}),
        ({"Type": UNKNOWN, "Range": numeric("Integer", "1", "9")["Range"]}, set()),
        ({"Type": "Integer", "Range": OpenDict(numeric("Continuous", "1", "9")["Range"])}, set()),
        # The SDK raises where the range for the Type is absent, and ignores any other.
        ({"Type": "Integer", "Range": {}}, {("hp-range-not-exactly-one", ("Range",), "error")}),
        ({"Type": "FreeText", "Range": {}}, {("hp-range-not-exactly-one", ("Range",), "warning")}),
        ({"Type": UNKNOWN, "Range": {}}, {("hp-range-not-exactly-one", ("Range",), "warning")}),
        ({"Type": "Integer", "Range": BOTH}, {("hp-range-not-exactly-one", ("Range",), "warning")}),
        ({"Type": "Continuous", "Range": BOTH}, {("hp-range-not-exactly-one", ("Range",), "error")}),
        ({"Type": "Continuous", "Range": OpenDict(BOTH)}, {("hp-range-not-exactly-one", ("Range",), "warning")}),
        ({"Type": "FreeText", "Range": BOTH}, {("hp-range-not-exactly-one", ("Range",), "warning")}),
        ({"Type": "Integer", "Range": OpenDict()}, set()),
        # A misspelt kind is an unknown field, and not an empty range besides.
        (
            {"Type": "Integer", "Range": {"IntegerParameterRange": {"MinValue": "1", "MaxValue": "2"}}},
            {("unknown-field", ("Range", "IntegerParameterRange"), "error")},
        ),
        # null beside the right kind is a type fault alone.
        (
            {
                "Type": "Integer",
                "Range": {
                    **numeric("Integer", "1", "9")["Range"],
                    "CategoricalParameterRangeSpecification": None,
                },
            },
            {("wrong-type", CATEGORIES[:2], "error")},
        ),
    ],
)  # fmt: skip
def test_the_kind_of_range(spec: dict[str, Any], expected: Reported) -> None:
    assert reported(spec) == expected


def test_an_integer_range_becomes_a_continuous_one() -> None:
    spec = {"Type": "Continuous", "Range": numeric("Integer", "0", "1")["Range"]}
    fix = only(spec, "hp-range-kind-mismatch").fix
    assert isinstance(fix, Rename)
    assert (fix.path, fix.key, fix.safe) == (INTEGER, CONTINUOUS[1], False)


@pytest.mark.parametrize(
    "spec",
    [
        {"Type": "Integer", "Range": numeric("Continuous", "0.1", "1")["Range"]},
        {"Type": "Categorical", "Range": numeric("Integer", "0", "1")["Range"]},
        {"Type": "Integer", "Range": categorical(["1", "2"])["Range"]},
        # The renamed range would be reported for what is in it, or for the default.
        {"Type": "Integer", "Range": numeric("Continuous", "1.0", "9")["Range"]},
        {"Type": "Continuous", "Range": numeric("Integer", "9", "1")["Range"]},
        {"Type": "Continuous", "Range": numeric("Integer", "1", "1")["Range"], "IsTunable": True},
        {"Type": "Continuous", "Range": numeric("Integer", "1", "9")["Range"], "DefaultValue": "10"},
    ],
)
def test_a_range_is_not_renamed_where_it_would_not_fit(spec: dict[str, Any]) -> None:
    assert only(spec, "hp-range-kind-mismatch").fix is None


@pytest.mark.parametrize(
    ("least", "greatest", "more", "is_offered"),
    [
        ("9", "1", {}, True),
        ("9", "1", {"DefaultValue": "5"}, True),
        ("9", "1", {"DefaultValue": UNKNOWN}, True),
        ("9", "1", {"DefaultValue": "10"}, False),
    ],
)
def test_limits_are_swapped_where_the_default_is_then_valid(
    least: str, greatest: str, more: dict[str, Any], is_offered: bool
) -> None:
    fix = only(numeric("Integer", least, greatest, **more), "hp-range-min-gt-max").fix
    assert isinstance(fix, Replace) is is_offered


@pytest.mark.parametrize(("value", "is_offered"), [("5", True), ("10", False)])
def test_a_profile_is_considered_before_limits_change(value: str, is_offered: bool) -> None:
    swapped = numeric("Integer", "9", "1", Name="depth")
    renamed = {"Name": "depth", "Type": "Continuous", "Range": numeric("Integer", "1", "9")["Range"]}
    for spec, rule in ((swapped, "hp-range-min-gt-max"), (renamed, "hp-range-kind-mismatch")):
        problem = only(request([spec], {"depth": value}), rule, "CreateAlgorithmInput")
        assert (problem.fix is not None) is is_offered


@pytest.mark.parametrize(
    ("more", "goes"),
    [({}, True), ({"IsTunable": False}, True), ({"IsTunable": True}, False), ({"IsTunable": UNKNOWN}, False)],
)
def test_an_empty_range_goes_where_nothing_is_tuned(more: dict[str, Any], goes: bool) -> None:
    fix = only({"Type": "Integer", "Range": {}, **more}, "hp-range-not-exactly-one").fix
    assert (isinstance(fix, Remove) and fix.safe) is goes


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (numeric("Integer", "1", "10"), set()),
        (numeric("Integer", "0.5", "10"), {("hp-bound-not-parseable", (*INTEGER, "MinValue"), "error")}),
        (numeric("Integer", "1", "0x10"), {("hp-bound-not-parseable", (*INTEGER, "MaxValue"), "error")}),
        # The SDK accepts infinity, and compares with it.
        (
            numeric("Continuous", "-inf", "nan"),
            {("hp-bound-not-parseable", (*CONTINUOUS, "MinValue"), "warning")}
            | {("hp-bound-not-parseable", (*CONTINUOUS, "MaxValue"), "error")},
        ),
        (
            numeric("Continuous", "0", " +Infinity"),
            {("hp-bound-not-parseable", (*CONTINUOUS, "MaxValue"), "warning")},
        ),
        (numeric("Integer", "0", "inf"), {("hp-bound-not-parseable", (*INTEGER, "MaxValue"), "error")}),
        (numeric("Continuous", "", "1"), {("hp-bound-not-parseable", (*CONTINUOUS, "MinValue"), "error")}),
        (numeric("Continuous", "1e-5", "1E+3"), set()),
        # int() raises for these, and so does the SDK.
        (numeric("Integer", "5.0", "10"), {("hp-bound-not-parseable", (*INTEGER, "MinValue"), "error")}),
        (numeric("Integer", "1", "1E3"), {("hp-bound-not-parseable", (*INTEGER, "MaxValue"), "error")}),
        (numeric("Continuous", "5.", "10"), lenient(*CONTINUOUS, "MinValue")),
        # Other forms are reported by another rule, and only by that.
        (numeric("Integer", "007", "10"), lenient(*INTEGER, "MinValue")),
        (numeric("Integer", "1", "1_0"), lenient(*INTEGER, "MaxValue")),
        (numeric("Integer", UNKNOWN, "x"), {("hp-bound-not-parseable", (*INTEGER, "MaxValue"), "error")}),
        (numeric("Integer", "10", "1"), REVERSED),
        (
            numeric("Continuous", "0.30000000000000000001", "0.3"),
            {("hp-range-min-gt-max", (*CONTINUOUS, "MinValue"), "error")},
        ),
        (numeric("Continuous", "0.1", "0.10000000000000000001"), set()),
        (numeric("Integer", "10", UNKNOWN), set()),
    ],
)  # fmt: skip
def test_limits(spec: dict[str, Any], expected: Reported) -> None:
    # As JSON: YAML would call a plain number implicit-yaml-scalar.
    assert reported(spec, yaml=False) == expected


def test_reversed_limits_are_swapped() -> None:
    swapped = only(numeric("Integer", "10", "1"), "hp-range-min-gt-max")
    assert swapped.message == "MinValue '10' is greater than MaxValue '1'; no value is valid"
    assert isinstance(swapped.fix, Replace)
    assert (swapped.fix.path, swapped.fix.value) == (INTEGER, {"MinValue": "1", "MaxValue": "10"})


# ---------------------------------------------------------------- categories


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (categorical(["a", "b", "a"]), suspicious(2)),
        (categorical(["a", UNKNOWN, "a"]), suspicious(2)),
        (categorical(["a", "A"]), suspicious(1)),
        (categorical(["a", "a "]), suspicious(1)),
        (categorical(["", "a"]), suspicious(0)),
        (categorical(["a", "b", "ab"]), set()),
        # More than 30 are too many for the API itself, which is reported once.
        (categorical([f"v{n}" for n in range(31)], IsTunable=True), {("item-count", CATEGORIES, "error")}),
    ],
)  # fmt: skip
def test_categories(spec: dict[str, Any], expected: Reported) -> None:
    assert reported(spec) == expected


def test_only_exact_duplicates_are_deleted() -> None:
    twice = only(categorical(["a", "b", "a"]), "hp-categorical-values-suspicious")
    assert isinstance(twice.fix, Remove)
    assert (twice.fix.path, twice.fix.safe) == ((*CATEGORIES, 2), True)
    assert only(categorical(["a", "A"]), "hp-categorical-values-suspicious").fix is None


# ---------------------------------------------------------------- unknown values


@pytest.mark.parametrize("kind", ["Integer", "Continuous", "FreeText"])
def test_categories_of_another_type_are_not_compared(kind: str) -> None:
    """Only the kind of the Range is reported, not its values."""
    spec = categorical(["relu"], DefaultValue="1", IsTunable=True) | {"Type": kind}
    names = {name for name, *_ in reported(spec)}
    assert "hp-range-kind-mismatch" in names
    assert names.isdisjoint({"hp-default-not-in-categories", "hp-tunable-single-point"})
