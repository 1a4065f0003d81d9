"""Compiling the Regex of a metric, for single lines and for many lines at once."""

from __future__ import annotations

import re
import warnings
from itertools import islice

import regex

from algolint.regexes.parser import parse
from algolint.regexes.tree import (
    Anchor,
    Char,
    Group,
    IndeterminateError,
    Reference,
    RegexSyntaxError,
    Repeat,
    chars_of,
    literals,
    prefix,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


#: The longest time that a pattern may take on one line, in seconds.
MAX_SECONDS = 0.05


class LogPattern:
    """A regular expression with Python's meaning, run within time limits.

    If searching takes time proportional to the text, it runs with `re`, else with `regex`, which is slower
    but supports timeouts.
    """

    __slots__ = (
        "_in_block",
        "_in_line",
        "_limit",
        "group",
        "invalid",
        "is_linear",
        "prefix",
        "required",
        "text",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        nodes = _nodes(text)
        #: The longest text that every match contains; "" if none is certain.
        self.required = max(literals(nodes), key=len, default="")
        #: The text that the pattern begins with.
        self.prefix = prefix(nodes)
        #: Why the pattern is invalid: the message of the regular expression engine.
        self.invalid: str | None = None
        #: Whether searching takes time proportional to the text.
        self.is_linear = text.count("(") <= _MAX_GROUPS and _is_linear(nodes)
        self._limit = {} if self.is_linear else {"timeout": MAX_SECONDS}
        self._in_line: Any = self._compiled(text)
        #: The number of the group that is read; 0 is the whole match.
        self.group = 1 if self._in_line is not None and self._in_line.groups else 0
        within = None if self.invalid else _within_lines(text)
        self._in_block: Any = None if within is None else self._compiled(within)

    def _compiled(self, text: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                if self.is_linear:
                    return re.compile(text, re.MULTILINE)
                return regex.compile(_for_regex(text), regex.VERSION0 | regex.MULTILINE)
            except regex.error as error:
                self.invalid = str(error)
            except RecursionError:
                self.invalid = "nested too deeply"
        return None

    def find(self, line: str, most: int) -> list[Any]:
        """Return the first matches in a line without its line end.

        Raises `TimeoutError` after `MAX_SECONDS`.
        """
        return [*islice(self._in_line.finditer(line, **self._limit), most)]

    @property
    def finds_in_blocks(self) -> bool:
        """Whether `find_all` finds the same in several lines as `find` in each line alone."""
        return self._in_block is not None

    def find_all(self, text: str) -> list[Any]:
        """Return the matches in several lines.

        Raises `TimeoutError` after `MAX_SECONDS`.
        """
        return [*self._in_block.finditer(text, **self._limit)]


def _nodes(pattern: str) -> list[Any]:
    """Return the nodes of a pattern; empty if it cannot be parsed."""
    try:
        return parse(pattern) if len(pattern) <= _MAX_LENGTH else []
    except (RegexSyntaxError, IndeterminateError, RecursionError):
        return []


# Each match takes time for all groups: a million matches with 250 groups took 159 seconds.
_MAX_GROUPS = 20
# Longer patterns, which the API refuses, are run line by line, as they are.
_MAX_LENGTH = 1000
# Escapes, sets, and braces that do not repeat.
_PART = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?!\d*,?\d*\}))", re.DOTALL)


def _for_regex(pattern: str) -> str:
    """Return the pattern with syntax escaped that only `regex` has: [:digit:] in a set, and {e<=1}."""
    if len(pattern) > _MAX_LENGTH:
        return pattern
    parts = _PART.split(pattern)
    for index in range(1, len(parts), 2):
        part = parts[index]
        if part == "{":
            parts[index] = r"\{"
        elif part[0] == "[":
            parts[index] = "[" + re.sub(r"(\\.)|\[(?=:)", lambda m: m[1] or r"\[", part[1:], flags=re.DOTALL)
    return "".join(parts)


def other_reading(pattern: str) -> str | None:
    """Return what `re` or Java rejects in a valid pattern, or Java reads differently, or None."""
    try:
        parse(pattern)
    except RegexSyntaxError as error:
        return f"Python's re rejects it: {error.reason}"
    except (IndeterminateError, RecursionError):
        return None
    parts = _PART.split(pattern)
    for part in parts[1::2]:
        inner = re.sub(r"\\.", "", part[1:-1])
        if part == "{":
            return r"Java rejects the {; a literal one is \{"
        if part[0] == "[" and "[" in inner:
            return r"Java reads the [ inside of a set as a set of its own; a literal one is \["
        if part[0] == "[" and "&&" in inner:
            return "Java reads && inside of a set as an intersection"
    rest = " ".join(parts[::2])
    for beginning, advice in _NOT_OF_JAVA.items():
        if beginning in rest:
            return f"Java rejects {beginning}; {advice}"
    return None


_NOT_OF_JAVA = {"(?P<": "a group needs no name", "(?(": "two alternatives do the same", "{,": "write {0,"}
_CLASSES = {r"\s": r"[^\S\n]", r"\D": r"[^\d\n]", r"\W": r"[^\w\n]"}
# Positions in the whole text, and flags and comments in which a bracket is no set.
_NOT_IN_A_BLOCK = re.compile(r"\\[ABZG]|\(\?#|\(\?[a-zA-Z]*x")


def _within_lines(pattern: str) -> str | None:
    """Return the pattern with sets that exclude line breaks; None if it may match other text in a block."""
    if len(pattern) > _MAX_LENGTH or _NOT_IN_A_BLOCK.search(pattern):
        return None
    parts = _PART.split(pattern)
    # For the parser, which does not look ahead in a set.
    plain = parts[:]
    for index in range(1, len(parts), 2):
        part = parts[index]
        if part.startswith("[^"):
            # The character after the ^ may be special in its new position.
            parts[index] = r"[^\n" + (rf"\{part[2:]}" if part[2] in "]-" else part[2:])
        elif part[0] == "[" and re.search(r"\\[sDW]", part):
            parts[index], plain[index] = rf"(?:(?!\n){part})", " "
            continue
        else:
            parts[index] = _CLASSES.get(part, part)
        plain[index] = parts[index]
    nodes = [*walk(_nodes("".join(plain)))]
    is_within = nodes and not any(
        isinstance(node, Reference)
        or (isinstance(node, Char) and node.chars & _LINE_BREAK)
        or (isinstance(node, Anchor) and node.position == "inside")
        for node in nodes
    )
    return "".join(parts) if is_within else None


_LINE_BREAK = chars_of("\n")


def _is_linear(sequence: list[Any]) -> bool:
    """Whether searching takes time in proportion to the text: it begins with a character, at which no repeat
    goes on, and where a repeat ends is decided by the next character.
    """
    nodes = [*_flat(sequence)]
    match nodes[:1]:
        case [Char(only=str(), chars=first)]:
            pass
        case _:
            return False
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        match node:
            case Char():
                continue
            case Repeat(body=[Char(chars=chars)], low=0 | 1, possessive=False):
                beyond = following.body[0] if isinstance(following, Repeat) and following.low else following
                is_last = following is None and node.high is None
                if not is_last and not (isinstance(beyond, Char) and not chars & (beyond.chars | first)):
                    return False
            case _:
                return False
    return True


def _flat(sequence: list[Any]) -> Iterator[Any]:
    """Yield the nodes, with groups replaced by their content."""
    for node in sequence:
        if isinstance(node, Group):
            yield from _flat(node.body)
        else:
            yield node
