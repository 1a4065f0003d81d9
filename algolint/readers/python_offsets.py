"""Locating the nodes of a syntax tree, and the characters of its strings, in the text of a program."""

from __future__ import annotations

import ast
import re

from algolint.lazy_regex import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from algolint.source import Source, Span

    # A node, whose offsets are computed when needed, or a span.
    Where: TypeAlias = "ast.expr | ast.keyword | ast.alias | Span | None"


class Elsewhere(tuple[int, int]):
    """The span of an import, or of a call that loads a file, for a value that is a spec in that file.

    If that file is linted as well, faults of the value are reported there.
    """

    #: The path of that file from the folder of the program.
    file: str

    def __new__(cls, span: Span, file: str) -> Elsewhere:
        made = super().__new__(cls, span)
        made.file = file
        return made


class Offsets:
    """Converts the positions of nodes, which count bytes of UTF-8, to offsets in characters."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._starts = source.line_starts()
        self._characters: dict[ast.Constant, list[int] | None] = {}

    def at(self, line: int, column: int) -> int:
        """Return the offset of a line (from 1) and a column in bytes."""
        start = self._starts[line - 1]
        text = self.source.text
        # This part has as many characters as the column has bytes, so it is long enough.
        part = text[start : start + column]
        if part.isascii():
            return start + column
        return start + len(part.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))

    def span(self, where: Where) -> Span:
        """Return the offsets of a location."""
        if isinstance(where, tuple):
            return where
        if where is None:
            return 0, 0
        end_line, end_column = where.end_lineno or where.lineno, where.end_col_offset or where.col_offset
        return self.at(where.lineno, where.col_offset), self.at(end_line, end_column)

    def keyword(self, word: ast.keyword) -> Span:
        """Return the offsets of a keyword argument's name."""
        start = self.at(word.lineno, word.col_offset)
        return start, start + len(word.arg or "")

    def characters(self, node: ast.Constant) -> list[int] | None:
        """Return the offset of each character of a string literal's value, or None if not known."""
        if node not in self._characters:
            start, end = self.span(node)
            found = _characters(self.source.text, start, end)
            is_sound = found is not None and "".join(char for char, _ in found) == node.value
            self._characters[node] = [offset for _, offset in found or ()] if is_sound else None
        return self._characters[node]


_OPENING = lazy(r"""([rRuUbB]{0,2})('''|\"\"\"|'|")""")
_GAP = lazy(r"(?:[ \t\f\r\n]|\\(?:\r\n|\r|\n)|#[^\r\n]*)*")
_ESCAPE = lazy(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL
)


def _characters(text: str, start: int, end: int) -> list[tuple[str, int]] | None:
    """Return the characters of adjacent string literals between two offsets, each with its own offset."""
    found: list[tuple[str, int]] = []
    offset = start
    while offset < end:
        match = _OPENING.match(text, offset)
        if match is None:
            return None
        offset = match.end()
        while not text.startswith(match[2], offset):
            if offset >= end:
                return None
            characters, offset = _character(text, offset, is_raw="r" in match[1].lower())
            found += characters
        offset += len(match[2])
        offset = _GAP.match(text, offset, end).end()  # type: ignore[union-attr]
    return found


def _character(text: str, offset: int, is_raw: bool) -> tuple[list[tuple[str, int]], int]:
    """Return the characters that a string literal has at an offset, and the offset after them."""
    if text[offset] == "\\" and not is_raw:
        token = _ESCAPE.match(text, offset)
        if token is not None:
            return [(char, offset) for char in _unescaped(token[0])], token.end()
    elif text[offset] == "\\" and text[offset + 1 : offset + 2] not in ("", "\r", "\n"):
        return [("\\", offset), (text[offset + 1], offset + 1)], offset + 2
    elif text[offset] == "\r":
        return [("\n", offset)], offset + (2 if text[offset + 1 : offset + 2] == "\n" else 1)
    return [(text[offset], offset)], offset + 1


def _unescaped(token: str) -> str:
    if token[1] in "\r\n":
        return ""
    if token[1] not in "\\'\"abfnrtvxuUN01234567":
        return token
    try:
        found = ast.literal_eval(f'"{token}"')
    except (ValueError, SyntaxError):
        return ""
    return found if isinstance(found, str) else ""
