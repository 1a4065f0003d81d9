"""Fixes as text edits: what a careful person would have typed."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT, needs_libyaml
from hypothesis import given
from hypothesis import strategies as st

from algolint import limits
from algolint.document import Document
from algolint.fixes.edit import Edit, EditError, apply, compatible
from algolint.fixes.edits import Plan, SourceEditor, _together
from algolint.fixes.proof import changed, same
from algolint.linting.linter import Linter
from algolint.readers import json as read_json
from algolint.readers import yaml as read_yaml
from algolint.rule import Fix, Insert, Quote, Remove, Rename, Replace
from algolint.rule_files import first_party_rules
from algolint.source import Source, SourceSyntaxError, read_file
from algolint.syntaxes import syntax_of
from algolint.testing import fixed, model_of
from algolint.values import UNKNOWN, PartialText

if TYPE_CHECKING:
    from pathlib import Path

    from algolint.values import Path as ValuePath


def edits(document: Document, fix: Fix) -> list[Edit] | None:
    plan = SourceEditor(document.source, syntax_of(document.source)).plan(document, fix)
    return plan.edits if plan else None


def documents(text: str, syntax: str) -> list[Document]:
    source = Source(f"spec.{syntax}", text)
    return read_json.read(source) if syntax == "json" else read_yaml.read(source)


def after(text: str, fix: Fix, syntax: str, index: int = 0) -> str | None:
    """Return the text with a fix made, or None if it is refused."""
    document = next(d for d in documents(text, syntax) if d.index == index)
    found = edits(document, fix)
    return None if found is None else apply(document.source.text, found)


JSON_CASES: list[tuple[str, Fix, str]] = [
    # Remove: first, middle, last, only
    ('{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n', Remove("a"), '{\n  "b": 2,\n  "c": 3\n}\n'),
    ('{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n', Remove("b"), '{\n  "a": 1,\n  "c": 3\n}\n'),
    ('{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n', Remove("c"), '{\n  "a": 1,\n  "b": 2\n}\n'),
    ('{\n    "a": {\n        "b": 1\n    }\n}', Remove(("a", "b")), '{\n    "a": {}\n}'),
    ('{\n\t"a": [\n\t\t1,\n\t\t2\n\t]\n}', Remove(("a", 1)), '{\n\t"a": [\n\t\t1\n\t]\n}'),
    ('{\n  "a": {\n    "x": 1\n  },\n  "b": 2\n}\n', Remove("a"), '{\n  "b": 2\n}\n'),
    ('{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', Remove("b"), '{\r\n  "a": 1\r\n}\r\n'),
    ('{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n', Remove("a"), '{\r\n  "b": 2\r\n}\r\n'),
    ('{"a": 1, "b": 2, "c": 3}', Remove("a"), '{"b": 2, "c": 3}'),
    ('{"a": 1, "b": 2, "c": 3}', Remove("b"), '{"a": 1, "c": 3}'),
    ('{"a": 1, "b": 2, "c": 3}', Remove("c"), '{"a": 1, "b": 2}'),
    ('{"a":1,"b":[1,2]}', Remove(("b", 0)), '{"a":1,"b":[2]}'),
    ('{"a":1,"b":[1,2]}', Remove("b"), '{"a":1}'),
    ('{ "a": 1 }', Remove("a"), "{}"),
    ("[ 1 ]", Remove(0), "[]"),
    ("[1, 2,\n 3, 4]", Remove(1), "[1,\n 3, 4]"),
    ("[1, 2,\n 3, 4]", Remove(2), "[1, 2,\n 4]"),
    ("[1, 2,\n 3, 4]", Remove(3), "[1, 2,\n 3]"),
    ("[\n  1, 2,\n  3\n]", Remove(2), "[\n  1, 2\n]"),
    ("[ 1\n, 2\n, 3\n]", Remove(1), "[ 1\n, 3\n]"),
    ("[ 1\n, 2\n, 3\n]", Remove(2), "[ 1\n, 2\n]"),
    ("[\n  1,\n\n  2,\n\n  3\n]", Remove(1), "[\n  1,\n\n  3\n]"),
    ("[\n  1,\n\n  2\n]", Remove(0), "[\n  2\n]"),
    ("[\n  1,\n\n  2\n]", Remove(1), "[\n  1\n]"),
    ('[\n  {\n    "a": 1\n  },\n  {\n    "b": 2\n  }\n]', Remove(0), '[\n  {\n    "b": 2\n  }\n]'),
    ('[{\n  "a": 1\n}, {\n  "b": 2\n}]', Remove(0), '[{\n  "b": 2\n}]'),
    ('[{\n  "a": 1\n}, {\n  "b": 2\n}]', Remove(1), '[{\n  "a": 1\n}]'),
    # Insert
    ('{\n  "a": 1\n}\n', Insert((), "b", "x"), '{\n  "a": 1,\n  "b": "x"\n}\n'),
    ('{\r\n    "a": 1\r\n}', Insert((), "b", True), '{\r\n    "a": 1,\r\n    "b": true\r\n}'),
    ('{\n\t"a": {\n\t\t"x": 1\n\t}\n}', Insert("a", "y", None),
     '{\n\t"a": {\n\t\t"x": 1,\n\t\t"y": null\n\t}\n}'),
    ('{\n  "a": {}\n}', Insert("a", "y", 1), '{\n  "a": {\n    "y": 1\n  }\n}'),
    ('{\n  "a": null\n}', Insert("a", "y", 1), '{\n  "a": {\n    "y": 1\n  }\n}'),
    ('{"a": 1}', Insert((), "b", 2), '{"a": 1, "b": 2}'),
    ('{"a":1}', Insert((), "b", [1, "x"]), '{"a":1,"b":[1,"x"]}'),
    ('{"a": {}}', Insert("a", "b", 2), '{"a": {"b": 2}}'),
    ("{}", Insert((), "b", 2), '{"b": 2}'),
    ('{ "a": 1 }', Insert((), "b", 2), '{ "a": 1, "b": 2 }'),
    ('{\n  "a": 1\n}', Insert((), "b", {"x": [1]}),
     '{\n  "a": 1,\n  "b": {\n    "x": [\n      1\n    ]\n  }\n}'),
    ('{\n  "a": [1, 2]\n}', Insert((), "b", [3]), '{\n  "a": [1, 2],\n  "b": [3]\n}'),
    ('{ "a" : 1\n, "b" : 2\n}', Insert((), "c", 3), '{ "a" : 1\n, "b" : 2\n, "c" : 3\n}'),
    # Replace
    ('{"a": 1, "b": 2}', Replace("a", "é\n"), '{"a": "é\\n", "b": 2}'),
    ('{"a": "\\u00e9", "b": 2}', Replace("b", "é"), '{"a": "\\u00e9", "b": "\\u00e9"}'),
    ('{"a": 1}', Replace("a", "\ud800"), '{"a": "\\ud800"}'),
    ('{\n  "a": [\n    1\n  ]\n}', Replace("a", [1, 2]), '{\n  "a": [\n    1,\n    2\n  ]\n}'),
    ('{\n  "a": "x"\n}', Replace("a", ["x"]), '{\n  "a": [\n    "x"\n  ]\n}'),
    ('{\n  "a": "x",\n  "b": [1]\n}', Replace("a", ["x"]), '{\n  "a": ["x"],\n  "b": [1]\n}'),
    ('{"a": [1, 2]}', Replace("a", 0.5), '{"a": 0.5}'),
    ("1", Replace((), 2), "2"),
    # Rename, Quote
    ('{"a": 1, "b": {"c": 2}}', Rename(("b", "c"), "d"), '{"a": 1, "b": {"d": 2}}'),
    ('{"a": 0.10}', Quote("a"), '{"a": "0.10"}'),
    ('{"a": [1e-5, true]}', Quote(("a", 0)), '{"a": ["1e-5", true]}'),
    ('{"a": [1e-5, true]}', Quote(("a", 1)), '{"a": [1e-5, "true"]}'),
]  # fmt: skip

YAML_CASES: list[Any] = [
    # Remove from blocks
    ("a: 1\nb: 2\nc: 3\n", Remove("a"), "b: 2\nc: 3\n"),
    ("a: 1\nb: 2\nc: 3\n", Remove("b"), "a: 1\nc: 3\n"),
    ("a: 1\nb: 2\nc: 3\n", Remove("c"), "a: 1\nb: 2\n"),
    ("a: 1\nb: 2\nc: 3", Remove("c"), "a: 1\nb: 2"),
    ("a: 1\r\nb: 2\r\nc: 3\r\n", Remove("b"), "a: 1\r\nc: 3\r\n"),
    ("a: 1\r\nb: 2", Remove("b"), "a: 1"),
    ("a:\n  b: 1\nc: 2\n", Remove(("a", "b")), "a: {}\nc: 2\n"),
    ("a:\n  - 1\nc: 2\n", Remove(("a", 0)), "a: []\nc: 2\n"),
    ("a:\n- 1\nc: 2\n", Remove(("a", 0)), "a: []\nc: 2\n"),
    ("a: # why\n  b: 1 # one\nc: 2\n", Remove(("a", "b")), "a: {} # why\nc: 2\n"),
    ("a:\n  b: 1", Remove(("a", "b")), "a: {}"),
    ("a: &x\n  b: 1\n", Remove(("a", "b")), "a: &x {}\n"),
    ("a: 1\n", Remove("a"), "{}\n"),
    ("a: 1 # one\n# of b\nb: 2\n", Remove("a"), "# of b\nb: 2\n"),
    ("a: 1\n# of b\nb: 2 # two\nc: 3\n", Remove("b"), "a: 1\n# of b\nc: 3\n"),
    ("a: 1\n\nb: 2\n\nc: 3\n", Remove("b"), "a: 1\n\nc: 3\n"),
    ("a: 1\n\nb: 2\n\nc: 3\n", Remove("a"), "b: 2\n\nc: 3\n"),
    ("a: 1\n\nb: 2\n", Remove("b"), "a: 1\n"),
    ("x:\n  a: 1\n\n  b: 2\n\ny: 3\n", Remove(("x", "b")), "x:\n  a: 1\n\ny: 3\n"),
    ("x:\n  a: 1\n\n  b: 2\n", Remove(("x", "a")), "x:\n  b: 2\n"),
    ("a: |\n  one\n\n  two\nb: 2\n", Remove("a"), "b: 2\n"),
    ("a: 1\nb: >-\n  one\n  two\n", Remove("b"), "a: 1\n"),
    ("a: one\n  two\nb: 2\n", Remove("a"), "b: 2\n"),
    ("a:\n  x: 1\n  # of x\nb: 2\n", Remove("a"), "b: 2\n"),
    ("a:\n  x: 1\n# of b\nb: 2\n", Remove("a"), "# of b\nb: 2\n"),
    ("- a\n- b\n- c\n", Remove(1), "- a\n- c\n"),
    ("- a\n- b: 1\n  c: 2\n- d\n", Remove(1), "- a\n- d\n"),
    ("- - 1\n  - 2\n- - 3\n", Remove((0, 0)), "- - 2\n- - 3\n"),
    ("- - 1\n  - 2\n- - 3\n", Remove((1, 0)), "- - 1\n  - 2\n- []\n"),
    # Compact items
    ("- Name: x\n  Type: y\n", Remove((0, "Name")), "- Type: y\n"),
    ("- Name: x # the name\n  Type: y\n", Remove((0, "Name")), "- Type: y\n"),
    ("- Name: x\n  # the type\n  Type: y\n", Remove((0, "Name")), "- # the type\n  Type: y\n"),
    ("- Name: x\n  Type: y\n", Remove((0, "Type")), "- Name: x\n"),
    ("- Name: x\n- Name: y\n", Remove((0, "Name")), "- {}\n- Name: y\n"),
    ("-   Name:\n      a: 1\n    Type: y\n", Remove((0, "Name")), "-   Type: y\n"),
    ("-\n  Name: x\n  Type: y\n", Remove((0, "Name")), "-\n  Type: y\n"),
    # Anchors
    ("a: &x 1\nb: 2\n", Remove("a"), "b: 2\n"),
    ("a: &x 1\nb: *x\n", Remove("b"), "a: &x 1\n"),
    ("a: &x 1\nb: *x\n", Replace("b", 2), "a: &x 1\nb: 2\n"),
    ("a: &x 1\nb: 2\n", Replace("a", 3), "a: &x 3\nb: 2\n"),
    ("a: &x\n  c: 1\nb:\n  <<: *x\n  d: 2\n", Insert("b", "e", 3),
     "a: &x\n  c: 1\nb:\n  <<: *x\n  d: 2\n  e: 3\n"),
    # Flow
    ("a: {b: 1, c: 2}\n", Remove(("a", "b")), "a: {c: 2}\n"),
    ("a: [1, 2, 3] # all\n", Remove(("a", 2)), "a: [1, 2] # all\n"),
    ("a: [1, 2,]\n", Remove(("a", 1)), "a: [1,]\n"),
    ("a: [ 1 ]\n", Remove(("a", 0)), "a: []\n"),
    ("a: [\n  1, # one\n  2, # two\n  3 # three\n]\n", Remove(("a", 1)),
     "a: [\n  1, # one\n  3 # three\n]\n"),
    ("a: [\n  1, # one\n  2 # two\n]\n", Remove(("a", 1)), "a: [\n  1 # one\n]\n"),
    ("a: [\n  1,\n  2,\n]\n", Remove(("a", 1)), "a: [\n  1,\n]\n"),
    ("a: [\n  # all\n  1,\n]\n", Remove(("a", 0)), "a: [\n  # all\n]\n"),
    ('{\n  "a": 1,\n  "b": 2\n}\n', Remove("b"), '{\n  "a": 1\n}\n'),
    ('{"a":1,"b":2}\n', Insert((), "c", "x"), '{"a":1,"b":2,"c":"x"}\n'),
    ('{\n  "a": "v",\n  "b": {}\n}\n', Insert("b", "c", "x"),
     '{\n  "a": "v",\n  "b": {\n    "c": "x"\n  }\n}\n'),
    # Insert
    ("a: 1\n", Insert((), "b", "x"), "a: 1\nb: x\n"),
    ("a: 1", Insert((), "b", "x"), "a: 1\nb: x"),
    ("a: 1\r\n", Insert((), "b", "x"), "a: 1\r\nb: x\r\n"),
    ("a: 1 # one\n\n# end\n", Insert((), "b", "yes"), 'a: 1 # one\nb: "yes"\n\n# end\n'),
    ("x:\n    a: 1\n\n# of y\ny: 2\n", Insert("x", "b", 0.1), "x:\n    a: 1\n    b: 0.1\n\n# of y\ny: 2\n"),
    ("- Name: x\n- Name: y\n", Insert(0, "Type", "z"), "- Name: x\n  Type: z\n- Name: y\n"),
    ("a:\n  x: |\n    text\n\nb: 1\n", Insert("a", "z", 2), "a:\n  x: |\n    text\n  z: 2\n\nb: 1\n"),
    ("a:\n  x:\n    - 1\nb: 2\n", Insert("a", "z", [1, 2]),
     "a:\n  x:\n    - 1\n  z:\n    - 1\n    - 2\nb: 2\n"),
    ("a:\n  x:\n  - 1\n", Insert((), "b", [{"c": 1, "d": "e"}]), "a:\n  x:\n  - 1\nb:\n- c: 1\n  d: e\n"),
    ("a: [1]\n", Insert((), "b", ["x", "y, z"]), 'a: [1]\nb: [x, "y, z"]\n'),
    ("a: {}\n", Insert("a", "b", 1), "a: {b: 1}\n"),
    ("a: {b: 1}\n", Insert("a", "c", 2), "a: {b: 1, c: 2}\n"),
    ("a: { b: 1 }\n", Insert("a", "c", 2), "a: { b: 1, c: 2 }\n"),
    ("a: {b: 1,}\n", Insert("a", "c", 2), "a: {b: 1, c: 2}\n"),
    ("a: {\n  b: 1 # one\n}\n", Insert("a", "c", 2), "a: {\n  b: 1, # one\n  c: 2\n}\n"),
    ("a: {\n  b: 1, # one\n}\n", Insert("a", "c", 2), "a: {\n  b: 1, # one\n  c: 2,\n}\n"),
    ("a:\nb: 1\n", Insert("a", "c", 2), "a:\n  c: 2\nb: 1\n"),
    ("a: # why\nb: 1\n", Insert("a", "c", 2), "a: # why\n  c: 2\nb: 1\n"),
    ("a: null # why\nb: 1\n", Insert("a", "c", 2), "a: # why\n  c: 2\nb: 1\n"),
    ("-\n- 1\n", Insert(0, "c", 2), "- c: 2\n- 1\n"),
    # Replace
    ("a: x # c\nb: 1\n", Replace("a", "z"), "a: z # c\nb: 1\n"),
    ("a: 'x'\n", Replace("a", "y's"), "a: 'y''s'\n"),
    ("a: 'x'\n", Replace("a", "y\n"), 'a: "y\\n"\n'),
    ('a: "x"\n', Replace("a", "y"), 'a: "y"\n'),
    ("a: x\n", Replace("a", "yes"), 'a: "yes"\n'),
    ("a: x\nb: 'y: z'\n", Replace("a", "1"), "a: '1'\nb: 'y: z'\n"),
    ("a: x\n", Replace("a", "2020-01-01"), 'a: "2020-01-01"\n'),
    ("a: x\n", Replace("a", "12:30:45"), 'a: "12:30:45"\n'),
    ("a: x\n", Replace("a", "s3://b/k"), "a: s3://b/k\n"),
    ("a: x\n", Replace("a", "a #b"), 'a: "a #b"\n'),
    ("a: x\n", Replace("a", "ml.m5.large"), "a: ml.m5.large\n"),
    ("a: '5'\n", Replace("a", 5), "a: 5\n"),
    ("a: 1\n", Replace("a", 1e-7), "a: 1.0e-07\n"),
    ("a: 'yes'\n", Replace("a", True), "a: true\n"),
    ("a:\nb: 1\n", Replace("a", "x"), "a: x\nb: 1\n"),
    ("a: # c\nb: 1\n", Replace("a", "x"), "a: x # c\nb: 1\n"),
    ("a: |\n  text\nb: 1\n", Replace("a", "x"), "a: x\nb: 1\n"),
    ("a: |\n  one\n  two\nb: 1\n", Replace("a", "one two"), "a: >-\n  one\n  two\nb: 1\n"),
    ("a: | # c\n  one\nb: 1\n", Replace("a", "one"), "a: |- # c\n  one\nb: 1\n"),
    ("a: |\n  one\n\n  two\n", Replace("a", "x\n\ny\n"), "a: |\n  x\n\n  y\n"),
    ("a: |\r\n  one\r\nb: 1\r\n", Replace("a", "x\ny"), "a: |-\r\n  x\r\n  y\r\nb: 1\r\n"),
    ("a: x\nb: 1\n", Replace("a", ["x"]), "a:\n  - x\nb: 1\n"),
    ("a: x # c\nb: 1\n", Replace("a", ["x"]), "a: # c\n  - x\nb: 1\n"),
    ("a: x\nb: [y]\n", Replace("a", ["x"]), "a: [x]\nb: [y]\n"),
    ("a:\n  - x\n  - y\nb: 1\n", Replace("a", ["z"]), "a:\n  - z\nb: 1\n"),
    ("a:\n- x\n- y\nb: 1\n", Replace("a", {"c": 1}), "a:\n  c: 1\nb: 1\n"),
    ("a:\n  c: 1\n  d: 2\nb: 1\n", Replace("a", "x"), "a: x\nb: 1\n"),
    ("a:\n  c: 1 # one\nb: 1\n", Replace("a", "x"), "a: x # one\nb: 1\n"),
    pytest.param("a:\t1\nb:\t2\n", Replace("a", 3), "a:\t3\nb:\t2\n", marks=needs_libyaml),
    ("a: [x, y] # c\n", Replace("a", ["z", 1]), "a: [z, 1] # c\n"),
    ("- a: 1\n  b: 2\n- c\n", Replace(0, "x"), "- x\n- c\n"),
    ("- x\n- c\n", Replace(0, {"a": 1, "b": 2}), "- a: 1\n  b: 2\n- c\n"),
    # Rename, Quote
    ("a: 1\nb:\n  c: 2\n", Rename("b", "d"), "a: 1\nd:\n  c: 2\n"),
    ('"a": 1\n', Rename("a", "b"), '"b": 1\n'),
    ("a: 1\n", Rename("a", "no"), '"no": 1\n'),
    ("a: 0.10 # c\n", Quote("a"), 'a: "0.10" # c\n'),
    ("a: yes\nb: 'x: '\n", Quote("a"), "a: 'yes'\nb: 'x: '\n"),
    ("a: [1e-5, 2]\n", Quote(("a", 0)), 'a: ["1e-5", 2]\n'),
    ("a: &x 017\n", Quote("a"), 'a: &x "017"\n'),
    ("a: \\d+\n", Quote("a"), 'a: "\\\\d+"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "fix", "expected"), JSON_CASES)
def test_json(before: str, fix: Fix, expected: str) -> None:
    assert after(before, fix, "json") == expected


@pytest.mark.parametrize(("before", "fix", "expected"), YAML_CASES)
def test_yaml(before: str, fix: Fix, expected: str) -> None:
    assert after(before, fix, "yaml") == expected


@pytest.mark.parametrize(
    ("before", "fix", "expected"),
    [case for case in JSON_CASES if '"' in case[0] and "\t" not in case[0] and "\\u" not in case[2]],
)
def test_json_in_yaml(before: str, fix: Fix, expected: str) -> None:
    assert after(before, fix, "yaml") == expected


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("a: &x 1\nb: *x\n", Remove("a")),
        ("a: &x 1\nb: *x\n", Replace("a", 2)),
        ("a: &x\n  c: 1\nb: *x\n", Remove(("a", "c"))),
        ("a: &x\n  c: 1\nb: *x\n", Remove(("b", "c"))),
        ("a: &x\n  c: 1\nb:\n  <<: *x\n", Replace(("b", "c"), 2)),
        ("a: !!int 1\n", Quote("a")),
        ("a: !!str 1\n", Replace("a", 2)),
        ("? a\n: 1\nb: 2\n", Remove("a")),
        ("a: 'x'\n", Quote("a")),
        ("a: one\n  two\n", Quote("a")),
        ("a: 1\nb: 2\n", Rename("a", "b")),
        ("a: 1\nb: 2\n", Insert((), "b", 3)),
        ("a: 1\n", Remove("b")),
        ("a: 1\n", Remove(("a", 0))),
        ("a:\n  # why\n  - x\n  # and\n  - y\n", Replace("a", "z")),
        ("- 1\n", Rename(0, "x")),
    ],
)
def test_what_is_not_certain_is_refused(text: str, fix: Fix) -> None:
    assert after(text, fix, "yaml") is None


def test_a_rule_may_delete_the_value_that_it_is_called_on() -> None:
    fix = Remove(())
    assert fix.title == "delete the value"
    below = fix.under(("a", "b"))
    assert (below.path, below.title, below.safe, fix.path) == (("a", "b"), fix.title, fix.safe, ())
    for syntax in ("json", "yaml"):
        assert after('{"a": {"b": 1, "c": 2}}', below, syntax) == '{"a": {"c": 2}}'
        assert after('{"a": {"b": 1, "c": 2}}', fix, syntax) is None


def test_a_byte_order_mark_stays_outside() -> None:
    assert after("\ufeffa: 1\nb: 2\n", Remove("a"), "yaml") == "b: 2\n"


def test_documents_of_a_stream() -> None:
    text = "--- # first\na: 1\nb: 2\n---\na: 3\nb: 4\n...\n"
    assert after(text, Remove("b"), "yaml") == "--- # first\na: 1\n---\na: 3\nb: 4\n...\n"
    assert (
        after(text, Insert((), "c", 5), "yaml", 0) == "--- # first\na: 1\nb: 2\nc: 5\n---\na: 3\nb: 4\n...\n"
    )
    assert after(text, Remove("b"), "yaml", 1) == "--- # first\na: 1\nb: 2\n---\na: 3\n...\n"
    assert after("---\n---\na: 1\nb: 2\n", Remove("b"), "yaml", 1) == "---\n---\na: 1\n"


def test_other_syntaxes_are_refused() -> None:
    class Other(Document):
        syntax = "other"

    assert edits(Other(Source("x", "a"), {"a": 1}), Remove("a")) is None


# Several at once


def together(text: str, syntax: str, *fixes: Fix) -> tuple[str, int]:
    document = documents(text, syntax)[0]
    return fixed(document.source, [(document, fix) for fix in fixes])


def test_fixes_that_do_not_meet_are_made_together() -> None:
    text = '{"a": 1, "b": [1, 2, 3], "c": 3}'
    assert together(text, "json", Remove(("b", 1)), Rename("a", "x"), Replace("c", 4)) == (
        '{"x": 1, "b": [1, 3], "c": 4}',
        3,
    )
    assert together(text, "json", Remove(("b", 0)), Remove(("b", 2)), Rename("b", "y")) == (
        '{"a": 1, "y": [2], "c": 3}',
        3,
    )


def test_of_two_that_overlap_the_first_in_the_text_is_made() -> None:
    assert together('{"a": 1, "b": 2}', "json", Remove("b"), Remove("a")) == ('{"b": 2}', 1)
    assert together("a:\n  b: 1\nc: 2\n", "yaml", Replace(("a", "b"), 3), Remove("a")) == ("c: 2\n", 1)


def test_equal_fixes_count_once() -> None:
    assert together("a: 1\nb: 2\n", "yaml", Remove("a"), Remove("a")) == ("b: 2\n", 1)


def test_insertions_at_one_place_wait_for_each_other() -> None:
    assert together("a: 1\n", "yaml", Insert((), "b", 2), Insert((), "c", 3)) == ("a: 1\nb: 2\n", 1)


def test_what_is_only_unsound_together_is_made_apart() -> None:
    text = "x:\n  a: 1\n  # of b\n  b: 2\ny: 3\n"
    assert together(text, "yaml", Remove(("x", "a")), Remove(("x", "b"))) == (
        "x:\n  # of b\n  b: 2\ny: 3\n",
        1,
    )


def test_fixes_of_several_documents() -> None:
    text = "a: 1\nb: 2\n---\na: 3\nb: 4\n"
    first, second = documents(text, "yaml")
    assert fixed(first.source, [(second, Remove("b")), (first, Remove("a"))]) == ("b: 2\n---\na: 3\n", 2)
    assert fixed(first.source, []) == (text, 0)


def test_compatible() -> None:
    assert compatible([Edit(0, 2, "")], [Edit(2, 4, "")])
    assert not compatible([Edit(0, 3, "")], [Edit(2, 4, "")])
    assert not compatible([Edit(2, 2, "x")], [Edit(2, 4, "")])
    assert not compatible([Edit(2, 2, "x")], [Edit(2, 2, "y")])
    assert not compatible([Edit(2, 2, "x")], [Edit(0, 4, "")])


def test_same_is_strict() -> None:
    assert same({"a": [1, UNKNOWN, math.nan]}, {"a": [1, UNKNOWN, math.nan]})
    for a, b in [(1, True), (1, 1.0), ("1", 1), (UNKNOWN, 1), ([1], [1, 2]), ({"a": 1}, {"b": 1})]:
        assert not same(a, b)


def test_a_text_with_holes_is_the_same_where_its_pieces_and_holes_are() -> None:
    text = PartialText(("a-", ""), "a-${x}")
    assert same({"a": text}, {"a": PartialText(("a-", ""), "a-${x}")})
    for other in (PartialText(("b-", ""), "a-${x}"), PartialText(("a-", ""), "a-${y}"), UNKNOWN, "a-${x}"):
        assert not same(text, other)
        assert not same(other, text)


def test_a_text_that_was_ambiguous_may_move() -> None:
    document = documents("a: no\nb: 1\n", "yaml")[0]
    found = edits(document, Replace("b", {"c": document.spec["a"]}))
    assert apply(document.source.text, found or []) == 'a: no\nb:\n  c: "no"\n'


def test_changed_leaves_what_was() -> None:
    spec = {"a": [1, {"b": 2}]}
    assert changed(spec, Remove(("a", 0))) == {"a": [{"b": 2}]}
    assert changed(spec, Rename(("a", 1, "b"), "c")) == {"a": [1, {"c": 2}]}
    assert changed(spec, Insert(("a", 1), "c", 3)) == {"a": [1, {"b": 2, "c": 3}]}
    assert changed(spec, Quote(("a", 0)), "01") == {"a": ["01", {"b": 2}]}
    assert spec == {"a": [1, {"b": 2}]}
    with pytest.raises(EditError):
        changed(spec, Remove(("a", 2)))


# Any document, any style

keys = st.sampled_from(["Name", "Type", "a", "b-c", "x.y", "Range", "no", "1", "é", "a b"])
texts = st.one_of(
    st.sampled_from(["", "x", "yes", "1.0", "null", "ml.m5.large", "s3://b/k", "a: b", "it's", 'q"q', "- x",
                     "#x", "x #y", "a, b", "{{x}}", "[0-9]+", "2020-01-01", "two\nlines", "  padded "]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=6),
)  # fmt: skip
scalars = st.one_of(
    texts, st.integers(-99, 10**6), st.booleans(), st.none(), st.sampled_from([0.5, 1e-7, -2.5e30])
)
values = st.recursive(
    scalars,
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(keys, below, max_size=4)),
    max_leaves=12,
)
specs = st.one_of(
    st.dictionaries(keys, values, min_size=1, max_size=5), st.lists(values, min_size=1, max_size=4)
)


def paths(value: Any, path: ValuePath = ()) -> list[tuple[ValuePath, Any]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(found for step, below in steps for found in paths(below, (*path, step)))]


@st.composite
def fixes(draw: st.DrawFn, spec: Any) -> Fix:
    locations = paths(spec)
    kinds = ["remove", "replace"]
    objects = [(path, value) for path, value in locations if isinstance(value, dict)]
    fields = [path for path, _ in locations if path and isinstance(path[-1], str)]
    kinds += ["insert"] * bool(objects) + ["rename"] * bool(fields)
    kind = draw(st.sampled_from(kinds))
    if kind == "insert":
        path, value = draw(st.sampled_from(objects))
        return Insert(path, draw(keys.filter(lambda key: key not in value)), draw(values))
    if kind == "rename":
        path = draw(st.sampled_from(fields))
        siblings = next(value for location, value in locations if location == path[:-1])
        return Rename(path, draw(keys.filter(lambda key: key not in siblings)))
    path, _ = draw(st.sampled_from(locations[1:] or locations))
    if kind == "remove" and path:
        return Remove(path)
    return Replace(path, draw(values))


@st.composite
def json_texts(draw: st.DrawFn, spec: Any) -> str:
    indent = draw(st.sampled_from([None, 2, 4, "\t"]))
    separators = draw(st.sampled_from([None, (",", ":")])) if indent is None else None
    text = json.dumps(spec, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    return finished(draw, text + "\n")


@st.composite
def yaml_texts(draw: st.DrawFn, spec: Any) -> str:
    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, _data: Any) -> bool:
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, indentless and indentless_lists)

    indentless_lists = draw(st.booleans())
    text = yaml.dump(
        spec,
        Dumper=Dumper,
        default_flow_style=draw(st.sampled_from([False, True, None])),
        indent=draw(st.sampled_from([2, 4])),
        width=draw(st.sampled_from([80, 10**6])),
        allow_unicode=True,
        sort_keys=False,
    )
    return finished(draw, text)


def finished(draw: st.DrawFn, text: str) -> str:
    text = text if draw(st.booleans()) else text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def confined(document: Document, fix: Fix, found: list[Edit]) -> bool:
    """Whether only the lines of the change are edited, and the comma or key at the end of the line above."""
    at = document.source.position
    first = at(document.locate(fix.path, key=not isinstance(fix, Insert))[0])[0]
    last = at(document.locate(fix.path)[1])[0]
    return all(first - 1 <= at(edit.start)[0] and at(edit.end)[0] <= last + 1 for edit in found)


class Tally:
    made = 0
    refused = 0


def check(text: str, syntax: str, fix: Fix, tally: type[Tally]) -> None:
    document = documents(text, syntax)[0]
    found = edits(document, fix)
    if found is None:
        tally.refused += not same(document.spec, changed(document.spec, fix))
        return
    tally.made += 1
    assert all(a.end <= b.start for a, b in pairwise(found))
    text = document.source.text
    result = apply(text, found)
    assert same(documents(result, syntax)[0].spec, changed(document.spec, fix))
    assert confined(document, fix, found)
    assert ("\r\n" in result) <= ("\r\n" in text) or "\n" not in text
    if "\r\n" in text:
        assert "\n" not in result.replace("\r\n", "")
    assert result.endswith("\n") == text.endswith("\n")
    assert not [line for line in result.splitlines() if line != line.rstrip() and line not in text]


def test_any_json() -> None:
    class Json(Tally):
        pass

    @given(st.data())
    def run(data: st.DataObject) -> None:
        spec = data.draw(specs)
        text = data.draw(json_texts(spec))
        check(text, "json", data.draw(fixes(spec)), Json)

    run()
    assert Json.refused == 0
    assert Json.made


def test_any_yaml() -> None:
    class Yaml(Tally):
        pass

    @given(st.data())
    def run(data: st.DataObject) -> None:
        spec = data.draw(specs)
        text = data.draw(yaml_texts(spec))
        check(text, "yaml", data.draw(fixes(spec)), Yaml)

    run()
    assert Yaml.refused < 0.05 * (Yaml.made + Yaml.refused)


@st.composite
def commented(draw: st.DrawFn, text: str) -> str:
    """A text in block style with comments above its lines and at their ends, and blank lines."""
    lines = []
    for number, line in enumerate(text.split("\n")[:-1]):
        indent = line[: len(line) - len(line.lstrip(" "))]
        additions = draw(st.sampled_from(["", "", "", "above", "behind", "blank", "both"]))
        if additions == "blank":
            lines.append("")
        if additions in ("above", "both"):
            lines.append(f"{indent}# above {number}!")
        lines.append(line + (f"  # behind {number}!" if additions in ("behind", "both") else ""))
    return "\n".join(lines) + "\n" + draw(st.sampled_from(["", "# end\n"]))


words = st.sampled_from(["x", "yes", "ml.m5.large", "it's", "1.0", ""]) | st.integers(0, 9)
plain_specs = st.dictionaries(
    keys,
    st.recursive(
        words,
        lambda below: (
            st.lists(below, min_size=1, max_size=3) | st.dictionaries(keys, below, min_size=1, max_size=3)
        ),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("syntax", ["json", "yaml"])
def test_any_fixes_together(syntax: str) -> None:
    texts_of = json_texts if syntax == "json" else yaml_texts

    @given(st.data())
    def run(data: st.DataObject) -> None:
        spec = data.draw(specs)
        document = documents(data.draw(texts_of(spec)), syntax)[0]
        several = data.draw(st.lists(fixes(spec), min_size=2, max_size=4))
        possible = [fix for fix in several if edits(document, fix)]
        text, count = fixed(document.source, [(document, fix) for fix in several])
        assert bool(possible) <= count <= len(possible)
        # A proved text has the right values; it must also look consistent.
        documents(text, syntax)
        before = document.source.text
        assert not [line for line in text.splitlines() if line != line.rstrip() and line not in before]
        assert text.endswith("\n") == before.endswith("\n")
        if syntax == "json":
            assert not re.search(r"\n\s*\n", text)

    run()


def test_comments_stay() -> None:
    class Commented(Tally):
        pass

    @given(st.data())
    def run(data: st.DataObject) -> None:
        spec = data.draw(plain_specs)
        dumped = yaml.safe_dump(
            spec, default_flow_style=False, width=10**6, allow_unicode=True, sort_keys=False
        )
        text = data.draw(commented(dumped))
        document = documents(text, "yaml")[0]
        fix = data.draw(fixes(spec))
        found = edits(document, fix)
        if found is None:
            # The replaced part may have comments, which have no place in the new one.
            Commented.refused += not isinstance(fix, Replace)
            return
        Commented.made += 1
        result = apply(text, found)
        assert same(documents(result, "yaml")[0].spec, changed(document.spec, fix))
        assert not [line for line in result.splitlines() if line != line.rstrip()]
        assert "\n\n\n" not in result
        start = document.locate(fix.path, key=True)[0]
        end = document.locate(fix.path)[1] if isinstance(fix, Remove) else start
        end = text.index("\n", end) if isinstance(fix, Remove) else start
        for comment in re.finditer("# [^#\n]*", text):
            assert start <= comment.start() < end or comment.group() in result

    run()
    assert Commented.refused < 0.05 * (Commented.made + Commented.refused)


# ---------------------------------------------------------------- many fixes at once


class CountedSyntax:
    """YAML, of which some edits are wrong, with a count of the texts that are read."""

    def __init__(self, wrong: set[str]) -> None:
        self.read_texts = 0
        syntax = syntax_of(Source("a.yaml", ""))
        assert syntax.editor is not None
        make = syntax.editor

        class Editor:
            def __init__(self, document: Document) -> None:
                self._editor = make(document)

            def edits(self, fix: Fix) -> list[Edit]:
                found: list[Edit] = self._editor.edits(fix)
                path: Any = getattr(fix, "path", ())
                return [Edit(e.start, e.end, f"{e.text}?") for e in found] if path[-1] in wrong else found

        self.editor = Editor
        self._read = syntax.read

    def read(self, source: Source) -> list[Document]:
        self.read_texts += 1
        return self._read(source)


@pytest.mark.parametrize("wrong", [set(), {"k5"}, {"k0", "k127"}])
def test_fixes_that_do_not_overlap_are_proved_together(wrong: set[str]) -> None:
    """Proving each separately would read as many texts as there are fixes."""
    source = Source("a.yaml", "".join(f"k{number}: a\n" for number in range(128)))
    (document,) = read_yaml.read(source)
    syntax: Any = CountedSyntax(wrong)
    fixes = [Replace(f"k{number}", "b") for number in range(128)]
    plans = SourceEditor(source, syntax).plans([(document, fix, None) for fix in fixes])
    made = {str(plan.fix.path[0]) for plan in plans if plan is not None}
    assert made == {f"k{number}" for number in range(128)} - wrong
    # All of them before, all after, and two halves for each halving that leads to a wrong one.
    assert syntax.read_texts <= 2 + 2 * 7 * len(wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "fixtures" / "faulty").glob("*.yaml")),
    ids=lambda path: path.name,
)
def test_a_fix_is_proved_with_others_where_it_is_alone(path: Path) -> None:
    source = read_file(str(path), limits.MAX_FILE_SIZE)
    linter = Linter(model_of(), first_party_rules())
    syntax = linter.syntax(source)
    try:
        documents = {document.index: document for document in linter.read(source)}
    except SourceSyntaxError:
        return
    found = linter.lint_source(source).diagnostics
    fixes = [(documents[d.document], d.fix, None) for d in found if d.fix is not None]
    together = [plan and plan.edits for plan in SourceEditor(source, syntax).plans(list(fixes))]
    alone = [SourceEditor(source, syntax).plan(document, fix) for document, fix, _ in fixes]
    assert together == [plan and plan.edits for plan in alone]


def test_of_fixes_that_do_not_fit_together_as_many_are_made_as_do() -> None:
    source = Source("a.yaml", "a:\n  x: 1\n  y: 2\nb:\n" + "".join(f"  z{n}: 1\n" for n in range(64)))
    (document,) = read_yaml.read(source)
    syntax: Any = CountedSyntax(set())
    editor = SourceEditor(source, syntax)
    fixes: list[Fix] = [Remove(("a", "x")), Remove(("a", "y"))]
    fixes += [Replace(("b", f"z{n}"), 2) for n in range(64)]
    plans = [plan for plan in editor.plans([(document, fix, None) for fix in fixes]) if plan is not None]
    assert len(plans) == len(fixes)
    text, made = editor.combined(plans)
    assert (len(made), text.count(": 2\n"), "x: 1" in text) == (65, 65, False)
    assert syntax.read_texts < 40


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=3), max_size=8)
)
def test_the_fixes_that_are_made_together_do_not_overlap(spans: list[list[tuple[int, int]]]) -> None:
    plans = []
    for rows in spans:
        made: list[Edit] = []
        for start, length in sorted(rows):
            edit = Edit(start, start + length, "x")
            if compatible(made, [edit]):
                made.append(edit)
        plans.append(Plan(documents("a: 1", "yaml")[0], Replace("a", 2), made))
    chosen = _together(plans)
    assert all(compatible(one.edits, other.edits) for one, other in combinations(chosen, 2))
    for plan in plans:
        assert plan in chosen or any(not compatible(plan.edits, other.edits) for other in chosen)
