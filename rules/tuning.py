"""The requirements of automatic model tuning: hyperparameters that can be searched, and objectives."""

from __future__ import annotations

from algolint import (
    Key,
    Problem,
    Related,
    Replace,
    is_open,
    lacks,
    listed,
    rule,
    shown,
)
from algolint.spec.context import limits_of

from ._profiles import items
from .hyperparameter_ranges import CATEGORIES, called, categories, may_be_tunable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


@rule(
    on="HyperParameterSpecification",
    severity="info",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:510, executed; HyperparameterTuner.fit raises 'Required"
    " hyperparameter: … is not set'",
)
def hp_required_and_tunable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A tunable hyperparameter is required and has no DefaultValue.

    A tuning job may search the hyperparameter instead of setting it. The Python SDK's HyperparameterTuner
    raises an error nevertheless if the estimator has no value for it, so users have to pass a value that
    is never used. They do not have to with IsRequired false and a DefaultValue.

    ```yaml bad
    Name: eta
    Type: FreeText
    IsRequired: true
    IsTunable: true
    ```

    ```yaml good
    Name: eta
    Type: FreeText
    IsRequired: false
    IsTunable: true
    DefaultValue: "0.1"
    ```
    """
    if lacks(hyperparameter, "DefaultValue"):
        match hyperparameter:
            case {"IsRequired": True, "IsTunable": True}:
                yield Problem(
                    "IsRequired",
                    f"{called(hyperparameter)}IsRequired and IsTunable are true without a DefaultValue; the"
                    " SDK's HyperparameterTuner needs a value even when tuning searches for it",
                    related=Related("IsTunable", "tunable here"),
                )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; the Range of a hyperparameter",
    replaces=("hp-categorical-without-range",),
)
def hp_tunable_without_range(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A tunable hyperparameter has no Range.

    The user of a tuning job chooses the values to search. Without a Range in the algorithm they cannot
    know which values are valid, and to search others wastes training jobs. The API does not require a
    Range, so this is a warning.

    ```yaml bad
    Name: max_depth
    Type: Integer
    IsTunable: true
    ```

    ```yaml good
    Name: max_depth
    Type: Integer
    IsTunable: true
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "12"
    ```
    """
    if lacks(hyperparameter, "Range"):
        match hyperparameter:
            case {"IsTunable": True, "Type": str("Integer" | "Continuous" | "Categorical" as kind)}:
                yield Problem(
                    Key(),
                    f"{called(hyperparameter)}IsTunable is true, but there is no Range; add one with"
                    f" {kind}ParameterRangeSpecification",
                    related=Related("IsTunable", "tunable here"),
                )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    evidence="derived: ParameterRanges of a tuning job has no range for free text",
    fix="safe",
)
def hp_freetext_tunable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A FreeText hyperparameter is declared tunable.

    A tuning job searches ranges of integers, decimal numbers or categories. There is no range for free
    text, so such a hyperparameter cannot be tuned. If it has a few fixed values, its Type should be
    Categorical.

    ```yaml bad
    Name: column_names
    Type: FreeText
    IsTunable: true
    ```

    ```yaml good
    Name: column_names
    Type: FreeText
    IsTunable: false
    ```
    """
    kind = hyperparameter.get("Type")
    if isinstance(kind, str) and kind == "FreeText" and hyperparameter.get("IsTunable") is True:
        yield Problem(
            "IsTunable",
            "IsTunable is true, but FreeText cannot be tuned; Integer, Continuous and Categorical can",
            fix=Replace("IsTunable", False, title="set IsTunable to false", safe=True),
            related=Related("Type", "Type is FreeText"),
        )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    evidence="service: aws/amazon-sagemaker-feedback#195; a tuning job with a range of one value fails",
    fix="safe",
)
def hp_tunable_single_point(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A tunable hyperparameter has a Range of only one value.

    A tuning job that searches a single value is rejected, but the algorithm's range has no other. Such a
    hyperparameter is a constant: set IsTunable to false.

    ```yaml bad
    Type: Integer
    IsTunable: true
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "2"
        MaxValue: "2"
    ```

    ```yaml good
    Type: Integer
    IsTunable: false
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "2"
        MaxValue: "2"
    ```
    """
    if hyperparameter.get("IsTunable") is True:
        limits = limits_of(hyperparameter)
        if limits:
            where, value = (*limits.path, "MaxValue"), limits.greatest if limits.are_one else None
        else:
            where, value = CATEGORIES, _single_category(hyperparameter)
        if value is not None:
            yield Problem(
                "IsTunable",
                f"IsTunable is true, but the only value in the Range is {shown(value)}; tuning needs two",
                fix=Replace("IsTunable", False, title="set IsTunable to false", safe=True),
                related=Related(where, "the only value is here"),
            )


def _single_category(hyperparameter: dict[str, Any]) -> str | None:
    """Return the only category; None if there are others, or may be others."""
    values = categories(hyperparameter)
    for value in values:
        if not isinstance(value, str) or value != values[0]:
            return None
    return values[0] if values else None


@rule(
    on="TrainingSpecification",
    severity="warning",
    evidence="derived: a tuning job needs an objective metric, and the algorithm lists those it may have",
)
def hp_tunable_without_objective(training: dict[str, Any]) -> Iterator[Problem]:
    """Hyperparameters are tunable, but no metric can be the objective of tuning.

    A tuning job searches for the values that optimize one metric, and accepts only the metrics that
    SupportedTuningJobObjectiveMetrics lists. Without any, nothing can be tuned. If tuning is planned for
    later, set IsTunable later too.

    ```yaml bad
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: true
    ```

    ```yaml good
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: true
    MetricDefinitions:
      - Name: validation:rmse
        Regex: 'validation-rmse=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:rmse
    ```
    """
    field = "SupportedTuningJobObjectiveMetrics"
    hyperparameters = items(training, "SupportedHyperParameters")
    tunable = _tunable(hyperparameters)
    objectives = [] if lacks(training, field) else training.get(field)
    if tunable and isinstance(objectives, list) and not objectives and not is_open(objectives):
        names = [hyperparameters[index].get("Name") for index in tunable]
        which = listed([name for name in names if isinstance(name, str)], 3)
        subject = "a hyperparameter is" if len(tunable) == 1 else "hyperparameters are"
        yield Problem(
            Key(field) if field in training else Key(),
            f"{subject} tunable ({which or len(tunable)}), but {field} lists no metric to optimize",
            related=Related(("SupportedHyperParameters", tunable[0], "IsTunable"), "tunable here"),
        )


@rule(
    on="TrainingSpecification",
    severity="warning",
    evidence="reference: TrainingSpecification.SupportedHyperParameters, botocore 1.44.8; 'This is"
    " required if the algorithm supports automatic model tuning.'",
)
def hp_objective_without_tunable(training: dict[str, Any]) -> Iterator[Problem]:
    """There are objective metrics for tuning, but no hyperparameter is tunable.

    SupportedTuningJobObjectiveMetrics states that the algorithm can be tuned, but a tuning job has nothing
    to search; FreeText and a Range of one value cannot be tuned either. Set IsTunable to true for the
    hyperparameters to search, or delete the objectives.

    ```yaml bad
    MetricDefinitions:
      - Name: validation:rmse
        Regex: 'validation-rmse=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:rmse
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: false
    ```

    ```yaml good
    MetricDefinitions:
      - Name: validation:rmse
        Regex: 'validation-rmse=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:rmse
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: true
        Range:
          ContinuousParameterRangeSpecification:
            MinValue: "0.01"
            MaxValue: "0.5"
    ```
    """
    match training:
        case {"SupportedTuningJobObjectiveMetrics": [_, *_]}:
            match training:
                case {"SupportedHyperParameters": list() as hyperparameters}:
                    if is_open(hyperparameters) or not all(map(_is_fixed, hyperparameters)):
                        return
                    fact = "no hyperparameter can be tuned"
                case _ if lacks(training, "SupportedHyperParameters"):
                    fact = "there are no SupportedHyperParameters"
                case _:
                    return
            yield Problem(
                Key("SupportedTuningJobObjectiveMetrics"),
                f"there are objective metrics for tuning, but {fact}",
            )


def _is_fixed(hyperparameter: Any) -> bool:
    """Whether a hyperparameter certainly cannot be tuned."""
    if not isinstance(hyperparameter, dict):
        return False
    if not may_be_tunable(hyperparameter):
        return True
    match hyperparameter:
        case {"Type": str("FreeText")}:
            return True
    limits = limits_of(hyperparameter)
    return limits.are_one if limits else _single_category(hyperparameter) is not None


def _tunable(hyperparameters: list[Any]) -> list[int]:
    """Return the indexes of the hyperparameters that certainly are tunable."""
    return [
        index
        for index, hyperparameter in enumerate(hyperparameters)
        if isinstance(hyperparameter, dict) and hyperparameter.get("IsTunable") is True
    ]


@rule(
    on="TrainingSpecification",
    severity="info",
    evidence="guide: Developer Guide, automatic-model-tuning-limits and"
    " automatic-model-tuning-define-ranges, 2023; 30 hyperparameters are searched",
)
def tuning_limits(training: dict[str, Any]) -> Iterator[Problem]:
    """An algorithm declares more hyperparameters or metrics than one tuning job can use.

    A tuning job searches at most 30 hyperparameters and reads at most 20 metrics (the API and another page
    of the guide allow 40). It also adds a hyperparameter of its own, which is one too many for an
    algorithm with 100. The user of the job can choose among them, so this is reported as info.

    ```yaml bad
    SupportedHyperParameters: [&weight {Type: Continuous, IsTunable: true},
      *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight,
      *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight,
      *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight]
    ```

    ```yaml good
    SupportedHyperParameters: [&weight {Type: Continuous, IsTunable: true}, *weight, *weight]
    ```
    """
    match training:
        case {"SupportedHyperParameters": list() as hyperparameters}:
            tunable = len(_tunable(hyperparameters))
            full = len(hyperparameters) == 100 and not is_open(hyperparameters)
            where = Key("SupportedHyperParameters")
            if tunable > 30:
                yield Problem(
                    where, f"{tunable} hyperparameters are tunable; a tuning job searches at most 30"
                )
            elif tunable and full:
                yield Problem(
                    where,
                    "a job takes at most 100 hyperparameters, and a tuning job adds one to these 100"
                    " (_tuning_objective_metric)",
                )
    match training:
        case {"MetricDefinitions": list() as metrics} if len(metrics) > 20:
            yield Problem(
                Key("MetricDefinitions"),
                f"{len(metrics)} metrics are defined; the guide allows 20 for a tuning job",
            )
