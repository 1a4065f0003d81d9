"""The files that cells of a notebook write with `%%writefile`."""

from __future__ import annotations

import os
import re

# Only such files can be requests, and are read by name.
_CELL = re.compile(
    r"\s*%%(?:writefile|file)[ \t]+(?P<quote>[\"']?)(?P<name>[^\r\n\"'${}]+\.(?:json|ya?ml))(?P=quote)[ \t]*"
    r"(?:\r\n|\r|\n)(?P<text>.*)",
    re.DOTALL | re.IGNORECASE,
)


def is_data(cell: str) -> bool:
    """Whether a cell writes a JSON or YAML file."""
    return _CELL.fullmatch(cell) is not None


class CellFiles:
    """The texts of files, each with its offset in the program of a notebook."""

    def __init__(self) -> None:
        self._texts: list[tuple[str, int, str]] = []

    def add(self, cell: str, start: int) -> None:
        """Add the file that a cell writes, if it is JSON or YAML; the cell begins at an offset."""
        match = _CELL.fullmatch(cell)
        if match is None:
            return
        name = os.path.normpath(match["name"])
        if name.startswith("-"):
            # With -a the text is appended to the file.
            self.forget(name.split()[-1])
        else:
            self._texts.append((name, start + match.start("text"), match["text"]))

    def names(self) -> set[str]:
        """Return the names of the files."""
        return {name for name, _, _ in self._texts}

    def forget(self, name: str) -> None:
        """Mark a file as unknown, since something else writes it too."""
        self._texts = [one for one in self._texts if one[0] != os.path.normpath(name)]

    def read(self, name: str, before: int) -> tuple[int, str] | None:
        """Return the offset and the text of a file as written before an offset, or None if it was not."""
        name = os.path.normpath(name)
        found = [(start, text) for other, start, text in self._texts if other == name and start < before]
        return found[-1] if found else None
