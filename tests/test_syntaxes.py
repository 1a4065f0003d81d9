"""The table of syntaxes: everything that a syntax needs is in its entry."""

from __future__ import annotations

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
    from algolint.rule import Fix
    from algolint.source import Span
    from algolint.values import Path as ValuePath

# ---------------------------------------------------------------- a toy syntax: a line `key = value` a field

LINE = re.compile(r"(?P<key>\w+) = (?P<value>[^#\n]*[^#\s])[ ]*(?P<comment>#.*)?|(?P<other>#.*)?")


class LinesDocument(Document):
    syntax = "lines"

    def __init__(self, source: Source) -> None:
        spec: dict[str, Any] = OpenDict()
        self.spans: dict[str, tuple[Span, Span]] = {}
        for match in matches(source):
            if match["key"]:
                spec[match["key"]] = match["value"]
                self.spans[match["key"]] = match.span("value"), match.span("key")
        super().__init__(source, spec, shape="CreateAlgorithmInput")

    def locate(self, path: ValuePath, key: bool = False) -> Span:
        return self.spans[str(path[0])][key] if path else (0, len(self.source.text))


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


def matched(files: str, ending: str) -> bool:
    return re.search(files, f"specs/algorithm{ending}") is not None


def test_documents_carry_the_name_of_their_syntax() -> None:
    texts = {
        "json": '{"AlgorithmName": "a"}',
        "yaml": "AlgorithmName: a\n",
        "python": 'c.create_algorithm(AlgorithmName="a")\n',
    }
    for syntax in SYNTAXES:
        if syntax.name in texts:
            [document] = syntax.read(Source(f"a{syntax.endings[0]}", texts[syntax.name]))
            assert document.syntax == syntax.name
