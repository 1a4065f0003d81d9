from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from renderings import values

from algolint import limits
from algolint.readers.json import read
from algolint.source import Source, SourceSyntaxError

if TYPE_CHECKING:
    from algolint.document import Document
    from algolint.values import Path

SAMPLE = """{
  "AlgorithmName": "trees",
  "TrainingSpecification": {
    "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/trees:1",
    "SupportedTrainingInstanceTypes": ["ml.m5.large", "ml.c5.xlarge"],
    "SupportsDistributedTraining": false,
    "TrainingChannels": [
      {"Name": "train", "IsRequired": true, "Limits": [0, -1.5e3, null]}
    ]
  }
}
"""


def document(text: str) -> Document:
    (found,) = read(Source("spec.json", text))
    return found


def fault(text: str) -> SourceSyntaxError:
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source("spec.json", text))
    return caught.value


def test_a_byte_order_mark_is_refused_by_aws_cli() -> None:
    found = document("\ufeff" + SAMPLE)
    assert [(fault.rule.name, fault.span) for fault in found.faults] == [("refused-by-aws-cli", (0, 0))]
    assert found.locate(("AlgorithmName",)) == document(SAMPLE).locate(("AlgorithmName",))


def test_numbers_with_too_many_digits() -> None:
    found = fault('{"a": ' + "1" * 5000 + "}")
    assert "5,000 digits" in found.message
    assert found.span == (6, 5006)


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000])
def test_deep_nesting_is_a_fault(text: str) -> None:
    found = fault(text)
    assert found.message == "nested more than 200 levels deep"
    assert text[: found.span[0]].count("[") + text[: found.span[0]].count("{") == limits.MAX_DEPTH


def test_the_deepest_nesting_allowed() -> None:
    text = '[{"]": ' * (limits.MAX_DEPTH // 2) + '"\\"[[{{"' + "}]" * (limits.MAX_DEPTH // 2)
    assert document(text).locate((0, "]")) == (7, len(text) - 2)
    assert fault("[" + text + "]").span == (
        limits.MAX_DEPTH // 2 * 7 - 6 + 1,
        limits.MAX_DEPTH // 2 * 7 - 6 + 2,
    )
    assert document("[" + "[]," * 5000 + "[]]").spec == [[]] * 5001


def test_a_key_given_again_is_a_fault_of_the_document() -> None:
    text = '{"a": 1, "b": [{"k": 1, "\\u006b": 2, "k": {"x": 0}}], "a": 3}'
    found = document(text)
    assert found.spec == {"a": 3, "b": [{"k": {"x": 0}}]}
    seen = [
        (fault.path, text[slice(*fault.span)], fault.message, text[slice(*fault.related[0])])
        for fault in found.faults
        if fault.related
    ]
    message = "duplicate key 'k' in this object"
    assert seen == [
        (("b", 0, "k"), '"\\u006b"', message, '"k"'),
        (("b", 0, "k"), '"k"', message, '"k"'),
        (("a",), '"a"', "duplicate key 'a' in this object", '"a"'),
    ]
    assert {fault.rule.name for fault in found.faults} == {"duplicate-key"}
    assert found.faults[1].span > found.faults[0].span
    assert text[slice(*found.locate(("a",)))] == "3"
    assert text[slice(*found.locate(("b", 0, "k", "x")))] == "0"
    assert found.locate(("b", 0, "k"), key=True)[0] == text.index('"k": {')


def test_many_duplicates_take_linear_time() -> None:
    found = document("{" + ", ".join('"a": 1' for _ in range(100_000)) + "}")
    assert len(found.faults) == 99_999


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        (("AlgorithmName",), False, '"trees"'),
        (("AlgorithmName",), True, '"AlgorithmName"'),
        (("TrainingSpecification", "TrainingChannels", 0), True, "{"),
        (("TrainingSpecification", "SupportedTrainingInstanceTypes", 1), True, '"ml.c5.xlarge"'),
        (("TrainingSpecification", "TrainingChannels", 0, "Limits"), False, "[0, -1.5e3, null]"),
        (("TrainingSpecification", "TrainingChannels", 0, "Limits", 1), True, "-1.5e3"),
        ((), True, "{"),
        ((), False, SAMPLE.strip()),
        (("TrainingSpecification", "TrainingChannels", 0, "Limits", 3), True, '"Limits"'),
        (("TrainingSpecification", "TrainingChannels", 7, "Name"), True, '"TrainingChannels"'),
        (("TrainingSpecification", "TrainingChannels", 0, "Missing"), True, "{"),
        (("AlgorithmName", "x"), True, '"AlgorithmName"'),
        (("AlgorithmName", 0), False, '"trees"'),
        (("Missing",), True, "{"),
        ((0,), True, "{"),
        (("TrainingSpecification", "TrainingChannels", -1), True, '"TrainingChannels"'),
    ],
)
def test_locating(path: Path, key: bool, text: str) -> None:
    found = document(SAMPLE)
    assert SAMPLE[slice(*found.locate(path, key))] == text


def test_a_long_list_is_cut_once() -> None:
    text = json.dumps([{"Name": str(number)} for number in range(40_000)])
    found = document(text)
    for index in range(39_000, 40_000):
        assert text[slice(*found.locate((index, "Name")))] == f'"{index}"'


def test_lone_surrogates_stay() -> None:
    assert document('["\\ud800", "\\ud83d\\ude00"]').spec == ["\ud800", "\U0001f600"]


def test_truncated_text_is_a_fault() -> None:
    for length in range(len(SAMPLE.rstrip())):
        start, end = fault(SAMPLE[:length]).span
        assert 0 <= start <= end <= length


texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["a", "b", "\u2028", "😀", "\x85", '"']
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
VALUES = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=5) | st.dictionaries(texts, below, max_size=5),
    max_leaves=25,
)
spaces = st.text(" \t\r\n", max_size=3)


@st.composite
def rendered(draw: st.DrawFn) -> tuple[Any, str]:
    value = draw(VALUES)
    text = json.dumps(
        value,
        indent=draw(st.none() | st.integers(0, 4) | st.just("\t")),
        separators=(draw(spaces) + "," + draw(spaces), draw(spaces) + ":" + draw(spaces)),
        ensure_ascii=draw(st.booleans()),
    )
    return value, draw(spaces) + text + draw(spaces)


@given(rendered())
def test_every_span_reads_back(case: tuple[Any, str]) -> None:
    value, text = case
    found = document(text)
    assert found.spec == value
    for path, below in values(value):
        assert json.loads(text[slice(*found.locate(path))]) == below
        start, end = found.locate(path, key=True)
        if path and isinstance(path[-1], str):
            assert json.loads(text[start:end]) == path[-1]
        elif isinstance(below, (dict, list)):
            assert text[start:end] in ("[", "{")
        else:
            assert json.loads(text[start:end]) == below


@given(st.data())
def test_mutated_text_gives_a_value_or_a_syntax_fault(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 5)))
        inserted = data.draw(st.text("{}[]\",:\\u0019.-+eE \n\tnulltrue'#/é😀\x00\ufeff", max_size=4))
        text = text[:start] + inserted + text[end:]
    try:
        found = document(text)
    except SourceSyntaxError as error:
        (start, end), message = error.span, error.message
        with pytest.raises(ValueError):
            json.loads(
                text.removeprefix("\ufeff"), parse_constant=int, parse_float=lambda token: int(float(token))
            )
    else:
        start, end, message = 0, 0, ""
        assert found.spec == json.loads(found.source.text)
    assert 0 <= start <= end <= len(text)
    assert message.isprintable()
