"""The rules of `rules/tags.py`."""

from __future__ import annotations

from typing import Any

import pytest
import rule_cases
from rule_cases import Reported, linter

from algolint.testing import problems
from algolint.values import UNKNOWN, OpenList


def tags(*keys: Any) -> list[Any]:
    return [{"Key": key, "Value": "x"} for key in keys]


def reported(spec: Any) -> Reported:
    return rule_cases.reported(spec, "TagList")


def twice(index: int, level: str = "error") -> tuple[str, tuple[str | int, ...], str]:
    return ("tag-duplicate-key", (index, "Key"), level)


TABLE: list[tuple[Any, Reported]] = [
    (tags("team", "stage"), set()),
    (tags("team", "team"), {twice(1)}),
    (tags("team", "team", "team"), {twice(1), twice(2)}),
    (tags("Team", "team"), {twice(1, "warning")}),
    (tags("team", "team "), {twice(1, "warning")}),
    # An exact duplicate is the more severe of two problems at one location.
    (tags("team", "Team", "team"), {twice(1, "warning"), twice(2)}),
    (tags(UNKNOWN, "team", UNKNOWN), set()),
    (OpenList(tags("team", "team")), {twice(1)}),
    ([UNKNOWN, *tags("team", "team")], {twice(2)}),
    # Reserved prefix, in any case; a name that only resembles it is free.
    (tags("aws:owner"), {("tag-reserved-prefix", (0, "Key"), "error")}),
    (tags("AWS:owner"), {("tag-reserved-prefix", (0, "Key"), "error")}),
    (tags("aws-owner", "awsome:x", "x:aws:y"), set()),
    ([{"Key": "a", "Value": "Aws:x"}], {("tag-reserved-prefix", (0, "Value"), "warning")}),
    ([{"Key": "a", "Value": "arn:aws:iam::246618743249:role/x"}], set()),
    ([{"Key": UNKNOWN, "Value": "aws:x"}], {("tag-reserved-prefix", (0, "Value"), "warning")}),
    # Characters: replaces pattern-mismatch, alone.
    ([{"Key": "a", "Value": "a, b"}], {("tag-charset", (0, "Value"), "error")}),
    (tags("cost(eu)"), {("tag-charset", (0, "Key"), "error")}),
    ([{"Key": "a", "Value": "😀"}], {("tag-charset", (0, "Value"), "error")}),
    ([{"Key": "a", "Value": "x\n"}], {("tag-charset", (0, "Value"), "error")}),
    # Marks are not letters: an accent that is a character of its own is refused, a composed one is not.
    ([{"Key": "a", "Value": "e\u0301"}], {("tag-charset", (0, "Value"), "error")}),
    ([{"Key": "größe-数", "Value": "\u00e9 \u00a0 ⅷ ½ _.:/=+-@"}], set()),
    ([{"Key": "a", "Value": ""}], set()),
    (tags(""), {("string-length", (0, "Key"), "error")}),
    (tags("a" * 128), set()),
    (tags("a" * 129), {("string-length", (0, "Key"), "error")}),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), TABLE)
def test_tags(spec: Any, expected: Reported) -> None:
    assert reported(spec) == expected


def test_the_messages_and_related_locations() -> None:
    spec = [{"Key": "Team", "Value": "a, b#"}, {"Key": "team", "Value": ""}, {"Key": "team", "Value": ""}]
    found = {(r.name, p.path): p for r, p in problems(linter(), spec, "TagList")}
    exact = found["tag-duplicate-key", (2, "Key")]
    assert exact.message == "duplicate tag key 'team'; a resource has one value for each key"
    assert [related.path for related in exact.related] == [(1, "Key")]
    near = found["tag-duplicate-key", (1, "Key")]
    assert near.message == (
        "tag key 'team' differs from 'Team' only in letter case or spaces; the service treats them as two keys"
    )
    assert [related.path for related in near.related] == [(0, "Key")]
    wrong = found["tag-charset", (0, "Value")]
    assert (
        wrong.message == "'a, b#' contains ',', '#'; tags allow letters, digits, spaces and _ . : / = + - @"
    )
