"""How long a validation job may run and wait."""

from __future__ import annotations

from algolint import Key, Problem, Related, Remove, Replace, Undecided, lacks, rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context

DAY = 86_400
_SHORT_RUN = 300
_LONGEST_RUN = 28 * DAY


@rule(
    on="StoppingCondition",
    severity="error",
    also=("warning",),
    evidence="reference: StoppingCondition, MaxWaitTimeInSeconds equal to or greater than the run",
    fix="unsafe",
)
def max_wait_below_runtime(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxWaitTimeInSeconds is shorter than MaxRuntimeInSeconds.

    The wait covers the run itself plus the time spent waiting for Spot capacity, so it can never be
    the shorter of the two, and the service refuses the pair. Where MaxRuntimeInSeconds is left out it
    is one day; a shorter wait then earns a warning.

    ```yaml bad
    MaxRuntimeInSeconds: 7200
    MaxWaitTimeInSeconds: 3600
    ```

    ```yaml good
    MaxRuntimeInSeconds: 7200
    MaxWaitTimeInSeconds: 7200
    ```
    """
    match condition:
        case {
            "MaxRuntimeInSeconds": int() as runtime,
            "MaxWaitTimeInSeconds": int() as wait,
        } if wait < runtime:
            yield Problem(
                "MaxWaitTimeInSeconds",
                f"{shown(wait)} is shorter than MaxRuntimeInSeconds, {shown(runtime)}",
                # A run that is too long itself is no measure.
                fix=Replace("MaxWaitTimeInSeconds", runtime, title=f"wait as long as the run, {runtime}")
                if runtime <= _LONGEST_RUN
                else None,
                related=Related("MaxRuntimeInSeconds", f"the run may take {shown(runtime)} seconds"),
            )
        case {"MaxWaitTimeInSeconds": int() as wait} if (
            lacks(condition, "MaxRuntimeInSeconds") and wait < DAY
        ):
            yield Problem(
                "MaxWaitTimeInSeconds",
                f"{wait} is shorter than the default of MaxRuntimeInSeconds, one day ({DAY})",
                "warning",
            )


@rule(
    on="StoppingCondition",
    severity="error",
    evidence="reference: StoppingCondition, MaxRuntimeInSeconds at most 28 days",
)
def max_runtime_over_28_days(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxRuntimeInSeconds is more than 28 days.

    No training job may run longer, and the service refuses a larger number. The API model holds no
    maximum, so that the AWS clients let it pass. An account's own quota is often lower still, which
    cannot be seen here.

    ```yaml bad
    MaxRuntimeInSeconds: 2592000
    ```

    ```yaml good
    MaxRuntimeInSeconds: 2419200
    ```
    """
    match condition:
        case {"MaxRuntimeInSeconds": int() as runtime} if runtime > _LONGEST_RUN:
            yield Problem(
                "MaxRuntimeInSeconds", f"{shown(runtime)} is longer than 28 days, {_LONGEST_RUN} seconds"
            )


@rule(
    on="StoppingCondition",
    severity="warning",
    fix="safe",
    evidence="service: CreateTrainingJob's 'Invalid MaxWaitTimeInSeconds' (Kenza-AI/sagify#111)",
)
def max_wait_without_spot(condition: dict[str, Any], context: Context) -> Iterator[Problem]:
    """MaxWaitTimeInSeconds is set, and a validation job cannot use Spot capacity.

    The wait is for managed Spot training, which a validation profile has no field to switch on. A
    training job of one's own with this pair is refused; CreateAlgorithm takes it and drops the value,
    so it is a warning here. Of algorithms on AWS Marketplace the service sets the wait itself, to
    3600 seconds, when buyers train on Spot capacity.

    ```yaml bad
    MaxRuntimeInSeconds: 3600
    MaxWaitTimeInSeconds: 7200
    ```

    ```yaml good
    MaxRuntimeInSeconds: 3600
    ```
    """
    match condition:
        case {"MaxWaitTimeInSeconds": _}:
            message = "the wait is for managed Spot training, which a validation profile cannot enable"
            if _is_certified(context):
                message += "; for Marketplace algorithms the service sets it to 3600 itself"
            fix = Remove("MaxWaitTimeInSeconds", safe=True)
            yield Problem(Key("MaxWaitTimeInSeconds"), message, fix=fix)


def _is_certified(context: Context) -> bool:
    try:
        return context.for_marketplace
    except Undecided:
        return False


@rule(
    on="StoppingCondition",
    severity="warning",
    evidence="reference: StoppingCondition, MaxRuntimeInSeconds defaults to one day",
)
def stopping_condition_empty(condition: dict[str, Any]) -> Iterator[Problem]:
    """A StoppingCondition sets no MaxRuntimeInSeconds.

    The default is one day. A validation job that hangs then runs, and costs, for a day before the
    algorithm is reported as failed.

    ```yaml bad
    {}
    ```

    ```yaml good
    MaxRuntimeInSeconds: 3600
    ```
    """
    if lacks(condition, "MaxRuntimeInSeconds"):
        yield Problem(Key(), f"no MaxRuntimeInSeconds; the default is one day ({DAY} seconds)")


@rule(
    on="StoppingCondition",
    severity="info",
    evidence="guide: sagemaker-mkt-create-algo, validation takes up to a few hours",
)
def max_runtime_implausible(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxRuntimeInSeconds is under five minutes or over one day, for a validation job.

    Starting the instances and pulling the image come before the run; under five minutes of training
    a job seldom ends by itself. Validation is meant to take a few hours at most, so more than a day is
    more likely a number in another unit. A tiny smoke test may well need less.

    ```yaml bad
    MaxRuntimeInSeconds: 30
    ```

    ```yaml good
    MaxRuntimeInSeconds: 3600
    ```

    ```yaml bad
    MaxRuntimeInSeconds: 360000
    ```

    ```yaml good
    MaxRuntimeInSeconds: 36000
    ```
    """
    match condition:
        case {"MaxRuntimeInSeconds": int() as runtime} if 0 < runtime < _SHORT_RUN:
            yield Problem(
                "MaxRuntimeInSeconds",
                f"{runtime} seconds is short for a validation job; under {_SHORT_RUN} few end by themselves",
            )
        case {"MaxRuntimeInSeconds": int() as runtime} if DAY < runtime <= _LONGEST_RUN:
            yield Problem(
                "MaxRuntimeInSeconds",
                f"{runtime} seconds is long for a validation job; more than one day ({DAY}) is unusual",
            )
