"""Partially known texts: questions that their pieces answer, and questions that they leave undecided.

The properties draw a text and mask parts of it. An answer about the partial text must be the answer about the
text, or there must be none.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import calls_of

from algolint.aws import patterns
from algolint.aws.partial_patterns import may_match
from algolint.messages import shown
from algolint.rule import Problem, Replace, rule
from algolint.spec.context import Context
from algolint.spec.walker import Walker
from algolint.testing import model_of
from algolint.values import UNKNOWN, PartialText, Undecided, every, known_pieces, select

UNDECIDED = "undecided"


def partial(text: str) -> PartialText:
    """Return a text with a hole for each `~`."""
    return PartialText(text.split("~"), text)


def answer(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except Undecided:
        return UNDECIDED


QUESTIONS: dict[str, Callable[[Any, str], Any]] = {
    "begins": lambda text, other: text.startswith(other),
    "ends": lambda text, other: text.endswith(other),
    "begins with one": lambda text, other: text.startswith((other, "b:")),
    "contains": lambda text, other: other in text,
    "equals": lambda text, other: text == other,
    "differs": lambda text, other: text != other,
    "is not empty": lambda text, _: bool(text),
    "first characters": lambda text, other: text[: len(other)],
    "lower case begins": lambda text, other: text.lower().startswith(other),
    "stripped begins": lambda text, other: text.strip().startswith(other),
    "stripped ends": lambda text, other: text.strip().endswith(other),
    "is stripped": lambda text, _: text.strip() is text or text.strip() == text,
    "before": lambda text, other: text.partition(other or "/")[0],
    "after begins": lambda text, other: text.partition("/")[2].startswith(other),
    "after the last": lambda text, other: text.rpartition(other or "/")[2],
    "before the last begins": lambda text, other: text.rpartition("/")[0].startswith(other),
    "rest ends": lambda text, other: text[2:].endswith(other),
}
ALPHABET = "aAb:/ Σ"


@given(
    st.text(ALPHABET, max_size=8),
    st.lists(st.integers(0, 8), min_size=2, max_size=6).map(sorted),
    st.text(ALPHABET, max_size=3),
    st.sampled_from(sorted(QUESTIONS)),
)
def test_an_answer_is_the_one_of_every_text(text: str, cuts: list[int], other: str, name: str) -> None:
    # Every second part between the cuts is masked.
    ends = [0, *cuts, len(text)]
    pieces = [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=False)]
    if len(ends) % 2:
        pieces.append("")
    hidden = answer(lambda: QUESTIONS[name](PartialText(pieces), other))
    assert hidden in (UNDECIDED, QUESTIONS[name](text, other))


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("s3://~/x", lambda t: t.startswith("s3://"), True),
        ("s3://~/x", lambda t: t.startswith("gs://"), False),
        ("s3~", lambda t: t.startswith("s3://"), UNDECIDED),
        ("s3~", lambda t: t.startswith(("gs://", "s3:")), UNDECIDED),
        ("s~", lambda t: t.startswith(("gs://", "x")), False),
        ("~.tgz", lambda t: t.endswith(".tar.gz"), False),
        ("~.gz", lambda t: t.endswith(".tar.gz"), UNDECIDED),
        ("~", lambda t: t.endswith(""), True),
        ("a~b_c~", lambda t: "_" in t, True),
        ("a~b", lambda t: "_" in t, UNDECIDED),
        ("~", bool, UNDECIDED),
        ("~a", bool, True),
        ("~", len, UNDECIDED),
        ("~", str, UNDECIDED),
        ("~", hash, UNDECIDED),
        ("~", list, UNDECIDED),
        ("a~", lambda t: t.isdigit(), UNDECIDED),
        ("a~b~c", lambda t: t == "axxbxc", UNDECIDED),
        ("a~b~c", lambda t: t == "axxc", False),
        ("ab~ba", lambda t: t == "aba", False),
        ("a~", lambda t: t == 3, False),
        ("a~", lambda t: t == UNKNOWN, UNDECIDED),
        ("a~", lambda t: t == partial("b~"), False),
        ("~a", lambda t: t == partial("~ab"), False),
        ("a~", lambda t: t == partial("a~"), UNDECIDED),
        ("a~", lambda t: t == t, True),  # noqa: PLR0124
        ("AWS:~", lambda t: t[:4].lower(), "aws:"),
        ("aw~", lambda t: t[:4], UNDECIDED),
        (" a~", lambda t: t.strip().startswith("a"), True),
        ("~ a ", lambda t: t.strip().endswith(" a"), UNDECIDED),
        ("~a ", lambda t: t.strip().endswith("a"), True),
        ("a~b", lambda t: t.strip() == t, True),
        ("a~", lambda t: t.strip() == t, UNDECIDED),
    ],
)
def test_what_is_decided(text: str, question: Callable[[PartialText], Any], expected: Any) -> None:
    assert answer(lambda: question(partial(text))) == expected


def test_it_is_not_taken_for_a_str() -> None:
    """A rule that does not match it, or passes it to a function for texts, does not judge it."""
    text = partial("a~")
    spec: dict[str, Any] = {"Name": text}
    match spec:
        case {"Name": str()}:
            pytest.fail("str() matches a partial text")
        case {"Name": str() | PartialText() as name}:
            assert name is text
    for question in (lambda: re.match("a", text), lambda: text in "abc", lambda: "".join([text])):  # type: ignore
        with pytest.raises(TypeError):
            question()
    with pytest.raises(Undecided):
        assert text in {"a"}
    assert select({"Name": text}, "Name") == []
    with pytest.raises(Undecided):
        every({"Name": text}, "Name")


def test_a_rule_that_only_takes_a_text_is_skipped_and_fixes_nothing_of_it() -> None:
    @rule(on="ContainerImage", severity="error", evidence="heuristic: a test")
    def before_it_matches(image: Any) -> Iterator[Problem]:
        yield Problem((), "is reported", fix=Replace((), "b"))
        if re.search("x", image):
            raise KeyError

    @rule(on="ContainerImage", severity="error", evidence="heuristic: a test")
    def other_errors(image: Any) -> Iterator[Problem]:  # noqa: ARG001
        yield Problem((), str(1 // 0))

    walker = Walker(model_of(), [before_it_matches, other_errors])

    def walked(image: Any) -> tuple[list[tuple[str, bool]], list[str], list[str]]:
        context = Context(model_of(), image, "ContainerImage", None)
        found, raised, skipped = walker.walk(image, "ContainerImage", context)
        reported = [(one.name, problem.fix is not None) for one, problem in found]
        return reported, [one.name for one, _, _ in raised], skipped

    fixed, unfixed = ("before-it-matches", True), ("before-it-matches", False)
    assert walked("a") == ([fixed], ["other-errors"], [])
    assert walked("ax") == ([fixed], ["before-it-matches", "other-errors"], [])
    assert walked(partial("a~")) == ([unfixed], ["other-errors"], ["before-it-matches"])


@pytest.mark.parametrize("unknown", [UNKNOWN, partial("a~")], ids=repr)
def test_calculating_with_what_is_unknown_is_undecided(unknown: Any) -> None:
    operators = "add sub mul mod truediv floordiv".split()
    questions: list[Callable[[], Any]] = [lambda: -unknown, lambda: abs(unknown), lambda: range(unknown)]
    for operate in (getattr(operator, name) for name in operators):
        questions += functools.partial(operate, unknown, 2), functools.partial(operate, 2, unknown)
    for question in questions:
        with pytest.raises(Undecided):
            question()


@pytest.mark.parametrize(
    "use",
    [
        lambda text: re.match("a", text),
        lambda text: "x" + text,
        lambda text: text + "x",
        lambda text: ",".join([text]),
        lambda text: "ba".strip(text) or None,
        lambda text: int(text, 36),
        lambda text: len(text) > 2,
        lambda text: sorted([text, "b"]),
    ],
)
def test_a_rule_may_do_what_only_a_str_allows(use: Callable[[Any], Any]) -> None:
    assert walked_by(use) == ([], ["uses"])


@pytest.mark.parametrize(
    "use",
    [
        lambda _: len(5),  # type: ignore[arg-type]
        lambda text: text.startswith("a") and re.match("a", 5),  # type: ignore[call-overload]
        lambda text: text(),
        lambda _: 1 // 0,
    ],
)
def test_a_faulty_rule_is_not_skipped(use: Callable[[Any], Any]) -> None:
    """A TypeError that the rule would also raise for a `str` is a fault of the rule."""
    assert walked_by(use) == (["uses"], [])


def walked_by(use: Callable[[Any], Any]) -> tuple[list[str], list[str]]:
    """Return which rules raise and which are skipped on a partial text, for rules that use it in one way."""

    @rule(on="ContainerImage", severity="error", evidence="heuristic: a test")
    def uses(image: Any) -> Iterator[Problem]:
        if use(image) is None:
            yield Problem((), "is reported")

    context = Context(model_of(), partial("a~"), "ContainerImage", None)
    walker = Walker(model_of(), [uses])
    found, raised, skipped = walker.walk(context.spec, "ContainerImage", context)
    assert not found
    return [one.name for one, _, _ in raised], skipped


def test_pieces_and_the_text_as_it_is_written() -> None:
    assert known_pieces("ab") == ("ab",)
    assert known_pieces(partial("a~b")) == ("a", "b")
    assert shown(PartialText(("a", "b"), "a${X}b")) == "'a${X}b'"
    assert shown(PartialText(("a", "b"))) == "'a…b'"


# ---------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[a-z]+", "a~", True),
        ("[a-z]+", "a~_", False),
        ("[a-z]+", "~", True),
        ("[a-z]*", "A~", False),
        ("ab?c", "a~cc", False),
        ("a(?:bc|d)e", "a~ce", True),
        ("a(?:bc|d)e", "b~", False),
        ("(https|s3)://([^/]+)/?(.*)", "gs://~/x", False),
        ("(https|s3)://([^/]+)/?(.*)", "s3://~", True),
        ("(https|s3)://([^/]+)/?(.*)", "s3:///~", False),
        (r"\d{12}", "1~2", True),
        (r"\d{3}", "1~2~345", False),
        (r"[^\s]{1,1024}", "a ~", False),
        (r"\w+", "é~", False),
        (r"(a)\1b", "ax~b", True),
        (r"a(?=b).", "a~", True),
        ("x*+y", "xx~", True),
    ],
)
def test_what_cannot_match(pattern: str, text: str, expected: bool) -> None:
    if "*+" in pattern and not hasattr(re, "_parser"):
        pytest.skip("possessive repetition is new in Python 3.11")
    assert may_match(pattern, partial(text).pieces) is expected


PATTERNS = sorted(
    {
        shape.pattern
        for shape in (model_of().shape(name) for name in model_of().names())
        if shape.pattern is not None
    }
)


@given(st.data())
def test_a_text_that_matches_may_match_with_parts_hidden(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    readable = patterns._translated(pattern)
    for name, members in patterns._ASCII_PROPERTIES.items():
        readable = readable.replace(name, members)
    text = data.draw(st.from_regex(re.compile(readable, re.ASCII), fullmatch=True))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert patterns.may_match(pattern, PartialText((text[:start], text[end:])))
    assert patterns.may_match(pattern, PartialText(("", text[:start], text[end:])))


def test_a_long_text_takes_a_few_calls_for_each_character() -> None:
    """A text may be in any of the hundreds of states of a pattern."""
    pattern, pieces = "(?:[a-z0-9]{0,100}[a-z0-9]{0,100}/)*", ("a1/",) * 1000
    assert may_match(pattern, pieces)
    assert calls_of(lambda: may_match(pattern, pieces)) <= 5 * 3000
