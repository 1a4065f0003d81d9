"""Editing notebooks: edits of the cells' program become edits of strings in the file."""

from __future__ import annotations

import json
from itertools import groupby

from algolint.fixes.edit import Edit, EditError
from algolint.fixes.embedding import Embedding
from algolint.fixes.python import ProgramEditor
from algolint.readers.notebook import Notebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.document import CellPosition
    from algolint.readers.notebook import NotebookDocument, Piece
    from algolint.rule import Fix
    from algolint.source import Source, Span


class NotebookEditor(ProgramEditor):
    """Edits a spec in the cells of a notebook."""

    def __init__(self, document: NotebookDocument) -> None:
        super().__init__(document)
        self._embedding = NotebookEmbedding(document.notebook)

    def edits(self, fix: Fix) -> list[Edit]:
        """Return the edits of a fix."""
        return self._embedding.edits(super().edits(fix))


def embedding(source: Source) -> Embedding:
    """Return the program of a notebook's cells."""
    return NotebookEmbedding(Notebook(source))


class NotebookEmbedding(Embedding):
    """The program of a notebook's cells."""

    def __init__(self, notebook: Notebook) -> None:
        super().__init__(notebook.program)
        self._notebook = notebook

    def offset(self, offset: int) -> int:
        return self._notebook.offset(offset)

    def span(self, span: Span) -> Span:
        return self._notebook.span(span)

    def cell_at(self, offset: int) -> CellPosition | None:
        return self._notebook.position(offset)

    def edits(self, edits: list[Edit]) -> list[Edit]:
        """Return the edits of the file. Whole lines are added and removed as strings of a list."""
        found: list[Edit] = []
        emptied: list[int] = []
        for edit in map(self._within_cell, edits):
            first = self._notebook.number_at(edit.start)
            if self._inserts_lines(edit):
                found.append(self._inserted(first, edit.text))
                continue
            last = max(self._notebook.number_at(max(edit.end - 1, edit.start)), first)
            if edit.text and first != last:
                # The new text would have to be split between several strings.
                raise EditError(edit)
            for number in range(first, last + 1):
                piece = self._notebook.pieces[number]
                start, end = max(edit.start, piece.start), min(edit.end, piece.end)
                if (start, end) == (piece.start, piece.end) and not edit.text and piece.count:
                    emptied.append(number)
                else:
                    locations = self._notebook.locations(number)
                    span = locations[start - piece.start], locations[end - piece.start]
                    found.append(Edit(*span, _escaped(edit.text)))
        for _, group in groupby(enumerate(emptied), key=lambda pair: self._run_of(*pair)):
            found += self._removed([number for _, number in group])
        return found

    def _run_of(self, index: int, number: int) -> tuple[int, object]:
        """Return a key that is equal for consecutive strings of one cell."""
        return number - index, self._notebook.pieces[number].path[:-1]

    def _within_cell(self, edit: Edit) -> Edit:
        """Return an edit without the line break between two cells, which is not part of a string.

        If the last lines of a cell are removed, the line break before them is removed instead.
        """
        cell = self._notebook.pieces[self._notebook.number_at(edit.start)].cell
        end = cell.start + len(cell.source.text)
        if edit.end <= end:
            return edit
        before = self.text.text[cell.start : edit.start]
        line_break = next((end for end in ("\r\n", "\n", "\r") if before.endswith(end)), "")
        return Edit(edit.start - len(line_break), end, edit.text)

    def _inserts_lines(self, edit: Edit) -> bool:
        piece = self._notebook.pieces[self._notebook.number_at(edit.start)]
        is_insertion = edit.start == edit.end == piece.start
        return is_insertion and bool(piece.count) and edit.text.endswith(("\n", "\r"))

    def _inserted(self, number: int, text: str) -> Edit:
        """Return the edit that inserts a string before another one."""
        start = self._notebook.string(self._notebook.pieces[number].path)[0]
        before = self._notebook.source.text[:start]
        gap = before[len(before.rstrip(" \t\r\n")) :]
        return Edit(start, start, f'"{_escaped(text)}",{gap}')

    def _removed(self, numbers: list[int]) -> list[Edit]:
        """Return the edits that remove consecutive strings of a list."""
        first, last = (self._notebook.pieces[number] for number in (numbers[0], numbers[-1]))
        start, end = self._string(first, 0)[0], self._string(last, 0)[1]
        if last.path[-1] + 1 < last.count:  # type: ignore[operator]
            return [Edit(start, self._string(last, 1)[0], "")]
        if first.path[-1]:
            return [Edit(self._string(first, -1)[1], end, "")]
        return [Edit(start, end, '""')]

    def _string(self, piece: Piece, shift: int) -> Span:
        *above, index = piece.path
        return self._notebook.string((*above, index + shift))  # type: ignore[operator]


def _escaped(text: str) -> str:
    """Return a text escaped for a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
