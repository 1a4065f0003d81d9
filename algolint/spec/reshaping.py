"""Objects in place of a list of objects, and lists of objects in place of an object."""

from __future__ import annotations

from algolint.rule import Problem, Replace
from algolint.values import has_unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from algolint.aws.model import Shape
    from algolint.rule import Finding

# The names that other APIs use for the two fields of a map's entry.
_KEYS, _VALUES = ("Name", "name", "Key", "key"), ("Value", "value")


def explained(
    finding: Finding, shape: Shape, item: Shape, spelled: Callable[[str], str], meant: Any
) -> Finding:
    """Return a finding of `wrong_type` with a message about the shape's content, and `meant` as its fix."""
    rule, problem = finding
    required = [spelled(name) for name in item.required]
    *first, last = required or [""]
    names = f"{', '.join(first)} and {last}" if first else last
    parts = f" of objects with {names}" if names else ""
    if shape.type == "map":
        parts = " from names to values"
    title = f"write it as {'a list' if shape.type == 'list' else 'an object'}"
    fix = Replace((), meant, title=title) if meant is not None else None
    return rule, Problem(problem.path, f"{problem.message}{parts}", fix=fix)


def reshaped(value: Any, item: Shape) -> Any:
    """Return the value of the right kind that was meant, or None if that is not clear."""
    if has_unknown(value):
        return None
    return _items(value, item) if isinstance(value, dict) else _entries(value)


def _items(value: dict[str, Any], item: Shape) -> list[dict[str, Any]] | None:
    """Return the items that an object stands for: the object itself, or one for each of its keys."""
    fields = {name.casefold() for name in item.members}
    if not value or not item.members:
        return None
    if value.keys() <= item.members.keys():
        return [value]
    if fields.issuperset(map(str.casefold, value)):
        # It is one item with misspelt names.
        return None
    if "Name" in item.required and all(
        type(below) is dict and "Name" not in below for below in value.values()
    ):
        return [{"Name": key, **below} for key, below in value.items()]
    match [*item.required]:
        case [first, second] if len(item.members) == 2:
            return [{first: key, second: below} for key, below in value.items()]
    return None


def _entries(value: list[Any]) -> dict[str, Any] | None:
    """Return the object that a list of pairs stands for."""
    found: dict[str, Any] = {}
    for entry in value:
        if type(entry) is not dict or len(entry) != 2:
            return None
        key = next((entry[name] for name in _KEYS if name in entry), None)
        if type(key) is not str or key in found or not any(name in entry for name in _VALUES):
            return None
        found[key] = next(entry[name] for name in _VALUES if name in entry)
    return found or None
