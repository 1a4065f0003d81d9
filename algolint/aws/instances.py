"""What is known of the instance families. Add a row when a family appears; an unknown one has no facts.

Sources: EC2's DescribeInstanceTypes (InstanceStorageInfo, GpuInfo, NeuronInfo, ProcessorInfo), and the
CreateAlgorithm reference, which names ml.p4d, ml.g4dn and ml.g5 as having NVMe storage and ml.c5 and
ml.p2 as EBS-only. Families that EC2 no longer lists (p2, p3) stand as the SageMaker reference and SDK
treat them.
"""

from __future__ import annotations

from algolint.aws.notation import instance_family, instance_size

#: Local NVMe storage in GB by size, of the families that have it. Such a volume cannot be sized or
#: encrypted with a key of one's own.
LOCAL_STORAGE_GB: dict[str, dict[str, int]] = {
    "c5d": {"large": 50, "xlarge": 100, "2xlarge": 200, "4xlarge": 400, "9xlarge": 900, "18xlarge": 1800},
    "c6gd": {"large": 118, "xlarge": 237, "2xlarge": 474, "4xlarge": 950, "8xlarge": 1900}
    | {"12xlarge": 2850, "16xlarge": 3800},
    "g4dn": {"xlarge": 125, "2xlarge": 225, "4xlarge": 225, "8xlarge": 900, "12xlarge": 900, "16xlarge": 900},
    "g5": {"xlarge": 250, "2xlarge": 450, "4xlarge": 600, "8xlarge": 900, "12xlarge": 3800}
    | {"16xlarge": 1900, "24xlarge": 3800, "48xlarge": 7600},
    "g6": {"xlarge": 250, "2xlarge": 450, "4xlarge": 600, "8xlarge": 900, "12xlarge": 3760}
    | {"16xlarge": 1880, "24xlarge": 3760, "48xlarge": 7520},
    "g6e": {"xlarge": 250, "2xlarge": 450, "4xlarge": 600, "8xlarge": 900, "12xlarge": 3800}
    | {"16xlarge": 1900, "24xlarge": 3800, "48xlarge": 7600},
    "g7e": {"2xlarge": 1900, "4xlarge": 1900, "8xlarge": 1900, "12xlarge": 3800}
    | {"24xlarge": 7600, "48xlarge": 15200},
    "m5d": {"large": 75, "xlarge": 150, "2xlarge": 300, "4xlarge": 600, "12xlarge": 1800, "24xlarge": 3600},
    "m6gd": {"large": 118, "xlarge": 237, "2xlarge": 474, "4xlarge": 950, "8xlarge": 1900}
    | {"12xlarge": 2850, "16xlarge": 3800},
    "p3dn": {"24xlarge": 1800},
    "p4d": {"24xlarge": 8000},
    "p4de": {"24xlarge": 8000},
    "p5": {"4xlarge": 3800, "48xlarge": 30400},
    "p5e": {"48xlarge": 30400},
    "p5en": {"48xlarge": 30400},
    "p6-b200": {"48xlarge": 30400},
    "p6-b300": {"48xlarge": 30400},
    "r5d": {"large": 75, "xlarge": 150, "2xlarge": 300, "4xlarge": 600, "8xlarge": 1200}
    | {"12xlarge": 1800, "16xlarge": 2400, "24xlarge": 3600},
    "r6gd": {"large": 118, "xlarge": 237, "2xlarge": 474, "4xlarge": 950, "8xlarge": 1900}
    | {"12xlarge": 2850, "16xlarge": 3800},
    "r7gd": {"medium": 59, "large": 118, "xlarge": 237, "2xlarge": 474, "4xlarge": 950, "8xlarge": 1900}
    | {"12xlarge": 2850, "16xlarge": 3800},
    "trn1": {"2xlarge": 474, "32xlarge": 7600},
    "trn1n": {"32xlarge": 7600},
    "trn2": {"48xlarge": 7600},
}

#: Families whose storage is an EBS volume of the size that the request names.
EBS_ONLY = frozenset(
    {"c4", "c5", "c5n", "c6g", "c6gn", "c6i", "c6in", "c7g", "c7i", "c8g"}
    | {"inf1", "inf2", "m4", "m5", "m6g", "m6i", "m7i", "m8g", "p2", "p3"}
    | {"r5", "r6g", "r6i", "r7i", "r8g", "t2", "t3"}
)

#: The NVIDIA GPU of each family that has one.
GPUS = {
    "g4dn": "T4",
    "g5": "A10G",
    "g6": "L4",
    "g6e": "L40S",
    "g7e": "RTX PRO Server 6000",
    "p2": "K80",
    "p3": "V100",
    "p3dn": "V100",
    "p4d": "A100",
    "p4de": "A100",
    "p5": "H100",
    "p5e": "H200",
    "p5en": "H200",
    "p6-b200": "B200",
    "p6-b300": "B300",
    "p6e-gb200": "GB200",
}
#: Families of AWS's own accelerators; models are compiled for them.
NEURON = frozenset(("inf1", "inf2", "trn1", "trn1n", "trn2"))
#: Families of Arm processors (Graviton).
ARM64 = frozenset(["c6g", "c6gd", "c6gn", "c7g", "c8g", "m6g", "m6gd", "m8g", "r6g", "r6gd", "r7gd", "r8g"])
#: Families that EC2 no longer lists, though the API's enums do.
RETIRED = frozenset(("p2", "p3"))
#: Families of the Xen generation, long superseded.
XEN = frozenset(("c4", "m4", "t2"))
#: Training families whose instances cost tens of dollars an hour.
EXPENSIVE = frozenset(
    ["p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200", "trn1n", "trn2"]
)
#: UltraServer families.
ULTRASERVER = frozenset(("p6e-gb200", "trn2"))
#: Types that are documented for few regions (CreateAlgorithm reference, note on ml.p4de).
REGIONS = {"p4de": frozenset(("us-east-1", "us-west-2"))}

# Of these nothing is known but the accelerator; their processor's architecture is not claimed either.
_ARCHITECTURE_UNKNOWN = frozenset(("p6e-gb200",))


def has_local_storage(instance_type: str) -> bool | None:
    """Whether an instance type stores on local NVMe; None where nothing is known of it."""
    family = instance_family(instance_type)
    if family in LOCAL_STORAGE_GB:
        return True
    return False if family in EBS_ONLY else None


def local_storage_gb(instance_type: str) -> int | None:
    """The local NVMe storage of an instance type in GB; None where it has none or nothing is known."""
    return LOCAL_STORAGE_GB.get(instance_family(instance_type), {}).get(instance_size(instance_type))


def is_known(instance_type: str) -> bool:
    """Whether there are any facts about an instance type's family."""
    family = instance_family(instance_type)
    return family in LOCAL_STORAGE_GB or family in EBS_ONLY or family in GPUS


def architecture(instance_type: str) -> str | None:
    """The processor architecture of an instance type, arm64 or x86_64; None where nothing is known of it."""
    family = instance_family(instance_type)
    if family in ARM64:
        return "arm64"
    return "x86_64" if is_known(instance_type) and family not in _ARCHITECTURE_UNKNOWN else None


def has_gpu(instance_type: str) -> bool | None:
    """Whether an instance type has NVIDIA GPUs; None where nothing is known of it."""
    return instance_family(instance_type) in GPUS if is_known(instance_type) else None


def has_neuron(instance_type: str) -> bool | None:
    """Whether an instance type has AWS's own accelerators; None where nothing is known of it."""
    return instance_family(instance_type) in NEURON if is_known(instance_type) else None
