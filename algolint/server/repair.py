"""Repairing a half-typed JSON or YAML text, so that the rest of it can be linted.

A broken line is blanked, together with lines indented below it, and leaves a hole, which may have held
anything. Offsets do not change. If brackets or quotes do not match, the indentation decides which of them is
wrong, and a text that is cut off is closed at its end. Readers never treat as missing what may be in a hole,
so the rest is linted and nothing is reported about the hole.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from algolint import limits
from algolint.readers.hole import NO_INDENT, Hole
from algolint.server.half_typed import unclosed_in_yaml
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.syntaxes import JSON, YAML, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# How many places are removed one by one; the text is read again after each.
_MAX_ROUNDS = 5
_MAX_MISFITS = 20

_LINE = re.compile(r"([ \t]*)([^\r\n]*)(?:\r\n|\r|\n|$)")
_DASHES = re.compile(r"(?:-[ \t]+)*")
# A string of JSON, which ends with its line if it is not closed, or a bracket.
_TOKEN = re.compile(r'"(?:[^"\\\r\n]|\\.)*("?)|[{}\[\]]')
_ENTRY = re.compile(r'"(?:[^"\\\r\n]|\\.)*"\s*:')
_REST = re.compile(r"[ \t]*(?:[\r\n]|$)")
_CLOSING = {"{": "}", "[": "]"}
# A line that may become the marker of another YAML document.
_MARKER = re.compile(r"\W?(?:--|\.\.)")


def repaired(source: Source, fault: SourceSyntaxError) -> Source | None:
    """Return a text with a fault repaired so that it can be read, or None if the rest is too uncertain."""
    if len(source.text) > limits.MAX_FIXED_LENGTH:
        return None
    syntax = syntax_of(source)
    if syntax is YAML:
        return _YamlRepair(source).run(fault)
    if syntax is JSON:
        # First without using the indentation, which may be arbitrary if the brackets are right.
        return _JsonRepair(source).run(fault) or _UnbalancedJsonRepair(source).run(fault)
    return None


class _Line:
    """A line that is not blank: the span and the indentation of its content."""

    __slots__ = ("end", "first", "indent", "is_comment", "is_item", "last_column", "start")

    def __init__(self, match: re.Match[str], is_json: bool) -> None:
        self.start, self.end = match.span(2)
        self.indent = len(match[1])
        content = match[2].rstrip()
        self.first = content[0]
        self.is_comment = not is_json and self.first == "#"
        self.is_item = not is_json and (content == "-" or content.startswith(("- ", "-\t")))
        #: The column of what follows the dashes of list items.
        self.last_column = self.indent + _DASHES.match(content).end()  # type: ignore[union-attr]


class _Repair:
    """A text, and the lines of it that are broken."""

    is_json = False

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.lines = list(_lines(self.text, self.is_json))
        self.starts = [line.start for line in self.lines]
        self.broken: set[int] = set()

    def run(self, fault: SourceSyntaxError) -> Source | None:
        """Remove what keeps the text from being read, beginning with the fault; return the readable text."""
        if not self.lines or not self.begin(fault):
            return None
        for _ in range(_MAX_ROUNDS):
            source = self.source_with_holes()
            try:
                # Reading without regard to the holes is quicker.
                syntax_of(source).read(Source(source.name, source.text))
            except LimitExceeded:
                return None
            except SourceSyntaxError as error:
                if not self.take_out(error):
                    return None
            else:
                return source
        return None

    def begin(self, fault: SourceSyntaxError) -> bool:
        """Remove what is known to be wrong, at least the fault; return whether anything was removed."""
        return bool(self.broken) or self.take_out(fault)

    def source_with_holes(self) -> Source:
        """Return the text with the broken lines removed."""
        characters = list(self.text)
        holes: list[Hole] = []
        for numbers in self.spans():
            start, end = self.span(numbers)
            characters[start:end] = [c if c in "\r\n" else " " for c in self.text[start:end]]
            holes += self.holes(numbers)
        self.complete(characters, holes)
        return Source(self.source.name, "".join(characters), holes)

    def complete(self, characters: list[str], holes: list[Hole]) -> None:
        """Turn the rest into a valid text."""

    def take_out(self, fault: SourceSyntaxError) -> bool:
        """Remove what a reader refused, and return whether that changed anything."""
        raise NotImplementedError

    def break_block(self, block: range) -> bool:
        """Remove some lines, and return whether any was not removed before."""
        is_new = block.start not in self.broken
        self.broken.update(block)
        return is_new

    def break_lines(self, offsets: list[int]) -> None:
        """Remove the lines of some offsets, and the lines that belong to them."""
        for number in {self.line_at(offset) for offset in offsets}:
            self.break_block(self.block_at(self.lines[number].start))

    # ------------------------------------------------------------ lines

    def line_at(self, offset: int) -> int:
        """Return the index of the line of an offset, or of the line above if it is blank."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def block_at(self, offset: int) -> range:
        """Return the line at an offset and the lines that belong to it by their indentation."""
        number = self.line_at(offset)
        line = self.lines[number]
        end = number + 1
        is_opening = self.is_opening(line)
        while is_opening and end < len(self.lines) and self.is_below(self.lines[end], line):
            end += 1
        while end > number + 1 and self.lines[end - 1].is_comment:
            end -= 1
        return range(number, end)

    def is_opening(self, line: _Line) -> bool:  # noqa: ARG002
        """Whether other lines may belong to a line."""
        return True

    def is_below(self, other: _Line, line: _Line) -> bool:
        """Whether a line belongs to an opening one above it."""
        return other.indent > line.indent

    def spans(self) -> Iterator[range]:
        """Yield each run of consecutive broken lines."""
        first = None
        for number in range(len(self.lines) + 1):
            if number in self.broken:
                first = number if first is None else first
            elif first is not None:
                yield range(first, number)
                first = None

    def span(self, numbers: range) -> tuple[int, int]:
        return self.lines[numbers.start].start, self.lines[numbers.stop - 1].end

    def is_balanced(self, numbers: range) -> bool:
        """Whether all brackets in some lines, including those in strings, are closed in these lines."""
        start, end = self.span(numbers)
        text = self.text[start:end]
        return (0, 0) in (_unmatched(text), _unmatched(text.replace('"', " ")))

    def holes(self, numbers: range) -> Iterator[Hole]:
        """Yield the holes that removed lines leave."""
        raise NotImplementedError

    def indent_of(self, numbers: range) -> int:
        """Return `Hole.indent` for some lines."""
        lines = self.lines[numbers.start : numbers.stop]
        return NO_INDENT if self.is_balanced(numbers) else min(line.indent for line in lines)


# ---------------------------------------------------------------- YAML


class _YamlRepair(_Repair):
    def __init__(self, source: Source) -> None:
        super().__init__(source)
        #: Whether a broken line may have separated two documents.
        self.may_separate = False
        # An unclosed string or bracket swallows the text up to the next quote or bracket.
        self.break_lines(unclosed_in_yaml(self.text))

    def take_out(self, fault: SourceSyntaxError) -> bool:
        number = self.line_at(fault.span[0])
        line = self.lines[number]
        above = self.lines[max(number - 1, 0)]
        if number - 1 not in self.broken and self.is_odd(above, line):
            line = above
        return self.break_block(self.block_at(line.start))

    def begin(self, fault: SourceSyntaxError) -> bool:
        return super().begin(fault) and not self.may_separate

    def break_block(self, block: range) -> bool:
        lines = self.lines[block.start : block.stop]
        self.may_separate |= any(not line.indent and _MARKER.match(self.text, line.start) for line in lines)
        return super().break_block(block) and not self.may_separate

    def is_odd(self, above: _Line, line: _Line) -> bool:
        """Whether a refused line may be right and the line above it wrong."""
        text = self.text[above.start : above.end].rstrip()
        if above.last_column < line.indent:
            # The line above has a value already, so nothing can be indented below it.
            return not text.endswith(":")
        # The two lines were read as one text, because the line above is a key without its colon.
        has_key = ": " in text or text.endswith((":", "-"))
        return above.last_column == line.indent and not has_key and not above.is_comment

    def is_below(self, other: _Line, line: _Line) -> bool:
        if other.is_comment or other.indent > line.indent:
            return True
        # The items of a key may have the column of the key.
        return other.indent == line.indent and other.is_item and not line.is_item

    def holes(self, numbers: range) -> Iterator[Hole]:
        lines = self.lines[numbers.start : numbers.stop]
        around = self.lines[max(numbers.start - 1, 0) : numbers.stop + 1]
        # Anything may follow at the end of the text.
        least = min(line.indent for line in around) if numbers.stop < len(self.lines) else 0
        columns = least, max(line.last_column for line in around)
        indent = self.indent_of(numbers)
        above = None
        for line in lines:
            if above is None or not self.is_below(line, above):
                above = line
                kind = "item" if line.is_item else "entry"
                yield Hole(line.start, columns, column=line.indent, kind=kind, indent=indent)


# ---------------------------------------------------------------- JSON


class _JsonRepair(_Repair):
    """A repair that only removes text in which all brackets are closed."""

    is_json = True

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        #: The offsets of commas to remove, and of white space where a comma is missing.
        self.trailing: set[int] = set()
        self.missing: set[int] = set()

    def take_out(self, fault: SourceSyntaxError) -> bool:
        start, end = fault.span
        if start >= len(self.text.rstrip()):
            return False
        if self.text[start:end] == "," and start not in self.trailing:
            self.trailing.add(start)
            return True
        number = self.line_at(start)
        lacks_comma = fault.message.startswith("missing comma") and self.starts[number] == start
        if lacks_comma and start - 1 not in self.missing:
            self.missing.add(start - 1)
            return True
        if self.text[start] == ":" and self.text[: self.lines[number].start].rstrip().endswith(":"):
            # The next key was read as the value of the key above.
            number -= 1
        block = self.block_at(self.lines[number].start)
        return self.may_break(block) and self.break_block(block)

    def may_break(self, block: range) -> bool:
        return self.is_balanced(block)

    def block_at(self, offset: int) -> range:
        block = super().block_at(offset)
        line, after = self.lines[block.start], self.lines[block.stop :][:1]
        closes = any(other.first in "}]" and other.indent == line.indent for other in after)
        return range(block.start, block.stop + 1) if closes and self.is_opening(line) else block

    def is_opening(self, line: _Line) -> bool:
        # It has an unclosed bracket, possibly in a string, or it lacks a value.
        text = self.text[line.start : line.end].rstrip()
        return text.endswith(":") or any(_unmatched(part)[1] for part in (text, text.replace('"', " ")))

    def holes(self, numbers: range) -> Iterator[Hole]:
        start, _ = self.span(numbers)
        yield Hole(start, (0, 0), kind=_kind(self.text, start), indent=self.indent_of(numbers))

    def complete(self, characters: list[str], holes: list[Hole]) -> None:
        for offset, sign in [*((at, " ") for at in self.trailing), *((at, ",") for at in self.missing)]:
            if self.line_at(offset) not in self.broken and characters[offset] in ", \t\r\n":
                characters[offset] = sign
                holes.append(Hole(offset, (0, 0)))
        for numbers in self.spans():
            _join(characters, *self.span(numbers))


class _Bracket:
    """An open bracket, and the column of the first member in it that begins a line."""

    __slots__ = ("closing", "column", "line", "start")

    def __init__(self, text: str, line: _Line, start: int) -> None:
        self.closing = _CLOSING[text]
        self.line = line
        self.start = start
        self.column: int | None = None


class _UnbalancedJsonRepair(_JsonRepair):
    """A repair that uses the indentation to find missing and superfluous brackets."""

    def begin(self, fault: SourceSyntaxError) -> bool:  # noqa: ARG002
        # Possibly only the end of the text is missing.
        return self.fit()

    def take_out(self, fault: SourceSyntaxError) -> bool:
        return super().take_out(fault) and self.fit()

    def fit(self) -> bool:
        """Remove lines until the brackets of the others fit the indentation; return whether they do."""
        for _ in range(_MAX_MISFITS):
            offsets = next(self.misfits(), None)
            if offsets is None:
                return True
            self.break_lines(offsets)
        return False

    def misfits(self) -> Iterator[list[int]]:
        """Yield the offsets of brackets, quotes and lines that do not fit the indentation."""
        stack: list[_Bracket] = []
        for line in [line for number, line in enumerate(self.lines) if number not in self.broken]:
            yield from _outdented(stack, line)
            for match in _TOKEN.finditer(self.text, line.start, line.end):
                token, at = match[0], match.start()
                if token in _CLOSING:
                    stack.append(_Bracket(token, line, at))
                elif token in "}]":
                    yield from _closed(stack, token, line, at)
                elif not match[1]:
                    yield [at]
        # It is the line where the text is cut off.
        for bracket in stack:
            if bracket.line is self.lines[-1] and not _REST.match(self.text, bracket.start + 1):
                yield [bracket.start]

    def may_break(self, block: range) -> bool:  # noqa: ARG002
        return True

    def complete(self, characters: list[str], holes: list[Hole]) -> None:
        super().complete(characters, holes)
        text = "".join(characters)
        stack: list[re.Match[str]] = []
        for match in _TOKEN.finditer(text):
            if match[0] in _CLOSING:
                stack.append(match)
            elif match[0] in "}]" and stack:
                stack.pop()
        # On one line there is no indentation to decide which bracket a value is in.
        if not stack or not all(_REST.match(text, match.end()) for match in stack):
            return
        _join(characters, len(text), len(text))
        holes += [Hole(offset, (0, 0)) for offset in range(len(text), len(characters) + len(stack))]
        characters += [_CLOSING[match[0]] for match in reversed(stack)]


def _lines(text: str, is_json: bool) -> Iterator[_Line]:
    offset = 0
    while offset < len(text):
        match = _LINE.match(text, offset)
        assert match is not None
        if match[2].strip():
            yield _Line(match, is_json)
        offset = match.end()


def _kind(text: str, offset: int) -> str:
    """Return what begins or ends at an offset of JSON; see `Hole.kind`."""
    if text[offset] in "}]":
        return "end"
    if text[offset] in "{[":
        return "item"
    return "entry" if _ENTRY.match(text, offset) else ""


def _unmatched(text: str) -> tuple[int, int]:
    """Return how many brackets in a text are not opened, and how many are not closed."""
    before = depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] in _CLOSING) - (match[0] in "}]")
        if depth < 0:
            before, depth = before + 1, 0
    return before, depth


def _outdented(stack: list[_Bracket], line: _Line) -> Iterator[list[int]]:
    """Yield the brackets that a line's indentation ends, or the line if it fits no member above."""
    closes = line.first in "}]"
    while stack and stack[-1].line.indent >= line.indent + closes:
        yield [stack.pop().start]
    if stack and not closes:
        if stack[-1].column is None:
            stack[-1].column = line.indent
        if stack[-1].column != line.indent:
            yield [line.start]


def _closed(stack: list[_Bracket], token: str, line: _Line, at: int) -> Iterator[list[int]]:
    """Close the innermost bracket, or yield the offsets of both brackets if they do not match."""
    bracket = stack[-1] if stack else None
    begins_line = at == line.start
    if bracket is None:
        yield [at]
    elif bracket.closing == token and (not begins_line or line.indent == bracket.line.indent):
        stack.pop()
    elif begins_line and line.indent == bracket.line.indent:
        stack.pop()
        yield [bracket.start, at]
    else:
        # Its opening bracket is missing.
        yield [at]


def _join(characters: list[str], start: int, end: int) -> None:
    """Correct the commas around a blanked stretch of JSON, and replace a value that was there."""
    before, after = start - 1, end
    while before >= 0 and characters[before].isspace():
        before -= 1
    while after < len(characters) and characters[after].isspace():
        after += 1
    last = characters[before] if before >= 0 else ""
    following = characters[after] if after < len(characters) else ""
    ends = following in ",}]"
    if last == ":":
        characters[start : start + 2] = ["0", " " if ends else ","]
    elif last == "," and ends:
        characters[before] = " "
    elif last in ("{", "[") and following == ",":
        characters[after] = " "
    elif last and last not in ",{[" and not ends:
        characters[start] = ","
