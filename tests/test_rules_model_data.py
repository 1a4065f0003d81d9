"""The model data of containers, and the additional data for training and inference."""

from __future__ import annotations

from typing import Any

import pytest
from inference_cases import CONTAINER, IMAGE, IS, WITH_JOB, mine, request
from rule_cases import REQUEST, found, reported

from algolint.rule import Replace
from algolint.values import UNKNOWN, OpenDict, OpenList

JOB = ("ValidationSpecification", "ValidationProfiles", 0, "TransformJobDefinition")


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
