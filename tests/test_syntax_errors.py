"""Errors of readers for invalid texts: each text of syntax_errors.txt, with its span and its message.

To add a row, write a file's extension and a text between backquotes, with control characters as escapes of
Python; `pytest --update` adds the error below. Review the difference before committing it. Both parsers of
PyYAML report rows of "yaml" alike; rows of "yml" are for libyaml.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from conftest import needs_libyaml
from message_form import wrong_form

from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read

RECORD = Path(__file__).parent / "syntax_errors.txt"
ROW = re.compile(r"^(\w+) `(.*)`$", re.MULTILINE)
ROWS = [(match[1], match[2]) for match in ROW.finditer(RECORD.read_text(encoding="utf-8"))]


def escaped(text: str) -> str:
    """Return the text with escapes for invisible characters and backslashes."""
    return "".join(
        c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode("ascii") for c in text
    )


def unescaped(text: str) -> str:
    return re.sub(r"\\(?:\\|[nrt]|x..|u.{4}|U.{8})", lambda m: m[0].encode().decode("unicode_escape"), text)


def reported(ending: str, written: str) -> str:
    """Return a row with its error: carets below the span, or a bar if it is empty."""
    text = unescaped(written)
    assert escaped(text) == written, "written otherwise than `escaped` does"
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source(f"a.{ending}", text))
    start, end = caught.value.span
    assert 0 <= start <= end <= len(text)
    assert not (wrong := wrong_form(caught.value.message)), wrong
    indent = " " * (len(f"{ending} `") + len(escaped(text[:start])))
    marks = "^" * len(escaped(text[start:end])) or "|"
    return f"{ending} `{written}`\n{indent}{marks} {caught.value.message}\n"


@needs_libyaml
def test_syntax_errors_are_reported_as_recorded(update: bool) -> None:
    found = "\n".join(reported(*row) for row in sorted(set(ROWS)))
    if update:
        RECORD.write_text(found, encoding="utf-8")
    assert RECORD.read_text(encoding="utf-8") == found


def test_without_libyaml_the_same_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for row in ROWS if row[0] == "yaml"]
    expected = [reported(*row) for row in rows]
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert [reported(*row) for row in rows] == expected
