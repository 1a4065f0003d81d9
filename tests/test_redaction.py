"""No report shows a secret of a request, whichever rule reports its location.

This is tested for everything that reports consist of: messages, related messages, titles of fixes, and lines
of the file.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from algolint.config.settings import FORMATS
from algolint.diagnostic import Diagnostic
from algolint.linting.linter import Linter, Selection
from algolint.readers import json as read_json
from algolint.readers import yaml as read_yaml
from algolint.reports import text as text_report
from algolint.rule_files import first_party_rules
from algolint.runs.outcome import Outcome
from algolint.secrets import redaction
from algolint.secrets.redaction import masked
from algolint.source import Source
from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES
from algolint.testing import model_of

RULES = first_party_rules()
EVERYTHING = frozenset(rule.name for rule in (*STRUCTURAL_RULES, *RULES))
SECRET_RULES = {"secret-in-hyperparameter", "secret-in-environment", "secret-in-text", "credential-in-uri"}

# Assembled here, so that scanners do not report them as real.
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
    """Return a request with a hyperparameter, a container and a validation profile, and the text to test."""
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
# The whole secret, or the part that a shortened quotation leaves.
SECRETS = (API_KEY, AWS_KEY, LONG, SIGNATURE, QUOTED, *PEM.split("\n")[1:3])


def linted(spec: dict[str, Any], syntax: str, silent: frozenset[str]) -> tuple[Source, list[Diagnostic]]:
    # JSON is YAML, so one text serves for both; hand-written YAML is below.
    source = Source(f"request.{syntax}", json.dumps(spec, indent=2))
    document = (read_json if syntax == "json" else read_yaml).read(source)[0]
    linter = Linter(model_of(), RULES, Selection(EVERYTHING - silent, {}, show_info=True))
    result = linter.lint(document)
    assert not result.crashes, result.crashes[0]
    return source, result.diagnostics


def masked_line(source: Source, line: int) -> str:
    return source.masked(source.line_span(line))


def shown_of(source: Source, found: list[Diagnostic]) -> str:
    """Return everything that a report can show of a file."""
    lines = [masked_line(source, line) for line in range(1, len(source.line_starts()) + 1)]
    messages = [location.message for d in found for location in (d.location, *d.related)]
    titles = [source.redacted(d.fix.title) for d in found if d.fix]
    return "\n".join([*lines, *messages, *titles])


def leaked(text: str) -> list[str]:
    """Return the parts of secrets with at least twelve characters that a text shows."""
    return [s[i : i + 12] for s in SECRETS for i in range(len(s) - 11) if s[i : i + 12] in text]


@pytest.mark.parametrize("silent", [frozenset(), frozenset(SECRET_RULES)], ids=["selected", "not selected"])
@pytest.mark.parametrize("syntax", ["json", "yaml"])
@pytest.mark.parametrize("where", WHERE)
def test_no_report_shows_a_secret(where: str, syntax: str, silent: frozenset[str]) -> None:
    """Secrets are masked before selection, so ignoring the rule does not reveal them."""
    source, found = linted(WHERE[where], syntax, silent)
    assert bool(SECRET_RULES & {d.rule.name for d in found}) == (not silent)
    assert source.redaction.secrets
    assert leaked(shown_of(source, found)) == []


@pytest.mark.parametrize("where", WHERE)
def test_masking_moves_nothing(where: str) -> None:
    """A masked line has the same length, so that columns and carets are right."""
    source, _ = linted(WHERE[where], "json", frozenset())
    lines = source.text.split("\n")
    assert [len(masked_line(source, i + 1)) for i in range(len(lines))] == [len(line) for line in lines]


def test_a_key_is_no_secret_because_the_value_before_it_is_like_a_name() -> None:
    text = """{'ETag': 'aWcrD-PwLgYw', "ManifestS3Uri": 's3://b/k', "Token": 'a-password' , 'TrainingImage': 1}"""
    assert masked(text) == text
    assert masked('["--password", "Tr0ub4dor"]') == '["--password", "*********"]'


def test_the_rest_of_a_file_stays_readable() -> None:
    source, found = linted(WHERE["an environment variable"], "json", frozenset())
    (finding,) = [d for d in found if d.rule.name == "secret-in-environment"]
    assert "DB_PASSWORD" in finding.message
    assert masked_line(source, finding.location.line).strip() == f'"DB_PASSWORD": "{"*" * len(API_KEY)}"'


def test_a_private_key_in_a_yaml_block() -> None:
    """All its lines are masked, although line breaks and indentation in the value differ from the file."""
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
    assert source.redaction.secrets == set()
    assert masked_line(source, 2) == '  "AlgorithmName": "forecaster",'


# ---------------------------------------------------------------- where no rule looks

GITHUB = "ghp" + "_" + API_KEY + API_KEY[:12]
PASSWORD = "MyS3cret" + "P4ss"
SPEC = json.dumps(request(), indent=1)
UNBOUND: dict[str, tuple[str, str]] = {
    "beside a syntax error of YAML": (
        "a.yaml",
        f'AlgorithmName: a b\nEnvironment: {{DB_PASSWORD: "{GITHUB}", X: y\nTags: []\n',
    ),
    "beside a missing comma in JSON": ("a.json", f'{{"AlgorithmName": "a" "DB_PASSWORD": "{API_KEY}"}}'),
    "under a misspelt key": (
        "a.json",
        SPEC.replace('"Environment": {}', f'"Enviroment": {{"DB_PASSWORD": "{PASSWORD}"}}'),
    ),
    "in a name and its value under a misspelt key": (
        "a.json",
        SPEC.replace(
            '"Environment": {}', f'"Enviroment": [{{"Name": "DB_PASSWORD", "Value": "{PASSWORD}"}}]'
        ),
    ),
    "in a text that is the value of another name": (
        "a.json",
        SPEC.replace('"Environment": {}', f'"Enviroment": {{"ARGS": "DB_PASSWORD={PASSWORD}"}}'),
    ),
    "in a JSON text": (
        "a.json",
        SPEC.replace('"Environment": {}', f'"Enviroment": {{"X": "{{\\"password\\": \\"{PASSWORD}\\"}}"}}'),
    ),
    "in an option": (
        "a.yaml",
        f"AlgorithmName: a b\nTags: []\ncommand: --password={PASSWORD}\nAlgorithmNam: a",
    ),
    "after a missing colon": ("a.json", f'{{"AlgorithmName": "a b", "DB_PASSWORD" "{PASSWORD}"}}'),
    "in a list of arguments": (
        "a.json",
        SPEC.replace('"Environment": {}', f'"ContainerArgs": ["--password", "{PASSWORD}"]'),
    ),
    "in an option of a command": (
        "a.sh",
        f"psql --password {PASSWORD} | aws sagemaker create-algorithm --algorithm-name 'a b' --tags Key=a,Value=b\n",
    ),
    "in a block of YAML": ("a.yaml", f"AlgorithmName: a b\nTags: []\nDB_PASSWORD: >-\n  {PASSWORD}\nX: 1\n"),
    "in an image": (
        "a.json",
        SPEC.replace("forecaster:1.4.2", f"forecaster:{GITHUB}@sha256:1"),
    ),
    "in the login of an image": (
        "a.json",
        SPEC.replace("246618743249.dkr", f"https://user:{AWS_KEY}@246618743249.dkr"),
    ),
    "in the query of a model's address": (
        "a.json",
        SPEC.replace(
            '"Environment"',
            f'"ModelDataUrl": "https://a.example/m.zip?token={AWS_KEY}&password={PASSWORD}", "Environment"',
        ),
    ),
    "in a content type": ("a.json", SPEC.replace('"text/csv"', f'"text {GITHUB}"')),
    "in an input mode": ("a.json", SPEC.replace('"File"', f'"{GITHUB}"')),
    "in a tag's key": ("a.json", SPEC.replace('"Tags": []', f'"Tags": [{{"Key": "{GITHUB}#", "Value": 1}}]')),
    "in the key of a variable": (
        "a.json",
        SPEC.replace('"Environment": {}', f'"Environment": {{"{GITHUB}/-": "x", "{GITHUB[::-1]}": 1}}'),
    ),
    "in a key, escaped": (
        "a.json",
        SPEC.replace('"Environment": {}', f'"Environment": {{"\\u0067{GITHUB[1:]}/-": "x"}}'),
    ),
    "in a suppression": ("a.yaml", f"# algolint: ignore[{GITHUB}]\nAlgorithmName: a\nTags: []\n"),
    "in a comment": ("a.yaml", f"AlgorithmName: a b # DB_PASSWORD={PASSWORD} {GITHUB}\nTags: []\n"),
    "in a private key that is not closed": (
        "a.yaml",
        f"AlgorithmName: a b\nTags: []\nx: {json.dumps(PEM)[1:-40]}\n",
    ),
    "in a misspelt field of a program": (
        "a.py",
        "import boto3\nsagemaker = boto3.client('sagemaker')\n"
        f"sagemaker.create_algorithm(AlgorithmName='a b', Enviroment={{'DB_PASSWORD': '{PASSWORD}'}})\n",
    ),
}
# Rules' pages, which some formats include, name the parameter of a signature.
EVERY_SECRET = (*(s for s in SECRETS if s != SIGNATURE), GITHUB, PASSWORD)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_secret_that_no_rule_reads(form: str, algolint: Run, tmp_path: Path) -> None:
    names = [f"{number:02}/{name}" for number, (name, _) in enumerate(UNBOUND.values())]
    for name, (_, text) in zip(names, UNBOUND.values(), strict=True):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    done = algolint("--isolated", "--show-info", "--format", form, *names)
    assert done.returncode == 1, done.stderr
    for number in range(len(UNBOUND)):
        assert f"{number:02}/a." in done.stdout.replace("\\", "/"), f"{number:02} has no finding"
    assert [
        s[i : i + 10] for s in EVERY_SECRET for i in range(len(s) - 9) if s[i : i + 10] in done.stdout
    ] == []


MISPLACED = {
    "a key": f'"{GITHUB}" = 1',
    "a value": f'fail-on = "{GITHUB}"',
    "a region": f'region = "{GITHUB}"',
    "a revision": f'api-revision = "{GITHUB}"',
    "a rule": f'ignore = ["{GITHUB}"]',
    "a rule of files": f"per-file-ignores = {{ '*' = ['{GITHUB}'] }}",
    "a pattern": f'exclude = ["{GITHUB}[z-a]"]',
    "a pack": f'plugins = ["{GITHUB}"]',
    "a folder": f'rule-directories = ["{GITHUB}"]',
    "a file": f'extend = "{GITHUB}.toml"',
    "a pointer": f'[[suppressions]]\npointer = "{GITHUB}"\nrules = ["x"]',
    "two tables": f"['{GITHUB}']\n['{GITHUB}']",
}


@pytest.mark.parametrize("text", MISPLACED.values(), ids=MISPLACED)
def test_what_is_wrong_with_a_configuration_shows_no_secret(algolint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a b", "TrainingSpecification": {}}')
    (tmp_path / "algolint.toml").write_text(text)
    done = algolint("--format", "json", "a.json")
    assert done.returncode == 2
    assert GITHUB[4:] not in done.stdout + done.stderr
    assert "****" in done.stderr


def test_neither_a_baseline_nor_an_argument_shows_a_secret(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text(f'{{"version": 1, "findings": {{"a.json": [{GITHUB}')
    for arguments in (("--baseline", "b.json", "a.json"), ("--ignore", GITHUB, "a.json"), (f"--{GITHUB}",)):
        done = algolint(*arguments)
        assert (done.returncode, GITHUB[4:] in done.stderr) == (2, False)


@pytest.mark.parametrize("first", ["g", "\\u0067", "\\x67", "\\U00000067"])
@pytest.mark.parametrize("last", ["", "a", "\\u0061"])
@pytest.mark.parametrize("middle", ["", "\\u0041\\u0041"])
def test_escapes_hide_no_token(first: str, middle: str, last: str) -> None:
    token = f"{first}{GITHUB[1:20]}{middle}{GITHUB[20:]}{last}"
    assert (
        masked_line(Source("a.json", f'"\\u0041 {token} \\u0042"'), 1)
        == f'"\\u0041 {"*" * len(token)} \\u0042"'
    )


@pytest.mark.parametrize("where", UNBOUND)
def test_masking_what_no_rule_reads_moves_nothing(where: str) -> None:
    source = Source(*UNBOUND[where])
    lines = [masked_line(source, number + 1) for number in range(source.text.count("\n") + 1)]
    assert [len(line) for line in lines] == [len(line) for line in source.text.split("\n")]
    assert any("****" in line for line in lines)


@pytest.mark.parametrize("form", FORMATS)
def test_no_fix_spells_a_secret_otherwise(form: str, algolint: Run, tmp_path: Path) -> None:
    """A name is corrected to hyphens, and an image to lower case."""
    names = json.loads(SPEC)
    names["AlgorithmName"] = f"a {GITHUB} b"
    image = {
        "AlgorithmName": "a",
        "TrainingSpecification": {
            "TrainingImage": f"246618743249.dkr.ecr.eu-north-1.amazonaws.com/{GITHUB}:1"
        },
    }
    (tmp_path / "a.json").write_text(json.dumps(names))
    (tmp_path / "b.json").write_text(json.dumps(image))
    done = algolint("--isolated", "--show-info", "--format", form, "a.json", "b.json")
    assert done.returncode == 1
    assert GITHUB[4:20].lower() not in done.stdout.lower()


# Files with an argument called TOKEN, which is spelled differently in paths and messages.
RENAMED = {
    "a.tf": 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "a"\n  TOKEN = [{\n    x_TOKEN = 1\n  }]\n}\n',
    "a.ts": 'new sagemaker.CfnAlgorithm(this, "a", {algorithmName: "a", TOKEN: 1, x_TOKEN: {a: 1}});\n',
    "a.py": "from sagemaker.core.resources import Algorithm\nAlgorithm.create(algorithm_name='a', TOKEN=1)\n",
}


@pytest.mark.parametrize("name", RENAMED)
@pytest.mark.parametrize("form", ["full", "json", "sarif", "html"])
@pytest.mark.parametrize("token", [GITHUB, "AKIA" + "QZ7" * 5 + "Q"])
def test_no_spelling_of_a_name_shows_a_secret(name: str, form: str, token: str, algolint: Run) -> None:
    text = RENAMED[name].replace("TOKEN", token)
    done = algolint("--isolated", "--show-info", "--format", form, "-", "--stdin-filename", name, stdin=text)
    assert done.returncode == 1
    plain = re.sub("[^0-9a-z]", "", done.stdout.lower())
    assert re.sub("[^0-9a-z]", "", token.lower())[8:] not in plain


def test_a_secret_that_a_fix_spells_otherwise_stays_masked(algolint: Run) -> None:
    profile = f'{{"ProfileName": "a {GITHUB} b"}}'
    text = f'{{"AlgorithmName": "a", "ValidationSpecification": {{"ValidationProfiles": [{profile}]}}}}'
    done = algolint("--isolated", "--fix", "--unsafe-fixes", "-", "--stdin-filename", "a.json", stdin=text)
    assert GITHUB[4:] in done.stdout.replace("-", "")
    assert "TrainingJobDefinition" in done.stderr
    assert GITHUB[4:20] not in done.stderr


def test_the_baseline_hashes_no_secret() -> None:
    """Otherwise readers of a committed baseline could guess a weak secret. The findings of two secrets are
    equal.
    """
    fingerprints = []
    for secret in (PASSWORD, "An0ther" + "Passw0rd"):
        source = Source("a.json", json.dumps(request(environment={"DB_PASSWORD": secret})))
        linter = Linter(model_of(), RULES, with_fingerprints=True)
        found = linter.lint(read_json.read(source)[0]).diagnostics
        fingerprints.append([d.fingerprint for d in found if d.rule.name == "secret-in-environment"])
    assert fingerprints[0] == fingerprints[1] != []


@pytest.mark.parametrize(
    "text",
    [
        "MaxRuntimeInSeconds: 86400, VolumeSizeInGB: 12345678",
        "password: from-secrets-manager",
        "DB_PASSWORD: ${DB_PASSWORD}",
        "DB_PASSWORD: '{{ vault.password1 }}'",
        "DB_PASSWORD_FILE: /run/secrets/db1",
        "DB_PASSWORD: arn:aws:secretsmanager:us-west-2:246618743249:secret:prod/db-a1B2c3",
        "password = read_secret1(",
        "max_tokens: 12345678, tokenizer: bert-base-uncased-2023",
        "Key: team, Value: pricing-2023-x",
        '["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "db_password", "region_name_1"]',
        "AKIA" + "IOSFODNN7EXAMPLE",
        "s3://amzn-example-bucket/train/?versionId=3HL4kqtJlcpXroDTDmJrmSpXd3dIbrHY",
    ],
)
def test_other_text_stays_readable(text: str) -> None:
    assert masked_line(Source("a.yaml", text), 1) == text


# ---------------------------------------------------------------- long lines


def a_long_line() -> str:
    """Return a line that has a secret of each kind at every distance from the ends of blocks."""
    texts = [
        AWS_KEY,
        f'"DB_PASSWORD": "{API_KEY}"',
        LONG,
        f"https://x.example.com/?token={API_KEY}",
        PEM.replace("\n", "\\n"),
    ]
    pieces = [f"{'x ' * (37 * n % 90)}{texts[n % len(texts)]}, " for n in range(120)]
    return "".join(pieces)


@pytest.mark.parametrize("size", [700, 1024, 4096])
def test_what_a_window_of_a_line_masks_is_what_the_line_masks(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """A line is masked in blocks; a secret across the ends of a block or of a window is masked completely."""
    line = a_long_line()
    whole = Source("a.txt", line).masked((0, len(line)))
    assert leaked(whole) == []
    assert len(whole) == len(line)
    monkeypatch.setattr("algolint.secrets.redaction._BLOCK", size)
    source = Source("a.txt", line)
    windows = [source.masked((start, start + 280)) for start in range(0, len(line), 91)]
    assert windows == [whole[start : start + 280] for start in range(0, len(line), 91)]


def test_a_secret_longer_than_a_block_is_masked_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("algolint.secrets.redaction._BLOCK", 1024)
    monkeypatch.setattr("algolint.limits.MAX_SECRETS", 1)
    begin, *_, end = PEM.split("\n")
    body = "".join(f"{n:05d}Qm9ndXNLZXk" for n in range(2000))
    source = Source("a.txt", f"{AWS_KEY} {begin}{body}{end} and more")
    assert set(source.masked((20_000, 20_280))) == {"*"}


@pytest.mark.parametrize("form", ["html", "full", "json", "sarif"])
def test_a_line_is_masked_once_however_many_findings_it_has(
    monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Counts the characters that are searched for secrets while a minified file is reported."""
    monkeypatch.setattr("algolint.secrets.redaction._BLOCK", 4096)
    values = {f"SECRET_{n}": f"{n}{LONG[-40:]}7" * 11 for n in range(300)}
    source = Source("a.json", json.dumps(request(environment=values)))
    outcome = Outcome(model_of())
    outcome.diagnostics = Linter(model_of(), RULES).lint(read_json.read(source)[0]).diagnostics
    assert len(outcome.diagnostics) > 300
    searched = 0
    spans = redaction.spans

    def counted(text: str) -> list[tuple[int, int]]:
        nonlocal searched
        searched += len(text)
        return spans(text)

    monkeypatch.setattr(redaction, "spans", counted)
    if form == "full":
        report = "\n".join(text_report.full(outcome.diagnostics, text_report.style_of("never", None)))
    else:
        report = import_module(f"algolint.reports.{form}").report(outcome)
    assert LONG[-40:] not in report
    messages = sum(len(d.message) for d in outcome.diagnostics)
    # Each block is searched with what is around it.
    assert searched < 10 * (len(source.text) + messages)
