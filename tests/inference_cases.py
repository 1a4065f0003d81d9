"""Shared parts of the tests of rules on the inference specification."""

from __future__ import annotations

from typing import Any

from rule_cases import reported

from algolint.values import UNKNOWN

IS = "InferenceSpecification"
CONTAINER = "ModelPackageContainerDefinition"
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2"


def mine(spec: Any, shape: str, *names: str, revision: str = "latest") -> set[tuple[Any, ...]]:
    """The problems of the rules of these names."""
    return {finding for finding in reported(spec, shape, revision) if finding[0] in names}


def request(*profiles: Any, **more: Any) -> dict[str, Any]:
    return {"ValidationSpecification": {"ValidationProfiles": list(profiles)}, **more}


WITH_JOB = {"TransformJobDefinition": {"BatchStrategy": UNKNOWN}}
