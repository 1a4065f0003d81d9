"""Definition, references and rename of the names in a spec, and the outline of a text."""

from __future__ import annotations

from algolint.aws.patterns import matches
from algolint.fixes.edit import Edit, EditError, apply
from algolint.messages import shown
from algolint.server import cursor, names
from algolint.server.half_typed import unquoted
from algolint.server.names import Occurrence
from algolint.server.tokens import bare, quoted
from algolint.server.tree import HOLE, LIST, OBJECT
from algolint.source import Source
from algolint.suppression.directives import text_of
from algolint.syntaxes import syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from algolint.aws.model import Model
    from algolint.fixes.embedding import Embedding
    from algolint.server.tree import Node, SpecTree
    from algolint.source import Span

    Json: TypeAlias = dict[str, Any]

_ARRAY, _OBJECT, _FIELD, _KEY = 18, 19, 8, 20
_MAX_SYMBOLS = 5000
_MAX_DETAIL = 60
# The field that names an item in the outline, by the item's shape.
_NAMING = (
    "Name",
    "ChannelName",
    "MetricName",
    "ProfileName",
    "InstanceGroupName",
    "ContainerHostname",
    "Key",
)
# The shape whose pattern each kind of name has to match.
_SHAPES = {
    names.HYPERPARAMETER: "ParameterName",
    names.METRIC: "MetricName",
    names.CHANNEL: "ChannelName",
    names.GROUP: "InstanceGroupName",
    names.PROFILE: "EntityName",
}


class RenameError(Exception):
    """Raised when a name cannot be changed, or not to the requested name."""


def span_of(occurrence: Occurrence) -> Span:
    """Return the span of a name, including quotes."""
    node = occurrence.node
    return node.key_span or node.span if occurrence.is_key else node.span


def name_at(specs: list[SpecTree], offset: int) -> tuple[SpecTree, Occurrence] | None:
    """Return the name at an offset and its spec, or None."""
    for spec in specs:
        for occurrence in names.occurrences(spec):
            start, end = span_of(occurrence)
            if start <= offset <= end:
                return spec, occurrence
    return None


def renamable(specs: list[SpecTree], offset: int) -> tuple[SpecTree, Occurrence] | None:
    """Return the name at an offset and its spec, if all its occurrences are in the text."""
    found = name_at([spec for spec in specs if not spec.is_job], offset)
    return None if found is None or found[1].kind == names.ALGORITHM else found


def definitions(specs: list[SpecTree], offset: int) -> list[tuple[SpecTree, Span]]:
    """Return the declarations of the name at an offset, each with the spec that has it."""
    return _places(specs, offset, lambda occurrence: occurrence.is_declaration)


def references(specs: list[SpecTree], offset: int, with_declarations: bool) -> list[tuple[SpecTree, Span]]:
    """Return the uses of the name at an offset, each with the spec that has it."""
    return _places(specs, offset, lambda occurrence: with_declarations or not occurrence.is_declaration)


def _places(
    specs: list[SpecTree], offset: int, is_wanted: Callable[[Occurrence], bool]
) -> list[tuple[SpecTree, Span]]:
    found = name_at(specs, offset)
    if found is None:
        return []
    spec, name = found
    # The algorithm of a job declares what the job names.
    around = [spec] if spec.algorithm is None else [spec, spec.algorithm]
    return [(one, span_of(o)) for one in around for o in names.same(one, name) if is_wanted(o)]


def renamed(specs: list[SpecTree], source: Source, offset: int, name: str) -> list[Edit]:
    """Return the edits that give the name at an offset another name everywhere.

    `specs` are the specs in a text. Raises `RenameError`, also if the text would not be read as wanted.
    """
    found = renamable(specs, offset)
    if found is None:
        raise RenameError("no name of a hyperparameter, channel, metric, group or profile here")
    spec, occurrence = found
    if name != occurrence.name and name in names.declared(spec, occurrence.kind, occurrence.scope):
        raise RenameError(f"there is a {occurrence.kind} {shown(name)} already")
    _check(spec.model, occurrence.kind, name)
    embedding = text_of(source)
    # A program may use one text in several places.
    spans = dict.fromkeys(map(span_of, names.same(spec, occurrence)))
    try:
        edits = embedding.edits([_edit(embedding, span, occurrence.name, name) for span in spans])
    except EditError:
        raise _not_written_out(occurrence.name) from None
    if not _is_renamed(specs, Source(source.name, apply(source.text, edits)), spec, occurrence, name):
        raise RenameError(f"{shown(name)} cannot be written where {shown(occurrence.name)} is")
    return edits


def _is_renamed(
    specs: list[SpecTree], after: Source, spec: SpecTree, occurrence: Occurrence, name: str
) -> bool:
    """Whether an edited text has the names of the specs before, with one name in a spec replaced."""
    expected = []
    for one in specs:
        found = names.occurrences(one)
        expected.append(
            [(o.kind, name if one is spec and names.is_same(o, occurrence) else o.name) for o in found]
        )
    read = cursor.specs(after, spec.model)
    return [[(o.kind, o.name) for o in names.occurrences(one)] for one in read] == expected


def _check(model: Model, kind: str, name: str) -> None:
    shape = model.shape(_SHAPES[kind])
    is_short = (shape.min or 1) <= len(name) <= (shape.max or len(name))
    if not is_short or (shape.pattern is not None and not matches(shape.pattern, name)):
        raise RenameError(f"{shown(name)} is not a valid name of a {kind}")


def _edit(embedding: Embedding, span: Span, old: str, new: str) -> Edit:
    """Return the edit of the embedded text for the token of a name, with the same quotes.

    Raises `RenameError`.
    """
    start, end = embedding.offset(span[0]), embedding.offset(span[1])
    token, syntax = embedding.text.text[start:end], syntax_of(embedding.text)
    if token[:1] in ("'", '"') and unquoted(token) == old:
        return Edit(start, end, quoted(new, token[0], syntax))
    if token != old:
        # It is an expression, or a text with escapes.
        raise _not_written_out(old)
    return Edit(start, end, bare(new, syntax))


def _not_written_out(name: str) -> RenameError:
    return RenameError(f"{shown(name)} is not written out everywhere, so it cannot be renamed")


# ---------------------------------------------------------------- outline


def outline(
    specs: list[SpecTree], placed: Callable[[Span], Json], redacted: Callable[[str], str]
) -> list[Json]:
    """Return the symbols of specs.

    `placed` returns the client's range of a span, and `redacted` a text without secrets.
    """
    left = _MAX_SYMBOLS
    found: list[Json] = []
    todo = [(spec.root, found) for spec in reversed(specs)]
    while todo and left:
        left -= 1
        node, siblings = todo.pop()
        symbol = _symbol(node, placed, redacted)
        siblings.append(symbol)
        if node.children:
            children: list[Json] = []
            symbol["children"] = children
            todo += [(child, children) for child in reversed(node.children)]
    return found


def _symbol(node: Node, placed: Callable[[Span], Json], redacted: Callable[[str], str]) -> Json:
    selection = node.key_span or node.span
    start, end = min(selection[0], node.span[0]), max(selection[1], node.span[1])
    name = next((text for key in _NAMING if (text := node.text(key))), None) if node.kind == OBJECT else None
    label = (
        name if isinstance(node.key, int) and name else node.key if node.key is not None else name or "spec"
    )
    symbol = {
        "name": redacted(str(label)) or '""',
        "kind": {LIST: _ARRAY, OBJECT: _OBJECT, HOLE: _KEY}.get(node.kind, _FIELD),
        "range": placed((start, end)),
        "selectionRange": placed(selection if node.key_span else (start, min(end, start + 1))),
    }
    if node.kind not in (LIST, OBJECT, HOLE):
        symbol["detail"] = redacted(shown(node.value, _MAX_DETAIL))
    return symbol
