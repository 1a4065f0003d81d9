"""Reading Terraform's JSON: each algorithm in a `.tf.json` file is a request, as in the native syntax."""

from __future__ import annotations

import re

from algolint.aws.model import REQUEST
from algolint.readers.cloudformation import HostedDocument, check_number, without_foreign
from algolint.readers.terraform_names import LISTS, MAPS, META, TARGETS, api_name, provider_name
from algolint.rule import Quote, Remove, Replace
from algolint.spec.context import AWSCC
from algolint.values import MAYBE, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from algolint.document import Document
    from algolint.rule import Fix
    from algolint.values import Path


class ResourceDocument(HostedDocument):
    """A resource in a `.tf.json` file, where fields have the provider's names."""

    __slots__ = ()

    def __init__(
        self,
        host: Document,
        spec: Any,
        routes: dict[Path, Path],
        index: int,
        target: str,
        shape: str = REQUEST,
    ) -> None:
        # In a map of tags the key of a tag is the key of a member.
        keys = frozenset(
            path
            for path, route in routes.items()
            if path[:1] == ("Tags",) and path[2:] == ("Key",) and route == routes.get(path[:2])
        )
        super().__init__(host, spec, routes, index, target, shape=shape, keys=keys)

    def spelled(self, field: str) -> str:
        return provider_name(field)

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        match fix:
            case Replace(value=dict() | [dict(), *_]):
                return None
            case Replace() | Remove() | Quote() if fix.path not in self.keys:
                return super().home(fix)
        # Other fixes would write the API's names.
        return None


def expanded(documents: list[Document]) -> list[Document]:
    """Return the algorithms of a `.tf.json` file, or the file's own documents if it has none."""
    found: list[Document] = []
    for host in documents:
        for kind, spec, routes in resources(host, TARGETS):
            check_number(len(found) + 1)
            target = TARGETS[kind]
            if target == AWSCC:
                without_foreign(spec)
            found.append(ResourceDocument(host, spec, routes, len(found), target))
    return found or documents


def resources(host: Document, kinds: Iterable[str]) -> Iterator[tuple[str, Any, dict[Path, Path]]]:
    """Yield the resources of some types: type, values with the API's names, and the values' routes."""
    for route, kind, body in _resources(host.spec, kinds):
        reading = _JsonReading(TARGETS.get(kind) == AWSCC)
        (there, own), *more = [*_objects(body, route)] or [(route, body)]
        reading.routes[()] = route if more else there
        spec = reading.mapping(own, (), there) if isinstance(own, dict) and not more else body
        yield kind, spec, reading.routes


def _resources(spec: Any, wanted: Iterable[str]) -> Iterator[tuple[Path, str, Any]]:
    """Yield the route, type and body of each resource of some types.

    The file and each level of labels may be a list of objects. A body that is null or an empty list does not
    define a resource.
    """
    for base, root in _objects(spec, ()):
        for route, kinds in _objects(root.get("resource"), (*base, "resource")):
            for kind in wanted:
                for inner, named in _objects(kinds.get(kind), (*route, kind)):
                    yield from (
                        ((*inner, name), kind, body)
                        for name, body in named.items()
                        # Not `body != []`, since an unknown body cannot be compared.
                        if body is not None and not (isinstance(body, list) and not body)
                    )


def _objects(value: Any, route: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a value that is an object, or the objects in a list, each with its route."""
    if isinstance(value, dict):
        yield route, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield (*route, index), item


_NULLABLE = re.compile(r"\$\{\s*(?:var|local|module|each|try|lookup|one)\b.*\}", re.DOTALL)


class _JsonReading:
    """Collects the values of a resource from Terraform's JSON, and their routes."""

    def __init__(self, is_awscc: bool) -> None:
        self.routes: dict[Path, Path] = {}
        self._is_awscc = is_awscc

    def mapping(self, body: dict[str, Any], path: Path, route: Path) -> dict[str, Any]:
        own: dict[str, Any] = {}
        for written, value in body.items():
            name = api_name(written)
            if written == "//" or value is None or (not path and written in META):
                continue
            if written == "dynamic":
                continue
            here, there = (*path, name), (*route, written)
            self.routes[here] = there
            if not path and name == "Tags" and isinstance(value, dict):
                own[name] = self.kept(value, here, there) if self._is_awscc else self.tags(value, there)
            else:
                own[name] = self.value(value, name, here, there)
        dynamic = body.get("dynamic")
        for blocks in dynamic if isinstance(dynamic, list) else [dynamic]:
            for written in blocks if isinstance(blocks, dict) else ():
                items = own.get(api_name(written), MAYBE)
                own[api_name(written)] = OpenList(items) if isinstance(items, list) else items
        return own

    def value(self, value: Any, name: str, path: Path, route: Path) -> Any:
        if isinstance(value, str):
            return MAYBE if _NULLABLE.fullmatch(value) else value
        if isinstance(value, dict):
            if name in MAPS:
                return self.kept(value, path, route)
            if name in LISTS:
                # One block may be written without the list around it.
                self.routes[(*path, 0)] = route
                return [self.mapping(value, (*path, 0), route)]
            return self.mapping(value, path, route)
        if isinstance(value, list):
            if name not in LISTS and len(value) == 1 and isinstance(value[0], dict):
                self.routes[path] = (*route, 0)
                return self.mapping(value[0], path, (*route, 0))
            return [self.item(item, (*path, i), (*route, i)) for i, item in enumerate(value)]
        return value

    def item(self, item: Any, path: Path, route: Path) -> Any:
        self.routes[path] = route
        return self.mapping(item, path, route) if isinstance(item, dict) else item

    def tags(self, tags: dict[str, Any], route: Path) -> list[dict[str, Any]]:
        for index, (key, value) in enumerate(tags.items()):
            self.routes[("Tags", index)] = self.routes[("Tags", index, "Key")] = (*route, key)
            self.kept(value, ("Tags", index, "Value"), (*route, key))
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def kept(self, value: Any, path: Path, route: Path) -> Any:
        """Return a value unchanged, and record the routes of everything in it."""
        self.routes[path] = route
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for step, item in items:
            self.kept(item, (*path, step), (*route, step))
        return value
