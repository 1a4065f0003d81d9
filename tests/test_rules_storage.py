"""S3 addresses, KMS keys, regions and partitions."""

from __future__ import annotations

from typing import Any

import pytest
import rule_cases
from rule_cases import Reported, found

from algolint.aws.region_table import REGIONS as REGIONS_OF_AWS
from algolint.aws.zones import region_of_zone, zone_prefix
from algolint.rule import Problem, Replace
from algolint.values import UNKNOWN, PartialText

ACCOUNT = "246618743249"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
OURS = {rule.name for rule in rule_cases.RULES if rule.family == "storage"}
DUPLICATES = {"pattern-mismatch", "string-length", "image-region-mismatch", "wrong-type", "unknown-field"}


def reported(spec: Any, shape: str, revision: str = "latest", region: str | None = None) -> Reported:
    """(rule, path, severity) of this family and of the rules that see the same faults."""
    rows = rule_cases.reported(spec, shape, revision, region)
    return {row for row in rows if row[0] in OURS | DUPLICATES}


def only(spec: Any, shape: str, name: str, region: str | None = None) -> Problem:
    return rule_cases.only(spec, shape, name, region=region)


# ---------------------------------------------------------------- S3 addresses

SCHEME_ERROR, SCHEME_WARNING = ("s3-uri-not-s3-scheme", "error"), ("s3-uri-not-s3-scheme", "warning")
MALFORMED, LEGACY = ("s3-uri-malformed", "error"), ("s3-uri-malformed", "warning")
SLASHES = ("s3-uri-malformed", "info")

ADDRESSES: list[tuple[str, tuple[str, str] | None]] = [
    ("s3://amzn-example-bucket/train/", None),
    ("s3://abc/k", None),
    ("s3://" + "a" * 63 + "/k", None),
    ("s3://my.dotted-bucket.1/k", None),
    ("s3://amzn-example--use1-az4--x-s3/k", None),
    ("s3://amzn-example-a1b2c3d4-s3alias/k", None),
    ("s3://arn:aws:s3:us-west-2:246618743249:accesspoint/train/k", None),
    ("s3://amzn-example-bucket/a b/ü?x#y", None),
    ("s3://${BUCKET}/train/", None),
    ("s3://<bucket>/train/", None),
    # another scheme, or none
    ("https://s3.us-west-2.amazonaws.com/amzn-example-bucket/a", SCHEME_WARNING),
    ("https://amzn-example-bucket.s3.amazonaws.com/a", SCHEME_WARNING),
    ("https://amzn-example-bucket.s3.cn-north-1.amazonaws.com.cn/a", SCHEME_WARNING),
    ("https://amzn-example-bucket.s3.amazonaws.com/a?versionId=1", SCHEME_WARNING),
    ("https://train-246618743249.s3-accesspoint.us-west-2.amazonaws.com/a", SCHEME_WARNING),
    ("https://data.example.com/a", SCHEME_ERROR),
    ("https://s3.console.aws.amazon.com/s3/buckets/amzn-example-bucket", SCHEME_ERROR),
    ("http://s3.amazonaws.com/amzn-example-bucket/a", SCHEME_ERROR),
    ("S3://amzn-example-bucket/a", SCHEME_ERROR),
    ("s3a://amzn-example-bucket/a", SCHEME_ERROR),
    ("gs://amzn-example-bucket/a", SCHEME_ERROR),
    ("file:///opt/ml/input", SCHEME_ERROR),
    ("/opt/ml/input/data", SCHEME_ERROR),
    ("amzn-example-bucket/train", SCHEME_ERROR),
    # no such bucket or object
    ("s3://s3://amzn-example-bucket/a", MALFORMED),
    ("s3:///train/", MALFORMED),
    ("s3://", MALFORMED),
    ("s3://ab/k", MALFORMED),
    ("s3://" + "a" * 256 + "/k", MALFORMED),
    ("s3://" + "a" * 255 + "/k", LEGACY),
    ("s3://" + "a" * 64 + "/k", LEGACY),
    ("s3://Amzn-Example-Bucket/k", LEGACY),
    ("s3://amzn_example_bucket/k", LEGACY),
    ("s3://-amzn-example/k", MALFORMED),
    ("s3://amzn-example-/k", MALFORMED),
    ("s3://amzn..example/k", MALFORMED),
    ("s3://192.168.5.4/k", MALFORMED),
    ("s3://192168/k", None),
    ("s3://192.168.5/k", None),
    ("s3://192.168.5.4.1/k", None),
    ("s3://one.two.three.four/k", None),
    ("s3://amzn example/k", MALFORMED),
    ("s3://https://amzn-example-bucket/k", MALFORMED),
    ("s3://amzn-example-bucket/train/ ", MALFORMED),
    ("s3://amzn-example-bucket/train/\n", MALFORMED),
    (" s3://amzn-example-bucket/train/", MALFORMED),
    # The buckets of AWS's documentation are placeholders.
    ("s3://DOC-EXAMPLE-BUCKET/train/", None),
    ("s3://DOC-EXAMPLE-BUCKET1/train/", None),
    ("s3://amzn-s3-demo-bucket/train/", None),
    ("https://data.example.com/a ", MALFORMED),
    ("s3://amzn-example-bucket//train/", SLASHES),
    ("s3://amzn-example-bucket/train//a", SLASHES),
    # of nobody's family
    ("", ("pattern-mismatch", "error")),
    ("s3://amzn-example-bucket/a\nb", ("pattern-mismatch", "error")),
]


@pytest.mark.parametrize(("uri", "expected"), ADDRESSES)
def test_an_address_has_one_finding(uri: str, expected: tuple[str, str] | None) -> None:
    findings = {(rule, level) for rule, _, level in reported({"S3Uri": uri}, "S3DataSource")} - {
        ("placeholder-left-in", "warning")
    }
    assert findings == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("shape", "field"),
    [
        ("S3DataSource", "S3Uri"),
        ("TransformS3DataSource", "S3Uri"),
        ("AdditionalS3DataSource", "S3Uri"),
        ("S3ModelDataSource", "ManifestS3Uri"),
        ("OutputDataConfig", "S3OutputPath"),
        ("TransformOutput", "S3OutputPath"),
        ("ModelPackageContainerDefinition", "ModelDataUrl"),
    ],
)
def test_every_field_with_an_address_is_checked(shape: str, field: str) -> None:
    https = {field: "https://s3.us-west-2.amazonaws.com/amzn-example-bucket/a/model"}
    assert reported(https, shape) == {("s3-uri-not-s3-scheme", (field,), "warning")}
    assert reported({field: "s3://s3://b/k"}, shape) == {("s3-uri-malformed", (field,), "error")}


@pytest.mark.parametrize(
    ("uri", "fixed"),
    [
        ("https://s3.us-west-2.amazonaws.com/bucket/a/b", "s3://bucket/a/b"),
        ("https://bucket.s3.amazonaws.com/a%20b", "s3://bucket/a b"),
        ("https://bucket.s3.amazonaws.com/a?versionId=1", None),
        ("https://user:word@bucket.s3.amazonaws.com/a", None),
        ("https://bucket.s3.amazonaws.com/a+b", None),
        ("https://data.example.com/a", None),
        ("S3://bucket/a", "s3://bucket/a"),
        ("s3n://bucket/a", "s3://bucket/a"),
        ("s3://s3://s3://bucket/a", "s3://bucket/a"),
        ("s3://bucket/a ", "s3://bucket/a"),
        # Where another finding would follow there is no fix.
        ("S3://Bucket/a", None),
        ("s3a://bucket", None),
        ("https://s3.amazonaws.com/bucket", None),
        ("https://s3.amazonaws.com/bad_bucket/a", None),
        ("s3://s3://bucket", None),
        ("s3://s3://a..b/c", None),
        ("s3://Bucket/a ", None),
        ("https://bucket.s3.amazonaws.com/a ", None),
        ("s3://Bucket/a", None),
    ],
)
def test_fixes_of_an_address_are_safe(uri: str, fixed: str | None) -> None:
    ((_, problem),) = [
        (r, p) for r, p in found({"S3Uri": uri}, "S3DataSource") if r.name.startswith("s3-uri")
    ]
    if fixed is None:
        assert problem.fix is None
    else:
        assert isinstance(problem.fix, Replace)
        assert (problem.fix.value, problem.fix.safe) == (fixed, True)


@pytest.mark.parametrize(
    "uri",
    [
        "https://bucket.s3.amazonaws.com/a?X-Amz-Signature=0123456789abcdef",
        "https://data.example.com/a?X-Amz-Signature=0123456789abcdef",
        "https://user:0123456789abcdef@data.example.com/a",
        "https://user:0123456789abcdef@bucket.s3.amazonaws.com/a",
    ],
)
def test_no_message_quotes_credentials(uri: str) -> None:
    problem = only({"S3Uri": uri}, "S3DataSource", "s3-uri-not-s3-scheme")
    assert "0123456789abcdef" not in problem.message


@pytest.mark.parametrize(
    ("spec", "shape", "expected"),
    [
        ({"S3DataType": "S3Prefix", "S3Uri": "s3://bucket"}, "S3DataSource", "warning"),
        ({"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/"}, "TransformS3DataSource", "warning"),
        ({"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/"}, "AdditionalS3DataSource", "warning"),
        ({"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/"}, "S3ModelDataSource", "warning"),
        ({"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/a"}, "S3DataSource", None),
        ({"S3DataType": "ManifestFile", "S3Uri": "s3://bucket"}, "S3DataSource", None),
        # The bucket is what is missing here.
        ({"S3DataType": "S3Prefix", "S3Uri": "s3:///train"}, "S3DataSource", None),
        ({"S3DataType": UNKNOWN, "S3Uri": "s3://bucket"}, "S3DataSource", None),
        ({"S3OutputPath": "s3://bucket"}, "OutputDataConfig", "info"),
        ({"S3OutputPath": "s3://bucket/"}, "TransformOutput", "info"),
        ({"S3OutputPath": "s3://bucket/out"}, "OutputDataConfig", None),
    ],
)
def test_a_whole_bucket(spec: Any, shape: str, expected: str | None) -> None:
    field = "S3Uri" if "S3Uri" in spec else "S3OutputPath"
    roots = {row for row in reported(spec, shape) if row[0] == "s3-input-without-key"}
    assert roots == ({("s3-input-without-key", (field,), expected)} if expected else set())


@pytest.mark.parametrize(
    ("uri", "is_reported"),
    [
        ("s3://bucket/models/model.tar.gz", True),
        ("s3://bucket/scores.CSV", True),
        ("s3://bucket/models/model.tar.gz/", False),
        ("s3://bucket/models/v1.2", False),
        ("s3://bucket/models/forecaster.v2", False),
        ("s3://bucket.gz/models", False),
        ("s3://bucket/csv", False),
        (UNKNOWN, False),
        (PartialText(("s3://", "/models/model.tar.gz")), True),
        (PartialText(("s3://bucket/model.tar.gz/", "")), False),
    ],
    ids=repr,
)
@pytest.mark.parametrize("shape", ["OutputDataConfig", "TransformOutput"])
def test_an_output_path_is_a_folder(uri: Any, shape: str, is_reported: bool) -> None:
    expected = {("output-path-is-file", ("S3OutputPath",), "warning")} if is_reported else set()
    assert {
        row for row in reported({"S3OutputPath": uri}, shape) if row[0] == "output-path-is-file"
    } == expected


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("key", "is_key"),
    [
        (KEY_ID, True),
        (KEY_ID.upper(), True),
        ("mrk-" + "0a" * 16, True),
        (f"arn:aws:kms:us-west-2:{ACCOUNT}:key/{KEY_ID}", True),
        (f"arn:aws-cn:kms:cn-north-1:{ACCOUNT}:key/mrk-{'0a' * 16}", True),
        (f"arn:aws:kms:us-west-2:{ACCOUNT}:alias/data/train_1", True),
        ("alias/data-train_1", True),
        ("alias/aws/s3", True),
        ("", True),
        ("${KEY}", True),
        ("<kms-key-id>", True),
        ("my-key", False),
        ("alias/", False),
        ("Alias/data", False),
        ("my key", False),
        ("alias/my.key", False),
        (KEY_ID[:-1], False),
        ("mrk-0a", False),
        ("key/" + KEY_ID, False),
        (f"arn:aws:kms:us-west-2:{ACCOUNT}:{KEY_ID}", False),
        (f"arn:aws:kms::{ACCOUNT}:key/{KEY_ID}", False),
        (f"arn:aws:iam::{ACCOUNT}:role/x", False),
        (f"arn:aws:kms:us-west-2:1234:key/{KEY_ID}", False),
    ],
)
@pytest.mark.parametrize("revision", ["latest", "1.29.150"])
def test_the_forms_of_a_key(key: str, is_key: bool, revision: str) -> None:
    """In the older revision the pattern allows anything, and only this rule reports a key."""
    spec = {"KmsKeyId": key, "S3OutputPath": "s3://bucket/out/"}
    expected = set() if is_key else {("kms-id-format", ("KmsKeyId",), "error")}
    assert reported(spec, "OutputDataConfig", revision) == expected


def test_every_key_is_looked_at() -> None:
    for shape, field in (
        ("OutputDataConfig", "KmsKeyId"),
        ("TransformOutput", "KmsKeyId"),
        ("ResourceConfig", "VolumeKmsKeyId"),
        ("TransformResources", "VolumeKmsKeyId"),
    ):
        assert reported({field: "my-key"}, shape) == {("kms-id-format", (field,), "error")}


@pytest.mark.parametrize(
    ("key", "fixed"),
    [("my-key", "alias/my-key"), ("aws/s3", "alias/aws/s3"), ("my key", None), ("arn:aws:kms:x", None)],
)
def test_a_bare_alias_gets_its_prefix_with_consent(key: str, fixed: str | None) -> None:
    fix = only({"KmsKeyId": key}, "OutputDataConfig", "kms-id-format").fix
    if fixed is None:
        assert fix is None
    else:
        assert isinstance(fix, Replace)
        assert (fix.value, fix.safe) == (fixed, False)


def test_a_volume_gets_no_alias() -> None:
    for shape in ("ResourceConfig", "TransformResources"):
        assert only({"VolumeKmsKeyId": "my-key"}, shape, "kms-id-format").fix is None


@pytest.mark.parametrize(
    ("uri", "key", "is_reported"),
    [
        ("s3://b--use1-az4--x-s3/out", "alias/data", True),
        ("s3://b--use1-az4--x-s3", KEY_ID, True),
        ("s3://b--use1-az4--x-s3/out", "", False),
        ("s3://b--use1-az4--x-s3/out", UNKNOWN, False),
        (UNKNOWN, "alias/data", False),
        ("s3://bucket/out--x-s3", "alias/data", False),
        ("s3://bucket-x-s3/out", "alias/data", False),
    ],
    ids=repr,
)
def test_a_key_on_s3_express(uri: Any, key: Any, is_reported: bool) -> None:
    spec = {"S3OutputPath": uri, "KmsKeyId": key}
    names = {name for name, _, _ in reported(spec, "OutputDataConfig")} - {"s3-input-without-key"}
    assert names == ({"kms-on-s3-express"} if is_reported else set())


# ---------------------------------------------------------------- regions and partitions


def picture(region: str, suffix: str = "amazonaws.com") -> str:
    return f"{ACCOUNT}.dkr.ecr.{region}.{suffix}/forecaster:1"


def key_of(region: str, partition: str = "aws", account: str = ACCOUNT) -> str:
    return f"arn:{partition}:kms:{region}:{account}:key/{KEY_ID}"


def role_of(partition: str = "aws") -> str:
    return f"arn:{partition}:iam::{ACCOUNT}:role/AlgorithmValidation"


def request(
    image: Any,
    role: Any = UNKNOWN,
    key: Any = "",
    volume: Any = "",
    out: str = "s3://bucket/out/",
    **more: Any,
) -> dict[str, Any]:
    job = {
        "OutputDataConfig": {"S3OutputPath": out, "KmsKeyId": key},
        "ResourceConfig": {"VolumeKmsKeyId": volume},
        "InputDataConfig": [],
    }
    return {
        "TrainingSpecification": {"TrainingImage": image},
        "ValidationSpecification": {
            "ValidationRole": role,
            "ValidationProfiles": [{"TrainingJobDefinition": job, **more}],
        },
    }


WHOLE = "CreateAlgorithmInput"
IMAGE, ROLE = ("TrainingSpecification", "TrainingImage"), ("ValidationSpecification", "ValidationRole")
JOB = ("ValidationSpecification", "ValidationProfiles", 0, "TrainingJobDefinition")
KEY, VOLUME = (*JOB, "OutputDataConfig", "KmsKeyId"), (*JOB, "ResourceConfig", "VolumeKmsKeyId")
OUT = (*JOB, "OutputDataConfig", "S3OutputPath")


def kms(*paths: Any, level: str = "error") -> set[tuple[Any, ...]]:
    return {("kms-region-mismatch", path, level) for path in paths}


def partition(*paths: Any) -> set[tuple[Any, ...]]:
    return {("partition-mismatch", path, "error") for path in paths}


REGIONS: dict[str, tuple[dict[str, Any], str | None, set[tuple[Any, ...]]]] = {
    "one region": (
        request(picture("us-east-1"), role_of(), key_of("us-east-1"), key_of("us-east-1")),
        None,
        set(),
    ),
    "another region": (request(picture("us-east-1"), key=key_of("us-west-2")), None, kms(KEY)),
    "both keys elsewhere": (
        request(picture("us-east-1"), key=key_of("us-west-2"), volume=key_of("us-west-2")),
        None,
        kms(KEY, VOLUME),
    ),
    "no image with a region": (
        request("python:3", key=key_of("us-west-2"), volume=key_of("us-east-1")),
        None,
        kms(VOLUME),
    ),
    "an alias in another region": (
        request(picture("us-east-1"), key=f"arn:aws:kms:us-west-2:{ACCOUNT}:alias/data"),
        None,
        kms(KEY),
    ),
    "the command line's region": (
        request(picture("us-east-1"), key=key_of("us-west-2")),
        "us-west-2",
        {("image-region-mismatch", IMAGE, "error")},
    ),
    "a hidden image": (request(UNKNOWN, key=key_of("us-west-2"), volume=key_of("us-east-1")), None, set()),
    "a hidden image, the command line's region": (
        request(UNKNOWN, key=key_of("us-west-2")),
        "us-east-1",
        kms(KEY),
    ),
    "a hidden key": (request(picture("us-east-1"), key=UNKNOWN), None, set()),
    "no ARN": (request(picture("us-east-1"), key="alias/data", volume=KEY_ID), None, set()),
    "another account": (
        request(picture("us-east-1"), role_of(), key_of("us-east-1", account="998877665544")),
        None,
        kms(KEY, level="info"),
    ),
    "an account of a lower number": (
        request(picture("us-east-1"), role_of(), key_of("us-east-1", account="112233445566")),
        None,
        kms(KEY, level="info"),
    ),
    "a queue and a table for keys": (
        request(
            picture("us-east-1"),
            role_of(),
            f"arn:aws:sqs:us-west-2:{ACCOUNT}:data",
            f"arn:aws:dynamodb:us-west-2:{ACCOUNT}:table/data",
        ),
        None,
        {
            (name, path, "error")
            for name in ("kms-id-format", "image-region-mismatch")
            for path in (KEY, VOLUME)
        },
    ),
    "another account, role hidden": (
        request(picture("us-east-1"), UNKNOWN, key_of("us-east-1", account="998877665544")),
        None,
        set(),
    ),
    # The region is of the other partition too, which is not reported again.
    "role in China": (request(picture("us-east-1"), role_of("aws-cn")), None, partition(ROLE)),
    "key in China": (
        request(picture("us-east-1"), role_of(), key_of("cn-north-1", "aws-cn")),
        None,
        partition(KEY),
    ),
    "all in China": (
        request(picture("cn-north-1", "amazonaws.com.cn"), role_of("aws-cn"), key_of("cn-north-1", "aws-cn")),
        None,
        set(),
    ),
    "GovCloud": (
        request(picture("us-gov-west-1"), role_of("aws-us-gov"), key_of("us-gov-west-1", "aws-us-gov")),
        None,
        set(),
    ),
    "GovCloud role for others": (request(picture("us-west-2"), role_of("aws-us-gov")), None, partition(ROLE)),
    "image in China for another region": (
        request(picture("cn-north-1", "amazonaws.com.cn")),
        "us-east-1",
        partition(IMAGE),
    ),
    "image without .cn": (request(picture("cn-north-1"), role_of("aws-cn")), None, partition(IMAGE)),
    "image with .cn too many": (
        request(picture("us-east-1", "amazonaws.com.cn"), role_of()),
        None,
        partition(IMAGE),
    ),
    "a key that contradicts itself": (
        request(picture("us-east-1"), key=key_of("cn-north-1", "aws")),
        None,
        partition(KEY),
    ),
    "a key of another partition in a region of this": (
        request(picture("us-east-1"), key=key_of("us-east-1", "aws-cn")),
        None,
        partition(KEY),
    ),
    "hidden image, key that contradicts itself": (
        request(UNKNOWN, key=key_of("cn-north-1", "aws")),
        None,
        partition(KEY),
    ),
}


@pytest.mark.parametrize("case", REGIONS)
def test_keys_and_roles_are_where_the_images_are(case: str) -> None:
    spec, region, expected = REGIONS[case]
    names = OURS | DUPLICATES - {"pattern-mismatch"}
    assert {s for s in reported(spec, WHOLE, region=region) if s[0] in names} == expected


def test_keys_of_a_validation_specification_alone_are_compared() -> None:
    spec = request(1, role_of(), key_of("us-west-2"), key_of("us-east-1"))["ValidationSpecification"]
    assert reported(spec, "AlgorithmValidationSpecification") == kms(VOLUME[1:])


def test_mismatches_name_both_locations_and_what_to_do() -> None:
    spec = request(picture("us-east-1"), role_of("aws-cn"), key_of("us-west-2"))
    problem = only(spec, WHOLE, "kms-region-mismatch")
    assert (
        problem.message
        == "the key is in 'us-west-2', but TrainingImage is in 'us-east-1'; use a key in 'us-east-1'"
    )
    assert [r.path for r in problem.related] == [IMAGE]
    problem = only(spec, WHOLE, "partition-mismatch")
    assert (
        problem.message
        == "this resource is in the partition 'aws-cn', but TrainingImage is in 'aws'; partitions share no images, roles or keys"
    )
    assert [r.path for r in problem.related] == [IMAGE]
    problem = only(spec, WHOLE, "kms-region-mismatch", "eu-west-1")
    assert (
        problem.message
        == "the key is in 'us-west-2', but the spec is for 'eu-west-1'; use a key in 'eu-west-1'"
    )
    assert problem.related == ()


@pytest.mark.parametrize(
    ("message", "spec"),
    [
        (
            "cn-north-1 is a region of aws-cn, but the host ends in amazonaws.com",
            request(picture("cn-north-1")),
        ),
        (
            "'cn-north-1' is a region of aws-cn, but the ARN is in 'aws'",
            request(picture("us-east-1"), key=key_of("cn-north-1")),
        ),
        (
            "'us-east-1' is a region of aws, but the ARN is in 'aws-cn'",
            request(picture("us-east-1"), key=key_of("us-east-1", "aws-cn")),
        ),
    ],
)
def test_the_message_on_a_contradiction_in_itself(message: str, spec: Any) -> None:
    assert only(spec, WHOLE, "partition-mismatch").message == message


@pytest.mark.parametrize(
    ("out", "image", "region", "is_reported"),
    [
        ("s3://sagemaker-us-east-1-246618743249/x/", picture("eu-west-1"), None, True),
        ("s3://sagemaker-eu-west-1-246618743249/x/", picture("eu-west-1"), None, False),
        ("s3://copy-us-east-1-to-eu-west-1/x/", picture("eu-west-1"), None, False),
        ("s3://amzn-example-bucket/us-east-1/", picture("eu-west-1"), None, False),
        ("s3://sagemaker-us-east-1-246618743249/x/", UNKNOWN, None, False),
        ("s3://sagemaker-us-east-1-246618743249/x/", UNKNOWN, "eu-west-1", True),
        ("s3://sagemaker-us-east-1-246618743249/x/", "python:3", None, False),
    ],
    ids=repr,
)
def test_a_bucket_named_after_another_region(
    out: str, image: Any, region: str | None, is_reported: bool
) -> None:
    spec = request(image, out=out)
    hints = {s for s in reported(spec, WHOLE, region=region) if s[0] == "region-hint-in-bucket"}
    assert hints == ({("region-hint-in-bucket", OUT, "info")} if is_reported else set())


def test_buckets_of_inputs_models_and_transforms_are_looked_at() -> None:
    uri = "s3://sagemaker-us-east-1-246618743249/x/"
    source = {"S3DataSource": {"S3Uri": uri}}
    spec = request(picture("eu-west-1"), TransformJobDefinition={
        "TransformInput": {"DataSource": source}, "TransformOutput": {"S3OutputPath": uri}
    })  # fmt: skip
    job = spec["ValidationSpecification"]["ValidationProfiles"][0]["TrainingJobDefinition"]
    job["InputDataConfig"] = [{"DataSource": source}]
    spec["InferenceSpecification"] = {"Containers": [{"ModelDataUrl": uri, "ModelDataSource": source}]}
    hints = [path for name, path, _ in reported(spec, WHOLE) if name == "region-hint-in-bucket"]
    assert len(hints) == 5


INPUT = (*JOB, "InputDataConfig", 0, "DataSource", "S3DataSource", "S3Uri")
EXPRESS = "s3://amzn-example--use1-az4--x-s3/train/"
# (S3Uri, region of the images, whether the region of the bucket is certain and another)
BUCKETS: list[tuple[Any, Any, bool]] = [
    (EXPRESS, "eu-north-1", True),
    (EXPRESS, "us-east-1", False),
    ("s3://amzn-example--usw2-lax1-az1--x-s3/train/", "us-east-1", True),
    ("s3://amzn-example--apne1-az1--x-s3/train/", "ap-northeast-1", False),
    ("s3://amzn-example--zzz9-az1--x-s3/train/", "us-east-1", False),
    (f"s3://arn:aws:s3:us-west-2:{ACCOUNT}:accesspoint/train/a", "us-east-1", True),
    (f"s3://arn:aws:s3:us-west-2:{ACCOUNT}:accesspoint/train/a", "us-west-2", False),
    (f"s3://arn:aws:s3::{ACCOUNT}:accesspoint/train.mrap/a", "us-west-2", False),
    ("https://s3.us-west-2.amazonaws.com/bucket/a", "us-east-1", True),
    ("https://s3.amazonaws.com/bucket/a", "eu-west-1", False),
    ("https://data.example.com/us-west-2/a", "eu-west-1", False),
    # A name is a hint only.
    ("s3://sagemaker-us-east-1-246618743249/train/", "eu-north-1", False),
    (EXPRESS, None, False),
    (UNKNOWN, "eu-north-1", False),
    # What is known of a text decides as much.
    (PartialText(("s3://amzn-example--use1-az4--x-s3/", "/train/")), "eu-north-1", True),
    (PartialText(("s3://amzn-", "--use1-az4--x-s3/train/")), "eu-north-1", False),
    (PartialText(("https://s3.us-west-2.amazonaws.com/", "/a")), "us-east-1", True),
]


@pytest.mark.parametrize(("uri", "region", "is_reported"), BUCKETS, ids=repr)
def test_a_bucket_is_in_the_region_of_the_images(uri: Any, region: str | None, is_reported: bool) -> None:
    spec = request(picture(region) if region else "python:3")
    job = spec["ValidationSpecification"]["ValidationProfiles"][0]["TrainingJobDefinition"]
    job["InputDataConfig"] = [{"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}]
    job["OutputDataConfig"]["S3OutputPath"] = uri
    expected = {("bucket-region-mismatch", INPUT, "error"), ("bucket-region-mismatch", OUT, "warning")}
    rows = {row for row in reported(spec, WHOLE) if row[0] == "bucket-region-mismatch"}
    assert rows == (expected if is_reported else set())


def test_the_message_on_a_bucket_states_what_to_do() -> None:
    spec = request(picture("eu-north-1"), out=EXPRESS)
    assert only(spec, WHOLE, "bucket-region-mismatch").message == (
        "the bucket is in 'us-east-1', but TrainingImage is in 'eu-north-1'; use a bucket in 'eu-north-1'"
    )


def test_zones_tell_their_region() -> None:
    zones = {
        "use1-az4": "us-east-1",
        "apne1-az1": "ap-northeast-1",
        "euc1-az2": "eu-central-1",
        "aps1-az1": "ap-south-1",
    }
    zones |= {"apse2-az1": "ap-southeast-2", "usw2-lax1-az1": "us-west-2", "cac1-az1": "ca-central-1"}
    assert {zone: region_of_zone(zone) for zone in zones} == zones
    assert region_of_zone("zzz9-az1") is None
    assert region_of_zone("") is None
    # No two regions share the beginning of their zones.
    prefixes = [prefix for region in REGIONS_OF_AWS if (prefix := zone_prefix(region))]
    assert len(prefixes) == len(set(prefixes)) > 20
