"""Changed instance types, metrics and objectives of training."""

from __future__ import annotations

from algolint import Key, Problem, counted, every, listed, nearest, shown
from algolint.compare.diff import DiffContext, diff_rule

from ._facts import known, only_in_first, removed_instances

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.compare.metrics import Reading

METRIC = "MetricDefinition"
OBJECTIVE = "HyperParameterTuningJobObjective"


@diff_rule(
    on="TrainingSpecification",
    severity="error",
    also=("warning",),
    breaks=("train", "tune"),
    evidence="reference: TrainingSpecification.SupportedTrainingInstanceTypes, botocore 1.44.8; a "
    "training job runs on one of them",
)
def diff_training_instance_removed(old: Any, new: Any) -> Iterator[Problem]:
    """Instance types were removed from SupportedTrainingInstanceTypes; jobs that use them are rejected.

    It is a warning for families that EC2 no longer offers.

    ```yaml old
    SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.g5.xlarge]
    ```

    ```yaml new
    SupportedTrainingInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml silent
    SupportedTrainingInstanceTypes: [ml.g5.xlarge, ml.m5.xlarge]
    ```
    """
    if old is not None and new is not None:
        yield from removed_instances(old, new, "SupportedTrainingInstanceTypes")


@diff_rule(
    on="TrainingSpecification",
    severity="error",
    breaks=("train", "tune"),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:235; only false rejects several instances",
)
def diff_distributed_removed(old: Any, new: Any) -> Iterator[Problem]:
    """SupportsDistributedTraining is now false; jobs on several instances are rejected.

    ```yaml old
    SupportsDistributedTraining: true
    ```

    ```yaml new
    SupportsDistributedTraining: false
    ```

    ```yaml silent
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:2
    ```
    """
    if old is None or new is None or known(new, "SupportsDistributedTraining") is not False:
        return
    if known(old, "SupportsDistributedTraining") is not False:
        message = "distributed training is no longer supported; jobs on several instances are rejected"
        yield Problem("SupportsDistributedTraining", message)


@diff_rule(
    on=METRIC,
    severity="warning",
    also=("error",),
    breaks=("metrics", "tune", "warm-start"),
    evidence="reference: TrainingSpecification.MetricDefinitions, botocore 1.44.8; what is read from "
    "the logs of a job",
)
def diff_metric_removed(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """A metric was removed; dashboards and alarms on its name get no more data.

    If it was an objective of tuning this is an error: tuning jobs that optimize it are rejected.

    ```yaml old
    MetricDefinitions: [{Name: "train:loss", Regex: "loss=(.*)"}, {Name: "train:acc", Regex: "acc=(.*)"}]
    ```

    ```yaml new
    MetricDefinitions: [{Name: "train:loss", Regex: "loss=(.*)"}]
    ```

    ```yaml silent
    MetricDefinitions: [{Name: "train:acc", Regex: "acc=(.*)"}, {Name: "train:loss", Regex: "loss=(.*)"}]
    ```
    """
    if new is None:
        other = nearest(old["Name"], context.added(METRIC))
        hint = f"; renamed to {shown(other)}?" if other else ""
        fact = f"metric {shown(old['Name'])} was removed"
        if old["Name"] in _objectives(context.old):
            yield Problem((), f"{fact}; tuning jobs that optimize it are rejected{hint}", "error")
        else:
            yield Problem((), f"{fact}; dashboards and alarms on it get no more data{hint}")


def _objectives(spec: Any) -> list[str]:
    """Return the metrics that a tuning job can optimize, by a request or its TrainingSpecification."""
    training = (
        spec if "SupportedTuningJobObjectiveMetrics" in spec else spec.get("TrainingSpecification", spec)
    )
    route = ("SupportedTuningJobObjectiveMetrics", ..., "MetricName")
    return [name for _, name in every(training, *route)]


@diff_rule(
    on=METRIC,
    severity="warning",
    also=("error", "info"),
    breaks=("metrics", "tune"),
    evidence="derived: another pattern may read other numbers",
)
def diff_metric_regex_changed(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """The Regex of a metric changed, and may no longer read the same numbers.

    With `--log FILE`, a log of NEW's container, both patterns are tried on it: nothing is reported if they
    read the same numbers, and it is an error if the new one reads none.

    ```yaml old
    MetricDefinitions: [{Name: "train:loss", Regex: "loss=([0-9.]+)"}]
    ```

    ```yaml new
    MetricDefinitions: [{Name: "train:loss", Regex: "loss: ([0-9.]+)"}]
    ```
    """
    if old is not None and new is not None and known(old, "Regex") != known(new, "Regex"):
        name = shown(new["Name"])
        if context.readings is None:
            message = f"the Regex of {name} changed; pass --log to see whether it reads the same numbers"
            yield Problem("Regex", message)
        else:
            yield from _reads_otherwise(name, *(context.readings[one["Regex"]] for one in (old, new)))


def _reads_otherwise(name: str, old: Reading, new: Reading) -> Iterator[Problem]:
    """Report what two patterns read from one log, unless it is the same."""
    now, before = counted(new.count, "number"), counted(old.count, "number")
    if not old.count and not new.count:
        yield Problem("Regex", f"the Regex of {name} changed; neither version reads a number from this log")
    elif not old.count:
        yield Problem("Regex", f"the Regex of {name} reads {now} from this log, none before", "info")
    elif not new.count:
        yield Problem("Regex", f"the Regex of {name} reads no number from this log, {before} before", "error")
    elif not new.reads_as(old):
        message = f"the Regex of {name} reads {now} from this log, {old.count:,} before"
        yield Problem("Regex", message + _first_difference(old, new))


def _first_difference(old: Reading, new: Reading) -> str:
    """Return the first number that two patterns read differently, as the end of a message; "" if none."""
    before, after = (zip(one.lines, one.values, strict=True) for one in (old, new))
    for (line, value), (other, number) in zip(before, after, strict=False):
        if (line, value) != (other, number):
            return f"; first difference: {number:g} on line {other:,}, {value:g} on line {line:,} before"
    return ""


@diff_rule(
    on=OBJECTIVE,
    severity="error",
    breaks=("tune", "warm-start"),
    evidence="reference: TrainingSpecification.SupportedTuningJobObjectiveMetrics, botocore 1.44.8; a "
    "tuning job has one of them as its objective",
)
def diff_objective_removed(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """An objective of tuning was removed, or its direction changed.

    ```yaml old
    SupportedTuningJobObjectiveMetrics: [{MetricName: "validation:rmse", Type: Minimize}]
    ```

    ```yaml new
    SupportedTuningJobObjectiveMetrics: [{MetricName: "validation:rmse", Type: Maximize}]
    ```

    ```yaml silent
    SupportedTuningJobObjectiveMetrics:
      - {MetricName: "validation:r2", Type: Maximize}
      - {MetricName: "validation:rmse", Type: Minimize}
    ```
    """
    if new is None:
        name, direction = shown(old["MetricName"]), old["Type"]
        message = f"{direction} {name} is no longer an objective; tuning jobs that use it are rejected"
        if old["MetricName"] in context.added(OBJECTIVE):
            other = "Maximize" if direction == "Minimize" else "Minimize"
            message = f"the Type of objective {name} changed from {direction} to {other}"
        yield Problem((), message)


@diff_rule(
    on="TrainingSpecification",
    severity="info",
    evidence="derived: every request that OLD accepts is valid for NEW",
)
def diff_training_widened(old: Any, new: Any) -> Iterator[Problem]:
    """Training instance types, metrics or objectives were added.

    ```yaml old
    SupportedTrainingInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml new
    SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.g5.xlarge]
    ```
    """
    if old is None or new is None:
        return
    added = only_in_first(new, old, "SupportedTrainingInstanceTypes")
    if added:
        yield Problem(
            "SupportedTrainingInstanceTypes", f"SupportedTrainingInstanceTypes now lists {listed(added)}"
        )
    for field, keys in (
        ("MetricDefinitions", ("Name",)),
        ("SupportedTuningJobObjectiveMetrics", ("Type", "MetricName")),
    ):
        names = [name for name in _names(new, field, keys) if name not in _names(old, field, keys)]
        if names:
            yield Problem(Key(field), f"{field} now lists {listed(names)}")


def _names(training: Any, field: str, keys: tuple[str, ...]) -> list[str]:
    return [" ".join(str(known(item, key)) for key in keys) for _, item in every(training, field, ...)]
