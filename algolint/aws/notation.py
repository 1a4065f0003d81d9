"""Notations of texts in a spec: numbers, ARNs, images, S3 addresses, media and instance types.

Each function reads one notation and returns None for other text. None of them knows about specs; `context`
combines them. For a partially known text (`PartialText`) they return the parts that are certain, and raise
`Undecided` if the text may be in the notation or not.
"""

from __future__ import annotations

from algolint.limits import keep
from algolint.values import PartialText, Undecided, known_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from algolint.values import Text

    # Part of a text: a str, or UNKNOWN or a PartialText if the text has holes. The type is loose, as it is
    # for the values of a spec, since every operation on an unknown part raises `Undecided`.
    Part: TypeAlias = Any


# ---------------------------------------------------------------- numbers


class Real(float):
    """A number written with a point or an exponent. Numbers that are the same float compare by their texts.

    Their decimals are compared only then, since that needs an import.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Real:
        """Return the number that a text represents."""
        self = super().__new__(cls, text)
        self.text = text
        return self

    def __eq__(self, other: object) -> bool:
        same = float.__eq__(self, other)
        # Comparing a float with another type returns NotImplemented.
        return self._exact_order(other) == 0 if same is True else same

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: float) -> bool:
        return self._exact_order(other) < 0 if float.__eq__(self, other) else float.__lt__(self, other)

    def __gt__(self, other: float) -> bool:
        return self._exact_order(other) > 0 if float.__eq__(self, other) else float.__gt__(self, other)

    def __le__(self, other: float) -> bool:
        return not self > other

    def __ge__(self, other: float) -> bool:
        return not self < other

    def _exact_order(self, other: object) -> int:
        """Compare with another number of the same float: below 0 if less, 0 if equal, above 0 if greater."""
        mine, its = self.text, other.text if isinstance(other, Real) else str(other)
        if mine == its or all(len(text) <= 15 and "e" not in text.lower() for text in (mine, its)):
            # A float represents fifteen digits exactly.
            return 0
        from decimal import Decimal

        exact, others = Decimal(mine), Decimal(its)
        return (exact > others) - (exact < others)

    __hash__ = float.__hash__


def compared(one: float, other: float) -> int:
    """Return -1, 0 or 1 for a number below, equal to or above another, both read by `number`."""
    if isinstance(one, Real) and isinstance(other, Real):
        # Most numbers differ as floats, which is quicker to see.
        low, high = float(one), float(other)
        if low != high:
            return -1 if low < high else 1
    return (one > other) - (one < other)


#: A regular expression for the usual forms of a number in a log.
LOGGED_NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
#: How messages describe the texts that `number` reads, by type of hyperparameter.
NUMBER_NAMES = {"Integer": "an integer", "Continuous": "a finite decimal number"}

# No hyperparameter needs more digits, and Python refuses to print a longer integer.
_MAX_DIGITS = 4000
_read_integers: dict[str, int | Real | None] = {}
_read_decimals: dict[str, int | Real | None] = {}


# Excludes the ASCII characters that no number contains: all letters but e and E, and all signs but + - . _
_NUMERIC = r"[^\x21-\x2a\x2c\x2f\x3a-\x44\x46-\x5e\x60-\x64\x66-\x7e]*"


def number(text: Text, kind: str) -> int | Real | None:
    """Return the number in the text of a hyperparameter of type `kind` (Integer or Continuous).

    Forms that only lenient parsers read are accepted: `1_000`, ` 5 `, `+5`, `007`, and for an integer `5.0`
    and `1e3`. `is_portable_number` detects them. The result is None for text that no parser reads as a number
    of the type: other text, `0.5` as an integer, hexadecimal, infinity and nan.
    """
    if not isinstance(text, str):
        from algolint.aws.partial_patterns import may_match

        if may_match(_NUMERIC, text.pieces):
            raise Undecided
        return None
    read = _read_integers if kind == "Integer" else _read_decimals
    if text in read:
        return read[text]
    value = _number(text, kind == "Integer")
    keep(read, text, value)
    return value


def _number(text: str, whole: bool) -> int | Real | None:
    if len(text) > _MAX_DIGITS:
        return None
    try:
        value = int(text)
    except ValueError:
        pass
    else:
        # A float represents fifteen digits exactly; longer integers are compared by their text.
        return value if whole or -(10**15) < value < 10**15 else Real(text)
    try:
        real = Real(text)
    except ValueError:
        return None
    exponent = text.lower().partition("e")[2]
    if "n" in text.lower() or len(exponent) > 8:
        return None
    return _integer(text) if whole else real


def _integer(text: str) -> int | None:
    """Return the integer in a decimal text, or None if the number is not whole."""
    from decimal import Decimal

    value = Decimal(text)
    if value.adjusted() > _MAX_DIGITS or value != value.to_integral_value():
        return None
    return int(value)


_portable_integers: dict[str, bool] = {}
_portable_decimals: dict[str, bool] = {}


def is_portable_number(text: str, kind: str) -> bool:
    """Whether every parser, Java's and C's included, reads a text as a number of the type."""
    known = _portable_integers if kind == "Integer" else _portable_decimals
    portable = known.get(text)
    if portable is None:
        portable = _is_portable(text, kind == "Integer")
        keep(known, text, portable)
    return portable


def _is_portable(text: str, whole_only: bool) -> bool:
    if not text.isascii():
        return False
    digits = text[1:] if text[:1] == "-" else text
    if digits.isdecimal():
        return digits[0] != "0" or len(digits) == 1
    if whole_only:
        return False
    mantissa, e, exponent = digits.replace("E", "e").partition("e")
    whole, point, fraction = mantissa.partition(".")
    return (
        (not e or (exponent[1:] if exponent[:1] in ("+", "-") else exponent).isdecimal())
        and (not whole or (whole.isdecimal() and (whole[0] != "0" or len(whole) == 1)))
        and (fraction.isdecimal() if point else bool(whole))
    )


def portable_number(text: str, kind: str) -> str | None:
    """Return a number in the form that every parser reads, or None if the text is not such a number."""
    value = number(text, kind)
    if value is None or isinstance(value, int):
        return None if value is None else str(value)
    # Without spaces and underscores and with ASCII digits, the text of a number has no other letters.
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text.strip() if c != "_")
    sign = "-" if plain[0] == "-" else ""
    mantissa, e, exponent = plain.lstrip("+-").partition("e" if "e" in plain else "E")
    whole, point, fraction = mantissa.partition(".")
    whole = (whole.lstrip("0") or "0") if whole or not fraction else ""
    return f"{sign}{whole}{point if fraction else ''}{fraction}{e}{exponent}"


# ---------------------------------------------------------------- ARNs, regions, partitions

# The prefixes of region names by partition. All other regions belong to the partition aws.
_REGION_PREFIXES = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-isob-": "aws-iso-b", "us-iso-": "aws-iso"}
_REGION_PREFIXES |= {"eu-isoe-": "aws-iso-e", "us-isof-": "aws-iso-f", "eusc-": "aws-eusc"}
# The partitions by DNS suffix, for ordinary and for dual-stack hosts.
_DNS_SUFFIXES = {
    "amazonaws.com": ("aws", "aws-us-gov"),
    "on.aws": ("aws", "aws-us-gov"),
    "amazonaws.com.cn": ("aws-cn",),
    "on.amazonwebservices.com.cn": ("aws-cn",),
    "amazonaws.eu": ("aws-eusc",),
    "on.amazonwebservices.eu": ("aws-eusc",),
    "c2s.ic.gov": ("aws-iso",),
    "on.aws.ic.gov": ("aws-iso",),
    "sc2s.sgov.gov": ("aws-iso-b",),
    "on.aws.scloud": ("aws-iso-b",),
    "cloud.adc-e.uk": ("aws-iso-e",),
    "on.cloud-aws.adc-e.uk": ("aws-iso-e",),
    "csp.hci.ic.gov": ("aws-iso-f",),
    "on.aws.hci.ic.gov": ("aws-iso-f",),
}


class Arn:
    """The parts of an Amazon Resource Name. Region and account are empty if the service has none."""

    __slots__ = ("account", "partition", "region", "resource", "service")

    def __init__(self, partition: Part, service: Part, region: Part, account: Part, resource: Part) -> None:
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource


def arn(text: Text) -> Arn | None:
    """Return the parts of an ARN."""
    if isinstance(text, PartialText):
        from algolint.aws import partial_notation

        fields = partial_notation.arn_parts(text)
        return Arn(*fields) if fields is not None else None
    if not text.startswith("arn:aws"):
        return None
    parts = text.split(":", 5)
    return Arn(*parts[1:]) if len(parts) == 6 else None


def is_account(text: str) -> bool:
    """Whether a text is an account id: twelve digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()


def partition_of(region: Text) -> str:
    """Return the partition of a region, judging by the region's name."""
    for prefix, partition in _REGION_PREFIXES.items():
        if region.startswith(prefix):
            return partition
    return "aws"


def regions_in(text: str) -> list[str]:
    """Return the region names in free text, such as the name of a bucket."""
    # The word before the number is east, west, north, south or central.
    if "st-" not in text and "th-" not in text and "al-" not in text:
        return []
    import re

    return re.findall(
        r"(?<![a-z0-9])(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-(?:gov|iso[befg]?|de))?"
        r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?!\d)",
        text,
    )


# ---------------------------------------------------------------- images


class Image:
    """The parts of a container image reference: host/repository[:tag][@digest]. Missing parts are None.

    `is_private_ecr` is whether the host is a private Amazon ECR registry. Only then do `account`, `region`
    and `suffix` (of the DNS name) have a value.
    """

    __slots__ = ("account", "digest", "host", "is_private_ecr", "region", "repository", "suffix", "tag")

    def __init__(self, host: Part, repository: Part, tag: Part, digest: Part) -> None:
        self.host = host
        self.repository = repository
        self.tag = tag
        self.digest = digest
        registry = _private_registry(host.lower().partition(":")[0]) if isinstance(host, str) else None
        self.is_private_ecr: Part = registry is not None
        self.account: Part
        self.region: Part
        self.suffix: Part
        self.account, self.region, self.suffix = registry or (None, None, None)

    @property
    def partition(self) -> str | None:
        """The partition of the ECR registry. None for other hosts, or if region and DNS suffix disagree."""
        if self.region is None or self.suffix is None:
            return None
        partition = partition_of(self.region)
        if isinstance(self.suffix, str) and partition not in _DNS_SUFFIXES[self.suffix]:
            return None
        return partition


def registry_regions(account: str, repository: str) -> tuple[str, ...]:
    """Return the regions in which an account of AWS offers a repository of AWS; none for other images."""
    from algolint.aws.registry_table import REGISTRIES, REPOSITORIES

    if repository not in REPOSITORIES:
        return ()
    return tuple(region for region, accounts in REGISTRIES.items() if account in accounts.split())


def _private_registry(host: str) -> tuple[str, str, str] | None:
    """Return the account, region and DNS suffix of a private ECR registry's host.

    The forms are <account>.dkr.ecr.<region>.amazonaws.com, also with ecr-fips, and
    <account>.dkr-ecr.<region>.on.aws for IPv6 and IPv4, each with the suffixes of all partitions.
    """
    account, _, rest = host.partition(".")
    name, _, rest = rest.partition("ecr")
    fips, _, rest = rest.partition(".")
    region, _, suffix = rest.partition(".")
    fits = (
        is_account(account)
        and name == ("dkr-" if suffix.startswith("on.") else "dkr.")
        and fips in ("", "-fips")
        and region.isascii()
        and region.replace("-", "").isalnum()
        and suffix in _DNS_SUFFIXES
    )
    return (account, region, suffix) if fits else None


_images: dict[str, Image] = {}


def image(text: Text) -> Image:
    """Return the parts of an image reference, split as Docker does. Nothing is validated."""
    if isinstance(text, PartialText):
        from algolint.aws import partial_notation

        in_part = Image(partial_notation.image_host(text), "", None, None)
        partial_notation.read_image(text, in_part, _DNS_SUFFIXES)
        return in_part
    found = _images.get(text)
    if found is None:
        rest, _, digest = text.partition("@")
        host, slash, path = rest.partition("/")
        if not slash and _private_registry(host.lower()):
            pass  # a registry without a repository
        elif not slash or not ("." in host or ":" in host or host == "localhost"):
            host, path = "", rest
        repository, colon, tag = path.partition(":")
        found = Image(host or None, repository, tag if colon else None, digest if "@" in text else None)
        keep(_images, text, found)
    return found


# ---------------------------------------------------------------- S3


class S3Address:
    """An S3 address: scheme (s3 or https), bucket, key (without the leading slash), query.

    In an https address of S3, bucket and key are read from host and path, and the region from the host. For
    other hosts `is_s3` is False and the bucket is None.
    """

    __slots__ = ("bucket", "host", "is_s3", "key", "query", "region", "scheme")

    def __init__(
        self,
        scheme: str,
        host: Part,
        is_s3: Part,
        bucket: Part,
        key: Part,
        query: Part = "",
        region: Part = None,
    ) -> None:
        self.scheme = scheme
        self.host = host
        self.is_s3 = is_s3
        self.bucket = bucket
        self.key = key
        self.query = query
        self.region = region

    @property
    def as_s3(self) -> str | None:
        """The same object as s3://bucket/key, without the query, or None if that is not certain."""
        key = self.key
        if not isinstance(self.bucket, str) or not isinstance(key, str) or not self.bucket:
            return None
        if self.scheme == "https":
            # S3 itself is inconsistent about whether + in a path means a space, and what follows # is not
            # sent.
            if "+" in key or "#" in key:
                return None
            if "%" in key:
                from urllib.parse import unquote

                key = unquote(key)
        return f"s3://{self.bucket}/{key}"


def s3_address(text: Text) -> S3Address | None:
    """Return the parts of an s3:// or https:// address. s3a:// and s3n:// are accepted as well."""
    if isinstance(text, PartialText):
        from algolint.aws import partial_notation

        is_address = text.startswith(("s3://", "https://"))
        address = s3_address(partial_notation.joined(text)) if is_address else None
        if address is not None:
            partial_notation.read_address(address)
        return address
    scheme, colon, rest = text.partition("://")
    if not colon:
        return None
    host, _, path = rest.partition("/")
    if scheme.lower() in ("s3", "s3a", "s3n"):
        return S3Address("s3", host, True, host, path)
    if scheme != "https":
        return None
    host, mark, query = host.partition("?")
    if mark:
        path, query = "", rest.partition("?")[2]
    else:
        path, _, query = path.partition("?")
    found = _s3_host(host.rpartition("@")[2].lower().removesuffix(":443"))
    if found is None:
        return S3Address("https", host, False, None, path, query)
    bucket, region, is_path_style = found
    if is_path_style:
        name, _, path = path.partition("/")
        bucket = name or None
    return S3Address("https", host, True, bucket, path, query, region)


def _s3_host(host: str) -> tuple[str | None, str | None, bool] | None:
    """Return the bucket and region of a host of S3, and whether the path begins with the bucket.

    The forms are [<bucket>.]<service>[.dualstack][.<region>].<suffix>, where the service is s3, s3-<region>
    (the old form), s3-fips, s3-accelerate, s3-website and the like, or s3express-<zone>. The bucket of an
    access point or VPC endpoint is not known.
    """
    suffix = next((s for s in _DNS_SUFFIXES if host.endswith(f".{s}")), None)
    if suffix is None:
        return None
    labels = host[: -len(suffix) - 1].split(".")
    # From the right, as the name of a bucket may contain such a label too.
    for at in range(len(labels) - 1, -1, -1):
        service = labels[at]
        if service == "s3" or service.startswith(("s3-", "s3express-")):
            break
    else:
        return None
    after = [label for label in labels[at + 1 :] if label not in ("dualstack", "vpce")]
    if len(after) > 1:
        return None
    region = after[0] if after else next(iter(regions_in(service)), None)
    if labels[-1] == "vpce" or service.startswith(_NO_BUCKET):
        return None, region, False
    bucket = ".".join(labels[:at])
    return bucket or None, region, not bucket


# Services whose hosts do not begin with a bucket.
_NO_BUCKET = ("s3-accesspoint", "s3-control", "s3-object-lambda", "s3-outposts")


def s3_form(uri: str) -> str:
    """Return an S3 address as s3://bucket/key if that is certain, otherwise unchanged."""
    while uri.startswith("s3://s3://"):
        uri = uri[5:]
    address = None if uri.startswith("s3://") else s3_address(uri)
    return (address.as_s3 if address else None) or uri


def bucket_region(uri: Text) -> str | None:
    """Return the region of an S3 address, or None if the address does not determine it.

    The region is named by the ARN of an access point, by a regional host of S3, and by the availability zone
    at the end of a directory bucket's name (…--use1-az4--x-s3).
    """
    text = known_pieces(uri)[0]
    if text.startswith("s3://") and "--x-s3" not in text and "s3://arn:" not in text:
        return None
    if not isinstance(uri, str) and "/" not in text.partition("://")[2]:
        # The first hole may be in the host or the bucket.
        return None
    if not text.startswith("s3://"):
        address = s3_address(text)
        return address.region if address and isinstance(address.region, str) else None
    if text.startswith("s3://arn:"):
        access_point = arn(text[5:])
        return access_point.region or None if access_point and isinstance(access_point.region, str) else None
    bucket = text[5:].partition("/")[0]
    if not bucket.endswith("--x-s3"):
        return None
    from algolint.aws.zones import region_of_zone

    return region_of_zone(bucket.removesuffix("--x-s3").rpartition("--")[2])


#: The prefixes of the bucket names that only AWS's documentation uses.
EXAMPLE_BUCKETS = ("DOC-EXAMPLE-", "amzn-s3-demo-")


def is_below_prefix(prefix: str, uri: str) -> bool:
    """Whether an S3 address is below an S3 prefix. Bucket names have to be equal."""
    if not uri.startswith(prefix) or not prefix.startswith("s3://"):
        return False
    return "/" in prefix[5:] or uri[5:].partition("/")[0] == prefix[5:]


def names_one_object(uri: Text) -> bool:
    """Whether an S3 address looks like one object, that is, its last segment has a file extension."""
    _, slash, segment = uri.rpartition("/")
    name, _, extension = segment.rpartition(".")
    return (
        slash != ""
        and name != ""
        and len(extension) <= 10
        and extension.isascii()
        and extension.isalnum()
        and extension[0].isalpha()
    )


# ---------------------------------------------------------------- names, media and instance types


def is_entity_name(text: str) -> bool:
    """Whether a text may name an algorithm or profile: 1 to 63 letters, digits and inner hyphens."""
    plain = 1 <= len(text) <= 63 and text.isascii() and text.replace("-", "").isalnum()
    return plain and text[0] != "-" != text[-1]


def media_type(text: str) -> str:
    """Return a MIME type in lower case and without parameters (text/csv for `text/csv;label_size=0`)."""
    return text.partition(";")[0].strip().lower()


_families: dict[str, str] = {}


def instance_family(text: str) -> str:
    """Return the family of an instance type, such as g5 for ml.g5.xlarge; empty for another form."""
    family = _families.get(text)
    if family is None:
        parts = text.split(".")
        family = parts[1] if len(parts) == 3 and parts[0] == "ml" else ""
        keep(_families, text, family)
    return family


def instance_size(text: str) -> str:
    """Return the size of an instance type, such as xlarge for ml.g5.xlarge; empty for another form."""
    parts = text.split(".")
    return parts[2] if len(parts) == 3 and parts[0] == "ml" else ""
