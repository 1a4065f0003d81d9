"""The inference specification: its containers and lists, and its validation."""

from __future__ import annotations

from typing import Any

import pytest
from inference_cases import CONTAINER, IMAGE, IS, WITH_JOB, mine, request
from rule_cases import REQUEST, found, linter, opened, reported

from algolint.testing import problems
from algolint.values import UNKNOWN, OpenDict, OpenList

TRANSFORM, SERVE = "SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes"
READS, ANSWERS = "SupportedContentTypes", "SupportedResponseMIMETypes"


# ---------------------------------------------------------------- against the validation

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
    "field",
    ["Environment", "ModelDataSource", "AdditionalS3DataSource", "AdditionalModelDataSources", "BaseModel"],
)
@pytest.mark.parametrize("value", [None, 1, "x", [], [1], ["x"], {"A": 1}, {"A": []}], ids=repr)
def test_a_field_of_a_newer_revision_may_hold_anything(field: str, value: Any) -> None:
    """What the revision aimed at does not know is not bound; no rule may fail on it."""
    spec = request(WITH_JOB, InferenceSpecification={"Containers": [{field: value}]})
    names = {rule for rule, *_ in reported(spec, REQUEST, "1.12.55")}
    assert "newer-than-target" in names
