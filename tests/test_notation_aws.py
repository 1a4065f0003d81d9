"""AWS's notations: ARNs, regions, image references, S3 addresses, and the region of a spec."""

from __future__ import annotations

from typing import Any

import pytest

from algolint.aws.notation import arn, image, is_account, partition_of, regions_in, s3_address, s3_form
from algolint.spec.context import Context
from algolint.testing import model_of
from algolint.values import UNKNOWN, OpenList, Undecided

ACCOUNT = "246618743249"
DIGEST = "sha256:" + "6c3c624b58dbbcd3c0dd82b4c53f0419" * 2

# ---------------------------------------------------------------- ARNs, regions, partitions


def test_an_arn_is_taken_apart() -> None:
    key = arn(f"arn:aws-us-gov:kms:us-gov-west-1:{ACCOUNT}:key/a:b")
    assert key is not None
    assert (key.partition, key.service, key.region) == ("aws-us-gov", "kms", "us-gov-west-1")
    assert (key.account, key.resource) == (ACCOUNT, "key/a:b")
    role = arn(f"arn:aws:iam::{ACCOUNT}:role/x")
    assert role is not None
    assert role.region == ""


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:kms:us-east-1:1", "arn:other:kms:r:1:key/x", "alias/x"])
def test_what_is_no_arn(text: str) -> None:
    assert arn(text) is None


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("ap-southeast-5", "aws"),
        ("mx-central-1", "aws"),
        ("cn-northwest-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("us-iso-west-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_every_region_has_its_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition
    assert regions_in(f"data-{region}-x") == [region]


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("sagemaker-us-east-1-246618743249", ["us-east-1"]),
        ("us-east-1a-data", ["us-east-1"]),
        ("from-us-west-2-to-eu-central-1", ["us-west-2", "eu-central-1"]),
        ("focus-east-1", []),
        ("us-east-12", []),
        ("us-east", []),
        ("data.eu-west-3", ["eu-west-3"]),
        ("plain", []),
    ],
)
def test_regions_are_whole_tokens_of_a_name(text: str, regions: list[str]) -> None:
    assert regions_in(text) == regions


def test_an_account_is_twelve_ascii_digits() -> None:
    assert is_account(ACCOUNT)
    assert not is_account("24661874324")
    assert not is_account("٢" * 12)


# ---------------------------------------------------------------- images


@pytest.mark.parametrize(
    ("host", "region", "suffix", "partition"),
    [
        ("dkr.ecr.us-west-2.amazonaws.com", "us-west-2", "amazonaws.com", "aws"),
        ("dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1", "amazonaws.com", "aws"),
        ("dkr-ecr.us-west-2.on.aws", "us-west-2", "on.aws", "aws"),
        ("dkr-ecr-fips.us-west-2.on.aws", "us-west-2", "on.aws", "aws"),
        ("dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "amazonaws.com", "aws-us-gov"),
        ("dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "amazonaws.com.cn", "aws-cn"),
        (
            "dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn",
            "cn-northwest-1",
            "on.amazonwebservices.com.cn",
            "aws-cn",
        ),
        ("dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "amazonaws.eu", "aws-eusc"),
        ("dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "c2s.ic.gov", "aws-iso"),
        ("dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "sc2s.sgov.gov", "aws-iso-b"),
        ("dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "cloud.adc-e.uk", "aws-iso-e"),
        ("dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "csp.hci.ic.gov", "aws-iso-f"),
        # Region and DNS suffix of different partitions: a registry, but of none.
        ("dkr.ecr.cn-north-1.amazonaws.com", "cn-north-1", "amazonaws.com", None),
        ("dkr.ecr.us-east-1.amazonaws.com.cn", "us-east-1", "amazonaws.com.cn", None),
        # Hosts are not case-sensitive.
        ("DKR.ECR.US-WEST-2.amazonaws.com", "us-west-2", "amazonaws.com", "aws"),
    ],
)
def test_private_registries(host: str, region: str, suffix: str, partition: str | None) -> None:
    found = image(f"{ACCOUNT}.{host}/team/algo:1")
    assert found.is_private_ecr
    assert (found.account, found.region, found.suffix) == (ACCOUNT, region, suffix)
    assert found.partition == partition
    assert (found.repository, found.tag) == ("team/algo", "1")


@pytest.mark.parametrize(
    "text",
    [
        "python:3.11",
        "library/python",
        "docker.io/library/python:3.11",
        "public.ecr.aws/docker/library/python",
        "localhost:5000/algo:1",
        "24661874324.dkr.ecr.us-west-2.amazonaws.com/algo",
        f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.co/algo",
        f"{ACCOUNT}.dkr.ecr.us-west-2.on.aws/algo",
        f"{ACCOUNT}.dkr-ecr.us-west-2.amazonaws.com/algo",
        f"{ACCOUNT}.ecr.us-west-2.amazonaws.com/algo",
        f"{ACCOUNT}.dkr.ecrx.us-west-2.amazonaws.com/algo",
        f"{ACCOUNT}.dkr.ecr.amazonaws.com/algo",
        f"x{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/algo",
        "",
    ],
)
def test_what_is_no_private_registry(text: str) -> None:
    found = image(text)
    assert not found.is_private_ecr
    assert found.partition is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("python", (None, "python", None, None)),
        ("python:3.11", (None, "python", "3.11", None)),
        ("team/algo:1", (None, "team/algo", "1", None)),
        ("localhost/algo", ("localhost", "algo", None, None)),
        ("host:5000/algo:1", ("host:5000", "algo", "1", None)),
        (f"host.x/algo@{DIGEST}", ("host.x", "algo", None, DIGEST)),
        (f"host.x/algo:1@{DIGEST}", ("host.x", "algo", "1", DIGEST)),
        ("host.x/algo:", ("host.x", "algo", "", None)),
        ("host.x/algo@", ("host.x", "algo", None, "")),
        (
            f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com",
            (f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com", "", None, None),
        ),
    ],
)
def test_an_image_is_taken_apart_as_docker_does(text: str, parts: tuple[str | None, ...]) -> None:
    found = image(text)
    assert (found.host, found.repository, found.tag, found.digest) == parts


# ---------------------------------------------------------------- S3


@pytest.mark.parametrize(
    ("uri", "bucket", "key", "region"),
    [
        ("s3://bucket/a/b", "bucket", "a/b", None),
        ("s3://bucket", "bucket", "", None),
        ("s3://bucket/what?ever", "bucket", "what?ever", None),
        ("https://s3.amazonaws.com/bucket/a", "bucket", "a", None),
        ("https://s3.us-west-2.amazonaws.com/bucket/a", "bucket", "a", "us-west-2"),
        ("https://s3-us-west-2.amazonaws.com/bucket/a", "bucket", "a", "us-west-2"),
        ("https://s3-fips-us-gov-west-1.amazonaws.com/bucket/a", "bucket", "a", "us-gov-west-1"),
        ("https://s3.dualstack.us-west-2.amazonaws.com/bucket/a", "bucket", "a", "us-west-2"),
        ("https://s3-fips.dualstack.us-east-1.amazonaws.com/bucket/a", "bucket", "a", "us-east-1"),
        ("https://s3-external-1.amazonaws.com/bucket/a", "bucket", "a", None),
        ("https://s3.cn-north-1.amazonaws.com.cn/bucket/a", "bucket", "a", "cn-north-1"),
        ("https://s3.us-iso-east-1.c2s.ic.gov/bucket/a", "bucket", "a", "us-iso-east-1"),
        ("https://bucket.s3.amazonaws.com/a", "bucket", "a", None),
        ("https://bucket.s3.us-west-2.amazonaws.com/a", "bucket", "a", "us-west-2"),
        ("https://bucket.s3-us-west-2.amazonaws.com/a", "bucket", "a", "us-west-2"),
        ("https://bucket.s3.dualstack.eu-west-1.amazonaws.com/a", "bucket", "a", "eu-west-1"),
        ("https://bucket.s3.cn-north-1.amazonaws.com.cn/a", "bucket", "a", "cn-north-1"),
        ("https://my.dotted.bucket.s3.eu-west-1.amazonaws.com/a", "my.dotted.bucket", "a", "eu-west-1"),
        ("https://s3.data.s3.eu-west-1.amazonaws.com/a", "s3.data", "a", "eu-west-1"),
        ("https://bucket.s3-accelerate.amazonaws.com/a", "bucket", "a", None),
        ("https://bucket.s3-accelerate.dualstack.amazonaws.com/a", "bucket", "a", None),
        ("https://bucket.s3-website-us-east-1.amazonaws.com/a", "bucket", "a", "us-east-1"),
        ("https://bucket.s3-website.eu-central-1.amazonaws.com/a", "bucket", "a", "eu-central-1"),
        (
            "https://b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/a",
            "b--use1-az4--x-s3",
            "a",
            "us-east-1",
        ),
        ("https://BUCKET.S3.US-WEST-2.amazonaws.com/a", "bucket", "a", "us-west-2"),
        ("https://bucket.s3.amazonaws.com:443/a", "bucket", "a", None),
        ("https://bucket.s3.amazonaws.com", "bucket", "", None),
        # Addresses of S3 whose bucket is not known.
        ("https://s3.us-west-2.amazonaws.com/", None, "", "us-west-2"),
        ("https://train-246618743249.s3-accesspoint.us-west-2.amazonaws.com/a", None, "a", "us-west-2"),
        ("https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com/b/a", None, "b/a", "us-east-1"),
    ],
)
def test_addresses_of_s3(uri: str, bucket: str | None, key: str, region: str | None) -> None:
    address = s3_address(uri)
    assert address is not None
    assert address.is_s3
    assert (address.bucket, address.key, address.region) == (bucket, key, region)


@pytest.mark.parametrize(
    "uri",
    [
        "https://data.example.com/train.csv",
        "https://s3.example.com/bucket/a",
        "https://s3.console.aws.amazon.com/s3/buckets/bucket",
        "https://ec2.us-west-2.amazonaws.com/a",
        "https://notamazonaws.com/bucket",
        "https://bucket.s3.a.b.amazonaws.com/a",
    ],
)
def test_other_hosts_are_not_s3(uri: str) -> None:
    address = s3_address(uri)
    assert address is not None
    assert not address.is_s3
    assert address.bucket is None
    assert address.as_s3 is None


@pytest.mark.parametrize("scheme", ["S3", "s3a", "s3n"])
def test_other_programs_write_other_schemes(scheme: str) -> None:
    address = s3_address(f"{scheme}://bucket/a/b")
    assert address is not None
    assert (address.is_s3, address.bucket, address.key) == (True, "bucket", "a/b")
    assert address.as_s3 == s3_form(f"{scheme}://bucket/a/b") == "s3://bucket/a/b"


@pytest.mark.parametrize(
    "uri", ["s3://bucket/a", "https://data.example.com/a", "https://bucket.s3.amazonaws.com/a+b", "", "a/b"]
)
def test_an_address_stays_where_its_s3_form_is_not_certain(uri: str) -> None:
    assert s3_form(uri) == uri


@pytest.mark.parametrize(
    "text", ["", "bucket/key", "http://bucket/key", "s3:/bucket", "s3b://bucket/a", "gs://bucket/a"]
)
def test_text_that_is_not_an_address(text: str) -> None:
    assert s3_address(text) is None


@pytest.mark.parametrize(
    ("uri", "same"),
    [
        ("https://s3.amazonaws.com/bucket/a/b.csv", "s3://bucket/a/b.csv"),
        ("https://bucket.s3.amazonaws.com/a%20b/%C3%A4", "s3://bucket/a b/ä"),
        ("https://bucket.s3.amazonaws.com/a?X-Amz-Signature=1", "s3://bucket/a"),
        ("https://bucket.s3.amazonaws.com?list-type=2/3", "s3://bucket/"),
        ("https://user:pass@bucket.s3.amazonaws.com/a", "s3://bucket/a"),
        ("s3://bucket/a%20+b", "s3://bucket/a%20+b"),
        # Whether + means a space here is unknown.
        ("https://bucket.s3.amazonaws.com/a+b", None),
        ("https://bucket.s3.amazonaws.com/a#b", None),
    ],
)
def test_the_same_place_on_s3(uri: str, same: str | None) -> None:
    address = s3_address(uri)
    assert address is not None
    assert address.as_s3 == same


# ---------------------------------------------------------------- what a spec says of its region


def picture(region: str) -> str:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{ACCOUNT}.dkr.ecr.{region}.{suffix}/algo:1"


def key(region: str, partition: str = "aws") -> str:
    return f"arn:{partition}:kms:{region}:{ACCOUNT}:alias/data"


def request(training: Any, *containers: Any, role: Any = UNKNOWN, kms: Any = None) -> dict[str, Any]:
    output = {"S3OutputPath": "s3://amzn-example-bucket/out/"} | ({"KmsKeyId": kms} if kms else {})
    return {
        "TrainingSpecification": {"TrainingImage": training},
        "InferenceSpecification": {"Containers": [{"Image": name} for name in containers]},
        "ValidationSpecification": {
            "ValidationRole": role,
            "ValidationProfiles": [{"TrainingJobDefinition": {"OutputDataConfig": output}}],
        },
    }


def context_of(spec: Any, shape: str = "CreateAlgorithmInput", region: str | None = None) -> Context:
    return Context(model_of(), spec, shape, region)


TRAINING_IMAGE = ("TrainingSpecification", "TrainingImage")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Validation"


@pytest.mark.parametrize(
    ("spec", "region", "source"),
    [
        (
            request(picture("us-west-2"), picture("eu-west-1"), kms=key("us-east-1")),
            "us-west-2",
            "TrainingImage",
        ),
        (request("python:3", picture("eu-west-1"), kms=key("us-east-1")), "eu-west-1", "Image"),
        (request("python:3", "python:3", kms=key("us-east-1")), "us-east-1", "KmsKeyId"),
        (request("python:3", kms="alias/data"), None, "--region"),
    ],
)
def test_the_region_is_that_of_the_first_that_names_one(spec: Any, region: str | None, source: str) -> None:
    context = context_of(spec)
    assert context.region == region
    if region:
        assert context.region_source[0] == source


def test_the_region_of_the_command_line_comes_first() -> None:
    context = context_of(request(picture("us-west-2")), region="cn-north-1")
    assert (context.region, context.region_source) == ("cn-north-1", ("--region", None))
    assert (context.partition, context.partition_source) == ("aws-cn", ("--region", None))


HIDDEN = {
    "the training image": request(UNKNOWN, picture("eu-west-1")),
    "a container's": request("python:3", UNKNOWN, picture("eu-west-1")),
    "a container": request("python:3")
    | {"InferenceSpecification": {"Containers": OpenList([{"Image": picture("eu-west-1")}])}},
    "everything": UNKNOWN,
}


@pytest.mark.parametrize("what", HIDDEN)
def test_a_hidden_image_might_name_another_region(what: str) -> None:
    """Otherwise masking the first image would move the finding from the others to it."""
    with pytest.raises(Undecided):
        _ = context_of(HIDDEN[what]).region


def test_a_hidden_role_names_no_region() -> None:
    assert context_of(request("python:3", role=UNKNOWN, kms=key("us-east-1"))).region == "us-east-1"


@pytest.mark.parametrize(
    ("spec", "partition", "source"),
    [
        (request(picture("cn-north-1"), role=ROLE), "aws-cn", "TrainingImage"),
        (request("python:3", role=ROLE, kms=key("cn-north-1", "aws-cn")), "aws", "ValidationRole"),
        # An image that contradicts itself does not determine the region.
        (request(f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com/a:1", role=ROLE), "aws", "ValidationRole"),
    ],
)
def test_the_partition_is_that_of_the_first_that_names_one(spec: Any, partition: str, source: str) -> None:
    context = context_of(spec)
    assert (context.partition, context.partition_source[0]) == (partition, source)


def test_a_part_of_a_request_has_a_region_too() -> None:
    training = context_of({"TrainingImage": picture("us-west-2")}, "TrainingSpecification")
    assert (training.region, training.region_source) == ("us-west-2", ("TrainingImage", ("TrainingImage",)))
    inference = context_of({"Containers": [{"Image": picture("eu-west-1")}]}, "InferenceSpecification")
    assert [path for path, _ in inference.images] == [("Containers", 0, "Image")]
    assert inference.region == "eu-west-1"
    validation = request(1, role=ROLE, kms=key("us-east-1"))["ValidationSpecification"]
    alone = context_of(validation, "AlgorithmValidationSpecification")
    assert (alone.region, alone.account, alone.partition) == ("us-east-1", ACCOUNT, "aws")
    assert context_of([{"Name": "x"}], "HyperParameterSpecifications").region is None


def test_the_account_is_that_of_the_validation_role() -> None:
    assert context_of(request(UNKNOWN, role=ROLE)).account == ACCOUNT
    assert context_of(request(UNKNOWN, role="arn:aws:iam::1234:role/x")).account is None
    assert context_of(request(UNKNOWN)).account is None


def test_every_place_of_an_arn_is_seen() -> None:
    plan = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-plan/spring"
    content = "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/x/1.0.0"
    source = {"S3DataSource": {"HubAccessConfig": {"HubContentArn": content}}}
    job = {
        "OutputDataConfig": {"KmsKeyId": key("us-east-1")},
        "ResourceConfig": {
            "VolumeKmsKeyId": key("us-east-1"),
            "TrainingPlanArn": plan,
            "InstancePreferences": [{"TrainingPlanArns": [plan]}],
        },
        "InputDataConfig": [
            {"DataSource": source},
            {"DataSource": {"DatasetSource": {"DatasetArn": content}}},
        ],
    }
    transform = {
        "TransformOutput": {"KmsKeyId": key("us-east-1")},
        "TransformResources": {"VolumeKmsKeyId": key("us-east-1")},
    }
    spec = {
        "InferenceSpecification": {
            "Containers": [{"ModelDataSource": source, "AdditionalModelDataSources": [source, "strange"]}]
        },
        "ValidationSpecification": {
            "ValidationRole": ROLE,
            "ValidationProfiles": [{"TrainingJobDefinition": job, "TransformJobDefinition": transform}],
        },
    }
    paths = [path for path, _ in context_of(spec).arns]
    assert len(paths) == len(set(paths)) == 11
    for path in paths:
        value: Any = spec
        for step in path:
            value = value[step]
        assert value.startswith("arn:aws:")
