"""Reading Python: the specs that a program passes to `create_algorithm`, and those in its literals.

The program is read, never run. The calls are `X.create_algorithm(...)` of boto3, `Algorithm.create(...)` of
sagemaker-core, `CfnAlgorithm(...)` of the CDK and `Algorithm(...)` of Pulumi. A dict that no such call sends
is a spec too if its content clearly shows it; since more may be added to it before it is sent, nothing is
reported as missing in it. The same goes for a text that is JSON once its placeholders are filled in.

Values that the program imports or loads from files below its folder are included, and located at the import.
If such a value is a spec on its own, and its file is linted too, it is reported there.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from copy import copy

from algolint.document import Document, ReaderFault
from algolint.messages import escaped, shown
from algolint.readers.bounds import check_tokens
from algolint.readers.python_memory import TooLargeError
from algolint.readers.python_offsets import Elsewhere, Offsets
from algolint.readers.python_specs import snake_case, specs_of
from algolint.source import LimitExceeded, MissingRequirement, SourceSyntaxError
from algolint.spec import recognition
from algolint.spec.context import SDK
from algolint.spec.structural_rules import duplicate_key, positional_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from algolint.readers.cell_files import CellFiles
    from algolint.readers.python_specs import FoundSpec, Part
    from algolint.rule import Fix
    from algolint.source import Source, Span
    from algolint.values import Path

    Find: TypeAlias = Callable[[ast.Module, Offsets, CellFiles | None], list[FoundSpec]]


def read(source: Source) -> list[Document]:
    """Return the specs of a Python file in the order of its text; most files have none.

    Raises `SourceSyntaxError` if a file that may hold a spec is not valid Python.
    """
    return read_for(source, specs_of) if recognition.may_hold_literals(source.text) else []


def read_for(source: Source, find: Find) -> list[Document]:
    """Return what `find` finds in a Python file. Raises the same errors as `read`, and `NewerSyntax`."""
    nul = source.text.find("\0")
    if nul >= 0:
        raise SourceSyntaxError("control character U+0000 is not allowed", (nul, nul + 1))
    try:
        tree = parsed(source.text)
    except SyntaxError as error:
        if since := _newer(source, error):
            raise NewerSyntax(since) from None
        raise _fault(source, error) from None
    except ValueError:
        # A lone surrogate, which only a text that is not from a file can have.
        return []

    def made(found: FoundSpec, index: int, offsets: Offsets) -> PythonDocument:
        return PythonDocument(source, found, index, offsets)

    return list(documents(tree, source, made, find))


def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a program, without Python's warnings about it.

    Raises SyntaxError and ValueError, and `LimitExceeded` if the program is too large or too deep.
    """
    check_tokens(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError):
            raise _too_deep() from None


def _too_deep() -> LimitExceeded:
    return LimitExceeded("nested too deeply", (0, 0))


def documents(
    tree: ast.Module,
    source: Source,
    make: Callable[[FoundSpec, int, Offsets], PythonDocument],
    find: Find = specs_of,
    files: CellFiles | None = None,
) -> list[PythonDocument]:
    """Return the documents that `make` makes of what `find` finds in a program.

    `files` are those that cells of a notebook write.
    """
    offsets = Offsets(source)
    try:
        found = find(tree, offsets, files)
    except TooLargeError:
        raise LimitExceeded("the program makes larger values than a spec may have", (0, 0)) from None
    except RecursionError:
        raise _too_deep() from None
    return [make(one, index, offsets) for index, one in enumerate(found)]


# ---------------------------------------------------------------- invalid and newer syntax

# Lines on which an old Python reports the syntax of a later version as an error.
_NEWER = (
    (re.compile(r"\s*type\s+\w+\s*(\[.*\]\s*)?="), (3, 12)),
    (re.compile(r"\s*(async\s+)?(def|class)\s+\w+\s*\["), (3, 12)),
    (re.compile(r".*\b[fF][rR]?['\"]|.*\b[rR][fF]['\"]"), (3, 12)),
    (re.compile(r"\s*except\s*\*?\s*[\w.]+\s*,.*:"), (3, 14)),
    (re.compile(r"\s*except\s*\*"), (3, 11)),
    (re.compile(r".*\b[tT][rR]?['\"]|.*\b[rR][tT]['\"]"), (3, 14)),
)


class NewerSyntax(MissingRequirement):
    """Raised when a file may be valid in a later Python than the running one."""

    def __init__(self, since: tuple[int, int]) -> None:
        versions = f"Python {since[0]}.{since[1]}, and this is {sys.version_info[0]}.{sys.version_info[1]}"
        super().__init__(f"not valid Python, unless it is written for {versions}")


def _newer(source: Source, error: SyntaxError) -> tuple[int, int] | None:
    """Return the later Python version that may accept a file, or None if it is just not valid."""
    if "f-string" in error.msg:
        return (3, 12) if sys.version_info < (3, 12) else None
    lines = source.line_starts()
    number = error.lineno or 1
    text = source.raw_line(number) if 1 <= number <= len(lines) else ""
    found = (since for pattern, since in _NEWER if sys.version_info < since and pattern.match(text))
    return next(found, None)


def _fault(source: Source, error: SyntaxError) -> SourceSyntaxError:
    lines = source.line_starts()
    number = min(max(error.lineno or 1, 1), len(lines))
    start = lines[number - 1]
    line = source.line_span(number)
    length = line[1] - line[0]
    column = min(max((error.offset or 1) - 1, 0), length)
    end = column + 1
    if error.end_lineno == number and error.end_offset is not None:
        end = max(min(error.end_offset - 1, length), end)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    span = start + column, min(start + end, len(source.text))
    return SourceSyntaxError(f"not valid Python (read by {version}): {escaped(error.msg)}", span)


# ---------------------------------------------------------------- the document


class PythonDocument(Document):
    """A spec in a Python program; its values may be anywhere in the program."""

    __slots__ = ("_choices", "_part", "offsets")

    syntax = "python"

    def __init__(self, source: Source, found: FoundSpec, index: int, offsets: Offsets) -> None:
        super().__init__(
            source,
            found.spec,
            index,
            shape=found.shape,
            renames=found.renames,
            is_call=found.origin is None,
            region=found.region,
            target=found.target,
        )
        self.unread = found.unread
        self._part = found.part
        self._choices = found.choices
        #: The offsets of nodes in the program.
        self.offsets = offsets
        self.faults = self._duplicate_keys()
        if found.is_positional:
            span = self.placed(self.offsets.span(found.part.where))
            message = "create_algorithm() takes keyword arguments only: pass the request as **request"
            self.faults.append(ReaderFault(positional_request, (), span, message))

    def variants(self) -> Iterator[Document]:
        for choice in self._choices:
            variant = copy(self)
            variant.spec, variant._part = choice.made(self.spec, self._part)
            variant._choices, variant.faults = (), variant._duplicate_keys()
            yield variant

    def locate(self, path: Path, key: bool = False) -> Span:
        part = self._part
        for step in path:
            below = part.parts.get(step)
            if below is None:
                key = False
                break
            part = below
        if key and part.key is not None:
            return self.placed(self.offsets.span(part.key))
        span = self.offsets.span(part.where)
        return self.placed(self._first_token(span, part) if key else span)

    def file_of(self, path: Path) -> str | None:
        part = self.part_at(path)
        if part is None or not isinstance(part.where, Elsewhere):
            return None
        around = self.part_at(path[:-1]) if path else None
        if part.where.file.endswith(".py") and not (around and isinstance(around.where, Elsewhere)):
            # In its file the value is an open literal, so what it lacks can only be reported here.
            return None
        return os.path.normpath(os.path.join(os.path.dirname(self.source.name), part.where.file))

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        # The request is built by the SDK, and has no text to edit.
        return None if self.target == SDK else super().home(fix)

    def spelled(self, field: str) -> str:
        # Names that the API does not know are kept as they are written.
        return snake_case(field) if self.renames and field[:1].isupper() else field

    def placed(self, span: Span) -> Span:
        """Return the span in the file that corresponds to a span of the program."""
        return span

    def part_at(self, path: Path) -> Part | None:
        """Return the location of a value, or None if there is no value at the path."""
        part: Part | None = self._part
        for step in path:
            part = part.parts.get(step) if part is not None else None
        return part

    def _first_token(self, span: Span, part: Part) -> Span:
        start, end = span
        text = self.offsets.source.text
        if text[start : start + 1] in ("{", "[", "("):
            return start, start + 1
        word = re.compile(r"[\w.]+").match(text, start, end)
        return (start, word.end()) if part.parts and word else span

    def _duplicate_keys(self) -> list[ReaderFault]:
        """Return the duplicate keys of literals."""
        faults: list[ReaderFault] = []
        todo: list[tuple[Path, Part]] = [((), self._part)]
        while todo:
            path, part = todo.pop()
            for key, where, first in part.repeats:
                again, before = (self.placed(self.offsets.span(location)) for location in (where, first))
                message = f"duplicate key {shown(key)} in this dict"
                related = before, "first defined here"
                faults.append(ReaderFault(duplicate_key, (*path, key), again, message, related))
            todo.extend(((*path, step), below) for step, below in part.parts.items())
        return faults


def comments(source: Source) -> list[tuple[int, int, str]]:
    """Return the start, end and text of each comment of a program, up to where tokenizing fails."""
    import tokenize

    return [
        (start, start + len(text), text) for kind, start, text in _tokens(source) if kind == tokenize.COMMENT
    ]


def strings(source: Source) -> list[Span]:
    """Return, in order, the spans of a program in which a # is text or a comment is not allowed."""
    import tokenize

    opens, closes = _DELIMITERS
    found: list[Span] = []
    open_at: list[int] = []
    for kind, start, text in _tokens(source):
        name = tokenize.tok_name[kind]
        if kind == tokenize.STRING:
            found.append((start, start + len(text)))
        elif name in opens:
            open_at.append(start)
        elif name in closes and open_at:
            found.append((open_at.pop(), start + len(text)))
    # No comment is allowed on a line that ends in a backslash.
    found += [(match.start(), match.end() + 1) for match in re.finditer(r"\\(?:\r\n|\n|\r)", source.text)]
    return sorted(found)


# The tokens around f-strings and t-strings, in versions of Python that tokenize their content.
_DELIMITERS = frozenset(("FSTRING_START", "TSTRING_START")), frozenset(("FSTRING_END", "TSTRING_END"))


def _tokens(source: Source) -> Iterator[tuple[int, int, str]]:
    """Yield the kind, start and text of each token, up to where tokenizing fails."""
    import io
    import tokenize

    offsets = source.line_starts()
    lines = io.StringIO(source.text, newline="").readline
    try:
        for token in tokenize.generate_tokens(lines):
            yield token.type, offsets[token.start[0] - 1] + token.start[1], token.string.rstrip("\r\n")
    except (tokenize.TokenError, SyntaxError, IndexError):
        return
