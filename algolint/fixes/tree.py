"""The concrete syntax tree of a JSON or YAML text, with the offsets of values, commas and colons."""

from __future__ import annotations

import json
import re
from bisect import bisect_left

from algolint.fixes.edit import EditError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

#: The styles of block scalars, which are also their first characters.
BLOCK_STYLES = ("|", ">")


class Node:
    """A value in the text. `start` is before its anchor and tag, `body` after them."""

    __slots__ = ("body", "end", "flow", "kind", "members", "start", "style", "tagged", "text")

    def __init__(self, kind: str, start: int, end: int, *, flow: bool = False, style: str = "") -> None:
        #: "object", "list" or "scalar"; "alias" or "odd" for nodes that are not edited.
        self.kind = kind
        self.start = start
        self.body = start
        self.end = end
        #: Whether it is in flow style: in braces or brackets.
        self.flow = flow
        #: The style of a scalar: '"', "'", "|", ">" or "" for plain.
        self.style = style
        self.tagged = False
        #: A scalar's text, unescaped.
        self.text = ""
        self.members: list[Member] = []


class Member:
    """A field of an object or an item of a list.

    `start` is the start of its key, of its dash or, in brackets, of its value. `intro` is the end of the
    colon or dash, and `comma` the offset of the comma after the value; -1 if there is none.
    """

    __slots__ = ("comma", "intro", "key", "start", "value")

    def __init__(self, start: int, key: Node | None, intro: int, value: Node) -> None:
        self.start = start
        self.key = key
        self.intro = intro
        self.value = value
        self.comma = -1

    @property
    def end(self) -> int:
        return max(self.value.end, self.intro, self.key.end if self.key else 0)


_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def json_tree(text: str) -> Node:
    tokens = _JSON_TOKEN.finditer(text)

    def node(token: re.Match[str]) -> Node:
        char = token.group()[0]
        if char in "{[":
            return container(token)
        found = Node("scalar", *token.span(), style=char if char == '"' else "")
        found.text = json.loads(token.group()) if char == '"' else token.group()
        return found

    def container(opening: re.Match[str]) -> Node:
        found = Node("object" if opening.group() == "{" else "list", *opening.span(), flow=True)
        for token in tokens:
            if token.group() in ("}", "]"):
                found.end = token.end()
                break
            if token.group() == ",":
                found.members[-1].comma = token.start()
            elif found.kind == "list":
                found.members.append(Member(token.start(), None, -1, node(token)))
            else:
                key, intro = node(token), next(tokens).end()
                found.members.append(Member(token.start(), key, intro, node(next(tokens))))
        return found

    return node(next(tokens))


_PROPERTY = re.compile(r"[&!]\S*[ \t\r\n]*")


_MARKER = re.compile(r"(?<![^\r\n\x85\u2028\u2029])(?:---|\.\.\.)(?!\S)")


def yaml_tree(text: str, inside: int) -> Node:
    """Return the tree of the document around an offset. Raises `EditError`.

    Only that document of a stream is parsed, so that the documents of a stream are each parsed once.
    """
    import yaml

    start = _marker_before(text, inside) if "%TAG" not in text else 0
    following = _MARKER.search(text, inside)
    part = text[start : following.start() if following else len(text)]
    # libyaml accepts some tabs that the pure Python parser refuses, which accepts more escapes.
    for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        try:
            tokens, events = list(yaml.scan(part, loader)), list(yaml.parse(part, loader))
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        starts = [i for i, event in enumerate(events) if isinstance(event, yaml.DocumentStartEvent)]
        if starts:
            return _YamlTree(text, start, tokens, iter(events[starts[-1] + 1 :])).node()
    raise EditError


def _marker_before(text: str, inside: int) -> int:
    """Return the offset of the last document marker before an offset, or 0."""
    at = text.rfind("---", 0, inside)
    while at >= 0 and not _MARKER.match(text, at):
        at = text.rfind("---", 0, at)
    return max(at, 0)


class _YamlTree:
    def __init__(self, text: str, first: int, tokens: list[Any], events: Iterator[Any]) -> None:
        import yaml

        self.yaml = yaml
        self.text = text
        # The offset in the text from which marks count.
        self.first = first
        self.events = events
        self.dashes = self.offsets(tokens, yaml.BlockEntryToken)
        self.colons = self.offsets(tokens, yaml.ValueToken)
        self.commas = self.offsets(tokens, yaml.FlowEntryToken)

    def offsets(self, tokens: list[Any], kind: Any) -> list[int]:
        return [self.first + token.start_mark.index for token in tokens if isinstance(token, kind)]

    def node(self) -> Node:
        return self.of(next(self.events))

    def of(self, event: Any) -> Node:
        yaml = self.yaml
        start, end = self.first + event.start_mark.index, self.first + event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", start, end)
        if isinstance(event, yaml.ScalarEvent):
            found = Node("scalar", start, end, style=event.style or "")
            found.text = event.value
        else:
            kind = "object" if isinstance(event, yaml.MappingStartEvent) else "list"
            found = Node(kind, start, end, flow=bool(event.flow_style))
        while (event.anchor or event.tag) and (match := _PROPERTY.match(self.text, found.body)):
            found.body = match.end()
        found.tagged = event.tag is not None
        if found.kind == "scalar":
            self.scalar(found)
        else:
            self.members(found)
        return found

    def scalar(self, node: Node) -> None:
        if node.style in BLOCK_STYLES:
            header = self.text[node.body : node.end].split("\n", 1)[0]
            if "+" not in header.partition("#")[0]:
                node.end = node.body + len(self.text[node.body : node.end].rstrip(" \t\r\n"))
        elif not node.style and not node.text:
            node.end = node.start + len(self.text[node.start : node.end].rstrip(" \t\r\n"))
            node.body = node.end

    def members(self, node: Node) -> None:
        yaml = self.yaml
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                node.end = self.first + event.end_mark.index if node.flow else node.members[-1].end
                break
            node.members.append(self.field(event) if node.kind == "object" else self.item(node, event))
        if node.flow:
            if self.text[node.body : node.body + 1] not in ("{", "["):
                # It is a pair in brackets without braces, as in [a: b].
                node.kind = "odd"
                node.end = node.members[-1].end if node.members else node.body
            else:
                self.commas_of(node)

    def field(self, event: Any) -> Member:
        key = self.of(event)
        value = self.node()
        colon = _first(self.colons, key.end)
        intro = colon + 1 if 0 <= colon <= value.start else -1
        return Member(key.start, key, intro, value)

    def item(self, node: Node, event: Any) -> Member:
        value = self.of(event)
        if node.flow:
            return Member(value.start, None, -1, value)
        dash = _last(self.dashes, value.start)
        return Member(dash, None, dash + 1, value)

    def commas_of(self, node: Node) -> None:
        for i, member in enumerate(node.members):
            until = node.members[i + 1].start if i + 1 < len(node.members) else node.end
            comma = _first(self.commas, member.end)
            if comma < until:
                member.comma = comma


def _first(offsets: list[int], least: int) -> int:
    i = bisect_left(offsets, least)
    return offsets[i] if i < len(offsets) else -1


def _last(offsets: list[int], below: int) -> int:
    i = bisect_left(offsets, below)
    return offsets[i - 1] if i else -1


def all_nodes(node: Node) -> Iterator[Node]:
    yield node
    for member in node.members:
        if member.key:
            yield from all_nodes(member.key)
        yield from all_nodes(member.value)
