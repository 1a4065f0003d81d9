"""Journeys: people who keep their algorithm in Terraform, CDK, a shell script or Python, and make mistakes in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

pytestmark = pytest.mark.new_process

TERRAFORM = """\
locals {
  registry  = "246618743249.dkr.ecr.us-east-1.amazonaws.com"
  instances = ["ml.m5.xlarge"]
}

resource "aws_sagemaker_algorithm" "forecaster" {
  algorithm_name = "forecaster"
  training_specification {
    training_image                    = "${local.registry}/forecaster:${var.tag}"
    supported_training_instance_types = local.instances
    supported_hyper_parameters {
      name          = "epochs"
      type          = "Integer"
      default_value = "12"
    }
    training_channels {
      name                    = "train"
      supported_content_types = ["text/csv"]
      supported_input_modes   = ["File"]
    }
  }
}
"""


def test_terraform(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(TERRAFORM)
    assert algolint().stdout == "no problems in 1 file\n"

    # Two mistakes at a time. The fields are named as in the file, and what is interpolated is no obstacle to fixes.
    faulty = TERRAFORM.replace('["File"]', '["file"]').replace("training_channels {", "training_channel {")
    path.write_text(faulty)
    done = algolint("--format", "concise")
    assert (
        "'training_channel' is not a field of TrainingSpecification; did you mean 'training_channels'?"
        in done.stdout
    )
    path.write_text(TERRAFORM.replace('["File"]', '["file"]').replace('"Integer"', '"integer"'))
    assert algolint("--diff").stdout.count("\n-    ") == 2
    assert algolint("--fix").returncode == 0
    assert path.read_text() == TERRAFORM

    # What stays for now is suppressed, or in a baseline.
    path.write_text(
        TERRAFORM.replace('"ml.m5.xlarge"', '"ml.m5.3xlarge"').replace('= "forecaster"', '= "fore caster"')
    )
    kept = path.read_text()
    assert algolint("--write-baseline", "known.json").returncode == 0
    assert algolint("--baseline", "known.json").stdout == "no problems in 1 file (2 in the baseline)\n"
    assert algolint("--add-ignore").stdout == "no problems in 1 file (2 suppressed)\n"
    path.write_text(kept.replace('"ml.m5.3xlarge"', '"ml.m5.xlarge"'))
    done = algolint("--baseline", "known.json")
    assert done.returncode == 0
    assert "known.json" in done.stderr

    # A release is compared with the one before, and a job with the algorithm.
    (tmp_path / "old.tf").write_text(TERRAFORM)
    (tmp_path / "new.tf").write_text(TERRAFORM.replace('"train"', '"training"'))
    done = algolint("diff", "old.tf", "new.tf")
    assert done.returncode == 1
    assert "a major version" in done.stdout
    (tmp_path / "job.json").write_text(json.dumps({**JOB, "HyperParameters": {"epoch": "5"}}))
    assert "[profile-hp-unknown]" in algolint("job", "old.tf", "job.json").stdout


STACK = """\
import { CfnAlgorithm } from "aws-cdk-lib/aws-sagemaker";

export function forecaster(scope: Construct, tag: string) {
  return new CfnAlgorithm(scope, "Forecaster", {
    algorithmName: "fore caster",
    trainingSpecification: {
      trainingImage: `246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:${tag}`,
      supportedTrainingInstanceTypes: ["ml.m5.xlarge"],
      trainingChannels: [
        { name: "train", supportedContentType: ["text/csv"], supportedInputModes: ["File"] },
      ],
    },
  });
}
"""


def test_cdk(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    path = tmp_path / "lib" / "stack.ts"
    path.write_text(STACK)
    done = algolint("--format", "concise")
    assert done.returncode == 1
    assert "did you mean 'supportedContentTypes'?" in done.stdout
    absent = algolint("--format", "concise", "--ignore", "unknown-field").stdout
    assert "lacks the required field 'supportedContentTypes'" in absent
    path.write_text(STACK.replace('["File"]', '["file"]'))
    assert "1 error in 1 file (2 fixed)" in algolint("--fix", "--unsafe-fixes").stdout
    assert path.read_text() == STACK.replace("supportedContentType:", "supportedContentTypes:")
    path.write_text(STACK)
    assert algolint("--add-ignore").returncode == 0
    ignored = path.read_text()
    assert [line.strip() for line in ignored.splitlines() if "algolint" in line] == [
        "// algolint: ignore[pattern-mismatch]",
        "// algolint: ignore[unknown-field]",
    ]
    # What was ignored is fixed: the comment is in the way, and goes.
    path.write_text(ignored.replace("fore caster", "forecaster"))
    assert "[unused-suppression]" in algolint("--format", "concise").stdout


ALGORITHM = {
    "AlgorithmName": "forecaster",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "SupportedHyperParameters": [
            {
                "Name": "epochs",
                "Type": "Integer",
                "DefaultValue": "48",
                "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "24"}},
            }
        ],
        "TrainingChannels": [
            {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}
        ],
    },
}
JOB = {
    "TrainingJobName": "monday",
    "AlgorithmSpecification": {"AlgorithmName": "forecaster", "TrainingInputMode": "File"},
    "HyperParameters": {"epochs": "50"},
    "RoleArn": "arn:aws:iam::246618743249:role/sagemaker",
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/models/"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
SCRIPT = """\
#!/usr/bin/env bash
set -euo pipefail
aws sagemaker create-algorithm --region "$REGION" --cli-input-json file://specs/algorithm.json
aws sagemaker create-training-job --cli-input-json file://job.json --training-job-name "monday-$(date +%s)"
"""


def test_a_shell_script_with_files(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "algorithm.json").write_text(json.dumps(ALGORITHM, indent=2))
    (tmp_path / "job.json").write_text(json.dumps(JOB, indent=2))
    (tmp_path / "register.sh").write_text(SCRIPT)

    def found(*arguments: str) -> list[tuple[str, str]]:
        rows = json.loads(algolint("--format", "json", *arguments).stdout)["diagnostics"]
        return sorted((Path(row["path"]).as_posix(), row["rule"]) for row in rows)

    # In the folder each finding is in the file that has it, and the job is judged by the one algorithm.
    whole = [("job.json", "profile-hp-value-invalid"), ("specs/algorithm.json", "hp-default-out-of-range")]
    assert found() == found("--jobs", "2") == whole
    # The script alone is linted with what it sends.
    assert found("register.sh") == [
        ("register.sh", "hp-default-out-of-range"),
        ("register.sh", "profile-hp-value-invalid"),
    ]
    # What the command adds is the script's.
    (tmp_path / "register.sh").write_text(
        SCRIPT.replace("create-algorithm", "create-algorithm --algorithm-name 'a b'")
    )
    assert ("register.sh", "pattern-mismatch") in found()


def test_a_program_with_a_file(algolint: Run, tmp_path: Path) -> None:
    """The job is judged by the algorithm, which a program loads from its file."""
    (tmp_path / "algorithm.json").write_text(json.dumps(ALGORITHM))
    (tmp_path / "job.json").write_text(json.dumps(JOB))
    (tmp_path / "register.py").write_text(
        "import boto3, json\n"
        "boto3.client('sagemaker').create_algorithm(**json.load(open('algorithm.json')))\n"
    )
    done = algolint("--format", "concise")
    assert "[profile-hp-value-invalid]" in done.stdout
    assert done.stdout.count("[hp-default-out-of-range]") == 1


HELPER = """\
import boto3

sagemaker = boto3.client("sagemaker")


def channel(name, mode="File"):
    return {"Name": name, "SupportedContentTypes": ["text/csv"], "SupportedInputModes": [mode]}


def register(name, spec, **more):
    request = {"AlgorithmName": name, "TrainingSpecification": spec, **more}
    return sagemaker.create_algorithm(**request)


def main(account):
    spec = {"TrainingImage": f"{account}.dkr.ecr.us-east-1.amazonaws.com/forecaster:1"}
    spec["SupportedTrainingInstanceTypes"] = ["ml.m5.3xlarge"]
    spec["TrainingChannels"] = [channel("train", "FILE"), channel("test")]
    register("fore caster", spec, ProductID="x")
"""


def test_a_helper_of_a_program(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "register.py"
    path.write_text(HELPER)
    rows = json.loads(algolint("--format", "json").stdout)["diagnostics"]
    lines = HELPER.splitlines()
    assert [(row["rule"], lines[row["line"] - 1][row["column"] - 1 :]) for row in rows] == [
        ("unknown-instance-type", '"ml.m5.3xlarge"]'),
        ("unknown-value", '"FILE"), channel("test")]'),
        ("pattern-mismatch", '"fore caster", spec, ProductID="x")'),
        ("unknown-field", 'ProductID="x")'),
    ]
    algolint("--fix", "--unsafe-fixes")
    assert path.read_text() == HELPER.replace("ml.m5.3xlarge", "ml.m5.xlarge")
