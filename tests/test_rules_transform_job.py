"""The batch transform job of a profile: every variant, its limits and what must stay silent."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import found, message, only, opened, reported

from algolint.rule import Replace
from algolint.values import UNKNOWN, OpenDict, OpenList

JOB = ("ValidationSpecification", "ValidationProfiles", 0, "TransformJobDefinition")


def request(inference: dict[str, Any], job: dict[str, Any]) -> Any:
    return opened(
        {
            "InferenceSpecification": inference,
            "ValidationSpecification": {"ValidationProfiles": [{"TransformJobDefinition": job}]},
        }
    )


INCOMPATIBLE = ("transform-data-type-incompatible", ("S3DataType",), "error")


@pytest.mark.parametrize(
    ("kind", "revision", "expected"),
    [
        ("S3Prefix", "latest", set()),
        ("ManifestFile", "latest", set()),
        ("AugmentedManifestFile", "latest", {INCOMPATIBLE}),
        (
            "AugmentedManifestFile",
            "1.29.150",
            {INCOMPATIBLE},
        ),
        ("Converse", "latest", {INCOMPATIBLE}),
        # Before it existed that is the only finding.
        ("Converse", "1.29.150", {("newer-than-target", ("S3DataType",), "error")}),
        ("Augmented", "latest", {("unknown-value", ("S3DataType",), "error")}),
        (UNKNOWN, "latest", set()),
    ],
    ids=repr,
)
def test_data_types(kind: Any, revision: str, expected: set[Any]) -> None:
    source = {"S3DataType": kind, "S3Uri": UNKNOWN}
    assert reported(source, "TransformS3DataSource", revision) == expected


def test_the_message_on_a_data_type_names_the_compatible_ones() -> None:
    source = {"S3DataType": "AugmentedManifestFile"}
    assert message(source, "TransformS3DataSource", "transform-data-type-incompatible") == (
        "S3DataType 'AugmentedManifestFile' is not compatible with batch transform, which takes 'S3Prefix'"
        " or 'ManifestFile'"
    )


def test_training_channels_may_have_the_types_that_transform_does_not_read() -> None:
    source = {"S3DataType": "AugmentedManifestFile", "AttributeNames": ["image-ref", "label"]}
    names = {rule for rule, *_ in reported(OpenDict(source), "S3DataSource")}
    assert "transform-data-type-incompatible" not in names


# ---------------------------------------------------------------- instance types

LIST = "SupportedTransformInstanceTypes"
UNSUPPORTED = ("transform-instance-unsupported", (*JOB, "TransformResources", "InstanceType"), "error")


@pytest.mark.parametrize(
    ("supported", "kind", "expected"),
    [
        (["ml.c5.xlarge"], "ml.m5.large", {UNSUPPORTED}),
        (["ml.c5.xlarge", "ml.m5.large"], "ml.m5.large", set()),
        # An unknown item may be the one; more items may follow in an open list.
        (["ml.c5.xlarge", UNKNOWN], "ml.m5.large", set()),
        (OpenList(["ml.c5.xlarge"]), "ml.m5.large", set()),
        (UNKNOWN, "ml.m5.large", set()),
        (["ml.c5.xlarge"], UNKNOWN, set()),
        # An empty list makes no claim and is another rule's.
        ([], "ml.m5.large", {("item-count", ("InferenceSpecification", LIST), "error")}),
        # A type of another role is one fault.
        (
            ["ml.c5.xlarge"],
            "ml.p4d.24xlarge",
            {("instance-wrong-role", (*JOB, "TransformResources", "InstanceType"), "error")},
        ),
    ],
    ids=repr,
)
def test_the_type_of_the_job_is_in_the_list(supported: Any, kind: Any, expected: set[Any]) -> None:
    spec = request({LIST: supported}, {"TransformResources": {"InstanceType": kind}})
    assert reported(spec, "CreateAlgorithmInput") == expected


def test_without_a_list_nothing_is_reported() -> None:
    spec = {
        "InferenceSpecification": {"Containers": UNKNOWN},
        "ValidationSpecification": {
            "ValidationProfiles": [
                {"TransformJobDefinition": {"TransformResources": {"InstanceType": "ml.m5.large"}}}
            ]
        },
    }
    assert "transform-instance-unsupported" not in {n for n, *_ in reported(spec, "CreateAlgorithmInput")}
    del spec["InferenceSpecification"]
    assert "transform-instance-unsupported" not in {n for n, *_ in reported(spec, "CreateAlgorithmInput")}


def test_the_message_on_an_instance_type_names_the_list() -> None:
    spec = request({LIST: ["ml.c5.xlarge"]}, {"TransformResources": {"InstanceType": "ml.m5.large"}})
    assert message(spec, "CreateAlgorithmInput", "transform-instance-unsupported") == (
        "InstanceType 'ml.m5.large' is not in SupportedTransformInstanceTypes: 'ml.c5.xlarge'"
    )
    ((_, problem),) = found(spec, "CreateAlgorithmInput")
    assert [related.path for related in problem.related] == [("InferenceSpecification", LIST)]


# ---------------------------------------------------------------- media types

CONTENT = ("transform-content-type-unsupported", (*JOB, "TransformInput", "ContentType"), "warning")
NO_CONTENT = ("transform-content-type-unsupported", (*JOB, "TransformInput"), "warning")
ACCEPT = ("transform-accept-unsupported", (*JOB, "TransformOutput", "Accept"), "warning")
NO_ACCEPT = ("transform-accept-unsupported", (*JOB, "TransformOutput"), "info")


@pytest.mark.parametrize(
    ("supported", "given", "fits"),
    [
        (["text/csv"], "text/csv", True),
        (["text/csv"], "application/json", False),
        # Case and parameters are not compared.
        (["text/csv"], "Text/CSV; header=present", True),
        (["text/csv;label_size=0"], "text/csv", True),
        # Wildcards on either side.
        (["text/*"], "text/csv", True),
        (["*/*"], "application/json", True),
        (["text/*"], "application/json", False),
        (["text/*"], "textile/csv", False),
        (["application/json"], "*/*", True),
        ([], "text/csv", True),
        (["text/csv", UNKNOWN], "application/json", True),
        (OpenList(["text/csv"]), "application/json", True),
        (["text/csv"], UNKNOWN, True),
    ],
    ids=repr,
)
def test_media_types_of_the_job_are_declared(supported: Any, given: Any, fits: bool) -> None:
    reads = request({"SupportedContentTypes": supported}, {"TransformInput": {"ContentType": given}})
    answers = request({"SupportedResponseMIMETypes": supported}, {"TransformOutput": {"Accept": given}})
    mine = {CONTENT, ACCEPT, NO_CONTENT, NO_ACCEPT}
    assert reported(reads, "CreateAlgorithmInput") & mine == (set() if fits else {CONTENT})
    assert reported(answers, "CreateAlgorithmInput") & mine == (set() if fits else {ACCEPT})


def test_of_several_types_to_accept_one_has_to_fit() -> None:
    def with_accept(text: str) -> set[Any]:
        supported = {"SupportedResponseMIMETypes": ["application/json"]}
        return reported(request(supported, {"TransformOutput": {"Accept": text}}), "CreateAlgorithmInput")

    assert with_accept("text/csv, application/json;q=0.5") == set()
    assert with_accept("text/csv, text/plain") == {ACCEPT}


def test_a_type_that_is_not_given() -> None:
    """Absent and empty count the same; an open object may hold it."""

    def job(part: str, value: Any, declaration: str) -> set[Any]:
        spec = request({declaration: ["text/csv"]}, {})
        spec["ValidationSpecification"]["ValidationProfiles"][0]["TransformJobDefinition"][part] = value
        return {x for x in reported(spec, "CreateAlgorithmInput") if x[0].endswith("-unsupported")}

    data = {"DataSource": UNKNOWN}
    assert job("TransformInput", data, "SupportedContentTypes") == {NO_CONTENT}
    assert job("TransformInput", OpenDict(data), "SupportedContentTypes") == set()
    assert job("TransformInput", {**data, "ContentType": ""}, "SupportedContentTypes") == {
        (NO_CONTENT[0], CONTENT[1], "warning")
    }
    output = {"S3OutputPath": UNKNOWN}
    assert job("TransformOutput", output, "SupportedResponseMIMETypes") == {NO_ACCEPT}
    assert job("TransformOutput", OpenDict(output), "SupportedResponseMIMETypes") == set()


def test_the_message_on_a_media_type_names_the_list() -> None:
    spec = request({"SupportedContentTypes": ["text/csv"]}, {"TransformInput": {"ContentType": "image/png"}})
    assert message(spec, "CreateAlgorithmInput", "transform-content-type-unsupported") == (
        "ContentType 'image/png' is not in SupportedContentTypes: 'text/csv'"
    )


# ---------------------------------------------------------------- numbers

REQUESTS, PAYLOAD = ("MaxConcurrentTransforms",), ("MaxPayloadInMB",)
PRODUCT = "transform-concurrency-times-payload"


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ({"MaxPayloadInMB": 100}, set()),
        ({"MaxPayloadInMB": 101}, {("transform-payload-over-100", PAYLOAD, "error")}),
        ({"MaxConcurrentTransforms": 10, "MaxPayloadInMB": 10}, set()),
        ({"MaxConcurrentTransforms": 11, "MaxPayloadInMB": 10}, {(PRODUCT, REQUESTS, "error")}),
        # A payload that is too large by itself is one fault; several of them would still be another.
        (
            {"MaxConcurrentTransforms": 1, "MaxPayloadInMB": 200},
            {("transform-payload-over-100", PAYLOAD, "error")},
        ),
        (
            {"MaxConcurrentTransforms": 2, "MaxPayloadInMB": 200},
            {("transform-payload-over-100", PAYLOAD, "error"), (PRODUCT, REQUESTS, "error")},
        ),
        # The default of 6 MB allows 16.
        ({"MaxConcurrentTransforms": 16}, set()),
        ({"MaxConcurrentTransforms": 17}, {(PRODUCT, REQUESTS, "warning")}),
        (OpenDict({"MaxConcurrentTransforms": 17}), set()),
        ({"MaxConcurrentTransforms": 17, "MaxPayloadInMB": UNKNOWN}, set()),
        # 0 has a meaning of its own for both.
        (
            {"MaxConcurrentTransforms": 0, "MaxPayloadInMB": 90},
            {("transform-zero-values", REQUESTS, "info")},
        ),
        (
            {"MaxConcurrentTransforms": 50, "MaxPayloadInMB": 0},
            {("transform-zero-values", PAYLOAD, "info")},
        ),
        (
            {"MaxConcurrentTransforms": UNKNOWN, "MaxPayloadInMB": 0},
            {("transform-zero-values", PAYLOAD, "info")},
        ),
    ],
)
def test_payload_and_concurrency(job: dict[str, Any], expected: set[Any]) -> None:
    assert reported(job, "TransformJobDefinition") == expected


def test_the_message_on_concurrent_requests_states_the_product() -> None:
    job = {"MaxConcurrentTransforms": 16, "MaxPayloadInMB": 10}
    assert message(job, "TransformJobDefinition", PRODUCT) == (
        "16 concurrent requests of 10 MB are 160 MB; a transform job takes at most 100"
    )
    assert message({"MaxConcurrentTransforms": 17}, "TransformJobDefinition", PRODUCT) == (
        "17 concurrent requests of 6 MB (the default MaxPayloadInMB) are 102 MB; a transform job takes at most 100"
    )


@pytest.mark.parametrize(
    ("job", "is_fixed"),
    [
        ({}, True),
        ({"MaxConcurrentTransforms": 1}, True),
        ({"MaxConcurrentTransforms": 2}, False),
        ({"MaxConcurrentTransforms": UNKNOWN}, False),
    ],
    ids=repr,
)
def test_the_largest_payload_is_offered_for_one_request_at_a_time(
    job: dict[str, Any], is_fixed: bool
) -> None:
    problem = only({"MaxPayloadInMB": 200, **job}, "TransformJobDefinition", "transform-payload-over-100")
    assert isinstance(problem.fix, Replace) is is_fixed


COST = ("profile-expensive-instance", ("InstanceCount",), "warning")
MANY = ("transform-instance-count-over-100", ("InstanceCount",), "error")


@pytest.mark.parametrize(
    ("count", "expected"), [(1, set()), (100, {COST}), (101, {COST, MANY}), (2**31 - 1, {COST, MANY})]
)
def test_instance_count(count: int, expected: set[Any]) -> None:
    assert reported({"InstanceCount": count}, "TransformResources") == expected


# ---------------------------------------------------------------- batching

STRATEGY = ("transform-batchstrategy-needs-split", ("BatchStrategy",), "warning")
SPLIT = ("TransformInput", "SplitType")
ASSEMBLY = ("TransformOutput", "AssembleWith")
MISMATCH = "transform-split-assemble-mismatch"
CUT = ("transform-split-content-mismatch", SPLIT, "warning")
PADDING = ("transform-split-content-mismatch", ("BatchStrategy",), "info")


@pytest.mark.parametrize(
    ("strategy", "source", "expected"),
    [
        ("MultiRecord", {"SplitType": "None"}, {STRATEGY}),
        ("SingleRecord", {}, {STRATEGY}),
        ("MultiRecord", {"SplitType": "Line"}, set()),
        ("MultiRecord", {"SplitType": UNKNOWN}, set()),
        ("MultiRecord", UNKNOWN, set()),
        (UNKNOWN, {"SplitType": "None"}, set()),
        # Padding of binary records stays with several records in a request.
        ("MultiRecord", {"SplitType": "RecordIO"}, {PADDING}),
        ("MultiRecord", {"SplitType": "TFRecord"}, {PADDING}),
        ("SingleRecord", {"SplitType": "TFRecord"}, set()),
    ],
    ids=repr,
)
def test_a_batch_strategy_needs_records(strategy: Any, source: Any, expected: set[Any]) -> None:
    job = {"BatchStrategy": strategy, "TransformInput": source}
    assert reported(job, "TransformJobDefinition") == expected


def others(job: dict[str, Any], name: str) -> list[Any]:
    problem = only(job, "TransformJobDefinition", name)
    return [(related.path, related.is_key) for related in problem.related]


def test_a_batch_strategy_is_related_to_the_missing_split() -> None:
    bare = {"BatchStrategy": "MultiRecord", "TransformInput": {}}
    assert others(bare, STRATEGY[0]) == [(("TransformInput",), True)]
    given = {"BatchStrategy": "MultiRecord", "TransformInput": {"SplitType": "None"}}
    assert others(given, STRATEGY[0]) == [(SPLIT, False)]


@pytest.mark.parametrize(
    ("split", "content", "is_reported"),
    [
        ("Line", "image/jpeg", True),
        ("Line", "AUDIO/wav", True),
        ("Line", "video/mp4", True),
        ("Line", "application/x-recordio", True),
        ("Line", "application/x-recordio-protobuf; v=1", True),
        ("Line", "application/x-npy", True),
        ("Line", "application/pdf", True),
        ("Line", "text/csv", False),
        # JSON may be JSON lines, and anything may be in a container's own format.
        ("Line", "application/json", False),
        ("Line", "application/octet-stream", True),
        ("Line", "application/x-parquet", True),
        ("Line", "application/vnd.apache.parquet", True),
        ("Line", "application/avro", True),
        ("Line", "application/zip", True),
        ("Line", "application/x-gzip", True),
        ("Line", "application/xml", False),
        ("RecordIO", "text/csv", True),
        ("TFRecord", "text/plain", True),
        ("RecordIO", "application/x-recordio-protobuf", False),
        ("TFRecord", "application/json", False),
        ("None", "image/jpeg", False),
        (UNKNOWN, "image/jpeg", False),
        ("Line", UNKNOWN, False),
    ],
    ids=repr,
)
def test_content_that_has_no_such_records(split: Any, content: Any, is_reported: bool) -> None:
    job = {"TransformInput": {"SplitType": split, "ContentType": content}, "TransformOutput": UNKNOWN}
    assert reported(job, "TransformJobDefinition") == ({CUT} if is_reported else set())


def test_the_message_on_a_split_names_the_records_that_are_missing() -> None:
    def text(split: str, content: str) -> str:
        job = {"TransformInput": {"SplitType": split, "ContentType": content}}
        return message(job, "TransformJobDefinition", CUT[0])

    assert text("Line", "image/png") == (
        "SplitType 'Line' cuts data with ContentType 'image/png' into fragments; it has no lines"
    )
    assert text("TFRecord", "text/csv").endswith("it has no TFRecord records")


def test_binary_data_is_sent_whole_where_no_strategy_needs_records() -> None:
    job = {"TransformInput": {"SplitType": "Line", "ContentType": "image/png"}}
    assert isinstance(only(job, "TransformJobDefinition", CUT[0]).fix, Replace)
    with_strategy = {**job, "BatchStrategy": "SingleRecord"}
    assert only(with_strategy, "TransformJobDefinition", CUT[0]).fix is None
    text = {"TransformInput": {"SplitType": "RecordIO", "ContentType": "text/csv"}}
    assert only(text, "TransformJobDefinition", CUT[0]).fix is None


@pytest.mark.parametrize(
    ("split", "output", "expected"),
    [
        ("Line", {"AssembleWith": "Line"}, set()),
        ("Line", {"AssembleWith": "None"}, {(MISMATCH, ASSEMBLY, "warning")}),
        ("Line", {}, {(MISMATCH, ("TransformOutput",), "warning")}),
        # JSON lines end with a newline already.
        ("Line", {"Accept": "application/jsonlines"}, set()),
        ("Line", {"Accept": "application/jsonlines; charset=utf-8", "AssembleWith": "None"}, set()),
        ("None", {"AssembleWith": "Line"}, {(MISMATCH, ASSEMBLY, "info")}),
        (None, {"AssembleWith": "Line"}, {(MISMATCH, ASSEMBLY, "info")}),
        (None, {}, set()),
        ("TFRecord", {"AssembleWith": "Line"}, {(MISMATCH, ASSEMBLY, "warning")}),
        (
            "RecordIO",
            {"AssembleWith": "Line", "Accept": "application/x-recordio-protobuf"},
            {(MISMATCH, ASSEMBLY, "warning")},
        ),
        # Text answers to binary records are one to a line on purpose.
        ("RecordIO", {"AssembleWith": "Line", "Accept": "text/csv"}, set()),
        ("RecordIO", {"AssembleWith": "Line", "Accept": "application/json"}, set()),
        ("RecordIO", {"AssembleWith": "Line", "Accept": "application/geo+json"}, set()),
        ("RecordIO", {"AssembleWith": "Line", "Accept": "application/x-ndjson"}, set()),
        ("RecordIO", {"AssembleWith": "None"}, set()),
        ("Line", {"AssembleWith": UNKNOWN}, set()),
        ("Line", {"Accept": UNKNOWN}, set()),
        ("Line", UNKNOWN, set()),
        (UNKNOWN, {"AssembleWith": "Line"}, set()),
    ],
    ids=repr,
)
def test_splitting_and_assembling(split: Any, output: Any, expected: set[Any]) -> None:
    source = {} if split is None else {"SplitType": split}
    job = {"TransformInput": source, "TransformOutput": output}
    assert reported(job, "TransformJobDefinition") == expected


def test_the_assembly_is_related_to_the_split() -> None:
    for split, output in (("Line", {}), ("TFRecord", {"AssembleWith": "Line"})):
        job = {"TransformInput": {"SplitType": split}, "TransformOutput": output}
        assert others(job, MISMATCH) == [(SPLIT, False)]


def test_what_may_be_hidden_in_an_open_object() -> None:
    for source, output in ((OpenDict(), UNKNOWN), (OpenDict({"SplitType": "Line"}), OpenDict())):
        job = {"BatchStrategy": "MultiRecord", "TransformInput": source, "TransformOutput": output}
        assert reported(OpenDict(job), "TransformJobDefinition") == set()


def test_what_is_known_to_be_accepted_is_silent() -> None:
    """MultiRecord with lines in and lines out."""
    job = {
        "BatchStrategy": "MultiRecord",
        "TransformInput": {"SplitType": "Line", "ContentType": "text/csv"},
        "TransformOutput": {"AssembleWith": "Line", "Accept": "text/csv"},
    }
    assert reported(job, "TransformJobDefinition") == set()


# ---------------------------------------------------------------- instances


@pytest.mark.parametrize(
    ("kind", "uri", "count", "is_reported"),
    [
        ("S3Prefix", "s3://amzn-example-bucket/scoring/input.csv", 2, True),
        ("S3Prefix", "s3://amzn-example-bucket/scoring/input.csv", 1, False),
        ("S3Prefix", "s3://amzn-example-bucket/scoring/", 2, False),
        ("S3Prefix", "s3://amzn-example-bucket/scoring/part", 2, False),
        ("ManifestFile", "s3://amzn-example-bucket/scoring/input.manifest", 2, False),
        (UNKNOWN, "s3://amzn-example-bucket/scoring/input.csv", 2, False),
        ("S3Prefix", UNKNOWN, 2, False),
        ("S3Prefix", "s3://amzn-example-bucket/scoring/input.csv", UNKNOWN, False),
    ],
    ids=repr,
)
def test_several_instances_and_one_object(kind: Any, uri: Any, count: Any, is_reported: bool) -> None:
    job = {
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": uri}}},
        "TransformResources": {"InstanceCount": count},
    }
    location = ("TransformResources", "InstanceCount")
    expected = {("transform-idle-instances", location, "warning")} if is_reported else set()
    assert reported(job, "TransformJobDefinition") == expected


@pytest.mark.parametrize(
    ("version", "kind", "is_reported"),
    [
        ("al2-ami-sagemaker-batch-gpu-470", "ml.g4dn.xlarge", False),
        ("al2-ami-sagemaker-batch-gpu-535", "ml.p3.2xlarge", False),
        ("al2-ami-sagemaker-batch-gpu-535", "ml.m5.xlarge", True),
        ("al2-ami-sagemaker-batch-gpu-535", "ml.inf2.xlarge", True),
        # Of an unknown family nothing is claimed.
        ("al2-ami-sagemaker-batch-gpu-535", UNKNOWN, False),
        ("al2023-ami-sagemaker-batch-gpu-600", "ml.g5.xlarge", True),
        (UNKNOWN, "ml.m5.xlarge", False),
    ],
    ids=repr,
)
def test_ami_versions(version: Any, kind: Any, is_reported: bool) -> None:
    resources = {"TransformAmiVersion": version, "InstanceType": kind}
    names = {rule for rule, *_ in reported(resources, "TransformResources")}
    assert ("transform-ami-version" in names) is is_reported


def test_an_ami_version_on_a_family_of_which_nothing_is_known() -> None:
    resources = {"TransformAmiVersion": "al2-ami-sagemaker-batch-gpu-535", "InstanceType": "ml.z9.large"}
    assert reported(resources, "TransformResources") == {
        ("unknown-instance-type", ("InstanceType",), "warning")
    }
