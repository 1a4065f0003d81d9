"""The channels that a validation profile feeds, and those that the algorithm declares."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
    Problem,
    Related,
    Replace,
    is_open,
    lacks,
    listed,
    nearest,
    rule,
    select,
    shown,
)
from algolint.aws.notation import media_type

from ._profiles import are, items, texts, without_misspelt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Unknown input channel: … is not supported by …'",
    fix="unsafe",
)
def profile_channel_unknown(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile feeds a channel that the algorithm does not declare.

    The names in TrainingChannels, spelt just so, are all the inputs that the algorithm has. A job with
    any other channel is refused, or its container finds the data in a directory that it never reads.

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
                    best = nearest(name[:256], declared)
                    given = [other["ChannelName"] for other in channels if _is_named(other)]
                    hint = f"; did you mean {shown(best)}?" if best else f"; declared: {listed(declared)}"
                    where = (*path, "InputDataConfig", index, "ChannelName")
                    yield Problem(
                        where,
                        f"{shown(name)} is in no TrainingChannels entry{hint}",
                        fix=Replace(where, best) if best and best not in given else None,
                    )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Required input channel: … Was not provided.'",
)
def profile_channel_required_missing(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile feeds no data to a channel that is required.

    The validation job is refused without a required channel, or the algorithm fails when it looks for
    the channel's directory. A channel whose name is only misspelt is not reported here a second time.

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
    for where, missing in _not_fed(request, context, needed):
        yield Problem(
            where,
            f"the profile feeds no {listed(missing)}; {are(missing)} required",
            related=[
                Related((*needed[name], "IsRequired"), f"{shown(name)} is required") for name in missing[:3]
            ],
        )


@rule(
    on="CreateAlgorithmInput",
    severity="info",
    also=("warning",),
    evidence="guide: AWS Marketplace seller guide, add a Channel object for each channel that you specified",
)
def profile_channel_not_covered(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile feeds no data to one of the optional channels.

    Whatever the algorithm does with that channel is not validated. AWS Marketplace asks for data on
    each channel that is declared, so for an algorithm to be certified this is a warning; elsewhere an
    optional channel may be left out on purpose.

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
            case {"Name": str() as name, "IsRequired": bool() as required}:
                if not required:
                    optional.setdefault(name, ("TrainingSpecification", _CHANNELS, index))
            case {"Name": str() as name} if lacks(declared, "IsRequired"):
                optional.setdefault(name, ("TrainingSpecification", _CHANNELS, index))
    for where, missing in _not_fed(request, context, optional):
        certified = context.for_marketplace
        asked = "; AWS Marketplace asks for data on every channel" if certified else ""
        yield Problem(
            where,
            f"the profile feeds no {listed(missing)}, so that is not validated{asked}",
            "warning" if certified else None,
            related=[Related((*optional[name], "Name"), "declared here") for name in missing[:3]],
        )


_CHANNELS = "TrainingChannels"


def _not_fed(
    request: dict[str, Any], context: Context, wanted: dict[str, Path]
) -> Iterator[tuple[Key, list[str]]]:
    """The wanted channels that profiles certainly do not feed, each time with the key of their channels."""
    for path, job in context.training_jobs if wanted else ():
        channels = items(job, "InputDataConfig")
        given = [channel["ChannelName"] for channel in channels if _is_named(channel)]
        missing = [name for name in wanted if name not in given]
        # Without any channel, or with a nameless one, other rules speak.
        if missing and given and len(given) == len(channels) and not is_open(channels):
            known = [name for _, name in select(request, "TrainingSpecification", _CHANNELS, ..., "Name")]
            missing = without_misspelt(missing, given, known)
            if missing:
                yield Key(*path, "InputDataConfig"), missing


def _is_named(channel: Any) -> bool:
    return isinstance(channel, dict) and isinstance(channel.get("ChannelName"), str)


@rule(
    on="InputDataConfig",
    severity="error",
    evidence="derived: the guide gives each channel the one directory /opt/ml/input/data/<channel name>",
)
def profile_channel_duplicate(channels: list[Any]) -> Iterator[Problem]:
    """Two channels of a training job have the same ChannelName.

    Each channel becomes the directory /opt/ml/input/data/<ChannelName> in the container, so two cannot
    share a name, and the validation job is refused. Data from several places belongs in one channel
    with a manifest, or in several channels.

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
    seen: dict[str, Any] = {}
    for (index, _), name in select(channels, ..., "ChannelName"):
        first = seen.setdefault(name, index)
        if first != index:
            yield Problem(
                (index, "ChannelName"),
                f"two channels are named {shown(name)}, and each needs a directory of its own",
                related=Related((first, "ChannelName"), "the first channel of that name"),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("info",),
    evidence="reference: ChannelSpecification, SupportedContentTypes; guide: cdf-training, label_size",
)
def profile_content_type_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's channel has a ContentType that the declared channel does not support.

    The declaration tells users which media types the algorithm reads, and the validation job uses
    another, so the two contradict each other and the algorithm most likely cannot read the data.
    Upper and lower case and parameters (`text/csv;label_size=0`) do not matter here. Where several
    types are supported and the profile names none, the algorithm has to guess, which is noted.

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
        match declared:
            case {"SupportedContentTypes": list() as types} if types:
                given = channel.get("ContentType", "")
                if not isinstance(given, str) or given in texts(types):
                    continue
                names = [media_type(text) for text in texts(types)]
                related = Related(Key(*at, "SupportedContentTypes"), "what the algorithm declares to read")
                if given:
                    is_all = type(types) is list and len(names) == len(types)
                    if is_all and media_type(given) not in names and not any("*" in name for name in names):
                        yield Problem(
                            (*path, "ContentType"),
                            f"{shown(given)} is not among the SupportedContentTypes of the channel:"
                            f" {listed(types)}",
                            related=related,
                        )
                elif len(set(names)) > 1 and lacks(channel, "ContentType"):
                    yield Problem(
                        Key(*path),
                        f"the channel has no ContentType, and the algorithm reads several: {listed(names)}",
                        "info",
                        related=related,
                    )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning",),
    evidence="reference: ChannelSpecification, SupportedCompressionTypes, if data compression is used",
)
def profile_compression_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's channel is compressed in a way that the declared channel does not support.

    SupportedCompressionTypes names the compressions that the algorithm takes, and the validation job
    asks for another. Without a CompressionType a channel counts as not compressed, None. Where only
    Gzip is declared and the data is not compressed this is a warning, because the reference speaks of
    the types allowed "if data compression is used". An absent or empty list makes no claim.

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
        match declared:
            case {"SupportedCompressionTypes": list() as types} if types:
                given = channel.get("CompressionType", "None")
                if not isinstance(given, str) or given in texts(types):
                    continue
                absent = "CompressionType" not in channel
                if type(types) is not list or len(texts(types)) < len(types) or (absent and is_open(channel)):
                    continue
                yield Problem(
                    Key(*path) if absent else (*path, "CompressionType"),
                    f"CompressionType {shown(given)}{' (the default)' if absent else ''} is not among the"
                    f" SupportedCompressionTypes of the channel: {listed(types)}",
                    "warning" if given == "None" else None,
                    related=Related(
                        Key(*at, "SupportedCompressionTypes"), "what the algorithm declares to take"
                    ),
                )


def _declared_channels(context: Context) -> Iterator[tuple[Path, dict[str, Any], Path, dict[str, Any]]]:
    """Each channel of a profile whose declaration is known: its path and itself, then the declaration's."""
    for path, job in context.training_jobs:
        declared = context.certain_channels
        for index, channel in enumerate(items(job, "InputDataConfig")):
            match channel:
                case {"ChannelName": str() as name} if name in declared:
                    yield (*path, "InputDataConfig", index), channel, *declared[name]
