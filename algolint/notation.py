"""The notations a spec's text is written in: numbers, ARNs, images, S3 addresses, media and instance types.

Each function reads one notation and gives None where the text is not in it. They know nothing of a
spec; `context` combines them.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal


# ---------------------------------------------------------------- numbers

# What int() and float() of a lenient parser read; Infinity, nan and hexadecimal are not numbers here.
_INTEGER = re.compile(r"\s*[-+]?\d+(?:_\d+)*\s*", re.ASCII)
_DECIMAL = re.compile(
    r"\s*[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d{1,6})?\s*", re.ASCII
)
_PORTABLE_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII)
_PORTABLE_DECIMAL = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_read_numbers: dict[tuple[str, bool], Decimal | int | None] = {}


def number(text: str, kind: str) -> Decimal | int | None:
    """The number that text of a hyperparameter of type `kind` (Integer or Continuous) stands for.

    Forms that only lenient parsers read (`1_000`, ` 5 `, `5.0` as an integer) count; see
    `is_portable_number` for the others' view. None where nobody reads a number of that kind.
    """
    whole = kind == "Integer"
    key = (text, whole)
    if key in _read_numbers:
        return _read_numbers[key]
    value = _number(text, whole)
    if len(_read_numbers) < 10_000 and len(text) < 100:
        _read_numbers[key] = value
    return value


def _number(text: str, whole: bool) -> Decimal | int | None:
    if len(text) > 2500:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if not _DECIMAL.fullmatch(text):
        return None
    from decimal import Decimal

    value = Decimal(text.strip().replace("_", ""))
    return None if whole and (abs(value.adjusted()) > 5000 or value != value.to_integral_value()) else value


def is_portable_number(text: str, kind: str) -> bool:
    """Whether every parser reads the text as a number of that kind, in the form Java and C accept too."""
    form = _PORTABLE_INTEGER if kind == "Integer" else _PORTABLE_DECIMAL
    return form.fullmatch(text) is not None


# ---------------------------------------------------------------- ARNs, regions

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]{2,5}){1,2}-\d{1,2}")
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-isob-": "aws-iso-b", "us-iso-": "aws-iso"}
_PARTITIONS |= {"eu-isoe-": "aws-iso-e", "us-isof-": "aws-iso-f", "eusc-": "aws-eusc"}


class Arn:
    """An Amazon Resource Name's parts; region and account are empty where the service has none."""

    __slots__ = ("account", "partition", "region", "resource", "service")

    def __init__(self, partition: str, service: str, region: str, account: str, resource: str) -> None:
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource


def arn(text: str) -> Arn | None:
    """The parts of an ARN."""
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return None
    return Arn(*parts[1:])


def partition_of(region: str) -> str:
    """The partition that a region belongs to, from the region's name."""
    for prefix, partition in _PARTITIONS.items():
        if region.startswith(prefix):
            return partition
    return "aws"


def regions_in(text: str) -> list[str]:
    """Region names that occur in free text such as a bucket's name, as whole hyphenated tokens."""
    return [match[0] for match in _REGION_TOKEN.finditer(text)]


_REGION_TOKEN = re.compile(
    r"(?<![a-z0-9])(?:(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov)?-"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d)(?![0-9])"
)


# ---------------------------------------------------------------- images

_ECR_HOST = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\."
    r"(?P<suffix>amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn|c2s\.ic\.gov|sc2s\.sgov\.gov"
    r"|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|amazonaws\.eu)"
)


class Image:
    """A container image reference's parts: host/repository[:tag][@digest]; absent parts are None.

    `account`, `region` and `suffix` (of the DNS name) are of a private ECR registry, else None.
    """

    __slots__ = ("account", "digest", "host", "region", "repository", "suffix", "tag")

    def __init__(self, host: str | None, repository: str, tag: str | None, digest: str | None) -> None:
        self.host = host
        self.repository = repository
        self.tag = tag
        self.digest = digest
        ecr = _ECR_HOST.fullmatch(host) if host else None
        self.account: str | None = ecr["account"] if ecr else None
        self.region: str | None = ecr["region"] if ecr else None
        self.suffix: str | None = ecr["suffix"] if ecr else None

    @property
    def is_private_ecr(self) -> bool:
        """Whether the host is a private Amazon ECR registry."""
        return self.account is not None

    @property
    def partition(self) -> str | None:
        """The partition of the ECR registry, from its region and DNS suffix."""
        if self.region is None:
            return None
        return "aws-cn" if (self.suffix or "").endswith(".cn") else partition_of(self.region)


_images: dict[str, Image] = {}


def image(text: str) -> Image:
    """The parts of an image reference, taken apart as Docker does; nothing is validated."""
    found = _images.get(text)
    if found is None:
        rest, _, digest = text.partition("@")
        host, slash, path = rest.partition("/")
        if not slash or not ("." in host or ":" in host or host == "localhost"):
            host, path = "", rest
        repository, colon, tag = path.partition(":")
        found = Image(host or None, repository, tag if colon else None, digest if "@" in text else None)
        if len(_images) < 1000:
            _images[text] = found
    return found


# ---------------------------------------------------------------- S3

_S3_HOST = re.compile(
    r"(?:(?P<bucket>[^/]+?)\.)?s3(?:[.-](?P<region>[a-z0-9-]+))?\.(?:dualstack\.[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?"
)


class S3Address:
    """An S3 address: scheme (s3 or https), bucket, key (without the leading slash), query.

    For an https address of S3 itself bucket and key are read from its host and path; for any other
    host the bucket is None.
    """

    __slots__ = ("bucket", "host", "key", "query", "scheme")

    def __init__(self, scheme: str, host: str, bucket: str | None, key: str, query: str) -> None:
        self.scheme = scheme
        self.host = host
        self.bucket = bucket
        self.key = key
        self.query = query

    @property
    def as_s3(self) -> str | None:
        """The same place as s3://bucket/key, or None where the host is not S3's."""
        return f"s3://{self.bucket}/{self.key}" if self.bucket else None


def s3_address(text: str) -> S3Address | None:
    """The parts of an s3:// or https:// address."""
    scheme, colon, rest = text.partition("://")
    if not colon or scheme not in ("s3", "https"):
        return None
    host, _, path = rest.partition("/")
    if scheme == "s3":
        return S3Address("s3", host, host, path, "")
    path, _, query = path.partition("?")
    match = _S3_HOST.fullmatch(host.rpartition("@")[2])
    if not match:
        return S3Address("https", host, None, path, query)
    if match["bucket"]:
        return S3Address("https", host, match["bucket"], path, query)
    bucket, _, key = path.partition("/")
    return S3Address("https", host, bucket or None, key, query)


def names_one_object(uri: str) -> bool:
    """Whether an S3 address looks like one object: its last segment has a file extension."""
    return re.search(r"/[^/]+\.[A-Za-z][A-Za-z0-9]{0,9}$", uri) is not None


# ---------------------------------------------------------------- media and instance types


def media_type(text: str) -> str:
    """A MIME type for comparison: lower case, without parameters (`text/csv;label_size=0` is text/csv)."""
    return text.partition(";")[0].strip().lower()


def instance_family(text: str) -> str:
    """The family of an instance type: g5 of ml.g5.xlarge; empty where the form is another."""
    parts = text.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == "ml" else ""


def instance_size(text: str) -> str:
    """The size of an instance type: xlarge of ml.g5.xlarge; empty where the form is another."""
    parts = text.split(".")
    return parts[2] if len(parts) == 3 and parts[0] == "ml" else ""
