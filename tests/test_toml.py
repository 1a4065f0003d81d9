"""The reader of plain TOML reads text as tomli does, and leaves everything else to tomli."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from algolint.config import toml
from algolint.config.loading import own_tables

PLAIN = [
    "",
    "# only a comment\n",
    'fail-on = "warning"\nshow-info = true # yes\n',
    'ignore = ["metric-*", "tag-*"]\n\n[severity]\nhp-default-and-required = "off"\n"metric-*" = "info"\n',
    'select = [\n  "hyperparameters",\n\n  "metrics",\n]\nextend = "../team.toml"\n',
    'select = [\n]\nignore = ["a",\n"b"\n]\n',
    'per-file-ignores = { "old-*.json" = ["tag-*"], legacy = [] }\n',
    '[tool.algolint]\nregion = "us-west-2"\n\n[tool.algolint.severity]\nunused = "error"\n',
    '[project]\nname = "é # no comment"\n[tool]\n',
]
OTHER = [
    "a = 1\n", "a = 'x'\n", 'a = """x"""\n', 'a = "\\u00e9"\n', "a.b = true\n", "[[a]]\n", "a = [1]\n", 'a = [["x"]]\n',
    'a = "x"\r\n', 'a = [ # c\n"x"\n]\n', 'a = [\n"x", # c\n]\n', 'a = [\n"x" ] # c\nb = [\n"y",\n]\n', "a = nan\n",
    "[ a ]\n", "[a.b]\n[a]\n", 'a = ["x",]\n',
]  # fmt: skip
WRONG = [
    'a = [\n"\nx",\n]\n',
    "a = true\na = true\n", "a = {b = true}\n[a.c]\n", 'a = "x"\n[a.b]\n', 'a = "x"\n[a]\n', "[a]\n[a]\n", 'a = [\n,\n]\n',
    'a = [\n"x"\n', "a = \n", "a\n", 'a = "x" "y"\n', "a = {}}\n", 'a b = "x"\n', '= "x"\n', "[]\n", 'a = {b = "x" c = "y"}\n',
    'a = "\x7f"\n', "# \x00\n", "a = [true, \n]x\n", "a = {b = true,, c = true}\n", 'x = { a = "b",\nc = "d" } # e\ny = "q"\n]\n',
]  # fmt: skip


def plainly(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the result without tomli, or None if tomli is needed."""

    def refuse(name: str, *more: Any) -> Any:
        if name == "tomli":
            raise ImportError
        return original(name, *more)

    original = builtins.__import__
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", refuse)
        try:
            return toml.parsed(text)
        except ImportError:
            return None


@pytest.mark.parametrize("text", PLAIN)
def test_plain_documents_are_read_without_tomli(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plainly(text, monkeypatch) == tomli.loads(text)


@pytest.mark.parametrize("text", OTHER)
def test_other_documents_are_left_to_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plainly(text, monkeypatch) is None
    assert toml.parsed(text) == tomli.loads(text) or "nan" in text


@pytest.mark.parametrize("text", WRONG)
def test_wrong_documents_are_refused_in_its_words(text: str) -> None:
    with pytest.raises(tomli.TOMLDecodeError) as theirs:
        tomli.loads(text)
    with pytest.raises(tomli.TOMLDecodeError) as ours:
        toml.parsed(text)
    assert str(ours.value) == str(theirs.value)


KEYS = st.sampled_from(["a", "b", "c-d", '"e f"', '"a"', "a.b", "1"])
TEXTS = st.sampled_from(['"x"', '"#"', '"a, ]"', '"="', "'y'", "true", "false", "1", '""'])
LISTS = st.lists(TEXTS, max_size=3).map(lambda items: f"[{', '.join(items)}]")
LONG_LISTS = st.lists(TEXTS, max_size=3).map(lambda items: "[\n" + ",\n".join(items) + ",\n]")
PAIRS = st.tuples(KEYS, TEXTS | LISTS).map(" = ".join)
TABLES = st.lists(PAIRS, max_size=3).map(lambda pairs: f"{{ {', '.join(pairs)} }}")
LINES = st.tuples(KEYS, TEXTS | LISTS | LONG_LISTS | TABLES).map(" = ".join) | KEYS.map("[{}]".format)
DOCUMENTS = st.lists(LINES | st.sampled_from(["", "# c", "]", '"x",', '"x" ] # c']), max_size=6).map(
    "\n".join
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw documents that consist of parts of configurations, some with a character changed."""
    text = draw(DOCUMENTS)
    if text and draw(st.booleans()):
        at = draw(st.integers(0, len(text) - 1))
        text = (
            text[:at] + draw(st.sampled_from(["", *'#="[]{},.\n x\t'])) + text[at + draw(st.integers(0, 1)) :]
        )
    return text


def verdict(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        return str(error)


@given(documents())
def test_every_document_is_read_as_tomli_reads_it(text: str) -> None:
    assert verdict(toml.parsed, text) == verdict(tomli.loads, text)


# ---------------------------------------------------------------- a pyproject.toml

OWN = '[tool.algolint] # ours\nfail-on = "warning"\n[tool.algolint.severity]\n"hp-*" = "error"\n'
OTHERS = """[project]
version = 1.5
dependencies = [ # algolint = true
  "algolint",
  'algolint>=0.1',
]
[[tool.mypy.overrides]]
module = 'algolint\\.b'
"""


@pytest.mark.parametrize(
    "text",
    [OWN, OTHERS + OWN, OWN + OTHERS, f'[tool.algolint]\n{OTHERS}[tool.algolint.severity]\n"hp-*" = "off"\n'],
)
def test_own_tables_are_read_without_the_others(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {"tool": {"algolint": tomli.loads(text)["tool"]["algolint"]}}
    assert plainly(own_tables(text), monkeypatch) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        OTHERS,
        f'x = """\n{OWN}"""\n',
        f"{OWN}[tool]\nalgolint.show-info = true\n",
        f"{OWN}[tool . algolint . profiles]\na = true\n",
        f"{OWN}[tool.'algolint'.profiles]\na = true\n",
        '[tool]\nalgolint = { fail-on = "warning" }\n',
        '[tool.algolint]\nignore = [\n["a"],\n]\n',
    ],
)
def test_no_tables_are_taken_out_if_others_may_add_to_them(text: str) -> None:
    assert own_tables(text) == text


HEADERS = [
    "tool.algolint",
    "tool.b",
    "tool.algolint.c",
    "tool . algolint",
    "tool",
    "b",
    "tool.algolint-b",
    "'tool'.algolint",
]
PYPROJECTS = st.lists(
    st.sampled_from(HEADERS).map("[{}]".format)
    | LINES
    | st.sampled_from(["# c", '"""', "[[tool.algolint.d]]"]),
    max_size=9,
).map("\n".join)


@given(PYPROJECTS)
def test_own_tables_are_those_that_tomli_finds(text: str) -> None:
    tables = own_tables(text)
    try:
        values = tomli.loads(text)
    except ValueError:
        # An error in another table is for other tools to report.
        return
    found = tomli.loads(tables).get("tool", {})
    assert found.get("algolint") == values.get("tool", {}).get("algolint")


def test_an_error_in_an_own_table_has_its_line() -> None:
    text = f"{OTHERS}[tool.algolint]\nselect = 1 2\n"
    with pytest.raises(tomli.TOMLDecodeError) as ours:
        toml.parsed(own_tables(text))
    with pytest.raises(tomli.TOMLDecodeError) as theirs:
        tomli.loads(text)
    assert str(ours.value) == str(theirs.value)
