"""Where the cursor is in a half-typed text of JSON or YAML: in which value or key, of which spec."""

from __future__ import annotations

from algolint.server import tree
from algolint.server.half_typed import read_json, read_yaml
from algolint.server.tree import Node
from algolint.source import SourceSyntaxError, UnreadableSource
from algolint.spec import recognition
from algolint.syntaxes import JSON, YAML, read, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.aws.model import Model
    from algolint.server.tree import Spec
    from algolint.source import Source, Span

# A character that no text has, to be found in what is read.
_MARK = "\ue000"


class Cursor:
    """A place to type at: a key or a value of a spec."""

    __slots__ = ("has_colon", "is_json", "is_key", "node", "quote", "span", "spec", "text")

    def __init__(self, spec: Spec, node: Node, is_key: bool, span: Span, source: Source) -> None:
        self.spec = spec
        self.node = node
        self.is_key = is_key
        #: The token that is typed, quotes included; empty where nothing is there yet.
        self.span = span
        self.text = source.text
        token = source.text[span[0] : span[1]]
        self.quote = token[0] if token[:1] in ('"', "'") else ""
        self.is_json = syntax_of(source) is JSON
        self.has_colon = source.text[span[1] :].lstrip(" \t").startswith(":")

    @property
    def holder(self) -> Node:
        """The object or the list that the key or the value is in."""
        return self.node.parent or self.node


def cursor_at(source: Source, offset: int, model: Model) -> Cursor | None:
    """Return the place at an offset of a text; None where it is not in a spec, or no place of its own."""
    if syntax_of(source) not in (JSON, YAML) or _MARK in source.text:
        return None
    text = f"{source.text[:offset]}{_MARK}{source.text[offset:]}"
    for root in _roots(text, syntax_of(source) is JSON):
        for node in root.walk():
            is_key = isinstance(node.key, str) and _MARK in node.key
            is_value = isinstance(node.value, str) and _MARK in node.value
            span = node.key_span if is_key else node.span
            if not (is_key or is_value) or span is None:
                continue
            for spec in tree.specs_in(root, model, _is_begun(source)):
                if spec.root in node.ancestors():
                    return Cursor(spec, node, is_key, (span[0], span[1] - 1), source)
    return None


def specs(source: Source, model: Model) -> list[Spec]:
    """Return the specs of a text: of JSON and YAML also while it is half typed."""
    syntax = syntax_of(source)
    if syntax in (JSON, YAML):
        roots = _roots(source.text, syntax is JSON)
        return [spec for root in roots for spec in tree.specs_in(root, model, is_spec=False)]
    try:
        documents = read(source)
    except (SourceSyntaxError, UnreadableSource):
        return []
    found = (tree.of_document(document, model) for document in documents)
    return [spec for spec in found if spec is not None]


def _roots(text: str, is_json: bool) -> list[Node]:
    return [read_json(text)] if is_json else read_yaml(text)


def _is_begun(source: Source) -> bool:
    """Whether a text without a recognised spec is to be one: by its name, or by a field that it has."""
    name = source.name.rpartition("/")[2].lower()
    return "algorithm" in name or recognition.may_hold_spec(source.text)
