"""Recognizing by its keys whether a document is an algorithm spec, and of which shape."""

from __future__ import annotations

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.messages import are_alike
from algolint.spec.placeholders import is_unknown
from algolint.values import OpenDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

#: The members of a DescribeAlgorithm response that a request does not have.
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
#: The members that distinguish a whole response from a request with leftovers of one.
WHOLE_RESPONSE = frozenset({"AlgorithmArn", "AlgorithmStatus", "CreationTime"})

# The members of a request and of its parts.
_REQUEST = frozenset(
    {"AlgorithmName", "AlgorithmDescription", "TrainingSpecification", "InferenceSpecification"}
    | {"ValidationSpecification", "CertifyForMarketplace", "Tags"}
)
_PARTS = {
    "TrainingSpecification": frozenset(
        {"TrainingImage", "TrainingImageDigest", "SupportedHyperParameters", "SupportedTrainingInstanceTypes"}
        | {"SupportsDistributedTraining", "TrainingChannels", "SupportedTuningJobObjectiveMetrics"}
    ),
    "InferenceSpecification": frozenset(
        {"Containers", "SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes"}
        | {"SupportedContentTypes", "SupportedResponseMIMETypes"}
    ),
    "AlgorithmValidationSpecification": frozenset({"ValidationRole", "ValidationProfiles"}),
}
# An object with more keys is not compared with misspellings; of a list only the first items are looked at.
_MAX_COMPARED = 50


#: The type of an algorithm as a resource in CloudFormation, and in Terraform without the provider's prefix.
CLOUDFORMATION_TYPE = "AWS::SageMaker::Algorithm"
TERRAFORM_TYPE = "sagemaker_algorithm"

# The types of hyperparameters.
_TYPES = ("Integer", "Continuous", "Categorical", "FreeText")
#: Every spec that `shape_of` recognizes in a folder contains one of these keys and, if the key has words, one
#: of its words. Searching for the few keys is enough to exclude most files.
WORDS: dict[str, tuple[str, ...]] = {
    "Algorithm": ("AlgorithmName", CLOUDFORMATION_TYPE),
    "Training": ("TrainingSpecification", "TrainingImage", "TrainingChannels"),
    "Support": (
        "SupportedHyperParameters",
        "SupportedTrainingInstanceTypes",
        "SupportedTuningJobObjectiveMetrics",
        "SupportsDistributedTraining",
        "SupportedTransformInstanceTypes",
        "SupportedRealtimeInferenceInstanceTypes",
        "SupportedContentTypes",
        "SupportedResponseMIMETypes",
    ),
    "Validation": ("ValidationProfiles", "ValidationRole"),
    "Containers": ("Image",),
    "DefaultValue": _TYPES,
    "IsRequired": _TYPES,
    "IsTunable": (),
    "RangeSpecification": (),
    TERRAFORM_TYPE: (),
}


def may_hold_spec(text: Container[str]) -> bool:
    """Whether a file of a folder may hold a spec; cheap, and never false for a spec."""
    for word, others in WORDS.items():
        if word in text and (not others or any(other in text for other in others)):
            return True
    return False


#: Every document with a request that uses an algorithm has one of these words.
JOB_WORDS = ("AlgorithmSpecification", "JobName", "ProductionVariants")
#: Every program that sends such a request has one of these words, or one of a document's.
JOB_CALLS = (
    "AlgorithmEstimator",
    *("create_training_job", "create_hyper_parameter_tuning_job", "create_transform_job"),
    *("create-training-job", "create-hyper-parameter-tuning-job", "create-transform-job"),
    *("create_endpoint_config", "create-endpoint-config", "sagemaker_endpoint_configuration"),
    *("sagemaker_training_job", "sagemaker_hyper_parameter_tuning_job"),
)


def may_hold_job(text: Container[str]) -> bool:
    """Whether a document may hold a request that uses an algorithm; false for most."""
    return any(word in text for word in JOB_WORDS)


def may_send_job(text: Container[str]) -> bool:
    """Whether a program may send a request that uses an algorithm; false for most."""
    return may_hold_job(text) or any(word in text for word in JOB_CALLS)


#: Every program that passes a spec to the API, or holds one, has one of these words.
PROGRAM_WORDS = (
    "create_algorithm",
    "create-algorithm",
    "CreateAlgorithm",
    "createAlgorithm",
    "CfnAlgorithm",
    "sagemaker.Algorithm",
    "TrainingSpecification",
    "Algorithm.create",
    "SupportedHyperParameters",
    "SupportedTrainingInstanceTypes",
)


def may_hold_literals(text: Container[str]) -> bool:
    """Whether a program may hold a spec; cheap, and false for nearly all."""
    return any(word in text for word in PROGRAM_WORDS)


def looks_like_spec(text: str) -> bool:
    """Whether a file of a folder that cannot be parsed is evidently meant to be a spec."""
    if "TrainingSpecification" in text or ("AlgorithmName" in text and "Supported" in text):
        return True
    return f'"aws_{TERRAFORM_TYPE}"' in text or f'"awscc_{TERRAFORM_TYPE}"' in text


def is_whole_response(spec: Any) -> bool:
    """Whether this is a complete DescribeAlgorithm response, as the service returns it."""
    if isinstance(spec, OpenDict):
        return not WHOLE_RESPONSE.isdisjoint(spec)
    return isinstance(spec, dict) and spec.keys() >= WHOLE_RESPONSE


def request_of(response: dict[str, Any]) -> dict[str, Any]:
    """Return the members of a response that a request has too, open if the response is open."""
    request = {key: value for key, value in response.items() if key not in RESPONSE_ONLY}
    return OpenDict(request) if isinstance(response, OpenDict) else request


# ---------------------------------------------------------------- the shape of a document


def shape_of(spec: Any, named: bool = True) -> str | None:
    """Return the shape of a spec, which is a request or a part of one, or None for other documents.

    A fault that the rules could report must not hide a spec, so one key may be missing or misspelt, and one
    value may have any type. In a file that the user did not name, a key that no other program uses is needed.
    """
    if isinstance(spec, dict):
        return _shape_of_object(spec, named)
    if isinstance(spec, list) and spec and _are_hyperparameters(spec, named):
        return "HyperParameterSpecifications"
    return None


def is_open_part(spec: Any, shape: str) -> bool:
    """Whether a part of a request has a single field, because the program that uses it adds the others."""
    return shape in ("TrainingSpecification", "InferenceSpecification") and len(spec) == 1


def _shape_of_object(spec: dict[str, Any], named: bool) -> str | None:
    keys = spec.keys()
    if is_of_another_api(spec):
        return None
    if "TrainingSpecification" in keys or "AlgorithmName" in keys:
        if _is_request(spec, named):
            return REQUEST
    elif named and len(keys) <= _MAX_COMPARED and _is_misspelt_request(spec):
        return REQUEST
    for shape, members in _PARTS.items():
        if _is_part(spec, shape, members, named):
            return shape
    # A request that was only just begun has nothing but the name.
    return REQUEST if named and keys == {"AlgorithmName"} else None


def is_of_another_api(spec: dict[str, Any]) -> bool:
    """Whether this is a request for a model package or a job, or an item of a ListAlgorithms response."""
    keys = spec.keys()
    if "AlgorithmName" in keys or "TrainingSpecification" in keys:
        return keys >= WHOLE_RESPONSE and keys <= _SUMMARY
    return any(key.startswith(("AlgorithmSpecification", "ModelPackage", "SourceAlgorithm")) for key in keys)


_SUMMARY = RESPONSE_ONLY | {"AlgorithmName", "AlgorithmDescription"}


def _is_request(spec: dict[str, Any], named: bool) -> bool:
    """Whether an object with AlgorithmName or TrainingSpecification is a request."""
    present = _REQUEST & spec.keys()
    if "TrainingSpecification" in present:
        return named or len(present) > 1 or _may_be_training(spec["TrainingSpecification"])
    if present - {"AlgorithmName", "Tags"} or (named and "Tags" in present):
        return True
    if "Tags" in present and _are_tags(spec["Tags"]):
        return True
    return len(spec) <= _MAX_COMPARED and any(_misspelt(key, _REQUEST) for key in spec.keys() - present)


def _is_misspelt_request(spec: dict[str, Any]) -> bool:
    meant = {member for key in spec if (member := _misspelt(key, _REQUEST))}
    return "TrainingSpecification" in meant and len(meant | (_REQUEST & spec.keys())) > 1


def _may_be_training(value: Any) -> bool:
    if isinstance(value, dict):
        return not value or not _PARTS["TrainingSpecification"].isdisjoint(value)
    return is_unknown(value)


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(tag, dict) and "Key" in tag for tag in value)


def _is_part(spec: dict[str, Any], shape: str, members: frozenset[str], named: bool) -> bool:
    present = members & spec.keys()
    if not named and shape == "AlgorithmValidationSpecification" and _is_model_package_validation(spec):
        return False
    if len(present) > 1:
        return True
    if len(spec) > _MAX_COMPARED or not (present or named):
        return False
    misspelt = {member for key in spec.keys() - present if (member := _misspelt(key, members))}
    if len(misspelt | present) > 1:
        return True
    return len(spec) == 1 and any(_is_alone(name, spec, named) for name in present or misspelt)


def _is_alone(member: str, spec: dict[str, Any], named: bool) -> bool:
    """Whether an object with a single key is recognized as a part of a spec by the key's value."""
    (value,) = spec.values()
    match member:
        case "SupportedHyperParameters":
            return named or (isinstance(value, list) and _are_hyperparameters(value, named))
        case "TrainingChannels":
            return named or _any_has(value, "SupportedInputModes", "SupportedContentTypes")
        case "Containers":
            return _any_has(value, "Image") and (named or _are_known(value))
        case "ValidationRole" | "ValidationProfiles":
            return True
    return named


def _any_has(value: Any, *names: str) -> bool:
    """Whether an object in a list has one of the fields."""
    return isinstance(value, list) and any(
        isinstance(item, dict) and not item.keys().isdisjoint(names) for item in value[:_MAX_COMPARED]
    )


def _are_known(containers: list[Any]) -> bool:
    """Whether containers have only fields of a model package's; those of other programs have more."""
    return all(isinstance(item, dict) and item.keys() <= _CONTAINER for item in containers)


_CONTAINER = frozenset(
    {"AdditionalModelDataSources", "AdditionalS3DataSource", "BaseModel", "ContainerHostname", "Environment"}
    | {"Framework", "FrameworkVersion", "Image", "ImageDigest", "IsCheckpoint", "ModelDataETag"}
    | {"ModelDataSource", "ModelDataUrl", "ModelInput", "NearestModelName", "ProductId"}
)


def _is_model_package_validation(spec: dict[str, Any]) -> bool:
    """Whether this is a model package's validation specification, whose profiles have no training job."""
    match spec.get("ValidationProfiles"):
        case [dict() as profile, *_]:
            return "TransformJobDefinition" in profile and profile.keys() <= _MODEL_PACKAGE_PROFILE
    return False


_MODEL_PACKAGE_PROFILE = frozenset({"ProfileName", "TransformJobDefinition"})


# ---------------------------------------------------------------- lists of hyperparameters

_RANGES = frozenset(f"{kind}ParameterRangeSpecification" for kind in _TYPES[:3])
_HYPERPARAMETER = frozenset({"Name", "Type", "Range", "IsTunable", "IsRequired", "DefaultValue"})


def _are_hyperparameters(items: list[Any], named: bool) -> bool:
    objects = [item for item in items[:_MAX_COMPARED] if isinstance(item, dict)]
    alike = [item for item in objects if len(_HYPERPARAMETER & item.keys()) > 1]
    if not named and 2 * len(objects) < len(items[:_MAX_COMPARED]):
        return False
    if any("IsTunable" in item or _has_range(item) for item in alike):
        return True
    detailed = [item for item in alike if {"Name", "Type"} < _HYPERPARAMETER & item.keys()]
    if named and detailed:
        return True
    of_a_type = [item for item in objects if isinstance(kind := item.get("Type"), str) and kind in _TYPES]
    return bool(detailed) and 2 * len(of_a_type) > len(objects)


def _has_range(item: dict[str, Any]) -> bool:
    limits = item.get("Range")
    return isinstance(limits, dict) and not _RANGES.isdisjoint(limits)


# ---------------------------------------------------------------- misspellings


def nearest_field(spec: Any) -> tuple[str, str, str] | None:
    """Return the first key that is, or misspells, a field of a spec, with that field and its shape.

    None if no key does, or if this is a request to another API.
    """
    if not isinstance(spec, dict) or len(spec) > _MAX_COMPARED or is_of_another_api(spec):
        return None
    for key in spec:
        for shape, members in {REQUEST: _REQUEST - {"Tags"}, **_PARTS}.items():
            member = key if key in members else _misspelt(key, members)
            if member:
                return key, member, shape
    return None


def is_misspelt_field(name: str) -> bool:
    """Whether a name misspells a field of a request."""
    return _misspelt(name, _REQUEST) is not None


# The fields of a request and of its parts, by their names in lower case.
_NAMES = {name.casefold(): name for names in (_REQUEST - {"Tags"}, *_PARTS.values()) for name in names}
# Names that other programs use too, with a lower-case first letter.
_COMMON = frozenset({"AlgorithmName", "AlgorithmDescription", "Containers"})
# The result of `_meant` for keys that were met: the objects of a list repeat them.
_known: dict[str, str | None] = {}


# The lengths of keys that are compared with the fields.
_MISSPELT_LENGTHS = range(6, 61)


def _misspelt(key: str, members: frozenset[str]) -> str | None:
    """Return the member that a key misspells: by case, by two letters, or by leaving out the end."""
    if len(key) not in _MISSPELT_LENGTHS:
        return None
    if key not in _known:
        limits.keep(_known, key, _meant(key))
    member = _known[key]
    return member if member in members and member != key else None


def _meant(key: str) -> str | None:
    folded = key.replace("_", "").replace("-", "").casefold()
    near = [_NAMES[folded]] if folded in _NAMES else []
    near += [
        name
        for other, name in _NAMES.items()
        if len(folded) >= 10 and 2 * len(folded) >= len(other) and other.startswith(folded)
    ]
    near += [
        name
        for other, name in _NAMES.items()
        if len(other) >= 8 and abs(len(folded) - len(other)) <= 2 and are_alike(folded, other, but_for=2)
    ]
    return next((name for name in near if name not in _COMMON or not key[0].islower()), None)
