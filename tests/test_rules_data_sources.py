"""Sources of data: manifests, prefixes, compression, sharding, file systems."""

from __future__ import annotations

from typing import Any

import pytest
from profile_cases import (
    EFS,
    S3_URI,
    URI,
    A,
    channels,
    in_job,
    one,
    only,
    reported,
    request,
    s3,
)
from rule_cases import REQUEST, Reported

from algolint.rule import Insert, Replace
from algolint.values import UNKNOWN, OpenDict, OpenList

DATASET = {"DatasetSource": UNKNOWN}
NOT_ONE: Reported = {("datasource-not-exactly-one", (), "error")}
SOURCES: list[tuple[Any, Reported]] = [
    (s3(URI), set()), (EFS, set()), (DATASET, set()), ({"S3DataSource": UNKNOWN}, set()),
    ({}, NOT_ONE),
    (OpenDict(), set()),
    ({**s3(URI), **EFS}, NOT_ONE), ({**s3(URI), **DATASET}, NOT_ONE),
    (OpenDict({**s3(URI), **EFS}), NOT_ONE),
    # A misspelt source is one fault.
    ({"S3Datasource": {}}, {("unknown-field", ("S3Datasource",), "error")}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), SOURCES, ids=repr)
def test_a_channel_has_one_source(source: Any, expected: Reported) -> None:
    assert reported(source, "DataSource") == expected


def no_attributes(*path: str | int, level: str = "error") -> Reported:
    return {("augmented-manifest-no-attributes", path, level)}


KIND = "AugmentedManifestFile"
IGNORED: Reported = {("attribute-names-ignored", ("AttributeNames",), "warning")}
ATTRIBUTES: list[tuple[Any, Reported]] = [
    ({"S3DataType": KIND, "AttributeNames": ["source-ref", "label"]}, set()),
    ({"S3DataType": KIND}, no_attributes()),
    ({"S3DataType": KIND, "AttributeNames": []}, no_attributes("AttributeNames")),
    ({"S3DataType": KIND, "AttributeNames": OpenList()}, set()),
    ({"S3DataType": KIND, "AttributeNames": UNKNOWN}, set()),
    (OpenDict({"S3DataType": KIND}), set()),
    ({"S3DataType": KIND, "AttributeNames": ["a", "b", "a"]},
     no_attributes("AttributeNames", 2, level="warning")),
    ({"S3DataType": KIND, "AttributeNames": ["a", UNKNOWN, "a"]},
     no_attributes("AttributeNames", 2, level="warning")),
    ({"S3DataType": "S3Prefix", "AttributeNames": ["a"]}, IGNORED),
    ({"S3DataType": "ManifestFile", "AttributeNames": ["a"]}, IGNORED),
    ({"S3DataType": "S3Prefix", "AttributeNames": []}, set()),
    ({"S3DataType": UNKNOWN, "AttributeNames": ["a"]}, set()),
    ({"S3DataType": "S3Prefix", "AttributeNames": UNKNOWN}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), ATTRIBUTES, ids=repr)
def test_attribute_names_go_with_augmented_manifests(source: Any, expected: Reported) -> None:
    assert reported(source, "S3DataSource") == expected


def shape_of(level: str) -> Reported:
    return {("manifest-uri-shape", ("S3Uri",), level)}


MANIFESTS: list[tuple[str, Any, Reported]] = [
    ("ManifestFile", "s3://amzn-example-bucket/sales/", shape_of("error")),
    ("ManifestFile", "s3://amzn-example-bucket", shape_of("error")),
    ("ManifestFile", "s3://amzn-example-bucket/", shape_of("error")),
    ("ManifestFile", "s3://amzn-example-bucket/train", set()),
    ("ManifestFile", UNKNOWN, set()),
    ("S3Prefix", "s3://amzn-example-bucket/sales/train.manifest", shape_of("warning")),
    ("S3Prefix", "s3://amzn-example-bucket/sales/TRAIN.MANIFEST", shape_of("warning")),
    ("S3Prefix", "s3://amzn-example-bucket/sales.manifest/", set()),
    ("S3Prefix", "s3://amzn-example-bucket/sales/", set()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "uri", "expected"), MANIFESTS, ids=repr)
def test_manifests_are_objects(kind: str, uri: Any, expected: Reported) -> None:
    source = {"S3DataType": kind, "S3Uri": uri}
    assert reported(source, "S3DataSource") == expected
    assert reported(source, "TransformS3DataSource") == expected


def test_recordio_is_not_wrapped_twice() -> None:
    rule = {("recordwrapper-on-recordio-content", ("RecordWrapperType",), "warning")}
    for text in ("application/x-recordio", "application/x-recordio-protobuf", "Application/X-Recordio; v=1"):
        source: dict[str, Any] = {"S3DataType": "S3Prefix"}
        channel = {
            "RecordWrapperType": "RecordIO",
            "ContentType": text,
            "DataSource": {"S3DataSource": source},
        }
        assert reported(channel, "Channel") >= rule
        assert not reported(channel | {"RecordWrapperType": "None"}, "Channel") & rule
        assert not reported(channel | {"ContentType": "image/jpeg"}, "Channel") & rule
        assert not reported(channel | {"DataSource": UNKNOWN}, "Channel") & rule
        # What an augmented manifest names is wrapped on the way; the type says what the algorithm receives.
        source["S3DataType"] = "AugmentedManifestFile"
        assert not reported(channel, "Channel") & rule
    assert reported({"RecordWrapperType": "RecordIO", "ContentType": UNKNOWN}, "Channel") == set()
    assert reported({"RecordWrapperType": "RecordIO"}, "Channel") == set()


SUFFIX = "compression-suffix-mismatch"
SUFFIXES: list[tuple[str, Any, str | None]] = [
    # (the data, CompressionType, what is blamed)
    ("train.csv.gz", None, ""), ("train.csv.gz", "None", "CompressionType"), ("train.csv.gz", "Gzip", None),
    ("TRAIN.CSV.GZ", None, ""), ("train.csv.gz", UNKNOWN, None), ("model.tar.gz", None, None),
    ("train.csv", "Gzip", "CompressionType"), ("train.csv", "None", None), ("train.csv", None, None),
    ("train/", "Gzip", None), ("train", "Gzip", None), ("csv", "Gzip", None), ("v1.2", "Gzip", None),
    ("gz", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "blamed"), SUFFIXES, ids=repr)
def test_suffix_and_compression(name: str, given: Any, blamed: str | None) -> None:
    source: dict[str, Any] = {"DataSource": s3(f"s3://amzn-example-bucket/sales/{name}")}
    if given is not None:
        source["CompressionType"] = given
    path = () if not blamed else (blamed,)
    transform = set() if blamed is None else {(SUFFIX, path, "warning")}
    assert {f for f in reported(source, "TransformInput") if f[0] == SUFFIX} == transform
    training = set() if blamed is None else one(SUFFIX, "InputDataConfig", 0, *path, level="warning")
    job = {"TrainingInputMode": "Pipe", **channels(source)}
    assert {f for f in reported(job) if f[0] == SUFFIX} == training


def test_a_gz_suffix_in_file_mode_is_an_info() -> None:
    source = {"DataSource": s3("s3://amzn-example-bucket/sales/train.csv.gz")}
    noted = one(SUFFIX, "InputDataConfig", 0, level="info")
    assert reported({"TrainingInputMode": "File", **channels(source)}) == noted
    # Perhaps it is Pipe; then a decompressed stream is what was meant, or not.
    assert noted <= reported({"TrainingInputMode": UNKNOWN, **channels(source)})
    listed = {"DataSource": s3("s3://amzn-example-bucket/sales/train.csv.gz", "ManifestFile")}
    assert reported({"TrainingInputMode": "File", **channels(listed)}) == set()
    assert SUFFIX not in {
        name for name, *_ in reported({"DataSource": s3(f"{URI}.csv.gz", "AugmentedManifestFile")}, "Channel")
    }
    plain = {"DataSource": s3("s3://amzn-example-bucket/sales/train.csv"), "CompressionType": "Gzip"}
    gzip = one("gzip-outside-pipe", "InputDataConfig", 0, "CompressionType")
    assert reported({"TrainingInputMode": "File", **channels(plain)}) == gzip
    assert reported({"DataSource": UNKNOWN, "CompressionType": "Gzip"}, "TransformInput") == set()
    assert reported(OpenDict(source), "TransformInput") == set()


def shared(index: int) -> Reported:
    return {("channels-share-data", (index, "DataSource", "S3DataSource", "S3Uri"), "warning")}


def pair(first: Any, second: Any, kind: str = "S3Prefix", names: tuple[Any, Any] = ("a", "b")) -> list[Any]:
    return [
        {"ChannelName": name, "DataSource": s3(uri, kind)}
        for name, uri in zip(names, (first, second), strict=True)
    ]


SHARED: list[tuple[list[Any], Reported]] = [
    (pair("s3://data/train/", "s3://data/val/"), set()),
    (pair("s3://data/train/", "s3://data/train/"), shared(1)),
    (pair("s3://data/x.manifest", "s3://data/x.manifest", "ManifestFile"), shared(1)),
    # A prefix of the other, whichever comes first; the wider one is blamed.
    (pair("s3://data/d", "s3://data/d-val/"), shared(0)),
    (pair("s3://data/d-val/", "s3://data/d"), shared(1)),
    (pair("s3://data/d/", "s3://data/d/val/"), shared(0)),
    (pair("s3://data/d", "s3://data/d/"), shared(0)),
    # Manifests are no prefixes, and buckets are whole.
    (pair("s3://data/d", "s3://data/d-val", "ManifestFile"), set()),
    (pair("s3://data", "s3://data-val/x/"), one("s3-input-without-key", 0, *S3_URI, level="warning")),
    ([*pair("s3://data/d", "")[:1], *pair("", "s3://data/d", "ManifestFile")[1:]], set()),
    (pair("s3://data", "s3://aata/x/"), one("s3-input-without-key", 0, *S3_URI, level="warning")),
    (pair("s3://data", "s3://data/x/"),
     shared(0) | one("s3-input-without-key", 0, *S3_URI, level="warning")),
    ([*pair("s3://data/d", "", "ManifestFile")[:1], *pair("", "s3://data/d")[1:]], set()),
    # As texts that were read are: equal, and not one object.
    (pair("s3://data/train/", "".join(("s3://data/", "train/")), names=("b", "a")), shared(1)),
    ([*pair("s3://data/train/", "")[:1], *pair("", "s3://data/train/", "".join(("S3", "Prefix")))[1:]],
     shared(1)),
    ([*pair("s3://data/m", "", "ManifestFile", names=("m", ""))[:1], *pair("s3://data/x/", "s3://data/x/")],
     shared(2)),
    (pair(UNKNOWN, "s3://data/d/"), set()),
    (pair("s3://data/d/", "s3://data/d/", names=("a", UNKNOWN)), set()),
    # Two channels of one name are another fault.
    (pair("s3://data/d/", "s3://data/d/", names=("a", "a")),
     one("profile-channel-duplicate", 1, "ChannelName")),
    ([*pair("s3://data/d/", "s3://data/d/"), *pair("s3://data/d/", "s3://data/x/", names=("c", "d"))],
     shared(1) | shared(2)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), SHARED, ids=repr)
def test_channels_that_share_data(given: list[Any], expected: Reported) -> None:
    assert reported(given, "InputDataConfig") == expected


def test_the_first_channel_that_reads_the_same_data_is_named() -> None:
    twice = pair("s3://data/train/", "".join(("s3://data/", "train/")), names=("a", "b"))
    assert only(twice, "InputDataConfig").message == "channel 'b' reads the same data as channel 'a'"
    one_name = pair("s3://data/train/", "s3://data/train/", names=("train", "".join(("tra", "in"))))
    assert reported(one_name, "InputDataConfig") == one("profile-channel-duplicate", 1, "ChannelName")


def test_the_narrower_of_two_prefixes_is_shown() -> None:
    (there,) = only(pair("s3://data/d", "s3://data/d-val/"), "InputDataConfig").related
    assert there.path == (1, *S3_URI)


def test_a_slash_keeps_two_prefixes_apart_where_it_can() -> None:
    fix = only(pair("s3://data/d", "s3://data/d-val/"), "InputDataConfig").fix
    assert isinstance(fix, Replace)
    assert (fix.value, fix.safe) == ("s3://data/d/", False)
    assert only(pair("s3://data/d", "s3://data/d/val/"), "InputDataConfig").fix is None
    assert only(pair("s3://data/d/", "s3://data/d/"), "InputDataConfig").fix is None


SHARDED = {"S3DataDistributionType": "ShardedByS3Key"}
SHARDING = (
    "sharding-without-effect",
    ("InputDataConfig", 0, "DataSource", "S3DataSource", "S3DataDistributionType"),
)
ONE = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
TWO = {**ONE, "InstanceCount": 2}
CREW: dict[str, Any] = {
    "InstanceGroups": [
        {"InstanceGroupName": "lead", "InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        {"InstanceGroupName": "crew", "InstanceType": "ml.c5.xlarge", "InstanceCount": 4},
    ]
}
SHARDINGS: list[tuple[Any, Any, str | None]] = [
    (s3("s3://data/d/", **SHARDED), TWO, None),
    (s3("s3://data/d/", **SHARDED), ONE, "info"),
    (s3("s3://data/d/t.csv", **SHARDED), TWO, "warning"),
    (s3("s3://data/d/t.csv", **SHARDED), ONE, "info"),
    (s3("s3://data/d/t.csv"), TWO, None),
    (s3("s3://data/d/t.csv", S3DataDistributionType="FullyReplicated"), TWO, None),
    # A manifest is one object and names many.
    (s3("s3://data/t.manifest", "ManifestFile", **SHARDED), TWO, None),
    (s3(UNKNOWN, **SHARDED), ONE, "info"),
    (s3(UNKNOWN, **SHARDED), TWO, None),
    (s3("s3://data/d/", **SHARDED), {**ONE, "InstanceCount": UNKNOWN}, None),
    (s3("s3://data/d/t.csv", **SHARDED), {**ONE, "InstanceCount": UNKNOWN}, None),
    (s3("s3://data/d/", **SHARDED), OpenDict(ONE), None),
    (s3("s3://data/d/t.csv", **SHARDED), OpenDict(TWO), "warning"),
    # Data for some of the groups is divided among their instances.
    (s3("s3://data/d/t.csv", InstanceGroupNames=["crew"], **SHARDED), CREW, "warning"),
    (s3("s3://data/d/", InstanceGroupNames=["crew"], **SHARDED), CREW, None),
    (s3("s3://data/d/t.csv", InstanceGroupNames=["lead"], **SHARDED), CREW, "info"),
    (s3("s3://data/d/t.csv", InstanceGroupNames=["lead", "crew"], **SHARDED), CREW, "warning"),
    (s3("s3://data/d/t.csv", **SHARDED), CREW, "warning"),
    (s3("s3://data/d/t.csv", InstanceGroupNames=[], **SHARDED), CREW, "warning"),
    # What is hidden may bring more instances, never fewer.
    (s3("s3://data/d/t.csv", InstanceGroupNames=["lead", UNKNOWN], **SHARDED), CREW, None),
    (s3("s3://data/d/t.csv", InstanceGroupNames=["crew", UNKNOWN], **SHARDED), CREW, "warning"),
    (s3("s3://data/d/t.csv", InstanceGroupNames=OpenList(["lead"]), **SHARDED), CREW, None),
    (s3("s3://data/d/t.csv", InstanceGroupNames=UNKNOWN, **SHARDED), CREW, None),
    (s3("s3://data/d/", InstanceGroupNames=["lead"], **SHARDED), {"InstanceGroups": OpenList(CREW["InstanceGroups"])}, None),
    (s3("s3://data/d/t.csv", InstanceGroupNames=["g"], **SHARDED), TWO, None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "resources", "level"), SHARDINGS, ids=repr)
def test_sharding_needs_objects_and_instances(source: Any, resources: Any, level: str | None) -> None:
    job = {**channels({"DataSource": source}), "ResourceConfig": resources}
    expected = set() if level is None else {(*SHARDING, level)}
    assert {f for f in reported(job) if f[0] == SHARDING[0]} == expected


FILE_SYSTEM = ("InputDataConfig", 0, "DataSource", "FileSystemDataSource")
VPC = one("filesystem-needs-vpc", *FILE_SYSTEM, level="warning")


def filesystem(*path: str, level: str = "error") -> Reported:
    return one("filesystem-needs-file-mode", "InputDataConfig", 0, *path, level=level)


FILE_SYSTEMS: list[tuple[Any, Any, Reported]] = [
    ("File", {}, VPC),
    ("Pipe", {}, VPC | filesystem("DataSource", "FileSystemDataSource")),
    ("FastFile", {}, VPC | filesystem("DataSource", "FileSystemDataSource")),
    (UNKNOWN, {}, VPC),
    ("File", {"CompressionType": "None", "RecordWrapperType": "None"}, VPC),
    ("File", {"ShuffleConfig": {"Seed": 1}}, VPC | filesystem("ShuffleConfig", level="warning")),
    # In File mode the options of Pipe mode are reported once, by their own rules.
    ("File", {"CompressionType": "Gzip"},
     VPC | one("gzip-outside-pipe", "InputDataConfig", 0, "CompressionType")),
    ("File", {"RecordWrapperType": "RecordIO"},
     VPC | one("recordwrapper-outside-pipe", "InputDataConfig", 0, "RecordWrapperType")),
    (UNKNOWN, {"CompressionType": "Gzip"}, VPC | filesystem("CompressionType", level="warning")),
    (UNKNOWN, {"RecordWrapperType": "RecordIO"}, VPC | filesystem("RecordWrapperType", level="warning")),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "channel", "expected"), FILE_SYSTEMS, ids=repr)
def test_file_systems(mode: Any, channel: Any, expected: Reported) -> None:
    job = {"TrainingInputMode": mode, **channels({"DataSource": EFS, **channel})}
    assert {f for f in reported(job) if f[0] != "profile-field-not-persisted"} == expected


def test_every_file_system_is_reported_at_its_channel() -> None:
    source = {"FileSystemDataSource": {"DirectoryPath": "sales/train"}}
    second = {"FileSystemDataSource": UNKNOWN}
    job = {"TrainingInputMode": "File", **channels({"DataSource": source}, {"DataSource": second})}
    other = ("InputDataConfig", 1, "DataSource", "FileSystemDataSource")
    assert {f for f in reported(job) if f[0] == "filesystem-needs-vpc"} == (
        VPC
        | one("filesystem-needs-vpc", *FILE_SYSTEM, "DirectoryPath", level="warning")
        | one("filesystem-needs-vpc", *other, level="warning")
    )


@pytest.mark.parametrize(
    ("certify", "rule"),
    [
        (True, in_job("marketplace-file-system", *FILE_SYSTEM)),
        (False, in_job("filesystem-needs-vpc", *FILE_SYSTEM, level="warning")),
        (UNKNOWN, in_job("filesystem-needs-vpc", *FILE_SYSTEM, level="warning")),
    ],
    ids=repr,
)
def test_aws_marketplace_requires_data_in_s3(certify: Any, rule: Reported) -> None:
    spec = request({}, channels({"DataSource": EFS}), CertifyForMarketplace=certify)
    assert reported(spec, REQUEST) == rule
    in_s3 = request({}, channels({"DataSource": s3(URI)}), CertifyForMarketplace=certify)
    assert reported(in_s3, REQUEST) == set()


def unwrapped(*path: str) -> Reported:
    return one("augmented-manifest-not-wrapped", "InputDataConfig", 0, *path, level="warning")


def augmented(names: Any, kind: Any = "AugmentedManifestFile") -> dict[str, Any]:
    return {"DataSource": s3(URI + ".manifest", kind, AttributeNames=names)}


WRAPPED: list[tuple[dict[str, Any], Reported]] = [
    (augmented(["source-ref", "species"]), unwrapped()),
    ({**augmented(["source-ref", "species"]), "RecordWrapperType": "None"}, unwrapped("RecordWrapperType")),
    ({**augmented(["source-ref", "species"]), "RecordWrapperType": "RecordIO"}, set()),
    ({**augmented(["source-ref", "species"]), "RecordWrapperType": UNKNOWN}, set()),
    (OpenDict(augmented(["source-ref", "species"])), set()),
    # One attribute needs no separator.
    (augmented(["source-ref"]), set()),
    (augmented([UNKNOWN, "species"]), unwrapped()),
    (augmented(OpenList(["source-ref", "species"])), unwrapped()),
    (augmented(OpenList(["source-ref"])), set()),
    (augmented(["source-ref", "species"], UNKNOWN), set()),
]


@pytest.mark.parametrize(("channel", "expected"), WRAPPED, ids=repr)
def test_several_attributes_are_wrapped(channel: dict[str, Any], expected: Reported) -> None:
    job = {"TrainingInputMode": "Pipe", **channels(channel)}
    assert {f for f in reported(job) if f[0] == "augmented-manifest-not-wrapped"} == expected


def test_the_wrapper_is_offered_in_pipe_mode_only() -> None:
    def fix(mode: str) -> Any:
        job = {"TrainingInputMode": mode, **channels(augmented(["source-ref", "species"]))}
        return only(job, rule="augmented-manifest-not-wrapped").fix

    assert isinstance(fix("Pipe"), Insert)
    assert fix("File") is None, "there the wrapper is an error"


def test_gzip_is_offered_where_the_channel_may_support_it() -> None:
    def fix(general: str, declared: dict[str, Any]) -> Any:
        channel = {**A, "InputMode": "Pipe", "DataSource": s3(URI + ".csv.gz")}
        job = {"TrainingInputMode": general, **channels(channel)}
        spec = request({"TrainingChannels": [{"Name": "train", **declared}]}, job)
        return only(spec, REQUEST, "compression-suffix-mismatch").fix

    assert isinstance(fix("Pipe", {}), Insert)
    assert isinstance(fix("Pipe", {"SupportedCompressionTypes": ["Gzip"]}), Insert)
    assert fix("Pipe", {"SupportedCompressionTypes": ["None"]}) is None
    assert fix("File", {}) is None, "Gzip has been seen rejected there"
