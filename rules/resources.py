"""The instances of a validation job: types, counts, groups, warm pools and placement."""

from __future__ import annotations

from algolint import (
    Insert,
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    counted,
    every,
    is_open,
    lacks,
    listed,
    nearest,
    rule,
    select,
    shown,
)
from algolint.aws.instances import ULTRASERVER, has_local_storage, is_expensive
from algolint.aws.notation import instance_family

from ._profiles import instance_types, items, repeated, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from algolint.values import Path, Step

# ---------------------------------------------------------------- which instances


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="service: aws/sagemaker-python-sdk#5564; 'InstanceType or InstanceCount cannot be specified"
    " with InstanceGroups'; reference: ResourceConfig.InstancePreferences, botocore 1.44.8; the fields that"
    " it excludes",
)
def instance_and_groups_exclusive(config: dict[str, Any]) -> Iterator[Problem]:
    """Instances are requested in two ways that exclude each other.

    A job runs on one instance type (InstanceType and InstanceCount), on several groups at once
    (InstanceGroups), or on the first type that is available (InstancePreferences). The service rejects a
    mixture. InstanceCount can be set together with InstancePreferences if no preference has a count of its
    own. A training plan is set either for the whole job or in the preferences.

    ```yaml bad
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    InstanceGroups:
      - InstanceType: ml.g5.xlarge
        InstanceCount: 2
        InstanceGroupName: gpu
    ```

    ```yaml good
    InstanceGroups:
      - InstanceType: ml.g5.xlarge
        InstanceCount: 2
        InstanceGroupName: gpu
    ```

    ```yaml bad
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    InstancePreferences:
      - InstanceType: ml.g5.xlarge
      - InstanceType: ml.g6.xlarge
    ```

    ```yaml good
    InstanceCount: 1
    InstancePreferences:
      - InstanceType: ml.g5.xlarge
      - InstanceType: ml.g6.xlarge
    ```
    """
    match config:
        case {"InstanceGroups": list() as groups} if groups:
            yield from _excluded(config, "InstanceGroups", ("InstanceType", "InstanceCount"))
    match config:
        case {"InstancePreferences": list() as preferences} if preferences:
            others = ["InstanceType", "InstanceGroups", "InstancePlacementConfig"]
            if any(True for _ in _having(preferences, "InstanceCount")):
                others.append("InstanceCount")
            yield from _excluded(config, "InstancePreferences", others)
            for index in _having(preferences, "TrainingPlanArns"):
                if "TrainingPlanArn" in config:
                    yield Problem(
                        Key("InstancePreferences", index, "TrainingPlanArns"),
                        "TrainingPlanArns cannot be set together with the job's TrainingPlanArn",
                        related=Related(Key("TrainingPlanArn"), "TrainingPlanArn is set here"),
                    )


def _excluded(config: dict[str, Any], field: str, others: Iterable[str]) -> Iterator[Problem]:
    """Report a field that is set together with others that exclude it; an empty list counts as absent."""
    present = [name for name in others if name in config and not _is_empty_list(config[name])]
    if present:
        yield Problem(
            Key(field),
            f"{field} cannot be set together with {' and '.join(present)}; the service rejects both",
            related=[Related(Key(name), f"{name} is set here") for name in present],
        )


def _is_empty_list(value: object) -> bool:
    return isinstance(value, list) and not value and not is_open(value)


def _having(items: list[Any], field: str) -> Iterator[int]:
    """Yield the indexes of the objects of a list that have a field, whatever its value."""
    for index, item in enumerate(items):
        if isinstance(item, dict) and field in item:
            yield index


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="reference: InstancePreference.InstanceCount and PlacementSpecification.InstanceCount,"
    " botocore 1.44.8; 'Minimum value of 1'; guide: Developer Guide, train-heterogeneous-cluster, 2023;"
    " groups have a type and a count",
    fix="safe",
)
def instance_config_incomplete(config: dict[str, Any]) -> Iterator[Problem]:
    """A job has no instance type, no instance count, or a count of 0.

    Since the API supports groups of instances, it marks the type and count as optional, and allows a count of
    0, but a validation job needs both. With InstancePreferences, either each preference has an InstanceCount,
    or the job has one for all of them. If only the count is missing the fix sets it to 1.

    ```yaml bad
    InstanceType: ml.m5.xlarge
    VolumeSizeInGB: 30
    ```

    ```yaml good
    InstanceType: ml.m5.xlarge
    VolumeSizeInGB: 30
    InstanceCount: 1
    ```

    ```yaml bad
    InstanceType: ml.m5.xlarge
    VolumeSizeInGB: 30
    InstanceCount: 0
    ```

    ```yaml good
    InstanceType: ml.m5.xlarge
    VolumeSizeInGB: 30
    InstanceCount: 2
    ```

    ```yaml bad
    VolumeSizeInGB: 30
    ```
    """
    for route in _COUNTS:
        for path, count in select(config, *route):
            if isinstance(count, int) and count == 0:
                yield Problem(path, "InstanceCount is 0; it has to be at least 1")
    match config:
        case {"InstancePreferences": list() as preferences} if preferences:
            yield from _preferred_counts(config, preferences)
            return
    if not (_lacks_items(config, "InstanceGroups") and _lacks_items(config, "InstancePreferences")):
        return
    no_type, no_count = lacks(config, "InstanceType"), lacks(config, "InstanceCount")
    if no_type and no_count:
        yield Problem(
            Key(),
            "no instances are set; a job needs InstanceType and InstanceCount, InstanceGroups or"
            " InstancePreferences",
        )
    elif no_type:
        yield Problem(Key(), "InstanceType is missing; a job with InstanceCount needs it")
    elif no_count:
        fix = Insert((), "InstanceCount", 1, safe=True)
        yield Problem(Key(), "InstanceCount is missing; a job with InstanceType needs it", fix=fix)


_COUNTS: tuple[tuple[Step, ...], ...] = (
    ("InstanceCount",),
    ("InstanceGroups", ..., "InstanceCount"),
    ("InstancePreferences", ..., "InstanceCount"),
    ("InstancePlacementConfig", "PlacementSpecifications", ..., "InstanceCount"),
)


def _lacks_items(part: dict[str, Any], field: str) -> bool:
    """Whether a list field is certainly absent or empty."""
    return lacks(part, field) or _is_empty_list(part.get(field))


def _preferred_counts(config: dict[str, Any], preferences: list[Any]) -> Iterator[Problem]:
    """Report counts in some preferences only, and preferences without any count."""
    without = [
        i for i, item in enumerate(preferences) if isinstance(item, dict) and lacks(item, "InstanceCount")
    ]
    having = len(list(_having(preferences, "InstanceCount")))
    if without and having:
        verb = "has" if having == 1 else "have"
        yield Problem(
            Key("InstancePreferences"),
            f"{having} of {len(preferences)} preferences {verb} an InstanceCount; set it in all or none",
            related=Related(("InstancePreferences", without[0]), "this preference has none"),
        )
    elif len(without) == len(preferences) and not is_open(preferences) and lacks(config, "InstanceCount"):
        yield Problem(
            Key(),
            "InstanceCount is missing; set it here or in every preference",
            fix=Insert((), "InstanceCount", 1, safe=True),
        )


@rule(
    on="InstancePreferenceList",
    severity="error",
    evidence="reference: InstancePreference.InstanceType, botocore 1.44.8; 'An instance type can appear only "
    "once in an InstancePreferences list.'",
    fix="unsafe",
)
def instance_preference_duplicate(preferences: list[Any]) -> Iterator[Problem]:
    """An instance type is in InstancePreferences twice.

    The service launches the job on the first type of the list that has capacity, so a second entry for a
    type has no meaning, and the request is rejected. Often another size was meant.

    ```yaml bad
    - InstanceType: ml.g5.xlarge
    - InstanceType: ml.g6.xlarge
    - InstanceType: ml.g5.xlarge
    ```

    ```yaml good
    - InstanceType: ml.g5.xlarge
    - InstanceType: ml.g6.xlarge
    ```
    """
    for path, kind, first in repeated(select(preferences, ..., "InstanceType")):
        yield Problem(
            path,
            f"duplicate InstanceType {shown(kind)}; InstancePreferences can have a type only once",
            fix=Remove(path[0], title="delete the duplicate"),
            related=Related(first, "first listed here"),
        )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("info",),
    evidence="service: aws/sagemaker-python-sdk#6089; 'Some channels have assigned instance groups: [..]"
    " while others not: [..]'",
    fix="unsafe",
)
def group_names_consistency(job: dict[str, Any]) -> Iterator[Problem]:
    """Channels and instance groups do not match.

    In a heterogeneous cluster either every channel with data in S3 names the groups that read it or none
    does, the names have to be those of InstanceGroups, and no two groups have the same name. Data on a file
    system cannot name groups and is not checked. A group without a channel, or a cluster of one group, works
    but is rarely intended; that is reported as info.

    ```yaml bad
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3Uri: s3://amzn-example-bucket/train/
            InstanceGroupNames: [gpu]
      - ChannelName: validation
        DataSource:
          S3DataSource:
            S3Uri: s3://amzn-example-bucket/validation/
    ResourceConfig:
      InstanceGroups:
        - InstanceGroupName: gpu
        - InstanceGroupName: preprocessing
    ```

    ```yaml good
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3Uri: s3://amzn-example-bucket/train/
            InstanceGroupNames: [gpu]
      - ChannelName: validation
        DataSource:
          S3DataSource:
            S3Uri: s3://amzn-example-bucket/validation/
            InstanceGroupNames: [gpu, preprocessing]
    ResourceConfig:
      InstanceGroups:
        - InstanceGroupName: gpu
        - InstanceGroupName: preprocessing
    ```

    ```yaml bad
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3Uri: s3://amzn-example-bucket/train/
            InstanceGroupNames: [gpus, preprocessing]
    ResourceConfig:
      InstanceGroups:
        - InstanceGroupName: gpu
        - InstanceGroupName: preprocessing
    ```

    ```yaml good
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3Uri: s3://amzn-example-bucket/train/
            InstanceGroupNames: [gpu, preprocessing]
    ResourceConfig:
      InstanceGroups:
        - InstanceGroupName: gpu
        - InstanceGroupName: preprocessing
    ```

    ```yaml bad
    ResourceConfig:
      InstanceGroups:
        - InstanceGroupName: gpu
        - InstanceGroupName: gpu
    ```
    """
    names = select(job, "ResourceConfig", "InstanceGroups", ..., "InstanceGroupName")
    for path, name, first in repeated(names):
        yield Problem(
            path,
            f"duplicate InstanceGroupName {shown(name)}; each group needs its own",
            related=Related(first, "the first group with this name is here"),
        )
    sources = [
        (path, source)
        for path, source in select(job, "InputDataConfig", ..., "DataSource", "S3DataSource")
        if isinstance(source, dict)
    ]
    assigned: list[tuple[Path, list[Any]]] = [
        ((*path, "InstanceGroupNames"), chosen)
        for path, source in sources
        if (chosen := items(source, "InstanceGroupNames"))
    ]
    for path, source in sources if assigned else ():
        if _lacks_items(source, "InstanceGroupNames"):
            at, chosen = assigned[0]
            yield Problem(
                Key(*path),
                "the channel has no InstanceGroupNames, but other channels do; set them for all or for none",
                related=Related(Key(*at), f"this channel names {listed(texts(chosen))}"),
            )
    if names or assigned:
        yield from _unmatched_groups(job, assigned)


def _unmatched_groups(job: dict[str, Any], assigned: list[tuple[Path, list[Any]]]) -> Iterator[Problem]:
    """Report names of groups that are not defined, groups without data, and a cluster of one group."""
    groups = every(job, "ResourceConfig", "InstanceGroups", ...)
    known = [name for _, name in every(job, "ResourceConfig", "InstanceGroups", ..., "InstanceGroupName")]
    if "ResourceConfig" in job and (known or not groups):
        yield from _unknown_groups(known, assigned)
    where = Key("ResourceConfig", "InstanceGroups")
    if len(groups) == 1:
        yield Problem(
            where, "InstanceGroups has one group; InstanceType and InstanceCount are enough", "info"
        )
    idle = _idle_groups(job, known) if assigned else []
    if idle:
        yield Problem(where, f"no channel names {listed(idle)} in InstanceGroupNames", "info")


def _unknown_groups(known: list[str], assigned: list[tuple[Path, list[Any]]]) -> Iterator[Problem]:
    """Report names of groups that are not defined."""
    defined = dict.fromkeys(known)
    all_defined = f"defined: {listed(defined)}"
    for path, chosen in assigned:
        if not known:
            yield Problem(Key(*path), "InstanceGroupNames is set, but ResourceConfig has no InstanceGroups")
        for index, name in enumerate(chosen):
            if known and isinstance(name, str) and name not in defined:
                best = nearest(name, known)
                hint = f"did you mean {shown(best)}?" if best else all_defined
                yield Problem(
                    (*path, index),
                    f"{shown(name)} is not the InstanceGroupName of a group; {hint}",
                    fix=Replace((*path, index), best) if best and best not in texts(chosen) else None,
                    related=Related(Key("ResourceConfig", "InstanceGroups"), "the groups are defined here"),
                )


def _idle_groups(job: dict[str, Any], known: list[str]) -> list[str]:
    """Return the groups that no channel has data for, where every channel names its groups."""
    served: set[str] = set()
    for _, source in every(job, "InputDataConfig", ..., "DataSource"):
        names = [name for _, name in every(source, "S3DataSource", "InstanceGroupNames", ...)]
        if not names:
            return []
        served.update(names)
    return [name for name in known if name not in served] if served <= set(known) else []


# ---------------------------------------------------------------- warm pools, placement, cost


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="guide: Developer Guide, train-warm-pools, 2023; warm pools cannot be used with "
    "heterogeneous cluster training",
    replaces=("keepalive-in-profile",),
    fix="safe",
)
def keepalive_with_groups(config: dict[str, Any]) -> Iterator[Problem]:
    """KeepAlivePeriodInSeconds is set for a heterogeneous cluster.

    A job with InstanceGroups cannot keep a warm pool, and the service rejects the two together. No job
    follows a validation job anyway, so the fix deletes the period.

    ```yaml bad
    KeepAlivePeriodInSeconds: 600
    VolumeSizeInGB: 100
    InstanceGroups:
      - InstanceType: ml.g5.xlarge
        InstanceGroupName: gpu
      - InstanceType: ml.m5.xlarge
        InstanceGroupName: preprocessing
    ```

    ```yaml good
    VolumeSizeInGB: 100
    InstanceGroups:
      - InstanceType: ml.g5.xlarge
        InstanceGroupName: gpu
      - InstanceType: ml.m5.xlarge
        InstanceGroupName: preprocessing
    ```
    """
    match config:
        case {"KeepAlivePeriodInSeconds": int() as period, "InstanceGroups": list() as groups} if (
            period > 0 and groups
        ):
            yield Problem(
                "KeepAlivePeriodInSeconds",
                "KeepAlivePeriodInSeconds cannot be used with InstanceGroups",
                fix=Remove("KeepAlivePeriodInSeconds", safe=True),
                related=Related(Key("InstanceGroups"), "InstanceGroups is set here"),
            )


@rule(
    on="ResourceConfig",
    severity="warning",
    evidence="guide: Developer Guide, train-warm-pools, 2023; a billable resource, at most 3600 seconds",
    fix="safe",
)
def keepalive_in_profile(config: dict[str, Any]) -> Iterator[Problem]:
    """KeepAlivePeriodInSeconds is set in a validation profile.

    The instances are kept, and billed, for this period, to be used by a further job of the same kind, but
    no job follows a validation job. The account's quota for warm pools is 0 unless it was raised. The
    guide allows at most 3600 seconds, though newer revisions of the API accept more.

    ```yaml bad
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    KeepAlivePeriodInSeconds: 600
    ```

    ```yaml good
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    ```
    """
    match config:
        case {"KeepAlivePeriodInSeconds": int() as period} if period > 0:
            longer = f"; the guide allows at most 3600, not {shown(period)}" if period > 3600 else ""
            yield Problem(
                "KeepAlivePeriodInSeconds",
                f"KeepAlivePeriodInSeconds bills idle instances, but no job follows a validation{longer}",
                fix=Remove("KeepAlivePeriodInSeconds", safe=True),
            )


@rule(
    on="ResourceConfig",
    severity="warning",
    evidence="reference: ResourceConfig.InstancePlacementConfig, botocore 1.44.8; 'Only applicable for "
    "UltraServer capacity.'",
    fix="unsafe",
)
def placement_config(config: dict[str, Any]) -> Iterator[Problem]:
    """InstancePlacementConfig is set for other types than UltraServers, or for another InstanceCount.

    The placement decides how instances share UltraServers, so it has no effect on other types, and the
    counts of its specifications should add up to InstanceCount. Unknown families may be UltraServers, and
    are not reported.

    ```yaml bad
    InstanceType: ml.m5.large
    InstanceCount: 2
    VolumeSizeInGB: 30
    InstancePlacementConfig:
      EnableMultipleJobs: false
    ```

    ```yaml good
    InstanceType: ml.m5.large
    InstanceCount: 2
    VolumeSizeInGB: 30
    ```

    ```yaml bad
    InstanceType: ml.p6e-gb200.36xlarge
    InstanceCount: 9
    InstancePlacementConfig:
      PlacementSpecifications:
        - InstanceCount: 4
        - InstanceCount: 4
    ```

    ```yaml good
    InstanceType: ml.p6e-gb200.36xlarge
    InstanceCount: 8
    InstancePlacementConfig:
      PlacementSpecifications:
        - InstanceCount: 4
        - InstanceCount: 4
    ```
    """
    match config:
        case {"InstanceType": str() as kind, "InstancePlacementConfig": _} if (
            instance_family(kind) not in ULTRASERVER and has_local_storage(kind) is not None
        ):
            yield Problem(
                Key("InstancePlacementConfig"),
                f"InstancePlacementConfig is for UltraServers only, and {kind} is not one",
                fix=Remove("InstancePlacementConfig"),
            )
    match config:
        case {
            "InstanceCount": int() as count,
            "InstancePlacementConfig": {"PlacementSpecifications": list() as placements},
        } if placements:
            total, is_all = _placed(placements)
            if total > count or (is_all and total != count):
                yield Problem(
                    Key("InstancePlacementConfig", "PlacementSpecifications"),
                    f"PlacementSpecifications place {counted(total, 'instance')}, but InstanceCount is"
                    f" {shown(count)}",
                    related=Related("InstanceCount", f"InstanceCount is {shown(count)}"),
                )


def _placed(placements: list[Any]) -> tuple[int, bool]:
    """Return how many instances the specifications are known to place, and whether that is all of them."""
    counts = [count for _, count in select(placements, ..., "InstanceCount") if isinstance(count, int)]
    return sum(counts), len(counts) == len(placements) and not is_open(placements)


@rule(
    on=("ResourceConfig", "TransformResources"),
    severity="warning",
    evidence="heuristic: validation jobs run in the author's account at every creation (Developer Guide,"
    " sagemaker-mkt-create-algo); size and accelerators of a type are EC2's (moto 5.2.5)",
)
def profile_expensive_instance(config: dict[str, Any]) -> Iterator[Problem]:
    """A validation profile uses very expensive instances, or more than four.

    The validation only has to show that training and inference work. It runs in the author's account each
    time the algorithm is created, and types with eight GPUs, sixteen Neuron devices or 192 vCPUs cost tens
    of dollars an hour. A small data set on a small type is enough. Ignore this if the algorithm needs the
    large type.

    ```yaml bad
    InstanceType: ml.p5.48xlarge
    InstanceCount: 1
    ```

    ```yaml good
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    ```

    ```yaml bad TransformResources
    InstanceType: ml.m5.xlarge
    InstanceCount: 20
    ```

    ```yaml good TransformResources
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    ```
    """
    for path, kind in instance_types(config):
        if is_expensive(kind):
            yield Problem(path, f"{kind} is among the most expensive types; a validation job is a short test")
    match config:
        case {"InstanceCount": int() as count} if count > 4:
            yield Problem(
                "InstanceCount",
                f"InstanceCount is {shown(count)}; more than 4 cost a lot for a validation",
            )
    counts = [count for _, count in select(config, "InstanceGroups", ..., "InstanceCount")]
    total = sum(count for count in counts if isinstance(count, int))
    if total > 4:
        message = f"InstanceGroups have {shown(total)} instances; more than 4 cost a lot for a validation"
        yield Problem(Key("InstanceGroups"), message)
