"""Lines of a log that a metric's pattern is meant for, and other patterns that read the number in them."""

from __future__ import annotations

from algolint.limits import keep
from algolint.regexes.parser import parse
from algolint.regexes.tree import (
    BEYOND,
    Anchor,
    Char,
    Choice,
    Group,
    IndeterminateError,
    Look,
    RegexSyntaxError,
    Repeat,
    literals,
)

from ._regex_matching import EXAMPLES, Budget, Matcher, takes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.regexes.tree import Chars

# How many lines are made for a pattern with alternatives.
_VARIANTS = 3
# From a set of at most this many characters, each variant takes another one.
_FEW = 8
# The steps of one comparison (a usual one takes 200), and of all in one list of metrics.
_MAX_STEPS = 8_000
_MAX_STEPS_IN_ALL = 40_000


class Line:
    """A line that a pattern matches, and where in it the number is that the pattern reads."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end


class Comparison:
    """Tries patterns on the lines of others, within a budget for one list of metrics."""

    def __init__(self) -> None:
        self.steps = 0

    def line_read_by(self, pattern: str, other: str) -> str | None:
        """Return a line that is meant for `other` and whose number `pattern` reads too; None if none."""
        # A line break is in no pattern that is compared: it would match no line.
        key = f"{pattern}\n{other}"
        if self.steps >= _MAX_STEPS_IN_ALL:
            return None
        known = _known.get(key)
        if known is None:
            known = _compared(pattern, other)
            keep(_known, key, known)
        found, cost = known
        self.steps += cost
        return found


# Results, and the steps that they took.
_known: dict[str, tuple[str | None, int]] = {}
_known_lines: dict[str, tuple[list[Line], int]] = {}
_known_literals: dict[str, list[str]] = {}


def _compared(pattern: str, other: str) -> tuple[str | None, int]:
    budget = Budget(_MAX_STEPS)
    try:
        found = _line_read_by(pattern, other, budget)
    except (RegexSyntaxError, IndeterminateError, RecursionError):
        found = None
    return found, _MAX_STEPS - max(budget.left, 0)


def _line_read_by(pattern: str, other: str, budget: Budget) -> str | None:
    reader, writer = parse(pattern), parse(other)
    required = _required(pattern, reader)
    for line in _lines_of(other, writer, budget):
        # Most patterns do not get further: their text is not in the lines of the other.
        is_near = all(text in line.text for text in required)
        if is_near and _reads(writer, line, budget) and _reads(reader, line, budget):
            return line.text
    return None


def _required(pattern: str, sequence: list[Any]) -> list[str]:
    """Return texts that every line contains that a pattern matches."""
    known = _known_literals.get(pattern)
    if known is None:
        known = literals(sequence)
        keep(_known_literals, pattern, known)
    return known


def _lines_of(pattern: str, sequence: list[Any], budget: Budget) -> list[Line]:
    """Return some of the shortest lines that a pattern may match: anchors are not looked at."""
    known = _known_lines.get(pattern)
    if known is not None:
        budget.spend(known[1])
    else:
        steps = budget.left
        lines: dict[str, Line] = {}
        for variant in range(_VARIANTS):
            writer = _Writer(variant, budget)
            writer.write(sequence)
            if writer.number:
                lines.setdefault(writer.text, Line(writer.text, *writer.number))
            if not writer.has_variants:
                break
        known = [*lines.values()], steps - budget.left
        keep(_known_lines, pattern, known)
    return known[0]


def _reads(sequence: list[Any], line: Line, budget: Budget) -> bool:
    """Whether a pattern captures the number of a line or a part of it, or matches it if it has no group."""
    return any(
        start < line.end and line.start < max(end, start + 1)
        for captured in Matcher(line.text, budget, alone=False).captures(sequence)
        for start, end in captured
    )


class _Writer:
    """Writes a line that a pattern matches: as few repetitions as possible, and one of the alternatives."""

    def __init__(self, variant: int, budget: Budget) -> None:
        self.text = ""
        self.number: tuple[int, int] | None = None
        #: Whether another variant may make another line.
        self.has_variants = False
        self._variant = variant
        self._budget = budget

    def write(self, sequence: list[Any]) -> None:
        """Add text that a sequence matches."""
        self._budget.spend(len(sequence))
        for node in sequence:
            if isinstance(node, Char):
                chars = node.chars
                if not chars & chars - 1 and chars != BEYOND:
                    # Most sets are one character of the text.
                    self.text += chr(chars.bit_length() - 1)
                else:
                    self.has_variants |= 1 < chars.bit_count() <= _FEW
                    self.text += _character(chars, self._variant)
                continue
            match node:
                case Group(body=body):
                    self._write_group(body)
                case Choice(ways=ways):
                    self.has_variants = True
                    self.write(ways[min(self._variant, len(ways) - 1)])
                case Repeat(body=body, low=low):
                    for _ in range(low):
                        self.write(body)
                case Anchor() | Look():
                    # Whether it matches is decided when the pattern is tried on the line.
                    pass
                case _:
                    raise IndeterminateError

    def _write_group(self, body: list[Any]) -> None:
        """Add a number for the first group that can match one."""
        number = next((text for text in EXAMPLES if takes(body, text, self._budget)), None)
        if number is None or self.number:
            self.write(body)
        else:
            self.number = (len(self.text), len(self.text) + len(number))
            self.text += number


def _character(chars: Chars, variant: int) -> str:
    """Return a character of a set; from a small set, each variant takes another."""
    few: list[int] = []
    left = chars & ~BEYOND
    while left and len(few) <= _FEW:
        lowest = left & -left
        few.append(lowest.bit_length() - 1)
        left ^= lowest
    if not few:
        raise IndeterminateError
    if len(few) <= _FEW and not chars & BEYOND:
        return chr(few[variant % len(few)])
    # One that other patterns are least likely to name.
    return next((char for char in "x0 " if chars >> ord(char) & 1), chr(few[0]))
