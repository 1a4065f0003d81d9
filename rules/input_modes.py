"""The input mode of each channel of a validation profile, and the options that need a certain mode."""

from __future__ import annotations

from algolint import (
    Context,
    Insert,
    Key,
    PartialText,
    Problem,
    Related,
    Remove,
    Replace,
    Undecided,
    certainly,
    channels_with_mode,
    is_open,
    lacks,
    listed,
    rule,
    select,
    shown,
)
from algolint.aws.notation import media_type, names_one_object, s3_address

from ._profiles import S3_URI, job_channels, may_support, s3_source, texts
from .data_sources import is_augmented, looks_compressed, looks_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.rule import Fix
    from algolint.values import Path


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("info",),
    evidence="reference: Channel.InputMode and ChannelSpecification.SupportedInputModes, botocore "
    "1.44.8; InputMode overrides TrainingInputMode",
    fix="unsafe",
)
def profile_input_mode_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile reads a channel in an input mode that the declared channel does not support.

    The mode of a channel is its own InputMode, or else the job's TrainingInputMode. SupportedInputModes
    lists the modes in which the algorithm can read the channel. With another mode a container that expects
    files finds a pipe, or the reverse, and the validation job fails.

    FastFile on a channel that supports File is reported as info only: it shows the objects as files, and
    according to the guide an algorithm that reads files needs no change.

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: train
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: File
            InputDataConfig:
              - ChannelName: train
    ```

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: File
            InputDataConfig:
              - ChannelName: train
                InputMode: Pipe
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: File
            InputDataConfig:
              - ChannelName: train
                InputMode: File
    ```
    """
    for path, job in context.training_jobs:
        unsupporting: list[tuple[str, Path, list[str]]] = []
        for index, channel, mode in channels_with_mode(job):
            name, at, modes = _declared_modes(context, channel)
            if not modes or mode in modes:
                continue
            related = Related(Key(*at, "SupportedInputModes"), f"channel {shown(name)} supports these modes")
            if mode == "FastFile" and "File" in modes:
                yield _fast_file(path, index, channel, name, related)
            elif "InputMode" in channel:
                fix = _mode_fix(job, index, modes[0], context) if len(modes) == 1 else None
                yield Problem(
                    (*path, "InputDataConfig", index, "InputMode"),
                    f"InputMode {shown(mode)} is not in the SupportedInputModes of channel {shown(name)}:"
                    f" {listed(modes)}",
                    fix=fix.under(path) if fix else None,
                    related=related,
                )
            else:
                unsupporting.append((name, at, modes))
        if unsupporting:
            yield _unsupported(path, job, unsupporting, _common_modes(context, job))


def _fast_file(path: Path, index: int, channel: dict[str, Any], name: str, related: Related) -> Problem:
    """Return the problem of a channel that is read in FastFile mode, but declared with File only."""
    where = ("InputDataConfig", index, "InputMode") if "InputMode" in channel else ("TrainingInputMode",)
    return Problem(
        (*path, *where),
        f"{where[-1]} 'FastFile' is not in the SupportedInputModes of channel {shown(name)}, but works with"
        " algorithms that support 'File'",
        "info",
        related=related,
    )


def _unsupported(
    path: Path, job: dict[str, Any], channels: list[tuple[str, Path, list[str]]], common: list[str]
) -> Problem:
    """Return the problem of a TrainingInputMode that some channels do not support.

    Each of `channels` has its name, and the path and modes of its declaration; `common` are the modes that
    can replace the TrainingInputMode.
    """
    where = (*path, "TrainingInputMode")
    names = [name for name, _, _ in channels]
    modes = dict.fromkeys(mode for _, _, modes in channels for mode in modes)
    return Problem(
        where,
        f"TrainingInputMode {shown(job['TrainingInputMode'])} is not in the SupportedInputModes of"
        f" {'channel' if len(names) == 1 else 'channels'} {listed(names)}: {listed(modes)}",
        fix=Replace(where, common[0]) if len(common) == 1 else None,
        related=[
            Related(Key(*at, "SupportedInputModes"), f"channel {shown(name)} supports these modes")
            for name, at, _ in channels[:3]
        ],
    )


def _common_modes(context: Context, job: dict[str, Any]) -> list[str]:
    """Return the modes that suit every channel without an InputMode, by its declaration and its data."""
    channels = [channel for _, channel, _ in channels_with_mode(job) if "InputMode" not in channel]
    declared = [modes for channel in channels if (modes := _declared_modes(context, channel)[2])]
    return [
        mode
        for mode in declared[0]
        if all(mode in modes for modes in declared)
        and all(mode in _modes_for(channel, mode, context) for channel in channels)
        and not (mode == "File" and any(_is_gzip_pipe(channel) for _, channel in job_channels(job)))
    ]


def _is_gzip_pipe(channel: object) -> bool:
    """Whether a channel is read compressed in Pipe mode, which needs a TrainingInputMode other than File."""
    return (
        isinstance(channel, dict)
        and _has(channel, "InputMode", "Pipe")
        and _has(channel, "CompressionType", "Gzip")
    )


def _declared_modes(context: Context, channel: dict[str, Any]) -> tuple[str, Path, list[str]]:
    """Return a channel's name, and the path and modes of its declaration; no modes if some are unknown."""
    match channel:
        case {"ChannelName": str() as name}:
            try:
                declared = context.certain_channels
            except Undecided:
                return name, (), []
            match declared.get(name):
                case (at, {"SupportedInputModes": list() as modes}) if not is_open(modes):
                    known = texts(modes)
                    return name, at, known if len(known) == len(modes) else []
            return name, (), []
    return "", (), []


@rule(
    on="TrainingJobDefinition",
    severity="info",
    evidence="service: hashicorp/terraform-provider-aws#47051, March 2026; DescribeAlgorithm returned "
    "profiles without InputMode",
    replaces=("profile-field-not-persisted",),
    fix="safe",
)
def profile_input_mode_override_fragile(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel's InputMode overrides TrainingInputMode and may be lost, or has no effect.

    The reference recommends the override, but the service has been seen to return the profile without it
    after CreateAlgorithm, so the job may run in the TrainingInputMode after all. It is safer to choose a
    TrainingInputMode that suits every channel. If the two are equal, InputMode is superfluous, and the fix
    deletes it.

    ```yaml bad
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        InputMode: File
        ContentType: text/csv
    ```

    ```yaml good
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        ContentType: text/csv
    ```

    ```yaml bad
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        InputMode: File
    ```

    ```yaml good
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
    ```
    """
    match job:
        case {"TrainingInputMode": str() as general}:
            for path, mode in select(job, "InputDataConfig", ..., "InputMode"):
                if mode == general:
                    yield Problem(
                        path,
                        f"InputMode {shown(mode)} has no effect, since TrainingInputMode is the same",
                        fix=Remove(path, safe=True),
                        related=Related("TrainingInputMode", f"TrainingInputMode is {shown(mode)}"),
                    )
                else:
                    yield Problem(
                        path,
                        f"InputMode {shown(mode)} overrides TrainingInputMode {shown(general)}; the service"
                        " has been seen to drop the override from profiles",
                        related=Related("TrainingInputMode", f"TrainingInputMode is {shown(general)}"),
                    )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    evidence="reference: S3DataSource.S3DataType, botocore 1.44.8; 'AugmentedManifestFile can only be "
    "used if the Channel's input mode is Pipe.'",
    fix="unsafe",
)
def augmented_manifest_not_pipe(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A channel reads an augmented manifest in another input mode than Pipe.

    An augmented manifest interleaves objects and their annotations in one stream, which only a pipe can
    carry. The reference allows AugmentedManifestFile in Pipe mode only, and states that FastFile does not
    support augmented manifests. One page of the Developer Guide allows File mode; this rule follows the
    reference. The mode of a channel is its InputMode, or else TrainingInputMode. The fix sets the channel
    to Pipe if the algorithm declares that mode.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File, Pipe]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: File
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: AugmentedManifestFile
                    S3Uri: s3://amzn-example-bucket/birds/train.manifest
                    AttributeNames: [source-ref, species]
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File, Pipe]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: File
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: AugmentedManifestFile
                    S3Uri: s3://amzn-example-bucket/birds/train.manifest
                    AttributeNames: [source-ref, species]
                InputMode: Pipe
    ```

    ```yaml bad
    TrainingInputMode: FastFile
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: AugmentedManifestFile
            S3Uri: s3://amzn-example-bucket/birds/train.manifest
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: AugmentedManifestFile
            S3Uri: s3://amzn-example-bucket/birds/train.manifest
            AttributeNames: [source-ref, species]
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        match s3_source(channel):
            case {"S3DataType": str() as kind} if kind == "AugmentedManifestFile" and mode != "Pipe":
                name, _, modes = _declared_modes(context, channel)
                fix: Fix | None = None
                note = ""
                if "Pipe" in modes:
                    fix = _mode_fix(job, index, "Pipe", context)
                elif modes:
                    note = f", and channel {shown(name)} does not support Pipe"
                yield Problem(
                    ("InputDataConfig", index, "DataSource", "S3DataSource", "S3DataType"),
                    f"S3DataType {shown(kind)} works in Pipe mode only, but the channel is read in {mode}"
                    f" mode{note}; the job is rejected",
                    fix=fix,
                    related=_mode_location(index, channel, mode),
                )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    evidence="guide: Developer Guide, your-algorithms-training-algo-running-container, 2023; FastFile "
    "must use S3DataType S3Prefix",
    fix="unsafe",
)
def fastfile_needs_s3prefix(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A channel in FastFile mode reads a manifest.

    FastFile mounts an S3 prefix as a directory and cannot read a list of objects. According to the guide
    S3DataType must be S3Prefix; with ManifestFile the validation job fails. Augmented manifests are
    reported by `augmented-manifest-not-pipe`. The fix sets the channel to File if the algorithm declares
    that mode.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File, FastFile]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: FastFile
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: ManifestFile
                    S3Uri: s3://amzn-example-bucket/sales/train.manifest
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File, FastFile]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: FastFile
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: ManifestFile
                    S3Uri: s3://amzn-example-bucket/sales/train.manifest
                InputMode: File
    ```

    ```yaml bad
    TrainingInputMode: FastFile
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: ManifestFile
            S3Uri: s3://amzn-example-bucket/sales/train.manifest
    ```

    ```yaml good
    TrainingInputMode: FastFile
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train/
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        match s3_source(channel):
            case {"S3DataType": str() as kind} if kind == "ManifestFile" and mode == "FastFile":
                yield Problem(
                    ("InputDataConfig", index, "DataSource", "S3DataSource", "S3DataType"),
                    f"S3DataType {shown(kind)} cannot be read in FastFile mode, which takes 'S3Prefix' only",
                    fix=_declared_mode_fix(job, index, "File", context),
                    related=_mode_location(index, channel, mode),
                )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="guide: Developer Guide, your-algorithms-training-algo-running-container, 2023; a trailing "
    "slash is recommended for FastFile",
    fix="unsafe",
)
def fastfile_prefix_without_slash(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel in FastFile mode reads a prefix that does not end in a slash.

    FastFile mounts the prefix as a directory, so the prefix should be a whole folder: `s3://bucket/train`
    may mean the folder train/ or the beginning of train-2024/. The guide recommends a slash at the end. A
    prefix that looks like a single object is not reported.

    ```yaml bad
    TrainingInputMode: FastFile
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train
    ```

    ```yaml good
    TrainingInputMode: FastFile
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train/
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        if mode == "FastFile" and certainly(_lacks_slash, channel):
            where = ("InputDataConfig", index, *S3_URI)
            uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
            yield Problem(
                where,
                "S3Uri has no trailing '/'; in FastFile mode it is mounted as a folder",
                fix=Replace(where, f"{uri}/") if isinstance(uri, str) else None,
                related=_mode_location(index, channel, mode),
            )


def _lacks_slash(channel: dict[str, Any]) -> bool:
    """Whether a channel reads a prefix that is neither a folder nor a single object."""
    match channel:
        case {
            "DataSource": {
                "S3DataSource": {"S3DataType": str("S3Prefix"), "S3Uri": str() | PartialText() as uri}
            }
        } if not uri.endswith("/"):
            address = s3_address(uri)
            return address is not None and bool(address.key) and not names_one_object(uri)
    return False


def _may_be_on_a_file_system(channel: Any) -> bool:
    """Whether the data of a channel is on a file system, or may be."""
    match channel:
        case {"DataSource": dict() as source}:
            return not lacks(source, "FileSystemDataSource")
        case {"DataSource": _}:
            return True
    return not lacks(channel, "DataSource")


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("warning",),
    evidence="service: aws/sagemaker-python-sdk#716; 'File mode only supports NONE, got Gzip instead'",
    replaces=("profile-compression-unsupported", "filesystem-needs-file-mode", "compression-suffix-mismatch"),
    fix="unsafe",
)
def gzip_outside_pipe(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A channel has CompressionType Gzip and is not read in Pipe mode.

    SageMaker decompresses only what it streams through a pipe, and rejects the job in File mode. FastFile
    mode is a warning, since no document mentions it. A channel with InputMode Pipe in a job whose
    TrainingInputMode is File is a warning too: such jobs have been seen rejected. With None the container
    gets the files as they are, and the algorithm has to decompress them.

    ```yaml bad
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        CompressionType: Gzip
    ```

    ```yaml good
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        CompressionType: "None"
    ```

    ```yaml bad
    TrainingInputMode: FastFile
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/train/
        CompressionType: Gzip
    ```

    ```yaml good
    TrainingInputMode: FastFile
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/train/
        CompressionType: "None"
    ```

    ```yaml bad
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/train/
        CompressionType: Gzip
        InputMode: Pipe
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/train/
        CompressionType: Gzip
        InputMode: Pipe
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        # That data on a file system cannot be compressed is reported by the rule on file systems.
        if not _has(channel, "CompressionType", "Gzip") or (
            mode != "File" and _may_be_on_a_file_system(channel)
        ):
            continue
        where = ("InputDataConfig", index, "CompressionType")
        if mode != "Pipe":
            yield Problem(
                where,
                f"CompressionType 'Gzip' works in Pipe mode only, but the channel is read in {mode} mode"
                f"{'; the job is rejected' if mode == 'File' else ''}",
                None if mode == "File" else "warning",
                fix=Replace(where, "None") if may_support(channel, "None", context) else None,
                related=_mode_location(index, channel, mode),
            )
        elif _has(job, "TrainingInputMode", "File"):
            yield Problem(
                where,
                "CompressionType 'Gzip' with InputMode 'Pipe' has been seen rejected if TrainingInputMode is"
                " 'File'",
                "warning",
                related=Related("TrainingInputMode", "TrainingInputMode is 'File'"),
            )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("warning",),
    evidence="reference: Channel.RecordWrapperType, botocore 1.44.8; 'In File mode, leave this field "
    "unset or set it to None.'",
    replaces=("filesystem-needs-file-mode",),
    fix="unsafe",
)
def recordwrapper_outside_pipe(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel has RecordWrapperType RecordIO and is not read in Pipe mode.

    The wrapper puts each object of the stream into a RecordIO record; files are not wrapped. The reference
    requires RecordWrapperType to be unset or None in File mode. It does not mention FastFile mode, so that
    is a warning. For an augmented manifest there is no fix: it has to be read in Pipe mode, where the
    wrapper is right.

    ```yaml bad
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        RecordWrapperType: RecordIO
    ```

    ```yaml good
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        RecordWrapperType: "None"
    ```

    ```yaml bad
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        RecordWrapperType: RecordIO
        InputMode: FastFile
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        RecordWrapperType: "None"
        InputMode: FastFile
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        match channel:
            case {"RecordWrapperType": str() as kind} if kind == "RecordIO" and mode != "Pipe":
                where = ("InputDataConfig", index, "RecordWrapperType")
                yield Problem(
                    where,
                    f"RecordWrapperType {shown(kind)} works in Pipe mode only, but the channel is read in"
                    f" {mode} mode",
                    None if mode == "File" else "warning",
                    # An augmented manifest has to be read in Pipe mode, where the wrapper is right.
                    fix=None if is_augmented(channel) else Replace(where, "None"),
                    related=_mode_location(index, channel, mode),
                )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="reference: Channel.InputMode, botocore 1.44.8; 'To use a model for incremental training, "
    "choose File input model.'",
    fix="unsafe",
)
def incremental_model_channel_mode(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A channel with a model for incremental training is not read in File mode.

    The reference requires File mode for it, since the algorithm opens the model as a file. Such a channel
    is recognised by its name, `model`, which is the SDK's default, or by its ContentType,
    `application/x-sagemaker-model`. Ignore this for another channel that is named model. The fix sets the
    channel to File if the algorithm declares that mode.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: model
          SupportedInputModes: [File, Pipe]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: model
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: model
          SupportedInputModes: [File, Pipe]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: model
                InputMode: File
    ```

    ```yaml bad
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: model
        ContentType: application/x-sagemaker-model
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: model
        ContentType: application/x-sagemaker-model
        InputMode: File
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        subject = _model_channel(channel)
        if subject and mode != "File":
            has_mode = "InputMode" in channel
            yield Problem(
                ("InputDataConfig", index, "InputMode") if has_mode else Key("InputDataConfig", index),
                f"{subject} is read in {mode} mode; a model for incremental training needs File mode",
                fix=_declared_mode_fix(job, index, "File", context),
                related=() if has_mode else _mode_location(index, channel, mode),
            )


def _model_channel(channel: dict[str, Any]) -> str:
    """Return how a message calls a channel that contains a model; empty for other channels."""
    match channel:
        case {"ChannelName": str() as name} if name == "model":
            return "the channel named 'model'"
        case {"ContentType": str() as text} if media_type(text) == "application/x-sagemaker-model":
            return f"the channel with ContentType {shown(text)}"
    return ""


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("warning",),
    fix="unsafe",
    evidence="guide: Developer Guide, your-algorithms-training-algo-running-container, 2023; file "
    "systems must use File mode",
)
def filesystem_needs_file_mode(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A file system is read in another input mode than File, or with options for data in S3.

    Amazon EFS and FSx for Lustre are mounted, so the guide requires File mode; in Pipe or FastFile mode
    the validation job is rejected. The fix sets the channel to File if the algorithm declares that mode.

    CompressionType, RecordWrapperType and ShuffleConfig apply to objects in S3 and have no effect on a
    mounted directory, which is a warning.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File, Pipe]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  FileSystemDataSource:
                    FileSystemId: fs-0a1b2c3d4e5f60718
                    FileSystemAccessMode: ro
                    FileSystemType: EFS
                    DirectoryPath: /sales/train
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedInputModes: [File, Pipe]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  FileSystemDataSource:
                    FileSystemId: fs-0a1b2c3d4e5f60718
                    FileSystemAccessMode: ro
                    FileSystemType: EFS
                    DirectoryPath: /sales/train
                InputMode: File
    ```

    ```yaml bad
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0a1b2c3d4e5f60718
            FileSystemAccessMode: ro
            FileSystemType: EFS
            DirectoryPath: /sales/train
    ```

    ```yaml good
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0a1b2c3d4e5f60718
            FileSystemAccessMode: ro
            FileSystemType: EFS
            DirectoryPath: /sales/train
    ```

    ```yaml bad
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0a1b2c3d4e5f60718
            DirectoryPath: /sales/train
        ShuffleConfig: {Seed: 7}
    ```

    ```yaml good
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0a1b2c3d4e5f60718
            DirectoryPath: /sales/train
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        match channel:
            case {"DataSource": {"FileSystemDataSource": _}}:
                source = ("InputDataConfig", index, "DataSource", "FileSystemDataSource")
                if mode != "File":
                    yield Problem(
                        Key(*source),
                        f"a FileSystemDataSource works in File mode only, but the channel is read in {mode}"
                        " mode",
                        fix=_declared_mode_fix(job, index, "File", context),
                        related=_mode_location(index, channel, mode),
                    )
    yield from _ineffective_options(job, context)


def _ineffective_options(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """Report the options of channels on a file system that apply to data in S3 only."""
    for at, channel in job_channels(job):
        match channel:
            case {"DataSource": {"FileSystemDataSource": _}}:
                for field in _options_for_s3(channel):
                    can_go = field != "CompressionType" or may_support(channel, "None", context)
                    yield Problem(
                        Key(*at, field) if field == "ShuffleConfig" else (*at, field),
                        f"{field} applies to data in S3 and has no effect on a file system",
                        "warning",
                        fix=Remove((*at, field)) if can_go else None,
                        related=Related(
                            Key(*at, "DataSource", "FileSystemDataSource"), "the channel reads a file system"
                        ),
                    )


def _options_for_s3(channel: dict[str, Any]) -> Iterator[str]:
    """Yield the options that a channel sets and that apply to data in S3 only."""
    for field in ("CompressionType", "RecordWrapperType"):
        option = channel.get(field)
        if isinstance(option, str) and option != "None":
            yield field
    if "ShuffleConfig" in channel:
        yield "ShuffleConfig"


def _mode_location(index: int, channel: dict[str, Any], mode: str) -> Related:
    """Return the location of the field that sets a channel's input mode."""
    if "InputMode" in channel:
        return Related(("InputDataConfig", index, "InputMode"), f"InputMode is {mode}")
    return Related("TrainingInputMode", f"the channel has no InputMode, and TrainingInputMode is {mode}")


# ---------------------------------------------------------------- fixes


def _declared_mode_fix(job: dict[str, Any], index: int, mode: str, context: Context) -> Fix | None:
    """Return the fix that sets a channel's mode, if the algorithm declares that mode."""
    modes = _declared_modes(context, job["InputDataConfig"][index])[2]
    return _mode_fix(job, index, mode, context) if mode in modes else None


def _mode_fix(job: dict[str, Any], index: int, mode: str, context: Context) -> Fix | None:
    """Return the fix that sets a channel's mode, if no rule reports the channel in that mode."""
    where = ("InputDataConfig", index)
    channel = job["InputDataConfig"][index]
    if mode not in _modes_for(channel, job.get("TrainingInputMode"), context):
        return None
    if "InputMode" in channel:
        return Replace((*where, "InputMode"), mode)
    return Insert(where, "InputMode", mode)


def _modes_for(channel: dict[str, Any], general: object, context: Context) -> set[str]:
    """Return the modes in which no rule reports the data and options of a channel.

    `general` is the job's TrainingInputMode: if it is File, compressed channels are rejected.
    """
    modes = {"File", "Pipe", "FastFile"}
    match channel:
        case {"DataSource": {"FileSystemDataSource": _}}:
            modes = {"File"}
        case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind}}}:
            if kind == "AugmentedManifestFile":
                modes = {"Pipe"}
            elif kind == "ManifestFile" or certainly(_lacks_slash, channel):
                modes -= {"FastFile"}
    if _has(channel, "CompressionType", "Gzip"):
        is_rejected = isinstance(general, str) and general == "File"
        is_right = not is_rejected and not looks_plain(channel) and may_support(channel, "Gzip", context)
        modes &= {"Pipe"} if is_right else set()
    elif looks_compressed(channel):
        modes -= {"Pipe"}
    if _has(channel, "RecordWrapperType", "RecordIO"):
        modes &= {"Pipe"}
    if _model_channel(channel):
        modes &= {"File"}
    return modes


def _has(channel: dict[str, Any], field: str, value: str) -> bool:
    """Whether a field is known to have a value."""
    given = channel.get(field)
    return isinstance(given, str) and given == value
