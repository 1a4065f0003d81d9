"""Which text of a file is edited: of most files all of it, of a notebook the program of its cells."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.fixes.edit import Edit
    from algolint.source import Source, Span


class Embedding:
    """The text of a file as it is, and the base of those that have another one."""

    def __init__(self, text: Source) -> None:
        self.text = text

    def offset(self, offset: int) -> int:
        """Return the offset in the text of an offset in the file."""
        return offset

    def span(self, span: Span) -> Span:
        """Return the span in the file of a span of the text."""
        return span

    def cell_at(self, offset: int) -> tuple[int, int] | None:  # noqa: ARG002
        """Return the cell of a notebook and the line in it, both from 1, of an offset in the text."""
        return None

    def edits(self, edits: list[Edit]) -> list[Edit]:
        """Return the edits of the file that make edits of the text. Raises `EditError`."""
        return edits
