"""The hyperparameters of a profile, compared with those that the algorithm declares."""

from __future__ import annotations

from typing import Any

import pytest
from profile_cases import found, in_job, only, reported, request
from rule_cases import REQUEST, RULES, Reported

from algolint.rule import Rename, Replace
from algolint.testing import model_of, reported_by
from algolint.values import UNKNOWN, OpenDict, OpenList

DEPTH = {"Name": "max_depth", "Type": "Integer"}
EPOCHS = {"Name": "epochs", "Type": "Integer", "IsRequired": True}


def hyperparameters(declared: Any, given: Any) -> dict[str, Any]:
    return request({"SupportedHyperParameters": declared}, {"HyperParameters": given})


def unknown(name: str) -> Reported:
    return in_job("profile-hp-unknown", "HyperParameters", name)


def missing(*path: str) -> Reported:
    return in_job("profile-hp-required-missing", *path)


HYPERPARAMETERS: list[tuple[Any, Any, Reported]] = [
    ([DEPTH], {"max_depth": "3"}, set()),
    ([DEPTH], {"Max_Depth": "3"}, unknown("Max_Depth")),
    ([DEPTH], {"colour": "red", "max_dept": "3"}, unknown("colour") | unknown("max_dept")),
    ([DEPTH], {"max_depth": UNKNOWN}, set()),
    ([DEPTH], OpenDict({"colour": "red"}), unknown("colour")),
    # Not in a list that may hold more.
    ([DEPTH, UNKNOWN], {"colour": "red"}, set()),
    ([DEPTH, {"Name": UNKNOWN, "Type": "Integer"}], {"colour": "red"}, set()),
    (OpenList([DEPTH]), {"colour": "red"}, set()),
    (UNKNOWN, {"colour": "red"}, set()),
    # Without declarations: one warning.
    ([], {"colour": "red", "size": "4"}, in_job("profile-hp-unknown", "HyperParameters", level="warning")),
    (OpenList(), {"colour": "red"}, set()),
    # Required ones.
    ([EPOCHS], {"epochs": "5"}, set()),
    ([EPOCHS], {"epochs": UNKNOWN}, set()),
    ([EPOCHS], {}, missing("HyperParameters")),
    ([EPOCHS], UNKNOWN, set()),
    ([EPOCHS], OpenDict(), set()),
    ([{**EPOCHS, "DefaultValue": "5"}], {}, set()),
    ([{**EPOCHS, "DefaultValue": UNKNOWN}], {}, set()),
    ([OpenDict(EPOCHS)], {}, set()),
    ([{**EPOCHS, "IsRequired": False}], {}, set()),
    ([{**EPOCHS, "IsRequired": UNKNOWN}], {}, set()),
    ([UNKNOWN, EPOCHS], {}, missing("HyperParameters")),
    # A misspelt name is one fault.
    ([EPOCHS], {"epoch": "5"}, unknown("epoch")),
    ([EPOCHS, {**DEPTH, "IsRequired": True}], {"epoch": "5"}, unknown("epoch") | missing("HyperParameters")),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "expected"), HYPERPARAMETERS, ids=repr)
def test_names_of_hyperparameters(declared: Any, given: Any, expected: Reported) -> None:
    assert reported(hyperparameters(declared, given), REQUEST) == expected


def test_without_any_hyperparameters_the_job_itself_is_blamed() -> None:
    assert reported(request({"SupportedHyperParameters": [EPOCHS]}, {}), REQUEST) == missing()
    assert reported(request({"SupportedHyperParameters": [EPOCHS]}, OpenDict()), REQUEST) == set()


def test_hyperparameters_that_are_not_declared_at_all() -> None:
    warned = in_job("profile-hp-unknown", "HyperParameters", level="warning")
    assert reported(request({}, {"HyperParameters": {"eta": "1"}}), REQUEST) == warned
    assert reported(request(OpenDict(), {"HyperParameters": {"eta": "1"}}), REQUEST) == set()
    assert reported(request(UNKNOWN, {"HyperParameters": {"eta": "1"}}), REQUEST) == set()


def test_an_undeclared_hyperparameter_is_renamed_to_the_nearest_one() -> None:
    problem = only(hyperparameters([DEPTH], {"max_dept": "3"}), REQUEST)
    expected = "'max_dept' is not declared in SupportedHyperParameters; did you mean 'max_depth'?"
    assert problem.message == expected
    assert isinstance(problem.fix, Rename)
    assert (problem.fix.path, problem.fix.key, problem.fix.safe) == (problem.path, "max_depth", False)
    both = found(hyperparameters([DEPTH], {"max_dept": "3", "max_depth": "3"}), REQUEST)
    assert [p.fix for _, p in both] == [None], "the name is taken"
    far = only(hyperparameters([DEPTH], {"colour": "red"}), REQUEST)
    assert far.message == "'colour' is not declared in SupportedHyperParameters; declared: 'max_depth'"


@pytest.mark.parametrize("value", ["99", "deep", "03", "5.0", UNKNOWN], ids=repr)
def test_no_rename_leads_to_a_finding_about_the_value(value: Any) -> None:
    assert only(hyperparameters([integer()], {"max_dept": value}), REQUEST, "profile-hp-unknown").fix is None


def test_missing_hyperparameters_are_one_finding_related_to_their_declarations() -> None:
    declared = [EPOCHS, {"Name": "eta", "Type": "Continuous", "IsRequired": True}]
    problem = only(hyperparameters(declared, {}), REQUEST)
    assert (
        problem.message
        == "the profile does not set 'epochs', 'eta'; they are required and have no DefaultValue"
    )
    at = ("TrainingSpecification", "SupportedHyperParameters")
    assert [r.path for r in problem.related] == [(*at, 0, "IsRequired"), (*at, 1, "IsRequired")]


def integer(low: Any = "1", high: Any = "10") -> dict[str, Any]:
    limits = {"MinValue": low, "MaxValue": high}
    return {**DEPTH, "Range": {"IntegerParameterRangeSpecification": limits}}


def continuous(low: Any, high: Any) -> dict[str, Any]:
    limits = {"MinValue": low, "MaxValue": high}
    ranges = {"ContinuousParameterRangeSpecification": limits}
    return {"Name": "max_depth", "Type": "Continuous", "Range": ranges}


def categorical(values: Any) -> dict[str, Any]:
    ranges = {"CategoricalParameterRangeSpecification": {"Values": values}}
    return {"Name": "max_depth", "Type": "Categorical", "Range": ranges}


VALUES: list[tuple[Any, str, bool]] = [
    # Of the type, as the most lenient parser reads it.
    (DEPTH, "3", True), (DEPTH, "-3", True), (DEPTH, "1_000", True), (DEPTH, "5.0", True),
    (DEPTH, " 5 ", True), (DEPTH, "1e3", True),
    (DEPTH, "5.5", False), (DEPTH, "five", False), (DEPTH, "", False), (DEPTH, "0x10", False),
    (DEPTH, "nan", False), (DEPTH, "Infinity", False),
    ({**DEPTH, "Type": "Continuous"}, "5.5", True), ({**DEPTH, "Type": "Continuous"}, "1e-5", True),
    ({**DEPTH, "Type": "Continuous"}, "inf", False), ({**DEPTH, "Type": "Continuous"}, "auto", False),
    ({**DEPTH, "Type": "FreeText"}, "auto", True), ({**DEPTH, "Type": "Categorical"}, "auto", True),
    ({**DEPTH, "Type": UNKNOWN}, "auto", True),
    ({**DEPTH, "Type": "FreeText", "Range": {"CategoricalParameterRangeSpecification": {"Values": ["a"]}}},
     "auto", True),
    # Within the limits, which belong to the range.
    (integer(), "1", True), (integer(), "10", True), (integer(), "0", False), (integer(), "11", False),
    (continuous("0.1", "0.3"), "0.1", True), (continuous("0.1", "0.3"), "0.30", True),
    (continuous("0.1", "0.3"), "0.09999999999999999999", False),
    (continuous("0.1", "0.3"), "0.30000000000000000001", False),
    (continuous("0", "1e-400"), "2e-400", False),
    # Nothing is compared with limits that contradict themselves, are no numbers, or of another type.
    (integer("10", "1"), "99", True), (integer("a", "b"), "99", True),
    ({**continuous("0", "1"), "Type": "Integer"}, "99", True),
    (integer(UNKNOWN, "10"), "5", True), (integer(UNKNOWN, UNKNOWN), "99", True),
    # Among the values, to the letter.
    (categorical(["relu", "tanh"]), "relu", True), (categorical(["relu", "tanh"]), "ReLU", False),
    (categorical(["relu", "tanh"]), "gelu", False), (categorical(["relu", UNKNOWN]), "gelu", True),
    (categorical(OpenList(["relu"])), "gelu", True), (categorical(UNKNOWN), "gelu", True),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "value", "valid"), VALUES, ids=repr)
def test_values_of_hyperparameters(declared: Any, value: str, valid: bool) -> None:
    invalid = in_job("profile-hp-value-invalid", "HyperParameters", "max_depth")
    assert reported(hyperparameters([declared], {"max_depth": value}), REQUEST) == (
        set() if valid else invalid
    )


def test_an_invalid_value_is_reported_with_its_limit() -> None:
    def message(declared: Any, value: str) -> str:
        return only(hyperparameters([declared], {"max_depth": value}), REQUEST).message

    assert message(DEPTH, "deep") == "'deep' is not an integer, but the Type of 'max_depth' is Integer"
    assert message(DEPTH, "").endswith("; leave the hyperparameter out to set no value")
    assert message(integer(), "99") == "'99' is greater than MaxValue '10' of 'max_depth'"
    assert message(integer(), "0") == "'0' is less than MinValue '1' of 'max_depth'"
    (there,) = only(hyperparameters([integer()], {"max_depth": "99"}), REQUEST).related
    assert there.message == "MaxValue is '10'"
    assert message(categorical(["relu", "RELU"]), "ReLU").endswith("did you mean 'relu'?")
    case = message(categorical(["relu", "tanh"]), "ReLU")
    assert case == "'ReLU' is not in the Values of 'max_depth'; did you mean 'relu'?"
    other = message(categorical(["relu", "tanh"]), "mish")
    assert other == "'mish' is not in the Values of 'max_depth': 'relu', 'tanh'"


def test_a_category_that_differs_in_case_is_corrected_where_it_is_unique() -> None:
    def fix(values: list[str], value: str) -> Any:
        return only(hyperparameters([categorical(values)], {"max_depth": value}), REQUEST).fix

    correction = fix(["True", "False"], "true")
    assert isinstance(correction, Replace)
    assert (correction.value, correction.safe) == ("True", False)
    assert fix(["relu", "RELU"], "ReLU") is None
    assert fix(["relu", "tanh"], "gelu") is None


def test_the_first_declaration_of_a_name_decides_what_is_valid() -> None:
    twice = [integer("1", "10"), integer("50", "100")]
    assert reported(hyperparameters(twice, {"max_depth": "5"}), REQUEST) == set()
    # Where the first is hidden, or may be, nothing is certain.
    assert reported(hyperparameters([UNKNOWN, twice[1]], {"max_depth": "5"}), REQUEST) == set()
    assert reported(hyperparameters(OpenList([twice[1]]), {"max_depth": "5"}), REQUEST) == set()
    # A later one that is hidden changes nothing.
    invalid = in_job("profile-hp-value-invalid", "HyperParameters", "max_depth")
    assert reported(hyperparameters([twice[0], UNKNOWN], {"max_depth": "99"}), REQUEST) == invalid


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c")])
def test_a_hyperparameter_of_unknown_type_does_not_hide_the_others(names: tuple[str, ...]) -> None:
    types: dict[str, Any] = {"a": UNKNOWN, "b": "Integer", "c": "Continuous"}
    spec = {
        "TrainingSpecification": {
            "SupportedHyperParameters": [{"Name": name, "Type": types[name]} for name in names]
        },
        "ValidationSpecification": {
            "ValidationProfiles": [
                {"TrainingJobDefinition": {"HyperParameters": dict.fromkeys(names, "many")}}
            ]
        },
    }
    reported = reported_by(
        [rule for rule in RULES if rule.name == "profile-hp-value-invalid"], spec, REQUEST, model_of()
    )
    assert {path[-1] for _, path in reported} == {"b", "c"}


def test_at_most_three_required_hyperparameters_are_related() -> None:
    four = [{**EPOCHS, "Name": f"epochs_{i}"} for i in range(4)]
    assert len(only(hyperparameters(four, {}), REQUEST).related) == 3
