"""The rules of `rules/marketplace.py`, which only apply if CertifyForMarketplace is true."""

from __future__ import annotations

from typing import Any

import pytest

from algolint.linting.linter import Linter
from algolint.rule import Problem
from algolint.rule_files import first_party_rules
from algolint.testing import document_of, model_of, problems
from algolint.values import UNKNOWN, OpenDict, OpenList

Reported = set[tuple[str, tuple[str | int, ...], str]]
RULES = first_party_rules()
FAMILY = {rule.name for rule in RULES if rule.family == "marketplace"}
# Other rules that find the same faults.
DUPLICATES = {
    "transform-without-inference-spec",
    "inference-not-validated",
    "inference-instance-lists-missing",
}

PROFILES = ("ValidationSpecification", "ValidationProfiles")
TRANSFORM = {"BatchStrategy": "MultiRecord"}
TRAINING = {"TrainingInputMode": "File"}
BOTH = {"ProfileName": "full-run", "TrainingJobDefinition": TRAINING, "TransformJobDefinition": TRANSFORM}
ALONE = {"ProfileName": "full-run", "TrainingJobDefinition": TRAINING}
LISTS = {
    "SupportedTransformInstanceTypes": ["ml.m5.xlarge"],
    "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large"],
}
METRICS = {"MetricDefinitions": [{"Name": "rmse", "Regex": "rmse=([0-9.]+)"}]}
#: A request that can be listed, as far as these rules are concerned.
LISTED: dict[str, Any] = {
    "CertifyForMarketplace": True,
    "TrainingSpecification": {"SupportedHyperParameters": [{"Name": "eta", "IsTunable": True}], **METRICS},
    "InferenceSpecification": LISTS,
    "ValidationSpecification": {"ValidationProfiles": [BOTH]},
}


def found_in(spec: Any, region: str | None = None) -> list[tuple[str, Problem, str]]:
    # Required fields that a row does not show make no difference here, and their absence is another rule's.
    linter = Linter(model_of(), RULES, region=region)
    return [
        (rule.name, problem, problem.severity or rule.severity)
        for rule, problem in problems(linter, spec, "CreateAlgorithmInput")
        if rule.name in FAMILY | DUPLICATES
    ]


def reported(spec: Any, region: str | None = None) -> Reported:
    return {(name, problem.path, level) for name, problem, level in found_in(spec, region)}


def without(*names: str, **changes: Any) -> dict[str, Any]:
    return {**{key: value for key, value in LISTED.items() if key not in names}, **changes}


def profile(profile: Any) -> dict[str, Any]:
    return {"ValidationSpecification": {"ValidationProfiles": profile}}


def parameters(*flags: Any) -> dict[str, Any]:
    listed = [
        {"Name": f"p{i}", **({} if flag is None else {"IsTunable": flag})} for i, flag in enumerate(flags)
    ]
    return {"TrainingSpecification": {"SupportedHyperParameters": listed, **METRICS}}


def image(region: str) -> str:
    return f"246618743249.dkr.ecr.{region}.amazonaws.com/forecaster:1.4.2"


def in_region(region: str) -> dict[str, Any]:
    return {"TrainingSpecification": {**LISTED["TrainingSpecification"], "TrainingImage": image(region)}}


NO_VALIDATION: Reported = {("marketplace-needs-validation", (), "error")}
NO_INFERENCE: Reported = {("marketplace-needs-inference", (), "error")}
NO_TRANSFORM: Reported = {("marketplace-needs-transform-profile", PROFILES, "warning")}
NO_TRANSFORM_OF_NOTEBOOK: Reported = {("marketplace-needs-transform-profile", PROFILES, "info")}
NO_METRICS: Reported = {("marketplace-no-metrics", ("TrainingSpecification",), "info")}
ONE_LIST: Reported = {("marketplace-instance-lists", ("InferenceSpecification",), "warning")}
# The transform job of the profile cannot run, which is more severe than a list that is missing for a listing.
NO_TRANSFORM_LIST: Reported = {("inference-instance-lists-missing", ("InferenceSpecification",), "error")}
NOT_TUNABLE: Reported = {
    ("marketplace-tuning-recommended", ("TrainingSpecification", "SupportedHyperParameters"), "info")
}
OPT_IN: Reported = {("marketplace-optin-region", ("CertifyForMarketplace",), "warning")}

TABLE: list[tuple[str, dict[str, Any], Reported]] = [
    ("ready to be listed", LISTED, set()),
    ("no validation", without("ValidationSpecification"), NO_VALIDATION),
    ("validation unknown", without(ValidationSpecification=UNKNOWN), set()),
    ("perhaps validation", OpenDict(without("ValidationSpecification")), set()),
    # Of duplicates at one location the more specific one is reported: transform-without-inference-spec is silent.
    ("no inference", without("InferenceSpecification"), NO_INFERENCE),
    ("inference unknown", without(InferenceSpecification=UNKNOWN), set()),
    ("neither", without("InferenceSpecification", "ValidationSpecification"), NO_VALIDATION | NO_INFERENCE),
    # The same of inference-not-validated.
    ("no transform job", without(**profile([ALONE])), NO_TRANSFORM),
    ("one of two profiles", without(**profile([ALONE, BOTH])), set()),
    ("a profile unknown", without(**profile([ALONE, UNKNOWN])), set()),
    ("perhaps another profile", without(**profile(OpenList([ALONE]))), set()),
    ("perhaps a transform job", without(**profile([OpenDict(ALONE)])), set()),
    ("a transform job unknown", without(**profile([{**ALONE, "TransformJobDefinition": UNKNOWN}])), set()),
    ("no profile is another fault", without(**profile([])), set()),
    # And of inference-instance-lists-missing, which alone reports where both are missing.
    ("transform types alone", without(InferenceSpecification={
        "SupportedTransformInstanceTypes": ["ml.m5.xlarge"]}), ONE_LIST),
    ("real-time types alone", without(InferenceSpecification={
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge"]}, **profile([BOTH])), NO_TRANSFORM_LIST),
    ("real-time types alone, nothing to transform", without(InferenceSpecification={
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge"]}, **profile([ALONE])), NO_TRANSFORM | ONE_LIST),
    ("types unknown", without(InferenceSpecification={
        **LISTS, "SupportedTransformInstanceTypes": UNKNOWN}), set()),
    ("an empty list makes no claim", without(InferenceSpecification={
        **LISTS, "SupportedTransformInstanceTypes": []}), set()),
    # IsTunable is false unless given.
    ("nothing tunable", without(**parameters(False, None)), NOT_TUNABLE),
    ("one tunable", without(**parameters(False, True)), set()),
    ("perhaps tunable", without(**parameters(False, UNKNOWN)), set()),
    ("nothing to tune", without(TrainingSpecification=METRICS), set()),
    ("nothing to tune, said so", without(TrainingSpecification={"SupportedHyperParameters": [], **METRICS}), set()),
    ("no metrics", without(TrainingSpecification={}), NO_METRICS),
    ("an empty list of metrics", without(TrainingSpecification={"MetricDefinitions": []}), {
        ("marketplace-no-metrics", ("TrainingSpecification", "MetricDefinitions"), "info")}),
    ("metrics unknown", without(TrainingSpecification={"MetricDefinitions": UNKNOWN}), set()),
    ("perhaps metrics", without(TrainingSpecification=OpenDict()), set()),
    ("perhaps a metric", without(TrainingSpecification={"MetricDefinitions": OpenList()}), set()),
    # A notebook of AWS has one of these, no transform job, and certifies the algorithm.
    ("no transform job, additional data for training", without(
        TrainingSpecification={**METRICS, "AdditionalS3DataSource": {}}, **profile([ALONE])),
     NO_TRANSFORM_OF_NOTEBOOK),
    ("no transform job, additional data for a container", without(
        InferenceSpecification={**LISTS, "Containers": [{"AdditionalS3DataSource": {}}]}, **profile([ALONE])),
     NO_TRANSFORM_OF_NOTEBOOK),
    # Regions: the ones of before March 2019 are on for everybody.
    ("a default region", without(**in_region("us-east-2")), set()),
    ("a default region of Asia", without(**in_region("ap-northeast-1")), set()),
    ("an opt-in region", without(**in_region("eu-south-1")), OPT_IN),
    ("a newer opt-in region", without(**in_region("ap-southeast-7")), OPT_IN),
    ("another partition", without(**in_region("us-gov-west-1")), OPT_IN),
    ("no region to be seen", without(TrainingSpecification={
        **LISTED["TrainingSpecification"], "TrainingImage": "ghcr.io/acme/forecaster:1.4.2"}), set()),
    ("the second image tells", without(InferenceSpecification={
        **LISTS, "Containers": [{"Image": image("af-south-1")}]}), OPT_IN),
    # The first image decides; where it is hidden the region is not known.
    ("the first image unknown", without(
        TrainingSpecification={**LISTED["TrainingSpecification"], "TrainingImage": UNKNOWN},
        InferenceSpecification={**LISTS, "Containers": [{"Image": image("af-south-1")}]}), set()),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_what_a_listing_asks_for(spec: Any, expected: Reported) -> None:
    assert reported(spec) == expected


@pytest.mark.parametrize("flag", [False, None, UNKNOWN], ids=["false", "absent", "unknown"])
@pytest.mark.parametrize("spec", [pytest.param(row[1], id=row[0]) for row in TABLE])
def test_listing_requirements_bind_no_one_else(spec: Any, flag: Any) -> None:
    private = type(spec)({k: v for k, v in spec.items() if k != "CertifyForMarketplace"})
    if flag is not None:
        private["CertifyForMarketplace"] = flag
    assert {name for name, _, _ in reported(private)} & FAMILY <= {"marketplace-flag-missing"}


def test_the_given_region_counts_too() -> None:
    assert reported(LISTED, region="me-south-1") == OPT_IN
    assert reported(LISTED, region="eu-west-1") == set()


def test_two_missing_lists_are_reported_once_by_their_own_rule() -> None:
    names = {name for name, _, _ in reported(without(InferenceSpecification={}))}
    assert "marketplace-instance-lists" not in names


def test_a_template_only_gets_the_finding_that_it_cannot_certify() -> None:
    """CloudFormation has no fields for certification, so nothing else is required of a template."""
    linter = Linter(model_of(), RULES)
    spec = without("InferenceSpecification", TrainingSpecification=parameters(False)["TrainingSpecification"])
    del spec["TrainingSpecification"]["MetricDefinitions"]
    document = document_of(spec, yaml=False, target="CloudFormation")
    found = linter.findings(document, spec, "CreateAlgorithmInput").found
    assert {rule.name for rule, _ in found} & FAMILY == {"marketplace-needs-validation"}


# ---------------------------------------------------------------- marketplace-flag-missing

FLAG: list[tuple[str, dict[str, Any], Reported]] = [
    ("no flag", without("CertifyForMarketplace"), {("marketplace-flag-missing", (), "info")}),
    ("false", without(CertifyForMarketplace=False),
     {("marketplace-flag-missing", ("CertifyForMarketplace",), "info")}),
    ("unknown", without(CertifyForMarketplace=UNKNOWN), set()),
    ("perhaps", OpenDict(without("CertifyForMarketplace")), set()),
    ("no transform job", without("CertifyForMarketplace", **profile([ALONE])), set()),
    ("profile unknown", without("CertifyForMarketplace", **profile([UNKNOWN])), set()),
    ("no validation", without("CertifyForMarketplace", "ValidationSpecification"), set()),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), [pytest.param(*row[1:], id=row[0]) for row in FLAG])
def test_a_validated_algorithm_without_the_flag(spec: Any, expected: Reported) -> None:
    assert {row for row in reported(spec) if row[0] == "marketplace-flag-missing"} == expected


# ---------------------------------------------------------------- marketplace-public-data-notice

URI = "s3://amzn-example-bucket"
DATA = {"DataSource": {"S3DataSource": {"S3Uri": f"{URI}/train/"}}}
BATCH = {"TransformInput": {"DataSource": {"S3DataSource": {"S3Uri": f"{URI}/batch.csv"}}}}


def test_the_data_that_buyers_will_see_is_listed() -> None:
    jobs = {
        "TrainingJobDefinition": {"InputDataConfig": [DATA, UNKNOWN, DATA]},
        "TransformJobDefinition": BATCH,
    }
    ((name, problem, level),) = found_in(without(**profile([jobs])))
    assert (name, problem.path, problem.is_key, level) == (
        "marketplace-public-data-notice",
        PROFILES,
        True,
        "info",
    )
    assert (
        problem.message
        == f"buyers of the product can see the data of the validation profile: '{URI}/train/', '{URI}/batch.csv'"
    )
    assert [len(related.path) for related in problem.related] == [9, 9, 8]


def test_no_notice_of_data_that_is_not_seen() -> None:
    jobs = {**BOTH, "TrainingJobDefinition": {"InputDataConfig": UNKNOWN}}
    assert reported(without(**profile([jobs]))) == set()
    assert (
        reported(
            without(CertifyForMarketplace=UNKNOWN, **profile([{**BOTH, "TransformJobDefinition": BATCH}]))
        )
        == set()
    )


# ---------------------------------------------------------------- messages


def test_the_messages_state_both_sides() -> None:
    def message(spec: dict[str, Any]) -> str:
        ((_, problem, _),) = found_in(spec)
        assert problem.related or "hyperparameter" in problem.message
        return problem.message

    assert message(without(InferenceSpecification={"SupportedTransformInstanceTypes": ["ml.m5.xlarge"]})) == (
        "SupportedTransformInstanceTypes is set, but SupportedRealtimeInferenceInstanceTypes is not;"
        " a product on AWS Marketplace lists both"
    )
    assert message(without(**parameters(False, False))) == (
        "none of 2 hyperparameters is tunable; AWS recommends that a product on AWS Marketplace can be tuned"
    )
    assert message(without(**parameters(False))).startswith("the only hyperparameter is not tunable;")
    assert message(without(**in_region("eu-south-1"))) == (
        "Region 'eu-south-1' has to be opted into;"
        " Marketplace products are published from Regions that are enabled by default"
    )
    assert "'cn-north-1' is not in the partition aws" in message(without(**in_region("cn-north-1")))
