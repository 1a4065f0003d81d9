"""Uses of a trained algorithm: model packages, transform jobs and endpoints."""

from __future__ import annotations

from algolint import Key, Problem, Related, is_open, lacks, listed, meant, rule, select, shown
from algolint.jobs.context import InAlgorithm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.values import Path

# For each request: the algorithm's list of instance types for it, and what a message calls that use.
_OFFERS = {
    "CreateTransformJobRequest": ("SupportedTransformInstanceTypes", "transform jobs"),
    "CreateEndpointConfigInput": ("SupportedRealtimeInferenceInstanceTypes", "endpoints"),
}


@rule(
    on=("CreateEndpointConfigInput",),
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits, 2023; 'can't choose "
    "instance types that your resource doesn't support'",
)
def job_endpoint_instance(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """An endpoint runs on an instance type that the algorithm does not support for inference.

    ```yaml algorithm CreateAlgorithmInput
    InferenceSpecification:
      Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:1"}]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ```

    ```yaml bad
    ProductionVariants:
      - {VariantName: all, ModelName: m, InitialInstanceCount: 1, InstanceType: ml.g5.xlarge}
    ```

    ```yaml good
    ProductionVariants:
      - {VariantName: all, ModelName: m, InitialInstanceCount: 1, InstanceType: ml.m5.large}
    ```
    """
    inference = context.algorithm.inference
    field = "SupportedRealtimeInferenceInstanceTypes"
    types = inference.get(field) if inference is not None else None
    if not isinstance(types, list) or is_open(types) or not all(isinstance(kind, str) for kind in types):
        return
    for path, kind in _instance_types(request):
        if kind not in types:
            hint = meant(kind, types) or f": {listed(types)}"
            yield Problem(
                path,
                f"{shown(kind)} is not in the algorithm's {field}{hint}",
                related=InAlgorithm(Key("InferenceSpecification", field), "the types are listed here"),
            )


def _instance_types(request: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for field in ("ProductionVariants", "ShadowProductionVariants"):
        variants = request.get(field)
        for index, variant in enumerate(variants if isinstance(variants, list) else ()):
            match variant:
                case {"InstanceType": str() as kind}:
                    yield (field, index, "InstanceType"), kind
                case {"InstancePools": list() as pools}:
                    for number, pool in enumerate(pools):
                        match pool:
                            case {"InstanceType": str() as kind}:
                                yield (field, index, "InstancePools", number, "InstanceType"), kind


@rule(
    on="SourceAlgorithm",
    severity="error",
    evidence="reference: SourceAlgorithm.ModelDataUrl, botocore 1.44.8; a single "
    "'gzip compressed tar archive (.tar.gz suffix)'",
)
def job_package_artifact(source: dict[str, Any]) -> Iterator[Problem]:
    """The ModelDataUrl of a model package does not end in .tar.gz.

    ```yaml bad
    AlgorithmName: forecaster
    ModelDataUrl: s3://amzn-example-bucket/model.zip
    ```

    ```yaml good
    AlgorithmName: forecaster
    ModelDataUrl: s3://amzn-example-bucket/model.tar.gz
    ```
    """
    match source:
        case {"ModelDataUrl": str() as url} if not url.endswith(".tar.gz"):
            yield Problem(
                "ModelDataUrl",
                f"{shown(url)} does not end in .tar.gz; ModelDataUrl takes one such archive",
            )


@rule(
    on="CreateModelPackageInput",
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits, 2023; model packages"
    " of a subscribed algorithm 'can't be published'",
)
def job_package_certify(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A model package of a Marketplace algorithm requests certification for AWS Marketplace.

    ```yaml algorithm CreateAlgorithmInput
    AlgorithmName: forecaster
    ProductId: prod-abcdefghijklm
    ```

    ```yaml bad
    CertifyForMarketplace: true
    SourceAlgorithmSpecification: {SourceAlgorithms: [{AlgorithmName: forecaster}]}
    ```

    ```yaml good
    CertifyForMarketplace: false
    SourceAlgorithmSpecification: {SourceAlgorithms: [{AlgorithmName: forecaster}]}
    ```
    """
    match request:
        case {"CertifyForMarketplace": True, "SourceAlgorithmSpecification": _}:
            if context.given is not None and context.given.product:
                yield Problem(
                    "CertifyForMarketplace",
                    "CertifyForMarketplace is true, but a package of a Marketplace algorithm cannot be"
                    " published",
                )


@rule(
    on="CreateModelPackageInput",
    severity="error",
    evidence="derived: without it no container serves the model",
)
def job_package_needs_inference(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """Neither a model package nor its algorithm has an InferenceSpecification.

    ```yaml algorithm CreateAlgorithmInput
    AlgorithmName: forecaster
    TrainingSpecification: {}
    ```

    ```yaml bad
    SourceAlgorithmSpecification: {SourceAlgorithms: [{AlgorithmName: forecaster}]}
    ```

    ```yaml good
    SourceAlgorithmSpecification: {SourceAlgorithms: [{AlgorithmName: forecaster}]}
    InferenceSpecification: {Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1"}]}
    ```
    """
    if "SourceAlgorithmSpecification" not in request or not lacks(request, "InferenceSpecification"):
        return
    if context.given is not None and context.algorithm.inference is None:
        yield Problem(
            Key("SourceAlgorithmSpecification"),
            "neither the algorithm nor the package has an InferenceSpecification; add one to the package",
        )


@rule(
    on="CreateModelPackageInput",
    severity="warning",
    evidence="service: aws/sagemaker-python-sdk#4777; 'SageMaker Batch currently doesn't support Model "
    "entity with container definitions which use ModelDataSource attribute'",
)
def job_model_data_source(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A model package has a ModelDataSource, but its algorithm is meant for transform jobs.

    Batch transform does not support models with a ModelDataSource. Put the model into an archive, and set
    ModelDataUrl.

    ```yaml algorithm CreateAlgorithmInput
    InferenceSpecification:
      Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:1"}]
      SupportedTransformInstanceTypes: [ml.m5.large]
    ```

    ```yaml bad
    SourceAlgorithmSpecification:
      SourceAlgorithms:
        - AlgorithmName: forecaster
          ModelDataSource:
            S3DataSource: {S3DataType: S3Prefix, CompressionType: None, S3Uri: s3://amzn-example-bucket/model/}
    ```

    ```yaml good
    SourceAlgorithmSpecification:
      SourceAlgorithms:
        - AlgorithmName: forecaster
          ModelDataUrl: s3://amzn-example-bucket/model.tar.gz
    ```
    """
    match context.algorithm.inference:
        case {"SupportedTransformInstanceTypes": [_, *_]}:
            sources = select(request, "SourceAlgorithmSpecification", "SourceAlgorithms", ...)
        case _:
            return
    for path, source in sources:
        if isinstance(source, dict) and "ModelDataSource" in source:
            yield Problem(
                Key(*path, "ModelDataSource"),
                "ModelDataSource is not supported with batch transform; use ModelDataUrl",
                related=InAlgorithm(
                    Key("InferenceSpecification", "SupportedTransformInstanceTypes"),
                    "the algorithm supports transform jobs",
                ),
            )


@rule(
    on="CreateTransformJobRequest",
    severity="warning",
    evidence="guide: Developer Guide, batch-transform-data-processing, 2023; 'You can use input files in JSON"
    " and CSV format only.'",
)
def job_data_processing_format(job: dict[str, Any]) -> Iterator[Problem]:
    """DataProcessing of a transform job filters or joins records that are neither CSV nor JSON.

    ```yaml bad
    TransformInput: {ContentType: application/x-parquet}
    DataProcessing: {JoinSource: Input}
    ```

    ```yaml good
    TransformInput: {ContentType: text/csv}
    DataProcessing: {JoinSource: Input}
    ```
    """
    match job:
        case {"TransformInput": {"ContentType": str() as content}, "DataProcessing": dict() as processing}:
            kind = content.partition(";")[0].strip().casefold()
            if kind and not any(word in kind for word in ("csv", "json")) and _processes(processing):
                yield Problem(
                    ("TransformInput", "ContentType"),
                    f"ContentType is {shown(content)}, but DataProcessing works with CSV and JSON only",
                    related=Related(Key("DataProcessing"), "set here"),
                )


def _processes(processing: dict[str, Any]) -> bool:
    """Whether records are certainly filtered or joined."""
    match processing:
        case {"JoinSource": str("Input")}:
            return True
        case {"InputFilter": str() as text} | {"OutputFilter": str() as text}:
            return text not in ("", "$")
    return False


@rule(
    on=tuple(_OFFERS),
    severity="warning",
    evidence="reference: InferenceSpecification.SupportedTransformInstanceTypes, botocore 1.44.8; 'This "
    "parameter is required for unversioned models, and optional for versioned models.'",
)
def job_not_offered(_: Any, context: JobContext) -> Iterator[Problem]:
    """The algorithm lists no instance types for a transform job or an endpoint.

    SupportedTransformInstanceTypes lists the types for transform jobs,
    SupportedRealtimeInferenceInstanceTypes those for endpoints. Without types the algorithm does not
    support that use.

    ```yaml algorithm CreateAlgorithmInput
    InferenceSpecification:
      Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:1"}]
      SupportedTransformInstanceTypes: [ml.m5.large]
    ```

    ```yaml bad CreateEndpointConfigInput
    ProductionVariants:
      - {VariantName: all, ModelName: m, InitialInstanceCount: 1, InstanceType: ml.m5.large}
    ```

    ```yaml good CreateTransformJobRequest
    ModelName: m
    TransformResources: {InstanceType: ml.m5.large, InstanceCount: 1}
    ```
    """
    inference = context.algorithm.inference
    field, use = _OFFERS[context.shape]
    types = inference.get(field) if inference is not None else None
    is_empty = isinstance(types, list) and not types and not is_open(types)
    if inference is not None and (is_empty or lacks(inference, field)):
        yield Problem(
            Key(),
            f"the algorithm lists no {field}, so it does not support {use}",
            related=InAlgorithm(Key("InferenceSpecification"), "the supported uses are declared here"),
        )
