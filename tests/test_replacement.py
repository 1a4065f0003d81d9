"""If two rules find the same fault, the first one reports it at that location."""

from __future__ import annotations

import random
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from conftest import sampled

from algolint import Problem, rule
from algolint.linting.linter import Linter, Selection
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES
from algolint.spec.walker import Walker
from algolint.testing import completed, examples, model_of, problems, reported

if TYPE_CHECKING:
    from algolint.rule import Severity
    from algolint.testing import Example

RULES = first_party_rules()
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/a:1"
ROLE = "arn:aws:iam::246618743249:role/r"


def spec(
    job: dict[str, Any] | None = None, transform: dict[str, Any] | None = None, **rest: Any
) -> dict[str, Any]:
    profile = {"TrainingJobDefinition": job or {}} | (
        {"TransformJobDefinition": transform} if transform else {}
    )
    return {"ValidationSpecification": {"ValidationRole": ROLE, "ValidationProfiles": [profile]}} | rest


def channel(**fields: Any) -> dict[str, Any]:
    return {"TrainingInputMode": "File", "InputDataConfig": [{"ChannelName": "train", **fields}]}


def declared(**fields: Any) -> dict[str, Any]:
    return {"TrainingSpecification": {"TrainingChannels": [{"Name": "train", **fields}]}}


def hyperparameter(**fields: Any) -> dict[str, Any]:
    return {"TrainingSpecification": {"SupportedHyperParameters": [{"Name": "depth", **fields}]}}


def bounds(low: str, high: str) -> dict[str, Any]:
    return {"IntegerParameterRangeSpecification": {"MinValue": low, "MaxValue": high}}


GZIP = spec(channel(CompressionType="Gzip"), **declared(SupportedCompressionTypes=["None"]))
CONTAINER = {"Image": IMAGE}
MANY = {f"SETTING_{i}": "x" for i in range(17)}
TOO_MANY = {f"SETTING_{i}": "x" for i in range(101)}
CHINA = {
    "TrainingSpecification": {"TrainingImage": IMAGE},
    "InferenceSpecification": {
        "Containers": [{"Image": "246618743249.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1"}]
    },
}

# (the rule that reports, the one that is silent, a request)
ROWS: list[tuple[str, str, dict[str, Any]]] = [
    ("gzip-outside-pipe", "profile-compression-unsupported", GZIP),
    ("env-too-many-entries", "item-count", {"InferenceSpecification": {"Containers": [CONTAINER | {"Environment": TOO_MANY}]}}),
    ("env-too-many-entries", "item-count", spec(transform={"Environment": MANY})),
    ("image-malformed-reference", "image-not-private-ecr",
     {"TrainingSpecification": {"TrainingImage": "https://docker.io/library/a:1"}}),
    ("partition-mismatch", "image-region-mismatch", CHINA),
    ("describe-output-pasted", "unknown-field", {"AlgorithmStatus": "Completed"}),
    ("marketplace-needs-inference", "transform-without-inference-spec",
     spec(transform={"BatchStrategy": "MultiRecord"}, CertifyForMarketplace=True)),
    ("hp-nonportable-number-form", "hp-bound-not-parseable", hyperparameter(Type="Integer", Range=bounds("1_0", "20"))),
    ("hp-nonportable-number-form", "hp-default-not-parseable", hyperparameter(Type="Integer", DefaultValue="5.0")),
    ("hp-range-min-gt-max", "hp-default-out-of-range",
     hyperparameter(Type="Integer", Range=bounds("9", "2"), DefaultValue="5")),
    ("augmented-manifest-not-pipe", "fastfile-needs-s3prefix",
     spec({"TrainingInputMode": "FastFile", "InputDataConfig": [{"ChannelName": "train", "DataSource": {
         "S3DataSource": {"S3DataType": "AugmentedManifestFile", "AttributeNames": ["a"]}}}]})),
    ("manifest-uri-shape", "s3-input-without-key",
     spec(channel(DataSource={"S3DataSource": {"S3DataType": "ManifestFile", "S3Uri": "s3://amzn-example-bucket/"}}))),
    ("profile-name-pattern", "pattern-mismatch",
     {"ValidationSpecification": {"ValidationProfiles": [{"ProfileName": "a_b"}]}}),
    ("profile-name-pattern", "string-length",
     {"ValidationSpecification": {"ValidationProfiles": [{"ProfileName": "a" * 64}]}}),
    ("text-control-chars", "pattern-mismatch", {"AlgorithmDescription": "a\tb"}),
    ("tag-charset", "pattern-mismatch", {"Tags": [{"Key": "a", "Value": "b, c"}]}),
    ("image-digest-not-sha256", "pattern-mismatch",
     {"TrainingSpecification": {"TrainingImageDigest": "d41d8cd98f00b204e9800998ecf8427e"}}),
    ("field-of-another-api", "unknown-field", spec({"VpcConfig": {}})),
    ("keepalive-with-groups", "keepalive-in-profile",
     spec({"ResourceConfig": {"KeepAlivePeriodInSeconds": 60, "InstanceGroups": [{"InstanceCount": 1}]}})),
    ("max-runtime-over-28-days", "number-range", spec({"StoppingCondition": {"MaxRuntimeInSeconds": 2**31}})),
    ("transform-payload-over-100", "number-range", spec(transform={"MaxPayloadInMB": 2**31})),
    ("transform-instance-count-over-100", "number-range",
     spec(transform={"TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 2**31}})),
    ("instance-wrong-role", "unknown-instance-type",
     {"TrainingSpecification": {"SupportedTrainingInstanceTypes": ["ml.c7g.large"]}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reports", "silent", "request_"), ROWS, ids=[f"{row[0]} > {row[1]}" for row in ROWS]
)
def test_which_rule_reports(reports: str, silent: str, request_: dict[str, Any]) -> None:
    shape = "CreateAlgorithmInput"
    whole = completed(request_, shape, model_of())
    found = problems(Linter(model_of(), RULES), whole, shape, yaml=False)
    reported_by = {rule.name: problem.path for rule, problem in found}
    assert reports in reported_by
    locations = {problem.path for rule, problem in found if rule.name == reports}
    assert not [p for rule, p in found if rule.name == silent and p.path in locations]


def test_a_warning_never_silences_an_error() -> None:
    """Gzip of a Pipe channel in a job in File mode is a warning, but the missing declaration remains an
    error.
    """
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://acme-data/train/"}}
    job = channel(InputMode="Pipe", CompressionType="Gzip", DataSource=source)
    request = spec(job, **declared(SupportedCompressionTypes=["None"], SupportedInputModes=["Pipe"]))
    whole = completed(request, "CreateAlgorithmInput", model_of())
    found = problems(Linter(model_of(), RULES), whole, "CreateAlgorithmInput", yaml=False)
    levels = {rule.name: problem.severity or rule.severity for rule, problem in found}
    assert levels["gzip-outside-pipe"] == "warning"
    assert levels["profile-compression-unsupported"] == "error"


def test_one_missing_instance_list_is_reported_once() -> None:
    lists = {"SupportedTransformInstanceTypes": ["ml.m5.large"], "Containers": [CONTAINER]}
    for inference, expected in (
        (lists, {"marketplace-instance-lists"}),
        ({"Containers": [CONTAINER]}, {"inference-instance-lists-missing"}),
    ):
        whole = completed(
            {"CertifyForMarketplace": True, "InferenceSpecification": inference},
            "CreateAlgorithmInput",
            model_of(),
        )
        found = problems(Linter(model_of(), RULES), whole, "CreateAlgorithmInput", yaml=False)
        assert {rule.name for rule, _ in found if "instance-lists" in rule.name} == expected


def test_two_faults_of_one_field_are_two_findings() -> None:
    """A wait below the runtime, without Spot to wait for."""
    condition = {"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 3600}
    found = problems(Linter(model_of(), RULES), condition, "StoppingCondition", yaml=False)
    assert {"max-wait-below-runtime", "max-wait-without-spot"} <= {rule.name for rule, _ in found}


def test_ignoring_a_rule_never_brings_out_its_twin() -> None:
    text = "AlgorithmName: a\nTrainingSpecification: ${X}\nTags: [{Key: a, Value: 'b, c'}]\n"
    names = frozenset(rule.name for rule in (*STRUCTURAL_RULES, *RULES)) - {"tag-charset"}
    linter = Linter(model_of(), RULES, Selection(names, {}))
    assert linter.lint_source(Source("a.yaml", text)).diagnostics == []


LEVELS: list[Severity] = ["error", "warning", "info"]


@pytest.mark.parametrize("seed", sampled(range(6), 3))
def test_what_is_not_called_changes_no_report(seed: int) -> None:
    """Rules that are not selected are not called, except those that replace another or mask secrets."""
    dice = random.Random(seed)
    everything = [*STRUCTURAL_RULES, *RULES]
    names = frozenset(dice.sample([rule.name for rule in everything], dice.choice((60, 100, 150))))
    levels: dict[str, Severity] = {r.name: dice.choice(LEVELS) for r in dice.sample(everything, 20)}
    selection = Selection(names, levels, show_info=dice.random() < 0.5)
    some, every = Linter(model_of(), RULES, selection), Linter(model_of(), RULES, selection)
    every._walker = Walker(model_of(), RULES)

    def outcome_of(linter: Linter, example: Example) -> list[tuple[Any, ...]]:
        found = [(r, selection.level(r, p.severity or r.severity), p) for r, p in reported(example, linter)]
        rows = [(r.name, level, p.path, p.message) for r, level, p in found if level]
        return rows + [(p.secret,) for _, _, p in found if p.secret]

    both = [(outcome_of(some, one), outcome_of(every, one)) for one in chain(*map(examples, RULES))]
    assert all(mine == of_all for mine, of_all in both)
    assert sum(map(len, both)) > 200


def test_a_rule_that_is_not_selected_is_not_called() -> None:
    called = []

    def noted(value: Any) -> list[Problem]:
        called.append(value)
        return []

    made = [rule(on="EntityName", severity="error", evidence="heuristic: y")(noted) for _ in range(2)]
    for one, name in zip(made, ("selected", "other"), strict=True):
        one.name = name
    linter = Linter(model_of(), made, Selection(frozenset({"selected"}), {}))
    linter.lint_source(Source("a.json", '{"AlgorithmName": "a", "Tags": []}'))
    assert called == ["a"]
