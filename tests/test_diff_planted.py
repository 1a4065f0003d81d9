"""Planted changes between two releases: each is reported by its rules, at its level, for its consumers.

Nothing else may be reported. The near misses are changes that no job, endpoint or dashboard notices.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from conftest import sampled

from algolint.compare.diff import Change, bump, compare, first_party_rules, uncompared
from algolint.testing import masked_variants

RULES = first_party_rules()
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
INTEGER = "IntegerParameterRangeSpecification"
CONTINUOUS = "ContinuousParameterRangeSpecification"
CATEGORICAL = "CategoricalParameterRangeSpecification"

OLD: dict[str, Any] = {
    "AlgorithmName": "forecaster-1",
    "AlgorithmDescription": "Forecasts.",
    "CertifyForMarketplace": True,
    "TrainingSpecification": {
        "TrainingImage": f"{REGISTRY}/train:1",
        "SupportedHyperParameters": [
            {"Name": "rounds", "Type": "Integer", "IsRequired": True},
            {
                "Name": "depth",
                "Type": "Integer",
                "Range": {INTEGER: {"MinValue": "1", "MaxValue": "100"}},
                "IsTunable": True,
                "DefaultValue": "6",
            },
            {
                "Name": "eta",
                "Description": "Step size.",
                "Type": "Continuous",
                "Range": {CONTINUOUS: {"MinValue": "0", "MaxValue": "1"}},
                "IsTunable": True,
                "DefaultValue": "0.1",
            },
            {
                "Name": "booster",
                "Type": "Categorical",
                "Range": {CATEGORICAL: {"Values": ["tree", "linear"]}},
                "DefaultValue": "tree",
            },
            {
                "Name": "bins",
                "Type": "Categorical",
                "Range": {CATEGORICAL: {"Values": ["16", "32"]}},
                "IsTunable": True,
            },
            {"Name": "note", "Type": "FreeText"},
            {"Name": "seed", "Type": "Integer"},
        ],
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge", "ml.g5.xlarge", "ml.p2.xlarge"],
        "SupportsDistributedTraining": True,
        "MetricDefinitions": [
            {"Name": "train:loss", "Regex": "loss=([0-9.]+)"},
            {"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"},
        ],
        "TrainingChannels": [
            {
                "Name": "train",
                "IsRequired": True,
                "SupportedContentTypes": ["text/csv", "text/libsvm"],
                "SupportedCompressionTypes": ["None", "Gzip"],
                "SupportedInputModes": ["File", "Pipe", "FastFile"],
            },
            {
                "Name": "test",
                "IsRequired": False,
                "SupportedContentTypes": ["text/csv"],
                "SupportedInputModes": ["File", "Pipe"],
            },
        ],
        "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "validation:rmse"}],
    },
    "InferenceSpecification": {
        "Containers": [
            {
                "ContainerHostname": "prepare",
                "Image": f"{REGISTRY}/serve:1",
                "Environment": {"WORKERS": "4", "LEVEL": "info"},
            },
            {"ContainerHostname": "predict", "Image": f"{REGISTRY}/serve:1"},
        ],
        "SupportedTransformInstanceTypes": ["ml.m5.xlarge", "ml.c5.xlarge"],
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge", "ml.p2.xlarge"],
        "SupportedContentTypes": ["text/csv", "application/json"],
        "SupportedResponseMIMETypes": ["text/csv"],
    },
    "ValidationSpecification": {
        "ValidationRole": "arn:aws:iam::123456789012:role/validation",
        "ValidationProfiles": [
            {
                "ProfileName": "small",
                "TrainingJobDefinition": {
                    "InputDataConfig": [{"ChannelName": "train"}, {"ChannelName": "test"}]
                },
                "TransformJobDefinition": {"MaxConcurrentTransforms": 1},
            }
        ],
    },
}
#: Changes that every release has.
RELEASE = {
    "AlgorithmName": "forecaster-2",
    "TrainingSpecification/TrainingImage": f"{REGISTRY}/train:2",
    "InferenceSpecification/Containers/prepare/Image": f"{REGISTRY}/serve:2",
    "InferenceSpecification/Containers/predict/Image": f"{REGISTRY}/serve:2",
}
GONE = object()


class Add:
    """Items for the end of a list."""

    def __init__(self, *items: Any) -> None:
        self.items = items


def step(value: Any, name: str) -> Any:
    """Return the key or index of a part: items of lists by name, or by number."""
    if isinstance(value, dict):
        return name
    names = [
        item.get("Name") or item.get("ContainerHostname") or item.get("MetricName")
        for item in value
        if isinstance(item, dict)
    ]
    return names.index(name) if name in names else int(name)


def edited(spec: Any, edits: dict[str, Any]) -> Any:
    """Return the spec with the values at some paths replaced."""
    new = copy.deepcopy(spec)
    for path, value in edits.items():
        *before, last = path.split("/")
        place = new
        for name in before:
            place = place[step(place, name)]
        key = step(place, last)
        if value is GONE:
            del place[key]
        elif isinstance(value, Add):
            place[key].extend(value.items)
        else:
            place[key] = value
    return new


def reported(old: Any, new: Any) -> list[Change]:
    changes, raised = compare(old, new, "CreateAlgorithmInput", RULES)
    assert not raised
    return changes


HP = "TrainingSpecification/SupportedHyperParameters"
CHANNELS = "TrainingSpecification/TrainingChannels"
TRAINING = "TrainingSpecification"
METRICS = "TrainingSpecification/MetricDefinitions"
OBJECTIVES = "TrainingSpecification/SupportedTuningJobObjectiveMetrics"
INFERENCE = "InferenceSpecification"
PROFILE = "ValidationSpecification/ValidationProfiles/0"
JOBS = "train tune"
COUNT = "hp-count warning warm-start"


def span(kind: str, low: str, high: str) -> dict[str, Any]:
    return {kind: {"MinValue": low, "MaxValue": high}}


# (what changes, the edits, what is reported: rule without diff-, severity, consumers)
PLANTED: list[tuple[str, dict[str, Any], list[str]]] = [
    # hyperparameters
    ("a hyperparameter is gone", {f"{HP}/note": GONE}, [f"hp-removed error {JOBS}", COUNT]),
    (
        "a hyperparameter is renamed",
        {f"{HP}/booster/Name": "boosters"},
        [f"hp-removed error {JOBS}", "hp-widened info"],
    ),
    ("all hyperparameters are gone", {HP: GONE}, [f"hp-removed error {JOBS}"] * 7 + [COUNT]),
    (
        "a new hyperparameter is required",
        {HP: Add({"Name": "epochs", "Type": "Integer", "IsRequired": True})},
        [f"hp-added-required error {JOBS}", COUNT],
    ),
    (
        "a new hyperparameter is optional",
        {HP: Add({"Name": "epochs", "Type": "Integer"})},
        ["hp-widened info", COUNT],
    ),
    (
        "a new hyperparameter is required and has a default",
        {HP: Add({"Name": "epochs", "Type": "Integer", "IsRequired": True, "DefaultValue": "1"})},
        ["hp-widened info", COUNT],
    ),
    ("one becomes required", {f"{HP}/seed/IsRequired": True}, [f"hp-became-required error {JOBS}"]),
    (
        "one becomes required as its default is gone",
        {f"{HP}/eta/IsRequired": True, f"{HP}/eta/DefaultValue": GONE},
        [f"hp-became-required error {JOBS}"],
    ),
    ("one becomes optional", {f"{HP}/rounds/IsRequired": False}, ["hp-widened info"]),
    (
        "one is optional by a default",
        {f"{HP}/rounds/DefaultValue": "5"},
        [f"hp-default-changed info {JOBS}", "hp-widened info"],
    ),
    ("Integer for any text", {f"{HP}/note/Type": "Integer"}, [f"hp-type-narrowed error {JOBS}"]),
    (
        "categories for any text",
        {f"{HP}/note/Type": "Categorical", f"{HP}/note/Range": {CATEGORICAL: {"Values": ["text", "b"]}}},
        [f"hp-type-narrowed error {JOBS}"],
    ),
    (
        "Integer for Continuous",
        {
            f"{HP}/eta/Type": "Integer",
            f"{HP}/eta/Range": span(INTEGER, "0", "1"),
            f"{HP}/eta/DefaultValue": "0.1",
        },
        [f"hp-type-narrowed error {JOBS}"],
    ),
    (
        "Continuous with a smaller Range for Integer",
        {f"{HP}/depth/Type": "Continuous", f"{HP}/depth/Range": span(CONTINUOUS, "1", "10")},
        [f"hp-type-narrowed error {JOBS}"],
    ),
    (
        "categories for a number",
        {f"{HP}/depth/Type": "Categorical", f"{HP}/depth/Range": {CATEGORICAL: {"Values": ["6", "8"]}}},
        [f"hp-type-narrowed error {JOBS}"],
    ),
    (
        "a number for categories that are words",
        {f"{HP}/booster/Type": "Integer", f"{HP}/booster/Range": GONE},
        [f"hp-type-narrowed error {JOBS}"],
    ),
    (
        "a number for categories of which one is out of its Range",
        {f"{HP}/bins/Type": "Integer", f"{HP}/bins/Range": span(INTEGER, "1", "20")},
        [f"hp-type-narrowed error {JOBS}"],
    ),
    (
        "a number for tunable categories that are numbers",
        {f"{HP}/bins/Type": "Integer", f"{HP}/bins/Range": span(INTEGER, "1", "64")},
        ["hp-type-changed error tune"],
    ),
    (
        "Continuous for a tunable Integer",
        {f"{HP}/depth/Type": "Continuous", f"{HP}/depth/Range": span(CONTINUOUS, "1", "100")},
        ["hp-type-changed error tune"],
    ),
    ("Continuous for an Integer", {f"{HP}/seed/Type": "Continuous"}, ["hp-type-changed warning tune"]),
    ("any text for an Integer", {f"{HP}/seed/Type": "FreeText"}, ["hp-type-changed warning tune"]),
    ("a lower MaxValue", {f"{HP}/depth/Range/{INTEGER}/MaxValue": "10"}, [f"hp-range-narrowed error {JOBS}"]),
    (
        "a higher MinValue",
        {f"{HP}/eta/Range/{CONTINUOUS}/MinValue": "1e-3"},
        [f"hp-range-narrowed error {JOBS}"],
    ),
    (
        "both limits are narrower",
        {f"{HP}/depth/Range": span(INTEGER, "2", "99")},
        [f"hp-range-narrowed error {JOBS}"] * 2,
    ),
    (
        "one limit is narrower, the other wider",
        {f"{HP}/depth/Range": span(INTEGER, "0", "99")},
        [f"hp-range-narrowed error {JOBS}", "hp-widened info"],
    ),
    ("a higher MaxValue", {f"{HP}/depth/Range/{INTEGER}/MaxValue": "1000"}, ["hp-widened info"]),
    (
        "a category is gone",
        {f"{HP}/booster/Range/{CATEGORICAL}/Values": ["tree"]},
        [f"hp-range-narrowed error {JOBS}"],
    ),
    ("a category is new", {f"{HP}/booster/Range/{CATEGORICAL}/Values": Add("dart")}, ["hp-widened info"]),
    (
        "a category is renamed",
        {f"{HP}/booster/Range/{CATEGORICAL}/Values": ["tree", "Linear"]},
        [f"hp-range-narrowed error {JOBS}", "hp-widened info"],
    ),
    ("a Range is set", {f"{HP}/seed/Range": span(INTEGER, "0", "9")}, [f"hp-range-set warning {JOBS}"]),
    ("a Range is gone", {f"{HP}/depth/Range": GONE}, ["hp-widened info"]),
    ("no longer tunable", {f"{HP}/eta/IsTunable": False}, ["hp-not-tunable error tune"]),
    ("IsTunable is gone", {f"{HP}/eta/IsTunable": GONE}, ["hp-not-tunable error tune"]),
    ("tunable", {f"{HP}/seed/IsTunable": True}, ["hp-widened info"]),
    ("another default", {f"{HP}/eta/DefaultValue": "0.3"}, [f"hp-default-changed warning {JOBS}"]),
    (
        "another default category",
        {f"{HP}/booster/DefaultValue": "linear"},
        [f"hp-default-changed warning {JOBS}"],
    ),
    ("no default any more", {f"{HP}/eta/DefaultValue": GONE}, [f"hp-default-changed warning {JOBS}"]),
    ("a default is new", {f"{HP}/seed/DefaultValue": "1"}, [f"hp-default-changed info {JOBS}"]),
    # channels
    ("a channel is gone", {f"{CHANNELS}/test": GONE}, [f"channel-removed error {JOBS}"]),
    (
        "a channel is renamed",
        {f"{CHANNELS}/test/Name": "tests"},
        [f"channel-removed error {JOBS}", "channel-widened info"],
    ),
    (
        "a new channel is required",
        {CHANNELS: Add({"Name": "labels", "IsRequired": True, "SupportedInputModes": ["File", "Pipe"]})},
        [f"channel-required error {JOBS}"],
    ),
    (
        "a new channel is optional",
        {CHANNELS: Add({"Name": "labels", "SupportedInputModes": ["Pipe", "File"]})},
        ["channel-widened info"],
    ),
    (
        "a new optional channel takes Pipe only",
        {CHANNELS: Add({"Name": "labels", "SupportedInputModes": ["Pipe"]})},
        ["channel-widened info", "sdk-mode-lost error train"],
    ),
    ("a channel becomes required", {f"{CHANNELS}/test/IsRequired": True}, [f"channel-required error {JOBS}"]),
    ("a channel becomes optional", {f"{CHANNELS}/train/IsRequired": False}, ["channel-widened info"]),
    (
        "Pipe is gone",
        {f"{CHANNELS}/test/SupportedInputModes": ["File"]},
        [f"channel-mode-removed error {JOBS}"],
    ),
    (
        "FastFile is gone and File is not",
        {f"{CHANNELS}/train/SupportedInputModes": ["File", "Pipe"]},
        [f"channel-mode-removed info {JOBS}"],
    ),
    (
        "File and FastFile are gone",
        {f"{CHANNELS}/train/SupportedInputModes": ["Pipe"]},
        [f"channel-mode-removed error {JOBS}"] * 2,
    ),
    ("FastFile is new", {f"{CHANNELS}/test/SupportedInputModes": Add("FastFile")}, ["channel-widened info"]),
    (
        "a content type of a channel is gone",
        {f"{CHANNELS}/train/SupportedContentTypes": ["text/csv"]},
        [f"channel-content-type-removed error {JOBS}"],
    ),
    (
        "a content type of a channel is replaced",
        {f"{CHANNELS}/test/SupportedContentTypes": ["application/x-parquet"]},
        [f"channel-content-type-removed error {JOBS}", "channel-widened info"],
    ),
    (
        "Gzip is gone",
        {f"{CHANNELS}/train/SupportedCompressionTypes": ["None"]},
        [f"channel-compression-removed error {JOBS}"],
    ),
    (
        "compression types are listed for the first time",
        {f"{CHANNELS}/test/SupportedCompressionTypes": ["None"]},
        [f"channel-compression-removed warning {JOBS}"],
    ),
    # instances
    (
        "a training instance type is gone",
        {f"{TRAINING}/SupportedTrainingInstanceTypes": ["ml.m5.xlarge", "ml.p2.xlarge"]},
        [f"training-instance-removed error {JOBS}"],
    ),
    (
        "a training instance type of a retired family is gone",
        {f"{TRAINING}/SupportedTrainingInstanceTypes": ["ml.m5.xlarge", "ml.g5.xlarge"]},
        [f"training-instance-removed warning {JOBS}"],
    ),
    (
        "training instance types are gone, one of a retired family",
        {f"{TRAINING}/SupportedTrainingInstanceTypes": ["ml.m5.xlarge"]},
        [f"training-instance-removed error {JOBS}", f"training-instance-removed warning {JOBS}"],
    ),
    (
        "a training instance type is replaced",
        {f"{TRAINING}/SupportedTrainingInstanceTypes/1": "ml.g6.xlarge"},
        [f"training-instance-removed error {JOBS}", "training-widened info"],
    ),
    (
        "distributed training is no longer supported",
        {f"{TRAINING}/SupportsDistributedTraining": False},
        [f"distributed-removed error {JOBS}"],
    ),
    (
        "an instance type for transform jobs is gone",
        {f"{INFERENCE}/SupportedTransformInstanceTypes": ["ml.m5.xlarge"]},
        ["transform-instance-removed error transform"],
    ),
    (
        "no instance type for transform jobs is left",
        {f"{INFERENCE}/SupportedTransformInstanceTypes": GONE},
        ["transform-instance-removed error transform"],
    ),
    (
        "an instance type for endpoints is gone",
        {f"{INFERENCE}/SupportedRealtimeInferenceInstanceTypes": ["ml.p2.xlarge"]},
        ["realtime-instance-removed error deploy"],
    ),
    (
        "an instance type for endpoints of a retired family is gone",
        {f"{INFERENCE}/SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge"]},
        ["realtime-instance-removed warning deploy"],
    ),
    # metrics and objectives
    ("a metric is gone", {f"{METRICS}/train:loss": GONE}, ["metric-removed warning tune warm-start metrics"]),
    (
        "a metric that tuning aims at is gone",
        {f"{METRICS}/validation:rmse": GONE},
        ["metric-removed error tune warm-start metrics"],
    ),
    (
        "a metric is renamed",
        {f"{METRICS}/train:loss/Name": "train:loss_1"},
        ["metric-removed warning tune warm-start metrics", "training-widened info"],
    ),
    (
        "another Regex",
        {f"{METRICS}/train:loss/Regex": "loss: ([0-9.]+)"},
        ["metric-regex-changed warning tune metrics"],
    ),
    ("a metric is new", {METRICS: Add({"Name": "a", "Regex": "a=(.*)"})}, ["training-widened info"]),
    ("an objective is gone", {OBJECTIVES: []}, ["objective-removed error tune warm-start"]),
    (
        "an objective is to be maximized",
        {f"{OBJECTIVES}/0/Type": "Maximize"},
        ["objective-removed error tune warm-start", "training-widened info"],
    ),
    (
        "an objective is new",
        {OBJECTIVES: Add({"Type": "Minimize", "MetricName": "train:loss"})},
        ["training-widened info"],
    ),
    # inference
    (
        "inference is gone",
        {INFERENCE: GONE},
        ["inference-removed error transform deploy listing"],
    ),
    (
        "a content type of inference is gone",
        {f"{INFERENCE}/SupportedContentTypes": ["text/csv"]},
        ["inference-type-removed error transform deploy"],
    ),
    (
        "the list of content types of inference is gone",
        {f"{INFERENCE}/SupportedContentTypes": GONE},
        ["inference-type-removed warning transform deploy"],
    ),
    (
        "a response type is replaced",
        {f"{INFERENCE}/SupportedResponseMIMETypes": ["application/json"]},
        ["inference-type-removed error transform deploy", "inference-widened info"],
    ),
    (
        "a container is gone",
        {f"{INFERENCE}/Containers/prepare": GONE},
        ["containers-changed warning deploy"],
    ),
    (
        "containers run in another order",
        {
            f"{INFERENCE}/Containers/prepare/ContainerHostname": "x",
            f"{INFERENCE}/Containers/predict/ContainerHostname": "prepare",
        },
        ["containers-changed warning deploy"],
    ),
    (
        "a variable is gone",
        {f"{INFERENCE}/Containers/prepare/Environment/LEVEL": GONE},
        ["environment-removed warning transform deploy"],
    ),
    (
        "all variables are gone",
        {f"{INFERENCE}/Containers/prepare/Environment": GONE},
        ["environment-removed warning transform deploy"],
    ),
    (
        "a variable has another value",
        {f"{INFERENCE}/Containers/prepare/Environment/WORKERS": "8"},
        ["environment-changed info transform deploy"],
    ),
    (
        "only the training image is new",
        {
            f"{INFERENCE}/Containers/prepare/Image": f"{REGISTRY}/serve:1",
            f"{INFERENCE}/Containers/predict/Image": f"{REGISTRY}/serve:1",
        },
        ["artifact-contract info warm-start deploy"],
    ),
    # the algorithm
    ("the listing is lost", {"CertifyForMarketplace": GONE}, ["marketplace-lost error listing"]),
    ("the listing is turned off", {"CertifyForMarketplace": False}, ["marketplace-lost error listing"]),
    (
        "one name for two contracts",
        {"AlgorithmName": "forecaster-1", f"{HP}/seed/DefaultValue": "1"},
        [f"hp-default-changed info {JOBS}", "same-name warning"],
    ),
    (
        "one image for two contracts",
        {
            f"{TRAINING}/TrainingImage": f"{REGISTRY}/train:1",
            f"{INFERENCE}/Containers/prepare/Image": f"{REGISTRY}/serve:1",
            f"{INFERENCE}/Containers/predict/Image": f"{REGISTRY}/serve:1",
            f"{HP}/seed/IsTunable": True,
        },
        ["hp-widened info", "same-image warning"],
    ),
    (
        "the image is in another Region",
        {f"{TRAINING}/TrainingImage": f"{REGISTRY}/train:2".replace("us-east-1", "eu-west-1")},
        ["region info"],
    ),
    (
        "a channel is no longer validated",
        {f"{PROFILE}/TrainingJobDefinition/InputDataConfig/1": GONE},
        ["coverage-lost info listing"],
    ),
    (
        "no transform job is validated any more",
        {f"{PROFILE}/TransformJobDefinition": GONE},
        ["coverage-lost info listing"],
    ),
]

#: Changes that do not affect users of the algorithm.
UNNOTICED: list[tuple[str, dict[str, Any]]] = [
    ("a release without a change", {}),
    ("the description", {"AlgorithmDescription": "Forecasts better."}),
    ("the description of a hyperparameter", {f"{HP}/eta/Description": "Rate."}),
    ("no description any more", {f"{HP}/eta/Description": GONE}),
    ("the description of a channel", {f"{CHANNELS}/train/Description": "Rows."}),
    ("another form of a default", {f"{HP}/eta/DefaultValue": "1e-1"}),
    ("a default with more zeros", {f"{HP}/eta/DefaultValue": "0.100"}),
    ("another form of a limit", {f"{HP}/eta/Range/{CONTINUOUS}/MaxValue": "1.0"}),
    ("limits with an exponent", {f"{HP}/eta/Range": span(CONTINUOUS, "0e0", "10e-1")}),
    ("categories in another order", {f"{HP}/booster/Range/{CATEGORICAL}/Values": ["linear", "tree"]}),
    ("false instead of nothing", {f"{HP}/seed/IsTunable": False, f"{HP}/seed/IsRequired": False}),
    ("nothing instead of false", {f"{CHANNELS}/test/IsRequired": GONE}),
    ("required, with the default it had", {f"{HP}/depth/IsRequired": True}),
    ("content types in another case", {f"{CHANNELS}/test/SupportedContentTypes": ["TEXT/CSV"]}),
    ("a parameter of a content type", {f"{CHANNELS}/test/SupportedContentTypes": ["text/csv; label_size=1"]}),
    ("modes in another order", {f"{CHANNELS}/test/SupportedInputModes": ["Pipe", "File"]}),
    ("compression types are no longer listed", {f"{CHANNELS}/train/SupportedCompressionTypes": GONE}),
    ("all compression types are listed", {f"{CHANNELS}/test/SupportedCompressionTypes": ["Gzip", "None"]}),
    ("distributed training is no longer declared", {f"{TRAINING}/SupportsDistributedTraining": GONE}),
    (
        "instance types in another order",
        {f"{TRAINING}/SupportedTrainingInstanceTypes": ["ml.p2.xlarge", "ml.g5.xlarge", "ml.m5.xlarge"]},
    ),
    (
        "content types of inference in another order and case",
        {f"{INFERENCE}/SupportedContentTypes": ["Application/JSON", "text/csv"]},
    ),
    ("a new variable", {f"{INFERENCE}/Containers/prepare/Environment/MORE": "1"}),
    ("a framework", {f"{INFERENCE}/Containers/prepare/Framework": "XGBOOST"}),
    ("a nearest model", {f"{INFERENCE}/Containers/prepare/NearestModelName": "resnet50"}),
    ("tags", {"Tags": [{"Key": "team", "Value": "pricing"}]}),
    ("another profile", {f"{PROFILE}/ProfileName": "large"}),
    ("another role", {"ValidationSpecification/ValidationRole": "arn:aws:iam::123456789012:role/other"}),
]


def test_the_table_is_as_large_as_it_is_meant_to_be() -> None:
    assert len(PLANTED) >= 60
    assert {row.split()[0] for _, _, rows in PLANTED for row in rows} == {
        rule.name.removeprefix("diff-") for rule in RULES
    }


def described(changes: list[Change]) -> list[str]:
    order = ("train", "tune", "warm-start", "transform", "deploy", "metrics", "listing")
    return sorted(
        " ".join(
            [
                change.rule.name.removeprefix("diff-"),
                change.severity,
                *(who for who in order if who in change.rule.breaks),
            ]
        )
        for change in changes
    )


@pytest.mark.parametrize(("edits", "expected"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_a_planted_change_is_reported_and_nothing_else(edits: dict[str, Any], expected: list[str]) -> None:
    changes = reported(OLD, edited(OLD, {**RELEASE, **edits}))
    assert described(changes) == sorted(expected)
    errors = any(" error" in row for row in expected)
    assert bump(c.severity for c in changes) == ("major" if errors else "minor")


# The image of a release, the values of variables and the profiles are not part of the contract.
NOT_CONTRACT = {"diff-artifact-contract", "diff-region", "diff-environment-changed", "diff-coverage-lost"}
VERSIONS = ("patch", "minor", "major")


def version(old: Any, new: Any) -> str | None:
    severities = [c.severity for c in reported(old, new) if c.rule.name not in NOT_CONTRACT]
    return bump(severities, not any(uncompared(old, new, "CreateAlgorithmInput", (old, new))))


@pytest.mark.parametrize("edits", sampled([pytest.param(row[1], id=row[0]) for row in PLANTED], 12))
def test_what_is_hidden_never_makes_a_version_smaller(edits: dict[str, Any]) -> None:
    new = edited(OLD, {**RELEASE, **edits})
    least = VERSIONS.index(str(version(OLD, new)))
    pairs = [(what, hidden, new) for what, hidden in masked_variants(OLD)]
    for what, before, after in pairs + [(what, OLD, hidden) for what, hidden in masked_variants(new)]:
        claimed = version(before, after)
        assert claimed is None or VERSIONS.index(claimed) >= least, what


@pytest.mark.parametrize("edits", [row[1] for row in UNNOTICED], ids=[row[0] for row in UNNOTICED])
def test_a_change_that_nobody_notices_is_silent(edits: dict[str, Any]) -> None:
    changes = reported(OLD, edited(OLD, {**RELEASE, **edits}))
    assert described(changes) == []
    assert bump(c.severity for c in changes) == "patch"
