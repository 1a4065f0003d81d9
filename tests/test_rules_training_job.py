"""A profile's training job: instances, output, and fields that the service does not return."""

from __future__ import annotations

from typing import Any

import pytest
import rule_cases
from profile_cases import AT, channels, groups, only, reported, request, s3
from rule_cases import REQUEST, Path

from algolint.rule import Replace
from algolint.values import UNKNOWN, OpenDict, OpenList

OUTPUT: Path = ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath")
OVERLAPS: list[tuple[str, str, str | None]] = [
    ("s3://data/in/", "s3://data/out/", None),
    ("s3://data/in/", "s3://data/in/", "warning"),
    ("s3://data/in/", "s3://data/in", "warning"),
    ("s3://data/in/", "s3://data/in/out", "warning"),
    ("s3://data/in", "s3://data/input-models/", "warning"),
    ("s3://data/in/", "s3://data/inner/", None),
    # Above: the output goes to folders of its own.
    ("s3://data/in/", "s3://data", "info"),
    ("s3://data/in/", "s3://data/", "info"),
    ("s3://data/in/t.csv", "s3://data/in/", "info"),
    ("s3://data-in/x/", "s3://data", None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "output", "level"), OVERLAPS, ids=repr)
def test_output_beside_input(source: str, output: str, level: str | None) -> None:
    rule = "output-overlaps-input"
    training = {**channels({"DataSource": s3(source)}), "OutputDataConfig": {"S3OutputPath": output}}
    profile = {"TrainingJobDefinition": training}
    found = {f for f in reported(profile, "AlgorithmValidationProfile") if f[0] == rule}
    assert found == (set() if level is None else {(rule, OUTPUT, level)})
    # The transform job's output, and its input, count as well.
    transform = {"TransformInput": {"DataSource": s3(source)}, "TransformOutput": {"S3OutputPath": output}}
    profile = {"TransformJobDefinition": transform}
    found = {f for f in reported(profile, "AlgorithmValidationProfile") if f[0] == rule}
    if output in ("s3://data", "s3://data/") and level:
        # It appends the prefix of its input, and so writes into it.
        level = "warning"
    assert found == (set() if level is None else {(rule, TRANSFORM_OUTPUT, level)})


TRANSFORM_OUTPUT = ("TransformJobDefinition", "TransformOutput", "S3OutputPath")


@pytest.mark.parametrize(
    ("kind", "uri", "level"),
    [
        ("S3Prefix", "s3://data/score/", "warning"),
        # The results go to s3://data/lists/, which nobody reads.
        ("ManifestFile", "s3://data/lists/batch.manifest", "info"),
        ("S3Prefix", UNKNOWN, "info"),
        (UNKNOWN, "s3://data/score/", "info"),
    ],
    ids=repr,
)
def test_results_land_below_the_prefix_of_the_transform_input(kind: Any, uri: Any, level: str) -> None:
    training = channels({"DataSource": s3("s3://data/score/")})
    output = {"S3OutputPath": "s3://data/"}
    transform = {"TransformInput": {"DataSource": s3(uri, kind)}, "TransformOutput": output}
    profile = {"TrainingJobDefinition": training, "TransformJobDefinition": transform}
    found = {f for f in reported(profile, "AlgorithmValidationProfile") if f[1] == TRANSFORM_OUTPUT}
    assert ("output-overlaps-input", TRANSFORM_OUTPUT, level) in found


def test_only_a_prefix_includes_what_is_below_it() -> None:
    manifest = s3("s3://data/in/", "ManifestFile")
    training = {**channels({"DataSource": manifest}), "OutputDataConfig": {"S3OutputPath": "s3://data/in/"}}
    transform = {
        "TransformInput": {"DataSource": manifest},
        "TransformOutput": {"S3OutputPath": "s3://data/in/"},
    }
    for profile in ({"TrainingJobDefinition": training}, {"TransformJobDefinition": transform}):
        names = {name for name, _, _ in reported(profile, "AlgorithmValidationProfile")}
        assert "output-overlaps-input" not in names


def test_a_transform_job_needs_an_archive() -> None:
    rule = "uncompressed-output-with-transform"

    def levels(kind: Any, **profile: Any) -> list[str]:
        training = {"OutputDataConfig": {"CompressionType": kind}}
        spec = {"TrainingJobDefinition": training, **profile}
        return [level for name, _, level in reported(spec, "AlgorithmValidationProfile") if name == rule]

    assert levels("NONE", TransformJobDefinition={}) == ["warning"]
    assert levels("NONE", TransformJobDefinition=UNKNOWN) == ["warning"]
    assert levels("GZIP", TransformJobDefinition={}) == []
    assert levels(UNKNOWN, TransformJobDefinition={}) == []
    assert levels("NONE") == []


UNSUPPORTED = "profile-training-instance-unsupported"
C5 = ["ml.c5.xlarge", "ml.c5.2xlarge"]


INSTANCES: list[tuple[Any, Any, list[Path]]] = [
    (C5, {"InstanceType": "ml.c5.xlarge"}, []),
    (C5, {"InstanceType": "ml.m5.large"}, [("InstanceType",)]),
    (C5, {"InstanceGroups": groups("ml.c5.xlarge", "ml.m5.large", "ml.g5.xlarge")},
     [("InstanceGroups", 1, "InstanceType"), ("InstanceGroups", 2, "InstanceType")]),
    (C5, {"InstanceGroups": [UNKNOWN, *groups("ml.m5.large")]}, [("InstanceGroups", 1, "InstanceType")]),
    (C5, {"InstancePreferences": [{"InstanceType": "ml.c5.xlarge"}, {"InstanceType": "ml.c6i.xlarge"}]},
     [("InstancePreferences", 1, "InstanceType")]),
    (C5, OpenDict({"InstanceType": "ml.m5.large"}), [("InstanceType",)]),
    # Not certain.
    (C5, {"InstanceType": UNKNOWN}, []),
    (C5, {}, []),
    (UNKNOWN, {"InstanceType": "ml.m5.large"}, []),
    ([*C5, UNKNOWN], {"InstanceType": "ml.m5.large"}, []),
    (OpenList(C5), {"InstanceType": "ml.m5.large"}, []),
    # An empty list makes no claim, and a typo is one error.
    ([], {"InstanceType": "ml.m5.large"}, []),
    (C5, {"InstanceType": "ml.c5.3xlarge"}, []),
    (["ml.m5.3xlarge"], {"InstanceType": "ml.m5.large"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("supported", "resources", "blamed"), INSTANCES, ids=repr)
def test_a_profile_trains_on_a_supported_type(supported: Any, resources: Any, blamed: list[Path]) -> None:
    spec = request({"SupportedTrainingInstanceTypes": supported}, {"ResourceConfig": resources})
    found = {f for f in reported(spec, REQUEST) if f[0] == UNSUPPORTED}
    assert found == {(UNSUPPORTED, (*AT, "ResourceConfig", *path), "error") for path in blamed}


def test_an_unsupported_type_is_shown_with_the_list() -> None:
    resources = {"InstanceType": "ml.m5.large"}
    spec = request({"SupportedTrainingInstanceTypes": C5}, {"ResourceConfig": resources})
    problem = only(spec, REQUEST)
    assert problem.message == (
        "InstanceType 'ml.m5.large' is not in SupportedTrainingInstanceTypes: 'ml.c5.xlarge', 'ml.c5.2xlarge'"
    )
    assert [r.path for r in problem.related] == [("TrainingSpecification", "SupportedTrainingInstanceTypes")]


def test_the_nearest_of_many_types_is_named() -> None:
    many = [
        "ml.m5.large",
        *(f"ml.c5.{size}" for size in ("xlarge", "2xlarge", "4xlarge", "9xlarge", "18xlarge")),
    ]
    job = {"ResourceConfig": {"InstanceType": "ml.m5.xlarge"}}

    def message(supported: list[str]) -> str:
        return only(request({"SupportedTrainingInstanceTypes": supported}, job), REQUEST).message

    assert "did you mean" not in message(many)
    assert message([*many, "ml.g5.xlarge"]).endswith("; did you mean 'ml.m5.large'?")


def test_instance_types_of_an_older_revision() -> None:
    spec = request(
        {"SupportedTrainingInstanceTypes": ["ml.c6i.xlarge"]},
        {"ResourceConfig": {"InstanceType": "ml.m5.large"}},
    )
    names = {name for name, _, _ in rule_cases.reported(spec, REQUEST, "1.29.150")}
    assert "newer-than-target" in names
    assert UNSUPPORTED not in names, "the list is not known as that revision knows it"


DISTRIBUTED = "distributed-not-supported"
COUNT: Path = ("InstanceCount",)
GROUPS: Path = ("InstanceGroups",)
COUNTS: list[tuple[Any, Any, tuple[Path, str] | None]] = [
    ({"SupportsDistributedTraining": False}, {"InstanceCount": 1}, None),
    ({"SupportsDistributedTraining": False}, {"InstanceCount": 2}, (COUNT, "error")),
    ({"SupportsDistributedTraining": True}, {"InstanceCount": 2}, None),
    ({"SupportsDistributedTraining": True}, {"InstanceCount": 1}, (COUNT, "info")),
    ({"SupportsDistributedTraining": UNKNOWN}, {"InstanceCount": 2}, None),
    ({}, {"InstanceCount": 2}, (COUNT, "warning")),
    ({}, {"InstanceCount": 1}, None),
    (OpenDict(), {"InstanceCount": 2}, None),
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": groups(UNKNOWN, UNKNOWN)}, (GROUPS, "error")),
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": groups(UNKNOWN)}, None),
    # What is seen is a lower bound.
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": [*groups(1, 1), UNKNOWN]}, (GROUPS, "error")),
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": [*groups(1), UNKNOWN]}, None),
    ({"SupportsDistributedTraining": True}, {"InstanceGroups": [*groups(UNKNOWN), UNKNOWN]}, None),
    ({"SupportsDistributedTraining": True}, OpenDict({"InstanceCount": 1}), None),
    ({"SupportsDistributedTraining": False}, {"InstanceCount": UNKNOWN}, None),
    ({"SupportsDistributedTraining": False},
     {"InstancePreferences": [{"InstanceCount": 1}, {"InstanceCount": 4}]},
     (("InstancePreferences",), "error")),
]  # fmt: skip


@pytest.mark.parametrize(("training", "resources", "expected"), COUNTS, ids=repr)
def test_distributed_training_has_to_be_supported(
    training: Any, resources: Any, expected: tuple[Path, str] | None
) -> None:
    found = {
        f for f in reported(request(training, {"ResourceConfig": resources}), REQUEST) if f[0] == DISTRIBUTED
    }
    if expected is None:
        assert found == set()
    else:
        path, level = expected
        assert found == {(DISTRIBUTED, (*AT, "ResourceConfig", *path), level)}


def test_one_instance_is_offered_where_it_is_one_number() -> None:
    training = {"SupportsDistributedTraining": False}
    problem = only(request(training, {"ResourceConfig": {"InstanceCount": 3}}), REQUEST)
    assert problem.message == (
        "the profile trains on 3 instances, but the algorithm does not support distributed training"
    )
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == (1, False)
    at = ("TrainingSpecification", "SupportsDistributedTraining")
    assert [(r.path, r.is_key) for r in problem.related] == [(at, False)]
    unsaid = only(request({}, {"ResourceConfig": {"InstanceCount": 3}}), REQUEST)
    assert [(r.path, r.is_key) for r in unsaid.related] == [(at[:1], True)]
    several = groups("ml.m5.xlarge", "ml.m5.xlarge")
    assert only(request(training, {"ResourceConfig": {"InstanceGroups": several}}), REQUEST).fix is None


def test_fields_that_the_service_drops() -> None:
    job = {
        **channels({"ShuffleConfig": {"Seed": 1}}, {}, {"ShuffleConfig": UNKNOWN}),
        "OutputDataConfig": {"CompressionType": "GZIP"},
        "ResourceConfig": {"KeepAlivePeriodInSeconds": 0},
        "StoppingCondition": {"MaxPendingTimeInSeconds": 7200, "MaxWaitTimeInSeconds": 90_000},
    }
    paths = {
        path
        for name, path, level in reported(job)
        if name == "profile-field-not-persisted" and level == "info"
    }
    assert paths == {
        ("InputDataConfig", 0, "ShuffleConfig"),
        ("InputDataConfig", 2, "ShuffleConfig"),
        ("OutputDataConfig", "CompressionType"),
        ("ResourceConfig", "KeepAlivePeriodInSeconds"),
        ("StoppingCondition", "MaxPendingTimeInSeconds"),
        ("StoppingCondition", "MaxWaitTimeInSeconds"),
    }
