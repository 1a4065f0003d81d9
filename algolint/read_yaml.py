"""YAML, read as AWS CLI v2 reads it: YAML 1.2 with the extras of ruamel.yaml's safe loader.

PyYAML composes nodes, which carry their marks; values and positions are taken from the nodes here.
"""

from __future__ import annotations

import re

import yaml
from yaml.composer import Composer, ComposerError
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from algolint.read_json import MAX_DEPTH
from algolint.source import Document, SyntaxFault
from algolint.values import UNKNOWN, OpenDict
from algolint.wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from yaml.nodes import Node

    from algolint.source import Source, Span
    from algolint.values import Path

    Fault: TypeAlias = tuple[str, Path, Span, str, tuple[str, Span] | None]

#: How many nodes aliases may add to those that are written out.
MAX_ALIASED = 100_000

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

_FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN)"
)
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+)")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
_SEXAGESIMAL = re.compile(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+")
_SEXAGESIMAL_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*")
_OCTAL_1_1 = re.compile(r"[-+]?0[0-7_]+")
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
        number = sign * int(digits[2:], {"0b": 2, "0o": 8, "0x": 16}[digits[:2]]) if (
            digits[:2] in ("0b", "0o", "0x")
        ) else sign * int(digits)
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
    return YamlScalar(token, "a date" if len(token) == 10 and ":" not in token else "a timestamp", certain=True)


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

    def resolve(self, kind: object, value: object, implicit: object) -> None:
        return None

    def descend_resolver(self, parent: object, index: object) -> None:
        return None

    def ascend_resolver(self) -> None:
        return None


class _PureParser(Reader, Scanner, Parser):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


class _Redefining(Composer):
    """A composer that lets an anchor be defined again, as YAML does and PyYAML does not."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[attr-defined]
        if getattr(event, "value", None) is None and type(event).__name__ == "AliasEvent":
            return super().compose_node(parent, index)
        self.anchors.pop(event.anchor, None)
        return super().compose_node(parent, index)


class _PureLoader(_Unresolved, _Redefining, _PureParser):
    def __init__(self, text: str) -> None:
        _PureParser.__init__(self, text)
        Composer.__init__(self)


if yaml.__with_libyaml__:
    from yaml.cyaml import CParser

    class _FastLoader(_Unresolved, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)

    class _FastRedefiningLoader(_Unresolved, _Redefining, CParser):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)


def _loader(text: str, redefining: bool = False) -> Any:
    if not yaml.__with_libyaml__:
        return _PureLoader(text)
    return _FastRedefiningLoader(text) if redefining else _FastLoader(text)


#: A depth that composing bears, in the C library and in the pure-Python composer.
_BEARABLE = 1000
_BEARABLE_PURE = 200

# A block collection starts at a column of its own, with nothing but these before it on its line.
_FAR_COLUMN = 50
_FAR_INDENT = re.compile(rf"(?:\A|[{_BREAKS}])[ \t?:\ufeff-]{{{_FAR_COLUMN}}}")


def _depth_bound(text: str) -> int:
    """A depth that the text cannot exceed, or a very large number where that takes parsing.

    Along a path the columns of block collections increase, and at most a sequence without indentation
    shares its column with the mapping that holds it. In flow a bracket brings at most a collection and
    a mapping of one pair without braces.
    """
    if _FAR_INDENT.search(text):
        return 1 << 30
    return 2 * (_FAR_COLUMN + 1) + 2 * (text.count("[") + text.count("{"))


def _check_depth(text: str) -> None:
    """Raises SyntaxFault for nesting over the limit, from the parser's events: they need no recursion."""
    loader = _loader(text)
    depth = 0
    while loader.check_event():
        event = loader.get_event()
        kind = type(event).__name__
        if kind in ("SequenceStartEvent", "MappingStartEvent"):
            depth += 1
            if depth > MAX_DEPTH:
                raise _too_deep(event.start_mark.index)
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            depth -= 1


def _too_deep(offset: int) -> SyntaxFault:
    return SyntaxFault(f"nested more than {MAX_DEPTH} levels deep", (offset, offset + 1))


def _compose(text: str) -> list[Node]:
    """The root node of each document of the stream."""
    if _depth_bound(text) > (_BEARABLE if yaml.__with_libyaml__ else _BEARABLE_PURE):
        _check_depth(text)
    try:
        return _nodes(_loader(text))
    except ComposerError as error:
        if "duplicate anchor" not in str(error.context):
            raise
    return _nodes(_loader(text, redefining=True))


def _nodes(loader: Any) -> list[Node]:
    nodes = []
    while loader.check_node():
        nodes.append(loader.get_node())
    return nodes


def _versions(text: str) -> list[tuple[int, int] | None]:
    """The version that a directive gives each document; it holds until the next directive, as in ruamel.yaml."""
    versions: list[tuple[int, int] | None] = []
    version = None
    loader = _loader(text)
    while loader.check_event():
        event = loader.get_event()
        if type(event).__name__ == "DocumentStartEvent":
            version = event.version or version
            versions.append(version)
    return versions


# ---------------------------------------------------------------------------- reading

_VERSION_DIRECTIVE = re.compile(r"^%YAML", re.MULTILINE)


def read(source: Source) -> list[Document]:
    """The documents of a YAML stream; empty ones are passed over where there are others."""
    text = source.text
    try:
        masked, nodes = _compose_json_too(text)
        versions = _versions(masked) if _VERSION_DIRECTIVE.search(text) else []
    except (YAMLError, UnicodeEncodeError, RecursionError) as error:
        raise _syntax_fault(source, error) from None
    documents: list[Document] = []
    for index, node in enumerate(nodes):
        if len(nodes) > 1 and _is_null(node):
            continue
        values = _VALUES_1_1 if versions and versions[index] == (1, 1) else _VALUES
        documents.append(_Reading(source, masked, node, values).document(index))
    if documents and not all(map(_is_empty, nodes)):
        return documents
    if all(map(_is_empty, nodes)):
        raise SyntaxFault("the file is empty", (0, 0))
    return [YamlDocument(source, None, nodes[0], masked)]


def _is_empty(node: Node) -> bool:
    return type(node) is ScalarNode and node.tag is None and node.style == "" and not node.value


def _is_null(node: Node) -> bool:
    return type(node) is ScalarNode and node.tag is None and not node.style and _WORDS.get(node.value, 0) is None


# JSON writes characters beyond the first plane as two escapes, which libyaml refuses. They are covered by
# as many characters of private use, so that every position holds, and uncovered in the nodes.
_SURROGATES = re.compile(
    r"\\(?:(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
_ESCAPE_LENGTH = 6


def _compose_json_too(text: str) -> tuple[str, list[Node]]:
    """The nodes, and the text that they were composed from."""
    try:
        return text, _compose(text)
    except MarkedYAMLError as error:
        if "invalid Unicode character escape" not in str(error.problem):
            raise
    cover = next(chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
    masked = _SURROGATES.sub(lambda m: cover * len(m[0]) if m[1] or m[2] else m[0], text)
    nodes = _compose(masked)
    covered = re.compile(f"{cover}{{{_ESCAPE_LENGTH}}}")
    for node in _walk_scalars(nodes):
        if cover in node.value:
            escapes = _uncovered(text[node.start_mark.index : node.end_mark.index], node.style == '"')
            node.value = covered.sub(lambda _, escapes=escapes: next(escapes), node.value)  # type: ignore[misc]
    return masked, nodes


def _uncovered(token: str, decoded: bool) -> Iterator[str]:
    for match in _SURROGATES.finditer(token):
        escape = match[0]
        if match[1]:
            high, low = int(escape[2:6], 16), int(escape[8:], 16)
            yield chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00) if decoded else escape[:_ESCAPE_LENGTH]
            yield "" if decoded else escape[_ESCAPE_LENGTH:]
        elif match[2]:
            yield chr(int(escape[2:], 16)) if decoded else escape


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


_ALIAS = re.compile(rf"\*(?<![^\s\[{{,:?{_BREAKS}-]\*)")


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
        if "&" in text and _ALIAS.search(text):
            self.shared = _Sharing(text).nodes(self.root)
        try:
            spec = self.value(self.root, 1)
        except ValueError as error:
            raise SyntaxFault(str(error), self.refused()) from None
        document = YamlDocument(self.source, spec, self.root, self.masked, index)
        if self.repeats:
            document.faults.extend(_duplicate_keys(document))
        return document

    def refused(self) -> Span:
        """The first scalar that cannot be read."""
        for node in sorted(_walk_scalars([self.root]), key=lambda node: int(node.start_mark.index)):
            try:
                self.scalar(node)
            except ValueError:
                return _scalar_span(self.masked, node)
        return (0, 0)

    def value(self, node: Any, depth: int) -> Any:
        kind = type(node)
        if kind is ScalarNode:
            return self.scalar(node)
        if id(node) in self.built:
            return self.built[id(node)]
        if depth > MAX_DEPTH:
            raise _too_deep(_start(self.masked, node))
        value: Any
        if node.tag is not None and node.tag != (_SEQ if kind is SequenceNode else _MAP):
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
            if type(item) is ScalarNode and item.tag is None
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
            if type(key) is not ScalarNode or key.tag is not None or (name == "<<" and not key.style):
                special.append(pair)
            elif type(item) is ScalarNode and item.tag is None:
                own[name] = item.value if item.style else values[item.value]
            else:
                own[name] = value(item, depth)
        if len(own) + len(special) != len(node.value):
            self.repeats = True
        return self.special(own, special, depth) if special else own

    def special(self, own: dict[str, Any], pairs: list[tuple[Node, Node]], depth: int) -> dict[str, Any]:
        """Adds the pairs whose keys are tagged, complex or a merge."""
        merged: dict[str, Any] = {}
        is_open = False
        merges = 0
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
            self.repeats = self.repeats or name in own
            own[name] = self.value(item, depth)
        self.repeats = self.repeats or merges > 1
        merged.update(own)
        return OpenDict(merged) if is_open else merged

    def scalar(self, node: ScalarNode) -> Any:
        tag, token = node.tag, node.value
        if tag is None:
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
            number = _float(token)
            return YamlScalar(token, "NaN", certain=True) if number != number else number
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
        and (key.tag == _TAG + "merge" or (key.tag is None and not key.style))
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
        if type(part) is not MappingNode and part.tag is None:
            start = _start(text, part)
            raise SyntaxFault("'<<' merges a mapping or a list of mappings", (start, max(_end(text, part), start)))
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
        raise SyntaxFault(message, match.span() if match else (start, start + 1))


# ---------------------------------------------------------------------------- positions

_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#.*)?)+)+")


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


def _end(text: str, node: Any) -> int:
    return YamlDocument.end_of(text, node, None)


class YamlDocument(Document):
    """A document of a YAML stream. Its nodes are kept, and say where everything stands."""

    __slots__ = ("_aliases", "_fields", "_root", "_text")

    syntax = "yaml"

    def __init__(self, source: Source, spec: Any, root: Node, text: str, index: int = 0) -> None:
        super().__init__(source, spec, index)
        self._root: Any = root
        self._text = text
        self._fields: dict[int, dict[str, tuple[Any, int]]] = {}
        self._aliases: dict[tuple[int, int], Span] | None = None

    def is_plain(self, path: Path) -> bool:
        """Whether the value at a path is a scalar without quotes, block indicator or tag."""
        found = self._find(path)
        if len(found) <= len(path):
            return False
        node = found[-1][0]
        return type(node) is ScalarNode and node.tag is None and not node.style
