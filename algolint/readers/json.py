"""Reading JSON: values come from Python's C scanner, locations are only computed on request."""

from __future__ import annotations

from algolint import limits
from algolint.document import Document, ReaderFault
from algolint.json_scanner import scanner, scanstring
from algolint.source import Source, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from algolint.json_scanner import ScanOnce
    from algolint.source import Span
    from algolint.values import Path

_BLANK = " \t\n\r"


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise ValueError(text)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def read(source: Source) -> list[Document]:
    """Return the document of a JSON file, in a list. Raises `SourceSyntaxError`."""
    if source.holes:
        from algolint.readers import templates

        return templates.read_with_holes(source, _read, is_json=True)
    try:
        documents = _read(source, source.text)
    except SourceSyntaxError as fault:
        from algolint.readers import templates
        from algolint.readers.template_marks import MARKS_IN_JSON, may_hold

        if not may_hold(source.text, MARKS_IN_JSON):
            raise
        documents = templates.read_json(source, _read, fault)
    if source.bom:
        from algolint.spec.structural_rules import refused_by_aws_cli

        message = "the file begins with a byte order mark, which the AWS CLI refuses and other readers accept"
        for document in documents:
            document.faults = [*document.faults, ReaderFault(refused_by_aws_cli, (), (0, 0), message)]
    return documents


def _read(source: Source, text: str) -> list[Document]:
    """Return the document of a text: the file's own, or the file's with templates masked."""
    objects = repeats = 0

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal objects, repeats
        objects += 1
        found = dict(pairs)
        if len(found) != len(pairs):
            repeats += 1
        return found

    if len(text) > limits.MAX_VALUES and sum(map(text.count, ",[{")) > limits.MAX_VALUES:
        from algolint.readers import json_errors

        json_errors.check_size(text)
    try:
        spec, end = scanner(build, _finite, _no_constant)(text, _first(text))
    except (ValueError, StopIteration, RecursionError) as error:
        from algolint.readers import json_errors

        raise json_errors.diagnosis(_of(source, text), error) from None
    if text[end:].strip(_BLANK) or _too_deep(text, objects):
        from algolint.readers import json_errors

        raise json_errors.diagnosis(_of(source, text), None)
    if not repeats:
        return [JsonDocument(source, spec, text)]
    from algolint.readers import json_errors

    return [JsonDocument(source, spec, text, repeats=True, faults=json_errors.duplicate_keys(text))]


def _of(source: Source, text: str) -> Source:
    return source if text is source.text else Source(source.name, text)


class JsonDocument(Document):
    """The document of a JSON text. To locate a path, the containers on it are scanned, each only once."""

    __slots__ = ("_containers", "_ends", "_last", "_root", "_scan", "_text", "repeats")

    syntax = "json"

    def __init__(
        self,
        source: Source,
        spec: Any,
        text: str,
        *,
        repeats: bool = False,
        faults: Sequence[ReaderFault] = (),
    ) -> None:
        super().__init__(source, spec, faults=faults)
        self._text = text
        self._root = _first(text)
        # The container of the value that was located last, with its path: the next value is often in it too.
        self._last: tuple[Path, tuple[int, Span | None]] = (), (self._root, None)
        #: Whether objects may have duplicate keys: the last one counts, so objects are scanned to their ends.
        self.repeats = repeats
        self._containers: dict[int, _Container] = {}
        self._ends: dict[int, int] = {}
        self._scan: ScanOnce | None = None

    def locate(self, path: Path, key: bool = False) -> Span:
        start, key_span = self._find(path)
        if not key:
            return start, self._end(start, root=not path)
        if key_span is not None:
            return key_span
        return start, start + 1 if self._text[start] in "{[" else self._end(start, root=False)

    def _find(self, path: Path) -> tuple[int, Span | None]:
        """Return the start of the value at a path, or of the nearest value above, and the span of its key."""
        above, found = self._last
        steps = path[-1:]
        if path[:-1] != above:
            found, steps = (self._root, None), path
        for left in range(len(steps), 0, -1):
            container = self._container(found[0])
            start = container.find(path[-left], self.repeats) if container else None
            if container is None or start is None:
                break
            if left == 1:
                self._last = path[:-1], found
            found = start, container.keys.get(path[-left]) if container.is_object else None
        return found

    def _scanner(self) -> ScanOnce:
        if self._scan is None:
            self._scan = scanner()
        return self._scan

    def _container(self, start: int) -> _Container | None:
        container = self._containers.get(start)
        if container is None and self._text[start] in "{[":
            container = self._containers[start] = _Container(self._text, start, self._scanner())
        return container

    def _end(self, start: int, root: bool) -> int:
        if root:
            return len(self._text.rstrip(_BLANK))
        end = self._ends.get(start)
        if end is None:
            end = self._ends[start] = self._scanner()(self._text, start)[1]
        return end


class _Container:
    """An object or list of the text, and the locations of its members as far as it has been scanned."""

    __slots__ = ("_next", "_scan", "_text", "is_object", "keys", "values")

    def __init__(self, text: str, start: int, scan: ScanOnce) -> None:
        self._text = text
        self._scan = scan
        self.is_object = text[start] == "{"
        self.keys: dict[str | int, Span] = {}
        self.values: dict[str | int, int] = {}
        self._next = self._member(_skip_space(text, start + 1))

    def find(self, step: str | int, to_the_end: bool) -> int | None:
        """Return the start of a member's value, or None if there is no such member."""
        values = self.values
        if isinstance(step, str) != self.is_object:
            return None
        if to_the_end or step not in values:
            self._scan_until(None if to_the_end else step)
        return values.get(step)

    def _member(self, offset: int) -> int:
        """Return the offset of a member that starts here, or -1 at the end of the container."""
        return -1 if self._text[offset] in "}]" else offset

    def _scan_until(self, until: str | int | None) -> None:
        text, scan = self._text, self._scan
        offset = self._next
        while offset >= 0:
            step: str | int
            if self.is_object:
                step, key_end = scanstring(text, offset + 1)
                self.keys[step] = (offset, key_end)
                offset = _skip_space(text, _skip_space(text, key_end) + 1)
            else:
                step = len(self.values)
            self.values[step] = offset
            end = _skip_space(text, scan(text, offset)[1])
            offset = -1 if text[end] in "}]" else _skip_space(text, end + 1)
            if step == until:
                break
        self._next = offset


def _first(text: str) -> int:
    """Return the offset of the first character that is not white space."""
    return len(text) - len(text.lstrip(_BLANK))


def _skip_space(text: str, offset: int) -> int:
    """Return the offset of the next character that is not white space, which a container always has."""
    while text[offset] in _BLANK:
        offset += 1
    return offset


def _too_deep(text: str, objects: int) -> bool:
    """Whether a valid text nests deeper than the limit; `objects` is the number of its objects."""
    if objects + text.count("[") <= limits.MAX_DEPTH:
        return False
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    brackets = "".join(text.split('"')[::2]).translate(_ONLY_BRACKETS)
    for _ in range(limits.MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace("[]", "")
    return bool(brackets)


# Outside of strings a valid JSON text is ASCII.
_ONLY_BRACKETS = dict.fromkeys(range(128)) | {ord("["): "[", ord("{"): "[", ord("]"): "]", ord("}"): "]"}
