"""The input channels that the algorithm declares, and the media types named anywhere in a request."""

from __future__ import annotations

from algolint import Key, Problem, Related, Remove, Replace, every, is_open, listed, rule, select, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.rule import Severity


# ---------------------------------------------------------------- names


@rule(
    on="ChannelSpecifications",
    severity="error",
    evidence="derived: the guide gives each channel the one directory /opt/ml/input/data/<channel name>",
)
def channel_duplicate_name(channels: list[Any]) -> Iterator[Problem]:
    """Two channels have the same Name.

    In the training container a channel is the directory /opt/ml/input/data/<Name>, and a job names a
    channel by its Name alone. Two channels of one name cannot be told apart, neither by the job nor by
    the algorithm.

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
    seen: dict[str, Any] = {}
    for (index, _), name in select(channels, ..., "Name"):
        first = seen.setdefault(name, index)
        if first != index:
            yield Problem(
                (index, "Name"),
                f"two channels are named {shown(name)}, and each needs a directory of its own",
                related=Related((first, "Name"), "the first channel of that name"),
            )


@rule(
    on="ChannelSpecifications",
    severity="warning",
    evidence="guide: model-train-storage, SM_CHANNEL_<name>; Pipe mode, the files <name>_<epoch number>",
)
def channel_path_or_env_collision(channels: list[Any]) -> Iterator[Problem]:
    """Two different channels meet in one environment variable or one path in the container.

    The training toolkit tells the algorithm where a channel is in SM_CHANNEL_<NAME>: the name in upper
    case, with an underscore for whatever is no letter or digit. Names that differ only there overwrite
    each other's variable. In Pipe mode the files of a channel are called <name>_0, <name>_1 and so on,
    one for each epoch, which may be another channel's directory. Containers that use neither may
    ignore this.

    ```yaml bad
    - Name: train-images
    - Name: train_images
    ```

    ```yaml good
    - Name: train-images
    - Name: validation-images
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
    variables = [_variable(name) for _, name in named]
    if len(set(variables)) < len(named):
        for later, (index, name) in enumerate(named):
            for earlier, (other, first) in enumerate(named[:later]):
                if variables[earlier] == variables[later] and first != name:
                    yield Problem(
                        (index, "Name"),
                        f"channels {shown(first)} and {shown(name)} share the environment variable"
                        f" {variables[later]}",
                        related=Related((other, "Name"), "the other channel"),
                    )
                    break
    for index, name in named:
        stem, underscore, epoch = name.rpartition("_")
        if underscore and epoch.isdecimal():
            for other, piped in named:
                if piped == stem and _takes_pipe(channels[int(other)]):
                    yield Problem(
                        (index, "Name"),
                        f"in Pipe mode channel {shown(stem)} is read from a file {shown(name)}"
                        f" in epoch {epoch}, where this channel is",
                        related=Related((other, "Name"), "a channel with Pipe among its SupportedInputModes"),
                    )
                    break


def _variable(name: str) -> str:
    return "SM_CHANNEL_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in name.upper())


def _takes_pipe(channel: dict[str, Any]) -> bool:
    """Whether Pipe certainly is among a channel's modes."""
    return any(mode == "Pipe" for _, mode in select(channel, "SupportedInputModes", ...))


# ---------------------------------------------------------------- input modes and compression


@rule(
    on="ChannelSpecifications",
    severity="warning",
    evidence="sdk: AlgorithmEstimator, the input mode has to be File or Pipe and one of every channel's",
)
def channels_no_common_input_mode(channels: list[Any]) -> Iterator[Problem]:
    """No input mode, File or Pipe, is supported by all channels.

    A job has one TrainingInputMode for all channels. The Python SDK's AlgorithmEstimator offers only
    modes that every channel supports, and knows File and Pipe only, so it refuses this algorithm in
    every mode. Whoever calls the API itself can give each channel an InputMode of its own; the service
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
    """
    common = {"File", "Pipe"}
    for _, channel in every(channels, ...):
        modes = [mode for _, mode in every(channel, "SupportedInputModes", ...)]
        if modes:
            common = common.intersection(modes)
    if not common:
        yield Problem(
            Key(),
            "no channel mode is left that the SDK's AlgorithmEstimator can ask for:"
            " it needs File or Pipe in the SupportedInputModes of every channel",
        )


@rule(
    on="InputModes",
    severity="warning",
    evidence="service: CreateAlgorithm threw a validation error for FastFile, boto/boto3#4469",
    fix="unsafe",
)
def channel_fastfile_reported_rejected(modes: list[Any]) -> Iterator[Problem]:
    """A channel lists FastFile, which CreateAlgorithm has been reported to reject.

    The API's list of values has FastFile and the reference describes it, but the call was reported to
    fail with it in 2025, and the Python SDK's AlgorithmEstimator knows File and Pipe only. An algorithm
    that reads files works with FastFile anyway, without saying so. The report may be out of date, hence
    a warning.

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
                "CreateAlgorithm has been reported to reject FastFile, though its reference lists it;"
                " an algorithm that takes File takes FastFile too",
                fix=Remove(index, title="delete FastFile") if has_file else Replace(index, "File"),
            )


@rule(
    on="ChannelSpecification",
    severity="warning",
    evidence="reference: Channel, CompressionType is used only in Pipe input mode",
    fix="unsafe",
)
def channel_gzip_without_pipe(channel: dict[str, Any]) -> Iterator[Problem]:
    """A channel offers Gzip compression, but not the Pipe mode that it needs.

    SageMaker decompresses gzip data on its way through a pipe. In File mode a job must not ask for it,
    so nobody can ever use what is offered here. The service accepts the declaration all the same.

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
    for path, kind in select(channel, "SupportedCompressionTypes", ...):
        if kind == "Gzip":
            modes = [mode for _, mode in every(channel, "SupportedInputModes", ...)]
            if modes and "Pipe" not in modes:
                others = [other for _, other in select(channel, "SupportedCompressionTypes", ...)]
                yield Problem(
                    path,
                    f"Gzip works in Pipe mode only, and SupportedInputModes has {listed(modes)}",
                    fix=Remove(path, title="delete Gzip") if "None" in others else Replace(path, "None"),
                    related=Related(Key("SupportedInputModes"), "the modes of the channel"),
                )


# ---------------------------------------------------------------- lists


@rule(
    on="ChannelSpecification",
    severity="warning",
    evidence="derived: a list of what is supported has no use for a repetition",
    fix="safe",
)
def channel_list_duplicates(channel: dict[str, Any]) -> Iterator[Problem]:
    """A list of a channel holds the same entry twice.

    The repetition adds nothing; often another value was meant. Media types do not tell upper from
    lower case, so `Text/CSV` repeats `text/csv`, while different parameters make different entries.
    The fix deletes exact repetitions.

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
                        yield Problem(
                            (field, index),
                            f"{shown(text)} is in {field} already",
                            fix=Remove((field, index), title="delete the repetition", safe=True)
                            if text == original
                            else None,
                            related=Related((field, first), "the first entry"),
                        )


@rule(
    on="ChannelSpecification",
    severity="warning",
    evidence="reference: ChannelSpecification, SupportedContentTypes, the required MIME types of the data",
)
def channel_content_types_unusable(channel: dict[str, Any]) -> Iterator[Problem]:
    """The SupportedContentTypes of a channel are empty, or hold an empty entry.

    The list tells users in which formats the algorithm reads the channel. The API requires it but sets
    no minimum, so an empty list is accepted and says that nothing is supported; an empty entry says no
    more. For entries that are no media type there is `mime-type-malformed`.

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
                    "SupportedContentTypes is empty, so the channel supports no kind of data",
                )
            for (index,), text in select(types, ...):
                if not text.strip():
                    yield Problem(
                        ("SupportedContentTypes", index), "this entry is empty; it names no kind of data"
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
    evidence="derived: RFC 6838, type/subtype; the guide of the built-in algorithms has bare words too",
)
def mime_type_malformed(part: Any) -> Iterator[Problem]:
    """A content type or response type is not of the form type/subtype.

    Media types are compared as text, by the service, by the SDK and by inference containers: `csv` or
    `text-csv` will not match a request that says `text/csv`. Several types in one entry match nothing.
    On training channels a bare word such as `csv` or `libsvm` is only noted, since AWS's own algorithms
    use such words there. Wildcards and parameters (`text/csv;label_size=0`) are fine.

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
                    # An empty entry is another rule's, or the same as none.
                    if text.strip():
                        bare = "/" not in text and _is_word(text)
                        yield _malformed((index, *path), text, "info" if bare else None)
        case dict():
            for path, text in _odd_types(part, _LISTS):
                if not _breaks_pattern(path, text):
                    yield _malformed(path, text)
            match part:
                case {"Accept": str() as text} if text and not all(map(_is_media_type, text.split(","))):
                    yield _malformed(("Accept",), text)


_LISTS = ("SupportedContentTypes", "SupportedResponseMIMETypes")
_USUAL = {"csv": "text/csv", "json": "application/json", "jsonlines": "application/jsonlines"}
_USUAL |= {"jsonl": "application/jsonlines", "libsvm": "text/libsvm", "parquet": "application/x-parquet"}
_USUAL |= {"recordio": "application/x-recordio", "text": "text/plain", "txt": "text/plain"}
_USUAL |= {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "npy": "application/x-npy"}
_USUAL |= {"x-parquet": "application/x-parquet", "x-recordio": "application/x-recordio"}
_NAME_MARKS = str.maketrans("", "", "!#$&^_.+-")


def _odd_types(part: Any, lists: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The texts in lists of media types, and in ContentType, that are none, each with its path."""
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


# Media types met before; a run meets few.
_known: set[str] = set()


def _is_media_type(text: str) -> bool:
    kind, slash, subtype = text.partition(";")[0].strip().partition("/")
    if not slash or not (kind == "*" or _is_word(kind)) or not (subtype == "*" or _is_word(subtype)):
        return False
    if len(_known) < 1000:
        _known.add(text)
    return True


def _is_word(text: str) -> bool:
    return text.isascii() and text.translate(_NAME_MARKS).isalnum()


def _breaks_pattern(path: tuple[Any, ...], text: str) -> bool:
    """Whether the API itself refuses a response type, which pattern-mismatch says."""
    kind, slash, subtype = text.partition("/")
    is_kind = kind.replace("-", "").replace("_", "").isalnum() and kind.isascii()
    return path[0] == "SupportedResponseMIMETypes" and not (slash and is_kind and subtype)


def _malformed(path: tuple[Any, ...], text: str, severity: Severity | None = None) -> Problem:
    if severity == "info":
        message = f"{shown(text)} is a bare word, not a type/subtype; AWS's own algorithms use such words"
    elif "," in text:
        message = f"{shown(text)} is not a type/subtype; name one media type in an entry"
    else:
        message = f"{shown(text)} is not a type/subtype, so no request for a media type matches it"
    usual = _USUAL.get(text.strip().lower())
    hint = f"; the usual media type is {shown(usual)}" if usual and severity else ""
    if usual and not severity:
        hint = f"; did you mean {shown(usual)}?"
    return Problem(path, message + hint, severity)
