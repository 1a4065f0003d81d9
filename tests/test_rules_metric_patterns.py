"""The rules of `rules/metric_patterns.py`, and their analysis of patterns, which must never hang."""

from __future__ import annotations

import random
import re
import sys
import warnings
from collections import Counter
from itertools import product
from typing import Any

import pytest
import steps
from hypothesis import given
from hypothesis import strategies as st
from metric_cases import (
    ANY,
    METRIC,
    METRICS,
    NUMBER,
    RULES,
    analysis,
    facts,
    fixed,
    fixes,
    found,
    matching,
    of_regex,
    only,
)

from algolint.linting.linter import Linter
from algolint.regexes import parser
from algolint.regexes import tree as nodes
from algolint.rule import Replace
from algolint.testing import model_of, problems
from algolint.values import UNKNOWN

# ---------------------------------------------------------------- one pattern

WARNING = "warning"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # Patterns of the documentation and of real algorithms.
        (f"loss={ANY}", {}),
        (f"loss=({NUMBER})", {}),
        ("Train_accuracy=(.*?);", {}),
        (r"validation-accuracy: (\S+)", {}),
        (rf".*\[[0-9]+\].*#011validation-auc:({NUMBER}).*", {}),
        (r"\[test\] \[(\S+) loss\]", {}),
        ("loss=([0-9.]+)", {"partial-number": "info"}),
        (r"mse: ([-+]?\d+(?:\.\d+)?)", {"partial-number": "info"}),
        (r"epoch=(\d+);", {}),
        # Invalid.
        ("loss=([0-9.]+", {"invalid": "error"}),
        ("loss=[0-9.", {"invalid": "error"}),
        ("*loss=(.*?);", {"invalid": "error"}),
        (r"(?P<a>x)(?P<a>y)", {"invalid": "error"}),
        (r"(?<=a+)=([0-9])", {"invalid": "error"}),
        ("a{99999999999}([0-9])", {"invalid": "error"}),
        (r"loss=(\p{Nd}+)", {"invalid": WARNING}),
        (rf"\h+loss={ANY}", {"invalid": WARNING}),
        # An unknown escape is not the only fault.
        (r"\p{L}+=([0-9]", {"invalid": "error"}),
        (rf"loss(?i)={ANY}", {"invalid": WARNING}),
        # Groups.
        (r"loss=[0-9.]+", {"no-group": WARNING}),
        (r"(?:loss|err)=[0-9.]+", {"no-group": WARNING}),
        (f"(loss|err)={ANY}", {"multiple-groups": WARNING}),
        (f"loss={ANY} acc={ANY}", {"multiple-groups": WARNING}),
        (f"loss=({ANY};)", {"multiple-groups": WARNING}),
        # Further groups inside a first group that is the number, or after it without a number.
        (r"loss=((?:-)?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?)", {}),
        (f"time={ANY}(s|ms)", {}),
        # A pattern that is often copied: 1.5e-05 is read as 1.5.
        (r"'loss': ([0-9]+(.|e\-)[0-9]+),?", {"partial-number": WARNING}),
        ("loss=([0-9.e]+)", {"partial-number": WARNING}),
        (r"loss=(\d+\.?\d*(?:e-\d+)?)", {"partial-number": "info"}),
        # Text that is no number may have an e.
        (r"loss=([0-9a-z.]+)", {"partial-number": "info"}),
        # A group that matches nothing on "AUC: NaN".
        ("AUC: ([0-9.]*)", {"empty-group": "info", "partial-number": "info"}),
        ("AUC: ([-+0-9.eE]*)", {"empty-group": "info"}),
        ("AUC: ((?:[-+0-9.eE]+)?);", {"empty-group": "info"}),
        (r"AUC: (\S*)", {}),
        ("AUC: ([^;]*);", {}),
        # One group for each alternative: only one takes part.
        (f"loss={ANY}|err={ANY}", {}),
        (f"(?:loss={ANY}|err={ANY});", {}),
        (f"(?P<value>{NUMBER}) loss", {}),
        # Lazy tails.
        ("F1=(.*?)", {"lazy-tail": WARNING}),
        ("F1=(.+?)", {"lazy-tail": WARNING}),
        (r"F1=(\S+?)\s*", {"lazy-tail": WARNING}),
        (r"F1=((?:a|[-+0-9.eE]*?))", {"lazy-tail": WARNING}),
        ("F1=(.*?)(?:;)?", {"lazy-tail": WARNING}),
        (r"F1=(\d{2,}?)", {"lazy-tail": WARNING}),
        (r"F1=(.*?)$", {}),
        (r"F1=(.*?)\b", {}),
        (r"F1=(.*?)(?=;)", {}),
        (r"F1=(.{3}?)", {"partial-number": "info"}),
        (r"F1=(.*?5)", {}),
        # Greedy dots.
        ("loss=(.*)", {"greedy-any": WARNING}),
        ("loss=(.+);", {"greedy-any": WARNING}),
        (r"loss=([\s\S]*)", {"greedy-any": WARNING}),
        (r"loss=(.*) sec.*", {"greedy-any": WARNING}),
        # No number.
        ("epoch=([a-z]+)", {"non-numeric-group": WARNING}),
        (r"state=(\D+);", {"non-numeric-group": WARNING}),
        ("best=(nan|inf)", {"non-numeric-group": WARNING}),
        # Forms that no probe has are numbers all the same.
        (r"loss=(\d+\.\d{4})", {}),
        (r"count=([0-9]{4});", {}),
        (r"year=(20[0-9]{2})", {}),
        (r"loss=(1|2|3)", {}),
        # Thousands and units were written on purpose.
        (r"rows=([0-9]{1,3}(?:,[0-9]{3})+) ", {}),
        (r"acc=([0-9]+%)", {}),
        (r"speed=([0-9]+ rows/s)", {}),
        (r"loss=((?:-)?[0-9]+\.[0-9]+e[0-9]+)", {}),
        # References cannot be judged.
        (r"(a|b)=\1([0-9]+)", {"multiple-groups": WARNING}),
        # Exponential.
        (rf"(?:a+)+={ANY}", {"catastrophic": WARNING}),
        (rf"(?:[a-z]+ )+loss={ANY}", {}),
        (rf"(?:.*)*loss={ANY}", {"catastrophic": WARNING}),
        (rf".*.*loss={ANY}", {"catastrophic": WARNING}),
        # Doubled backslashes, and their duplicates, which are silent.
        (r"loss=([0-9]+\\.[0-9]+)", {"double-escaped": WARNING}),
        (r"loss=(\\d+)", {"double-escaped": WARNING}),
        (rf"loss:\\s+{ANY}", {"double-escaped": WARNING}),
        (rf"loss\[\\d+\]={ANY}", {"double-escaped": WARNING}),
        (r"loss=(\\d+", {"invalid": "error"}),
        (rf"\\d loss={ANY}", {"double-escaped": WARNING}),
        (r"loss=([0-9\\.]+)", {"double-escaped": WARNING}),
        (rf"C:\\temp {ANY}", {}),
        (rf"a\\\.b {ANY}", {}),
        # No text of its own.
        ("([-+0-9.eE]*)", {"matches-empty": WARNING}),
        (ANY, {"matches-empty": WARNING}),
        (rf"\s*{ANY}", {"matches-empty": WARNING}),
        (rf"[a-z]+{ANY}", {"matches-empty": WARNING}),
        (rf"^{ANY}$", {}),
        (rf"(?:loss=)?{ANY}", {}),
        (rf"\[{ANY}\]", {}),
        (rf"(?i)LOSS{ANY}", {}),
        (r"(loss [-+0-9.eE]+)", {"non-numeric-group": WARNING}),
        (rf"(?<=loss=){ANY}", {}),
    ],
)
def test_findings_of_a_pattern(pattern: str, expected: dict[str, str]) -> None:
    assert of_regex(pattern) == expected


def test_a_template_in_a_regex_is_text() -> None:
    """`${x}` and `{{x}}` have no meaning here; masked patterns are skipped."""
    assert of_regex("loss=${x}([a-z])") == {"non-numeric-group": WARNING}
    assert of_regex(UNKNOWN) == {}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("loss=([0-9.]+", "the ( at character 6 is not closed"),
        ("loss=[0-9.", "the [ at character 6 is not closed"),
        ("loss)=([0-9.]+)", "the ) at character 5 has no matching ("),
        ("*loss=([0-9.]+)", "the * at character 1 has nothing to repeat; a literal one is \\*"),
        ("loss**", "the * at character 6 follows another quantifier; a literal one is \\*"),
        ("loss\\", "the backslash at the end escapes nothing"),
        ("[z-a]=([0-9])", "the range at character 2 is reversed, or has a class as an end"),
        ("a{5,2}([0-9])", "the repetition at character 3 has a minimum above its maximum"),
        ("(?<loss>[0-9])", "the ? at character 2 begins no group in Python; a named one is (?P<name>…)"),
        (r"\p{L}=([0-9])", "'\\p' at character 1 is not an escape of Python's re"),
        (r"a=([0-9])\3", "the group that character 11 refers to does not exist"),
        ("(?<=a+)b", "a look-behind, (?<=…) or (?<!…), needs text of a fixed length"),
    ],
)
def test_an_invalid_pattern_is_explained(pattern: str, words: str) -> None:
    problem = only({"Name": "m", "Regex": pattern}, "metric-regex-invalid", METRIC)
    assert problem.message == f"not a valid regular expression: {words}"


def test_a_doubled_escape_is_quoted_and_read() -> None:
    problem = only({"Name": "m", "Regex": r"loss=(\\d+)"}, "metric-regex-double-escaped", METRIC)
    assert problem.message == r"'\\d' matches a backslash followed by 'd'; did you mean '\d'?"


def test_messages_quote_no_raw_control_characters() -> None:
    for pattern in ("(?P<\x1b[31m>a)", "(?P=\x07)", "\\\x07(", "\\N{\x1b}", "(?\x1b)"):
        for _, problem, _ in found({"Name": "m", "Regex": pattern}, METRIC):
            assert problem.message.isprintable()


@pytest.mark.parametrize(
    ("rule", "pattern", "better"),
    [
        ("no-group", "loss=[0-9.]+", "loss=([0-9.]+)"),
        ("no-group", r"loss: \d+\.\d+;", r"loss: (\d+\.\d+);"),
        ("no-group", "acc[=:][0-9.]+ percent", "acc[=:]([0-9.]+) percent"),
        ("no-group", f"loss={NUMBER}", f"loss=({NUMBER})"),
        ("no-group", r"\[[a-z]+\] loss", None),
        ("no-group", "loss=.*", None),
        ("no-group", "loss: -", None),
        ("multiple-groups", f"(loss|err)={ANY}", f"(?:loss|err)={ANY}"),
        ("multiple-groups", f"(?P<k>loss|err)={ANY}", f"(?:loss|err)={ANY}"),
        ("multiple-groups", f"[(]x (a) [)(] {ANY}", f"[(]x (?:a) [)(] {ANY}"),
        ("multiple-groups", f"loss={ANY} acc={ANY}", None),
        ("multiple-groups", rf"(a|b)=\1{ANY}", None),
        ("multiple-groups", r"(a)=([0-9]+)\1", None),
        ("multiple-groups", "(a)=(b)", None),
        ("greedy-any", "loss=(.*)|err=(.*)", None),
        ("lazy-tail", "F1=(.*?)", f"F1=({NUMBER})"),
        ("lazy-tail", r"[(]F1[)]=\((.+?)", rf"[(]F1[)]=\(({NUMBER})"),
        ("greedy-any", "F1=(?P<f1>.*) s", f"F1=(?P<f1>{NUMBER}) s"),
        ("partial-number", "mse: ([0-9.]+)", f"mse: ({NUMBER})"),
        ("partial-number", r"'loss': ([0-9]+(.|e\-)[0-9]+),?", f"'loss': ({NUMBER}),?"),
        ("partial-number", "mse: ([0-9.]+)|rmse: ([0-9.]+)", None),
        ("empty-group", "AUC: ([0-9.]*)", f"AUC: ({NUMBER})"),
        # It would be the next thing to report.
        ("multiple-groups", "(loss|err)=([0-9.e]+)", None),
        ("no-group", "loss=[0-9.e]+", None),
        ("double-escaped", r"loss=([0-9]+\\.\\d+)", r"loss=([0-9]+\.\d+)"),
        # Halved it would not be valid.
        ("double-escaped", r"a\\.b\\[0-9]([0-9])", r"a\.b\[0-9]([0-9])"),
        ("double-escaped", r"a\\.\\", None),
        # Too long for the API.
        ("partial-number", "x" * 470 + "([0-9.]+)", None),
        ("partial-number", f"{'x' * (499 - len(NUMBER))}([0-9.]+)", None),
        ("partial-number", f"{'x' * (498 - len(NUMBER))}([0-9.]+)", f"{'x' * (498 - len(NUMBER))}({NUMBER})"),
    ],
)
def test_how_a_pattern_is_mended(rule: str, pattern: str, better: str | None) -> None:
    assert fixed(pattern, rule) == better


def test_a_mended_pattern_is_not_blamed_again() -> None:
    for pattern in ("F1=(.*?)", "loss=(.*)", "mse: ([0-9.]+)"):
        for name, problem, _ in found({"Name": "m", "Regex": pattern}, METRIC):
            assert isinstance(problem.fix, Replace)
            assert of_regex(problem.fix.value) == {}, name


# ---------------------------------------------------------------- the analysis


@pytest.mark.parametrize(
    ("pattern", "bodies"),
    [
        ("(a)", ["a"]),
        ("((a)b)", ["(a)b", "a"]),
        ("(?:x)(?P<n>a)(?=y)", ["a"]),
        (r"\((a)\)", ["a"]),
        # In brackets a parenthesis is a character; a ] is one where it comes first or is escaped.
        ("[(](a)[)]", ["a"]),
        ("[]()](a)", ["a"]),
        ("[^]()](a)", ["a"]),
        (r"[\]()](a)", ["a"]),
        ("[^(](a)[x](b)", ["a", "b"]),
    ],
)
def test_where_the_groups_of_a_pattern_are(pattern: str, bodies: list[str]) -> None:
    groups = fixes.groups_in(pattern)
    assert [pattern[body:end] for _, body, end in groups] == bodies
    assert all(pattern[start] == "(" and pattern[end] == ")" for start, _, end in groups)
    assert len(groups) == re.compile(pattern).groups


AMBIGUOUS = [
    "(a+)+", "(?:.*)*", r"(\s*\d*)+", r"(\w+\s?)+x", "(?:a|aa+)+", "(?:.*?,)*x", "(?:a*b*)*", "(?:a+|b+)+",
    "(?:[a-z]+[0-9]*)+", "(?:(?:ab)+(?:ab)?)+", "(?:a{2,}b?)+", "(?:^a*)*", "((?:x+)+)+",
    # Twice nothing is two ways too.
    "(?:(?:b|b)a*)+", "(?:(?:a*|b*),)+", "(?:(?:a*)?,)+", "(?:(?:a?){0,2},b*)+", "(?:(?:a?)*,)+",
]  # fmt: skip
PLAIN = [
    "([a-z]+ )+", r"(?:[0-9]+,)*([0-9]+)", "(?:[a-z]{2})+", "(?:[a-z]{1,3} )+", r"(?:\[[0-9]+\]\s*)*x",
    "(?:[^,]*,)*x", "(?:(?:ab)+c)*", "(?:a+b+)+", "((?:[0-9]+[.:])+ )*", ".*foo.*bar([0-9]+)", "(?:a+b)+",
    "(?:(?:(?:(?:[a-z]+ )+,)+;)+:)+x", r"(?:[0-9a-f]{32}\s*)+", "(?:[0-9]{11}a*)+", "(?:a{12}b*|a{11}c)+",
    r"(?:(?:^|\b)a+,)+", "(?:(?:^)?a+,)+", "(?:(?:a?)+b)+",
]  # fmt: skip


@pytest.mark.parametrize("pattern", AMBIGUOUS)
def test_what_can_match_in_two_ways_is_seen(pattern: str) -> None:
    assert facts.analyzed(pattern).catastrophic


@pytest.mark.parametrize("pattern", PLAIN)
def test_what_can_match_in_one_way_only_is_left_alone(pattern: str) -> None:
    assert facts.analyzed(pattern).catastrophic is None


@pytest.mark.skipif(sys.version_info < (3, 11), reason="possessive quantifiers are new in Python 3.11")
@pytest.mark.parametrize(
    ("pattern", "is_seen"),
    [("(?:a++)+", False), ("(?>(?:a+)+)", False), ("(?>a+)(?:b+)+", True), ("(?:a++b+)+", False)],
)
def test_nothing_is_tried_again_in_what_is_possessive(pattern: str, is_seen: bool) -> None:
    assert (facts.analyzed(pattern).catastrophic is not None) == is_seen
    # Or this would not end.
    assert is_seen or not re.fullmatch(pattern, "a" * 5000 + "!")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="possessive quantifiers are new in Python 3.11")
@pytest.mark.parametrize(
    ("group", "is_numeric"),
    [
        ("0*+", True),
        ("[0-9]++[.][0-9]++", True),
        ("(?:-|0)*+[.]5", True),
        ("(?>1e|1)e-05", None),
        ("[0-9]++[0-9]", None),
        ("5*+", None),
        ("[a-z]++", False),
        ("(?:[a-z]++ )+", False),
    ],
)
def test_a_possessive_group_is_numeric_where_a_number_is_known_to_match(
    group: str, is_numeric: bool | None
) -> None:
    assert facts.analyzed(f"x=({group})").numeric == (is_numeric,)
    assert is_numeric is None or any(map(re.compile(group).fullmatch, SHORT_NUMBERS)) == is_numeric


@pytest.mark.skipif(sys.version_info < (3, 11), reason="possessive quantifiers are new in Python 3.11")
@pytest.mark.parametrize("seed", range(2))
def test_the_ends_of_matches_are_those_of_python(seed: int) -> None:
    """Alternatives, lazy, greedy and possessive repeats and atomic groups, on all short texts."""
    dice = random.Random(seed)

    def drawn(depth: int) -> str:
        kind = dice.randrange(5 if depth else 1)
        if kind == 0:
            return dice.choice("ab")
        if kind == 1:
            return drawn(depth - 1) + drawn(depth - 1)
        if kind == 2:
            return f"(?:{drawn(depth - 1)}|{drawn(depth - 1)})"
        if kind == 3:
            return f"(?>{drawn(depth - 1)})"
        times = dice.choice(["*", "+", "?", "{2}", "{1,2}"]) + dice.choice(["", "?", "+", "+"])
        return f"(?:{drawn(depth - 1)}){times}"

    texts = ["".join(letters) for length in range(5) for letters in product("ab", repeat=length)]
    matched = 0
    for _ in range(400):
        pattern = drawn(4)
        body = parser.parse_any(pattern)
        for text in texts:
            matcher = matching.Matcher(text, matching.Budget(), alone=True)
            ends = [end for end, _ in matcher.states(body, (0, ()))]
            assert [len(text)] * bool(re.fullmatch(pattern, text)) == [
                end for end in ends if end == len(text)
            ]
            is_taken = matching.takes(body, text, matching.Budget())
            assert is_taken == (re.fullmatch(pattern, text) is not None), (pattern, text)
            first = re.match(pattern, text)
            assert ends[:1] == ([first.end()] if first else []), (pattern, text)
            matched += bool(first)
    assert matched > 1000


PATHOLOGICAL = {
    "nested groups": "(" * 240 + "a" + ")" * 240,
    "nested lazy groups": "(" * 240 + "a*?" + ")" * 240,
    "nested repeats": "(?:" * 120 + "a" + ")*" * 120,
    "nested counts": "(?:" * 60 + "a{10}" + "){10}" * 60,
    "counts of nothing": "(?:" * 80 + "){10}" * 80,
    "counts in a group": "(" + "(?:" * 60 + r"\d" + "){64}" * 60 + ")",
    "many stars": "(?:" + "a*" * 240 + ")*",
    "many dots": "(?:" + ".*a" * 150 + ")*",
    "many ways": "(?:" + "|".join(["a+b"] * 100) + ")*c",
    "many separators": "(?:" + "".join(f"[{chr(97 + i % 26)}]*," for i in range(80)) + ")*",
    "unknown escapes": r"\p" * 240,
    "deep": "(" * 450,
    "long": "(a|" * 300,
    "very long": "([0-9]+)*" * 20_000,
}


def calls_of(spec: Any, shape: str) -> int:
    """Return the number of calls for linting a part of a spec."""
    linter = Linter(model_of(), RULES)
    return steps.calls_of(lambda: problems(linter, spec, shape))


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_the_work_for_a_pathological_pattern_is_bounded(name: str) -> None:
    """Matching some of these would take ages. A million calls take about a tenth of a second."""
    assert calls_of({"Name": "m", "Regex": PATHOLOGICAL[name]}, METRIC) < 1_000_000


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_the_work_for_comparing_pathological_patterns_is_bounded(name: str) -> None:
    pattern = PATHOLOGICAL[name][:490]
    metrics = [{"Name": str(n), "Regex": f"{'ab'[n]}{pattern}=([0-9]+)"} for n in range(2)]
    assert calls_of(metrics, METRICS) < 1_500_000


def test_the_work_for_comparing_many_patterns_is_bounded() -> None:
    patterns = [f".*{'a?' * 20}{'loss' * n}[a-z]*.*=([0-9.]+).*" for n in range(1, 41)]
    metrics = [{"Name": str(n), "Regex": pattern} for n, pattern in enumerate(patterns)]
    assert calls_of(metrics, METRICS) < 4_000_000


def test_forty_metrics_of_different_names_are_compared_by_their_text() -> None:
    names = [f"{a}{b}:loss" for a in "abcde" for b in "abcdefgh"]
    metrics = [{"Name": name, "Regex": f"{name}=({NUMBER});"} for name in names]
    calls_of(metrics, METRICS)
    # The second time every pattern is known: a few calls for each pair.
    assert calls_of(metrics, METRICS) < 6 * 40 * 40


ATOMS = [
    "a", "0", "[0-9]", r"\d", r"\S", ".", "[0-9.]", "[-+]", r"\.", "e", "[^;]", "=", "loss", "[a-z]", r"\w",
    "(?=x)", "^", "$", r"\b", r"\p", "(", ")", "[", "{2", "?", r"\1",
]  # fmt: skip


PATTERNS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{2,}"])).map("".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"(?:{text})"),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
    ),
    max_leaves=12,
)


def unmatched_by(group: re.Pattern[str]) -> tuple[str, ...]:
    """Return the common forms of a number that a group does not match, and one of those with exponents."""
    if not group.fullmatch("0.5"):
        return ()
    exponents = [text for text in ("1.5e-05", "1e-05") if not group.fullmatch(text)]
    return (*([] if group.fullmatch("-0.5") else ["-0.5"]), *exponents[:1])


@given(PATTERNS)
def test_the_analysis_agrees_with_python(pattern: str) -> None:
    regex = facts.analyzed(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compiled = re.compile(pattern)
        except (re.error, OverflowError):
            # Possessive quantifiers, which Python 3.10 rejects and later ones do not, are no fault.
            assert regex.fault or (sys.version_info < (3, 11) and re.search(r"[*+?}]\+", pattern))
            return
    assert regex.fault is None
    assert regex.groups == compiled.groups
    locations = fixes.groups_in(pattern)
    assert len(locations) == compiled.groups
    if regex.nullable:
        assert compiled.fullmatch("")
    if len(locations) == 1 and not any(part in pattern for part in ("(?=", "^", "$", r"\b", r"\1")):
        _, start, end = locations[0]
        group = re.compile(pattern[start:end])
        taken = {
            text for text in ("0", "12", "0.5", "-0.5", ".5", "1e-05", "1.5E+3") if group.fullmatch(text)
        }
        assert regex.numeric == (True,) or not taken
        assert regex.unmatched == unmatched_by(group)


def facts_of(sequence: list[Any]) -> dict[str, Any]:
    regex = analysis._facts(sequence, matching.Budget())
    return {name: getattr(regex, name) for name in FACT_NAMES}


# Everything that is known of a pattern, without the work to find it out, which depends on the parser.
FACT_NAMES = [name for name in facts.Regex.__slots__ if name != "cost"]


# Patterns that the plain parser accepts, and some similar ones.
NEARLY_PLAIN = "a0.é€-^$*+?(){}[],\\dDsSwWnbpA=:;| "


@given(
    PATTERNS
    | st.text(NEARLY_PLAIN, max_size=12)
    | st.text(NEARLY_PLAIN, max_size=8).map(lambda text: f"[{text}]")
    | st.text("0123,} ", max_size=6).map(lambda text: f"a{{{text}b")
)
def test_a_plain_pattern_is_parsed_as_python_parses_it(pattern: str) -> None:
    plainly = parser.parse_plain(pattern)
    if plainly is not None:
        assert facts_of(plainly) == facts_of(parser.parse_any(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "loss=([0-9.]+)", r"loss: ([-+]?\d+\.?\d*(?:[eE][-+]?\d{1,3})?);", "^a: (.*?), b", r"\[x\]=(\S{2,}?)$",
        "[]^-]{3}([^]a-c-]+)", r"x=([\d.\-e]+)", "(?:train|eval|test) loss=(a|bc)", "^a|^b$|c",
    ],
)  # fmt: skip
def test_usual_patterns_are_plain(pattern: str) -> None:
    """They do not need Python's parser."""
    assert parser.parse_plain(pattern) is not None


def test_plain_text_around_a_group_changes_nothing() -> None:
    """`name=(group)` is not parsed as a whole; the findings must be the same."""
    names = [name for name in FACT_NAMES if name not in ("is_line", "number_only", "plain_text")]
    for group in (
        "[0-9.]+",
        ".*?",
        ".+",
        "[a-z]+",
        "(?:a+)+",
        "[0-9",
        "a|b",
        r"\)",
        "[)]",
        "",
        "?:a",
        "a)?(b",
        r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?",
        "(a)",
        "(?:a|b)*?",
        "a)(?:b",
        "a)|(b",
        "a)(?:b)|(c",
        "(?i:a)",
        "(?=a)b",
        "(?P<n>a)",
        r"a\)",
        "a)[",
        "[(]",
        "(?:.*)(.*)",
    ):
        for head, tail in (("", ""), ("loss=", ""), ("", ";"), ("a b: ", " s"), ("(?P<n>x)", "(?P=n)")):
            text = f"{head}({group}){tail}"
            quick, whole = facts.analyzed(text), analysis.parsed(text)
            for name in names:
                assert getattr(quick, name) == getattr(whole, name), (text, name)


@pytest.mark.parametrize("group", facts.USUAL_GROUPS)
def test_the_facts_of_a_usual_group_are_those_of_the_analysis(group: str) -> None:
    quick, whole = facts._of_usual_group(group), analysis.parsed(f"({group})")
    assert {name: getattr(quick, name) for name in FACT_NAMES} == {
        name: getattr(whole, name) for name in FACT_NAMES
    }


FACTS = [
    # Groups, how many at once, whether the pattern is one, whether it refers to one.
    ("a", {"groups": 0, "at_once": 0, "is_group": False, "number_only": False, "has_text": True}),
    ("(a)", {"groups": 1, "at_once": 1, "is_group": True, "has_references": False}),
    ("(a)b", {"groups": 1, "is_group": False}),
    ("((a))", {"groups": 2, "at_once": 2, "is_group": False}),
    ("(?:(a))", {"groups": 1, "is_group": True}),
    ("(?:(a))?", {"groups": 1, "is_group": False}),
    ("(a)|(b)", {"groups": 2, "at_once": 1}),
    ("(a)(?:(b)|(c)(d))", {"groups": 4, "at_once": 3}),
    ("(?:(a)|(b))+", {"groups": 2, "at_once": 2}),
    ("(?:(?:(a)|(b))c)*", {"groups": 2, "at_once": 2}),
    ("(?:(a)|(b)){2}", {"groups": 2, "at_once": 2}),
    ("(?:(a)|(b))?", {"groups": 2, "at_once": 1}),
    (r"(a)\1", {"has_references": True, "number_only": False, "numeric": (False,)}),
    ("(a)?(?(1)b|c)", {"has_references": True, "nullable": False}),
    ("(?=(a))a", {"groups": 1, "has_references": False}),
    ("(?=a+)b", {"fault": None, "nullable": False}),
    ("(?!a)b", {"groups": 0, "has_references": False}),
    ("(?<=a)b", {"groups": 0, "has_references": False, "fault": None}),
    # Dots.
    ("(.*)", {"greedy": True, "numeric": (True,), "has_text": False, "nullable": True}),
    ("(.+)", {"greedy": True, "nullable": False}),
    ("(?s)(.+)", {"greedy": True}),
    ("(.{2,})", {"greedy": False}),
    ("(.{0,9})", {"greedy": False, "nullable": True}),
    ("(.*?)", {"greedy": False, "ends_lazily": True, "lazy_tail": True}),
    ("([^;]*)", {"greedy": False}),
    (".*", {"greedy": False}),
    ("(.*a)", {"greedy": False}),
    (".*.*", {"catastrophic": "two unbounded dots follow each other"}),
    (".+.*?", {"catastrophic": "two unbounded dots follow each other"}),
    (".{3,}.*", {"catastrophic": "two unbounded dots follow each other"}),
    (".*.{3}", {"catastrophic": None}),
    (".*a*", {"catastrophic": None}),
    ("x(?:.*.*)?", {"catastrophic": "two unbounded dots follow each other"}),
    # Text of its own: one of a few characters, in a group those that no number has.
    ("[a-h]", {"has_text": True}),
    ("[a-i]", {"has_text": False}),
    ("[a-h€]", {"has_text": False}),
    ("([0-7])", {"has_text": False}),
    ("([+-.,eE])", {"has_text": False}),
    ("([+x])", {"has_text": True}),
    ("(?:[+])", {"has_text": True}),
    ("((?:[+]))", {"has_text": False}),
    ("(?:[a-z]+|=)([0-9])", {"has_text": True}),
    # Characters of numbers only.
    (r"[0-9+\-.,eE]*", {"number_only": True, "nullable": True}),
    ("([-+]?[0-9]+)", {"number_only": True, "nullable": False}),
    ("([0-9]+)%", {"number_only": False}),
    ("(?=1)([0-9]+)", {"number_only": False}),
    # Nothing.
    ("", {"nullable": True}),
    ("^$", {"nullable": True, "is_line": True}),
    ("^(a)?$", {"nullable": True, "is_line": True}),
    (r"\b", {"nullable": False}),
    ("(?:a|)", {"nullable": True}),
    ("(?:a|b)", {"nullable": False}),
    ("(a?){3}", {"nullable": True}),
    ("a{0}", {"nullable": True}),
    # Lines.
    (r"\A[0-9]+\Z", {"is_line": True}),
    ("^[0-9]+", {"is_line": False}),
    ("[0-9]+$", {"is_line": False}),
    ("$a^", {"is_line": False}),
    (r"^a\b", {"is_line": False}),
    (r"\ba$", {"is_line": False}),
    (r"^a\bb$", {"is_line": True}),
    # How often.
    (r"(\d{64})", {"numeric": (True,), "unmatched": ()}),
    ("([0-9]{3,5})", {"numeric": (True,), "unmatched": ()}),
    ("([0-9]{2}[.][0-9])", {"numeric": (True,), "unmatched": ()}),
    ("(0.5|-0.5)", {"numeric": (True,), "unmatched": ("1.5e-05",)}),
    ("(0.5|1e-05)", {"numeric": (True,), "unmatched": ("-0.5", "1.5e-05")}),
    ("(0.5|1.5e-05)", {"numeric": (True,), "unmatched": ("-0.5", "1e-05")}),
    ("(0.5|1.5e-05|1e-05)", {"numeric": (True,), "unmatched": ("-0.5",)}),
    ("([0-9.]+)", {"numeric": (True,), "unmatched": ("-0.5", "1.5e-05")}),
    ("([0-9.]+)([a-z])", {"numeric": (True, False), "unmatched": ("-0.5", "1.5e-05")}),
    (r"(\b[0-9.]+)", {"numeric": (None,), "unmatched": ()}),
    ("((?=a)b)", {"numeric": (None,)}),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "expected"), FACTS)
def test_the_facts_of_a_pattern(pattern: str, expected: dict[str, Any]) -> None:
    regex = analysis.parsed(pattern)
    assert {name: getattr(regex, name) for name in expected} == expected
    compiled = re.compile(pattern)
    assert regex.groups == compiled.groups
    assert regex.nullable == bool(compiled.fullmatch("")) or pattern == "(?=(a))a"


@pytest.mark.parametrize(
    ("group", "is_lazy"),
    [
        *((f"(a+?){tail}", True) for tail in ("", "b?", "(?:;|b)?", "(?:)", "(?:b?;?)")),
        *((f"(a+?){tail}", False) for tail in (";", "$", "b?;", "(?:;|x)", "(?=;)", "(?:;)+", r"\b")),
        *(
            (f"({body})", True)
            for body in (
                "a{1,9}?",
                "(?:a+?)",
                "a+?b?",
                "a+?|b",
                "(?:a+?|b)",
                "b?a{1,9}?",
            )
        ),
        *((f"({body})", False) for body in ("a+", "a+?;", "(?:a+?;)", "a+?$", "a+")),
        ("(?:(a+?))", True),
        ("(?:(a+?))?", True),
        ("(?:(a+?);)", False),
        ("(?:x|(a+?))b?", True),
    ],
)
def test_a_lazy_tail_takes_as_little_as_it_can(group: str, is_lazy: bool) -> None:
    pattern = f"x={group}"
    assert facts.analyzed(pattern).lazy_tail == analysis.parsed(pattern).lazy_tail == is_lazy
    lengths = set()
    for count in (4, 6):
        tail = "" if "$" in group else ";"
        match = re.search(pattern, f"x={'a' * count}{tail}")
        assert match
        lengths.add(len(match[1]))
    assert (lengths == {1}) == is_lazy


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("ab(c", "the ( at character 3 is not closed"),
        ("abc)", "the ) at character 4 has no matching ("),
        ("ab[c", "the [ at character 3 is not closed"),
        ("+a", r"the + at character 1 has nothing to repeat; a literal one is \+"),
        ("ab**", r"the * at character 4 follows another quantifier; a literal one is \*"),
        ("a\\", "the backslash at the end escapes nothing"),
        ("a[z-a]", "the range at character 3 is reversed, or has a class as an end"),
        ("a(?P<n", "missing >, unterminated name at character 6"),
        ("a{3,2}", "the repetition at character 3 has a minimum above its maximum"),
        ("a(?<n>b)", "the ? at character 3 begins no group in Python; a named one is (?P<name>…)"),
        ("a(?&n)", "the ? at character 3 begins no group in Python"),
        (r"a\1", "the group that character 3 refers to does not exist"),
        (r"(a\1)", "character 3 refers to a group that is still open"),
        ("a(?P=n)", "the group that character 6 refers to does not exist"),
        ("(?P<n>a)(?P<n>b)", "two groups have the same name, the second at character 13"),
        (r"ab[\d-z]", "the range at character 4 is reversed, or has a class as an end"),
    ],
)
def test_an_invalid_pattern_is_reported_with_its_location(pattern: str, words: str) -> None:
    regex = facts.analyzed(pattern)
    with pytest.raises(re.error) as caught:
        re.compile(pattern)
    assert caught.value.pos is not None
    location = re.search("character ([0-9]+)", regex.fault)
    assert (regex.fault, regex.is_fault_certain) == (words, True)
    assert location is None or "closed" in words or caught.value.pos < len(pattern)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\p", r"'\p' at character 1 is not an escape of Python's re"),
        (r"abc\pd", r"'\p' at character 4 is not an escape of Python's re"),
        (r"ab\h\p", r"'\h' at character 3 is not an escape of Python's re"),
        (r"[a\h]", r"'\h' at character 3 is not an escape of Python's re"),
        ("a(?i)b", parser._LATE_FLAGS),
    ],
)
def test_what_only_some_pythons_refuse_is_not_certain(pattern: str, words: str) -> None:
    regex = facts.analyzed(pattern)
    assert (regex.fault, regex.is_fault_certain) == (words, False)


# ---------------------------------------------------------------- the analysis, held against Python's matching


def sequences_of(pattern: str) -> list[list[Any]]:
    """Return the analysed sequences of a pattern, from Python's parser and from the plain one."""
    plainly = parser.parse_plain(pattern)
    return [parser.parse_any(pattern), *([] if plainly is None else [plainly])]


# With what is beyond Latin-1, which is one, and without.
CLASSES = {
    True: [
        *("€", "[^a]", "[^é]", "[a€]", "[^a-z0-9]", "[é-€]", "[^\x00-ÿ]", "[þ-Ā]", "[€-₿]", ".", "(?s)."),
        *(
            r"\D",
            r"[^\W_]",
            r"\S",
            r"\w",
            r"[\D5]",
            "(?i)[^b-y]",
            "(?i)[^q]",
            "(?s:.)",
            "(?s)(?-s:.)",
            "(?s)(?i:.)",
        ),
        *("[^\x00]", "[^ÿ]", "Ā", "[ÿ-Ā]"),
    ],
    False: [
        *("a", "Z", "{", "é", "ÿ", r"\x00", "[ab]", "[a-z]", "[\x00-ÿ]", r"\d", r"\s", r"[\d.]", "(?i)a"),
        *("(?i)Z", "(?i)[b-y]", "(?i)[B-Y0]", "(?i)5", "(?i:z)", "(?i)[@{]", "(?i)(?-i:a)", "(?i)(?s:a)"),
        # Of some that are in: these count as if they were not.
        *("[^€]", "[^é-€]", "[^€-₿]", r"\W", r"[^\D]"),
    ],
}


@pytest.mark.parametrize("pattern", [*CLASSES[True], *CLASSES[False]])
def test_a_class_has_the_characters_that_python_matches(pattern: str) -> None:
    compiled = re.compile(pattern)
    codes = range(256)
    beyond = pattern in CLASSES[True]
    for (node,) in sequences_of(pattern):
        assert [code for code in codes if node.chars >> code & 1] == [
            code for code in codes if compiled.fullmatch(chr(code))
        ]
        assert node.chars >> 256 == beyond
    assert not beyond or any(compiled.fullmatch(char) for char in "Āα€₿中")


# Written down once more: thousands, a unit and spaces before it or the number are taken.
A_NUMBER = re.compile(r" *[-+]?(?:[0-9](?:,?[0-9])*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+| *[A-Za-z%/]*)")


def test_the_facts_about_numbers_are_right() -> None:
    """All texts of some characters, each as a group that matches nothing else."""
    for length in range(6):
        for letters in product("0.-,e Z", repeat=length):
            text = "".join(letters)
            body = [nodes.Char(1 << ord(char)) for char in text]
            assert matching.is_numeric(body, matching.Budget()) == bool(A_NUMBER.fullmatch(text)), text


def test_every_character_of_a_number_is_one() -> None:
    for code in range(256):
        char = chr(code)
        for text in (
            char,
            char + "1",
            "1" + char,
            f"1{char}5",
            "1e" + char,
            f"1e{char}5",
            "1 " + char,
            "1%" + char,
        ):
            expected = bool(A_NUMBER.fullmatch(text))
            assert facts.analyzed(f"x({re.escape(text)})").numeric == (expected,), text
            assert analysis.parsed(f"({re.escape(text)})").number_only == set(text).issubset(
                "0123456789+-.,eE"
            )


SHORT_NUMBERS = [
    text
    for length in range(1, 6)
    for text in map("".join, product("05.-e", repeat=length))
    if A_NUMBER.fullmatch(text)
] + ["1e-05", "-1e-05", "12", "-12"]


@pytest.mark.parametrize("seed", range(4))
def test_a_group_is_numeric_where_it_matches_a_number(seed: int) -> None:
    """Every number that the drawn patterns can match has a short form with the same result."""
    dice = random.Random(seed)
    numeric = 0
    for _ in range(150):
        pattern = "".join(
            dice.choice(
                [
                    "0",
                    "[05]",
                    r"\d",
                    "[.]",
                    r"\.",
                    "-",
                    "[-e]",
                    "e",
                    "[^0]",
                    "[^.]",
                    "(?:-|0)",
                    "(?:0e|5)",
                    "(?:e-)",
                    "(?:.)",
                ]
            )
            + dice.choice(["", "", "", "?", "*", "+", "??", "+?", "*?", "{2}", "{1,2}", "{0,2}", "{0}"])
            for _ in range(dice.randint(1, 3))
        )
        compiled = re.compile(pattern)
        regex = facts.analyzed(f"x=({pattern})")
        expected = any(map(compiled.fullmatch, SHORT_NUMBERS))
        numeric += expected
        assert regex.numeric == (expected,), pattern
        assert regex.unmatched == unmatched_by(compiled), pattern
        assert analysis.parsed(f"({pattern})").nullable == bool(compiled.fullmatch("")), pattern
    assert 50 < numeric < 140


def ways_to_match(sequence: list[Any], most: int) -> Counter[str]:
    """Return how often a pattern of a, b, c and quantifiers matches each text up to a length, by trying all
    ways.
    """
    ways = Counter({"": 1})
    for op, value in sequence:
        name = op.name
        if name == "LITERAL":
            one = Counter({chr(value): 1})
        elif name == "IN":
            one = Counter({chr(part): 1 for _, part in value})
        elif name == "SUBPATTERN":
            one = ways_to_match(value[3], most)
        elif name == "BRANCH":
            one = Counter()
            for way in value[1]:
                one.update(ways_to_match(way, most))
        else:
            low, high, body = value
            # A round that takes nothing is none.
            each = ways_to_match(body, most)
            empty = each.pop("", 0)
            one, rounds = Counter(), Counter({"": 1})
            for number in range(min(int(high), most) + 1):
                if number >= low or empty:
                    one.update(rounds)
                rounds = joined(rounds, each, most)
            if low == 0 and empty:
                # No round, or one that takes nothing.
                one[""] += 1
        ways = joined(ways, one, most)
    return ways


def joined(left: Counter[str], right: Counter[str], most: int) -> Counter[str]:
    both: Counter[str] = Counter()
    by_length = sorted(right.items(), key=lambda item: len(item[0]))
    for a, m in left.items():
        for b, n in by_length:
            if len(a) + len(b) > most:
                break
            both[a + b] += m * n
    return both


def drawn_loop(dice: random.Random) -> str:
    """Return a repeated pattern that contains an unbounded repetition."""

    def part(depth: int) -> str:
        kind = dice.randrange(7 if depth else 2)
        if kind == 0:
            return dice.choice(["a", "b", "[ab]"])
        if kind == 1:
            return dice.choice("ab") + dice.choice(["?", "*", "+", "{2}", "{1,2}", "{2,}", "*?"])
        if kind == 2:
            return f"(?:{part(depth - 1)}|{part(depth - 1)})"
        if kind == 3:
            return f"(?:{part(depth - 1)}){dice.choice('?*+')}"
        if kind == 4:
            return f"({part(depth - 1)})"
        return part(depth - 1) + part(depth - 1)

    while True:
        text = part(3)
        if re.search(r"[*+]|,\}", text):
            return f"(?:{text}{dice.choice(['', 'c', 'cb'])}){dice.choice('*+')}"


@pytest.mark.parametrize("seed", range(3))
def test_a_loop_is_catastrophic_where_a_text_is_matched_in_two_ways(seed: int) -> None:
    dice = random.Random(seed)
    texts = ["".join(letters) for length in range(4) for letters in product("abc", repeat=length)]
    ambiguous = 0
    for _ in range(60):
        pattern = drawn_loop(dice)
        tree = parser.python_tree(pattern)
        ways = ways_to_match(tree, 10)
        # Short ones only: Python takes its time for others.
        assert [text for text in texts if ways[text]] == [*filter(re.compile(pattern).fullmatch, texts)]
        found = facts.analyzed(pattern).catastrophic is not None
        # A few have no short text.
        expected = max(ways.values(), default=0) > 1 or (found and max(ways_to_match(tree, 14).values()) > 1)
        ambiguous += expected
        assert found == expected, pattern
    assert 20 < ambiguous < 55
