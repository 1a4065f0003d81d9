"""The locations of data, models and keys: S3 addresses, KMS keys, regions and partitions."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    PartialText,
    Problem,
    Related,
    Remove,
    Replace,
    certainly,
    counted,
    differs,
    known_pieces,
    listed,
    rule,
    shown,
)
from algolint.aws.notation import (
    EXAMPLE_BUCKETS,
    bucket_region,
    is_entity_name,
    partition_of,
    regions_in,
    s3_address,
    s3_form,
)
from algolint.aws.patterns import may_match
from algolint.spec.context import SPEC_SHAPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.aws.notation import Arn
    from algolint.rule import Severity
    from algolint.values import Path, Text

# ---------------------------------------------------------------- S3 addresses


@rule(
    on=("S3Uri", "S3ModelUri", "Url"),
    severity="error",
    also=("warning",),
    evidence="service: aws/amazon-sagemaker-examples#3881; BucketRegionError for an https output path",
    replaces=("pattern-mismatch",),
    fix="safe",
)
def s3_uri_not_s3_scheme(uri: Text) -> Iterator[Problem]:
    """An S3 location does not begin with s3://.

    The pattern of these fields accepts https://, but the jobs expect s3://bucket/key: a job failed because
    SageMaker took the host of an https output path for a bucket. An https address of S3 is a warning,
    since some fields may accept it. An address on another host, another scheme or a local path is an
    error. The fix writes the same location as s3:// if bucket and key are certain.

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
    scheme, colon, _ = uri.partition("://")
    address = s3_address(uri)
    if address is None or not address.is_s3:
        reason = "is not in S3" if colon else "has no scheme"
        yield Problem((), f"{shown(_without_query(uri))} {reason}; expected s3://bucket/key")
        return
    better = address.as_s3
    fix = Replace((), better, safe=True) if better and _is_plain(better) else None
    if address.scheme == "https":
        hint = f"; did you mean {shown(better)}?" if better else ""
        if address.query or "@" in uri:
            fix = None
        yield Problem((), f"https address of S3, expected s3://bucket/key{hint}", "warning", fix=fix)
    else:
        yield Problem((), f"the scheme is {shown(scheme)}, expected s3://bucket/key", fix=fix)


def _not_on_s3(uri: PartialText) -> Problem:
    """Return the problem of an address that certainly does not begin with s3://."""
    address = s3_address(uri) if certainly(uri.startswith, "https://") else None
    may_be_s3 = address is not None and address.is_s3 is not False
    return Problem(
        (),
        f"{shown(_without_query(uri.written))} does not begin with s3://; expected s3://bucket/key",
        "warning" if may_be_s3 else None,
    )


def _is_plain(uri: str) -> bool:
    """Whether an s3:// address is free of findings when judged alone."""
    bucket, _, key = uri[5:].partition("/")
    is_stripped = uri.startswith("s3://") and uri == uri.strip()
    return is_stripped and key != "" and not any(_bucket_faults(bucket))


def _without_query(uri: str) -> str:
    """Return an address for a message, without what may contain credentials."""
    scheme, mark, rest = uri.partition("?")[0].rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


@rule(
    on=("S3Uri", "S3ModelUri", "Url"),
    severity="error",
    also=("warning", "info"),
    evidence="service: aws/aws-step-functions-data-science-sdk-python#32; s3://s3:// fails; guide: Amazon"
    " S3 User Guide, bucketnamingrules, 2023; the names of buckets",
    replaces=("pattern-mismatch", "s3-uri-not-s3-scheme"),
    fix="safe",
)
def s3_uri_malformed(uri: Text) -> Iterator[Problem]:
    """An S3 location is malformed, so that no bucket or object can be there.

    The API's pattern accepts concatenated addresses (s3://s3://…), bucket names that S3 does not allow, and
    surrounding white space, but the job finds nothing there. A bucket name has 3 to 63 lower-case letters,
    digits, dots and hyphens. Names with upper-case letters or underscores are a warning, because such buckets
    could be created in us-east-1 before 2018. An empty segment in the key is allowed, but rarely intended, so
    it is reported as info. Buckets of AWS's documentation are reported by `placeholder-left-in`.

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
            fix = Replace((), bare, safe=True) if isinstance(bare, str) and _is_plain(bare) else None
            yield Problem((), f"{shown(uri)} begins or ends with white space", fix=fix)
        return
    if not uri.startswith("s3://"):
        return
    rest = pieces[0][5:]
    if rest.startswith("s3://"):
        while rest.startswith("s3://"):
            rest = rest[5:]
        once = f"s3://{rest}"
        fix = Replace((), once, safe=True) if isinstance(uri, str) and _is_plain(once) else None
        yield Problem((), "'s3://' is repeated; expected s3://bucket/key", fix=fix)
        return
    faults = list(_bucket_faults(_bucket_of(uri)))
    yield from faults
    if not faults and ("//" in rest or any("//" in piece for piece in pieces[1:])):
        yield Problem((), "the key has an empty segment, '//'; S3 keeps it as part of the name", "info")


def _bucket_of(uri: Text) -> Any:
    """Return the bucket of an address that begins with s3://, which may be known in part."""
    if isinstance(uri, str):
        return uri[5:].partition("/")[0]
    address = s3_address(uri)
    return address.bucket if address is not None else UNKNOWN


def _bucket_faults(bucket: Any) -> Iterator[Problem]:
    """Yield the fault of a bucket's name, if any: a warning if old buckets may still have such a name."""
    if not isinstance(bucket, str):
        yield from _partial_bucket_faults(bucket)
        return
    length = len(bucket)
    if 3 <= length <= 63 and is_entity_name(bucket) and bucket.islower():
        return
    if bucket.startswith(_NOT_OWN_BUCKETS):
        return
    plain = bucket.replace("-", "a").replace(".", "a")
    if not bucket:
        yield Problem((), "the bucket is missing; expected s3://bucket/key")
    elif not (plain.isascii() and plain.replace("_", "a").isalnum()):
        allowed = "lower-case letters, digits, dots and hyphens"
        yield Problem((), f"{shown(bucket)} is not a bucket name; it allows {allowed}")
    elif not 3 <= length <= 63:
        # In us-east-1 names of up to 255 characters were allowed until 2018.
        severity: Severity = "warning" if 63 < length <= 255 else "error"
        yield Problem((), f"the bucket name has {counted(length, 'character')}; S3 allows 3 to 63", severity)
    elif not plain.isalnum() or bucket != bucket.lower():
        fault = "has upper-case letters or underscores; a bucket name allows neither"
        yield Problem((), f"{shown(bucket)} {fault}", "warning")
    elif not (bucket[0].isalnum() and bucket[-1].isalnum()) or ".." in bucket:
        yield Problem((), f"{shown(bucket)} {_BAD_ENDS}")
    elif bucket.count(".") == 3 and bucket.replace(".", "").isdigit():
        yield Problem((), f"{shown(bucket)} is an IP address; a bucket name must not look like one")


_BAD_ENDS = "is not a bucket name; it begins and ends with a letter or digit, without '..'"
# How an access point begins, and the buckets of the documentation, which another rule reports.
_NOT_OWN_BUCKETS = ("arn:", *EXAMPLE_BUCKETS)
# The names of buckets (or the ARN of an access point), and those that old buckets may still have.
_BUCKET_NAME = r"arn:.*|[a-z0-9][a-z0-9.-]*[a-z0-9]"
_OLD_BUCKET_NAME = r"arn:.*|[A-Za-z0-9._-]{3,255}"


def _partial_bucket_faults(bucket: Any) -> Iterator[Problem]:
    """Yield the fault of a bucket's name that is known in part, like `_bucket_faults`."""
    if not isinstance(bucket, PartialText):
        return
    if any(".." in piece for piece in known_pieces(bucket)):
        yield Problem((), f"{shown(bucket)} {_BAD_ENDS}")
    elif not may_match(_BUCKET_NAME, bucket):
        what = "lower-case letters, digits, dots and hyphens, a letter or digit first and last"
        severity: Severity = "warning" if may_match(_OLD_BUCKET_NAME, bucket) else "error"
        yield Problem((), f"{shown(bucket)} is not a bucket name; it allows {what}", severity)


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
    evidence="reference: S3DataSource.S3DataType, botocore 1.44.8; 'SageMaker uses all objects that "
    "match the specified key name prefix'",
)
def s3_input_without_key(source: dict[str, Any]) -> Iterator[Problem]:
    """The prefix of an input is empty, so a whole bucket is read.

    With S3Prefix and no key every object of the bucket is read, including logs, models and other people's
    data. That is right only for a bucket that contains nothing else. An output at the root of a bucket is
    reported as info.

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
        case {"S3DataType": str() as kind, "S3Uri": str() as uri} if kind == "S3Prefix" and _is_bare_bucket(
            uri
        ):
            yield Problem("S3Uri", f"{shown(uri)} has no key, so every object of the bucket is read")
        case {"S3OutputPath": str() as uri} if _is_bare_bucket(uri):
            message = f"{shown(uri)} has no key, so the output goes to the root of the bucket"
            yield Problem("S3OutputPath", message, "info")


def _is_bare_bucket(uri: str) -> bool:
    """Whether an address is that of a whole bucket."""
    scheme, _, rest = s3_form(uri).partition("://")
    bucket, _, key = rest.partition("/")
    return scheme == "s3" and bucket != "" and not key


@rule(
    on=("OutputDataConfig", "TransformOutput"),
    severity="warning",
    evidence="reference: TrainingJobDefinition.OutputDataConfig, botocore 1.44.8; 'SageMaker creates "
    "subfolders for the artifacts.'",
)
def output_path_is_file(output: dict[str, Any]) -> Iterator[Problem]:
    """S3OutputPath ends like the name of a file.

    The path is a prefix: below it a training job stores `<job name>/output/model.tar.gz`, and a transform
    job one object for each input object. A path that ends in model.tar.gz becomes a folder of that name.

    ```yaml bad
    S3OutputPath: s3://amzn-example-bucket/models/model.tar.gz
    ```

    ```yaml good
    S3OutputPath: s3://amzn-example-bucket/models/
    ```

    ```yaml bad TransformOutput
    S3OutputPath: s3://amzn-example-bucket/scores.csv
    ```

    ```yaml good TransformOutput
    S3OutputPath: s3://amzn-example-bucket/scores/
    ```
    """
    match output:
        case {"S3OutputPath": str() | PartialText() as uri} if (
            uri.rpartition("/")[2].lower().endswith(_FILE_SUFFIXES)
        ):
            yield Problem(
                "S3OutputPath",
                f"{shown(uri)} looks like a file, but the output goes to a folder of that name",
            )


# A closed list, since a folder's name may have a dot as well (v1.2).
_FILE_SUFFIXES = tuple(
    ".gz .tgz .tar .zip .csv .tsv .json .jsonl .txt .parquet .out .pkl .joblib .pt .pth .onnx .h5".split()
)


# ---------------------------------------------------------------- keys


@rule(
    on=("OutputDataConfig", "TransformOutput", "ResourceConfig", "TransformResources"),
    severity="error",
    evidence="reference: OutputDataConfig.KmsKeyId, botocore 1.44.8; the four formats of a key",
    replaces=("pattern-mismatch",),
    fix="unsafe",
)
def kms_id_format(holder: dict[str, Any]) -> Iterator[Problem]:
    """A KMS key has none of the four formats that KMS accepts.

    A key is given by its id (1234abcd-12ab-34cd-56ef-1234567890ab, or mrk- and 32 hexadecimal digits for a
    multi-Region key), its ARN, alias/ and its alias, or the alias's ARN. The API only checks the characters;
    without alias/ the job cannot find the key of an alias. An empty text counts as no key, as in AWS's
    samples. The fix adds alias/, except for the volumes of a training job, for which the reference does not
    list aliases.

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
    for field in ("KmsKeyId", "VolumeKmsKeyId"):
        match holder.get(field):
            case str() | PartialText() as key if key and not _is_key(key):
                fix = _alias_fix(field, key) if isinstance(key, str) and field == "KmsKeyId" else None
                yield Problem(
                    field, f"{shown(key)} is not a key id, key ARN, alias/<name> or alias ARN", fix=fix
                )


def _alias_fix(field: str, key: str) -> Replace | None:
    alias = f"alias/{key}"
    return Replace(field, alias) if _is_key(alias) and not key.startswith(("arn:", "key/")) else None


_KEY = (
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}|alias/[a-zA-Z0-9/_-]+"
    r"|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key/[a-zA-Z0-9-]+|alias/[a-zA-Z0-9/_-]+)"
)


def _is_key(text: Text) -> bool:
    """Whether a text has one of the formats of a key; for one that is known in part, whether it may have."""
    if isinstance(text, PartialText):
        return may_match(_KEY, text)
    import re

    return re.fullmatch(_KEY, text) is not None


@rule(
    on=SPEC_SHAPES,
    severity="error",
    also=("info",),
    evidence="derived: a KMS key is used in its own region; OutputDataConfig.KmsKeyId, botocore 1.44.8, "
    "requires its policy to grant the role",
    replaces=("unknown-region",),
)
def kms_region_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A KMS key is in another region than the images.

    A job can only use keys in the region that it runs in. A multi-Region key has replicas in other
    regions, each with its own ARN. A key in another account than the validation role works if its policy
    allows the role to use it, so that is reported as info.

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
    if keys:
        yield from _keys_of_other_accounts(keys, context.account)
        yield from _keys_elsewhere(keys, context)


def _keys_of_other_accounts(keys: list[tuple[Path, Arn]], account: str | None) -> Iterator[Problem]:
    for path, key in keys:
        if account and isinstance(key.account, str) and key.account != account:
            yield Problem(
                path,
                f"the key is in account {shown(key.account)}, but ValidationRole is in {account}; the key's"
                " policy has to allow the role to use it",
                "info",
            )


def _keys_elsewhere(keys: list[tuple[Path, Arn]], context: Context) -> Iterator[Problem]:
    for path, key in keys:
        is_named = isinstance(key.region, (str, PartialText)) and key.region
        if is_named and context.region and differs(key.region, context.region):
            what, way_out = f"the key is in {shown(key.region)}", f"use a key in {shown(context.region)}"
            yield _elsewhere(path, what, context.region, context.region_source, way_out)


@rule(
    on="OutputDataConfig",
    severity="error",
    evidence="reference: OutputDataConfig.KmsKeyId, botocore 1.44.8; 'KMS key is not supported for "
    "Amazon S3 Express One Zone'",
    fix="unsafe",
)
def kms_on_s3_express(output: dict[str, Any]) -> Iterator[Problem]:
    """A KMS key is set for output in a directory bucket of S3 Express One Zone.

    Training jobs can write to such a bucket only with encryption by S3's own keys; a customer's KMS key is
    not supported. Use another bucket if the key is required; the fix deletes the key.

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
                "KmsKeyId is not supported for output in S3 Express One Zone",
                fix=Remove("KmsKeyId"),
                related=Related("S3OutputPath", "--x-s3 is the suffix of a directory bucket"),
            )


# ---------------------------------------------------------------- regions and partitions


@rule(
    on=SPEC_SHAPES,
    severity="error",
    evidence="derived: ARNs and hosts of one partition (aws, aws-cn, aws-us-gov …) are not found in another",
    replaces=("image-region-mismatch", "kms-region-mismatch"),
)
def partition_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """Images, roles or keys are in different partitions, such as AWS in China and commercial AWS.

    The partitions (aws, aws-cn, aws-us-gov and the isolated ones) share no accounts, roles, keys or
    images, so nothing in one can use what is in another. An ARN or image may also contradict itself: a
    region of China in an ARN of aws, or on a host that does not end in .cn. The partition is given by
    `--region`, or else by the first image or ARN.

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
    partitions: list[tuple[Path, str]] = []
    for path, image in context.images:
        if not isinstance(image.region, str):
            continue
        if image.partition:
            partitions.append((path, image.partition))
        else:
            home = partition_of(image.region)
            yield Problem(path, f"{image.region} is a region of {home}, but the host ends in {image.suffix}")
    for path, resource in context.arns:
        home = resource.partition
        if isinstance(resource.region, str) and resource.region:
            home = partition_of(resource.region)
        if differs(home, resource.partition):
            what = f"{shown(resource.region)} is a region of {home}"
            yield Problem(path, f"{what}, but the ARN is in {shown(resource.partition)}")
        elif isinstance(home, str):
            partitions.append((path, home))
    for path, partition in partitions:
        if context.partition and partition != context.partition:
            what = f"this resource is in the partition {shown(partition)}"
            way_out = "partitions share no images, roles or keys"
            yield _elsewhere(path, what, context.partition, context.partition_source, way_out)


def _elsewhere(
    path: Path,
    what: str,
    home: str,
    source: tuple[str, Path | None],
    way_out: str,
    severity: Severity | None = None,
) -> Problem:
    """Return the problem of a value that is in another region or partition than the spec.

    `source` is what decides about the region or partition of the spec: its name, and its path if it has one.
    """
    name, location = source
    subject = "the spec is for" if location is None else f"{name} is in"
    related = () if location is None else Related(location, f"{name} is in {shown(home)}")
    return Problem(path, f"{what}, but {subject} {shown(home)}; {way_out}", severity, related=related)


@rule(
    on=SPEC_SHAPES,
    severity="error",
    also=("warning",),
    evidence="reference: S3DataSource.S3Uri, botocore 1.44.8; 'Your input bucket must be located in same "
    "Amazon Web Services region as your training job.'",
    replaces=("region-hint-in-bucket",),
)
def bucket_region_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A bucket is in another region than the images.

    Input has to be in the region of the job, which is that of the images. The region is certain for a
    directory bucket (by its availability zone, such as use1-az4), an access point (by its ARN) and a
    regional host of S3. For output and model data it is a warning, since the reference requires the same
    region only for input.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.eu-north-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: S3Prefix
                    S3Uri: s3://amzn-example--use1-az4--x-s3/train/
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3DataType: S3Prefix
                    S3Uri: s3://amzn-example--use1-az4--x-s3/train/
    ```
    """
    if spec is not context.spec:
        return
    for path, uri in context.data_uris:
        region = bucket_region(uri)
        if region and context.region and region != context.region:
            is_input = "InputDataConfig" in path or "TransformInput" in path
            yield _elsewhere(
                path,
                f"the bucket is in {shown(region)}",
                context.region,
                context.region_source,
                f"{'copy the data to' if is_input else 'use'} a bucket in {shown(context.region)}",
                None if is_input else "warning",
            )


@rule(
    on=SPEC_SHAPES,
    severity="info",
    evidence="heuristic: a region in a bucket's name; S3DataSource.S3Uri, botocore 1.44.8, requires the "
    "bucket in the job's region",
)
def region_hint_in_bucket(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The name of a bucket contains another region than the one of the images.

    Input buckets have to be in the region of the job. If buckets are named after their region, as
    SageMaker's default buckets are (sagemaker-us-east-1-…), another region in a name means that only a
    part of a spec was moved. A name is no proof, so this is reported as info.

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
    for path, uri in context.data_uris:
        # Most addresses name no region at all.
        address = s3_address(uri) if regions_in(known_pieces(uri)[0]) else None
        hints = _regions_named(address.bucket) if address and address.bucket else []
        if hints and context.region and context.region not in hints:
            what = f"the bucket's name contains {listed(hints)}"
            way_out = "a bucket has to be in the region of the job"
            yield _elsewhere(path, what, context.region, context.region_source, way_out)


def _regions_named(bucket: Text) -> list[str]:
    """Return the regions in a bucket's name; for a default bucket of SageMaker, the one that it is in."""
    begin = known_pieces(bucket)[0]
    regions = regions_in(begin)
    if regions and begin.startswith(f"sagemaker-{regions[0]}-"):
        return regions[:1]
    # The unknown rest of another name may contain the region of the job.
    return regions if isinstance(bucket, str) else []
