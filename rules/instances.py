"""Instance types, in lists and in jobs: duplicates, empty lists, age, hardware and regions."""

from __future__ import annotations

from algolint import Key, Problem, Related, Remove, is_open, listed, rule, shown
from algolint.aws.instances import ARM64, DOCUMENTED_REGIONS, NEURON, RETIRED, XEN, architecture, has_neuron
from algolint.aws.notation import instance_family

from ._profiles import items, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context

_LISTS = ("TrainingInstanceTypes", "TransformInstanceTypes", "RealtimeInferenceInstanceTypes")
_CHOICES = ("ResourceConfig", "InstanceGroup", "InstancePreference", "TransformResources")


@rule(
    on=_LISTS,
    severity="warning",
    fix="safe",
    evidence="derived: a list of supported types is a set, and a duplicate adds nothing to it",
)
def instance_list_duplicates(types: list[Any]) -> Iterator[Problem]:
    """An instance type is listed twice.

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
                    f"duplicate instance type {shown(name)}",
                    fix=Remove(index, title="delete the duplicate", safe=True),
                    related=Related(first[name], "first listed here"),
                )


@rule(
    on=("TrainingSpecification", "InferenceSpecification"),
    severity="error",
    also=("warning",),
    evidence="reference: TrainingSpecification.SupportedTrainingInstanceTypes, botocore 1.44.8; "
    "required, without a minimum length in the model",
)
def instance_list_empty(specification: dict[str, Any]) -> Iterator[Problem]:
    """A list of supported instance types is empty.

    SupportedTrainingInstanceTypes is required, and an algorithm without a type to train on cannot be used.
    The API model has no minimum length, so the AWS clients accept an empty list. An empty
    SupportedRealtimeInferenceInstanceTypes is a warning: it means that the algorithm cannot be deployed,
    which is clearer if the list is left out.

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
                "SupportedTrainingInstanceTypes is empty; an algorithm needs at least one type to train on",
            )
        case {"SupportedRealtimeInferenceInstanceTypes": list() as types} if not types and not is_open(types):
            yield Problem(
                Key("SupportedRealtimeInferenceInstanceTypes"),
                "SupportedRealtimeInferenceInstanceTypes is empty, so the algorithm cannot be deployed",
                "warning",
            )


@rule(
    on=(*_LISTS, *_CHOICES),
    severity="warning",
    also=("info",),
    evidence="derived: EC2 DescribeInstanceTypes (moto 5.2.5) lists no p2 and p3; "
    "aws/deep-learning-containers#4723",
    collapses=True,
)
def instance_retired_family(value: Any) -> Iterator[Problem]:
    """An instance type belongs to a family that is being retired.

    The API still accepts ml.p2 and ml.p3 types, but EC2 no longer lists them (ml.p3dn is another family),
    so jobs may get no capacity and new regions do not have them. The Xen generation (m4, c4, t2) is only
    old, which is reported as info. A list of supported types gets one finding, not one for each type.

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
        yield Problem(location, f"EC2 no longer lists {listed(retired)}; jobs may get no capacity")
    if old:
        yield Problem(location, f"newer families have superseded {listed(old)}", "info")


def _types(value: Any) -> tuple[str | Key, list[str]]:
    """Return the visible instance types of a list, or the chosen one, and where to report them."""
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
    evidence="guide: Developer Guide, realtime-endpoints-graviton and neo-deployment-hosting-services,"
    " 2023; images and models are built for one kind of processor",
)
def instance_hardware_mix(specification: dict[str, Any]) -> Iterator[Problem]:
    """A list of supported instance types mixes hardware that one image seldom serves.

    The same containers run on every type of a list. Inferentia and Trainium types (AWS Neuron) need a
    model that is compiled for them, which other types cannot run. Graviton types (arm64) need an image
    built for Arm or for both architectures. A tag or digest may refer to an image for both, so a mixture
    of arm64 and x86_64 is reported as info.

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
        known = texts(items(specification, name))
        families = {instance_family(kind) for kind in known}
        if families.isdisjoint(NEURON) and families.isdisjoint(ARM64):
            continue
        neuron = [kind for kind in known if has_neuron(kind)]
        if neuron and (others := [kind for kind in known if has_neuron(kind) is False]):
            yield Problem(
                Key(name),
                f"AWS Neuron types ({listed(neuron, 3)}) need a model compiled for them, which the"
                f" other types ({listed(others, 3)}) cannot run",
            )
        if name == "SupportedRealtimeInferenceInstanceTypes":
            arm = [kind for kind in known if architecture(kind) == "arm64"]
            if arm and (others := [kind for kind in known if architecture(kind) == "x86_64"]):
                yield Problem(
                    Key(name),
                    f"arm64 types ({listed(arm, 3)}) and x86_64 types ({listed(others, 3)}) share an"
                    " image, which must be built for both",
                    "info",
                )


_MIXABLE = (
    "SupportedTrainingInstanceTypes",
    "SupportedTransformInstanceTypes",
    "SupportedRealtimeInferenceInstanceTypes",
)


@rule(
    on=("TrainingInstanceTypes", "ResourceConfig", "InstanceGroup", "InstancePreference"),
    severity="warning",
    evidence="reference: ResourceConfig, botocore 1.34.2 to 1.38.37; the note on ml.p4de.24xlarge names"
    " us-east-1 and us-west-2",
)
def instance_region(value: Any, context: Context) -> Iterator[Problem]:
    """An instance type is documented for a few regions only, and the spec is for another.

    From botocore 1.34.2 to 1.38.37 the reference limited training on ml.p4de.24xlarge to us-east-1 and
    us-west-2. It no longer does, so this is reported only if `--api-revision` is one of these. The region
    is given by `--region`, or else by the image in Amazon ECR.

    ```yaml bad ResourceConfig region=eu-west-1 revision=1.38.37
    InstanceType: ml.p4de.24xlarge
    InstanceCount: 1
    VolumeSizeInGB: 50
    ```

    ```yaml good ResourceConfig region=us-east-1 revision=1.38.37
    InstanceType: ml.p4de.24xlarge
    InstanceCount: 1
    VolumeSizeInGB: 50
    ```

    ```yaml bad TrainingSpecification revision=1.38.37
    TrainingImage: 246618743249.dkr.ecr.eu-west-1.amazonaws.com/forecaster:1.4.2
    SupportedTrainingInstanceTypes: [ml.p4d.24xlarge, ml.p4de.24xlarge]
    ```

    ```yaml good TrainingSpecification revision=1.38.37
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    SupportedTrainingInstanceTypes: [ml.p4d.24xlarge, ml.p4de.24xlarge]
    ```
    """
    match value:
        case list():
            for index, name in enumerate(value):
                if isinstance(name, str) and instance_family(name) in DOCUMENTED_REGIONS:
                    yield from _elsewhere(index, name, context)
        case {"InstanceType": str() as name} if instance_family(name) in DOCUMENTED_REGIONS:
            yield from _elsewhere("InstanceType", name, context)


def _elsewhere(where: int | str, name: str, context: Context) -> Iterator[Problem]:
    """Report a type whose documented regions do not include that of the spec."""
    regions, since, until = DOCUMENTED_REGIONS[instance_family(name)]
    if since <= context.revision.release < until and context.region and context.region not in regions:
        yield Problem(
            where,
            f"{shown(name)} is documented for {listed(sorted(regions))}, but the spec is for"
            f" {shown(context.region)}; choose another type or region",
        )
