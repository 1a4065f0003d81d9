"""The ranges of hyperparameters: their kind, bounds and categories."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    Context,
    Key,
    Problem,
    Related,
    Remove,
    Rename,
    Replace,
    is_open,
    lacks,
    rule,
    shown,
)
from algolint.aws.notation import NUMBER_NAMES, is_portable_number, number, portable_number
from algolint.spec.context import Limits, limits_of

from ._profiles import items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path

_RANGES = (
    "IntegerParameterRangeSpecification",
    "ContinuousParameterRangeSpecification",
    "CategoricalParameterRangeSpecification",
)
CATEGORIES: Path = ("Range", "CategoricalParameterRangeSpecification", "Values")


@rule(
    on="HyperParameterSpecification",
    severity="info",
    evidence="reference: CategoricalParameterRangeSpecification.Values, botocore 1.44.8; 'The allowed"
    " categories for the hyperparameter.'",
)
def hp_categorical_without_range(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A Categorical hyperparameter has no Range that lists its categories.

    Its categories are what distinguishes a Categorical hyperparameter from FreeText. Without them neither
    the service nor a user can tell which values are valid.

    ```yaml bad
    Name: booster
    Type: Categorical
    ```

    ```yaml good
    Name: booster
    Type: Categorical
    Range:
      CategoricalParameterRangeSpecification:
        Values: [gbtree, dart]
    ```
    """
    if lacks(hyperparameter, "Range"):
        match hyperparameter:
            case {"Type": str("Categorical")}:
                yield Problem(
                    Key(), f"{called(hyperparameter)}Type is Categorical, but no Range lists the categories"
                )


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; 'The value must correspond to the"
    " type of Range that you specified'",
    fix="unsafe",
)
def hp_range_kind_mismatch(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The Range is of another kind than the hyperparameter's Type.

    An Integer takes an IntegerParameterRangeSpecification, a Continuous a
    ContinuousParameterRangeSpecification and a Categorical a CategoricalParameterRangeSpecification. The
    Python SDK raises an error if the one for the Type is missing. FreeText has no range; one that is set
    is ignored, which is a warning. The fix renames the range if its numbers and the default are valid for
    the Type.

    ```yaml bad
    Type: Integer
    Range:
      ContinuousParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    ```

    ```yaml bad
    Type: FreeText
    Range:
      CategoricalParameterRangeSpecification:
        Values: [adam, sgd]
    ```
    """
    kind, ranges = hyperparameter.get("Type"), hyperparameter.get("Range")
    if not isinstance(kind, str) or not isinstance(ranges, dict):
        return
    wanted = f"{kind}ParameterRangeSpecification"
    given = [] if wanted in ranges or is_open(ranges) else [name for name in _RANGES if name in ranges]
    if len(given) != 1:
        return
    where = Key("Range", given[0])
    related = Related("Type", f"Type is {kind}")
    if kind == "FreeText":
        yield Problem(where, f"Type is FreeText, so {given[0]} is ignored", "warning", related=related)
        return
    yield Problem(
        where,
        f"Type is {kind}, but Range has {given[0]}; {kind} takes {wanted}",
        fix=_renamed(hyperparameter, given[0], context),
        related=related,
    )


def _renamed(hyperparameter: dict[str, Any], given: str, context: Context) -> Rename | None:
    """Return the fix that renames the range, if whole numbers in it are valid for the Type as well."""
    kind = hyperparameter["Type"]
    match hyperparameter["Range"][given]:
        case {"MinValue": str() as least, "MaxValue": str() as greatest} if kind in NUMBER_NAMES:
            numbers = all(is_portable_number(text, "Integer") for text in (least, greatest))
            wanted = f"{kind}ParameterRangeSpecification"
            if numbers and _suits(Limits(kind, ("Range", wanted), least, greatest), hyperparameter, context):
                return Rename(("Range", given), wanted)
    return None


def _suits(limits: Limits, hyperparameter: dict[str, Any], context: Context) -> bool:
    """Whether no known value of a hyperparameter would be outside of new limits."""
    name = hyperparameter.get("Name", UNKNOWN)
    given = [hyperparameter.get("DefaultValue")]
    if isinstance(name, str):
        given += [values[name] for _, values in profile_values(context) if name in values]
    if limits.are_crossed or (limits.are_one and may_be_tunable(hyperparameter)):
        return False
    return not any(isinstance(text, str) and limits.broken_by(text) for text in given)


def profile_values(context: Context) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the hyperparameters that each validation profile sets, with their path."""
    for path, job in context.training_jobs:
        values = job.get("HyperParameters")
        if isinstance(values, dict):
            yield (*path, "HyperParameters"), values


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; 'For Range, specify one of the"
    " following'; sdk: sagemaker 2.257.7, algorithm.py:552, executed; KeyError for an empty Range",
    fix="safe",
)
def hp_range_not_exactly_one(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A Range is empty, or has more than one kind of range.

    A Range is of one kind: whole numbers, decimal numbers or categories. The Python SDK raises an error if
    the kind for the Type is missing, so it cannot use the algorithm. If a second kind is set it is
    ignored, which is a warning. The fix deletes an empty Range of a hyperparameter that is not tunable.

    ```yaml bad
    Type: Integer
    Range: {}
    IsTunable: false
    ```

    ```yaml good
    Type: Integer
    IsTunable: false
    ```

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "8"
      CategoricalParameterRangeSpecification:
        Values: ["1", "2", "4", "8"]
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "8"
    ```
    """
    ranges = hyperparameter.get("Range")
    if not isinstance(ranges, dict) or len(ranges) == 1:
        return
    kind = hyperparameter.get("Type")
    is_needed = isinstance(kind, str) and f"{kind}ParameterRangeSpecification" in _RANGES
    if not ranges and not is_open(ranges):
        yield Problem(
            Key("Range"),
            f"Range is empty; {_taken(hyperparameter)}",
            None if is_needed else "warning",
            fix=None if may_be_tunable(hyperparameter) else Remove("Range", safe=True),
        )
    given = [name for name in _RANGES if name in ranges]
    if len(given) > 1:
        lacks_own = is_needed and lacks(ranges, f"{kind}ParameterRangeSpecification")
        yield Problem(
            Key("Range"),
            f"Range has {' and '.join(given)}; {_taken(hyperparameter)}",
            None if lacks_own else "warning",
        )


def _taken(hyperparameter: dict[str, Any]) -> str:
    """Return which Range a hyperparameter takes, for a message."""
    match hyperparameter:
        case {"Type": str("FreeText")}:
            return "FreeText takes no Range"
        case {"Type": str("Integer" | "Continuous" | "Categorical" as kind)}:
            return f"{kind} takes one {kind}ParameterRangeSpecification"
    return "a Range takes exactly one kind of range"


def may_be_tunable(hyperparameter: dict[str, Any]) -> bool:
    """Whether IsTunable is true, or may be."""
    match hyperparameter:
        case {"IsTunable": False}:
            return False
    return "IsTunable" in hyperparameter or is_open(hyperparameter)


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="reference: IntegerParameterRangeSpecification.MinValue, botocore 1.44.8; 'The minimum"
    " integer value allowed.'; sdk: sagemaker 2.257.7, algorithm.py:552, executed; int('5.0') and"
    " int('1e3') raise ValueError",
    fix="safe",
)
def hp_bound_not_parseable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A MinValue or MaxValue is not a number of the hyperparameter's Type.

    The limits of an Integer are whole numbers, without a decimal point or exponent: the Python SDK parses
    them with int(), which raises an error for "5.0" and "1e3", so its users cannot create an estimator for
    the algorithm. The limits of a Continuous are finite decimal numbers such as 0.1, -2 or 1e-5; nan,
    hexadecimal numbers and numbers with units cannot be compared. Infinity is a warning: the SDK accepts
    it, but the reference describes a number; leave the Range out if there is no limit.

    Other forms that only some parsers accept (1_000, surrounding spaces) are reported by
    hp-nonportable-number-form.

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "0.5"
        MaxValue: "10"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    ```

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "1e3"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "1000"
    ```

    ```yaml bad
    Type: Continuous
    Range:
      ContinuousParameterRangeSpecification:
        MinValue: "0"
        MaxValue: inf
    ```

    ```yaml good
    Type: Continuous
    Range:
      ContinuousParameterRangeSpecification:
        MinValue: "0"
        MaxValue: "1e6"
    ```
    """
    limits = limits_of(hyperparameter)
    for path, text in limits.nonportable if limits else ():
        kind = hyperparameter["Type"]
        if number(text, kind) is None:
            is_infinite = kind == "Continuous" and _is_infinite(text)
            yield Problem(
                path,
                f"{path[-1]} {shown(text)} is not {NUMBER_NAMES[kind]}, and Type is {kind}",
                "warning" if is_infinite else None,
            )
        elif kind == "Integer" and not is_read_as_integer(text):
            plain = portable_number(text, kind)
            yield Problem(
                path,
                f"{path[-1]} {shown(text)} is not written as an integer, and Type is Integer"
                + (f"; write {shown(plain)}" if plain else ""),
                fix=Replace(path, plain, safe=True) if plain and len(plain) <= 256 else None,
            )


def _is_infinite(text: str) -> bool:
    return text.strip().lstrip("+-").lower() in ("inf", "infinity")


def is_read_as_integer(text: str) -> bool:
    """Whether Python's int() reads a text, as the SDK does."""
    return "." not in text and "e" not in text.lower()


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, parameter.py:63; a value is valid from minimum to maximum",
    fix="unsafe",
)
def hp_range_min_gt_max(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The MinValue of a Range is greater than its MaxValue.

    No value is valid in such a range, so no job can set the hyperparameter, and no tuning job can search
    it. Usually the two were swapped. Numbers are compared exactly, with all their decimals.

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "100"
        MaxValue: "1"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "100"
    ```
    """
    limits = limits_of(hyperparameter)
    if limits and limits.are_crossed:
        yield Problem(
            (*limits.path, "MinValue"),
            f"MinValue {shown(limits.least)} is greater than MaxValue {shown(limits.greatest)}; no value is"
            " valid",
            fix=_swapped(limits, hyperparameter, context),
            related=Related((*limits.path, "MaxValue"), "MaxValue is the smaller of the two"),
        )


def _swapped(limits: Limits, hyperparameter: dict[str, Any], context: Context) -> Replace | None:
    """Return the fix that swaps the limits, if the default and the profiles' values are then valid."""
    if not _suits(Limits(limits.kind, limits.path, limits.greatest, limits.least), hyperparameter, context):
        return None
    return Replace(
        limits.path,
        {"MinValue": limits.greatest, "MaxValue": limits.least},
        title="swap MinValue and MaxValue",
    )


def categories(hyperparameter: dict[str, Any]) -> list[Any]:
    """Return the Values of a Categorical hyperparameter; none if some of them may not be visible."""
    kind = hyperparameter.get("Type")
    if isinstance(kind, str) and kind == "Categorical":
        ranges = hyperparameter.get("Range")
        own = ranges.get("CategoricalParameterRangeSpecification") if isinstance(ranges, dict) else None
        values = items(own, "Values")
        return [] if is_open(values) else values
    return []


@rule(
    on="ParameterValues",
    severity="warning",
    evidence="service: aws/amazon-sagemaker-feedback#195; a tuning job with duplicate values is rejected",
    fix="safe",
)
def hp_categorical_values_suspicious(values: list[Any]) -> Iterator[Problem]:
    """A hyperparameter lists a category twice, in two spellings, or an empty one.

    A tuning job with duplicate values is rejected. Categories that differ only in letter case or spaces
    (`relu`, `ReLU`) are usually one value that was written twice, and an empty category is usually an
    error in the code that made the list. A container may distinguish them, so these are warnings. The fix
    deletes exact duplicates only.

    ```yaml bad CategoricalParameterRangeSpecification
    Values:
      - relu
      - tanh
      - relu
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values:
      - relu
      - tanh
    ```

    ```yaml bad CategoricalParameterRangeSpecification
    Values: [relu, ReLU]
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [relu, elu]
    ```

    ```yaml bad CategoricalParameterRangeSpecification
    Values: [l1, l2, ""]
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [l1, l2, none]
    ```
    """
    # The spellings of each category, by its folded text, and the index at which each occurs first.
    spellings: dict[str, dict[str, int]] = {}
    for index, value in enumerate(values):
        if not isinstance(value, str):
            continue
        alike = spellings.setdefault(value.strip().casefold(), {})
        if value in alike:
            first = alike[value]
            yield Problem(
                index,
                f"the category {shown(value)} is listed twice; tuning jobs reject duplicates",
                fix=Remove(index, title=f"delete the second {shown(value)}", safe=True),
                related=Related(first, "first listed here"),
            )
        elif not value:
            yield Problem(index, "the category is empty; name it, or delete it")
        elif alike:
            other, first = next(iter(alike.items()))
            yield Problem(
                index,
                f"the category {shown(value)} differs from {shown(other)} only in letter case or spaces",
                related=Related(first, "the other spelling is used here"),
            )
        alike.setdefault(value, index)


def called(hyperparameter: dict[str, Any]) -> str:
    """Return the beginning of a message about a whole hyperparameter: its name, if it is known."""
    match hyperparameter:
        case {"Name": str() as name}:
            return f"{shown(name)}: "
    return ""
