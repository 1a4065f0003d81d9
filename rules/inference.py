"""The inference specification: its containers, instance lists and media types."""

from __future__ import annotations

from algolint import (
    Key,
    Problem,
    Related,
    Remove,
    every,
    is_open,
    lacks,
    rule,
    select,
    shown,
)

from ._profiles import repeated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context

_TRANSFORM_LIST = "SupportedTransformInstanceTypes"
_INSTANCE_LISTS = (_TRANSFORM_LIST, "SupportedRealtimeInferenceInstanceTypes")
_MIME_LISTS = ("SupportedContentTypes", "SupportedResponseMIMETypes")

# ---------------------------------------------------------------- against the validation


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="reference: AlgorithmValidationProfile.TransformJobDefinition, botocore 1.44.8; the transform"
    " job runs the algorithm's inference containers",
)
def transform_without_inference_spec(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A validation profile runs a transform job, but there is no InferenceSpecification.

    The transform job runs the containers of the InferenceSpecification, so without one the validation
    fails. Add the inference containers, or delete the TransformJobDefinition to validate the training
    alone.

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
        jobs = [Related(Key(*path), "the transform job is here") for path in context.transform_job_paths]
        if jobs:
            yield Problem(
                Key(),
                "a validation profile has a TransformJobDefinition, but there is no InferenceSpecification"
                " with the containers to run",
                related=jobs,
            )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; inference code is validated with a"
    " transform job",
)
def inference_not_validated(request: dict[str, Any]) -> Iterator[Problem]:
    """The algorithm has inference containers, but no validation profile runs a transform job.

    The validation then trains a model but does not load it, so users are the first to notice a container
    that cannot serve. The API does not require the transform job, so this is a warning. For an algorithm
    with CertifyForMarketplace true, `marketplace-needs-transform-profile` reports it.

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
        } if profiles and not is_open(profiles) and _is_private(request):
            if all(lacks(profile, "TransformJobDefinition") for profile in profiles):
                yield Problem(
                    Key("ValidationSpecification", "ValidationProfiles"),
                    "no profile has a TransformJobDefinition, so the inference containers are not validated",
                    related=Related(Key("InferenceSpecification"), "the containers are declared here"),
                )


def _is_private(request: dict[str, Any]) -> bool:
    """Whether an algorithm is certainly not for AWS Marketplace."""
    match request:
        case {"CertifyForMarketplace": False}:
            return True
    return lacks(request, "CertifyForMarketplace")


# ---------------------------------------------------------------- the lists


@rule(
    on="InferenceSpecification",
    severity="warning",
    also=("error", "info"),
    evidence="reference: InferenceSpecification.SupportedTransformInstanceTypes, botocore 1.44.8;"
    " 'required for unversioned models'",
    replaces=("marketplace-instance-lists",),
)
def inference_instance_lists_missing(inference: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An inference specification lacks one or both lists of instance types.

    The reference calls both lists required for unversioned models, which includes those of an algorithm,
    although they are optional in the API's model. Without them users do not know on which instance types
    they can run transform jobs or endpoints. It is an error if a validation profile runs a transform job
    and SupportedTransformInstanceTypes is missing, and info if one of the two is missing otherwise, which
    may be intended. An inference specification by itself may belong to a model package, and is not
    checked.

    ```yaml bad CreateAlgorithmInput
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml good CreateAlgorithmInput
    InferenceSpecification:
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

    ```yaml bad CreateAlgorithmInput
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml good CreateAlgorithmInput
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ```
    """
    absent = _absent(inference, _INSTANCE_LISTS, context)
    if not absent:
        return
    fact = f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} missing"
    if _TRANSFORM_LIST in absent and context.transform_job_paths:
        message = f"{fact}, but a validation profile runs a transform job; list its instance type"
        yield Problem(Key(), message, "error")
        return
    names_none = all(_names_nothing(inference, name) for name in _INSTANCE_LISTS)
    # For AWS Marketplace, `marketplace-instance-lists` reports a single missing list.
    if names_none or not context.for_marketplace:
        message = f"{fact}; the reference requires both lists of instance types"
        yield Problem(Key(), message, None if names_none else "info")


def _absent(inference: dict[str, Any], names: tuple[str, ...], context: Context) -> list[str]:
    """Return the fields that an algorithm certainly lacks, and that this revision does not require."""
    if not context.is_whole:
        return []
    required = context.model.shape("InferenceSpecification").required
    return [name for name in names if lacks(inference, name) and name not in required]


def _names_nothing(inference: dict[str, Any], name: str) -> bool:
    """Whether a list is certainly absent or empty."""
    if lacks(inference, name):
        return True
    match inference.get(name):
        case list() as items:
            return not items and not is_open(items)
    return False


@rule(
    on="InferenceSpecification",
    severity="warning",
    evidence="reference: InferenceSpecification.SupportedContentTypes, botocore 1.44.8; 'The supported"
    " MIME types for the input data.'",
)
def inference_mime_lists_missing(inference: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An inference specification lacks the media types of requests or responses.

    Both lists were required until botocore 1.34, and the reference still describes them as required, but
    they are optional in newer API models. Without them users do not know what to send, and a profile's
    transform job cannot be checked. If the revision requires them, missing-field reports a missing list.
    An inference specification by itself may belong to a model package, and is checked for empty lists
    only.

    ```yaml bad CreateAlgorithmInput
    InferenceSpecification:
      SupportedResponseMIMETypes: [application/json]
    ```

    ```yaml good CreateAlgorithmInput
    InferenceSpecification:
      SupportedContentTypes: [text/csv]
      SupportedResponseMIMETypes: [application/json]
    ```

    ```yaml bad CreateAlgorithmInput
    InferenceSpecification:
      SupportedContentTypes: []
      SupportedResponseMIMETypes: [application/json]
    ```

    ```yaml good CreateAlgorithmInput
    InferenceSpecification:
      SupportedContentTypes: [text/csv]
      SupportedResponseMIMETypes: [application/json]
    ```
    """
    if absent := _absent(inference, _MIME_LISTS, context):
        are = "is" if len(absent) == 1 else "are"
        yield Problem(
            Key(),
            f"{' and '.join(absent)} {are} missing; list the media types that users can send and receive",
        )
    for name in _MIME_LISTS:
        match inference.get(name):
            case list() as types if not types and not is_open(types):
                yield Problem(
                    Key(name), f"{name} is empty; list the media types that users can send and receive"
                )


@rule(
    on="InferenceSpecification",
    severity="warning",
    fix="safe",
    evidence="derived: a duplicate entry has no effect",
)
def mime_list_duplicates(inference: dict[str, Any]) -> Iterator[Problem]:
    """A media type is listed twice in the inference specification.

    A duplicate has no effect; often another type was meant. Media types are not case-sensitive, so
    `Text/CSV` is a duplicate of `text/csv`; entries with different parameters are different. The fix
    deletes exact duplicates.

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
                is_exact = media == inference[name][first]
                yield Problem(
                    (name, index),
                    f"{shown(media)} is listed twice in {name}",
                    fix=Remove((name, index), title="delete the duplicate", safe=True) if is_exact else None,
                    related=Related((name, first), "first listed here"),
                )


# ---------------------------------------------------------------- the containers


@rule(
    on="ModelPackageContainerDefinition",
    severity="warning",
    also=("error",),
    evidence="reference: ModelPackageContainerDefinition.Image, botocore 1.44.8; 'path where inference code"
    " is stored'; model: CloudFormation's registry schema of AWS::SageMaker::Algorithm, cfn-lint 1.58.0;"
    " Image is optional there",
)
def container_without_image(container: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A container of the inference specification has no Image.

    Without an image the model cannot be created. In newer API models Image is optional, for packages that
    take it from a hub; a container with a BaseModel, or with model data from a hub, is therefore accepted.
    If the revision requires it, missing-field reports a missing image. CloudFormation's resource type
    always requires it, so it is an error in a template.

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
        yield Problem(Key(), "Image is missing; CloudFormation requires it in each container", "error")
        return
    if "BaseModel" in container:
        return
    if every(container, "ModelDataSource", "S3DataSource", "HubAccessConfig"):
        return
    if "Image" not in context.model.shape("ModelPackageContainerDefinition").required:
        yield Problem(Key(), "Image is missing; without it the container cannot run")


@rule(
    on="InferenceSpecification",
    severity="error",
    also=("info",),
    evidence="reference: ContainerDefinition.ContainerHostname, botocore 1.44.8; a name for every"
    " container of a pipeline",
)
def pipeline_hostnames(inference: dict[str, Any]) -> Iterator[Problem]:
    """Only some containers of a pipeline have a ContainerHostname, or two have the same.

    If one container of a pipeline has a ContainerHostname, all of them need one, and each must be unique;
    case does not matter. Otherwise the model that the validation creates of these containers is rejected.
    The ContainerHostname of a single container is ignored, which is reported as info.

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
    named = select(inference, "Containers", ..., "ContainerHostname")
    for path, name, first in repeated(named, str.lower):
        yield Problem(
            path,
            f"duplicate ContainerHostname {shown(name)}; each container needs its own",
            related=Related(first, "first used here"),
        )
    if not named:
        return
    path, name = named[0]
    containers = inference["Containers"]
    for index, container in enumerate(containers):
        if isinstance(container, dict) and lacks(container, "ContainerHostname"):
            yield Problem(
                Key("Containers", index),
                "the container has no ContainerHostname, but another one has; set it in all containers, or in"
                " none",
                related=Related(path, f"this container has {shown(name)}"),
            )
    if len(containers) == 1 and not is_open(containers):
        yield Problem(path, "the ContainerHostname of a single container is ignored", "info")
