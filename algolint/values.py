"""What a spec is made of: plain values, and the marks for what a file does not show.

A spec is ordinary Python (`dict`, `list`, `str`, `int`, `float`, `bool`, `None`). What a reader
cannot know (a template expression, a name, an intrinsic) is `UNKNOWN`; a container that may hold
more than is seen is an `OpenDict` or an `OpenList`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import EllipsisType
    from typing import Any, NoReturn, TypeAlias

    Path: TypeAlias = tuple[str | int, ...]
    Step: TypeAlias = str | int | EllipsisType


class Undecided(Exception):
    """A rule asked something that the visible part of the spec does not settle."""


class Unknown:
    """A value that is there but not known. Every question about it is `Undecided`.

    A pattern (`case {"Type": str() as kind}`) simply does not match it; comparing it, hashing it,
    testing its truth or reading an attribute raises `Undecided`, which the engine catches.
    """

    __slots__ = ()

    def _undecided(self, *_: object) -> NoReturn:
        raise Undecided

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _undecided
    __hash__ = __bool__ = __len__ = __iter__ = __contains__ = _undecided
    __getitem__ = __getattr__ = __int__ = __float__ = __str__ = _undecided

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
#: What a reader gives for a field that may be absent as well (`Fn::If` with AWS::NoValue, a variable that
#: may be null). Binding makes it `UNKNOWN` where the field is required, and else opens the object.
MAYBE = Unknown()


class OpenDict(dict[str, "Any"]):
    """An object that may hold more keys than are seen (`**splat`, `Fn::If`, a merge of something unknown)."""

    __slots__ = ()


class OpenList(list["Any"]):
    """A list that may hold more items than are seen."""

    __slots__ = ()


def is_open(value: object) -> bool:
    """Whether a container may hold more than is seen."""
    return isinstance(value, (OpenDict, OpenList))


def lacks(value: Any, key: str) -> bool:
    """Whether an object certainly has no such key: it is closed, and the key is not there."""
    # To ask it of `UNKNOWN` raises.
    return key not in value and not isinstance(value, OpenDict)


def select(value: Any, *steps: Step) -> list[tuple[Path, Any]]:
    """What is certainly there at a route, each with its path: `select(spec, "Tags", ..., "Key")`.

    A step is a field, an index, or `...` for every item of a list or every value of an object.
    What is absent, unknown or of another type is passed over.
    """
    found: list[tuple[Path, Any]] = [((), value)]
    for step in steps:
        if not found:
            return found
        found = _below(found, step)
    return [row for row in found if row[1] is not UNKNOWN]


def every(value: Any, *steps: Step) -> list[tuple[Path, Any]]:
    """All there is at a route, each with its path; raises `Undecided` where more may be hidden.

    For the question "is this name defined anywhere?", which needs the whole list.
    """
    found: list[tuple[Path, Any]] = [((), value)]
    for step in steps:
        for _, item in found:
            if item is UNKNOWN or isinstance(item, OpenList):
                raise Undecided
            if isinstance(item, OpenDict) and (step is ... or step not in item):
                raise Undecided
        found = _below(found, step)
    for _, item in found:
        if item is UNKNOWN:
            raise Undecided
    return found


def _below(found: list[tuple[Path, Any]], step: Step) -> list[tuple[Path, Any]]:
    """What a step leads to from each of the values."""
    below: list[tuple[Path, Any]] = []
    for path, item in found:
        if isinstance(item, dict):
            if step is ...:
                below += [((*path, key), value) for key, value in item.items()]
            elif step in item:
                below.append(((*path, step), item[step]))
        elif isinstance(item, list):
            if step is ...:
                below += [((*path, index), value) for index, value in enumerate(item)]
            elif isinstance(step, int) and 0 <= step < len(item):
                below.append(((*path, step), item[step]))
    return below
