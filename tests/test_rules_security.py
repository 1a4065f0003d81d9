"""The rules of `rules/security.py`: what counts as a secret, and above all what does not."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

import pytest
from steps import steps_of

from algolint.linting.linter import Linter
from algolint.rule import Problem, Replace
from algolint.rule_files import first_party_rules
from algolint.secrets import credentials, redaction
from algolint.testing import model_of, problems
from algolint.values import UNKNOWN, OpenDict

Reported = set[tuple[str, tuple[str | int, ...], str]]
RULES = first_party_rules()
FAMILY = {rule.name for rule in RULES if rule.family == "security"}
security = import_module("algolint_rules.security")

# Assembled here, so that scanners do not report them as real.
RANDOM = "q7Zr2LxV9sTb" + "4KwMd81cPf6Y"
HEX = "3f2c9d0b1a7e5f4c" + "8d6b0a9e2c1f7d3b5a8e6c40"
UUID = "9b1deb4d-3b7d-4bad-" + "9bdd-2b0d7b3dcb6d"
AWS_ID = "AKIA" + "Q7ZR2LXV9STB4KWM"
AWS_SECRET = "q7Zr2LxV9sTb/KwMd81c" + "Pf6YhJ3nQe5tBgWz+Xa1"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + "." + "eyJ" + "zdWIiOiJqYW5lIn0" + "." + "Qm9ndXNTaWduYXR1cmU"
PEM = "-----BEGIN " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEAq7Zr2LxV\n-----END PRIVATE KEY-----\n"


def found_in(spec: Any, shape: str) -> list[tuple[str, Problem, str]]:
    return [
        (rule.name, problem, problem.severity or rule.severity)
        for rule, problem in problems(Linter(model_of(), RULES), spec, shape)
        if rule.name in FAMILY
    ]


def reported(spec: Any, shape: str) -> Reported:
    return {(name, problem.path, level) for name, problem, level in found_in(spec, shape)}


# ---------------------------------------------------------------- what is a secret

TOKENS = [
    (AWS_ID, "an AWS access key id"),
    ("ASIA" + AWS_ID[4:], "an AWS access key id"),
    (JWT, "a JSON web token"),
    (PEM, "a private key"),
    (PEM.replace("PRIVATE", "RSA PRIVATE"), "a private key"),
    ("ghp" + "_" + RANDOM + RANDOM[:12], "a GitHub token"),
    ("ghs" + "_" + RANDOM + RANDOM[:12], "a GitHub token"),
    ("github" + "_pat_" + RANDOM + "_" + RANDOM, "a GitHub token"),
    ("glpat" + "-" + RANDOM, "a GitLab token"),
    ("xoxb" + "-2463-2463-" + RANDOM, "a Slack token"),
    ("https://hooks.slack.com/" + "services/T024/B024/" + RANDOM, "a Slack webhook"),
    ("hf" + "_" + "qZrLxVsTbKwMdcPfYhJnQetBgWzXaQwErT", "a Hugging Face token"),
    ("sk" + "_live_" + RANDOM, "a Stripe key"),
    ("sk" + "-proj-" + RANDOM + RANDOM, "an API key"),
    ("sk" + "-proj-" + "abcdefghijklmnopqrst4", "an API key"),
    ("dckr" + "_pat_" + RANDOM, "a Docker token"),
    ("SG" + "." + RANDOM[:22] + "." + RANDOM + RANDOM[:19], "a SendGrid key"),
    ("AIza" + RANDOM + RANDOM[:11], "a Google API key"),
    ("npm" + "_" + RANDOM + RANDOM[:12], "an npm token"),
    ("https://b.s3.amazonaws.com/k?X-Amz-" + "Signature=" + HEX, "a presigned address"),
    ("postgres://app:" + "s3cretPw" + "@db.internal:5432/sales", "an address with a password"),
    ("redis://u:se" + "cr3t@h:1", "an address with a password"),
    # Only its first lines are searched for placeholder words.
    (PEM.replace("MII", "MII" + RANDOM * 9 + "test"), "a private key"),
]


@pytest.mark.parametrize(("text", "kind"), TOKENS)
def test_forms_that_only_credentials_have(text: str, kind: str) -> None:
    """They are found under any name, and inside of other text."""
    for value in (text, f"use {text} here"):
        found = credentials.secret("depth", value)
        assert found is not None
        what, secret = found
        assert what == kind
        assert secret in value
        assert len(secret) >= 8


IN_WORDS = [
    AWS_ID,
    "ghp" + "_" + RANDOM + RANDOM[:12],
    "github" + "_pat_" + RANDOM + RANDOM,
    "glpat" + "-" + RANDOM,
    "xoxb" + "-123456789012-" + RANDOM,
    "xoxp" + "-1-123456789012-" + RANDOM,
    "dckr" + "_pat_" + RANDOM,
    "pypi" + "-AgE" + RANDOM * 3,
    "glsa" + "_" + (RANDOM + RANDOM)[:32] + "_0a1b2c3d",
    "shpat" + "_" + HEX[:32],
    "dop" + "_v1_" + (HEX + HEX)[:64],
]


@pytest.mark.parametrize("token", IN_WORDS)
@pytest.mark.parametrize("before", ["x", "prefix_", "é", "/"])
def test_what_nothing_else_looks_like_is_found_inside_of_a_word(token: str, before: str) -> None:
    after = "y" if token == AWS_ID else "."
    text = f"use {before}{token}{after} here"
    assert redaction.masked(text) == text.replace(token, "*" * len(token))


NO_TOKENS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "SLOVAKIA" + "NMANUFACTURING2024",
    "task_live_20240101T000000Z",
    "pnpm_" + HEX[:40],
    "a-disk-with-2-Partitions-and-many-words-of-text",
    "OpenAIzation_of_everything_that_has_a_name_and_more",
    "dioxoxo-2-methylpropanoic-acid-of-the-lab",
    "AKIA" + "X" * 16,
    "MAKIA" + AWS_ID[4:],
    AWS_ID + "0",
    "eyJhbGciOiJIUzI1NiJ9",
    "-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEAq7Zr2LxV\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIEowIBAAKCAQEAq7Zr2LxV\n-----END PUBLIC KEY-----",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "ghp_" + "x" * 36,
    "sk-learn-random-forest-classifier-with-a-grid-search",
    "hf_transformersbasemodelforsequenceclassification",
    "shelf_space_by_store_and_region_in_square_metres",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    HEX,
    UUID,
    RANDOM,
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "s3://amzn-example-bucket/train/part-00000-9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d-c000.snappy.parquet",
    "s3://amzn-example-bucket/user@example.com/a:b@c",
    "arn:aws:secretsmanager:us-west-2:246618743249:secret:prod/forecaster-a1B2c3",
    "https://db.internal:5432/sales?owner=jane@example.com",
    "https://jane@example.com/",
    "http://jane:$PROXY_PASSWORD@proxy.internal:3128",
    "postgres://user:changeme@localhost/sales",
    "loss=([0-9.]+), token=(\\S+)",
    "glpat-größenänderungsübersichtsplan",
    # Before the first address, and where none has a host, there is no login.
    "mail:jane@example.com or https://example.com/",
    "file:///srv/jane:roe@2023/rows.csv",
    # Nineteen characters.
    "redis://u:se" + "cr3@h:1",
]


@pytest.mark.parametrize("text", NO_TOKENS)
def test_what_only_resembles_a_credential(text: str) -> None:
    assert credentials.secret("notes", text) is None


NAMED = [
    ("api_key", RANDOM),
    ("apiKey", RANDOM),
    ("API-KEY", RANDOM),
    ("tracking.apikey", RANDOM),
    ("DB_PASSWORD", "S3cr3t-Passw0rd!"),
    ("dbPassword", RANDOM),
    ("dbpassword", RANDOM),
    ("password_2", RANDOM),
    ("passwd", RANDOM),
    ("pw", RANDOM),
    ("client_secret", UUID),
    ("SECRET_KEY_BASE", RANDOM),
    ("aws_secret", AWS_SECRET),
    ("GITHUB_TOKEN", HEX),
    ("WANDB_API_KEY", HEX),
    ("AUTH_TOKEN", RANDOM),
    ("storage_account_key", AWS_SECRET),
    ("credentials", RANDOM),
    # A password may be short and easy to guess.
    ("DB_PASSWORD", "Tr0ub4dor" + "&3"),
    ("DB_PASSWORD", "x9$kQ" + "!2m"),
    ("DB_PASSWORD", "P@ssw0rd" + "!"),
    ("DB_PASSWORD", "MyS3cret" + "P4ss"),
    ("DB_PASSWORD", "AbCdEf" + "Gh12"),
    ("DB_PASSWORD", "9f86d081" + "884c7d65"),
    ("password", "horse" + "battery!"),
    ("api_key", f" {RANDOM}\n"),
    # SageMaker gives these itself, so any value is one too many.
    ("AWS_SECRET_ACCESS_KEY", AWS_SECRET),
    ("AWS_ACCESS_KEY_ID", "abcdefghijkl"),
    ("aws_session_token", "abcdefghijkl"),
    ("AWS_SECRET_ACCESS_KEY", "abcdefgh"),
    ("AWS_SECRET_ACCESS_KEY", "abcdefab"),
    # Only one in angle brackets is a placeholder.
    ("AWS_SECRET_ACCESS_KEY", "<q7Zr2LxV9sTb"),
    ("AWS_SECRET_ACCESS_KEY", "<q7Zr2LxV9sTb1"),
    ("AWS_SECRET_ACCESS_KEY", "q7Zr2LxV9sTb>"),
    ("AWS_SECRET_ACCESS_KEY", "1q7Zr2LxV9sTb>"),
    # Hexadecimal digits at random hold less than other characters; one word is no name of several.
    ("api_key", "29141777a631706690b74b3915000a80"),
    ("api_key", "qzrlxvstbkwmdcpf7"),
    ("auth_token", "1b4f9c2-d7e03a5f6b8c9d0e1f2a3b4c"),
]


@pytest.mark.parametrize(("name", "value"), NAMED)
def test_random_values_of_secret_names(name: str, value: str) -> None:
    found = credentials.secret(name, value)
    assert found is not None
    assert found[1] == value.strip(), "stripped, or its line would not be masked"


UNNAMED = [
    # Counts and settings of tokens as pieces of text.
    ("max_token", "512"),
    ("max_tokens", "512"),
    ("token_count", "12345678"),
    ("tokenizer", "bert-base-uncased-2023"),
    ("tokenizer_revision", HEX),
    ("pad_token", "<|endoftext|>"),
    ("eos_token", RANDOM),
    ("special_tokens", RANDOM),
    # Names of secrets, and where they are.
    ("SECRET_NAME", RANDOM),
    ("DB_SECRET_ARN", "arn:aws:secretsmanager:us-west-2:246618743249:secret:prod/db-a1B2c3"),
    ("DB_SECRET", "arn:aws:secretsmanager:us-west-2:246618743249:secret:prod/db-a1B2c3"),
    ("db_secret", "prod/forecaster/database-2"),
    ("API_KEY_FILE", RANDOM),
    ("api_key", "/run/secrets/api-key-4711"),
    ("token_url", RANDOM),
    ("api_key_id", RANDOM),
    ("PUBLIC_KEY", RANDOM),
    # Keys of data.
    ("partition_key", RANDOM),
    ("keypoints", RANDOM),
    ("key", RANDOM),
    ("monkey", RANDOM),
    ("num_passes", "100000000"),
    ("bypass", RANDOM),
    # Values that are no secrets.
    ("DB_PASSWORD", "from-secrets-manager"),
    ("DB_PASSWORD", "prod-database-2"),
    ("DB_PASSWORD", "prod/forecaster/database-2"),
    ("DB_PASSWORD", "correcthorsebattery"),
    ("DB_PASSWORD", "1234567890"),
    ("DB_PASSWORD", "see the vault, entry 12!"),
    ("DB_PASSWORD", "<password of stage 2>"),
    ("DB_PASSWORD", "%(db_password1)s"),
    ("password_min_length", "12345678"),
    ("forward_pass", "bf16mixed"),
    ("password", ""),
    ("password", "hunter2"),
    ("api_key", "123456789012"),
    ("api_key", "1234567890.123456"),
    ("api_key", "none"),
    ("api_key", "your-api-key-here-12345"),
    ("api_key", "<api-key-of-stage-2>"),
    ("api_key", "xxxxxxxx1234xxxxxxxx"),
    ("api_key", "REPLACE_ME_1a2b3c4d5e"),
    ("api_key", "read at start from the secret store 1"),
    ("token", "meta-llama-3-8b-instruct"),
    ("token", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ("token", UUID),
    ("client_request_token", UUID),
    ("secret", "aaaaaaaaaaaaaaaa1"),
    # Letters alone, a number, a sentence, words that are joined, a pattern.
    ("api_key", "qzrlxvstbkwmdcpf"),
    ("api_key", "1.234567890123e-05"),
    ("api_key", "the quick brown fox jumps over 13 lazy dogs"),
    ("api_key", "forecasting-database2"),
    ("api_key", "release-2ab-candidate-x9"),
    ("api_key", "a1b2c3a1b2c3a1"),
    ("api_key", "0a1b2c" * 6),
    ("api_key", "0123abcd" * 4),
    ("api_key", "29141777a631706690b74b39"),
    ("password_hash", RANDOM),
    ("secret_version", RANDOM),
    ("token_column", RANDOM),
    ("password_policy", RANDOM),
    ("key_access_zone", RANDOM),
    ("key_access_date", RANDOM),
    ("AWS_SECRET_ACCESS_KEY", "abcdefg"),
    ("AWS_SECRET_ACCESS_KEY", "abcdeabc"),
    ("AWS_SECRET_ACCESS_KEY", "<aws-key-of-stage-2>"),
    ("AWS_ACCESS_KEY_ID", "testing"),
    ("AWS_SECRET_ACCESS_KEY", "test-secret-key"),
    ("AWS_REGION", "us-west-2"),
]


@pytest.mark.parametrize(("name", "value"), UNNAMED)
def test_values_and_names_that_are_no_secret(name: str, value: str) -> None:
    assert credentials.secret(name, value) is None


def test_of_several_secrets_all_are_masked() -> None:
    text = f"first {AWS_ID}, then {JWT}, then nothing"
    assert credentials.token(text) == ("an AWS access key id", f"{AWS_ID}, then {JWT}")


def test_of_an_address_the_login_is_masked() -> None:
    login = "app:" + "s3cretPw@"
    text = f"see postgres://{login}db.internal:5432/sales"
    assert credentials.token(text) == ("an address with a password", login)


@pytest.mark.parametrize(
    ("text", "bits"), [("aaaa", 0.0), ("abab", 1.0), ("aabc", 1.5), ("abcdefgh", 3.0), ("aaab", 0.8113)]
)
def test_information_of_a_character(text: str, bits: float) -> None:
    assert credentials.entropy(text) == pytest.approx(bits, abs=1e-4)


ODD = ("eyJ-", "AKIA", "sk-", "a.", "x@", "://a:", "gh", "hf_A", "-----BEGIN ")


@pytest.mark.parametrize("word", ODD)
def test_looking_for_secrets_takes_steps_as_the_value_is_long(word: str) -> None:
    """However odd the value: the rules run on every hyperparameter of every file."""
    one, two = (
        steps_of(partial(credentials.secret, "api_key", word * (size // len(word)))) for size in (300, 600)
    )
    assert all(two[part] <= 2.1 * one[part] for part in two), (one, two)


# All words of letters, digits and hyphens are the same to it.
@pytest.mark.parametrize(
    ("word", "size", "most"),
    [("eyJ-", 130, 2.4), ("x@", 130, 2.1), ("://a:", 130, 2.1), ("-----BEGIN ", 130, 2.1), ("a.", 60, 4)],
)
def test_looking_for_contacts_takes_bounded_steps(word: str, size: int, most: float) -> None:
    texts = (word * size)[:size], (word * size)[: 2 * size]
    one, two = (steps_of(partial(security._contact, text)) for text in texts)
    assert len(two) == 4
    assert all(two[part] <= most * one[part] for part in two), (one, two)
    # And no more is looked at.
    assert security._contact("x" * 4080 + " a@example.com")
    assert not security._contact("x" * 4096 + " a@example.com")


# ---------------------------------------------------------------- where it is looked for

JOB: dict[str, Any] = {"TrainingInputMode": "File"}
DESCRIBED = {"Name": "depth", "Type": "Integer"}
LOCATIONS: list[tuple[str, Any, Reported]] = [
    ("TrainingJobDefinition", {**JOB, "HyperParameters": {"api_key": RANDOM, "depth": "6", "x": UNKNOWN}},
     {("secret-in-hyperparameter", ("HyperParameters", "api_key"), "error")}),
    ("TrainingJobDefinition", {**JOB, "HyperParameters": OpenDict({"api_key": RANDOM})},
     {("secret-in-hyperparameter", ("HyperParameters", "api_key"), "error")}),
    # A hyperparameter may be called like a field.
    ("TrainingJobDefinition", {**JOB, "HyperParameters": {"Name": "api_key", "DefaultValue": RANDOM}}, set()),
    ("TrainingJobDefinition", {**JOB, "HyperParameters": {"api_key": "${ApiKey}"}}, set()),
    ("TrainingJobDefinition", {**JOB, "HyperParameters": {"api_key": "{{resolve:secretsmanager:x}}"}}, set()),
    ("HyperParameterSpecification", {"Name": "api_key", "Type": "FreeText", "DefaultValue": RANDOM},
     {("secret-in-hyperparameter", ("DefaultValue",), "error")}),
    ("HyperParameterSpecification", {"Name": UNKNOWN, "Type": "FreeText", "DefaultValue": RANDOM}, set()),
    ("HyperParameterSpecification", {"Name": UNKNOWN, "Type": "FreeText", "DefaultValue": AWS_ID},
     {("secret-in-hyperparameter", ("DefaultValue",), "error")}),
    ("EnvironmentMap", {"DB_PASSWORD": RANDOM, "A": UNKNOWN, "LEVEL": "info"},
     {("secret-in-environment", ("DB_PASSWORD",), "error")}),
    ("TransformEnvironmentMap", {"AWS_SECRET_ACCESS_KEY": AWS_SECRET},
     {("secret-in-environment", ("AWS_SECRET_ACCESS_KEY",), "error")}),
    ("HyperParameterSpecification", {**DESCRIBED, "Description": f"Sign in with {AWS_ID}"},
     {("secret-in-text", ("Description",), "error")}),
    ("ChannelSpecification", {"Name": "train", "Description": JWT},
     {("secret-in-text", ("Description",), "error")}),
    # Text has no name that promises a secret, so a random word in it is not one.
    ("HyperParameterSpecification", {**DESCRIBED, "Description": f"password: {RANDOM}"}, set()),
    ("MetricDefinition", {"Name": "loss", "Regex": f"{AWS_ID} loss=([0-9.]+)"},
     {("secret-in-text", ("Regex",), "error")}),
    ("Tag", {"Key": "db-password", "Value": RANDOM}, {("secret-in-text", ("Value",), "error")}),
    ("Tag", {"Key": UNKNOWN, "Value": AWS_ID}, {("secret-in-text", ("Value",), "error")}),
    ("Tag", {"Key": "owner", "Value": "jane.roe@example.com"}, set()),
    ("FileSystemDataSource", {"FileSystemAccessMode": "rw"},
     {("filesystem-read-write", ("FileSystemAccessMode",), "info")}),
    ("FileSystemDataSource", {"FileSystemAccessMode": "ro"}, set()),
    ("FileSystemDataSource", {"FileSystemAccessMode": UNKNOWN}, set()),
    ("ModelAccessConfig", {"AcceptEula": False}, {("eula-not-accepted", ("AcceptEula",), "warning")}),
    ("ModelAccessConfig", {"AcceptEula": True}, set()),
    ("ModelAccessConfig", {"AcceptEula": UNKNOWN}, set()),
    ("S3DataSource", {"ModelAccessConfig": {"AcceptEula": False}},
     {("eula-not-accepted", ("ModelAccessConfig", "AcceptEula"), "warning")}),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "spec", "expected"), LOCATIONS)
def test_where_secrets_are_looked_for(shape: str, spec: Any, expected: Reported) -> None:
    assert reported(spec, shape) == expected


CONTACTS = [
    ("Questions to jane.roe@corp.example", "an e-mail address"),
    ("Served from models.corp and docs.internal", "an internal host name"),
    ("Runs in account 246618743249", "an account number"),
    ("Version 1.2.3 of 2023, see example.com", ""),
    ("Trained on 1234567890123 rows @ 5 Hz", ""),
]


@pytest.mark.parametrize(("text", "what"), CONTACTS)
def test_contacts_matter_where_buyers_read_them(text: str, what: str) -> None:
    for flag in (True, False, UNKNOWN):
        found = found_in(
            {"AlgorithmDescription": text, "CertifyForMarketplace": flag}, "CreateAlgorithmInput"
        )
        found = [row for row in found if row[0] == "secret-in-text"]
        if what and flag is True:
            ((_, problem, level),) = found
            assert (problem.path, level) == (("AlgorithmDescription",), "info")
            assert problem.message == f"the description contains {what}, which buyers will read"
            assert problem.secret is None
        else:
            assert found == []


# ---------------------------------------------------------------- credential-in-uri

HOST = "https://amzn-example-bucket.s3.us-west-2.amazonaws.com"
SIGNED = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-" + "Signature=" + HEX
URIS: list[tuple[str, str | None, str | None]] = [
    # the address, what is secret in it, the address fixed
    (f"{HOST}/train/rows.csv?{SIGNED}", SIGNED, "s3://amzn-example-bucket/train/rows.csv"),
    (f"{HOST}/a%20b/%C3%A9?{SIGNED}", SIGNED, "s3://amzn-example-bucket/a b/é"),
    (
        f"https://s3.us-west-2.amazonaws.com/amzn-example-bucket/a?{SIGNED}",
        SIGNED,
        "s3://amzn-example-bucket/a",
    ),
    (f"s3://amzn-example-bucket/a%20b?{SIGNED}", SIGNED, "s3://amzn-example-bucket/a%20b"),
    (f"{HOST}/a?x-amz-security-token=abc", "x-amz-security-token=abc", "s3://amzn-example-bucket/a"),
    (
        f"{HOST}/a?AWSAccessKeyId=abc&Signature=d",
        "AWSAccessKeyId=abc&Signature=d",
        "s3://amzn-example-bucket/a",
    ),
    # Bytes that are no text, and a line break, are not put into a key.
    (f"{HOST}/a%ff?{SIGNED}", SIGNED, None),
    (f"{HOST}/a%0a?{SIGNED}", SIGNED, None),
    (f"https://data.example.com/rows.csv?{SIGNED}", SIGNED, None),
    ("https://jane:hunter2@data.example.com/rows.csv", "jane:hunter2@", None),
    ("s3://jane:hunter2@amzn-example-bucket/rows", "jane:hunter2@", "s3://amzn-example-bucket/rows"),
    # No credentials: a version, an address of somebody, a plain key.
    (f"{HOST}/a?versionId=3f2c", None, None),
    ("s3://amzn-example-bucket/jane:roe@example.com/rows", None, None),
    ("https://jane@data.example.com/rows.csv", None, None),
    ("s3://amzn-example-bucket/what?", None, None),
    ("s3://amzn-example-bucket/train/", None, None),
]


@pytest.mark.parametrize(("uri", "secret", "fixed"), URIS)
@pytest.mark.parametrize("shape", ["S3Uri", "S3ModelUri", "Url"])
def test_credentials_in_addresses(shape: str, uri: str, secret: str | None, fixed: str | None) -> None:
    found = [row for row in found_in(uri, shape) if row[0] == "credential-in-uri"]
    assert [problem.secret for _, problem, _ in found] == ([] if secret is None else [secret])
    for _, problem, level in found:
        assert level == "error"
        assert secret is not None
        assert secret not in problem.message
        if fixed is None:
            assert problem.fix is None
        else:
            assert isinstance(problem.fix, Replace)
            assert (problem.fix.value, problem.fix.safe) == (fixed, True)


# ---------------------------------------------------------------- messages


def test_messages_say_what_and_where_and_never_the_secret() -> None:
    rows: list[tuple[str, Any, str]] = [
        ("EnvironmentMap", {"DB_PASSWORD": RANDOM},
         "the environment variable 'DB_PASSWORD' contains what looks like a credential"),
        ("TrainingJobDefinition", {"HyperParameters": {"k": AWS_ID}},
         "the hyperparameter 'k' contains what looks like an AWS access key id"),
        ("HyperParameterSpecification", {"Name": "k", "DefaultValue": AWS_ID},
         "the default of 'k' contains what looks like an AWS access key id"),
        ("Tag", {"Key": "k", "Value": AWS_ID}, "the tag 'k' contains what looks like an AWS access key id"),
        ("EnvironmentMap", {"AWS_SESSION_TOKEN": AWS_SECRET},
         "the environment variable 'AWS_SESSION_TOKEN' contains what looks like the value of AWS_SESSION_TOKEN"),
    ]  # fmt: skip
    for shape, spec, start in rows:
        ((_, problem, _),) = found_in(spec, shape)
        assert problem.message == f"{start}; read it from a secret store instead, and rotate it"
        assert problem.secret in (RANDOM, AWS_ID, AWS_SECRET)
        assert problem.secret not in problem.message
        assert problem.fix is None
