"""Half-typed JSON, YAML, Python and Terraform: valid text is read as usual, and all certain values of the
rest.
"""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from conftest import ROOT

from algolint.aws.model import Model
from algolint.server.cursor import cursor_at
from algolint.server.half_typed import read_json, read_yaml
from algolint.server.half_typed_python import read_python
from algolint.server.half_typed_terraform import read_terraform
from algolint.server.tree import Call
from algolint.source import Source
from algolint.syntaxes import read

MODEL = Model()
YAML = sorted((ROOT / "fixtures").rglob("*.yaml"))
JSON = sorted((ROOT / "fixtures").rglob("*.json"))
TERRAFORM = sorted((ROOT / "fixtures").rglob("*.tf"))


RESOURCE = 'resource "aws_sagemaker_algorithm" "a" {\n'


def words(value: Any) -> Any:
    """Return a value with its scalars as text, in which white space is collapsed."""
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


@pytest.mark.parametrize("path", TERRAFORM, ids=lambda path: path.parent.name)
def test_valid_terraform_is_read_as_the_reader_reads_it(path: Any) -> None:
    source = Source(str(path), path.read_text())
    (document,) = read(source)
    (resource,) = read_terraform(source.text)
    assert resource.plain() == document.spec
    for node in resource.walk():
        if node.kind in ("scalar", "hole"):
            assert node.span == document.locate(node.path_from(resource))


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


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures").rglob("*.py")), ids=lambda path: path.name)
def test_dicts_of_python_are_read_as_they_are(path: Any) -> None:
    """A dict without names, calls and operators has the values and locations that `ast` gives."""
    text = path.read_text()
    tree = ast.parse(text)
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    found = {node.span: node.plain() for root in read_python(text) for node in root.walk()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and text.isascii():
            try:
                value = ast.literal_eval(node)
            except ValueError:
                continue
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            start = lines[node.lineno - 1] + node.col_offset
            end = lines[node.end_lineno - 1] + node.end_col_offset
            if value:
                assert found[start, end] == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(a=", {"a": None}),
        ('f({"a": 1, "b"', {"a": 1, "b": None}),
        ('f(a={"b": [1, (2, "x" \'y\')], "c": True', {"a": {"b": [1, [2, "xy"]], "c": True}}),
        ('f(a={"b": "open\n}, c=1)', {"a": {"b": "open"}, "c": 1}),
        ('x = {"a": 1\ny = 2\n', {"a": 1}),
        ('def g():\n    f(a=1, b={"c": 2\n    return 1\n', {"a": 1, "b": {"c": 2}}),
        ('f(\n    a=1,\n    b={\n        "c": g(),\n        "d": x or {}\n', {"a": 1, "b": {"c": {}, "d": None}}),
        ("f(a=-1, b=x.y, c=f'{z}', d=f'z', e=b'z', *rest)", {"a": None, "b": None, "c": None, "d": "z", "e": None}),
        ('P = {"b": 1}\nf(a=P, **P)\n', {"a": {"b": 1}, "b": 1}),
        ('f(a=P)\nP: dict = [Q, Q]\nQ = {"c": P}\n', {"a": [{"c": None}, {"c": None}]}),
        ('f(a=("x"), b=("y"\n  "z"), c=(1,))', {"a": "x", "b": "yz", "c": [1]}),
        ('f(a={"b": 1 "c": 2}\n  d=[1\n  2])', {"a": {"b": 1, "c": 2}, "d": [1, 2]}),
        ('f(a={"b": ]}, c=1)', {"a": {"b": None}, "c": 1}),
        ('f(a=r"\\d", b="\\n", c="""d""")', {"a": "\\d", "b": "\n", "c": "d"}),
        ('boto3.client("x").f(a=[x for x in y], b=1)', {"a": [None], "b": 1}),
        ('r = {}\nr["a"] = 1\nr["b"] = {"c": 2}\nr["b"]["d"] = [3\nf(**r)', {"a": 1, "b": {"c": 2, "d": [3]}}),
        ('b = {"c": 2}\nr = dict(b=b)\nr["b"]["d"] = 3\nb["e"] = 4\nf(**r)', {"b": {"c": 2, "d": 3, "e": 4}}),
        ('r = {"b": [{"c": 2}]}\nb = r["b"][0]\nb["d"] = 3\nf(r=r)', {"r": {"b": [{"c": 2, "d": 3}]}}),
        ('r = {"a": 1}\nr[k] = 2\nr["a"][0] = 3\nr[0:1] = 4\nx["a"] = 5\ng()["a"] = 6\nf(r=r)', {"r": {"a": 1}}),
    ],
)  # fmt: skip
def test_half_typed_python(text: str, expected: Any) -> None:
    roots = read_python(text)
    calls = [root for root in roots if isinstance(root, Call) and root.function.endswith("f")]
    assert (calls or roots)[0].plain() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = "b', {"A": "b"}),
        ("a_b {\n  c = [1, 2\n", {"AB": {"C": [1, 2]}}),
        ('a = {\n  b = "c"\n  "d": true }\n e = 1', {"A": {"B": "c", "D": True}, "E": 1}),
        ('tags {\n key = "a" \n}\ntags {\n key =', {"Tags": [{"Key": "a"}, {"Key": None}]}),
        ("a = var.x == 1 ? [2] : null\nb = f(1, {c = 2})\nd = -1", {"A": None, "B": None, "D": None}),
        ('a = "x-${var.y["z"]}"\nb = <<-E\n  }\n  E\nc = 1', {"A": None, "B": None, "C": 1}),
        ("environment = {\n  my_key = 1\n}\nalgo", {"Environment": {"my_key": 1}, "Algo": None}),
        ('a = 1 # b = 2\n/* c = 3 */ d = 4 // e', {"A": 1, "D": 4}),
        ("a = ])\nb = 1", {"A": None, "B": 1}),
        ('dynamic "tags" {\n for_each = x\n content {\n key = 1 }\n}\ndynamic "b" {\n', {"Tags": [{"Key": 1}], "B": None}),
    ],
)  # fmt: skip
def test_half_typed_terraform(text: str, expected: Any) -> None:
    (resource,) = read_terraform(f'locals {{ a = 1 }}\nresource "aws_sagemaker_algorithm" "a" {{\n{text}')
    assert resource.plain() == expected
    assert read_terraform(f'resource "aws_s3_bucket" "a" {{\n{text}') == []


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
        ("a.py", "c.create_algorithm(|", "CreateAlgorithmInput", True, ""),
        ("a.py", "c.create_algorithm(Tr|)", "CreateAlgorithmInput", True, "Tr"),
        ("a.py", "c.create_algorithm(Tr|=1)", "CreateAlgorithmInput", True, "Tr"),
        ("a.py", 'c.create_algorithm(AlgorithmName="x", TrainingSpecification={|', "TrainingSpecification", True, ""),
        ("a.py", 'x = {"TrainingSpecification": {"|', "TrainingSpecification", True, '"'),
        ("a.py", "x = {'TrainingSpecification': {'TrainingChannels': [{'SupportedInputModes': [|", "TrainingInputMode", False, ""),
        ("a.py", 'C = [{"Name": "x", "|"}]\nc.create_algorithm(TrainingSpecification={"TrainingChannels": C})', "ChannelSpecification", True, '""'),
        ("a.py", 'r = {"AlgorithmName": "x", |}\nc.create_algorithm(**r)', "CreateAlgorithmInput", True, ""),
        ("a.py", 'x = {"name": "|"}  # create_algorithm', None, False, ""),
        ("a.tf", RESOURCE + "|\n}", "CreateAlgorithmInput", True, ""),
        ("a.tf", RESOURCE + "training_specification {\n  train|\n}\n}", "TrainingSpecification", True, "train"),
        ("a.tf", RESOURCE + 'training_specification = {\n  "train|', "TrainingSpecification", True, '"train'),
        ("a.tf", RESOURCE + "training_specification {\n  training_channels {\n  supported_input_modes = [|]", "TrainingInputMode", False, ""),
        ("a.tf", RESOURCE + 'training_specification {\n  supported_training_instance_types = ["ml.m5.large", "ml|', "TrainingInstanceType", False, '"ml'),
        ("a.tf", RESOURCE + 'training_specification {\n  dynamic "training_channels" {\n    content {\n      |', "ChannelSpecification", True, ""),
        ("a.tf", RESOURCE + "certify_for_marketplace = true # |", None, False, ""),
        ("a.tf", RESOURCE + "}\n|", None, False, ""),
        ("a.tf", 'resource "aws_s3_bucket" "b" {\n|\n}\n' + RESOURCE, None, False, ""),
        ("a.py", 'r = {}\nr["AlgorithmName"] = "x"\nr["|"]\nc.create_algorithm(**r)', "CreateAlgorithmInput", True, '""'),
        ("a.py", 'r = {"TrainingSpecification": {}}\nr["TrainingSpecification"]["|', "TrainingSpecification", True, '"'),
        ("a.py", 't = {"TrainingImage": "x"}\nt["|"] = []\nc.create_algorithm(TrainingSpecification=t)', "TrainingSpecification", True, '""'),
        ("a.py", 'r = {"TrainingSpecification": {}}\nt = r["TrainingSpecification"]\nt["SupportsDistributedTraining"] = |', "Boolean", False, ""),
        ("a.py", 'def f(r):\n    r["|"] = {}  # create_algorithm', None, False, ""),
        ("a.py", "c.create_algorithm()\nprint(|)", None, False, ""),
        ("a.py", "c.create_algorithm(\n    AlgorithmName='x',  # |\n)", None, False, ""),
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


#: Texts whose length grows with a number.
HOSTILE: list[Callable[[int], str]] = [
    lambda n: "[" * 2 * n,
    lambda n: '{"a":' * n,
    lambda n: "- " * n,
    lambda n: "a" + " " * 3 * n,
    lambda n: "a: [" * n,
    lambda n: "&a " * n,
    lambda n: "- a\n" * (n // 2),
    lambda n: "\n".join(" " * i + "a:" for i in range(n // 100)),
    lambda n: '"' * 3 * n,
    lambda n: "a:\n" + " " * 3 * n + "#",
    lambda n: "f(" * n,
    lambda n: "f(a={'x':" * (n // 2),
    lambda n: "a = [a]\n" * (n // 5),
    lambda n: "".join(f"a{i} = [a{i - 1}, a{i - 1}]\n" for i in range(n // 50)),
    lambda n: "a=" * n,
    lambda n: "a." * n,
    lambda n: "f()" * n,
    lambda n: "f(**" * (n // 2),
    lambda n: "a = {}\n" + "".join(f'a["{i}"] = 1\n' for i in range(n // 10)),
    lambda n: "a = {}\n" + "".join("a" + '["b"]' * i + " = {}\n" for i in range(min(n // 500, 60))),
    lambda n: "a0 = {}\n" + "".join(f'a{i}["b"] = a{i}\na{i + 1} = a{i}["b"]\n' for i in range(n // 40)),
]


@pytest.mark.parametrize("length", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_texts_are_read_in_the_time_of_the_suite(number: int, length: int) -> None:
    text = HOSTILE[number](length)
    resource = read_terraform(RESOURCE + text)
    for root in (read_json(text), *read_yaml(text), *read_python(text), *resource):
        root.plain()


@pytest.mark.parametrize(("count", "seed"), [(25, 1), pytest.param(200, 2, marks=pytest.mark.slow)])
def test_every_cut_of_a_text_is_read(count: int, seed: int) -> None:
    """Reading a text with any part removed does not fail, and all spans are inside of it."""
    chance = random.Random(seed)
    names = ("faulty/metrics.yaml", "clean/tuned-tabular.json", "same/forecaster/spec.py")
    for name in (*names, "same/boosted-trees/spec.tf"):
        path = ROOT / "fixtures" / name
        whole = path.read_text()
        for _ in range(count):
            start, end = sorted(chance.choices(range(len(whole)), k=2))
            text = whole[:start] + chance.choice(["", '"', "{", "[", ": ", "- ", "\n  "]) + whole[end:]
            for root in (*read_yaml(text), read_json(text), *read_python(text), *read_terraform(text)):
                for node in root.walk():
                    assert 0 <= node.span[0] <= node.span[1] <= len(text)
            source = Source(path.name, text)
            for offset in chance.choices(range(len(text) + 1), k=5):
                cursor_at(source, offset, MODEL)
