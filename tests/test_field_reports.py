"""Faults from real specs, programs and repositories, each with the smallest input that shows it.

Each row is named after what it protects. Findings are compared as rules; `!` precedes rules that must not
report.
"""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from renderings import LINTER, terraform

from algolint import limits, lint_request
from algolint.cli import main as cli
from algolint.source import Source

HOST = "246618743249.dkr.ecr.eu-north-1.amazonaws.com"
CHANNEL: dict[str, Any] = {
    "Name": "train",
    "Description": "Rows.",
    "SupportedContentTypes": ["text/csv"],
    "SupportedInputModes": ["File"],
}
TRAINING: dict[str, Any] = {
    "TrainingImage": f"{HOST}/weather:1.4",
    "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
    "TrainingChannels": [CHANNEL],
}
SERVING: dict[str, Any] = {
    "Containers": [{"Image": f"{HOST}/serving:1.4"}],
    "SupportedTransformInstanceTypes": ["ml.m5.xlarge"],
    "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge"],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}
FAULTY = {**TRAINING, "SupportedTrainingInstanceTypes": ["ml.m5.3xlarge"]}
CALL = "import boto3\nsm = boto3.client('sagemaker')\n"


def request(training: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """Return a request with changes of its training specification."""
    return {
        "AlgorithmName": "weather",
        "AlgorithmDescription": "Forecasts.",
        "TrainingSpecification": {**TRAINING, **(training or {})},
        **members,
    }


def job(**members: Any) -> dict[str, Any]:
    """A request whose validation profile has a training job."""
    training_job = {
        "TrainingInputMode": "File",
        "InputDataConfig": [channel()],
        "OutputDataConfig": {"S3OutputPath": "s3://weather-out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **members,
    }
    profile = {"ProfileName": "one", "TrainingJobDefinition": training_job}
    role = "arn:aws:iam::246618743249:role/validation"
    return request(ValidationSpecification={"ValidationRole": role, "ValidationProfiles": [profile]})


def channel(**source: Any) -> dict[str, Any]:
    where = {"S3DataType": "S3Prefix", "S3Uri": "s3://weather-in/rows/", **source}
    return {"ChannelName": "train", "DataSource": {"S3DataSource": where}}


def parameter(name: str = "rate", **members: Any) -> dict[str, Any]:
    limits_ = {"ContinuousParameterRangeSpecification": {"MinValue": "9", "MaxValue": "1"}}
    return {"Name": name, "Type": "Continuous", "Range": limits_, "IsRequired": True, **members}


def metrics(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"MetricDefinitions": [{"Name": name, "Regex": regex} for name, regex in pairs]}


def rules(name: str, text: str, named: bool = True) -> list[str]:
    """Return the rules of the diagnostics of a text, as often as each is reported."""
    result = LINTER.lint_source(Source(name, text), named)
    assert not result.crashes, result.crashes[0]
    return [diagnostic.rule.name for diagnostic in result.diagnostics]


def messages(name: str, text: str, rule: str) -> list[str]:
    found = LINTER.lint_source(Source(name, text)).diagnostics
    return [diagnostic.message for diagnostic in found if diagnostic.rule.name == rule]


SPEC = repr(request(FAULTY))
HOLES = '{"TrainingSpecification": {"SupportedTrainingInstanceTypes": LIST, "TrainingChannels": [%s]}}'

#: What is protected, the file, its text or value, the rules.
TEXTS: list[tuple[str, str, Any, str]] = [
    # Programs.
    ("F5 a dict in an unknown function", "a.py", f"SPEC = {SPEC}\ncheck(SPEC)", "unknown-instance-type"),
    ("F5 a dict in a Mock", "a.py", f"c = Mock(return_value={SPEC})", "unknown-instance-type"),
    ("F5 a partial", "a.py", f"{CALL}f = functools.partial(sm.create_algorithm, **{SPEC})", "unknown-instance-type"),
    ("F5 a function of the module", "a.py",
     f"{CALL}def register(s):\n    sm.create_algorithm(**s)\nregister({SPEC})", "unknown-instance-type"),
    ("F6 a JSON template in a class", "a.py",
     "class T:\n    template = '" + HOLES % json.dumps({**CHANNEL, "SupportedInputModes": ["Fille"]}) + "'",
     "unknown-value"),
    ("F12 sagemaker-core's Algorithm.create", "a.py",
     "import sagemaker_core\nAlgorithm.create(algorithm_name='a_b', training_specification=x)", "pattern-mismatch"),
    ("F20 a request by position", "a.py", f"{CALL}params = {SPEC}\nsm.create_algorithm(params)",
     "positional-request unknown-instance-type"),
    ("F24 a literal tag after an unknown account", "a.py",
     f"{CALL}sm.create_algorithm(AlgorithmName='a', TrainingSpecification={{'TrainingImage':"
     " f'{a}.dkr.ecr.{r}.amazonaws.com/x:latest'})", "image-mutable-tag"),
    ("R11 an item after an unknown splat", "a.py",
     f"{CALL}sm.create_algorithm(AlgorithmName='a', TrainingSpecification={{"
     "'SupportedTrainingInstanceTypes': [*more, 'ml.m5.3xlarge']})", "unknown-instance-type"),
    ("R11 constants are folded", "a.py",
     f"{CALL}N = 'ml.m5'\nsm.create_algorithm(AlgorithmName='a', TrainingSpecification={{"
     "'SupportedTrainingInstanceTypes': [f'{N}.3xlarge']})", "unknown-instance-type"),
    # Repeated or wrong findings.
    ("F7 additional data of the first container", "a.json", request(InferenceSpecification={**SERVING, "Containers": [
        {"Image": f"{HOST}/serving:1.4", "AdditionalS3DataSource": {
            "S3DataType": "S3Object", "S3Uri": "s3://acme/base.tar.gz", "CompressionType": "Gzip"}}]}),
     "!additional-s3-data-source"),
    ("F7 additional data of the second container", "a.json", request(InferenceSpecification={**SERVING, "Containers": [
        {"Image": f"{HOST}/serving:1.4"}, {"Image": f"{HOST}/other:1", "AdditionalS3DataSource": {
            "S3DataType": "S3Object", "S3Uri": "s3://acme/base.tar.gz", "CompressionType": "Gzip"}}]}),
     "additional-s3-data-source"),
    ("F10 null at a required field", "a.json", {**TRAINING, "TrainingChannels": None}, "wrong-type"),
    ("F11 a dict whose parts are sent counts as sent", "a.py",
     f"{CALL}C = {SPEC}\nsm.create_algorithm(AlgorithmName=C['AlgorithmName'],"
     " TrainingSpecification=C['TrainingSpecification'])", "unknown-instance-type"),
    ("F12 a bare inference specification is a model package's", "a.json",
     {"Containers": [{"Image": f"{HOST}/s:1", "ModelDataUrl": "s3://acme/model.tar.gz"}],
      "SupportedContentTypes": ["text/csv"]},
     "!model-data-in-algorithm !inference-instance-lists-missing !inference-mime-lists-missing"),
    ("F13 hyperparameters with a misplaced Type", "a.json",
     [{"Name": "n", "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "2"},
                              "Type": "Integer"}, "IsTunable": False}], "missing-field unknown-field"),
    ("F15 a text of another form and length", "a.json",
     job() | {"ValidationSpecification": {"ValidationRole": "validator", "ValidationProfiles": []}},
     "pattern-mismatch !string-length"),
    ("F16 a placeholder in a list of instance types", "a.json",
     request({"SupportedTrainingInstanceTypes": ["<instance type>"]}), "placeholder-left-in !unknown-instance-type"),
    ("F17 a skeleton is one fault", "a.json",
     {"AlgorithmName": "string", "AlgorithmDescription": "string", "TrainingSpecification": {
         "TrainingImage": "string", "TrainingImageDigest": "string", "SupportedTrainingInstanceTypes": ["string"],
         "TrainingChannels": [dict.fromkeys(CHANNEL, "string")],
         "MetricDefinitions": [{"Name": "string", "Regex": "string"}]}},
     "unfilled-skeleton !placeholder-left-in !pattern-mismatch"),
    ("F19 channels without a common mode", "a.json", request({"TrainingChannels": [
        {**CHANNEL, "IsRequired": True},
        {**CHANNEL, "Name": "other", "IsRequired": True, "SupportedInputModes": ["Pipe"]}]}),
     "channels-no-common-input-mode"),
    ("F23 a compression type among content types", "a.json",
     request({"TrainingChannels": [{**CHANNEL, "SupportedContentTypes": ["Gzip"]}]}), "mime-type-malformed"),
    # Terraform.
    ("F21 the region of the provider", "a.tf",
     'provider "aws" {\n  region = "us-east-1"\n}\n' + terraform(request()), "image-region-mismatch"),
    ("F21 the region of the client", "a.py",
     f"boto3.client('sagemaker', region_name='us-east-1').create_algorithm(**{request()!r})",
     "image-region-mismatch"),
    ("F22 literal locals, in .tofu", "a.tofu", 'locals {\n  types = ["ml.m5.3xlarge"]\n}\n' + terraform(
        request()).replace('["ml.m5.xlarge"]', "local.types"), "unknown-instance-type"),
    ("R10 a misspelt block that repeats", "a.tf", terraform(request()).replace(
        "    training_channels", "    metric_definition {\n    }\n    metric_definition {\n    }\n    training_channels"),
     "unknown-field !duplicate-key"),
    # Metrics.
    ("M2 a group that may match empty text", "a.json", request(metrics(("auc", "AUC: ([0-9.]*)"))),
     "metric-regex-empty-group|metric-regex-partial-number"),
    ("M3 an augmented manifest without RecordIO", "a.json", job(InputDataConfig=[channel(
        S3DataType="AugmentedManifestFile", AttributeNames=["image", "label"])], TrainingInputMode="Pipe"),
     "augmented-manifest-not-wrapped"),
    ("M4 a metric that is better if larger", "a.json", request(
        {**metrics(("validation:gini", "gini=([0-9.]+)")),
         "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "validation:gini"}]}),
     "objective-direction-suspicious"),
    # Recognition.
    ("R1 a misspelt key", "a.json", {"AlgorithmName": "w", "TrainingSpecfication": TRAINING}, "unknown-field"),
    ("R1 a plain hyperparameter beside others", "a.json",
     [parameter(), {"Name": "remarks", "Type": "FreeText"}], "hp-range-min-gt-max"),
    ("R1 a profile without a job", "a.json",
     {"ValidationRole": "arn:aws:iam::246618743249:role/v", "ValidationProfiles": [{"ProfileName": "a"}]},
     "missing-field"),
    ("R2 a text that is known in part", "a.json",
     request({"TrainingImage": "docker.io/${R}:1"}), "image-not-private-ecr"),
    ("R3 presence of an unknown value", "a.json",
     job(StoppingCondition={"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": "${WAIT}"}), "max-wait-without-spot"),
    ("R5 an alias is one text", "a.yaml",
     "TrainingChannels:\n- {Name: a, SupportedContentTypes: &t [text/csv, text/csv]}\n"
     "- {Name: b, SupportedContentTypes: *t}\nSupportedHyperParameters: []\n", "channel-list-duplicates"),
    ("R6 a response inside of a call", "a.py",
     f"{CALL}sm.create_algorithm(AlgorithmArn='a', AlgorithmStatus='b', CreationTime=1, **{request()!r})",
     "describe-output-pasted"),
    ("R7 shards of an instance group", "a.json", job(
        ResourceConfig={"VolumeSizeInGB": 30, "InstanceGroups": [
            {"InstanceGroupName": "crew", "InstanceType": "ml.c5.xlarge", "InstanceCount": 4}]},
        InputDataConfig=[channel(S3DataDistributionType="ShardedByS3Key", InstanceGroupNames=["crew"],
                                 S3Uri="s3://weather-in/rows.tsv")]), "sharding-without-effect"),
    ("R12 a key on instances with their own disks", "a.json", job(ResourceConfig={
        "VolumeSizeInGB": 30, "VolumeKmsKeyId": "alias/k", "InstancePreferences": [
            {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1}, {"InstanceType": "ml.g5.4xlarge", "InstanceCount": 1}]}),
     "volume-kms-on-local-storage"),
    ("R13 an address that is no image", "a.json",
     request({"TrainingImage": f"https://ci:letmein@{HOST}/weather:2"}),
     "image-malformed-reference !image-tag-and-digest"),
    ("R14 a misspelt part", "a.json",
     {**request(), "InferenceSpecificatio": SERVING}, "unknown-field !transform-without-inference-spec"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "expected"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS]
)
def test_a_reported_text(name: str, content: Any, expected: str) -> None:
    found = rules(name, content if isinstance(content, str) else json.dumps(content))
    for rule in expected.split():
        is_there = any(one in found for one in rule.lstrip("!").split("|"))
        assert is_there is not rule.startswith("!"), found


# ---------------------------------------------------------------- one fault, its text and its level


@pytest.mark.parametrize(
    "text",
    [
        f"{CALL}C = {SPEC}\nsm.create_algorithm(AlgorithmName=C['AlgorithmName'],"
        " TrainingSpecification=C['TrainingSpecification'])",
        f"{CALL}params = {SPEC}\nsm.create_algorithm(**params)\nsm.create_algorithm(**params)",
    ],
)
def test_f11_one_text_is_reported_once(text: str) -> None:
    assert rules("a.py", text).count("unknown-instance-type") == 1


def test_f18_a_suggestion_is_in_the_case_of_the_program() -> None:
    text = (
        "from sagemaker_core.resources import Algorithm\n"
        "job = TrainingJobDefinition(training_input_mode='File', input_data_config=x, output_data_config=y,"
        " stopping_condition=z, resource_config=ResourceConfig(instance_type='ml.m5.xlarge', instance_count=1,"
        " volume_size_in_g_b=30))\n"
        "Algorithm.create(algorithm_name='a', training_specification=t, validation_specification="
        "AlgorithmValidationSpecification(validation_role=r, validation_profiles=["
        "AlgorithmValidationProfile(profile_name='p', training_job_definition=job)]))"
    )
    assert rules("a.py", text).count("unknown-field") == 1
    assert "volume-size-required" not in rules("a.py", text)
    [message] = messages("a.py", text, "unknown-field")
    assert message.endswith("did you mean 'volume_size_in_gb'?")


def test_f10_null_at_a_required_field_is_not_to_be_left_out() -> None:
    [message] = messages("a.json", json.dumps({**TRAINING, "TrainingChannels": None}), "wrong-type")
    assert "leave" not in message
    assert "required" in message


@pytest.mark.parametrize(
    ("rule", "spec"),
    [
        # F8, F9: what AWS's own samples do is no error.
        ("marketplace-needs-transform-profile", {**job(), "CertifyForMarketplace": True, "InferenceSpecification": SERVING}),
        ("hp-name-reserved", request({"SupportedHyperParameters": [
            {"Name": "_tuning_objective_metric", "Type": "Categorical", "IsTunable": False}]})),
    ],
)  # fmt: skip
def test_what_samples_of_aws_do_is_no_error(rule: str, spec: Any) -> None:
    found = LINTER.lint_source(Source("a.json", json.dumps(spec))).diagnostics
    assert {d.severity for d in found if d.rule.name == rule} in ({"warning"}, {"info"})


def test_f14_parameters_of_another_program_are_none_in_a_folder() -> None:
    text = '[{"Name": "p1", "Type": "int", "IsRequired": true, "DefaultValue": 3}]'
    assert rules("a.json", text, named=False) == []


def test_r4_a_comment_in_a_notebook_suppresses(algolint: Run, tmp_path: Path) -> None:
    source = f"{CALL}sm.create_algorithm(**{SPEC})"
    for comment in ("", "  # algolint: ignore[unknown-instance-type]"):
        cell = {"cell_type": "code", "source": source + comment, "metadata": {}, "outputs": []}
        (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
        done = algolint("--isolated", str(tmp_path / "a.ipynb"))
        assert ("unknown-instance-type" in done.stdout) is not bool(comment)


def test_r6_lint_request_takes_no_response() -> None:
    response = {**request(), "AlgorithmArn": "a", "AlgorithmStatus": "b", "CreationTime": 1}
    assert "describe-output-pasted" in {d.rule.name for d in lint_request(response)}


def test_r8_an_output_above_the_input_is_a_warning() -> None:
    spec = job()
    spec["InferenceSpecification"] = SERVING
    spec["ValidationSpecification"]["ValidationProfiles"][0]["TransformJobDefinition"] = {
        "TransformInput": {
            "ContentType": "text/csv",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://weather-in/score/"}},
        },
        "TransformOutput": {"S3OutputPath": "s3://weather-in/"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
    }
    found = LINTER.lint_source(Source("a.json", json.dumps(spec))).diagnostics
    assert "warning" in {d.severity for d in found if d.rule.name == "output-overlaps-input"}


def test_r9_a_file_system_without_a_vpc_is_located_at_its_channel() -> None:
    source = {"FileSystemId": "fs-1234567890abcdef0", "FileSystemAccessMode": "ro", "FileSystemType": "EFS",
              "DirectoryPath": "/in"}  # fmt: skip
    spec = job(
        InputDataConfig=[channel(), {"ChannelName": "b", "DataSource": {"FileSystemDataSource": source}}]
    )
    found = LINTER.lint_source(Source("a.json", json.dumps(spec))).diagnostics
    [pointer] = [d.location.pointer for d in found if d.rule.name == "filesystem-needs-vpc"]
    assert pointer.endswith("/InputDataConfig/1/DataSource/FileSystemDataSource")


def test_r13_no_message_shows_a_password() -> None:
    text = json.dumps(request({"TrainingImage": f"https://ci:letmein@{HOST}/weather:2"}))
    found = LINTER.lint_source(Source("a.json", text)).diagnostics
    assert found
    assert not any("letmein" in d.source.redacted(d.message) for d in found)


def test_r15_all_items_without_a_description_have_a_place() -> None:
    names = [{"Name": f"p{number}", "Type": "FreeText"} for number in range(9)]
    found = LINTER.lint_source(
        Source("a.json", json.dumps(request({"SupportedHyperParameters": names})))
    ).diagnostics
    [finding] = [d for d in found if d.rule.name == "missing-descriptions"]
    assert finding.message.endswith("'p5' and 3 more")
    assert [related.pointer[-1] for related in finding.related] == ["6", "7", "8"]


# ---------------------------------------------------------------- folders


def test_f1_to_f3_what_is_skipped_in_a_folder_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A long program, a large file, a dangling link and a folder that cannot be listed are not faults."""
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(limits, "MAX_TOKENS", 1000)
    monkeypatch.setattr(os, "scandir", refusing)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean.json").write_text(json.dumps(request()))
    (tmp_path / "table.py").write_text("# TrainingSpecification\n" + "1, 2\n" * 1000)
    (tmp_path / "rows.json").write_text("[" + "0.25,\n" * 2000 + "0]")
    (tmp_path / "specs.json").write_text('["TrainingSpecification",' + "0.25,\n" * 2000 + "0]")
    (tmp_path / "gone.json").symlink_to("nowhere")
    (tmp_path / "closed").mkdir()
    options = ["--isolated", "--max-file-size", "8000"]
    assert cli.run([*options, "."]) == 0
    quiet = capsys.readouterr()
    assert quiet.out == "no problems in 1 file (1 file not read)\n"
    # The words of a spec may be in a part that is not read.
    assert quiet.err.startswith("algolint: specs.json is skipped: has 12,027 bytes or more")
    assert quiet.err.count("\n") == 1
    assert cli.run([*options, "-v", "."]) == 0
    noted = capsys.readouterr().err
    for name in ("table.py", "rows.json", "specs.json", "gone.json", "closed"):
        assert f"{name} is skipped: " in noted


def test_f4_what_is_not_known_is_counted(algolint: Run, tmp_path: Path) -> None:
    text = f"{CALL}from ours import more\nd = {{'AlgorithmName': 'acme'}}\nd.update(more)\nsm.create_algorithm(**d)"
    (tmp_path / "a.py").write_text(text)
    done = algolint("--isolated", "a.py", cwd=tmp_path)
    assert "1 spec not known" in done.stdout
    assert "a.py:" in done.stdout + done.stderr
    assert algolint("--isolated", "--fail-on-unknown", "a.py", cwd=tmp_path).returncode == 1
