"""Templates of JSON and YAML (Jinja, Helm): reading them with the template engine's parts masked.

The mask has the same length as the text that it covers, so offsets do not change. An expression (`{{ x }}`)
is covered by a character that does not occur in the file, and a value that contains it is unknown. The text
between `{% if %}` and `{% endif %}` may be absent or repeated: it is blanked, and the object or list around
it is open. Marks inside strings are left to the binder.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from algolint import limits
from algolint.readers.hole import Hole
from algolint.source import LimitExceeded, SourceSyntaxError
from algolint.spec.placeholders import template_text
from algolint.values import UNKNOWN, OpenDict, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from algolint.document import Document
    from algolint.source import Source, Span
    from algolint.values import Path

    Reader = Callable[[Source, str], list[Document]]

_CLOSINGS = {"{{": "}}", "{%": "%}", "{#": "#}", "${": "}", "%(": ")"}
#: Every template has one of these marks.
MARKS = ("{{", "{%", "{#")
#: In JSON, which has no plain scalars, these marks also occur outside of strings.
MARKS_IN_JSON = (*MARKS, "${", "%(")

# Blocks whose content the engine may omit or repeat, and those that only define something.
_CONDITIONS = frozenset(("if", "for", "unless", "range", "with", "ifdef"))
_DEFINITIONS = frozenset(("macro", "call", "set", "filter", "define", "capture"))
_ALTERNATIVES = frozenset(("else", "elif", "elsif", "elseif"))
# Statements without a block that add nothing to the text.
_SILENT = frozenset(("set", "import", "from", "extends", "do", "raw", "endraw", "block", "endblock"))
_GO_BLOCKS = frozenset(("if", "range", "with", "define", "block", "end", "else"))


def may_hold(text: str, marks: tuple[str, ...] = MARKS) -> bool:
    """Whether a text may be a template, with marks inside strings or outside."""
    return any(mark in text for mark in marks)


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
    for piece in _pieces(_CARRIAGE_RETURN.sub("\n", text), is_json):
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
    mask = _Mask(_CARRIAGE_RETURN.sub("\n", source.text), is_json, source.holes)
    return [_hidden(document, mask) for document in reader(source, mask.masked)]


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


# ---------------------------------------------------------------- strings, comments and marks


class _Piece:
    """A string, a comment or a template mark in a text; `word` is the first word of a mark."""

    __slots__ = ("end", "kind", "start", "word")

    def __init__(self, kind: str, start: int, end: int, word: str = "") -> None:
        #: "string" and "comment" of JSON and YAML; "expression", "open", "close", "else", "silent" or
        #: "statement" of the template.
        self.kind = kind
        self.start = start
        self.end = end
        self.word = word


_STARTS = re.compile(r"\{[{%#]|[\"'#]")
_STARTS_IN_JSON = re.compile(r"\{[{%#]|\$\{(?=\w)|%\((?=\w+\)[sdrifgx])|\"")
_INNER = re.compile(r"\{[{%#]|[\"'\\\r\n]")
_MARK_WORD = re.compile(r"\{[{%#][-+~]?\s*(/\*|\$?[\w.]*)\s*(:?=)?")


def _pieces(text: str, is_json: bool, comments: bool = True) -> Iterator[_Piece]:
    """Yield the strings, comments and marks of a text, in order; a string has to end on its line."""
    starts = _STARTS_IN_JSON if is_json else _STARTS
    unclosed: set[str] = set()
    # For each quote, the end of a line with an unterminated string, up to which no other string can begin.
    unclosed_until = {"'": 0, '"': 0}
    open_until: dict[str, int] = {}
    offset = 0
    while match := starts.search(text, offset):
        start, opening = match.start(), match[0]
        offset = match.end()
        if opening in "\"'":
            if start < unclosed_until[opening]:
                continue
            if is_json or text[start - 1 : start] in ("", " ", "\t", "\n", "\r", "[", "{", ",", ":", "("):
                end = _string_end(text, offset, opening, open_until)
                if end:
                    yield _Piece("string", start, end)
                    offset = end
                else:
                    unclosed_until[opening] = _line_end(text, start)
        elif opening == "#":
            if comments and text[start - 1 : start] in ("", " ", "\t", "\n", "\r"):
                offset = _line_end(text, start)
                yield _Piece("comment", start, offset)
        elif opening not in unclosed:
            end = text.find(_CLOSINGS[opening], offset)
            if end < 0:
                unclosed.add(opening)
                continue
            end += len(_CLOSINGS[opening]) + (opening == "%(")
            if opening == "{{":
                # The first closing braces may belong to an object in the expression: {{ {"a": 1}}}.
                expression = text[offset:end]
                more = expression.count("{") - expression.count("}") + 2
                while more > 0 and text[end : end + 1] == "}":
                    end += 1
                    more -= 1
            yield _mark(text, start, end, opening)
            offset = end


def _string_end(text: str, offset: int, quote: str, open_until: dict[str, int]) -> int:
    """Return the end of a string that begins before an offset, or 0 if it does not end on its line.

    Quotes in marks do not end it. `open_until` records, for each kind of mark, up to where it is not closed.
    """
    while match := _INNER.search(text, offset):
        found, offset = match[0], match.end()
        if found == quote:
            if quote == "'" and text[offset : offset + 1] == "'":
                offset += 1
                continue
            return offset
        if found in "\r\n":
            return 0
        if found == "\\":
            offset += quote == '"'
        elif len(found) == 2 and offset > open_until.get(found, 0):
            line_end = _line_end(text, offset)
            end = text.find(_CLOSINGS[found], offset, line_end)
            if end >= 0:
                offset = end + 2
            else:
                open_until[found] = line_end
    return 0


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _mark(text: str, start: int, end: int, opening: str) -> _Piece:
    match = _MARK_WORD.match(text, start)
    word, assigns = (match[1], match[2]) if match else ("", None)
    kind = "expression"
    if opening == "{#" or word == "/*":
        kind = "silent"
    elif opening == "{%" or (opening == "{{" and word in _GO_BLOCKS):
        kind = _kind_of_statement(word, assigns is not None or _assigns(text[start:end], word))
    elif opening == "{{" and word.startswith("$") and assigns:
        kind = "silent"
    return _Piece(kind, start, end, word)


def _assigns(mark: str, word: str) -> bool:
    return word == "set" and "=" in mark


def _kind_of_statement(word: str, assigns: bool) -> str:
    if word in _ALTERNATIVES:
        return "else"
    if word in _SILENT and (word != "set" or assigns):
        return "silent"
    if word in _CONDITIONS or word in _DEFINITIONS:
        return "open"
    return "close" if word.startswith("end") else "statement"


# ---------------------------------------------------------------- the mask

_COMMENT_LINE = re.compile(r"#[^\n]*")
# How many conditions may be nested around a whole file.
_MAX_WRAPPED = 20
_AROUND = re.compile(r"[\w.+-]+")
_SPACES = re.compile(r"[ \t\r]*")


def _blanked(text: str) -> list[str]:
    """Return white space of the same length, with the line breaks kept."""
    return ["\n" if character == "\n" else " " for character in text]


class _Mask:
    """A text of unchanged length in which the template engine's parts are covered or blanked."""

    def __init__(self, text: str, is_json: bool, holes: Sequence[Hole] = ()) -> None:
        self.text = text
        self.is_json = is_json
        self.cover = next((chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text), "\uf8ff")
        self.characters = list(text)
        self.holes: list[Hole] = [*holes]
        marks = []
        for piece in _pieces(text, is_json, comments=False):
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

    def _mask(self, marks: list[_Piece], depth: int = 0) -> None:
        regions, loose = _regions(marks)
        whole = self._whole(marks, regions) if depth < _MAX_WRAPPED else None
        for region in regions:
            if region is whole:
                self._unwrap(region, depth)
            else:
                self._take_out(region[0].start, region[-1].end, marks)
        for mark in loose:
            if mark.kind == "expression":
                self._expression(mark)
            elif mark.kind == "silent":
                self._blank(mark.start, mark.end)
            else:
                self._take_out(mark.start, mark.end, marks)

    def _whole(self, marks: list[_Piece], regions: list[list[_Piece]]) -> list[_Piece] | None:
        """Return the condition around the whole file, if there is one."""
        rest = list(self.characters)
        for start, end in [(m.start, m.end) for m in marks] + [(r[0].start, r[-1].end) for r in regions]:
            rest[start:end] = " " * (end - start)
        left = _COMMENT_LINE.sub("", "".join(rest)).replace("---", "").strip()
        if left:
            return None
        return next((region for region in regions if region[0].word in _CONDITIONS), None)

    def _unwrap(self, region: list[_Piece], depth: int) -> None:
        """Keep the first alternative of a condition, as if the condition were true."""
        first, last = region[0], region[-1]
        nesting = 0
        inner: list[_Piece] = []
        end = last.start
        for mark in region[1:-1]:
            nesting += (mark.kind == "open") - (mark.kind == "close")
            if mark.kind == "else" and nesting == 0:
                end = mark.start
                break
            inner.append(mark)
        self._blank(first.start, first.end)
        self._blank(end, last.end)
        self._mask(inner, depth + 1)

    # ------------------------------------------------------------ covering

    def _blank(self, start: int, end: int) -> None:
        self.characters[start:end] = _blanked(self.text[start:end])

    def _cover(self, start: int, end: int) -> None:
        """Replace text on one line with the covering character."""
        self.characters[start:end] = [self.cover] * (end - start)

    def _value(self, start: int, end: int) -> None:
        """Cover a stretch of the text as one value or part of one; lines below its first are blanked."""
        line_end = min(_line_end(self.text, start), end)
        self._blank(line_end, end)
        self._cover(start, line_end)
        if self.is_json:
            self.characters[start] = self.characters[line_end - 1] = '"'

    def _expression(self, mark: _Piece) -> None:
        start, end = mark.start, mark.end
        if self.characters[start] != self.text[start]:
            # It was covered together with the expression before it.
            return
        if self.is_json:
            self._value(*self._run(start, end))
        elif self._has_own_line(start, end):
            self._own_line(start, end)
        else:
            self._value(start, end)

    def _run(self, start: int, end: int) -> Span:
        """Return the span of an expression in JSON with adjacent digits, words and expressions."""
        text = self.text
        while start > 0 and _AROUND.match(text, start - 1, start):
            start -= 1
        while True:
            if around := _AROUND.match(text, end):
                end = around.end()
            following = next(_pieces(text[end : end + _LONGEST_NEXT], is_json=True), None)
            if following is None or following.start or following.kind != "expression":
                return start, end
            end += following.end

    def _has_own_line(self, start: int, end: int) -> bool:
        text = self.text
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if before.strip():
            return False
        line_end = _line_end(text, end)
        while True:
            end = _SPACES.match(text, end, line_end).end()  # type: ignore[union-attr]
            if text[end : end + 2] not in ("{{", "{#"):
                return end == line_end
            closing = text.find(_CLOSINGS[text[end : end + 2]], end + 2, line_end)
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
        self._blank(start, _line_end(text, end))
        if end - start < 4:
            return
        line_end = min(_line_end(text, start), end)
        self._cover(start, line_end)
        if self._among_items(start, column):
            self.characters[start + 1] = " "
            self.characters[start] = "-"
        else:
            self.characters[line_end - 1] = ":"

    def _among_items(self, start: int, column: int) -> bool:
        """Whether the nearest lines above and below that start in this column are items of a list."""
        lines = self.text[max(start - _NEAR, 0) : start].split("\n")[-2:0:-1]
        above = next((line[column:] for line in lines if _column(line) == column), None)
        lines = self.text[start : start + _NEAR].split("\n")[1:-1]
        below = next((line[column:] for line in lines if _column(line) == column), None)
        neighbours = [line for line in (above, below) if line is not None]
        return bool(neighbours) and all(line[:2] == "- " for line in neighbours)

    def _take_out(self, start: int, end: int, marks: list[_Piece]) -> None:
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
        after = text[end : _line_end(text, end)].strip()
        if (before and not before.startswith("#")) or (after and not after.startswith("#")):
            self._value(start, end)
            return
        self._blank(start, end)
        self.holes.append(Hole(start, self._columns(start, end, marks)))

    def _columns(self, start: int, end: int, marks: list[_Piece]) -> tuple[int, int]:
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
# A lone carriage return, which is treated like the usual line break.
_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")


def _column(line: str) -> int:
    """Return the column where the text of a line starts, or -1 for a blank line or a comment."""
    stripped = line.lstrip()
    return len(line) - len(stripped) if stripped and not stripped.startswith(("#", "{%", "{#")) else -1


def _start_of(mark: _Piece) -> int:
    return mark.start


def _regions(marks: list[_Piece]) -> tuple[list[list[_Piece]], list[_Piece]]:
    """Return the outermost blocks, each as its marks from opening to closing, and the marks outside."""
    closings: dict[int, int] = {}
    stack: list[int] = []
    for index, mark in enumerate(marks):
        if mark.kind == "open":
            stack.append(index)
        elif mark.kind == "close" and stack:
            closings[stack.pop()] = index
    regions: list[list[_Piece]] = []
    loose: list[_Piece] = []
    index = 0
    while index < len(marks):
        # An opening mark that is never closed is ignored.
        end = closings.get(index)
        if end is None:
            loose.append(marks[index])
            index += 1
        else:
            regions.append(marks[index : end + 1])
            index = end + 1
    return regions, loose


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
        return self.document.source.text[start - 2 : start] == "{{"

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
        return any(hole.columns[0] <= column <= hole.columns[1] for hole in self.holes(*room))

    def holes(self, start: int, end: int) -> list[Hole]:
        return self.mask.holes[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _steps(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value)))
