"""A tokenizer for HCL's native syntax, in which Terraform files are written."""

from __future__ import annotations

import re

from algolint.messages import shown
from algolint.source import SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    # Kind, start and end; the kind of a sign is the sign itself.
    Token: TypeAlias = tuple[str, int, int]

# Longer signs come first. Non-ASCII characters in a name are checked in `_length_of_name`.
_MAIN = re.compile(
    r"""(?P<space>[ \t]+)
    |(?P<number>[0-9](?:\.*(?:[eE][-+]?)?[0-9])*)
    |(?P<name>[A-Za-z_\x80-\U0010ffff][\w\-\x80-\U0010ffff]*)
    |(?P<comment>(?:\#|//)[^\n]*\n?|/\*.*?\*/)
    |(?P<unclosed>/\*)
    |(?P<newline>\r?\n)
    |(?P<heredoc><<-?(?P<marker>[A-Za-z_\x80-\U0010ffff][\w\-\x80-\U0010ffff]*)\r?\n)
    |(?P<sign>==|!=|>=|<=|&&|\|\||::|\.\.\.|=>|~\}|[][().,*/%+\-=<>!?:{}"])""",
    re.DOTALL | re.VERBOSE,
)
_SURROGATE = r"[dD][89abABcCdDeEfF]"
_QUOTED = re.compile(
    r'(?P<literal>[^$%"\\\r\n]+|\$\$\{~?|%%\{~?|[$%](?!\{)'
    rf'|\\(?:[nrt"\\]|u(?!{_SURROGATE})[0-9a-fA-F]{{4}}'
    rf"|U(?!0000{_SURROGATE})(?:000[0-9a-fA-F]|0010)[0-9a-fA-F]{{4}}))"
    r'|(?P<hole>[$%]\{~?)|(?P<escape>\\[^\r\n])|"'
)
_HEREDOC = re.compile(r"(?P<literal>[^$%\r\n]+|\$\$\{~?|%%\{~?|[$%](?!\{))?(?P<newline>\r?\n)?")
_HOLE = re.compile(r"[$%]\{~?")


class Scanner:
    """Splits a text into tokens, which requires tracking strings, holes and braces."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        # What is open: "{", "hole", '"', or for a heredoc a space and its marker.
        self._open: list[str] = []
        self._is_line_start = True

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens, and a last one of the kind "end". Raises `SourceSyntaxError`."""
        text = self._text
        while self._at < len(text):
            inside = self._open[-1] if self._open else ""
            if inside == '"':
                yield self._in_string()
            elif inside.startswith(" "):
                yield from self._in_heredoc(inside[1:])
            else:
                yield from self._in_code()
        yield "end", len(text), len(text)

    def _in_code(self) -> Iterator[Token]:
        start = self._at
        found = _MAIN.match(self._text, start)
        kind = found.lastgroup if found else None
        end = (
            start + _length_of_name(found[0]) if found and kind == "name" else found.end() if found else start
        )
        if found is None or end == start:
            raise self._unexpected()
        self._at = end
        match kind:
            case "space":
                return
            case "comment":
                if self._text[end - 1] == "\n":
                    yield "newline", end - 1, end
            case "unclosed":
                raise SourceSyntaxError("missing '*/'", (start, end))
            case "sign":
                yield self._sign(found[0]), start, end
            case "heredoc":
                self._open.append(f" {found['marker']}")
                self._is_line_start = True
                yield "heredoc", start, end
            case _:
                yield kind or "", start, end

    def _sign(self, sign: str) -> str:
        """Return the kind of a sign, and record what it opens or closes."""
        if sign in ("{", '"'):
            self._open.append(sign)
        elif sign in ("}", "~}"):
            opened = self._open.pop() if self._open else ""
            if opened == "hole" or sign == "~}":
                self._is_line_start = False
                return "end of hole"
            return "}"
        return sign

    def _in_string(self) -> Token:
        start = self._at
        found = _QUOTED.match(self._text, start)
        if found is None:
            if self._text[start] in "\r\n":
                raise SourceSyntaxError(
                    "a quoted string cannot contain a line break; escape it as \\n", (start, start)
                )
            raise self._unexpected()
        self._at = found.end()
        if found.lastgroup == "hole":
            self._open.append("hole")
            return found[0][:2], start, self._at
        if found.lastgroup == "literal":
            return "literal", start, self._at
        if found.lastgroup == "escape":
            message = f"{shown(found[0])} is not an escape sequence in Terraform; write \\\\ for a backslash"
            raise SourceSyntaxError(message, found.span())
        self._open.pop()
        return "end of string", start, self._at

    def _in_heredoc(self, marker: str) -> Iterator[Token]:
        start = self._at
        hole = _HOLE.match(self._text, start)
        if hole is not None:
            self._at = hole.end()
            self._is_line_start = False
            self._open.append("hole")
            yield hole[0][:2], start, self._at
            return
        found = _HEREDOC.match(self._text, start)
        if found is None or found.end() == start:
            raise self._unexpected()
        self._at = found.end()
        ends_line = found["newline"] is not None
        if ends_line and self._is_line_start and found[0].strip() == marker:
            self._open.pop()
            at = found.start("newline")
            yield "end of heredoc", start, at
            yield "newline", at, self._at
            return
        self._is_line_start = ends_line
        yield "heredoc literal", start, self._at

    def _unexpected(self) -> SourceSyntaxError:
        sign = self._text[self._at]
        message = f"{shown(sign)} is not allowed outside of strings in Terraform"
        if sign in "'`":
            message = "strings take double quotes in Terraform"
        return SourceSyntaxError(message, (self._at, self._at + 1))


def _length_of_name(word: str) -> int:
    """Return how many characters at the start of a word are a name."""
    if word.isascii():
        return len(word)
    # Hyphens, and the characters that Python allows in identifiers.
    ends = (at for at, letter in enumerate(word) if letter != "-" and not f"a{letter}".isidentifier())
    return next(ends, len(word)) if word[0].isidentifier() else 0
