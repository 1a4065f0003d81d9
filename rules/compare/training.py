"""Changed instance types, metrics and objectives of training."""

from __future__ import annotations

from algolint import Key, Problem, counted, every, listed, nearest, shown
from algolint.compare.diff import Context, diff_rule

from ._facts import gone, instances_gone, known

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
    """Instance types are gone from SupportedTrainingInstanceTypes; jobs that name them are refused.

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
        yield from instances_gone(old, new, "SupportedTrainingInstanceTypes")


@diff_rule(
    on="TrainingSpecification",
    severity="error",
    breaks=("train", "tune"),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:235; false alone refuses several instances",
)
def diff_distributed_removed(old: Any, new: Any) -> Iterator[Problem]:
    """SupportsDistributedTraining is false now; jobs on several instances are refused.

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
        message = "distributed training is no longer supported; jobs on several instances are refused"
        yield Problem("SupportsDistributedTraining", message)


@diff_rule(
    on=METRIC,
    severity="warning",
    also=("error",),
    breaks=("metrics", "tune", "warm-start"),
    evidence="reference: TrainingSpecification.MetricDefinitions, botocore 1.44.8; what is read from "
    "the logs of a job",
)
def diff_metric_removed(old: Any, new: Any, context: Context) -> Iterator[Problem]:
    """A metric is gone; dashboards and alarms on its name stay empty.

    Where it was an objective of tuning it is an error: tuning jobs that aim at it are refused.

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
        name = shown(old["Name"])
        if old["Name"] in _objectives(context.old):
            message = f"metric {name} is gone; tuning jobs that aim at it are refused{hint}"
            yield Problem((), message, "error")
        else:
            yield Problem((), f"metric {name} is gone; dashboards on it stay empty{hint}")


def _objectives(spec: Any) -> list[str]:
    """The names of the metrics that tuning can aim at, of a request or its TrainingSpecification."""
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
def diff_metric_regex_changed(old: Any, new: Any, context: Context) -> Iterator[Problem]:
    """The Regex of a metric changed, and whether it reads the same numbers is not known.

    With `--log FILE`, a log of NEW's container, it is known: nothing is reported where both patterns read the
    same numbers from it, and it is an error where the new one reads none.

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
            message = f"the Regex of {name} changed; whether it reads the same numbers is not known"
            yield Problem("Regex", f"{message} without --log")
        else:
            yield from _reads_otherwise(name, *(context.readings[one["Regex"]] for one in (old, new)))


def _reads_otherwise(name: str, old: Reading, new: Reading) -> Iterator[Problem]:
    """Report what two patterns read from one log, unless it is the same."""
    now, before = counted(new.count, "number"), counted(old.count, "number")
    if not old.count and not new.count:
        yield Problem("Regex", f"the Regex of {name} changed; in this log neither reads a number")
    elif not old.count:
        yield Problem("Regex", f"the Regex of {name} reads {now} of this log, before none", "info")
    elif not new.count:
        yield Problem("Regex", f"the Regex of {name} reads nothing of this log, before {before}", "error")
    elif not new.reads_as(old):
        rows = zip(
            zip(old.lines, old.values, strict=True), zip(new.lines, new.values, strict=True), strict=False
        )
        found = next((pair for pair in rows if pair[0] != pair[1]), None)
        message = f"the Regex of {name} reads {now} of this log, before {old.count:,}"
        if found is not None:
            (line, value), (other, number) = found
            message += f"; first {number:g} on line {other:,}, before {value:g} on line {line:,}"
        yield Problem("Regex", message)


@diff_rule(
    on=OBJECTIVE,
    severity="error",
    breaks=("tune", "warm-start"),
    evidence="reference: TrainingSpecification.SupportedTuningJobObjectiveMetrics, botocore 1.44.8; a "
    "tuning job has one of them as its objective",
)
def diff_objective_removed(old: Any, new: Any, context: Context) -> Iterator[Problem]:
    """An objective of tuning is gone, or is to be maximized where it was minimized, or the reverse.

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
        message = f"{direction} {name} is no longer an objective; tuning jobs that aim at it are refused"
        if old["MetricName"] in context.added(OBJECTIVE):
            verb = {"Minimize": "minimized", "Maximize": "maximized"}
            other = "Maximize" if direction == "Minimize" else "Minimize"
            message = f"{name} was {verb.get(direction, direction)} and is {verb.get(other, other)}"
        yield Problem((), message)


@diff_rule(
    on="TrainingSpecification",
    severity="info",
    evidence="derived: every request that OLD takes is valid for NEW",
)
def diff_training_widened(old: Any, new: Any) -> Iterator[Problem]:
    """More instance types, metrics or objectives than before.

    ```yaml old
    SupportedTrainingInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml new
    SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.g5.xlarge]
    ```
    """
    if old is None or new is None:
        return
    added = gone(new, old, "SupportedTrainingInstanceTypes")
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
