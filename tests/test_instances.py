"""The table of instance facts, and a reminder for new families."""

from __future__ import annotations

from typing import Any

import pytest

from algolint.aws import instance_table, instances, model_table
from algolint.aws.instance_table import SIZES
from algolint.aws.instances import (
    architecture,
    has_gpu,
    has_local_storage,
    has_neuron,
    is_known,
    local_storage_gb,
)
from algolint.aws.notation import instance_family, instance_size
from algolint.testing import model_of

ROLES = ("TrainingInstanceType", "TransformInstanceType", "ProductionVariantInstanceType")
# Every type of every revision, those of a role that was withdrawn included.
ENUMS: list[Any] = [model_table.SHAPES[role]["enum"] for role in ROLES]
TYPES = {name for enum in ENUMS for added in enum.values() for name in added.split()}
FAMILIES = {instance_family(name) for name in TYPES}


def without_facts() -> set[str]:
    """Return the families in the enums that have neither a row in the table nor an exception with a reason."""
    return FAMILIES - SIZES.keys() - instances.RETIRED.keys() - instances.NOT_LISTED.keys()


def test_every_family_of_the_model_has_facts_or_a_stated_exception() -> None:
    """If this fails for a new family, run tools/build_facts.py, or add an exception with a reason to
    `instances.py`.
    """
    assert without_facts() == set()
    stated = instances.RETIRED.keys() | instances.NOT_LISTED.keys()
    assert SIZES.keys() | stated == FAMILIES, "facts of a family that is in no enum"
    assert not SIZES.keys() & stated, "listed by EC2 after all"
    table = (instance_table.ARM64, instance_table.XEN, instance_table.GPUS, instance_table.NEURON)
    assert SIZES.keys() >= {family for families in table for family in families}


@pytest.mark.parametrize("family", ["c8i", "g7", "m5"])
def test_a_family_that_is_taken_out_of_the_table_is_missed(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(SIZES, family)
    assert without_facts() == {family}


def test_the_table_has_every_size_of_its_families() -> None:
    for family in SIZES:
        sizes = {instance_size(name) for name in TYPES if instance_family(name) == family}
        assert instances.sizes_of(family).keys() == sizes, family


def test_a_family_has_one_kind_of_storage_and_of_accelerator() -> None:
    for family in SIZES:
        sizes = instances.sizes_of(family).values()
        assert len({storage > 0 for _, _, storage in sizes}) == 1, family
        has_accelerators = family in instance_table.GPUS or family in instance_table.NEURON
        assert all((count > 0) == has_accelerators for _, count, _ in sizes), family


def test_every_hand_written_fact_is_about_a_family_that_exists() -> None:
    assert {*instances.ULTRASERVER, *instances.DOCUMENTED_REGIONS} <= FAMILIES
    assert instances.GPUS.keys() & instances.NEURON.keys() == set()


EXPENSIVE = [
    "ml.p5.48xlarge",
    "ml.trn1.32xlarge",
    "ml.g5.48xlarge",
    "ml.c8i.96xlarge",
    "ml.p6e-gb200.36xlarge",
]
CHEAPER = [
    "ml.p5.4xlarge",
    "ml.g5.12xlarge",
    "ml.trn1.2xlarge",
    "ml.m5.24xlarge",
    "ml.inf2.xlarge",
    "ml.z9.large",
]


@pytest.mark.parametrize("name", EXPENSIVE)
def test_many_accelerators_or_processors_are_expensive(name: str) -> None:
    assert instances.is_expensive(name)


@pytest.mark.parametrize("name", CHEAPER)
def test_small_sizes_of_expensive_families_are_not(name: str) -> None:
    assert not instances.is_expensive(name)


# Quotations of the sources: EC2's DescribeInstanceTypes and the CreateAlgorithm reference.
FACTS = [
    # type, local storage in GB (None: EBS only), GPU, Neuron, architecture
    ("ml.g7.2xlarge", 440, True, False, "x86_64"),
    ("ml.g7.12xlarge", 1900, True, False, "x86_64"),
    ("ml.c8i.xlarge", None, False, False, "x86_64"),
    ("ml.m7i-flex.large", None, False, False, "x86_64"),
    ("ml.g4dn.xlarge", 125, True, False, "x86_64"),
    ("ml.g4dn.16xlarge", 900, True, False, "x86_64"),
    ("ml.g5.12xlarge", 3800, True, False, "x86_64"),
    ("ml.g5.16xlarge", 1900, True, False, "x86_64"),
    ("ml.g6.48xlarge", 7520, True, False, "x86_64"),
    ("ml.g6e.48xlarge", 7600, True, False, "x86_64"),
    ("ml.g7e.48xlarge", 15200, True, False, "x86_64"),
    ("ml.p3dn.24xlarge", 1800, True, False, "x86_64"),
    ("ml.p4d.24xlarge", 8000, True, False, "x86_64"),
    ("ml.p4de.24xlarge", 8000, True, False, "x86_64"),
    ("ml.p5.4xlarge", 3800, True, False, "x86_64"),
    ("ml.p5.48xlarge", 30400, True, False, "x86_64"),
    ("ml.p6-b200.48xlarge", 30400, True, False, "x86_64"),
    ("ml.p6-b300.48xlarge", 30400, True, False, "x86_64"),
    ("ml.trn1.2xlarge", 474, False, True, "x86_64"),
    ("ml.trn1n.32xlarge", 7600, False, True, "x86_64"),
    ("ml.trn2.48xlarge", 7600, False, True, "x86_64"),
    ("ml.c5d.18xlarge", 1800, False, False, "x86_64"),
    ("ml.m5d.24xlarge", 3600, False, False, "x86_64"),
    ("ml.r5d.8xlarge", 1200, False, False, "x86_64"),
    ("ml.c6gd.large", 118, False, False, "arm64"),
    ("ml.r7gd.medium", 59, False, False, "arm64"),
    ("ml.c5.xlarge", None, False, False, "x86_64"),
    ("ml.m5.xlarge", None, False, False, "x86_64"),
    ("ml.p2.xlarge", None, True, False, "x86_64"),
    ("ml.p3.2xlarge", None, True, False, "x86_64"),
    ("ml.inf1.xlarge", None, False, True, "x86_64"),
    ("ml.inf2.xlarge", None, False, True, "x86_64"),
    ("ml.c7g.xlarge", None, False, False, "arm64"),
    ("ml.m8g.xlarge", None, False, False, "arm64"),
    ("ml.t3.medium", None, False, False, "x86_64"),
]


@pytest.mark.parametrize(("name", "gigabytes", "gpu", "neuron", "processor"), FACTS)
def test_what_is_known(name: str, gigabytes: int | None, gpu: bool, neuron: bool, processor: str) -> None:
    assert name in TYPES
    assert is_known(name)
    assert has_local_storage(name) is (gigabytes is not None)
    assert local_storage_gb(name) == gigabytes
    assert has_gpu(name) is gpu
    assert has_neuron(name) is neuron
    assert architecture(name) == processor


@pytest.mark.parametrize("name", ["ml.dl1.24xlarge", "ml.z9.large", "m5.large", "ml.m5", ""])
def test_of_other_types_nothing_is_claimed(name: str) -> None:
    assert not is_known(name)
    assert has_local_storage(name) is None
    assert local_storage_gb(name) is None
    assert has_gpu(name) is None
    assert has_neuron(name) is None
    assert architecture(name) is None


def test_of_an_ultraserver_only_the_gpu_is_known() -> None:
    name = "ml.p6e-gb200.36xlarge"
    assert has_gpu(name) is True
    assert has_local_storage(name) is None
    assert architecture(name) is None


def test_the_families_that_the_oldest_page_names() -> None:
    """The reference of 2023 names p4d, g4dn and g5 as NVMe; its lists have few other local families."""

    def local(role: str) -> set[str]:
        types = model_of("1.29.150").shape(role).enum or ()
        return {instance_family(name) for name in types if has_local_storage(name)}

    assert local("TrainingInstanceType") == {"g4dn", "g5", "p3dn", "p4d", "trn1"}
    assert local("TransformInstanceType") == {"g4dn"}


def test_storage_is_not_guessed_from_the_name() -> None:
    """A d in the name, or a prefix, decides nothing: these have local storage without one."""
    for name in ("ml.g7e.2xlarge", "ml.p6-b200.48xlarge", "ml.p6-b300.48xlarge", "ml.trn2.48xlarge"):
        assert has_local_storage(name) is True


def test_arm_serves_only() -> None:
    """The Graviton types are for endpoints; a training or transform list cannot mix architectures."""
    for role in ROLES[:2]:
        assert not {name for name in model_of().shape(role).enum or () if architecture(name) == "arm64"}
