"""Generates complete requests that are consistent in all parts, like those of a careful author."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from algolint.aws.instances import has_local_storage
from algolint.aws.model import Model
from campaigns.requests import word

_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1", "sa-east-1")
_REGIONS_OF_OTHERS = (("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"))
_WORDS = "learning rate depth dropout weight decay batch epochs layers units momentum warmup alpha".split()
_MEDIA = ("text/csv", "application/json", "application/jsonlines", "application/x-parquet", "text/libsvm")
_PRODUCTS = ("forecaster", "image-classifier", "recommender", "tabular/boosting", "text_embedder")
_REGEXES = (
    r"{0}=([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?);",
    r"{0}: ([0-9\.]+)",
    r".*\[[0-9]+\].*{0}:(\S+).*",
    r"\"{0}\": (-?\d+(?:\.\d+)?)",
    r"Epoch \d+ {0} = ([0-9]+\.[0-9]+)",
)


#: The revision of 2023 for which a missing field is tested.
OLD = "1.29.150"


@cache
def enum(shape: str, revision: str = "latest") -> tuple[str, ...]:
    """Return the values of an enum at a revision."""
    return Model(revision).shape(shape).enum or ()


class Author:
    """Writes one request, with choices that apply to all its parts.

    One author in four only uses what the API had at the revision `OLD`, so that the request is complete
    there, too.
    """

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.is_old = dice.random() < 0.25
        self.region, self.partition = dice.choice(_REGIONS), "aws"
        if dice.random() < 0.1:
            self.region, self.partition = dice.choice(_REGIONS_OF_OTHERS)
        self.account = f"{dice.randint(2, 9)}{dice.randint(0, 10**11 - 1):011}"
        self.bucket = f"amzn-example-{dice.choice(_WORDS)}-{dice.randint(1, 999)}"
        self.for_marketplace = dice.random() < 0.25
        # A transform job and ModelDataSource exclude each other.
        self.transforms = self.for_marketplace or dice.random() < 0.5
        self.validates = self.transforms or dice.random() < 0.7
        self.infers = self.transforms or dice.random() < 0.5
        self.types = dice.sample(self.enum("TrainingInstanceType"), dice.randint(2, 6))
        self.is_distributed = dice.random() < 0.5
        self.modes_of: dict[str, list[str]] = {}

    def may(self, share: float = 0.5) -> bool:
        """Return True with a probability."""
        return self.dice.random() < share

    def enum(self, shape: str) -> tuple[str, ...]:
        """Return the values of an enum that this author knows."""
        return enum(shape, OLD if self.is_old else "latest")

    def request(self) -> dict[str, Any]:
        """Return the request."""
        product = self.dice.choice(_PRODUCTS).replace("/", "-").replace("_", "-")
        request: dict[str, Any] = {"AlgorithmName": f"{product}-{self.dice.randint(1, 99)}"}
        if self.may(0.8):
            request["AlgorithmDescription"] = f"Finds the {self.dice.choice(_WORDS)} of many series, é 日本."
        training = request["TrainingSpecification"] = self.training()
        if self.infers:
            request["InferenceSpecification"] = self.inference()
        if self.validates:
            inference = request.get("InferenceSpecification")
            request["ValidationSpecification"] = self.validation(training, inference)
        if self.for_marketplace or self.may(0.3):
            request["CertifyForMarketplace"] = self.for_marketplace
        if self.may():
            tags = range(self.dice.randint(0, 4))
            request["Tags"] = [{"Key": f"team-{i}", "Value": f"cost centre {i}"} for i in tags]
        return request

    # ------------------------------------------------------------ training

    def image(self) -> str:
        """Return an image in the author's own registry."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        host = f"{self.account}.dkr.ecr.{self.region}.{suffix}"
        repository = self.dice.choice(_PRODUCTS)
        if self.may(0.2):
            return f"{host}/{repository}@sha256:{self.digest()}"
        return f"{host}/{repository}:{self.dice.randint(1, 9)}.{self.dice.randint(0, 20)}.0"

    def digest(self) -> str:
        """Return 64 hexadecimal digits."""
        return "".join(self.dice.choices("0123456789abcdef", k=64))

    def training(self) -> dict[str, Any]:
        """Return the TrainingSpecification."""
        image = self.image()
        spec: dict[str, Any] = {
            "TrainingImage": image,
            "SupportedTrainingInstanceTypes": self.types,
            "TrainingChannels": self.channels(),
        }
        if "@" not in image and self.may(0.2):
            spec["TrainingImageDigest"] = f"sha256:{self.digest()}"
        if self.may(0.9):
            spec["SupportedHyperParameters"] = [
                self.hyperparameter(f"{name}_{i}")
                for i, name in enumerate(self.dice.choices(_WORDS, k=self.dice.randint(0, 8)))
            ]
        if self.is_distributed or self.may():
            spec["SupportsDistributedTraining"] = self.is_distributed
        metrics = [
            f"{at}:{self.dice.choice(_WORDS)}" for at in ("train", "validation", "test") if self.may(0.6)
        ]
        if metrics:
            spec["MetricDefinitions"] = [
                {"Name": name, "Regex": self.dice.choice(_REGEXES).format(name)} for name in metrics
            ]
            if self.may(0.7):
                spec["SupportedTuningJobObjectiveMetrics"] = [
                    {"Type": self.dice.choice(("Minimize", "Maximize")), "MetricName": name}
                    for name in metrics
                ]
        return spec

    def hyperparameter(self, name: str) -> dict[str, Any]:
        """Return a hyperparameter with a consistent type, range, default and flags."""
        dice = self.dice
        kind = dice.choice(("Integer", "Continuous", "Categorical", "FreeText"))
        spec: dict[str, Any] = {"Name": name, "Type": kind}
        default = "automatic"
        match kind:
            case "Integer":
                low = dice.randint(-100, 100)
                default = str(low + dice.randint(0, 50))
                bounds = {"MinValue": str(low), "MaxValue": str(low + dice.randint(50, 10**9))}
                spec["Range"] = {"IntegerParameterRangeSpecification": bounds}
            case "Continuous":
                least, default, most = dice.choice(
                    (("0.0", "0.5", "1.0"), ("1e-8", "1e-3", "10"), ("-1.5", "-1.5", "2"), ("0", "1", "1"))
                )
                spec["Range"] = {
                    "ContinuousParameterRangeSpecification": {"MinValue": least, "MaxValue": most}
                }
            case "Categorical":
                values = [f"{dice.choice(_WORDS)}-{i}" for i in range(dice.randint(1, 5))]
                default = dice.choice(values)
                spec["Range"] = {"CategoricalParameterRangeSpecification": {"Values": values}}
        if kind in ("Integer", "Continuous") and self.may(0.15):
            del spec["Range"]
        if self.may(0.8):
            spec["Description"] = f"The {name.replace('_', ' ')} of the model."
        if self.may(0.4):
            spec["IsRequired"] = True
        elif self.may(0.8):
            spec |= {"IsRequired": False, "DefaultValue": default}
        if "Range" in spec:
            spec["IsTunable"] = self.may()
        return spec

    def channels(self) -> list[dict[str, Any]]:
        """Return the TrainingChannels, the first of which is required."""
        channels = []
        for number, name in enumerate(("train", "validation", "test", "model")[: self.dice.randint(1, 4)]):
            modes = self.dice.sample(("File", "Pipe", "FastFile"), self.dice.randint(1, 3))
            self.modes_of[name] = modes
            channel: dict[str, Any] = {
                "Name": name,
                "SupportedContentTypes": self.dice.sample(_MEDIA, self.dice.randint(1, 3)),
                "SupportedInputModes": modes,
            }
            if number == 0 or self.may():
                channel["IsRequired"] = number == 0 or self.may()
            if self.may():
                compressions = ["None", "Gzip"] if "Pipe" in modes and self.may() else ["None"]
                channel["SupportedCompressionTypes"] = compressions
            if self.may(0.8):
                channel["Description"] = f"The {name} data."
            channels.append(channel)
        return channels

    # ------------------------------------------------------------ inference

    def inference(self) -> dict[str, Any]:
        """Return the InferenceSpecification."""
        count = 1 if self.may(0.7) else self.dice.randint(2, 4)
        spec: dict[str, Any] = {
            "Containers": [self.container(number, count) for number in range(count)],
            "SupportedContentTypes": self.dice.sample(_MEDIA, 2),
            "SupportedResponseMIMETypes": self.dice.sample(_MEDIA, 2),
            "SupportedTransformInstanceTypes": self.dice.sample(self.enum("TransformInstanceType"), 3),
            "SupportedRealtimeInferenceInstanceTypes": self.dice.sample(
                self.enum("ProductionVariantInstanceType"), 3
            ),
        }
        return spec

    def container(self, number: int, count: int) -> dict[str, Any]:
        """Return a container; those of a pipeline have names."""
        container: dict[str, Any] = {"Image": self.image()}
        if count > 1:
            container["ContainerHostname"] = f"step-{number}"
        if "@" not in container["Image"] and self.may(0.2):
            container["ImageDigest"] = f"sha256:{self.digest()}"
        if self.may():
            entries = range(self.dice.randint(0, 16))
            container["Environment"] = {f"SETTING_{i}": f"value {word(self.dice)}" for i in entries}
        if self.may(0.2):
            container |= {"Framework": "PYTORCH", "FrameworkVersion": "2.1"}
        if self.may(0.2):
            container["ModelDataUrl"] = f"s3://{self.bucket}/models/{word(self.dice)}.tar.gz"
        elif not self.transforms and not self.is_old and self.may(0.2):
            container["ModelDataSource"] = {"S3DataSource": self.model_source()}
        return container

    def model_source(self) -> dict[str, Any]:
        """Return a model's files, as a prefix or as one archive."""
        address = f"s3://{self.bucket}/models/{word(self.dice)}"
        if self.may():
            return {"S3DataType": "S3Prefix", "S3Uri": f"{address}/", "CompressionType": "None"}
        return {"S3DataType": "S3Object", "S3Uri": f"{address}.tar.gz", "CompressionType": "Gzip"}

    # ------------------------------------------------------------ validation

    def validation(self, training: dict[str, Any], inference: dict[str, Any] | None) -> dict[str, Any]:
        """Return the ValidationSpecification."""
        profile: dict[str, Any] = {
            "ProfileName": f"profile-{self.dice.randint(1, 99)}",
            "TrainingJobDefinition": self.training_job(training),
        }
        if self.transforms and inference is not None:
            profile["TransformJobDefinition"] = self.transform_job(inference)
        role = self.dice.choice(("AlgorithmValidation", "service-role/SageMaker"))
        return {
            "ValidationRole": f"arn:{self.partition}:iam::{self.account}:role/{role}",
            "ValidationProfiles": [profile],
        }

    def key(self) -> str:
        """Return a KMS key in the author's region."""
        identity = "1234abcd-12ab-34cd-56ef-1234567890ab"
        arn = f"arn:{self.partition}:kms:{self.region}:{self.account}"
        return self.dice.choice((identity, f"{arn}:key/{identity}"))

    def training_job(self, training: dict[str, Any]) -> dict[str, Any]:
        """Return the training job of the profile."""
        mode = self.dice.choice(self.modes_of[training["TrainingChannels"][0]["Name"]])
        resources = self.resources()
        groups = [group["InstanceGroupName"] for group in resources.get("InstanceGroups", ())]
        job: dict[str, Any] = {
            "TrainingInputMode": mode,
            "InputDataConfig": [
                self.channel(declared, mode, groups)
                for declared in training["TrainingChannels"]
                if declared.get("IsRequired") or self.may()
            ],
            "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/output/"},
            "ResourceConfig": resources,
            "StoppingCondition": self.stopping_condition(),
        }
        declared = training.get("SupportedHyperParameters", ())
        if declared:
            job["HyperParameters"] = {
                spec["Name"]: self.value_for(spec)
                for spec in declared
                if spec.get("IsRequired") or self.may()
            }
        if self.may(0.3):
            job["OutputDataConfig"]["KmsKeyId"] = self.key()
        if self.may(0.2) and not self.is_old:
            job["OutputDataConfig"]["CompressionType"] = self.dice.choice(("GZIP", "NONE"))
        return job

    def value_for(self, spec: dict[str, Any]) -> str:
        """Return a value that a declared hyperparameter accepts."""
        if "DefaultValue" in spec:
            return str(spec["DefaultValue"])
        match spec:
            case {"Range": {"CategoricalParameterRangeSpecification": {"Values": list() as values}}}:
                return str(self.dice.choice(values))
            case {"Range": dict() as ranges}:
                (bounds,) = ranges.values()
                return str(bounds[self.dice.choice(("MinValue", "MaxValue"))])
            case {"Type": "FreeText"}:
                return "some text"
        return str(self.dice.randint(0, 50))

    def channel(self, declared: dict[str, Any], general: str, groups: list[str]) -> dict[str, Any]:
        """Return data for a declared channel, in a mode that it supports."""
        name = declared["Name"]
        modes = self.modes_of[name]
        mode = general if general in modes and self.may(0.7) else self.dice.choice(modes)
        channel: dict[str, Any] = {"ChannelName": name, "DataSource": self.source(name, mode, groups)}
        if mode != general or self.may(0.2):
            channel["InputMode"] = mode
        if self.may(0.9):
            channel["ContentType"] = self.dice.choice(declared["SupportedContentTypes"])
        is_s3 = "S3DataSource" in channel["DataSource"]
        if is_s3 and mode == "Pipe":
            if "Gzip" in declared.get("SupportedCompressionTypes", ()) and general == "Pipe":
                channel["CompressionType"] = self.dice.choice(("None", "Gzip"))
            if self.may(0.3):
                channel["RecordWrapperType"] = self.dice.choice(("None", "RecordIO"))
        if is_s3 and self.may(0.3):
            channel["ShuffleConfig"] = {"Seed": self.dice.randint(-(2**40), 2**40)}
        return channel

    def source(self, name: str, mode: str, groups: list[str]) -> dict[str, Any]:
        """Return a data source that can be read in a mode."""
        kinds = {"File": ["S3Prefix", "ManifestFile", "FileSystem"], "FastFile": ["S3Prefix"]}
        kind = self.dice.choice(kinds.get(mode, ["S3Prefix", "ManifestFile", "AugmentedManifestFile"]))
        if kind == "FileSystem" and not groups and not self.for_marketplace:
            return {
                "FileSystemDataSource": {
                    "FileSystemId": "fs-0a1b2c3d4e5f60718",
                    "FileSystemAccessMode": self.dice.choice(("ro", "rw")),
                    **self.dice.choice(
                        (
                            {"FileSystemType": "EFS", "DirectoryPath": f"/data/{name}"},
                            {"FileSystemType": "FSxLustre", "DirectoryPath": f"/fsx01/data/{name}"},
                        )
                    ),
                }
            }
        if kind == "FileSystem":
            kind = "S3Prefix"
        ending = "/" if kind == "S3Prefix" else ".manifest"
        source: dict[str, Any] = {"S3DataType": kind, "S3Uri": f"s3://{self.bucket}/{name}{ending}"}
        if kind == "AugmentedManifestFile":
            source["AttributeNames"] = ["source-ref", "label"]
        if self.may():
            source["S3DataDistributionType"] = self.dice.choice(("FullyReplicated", "ShardedByS3Key"))
        if groups:
            source["InstanceGroupNames"] = groups
        return {"S3DataSource": source}

    def resources(self) -> dict[str, Any]:
        """Return instances, given in one of three ways, with a volume if they have no local storage."""
        count = self.dice.randint(1, 3) if self.is_distributed else 1
        kinds = [self.dice.choice(self.types)]
        match self.dice.randrange(4 if self.is_distributed else 3):
            case 3:
                kinds = self.dice.sample(self.types, 2)
                groups = [
                    {"InstanceGroupName": f"group-{i}", "InstanceType": kind, "InstanceCount": i + 1}
                    for i, kind in enumerate(kinds)
                ]
                config: dict[str, Any] = {"InstanceGroups": groups}
            case 2 if not self.is_old:
                kinds = self.dice.sample(self.types, self.dice.randint(1, 2))
                preferences = [{"InstanceType": kind} for kind in kinds]
                config = {"InstancePreferences": preferences, "InstanceCount": count}
            case _:
                config = {"InstanceType": kinds[0], "InstanceCount": count}
        # At old revisions the field is required; for local storage it has no effect.
        if self.is_old or any(has_local_storage(kind) is not True for kind in kinds):
            config["VolumeSizeInGB"] = self.dice.randint(1, 500)
        if all(has_local_storage(kind) is False for kind in kinds) and self.may(0.4):
            config["VolumeKmsKeyId"] = self.key()
        if "InstanceGroups" not in config and self.may(0.1):
            config["KeepAlivePeriodInSeconds"] = self.dice.randint(0, 3600)
        return config

    def stopping_condition(self) -> dict[str, Any]:
        """Return consistent time limits."""
        runtime = self.dice.randint(600, 2_419_200)
        condition = {"MaxRuntimeInSeconds": runtime}
        if self.may(0.2):
            condition["MaxWaitTimeInSeconds"] = runtime + self.dice.randint(0, 3600)
        if self.may(0.2) and not self.is_old:
            condition["MaxPendingTimeInSeconds"] = self.dice.randint(7200, 2_419_200)
        return condition

    def transform_job(self, inference: dict[str, Any]) -> dict[str, Any]:
        """Return the batch transform job of the profile."""
        kind = self.dice.choice(inference["SupportedTransformInstanceTypes"])
        data_type = self.dice.choice(("S3Prefix", "ManifestFile"))
        uri = f"s3://{self.bucket}/batch{'/' if data_type == 'S3Prefix' else '.manifest'}"
        job: dict[str, Any] = {
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": data_type, "S3Uri": uri}},
                "ContentType": self.dice.choice(inference["SupportedContentTypes"]),
            },
            "TransformOutput": {
                "S3OutputPath": f"s3://{self.bucket}/predictions/",
                "Accept": self.dice.choice(inference["SupportedResponseMIMETypes"]),
            },
            "TransformResources": {"InstanceType": kind, "InstanceCount": self.dice.randint(1, 4)},
        }
        if self.may():
            job |= {"MaxConcurrentTransforms": self.dice.randint(0, 4), "MaxPayloadInMB": 6}
        if self.may():
            job["TransformInput"]["SplitType"] = "Line"
            job["TransformOutput"]["AssembleWith"] = "Line"
            job["BatchStrategy"] = self.dice.choice(("MultiRecord", "SingleRecord"))
        if self.may(0.3):
            job["Environment"] = {f"LEVEL_{i}": "info" for i in range(self.dice.randint(0, 16))}
        if self.may(0.2) and has_local_storage(kind) is False:
            job["TransformResources"]["VolumeKmsKeyId"] = self.key()
        if self.may(0.2):
            job["TransformOutput"]["KmsKeyId"] = self.key()
        return job


def request(dice: random.Random) -> dict[str, Any]:
    """Return a complete, consistent request."""
    return Author(dice).request()
