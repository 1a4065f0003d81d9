"""CloudFormation templates: each resource of the type AWS::SageMaker::Algorithm is a request of its own.

A template is JSON or YAML and is read as that first; what is left to do is to see which values the
intrinsic functions leave open. The same goes for what the CDK and SAM write.
"""

from __future__ import annotations

from algolint import limits
from algolint.aws.cloudformation_table import NOT_IN_ALGORITHM
from algolint.aws.model import REQUEST
from algolint.document import Document, ReaderFault
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.spec.context import CLOUDFORMATION
from algolint.spec.recognition import CLOUDFORMATION_TYPE
from algolint.values import (
    MAYBE,
    UNKNOWN,
    OpenDict,
    OpenList,
    PartialText,
    is_open,
    known_pieces,
    put_together,
    with_gaps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from algolint.rule import Fix
    from algolint.source import Span
    from algolint.values import Path

_NO_VALUE = "AWS::NoValue"
_LOOP = "Fn::ForEach::"


class HostedDocument(Document):
    """A spec inside of a document of its file, the host. `routes` are the paths of its values there.

    `keys` are the paths of values that are keys in the host.
    """

    __slots__ = ("host", "keys", "routes")

    syntax = "hosted"

    def __init__(
        self,
        host: Document,
        spec: Any,
        routes: dict[Path, Path],
        index: int,
        target: str,
        *,
        shape: str = REQUEST,
        keys: frozenset[Path] = frozenset(),
    ) -> None:
        super().__init__(
            host.source,
            spec,
            index,
            shape=shape,
            target=target,
            is_template=host.is_template,
            faults=list(_faults_at(routes, host.faults)) if host.faults else (),
        )
        self.host = host
        self.routes = routes
        self.keys = keys

    def locate(self, path: Path, key: bool = False) -> Span:
        while path not in self.routes:
            path = path[:-1]
        return self.host.locate(self.routes[path], key or path in self.keys)

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        if self.is_template or fix.path not in self.routes:
            return None
        moved = fix.under(())
        moved.path = self.routes[fix.path]
        return self.host.home(moved)


def _faults_at(routes: dict[Path, Path], faults: Sequence[ReaderFault]) -> Iterator[ReaderFault]:
    """The faults of the host that are in a spec, with their paths in that."""
    paths = {route: path for path, route in routes.items()}
    for fault in faults:
        if fault.path in paths:
            yield ReaderFault(fault.rule, paths[fault.path], fault.span, fault.message, fault.related)


def expanded(documents: list[Document]) -> list[Document]:
    """The documents of a file, with the algorithms of a template in the place of the template."""
    found: list[Document] = []
    beyond = len(documents)
    count = 0
    for document in documents:
        resources = list(_algorithms(document))
        count += len(resources)
        check_number(count)
        for number, (names, resource) in enumerate(resources):
            index = number if beyond == 1 else document.index if number == 0 else beyond
            beyond += number > 0 and beyond != 1
            found.append(_document(document, names, resource, index))
        if not resources:
            found.append(document)
    return found


def check_number(count: int) -> None:
    """Raises `SyntaxFault` where a file has more algorithms than are looked at."""
    if count > limits.MAX_ALGORITHMS:
        raise LimitExceeded(f"more than {limits.MAX_ALGORITHMS:,} algorithms in one template", (0, 0))


def _algorithms(document: Document) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The algorithms among the resources of a template, each with its route."""
    match document.spec:
        case {"Resources": dict() as resources}:
            yield from _of_type(resources, ("Resources",))


def _of_type(resources: dict[str, Any], route: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, resource in resources.items():
        match resource:
            case {"Type": str() as kind} if kind == CLOUDFORMATION_TYPE:
                yield (*route, name), resource
            case [_, _, dict() as repeated] if name.startswith(_LOOP):
                yield from _of_type(repeated, (*route, name, 2))


def _document(host: Document, names: Path, resource: dict[str, Any], index: int) -> HostedDocument:
    spec, routes = properties(host, names, resource)
    without_foreign(spec)
    return HostedDocument(host, spec, routes, index, CLOUDFORMATION)


def properties(host: Document, names: Path, resource: dict[str, Any]) -> tuple[Any, dict[Path, Path]]:
    """Return the properties of a resource of a template, and the route of each."""
    reading = _Reading(host)
    route = (*names, "Properties")
    reading.routes[()] = route
    # Where nothing is known to be there, it may be in a part of the text that cannot be read.
    missing: Any = UNKNOWN if isinstance(resource, OpenDict) else {}
    return reading.value(resource.get("Properties", missing), (), route), reading.routes


def without_foreign(spec: Any) -> None:
    """Make the parts that CloudFormation's type lacks unknown: their presence is the one fault they have."""
    match spec:
        case dict():
            _hide(spec, NOT_IN_ALGORITHM[REQUEST])
            match spec.get("TrainingSpecification"):
                case dict() as training:
                    _hide(training, NOT_IN_ALGORITHM["TrainingSpecification"])
            match spec.get("InferenceSpecification"):
                case {"Containers": list() as containers}:
                    for container in containers:
                        if isinstance(container, dict):
                            _hide(container, NOT_IN_ALGORITHM["ModelPackageContainerDefinition"])


def _hide(part: dict[str, Any], names: frozenset[str]) -> None:
    for name in names & part.keys():
        if part[name] is not MAYBE:
            part[name] = UNKNOWN


class _Reading:
    """Takes the properties of a resource out of the values of its template."""

    def __init__(self, host: Document) -> None:
        self.host = host
        self.routes: dict[Path, Path] = {}

    def value(self, value: Any, path: Path, route: Path) -> Any:
        if value is UNKNOWN:
            return _short_form(self.host, route)
        if is_intrinsic(value):
            return _substituted(value)
        if isinstance(value, dict):
            return self.mapping(value, path, route)
        if isinstance(value, list):
            return self.sequence(value, path, route)
        return value

    def mapping(self, value: dict[str, Any], path: Path, route: Path) -> dict[str, Any]:
        own = type(value)()
        is_open = False
        for key, item in value.items():
            if key == "Fn::Transform" or key.startswith(_LOOP):
                is_open = True
                continue
            below = (*route, key)
            presence = self.presence(item, below)
            if presence == "absent":
                continue
            self.routes[(*path, key)] = below
            own[key] = MAYBE if presence == "maybe" else self.value(item, (*path, key), below)
        return OpenDict(own) if is_open else own

    def sequence(self, value: list[Any], path: Path, route: Path) -> list[Any]:
        own = type(value)()
        is_open = False
        for index, item in enumerate(value):
            below = (*route, index)
            presence = self.presence(item, below)
            if presence == "maybe":
                is_open = True
            elif presence == "present":
                here = (*path, len(own))
                self.routes[here] = below
                own.append(self.value(item, here, below))
        return OpenList(own) if is_open else own

    def presence(self, value: Any, route: Path) -> str:
        """Whether a value is "present", "absent" or "maybe" there: AWS::NoValue takes a property away."""
        if value is not UNKNOWN and not is_intrinsic(value):
            return "present"
        start, end = self.host.locate(route)
        text = self.host.source.text
        if _NO_VALUE not in text[start:end]:
            return "present"
        if value is UNKNOWN:
            # A short form: the tag is between the key and the value.
            return "absent" if text[start:end].strip("\"'") == _NO_VALUE else "maybe"
        return "absent" if value == {"Ref": _NO_VALUE} else "maybe"


# How far before a value its tag is looked for, of how long a value, and in how many levels of functions.
_NEAR = 40
_LONGEST = 4000
_DEEPEST = 4


def _short_form(host: Document, route: Path, depth: int = 0) -> Any:
    """The value of a function whose tag is between the key and the value: of `!Sub` and `!Join`."""
    start, end = host.locate(route)
    text = host.source.text
    before = text[max(start - _NEAR, 0) : start].rstrip()
    name = next((name for name in ("Sub", "Join") if before.endswith(f"!{name}")), None)
    if name is None or end - start > _LONGEST or depth == _DEEPEST:
        return UNKNOWN
    from algolint.readers import yaml as read_yaml

    # At its column, so that the indentation of further lines holds.
    column = start - text.rfind("\n", 0, start) - 1
    try:
        (document,) = read_yaml.read(Source("", f"value:\n{' ' * max(column, 1)}{text[start:end]}\n"))
        value = document.spec["value"]
    except (SourceSyntaxError, ValueError, LookupError, TypeError):
        return UNKNOWN
    if name == "Join" and isinstance(value, list) and len(value) == 2 and isinstance(value[1], list):
        for index, item in enumerate(value[1]):
            if item is UNKNOWN:
                value[1][index] = _short_form(document, ("value", 1, index), depth + 1)
    return _substituted({f"Fn::{name}": value})


def _substituted(value: Any) -> Any:
    """The text that a function puts together, as far as it is known."""
    match value:
        case {"Fn::Sub": str() as text} | {"Fn::Sub": [str() as text, *_]}:
            return _without_variables(text)
        case {"Fn::Join": [str() as separator, list() as items]} if not is_open(items):
            parts: list[str | None] = []
            for item in items:
                seen = item if isinstance(item, (str, PartialText)) else _substituted(item)
                pieces = known_pieces(seen) if isinstance(seen, (str, PartialText)) else ("", "")
                parts += [separator] if parts else []
                parts += with_gaps(pieces)
            return put_together(parts)
    return UNKNOWN


def _without_variables(text: str) -> Any:
    """The text of `Fn::Sub`, in which ${Name} is filled in and ${!Name} is the text ${Name}."""
    import re

    parts = re.split(r"\$\{(?!!)[^}]*\}", text)
    return put_together(with_gaps(part.replace("${!", "${") for part in parts), text)


def is_intrinsic(value: Any) -> bool:
    """Return whether this is a function of CloudFormation in its long form, which computes a value."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    name: str = next(iter(value))
    return name == "Ref" or name.startswith("Fn::")
