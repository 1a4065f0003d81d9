"""The training job definitions of a tuning job: their number, resources and environment."""

from __future__ import annotations

from algolint import Key, Problem, Related, is_open, rule, select
from algolint.aws.instances import local_storage_gb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext

_REQUEST = "CreateHyperParameterTuningJobRequest"


@rule(
    on=_REQUEST,
    severity="error",
    evidence="reference: CreateHyperParameterTuningJob, botocore 1.44.8; TrainingJobDefinition and "
    "TrainingJobDefinitions",
)
def tune_definition(request: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job has no training job definition, or sets both fields for them.

    ```yaml bad
    HyperParameterTuningJobName: tune
    TrainingJobDefinition: {}
    TrainingJobDefinitions: [{}]
    ```

    ```yaml good
    HyperParameterTuningJobName: tune
    TrainingJobDefinition: {}
    ```
    """
    fields = [field for field in ("TrainingJobDefinition", "TrainingJobDefinitions") if field in request]
    if len(fields) > 1:
        yield Problem(
            Key(fields[1]),
            "TrainingJobDefinition and TrainingJobDefinitions are both set; a tuning job takes only one of"
            " them",
            related=Related(Key(fields[0]), "set here"),
        )
    elif not fields and not is_open(request):
        yield Problem(
            Key(),
            "TrainingJobDefinition is missing; a tuning job needs it, or TrainingJobDefinitions",
        )


@rule(
    on="HyperParameterTrainingJobDefinition",
    severity="error",
    evidence="reference: HyperParameterTuningResourceConfig.VolumeSizeInGB, botocore 1.44.8; 'Do not provide "
    "a value for this parameter if a value for InstanceConfigs is also specified.'",
)
def tune_resource_config(definition: dict[str, Any]) -> Iterator[Problem]:
    """The resources of a tuning job are given twice.

    A definition has either a ResourceConfig or a HyperParameterTuningResourceConfig. If the latter has
    InstanceConfigs, types, counts and volume sizes are set in these only.

    ```yaml bad
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    HyperParameterTuningResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml good
    HyperParameterTuningResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml bad
    HyperParameterTuningResourceConfig:
      VolumeSizeInGB: 30
      InstanceConfigs: [{InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}]
    ```

    ```yaml good
    HyperParameterTuningResourceConfig:
      InstanceConfigs: [{InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}]
    ```
    """
    field = "HyperParameterTuningResourceConfig"
    if field in definition and "ResourceConfig" in definition:
        yield Problem(
            Key("ResourceConfig"),
            f"ResourceConfig and {field} are both set; a definition takes only one of them",
            related=Related(Key(field), "set here"),
        )
    resources = definition.get(field)
    if isinstance(resources, dict) and "InstanceConfigs" in resources:
        for other in ("InstanceType", "InstanceCount", "VolumeSizeInGB"):
            if other in resources:
                yield Problem(
                    Key(field, other),
                    f"{other} cannot be set together with InstanceConfigs; set it in each item of that list",
                    related=Related(Key(field, "InstanceConfigs"), "set here"),
                )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="reference: HyperParameterTrainingJobDefinition.Environment, botocore 1.44.8; 'the sum of the "
    "number of environment variables for all the training job definitions can't exceed the maximum'",
)
def tune_environment(_: Any, context: JobContext) -> Iterator[Problem]:
    """The definitions of a tuning job have more than 48 environment variables in total.

    ```yaml bad
    TrainingJobDefinitions:
      - Environment: {a1: "", a2: "", a3: "", a4: "", a5: "", a6: "", a7: "", a8: "", a9: "", b1: "", b2: "",
          b3: "", b4: "", b5: "", b6: "", b7: "", b8: "", b9: "", c1: "", c2: "", c3: "", c4: "", c5: ""}
      - Environment: {a1: "", a2: "", a3: "", a4: "", a5: "", a6: "", a7: "", a8: "", a9: "", b1: "", b2: "",
          b3: "", b4: "", b5: "", b6: "", b7: "", b8: "", b9: "", c1: "", c2: "", c3: "", c4: "", c5: "",
          c6: "", c7: "", c8: ""}
    ```

    ```yaml good
    TrainingJobDefinitions:
      - Environment: {LOG_LEVEL: info}
    ```
    """
    total = 0
    for search in context.searches:
        environment = search.definition.get("Environment")
        count = len(environment) if isinstance(environment, dict) else 0
        total += count
        if total > 48 and 0 < count <= 48:
            yield Problem(
                Key(*search.path, "Environment"),
                f"the definitions up to this one have {total} environment variables; a tuning job allows 48",
            )
            return


@rule(
    on="HyperParameterTuningResourceConfig",
    severity="error",
    evidence="reference: HyperParameterTuningResourceConfig.VolumeSizeInGB, botocore 1.44.8; 'Some instance "
    "types have a fixed total local storage size. If you select one of these instances for training, "
    "VolumeSizeInGB cannot be greater than this total size.'",
)
def tune_volume_over_local_storage(resources: dict[str, Any]) -> Iterator[Problem]:
    """A volume of a tuning job is larger than the local storage of its instance type.

    ```yaml bad
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 500
    ```

    ```yaml good
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 250
    ```

    ```yaml bad
    InstanceConfigs: [{InstanceType: ml.g5.xlarge, InstanceCount: 1, VolumeSizeInGB: 500}]
    ```

    ```yaml good
    InstanceConfigs: [{InstanceType: ml.g5.xlarge, InstanceCount: 1, VolumeSizeInGB: 250}]
    ```
    """
    for path, config in [((), resources), *select(resources, "InstanceConfigs", ...)]:
        match config:
            case {"InstanceType": str() as kind, "VolumeSizeInGB": int() as size}:
                available = local_storage_gb(kind)
                if available is not None and size > available:
                    yield Problem(
                        (*path, "VolumeSizeInGB"),
                        f"VolumeSizeInGB is {size}, but {kind} has only {available} GB of local storage",
                        related=Related((*path, "InstanceType"), "the instance type"),
                    )
