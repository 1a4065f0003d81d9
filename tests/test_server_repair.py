"""A broken text of JSON or YAML while somebody types: no finding of the rest is lost, and none is false."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from language_client import LanguageClient
from steps import calls_of

from algolint.config.effective import SettingsFinder
from algolint.rule_files import all_rules
from algolint.runs.session import Session
from algolint.server.repair import repaired
from algolint.server.text import TextChange
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read

Json = dict[str, Any]
Found = set[tuple[str, tuple[int, int]]]
TEXTS = {
    path: text
    for path in sorted((ROOT / "fixtures").rglob("*"))
    if path.suffix in (".json", ".yaml")
    for text in [path.read_text()]
    # Text from a template engine is read differently.
    if "{{" not in text and "{%" not in text
}
REPLACED = {rule.name: rule.replaces for rule in all_rules()}
SESSION = Session(SettingsFinder({}, isolated=True))

YAML = """\
AlgorithmName: -x
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  <half>
  SupportedTrainingInstanceTypes: [ml.m5.xlarg]
  TrainingChannels:
    - Name: train
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [Fil]
"""
JSON = """\
{
  "AlgorithmName": "-x",
  "TrainingSpecification": {
    "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2",
    <half>
    "SupportedTrainingInstanceTypes": ["ml.m5.xlarg"],
    "TrainingChannels": [
      {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["Fil"]}
    ]
  }
}
"""
HALF_TYPED = {
    ".yaml": [
        "Supp", 'Name: "tra', "Tags: [a", "Range: {a: 1", '- "x', "'it", "Name: a: b", "%x", "*foo", '"Na', "- {Name: a, ",
        "\tx", "`", "a: @b", '- Name: "x', "Foo 'x",
    ],
    ".json": [
        '"Supp', '"Name":', '"Name": "tra', '"Tags": [', '"Range": {', "{", '{"Key": "a", "Value": "b', "Na", "'x'",
        '"a": [1, {"b": ', "}", "]", '"Regex": "([0-9',
    ],
}  # fmt: skip


def repaired_text(name: str, text: str) -> Source | None:
    """Return the readable part of a text that cannot be read as a whole."""
    source = Source(name, text)
    with pytest.raises(SourceSyntaxError) as error:
        read(source)
    return repaired(source, error.value)


def linted(name: str, text: str) -> list[tuple[str, int]]:
    """Return the findings in the rest of a broken text, with lines."""
    source = repaired_text(name, text)
    assert source is not None
    return [(d.rule.name, d.location.line) for d in SESSION.lint(name, False, source).diagnostics]


ALL = ["pattern-mismatch", "unknown-instance-type", "unknown-value"]


@pytest.mark.parametrize("half", HALF_TYPED[".yaml"])
def test_all_around_a_half_typed_line_of_yaml_is_linted(half: str) -> None:
    found = linted("a.yaml", YAML.replace("<half>", half))
    expected = list(zip(ALL, (1, 5, 9), strict=True))
    # An item is of a list: what the object around it is, is not certain.
    assert found == (expected[:1] if half.startswith("-") else expected)


@pytest.mark.parametrize("half", HALF_TYPED[".json"])
def test_all_around_a_half_typed_line_of_json_is_linted(half: str) -> None:
    text = JSON.replace("<half>", half)
    expected = list(zip(ALL, (2, 6, 8), strict=True))
    # What the object around a bracket is, is not certain.
    assert linted("a.json", text) == (expected[:1] if half[0] in "{}]" else expected)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # A comma, too many or missing.
        ("a.json", '{\n  "AlgorithmName": "-x",\n  "Tags": [],\n}', [("pattern-mismatch", 2)]),
        ("a.json", '{\n  "TrainingSpecification": {}\n  "AlgorithmName": "-x"\n}', [("missing-field", 2), ("pattern-mismatch", 3)]),
        # The text ends too early, so nothing that may follow is missing.
        ("a.json", '{\n  "AlgorithmName": "-x",\n  "TrainingSpecification": {\n', [("pattern-mismatch", 2)]),
        ("a.json", '{\n  "AlgorithmName": "-x",\n  "TrainingSpecification":', [("pattern-mismatch", 2)]),
        # On one line, nothing shows which brace is missing.
        ("a.json", '{"AlgorithmName": "-x", "TrainingSpecification": {"Tags": 1', None),
        ("a.json", "{", None),
        ("a.json", "", None),
        ("a.yaml", "{", None),
    ],
)  # fmt: skip
def test_commas_and_ends(name: str, text: str, expected: list[tuple[str, int]] | None) -> None:
    if expected is None:
        source = repaired_text(name, text)
        assert source is None or not SESSION.lint(name, False, source).diagnostics
    else:
        assert linted(name, text) == expected


def test_a_duplicate_key_in_the_value_of_another_one() -> None:
    """The path of the inner one leads into a list that the last of the outer ones does not have."""
    channels = "  TrainingChannels: [1, {Name: a, Name: b}]\n  TrainingChannels: [1]\n"
    text = f"AlgorithmName: a\nTrainingSpecification:\n{channels}  Supp\n  TrainingImage: a\n"
    found = linted("a.yaml", text)
    assert ("duplicate-key", 4) in found
    assert ("duplicate-key", 3) not in found


def test_other_syntaxes_are_not_repaired() -> None:
    fault = SourceSyntaxError("'(' was never closed", (0, 1))
    assert repaired(Source("a.py", "(\nx = 1\n"), fault) is None


FIRST = "AlgorithmName: -x\nTrainingSpecification:\n  Supp\n  TrainingImage: a\n  SupportedTrainingInstanceTypes: [ml.m5.xlarg]\n"
ITEM = "AlgorithmName: -x\nTrainingSpecification:\n  TrainingChannels:\n    - Name train\n      IsRequired: true\n    - Name: a b\n"
KEY = '{\n  "AlgorithmName": "-x",\n  InferenceSpecification": {\n    "Tags": 1\n  },\n  "TrainingSpecification": 1\n}\n'
BRACE = KEY.replace("Inference", '"Inference').replace(" {\n    ", "\n    ")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # The line is read as one with those below it, which are refused one after the other.
        ("a.yaml", FIRST, [("pattern-mismatch", 1), ("unknown-instance-type", 5)]),
        ("a.yaml", ITEM, [("pattern-mismatch", 1), ("pattern-mismatch", 6)]),
        # What it opens, or should, ends elsewhere.
        ("a.json", KEY, [("pattern-mismatch", 2), ("wrong-type", 6)]),
        ("a.json", BRACE, [("pattern-mismatch", 2), ("wrong-type", 6)]),
    ],
)  # fmt: skip
def test_the_line_that_is_wrong_is_taken_out_and_not_those_below(
    name: str, text: str, expected: list[tuple[str, int]]
) -> None:
    found = linted(name, text)
    assert [row for row in found if row in expected] == expected
    assert len(found) <= len(expected) + 1


def test_all_positions_stay() -> None:
    for name, text, halves in (("a.yaml", YAML, HALF_TYPED[".yaml"]), ("a.json", JSON, HALF_TYPED[".json"])):
        for half in halves:
            broken = text.replace("<half>", half)
            source = repaired_text(name, broken)
            if source is None:
                continue
            assert all(new in (old, " ", ",") for old, new in zip(broken, source.text, strict=True))
            assert source.line_starts() == Source(name, broken).line_starts()


# ---------------------------------------------------------------- properties


def changes(text: str, suffix: str, chance: random.Random) -> tuple[int, int, str]:
    """Return a change that a person makes while typing: the span to replace, and the new text."""
    match chance.choice(("line", "line", "cut", "delete", "sign")):
        case "line":
            lines = text.splitlines(keepends=True)
            number = chance.randrange(1, len(lines))
            at = len("".join(lines[:number]))
            indent = max(indent_of(lines[number]), indent_of(lines[number - 1]))
            if lines[number - 1].strip()[-1:] in "[{:":
                indent = indent_of(lines[number])
            indent += 2 * (indent == indent_of(lines[number]) and lines[number].strip()[:1] in ("}", "]"))
            return at, at, " " * indent + chance.choice(HALF_TYPED[suffix]) + "\n"
        case "cut":
            return chance.randrange(1, len(text)), len(text), ""
        case "delete":
            at = chance.choice([at for at, sign in enumerate(text) if sign in "{}[]\",:-'"])
            return at, at + 1, ""
    at = chance.randrange(len(text))
    # A change that makes another key does not break the text.
    return at, at, chance.choice("{}[]\",:'")


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def found_in(source: Source) -> Found:
    result = SESSION.lint(source.name, False, source)
    assert not result.error
    assert not result.crashes
    return {(d.rule.name, d.location.span) for d in result.diagnostics}


def broken_texts(count: int, seed: int) -> Iterator[tuple[Path, Source, Source, TextChange]]:
    """Yield fixtures with a change that breaks them: the text, its readable part, and the change."""
    chance = random.Random(seed)
    for _ in range(count):
        path = chance.choice([*TEXTS])
        text = TEXTS[path]
        start, end, new = changes(text, path.suffix, chance)
        source = Source(path.name, text[:start] + new + text[end:])
        try:
            read(source)
        except SourceSyntaxError as error:
            rest = repaired(source, error)
            if rest is not None:
                yield path, source, rest, TextChange(start, end, len(new))


@pytest.mark.parametrize(("count", "seed"), [(200, 1), pytest.param(20_000, 2, marks=pytest.mark.slow)])
def test_a_broken_text_has_no_finding_that_the_whole_one_has_not(count: int, seed: int) -> None:
    whole: dict[Path, Found] = {}
    tried = expected_in_all = found_in_all = 0
    for path, source, rest, change in broken_texts(count, seed):
        if path not in whole:
            whole[path] = found_in(Source(path.name, TEXTS[path]))
        moved = {(rule, change.moved(span)) for rule, span in whole[path]}
        # A finding that replaces another may not be certain any more.
        replaced = {(name, span) for rule, span in moved for name in REPLACED.get(rule, ())}
        first, last = (source.position(at)[0] for at in (change.start, change.start + change.length))
        found = found_in(rest)
        false = {
            (rule, span)
            for rule, span in found - moved - replaced
            if not first <= source.position(span[0])[0] <= last
        }
        assert not false, (path, source.text[change.start - 20 : change.start + change.length + 20], false)
        tried += 1
        # If a text is cut off, only what precedes the cut.
        if change.end < len(TEXTS[path]):
            expected_in_all += len(moved)
            found_in_all += len(moved & found)
    assert tried > count / 3
    assert found_in_all > 0.85 * expected_in_all


#: Texts with a repeated error, by the number of repetitions.
HOSTILE: dict[str, Callable[[int], str]] = {
    "brackets.json": lambda n: "{" + "[" * n + "\n" + " 1\n" * n + "x\n",
    "open.json": lambda n: "{" + "{\n" * n,
    "quotes.json": lambda n: "{" + '"\n' * n,
    "no-comma.json": lambda n: "{" + '"a" 1\n' * n,
    "closed.json": lambda n: "{" + "}\n]\n" * n,
    "members.json": lambda n: "{" + '  "a": [1],\n' * n + "   x: [\n" * n,
    "open.yaml": lambda n: "a\n" + "a: [\n" * n,
    "quotes.yaml": lambda n: "a\n" + 'a: "\n' * n,
    "words.yaml": lambda n: "a: 1\n" + "a\n" * n,
    "comments.yaml": lambda n: 'a: "x\n' + "#\n" * n,
    "flow.yaml": lambda n: "a: 1\nx: [\n" + " '\n" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_as_many_faults_take_twice_as_many_steps(name: str) -> None:
    def repair(count: int) -> None:
        source = Source(name, HOSTILE[name](count))
        try:
            read(source)
        except SourceSyntaxError as fault:
            repaired(source, fault)

    repair(20)
    assert calls_of(lambda: repair(400)) < 2.3 * calls_of(lambda: repair(200))


# ---------------------------------------------------------------- in the server


def rows(found: list[Json]) -> list[tuple[str, int]]:
    return sorted((d["code"], d["range"]["start"]["line"] + 1) for d in found)


def at(line: int, character: int) -> Json:
    return {"line": line, "character": character}


def test_a_broken_text_is_linted_when_it_is_opened(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        found = client.diagnostics(client.open("a.yaml", YAML.replace("<half>", "Supp")))
        assert rows(found) == [("invalid-syntax", 4), *zip(ALL, (1, 5, 9), strict=True)]
        client.end()


@pytest.mark.parametrize(("name", "text"), [("a.yaml", YAML), ("a.json", JSON)])
def test_other_lines_are_linted_while_one_is_half_typed(name: str, text: str, tmp_path: Path) -> None:
    lines = text.splitlines(keepends=True)
    half = next(number for number, line in enumerate(lines) if "<half>" in line)
    types = half + 1
    with LanguageClient(tmp_path) as client:
        uri = client.open(name, "".join([*lines[:half], *lines[half + 1 :]]))
        before = rows(client.diagnostics(uri))
        opened = '    "Na\n' if name.endswith("json") else "  Na\n"
        client.change(uri, 2, {"range": {"start": at(half, 0), "end": at(half, 0)}, "text": opened})
        found = rows(client.diagnostics(uri, 2))
        moved = [(rule, line + (line > half)) for rule, line in before]
        assert found == sorted([("invalid-syntax", half + 1), *moved])
        # A value is corrected, and another one gets wrong.
        column = lines[types].index("xlarg") + len("xlarg")
        client.change(uri, 3, {"range": {"start": at(types, column), "end": at(types, column)}, "text": "e"})
        found = rows(client.diagnostics(uri, 3))
        assert found == sorted([("invalid-syntax", half + 1), moved[0], moved[2]])
        column = lines[1].index("AlgorithmName") if name.endswith("json") else 0
        line = 1 if name.endswith("json") else 0
        where = {"start": at(line, column), "end": at(line, column + len("AlgorithmName"))}
        client.change(uri, 4, {"range": where, "text": "AlgorithName"})
        assert ("unknown-field", line + 1) in rows(client.diagnostics(uri, 4))
        client.end()


def test_earlier_findings_stay_where_nothing_is_certain(tmp_path: Path) -> None:
    text = YAML.replace("  <half>\n", "")
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", text)
        before = rows(client.diagnostics(uri))
        line = text.splitlines()[3]
        # The quote is before the value that the finding is about.
        where = {"start": at(3, line.index("ml.")), "end": at(3, line.index("ml."))}
        client.change(uri, 2, {"range": where, "text": '"'})
        assert rows(client.diagnostics(uri, 2)) == sorted([("invalid-syntax", 4), *before])
        client.end()


def test_suppressions_apply_to_a_broken_text(tmp_path: Path) -> None:
    text = YAML.replace("<half>", "Supp").replace(
        "AlgorithmName: -x", "AlgorithmName: -x  # algolint: ignore[pattern-mismatch]"
    )
    text = text.replace("[Fil]", "[File]  # algolint: ignore[unknown-value] may be in the hole")
    with LanguageClient(tmp_path) as client:
        found = client.diagnostics(client.open("a.yaml", text))
        assert rows(found) == [("invalid-syntax", 4), ("unknown-instance-type", 5)]
        client.end()


def test_a_minified_text_is_read_where_its_brackets_are_right() -> None:
    value = json.loads(JSON.replace("    <half>\n", ""))
    text = (
        json.dumps(value)
        .replace('"AlgorithmName": ', '\n"AlgorithmName": ')
        .replace(', "Training', ',\n"Na\n, "Training', 1)
    )
    assert linted("a.json", text) == [
        ("pattern-mismatch", 2),
        ("unknown-instance-type", 4),
        ("unknown-value", 4),
    ]
