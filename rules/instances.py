"""Lists and choices of instance types: repetitions, empty lists, age, hardware and regions."""

from __future__ import annotations

from algolint import Key, Problem, Related, Remove, is_open, listed, rule, select, shown
from algolint.aws.instances import ARM64, NEURON, REGIONS, RETIRED, XEN, architecture, has_neuron
from algolint.aws.notation import instance_family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context

_LISTS = ("TrainingInstanceTypes", "TransformInstanceTypes", "RealtimeInferenceInstanceTypes")
_CHOICES = ("ResourceConfig", "InstanceGroup", "InstancePreference", "TransformResources")


@rule(on=_LISTS, severity="warning", fix="safe", evidence="derived: a second entry says nothing new")
def instance_list_duplicates(types: list[Any]) -> Iterator[Problem]:
    """An instance type stands twice in a list of supported types.

    The second entry adds nothing; often another size was meant.

    ```yaml bad
    - ml.m5.xlarge
    - ml.m5.2xlarge
    - ml.m5.xlarge
    ```

    ```yaml good
    - ml.m5.xlarge
    - ml.m5.2xlarge
    ```

    ```yaml bad InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.xlarge, ml.m5.2xlarge, ml.m5.2xlarge]
    ```

    ```yaml good InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.xlarge, ml.m5.2xlarge]
    ```
    """
    first: dict[str, int] = {}
    for index, item in enumerate(types):
        match item:
            case str() as name if first.setdefault(name, index) != index:
                yield Problem(
                    index,
                    f"{shown(name)} is in the list already",
                    fix=Remove(index, title="delete the repetition", safe=True),
                    related=Related(first[name], "the first entry"),
                )


@rule(
    on=("TrainingSpecification", "InferenceSpecification"),
    severity="error",
    also=("warning",),
    evidence="reference: TrainingSpecification, SupportedTrainingInstanceTypes is required",
)
def instance_list_empty(specification: dict[str, Any]) -> Iterator[Problem]:
    """A list of supported instance types is empty.

    SupportedTrainingInstanceTypes is required, and an algorithm that trains on nothing cannot be
    used; the API model has no minimum, so the AWS clients let the empty list pass. An empty
    SupportedRealtimeInferenceInstanceTypes says that the algorithm cannot be deployed, which leaving
    the list out says better: a warning.

    ```yaml bad
    SupportedTrainingInstanceTypes: []
    ```

    ```yaml good
    SupportedTrainingInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml bad InferenceSpecification
    SupportedTransformInstanceTypes: [ml.m5.xlarge]
    SupportedRealtimeInferenceInstanceTypes: []
    ```

    ```yaml good InferenceSpecification
    SupportedTransformInstanceTypes: [ml.m5.xlarge]
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ```
    """
    match specification:
        case {"SupportedTrainingInstanceTypes": list() as types} if not types and not is_open(types):
            yield Problem(
                Key("SupportedTrainingInstanceTypes"),
                "the list is empty; an algorithm needs at least one instance type to train on",
            )
        case {"SupportedRealtimeInferenceInstanceTypes": list() as types} if not types and not is_open(types):
            yield Problem(
                Key("SupportedRealtimeInferenceInstanceTypes"),
                "the list is empty, so that the algorithm can be deployed nowhere",
                "warning",
            )


@rule(
    on=(*_LISTS, *_CHOICES),
    severity="warning",
    also=("info",),
    evidence="derived: EC2 DescribeInstanceTypes lists no p2 and p3 (aws/deep-learning-containers#4723)",
)
def instance_retired_family(value: Any) -> Iterator[Problem]:
    """An instance type is of a family that is being retired.

    The API still accepts ml.p2 and ml.p3 types, but EC2 no longer lists them (ml.p3dn is another
    family), so jobs may find no capacity and new regions do not have them. The Xen generation (m4, c4,
    t2) is only old, which earns an info. A list of supported types gets one finding, not one for each
    type.

    ```yaml bad
    [ml.p3.2xlarge, ml.p2.xlarge, ml.g4dn.xlarge]
    ```

    ```yaml good
    [ml.g5.2xlarge, ml.g4dn.xlarge]
    ```

    ```yaml bad TransformResources
    InstanceType: ml.p2.xlarge
    ```

    ```yaml good TransformResources
    InstanceType: ml.g4dn.xlarge
    ```

    ```yaml bad ResourceConfig
    InstanceType: ml.m4.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 50
    ```

    ```yaml good ResourceConfig
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 50
    ```
    """
    location, types = _types(value)
    families = {instance_family(name) for name in types}
    if families.isdisjoint(RETIRED) and families.isdisjoint(XEN):
        return
    retired = [name for name in types if instance_family(name) in RETIRED]
    old = [name for name in types if instance_family(name) in XEN]
    if retired:
        yield Problem(
            location, f"{listed(retired)}: EC2 no longer lists this hardware, jobs may get no capacity"
        )
    if old:
        yield Problem(location, f"{listed(old)}: a generation long superseded by newer families", "info")


def _types(value: Any) -> tuple[str | Key, list[str]]:
    """The instance types that can be seen in a list, or the chosen one, with the place to blame."""
    match value:
        case list():
            return Key(), [name for name in value if isinstance(name, str)]
        case {"InstanceType": str() as name}:
            return "InstanceType", [name]
    return Key(), []


@rule(
    on=("TrainingSpecification", "InferenceSpecification"),
    severity="warning",
    also=("info",),
    evidence="guide: realtime-endpoints-graviton and neo-deployment-hosting-services",
)
def instance_hardware_mix(specification: dict[str, Any]) -> Iterator[Problem]:
    """A list of supported instance types mixes hardware that one image seldom serves.

    The same containers run on every type of a list. Graviton types (arm64) need an image built for
    Arm or for both architectures; an image that is pinned by digest may be the index of both, so then it
    is an info. Inferentia and Trainium types (AWS Neuron) need a model compiled for them, which other
    types cannot run.

    ```yaml bad InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.large, ml.c7g.large]
    ```

    ```yaml good InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.large, ml.c5.large]
    ```

    ```yaml bad
    SupportedTrainingInstanceTypes: [ml.trn1.2xlarge, ml.g5.2xlarge]
    ```

    ```yaml good
    SupportedTrainingInstanceTypes: [ml.trn1.2xlarge, ml.trn1.32xlarge]
    ```
    """
    for name in _MIXABLE:
        match specification.get(name):
            case list() as types:
                known = [item for item in types if isinstance(item, str)]
                families = {instance_family(item) for item in known}
            case _:
                continue
        if families.isdisjoint(NEURON) and families.isdisjoint(ARM64):
            continue
        neuron = [item for item in known if has_neuron(item)]
        if neuron and (others := [item for item in known if has_neuron(item) is False]):
            yield Problem(
                Key(name),
                f"AWS Neuron types ({listed(neuron, 3)}) need a model compiled for them, which the"
                f" others ({listed(others, 3)}) cannot run",
            )
        if name == "SupportedRealtimeInferenceInstanceTypes":
            arm = [item for item in known if architecture(item) == "arm64"]
            if arm and (others := [item for item in known if architecture(item) == "x86_64"]):
                yield Problem(
                    Key(name),
                    f"arm64 types ({listed(arm, 3)}) and x86_64 types ({listed(others, 3)}) share an"
                    " image, which must be built for both",
                    "info" if _is_pinned(specification) else None,
                )


_MIXABLE = (
    "SupportedTrainingInstanceTypes",
    "SupportedTransformInstanceTypes",
    "SupportedRealtimeInferenceInstanceTypes",
)


def _is_pinned(specification: dict[str, Any]) -> bool:
    """Whether an image is given by digest, which may be the digest of a multi-architecture index."""
    if any(True for _ in select(specification, "Containers", ..., "ImageDigest")):
        return True
    return any("@" in image for _, image in select(specification, "Containers", ..., "Image"))


@rule(
    on=(*_LISTS, *_CHOICES),
    severity="warning",
    evidence="reference: ResourceConfig, the note on ml.p4de.24xlarge names two regions",
)
def instance_region(value: Any, context: Context) -> Iterator[Problem]:
    """An instance type is documented for a few regions, and the spec is for another.

    The reference names us-east-1 and us-west-2 for ml.p4de.24xlarge. The region is the one given with
    `--region`, or else that of the image in Amazon ECR. Capacity may have come to other regions since.

    ```yaml bad ResourceConfig region=eu-west-1
    InstanceType: ml.p4de.24xlarge
    InstanceCount: 1
    VolumeSizeInGB: 50
    ```

    ```yaml good ResourceConfig region=us-east-1
    InstanceType: ml.p4de.24xlarge
    InstanceCount: 1
    VolumeSizeInGB: 50
    ```

    ```yaml bad TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.eu-west-1.amazonaws.com/forecaster:1.4.2
    SupportedTrainingInstanceTypes: [ml.p4d.24xlarge, ml.p4de.24xlarge]
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    SupportedTrainingInstanceTypes: [ml.p4d.24xlarge, ml.p4de.24xlarge]
    ```
    """
    match value:
        case list():
            for index, name in enumerate(value):
                if isinstance(name, str) and instance_family(name) in REGIONS:
                    yield from _elsewhere(index, name, context)
        case {"InstanceType": str() as name} if instance_family(name) in REGIONS:
            yield from _elsewhere("InstanceType", name, context)


def _elsewhere(location: int | str, name: str, context: Context) -> Iterator[Problem]:
    regions = REGIONS[instance_family(name)]
    if context.region and context.region not in regions:
        yield Problem(
            location,
            f"{shown(name)} is documented for {listed(sorted(regions))},"
            f" and this spec is for {shown(context.region)}",
        )
