"""Where a validation profile's data comes from: prefixes, manifests, compression, file systems."""

from __future__ import annotations

from algolint import (
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    Undecided,
    every,
    input_mode,
    is_open,
    lacks,
    rule,
    select,
    shown,
    total_instances,
)
from algolint.aws.notation import is_below_prefix, media_type, names_one_object, s3_address

from ._profiles import S3_URI, items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path


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
        case {"DataSource": _}:
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
                        (index, *S3_URI),
                        f"channels {shown(first)} and {shown(name)} read the same data",
                        related=Related((other, *S3_URI), "the same S3Uri"),
                    )
            elif kind == "S3Prefix":
                wide, narrow = ((index, uri), (other, its_uri))
                if len(wide[1]) > len(narrow[1]):
                    wide, narrow = narrow, wide
                if wide[0] not in blamed and is_below_prefix(wide[1], narrow[1]):
                    blamed.add(wide[0])
                    apart = wide[1] + "/"
                    yield Problem(
                        (wide[0], *S3_URI),
                        f"the prefix {shown(wide[1])} also takes in {shown(narrow[1])}, of another channel",
                        fix=Replace((wide[0], *S3_URI), apart)
                        if not wide[1].endswith("/") and not narrow[1].startswith(apart)
                        else None,
                        related=Related((narrow[0], *S3_URI), "the data of the other channel"),
                    )


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
    for index, channel in enumerate(items(job, "InputDataConfig")):
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
    sources: list[tuple[Path, Any]] = []
    for index, channel in enumerate(items(job, "InputDataConfig")):
        match channel:
            case {"DataSource": {"FileSystemDataSource": source}}:
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
