"""YAML, read as AWS CLI v2 reads it: YAML 1.2 with the extras of ruamel.yaml's safe loader.

PyYAML composes nodes, which carry their marks; values and positions are taken from the nodes here.
"""

from __future__ import annotations

import re

from algolint.document import Document, ReaderFault
from algolint.lazy_regex import lazily_compiled_patterns, lazy
from algolint.messages import escaped, shown
from algolint.source import MAX_DEPTH, MAX_VALUES, Source, SourceSyntaxError, too_many_values
from algolint.spec.structural_rules import duplicate_key
from algolint.values import UNKNOWN, OpenDict

with lazily_compiled_patterns():
    import yaml
    from yaml.composer import Composer, ComposerError
    from yaml.error import MarkedYAMLError, YAMLError
    from yaml.events import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        DocumentStartEvent,
        NodeEvent,
    )
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from algolint.source import Span
    from algolint.values import Path

    # The classes of nodes have no types of use; what a node is, its own class tells.
    Node: TypeAlias = Any

#: How many nodes aliases may add to those that are written out.
MAX_ALIASED = 100_000
# The C library looks through all tag directives for each, and reads each as many times.
_MAX_DIRECTIVES = 100

_TAG = "tag:yaml.org,2002:"
_SEQ = _TAG + "seq"
_MAP = _TAG + "map"
_BREAKS = "\n\r\x85\u2028\u2029"


class YamlScalar(str):
    """The text of a plain scalar that some YAML reader does not take for text.

    `certain` where YAML 1.2 itself reads a value that JSON lacks (a date); otherwise YAML 1.2 reads
    this text and a YAML 1.1 reader something else (`no`, `12:30:45`).
    """

    __slots__ = ("certain", "reads_as")

    def __new__(cls, text: str, reads_as: str, certain: bool) -> YamlScalar:
        scalar = super().__new__(cls, text)
        scalar.reads_as = reads_as
        scalar.certain = certain
        return scalar

    reads_as: str
    certain: bool


# ---------------------------------------------------------------------------- plain scalars

_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_SWITCHES = {form: word in ("yes", "on") for word in ("yes", "no", "on", "off")
             for form in (word, word.capitalize(), word.upper())}  # fmt: skip
_SWITCHES_1_1 = _SWITCHES | {"y": True, "Y": True, "n": False, "N": False}

_FLOAT = lazy(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN)"
)
_INTEGER = lazy(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+)")
_DATE = lazy(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
_SEXAGESIMAL = lazy(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+")
_SEXAGESIMAL_FLOAT = lazy(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*")
# Each part of it multiplies all before; no time of the day has so many.
_LONGEST_SEXAGESIMAL = 1000
_OCTAL_1_1 = lazy(r"[-+]?0[0-7_]+")
_BASES = {"0b": 2, "0o": 8, "0x": 16}
_NUMBER_STARTS = frozenset("-+.0123456789")


def resolve(token: str) -> Any:
    """The value of a plain scalar in YAML 1.2. Raises ValueError for what the AWS CLI fails on."""
    if token in _WORDS:
        return _WORDS[token]
    if token[0] in _NUMBER_STARTS:
        if _FLOAT.fullmatch(token):
            return _float(token)
        if _INTEGER.fullmatch(token):
            return _integer(token)
        if _DATE.fullmatch(token):
            return _date(token)
        if _SEXAGESIMAL.fullmatch(token):
            return YamlScalar(token, "an integer", certain=False)
        if _SEXAGESIMAL_FLOAT.fullmatch(token):
            return YamlScalar(token, "a number", certain=False)
    elif token in _SWITCHES:
        return YamlScalar(token, "a boolean", certain=False)
    elif token in ("=", "<<"):
        raise ValueError(f"'{token}' without quotes is not a value; quote it")
    return token


def resolve_1_1(token: str) -> Any:
    """The value of a plain scalar under a `%YAML 1.1` directive."""
    if token in _SWITCHES_1_1:
        return _SWITCHES_1_1[token]
    if ":" in token and len(token) > _LONGEST_SEXAGESIMAL:
        return token
    if _SEXAGESIMAL_FLOAT.fullmatch(token):
        return _sexagesimal(token, float)
    if _SEXAGESIMAL.fullmatch(token):
        return _sexagesimal(token, int)
    if _OCTAL_1_1.fullmatch(token):
        return _integer(token.replace("0", "0o", 1))
    if token[:2] == "0o" or (token[:1] == "0" and token.isdigit()) or re.match(r"[-+]\.[0-9]", token):
        return token
    return resolve(token)


def _float(token: str) -> Any:
    text = token.replace("_", "").lower()
    if text == ".nan":
        return YamlScalar(token, "NaN", certain=True)
    if text.endswith(".inf"):
        return float("-inf" if text[0] == "-" else "inf")
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{shown(token)} cannot be read as a number; quote it") from None


def _integer(token: str) -> int:
    text = token.replace("_", "")
    sign = -1 if text[:1] == "-" else 1
    digits = text.lstrip("+-")
    try:
        base = _BASES.get(digits[:2])
        number = sign * (int(digits[2:], base) if base else int(digits))
        # Printing is limited as reading is; a message must be able to name the number.
        str(number)
    except ValueError:
        if len(digits) > 1000:
            raise ValueError(f"number of {len(digits):,} digits") from None
        raise ValueError(f"{shown(token)} cannot be read as an integer; quote it") from None
    return number


def _sexagesimal(token: str, part_type: type[int] | type[float]) -> Any:
    text = token.replace("_", "")
    sign = -1 if text[0] == "-" else 1
    value = part_type(0)
    for part in text.lstrip("+-").split(":"):
        value = value * 60 + part_type(part)
    return sign * value


def _date(token: str) -> YamlScalar:
    return YamlScalar(
        token, "a date" if len(token) == 10 and ":" not in token else "a timestamp", certain=True
    )


class _Values(dict[str, "Any"]):
    """Plain scalars that were resolved before. Specs repeat theirs, within a file and from file to file."""

    __slots__ = ("_resolve",)

    def __init__(self, resolve: Callable[[str], Any]) -> None:
        super().__init__()
        self._resolve = resolve

    def __missing__(self, token: str) -> Any:
        value = self._resolve(token)
        if len(token) <= 64:
            if len(self) >= 8192:
                self.clear()
            self[token] = value
        return value


_VALUES = _Values(resolve)
_VALUES_1_1 = _Values(resolve_1_1)


# ---------------------------------------------------------------------------- composing


class _Unresolved:
    """Leaves a node without a written tag untagged: so `!!str 1` and `1` stay apart, and it is quicker."""

    def resolve(self, _kind: object, _value: object, _implicit: object) -> None:
        return None

    def descend_resolver(self, _parent: object, _index: object) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


class _Counting:
    """Ends composing at the limit of values: each node, keys aside, is announced by its place."""

    values = 0

    def descend_resolver(self, parent: object, index: object) -> None:
        if index is not None or parent is None:
            self.values += 1
            if self.values > MAX_VALUES:
                raise too_many_values()


class _PureParser(Reader, Scanner, Parser):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


class _Redefining(Composer):
    """A composer that lets an anchor be defined again, as YAML does and PyYAML does not."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[attr-defined]
        if not isinstance(event, AliasEvent):
            self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)


class _PureLoader(_Counting, _Unresolved, _Redefining, _PureParser):
    def __init__(self, text: str) -> None:
        _PureParser.__init__(self, text)
        Composer.__init__(self)


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _FastLoader(_Unresolved, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)

    class _FastCountingLoader(_Counting, _FastLoader):
        pass

    class _FastRedefiningLoader(_Counting, _Unresolved, _Redefining, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)


def _loader(text: str, redefining: bool = False) -> Any:
    if not yaml.__with_libyaml__:
        return _PureLoader(text)
    if redefining:
        return _FastRedefiningLoader(text)
    # A value takes a character at least, a key as well.
    return _FastCountingLoader(text) if len(text) > MAX_VALUES else _FastLoader(text)


#: A depth that composing in the C library bears; the pure-Python composer ends in RecursionError by itself.
_BEARABLE = 1000

# A block collection starts at a column of its own, with nothing but these before it on its line.
_FAR_COLUMN = 100
_FAR_INDENT = lazy(rf"\n[ \t?:\ufeff-]{{{_FAR_COLUMN}}}")
_OTHER_BREAKS = lazy(r"[\r\x85\u2028\u2029]")


def _depth_bound(text: str) -> int:
    """A depth that the text cannot exceed, or a very large number where that takes parsing.

    Along a path the columns of block collections increase, and at most a sequence without indentation
    shares its column with the mapping that holds it. In flow a bracket brings at most a collection and
    a mapping of one pair without braces.
    """
    if "\r" in text or not text.isascii():
        lines = _OTHER_BREAKS.sub("\n", text)
    else:
        lines = text
    if _FAR_INDENT.match("\n" + lines[:_FAR_COLUMN]) or _FAR_INDENT.search(lines):
        return 1 << 30
    return 2 * (_FAR_COLUMN + 1) + 2 * (text.count("[") + text.count("{"))


def _check_events(text: str) -> None:
    """Raises SyntaxFault for nesting or numbers over the limits, from the parser's events: no recursion."""
    loader = _loader(text)
    depth = nodes = 0
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _too_deep(event.start_mark.index)  # type: ignore[union-attr]
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
            continue
        # No more than half of the nodes are keys.
        nodes += isinstance(event, NodeEvent)
        if nodes > 2 * MAX_VALUES:
            raise too_many_values()


def _too_deep(offset: int) -> SourceSyntaxError:
    return SourceSyntaxError(f"nested more than {MAX_DEPTH} levels deep", (offset, offset + 1))


def _compose(text: str) -> list[Node]:
    """The root node of each document of the stream."""
    if text.count("\n%") > _MAX_DIRECTIVES:
        _check_directives(text)
    if _depth_bound(text) > _BEARABLE or text.count("*") > MAX_VALUES:
        _check_events(text)
    try:
        return _nodes(_loader(text))
    except RecursionError:
        _check_events(text)
        raise
    except ComposerError as error:
        if "duplicate anchor" not in str(error.context):
            raise
    return _nodes(_loader(text, redefining=True))


def _check_directives(text: str) -> None:
    """Raises SyntaxFault for more tag directives in a row than anybody writes."""
    count = 0
    for match in re.compile(r"^(?:(%TAG)|---|\.\.\.)", re.MULTILINE).finditer(text):
        count = count + 1 if match[1] else 0
        if count > _MAX_DIRECTIVES:
            raise SourceSyntaxError(f"more than {_MAX_DIRECTIVES} tag directives", match.span())


def _nodes(loader: Any) -> list[Node]:
    nodes = []
    while loader.check_node():
        nodes.append(loader.get_node())
    return nodes


def _versions(text: str) -> list[tuple[int, int] | None]:
    """The version of each document. A directive holds until the next one, as in ruamel.yaml."""
    versions: list[tuple[int, int] | None] = []
    version = None
    loader = _loader(text)
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, DocumentStartEvent):
            version = event.version or version
            versions.append(version)
    return versions


# ---------------------------------------------------------------------------- reading

_VERSION_DIRECTIVE = lazy(r"^%YAML", re.MULTILINE)


def read(source: Source) -> list[Document]:
    """The documents of a YAML stream; empty ones are passed over where there are others."""
    text = source.text
    if "{{" in text or "{%" in text or "{#" in text:
        from algolint.readers import templates

        return templates.read_yaml(source, _read)
    return _read(source, text)


def _read(source: Source, text: str) -> list[Document]:
    """The documents of a text that stands for that of the file: the same, or masked."""
    try:
        return _documents(source, text)
    except (YAMLError, UnicodeEncodeError, RecursionError) as error:
        raise _syntax_fault(source if text is source.text else Source(source.name, text), error) from None


def _documents(source: Source, text: str) -> list[Document]:
    text, nodes = _compose_json_too(text)
    if all(map(_is_empty, nodes)):
        raise SourceSyntaxError("the file is empty", (0, 0))
    if all(map(_is_null, nodes)):
        return [YamlDocument(source, None, nodes[0], text)]
    versions = _versions(text) if _VERSION_DIRECTIVE.search(text) else []
    return [
        _Reading(
            source, text, node, _VALUES_1_1 if versions and versions[index] == (1, 1) else _VALUES
        ).document(index)
        for index, node in enumerate(nodes)
        if not _is_null(node)
    ]


def _is_empty(node: Node) -> bool:
    return type(node) is ScalarNode and not node.tag and not node.style and not node.value


def _is_null(node: Node) -> bool:
    return type(node) is ScalarNode and not node.tag and not node.style and _WORDS.get(node.value, 0) is None


# JSON writes characters beyond the first plane as two escapes, which libyaml refuses and the pure parser
# leaves apart. They are covered by as many characters of private use, so that every position holds, and
# uncovered in the nodes.
SURROGATE_ESCAPE = lazy(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_ESCAPE_LENGTH = 6
_ESCAPED_BACKSLASH = "\\\\"


def _compose_json_too(text: str) -> tuple[str, list[Node]]:
    """The nodes, and the text that they were composed from."""
    if yaml.__with_libyaml__ or not SURROGATE_ESCAPE.search(text):
        try:
            return text, _compose(text)
        except MarkedYAMLError as error:
            if "invalid Unicode character escape" not in str(error.problem):
                raise
    unused = next((chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text), None)
    if unused is None:
        return text, _compose(text)
    cover = unused * _ESCAPE_LENGTH
    # After an even number of backslashes the next one begins an escape.
    parts = text.split(_ESCAPED_BACKSLASH)
    masked = _ESCAPED_BACKSLASH.join([SURROGATE_ESCAPE.sub(cover, part) for part in parts])
    nodes = _compose(masked)
    for node in _walk_scalars(nodes):
        if unused in node.value:
            token = text[node.start_mark.index : node.end_mark.index]
            node.value = _uncovered(node.value, cover, token, node.style == '"')
    return masked, nodes


def _uncovered(value: str, cover: str, token: str, decoded: bool) -> str:
    """A scalar's value with the escapes of its token in place of what covers them, or with what they mean."""
    escapes = [
        escape for part in token.split(_ESCAPED_BACKSLASH) for escape in SURROGATE_ESCAPE.findall(part)
    ]
    if decoded:
        escapes = [chr(int(escape[2:], 16)) for escape in escapes]
    pieces = value.split(cover)
    found = "".join([text for pair in zip(pieces, [*escapes, ""], strict=False) for text in pair])
    # The two halves of a pair become the one character that they are.
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


_ALIAS = lazy(rf"\*(?<![^\s\[{{,:?{_BREAKS}-]\*)")


class _Reading:
    """Takes the values out of one document's nodes."""

    def __init__(self, source: Source, masked: str, root: Node, values: _Values) -> None:
        self.source = source
        self.masked = masked
        self.root = root
        self.values = values
        self.repeats = False
        self.shared: set[int] = set()
        self.built: dict[int, Any] = {}

    def document(self, index: int) -> YamlDocument:
        text = self.masked
        if _has_aliases(text):
            self.shared = _Sharing(text).nodes(self.root)
        try:
            spec = self.value(self.root, 1)
        except ValueError as error:
            raise SourceSyntaxError(str(error), self.refused()) from None
        return YamlDocument(self.source, spec, self.root, self.masked, index, self.repeats)

    def refused(self) -> Span:
        """The first scalar that cannot be read."""
        nodes = filter(self.refuses, _walk_scalars([self.root]))
        return min((_scalar_span(self.masked, node) for node in nodes), default=(0, 0))

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
        if depth > MAX_DEPTH:
            raise _too_deep(_start(self.masked, node))
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
        """Adds the pairs whose keys are tagged, complex or a merge."""
        merged: dict[str, Any] = {}
        is_open = False
        merges = 0
        repeated: set[str] = set()
        for key, item in pairs:
            if _is_merge(key):
                merges += 1
                for part in reversed(_merge_parts(self.masked, item)):
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
            # Of keys that stand twice the last one counts, tagged or not.
            last = {_key_text(key): item for key, item in node.value}
            own |= {name: self.value(last[name], depth) for name in repeated}
        self.repeats = self.repeats or bool(repeated) or merges > 1
        merged.update(own)
        return OpenDict(merged) if is_open else merged

    def scalar(self, node: ScalarNode) -> Any:
        tag, token = node.tag, node.value
        if not tag:
            return token if node.style else self.values[token]
        if not tag.startswith(_TAG):
            return UNKNOWN
        name = tag[len(_TAG) :]
        if name == "str":
            return token
        if name == "null":
            return None
        if name == "bool":
            words = {**_WORDS, **_SWITCHES_1_1}
            if isinstance(words.get(token.lower()), bool):
                return words[token.lower()]
        elif name == "int":
            return _integer(token)
        elif name == "float":
            return _float(token)
        elif name == "timestamp":
            if _DATE.fullmatch(token):
                return _date(token)
        elif name not in ("seq", "map"):
            return UNKNOWN
        raise ValueError(f"{shown(token)} cannot be read as !!{name}")


def _is_merge(key: Node) -> bool:
    return (
        type(key) is ScalarNode
        and key.value == "<<"
        and (key.tag == _TAG + "merge" or (not key.tag and not key.style))
    )


def _key_text(key: Node) -> str | None:
    """The name of a field, or None for a key that is a container or has a tag of its own."""
    if type(key) is not ScalarNode or not (key.tag or _TAG).startswith(_TAG):
        return None
    return str(key.value)


def _merge_parts(text: str, item: Node) -> list[Node]:
    """The mappings that a merge key names, the one that wins first."""
    parts = item.value if type(item) is SequenceNode and item.tag in (None, _SEQ) else [item]
    for part in parts:
        if type(part) is not MappingNode and not part.tag:
            start = _start(text, part)
            span = _scalar_span(text, part) if type(part) is ScalarNode else (start, start + 1)
            raise SourceSyntaxError("'<<' merges a mapping or a list of mappings", span)
    return list(parts)


class _Sharing:
    """Counts what aliases add, and finds which nodes they share."""

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
        """The number of nodes below a node and their depth, aliases followed."""
        if id(node) in self.known:
            self.shared.add(id(node))
            size, height = self.known[id(node)]
            self.added += size
            if self.added > MAX_ALIASED:
                self.fault(node, f"aliases expand to more than {MAX_ALIASED:,} values")
            if depth + height - 1 > MAX_DEPTH:
                self.fault(node, f"nested more than {MAX_DEPTH} levels deep through aliases")
            return size, height
        if id(node) in self.open:
            self.fault(node, "an alias inside the value that it stands for")
        if type(node) is ScalarNode:
            self.known[id(node)] = (1, 0)
            return 1, 0
        if depth > MAX_DEPTH:
            raise _too_deep(_start(self.text, node))
        self.open.add(id(node))
        parts = node.value if type(node) is SequenceNode else [part for pair in node.value for part in pair]
        sizes = [self.measure(part, depth + 1) for part in parts]
        self.open.discard(id(node))
        found = 1 + sum(size for size, _ in sizes), 1 + max((height for _, height in sizes), default=0)
        self.known[id(node)] = found
        return found

    def fault(self, node: Node, message: str) -> None:
        start = node.start_mark.index
        match = re.compile(r"&\S+").match(self.text, start)
        raise SourceSyntaxError(message, match.span() if match else (start, start + 1))


# ---------------------------------------------------------------------------- positions

# An anchor ends with its name, whatever follows: in `&a:b` the value is `:b`.
_BLANKS = rf"[ \t{_BREAKS}]+(?:#[^{_BREAKS}]*)?"
_PROPERTIES = lazy(rf"(?:&[0-9A-Za-z_-]*(?:{_BLANKS})*|![^ \t{_BREAKS}]*(?:{_BLANKS})+)+")


def _start(text: str, node: Node) -> int:
    """Where a value itself starts, after its anchor and its tag."""
    start: int = node.start_mark.index
    if text[start : start + 1] in ("&", "!"):
        match = _PROPERTIES.match(text, start)
        end = match.end() if match else node.end_mark.index
        return min(end, node.end_mark.index) if type(node) is ScalarNode else end
    return start


def _scalar_span(text: str, node: ScalarNode) -> Span:
    start, end = _start(text, node), node.end_mark.index
    if node.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    return start, end


class YamlDocument(Document):
    """A document of a YAML stream. Its nodes are kept, and say where everything stands."""

    __slots__ = ("_aliases", "_fields", "_root", "_text")

    syntax = "yaml"

    def __init__(
        self, source: Source, spec: Any, root: Node, text: str, index: int = 0, repeats: bool = False
    ) -> None:
        super().__init__(source, spec, index)
        self._root: Any = root
        self._text = text
        self._fields: dict[int, dict[str, tuple[Any, int]]] = {}
        self._aliases: dict[tuple[int, int, bool], Span] | None = None
        if repeats:
            self.faults = _duplicate_keys(self, root)

    def locate(self, path: Path, key: bool = False) -> Span:
        parent, slot, node = self._find(path)
        if not key:
            return self._location(parent, slot, node)
        if type(parent) is MappingNode:
            return self.key_span(parent, slot)
        alias = self._alias(parent, slot)
        return alias or self._first_token(node)

    def key_span(self, parent: MappingNode, slot: int) -> Span:
        """The span of a key; `slot` counts the pairs of the mapping."""
        key = parent.value[slot][0]
        return self._alias(parent, slot, key=True) or (_start(self._text, key), self._end(key))

    def _find(self, path: Path) -> tuple[Any, int, Any]:
        """Return parent, slot and node at a path or the nearest above it."""
        parent, slot, node = None, 0, self._root
        for step in path:
            if type(node) is SequenceNode and isinstance(step, int) and 0 <= step < len(node.value):
                parent, slot = node, step
                node = node.value[step]
            elif type(node) is MappingNode and step in (fields := self._fields_of(node)):
                parent, slot = fields[step]
                node = parent.value[slot][1]
            else:
                break
        return parent, slot, node

    def _fields_of(self, node: MappingNode) -> dict[str, tuple[Any, int]]:
        """Where the fields of a mapping stand: the mapping that writes them, and the number of the pair."""
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
            self._aliases = self._locate_aliases() if _has_aliases(self._text) else {}
        return self._aliases.get((id(parent), slot, key)) if self._aliases else None

    def _locate_aliases(self) -> dict[tuple[int, int, bool], Span]:
        """Composing drops where aliases stand; their events come in the order of the places they fill."""
        spans = iter(_alias_spans(self._text, self.index))
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
        """Where a value ends. The end marks of block collections are of no use: they take in what follows."""
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
    """The nodes in a node, in their order in the text, each with its place."""
    if type(node) is MappingNode:
        for slot, (key, item) in enumerate(node.value):
            yield node, slot, True, key
            yield node, slot, False, item
    elif type(node) is SequenceNode:
        for slot, item in enumerate(node.value):
            yield node, slot, False, item


def _has_aliases(text: str) -> bool:
    return "&" in text and _ALIAS.search(text) is not None


def _alias_spans(text: str, document: int) -> list[Span]:
    spans = []
    current = -1
    loader = _loader(text)
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, DocumentStartEvent):
            current += 1
        elif isinstance(event, AliasEvent) and current == document:
            spans.append((event.start_mark.index, event.end_mark.index))  # type: ignore[union-attr]
    return spans


# So many repeated keys are looked up in the text.
_MOST_PLACED = 1000


def _duplicate_keys(document: YamlDocument, root: Node) -> list[ReaderFault]:
    """Return every duplicate key of a mapping, in the order of the text."""
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
                if first != slot and len(faults) >= _MOST_PLACED:
                    # Of so many only the number is of use.
                    faults.append(faults[-1])
                elif first != slot:
                    message = f"duplicate key {shown(name)} in this object"
                    related = document.key_span(node, first), "first defined here"
                    span = document.key_span(node, slot)
                    faults.append(ReaderFault(duplicate_key, (*path, name), span, message, related))
                stack.append((item, (*path, name)))
    faults.sort(key=lambda fault: fault.span)
    return faults


# ---------------------------------------------------------------------------- what is wrong with a text

_UNPRINTABLE = lazy("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A key and its value without the space that parts them; `s3://` and the like are values.
_JOINED = lazy(r"[ ]*(?:- )?\w+(:)(?!//)[^\s:][^:\r\n]*(?=\r?\n)")


def _without_space(text: str, start: int) -> int | None:
    """Where the colon stands, if the line above is a key and a value without a space between them."""
    line = _line_start(text, max(start - (2 if text[start - 2 : start] == "\r\n" else 1), 0))
    joined = _JOINED.match(text, line, start)
    return joined.start(1) if joined else None


# What the scanner or the parser says, and what that means; the place is its own or, with `opens`, the
# place where the thing that it was reading begins.
_MEANINGS: tuple[tuple[str, str], ...] = (
    ("block sequence entries are not allowed", "a list item cannot stand here; give it a line of its own"),
    ("sequence entries are not allowed", "a list item cannot stand here; give it a line of its own"),
    ("block mapping keys are not allowed", "'? ' cannot stand here"),
    ("mapping keys are not allowed", "'? ' cannot stand here"),
    ("tab character", "a tab in the indentation; YAML indents with spaces"),
    (
        "did not find expected alphabetic or numeric",
        "an anchor or alias needs a name; quote text that begins so",
    ),
    ("expected alphabetic or numeric", "an anchor or alias needs a name; quote text that begins so"),
    ("did not find expected <document start>", "text after the end of the document; '---' begins another"),
    ("expected '<document start>'", "text after the end of the document; '---' begins another"),
    ("hexdecimal number", "an escape with too few hexadecimal digits"),
    ("hexadecimal numbers", "an escape with too few hexadecimal digits"),
    ("invalid Unicode character escape", "an escape that stands for no character"),
    ("undefined tag handle", "a tag with an undefined handle"),
    ("duplicate %YAML", "a second %YAML directive"),
    ("incompatible YAML document", "a %YAML version that is not 1.1 or 1.2"),
    ("exceeded maximum", f"nested more than {MAX_DEPTH} levels deep"),
)
_CONTEXTS: tuple[tuple[str, str], ...] = (
    ("block scalar", "'|' and '>' begin a block of text on the lines below; quote text that begins so"),
    ("a tag", "'!' begins a tag, and this is none; quote text that begins so"),
    ("directive", "'%' at the start of a line begins a directive, and this is none"),
    ("plain scalar", "unexpected ':' in a list or an object; put a space after it or quote the value"),
)


def _syntax_fault(source: Source, error: Exception) -> SourceSyntaxError:
    text = source.text
    unprintable = _UNPRINTABLE.search(text)
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        return _marked_fault(source, error)
    if unprintable:
        code = ord(unprintable[0])
        return SourceSyntaxError(f"character U+{code:04X} is not allowed in YAML", unprintable.span())
    if isinstance(error, RecursionError):
        return SourceSyntaxError("nested too deep", (0, 0))
    return SourceSyntaxError(f"not valid YAML: {escaped(str(error))}", (0, 0))


def _marked_fault(source: Source, error: MarkedYAMLError) -> SourceSyntaxError:
    text = source.text
    problem, context = str(error.problem or ""), str(error.context or "")
    at = min(int(error.problem_mark.index), len(text))  # type: ignore[union-attr]
    opens = min(int(error.context_mark.index), at) if error.context_mark else at
    line = source.position(opens)[0]

    def fault(message: str, offset: int = at, length: int = 1) -> SourceSyntaxError:
        return SourceSyntaxError(message, (offset, min(offset + length, len(text))))

    if "quoted scalar" in context and ("end of stream" in problem or "document" in problem):
        return fault("a quote that opens here is never closed", opens)
    if "flow sequence" in context or "flow mapping" in context:
        what, closing = ("list", "]") if "sequence" in context else ("object", "}")
        if not text[at:].strip():
            return fault(f"the '{text[opens : opens + 1]}' that opens here is never closed", opens)
        return fault(f"missing ',' or '{closing}' in the {what} that opens at line {line}")
    if "cannot start any token" in problem:
        return fault(_no_token(text[at : at + 1]))
    if "mapping values are not allowed" in problem:
        before = text[_line_start(text, at) : at]
        if ": " in before:
            return fault("': ' inside an unquoted value; quote the value")
        above = _without_space(text, _line_start(text, at))
        if above is not None:
            return fault("a space is missing behind this ':'", above, 1)
        return fault("a key cannot stand here; the indentation or the line above may be wrong")
    if "could not find expected ':'" in problem:
        return fault("missing ':' after this key", opens, _rest_of_line(text, opens))
    if "unknown escape" in problem:
        # The mark is at the backslash in the C library, after it in the pure parser.
        start = at if text[at : at + 1] == "\\" else at - 1
        escape = escaped(text[start : start + 2])
        return fault(f"unknown escape {escape}; double the backslash or use single quotes", start, 2)
    if "block" in context and text[_line_start(text, at) : at].rstrip(" ").endswith(('"', "'")):
        return fault("text behind the closing quote")
    if "block mapping" in context:
        return fault(f"this does not fit the mapping that begins at line {line}; is its indentation right?")
    if "block collection" in context or "block sequence" in context:
        word = "is its indentation right? An item begins with '- '"
        return fault(f"this does not fit the list that begins at line {line}; {word}")
    if "undefined alias" in problem:
        match = re.compile(r"\*[^\s,\[\]{}]*").match(text, at)
        return fault("an alias to an anchor that does not stand above", at, len(match[0]) if match else 1)
    for words, meaning in _MEANINGS:
        if words in problem:
            return fault(meaning)
    if "node content" in problem and at == len(text):
        return fault("the file ends where a value is due")
    if "node content" in problem:
        return fault("a value is missing here")
    for words, meaning in _CONTEXTS:
        if words in context:
            return fault(meaning)
    return fault(escaped(f"{context}: {problem}".strip(": ")))


def _no_token(char: str) -> str:
    if char == "\t":
        return "a tab where a value or a key is due; YAML indents with spaces"
    if char in ("{", "%", "@", "`"):
        return f"a value cannot begin with {shown(char)}; quote it"
    return f"a value cannot begin with {shown(char)}"


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind(end, 0, offset) for end in _BREAKS) + 1


def _rest_of_line(text: str, offset: int) -> int:
    match = re.compile(rf"[^{_BREAKS}]*").match(text, offset)
    return max(len(match[0].rstrip()), 1) if match else 1
