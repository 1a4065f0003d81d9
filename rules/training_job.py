"""The training job of a validation profile: instances, output, and fields that the service drops."""

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
from algolint.aws.notation import is_below_prefix, s3_address, s3_form

from ._profiles import S3_URI, instance_types, items, job_channels, s3_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:230; 'Invalid instance_type: … supports the following"
    " instance types'",
)
def profile_training_instance_unsupported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile trains on an instance type that the algorithm does not support.

    SupportedTrainingInstanceTypes lists the types on which the algorithm can be trained; users cannot
    choose another one. A validation on another type contradicts the list, and proves nothing about the
    types that users can choose. The types of instance groups and preferences are checked like
    InstanceType. A missing or empty list declares nothing and is reported by other rules.

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
                                Key("TrainingSpecification", field), "the supported types are listed here"
                            ),
                        )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning", "info"),
    evidence="reference: TrainingSpecification.SupportsDistributedTraining, botocore 1.44.8; 'If set to "
    "false, buyers can't request more than one instance during training.'",
    fix="unsafe",
)
def distributed_not_supported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile trains on several instances, but the algorithm does not support that.

    With SupportsDistributedTraining false no job can have more than one instance, but the profile does. If
    the field is missing it is a warning: set it to true or false. If the field is true and the profile has
    one instance it is reported as info, since training on several instances is not validated.

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
    training = request.get("TrainingSpecification")
    if not isinstance(training, dict):
        return
    flag = training.get("SupportsDistributedTraining")
    if not isinstance(flag, bool) and not lacks(training, "SupportsDistributedTraining"):
        return
    for path, job in context.training_jobs:
        resources = job.get("ResourceConfig")
        for field in ("InstanceCount", "InstanceGroups", "InstancePreferences"):
            if not isinstance(resources, dict) or field not in resources:
                continue
            at = (*path, "ResourceConfig", field)
            where: Path | Key = at if field == "InstanceCount" else Key(*at)
            count, is_all = total_instances({field: resources[field]})
            if count > 1 and flag is not True:
                yield _too_many(context.holder, where, count, flag)
            elif context.validates and flag and is_all and total_instances(resources) == (1, True):
                yield Problem(
                    where,
                    "the profile trains on one instance, so distributed training is not validated",
                    "info",
                    related=_declaration(flag),
                )


def _too_many(holder: str, where: Path | Key, count: int, flag: bool | None) -> Problem:
    """Return the problem of a job on several instances; `flag` is SupportsDistributedTraining, if set."""
    support = "does not declare whether it supports" if flag is None else "does not support"
    return Problem(
        where,
        f"{holder} trains on {count} instances, but the algorithm {support} distributed training",
        "warning" if flag is None else None,
        fix=Replace(where, 1, title="train on 1 instance") if isinstance(where, tuple) else None,
        related=_declaration(flag),
    )


def _declaration(flag: bool | None) -> Related:
    """Return the location of SupportsDistributedTraining, or of the object that lacks it."""
    if flag is None:
        return Related(Key("TrainingSpecification"), "SupportsDistributedTraining is not set")
    return Related(
        ("TrainingSpecification", "SupportsDistributedTraining"), "SupportsDistributedTraining is set here"
    )


@rule(
    on="AlgorithmValidationProfile",
    severity="warning",
    also=("info",),
    evidence="derived: S3DataSource.S3DataType and TransformOutput.S3OutputPath, botocore 1.44.8; an "
    "S3Prefix reads every object below it, and results are stored at output prefix plus input "
    "prefix",
)
def output_overlaps_input(profile: dict[str, Any]) -> Iterator[Problem]:
    """A profile writes its output where one of its inputs is read.

    An S3Prefix reads every object whose key begins with it, so the next run reads what this one writes
    there, such as model archives or predictions. A transform job appends the prefix of its input to
    S3OutputPath, so even an output at the root of the bucket may be in the input: `s3://bucket/` with the
    input `s3://bucket/score/` writes `s3://bucket/score/….out`.

    Any other output path above an input is reported as info, since the output goes to folders of its own.

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
    for at, output, suffix in _outputs(profile) if inputs else ():
        folder = s3_form(output).rstrip("/") + "/"
        if around := next((row for row in inputs if is_below_prefix(row[1], folder + suffix)), None):
            path, uri = around
            yield Problem(
                at,
                f"the output is stored below the input {shown(uri)}, so the next run reads it as data",
                related=Related(path, f"the job reads {shown(uri)}"),
            )
        elif below := next((row for row in inputs if is_below_prefix(folder, row[1])), None):
            path, uri = below
            yield Problem(
                at,
                f"S3OutputPath is above the input {shown(uri)}; a path of its own is safer",
                "info",
                related=Related(path, f"the job reads {shown(uri)}"),
            )


def _prefixes(profile: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield the prefixes that the jobs of a profile read, each with the path of its S3Uri."""
    for at, channel in job_channels(profile.get("TrainingJobDefinition")):
        match s3_source(channel):
            case {"S3DataType": str() as kind, "S3Uri": str() as uri} if kind == "S3Prefix":
                yield ("TrainingJobDefinition", *at, *S3_URI), s3_form(uri)
    uri = _transform_prefix(profile.get("TransformJobDefinition"))
    if uri:
        yield ("TransformJobDefinition", "TransformInput", *S3_URI), uri


def _outputs(profile: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Yield the output paths of a profile, each with its location and what the job appends to it."""
    match profile:
        case {"TrainingJobDefinition": {"OutputDataConfig": {"S3OutputPath": str() as output}}}:
            yield ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath"), output, ""
    match profile:
        case {"TransformJobDefinition": {"TransformOutput": {"S3OutputPath": str() as output}} as job}:
            address = s3_address(_transform_prefix(job))
            suffix = address.key if address else ""
            yield ("TransformJobDefinition", "TransformOutput", "S3OutputPath"), output, suffix


def _transform_prefix(job: Any) -> str:
    """Return the prefix that a transform job reads; empty if it reads none, or it is not known."""
    match s3_source(job.get("TransformInput")) if isinstance(job, dict) else None:
        case {"S3DataType": str() as kind, "S3Uri": str() as uri} if kind == "S3Prefix":
            return s3_form(uri)
    return ""


@rule(
    on="AlgorithmValidationProfile",
    severity="warning",
    evidence="derived: OutputDataConfig.CompressionType, botocore 1.44.8; an uncompressed model needs a "
    "ModelDataSource, which batch transform rejects (aws/sagemaker-python-sdk#4777)",
    fix="unsafe",
)
def uncompressed_output_with_transform(profile: dict[str, Any]) -> Iterator[Problem]:
    """The trained model is stored uncompressed, and a transform job uses it.

    With CompressionType NONE the training job stores single files instead of a model.tar.gz. Such a model
    needs a ModelDataSource, which batch transform does not support, so the profile's transform job most
    likely cannot load it.

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
                f"CompressionType {shown(kind)} stores no model.tar.gz, which the transform job needs",
                fix=Remove(where),
                related=Related(Key("TransformJobDefinition"), "this transform job uses the model"),
            )


@rule(
    on="TrainingJobDefinition",
    severity="info",
    evidence="service: hashicorp/terraform-provider-aws#47051, March 2026; DescribeAlgorithm returned "
    "profiles without these fields",
)
def profile_field_not_persisted(job: dict[str, Any]) -> Iterator[Problem]:
    """A profile sets a field that the service has been seen to drop.

    After CreateAlgorithm, DescribeAlgorithm returned the profile without KeepAlivePeriodInSeconds,
    MaxPendingTimeInSeconds, MaxWaitTimeInSeconds, a channel's InputMode and ShuffleConfig, and the
    output's CompressionType. It is unknown whether the validation job uses them, and tools that compare
    the two report a difference again and again. This was observed once, in March 2026, and is not
    documented.

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
    for part, fields in _DROPPED.items():
        holders: list[tuple[Path, Any]] = [((part,), job.get(part))]
        if part == "InputDataConfig":
            holders = [((part, index), channel) for index, channel in enumerate(items(job, part))]
        for path, holder in holders:
            for field in fields if isinstance(holder, dict) else ():
                if field in holder:
                    yield Problem(
                        Key(*path, field),
                        f"{field} may be lost: the service has been seen to return profiles without it",
                    )


# As observed (see the evidence above); no package lists what the service keeps.
_DROPPED = {
    "InputDataConfig": ("InputMode", "ShuffleConfig"),
    "OutputDataConfig": ("CompressionType",),
    "ResourceConfig": ("KeepAlivePeriodInSeconds",),
    "StoppingCondition": ("MaxPendingTimeInSeconds", "MaxWaitTimeInSeconds"),
}
