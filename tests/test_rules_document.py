"""The rules of `rules/document.py`, and the accounts that `placeholder-left-in` reports."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from algolint.linting.linter import Linter
from algolint.readers import json as read_json
from algolint.readers import yaml as read_yaml
from algolint.rule import Problem, Remove, Replace
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.spec.placeholders import example_account, example_in
from algolint.testing import completed, fixed, model_of, problems
from algolint.values import UNKNOWN, OpenDict, PartialText, is_open

Reported = set[tuple[str, tuple[str | int, ...], str]]
RULES = first_party_rules()
family = import_module("algolint_rules.document")
# Complete requests make rules of other families report; these are looked at there.
OURS = {rule.name for rule in RULES if rule.family == "document"}
OURS |= {"unknown-field", "newer-than-target", "pattern-mismatch", "string-length"}


def linter_of(revision: str = "latest") -> Linter:
    return Linter(model_of(revision), RULES)


def reported(spec: Any, shape: str, revision: str = "latest") -> Reported:
    linter = linter_of(revision)
    whole = spec if is_open(spec) else completed(spec, shape, linter.model)
    found = problems(linter, whole, shape)
    return {
        (rule.name, problem.path, problem.severity or rule.severity)
        for rule, problem in found
        if shape != "CreateAlgorithmInput" or rule.name in OURS
    }


def only(spec: Any, shape: str, rule: str) -> Problem:
    linter = linter_of()
    (problem,) = [
        p for r, p in problems(linter, completed(spec, shape, linter.model), shape) if r.name == rule
    ]
    return problem


def foreign(*path: str) -> Reported:
    return {("field-of-another-api", path, "error")}


# ---------------------------------------------------------------- field-of-another-api

IN_TRAINING = [
    "EnableManagedSpotTraining", "CheckpointConfig", "VpcConfig", "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption", "Environment", "RoleArn", "TrainingJobName",
    "AlgorithmSpecification", "RetryStrategy",
]  # fmt: skip
IN_TRANSFORM = [
    "TransformJobName", "ModelName", "ModelClientConfig", "DataProcessing", "DataCaptureConfig", "Tags",
]  # fmt: skip
TRAINING = {"TrainingInputMode": "File"}
RANGE = {"MinValue": "1", "MaxValue": "9", "ScalingType": "Auto"}
RESOURCES = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}

FOREIGN: list[tuple[str, dict[str, Any], Reported]] = [
    *[("TrainingJobDefinition", {**TRAINING, field: UNKNOWN}, foreign(field)) for field in IN_TRAINING],
    *[("TransformJobDefinition", {field: []}, foreign(field)) for field in IN_TRANSFORM],
    *[("AlgorithmValidationSpecification", {field: True}, foreign(field))
      for field in ("ValidationOutputS3Prefix", "ValidateForMarketplace")],
    ("IntegerParameterRangeSpecification", RANGE, foreign("ScalingType")),
    ("ContinuousParameterRangeSpecification", RANGE, foreign("ScalingType")),
    # What the service fills in.
    ("ResourceConfig", {**RESOURCES, "SelectedInstanceCount": 1}, foreign("SelectedInstanceCount")),
    # A transform job has an Environment; a plain typo is no field of another API.
    ("TransformJobDefinition", {"Environment": {"A": "1"}}, set()),
    ("TrainingJobDefinition", {**TRAINING, "TrainingInptMode": "File"},
     {("unknown-field", ("TrainingInptMode",), "error")}),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "spec", "expected"), FOREIGN)
def test_a_field_of_another_api(shape: str, spec: dict[str, Any], expected: Reported) -> None:
    """It reports alone: unknown-field does not repeat it."""
    assert reported(spec, shape) == expected


def test_a_field_that_the_service_sets_is_one_fault_in_older_revisions_too() -> None:
    spec = {
        "InstanceType": "ml.m5.xlarge",
        "InstanceCount": 1,
        "VolumeSizeInGB": 30,
        "SelectedInstanceCount": 1,
    }
    assert reported(spec, "ResourceConfig", "1.29.150") == foreign("SelectedInstanceCount")


def test_fields_of_other_apis_are_fields_of_no_shape_they_are_looked_for_in() -> None:
    """A revision that brings one of them to a shape has to take it off the list."""
    rule = family.field_of_another_api
    # On a request the rule reports what CloudFormation lacks, and of nothing on this list.
    for shape in map(model_of().shape, set(rule.on) - {"CreateAlgorithmInput"}):
        fields = shape.members.keys() - set(shape.read_only) | shape.later.keys()
        assert family._FOREIGN.keys() & fields <= {"Environment"}, shape.name
    assert "Environment" not in model_of().shape("TrainingJobDefinition").members
    assert model_of().shape("TrainingJobDefinition").members.keys() >= family._TRAINING_JOB
    assert family._TRAINING_JOB.isdisjoint(model_of().shape("TransformJobDefinition").members)
    assert family._TRAINING_JOB.isdisjoint(model_of().shape("ModelPackageContainerDefinition").members)


def test_a_field_of_another_api_names_its_home() -> None:
    problem = only({"EnableManagedSpotTraining": True}, "TrainingJobDefinition", "field-of-another-api")
    assert problem.message == (
        "'EnableManagedSpotTraining' is a field of CreateTrainingJob;"
        " the training job of a validation profile does not take it"
    )
    assert isinstance(problem.fix, Remove)
    assert not problem.fix.safe
    assert problem.is_key
    in_snake_case = only(
        {"enable_managed_spot_training": True}, "TrainingJobDefinition", "field-of-another-api"
    )
    assert "'enable_managed_spot_training' is a field of CreateTrainingJob" in in_snake_case.message


# ---------------------------------------------------------------- describe-output-pasted

REQUEST = {"AlgorithmName": "forecaster", "AlgorithmDescription": "Forecasts sales"}
LEFT_OVER = [
    "AlgorithmArn", "AlgorithmStatus", "AlgorithmStatusDetails", "CreationTime", "ProductId",
    "ResponseMetadata",
]  # fmt: skip


@pytest.mark.parametrize("field", LEFT_OVER)
def test_what_is_left_of_a_response(field: str) -> None:
    """It replaces unknown-field, which would call it a typo."""
    assert reported({**REQUEST, field: "x"}, "CreateAlgorithmInput") == {
        ("describe-output-pasted", (field,), "error")
    }


def test_each_left_over_field_has_its_own_safe_fix() -> None:
    rest = '"AlgorithmName": "a",\n  "TrainingSpecification": {}'
    text = f'{{\n  {rest},\n  "ProductId": "x",\n  "AlgorithmArn": "y"\n}}\n'
    # Neighbours may need a round each.
    for _ in LEFT_OVER:
        source = Source("a.json", text)
        (document,) = read_json.read(source)
        found = [d for d in linter_of().lint(document).diagnostics if d.rule.name == "describe-output-pasted"]
        fixes = [(document, d.fix) for d in found if d.fix and d.fix.safe]
        assert len(fixes) == len(found)
        text, _ = fixed(source, fixes)
    assert text == f"{{\n  {rest}\n}}\n"


def test_a_whole_response_is_no_fault() -> None:
    response = {**REQUEST, "TrainingSpecification": {}, **dict.fromkeys(LEFT_OVER, "x")}
    text = json.dumps(response)
    found = linter_of().lint(read_json.read(Source("a.json", text))[0]).diagnostics
    assert {d.rule.name for d in found} & {"describe-output-pasted", "unknown-field"} == set()


# ---------------------------------------------------------------- missing-descriptions

PARAMETERS = [
    {"Name": "depth", "Type": "Integer", "Description": "Maximum depth"},
    {"Name": "eta", "Type": "Continuous", "Description": "  "},
    {"Name": "seed", "Type": "Integer"},
]


def missing(*path: str, level: str = "info") -> Reported:
    return {("missing-descriptions", path, level)}


DESCRIPTIONS: list[tuple[str, Any, Reported]] = [
    ("CreateAlgorithmInput", REQUEST, set()),
    ("CreateAlgorithmInput", {"AlgorithmName": "a"}, missing()),
    ("CreateAlgorithmInput", {**REQUEST, "AlgorithmDescription": ""}, missing("AlgorithmDescription")),
    ("CreateAlgorithmInput", {"AlgorithmName": "a", "CertifyForMarketplace": True}, missing(level="warning")),
    ("CreateAlgorithmInput", {"AlgorithmName": "a", "CertifyForMarketplace": False}, missing()),
    # Whoever hides the flag still gets the advice.
    ("CreateAlgorithmInput", {"AlgorithmName": "a", "CertifyForMarketplace": UNKNOWN}, missing()),
    ("CreateAlgorithmInput", {"AlgorithmName": "a", "AlgorithmDescription": UNKNOWN}, set()),
    ("CreateAlgorithmInput", OpenDict({"AlgorithmName": "a"}), set()),
    # One finding a list.
    ("CreateAlgorithmInput", {**REQUEST, "TrainingSpecification": {"SupportedHyperParameters": PARAMETERS}},
     missing("TrainingSpecification", "SupportedHyperParameters")),
    ("CreateAlgorithmInput", {**REQUEST, "TrainingSpecification": {"TrainingChannels": [{"Name": "train"}]}},
     missing("TrainingSpecification", "TrainingChannels")),
    ("CreateAlgorithmInput", {**REQUEST, "CertifyForMarketplace": True,
                              "TrainingSpecification": {"TrainingChannels": [{"Name": "train"}]}},
     missing("TrainingSpecification", "TrainingChannels", level="warning")),
    ("ChannelSpecifications", [UNKNOWN, {"Name": "train", "Description": "Rows of sales"}], set()),
    ("ChannelSpecifications", [{"Name": "train", "Description": UNKNOWN}], set()),
    ("ChannelSpecifications", [{"Name": "train", "Description": "Rows of sales"}], set()),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "spec", "expected"), DESCRIPTIONS)
def test_missing_descriptions(shape: str, spec: Any, expected: Reported) -> None:
    assert reported(spec, shape) == expected


def test_missing_descriptions_are_named() -> None:
    problem = only(PARAMETERS, "HyperParameterSpecifications", "missing-descriptions")
    assert problem.message == "2 of 3 hyperparameters have no Description: 'eta', 'seed'"
    many = [{"Name": f"p{number}", "Type": "Integer"} for number in range(8)]
    problem = only(many, "HyperParameterSpecifications", "missing-descriptions")
    assert problem.message.endswith("'p5' and 2 more")
    assert [related.path for related in problem.related] == [(6,), (7,)]
    nameless = only(
        [{"Name": UNKNOWN, "Type": "Integer"}], "HyperParameterSpecifications", "missing-descriptions"
    )
    assert nameless.message == "the only hyperparameter has no Description"
    beside_unknown = only([UNKNOWN, {"Name": "train"}], "ChannelSpecifications", "missing-descriptions")
    assert beside_unknown.message == "1 of 2 channels has no Description: 'train'"


# ---------------------------------------------------------------- text-control-chars

CONTROLS: list[tuple[str, str | None, str | None, bool | None]] = [
    # text, what it contains, the text fixed, whether that is safe
    ("line\nline", "a line break", "line line", True),
    ("a\r\nb\r\n", "a line break", "a b", True),
    ("a\tb", "a tab", "a b", True),
    ("a \n  b\n", "a line break", "a b", True),
    ("🧑\u200d🔬", "U+200D (ZERO WIDTH JOINER)", "🧑🔬", False),
    ("\ufeffa", "U+FEFF (ZERO WIDTH NO-BREAK SPACE)", "a", False),
    ("a\x00\n", "U+0000, a line break", "a", False),
    ("\ud800", "U+D800", None, None),
    ("\n", "a line break", None, None),
    ("a\x01\x02\x03", "U+0001, U+0002, U+0003", "a", False),
    ("a\x01\x02\x03\x04", "U+0001, U+0002, U+0003 and 1 more", "a", False),
    ("a\x01\x02\x03\x04\x05\x06", "U+0001, U+0002, U+0003 and 3 more", "a", False),
    # Odd spaces, marks, symbols and scripts are in the pattern.
    ("a\u00a0b\u2003c", None, None, None),
    ("Größe – 数, é, 😀 §", None, None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("text", "contained", "fixed", "safe"), CONTROLS)
def test_text_control_chars(text: str, contained: str | None, fixed: str | None, safe: bool | None) -> None:
    for shape in ("EntityDescription", "ParameterName"):
        # Names of other characters have an advice of their own.
        found = [row for row in problems(linter_of(), text, shape) if row[0].name != "hp-name-nonportable"]
        assert {rule.name for rule, _ in found} == ({"text-control-chars"} if contained else set())
        for _, problem in found:
            assert f"the text contains {contained} (character " in problem.message
            assert problem.message.isprintable()
            assert (problem.fix and (problem.fix.safe, isinstance(problem.fix, Replace))) == (
                None if fixed is None else (safe, True)
            )
            if isinstance(problem.fix, Replace):
                assert problem.fix.value == fixed


def test_the_place_of_the_first_control_character_is_counted_from_one() -> None:
    ((_, problem),) = problems(linter_of(), "ab\ncd\t", "EntityDescription")
    assert "(character 3)" in problem.message
    assert "a line break, a tab" in problem.message


def test_a_block_text_in_yaml_is_one_error() -> None:
    source = Source(
        "a.yaml", "AlgorithmName: a\nTrainingSpecification: {}\nAlgorithmDescription: |\n  one\n  two\n"
    )
    found = linter_of().lint(read_yaml.read(source)[0]).diagnostics
    at = [d for d in found if d.location.path == ("AlgorithmDescription",)]
    assert [d.rule.name for d in at] == ["text-control-chars"]


# ---------------------------------------------------------------- placeholder-left-in, its accounts

ACCOUNTS = [
    ("123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", "123456789012"),
    ("arn:aws:iam::111122223333:role/validation", "111122223333"),
    ("arn:aws:kms:us-east-1:000000000000:key/0a1b2c3d", "000000000000"),
    ("s3://sagemaker-us-west-2-123456789012/train/", "123456789012"),
    ("https://bucket-123456789012.s3.amazonaws.com/train", "123456789012"),
    # Digits that are no account: a key, a tag, a longer number, a name.
    ("s3://amzn-example-bucket/export/part-000000000000.csv", ""),
    ("246618743249.dkr.ecr.us-east-1.amazonaws.com/a:123456789012", ""),
    ("s3://bucket-1234567890123/train", ""),
    ("arn:aws:iam::246618743249:role/123456789012", ""),
    ("s3://", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "account"), ACCOUNTS)
def test_the_accounts_of_the_documentation(text: str, account: str) -> None:
    assert example_account(text) == account


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("s3://amzn-s3-demo-bucket/train/", "bucket 'amzn-s3-demo-bucket'"),
        ("s3://DOC-EXAMPLE-BUCKET1/train/", "bucket 'DOC-EXAMPLE-BUCKET1'"),
        ("s3://amzn-s3-demo-bucket-123456789012/a", "account 123456789012"),
        ("s3://amzn-example-bucket/amzn-s3-demo-bucket/", ""),
        ("https://amzn-s3-demo-bucket.s3.amazonaws.com/a", ""),
        ("s3://my-amzn-s3-demo-bucket/a", ""),
        (PartialText(("s3://amzn-s3-demo-bucket/", "")), "bucket 'amzn-s3-demo-bucket'"),
        (PartialText(("s3://amzn-s3-demo-", "/a")), ""),
    ],
    ids=repr,
)
def test_the_buckets_of_the_documentation(text: str, example: str) -> None:
    assert example_in(text) == example


def test_an_account_of_the_documentation_is_only_a_word_at_info() -> None:
    """The value stays visible: the rules that look into images still report it."""
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/a b"
    assert reported(image, "ContainerImage") >= {("placeholder-left-in", (), "info")}
    assert "pattern-mismatch" in {name for name, _, _ in reported(image, "ContainerImage")} or (
        "image-malformed-reference" in {name for name, _, _ in reported(image, "ContainerImage")}
    )
    (problem,) = [
        p
        for r, p in problems(linter_of(), "arn:aws:iam::123456789012:role/x", "RoleArn")
        if r.name == "placeholder-left-in"
    ]
    assert "names account 123456789012, which AWS's documentation uses" in problem.message
    again = problems(linter_of(), ["s3://b-111122223333/"] * 2, "TrainingPlanArnList")
    assert [p.path for r, p in again if r.name == "placeholder-left-in"] == [(0,), (1,)], (
        "not remembered as clean"
    )


def test_free_text_is_not_searched_for_accounts() -> None:
    assert reported("Ask account 123456789012", "EntityDescription") == set()
