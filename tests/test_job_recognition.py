"""The files that `check` reads for jobs: requests in every form, and no file of another program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run

from algolint.aws.model import JOB_REQUESTS, JOBS, Model
from algolint.jobs.recognition import is_plain, shape_of

ROLE = "arn:aws:iam::246618743249:role/sagemaker"
SOURCE = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-example-bucket/train/"}}
RESOURCES = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
DEFINITION: dict[str, Any] = {
    "AlgorithmSpecification": {"AlgorithmName": "forecaster", "TrainingInputMode": "File"},
    "RoleArn": ROLE,
    "InputDataConfig": [{"ChannelName": "train", "DataSource": SOURCE}],
    "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/models/"},
    "ResourceConfig": RESOURCES,
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
TRAINING = {"TrainingJobName": "train-1", **DEFINITION}
TUNING: dict[str, Any] = {
    "HyperParameterTuningJobName": "search-1",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 9, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9"}]},
    },
    "TrainingJobDefinition": DEFINITION,
}
TRANSFORM: dict[str, Any] = {
    "TransformJobName": "score-1",
    "ModelName": "forecaster",
    "TransformInput": {"DataSource": SOURCE},
    "TransformOutput": {"S3OutputPath": "s3://amzn-example-bucket/scores/"},
    "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
}
PACKAGE: dict[str, Any] = {
    "ModelPackageName": "forecaster-1",
    "SourceAlgorithmSpecification": {
        "SourceAlgorithms": [
            {"AlgorithmName": "forecaster", "ModelDataUrl": "s3://amzn-example-bucket/model.tar.gz"}
        ]
    },
}
ENDPOINT: dict[str, Any] = {
    "EndpointConfigName": "forecaster",
    "ProductionVariants": [
        {
            "VariantName": "all",
            "ModelName": "forecaster",
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": 1.0,
        }
    ],
}
REQUESTS = {
    "CreateTrainingJobRequest": TRAINING,
    "CreateHyperParameterTuningJobRequest": TUNING,
    "CreateTransformJobRequest": TRANSFORM,
    "CreateModelPackageInput": PACKAGE,
    "CreateEndpointConfigInput": ENDPOINT,
}
JOB_MODEL = Model(table=JOBS)


@pytest.fixture
def concise(algolint: Run, tmp_path: Path) -> Any:
    """Write a file, lint its folder, and return the exit code, the findings and the summary."""

    def lint(name: str, text: str) -> tuple[int, list[str], str]:
        (tmp_path / name).write_text(text)
        found = algolint(".", "--format", "concise", "--report", "full=report.txt", cwd=tmp_path)
        assert not found.stderr, found.stderr
        return found.returncode, found.stdout.splitlines(), (tmp_path / "report.txt").read_text()

    return lint


# ---------------------------------------------------------------- the structure of a job


@pytest.mark.parametrize("shape", REQUESTS)
def test_a_job_of_an_unknown_algorithm_is_a_checked_file(concise: Any, shape: str) -> None:
    code, found, summary = concise("job.json", json.dumps(REQUESTS[shape]))
    assert (code, found, summary) == (0, [], "no problems in 1 file\n")


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({**TRAINING, "StopingCondition": {}}, "[unknown-field]"),
    "missing field": ({key: TRAINING[key] for key in TRAINING if key != "RoleArn"}, "[missing-field]"),
    "wrong type": ({**TRAINING, "HyperParameters": {"depth": ["5"]}}, "[wrong-type]"),
    "value of a list": ({**TRANSFORM, "BatchStrategy": "Multi"}, "[unknown-value]"),
    "pattern": ({**PACKAGE, "ModelPackageName": "-a"}, "[pattern-mismatch]"),
    "limit": ({**TRANSFORM, "MaxPayloadInMB": -1}, "[number-range]"),
    "no items": ({**ENDPOINT, "ProductionVariants": []}, "[item-count]"),
    "of the job alone": (
        {
            **TUNING,
            "HyperParameterTuningJobConfig": {
                "Strategy": "Hyperband",
                "TrainingJobEarlyStoppingType": "Auto",
            },
        },
        "[tune-hyperband]",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_the_structure_of_a_job_is_always_checked(concise: Any, kind: str) -> None:
    request, rule = FAULTS[kind]
    code, found, _ = concise("job.yaml", yaml.safe_dump(request))
    assert code == 1
    assert any(rule in line for line in found), found


@pytest.mark.parametrize("shape", REQUESTS)
def test_no_single_fault_hides_a_job(shape: str) -> None:
    """One key may be missing or misspelt, or one value may have another type."""
    request, model = REQUESTS[shape], JOB_MODEL.shape(shape)
    only = {"SourceAlgorithmSpecification", "ProductionVariants", "EndpointConfigName"}
    only.add("HyperParameterTuningJobConfig")
    for key in request.keys() - only:
        without = {name: value for name, value in request.items() if name != key}
        for broken in (
            without,
            {**without, key[:-1]: request[key]},
            {**request, key: "x"},
            {**request, key: 1},
        ):
            assert shape_of(broken) == shape
            assert is_plain(broken, model), (key, broken)


# ---------------------------------------------------------------- forms


def state_machine(resource: Any, parameters: Any, key: str = "Parameters") -> dict[str, Any]:
    state = {"Type": "Task", "Resource": resource, key: parameters, "End": True}
    return {"StartAt": "Run", "States": {"Run": state}}


TASKS = {
    "CreateTrainingJobRequest": "createTrainingJob.sync",
    "CreateHyperParameterTuningJobRequest": "createHyperParameterTuningJob.sync",
    "CreateTransformJobRequest": "createTransformJob.sync",
    "CreateEndpointConfigInput": "createEndpointConfig",
}


def faulty(shape: str) -> dict[str, Any]:
    return {**REQUESTS[shape], "Tag": []}


@pytest.mark.parametrize("shape", TASKS)
@pytest.mark.parametrize(
    "prefix", ["arn:aws:states:::sagemaker:", "arn:${AWS::Partition}:states:::aws-sdk:sagemaker:"]
)
def test_tasks_of_step_functions_are_read(concise: Any, shape: str, prefix: str) -> None:
    name = next(iter(REQUESTS[shape]))
    taken = {key: value for key, value in faulty(shape).items() if key != name} | {f"{name}.$": "$.name"}
    _, found, _ = concise("machine.asl.json", json.dumps(state_machine(prefix + TASKS[shape], taken)))
    assert [line.rpartition("[")[2] for line in found] == ["unknown-field]"]
    asked = {**faulty(shape), name: "{% $states.input.name %}"}
    _, found, _ = concise(
        "machine.asl.json", json.dumps(state_machine(prefix + TASKS[shape], asked, "Arguments"))
    )
    assert [line.rpartition("[")[2] for line in found] == ["unknown-field]"]


def template(kind: str, properties: Any) -> dict[str, Any]:
    return {"Resources": {"It": {"Type": kind, "Properties": properties}}}


MACHINE = "AWS::StepFunctions::StateMachine"
SYNC = "arn:aws:states:::sagemaker:createTrainingJob.sync"
BY_TEMPLATE = {**faulty("CreateTrainingJobRequest"), "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}
MODEL_NAME = {"Fn::GetAtt": ["Model", "ModelName"]}
VARIANT = {**ENDPOINT["ProductionVariants"][0], "ModelName": MODEL_NAME, "InstanceType": {"Ref": "Type"}}
TEMPLATES = {
    "definition": template(MACHINE, {"Definition": state_machine(SYNC, BY_TEMPLATE)}),
    "string": template(MACHINE, {"DefinitionString": json.dumps(state_machine(SYNC, faulty("CreateTrainingJobRequest")))}),
    "substituted": template(
        MACHINE,
        {"DefinitionString": {"Fn::Sub": json.dumps(state_machine(SYNC, {**BY_TEMPLATE, "RoleArn": "${Role}"}))}},
    ),
    "joined": template(
        MACHINE,
        {
            "Definition": state_machine(
                {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":{SYNC.partition(':aws:')[2]}"]]},
                BY_TEMPLATE,
            )
        },
    ),
    "training job": template("AWS::SageMaker::TrainingJob", BY_TEMPLATE),
    "endpoint configuration": template(
        "AWS::SageMaker::EndpointConfig", {"ProductionVariants": [VARIANT], "Tag": []}
    ),
    "model package": template(
        "AWS::SageMaker::ModelPackage", {**PACKAGE, "ApprovalDescription": "good", "Tag": []}
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", TEMPLATES)
@pytest.mark.parametrize("written", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_resources_of_cloudformation_are_read(concise: Any, form: str, written: Any) -> None:
    _, found, _ = concise(
        "template.json" if written is json.dumps else "template.yaml", written(TEMPLATES[form])
    )
    assert [line.rpartition("[")[2] for line in found] == ["unknown-field]"], found


def test_parameters_that_are_kept_apart_from_their_task_are_read(concise: Any) -> None:
    apart = {f"{key}.$" if key == "TrainingJobName" else key: value for key, value in BY_TEMPLATE.items()}
    _, found, _ = concise("parameters.json", json.dumps({"train": apart}))
    assert [line.rpartition("[")[2] for line in found] == ["unknown-field]"], found


def test_steps_of_pipelines_are_read(concise: Any) -> None:
    parameter = {"Get": "Parameters.Type"}
    arguments = {
        **DEFINITION,
        "RoleArn": parameter,
        "ResourceConfig": {**RESOURCES, "InstanceType": parameter},
    }
    steps = [
        {"Name": "Train", "Type": "Training", "Arguments": {**arguments, "Tag": []}},
        {"Name": "Search", "Type": "Tuning", "Arguments": {**TUNING, "TrainingJobDefinition": arguments}},
        {"Name": "Other", "Type": "Training", "Arguments": {"Get": "Parameters.Arguments"}},
        {"Name": "Register", "Type": "RegisterModel", "Arguments": {"ModelPackageGroupName": "a"}},
    ]
    _, found, _ = concise("pipeline.json", json.dumps({"Version": "2020-12-01", "Steps": steps}))
    assert [line.rpartition("[")[2] for line in found] == ["unknown-field]"]


BROKEN = json.dumps(faulty("CreateTrainingJobRequest"), indent=1)
SCRIPT = f"aws sagemaker create-training-job --region us-east-1 --cli-input-json '{BROKEN}'\n"
OPTIONS = """\
aws sagemaker create-training-job --training-job-name train-1 --role-arn "$ROLE" \\
  --enable-managed-spot-training --no-enable-network-isolation --tag '[]' \\
  --algorithm-specification '{"AlgorithmName": "forecaster", "TrainingInputMode": "File"}' \\
  --resource-config InstanceType=ml.m5.xlarge,InstanceCount=1,VolumeSizeInGB=30 \\
  --output-data-config '{"S3OutputPath": "s3://amzn-example-bucket/models/"}' \\
  --stopping-condition '{"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 3600}'
"""
PROGRAM_TEXTS = {
    "a.ts": f"const request = {BROKEN} as const;\nawait client.send(new CreateTrainingJobCommand(request));\n",
    "a.js": f"sagemaker.createTrainingJob({BROKEN}, callback);\n",
    "a.sh": SCRIPT,
    "b.sh": OPTIONS,
    "Makefile": "train:\n\t" + " ".join(SCRIPT.split()) + "\n",
    "a.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": f"%%bash\n{OPTIONS}"}]}),
    "b.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": "!" + " ".join(SCRIPT.split())}]}),
}


@pytest.mark.parametrize("name", PROGRAM_TEXTS)
def test_scripts_and_programs_in_typescript_are_read(concise: Any, name: str) -> None:
    _, found, _ = concise(name, PROGRAM_TEXTS[name])
    assert [line.rpartition("[")[2] for line in found] == ["unknown-field]"], found


def test_blocks_of_a_named_page_are_read(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"# Jobs\n\n```json\n{BROKEN}\n```\n\n```json\n{{...}}\n```\n")
    done = algolint("a.md", "--format", "concise", cwd=tmp_path)
    assert [line.rpartition("[")[2] for line in done.stdout.splitlines()] == ["unknown-field]"]


# ---------------------------------------------------------------- files of other programs

DESCRIBED = {**TRAINING, "TrainingJobArn": "arn:aws:sagemaker:us-east-1:246618743249:training-job/a"}
FOREIGN: dict[str, Any] = {
    "a response": {**DESCRIBED, "TrainingJobStatus": "Completed", "CreationTime": 1},
    "an event": {"detail-type": "SageMaker Training Job State Change", "detail": DESCRIBED},
    "a list of jobs": {"TrainingJobSummaries": [{"TrainingJobName": "a", "TrainingJobStatus": "Failed"}]},
    "a log": [{"TrainingJobName": "a", "Accuracy": 0.9, "HyperParameters": {"depth": "5"}}],
    "settings": {"TrainingJobName": "a", "ResourceConfig": "big", "OutputDataConfig": "s3://a/", "epochs": 5},
    "settings of a pipeline": {"TrainingJobName": "a", "ResourceConfig": {}, "InputDataConfig": [], "Steps": 5, "Owner": "b", "Team": "c"},
    "an endpoint": {"EndpointName": "a", "EndpointArn": "b", "EndpointConfigName": "c", "ProductionVariants": [{"VariantName": "all", "CurrentWeight": 1}]},
    "another transformer": {"ModelName": "resnet", "TransformInput": "resize", "TransformOutput": "normalize"},
    "the names of a search": {"HyperParameterTuningJobName": "a", "BestScore": 0.1},
    "a schema": {"properties": {name: {"type": "object"} for name in TRAINING}},
    "a model": {"CreateTrainingJobRequest": {"type": "structure", "members": {name: {"shape": name} for name in TRAINING}}},
    "a resource of Kubernetes": {"kind": "TrainingJob", "spec": {"trainingJobName": "a", "algorithmSpecification": {}}},
    "a template": template("Custom::Training", {**TRAINING, "RoleArn": {"Ref": "Role"}, "ServiceToken": "a"}),
    "a group of packages": template("AWS::SageMaker::ModelPackage", {"ModelPackageGroupName": "a", "InferenceSpecification": {}}),
    "a processing job": state_machine("arn:aws:states:::sagemaker:createProcessingJob.sync", {"ProcessingJobName": "a"}),
    "a Lambda": state_machine("arn:aws:states:::lambda:invoke", {"FunctionName": "train", "Payload": {"TrainingJobName": "a"}}),
}  # fmt: skip
PROGRAMS = {
    "a helper's method": 'helper.create_training_job(job_name="a", image="b", instance="c")\n',
    "the session of the SDK": 'session.create_endpoint_config(name="a", model_name="b", instance_type="c")\n',
    "a definition": "def create_training_job(name, image):\n    return name\n",
    "a test": 'client.create_training_job.assert_called_with(TrainingJobName="a")\n',
    "a stub": 'stub.add_response("create_training_job", {}, {"TrainingJobName": "a"})\n',
    "what is known elsewhere": "client.create_training_job(**request)\n",
    "one known field": 'client.create_training_job(TrainingJobName="-", **request)\n',
    "an estimator of an image": "HyperparameterTuner(estimator, 'auc', {})\nestimator.fit({'a': 1})\n",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_files_of_other_programs_are_skipped(concise: Any, kind: str) -> None:
    for name, text in {"a.json": json.dumps(FOREIGN[kind]), "a.yaml": yaml.safe_dump(FOREIGN[kind])}.items():
        assert concise(name, text) == (0, [], "no algorithm specs found\n")


@pytest.mark.parametrize("kind", PROGRAMS)
def test_other_programs_are_skipped(concise: Any, kind: str) -> None:
    assert concise("a.py", PROGRAMS[kind]) == (0, [], "no algorithm specs found\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ts", 'helper.createTrainingJob({ jobName: "a", image: "b", instance: "c" });\n'),
        (
            "b.ts",
            "const input: CreateTrainingJobCommandInput = load();\nnew CreateTrainingJobCommand(input);\n",
        ),
        ("a.sh", "aws sagemaker create-training-job --cli-input-yaml file://job.yaml\n"),
        ("b.sh", "aws sagemaker create-model-package --model-package-group-name a\n"),
    ],
)
def test_what_is_known_elsewhere_is_not_reported(concise: Any, name: str, text: str) -> None:
    code, found, _ = concise(name, text)
    assert (code, found) == (0, [])


def test_a_named_file_of_another_program_is_not_a_spec(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(json.dumps(FOREIGN["a log"]))
    assert "[not-an-algorithm]" in algolint("log.json", "--format", "concise", cwd=tmp_path).stdout


def test_every_request_has_a_case() -> None:
    assert REQUESTS.keys() == JOB_REQUESTS.keys()


# ---------------------------------------------------------------- Terraform

TERRAFORM = """\
variable "bucket" {}

resource "aws_sagemaker_training_job" "train" {
  training_job_name = "train-1"
  role_arn          = aws_iam_role.it.arn
  tags              = { team = "pricing" }

  algorithm_specification {
    algorithm_name      = "forecaster"
    training_input_mode = "File"
  }
  hyper_parameters = {
    max_depth = 50
    "eta"     = "0.3"
  }
  input_data_config {
    channel_name = "train"
    data_source {
      s3_data_source {
        s3_data_type = "S3Prefix"
        s3_uri       = "s3://${var.bucket}/train/"
      }
    }
  }
  output_data_config {
    s3_output_path = "s3://${var.bucket}/models/"
  }
  resource_config {
    instance_type     = "ml.m5.xlarge"
    instance_count    = 1
    volume_size_in_gb = 30
  }
  stopping_condition {
    max_runtime_in_seconds = 3600
  }
  delete_vpc_enis_on_destroy = true
}

resource "aws_sagemaker_hyper_parameter_tuning_job" "search" {
  name = "search-1"
  config {
    strategy = "Bayesian"
    objective {
      metric_name = "test:mape"
      type        = "Minimize"
    }
    parameter_ranges {
      integer_parameter_ranges {
        name      = "max_depth"
        min_value = "1"
        max_value = "30"
      }
    }
    resource_limits {
      max_number_of_training_jobs = 10
      max_parallel_training_jobs  = 2
    }
  }
  training_job_definition {
    role_arn = aws_iam_role.it.arn
    algorithm_specification {
      algorithm_name      = "forecaster"
      training_input_mode = "File"
    }
    static_hyper_parameters = { eta = "0.3" }
    output_data_config {
      s3_output_path = "s3://${var.bucket}/models/"
    }
    resource_config {
      instance_type     = "ml.m5.xlarge"
      instance_count    = 1
      volume_size_in_gb = 30
    }
    stopping_condition {
      max_runtime_in_seconds = 3600
    }
  }
  warm_start_config {
    warm_start_type = "TransferLearning"
    parent_hyper_parameter_tuning_jobs {
      name = "search-1"
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "serve" {
  name_prefix = "forecaster"
  kms_key_arn = aws_kms_key.it.arn
  production_variants {
    model_name             = aws_sagemaker_model.it.name
    initial_instance_count = 0
    instance_type          = "ml.m5.3xlarge"
    enable_ssm_access      = true
  }
  data_capture_config {
    initial_sampling_percentage = 20
    destination_s3_uri          = "s3://${var.bucket}/captured/"
    capture_options {
      capture_mode = "Input"
    }
  }
}
"""
FORECASTER = {
    "AlgorithmName": "forecaster",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "SupportedHyperParameters": [
            {
                "Name": "max_depth",
                "Type": "Integer",
                "IsTunable": True,
                "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "10"}},
            },
            {"Name": "eta", "Type": "Continuous", "IsTunable": True},
        ],
        "MetricDefinitions": [{"Name": "test:mape", "Regex": "mape=([0-9.]+)"}],
        "SupportedTuningJobObjectiveMetrics": [{"MetricName": "test:mape", "Type": "Minimize"}],
        "TrainingChannels": [
            {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}
        ],
    },
}


def places(stdout: str) -> list[tuple[str, str]]:
    """Return the text at the location of each finding, and its rule."""
    lines = TERRAFORM.splitlines()
    found = []
    for line in stdout.splitlines():
        if not line.startswith("main.tf:"):
            continue
        _, row, column, _, message = line.split(":", 4)
        found.append((lines[int(row) - 1][int(column) - 1 :], message.rpartition("[")[2][:-1]))
    return found


def test_resources_of_terraform_are_read(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    done = algolint(".", "--format", "concise", cwd=tmp_path)
    assert not done.stderr
    assert places(done.stdout) == [
        ('"search-1"', "tune-warm-start"),
        ("0", "number-range"),
        ('"ml.m5.3xlarge"', "unknown-instance-type"),
    ]
    (tmp_path / "forecaster.json").write_text(json.dumps(FORECASTER))
    done = algolint(".", "--format", "concise", "--ignore", "tune-warm-start", cwd=tmp_path)
    assert places(done.stdout)[:2] == [("50", "profile-hp-value-invalid"), ('"30"', "tune-range-outside")]
    ignored = algolint(".", "--add-ignore", cwd=tmp_path)
    assert ignored.returncode == 0, ignored.stdout


#: What is written in the place of a text of the resources, and what is fixed; None where nothing is.
TERRAFORM_FIXES = [
    ('"ml.m5.3xlarge"', '"ml.m5.3xlarge"', '"ml.m5.xlarge"'),
    ('training_input_mode = "File"\n  }\n  hyper', 'training_input_mode = "file"\n  }\n  hyper', 'training_input_mode = "File"\n  }\n  hyper'),
    ('name      = "max_depth"\n        min_value = "1"\n        max_value = "30"',
     'name      = "max_dept"\n        min_value = "1"\n        max_value = "3"',
     'name      = "max_depth"\n        min_value = "1"\n        max_value = "3"'),
    ('type        = "Minimize"', 'type        = "Maximize"', 'type        = "Minimize"'),
    ("    max_depth = 50\n", "    max_dept  = 5\n", "    max_depth  = 5\n"),
    ("    instance_count    = 1\n    volume_size_in_gb = 30\n  }\n  stopping", "    volume_size_in_gb = 30\n  }\n  stopping",
     "    volume_size_in_gb = 30\n    instance_count    = 1\n  }\n  stopping"),
    ('"s3://${var.bucket}/train/"', "local.train", None),
]  # fmt: skip


@pytest.mark.parametrize(("place", "written", "expected"), TERRAFORM_FIXES)
def test_fixes_are_made_in_resources_of_terraform(
    place: str, written: str, expected: str | None, algolint: Run, tmp_path: Path
) -> None:
    assert TERRAFORM.count(place) == 1
    clean = TERRAFORM.replace('"ml.m5.3xlarge"', '"ml.m5.xlarge"')
    text = (clean if place in clean else TERRAFORM).replace(place, written)
    (tmp_path / "main.tf").write_text(text)
    (tmp_path / "forecaster.json").write_text(json.dumps(FORECASTER))
    algolint(".", "--fix", "--unsafe-fixes", cwd=tmp_path)
    assert (tmp_path / "main.tf").read_text() == (text.replace(written, expected) if expected else text)


def test_resources_of_terraforms_json_are_read_and_fixed(algolint: Run, tmp_path: Path) -> None:
    job = {
        "training_job_name": "train-1",
        "role_arn": "${aws_iam_role.it.arn}",
        "tags": {"team": "pricing"},
        "algorithm_specification": [{"algorithm_name": "forecaster", "training_input_mode": "file"}],
        "hyper_parameters": {"max_depth": "50"},
        "output_data_config": {"s3_output_path": "s3://amzn-example-bucket/models/"},
        "resource_config": [{"instance_type": "ml.m5.3xlarge", "instance_count": 1, "volume_size_in_gb": 30}],
        "stopping_condition": {"max_runtime_in_seconds": 3600},
        "delete_vpc_enis_on_destroy": True,
    }
    search = {"name": "search-1", "config": {"strategy": "Bayes"}, "training_job_definition": {}}
    kinds = {
        "aws_sagemaker_training_job": {"a": job},
        "aws_sagemaker_hyper_parameter_tuning_job": {"b": [search]},
    }
    text = json.dumps({"resource": [kinds]}, indent=1)
    (tmp_path / "main.tf.json").write_text(text)
    (tmp_path / "forecaster.json").write_text(json.dumps(FORECASTER))
    done = algolint(".", "--format", "json", cwd=tmp_path)
    lines = text.splitlines()
    found = {
        (d["rule"], lines[d["line"] - 1].strip(), d["pointer"])
        for d in json.loads(done.stdout)["diagnostics"]
    }
    assert found >= {
        ("unknown-value", '"training_input_mode": "file"', "/AlgorithmSpecification/TrainingInputMode"),
        ("profile-hp-value-invalid", '"max_depth": "50"', "/HyperParameters/max_depth"),
        ("unknown-instance-type", '"instance_type": "ml.m5.3xlarge",', "/ResourceConfig/InstanceType"),
        ("unknown-value", '"strategy": "Bayes"', "/HyperParameterTuningJobConfig/Strategy"),
        ("missing-field", '"config": {', "/HyperParameterTuningJobConfig"),
    }
    algolint(".", "--fix", "--unsafe-fixes", cwd=tmp_path)
    fixed = text.replace('"file"', '"File"').replace("3xlarge", "xlarge").replace('"Bayes"', '"Bayesian"')
    assert (tmp_path / "main.tf.json").read_text() == fixed


STATES = """\
resource "aws_sfn_state_machine" "encoded" {
  name       = "encoded"
  definition = jsonencode({
    StartAt = "Register"
    States = {
      Register = {
        Type     = "Task"
        Resource = "arn:aws:states:::aws-sdk:sagemaker:createAlgorithm"
        Parameters = {
          "AlgorithmName.$" = "$.name"
          TrainingSpecification = {
            TrainingImage                  = "${local.registry}/forecaster:1"
            SupportedTrainingInstanceTypes = ["ml.m5.xlarg"]
            TrainingChannels = [
              { Name = "train", SupportedContentTypes = ["text/csv"], SupportedInputModes = ["File"] },
            ]
          }
        }
        Next = "Train"
      }
      Train = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.current.partition}:states:::sagemaker:createTrainingJob.sync"
        Parameters = {
          "TrainingJobName.$"    = "$.job"
          AlgorithmSpecification = { AlgorithmName = "forecaster", TrainingInputMode = "File" }
          RoleArn                = aws_iam_role.it.arn
          HyperParameters        = { max_dept = "5" }
          OutputDataConfig       = { S3OutputPath = "s3://${var.bucket}/models/" }
          ResourceConfig = {
            InstanceType   = "ml.m5.3xlarge"
            VolumeSizeInGB = 30
          }
          StoppingCondition = { MaxRuntimeInSeconds = 3600 }
        }
        End = true
      }
    }
  })
}

resource "aws_sfn_state_machine" "text" {
  definition = <<-EOF
  {"StartAt": "Train", "States": {"Train": {"Type": "Task", "End": true,
   "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
   "Parameters": {"TrainingJobName": "${local.job}",
    "AlgorithmSpecification": {"AlgorithmName": "forecaster", "TrainingInputMode": "file"},
    "RoleArn": "${aws_iam_role.it.arn}", "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600}}}}}
  EOF
}

resource "aws_sfn_state_machine" "file" {
  definition = templatefile("states.json", {})
}
"""


def test_state_machines_of_terraform_are_read_and_fixed(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "states.tf").write_text(STATES)
    (tmp_path / "forecaster.json").write_text(json.dumps(FORECASTER))
    done = algolint(".", "--format", "json", cwd=tmp_path)
    assert not done.stderr
    lines = STATES.splitlines()
    assert [
        (d["rule"], lines[d["line"] - 1][d["column"] - 1 :])
        for d in json.loads(done.stdout)["diagnostics"]
        if d["path"] == "states.tf"
    ] == [
        ("unknown-instance-type", '"ml.m5.xlarg"]'),
        ("profile-hp-unknown", 'max_dept = "5" }'),
        ("instance-config-incomplete", "ResourceConfig = {"),
        ("unknown-instance-type", '"ml.m5.3xlarge"'),
        ("unknown-value", "<<-EOF"),
    ]
    algolint(".", "--fix", "--unsafe-fixes", cwd=tmp_path)
    expected = (
        STATES.replace('xlarg"', 'xlarge"').replace("max_dept ", "max_depth ").replace("3xlarge", "xlarge")
    )
    counted = "            VolumeSizeInGB = 30\n"
    expected = expected.replace(counted, f"{counted}            InstanceCount  = 1\n")
    assert (tmp_path / "states.tf").read_text() == expected
