"""A secret in a request is shown by no report, whichever rule speaks of the place where it stands.

Held on what all reports are made of: the messages, the related messages, the titles of fixes, and the
lines of the file.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from algolint.diagnostic import Diagnostic
from algolint.discovery import first_party_rules
from algolint.linter import Linter, Selection
from algolint.readers import json as read_json
from algolint.readers import yaml as read_yaml
from algolint.source import Source
from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES
from algolint.testing import model_of

RULES = first_party_rules()
EVERYTHING = frozenset(rule.name for rule in (*STRUCTURAL_RULES, *RULES))
SECRET_RULES = {"secret-in-hyperparameter", "secret-in-environment", "secret-in-text", "credential-in-uri"}

# Put together here, so that no scanner takes them for real ones.
API_KEY = "q7Zr2LxV9sTb" + "4KwMd81cPf6Y"
AWS_KEY = "AKIA" + "Q7ZR2LXV9STB4KWM"
LONG = (
    "eyJ"
    + "hbGciOiJIUzI1NiJ9"
    + "."
    + "eyJ"
    + "zdWIiOiJqYW5lLnJvZSJ9" * 4
    + "."
    + "Qm9ndXNTaWduYXR1cmU0NzEx" * 3
)
PEM = (
    "-----BEGIN RSA "
    + "PRIVATE KEY-----\nMIIEowIBAAKCAQEAq7Zr2LxV9sTb\n4KwMd81cPf6YhJ3nQe5tBgWz\n"
    + "-----END RSA PRIVATE KEY-----"
)
SIGNATURE = "X-Amz-" + "Signature=9c3f70a1be64d2589c3f70a1be64d2589c3f70a1be64d258"
QUOTED = 'q7Zr2LxV"9sTb\\4KwMd81c/Pf6Y'


def request(**parts: Any) -> dict[str, Any]:
    """A request with a hyperparameter, a container and a validation profile, and what is to be tried."""
    training = {
        "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2",
        "SupportedHyperParameters": [{"Name": "api_key", "Type": "FreeText", **parts.get("parameter", {})}],
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)", **parts.get("metric", {})}],
        "TrainingChannels": [
            {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}
        ],
    }
    source = {"S3DataType": "S3Prefix", "S3Uri": parts.get("uri", "s3://amzn-example-bucket/train/")}
    job = {
        "TrainingInputMode": "File",
        "HyperParameters": parts.get("values", {}),
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return {
        "AlgorithmName": "forecaster",
        "AlgorithmDescription": parts.get("description", "Forecasts weekly sales"),
        "TrainingSpecification": training,
        "InferenceSpecification": {
            "Containers": [{"Image": training["TrainingImage"], "Environment": parts.get("environment", {})}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "ValidationSpecification": {
            "ValidationRole": "arn:aws:iam::246618743249:role/forecaster-validation",
            "ValidationProfiles": [{"ProfileName": "full-run", "TrainingJobDefinition": job}],
        },
        "CertifyForMarketplace": parts.get("certify", False),
        "Tags": parts.get("tags", []),
    }


WHERE: dict[str, dict[str, Any]] = {
    "a profile's hyperparameter": request(values={"api_key": API_KEY, "depth": "6"}),
    "an undeclared hyperparameter of many characters": request(values={"session": LONG}),
    "a default": request(parameter={"DefaultValue": API_KEY}),
    # Other rules quote the default: it is not a number, it is in no range.
    "the default of a number": request(parameter={"Type": "Integer", "DefaultValue": API_KEY}),
    "the long default of a number": request(parameter={"Type": "Continuous", "DefaultValue": LONG}),
    "the default of a category": request(
        parameter={
            "Type": "Categorical",
            "DefaultValue": LONG,
            "Range": {"CategoricalParameterRangeSpecification": {"Values": ["a", "b"]}},
        }
    ),
    "an environment variable": request(environment={"DB_PASSWORD": API_KEY}),
    "a secret that JSON and YAML escape": request(environment={"DB_PASSWORD": QUOTED}),
    "an AWS key": request(environment={"AWS_ACCESS_KEY_ID": AWS_KEY}),
    "a private key on many lines": request(environment={"SERVICE_KEY": PEM}),
    "a private key in a default, where line breaks are refused": request(parameter={"DefaultValue": PEM}),
    "a description": request(description=f"Sign in with {AWS_KEY}\nto try it"),
    "a description of a certified algorithm": request(description=f"Sign in with {LONG}", certify=True),
    "a tag, whose value is refused too": request(tags=[{"Key": "password", "Value": f"{API_KEY}#!"}]),
    "a tag twice": request(tags=[{"Key": "a", "Value": AWS_KEY}, {"Key": "a", "Value": AWS_KEY}]),
    "a metric": request(metric={"Regex": f"{AWS_KEY} loss=(.*?)"}),
    "an address": request(
        uri=f"https://amzn-example-bucket.s3.us-west-2.amazonaws.com/train.csv?{SIGNATURE}"
    ),
    "an address of a certified algorithm": request(
        uri=f"https://amzn-example-bucket.s3.us-west-2.amazonaws.com/train.csv?{SIGNATURE}", certify=True
    ),
    "an address with a password": request(uri=f"s3://jane:{API_KEY}@amzn-example-bucket/train/"),
    "two secrets in one text": request(description=f"{AWS_KEY} and {AWS_KEY[::-1]} and {LONG}"),
    "one secret in two places": request(
        description=f"Use {API_KEY} to sign in", environment={"DB_PASSWORD": API_KEY}
    ),
}
# Whole, or what a shortened quotation would leave of it.
SECRETS = (API_KEY, AWS_KEY, LONG, SIGNATURE, QUOTED, *PEM.split("\n")[1:3])


def linted(spec: dict[str, Any], syntax: str, silent: frozenset[str]) -> tuple[Source, list[Diagnostic]]:
    # JSON is YAML, so one text serves; YAML of people's making is below.
    source = Source(f"request.{syntax}", json.dumps(spec, indent=2))
    document = (read_json if syntax == "json" else read_yaml).read(source)[0]
    linter = Linter(model_of(), RULES, Selection(EVERYTHING - silent, {}, show_info=True))
    result = linter.lint(document)
    assert not result.crashes, result.crashes[0]
    return source, result.diagnostics


def shown_of(source: Source, found: list[Diagnostic]) -> str:
    """Everything that a report can show of a file."""
    lines = [source.line_text(line) for line in range(1, len(source.line_starts()) + 1)]
    messages = [location.message for d in found for location in (d.location, *d.related)]
    titles = [source.redacted(d.fix.title) for d in found if d.fix]
    return "\n".join([*lines, *messages, *titles])


def leaked(text: str) -> list[str]:
    """The parts of secrets, of twelve characters and more, that a text shows."""
    return [s[i : i + 12] for s in SECRETS for i in range(len(s) - 11) if s[i : i + 12] in text]


@pytest.mark.parametrize("silent", [frozenset(), frozenset(SECRET_RULES)], ids=["selected", "not selected"])
@pytest.mark.parametrize("syntax", ["json", "yaml"])
@pytest.mark.parametrize("where", WHERE)
def test_no_report_shows_a_secret(where: str, syntax: str, silent: frozenset[str]) -> None:
    """Redaction is settled before selection: who ignores the rule does not get to see the secret."""
    source, found = linted(WHERE[where], syntax, silent)
    assert bool(SECRET_RULES & {d.rule.name for d in found}) == (not silent)
    assert source.secrets
    assert leaked(shown_of(source, found)) == []


@pytest.mark.parametrize("where", WHERE)
def test_masking_moves_nothing(where: str) -> None:
    """A masked line has the length of the line, so that columns and carets hold."""
    source, _ = linted(WHERE[where], "json", frozenset())
    lines = source.text.split("\n")
    assert [len(source.line_text(i + 1)) for i in range(len(lines))] == [len(line) for line in lines]


def test_the_rest_of_a_file_stays_readable() -> None:
    source, found = linted(WHERE["an environment variable"], "json", frozenset())
    (finding,) = [d for d in found if d.rule.name == "secret-in-environment"]
    assert "DB_PASSWORD" in finding.message
    assert source.line_text(finding.location.line).strip() == f'"DB_PASSWORD": "{"*" * len(API_KEY)}"'


def test_a_private_key_in_a_yaml_block() -> None:
    """Every line of it is masked, though the value's line breaks and indentation are not the file's."""
    block = "".join(f"          {line}\n" for line in PEM.split("\n"))
    text = (
        "AlgorithmName: forecaster\n"
        "InferenceSpecification:\n"
        "  Containers:\n"
        "    - Environment:\n"
        "        SERVICE_KEY: |\n" + block
    )
    source = Source("request.yaml", text)
    linter = Linter(model_of(), RULES)
    found = linter.lint(read_yaml.read(source)[0]).diagnostics
    assert "secret-in-environment" in {d.rule.name for d in found}
    assert leaked(shown_of(source, found)) == []


def test_a_secret_of_a_later_document_is_masked_in_an_earlier_one() -> None:
    first = request(parameter={"Type": "Integer", "DefaultValue": API_KEY, "Name": "depth"})
    second = request(environment={"DB_PASSWORD": API_KEY})
    source = Source("request.yaml", f"{json.dumps(first)}\n---\n{json.dumps(second)}\n")
    linter = Linter(model_of(), RULES)
    found = [d for document in read_yaml.read(source) for d in linter.lint(document).diagnostics]
    assert "hp-default-not-parseable" in {d.rule.name for d in found}
    assert leaked(shown_of(source, found)) == []


def test_a_clean_file_has_nothing_to_mask() -> None:
    source, _ = linted(request(values={"max_tokens": "512"}), "json", frozenset())
    assert source.secrets == set()
    assert source.line_text(2) == '  "AlgorithmName": "forecaster",'
