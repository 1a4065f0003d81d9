"""The values of a spec: plain Python values, and markers for what a file does not show.

A spec consists of `dict`, `list`, `str`, `int`, `float`, `bool` and `None`. A value that a reader cannot know
(a template expression, a name, an intrinsic) is `UNKNOWN`. A text of which only pieces are known is a
`PartialText`. A container that may have more in it than the file shows is an `OpenDict` or an `OpenList`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import EllipsisType
    from typing import Any, TypeAlias

    Path: TypeAlias = tuple[str | int, ...]
    Step: TypeAlias = str | int | EllipsisType
    Text: TypeAlias = "str | PartialText"


class Undecided(Exception):
    """Raised when a rule asks a question that the visible part of the spec does not answer."""


def _raise(*_: object) -> None:
    raise Undecided


# Typed as Any, as a subclass may answer some of the questions.
_undecided: Any = _raise


class Unknown:
    """A value that exists but is not known. Every question about it raises `Undecided`.

    A pattern such as `case {"Type": str() as kind}` does not match it. Comparing it, hashing it, testing its
    truth, calculating with it or reading an attribute raises `Undecided`, which the linter catches.
    """

    __slots__ = ()

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _undecided
    __hash__ = __bool__ = __len__ = __iter__ = __contains__ = _undecided
    __getitem__ = __getattr__ = __int__ = __float__ = __str__ = _undecided
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = __rmod__ = _undecided
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __neg__ = __abs__ = __index__ = _undecided

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
#: The value of a field that may also be absent (`Fn::If` with AWS::NoValue, a variable that may be null).
#: Binding replaces it by `UNKNOWN` if the field is required, and otherwise opens the object.
MAYBE = Unknown()


class PartialText(Unknown):
    """A text of which only pieces are known: a template, an f-string, `Fn::Sub`.

    Between two `pieces` is a hole, which may contain any text or none. `written` is the text as messages show
    it. Questions that the pieces answer work as for a `str`; all others raise `Undecided`. It is not a `str`,
    so the pattern `str()` does not match it. A rule that can judge it uses the pattern `str() | PartialText()
    as text`.
    """

    __slots__ = ("pieces", "written")

    def __init__(self, pieces: Iterable[str], written: str = "") -> None:
        self.pieces = tuple(pieces)
        self.written = written or "…".join(self.pieces)

    @property
    def least_length(self) -> int:
        """The length of the text if all holes are empty."""
        return sum(map(len, self.pieces))

    def could_be(self, text: str) -> bool:
        """Whether the whole text may be equal to `text`."""
        first, *middle, last = self.pieces
        end = len(text) - len(last)
        at = len(first)
        if end < at or not text.startswith(first) or not text.endswith(last):
            return False
        for piece in middle:
            at = text.find(piece, at, end) + len(piece)
            if at < len(piece):
                return False
        return True

    def startswith(self, prefix: str | tuple[str, ...]) -> bool:
        return _decided(self.pieces[0], prefix, str.startswith)

    def endswith(self, suffix: str | tuple[str, ...]) -> bool:
        return _decided(self.pieces[-1], suffix, str.endswith)

    def __contains__(self, part: object) -> bool:
        if any(isinstance(part, str) and part in piece for piece in self.pieces):
            return True
        raise Undecided

    def __bool__(self) -> bool:
        if any(self.pieces):
            return True
        raise Undecided

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, PartialText):
            pairs = (self.pieces[0], other.pieces[0]), (self.pieces[-1][::-1], other.pieces[-1][::-1])
            if any(not one.startswith(two) and not two.startswith(one) for one, two in pairs):
                return False
        elif not isinstance(other, Unknown) and not (isinstance(other, str) and self.could_be(other)):
            return False
        raise Undecided

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Unknown.__hash__

    def __getitem__(self, part: slice) -> Text:
        """Return the text from or up to an offset in the first piece, counted from its start."""
        first, *others = self.pieces
        if isinstance(part, slice) and part.step is None:
            start, stop = part.start or 0, part.stop
            if 0 <= start <= len(first):
                if stop is None:
                    return PartialText((first[start:], *others))
                if 0 <= stop <= len(first):
                    return first[start:stop]
        raise Undecided

    def lower(self) -> PartialText:
        # In other scripts, the lower case of some letters depends on their neighbours.
        if all(map(str.isascii, self.pieces)):
            return PartialText(map(str.lower, self.pieces), self.written.lower())
        raise Undecided

    def strip(self) -> PartialText:
        front = _stripped(list(self.pieces), str.lstrip)
        pieces = _stripped(front[::-1], str.rstrip)[::-1]
        return self if pieces[0] and pieces[-1] and tuple(pieces) == self.pieces else PartialText(pieces)

    def partition(self, separator: str) -> tuple[str, str, PartialText]:
        before, found, after = self.pieces[0].partition(separator)
        if not found:
            raise Undecided
        return before, found, PartialText((after, *self.pieces[1:]))

    def rpartition(self, separator: str) -> tuple[PartialText, str, str]:
        before, found, after = self.pieces[-1].rpartition(separator)
        if not found:
            raise Undecided
        return PartialText((*self.pieces[:-1], before)), found, after

    def __repr__(self) -> str:
        return f"PartialText({self.pieces!r})"


def _stripped(pieces: list[str], strip: Callable[[str], str]) -> list[str]:
    """Strip the first piece, and the next one as long as those before are empty."""
    for index, piece in enumerate(pieces):
        pieces[index] = strip(piece)
        if pieces[index]:
            break
    return pieces


def _decided(piece: str, affixes: str | tuple[str, ...], has: Callable[[str, str], bool]) -> bool:
    """Whether a text that begins (or ends) with a piece begins (or ends) with one of the affixes."""
    wanted = (affixes,) if isinstance(affixes, str) else affixes
    if any(has(piece, affix) for affix in wanted):
        return True
    if any(has(affix, piece) for affix in wanted):
        raise Undecided
    return False


def put_together(parts: Iterable[str | None], written: str = "") -> Text | Unknown:
    """Return the text made of parts, where None is a part that is not known."""
    runs: list[list[str]] = [[]]
    for part in parts:
        if part:
            runs[-1].append(part)
        elif part is None and (len(runs) == 1 or runs[-1]):  # of adjacent holes, one is enough
            runs.append([])
    pieces = ["".join(run) for run in runs]
    if len(pieces) == 1:
        return pieces[0]
    return PartialText(pieces, written) if any(pieces) else UNKNOWN


def with_gaps(pieces: Iterable[str]) -> list[str | None]:
    """Return pieces with None between each two, for `put_together`."""
    return [part for piece in pieces for part in (None, piece)][1:]


def known_pieces(text: Text) -> tuple[str, ...]:
    """Return the known pieces of a text, in order. The only piece of a `str` is the text itself."""
    return text.pieces if isinstance(text, PartialText) else (text,)


_UNKNOWN_TYPES = frozenset((Unknown, PartialText))


class OpenDict(dict[str, "Any"]):
    """An object that may have more keys than the file shows (`**splat`, `Fn::If`, an unknown merge)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"OpenDict({super().__repr__()})"


class OpenList(list["Any"]):
    """A list that may have more items than the file shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"OpenList({super().__repr__()})"


# `isinstance` takes three times as long where the answer is no, as it nearly always is.
_HIDING_TYPES = frozenset((*_UNKNOWN_TYPES, OpenList))


def is_open(value: object) -> bool:
    """Whether a container may have more in it than the file shows."""
    return type(value) in (OpenDict, OpenList)


def has_unknown(value: Any) -> bool:
    """Whether a part of a value is unknown."""
    if isinstance(value, (dict, list)):
        below = value.values() if isinstance(value, dict) else value
        return is_open(value) or any(map(has_unknown, below))
    return isinstance(value, Unknown)


def lacks(value: Any, key: str) -> bool:
    """Whether an object certainly does not have a key: it is closed, and the key is missing."""
    # `in` raises for `UNKNOWN`. `isinstance` would take three times as long if the answer is no.
    return key not in value and type(value) is not OpenDict


def select(value: Any, *steps: Step) -> list[tuple[Path, Any]]:
    """Return the known values at a path, each with its own path: `select(spec, "Tags", ..., "Key")`.

    A step is a field, an index, or `...` for all items of a list or all values of an object. Values that are
    absent, unknown, partially known or of another type are skipped.
    """
    depth = 0
    for step in steps:
        # Most paths begin with fields, and many end at an absent one.
        if step is ... or not isinstance(value, dict):
            break
        if step not in value:
            return []
        value = value[step]
        depth += 1
    found: list[tuple[Path, Any]] = [(steps[:depth], value)]  # type: ignore[list-item]
    for step in steps[depth:]:
        found = _below(found, step)
    return [row for row in found if type(row[1]) not in _UNKNOWN_TYPES]


def every(value: Any, *steps: Step) -> list[tuple[Path, Any]]:
    """Return all values at a path, each with its own path. Raises `Undecided` if there may be more.

    This is for questions that need the whole list, such as "is this name defined anywhere?".
    """
    found = _every(value, steps)
    for _, item in found:
        if type(item) in _UNKNOWN_TYPES:
            raise Undecided
    return found


def every_text(value: Any, *steps: Step) -> list[tuple[Path, Text]]:
    """Return all texts at a path, like `every`, including partially known ones."""
    found = _every(value, steps)
    if any(item is UNKNOWN for _, item in found):
        raise Undecided
    return [row for row in found if isinstance(row[1], (str, PartialText))]


def differs(one: Any, other: Any) -> bool:
    """Whether two values certainly differ. False if that depends on something unknown."""
    try:
        return bool(one != other)
    except Undecided:
        return False


def certainly(question: Callable[..., object], *arguments: Any) -> bool:
    """Whether the answer to a question is certainly yes. False if it is no or undecided.

    This is for a question about one of several items, which must not end the rule: `certainly(uri.endswith,
    "/")`.
    """
    try:
        return bool(question(*arguments))
    except Undecided:
        return False


def _every(value: Any, steps: tuple[Step, ...]) -> list[tuple[Path, Any]]:
    """Return all values at a path. Raises `Undecided` if there may be more."""
    found: list[tuple[Path, Any]] = [((), value)]
    for step in steps:
        for _, item in found:
            kind = type(item)
            if kind in _HIDING_TYPES or (kind is OpenDict and (step is ... or step not in item)):
                raise Undecided
        found = _below(found, step)
    return found


def _below(found: list[tuple[Path, Any]], step: Step) -> list[tuple[Path, Any]]:
    """Return the values one step below each of the values."""
    below: list[tuple[Path, Any]] = []
    # `(*path, key)` takes four times as long as adding tuples.
    for path, item in found:
        if step is ...:
            if isinstance(item, list):
                below += [(path + (index,), value) for index, value in enumerate(item)]
            elif isinstance(item, dict):
                below += [(path + (key,), value) for key, value in item.items()]
        elif isinstance(item, dict):
            if step in item:
                below.append((path + (step,), item[step]))
        elif isinstance(item, list) and isinstance(step, int) and 0 <= step < len(item):
            below.append((path + (step,), item[step]))
    return below
