"""What is made of a trained algorithm: model packages and endpoints."""

from __future__ import annotations

from algolint import Key, Problem, is_open, lacks, listed, meant, rule, shown
from algolint.jobs.context import InAlgorithm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.values import Path


@rule(
    on=("CreateEndpointConfigInput",),
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits; 'can't choose "
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
    """The model data of a package is not a .tar.gz archive.

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
            yield Problem("ModelDataUrl", f"{shown(url)} does not end in .tar.gz")


@rule(
    on="CreateModelPackageInput",
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits; model packages of "
    "a subscribed algorithm 'can't be published'",
)
def job_package_certify(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A package of a Marketplace algorithm is to be certified for the Marketplace itself.

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
                    "CertifyForMarketplace", "a package of a Marketplace algorithm cannot be published again"
                )


@rule(
    on="CreateModelPackageInput",
    severity="error",
    evidence="derived: nothing says how the model is served",
)
def job_package_needs_inference(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A package is made of an algorithm that has no InferenceSpecification, and brings none.

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
            "the algorithm has no InferenceSpecification, and the package brings none",
        )
