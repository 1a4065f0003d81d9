"""Specs inside other documents: in a wrapper, in a list, or in an API call that another tool makes.

A document that is not a spec itself is searched one level deep. Tasks of Step Functions that call
CreateAlgorithm and calls of the CDK's AwsCustomResource are recognized at any depth, by their action.
"""

from __future__ import annotations

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.document import Document, ReaderFault
from algolint.source import LimitExceeded, SourceSyntaxError
from algolint.spec.recognition import is_of_another_api, shape_of
from algolint.values import UNKNOWN, OpenDict, PartialText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import Any, TypeAlias

    from algolint.document import CellPosition
    from algolint.rule import Fix
    from algolint.source import Span
    from algolint.values import Path

    # The route of a spec in its host, its values, and the class of its document.
    Spec: TypeAlias = tuple[Path, Any, Callable[[Document, Path, Any, int], Document]]

# Misspelt keys are only recognized in the first values of a wrapper or list, since comparing keys is slow.
_MANY = 100
_ACTIONS = frozenset(("createalgorithm", "createalgorithmcommand"))
# The suffix of a key whose value Step Functions take from their input: "AlgorithmName.$": "$.name".
_PATH_SUFFIX = ".$"


class EmbeddedDocument(Document):
    """A spec at a route of another document of the same syntax."""

    __slots__ = ("host", "route", "syntax")

    def __init__(self, host: Document, route: Path, spec: Any, index: int, shape: str | None = None) -> None:
        faults = [
            ReaderFault(fault.rule, fault.path[len(route) :], fault.span, fault.message, fault.related)
            for fault in host.faults
            if fault.path[: len(route)] == route
        ]
        super().__init__(
            host.source,
            spec,
            index,
            shape=shape,
            is_template=host.is_template,
            is_call=shape is not None,
            faults=faults,
        )
        self.syntax = host.syntax
        self.host = host
        self.route = route

    @property
    def resource(self) -> str:  # type: ignore[override]
        """The key of the wrapper."""
        return str(self.route[-1]) if isinstance(self.route[-1], str) else ""

    def locate(self, path: Path, key: bool = False) -> Span:
        return self.host.locate(self._route_of(path), key)

    def cell_at(self, offset: int) -> CellPosition | None:
        return self.host.cell_at(offset)

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        route = self._route_of(fix.path)
        if self.is_template or route != (*self.route, *fix.path):
            return None
        moved = fix.under(())
        moved.path = route
        return self.host.home(moved)

    def _route_of(self, path: Path) -> Path:
        """Return the path in the host, where keys may end in ".$"."""
        value = self.host.spec
        for step in self.route:
            value = value[step]
        route = list(self.route)
        for step in path:
            is_taken = isinstance(value, dict) and step not in value and f"{step}{_PATH_SUFFIX}" in value
            route.append(f"{step}{_PATH_SUFFIX}" if is_taken else step)
            try:
                value = value[route[-1]]
            except (LookupError, TypeError):
                value = None
        return tuple(route)


class RequestDocument(EmbeddedDocument):
    """The request of an API call in a document."""

    __slots__ = ()

    def __init__(self, host: Document, route: Path, spec: Any, index: int) -> None:
        super().__init__(host, route, spec, index, REQUEST)


class QuotedDocument(Document):
    """A spec written as JSON in a string of another document; the string is the location of all values."""

    __slots__ = ("host", "route")

    syntax = "json"

    def __init__(
        self, host: Document, route: Path, spec: Any, index: int, shape: str | None = REQUEST
    ) -> None:
        super().__init__(host.source, spec, index, shape=shape, is_template=True, is_call=True)
        self.host = host
        self.route = route

    def locate(self, path: Path, key: bool = False) -> Span:  # noqa: ARG002
        return self.host.locate(self.route)


def expanded(documents: list[Document]) -> list[Document]:
    """Return the documents of a file, each one that is not a spec replaced by the specs inside it."""
    text = documents[0].source.text if documents else ""
    has_calls = "reateAlgorithm" in text
    merged = _merged_anchors(text) if "<<" in text else ()
    rows: list[tuple[Document, list[Spec]]] = []
    for document in documents:
        is_spec = document.shape is not None or shape_of(document.spec) is not None
        specs = [] if is_spec else list(_specs(document.spec, has_calls))
        if merged and document.syntax == "yaml":
            specs = [
                (route, OpenDict(spec) if _is_merged(document, route, spec, merged) else spec, made)
                for route, spec, made in specs
            ]
        rows.append((document, specs))
    return numbered(rows, keeps=True)


# How far before a mapping its anchor is looked for.
_NEAR = 200


def _merged_anchors(text: str) -> set[str]:
    """Return the anchors that the merge keys of a YAML text refer to."""
    import re

    values = re.findall(r"<<\s*:([^#\n]*)", text)
    return {anchor for value in values for anchor in re.findall(r"\*([^\s,\[\]{}]+)(?=[\s,\]}]|$)", value)}


def _is_merged(document: Document, route: Path, spec: Any, merged: Collection[str]) -> bool:
    """Whether an object has an anchor that a merge key refers to, so that it need not be complete."""
    import re

    text, start = document.source.text, document.locate(route)[0]
    anchor = re.search(r"&([^\s,\[\]{}]+)\s*$", text[max(start - _NEAR, 0) : start])
    return anchor is not None and anchor[1] in merged and isinstance(spec, dict)


def numbered(rows: Sequence[tuple[Document, Sequence[Spec]]], keeps: bool = False) -> list[Document]:
    """Return the documents of the specs in each host, numbered so that each number is unique in the file.

    `keeps`: a host without specs is kept as it is.
    """
    found: list[Document] = []
    count = len(rows)
    for document, own in rows:
        if len(own) > limits.MAX_EMBEDDED:
            raise LimitExceeded(f"more than {limits.MAX_EMBEDDED:,} specs in one document", (0, 0))
        for number, (route, spec, made) in enumerate(own):
            index = document.index if number == 0 else count
            count += number > 0
            found.append(made(document, route, spec, index))
        if not own and keeps:
            found.append(document)
    return found


def _specs(spec: Any, has_calls: bool) -> Iterator[Spec]:
    if has_calls:
        calls = list(_calls(spec, (), 0))
        if calls:
            yield from calls
            return
    if isinstance(spec, list):
        yield from _items(spec, ())
    elif isinstance(spec, dict) and not is_schema(spec) and not is_of_another_api(spec):
        for number, (key, value) in enumerate(spec.items()):
            if isinstance(value, dict) and not is_schema(value) and shape_of(value, number < _MANY):
                yield (key,), value, EmbeddedDocument
            elif isinstance(value, list):
                yield from _items(value, (key,))


def _items(items: list[Any], route: Path) -> Iterator[Spec]:
    if route and shape_of(items):
        yield route, items, EmbeddedDocument
        return
    for index, item in enumerate(items):
        if isinstance(item, dict) and not is_schema(item) and shape_of(item, index < _MANY):
            yield (*route, index), item, EmbeddedDocument


def is_schema(value: dict[str, Any]) -> bool:
    """Whether an object describes fields instead of giving them values, as a JSON Schema does."""
    fields = [item for item in value.values() if isinstance(item, dict)]
    described = [item for item in fields if not item.keys().isdisjoint(_DESCRIBES)]
    return bool(value) and len(described) == len(value)


_DESCRIBES = frozenset(("type", "$ref", "shape", "anyOf", "oneOf", "allOf", "enum", "const"))


# ---------------------------------------------------------------- calls of the API


def _calls(value: Any, route: Path, depth: int) -> Iterator[Spec]:
    """Yield the requests of the calls of CreateAlgorithm in a value."""
    if depth > limits.MAX_DEPTH:
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _calls(item, (*route, index), depth + 1)
    elif isinstance(value, dict):
        parameters = _parameters_key(value)
        if parameters is not None:
            yield (*route, parameters), without_suffixes(value[parameters]), RequestDocument
            return
        for key, item in value.items():
            text = quoted(item, "reateAlgorithm")
            if text is not UNKNOWN:
                yield from (
                    ((*route, key), request, QuotedDocument) for _, request, _ in _calls(text, (), depth + 1)
                )
            else:
                yield from _calls(item, (*route, key), depth + 1)


def _parameters_key(call: dict[str, Any]) -> str | None:
    """Return the key of the request in a Step Functions task or an AwsCustomResource call, or None."""
    task = task_of(call)
    if task is not None:
        return task[1] if task[0].casefold() in _ACTIONS else None
    match call:
        case {"service": str() as service, "action": str() as action, "parameters": _}:
            if "sagemaker" in service.casefold() and action.casefold() in _ACTIONS:
                return "parameters"
    return None


def task_of(state: dict[str, Any]) -> tuple[str, str] | None:
    """Return the action and the key of the request of a Step Functions task that calls SageMaker, or None."""
    match state:
        case {"Type": str("Task"), "Resource": {"Fn::Sub": str() as resource}}:
            pass
        case {"Type": str("Task"), "Resource": {"Fn::Join": [str(), [*_, str() as resource]]}}:
            pass
        case {"Type": str("Task"), "Resource": str() as resource}:
            pass
        case {"Type": str("Task"), "Resource": PartialText(pieces=(*_, str() as resource))}:
            pass
        case _:
            return None
    # The partition before it may be unknown, and .sync may follow.
    _, mark, action = resource.partition(":sagemaker:")
    key = next((key for key in ("Parameters", "Arguments") if key in state), None)
    return (action.partition(".")[0], key) if mark and key is not None else None


def without_suffixes(value: Any) -> Any:
    """Return the parameters of a task; values taken from its input are unknown."""
    if isinstance(value, dict):
        fields = {
            key.removesuffix(_PATH_SUFFIX): UNKNOWN if key.endswith(_PATH_SUFFIX) else without_suffixes(item)
            for key, item in value.items()
        }
        return OpenDict(fields) if isinstance(value, OpenDict) else fields
    if isinstance(value, list):
        items = [without_suffixes(item) for item in value]
        return type(value)(items)
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        # It is a JSONata expression.
        return UNKNOWN
    return value


def quoted(value: Any, word: str) -> Any:
    """Return the object in a JSON text that contains a word; `UNKNOWN` for any other value."""
    match value:
        case {"Fn::Join": ["", list() as pieces]}:
            # Values of other resources are not known.
            value = "".join(piece if isinstance(piece, str) else "${Token}" for piece in pieces)
        case {"Fn::Sub": str() as text} | {"Fn::Sub": [str() as text, *_]}:
            value = text
    if not isinstance(value, str) or word not in value or not value.lstrip().startswith("{"):
        return UNKNOWN
    from algolint.readers import json as read_json
    from algolint.source import Source

    try:
        (document,) = read_json.read(Source("call.json", value))
    except SourceSyntaxError:
        return UNKNOWN
    return document.spec
