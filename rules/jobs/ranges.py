"""The ranges of a tuning job: limits, values and scaling."""

from __future__ import annotations

from algolint import Key, Problem, Related, listed, meant, rule, shown
from algolint.aws.notation import NUMBER_NAMES, compared, number
from algolint.jobs.context import InAlgorithm
from algolint.spec.context import limits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.jobs.views import Range
    from algolint.values import Path

_REQUEST = "CreateHyperParameterTuningJobRequest"
_RANGES = ("IntegerParameterRange", "ContinuousParameterRange")


@rule(
    on=_REQUEST,
    severity="error",
    evidence="service: awsdocs/amazon-sagemaker-developer-guide#90; a range that is less restrictive than "
    "the declared one is rejected",
)
def tune_range_outside(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job's range is not within the one that the algorithm declares.

    The algorithm has to accept each value that is tried: MinValue and MaxValue have to be within the
    declared limits, and each category has to be one of the declared Values, letter case included.

    ```yaml algorithm
    SupportedHyperParameters:
      - Name: depth
        Type: Integer
        IsTunable: true
        Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}}
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "2", MaxValue: "99"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "2", MaxValue: "10"}]}
    TrainingJobDefinition: {}
    ```
    """
    for searched, at, declared in context.declared_ranges():
        if declared.get("Type") != searched.kind:
            continue
        limits = limits_of(declared)
        for end in ("MinValue", "MaxValue"):
            text = searched.values.get(end)
            if limits and isinstance(text, str) and (broken := limits.broken_by(text)):
                below, bound = broken
                side = "less" if below[-1] == "MinValue" else "greater"
                yield Problem(
                    (*searched.path, end),
                    f"{end} {shown(text)} is {side} than the declared {below[-1]} {shown(bound)}"
                    f" of {shown(searched.name)}",
                    related=InAlgorithm((*at, *below), f"{below[-1]} is {shown(bound)}"),
                )
        yield from _other_categories(searched, at, declared)


def _other_categories(searched: Range, at: Path, declared: dict[str, Any]) -> Iterator[Problem]:
    """Report the categories of a range that are not declared."""
    match declared, searched.values:
        case (
            {"Range": {"CategoricalParameterRangeSpecification": {"Values": [_, *_] as allowed}}},
            {"Values": list() as values},
        ) if type(allowed) is list and all(isinstance(value, str) for value in allowed):
            where = (*at, "Range", "CategoricalParameterRangeSpecification", "Values")
            for index, value in enumerate(values):
                if isinstance(value, str) and value not in allowed:
                    hint = meant(value, allowed) or f": {listed(allowed)}"
                    yield Problem(
                        (*searched.path, "Values", index),
                        f"{shown(value)} is not in the declared Values of {shown(searched.name)}{hint}",
                        related=InAlgorithm(Key(*where), "the values are listed here"),
                    )


@rule(
    on=_RANGES, severity="error", evidence="reference: ParameterRange, botocore 1.44.8; the value is a number"
)
def tune_range_not_a_number(searched: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """The MinValue or MaxValue of a tuning job's range is not a number of its type.

    ```yaml bad
    Name: depth
    MinValue: "1"
    MaxValue: "2.5"
    ```

    ```yaml good
    Name: depth
    MinValue: "1"
    MaxValue: "2"
    ```
    """
    kind = context.kind_of(searched)
    for end in ("MinValue", "MaxValue"):
        text = searched.get(end)
        if kind and isinstance(text, str) and number(text, kind) is None:
            yield Problem(end, f"{end} {shown(text)} is not {NUMBER_NAMES[kind]}")


@rule(
    on=_RANGES,
    severity="error",
    evidence="service: aws/amazon-sagemaker-feedback#195; a range needs a MaxValue above MinValue",
)
def tune_range_empty(searched: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """The MinValue of a tuning job's range is not less than its MaxValue.

    A range of a single value has nothing to search; set the value in StaticHyperParameters instead.

    ```yaml bad
    Name: depth
    MinValue: "5"
    MaxValue: "1"
    ```

    ```yaml good
    Name: depth
    MinValue: "1"
    MaxValue: "5"
    ```

    ```yaml bad
    Name: depth
    MinValue: "5"
    MaxValue: "5"
    ```

    ```yaml good
    Name: depth
    MinValue: "5"
    MaxValue: "6"
    ```
    """
    match searched, context.kind_of(searched):
        case {"MinValue": str() as least, "MaxValue": str() as greatest}, str() as kind if kind:
            low, high = number(least, kind), number(greatest, kind)
            if low is None or high is None:
                return
            order = compared(low, high)
            if order > 0:
                yield Problem(
                    "MinValue",
                    f"MinValue {shown(least)} is greater than MaxValue {shown(greatest)}; no value is valid",
                    related=Related("MaxValue", f"MaxValue is {shown(greatest)}"),
                )
            elif order == 0:
                yield Problem(
                    "MaxValue",
                    f"MinValue and MaxValue are both {shown(greatest)}; a single value belongs in"
                    " StaticHyperParameters",
                )


@rule(
    on="CategoricalParameterRange",
    severity="error",
    also=("warning",),
    evidence="reference: CategoricalParameterRange.Values, botocore 1.44.8; the categories to search",
)
def tune_values_repeated(searched: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job's range lists a category twice, or only one category.

    A single category is a warning: there is nothing to search. Set it in StaticHyperParameters instead.

    ```yaml bad
    Name: booster
    Values: [gbtree, dart, gbtree]
    ```

    ```yaml good
    Name: booster
    Values: [gbtree, dart]
    ```

    ```yaml bad
    Name: booster
    Values: [gbtree]
    ```

    ```yaml good
    Name: booster
    Values: [gbtree, gblinear]
    ```
    """
    values = searched.get("Values")
    if not isinstance(values, list):
        return
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if isinstance(value, str) and seen.setdefault(value, index) != index:
            yield Problem(
                ("Values", index),
                f"the category {shown(value)} is listed twice; tuning jobs reject duplicates",
                related=Related(("Values", seen[value]), "first listed here"),
            )
    if type(values) is list and len(values) == 1:
        yield Problem(
            Key("Values"),
            "Values has a single category, so nothing is searched; set it in StaticHyperParameters",
            "warning",
        )


@rule(
    on=_RANGES,
    severity="error",
    evidence="reference: ContinuousParameterRange.ScalingType, botocore 1.44.8; 'Logarithmic scaling works "
    "only for ranges that have only values greater than 0.'",
)
def tune_scaling(searched: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """The ScalingType of a tuning job's range does not work for its values.

    Logarithmic scaling needs values greater than 0. ReverseLogarithmic scaling needs values from 0 to
    below 1, and integer ranges do not support it.

    ```yaml bad ContinuousParameterRange
    Name: eta
    MinValue: "0"
    MaxValue: "0.5"
    ScalingType: Logarithmic
    ```

    ```yaml good ContinuousParameterRange
    Name: eta
    MinValue: "0.001"
    MaxValue: "0.5"
    ScalingType: Logarithmic
    ```

    ```yaml bad
    Name: depth
    MinValue: "1"
    MaxValue: "5"
    ScalingType: ReverseLogarithmic
    ```

    ```yaml good
    Name: depth
    MinValue: "1"
    MaxValue: "5"
    ScalingType: Logarithmic
    ```
    """
    kind = context.kind_of(searched)
    match searched.get("ScalingType"):
        case str("ReverseLogarithmic") if kind == "Integer":
            yield Problem("ScalingType", "integer ranges do not support ReverseLogarithmic scaling")
        case str("ReverseLogarithmic") if kind:
            yield from _outside(
                searched, kind, "MinValue", 0, "ReverseLogarithmic scaling needs values from 0"
            )
            yield from _outside(
                searched, kind, "MaxValue", 1, "ReverseLogarithmic scaling needs values below 1"
            )
        case str("Logarithmic") if kind:
            yield from _outside(searched, kind, "MinValue", 0, "Logarithmic scaling needs values above 0")


def _outside(searched: dict[str, Any], kind: str, end: str, limit: int, need: str) -> Iterator[Problem]:
    text = searched.get(end)
    value = number(text, kind) if isinstance(text, str) else None
    if value is None:
        return
    order = compared(value, limit)
    if (order < 0 or (order == 0 and "from" not in need)) if end == "MinValue" else order >= 0:
        yield Problem(
            end,
            f"{end} is {shown(text)}; {need}",
            related=Related("ScalingType", f"ScalingType is {searched['ScalingType']}"),
        )
