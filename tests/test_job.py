"""`algolint job` in real processes: the algorithm, requests in every form, reports, suppression, exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run

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
def test_a_job_in_a_folder_is_no_finding_of_check(algolint: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FORMS[name])
    (tmp_path / "search.yaml").write_text(SEARCH)
    done = algolint(str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "no algorithm specs found\n")


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


@pytest.mark.parametrize(
    "form", ["sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "html", "json-lines"]
)
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
def test_what_cannot_be_done_is_said(algolint: Run, folder: Path, arguments: list[str], message: str) -> None:
    done = algolint("job", *arguments, cwd=folder)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr


def test_the_help_is_that_of_the_command(algolint: Run) -> None:
    done = algolint("job", "--help")
    assert done.returncode == 0
    assert "usage: algolint job ALGORITHM REQUEST" in done.stdout


def test_the_structure_of_a_request_is_checked(algolint: Run, folder: Path) -> None:
    (folder / "bad.json").write_text(json.dumps({**TRAINING, "StopingCondition": {}, "RoleArn": "role"}))
    done = algolint("job", "forecaster.yaml", "bad.json", "--format", "concise", cwd=folder)
    assert "'StopingCondition' is not a field of CreateTrainingJob" in done.stdout
    assert "[pattern-mismatch]" in done.stdout
