"""The training job of a validation profile: its hyperparameters, channels, data, output and instances."""

from __future__ import annotations

from algolint import (
    Context,
    Insert,
    Key,
    Problem,
    Related,
    Remove,
    Rename,
    Replace,
    Undecided,
    channels_with_mode,
    every,
    input_mode,
    is_open,
    lacks,
    listed,
    meant,
    nearest,
    rule,
    select,
    shown,
    total_instances,
)
from algolint.aws.notation import media_type, names_one_object, number, s3_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from algolint.rule import Fix
    from algolint.values import Path

    # A message, the other place (from the declaration on) and the value that was meant.
    _Fault = tuple[str, Related, str | None]


# ---------------------------------------------------------------- hyperparameters


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning",),
    evidence="sdk: AlgorithmEstimator, 'Invalid hyperparameter: … is not supported by …'",
    fix="unsafe",
)
def profile_hp_unknown(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile sets a hyperparameter that the algorithm does not declare.

    Only names in SupportedHyperParameters, spelt just so, are hyperparameters of the algorithm; for any
    other the validation job is refused, or trains without the value that was meant. Where the algorithm
    declares no hyperparameters at all this is one warning, since nobody documents what happens then.

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters:
              max_dept: "3"
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters:
              max_depth: "3"
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters: []
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {epochs: "10"}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {epochs: "10"}
    ```
    """
    for path, job in context.training_jobs:
        match job:
            case {"HyperParameters": dict() as given} if given:
                declared = context.hyperparameters
                if not declared:
                    yield Problem(
                        Key(*path, "HyperParameters"),
                        f"the profile sets {listed(given)}, and the algorithm declares no hyperparameters",
                        "warning",
                    )
                    continue
                for name in given:
                    if name not in declared:
                        best = nearest(name[:256], declared)
                        hint = f"; did you mean {shown(best)}?" if best else f"; declared: {listed(declared)}"
                        yield Problem(
                            Key(*path, "HyperParameters", name),
                            f"{shown(name)} is in no SupportedHyperParameters entry{hint}",
                            fix=Rename((*path, "HyperParameters", name), best)
                            if best and best not in given
                            else None,
                        )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Required hyperparameter: … is not set'",
)
def profile_hp_required_missing(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile leaves out a hyperparameter that is required and has no default.

    The validation job is a training job like any other: without a value for each required
    hyperparameter it is refused or fails. One with a DefaultValue may be left out, and a name that is
    only misspelt is not reported here a second time.

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
          IsRequired: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
          IsRequired: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {epochs: "10"}
    ```
    """
    field = "SupportedHyperParameters"
    needed: dict[str, Path] = {}
    for index, declared in enumerate(_items(request.get("TrainingSpecification"), field)):
        if not isinstance(declared, dict) or declared.get("IsRequired") is not True:
            continue
        name = declared.get("Name")
        if isinstance(name, str) and lacks(declared, "DefaultValue"):
            needed.setdefault(name, ("TrainingSpecification", field, index))
    for path, job in context.training_jobs if needed else ():
        where: Path = path
        given: dict[str, Any] = {}
        match job:
            case {"HyperParameters": dict() as given}:
                where = (*path, "HyperParameters")
            case _ if not lacks(job, "HyperParameters"):
                continue
        missing = [name for name in needed if lacks(given, name)]
        if missing:
            known = [name for _, name in select(request, "TrainingSpecification", field, ..., "Name")]
            missing = _without_misspelt(missing, given, known)
        if missing:
            yield Problem(
                Key(*where),
                f"the profile sets no {listed(missing)}; {_are(missing)} required, without a default",
                related=[
                    Related((*needed[name], "IsRequired"), f"{shown(name)} is required")
                    for name in missing[:3]
                ],
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Invalid value: … Supported range: …'",
    fix="unsafe",
)
def profile_hp_value_invalid(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's value for a hyperparameter is not of its type, out of its range or not in its list.

    Values are text and the API takes any, but the declaration says what they have to be: a number for
    Integer and Continuous, within the range where there is one, one of the Values for Categorical, to
    the letter. The validation job contradicts it and fails, or proves nothing about what users may
    set. Ranges that contradict themselves are left to the rules on ranges.

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
          Range:
            IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {max_depth: "99"}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
          Range:
            IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {max_depth: "9"}
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: activation
          Type: Categorical
          Range:
            CategoricalParameterRangeSpecification: {Values: [relu, tanh]}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {activation: ReLU}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: activation
          Type: Categorical
          Range:
            CategoricalParameterRangeSpecification: {Values: [relu, tanh]}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {activation: relu}
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: eta
          Type: Continuous
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {eta: auto}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: eta
          Type: Continuous
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {eta: "0.3"}
    ```
    """
    for path, job in context.training_jobs:
        match job:
            case {"HyperParameters": dict() as given} if given:
                declared = context.certain_hyperparameters
                for name, value in given.items():
                    if name in declared and isinstance(value, str):
                        at, declaration = declared[name]
                        fault = _fault_in(value, declaration, context)
                        if fault:
                            message, related, better = fault
                            where = (*path, "HyperParameters", name)
                            fix = Replace(where, better) if better is not None else None
                            yield Problem(where, message, fix=fix, related=related.under(at))


_A_NUMBER = {"Integer": "an integer", "Continuous": "a finite decimal number"}


def _fault_in(value: str, declared: dict[str, Any], context: Context) -> _Fault | None:
    """What is wrong with a value for a declared hyperparameter, where anything certainly is."""
    kind = declared.get("Type")
    if not isinstance(kind, str):
        # An unknown type says nothing of this value, and must not end the look at the others.
        return None
    match kind:
        case "Integer" | "Continuous":
            if number(value, kind) is None:
                hint = "; leave it out to have none" if not value.strip() else ""
                fact = f"{shown(value)} is not {_A_NUMBER[kind]}, as the hyperparameter is declared{hint}"
                return fact, Related("Type", f"its Type is {kind}"), None
            limits = context.limits(declared)
            if limits and (broken := limits.broken_by(value)):
                below, bound = broken
                side = "less" if below[-1] == "MinValue" else "more"
                fact = f"{shown(value)} is {side} than the {below[-1]} of the hyperparameter, {shown(bound)}"
                return fact, Related(below, f"its {below[-1]} is {shown(bound)}"), None
        case "Categorical":
            match declared.get("Range"):
                case {"CategoricalParameterRangeSpecification": {"Values": [_, *_] as values}}:
                    return _fault_among(value, values)
    return None


def _fault_among(value: str, values: list[Any]) -> _Fault | None:
    """What is wrong with a value that has to be one of those listed."""
    if type(values) is not list or not all(isinstance(other, str) for other in values) or value in values:
        return None
    folded = value.strip().casefold()
    alike = [other for other in values if other.strip().casefold() == folded]
    hint = f"; did you mean {shown(alike[0])}?" if alike else meant(value, values)
    return (
        f"{shown(value)} is not among the Values of the hyperparameter: {listed(values)}{hint}",
        Related(
            Key("Range", "CategoricalParameterRangeSpecification", "Values"), "the values that are declared"
        ),
        alike[0] if len(alike) == 1 else None,
    )


def _without_misspelt(missing: list[str], given: Iterable[str], known: list[str]) -> list[str]:
    """The names that are missing and not just misspelt: an unknown name that is near says enough."""
    meant_here = {nearest(name[:256], known) for name in given if name not in known}
    return [name for name in missing if name not in meant_here]


def _are(names: list[str]) -> str:
    return "it is" if len(names) == 1 else "they are"


# ---------------------------------------------------------------- channels and their declarations


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
        channels = _items(job, "InputDataConfig")
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
    for index, declared in enumerate(_items(request.get("TrainingSpecification"), _CHANNELS)):
        match declared:
            case {"Name": str() as name, "IsRequired": bool() as required} if required:
                needed.setdefault(name, ("TrainingSpecification", _CHANNELS, index))
    for where, missing in _not_fed(request, context, needed):
        yield Problem(
            where,
            f"the profile feeds no {listed(missing)}; {_are(missing)} required",
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
    for index, declared in enumerate(_items(request.get("TrainingSpecification"), _CHANNELS)):
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
        channels = _items(job, "InputDataConfig")
        given = [channel["ChannelName"] for channel in channels if _is_named(channel)]
        missing = [name for name in wanted if name not in given]
        # Without any channel, or with a nameless one, other rules speak.
        if missing and given and len(given) == len(channels) and not is_open(channels):
            known = [name for _, name in select(request, "TrainingSpecification", _CHANNELS, ..., "Name")]
            missing = _without_misspelt(missing, given, known)
            if missing:
                yield Key(*path, "InputDataConfig"), missing


def _is_named(channel: Any) -> bool:
    return isinstance(channel, dict) and isinstance(channel.get("ChannelName"), str)


def _items(holder: Any, field: str) -> list[Any]:
    """The items of a list that can be seen; none where it is absent or hidden."""
    found = holder.get(field) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


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
                if not isinstance(given, str) or given in _texts(types):
                    continue
                names = [media_type(text) for text in _texts(types)]
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


def _texts(values: list[Any]) -> list[str]:
    """What of a list of texts can be seen."""
    return [value for value in values if isinstance(value, str)]


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
                if not isinstance(given, str) or given in _texts(types):
                    continue
                absent = "CompressionType" not in channel
                if (
                    type(types) is not list
                    or len(_texts(types)) < len(types)
                    or (absent and is_open(channel))
                ):
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
        for index, channel in enumerate(_items(job, "InputDataConfig")):
            match channel:
                case {"ChannelName": str() as name} if name in declared:
                    yield (*path, "InputDataConfig", index), channel, *declared[name]


# ---------------------------------------------------------------- input modes


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


# ---------------------------------------------------------------- data sources


@rule(
    on="DataSource",
    severity="error",
    evidence="model: DataSource, all members are optional, and a channel reads from one place",
)
def datasource_not_exactly_one(source: dict[str, Any]) -> Iterator[Problem]:
    """A channel's DataSource names no source, or more than one.

    S3DataSource, FileSystemDataSource and DatasetSource exclude each other: a channel has its data from
    one place. The API model marks all of them as optional, so that no client notices.

    ```yaml bad
    S3DataSource:
      S3DataType: S3Prefix
      S3Uri: s3://amzn-example-bucket/sales/train/
    FileSystemDataSource:
      FileSystemId: fs-0a1b2c3d4e5f60718
      FileSystemAccessMode: ro
      FileSystemType: EFS
      DirectoryPath: /sales/train
    ```

    ```yaml good
    S3DataSource:
      S3DataType: S3Prefix
      S3Uri: s3://amzn-example-bucket/sales/train/
    ```

    ```yaml bad
    {}
    ```

    ```yaml good
    FileSystemDataSource:
      FileSystemId: fs-0a1b2c3d4e5f60718
      FileSystemAccessMode: ro
      FileSystemType: EFS
      DirectoryPath: /sales/train
    ```
    """
    present = [name for name in _SOURCES if name in source]
    if len(present) > 1:
        yield Problem(
            Key(),
            f"the DataSource has {' and '.join(present)}; a channel reads from exactly one source",
            related=[Related(Key(name), "a source of the channel") for name in present],
        )
    elif not source and not is_open(source):
        yield Problem(Key(), f"the DataSource is empty; it takes one of {', '.join(_SOURCES)}")


_SOURCES = ("S3DataSource", "FileSystemDataSource", "DatasetSource")


@rule(
    on="S3DataSource",
    severity="error",
    also=("warning",),
    evidence="guide: augmented-manifest, AttributeNames says which attributes to pass",
)
def augmented_manifest_no_attributes(source: dict[str, Any]) -> Iterator[Problem]:
    """An augmented manifest is read without AttributeNames, or with one of them twice.

    AttributeNames says which attributes of each line go to the algorithm, and in which order. Without
    them nothing is passed on, and training fails on an empty pipe. A name given twice, a warning,
    mostly stands where another attribute was meant.

    ```yaml bad
    S3DataType: AugmentedManifestFile
    S3Uri: s3://amzn-example-bucket/birds/train.manifest
    ```

    ```yaml good
    S3DataType: AugmentedManifestFile
    S3Uri: s3://amzn-example-bucket/birds/train.manifest
    AttributeNames: [source-ref, species]
    ```

    ```yaml bad
    S3DataType: AugmentedManifestFile
    S3Uri: s3://amzn-example-bucket/birds/train.manifest
    AttributeNames: [source-ref, source-ref]
    ```

    ```yaml good
    S3DataType: AugmentedManifestFile
    S3Uri: s3://amzn-example-bucket/birds/train.manifest
    AttributeNames: [source-ref, bounding-box]
    ```
    """
    match source:
        case {"S3DataType": str() as kind} if kind == "AugmentedManifestFile":
            where = Key()
            match source:
                case {"AttributeNames": list() as names}:
                    seen: dict[str, Any] = {}
                    for (index,), name in select(names, ...):
                        first = seen.setdefault(name, index)
                        if first != index:
                            yield Problem(
                                ("AttributeNames", index),
                                f"attribute {shown(name)} is in AttributeNames already",
                                "warning",
                                related=Related(("AttributeNames", first), "the first entry"),
                            )
                    if names or is_open(names):
                        return
                    where = Key("AttributeNames")
                case _ if not lacks(source, "AttributeNames"):
                    return
            yield Problem(
                where,
                "an augmented manifest needs AttributeNames to say what of each line is passed on;"
                " without any, the job trains on nothing and fails",
            )


@rule(
    on="S3DataSource",
    severity="warning",
    evidence="reference: S3DataSource, AttributeNames are found in an augmented manifest file",
    fix="safe",
)
def attribute_names_ignored(source: dict[str, Any]) -> Iterator[Problem]:
    """AttributeNames stand beside another S3DataType than AugmentedManifestFile.

    They select attributes of the lines of an augmented manifest. With a prefix or a plain manifest
    there are no such lines; the service takes the names and does nothing with them. Either they are
    left over, or S3DataType is not what was meant.

    ```yaml bad
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/birds/train/
    AttributeNames: [source-ref, species]
    ```

    ```yaml good
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/birds/train/
    ```
    """
    match source:
        case {"S3DataType": str() as kind, "AttributeNames": list() as names} if (
            names and kind != "AugmentedManifestFile"
        ):
            yield Problem(
                Key("AttributeNames"),
                f"AttributeNames do nothing with S3DataType {shown(kind)}, only with AugmentedManifestFile",
                fix=Remove("AttributeNames", safe=True),
                related=Related("S3DataType", "the type of the data"),
            )


@rule(
    on=("S3DataSource", "TransformS3DataSource"),
    severity="warning",
    also=("error",),
    evidence="reference: S3DataSource, S3Uri identifies an object that is a manifest file",
)
def manifest_uri_shape(source: dict[str, Any]) -> Iterator[Problem]:
    """S3Uri and S3DataType do not fit: a manifest that names no object, or a prefix that names a manifest.

    For ManifestFile and AugmentedManifestFile the S3Uri has to be one object, the manifest; a folder or
    a bare bucket is none, and the job fails, hence an error. The reverse, an S3Prefix that ends in
    .manifest, is a warning: it feeds the manifest's own text to the algorithm, unless the data objects
    really begin with that name.

    ```yaml bad
    S3DataType: ManifestFile
    S3Uri: s3://amzn-example-bucket/sales/
    ```

    ```yaml good
    S3DataType: ManifestFile
    S3Uri: s3://amzn-example-bucket/sales/train.manifest
    ```

    ```yaml bad TransformS3DataSource
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/sales/scoring.manifest
    ```

    ```yaml good TransformS3DataSource
    S3DataType: ManifestFile
    S3Uri: s3://amzn-example-bucket/sales/scoring.manifest
    ```
    """
    match source:
        case {"S3DataType": str() as kind, "S3Uri": str() as uri}:
            if kind == "S3Prefix":
                if uri.lower().endswith(".manifest"):
                    yield Problem(
                        "S3Uri",
                        "this looks like a manifest, and S3DataType S3Prefix reads it as data",
                        related=Related("S3DataType", "the type is S3Prefix"),
                    )
            elif kind in ("ManifestFile", "AugmentedManifestFile"):
                address = s3_address(uri)
                if address and (uri.endswith("/") or not address.key):
                    what = "a folder" if address.key else "a whole bucket"
                    yield Problem(
                        "S3Uri",
                        f"{shown(uri)} is {what}, and {kind} needs the one object that is the manifest",
                        "error",
                        related=Related("S3DataType", f"the type is {kind}"),
                    )


_DATA_TYPE = ("DataSource", "S3DataSource", "S3DataType")


@rule(
    on="Channel",
    severity="warning",
    evidence="reference: Channel, RecordWrapperType, not needed where the data is RecordIO already",
)
def recordwrapper_on_recordio_content(channel: dict[str, Any]) -> Iterator[Problem]:
    """RecordIO wrapping is asked for on data that is RecordIO already.

    RecordWrapperType makes each raw S3 object one RecordIO record. Objects that are RecordIO files
    would be wrapped a second time, and the algorithm finds whole files where it expects records. With an
    augmented manifest the content type says what the algorithm receives: that is wrapped on the way.

    ```yaml bad
    ChannelName: train
    ContentType: application/x-recordio-protobuf
    RecordWrapperType: RecordIO
    DataSource:
      S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/train/"}
    ```

    ```yaml good
    ChannelName: train
    ContentType: application/x-recordio-protobuf
    DataSource:
      S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/train/"}
    ```

    ```yaml good
    ChannelName: train
    ContentType: application/x-recordio
    RecordWrapperType: RecordIO
    DataSource:
      S3DataSource:
        S3DataType: AugmentedManifestFile
        S3Uri: s3://amzn-example-bucket/train.manifest
        AttributeNames: [source-ref, class]
    ```
    """
    match channel:
        case {"RecordWrapperType": str() as wrapper, "ContentType": str() as text} if (
            wrapper == "RecordIO"
            and media_type(text).startswith("application/x-recordio")
            and not any(kind == "AugmentedManifestFile" for _, kind in every(channel, *_DATA_TYPE))
        ):
            yield Problem(
                "RecordWrapperType",
                f"data of ContentType {shown(text)} is RecordIO already and would be wrapped twice",
                related=Related("ContentType", "the data is RecordIO"),
            )


@rule(
    on=("TrainingJobDefinition", "TransformInput"),
    severity="warning",
    also=("info",),
    evidence="heuristic: a .gz suffix and CompressionType Gzip go together",
)
def compression_suffix_mismatch(part: dict[str, Any]) -> Iterator[Problem]:
    """The name of the data says gzip and CompressionType does not, or the reverse.

    Without CompressionType, or with None, the container receives the bytes of a .gz object as they are;
    with Gzip on data that is not compressed the job fails to decompress it. A training channel that is
    not read in Pipe mode has no choice, since only pipes are decompressed: there the algorithm has to
    do it, and a .gz suffix is only noted. Archives (.tar.gz) and manifests are left alone.

    ```yaml bad TransformInput
    DataSource:
      S3DataSource:
        S3DataType: S3Prefix
        S3Uri: s3://amzn-example-bucket/sales/scoring.csv.gz
    ContentType: text/csv
    ```

    ```yaml good TransformInput
    DataSource:
      S3DataSource:
        S3DataType: S3Prefix
        S3Uri: s3://amzn-example-bucket/sales/scoring.csv.gz
    ContentType: text/csv
    CompressionType: Gzip
    ```

    ```yaml bad
    TrainingInputMode: Pipe
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train.csv
        CompressionType: Gzip
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train.csv.gz
        CompressionType: Gzip
    ```
    """
    match part:
        case {"InputDataConfig": list() as channels}:
            for index, channel in enumerate(channels):
                yield from _compression_mismatch(channel, ("InputDataConfig", index), part)
        case {"DataSource": dict()}:
            yield from _compression_mismatch(part, (), None)


def _compression_mismatch(source: Any, at: Path, job: dict[str, Any] | None) -> Iterator[Problem]:
    match source:
        case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}} if (
            kind == "S3Prefix"
        ):
            name = uri.rpartition("/")[2].lower()
            _, dot, suffix = name.rpartition(".")
            given = source.get("CompressionType")
            looks_compressed = suffix in ("gz", "gzip") and not name.endswith((".tar.gz", ".tar.gzip"))
            if not dot or not (looks_compressed or suffix in _PLAIN):
                return
            related = Related((*at, "DataSource", "S3DataSource", "S3Uri"), "the data")
            if looks_compressed:
                if isinstance(given, str) and given == "None":
                    where: Path | Key = (*at, "CompressionType")
                elif given is None and lacks(source, "CompressionType"):
                    where = Key(*at)
                else:
                    return
                if job is None or _is_piped(job, source):
                    says = "is None" if given else "is not set"
                    yield Problem(
                        where,
                        f"CompressionType {says}, and the data {shown(name)} looks compressed;"
                        " likely Gzip was meant",
                        related=related,
                    )
                else:
                    yield Problem(
                        where,
                        f"{shown(name)} looks compressed, and only Pipe mode decompresses;"
                        " the algorithm has to do it",
                        "info",
                        related=related,
                    )
            elif isinstance(given, str) and given == "Gzip":
                yield Problem(
                    (*at, "CompressionType"),
                    f"CompressionType is Gzip, and the data {shown(name)} does not look compressed",
                    related=related,
                )


_PLAIN = frozenset(
    "csv tsv txt json jsonl jsonlines libsvm parquet rec recordio tfrecord npy jpg jpeg png".split()
)


def _is_piped(job: dict[str, Any], channel: dict[str, Any]) -> bool:
    try:
        return input_mode(job, channel) == "Pipe"
    except Undecided:
        return False


@rule(
    on="InputDataConfig",
    severity="warning",
    evidence="reference: S3DataSource, S3Prefix uses all objects that match the specified key name prefix",
    fix="unsafe",
)
def channels_share_data(channels: list[Any]) -> Iterator[Problem]:
    """Two channels of a job read the same data.

    A channel that validates on what another one trains on proves nothing. Often it is an accident of
    prefixes: an S3Prefix takes every object whose key begins with it, so `s3://bucket/data` reads
    `s3://bucket/data-val/` too. The fix adds the slash that keeps the two apart. Where a smoke test
    reuses its data on purpose this may be ignored.

    ```yaml bad
    - ChannelName: train
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/data"}
    - ChannelName: validation
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/data-val/"}
    ```

    ```yaml good
    - ChannelName: train
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/data/"}
    - ChannelName: validation
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/data-val/"}
    ```

    ```yaml bad
    - ChannelName: train
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/sales/"}
    - ChannelName: validation
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/sales/"}
    ```

    ```yaml good
    - ChannelName: train
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/sales/train/"}
    - ChannelName: validation
      DataSource:
        S3DataSource: {S3DataType: S3Prefix, S3Uri: "s3://amzn-example-bucket/sales/validation/"}
    ```
    """
    sources: list[tuple[int, str, str, str]] = []
    for index, channel in enumerate(channels):
        match channel:
            case {
                "ChannelName": str() as name,
                "DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}},
            }:
                sources.append((index, name, kind, uri))
    blamed: set[int] = set()
    for later, (index, name, kind, uri) in enumerate(sources):
        for other, first, its_kind, its_uri in sources[:later]:
            # Two channels of one name are one fault, and another rule's.
            if name == first or kind != its_kind:
                continue
            if uri == its_uri:
                if index not in blamed:
                    blamed.add(index)
                    yield Problem(
                        (index, *_S3_URI),
                        f"channels {shown(first)} and {shown(name)} read the same data",
                        related=Related((other, *_S3_URI), "the same S3Uri"),
                    )
            elif kind == "S3Prefix":
                wide, narrow = ((index, uri), (other, its_uri))
                if len(wide[1]) > len(narrow[1]):
                    wide, narrow = narrow, wide
                if wide[0] not in blamed and _matches_prefix(wide[1], narrow[1]):
                    blamed.add(wide[0])
                    apart = wide[1] + "/"
                    yield Problem(
                        (wide[0], *_S3_URI),
                        f"the prefix {shown(wide[1])} also takes in {shown(narrow[1])}, of another channel",
                        fix=Replace((wide[0], *_S3_URI), apart)
                        if not wide[1].endswith("/") and not narrow[1].startswith(apart)
                        else None,
                        related=Related((narrow[0], *_S3_URI), "the data of the other channel"),
                    )


_S3_URI = ("DataSource", "S3DataSource", "S3Uri")


def _matches_prefix(prefix: str, uri: str) -> bool:
    """Whether what an S3 address names begins with an S3 prefix; buckets are compared whole."""
    if not uri.startswith(prefix) or not prefix.startswith("s3://"):
        return False
    return "/" in prefix[5:] or uri[5:].partition("/")[0] == prefix[5:]


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    also=("info",),
    evidence="reference: S3DataSource, don't choose more instances than available S3 objects",
)
def sharding_without_effect(job: dict[str, Any]) -> Iterator[Problem]:
    """ShardedByS3Key divides what cannot be divided: one object, or among one instance.

    Each instance gets a share of the S3 objects under the prefix. Where the prefix is a single object
    all instances but one get nothing, and still cost money. With one instance in all the setting does
    nothing, which is only noted. A name like train.csv may be a prefix of several objects; then
    ignore this.

    ```yaml bad
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train.csv
            S3DataDistributionType: ShardedByS3Key
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 2, VolumeSizeInGB: 30}
    ```

    ```yaml good
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train/
            S3DataDistributionType: ShardedByS3Key
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 2, VolumeSizeInGB: 30}
    ```

    ```yaml bad
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train/
            S3DataDistributionType: ShardedByS3Key
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml good
    InputDataConfig:
      - DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train/
            S3DataDistributionType: FullyReplicated
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```
    """
    for index, channel in enumerate(_items(job, "InputDataConfig")):
        match channel, job:
            case (
                {"DataSource": {"S3DataSource": {"S3DataDistributionType": str() as kind} as source}},
                {"ResourceConfig": dict() as resources},
            ) if kind == "ShardedByS3Key":
                count, is_all = total_instances(resources)
                path = ("InputDataConfig", index, "DataSource", "S3DataSource")
                where = (*path, "S3DataDistributionType")
                match source:
                    # Data that goes to some of the instance groups is divided among those.
                    case _ if not lacks(source, "InstanceGroupNames"):
                        pass
                    case {"S3DataType": str() as data, "S3Uri": str() as uri} if (
                        count > 1 and data == "S3Prefix" and names_one_object(uri)
                    ):
                        yield Problem(
                            where,
                            f"ShardedByS3Key divides objects among {count} instances, and S3Uri names one;"
                            " the others get no data",
                            related=Related((*path, "S3Uri"), "one object"),
                        )
                    case _ if count == 1 and is_all:
                        yield Problem(
                            where,
                            "ShardedByS3Key has no effect with one instance",
                            "info",
                            related=Related(Key("ResourceConfig"), "one instance in all"),
                        )


# ---------------------------------------------------------------- file systems


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
            case {"DataSource": {"FileSystemDataSource": dict()}}:
                source = ("InputDataConfig", index, "DataSource", "FileSystemDataSource")
                if mode != "File":
                    yield Problem(
                        Key(*source),
                        f"file systems are read in File mode only, and the channel is read in {mode} mode",
                        related=_mode_location(index, channel, mode),
                    )
    for at, channel in enumerate(_items(job, "InputDataConfig")):
        match channel:
            case {"DataSource": {"FileSystemDataSource": dict()}}:
                for field, off in (
                    ("CompressionType", "None"),
                    ("RecordWrapperType", "None"),
                    ("ShuffleConfig", ""),
                ):
                    option = channel.get(field)
                    if isinstance(option, dict) or (isinstance(option, str) and option != off):
                        yield Problem(
                            ("InputDataConfig", at, field) if off else Key("InputDataConfig", at, field),
                            f"{field} is for data in S3 and does nothing for a file system",
                            "warning",
                            related=Related(
                                Key("InputDataConfig", at, "DataSource", "FileSystemDataSource"),
                                "a file system",
                            ),
                        )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="derived: the guide asks for a VPC to reach EFS and FSx, and TrainingJobDefinition has none",
)
def filesystem_needs_vpc(job: dict[str, Any]) -> Iterator[Problem]:
    """A validation job reads from a file system, and has no VPC to reach it through.

    A training job connects to Amazon EFS or FSx for Lustre through a VPC. The training job of a profile
    has no VpcConfig, so most likely the validation cannot mount the file system; data in S3 has no such
    trouble. A DirectoryPath is the full path of a directory and begins with a slash.

    ```yaml bad
    InputDataConfig:
      - ChannelName: train
        DataSource:
          FileSystemDataSource:
            FileSystemId: fs-0a1b2c3d4e5f60718
            FileSystemAccessMode: ro
            FileSystemType: EFS
            DirectoryPath: sales/train
    ```

    ```yaml good
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: S3Prefix
            S3Uri: s3://amzn-example-bucket/sales/train/
    ```
    """
    sources: list[tuple[Path, dict[str, Any]]] = []
    for index, channel in enumerate(_items(job, "InputDataConfig")):
        match channel:
            case {"DataSource": {"FileSystemDataSource": dict() as source}}:
                sources.append((("InputDataConfig", index, "DataSource", "FileSystemDataSource"), source))
    if sources:
        yield Problem(
            Key("InputDataConfig"),
            "a file system is reached through a VPC, and the training job of a profile cannot have one",
            related=[Related(Key(*path), "a file system") for path, _ in sources[:3]],
        )
    for path, source in sources:
        match source:
            case {"DirectoryPath": str() as directory} if not directory.startswith("/"):
                yield Problem(
                    (*path, "DirectoryPath"),
                    f"{shown(directory)} is no full path; a DirectoryPath begins with '/'",
                )


# ---------------------------------------------------------------- output


@rule(
    on="AlgorithmValidationProfile",
    severity="warning",
    also=("info",),
    evidence="derived: artifacts under an S3Prefix input are input of the next run",
)
def output_overlaps_input(profile: dict[str, Any]) -> Iterator[Problem]:
    """A profile writes its output where one of its inputs is read from.

    An S3Prefix takes every object whose key begins with it. What one run writes below is read by the
    next as data, be it a model archive or a prediction. The reverse, an output path that lies above
    the input, is only noted: the output goes to folders of its own.

    ```yaml bad
    TrainingJobDefinition:
      InputDataConfig:
        - DataSource:
            S3DataSource:
              S3DataType: S3Prefix
              S3Uri: s3://amzn-example-bucket/sales/
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/sales/models/
    ```

    ```yaml good
    TrainingJobDefinition:
      InputDataConfig:
        - DataSource:
            S3DataSource:
              S3DataType: S3Prefix
              S3Uri: s3://amzn-example-bucket/sales/
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/models/
    ```
    """
    inputs = [*_prefixes(profile)]
    for at, output in _outputs(profile) if inputs else ():
        folder = output.rstrip("/") + "/"
        for path, uri in inputs:
            if _matches_prefix(uri, folder):
                yield Problem(
                    at,
                    f"the output goes below the input {shown(uri)}, so the next run reads it as data",
                    related=Related(path, "an input of the profile"),
                )
                break
        else:
            for path, uri in inputs:
                if _matches_prefix(folder, uri):
                    yield Problem(
                        at,
                        f"the output path lies above the input {shown(uri)}",
                        "info",
                        related=Related(path, "an input of the profile"),
                    )
                    break


def _prefixes(profile: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The prefixes that the jobs of a profile read, each with the path of its S3Uri."""
    for index, channel in enumerate(_items(profile.get("TrainingJobDefinition"), "InputDataConfig")):
        match channel:
            case {"DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}}:
                if kind == "S3Prefix":
                    yield ("TrainingJobDefinition", "InputDataConfig", index, *_S3_URI), uri
    match profile:
        case {
            "TransformJobDefinition": {
                "TransformInput": {
                    "DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}
                }
            }
        } if kind == "S3Prefix":
            yield ("TransformJobDefinition", "TransformInput", *_S3_URI), uri


def _outputs(profile: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    match profile:
        case {"TrainingJobDefinition": {"OutputDataConfig": {"S3OutputPath": str() as output}}}:
            yield ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath"), output
    match profile:
        case {"TransformJobDefinition": {"TransformOutput": {"S3OutputPath": str() as output}}}:
            yield ("TransformJobDefinition", "TransformOutput", "S3OutputPath"), output


@rule(
    on="AlgorithmValidationProfile",
    severity="warning",
    evidence="derived: CompressionType NONE makes no tar.gz, transform takes no ModelDataSource",
    fix="unsafe",
)
def uncompressed_output_with_transform(profile: dict[str, Any]) -> Iterator[Problem]:
    """The trained model is stored uncompressed, and a transform job is to use it.

    With CompressionType NONE the training job leaves files instead of a model.tar.gz. A model of files
    is described by a ModelDataSource, which batch transform does not take, so the profile's transform
    job most likely cannot load the model.

    ```yaml bad
    TrainingJobDefinition:
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/models/
        CompressionType: NONE
    TransformJobDefinition:
      BatchStrategy: SingleRecord
    ```

    ```yaml good
    TrainingJobDefinition:
      OutputDataConfig:
        S3OutputPath: s3://amzn-example-bucket/models/
    TransformJobDefinition:
      BatchStrategy: SingleRecord
    ```
    """
    match profile:
        case {
            "TrainingJobDefinition": {"OutputDataConfig": {"CompressionType": str() as kind}},
            "TransformJobDefinition": _,
        } if kind == "NONE":
            where = ("TrainingJobDefinition", "OutputDataConfig", "CompressionType")
            yield Problem(
                where,
                "an uncompressed model is no model.tar.gz, and batch transform cannot use it",
                fix=Remove(where),
                related=Related(Key("TransformJobDefinition"), "the transform job that uses the model"),
            )


# ---------------------------------------------------------------- instances


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Invalid instance_type: …'; reference: SupportedTrainingInstanceTypes",
)
def profile_training_instance_unsupported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile trains on an instance type that the algorithm does not support.

    SupportedTrainingInstanceTypes says on which types the algorithm may be trained; users cannot
    choose another. A validation on another type contradicts that, and proves nothing about the types
    that are offered. Instance groups and preferences count like a single InstanceType. An absent or
    empty list makes no claim; other rules speak of it.

    ```yaml bad
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.c5.xlarge, ml.c5.2xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig: {InstanceType: ml.m5.large, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.c5.xlarge, ml.c5.2xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig: {InstanceType: ml.c5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.g5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: accelerators, InstanceType: ml.g5.xlarge, InstanceCount: 1}
                - {InstanceGroupName: readers, InstanceType: ml.c5.4xlarge, InstanceCount: 1}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.g5.xlarge, ml.c5.4xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: accelerators, InstanceType: ml.g5.xlarge, InstanceCount: 1}
                - {InstanceGroupName: readers, InstanceType: ml.c5.4xlarge, InstanceCount: 1}
    ```
    """
    field = "SupportedTrainingInstanceTypes"
    for path, job in context.training_jobs:
        match job:
            case {"ResourceConfig": dict() as resources}:
                used = [*_instance_types(resources)]
                supported = [kind for _, kind in every(request, "TrainingSpecification", field, ...)]
                for where, kind in used if supported else ():
                    if kind not in supported:
                        hint = meant(kind, supported) if len(supported) > 6 else ""
                        yield Problem(
                            (*path, "ResourceConfig", *where),
                            f"InstanceType {shown(kind)} is not in {field}: {listed(supported)}{hint}",
                            related=Related(
                                Key("TrainingSpecification", field), "the types that the algorithm supports"
                            ),
                        )


def _instance_types(resources: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The instance types that a ResourceConfig may run on, each with its path."""
    match resources:
        case {"InstanceType": str() as kind}:
            yield ("InstanceType",), kind
    for field in ("InstanceGroups", "InstancePreferences"):
        for index, item in enumerate(_items(resources, field)):
            match item:
                case {"InstanceType": str() as kind}:
                    yield (field, index, "InstanceType"), kind


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning", "info"),
    evidence="sdk: AlgorithmEstimator, 'Distributed training is not supported by …'; reference: the flag",
    fix="unsafe",
)
def distributed_not_supported(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile trains on several instances, and the algorithm does not support that.

    With SupportsDistributedTraining false nobody may ask for more than one instance, and the profile
    does. Where the flag is absent this is a warning: say true or false. An algorithm that says true
    and is validated on one instance is noted, since the way it trains on several stays unproven.

    ```yaml bad
    TrainingSpecification:
      SupportsDistributedTraining: false
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              InstanceType: ml.m5.xlarge
              InstanceCount: 2
              VolumeSizeInGB: 30
    ```

    ```yaml good
    TrainingSpecification:
      SupportsDistributedTraining: false
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              InstanceType: ml.m5.xlarge
              InstanceCount: 1
              VolumeSizeInGB: 30
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: workers, InstanceType: ml.m5.xlarge, InstanceCount: 3}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedTrainingInstanceTypes: [ml.m5.xlarge]
      SupportsDistributedTraining: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            ResourceConfig:
              VolumeSizeInGB: 30
              InstanceGroups:
                - {InstanceGroupName: workers, InstanceType: ml.m5.xlarge, InstanceCount: 3}
    ```
    """
    for path, job in context.training_jobs:
        match job, request:
            case {"ResourceConfig": dict() as resources}, {"TrainingSpecification": dict() as training}:
                flag = training.get("SupportsDistributedTraining")
                absent = flag is None and lacks(training, "SupportsDistributedTraining")
                if not absent and not isinstance(flag, bool):
                    continue
                at = (*path, "ResourceConfig")
                for field in ("InstanceCount", "InstanceGroups", "InstancePreferences"):
                    if field not in resources:
                        continue
                    count, is_all = total_instances({field: resources[field]})
                    where: Path | Key = (*at, field) if field == "InstanceCount" else Key(*at, field)
                    if count > 1 and flag is not True:
                        yield _too_many(where, count, absent)
                    elif count == 1 and flag is True and is_all and total_instances(resources) == (1, True):
                        yield Problem(
                            where,
                            "the profile trains on one instance, so distributed training is not validated",
                            "info",
                            related=_distributed(absent),
                        )


def _too_many(where: Path | Key, count: int, absent: bool) -> Problem:
    says = "does not say whether it supports" if absent else "does not support"
    return Problem(
        where,
        f"the profile trains on {count} instances, and the algorithm {says} distributed training",
        "warning" if absent else None,
        fix=Replace(where, 1, title="train on 1 instance") if isinstance(where, tuple) else None,
        related=_distributed(absent),
    )


def _distributed(absent: bool) -> Related:
    if absent:
        return Related(Key("TrainingSpecification"), "has no SupportsDistributedTraining")
    return Related(("TrainingSpecification", "SupportsDistributedTraining"), "what the algorithm declares")


# ---------------------------------------------------------------- what the service forgets


@rule(
    on="TrainingJobDefinition",
    severity="info",
    evidence="service: DescribeAlgorithm returned none of these, hashicorp/terraform-provider-aws#47051",
)
def profile_field_not_persisted(job: dict[str, Any]) -> Iterator[Problem]:
    """A profile sets a field that the service has been seen to forget.

    After CreateAlgorithm, DescribeAlgorithm returned the profile without KeepAlivePeriodInSeconds,
    MaxPendingTimeInSeconds, MaxWaitTimeInSeconds, a channel's InputMode and ShuffleConfig, and the
    output's CompressionType. Whether the validation job honours them is unknown; tools that compare
    the two see a change that never goes away. Observed once, in March 2026, and not documented.

    ```yaml bad
    InputDataConfig:
      - ChannelName: train
        ShuffleConfig: {Seed: 7}
    ```

    ```yaml good
    InputDataConfig:
      - ChannelName: train
    ```
    """
    for part, fields in _FORGOTTEN.items():
        holders: list[tuple[Path, Any]] = [((part,), job.get(part))]
        if part == "InputDataConfig":
            holders = [((part, index), channel) for index, channel in enumerate(_items(job, part))]
        for path, holder in holders:
            for field in fields if isinstance(holder, dict) else ():
                if field in holder:
                    yield Problem(
                        Key(*path, field),
                        f"the service has been seen to return profiles without {field}",
                    )


_FORGOTTEN = {
    "InputDataConfig": ("InputMode", "ShuffleConfig"),
    "OutputDataConfig": ("CompressionType",),
    "ResourceConfig": ("KeepAlivePeriodInSeconds",),
    "StoppingCondition": ("MaxPendingTimeInSeconds", "MaxWaitTimeInSeconds"),
}
