"""The inference specification: its containers, model data, instance lists and media types."""

from __future__ import annotations

from algolint import (
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    every,
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
    from algolint.values import Path

_TRANSFORM_LIST = "SupportedTransformInstanceTypes"
_INSTANCE_LISTS = (_TRANSFORM_LIST, "SupportedRealtimeInferenceInstanceTypes")
_MIME_LISTS = ("SupportedContentTypes", "SupportedResponseMIMETypes")
_MODEL_DATA = ("ModelDataUrl", "ModelDataSource")

# ---------------------------------------------------------------- against the validation


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="reference: TransformJobDefinition, runs with the algorithm's inference specification",
)
def transform_without_inference_spec(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A validation profile runs a transform job, and there is no InferenceSpecification.

    The transform job uses the containers of the InferenceSpecification. Without one there is nothing to
    run, and the validation cannot succeed: describe the inference containers, or validate the
    training alone.

    ```yaml bad
    AlgorithmName: forecaster
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: weekly-sales
          TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```

    ```yaml good
    AlgorithmName: forecaster
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: weekly-sales
          TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```
    """
    if lacks(request, "InferenceSpecification"):
        jobs = [Related(Key(*path), "the transform job") for path in context.transform_job_paths]
        if jobs:
            yield Problem(
                Key(),
                "a validation profile has a TransformJobDefinition, but there is no InferenceSpecification"
                " for it to run, so the validation fails",
                related=jobs,
            )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    evidence="guide: sagemaker-mkt-create-algo, inference code is validated with a transform job",
)
def inference_not_validated(request: dict[str, Any]) -> Iterator[Problem]:
    """The algorithm has inference code, and no validation profile runs a transform job.

    The validation then trains a model and never loads it, so a container that cannot serve is found
    by the first user. The API does not ask for the transform job.

    ```yaml bad
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: weekly-sales
          TrainingJobDefinition: {TrainingInputMode: File}
    ```

    ```yaml good
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: weekly-sales
          TrainingJobDefinition: {TrainingInputMode: File}
          TransformJobDefinition: {BatchStrategy: SingleRecord}
    ```
    """
    match request:
        case {
            "InferenceSpecification": _,
            "ValidationSpecification": {"ValidationProfiles": list() as profiles},
        } if profiles and not is_open(profiles):
            if all(lacks(profile, "TransformJobDefinition") for profile in profiles):
                yield Problem(
                    Key("ValidationSpecification", "ValidationProfiles"),
                    "no profile has a TransformJobDefinition, so the inference containers are not validated",
                    related=Related(Key("InferenceSpecification"), "the inference code"),
                )


# ---------------------------------------------------------------- the lists


@rule(
    on="InferenceSpecification",
    severity="warning",
    also=("error", "info"),
    evidence="reference: InferenceSpecification, both instance lists are required for unversioned models",
    replaces=("marketplace-instance-lists",),
)
def inference_instance_lists_missing(inference: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The inference specification does not say on which instance types it runs.

    The reference calls both lists required for models without versions, which an algorithm's are,
    although the API model leaves them optional. Without them users cannot tell where the algorithm
    transforms or serves. It is an error where a validation profile runs a transform job and
    SupportedTransformInstanceTypes is absent, and an info where one of two is absent, as it may be on
    purpose.

    ```yaml bad
    Containers:
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml good
    Containers:
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    SupportedTransformInstanceTypes: [ml.m5.xlarge]
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.large, ml.m5.xlarge]
    ```

    ```yaml bad CreateAlgorithmInput
    InferenceSpecification:
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```

    ```yaml good CreateAlgorithmInput
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```

    ```yaml bad
    SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml good
    SupportedTransformInstanceTypes: [ml.m5.xlarge]
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ```
    """
    absent = _absent(inference, _INSTANCE_LISTS, context)
    if not absent:
        return
    neither = all(_names_nothing(inference, name) for name in _INSTANCE_LISTS)
    which = " and ".join(absent)
    if _TRANSFORM_LIST in absent and context.transform_job_paths:
        message = f"no {which}, and a validation profile runs a transform job; list the types it may run on"
        yield Problem(Key(), message, "error")
    elif neither:
        yield Problem(Key(), f"no {which}; the reference requires both instance lists of an algorithm")
    elif not context.for_marketplace:
        yield Problem(
            Key(), f"no {which}; the reference requires both instance lists of an algorithm", "info"
        )


def _absent(inference: dict[str, Any], names: tuple[str, ...], context: Context) -> list[str]:
    """Which of the fields certainly are absent, though this revision of the API does not require them."""
    members = context.model.shape("InferenceSpecification").members
    return [name for name in names if lacks(inference, name) and not members[name].required]


def _names_nothing(inference: dict[str, Any], name: str) -> bool:
    if lacks(inference, name):
        return True
    match inference.get(name):
        case list() as items:
            return not items and not is_open(items)
    return False


@rule(
    on="InferenceSpecification",
    severity="warning",
    evidence="reference: InferenceSpecification, SupportedContentTypes and SupportedResponseMIMETypes",
)
def inference_mime_lists_missing(inference: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The inference specification does not say which media types it reads or answers with.

    Both lists were required for years and the reference still describes them so; newer API models
    made them optional. Without them nobody can tell what to send, and the profiles' transform jobs
    cannot be checked against them. Where the revision requires them, an absent list is a missing-field.

    ```yaml bad
    SupportedResponseMIMETypes: [application/json]
    ```

    ```yaml good
    SupportedContentTypes: [text/csv]
    SupportedResponseMIMETypes: [application/json]
    ```

    ```yaml bad
    SupportedContentTypes: []
    SupportedResponseMIMETypes: [application/json]
    ```

    ```yaml good
    SupportedContentTypes: [text/csv]
    SupportedResponseMIMETypes: [application/json]
    ```
    """
    if absent := _absent(inference, _MIME_LISTS, context):
        yield Problem(Key(), f"no {' and '.join(absent)}; users cannot tell which media types to use")
    for name in _MIME_LISTS:
        match inference.get(name):
            case list() as types if not types and not is_open(types):
                yield Problem(Key(name), f"{name} is empty; users cannot tell which media types to use")


@rule(
    on="InferenceSpecification",
    severity="warning",
    fix="safe",
    evidence="derived: a second entry says nothing new",
)
def mime_list_duplicates(inference: dict[str, Any]) -> Iterator[Problem]:
    """A media type stands twice in a list of the inference specification.

    The second entry adds nothing; often another type was meant. Types and subtypes do not tell upper
    from lower case, so `Text/CSV` repeats `text/csv`; only an exact repetition is deleted by the fix.
    Different parameters make different entries.

    ```yaml bad
    SupportedContentTypes:
      - text/csv
      - application/json
      - text/csv
    ```

    ```yaml good
    SupportedContentTypes:
      - text/csv
      - application/json
    ```
    """
    for name in _MIME_LISTS:
        seen: dict[str, str | int] = {}
        for (_, index), media in select(inference, name, ...):
            first = seen.setdefault(media.strip().lower(), index)
            if first != index:
                exact = media == inference[name][first]
                yield Problem(
                    (name, index),
                    f"{shown(media)} is in {name} already",
                    fix=Remove((name, index), title="delete the repetition", safe=True) if exact else None,
                    related=Related((name, first), "the first entry"),
                )


# ---------------------------------------------------------------- the containers


@rule(
    on="ModelPackageContainerDefinition",
    severity="warning",
    also=("error",),
    evidence="reference: ModelPackageContainerDefinition, Image; CloudFormation's registry schema",
)
def container_without_image(container: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A container of the inference specification has no Image.

    There is nothing to run then, and creating the model fails. Newer API models leave Image optional
    for packages that take it from a hub; a container with a BaseModel, or with model data from a hub,
    is therefore left alone. Where the revision requires it, an absent image is a missing-field.
    CloudFormation's resource type requires it always, so that it is an error in a template.

    ```yaml bad
    ContainerHostname: serving
    Environment: {WORKERS: "4"}
    ```

    ```yaml good
    ContainerHostname: serving
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    Environment: {WORKERS: "4"}
    ```
    """
    if not lacks(container, "Image"):
        return
    if context.in_cloudformation:
        yield Problem(Key(), "the container has no Image, which CloudFormation requires", "error")
        return
    if "BaseModel" in container:
        return
    if every(container, "ModelDataSource", "S3DataSource", "HubAccessConfig"):
        return
    members = context.model.shape("ModelPackageContainerDefinition").members
    if not members["Image"].required:
        yield Problem(Key(), "the container has no Image, so there is nothing to run")


@rule(
    on="InferenceSpecification",
    severity="error",
    also=("info",),
    evidence="reference: ContainerDefinition, ContainerHostname for every container of a pipeline",
)
def pipeline_hostnames(inference: dict[str, Any]) -> Iterator[Problem]:
    """The containers of a pipeline are named only in part, or two have one ContainerHostname.

    If one container of a pipeline has a hostname every one needs one, and each must be unique; host
    names do not tell upper from lower case. The validation creates a model of these containers, which is
    refused. The hostname of a single container is ignored, which is worth an info.

    ```yaml bad
    Containers:
      - ContainerHostname: preprocess
      - ContainerHostname: Preprocess
    ```

    ```yaml good
    Containers:
      - ContainerHostname: preprocess
      - ContainerHostname: predict
    ```

    ```yaml bad
    Containers:
      - ContainerHostname: preprocess
        Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-features:1.4.2
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml good
    Containers:
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-features:1.4.2
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml bad
    Containers:
      - ContainerHostname: predict
        Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml good
    Containers:
      - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```
    """
    match inference:
        case {"Containers": list() as containers}:
            pass
        case _:
            return
    first: dict[str, int] = {}
    nameless = []
    for index, container in enumerate(containers):
        match container:
            case {"ContainerHostname": str() as name}:
                earlier = first.setdefault(name.lower(), index)
                if earlier != index:
                    yield Problem(
                        ("Containers", index, "ContainerHostname"),
                        f"{shown(name)} is the hostname of two containers, so the model is refused",
                        related=Related(("Containers", earlier, "ContainerHostname"), "the first one"),
                    )
            case dict() if lacks(container, "ContainerHostname"):
                nameless.append(index)
    for name, index in first.items():
        named = Related(("Containers", index, "ContainerHostname"), f"this one is {shown(name)}")
        for other in nameless:
            yield Problem(
                Key("Containers", other),
                "no ContainerHostname, and another container of the pipeline has one; all need one, or none",
                related=named,
            )
        if len(containers) == 1 and not is_open(containers):
            location = ("Containers", index, "ContainerHostname")
            yield Problem(location, "the ContainerHostname of a single container is ignored", "info")
        break


# ---------------------------------------------------------------- model data


@rule(
    on="ModelPackageContainerDefinition",
    severity="error",
    evidence="reference: ModelPackageContainerDefinition, ModelDataUrl has the suffix .tar.gz",
)
def model_data_not_targz(container: dict[str, Any]) -> Iterator[Problem]:
    """ModelDataUrl does not end in .tar.gz.

    It has to point to a single gzip-compressed tar archive with that suffix; `.tgz`, a bare model file
    or a prefix is refused when the model is created. Files that are not packed go into
    ModelDataSource.

    ```yaml bad
    ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tgz
    ```

    ```yaml good
    ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tar.gz
    ```
    """
    match container:
        case {"ModelDataUrl": str() as url} if url:
            address = s3_address(url)
            if address and not address.key.endswith(".tar.gz"):
                yield Problem(
                    "ModelDataUrl", f"{shown(url)} does not end in .tar.gz; the model is one such archive"
                )


@rule(
    on="InferenceSpecification",
    severity="warning",
    also=("info",),
    fix="unsafe",
    evidence="guide: Marketplace ml-algorithm-images, the training container makes the model artifacts",
)
def model_data_in_algorithm(inference: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A container of an algorithm brings model data of its own.

    An algorithm's inference container serves what the training job has made: the validation, and every
    user, creates the model with those artifacts. Data given here belongs in a model package. In a
    pipeline a preprocessing container may well bring its own, so there it is an info. An inference
    specification alone may be a model package's, and nothing is reported of it.

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
    if not context.is_whole:
        return
    match inference:
        case {"Containers": list() as containers} if len(containers) > 1 or not is_open(containers):
            alone = len(containers) == 1
            aside = "" if alone else "; data of its own is for preprocessing only"
        case _:
            return
    for index, container in enumerate(containers):
        for name in _MODEL_DATA:
            match container:
                case dict() if name in container:
                    yield Problem(
                        Key("Containers", index, name),
                        f"{name} is set, but an algorithm serves the artifacts of its training job{aside}",
                        None if alone else "info",
                        fix=Remove(("Containers", index, name)),
                    )


@rule(
    on="ModelPackageContainerDefinition",
    severity="error",
    evidence="reference: ContainerDefinition, ModelDataSource: one and only one of the data sources",
)
def model_data_two_sources(container: dict[str, Any]) -> Iterator[Problem]:
    """A container has both ModelDataUrl and ModelDataSource.

    They are two ways to say where the model is, and a model is created with one only.

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
                "ModelDataSource and ModelDataUrl are both set; a container takes one of them",
                related=Related(Key("ModelDataUrl"), "the other source"),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="service: CreateTransformJob, no support for ModelDataSource (aws/sagemaker-python-sdk#4777)",
)
def model_data_source_unsupported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A container uses ModelDataSource where batch transform or AWS Marketplace is involved.

    Batch transform does not support models with a ModelDataSource, and the service says so when the
    transform job of the validation starts; the reference excludes Marketplace too. A packed archive in
    ModelDataUrl works in both. The documents say "currently", so this may change.

    ```yaml bad
    InferenceSpecification:
      Containers:
        - ModelDataSource:
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
        - ModelDataUrl: s3://amzn-example-bucket/models/forecaster.tar.gz
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
        - ModelDataSource:
            S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
    ```

    ```yaml good
    CertifyForMarketplace: false
    InferenceSpecification:
      Containers:
        - ModelDataSource:
            S3DataSource: {S3DataType: S3Prefix, CompressionType: None}
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
    jobs = [Related(Key(*path), "the transform job") for path in context.transform_job_paths]
    if jobs or context.for_marketplace:
        user = "batch transform, so the validation fails" if jobs else "AWS Marketplace"
        for path in sources:
            yield Problem(
                Key(*path),
                f"ModelDataSource is not supported with {user}; ModelDataUrl is",
                related=jobs or Related("CertifyForMarketplace", "for Marketplace"),
            )


@rule(
    on="S3ModelDataSource",
    severity="error",
    also=("warning",),
    fix="safe",
    evidence="reference: S3ModelDataSource, S3DataType and CompressionType",
)
def s3_model_source_shape(source: dict[str, Any]) -> Iterator[Problem]:
    """S3DataType, S3Uri and CompressionType of a model's S3 source do not fit together.

    An S3Prefix always ends with a slash and is not compressed. Gzip is for one archive (S3Object),
    whose name should end in .tar.gz; another name earns a warning. The fix adds the slash where the
    address does not look like a file.

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
        case {"S3DataType": str() as kind, "S3Uri": str() as uri} if (
            kind == "S3Prefix" and s3_address(uri) and not uri.endswith("/")
        ):
            is_file = names_one_object(uri)
            hint = "; one object is an S3Object" if is_file else ""
            yield Problem(
                "S3Uri",
                f"{shown(uri)} does not end with '/', as the S3Uri of an S3Prefix must{hint}",
                fix=None if is_file else Replace("S3Uri", f"{uri}/", title="add the slash", safe=True),
                related=Related("S3DataType", "the address is a prefix"),
            )
    match source:
        case {"S3DataType": str() as kind, "CompressionType": str() as compression} if compression == "Gzip":
            if kind == "S3Prefix":
                yield Problem(
                    "CompressionType",
                    "CompressionType 'Gzip' is for an S3Object; an S3Prefix takes 'None'",
                    related=Related("S3DataType", "the address is a prefix"),
                )
            elif kind == "S3Object":
                match source:
                    case {"S3Uri": str() as uri} if (address := s3_address(uri)) and not address.key.endswith(
                        ".tar.gz"
                    ):
                        yield Problem(
                            "S3Uri",
                            f"{shown(uri)} does not end in .tar.gz, and its CompressionType is 'Gzip'",
                            "warning",
                            related=Related("CompressionType", "a gzip-compressed tar archive"),
                        )


@rule(
    on="ModelPackageContainerDefinition",
    severity="warning",
    also=("error",),
    fix="unsafe",
    evidence="service: CreateModelPackage, AdditionalS3DataSource is not allowed (boto/boto3#4510)",
)
def additional_data_sources(container: dict[str, Any]) -> Iterator[Problem]:
    """A container has additional data sources that are not taken, or not in this form.

    AdditionalS3DataSource is in the shape, but requests with it were refused as not allowed in an
    InferenceSpecification; it seems to be open to some accounts only. AdditionalModelDataSources come in
    addition to a ModelDataSource, so without one they are likely a mistake. Their channel names must
    differ, otherwise one would be mounted over the other, which is an error.

    ```yaml bad
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    AdditionalS3DataSource:
      S3DataType: S3Prefix
      S3Uri: s3://amzn-example-bucket/lookup/
    ```

    ```yaml good
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

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
        case {"AdditionalS3DataSource": _}:
            yield Problem(
                Key("AdditionalS3DataSource"),
                "AdditionalS3DataSource is reported as not allowed in an InferenceSpecification",
                fix=Remove("AdditionalS3DataSource"),
            )
    match container:
        case {"AdditionalModelDataSources": list() as more} if more:
            if lacks(container, "ModelDataSource"):
                yield Problem(
                    Key("AdditionalModelDataSources"),
                    "AdditionalModelDataSources come in addition to a ModelDataSource, which is absent",
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
                f"{shown(name)} is the ChannelName of two additional sources; each needs its own",
                "error",
                related=Related(("AdditionalModelDataSources", earlier, "ChannelName"), "the first one"),
            )
