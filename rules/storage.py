"""Where data, models and keys are: S3 addresses, KMS keys, regions and partitions."""

from __future__ import annotations

from algolint import (
    PartialText,
    Problem,
    Related,
    Remove,
    Replace,
    certainly,
    differs,
    known_pieces,
    listed,
    rule,
    shown,
)
from algolint.aws.notation import partition_of, regions_in, s3_address
from algolint.aws.patterns import may_match
from algolint.spec.context import SPEC_SHAPES, route_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Path, Text

# ---------------------------------------------------------------- S3 addresses

# Schemes that other programs give to S3.
_S3_SCHEMES = ("s3", "s3a", "s3n")


@rule(
    on=("S3Uri", "S3ModelUri", "Url"),
    severity="error",
    also=("warning",),
    evidence="service: BucketRegionError for an https output path (aws/amazon-sagemaker-examples#3881)",
    replaces=("pattern-mismatch",),
    fix="safe",
)
def s3_uri_not_s3_scheme(uri: Text) -> Iterator[Problem]:
    """An S3 address that does not begin with s3://.

    The pattern of these fields lets https:// through, but the jobs take s3://bucket/key: an https output
    path was read as a bucket named like the host, and the job failed. An https address of S3 itself is
    a warning, since some fields may take it; it is rewritten where bucket and key can be told. An address
    of another host, another scheme or a local path is an error.

    ```yaml bad OutputDataConfig
    S3OutputPath: https://s3.us-west-2.amazonaws.com/amzn-example-bucket/models/
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: s3://amzn-example-bucket/models/
    ```

    ```yaml bad ModelPackageContainerDefinition
    ModelDataUrl: https://amzn-example-bucket.s3.us-west-2.amazonaws.com/forecaster/model.tar.gz
    ```

    ```yaml good ModelPackageContainerDefinition
    ModelDataUrl: s3://amzn-example-bucket/forecaster/model.tar.gz
    ```

    ```yaml bad S3DataSource
    S3Uri: https://data.example.com/train.csv
    ```
    """
    uri = uri.strip()
    if not uri or uri.startswith("s3://"):
        return
    if isinstance(uri, PartialText):
        yield _not_on_s3(uri)
        return
    scheme, mark, rest = uri.partition("://")
    address = s3_address(uri)
    if address is not None and address.is_s3:
        better = address.as_s3
        hint = f"; the same place is {shown(better)}" if better else ""
        fix = Replace((), better, safe=True) if better and not address.query and "@" not in uri else None
        yield Problem((), f"an https address where s3://bucket/key is meant{hint}", "warning", fix=fix)
    elif not mark:
        yield Problem((), f"{shown(_without_query(uri))} has no scheme; an S3 address is s3://bucket/key")
    elif scheme.lower() in _S3_SCHEMES:
        fix = Replace((), f"s3://{rest}", safe=True)
        yield Problem((), f"the scheme is {shown(scheme)}; an S3 address is s3://bucket/key", fix=fix)
    else:
        yield Problem((), f"{shown(_without_query(uri))} is not on S3; an S3 address is s3://bucket/key")


def _not_on_s3(uri: PartialText) -> Problem:
    """What is reported of an address that certainly does not begin with s3://."""
    address = s3_address(uri) if certainly(uri.startswith, "https://") else None
    may_be_s3 = address is not None and address.is_s3 is not False
    return Problem(
        (),
        f"{shown(_without_query(uri.written))} does not begin with s3://; an S3 address is s3://bucket/key",
        "warning" if may_be_s3 else None,
    )


def _without_query(uri: str) -> str:
    """An address without what may hold credentials, for a message."""
    scheme, mark, rest = uri.partition("?")[0].rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


@rule(
    on=("S3Uri", "S3ModelUri", "Url"),
    severity="error",
    also=("warning", "info"),
    evidence="service: s3://s3:// fails (aws/aws-step-functions-data-science-sdk-python#32)",
    replaces=("pattern-mismatch", "s3-uri-not-s3-scheme"),
    fix="safe",
)
def s3_uri_malformed(uri: Text) -> Iterator[Problem]:
    """An S3 address that no bucket or object can have.

    Glued-together addresses (s3://s3://…), bucket names that S3 does not give out and white space at an
    end pass the API's pattern; the job then finds nothing. A bucket name has 3 to 63 lower-case letters,
    digits, dots and hyphens. Names with capital letters or underscores are a warning, for such buckets
    were made in us-east-1 before 2018. A double slash in the key is legal, though rarely meant: an info.

    ```yaml bad S3DataSource
    S3Uri: s3://s3://amzn-example-bucket/train/
    ```

    ```yaml good S3DataSource
    S3Uri: s3://amzn-example-bucket/train/
    ```

    ```yaml bad OutputDataConfig
    S3OutputPath: s3://amzn_example_bucket/models/
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: s3://amzn-example-bucket/models/
    ```

    ```yaml bad S3DataSource
    S3Uri: s3://amzn-example-bucket//train/
    ```
    """
    pieces = known_pieces(uri)
    if pieces[0][:1].isspace() or pieces[-1][-1:].isspace():
        if bare := uri.strip():
            message = f"{shown(uri)} begins or ends with white space"
            yield Problem((), message, fix=Replace((), bare, safe=True))
        return
    if not uri.startswith("s3://"):
        return
    rest = pieces[0][5:]
    if rest.startswith("s3://"):
        while rest.startswith("s3://"):
            rest = rest[5:]
        yield Problem((), "'s3://' is repeated", fix=Replace((), f"s3://{rest}", safe=True))
        return
    address = s3_address(uri)
    fault, is_legacy = _bucket_fault(address.bucket) if address is not None else ("", False)
    if fault:
        yield Problem((), fault, "warning" if is_legacy else "error")
    elif any("//" in piece for piece in (rest, *pieces[1:])):
        yield Problem((), "the key holds an empty segment, //; S3 takes it as part of the name", "info")


def _bucket_fault(bucket: Any) -> tuple[str, bool]:
    """What is wrong with a bucket's name, and whether old buckets may still have such a name."""
    if not isinstance(bucket, str):
        return _partial_bucket_fault(bucket)
    if bucket.startswith("arn:"):
        return "", False  # an access point
    if not bucket:
        return "the address names no bucket; the form is s3://bucket/key", False
    plain = bucket.replace("-", "a").replace(".", "a")
    if not (plain.replace("_", "a").isascii() and plain.replace("_", "a").isalnum()):
        return (
            f"{shown(bucket)} is no bucket name; it takes lower-case letters, digits, dots and hyphens",
            False,
        )
    if not 3 <= len(bucket) <= 63:
        return f"the bucket name has {len(bucket)} characters; S3 takes 3 to 63", 63 < len(bucket) <= 255
    if not plain.isalnum() or bucket != bucket.lower():
        return f"{shown(bucket)} has capital letters or underscores; a bucket name takes neither", True
    if not (bucket[0].isalnum() and bucket[-1].isalnum()) or ".." in bucket:
        return (
            f"{shown(bucket)} is no bucket name; it begins and ends with a letter or digit, no two dots",
            False,
        )
    if bucket.count(".") == 3 and bucket.replace(".", "").isdigit():
        return f"{shown(bucket)} looks like an IP address; no bucket is named so", False
    return "", False


# The names that buckets have, and those that old ones may still have; an ARN is that of an access point.
_BUCKET_NAME = r"arn:.*|[a-z0-9][a-z0-9.-]*[a-z0-9]"
_OLD_BUCKET_NAME = r"arn:.*|[A-Za-z0-9._-]{3,255}"


def _partial_bucket_fault(bucket: Any) -> tuple[str, bool]:
    """What is wrong with a bucket's name of which only a part is known, as `_bucket_fault`."""
    if not isinstance(bucket, PartialText) or may_match(_BUCKET_NAME, bucket):
        return "", False
    what = "lower-case letters, digits, dots and hyphens, a letter or digit first and last"
    return f"{shown(bucket)} is not a valid bucket name; it takes {what}", may_match(_OLD_BUCKET_NAME, bucket)


@rule(
    on=(
        "S3DataSource",
        "TransformS3DataSource",
        "S3ModelDataSource",
        "AdditionalS3DataSource",
        "OutputDataConfig",
        "TransformOutput",
    ),
    severity="warning",
    also=("info",),
    evidence="reference: S3DataSource, S3Prefix means every object whose name begins so",
)
def s3_input_without_key(source: dict[str, Any]) -> Iterator[Problem]:
    """An input prefix that is a whole bucket.

    With S3Prefix and no key every object of the bucket is read: logs, models and other people's data
    included. That is right for a bucket that holds nothing else, and rarely meant otherwise. An output at
    the root of a bucket is an info.

    ```yaml bad
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket
    ```

    ```yaml good
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/train/
    ```

    ```yaml bad OutputDataConfig
    S3OutputPath: s3://amzn-example-bucket/
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: s3://amzn-example-bucket/models/
    ```
    """
    match source:
        case {"S3DataType": str("S3Prefix"), "S3Uri": str() as uri} if _is_bare_bucket(uri):
            yield Problem("S3Uri", "the prefix is empty, so the whole bucket is read")
        case {"S3OutputPath": str() as uri} if _is_bare_bucket(uri):
            yield Problem("S3OutputPath", "the output goes to the root of the bucket", "info")


def _is_bare_bucket(uri: str) -> bool:
    bucket, _, key = uri[5:].partition("/")
    return uri.startswith("s3://") and bool(bucket) and not key


# ---------------------------------------------------------------- keys


@rule(
    on="KmsKeyId",
    severity="error",
    evidence="reference: KmsKeyId, the four forms of a key",
    replaces=("pattern-mismatch",),
    fix="unsafe",
)
def kms_id_format(key: Text) -> Iterator[Problem]:
    """A KMS key in none of the forms that KMS knows.

    A key is named by its id (1234abcd-12ab-34cd-56ef-1234567890ab, or mrk- and 32 hexadecimal digits for
    a multi-Region key), by its ARN, by alias/ and its alias, or by the alias's ARN. The API checks the
    characters only; with a bare alias the job cannot find the key. An empty text counts as no key, as in
    samples of AWS.

    ```yaml bad OutputDataConfig
    KmsKeyId: training-data
    ```

    ```yaml good OutputDataConfig
    KmsKeyId: alias/training-data
    ```

    ```yaml bad TransformOutput
    KmsKeyId: arn:aws:iam::246618743249:role/AlgorithmValidation
    ```

    ```yaml good TransformOutput
    KmsKeyId: arn:aws:kms:us-west-2:246618743249:key/1234abcd-12ab-34cd-56ef-1234567890ab
    ```
    """
    if key and not _is_key(key):
        fix = None
        if isinstance(key, str) and not key.startswith(("arn:", "key/")) and _is_key(f"alias/{key}"):
            fix = Replace((), f"alias/{key}")
        yield Problem((), f"{shown(key)} is not a key id, key ARN, alias/<name> or alias ARN", fix=fix)


_KEY = (
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}|alias/[a-zA-Z0-9/_-]+"
    r"|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/[a-zA-Z0-9-]+|alias/[a-zA-Z0-9/_-]+)"
)


def _is_key(text: Text) -> bool:
    """Whether a text has one of the forms of a key; of one that is known in part, whether it may."""
    if isinstance(text, PartialText):
        return may_match(_KEY, text)
    import re

    return re.fullmatch(_KEY, text) is not None


@rule(
    on=SPEC_SHAPES,
    severity="error",
    also=("info",),
    evidence="derived: a KMS key is used in its own region; the reference asks its policy to grant the role",
)
def kms_region_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A KMS key of another region than the images.

    A job uses the keys of the region it runs in; an ARN of another region is not found. A multi-Region
    key has a replica there with an ARN of its own. A key of another account than the validation role's
    works if its policy grants the role, so that is only an info.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            OutputDataConfig:
              KmsKeyId: arn:aws:kms:us-west-2:246618743249:key/1234abcd-12ab-34cd-56ef-1234567890ab
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            OutputDataConfig:
              KmsKeyId: arn:aws:kms:us-east-1:246618743249:key/1234abcd-12ab-34cd-56ef-1234567890ab
    ```
    """
    if spec is not context.spec:
        return
    keys = [(path, key) for path, key in context.arns if key.service == "kms"]
    account = context.account if keys else None
    for path, key in keys:
        if account and isinstance(key.account, str) and key.account != account:
            yield Problem(
                path,
                f"the key is of account {shown(key.account)}, ValidationRole of {account};"
                " the key's policy has to grant the role",
                "info",
            )
    for path, key in keys:
        is_named = isinstance(key.region, (str, PartialText)) and key.region
        if is_named and context.region and differs(key.region, context.region):
            yield _elsewhere(
                path, f"the key is in {shown(key.region)}", context.region, context.region_source
            )


@rule(
    on="OutputDataConfig",
    severity="error",
    evidence="model: documentation of OutputDataConfig.KmsKeyId, not supported for S3 Express One Zone",
    fix="unsafe",
)
def kms_on_s3_express(output: dict[str, Any]) -> Iterator[Problem]:
    """A KMS key for an output in a directory bucket of S3 Express One Zone.

    What a training job writes to such a bucket is encrypted with keys that S3 manages, and a key of
    one's own is not supported there. Take another bucket if the key is demanded; the fix deletes the key.

    ```yaml bad
    S3OutputPath: s3://amzn-example--usw2-az1--x-s3/models/
    KmsKeyId: alias/training-data
    ```

    ```yaml good
    S3OutputPath: s3://amzn-example--usw2-az1--x-s3/models/
    ```
    """
    match output:
        case {"S3OutputPath": str() | PartialText() as uri, "KmsKeyId": str() | PartialText() as key} if (
            key and uri.partition("://")[2].partition("/")[0].endswith("--x-s3")
        ):
            yield Problem(
                "KmsKeyId",
                "a KMS key is not supported where the output goes to S3 Express One Zone",
                fix=Remove("KmsKeyId"),
                related=Related("S3OutputPath", "a directory bucket, by its suffix --x-s3"),
            )


# ---------------------------------------------------------------- regions and partitions


@rule(
    on=SPEC_SHAPES,
    severity="error",
    evidence="derived: ARNs and hosts of one partition (aws, aws-cn, aws-us-gov …) mean nothing in another",
    replaces=("image-region-mismatch", "kms-region-mismatch"),
)
def partition_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """Images, roles or keys of different partitions, such as AWS in China beside the rest of AWS.

    The partitions (aws, aws-cn, aws-us-gov and the isolated ones) share no accounts, roles, keys or
    images, so nothing in one can use what is in another. An ARN or image may also contradict itself: a
    region of China in an ARN of aws, or on a host that lacks the ending .cn. The partition is the one of
    `--region`, or else the one of the first image or ARN.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationRole: arn:aws-cn:iam::246618743249:role/AlgorithmValidation
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationRole: arn:aws:iam::246618743249:role/AlgorithmValidation
    ```

    ```yaml bad TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.cn-north-1.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.cn-north-1.amazonaws.com.cn/forecaster:1.4.2
    ```
    """
    if spec is not context.spec:
        return
    named = []
    for path, image in context.images:
        if not isinstance(image.region, str):
            continue
        if image.partition:
            named.append((path, image.partition))
        else:
            home = partition_of(image.region)
            yield Problem(path, f"{image.region} is a region of {home}, the host {image.suffix} is not")
    for path, resource in context.arns:
        home = resource.partition
        if isinstance(resource.region, str) and resource.region:
            home = partition_of(resource.region)
        if differs(home, resource.partition):
            what = f"{shown(resource.region)} is a region of {home}"
            yield Problem(path, f"{what}, the ARN is of {shown(resource.partition)}")
        elif isinstance(home, str):
            named.append((path, home))
    for path, partition in named:
        if context.partition and partition != context.partition:
            what = f"this is of the partition {shown(partition)}"
            yield _elsewhere(path, what, context.partition, context.partition_source)


def _elsewhere(path: Path, what: str, home: str, source: tuple[str, Path | None]) -> Problem:
    """What is said of a value that is not where the spec is, by what `source` says."""
    name, location = source
    related = () if location is None else Related(location, f"here it is {shown(home)}")
    return Problem(path, f"{what}, {name} says {shown(home)}", related=related)


def _regions_named(bucket: Text) -> list[str]:
    """The regions in a bucket's name; of one of SageMaker's default buckets the one that it belongs to."""
    begin = known_pieces(bucket)[0]
    regions = regions_in(begin)
    if regions and begin.startswith(f"sagemaker-{regions[0]}-"):
        return regions[:1]
    # Of another name the rest may hold the right one.
    return regions if isinstance(bucket, str) else []


_PROFILE = ("ValidationSpecification", "ValidationProfiles", ...)
_BUCKETS = route_tree(
    (*_PROFILE, "TrainingJobDefinition", "InputDataConfig", ..., "DataSource", "S3DataSource", "S3Uri"),
    (*_PROFILE, "TrainingJobDefinition", "OutputDataConfig", "S3OutputPath"),
    (*_PROFILE, "TransformJobDefinition", "TransformInput", "DataSource", "S3DataSource", "S3Uri"),
    (*_PROFILE, "TransformJobDefinition", "TransformOutput", "S3OutputPath"),
    ("InferenceSpecification", "Containers", ..., "ModelDataUrl"),
    ("InferenceSpecification", "Containers", ..., "ModelDataSource", "S3DataSource", "S3Uri"),
)


@rule(
    on=SPEC_SHAPES,
    severity="info",
    evidence="heuristic: a region in a bucket's name, where the bucket must be in the job's region",
)
def region_hint_in_bucket(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A bucket whose name speaks of another region than the images.

    Input buckets have to be in the region of the job. Buckets named after their region, such as the
    default buckets of SageMaker (sagemaker-us-east-1-…), tell when a spec was only half moved to another
    region. A name proves nothing, so this is an info.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.eu-west-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            OutputDataConfig:
              S3OutputPath: s3://sagemaker-us-east-1-246618743249/forecaster/
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.eu-west-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            OutputDataConfig:
              S3OutputPath: s3://sagemaker-eu-west-1-246618743249/forecaster/
    ```
    """
    if spec is not context.spec:
        return
    for path, uri in context.texts(_BUCKETS):
        # Most addresses speak of no region at all.
        address = s3_address(uri) if regions_in(known_pieces(uri)[0]) else None
        hints = _regions_named(address.bucket) if address and address.bucket else []
        if hints and context.region and context.region not in hints:
            what = f"the bucket's name speaks of {listed(hints)}"
            yield _elsewhere(path, what, context.region, context.region_source)
