"""The client's texts: positions in its encoding, and changes."""

from __future__ import annotations

from itertools import accumulate

from algolint.fixes.edit import Edit
from algolint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from algolint.source import Span

    Json: TypeAlias = dict[str, Any]

#: The position encodings; the first one needs no conversion.
ENCODINGS = ("utf-32", "utf-16", "utf-8")
# The codec of each encoding, and the bytes of a unit.
_CODECS = {"utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1)}


class TextChange:
    """A change that replaces a span by a text of some length."""

    __slots__ = ("end", "length", "start")

    def __init__(self, start: int, end: int, length: int) -> None:
        self.start = start
        self.end = end
        self.length = length

    def moved(self, span: Span) -> Span | None:
        """Return a span after the change, or None if all of its text was replaced."""
        start, end = span
        delta = self.length - (self.end - self.start)
        if self.end <= start:
            return start + delta, end + delta
        if self.start >= end:
            return span
        if self.start <= start and end <= self.end:
            return None
        if self.start <= start:
            return self.start + self.length, end + delta
        return start, end + delta if end >= self.end else self.start


class ClientText:
    """The text of a document or of a notebook cell."""

    def __init__(self, text: str, encoding: str) -> None:
        self.encoding = encoding
        self.text = _without_surrogates(text)

    @property
    def text(self) -> str:
        """The client's text, with a byte order mark if the client's has one."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text
        # Only used for its lines; the first one includes a byte order mark.
        self._lines = Source("", text)
        self._mark = int(self._lines.bom)

    def offset(self, position: Json) -> int:
        """Return the offset of a client's position; positions beyond the end of a line are its end."""
        line = max(int(position["line"]), 0) + 1
        if line > len(self._lines.line_starts()):
            return len(self._text)
        start, end = self._lines.line_span(line)
        units = max(int(position["character"]), 0)
        if line == 1:
            if self._mark and units < self._width("\ufeff"):
                return 0
            units -= self._mark * self._width("\ufeff")
        return start + self._mark + self._characters(self._lines.text[start:end], units)

    def position(self, offset: int) -> Json:
        """Return the client's position for an offset."""
        if self._mark and offset == 0:
            return {"line": 0, "character": 0}
        line, column = self._lines.position(offset - self._mark)
        start, _ = self._lines.line_span(line)
        before = self._lines.text[start : start + column - 1]
        if line == 1 and self._mark:
            before = f"\ufeff{before}"
        return {"line": line - 1, "character": self._width(before)}

    def range(self, span: Span) -> Json:
        """Return the client's range for a span."""
        return {"start": self.position(span[0]), "end": self.position(span[1])}

    def change(self, content: Json) -> TextChange:
        """Apply a content change of the client, and return it as a `TextChange`."""
        new = _without_surrogates(content["text"])
        where = content.get("range")
        old = self._text
        if where is None:
            start, end, new = difference(old, new)
        else:
            start, end = sorted((self.offset(where["start"]), self.offset(where["end"])))
        self.text = old[:start] + new + old[end:]
        return TextChange(start, end, len(new))

    def _width(self, text: str) -> int:
        """Return the number of units of a text."""
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        codec, size = _CODECS[self.encoding]
        return len(text.encode(codec)) // size

    def _characters(self, text: str, units: int) -> int:
        """Return the number of characters in a number of units at the start of a text."""
        if self.encoding == "utf-32" or text.isascii():
            return min(units, len(text))
        codec, size = _CODECS[self.encoding]
        return len(text.encode(codec)[: units * size].decode(codec, "ignore"))


def _without_surrogates(text: str) -> str:
    """Return a text with lone surrogates, which no file has, replaced."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def edits_between(old: str, new: str) -> list[Edit]:
    """Return the edits, by differing lines, that turn one text into another."""
    import difflib

    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    offsets = [0, *accumulate(map(len, before))]
    edits = []
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if kind != "equal":
            lines = old[offsets[start] : offsets[end]]
            first, last, text = difference(lines, "".join(after[new_start:new_end]))
            edits.append(Edit(offsets[start] + first, offsets[start] + last, text))
    return edits


def difference(old: str, new: str) -> tuple[int, int, str]:
    """Return the span of the old text that differs, and its replacement in the new one."""
    start = _common(old, new)
    shorter = min(len(old), len(new)) - start
    end = _common(old[::-1][:shorter], new[::-1][:shorter])
    return start, len(old) - end, new[start : len(new) - end]


def _common(one: str, other: str) -> int:
    """Return the length of the common start of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
