"""The files below a program's folder that it imports or loads."""

from __future__ import annotations

import os

from algolint.source import SourceSyntaxError, UnreadableSource, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.source import Source

# The most bytes of all files together.
_MAX_SIZE = 256 * 1024
_MAX_FILES = 10


class Siblings:
    """Reads files by their path from a program's folder, and never files outside of it."""

    def __init__(self, program: str) -> None:
        # Names such as "<request>" are not files.
        self._folder = os.path.dirname(program) if program and not program.startswith("<") else None
        self._left = _MAX_SIZE
        self._sources: dict[str, Source | None] = {}
        #: The names that modules define, by path.
        self.modules: dict[str, Any] = {}
        #: The paths that the program writes.
        self.written: set[str] = set()

    def read(self, path: str) -> Source | None:
        """Return a file, or None if it does not exist or may not be read."""
        path = os.path.normpath(path)
        if self._folder is None or path in self.written:
            return None
        if path not in self._sources:
            is_one_too_many = len(self._sources) >= _MAX_FILES
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
