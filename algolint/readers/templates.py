"""Templates of JSON and YAML (Jinja, Helm, ERB …): reading them with the template engine's parts masked.

The mask has the same length as the text that it covers, so offsets do not change. An expression (`{{ x }}`)
is covered by a character that does not occur in the file, and a value that contains it is unknown. The text
between `{% if %}` and `{% endif %}` may be absent: it is blanked, and the object or list around it is open.
The items that a loop repeats are read once, as items of an open list. Marks inside strings are left to the
binder.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from algolint import limits
from algolint.readers.hole import Hole
from algolint.readers.template_marks import (
    CLOSINGS,
    CONDITIONS,
    LOOPS,
    MARKS,
    MARKS_IN_JSON,
    blocks_of,
    find_pieces,
    first_alternative,
    line_end,
    may_hold,
)
from algolint.source import LimitExceeded, SourceSyntaxError
from algolint.spec.placeholders import template_text
from algolint.values import UNKNOWN, OpenDict, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from algolint.document import Document
    from algolint.readers.template_marks import Piece
    from algolint.source import Source, Span
    from algolint.values import Path

    Reader = Callable[[Source, str], list[Document]]


def read_yaml(source: Source, reader: Reader) -> list[Document]:
    """Return the documents of a YAML text with marks. Raises `SourceSyntaxError`."""
    if not _fits(source.text, is_json=False):
        try:
            return reader(source, source.text)
        except SourceSyntaxError as fault:
            raise _too_long(source.text, fault) from None
    try:
        return _masked(source, reader, is_json=False)
    except SourceSyntaxError as fault:
        try:
            return reader(source, source.text)
        except SourceSyntaxError:
            raise _no_template(fault) from None


def read_json(source: Source, reader: Reader, fault: SourceSyntaxError) -> list[Document]:
    """Return the documents of a text with marks; `fault` is why it is not valid JSON as it is."""
    if not _fits(source.text, is_json=True):
        raise _too_long(source.text, fault)
    try:
        return _masked(source, reader, is_json=True)
    except SourceSyntaxError as other:
        raise _no_template(other) from None


def _fits(text: str, is_json: bool) -> bool:
    """Whether a text has marks, but not too many to be masked."""
    if len(text) > limits.MAX_TEMPLATE_LENGTH:
        return False
    marks = 0
    for piece in find_pieces(_CARRIAGE_RETURN.sub("\n", text), is_json):
        marks += piece.kind not in ("string", "comment")
        if marks > limits.MAX_TEMPLATE_MARKS:
            return False
    return marks > 0


def _too_long(text: str, fault: SourceSyntaxError) -> SourceSyntaxError:
    """Return the fault of a text that was not masked, with the limit in its message if that is why."""
    is_long, marks = len(text) > limits.MAX_TEMPLATE_LENGTH, sum(map(text.count, MARKS))
    if isinstance(fault, LimitExceeded) or not marks or not (is_long or marks > limits.MAX_TEMPLATE_MARKS):
        return fault
    most = f"{limits.MAX_TEMPLATE_LENGTH:,} characters" if is_long else f"{limits.MAX_TEMPLATE_MARKS:,} marks"
    return SourceSyntaxError(f"{fault.message}; a template of more than {most} is read as it is", fault.span)


def _no_template(fault: SourceSyntaxError) -> SourceSyntaxError:
    if isinstance(fault, LimitExceeded):
        return fault
    # A message may quote the covering characters.
    message = re.sub("[\ue000-\uf8ff]+", "{{…}}", fault.message)
    return SourceSyntaxError(f"the template could not be read: {message}", fault.span)


def read_with_holes(source: Source, reader: Reader, is_json: bool) -> list[Document]:
    """Return the documents of a text with holes and perhaps marks. Raises `SourceSyntaxError`."""
    if sum(map(source.text.count, MARKS_IN_JSON)) > limits.MAX_TEMPLATE_MARKS:
        raise LimitExceeded(f"more than {limits.MAX_TEMPLATE_MARKS:,} marks of a template", (0, 0))
    return _masked(source, reader, is_json)


def _masked(source: Source, reader: Reader, is_json: bool) -> list[Document]:
    text = _CARRIAGE_RETURN.sub("\n", source.text)
    mask = _Mask(text, is_json, source.holes, keeps_loops=True)
    try:
        documents = reader(source, mask.masked)
    except SourceSyntaxError as fault:
        if not mask.has_loops or isinstance(fault, LimitExceeded):
            raise
        # Their items may only be valid together with what the engine adds to them.
        mask = _Mask(text, is_json, source.holes)
        documents = reader(source, mask.masked)
    return [_hidden(document, mask) for document in documents]


def _hidden(document: Document, mask: _Mask) -> Document:
    spec = _Hiding(document, mask).spec()
    faults = [
        fault
        for fault in document.faults
        if not any(map(mask.covers, fault.path)) and not (mask.holes and _is_unknown(spec, fault.path))
    ]
    return document.as_template(spec, faults)


def _is_unknown(value: Any, path: Path) -> bool:
    """Whether the value at a path, or one around it, is unknown."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step, UNKNOWN)
        elif isinstance(value, list) and isinstance(step, int):
            # The path may lead into the ignored one of two duplicate keys.
            value = value[step] if step < len(value) else UNKNOWN
    return value is UNKNOWN


# ---------------------------------------------------------------- the mask

_COMMENT_LINE = re.compile(r"#[^\n]*")
# How many conditions may be nested around a whole file.
_MAX_WRAPPED = 20
# The same number of loops may be nested in these, or elsewhere.
_MAX_NESTED = 2 * _MAX_WRAPPED
_AROUND = re.compile(r"[\w.+-]+")
_SPACES = re.compile(r"[ \t\r]*")


def _blanked(text: str) -> list[str]:
    """Return white space of the same length, with the line breaks kept."""
    return ["\n" if character == "\n" else " " for character in text]


class _Mask:
    """A text of unchanged length in which the template engine's parts are covered or blanked."""

    def __init__(
        self, text: str, is_json: bool, holes: Sequence[Hole] = (), keeps_loops: bool = False
    ) -> None:
        self.text = text
        self.is_json = is_json
        self.cover = next((chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text), "\uf8ff")
        self.characters = list(text)
        self.holes: list[Hole] = [*holes]
        self._keeps_loops = keeps_loops
        #: Whether the items of a loop are kept.
        self.has_loops = False
        marks = []
        for piece in find_pieces(text, is_json, comments=False):
            if piece.kind != "string":
                marks.append(piece)
            elif may_hold(text[piece.start : piece.end]):
                self._cover(piece.start + 1, piece.end - 1)
        self._mask(marks)
        self.holes.sort(key=lambda hole: hole.start)
        self.hole_starts = [hole.start for hole in self.holes]
        self.masked = "".join(self.characters)

    def covers(self, step: object) -> bool:
        """Whether a part of a value or a key is covered."""
        return isinstance(step, str) and self.cover in step

    # ------------------------------------------------------------ regions

    def _mask(self, marks: list[Piece], depth: int = 0) -> None:
        regions, loose = blocks_of(marks)
        whole = self._whole(marks, regions) if depth < _MAX_WRAPPED else None
        for region in regions:
            if region is whole:
                self._mask(self._unwrapped(region), depth + 1)
            elif not (region[0].word in LOOPS and self._keep_items(region, depth)):
                self._take_out(region[0].start, region[-1].end, marks)
        for mark in loose:
            if mark.kind == "expression":
                self._expression(mark)
            elif mark.kind == "silent":
                self._blank(mark.start, mark.end)
            else:
                self._take_out(mark.start, mark.end, marks)

    def _whole(self, marks: list[Piece], regions: list[list[Piece]]) -> list[Piece] | None:
        """Return the condition around the whole file, if there is one."""
        rest = list(self.characters)
        for start, end in [(m.start, m.end) for m in marks] + [(r[0].start, r[-1].end) for r in regions]:
            rest[start:end] = " " * (end - start)
        left = _COMMENT_LINE.sub("", "".join(rest)).replace("---", "").strip()
        if left:
            return None
        return next((region for region in regions if region[0].word in CONDITIONS), None)

    def _unwrapped(self, region: list[Piece]) -> list[Piece]:
        """Keep the first alternative of a block, as if its condition were true, and return its marks."""
        first, last = region[0], region[-1]
        inner, end = first_alternative(region)
        self._blank_statement(first.start, first.end)
        self._blank_statement(end, last.end)
        return inner

    # ------------------------------------------------------------ loops

    def _keep_items(self, region: list[Piece], depth: int) -> bool:
        """Keep what a loop repeats, if that is items of a list, and return whether it is."""
        inner, end = first_alternative(region)
        columns = None
        if self._keeps_loops and depth < _MAX_NESTED:
            columns = self._columns_of_items(region[0], inner, end, region[-1])
        if columns is None:
            return False
        self.has_loops = True
        self.holes.append(Hole(region[0].start, columns, kind="" if self.is_json else "item"))
        while True:
            at, (inner, end) = region[0].end, first_alternative(region)
            self._unwrapped(region)
            # A condition around all of the items selects what is repeated.
            regions, _ = blocks_of(inner)
            depth += 1
            if depth > _MAX_NESTED or len(regions) != 1 or regions[0][0].word not in CONDITIONS - LOOPS:
                break
            (region,) = regions
            around = [*inner[: inner.index(region[0])], *inner[inner.index(region[-1]) + 1 :]]
            spans = [(at, region[0].start), (region[-1].end, end)]
            if any(self._without(around, *span).strip() for span in spans):
                break
        # None of these blocks is around the whole file.
        self._mask(inner, max(depth, _MAX_WRAPPED) + 1)
        return True

    def _columns_of_items(
        self, opening: Piece, inner: list[Piece], end: int, closing: Piece
    ) -> tuple[int, int] | None:
        """Return the columns of the list whose items a loop repeats, or None if it repeats anything else."""
        body = self._without([mark for mark in inner if mark.kind != "expression"], opening.end, end)
        if self.is_json:
            before = self.text[max(opening.start - _NEAR, 0) : opening.start].rstrip()[-1:]
            is_item = before == "[" or body.lstrip(" \t\r\n,")[:1] in ("{", "[")
            return _ANYWHERE if is_item else None
        if not all(self._is_alone(mark) for mark in (opening, closing)):
            return None
        lines = [line for line in body.split("\n") if _column(line) >= 0]
        columns = list(map(_column, lines))
        if not lines or not re.match(r"\s*-(?:\s|$)", lines[0]) or min(columns) < columns[0]:
            return None
        return columns[0], columns[0]

    def _is_alone(self, mark: Piece) -> bool:
        """Whether the line of a mark has nothing else but a comment."""
        before = self.text[self.text.rfind("\n", 0, mark.start) + 1 : mark.start].strip()
        after = self.text[mark.end : line_end(self.text, mark.end)].strip()
        return not before and (not after or after.startswith("#"))

    def _without(self, marks: list[Piece], start: int, end: int) -> str:
        """Return the text of a span with the marks in it blanked."""
        characters = list(self.text[start:end])
        for mark in marks:
            if start <= mark.start and mark.end <= end:
                characters[mark.start - start : mark.end - start] = _blanked(self.text[mark.start : mark.end])
        return "".join(characters)

    # ------------------------------------------------------------ covering

    def _blank(self, start: int, end: int) -> None:
        self.characters[start:end] = _blanked(self.text[start:end])

    def _blank_statement(self, start: int, end: int) -> None:
        """Blank a stretch of the text outside of values."""
        self._blank(start, end)
        line = self.text.rfind("\n", 0, start) + 1
        rest = self.characters[line : line_end(self.text, start)]
        if not self.is_json and not "".join(rest).strip():
            # White space could be text of a block scalar above.
            self.characters[line] = "#"

    def _cover(self, start: int, end: int) -> None:
        """Replace text on one line with the covering character."""
        self.characters[start:end] = [self.cover] * (end - start)

    def _value(self, start: int, end: int) -> None:
        """Cover a stretch of the text as one value or part of one; lines below its first are blanked."""
        end_of_line = min(line_end(self.text, start), end)
        self._blank(end_of_line, end)
        self._cover(start, end_of_line)
        if self.is_json:
            self.characters[start] = self.characters[end_of_line - 1] = '"'

    def _expression(self, mark: Piece) -> None:
        start, end = mark.start, mark.end
        if self.characters[start] != self.text[start]:
            # It was covered together with the expression before it.
            return
        if self.is_json and self._is_comma(start, end):
            self._blank(start, end)
        elif self.is_json:
            self._value(*self._run(start, end))
        elif self._has_own_line(start, end):
            self._own_line(start, end)
        else:
            self._value(start, end)

    def _is_comma(self, start: int, end: int) -> bool:
        """Whether an expression in JSON stands for the comma between the items of a loop."""
        before = self.text[max(start - _NEAR, 0) : start].rstrip()[-1:]
        return before in ("}", "]", '"') and _QUOTED_COMMA.search(self.text, start, end) is not None

    def _run(self, start: int, end: int) -> Span:
        """Return the span of an expression in JSON with adjacent digits, words and expressions."""
        text = self.text
        while start > 0 and _AROUND.match(text, start - 1, start):
            start -= 1
        while True:
            if around := _AROUND.match(text, end):
                end = around.end()
            following = next(find_pieces(text[end : end + _LONGEST_NEXT], is_json=True), None)
            if following is None or following.start or following.kind != "expression":
                return start, end
            end += following.end

    def _has_own_line(self, start: int, end: int) -> bool:
        text = self.text
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if before.strip():
            return False
        end_of_line = line_end(text, end)
        while True:
            end = _SPACES.match(text, end, end_of_line).end()  # type: ignore[union-attr]
            if text[end : end + 2] not in ("{{", "{#"):
                return end == end_of_line
            closing = text.find(CLOSINGS[text[end : end + 2]], end + 2, end_of_line)
            if closing < 0:
                return False
            end = closing + 2

    def _own_line(self, start: int, end: int) -> None:
        """Turn an expression on a line of its own into an entry with a covered key, or into an item.

        Such an expression adds any number of entries or items to the object or list around it. The rest of
        its line is blanked.
        """
        text = self.text
        column = start - text.rfind("\n", 0, start) - 1
        self._blank(start, line_end(text, end))
        if self._is_indented_anew(start, end, column):
            self.holes.append(Hole(start, _ANYWHERE))
            return
        if end - start < 4:
            return
        end_of_line = min(line_end(text, start), end)
        self._cover(start, end_of_line)
        if self._among_items(start, column):
            self.characters[start + 1] = " "
            self.characters[start] = "-"
        else:
            self.characters[end_of_line - 1] = ":"

    def _is_indented_anew(self, start: int, end: int, column: int) -> bool:
        """Whether an expression on a line of its own is not in the column of the text that it becomes."""
        above, below = self._lines_around(start)
        last = next((line for line in above if _column(line) >= 0), "")
        if _column(last) < column:
            return False
        # It is the value of the key above, or is further left than the lines that it belongs to.
        if _EMPTY_KEY.search(last):
            return True
        following = next((_column(line) for line in below if _column(line) >= 0), -1)
        return _column(last) > column and (following > column or "indent" in self.text[start:end])

    def _among_items(self, start: int, column: int) -> bool:
        """Whether the nearest lines above and below that start in this column are items of a list."""
        near = [
            next((line[column:] for line in lines if _column(line) == column), None)
            for lines in self._lines_around(start)
        ]
        neighbours = [line for line in near if line is not None]
        return bool(neighbours) and all(line[:2] == "- " for line in neighbours)

    def _lines_around(self, start: int) -> tuple[list[str], list[str]]:
        """Return the lines above an offset, the nearest first, and those below."""
        above = self.text[max(start - _NEAR, 0) : start].split("\n")[-2::-1]
        if start > _NEAR:
            del above[-1:]
        return above, self.text[start : start + _NEAR].split("\n")[1:-1]

    def _take_out(self, start: int, end: int, marks: list[Piece]) -> None:
        """Remove a stretch of the text that may be absent, or cover it if it is part of a value."""
        text = self.text
        if self.is_json:
            last = start - 1
            while last > 0 and text[last].isspace():
                last -= 1
            if text[last] == ":":
                self._value(start, end)
                return
            self._blank(start, end)
            following = _NEXT.match(text, end)
            if text[last] == "," and following and following[1] in ("}", "]", ","):
                self.characters[last] = " "
            elif text[last] in "[{" and following and following[1] == ",":
                self.characters[following.start(1)] = " "
            self.holes.append(Hole(start, _ANYWHERE))
            return
        before = text[text.rfind("\n", 0, start) + 1 : start].strip()
        after = text[end : line_end(text, end)].strip()
        if (before and not before.startswith("#")) or (after and not after.startswith("#")):
            self._value(start, end)
            return
        self._blank(start, end)
        self.holes.append(Hole(start, self._columns(start, end, marks)))

    def _columns(self, start: int, end: int, marks: list[Piece]) -> tuple[int, int]:
        """Return the least and greatest indentation of a stretch's lines, except those of statements."""
        text = self.text
        if "indent" in text[start:end]:
            return _ANYWHERE
        lines = list(text[start:end])
        first = bisect_left(marks, start, key=_start_of)
        for mark in marks[first : bisect_left(marks, end, key=_start_of)]:
            if mark.kind == "statement":
                # The text that it includes may have any indentation.
                return _ANYWHERE
            if mark.kind != "expression":
                lines[mark.start - start : mark.end - start] = _blanked(text[mark.start : mark.end])
        column = start - text.rfind("\n", 0, start) - 1
        shown = " " * column + "".join(lines)
        # Content after a statement has the indentation of the statement.
        written = (" " * column + text[start:end]).split("\n")
        columns = [
            len(before) - len(before.lstrip())
            for before, line in zip(written, shown.split("\n"), strict=True)
            if line.strip() and not line.lstrip().startswith("#")
        ]
        return (min(columns), max(columns)) if columns else (column, column)


# The columns of text whose indentation is not known.
_ANYWHERE = (0, 1 << 30)
# How much text around an expression is searched for its neighbours.
_NEAR = 4000
# The longest expression that is read with one before it.
_LONGEST_NEXT = 2000
_NEXT = re.compile(r"\s*(\S)")
_EMPTY_KEY = re.compile(r":\s*(?:#.*)?$")
_QUOTED_COMMA = re.compile(r"([\"'])\s*,\s*\1")
# A lone carriage return, which is treated like the usual line break.
_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")


def _column(line: str) -> int:
    """Return the column where the text of a line starts, or -1 for a blank line or a comment."""
    stripped = line.lstrip()
    is_text = stripped and not stripped.startswith(("#", "{%", "{#", "<%", "%{"))
    return len(line) - len(stripped) if is_text else -1


def _start_of(mark: Piece) -> int:
    return mark.start


# ---------------------------------------------------------------- hiding covered values


class _Hiding:
    """Makes covered values unknown, and containers open that may have more members than are visible."""

    def __init__(self, document: Document, mask: _Mask) -> None:
        self.document = document
        self.mask = mask
        self.starts = mask.hole_starts
        self.has_holes_alone = not may_hold(mask.text, MARKS_IN_JSON)
        self.text = mask.masked

    def spec(self) -> Any:
        return self.value(self.document.spec, (), (0, len(self.text)))

    def value(self, value: Any, path: Path, room: Span) -> Any:
        """Return a value; `room` is the span between what precedes it and what follows it."""
        if self.has_holes_alone and not self.holes(*room):
            return value
        if self.starts and self.is_of_another_kind(value, path, room):
            return UNKNOWN
        if isinstance(value, dict):
            return self.mapping(value, path, room)
        if isinstance(value, list):
            return self.sequence(value, path, room)
        if value is UNKNOWN:
            return UNKNOWN
        if self.mask.covers(value):
            return self.partial(path)
        if self.starts:
            start, end = self.document.locate(path)
            # A text over several lines may have lost some of them, and an empty one all of them.
            if value is None:
                start, end = room
            elif self.text[start : start + 1] in ("|", ">"):
                end = room[1]
            if self.holes(start, end):
                return UNKNOWN
        return value

    def partial(self, path: Path) -> Any:
        """Return the known pieces of a text on one line that is partly covered."""
        start, end = self.document.locate(path)
        written = self.document.source.text[start:end]
        quote = written[:1] if written[:1] in ("'", '"') else ""
        # In JSON a value without quotes is not a text.
        if self.mask.is_json and not quote:
            return UNKNOWN
        if "\n" in written or "\\" in written or (quote == "'" and "''" in written):
            return UNKNOWN
        return template_text(written[1:-1] if quote else written)

    def mapping(self, value: dict[str, Any], path: Path, room: Span) -> Any:
        if self.is_doubtful(value, path):
            return UNKNOWN
        covered = [key for key in value if self.mask.covers(key)]
        if covered and len(covered) == len(value):
            return UNKNOWN
        own = type(value)()
        keys = [key for key in value if key not in covered]
        for key, below in zip(keys, self.rooms(path, keys, room), strict=True):
            own[key] = self.value(value[key], (*path, key), below)
        return OpenDict(own) if len(own) < len(value) or self.opens(value, path, room) else own

    def sequence(self, value: list[Any], path: Path, room: Span) -> Any:
        if self.is_doubtful(value, path):
            return UNKNOWN
        rooms = self.rooms(path, list(range(len(value))), room)
        own = type(value)(
            self.value(item, (*path, index), below)
            for index, (item, below) in enumerate(zip(value, rooms, strict=True))
        )
        brought = any(self.mask.covers(item) and self.is_own_line((*path, i)) for i, item in enumerate(value))
        return OpenList(own) if brought or self.opens(value, path, room) else own

    def is_own_line(self, path: Path) -> bool:
        """Whether an item is an expression on a line of its own, which may become any number of items."""
        start, _ = self.document.locate(path)
        return self.document.source.text[start - 2 : start] in ("{{", "<%")

    def rooms(self, path: Path, steps: list[Any], room: Span) -> list[Span]:
        """Return the room of each member, from the end of its key to the start of what follows."""
        if not self.starts or not steps:
            return [room] * len(steps)
        keys = [self.document.locate((*path, step), key=True) for step in steps]
        starts = sorted(start for start, _ in keys)
        following = dict(zip(starts, [*starts[1:], room[1]], strict=True))
        if isinstance(steps[0], int):
            return [(start, following[start]) for start, _ in keys]
        return [(end, following[start]) for start, end in keys]

    def is_of_another_kind(self, value: Any, path: Path, room: Span) -> bool:
        """Whether a hole, by its column, belongs to a value that cannot have such an entry or item."""
        holes = [hole for hole in self.holes(*room) if hole.column >= 0]
        if not holes:
            return False
        above = self.column(self.document.locate(path, key=True)[0]) if path else -1
        if path and isinstance(path[-1], int):
            # This is the column of the item itself, and its dash is further left.
            above -= 1
        start, end = self.document.locate(path)
        is_block = isinstance(value, (dict, list)) and self.text[start : start + 1] not in ("{", "[")
        for hole in holes:
            if hole.column < above or (hole.column == above and hole.kind != "item"):
                continue
            if not is_block and hole.start >= end:
                return True
            takes = "item" if isinstance(value, list) else "entry"
            if is_block and hole.column <= self.column(start) and hole.kind != takes:
                return True
        return False

    def column(self, offset: int) -> int:
        return offset - self.text.rfind("\n", 0, offset) - 1

    def is_doubtful(self, value: Any, path: Path) -> bool:
        """Whether a flow collection may end in one of its holes, or cannot have what the hole held."""
        if not self.starts:
            return False
        start, end = self.document.locate(path)
        if self.text[start : start + 1] not in ("{", "["):
            return False
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start + 1]
        indent = len(line) - len(line.lstrip())
        if any(hole.indent <= indent for hole in self.holes(start, end)):
            return True
        kinds = {hole.kind for hole in self.holes_between(value, path, start, end) if hole.column < 0}
        return not kinds.isdisjoint(("end", "entry" if isinstance(value, list) else "item"))

    def holes_between(self, value: Any, path: Path, start: int, end: int) -> list[Hole]:
        """Return the holes between the members of a flow collection."""
        inner = sorted(self.document.locate((*path, step)) for step in _steps(value))
        ends = [end for _, end in inner]
        found = []
        for hole in self.holes(start, end):
            at = bisect_right(ends, hole.start)
            if at == len(inner) or hole.start <= inner[at][0]:
                found.append(hole)
        return found

    def opens(self, value: Any, path: Path, room: Span) -> bool:
        """Whether members of a container may have been in text that was removed."""
        if not self.starts:
            return False
        start, end = self.document.locate(path)
        if self.text[start : start + 1] in ("{", "["):
            return bool(self.holes_between(value, path, start, end))
        column = self.column(start)
        # A hole before the first entry of a block belongs to the block as well.
        holes = [hole for hole in self.holes(*room) if hole.columns[0] <= column <= hole.columns[1]]
        # An object may have entries in the column of the items that a loop repeats.
        return any(isinstance(value, list) or hole.kind != "item" or hole.column >= 0 for hole in holes)

    def holes(self, start: int, end: int) -> list[Hole]:
        return self.mask.holes[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _steps(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value)))
