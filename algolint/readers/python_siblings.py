"""The files that a program imports or loads: those below its folder, and those of a notebook's cells."""

from __future__ import annotations

import os

from algolint import limits
from algolint.source import SourceSyntaxError, UnreadableSource, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.readers.cell_files import CellFiles
    from algolint.source import Source


class Siblings:
    """Reads files by their path from a program's folder, and never files outside of it."""

    def __init__(self, program: str, cells: CellFiles | None = None) -> None:
        # Names such as "<request>" are not files.
        self._folder = os.path.dirname(program) if program and not program.startswith("<") else None
        self._cells = cells
        self._left = limits.MAX_IMPORTED_SIZE
        self._sources: dict[str, Source | None] = {}
        #: The names that modules define, by path.
        self.modules: dict[str, Any] = {}
        self._written: set[str] = set()

    def write(self, path: str) -> None:
        """Take a file that the program writes for unknown."""
        self._written.add(os.path.normpath(path))
        if self._cells is not None:
            self._cells.forget(path)

    def written_by_cell(self, path: str, before: int) -> tuple[int, str] | None:
        """Return the offset and the text of a file that a cell writes before an offset, or None."""
        return self._cells.read(path, before) if self._cells is not None else None

    def read(self, path: str) -> Source | None:
        """Return a file, or None if it does not exist or may not be read."""
        path = os.path.normpath(path)
        if self._folder is None or path in self._written:
            return None
        if path not in self._sources:
            is_one_too_many = len(self._sources) >= limits.MAX_IMPORTED_FILES
            self._sources[path] = None if is_one_too_many else self._read(path)
        return self._sources[path]

    def _read(self, path: str) -> Source | None:
        folder = self._folder or os.curdir
        try:
            root = os.path.realpath(folder)
            whole = os.path.realpath(os.path.join(folder, path))
            if os.path.isabs(path) or os.path.commonpath((root, whole)) != root:
                return None
            source = read_file(whole, self._left) if os.path.isfile(whole) else None
        except (OSError, ValueError, UnreadableSource, SourceSyntaxError):
            return None
        if source is not None:
            self._left -= len(source.text)
        return source
