"""Text edits: replacing spans of a text, and checking whether edits can be made together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class EditError(Exception):
    """Raised when a change cannot be made in a text with certainty."""


class Edit:
    """The replacement of the text between two offsets, the end exclusive."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Edit):
            return NotImplemented
        return (self.start, self.end, self.text) == (other.start, other.end, other.text)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.text))

    def __repr__(self) -> str:
        return f"Edit({self.start}, {self.end}, {self.text!r})"


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with edits made, which must not overlap."""
    pieces: list[str] = []
    offset = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += text[offset : edit.start], edit.text
        offset = edit.end
    return "".join(pieces) + text[offset:]


def compatible(first: Iterable[Edit], second: Iterable[Edit]) -> bool:
    """Whether edits of two lists neither overlap nor touch at an insertion."""
    return not any(_collide(a, b) for a in first for b in second)


def _collide(a: Edit, b: Edit) -> bool:
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.start < b.end and b.start < a.end
