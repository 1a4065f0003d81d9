"""Ways to break a complete request so that one rule must report it: a table of rules and damages.

A break changes a request in place. `also` names rules that may report the same damage; any other error is a
false alarm of its rule.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial
from typing import Any

from campaigns import complete, parts
from campaigns.parts import Inapplicable, Request

Change = Callable[[Request, random.Random], None]


class Break:
    """A way to break a request, and the rule that must report it."""

    def __init__(self, rule: str, change: Change, also: tuple[str, ...], revision: str) -> None:
        self.rule = rule
        self.also = frozenset((rule, *also))
        self.revision = revision
        self._change = change

    def applied(self, request: Request, dice: random.Random) -> None:
        """Change the request. Raises `Inapplicable` if it does not have the part to break."""
        try:
            self._change(request, dice)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            # Another break changed it before, or there is no such part.
            raise Inapplicable from None


class TextBreak:
    """A way to break a file, the text of a request in JSON or YAML, and the rule that must report it."""

    def __init__(self, rule: str, syntax: str, text: Callable[[Request, random.Random], str]) -> None:
        self.rule = rule
        self.also = frozenset((rule,))
        self.syntax = syntax
        self.text = text


#: The table, in the order of this file.
BREAKS: list[Break] = []


def entered(
    table: list[Break], rule: str, *also: str, revision: str = "latest"
) -> Callable[[Change], Change]:
    """Add a way to break a request to a table."""

    def enter(change: Change) -> Change:
        table.append(Break(rule, change, also, revision))
        return change

    return enter


breaks = partial(entered, BREAKS)


# ---------------------------------------------------------------- structure


@breaks("missing-field")
def _no_image(request: Request, _: random.Random) -> None:
    del parts.training(request)["TrainingImage"]


@breaks("missing-field")
def _no_role(request: Request, _: random.Random) -> None:
    del request["ValidationSpecification"]["ValidationRole"]


@breaks("unknown-field")
def _misspelt(request: Request, dice: random.Random) -> None:
    part = dice.choice((request, parts.training(request), parts.training(request)["TrainingChannels"][0]))
    part[dice.choice(("Comment", "Desciption", "trainingImage"))] = "text"


@breaks("describe-output-pasted")
def _left_over(request: Request, dice: random.Random) -> None:
    request[dice.choice(("AlgorithmArn", "AlgorithmStatus", "CreationTime"))] = "text"


@breaks("wrong-type")
def _text_for_a_number(request: Request, _: random.Random) -> None:
    condition = parts.job(request)["StoppingCondition"]
    condition["MaxRuntimeInSeconds"] = str(condition["MaxRuntimeInSeconds"])


@breaks("wrong-type")
def _number_for_text(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice)
    spec["DefaultValue"] = dice.choice((json.loads(spec["DefaultValue"]), None))


@breaks("unknown-value")
def _capitals(request: Request, dice: random.Random) -> None:
    modes = parts.one(dice, parts.training(request)["TrainingChannels"])["SupportedInputModes"]
    modes[0] = modes[0].upper()


_TYPES_OF_OTHER_TOOLS = {
    "Integer": "int64",
    "Continuous": "Float",
    "Categorical": "enum",
    "FreeText": "String",
}


@breaks("unknown-value")
def _no_such_type(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice)
    spec["Type"] = dice.choice((_TYPES_OF_OTHER_TOOLS[spec["Type"]], spec["Type"].lower()))


@breaks("unknown-instance-type")
def _no_such_size(request: Request, dice: random.Random) -> None:
    parts.training(request)["SupportedTrainingInstanceTypes"].append(
        dice.choice(("ml.m5.3xlarge", "m5.large"))
    )


@breaks("instance-wrong-role")
def _for_another_role(request: Request, dice: random.Random) -> None:
    wrong = sorted(set(complete.enum("TrainingInstanceType")) - set(complete.enum("TransformInstanceType")))
    request["InferenceSpecification"]["SupportedTransformInstanceTypes"].append(dice.choice(wrong))


@breaks("newer-than-target", revision="1.29.150")
def _newer_field(request: Request, _: random.Random) -> None:
    parts.job(request)["OutputDataConfig"]["CompressionType"] = "NONE"


@breaks("newer-than-target", revision="1.29.150")
def _newer_value(request: Request, _: random.Random) -> None:
    parts.training(request)["SupportedTrainingInstanceTypes"].append("ml.p5.48xlarge")


@breaks("string-length")
def _too_long(request: Request, dice: random.Random) -> None:
    request["AlgorithmDescription"] = "a" * dice.randint(1025, 3000)


@breaks("number-range")
def _too_small(request: Request, dice: random.Random) -> None:
    parts.job(request)["StoppingCondition"] = {"MaxRuntimeInSeconds": dice.randint(-5, 0)}


@breaks("number-range")
def _too_large(request: Request, dice: random.Random) -> None:
    parts.job(request)["StoppingCondition"]["MaxPendingTimeInSeconds"] = dice.choice((60, 2_419_201))


@breaks("item-count")
def _two_profiles(request: Request, _: random.Random) -> None:
    profiles = request["ValidationSpecification"]["ValidationProfiles"]
    profiles.append({**profiles[0], "ProfileName": "second"})


@breaks("item-count")
def _no_categories(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "Categorical")
    spec.pop("DefaultValue", None)
    spec["Range"]["CategoricalParameterRangeSpecification"]["Values"] = []


@breaks("pattern-mismatch")
def _underscore(request: Request, _: random.Random) -> None:
    request["AlgorithmName"] = request["AlgorithmName"].replace("-", "_")


@breaks("profile-name-pattern")
def _profile_underscore(request: Request, dice: random.Random) -> None:
    parts.profile(request)["ProfileName"] = dice.choice(("smoke_test", "a b", "-a", "a" * 64, "v1.0"))


@breaks("text-control-chars")
def _line_break(request: Request, dice: random.Random) -> None:
    request["AlgorithmDescription"] = dice.choice(("two\nlines", "a\ttab", "an invisible \u200b"))


@breaks("field-of-another-api")
def _spot(request: Request, dice: random.Random) -> None:
    parts.job(request)[dice.choice(("EnableManagedSpotTraining", "EnableNetworkIsolation"))] = True


@breaks("field-of-another-api")
def _read_only(request: Request, _: random.Random) -> None:
    parts.job(request)["ResourceConfig"]["SelectedInstanceCount"] = 1


@breaks("field-of-another-api")
def _scaling(request: Request, dice: random.Random) -> None:
    parts.ranged(request, dice)[1]["ScalingType"] = "Logarithmic"


# ---------------------------------------------------------------- hyperparameters


@breaks("hp-duplicate-name")
def _twice(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice)
    parts.training(request)["SupportedHyperParameters"].append(dict(spec))


@breaks("hp-name-blank-or-confusable")
def _blank(request: Request, dice: random.Random) -> None:
    parts.training(request)["SupportedHyperParameters"].append(
        {"Name": dice.choice(("", " ", "   ")), "Type": "FreeText"}
    )


@breaks("hp-default-and-required")
def _default_and_required(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice)
    parts.need("DefaultValue" in spec)
    spec["IsRequired"] = True


@breaks("hp-range-kind-mismatch")
def _other_kind(request: Request, dice: random.Random) -> None:
    spec, bounds = parts.ranged(request, dice)
    other = {"Integer": "Continuous", "Continuous": "Integer"}[spec["Type"]]
    spec["Range"] = {f"{other}ParameterRangeSpecification": bounds}


@breaks("hp-range-not-exactly-one")
def _no_kind(request: Request, dice: random.Random) -> None:
    spec, _ = parts.ranged(request, dice)
    spec["Range"] = {}


@breaks("hp-range-not-exactly-one")
def _two_kinds(request: Request, dice: random.Random) -> None:
    spec, bounds = parts.ranged(request, dice)
    other = {"Integer": "Continuous", "Continuous": "Integer"}[spec["Type"]]
    values = [spec.get("DefaultValue", "1")]
    spec["Range"] = {
        f"{other}ParameterRangeSpecification": bounds,
        "CategoricalParameterRangeSpecification": {"Values": values},
    }


@breaks("hp-range-min-gt-max")
def _upside_down(request: Request, dice: random.Random) -> None:
    spec, bounds = parts.ranged(request, dice)
    if spec["Type"] == "Integer":
        bounds["MinValue"] = str(int(bounds["MaxValue"]) + dice.randint(1, 10**20))
    else:
        bounds["MinValue"] = str(float(bounds["MaxValue"]) + dice.random() + 0.01)


@breaks("hp-bound-not-parseable")
def _no_number(request: Request, dice: random.Random) -> None:
    spec, bounds = parts.ranged(request, dice)
    bound = dice.choice(("MinValue", "MaxValue"))
    texts = ["nan", "0x10", "ten", "", "1,000"]
    if spec["Type"] == "Integer":
        texts += ["0.5", "inf", f"{bounds[bound]}.0"]
    bounds[bound] = dice.choice(texts)


def _numeric_with_default(request: Request, dice: random.Random) -> Any:
    spec, bounds = parts.ranged(request, dice)
    parts.need("DefaultValue" in spec)
    _job_does_not_set(request, spec["Name"])
    return spec, bounds


def _job_does_not_set(request: Request, name: str) -> None:
    """Remove the hyperparameter from the job, as another rule is about its value there."""
    if "ValidationSpecification" in request:
        parts.job(request).get("HyperParameters", {}).pop(name, None)


@breaks("hp-default-not-parseable")
def _default_no_number(request: Request, dice: random.Random) -> None:
    spec, _ = _numeric_with_default(request, dice)
    spec["DefaultValue"] = dice.choice(["auto", "", "nan", "1;2"] + ["0.1"] * (spec["Type"] == "Integer"))


@breaks("hp-default-out-of-range")
def _default_too_large(request: Request, dice: random.Random) -> None:
    spec, bounds = _numeric_with_default(request, dice)
    if spec["Type"] == "Integer":
        spec["DefaultValue"] = str(int(bounds["MinValue"]) - dice.randint(1, 10**6))
    else:
        spec["DefaultValue"] = str(float(bounds["MaxValue"]) + dice.random() + 0.01)


@breaks("hp-default-not-in-categories")
def _default_no_category(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "Categorical")
    parts.need("DefaultValue" in spec)
    _job_does_not_set(request, spec["Name"])
    spec["DefaultValue"] = dice.choice((spec["DefaultValue"].upper(), "none-of-them"))


@breaks("secret-in-hyperparameter")
def _secret_default(request: Request, dice: random.Random) -> None:
    parts.need("ValidationSpecification" not in request)
    spec = {"Name": dice.choice(("api_key", "db_password")), "Type": "FreeText"}
    spec["DefaultValue"] = "q7Zr2LxV9sTb4KwMd81c"
    parts.training(request)["SupportedHyperParameters"].append(spec)


# ---------------------------------------------------------------- channels, metrics, instances


@breaks("channel-name-dots")
def _dots(request: Request, dice: random.Random) -> None:
    parts.training(request)["TrainingChannels"].append(
        {
            "Name": dice.choice((".", "..")),
            "SupportedContentTypes": ["text/csv"],
            "SupportedInputModes": ["File"],
        }
    )


@breaks("channel-duplicate-name")
def _channel_twice(request: Request, dice: random.Random) -> None:
    channels = parts.training(request)["TrainingChannels"]
    channels.append(dict(dice.choice(channels)))


@breaks("metric-regex-invalid")
def _bad_regex(request: Request, dice: random.Random) -> None:
    regex = dice.choice(("loss=([0-9.]+", "loss=)", "[a-", "*loss", "loss=(?P<)"))
    parts.one(dice, parts.training(request)["MetricDefinitions"])["Regex"] = regex


@breaks("objective-metric-undefined")
def _no_such_metric(request: Request, dice: random.Random) -> None:
    parts.one(dice, parts.training(request)["SupportedTuningJobObjectiveMetrics"])["MetricName"] = "no:such"


@breaks("instance-list-empty", "profile-training-instance-unsupported")
def _no_instances(request: Request, _: random.Random) -> None:
    parts.training(request)["SupportedTrainingInstanceTypes"].clear()


# ---------------------------------------------------------------- images


def _images(request: Request) -> list[tuple[Any, str, str]]:
    """Return the objects that name an image, with the fields of the image and the digest."""
    found = [(parts.training(request), "TrainingImage", "TrainingImageDigest")]
    for container in request.get("InferenceSpecification", {}).get("Containers", ()):
        found.append((container, "Image", "ImageDigest"))
    return found


@breaks("image-not-private-ecr")
def _docker_hub(request: Request, dice: random.Random) -> None:
    part, field, _ = dice.choice(_images(request))
    part[field] = dice.choice(("python:3.11", "docker.io/library/python:3.11", "public.ecr.aws/x/y:1"))


@breaks("image-malformed-reference")
def _malformed(request: Request, dice: random.Random) -> None:
    part, field, _ = dice.choice(_images(request))
    part[field] = dice.choice(
        (f"https://{part[field]}", part[field] + ":", part[field].split("/", 1)[0] + "/A")
    )


@breaks("image-digest-not-sha256")
def _md5(request: Request, dice: random.Random) -> None:
    part, image, field = dice.choice(_images(request))
    digest = part[image].partition("@sha256:")[2] or "6c3c624b" * 8
    part[field] = dice.choice(("d41d8cd98f00b204e9800998ecf8427e", digest))


@breaks("image-digest-mismatch")
def _other_digest(request: Request, dice: random.Random) -> None:
    part, field, digest = dice.choice(_images(request))
    parts.need("@" in part[field])
    part[digest] = "sha256:" + "6c3c624b" * 8


@breaks("image-region-mismatch")
def _other_region(request: Request, dice: random.Random) -> None:
    container = parts.container(request, dice)
    account, _, _, region, suffix = container["Image"].split(".", 4)
    parts.need(suffix.startswith("amazonaws.com/"))
    other = "us-gov-east-1" if region.startswith("us-gov") else "eu-north-1"
    container["Image"] = f"{account}.dkr.ecr.{other}.{suffix}"


@breaks("image-account-mismatch")
def _other_account(request: Request, dice: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    part, field, _ = dice.choice(_images(request))
    part[field] = "998877665544" + part[field][12:]


@breaks("partition-mismatch")
def _other_partition(request: Request, _: random.Random) -> None:
    validation = request["ValidationSpecification"]
    partition = "aws" if validation["ValidationRole"].startswith("arn:aws-") else "aws-cn"
    validation["ValidationRole"] = f"arn:{partition}:{validation['ValidationRole'].split(':', 2)[2]}"


# ---------------------------------------------------------------- inference


@breaks("env-too-many-entries")
def _seventeen(request: Request, dice: random.Random) -> None:
    part = parts.container(request, dice) if dice.random() < 0.5 else parts.transform(request)
    part["Environment"] = {f"SETTING_{i}": "1" for i in range(dice.randint(17, 90))}


@breaks("env-size")
def _large_environment(request: Request, dice: random.Random) -> None:
    parts.container(request, dice)["Environment"] = {f"SETTING_{i}": "日" * 1024 for i in range(16)}


@breaks("secret-in-environment")
def _password(request: Request, dice: random.Random) -> None:
    parts.container(request, dice)["Environment"] = {"DB_PASSWORD": "q7Zr2LxV9sTb4KwM"}


@breaks("pipeline-hostnames")
def _same_hostname(request: Request, dice: random.Random) -> None:
    containers = request["InferenceSpecification"]["Containers"]
    parts.need(len(containers) > 1)
    if dice.random() < 0.5:
        containers[0]["ContainerHostname"] = containers[1]["ContainerHostname"].upper()
    else:
        del containers[0]["ContainerHostname"]


@breaks("model-data-not-targz")
def _zip(request: Request, dice: random.Random) -> None:
    container = parts.container(request, dice)
    parts.need("ModelDataSource" not in container)
    container["ModelDataUrl"] = dice.choice(("s3://some-bucket/model.tgz", "s3://some-bucket/model/"))


@breaks("model-data-two-sources")
def _two_sources(request: Request, dice: random.Random) -> None:
    container = parts.container(request, dice)
    parts.need("ModelDataSource" in container)
    container["ModelDataUrl"] = "s3://some-bucket/model.tar.gz"


_PREFIX = {"S3DataType": "S3Prefix", "S3Uri": "s3://some-bucket/model/", "CompressionType": "None"}


@breaks("model-data-source-unsupported")
def _source_with_transform(request: Request, dice: random.Random) -> None:
    parts.need(parts.transform(request))
    container = parts.container(request, dice)
    container.pop("ModelDataUrl", None)
    container["ModelDataSource"] = {"S3DataSource": dict(_PREFIX)}


@breaks("s3-model-source-shape")
def _model_prefix(request: Request, dice: random.Random) -> None:
    source = parts.container(request, dice)["ModelDataSource"]["S3DataSource"]
    source |= dice.choice(
        (
            {**_PREFIX, "S3Uri": "s3://some-bucket/model"},
            {**_PREFIX, "CompressionType": "Gzip"},
        )
    )


@breaks("additional-data-sources")
def _one_channel_twice(request: Request, dice: random.Random) -> None:
    container = parts.container(request, dice)
    parts.need("ModelDataSource" in container)
    more = {"ChannelName": "adapter", "S3DataSource": _PREFIX}
    container["AdditionalModelDataSources"] = [more, more]


@breaks("inference-instance-lists-missing")
def _no_transform_types(request: Request, _: random.Random) -> None:
    parts.need(parts.transform(request))
    del request["InferenceSpecification"]["SupportedTransformInstanceTypes"]


# ---------------------------------------------------------------- AWS Marketplace, text, tags


@breaks("marketplace-needs-inference", "transform-without-inference-spec")
def _no_inference(request: Request, _: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    del request["InferenceSpecification"]


@breaks("marketplace-needs-validation")
def _no_validation(request: Request, _: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    del request["ValidationSpecification"]


@breaks("transform-without-inference-spec")
def _transform_of_nothing(request: Request, _: random.Random) -> None:
    parts.need(parts.transform(request) and not request.get("CertifyForMarketplace"))
    del request["InferenceSpecification"]


@breaks("secret-in-text")
def _secret_tag(request: Request, _: random.Random) -> None:
    request.setdefault("Tags", []).append({"Key": "db-password", "Value": "q7Zr2LxV9sTb4KwM"})


@breaks("tag-charset")
def _comma(request: Request, dice: random.Random) -> None:
    parts.one(dice, request["Tags"])[dice.choice(("Key", "Value"))] = dice.choice(("a, b", "a;b", "(a)"))


@breaks("tag-duplicate-key")
def _same_tag(request: Request, dice: random.Random) -> None:
    request["Tags"].append(dict(parts.one(dice, request["Tags"])))


@breaks("tag-reserved-prefix")
def _aws_tag(request: Request, dice: random.Random) -> None:
    parts.one(dice, request["Tags"])["Key"] = "aws:owner"


# ---------------------------------------------------------------- the training job


@breaks("profile-hp-unknown")
def _undeclared(request: Request, _: random.Random) -> None:
    parts.job(request)["HyperParameters"]["no_such_name"] = "1"


@breaks("profile-hp-required-missing")
def _required_left_out(request: Request, dice: random.Random) -> None:
    needed = [h["Name"] for h in parts.training(request)["SupportedHyperParameters"] if h.get("IsRequired")]
    del parts.job(request)["HyperParameters"][parts.one(dice, needed)]


@breaks("profile-hp-value-invalid")
def _bad_value(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "Integer", "Continuous", "Categorical")
    parts.need(spec["Type"] != "Categorical" or "Range" in spec)
    parts.job(request)["HyperParameters"][spec["Name"]] = dice.choice(("many", "x", "no-such-value"))


@breaks("profile-hp-value-invalid")
def _value_too_large(request: Request, dice: random.Random) -> None:
    spec, _ = parts.ranged(request, dice)
    parts.job(request)["HyperParameters"][spec["Name"]] = dice.choice(("-1000000000000", "1000000000000"))


@breaks("secret-in-hyperparameter")
def _secret_value(request: Request, _: random.Random) -> None:
    parts.training(request)["SupportedHyperParameters"].append({"Name": "api_key", "Type": "FreeText"})
    parts.job(request)["HyperParameters"]["api_key"] = "q7Zr2LxV9sTb4KwMd81c"


@breaks("profile-channel-unknown")
def _undeclared_channel(request: Request, dice: random.Random) -> None:
    channels = parts.job(request)["InputDataConfig"]
    channels.append({**dice.choice(channels), "ChannelName": "holdout"})


@breaks("profile-channel-required-missing")
def _required_channel_left_out(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice)
    parts.need(
        parts.declared(request, channel).get("IsRequired") and len(parts.job(request)["InputDataConfig"]) > 1
    )
    parts.job(request)["InputDataConfig"].remove(channel)


@breaks("profile-channel-duplicate")
def _same_channel(request: Request, dice: random.Random) -> None:
    channels = parts.job(request)["InputDataConfig"]
    channels.append(dict(dice.choice(channels)))


@breaks("profile-input-mode-unsupported")
def _other_mode(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, source="S3DataSource")
    declared = parts.declared(request, channel)
    mode = parts.one(dice, {"File", "Pipe"} - set(declared["SupportedInputModes"]))
    source = channel["DataSource"]["S3DataSource"]
    parts.need(source["S3DataType"] == "S3Prefix")
    for option in ("CompressionType", "RecordWrapperType"):
        channel.pop(option, None)
    channel["InputMode"] = mode


@breaks("profile-compression-unsupported")
def _undeclared_compression(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "Pipe", source="S3DataSource")
    declared = parts.declared(request, channel)
    declared["SupportedCompressionTypes"] = ["None"]
    channel["CompressionType"] = "Gzip"


@breaks("profile-training-instance-unsupported")
def _undeclared_instance(request: Request, dice: random.Random) -> None:
    types = parts.training(request)["SupportedTrainingInstanceTypes"]
    config = parts.job(request)["ResourceConfig"]
    holders = [config, *config.get("InstanceGroups", ()), *config.get("InstancePreferences", ())]
    holder = parts.one(dice, [h for h in holders if "InstanceType" in h])
    config["VolumeSizeInGB"] = 30
    config.pop("VolumeKmsKeyId", None)
    known = ("ml.m5.large", "ml.c5.xlarge", "ml.m5.4xlarge", "ml.c5.9xlarge", "ml.r5.large")
    holder["InstanceType"] = parts.one(dice, [kind for kind in known if kind not in types])


@breaks("distributed-not-supported")
def _too_many(request: Request, _: random.Random) -> None:
    parts.training(request)["SupportsDistributedTraining"] = False
    config = parts.job(request)["ResourceConfig"]
    parts.need("InstanceCount" in config)
    config["InstanceCount"] = 2


@breaks("datasource-not-exactly-one")
def _no_source(request: Request, dice: random.Random) -> None:
    parts.channel(request, dice)["DataSource"] = {}


_EFS = {"FileSystemId": "fs-0a1b2c3d4e5f60718", "FileSystemAccessMode": "ro", "FileSystemType": "EFS"}
_EFS |= {"DirectoryPath": "/data"}


@breaks("datasource-not-exactly-one", "marketplace-file-system")
def _two_data_sources(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "File", source="S3DataSource")
    channel["DataSource"]["FileSystemDataSource"] = dict(_EFS)


@breaks("marketplace-file-system")
def _file_system_of_the_seller(request: Request, dice: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    parts.need("InstanceGroups" not in parts.job(request)["ResourceConfig"])
    parts.channel(request, dice, "File", source="S3DataSource")["DataSource"] = {
        "FileSystemDataSource": dict(_EFS)
    }


@breaks("filesystem-needs-file-mode", "marketplace-file-system")
def _streamed_file_system(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "Pipe", "FastFile")
    parts.need("InstanceGroups" not in parts.job(request)["ResourceConfig"])
    channel["DataSource"] = {"FileSystemDataSource": dict(_EFS)}


def _as(channel: Any, kind: str, **more: Any) -> None:
    source = channel["DataSource"]["S3DataSource"]
    source |= {"S3DataType": kind, "S3Uri": "s3://some-bucket/train.manifest", **more}


@breaks("augmented-manifest-not-pipe", "fastfile-needs-s3prefix")
def _augmented_file(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "File", "FastFile", source="S3DataSource")
    _as(channel, "AugmentedManifestFile", AttributeNames=["source-ref"])


@breaks("augmented-manifest-no-attributes")
def _no_attributes(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "Pipe", source="S3DataSource")
    _as(channel, "AugmentedManifestFile")
    channel["DataSource"]["S3DataSource"].pop("AttributeNames", None)


@breaks("fastfile-needs-s3prefix")
def _fast_manifest(request: Request, dice: random.Random) -> None:
    _as(parts.channel(request, dice, "FastFile", source="S3DataSource"), "ManifestFile")


@breaks("manifest-uri-shape")
def _folder_manifest(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "File", "Pipe", source="S3DataSource")
    _as(channel, "ManifestFile", S3Uri=dice.choice(("s3://some-bucket/train/", "s3://some-bucket")))


@breaks("gzip-outside-pipe")
def _gzip_file(request: Request, dice: random.Random) -> None:
    parts.channel(request, dice, "File")["CompressionType"] = "Gzip"


@breaks("recordwrapper-outside-pipe")
def _wrapped_file(request: Request, dice: random.Random) -> None:
    parts.channel(request, dice, "File", source="S3DataSource")["RecordWrapperType"] = "RecordIO"


@breaks("group-names-consistency")
def _no_such_group(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, source="S3DataSource")
    parts.need("InstanceGroups" in parts.job(request)["ResourceConfig"])
    channel["DataSource"]["S3DataSource"]["InstanceGroupNames"] = ["no-such-group"]


@breaks("group-names-consistency")
def _group_twice(request: Request, _: random.Random) -> None:
    groups = parts.job(request)["ResourceConfig"]["InstanceGroups"]
    groups.append(dict(groups[0]))


# ---------------------------------------------------------------- resources and time


@breaks("instance-and-groups-exclusive")
def _both_ways(request: Request, _: random.Random) -> None:
    config = parts.job(request)["ResourceConfig"]
    groups = config["InstanceGroups"]
    config |= {"InstanceType": groups[0]["InstanceType"], "InstanceCount": 1}


@breaks("instance-config-incomplete")
def _no_count(request: Request, dice: random.Random) -> None:
    config = parts.job(request)["ResourceConfig"]
    parts.need("InstanceType" in config)
    if dice.random() < 0.5:
        del config["InstanceCount"]
    else:
        config["InstanceCount"] = 0


@breaks("keepalive-with-groups")
def _warm_groups(request: Request, dice: random.Random) -> None:
    config = parts.job(request)["ResourceConfig"]
    parts.need("InstanceGroups" in config)
    config["KeepAlivePeriodInSeconds"] = dice.randint(1, 3600)


@breaks("volume-size-required")
def _no_volume(request: Request, dice: random.Random) -> None:
    config = parts.job(request)["ResourceConfig"]
    parts.need("InstanceType" in config)
    kind = parts.one(
        dice, [kind for kind in parts.training(request)["SupportedTrainingInstanceTypes"] if ".m5." in kind]
    )
    config["InstanceType"] = kind
    config.pop("VolumeSizeInGB", None)


@breaks("volume-kms-on-local-storage")
def _local_kms(request: Request, dice: random.Random) -> None:
    config = parts.job(request)["ResourceConfig"]
    parts.need("InstanceType" in config)
    local = [kind for kind in parts.training(request)["SupportedTrainingInstanceTypes"] if ".g5." in kind]
    config |= {
        "InstanceType": parts.one(dice, local),
        "VolumeKmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    }


@breaks("max-runtime-over-28-days")
def _month(request: Request, dice: random.Random) -> None:
    parts.job(request)["StoppingCondition"] = {"MaxRuntimeInSeconds": dice.randint(2_419_201, 10**12)}


@breaks("max-wait-below-runtime")
def _short_wait(request: Request, dice: random.Random) -> None:
    condition = parts.job(request)["StoppingCondition"]
    condition["MaxWaitTimeInSeconds"] = dice.randint(1, condition["MaxRuntimeInSeconds"] - 1)


# ---------------------------------------------------------------- addresses and keys


def _addresses(request: Request) -> list[tuple[Any, str]]:
    """Return the S3 addresses of the jobs."""
    job = parts.job(request)
    sources = [channel["DataSource"].get("S3DataSource") for channel in job["InputDataConfig"]]
    found = [(source, "S3Uri") for source in sources if source and source["S3DataType"] == "S3Prefix"]
    return [*found, (job["OutputDataConfig"], "S3OutputPath")]


@breaks("s3-uri-malformed")
def _bad_address(request: Request, dice: random.Random) -> None:
    part, field = dice.choice(_addresses(request))
    part[field] = dice.choice(
        ("s3://s3://bucket/a/", "s3:///a/", "s3://a/b/", "s3://-a-b/c/", "s3://1.2.3.4/a/")
    )


@breaks("s3-uri-not-s3-scheme")
def _other_scheme(request: Request, dice: random.Random) -> None:
    part, field = dice.choice(_addresses(request))
    part[field] = dice.choice(
        ("https://data.example.com/a/", "gs://bucket/a/", "/opt/ml/data", "s3a://buck/a/")
    )


@breaks("credential-in-uri", "s3-uri-not-s3-scheme", "bucket-region-mismatch")
def _presigned(request: Request, dice: random.Random) -> None:
    part, field = dice.choice(_addresses(request))
    part[field] = "https://some-bucket.s3.us-west-2.amazonaws.com/a?X-Amz-Signature=9c3f70a1be"


@breaks("kms-id-format")
def _bare_alias(request: Request, dice: random.Random) -> None:
    parts.job(request)["OutputDataConfig"]["KmsKeyId"] = dice.choice(
        ("training-data", "key/1234", "arn:aws:kms")
    )


@breaks("kms-on-s3-express")
def _express(request: Request, _: random.Random) -> None:
    output = parts.job(request)["OutputDataConfig"]
    output |= {"S3OutputPath": "s3://some--usw2-az1--x-s3/a/", "KmsKeyId": "alias/training-data"}


@breaks("kms-region-mismatch")
def _far_key(request: Request, _: random.Random) -> None:
    role = request["ValidationSpecification"]["ValidationRole"].split(":")
    parts.need(role[1] == "aws")
    arn = f"arn:aws:kms:eu-north-1:{role[4]}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    parts.job(request)["OutputDataConfig"]["KmsKeyId"] = arn


@breaks("bucket-region-mismatch")
def _far_bucket(request: Request, dice: random.Random) -> None:
    role = request["ValidationSpecification"]["ValidationRole"].split(":")
    parts.need(role[1] == "aws")
    channel = parts.channel(request, dice, source="S3DataSource")
    channel["DataSource"]["S3DataSource"] |= {"S3Uri": "s3://far-bucket--eun1-az1--x-s3/train/a.csv"}


@breaks("instance-preference-duplicate")
def _preferred_twice(request: Request, dice: random.Random) -> None:
    preferences = parts.job(request)["ResourceConfig"]["InstancePreferences"]
    parts.need(len(preferences) < 5)
    preferences.append(dict(dice.choice(preferences)))


# ---------------------------------------------------------------- the transform job


@breaks("transform-instance-unsupported")
def _undeclared_transform_instance(request: Request, dice: random.Random) -> None:
    job = parts.transform(request)
    declared = request["InferenceSpecification"]["SupportedTransformInstanceTypes"]
    job["TransformResources"].pop("VolumeKmsKeyId", None)
    others = [kind for kind in complete.enum("TransformInstanceType") if kind not in declared]
    job["TransformResources"]["InstanceType"] = dice.choice(others)


@breaks("transform-instance-count-over-100")
def _many_instances(request: Request, dice: random.Random) -> None:
    parts.transform(request)["TransformResources"]["InstanceCount"] = dice.randint(101, 10**6)


@breaks("transform-payload-over-100", "transform-concurrency-times-payload")
def _large_payload(request: Request, dice: random.Random) -> None:
    job = parts.transform(request)
    job.pop("MaxConcurrentTransforms", None)
    job["MaxPayloadInMB"] = dice.randint(101, 1000)


@breaks("transform-concurrency-times-payload")
def _large_product(request: Request, _: random.Random) -> None:
    parts.transform(request).update(MaxConcurrentTransforms=16, MaxPayloadInMB=10)


@breaks("transform-data-type-incompatible")
def _augmented_batch(request: Request, _: random.Random) -> None:
    source = parts.transform(request)["TransformInput"]["DataSource"]["S3DataSource"]
    source |= {"S3DataType": "AugmentedManifestFile", "S3Uri": "s3://some-bucket/batch.manifest"}


# ---------------------------------------------------------------- text


def _cut_off(request: Request, dice: random.Random) -> str:
    text = json.dumps(request, indent=1)
    return text[: dice.randint(len(text) // 2, len(text) - 2)]


def _key_twice(request: Request, _: random.Random) -> str:
    return json.dumps(request).replace("{", '{"AlgorithmName": "first", ', 1)


def _yaml_number(request: Request, dice: random.Random) -> str:
    """JSON is YAML, so one name without quotes suffices."""
    name = dice.choice(("0.10", "1e3", "true", "2023", "null", "0o17", "1_000"))
    return json.dumps({**request, "AlgorithmName": "NAME"}).replace('"NAME"', name)


#: Breaks of the text that no change of the request can produce.
TEXT_BREAKS = [
    TextBreak("invalid-syntax", "json", _cut_off),
    TextBreak("duplicate-key", "json", _key_twice),
    TextBreak("implicit-yaml-scalar", "yaml", _yaml_number),
]
