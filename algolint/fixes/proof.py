"""Proving a fix: the values that a document must have after it, and comparing specs."""

from __future__ import annotations

from algolint.fixes.edit import EditError
from algolint.rule import Insert, Quote, Remove, Rename, Replace
from algolint.values import PartialText, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from algolint.rule import Fix
    from algolint.values import Path


def changed(spec: Any, fix: Fix, token: str = "") -> Any:
    """Return a copy of a spec with a fix made. Raises `EditError` if that is not possible.

    `token` is the text of the scalar that a `Quote` quotes.
    """
    match fix:
        case Remove(path=(*above, last)):
            return _at(spec, tuple(above), lambda value: _without(value, last))
        case Replace():
            return _at(spec, fix.path, lambda _: fix.value)
        case Insert():
            return _at(spec, fix.path, lambda value: _with(value, fix.key, fix.value))
        case Rename(path=(*above, last)):
            return _at(spec, tuple(above), lambda value: _renamed(value, last, fix.key))
        case Quote():
            return _at(spec, fix.path, lambda _: token)
    raise EditError(fix)


def same(found: Any, expected: Any) -> bool:
    """Whether two specs are equal, including types. Unknown values have to be identical or have equal pieces.

    A plain scalar that some YAML readers do not read as a string may become a `str`, but not vice versa.
    """
    if isinstance(found, PartialText) and isinstance(expected, PartialText):
        return (found.pieces, found.written) == (expected.pieces, expected.written)
    if isinstance(found, Unknown) or isinstance(expected, Unknown):
        return found is expected
    if type(found) is str and isinstance(expected, str):
        return found == str(expected)
    if type(found) is not type(expected):
        return False
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected) or (found != found and expected != expected)  # noqa: PLR0124


def _at(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    step, *rest = path
    if not _has(value, step):
        raise EditError(step)
    copy = type(value)(value)
    copy[step] = _at(value[step], tuple(rest), change)
    return copy


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


def _without(value: Any, step: str | int) -> Any:
    if not _has(value, step):
        raise EditError(step)
    copy = type(value)(value)
    del copy[step]
    return copy


def _with(value: Any, key: str, below: Any) -> Any:
    if value is None:
        return {key: below}
    if not isinstance(value, dict) or key in value:
        raise EditError(key)
    copy = type(value)(value)
    copy[key] = below
    return copy


def _renamed(value: Any, step: str | int, key: str) -> Any:
    if not isinstance(value, dict) or step not in value or key in value:
        raise EditError(step)
    return type(value)((key if name == step else name, below) for name, below in value.items())
