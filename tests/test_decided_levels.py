"""The findings of rules in cases for which AWS's documents, its SDK and reports of users had to be weighed.

A row records a decision, and the rule's page has the evidence. `None` means that nothing is reported.
"""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import REQUEST, found

HOST = "998877665544.dkr.ecr.us-west-2.amazonaws.com"
BUCKET = "s3://amzn-example-bucket"
MANY = {f"K{n}": "v" for n in range(17)}


def hp(**fields: Any) -> dict[str, Any]:
    return {"Name": "depth", "IsTunable": False, **fields}


def integer(low: str, high: str, **fields: Any) -> dict[str, Any]:
    return hp(
        Type="Integer",
        Range={"IntegerParameterRangeSpecification": {"MinValue": low, "MaxValue": high}},
        **fields,
    )


def metrics(*patterns: str) -> list[dict[str, str]]:
    return [{"Name": f"m{n}", "Regex": pattern} for n, pattern in enumerate(patterns)]


def declared(modes: list[str], **fields: Any) -> dict[str, Any]:
    return {"Name": "train", "SupportedInputModes": modes, "SupportedContentTypes": ["text/csv"], **fields}


def s3(uri: str = f"{BUCKET}/a/", kind: str = "S3Prefix", **fields: Any) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": kind, "S3Uri": uri, **fields}}


def channel(source: Any = None, **fields: Any) -> dict[str, Any]:
    return {"ChannelName": "train", "DataSource": source or s3(), **fields}


def request(
    *channels: Any, job: Any = None, training: Any = None, transform: Any = None, **fields: Any
) -> Any:
    profile: dict[str, Any] = {
        "ProfileName": "p",
        "TrainingJobDefinition": {"InputDataConfig": [*channels], **(job or {})},
    }
    if transform is not None:
        profile["TransformJobDefinition"] = transform
    return {
        "TrainingSpecification": {"TrainingChannels": [declared(["File"])], **(training or {})},
        "ValidationSpecification": {"ValidationProfiles": [profile]},
        **fields,
    }


def instances(*types: str, **fields: Any) -> dict[str, Any]:
    return {"InstancePreferences": [{"InstanceType": name} for name in types], "InstanceCount": 1, **fields}


LOSS = "'loss': ([0-9]+(.|e\\-)[0-9]+),?"
AWS_NOTEBOOK = {"S3DataType": "S3Object", "S3Uri": f"{BUCKET}/base.tar.gz", "CompressionType": "Gzip"}
TWO_RANGES = {
    "IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "2"},
    "CategoricalParameterRangeSpecification": {"Values": ["1"]},
}

# What, the shape, the value, the rule, its severity.
ROWS: list[tuple[str, str, Any, str, str | None]] = [
    ("default and required", "HyperParameterSpecification", hp(Type="Integer", IsRequired=True, DefaultValue="1"), "hp-default-and-required", "error"),
    ("17 entries", "TransformJobDefinition", {"Environment": MANY}, "env-too-many-entries", "error"),
    # The data is not validated, and the value is passed to the container.
    ("content type of a channel", REQUEST, request(channel(ContentType="text/xml")), "profile-content-type-unsupported", "warning"),
    ("content type of a transform", REQUEST, request(transform={"TransformInput": {"ContentType": "text/xml"}}, InferenceSpecification={"SupportedContentTypes": ["text/csv"]}), "transform-content-type-unsupported", "warning"),
    ("accept of a transform", REQUEST, request(transform={"TransformOutput": {"Accept": "text/xml"}}, InferenceSpecification={"SupportedResponseMIMETypes": ["text/csv"]}), "transform-accept-unsupported", "warning"),
    # AWS's XGBoost declares it.
    ("objective metric declared", "HyperParameterSpecification", hp(Name="_tuning_objective_metric", Type="Categorical"), "hp-name-reserved", "info"),
    ("objective metric tunable", "HyperParameterSpecification", hp(Name="_tuning_objective_metric", Type="Categorical", IsTunable=True), "hp-name-reserved", "warning"),
    ("objective metric required", "HyperParameterSpecification", hp(Name="_tuning_objective_metric", Type="Categorical", IsRequired=True), "hp-name-reserved", "warning"),
    # Algorithms that support File work with FastFile without a change.
    ("FastFile for File", REQUEST, request(channel(InputMode="FastFile")), "profile-input-mode-unsupported", "info"),
    ("FastFile for Pipe", REQUEST, request(channel(InputMode="FastFile"), training={"TrainingChannels": [declared(["Pipe"])]}), "profile-input-mode-unsupported", "error"),
    # The toolkit only changes the case of letters.
    ("names that differ in a sign", "ChannelSpecifications", [declared(["File"], Name="a-b"), declared(["File"], Name="a_b")], "channel-path-or-env-collision", None),
    ("names that differ in case", "ChannelSpecifications", [declared(["File"], Name="Train"), declared(["File"], Name="train")], "channel-path-or-env-collision", "warning"),
    ("path of a pipe", "ChannelSpecifications", [declared(["Pipe"], Name="train"), declared(["Pipe"], Name="train_0")], "channel-path-or-env-collision", "warning"),
    # int("1e3") raises, float("inf") does not.
    ("bound with an exponent", "HyperParameterSpecification", integer("1", "1e3"), "hp-bound-not-parseable", "error"),
    ("default with an exponent", "HyperParameterSpecification", integer("1", "2000", DefaultValue="1e3"), "hp-nonportable-number-form", "warning"),
    ("default with zeros", "HyperParameterSpecification", integer("1", "10", DefaultValue="007"), "hp-nonportable-number-form", "warning"),
    ("bound with decimals", "HyperParameterSpecification", integer("1.0", "10"), "hp-bound-not-parseable", "error"),
    # Without both bounds nothing is compared; that one is missing is reported by itself.
    ("one bound", "HyperParameterSpecification", hp(Type="Integer", DefaultValue="1", Range={"IntegerParameterRangeSpecification": {"MinValue": "3"}}), "hp-default-out-of-range", None),
    ("infinite bound", "HyperParameterSpecification", hp(Type="Continuous", Range={"ContinuousParameterRangeSpecification": {"MinValue": "0", "MaxValue": "inf"}}), "hp-bound-not-parseable", "warning"),
    ("bound that is no number", "HyperParameterSpecification", hp(Type="Continuous", Range={"ContinuousParameterRangeSpecification": {"MinValue": "0", "MaxValue": "nan"}}), "hp-bound-not-parseable", "error"),
    # The service takes the first group.
    ("groups in the number", "MetricDefinitionList", metrics(LOSS), "metric-regex-multiple-groups", None),
    ("a number that is cut", "MetricDefinitionList", metrics(LOSS), "metric-regex-partial-number", "warning"),
    ("no exponents", "MetricDefinitionList", metrics("loss: ([0-9.]+)"), "metric-regex-partial-number", "info"),
    ("a name as first group", "MetricDefinitionList", metrics("(loss|err)=([0-9.]+)"), "metric-regex-multiple-groups", "warning"),
    ("processors of two makers", "TrainingSpecification", {"SupportedTrainingInstanceTypes": ["ml.m5.xlarge", "ml.m6a.xlarge"]}, "instance-hardware-mix", None),
    ("arm64 and x86", "InferenceSpecification", {"SupportedRealtimeInferenceInstanceTypes": ["ml.c7g.xlarge", "ml.m5.xlarge"]}, "instance-hardware-mix", "info"),
    ("arm64 and x86 in an image by digest", "InferenceSpecification", {"Containers": [{"Image": f"{HOST}/a@sha256:{'0f' * 32}"}], "SupportedRealtimeInferenceInstanceTypes": ["ml.c7g.xlarge", "ml.m5.xlarge"]}, "instance-hardware-mix", "info"),
    ("one GPU of a large family", "ResourceConfig", {"InstanceType": "ml.p5.4xlarge", "InstanceCount": 1}, "profile-expensive-instance", None),
    ("a large machine without GPU", "ResourceConfig", {"InstanceType": "ml.c8i.96xlarge", "InstanceCount": 1}, "profile-expensive-instance", "warning"),
    ("an XML namespace", REQUEST, {"CertifyForMarketplace": True, "InferenceSpecification": {"Containers": [{"Environment": {"SVG_NS": "http://www.w3.org/2000/svg"}}]}}, "env-network-dependency", "info"),
    ("an address ending in #", REQUEST, {"CertifyForMarketplace": True, "InferenceSpecification": {"Containers": [{"Environment": {"DRAFT": "http://json-schema.org/draft-07/schema#"}}]}}, "env-network-dependency", "info"),
    ("an address", REQUEST, {"CertifyForMarketplace": True, "InferenceSpecification": {"Containers": [{"Environment": {"LICENSES": "https://licenses.acme.io/check"}}]}}, "env-network-dependency", "warning"),
    ("a port is no other registry", "TrainingSpecification", {"TrainingImage": f"{HOST}:443/a:1"}, "image-not-private-ecr", None),
    ("a port", "TrainingSpecification", {"TrainingImage": f"{HOST}:443/a:1"}, "image-malformed-reference", "warning"),
    # The SDK takes the one that fits, and raises where there is none.
    ("two ranges", "HyperParameterSpecification", hp(Type="Integer", Range=TWO_RANGES), "hp-range-not-exactly-one", "warning"),
    ("no range", "HyperParameterSpecification", hp(Type="Integer", Range={}), "hp-range-not-exactly-one", "error"),
    ("a file system names no groups", "TrainingJobDefinition", {"InputDataConfig": [channel(s3(InstanceGroupNames=["g"])), channel({"FileSystemDataSource": {"FileSystemId": "fs-0123456789abcdef0", "DirectoryPath": "/a"}}, ChannelName="b")], "ResourceConfig": {"InstanceGroups": [{"InstanceGroupName": name, "InstanceType": "ml.m5.large", "InstanceCount": 1} for name in "gh"]}}, "group-names-consistency", None),
    ("lines of parquet", "TransformJobDefinition", {"TransformInput": {"ContentType": "application/x-parquet", "SplitType": "Line"}}, "transform-split-content-mismatch", "warning"),
    ("lines of zip", "TransformJobDefinition", {"TransformInput": {"ContentType": "application/zip", "SplitType": "Line"}}, "transform-split-content-mismatch", "warning"),
    ("lines of Avro", "TransformJobDefinition", {"TransformInput": {"ContentType": "application/avro", "SplitType": "Line"}}, "transform-split-content-mismatch", "warning"),
    ("lines of bytes", "TransformJobDefinition", {"TransformInput": {"ContentType": "application/octet-stream", "SplitType": "Line"}}, "transform-split-content-mismatch", "warning"),
    ("lines of gzip", "TransformJobDefinition", {"TransformInput": {"ContentType": "application/gzip", "SplitType": "Line"}}, "transform-split-content-mismatch", "warning"),
    ("a bucket of the documentation", "S3DataSource", {"S3Uri": "s3://DOC-EXAMPLE-BUCKET/a/"}, "s3-uri-malformed", None),
    ("a bucket of the documentation, named", "S3DataSource", {"S3Uri": "s3://DOC-EXAMPLE-BUCKET/a/"}, "placeholder-left-in", "info"),
    ("a demo bucket", "S3DataSource", {"S3Uri": "s3://amzn-s3-demo-bucket/a/"}, "placeholder-left-in", "info"),
    ("a response", REQUEST, {"AlgorithmStatus": "Completed"}, "describe-output-pasted", "error"),
    ("a wrapped augmented manifest", "TrainingJobDefinition", {"TrainingInputMode": "Pipe", "InputDataConfig": [channel(s3(kind="AugmentedManifestFile", AttributeNames=["a", "b"]), ContentType="application/x-recordio", RecordWrapperType="RecordIO")]}, "recordwrapper-on-recordio-content", None),
    ("an augmented manifest, not wrapped", "TrainingJobDefinition", {"TrainingInputMode": "Pipe", "InputDataConfig": [channel(s3(kind="AugmentedManifestFile", AttributeNames=["a", "b"]), RecordWrapperType="None")]}, "augmented-manifest-not-wrapped", "warning"),
    ("compressed in File mode", "TrainingJobDefinition", {"TrainingInputMode": "File", "InputDataConfig": [channel(s3(f"{BUCKET}/a.csv.gz"), CompressionType="None")]}, "compression-suffix-mismatch", "info"),
    ("compressed in Pipe mode", "TrainingJobDefinition", {"TrainingInputMode": "Pipe", "InputDataConfig": [channel(s3(f"{BUCKET}/a.csv.gz"), CompressionType="None")]}, "compression-suffix-mismatch", "warning"),
    # Results go to the output's prefix and the input's.
    ("transform output at the bucket's root", REQUEST, request(channel(), transform={"TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{BUCKET}/score/"}}}, "TransformOutput": {"S3OutputPath": f"{BUCKET}/"}}), "output-overlaps-input", "warning"),
    ("sharded for one instance of a group", "TrainingJobDefinition", {"InputDataConfig": [channel(s3(S3DataDistributionType="ShardedByS3Key", InstanceGroupNames=["g"]))], "ResourceConfig": {"InstanceGroups": [{"InstanceGroupName": "g", "InstanceType": "ml.m5.large", "InstanceCount": 1}, {"InstanceGroupName": "h", "InstanceType": "ml.m5.large", "InstanceCount": 4}]}}, "sharding-without-effect", "info"),
    ("AWS's notebook", "InferenceSpecification", {"Containers": [{"Image": f"{HOST}/a:1", "AdditionalS3DataSource": AWS_NOTEBOOK}]}, "additional-s3-data-source", None),
    ("in a later container", "InferenceSpecification", {"Containers": [{"Image": f"{HOST}/a:1"}, {"Image": f"{HOST}/b:1", "AdditionalS3DataSource": AWS_NOTEBOOK}]}, "additional-s3-data-source", "warning"),
    ("a prefix for training", "TrainingSpecification", {"AdditionalS3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{BUCKET}/base.tar.gz", "CompressionType": "Gzip"}}, "additional-s3-data-source", "warning"),
    ("not compressed", "TrainingSpecification", {"AdditionalS3DataSource": {**AWS_NOTEBOOK, "CompressionType": "None"}}, "additional-s3-data-source", "warning"),
    ("no archive", "TrainingSpecification", {"AdditionalS3DataSource": {**AWS_NOTEBOOK, "S3Uri": f"{BUCKET}/base/"}}, "additional-s3-data-source", "warning"),
    ("a variable of the service", "ModelPackageContainerDefinition", {"Environment": {"SAGEMAKER_ADDITIONAL_S3_DATA_PATH": "/x"}}, "env-reserved-name", "warning"),
    ("a model in the container", "InferenceSpecification", {"Containers": [{"Image": f"{HOST}/a:1", "ModelDataUrl": f"{BUCKET}/model.tar.gz"}]}, "model-data-in-algorithm", None),
    ("a model in the only container of an algorithm", REQUEST, request(InferenceSpecification={"Containers": [{"Image": f"{HOST}/a:1", "ModelDataUrl": f"{BUCKET}/model.tar.gz"}]}), "model-data-in-algorithm", "warning"),
    ("no transform job for the Marketplace", REQUEST, request(channel(), CertifyForMarketplace=True), "marketplace-needs-transform-profile", "warning"),
    ("as in AWS's notebook", REQUEST, request(channel(), training={"AdditionalS3DataSource": AWS_NOTEBOOK}, CertifyForMarketplace=True), "marketplace-needs-transform-profile", "info"),
    # A preference has a type of its own.
    ("volume size of preferences", "ResourceConfig", instances("ml.m5.large", "ml.c8i.xlarge"), "volume-size-required", "error"),
    ("volume key of preferences", "ResourceConfig", instances("ml.g7.2xlarge", VolumeKmsKeyId="12345678-1234-1234-1234-123456789012"), "volume-kms-on-local-storage", "error"),
    ("volume size of NVMe preferences", "ResourceConfig", instances("ml.g5.2xlarge", VolumeSizeInGB=30), "volume-size-on-local-storage", "info"),
    # Facts of new families.
    ("a new family without storage", "ResourceConfig", {"InstanceType": "ml.c8i.xlarge", "InstanceCount": 1}, "volume-size-required", "error"),
    ("a new family with storage", "TransformResources", {"InstanceType": "ml.g7.2xlarge", "InstanceCount": 1, "VolumeKmsKeyId": "12345678-1234-1234-1234-123456789012"}, "volume-kms-on-local-storage", None),
    # Further rules.
    ("one preference twice", "ResourceConfig", instances("ml.m5.large", "ml.m5.large"), "instance-preference-duplicate", "error"),
    ("more than 32 bits", "TransformJobDefinition", {"MaxConcurrentTransforms": 2**31}, "number-range", "error"),
    ("more than 64 bits", "ShuffleConfig", {"Seed": 2**63}, "number-range", "error"),
    ("64 bits", "ShuffleConfig", {"Seed": 2**63 - 1}, "number-range", None),
    ("a zone elsewhere", REQUEST, request(channel(s3("s3://data--euw1-az1--x-s3/a/")), training={"TrainingImage": f"{HOST}/a:1"}), "bucket-region-mismatch", "error"),
    ("an access point elsewhere", REQUEST, request(channel(s3("s3://arn:aws:s3:eu-west-1:998877665544:accesspoint/a/b/")), training={"TrainingImage": f"{HOST}/a:1"}), "bucket-region-mismatch", "error"),
    ("a host of S3 elsewhere", REQUEST, request(channel(s3("https://s3.eu-west-1.amazonaws.com/data/a/")), training={"TrainingImage": f"{HOST}/a:1"}), "bucket-region-mismatch", "error"),
    ("an output elsewhere", REQUEST, request(channel(), job={"OutputDataConfig": {"S3OutputPath": "https://s3.eu-west-1.amazonaws.com/data/a/"}}, training={"TrainingImage": f"{HOST}/a:1"}), "bucket-region-mismatch", "warning"),
    ("pending on CPUs", "TrainingJobDefinition", {"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1}, "StoppingCondition": {"MaxPendingTimeInSeconds": 7200}}, "max-pending-on-cpu", "warning"),
    ("pending on CPUs or GPUs", "TrainingJobDefinition", {"ResourceConfig": instances("ml.m5.large", "ml.g5.xlarge"), "StoppingCondition": {"MaxPendingTimeInSeconds": 7200}}, "max-pending-on-cpu", None),
    ("placement of nothing", "ResourceConfig", {"InstancePlacementConfig": {"PlacementSpecifications": [{"InstanceCount": 0}]}}, "instance-config-incomplete", "error"),
    ("File lost as a common mode", "ChannelSpecifications", [declared(["File", "Pipe"]), declared(["Pipe"], Name="b", IsRequired=False)], "channels-no-common-input-mode", "info"),
    ("required and tunable", "HyperParameterSpecification", integer("1", "10", IsRequired=True, IsTunable=True), "hp-required-and-tunable", "info"),
    ("a channel .", "ChannelSpecifications", [declared(["File"], Name=".")], "channel-name-dots", "error"),
    ("a channel ..", "ChannelSpecifications", [declared(["File"], Name="..")], "channel-name-dots", "error"),
    ("an output like a file", "OutputDataConfig", {"S3OutputPath": f"{BUCKET}/model.tar.gz"}, "output-path-is-file", "warning"),
    ("a file system for the Marketplace", REQUEST, request(channel({"FileSystemDataSource": {"FileSystemId": "fs-0123456789abcdef0", "DirectoryPath": "/a"}}), CertifyForMarketplace=True), "marketplace-file-system", "error"),
    ("no metrics for the Marketplace", REQUEST, request(channel(), CertifyForMarketplace=True), "marketplace-no-metrics", "info"),
    ("a framework with its program", "TrainingSpecification", {"TrainingImage": "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0", "SupportedHyperParameters": [hp(Name="sagemaker_program", Type="FreeText")]}, "framework-image-without-program", None),
    ("a framework", "TrainingSpecification", {"TrainingImage": "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0", "SupportedHyperParameters": []}, "framework-image-without-program", "warning"),
    ("Keras", "MetricDefinitionList", metrics("loss: ([0-9.]+)", "val_loss: ([0-9.]+)"), "metric-regex-overlap", "warning"),
    ("errors", "MetricDefinitionList", metrics("MSE: ([0-9.]+)", "RMSE: ([0-9.]+)"), "metric-regex-overlap", "warning"),
    ("anchored", "MetricDefinitionList", metrics("^loss: ([0-9.]+)", "val_loss: ([0-9.]+)"), "metric-regex-overlap", None),
    ("bounded", "MetricDefinitionList", metrics("\\bloss: ([0-9.]+)", "val_loss: ([0-9.]+)"), "metric-regex-overlap", None),
    ("an empty group", "MetricDefinitionList", metrics("AUC: ([0-9.]*)"), "metric-regex-empty-group", "info"),
    ("a registry elsewhere", "TrainingSpecification", {"TrainingImage": "683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"}, "image-registry-not-in-region", "warning"),
    ("a name of one letter", "HyperParameterSpecification", hp(Name="k", Type="FreeText"), "hp-name-nonportable", "info"),
    ("a name with an equals sign", "HyperParameterSpecification", hp(Name="a=b", Type="FreeText"), "hp-name-nonportable", "info"),
    ("a name with a space", "HyperParameterSpecification", hp(Name="max depth", Type="FreeText"), "hp-name-nonportable", "info"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "spec", "rule", "severity"), [pytest.param(*row[1:], id=row[0]) for row in ROWS]
)
def test_the_level_of_a_case(shape: str, spec: Any, rule: str, severity: str | None) -> None:
    levels = {problem.severity or by.severity for by, problem in found(spec, shape) if by.name == rule}
    assert levels == ({severity} if severity else set())


P4DE = {"InstanceType": "ml.p4de.24xlarge", "InstanceCount": 1}


@pytest.mark.parametrize(
    ("revision", "is_reported"), [("1.34.2", True), ("1.38.37", True), ("1.40.6", False), ("latest", False)]
)
def test_the_regions_of_p4de_are_known_of_the_revisions_that_name_them(
    revision: str, is_reported: bool
) -> None:
    spec = request(channel(), training={"SupportedTrainingInstanceTypes": ["ml.p4de.24xlarge"]})
    rules = {rule.name for rule, _ in found(spec, REQUEST, revision, "eu-west-1")}
    assert ("instance-region" in rules) == is_reported
