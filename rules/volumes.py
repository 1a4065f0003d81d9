"""The volumes of the instances that a validation profile uses: their size and their key."""

from __future__ import annotations

from algolint import (
    Key,
    PartialText,
    Problem,
    Remove,
    Replace,
    is_open,
    known_pieces,
    lacks,
    listed,
    rule,
    shown,
)
from algolint.aws.instances import has_local_storage, local_storage_gb

from ._profiles import instance_types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.rule import Severity


@rule(
    on="ResourceConfig",
    severity="error",
    also=("warning",),
    evidence="reference: ResourceConfig.VolumeSizeInGB, botocore 1.44.8; 'you must define the size of "
    "EBS volume through VolumeSizeInGB'",
    replaces=("number-range",),
)
def volume_size_required(config: dict[str, Any], context: Context) -> Iterator[Problem]:
    """VolumeSizeInGB is missing or 0 for an instance type without local storage.

    Types such as ml.m5 and ml.c5 store data on an EBS volume, whose size the request has to set. Types with
    local NVMe storage have a fixed size, and unknown types are not reported. The service chooses one of the
    InstancePreferences, so it is a warning if only some of them need a volume. If the API revision requires
    the field, `missing-field` reports that it is missing.

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
    kinds = [(path[0], kind) for path, kind in instance_types(config)]
    on_ebs = [(field, kind) for field, kind in kinds if has_local_storage(kind) is False]
    if not on_ebs:
        return
    # The service may choose a preference that needs no volume.
    is_certain = len(on_ebs) == len(kinds) or any(field != "InstancePreferences" for field, _ in on_ebs)
    severity: Severity | None = None if is_certain else "warning"
    reason = f"{on_ebs[0][1]} has no local storage and needs a volume"
    match config:
        case {"VolumeSizeInGB": int(0)}:
            yield Problem("VolumeSizeInGB", f"VolumeSizeInGB is 0; {reason}", severity)
        case _ if lacks(config, "VolumeSizeInGB") and not _size_is_required(context):
            yield Problem(Key(), f"VolumeSizeInGB is missing; {reason}", severity)


def _size_is_required(context: Context) -> bool:
    return "VolumeSizeInGB" in context.model.shape("ResourceConfig").required


@rule(
    on="ResourceConfig",
    severity="info",
    also=("warning",),
    evidence="reference: ResourceConfig.VolumeSizeInGB, botocore 1.44.8; 'Available storage is fixed to "
    "the NVMe-type instance's storage capacity.'",
    fix="unsafe",
)
def volume_size_on_local_storage(config: dict[str, Any], context: Context) -> Iterator[Problem]:
    """VolumeSizeInGB is set for an instance type with local NVMe storage.

    Such an instance has only its local storage and no EBS volume. A larger size is a warning, because the
    job may run out of space or be rejected; the fix lowers it to the local storage. Any other size has no
    effect, which is reported as info, unless the API revision requires the field. With several types the
    smallest storage counts, and nothing is reported if one of them stores data on EBS.

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
        case {"VolumeSizeInGB": int() as size} if size > 0:
            kinds = [kind for _, kind in instance_types(config)]
            if not kinds or len(kinds) != _count_types(config) or not all(map(has_local_storage, kinds)):
                return
            kind = min(kinds, key=lambda name: local_storage_gb(name) or float("inf"))
            available = local_storage_gb(kind)
            has = f"{kind} has {available} GB of local storage" if available else f"{kind} has local storage"
            if available and size > available:
                fix = Replace("VolumeSizeInGB", available, title=f"lower to {available} GB")
                message = f"VolumeSizeInGB is {shown(size)}, but {has} and gets no volume"
                yield Problem("VolumeSizeInGB", message, "warning", fix=fix)
            elif size != available and not _size_is_required(context):
                yield Problem("VolumeSizeInGB", f"VolumeSizeInGB has no effect; {has} and gets no volume")


@rule(
    on=("ResourceConfig", "TransformResources"),
    severity="error",
    also=("warning",),
    evidence="reference: ResourceConfig.VolumeKmsKeyId, botocore 1.44.8; 'You can't request a "
    "VolumeKmsKeyId when using an instance type with local storage.'",
    fix="unsafe",
)
def volume_kms_on_local_storage(config: dict[str, Any]) -> Iterator[Problem]:
    """VolumeKmsKeyId is set for an instance type with local storage.

    The hardware of the instance encrypts local NVMe storage, and the service rejects a key for it. If only
    some instance groups or preferences have local storage it is a warning. If a policy of your
    organisation requires the key, choose types that store data on EBS. An empty text counts as no key.

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
        case {"VolumeKmsKeyId": str() | PartialText() as key} if key:
            local = [kind for _, kind in instance_types(config) if has_local_storage(kind)]
            if local:
                yield Problem(
                    "VolumeKmsKeyId",
                    f"VolumeKmsKeyId cannot be used with {listed(dict.fromkeys(local))}, whose local storage"
                    " is encrypted by hardware",
                    "error" if len(local) == _count_types(config) else "warning",
                    fix=Remove("VolumeKmsKeyId"),
                )


def _count_types(config: dict[str, Any]) -> float:
    """Return how many instance types a job may name; infinity if some of them may be hidden."""
    count: float = "InstanceType" in config
    for field in ("InstanceGroups", "InstancePreferences"):
        entries = config.get(field, [])
        count += len(entries) if isinstance(entries, list) and not is_open(entries) else float("inf")
    return count


@rule(
    on="ResourceConfig",
    severity="warning",
    evidence="reference: ResourceConfig.VolumeKmsKeyId, botocore 1.44.8; the formats listed are a key id"
    " and a key ARN only",
)
def training_volume_kms_alias(config: dict[str, Any]) -> Iterator[Problem]:
    """The VolumeKmsKeyId of a training job is an alias.

    For training the reference lists two formats of VolumeKmsKeyId, the key's id and its ARN; for batch
    transform it also lists the alias and the alias's ARN. Aliases may be accepted nevertheless, so this is a
    warning.

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
        case {"VolumeKmsKeyId": str() | PartialText() as key} if any(
            ":alias/" in piece for piece in known_pieces(key)
        ) or key.startswith("alias/"):
            yield Problem(
                "VolumeKmsKeyId",
                f"{shown(key)} is an alias; for training volumes the reference allows a key id or key ARN",
            )
