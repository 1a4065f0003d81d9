"""The model data of inference containers, and additional data for training and inference."""

from __future__ import annotations

from algolint import (
    Key,
    PartialText,
    Problem,
    Related,
    Remove,
    Replace,
    certainly,
    is_open,
    lacks,
    rule,
    select,
    shown,
)
from algolint.aws.notation import names_one_object, s3_address

from ._profiles import items, repeated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Path, Text


_MODEL_DATA = ("ModelDataUrl", "ModelDataSource")


@rule(
    on="ModelPackageContainerDefinition",
    severity="error",
    evidence="reference: ModelPackageContainerDefinition.ModelDataUrl, botocore 1.44.8; 'a single gzip"
    " compressed tar archive (.tar.gz suffix)'",
)
def model_data_not_targz(container: dict[str, Any]) -> Iterator[Problem]:
    """ModelDataUrl does not end in .tar.gz.

    It has to point to a single gzip-compressed tar archive with that suffix; with `.tgz`, a model file or
    a prefix the model cannot be created. Files outside of an archive need a ModelDataSource.

    ```yaml bad
    ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tgz
    ```

    ```yaml good
    ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tar.gz
    ```
    """
    match container:
        case {"ModelDataUrl": str() | PartialText() as url} if url:
            address = s3_address(url)
            if address and not address.key.endswith(".tar.gz"):
                yield Problem(
                    "ModelDataUrl",
                    f"{shown(url)} does not end in .tar.gz; ModelDataUrl takes one such archive",
                )


@rule(
    on="InferenceSpecification",
    severity="warning",
    also=("info",),
    fix="unsafe",
    evidence="guide: AWS Marketplace Seller Guide, ml-algorithm-images, 2023; 'the training container"
    " generates model artifacts that are loaded into the inference container'",
)
def model_data_in_algorithm(inference: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A container of an algorithm has model data.

    The inference container of an algorithm serves the artifacts of the training job: the validation, and
    every user, creates the model with those. Model data belongs in a model package. In a pipeline a
    preprocessing container may have its own, so there it is reported as info. An inference specification
    by itself may belong to a model package, and is not checked.

    ```yaml bad CreateAlgorithmInput
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
          ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tar.gz
    ```

    ```yaml good CreateAlgorithmInput
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```
    """
    containers = items(inference, "Containers") if context.is_whole else []
    if len(containers) == 1 and is_open(containers):
        return
    is_alone = len(containers) == 1
    way_out = "remove it" if is_alone else "only a container for preprocessing has its own"
    for index, container in enumerate(containers):
        for name in _MODEL_DATA if isinstance(container, dict) else ():
            if name in container:
                yield Problem(
                    Key("Containers", index, name),
                    f"{name} is set, but an algorithm serves the artifacts of its training job; {way_out}",
                    None if is_alone else "info",
                    fix=_without_model_data(container, ("Containers", index, name)),
                )


def _without_model_data(container: dict[str, Any], where: Path) -> Remove | None:
    """Return the fix that deletes the model data, unless something else in the container depends on it."""
    depends = "Image" not in container or "AdditionalModelDataSources" in container
    return None if depends and where[-1] == "ModelDataSource" else Remove(where)


@rule(
    on="ModelPackageContainerDefinition",
    severity="error",
    evidence="reference: ContainerDefinition.ModelDataSource, botocore 1.44.8; one and only one of the"
    " data sources",
)
def model_data_two_sources(container: dict[str, Any]) -> Iterator[Problem]:
    """A container has both ModelDataUrl and ModelDataSource.

    Both give the location of the model, and a model is created from only one of them.

    ```yaml bad
    ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tar.gz
    ModelDataSource:
      S3DataSource:
        S3DataType: S3Prefix
        S3Uri: s3://amzn-example-bucket/models/forecaster/
        CompressionType: None
    ```

    ```yaml good
    ModelDataSource:
      S3DataSource:
        S3DataType: S3Prefix
        S3Uri: s3://amzn-example-bucket/models/forecaster/
        CompressionType: None
    ```
    """
    match container:
        case {"ModelDataUrl": _, "ModelDataSource": _}:
            yield Problem(
                Key("ModelDataSource"),
                "ModelDataSource and ModelDataUrl are both set; a container takes only one of them",
                related=Related(Key("ModelDataUrl"), "the other one is set here"),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="reference: ContainerDefinition.ModelDataSource, botocore 1.44.8; 'you cannot use"
    " ModelDataSource in conjunction with SageMaker batch transform … and SageMaker Marketplace'; service:"
    " aws/sagemaker-python-sdk#4777; CreateTransformJob rejects it",
    replaces=("model-data-in-algorithm",),
    fix="unsafe",
)
def model_data_source_unsupported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A container has a ModelDataSource, which batch transform and AWS Marketplace do not support.

    Batch transform does not support models with a ModelDataSource, so the transform job of the validation
    fails; the reference excludes AWS Marketplace too. If the algorithm has a single container, it needs no
    model data, since it serves the artifacts of the training job, and the fix deletes the field. A
    preprocessing container of a pipeline can have an archive in ModelDataUrl. AWS may lift this limit.

    ```yaml bad
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
          ModelDataSource:
            S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```

    ```yaml good
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```

    ```yaml bad
    CertifyForMarketplace: true
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-features:1.4.2
          ModelDataSource:
            S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml good
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-features:1.4.2
          ModelDataUrl: s3://amzn-example-bucket/models/features.tar.gz
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```
    """
    containers = items(request.get("InferenceSpecification"), "Containers")
    with_source = [
        index for index, item in enumerate(containers) if isinstance(item, dict) and "ModelDataSource" in item
    ]
    if not with_source:
        return
    jobs = [Related(Key(*path), "the transform job is here") for path in context.transform_job_paths]
    if jobs or context.for_marketplace:
        user = "batch transform" if jobs else "AWS Marketplace"
        is_alone = len(containers) == 1 and not is_open(containers)
        way_out = "use ModelDataUrl"
        if is_alone:
            way_out = "remove it, since an algorithm serves the artifacts of its training job"
        for index in with_source:
            path = ("InferenceSpecification", "Containers", index, "ModelDataSource")
            yield Problem(
                Key(*path),
                f"ModelDataSource is not supported with {user}; {way_out}",
                fix=_without_model_data(containers[index], path) if is_alone else None,
                related=jobs or Related("CertifyForMarketplace", "CertifyForMarketplace is true"),
            )


@rule(
    on="S3ModelDataSource",
    severity="error",
    also=("warning",),
    fix="safe",
    evidence="reference: S3ModelDataSource.S3DataType, botocore 1.44.8; 'A valid key name prefix"
    " identified by S3Uri always ends with a forward slash (/).'",
)
def s3_model_source_shape(source: dict[str, Any]) -> Iterator[Problem]:
    """S3DataType, S3Uri and CompressionType of a model's S3 source contradict one another.

    The S3Uri of an S3Prefix has to end with a slash, and a prefix is not compressed. Gzip is for a single
    archive (S3Object), whose name should end in .tar.gz; another name is a warning. The fix adds the slash
    if the address does not look like that of a file.

    ```yaml bad
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/models/forecaster
    CompressionType: None
    ```

    ```yaml good
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/models/forecaster/
    CompressionType: None
    ```

    ```yaml bad
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/models/forecaster/
    CompressionType: Gzip
    ```

    ```yaml good
    S3DataType: S3Object
    S3Uri: s3://amzn-example-bucket/models/forecaster.tar.gz
    CompressionType: Gzip
    ```

    ```yaml bad
    S3DataType: S3Object
    S3Uri: s3://amzn-example-bucket/models/forecaster.zip
    CompressionType: Gzip
    ```

    ```yaml good
    S3DataType: S3Object
    S3Uri: s3://amzn-example-bucket/models/forecaster.onnx
    CompressionType: None
    ```
    """
    match source:
        case {"S3DataType": str("S3Prefix"), "S3Uri": str() | PartialText() as uri} if certainly(
            _lacks_slash, uri
        ):
            yield _prefix_without_slash(uri)
    match source:
        case {"S3DataType": str("S3Prefix"), "CompressionType": str("Gzip")}:
            yield Problem(
                "CompressionType",
                "CompressionType is Gzip, which is for S3DataType S3Object; S3Prefix takes None",
                related=Related("S3DataType", "S3DataType is S3Prefix"),
            )
        case {
            "S3DataType": str("S3Object"),
            "CompressionType": str("Gzip"),
            "S3Uri": str() | PartialText() as uri,
        } if (address := s3_address(uri)) and not address.key.endswith(".tar.gz"):
            yield Problem(
                "S3Uri",
                f"{shown(uri)} does not end in .tar.gz, as it should with CompressionType Gzip",
                "warning",
                related=Related("CompressionType", "CompressionType is Gzip"),
            )


def _lacks_slash(uri: Text) -> bool:
    """Whether this is an S3 address that does not end with a slash."""
    return s3_address(uri) is not None and not uri.endswith("/")


def _prefix_without_slash(uri: Text) -> Problem:
    """Return the problem of an S3Prefix whose address does not end with a slash."""
    is_file = certainly(names_one_object, uri)
    hint = "; for one object S3DataType is S3Object" if is_file else ""
    fix = None
    if isinstance(uri, str) and not is_file:
        fix = Replace("S3Uri", f"{uri}/", title="add the slash", safe=True)
    return Problem(
        "S3Uri",
        f"{shown(uri)} does not end with a slash, which S3DataType S3Prefix requires{hint}",
        fix=fix,
        related=Related("S3DataType", "S3DataType is S3Prefix"),
    )


@rule(
    on=("AdditionalS3DataSource", "InferenceSpecification"),
    severity="warning",
    evidence="guide: aws/amazon-sagemaker-examples, sm-marketplace_building_your_own_container_as_package,"
    " cells 57-60, February 2025; only the first container, S3Object, Gzip and .tar.gz are supported",
    fix="unsafe",
)
def additional_s3_data_source(part: dict[str, Any]) -> Iterator[Problem]:
    """An AdditionalS3DataSource has values, or is in a container, that SageMaker does not support.

    It provides the training image or the inference container with a file in addition to the data and the
    model, such as a base model. AWS's notebook for it states the limits: one object (S3Object), compressed
    (Gzip), with a name that ends in .tar.gz, and only in the first container. The API's model allows more.
    The environment variable SAGEMAKER_ADDITIONAL_S3_DATA_PATH has the location of the file in the
    container.

    ```yaml bad
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/base-model.tar.gz
    CompressionType: None
    ```

    ```yaml good
    S3DataType: S3Object
    S3Uri: s3://amzn-example-bucket/base-model.tar.gz
    CompressionType: Gzip
    ```

    ```yaml bad InferenceSpecification
    Containers:
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-features:1.4.2
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
        AdditionalS3DataSource:
          S3DataType: S3Object
          S3Uri: s3://amzn-example-bucket/base-model.tar.gz
          CompressionType: Gzip
    ```

    ```yaml good InferenceSpecification
    Containers:
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-features:1.4.2
        AdditionalS3DataSource:
          S3DataType: S3Object
          S3Uri: s3://amzn-example-bucket/base-model.tar.gz
          CompressionType: Gzip
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```
    """
    match part:
        case {"Containers": [_, *later]}:
            for index, container in enumerate(later, 1):
                match container:
                    case {"AdditionalS3DataSource": _}:
                        yield Problem(
                            Key("Containers", index, "AdditionalS3DataSource"),
                            "AdditionalS3DataSource is supported only in the first container",
                        )
    uri = part.get("S3Uri")
    is_archive = isinstance(uri, str) and uri.endswith(".tar.gz")
    for field, supported, other in (
        ("S3DataType", "S3Object", "S3Prefix"),
        ("CompressionType", "Gzip", "None"),
    ):
        value = part.get(field)
        if isinstance(value, str) and value == other:
            yield Problem(
                field,
                f"{field} is {value}, but has to be {supported} in an AdditionalS3DataSource",
                fix=Replace(field, supported) if is_archive else None,
            )
    if isinstance(uri, (str, PartialText)) and not uri.endswith(".tar.gz"):
        yield Problem("S3Uri", f"{shown(uri)} does not end in .tar.gz, as an AdditionalS3DataSource must")


@rule(
    on="ModelPackageContainerDefinition",
    severity="warning",
    also=("error",),
    evidence="reference: ModelPackageContainerDefinition.AdditionalModelDataSources, botocore 1.44.8; 'in"
    " addition to the one that you specify for ModelDataSource'",
)
def additional_data_sources(container: dict[str, Any]) -> Iterator[Problem]:
    """A container has AdditionalModelDataSources without a ModelDataSource, or two with the same name.

    They are added to the ModelDataSource, so without one they are probably a mistake. Each has a directory
    of its own in the container, so two with the same ChannelName are an error.

    ```yaml bad
    AdditionalModelDataSources:
      - ChannelName: adapter
    ```

    ```yaml good
    ModelDataSource:
      S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
    AdditionalModelDataSources:
      - ChannelName: adapter
    ```

    ```yaml bad
    ModelDataSource:
      S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
    AdditionalModelDataSources:
      - ChannelName: adapter
      - ChannelName: adapter
    ```

    ```yaml good
    ModelDataSource:
      S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
    AdditionalModelDataSources:
      - ChannelName: adapter-news
      - ChannelName: adapter-sales
    ```
    """
    match container:
        case {"AdditionalModelDataSources": list() as more} if more:
            if lacks(container, "ModelDataSource"):
                yield Problem(
                    Key("AdditionalModelDataSources"),
                    "AdditionalModelDataSources is set without a ModelDataSource, to which it adds data",
                )
            for path, name, first in repeated(select(more, ..., "ChannelName")):
                yield Problem(
                    ("AdditionalModelDataSources", *path),
                    f"duplicate ChannelName {shown(name)}; each additional model data source needs its own",
                    "error",
                    related=Related(("AdditionalModelDataSources", *first), "first used here"),
                )
