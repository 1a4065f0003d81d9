"""The instances of a validation job: types, counts, groups, warm pools, cost."""

from __future__ import annotations

from typing import Any

import pytest
from resource_cases import G5, M5, TWO, cluster, group, only, preferring, reported, single
from rule_cases import linter

from algolint.rule import Insert, Remove, Replace
from algolint.testing import problems
from algolint.values import UNKNOWN, OpenDict, OpenList

PLAN = "arn:aws:sagemaker:us-west-2:246618743249:training-plan/spring"


# ---------------------------------------------------------------- which instances


def exclusive(*path: Any) -> set[tuple[Any, ...]]:
    return {("instance-and-groups-exclusive", path, "error")}


def incomplete(*path: Any) -> set[tuple[Any, ...]]:
    return {("instance-config-incomplete", path, "error")}


CONFIGS: dict[str, tuple[Any, set[tuple[Any, ...]]]] = {
    "a type and a count": (single(), set()),
    "groups": (cluster(*TWO), set()),
    "preferences, one count": (preferring({"InstanceType": "ml.m5.xlarge"}, InstanceCount=1), set()),
    "preferences, counts of their own": (
        preferring({"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}),
        set(),
    ),
    # two ways at once
    "type and groups": (cluster(*TWO, InstanceType="ml.m5.xlarge"), exclusive("InstanceGroups")),
    "count and groups": (cluster(*TWO, InstanceCount=1), exclusive("InstanceGroups")),
    "both and groups": (cluster(*TWO, **single()), exclusive("InstanceGroups")),
    "a template's type and groups": (cluster(*TWO, InstanceType=UNKNOWN), exclusive("InstanceGroups")),
    "type and no groups": (single(InstanceGroups=[]), set()),
    "type and unknown groups": (single(InstanceGroups=UNKNOWN), set()),
    "type and preferences": (
        preferring({"InstanceType": "ml.m5.xlarge"}, **single()),
        exclusive("InstancePreferences"),
    ),
    "groups and preferences": (
        preferring({"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}, InstanceGroups=list(TWO)),
        exclusive("InstancePreferences"),
    ),
    "a count here and in the preferences": (
        preferring({"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}, InstanceCount=1),
        exclusive("InstancePreferences"),
    ),
    "placement and preferences": (
        preferring({"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}, InstancePlacementConfig={}),
        exclusive("InstancePreferences"),
    ),
    "two training plans": (
        preferring(
            {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "TrainingPlanArns": [PLAN]},
            TrainingPlanArn=PLAN,
        ),
        exclusive("InstancePreferences", 0, "TrainingPlanArns"),
    ),
    # too little
    "nothing": ({"VolumeSizeInGB": 30}, incomplete()),
    "no groups in the list": (cluster(), incomplete()),
    "no count": ({"InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}, incomplete()),
    "no type": ({"InstanceCount": 1, "VolumeSizeInGB": 30}, incomplete()),
    "count 0": (single(count=0), incomplete("InstanceCount")),
    "count 0 in a group": (
        cluster(group("a", count=0), group("b")),
        incomplete("InstanceGroups", 0, "InstanceCount"),
    ),
    "count below 0": (single(count=-1), {("number-range", ("InstanceCount",), "error")}),
    "preferences without any count": (preferring({"InstanceType": "ml.m5.xlarge"}), incomplete()),
    "some preferences with a count": (
        preferring({"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}, {"InstanceType": "ml.m5.2xlarge"}),
        incomplete("InstancePreferences"),
    ),
    # who knows
    "unknown count": (single(count=UNKNOWN), set()),
    "unknown type": (single(kind=UNKNOWN), set()),
    "unknown groups": ({"InstanceGroups": UNKNOWN, "VolumeSizeInGB": 30}, set()),
    "unknown preference": (preferring(UNKNOWN), set()),
    "open": (OpenDict({"InstanceType": "ml.m5.xlarge"}), set()),
}


@pytest.mark.parametrize("case", CONFIGS)
def test_the_instances_of_a_job(case: str) -> None:
    spec, expected = CONFIGS[case]
    assert reported(spec) == expected


def test_an_open_list_of_groups_may_hold_some() -> None:
    assert reported(OpenDict({"InstanceGroups": OpenList([]), "VolumeSizeInGB": 30})) == set()


def test_only_a_missing_count_is_inserted() -> None:
    fix = only({"InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}, "instance-config-incomplete").fix
    assert isinstance(fix, Insert)
    assert (fix.key, fix.value, fix.safe) == ("InstanceCount", 1, True)
    assert only({"InstanceCount": 1, "VolumeSizeInGB": 30}, "instance-config-incomplete").fix is None


def test_the_excluded_fields_are_named_and_related() -> None:
    problem = only(cluster(*TWO, **single()), "instance-and-groups-exclusive")
    assert problem.is_key
    assert "InstanceType and InstanceCount" in problem.message
    assert [r.path for r in problem.related] == [("InstanceType",), ("InstanceCount",)]


def test_the_first_preference_without_a_count_is_related() -> None:
    bare = {"InstanceType": "ml.m5.xlarge"}
    spec = preferring({**bare, "InstanceCount": 1}, bare, {**bare, "InstanceCount": 1}, bare)
    problem = only(spec, "instance-config-incomplete")
    assert problem.message == "2 of 4 preferences have an InstanceCount; set it in all or none"
    assert [r.path for r in problem.related] == [("InstancePreferences", 1)]


# ---------------------------------------------------------------- groups and channels


def channel(name: str, *groups: Any, **source: Any) -> dict[str, Any]:
    data = {"S3DataType": "S3Prefix", "S3Uri": f"s3://amzn-example-bucket/{name}/", **source}
    if groups:
        data["InstanceGroupNames"] = list(groups)
    return {"ChannelName": name, "DataSource": {"S3DataSource": data}}


FILES = {
    "FileSystemId": "fs-0a1b2c3d4e5f6a7b8", "FileSystemAccessMode": "ro", "FileSystemType": "EFS",
    "DirectoryPath": "/train",
}  # fmt: skip
LUSTRE = {"ChannelName": "files", "DataSource": {"FileSystemDataSource": FILES}}


def job(channels: Any, resources: Any) -> dict[str, Any]:
    return {"InputDataConfig": channels, "ResourceConfig": resources}


def names(*locations: tuple[tuple[Any, ...], str]) -> set[tuple[Any, ...]]:
    return {("group-names-consistency", path, level) for path, level in locations}


def source(index: int, *more: Any) -> tuple[Any, ...]:
    return ("InputDataConfig", index, "DataSource", "S3DataSource", *more)


GROUPS = ("ResourceConfig", "InstanceGroups")
JOBS: dict[str, tuple[Any, set[tuple[Any, ...]]]] = {
    "no channel names groups": (job([channel("a"), channel("b")], cluster(*TWO)), set()),
    "all channels name groups": (job([channel("a", "a"), channel("b", "b")], cluster(*TWO)), set()),
    "no groups at all": (job([channel("a"), channel("b")], single()), set()),
    "an empty list is none": (
        job([channel("a", InstanceGroupNames=[]), channel("b")], cluster(*TWO)),
        set(),
    ),
    "some channels name groups": (
        job([channel("a", "a", "b"), channel("b")], cluster(*TWO)),
        names((source(1), "error")),
    ),
    "a file system names no groups": (job([channel("a", "a"), LUSTRE], cluster(*TWO)), set()),
    "an unknown name": (
        job([channel("a", "a", "c"), channel("b", "b")], cluster(*TWO)),
        names((source(0, "InstanceGroupNames", 1), "error")),
    ),
    "names without groups": (
        job([channel("a", "a")], single()),
        names((source(0, "InstanceGroupNames"), "error")),
    ),
    "two groups of one name": (
        job([channel("a")], cluster(group("a"), group("a"))),
        names(((*GROUPS, 1, "InstanceGroupName"), "error")),
    ),
    "a group that nobody feeds": (job([channel("a", "a")], cluster(*TWO)), names((GROUPS, "info"))),
    "one group": (job([channel("a", "a")], cluster(group("a"))), names((GROUPS, "info"))),
    "one group, which no channel names": (
        job([channel("a")], cluster(group("a"))),
        names((GROUPS, "info")),
    ),
    "a hidden name": (job([channel("a", UNKNOWN)], cluster(*TWO)), set()),
    "a hidden group": (job([channel("a", "c")], cluster(group("a"), UNKNOWN)), set()),
    "a hidden group's name": (job([channel("a", "c")], cluster(group("a"), group(UNKNOWN))), set()),
    "hidden resources": (job([channel("a", "c")], UNKNOWN), set()),
    "a hidden channel": (job([channel("a", "a"), UNKNOWN], cluster(*TWO)), set()),
    "hidden names of another channel": (
        job([channel("a", "a"), channel("b", InstanceGroupNames=UNKNOWN)], cluster(*TWO)),
        set(),
    ),
}


@pytest.mark.parametrize("case", JOBS)
def test_channels_and_groups(case: str) -> None:
    spec, expected = JOBS[case]
    assert {
        s for s in reported(spec, "TrainingJobDefinition") if s[0] == "group-names-consistency"
    } == expected


def test_a_channel_without_groups_is_related_to_the_first_that_names_some() -> None:
    spec = job([channel("a"), channel("b", "a", "b"), channel("c", "a")], cluster(*TWO))
    problem = only(spec, "group-names-consistency", "TrainingJobDefinition")
    ((path, note),) = [(r.path, r.message) for r in problem.related]
    assert (path, note) == (source(1, "InstanceGroupNames"), "this channel names 'a', 'b'")


@pytest.mark.parametrize(
    "rest", [{}, {"ResourceConfig": cluster({"InstanceType": "ml.m5.xlarge", "InstanceCount": 1})}]
)
def test_missing_groups_or_names_are_not_reported_at_the_channel(rest: dict[str, Any]) -> None:
    """Their absence is reported by another rule."""
    spec = {"InputDataConfig": [channel("a", "c")], **rest}
    found = problems(linter(), spec, "TrainingJobDefinition")
    assert not [p for r, p in found if r.name == "group-names-consistency" and p.path[0] == "InputDataConfig"]


def test_an_unknown_group_is_reported_with_the_nearest_one() -> None:
    spec = job([channel("a", "gpus")], cluster(group("gpu"), group("preprocessing")))
    problem = only(spec, "group-names-consistency", "TrainingJobDefinition")
    assert problem.message == ("'gpus' is not the InstanceGroupName of a group; did you mean 'gpu'?")
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == ("gpu", False)
    taken = job([channel("a", "gpu", "gpus")], cluster(group("gpu"), group("preprocessing")))
    assert only(taken, "group-names-consistency", "TrainingJobDefinition").fix is None
    far = job([channel("a", "readers")], cluster(group("gpu"), group("preprocessing")))
    assert only(far, "group-names-consistency", "TrainingJobDefinition").message == (
        "'readers' is not the InstanceGroupName of a group; defined: 'gpu', 'preprocessing'"
    )
    assert [r.path for r in problem.related] == [GROUPS]


# ---------------------------------------------------------------- volumes


def duplicate(index: int) -> tuple[str, tuple[str | int, ...], str]:
    return ("instance-preference-duplicate", (index, "InstanceType"), "error")


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        ([M5, G5[0]], set()),
        ([M5, G5[0], M5], {duplicate(2)}),
        ([M5, {**M5, "InstanceCount": 2}, M5], {duplicate(1), duplicate(2)}),
        ([M5, {**M5, "InstanceType": UNKNOWN}, UNKNOWN, M5], {duplicate(3)}),
        (OpenList([M5, M5]), {duplicate(1)}),
    ],
    ids=repr,
)
def test_a_type_is_preferred_once(preferences: Any, expected: Any) -> None:
    assert reported(preferences, "InstancePreferenceList") == expected


def test_counts_of_0_are_reported_wherever_they_are() -> None:
    none = {"InstanceCount": 0}
    spec = {
        "InstanceType": "ml.trn2.48xlarge", "VolumeSizeInGB": 7600, **none,
        "InstancePlacementConfig": {"PlacementSpecifications": [{"InstanceCount": 1}, none, {"InstanceCount": UNKNOWN}]},
    }  # fmt: skip
    zeros = {path for name, path, _ in reported(spec) if name == "instance-config-incomplete"}
    assert zeros == {
        ("InstanceCount",),
        ("InstancePlacementConfig", "PlacementSpecifications", 1, "InstanceCount"),
    }
    spec = preferring({**M5, **none}, G5[0])
    zeros = {path for name, path, _ in reported(spec) if name == "instance-config-incomplete"}
    assert zeros == {("InstancePreferences", 0, "InstanceCount")}


def test_a_file_system_cannot_name_groups() -> None:
    """A channel with one beside others that name groups is silent."""
    files = {"ChannelName": "b", "DataSource": {"FileSystemDataSource": {"DirectoryPath": "/b"}}}
    spec = job([channel("a", "a", "b"), files], cluster(*TWO))
    names = {name for name, _, _ in reported(spec, "TrainingJobDefinition")}
    assert "group-names-consistency" not in names


# ---------------------------------------------------------------- warm pools, placement, cost


KEEP = "KeepAlivePeriodInSeconds"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (single(**{KEEP: 600}), {("keepalive-in-profile", (KEEP,), "warning")}),
        (single(**{KEEP: 1}), {("keepalive-in-profile", (KEEP,), "warning")}),
        (cluster(*TWO, **{KEEP: 1}), {("keepalive-with-groups", (KEEP,), "error")}),
        (single(**{KEEP: 0}), set()),
        (single(**{KEEP: UNKNOWN}), set()),
        # Two rules report the same fault: the error replaces the warning.
        (cluster(*TWO, **{KEEP: 600}), {("keepalive-with-groups", (KEEP,), "error")}),
        (cluster(*TWO, **{KEEP: 0}), set()),
        (single(InstanceGroups=[], **{KEEP: 60}), {("keepalive-in-profile", (KEEP,), "warning")}),
        (
            single(**{KEEP: 40000}),
            {("keepalive-in-profile", (KEEP,), "warning"), ("number-range", (KEEP,), "error")},
        ),
    ],
    ids=repr,
)
def test_warm_pools(spec: Any, expected: Any) -> None:
    assert reported(spec) == expected


def test_a_warm_pool_beyond_the_limit_of_the_guide() -> None:
    for period in (600, 3600):
        assert "guide" not in only(single(**{KEEP: period}), "keepalive-in-profile").message
    assert "the guide allows at most 3600" in only(single(**{KEEP: 3601}), "keepalive-in-profile").message


def test_warm_pools_are_removed_safely() -> None:
    for spec, rule in (
        (single(**{KEEP: 600}), "keepalive-in-profile"),
        (cluster(*TWO, **{KEEP: 9}), "keepalive-with-groups"),
    ):
        fix = only(spec, rule).fix
        assert isinstance(fix, Remove)
        assert fix.safe


def placed(kind: Any, count: Any, *locations: Any) -> dict[str, Any]:
    return {
        "InstanceType": kind,
        "InstanceCount": count,
        "InstancePlacementConfig": {"PlacementSpecifications": list(locations)},
    }


ULTRA = "ml.p6e-gb200.36xlarge"
LOCATIONS = ("InstancePlacementConfig", "PlacementSpecifications")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (placed(ULTRA, 4, {"InstanceCount": 2}, {"InstanceCount": 2}), set()),
        (placed(ULTRA, 4, {"InstanceCount": 2}), {LOCATIONS}),
        (placed(ULTRA, 300, {"InstanceCount": 150}, {"InstanceCount": 150}), set()),
        (placed(ULTRA, 4, {"InstanceCount": 5}, UNKNOWN), {LOCATIONS}),
        (placed(ULTRA, 4, {"InstanceCount": 2}, UNKNOWN), set()),
        (placed(ULTRA, 4, {"InstanceCount": 2}, {"InstanceCount": UNKNOWN}), set()),
        (placed(ULTRA, 4), set()),
        (placed(ULTRA, UNKNOWN, {"InstanceCount": 2}), set()),
        (placed("ml.trn2.48xlarge", 4), set()),
        (placed("ml.m5.large", 4), {LOCATIONS[:1]}),
        (placed("ml.m5.large", 4, {"InstanceCount": 2}), {LOCATIONS[:1], LOCATIONS}),
        (placed("ml.x9.large", 4), set()),
        (placed(UNKNOWN, 4), set()),
    ],
    ids=repr,
)
def test_placement(spec: Any, expected: Any) -> None:
    ours = {s for s in reported(spec) if s[0] == "placement-config"}
    assert ours == {("placement-config", path, "warning") for path in expected}


@pytest.mark.parametrize(
    ("kind", "expensive"),
    [
        ("ml.p4d.24xlarge", True),
        ("ml.p5.48xlarge", True),
        ("ml.p6-b200.48xlarge", True),
        ("ml.trn1.32xlarge", True),
        ("ml.trn1.2xlarge", False),
        ("ml.trn1n.32xlarge", True),
        ("ml.trn2.48xlarge", True),
        ("ml.g5.48xlarge", True),
        ("ml.g6e.48xlarge", True),
        ("ml.g5.24xlarge", False),
        ("ml.m5.24xlarge", False),
    ],
)
def test_expensive_instances(kind: str, expensive: bool) -> None:
    rule = {("profile-expensive-instance", ("InstanceType",), "warning")} if expensive else set()
    rows = reported({"InstanceType": kind, "InstanceCount": 1})
    assert {row for row in rows if row[0] != "volume-size-required"} == rule


@pytest.mark.parametrize(
    ("spec", "shape", "path"),
    [
        (single(count=4), "ResourceConfig", None),
        (single(count=5), "ResourceConfig", ("InstanceCount",)),
        ({"InstanceType": "ml.m5.xlarge", "InstanceCount": 5}, "TransformResources", ("InstanceCount",)),
        (cluster(group("a", count=2), group("b", count=2)), "ResourceConfig", None),
        (cluster(group("a", count=2), group("b", count=3)), "ResourceConfig", ("InstanceGroups",)),
        (cluster(group("a", count=5), UNKNOWN), "ResourceConfig", ("InstanceGroups",)),
        (cluster(group("a", count=2), UNKNOWN), "ResourceConfig", None),
        (
            cluster(group("a", "ml.p5.48xlarge"), group("b")),
            "ResourceConfig",
            ("InstanceGroups", 0, "InstanceType"),
        ),
    ],
    ids=repr,
)
def test_many_instances(spec: Any, shape: str, path: Any) -> None:
    rule = {("profile-expensive-instance", path, "warning")} if path else set()
    assert reported(spec, shape) == rule
