"""Environment variables: counts, sizes, names and addresses."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import found, message, opened, reported

from algolint.values import UNKNOWN, OpenDict

MAPS = [
    ("InferenceSpecification", ("Containers", 0, "Environment")),
    ("TransformJobDefinition", ("Environment",)),
]


def variables(count: int) -> dict[str, Any]:
    return {f"FEATURE_{number}": "on" for number in range(count)}


def holding(shape: str, environment: Any) -> dict[str, Any]:
    """A container's Environment or a transform job's, with nothing else to report."""
    if shape == "TransformJobDefinition":
        return {"Environment": environment}
    return OpenDict({"Containers": [OpenDict({"Environment": environment})]})


@pytest.mark.parametrize(("shape", "path"), MAPS)
@pytest.mark.parametrize("revision", ["1.21.56", "1.29.150", "1.34.53", "latest"])
@pytest.mark.parametrize("count", [0, 16, 17, 100, 101])
def test_too_many_entries_are_reported_once_in_every_revision(
    shape: str, path: tuple[Any, ...], revision: str, count: int
) -> None:
    """More than 16 is an error whatever the shape allows, and item-count does not report it again."""
    spec = holding(shape, variables(count))
    expected = {("env-too-many-entries", path, "error")} if count > 16 else set()
    assert reported(spec, shape, revision) == expected


AND_THE_MODEL = (
    "Environment has 17 entries; the API reference allows 16, although the API's model allows 100 since botocore"
    " 1.34.53"
)


@pytest.mark.parametrize(
    ("shape", "revision", "expected"),
    [
        (
            "InferenceSpecification",
            "1.43.105",
            AND_THE_MODEL,
        ),
        ("InferenceSpecification", "1.34.53", AND_THE_MODEL),
        ("InferenceSpecification", "1.34.52", "Environment has 17 entries; the API reference allows 16"),
        ("InferenceSpecification", "1.29.150", "Environment has 17 entries; the API reference allows 16"),
        ("TransformJobDefinition", "1.43.105", "Environment has 17 entries; the API reference allows 16"),
    ],
)
def test_the_message_names_the_limit_of_the_shape_where_it_is_higher(
    shape: str, revision: str, expected: str
) -> None:
    spec = holding(shape, variables(17))
    assert message(spec, shape, "env-too-many-entries", revision) == expected


def test_entries_that_can_be_seen_count_and_hidden_ones_do_not() -> None:
    hidden = {**variables(17), "FEATURE_3": UNKNOWN}
    shape, path = MAPS[0]
    expected = {("env-too-many-entries", path, "error")}
    assert reported(holding(shape, hidden), shape) == expected
    assert reported(holding(shape, OpenDict(variables(17))), shape) == expected
    assert reported(holding(shape, OpenDict(variables(16))), shape) == set()


@pytest.mark.parametrize(
    ("last", "expected"), [(1020, set()), (1021, {("env-size", ("Containers",), "error")})]
)
def test_the_containers_share_32_kb(last: int, expected: set[Any]) -> None:
    """Twice 16 entries of 4 and 1020 characters are 32768 bytes: allowed, one more is not."""
    full = {f"K_{number:02d}": "x" * 1020 for number in range(16)}
    containers = [OpenDict({"Environment": full}), OpenDict({"Environment": {**full, "K_15": "x" * last}})]
    assert reported(OpenDict({"Containers": containers}), "InferenceSpecification") == expected


def test_what_is_hidden_does_not_count_for_the_size() -> None:
    full = {f"K_{number:02d}": "x" * 1024 for number in range(16)}
    containers = [OpenDict({"Environment": full}), OpenDict({"Environment": {**full, "K_15": UNKNOWN}})]
    spec = OpenDict({"Containers": containers})
    assert reported(spec, "InferenceSpecification") == set()
    containers.append(OpenDict({"Environment": full}))
    assert reported(spec, "InferenceSpecification") == {("env-size", ("Containers",), "error")}


def test_size_is_counted_in_bytes() -> None:
    """A value of up to 1024 characters but over 1024 bytes is a warning; an unpaired surrogate does not crash."""
    shape, path = MAPS[0]
    at_limit, beyond = "é" * 512, "é" * 513
    assert reported(holding(shape, {"GREETING": at_limit}), shape) == set()
    assert reported(holding(shape, {"GREETING": beyond}), shape) == {
        ("env-size", (*path, "GREETING"), "warning")
    }
    assert reported(holding(shape, {"GREETING": "é" * 1024}), shape) == {
        ("env-size", (*path, "GREETING"), "warning")
    }
    assert "the value has 513 characters, but 1026 bytes in UTF-8" in message(
        holding(shape, {"GREETING": beyond}), shape, "env-size"
    )
    assert reported(holding(shape, {"GREETING": "\ud800"}), shape) == set()
    # Over 1024 characters only the length is reported.
    assert reported(holding(shape, {"GREETING": "é" * 1025}), shape) == {
        ("string-length", (*path, "GREETING"), "error")
    }


@pytest.mark.parametrize(("shape", "path"), MAPS)
@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("SAGEMAKER_BATCH", "warning"),
        ("SAGEMAKER_ADDITIONAL_S3_DATA_PATH", "warning"),
        ("SAGEMAKER_BATCH_STRATEGY", "warning"),
        ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "warning"),
        ("SAGEMAKER_MAX_CONCURRENT_TRANSFORMS", "warning"),
        ("AWS_DEFAULT_REGION", "info"),
        ("SM_MODEL_DIR", "info"),
        ("SAGEMAKER_PROGRAM", None),
        ("SAGEMAKER_SUBMIT_DIRECTORY", None),
        ("SMOOTHING", None),
        ("sagemaker_batch", None),
    ],
)
def test_reserved_names(shape: str, path: tuple[Any, ...], name: str, severity: str | None) -> None:
    expected = {("env-reserved-name", (*path, name), severity)} if severity else set()
    assert reported(holding(shape, {name: "1"}), shape) == expected
    assert reported(holding(shape, {name: UNKNOWN}), shape) == expected


def test_a_reserved_name_is_reported_at_its_key() -> None:
    ((_, problem),) = found({"Environment": {"SAGEMAKER_BATCH": "1"}}, "TransformJobDefinition")
    assert problem.is_key


@pytest.mark.parametrize(("shape", "path"), MAPS)
def test_names_that_differ_by_case_only(shape: str, path: tuple[Any, ...]) -> None:
    conflict = ("env-key-conflict", (*path, "DEBUG"), "warning")
    assert reported(holding(shape, {"Debug": "0", "DEBUG": "1"}), shape) == {conflict}
    second = ("env-key-conflict", (*path, "Debug"), "warning")
    assert reported(holding(shape, {"DEBUG": "0", "Debug": "1"}), shape) == {second}
    assert reported(holding(shape, {"Debug": "0", "DEBUGGER": "1"}), shape) == set()
    text = message(holding(shape, {"Debug": "0", "DEBUG": "1"}), shape, "env-key-conflict")
    assert text == "'DEBUG' differs from 'Debug' only in letter case"


JOB = ("ValidationSpecification", "ValidationProfiles", 0, "TransformJobDefinition")


def request(container: Any, job: Any, **more: Any) -> Any:
    spec = {
        "InferenceSpecification": {"Containers": [{"Environment": container}]},
        "ValidationSpecification": {
            "ValidationProfiles": [{"TransformJobDefinition": {"Environment": job}}],
        },
    }
    return opened({**spec, **more})


@pytest.mark.parametrize(
    ("container", "job", "conflict"),
    [
        ("4", "1", True),
        ("1", "4", True),
        ("4", "4", False),
        ("16", "".join(("1", "6")), False),
        (UNKNOWN, "4", False),
        ("4", UNKNOWN, False),
    ],
    ids=repr,
)
def test_a_job_that_changes_the_containers_setting(container: Any, job: Any, conflict: bool) -> None:
    spec = request({"WORKERS": container, "A": "x"}, {"WORKERS": job, "B": "y"})
    expected = {("env-key-conflict", (*JOB, "Environment", "WORKERS"), "info")} if conflict else set()
    assert reported(spec, "CreateAlgorithmInput") == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://models.example.com/forecaster?token=abc", "https://models.example.com"),
        ("S3://amzn-example-bucket/weights/", "s3://amzn-example-bucket"),
        (
            "jdbc:postgresql://db.example.com:5432/sales?user=u&password=p",
            "jdbc:postgresql://db.example.com:5432",
        ),
        ("jdbc:oracle:thin:scott/tiger@db.example.com:1521", "jdbc:oracle"),
        ("postgres://sales:hunter2@db.example.com/sales", "postgres://db.example.com"),
        ("postgres://sales:hun/ter2@db.example.com/sales", "postgres:"),
        ("redis://cache.example.com:6379/0", "redis://cache.example.com:6379"),
        ("kafka://broker.example.com:9092", "kafka://broker.example.com:9092"),
        # The container itself, files and other text are not the network.
        ("http://localhost:8080/ping", None),
        ("http://127.0.0.1:8080/ping", None),
        ("grpc://0.0.0.0:9000", None),
        ("jdbc:sqlite:/opt/ml/lookup.db", None),
        ("file:///opt/ml/model", None),
        ("/opt/ml/model", None),
        ("https", None),
        ("https://", None),
        ("s3:///train/rows.csv", None),
        ("ratio 1://2", None),
        ("", None),
    ],
)
def test_addresses_that_a_marketplace_container_cannot_reach(text: str, shown: str | None) -> None:
    """Only scheme and host are quoted, since the rest of an address may hold a password."""
    name = "env-network-dependency"
    container = ("InferenceSpecification", "Containers", 0, "Environment", "TARGET")
    spec = request({"TARGET": text}, {}, CertifyForMarketplace=True)
    here = [problem for rule, problem in found(spec, "CreateAlgorithmInput") if rule.name == name]
    assert [problem.path for problem in here] == ([container] if shown else [])
    for problem in here:
        assert problem.message == (
            f"'TARGET' is the address '{shown}', but containers from AWS Marketplace have no network access"
        )
        assert "hunter2" not in problem.message
        assert "ter2" not in problem.message
        assert "tiger" not in problem.message
        assert "token" not in problem.message


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("XML_NS", "https://www.example.com/2001/schema", "info"),
        ("xmlns", "https://www.example.com/2001/schema", "info"),
        ("OUTPUT_NAMESPACE", "https://www.example.com/2001/schema", "info"),
        ("outputSchema", "https://www.example.com/rows.json", "info"),
        ("SCHEMA_ID", "https://www.example.com/rows.json", "info"),
        ("schemaId", "https://www.example.com/rows.json", "info"),
        ("VOCABULARY", "https://www.example.com/vocabulary#", "info"),
        # Only the whole last word counts.
        ("DNS", "https://dns.example.com/", "warning"),
        ("GRID", "https://grid.example.com/", "warning"),
        ("SCHEMA_REGISTRY", "https://schemas.example.com/", "warning"),
    ],
)
def test_an_address_may_be_only_an_identifier(name: str, value: str, level: str) -> None:
    parameters = [{"Name": name, "DefaultValue": value}]
    spec = request(
        {name: value},
        {},
        CertifyForMarketplace=True,
        TrainingSpecification={"SupportedHyperParameters": parameters},
    )
    rows = [row for row in reported(spec, "CreateAlgorithmInput") if row[0] == "env-network-dependency"]
    assert [row[2] for row in rows] == [level, level]


@pytest.mark.parametrize(
    ("name", "value", "reports"),
    [
        ("HTTPS_PROXY", "proxy.example.com:3128", True),
        ("http_proxy", "proxy.example.com:3128", True),
        ("SOCKS_PROXY", "proxy.example.com:1080", True),
        ("NO_PROXY", "localhost", False),
        ("HTTPS_PROXY", "", False),
        ("HTTPS_PROXY", UNKNOWN, False),
    ],
    ids=repr,
)
def test_a_proxy_is_a_way_to_the_network(name: str, value: Any, reports: bool) -> None:
    spec = request({}, {name: value}, CertifyForMarketplace=True)
    names = {rule for rule, *_ in reported(spec, "CreateAlgorithmInput")}
    assert ("env-network-dependency" in names) is reports


@pytest.mark.parametrize("certify", [False, UNKNOWN], ids=repr)
def test_addresses_are_only_judged_for_marketplace(certify: Any) -> None:
    spec = request({"TARGET": "https://models.example.com/"}, {}, CertifyForMarketplace=certify)
    names = {rule for rule, *_ in reported(spec, "CreateAlgorithmInput")}
    assert "env-network-dependency" not in names


def test_a_default_value_is_judged_too() -> None:
    parameter = {"Name": "weights", "DefaultValue": "s3://amzn-example-bucket/weights/"}
    training = {"SupportedHyperParameters": [parameter]}
    spec = request({}, {}, CertifyForMarketplace=True, TrainingSpecification=training)
    path = ("TrainingSpecification", "SupportedHyperParameters", 0, "DefaultValue")
    assert ("env-network-dependency", path, "warning") in reported(spec, "CreateAlgorithmInput")
