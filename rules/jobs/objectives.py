"""The metric that a tuning job optimizes."""

from __future__ import annotations

from algolint import Key, Problem, Replace, listed, meant, rule, shown
from algolint.jobs.views import OBJECTIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.values import Path

_REQUEST = "CreateHyperParameterTuningJobRequest"


@rule(
    on=_REQUEST,
    severity="error",
    evidence="reference: TrainingSpecification.SupportedTuningJobObjectiveMetrics, botocore 1.44.8; 'A list "
    "of the metrics that the algorithm emits that can be used as the objective metric'",
)
def tune_objective_undeclared(_: Any, context: JobContext) -> Iterator[Problem]:
    """The objective of a tuning job is not one that the algorithm declares.

    ```yaml algorithm
    SupportedTuningJobObjectiveMetrics: [{MetricName: "validation:rmse", Type: Minimize}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: validation_rmse, Type: Minimize}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: "validation:rmse", Type: Minimize}
    TrainingJobDefinition: {}
    ```
    """
    for path, objective in _objectives(context):
        name = objective.get("MetricName")
        names = list(dict.fromkeys(metric for metric, _ in context.objectives))
        if isinstance(name, str) and name not in names:
            hint = meant(name, names) or (f": {listed(names)}" if names else ", which is missing or empty")
            yield Problem(
                (*path, "MetricName"),
                f"{shown(name)} is not in the algorithm's SupportedTuningJobObjectiveMetrics{hint}",
                related=context.objectives_location,
            )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="reference: HyperParameterTuningJobObjective.Type, botocore 1.44.8; part of the declaration",
    fix="unsafe",
)
def tune_objective_direction(_: Any, context: JobContext) -> Iterator[Problem]:
    """The objective of a tuning job has another Type than the algorithm declares.

    ```yaml algorithm
    SupportedTuningJobObjectiveMetrics: [{MetricName: "validation:rmse", Type: Minimize}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: "validation:rmse", Type: Maximize}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: "validation:rmse", Type: Minimize}
    TrainingJobDefinition: {}
    ```
    """
    for path, objective in _objectives(context):
        match objective:
            case {"MetricName": str() as name, "Type": str() as direction}:
                declared = [kind for metric, kind in context.objectives if metric == name]
                if declared and direction not in declared:
                    only = f"the algorithm declares {shown(name)} as {declared[0]} only"
                    yield Problem(
                        (*path, "Type"),
                        f"Type is {direction}, but {only}",
                        fix=Replace((*path, "Type"), declared[0]),
                        related=context.objectives_location,
                    )


def _objectives(context: JobContext) -> list[tuple[Path, dict[str, Any]]]:
    """Return the objectives of the definitions, each once, with its path."""
    found = {search.objective[0]: search.objective[1] for search in context.searches if search.objective}
    return list(found.items())


@rule(
    on="HyperParameterTrainingJobDefinition",
    severity="warning",
    evidence="guide: Developer Guide, automatic-model-tuning-define-metrics, 2023; the service sets the "
    "hyperparameter itself",
)
def tune_static_objective(definition: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job sets the hyperparameter in which the service passes the objective metric.

    ```yaml bad
    StaticHyperParameters: {_tuning_objective_metric: "validation:rmse"}
    ```

    ```yaml good
    StaticHyperParameters: {eval_metric: rmse}
    ```
    """
    static = definition.get("StaticHyperParameters")
    if isinstance(static, dict) and OBJECTIVE in static:
        yield Problem(
            Key("StaticHyperParameters", OBJECTIVE),
            f"{shown(OBJECTIVE)} is set by the service, to the objective metric; remove it",
        )
