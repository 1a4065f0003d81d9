"""Shared parts of the tests of rules on a profile's training job."""

from __future__ import annotations

from typing import Any

from rule_cases import REQUEST, RULES, Path, Reported, linter

from algolint.rule import Problem, Rule
from algolint.testing import completed, model_of, problems
from algolint.values import UNKNOWN

JOB = "TrainingJobDefinition"
AT: Path = ("ValidationSpecification", "ValidationProfiles", 0, JOB)
_FILES = ("profile_hyperparameters", "profile_channels", "input_modes", "data_sources", "training_job")
_NAMES = {rule.name for rule in RULES if rule.family in _FILES}


def found(spec: Any, shape: str = JOB) -> list[tuple[Rule, Problem]]:
    """Return the problems of a part of a spec. For a whole request, only those of rules on training jobs."""
    rows = problems(linter(), completed(spec, shape, model_of()), shape)
    return [(rule, problem) for rule, problem in rows if shape != REQUEST or rule.name in _NAMES]


def reported(spec: Any, shape: str = JOB) -> Reported:
    return {(rule.name, p.path, p.severity or rule.severity) for rule, p in found(spec, shape)}


def only(spec: Any, shape: str = JOB, rule: str | None = None) -> Problem:
    """Return the only problem that is reported, by any rule or by one."""
    (problem,) = [p for r, p in found(spec, shape) if rule in (None, r.name)]
    return problem


def request(training: Any, job: Any, **fields: Any) -> dict[str, Any]:
    """Return a request with a TrainingSpecification and a profile that has a training job."""
    validation = {"ValidationProfiles": [{JOB: job}]}
    return {"TrainingSpecification": training, "ValidationSpecification": validation, **fields}


def in_job(rule: str, *path: str | int, level: str = "error") -> Reported:
    """Return one problem of a request, at a path below its training job."""
    return {(rule, (*AT, *path), level)}


def one(rule: str, *path: str | int, level: str = "error") -> Reported:
    return {(rule, path, level)}


def channels(*items: Any) -> dict[str, Any]:
    return {"InputDataConfig": [*items]}


def s3(uri: Any = UNKNOWN, kind: Any = "S3Prefix", **fields: Any) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": kind, "S3Uri": uri, **fields}}


def groups(*kinds: Any) -> list[dict[str, Any]]:
    return [
        {"InstanceGroupName": f"g{i}", "InstanceType": kind, "InstanceCount": 1}
        for i, kind in enumerate(kinds)
    ]


def fed(declared: Any, given: Any, **fields: Any) -> dict[str, Any]:
    """Return a request that declares channels, and whose profile gives data to some."""
    return request({"TrainingChannels": declared}, {"InputDataConfig": given}, **fields)


# Two declared channels, and the data of a profile for them.
TRAIN = {"Name": "train", "IsRequired": True}
HOLDOUT = {"Name": "holdout", "IsRequired": False}
A = {"ChannelName": "train"}
B = {"ChannelName": "holdout"}
EFS = {"FileSystemDataSource": {"DirectoryPath": "/sales/train"}}
URI = "s3://amzn-example-bucket/sales/train"
S3_URI = ("DataSource", "S3DataSource", "S3Uri")
