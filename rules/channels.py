"""The input channels that the algorithm declares, and the media types of all parts of a request."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    every,
    is_open,
    listed,
    rule,
    select,
    shown,
)
from algolint.limits import keep

from ._profiles import repeated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.rule import Severity


# ---------------------------------------------------------------- names


@rule(
    on="ChannelSpecifications",
    severity="error",
    evidence="derived: Developer Guide, your-algorithms-training-algo-running-container, 2023; each"
    " channel has the one directory /opt/ml/input/data/<channel name>",
)
def channel_duplicate_name(channels: list[Any]) -> Iterator[Problem]:
    """Two channels have the same Name.

    In the training container a channel is the directory /opt/ml/input/data/<Name>, and a job refers to a
    channel by its Name. Neither the job nor the algorithm can distinguish two channels with the same name.

    ```yaml bad
    - Name: train
      SupportedInputModes: [File]
    - Name: train
      SupportedInputModes: [Pipe]
    ```

    ```yaml good
    - Name: train
      SupportedInputModes: [File]
    - Name: validation
      SupportedInputModes: [File]
    ```
    """
    for path, name, first in repeated(select(channels, ..., "Name")):
        yield Problem(
            path,
            f"duplicate Name {shown(name)}; each channel needs its own directory in the container",
            related=Related(first, "first declared here"),
        )


@rule(
    on="ChannelName",
    severity="error",
    evidence="guide: Developer Guide, your-algorithms-training-algo-running-container, 2023; a channel is"
    " the directory /opt/ml/input/data/<channel name>; model: ChannelName, botocore 1.44.8; the pattern"
    " allows dots",
)
def channel_name_dots(name: str) -> Iterator[Problem]:
    """A channel is named `.` or `..`.

    The API's pattern allows both names, but in the container they are not a directory of the channel: `.`
    is the directory of all channels, /opt/ml/input/data, and `..` the one above it.

    ```yaml bad ChannelSpecification
    Name: ".."
    ```

    ```yaml good ChannelSpecification
    Name: train
    ```
    """
    if name in (".", ".."):
        what = "the directory of all channels" if name == "." else "the parent of the channels' directory"
        yield Problem((), f"{shown(name)} is {what} in the container; give the channel a name with letters")


@rule(
    on="ChannelSpecifications",
    severity="warning",
    evidence="sdk: sagemaker-training 5.1.4, environment.py:1043 and mapping.py:44, executed; SM_CHANNEL_"
    " and the name in upper case; guide: Developer Guide, your-algorithms-training-algo-running-container,"
    " 2023; Pipe mode has the files <name>_<epoch number>",
)
def channel_path_or_env_collision(channels: list[Any]) -> Iterator[Problem]:
    """Two different channels have the same environment variable or the same path in the container.

    AWS's training toolkit passes the directory of a channel in the variable SM_CHANNEL_<NAME>, with the
    name in upper case, so channels whose names differ only in letter case overwrite each other's variable.
    In Pipe mode the files of a channel are named <name>_0, <name>_1 and so on, one for each epoch; a
    channel of that name has its directory at the same path. Containers that use neither can ignore this.

    ```yaml bad
    - Name: train
    - Name: Train
    ```

    ```yaml good
    - Name: train
    - Name: validation
    ```

    ```yaml bad
    - Name: train
      SupportedInputModes: [Pipe]
    - Name: train_0
      SupportedInputModes: [File]
    ```

    ```yaml good
    - Name: train
      SupportedInputModes: [Pipe]
    - Name: warmup
      SupportedInputModes: [File]
    ```
    """
    named = [(index, name) for (index, _), name in select(channels, ..., "Name")]
    first: dict[str, tuple[Any, str]] = {}
    for index, name in named:
        other, earlier = first.setdefault(name.upper(), (index, name))
        if earlier != name:
            yield Problem(
                (index, "Name"),
                f"{shown(name)} and {shown(earlier)} differ only in letter case, and both get the environment"
                f" variable {shown('SM_CHANNEL_' + name.upper())}",
                related=Related((other, "Name"), "the other channel is declared here"),
            )
    for index, name in named:
        stem, underscore, epoch = name.rpartition("_")
        if underscore and epoch.isdecimal():
            piped = (other for other, text in named if text == stem and _has_pipe(channels[int(other)]))
            if (other := next(piped, None)) is not None:
                yield Problem(
                    (index, "Name"),
                    f"{shown(name)} is also the file of channel {shown(stem)} in epoch {epoch} of Pipe mode",
                    related=Related((other, "Name"), "this channel supports Pipe"),
                )


def _has_pipe(channel: dict[str, Any]) -> bool:
    """Whether a channel certainly supports Pipe."""
    return any(mode == "Pipe" for _, mode in select(channel, "SupportedInputModes", ...))


# ---------------------------------------------------------------- input modes and compression


@rule(
    on="ChannelSpecifications",
    severity="warning",
    also=("info",),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:216 and 575-582, executed; AlgorithmEstimator raises"
    " 'Invalid input mode' unless every channel supports its input_mode",
)
def channels_no_common_input_mode(channels: list[Any]) -> Iterator[Problem]:
    """The channels have no input mode in common, or Pipe only although some support File.

    The Python SDK's AlgorithmEstimator uses one input mode for all channels, File or Pipe, and raises an
    error unless every declared channel supports it, even if the job does not use that channel. If the
    channels share neither mode it cannot be used at all, which is a warning. If they share only Pipe, its
    default, File, raises an error because of the channels without File, which is reported as info.
    Requests to the API are not affected: each channel of a job can have its own InputMode, and the service
    accepts such algorithms.

    ```yaml bad
    - Name: train
      SupportedInputModes: [File]
    - Name: validation
      SupportedInputModes: [Pipe]
    ```

    ```yaml good
    - Name: train
      SupportedInputModes: [File]
    - Name: validation
      SupportedInputModes: [Pipe, File]
    ```

    ```yaml bad
    - Name: train
      SupportedInputModes: [File, Pipe]
    - Name: validation
      SupportedInputModes: [Pipe]
    ```

    ```yaml good
    - Name: train
      SupportedInputModes: [File, Pipe]
    - Name: validation
      SupportedInputModes: [Pipe, File]
    ```
    """
    supported: dict[str | int, list[Any]] = {}
    for (index,), channel in every(channels, ...):
        modes = [mode for _, mode in every(channel, "SupportedInputModes", ...)]
        if modes:
            supported[index] = modes
    no_file, no_pipe = (
        next((index for index, modes in supported.items() if mode not in modes), None)
        for mode in ("File", "Pipe")
    )
    if no_file is not None and no_pipe is not None:
        yield Problem(
            Key(),
            "neither File nor Pipe is in the SupportedInputModes of every channel, so the Python SDK's"
            " AlgorithmEstimator, which uses one of them for all channels, cannot run this algorithm",
            related=[
                Related((no_file, "SupportedInputModes"), "no File here"),
                Related((no_pipe, "SupportedInputModes"), "no Pipe here"),
            ],
        )
    elif no_file is not None and any("File" in modes for modes in supported.values()):
        yield Problem(
            (no_file, "SupportedInputModes"),
            "without File here the Python SDK's AlgorithmEstimator raises an error for its default input"
            " mode, File",
            "info",
        )


@rule(
    on="InputModes",
    severity="warning",
    evidence="service: boto/boto3#4469, 2025; CreateAlgorithm threw a validation error for FastFile",
    fix="unsafe",
)
def channel_fastfile_reported_rejected(modes: list[Any]) -> Iterator[Problem]:
    """A channel lists FastFile, which CreateAlgorithm has been reported to reject.

    The API reference describes FastFile, but CreateAlgorithm was reported to fail with it in 2025, and the
    Python SDK's AlgorithmEstimator supports File and Pipe only. According to the guide an algorithm that
    supports File works with FastFile without a change, so a job can use FastFile if only File is listed.
    The report may be out of date, so this is a warning.

    ```yaml bad
    - FastFile
    ```

    ```yaml good
    - File
    ```

    ```yaml bad
    - File
    - FastFile
    ```

    ```yaml good
    - File
    ```
    """
    for (index,), mode in select(modes, ...):
        if mode == "FastFile":
            has_file = any(other == "File" for _, other in select(modes, ...))
            yield Problem(
                index,
                "CreateAlgorithm has been reported to reject FastFile here; list File, which allows jobs to"
                " use FastFile too",
                fix=Remove(index, title="delete FastFile") if has_file else Replace(index, "File"),
            )


@rule(
    on="ChannelSpecification",
    severity="warning",
    evidence="reference: Channel.CompressionType, botocore 1.44.8; 'CompressionType is used only in Pipe"
    " input mode.'",
    fix="unsafe",
)
def channel_gzip_without_pipe(channel: dict[str, Any]) -> Iterator[Problem]:
    """A channel offers Gzip compression, but not the Pipe mode that it needs.

    SageMaker decompresses gzip data only in Pipe mode, so no job can use the compression type with a
    channel that does not support Pipe. The service accepts the declaration nevertheless.

    ```yaml bad
    SupportedCompressionTypes: ["None", Gzip]
    SupportedInputModes: [File]
    ```

    ```yaml good
    SupportedCompressionTypes: ["None"]
    SupportedInputModes: [File]
    ```

    ```yaml bad
    SupportedCompressionTypes: [Gzip]
    SupportedInputModes: [File]
    ```

    ```yaml good
    SupportedCompressionTypes: ["None"]
    SupportedInputModes: [File]
    ```
    """
    types = select(channel, "SupportedCompressionTypes", ...)
    for path, kind in types:
        if kind == "Gzip":
            modes = [mode for _, mode in every(channel, "SupportedInputModes", ...)]
            if modes and "Pipe" not in modes:
                others = [other for _, other in types]
                yield Problem(
                    path,
                    f"Gzip works only in Pipe mode, which is not in SupportedInputModes ({listed(modes)})",
                    fix=Remove(path, title="delete Gzip") if "None" in others else Replace(path, "None"),
                    related=Related(Key("SupportedInputModes"), "the channel supports these modes"),
                )


# ---------------------------------------------------------------- lists


@rule(
    on="ChannelSpecification",
    severity="warning",
    evidence="derived: a duplicate entry has no effect",
    fix="safe",
)
def channel_list_duplicates(channel: dict[str, Any]) -> Iterator[Problem]:
    """A list of a channel has the same entry twice.

    A duplicate has no effect; often another value was meant. Media types are not case-sensitive, so
    `Text/CSV` is a duplicate of `text/csv`; entries with different parameters are different. The fix
    deletes exact duplicates.

    ```yaml bad
    SupportedContentTypes:
      - text/csv
      - application/x-parquet
      - text/csv
    ```

    ```yaml good
    SupportedContentTypes:
      - text/csv
      - application/x-parquet
    ```

    ```yaml bad
    SupportedInputModes: [File, Pipe, File]
    ```

    ```yaml good
    SupportedInputModes: [File, Pipe]
    ```
    """
    for field in ("SupportedContentTypes", "SupportedCompressionTypes", "SupportedInputModes"):
        match channel.get(field):
            case [_, _, *_] as items:
                seen: dict[str, tuple[Any, str]] = {}
                for (index,), text in select(items, ...):
                    first, original = seen.setdefault(text.lower(), (index, text))
                    if first != index:
                        where = (field, index)
                        fix = Remove(where, title="delete the duplicate", safe=True)
                        yield Problem(
                            where,
                            f"{shown(text)} is listed twice in {field}",
                            fix=fix if text == original else None,
                            related=Related((field, first), "first listed here"),
                        )


@rule(
    on="ChannelSpecification",
    severity="warning",
    evidence="reference: ChannelSpecification.SupportedContentTypes, botocore 1.44.8; 'The supported MIME"
    " types for the data.'",
)
def channel_content_types_unusable(channel: dict[str, Any]) -> Iterator[Problem]:
    """The SupportedContentTypes of a channel is empty, or has an empty entry.

    The list tells users in which formats the algorithm can read the channel. The API requires it but sets
    no minimum length, so it accepts an empty list, although that means that no format is supported.
    Entries that are not media types are reported by mime-type-malformed.

    ```yaml bad
    Name: train
    SupportedContentTypes: []
    ```

    ```yaml good
    Name: train
    SupportedContentTypes: [text/csv]
    ```

    ```yaml bad
    Name: train
    SupportedContentTypes: [text/csv, ""]
    ```

    ```yaml good
    Name: train
    SupportedContentTypes: [text/csv, application/x-parquet]
    ```
    """
    match channel:
        case {"SupportedContentTypes": list() as types}:
            if not types and not is_open(types):
                yield Problem(
                    Key("SupportedContentTypes"),
                    "SupportedContentTypes is empty; list the media types that can be read, such as text/csv",
                )
            for (index,), text in select(types, ...):
                if not text.strip():
                    yield Problem(
                        ("SupportedContentTypes", index),
                        "the entry is empty; name a media type such as text/csv, or delete it",
                    )


# ---------------------------------------------------------------- media types


@rule(
    on=(
        "InferenceSpecification",
        "ChannelSpecifications",
        "InputDataConfig",
        "TransformInput",
        "TransformOutput",
    ),
    severity="warning",
    also=("info",),
    evidence="derived: RFC 6838, section 4.2; type/subtype; guide: Developer Guide, xgboost, 2023; the"
    " words csv and libsvm",
    fix="unsafe",
)
def mime_type_malformed(part: Any, context: Context) -> Iterator[Problem]:
    """A content type or response type is not of the form type/subtype.

    The SDK and containers compare media types as text: `csv` or `text-csv` does not match a request for
    `text/csv`, and an entry with several types matches nothing. On training channels the words that AWS's
    own algorithms use, such as `csv` and `libsvm`, are reported as info. `Gzip` and `None` are compression
    types, and do not belong here. Wildcards and parameters (`text/csv;label_size=0`) are allowed. The fix
    replaces an entry of a list with the usual media type, unless a job of a profile uses the entry.

    ```yaml bad
    SupportedContentTypes: [csv]
    ```

    ```yaml good
    SupportedContentTypes: [text/csv]
    ```

    ```yaml bad TransformOutput
    S3OutputPath: s3://amzn-example-bucket/scores/
    Accept: text-csv
    ```

    ```yaml good TransformOutput
    S3OutputPath: s3://amzn-example-bucket/scores/
    Accept: text/csv
    ```

    ```yaml bad ChannelSpecifications
    - Name: train
      SupportedContentTypes: ["text/csv,text/libsvm"]
    - Name: validation
      SupportedContentTypes: [csv]
    ```

    ```yaml good ChannelSpecifications
    - Name: train
      SupportedContentTypes: [text/csv, text/libsvm]
    - Name: validation
      SupportedContentTypes: [text/csv]
    ```
    """
    match part:
        case list():
            for index, channel in enumerate(part):
                for path, text in _odd_types(channel, ("SupportedContentTypes",)):
                    # An empty entry is reported by another rule, or means none.
                    if text.strip():
                        level: Severity | None = "info" if text.strip().lower() in _OF_AWS else None
                        yield _malformed((index, *path), text, part, context, level)
        case dict():
            for path, text in _odd_types(part, _LISTS):
                if not _breaks_pattern(path, text):
                    yield _malformed(path, text, part, context)
            match part:
                case {"Accept": str() as text} if text and not all(map(_is_media_type, text.split(","))):
                    yield _malformed(("Accept",), text, part, context)


# Content types of AWS's own algorithms that are not media types, from their guides; no package lists them.
_OF_AWS = frozenset("csv libsvm parquet recordio-protobuf recordio json jsonlines".split())
_LISTS = ("SupportedContentTypes", "SupportedResponseMIMETypes")
_USUAL = {"csv": "text/csv", "json": "application/json", "jsonlines": "application/jsonlines"}
_USUAL |= {"jsonl": "application/jsonlines", "libsvm": "text/libsvm", "parquet": "application/x-parquet"}
_USUAL |= {"recordio": "application/x-recordio", "text": "text/plain", "txt": "text/plain"}
_USUAL |= {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "npy": "application/x-npy"}
_USUAL |= {"x-parquet": "application/x-parquet", "x-recordio": "application/x-recordio"}
_NAME_MARKS = str.maketrans("", "", "!#$&^_.+-")


def _odd_types(part: Any, lists: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield path and text of what is not a media type in the given lists and in ContentType."""
    if isinstance(part, dict):
        for name in lists:
            items = part.get(name)
            if isinstance(items, list):
                for index, text in enumerate(items):
                    if isinstance(text, str) and text not in _known and not _is_media_type(text):
                        yield (name, index), text
        text = part.get("ContentType")
        if isinstance(text, str) and text and text not in _known and not _is_media_type(text):
            yield ("ContentType",), text


# Texts that have been found to be media types. A run has few different ones.
_known: dict[str, bool] = {}


def _is_media_type(text: str) -> bool:
    kind, slash, subtype = text.partition(";")[0].strip().partition("/")
    if not slash or not (kind == "*" or _is_word(kind)) or not (subtype == "*" or _is_word(subtype)):
        return False
    keep(_known, text)
    return True


def _is_word(text: str) -> bool:
    return text.isascii() and text.translate(_NAME_MARKS).isalnum()


def _breaks_pattern(path: tuple[Any, ...], text: str) -> bool:
    """Whether the API itself rejects a response type, which pattern-mismatch reports."""
    kind, slash, subtype = text.partition("/")
    is_kind = kind.replace("-", "").replace("_", "").isalnum() and kind.isascii()
    return path[0] == "SupportedResponseMIMETypes" and not (slash and is_kind and subtype)


def _malformed(
    path: tuple[Any, ...], text: str, part: Any, context: Context, severity: Severity | None = None
) -> Problem:
    """Return the problem of a text that is not a media type."""
    usual = _USUAL.get(text.strip().lower())
    if severity == "info":
        hint = f"; the media type is {shown(usual)}" if usual else ""
        return Problem(
            path,
            f"{shown(text)} is not of the form type/subtype, but AWS's algorithms use it{hint}",
            severity,
        )
    if text.strip().lower() in ("gzip", "none"):
        fact = "is a compression type, not a media type of the form type/subtype"
    elif "," in text:
        fact = "is not of the form type/subtype; write one media type in each entry"
    else:
        fact = "is not a media type of the form type/subtype"
    hint = f"; did you mean {shown(usual)}?" if usual else ""
    fix = Replace(path, usual) if usual and _can_be_replaced(path, text, usual, part, context) else None
    return Problem(path, f"{shown(text)} {fact}{hint}", severity, fix=fix)


def _can_be_replaced(path: tuple[Any, ...], text: str, usual: str, part: Any, context: Context) -> bool:
    """Whether a list can have another media type for an entry: it lacks that, and no job uses the entry."""
    if path[-1] in ("ContentType", "Accept"):
        return False
    entries = part[path[0]][path[1]] if isinstance(part, list) else part[path[0]]
    used = [kind for kind in _types_of_jobs(context) if kind.strip().lower() == text.strip().lower()]
    return usual not in [entry for entry in entries if isinstance(entry, str)] and not used


def _types_of_jobs(context: Context) -> Iterator[str]:
    """Yield the media types that the jobs of the profiles use."""
    for _, job in context.training_jobs:
        yield from (kind for _, kind in select(job, "InputDataConfig", ..., "ContentType"))
    for _, job in context.transform_jobs:
        for field, name in (("TransformInput", "ContentType"), ("TransformOutput", "Accept")):
            yield from (kind for _, kind in select(job, field, name))
