"""The syntax tree of a regular expression: sets of characters, nodes, and properties of their structure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    # A set of characters as bits: one for each code below 256, the last for all others.
    Chars: TypeAlias = int


class RegexSyntaxError(Exception):
    """Raised when a pattern is invalid, with the reason, and whether every Python rejects it."""

    def __init__(self, reason: str, certain: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.certain = certain


class IndeterminateError(Exception):
    """Raised when the tree does not answer a question, or not within a reasonable time."""


# ---------------------------------------------------------------- sets of characters

EVERY = (1 << 257) - 1
BEYOND = 1 << 256


def span(low: int, high: int) -> Chars:
    """Return the characters from one code to another, inclusive."""
    return (1 << (min(high, 256) + 1)) - (1 << min(low, 256))


def chars_of(text: str) -> Chars:
    """Return the set of a text's characters."""
    chars = 0
    for char in text:
        chars |= 1 << min(ord(char), 256)
    return chars


DOT = EVERY ^ chars_of("\n")
DIGITS = span(48, 57)
LOWER = span(97, 122)
UPPER = span(65, 90)
CATEGORIES = {
    "DIGIT": DIGITS,
    "SPACE": span(9, 13) | span(28, 32) | 1 << 0x85 | 1 << 0xA0,
    "WORD": DIGITS
    | LOWER
    | UPPER
    | chars_of("_ª²³µ¹º¼½¾")
    | span(0xC0, 0xD6)
    | span(0xD8, 0xF6)
    | span(0xF8, 256),
}


# ---------------------------------------------------------------- nodes


class Char:
    """One character out of a set."""

    __slots__ = ("chars",)

    def __init__(self, chars: Chars) -> None:
        self.chars = chars

    @property
    def only(self) -> str | None:
        """The character, if the set has only one."""
        chars = self.chars
        return None if chars & chars - 1 or chars in (0, BEYOND) else chr(chars.bit_length() - 1)


class Repeat:
    """A repeated sequence; `high` is None if unlimited. An atomic group is possessive and repeated once."""

    __slots__ = ("body", "empty", "ends_lazily", "has_loop", "high", "lazy", "low", "possessive")

    def __init__(self, body: list[Any], low: int, high: int | None, lazy: bool, possessive: bool) -> None:
        self.body = body
        self.low = low
        self.high = high
        self.empty = low == 0 or can_be_empty(body)
        self.ends_lazily = lazy and low != high
        self.lazy = lazy
        self.possessive = possessive
        #: Whether the sequence contains an unlimited repetition.
        self.has_loop = has_loop(body)


class Group:
    """A capturing group."""

    __slots__ = ("body", "empty", "ends_lazily", "has_loop")

    def __init__(self, body: list[Any]) -> None:
        self.body = body
        self.empty = can_be_empty(body)
        self.ends_lazily = ends_lazily(body)
        self.has_loop = has_loop(body)


class Choice:
    """One of several sequences."""

    __slots__ = ("empty", "ends_lazily", "has_loop", "ways")

    def __init__(self, ways: list[list[Any]]) -> None:
        self.ways = ways
        self.empty = any(can_be_empty(way) for way in ways)
        self.ends_lazily = any(ends_lazily(way) for way in ways)
        self.has_loop = any(has_loop(way) for way in ways)


class Anchor:
    """A position in the text: "start", "end", "boundary" of a word, or "inside" (not at a boundary)."""

    __slots__ = ("position",)

    def __init__(self, position: str) -> None:
        self.position = position


class Look:
    """A lookahead, or a lookbehind over a text of `width` characters."""

    __slots__ = ("body", "negated", "width")

    def __init__(self, body: list[Any], width: int | None, negated: bool) -> None:
        self.body = body
        self.width = width
        self.negated = negated


class Reference:
    """A reference to a group, or a condition on whether a group took part in the match."""

    __slots__ = ("body",)

    def __init__(self, body: list[Any]) -> None:
        self.body = body


# ---------------------------------------------------------------- questions about the tree


def bodies(node: Any) -> list[list[Any]]:
    """Return the sequences directly below a node."""
    if isinstance(node, Char):
        return []
    if isinstance(node, Choice):
        return node.ways
    return [node.body] if isinstance(node, (Repeat, Group, Look, Reference)) else []


def walk(sequence: list[Any]) -> list[Any]:
    """Return every node in the order of the pattern, each before its children."""
    found: list[Any] = []
    for node in sequence:
        found.append(node)
        if not isinstance(node, Char):
            for body in bodies(node):
                found += walk(body)
    return found


def can_be_empty(sequence: list[Any], *, at_line: bool = False) -> bool:
    """Whether a sequence can match an empty text, or if `at_line` an empty line, where ^ and $ match too."""
    for node in sequence:
        match node:
            case Char():
                return False
            case Anchor(position="start" | "end") if at_line:
                pass
            case Repeat(empty=True) | Group(empty=True) | Choice(empty=True):
                pass
            case _:
                return False
    return True


def has_loop(sequence: list[Any]) -> bool:
    """Whether a sequence contains an unlimited repetition."""
    for node in sequence:
        match node:
            # Most nodes are of this class. A class pattern that does not match takes five times as long.
            case Char():
                pass
            case Repeat(high=None) | Repeat(has_loop=True) | Group(has_loop=True) | Choice(has_loop=True):
                return True
    return False


def ends_lazily(sequence: list[Any]) -> bool:
    """Whether a sequence ends in a lazy quantifier."""
    for node in reversed(sequence):
        match node:
            case Char():
                return False
            case Repeat(ends_lazily=True) | Group(ends_lazily=True) | Choice(ends_lazily=True):
                return True
        if not can_be_empty([node]):
            return False
    return False


def literals(sequence: list[Any]) -> list[str]:
    """Return texts that every match of a sequence contains."""
    found = [""]
    for node in sequence:
        if isinstance(node, Char) and (char := node.only) is not None:
            found[-1] += char
        elif isinstance(node, Group):
            found += [*literals(node.body), ""]
        else:
            found.append("")
    return [text for text in found if text]


def prefix(sequence: list[Any]) -> str:
    """Return the text that begins every match of a sequence."""
    text = ""
    for node in sequence:
        match node:
            case Char(only=str() as char):
                text += char
            case Group(body=body):
                return text + prefix(body)
            case Anchor() | Look():
                pass
            case _:
                break
    return text
