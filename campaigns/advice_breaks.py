"""Ways to break a complete request so that one rule must give advice or a warning, as in
`campaigns/breaks.py`.

`also` names rules of any level that report the same damage. Any other rule that reports more often than
before gives a false alarm.
"""

from __future__ import annotations

import json
import random
from functools import partial

from campaigns import parts
from campaigns.breaks import Break, entered
from campaigns.parts import Request

#: The table, in the order of this file.
ADVICE: list[Break] = []


advises = partial(entered, ADVICE)


# ---------------------------------------------------------------- channels

_OF_A_NEW_CHANNEL = ("missing-descriptions", "profile-channel-not-covered", "channels-no-common-input-mode")


@advises("channel-content-types-unusable")
def _no_content_types(request: Request, dice: random.Random) -> None:
    declared = parts.one(dice, parts.training(request)["TrainingChannels"])
    used = [c for c in _channels(request) if c["ChannelName"] == declared["Name"]]
    parts.need(not any("ContentType" in channel for channel in used))
    declared["SupportedContentTypes"] = []


@advises("channel-fastfile-reported-rejected", "channels-no-common-input-mode")
def _fast_file(request: Request, dice: random.Random) -> None:
    modes = parts.one(dice, parts.training(request)["TrainingChannels"])["SupportedInputModes"]
    parts.need("FastFile" not in modes)
    modes.append("FastFile")


@advises("channels-no-common-input-mode", "channel-gzip-without-pipe")
def _no_common_mode(request: Request, _: random.Random) -> None:
    channels = parts.training(request)["TrainingChannels"]
    parts.need(not _channels(request) and len(channels) > 1)
    parts.need(all("File" in channel["SupportedInputModes"] for channel in channels))
    for channel, mode in zip(channels, ("File", "Pipe"), strict=False):
        channel["SupportedInputModes"] = [mode]


@advises("channel-gzip-without-pipe")
def _gzip_declared(request: Request, dice: random.Random) -> None:
    declared = parts.one(dice, parts.training(request)["TrainingChannels"])
    parts.need("Pipe" not in declared["SupportedInputModes"])
    kinds = declared.setdefault("SupportedCompressionTypes", ["None"])
    parts.need("Gzip" not in kinds)
    kinds.append("Gzip")


@advises("channel-list-duplicates")
def _content_type_twice(request: Request, dice: random.Random) -> None:
    types = parts.one(dice, parts.training(request)["TrainingChannels"])["SupportedContentTypes"]
    types.append(types[0])


@advises("channel-path-or-env-collision", *_OF_A_NEW_CHANNEL)
def _channel_in_capitals(request: Request, dice: random.Random) -> None:
    channels = parts.training(request)["TrainingChannels"]
    parts.need(len(channels) < 8)
    one = parts.one(dice, channels)
    channels.append(
        {**one, "Name": one["Name"].upper(), "IsRequired": False, "SupportedInputModes": ["File"]}
    )
    channels[-1].pop("SupportedCompressionTypes", None)


@advises("mime-type-malformed", "profile-content-type-unsupported")
def _bare_type(request: Request, dice: random.Random) -> None:
    parts.one(dice, parts.training(request)["TrainingChannels"])["SupportedContentTypes"].append("text-csv")


# ---------------------------------------------------------------- data sources


def _channels(request: Request) -> list[Request]:
    try:
        found: list[Request] = parts.job(request)["InputDataConfig"]
    except (KeyError, IndexError):
        return []
    return found


def _s3(request: Request, dice: random.Random, *modes: str) -> Request:
    source: Request = parts.channel(request, dice, *modes, source="S3DataSource")["DataSource"][
        "S3DataSource"
    ]
    return source


@advises("attribute-names-ignored")
def _names_with_a_prefix(request: Request, dice: random.Random) -> None:
    source = _s3(request, dice)
    parts.need(source["S3DataType"] != "AugmentedManifestFile")
    source["AttributeNames"] = ["source-ref"]


@advises("channels-share-data")
def _shared_data(request: Request, dice: random.Random) -> None:
    sources = [c["DataSource"].get("S3DataSource") for c in _channels(request)]
    prefixes = [s for s in sources if s and s["S3DataType"] == "S3Prefix"]
    parts.need(len(prefixes) > 1)
    first, second = dice.sample(prefixes, 2)
    second["S3Uri"] = first["S3Uri"]


@advises("compression-suffix-mismatch")
def _compressed_name(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "File", source="S3DataSource")
    parts.need(channel.get("CompressionType", "None") == "None")
    source = channel["DataSource"]["S3DataSource"]
    parts.need(source["S3DataType"] == "S3Prefix" and "S3DataDistributionType" not in source)
    source["S3Uri"] += "part.csv.gz"


@advises("recordwrapper-on-recordio-content", "profile-content-type-unsupported")
def _wrapped_twice(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "Pipe", source="S3DataSource")
    parts.need(channel["DataSource"]["S3DataSource"]["S3DataType"] != "AugmentedManifestFile")
    channel["ContentType"] = "application/x-recordio-protobuf"
    channel["RecordWrapperType"] = "RecordIO"


@advises("augmented-manifest-not-wrapped")
def _unwrapped(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, "Pipe", source="S3DataSource")
    source = channel["DataSource"]["S3DataSource"]
    parts.need(source["S3DataType"] == "ManifestFile" and channel.get("CompressionType", "None") == "None")
    channel.pop("RecordWrapperType", None)
    source |= {"S3DataType": "AugmentedManifestFile", "AttributeNames": ["source-ref", "label"]}


@advises("sharding-without-effect")
def _sharded(request: Request, dice: random.Random) -> None:
    source = _s3(request, dice)
    parts.need(parts.job(request)["ResourceConfig"].get("InstanceCount") == 1)
    parts.need("S3DataDistributionType" not in source)
    source["S3DataDistributionType"] = "ShardedByS3Key"


@advises("fastfile-prefix-without-slash")
def _prefix_without_slash(request: Request, dice: random.Random) -> None:
    source = _s3(request, dice, "FastFile")
    parts.need(source["S3DataType"] == "S3Prefix" and source["S3Uri"].endswith("/"))
    source["S3Uri"] = source["S3Uri"][:-1]


@advises("filesystem-read-write")
def _read_write(request: Request, dice: random.Random) -> None:
    source = parts.channel(request, dice, source="FileSystemDataSource")["DataSource"]["FileSystemDataSource"]
    parts.need(source["FileSystemAccessMode"] == "ro")
    source["FileSystemAccessMode"] = "rw"


@advises(
    "s3-input-without-key", "channels-share-data", "output-overlaps-input", "marketplace-public-data-notice"
)
def _bare_bucket(request: Request, dice: random.Random) -> None:
    source = _s3(request, dice, "File", "Pipe")
    parts.need(source["S3DataType"] == "S3Prefix")
    source["S3Uri"] = "/".join(source["S3Uri"].split("/")[:3])


@advises("profile-content-type-unsupported")
def _other_content_type(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice)
    parts.need(channel.get("RecordWrapperType", "None") == "None" and "ContentType" in channel)
    channel["ContentType"] = "application/x-other"


# ---------------------------------------------------------------- hyperparameters and tuning


@advises("hp-categorical-values-suspicious")
def _category_in_capitals(request: Request, dice: random.Random) -> None:
    values = _categories(request, dice)
    values.append(values[0].upper())


@advises("hp-tunable-single-point", "hp-objective-without-tunable", "marketplace-tuning-recommended")
def _one_category(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "Categorical")
    values = spec["Range"]["CategoricalParameterRangeSpecification"]["Values"]
    parts.need(spec.get("IsTunable") is True and len(values) > 1)
    used = _used(request, spec["Name"])
    kept = used or spec.get("DefaultValue", values[0])
    parts.need(spec.get("DefaultValue", kept) == kept)
    values[:] = [kept]


def _categories(request: Request, dice: random.Random) -> list[str]:
    spec = parts.hyperparameter(request, dice, "Categorical")
    values: list[str] = spec["Range"]["CategoricalParameterRangeSpecification"]["Values"]
    parts.need(len(values) > 1)
    return values


def _used(request: Request, name: str) -> str | None:
    try:
        return str(parts.job(request)["HyperParameters"][name])
    except (KeyError, IndexError):
        return None


@advises("hp-categorical-without-range")
def _no_categories(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "Categorical")
    parts.need(not spec.get("IsTunable"))
    del spec["Range"]


@advises("hp-tunable-without-range")
def _tunable_without_range(request: Request, dice: random.Random) -> None:
    spec, _ = parts.ranged(request, dice)
    parts.need(spec.get("IsTunable") is True)
    del spec["Range"]


@advises("hp-freetext-tunable")
def _tunable_text(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "FreeText")
    parts.need("DefaultValue" in spec and _has_tunable(request))
    spec["IsTunable"] = True


def _has_tunable(request: Request) -> bool:
    return any(spec.get("IsTunable") for spec in parts.training(request)["SupportedHyperParameters"])


def _has_range_to_search(request: Request) -> bool:
    return any(
        spec.get("IsTunable") and bounds.get("MinValue") != bounds.get("MaxValue")
        for spec in parts.training(request)["SupportedHyperParameters"]
        for bounds in spec.get("Range", {}).values()
    )


@advises("hp-name-nonportable", "missing-descriptions")
def _name_with_a_space(request: Request, _: random.Random) -> None:
    specs = parts.training(request)["SupportedHyperParameters"]
    parts.need(0 < len(specs) < 100)
    specs.append({"Name": "learning rate", "Type": "FreeText", "Description": "The rate."})


@advises("hp-name-reserved", "missing-descriptions")
def _objective_declared(request: Request, dice: random.Random) -> None:
    specs = parts.training(request)["SupportedHyperParameters"]
    parts.need(0 < len(specs) < 100)
    name = dice.choice(["_tuning_objective_metric", "sagemaker_program", "sagemaker_batch"])
    specs.append({"Name": name, "Type": "FreeText", "Description": "The metric."})


@advises("hp-nonportable-number-form", "hp-default-out-of-range")
def _zero_in_front(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "Integer")
    parts.need(spec["DefaultValue"].isdecimal())
    spec["DefaultValue"] = f"+{spec['DefaultValue']}"


@advises("hp-required-and-tunable")
def _required_and_tunable(request: Request, dice: random.Random) -> None:
    spec, _ = parts.ranged(request, dice)
    parts.need("DefaultValue" not in spec and spec.get("IsRequired") and _has_tunable(request))
    parts.need(not spec.get("IsTunable"))
    low, high = (bounds := next(iter(spec["Range"].values())))["MinValue"], bounds["MaxValue"]
    parts.need(low != high)
    spec["IsTunable"] = True


@advises("hp-value-over-256")
def _long_value(request: Request, dice: random.Random) -> None:
    spec = parts.hyperparameter(request, dice, "FreeText")
    parts.job(request)["HyperParameters"][spec["Name"]] = "long " * 60 + "text"


@advises("hp-objective-without-tunable", "marketplace-tuning-recommended")
def _nothing_tunable(request: Request, _: random.Random) -> None:
    training = parts.training(request)
    parts.need(training["SupportedTuningJobObjectiveMetrics"] and _has_range_to_search(request))
    for spec in training["SupportedHyperParameters"]:
        spec["IsTunable"] = False


@advises("hp-tunable-without-objective")
def _no_objective(request: Request, _: random.Random) -> None:
    parts.need(_has_tunable(request))
    del parts.training(request)["SupportedTuningJobObjectiveMetrics"]


@advises("tuning-limits", "marketplace-no-metrics")
def _many_metrics(request: Request, _: random.Random) -> None:
    metrics = parts.training(request)["MetricDefinitions"]
    parts.need(len(metrics) <= 20)
    metrics += [_metric(f"extra:{n}", rf"^extra {n}=({_NUMBER});") for n in range(21 - len(metrics))]


# ---------------------------------------------------------------- metrics

_NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"


def _metric(name: str, pattern: str) -> Request:
    return {"Name": name, "Regex": pattern}


def _add_metric(request: Request, *metrics: Request) -> None:
    defined = parts.training(request).setdefault("MetricDefinitions", [])
    parts.need(len(defined) + len(metrics) <= 20)
    defined += metrics


# A rule, and a pattern that no other rule reports.
_PATTERNS = {
    "metric-regex-catastrophic": r"zz catastrophic ([0-9]+)(?: |zz+)+(?: |zz+)+;;",
    "metric-regex-double-escaped": r"zz doubled=([0-9]+\\.[0-9]+);",
    "metric-regex-empty-group": r"zz empty=([0-9.]*);",
    "metric-regex-greedy-any": r"zz greedy=(.*)",
    "metric-regex-lazy-tail": r"zz lazy=(.*?)",
    "metric-regex-matches-empty": r"(?:zz=([0-9.]+))?",
    "metric-regex-multiple-groups": r"(zz|yy)=([0-9.]+)",
    "metric-regex-no-group": r"zz none=[0-9.]+;",
    "metric-regex-non-numeric-group": r"zz words=([a-d]+);",
    "metric-regex-partial-number": r"zz part=([0-9.]+);",
}
# Rules that report the same patterns.
_ALSO = ("metric-regex-partial-number", "metric-regex-overlap", "metric-regex-matches-empty")


def _enter(rule: str, pattern: str) -> None:
    @advises(rule, *_ALSO, "metric-regex-non-numeric-group")
    def _pattern(request: Request, _: random.Random) -> None:
        _add_metric(request, _metric("zz:added", pattern))


for _rule, _text in _PATTERNS.items():
    _enter(_rule, _text)


@advises("metric-regex-overlap")
def _keras(request: Request, _: random.Random) -> None:
    _add_metric(
        request,
        _metric("keras:loss", f"keras loss: ({_NUMBER})"),
        _metric("keras:val", f"val keras loss: ({_NUMBER})"),
    )


@advises("metric-duplicate-name", "metric-regex-overlap", "metric-regex-partial-number")
def _same_metric(request: Request, dice: random.Random) -> None:
    metrics = parts.training(request)["MetricDefinitions"]
    parts.need(len(metrics) < 20)
    metrics.append({**parts.one(dice, metrics), "Regex": f"^again=({_NUMBER});"})


@advises("objective-duplicate-or-conflicting")
def _both_ways(request: Request, dice: random.Random) -> None:
    objectives = parts.training(request)["SupportedTuningJobObjectiveMetrics"]
    one = parts.one(dice, objectives)
    objectives.append({**one, "Type": "Minimize" if one["Type"] == "Maximize" else "Maximize"})


@advises("objective-direction-suspicious")
def _maximized_loss(request: Request, _: random.Random) -> None:
    parts.need(_has_tunable(request))
    _add_metric(request, _metric("zz:loss", f"^zz loss=({_NUMBER});"))
    objectives = parts.training(request).get("SupportedTuningJobObjectiveMetrics") or parts.nothing()
    objectives.append({"Type": "Maximize", "MetricName": "zz:loss"})


# ---------------------------------------------------------------- images and inference


@advises("image-mutable-tag")
def _latest(request: Request, _: random.Random) -> None:
    training = parts.training(request)
    parts.need("TrainingImageDigest" not in training and "@" not in training["TrainingImage"])
    training["TrainingImage"] = training["TrainingImage"].rpartition(":")[0] + ":latest"


@advises("image-tag-and-digest")
def _tag_and_digest(request: Request, _: random.Random) -> None:
    training = parts.training(request)
    parts.need("TrainingImageDigest" not in training and "@" not in training["TrainingImage"])
    training["TrainingImage"] += f"@sha256:{'0f' * 32}"


@advises("image-registry-not-in-region", "image-account-mismatch")
def _registry_elsewhere(request: Request, _: random.Random) -> None:
    training = parts.training(request)
    host, slash, _ = training["TrainingImage"].partition("/")
    parts.need(not request.get("CertifyForMarketplace") and ".us-east-1." not in host)
    training["TrainingImage"] = f"683313688378{host[12:]}{slash}sagemaker-xgboost:1.7-1"
    training.pop("TrainingImageDigest", None)


@advises("unknown-region")
def _no_region(request: Request, _: random.Random) -> None:
    host = parts.training(request)["TrainingImage"].partition("/")[0]
    parts.need(not request.get("CertifyForMarketplace") and host.endswith(".amazonaws.com"))
    region = host.split(".")[3]
    parts.need(not region.startswith("us-gov"))
    changed = json.loads(json.dumps(request).replace(region, "us-west-9"))
    request.clear()
    request.update(changed)


@advises("framework-image-without-program", "image-account-mismatch", "image-registry-not-in-region")
def _framework(request: Request, _: random.Random) -> None:
    training = parts.training(request)
    host, slash, _ = training["TrainingImage"].partition("/")
    parts.need(not request.get("CertifyForMarketplace") and host.endswith(".amazonaws.com"))
    training["TrainingImage"] = f"763104351884{host[12:]}{slash}pytorch-training:2.1.0"
    training.pop("TrainingImageDigest", None)


@advises("inference-mime-lists-missing")
def _no_types(request: Request, dice: random.Random) -> None:
    inference = request["InferenceSpecification"]
    field = dice.choice(["SupportedContentTypes", "SupportedResponseMIMETypes"])
    del inference[field]


@advises("mime-list-duplicates")
def _type_twice(request: Request, _: random.Random) -> None:
    types = request["InferenceSpecification"]["SupportedContentTypes"]
    types.append(types[0])


@advises("inference-not-validated", "marketplace-needs-transform-profile", "model-data-in-algorithm")
def _no_transform(request: Request, _: random.Random) -> None:
    parts.need(not request.get("CertifyForMarketplace"))
    del parts.profile(request)["TransformJobDefinition"]


@advises("marketplace-needs-transform-profile", "inference-not-validated", "model-data-in-algorithm")
def _no_transform_for_marketplace(request: Request, _: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    del parts.profile(request)["TransformJobDefinition"]


@advises("model-data-in-algorithm")
def _model_data(request: Request, dice: random.Random) -> None:
    container = parts.container(request, dice)
    parts.need(not {"ModelDataUrl", "ModelDataSource", "BaseModel"} & container.keys())
    container["ModelDataUrl"] = _bucket(request) + "/models/model.tar.gz"


def _bucket(request: Request) -> str:
    return "/".join(parts.job(request)["OutputDataConfig"]["S3OutputPath"].split("/")[:3])


@advises("additional-s3-data-source", "env-reserved-name")
def _not_an_archive(request: Request, dice: random.Random) -> None:
    parts.training(request)["AdditionalS3DataSource"] = {
        "S3DataType": dice.choice(["S3Prefix", "S3Object"]),
        "S3Uri": f"{_bucket(request)}/base/",
        "CompressionType": "Gzip",
    }


# ---------------------------------------------------------------- environment


@advises("env-key-conflict")
def _variables_in_two_cases(request: Request, dice: random.Random) -> None:
    variables = parts.container(request, dice).setdefault("Environment", {})
    parts.need(len(variables) < 14)
    variables |= {"zz_mode": "a", "ZZ_MODE": "a"}


@advises("env-network-dependency")
def _address(request: Request, dice: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    variables = parts.container(request, dice).setdefault("Environment", {})
    parts.need(len(variables) < 15)
    variables["ZZ_HUB"] = "https://hub.acme.io/models"


@advises("env-reserved-name")
def _reserved(request: Request, dice: random.Random) -> None:
    variables = parts.container(request, dice).setdefault("Environment", {})
    parts.need(len(variables) < 15)
    variables["SAGEMAKER_BATCH"] = "true"


# ---------------------------------------------------------------- instances and resources


@advises("instance-list-duplicates")
def _type_listed_twice(request: Request, dice: random.Random) -> None:
    types = parts.training(request)["SupportedTrainingInstanceTypes"]
    types.append(parts.one(dice, types))


@advises("instance-retired-family", "instance-hardware-mix")
def _retired(request: Request, _: random.Random) -> None:
    types = parts.training(request)["SupportedTrainingInstanceTypes"]
    parts.need(not any(name.startswith(("ml.p2.", "ml.p3.", "ml.m4.", "ml.c4.")) for name in types))
    types.append("ml.p2.xlarge")


@advises("instance-hardware-mix")
def _neuron_beside_others(request: Request, _: random.Random) -> None:
    types = parts.training(request)["SupportedTrainingInstanceTypes"]
    parts.need(not any(name.startswith("ml.trn") for name in types))
    types.append("ml.trn1.2xlarge")


@advises("keepalive-in-profile", "profile-field-not-persisted")
def _kept_alive(request: Request, _: random.Random) -> None:
    resources = parts.job(request)["ResourceConfig"]
    parts.need("KeepAlivePeriodInSeconds" not in resources and "InstanceGroups" not in resources)
    resources["KeepAlivePeriodInSeconds"] = 600


@advises("max-pending-on-cpu", "profile-field-not-persisted")
def _pending_on_cpu(request: Request, _: random.Random) -> None:
    job = parts.job(request)
    parts.need(
        job["ResourceConfig"]
        .get("InstanceType", "")
        .startswith(("ml.m5.", "ml.c5.", "ml.m6i.", "ml.c6i.", "ml.r5."))
    )
    parts.need("MaxPendingTimeInSeconds" not in job["StoppingCondition"])
    job["StoppingCondition"]["MaxPendingTimeInSeconds"] = 7200


@advises("max-wait-without-spot", "profile-field-not-persisted")
def _waits_for_spot(request: Request, _: random.Random) -> None:
    condition = parts.job(request)["StoppingCondition"]
    parts.need("MaxWaitTimeInSeconds" not in condition)
    condition["MaxWaitTimeInSeconds"] = condition["MaxRuntimeInSeconds"]


@advises("stopping-condition-empty", "max-wait-without-spot")
def _no_limit(request: Request, _: random.Random) -> None:
    condition = parts.job(request)["StoppingCondition"]
    parts.need("MaxWaitTimeInSeconds" not in condition)
    del condition["MaxRuntimeInSeconds"]


@advises("max-runtime-implausible", "max-wait-without-spot")
def _half_a_minute(request: Request, _: random.Random) -> None:
    condition = parts.job(request)["StoppingCondition"]
    parts.need(300 <= condition["MaxRuntimeInSeconds"] <= 86400)
    condition["MaxRuntimeInSeconds"] = 30


@advises("placement-config", "instance-config-incomplete")
def _placed(request: Request, _: random.Random) -> None:
    resources = parts.job(request)["ResourceConfig"]
    parts.need(
        resources.get("InstanceType", "").startswith(("ml.m5.", "ml.c5.", "ml.g5.", "ml.g4dn.", "ml.r5."))
    )
    resources["InstancePlacementConfig"] = {
        "PlacementSpecifications": [{"InstanceCount": resources["InstanceCount"]}]
    }


@advises("profile-expensive-instance", "distributed-not-supported")
def _many_instances(request: Request, _: random.Random) -> None:
    resources = parts.job(request)["ResourceConfig"]
    parts.need(1 < resources.get("InstanceCount", 0) <= 4)
    resources["InstanceCount"] = 20


@advises("training-volume-kms-alias")
def _alias(request: Request, _: random.Random) -> None:
    resources = parts.job(request)["ResourceConfig"]
    parts.need("VolumeKmsKeyId" in resources)
    resources["VolumeKmsKeyId"] = "alias/training-volumes"


@advises("profile-field-not-persisted")
def _shuffled(request: Request, dice: random.Random) -> None:
    channel = parts.channel(request, dice, source="S3DataSource")
    parts.need("ShuffleConfig" not in channel)
    channel["ShuffleConfig"] = {"Seed": 7}


@advises("profile-input-mode-override-fragile")
def _mode_repeated(request: Request, dice: random.Random) -> None:
    job = parts.job(request)
    channel = parts.channel(request, dice)
    parts.need("InputMode" not in channel)
    channel["InputMode"] = job["TrainingInputMode"]


# ---------------------------------------------------------------- output


@advises("output-path-is-file")
def _like_a_file(request: Request, _: random.Random) -> None:
    output = parts.job(request)["OutputDataConfig"]
    output["S3OutputPath"] = output["S3OutputPath"].rstrip("/") + "/model.tar.gz"


@advises("output-overlaps-input")
def _output_below_input(request: Request, dice: random.Random) -> None:
    source = _s3(request, dice)
    parts.need(source["S3DataType"] == "S3Prefix" and source["S3Uri"].endswith("/"))
    parts.job(request)["OutputDataConfig"]["S3OutputPath"] = f"{source['S3Uri']}output/"


@advises("uncompressed-output-with-transform", "profile-field-not-persisted")
def _not_compressed(request: Request, _: random.Random) -> None:
    parts.transform(request)
    output = parts.job(request)["OutputDataConfig"]
    parts.need(output.get("CompressionType") != "NONE")
    output["CompressionType"] = "NONE"


# ---------------------------------------------------------------- transform jobs


@advises("transform-accept-unsupported")
def _other_accept(request: Request, _: random.Random) -> None:
    parts.need(request["InferenceSpecification"]["SupportedResponseMIMETypes"])
    parts.transform(request)["TransformOutput"]["Accept"] = "application/x-other"


@advises("transform-content-type-unsupported")
def _other_type(request: Request, _: random.Random) -> None:
    parts.need(request["InferenceSpecification"]["SupportedContentTypes"])
    parts.transform(request)["TransformInput"]["ContentType"] = "application/x-other"


@advises("transform-ami-version")
def _other_image(request: Request, _: random.Random) -> None:
    resources = parts.transform(request)["TransformResources"]
    parts.need("TransformAmiVersion" not in resources)
    resources["TransformAmiVersion"] = "al2-ami-sagemaker-batch-gpu-1"


@advises("transform-batchstrategy-needs-split")
def _no_split(request: Request, _: random.Random) -> None:
    job = parts.transform(request)
    parts.need(job["TransformInput"].get("SplitType", "None") == "None" and "BatchStrategy" not in job)
    job["BatchStrategy"] = "MultiRecord"


@advises(
    "transform-split-content-mismatch",
    "transform-content-type-unsupported",
    "transform-split-assemble-mismatch",
)
def _lines_of_zip(request: Request, _: random.Random) -> None:
    job = parts.transform(request)
    parts.need(not job["TransformInput"].get("ContentType", "").startswith("application/x-"))
    job["TransformInput"] |= {"ContentType": "application/zip", "SplitType": "Line"}


@advises("transform-split-assemble-mismatch")
def _lines_run_together(request: Request, _: random.Random) -> None:
    job = parts.transform(request)
    parts.need(job["TransformInput"].get("SplitType") == "Line")
    parts.need(job["TransformOutput"].get("AssembleWith") == "Line")
    # Each answer in JSON Lines ends with a line break.
    parts.need(job["TransformOutput"].get("Accept") != "application/jsonlines")
    del job["TransformOutput"]["AssembleWith"]


@advises("transform-zero-values")
def _chunks(request: Request, _: random.Random) -> None:
    job = parts.transform(request)
    parts.need("MaxPayloadInMB" not in job and job.get("MaxConcurrentTransforms", 1))
    job["MaxPayloadInMB"] = 0


@advises("transform-idle-instances", "compression-suffix-mismatch")
def _one_object(request: Request, _: random.Random) -> None:
    job = parts.transform(request)
    source = job["TransformInput"]["DataSource"]["S3DataSource"]
    parts.need(job["TransformResources"]["InstanceCount"] > 1 and source["S3DataType"] == "S3Prefix")
    source["S3Uri"] = source["S3Uri"].rstrip("/") + "/one.csv"


# ---------------------------------------------------------------- AWS Marketplace, descriptions


@advises("marketplace-no-metrics")
def _no_metrics(request: Request, _: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    training = parts.training(request)
    parts.need(not training.get("SupportedTuningJobObjectiveMetrics"))
    del training["MetricDefinitions"]


@advises("marketplace-tuning-recommended", "hp-objective-without-tunable")
def _not_tunable(request: Request, _: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace") and _has_range_to_search(request))
    for spec in parts.training(request)["SupportedHyperParameters"]:
        spec["IsTunable"] = False


@advises("marketplace-instance-lists", "inference-instance-lists-missing")
def _one_kind_of_inference(request: Request, _: random.Random) -> None:
    parts.need(request.get("CertifyForMarketplace"))
    del request["InferenceSpecification"]["SupportedRealtimeInferenceInstanceTypes"]


@advises("missing-descriptions")
def _no_description(request: Request, _: random.Random) -> None:
    del request["AlgorithmDescription"]


@advises("region-hint-in-bucket")
def _bucket_of_another_region(request: Request, _: random.Random) -> None:
    image = parts.training(request)["TrainingImage"]
    other = "us-west-2" if ".us-west-2." not in image else "eu-west-1"
    parts.job(request)["OutputDataConfig"]["S3OutputPath"] = f"s3://acme-{other}/output/"


@advises("eula-not-accepted")
def _eula(request: Request, dice: random.Random) -> None:
    source = _s3(request, dice)
    parts.need("ModelAccessConfig" not in source)
    source["ModelAccessConfig"] = {"AcceptEula": False}


@advises("volume-size-on-local-storage")
def _size_on_local_storage(request: Request, _: random.Random) -> None:
    resources = parts.job(request)["ResourceConfig"]
    parts.need("VolumeSizeInGB" not in resources and "InstanceType" in resources)
    resources["VolumeSizeInGB"] = 30


@advises("filesystem-needs-vpc")
def _file_system(request: Request, dice: random.Random) -> None:
    parts.need(not request.get("CertifyForMarketplace"))
    channel = parts.channel(request, dice, "File", source="S3DataSource")
    parts.need(not {"ShuffleConfig", "CompressionType", "RecordWrapperType"} & channel.keys())
    channel["DataSource"] = {
        "FileSystemDataSource": {
            "FileSystemId": "fs-0123456789abcdef0",
            "FileSystemAccessMode": "ro",
            "FileSystemType": "EFS",
            "DirectoryPath": "/data",
        }
    }


@advises("profile-channel-not-covered", "profile-channel-required-missing", "filesystem-needs-vpc")
def _left_out(request: Request, _: random.Random) -> None:
    channels = _channels(request)
    parts.need(len(channels) == len(parts.training(request)["TrainingChannels"]) > 1)
    declared = parts.declared(request, channels[-1])
    parts.need(not declared.get("IsRequired"))
    del channels[-1]
