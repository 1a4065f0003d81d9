"""Makes the benchmark's corpus: requests of about 11 KB in JSON and 8 KB in YAML, 5% of them faulty.

    python benchmarks/corpus.py FOLDER [COUNT]

The same numbers give the same files on every machine.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import yaml

_WORDS = (
    "learning rate depth dropout weight decay batch epochs layers units momentum warmup alpha gamma".split()
)
_INSTANCES = ["ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.c5.xlarge", "ml.c5.2xlarge", "ml.g5.xlarge"]


def hyperparameter(dice: random.Random, number: int) -> dict[str, Any]:
    """A hyperparameter of a random type with a consistent range and default."""
    name = f"{dice.choice(_WORDS)}_{dice.choice(_WORDS)}_{number}"
    spec: dict[str, Any] = {"Name": name, "Description": f"The {name.replace('_', ' ')} of the model."}
    low = dice.randint(1, 50)
    match dice.randrange(4):
        case 0:
            bounds = {"MinValue": str(low), "MaxValue": str(low + 100)}
            spec |= {"Type": "Integer", "Range": {"IntegerParameterRangeSpecification": bounds}}
            spec["DefaultValue"] = str(low + 7)
        case 1:
            bounds = {"MinValue": f"0.{low:03}", "MaxValue": "1.0"}
            spec |= {"Type": "Continuous", "Range": {"ContinuousParameterRangeSpecification": bounds}}
            spec["DefaultValue"] = "0.5"
        case 2:
            values = [f"{dice.choice(_WORDS)}-{i}" for i in range(4)]
            spec |= {
                "Type": "Categorical",
                "Range": {"CategoricalParameterRangeSpecification": {"Values": values}},
            }
            spec["DefaultValue"] = values[0]
        case _:
            spec |= {"Type": "FreeText", "DefaultValue": "automatic"}
    spec |= {"IsTunable": spec["Type"] != "FreeText", "IsRequired": False}
    return spec


def request(dice: random.Random, number: int) -> dict[str, Any]:
    """A complete and consistent request."""
    hyperparameters = [hyperparameter(dice, i) for i in range(16)]
    channels = ["train", "validation", "test"]
    metrics = [f"{channel}:{dice.choice(_WORDS)}_{i}" for i, channel in enumerate(channels)]
    image = f"246618743249.dkr.ecr.us-west-2.amazonaws.com/model-{number}:1.{number}"
    bucket = f"s3://amzn-example-bucket-{number}"
    return {
        "AlgorithmName": f"algorithm-{number}",
        "AlgorithmDescription": f"Algorithm number {number} of the benchmark.",
        "TrainingSpecification": {
            "TrainingImage": image,
            "SupportedHyperParameters": hyperparameters,
            "SupportedTrainingInstanceTypes": _INSTANCES,
            "SupportsDistributedTraining": False,
            "MetricDefinitions": [
                {"Name": name, "Regex": f"{name}=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?);"}
                for name in metrics
            ],
            "TrainingChannels": [
                {
                    "Name": name,
                    "Description": f"The {name} data.",
                    "IsRequired": name == "train",
                    "SupportedContentTypes": ["text/csv", "application/x-parquet"],
                    "SupportedCompressionTypes": ["None"],
                    "SupportedInputModes": ["File"],
                }
                for name in channels
            ],
            "SupportedTuningJobObjectiveMetrics": [
                {"Type": "Maximize", "MetricName": name} for name in metrics
            ],
        },
        "InferenceSpecification": {
            "Containers": [{"Image": image, "Environment": {f"SETTING_{i}": f"value {i}" for i in range(8)}}],
            "SupportedTransformInstanceTypes": _INSTANCES[:5],
            "SupportedRealtimeInferenceInstanceTypes": _INSTANCES[:5],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "ValidationSpecification": {
            "ValidationRole": "arn:aws:iam::246618743249:role/AlgorithmValidation",
            "ValidationProfiles": [
                {
                    "ProfileName": "smoke-test",
                    "TrainingJobDefinition": {
                        "TrainingInputMode": "File",
                        "HyperParameters": {hp["Name"]: hp["DefaultValue"] for hp in hyperparameters},
                        "InputDataConfig": [
                            {
                                "ChannelName": name,
                                "DataSource": {
                                    "S3DataSource": {
                                        "S3DataType": "S3Prefix",
                                        "S3Uri": f"{bucket}/{name}/",
                                        "S3DataDistributionType": "FullyReplicated",
                                    }
                                },
                                "ContentType": "text/csv",
                            }
                            for name in channels
                        ],
                        "OutputDataConfig": {"S3OutputPath": f"{bucket}/out/"},
                        "ResourceConfig": {
                            "InstanceType": "ml.m5.xlarge",
                            "InstanceCount": 1,
                            "VolumeSizeInGB": 30,
                        },
                        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
                    },
                    "TransformJobDefinition": {
                        "MaxConcurrentTransforms": 2,
                        "MaxPayloadInMB": 6,
                        "TransformInput": {
                            "DataSource": {
                                "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{bucket}/in/"}
                            },
                            "ContentType": "text/csv",
                            "SplitType": "Line",
                        },
                        "TransformOutput": {
                            "S3OutputPath": f"{bucket}/predictions/",
                            "Accept": "text/csv",
                            "AssembleWith": "Line",
                        },
                        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
                    },
                }
            ],
        },
        "Tags": [{"Key": f"key-{i}", "Value": f"value {i}"} for i in range(6)],
    }


def damage(spec: dict[str, Any], dice: random.Random) -> None:
    """One of ten kinds of fault."""
    training = spec["TrainingSpecification"]
    job = spec["ValidationSpecification"]["ValidationProfiles"][0]["TrainingJobDefinition"]
    match dice.randrange(10):
        case 0:
            del training["TrainingImage"]
        case 1:
            training["TrainingChanels"] = training.pop("TrainingChannels")
        case 2:
            training["SupportedTrainingInstanceTypes"] = ["ml.m5.3xlarge"]
        case 3:
            training["SupportedHyperParameters"][0]["IsRequired"] = True
        case 4:
            job["StoppingCondition"]["MaxWaitTimeInSeconds"] = 60
        case 5:
            job["HyperParameters"]["no_such_name"] = "1"
        case 6:
            job["ResourceConfig"]["InstanceType"] = "ml.p3.2xlarge"
        case 7:
            spec["AlgorithmName"] = "not a name"
        case 8:
            spec["Tags"][0]["Value"] = 7
        case _:
            job["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3DataType"] = "AugmentedManifestFile"


def make(folder: Path, count: int) -> None:
    """Write `count` requests in each syntax below the folder, every twentieth faulty."""
    dice = random.Random(20181129)
    for syntax in ("json", "yaml"):
        (folder / syntax).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        spec = request(dice, number)
        if number % 20 == 19:
            damage(spec, dice)
        (folder / "json" / f"algorithm-{number:05}.json").write_text(json.dumps(spec, indent=2) + "\n")
        text = yaml.dump(spec, Dumper=yaml.CSafeDumper, sort_keys=False)
        (folder / "yaml" / f"algorithm-{number:05}.yaml").write_text(text)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
