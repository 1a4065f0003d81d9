"""The channels of a validation profile, compared with those that the algorithm declares."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    Context,
    Key,
    Problem,
    Related,
    Replace,
    Undecided,
    input_mode,
    is_open,
    lacks,
    listed,
    nearest,
    rule,
    select,
    shown,
)
from algolint.aws.notation import media_type

from ._profiles import are, items, job_channels, repeated, texts, without_misspelt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:472; 'Unknown input channel: … is not supported by: …'",
    fix="unsafe",
)
def profile_channel_unknown(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile has a channel that the algorithm does not declare.

    The algorithm only has the channels that TrainingChannels names, letter case included. A job with any
    other channel is rejected, or its container never reads the directory of that channel.

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: training
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
    ```
    """
    for path, job in context.training_jobs:
        declared = context.channels
        channels = items(job, "InputDataConfig")
        for index, channel in enumerate(channels) if declared else ():
            match channel:
                case {"ChannelName": str() as name} if name not in declared:
                    best = nearest(name, declared)
                    given = [other["ChannelName"] for other in channels if _is_named(other)]
                    hint = f"; did you mean {shown(best)}?" if best else f"; declared: {listed(declared)}"
                    where = (*path, "InputDataConfig", index, "ChannelName")
                    is_free = best and best not in given and given.count(name) == 1
                    suits = best and is_free and _suits(job, channel, best, declared[best][1])
                    yield Problem(
                        where,
                        f"channel {shown(name)} is not declared in TrainingChannels{hint}",
                        fix=Replace(where, best) if suits else None,
                    )


def _suits(job: dict[str, Any], channel: dict[str, Any], name: str, declared: dict[str, Any]) -> bool:
    """Whether no rule would report a channel if it had the name of a declared one."""
    if any(True for _ in _content_type_problems((), channel, (), declared)):
        return False
    if any(True for _ in _compression_problems((), channel, (), declared)):
        return False
    try:
        mode = input_mode(job, channel)
        modes = declared.get("SupportedInputModes", UNKNOWN)
        # The channel of this name contains a model, which has to be read in File mode.
        return mode in modes and (name != "model" or mode == "File")
    except Undecided:
        return True


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:478; 'Required input channel: … Was not provided.'",
)
def profile_channel_required_missing(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile lacks a channel that is required.

    Without a required channel the validation job is rejected, or the algorithm fails when it looks for the
    channel's directory. A channel whose name is misspelled is not reported here as well.

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          IsRequired: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: holdout
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          IsRequired: true
        - Name: holdout
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
              - ChannelName: holdout
    ```
    """
    needed: dict[str, Path] = {}
    for index, declared in enumerate(items(request.get("TrainingSpecification"), _CHANNELS)):
        match declared:
            case {"Name": str() as name, "IsRequired": bool() as required} if required:
                needed.setdefault(name, ("TrainingSpecification", _CHANNELS, index))
    for where, missing in _without_data(request, context, needed):
        yield Problem(
            where,
            f"{context.holder} has no channel {_any(missing)}; {are(missing)} required",
            related=[
                Related((*needed[name], "IsRequired"), f"{shown(name)} is required") for name in missing[:3]
            ],
        )


@rule(
    on="CreateAlgorithmInput",
    severity="info",
    also=("warning",),
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023; "
    "'add a Channel object for each channel that you specified'",
)
def profile_channel_not_covered(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile lacks one of the optional channels.

    The algorithm's use of that channel is not validated. AWS Marketplace expects data on every declared
    channel, so this is a warning if CertifyForMarketplace is true. Otherwise an optional channel may be left
    out on purpose.

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          IsRequired: true
        - Name: validation
          IsRequired: false
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
    CertifyForMarketplace: true
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          IsRequired: true
        - Name: validation
          IsRequired: false
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
              - ChannelName: validation
    ```
    """
    optional: dict[str, Path] = {}
    for index, declared in enumerate(items(request.get("TrainingSpecification"), _CHANNELS)):
        match declared:
            case {"Name": str() as name} if declared.get("IsRequired") is False or lacks(
                declared, "IsRequired"
            ):
                optional.setdefault(name, ("TrainingSpecification", _CHANNELS, index))
    for where, missing in _without_data(request, context, optional):
        certified = context.for_marketplace
        wanted = "; AWS Marketplace expects data on every channel" if certified else ""
        yield Problem(
            where,
            f"the profile has no channel {_any(missing)}, so reading it is not validated{wanted}",
            "warning" if certified else None,
            related=[
                Related((*optional[name], "Name"), f"{shown(name)} is declared here") for name in missing[:3]
            ],
        )


_CHANNELS = "TrainingChannels"


def _without_data(
    request: dict[str, Any], context: Context, wanted: dict[str, Path]
) -> Iterator[tuple[Key, list[str]]]:
    """Yield the wanted channels that a profile certainly lacks, with the location to report them at."""
    for path, job in context.training_jobs if wanted else ():
        channels = items(job, "InputDataConfig")
        given = [channel["ChannelName"] for channel in channels if _is_named(channel)]
        missing = [name for name in wanted if name not in given]
        # A profile without any channel, and a channel without a name, are reported by other rules.
        is_bare = not context.validates and lacks(job, "InputDataConfig")
        if missing and (is_bare or (given and len(given) == len(channels) and not is_open(channels))):
            known = [name for _, name in select(request, "TrainingSpecification", _CHANNELS, ..., "Name")]
            missing = without_misspelt(missing, given, known)
            if missing:
                yield Key(*path) if is_bare else Key(*path, "InputDataConfig"), missing


def _any(names: list[str]) -> str:
    """Return names as a message lists them after "no channel"."""
    return listed(names) if len(names) == 1 else f"of {listed(names)}"


def _is_named(channel: Any) -> bool:
    return isinstance(channel, dict) and isinstance(channel.get("ChannelName"), str)


@rule(
    on="InputDataConfig",
    severity="error",
    evidence="derived: Developer Guide, your-algorithms-training-algo-running-container; each channel is"
    " mounted at /opt/ml/input/data/<channel name>",
)
def profile_channel_duplicate(channels: list[Any]) -> Iterator[Problem]:
    """Two channels of a training job have the same ChannelName.

    Each channel becomes the directory /opt/ml/input/data/<ChannelName> in the container, so two channels
    cannot share a name, and the validation job is rejected. To read data from several locations, use one
    channel with a manifest, or several channels.

    ```yaml bad
    - ChannelName: train
      ContentType: text/csv
    - ChannelName: train
      ContentType: application/x-parquet
    ```

    ```yaml good
    - ChannelName: train
      ContentType: text/csv
    - ChannelName: validation
      ContentType: text/csv
    ```
    """
    for path, name, first in repeated(select(channels, ..., "ChannelName")):
        yield Problem(
            path,
            f"duplicate ChannelName {shown(name)}; each channel needs its own directory in the container",
            related=Related(first, "the first channel with this name is here"),
        )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    also=("info",),
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023; input"
    " data is not validated against the content type, which is passed to the container",
)
def profile_content_type_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's channel has a ContentType that the declared channel does not support.

    SupportedContentTypes tells users which media types the algorithm reads. SageMaker does not compare the
    two but passes the type to the container, so the job starts, and the algorithm most likely cannot read
    the data. Letter case and parameters (`text/csv;label_size=0`) are not compared, and `text/*` in the
    list matches every text type.

    If the channel supports several types and the profile names none, the algorithm has to guess, which is
    reported as info.

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedContentTypes: [text/csv]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                ContentType: application/json
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedContentTypes: [text/csv]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                ContentType: text/csv;label_size=0
    ```

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedContentTypes: [text/csv, text/libsvm]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedContentTypes: [text/csv, text/libsvm]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                ContentType: text/libsvm
    ```
    """
    for path, channel, at, declared in _declared_channels(context):
        yield from _content_type_problems(path, channel, at, declared)


def _content_type_problems(
    path: Path, channel: dict[str, Any], at: Path, declared: dict[str, Any]
) -> Iterator[Problem]:
    """Report the ContentType of a channel at `path` that its declaration at `at` does not support."""
    types = declared.get("SupportedContentTypes")
    given = channel.get("ContentType", "")
    if not isinstance(types, list) or not isinstance(given, str) or given in texts(types):
        return
    names = [media_type(text) for text in texts(types)]
    related = Related(Key(*at, "SupportedContentTypes"), "the supported types are listed here")
    if given:
        is_all = type(types) is list and len(names) == len(types) > 0
        if is_all and media_type(given) not in names and not any("*" in name for name in names):
            yield Problem(
                (*path, "ContentType"),
                f"ContentType {shown(given)} is not in the SupportedContentTypes of the channel:"
                f" {listed(types)}",
                related=related,
            )
    elif len(set(names)) > 1 and lacks(channel, "ContentType"):
        yield Problem(
            Key(*path),
            f"ContentType is not set, but the channel supports several: {listed(names)}",
            "info",
            related=related,
        )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning",),
    evidence="reference: ChannelSpecification.SupportedCompressionTypes, botocore 1.44.8; 'The allowed "
    "compression types, if data compression is used.'",
)
def profile_compression_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's channel has a CompressionType that the declared channel does not support.

    SupportedCompressionTypes lists the compression types that the algorithm accepts. A channel without a
    CompressionType counts as not compressed, None. If only Gzip is declared and the data is not compressed it
    is a warning, because the reference limits the types "if data compression is used". A missing or empty
    list declares nothing.

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedCompressionTypes: ["None"]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: train
                CompressionType: Gzip
    ```

    ```yaml good
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedCompressionTypes: ["None"]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: train
    ```

    ```yaml bad
    TrainingSpecification:
      TrainingChannels:
        - Name: train
          SupportedCompressionTypes: [Gzip]
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
          SupportedCompressionTypes: [Gzip]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            TrainingInputMode: Pipe
            InputDataConfig:
              - ChannelName: train
                CompressionType: Gzip
    ```
    """
    for path, channel, at, declared in _declared_channels(context):
        yield from _compression_problems(path, channel, at, declared)


def _compression_problems(
    path: Path, channel: dict[str, Any], at: Path, declared: dict[str, Any]
) -> Iterator[Problem]:
    """Report the CompressionType of a channel at `path` that its declaration at `at` does not support."""
    types = declared.get("SupportedCompressionTypes")
    given = channel.get("CompressionType", "None")
    if type(types) is not list or not types or len(texts(types)) < len(types):
        return
    if not isinstance(given, str) or given in types:
        return
    absent = "CompressionType" not in channel
    if absent and is_open(channel):
        return
    yield Problem(
        Key(*path) if absent else (*path, "CompressionType"),
        f"CompressionType {shown(given)}{' (the default)' if absent else ''} is not in the"
        f" SupportedCompressionTypes of the channel: {listed(types)}",
        "warning" if given == "None" else None,
        related=Related(Key(*at, "SupportedCompressionTypes"), "the supported types are listed here"),
    )


def _declared_channels(context: Context) -> Iterator[tuple[Path, dict[str, Any], Path, dict[str, Any]]]:
    """Yield each profile channel with a known declaration: its path and value, then the declaration's."""
    for path, job in context.training_jobs:
        declared = context.certain_channels
        for at, channel in job_channels(job):
            match channel:
                case {"ChannelName": str() as name} if name in declared:
                    yield (*path, *at), channel, *declared[name]
