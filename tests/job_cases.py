"""An algorithm and a tuning job that fits it, and changes of both for tests of rules on jobs."""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

from algolint.aws.model import JOBS, REQUEST, Model
from algolint.compare.specs import Spec
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter
from algolint.readers import json as read_json
from algolint.rule import Problem, Rule
from algolint.source import Source
from algolint.spec.binder import Binder
from algolint.testing import problems

Path: TypeAlias = tuple[str | int, ...]
ALGORITHMS, MODEL = Model(), Model(table=JOBS)
GONE = object()


def declared(name: str, kind: str, limits: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Name": name, "Type": kind, "IsTunable": True, **more}
    if limits is not None:
        found["Range"] = {f"{kind}ParameterRangeSpecification": limits}
    return found


ALGORITHM: dict[str, Any] = {
    "AlgorithmName": "forecaster",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge", "ml.c5.2xlarge"],
        "SupportsDistributedTraining": False,
        "SupportedHyperParameters": [
            declared("max_depth", "Integer", {"MinValue": "1", "MaxValue": "10"}, IsRequired=True),
            declared("eta", "Continuous", {"MinValue": "0", "MaxValue": "1"}, DefaultValue="0.3"),
            declared("booster", "Categorical", {"Values": ["gbtree", "gblinear", "dart"]}),
            declared("gamma", "Continuous", None),
            declared("epochs", "Integer", {"MinValue": "1", "MaxValue": "100"}, IsTunable=False),
            declared("notes", "FreeText", None, IsTunable=False),
        ],
        "MetricDefinitions": [
            {"Name": "validation:rmse", "Regex": "rmse=([0-9.]+)"},
            {"Name": "validation:auc", "Regex": "auc=([0-9.]+)"},
        ],
        "SupportedTuningJobObjectiveMetrics": [
            {"MetricName": "validation:rmse", "Type": "Minimize"},
            {"MetricName": "validation:auc", "Type": "Maximize"},
        ],
        "TrainingChannels": [
            {
                "Name": "train",
                "IsRequired": True,
                "SupportedContentTypes": ["text/csv"],
                "SupportedCompressionTypes": ["None"],
                "SupportedInputModes": ["File"],
            },
            {
                "Name": "validation",
                "SupportedContentTypes": ["text/csv"],
                "SupportedInputModes": ["File", "Pipe"],
            },
        ],
    },
}
CONFIG: Path = ("HyperParameterTuningJobConfig",)
RANGES: Path = (*CONFIG, "ParameterRanges")
INTEGER: Path = (*RANGES, "IntegerParameterRanges", 0)
CONTINUOUS: Path = (*RANGES, "ContinuousParameterRanges", 0)
CATEGORICAL: Path = (*RANGES, "CategoricalParameterRanges", 0)
LIMITS: Path = (*CONFIG, "ResourceLimits")
OBJECTIVE: Path = (*CONFIG, "HyperParameterTuningJobObjective")
DEFINITION: Path = ("TrainingJobDefinition",)
STATIC: Path = (*DEFINITION, "StaticHyperParameters")
CHANNEL: Path = (*DEFINITION, "InputDataConfig", 0)
TUNING: dict[str, Any] = {
    "HyperParameterTuningJobName": "search-1",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "2", "MaxValue": "8"}],
            "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"}],
            "CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart"]}],
        },
    },
    "TrainingJobDefinition": {
        "AlgorithmSpecification": {"AlgorithmName": "forecaster", "TrainingInputMode": "File"},
        "StaticHyperParameters": {"gamma": "0.5", "epochs": "10"},
        "RoleArn": "arn:aws:iam::246618743249:role/sagemaker",
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
    },
}


def changed(value: Any, *changes: tuple[Path, Any]) -> Any:
    """Return a copy with values at paths replaced; `GONE` removes one."""
    value = copy.deepcopy(value)
    for path, new in changes:
        *way, last = path
        holder = value
        for step in way:
            holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
        if new is GONE:
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(new)
        else:
            holder[last] = new
    return value


def algorithm_of(spec: dict[str, Any]) -> Algorithm:
    """Return the algorithm that a request is checked against."""
    import json

    (document,) = read_json.read(Source("algorithm.json", json.dumps(spec)))
    known = {key: value for key, value in spec.items() if key not in ("ProductId", "AlgorithmArn")}
    bound, faults = Binder(ALGORITHMS).bind(known, REQUEST)
    assert not faults, faults
    return Algorithm(Spec(document, REQUEST, known, bound))


def findings(
    algorithm: dict[str, Any] | None, job: Any, shape: str, region: str | None = None
) -> list[tuple[Rule, Problem]]:
    """Return the findings in a request."""
    given = algorithm_of(algorithm) if algorithm is not None else None
    linter = JobLinter(MODEL, ALGORITHMS, lambda _: given, region=region)
    return problems(linter, job, shape, yaml=False)


def errors(found: list[tuple[Rule, Problem]]) -> set[tuple[str, Path]]:
    """Return the rules and paths of the errors among findings."""
    return {(rule.name, p.path) for rule, p in found if (p.severity or rule.severity) == "error"}
