"""The quick word search, compared with the function that decides whether a file is worth reading."""

from __future__ import annotations

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from algolint.readers import shell, typescript
from algolint.spec import recognition
from algolint.syntaxes import may_hold_any, may_hold_job, may_hold_spec

NAMES = (
    "a.json",
    "a.yaml",
    "a.tf",
    "a.tf.json",
    "a.TF.JSON",
    "a.py",
    "a.ipynb",
    "a.ts",
    "a.sh",
    "Makefile",
    "a",
)
ALONE = (*recognition.PROGRAM_WORDS, *recognition.JOB_WORDS, *recognition.JOB_CALLS)
IN_PAIRS = [(word, other) for word, others in recognition.WORDS.items() for other in others or ("",)]
WORDS = st.sampled_from([*ALONE, *(word for pair in IN_PAIRS for word in pair)])
PIECES = st.one_of(
    WORDS, WORDS.map(lambda word: word[1:]), st.text(max_size=3), st.sampled_from("_-jkAST \n")
)


def is_worth_reading(name: str, text: str) -> bool:
    return may_hold_spec(name, text) or may_hold_job(name, text)


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_missed(name: str) -> None:
    for text in [*ALONE, *(f"{other} {word}" for word, other in IN_PAIRS)]:
        if is_worth_reading(name, text):
            assert may_hold_any(name, text.encode()), text


@given(st.sampled_from(NAMES), st.lists(PIECES, max_size=6).map("".join))
def test_no_text_with_words_is_missed(name: str, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    if is_worth_reading(name, data.decode("latin-1")):
        assert may_hold_any(name, data)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_without_any_of_the_letters_of_a_word_is_excluded(name: str) -> None:
    """Otherwise it could be true for every file without any test failing."""
    assert not may_hold_any(name, b"the parameters of an estimator, JSON or YAML: A B C, I J K, T S")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *(("a.ts", word) for word in typescript.WORDS),
        ("a.sh", shell.COMMAND),
        ("a.tf", recognition.TERRAFORM_TYPE),
    ],
)
def test_what_a_reader_looks_for_is_searched_for(name: str, word: str) -> None:
    assert may_hold_spec(name, word)
    assert may_hold_any(name, word.encode())


def test_no_fixture_is_missed() -> None:
    wanted = 0
    for path in (ROOT / "fixtures").rglob("*.*"):
        if path.is_file():
            data = path.read_bytes()
            if is_worth_reading(path.name, data.decode("latin-1")):
                wanted += 1
                assert may_hold_any(path.name, data), path
    assert wanted > 50
