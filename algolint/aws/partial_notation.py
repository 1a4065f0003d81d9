"""AWS's notations in partially known texts.

A hole may contain any text that keeps the whole in its notation. Each result is what all of these texts have
in common: a part in which they differ is `UNKNOWN`, or a `PartialText` if they share a piece of it.
"""

from __future__ import annotations

import re

from algolint.aws.partial_patterns import may_match
from algolint.values import UNKNOWN, PartialText, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from algolint.aws.notation import Image, S3Address

#: The character that replaces a hole while a text is split.
HOLE = "\0"

_REGION = r"[a-z]{2,4}(?:-[a-z]+){1,3}-\d+"
_REGISTRY_HOST = (
    r"(?P<account>[\d\0]+)\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9\0-]+)\.(?P<suffix>[a-z0-9.\0-]+)"
)
_ANY_REGISTRY = r"\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\."
_ANY_DIGEST = r"[^@]*@(?i:sha256):[0-9a-fA-F]{64}"


def joined(text: PartialText) -> str:
    """Return the text with `HOLE` in place of each hole."""
    return HOLE.join(text.pieces)


def _part(text: str) -> str | Unknown:
    """Return a part that was cut out of a text with holes."""
    if HOLE not in text:
        return text
    pieces = text.split(HOLE)
    return PartialText(pieces) if any(pieces) else UNKNOWN


def _open_end(text: str) -> Unknown:
    """Return a part whose end is unknown, since its first hole may contain the end."""
    begin = text.partition(HOLE)[0]
    return PartialText((begin, "")) if begin else UNKNOWN


# ---------------------------------------------------------------- ARNs


def arn_parts(text: PartialText) -> list[str | Unknown] | None:
    """Return the parts of an ARN after `arn`. Raises `Undecided` if the text may be an ARN or not."""
    first = text.pieces[0]
    if not text.startswith("arn:") or not (first.startswith("arn:aws") or "arn:aws".startswith(first)):
        return None
    fields = joined(text).split(":", 5)[1:]
    parts: list[str | Unknown] = []
    has_hole = False
    for index, field in enumerate(fields):
        # If a hole contains the next colon, the region or account it is in is not valid.
        if has_hole and (len(fields) < 5 or not _fits(index, field)):
            break
        has_hole = has_hole or HOLE in field
        parts.append(_open_end(field) if has_hole and len(fields) < 5 else _part(field))
    return [*parts, *[UNKNOWN] * (5 - len(parts))]


def _fits(index: int, field: str) -> bool:
    if HOLE in field or not field or index not in (2, 3):
        return True
    return re.fullmatch(_REGION if index == 2 else r"[0-9]{12}", field) is not None


# ---------------------------------------------------------------- images


def image_host(text: PartialText) -> str | Unknown | None:
    """Return the host of an image reference, or None if it certainly has none."""
    host, slash, _ = joined(text).partition("/")
    if HOLE in host or not slash:
        return UNKNOWN
    return host if "." in host or ":" in host or host == "localhost" else None


def read_image(text: PartialText, found: Image, dns_suffixes: Iterable[str]) -> None:
    """Put the parts of an image reference into `found`, which has its host."""
    rest, at, digest = joined(text).partition("@")
    host, slash, path = rest.partition("/")
    if isinstance(found.host, Unknown):
        _read_registry(text, host, found, dns_suffixes)
    # Any hole in a reference that may match this may contain a digest.
    found.digest = _part(digest) if at else UNKNOWN if may_match(_ANY_DIGEST, text.pieces) else None
    # A hole in the last part of the host may contain the path as well.
    is_host_open = isinstance(found.host, Unknown) and not isinstance(found.suffix, str)
    _read_name(found, path if slash and found.host is not None else rest, is_host_open)


def _read_registry(text: PartialText, host: str, found: Image, dns_suffixes: Iterable[str]) -> None:
    match = re.fullmatch(_REGISTRY_HOST, host.lower())
    if match and (HOLE in match["suffix"] or match["suffix"] in dns_suffixes):
        found.is_private_ecr = True
        # A hole in the region may contain the dot after it, unless the suffix is known.
        is_open = HOLE in match["region"] and HOLE in match["suffix"]
        found.account = _part(match["account"])
        found.region = (_open_end if is_open else _part)(match["region"])
        found.suffix = UNKNOWN if HOLE in match["suffix"] else match["suffix"]
    elif may_match(f"(?i:{_ANY_REGISTRY}(?:{'|'.join(map(re.escape, dns_suffixes))}))(?:/.*)?", text.pieces):
        found.is_private_ecr = found.account = found.region = found.suffix = UNKNOWN


def _read_name(found: Image, path: str, is_host_open: bool) -> None:
    """Put repository and tag into `found`. If `is_host_open`, the first part of the path may be a host."""
    folder, slash, last = path.rpartition("/")
    name, colon, tag = last.partition(":")
    if colon and not (HOLE in name and isinstance(found.digest, Unknown)):
        found.repository = UNKNOWN if is_host_open else _part(f"{folder}{slash}{name}")
        found.tag = _part(tag) if found.digest is None else _open_end(tag) if HOLE in tag else tag
        if is_host_open and not slash and HOLE in tag:
            # python:<hole> may be a host and its port.
            found.tag = UNKNOWN
    else:
        # A colon after a hole may belong to a digest.
        repository = _open_end(path) if HOLE in last else _part(path)
        found.repository = UNKNOWN if is_host_open else repository
        found.tag = UNKNOWN if HOLE in last else None


# ---------------------------------------------------------------- S3


def read_address(found: S3Address) -> None:
    """Make the parts with holes unknown in an address that was read with `HOLE` in their place."""
    host = found.host
    if not found.is_s3 and HOLE in host:
        found.is_s3 = found.bucket = found.key = found.region = UNKNOWN
    bucket, key = found.bucket, found.key
    found.host = _open_end(host) if HOLE in host else host
    for name in ("key", "query", "bucket", "region"):
        value = getattr(found, name)
        setattr(found, name, _part(value) if isinstance(value, str) else value)
    is_in_host = host.startswith(f"{bucket}.") if isinstance(bucket, str) else True
    if (found.scheme == "s3" or not is_in_host) and isinstance(bucket, str) and HOLE in bucket:
        # The bucket is the first part of a path, and a hole in it may contain the beginning of the key as
        # well.
        found.bucket, found.key = _open_end(bucket), PartialText(("", *key.split(HOLE)))
