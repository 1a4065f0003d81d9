"""Training jobs: Spot training, file systems, defaults, and the inputs of an SDK estimator."""

from __future__ import annotations

from algolint import Key, PartialText, Problem, Related, known_pieces, lacks, listed, rule, select
from algolint.jobs.context import InAlgorithm
from algolint.spec.context import SDK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.values import Text

# A training job, and the jobs of a tuning job.
_JOBS = ("CreateTrainingJobRequest", "HyperParameterTrainingJobDefinition")


@rule(
    on=_JOBS,
    severity="error",
    evidence="service: Kenza-AI/sagify#111; MaxWaitTimeInSeconds is for managed Spot training",
)
def job_spot_wait(job: dict[str, Any]) -> Iterator[Problem]:
    """A job sets MaxWaitTimeInSeconds without Spot training, or Spot training without it.

    ```yaml bad
    StoppingCondition: {MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200}
    ```

    ```yaml good
    EnableManagedSpotTraining: true
    StoppingCondition: {MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200}
    ```

    ```yaml bad
    EnableManagedSpotTraining: true
    StoppingCondition: {MaxRuntimeInSeconds: 3600}
    ```

    ```yaml good
    StoppingCondition: {MaxRuntimeInSeconds: 3600}
    ```
    """
    condition = job.get("StoppingCondition")
    is_spot = job.get("EnableManagedSpotTraining")
    if not isinstance(condition, dict):
        return
    if "MaxWaitTimeInSeconds" in condition and (is_spot is False or lacks(job, "EnableManagedSpotTraining")):
        related = [Related("EnableManagedSpotTraining", "it is false")] if is_spot is False else []
        yield Problem(
            Key("StoppingCondition", "MaxWaitTimeInSeconds"),
            "MaxWaitTimeInSeconds is set, but EnableManagedSpotTraining is not true",
            related=related,
        )
    if is_spot is True and lacks(condition, "MaxWaitTimeInSeconds"):
        yield Problem(
            Key("StoppingCondition"),
            "MaxWaitTimeInSeconds is missing; a job with EnableManagedSpotTraining needs it",
            related=Related("EnableManagedSpotTraining", "set here"),
        )


@rule(
    on=_JOBS,
    severity="error",
    evidence="reference: ResourceConfig.InstancePreferences, botocore 1.44.8; 'mutually exclusive'",
)
def job_spot_with_preferences(job: dict[str, Any]) -> Iterator[Problem]:
    """A job sets both EnableManagedSpotTraining and InstancePreferences.

    ```yaml bad
    EnableManagedSpotTraining: true
    StoppingCondition: {MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200}
    ResourceConfig:
      VolumeSizeInGB: 30
      InstanceCount: 1
      InstancePreferences: [{InstanceType: ml.m5.xlarge}, {InstanceType: ml.m5.2xlarge}]
    ```

    ```yaml good
    ResourceConfig:
      VolumeSizeInGB: 30
      InstanceCount: 1
      InstancePreferences: [{InstanceType: ml.m5.xlarge}, {InstanceType: ml.m5.2xlarge}]
    ```
    """
    match job:
        case {"EnableManagedSpotTraining": True, "ResourceConfig": {"InstancePreferences": _}}:
            yield Problem(
                Key("EnableManagedSpotTraining"),
                "EnableManagedSpotTraining cannot be used with InstancePreferences",
                related=Related(Key("ResourceConfig", "InstancePreferences"), "set here"),
            )


@rule(
    on=_JOBS,
    severity="error",
    evidence="guide: Developer Guide, model-access-training-data, 2023; a job that reads a file system must "
    "connect to a VPC",
)
def job_filesystem_without_vpc(job: dict[str, Any]) -> Iterator[Problem]:
    """A job reads a file system, but has no VpcConfig.

    ```yaml bad
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0123456789abcdef0
            FileSystemAccessMode: ro
            FileSystemType: EFS
            DirectoryPath: /train
    ```

    ```yaml good
    VpcConfig: {SecurityGroupIds: [sg-01234567], Subnets: [subnet-01234567]}
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0123456789abcdef0
            FileSystemAccessMode: ro
            FileSystemType: EFS
            DirectoryPath: /train
    ```
    """
    channels = job.get("InputDataConfig")
    if not isinstance(channels, list) or not lacks(job, "VpcConfig"):
        return
    for index, channel in enumerate(channels):
        match channel:
            case {"DataSource": {"FileSystemDataSource": _}}:
                yield Problem(
                    Key("InputDataConfig", index, "DataSource", "FileSystemDataSource"),
                    "a file system is reached through a VPC, but the job has no VpcConfig",
                )


@rule(
    on="CreateTrainingJobRequest",
    severity="info",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:504; the SDK sends the defaults with each job",
)
def job_hp_default_not_sent(job: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job leaves out hyperparameters that have a DefaultValue.

    The SageMaker SDK sends the defaults with each job. No document states that the service adds them to a
    request without them.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: eta, Type: Continuous, DefaultValue: "0.3"}]
    ```

    ```yaml bad
    HyperParameters: {}
    ```

    ```yaml good
    HyperParameters: {eta: "0.3"}
    ```
    """
    if context.target:
        return
    given = job.get("HyperParameters", {} if lacks(job, "HyperParameters") else None)
    if not isinstance(given, dict):
        return
    declared = context.algorithm.hyperparameters
    missing = [name for name, (_, row) in declared.items() if "DefaultValue" in row and lacks(given, name)]
    if missing:
        where = Key("HyperParameters") if "HyperParameters" in job else Key()
        at, _ = declared[missing[0]]
        yield Problem(
            where,
            f"the job does not set {listed(missing)}; the SDK would send"
            f" {'its DefaultValue' if len(missing) == 1 else 'the DefaultValue of each'}",
            related=InAlgorithm(Key(*at, "DefaultValue"), "the default is declared here"),
        )


@rule(
    on="CreateTrainingJobRequest",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:468; the channels are what the inputs iterate over",
    replaces=("pattern-mismatch", "profile-channel-unknown", "string-length"),
)
def job_fit_string(job: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """AlgorithmEstimator.fit is called with an address instead of a dict of channels.

    Other estimators use it as the data of the channel `training`. This one iterates over the characters of
    the string as channel names, and raises `Unknown input channel: s`.

    ```yaml bad target=sdk
    InputDataConfig: [{ChannelName: "s3://amzn-example-bucket/train/"}]
    ```

    ```yaml good target=sdk
    InputDataConfig: [{ChannelName: train}]
    ```
    """
    if context.target != SDK:
        return
    for path, channel in select(job, "InputDataConfig", ...):
        match channel:
            case {"ChannelName": str() | PartialText() as text} if _is_address(text):
                yield Problem(
                    (*path, "ChannelName"),
                    "fit takes a dict of channels, such as {'train': 's3://...'}, not a string",
                )


def _is_address(text: Text) -> bool:
    """Whether a text has characters that addresses have and channel names do not."""
    return any(mark in piece for piece in known_pieces(text) for mark in ":/")
