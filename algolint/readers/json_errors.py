"""Explaining what is wrong with a JSON text, by reading it slowly after the fast scanner failed.

The scanner of Python's json gives an offset at best; this module names the comma, the quote or the bracket.
"""

from __future__ import annotations

import re
from json.decoder import scanstring as _scanstring  # type: ignore[attr-defined]

from algolint import limits
from algolint.document import ReaderFault
from algolint.messages import escaped, shown
from algolint.readers.bounds import too_deep, too_many_values
from algolint.source import SourceSyntaxError
from algolint.spec.structural_rules import duplicate_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from algolint.source import Source, Span

    ScanString = Callable[[str, int], tuple[str, int]]

scanstring: ScanString = _scanstring

_SPACE = re.compile(r"[ \t\n\r]*")
# `re` keeps a state for each repetition of a group, so a long text is matched in parts.
_STRING_PART = re.compile(r'(?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){0,1000}')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# Repeating single characters would keep a state for each: a gigabyte for eight mebibytes of digits.
_NUMBER_LIKE = re.compile(r"[-+.]*[0-9][\w.]*(?:(?<=[eE])[-+][\w.]*){0,100}|[-+.]+\w*")
_WORD = re.compile(r"[^\W\d][\w$-]*|\$[\w$-]+")
_TOKEN = re.compile(r'["{}\[\],:]|[^\s{}\[\],:"]+')
_MEMBERS = re.compile(r'"[^"]*"|[\[{]\s*[\]}]|[\[{\]},]')


def check_size(text: str) -> None:
    """Raise `SourceSyntaxError` for a text with too many values, before creating any."""
    if "\\" in text:
        text = text.replace("\\\\", "__").replace('\\"', "__")
    if not text.lstrip(" \t\r\n").startswith(("{", "[")):
        return
    depth = 0
    values = 1
    for match in _MEMBERS.finditer(text):
        token = match[0]
        if token in ("{", "["):
            depth += 1
            if depth > limits.MAX_DEPTH:
                raise too_deep(match.span())
        elif token in ("}", "]"):
            depth -= 1
            continue
        elif token != ",":
            continue
        values += 1
        if values > limits.MAX_VALUES:
            raise too_many_values()


def duplicate_keys(text: str) -> list[ReaderFault]:
    """Return a fault for each duplicate key of a valid text."""
    faults: list[ReaderFault] = []
    steps: list[str | int] = []
    firsts: list[dict[str, Span] | None] = []
    key_follows = False
    offset = 0
    while match := _TOKEN.search(text, offset):
        token, (start, offset) = match[0], match.span()
        if token == '"':
            key, offset = scanstring(text, offset)
            if not key_follows:
                continue
            seen = firsts[-1]
            assert seen is not None
            steps[-1] = key
            first = seen.setdefault(key, (start, offset))
            if first[0] != start:
                message = f"duplicate key {shown(key)} in this object"
                related = first, "first defined here"
                faults.append(ReaderFault(duplicate_key, tuple(steps), (start, offset), message, related))
            key_follows = False
        elif token in "{[":
            key_follows = token == "{"
            steps.append(0)
            firsts.append({} if key_follows else None)
        elif token in "}]":
            steps.pop()
            firsts.pop()
            key_follows = False
        elif token == ",":
            key_follows = firsts[-1] is not None
            if not key_follows:
                steps[-1] += 1  # type: ignore[operator]
    return faults


def diagnosis(source: Source, error: Exception | None) -> SourceSyntaxError:
    """Return the syntax error of a text that the scanner refused."""
    try:
        _Diagnosis(source).run()
    except SourceSyntaxError as fault:
        return fault
    # All errors of today's scanner are explained; a later Python may add one.
    offset = getattr(error, "pos", 0)
    return SourceSyntaxError(str(error or "not valid JSON"), (offset, offset))


_CLOSING = {"{": "}", "[": "]"}
_NAMES = {"{": "object", "[": "list"}
_TYPOGRAPHIC = frozenset("\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb")
_LITERALS = frozenset(("true", "false", "null"))


def _sound_until(text: str, offset: int) -> int:
    """Return the end of the valid part of a string, which is its closing quote if all of it is valid."""
    while (end := _STRING_PART.match(text, offset).end()) > offset:  # type: ignore[union-attr]
        offset = end
    return offset


class _Diagnosis:
    """A strict parser that raises at the first error. It keeps its own stack, so any depth is safe."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.offset = 0
        self.open: list[tuple[str, int]] = []

    def run(self) -> None:
        if self.peek() == "":
            raise SourceSyntaxError("the file is empty", (0, 0))
        while self.value():
            pass
        if self.peek():
            self.after_the_end()

    def peek(self) -> str:
        self.offset = _skip_space(self.text, self.offset)
        return self.text[self.offset : self.offset + 1]

    def fault(self, message: str, length: int = 1, start: int | None = None) -> NoReturn:
        offset = self.offset if start is None else start
        raise SourceSyntaxError(message, (offset, min(offset + length, len(self.text))))

    def value(self) -> bool:
        """Read a value and the brackets that close after it; return whether more has to follow."""
        char = self.peek()
        if char == "":
            self.ends_early()
        if char in "{[":
            self.enter(char)
            if self.peek() != _CLOSING[char]:
                if char == "{":
                    self.property_name()
                return True
        elif char == '"':
            self.string()
        else:
            self.scalar(char)
        return self.close()

    def enter(self, char: str) -> None:
        if len(self.open) == limits.MAX_DEPTH:
            raise too_deep((self.offset, self.offset + 1))
        self.open.append((char, self.offset))
        self.offset += 1

    def close(self) -> bool:
        while self.open:
            opening, start = self.open[-1]
            char = self.peek()
            if char == _CLOSING[opening]:
                self.open.pop()
                self.offset += 1
                continue
            if char != ",":
                self.no_comma(char, opening, start)
            comma = self.offset
            self.offset += 1
            if self.peek() in ("}", "]"):
                self.fault(f"trailing comma before '{self.peek()}'", start=comma)
            if opening == "{":
                self.property_name()
            return True
        return False

    def property_name(self) -> None:
        char = self.peek()
        if char == "":
            self.ends_early()
        if char != '"':
            self.not_a_name(char)
        start = self.offset
        self.string()
        name = shown(self.text[start + 1 : self.offset - 1])
        char = self.peek()
        if char == "":
            self.ends_early()
        if char != ":":
            self.comment(char)
            self.fault(f"missing ':' after the property name {name}", start=start, length=len(name))
        self.offset += 1
        char = self.peek()
        if char in (",", "}", "]"):
            self.fault(f"missing value of property {name}")

    def string(self) -> None:
        at = _sound_until(self.text, self.offset + 1)
        if self.text[at : at + 1] != '"':
            self.broken_string(at)
        self.offset = at + 1

    def broken_string(self, at: int) -> NoReturn:
        text, start = self.text, self.offset
        char = text[at : at + 1]
        if char == "" or text[at:] == "\\":
            self.fault("unterminated string; this quote is never closed")
        if char in "\r\n":
            message = "unescaped line break in a string; is its closing quote missing?"
            self.fault(message, start=start, length=at - start)
        if char == "\\":
            digits = re.compile(r"u[0-9a-fA-F]{0,4}").match(text, at + 1)
            escape = text[at : digits.end() if digits else at + 2]
            reason = "; \\u takes four hexadecimal digits" if digits else "; double the backslash"
            self.fault(f"invalid escape sequence {escaped(escape)}{reason}", start=at, length=len(escape))
        name = "tab" if char == "\t" else f"control character U+{ord(char):04X}"
        self.fault(f"unescaped {name} in a string", start=at)

    def scalar(self, char: str) -> None:
        if number := _NUMBER_LIKE.match(self.text, self.offset):
            self.number(number.group())
        elif word := _WORD.match(self.text, self.offset):
            self.word(word.group())
        else:
            self.no_value(char)

    def no_value(self, char: str) -> NoReturn:
        if char == "'":
            self.single_quotes()
        if char in _TYPOGRAPHIC:
            self.fault("typographic quotes are not allowed in JSON; use double quotes")
        self.comment(char)
        if char in "}]":
            if self.open:
                opening, start = self.open[-1]
                self.wrong_closing(char, opening, start)
            self.fault(f"unmatched '{char}'")
        if char in ",:":
            self.fault(f"expected a value, found '{char}'")
        self.fault(f"unexpected {_character(char)}")

    def word(self, word: str) -> None:
        length = len(word)
        if word in ("NaN", "Infinity"):
            self.fault(f"{shown(word)} is not a JSON number", length)
        if word not in _LITERALS:
            meant = "null" if word == "None" else word.lower()
            if meant in _LITERALS:
                self.fault(f"{shown(word)} is not a JSON literal; use {meant}", length)
            self.fault(f"unquoted string {shown(word)}; use double quotes", length)
        self.offset += length

    def number(self, number: str) -> None:
        length = len(number)
        if _NUMBER.fullmatch(number) is None:
            self.fault(_number_form(number), length)
        digits = number.lstrip("-")
        try:
            if digits.isdigit():
                int(digits)
            elif float(digits) in (float("inf"), float("-inf")):
                raise ValueError(digits)
        except ValueError:
            if digits.isdigit():
                self.fault(f"integer with {len(digits):,} digits is too long", length)
            self.fault(f"number {shown(number)} is out of range", length)
        self.offset += length

    def single_quotes(self) -> NoReturn:
        end = re.compile(r"'(?:[^'\\\r\n]|\\.)*'").match(self.text, self.offset)
        length = end.end() - self.offset if end else 1
        self.fault("single quotes are not allowed in JSON; use double quotes", length)

    def comment(self, char: str) -> None:
        if char == "#" or self.text[self.offset : self.offset + 2] in ("//", "/*"):
            line_end = re.compile(r"[^\r\n]*").match(self.text, self.offset)
            length = line_end.end() - self.offset if line_end else 1
            self.fault("comments are not allowed in JSON", length)

    def not_a_name(self, char: str) -> NoReturn:
        if char == "'":
            self.single_quotes()
        if char in _TYPOGRAPHIC:
            self.fault("typographic quotes are not allowed in JSON; use double quotes")
        self.comment(char)
        word = _WORD.match(self.text, self.offset) or _NUMBER_LIKE.match(self.text, self.offset)
        if word:
            self.fault(f"unquoted property name {shown(word.group())}; use double quotes", len(word.group()))
        if char in "}]":
            self.wrong_closing(char, *self.open[-1])
        self.fault(f"expected a property name, found {_character(char)}")

    def no_comma(self, char: str, opening: str, start: int) -> NoReturn:
        if char == "":
            self.ends_early()
        self.comment(char)
        if char in "}]":
            self.wrong_closing(char, opening, start)
        text = self.text
        end = _sound_until(text, self.offset + 1)
        if char == '"' and text[end : end + 1] == '"':
            self.fault(
                f"missing comma before {shown(text[self.offset : end].strip(char))}", end + 1 - self.offset
            )
        token = _NUMBER_LIKE.match(text, self.offset) or _WORD.match(text, self.offset)
        if token:
            self.fault(f"missing comma before {shown(token.group())}", len(token.group()))
        if char in "\"{['":
            self.fault(f"missing comma before {_character(char)}")
        self.fault(f"expected ',' or '{_CLOSING[opening]}', found {_character(char)}")

    def wrong_closing(self, char: str, opening: str, start: int) -> NoReturn:
        line = self.source.position(start)[0]
        what = f"the {_NAMES[opening]} opened at line {line}"
        self.fault(f"expected '{_CLOSING[opening]}' to close {what}, found '{char}'")

    def ends_early(self) -> NoReturn:
        end = len(self.text.rstrip(" \t\r\n"))
        opening, start = self.open[-1]
        line = self.source.position(start)[0]
        message = f"unexpected end of file; the {_NAMES[opening]} opened at line {line} is never closed"
        raise SourceSyntaxError(message, (end, end))

    def after_the_end(self) -> NoReturn:
        char = self.peek()
        self.comment(char)
        if char in "}]":
            self.fault(f"unmatched '{char}'")
        hint = "; a JSON file holds one" if char in "{[" else ""
        self.fault(f"unexpected text after the end of the document{hint}")


def _number_form(number: str) -> str:
    digits = number.lstrip("+-")
    if "Infinity" in number or "NaN" in number:
        return f"{shown(number)} is not a JSON number"
    if digits[:2].lower() in ("0x", "0o", "0b"):
        reason = "only decimal numbers are allowed in JSON"
    elif number[0] == "+":
        reason = "a leading '+' is not allowed in JSON"
    elif digits[:1] == ".":
        reason = "JSON requires a digit before the decimal point"
    elif "_" in number:
        reason = "'_' is not allowed in JSON numbers"
    elif re.fullmatch(r"0[0-9.]+", digits):
        reason = "leading zeros are not allowed in JSON"
    elif re.fullmatch(r"[0-9]+\.(?:[eE].*)?", digits):
        reason = "JSON requires a digit after the decimal point"
    else:
        return f"{shown(number)} is not a number; quote it if it is a string"
    return f"invalid number {shown(number)}; {reason}"


def _character(char: str) -> str:
    if char.isprintable() and char.isascii():
        return f"'{char}'"
    import unicodedata

    name = unicodedata.name(char, "").lower()
    return f"character U+{ord(char):04X}{f' ({name})' if name else ''}"


def _skip_space(text: str, offset: int) -> int:
    return _SPACE.match(text, offset).end()  # type: ignore[union-attr]
