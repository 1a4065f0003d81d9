"""The training job of a validation profile: its instances, its output, and what the service does not keep."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    every,
    lacks,
    listed,
    meant,
    rule,
    shown,
    total_instances,
)
from algolint.aws.notation import is_below_prefix

from ._profiles import S3_URI, instance_types, items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Invalid instance_type: …'; reference: SupportedTrainingInstanceTypes",
)
def profile_training_instance_unsupported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile trains on an instance type that the algorithm does not support.

    SupportedTrainingInstanceTypes says on which types the algorithm may be trained; users cannot
    choose another. A validation on another type contradicts that, and proves nothing about the types
    that are offered. Instance groups and preferences count like a single InstanceType. An absent or
    empty list makes no claim; other rules speak of it.

    ```yaml bad
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.c5.xlarge, ml.c5.2xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig: {InstanceType: ml.m5.large, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.c5.xlarge, ml.c5.2xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig: {InstanceType: ml.c5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.g5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: accelerators, InstanceType: ml.g5.xlarge, InstanceCount: 1}
                - {InstanceGroupName: readers, InstanceType: ml.c5.4xlarge, InstanceCount: 1}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.g5.xlarge, ml.c5.4xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: accelerators, InstanceType: ml.g5.xlarge, InstanceCount: 1}
                - {InstanceGroupName: readers, InstanceType: ml.c5.4xlarge, InstanceCount: 1}
    ```
    """
    field = "SupportedTrainingInstanceTypes"
    for path, job in context.training_jobs:
        match job:
            case {"ResourceConfig": dict() as resources}:
                used = [*instance_types(resources)]
                supported = [kind for _, kind in every(request, "TrainingSpecification", field, ...)]
                for where, kind in used if supported else ():
                    if kind not in supported:
                        hint = meant(kind, supported) if len(supported) > 6 else ""
                        yield Problem(
                            (*path, "ResourceConfig", *where),
                            f"InstanceType {shown(kind)} is not in {field}: {listed(supported)}{hint}",
                            related=Related(
                                Key("TrainingSpecification", field), "the types that the algorithm supports"
                            ),
                        )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning", "info"),
    evidence="sdk: AlgorithmEstimator, 'Distributed training is not supported by …'; reference: the flag",
    fix="unsafe",
)
def distributed_not_supported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile trains on several instances, and the algorithm does not support that.

    With SupportsDistributedTraining false nobody may ask for more than one instance, and the profile
    does. Where the flag is absent this is a warning: say true or false. An algorithm that says true
    and is validated on one instance is noted, since the way it trains on several stays unproven.

    ```yaml bad
    TrainingSpecification:
      SupportsDistributedTraining: false
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              InstanceType: ml.m5.xlarge
              InstanceCount: 2
              VolumeSizeInGB: 30
    ```

    ```yaml good
    TrainingSpecification:
      SupportsDistributedTraining: false
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              InstanceType: ml.m5.xlarge
              InstanceCount: 1
              VolumeSizeInGB: 30
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: workers, InstanceType: ml.m5.xlarge, InstanceCount: 3}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.m5.xlarge]
      SupportsDistributedTraining: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: workers, InstanceType: ml.m5.xlarge, InstanceCount: 3}
    ```
    """
    for path, job in context.training_jobs:
        match job, request:
            case {"ResourceConfig": dict() as resources}, {"TrainingSpecification": dict() as training}:
                flag = training.get("SupportsDistributedTraining")
                absent = flag is None and lacks(training, "SupportsDistributedTraining")
                if not absent and not isinstance(flag, bool):
                    continue
                at = (*path, "ResourceConfig")
                for field in ("InstanceCount", "InstanceGroups", "InstancePreferences"):
                    if field not in resources:
                        continue
                    count, is_all = total_instances({field: resources[field]})
                    where: Path | Key = (*at, field) if field == "InstanceCount" else Key(*at, field)
                    if count > 1 and flag is not True:
                        yield _too_many(where, count, absent)
                    elif count == 1 and flag is True and is_all and total_instances(resources) == (1, True):
                        yield Problem(
                            where,
                            "the profile trains on one instance, so distributed training is not validated",
                            "info",
                            related=_distributed(absent),
                        )


def _too_many(where: Path | Key, count: int, absent: bool) -> Problem:
    says = "does not say whether it supports" if absent else "does not support"
    return Problem(
        where,
        f"the profile trains on {count} instances, and the algorithm {says} distributed training",
        "warning" if absent else None,
        fix=Replace(where, 1, title="train on 1 instance") if isinstance(where, tuple) else None,
        related=_distributed(absent),
    )


def _distributed(absent: bool) -> Related:
    if absent:
        return Related(Key("TrainingSpecification"), "has no SupportsDistributedTraining")
    return Related(("TrainingSpecification", "SupportsDistributedTraining"), "what the algorithm declares")


@rule(
    on="AlgorithmValidationProfile",
    severity="warning",
    also=("info",),
    evidence="derived: artifacts under an S3Prefix input are input of the next run",
)
def output_overlaps_input(profile: dict[str, Any]) -> Iterator[Problem]:
    """A profile writes its output where one of its inputs is read from.

    An S3Prefix takes every object whose key begins with it. What one run writes below is read by the
    next as data, be it a model archive or a prediction. The reverse, an output path that lies above
    the input, is only noted: the output goes to folders of its own.

    ```yaml bad
    TrainingJobDefinition:
      InputDataConfig:
        - DataSource:
            S3DataSource:
              S3DataType: S3Prefix
              S3Uri: s3://amzn-example-bucket/sales/
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/sales/models/
    ```

    ```yaml good
    TrainingJobDefinition:
      InputDataConfig:
        - DataSource:
            S3DataSource:
              S3DataType: S3Prefix
              S3Uri: s3://amzn-example-bucket/sales/
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/models/
    ```
    """
    inputs = [*_prefixes(profile)]
    for at, output in _outputs(profile) if inputs else ():
        folder = output.rstrip("/") + "/"
        for path, uri in inputs:
            if is_below_prefix(uri, folder):
                yield Problem(
                    at,
                    f"the output goes below the input {shown(uri)}, so the next run reads it as data",
                    related=Related(path, "an input of the profile"),
                )
                break
        else:
            for path, uri in inputs:
                if is_below_prefix(folder, uri):
                    yield Problem(
                        at,
                        f"the output path lies above the input {shown(uri)}",
                        "info",
                        related=Related(path, "an input of the profile"),
                    )
                    break


def _prefixes(profile: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The prefixes that the jobs of a profile read, each with the path of its S3Uri."""
    for index, channel in enumerate(items(profile.get("TrainingJobDefinition"), "InputDataConfig")):
        match channel:
            case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}}:
                if kind == "S3Prefix":
                    yield ("TrainingJobDefinition", "InputDataConfig", index, *S3_URI), uri
    match profile:
        case {
            "TransformJobDefinition": {
                "TransformInput": {
                    "DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}
                }
            }
        } if kind == "S3Prefix":
            yield ("TransformJobDefinition", "TransformInput", *S3_URI), uri


def _outputs(profile: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    match profile:
        case {"TrainingJobDefinition": {"OutputDataConfig": {"S3OutputPath": str() as output}}}:
            yield ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath"), output
    match profile:
        case {"TransformJobDefinition": {"TransformOutput": {"S3OutputPath": str() as output}}}:
            yield ("TransformJobDefinition", "TransformOutput", "S3OutputPath"), output


@rule(
    on="AlgorithmValidationProfile",
    severity="warning",
    evidence="derived: CompressionType NONE makes no tar.gz, transform takes no ModelDataSource",
    fix="unsafe",
)
def uncompressed_output_with_transform(profile: dict[str, Any]) -> Iterator[Problem]:
    """The trained model is stored uncompressed, and a transform job is to use it.

    With CompressionType NONE the training job leaves files instead of a model.tar.gz. A model of files
    is described by a ModelDataSource, which batch transform does not take, so the profile's transform
    job most likely cannot load the model.

    ```yaml bad
    TrainingJobDefinition:
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/models/
        CompressionType: NONE
    TransformJobDefinition:
      BatchStrategy: SingleRecord
    ```

    ```yaml good
    TrainingJobDefinition:
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/models/
    TransformJobDefinition:
      BatchStrategy: SingleRecord
    ```
    """
    match profile:
        case {
            "TrainingJobDefinition": {"OutputDataConfig": {"CompressionType": str() as kind}},
            "TransformJobDefinition": _,
        } if kind == "NONE":
            where = ("TrainingJobDefinition", "OutputDataConfig", "CompressionType")
            yield Problem(
                where,
                "an uncompressed model is no model.tar.gz, and batch transform cannot use it",
                fix=Remove(where),
                related=Related(Key("TransformJobDefinition"), "the transform job that uses the model"),
            )


@rule(
    on="TrainingJobDefinition",
    severity="info",
    evidence="service: DescribeAlgorithm returned none of these, hashicorp/terraform-provider-aws#47051",
)
def profile_field_not_persisted(job: dict[str, Any]) -> Iterator[Problem]:
    """A profile sets a field that the service has been seen to forget.

    After CreateAlgorithm, DescribeAlgorithm returned the profile without KeepAlivePeriodInSeconds,
    MaxPendingTimeInSeconds, MaxWaitTimeInSeconds, a channel's InputMode and ShuffleConfig, and the
    output's CompressionType. Whether the validation job honours them is unknown; tools that compare
    the two see a change that never goes away. Observed once, in March 2026, and not documented.

    ```yaml bad
    InputDataConfig:
      - ChannelName: train
        ShuffleConfig: {Seed: 7}
    ```

    ```yaml good
    InputDataConfig:
      - ChannelName: train
    ```
    """
    for part, fields in _FORGOTTEN.items():
        holders: list[tuple[Path, Any]] = [((part,), job.get(part))]
        if part == "InputDataConfig":
            holders = [((part, index), channel) for index, channel in enumerate(items(job, part))]
        for path, holder in holders:
            for field in fields if isinstance(holder, dict) else ():
                if field in holder:
                    yield Problem(
                        Key(*path, field),
                        f"the service has been seen to return profiles without {field}",
                    )


_FORGOTTEN = {
    "InputDataConfig": ("InputMode", "ShuffleConfig"),
    "OutputDataConfig": ("CompressionType",),
    "ResourceConfig": ("KeepAlivePeriodInSeconds",),
    "StoppingCondition": ("MaxPendingTimeInSeconds", "MaxWaitTimeInSeconds"),
}
