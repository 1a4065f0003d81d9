"""Reading YAML as AWS CLI v2 does: YAML 1.2 with the extras of ruamel.yaml's safe loader.

Values and locations are taken from the nodes that `readers.yaml_nodes` composes.
"""

from __future__ import annotations

import re

from algolint import limits
from algolint.document import Document, ReaderFault
from algolint.lazy_regex import lazily_compiled_patterns, lazy
from algolint.messages import shown
from algolint.readers.yaml_nodes import Composed, compose, nested_too_deep
from algolint.readers.yaml_scalars import (
    BREAKS,
    SCALARS,
    SCALARS_1_1,
    SCALARS_IN_CLOUDFORMATION,
    WORDS,
    Scalars,
    tagged,
)
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.spec.recognition import CLOUDFORMATION_TYPE
from algolint.spec.structural_rules import duplicate_key, refused_by_aws_cli
from algolint.values import UNKNOWN, OpenDict

with lazily_compiled_patterns():
    from yaml.error import YAMLError
    from yaml.events import (
        AliasEvent,
        DocumentStartEvent,
    )
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from algolint.source import Span
    from algolint.values import Path

    # PyYAML has no types; the class of a node is its kind.
    Node: TypeAlias = Any
    # The class of a loader, or a function that makes one.
    Load: TypeAlias = Callable[[str], Any]
    # The node that holds a node, the index of the item or pair in it, and the node.
    _Place: TypeAlias = tuple[Any, int, Any]


_TAG = "tag:yaml.org,2002:"
_SEQ = _TAG + "seq"
_MAP = _TAG + "map"


def _versions(composed: Composed) -> list[tuple[int, int] | None]:
    """Return the version of each document. A directive applies until the next one, as in ruamel.yaml."""
    versions: list[tuple[int, int] | None] = []
    version = None
    loader = composed.load(composed.text)
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, DocumentStartEvent):
            version = event.version or version
            versions.append(version)
    return versions


# ---------------------------------------------------------------------------- reading

_VERSION_DIRECTIVE = lazy(r"^%YAML", re.MULTILINE)


def read(source: Source) -> list[Document]:
    """Return the documents of a YAML stream; empty ones are skipped if there are others."""
    text = source.text
    if source.holes:
        from algolint.readers import templates

        return templates.read_with_holes(source, _read, is_json=False)
    # Searching for one character takes almost no time, for two a microsecond per kilobyte.
    is_template = "{" in text and ("{{" in text or "{%" in text or "{#" in text or "%{" in text)
    if is_template or ("%" in text and "<%" in text):
        from algolint.readers import templates

        return templates.read_yaml(source, _read)
    return _read(source, text)


def _read(source: Source, text: str) -> list[Document]:
    """Return the documents of a text: the file's own, or the file's with templates masked."""
    try:
        return _documents(source, text)
    except (YAMLError, UnicodeEncodeError, RecursionError) as error:
        from algolint.readers.yaml_errors import explained

        raise explained(source if text is source.text else Source(source.name, text), error) from None


def _documents(source: Source, text: str) -> list[Document]:
    composed = _compose_json_too(text)
    source.effort = composed.effort
    nodes = composed.nodes
    stream = _Stream(composed)
    if all(map(_is_empty, nodes)):
        raise SourceSyntaxError("the file is empty", (0, 0))
    versions = _versions(composed) if "%YAML" in text and _VERSION_DIRECTIVE.search(text) else []
    has_templates = CLOUDFORMATION_TYPE in text
    documents: list[Document] = [
        YamlBuilder(
            source, stream, node, _scalars(node, versions[index] if versions else None, has_templates)
        ).document(index)
        for index, node in enumerate(nodes)
        if not _is_null(node)
    ] or [YamlDocument(source, None, nodes[0], stream)]
    if composed.refusal is not None:
        _add_refusal(source, documents, composed)
    for document in documents if not composed.is_compared else ():
        document.unread = "whether AWS CLI v2 can read this long text"
    return documents


def _scalars(root: Node, version: tuple[int, int] | None, may_be_template: bool) -> Scalars:
    """Return the table that resolves the plain scalars of a document."""
    if (
        may_be_template
        and type(root) is MappingNode
        and any(key.value == "Resources" for key, _ in root.value)
    ):
        return SCALARS_IN_CLOUDFORMATION
    return SCALARS_1_1 if version == (1, 1) else SCALARS


def _add_refusal(source: Source, documents: list[Document], composed: Composed) -> None:
    """Add a fault to the document in which AWS CLI v2 refuses the text."""
    from algolint.readers.yaml_errors import only_refused_by_aws_cli

    error = only_refused_by_aws_cli(Source(source.name, composed.text), composed.refusal)
    before = [document for document in documents if document.locate(())[0] <= error.span[0]]
    document = before[-1] if before else documents[0]
    document.faults = [*document.faults, ReaderFault(refused_by_aws_cli, (), error.span, error.message)]


def _is_empty(node: Node) -> bool:
    return type(node) is ScalarNode and not node.tag and not node.style and not node.value


def _is_null(node: Node) -> bool:
    return type(node) is ScalarNode and not node.tag and not node.style and WORDS.get(node.value, 0) is None


# JSON escapes a character beyond U+FFFF as a surrogate pair, which libyaml refuses and the pure Python parser
# does not join. Such escapes are masked by private-use characters of the same length, so that offsets stay
# valid, and restored in the nodes.
SURROGATE_ESCAPE = lazy(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_ESCAPE_LENGTH = 6
_ESCAPED_BACKSLASH = "\\\\"


def _compose_json_too(text: str) -> Composed:
    """Compose the nodes of a text that may have surrogate escapes, which are masked in the result's text."""
    has_escapes = "\\" in text and SURROGATE_ESCAPE.search(text) is not None
    unused = None
    if has_escapes:
        unused = next((chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text), None)
    if unused is None:
        return compose(text)
    cover = unused * _ESCAPE_LENGTH
    # After an even number of backslashes the next one begins an escape.
    parts = text.split(_ESCAPED_BACKSLASH)
    composed = compose(_ESCAPED_BACKSLASH.join([SURROGATE_ESCAPE.sub(cover, part) for part in parts]))
    for node in _walk_scalars(composed.nodes):
        if unused in node.value:
            token = text[node.start_mark.index : node.end_mark.index]
            node.value = _uncovered(node.value, cover, token, node.style == '"')
    return composed


def _uncovered(value: str, cover: str, token: str, decoded: bool) -> str:
    """Return a scalar's value with the mask replaced by the token's escapes, or by their characters."""
    escapes = [
        escape for part in token.split(_ESCAPED_BACKSLASH) for escape in SURROGATE_ESCAPE.findall(part)
    ]
    if decoded:
        escapes = [chr(int(escape[2:], 16)) for escape in escapes]
    pieces = value.split(cover)
    found = "".join([text for pair in zip(pieces, [*escapes, ""], strict=False) for text in pair])
    # Join the two halves of a surrogate pair.
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _walk_scalars(nodes: list[Node]) -> Iterator[ScalarNode]:
    seen: set[int] = set()
    stack: list[Any] = list(nodes)
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if type(node) is ScalarNode:
            yield node
        elif type(node) is MappingNode:
            stack.extend(part for pair in node.value for part in pair)
        else:
            stack.extend(node.value)


_ALIAS = lazy(rf"\*(?<![^\s\[{{,:?{BREAKS}-]\*)")


class YamlBuilder:
    """Builds the values of one document from its nodes."""

    def __init__(self, source: Source, stream: _Stream, root: Node, values: Scalars) -> None:
        self.source = source
        self.stream = stream
        self.root = root
        self.values = values
        self.repeats = False
        self.shared: set[int] = set()
        self.built: dict[int, Any] = {}

    def document(self, index: int) -> YamlDocument:
        if self.stream.may_have_aliases:
            self.shared = _Sharing(self.stream.text).nodes(self.root)
        try:
            spec = self.value(self.root, 1)
        except ValueError as error:
            raise SourceSyntaxError(str(error), self.refused()) from None
        return YamlDocument(self.source, spec, self.root, self.stream, index, self.repeats)

    def refused(self) -> Span:
        """Return the span of the first scalar that has no valid value."""
        nodes = filter(self.refuses, _walk_scalars([self.root]))
        return min((_scalar_span(self.stream.text, node) for node in nodes), default=(0, 0))

    def refuses(self, node: ScalarNode) -> bool:
        try:
            self.scalar(node)
        except ValueError:
            return True
        return False

    def value(self, node: Any, depth: int) -> Any:
        kind = type(node)
        if kind is ScalarNode:
            return self.scalar(node)
        if id(node) in self.built:
            return self.built[id(node)]
        if depth > limits.MAX_DEPTH:
            raise nested_too_deep(_start(self.stream.text, node))
        value: Any
        if node.tag and node.tag != (_SEQ if kind is SequenceNode else _MAP):
            value = UNKNOWN
        elif kind is SequenceNode:
            value = self.sequence(node, depth + 1)
        else:
            value = self.mapping(node, depth + 1)
        if id(node) in self.shared:
            self.built[id(node)] = value
        return value

    def sequence(self, node: SequenceNode, depth: int) -> list[Any]:
        values, value = self.values, self.value
        return [
            (item.value if item.style else values[item.value])
            if type(item) is ScalarNode and not item.tag
            else value(item, depth)
            for item in node.value
        ]

    def mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        values, value = self.values, self.value
        own: dict[str, Any] = {}
        special: list[tuple[Node, Node]] = []
        for pair in node.value:
            key, item = pair
            name = key.value
            if type(key) is not ScalarNode or key.tag or (name == "<<" and not key.style):
                special.append(pair)
            elif type(item) is ScalarNode and not item.tag:
                own[name] = item.value if item.style else values[item.value]
            else:
                own[name] = value(item, depth)
        if len(own) + len(special) != len(node.value):
            self.repeats = True
        return self.special(node, own, special, depth) if special else own

    def special(
        self, node: MappingNode, own: dict[str, Any], pairs: list[tuple[Node, Node]], depth: int
    ) -> dict[str, Any]:
        """Return the mapping with the pairs whose keys are tagged, complex or merge keys added."""
        merged: dict[str, Any] = {}
        is_open = False
        merges = 0
        repeated: set[str] = set()
        for key, item in pairs:
            if _is_merge(key):
                merges += 1
                for part in reversed(_merge_parts(self.stream.text, item)):
                    below = self.value(part, depth)
                    is_open = is_open or below is UNKNOWN or type(below) is OpenDict
                    if below is not UNKNOWN:
                        merged.update(below)
                continue
            name = _key_text(key)
            if name is None:
                is_open = True
                self.value(key, depth)
                continue
            if name in own:
                repeated.add(name)
            else:
                own[name] = self.value(item, depth)
        if repeated:
            # Of duplicate keys the last one counts, tagged or not.
            last = {_key_text(key): item for key, item in node.value}
            own |= {name: self.value(last[name], depth) for name in repeated}
        self.repeats = self.repeats or bool(repeated) or merges > 1
        merged.update(own)
        return OpenDict(merged) if is_open else merged

    def scalar(self, node: ScalarNode) -> Any:
        tag, token = node.tag, node.value
        if not tag:
            return token if node.style else self.values[token]
        return tagged(tag[len(_TAG) :], token) if tag.startswith(_TAG) else UNKNOWN


def _is_merge(key: Node) -> bool:
    return (
        type(key) is ScalarNode
        and key.value == "<<"
        and (key.tag == _TAG + "merge" or (not key.tag and not key.style))
    )


def _key_text(key: Node) -> str | None:
    """Return the text of a key, or None if it is a container or has a custom tag."""
    if type(key) is not ScalarNode or not (key.tag or _TAG).startswith(_TAG):
        return None
    return str(key.value)


def _merge_parts(text: str, item: Node) -> list[Node]:
    """Return the mappings of a merge key; the first one takes precedence."""
    parts = item.value if type(item) is SequenceNode and item.tag in (None, _SEQ) else [item]
    for part in parts:
        if type(part) is not MappingNode and not part.tag:
            start = _start(text, part)
            span = _scalar_span(text, part) if type(part) is ScalarNode else (start, start + 1)
            raise SourceSyntaxError("expected a mapping or a list of mappings after '<<'", span)
    return list(parts)


class _Sharing:
    """Counts the values that aliases add, and collects the nodes that are used several times."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[int, tuple[int, int]] = {}
        self.open: set[int] = set()
        self.shared: set[int] = set()
        self.added = 0

    def nodes(self, root: Node) -> set[int]:
        self.measure(root, 1)
        return self.shared

    def measure(self, node: Any, depth: int) -> tuple[int, int]:
        """Return the number of nodes in a node, aliases followed, and their depth."""
        if id(node) in self.known:
            self.shared.add(id(node))
            size, height = self.known[id(node)]
            self.added += size
            if self.added > limits.MAX_ALIASED:
                message = f"aliases expand to more than {limits.MAX_ALIASED:,} values"
                raise LimitExceeded(message, self.anchor(node))
            if depth + height - 1 > limits.MAX_DEPTH:
                message = f"nested more than {limits.MAX_DEPTH} levels deep through aliases"
                raise LimitExceeded(message, self.anchor(node))
            return size, height
        if id(node) in self.open:
            raise SourceSyntaxError("alias refers to a value that contains it", self.anchor(node))
        if type(node) is ScalarNode:
            self.known[id(node)] = (1, 0)
            return 1, 0
        if depth > limits.MAX_DEPTH:
            raise nested_too_deep(_start(self.text, node))
        self.open.add(id(node))
        parts = node.value if type(node) is SequenceNode else [part for pair in node.value for part in pair]
        sizes = [self.measure(part, depth + 1) for part in parts]
        self.open.discard(id(node))
        found = 1 + sum(size for size, _ in sizes), 1 + max((height for _, height in sizes), default=0)
        self.known[id(node)] = found
        return found

    def anchor(self, node: Node) -> Span:
        start = node.start_mark.index
        match = re.compile(r"&\S+").match(self.text, start)
        return match.span() if match else (start, start + 1)


# ---------------------------------------------------------------------------- positions

# An anchor may have any character except those that end it.
_BLANKS = rf"[ \t{BREAKS}]+(?:#[^{BREAKS}]*)?"
_PROPERTIES = lazy(rf"(?:&[^ \t,\[\]{{}}{BREAKS}]*(?:{_BLANKS})*|![^ \t{BREAKS}]*(?:{_BLANKS})+)+")


def _start(text: str, node: Node) -> int:
    """Return the start of a value itself, after its anchor and its tag."""
    start: int = node.start_mark.index
    if text[start : start + 1] in ("&", "!"):
        if type(node) is MappingNode and node.value and node.value[0][0].start_mark.index == start:
            # They belong to the first key.
            return _start(text, node.value[0][0])
        match = _PROPERTIES.match(text, start)
        end = match.end() if match else node.end_mark.index
        return min(end, node.end_mark.index) if type(node) is ScalarNode else end
    return start


def _scalar_span(text: str, node: ScalarNode) -> Span:
    start, end = _start(text, node), node.end_mark.index
    if node.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    return start, end


class Scalar:
    """A scalar value of a document: its span, style and text, and its key or that of its list."""

    __slots__ = ("key", "key_start", "span", "style", "text")

    def __init__(self, key: str, key_start: int, span: Span, node: ScalarNode) -> None:
        self.key = key
        self.key_start = key_start
        self.span = span
        self.style = node.style
        self.text: str = node.value


class YamlDocument(Document):
    """A document of a YAML stream, with its nodes, which have the locations."""

    __slots__ = ("_aliases", "_fields", "_last", "_root", "_stream", "_text")

    syntax = "yaml"

    def __init__(
        self, source: Source, spec: Any, root: Node, stream: _Stream, index: int = 0, repeats: bool = False
    ) -> None:
        super().__init__(source, spec, index)
        self._root: Any = root
        self._stream = stream
        self._text = stream.text
        # The container of the value that was located last, with its path: the next value is often in it too.
        self._last: tuple[Path, _Place] = (), (None, 0, root)
        self._fields: dict[int, dict[str, tuple[Any, int]]] = {}
        self._aliases: dict[tuple[int, int, bool], Span] | None = None
        if repeats:
            self.faults = _duplicate_keys(self, root)

    @property
    def text(self) -> str:
        """The text that was parsed: the file's, or one of the same length without the marks of templates."""
        return self._stream.text

    def scalars(self) -> Iterator[Scalar]:
        """Yield the scalars among the values, in the order of the text, each once."""
        for key, key_start, node in self._values():
            if type(node) is ScalarNode:
                yield Scalar(key, key_start, _scalar_span(self._text, node), node)

    def lists_of_scalars(self) -> Iterator[list[Scalar]]:
        """Yield the items of the lists that have only scalars."""
        for key, key_start, node in self._values():
            if type(node) is SequenceNode and node.value:
                items = node.value
                if all(type(item) is ScalarNode for item in items):
                    yield [Scalar(key, key_start, _scalar_span(self._text, item), item) for item in items]

    def _values(self) -> Iterator[tuple[str, int, Node]]:
        """Yield the nodes of all values, each once, after its key or that of its list, and the key's start.

        For an item, the latter is its own start.
        """
        seen: set[int] = set()
        stack: list[tuple[str, int, Any]] = [("", 0, self._root)]
        while stack:
            key, key_start, node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield key, key_start, node
            if type(node) is MappingNode:
                stack += [(name.value if type(name) is ScalarNode else "", _start(self._text, name), item)
                          for name, item in reversed(node.value)]  # fmt: skip
            elif type(node) is SequenceNode:
                stack += [(key, _start(self._text, item), item) for item in reversed(node.value)]

    def locate(self, path: Path, key: bool = False) -> Span:
        parent, slot, node = self._find(path)
        if not key:
            return self._location(parent, slot, node)
        if type(parent) is MappingNode:
            return self.key_span(parent, slot)
        alias = self._alias(parent, slot)
        return alias or self._first_token(node)

    def key_span(self, parent: MappingNode, slot: int) -> Span:
        """Return the span of a key; `slot` is the index of the pair in the mapping."""
        key = parent.value[slot][0]
        return self._alias(parent, slot, key=True) or (_start(self._text, key), self._end(key))

    def _find(self, path: Path) -> _Place:
        """Return the parent, slot and node of the value at a path, or of the nearest value above."""
        above, found = self._last
        steps = path[-1:]
        if path[:-1] != above:
            found, steps = (None, 0, self._root), path
        for left in range(len(steps), 0, -1):
            below = self._below(found[2], path[-left])
            if below is None:
                break
            if left == 1:
                self._last = path[:-1], found
            found = below
        return found

    def _below(self, node: Node, step: str | int) -> _Place | None:
        if type(node) is SequenceNode and isinstance(step, int) and 0 <= step < len(node.value):
            return node, step, node.value[step]
        if type(node) is MappingNode and step in (fields := self._fields_of(node)):
            parent, slot = fields[step]
            return parent, slot, parent.value[slot][1]
        return None

    def _fields_of(self, node: MappingNode) -> dict[str, tuple[Any, int]]:
        """Return the mapping (maybe a merged one) in which each field is written, with the pair's index."""
        fields = self._fields.get(id(node))
        if fields is None:
            fields = {}
            own: dict[str, tuple[Any, int]] = {}
            for slot, (key, item) in enumerate(node.value):
                if _is_merge(key):
                    for part in reversed(_merge_parts(self._text, item)):
                        if type(part) is MappingNode:
                            fields.update(self._fields_of(part))
                elif (name := _key_text(key)) is not None:
                    own[name] = node, slot
            fields.update(own)
            self._fields[id(node)] = fields
        return fields

    def _alias(self, parent: Any, slot: int, key: bool = False) -> Span | None:
        if self._aliases is None:
            self._aliases = self._locate_aliases() if self._stream.may_have_aliases else {}
        return self._aliases.get((id(parent), slot, key)) if self._aliases else None

    def _locate_aliases(self) -> dict[tuple[int, int, bool], Span]:
        """Return the spans of aliases by where they are in the tree; the stream has them in text order."""
        spans = iter(self._stream.aliases(self.index))
        found: dict[tuple[int, int, bool], Span] = {}
        seen = {id(self._root)}
        stack = [_parts(self._root)]
        while stack:
            for parent, slot, key, node in stack[-1]:
                if id(node) in seen:
                    found[id(parent), slot, key] = next(spans)
                    continue
                seen.add(id(node))
                stack.append(_parts(node))
                break
            else:
                stack.pop()
        return found

    def _location(self, parent: Any, slot: int, node: Any) -> Span:
        return self._alias(parent, slot) or (_start(self._text, node), self._end(node))

    def _end(self, node: Any) -> int:
        """Return the end of a value. A block collection's own end mark includes white space after it."""
        while type(node) is not ScalarNode and not node.flow_style and node.value:
            slot = len(node.value) - 1
            if alias := self._alias(node, slot):
                return alias[1]
            last = node.value[slot]
            if type(node) is MappingNode:
                last = last[1]
                if _is_empty(last):
                    key_end = self.key_span(node, slot)[1]
                    return key_end + len(self._text[key_end : last.end_mark.index].rstrip())
            node = last
        return _scalar_span(self._text, node)[1] if type(node) is ScalarNode else int(node.end_mark.index)

    def _first_token(self, node: Any) -> Span:
        if type(node) is ScalarNode:
            return _scalar_span(self._text, node)
        if type(node) is MappingNode and not node.flow_style and node.value:
            return self.key_span(node, 0)
        start = _start(self._text, node)
        return start, start + 1


def _parts(node: Any) -> Iterator[tuple[Any, int, bool, Any]]:
    """Yield the nodes directly in a node, in the order of the text, as (parent, slot, is key, node)."""
    if type(node) is MappingNode:
        for slot, (key, item) in enumerate(node.value):
            yield node, slot, True, key
            yield node, slot, False, item
    elif type(node) is SequenceNode:
        for slot, item in enumerate(node.value):
            yield node, slot, False, item


class _Stream:
    """The text of a stream, shared by its documents, and its aliases, which composing resolves."""

    def __init__(self, composed: Composed) -> None:
        self.text = text = composed.text
        self._load = composed.load
        self.may_have_aliases = "&" in text and _ALIAS.search(text) is not None
        self._aliases: list[list[Span]] | None = None

    def aliases(self, document: int) -> list[Span]:
        """Return the spans of a document's aliases, in order."""
        if self._aliases is None:
            self._aliases = []
            loader = self._load(self.text)
            while loader.check_event():
                event = loader.get_event()
                if isinstance(event, DocumentStartEvent):
                    self._aliases.append([])
                elif isinstance(event, AliasEvent):
                    span = event.start_mark.index, event.end_mark.index  # type: ignore[union-attr]
                    self._aliases[-1].append(span)
        return self._aliases[document]


# How many duplicate keys are located.
_MAX_PLACED = 1000


def _duplicate_keys(document: YamlDocument, root: Node) -> list[ReaderFault]:
    """Return a fault for each duplicate key, in the order of the text."""
    faults: list[ReaderFault] = []
    seen: set[int] = set()
    stack: list[tuple[Any, Path]] = [(root, ())]
    while stack:
        node, path = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if type(node) is SequenceNode:
            stack.extend((item, (*path, slot)) for slot, item in enumerate(node.value))
        elif type(node) is MappingNode:
            firsts: dict[str, int] = {}
            for slot, (key, item) in enumerate(node.value):
                name = _key_text(key)
                if name is None:
                    continue
                first = firsts.setdefault("" if _is_merge(key) else "=" + name, slot)
                if first != slot and len(faults) >= _MAX_PLACED:
                    # Beyond the limit only their number matters.
                    faults.append(faults[-1])
                elif first != slot:
                    message = f"duplicate key {shown(name)} in this object"
                    related = document.key_span(node, first), "first defined here"
                    span = document.key_span(node, slot)
                    faults.append(ReaderFault(duplicate_key, (*path, name), span, message, related))
                stack.append((item, (*path, name)))
    faults.sort(key=lambda fault: fault.span)
    return faults
