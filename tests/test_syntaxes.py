"""The table of syntaxes: everything that a syntax needs is in its entry."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT

from algolint import syntaxes
from algolint.config.effective import SettingsFinder
from algolint.document import Document
from algolint.fixes.edit import Edit, EditError
from algolint.rule import Replace
from algolint.runs.fixing import fixed
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError, read_file
from algolint.syntaxes import SYNTAXES, Syntax, syntax_of
from algolint.values import OpenDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.rule import Fix
    from algolint.source import Span
    from algolint.values import Path as ValuePath

# ---------------------------------------------------------------- a toy syntax: a line `key = value` a field

LINE = re.compile(r"(?P<key>\w+) = (?P<value>[^#\n]*[^#\s])[ ]*(?P<comment>#.*)?|(?P<other>#.*)?")


class LinesDocument(Document):
    __slots__ = ("spans",)

    syntax = "lines"

    def __init__(self, source: Source) -> None:
        spec: dict[str, Any] = OpenDict()
        self.spans: dict[str | int, tuple[Span, Span]] = {}
        for match in matches(source):
            if match["key"]:
                spec[match["key"]] = match["value"]
                self.spans[match["key"]] = match.span("value"), match.span("key")
        super().__init__(source, spec, shape="CreateAlgorithmInput")

    def locate(self, path: ValuePath, key: bool = False) -> Span:
        if path and path[0] in self.spans:
            return self.spans[path[0]][key]
        return 0, len(self.source.text)


class LinesEditor:
    def __init__(self, document: Document) -> None:
        self.document = document

    def edits(self, fix: Fix) -> list[Edit]:
        if isinstance(fix, Replace) and isinstance(fix.value, str):
            return [Edit(*self.document.locate(fix.path), fix.value)]
        raise EditError(fix)

    def token(self, path: ValuePath) -> str:
        return self.document.source.text[slice(*self.document.locate(path))]


def matches(source: Source) -> list[re.Match[str]]:
    found = []
    for start in source.line_starts():
        end = (source.text + "\n").index("\n", start)
        match = LINE.fullmatch(source.text, start, end)
        if match is None:
            raise SourceSyntaxError("expected 'key = value'", (start, end))
        found.append(match)
    return found


def comments(source: Source) -> list[tuple[int, int, str]]:
    groups = [(match, name) for match in matches(source) for name in ("comment", "other") if match[name]]
    return [(*match.span(name), match[name]) for match, name in groups]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Session:
    entry = Syntax("lines", (".lines",), lambda s: [LinesDocument(s)], comments=comments, editor=LinesEditor)
    monkeypatch.setattr(syntaxes, "SYNTAXES", [*SYNTAXES, entry])
    return Session(SettingsFinder({"show-info": True}, isolated=True))


def raised(*what: object) -> None:
    raise AssertionError(what)


def found_in(session: Session, text: str) -> list[tuple[int, int, str]]:
    result = session.lint("a.lines", True, Source("a.lines", text))
    return [(d.location.line, d.location.column, d.rule.name) for d in result.diagnostics]


def test_one_entry_makes_a_syntax_that_is_read(lines: Session) -> None:
    text = "# mine\nAlgorithmName = fore_caster\nAlgorithmDescripton = x\n"
    assert found_in(lines, text) == [(2, 17, "pattern-mismatch"), (3, 1, "unknown-field")]
    assert found_in(lines, "AlgorithmName: a\n") == [(1, 1, "invalid-syntax")]


def test_one_entry_makes_a_syntax_in_which_comments_suppress(lines: Session) -> None:
    text = "AlgorithmName = fore_caster  # algolint: ignore[pattern-mismatch] known\n"
    assert found_in(lines, text) == []
    assert found_in(lines, "# algolint: ignore[hp-*] stale\nAlgorithmName = a\n") == [
        (1, 20, "unused-suppression")
    ]


def test_one_entry_makes_a_syntax_that_is_fixed(lines: Session) -> None:
    source = Source("a.lines", "AlgorithmName = forecaster\nAlgorithmDescription = on\tsales  # kept\n")
    after, result = fixed(lines, "a.lines", True, source, unsafe=True)
    assert after.text == "AlgorithmName = forecaster\nAlgorithmDescription = on sales  # kept\n"
    assert result.fixes is not None
    assert (result.fixes.fixed, result.diagnostics) == (1, [])


def test_one_entry_makes_a_syntax_that_is_found_in_folders(lines: Session, tmp_path: Path) -> None:
    path = tmp_path / "spec.lines"
    path.write_text("AlgorithmName = a\n")
    (tmp_path / "spec.txt").write_text("AlgorithmName = a\n")
    lines.inputs.find([str(tmp_path)], raised, raised)
    assert list(lines.inputs.files) == [str(path)]
    assert syntax_of(read_file(str(path), 1000)).name == "lines"


# ---------------------------------------------------------------- the real ones


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", "a: 1", "json"),
        ("A.JSON", "a: 1", "json"),
        ("a.tf.json", "{}", "json"),
        ("a.yaml", "{}", "yaml"),
        ("a.yml", "[", "yaml"),
        ("a.py", "{}", "python"),
        ("a.ipynb", "{}", "notebook"),
        ("a.tf", "{}", "terraform"),
        ("-", " \n{}", "json"),
        ("-", "[1]", "json"),
        ("-", "", "json"),
        ("-", "a: 1", "yaml"),
        ("a.template", "{}", "json"),
        ("a.template", "Resources: {}", "yaml"),
    ],
)
def test_the_ending_of_the_name_decides_and_else_the_first_character(
    name: str, text: str, expected: str
) -> None:
    assert syntax_of(Source(name, text)).name == expected


def test_the_readme_lists_each_syntax() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("in these forms:")[2]
    listed = section.partition("\nA spec with")[0].lower()
    assert listed
    assert [syntax.name for syntax in SYNTAXES if syntax.name not in listed] == []


@pytest.mark.parametrize(
    ("name", "text", "syntax"),
    [
        ("a.json.j2", "{% if x %}\n{}\n{% endif %}", "json"),
        ("a.yaml.j2", "{% if x %}\nTags: []\n{% endif %}", "yaml"),
        ("a.py.j2", "Tags: []", "yaml"),
        ("a", "// a comment\n{}", "json"),
        ("a.jsonc", "/* a comment */ {}", "json"),
        (".j2" * 100_000, "{}", "json"),
    ],
)
def test_a_file_is_read_in_its_syntax(name: str, text: str, syntax: str) -> None:
    assert syntax_of(Source(name, text)).name == syntax


def test_the_hooks_get_the_files_of_each_syntax_that_folders_are_searched_for() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for hook in hooks:
        missing = {
            ending
            for syntax in SYNTAXES
            for ending in syntax.endings
            if syntax.is_searched_for and not matched(hook["files"], ending)
        }
        # Few shell scripts are named after the algorithm that they register.
        shell = {ending for syntax in SYNTAXES for ending in syntax.endings if syntax.name == "shell"}
        assert missing == shell, f"{hook['id']}: files of .pre-commit-hooks.yaml"
        for ending in syntaxes._OF_TEMPLATES:
            assert matched(hook["files"], f".json.{ending}")
            assert not matched(hook["files"], f".py.{ending}")


def matched(files: str, ending: str) -> bool:
    return re.search(files, f"specs/algorithm{ending}") is not None


TRAINING = '{"TrainingChannels": [{"Name": "train"}]}'
MARKUP = f'{{"AlgorithmName": "a", "TrainingSpecification": {TRAINING}}}'
CALL = f'client.create_algorithm(AlgorithmName="a", TrainingSpecification={TRAINING})'
#: A text of each syntax, with one spec.
TEXTS = {
    "json": MARKUP,
    "yaml": MARKUP,
    "python": f"{CALL}\n",
    "notebook": json.dumps({"cells": [{"cell_type": "code", "source": CALL}], "nbformat": 4}),
    "typescript": f"new CreateAlgorithmCommand({MARKUP});\n",
    "markdown": f"```json\n{MARKUP}\n```\n",
    "shell": f"aws sagemaker create-algorithm --algorithm-name a --training-specification '{TRAINING}'\n",
    "terraform": """resource "awscc_sagemaker_algorithm" "a" {
  algorithm_name         = "a"
  training_specification = { training_channels = [{ name = "train" }] }
}
""",
    "lines": "AlgorithmName = a\nTags = b\n",
}


def test_each_syntax_is_tried() -> None:
    assert TEXTS.keys() == {"lines", *(syntax.name for syntax in SYNTAXES)}


def document_of(syntax: str) -> Document:
    if syntax == "lines":
        return LinesDocument(Source("a.lines", TEXTS["lines"]))
    entry = next(entry for entry in SYNTAXES if entry.name == syntax)
    [document] = entry.read(Source(f"a{entry.endings[0]}", TEXTS[syntax]))
    return document


@pytest.mark.parametrize("syntax", TEXTS)
def test_documents_carry_the_name_of_their_syntax(syntax: str) -> None:
    assert document_of(syntax).syntax == syntax


def containers(value: Any, path: ValuePath = ()) -> Iterator[ValuePath]:
    """Yield the paths of the objects and lists in a value."""
    members: Iterable[tuple[Any, Any]]
    match value:
        case dict():
            members = value.items()
        case list():
            members = enumerate(value)
        case _:
            return
    yield path
    for step, item in members:
        yield from containers(item, (*path, step))


@pytest.mark.parametrize("key", [False, True])
@pytest.mark.parametrize("syntax", TEXTS)
def test_an_absent_path_is_located_at_the_nearest_container(syntax: str, key: bool) -> None:
    document = document_of(syntax)
    paths = list(containers(document.spec))
    assert len(paths) == (1 if syntax == "lines" else 4)
    for path in paths:
        nearest = [document.locate(path), document.locate(path, key)]
        if syntax == "shell" and path == ("TrainingSpecification",):
            # The object in the quotes of the argument, or its first token.
            (start, end), _ = nearest
            nearest = [(start + 1, start + 2 if key else end - 1)]
        for absent in [("Absent",), ("Absent", 0, "Name"), (7,)]:
            assert document.locate((*path, *absent), key) in nearest, (path, absent)
