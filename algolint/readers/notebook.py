"""Reading Jupyter notebooks: their code cells are joined in order and read as one Python program.

IPython's own lines (`%magic`, `!command`, `name?`) are replaced by an unknown name of the same length. Cells
in another language, and cells that are not valid Python, are skipped. Commands for a shell, in a line after
`!` or in a `%%bash` cell, are read as scripts of their own. Both know the JSON and YAML that earlier
`%%writefile` cells write.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right

from algolint import limits
from algolint.readers import json as read_json
from algolint.readers import python as read_python
from algolint.readers import shell
from algolint.readers.cell_files import CellFiles, is_data
from algolint.readers.python_specs import specs_of
from algolint.readers.shell_documents import CommandDocument
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.spec import recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from algolint.document import CellPosition, Document
    from algolint.readers.python import Find
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_specs import FoundSpec
    from algolint.readers.shell import WrittenBefore
    from algolint.source import Span
    from algolint.values import Path

    ReadShell: TypeAlias = Callable[[Source, WrittenBefore], list[Document]]

# Cell magics whose cells are still Python.
_PYTHON_MAGICS = frozenset(("time", "timeit", "capture", "prun", "local"))


def read(source: Source) -> list[Document]:
    """Return the specs of a notebook in the order of its text; most notebooks have none.

    Raises `SourceSyntaxError` if a notebook that may hold a spec is not JSON.
    """
    if not recognition.may_hold_literals(source.text):
        return []
    return read_for(source, specs_of, shell.read)


def read_for(source: Source, find: Find, read_shell: ReadShell) -> list[Document]:
    """Return what `find` finds in a notebook's Python, and `read_shell` in its shell commands.

    Raises the same errors as `read`.
    """
    notebook = Notebook(source)
    notebook.forget_changed_files()
    documents = _of_program(notebook, find)
    for start, text in notebook.commands:
        script = Source(source.name, text)
        try:
            commands = read_shell(script, notebook.files_before(start))
        except SourceSyntaxError as error:
            first, end = error.span
            raise SourceSyntaxError(error.message, notebook.span((start + first, start + end))) from None
        for command in commands:
            documents.append(CellCommandDocument(notebook, command, start, len(documents)))
    return documents


def _of_program(notebook: Notebook, find: Find) -> list[Document]:
    try:
        tree = read_python.parsed(notebook.program.text)
    except (SyntaxError, ValueError):
        return []

    def made(found: FoundSpec, index: int, offsets: Offsets) -> NotebookDocument:
        return NotebookDocument(notebook, found, index, offsets)

    return list(read_python.documents(tree, notebook.program, made, find, notebook.files))


class NotebookDocument(read_python.PythonDocument):
    """A spec in the cells of a notebook."""

    __slots__ = ("notebook",)

    syntax = "notebook"

    def __init__(self, notebook: Notebook, found: FoundSpec, index: int, offsets: Offsets) -> None:
        self.notebook = notebook
        super().__init__(notebook.source, found, index, offsets)

    def placed(self, span: Span) -> Span:
        return self.notebook.span(span)

    def cell_at(self, offset: int) -> CellPosition | None:
        return self.notebook.position(self.notebook.offset(offset))


class CellCommandDocument(CommandDocument):
    """The request of a shell command in a cell."""

    __slots__ = ("_notebook",)

    syntax = "notebook"

    def __init__(self, notebook: Notebook, command: Document, start: int, index: int) -> None:
        self._notebook = notebook

        def placed(span: Span) -> Span:
            return notebook.span((start + span[0], start + span[1]))

        super().__init__(notebook.source, command, index, placed)

    def cell_at(self, offset: int) -> CellPosition | None:
        return self._notebook.position(self._notebook.offset(offset))


class Piece:
    """A string of the file with a part of a cell's text, usually a line.

    `start` is its offset in the program, and `path` its path in the file. `count` is the number of strings
    in the cell's list, or 0 for a cell that is one string.
    """

    __slots__ = ("cell", "count", "end", "path", "start")

    def __init__(self, start: int, end: int, path: Path, count: int, cell: _Cell) -> None:
        self.start = start
        self.end = end
        self.path = path
        self.count = count
        self.cell = cell


class _Cell:
    """A code cell: its number among all cells, from 1, and its start in the program."""

    __slots__ = ("number", "source", "start")

    def __init__(self, number: int, start: int, text: str) -> None:
        self.number = number
        self.start = start
        self.source = Source("", text)


class Notebook:
    """The program of a notebook, and the locations of its characters in the file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        if sum(map(source.text.count, "[{")) > limits.MAX_NOTEBOOK_CONTAINERS:
            raise LimitExceeded(f"more than {limits.MAX_NOTEBOOK_CONTAINERS:,} objects and lists", (0, 0))
        try:
            content = json.loads(source.text)
        except (ValueError, RecursionError):
            # `read_json` explains the fault. It reads no notebook itself: Jupyter may write NaN.
            read_json.read(source)
            raise SourceSyntaxError("not valid JSON", (0, 0)) from None
        # The last one of duplicate keys counts.
        self._document = read_json.JsonDocument(source, content, source.text, repeats=True)
        #: The strings of the file in order, except for empty ones.
        self.pieces: list[Piece] = []
        self._locations: dict[int, array[int]] = {}
        self._file_starts: list[int] = []
        #: What is for a shell, each with its offset in the program.
        self.commands: list[tuple[int, str]] = []
        self.files = CellFiles()
        texts: list[str] = []
        start = 0
        for number, path, value in _code_cells(content) if _is_python(content) else ():
            if number > limits.MAX_CELLS:
                raise LimitExceeded(f"more than {limits.MAX_CELLS:,} cells", (0, 0))
            lines = value if isinstance(value, list) else [value]
            if not all(isinstance(line, str) for line in lines):
                continue
            commands: list[tuple[int, str]] = []
            whole = "".join(lines)
            text = _python_of(whole, commands)
            if text is None:
                continue
            self.files.add(whole, start)
            self.commands += ((start + offset, command) for offset, command in commands)
            cell = _Cell(number, start, text)
            offset = start
            for index, line in enumerate(lines):
                if line:
                    count = len(value) if isinstance(value, list) else 0
                    piece_path = (*path, index) if count else path
                    self.pieces.append(Piece(offset, offset + len(line), piece_path, count, cell))
                    offset += len(line)
            texts.append(text)
            start += len(text) + 1
        self._starts = [piece.start for piece in self.pieces]
        self.program = Source(source.name, "".join(f"{text}\n" for text in texts))

    def forget_changed_files(self) -> None:
        """Take the files that commands may change for unknown."""
        names = self.files.names()
        if not names:
            return
        for name in names:
            if any(shell.may_change(command, name) for _, command in self.commands):
                self.files.forget(name)

    def files_before(self, start: int) -> WrittenBefore:
        """Return what gives the offset from `start`, and the text, of a file that an earlier cell writes."""

        def written(name: str) -> tuple[int, str] | None:
            found = self.files.read(name, start)
            return (found[0] - start, found[1]) if found is not None else None

        return written

    def span(self, span: Span) -> Span:
        """Return the span in the file that corresponds to a span of the program."""
        start, end = span
        return self._character(start)[0], self._character(max(end - 1, start))[1]

    def _character(self, offset: int) -> Span:
        """Return the span in the file that corresponds to a character of the program."""
        number = self.number_at(offset)
        locations = self.locations(number)
        index = min(offset - self.pieces[number].start, len(locations) - 2)
        return locations[index], locations[index + 1]

    def number_at(self, offset: int) -> int:
        """Return the index of the piece that has a character of the program."""
        return bisect_right(self._starts, offset) - 1

    def position(self, offset: int) -> CellPosition:
        """Return the cell that has a character of the program, and the position there."""
        cell = self.pieces[self.number_at(offset)].cell
        return cell.number, *cell.source.position(offset - cell.start)

    def offset(self, offset: int) -> int:
        """Return the offset in the program of an offset in the file, which has to be in a cell."""
        if not self._file_starts:
            self._file_starts = [self._document.locate(piece.path)[0] for piece in self.pieces]
        number = max(bisect_right(self._file_starts, offset) - 1, 0)
        return self.pieces[number].start + max(bisect_right(self.locations(number), offset) - 1, 0)

    def string(self, path: Path) -> Span:
        """Return the span of a string of the file, quotes included."""
        return self._document.locate(path)

    def locations(self, number: int) -> array[int]:
        """Return the offsets in the file of a piece's characters, and the end of the last one."""
        locations = self._locations.get(number)
        if locations is None:
            start, end = self._document.locate(self.pieces[number].path)
            characters = _CHARACTER.finditer(self.source.text, start + 1, end - 1)
            # An array takes an eighth of the memory of a list.
            locations = array("q", (match.start() for match in characters))
            locations.append(end - 1)
            self._locations[number] = locations
        return locations


_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


def _is_python(content: Any) -> bool:
    """Whether the notebook's language is Python or not stated."""
    match content:
        case {"metadata": {"language_info": {"name": str() as language}}}:
            return "python" in language.lower()
        case {"metadata": {"kernelspec": {"language": str() as language}}}:
            return "python" in language.lower()
    return True


def _code_cells(content: Any) -> Iterator[tuple[int, Path, Any]]:
    """Yield the code cells: number among all cells, path of the text, and the text or its lines."""
    number = 0
    for path, cells in _lists_of_cells(content):
        for index, cell in enumerate(cells):
            number += 1
            match cell:
                case {"cell_type": "code", "language": str() as language} if language.lower() != "python":
                    pass
                case {"cell_type": "code", "source": (str() | list()) as text}:
                    yield number, (*path, index, "source"), text
                case {"cell_type": "code", "input": (str() | list()) as text}:
                    yield number, (*path, index, "input"), text


def _lists_of_cells(content: Any) -> Iterator[tuple[Path, list[Any]]]:
    match content:
        case {"cells": list() as cells}:
            yield ("cells",), cells
        case {"worksheets": list() as layouts}:
            for index, layout in enumerate(layouts):
                if isinstance(layout, dict) and isinstance(layout.get("cells"), list):
                    yield ("worksheets", index, "cells"), layout["cells"]


# ---------------------------------------------------------------- IPython's own syntax


def is_python(text: str) -> bool:
    """Whether the text of a cell is read as Python."""
    return _python_of(text, []) is not None


def _python_of(text: str, commands: list[tuple[int, str]]) -> str | None:
    """Return the Python program of a cell, with the same length, or None if it is not Python.

    Shell commands are added to `commands`, each with its offset in the cell.
    """
    if _is_sound(text):
        return text
    program = _without_magics(text, commands)
    return program if program is not None and _is_sound(program) else None


def _is_sound(text: str) -> bool:
    try:
        read_python.parsed(text)
    except (SyntaxError, ValueError):
        return False
    return True


_SHELL_MAGICS = frozenset(("bash", "sh"))
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
# A command for the shell or for IPython, alone or assigned to names; it may continue on further lines.
_COMMAND = re.compile(
    r"([\w.,\[\]'\" \t]+=[ \t]*|[ \t]*)([!%?][^\r\n\\]*(?:\\(?:\r\n|.)[^\r\n\\]*)*)", re.DOTALL
)
_HELP = re.compile(r"([ \t]*)([\w.*%]+\?{1,2}[ \t;]*)(?=[\r\n]|$)")
# The tokens of Python, as far as they matter for where the next statement begins.
_TOKEN = re.compile(
    r"""\"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"\"\"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"""
    r"""|"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'|#[^\r\n]*"""
    r"""|\\(?:\r\n|.)|\r\n|[\w \t]+|.""",
    re.DOTALL,
)


def _without_magics(text: str, commands: list[tuple[int, str]]) -> str | None:
    """Return a cell with its magics replaced by unknown names, or None if it is in another language.

    Shell commands are added to `commands`.
    """
    found: list[str] = []
    offset = 0
    while magic := _CELL_MAGIC.match(text, offset):
        end = re.compile(r"[^\r\n]*").match(text, magic.end()).end()  # type: ignore[union-attr]
        if magic[1] in _SHELL_MAGICS:
            commands.append((end, text[end:]))
            return "".join(found) + _only_comments(text[offset:])
        if is_data(text):
            return _only_comments(text)
        if magic[1] not in _PYTHON_MAGICS:
            return None
        found.append(_blank(text[offset:end], ""))
        offset = end
    depth = 0
    begins_line = True
    while offset < len(text):
        if begins_line and depth == 0:
            match = _HELP.match(text, offset) or _COMMAND.match(text, offset)
            if match is not None:
                found += [match[1], _blank(match[2], "_")]
                if match[2].startswith("!"):
                    commands.append((match.start(2) + 1, _filled_in(match[2][1:])))
                offset = match.end()
                begins_line = False
                continue
        token = _TOKEN.match(text, offset)
        assert token is not None
        piece = token[0]
        found.append(piece)
        offset = token.end()
        if piece in ("(", "[", "{"):
            depth += 1
        elif piece in (")", "]", "}"):
            depth = max(depth - 1, 0)
        begins_line = piece in ("\n", "\r", "\r\n")
    return "".join(found)


def _only_comments(text: str) -> str:
    """Return a script with its comments, which may be about findings, and names in place of other lines."""

    def masked(line: re.Match[str]) -> str:
        is_kept = not line[0].strip() or line[0].lstrip().startswith("#")
        return line[0] if is_kept else _blank(line[0], "_")

    return re.sub(r"[^\r\n]+", masked, text)


# What IPython takes for braces, and for an expression between two.
_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]+\}")


def _filled_in(command: str) -> str:
    """Return a command with what IPython puts in unknown, at equal length.

    IPython formats a command as `str.format` does, and leaves it as it is where that fails: on JSON
    with braces that are not doubled.
    """
    if re.search(r"(?<!\{)(?:\{\{)*\{\s*[\"'\\]", command):
        return command

    def masked(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0].rjust(2)
        return f"${{{'_' * (len(match[0]) - 3)}}}" if len(match[0]) > 3 else "$__"

    return _FIELD.sub(masked, command)


def _blank(text: str, first: str) -> str:
    """Return a text blanked to the same length, with `first` at its start and its line breaks kept."""
    return first + re.sub(r"[^\r\n]+", lambda match: " " * len(match[0]), text)[len(first) :]
