from __future__ import annotations

import json
import math
import random
import warnings
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import needs_libyaml, shares
from hypothesis import given, settings
from hypothesis import strategies as st
from renderings import values

from algolint import limits
from algolint.readers import json as read_json
from algolint.readers import yaml_nodes
from algolint.readers.yaml import YamlDocument, read
from algolint.readers.yaml_awscli import REFUSED_BY_BOTH, may_differ
from algolint.readers.yaml_nodes import depth_bound
from algolint.readers.yaml_scalars import YamlScalar, resolve
from algolint.source import Source, SourceSyntaxError
from algolint.spec.structural_rules import refused_by_aws_cli
from algolint.values import UNKNOWN, OpenDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from algolint.values import Path

SAMPLE = """\
# An algorithm
AlgorithmName: trees   # its name
AlgorithmDescription: >
  Trees
  and more.

TrainingSpecification:
  TrainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/trees:1"
  SupportedTrainingInstanceTypes: [ml.m5.large, 'ml.c5.xlarge']
  SupportsDistributedTraining: no
  TrainingChannels:
  - Name: train
    Limits: {low: 0, high: -1.5e3}
    Empty:

  # after the list
  - &second
    Name: test
    <<: &base {IsRequired: true}
  - *second
  Tags: !Tags
    - Key: a
Last:
- - deep
  -
"""


#: For tests that would only take longer with the pure Python parser.
libyaml_only = pytest.mark.parametrize("parser", ["libyaml"], indirect=True)


@pytest.fixture(autouse=True, params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


def documents(text: str) -> list[YamlDocument]:
    found = read(Source("spec.yaml", text))
    assert all(isinstance(document, YamlDocument) for document in found)
    return found  # type: ignore[return-value]


def document(text: str) -> YamlDocument:
    (found,) = documents(text)
    return found


def value(text: str) -> Any:
    return document(text).spec


def specs_by_aws_cli(text: str) -> list[Any] | None:
    """Return the values of a text as AWS CLI v2's parser reads them, or None if it rejects the text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        try:
            return [found.spec for found in documents(text)]
        except SourceSyntaxError:
            return None


def fault(text: str) -> SourceSyntaxError:
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source("spec.yaml", text))
    return caught.value


# ---------------------------------------------------------------------------- plain scalars, as ruamel.yaml

WORDS = """
true True TRUE tRUE false False FALSE yes Yes YES no No NO on On ON off Off OFF y Y n N t f
null Null NULL nUll ~ nil none None
0 1 -1 +1 -0 +0 00 01 007 08 09 017 -017 +017 0o17 -0o17 +0o17 0o9 0o 0o_7 0O17
0x1F 0X1F 0xff -0xff +0xFF 0x 0xg 0x_f 0b11 -0b11 0b2 0b 0B11 0b1_1
1_000 1__0 1_ _1 -1_0 +1_0 -_1 1_000_000 12345678901234567890123
1.0 -1.0 +1.0 1. -1. .5 -.5 +.5 . -. 1..2 1.2.3 0.1 00.1 1_0.5 1_0.5_0 1._5 ._5 0x1.8
1e3 1E3 1e+3 1e-3 -1e3 +1e3 1_0e3 1e 1e+ e3 1.5e3 1.5E+3 1.5e-3 1.e3
.5e3 .5e+3 .5e-3 -.5e+3 +.5e3 1e3.5 1e999 -1e999
.inf -.inf +.inf .Inf .INF .iNF inf Infinity -Infinity .nan .NaN .NAN -.nan nan NaN
2023-05-01 2023-5-1 2023-12-31 2023-5-01 20230501 2023-05 2023-05-01x 0001-01-01 -2023-05-01
2023-05-01T10:20:30 2023-05-01t10:20:30Z 2023-05-01T10:20:30.5 2023-05-01T10:20:30+02:00 2023-05-01T1:20:30
2023-05-01T10:20 2023-5-1T1:20:30-5 2023-05-01T10:20:30.123456789Z 2023-05-01T10:20:30z
12:30:45 12:30 1:30 01:30 0:30 60:60 190:20:30 -1:30 +1:30 1:30.5 12:30:45.5 1_0:30 1:3 12:3a 22:22
ml.m5.large 1.0.0 1-1 1+1 1,000 1% $5 5GB 123abc abc123 -- -a +a ++1 --1 +-1 a:b a.b /opt/ml s3://b/k x=y
123456789012 0123456789 000123456789 08.5 1:2:3:4 1:99 0.0.0.0 10.0.0.1 ...
.a .1.2 0_ -0_1 +.inf5 1e1_0 1.5_ é ２
"""
TOKENS = [
    *WORDS.split(),
    "2023-05-01 10:20:30",
    "2023-05-01 10:20:30 Z",
    "2023-05-01   10:20:30 +2",
    "2023-05-01 1",
    "a b",
]

#: Tokens that make the AWS CLI fail, and are faults here.
REFUSED = ["=", "<<", "-_", "+_", "0b_", "0o_", "0x_", "._", "-._", "+._"]


def ruamel_value(token: str) -> Any:
    ruamel = pytest.importorskip("ruamel.yaml", reason="compares with ruamel.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ruamel.YAML(typ="safe", pure=True).load("a: " + token)["a"]


def assert_as_ruamel(token: str) -> None:
    try:
        theirs = ruamel_value(token)
    except ValueError:
        # A number without digits, or a date that the calendar does not have.
        ours = None if token in REFUSED else value("a: " + token)["a"]
        assert ours is None or (isinstance(ours, YamlScalar) and ours.certain) or not token.isascii()
        return
    ours = value("a: " + token)["a"]
    if isinstance(ours, YamlScalar) and ours.certain:
        kind = {"date": "a date", "datetime": "a timestamp", "TimeStamp": "a timestamp", "float": "NaN"}
        assert ours.reads_as == kind[type(theirs).__name__]
        assert ours == token
    else:
        assert isinstance(ours, type(theirs))
        assert ours == theirs


def test_plain_scalars_read_as_in_ruamel() -> None:
    for token in TOKENS:
        assert_as_ruamel(token)


def test_the_table_is_long_enough() -> None:
    assert len(set(TOKENS)) >= 150


@libyaml_only
@given(
    st.text("0123456789+-._eExXobBaAfFnN:TZ", min_size=1, max_size=9)
    | st.from_regex(r"[-+]?[0-9][0-9_]{0,3}(\.[0-9_]{0,3})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)
    | st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2})?", fullmatch=True)
    | st.from_regex(r"[yYnNtTfFoO][eErRoOuUaAlLfFnNsS]{0,4}", fullmatch=True)
)
def test_tokens_like_numbers_words_and_dates_read_as_in_ruamel(token: str) -> None:
    try:
        text = yaml.load("a: " + token, yaml.BaseLoader)["a"]
    except (yaml.YAMLError, TypeError):
        return
    if text != token or ": " in token:
        return
    try:
        resolve(token)
    except ValueError:
        with pytest.raises(ValueError):
            ruamel_value(token)
        return
    assert_as_ruamel(token)


@pytest.mark.parametrize("token", REFUSED)
def test_plain_scalars_that_cannot_be_read(token: str) -> None:
    found = fault(f"a: 1\nb: [x, {token}]\n")
    assert "quote it" in found.message
    assert found.span == (12, 12 + len(token))


def test_what_only_a_yaml_1_1_reader_takes_for_something_else() -> None:
    kinds = {"a boolean": bool, "an integer": int, "a number": float}
    for token in TOKENS:
        theirs = yaml.safe_load(f"a: {token}")["a"]
        ours = value(f"a: {token}")["a"]
        differs = isinstance(ours, str) and not isinstance(theirs, str)
        assert differs == isinstance(ours, YamlScalar), token
        if isinstance(ours, YamlScalar) and not ours.certain:
            assert type(theirs) is kinds[ours.reads_as], token


def test_types_are_exact() -> None:
    found = value("a: x\nb: 1\nc: 1.5\nd: true\ne: ~\nf: []\ng: {}\nh: 'no'\ni: no\nj: .inf")
    types = {name: type(item) for name, item in found.items()}
    assert types == {
        "a": str, "b": int, "c": float, "d": bool, "e": type(None), "f": list, "g": dict, "h": str,
        "i": YamlScalar, "j": float,
    }  # fmt: skip
    assert found["j"] == math.inf


def test_a_directive_switches_to_yaml_1_1() -> None:
    first, second = documents("%YAML 1.1\n---\na: yes\nb: 12:30:45\nc: 017\nd: n\ne: 0o17\n---\na: yes\n")
    assert first.spec == {"a": True, "b": 45045, "c": 15, "d": False, "e": "0o17"}
    assert second.spec == {"a": True}
    assert value("%YAML 1.2\n---\na: yes") == {"a": "yes"}


def test_tags() -> None:
    text = (
        '{a: !!str 1, b: !!int "3", c: !!float 3, d: !!bool yes, e: !!null x, f: !!seq [1], g: !!map {k: 1}, '
        "h: !Ref x, i: !!python/object:os.system [x], j: !!binary aGk=, k: !!set {x: }, l: !Foo {a: 1}, "
        "m: !!timestamp 2020-01-01, n: !!str }"
    )
    found = value(text)
    certain = {
        "a": "1",
        "b": 3,
        "c": 3.0,
        "d": True,
        "e": None,
        "f": [1],
        "g": {"k": 1},
        "m": "2020-01-01",
        "n": "",
    }
    for name, item in certain.items():
        assert found[name] == item
    for name in "hijkl":
        assert found[name] is UNKNOWN
    assert found["m"].reads_as == "a date"


# ---------------------------------------------------------------------------- documents, keys, aliases


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "---\n---\n", "--- # x\n...\n"])
def test_an_empty_file(text: str) -> None:
    found = fault(text)
    assert "empty" in found.message
    assert found.span == (0, 0)


def test_empty_documents_of_a_stream_are_passed_over() -> None:
    found = documents("---\n---\na: 1\n---\n~\n---\nb: 2\n")
    assert [(item.index, item.spec) for item in found] == [(1, {"a": 1}), (3, {"b": 2})]
    assert value("null\n") is None
    text = found[1].source.text
    assert text[slice(*found[1].locate(("b",)))] == "2"


def test_duplicate_keys() -> None:
    text = "a: 1\nb:\n  - {k: 1, 'k': 2, <<: {k: 0, z: 9}}\n\"a\": {x: 3}\n1: x\n'1': y\ntrue: z\n"
    found = document(text)
    assert found.spec == {"a": {"x": 3}, "b": [{"k": 2, "z": 9}], "1": "y", "true": "z"}
    seen = [
        (fault.path, text[slice(*fault.span)], fault.message, text[slice(*fault.related[0])])
        for fault in found.faults
        if fault.related
    ]
    assert seen == [
        (("b", 0, "k"), "'k'", "duplicate key 'k' in this object", "k"),
        (("a",), '"a"', "duplicate key 'a' in this object", "a"),
        (("1",), "'1'", "duplicate key '1' in this object", "1"),
    ]
    assert text[slice(*found.locate(("a", "x")))] == "3"


def test_three_of_a_key_and_two_merges() -> None:
    found = document("a: 1\na: 2\na: 3\n<<: {b: 1}\n<<: {c: 1}\n")
    assert [fault.path for fault in found.faults] == [("a",), ("a",), ("<<",)]
    many = document("".join("a: 1\n" for _ in range(2_000)))
    assert len(many.faults) == 1_999


def test_merge_keys() -> None:
    text = (
        "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\nw:\n  <<: *x\n  b: 4\n'<<': q\n"
    )
    found = document(text)
    assert found.spec["z"] == {"a": 1, "b": 1, "c": 3}
    assert found.spec["w"] == {"a": 1, "b": 4}
    assert found.spec["<<"] == "q"
    assert not found.faults
    assert found.locate(("z", "a"), key=True)[0] == text.index("a: 1")
    assert found.locate(("z", "c"), key=True)[0] == text.index("c: 3")
    assert found.locate(("w", "b"))[0] == text.index("4")
    assert fault("a: 1\n<<: 3").span == (9, 10)
    assert isinstance(value("<<: !Include x\na: 1"), OpenDict)


def test_keys_without_a_name_leave_the_object_open() -> None:
    found = document("? [a, b]\n: 1\nc: 2\n")
    assert found.spec == {"c": 2}
    assert isinstance(found.spec, OpenDict)
    assert isinstance(value("!Ref x: 1\nc: 2\n"), OpenDict)


def test_aliases() -> None:
    text = "a: &one {k: &two [1, 2]}\nb: *one\nc:\n  - *two\n  - *one\n*two : x\n"
    found = document(text)
    assert found.spec == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": [[1, 2], {"k": [1, 2]}]}
    spots = {path: text[slice(*found.locate(path))] for path, _ in values(found.spec)}
    assert spots[("b",)] == "*one"
    assert spots[("b", "k", 1)] == "2"
    assert spots[("a",)] == "{k: &two [1, 2]}"
    assert spots[("c", 0)] == "*two"
    assert spots[("c",)] == "- *two\n  - *one"
    assert text[slice(*found.locate(("c", 1), key=True))] == "*one"
    assert text[slice(*found.locate(("a", "k")))] == "[1, 2]"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a:\n  &x b: 1\n", "b: 1"),
        ("a:\n  !!str b: 1\n", "b: 1"),
        ("a: &y\n  &x b: 1\n", "b: 1"),
        ("a: &x\n  b: 1\n", "b: 1"),
    ],
)
def test_the_anchor_of_a_first_key_is_not_that_of_its_object(text: str, written: str) -> None:
    assert text[slice(*document(text).locate(("a",)))] == written


@libyaml_only
def test_an_anchor_of_an_empty_first_key() -> None:
    text = "k\tl: 1\na:\n  &x:\n  # c"
    start = text.index("&x:") + 2
    assert document(text).locate(("a",)) == (start, start + 1)


def test_an_anchor_may_be_defined_again() -> None:
    text = "a: &x 1\nb: &x [2]\nc: *x\n"
    found = document(text)
    assert found.spec == {"a": 1, "b": [2], "c": [2]}
    assert text[slice(*found.locate(("c",)))] == "*x"


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
CHAIN = "- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, 300))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "aliases expand to more than 100,000 values"),
        (CHAIN, "nested more than 200 levels deep through aliases"),
        ("[" * 1_000, "nested more than 200 levels deep"),
        ("[" * 500 + "]" * 500, "nested more than 200 levels deep"),
        ("{a: " * 100_000, "nested more than 200 levels deep"),
        ("- " * 100_000, "nested more than 200 levels deep"),
        ("? " * 100_000, "nested more than 200 levels deep"),
        ("\n".join(" " * n + "a:" for n in range(1_000)), "nested more than 200 levels deep"),
        ("[" * 201 + "]" * 201, "nested more than 200 levels deep"),
        ("[a: " * 101 + "]" * 101, "nested more than 200 levels deep"),
    ],
)
def test_hostile_nesting(text: str, message: str) -> None:
    assert fault(text).message == message


def test_the_deepest_nesting_allowed() -> None:
    assert list(values(value("[" * 200 + "]" * 200)))[-1][0] == (0,) * 199
    assert value("\n".join(" " * n + "a:" for n in range(200)))["a"]
    assert len(value("\n".join("- [[x]]" for _ in range(2_000)))) == 2_000


# ---------------------------------------------------------------------------- faults


@pytest.mark.parametrize(("text", "digits"), [("a: " + "1" * 5000, "5,000"), ("a: 0x" + "f" * 4299, "4,301")])
def test_numbers_with_too_many_digits(text: str, digits: str) -> None:
    found = fault(text)
    assert f"{digits} digits" in found.message
    assert found.span == (3, len(text))


# ---------------------------------------------------------------------------- positions


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        (("AlgorithmName",), False, "trees"),
        (("AlgorithmName",), True, "AlgorithmName"),
        (("AlgorithmDescription",), False, ">\n  Trees\n  and more."),
        (
            ("TrainingSpecification", "TrainingImage"),
            False,
            '"123456789012.dkr.ecr.us-east-1.amazonaws.com/trees:1"',
        ),
        (("TrainingSpecification", "SupportedTrainingInstanceTypes", 1), True, "'ml.c5.xlarge'"),
        (("TrainingSpecification", "SupportedTrainingInstanceTypes"), False, "[ml.m5.large, 'ml.c5.xlarge']"),
        (("TrainingSpecification", "TrainingChannels", 0), True, "Name"),
        (
            ("TrainingSpecification", "TrainingChannels", 0),
            False,
            "Name: train\n    Limits: {low: 0, high: -1.5e3}\n    Empty:",
        ),
        (("TrainingSpecification", "TrainingChannels", 0, "Empty"), False, ""),
        (("TrainingSpecification", "TrainingChannels", 0, "Limits", "high"), False, "-1.5e3"),
        (
            ("TrainingSpecification", "TrainingChannels", 1),
            False,
            "Name: test\n    <<: &base {IsRequired: true}",
        ),
        (("TrainingSpecification", "TrainingChannels", 1), True, "Name"),
        (("TrainingSpecification", "TrainingChannels", 1, "IsRequired"), True, "IsRequired"),
        (("TrainingSpecification", "TrainingChannels", 2), True, "*second"),
        (("TrainingSpecification", "TrainingChannels", 2, "Name"), False, "test"),
        (("TrainingSpecification", "TrainingChannels", 3), True, "TrainingChannels"),
        (("TrainingSpecification", "Tags"), False, "- Key: a"),
        (("TrainingSpecification", "Missing", 0), True, "TrainingSpecification"),
        (("Last", 0), False, "- deep\n  -"),
        (("Last", 0), True, "-"),
        (("Last", 0, 1), False, ""),
        (("Last", 7), True, "Last"),
        (("AlgorithmName", "x"), True, "AlgorithmName"),
        ((), True, "AlgorithmName"),
        ((), False, SAMPLE[SAMPLE.index("AlgorithmName") :].rstrip()),
    ],
)
def test_locating(path: Path, key: bool, text: str) -> None:
    found = document(SAMPLE)
    assert SAMPLE[slice(*found.locate(path, key))] == text


def test_an_empty_value_is_located_after_its_colon() -> None:
    assert document("a:\n\nb: 1\n").locate(("a",)) == (2, 2)


def test_columns_count_characters() -> None:
    text = 'é: "😀"\r\na: x\u2028  y\nb: "x\u2029y\x85z"\n\u00a0c: 😀😀 # 😀\nd: last\n'
    found = document(text)
    assert text[slice(*found.locate(("d",)))] == "last"
    assert text[slice(*found.locate(("é",)))] == '"😀"'
    assert text[slice(*found.locate(("é",), key=True))] == "é"


def test_a_byte_order_mark_is_no_character() -> None:
    found = document("\ufeffa: b\n")
    assert found.locate(("a",)) == (3, 4)


def test_surrogate_escapes_of_json() -> None:
    text = '{"a": "x\\ud83d\\ude00y\\\\ud83d", "k\\uD83D\\uDE00": "\\ud800", '
    text += "b: '\\ud83d\\ude00', c: z\\ud800z}"
    found = document(text)
    assert found.spec == {
        "a": "x😀y\\ud83d",
        "k😀": "\ud800",
        "b": "\\ud83d\\ude00",
        "c": "z\\ud800z",
    }
    assert text[slice(*found.locate(("k😀",), key=True))] == '"k\\uD83D\\uDE00"'
    assert text[slice(*found.locate(("c",)))] == "z\\ud800z"
    assert len(value(json.dumps(["😀" * 20_000]))[0]) == 20_000


def test_surrogate_escapes_beside_all_characters_of_private_use() -> None:
    """No characters are left to mask the escapes with: the AWS CLI's parser decides, and libyaml rejects it."""
    text = f'a: "\\ud83d"\nb: {"".join(map(chr, range(0xE000, 0xF900)))}\n'
    assert document(text).spec["a"] == "\ud83d"


# ---------------------------------------------------------------------------- as AWS CLI v2 reads it

COMPLETE = """AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
Tags:
  - Key: team
    Value: pricing
"""

#: Texts that AWS CLI v2 rejects and libyaml accepts, with the location.
REFUSED_TEXTS: list[tuple[str, str]] = [
    ("AlgorithmName: forecaster\t\nTags: []\n", "\t"),
    ("AlgorithmName: forecaster\nTags:\t\n  - Key: a\n", "\t"),
    ("AlgorithmName: forecaster\t# comment\n", "\t"),
    ("AlgorithmName:\tforecaster\n", "\t"),
    ("AlgorithmName: forecaster\n \t\nTags: []\n", "\t"),
    ('a: ["b":1]\n', ""),
    ("a: >\n \n  \n # x\n", ""),
    ("a: |# comment\n  b\n", "#"),
    ("a: b\n...\n...\n", ""),
    ("a: x\u2028b: y\n", ""),
]


@pytest.mark.parametrize(("text", "where"), REFUSED_TEXTS)
def test_what_aws_cli_refuses_and_other_readers_accept(text: str, where: str) -> None:
    """The file is linted nevertheless if libyaml can read it, and the error names both parsers."""
    if not yaml.__with_libyaml__:
        with pytest.raises(SourceSyntaxError):
            document(text)
        return
    found = documents(text)
    (fault,) = [fault for each in found for fault in each.faults]
    assert fault.rule is refused_by_aws_cli
    assert "AWS CLI v2" in fault.message
    assert "PyYAML" in fault.message
    assert text[slice(*fault.span)].startswith(where)
    assert isinstance(found[0].spec, dict)


ACCEPTED_TEXTS: list[tuple[str, Any]] = [
    ("x: &a.b c", {"x": "c"}),
    ("x: &v1.0 c\ny: *v1.0", {"x": "c", "y": "c"}),
    ("x: &😁 c", {"x": "c"}),
    ("Regex: |-\n \tloss=(.*)", {"Regex": "\tloss=(.*)"}),
    ("a: [:x]", {"a": [":x"]}),
    ("{x: :x}", {"x": ":x"}),
    ("a: [::1]", {"a": ["::1"]}),
    ("{http://foo.com, a: 1}", {"http://foo.com": None, "a": 1}),
    ("--- >\ntext", "text"),
    ("%FOO bar\n---\na: 1", {"a": 1}),
]


@pytest.mark.parametrize(("text", "expected"), ACCEPTED_TEXTS)
def test_what_aws_cli_accepts_and_libyaml_refuses(text: str, expected: Any) -> None:
    found = document(text)
    assert not found.faults
    assert found.spec == expected


def test_a_document_after_the_end_of_another_needs_no_start() -> None:
    assert [found.spec for found in documents("a: 1\n...\nb: 2\n")] == [{"a": 1}, {"b": 2}]


def test_locations_in_a_text_that_libyaml_refuses() -> None:
    text = "x: &v1.0 {a: [:x, c]} # d\ny: *v1.0\nz:\n\n# e\nw: 'f'\n"
    found = document(text)
    assert text[slice(*found.locate(("x",)))] == "{a: [:x, c]}"
    assert text[slice(*found.locate(("x", "a", 1)))] == "c"
    assert text[slice(*found.locate(("y",)))] == "*v1.0"
    assert found.locate(("z",)) == (text.index("z:") + 2,) * 2
    assert text[slice(*found.locate(("w",)))] == "'f'"


@needs_libyaml
@pytest.mark.parametrize(
    "text",
    [
        COMPLETE,
        f"---\n{COMPLETE}---\n{COMPLETE}",
        COMPLETE.replace("\n", "\r\n"),
        "# R & D: 2 * 3 !\n" + COMPLETE,
        COMPLETE.replace("pricing", "training & tuning"),
        COMPLETE.replace("pricing", "new! really !"),
        COMPLETE.replace("pricing", "*emphasis*: 'no'").replace("Value: ", "Value: >-\n      "),
        COMPLETE.replace("pricing", "'(?:a|b)\\s*: ([0-9.]+) !'"),
        COMPLETE.replace("pricing", "Größe – é"),
        COMPLETE.replace("pricing", """'{"lr":0.1,"layers":[{"units":64},"a":1]}'"""),
        COMPLETE.replace("pricing", """|\n      {"lr":0.1, "layers":["a":1]}"""),
        """{"AlgorithmName":"forecaster","Tags":[{"Key":"a","Value":"b"}]}""",
        "a: &name1 {x: 1}\nb: *name1\nc: [*name1, *name1]\nd: !!str 1\n",
        "a: yes\nb: 2026-01-02T03:04:05Z\nc: 1_000\nd: ~\ne: 'it''s'\n",
    ],
)
def test_ordinary_specs_need_no_second_parser(text: str) -> None:
    assert not may_differ(text)
    assert repr([found.spec for found in documents(text)]) == repr(specs_by_aws_cli(text))


ODD_PIECES = [
    "&a ", "*a", "&a:", "*a?", "!t ", "!<t> ", "!t, ", "& ", "* ", "! ", ":", ": ", "- ", "? ", ",", "[", "]", "{", "}",
    "\n", "\n  ", "\n- ", "\nk: ", "a", "b", " ", " # ", "'a':", '"a":', '"a":1', '{"a":1,"b":[2]}', "['a':1]",
    "\nk: &a 1\nl: *a", "\nk: |\n  ", "\nk: >-\n  ", "'", '"', "--- ", "\n---\n", "R & D", "é",
]  # fmt: skip


@libyaml_only
def test_where_the_parsers_cannot_differ_they_read_alike() -> None:
    choices = random.Random(20)
    texts = ["k: " + "".join(choices.choices(ODD_PIECES, k=choices.randrange(8))) for _ in range(2000)]
    read_alike = 0
    for text in texts:
        if may_differ(text):
            continue
        try:
            specs = [found.spec for found in documents(text)]
        except SourceSyntaxError:
            continue
        assert repr(specs) == repr(specs_by_aws_cli(text)), text
        read_alike += 1
    assert read_alike > 200


@pytest.mark.parametrize(
    "text", ["a: 1\nNa\nb: 2\n", "a: 1\nb: c: d\n", "a:\n  - b: c\n    Na\n    d: e\n", "a: 'b'\nc\n"]
)
@libyaml_only
def test_a_half_typed_line_is_not_parsed_twice(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_nodes, "_AwsCliLoader", None)
    with pytest.raises(SourceSyntaxError):
        documents(text)


@pytest.mark.parametrize("share", shares(5))
@libyaml_only
def test_what_is_not_parsed_twice_is_refused_by_both(share: Callable[[Iterable[int]], list[int]]) -> None:
    refused = 0
    pieces = [*ODD_PIECES, "\na: b", "\n  c: d", "\ne", "|\n", ">-\n", "\n# c\n", "\nk", "? ", "!t >\n"]
    for seed in share(range(30_000)):
        choices = random.Random(seed)
        text = "".join(choices.choices(pieces, k=choices.randrange(2, 12)))
        try:
            if not may_differ(text):
                yaml_nodes._nodes(yaml_nodes._fast_loader(text))
        except yaml.MarkedYAMLError as error:
            if error.problem in REFUSED_BY_BOTH:
                refused += 1
                with pytest.raises(yaml.YAMLError):
                    yaml_nodes._nodes(yaml_nodes._AwsCliLoader(text))
        except UnicodeEncodeError:
            continue
    assert refused > 150


@needs_libyaml
@pytest.mark.parametrize(
    "text",
    [
        "a: &b: c",
        "&b\n # c\n!t >\na\nb: c\n",
        "a: 1\n--- &b\n # c\n!t |\na: b",
        "- &b? c",
        "a: [*b:, c]",
        "a: !b! c",
        "a: !<x> c",
        "a: ['b':1]",
        'a: [x, {}, "b":1]',
    ],
)
def test_tokens_on_which_the_parsers_differ(text: str) -> None:
    assert may_differ(text)


@libyaml_only
def test_a_long_text_is_read_by_libyaml_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_COMPARED_LENGTH", 20)
    assert not document("AlgorithmName: forecaster\t\n").faults
    with pytest.raises(SourceSyntaxError):
        document("AlgorithmName: &a.b forecaster")


# ---------------------------------------------------------------------------- properties


@given(st.lists(st.sampled_from(["\\ud83d", "\\uDE00", "\\\\", '\\"', "\\n", "u", "d800", "\ue000", "é"])))
def test_escapes_are_those_of_json(parts: list[str]) -> None:
    text = f'["{"".join(parts)}"]'
    assert document(text).spec == json.loads(text)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.sampled_from(
    [
        "a",
        "b",
        "no",
        "12:30",
        "2020-01-01",
        "1",
        "null",
        "- x",
        "x: y",
        "x\ny\n",
        "\u2028",
        "\x85",
        "😀",
        "a # b",
        " x",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
VALUES = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(texts, below, max_size=4),
    max_leaves=20,
)


def assert_spans_read_back(text: str, expected: Any) -> None:
    found = document(text)
    for path, below in values(expected):
        token = text[slice(*found.locate(path))]
        if not isinstance(below, (dict, list)) and len(token.splitlines()) < 2:
            assert value("- " + token) == [below]
        elif isinstance(below, (dict, list)) and token[0] in "[{":
            assert value(token) == below
        if path and isinstance(path[-1], str):
            name = text[slice(*found.locate(path, key=True))]
            if len(name.splitlines()) < 2:
                assert list(value(name + " : 1")) == [path[-1]]


@libyaml_only
@given(
    VALUES,
    st.sampled_from([True, False, None]),
    st.booleans(),
    st.integers(20, 200),
    st.integers(2, 6),
)
def test_dumped_yaml_reads_back(
    expected: Any, flow: bool | None, unicode: bool, width: int, indent: int
) -> None:
    text = yaml.safe_dump(
        expected, default_flow_style=flow, allow_unicode=unicode, width=width, indent=indent, sort_keys=False
    )
    if "\x85" in text:  # the dumper writes it where it is a line break to a reader
        return
    assert value(text) == expected
    if isinstance(expected, (dict, list)):
        assert_spans_read_back(text, expected)


@settings(max_examples=50)
@given(
    VALUES.filter(lambda item: isinstance(item, (dict, list))), st.sampled_from([None, 0, 2]), st.booleans()
)
def test_json_reads_the_same_as_yaml(expected: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(expected, indent=indent, ensure_ascii=ascii_only)
    if any(char in text for char in "\u2028\u2029\x85\ufeff\ufffe\uffff") or ": " * 200 in text:
        return
    found = document(text)
    theirs = read_json.read(Source("spec.json", text))[0]
    assert found.spec == theirs.spec == expected
    for path, _ in values(expected):
        if not _is_long_key(path):
            assert found.locate(path) == theirs.locate(path)
            assert found.locate(path, key=True) == theirs.locate(path, key=True)


def _is_long_key(path: Path) -> bool:
    return any(isinstance(step, str) and len(step) > 100 for step in path)


def real_depth(text: str) -> int:
    deepest = depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return deepest


def shape_bound(text: str) -> int:
    """Return the bound, with the far column at the deepest indentation of the text."""
    lines = text.splitlines() or [""]
    column = max(len(line) - len(line.lstrip(" \t?:\ufeff-")) for line in lines)
    return 2 * (column + 1) + 2 * (text.count("[") + text.count("{"))


@libyaml_only
@given(
    st.lists(
        st.sampled_from(
            ["- ", "? ", ": ", "a: ", "a:", "-", "\n", "\n ", "\n  ", "\n   ", "[", "]", "{", "}", ",", "x",
             "&a ", "!t ", '"q"', "# c", "\r", "\u2028", "--- ", "\n---\n", "| ", "\t"]
        ),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_the_depth_bound_holds(text: str) -> None:
    try:
        depth = real_depth(text)
    except yaml.YAMLError:
        return
    assert depth <= shape_bound(text)
    assert depth <= depth_bound(text)


@libyaml_only
@pytest.mark.parametrize("seed", range(20))
def test_the_depth_bound_is_right_for_deep_documents(seed: int) -> None:
    choices = random.Random(seed)
    text = "x"
    for _ in range(choices.randrange(30)):
        if choices.random() < 0.4 and "\n" not in text:
            text = choices.choice(["[{}]", "{{a: {}}}", "[b: {}]"]).format(text) if text[0] != "-" else text
        else:
            lines = text.split("\n")
            indent = choices.randrange(1, 3)
            if choices.random() < 0.5:
                text = "\n".join(["- " + lines[0], *("  " + line for line in lines[1:])])
            elif text.startswith("- "):
                text = "k:\n" + text
            else:
                text = "\n".join(["k:", *(" " * indent + line for line in lines)])
    assert real_depth(text) <= shape_bound(text)


@given(VALUES)
@settings(max_examples=50)
@libyaml_only
def test_without_libyaml_the_values_are_the_same(expected: Any) -> None:
    text = yaml.safe_dump(expected, sort_keys=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        assert value(text) == expected


def test_truncated_text_is_a_value_or_a_fault() -> None:
    for length in range(0, len(SAMPLE), 3):
        try:
            found = document(SAMPLE[:length])
        except SourceSyntaxError as error:
            spans = [error.span]
        else:
            spans = [found.locate(path) for path, _ in values(found.spec)]
        assert all(0 <= start <= end <= length for start, end in spans), length


@libyaml_only
@given(st.data())
def test_mutated_text_gives_values_or_a_syntax_fault(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        pieces = st.sampled_from(
            [
                *"{}[]\",:'#&*!|>%@`-? \n\t\\\x00\x85😀é=~<",
                "<<: ",
                "*second",
                "&base ",
                "---\n",
                "\\ud800",
                "!!int ",
            ]
        )
        text = text[:start] + "".join(data.draw(st.lists(pieces, max_size=3))) + text[end:]
    try:
        found = documents(text)
    except SourceSyntaxError as error:
        found, (start, end), message = [], error.span, error.message
    else:
        start, end, message = 0, 0, ""
    assert 0 <= start <= end <= len(text)
    assert message.isprintable()
    for item in found:
        for path, _ in values(item.spec):
            for key in (False, True):
                start, end = item.locate(path, key)
                assert 0 <= start <= end <= len(text)
