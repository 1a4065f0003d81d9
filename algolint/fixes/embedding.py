"""The text of a file that is edited: usually all of it, but for a notebook the program of its cells."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.document import CellPosition
    from algolint.fixes.edit import Edit
    from algolint.source import Source, Span


class Embedding:
    """The whole text of a file; base class for files whose text is embedded."""

    def __init__(self, text: Source) -> None:
        self.text = text

    def offset(self, offset: int) -> int:
        """Return the offset in the text of an offset in the file."""
        return offset

    def span(self, span: Span) -> Span:
        """Return the span in the file of a span of the text."""
        return span

    def cell_at(self, offset: int) -> CellPosition | None:  # noqa: ARG002
        """Return the position in a notebook's cell of an offset in the text; else None."""
        return None

    def edits(self, edits: list[Edit]) -> list[Edit]:
        """Return the edits of the file that correspond to edits of the text. Raises `EditError`."""
        return edits
