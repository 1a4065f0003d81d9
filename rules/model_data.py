"""The model and other data of the containers that serve, and additional data for training."""

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

    It has to point to a single gzip-compressed tar archive with that suffix. With `.tgz`, a model file or a
    prefix the model cannot be created. Files that are not packed go into a ModelDataSource.

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
    alone may be that of a model package, and is not checked.

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
    match inference:
        case {"Containers": list() as containers} if context.is_whole:
            if len(containers) == 1 and is_open(containers):
                return
        case _:
            return
    alone = len(containers) == 1
    aside = "; remove it" if alone else "; only a container for preprocessing has its own"
    for index, container in enumerate(containers):
        for name in _MODEL_DATA:
            match container:
                case dict() if name in container:
                    yield Problem(
                        Key("Containers", index, name),
                        f"{name} is set, but an algorithm serves the artifacts of its training job{aside}",
                        None if alone else "info",
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

    Both give the location of the model, and a model is created from one of them only.

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
    """A container has a ModelDataSource where batch transform or AWS Marketplace is involved.

    Batch transform does not support models with a ModelDataSource, and the transform job of the validation
    fails with that message; the reference excludes AWS Marketplace too. The only container of an algorithm
    needs no model data, since it serves the artifacts of the training job, so the fix deletes the field. A
    preprocessing container of a pipeline can have a packed archive in ModelDataUrl. The documents describe
    the limit as current, so it may be lifted.

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
    sources: list[Path] = []
    match request:
        case {"InferenceSpecification": {"Containers": list() as containers}}:
            for index, container in enumerate(containers):
                match container:
                    case {"ModelDataSource": _}:
                        sources.append(("InferenceSpecification", "Containers", index, "ModelDataSource"))
    if not sources:
        return
    jobs = [Related(Key(*path), "the transform job is here") for path in context.transform_job_paths]
    if jobs or context.for_marketplace:
        user = "batch transform" if jobs else "AWS Marketplace"
        containers = request["InferenceSpecification"]["Containers"]
        alone = len(containers) == 1 and not is_open(containers)
        way_out = "remove it, since an algorithm serves the artifacts of its training job"
        for path in sources:
            yield Problem(
                Key(*path),
                f"ModelDataSource is not supported with {user}; {way_out if alone else 'use ModelDataUrl'}",
                fix=_without_model_data(containers[path[2]], path) if alone else None,
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

    The S3Uri of an S3Prefix ends with a slash, and a prefix is not compressed. Gzip is for one archive
    (S3Object), whose name should end in .tar.gz; another name is a warning. The fix adds the slash where
    the address does not look like that of a file.

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
            is_file = certainly(names_one_object, uri)
            hint = "; for one object S3DataType is S3Object" if is_file else ""
            yield Problem(
                "S3Uri",
                f"{shown(uri)} does not end with a slash, which S3DataType S3Prefix requires{hint}",
                fix=None
                if is_file or not isinstance(uri, str)
                else Replace("S3Uri", f"{uri}/", title="add the slash", safe=True),
                related=Related("S3DataType", "S3DataType is S3Prefix"),
            )
    match source:
        case {"S3DataType": str() as kind, "CompressionType": str() as compression} if compression == "Gzip":
            if kind == "S3Prefix":
                yield Problem(
                    "CompressionType",
                    "CompressionType is Gzip, which is for S3DataType S3Object; S3Prefix takes None",
                    related=Related("S3DataType", "S3DataType is S3Prefix"),
                )
            elif kind == "S3Object":
                match source:
                    case {"S3Uri": str() | PartialText() as uri} if (
                        address := s3_address(uri)
                    ) and not address.key.endswith(".tar.gz"):
                        yield Problem(
                            "S3Uri",
                            f"{shown(uri)} does not end in .tar.gz, as with CompressionType Gzip it should",
                            "warning",
                            related=Related("CompressionType", "CompressionType is Gzip"),
                        )


def _lacks_slash(uri: Text) -> bool:
    """Whether this is an S3 address that does not end with a slash."""
    return s3_address(uri) is not None and not uri.endswith("/")


@rule(
    on=("AdditionalS3DataSource", "InferenceSpecification"),
    severity="warning",
    evidence="guide: aws/amazon-sagemaker-examples, sm-marketplace_building_your_own_container_as_package,"
    " cells 57-60, February 2025; only the first container, S3Object, Gzip and .tar.gz are supported",
    fix="unsafe",
)
def additional_s3_data_source(part: dict[str, Any]) -> Iterator[Problem]:
    """An AdditionalS3DataSource is in a form or a place that is not supported.

    It gives the training image or the inference container a file beside the data and the model, such as a
    base model. AWS's notebook for it states the limits: one object (S3Object), compressed (Gzip), with a
    name that ends in .tar.gz, and of the containers only the first one may have it. The API's model allows
    more. The container finds the file by the environment variable SAGEMAKER_ADDITIONAL_S3_DATA_PATH.

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
                f"{field} is {value}, but an AdditionalS3DataSource has to be {supported}",
                fix=Replace(field, supported) if is_archive else None,
            )
    if isinstance(uri, (str, PartialText)) and not uri.endswith(".tar.gz"):
        yield Problem("S3Uri", f"{shown(uri)} does not end in .tar.gz, as an AdditionalS3DataSource has to")


@rule(
    on="ModelPackageContainerDefinition",
    severity="warning",
    also=("error",),
    evidence="reference: ModelPackageContainerDefinition.AdditionalModelDataSources, botocore 1.44.8; 'in"
    " addition to the one that you specify for ModelDataSource'",
)
def additional_data_sources(container: dict[str, Any]) -> Iterator[Problem]:
    """A container has AdditionalModelDataSources without a ModelDataSource, or two of one name.

    They come in addition to the ModelDataSource, so without one they are probably a mistake. Each is a
    directory of its own in the container, so two with one ChannelName are an error.

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
                    "AdditionalModelDataSources are set without a ModelDataSource, to which they are added",
                )
            yield from _repeated_channels(more)


def _repeated_channels(sources: list[Any]) -> Iterator[Problem]:
    first: dict[str, str | int] = {}
    for (index, _), name in select(sources, ..., "ChannelName"):
        if not isinstance(name, str):
            continue
        earlier = first.setdefault(name, index)
        if earlier != index:
            yield Problem(
                ("AdditionalModelDataSources", index, "ChannelName"),
                f"{shown(name)} is the ChannelName of two additional model data sources; each needs its own",
                "error",
                related=Related(("AdditionalModelDataSources", earlier, "ChannelName"), "first used here"),
            )
