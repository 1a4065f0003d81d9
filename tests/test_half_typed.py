"""JSON and YAML while they are typed: what is valid is read as it is, and of the rest every value that can be told."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import yaml
from conftest import ROOT

from algolint.aws.model import Model
from algolint.server.cursor import cursor_at
from algolint.server.half_typed import read_json, read_yaml
from algolint.source import Source

MODEL = Model()
YAML = sorted((ROOT / "fixtures").rglob("*.yaml"))
JSON = sorted((ROOT / "fixtures").rglob("*.json"))


def words(value: Any) -> Any:
    """A value with its scalars as text, in which runs of space are one."""
    if isinstance(value, dict):
        return {str(key): words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [words(item) for item in value]
    if value is None:
        return ""
    return " ".join((str(value).lower() if isinstance(value, bool) else str(value)).split())


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_valid_yaml_is_read_as_pyyaml_reads_it(path: Any) -> None:
    text = path.read_text()
    expected = list(yaml.load_all(text, yaml.BaseLoader))
    assert [words(root.plain()) for root in read_yaml(text)] == words(expected)


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.name)
def test_valid_json_is_read_as_it_is(path: Any) -> None:
    text = path.read_text()
    # A fraction is left as it is written: nothing is computed with it.
    assert read_json(text).plain() == json.loads(text, parse_float=str)


@pytest.mark.parametrize("path", [*YAML, *JSON], ids=lambda path: path.name)
def test_spans_are_those_of_the_tokens(path: Any) -> None:
    text = path.read_text()
    for root in [read_json(text)] if path.suffix == ".json" else read_yaml(text):
        for node in root.walk():
            if node.key_span:
                assert text[slice(*node.key_span)].strip("\"'") == node.key
            if isinstance(node.value, str) and "\n" not in text[slice(*node.span)]:
                assert yaml.load(text[slice(*node.span)], yaml.BaseLoader) == node.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", {}),
        ('{"a"', {"a": None}),
        ('{"a":', {"a": None}),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ('{"a": "open\n "b": 2}', {"a": "open", "b": 2}),
        ('{"a":\n "b": 2}', {"a": None, "b": 2}),
        ('{"a": [1, 2, "b": 3}', {"a": [1, 2, "b", ":", 3]}),
        ('{"a": {"b": [1, {"c": 2}, "d": 3}', {"a": {"b": [1, {"c": 2}, "d", ":", 3]}}),
        ('{"a": ]}', {"a": None}),
        ("", None),
    ],
)
def test_half_typed_json(text: str, expected: Any) -> None:
    assert read_json(text).plain() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb", {"a": 1, "b": None}),
        ("a:\n  b: 1\n  c\nd: 2", {"a": {"b": 1, "c": None}, "d": 2}),
        ("a:\n- b: 1\n  c\nd: 2", {"a": [{"b": 1, "c": None}], "d": 2}),
        ("a: [1, 2\nb: 3", {"a": [1, 2], "b": 3}),
        ("a: {x: 1, y\nb: 3", {"a": {"x": 1, "y": None}, "b": 3}),
        ('a: "open\nb: 3', {"a": "open", "b": 3}),
        ("a:\n  -\n  - x\n", {"a": [None, "x"]}),
        ("a: &x !Sub text # comment\nb: x#y", {"a": "text", "b": "x#y"}),
        ("a: |\n  one\n  two: x\nb: 1", {"a": "one\ntwo: x", "b": 1}),
        ("a:\n    b: 1\n  c: 2", {"a": {"b": 1}, "c": 2}),
        ("- a\n- b: 1\n  c: 2\n", ["a", {"b": 1, "c": 2}]),
        ("a:\n  b\n", {"a": "b"}),
    ],
)
def test_half_typed_yaml(text: str, expected: Any) -> None:
    assert [root.plain() for root in read_yaml(text)] == [expected]


@pytest.mark.parametrize(
    ("name", "text", "shape", "is_key", "token"),
    [
        ("algorithm.json", "{ | }", "CreateAlgorithmInput", True, ""),
        ("algorithm.yaml", "|", "CreateAlgorithmInput", False, ""),
        ("a.yaml", "AlgorithmName: x\nTra|", "CreateAlgorithmInput", True, "Tra"),
        ("a.yaml", "AlgorithmName: x\nTrainingSpecification:\n  Tr|\nTags: []", "TrainingSpecification", False, "Tr"),
        ("a.yaml", "AlgorithmName: x\nTrainingSpecification:\n  TrainingChannels:\n  - Name: a\n    |", "ChannelSpecification", True, ""),
        ("a.yaml", "AlgorithmName: x\nTrainingSpecification:\n  TrainingChannels:\n    - |", "ChannelSpecification", False, ""),
        ("a.yaml", "AlgorithmName: x\nTrainingSpecification:\n  TrainingChannels:\n  - SupportedInputModes: [F|", "TrainingInputMode", False, "F"),
        ("a.json", '{"AlgorithmName": "", "TrainingSpecification": {"Tra|\n"TrainingChannels": []}}', "TrainingSpecification", True, '"Tra'),
        ("a.json", '{"AlgorithmName": "", "TrainingSpecification": {"SupportsDistributedTraining": |}}', "Boolean", False, ""),
        ("a.json", '{"AlgorithmName": "", "TrainingSpecification": {"TrainingChannels": [{"|"}]}}', "ChannelSpecification", True, '""'),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n      |", "CreateAlgorithmInput", False, ""),
        ("a.yaml", "AlgorithmName: x\nTags: []  # |", None, False, ""),
        ("package.json", '{"name": "|"}', None, False, ""),
    ],
)  # fmt: skip
def test_the_cursor_is_in_a_value_or_a_key(
    name: str, text: str, shape: str | None, is_key: bool, token: str
) -> None:
    offset = text.index("|")
    source = Source(name, text.replace("|", ""))
    cursor = cursor_at(source, offset, MODEL)
    if shape is None:
        assert cursor is None
        return
    assert cursor is not None
    place = cursor.spec.place(cursor.holder if cursor.is_key else cursor.node)
    assert place is not None
    found = place.shape, cursor.is_key, source.text[cursor.span[0] : cursor.span[1]]
    assert found == (shape, is_key, token)


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, '{"a":' * 100_000, "- " * 100_000, "a" + " " * 300_000, "a: [" * 100_000, "&a " * 100_000,
     "- a\n" * 50_000, "\n".join(" " * i + "a:" for i in range(1000)), '"' * 300_000, "a:\n" + " " * 300_000 + "#"],
)  # fmt: skip
def test_hostile_texts_are_read_in_the_time_of_the_suite(text: str) -> None:
    for root in (read_json(text), *read_yaml(text)):
        root.plain()


def test_every_cut_of_a_text_is_read() -> None:
    """Whatever is cut out of a text, reading it neither fails nor gives spans outside of it."""
    chance = random.Random(1)
    for path in (ROOT / "fixtures/faulty/metrics.yaml", ROOT / "fixtures/clean/tuned-tabular.json"):
        whole = path.read_text()
        for _ in range(150):
            start, end = sorted(chance.choices(range(len(whole)), k=2))
            text = whole[:start] + chance.choice(["", '"', "{", "[", ": ", "- ", "\n  "]) + whole[end:]
            for root in (*read_yaml(text), read_json(text)):
                for node in root.walk():
                    assert 0 <= node.span[0] <= node.span[1] <= len(text)
            source = Source(path.name, text)
            for offset in chance.choices(range(len(text) + 1), k=5):
                cursor_at(source, offset, MODEL)
