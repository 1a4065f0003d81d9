"""The volumes of a validation job's instances: their size and their key."""

from __future__ import annotations

from typing import Any

import pytest
from resource_cases import G5, M5, cluster, group, only, preferring, reported, single
from rule_cases import linter

from algolint.rule import Remove, Replace
from algolint.testing import problems
from algolint.values import UNKNOWN, OpenDict, OpenList

KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
OLD = "1.29.150"


def volume(rule: str, level: str, *path: Any) -> set[tuple[Any, ...]]:
    return {(rule, path, level)}


REQUIRED, LOCAL, SIZE = "volume-size-required", "volume-kms-on-local-storage", "volume-size-on-local-storage"


def without_size(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != "VolumeSizeInGB"}


@pytest.mark.parametrize(
    ("spec", "revision", "expected"),
    [
        (without_size(single("ml.c5.xlarge")), "latest", volume(REQUIRED, "error")),
        (single("ml.c5.xlarge", volume=0), "latest", volume(REQUIRED, "error", "VolumeSizeInGB")),
        (single("ml.c5.xlarge", volume=1), "latest", set()),
        (single("ml.c5.xlarge", volume=UNKNOWN), "latest", set()),
        (without_size(single("ml.g5.xlarge")), "latest", set()),
        (without_size(single("ml.p6e-gb200.36xlarge")), "latest", None),
        (without_size(single(UNKNOWN)), "latest", set()),
        (without_size(cluster(group("a", "ml.g5.xlarge"), group("b"))), "latest", volume(REQUIRED, "error")),
        (without_size(cluster(group("a", "ml.g5.xlarge"), group("b", "ml.g5.xlarge"))), "latest", set()),
        (OpenDict(without_size(single())), "latest", set()),
        # Where the revision requires the field, its absence is reported once.
        (OpenDict(single("ml.c5.xlarge", volume=0)), OLD, volume(REQUIRED, "error", "VolumeSizeInGB")),
    ],
    ids=repr,
)
def test_an_ebs_volume_has_a_size(spec: Any, revision: str, expected: Any) -> None:
    found_here = reported(spec, revision=revision)
    if expected is None:
        assert not {s for s in found_here if s[0] == REQUIRED}
    else:
        assert found_here == expected


def test_where_the_revision_requires_the_size_its_absence_is_missing_field() -> None:
    names = {
        rule.name for rule, _ in problems(linter(OLD), without_size(single("ml.c5.xlarge")), "ResourceConfig")
    }
    assert names == {"missing-field"}


@pytest.mark.parametrize(
    ("kind", "size", "revision", "level"),
    [
        ("ml.g5.xlarge", 500, "latest", "warning"),
        ("ml.g5.xlarge", 251, "latest", "warning"),
        ("ml.g5.xlarge", 250, "latest", None),
        ("ml.g5.xlarge", 249, "latest", "info"),
        ("ml.g5.xlarge", 1, "latest", "info"),
        ("ml.g5.xlarge", 0, "latest", None),
        ("ml.g5.2xlarge", 450, "latest", None),
        ("ml.g5.xlarge", 500, OLD, "warning"),
        ("ml.g5.xlarge", 30, OLD, None),
        ("ml.m5.xlarge", 500, "latest", None),
        ("ml.g5.xlarge", UNKNOWN, "latest", None),
        (UNKNOWN, 500, "latest", None),
    ],
    ids=repr,
)
def test_a_size_for_local_storage(kind: Any, size: Any, revision: str, level: str | None) -> None:
    assert reported(single(kind, volume=size), revision=revision) == (
        volume(SIZE, level, "VolumeSizeInGB") if level else set()
    )


@pytest.mark.parametrize(
    ("spec", "level", "lowered"),
    [
        # The smallest storage of several counts.
        (preferring(*G5, volume=500), "warning", 250),
        (preferring(*G5, volume=30), "info", None),
        (preferring(*G5, volume=250), None, None),
        (preferring(*G5, M5, volume=500), None, None),
        (preferring(*G5, UNKNOWN, volume=500), None, None),
        (preferring(*G5, {"InstanceType": UNKNOWN, "InstanceCount": 1}, volume=500), None, None),
        (cluster(group("a", "ml.g5.xlarge"), group("b", "ml.g5.4xlarge"), volume=500), "warning", 250),
        (cluster(group("a", "ml.g5.xlarge"), group("b"), volume=500), None, None),
    ],
    ids=repr,
)
def test_a_size_for_the_local_storage_of_several_types(
    spec: Any, level: str | None, lowered: int | None
) -> None:
    assert reported(spec) == (volume(SIZE, level, "VolumeSizeInGB") if level else set())
    if lowered:
        fix = only(spec, SIZE).fix
        assert isinstance(fix, Replace)
        assert fix.value == lowered


@pytest.mark.parametrize(
    ("spec", "level"),
    [
        (preferring(M5, volume=0), "error"),
        (preferring(M5, G5[0], volume=0), "warning"),
        (preferring(*G5, volume=0), None),
    ],
    ids=repr,
)
def test_one_of_the_preferences_may_need_a_volume(spec: Any, level: str | None) -> None:
    assert reported(spec) == (volume(REQUIRED, level, "VolumeSizeInGB") if level else set())
    bare = {name: value for name, value in spec.items() if name != "VolumeSizeInGB"}
    assert reported(bare) == (volume(REQUIRED, level) if level else set())


def test_a_size_above_the_local_storage_is_lowered_with_consent() -> None:
    problem = only(single("ml.g5.xlarge", volume=500), SIZE)
    assert "ml.g5.xlarge has 250 GB" in problem.message
    assert problem.message.startswith("VolumeSizeInGB is 500, but")
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == (250, False)
    assert only(single("ml.g5.xlarge", volume=30), SIZE).fix is None


@pytest.mark.parametrize(
    ("spec", "level"),
    [
        (single("ml.g4dn.xlarge", volume=125, VolumeKmsKeyId=KEY), "error"),
        (single("ml.g4dn.xlarge", volume=125, VolumeKmsKeyId=""), None),
        (single("ml.g4dn.xlarge", volume=125, VolumeKmsKeyId=UNKNOWN), None),
        (single("ml.m5.xlarge", VolumeKmsKeyId=KEY), None),
        (single(UNKNOWN, VolumeKmsKeyId=KEY), None),
        (
            cluster(group("a", "ml.g5.xlarge"), group("b", "ml.g5.xlarge"), volume=250, VolumeKmsKeyId=KEY),
            "error",
        ),
        (preferring(*G5, volume=250, VolumeKmsKeyId=KEY), "error"),
        (preferring(G5[0], M5, VolumeKmsKeyId=KEY), "warning"),
        (preferring(*G5, UNKNOWN, volume=250, VolumeKmsKeyId=KEY), "warning"),
        (preferring(M5, VolumeKmsKeyId=KEY), None),
        (cluster(group("a", "ml.g5.xlarge"), group("b"), VolumeKmsKeyId=KEY), "warning"),
        (cluster(group("a", "ml.g5.xlarge"), group("b", UNKNOWN), VolumeKmsKeyId=KEY), "warning"),
        (cluster(group("a"), group("b"), VolumeKmsKeyId=KEY), None),
        # More groups may be hidden.
        (
            {
                "InstanceGroups": OpenList([group("a", "ml.g5.xlarge")]),
                "VolumeSizeInGB": 250,
                "VolumeKmsKeyId": KEY,
            },
            "warning",
        ),
        # Both exclude each other, which is reported as well.
        (
            cluster(group("a", "ml.g5.xlarge"), volume=250, InstanceType="ml.g5.xlarge", VolumeKmsKeyId=KEY),
            "error",
        ),
    ],
    ids=repr,
)
def test_a_key_for_local_storage(spec: Any, level: str | None) -> None:
    found = {s for s in reported(spec) if s[0] != "instance-and-groups-exclusive"}
    assert found == (volume(LOCAL, level, "VolumeKmsKeyId") if level else set())


def test_a_key_for_the_local_storage_of_a_transform() -> None:
    spec = {"InstanceType": "ml.g4dn.xlarge", "InstanceCount": 1, "VolumeKmsKeyId": KEY}
    assert reported(spec, "TransformResources") == volume(LOCAL, "error", "VolumeKmsKeyId")
    fix = only(spec, LOCAL, "TransformResources").fix
    assert isinstance(fix, Remove)
    assert not fix.safe


@pytest.mark.parametrize(
    ("key", "is_reported"),
    [
        ("alias/volumes", True),
        ("arn:aws:kms:us-west-2:246618743249:alias/volumes", True),
        (f"arn:aws:kms:us-west-2:246618743249:key/{KEY}", False),
        (KEY, False),
        ("", False),
    ],
)
def test_an_alias_for_training_volumes(key: str, is_reported: bool) -> None:
    rule = volume("training-volume-kms-alias", "warning", "VolumeKmsKeyId")
    assert reported(single(VolumeKmsKeyId=key)) == (rule if is_reported else set())
    transform = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeKmsKeyId": key}
    assert reported(transform, "TransformResources") == set()
