"""Facts about instance types: processor, accelerators, storage. Nothing is assumed of unknown types."""

from __future__ import annotations

from algolint.aws import instance_table
from algolint.aws.instance_table import SIZES
from algolint.aws.notation import instance_family, instance_size
from algolint.limits import keep

#: Families that EC2 no longer lists although the API's enums do, with the GPU of each. The SageMaker
#: reference describes ml.p2 as EBS-only, and the SDK's image_uris treats both as GPU families.
RETIRED = {"p2": "K80", "p3": "V100"}
#: Families that EC2 does not list for another reason, so that rules ignore their storage and processor.
#: p6e-gb200 is sold as part of UltraServers, and its name contains the GPU; nothing is known of dl1.
NOT_LISTED = {"dl1": "", "p6e-gb200": "GB200"}
#: UltraServer families: ml.u-p6e-gb200x72 and ml.u-trn2x64 consist of them. The model only has examples of
#: these names (UltraServerType).
ULTRASERVER = frozenset(("p6e-gb200", "trn2"))
#: The regions of training families that the reference once documented for a few regions only, with the first
#: revision that did so and the first that no longer did. ml.p4de.24xlarge is in the training enum since
#: botocore 1.34.2, and the note in ResourceConfig about its regions was removed in 1.40.6.
DOCUMENTED_REGIONS = {"p4de": (frozenset(("us-east-1", "us-west-2")), (1, 34, 2), (1, 40, 6))}

#: The NVIDIA GPU of each family that has one.
GPUS = instance_table.GPUS | RETIRED | {name: gpu for name, gpu in NOT_LISTED.items() if gpu}
#: AWS's own accelerator of each family that has one; models are compiled for it.
NEURON = instance_table.NEURON
#: Families with Arm processors (Graviton).
ARM64 = instance_table.ARM64
#: Families of the Xen generation, long superseded.
XEN = instance_table.XEN

# An instance with at least this many costs tens of dollars an hour, whatever its family.
_MANY_GPUS, _MANY_NEURON_DEVICES, _MANY_CPUS = 8, 16, 192


def is_known(instance_type: str) -> bool:
    """Whether the storage and processor of an instance type are known."""
    family = instance_family(instance_type)
    return family in SIZES or family in RETIRED


# By family, what `sizes_of` returns.
_sizes: dict[str, dict[str, tuple[int, int, int]]] = {}


def sizes_of(family: str) -> dict[str, tuple[int, int, int]]:
    """Return the known sizes of a family with their vCPUs, accelerators and local NVMe storage in GB."""
    if family not in SIZES:
        return {}
    if family not in _sizes:
        rows = (row.split() for row in SIZES[family].split(", "))
        _sizes[family] = {size: (int(cpus), int(devices), int(gb)) for size, cpus, devices, gb in rows}
    return _sizes[family]


def local_storage_gb(instance_type: str) -> int | None:
    """Return the local NVMe storage of an instance type in GB, or None if it has none or is unknown."""
    row = sizes_of(instance_family(instance_type)).get(instance_size(instance_type))
    return (row[2] or None) if row else None


# Kept by family, as many rules need it.
_with_storage: dict[str, bool] = {}


def has_local_storage(instance_type: str) -> bool | None:
    """Whether an instance type has local NVMe storage, or None if it is unknown.

    The volume of such a type cannot be resized or encrypted with a customer's key.
    """
    family = instance_family(instance_type)
    found = _with_storage.get(family)
    if found is None and is_known(instance_type):
        found = any(row[2] for row in sizes_of(family).values())
        keep(_with_storage, family, found)
    return found


def architecture(instance_type: str) -> str | None:
    """Return the processor architecture, arm64 or x86_64, or None if the type is unknown."""
    family = instance_family(instance_type)
    if family in ARM64:
        return "arm64"
    return "x86_64" if is_known(instance_type) else None


def has_gpu(instance_type: str) -> bool | None:
    """Whether an instance type has NVIDIA GPUs, or None if it is unknown."""
    family = instance_family(instance_type)
    return family in GPUS if is_known(instance_type) or family in GPUS else None


def has_neuron(instance_type: str) -> bool | None:
    """Whether an instance type has AWS's own accelerators, or None if it is unknown."""
    family = instance_family(instance_type)
    return family in NEURON if is_known(instance_type) or family in GPUS else None


def is_expensive(instance_type: str) -> bool:
    """Whether an instance costs tens of dollars an hour, judging by its accelerators and processors."""
    family, size = instance_family(instance_type), instance_size(instance_type)
    if family in ULTRASERVER:
        return True
    cpus, devices, _ = sizes_of(family).get(size, (0, 0, 0))
    many = _MANY_NEURON_DEVICES if family in NEURON else _MANY_GPUS
    return devices >= many or cpus >= _MANY_CPUS
