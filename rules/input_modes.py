"""The input mode in which a validation profile reads each channel, and what works in that mode only."""

from __future__ import annotations

from algolint import (
    Context,
    Insert,
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    Undecided,
    channels_with_mode,
    is_open,
    listed,
    rule,
    select,
    shown,
)
from algolint.aws.notation import media_type, names_one_object, s3_address

from ._profiles import items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.rule import Fix
    from algolint.values import Path


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="reference: Channel, InputMode or else TrainingInputMode; SupportedInputModes",
    fix="unsafe",
)
def profile_input_mode_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile reads a channel in an input mode that the declared channel does not support.

    The mode of a channel is its own InputMode, or else the job's TrainingInputMode. SupportedInputModes
    says in which modes the algorithm can read the channel: a container that expects files finds a pipe
    otherwise, or the reverse, and the validation job fails.

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
        refusing: list[tuple[str, Path, list[str]]] = []
        for index, channel, mode in channels_with_mode(job):
            name, at, modes = _declared_modes(context, channel)
            if not modes or mode in modes:
                continue
            if "InputMode" not in channel:
                refusing.append((name, at, modes))
                continue
            where = (*path, "InputDataConfig", index, "InputMode")
            yield Problem(
                where,
                f"InputMode {shown(mode)} is not among the SupportedInputModes of channel {shown(name)}:"
                f" {listed(modes)}",
                fix=Replace(where, modes[0]) if len(modes) == 1 else None,
                related=Related(Key(*at, "SupportedInputModes"), "the modes that the channel supports"),
            )
        if refusing:
            common = _common_modes(context, job)
            names = [name for name, _, _ in refusing]
            where = (*path, "TrainingInputMode")
            channels = f"channel {listed(names)}" if len(names) == 1 else f"channels {listed(names)}"
            yield Problem(
                where,
                f"TrainingInputMode {shown(job['TrainingInputMode'])} is not among the SupportedInputModes of"
                f" {channels}: {listed(dict.fromkeys(mode for _, _, modes in refusing for mode in modes))}",
                fix=Replace(where, common[0]) if len(common) == 1 else None,
                related=[
                    Related(Key(*at, "SupportedInputModes"), f"the modes that channel {shown(name)} supports")
                    for name, at, _ in refusing[:3]
                ],
            )


def _common_modes(context: Context, job: dict[str, Any]) -> list[str]:
    """The modes that all channels without an InputMode of their own are declared to support."""
    channels = [channel for _, channel, _ in channels_with_mode(job) if "InputMode" not in channel]
    declared = [modes for channel in channels if (modes := _declared_modes(context, channel)[2])]
    return [mode for mode in declared[0] if all(mode in modes for modes in declared)]


def _declared_modes(context: Context, channel: dict[str, Any]) -> tuple[str, Path, list[str]]:
    """The name of a profile's channel with the place and modes of its declaration; no modes if not known."""
    match channel:
        case {"ChannelName": str() as name}:
            try:
                declared = context.certain_channels
            except Undecided:
                return name, (), []
            match declared.get(name):
                case (at, {"SupportedInputModes": list() as modes}) if not is_open(modes):
                    known = [mode for mode in modes if isinstance(mode, str)]
                    return name, at, known if len(known) == len(modes) else []
            return name, (), []
    return "", (), []


@rule(
    on="TrainingJobDefinition",
    severity="info",
    evidence="service: DescribeAlgorithm returned no InputMode, hashicorp/terraform-provider-aws#47051",
    replaces=("profile-field-not-persisted",),
    fix="safe",
)
def profile_input_mode_override_fragile(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel's InputMode overrides TrainingInputMode, which may get lost, or merely repeats it.

    The reference recommends the override. But after CreateAlgorithm the service was seen to return the
    profile without it, so the job may be run in the TrainingInputMode after all; a TrainingInputMode
    that suits every channel is the safer choice. Where the two are equal InputMode can go, and the fix
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
                        f"InputMode {shown(mode)} repeats TrainingInputMode",
                        fix=Remove(path, safe=True),
                        related=Related("TrainingInputMode", "the mode of every channel"),
                    )
                else:
                    yield Problem(
                        path,
                        f"InputMode {shown(mode)} overrides TrainingInputMode {shown(general)}; the service"
                        " was seen to drop the override from profiles",
                        related=Related("TrainingInputMode", "the mode of channels without InputMode"),
                    )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    evidence="reference: S3DataSource, AugmentedManifestFile only if the channel's input mode is Pipe",
    fix="unsafe",
)
def augmented_manifest_not_pipe(job: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A channel reads an augmented manifest in another input mode than Pipe.

    An augmented manifest interleaves objects and their annotations in one stream, which only a pipe can
    carry, so the reference allows AugmentedManifestFile in Pipe mode only and names FastFile as not
    supported. One page of the guide says otherwise of File mode; the job is rejected all the same. The
    mode of a channel is its InputMode, or else TrainingInputMode. The fix asks for Pipe on that
    channel where the algorithm declares to support it.

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
        match channel:
            case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind}}} if (
                kind == "AugmentedManifestFile" and mode != "Pipe"
            ):
                name, _, modes = _declared_modes(context, channel)
                fix: Fix | None = None
                note = ""
                if "Pipe" in modes:
                    fix = _set_mode(index, channel, "Pipe")
                elif modes:
                    note = f"; channel {shown(name)} is declared without Pipe"
                yield Problem(
                    ("InputDataConfig", index, "DataSource", "S3DataSource", "S3DataType"),
                    f"AugmentedManifestFile works in Pipe mode only, and the channel is read in {mode} mode,"
                    f" so the validation job is rejected{note}",
                    fix=fix,
                    related=_mode_location(index, channel, mode),
                )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    evidence="guide: your-algorithms-training-algo-running-container, FastFile must use S3Prefix",
)
def fastfile_needs_s3prefix(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel in FastFile mode reads a manifest.

    FastFile mounts a prefix of S3 as a directory; it knows no lists of objects. The guide says that its
    S3DataType must be S3Prefix, and the validation job fails with ManifestFile. Augmented manifests are
    `augmented-manifest-not-pipe`.

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
        match channel:
            case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind}}} if (
                kind == "ManifestFile" and mode == "FastFile"
            ):
                yield Problem(
                    ("InputDataConfig", index, "DataSource", "S3DataSource", "S3DataType"),
                    "FastFile mode takes S3DataType S3Prefix only, not ManifestFile",
                    related=_mode_location(index, channel, mode),
                )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="guide: your-algorithms-training-algo-running-container, a trailing slash is recommended",
    fix="unsafe",
)
def fastfile_prefix_without_slash(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel in FastFile mode reads a prefix that does not end in a slash.

    FastFile shows the prefix as a directory, and a part of a folder's name is not allowed there:
    `s3://bucket/train` might be the folder train/ or the beginning of train-2024/. The guide recommends
    the slash at the end. A prefix that looks like a single object is left alone.

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
        match channel:
            case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}} if (
                mode == "FastFile" and kind == "S3Prefix" and not uri.endswith("/")
            ):
                address = s3_address(uri)
                if address and address.key and not names_one_object(uri):
                    where = ("InputDataConfig", index, "DataSource", "S3DataSource", "S3Uri")
                    yield Problem(
                        where,
                        "in FastFile mode a prefix is a folder and should end in '/'",
                        fix=Replace(where, uri + "/"),
                        related=_mode_location(index, channel, mode),
                    )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("warning",),
    evidence="service: 'File mode only supports NONE, got Gzip instead', aws/sagemaker-python-sdk#716",
    replaces=("profile-compression-unsupported", "filesystem-needs-file-mode", "compression-suffix-mismatch"),
    fix="unsafe",
)
def gzip_outside_pipe(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel asks for Gzip decompression and is not read in Pipe mode.

    SageMaker decompresses only what it streams through a pipe; in File mode it rejects the job. In
    FastFile mode this is a warning, as no document speaks of it, and so is a channel with InputMode Pipe
    in a job whose TrainingInputMode is File, which has been seen rejected. With None the files reach
    the container as they are, for the algorithm to decompress.

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
        CompressionType: Gzip
    ```

    ```yaml good
    TrainingInputMode: FastFile
    InputDataConfig:
      - ChannelName: train
        CompressionType: "None"
    ```

    ```yaml bad
    TrainingInputMode: File
    InputDataConfig:
      - ChannelName: train
        CompressionType: Gzip
        InputMode: Pipe
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        CompressionType: Gzip
        InputMode: Pipe
    ```
    """
    for index, channel, mode in channels_with_mode(job):
        match channel:
            case {"CompressionType": str() as kind} if kind == "Gzip":
                where = ("InputDataConfig", index, "CompressionType")
                general = job.get("TrainingInputMode")
                if mode != "Pipe":
                    yield Problem(
                        where,
                        f"Gzip works in Pipe mode only, and the channel is read in {mode} mode"
                        + (", so the validation job is rejected" if mode == "File" else ""),
                        None if mode == "File" else "warning",
                        fix=Replace(where, "None"),
                        related=_mode_location(index, channel, mode),
                    )
                elif isinstance(general, str) and general == "File":
                    yield Problem(
                        where,
                        "Gzip with InputMode Pipe has been seen rejected where TrainingInputMode is File",
                        "warning",
                        related=Related("TrainingInputMode", "the mode of the job is File"),
                    )


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("warning",),
    evidence="reference: Channel, RecordWrapperType, in File mode unset or None",
    replaces=("filesystem-needs-file-mode",),
    fix="unsafe",
)
def recordwrapper_outside_pipe(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel asks for RecordIO wrapping and is not read in Pipe mode.

    Wrapping puts each object of the stream into a RecordIO record; files are not wrapped. The reference
    says to leave RecordWrapperType unset or None in File mode. In FastFile mode, which it does not
    mention, this is a warning.

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
                    f"RecordIO wrapping works in Pipe mode only, and the channel is read in {mode} mode",
                    None if mode == "File" else "warning",
                    fix=Replace(where, "None"),
                    related=_mode_location(index, channel, mode),
                )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="reference: Channel, InputMode, for incremental training choose File",
)
def incremental_model_channel_mode(job: dict[str, Any]) -> Iterator[Problem]:
    """A channel that brings a model for incremental training is not read in File mode.

    The reference says to choose File for it, since the algorithm opens the model as a file. A channel
    counts as one by its name, `model`, which is the SDK's default, or by its ContentType,
    `application/x-sagemaker-model`. A channel that only happens to be called model may ignore this.

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
        if mode != "File":
            match channel:
                case {"ChannelName": str() as name} if name == "model":
                    sign = "the channel named 'model'"
                case {"ContentType": str() as text} if media_type(text) == _MODEL:
                    sign = f"the channel of ContentType {shown(text)}"
                case _:
                    continue
            own = "InputMode" in channel
            yield Problem(
                ("InputDataConfig", index, "InputMode") if own else Key("InputDataConfig", index),
                f"{sign} is read in {mode} mode; a model for incremental training needs File",
                related=() if own else _mode_location(index, channel, mode),
            )


_MODEL = "application/x-sagemaker-model"


@rule(
    on="TrainingJobDefinition",
    severity="error",
    also=("warning",),
    evidence="guide: your-algorithms-training-algo-running-container, file systems must use File mode",
)
def filesystem_needs_file_mode(job: dict[str, Any]) -> Iterator[Problem]:
    """A file system is read in another input mode than File, or with options of Pipe mode.

    Amazon EFS and FSx for Lustre are mounted, so the guide asks for File mode; in Pipe or FastFile mode
    the validation job is rejected. Gzip, RecordIO wrapping and shuffling apply to objects of S3 and do
    nothing for a mounted directory, a warning.

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
                        f"file systems are read in File mode only, and the channel is read in {mode} mode",
                        related=_mode_location(index, channel, mode),
                    )
    for at, channel in enumerate(items(job, "InputDataConfig")):
        match channel:
            case {"DataSource": {"FileSystemDataSource": _}}:
                for field, off in (
                    ("CompressionType", "None"),
                    ("RecordWrapperType", "None"),
                    ("ShuffleConfig", ""),
                ):
                    option = channel.get(field)
                    is_set = isinstance(option, str) and option != off if off else field in channel
                    if is_set:
                        yield Problem(
                            ("InputDataConfig", at, field) if off else Key("InputDataConfig", at, field),
                            f"{field} is for data in S3 and does nothing for a file system",
                            "warning",
                            related=Related(
                                Key("InputDataConfig", at, "DataSource", "FileSystemDataSource"),
                                "a file system",
                            ),
                        )


def _mode_location(index: int, channel: dict[str, Any], mode: str) -> Related:
    """The field that sets a channel's input mode."""
    if "InputMode" in channel:
        return Related(("InputDataConfig", index, "InputMode"), f"the InputMode of the channel is {mode}")
    return Related("TrainingInputMode", f"the channel has no InputMode, and TrainingInputMode is {mode}")


def _set_mode(index: int, channel: dict[str, Any], mode: str) -> Fix:
    where = ("InputDataConfig", index)
    if "InputMode" in channel:
        return Replace((*where, "InputMode"), mode)
    return Insert(where, "InputMode", mode)
