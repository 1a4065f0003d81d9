"""Faults of partially known texts that are certain, whatever the holes contain.

The texts have a hole `~`, which is written in the usual way of each syntax. The rest of the request is
complete, and without the fault it has no findings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import sampled
from rule_cases import Path, linter

from algolint.readers.python_specs import snake_case
from algolint.source import Source

ACCOUNT = "246618743249"
HOST = f"{ACCOUNT}.dkr.ecr.eu-north-1.amazonaws.com"
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
DIGEST = "6c3c624b58dbbcd3c0dd82b4c53f0419" * 2
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"

TRAINING = "TrainingSpecification"
INFERENCE = "InferenceSpecification"
PROFILE = ("ValidationSpecification", "ValidationProfiles", 0)
JOB = (*PROFILE, "TrainingJobDefinition")
TRANSFORM = (*PROFILE, "TransformJobDefinition")
CHANNEL = (*JOB, "InputDataConfig", 0)
SOURCE = (*CHANNEL, "DataSource", "S3DataSource")
CONTAINER = (INFERENCE, "Containers", 0)
ROLE = ("ValidationSpecification", "ValidationRole")


def request() -> dict[str, Any]:
    """Return a complete request without a fault."""
    return {
        "AlgorithmName": "weather",
        "AlgorithmDescription": "Forecasts the weather.",
        "CertifyForMarketplace": False,
        "TrainingSpecification": {
            "TrainingImage": f"{HOST}/weather:1.4",
            "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
            "SupportedHyperParameters": [
                {"Name": "epochs", "Description": "How often.", "Type": "Integer", "DefaultValue": "3"}
            ],
            "TrainingChannels": [
                {
                    "Name": "train",
                    "Description": "The observations.",
                    "SupportedContentTypes": ["text/csv"],
                    "SupportedInputModes": ["File", "Pipe"],
                    "SupportedCompressionTypes": ["None", "Gzip"],
                }
            ],
        },
        "InferenceSpecification": {
            "Containers": [{"Image": f"{HOST}/weather-serving:1.4"}],
            "SupportedTransformInstanceTypes": ["ml.m5.xlarge"],
            "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge"],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "ValidationSpecification": {
            "ValidationRole": f"arn:aws:iam::{ACCOUNT}:role/validation",
            "ValidationProfiles": [
                {
                    "ProfileName": "weekly",
                    "TrainingJobDefinition": {
                        "TrainingInputMode": "File",
                        "HyperParameters": {"epochs": "2"},
                        "InputDataConfig": [
                            {
                                "ChannelName": "train",
                                "ContentType": "text/csv",
                                "DataSource": {
                                    "S3DataSource": {
                                        "S3DataType": "S3Prefix",
                                        "S3Uri": "s3://weather-data/train/",
                                    }
                                },
                            }
                        ],
                        "OutputDataConfig": {"S3OutputPath": "s3://weather-data/models/"},
                        "ResourceConfig": {
                            "InstanceType": "ml.m5.xlarge",
                            "InstanceCount": 1,
                            "VolumeSizeInGB": 30,
                        },
                        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
                    },
                    "TransformJobDefinition": {
                        "TransformInput": {
                            "ContentType": "text/csv",
                            "DataSource": {
                                "S3DataSource": {
                                    "S3DataType": "S3Prefix",
                                    "S3Uri": "s3://weather-data/score/",
                                }
                            },
                        },
                        "TransformOutput": {
                            "S3OutputPath": "s3://weather-data/scored/",
                            "Accept": "text/csv",
                        },
                        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
                    },
                }
            ],
        },
        "Tags": [{"Key": "team", "Value": "forecasts"}],
    }


def changed(*changes: tuple[Path, Any]) -> dict[str, Any]:
    """Return the request with the values at some paths replaced; None removes a field."""
    spec = request()
    for path, value in changes:
        place: Any = spec
        for step in path[:-1]:
            if isinstance(place, dict):
                place = place.setdefault(step, {})
            else:
                place = place[step]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value
    return spec


IMAGE = (TRAINING, "TrainingImage")
SERVING = (*CONTAINER, "Image")
IMAGE_DIGEST = (TRAINING, "TrainingImageDigest")
KMS_KEY = (*JOB, "OutputDataConfig", "KmsKeyId")
TRANSFORM_KEY = (*TRANSFORM, "TransformOutput", "KmsKeyId")
VOLUME_KEY = (*JOB, "ResourceConfig", "VolumeKmsKeyId")
URI = (*SOURCE, "S3Uri")
OUTPUT = (*JOB, "OutputDataConfig", "S3OutputPath")
DATA_TYPE = (*SOURCE, "S3DataType")
MODE = (*JOB, "TrainingInputMode")
COUNT = (*JOB, "ResourceConfig", "InstanceCount")
DISTRIBUTION = (*SOURCE, "S3DataDistributionType")
TRANSFORM_COUNT = (*TRANSFORM, "TransformResources", "InstanceCount")
TRANSFORM_URI = (*TRANSFORM, "TransformInput", "DataSource", "S3DataSource", "S3Uri")
MODEL = (*CONTAINER, "ModelDataUrl")
MODEL_URI = (*CONTAINER, "ModelDataSource", "S3DataSource", "S3Uri")
MODEL_SOURCE = (*CONTAINER, "ModelDataSource", "S3DataSource")
PROFILE_NAME = (*PROFILE, "ProfileName")
NAME = ("AlgorithmName",)
DESCRIPTION = ("AlgorithmDescription",)
CHANNEL_NAME = (*CHANNEL, "ChannelName")
HOSTNAME = (*CONTAINER, "ContainerHostname")
TAG_KEY = ("Tags", 0, "Key")
TAG_VALUE = ("Tags", 0, "Value")
INSTANCE = (*JOB, "ResourceConfig", "InstanceType")
TRANSFORM_INSTANCE = (*TRANSFORM, "TransformResources", "InstanceType")
RUNTIME = (*JOB, "StoppingCondition", "MaxRuntimeInSeconds")
DEFAULT = (TRAINING, "SupportedHyperParameters", 0, "DefaultValue")
EPOCHS = (*JOB, "HyperParameters", "epochs")
VARIABLE = (*CONTAINER, "Environment", "REPO")
ENVIRONMENT = (*CONTAINER, "Environment")
CERTIFY = ("CertifyForMarketplace",)
INSTANCES = (TRAINING, "SupportedTrainingInstanceTypes")
PLAN = (*JOB, "ResourceConfig", "TrainingPlanArn")
FILE_SOURCE = (*CHANNEL, "DataSource", "FileSystemDataSource")
FILE_SYSTEM = (*FILE_SOURCE, "FileSystemId")
DIRECTORY = (*FILE_SOURCE, "DirectoryPath")
VOLUME_SIZE = (*JOB, "ResourceConfig", "VolumeSizeInGB")


def case(
    rule: str, path: Path, text: str, *others: tuple[Path, Any], blamed: Path | None = None
) -> tuple[str, Path, list[tuple[Path, Any]]]:
    """Return a rule that reports the text at a path (or `blamed` instead) in the request with other changes."""
    return rule, blamed or path, [*others, (path, text)]


CASES = [
    case(
        "image-region-mismatch",
        SERVING,
        "~.dkr.ecr.eu-west-1.amazonaws.com/weather-serving:1.4",
        (IMAGE, "~.dkr.ecr.eu-north-1.amazonaws.com/weather:1.4"),
    ),
    case("image-region-mismatch", SERVING, "~.dkr.ecr.us-~.amazonaws.com/weather-serving:1"),
    case("image-region-mismatch", SERVING, "~.dkr.ecr.us-east-1.~/weather-serving:1"),
    case("image-mutable-tag", IMAGE, "~.dkr.ecr.eu-north-1.amazonaws.com/weather:latest", (CERTIFY, True)),
    case("image-mutable-tag", IMAGE, f"{HOST}/~/weather:latest", (CERTIFY, True)),
    case("image-mutable-tag", IMAGE, "~.dkr.ecr.~.amazonaws.com/weather", (CERTIFY, True)),
    case("image-not-private-ecr", IMAGE, "docker.io/~:1"),
    case("image-not-private-ecr", IMAGE, "docker.io/weather:~"),
    case("image-not-private-ecr", IMAGE, "python:~"),
    case("image-not-private-ecr", SERVING, "public.ecr.aws/~/weather:1"),
    case("image-not-private-ecr", SERVING, "ghcr.io/~/~:~"),
    case("image-malformed-reference", IMAGE, f"https://{HOST}/weather:~"),
    case("image-malformed-reference", IMAGE, f"{HOST}/Weather:~"),
    case("image-malformed-reference", IMAGE, "~.dkr.ecr.eu-north-1.amazonaws.com/weather:"),
    case("image-malformed-reference", IMAGE, "~.dkr.ecr.eu-north-1.amazonaws.com/my weather:1"),
    case("image-tag-and-digest", IMAGE, f"{HOST}/weather:1.4@sha256:~"),
    case("image-digest-not-sha256", IMAGE_DIGEST, "md5:~"),
    case("pattern-mismatch", IMAGE_DIGEST, "sha256:~/x"),
    case(
        "image-account-mismatch",
        IMAGE,
        "998877665544.dkr.ecr.eu-north-1.amazonaws.com/weather:~",
        (CERTIFY, True),
    ),
    case("partition-mismatch", IMAGE, "~.dkr.ecr.cn-north-1.amazonaws.com/weather:1"),
    case("partition-mismatch", ROLE, "arn:aws-cn:iam::~:role/validation"),
    case("partition-mismatch", ROLE, "arn:aws-us-gov:iam::~:role/~"),
    case("pattern-mismatch", ROLE, "arn:aws:iam::~:user/validation"),
    case("pattern-mismatch", ROLE, "~:role/my role"),
    case("placeholder-left-in", ROLE, "arn:aws:iam::123456789012:role/~"),
    case(
        "kms-region-mismatch",
        KMS_KEY,
        "arn:aws:kms:us-east-1:~:key/~",
        (IMAGE, "~.dkr.ecr.eu-north-1.amazonaws.com/weather:1.4"),
    ),
    case("kms-region-mismatch", TRANSFORM_KEY, f"arn:~:kms:us-east-1:~:key/{KEY}"),
    case("kms-id-format", KMS_KEY, "key/~"),
    case("kms-id-format", KMS_KEY, "arn:aws:iam::~:role/x"),
    case("kms-id-format", KMS_KEY, "alias/weather key ~"),
    case("training-volume-kms-alias", VOLUME_KEY, "alias/~"),
    case("training-volume-kms-alias", VOLUME_KEY, "arn:aws:kms:eu-north-1:~:alias/weather"),
    case(
        "volume-kms-on-local-storage",
        VOLUME_KEY,
        f"arn:aws:kms:eu-north-1:~:key/{KEY}",
        (INSTANCES, ["ml.g5.xlarge"]),
        (INSTANCE, "ml.g5.xlarge"),
    ),
    case("kms-on-s3-express", OUTPUT, "s3://weather--use1-az4--x-s3/~/", (KMS_KEY, KEY), blamed=KMS_KEY),
    case("image-region-mismatch", PLAN, "arn:aws:sagemaker:us-west-2:~:training-plan/p1"),
    case("s3-uri-malformed", URI, "s3://s3://~/in/"),
    case("s3-uri-malformed", URI, " s3://~/in/"),
    case("s3-uri-malformed", URI, "s3://weather_~/in/"),
    case("s3-uri-malformed", URI, "s3://w/~/in/"),
    case("s3-uri-malformed", URI, "s3://.weather-~/in/"),
    case("s3-uri-malformed", URI, "s3://weather..data-~/in/"),
    case("s3-uri-not-s3-scheme", URI, "https://s3.amazonaws.com/~/in/"),
    case("s3-uri-not-s3-scheme", URI, "https://~.s3.eu-north-1.amazonaws.com/in/"),
    case("s3-uri-not-s3-scheme", URI, "gs://~/in/"),
    case("s3-uri-not-s3-scheme", URI, "s3a://~/in/"),
    case("s3-uri-not-s3-scheme", URI, "/opt/ml/~"),
    case("s3-uri-not-s3-scheme", OUTPUT, "file://~/out"),
    case("credential-in-uri", URI, "https://~.s3.amazonaws.com/x.csv?X-Amz-Signature=9c3f70a1be"),
    case("credential-in-uri", URI, "https://data.example.com/~?X-Amz-Signature=~"),
    case("manifest-uri-shape", URI, "s3://~/lists/", (DATA_TYPE, "ManifestFile")),
    case("manifest-uri-shape", URI, "s3://~/lists/train.manifest"),
    case("fastfile-prefix-without-slash", URI, "s3://~/rows", (MODE, "FastFile")),
    case("compression-suffix-mismatch", URI, "s3://~/train.csv.gz", (MODE, "Pipe"), blamed=CHANNEL),
    case(
        "sharding-without-effect",
        URI,
        "s3://~/train/rows.csv",
        (COUNT, 3),
        (DISTRIBUTION, "ShardedByS3Key"),
        blamed=DISTRIBUTION,
    ),
    case(
        "transform-idle-instances",
        TRANSFORM_URI,
        "s3://~/score/rows.csv",
        (TRANSFORM_COUNT, 2),
        blamed=TRANSFORM_COUNT,
    ),
    case("model-data-not-targz", MODEL, "s3://~/w.tgz"),
    case("model-data-not-targz", MODEL, "s3://weather-data/~/model.zip"),
    case("model-data-in-algorithm", MODEL, "s3://~/w.tar.gz"),
    case(
        "s3-model-source-shape",
        MODEL_URI,
        "s3://~/models/w",
        (MODEL_SOURCE, {"S3DataType": "S3Prefix", "CompressionType": "None"}),
    ),
    case(
        "s3-model-source-shape",
        MODEL_URI,
        "s3://~/w.zip",
        (MODEL_SOURCE, {"S3DataType": "S3Object", "CompressionType": "Gzip"}),
    ),
    case("region-hint-in-bucket", OUTPUT, "s3://sagemaker-us-east-1-~/weather/"),
    case("profile-name-pattern", PROFILE_NAME, "run_~"),
    case("pattern-mismatch", NAME, "weather.~"),
    case("pattern-mismatch", NAME, "-~"),
    case("pattern-mismatch", NAME, "~-weather-"),
    case("string-length", NAME, "weather-" * 8 + "~"),
    case("pattern-mismatch", CHANNEL_NAME, "train data ~"),
    case("pattern-mismatch", HOSTNAME, "serving.~"),
    case("string-length", DESCRIPTION, "~" + "x" * 1025),
    case("text-control-chars", DESCRIPTION, "by ~\u200bteam"),
    case("tag-reserved-prefix", TAG_KEY, "aws:~"),
    case("tag-reserved-prefix", TAG_VALUE, "AWS:~"),
    case("tag-charset", TAG_VALUE, "a, ~"),
    case("tag-charset", TAG_KEY, "~ & co"),
    case("unknown-value", MODE, "PIPE~"),
    case("unknown-instance-type", INSTANCE, "m5.~"),
    case("unknown-instance-type", INSTANCE, "ml.m5.~-large"),
    case("instance-wrong-role", TRANSFORM_INSTANCE, "ml.p4d.~"),
    case("wrong-type", RUNTIME, "~h"),
    case("hp-default-not-parseable", DEFAULT, "~ epochs"),
    case("profile-hp-value-invalid", EPOCHS, "~ epochs"),
    case("secret-in-hyperparameter", EPOCHS, f"{TOKEN} ~"),
    case("secret-in-environment", VARIABLE, f"https://~/{TOKEN}/x"),
    case("secret-in-environment", VARIABLE, "postgres://svc:Xk29dQzLw8@~/rows"),
    case("secret-in-text", DESCRIPTION, f"~, with {TOKEN} for the data"),
    case("secret-in-text", TAG_VALUE, f"~ {TOKEN} x"),
    case("credential-in-uri", URI, "https://ci:q7Zr2LxV9s@~/x"),
    case("image-malformed-reference", IMAGE, f"{HOST}/weather:-~"),
    case("image-not-private-ecr", SERVING, "localhost:5000/~:1"),
    case("partition-mismatch", SERVING, "~.dkr.ecr.eu-north-1.amazonaws.com.cn/weather:1"),
    case("pattern-mismatch", ROLE, "arn:aws:iam::12345:role/~"),
    case("placeholder-left-in", ROLE, "arn:aws:iam::<account>:role/~"),
    case("model-data-not-targz", MODEL, "s3://<bucket>/~/w.tgz"),
    case("image-region-mismatch", SERVING, "<account>.dkr.ecr.us-east-1.amazonaws.com/~:1"),
    case("kms-id-format", VOLUME_KEY, "arn:aws:kms:eu-north-1:~:alias/weather key"),
    case("s3-uri-not-s3-scheme", OUTPUT, "S3://~/out/"),
    case("s3-uri-not-s3-scheme", TRANSFORM_URI, "https://data.example.com/~/rows.csv"),
    case("pattern-mismatch", CHANNEL_NAME, "tr@in-~"),
    case("pattern-mismatch", FILE_SYSTEM, "efs-~", (FILE_SOURCE, {"DirectoryPath": "/data"})),
    case("filesystem-needs-vpc", DIRECTORY, "data/~", (FILE_SOURCE, {})),
    case("string-length", TAG_KEY, "~" + "k" * 129),
    case("unknown-instance-type", INSTANCE, "ml.zz9.~"),
    case("wrong-type", VOLUME_SIZE, "~ GB"),
]
IDS = [f"{rule}-{number}" for number, (rule, _, _) in enumerate(CASES)]


def reported(text: str, name: str) -> set[tuple[str, str]]:
    """Return the rules that report, each with its path in the spec."""
    outcome = linter().lint_source(Source(name, text))
    assert outcome.diagnostics is not None
    return {(d.rule.name, d.location.pointer) for d in outcome.diagnostics}


def pointer(path: Path) -> str:
    return "".join(f"/{step}" for step in path)


# ---------------------------------------------------------------- syntaxes


class Writer:
    """A writer of specs in the syntax of a programming language."""

    def __init__(self, text: Callable[[str], str], pair: str = '"{}": {}', names: bool = False) -> None:
        self.text = text
        self.pair = pair
        self.names = names

    def value(self, value: Any, of_user: bool = False) -> str:
        match value:
            case dict():
                pairs = (
                    self.pair.format(
                        snake_case(key) if self.names and not of_user else key,
                        self.value(item, key in ("Environment", "HyperParameters")),
                    )
                    for key, item in value.items()
                )
                return f"{{{', '.join(pairs)}}}"
            case list():
                return f"[{', '.join(map(self.value, value))}]"
            case str():
                return self.text(value)
        return json.dumps(value)


def _quoted(hole: str) -> Callable[[str], str]:
    return lambda text: json.dumps(text, ensure_ascii=False).replace("~", hole)


def _f_string(text: str) -> str:
    return f"f{json.dumps(text)}".replace("~", "{x}") if "~" in text else json.dumps(text)


def _formatted(text: str) -> str:
    return f"{json.dumps(text)}.format(x=x)".replace("~", "{x}") if "~" in text else json.dumps(text)


def _percent(text: str) -> str:
    holes = ", ".join("x" for _ in range(text.count("~")))
    return f"{json.dumps(text)} % ({holes},)".replace("~", "%s") if "~" in text else json.dumps(text)


def _sub(text: str) -> Any:
    return {"Fn::Sub": text.replace("~", "${X}")} if "~" in text else text


def _mapped(value: Any, text: Callable[[str], Any]) -> Any:
    match value:
        case dict():
            return {key: _mapped(item, text) for key, item in value.items()}
        case list():
            return [_mapped(item, text) for item in value]
        case str():
            return text(value)
    return value


def _python(spec: Any, text: Callable[[str], str]) -> str:
    arguments = Writer(text).value(spec).replace(": true", ": True").replace(": false", ": False")
    return f"import boto3\n\ndef create(x):\n    boto3.client('sagemaker').create_algorithm(**{arguments})\n"


def _template(properties: Any) -> str:
    resource = {"Type": "AWS::SageMaker::Algorithm", "Properties": properties}
    return json.dumps({"Resources": {"Algorithm": resource}})


def _short(spec: Any) -> str:
    lines = Writer(lambda text: f"{'!Sub ' if '~' in text else ''}{_quoted('${X}')(text)}").value(spec)
    return f"Resources:\n  A:\n    Type: AWS::SageMaker::Algorithm\n    Properties: {lines}\n"


def _terraform(spec: Any) -> str:
    body = Writer(_quoted("${var.x}"), "{} = {}", names=True).value(spec)[1:-1]
    lines = body.replace("algorithm_description =", "\nalgorithm_description =")
    for name in ("certify", "training_specification", "inference", "validation_specification", "tags"):
        lines = lines.replace(f", {name}", f"\n{name}")
    return f'resource "awscc_sagemaker_algorithm" "a" {{\n{lines}\n}}\n'.replace(", \n", "\n")


SYNTAXES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "JSON with ${}": ("a.json", lambda spec: json.dumps(spec).replace("~", "${X}")),
    "JSON with %()s": ("a.json", lambda spec: json.dumps(spec).replace("~", "%(x)s")),
    "YAML with {{ }}": ("a.yaml", lambda spec: json.dumps(spec).replace("~", "{{ x }}")),
    "a template of YAML": (
        "a.yaml.j2",
        lambda spec: f"# {{{{ y }}}}\n{json.dumps(spec)}".replace("~", "{{ x }}"),
    ),
    "f-strings": ("a.py", lambda spec: _python(spec, _f_string)),
    "str.format": ("a.py", lambda spec: _python(spec, _formatted)),
    "%": ("a.py", lambda spec: _python(spec, _percent)),
    "Fn::Sub": ("a.json", lambda spec: _template(_mapped(spec, _sub))),
    "!Sub": ("a.yaml", _short),
    "Terraform": ("a.tf", _terraform),
    "TypeScript": (
        "a.ts",
        lambda spec: (
            f"new CreateAlgorithmCommand({Writer(lambda t: json.dumps(t).replace(chr(34), '`').replace('~', '${x}')).value(spec)})"
        ),
    ),
}


# CloudFormation's type has no such fields.
IN_CLOUDFORMATION = {"Fn::Sub", "!Sub", "Terraform"}
FOREIGN = {"ValidationSpecification", "CertifyForMarketplace", "ModelDataUrl", "ModelDataSource"}


def written_in(syntax: str) -> list[Any]:
    """Return the cases that can be written in a syntax."""
    return [
        pytest.param(*case, syntax, id=f"{name}-{syntax}")
        for case, name in zip(CASES, IDS, strict=True)
        if syntax not in IN_CLOUDFORMATION or all(FOREIGN.isdisjoint(path) for path, _ in case[2])
    ]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_nothing_is_reported_of_the_request_without_the_fault(syntax: str) -> None:
    name, written = SYNTAXES[syntax]
    spec = request()
    if syntax in IN_CLOUDFORMATION:
        del spec["ValidationSpecification"]
    assert {rule for rule, _ in reported(written(spec), name)} <= {"marketplace-flag-missing"}


@pytest.mark.parametrize(
    ("rule", "path", "changes", "syntax"), sampled(case for syntax in SYNTAXES for case in written_in(syntax))
)
def test_a_certain_fault_is_found(rule: str, path: Any, changes: Any, syntax: str) -> None:
    name, written = SYNTAXES[syntax]
    found = reported(written(changed(*changes)), name)
    assert any(name == rule and place.endswith(pointer(path)) for name, place in found), found
