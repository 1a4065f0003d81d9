"""The data sources of a validation profile: prefixes, manifests, compression, sharding, file systems."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    Insert,
    Key,
    PartialText,
    Problem,
    Related,
    Remove,
    Replace,
    Undecided,
    certainly,
    every,
    input_mode,
    is_open,
    lacks,
    rule,
    select,
    shown,
    total_instances,
)
from algolint.aws.notation import is_below_prefix, media_type, names_one_object, s3_address, s3_form

from ._profiles import S3_URI, items, job_channels, may_support, repeated, s3_source, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.rule import Fix
    from algolint.values import Path, Text


@rule(
    on="DataSource",
    severity="error",
    evidence="derived: DataSource, botocore 1.44.8; all members are optional in the model, and a channel"
    " is one directory",
)
def datasource_not_exactly_one(source: dict[str, Any]) -> Iterator[Problem]:
    """A channel's DataSource has no source, or more than one.

    A channel gets its data from one location, so S3DataSource, FileSystemDataSource and DatasetSource are
    mutually exclusive. The API model marks all of them as optional, so the AWS clients accept none or
    several.

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
            f"DataSource has {' and '.join(present)}; a channel takes exactly one source",
            related=[Related(Key(name), f"{name} is one source") for name in present],
        )
    elif not source and not is_open(source):
        yield Problem(Key(), f"DataSource is empty; it takes one of {', '.join(_SOURCES)}")


_SOURCES = ("S3DataSource", "FileSystemDataSource", "DatasetSource")


@rule(
    on="S3DataSource",
    severity="error",
    also=("warning",),
    evidence="guide: Developer Guide, augmented-manifest, 2023; AttributeNames specifies which "
    "attributes to pass",
)
def augmented_manifest_no_attributes(source: dict[str, Any]) -> Iterator[Problem]:
    """An augmented manifest is read without AttributeNames, or with a duplicate in them.

    AttributeNames specifies which attributes of each line are passed to the algorithm, and in which order.
    Without it nothing is passed, and training fails on an empty pipe. A duplicate is a warning: usually
    another attribute was meant.

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
            names = [] if lacks(source, "AttributeNames") else source.get("AttributeNames")
            if not isinstance(names, list):
                return
            yield from _duplicate_attributes(names)
            if not names and not is_open(names):
                yield Problem(
                    Key("AttributeNames") if "AttributeNames" in source else Key(),
                    "an augmented manifest needs AttributeNames, the attributes of each line to pass to the"
                    " algorithm; without any, the job gets no data and fails",
                )


def _duplicate_attributes(names: list[Any]) -> Iterator[Problem]:
    """Report the attributes that are listed twice in AttributeNames."""
    for path, name, first in repeated(select(names, ...)):
        yield Problem(
            ("AttributeNames", *path),
            f"duplicate attribute {shown(name)} in AttributeNames",
            "warning",
            related=Related(("AttributeNames", *first), "first listed here"),
        )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="guide: Developer Guide, augmented-manifest, 2023; its example for two attributes sets "
    "RecordWrapperType RecordIO",
    fix="unsafe",
)
def augmented_manifest_not_wrapped(job: dict[str, Any]) -> Iterator[Problem]:
    """An augmented manifest passes several attributes without RecordIO wrapping.

    In the pipe the objects and annotations of a line follow each other. Without a wrapper nothing marks
    where one of them ends, so an algorithm that expects records fails on the first one ("Record IO header
    does not start with the magic number"). The guide's code for two attributes sets RecordWrapperType to
    RecordIO, with ContentType application/x-recordio. Ignore this for an algorithm that splits the stream
    itself.

    ```yaml bad
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: AugmentedManifestFile
            S3Uri: s3://amzn-example-bucket/birds/train.manifest
            AttributeNames: [source-ref, species]
    ```

    ```yaml good
    TrainingInputMode: Pipe
    InputDataConfig:
      - ChannelName: train
        DataSource:
          S3DataSource:
            S3DataType: AugmentedManifestFile
            S3Uri: s3://amzn-example-bucket/birds/train.manifest
            AttributeNames: [source-ref, species]
        RecordWrapperType: RecordIO
    ```
    """
    for where, channel in job_channels(job):
        match s3_source(channel):
            case {"S3DataType": str() as kind, "AttributeNames": [_, _, *_] as names} if (
                kind == "AugmentedManifestFile" and _is_unwrapped(channel)
            ):
                field = (*where, "RecordWrapperType")
                is_set = "RecordWrapperType" in channel
                fix = Replace(field, "RecordIO") if is_set else Insert(where, "RecordWrapperType", "RecordIO")
                yield Problem(
                    field if is_set else Key(*where),
                    f"the manifest passes {len(names)} attributes of each line, but RecordWrapperType is"
                    f" {'None' if is_set else 'not set'}; only 'RecordIO' separates them",
                    fix=fix if _is_piped(job, channel) else None,
                    related=Related(
                        Key(*where, "DataSource", "S3DataSource", "AttributeNames"),
                        "the attributes are listed here",
                    ),
                )


def _is_unwrapped(channel: dict[str, Any]) -> bool:
    """Whether a channel certainly has no RecordWrapperType but None."""
    wrapper = channel.get("RecordWrapperType")
    return wrapper == "None" if isinstance(wrapper, str) else lacks(channel, "RecordWrapperType")


@rule(
    on="S3DataSource",
    severity="warning",
    evidence="reference: S3DataSource.AttributeNames, botocore 1.44.8; 'attribute names to use that are "
    "found in a specified augmented manifest file'",
    fix="safe",
)
def attribute_names_ignored(source: dict[str, Any]) -> Iterator[Problem]:
    """AttributeNames is set with another S3DataType than AugmentedManifestFile.

    The names select attributes of the lines of an augmented manifest. A prefix or a plain manifest has no
    such lines, so the service accepts the names and ignores them. Either they are left over, or another
    S3DataType was meant.

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
                f"AttributeNames has no effect with S3DataType {shown(kind)}; it is for"
                " 'AugmentedManifestFile'",
                fix=Remove("AttributeNames", safe=True),
                related=Related("S3DataType", f"S3DataType is {shown(kind)}"),
            )


@rule(
    on=("S3DataSource", "TransformS3DataSource"),
    severity="warning",
    also=("error",),
    evidence="reference: S3DataSource.S3DataType, botocore 1.44.8; 'If you choose ManifestFile, S3Uri "
    "identifies an object that is a manifest file'",
)
def manifest_uri_shape(source: dict[str, Any]) -> Iterator[Problem]:
    """S3Uri does not fit S3DataType: a manifest URI without an object, or a prefix that is a manifest.

    With ManifestFile and AugmentedManifestFile the S3Uri has to be one object, the manifest. With a folder
    or a whole bucket the job fails, so this is an error. The reverse, an S3Prefix that ends in .manifest,
    is a warning: it passes the text of the manifest to the algorithm, unless the names of the data objects
    really begin like that.

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
        case {"S3DataType": str() as kind, "S3Uri": str() | PartialText() as uri}:
            if kind == "S3Prefix":
                if uri.lower().endswith(".manifest"):
                    yield Problem(
                        "S3Uri",
                        f"{shown(uri)} looks like a manifest, but S3DataType 'S3Prefix' reads it as data",
                        related=Related("S3DataType", "S3DataType is 'S3Prefix'"),
                    )
            elif kind in ("ManifestFile", "AugmentedManifestFile"):
                address = s3_address(uri)
                if address and (uri.endswith("/") or not address.key):
                    what = "a whole bucket" if isinstance(uri, str) and not address.key else "a folder"
                    yield Problem(
                        "S3Uri",
                        f"{shown(uri)} is {what}, but S3DataType {shown(kind)} needs one object, the"
                        " manifest",
                        "error",
                        related=Related("S3DataType", f"S3DataType is {shown(kind)}"),
                    )


_DATA_TYPE = ("DataSource", "S3DataSource", "S3DataType")


@rule(
    on="Channel",
    severity="warning",
    evidence="reference: Channel.RecordWrapperType, botocore 1.44.8; 'If the input data is already in "
    "RecordIO format, you don't need to set this attribute.'",
    fix="unsafe",
)
def recordwrapper_on_recordio_content(channel: dict[str, Any]) -> Iterator[Problem]:
    """RecordWrapperType is RecordIO for data that is RecordIO already.

    The wrapper makes each S3 object one RecordIO record. An object that is a RecordIO file is wrapped a
    second time, and the algorithm finds a whole file where it expects a record. With an augmented manifest
    the content type describes the wrapped data that the algorithm receives, so nothing is reported there.

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
                f"data with ContentType {shown(text)} is RecordIO already and would be wrapped twice",
                fix=Remove("RecordWrapperType"),
                related=Related("ContentType", f"ContentType is {shown(text)}"),
            )


@rule(
    on=("TrainingJobDefinition", "TransformInput"),
    severity="warning",
    also=("info",),
    evidence="heuristic: the suffix .gz and CompressionType Gzip go together; reference:"
    " Channel.CompressionType, botocore 1.44.8; 'CompressionType is used only in Pipe input mode.'",
    fix="unsafe",
)
def compression_suffix_mismatch(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The name of the data ends in .gz and CompressionType is not Gzip, or the reverse.

    Without CompressionType, or with None, the container receives the bytes of a .gz object as they are.
    With Gzip, the job fails if the data is not compressed. Training data is decompressed in Pipe mode
    only: with another mode the algorithm has to do it, and a .gz suffix is reported as info. Archives
    (.tar.gz) and manifests are not checked.

    The fix sets CompressionType to Gzip where the declared channel may support it.

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
        case {"InputDataConfig": _}:
            for at, channel in job_channels(part):
                yield from _compression_mismatch(channel, at, part, context)
        case {"DataSource": _}:
            yield from _compression_mismatch(part, (), None, context)


def _compression_mismatch(
    source: Any, at: Path, job: dict[str, Any] | None, context: Context
) -> Iterator[Problem]:
    """Report a channel of a job, or a transform input, whose CompressionType does not fit its data."""
    given = source.get("CompressionType") if isinstance(source, dict) else None
    is_gzip = isinstance(given, str) and given == "Gzip"
    if not (looks_plain(source) if is_gzip else looks_compressed(source)):
        return
    name = _object_name(source)
    where: Path | Key = (*at, "CompressionType") if given else Key(*at)
    state = "is 'None'" if given else "is not set"
    related = Related((*at, *S3_URI), f"the data is {shown(name)}")
    if is_gzip:
        yield Problem(
            where,
            f"CompressionType is 'Gzip', but the data {shown(name)} does not look compressed",
            related=related,
        )
    elif job is None or _is_piped(job, source):
        yield Problem(
            where,
            f"CompressionType {state}, but the data {shown(name)} looks compressed; did you mean 'Gzip'?",
            fix=_gzip_fix(source, at, job, context),
            related=related,
        )
    else:
        yield Problem(
            where,
            f"the data {shown(name)} looks compressed, but is decompressed in Pipe mode only; the"
            " algorithm has to decompress it",
            "info",
            related=related,
        )


def _gzip_fix(source: dict[str, Any], at: Path, job: dict[str, Any] | None, context: Context) -> Fix | None:
    """Return the fix that sets CompressionType to Gzip, unless another rule would report that."""
    if job is not None:
        general = job.get("TrainingInputMode")
        if not may_support(source, "Gzip", context) or (isinstance(general, str) and general == "File"):
            return None
    if "CompressionType" in source:
        return Replace((*at, "CompressionType"), "Gzip")
    return Insert(at, "CompressionType", "Gzip")


def looks_plain(source: Any) -> bool:
    """Whether a channel or transform input reads an object whose suffix is one of uncompressed data."""
    _, dot, suffix = _object_name(source).rpartition(".")
    return dot != "" and suffix in _PLAIN


def looks_compressed(source: Any) -> bool:
    """Whether a channel or transform input reads a .gz object and certainly has no CompressionType Gzip."""
    name = _object_name(source)
    if not name.endswith((".gz", ".gzip")) or name.endswith((".tar.gz", ".tar.gzip")):
        return False
    given = source.get("CompressionType")
    return given == "None" if isinstance(given, str) else given is None and lacks(source, "CompressionType")


def _object_name(source: Any) -> str:
    """Return the last segment of the S3 prefix that is read, in lower case; empty if it is not known."""
    match s3_source(source):
        case {"S3DataType": str() as kind, "S3Uri": uri} if kind == "S3Prefix":
            if isinstance(uri, str):
                return uri.rpartition("/")[2].lower()
            if isinstance(uri, PartialText):
                _, slash, name = uri.pieces[-1].rpartition("/")
                return name.lower() if slash else ""
    return ""


_PLAIN = frozenset(
    "csv tsv txt json jsonl jsonlines libsvm parquet rec recordio tfrecord npy jpg jpeg png".split()
)


def is_augmented(channel: dict[str, Any]) -> bool:
    """Whether a channel is known to read an augmented manifest."""
    return any(
        isinstance(kind, str) and kind == "AugmentedManifestFile" for _, kind in select(channel, *_DATA_TYPE)
    )


def _is_piped(job: dict[str, Any], channel: dict[str, Any]) -> bool:
    """Whether a channel is certainly read in Pipe mode."""
    try:
        return input_mode(job, channel) == "Pipe"
    except Undecided:
        return False


@rule(
    on="InputDataConfig",
    severity="warning",
    evidence="reference: S3DataSource.S3DataType, botocore 1.44.8; 'SageMaker uses all objects that "
    "match the specified key name prefix'",
    fix="unsafe",
)
def channels_share_data(channels: list[Any]) -> Iterator[Problem]:
    """Two channels of a job read the same data.

    To validate on the training data proves nothing. Often the cause is a prefix: an S3Prefix reads every
    object whose key begins with it, so `s3://bucket/data` reads `s3://bucket/data-val/` too. The fix adds
    the slash that separates the two. Ignore this if a smoke test reuses its data on purpose.

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
    sources = [*_named_sources(channels)]
    blamed: set[int] = set()
    for later, (index, name, kind, uri) in enumerate(sources):
        for other, first, its_kind, its_uri in sources[:later]:
            # Two channels with one name are reported by another rule.
            if name == first or kind != its_kind:
                continue
            if uri == its_uri and index not in blamed:
                blamed.add(index)
                yield Problem(
                    (index, *S3_URI),
                    f"channel {shown(name)} reads the same data as channel {shown(first)}",
                    related=Related((other, *S3_URI), f"channel {shown(first)} reads it here"),
                )
            elif uri != its_uri and kind == "S3Prefix":
                wide, narrow = (index, name, uri), (other, first, its_uri)
                if len(wide[2]) > len(narrow[2]):
                    wide, narrow = narrow, wide
                if wide[0] not in blamed and is_below_prefix(wide[2], narrow[2]):
                    blamed.add(wide[0])
                    others = [source[3] for source in sources if source[1] != wide[1] and source[2] == kind]
                    yield _wide_prefix(wide, narrow, others)


def _named_sources(channels: list[Any]) -> Iterator[tuple[int, str, str, str]]:
    """Yield index, ChannelName, S3DataType and S3Uri of the channels for which all of these are known."""
    for index, channel in enumerate(channels):
        match channel, s3_source(channel):
            case (
                {"ChannelName": str() as name},
                {"S3DataType": str() as kind, "S3Uri": str() as uri},
            ):
                yield index, name, kind, s3_form(uri)


def _wide_prefix(wide: tuple[int, str, str], narrow: tuple[int, str, str], others: list[str]) -> Problem:
    """Return the problem of a channel (index, name, S3Uri) whose prefix includes the data of another.

    `others` are the S3Uris of all other channels: the fix must not make the prefix match one of these.
    """
    (index, _, prefix), (other, name, uri) = wide, narrow
    folder = prefix + "/"
    is_apart = (
        not prefix.endswith("/")
        and not names_one_object(prefix)
        and not any(is_below_prefix(folder, uri) or is_below_prefix(uri, folder) for uri in others)
    )
    return Problem(
        (index, *S3_URI),
        f"the prefix {shown(prefix)} also matches {shown(uri)} of channel {shown(name)}",
        fix=Replace((index, *S3_URI), folder) if is_apart else None,
        related=Related((other, *S3_URI), f"channel {shown(name)} reads this prefix"),
    )


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    also=("info",),
    evidence="reference: S3DataSource.S3DataDistributionType, botocore 1.44.8; 'Don't choose more ML "
    "compute instances for training than available S3 objects.'",
)
def sharding_without_effect(job: dict[str, Any]) -> Iterator[Problem]:
    """ShardedByS3Key is set for a single object, or for a single instance.

    Each instance gets a share of the S3 objects under the prefix. If the prefix is a single object, all
    instances but one get no data and still cost money. With one instance the setting has no effect, which
    is reported as info. A channel with InstanceGroupNames is divided among the instances of those groups.

    A name such as train.csv may also be the prefix of several objects; if so, ignore this.

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
    for at, channel in job_channels(job):
        match s3_source(channel), job:
            case (
                {"S3DataDistributionType": str("ShardedByS3Key")} as source,
                {"ResourceConfig": dict() as resources},
            ):
                count, is_all = _readers(resources, source)
                path = (*at, "DataSource", "S3DataSource")
                where = (*path, "S3DataDistributionType")
                if count > 1 and _is_one_object(source):
                    yield Problem(
                        where,
                        f"ShardedByS3Key divides objects among {count} instances, but S3Uri is one object;"
                        " the other instances get no data",
                        related=Related((*path, "S3Uri"), "S3Uri is one object"),
                    )
                elif count == 1 and is_all:
                    yield Problem(
                        where,
                        "ShardedByS3Key has no effect with one instance",
                        "info",
                        related=Related(Key("ResourceConfig"), "one instance reads the channel"),
                    )


def _is_one_object(source: dict[str, Any]) -> bool:
    """Whether a prefix certainly looks like the name of a single object."""
    match source:
        case {"S3DataType": str("S3Prefix"), "S3Uri": str() | PartialText() as uri}:
            return certainly(names_one_object, uri)
    return False


def _readers(resources: dict[str, Any], source: dict[str, Any]) -> tuple[int, bool]:
    """Return how many instances are known to read a source, and whether there can be no others."""
    names = [] if lacks(source, "InstanceGroupNames") else source.get("InstanceGroupNames", UNKNOWN)
    if not isinstance(names, list):
        return 0, False
    if not names and not is_open(names):
        return total_instances(resources)
    known = texts(names)
    groups = resources.get("InstanceGroups")
    chosen = [
        group
        for group in items(resources, "InstanceGroups")
        if isinstance(group, dict)
        and isinstance(name := group.get("InstanceGroupName"), str)
        and name in known
    ]
    count, is_all = total_instances({"InstanceGroups": chosen})
    is_all = is_all and type(groups) is list and type(names) is list and len(chosen) == len(names)
    return count, is_all


@rule(
    on="TrainingJobDefinition",
    severity="warning",
    evidence="derived: Developer Guide, model-access-training-data, 2023, file systems are reached "
    "through a VPC; TrainingJobDefinition, botocore 1.44.8, has no VpcConfig",
)
def filesystem_needs_vpc(job: dict[str, Any]) -> Iterator[Problem]:
    """A validation job reads a file system, but has no VpcConfig to reach it.

    A training job connects to Amazon EFS or FSx for Lustre through a VPC. The training job of a profile has
    no VpcConfig, so most likely the validation cannot mount the file system; data in S3 needs no VPC. A
    DirectoryPath is the absolute path of a directory and begins with a slash.

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
    for at, channel in job_channels(job):
        match channel:
            case {"DataSource": {"FileSystemDataSource": source}}:
                where = (*at, "DataSource", "FileSystemDataSource")
                yield Problem(
                    Key(*where),
                    "a file system is reached through a VPC, but the training job of a profile has no"
                    " VpcConfig; use data in S3",
                )
                match source:
                    case {"DirectoryPath": str() | PartialText() as path} if certainly(_is_relative, path):
                        yield Problem(
                            (*where, "DirectoryPath"),
                            f"{shown(path)} is not an absolute path; a DirectoryPath begins with '/'",
                        )


def _is_relative(directory: Text) -> bool:
    return not directory.startswith("/")


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023; the"
    " test data of an algorithm has to be in S3",
    replaces=("filesystem-needs-vpc",),
)
def marketplace_file_system(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The validation of an algorithm for AWS Marketplace reads a file system.

    To certify an algorithm, AWS Marketplace runs its validation profile in accounts of its own, and
    requires the test data in Amazon S3. Copy the data to a bucket and use an S3DataSource.

    ```yaml bad
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  FileSystemDataSource:
                    FileSystemId: fs-0a1b2c3d4e5f60718
                    FileSystemAccessMode: ro
                    FileSystemType: EFS
                    DirectoryPath: /sales/train
          TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: S3Prefix
                    S3Uri: s3://amzn-example-bucket/sales/train/
          TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.xlarge, InstanceCount: 1}
    ```
    """
    for path, job in context.training_jobs if context.for_marketplace else ():
        for at, channel in job_channels(job):
            match channel:
                case {"DataSource": {"FileSystemDataSource": _}}:
                    yield Problem(
                        Key(*path, *at, "DataSource", "FileSystemDataSource"),
                        "AWS Marketplace requires the data of the validation in S3, not on a file system",
                        related=Related("CertifyForMarketplace", "CertifyForMarketplace is true"),
                    )
