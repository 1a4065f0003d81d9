"""Generates jobs that fit their algorithm, from the validation profiles of complete requests."""

from __future__ import annotations

import random
from typing import Any

from algolint.aws.notation import number
from algolint.jobs.recognition import TRAINING, TRANSFORM, TUNING
from campaigns import complete

_MOST_SEARCHED = 6


def algorithm_with_profile(dice: random.Random) -> dict[str, Any]:
    """Return a complete request for an algorithm with a validation profile."""
    while True:
        request = complete.request(dice)
        if "ValidationSpecification" in request:
            for profile in request["ValidationSpecification"]["ValidationProfiles"]:
                job = profile["TrainingJobDefinition"]
                if "InstancePreferences" in job["ResourceConfig"]:
                    # Spot instances and preferences exclude each other.
                    job["StoppingCondition"].pop("MaxWaitTimeInSeconds", None)
            return request


def jobs_of(request: dict[str, Any], dice: random.Random) -> list[tuple[str, dict[str, Any]]]:
    """Return a training job, a tuning job and a transform job of an algorithm, if its first profile has them."""
    profile = request["ValidationSpecification"]["ValidationProfiles"][0]
    training = profile["TrainingJobDefinition"]
    found = [(TRAINING, training_job(request, training)), (TUNING, tuning_job(request, training, dice))]
    if "TransformJobDefinition" in profile:
        job = {"TransformJobName": "score", "ModelName": "forecaster", **profile["TransformJobDefinition"]}
        found.append((TRANSFORM, job))
    return found


def _common(request: dict[str, Any], training: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a training job other than its name and hyperparameters."""
    fields = ("InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition")
    role = request["ValidationSpecification"]["ValidationRole"]
    job = {
        "AlgorithmSpecification": {
            "AlgorithmName": request["AlgorithmName"],
            "TrainingInputMode": training["TrainingInputMode"],
        },
        "RoleArn": role,
        **{field: training[field] for field in fields if field in training},
    }
    if "MaxWaitTimeInSeconds" in job["StoppingCondition"]:
        job["EnableManagedSpotTraining"] = True
    if any("FileSystemDataSource" in channel["DataSource"] for channel in training["InputDataConfig"]):
        job["VpcConfig"] = {"SecurityGroupIds": ["sg-01234567"], "Subnets": ["subnet-01234567"]}
    return job


def training_job(request: dict[str, Any], training: dict[str, Any]) -> dict[str, Any]:
    """Return the training job of a profile as a separate request."""
    job = {"TrainingJobName": "train", **_common(request, training)}
    if "HyperParameters" in training:
        job["HyperParameters"] = training["HyperParameters"]
    return job


def tuning_job(request: dict[str, Any], training: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a search of hyperparameters that may be tuned, within their ranges."""
    specification = request["TrainingSpecification"]
    static = dict(training.get("HyperParameters", {}))
    ranges: dict[str, list[Any]] = {}
    combinations: int | None = 1
    declared = [row for row in specification.get("SupportedHyperParameters", ()) if row.get("IsTunable")]
    for row in dice.sample(declared, min(len(declared), dice.randint(1, _MOST_SEARCHED))):
        searched = _range(row, dice)
        if searched is not None:
            static.pop(row["Name"], None)
            ranges.setdefault(f"{row['Type']}ParameterRanges", []).append(searched)
            size = _size(row["Type"], searched)
            combinations = combinations * size if combinations and size else None
    config: dict[str, Any] = {
        "Strategy": dice.choice(("Bayesian", "Random")),
        "ResourceLimits": {"MaxParallelTrainingJobs": 1, "MaxNumberOfTrainingJobs": dice.randint(1, 50)},
    }
    if ranges:
        config["ParameterRanges"] = ranges
        if combinations:
            most = config["ResourceLimits"]["MaxNumberOfTrainingJobs"]
            config["ResourceLimits"]["MaxNumberOfTrainingJobs"] = min(combinations, most)
        if ranges.keys() == {"CategoricalParameterRanges"} and dice.random() < 0.5:
            config["Strategy"] = "Grid"
            config["ResourceLimits"]["MaxNumberOfTrainingJobs"] = combinations
    objectives = specification.get("SupportedTuningJobObjectiveMetrics")
    if objectives:
        config["HyperParameterTuningJobObjective"] = dice.choice(objectives)
    definition = {**_common(request, training), "StaticHyperParameters": static}
    job = {"HyperParameterTuningJobName": "search", "HyperParameterTuningJobConfig": config}
    if dice.random() < 0.3:
        own = {"DefinitionName": "first", "HyperParameterRanges": config.pop("ParameterRanges", {})}
        if objectives:
            own["TuningObjective"] = config.pop("HyperParameterTuningJobObjective")
        return {**job, "TrainingJobDefinitions": [{**own, **definition}]}
    return {**job, "TrainingJobDefinition": definition}


def _range(row: dict[str, Any], dice: random.Random) -> dict[str, Any] | None:
    """Return a range to search within the declared one, or None if it has only one value."""
    kind = row["Type"]
    limits = row.get("Range", {}).get(f"{kind}ParameterRangeSpecification", {})
    if kind == "Categorical":
        values = list(dict.fromkeys(limits.get("Values", ("a", "b"))))
        if len(values) < 2:
            return None
        return {"Name": row["Name"], "Values": dice.sample(values, dice.randint(2, min(len(values), 30)))}
    least, greatest = limits.get("MinValue", "1"), limits.get("MaxValue", "9")
    low, high = number(least, kind), number(greatest, kind)
    if low is None or high is None or low >= high:
        return None
    middle = (int(low) + int(high)) // 2
    if dice.random() < 0.5 and low < middle < high:
        least, greatest = dice.choice(((least, str(middle)), (str(middle), greatest)))
    found = {"Name": row["Name"], "MinValue": least, "MaxValue": greatest}
    bottom = number(least, kind)
    if bottom is not None and bottom > 0 and dice.random() < 0.3:
        found["ScalingType"] = "Logarithmic"
    return found


def _size(kind: str, searched: dict[str, Any]) -> int | None:
    """Return the number of values of a range, or None if it is unlimited."""
    match kind:
        case "Categorical":
            return len(searched["Values"])
        case "Integer":
            low, high = (number(searched[end], kind) for end in ("MinValue", "MaxValue"))
            return int(high) - int(low) + 1 if low is not None and high is not None else None
    return None
