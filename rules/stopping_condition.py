"""The time limits of a validation job: how long it may run, wait and be pending."""

from __future__ import annotations

from algolint import Key, Problem, Related, Remove, Replace, every, lacks, listed, rule, shown
from algolint.aws.instances import has_gpu, has_neuron

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Step

DAY = 86_400
_SHORT_RUN = 300
_MAX_RUN = 28 * DAY


@rule(
    on="StoppingCondition",
    severity="error",
    also=("warning",),
    evidence="reference: StoppingCondition.MaxWaitTimeInSeconds, botocore 1.44.8; 'It must be equal to "
    "or greater than MaxRuntimeInSeconds.'",
    fix="unsafe",
)
def max_wait_below_runtime(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxWaitTimeInSeconds is less than MaxRuntimeInSeconds.

    MaxWaitTimeInSeconds includes both the time spent waiting for Spot capacity and the run itself, so it
    cannot be less than MaxRuntimeInSeconds, and the service rejects the pair. If MaxRuntimeInSeconds is
    left out it is one day, and a shorter wait is a warning.

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
                f"MaxWaitTimeInSeconds {shown(wait)} is less than MaxRuntimeInSeconds {shown(runtime)},"
                " which it includes",
                # A run that is too long itself cannot be the limit.
                fix=Replace("MaxWaitTimeInSeconds", runtime) if runtime <= _MAX_RUN else None,
                related=Related("MaxRuntimeInSeconds", f"MaxRuntimeInSeconds is {shown(runtime)}"),
            )
        case {"MaxWaitTimeInSeconds": int() as wait} if (
            lacks(condition, "MaxRuntimeInSeconds") and wait < DAY
        ):
            yield Problem(
                "MaxWaitTimeInSeconds",
                f"MaxWaitTimeInSeconds {shown(wait)} is less than MaxRuntimeInSeconds, which defaults to one"
                f" day ({DAY})",
                "warning",
            )


@rule(
    on="StoppingCondition",
    severity="error",
    replaces=("number-range",),
    evidence="reference: StoppingCondition.MaxRuntimeInSeconds, botocore 1.44.8; 'The maximum value is "
    "28 days.'",
)
def max_runtime_over_28_days(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxRuntimeInSeconds is more than 28 days.

    No training job may run longer, and the service rejects a larger number. The API model has no maximum,
    so the AWS clients accept it. The quota of an account is often even lower, but is not known here.

    ```yaml bad
    MaxRuntimeInSeconds: 2592000
    ```

    ```yaml good
    MaxRuntimeInSeconds: 2419200
    ```
    """
    match condition:
        case {"MaxRuntimeInSeconds": int() as runtime} if runtime > _MAX_RUN:
            yield Problem(
                "MaxRuntimeInSeconds",
                f"MaxRuntimeInSeconds {shown(runtime)} is more than 28 days ({_MAX_RUN})",
            )


@rule(
    on="StoppingCondition",
    severity="warning",
    fix="safe",
    evidence="service: Kenza-AI/sagify#111; 'Invalid MaxWaitTimeInSeconds. It is only supported when "
    "EnableManagedSpotTraining is set to true'",
)
def max_wait_without_spot(condition: dict[str, Any], context: Context) -> Iterator[Problem]:
    """MaxWaitTimeInSeconds is set, but a validation job cannot use Spot capacity.

    The wait is for managed Spot training, which a validation profile has no field to enable.
    CreateTrainingJob rejects this pair; CreateAlgorithm has been seen to accept it and drop the value, so
    it is a warning here. For algorithms on AWS Marketplace the service sets the wait to 3600 seconds itself
    when buyers train on Spot capacity.

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
            message = (
                "MaxWaitTimeInSeconds is for managed Spot training, which a validation profile cannot enable"
            )
            if context.certainly_for_marketplace:
                message += "; for AWS Marketplace the service sets it to 3600 itself"
            fix = Remove("MaxWaitTimeInSeconds", safe=True)
            yield Problem(Key("MaxWaitTimeInSeconds"), message, fix=fix)


@rule(
    on="StoppingCondition",
    severity="warning",
    evidence="reference: StoppingCondition.MaxRuntimeInSeconds, botocore 1.44.8; 'The default value is 1"
    " day.'",
)
def stopping_condition_empty(condition: dict[str, Any]) -> Iterator[Problem]:
    """A StoppingCondition has no MaxRuntimeInSeconds.

    The default is one day: a validation job that hangs runs, at a cost, for a day before the algorithm
    fails.

    ```yaml bad
    {}
    ```

    ```yaml good
    MaxRuntimeInSeconds: 3600
    ```
    """
    if lacks(condition, "MaxRuntimeInSeconds"):
        yield Problem(Key(), f"StoppingCondition has no MaxRuntimeInSeconds; the default is one day ({DAY})")


@rule(
    on="StoppingCondition",
    severity="info",
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; 'Validation can take up to a few"
    " hours'",
)
def max_runtime_implausible(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxRuntimeInSeconds of a validation job is under five minutes or over one day.

    Few jobs finish training in under five minutes, though a small smoke test may. Validation is meant to
    take a few hours at most, so more than a day is probably a number in another unit.

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
                f"MaxRuntimeInSeconds {runtime} is short for a validation job; few finish in under"
                f" {_SHORT_RUN} seconds",
            )
        case {"MaxRuntimeInSeconds": int() as runtime} if DAY < runtime <= _MAX_RUN:
            yield Problem(
                "MaxRuntimeInSeconds",
                f"MaxRuntimeInSeconds {runtime} is long for a validation job; more than one day ({DAY}) is"
                " unusual",
            )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="reference: StoppingCondition.MaxPendingTimeInSeconds, botocore 1.44.8; 'It has no effect on "
    "jobs that request CPU-only instance types.'",
    fix="safe",
)
def max_pending_on_cpu(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxPendingTimeInSeconds is set for a job whose instances have no accelerator.

    The limit is for jobs that wait for accelerated instances (GPU, Trainium). According to the reference
    it has no effect on a job with CPU instances only, which may be pending for longer.

    ```yaml bad
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    StoppingCondition:
      MaxRuntimeInSeconds: 3600
      MaxPendingTimeInSeconds: 7200
    ```

    ```yaml good
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    StoppingCondition:
      MaxRuntimeInSeconds: 3600
    ```
    """
    match job:
        case {"StoppingCondition": {"MaxPendingTimeInSeconds": _}, "ResourceConfig": dict() as resources}:
            kinds = [kind for route in _TYPES for _, kind in every(resources, *route)]
            if kinds and all(has_gpu(kind) is False and has_neuron(kind) is False for kind in kinds):
                yield Problem(
                    Key("StoppingCondition", "MaxPendingTimeInSeconds"),
                    f"MaxPendingTimeInSeconds has no effect on CPU instances: {listed(dict.fromkeys(kinds))}",
                    fix=Remove(("StoppingCondition", "MaxPendingTimeInSeconds"), safe=True),
                    related=Related(Key("ResourceConfig"), "the instances are set here"),
                )


_TYPES: tuple[tuple[Step, ...], ...] = (
    ("InstanceType",),
    ("InstanceGroups", ..., "InstanceType"),
    ("InstancePreferences", ..., "InstanceType"),
)
