"""`algolint job` in real processes: the algorithm, requests in every form, reports, suppression, exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run
from job_cases import changed

from algolint import lint_file, lint_text
from algolint.config.settings import FORMATS

GUIDE = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", GUIDE, re.DOTALL))
ALGORITHM, SEARCH = FILES["forecaster.yaml"], FILES["search.yaml"]
TRAINING: dict[str, Any] = {
    "TrainingJobName": "train-1",
    "AlgorithmSpecification": {"AlgorithmName": "forecaster", "TrainingInputMode": "File"},
    "HyperParameters": {"max_depth": "5"},
    "RoleArn": "arn:aws:iam::123456789012:role/sagemaker",
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "ContentType": "text/csv",
            "DataSource": {
                "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-example-bucket/train/"}
            },
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/models/"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
FAULTY = {**TRAINING, "HyperParameters": {"max_depth": "50"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "forecaster.yaml").write_text(ALGORITHM)
    (tmp_path / "search.yaml").write_text(SEARCH)
    (tmp_path / "clean.json").write_text(json.dumps(TRAINING))
    (tmp_path / "job.json").write_text(json.dumps(FAULTY, indent=1))
    return tmp_path


def test_the_guide_shows_what_is_printed(algolint: Run, folder: Path) -> None:
    ((arguments, shown),) = re.findall(
        r"<!-- shown: (.*?) -->\n```console\n\$ .*?\n(.*?)```", GUIDE, re.DOTALL
    )
    done = algolint(*arguments.split(), cwd=folder)
    assert (done.returncode, done.stdout) == (1, shown)


def test_a_consistent_job_is_silent(algolint: Run, folder: Path) -> None:
    done = algolint("job", "forecaster.yaml", "clean.json", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "no problems in 1 file\n")


def test_of_several_algorithms_the_one_that_the_job_names_counts(algolint: Run, folder: Path) -> None:
    """With the first one, a job with a TrainingImage would be checked too."""
    other = ALGORITHM.replace("AlgorithmName: forecaster", "AlgorithmName: other").replace(
        "max_depth", "rounds"
    )
    assert "AlgorithmName: other" in other
    (folder / "forecaster.yaml").write_text(f"{other}---\n{ALGORITHM}")
    done = algolint("job", "forecaster.yaml", "clean.json", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "no problems in 1 file\n")
    (folder / "algolint.toml").write_text('[algorithms]\nforecaster = "forecaster.yaml"\n')
    assert algolint("clean.json", cwd=folder).returncode == 0
    name = {"AlgorithmName": "other", "TrainingInputMode": "File"}
    (folder / "clean.json").write_text(json.dumps({**TRAINING, "AlgorithmSpecification": name}))
    done = algolint("job", "forecaster.yaml", "clean.json", cwd=folder)
    assert "max_depth" in done.stdout


def test_a_finding_shows_both_files(algolint: Run, folder: Path) -> None:
    done = algolint("job", "forecaster.yaml", "job.json", cwd=folder)
    assert done.returncode == 1
    assert "job.json:8:16: error: '50' is greater than MaxValue '10' of 'max_depth'" in done.stdout
    assert "MaxValue is '10' (forecaster.yaml:10)" in done.stdout


PROGRAM = """\
import boto3
request = dict(job=1)
client = boto3.client("sagemaker", region_name="us-east-1")
client.create_training_job(**{request})
"""
TASK = {
    "States": {
        "Train": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {**FAULTY, "TrainingJobName.$": "$.name"},
        }
    }
}
del TASK["States"]["Train"]["Parameters"]["TrainingJobName"]  # type: ignore[attr-defined]
FORMS = {
    "job.yaml": yaml.safe_dump(FAULTY),
    "list.json": json.dumps([TRAINING, FAULTY]),
    "wrapped.yaml": yaml.safe_dump({"jobs": {"nightly": FAULTY}}),
    "machine.json": json.dumps(TASK),
    "train.py": PROGRAM.format(request=repr(FAULTY)),
    "workflow.yml": "run: |\n  aws sagemaker create-training-job --cli-input-json \\\n"
    f"    '{json.dumps(FAULTY)}'\n",
    "train.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "metadata": {},
                    "outputs": [],
                    "source": PROGRAM.format(request=repr(FAULTY)),
                }
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_request_is_read_in_every_form(algolint: Run, folder: Path, name: str) -> None:
    (folder / name).write_text(FORMS[name])
    done = algolint("job", "forecaster.yaml", name, "--format", "json", cwd=folder)
    assert done.returncode == 1, done.stderr
    (diagnostic,) = json.loads(done.stdout)["diagnostics"]
    assert diagnostic["rule"] == "profile-hp-value-invalid"
    assert diagnostic["pointer"] == "/HyperParameters/max_depth"
    lines = FORMS[name].splitlines()
    assert lines[diagnostic["line"] - 1][diagnostic["column"] - 1 :].startswith(("'50'", '"50"'))


@pytest.mark.parametrize("name", FORMS)
def test_check_does_not_guess_what_an_unknown_algorithm_declares(
    algolint: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text(FORMS[name])
    (tmp_path / "search.yaml").write_text(SEARCH)
    done = algolint(str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "no problems in 2 files\n")


def test_an_algorithm_may_be_a_response_on_standard_input(algolint: Run, folder: Path) -> None:
    response = {
        **yaml.safe_load(ALGORITHM),
        "AlgorithmArn": "arn:aws:sagemaker:us-east-1:123456789012:algorithm/forecaster",
        "CreationTime": "2026-01-01T00:00:00Z",
        "AlgorithmStatus": "Completed",
        "AlgorithmStatusDetails": {},
        "ProductId": "prod-abcdefghijklm",
    }
    done = algolint("job", "-", "clean.json", "--format", "concise", cwd=folder, stdin=json.dumps(response))
    assert done.returncode == 0, done.stderr
    assert "a Marketplace algorithm runs without network" in done.stdout


def test_a_folder_of_requests_is_walked(algolint: Run, folder: Path) -> None:
    done = algolint("job", "forecaster.yaml", ".", "--format", "concise", cwd=folder)
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == {"job.json", "search.yaml"}


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_has_the_finding(algolint: Run, folder: Path, form: str) -> None:
    done = algolint("job", "forecaster.yaml", "job.json", "--format", form, cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "profile-hp-value-invalid" in done.stdout


def test_comments_and_the_configuration_suppress(algolint: Run, folder: Path) -> None:
    first, *rest = SEARCH.splitlines(keepends=True)
    (folder / "search.yaml").write_text("".join([first, "# algolint: ignore-file[tune-*]\n", *rest]))
    done = algolint("job", "forecaster.yaml", "search.yaml", "--format", "concise", cwd=folder)
    assert [line.split("[")[-1] for line in done.stdout.splitlines()] == ["profile-channel-required-missing]"]
    (folder / "algolint.toml").write_text(
        'ignore = ["profile-channel-*"]\n[severity]\ntune-hp-kind = "warning"\n'
    )
    done = algolint("job", "forecaster.yaml", "search.yaml", cwd=folder)
    assert done.returncode == 0, done.stdout
    assert algolint("forecaster.yaml", cwd=folder).returncode == 0, "check takes the same configuration"


def test_fixes_are_made_in_the_request(algolint: Run, folder: Path) -> None:
    (folder / "search.yaml").write_text(SEARCH.replace("Name: max_depth", "Name: max_dept"))
    done = algolint("job", "forecaster.yaml", "search.yaml", "--fix", "--unsafe-fixes", cwd=folder)
    assert "tune-hp-unknown" not in done.stdout
    fixed = (folder / "search.yaml").read_text()
    assert "Name: max_depth" in fixed
    assert "Type: Minimize" in fixed


def test_fixes_are_made_in_programs_and_lists(algolint: Run, folder: Path) -> None:
    misspelt = {**TRAINING, "HyperParameters": {"max_dept": "5"}}
    texts = {
        "train.py": PROGRAM.format(request=repr(misspelt)),
        "jobs.json": json.dumps([TRAINING, misspelt], indent=1),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        done = algolint("job", "forecaster.yaml", name, "--fix", "--unsafe-fixes", cwd=folder)
        assert done.returncode == 0, done.stdout
        assert (folder / name).read_text() == text.replace("max_dept'", "max_depth'").replace(
            'max_dept"', 'max_depth"'
        )


SDK = """\
from sagemaker import AlgorithmEstimator
from sagemaker.inputs import TrainingInput
from sagemaker.tuner import CategoricalParameter, HyperparameterTuner, IntegerParameter

estimator = AlgorithmEstimator(
    algorithm_arn="arn:aws:sagemaker:us-east-1:246618743249:algorithm/forecaster",
    role=role,
    instance_count=1,
    instance_type="ml.m5.large",
    hyperparameters={"max_dept": 3},
)
estimator.set_hyperparameters(max_depth=99)
estimator.fit({"training": "s3://amzn-example-bucket/train/", "train": TrainingInput(s3_data=train)})
estimator.fit()
estimator.fit(f"s3://{bucket}/train/")
tuner = HyperparameterTuner(
    estimator,
    "test:mape",
    {"max_depth": IntegerParameter(1, 30), "booster": CategoricalParameter(["gbtree", "dart"])},
    max_jobs=20,
)
"""


def test_estimators_and_tuners_of_the_sdk_are_read(algolint: Run, folder: Path) -> None:
    (folder / "sdk.py").write_text(SDK)
    done = algolint("job", "forecaster.yaml", "sdk.py", "--format", "concise", "--show-info", cwd=folder)
    lines = SDK.splitlines()
    found = set()
    for line in done.stdout.splitlines():
        _, row, column, _, text = line.split(":", 4)
        found.add((text.rpartition("[")[2][:-1], lines[int(row) - 1][int(column) - 1 :][:12]))
    assert found == {
        ("profile-training-instance-unsupported", '"ml.m5.large'),
        ("profile-hp-unknown", '"max_dept": '),
        ("profile-hp-value-invalid", "99)"),
        ("profile-channel-unknown", '"training": '),
        ("profile-channel-required-missing", "estimator.fi"),
        ("job-fit-string", 'f"s3://{buck'),
        ("tune-objective-direction", "HyperparameterTuner("[:12]),
        ("tune-range-outside", '30), "booste'),
        ("tune-hp-kind", '"booster": C'),
        ("tune-hp-not-tunable", '"booster": C'),
    }


def test_what_is_right_with_the_sdk_is_silent(algolint: Run, folder: Path) -> None:
    right = (
        SDK.replace("ml.m5.large", "ml.m5.xlarge")
        .replace('{"max_dept": 3}', "{}")
        .replace("=99", "=9")
        .replace('"training": "s3://amzn-example-bucket/train/", ', "")
        .replace("estimator.fit()\n", "")
        .replace('estimator.fit(f"s3://{bucket}/train/")\n', "")
        .replace(', "booster": CategoricalParameter(["gbtree", "dart"])', "")
        .replace("(1, 30)", "(1, 10)")
        .replace("max_jobs=20", "max_jobs=10, objective_type='Minimize'")
    )
    (folder / "sdk.py").write_text(right)
    done = algolint("job", "forecaster.yaml", "sdk.py", "--show-info", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "no problems in 1 file\n")


def test_a_tuner_needs_a_value_of_what_its_estimator_requires(algolint: Run, folder: Path) -> None:
    (folder / "sdk.py").write_text(SDK.replace("estimator.set_hyperparameters(max_depth=99)\n", ""))
    done = algolint("job", "forecaster.yaml", "sdk.py", "--format", "concise", cwd=folder)
    (line,) = [line for line in done.stdout.splitlines() if "[tune-sdk-required]" in line]
    assert "'max_depth' is required, so the SDK needs a value in the estimator" in line


def test_an_estimator_is_fitted_with_the_hyperparameters_that_it_has(algorithm_job: Any) -> None:
    assert algorithm_job('hyperparameters={"booster": "gbtree"}') == ["profile-hp-required-missing"]
    assert algorithm_job('hyperparameters={"booster": "gbtree", "max_depth": 5}') == []
    assert algorithm_job("hyperparameters=load()") == []


@pytest.fixture
def algorithm_job(algolint: Run, folder: Path) -> Any:
    """The rules that report errors of a training job of an estimator with a keyword more."""

    def found(keyword: str) -> list[str]:
        (folder / "sdk.py").write_text(
            f'AlgorithmEstimator(algorithm_arn="forecaster", {keyword}).fit({{"train": data}})\n'
        )
        done = algolint("job", "forecaster.yaml", "sdk.py", "--format", "json", cwd=folder)
        return [d["rule"] for d in json.loads(done.stdout)["diagnostics"] if d["severity"] == "error"]

    return found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give ALGORITHM and a REQUEST"),
        (["forecaster.yaml"], "give ALGORITHM and a REQUEST"),
        (["-", "-"], "only one of ALGORITHM and REQUEST can be standard input"),
        (["missing.yaml", "job.json"], "missing.yaml"),
        (["job.json", "clean.json"], "job.json: no algorithm spec is recognized"),
        (["forecaster.yaml", "forecaster.yaml"], "no request that uses an algorithm is recognized"),
        (["forecaster.yaml", "job.json", "--ignore", "tune-hp-unknwon"], "did you mean 'tune-hp-unknown'?"),
    ],
)
def test_failures_are_reported(algolint: Run, folder: Path, arguments: list[str], message: str) -> None:
    done = algolint("job", *arguments, cwd=folder)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr


def test_a_folder_without_requests(algolint: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    done = algolint("job", "forecaster.yaml", "empty", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "no requests that use an algorithm found\n")


# ---------------------------------------------------------------- jobs that check finds


def test_a_declaration_in_the_same_file_is_shown_without_its_name(algolint: Run, folder: Path) -> None:
    (folder / "both.yaml").write_text(f"{ALGORITHM}---\n{json.dumps(FAULTY)}\n")
    done = algolint("both.yaml", cwd=folder)
    assert "MaxValue is '10'\n" in done.stdout
    assert "(both.yaml:" not in done.stdout
    (folder / "both.yaml").unlink()
    done = algolint(".", cwd=folder)
    assert "MaxValue is '10' (forecaster.yaml:" in done.stdout


def test_check_judges_a_job_beside_its_algorithm(algolint: Run, folder: Path) -> None:
    done = algolint(".", "--format", "concise", cwd=folder)
    assert done.returncode == 1
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == {"job.json", "search.yaml"}
    assert "[profile-hp-value-invalid]" in done.stdout
    named = algolint("forecaster.yaml", "job.json", "--format", "concise", cwd=folder)
    assert named.stdout.count("\n") == 1, "a job is not a file without a spec"


def test_check_judges_no_job_whose_algorithm_is_in_two_files(algolint: Run, folder: Path) -> None:
    (folder / "again.yaml").write_text(ALGORITHM)
    done = algolint(".", "--format", "concise", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    "name", ["forecaster", "arn:aws:sagemaker:us-east-1:246618743249:algorithm/forecaster"]
)
def test_the_configuration_names_the_file_of_an_algorithm(algolint: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "stored.yaml").write_text(ALGORITHM)
    (tmp_path / "jobs").mkdir()
    job = changed(FAULTY, (("AlgorithmSpecification", "AlgorithmName"), name))
    (tmp_path / "jobs" / "job.json").write_text(json.dumps(job))
    assert algolint("jobs", cwd=tmp_path).returncode == 0
    (tmp_path / "algolint.toml").write_text(f'[algorithms]\n"{name}" = "specs/stored.yaml"\n')
    done = algolint("jobs", "--format", "concise", cwd=tmp_path)
    assert done.returncode == 1
    assert "[profile-hp-value-invalid]" in done.stdout
    (tmp_path / "algolint.toml").write_text(f'[algorithms]\n"{name}" = "specs/missing.yaml"\n')
    done = algolint("jobs", cwd=tmp_path)
    assert done.returncode == 2
    assert "missing.yaml" in done.stderr
    # A folder's own configuration may extend it, and add others; each path is relative to its own file.
    (tmp_path / "algolint.toml").write_text(f'[algorithms]\n"{name}" = "specs/stored.yaml"\n')
    (tmp_path / "jobs" / "algolint.toml").write_text(
        'extend = "../algolint.toml"\n[algorithms]\nother = "other.yaml"\n'
    )
    done = algolint("jobs", "--format", "concise", cwd=tmp_path)
    assert "[profile-hp-value-invalid]" in done.stdout
    job["AlgorithmSpecification"]["AlgorithmName"] = "other"
    (tmp_path / "jobs" / "job.json").write_text(json.dumps(job))
    done = algolint("jobs", cwd=tmp_path)
    assert f"algorithms: {tmp_path / 'jobs' / 'other.yaml'}: No such file" in done.stderr
    assert f"(from {tmp_path / 'jobs' / 'algolint.toml'}:2 and {tmp_path / 'algolint.toml'}:1)" in done.stderr


@pytest.mark.parametrize("is_configured", [True, False])
@pytest.mark.parametrize("name", ["both.yaml", "job.json", "broken.json"])
def test_functions_for_programs_report_what_check_reports(
    algolint: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_configured: bool
) -> None:
    """Also of jobs, whose algorithm may be in the same text or in the configuration."""
    monkeypatch.chdir(folder)
    texts = {
        "both.yaml": f"{ALGORITHM}---\n{json.dumps(FAULTY)}\n",
        "job.json": json.dumps(FAULTY),
        "broken.json": json.dumps({**FAULTY, "RoleArn": 1}),
    }
    (folder / name).write_text(texts[name])
    (folder / "algolint.toml").write_text(
        "show-info = true\n" + is_configured * '[algorithms]\nforecaster = "forecaster.yaml"\n'
    )
    expected = {
        (row["rule"], row["line"], row["column"])
        for row in json.loads(algolint("--format", "json", name, cwd=folder).stdout)["diagnostics"]
    }
    is_known = is_configured or name == "both.yaml"
    assert any(rule == "profile-hp-value-invalid" for rule, *_ in expected) == is_known
    assert any(rule == "wrong-type" for rule, *_ in expected) == (name == "broken.json")
    for found in (lint_file(name), lint_text(texts[name], name)):
        assert {(d.rule.name, d.location.line, d.location.column) for d in found} == expected


def test_a_program_that_creates_and_trains_is_judged_as_a_whole(algolint: Run, tmp_path: Path) -> None:
    spec = yaml.safe_load(ALGORITHM)
    program = (
        "import boto3\n"
        "client = boto3.client('sagemaker')\n"
        f"client.create_algorithm(**{spec!r})\n"
        f"client.create_training_job(**{FAULTY!r})\n"
    )
    (tmp_path / "release.py").write_text(program)
    done = algolint("release.py", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert [(d["rule"], d["line"]) for d in report["diagnostics"]] == [("profile-hp-value-invalid", 4)]


@pytest.mark.parametrize("paths", [["."], ["forecaster.yaml", "search.yaml"]], ids=["folder", "files"])
def test_comments_suppress_what_check_finds_in_jobs(algolint: Run, folder: Path, paths: list[str]) -> None:
    (folder / "job.json").unlink()
    first, *rest = SEARCH.splitlines(keepends=True)
    comment = "# algolint: ignore-file[tune-*, profile-channel-required-missing]\n"
    (folder / "search.yaml").write_text("".join([first, comment, *rest]))
    (folder / "forecaster.yaml").write_text(f"# algolint: ignore-file[job-*]\n{ALGORITHM}")
    done = algolint(*paths, "--format", "concise", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_job_is_judged_in_several_processes_too(algolint: Run, folder: Path) -> None:
    one = algolint(".", "--format", "concise", cwd=folder)
    several = algolint(".", "--format", "concise", "--jobs", "2", cwd=folder)
    assert (one.returncode, one.stdout) == (several.returncode, several.stdout)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("job.json", '{"TrainingJobName": "a",}'),
        ("job.json", '{"TrainingJobName":' * 5000 + "1" + "}" * 5000),
        ("job.yaml", "TrainingJobName: [a\n"),
        ("job.py", "client.create_training_job(TrainingJobName=\n"),
        ("job.json", json.dumps([TRAINING] * 2000)),
    ],
    ids=["json", "deep", "yaml", "python", "many"],
)
def test_a_file_that_cannot_be_read_is_an_error(algolint: Run, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    done = algolint("job", "forecaster.yaml", name, "--format", "concise", cwd=folder)
    assert done.returncode == 1
    assert "[invalid-syntax]" in done.stdout


def test_the_help_is_that_of_the_command(algolint: Run) -> None:
    done = algolint("job", "--help")
    assert done.returncode == 0
    assert "usage: algolint job ALGORITHM REQUEST" in done.stdout


def test_a_real_job_is_not_a_validation_job(algolint: Run, folder: Path) -> None:
    """Settings that are unusual for a profile are usual for a job: spot, long runs, warm pools, network,
    large instances.
    """
    job = changed(
        TRAINING,
        (("StoppingCondition",), {"MaxRuntimeInSeconds": 400000, "MaxWaitTimeInSeconds": 800000}),
        (("EnableManagedSpotTraining",), True),
        (("ResourceConfig", "InstanceType"), "ml.m5.24xlarge"),
        (("RoleArn",), "arn:aws:iam::246618743249:role/sagemaker"),
        (("ResourceConfig", "KeepAlivePeriodInSeconds"), 600),
        (("VpcConfig",), {"SecurityGroupIds": ["sg-01234567"], "Subnets": ["subnet-01234567"]}),
        (("Environment",), {"LOG_LEVEL": "info"}),
        (("CheckpointConfig",), {"S3Uri": "s3://amzn-example-bucket/checkpoints/"}),
    )
    (folder / "forecaster.yaml").write_text(ALGORITHM.replace("[ml.m5.xlarge]", "[ml.m5.24xlarge]"))
    (folder / "clean.json").write_text(json.dumps(job))
    done = algolint("job", "forecaster.yaml", "clean.json", "--show-info", "--format", "concise", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_structure_of_a_request_is_checked(algolint: Run, folder: Path) -> None:
    (folder / "bad.json").write_text(json.dumps({**TRAINING, "StopingCondition": {}, "RoleArn": "role"}))
    done = algolint("job", "forecaster.yaml", "bad.json", "--format", "concise", cwd=folder)
    assert "'StopingCondition' is not a field of CreateTrainingJob" in done.stdout
    assert "[pattern-mismatch]" in done.stdout


# ---------------------------------------------------------------- what check does with what it finds in jobs

MISSPELT = SEARCH.replace("Name: max_depth", "Name: max_dept")


def test_check_makes_fixes_in_jobs(algolint: Run, folder: Path) -> None:
    (folder / "search.yaml").write_text(MISSPELT)
    shown = algolint(".", "--diff", "--unsafe-fixes", cwd=folder)
    assert shown.returncode == 1
    assert '+    IntegerParameterRanges: [{Name: max_depth, MinValue: "3", MaxValue: "30"}]' in shown.stdout
    assert (folder / "search.yaml").read_text() == MISSPELT
    done = algolint(".", "--fix", "--unsafe-fixes", "--format", "concise", cwd=folder)
    assert "[tune-hp-unknown]" not in done.stdout
    fixed = (folder / "search.yaml").read_text()
    assert fixed == SEARCH.replace("Type: Maximize", "Type: Minimize")
    (folder / "search.yaml").write_text(MISSPELT.replace('"30"', '"9"'))
    named = algolint("forecaster.yaml", "search.yaml", "--fix", "--unsafe-fixes", cwd=folder)
    assert "4 errors in 2 files (2 fixed)" in named.stdout


def release_program() -> str:
    """A program with a spec and a job, in each of which a name is misspelt."""
    spec = yaml.safe_load(ALGORITHM)
    spec["TrainingSpecification"]["SupportedTuningJobObjectiveMetrics"][0]["MetricName"] = "test_mape"
    job = {**TRAINING, "HyperParameters": {"max_dept": "5"}}
    return (
        "import boto3\nclient = boto3.client('sagemaker')\n"
        f"client.create_training_job(**{job!r})\n"
        f"client.create_algorithm(**{spec!r})\n"
    )


def test_check_fixes_the_specs_and_the_jobs_of_one_program(algolint: Run, tmp_path: Path) -> None:
    program = release_program()
    fixed = program.replace("test_mape", "test:mape").replace("max_dept'", "max_depth'")
    options = ("--unsafe-fixes", "--stdin-filename", "release.py", "-")
    printed = algolint("--fix", *options, cwd=tmp_path, stdin=program)
    assert (printed.returncode, printed.stdout) == (0, fixed)
    assert "no problems in 1 file (2 fixed)" in printed.stderr
    (tmp_path / "release.py").write_text(program)
    shown = algolint("--diff", "--unsafe-fixes", "release.py", cwd=tmp_path)
    assert shown.stdout.count("--- release.py") == 1
    added = [line[1:] for line in shown.stdout.splitlines() if line.startswith("+client")]
    assert added == fixed.splitlines()[2:]
    assert algolint("--diff", *options, cwd=tmp_path, stdin=program).stdout == shown.stdout
    done = algolint("--fix", "--unsafe-fixes", "release.py", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "no problems in 1 file (2 fixed)\n")
    assert (tmp_path / "release.py").read_text() == fixed


def test_job_fixes_standard_input(algolint: Run, folder: Path) -> None:
    options = ("--fix", "--unsafe-fixes", "--format", "concise")
    done = algolint("job", *options, "forecaster.yaml", "-", cwd=folder, stdin=MISSPELT)
    assert done.stdout == SEARCH.replace("Type: Maximize", "Type: Minimize")


def test_fixes_in_jobs_move_what_is_found_in_specs(algolint: Run, tmp_path: Path) -> None:
    spec = yaml.safe_load(ALGORITHM)
    spec["AlgorithmName"] = "fore caster"
    job = {**TRAINING, "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}}
    text = yaml.safe_dump([job, spec], sort_keys=False)
    (tmp_path / "all.yaml").write_text(text)
    done = algolint("--fix", "--format", "json", "all.yaml", cwd=tmp_path)
    fixed = (tmp_path / "all.yaml").read_text().splitlines()
    assert len(fixed) == len(text.splitlines()) + 1
    (found,) = json.loads(done.stdout)["diagnostics"]
    assert fixed[found["line"] - 1] == "- AlgorithmName: fore caster"


def test_the_algorithm_may_be_standard_input(algolint: Run, folder: Path) -> None:
    expected = algolint("--format", "concise", "forecaster.yaml", "search.yaml", cwd=folder)
    (folder / "forecaster.yaml").unlink()
    done = algolint("--format", "concise", "-", "search.yaml", cwd=folder, stdin=ALGORITHM)
    assert "[tune-range-outside]" in done.stdout
    assert (done.returncode, done.stdout) == (expected.returncode, expected.stdout)


def test_a_finding_of_a_file_is_reported_once(algolint: Run, folder: Path) -> None:
    """`check` reads a file for specs and for jobs, and both may find the same fault."""
    broken = json.dumps({**TRAINING, "AlgorithmName": "forecaster"}).replace(", ", " ", 1)
    (folder / "broken.json").write_text(broken)
    assert algolint("broken.json", "--format", "concise", cwd=folder).stdout.count("[invalid-syntax]") == 1
    faulty = SEARCH.replace("RoleArn", "RolArn")
    done = algolint("job", "forecaster.yaml", "-", "--format", "concise", cwd=folder, stdin=faulty)
    assert done.stdout.count("[unknown-field]") == 1


def test_check_adds_comments_that_suppress_findings_in_jobs(algolint: Run, folder: Path) -> None:
    (folder / "job.json").unlink()
    before = algolint(".", "--format", "json", cwd=folder)
    count = len(json.loads(before.stdout)["diagnostics"])
    done = algolint("--add-ignore", ".", cwd=folder)
    assert (done.returncode, done.stdout) == (0, f"no problems in 3 files ({count} suppressed)\n")
    text = (folder / "search.yaml").read_text()
    assert "# algolint: ignore[tune-hp-kind, tune-hp-not-tunable]" in text
    assert yaml.safe_load(text) == yaml.safe_load(SEARCH)


@pytest.mark.parametrize("options", [[], ["--fix"], ["--add-ignore"]], ids=["lint", "fix", "add"])
def test_a_comment_in_a_job_is_not_unused_where_its_algorithm_is_not_known(
    algolint: Run, folder: Path, options: list[str]
) -> None:
    text = SEARCH.replace("Maximize}", "Maximize}  # algolint: ignore[tune-objective-direction, tune-hp-*]")
    text = text.replace(
        "Definition:\n", "Definition:  # algolint: ignore[profile-channel-required-missing]\n"
    )
    (folder / "search.yaml").write_text(text)
    done = algolint("search.yaml", *options, cwd=folder)
    assert (done.returncode, done.stdout) == (0, "no problems in 1 file\n")
    assert (folder / "search.yaml").read_text() == text
    done = algolint(".", "--format", "concise", cwd=folder)
    assert "'tune-hp-*' has nothing to suppress on line 4" in done.stdout
    assert "profile-channel-required-missing" not in done.stdout


def test_a_comment_for_a_job_is_not_unused_for_the_spec_beside_it(algolint: Run, tmp_path: Path) -> None:
    spec = yaml.safe_load(ALGORITHM)
    program = (
        "import boto3\nclient = boto3.client('sagemaker')\n"
        f"client.create_algorithm(**{spec!r})\n"
        f"client.create_training_job(**{FAULTY!r})  # algolint: ignore[profile-hp-value-invalid]\n"
    )
    (tmp_path / "release.py").write_text(program)
    for options in ([], ["--fix"]):
        done = algolint("release.py", *options, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, "no problems in 1 file (1 suppressed)\n")
    assert (tmp_path / "release.py").read_text() == program
    program = program.replace("='5'", "='50'").replace("'max_depth': '50'", "'max_depth': '5'")
    (tmp_path / "release.py").write_text(program)
    done = algolint("release.py", "--format", "concise", "--fail-on", "warning", cwd=tmp_path)
    assert (done.returncode, done.stdout.count("[unused-suppression]")) == (1, 1)


def test_a_baseline_has_what_check_finds_in_jobs(algolint: Run, folder: Path) -> None:
    algolint("--write-baseline", "known.json", ".", cwd=folder)
    done = algolint("--baseline", "known.json", ".", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "no problems in 4 files (6 in the baseline)\n")
    alone = algolint("--baseline", "known.json", "--prune-baseline", "search.yaml", cwd=folder)
    assert (alone.returncode, alone.stderr) == (0, "known.json: 0 removed, 6 kept\n")


BOTH = """
import boto3
sm = boto3.client("sagemaker")
sm.create_algorithm(AlgorithmName="a b", TrainingSpecification=load(), Tags=[{"Key": "a", "Value": "é b"}])
sm.create_training_job(
    TrainingJobName="a_b",
    AlgorithmSpecification={"AlgorithmName": "other", "TrainingInputMode": "file"},
    RoleArn=role, OutputDataConfig=output, ResourceConfig=resources, StoppingCondition=limits,
)
"""


def test_a_baseline_of_a_file_with_a_spec_and_jobs_is_pruned(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "algolint.toml").write_text('baseline = "known.json"\n')
    path = tmp_path / "both.py"
    path.write_text(BOTH)
    algolint("--write-baseline", cwd=tmp_path)
    done = algolint("--prune-baseline", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "known.json: 0 removed, 3 kept\n")
    path.write_text(BOTH.replace("a b", "a-b").replace('"file"', '"File"'))
    # The algorithm of the job may be in a file that this run does not look into.
    assert algolint("--prune-baseline", "both.py", cwd=tmp_path).stderr == "known.json: 0 removed, 3 kept\n"
    done = algolint(cwd=tmp_path)
    assert (done.returncode, done.stderr.count("no longer found")) == (0, 2)
    done = algolint("--prune-baseline", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "known.json: 2 removed, 1 kept\n")


def test_a_job_on_standard_input_is_checked(algolint: Run, folder: Path) -> None:
    (folder / "algolint.toml").write_text('[algorithms]\nforecaster = "forecaster.yaml"\n')
    for name, text in {"job.json": json.dumps(FAULTY, indent=1), "search.yaml": SEARCH}.items():
        done = algolint("-", "--stdin-filename", name, "--format", "concise", cwd=folder, stdin=text)
        assert done.returncode == 1, done.stderr
        assert done.stdout == algolint(name, "--format", "concise", cwd=folder).stdout


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_of_check_has_the_findings_of_jobs(algolint: Run, folder: Path, form: str) -> None:
    done = algolint(".", "--format", form, cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "tune-objective-direction" in done.stdout
    assert "search.yaml" in done.stdout


def test_the_configuration_applies_to_jobs_that_check_finds(algolint: Run, folder: Path) -> None:
    (folder / "algolint.toml").write_text(
        'ignore = ["tune-hp-kind"]\n[severity]\ntune-range-outside = "warning"\ntune-objective-direction = "off"\n'
        '[per-file-ignores]\n"search.yaml" = ["tune-hp-not-tunable"]\n'
        '[[suppressions]]\npath = "job.json"\npointer = "/HyperParameters/max_depth"\n'
        'rules = ["profile-hp-value-invalid"]\n'
    )
    done = algolint(".", "--format", "concise", cwd=folder)
    found = [(line.split(": ")[1], line.rpartition("[")[2]) for line in done.stdout.splitlines()]
    assert found == [("warning", "tune-range-outside]"), ("error", "profile-channel-required-missing]")]
    assert not done.stderr
