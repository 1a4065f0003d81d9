"""How a job refers to its algorithm, and what it leaves to it."""

from __future__ import annotations

from algolint import Key, Problem, Related, lacks, rule, shown
from algolint.aws.notation import arn
from algolint.jobs.context import InAlgorithm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.values import Path

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
            "AlgorithmName and TrainingImage are both set; a job takes one of them",
            related=Related("AlgorithmName", "set here"),
        )
    elif lacks(specification, "AlgorithmName") and lacks(specification, "TrainingImage"):
        yield Problem(Key(), "neither AlgorithmName nor TrainingImage is set; a job takes one of them")


def _names(request: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The names or ARNs of algorithms in a request, with their paths."""
    holders: list[tuple[Path, Any]] = []
    path: Path
    match request:
        case {"AlgorithmSpecification": dict() as specification}:
            holders.append((("AlgorithmSpecification",), specification))
        case {"SourceAlgorithmSpecification": {"SourceAlgorithms": list() as sources}}:
            base = ("SourceAlgorithmSpecification", "SourceAlgorithms")
            holders += [((*base, index), source) for index, source in enumerate(sources)]
    match request.get("TrainingJobDefinition"):
        case {"AlgorithmSpecification": specification}:
            holders.append((("TrainingJobDefinition", "AlgorithmSpecification"), specification))
    match request.get("TrainingJobDefinitions"):
        case list() as definitions:
            for index, definition in enumerate(definitions):
                match definition:
                    case {"AlgorithmSpecification": specification}:
                        path = ("TrainingJobDefinitions", index, "AlgorithmSpecification")
                        holders.append((path, specification))
    for path, holder in holders:
        match holder:
            case {"AlgorithmName": str() as name}:
                yield (*path, "AlgorithmName"), name


@rule(on=_REQUESTS, severity="warning", evidence="derived: the request is judged against another algorithm")
def job_of_another_algorithm(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job names another algorithm than the one that it is judged against.

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
    for path, name in _names(request) if known else ():
        if name.rpartition("/")[2] != known:
            yield Problem(
                path,
                f"the job uses {shown(name.rpartition('/')[2])}, but the algorithm is {shown(known)}",
                related=InAlgorithm(("AlgorithmName",), f"AlgorithmName is {shown(known)}"),
            )


@rule(
    on=_REQUESTS,
    severity="error",
    evidence="service: aws/amazon-sagemaker-examples#3923; an algorithm of another region does not exist",
)
def job_algorithm_region(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job names an algorithm of another region than its own.

    The region of the job is that of `--region`, of the client in a program, or of the algorithm's images
    and the job's keys.

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
    for path, name in _names(request):
        parts = arn(name)
        if parts is None or not isinstance(parts.region, str) or not parts.region:
            continue
        region = context.algorithm.region
        if region and parts.region != region:
            source, _ = context.algorithm.region_source
            yield Problem(
                path,
                f"the algorithm is in {shown(parts.region)}, but {source} says {shown(region)}; a job uses an"
                " algorithm of its own region",
            )


@rule(
    on=_SPECIFICATIONS,
    severity="warning",
    evidence="derived: an algorithm brings its own metrics and program",
)
def job_metric_definitions_given(specification: dict[str, Any]) -> Iterator[Problem]:
    """A job of an algorithm has MetricDefinitions, or an entry point, of its own.

    The algorithm brings its metrics and its container's program; what a job gives beside them is for jobs of
    an image.

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
                f"{field} is set beside AlgorithmName; the algorithm brings its own",
                related=Related("AlgorithmName", "set here"),
            )


@rule(
    on=_JOBS,
    severity="warning",
    also=("info",),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:269; network isolation is on where there is a ProductId",
)
def job_marketplace(job: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A job of a Marketplace algorithm asks for what a subscription does not have.

    Such an algorithm runs without network, so that EnableNetworkIsolation is to be true, and environment
    variables do not reach it. Where a job waits for spot instances, MaxWaitTimeInSeconds is 3600 (info).

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
            where, "a Marketplace algorithm runs without network: set EnableNetworkIsolation to true"
        )
    match job:
        case {"Environment": dict() as environment} if environment:
            yield Problem(Key("Environment"), "environment variables do not reach a Marketplace algorithm")
        case {"StoppingCondition": {"MaxWaitTimeInSeconds": int() as wait}} if wait != 3600:
            yield Problem(
                ("StoppingCondition", "MaxWaitTimeInSeconds"),
                f"for a Marketplace algorithm the wait is 3600 seconds, and not {wait}",
                "info",
            )
