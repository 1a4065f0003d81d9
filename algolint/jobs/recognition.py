"""Recognizing by their keys which objects are requests that use an algorithm."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.aws.model import Shape

TRAINING = "CreateTrainingJobRequest"
TUNING = "CreateHyperParameterTuningJobRequest"
TRANSFORM = "CreateTransformJobRequest"
PACKAGE = "CreateModelPackageInput"
ENDPOINT = "CreateEndpointConfigInput"

# For each request, keys that identify it alone, and pairs of keys that do together. The first match counts.
_MARKS: dict[str, tuple[frozenset[str], tuple[frozenset[str], ...]]] = {
    TUNING: (
        frozenset({"HyperParameterTuningJobName", "HyperParameterTuningJobConfig"}),
        (frozenset({"TrainingJobDefinition", "WarmStartConfig"}),),
    ),
    TRAINING: (
        frozenset({"TrainingJobName"}),
        (
            frozenset({"AlgorithmSpecification", "OutputDataConfig"}),
            frozenset({"AlgorithmSpecification", "ResourceConfig"}),
        ),
    ),
    TRANSFORM: (
        frozenset({"TransformJobName"}),
        (frozenset({"ModelName", "TransformInput"}), frozenset({"ModelName", "TransformResources"})),
    ),
    PACKAGE: (frozenset({"SourceAlgorithmSpecification"}), ()),
    ENDPOINT: (
        frozenset({"ProductionVariants"}),
        (frozenset({"EndpointConfigName", "DataCaptureConfig"}),),
    ),
}
# Fields of Describe responses and events that the requests do not have.
_OF_RESPONSES = frozenset(
    {"CreationTime", "LastModifiedTime", "TrainingJobStatus", "SecondaryStatus", "TrainingJobArn"}
    | {"HyperParameterTuningJobArn", "HyperParameterTuningJobStatus", "TransformJobArn", "TransformJobStatus"}
    | {"ModelPackageArn", "ModelPackageStatus", "EndpointArn", "EndpointConfigArn", "EndpointStatus"}
)
# By request, how many of its fields tell it from an object of another program, its main fields, and how many
# of these must be objects.
_PLAIN: dict[str, tuple[int, frozenset[str], int]] = {
    TRAINING: (
        4,
        frozenset({"AlgorithmSpecification", "OutputDataConfig", "ResourceConfig"})
        | {"StoppingCondition", "InputDataConfig"},
        2,
    ),
    TUNING: (
        2,
        frozenset({"HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions"}),
        1,
    ),
    TRANSFORM: (3, frozenset({"TransformInput", "TransformOutput", "TransformResources"}), 2),
    PACKAGE: (1, frozenset({"SourceAlgorithmSpecification"}), 1),
    ENDPOINT: (2, frozenset({"ProductionVariants"}), 1),
}


def shape_of(value: Any) -> str | None:
    """Return the shape of a request that uses an algorithm, or None for other values."""
    if not isinstance(value, dict) or "TrainingSpecification" in value:
        return None
    keys = value.keys()
    if not keys.isdisjoint(_OF_RESPONSES):
        return None
    for shape, (alone, together) in _MARKS.items():
        if not keys.isdisjoint(alone) or any(pair <= keys for pair in together):
            return shape
    return None


def is_plain(request: Any, shape: Shape) -> bool:
    """Whether an object that looks like a request certainly is one, although its algorithm is not known.

    Other programs have objects with some of the fields: logs of jobs, settings of their own. A request with
    one fault is not one of these.
    """
    if not isinstance(request, dict):
        return False
    least, main, structured = _PLAIN[shape.name]
    known = [key for key in request if key in shape.members or key in shape.later]
    objects = [key for key in main if key in request and not isinstance(request[key], (str, int, float))]
    foreign = len(request) - len(known)
    return len(known) >= least and len(objects) >= structured and foreign <= max(1, len(known) // 2)


def algorithms_of(request: Any) -> set[str]:
    """Return the names and ARNs of the algorithms in a request, as far as they are known."""
    if not isinstance(request, dict):
        return set()
    holders = [request, request.get("TrainingJobDefinition"), *_items(request, "TrainingJobDefinitions")]
    specifications = [holder.get("AlgorithmSpecification") for holder in holders if isinstance(holder, dict)]
    sources = _items(request.get("SourceAlgorithmSpecification"), "SourceAlgorithms")
    named = [item.get("AlgorithmName") for item in (*specifications, *sources) if isinstance(item, dict)]
    return {name for name in named if isinstance(name, str)}


def _items(value: Any, field: str) -> list[Any]:
    items = value.get(field) if isinstance(value, dict) else None
    return items if isinstance(items, list) else []
