"""AWS's notations in partially known texts.

The property masks a part of a text: each part of the notation that is still known must be equal to that of
the text.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algolint.aws.notation import arn, image, names_one_object, s3_address
from algolint.values import UNKNOWN, PartialText, Undecided, Unknown

ACCOUNT = "246618743249"
HOST = f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com"
DIGEST = "sha256:" + "6c3c624b58dbbcd3c0dd82b4c53f0419" * 2


def partial(text: str) -> PartialText:
    """Return a text with a hole for each `~`."""
    return PartialText(text.split("~"), text)


def plain(part: Any) -> Any:
    """Return a part for comparison, with `~` for unknown pieces."""
    if isinstance(part, PartialText):
        return "~".join(part.pieces)
    return "~" if part is UNKNOWN else part


@pytest.mark.parametrize(
    ("text", "is_private", "region", "repository", "tag", "digest"),
    [
        ("~.dkr.ecr.eu-north-1.amazonaws.com/weather:latest", True, "eu-north-1", "weather", "latest", None),
        ("~.dkr.ecr.~.amazonaws.com/weather:~", True, "~", "weather", "~", "~"),
        ("~.dkr.ecr.us-~.amazonaws.com/weather", True, "us-~", "weather", None, None),
        # The hole may hold the dot after the region.
        (f"{ACCOUNT}.dkr.ecr.eu-cent~zonaws.~.0", True, "eu-cent~", "~", "~", None),
        ("~.dkr.ecr.cn-north-1.~/team/weather", True, "cn-north-1", "~", None, None),
        ("~.dkr-ecr-fips.us-west-2.on.aws/weather@sha256:~", True, "us-west-2", "weather", None, "sha256:~"),
        (f"{HOST}/weather:1.~", True, "us-west-2", "weather", "1.~", "~"),
        (f"{HOST}/~:1", True, "us-west-2", "~", "1", None),
        (f"{HOST}/weather~", True, "us-west-2", "weather~", "~", "~"),
        ("~/weather:latest", "~", "~", "~", "latest", None),
        ("~:latest", "~", "~", "~", "latest", None),
        ("~:6c3c624b", "~", "~", "~", "6c3c624b", None),
        (f"~{DIGEST[6:]}", "~", "~", "~", "~", "~"),
        (f"~@{DIGEST}", "~", "~", "~", "~", DIGEST),
        ("~.amazonaws.co/weather:1", "~", "~", "~", "1", None),
        ("docker.io/~:1", False, None, "~", "1", None),
        ("public.ecr.aws/~/weather", False, None, "~/weather", None, None),
        ("python:~", False, None, "~", "~", "~"),
        ("library/~", False, None, "library/~", "~", "~"),
    ],
)
def test_images(text: str, is_private: Any, region: Any, repository: Any, tag: Any, digest: Any) -> None:
    found = image(partial(text))
    assert [
        plain(part)
        for part in (found.is_private_ecr, found.region, found.repository, found.tag, found.digest)
    ] == [is_private, region, repository, tag, digest]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("arn:aws:kms:us-east-1:~:key/~", ["aws", "kms", "us-east-1", "~", "key/~"]),
        ("arn:aws:iam::~:role/x", ["aws", "iam", "", "~", "role/x"]),
        ("arn:~:kms:us-east-1:~:key/x", ["~", "kms", "us-east-1", "~", "key/x"]),
        ("arn:aws:kms:eu-~:1~:key/x", ["aws", "kms", "eu-~", "1~", "key/x"]),
        ("arn:aws:~", ["aws", "~", "~", "~", "~"]),
        # The hole holds a colon.
        ("arn:aws:kms:~:key/a", ["aws", "kms", "~", "~", "~"]),
        ("arn:aws:kms:~:key/a:b", ["aws", "kms", "~", "~", "~"]),
        ("alias/~", None),
        ("arn:other:~", None),
    ],
)
def test_arns(text: str, parts: list[str] | None) -> None:
    found = arn(partial(text))
    assert (found is None) == (parts is None)
    if found is not None:
        fields = (found.partition, found.service, found.region, found.account, found.resource)
        assert list(map(plain, fields)) == parts


@pytest.mark.parametrize(
    ("text", "is_s3", "bucket", "key", "region"),
    [
        ("s3://~/w.tgz", True, "~", "~w.tgz", None),
        ("s3://my_~/x", True, "my_~", "~x", None),
        ("s3://bucket/~", True, "bucket", "~", None),
        ("s3://bucket/a/~/b", True, "bucket", "a/~/b", None),
        ("s3://~", True, "~", "~", None),
        ("https://s3.us-west-2.amazonaws.com/~/x", True, "~", "~x", "us-west-2"),
        ("https://~.s3.eu-west-1.amazonaws.com/x", True, "~", "x", "eu-west-1"),
        ("https://~.s3.~.amazonaws.com/x", True, "~", "x", "~"),
        ("https://data.example.com/~", False, None, "~", None),
        ("https://~/x", "~", "~", "~", "~"),
    ],
)
def test_addresses(text: str, is_s3: Any, bucket: Any, key: str, region: Any) -> None:
    found = s3_address(partial(text))
    assert found is not None
    parts = (found.is_s3, found.bucket, found.key, found.region)
    assert list(map(plain, parts)) == [is_s3, bucket, key, region]
    assert found.as_s3 is None


def test_what_may_be_in_a_notation_or_not() -> None:
    for read, text in (
        (arn, "~:key/x"),
        (s3_address, "~/x"),
        (s3_address, "s3~"),
        (names_one_object, "~.csv"),
    ):
        with pytest.raises(Undecided):
            read(partial(text))
    assert s3_address(partial("gs://~/x")) is None
    assert names_one_object(partial("s3://~/x.csv"))
    assert not names_one_object(partial("s3://~/x"))


# ---------------------------------------------------------------- the property

_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
_REGIONS = st.sampled_from(["us-west-2", "cn-north-1", "us-gov-west-1", "eu-central-1"])
_SUFFIXES = st.sampled_from(["amazonaws.com", "amazonaws.com.cn"])
_REFERENCES = st.builds(
    lambda region, suffix, folder, name, tag, digest: (
        f"{ACCOUNT}.dkr.ecr.{region}.{suffix}/{folder}{name}{tag}{digest}"
    ),
    _REGIONS,
    _SUFFIXES,
    _NAMES.map(lambda name: f"{name}/") | st.just(""),
    _NAMES,
    _NAMES.map(lambda name: f":{name}") | st.just(""),
    st.just(f"@{DIGEST}") | st.just(""),
)
_ARNS = st.builds(
    lambda partition, service, region, resource: f"arn:{partition}:{service}:{region}:{ACCOUNT}:{resource}",
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["kms", "iam", "sagemaker"]),
    _REGIONS | st.just(""),
    st.builds("{}/{}".format, _NAMES, _NAMES),
)
_ADDRESSES = st.builds(
    lambda start, key: f"{start}/{key}",
    st.sampled_from(
        ["s3://bucket", "https://bucket.s3.us-west-2.amazonaws.com", "https://s3.amazonaws.com/bucket"]
    ),
    st.lists(_NAMES, min_size=1, max_size=3).map("/".join),
)


@given(st.data())
def test_a_part_that_is_known_is_the_part_of_the_text(data: st.DataObject) -> None:
    read: Any
    read, texts = data.draw(st.sampled_from([(image, _REFERENCES), (arn, _ARNS), (s3_address, _ADDRESSES)]))
    text: str = data.draw(texts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    whole = read(text)
    try:
        found = read(PartialText((text[:start], text[end:])))
    except Undecided:
        return
    for name in whole.__slots__:
        known, part = getattr(found, name), getattr(whole, name)
        if isinstance(known, PartialText):
            assert known.could_be(part), name
        elif not isinstance(known, Unknown):
            assert known == part, name
