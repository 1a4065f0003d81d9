"""Shared parts of the tests of rules on the instances of a job."""

from __future__ import annotations

from typing import Any

import rule_cases
from rule_cases import Reported

from algolint.rule import Problem


def reported(spec: Any, shape: str = "ResourceConfig", revision: str = "latest") -> Reported:
    return rule_cases.reported(spec, shape, revision)


def only(spec: Any, name: str, shape: str = "ResourceConfig") -> Problem:
    return rule_cases.only(spec, shape, name)


def single(kind: Any = "ml.m5.xlarge", count: Any = 1, volume: Any = 30, **more: Any) -> dict[str, Any]:
    return {"InstanceType": kind, "InstanceCount": count, "VolumeSizeInGB": volume, **more}


def group(name: Any, kind: Any = "ml.m5.xlarge", count: Any = 1) -> dict[str, Any]:
    return {"InstanceGroupName": name, "InstanceType": kind, "InstanceCount": count}


def cluster(*groups: Any, volume: Any = 30, **more: Any) -> dict[str, Any]:
    return {"InstanceGroups": list(groups), "VolumeSizeInGB": volume, **more}


def preferring(*preferences: Any, volume: Any = 30, **more: Any) -> dict[str, Any]:
    return {"InstancePreferences": list(preferences), "VolumeSizeInGB": volume, **more}


G5 = [{"InstanceType": kind, "InstanceCount": 1} for kind in ("ml.g5.xlarge", "ml.g5.4xlarge")]
M5 = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}
TWO = (group("a"), group("b"))
