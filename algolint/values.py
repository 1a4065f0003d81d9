"""What a spec is made of: plain values, and the marks for what a file does not show.

A spec is ordinary Python (`dict`, `list`, `str`, `int`, `float`, `bool`, `None`). What a reader
cannot know (a template expression, a name, an intrinsic) is `UNKNOWN`; a container that may hold
more than is seen is an `OpenDict` or an `OpenList`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
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
    if value is UNKNOWN:
        raise Undecided
    return key not in value and not isinstance(value, OpenDict)


def select(value: Any, *steps: Step) -> Iterator[tuple[Path, Any]]:
    """What is certainly there at a route, each with its path: `select(spec, "Tags", ..., "Key")`.

    A step is a field, an index, or `...` for every item of a list or every value of an object.
    What is absent, unknown or of another type is passed over.
    """
    if not steps:
        if value is not UNKNOWN:
            yield (), value
        return
    for key, below in _below(value, steps[0]):
        for path, found in select(below, *steps[1:]):
            yield (key, *path), found


def every(value: Any, *steps: Step) -> list[tuple[Path, Any]]:
    """All there is at a route, each with its path; raises `Undecided` where more may be hidden.

    For the question "is this name defined anywhere?", which needs the whole list.
    """
    if value is UNKNOWN:
        raise Undecided
    if not steps:
        return [((), value)]
    step = steps[0]
    if isinstance(value, OpenList) or (isinstance(value, OpenDict) and (step is ... or step not in value)):
        raise Undecided
    return [
        ((key, *path), found)
        for key, below in _below(value, step)
        for path, found in every(below, *steps[1:])
    ]


def _below(value: Any, step: Step) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        if step is ...:
            return list(value.items())
        return [(step, value[step])] if isinstance(step, str) and step in value else []
    if isinstance(value, list):
        if step is ...:
            return list(enumerate(value))
        return [(step, value[step])] if isinstance(step, int) and 0 <= step < len(value) else []
    return []
