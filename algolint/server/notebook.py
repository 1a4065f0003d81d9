"""An open notebook: its cells are separate documents, which are linted together as one file."""

from __future__ import annotations

import json
from bisect import bisect_right
from itertools import accumulate

from algolint.readers.hole import Hole
from algolint.server.text import ClientText, TextChange, difference, edits_between
from algolint.server.workspace import OpenDocument
from algolint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    from algolint.fixes.edit import Edit
    from algolint.runs.session import Result
    from algolint.server.workspace import Rest
    from algolint.source import SourceSyntaxError, Span

    Json: TypeAlias = dict[str, Any]

_CODE = 2
_PYTHON = ("python", "ipython")
# A program that may have any effect.
_ANY_EFFECT = "exec(_)"


class Cell:
    """A cell, and the position of its text in the linted source."""

    __slots__ = (
        "_body",
        "_is_readable",
        "_text",
        "is_code",
        "language",
        "offsets",
        "start",
        "uri",
        "version",
        "was_readable",
    )

    def __init__(self, uri: str, is_code: bool) -> None:
        self.uri = uri
        self.is_code = is_code
        self.language = ""
        self.version: int | None = None
        self.start = 0
        #: Whether it was valid Python when the notebook was last linted as a whole.
        self.was_readable = False
        self.text = ClientText("", "utf-32")

    @property
    def text(self) -> ClientText:
        """The client's text."""
        return self._text

    @text.setter
    def text(self, text: ClientText) -> None:
        self._text = text
        self._take_in()

    def change(self, content: Json) -> None:
        """Apply a content change of the client."""
        self._text.change(content)
        self._take_in()

    def _take_in(self) -> None:
        text = self._text.text
        self._body = json.dumps(text, ensure_ascii=False)[1:-1]
        self._is_readable: bool | None = None
        #: The offsets in the source of each character, relative to `start`, and of the end.
        self.offsets: Sequence[int] = range(len(text) + 1)
        if len(self._body) != len(text):
            self.offsets = [0, *accumulate(map(_width, text))]

    @property
    def is_readable(self) -> bool:
        """Whether it is valid Python, which it may not be while it is half typed."""
        if self._is_readable is None:
            from algolint.readers.notebook import is_python

            is_meant = self.is_code and self.language in _PYTHON
            self._is_readable = is_meant and is_python(self._text.text)
        return self._is_readable

    @property
    def span(self) -> Span:
        """The span of the cell's text in the source."""
        return self.start, self.start + self.offsets[-1]

    def written(self, start: int) -> str:
        """Return the cell in the file format, as it begins at an offset of the source."""
        fields = {"cell_type": "code" if self.is_code else "markdown"}
        if self.is_code and self.language not in _PYTHON:
            fields["language"] = self.language
        head = f'{json.dumps(fields)[:-1]}, "source": "'
        self.start = start + len(head)
        return f'{head}{self._body}"}}'


def _width(character: str) -> int:
    return len(json.dumps(character, ensure_ascii=False)) - 2


class OpenNotebook(OpenDocument):
    """An open notebook; diagnostics and edits refer to its cells."""

    def __init__(self, uri: str, version: int | None, encoding: str) -> None:
        super().__init__(uri, "ipynb", version, ClientText("", encoding))
        self._encoding = encoding
        if not self.name.endswith(".ipynb"):
            self.name += ".ipynb"
        self.cells: list[Cell] = []

    def open(self, cells: Iterable[Json], texts: Iterable[Json]) -> None:
        """Set the client's cells."""
        self._insert(0, 0, cells)
        self._take_texts(texts)

    def _insert(self, start: int, count: int, cells: Iterable[Json]) -> None:
        self.cells[start : start + count] = [Cell(c["document"], c.get("kind") == _CODE) for c in cells]
        self.touch()

    def _take_texts(self, texts: Iterable[Json]) -> None:
        cells = {cell.uri: cell for cell in self.cells}
        for item in texts:
            cell = cells.get(item["uri"])
            if cell is not None:
                cell.text = ClientText(item["text"], self._encoding)
                cell.language, cell.version = item.get("languageId", ""), item.get("version")

    def change_cells(self, change: Json, version: int | None) -> None:
        """Apply a change of the client to the list of cells and to their texts."""
        self.version = version
        before = self.source.text
        self._change_cells(change)
        self.touch()
        start, end, new = difference(before, self.source.text)
        self._follow(TextChange(start, end, len(new)))

    def _change_cells(self, change: Json) -> None:
        structure = change.get("structure") or {}
        if structure:
            array = structure["array"]
            kept = {cell.uri: cell for cell in self.cells}
            self._insert(array["start"], array["deleteCount"], array.get("cells") or ())
            # A moved cell is removed and inserted, but keeps its text.
            self.cells = [kept.get(cell.uri, cell) for cell in self.cells]
            self._take_texts(structure.get("didOpen") or ())
        cells = {cell.uri: cell for cell in self.cells}
        for content in change.get("textContent") or ():
            cell = cells.get(content["document"]["uri"])
            if cell is not None:
                for part in content["changes"]:
                    cell.change(part)
                cell.version = content["document"].get("version")

    # ------------------------------------------------------------ as a file

    def make_source(self) -> Source:
        parts = ['{"cells": [']
        length = len(parts[0])
        for number, cell in enumerate(self.cells):
            separator = ", " if number else ""
            text = separator + cell.written(length + len(separator))
            parts.append(text)
            length += len(text)
        return Source(self.name, "".join([*parts, '], "nbformat": 4}']))

    def readable(self, fault: SourceSyntaxError | None) -> Source | None:  # noqa: ARG002
        """Return the notebook with half-typed cells replaced by code that may have any effect, or None."""
        text, parts, last = self.source.text, [], 0
        for cell in self.cells:
            if cell.was_readable and not cell.is_readable:
                start, end = cell.span
                body = _ANY_EFFECT if len(_ANY_EFFECT) <= end - start else ""
                parts += [text[last:start], body.ljust(end - start)]
                last = end
        return Source(self.name, "".join([*parts, text[last:]]), [Hole(0, (0, 0))]) if parts else None

    def take(self, result: Result, rest: Rest | None = None) -> None:
        super().take(result, rest)
        if rest is None:
            for cell in self.cells:
                cell.was_readable = cell.is_readable

    def uris(self) -> list[str]:
        return [cell.uri for cell in self.cells if cell.is_code]

    def versions(self) -> dict[str, int | None]:
        return {cell.uri: cell.version for cell in self.cells}

    def offset(self, uri: str, position: Json) -> int:
        cell = next((cell for cell in self.cells if cell.uri == uri), None)
        self.source  # noqa: B018  -- gives the cells their offsets
        return cell.start + cell.offsets[cell.text.offset(position)] if cell is not None else 0

    def placed(self, span: Span) -> tuple[str, Json]:
        if not self.cells:
            return self.uri, self.text.range((0, 0))
        starts = [cell.start for cell in self.cells]
        cell = self.cells[max(bisect_right(starts, span[0]) - 1, 0)]
        start, end = (max(bisect_right(cell.offsets, at - cell.start) - 1, 0) for at in span)
        return cell.uri, cell.text.range((start, end))

    def typed(self, uri: str, position: Json) -> tuple[Source, int, Callable[[Span], Json]]:
        start, cell, texts = 0, None, []
        for other in self.cells:
            if other.is_code and other.language in _PYTHON:
                texts.append(other.text.text)
                if other.uri == uri:
                    cell = other
                elif cell is None:
                    start += len(other.text.text) + 1
        offset = cell.text.offset(position) if cell is not None else 0

        def ranged(span: Span) -> Json:
            return cell.text.range((span[0] - start, span[1] - start)) if cell is not None else {}

        return Source(f"{self.name}.py", "\n".join(texts)), start + offset, ranged

    def text_edits(self, edits: Iterable[Edit]) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for edit in edits:
            uri, where = self.placed((edit.start, edit.end))
            # Edits of the file are edits of JSON strings.
            text = json.loads(f'"{edit.text}"')
            found.setdefault(uri, []).append({"range": where, "newText": text})
        return found

    def replaced(self, text: str) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for cell, after in zip(self.cells, json.loads(text)["cells"], strict=True):
            edits = edits_between(cell.text.text, "".join(after["source"]))
            if edits:
                found[cell.uri] = [
                    {"range": cell.text.range((edit.start, edit.end)), "newText": edit.text} for edit in edits
                ]
        return found
