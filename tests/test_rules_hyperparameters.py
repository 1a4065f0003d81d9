"""The hyperparameters that an algorithm declares: names, defaults, and how numbers are written."""

from __future__ import annotations

from typing import Any

import pytest
from hyperparameter_cases import (
    BOTH,
    CATEGORIES,
    HP,
    INTEGER,
    LIST,
    OBJECTIVE,
    REVERSED,
    RULES,
    TRAINING,
    Reported,
    categorical,
    found,
    lenient,
    named,
    numeric,
    only,
    reported,
    request,
)

from algolint.linting.linter import Linter
from algolint.rule import Replace
from algolint.testing import masked_variants, model_of, problems, reported_by
from algolint.values import UNKNOWN, OpenDict, OpenList

OUT: Reported = {("hp-default-out-of-range", ("DefaultValue",), "error")}
NO_NUMBER: Reported = {("hp-default-not-parseable", ("DefaultValue",), "error")}
NO_CATEGORY: Reported = {("hp-default-not-in-categories", ("DefaultValue",), "error")}


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


# ---------------------------------------------------------------- limits and defaults


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
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
def test_defaults(spec: dict[str, Any], expected: Reported) -> None:
    # As JSON: YAML would call a plain number implicit-yaml-scalar.
    assert reported(spec, yaml=False) == expected


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
    ],
)  # fmt: skip
def test_a_default_is_a_category(spec: dict[str, Any], expected: Reported) -> None:
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
