"""Turning a fix, a change at a path, into the text edits that a careful person would have typed.

Both syntaxes are cut into the same tree of nodes with their places in the text; braces and brackets are
then edited alike in JSON and YAML, indented blocks apart. No edit leaves here unproved: the edited text is
read again, and must hold the change and nothing but the change.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache

from algolint.rule import Insert, Quote, Remove, Rename, Replace
from algolint.source import Source, SourceSyntaxError
from algolint.values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias, TypeVar

    from algolint.rule import Fix
    from algolint.source import Document
    from algolint.values import Path

    # A fix with the edits that make it.
    Plan: TypeAlias = "tuple[list[Edit], Document, Fix]"
    _Habit = TypeVar("_Habit", str, int)


class Edit:
    """The text between two offsets, the end exclusive, gives way to another."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Edit):
            return NotImplemented
        return (self.start, self.end, self.text) == (other.start, other.end, other.text)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.text))

    def __repr__(self) -> str:
        return f"Edit({self.start}, {self.end}, {self.text!r})"


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made that do not overlap."""
    pieces: list[str] = []
    offset = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += text[offset : edit.start], edit.text
        offset = edit.end
    return "".join(pieces) + text[offset:]


# Every fix is proved by reading the text with it, and a text is cut into tokens before the first: in large
# ones fewer fixes are made, and in those that no person writes none.
_LARGEST = 1 << 17
_MOST_READ = 5_000_000


def most(source: Source) -> int:
    """How many fixes are made in a text, or offered, at once."""
    length = len(source.text)
    return _MOST_READ // (length + 1) if length <= _LARGEST else 0


def edits(document: Document, fix: Fix) -> list[Edit] | None:
    """The text edits of a fix, in order and not overlapping; None where the syntax cannot do it safely."""
    source = document.source
    home = document.home(fix)
    if home is None:
        return None
    document, fix = home
    try:
        typed = _in_program(document, fix) or _typed(
            _layout(source.text, document.syntax, document.index), fix
        )
        found = [edit for edit in typed if source.text[edit.start : edit.end] != edit.text]
    except (_Unsure, LookupError):
        return None
    found.sort(key=lambda edit: (edit.start, edit.end))
    return found if _together(source, [(found, document, fix)]) is not None else None


def _in_program(document: Document, fix: Fix) -> list[Edit]:
    """The edits in a program, whose literals have no sheet; none for other documents. Raises LookupError."""
    if document.syntax not in ("python", "notebook"):
        return []
    from algolint.fixes import python as python_edits

    return [Edit(*edit) for edit in python_edits.edits(document, fix)]  # type: ignore[arg-type]


def _number(document: Document, path: Path) -> str:
    """What stands in the text for a number. Raises `_Unsure` or LookupError."""
    if document.syntax not in ("python", "notebook"):
        return _layout(document.source.text, document.syntax, document.index).token(path)
    from algolint.fixes import python as python_edits

    return python_edits.token(document, path)  # type: ignore[arg-type]


def compatible(first: Iterable[Edit], second: Iterable[Edit]) -> bool:
    """Whether two fixes can be made in one round: their edits neither overlap nor meet at an insertion."""
    return not any(_collide(a, b) for a in first for b in second)


def fixed(source: Source, fixes: list[tuple[Document, Fix]]) -> tuple[str, int]:
    """The text with as many of the fixes as do not overlap, and how many those were.

    Of two that do, the first in the text is made; equal edits count once.
    """
    plans = [
        (found, *home)
        for document, fix in fixes[: most(source)]
        if (found := edits(document, fix)) and (home := document.home(fix))
    ]
    plans.sort(key=lambda plan: plan[0][0].start)
    chosen: list[Plan] = []
    for plan in plans:
        if all(plan[0] != other[0] and compatible(plan[0], other[0]) for other in chosen):
            chosen.append(plan)
    text = _together(source, chosen)
    if text is not None:
        return text, len(chosen)
    # Each is sound alone, but two of them are not (both entries of a block removed leave nothing).
    text = source.text
    kept: list[Plan] = []
    for plan in chosen:
        attempt = _together(source, [*kept, plan])
        if attempt is not None:
            text = attempt
            kept.append(plan)
    return text, len(kept)


def changed(spec: Any, fix: Fix, token: str = "") -> Any:
    """The plain values after a fix; those before stay as they are. LookupError where it cannot be made.

    `token` is what stands in the text, for `Quote`.
    """
    match fix:
        case Remove(path=(*above, last)):
            return _at(spec, tuple(above), lambda value: _without(value, last))
        case Replace():
            return _at(spec, fix.path, lambda _: fix.value)
        case Insert():
            return _at(spec, fix.path, lambda value: _with(value, fix.key, fix.value))
        case Rename(path=(*above, last)):
            return _at(spec, tuple(above), lambda value: _renamed(value, last, fix.key))
        case Quote():
            return _at(spec, fix.path, lambda _: token)
    raise LookupError(fix)


def same(found: Any, expected: Any) -> bool:
    """Whether two specs are equal to the type, the unknown equal to itself alone.

    A text that some reader takes for something else may become one that none does, not the reverse.
    """
    if isinstance(found, Unknown) or isinstance(expected, Unknown):
        return found is expected
    if type(found) is str and isinstance(expected, str):
        return found == str(expected)
    if type(found) is not type(expected):
        return False
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected) or (found != found and expected != expected)  # noqa: PLR0124


class _Unsure(Exception):
    """The text is too unusual here to be edited without a doubt."""


# The change on plain values


def _at(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    step, *rest = path
    if not _holds(value, step):
        raise LookupError(step)
    copy = type(value)(value)
    copy[step] = _at(value[step], tuple(rest), change)
    return copy


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


def _without(value: Any, step: str | int) -> Any:
    if not _holds(value, step):
        raise LookupError(step)
    copy = type(value)(value)
    del copy[step]
    return copy


def _with(value: Any, key: str, below: Any) -> Any:
    if value is None:
        return {key: below}
    if not isinstance(value, dict) or key in value:
        raise LookupError(key)
    copy = type(value)(value)
    copy[key] = below
    return copy


def _renamed(value: Any, step: str | int, key: str) -> Any:
    if not isinstance(value, dict) or step not in value or key in value:
        raise LookupError(step)
    return type(value)((key if name == step else name, below) for name, below in value.items())


# Proof


def _together(source: Source, plans: list[Plan]) -> str | None:
    """The text with some fixes made, or None where it does not read as just their changes."""
    text = apply(source.text, [edit for found, _, _ in plans for edit in found])
    if not plans:
        return text
    syntax = plans[0][1].syntax
    try:
        before = _read(source.name, source.text, syntax)
        expected = {document.index: document.spec for document in before}
        # From the end of the text, so that no removal shifts the index of a later change.
        for _, document, fix in sorted(plans, key=lambda plan: -plan[0][0].start if plan[0] else 0):
            token = ""
            if isinstance(fix, Quote):
                token = _number(document, fix.path)
            expected[document.index] = changed(expected[document.index], fix, token)
        after = _read(source.name, text, syntax)
    except (SourceSyntaxError, LookupError, _Unsure):
        return None
    found = {document.index: document.spec for document in after}
    if found.keys() != expected.keys() or not all(same(found[index], expected[index]) for index in found):
        return None
    return text if _repeats(after) <= _repeats(before) else None


def _repeats(documents: Iterable[Document]) -> int:
    return sum(fault[0] == "duplicate-key" for document in documents for fault in document.faults)


@lru_cache(maxsize=8)
def _read(name: str, text: str, syntax: str) -> tuple[Document, ...]:
    source = Source(name, text)
    if syntax == "json":
        from algolint.readers import json as read_json

        return tuple(read_json.read(source))
    if syntax == "python":
        from algolint.readers import python as read_python

        return tuple(read_python.read(source))
    if syntax == "notebook":
        from algolint.readers import notebook as read_notebook

        return tuple(read_notebook.read(source))
    from algolint.readers import yaml as read_yaml

    return tuple(read_yaml.read(source))


def _collide(a: Edit, b: Edit) -> bool:
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.start < b.end and b.start < a.end


# The tree: what stands where

_BLOCK_STYLES = ("|", ">")


class _Node:
    """A value in the text. `start` includes its anchor and tag, `body` does not."""

    __slots__ = ("body", "end", "flow", "kind", "members", "start", "style", "tagged", "text")

    def __init__(self, kind: str, start: int, end: int, *, flow: bool = False, style: str = "") -> None:
        #: "object", "list", "scalar", or "alias" and "odd", which are never looked into.
        self.kind = kind
        self.start = start
        self.body = start
        self.end = end
        #: Whether it is written in braces or brackets.
        self.flow = flow
        #: How a scalar is written: '"', "'", "|", ">" or "" for plain.
        self.style = style
        self.tagged = False
        #: A scalar's text, unescaped.
        self.text = ""
        self.members: list[_Member] = []


class _Member:
    """A field of an object or an item of a list.

    `start` is that of its key, its dash or, in brackets, its value; `intro` the end of the colon or dash,
    -1 where there is none; `comma` the offset of the comma behind it, or -1.
    """

    __slots__ = ("comma", "intro", "key", "start", "value")

    def __init__(self, start: int, key: _Node | None, intro: int, value: _Node) -> None:
        self.start = start
        self.key = key
        self.intro = intro
        self.value = value
        self.comma = -1

    @property
    def end(self) -> int:
        return max(self.value.end, self.intro, self.key.end if self.key else 0)


_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def _json_tree(text: str) -> _Node:
    tokens = _JSON_TOKEN.finditer(text)

    def node(token: re.Match[str]) -> _Node:
        char = token.group()[0]
        if char in "{[":
            return container(token)
        found = _Node("scalar", *token.span(), style=char if char == '"' else "")
        found.text = json.loads(token.group()) if char == '"' else token.group()
        return found

    def container(opening: re.Match[str]) -> _Node:
        found = _Node("object" if opening.group() == "{" else "list", *opening.span(), flow=True)
        for token in tokens:
            if token.group() in ("}", "]"):
                found.end = token.end()
                break
            if token.group() == ",":
                found.members[-1].comma = token.start()
            elif found.kind == "list":
                found.members.append(_Member(token.start(), None, -1, node(token)))
            else:
                key, intro = node(token), next(tokens).end()
                found.members.append(_Member(token.start(), key, intro, node(next(tokens))))
        return found

    return node(next(tokens))


_PROPERTY = re.compile(r"[&!]\S*[ \t\r\n]*")


def _yaml_tree(text: str, index: int) -> _Node:
    import yaml

    # libyaml takes tabs that the pure parser refuses, the pure parser escapes that libyaml refuses.
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        try:
            tokens, events = list(yaml.scan(text, loader)), list(yaml.parse(text, loader))
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        starts = [i for i, event in enumerate(events) if isinstance(event, yaml.DocumentStartEvent)]
        if index < len(starts):
            return _YamlTree(text, tokens, iter(events[starts[index] + 1 :])).node()
    raise _Unsure


class _YamlTree:
    def __init__(self, text: str, tokens: list[Any], events: Iterator[Any]) -> None:
        import yaml

        self.yaml = yaml
        self.text = text
        self.events = events
        self.dashes = self.offsets(tokens, yaml.BlockEntryToken)
        self.colons = self.offsets(tokens, yaml.ValueToken)
        self.commas = self.offsets(tokens, yaml.FlowEntryToken)

    @staticmethod
    def offsets(tokens: list[Any], kind: Any) -> list[int]:
        return [token.start_mark.index for token in tokens if isinstance(token, kind)]

    def node(self) -> _Node:
        return self.of(next(self.events))

    def of(self, event: Any) -> _Node:
        yaml = self.yaml
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return _Node("alias", start, end)
        if isinstance(event, yaml.ScalarEvent):
            found = _Node("scalar", start, end, style=event.style or "")
            found.text = event.value
        else:
            kind = "object" if isinstance(event, yaml.MappingStartEvent) else "list"
            found = _Node(kind, start, end, flow=bool(event.flow_style))
        while (event.anchor or event.tag) and (match := _PROPERTY.match(self.text, found.body)):
            found.body = match.end()
        found.tagged = event.tag is not None
        if found.kind == "scalar":
            self.scalar(found)
        else:
            self.members(found)
        return found

    def scalar(self, node: _Node) -> None:
        if node.style in _BLOCK_STYLES:
            header = self.text[node.body : node.end].split("\n", 1)[0]
            if "+" not in header.partition("#")[0]:
                node.end = node.body + len(self.text[node.body : node.end].rstrip(" \t\r\n"))
        elif not node.style and not node.text:
            node.end = node.start + len(self.text[node.start : node.end].rstrip(" \t\r\n"))
            node.body = node.end

    def members(self, node: _Node) -> None:
        yaml = self.yaml
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                node.end = event.end_mark.index if node.flow else node.members[-1].end
                break
            node.members.append(self.field(event) if node.kind == "object" else self.item(node, event))
        if node.flow:
            if self.text[node.body : node.body + 1] not in ("{", "["):
                # A pair in brackets, [a: b], has no braces of its own.
                node.kind = "odd"
                node.end = node.members[-1].end if node.members else node.body
            else:
                self.commas_of(node)

    def field(self, event: Any) -> _Member:
        key = self.of(event)
        value = self.node()
        colon = _first(self.colons, key.end)
        intro = colon + 1 if 0 <= colon <= value.start else -1
        return _Member(key.start, key, intro, value)

    def item(self, node: _Node, event: Any) -> _Member:
        value = self.of(event)
        if node.flow:
            return _Member(value.start, None, -1, value)
        dash = _last(self.dashes, value.start)
        return _Member(dash, None, dash + 1, value)

    def commas_of(self, node: _Node) -> None:
        for i, member in enumerate(node.members):
            until = node.members[i + 1].start if i + 1 < len(node.members) else node.end
            comma = _first(self.commas, member.end)
            if comma < until:
                member.comma = comma


def _first(offsets: list[int], least: int) -> int:
    from bisect import bisect_left

    i = bisect_left(offsets, least)
    return offsets[i] if i < len(offsets) else -1


def _last(offsets: list[int], below: int) -> int:
    from bisect import bisect_left

    i = bisect_left(offsets, below)
    return offsets[i - 1] if i else -1


# The sheet: the text with its habits


_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_REST_OF_LINE = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=[\r\n]|\Z)")
_COMMENT_LINE = re.compile(r"([ \t]*)#[^\r\n]*")
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
_SPACES = re.compile(r"[ \t]*")


@lru_cache(maxsize=8)
def _layout(text: str, syntax: str, index: int) -> SourceLayout:
    if syntax == "json":
        return SourceLayout(text, _json_tree(text), is_json=True)
    if syntax == "yaml":
        return SourceLayout(text, _yaml_tree(text, index), is_json=False)
    raise _Unsure


class SourceLayout:
    """A document's text and tree, and the habits of whoever wrote it."""

    def __init__(self, text: str, root: _Node, is_json: bool) -> None:
        self.text = text
        self.root = root
        self.is_json = is_json
        end = _LINE_END.search(text)
        self.line_break = (end.group() if end else "") or "\n"
        nodes = list(_nodes(root))
        containers = [node for node in nodes if node.members]
        flows = [node for node in containers if node.flow and node.kind != "odd"]
        blocks = [node for node in containers if not node.flow]
        self.flow_unit = _most(self._flow_units(flows), "\t" if "\n\t" in text else "  ")
        self.block_unit = _most(self._block_units(blocks, "object"), 2)
        self.list_unit = _most(self._block_units(blocks, "list"), self.block_unit)
        self.colon = _most(self._colons(flows), ": ")
        self.comma = _most(self._commas(flows), ", " if self.colon.endswith(" ") else ",")
        self.padding = _most(self._paddings(flows), "")
        self.spread = [node for node in flows if self.spreads(node)]
        self.inline = [node for node in flows if not self.spreads(node)]
        self.blocks = blocks
        self.quote, self.string_style, self.key_style = self._quotes(nodes, containers)
        self.escapes = is_json and text.isascii() and "\\u" in text

    # Lines

    def line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        return _LINE_END.search(self.text, offset).start()  # type: ignore[union-attr]

    def next_line(self, offset: int) -> int:
        return _LINE_END.search(self.text, offset).end()  # type: ignore[union-attr]

    def end_above(self, start: int) -> int:
        """The end of the line above one that starts at a place."""
        return start - (2 if self.text[start - 2 : start] == "\r\n" else 1)

    def line_above(self, start: int) -> int:
        return self.line_start(self.end_above(start))

    def column(self, offset: int) -> int:
        return offset - self.line_start(offset)

    def leads(self, offset: int) -> bool:
        """Whether only white space stands before a place on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" \t")

    def indent(self, offset: int) -> str:
        """The white space that the line of a place begins with."""
        return _SPACES.match(self.text, self.line_start(offset)).group()  # type: ignore[union-attr]

    def breaks(self, start: int, end: int) -> bool:
        return "\n" in self.text[start:end] or "\r" in self.text[start:end]

    def end_with_comment(self, offset: int) -> int:
        """The end of the line of a place, behind which only a comment may stand."""
        rest = _REST_OF_LINE.match(self.text, offset)
        if rest is None:
            raise _Unsure
        return rest.end()

    def spreads(self, node: _Node) -> bool:
        """Whether the members of braces or brackets stand on lines of their own."""
        return self.leads(node.members[0].start) and self.breaks(node.body, node.members[0].start)

    # Habits

    def _flow_units(self, flows: list[_Node]) -> Iterator[str]:
        for node in flows:
            if self.spreads(node):
                outer, inner = self.indent(node.start), self.indent(node.members[0].start)
                if inner.startswith(outer) and inner != outer:
                    yield inner[len(outer) :]

    def _block_units(self, blocks: list[_Node], kind: str) -> Iterator[int]:
        for node in blocks:
            for member in node.members:
                value = member.value
                if node.kind == "object" and value.members and not value.flow and value.kind == kind:
                    unit = self.column(value.members[0].start) - self.column(member.start)
                    if unit > 0 or (unit == 0 and kind == "list"):
                        yield unit

    def _colons(self, flows: list[_Node]) -> Iterator[str]:
        for node in flows:
            for member in node.members:
                if member.key and member.intro >= 0 and member.value.end > member.intro:
                    colon = self.text[member.key.end : member.value.start]
                    if colon.strip(" ") == ":":
                        yield colon

    def _commas(self, flows: list[_Node]) -> Iterator[str]:
        for node in flows:
            for member, after in zip(node.members, node.members[1:], strict=False):
                comma = self.text[member.end : after.start]
                if comma.strip(" ") == ",":
                    yield comma

    def _paddings(self, flows: list[_Node]) -> Iterator[str]:
        for node in flows:
            padding = self.text[node.body + 1 : node.members[0].start]
            if node.kind == "object" and not padding.strip(" "):
                yield padding

    def _quotes(self, nodes: list[_Node], containers: list[_Node]) -> tuple[str, str, str]:
        keys = {id(m.key): m.key for node in containers for m in node.members if m.key}
        values = [node for node in nodes if node.kind == "scalar" and id(node) not in keys]
        styles = Counter(node.style for node in (*values, *keys.values()))
        quote = "'" if styles["'"] > styles['"'] else '"'
        # What has to be quoted tells nothing of a habit.
        free = Counter(
            bool(node.style) for node in values if node.style not in _BLOCK_STYLES and _plain(node.text)
        )
        key_style = _most((key.style for key in keys.values()), "")
        string_style = quote if free[True] > free[False] or (key_style and not free[False]) else ""
        return quote, string_style, key_style

    def prefers_flow(self, kind: str) -> bool:
        """Whether this document writes its objects or lists in braces or brackets rather than in blocks."""
        flows = sum(node.kind == kind for node in (*self.spread, *self.inline))
        return flows > sum(node.kind == kind for node in self.blocks)

    # Finding

    def find(self, path: Path) -> list[tuple[_Node, int]]:
        """The containers from the root down, each with the number of the member that leads on."""
        node = self.root
        found: list[tuple[_Node, int]] = []
        for step in path:
            number = self._member(node, step)
            found.append((node, number))
            node = node.members[number].value
        return found

    def _member(self, node: _Node, step: str | int) -> int:
        if isinstance(step, int):
            if node.kind == "list" and 0 <= step < len(node.members):
                return step
        elif node.kind == "object":
            # Of repeated keys the last one counts.
            for number in range(len(node.members) - 1, -1, -1):
                key = node.members[number].key
                if key is not None and key.kind == "scalar" and key.text == step:
                    return number
        # A merged or aliased value has no text of its own.
        raise _Unsure

    def value(self, path: Path) -> tuple[_Node, _Member | None, _Node | None]:
        """The node at a path, the member that holds it and the container of that."""
        chain = self.find(path)
        if not chain:
            return self.root, None, None
        node, number = chain[-1]
        member = node.members[number]
        return member.value, member, node

    def token(self, path: Path) -> str:
        node = self.value(path)[0]
        token = self.text[node.body : node.end]
        if node.kind != "scalar" or node.style or not token or "\n" in token or "\r" in token or node.tagged:
            raise _Unsure
        return token

    # Writing

    def string(self, text: str, style: str, *, in_flow: bool) -> str:
        """A string in a style ("" for plain) where it allows it."""
        if self.is_json:
            return _escaped(json.dumps(text, ensure_ascii=self.escapes))
        if not style:
            if _plain(text, in_flow):
                return text
            style = self.quote
        if style == "'" and text.isprintable():
            return "'" + text.replace("'", "''") + "'"
        return _escaped(json.dumps(text, ensure_ascii=False))

    def scalar(self, value: Any, style: str | None, *, in_flow: bool) -> str:
        if isinstance(value, str):
            return self.string(value, self.string_style if style is None else style, in_flow=in_flow)
        if value is None or isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, int):
            return str(value)
        raise _Unsure

    def number(self, value: float) -> str:
        text = repr(value)
        if value - value != 0:
            if self.is_json:
                raise _Unsure
            return {"inf": ".inf", "-inf": "-.inf"}.get(text, ".nan")
        # YAML 1.1 sees no number in 1e-05.
        return text if self.is_json or "." in text else text.replace("e", ".0e")

    def key(self, key: str, *, in_flow: bool, style: str | None = None) -> str:
        return self.string(key, self.key_style if style is None else style, in_flow=in_flow)

    def field(self, key: str, value: str) -> str:
        """A field in braces. YAML takes no colon for one that follows plain text at once."""
        colon = self.colon
        if not self.is_json and key[0] not in "\"'" and not colon.endswith(" "):
            colon += " "
        return key + colon + value

    def flow(self, value: Any, indent: str | None, style: str | None = None) -> str:
        """A value in braces and brackets, on lines of their own below `indent`, or with None on one line."""
        if not isinstance(value, dict | list):
            return self.scalar(value, style, in_flow=True)
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        if not value:
            return opening + closing
        below = None if indent is None else indent + self.flow_unit
        if isinstance(value, dict):
            parts = [self.field(self.key(k, in_flow=True), self.flow(v, below)) for k, v in value.items()]
        else:
            parts = [self.flow(item, below) for item in value]
        if below is not None:
            start = self.line_break + below
            return opening + start + ("," + start).join(parts) + self.line_break + str(indent) + closing
        padding = self.padding if opening == "{" else ""
        return opening + padding + self.comma.join(parts) + padding + closing

    def block(self, value: Any) -> list[str]:
        """A value in block style: its lines, from column 0."""
        if not isinstance(value, dict | list) or not value:
            return [self.flow(value, None) if isinstance(value, dict | list) else self.scalar_line(value)]
        if isinstance(value, dict):
            return [line for key, below in value.items() for line in self.entry(key, below)]
        lines: list[str] = []
        for item in value:
            first, *rest = self.block(item)
            lines += ["- " + first, *("  " + line for line in rest)]
        return lines

    def scalar_line(self, value: Any) -> str:
        return self.scalar(value, None, in_flow=False)

    def entry(self, key: str, value: Any, style: str | None = None) -> list[str]:
        """A field of a block mapping: its lines, from column 0."""
        name = self.key(key, in_flow=False, style=style) + ":"
        if isinstance(value, dict | list):
            kind = "object" if isinstance(value, dict) else "list"
            if value and not self.prefers_flow(kind):
                unit = " " * (self.list_unit if kind == "list" else self.block_unit)
                return [name, *(unit + line for line in self.block(value))]
            return [f"{name} {self.flow(value, None)}"]
        return [f"{name} {self.scalar_line(value)}"]

    def indented(self, lines: list[str], column: int) -> str:
        """Lines one below the other at a column, the first one without its indentation."""
        return (self.line_break + " " * column).join(lines)

    def without_lines(self, start: int, end: int, *, opens: bool = False, closes: bool = False) -> Edit:
        """The removal of whole lines, and of the blank lines that would be left over.

        `opens` and `closes`: whether they are the first and the last of what they stand in.
        """
        text = self.text
        above = start
        while above and not text[self.line_above(above) : above].strip():
            above = self.line_above(above)
        below = end
        while blank := _BLANK_LINE.match(text, below):
            below = blank.end()
        if opens and above and _COMMENT_LINE.match(text, self.line_above(above)):
            opens = False
        if below > end and (above < start or opens or not start):
            end = below
        elif closes or end == len(text):
            start = above
        if end == len(text) and start and text[end - 1 : end] not in ("\n", "\r"):
            start = self.end_above(start)
        return Edit(start, end, "")


def _nodes(node: _Node) -> Iterator[_Node]:
    yield node
    for member in node.members:
        if member.key:
            yield from _nodes(member.key)
        yield from _nodes(member.value)


def _most(habits: Iterable[_Habit], default: _Habit) -> _Habit:
    counts = Counter(habits)
    return counts.most_common(1)[0][0] if counts else default


def _escaped(text: str) -> str:
    """A string in double quotes, with escapes for the characters that no file holds."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" if ord(c) < 65536 else c for c in text
    )


_NUMERIC = re.compile(r"[-+.0-9][-+.,:_0-9a-fA-FxXoOtTzZ ]*")
_WORDS = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", "=", "<<")
)
_PLAIN = re.compile(r"(?:[^\W\d]|[/0-9.+(^$\\;<=~]|-(?=\S))(?:.*\S)?", re.DOTALL)


def _plain(text: str, in_flow: bool = False) -> bool:
    """Whether a text may stand without quotes and is then a string to every reader of YAML."""
    if not text.isprintable() or not _PLAIN.fullmatch(text) or text.lower() in _WORDS:
        return False
    if ": " in text or " #" in text or text.endswith(":") or _NUMERIC.fullmatch(text):
        return False
    if in_flow and any(c in ",[]{}?:" for c in text):
        return False
    return not text.startswith(("---", "...", "- "))


# The edits


def _typed(layout: SourceLayout, fix: Fix) -> list[Edit]:
    match fix:
        case Remove():
            return _remove(layout, fix.path)
        case Replace():
            return _replace(layout, fix.path, fix.value)
        case Insert():
            return _insert(layout, fix.path, fix.key, fix.value)
        case Rename():
            return _rename(layout, fix.path, fix.key)
        case Quote():
            token = layout.token(fix.path)
            node, _, container = layout.value(fix.path)
            in_flow = container is not None and container.flow
            return [Edit(node.body, node.end, layout.string(token, layout.quote, in_flow=in_flow))]
    raise _Unsure


def _rename(layout: SourceLayout, path: Path, name: str) -> list[Edit]:
    _, member, container = layout.value(path)
    if member is None or container is None or member.key is None or member.key.tagged:
        raise _Unsure
    key = member.key
    return [Edit(key.body, key.end, layout.key(name, in_flow=container.flow, style=key.style))]


def _remove(layout: SourceLayout, path: Path) -> list[Edit]:
    if not path:
        raise _Unsure
    chain = layout.find(path)
    node, number = chain[-1]
    if node.flow:
        return _remove_from_flow(layout, node, number)
    if len(node.members) == 1:
        holder = chain[-2][0].members[chain[-2][1]] if len(chain) > 1 else None
        return _in_place_of_block(layout, holder, node, "{}" if node.kind == "object" else "[]")
    return _remove_from_block(layout, node, number)


def _remove_from_flow(layout: SourceLayout, node: _Node, number: int) -> list[Edit]:
    text = layout.text
    member = node.members[number]
    before = node.members[number - 1] if number else None
    after = node.members[number + 1] if number + 1 < len(node.members) else None
    start, end = member.start, (member.comma + 1 if member.comma >= 0 else member.end)
    lead = text[before.comma + 1 if before else node.body + 1 : start]
    trail = text[end : after.start if after else node.end - 1]
    if _without_comments(lead).strip() or _without_comments(trail).strip():
        raise _Unsure
    if before is None and after is None and "#" not in lead + trail:
        return [Edit(node.body + 1, node.end - 1, "")]
    rest = _REST_OF_LINE.match(text, end)
    if layout.leads(start) and rest and rest.end() < node.end:
        lines = layout.without_lines(
            layout.line_start(start), layout.next_line(end), opens=before is None, closes=after is None
        )
        if before is None or member.comma >= 0:
            return [lines]
        return [Edit(before.comma, before.comma + 1, ""), lines]
    if after is None:
        if before is None or "#" in lead:
            raise _Unsure
        # A value left out, as in {a, b: }, may have left its space.
        if member.value.end == member.intro and text[node.end - 2 : node.end - 1] == " ":
            end = node.end - 1
        return [Edit(before.comma + 1 if member.comma >= 0 else before.end, end, "")]
    if "#" in trail:
        return [Edit(start, _SPACES.match(text, end).end(), "")]  # type: ignore[union-attr]
    if before and not layout.breaks(before.comma, start) and layout.breaks(end, after.start):
        return [Edit(before.comma + 1, end, "")]
    return [Edit(start, after.start, "")]


def _without_comments(gap: str) -> str:
    return re.sub(r"#[^\r\n]*", "", gap)


def _remove_from_block(layout: SourceLayout, node: _Node, number: int) -> list[Edit]:
    member = node.members[number]
    end = _block_end(layout, member)
    if layout.leads(member.start):
        lines = layout.without_lines(
            layout.line_start(member.start), layout.next_line(end), opens=number == 0
        )
        return [lines]
    if number or not _compact(layout, member.start):
        raise _Unsure
    # The next one moves up to the dash, or the comment above it does.
    after = node.members[1].start
    comment = layout.text.find("#", end, after)
    return [Edit(member.start, comment if comment >= 0 else after, "")]


def _compact(layout: SourceLayout, start: int) -> bool:
    """Whether only dashes stand before a place on its line."""
    return not re.sub(r"-[ \t]+", "", layout.text[layout.line_start(start) : start]).strip(" ")


def _block_end(layout: SourceLayout, member: _Member) -> int:
    """Where the last line of a block's member ends, with its comment and those that stand deeper below."""
    text = layout.text
    end = layout.end_with_comment(member.end)
    if member.value.flow or not member.value.members:
        return end
    column = layout.column(member.start)
    offset = layout.next_line(end)
    while offset < len(text):
        if comment := _COMMENT_LINE.match(text, offset):
            if len(comment.group(1)) <= column:
                break
            end = comment.end()
        elif not _BLANK_LINE.match(text, offset):
            break
        offset = layout.next_line(offset)
    return end


def _in_place_of_block(layout: SourceLayout, holder: _Member | None, node: _Node, text: str) -> list[Edit]:
    """A block gives way to a value on one line, behind the colon or dash that holds it."""
    if node.tagged:
        raise _Unsure
    first, last = node.members[0], node.members[-1]
    end = _block_end(layout, last)
    if holder is None or not layout.breaks(holder.intro, first.start):
        if not _compact(layout, first.start):
            raise _Unsure
        return [Edit(first.start, end, text)]
    if holder.intro < 0 or not layout.leads(first.start):
        raise _Unsure
    lines = layout.without_lines(layout.line_start(first.start), layout.next_line(end))
    return [_behind(layout, _header_end(layout, holder), text), lines]


def _header_end(layout: SourceLayout, holder: _Member) -> int:
    """The end of a member's colon or dash, and of the anchor behind it."""
    value = holder.value
    if value.start < value.body:
        return value.start + len(layout.text[value.start : value.body].rstrip())
    return holder.intro


def _behind(layout: SourceLayout, offset: int, text: str) -> Edit:
    """A text behind a colon or dash, in place of the trailing space there may be."""
    spaces = _SPACES.match(layout.text, offset).end()  # type: ignore[union-attr]
    return Edit(offset, spaces if spaces == layout.line_end(offset) else offset, " " + text)


def _replace(layout: SourceLayout, path: Path, value: Any) -> list[Edit]:
    node, member, container = layout.value(path)
    if node.tagged or node.kind == "odd":
        raise _Unsure
    in_flow = layout.is_json or (container is not None and container.flow)
    is_block = bool(node.members) and not node.flow
    if "#" in layout.text[node.body : node.end] and not node.style and _has_comment(layout, node):
        raise _Unsure
    if is_block:
        return _replace_block(layout, node, member, container, value)
    if node.style in _BLOCK_STYLES:
        if isinstance(value, str) and (edit := _block_text(layout, node, value)):
            return [edit]
        if "#" in layout.text[node.body : layout.line_end(node.body)]:
            raise _Unsure
    if isinstance(value, dict | list):
        kind = "object" if isinstance(value, dict) else "list"
        if in_flow or node.members or not value or member is None or layout.prefers_flow(kind):
            return [_token(layout, node, member, layout.flow(value, _spread_indent(layout, node, container)))]
        return _insert_block(layout, member, layout.block(value), kind)
    return [_token(layout, node, member, layout.scalar(value, _style(layout, node, value), in_flow=in_flow))]


def _style(layout: SourceLayout, node: _Node, value: Any) -> str | None:
    """The style of the scalar that a value replaces, or None where it tells nothing."""
    if node.kind != "scalar" or node.body == node.end:
        return None
    if node.style in _BLOCK_STYLES:
        return layout.quote if isinstance(value, str) and "\n" in value else None
    return node.style


_BLOCK_HEADER = re.compile(r"([|>])[-+]?(?=[ \t\r\n])")


def _block_text(layout: SourceLayout, node: _Node, value: str) -> Edit | None:
    """A block scalar's new text: folded or chomped otherwise where that suffices, else line by line."""
    header = _BLOCK_HEADER.match(layout.text, node.body)
    if header is None:
        return None
    content = layout.text[header.end() : node.end]
    style = header.group(1)
    other = "|" if style == ">" else ">"
    for new in (style, style + "-", other + "-", other):
        if _block_value(new + content) == value:
            return Edit(header.start(), header.end(), new)
    lines = value.removesuffix("\n").split("\n")
    is_sound = all(line.isprintable() for line in lines) and lines[-1] and lines[0][:1] not in ("", " ")
    if (
        style == ">"
        or "\n" not in value
        or not is_sound
        or "#" in layout.text[node.body : layout.line_end(node.body)]
    ):
        return None
    indent = layout.indent(layout.next_line(node.body))
    new = "|" if value.endswith("\n") else "|-"
    return Edit(
        node.body, node.end, layout.line_break.join([new, *(line and indent + line for line in lines)])
    )


def _block_value(token: str) -> str | None:
    import yaml

    try:
        node = yaml.compose(f"key: {token}\n", yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    return str(node.value[0][1].value) if node else None


def _has_comment(layout: SourceLayout, node: _Node) -> bool:
    """Whether a comment stands in a container."""
    gaps: list[str] = []
    offset = node.body
    for below in sorted(_nodes(node), key=lambda below: below.start):
        if below.kind in ("scalar", "alias"):
            gaps.append(layout.text[offset : below.start])
            if below.style in _BLOCK_STYLES:
                gaps.append(layout.text[below.body : layout.line_end(below.body)])
            offset = below.end
    return "#" in "".join(gaps) + layout.text[offset : node.end]


def _token(layout: SourceLayout, node: _Node, member: _Member | None, text: str) -> Edit:
    if node.body < node.end:
        return Edit(node.body, node.end, text)
    if member is None or member.intro < 0:
        raise _Unsure
    return _behind(layout, _header_end(layout, member), text)


def _spread_indent(layout: SourceLayout, node: _Node, container: _Node | None) -> str | None:
    """The indentation of a new value's closing brace, or None where it belongs on one line."""
    if node.flow and node.members:
        return layout.indent(node.start) if layout.spreads(node) else None
    around = container is not None and container.flow and layout.spreads(container)
    return layout.indent(node.start) if around and not layout.inline else None


def _replace_block(
    layout: SourceLayout, node: _Node, holder: _Member | None, container: _Node | None, value: Any
) -> list[Edit]:
    if _has_comment(layout, node):
        raise _Unsure
    if not isinstance(value, dict | list) or not value:
        text = layout.flow(value, None) if isinstance(value, dict | list) else layout.scalar_line(value)
        return _in_place_of_block(layout, holder, node, text + _comment_behind(layout, holder, node))
    start = node.members[0].start
    column = layout.column(start)
    end = layout.end_with_comment(node.members[-1].end) and node.members[-1].end
    under = layout.column(holder.start) if holder and container and container.kind == "object" else -1
    if isinstance(value, dict) and column <= under:
        # Items may stand below their key without indentation, fields may not.
        column = under + layout.block_unit
        first = layout.line_start(start)
        return [Edit(first, end, " " * column + layout.indented(layout.block(value), column))]
    return [Edit(start, end, layout.indented(layout.block(value), column))]


def _comment_behind(layout: SourceLayout, holder: _Member | None, node: _Node) -> str:
    """The comment behind a block's last line, which moves up to the only line that is left."""
    end = node.members[-1].end
    comment = layout.text[end : _block_end(layout, node.members[-1])]
    if not comment.strip():
        return ""
    first = node.members[0].start
    if layout.breaks(end, end + len(comment)) or (holder and "#" in layout.text[holder.intro : first]):
        raise _Unsure
    return comment


def _insert_block(layout: SourceLayout, member: _Member, lines: list[str], kind: str) -> list[Edit]:
    """Block lines as the value of a block's member, in place of the scalar that it has or has not."""
    value = member.value
    if member.key is None:
        column = layout.column(value.body) if value.end > value.body else layout.column(member.intro) + 1
        return [_token(layout, value, member, layout.indented(lines, column))]
    if member.intro < 0 or value.style in _BLOCK_STYLES:
        raise _Unsure
    unit = layout.list_unit if kind == "list" else layout.block_unit
    column = layout.column(member.start) + unit
    end = layout.end_with_comment(member.end)
    start = _header_end(layout, member)
    text = layout.line_break + " " * column + layout.indented(lines, column)
    comment = layout.text[member.end : end].strip()
    return [Edit(start, end, (" " + comment if comment else "") + text)]


def _insert(layout: SourceLayout, path: Path, key: str, value: Any) -> list[Edit]:
    node, member, container = layout.value(path)
    if node.kind == "object":
        if not node.flow:
            return _insert_into_block(layout, node, key, value)
        if node.members:
            return _insert_into_flow(layout, node, key, value)
        indent = _spread_indent_of_empty(layout, node, container)
        return [Edit(node.body, node.end, layout.flow({key: value}, indent))]
    if node.kind != "scalar" or node.tagged or node.style or member is None:
        raise _Unsure
    # A null: what it stands for is an object without fields.
    if layout.is_json or (container is not None and container.flow):
        indent = _spread_indent_of_empty(layout, node, container)
        return [_token(layout, node, member, layout.flow({key: value}, indent))]
    return _insert_block(layout, member, layout.entry(key, value), "object")


def _spread_indent_of_empty(layout: SourceLayout, node: _Node, container: _Node | None) -> str | None:
    around = container is not None and container.flow and layout.spreads(container)
    return layout.indent(node.start) if around else None


def _insert_into_block(layout: SourceLayout, node: _Node, key: str, value: Any) -> list[Edit]:
    last = node.members[-1]
    start = node.members[0].start
    if not layout.leads(start) and not _compact(layout, start):
        raise _Unsure
    end = _block_end(layout, last)
    column = layout.column(start)
    style = last.key.style if last.key and last.key.kind == "scalar" and last.key.text != "<<" else None
    lines = layout.entry(key, value, style)
    return [Edit(end, end, layout.line_break + " " * column + layout.indented(lines, column))]


def _insert_into_flow(layout: SourceLayout, node: _Node, key: str, value: Any) -> list[Edit]:
    last = node.members[-1]
    name = layout.key(key, in_flow=True, style=last.key.style if last.key else None)
    alone = layout.leads(last.start)
    indent = (
        layout.indent(last.start) if alone and isinstance(value, dict | list) and not layout.inline else None
    )
    field = layout.field(name, layout.flow(value, indent))
    start = layout.line_break + layout.indent(last.start)
    if last.comma >= 0:
        end = layout.end_with_comment(last.comma + 1) if alone else last.comma + 1
        return [Edit(end, end, start + field + "," if alone else layout.comma.lstrip(",") + field)]
    if alone:
        end = layout.line_end(last.end)
        if "#" in layout.text[last.end : end]:
            return [Edit(last.end, last.end, ","), Edit(end, end, start + field)]
        return [Edit(last.end, last.end, "," + start + field)]
    if len(node.members) > 1:
        separator = layout.text[node.members[-2].end : last.start]
        if separator.strip() == "," and separator.count("\n") < 2:
            return [Edit(last.end, last.end, separator + field)]
    return [Edit(last.end, last.end, layout.comma + field)]
