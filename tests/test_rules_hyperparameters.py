"""The rules of hyperparameters and their ranges: what they report, where and at which level, and what they accept."""

from __future__ import annotations

from typing import Any

import pytest

from algolint.linting.linter import Linter
from algolint.rule import Problem, Remove, Rename, Replace
from algolint.rule_files import first_party_rules
from algolint.testing import completed, masked_variants, model_of, problems, reported_by
from algolint.values import UNKNOWN, OpenDict, OpenList

Reported = set[tuple[str, tuple[str | int, ...], str]]
RULES = first_party_rules()
HP = "HyperParameterSpecification"
LIST = "HyperParameterSpecifications"
TRAINING = "TrainingSpecification"


def found(spec: Any, shape: str, revision: str = "latest") -> list[tuple[str, Problem, str]]:
    linter = Linter(model_of(revision), RULES)
    whole = spec if isinstance(spec, OpenDict) else completed(spec, shape, linter.model)
    rows = [(rule.name, p, p.severity or rule.severity) for rule, p in problems(linter, whole, shape)]
    # Descriptions, and names as short as those below, would only make the tables longer.
    return [row for row in rows if row[0] not in ("missing-descriptions", "hp-name-nonportable")]


def reported(spec: Any, shape: str = HP, revision: str = "latest") -> Reported:
    return {(name, problem.path, level) for name, problem, level in found(spec, shape, revision)}


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
OUT: Reported = {("hp-default-out-of-range", ("DefaultValue",), "error")}
NO_NUMBER: Reported = {("hp-default-not-parseable", ("DefaultValue",), "error")}
NO_CATEGORY: Reported = {("hp-default-not-in-categories", ("DefaultValue",), "error")}
REVERSED: Reported = {("hp-range-min-gt-max", (*INTEGER, "MinValue"), "error")}


def lenient(*path: str) -> Reported:
    return {("hp-nonportable-number-form", path, "warning")}


def suspicious(index: int) -> Reported:
    return {("hp-categorical-values-suspicious", (*CATEGORIES, index), "warning")}


# ---------------------------------------------------------------- default and required


@pytest.mark.parametrize("default", ["5", "", " ", "${EPOCHS} of it"])
def test_a_default_excludes_required(default: str) -> None:
    """An error by default, in every form that a default can have."""
    spec = {"Type": "FreeText", "IsRequired": True, "DefaultValue": default}
    expected: Reported = {("hp-default-and-required", ("DefaultValue",), "error")}
    assert reported(spec) == (set() if default.startswith("$") else expected)


@pytest.mark.parametrize(
    "spec",
    [
        {"IsRequired": False, "DefaultValue": "5"},
        {"DefaultValue": "5"},
        {"IsRequired": True},
        {"IsRequired": UNKNOWN, "DefaultValue": "5"},
        {"IsRequired": True, "DefaultValue": UNKNOWN},
        OpenDict({"Name": "epochs", "Type": "FreeText", "IsRequired": True}),
    ],
)
def test_one_of_the_two_alone_is_fine(spec: dict[str, Any]) -> None:
    assert reported(spec) == set()


def test_the_message_states_the_reference_and_what_the_service_accepts() -> None:
    problem = only({"IsRequired": True, "DefaultValue": "5"}, "hp-default-and-required")
    assert problem.message == (
        "DefaultValue is '5' and IsRequired is true; the API reference does not allow both, though the"
        " service has accepted them"
    )
    assert [related.path for related in problem.related] == [("IsRequired",)]
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.path, problem.fix.value, problem.fix.safe) == (("IsRequired",), False, False)


@pytest.mark.parametrize("value", ["true", 1, "yes"])
def test_a_mistyped_flag_is_one_fault(value: object) -> None:
    assert reported({"Type": "FreeText", "IsRequired": value, "DefaultValue": "5"}) == {
        ("wrong-type", ("IsRequired",), "error")
    }


def test_it_is_the_same_in_every_revision_and_place() -> None:
    spec = {"Name": "a", "Type": "FreeText", "IsRequired": True, "DefaultValue": "x"}
    for revision in ("1.12.55", "1.29.150", "latest"):
        assert reported(spec, revision=revision) == {("hp-default-and-required", ("DefaultValue",), "error")}
    assert reported([spec], LIST) == {("hp-default-and-required", (0, "DefaultValue"), "error")}
    request = {"TrainingSpecification": {"SupportedHyperParameters": [spec]}}
    where = ("TrainingSpecification", "SupportedHyperParameters", 0, "DefaultValue")
    assert ("hp-default-and-required", where, "error") in reported(request, "CreateAlgorithmInput")


# ---------------------------------------------------------------- names


def named(*names: Any) -> list[dict[str, Any]]:
    return [{"Name": name, "Type": "FreeText"} for name in names]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["eta", "gamma"], {}),
        (["eta", "eta"], {(1, "hp-duplicate-name", "error")}),
        (["eta", "a", "eta", "eta"], {(2, "hp-duplicate-name", "error"), (3, "hp-duplicate-name", "error")}),
        (["eta", UNKNOWN, "eta"], {(2, "hp-duplicate-name", "error")}),
        ([UNKNOWN, UNKNOWN], {}),
        (["eta", "Eta"], {(1, "hp-name-blank-or-confusable", "warning")}),
        (["eta "], {(0, "hp-name-blank-or-confusable", "warning")}),
        ([" eta"], {(0, "hp-name-blank-or-confusable", "warning")}),
        # As texts that were read are: equal, and not one object.
        (["eta", "".join(("e", "ta"))], {(1, "hp-duplicate-name", "error")}),
        (["\u00a0eta"], {(0, "hp-name-blank-or-confusable", "warning")}),
        (["eta", " eta"], {(1, "hp-name-blank-or-confusable", "warning")}),
        (["learning rate"], {}),
        # A blank name is one fault, not a duplicate besides.
        (["", ""], {(i, "hp-name-blank-or-confusable", "error") for i in (0, 1)}),
        (["  "], {(0, "hp-name-blank-or-confusable", "error")}),
        # The third is a duplicate of the first and is easily confused with the second: two facts.
        (
            ["eta", "Eta", "eta"],
            {(1, "hp-name-blank-or-confusable", "warning"), (2, "hp-duplicate-name", "error")}
            | {(2, "hp-name-blank-or-confusable", "warning")},
        ),
        # AWS's XGBoost container declares the first; the toolkit in AWS's containers reads the second.
        (["_tuning_objective_metric"], {(0, "hp-name-reserved", "info")}),
        (["sagemaker_program"], {(0, "hp-name-reserved", "info")}),
        (["sagemaker_batch_size"], {(0, "hp-name-reserved", "warning")}),
        (["sagemaker", "my_sagemaker_x", "tuning_objective_metric"], {}),
    ],
)
def test_names(names: list[Any], expected: set[tuple[int, str, str]]) -> None:
    assert reported(named(*names), LIST) == {(rule, (i, "Name"), level) for i, rule, level in expected}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            {"IsTunable": True},
            "'_tuning_objective_metric' is set by tuning jobs, so IsTunable should not be true for it",
        ),
        (
            {"IsRequired": True},
            "'_tuning_objective_metric' is set by tuning jobs, so IsRequired should not be true for it",
        ),
        (
            {"IsTunable": False, "IsRequired": UNKNOWN},
            "'_tuning_objective_metric' is added by tuning jobs; declare it only if the container rejects unknown"
            " hyperparameters",
        ),
    ],
)
def test_the_objective_metric_of_tuning_is_set_by_tuning_alone(flags: dict[str, Any], message: str) -> None:
    spec = categorical(["a", "b"], Name="_tuning_objective_metric", **flags)
    problem = only(spec, "hp-name-reserved")
    assert problem.message == message
    assert [related.path for related in problem.related] == [(flag,) for flag in flags if flags[flag] is True]
    level = "warning" if any(value is True for value in flags.values()) else "info"
    assert ("hp-name-reserved", ("Name",), level) in reported(spec)


@pytest.mark.parametrize(
    ("name", "is_reported"),
    [
        ("learning rate", True),
        ("a=b", True),
        ("k", True),
        ("é", True),
        ("learning_rate", False),
        ("lr", False),
        ("colsample.bytree", False),
        # Reported for their spaces alone.
        ("eta ", False),
        (" ", False),
        ("", False),
    ],
)
def test_names_that_a_script_cannot_read(name: str, is_reported: bool) -> None:
    rows = problems(Linter(model_of(), RULES), {"Name": name, "Type": "FreeText"}, HP)
    at = [(problem.path, rule.severity) for rule, problem in rows if rule.name == "hp-name-nonportable"]
    assert at == ([(("Name",), "info")] if is_reported else [])


def test_a_duplicate_names_the_first() -> None:
    problem = only(named("eta", "eta"), "hp-duplicate-name", LIST)
    assert problem.message == "duplicate Name 'eta'; the names of hyperparameters must be unique"
    assert problem.related[0].path == (0, "Name")


def test_a_name_is_shown_the_first_that_it_is_like() -> None:
    rule = "hp-name-blank-or-confusable"
    three = [problem for name, problem, _ in found(named("eta", "Eta", "ETA"), LIST) if name == rule]
    assert [problem.message for problem in three] == [
        f"{name} differs from the earlier 'eta' only in letter case or spaces" for name in ("'Eta'", "'ETA'")
    ]
    assert [[related.path for related in problem.related] for problem in three] == [[(0, "Name")]] * 2
    for name in (" eta", "eta "):
        spaced = only(named("eta", name), rule, LIST)
        assert spaced.message == f"'{name}' begins or ends with a space"
        assert [related.path for related in spaced.related] == [(0, "Name")]
    assert only(named(""), rule, LIST).message == "Name is empty; a hyperparameter needs a name"
    assert only(named("  "), rule, LIST).message == "Name is blank; a hyperparameter needs a name"


def test_spaces_are_taken_off_only_where_the_name_is_free() -> None:
    alone = only(named("eta "), "hp-name-blank-or-confusable", LIST)
    assert isinstance(alone.fix, Replace)
    assert (alone.fix.value, alone.fix.safe) == ("eta", False)
    assert only(named("eta", "eta "), "hp-name-blank-or-confusable", LIST).fix is None
    for given, stays in (({"eta ": "1"}, True), ({"eta": "1"}, False), (UNKNOWN, False)):
        problem = only(request(named("eta "), given), "hp-name-blank-or-confusable", "CreateAlgorithmInput")
        assert (problem.fix is None) is stays


# ---------------------------------------------------------------- tunable


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"Type": "Integer", "IsTunable": True}, {("hp-tunable-without-range", (), "warning")}),
        ({"Type": "Continuous", "IsTunable": True}, {("hp-tunable-without-range", (), "warning")}),
        # One fault, one name: the info rule is silent beside the warning.
        ({"Type": "Categorical", "IsTunable": True}, {("hp-tunable-without-range", (), "warning")}),
        ({"Type": "Categorical"}, {("hp-categorical-without-range", (), "info")}),
        ({"Type": "Categorical", "Range": UNKNOWN}, set()),
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


# ---------------------------------------------------------------- the kind of range

BOTH = {
    "IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "8"},
    "CategoricalParameterRangeSpecification": {"Values": ["1", "8"]},
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


# ---------------------------------------------------------------- limits and defaults


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
        # A default is not compared with limits that contradict each other.
        (numeric("Integer", "10", "1", DefaultValue="5"), REVERSED),
        (numeric("Integer", "1", "10", DefaultValue="1"), set()),
        (numeric("Integer", "1", "10", DefaultValue="10"), set()),
        (numeric("Integer", "1", "10", DefaultValue="0"), OUT),
        (numeric("Integer", "1", "10", DefaultValue="11"), OUT),
        (
            numeric("Continuous", "0", "0.3", DefaultValue="0.30000000000000000001"),
            OUT,
        ),
        (numeric("Integer", "1", "10", DefaultValue=UNKNOWN), set()),
        # A hidden limit might be the one that contradicts the other.
        (numeric("Integer", UNKNOWN, "10", DefaultValue="50"), set()),
        # The other limit still applies.
        (
            numeric("Integer", "x", "10", DefaultValue="50"),
            OUT | {("hp-bound-not-parseable", (*INTEGER, "MinValue"), "error")},
        ),
        (
            numeric("Integer", "1", "10", DefaultValue="1_1"),
            lenient("DefaultValue") | OUT,
        ),
        (numeric("Integer", "1", "10", DefaultValue="abc"), NO_NUMBER),
        ({"Type": "Integer", "DefaultValue": "0.1"}, NO_NUMBER),
        ({"Type": "Continuous", "DefaultValue": ""}, NO_NUMBER),
        ({"Type": "Continuous", "DefaultValue": "Infinity"},
         NO_NUMBER),
        ({"Type": "Integer", "DefaultValue": "-1"}, set()),
        ({"Type": "FreeText", "DefaultValue": "abc"}, set()),
        ({"Type": UNKNOWN, "DefaultValue": "abc"}, set()),
        ({"Type": "FreeText", "DefaultValue": " 007 "}, set()),
        (categorical(["+1", "007"], DefaultValue="007"), set()),
        # A number without quotes has the wrong type, and nothing else is reported of it.
        (numeric("Integer", 10, "1", DefaultValue="5"), {("wrong-type", (*INTEGER, "MinValue"), "error")}),
    ],
)  # fmt: skip
def test_limits_and_defaults(spec: dict[str, Any], expected: Reported) -> None:
    linter = Linter(model_of(), RULES)
    bound = completed(spec, HP, linter.model)
    # As JSON: YAML would call a plain number implicit-yaml-scalar.
    found_in_json = {
        (rule.name, p.path, p.severity or rule.severity)
        for rule, p in problems(linter, bound, HP, yaml=False)
    }
    assert found_in_json == expected


def test_an_empty_default_comes_with_advice() -> None:
    problem = only({"Type": "Integer", "DefaultValue": ""}, "hp-default-not-parseable")
    assert problem.message == (
        "DefaultValue '' is not an integer, and Type is Integer; leave DefaultValue out if there is no default"
    )


def test_a_default_that_begins_as_a_number_is_not_an_absent_one() -> None:
    problem = only({"Type": "Integer", "DefaultValue": "5 epochs"}, "hp-default-not-parseable")
    assert problem.message == "DefaultValue '5 epochs' is not an integer, and Type is Integer"


def test_messages_state_both_sides() -> None:
    high = only(numeric("Integer", "1", "10", DefaultValue="11"), "hp-default-out-of-range")
    assert high.message == "DefaultValue '11' is greater than MaxValue '10'"
    assert high.related[0].path == (*INTEGER, "MaxValue")
    assert high.related[0].message == "MaxValue is '10'"
    low = only(numeric("Integer", "1", "10", DefaultValue="0"), "hp-default-out-of-range")
    assert low.message == "DefaultValue '0' is less than MinValue '1'"
    swapped = only(numeric("Integer", "10", "1"), "hp-range-min-gt-max")
    assert swapped.message == "MinValue '10' is greater than MaxValue '1'; no value is valid"
    assert isinstance(swapped.fix, Replace)
    assert (swapped.fix.path, swapped.fix.value) == (INTEGER, {"MinValue": "1", "MaxValue": "10"})


# ---------------------------------------------------------------- categories


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (categorical(["a", "b"], DefaultValue="a"), set()),
        (categorical(["a", "b"], DefaultValue="c"), NO_CATEGORY),
        (categorical(["1", "2"], DefaultValue="1.0"), NO_CATEGORY),
        (categorical(["a", UNKNOWN], DefaultValue="c"), set()),
        (categorical(OpenList(["a", "b"]), DefaultValue="c"), set()),
        (categorical(UNKNOWN, DefaultValue="c"), set()),
        (categorical(["a", "b"], DefaultValue=UNKNOWN), set()),
        # Of an empty list only the length is reported.
        (categorical([], DefaultValue="c"), {("item-count", CATEGORIES, "error")}),
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


def test_a_default_in_other_letter_case_is_corrected() -> None:
    problem = only(categorical(["True", "False"], DefaultValue="true"), "hp-default-not-in-categories")
    assert problem.message == (
        "DefaultValue 'true' is not one of the categories ('True', 'False'); did you mean 'True'?"
    )
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == ("True", False)
    one = only(categorical(["True", "Unknown"], DefaultValue="true"), "hp-default-not-in-categories")
    assert isinstance(one.fix, Replace)
    assert one.fix.value == "True"
    ambiguous = only(categorical(["True", "TRUE"], DefaultValue="true"), "hp-default-not-in-categories")
    assert ambiguous.fix is None


def test_only_exact_duplicates_are_deleted() -> None:
    twice = only(categorical(["a", "b", "a"]), "hp-categorical-values-suspicious")
    assert isinstance(twice.fix, Remove)
    assert (twice.fix.path, twice.fix.safe) == ((*CATEGORIES, 2), True)
    assert only(categorical(["a", "A"]), "hp-categorical-values-suspicious").fix is None


# ---------------------------------------------------------------- how numbers are written


@pytest.mark.parametrize(
    ("kind", "text", "plain"),
    [
        ("Integer", "1_000", "1000"),
        ("Integer", " 5 ", "5"),
        ("Integer", "5.0", "5"),
        ("Integer", "1e3", "1000"),
        ("Integer", "+5", "5"),
        ("Integer", "007", "7"),
        ("Continuous", "5.", "5"),
        ("Continuous", "+0.5", "0.5"),
        ("Continuous", "00.5", "0.5"),
    ],
)
def test_a_nonportable_form_is_rewritten(kind: str, text: str, plain: str) -> None:
    spec = {"Type": kind, "DefaultValue": text}
    assert reported(spec) == {("hp-nonportable-number-form", ("DefaultValue",), "warning")}
    fix = only(spec, "hp-nonportable-number-form").fix
    assert isinstance(fix, Replace)
    assert (fix.value, fix.safe) == (plain, True)


def test_a_number_is_written_out_only_where_a_value_may_be_so_long() -> None:
    fix = only({"Type": "Integer", "DefaultValue": "1e255"}, "hp-nonportable-number-form").fix
    assert isinstance(fix, Replace)
    assert fix.value == "1" + "0" * 255
    assert only({"Type": "Integer", "DefaultValue": "1e256"}, "hp-nonportable-number-form").fix is None


@pytest.mark.parametrize(("kind", "text"), [("Integer", "5"), ("Continuous", "1e3"), ("Continuous", ".5")])
def test_a_plain_form_stays(kind: str, text: str) -> None:
    assert reported({"Type": kind, "DefaultValue": text}) == set()


def request(declared: Any, given: Any) -> dict[str, Any]:
    profile = {"ProfileName": "p", "TrainingJobDefinition": {"HyperParameters": given}}
    return {
        "TrainingSpecification": {"SupportedHyperParameters": declared},
        "ValidationSpecification": {"ValidationProfiles": [profile]},
    }


@pytest.mark.parametrize(
    ("declared", "given", "reports"),
    [
        ([{"Name": "epochs", "Type": "Integer"}], {"epochs": "1_0"}, True),
        ([{"Name": "epochs", "Type": "Integer"}], {"epochs": "10"}, False),
        ([{"Name": "epochs", "Type": "Integer"}], {"epochs": "0"}, False),
        ([{"Name": "epochs", "Type": "Integer"}], {"epochs": "007"}, True),
        ([{"Name": "epochs", "Type": "Integer"}], {"epochs": UNKNOWN}, False),
        ([{"Name": "epochs", "Type": "FreeText"}], {"epochs": "1_0"}, False),
        ([{"Name": "epochs", "Type": UNKNOWN}], {"epochs": "1_0"}, False),
        ([{"Name": "other", "Type": "Integer"}], {"epochs": "1_0"}, False),
        # Of two with one name the first counts.
        ([{"Name": "a", "Type": "FreeText"}, {"Name": "a", "Type": "Integer"}], {"a": "1_0"}, False),
        ([UNKNOWN, {"Name": "epochs", "Type": "Integer"}], {"epochs": "1_0"}, False),
        (OpenList([]), {"epochs": "1_0"}, False),
    ],
)
def test_the_values_of_a_profile(declared: Any, given: dict[str, Any], reports: bool) -> None:
    (name,) = given
    base = ("ValidationSpecification", "ValidationProfiles", 0, "TrainingJobDefinition", "HyperParameters")
    at = {
        path
        for rule, path, _ in reported(request(declared, given), "CreateAlgorithmInput")
        if rule == "hp-nonportable-number-form"
    }
    assert at == ({(*base, name)} if reports else set())


def test_a_hidden_value_of_a_profile_hides_no_other() -> None:
    declared = [{"Name": name, "Type": "Integer"} for name in ("depth", "epochs")]
    spec = request(declared, {"depth": UNKNOWN, "epochs": "1_0"})
    assert "hp-nonportable-number-form" in {rule for rule, *_ in reported(spec, "CreateAlgorithmInput")}


@pytest.mark.parametrize(
    ("length", "revision", "expected"),
    [
        (256, "latest", set()),
        (257, "latest", {("hp-value-over-256", ("DefaultValue",), "info")}),
        (2500, "latest", {("hp-value-over-256", ("DefaultValue",), "info")}),
        # Beyond the API's own limit there is nothing to add.
        (2501, "latest", {("string-length", ("DefaultValue",), "error")}),
        (257, "1.12.55", {("string-length", ("DefaultValue",), "error")}),
    ],
)
def test_long_values(length: int, revision: str, expected: Reported) -> None:
    assert reported({"Type": "FreeText", "DefaultValue": "x" * length}, revision=revision) == expected


# ---------------------------------------------------------------- tuning as a whole

TUNABLE = numeric("Integer", "1", "9", Name="depth", IsTunable=True)
FIXED = {"Name": "columns", "Type": "FreeText", "IsTunable": False}
OBJECTIVE = {
    "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([-+0-9.eE]+)"}],
    "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "loss"}],
}
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


# ---------------------------------------------------------------- unknown values


def test_hiding_never_adds_over_a_spec_with_every_fault() -> None:
    """The examples of the pages are small; here many faults are in one spec."""
    spec = [
        {"Name": "eta", **numeric("Integer", "10", "1", DefaultValue="5", IsTunable=True, IsRequired=True)},
        {"Name": "Eta", **numeric("Continuous", "0.5", "0.50", DefaultValue="7", IsTunable=True)},
        {"Name": "eta", **categorical(["a", "A", "a"], DefaultValue="b", IsTunable=True)},
        {"Name": "x ", "Type": "Integer", "Range": BOTH, "DefaultValue": "1_0"},
        {"Name": "", "Type": "FreeText", "Range": {}, "IsTunable": True, "DefaultValue": "y" * 300},
        {"Name": "z", "Type": "Categorical", "Range": numeric("Integer", "x", "1")["Range"]},
    ]
    training = {"SupportedHyperParameters": spec, **OBJECTIVE}
    families = ("hyperparameters", "hyperparameter_ranges", "metrics")
    rules = [rule for rule in RULES if rule.family in families]
    before = reported_by(rules, training, TRAINING, model_of())
    assert len(before) >= 18
    for what, hidden in masked_variants(training):
        added = reported_by(rules, hidden, TRAINING, model_of()) - before
        assert not added, f"{what} adds {added}"


@pytest.mark.parametrize("kind", ["Integer", "Continuous", "FreeText"])
def test_categories_of_another_type_are_not_compared(kind: str) -> None:
    """Only the kind of the Range is reported, not its values."""
    spec = categorical(["relu"], DefaultValue="1", IsTunable=True) | {"Type": kind}
    names = {name for name, *_ in reported(spec)}
    assert "hp-range-kind-mismatch" in names
    assert names.isdisjoint({"hp-default-not-in-categories", "hp-tunable-single-point"})
