"""Which objects are requests that use an algorithm, by their keys."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

TRAINING = "CreateTrainingJobRequest"
TUNING = "CreateHyperParameterTuningJobRequest"
TRANSFORM = "CreateTransformJobRequest"
PACKAGE = "CreateModelPackageInput"
ENDPOINT = "CreateEndpointConfigInput"

# By request, keys of which any tells it, and pairs of which both together do. The first that fits holds.
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
#: What every file that holds such a request has in its text, in any language.
WORDS = (
    *("TrainingJob", "TuningJob", "TransformJob", "SourceAlgorithm", "ProductionVariants"),
    *("_training_job", "_tuning_job", "_transform_job", "_model_package", "_endpoint_config"),
    "AlgorithmEstimator",
)
# What the Describe operations answer beside the members of the requests.
_OF_RESPONSES = frozenset(
    {"CreationTime", "LastModifiedTime", "TrainingJobStatus", "SecondaryStatus"}
    | {"HyperParameterTuningJobStatus", "TransformJobStatus", "ModelPackageStatus", "EndpointConfigArn"}
)


def shape_of(value: Any) -> str | None:
    """Return the shape of a request that uses an algorithm, None of anything else."""
    if not isinstance(value, dict) or "TrainingSpecification" in value:
        return None
    keys = value.keys()
    if not keys.isdisjoint(_OF_RESPONSES):
        return None
    for shape, (alone, together) in _MARKS.items():
        if not keys.isdisjoint(alone) or any(pair <= keys for pair in together):
            return shape
    return None


def algorithms_of(request: Any) -> set[str]:
    """Return the names and ARNs of the algorithms that a request names, as far as they are known."""
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


def may_hold_job(text: Container[str]) -> bool:
    """Whether a file is worth reading for such a request; cheap, and never false for one."""
    return any(word in text for word in WORDS)
