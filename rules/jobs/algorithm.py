"""How a job names its algorithm, and what it must leave to the algorithm."""

from __future__ import annotations

from algolint import Key, Problem, Related, lacks, rule, select, shown
from algolint.aws.notation import arn
from algolint.jobs.context import InAlgorithm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.values import Path, Step

_SPECIFICATIONS = ("AlgorithmSpecification", "HyperParameterAlgorithmSpecification")
_REQUESTS = ("CreateTrainingJobRequest", "CreateHyperParameterTuningJobRequest", "CreateModelPackageInput")
_JOBS = ("CreateTrainingJobRequest", "HyperParameterTrainingJobDefinition")


@rule(
    on=_SPECIFICATIONS,
    severity="error",
    evidence="reference: AlgorithmSpecification.AlgorithmName, botocore 1.44.8; 'mutually exclusive with the "
    "TrainingImage parameter'",
)
def job_algorithm_or_image(specification: dict[str, Any]) -> Iterator[Problem]:
    """A job names both an algorithm and an image, or neither.

    ```yaml bad
    AlgorithmName: forecaster
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:1
    TrainingInputMode: File
    ```

    ```yaml good
    AlgorithmName: forecaster
    TrainingInputMode: File
    ```

    ```yaml bad
    TrainingInputMode: File
    ```

    ```yaml good
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:1
    TrainingInputMode: File
    ```
    """
    if "AlgorithmName" in specification and "TrainingImage" in specification:
        yield Problem(
            Key("TrainingImage"),
            "AlgorithmName and TrainingImage are both set; a job takes only one of them",
            related=Related("AlgorithmName", "set here"),
        )
    elif lacks(specification, "AlgorithmName") and lacks(specification, "TrainingImage"):
        yield Problem(Key(), "neither AlgorithmName nor TrainingImage is set; a job takes one of them")


# Where a request names its algorithm, or several.
_ROUTES: tuple[tuple[Step, ...], ...] = (
    ("AlgorithmSpecification", "AlgorithmName"),
    ("SourceAlgorithmSpecification", "SourceAlgorithms", ..., "AlgorithmName"),
    ("TrainingJobDefinition", "AlgorithmSpecification", "AlgorithmName"),
    ("TrainingJobDefinitions", ..., "AlgorithmSpecification", "AlgorithmName"),
)


def _algorithm_names(request: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield the known names and ARNs of algorithms in a request, each with its path."""
    for route in _ROUTES:
        for path, name in select(request, *route):
            if isinstance(name, str):
                yield path, name


@rule(on=_REQUESTS, severity="warning", evidence="derived: the request is checked against another algorithm")
def job_of_another_algorithm(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job names another algorithm than the one that it is checked against.

    ```yaml algorithm CreateAlgorithmInput
    AlgorithmName: forecaster-2
    ```

    ```yaml bad
    AlgorithmSpecification: {AlgorithmName: forecaster-1, TrainingInputMode: File}
    ```

    ```yaml good
    AlgorithmSpecification:
      AlgorithmName: arn:aws:sagemaker:us-east-1:123456789012:algorithm/forecaster-2
      TrainingInputMode: File
    ```
    """
    known = context.given.name if context.given is not None else None
    for path, name in _algorithm_names(request) if known else ():
        if name.rpartition("/")[2] != known:
            yield Problem(
                path,
                f"the job uses {shown(name.rpartition('/')[2])}, but is checked against {shown(known)}",
                related=InAlgorithm(("AlgorithmName",), f"AlgorithmName is {shown(known)}"),
            )


@rule(
    on=_REQUESTS,
    severity="error",
    evidence="service: aws/amazon-sagemaker-examples#3923; an algorithm of another region does not exist",
)
def job_algorithm_region(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job names an algorithm in another region.

    A job can only use an algorithm in its own region. That region is given by `--region`, by the client in
    a program, or by the algorithm's images and the job's keys.

    ```yaml bad region=eu-west-1
    AlgorithmSpecification:
      AlgorithmName: arn:aws:sagemaker:us-east-2:123456789012:algorithm/forecaster
      TrainingInputMode: File
    ```

    ```yaml good region=us-east-2
    AlgorithmSpecification:
      AlgorithmName: arn:aws:sagemaker:us-east-2:123456789012:algorithm/forecaster
      TrainingInputMode: File
    ```
    """
    for path, name in _algorithm_names(request):
        parts = arn(name)
        if parts is None or not isinstance(parts.region, str) or not parts.region:
            continue
        region = context.algorithm.region
        if region and parts.region != region:
            source, _ = context.algorithm.region_source
            yield Problem(
                path,
                f"the algorithm is in {shown(parts.region)}, but {source} says {shown(region)}; a job can use"
                " only algorithms in its own region",
            )


@rule(
    on=_SPECIFICATIONS,
    severity="warning",
    evidence="derived: an algorithm has its own metrics and program",
)
def job_metric_definitions_given(specification: dict[str, Any]) -> Iterator[Problem]:
    """A job that names an algorithm also sets MetricDefinitions or an entry point.

    The algorithm defines its metrics, and its image the program to run. These fields are for jobs that
    name an image instead of an algorithm.

    ```yaml bad
    AlgorithmName: forecaster
    TrainingInputMode: File
    MetricDefinitions: [{Name: loss, Regex: "loss=([0-9.]+)"}]
    ```

    ```yaml good
    AlgorithmName: forecaster
    TrainingInputMode: File
    ```
    """
    for field in ("MetricDefinitions", "ContainerEntrypoint", "ContainerArguments"):
        if field in specification and "AlgorithmName" in specification:
            yield Problem(
                Key(field),
                f"{field} is set together with AlgorithmName, but the algorithm defines its own",
                related=Related("AlgorithmName", "set here"),
            )


@rule(
    on=_JOBS,
    severity="warning",
    also=("info",),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:269; network isolation is on where there is a ProductId",
)
def job_marketplace(job: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job of a Marketplace algorithm sets what such algorithms do not support.

    Such an algorithm runs without network access, so EnableNetworkIsolation has to be true, and it gets no
    environment variables. For Spot training its MaxWaitTimeInSeconds is always 3600; another value is
    reported as info.

    ```yaml algorithm CreateAlgorithmInput
    AlgorithmName: forecaster
    ProductId: prod-abcdefghijklm
    ```

    ```yaml bad CreateTrainingJobRequest
    TrainingJobName: train
    ```

    ```yaml good CreateTrainingJobRequest
    TrainingJobName: train
    EnableNetworkIsolation: true
    ```
    """
    if context.given is None or not context.given.product:
        return
    if lacks(job, "EnableNetworkIsolation") or job.get("EnableNetworkIsolation") is False:
        where = Key("EnableNetworkIsolation") if "EnableNetworkIsolation" in job else Key()
        yield Problem(
            where, "a Marketplace algorithm runs without network access; set EnableNetworkIsolation to true"
        )
    match job:
        case {"Environment": dict() as environment} if environment:
            yield Problem(
                Key("Environment"),
                "Environment is set, but a Marketplace algorithm gets no environment variables",
            )
        case {"StoppingCondition": {"MaxWaitTimeInSeconds": int() as wait}} if wait != 3600:
            yield Problem(
                ("StoppingCondition", "MaxWaitTimeInSeconds"),
                f"MaxWaitTimeInSeconds is {wait}; for a Marketplace algorithm it is always 3600",
                "info",
            )
