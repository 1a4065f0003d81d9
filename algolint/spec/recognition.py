"""Which documents are algorithm specs, and of which shape; told from their keys."""

from __future__ import annotations

from algolint.aws.model import REQUEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: What DescribeAlgorithm answers beside the request's own members.
RESPONSE_ONLY = frozenset(
    {
        "AlgorithmArn",
        "AlgorithmStatus",
        "AlgorithmStatusDetails",
        "CreationTime",
        "ProductId",
        "ResponseMetadata",
    }
)
#: Together they tell a whole response from a request with leftovers of one.
WHOLE_RESPONSE = frozenset({"AlgorithmArn", "AlgorithmStatus", "CreationTime"})

_REQUEST = frozenset(
    {"AlgorithmName", "AlgorithmDescription", "TrainingSpecification", "InferenceSpecification"}
    | {"ValidationSpecification", "CertifyForMarketplace", "Tags"}
)
_TRAINING = frozenset(
    {"TrainingImage", "TrainingImageDigest", "SupportedHyperParameters", "SupportedTrainingInstanceTypes"}
    | {"SupportsDistributedTraining", "TrainingChannels", "SupportedTuningJobObjectiveMetrics"}
)
_INFERENCE = frozenset(
    {"Containers", "SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes"}
    | {"SupportedContentTypes", "SupportedResponseMIMETypes"}
)


#: What every file holds that has the algorithm as a resource: of a CloudFormation template, of Terraform.
CLOUDFORMATION_TYPE = "AWS::SageMaker::Algorithm"
TERRAFORM_TYPE = "sagemaker_algorithm"

#: What CloudFormation's resource type lacks of the request's shapes (registry schema as of cfn-lint 1.58.0;
#: Terraform's awscc provider is made from the same schema).
NOT_IN_CLOUDFORMATION = {
    REQUEST: frozenset({"ValidationSpecification"}),
    "TrainingSpecification": frozenset({"AdditionalS3DataSource"}),
    "ModelPackageContainerDefinition": frozenset(
        {"AdditionalModelDataSources", "AdditionalS3DataSource", "BaseModel", "ModelDataETag"}
        | {"ModelDataSource", "ModelDataUrl", "ProductId"}
    ),
}

# Every spec and every part of one that `shape_of` recognises holds one of these words.
_WORDS = (
    "AlgorithmName",
    "TrainingSpecification",
    "Training",
    "Supported",
    "ValidationProfiles",
    "IsTunable",
    "IsRequired",
    "DefaultValue",
    "Range",
    "Algorithm.create",
    CLOUDFORMATION_TYPE,
    TERRAFORM_TYPE,
)


def may_hold_spec(text: str) -> bool:
    """Whether a file of a folder is worth parsing; cheap, and never false for a spec."""
    return any(word in text for word in _WORDS)


# Every program that passes a spec to the API, or holds one, has one of these words.
_PROGRAM_WORDS = (
    "create_algorithm",
    "TrainingSpecification",
    "Algorithm.create",
    "SupportedHyperParameters",
    "SupportedTrainingInstanceTypes",
)


def may_hold_literals(text: str) -> bool:
    """Whether a program is worth parsing; cheap, and false for nearly all."""
    return any(word in text for word in _PROGRAM_WORDS)


def looks_like_spec(text: str) -> bool:
    """Whether a file of a folder that cannot be parsed is meant to be a spec, and not some other file."""
    if "TrainingSpecification" in text or ("AlgorithmName" in text and "Supported" in text):
        return True
    return f'"aws_{TERRAFORM_TYPE}"' in text or f'"awscc_{TERRAFORM_TYPE}"' in text


def is_whole_response(spec: Any) -> bool:
    """Whether this is a DescribeAlgorithm response as the service gives it."""
    return isinstance(spec, dict) and spec.keys() >= WHOLE_RESPONSE


def shape_of(spec: Any) -> str | None:
    """The shape a document is a spec of: a request, a part of one, or None for something else."""
    if isinstance(spec, dict):
        return _shape_of_object(spec)
    if isinstance(spec, list) and spec and all(_is_hyperparameter(item) for item in spec):
        return "HyperParameterSpecifications"
    return None


def _shape_of_object(spec: dict[str, Any]) -> str | None:
    keys = spec.keys()
    if any(key.startswith(("ModelPackage", "SourceAlgorithm")) for key in keys):
        return None
    if "TrainingSpecification" in keys or ("AlgorithmName" in keys and len(_REQUEST & keys) > 1):
        return REQUEST
    if len(_TRAINING & keys) > 1:
        return "TrainingSpecification"
    if len(_INFERENCE & keys) > 1:
        return "InferenceSpecification"
    match spec:
        case {"ValidationProfiles": [{"TrainingJobDefinition": _}, *_]}:
            return "AlgorithmValidationSpecification"
    return None


def _is_hyperparameter(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and {"Name", "Type"} <= item.keys()
        and bool({"Range", "IsTunable", "IsRequired", "DefaultValue"} & item.keys())
    )
