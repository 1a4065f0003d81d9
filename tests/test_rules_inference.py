"""The rules of `rules/inference.py`: containers, model data, lists, and the validation."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import REQUEST, found, linter, opened, reported

from algolint.rule import Replace
from algolint.testing import problems
from algolint.values import UNKNOWN, OpenDict, OpenList

IS = "InferenceSpecification"
CONTAINER = "ModelPackageContainerDefinition"
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2"
TRANSFORM, SERVE = "SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes"
READS, ANSWERS = "SupportedContentTypes", "SupportedResponseMIMETypes"
JOB = ("ValidationSpecification", "ValidationProfiles", 0, "TransformJobDefinition")


def mine(spec: Any, shape: str, *names: str, revision: str = "latest") -> set[tuple[Any, ...]]:
    """The problems of the rules of these names."""
    return {finding for finding in reported(spec, shape, revision) if finding[0] in names}


# ---------------------------------------------------------------- against the validation


def request(*profiles: Any, **more: Any) -> dict[str, Any]:
    return {"ValidationSpecification": {"ValidationProfiles": list(profiles)}, **more}


WITH_JOB = {"TransformJobDefinition": {"BatchStrategy": UNKNOWN}}
NOTHING_TO_RUN = "transform-without-inference-spec"
NOT_VALIDATED = "inference-not-validated"
PROFILES = ("ValidationSpecification", "ValidationProfiles")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (request(WITH_JOB), {(NOTHING_TO_RUN, (), "error")}),
        (request({}), set()),
        (request(WITH_JOB, InferenceSpecification={}), set()),
        (request(WITH_JOB, InferenceSpecification=UNKNOWN), set()),
        (OpenDict(opened(request(WITH_JOB))), set()),
        # It is there, whatever it holds.
        (request({"TransformJobDefinition": UNKNOWN}), {(NOTHING_TO_RUN, (), "error")}),
        # A null is a wrong type, not a transform job.
        (request({"TransformJobDefinition": None}), set()),
        (request({}, InferenceSpecification={}), {(NOT_VALIDATED, PROFILES, "warning")}),
        (request(UNKNOWN, InferenceSpecification={}), set()),
        (request({"TransformJobDefinition": UNKNOWN}, InferenceSpecification={}), set()),
        (request({}, InferenceSpecification=UNKNOWN), {(NOT_VALIDATED, PROFILES, "warning")}),
        (request(InferenceSpecification={}), set()),
        ({"InferenceSpecification": {}}, set()),
    ],
)
def test_inference_and_transform_job_go_together(spec: dict[str, Any], expected: set[Any]) -> None:
    assert mine(spec, REQUEST, NOTHING_TO_RUN, NOT_VALIDATED) == expected


def test_for_marketplace_another_rule_reports_it() -> None:
    certified = request(WITH_JOB, CertifyForMarketplace=True)
    names = {rule for rule, path, _ in reported(certified, REQUEST) if path == ()}
    assert "marketplace-needs-inference" in names
    assert NOTHING_TO_RUN not in names
    certified = request({}, CertifyForMarketplace=True, InferenceSpecification={})
    names = {rule for rule, path, _ in reported(certified, REQUEST) if path == PROFILES}
    assert names == {"marketplace-needs-transform-profile"}


# ---------------------------------------------------------------- the lists

LISTS = "inference-instance-lists-missing"


@pytest.mark.parametrize(
    ("lists", "severity"),
    [
        ({}, "warning"),
        ({TRANSFORM: ["ml.m5.large"]}, "info"),
        ({SERVE: ["ml.m5.large"]}, "info"),
        ({TRANSFORM: ["ml.m5.large"], SERVE: ["ml.m5.large"]}, None),
        # An empty list names no type either, which another rule reports.
        ({SERVE: []}, "warning"),
        ({TRANSFORM: []}, "warning"),
        ({TRANSFORM: [], SERVE: []}, None),
        ({TRANSFORM: UNKNOWN, SERVE: UNKNOWN}, None),
    ],
)
def test_instance_lists(lists: dict[str, Any], severity: str | None) -> None:
    assert mine({IS: lists}, REQUEST, LISTS) == ({(LISTS, (IS,), severity)} if severity else set())
    assert mine({IS: opened(lists)}, REQUEST, LISTS) == set()
    # It may be that of a model package.
    assert mine(lists, IS, LISTS) == set()


def test_a_transform_job_needs_the_transform_list() -> None:
    def severity(lists: dict[str, Any], profile: Any = WITH_JOB) -> set[str]:
        spec = request(profile, InferenceSpecification=lists)
        return {severity for _, _, severity in mine(spec, REQUEST, LISTS)}

    assert severity({}) == {"error"}
    assert severity({SERVE: ["ml.m5.large"]}) == {"error"}
    assert severity({SERVE: ["ml.m5.large"]}, {"TransformJobDefinition": UNKNOWN}) == {"error"}
    assert severity({TRANSFORM: ["ml.m5.large"]}) == {"info"}
    assert severity({TRANSFORM: UNKNOWN}) == {"info"}


def test_one_missing_list_is_reported_once_for_marketplace() -> None:
    spec = request(CertifyForMarketplace=True, InferenceSpecification={TRANSFORM: ["ml.m5.large"]})
    names = {rule for rule, path, _ in reported(spec, REQUEST) if path == (IS,)}
    assert "marketplace-instance-lists" in names
    assert LISTS not in names
    spec = request(CertifyForMarketplace=True, InferenceSpecification={})
    names = {rule for rule, path, _ in reported(spec, REQUEST) if path == (IS,)}
    assert "marketplace-instance-lists" not in names
    assert LISTS in names


MIMES = "inference-mime-lists-missing"


@pytest.mark.parametrize(
    ("lists", "paths"),
    [
        ({}, {()}),
        ({READS: ["text/csv"]}, {()}),
        ({READS: ["text/csv"], ANSWERS: []}, {(ANSWERS,)}),
        ({READS: []}, {(READS,), ()}),
        ({READS: ["text/csv"], ANSWERS: ["text/csv"]}, set()),
        ({READS: UNKNOWN, ANSWERS: UNKNOWN}, set()),
    ],
)
def test_mime_lists(lists: dict[str, Any], paths: set[Any]) -> None:
    assert mine({IS: lists}, REQUEST, MIMES) == {(MIMES, (IS, *path), "warning") for path in paths}
    # What is absent from a fragment may be so: it may be that of a model package.
    assert mine(lists, IS, MIMES) == {(MIMES, path, "warning") for path in paths - {()}}


def test_an_open_list_is_not_empty() -> None:
    spec = {"Containers": UNKNOWN, TRANSFORM: OpenList(), READS: OpenList(), ANSWERS: OpenList()}
    here = problems(linter(), {IS: spec}, REQUEST)
    assert {(rule.name, one.severity) for rule, one in here if one.path[:1] == (IS,)} == {(LISTS, "info")}


def test_where_a_revision_requires_a_field_only_its_absence_is_reported() -> None:
    """Required until 1.34: missing-field reports it; the first revisions required the instance lists too."""
    spec: dict[str, Any] = OpenDict({IS: {"Containers": [{}]}})
    missing = {rule for rule, *_ in reported(spec, REQUEST, "1.29.150")}
    assert {MIMES, "container-without-image"} & missing == set()
    assert "missing-field" in missing
    assert LISTS in missing
    first = {rule for rule, *_ in reported(spec, REQUEST, "1.12.55")}
    assert LISTS not in first
    now = {rule for rule, *_ in reported(spec, REQUEST)}
    assert {MIMES, LISTS, "container-without-image"} <= now
    assert "missing-field" not in now


@pytest.mark.parametrize(
    ("types", "indexes", "fixed"),
    [
        (["text/csv", "application/json"], [], []),
        (["text/csv", "application/json", "text/csv"], [2], [True]),
        # Upper case is the same type, but deleting it is the author's choice.
        (["text/csv", "Text/CSV "], [1], [False]),
        (["Text/CSV ", "text/csv"], [1], [False]),
        # As texts that were read are: equal, and not one object.
        (["text/csv", "".join(("text/", "csv"))], [1], [True]),
        (["text/csv", "text/csv; header=present"], [], []),
        ([UNKNOWN, "text/csv", "text/csv", UNKNOWN], [2], [True]),
    ],
)
def test_repeated_media_types(types: list[Any], indexes: list[int], fixed: list[bool]) -> None:
    for name in (READS, ANSWERS):
        spec = OpenDict({name: types})
        reported_here = [problem for rule, problem in found(spec, IS) if rule.name == "mime-list-duplicates"]
        assert [problem.path for problem in reported_here] == [(name, index) for index in indexes]
        assert [problem.fix is not None for problem in reported_here] == fixed


# ---------------------------------------------------------------- the containers


@pytest.mark.parametrize(
    ("container", "reports"),
    [
        ({}, True),
        ({"Image": IMAGE}, False),
        ({"Image": UNKNOWN}, False),
        (OpenDict(), False),
        # The image of a hub's model is the hub's.
        ({"BaseModel": {"HubContentName": "llama"}}, False),
        ({"BaseModel": UNKNOWN}, False),
        ({"ModelDataSource": {"S3DataSource": {"HubAccessConfig": UNKNOWN}}}, False),
        ({"ModelDataSource": {"S3DataSource": {"S3DataType": "S3Object"}}}, True),
    ],
)
def test_a_container_has_an_image(container: dict[str, Any], reports: bool) -> None:
    expected = {("container-without-image", (), "warning")} if reports else set()
    assert mine(container, CONTAINER, "container-without-image") == expected


HOSTS = "pipeline-hostnames"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "b"], set()),
        ([None, None], set()),
        (["a", None], {(("Containers", 1), "error")}),
        ([None, "b", None], {(("Containers", 0), "error"), (("Containers", 2), "error")}),
        (["a", "b", "A"], {(("Containers", 2, "ContainerHostname"), "error")}),
        (["a"], {(("Containers", 0, "ContainerHostname"), "info")}),
        ([None], set()),
        (["a", UNKNOWN], set()),
        ([UNKNOWN, None], set()),
        # Another one may be hidden behind an open list.
        (OpenList(["a"]), set()),
        (OpenList(["a", None]), {(("Containers", 1), "error")}),
    ],
    ids=repr,
)
def test_hostnames(names: Any, expected: set[Any]) -> None:
    containers = type(names)({"ContainerHostname": name} if name is not None else {} for name in names)
    spec = OpenDict({"Containers": containers})
    assert mine(spec, IS, HOSTS) == {(HOSTS, *location) for location in expected}


def test_a_container_without_a_hostname_is_named_once() -> None:
    spec = OpenDict({"Containers": [{"ContainerHostname": "a"}, {"ContainerHostname": "b"}, {}]})
    ((_, problem),) = [(rule, p) for rule, p in found(spec, IS) if rule.name == HOSTS]
    assert (problem.path, problem.is_key) == (("Containers", 2), True)
    assert [related.path for related in problem.related] == [("Containers", 0, "ContainerHostname")]


# ---------------------------------------------------------------- model data


@pytest.mark.parametrize(
    ("url", "reports"),
    [
        ("s3://amzn-example-bucket/models/forecaster.tar.gz", False),
        ("s3://amzn-example-bucket/models/forecaster.tgz", True),
        ("s3://amzn-example-bucket/models/forecaster/", True),
        ("s3://amzn-example-bucket", True),
        ("https://s3.us-west-2.amazonaws.com/amzn-example-bucket/m.tar.gz?versionId=1", False),
        # Text that is not an address is reported for its pattern alone.
        ("models/forecaster.tgz", False),
        ("", False),
        ("s3://${Bucket}/models/forecaster", True),
        (UNKNOWN, False),
    ],
    ids=repr,
)
def test_model_data_is_a_tar_gz(url: Any, reports: bool) -> None:
    expected = {("model-data-not-targz", ("ModelDataUrl",), "error")} if reports else set()
    assert mine({"ModelDataUrl": url}, CONTAINER, "model-data-not-targz") == expected


SOURCE = {"S3DataSource": {"S3DataType": "S3Prefix"}}
URL = {"ModelDataUrl": "s3://amzn-example-bucket/models/forecaster.tar.gz"}


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        ([URL], {((0, "ModelDataUrl"), "warning")}),
        ([{"ModelDataSource": SOURCE}], {((0, "ModelDataSource"), "warning")}),
        ([{}], set()),
        # In a pipeline a preprocessing container may bring its own.
        ([URL, {}], {((0, "ModelDataUrl"), "info")}),
        ([URL, UNKNOWN], {((0, "ModelDataUrl"), "info")}),
        (OpenList([URL]), set()),
        (OpenList([URL, {}]), {((0, "ModelDataUrl"), "info")}),
        # Whatever it holds: an empty address is sent too.
        ([{"ModelDataUrl": ""}], {((0, "ModelDataUrl"), "warning")}),
        ([{"ModelDataUrl": UNKNOWN}], {((0, "ModelDataUrl"), "warning")}),
        ([{"ModelDataSource": UNKNOWN}], {((0, "ModelDataSource"), "warning")}),
    ],
    ids=repr,
)
def test_model_data_of_an_algorithm(containers: Any, expected: set[Any]) -> None:
    name = "model-data-in-algorithm"
    inference = OpenDict({"Containers": containers})
    assert mine({IS: inference}, REQUEST, name) == {
        (name, (IS, "Containers", *path), severity) for path, severity in expected
    }
    # Alone it may be that of a model package.
    assert mine(inference, IS, name) == set()


@pytest.mark.parametrize(
    ("container", "is_offered"),
    [
        ({"Image": IMAGE, **URL}, True),
        (URL, True),
        ({"Image": IMAGE, "ModelDataSource": SOURCE}, True),
        # Without it there would be no image, or nothing that the other sources are added to.
        ({"ModelDataSource": SOURCE}, False),
        ({"Image": IMAGE, "ModelDataSource": SOURCE, "AdditionalModelDataSources": UNKNOWN}, False),
    ],
)
def test_model_data_is_deleted_where_nothing_depends_on_it(
    container: dict[str, Any], is_offered: bool
) -> None:
    spec = {IS: OpenDict({"Containers": [container]})}
    for more, name in (
        ({}, "model-data-in-algorithm"),
        ({"CertifyForMarketplace": True}, "model-data-source-unsupported"),
    ):
        fixes = [p.fix for rule, p in found({**spec, **more}, REQUEST) if rule.name == name]
        assert all((fix is not None) is is_offered for fix in fixes)
        assert fixes or "ModelDataUrl" in container


@pytest.mark.parametrize(
    ("container", "reports"),
    [
        ({**URL, "ModelDataSource": SOURCE}, True),
        ({**URL, "ModelDataSource": UNKNOWN}, True),
        ({"ModelDataUrl": UNKNOWN, "ModelDataSource": SOURCE}, True),
        ({"ModelDataUrl": "", "ModelDataSource": SOURCE}, True),
        ({"ModelDataSource": SOURCE}, False),
        (URL, False),
    ],
)
def test_model_data_has_one_source(container: dict[str, Any], reports: bool) -> None:
    expected = {("model-data-two-sources", ("ModelDataSource",), "error")} if reports else set()
    assert mine(container, CONTAINER, "model-data-two-sources") == expected


@pytest.mark.parametrize(
    ("profile", "certify", "reports"),
    [
        (WITH_JOB, False, True),
        ({}, True, True),
        ({}, False, False),
        ({}, UNKNOWN, False),
        ({"TransformJobDefinition": UNKNOWN}, False, True),
        (WITH_JOB, UNKNOWN, True),
    ],
    ids=repr,
)
def test_model_data_source_and_batch_transform(profile: Any, certify: Any, reports: bool) -> None:
    name = "model-data-source-unsupported"
    inference = {"Containers": [{}, {"ModelDataSource": SOURCE}]}
    spec = request(profile, CertifyForMarketplace=certify, InferenceSpecification=inference)
    location = (IS, "Containers", 1, "ModelDataSource")
    assert mine(spec, REQUEST, name) == ({(name, location, "error")} if reports else set())


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ([], "remove it, since an algorithm serves the artifacts of its training job"),
        ([{}], "use ModelDataUrl"),
    ],
)
def test_the_advice_on_a_model_data_source_is_not_reported_by_another_rule(more: Any, advice: str) -> None:
    """A single container needs no model data at all; in a pipeline one for preprocessing may have its own."""
    inference = {"Containers": [{"Image": IMAGE, "ModelDataSource": SOURCE}, *more]}
    spec = request(WITH_JOB, InferenceSpecification=inference)
    names = "model-data-source-unsupported", "model-data-in-algorithm"
    rows = [(rule.name, p.message) for rule, p in found(spec, REQUEST) if rule.name in names]
    assert rows == [(names[0], f"ModelDataSource is not supported with batch transform; {advice}")]


def test_a_model_data_source_points_to_what_does_not_support_it() -> None:
    def other(profile: Any) -> list[Any]:
        inference = {"Containers": [{"ModelDataSource": SOURCE}]}
        spec = request(profile, CertifyForMarketplace=True, InferenceSpecification=inference)
        ((_, problem),) = [
            (rule, p) for rule, p in found(spec, REQUEST) if rule.name == "model-data-source-unsupported"
        ]
        return [related.path for related in problem.related]

    assert other(WITH_JOB) == [JOB]
    assert other({}) == [("CertifyForMarketplace",)]


SHAPE = "s3-model-source-shape"


@pytest.mark.parametrize(
    ("kind", "uri", "compression", "expected"),
    [
        ("S3Prefix", "s3://amzn-example-bucket/m/", "None", set()),
        ("S3Prefix", "s3://amzn-example-bucket/m", "None", {("S3Uri", "error")}),
        ("S3Prefix", "s3://amzn-example-bucket/m/", "Gzip", {("CompressionType", "error")}),
        (
            "S3Prefix",
            "s3://amzn-example-bucket/m.tar.gz",
            "Gzip",
            {("S3Uri", "error"), ("CompressionType", "error")},
        ),
        ("S3Object", "s3://amzn-example-bucket/m.tar.gz", "Gzip", set()),
        ("S3Object", "s3://amzn-example-bucket/m.zip", "Gzip", {("S3Uri", "warning")}),
        ("S3Object", "s3://amzn-example-bucket/m.onnx", "None", set()),
        (UNKNOWN, "s3://amzn-example-bucket/m", "Gzip", set()),
        ("S3Prefix", UNKNOWN, "Gzip", {("CompressionType", "error")}),
        ("S3Prefix", "s3://amzn-example-bucket/m", UNKNOWN, {("S3Uri", "error")}),
    ],
    ids=repr,
)
def test_the_three_forms_of_a_model_source(kind: Any, uri: Any, compression: Any, expected: set[Any]) -> None:
    source = {"S3DataType": kind, "S3Uri": uri, "CompressionType": compression}
    assert reported(source, "S3ModelDataSource") == {
        (SHAPE, (field,), severity) for field, severity in expected
    }


def test_a_slash_is_added_to_a_prefix_only() -> None:
    def fixes(uri: str) -> list[object]:
        source = {"S3DataType": "S3Prefix", "S3Uri": uri, "CompressionType": "None"}
        fixes = [problem.fix for _, problem in found(source, "S3ModelDataSource")]
        return [fix.value if isinstance(fix, Replace) else fix for fix in fixes]

    assert fixes("s3://amzn-example-bucket/m") == ["s3://amzn-example-bucket/m/"]
    assert fixes("s3://amzn-example-bucket/m.tar.gz") == [None]


ADDITIONAL = "additional-data-sources"


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({"AdditionalS3DataSource": UNKNOWN}, set()),
        (
            {"AdditionalModelDataSources": [{"ChannelName": "a"}]},
            {(("AdditionalModelDataSources",), "warning")},
        ),
        ({"AdditionalModelDataSources": []}, set()),
        ({"AdditionalModelDataSources": [{"ChannelName": "a"}], "ModelDataSource": UNKNOWN}, set()),
        (
            {
                "AdditionalModelDataSources": [
                    {"ChannelName": "a"},
                    {"ChannelName": "a"},
                    {"ChannelName": "A"},
                ],
                "ModelDataSource": UNKNOWN,
            },
            {(("AdditionalModelDataSources", 1, "ChannelName"), "error")},
        ),
        (
            {
                "AdditionalModelDataSources": [{"ChannelName": UNKNOWN}, {"ChannelName": "a"}],
                "ModelDataSource": UNKNOWN,
            },
            set(),
        ),
    ],
)
def test_additional_sources(container: dict[str, Any], expected: set[Any]) -> None:
    assert mine(container, CONTAINER, ADDITIONAL) == {(ADDITIONAL, *location) for location in expected}


@pytest.mark.parametrize(
    "field",
    ["Environment", "ModelDataSource", "AdditionalS3DataSource", "AdditionalModelDataSources", "BaseModel"],
)
@pytest.mark.parametrize("value", [None, 1, "x", [], [1], ["x"], {"A": 1}, {"A": []}], ids=repr)
def test_a_field_of_a_newer_revision_may_hold_anything(field: str, value: Any) -> None:
    """What the revision aimed at does not know is not bound; no rule may fail on it."""
    spec = request(WITH_JOB, InferenceSpecification={"Containers": [{field: value}]})
    names = {rule for rule, *_ in reported(spec, REQUEST, "1.12.55")}
    assert "newer-than-target" in names


ADDITIONAL_S3 = "additional-s3-data-source"
ARCHIVE = {
    "S3DataType": "S3Object",
    "S3Uri": "s3://amzn-example-bucket/base-model.tar.gz",
    "CompressionType": "Gzip",
}


@pytest.mark.parametrize(
    ("change", "fields", "has_fix"),
    [
        ({}, set(), False),
        ({"CompressionType": UNKNOWN, "S3DataType": UNKNOWN, "S3Uri": UNKNOWN}, set(), False),
        ({"S3DataType": "S3Prefix"}, {"S3DataType"}, True),
        ({"CompressionType": "None"}, {"CompressionType"}, True),
        ({"S3Uri": "s3://amzn-example-bucket/base/"}, {"S3Uri"}, False),
        (
            {"S3Uri": "s3://amzn-example-bucket/base/", "S3DataType": "S3Prefix"},
            {"S3Uri", "S3DataType"},
            False,
        ),
        ({"S3Uri": "s3://${Bucket}/base/"}, {"S3Uri"}, False),
        ({"S3Uri": "s3://${Bucket}/base.tar.gz", "S3DataType": "S3Prefix"}, {"S3DataType"}, False),
        ({"S3Uri": "s3://amzn-example-bucket/${Key}"}, set(), False),
    ],
)
def test_an_additional_source_is_one_archive(change: dict[str, Any], fields: set[str], has_fix: bool) -> None:
    source = {**ARCHIVE, **change}
    assert mine(source, "AdditionalS3DataSource", ADDITIONAL_S3) == {
        (ADDITIONAL_S3, (field,), "warning") for field in fields
    }
    # The training specification has the same field.
    for base, spec in (
        (("TrainingSpecification",), {"TrainingSpecification": {"AdditionalS3DataSource": source}}),
        ((IS, "Containers", 0), {IS: {"Containers": [{"AdditionalS3DataSource": source}]}}),
    ):
        rows = [p for rule, p in found(spec, REQUEST) if rule.name == ADDITIONAL_S3]
        assert {p.path for p in rows} == {(*base, "AdditionalS3DataSource", field) for field in fields}
        assert all((p.fix is not None) is has_fix for p in rows)


@pytest.mark.parametrize("value", [ARCHIVE, UNKNOWN], ids=["known", "unknown"])
def test_only_the_first_container_has_an_additional_source(value: Any) -> None:
    containers = [{"AdditionalS3DataSource": value}, {}, {"AdditionalS3DataSource": value}]
    assert mine({"Containers": containers}, IS, ADDITIONAL_S3) == {
        (ADDITIONAL_S3, ("Containers", 2, "AdditionalS3DataSource"), "warning")
    }
