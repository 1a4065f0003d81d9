"""How a tuning job searches: strategy, number of jobs and warm start."""

from __future__ import annotations

from algolint import Key, Problem, Related, counted, is_open, rule, select, shown
from algolint.aws.notation import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.jobs.views import Range
    from algolint.values import Path

_REQUEST = "CreateHyperParameterTuningJobRequest"
_LIMITS = ("HyperParameterTuningJobConfig", "ResourceLimits")
_MOST = (*_LIMITS, "MaxNumberOfTrainingJobs")


@rule(
    on=_REQUEST,
    severity="error",
    evidence="guide: Developer Guide, automatic-model-tuning-define-ranges, 2023; 'Grid' searches categorical"
    " parameters only, each combination once",
)
def tune_grid(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A grid search has numeric ranges, or its number of jobs is not the number of combinations.

    Strategy Grid tries every combination of categories once. It is best to leave MaxNumberOfTrainingJobs
    out; a value has to be the number of combinations.

    ```yaml bad
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ParameterRanges: {CategoricalParameterRanges: [{Name: depth, Values: ["1", "3", "5"]}]}
    TrainingJobDefinition: {}
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ResourceLimits: {MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 1}
      ParameterRanges: {CategoricalParameterRanges: [{Name: depth, Values: ["1", "3", "5"]}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ResourceLimits: {MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1}
      ParameterRanges: {CategoricalParameterRanges: [{Name: depth, Values: ["1", "3", "5"]}]}
    TrainingJobDefinition: {}
    ```
    """
    if _strategy(request) != "Grid":
        return
    numeric = [searched for searched in context.ranges() if searched.kind in ("Integer", "Continuous")]
    for searched in numeric:
        what = f"the range of {shown(searched.name)}" if searched.name else "the range"
        yield Problem(searched.path, f"{what} is numeric; Strategy Grid searches categories only")
    most, count = _most_jobs(request), _combinations(context)
    if most is not None and count is not None and most != count and not numeric:
        yield Problem(
            _MOST,
            f"MaxNumberOfTrainingJobs is {most}; Grid runs {counted(count, 'job')}, one for each combination",
        )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="service: aws/amazon-sagemaker-operator-for-k8s#123; 'You don't have enough combinations of "
    "hyperparameter ranges.'",
)
def tune_combinations(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """The ranges have fewer combinations of values than MaxNumberOfTrainingJobs.

    ```yaml bad
    HyperParameterTuningJobConfig:
      Strategy: Bayesian
      ResourceLimits: {MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 2}
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "3"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      Strategy: Bayesian
      ResourceLimits: {MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 2}
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "3"}]}
    TrainingJobDefinition: {}
    ```
    """
    most, count = _most_jobs(request), _combinations(context)
    if most is not None and count is not None and count < most and _strategy(request) not in (None, "Grid"):
        message = (
            f"MaxNumberOfTrainingJobs is {most}, but the ranges have only {counted(count, 'combination')}"
        )
        yield Problem(_MOST, message)


@rule(
    on="HyperParameterTuningJobConfig",
    severity="error",
    evidence="reference: HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType, botocore 1.44.8; "
    "'TrainingJobEarlyStoppingType must be OFF to use Hyperband.'",
)
def tune_hyperband(config: dict[str, Any]) -> Iterator[Problem]:
    """Hyperband is used with early stopping, or another strategy with Hyperband's settings.

    Hyperband has early stopping of its own, so TrainingJobEarlyStoppingType has to be Off or absent.
    HyperbandStrategyConfig has an effect with Hyperband only.

    ```yaml bad
    Strategy: Hyperband
    TrainingJobEarlyStoppingType: Auto
    ```

    ```yaml good
    Strategy: Hyperband
    TrainingJobEarlyStoppingType: "Off"
    ```

    ```yaml bad
    Strategy: Bayesian
    StrategyConfig: {HyperbandStrategyConfig: {MinResource: 1, MaxResource: 9}}
    ```

    ```yaml good
    Strategy: Hyperband
    StrategyConfig: {HyperbandStrategyConfig: {MinResource: 1, MaxResource: 9}}
    ```
    """
    match config:
        case {"Strategy": str("Hyperband"), "TrainingJobEarlyStoppingType": str("Auto")}:
            yield Problem(
                "TrainingJobEarlyStoppingType",
                "TrainingJobEarlyStoppingType is Auto; it has to be Off, since Hyperband stops jobs itself",
                related=Related("Strategy", "Strategy is Hyperband"),
            )
        case {"Strategy": str() as strategy, "StrategyConfig": {"HyperbandStrategyConfig": _}} if (
            strategy != "Hyperband"
        ):
            yield Problem(
                Key("StrategyConfig", "HyperbandStrategyConfig"),
                f"HyperbandStrategyConfig is for Strategy Hyperband, but Strategy is {strategy}",
                related=Related("Strategy", f"Strategy is {strategy}"),
            )


@rule(
    on="ResourceLimits",
    severity="warning",
    evidence="derived: a tuning job runs no more than MaxNumberOfTrainingJobs jobs",
)
def tune_parallel(limits: dict[str, Any]) -> Iterator[Problem]:
    """MaxParallelTrainingJobs is greater than MaxNumberOfTrainingJobs.

    ```yaml bad
    MaxNumberOfTrainingJobs: 4
    MaxParallelTrainingJobs: 8
    ```

    ```yaml good
    MaxNumberOfTrainingJobs: 8
    MaxParallelTrainingJobs: 4
    ```
    """
    match limits:
        case {"MaxNumberOfTrainingJobs": int() as most, "MaxParallelTrainingJobs": int() as parallel}:
            if parallel > most > 0:
                yield Problem(
                    "MaxParallelTrainingJobs",
                    f"MaxParallelTrainingJobs {parallel} is greater than MaxNumberOfTrainingJobs {most}",
                    related=Related("MaxNumberOfTrainingJobs", f"MaxNumberOfTrainingJobs is {most}"),
                )


@rule(
    on="ResourceLimits",
    severity="info",
    evidence="guide: Developer Guide, automatic-model-tuning-limits, 2023; the default quotas of an account",
)
def tune_limits(limits: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job exceeds the default quotas of an account: 750 jobs, 10 in parallel.

    ```yaml bad
    MaxNumberOfTrainingJobs: 1000
    MaxParallelTrainingJobs: 4
    ```

    ```yaml good
    MaxNumberOfTrainingJobs: 100
    MaxParallelTrainingJobs: 4
    ```
    """
    for field, most in (("MaxNumberOfTrainingJobs", 750), ("MaxParallelTrainingJobs", 10)):
        value = limits.get(field)
        if isinstance(value, int) and value > most:
            yield Problem(field, f"{field} is {value}; the default quota of an account is {most}")


def _strategy(request: dict[str, Any]) -> str | None:
    match request:
        case {"HyperParameterTuningJobConfig": {"Strategy": str() as strategy}}:
            return strategy
    return None


def _limit(request: dict[str, Any], field: str) -> int | None:
    match request:
        case {"HyperParameterTuningJobConfig": {"ResourceLimits": dict() as limits}}:
            value = limits.get(field)
            return value if isinstance(value, int) else None
    return None


def _most_jobs(request: dict[str, Any]) -> int | None:
    return _limit(request, "MaxNumberOfTrainingJobs")


def _combinations(context: JobContext) -> int | None:
    """Return the number of combinations to search; None if it is infinite or not known."""
    total = 0
    for search in context.searches:
        count = 1
        for searched in search.searched():
            size = _size(searched)
            if size is None:
                return None
            count *= size
        if not search.is_known or not search.names():
            return None
        total += count
    return total or None


def _size(searched: Range) -> int | None:
    """Return the number of values in a range; None if it is infinite or not known."""
    match searched.kind, searched.values:
        case "Categorical", {"Values": list() as values} if not is_open(values):
            return len(values)
        case "Integer", {"MinValue": str() as least, "MaxValue": str() as greatest}:
            low, high = number(least, "Integer"), number(greatest, "Integer")
            if isinstance(low, int) and isinstance(high, int) and low <= high:
                return high - low + 1
    return None


@rule(
    on=_REQUEST,
    severity="error",
    also=("warning",),
    evidence="derived: only a job that has ended has results, and they count once",
)
def tune_warm_start(request: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job is its own parent, or lists a parent twice.

    A warm start uses the results of earlier tuning jobs. A parent that is listed twice is a warning.

    ```yaml bad
    HyperParameterTuningJobName: search-2
    WarmStartConfig:
      WarmStartType: TransferLearning
      ParentHyperParameterTuningJobs: [{HyperParameterTuningJobName: search-2}]
    ```

    ```yaml good
    HyperParameterTuningJobName: search-2
    WarmStartConfig:
      WarmStartType: TransferLearning
      ParentHyperParameterTuningJobs: [{HyperParameterTuningJobName: search-1}]
    ```

    ```yaml bad
    HyperParameterTuningJobName: search-3
    WarmStartConfig:
      WarmStartType: TransferLearning
      ParentHyperParameterTuningJobs:
        - HyperParameterTuningJobName: search-1
        - HyperParameterTuningJobName: search-1
    ```

    ```yaml good
    HyperParameterTuningJobName: search-3
    WarmStartConfig:
      WarmStartType: TransferLearning
      ParentHyperParameterTuningJobs:
        - HyperParameterTuningJobName: search-1
        - HyperParameterTuningJobName: search-2
    ```
    """
    own = request.get("HyperParameterTuningJobName")
    seen: dict[str, Path] = {}
    for path, parent in select(request, "WarmStartConfig", "ParentHyperParameterTuningJobs", ...):
        match parent:
            case {"HyperParameterTuningJobName": str() as name}:
                where = (*path, "HyperParameterTuningJobName")
                if isinstance(own, str) and name == own:
                    yield Problem(
                        where,
                        f"{shown(name)} is this tuning job itself; a parent has to be an earlier tuning job",
                        related=Related("HyperParameterTuningJobName", "this job has the same name"),
                    )
                elif seen.setdefault(name, where) != where:
                    yield Problem(
                        where,
                        f"the parent {shown(name)} is listed twice",
                        "warning",
                        related=Related(seen[name], "first listed here"),
                    )
