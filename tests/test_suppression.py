"""Suppression comments: which exist, what they cover, and how they are added and removed."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run, needs_libyaml
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import calls_of, steps_of

from algolint import limits
from algolint.diagnostic import Diagnostic
from algolint.fixes.edit import Edit, apply, compatible
from algolint.fixes.proof import same
from algolint.linting.linter import Linter, Selection
from algolint.readers import yaml as read_yaml
from algolint.readers.yaml_comments import comments as yaml_comments
from algolint.rule_files import all_rules, first_party_rules
from algolint.source import Source, read_file
from algolint.spec.structural_rules import malformed_suppression, unused_suppression
from algolint.suppression import writing
from algolint.suppression.config_entries import ConfigIgnore, by_pointer
from algolint.suppression.coverage import UNSUPPRESSIBLE
from algolint.suppression.directives import directives
from algolint.suppression.settle import Settled, fully_enabled, settle
from algolint.suppression.writing import add_ignores
from algolint.testing import Example, examples, model_of

PLUG_INS = first_party_rules()
KNOWN = {rule.name: rule for rule in all_rules()}
EVERY = frozenset(KNOWN)
ALL = Selection(EVERY, {}, show_info=True)
YAML_FIXTURES = sorted((ROOT / "fixtures").glob("*/*.yaml"))


def linted(source: Source, selection: Selection = ALL, *, plug_ins: bool = True) -> list[Diagnostic]:
    linter = Linter(model_of(), PLUG_INS if plug_ins else [], selection, with_fingerprints=True)
    return linter.lint_source(source).diagnostics


def settled(text: str, selection: Selection = ALL, *, plug_ins: bool = False) -> Settled:
    source = Source("spec.yaml", text)
    return settle(source, linted(source, selection, plug_ins=plug_ins), selection, KNOWN)


def kept(text: str, selection: Selection = ALL) -> list[tuple[int, str]]:
    """Return line and rule of the remaining findings of the structural rules."""
    return [(d.location.line, d.rule.name) for d in settled(text, selection).kept]


def messages(text: str, selection: Selection = ALL) -> list[str]:
    return [d.message for d in settled(text, selection).kept if d.rule.name in UNSUPPRESSIBLE]


def tidied(text: str, diagnostics: list[Diagnostic] | None = None, rounds: int = 10) -> str:
    """Return the text with the fixes about its comments made; with `diagnostics`, as if only those were
    found.
    """
    for _ in range(rounds):
        source = Source("spec.yaml", text)
        found = linted(source, plug_ins=False) if diagnostics is None else diagnostics
        chosen: list[Edit] = []
        for diagnostic in settle(source, found, ALL, KNOWN).kept:
            more = diagnostic.edits if diagnostic.rule.name in UNSUPPRESSIBLE else None
            if more and not set(more) & set(chosen) and compatible(chosen, more):
                chosen += more
        if not chosen:
            return text
        text = apply(text, chosen)
    raise AssertionError("the fixes never end")


# ---------------------------------------------------------------- comments

COMMENTS: list[tuple[str, list[str]]] = [
    ("", []),
    ("a: 1", []),
    ("# a", ["# a"]),
    ("a: 1 # b", ["# b"]),
    ("a: 1 # b # c", ["# b # c"]),
    ("a: b#c", []),
    ("a: #c", ["#c"]),
    ("#\n\n #\n", ["#", "#"]),
    ("a: 'x # y'", []),
    ("a: 'x '' # y' # z", ["# z"]),
    ('a: "x # y"', []),
    ('a: "x \\" # y" # z', ["# z"]),
    ('a: "x\n  # y" # z', ["# z"]),
    ("a: 'x\n  # y\n  # z'", []),
    ("a: |\n  # x\n  y # z\n", []),
    ("a: |\n  # x\n# y\nb: 1", ["# y"]),
    ("a: >-\n\n    x\n\n  # y\nb: 1", ["# y"]),
    ("a: | # x\n  y\n", ["# x"]),
    ("a: |2- # x | # y\n   z\n", ["# x | # y"]),
    ("a: |\n  x # y", []),
    ("a: |+\n  x\n\n# y\n", ["# y"]),
    ("a: b\n  c # d", ["# d"]),
    ("a: [1, # b\n  2] # c", ["# b", "# c"]),
    ("{a: 1, # b\n# c\n b: 2}", ["# b", "# c"]),
    ("[a#b, c #d\n]", ["#d"]),
    ("a: &x # b\n  c: *x # d", ["# b", "# d"]),
    ("a: !t # b\n  c", ["# b"]),
    (
        "%YAML 1.2 # a\n--- # b\nc: 1 # d\n... # e\n# f\n---\n- 1 # g",
        ["# a", "# b", "# d", "# e", "# f", "# g"],
    ),
    ("- # a\n  b: 1\n- - # c\n    d", ["# a", "# c"]),
    ("? a # b\n: c # d", ["# b", "# d"]),
    ("a: 1 # b\r\nc: 2 # d\r\n", ["# b", "# d"]),
    ("a: 1 # b\rc: 2 # d\r", ["# b", "# d"]),
    ("\ufeffa: 1 # b", ["# b"]),
    ('{"a": "\\ud83d\\ude00 # x"} # b', ["# b"]),
    ("a: '\U0001f600' # \U0001f600\nb: 1 # c", ["# \U0001f600", "# c"]),
    ("a: 1 # b\u2028c: 2 # d", ["# b", "# d"]),
]


@pytest.mark.parametrize(("text", "expected"), COMMENTS)
@pytest.mark.parametrize("libyaml", [True, False])
def test_comments(text: str, expected: list[str], libyaml: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", libyaml and yaml.__with_libyaml__)
    source = Source("x.yaml", text)
    found = yaml_comments(source)
    assert [comment for _, _, comment in found] == expected
    assert all(source.text[start:end] == comment for start, end, comment in found)


@pytest.mark.parametrize("text", ["a: [", 'a: "', "a: \x01 # b", "\ud800 # b", "a: @b # c"])
def test_what_cannot_be_scanned_is_borne(text: str) -> None:
    assert len(yaml_comments(Source("x.yaml", text))) <= 1


WORDS = st.text("ab #:'\"\\|>-é😀", min_size=1, max_size=12)
COMMENT = st.text("ab #:'\"|>[]{}é", max_size=8).map(lambda text: f"# {text.strip()}".rstrip())


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Draw a block mapping in all styles of scalars, and the comments in it."""
    lines: list[str] = []
    comments: list[str] = []

    def comment(chance: bool) -> str:
        if not chance:
            return ""
        comments.append(draw(COMMENT))
        return " " + comments[-1]

    for i in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            lines.append(comment(True)[1:])
        word = draw(WORDS)
        match draw(st.sampled_from(("single", "double", "block", "folded", "flow", "lines", "plain"))):
            case "single":
                lines.append(f"k{i}: '{word.replace(chr(39), chr(39) * 2)}'{comment(draw(st.booleans()))}")
            case "double":
                quoted = word.replace("\\", "\\\\").replace('"', '\\"')
                lines.append(f'k{i}: "{quoted}"{comment(draw(st.booleans()))}')
            case "block":
                lines.append(f"k{i}: |{comment(draw(st.booleans()))}")
                lines += ["  x", f"  # {word}", f"   {word}"]
            case "folded":
                lines.append(f"k{i}: >+{comment(draw(st.booleans()))}")
                lines += [f"    #{word}", "", f"    {word} #", ""]
            case "flow":
                lines.append(f"k{i}: [a#, 'x # y',{comment(draw(st.booleans()))}")
                lines.append(f"  b]{comment(draw(st.booleans()))}")
            case "lines":
                lines.append(f'k{i}: "a # b')
                lines.append(f'  # c"{comment(draw(st.booleans()))}')
            case "plain":
                lines.append(f"k{i}: a#b:c{comment(draw(st.booleans()))}")
    return "\n".join(lines) + "\n", comments


@given(commented())
def test_comments_are_those_that_were_written(made: tuple[str, list[str]]) -> None:
    text, comments = made
    found = yaml_comments(Source("x.yaml", text))
    assert [comment for _, _, comment in found] == comments


@given(commented())
def test_comments_hold_no_value(made: tuple[str, list[str]]) -> None:
    text, _ = made
    blank = text
    for start, end, _ in yaml_comments(Source("x.yaml", text)):
        blank = blank[:start] + "#" * (end - start) + blank[end:]
    specs = [[d.spec for d in read_yaml.read(Source("x.yaml", t))] for t in (text, blank)]
    assert specs[0] == specs[1]


# ---------------------------------------------------------------- what a directive covers

TYPE, DEFAULT, EXTRA = "unknown-value", "implicit-yaml-scalar", "unknown-field"


def spec(type_: str = "", default: str = "", extra: str = "", above: str = "", below: str = "") -> str:
    """Return three findings, on the lines 3, 5 and 6 after `above`."""
    return (
        f"{above}- Name: depth\n  IsTunable: false\n  Type: integer{type_}\n  IsRequired: true\n"
        f"  DefaultValue: 010{default}\n  Bogus: 1{extra}\n{below}"
    )


THREE = [(3, TYPE), (5, DEFAULT), (6, EXTRA)]
LOWER = [(4, TYPE), (6, DEFAULT), (7, EXTRA)]

COVERED: list[Any] = [
    (spec(), THREE),
    # at the end of a line
    (spec("  # algolint: ignore[unknown-value]"), THREE[1:]),
    (spec(" #algolint:ignore[unknown-value]"), THREE[1:]),
    (spec(" ##  algolint:  ignore  [ unknown-value ]  since the service knows it"), THREE[1:]),
    pytest.param(
        spec("\t# algolint: ignore[unknown-value]"),
        [(3, "refused-by-aws-cli"), *THREE[1:]],
        marks=needs_libyaml,
    ),
    (
        spec(" # algolint: ignore[unknown-value, unknown-field]", extra=" # algolint: ignore[*]"),
        [(3, "unused-suppression"), THREE[1]],
    ),
    (spec(" # algolint: ignore[unknown-*]"), THREE[1:]),
    (spec(" # algolint: ignore[unknown-valu?]"), THREE[1:]),
    (spec(default=" # algolint: ignore[implicit-yaml-scalar,]"), [THREE[0], THREE[2]]),
    (spec(extra=" # algolint: ignore[unknown-field]"), THREE[:2]),
    (spec(" # a note # algolint: ignore[unknown-value]"), THREE[1:]),
    (spec(" # algolint: ignore[unknown-value] # a note"), THREE[1:]),
    (
        spec(" # yamllint disable # algolint: ignore[unknown-value] # algolint: ignore-file[unknown-field]"),
        THREE[1:2],
    ),
    # on a line of its own
    (spec(above="# algolint: ignore[missing-*]\n"), [(1, "unused-suppression"), *LOWER]),
    (
        spec("\n  # algolint: ignore[implicit-yaml-scalar]\n  # a note\n\n  Bogus2: 1"),
        [(3, TYPE), (4, "unused-suppression"), (7, EXTRA), (9, DEFAULT), (10, EXTRA)],
    ),
    ("# algolint: ignore[unknown-value]\n# and why\n\n- Type: integer\n  Name: a\n  IsRequired: true\n", []),
    ("# algolint: ignore[unknown-value]\n---\n- Type: integer\n  Name: a\n  IsRequired: true\n", []),
    (
        "# algolint: ignore[unknown-value]\n%YAML 1.2\n--- # x\n- {Type: x, Name: a, IsRequired: true}\n",
        [],
    ),
    # a file
    (spec(above="# algolint: ignore-file[unknown-value, implicit-yaml-scalar] old\n"), LOWER[2:]),
    (spec(below="# algolint: ignore-file[unknown-*]"), THREE[1:2]),
    (spec(extra=" # algolint: ignore-file[implicit-yaml-scalar]"), [THREE[0], THREE[2]]),
    # ranges
    (spec(above="# algolint: off\n"), []),
    (spec(above="# algolint: off legacy\n", below="# algolint: on\n"), []),
    (spec(above="# algolint: off[unknown-value,unknown-field]\n"), LOWER[1:2]),
    (spec(" # algolint: off", default=" # algolint: on"), THREE[2:]),
    (spec("\n  # algolint: off"), [THREE[0]]),
    (spec(above="# algolint: off\n", type_="\n  # algolint: on"), [(7, DEFAULT), (8, EXTRA)]),
    (spec(above="# algolint: off\n", type_="\n  # algolint: on[unknown-field]"), [(8, EXTRA)]),
    (
        spec(above="# algolint: off[unknown-*]\n", type_="\n  # algolint: on[unknown-field]"),
        [(7, DEFAULT), (8, EXTRA)],
    ),
    (
        spec(above="# algolint: off\n", type_="\n  # algolint: on\n  # algolint: off[unknown-field]"),
        [(8, DEFAULT)],
    ),
    # in text it is text
    ("- Name: 'a # algolint: ignore[unknown-value]'\n  Type: integer\n  IsRequired: true\n", [(2, TYPE)]),
    (
        "- Name: a\n  Description: |\n    b # algolint: ignore-file[unknown-value]\n    # algolint: off\n"
        "  Type: integer\n  IsRequired: true\n",
        [(2, "pattern-mismatch"), (5, TYPE)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), COVERED)
def test_what_is_covered(text: str, expected: list[tuple[int, str]]) -> None:
    for line_break in ("\n", "\r\n", "\r"):
        for bom in ("", "\ufeff"):
            assert kept(bom + text.replace("\n", line_break)) == expected, (line_break, bom)


def hyperparameter(text: str) -> str:
    return f"- Name: a\n  Type: FreeText\n  IsRequired: true\n{text}"


LOCATIONS = {
    "a value below its key, at the key": hyperparameter("  DefaultValue: # algolint: ignore[{0}]\n    010\n"),
    "above the key": hyperparameter("  # algolint: ignore[{0}]\n  DefaultValue:\n    010\n"),
    "at the value": hyperparameter("  DefaultValue:\n    010 # algolint: ignore[{0}]\n"),
    "above the value": hyperparameter("  DefaultValue:\n    # algolint: ignore[{0}]\n    010\n"),
    "in flow": "- {{Name: a, Type: FreeText, DefaultValue: 010}} # algolint: ignore[{0}]\n",
    "in flow on lines": (
        "[{{Name: a, Type: FreeText,\n  DefaultValue: 010, # algolint: ignore[{0}]\n IsRequired: true}}]\n"
    ),
    "above, in flow": (
        "[{{Name: a, Type: FreeText,\n  # algolint: ignore[{0}]\n  DefaultValue: 010,\n IsRequired: true}}]\n"
    ),
    "JSON": '[{{"Name": "a", "Type": "FreeText",\n "DefaultValue": 10 # algolint: ignore[{0}]\n}}]\n',
    "an anchored value": hyperparameter("  DefaultValue: &d 010 # algolint: ignore[{0}]\n"),
    "the merged entry": (
        "- &a\n  Name: a\n  Type: FreeText\n  DefaultValue: 010 # algolint: ignore[{0}]\n"
        "- <<: *a\n  Name: b\n"
    ),
}


@pytest.mark.parametrize("text", LOCATIONS.values(), ids=LOCATIONS)
def test_places_of_a_number(text: str) -> None:
    text = text.format(DEFAULT)
    assert DEFAULT in {d.rule.name for d in linted(Source("spec.yaml", text), plug_ins=False)}
    assert kept(text) == []


LONG = {
    "a plain text, where it ends": "  DefaultValue: a\n\n    b # algolint: ignore[{0}]\n",
    "a quoted text, where it ends": "  DefaultValue: 'a\n\n    b' # algolint: ignore[{0}]\n",
    "above a quoted text": "  # algolint: ignore[{0}]\n  DefaultValue: 'a\n\n    b'\n",
    "the header of a block": "  DefaultValue: | # algolint: ignore[{0}]\n    a\n    b\n",
    "above a block": "  # algolint: ignore[{0}]\n  DefaultValue: |\n    a\n    b\n",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_places_of_a_text_over_lines(text: str) -> None:
    rule = "pattern-mismatch"
    assert (4, rule) in kept(
        hyperparameter(text.replace("# algolint: ignore[{0}]\n", "#\n")).replace("  #\n", "")
    )
    assert kept(hyperparameter(text).format(rule)) == []


def test_a_list_is_silenced_at_its_key_and_at_its_first_item_but_not_from_above_its_owner() -> None:
    text = (
        "TrainingImage: a\nSupportedTrainingInstanceTypes: {0}\n  - ml.m5.large {1}\n  - ml.m5.3xlarge {2}\n"
        "TrainingChannels: []\nSupportedHyperParameters: []\n"
    )
    comment = "# algolint: ignore[unknown-instance-type]"
    unused = "unused-suppression"
    assert kept(text.format("", "", comment)) == kept(text.format("", "", ""))[1:]
    rest = kept(text.format("", "", comment))
    assert kept(text.format(comment, "", ""))[:2] == [(2, unused), (4, "unknown-instance-type")]
    assert rest == [(5, "item-count")]
    counted = text.format("", "", comment).replace(": []\nS", ": # algolint: ignore[item-count]\n  []\nS")
    assert kept(counted) == []


def test_every_document_of_a_stream_counts_lines_of_the_file() -> None:
    two = spec(above="---\n# algolint: ignore-file[unknown-field]\n") + spec(
        " # algolint: ignore[unknown-value]", above="---\n"
    )
    assert kept(two) == [(5, TYPE), (7, DEFAULT), (14, DEFAULT)]
    found = settled(spec() + "--- # x\n" + spec(" # algolint: ignore[wrong-type]")).kept
    assert [d.document for d in found if d.rule.name in UNSUPPRESSIBLE] == [1]
    found = settled(spec(above="# algolint: ignore[wrong-type]\n") + "---\n" + spec()).kept
    assert [d.document for d in found if d.rule.name in UNSUPPRESSIBLE] == [0]


def test_what_is_suppressed_is_counted() -> None:
    assert settled(spec(above="# algolint: off\n")).suppressed == 3
    assert settled(spec(" # algolint: ignore[unknown-value]")).suppressed == 1
    assert settled(spec()).suppressed == 0


def test_the_rest_stays_in_order() -> None:
    found = settled(spec(" # algolint: ignore[wrong-type]", " # algolint: ignore", " # algolint: on")).kept
    assert found == sorted(found, key=lambda d: (d.location.span, d.rule.name, d.message))
    assert len(found) == 5


def test_other_comments_may_name_the_program() -> None:
    for comment in ("# see algolint", "# see algolint:ignore[x]", "# algolinter: x", "# xalgolint: off"):
        assert kept(spec(f" {comment}")) == THREE, comment


def test_a_syntax_without_comments_has_no_directives() -> None:
    text = '[{"Name": "# algolint: off", "Type": "integer"}]'
    source = Source("x.json", text)
    found = linted(source, plug_ins=False)
    assert settle(source, found, ALL, KNOWN).kept is found
    assert directives(source) == []


def test_a_text_without_a_directive_is_left_alone() -> None:
    source = Source("x.yaml", spec(" # ignore"))
    found = linted(source, plug_ins=False)
    assert settle(source, found, ALL, KNOWN).kept is found


@pytest.mark.parametrize("text", ["# algolint: off\na: [\n", "a: b: c # algolint: ignore[x]\n"])
def test_invalid_syntax_is_not_suppressed_nor_are_its_comments_judged(text: str) -> None:
    assert [rule for _, rule in kept(text)] == ["invalid-syntax"]
    unheard = Selection(EVERY - {"invalid-syntax"}, {})
    assert kept(text, unheard) == []


# ---------------------------------------------------------------- malformed

MALFORMED: list[tuple[str, str]] = [
    ("algolint: ignore", "'ignore' names no rule; write ignore[rule, rule]"),
    ("algolint: ignore unknown-value", "'ignore' names no rule; write ignore[rule, rule]"),
    ("algolint: ignore(unknown-value)", "'ignore' names no rule; write ignore[rule, rule]"),
    ("algolint: ignore-file", "'ignore-file' names no rule; write ignore-file[rule, rule]"),
    ("algolint: ignore[]", "'ignore' names no rule between its brackets"),
    ("algolint: ignore[ , ]", "'ignore' names no rule between its brackets"),
    ("algolint: off[]", "'off' names no rule between its brackets"),
    ("algolint: ignore[unknown-value", "the '[' after 'ignore' is never closed"),
    ("algolint: ignore[unknown-value # x]", "the '[' after 'ignore' is never closed"),
    ("algolint: ignore[a b]", "'a b' is not a rule name; put commas between rules"),
    ("algolint: ignroe[unknown-value]", "'ignroe' is not a directive; did you mean 'ignore'?"),
    ("algolint: Ignore[unknown-value]", "'Ignore' is not a directive; did you mean 'ignore'?"),
    ("algolint: ignore-files[x]", "'ignore-files' is not a directive; did you mean 'ignore-file'?"),
    ("algolint: disable=x", "'disable' is not a directive; write ignore[rule], ignore-file[rule], off or on"),
    ("algolint:", "no directive follows 'algolint:'; write ignore[rule], ignore-file[rule], off or on"),
    ("algolint: [x]", "no directive follows 'algolint:'; write ignore[rule], ignore-file[rule], off or on"),
]


@pytest.mark.parametrize(("comment", "message"), MALFORMED)
def test_malformed(comment: str, message: str) -> None:
    text = spec(f"  # {comment}  ")
    found = [d for d in settled(text).kept if d.rule.name in UNSUPPRESSIBLE]
    assert [(d.rule.name, d.message, d.severity) for d in found] == [
        ("malformed-suppression", message, "error")
    ]
    (diagnostic,) = found
    assert diagnostic.edits is None
    assert diagnostic.fix is None
    assert diagnostic.fingerprint
    location = diagnostic.location
    assert (location.line, location.column, location.end_column) == (
        3,
        18,
        20 + len(comment.partition(" # ")[0]),
    )
    assert [line for line in kept(text) if line[1] not in UNSUPPRESSIBLE] == THREE


# ---------------------------------------------------------------- unused

UNUSED: list[tuple[str, list[str]]] = [
    (spec(" # algolint: ignore[unknown-value]"), []),
    (spec(" # algolint: ignore[wrong-type]"), ["'wrong-type' has nothing to suppress on line 3"]),
    (spec(above="# algolint: ignore[wrong-type]\n"), ["'wrong-type' has nothing to suppress on line 2"]),
    (
        spec(" # algolint: ignore[wrong-type, unknown-value, string-length]"),
        [
            "'wrong-type' has nothing to suppress on line 3",
            "'string-length' has nothing to suppress on line 3",
        ],
    ),
    (spec(" # algolint: ignore[wrong-*]"), ["'wrong-*' has nothing to suppress on line 3"]),
    (spec(" # algolint: ignore[wrong-tpye]"), ["there is no rule 'wrong-tpye'; did you mean 'wrong-type'?"]),
    (spec(" # algolint: ignore[nonsense]"), ["there is no rule 'nonsense'"]),
    (spec(" # algolint: ignore[non*]"), ["there is no rule 'non*'"]),
    (
        spec(" # algolint: ignore[Unknown-Value]"),
        ["there is no rule 'Unknown-Value'; did you mean 'unknown-value'?"],
    ),
    (spec(" # algolint: ignore[invalid-syntax]"), ["'invalid-syntax' cannot be suppressed"]),
    (spec(" # algolint: ignore[unused-suppression]"), ["'unused-suppression' cannot be suppressed"]),
    (
        spec(below="# algolint: ignore[wrong-type]\n"),
        ["'wrong-type' has nothing to suppress; no entry follows"],
    ),
    (
        spec(below="# algolint: ignore-file[wrong-type]"),
        ["'wrong-type' has nothing to suppress in this file"],
    ),
    (spec(below="# algolint: off"), ["every rule has nothing to suppress from here on"]),
    (spec(below="# algolint: off[wrong-type]"), ["'wrong-type' has nothing to suppress from here on"]),
    (spec(" # algolint: on"), ["nothing is off here"]),
    (spec(above="# algolint: off\n", below="# algolint: on\n# algolint: on\n"), ["nothing is off here"]),
    (
        spec(above="# algolint: off[unknown-*]\n", below="# algolint: on[wrong-type, unknown-field]\n"),
        ["'wrong-type' is not off here"],
    ),
    # If two comments cover a finding, both are used; one at the key only if the line itself has none.
    (spec(" # algolint: ignore[unknown-value]", above="# algolint: ignore-file[unknown-value]\n"), []),
    (
        hyperparameter(
            "  DefaultValue: # algolint: ignore[implicit-yaml-scalar]\n"
            "    010 # algolint: ignore[implicit-yaml-scalar]\n"
        ),
        ["'implicit-yaml-scalar' has nothing to suppress on line 4"],
    ),
    # A malformed comment may be the beginning of what ends here.
    (spec(" # algolint: off[", below="# algolint: on\n"), ["the '[' after 'off' is never closed"]),
]


@pytest.mark.parametrize(("text", "expected"), UNUSED)
def test_unused(text: str, expected: list[str]) -> None:
    assert messages(text) == expected
    for diagnostic in settled(text).kept:
        if diagnostic.rule.name == "unused-suppression":
            assert diagnostic.severity == "warning"
            assert diagnostic.fix is not None
            assert diagnostic.fix.safe
            assert diagnostic.fingerprint


def test_the_place_is_the_name() -> None:
    (found,) = [d for d in settled(spec(" # algolint: ignore[unknown-value, wrong-type]")).kept if d.edits]
    assert (found.location.line, found.location.column, found.location.end_column) == (3, 51, 61)


def without(*names: str) -> Selection:
    return Selection(EVERY - set(names), {}, show_info=True)


JUDGED: list[tuple[str, Selection, bool]] = [
    ("ignore[wrong-type]", ALL, True),
    ("ignore[wrong-type]", without("wrong-type"), False),
    ("ignore[wrong-*]", without("wrong-type"), False),
    ("ignore[unknown-f*, wrong-type]", without("unknown-field"), True),
    ("ignore[nonsense]", without("unknown-field"), True),
    ("off[wrong-type]", without("wrong-type"), False),
    ("ignore-file[wrong-type]", without("wrong-type"), False),
    ("on[wrong-type]", without("wrong-type"), True),
    # It reports at info too, and that is not shown.
    ("ignore[placeholder-left-in]", ALL, True),
    ("ignore[placeholder-left-in]", Selection(EVERY, {}), False),
    ("ignore[placeholder-left-in]", Selection(EVERY, {"placeholder-left-in": "error"}), True),
    (
        "ignore[placeholder-left-in]",
        Selection(EVERY, {}, False, frozenset({"placeholder-left-in"})),
        True,
    ),
    ("ignore[wrong-type]", Selection(EVERY, {"wrong-type": "info"}), False),
    ("ignore[wrong-type]", without("unused-suppression"), False),
]


@pytest.mark.parametrize(("comment", "selection", "is_judged"), JUDGED)
def test_only_an_enabled_rule_is_reported_as_unused(
    comment: str, selection: Selection, is_judged: bool
) -> None:
    assert bool(messages(spec(below=f"  # algolint: {comment}\n"), selection)) == is_judged


def test_every_rule_is_judged_where_all_are_selected_and_shown() -> None:
    assert fully_enabled(KNOWN.values(), ALL) == KNOWN.keys()
    assert "placeholder-left-in" not in fully_enabled(KNOWN.values(), Selection(EVERY, {}))
    assert messages(spec(below="# algolint: off\n"), Selection(EVERY, {})) == []


def test_the_severities_are_the_selections() -> None:
    levels = Selection(EVERY, {"unused-suppression": "error", "malformed-suppression": "warning"}, True)
    text = spec(" # algolint: ignore", " # algolint: ignore[wrong-type]")
    assert [d.severity for d in settled(text, levels).kept if d.rule.name in UNSUPPRESSIBLE] == [
        "warning",
        "error",
    ]
    assert messages(text, without(*UNSUPPRESSIBLE)) == []


def test_an_alias_of_a_rule_suppresses_it() -> None:
    source = Source("x.yaml", spec(" # algolint: ignore[odd-value]"))
    known = {**KNOWN, "odd-value": KNOWN["unknown-value"]}
    found = settle(source, linted(source, plug_ins=False), ALL, known).kept
    assert [(d.location.line, d.rule.name) for d in found] == THREE[1:]


def test_fingerprints_of_comments_do_not_depend_on_their_lines() -> None:
    def prints(text: str) -> set[str]:
        return {d.fingerprint for d in settled(text).kept if d.rule.name in UNSUPPRESSIBLE}

    text = spec(" # algolint: ignore[wrong-type, string-length] x", " # algolint: ignore")
    assert len(prints(text)) == 3
    assert prints(text) == prints("# a\n\n" + text.replace("[wrong-type, ", "[wrong-type,  "))


# ---------------------------------------------------------------- taking comments away

REMOVED: list[Any] = [
    ("- a: 1  # algolint: ignore[wrong-type]\n", "- a: 1\n"),
    pytest.param(
        "- a: 1 \t #algolint:ignore[wrong-type] reason  \n- b\n", "- a: 1\n- b\n", marks=needs_libyaml
    ),
    ("- a: 1 # algolint: ignore[wrong-type]", "- a: 1"),
    ("- a: 1 # note # algolint: ignore[wrong-type]\n", "- a: 1 # note\n"),
    ("- a: 1 # note  # algolint: ignore[wrong-type] x # more\n", "- a: 1 # note # more\n"),
    ("- a: 1  # algolint: ignore[wrong-type] see #12 # note\n", "- a: 1  # note\n"),
    ("- a: # algolint: ignore[wrong-type]\n    1\n", "- a:\n    1\n"),
    ("- a: | # algolint: ignore[wrong-type]\n    1\n", "- a: |\n    1\n"),
    ("- [a, # algolint: ignore[wrong-type]\n  b]\n", "- [a,\n  b]\n"),
    ("- a: 1\n  # algolint: ignore[wrong-type] x\n- b\n", "- a: 1\n- b\n"),
    ("- a: 1\r\n  # algolint: ignore[wrong-type] x\r\n- b\r\n", "- a: 1\r\n- b\r\n"),
    ("- a: 1\r  # algolint: ignore[wrong-type] x\r- b\r", "- a: 1\r- b\r"),
    ("# algolint: ignore-file[wrong-type]\n- a\n", "- a\n"),
    ("# algolint: ignore-file[wrong-type]\n\n- a\n", "- a\n"),
    ("# head\n# algolint: ignore-file[wrong-type]\n\n- a\n", "# head\n\n- a\n"),
    ("# head\n\n# algolint: ignore-file[wrong-type]\n\n- a\n", "# head\n\n- a\n"),
    ("- a\n\n# algolint: ignore[wrong-type]\n- b\n", "- a\n\n- b\n"),
    ("- a\n\n# algolint: ignore[wrong-type]\n\n\n- b\n", "- a\n\n- b\n"),
    ("- a\n# algolint: ignore[wrong-type]\n", "- a\n"),
    ("- a\n\n# algolint: ignore[wrong-type]\n", "- a\n"),
    ("- a\n# algolint: ignore[wrong-type]", "- a"),
    ("- a\n\n# algolint: ignore[wrong-type]", "- a"),
    ("- a\r\n\r\n# algolint: ignore[wrong-type]", "- a"),
    ("- a\n  # algolint: ignore[wrong-type] # note\n- b\n", "- a\n  # note\n- b\n"),
    ("- a\n  # note # algolint: ignore[wrong-type]\n- b\n", "- a\n  # note\n- b\n"),
    ("- a # algolint: ignore[wrong-type, nonsense]\n", "- a\n"),
    ("- a # algolint: on # algolint: on\n", "- a\n"),
    ("- a # algolint: ignore[wrong-type] # algolint: on # x\n", "- a # x\n"),
    ("# algolint: off[wrong-type]\n- a\n# algolint: on[wrong-type]\n", "- a\n"),
    pytest.param("- a # algolint: on\u2028- b\n", "- a\u2028- b\n", marks=needs_libyaml),
    pytest.param("- a\n# algolint: on\u2028- b\n", "- a\n\u2028- b\n", marks=needs_libyaml),
]


@pytest.mark.parametrize(("text", "expected"), REMOVED)
def test_an_unused_comment_is_removed_as_a_person_would(text: str, expected: str) -> None:
    assert tidied(text, []) == expected


LISTS: list[tuple[str, str]] = [
    ("[wrong-type, unknown-value]", "[unknown-value]"),
    ("[unknown-value, wrong-type]", "[unknown-value]"),
    ("[unknown-value,wrong-type,unknown-*]", "[unknown-value,unknown-*]"),
    ("[ string-length, unknown-value, wrong-type ] x", "[ unknown-value ] x"),
    ("[wrong-tpye, unknown-value,]", "[unknown-value,]"),
    ("[unknown-value]", "[unknown-value]"),
]


@pytest.mark.parametrize(("before", "after"), LISTS)
@pytest.mark.parametrize("kind", ["ignore", "ignore-file", "off"])
def test_an_unused_name_is_taken_out_of_its_list(kind: str, before: str, after: str) -> None:
    assert tidied(spec(f" # algolint: {kind}{before}")) == spec(f" # algolint: {kind}{after}")


def test_one_fix_takes_out_every_unused_name() -> None:
    text = spec(" # algolint: ignore[wrong-type, unknown-value, string-length]")
    found = [d for d in settled(text).kept if d.edits]
    assert len(found) == 2
    assert found[0].edits == found[1].edits
    assert tidied(text, rounds=2) == spec(" # algolint: ignore[unknown-value]")


def test_a_comment_that_keeps_a_text_short_stays() -> None:
    source = Source("x.yaml", "- a: |+\n    x\n# algolint: ignore[wrong-type]\n\n- b\n")
    (found,) = settle(source, [], ALL, KNOWN).kept
    assert found.edits is None
    assert found.fix is None
    for below in ("", "\n"):
        harmless = f"- a: |+\n    x\n\n# algolint: ignore[wrong-type]\n{below}- b\n"
        assert tidied(harmless, []) == "- a: |+\n    x\n\n- b\n"


# ---------------------------------------------------------------- adding comments


ADDED: list[tuple[str, str]] = [
    (
        spec(),
        spec(
            "  # algolint: ignore[unknown-value]",
            "  # algolint: ignore[implicit-yaml-scalar]",
            "  # algolint: ignore[unknown-field]",
        ),
    ),
    (
        "- Name: a\n  IsTunable: true\n  Type: integer",
        "- Name: a\n  IsTunable: true\n  Type: integer  # algolint: ignore[unknown-value]",
    ),
    (
        "- Name: a\n  IsTunable: true\n  Type: integer   \n",
        "- Name: a\n  IsTunable: true\n  Type: integer  # algolint: ignore[unknown-value]\n",
    ),
    (
        "- Name: a\n  IsTunable: true\n  Type: integer # note\n",
        "- Name: a\n  IsTunable: true\n  Type: integer # note  # algolint: ignore[unknown-value]\n",
    ),
    (
        "- Name: a\r\n  IsTunable: true\r\n  Type: integer\r\n",
        "- Name: a\r\n  IsTunable: true\r\n  Type: integer  # algolint: ignore[unknown-value]\r\n",
    ),
    (
        "- {Name: a, IsTunable: true, Type: x, B: 1}\n",
        "- {Name: a, IsTunable: true, Type: x, B: 1}  # algolint: ignore[unknown-field, unknown-value]\n",
    ),
    (
        "- {Name: a, IsTunable: true, Type: x, B: 1} # algolint: ignore[unknown-field] why\n",
        "- {Name: a, IsTunable: true, Type: x, B: 1} # algolint: ignore[unknown-field, unknown-value] why\n",
    ),
    (
        "# algolint: ignore[wrong-type] why\n- Type: integer\n  IsRequired: true\n  Name: a\n",
        "# algolint: ignore[wrong-type, unknown-value] why\n- Type: integer\n  IsRequired: true\n  Name: a\n",
    ),
    (
        "- Name: a\n  IsTunable: true\n  Type: integer # algolint: ignore\n",
        "- Name: a\n  IsTunable: true\n"
        "  Type: integer # algolint: ignore  # algolint: ignore[unknown-value]\n",
    ),
    # no room behind a text over several lines, nor in the header of a block
    (
        "- Name: a\n  Type: FreeText\n  DefaultValue: 'a\n\n    b'\n",
        "- Name: a\n  Type: FreeText\n  # algolint: ignore[pattern-mismatch]\n  DefaultValue: 'a\n\n    b'\n",
    ),
    (
        "- Name: a\r\n  Type: FreeText\r\n  DefaultValue: |\r\n    a\r\n    b\r\n",
        "- Name: a\r\n  Type: FreeText\r\n  # algolint: ignore[pattern-mismatch]\r\n"
        "  DefaultValue: |\r\n    a\r\n    b\r\n",
    ),
    (
        "- Name: a\n  Type: FreeText\n  DefaultValue: |\n    a\n    b",
        "- Name: a\n  Type: FreeText\n"
        "  # algolint: ignore[pattern-mismatch]\n  DefaultValue: |\n    a\n    b",
    ),
    (
        "- {Name: 'a\n\n b', Type: FreeText, DefaultValue: 'a\n\n   b', IsRequired: true}\n",
        "# algolint: ignore[pattern-mismatch]\n- {Name: 'a\n\n b', Type: FreeText, DefaultValue: 'a\n\n   b',"
        " IsRequired: true}  # algolint: ignore[pattern-mismatch]\n",
    ),
    (
        "- Name: a\n  Type: FreeText\n  DefaultValue:\n    a\n\n    b\n",
        "- Name: a\n  Type: FreeText\n"
        "  DefaultValue:\n    # algolint: ignore[pattern-mismatch]\n    a\n\n    b\n",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ADDED)
def test_comments_are_added_where_there_is_room(text: str, expected: str) -> None:
    found = [d for d in settled(text).kept if d.rule.name not in UNSUPPRESSIBLE]
    assert add_ignores(Source("spec.yaml", text), found) == (expected, [])


def described(diagnostic: Diagnostic) -> tuple[str, str]:
    """Return the rule and the message without lines, which comments move."""
    return diagnostic.rule.name, re.sub(r"\bline \d+", "line N", diagnostic.message)


def check_added(text: str, may_refuse: bool = False) -> None:
    """Check that all is suppressed, comments have no findings, no value changed, and all of it can be undone."""
    source = Source("spec.yaml", text)
    found = linted(source)
    result, left = add_ignores(source, found)
    # What only the AWS CLI refuses may be in the middle of a text.
    assert may_refuse or all(d.rule.name == "refused-by-aws-cli" for d in left), text
    again = Source("spec.yaml", result)
    after = settle(again, linted(again), ALL, KNOWN)
    assert [described(d) for d in after.kept] == [described(d) for d in left]
    assert after.suppressed == len(found) - len(left)
    specs = [[document.spec for document in read_yaml.read(s)] for s in (source, again)]
    assert all(same(a, b) for a, b in zip(*specs, strict=True))
    assert tidied(result, []) == source.text


@pytest.mark.parametrize("path", YAML_FIXTURES, ids=lambda path: path.name)
def test_adding_to_a_fixture(path: Path) -> None:
    text = read_file(str(path), 1 << 23).text
    if "algolint:" not in text and "\u2028" not in text:
        check_added(text)


CLEAN = [
    document.spec for path in YAML_FIXTURES for document in read_yaml.read(read_file(str(path), 1 << 23))
]
STYLES: list[dict[str, Any]] = [
    {"default_flow_style": False},
    {"default_flow_style": True, "width": 30},
    {"default_flow_style": None, "width": 40},
    {"default_style": "|"},
    {"default_style": '"', "width": 20, "default_flow_style": False},
    {"default_flow_style": False, "width": 20, "line_break": "\r\n", "indent": 4},
    {"explicit_start": True, "explicit_end": True},
    {"canonical": True},
]


ODD: tuple[Any, ...] = (
    None, True, 10**30, 1.5, "", "integer", "a # b", "a\nb", "a\n\n  b # c\n\n", "<x>", "no", "010",
    "x " * 40, [], {}, [[]], [None, "a b"], {"": 0}, {"x y": "z"}, "é😀\u2028x",
)  # fmt: skip


def spoil(spec: Any, data: st.DataObject) -> None:
    """Change, add or delete one thing in a spec."""
    while True:
        inside = [key for key in keys_of(spec) if isinstance(spec[key], dict | list) and spec[key]]
        if not inside or data.draw(st.integers(0, 4)) == 0:
            break
        spec = spec[data.draw(st.sampled_from(inside))]
    odd = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    if isinstance(spec, dict) and data.draw(st.booleans()):
        spec[data.draw(st.sampled_from(("Bogus", "a b", "Type", "Name")))] = odd
    elif data.draw(st.booleans()) and len(spec) > 1:
        del spec[data.draw(st.sampled_from(keys_of(spec)))]
    else:
        spec[data.draw(st.sampled_from(keys_of(spec)))] = odd


def keys_of(spec: Any) -> list[Any]:
    return list(spec) if isinstance(spec, dict) else list(range(len(spec)))


@settings(max_examples=30)
@given(st.data())
def test_adding_to_specs_that_are_spoilt_and_written_in_every_way(data: st.DataObject) -> None:
    check_adding_to_a_spoilt_spec(data)


@pytest.mark.slow
@given(st.data())
def test_adding_to_more_specs_that_are_spoilt(data: st.DataObject) -> None:
    check_adding_to_a_spoilt_spec(data)


def check_adding_to_a_spoilt_spec(data: st.DataObject) -> None:
    mutated = json.loads(json.dumps(data.draw(st.sampled_from(CLEAN))))
    for _ in range(data.draw(st.integers(1, 5))):
        spoil(mutated, data)
    style = data.draw(st.sampled_from(STYLES))
    text = yaml.dump(mutated, Dumper=yaml.SafeDumper, allow_unicode=True, **style)
    # A line may begin in one text and end in another.
    check_added(text, may_refuse="width" in style and style["default_flow_style"] is not False)


def test_a_line_without_room_gets_no_comment() -> None:
    text = "- {Name: a, IsRequired: true, Type: 'x\n\n  y', Bogus: 'x\n\n  y'}\n"
    source = Source("x.yaml", text)
    found = linted(source, plug_ins=False)
    assert {d.location.line for d in found} == {1, 3}
    without_room = [d for d in found if d.location.line == 3]
    commented, left = add_ignores(source, found)
    assert left == without_room
    assert commented == add_ignores(source, [d for d in found if d.location.line == 1])[0]
    assert commented.startswith("# algolint: ignore[unknown-value]\n- {Name")


def test_what_gets_no_comments() -> None:
    source = Source("x.json", '[{"Name": "a", "Type": "integer"}]')
    found = linted(source)
    assert found
    assert add_ignores(source, found) == (source.text, found)
    broken = Source("x.yaml", "a: [\n")
    assert add_ignores(broken, linted(broken)) == ("a: [\n", [])
    assert add_ignores(broken, []) == ("a: [\n", [])
    about = settled(spec(" # algolint: ignore")).kept
    text, left = add_ignores(Source("x.yaml", spec(" # algolint: ignore")), about)
    assert left == []
    assert [rule for _, rule in kept(text)] == ["malformed-suppression"]


def test_several_documents_get_their_comments() -> None:
    check_added(spec(above="# a\n---\n") + spec(above="...\n---\n") + "--- {x: 1}\n")


# ---------------------------------------------------------------- by pointer

ENTRIES: list[tuple[str, list[str], list[tuple[int, str]]]] = [
    ("/0/Type", ["unknown-value"], THREE[1:]),
    ("/0/Type", ["unknown-*"], THREE[1:]),
    ("/0/Type", ["wrong-type"], THREE),
    ("/0/Type", ["wrong-type", "unknown-value"], THREE[1:]),
    ("/0", ["*"], THREE),
    ("/*/Type", ["*"], THREE[1:]),
    ("/0/*", ["*"], []),
    ("/*/*", ["unknown-*"], THREE[1:2]),
    ("/**", ["*"], []),
    ("/0/**", ["*"], []),
    ("/0/Type/**", ["*"], THREE),
    ("/1/**", ["*"], THREE),
    ("", ["*"], THREE),
]


@pytest.mark.parametrize(("pointer", "rules", "expected"), ENTRIES)
def test_by_pointer(pointer: str, rules: list[str], expected: list[tuple[int, str]]) -> None:
    entry = ConfigIgnore(pointer, rules, "a reason")
    rest, suppressed, unused = by_pointer(linted(Source("x.yaml", spec()), plug_ins=False), [entry])
    assert [(d.location.line, d.rule.name) for d in rest] == expected
    assert suppressed == 3 - len(expected)
    assert unused == ([entry] if len(expected) == 3 else [])


def test_a_pointer_names_what_its_escapes_stand_for() -> None:
    source = Source("x.json", '[{"Name": "a", "Type": "FreeText", "IsRequired": true, "b/c~d": 1}]')
    found = linted(source, plug_ins=False)
    assert by_pointer(found, [ConfigIgnore("/0/b~1c~0d", ["*"])])[:2] == ([], 1)


def test_invalid_syntax_is_not_suppressed_by_pointer() -> None:
    found = linted(Source("x.json", "{"))
    assert by_pointer(found, [ConfigIgnore("", ["*"]), ConfigIgnore("/**", ["*"])])[1] == 0


@pytest.mark.parametrize("pointer", ["Type", "0/Type", "/a/**/b"])
def test_no_pointer(pointer: str) -> None:
    with pytest.raises(ValueError, match=r"pointer|\*\*"):
        ConfigIgnore(pointer, ["*"])


# ---------------------------------------------------------------- pages, and the hot path

RULES = (unused_suppression, malformed_suppression)
EXAMPLES = [example for rule in RULES for example in examples(rule)]


@pytest.mark.parametrize("example", EXAMPLES, ids=repr)
def test_the_examples_of_the_pages(example: Example) -> None:
    found = [d for d in settled(example.text).kept if d.severity != "info"]
    assert (example.rule.name in {d.rule.name for d in found}) == example.is_bad
    assert example.is_bad or found == []


def test_a_bad_example_fixed_is_the_good_one() -> None:
    rule = RULES[0]
    bad = [example.text for example in examples(rule) if example.is_bad]
    good = [example.text for example in examples(rule) if not example.is_bad]
    assert [tidied(text) for text in bad] == good


def test_no_module_is_imported_that_a_file_without_directives_does_not_need() -> None:
    code = (
        "import sys; before = set(sys.modules); from algolint.suppression import settle as s\n"
        "from algolint.source import Source\n"
        "s.settle(Source('x.yaml', 'a: 1'), [], None, {})\n"
        "print({'typing', 'yaml', 'algolint.fixes.edits', 'fnmatch', 'dataclasses'} & set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "comment",
    ["# algolint: ignore[unknown-value]\n", "# algolint: off\n# algolint: on\n", f"# algolint:{' ' * 99}\n"],
    ids=["ignore", "off", "empty"],
)
def test_twice_as_many_comments_take_twice_the_steps(comment: str) -> None:
    def settle_comments(count: int) -> None:
        settled(f"{comment * count}\n{spec()}")

    settle_comments(1)
    one, two = (steps_of(partial(settle_comments, count)) for count in (20, 40))
    assert all(two[part] <= 2.1 * one[part] for part in two), (one, two)
    # The last ones of these are past the limit. PyYAML in Python reads the text, three times as long, in calls too.
    most = 2.2 if yaml.__with_libyaml__ else 3.2
    assert calls_of(partial(settle_comments, 1500)) <= most * calls_of(partial(settle_comments, 500))


def test_a_long_comment_takes_steps_as_it_is_long() -> None:
    texts = [f"# algolint:{' ' * size}\n{spec()}" for size in (300, 600)]
    one, two = (steps_of(partial(settled, text)) for text in texts)
    assert all(two[part] <= 2.1 * one[part] for part in two), (one, two)


# ---------------------------------------------------------------- limits


def test_too_many_comments_are_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DIRECTIVES", 3)
    text = (
        "AlgorithmName: a b\nTags: []\n" + "x: 1  # algolint: ignore[unknown-field]\n".replace("x", "x{}") * 6
    )
    found = settled(text.format(*range(6))).kept
    assert [(d.location.line, d.rule.name) for d in found if d.location.line > 5] == [
        (6, "unknown-field"),
        (6, "malformed-suppression"),
        (7, "unknown-field"),
        (8, "unknown-field"),
    ]
    (reported,) = (d for d in found if d.rule.name == "malformed-suppression")
    assert reported.message == "more than 3 suppression comments; this one and those below have no effect"


def test_too_many_names_are_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DIRECTIVE_NAMES", 3)
    line = "x{}: 1  # algolint: ignore[unknown-field, unknown-f*]\n"
    text = "AlgorithmName: a\nTags: []\n" + "".join(line.format(number) for number in range(4))
    assert kept(text) == [
        (1, "missing-field"),
        (4, "unknown-field"),
        (4, "malformed-suppression"),
        (5, "unknown-field"),
        (6, "unknown-field"),
    ]
    assert messages(text) == [
        "more than 3 rule names in suppression comments; this one and those below have no effect"
    ]


def test_removals_are_proved_within_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "# algolint: ignore[pattern-mismatch]\n"
    text = "AlgorithmName: a\nAlgorithmDescription: |+\n  a\n\nTags: []\n" + line * 8
    monkeypatch.setattr(limits, "MAX_PROVED_LENGTH", 3 * Source("a.yaml", text).work)
    found = [d for d in settled(text).kept if d.rule is unused_suppression]
    assert [d.edits is not None for d in found] == [True] * 3 + [False] * 5


@given(st.lists(st.sampled_from(["off", "off[unknown-field]", "on", "on[unknown-field]", "x", "off[*], on"])))
def test_off_and_on_cover_the_lines_between_them(lines: list[str]) -> None:
    """As a reader would go through the text, comment by comment."""
    text = "AlgorithmName: a\nTags: []\n"
    is_off, expected = False, []
    for number, line in enumerate(lines, 3):
        if line == "x":
            text += f"x{number}: 1\n"
            expected += [] if is_off else [number]
            continue
        text += " ".join(f"# algolint: {part}" for part in line.split(", ")) + "\n"
        is_off = line.endswith(("off", "off[unknown-field]"))
    assert [line for line, rule in kept(text) if rule == "unknown-field"] == expected


def test_comments_that_do_not_fit_are_found_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt reads the text again; a finding without room gets no comment."""
    lines = [f"X{number}: 1\n" for number in range(62)]
    source = Source("a.yaml", f"AlgorithmName: a b\nTags: []\n{''.join(lines)}X: |\n  a\n  b")
    found = [d for d in linted(source, plug_ins=False) if d.rule.name == "unknown-field"]
    assert len(found) == 63
    wrong, proved = found[17], writing._CommentWriter._proved
    tried: list[int] = []

    def counted(self: Any, text: str, changes: list[Edit], wanted: list[Diagnostic]) -> bool:
        tried.append(len(wanted))
        return wrong not in wanted and proved(self, text, changes, wanted)

    monkeypatch.setattr(writing._CommentWriter, "_proved", counted)
    text, left = add_ignores(source, found)
    assert left == [wrong]
    assert text.count("algolint: ignore[unknown-field]") == 62
    assert len(tried) <= 2 * 6 + 1


def test_entries_for_a_file_elsewhere_belong_beside_it(algolint: Run, tmp_path: Path) -> None:
    """Without a configuration, one in the current folder would not apply to a file outside of it."""
    for folder in ("specs", "here"):
        (tmp_path / folder).mkdir()
    (tmp_path / "specs" / "a.json").write_text('{"AlgorithmName": "-", "TrainingSpecification": {}}')
    name = str(Path("..", "specs", "a.json"))
    done = algolint("--add-ignore", name, cwd=tmp_path / "here")
    said, _, entries = done.stderr.partition(":\n\n")
    assert said.endswith(f"add this to a new {Path('..', 'specs', 'algolint.toml')}")
    assert 'path = "/a.json"' in entries
    (tmp_path / "specs" / "algolint.toml").write_text(entries)
    assert algolint(name, cwd=tmp_path / "here").returncode == 0
