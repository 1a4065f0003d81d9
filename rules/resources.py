"""The instances of a validation job: types, counts, groups, volumes and warm pools."""

from __future__ import annotations

from algolint import (
    Insert,
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    every,
    is_open,
    lacks,
    listed,
    meant,
    rule,
    select,
    shown,
)
from algolint.aws.instances import ULTRASERVER, has_local_storage, is_expensive, local_storage_gb
from algolint.aws.notation import instance_family

from ._profiles import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Path

# ---------------------------------------------------------------- which instances


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="service: InstanceType or InstanceCount cannot be specified with InstanceGroups"
    " (aws/sagemaker-python-sdk#5564)",
)
def instance_and_groups_exclusive(config: dict[str, Any]) -> Iterator[Problem]:
    """Instances are asked for in two ways that exclude each other.

    A job runs on one kind of instance (InstanceType and InstanceCount), on several groups at once
    (InstanceGroups), or on the first type that is available (InstancePreferences). The service refuses
    a mixture. InstanceCount may stand beside preferences where no preference has a count of its own, and
    a training plan is named for the whole job or in the preferences.

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
                        "a training plan of a preference and one of the job exclude each other",
                        related=Related(Key("TrainingPlanArn"), "the plan of the job"),
                    )


def _excluded(config: dict[str, Any], field: str, others: Iterable[str]) -> Iterator[Problem]:
    """That a field stands beside others that it excludes; an empty list counts as absent."""
    present = [name for name in others if name in config and not _is_empty_list(config[name])]
    if present:
        yield Problem(
            Key(field),
            f"{field} and {' and '.join(present)} exclude each other; the service refuses both",
            related=[Related(Key(name), f"{name} is here") for name in present],
        )


def _is_empty_list(value: object) -> bool:
    return isinstance(value, list) and not value and not is_open(value)


def _having(items: list[Any], field: str) -> Iterator[int]:
    """The indexes of the objects of a list that have a field, whatever its value."""
    for index, item in enumerate(items):
        if isinstance(item, dict) and field in item:
            yield index


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="guide: train-heterogeneous-cluster, a type and count pair or groups; InstancePreference",
    fix="safe",
)
def instance_config_incomplete(config: dict[str, Any]) -> Iterator[Problem]:
    """A job without an instance type, without a number of instances, or with none of them.

    Since the API takes groups of instances the type and count are optional for it, and a count of 0 is
    within its limits, but a validation job needs both. Where only the count is missing the fix writes 1.

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
    for route in (("InstanceCount",), ("InstanceGroups", ..., "InstanceCount")):
        for path, count in select(config, *route):
            if isinstance(count, int) and count == 0:
                yield Problem(path, "0 instances; the job needs at least 1")
    match config:
        case {"InstancePreferences": list() as preferences} if preferences:
            yield from _preferred_counts(config, preferences)
            return
    if not (_lacks_items(config, "InstanceGroups") and _lacks_items(config, "InstancePreferences")):
        return
    no_type, no_count = lacks(config, "InstanceType"), lacks(config, "InstanceCount")
    if no_type and no_count:
        yield Problem(
            Key(), "neither InstanceType with InstanceCount nor InstanceGroups; the job needs instances"
        )
    elif no_type:
        yield Problem(Key(), "InstanceCount without InstanceType; the job needs both")
    elif no_count:
        fix = Insert((), "InstanceCount", 1, safe=True)
        yield Problem(Key(), "InstanceType without InstanceCount; the job needs both", fix=fix)


def _lacks_items(part: dict[str, Any], field: str) -> bool:
    """Whether a list field is certainly absent or empty."""
    return lacks(part, field) or _is_empty_list(part.get(field))


def _preferred_counts(config: dict[str, Any], preferences: list[Any]) -> Iterator[Problem]:
    """Every preference has a count, or none has and the job has one for all of them."""
    without = [
        i for i, item in enumerate(preferences) if isinstance(item, dict) and lacks(item, "InstanceCount")
    ]
    counted = list(_having(preferences, "InstanceCount"))
    if without and counted:
        yield Problem(
            Key("InstancePreferences"),
            f"{len(counted)} of {len(preferences)} preferences have an InstanceCount; all or none take one",
            related=Related(("InstancePreferences", without[0]), "this one has none"),
        )
    elif len(without) == len(preferences) and not is_open(preferences) and lacks(config, "InstanceCount"):
        yield Problem(Key(), "no InstanceCount, here or in the preferences; the job needs one")


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("info",),
    evidence="service: Some channels have assigned instance groups while others not"
    " (aws/sagemaker-python-sdk#6089)",
)
def group_names_consistency(job: dict[str, Any]) -> Iterator[Problem]:
    """Channels and instance groups do not fit together.

    In a heterogeneous cluster either every channel says to which groups it goes or none does, the names
    must be those of InstanceGroups, and no two groups share one. A group that no channel feeds, or a
    cluster of one group, works but is rarely meant: an info.

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
            InstanceGroupNames: [gpus]
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
    names: dict[str, Path] = {}
    for path, name in select(job, "ResourceConfig", "InstanceGroups", ..., "InstanceGroupName"):
        if isinstance(name, str) and names.setdefault(name, path) != path:
            related = Related(names[name], "the first group of this name")
            yield Problem(path, f"the group name {shown(name)} is taken", related=related)
    sources = list(select(job, "InputDataConfig", ..., "DataSource", "S3DataSource"))
    assigned = [
        ((*path, "InstanceGroupNames"), chosen)
        for path, source in sources
        if isinstance(source, dict)
        and isinstance(chosen := source.get("InstanceGroupNames"), list)
        and chosen
    ]
    for path, source in sources if assigned else ():
        if isinstance(source, dict) and _lacks_items(source, "InstanceGroupNames"):
            yield Problem(
                Key(*path),
                "this channel names no instance groups while others do; the service takes all or none",
                related=Related(Key(*assigned[0][0]), f"this one names {listed(texts(assigned[0][1]))}"),
            )
    if names or assigned:
        groups = every(job, "ResourceConfig", "InstanceGroups", ...)
        known = [name for _, name in every(job, "ResourceConfig", "InstanceGroups", ..., "InstanceGroupName")]
        if "ResourceConfig" in job and (known or not groups):
            yield from _unknown_groups(known, assigned)
        where = Key("ResourceConfig", "InstanceGroups")
        if len(groups) == 1:
            yield Problem(
                where, "a cluster of one group; InstanceType and InstanceCount say the same", "info"
            )
        idle = _idle_groups(job, known) if assigned else []
        if idle:
            yield Problem(where, f"no channel goes to {listed(idle)}", "info")


def _unknown_groups(known: list[str], assigned: list[tuple[Path, list[Any]]]) -> Iterator[Problem]:
    """Names of groups that the cluster does not have."""
    for path, chosen in assigned:
        if not known:
            yield Problem(Key(*path), "the ResourceConfig has no InstanceGroups to choose from")
        for index, name in enumerate(chosen):
            if known and isinstance(name, str) and name not in known:
                hint = f"; defined: {listed(dict.fromkeys(known))}{meant(name, known)}"
                yield Problem(
                    (*path, index),
                    f"{shown(name)} is in no InstanceGroups entry{hint}",
                    related=Related(Key("ResourceConfig", "InstanceGroups"), "the groups"),
                )


def _idle_groups(job: dict[str, Any], known: list[str]) -> list[str]:
    """The groups that no channel feeds, where every channel says whither it goes."""
    fed: set[str] = set()
    for _, source in every(job, "InputDataConfig", ..., "DataSource"):
        names = [name for _, name in every(source, "S3DataSource", "InstanceGroupNames", ...)]
        if not names:
            return []
        fed.update(names)
    return [name for name in known if name not in fed] if fed <= set(known) else []


# ---------------------------------------------------------------- volumes


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="reference: VolumeSizeInGB, must be defined for an instance with EBS storage only",
    replaces=("number-range",),
)
def volume_size_required(config: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An instance type without storage of its own, and no volume size.

    Instances such as ml.m5 and ml.c5 store on an EBS volume, and the request has to say how large it is.
    Types with local NVMe storage have their size; of types that this program knows nothing about it says
    nothing. Where the API revision itself requires the field its absence is `missing-field`.

    ```yaml bad
    InstanceType: ml.c5.xlarge
    InstanceCount: 1
    ```

    ```yaml good
    InstanceType: ml.c5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    ```

    ```yaml bad
    InstanceType: ml.c5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 0
    ```
    """
    for kind in _kinds(config):
        if has_local_storage(kind) is not False:
            continue
        message = f"{kind} stores on an EBS volume; VolumeSizeInGB has to give its size"
        match config:
            case {"VolumeSizeInGB": int(0)}:
                yield Problem("VolumeSizeInGB", message)
                return
            case _ if lacks(config, "VolumeSizeInGB") and not _size_is_required(context):
                yield Problem(Key(), message)
                return


def _kinds(config: dict[str, Any]) -> list[str]:
    """The instance types of a job that can be seen."""
    kinds = [config.get("InstanceType")]
    kinds += [kind for _, kind in select(config, "InstanceGroups", ..., "InstanceType")]
    return [kind for kind in kinds if isinstance(kind, str)]


def _size_is_required(context: Context) -> bool:
    return context.model.shape("ResourceConfig").members["VolumeSizeInGB"].required


@rule(
    on="ResourceConfig",
    severity="info",
    also=("warning",),
    evidence="reference: VolumeSizeInGB, no EBS volume is provisioned for NVMe types, their size is fixed",
    fix="unsafe",
)
def volume_size_on_local_storage(config: dict[str, Any], context: Context) -> Iterator[Problem]:
    """VolumeSizeInGB for an instance type with local NVMe storage.

    Such an instance gets no EBS volume: there is the local storage and no more. A size above it is a
    warning, for the job may run out of space or be refused; the fix lowers it to what there is. Any
    other size has no effect, which is an info, unless the API revision demands the field.

    ```yaml bad
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 500
    ```

    ```yaml good
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 250
    ```

    ```yaml bad
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    ```

    ```yaml good
    InstanceType: ml.g5.xlarge
    InstanceCount: 1
    ```
    """
    match config:
        case {"InstanceType": str() as kind, "VolumeSizeInGB": int() as size} if has_local_storage(kind):
            there = local_storage_gb(kind)
            has = f"{kind} has {there} GB of local storage" if there else f"{kind} has local storage"
            if there and size > there:
                fix = Replace("VolumeSizeInGB", there, title=f"lower to the {there} GB there are")
                message = f"{has}, less than the {shown(size)} GB asked for, and gets no volume"
                yield Problem("VolumeSizeInGB", message, "warning", fix=fix)
            elif 0 < size != there and not _size_is_required(context):
                yield Problem("VolumeSizeInGB", f"{has} and gets no volume; {shown(size)} has no effect")


@rule(
    on=("ResourceConfig", "TransformResources"),
    severity="error",
    also=("warning",),
    evidence="reference: VolumeKmsKeyId, cannot be requested for an instance type with local storage",
    fix="unsafe",
)
def volume_kms_on_local_storage(config: dict[str, Any]) -> Iterator[Problem]:
    """VolumeKmsKeyId for an instance type with local storage.

    Local NVMe storage is encrypted by the instance's own hardware, and the service refuses a key for it.
    In a cluster where only some groups have local storage it is a warning. An organisation's policy may
    demand the key; then take types that store on EBS. An empty text counts as no key.

    ```yaml bad
    InstanceType: ml.g4dn.xlarge
    InstanceCount: 1
    VolumeKmsKeyId: 1234abcd-12ab-34cd-56ef-1234567890ab
    ```

    ```yaml good
    InstanceType: ml.g4dn.xlarge
    InstanceCount: 1
    ```

    ```yaml bad
    InstanceGroups:
      - InstanceType: ml.g5.xlarge
        InstanceGroupName: gpu
      - InstanceType: ml.m5.xlarge
        InstanceGroupName: preprocessing
    VolumeSizeInGB: 100
    VolumeKmsKeyId: 1234abcd-12ab-34cd-56ef-1234567890ab
    ```

    ```yaml good
    InstanceGroups:
      - InstanceType: ml.g5.xlarge
        InstanceGroupName: gpu
      - InstanceType: ml.m5.xlarge
        InstanceGroupName: preprocessing
    VolumeSizeInGB: 100
    ```
    """
    match config:
        case {"VolumeKmsKeyId": str() as key} if key:
            local = [kind for kind in _kinds(config) if has_local_storage(kind)]
            if local:
                yield Problem(
                    "VolumeKmsKeyId",
                    f"a key for volumes, but {listed(dict.fromkeys(local))} with local storage takes none",
                    "error" if len(local) == _most_kinds(config) else "warning",
                    fix=Remove("VolumeKmsKeyId"),
                )


def _most_kinds(config: dict[str, Any]) -> float:
    """How many instance types a job may name, hidden ones included."""
    groups = config.get("InstanceGroups", [])
    if not isinstance(groups, list) or is_open(groups):
        return float("inf")
    return len(groups) + ("InstanceType" in config)


@rule(
    on="ResourceConfig",
    severity="warning",
    evidence="reference: ResourceConfig.VolumeKmsKeyId lists a key id and a key ARN only",
)
def training_volume_kms_alias(config: dict[str, Any]) -> Iterator[Problem]:
    """An alias as the key of a training job's volumes.

    For training the reference lists two forms of VolumeKmsKeyId, the key's id and its ARN; for batch
    transform it lists the alias and the alias's ARN as well. Aliases may be accepted all the same, hence
    a warning.

    ```yaml bad
    VolumeKmsKeyId: alias/training-volumes
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    ```

    ```yaml good
    VolumeKmsKeyId: arn:aws:kms:us-west-2:246618743249:key/1234abcd-12ab-34cd-56ef-1234567890ab
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    ```
    """
    match config:
        case {"VolumeKmsKeyId": str() as key} if key.startswith("alias/") or ":alias/" in key:
            yield Problem(
                "VolumeKmsKeyId", f"{shown(key)} is an alias; for training a key id or key ARN is documented"
            )


# ---------------------------------------------------------------- warm pools, placement, cost


@rule(
    on="ResourceConfig",
    severity="error",
    evidence="guide: train-warm-pools, cannot be used with heterogeneous cluster training",
    replaces=("keepalive-in-profile",),
    fix="safe",
)
def keepalive_with_groups(config: dict[str, Any]) -> Iterator[Problem]:
    """KeepAlivePeriodInSeconds for a heterogeneous cluster.

    Warm pools cannot be kept for a job with InstanceGroups, and the service refuses the two together.
    A validation job is not followed by another one anyway, so the fix deletes the period.

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
                "a warm pool cannot be kept for InstanceGroups",
                fix=Remove("KeepAlivePeriodInSeconds", safe=True),
                related=Related(Key("InstanceGroups"), "the groups"),
            )


@rule(
    on="ResourceConfig",
    severity="warning",
    evidence="guide: train-warm-pools, a billable resource, at most 3600 seconds",
    fix="safe",
)
def keepalive_in_profile(config: dict[str, Any]) -> Iterator[Problem]:
    """KeepAlivePeriodInSeconds in a validation profile.

    The period keeps the instances, and their bill, for a next job of the same kind; after a validation
    job none comes. The account's quota for warm pools is 0 unless it was raised, and the guide names 3600
    seconds as the most, though newer revisions of the API take more.

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
            longer = "; the guide allows 3600 at most" if period > 3600 else ""
            yield Problem(
                "KeepAlivePeriodInSeconds",
                f"{shown(period)} seconds of idle instances are billed; no job follows a validation{longer}",
                fix=Remove("KeepAlivePeriodInSeconds", safe=True),
            )


@rule(
    on="ResourceConfig",
    severity="warning",
    evidence="model: documentation of InstancePlacementConfig, only applicable for UltraServer capacity",
)
def placement_config(config: dict[str, Any]) -> Iterator[Problem]:
    """InstancePlacementConfig for other instances than UltraServers, or for another number of them.

    The placement says how instances share UltraServers, so it means nothing for other types, and the
    counts of its specifications should add up to InstanceCount. Families that this program does not know
    may be UltraServers and are left alone.

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
                f"{kind} is not an UltraServer type; only those take a placement",
            )
    match config:
        case {
            "InstanceCount": int() as count,
            "InstancePlacementConfig": {"PlacementSpecifications": list() as locations},
        } if locations:
            counts = [
                number for _, number in select(locations, ..., "InstanceCount") if isinstance(number, int)
            ]
            total, exact = sum(counts), len(counts) == len(locations) and not is_open(locations)
            if total > count or (exact and total != count):
                yield Problem(
                    Key("InstancePlacementConfig", "PlacementSpecifications"),
                    f"the placements hold {shown(total)} instances, InstanceCount is {shown(count)}",
                    related=Related("InstanceCount", "the instances of the job"),
                )


@rule(
    on=("ResourceConfig", "TransformResources"),
    severity="warning",
    evidence="heuristic: validation jobs run in the author's account (guide: sagemaker-mkt-create-algo)",
)
def profile_expensive_instance(config: dict[str, Any]) -> Iterator[Problem]:
    """A validation profile with very expensive instances, or with more than four.

    Validation only has to show that the algorithm trains and answers. It runs in the author's account,
    at every creation of the algorithm, and the largest accelerators cost tens of dollars an hour. A
    small data set on a small type does; where the algorithm needs the large one, ignore this rule there.

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
    for route in (
        ("InstanceType",),
        ("InstanceGroups", ..., "InstanceType"),
        ("InstancePreferences", ..., "InstanceType"),
    ):
        for path, kind in select(config, *route):
            if isinstance(kind, str) and is_expensive(kind):
                yield Problem(
                    path, f"{kind} is among the most expensive instances; a validation job is a short test"
                )
    match config:
        case {"InstanceCount": int() as count} if count > 4:
            yield Problem(
                "InstanceCount", f"{shown(count)} instances for a validation job; more than 4 cost a lot"
            )
    counts = [count for _, count in select(config, "InstanceGroups", ..., "InstanceCount")]
    total = sum(count for count in counts if isinstance(count, int))
    if total > 4:
        message = f"{shown(total)} instances for a validation job; more than 4 cost a lot"
        yield Problem(Key("InstanceGroups"), message)
