"""What a spec is made of: plain values, and the marks for what a file does not show.

A spec is ordinary Python (`dict`, `list`, `str`, `int`, `float`, `bool`, `None`). What a reader
cannot know (a template expression, a name, an intrinsic) is `UNKNOWN`; a text of which it knows only
pieces is a `PartialText`; a container that may hold more than is seen is an `OpenDict` or an `OpenList`.
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
    """A rule asked something that the visible part of the spec does not settle."""


def _raise(*_: object) -> None:
    raise Undecided


# Of any type, as a subclass may answer some of the questions.
_undecided: Any = _raise


class Unknown:
    """A value that is there but not known. Every question about it is `Undecided`.

    A pattern (`case {"Type": str() as kind}`) simply does not match it; comparing it, hashing it,
    testing its truth or reading an attribute raises `Undecided`, which the engine catches.
    """

    __slots__ = ()

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _undecided
    __hash__ = __bool__ = __len__ = __iter__ = __contains__ = _undecided
    __getitem__ = __getattr__ = __int__ = __float__ = __str__ = _undecided

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
#: What a reader gives for a field that may be absent as well (`Fn::If` with AWS::NoValue, a variable that
#: may be null). Binding makes it `UNKNOWN` where the field is required, and else opens the object.
MAYBE = Unknown()


class PartialText(Unknown):
    """A text of which only pieces are known: a template, an f-string, `Fn::Sub`.

    Between each two `pieces` is a hole, which may hold any text or none; `written` is the text as messages
    show it. What the pieces decide is answered as by a `str`; every other question is `Undecided`, as with
    any unknown value. It is not a `str`: the pattern `str()` does not match it, and a rule that can judge it
    asks for `str() | PartialText() as text`.
    """

    __slots__ = ("pieces", "written")

    def __init__(self, pieces: Iterable[str], written: str = "") -> None:
        self.pieces = tuple(pieces)
        self.written = written or "…".join(self.pieces)

    @property
    def least_length(self) -> int:
        """How long the text is at least."""
        return sum(map(len, self.pieces))

    def could_be(self, text: str) -> bool:
        """Whether some text in the holes makes this one of the whole."""
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
        """The text from or up to a place in the first piece, counted from the front."""
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
        # The lower case of some letters of other scripts depends on their neighbours.
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
    """Take white space from the first piece, and from the next ones where those before them may be blank."""
    for index, piece in enumerate(pieces):
        pieces[index] = strip(piece)
        if pieces[index]:
            break
    return pieces


def _decided(piece: str, affixes: str | tuple[str, ...], has: Callable[[str, str], bool]) -> bool:
    """Whether a text that begins (or ends) with a piece has one of the affixes there."""
    wanted = (affixes,) if isinstance(affixes, str) else affixes
    if any(has(piece, affix) for affix in wanted):
        return True
    if any(has(affix, piece) for affix in wanted):
        raise Undecided
    return False


def put_together(parts: Iterable[str | None], written: str = "") -> Text | Unknown:
    """Return the text of which these are the parts, None for one that is not known."""
    pieces = [""]
    for part in parts:
        if part is not None:
            pieces[-1] += part
        elif len(pieces) == 1 or pieces[-1]:  # of adjacent holes, one is enough
            pieces.append("")
    if len(pieces) == 1:
        return pieces[0]
    return PartialText(pieces, written) if any(pieces) else UNKNOWN


def with_gaps(pieces: Iterable[str]) -> list[str | None]:
    """The parts of a text with one that is not known between each two pieces, for `put_together`."""
    return [part for piece in pieces for part in (None, piece)][1:]


def known_pieces(text: Text) -> tuple[str, ...]:
    """The pieces of a text that are certainly in it, in order: all of a `str`."""
    return text.pieces if isinstance(text, PartialText) else (text,)


_UNKNOWN_TYPES = frozenset((Unknown, PartialText))


class OpenDict(dict[str, "Any"]):
    """An object that may hold more keys than are seen (`**splat`, `Fn::If`, a merge of something unknown)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"OpenDict({super().__repr__()})"


class OpenList(list["Any"]):
    """A list that may hold more items than are seen."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"OpenList({super().__repr__()})"


def is_open(value: object) -> bool:
    """Whether a container may hold more than is seen."""
    return type(value) in (OpenDict, OpenList)


def lacks(value: Any, key: str) -> bool:
    """Whether an object certainly has no such key: it is closed, and the key is not there."""
    # To ask it of `UNKNOWN` raises. `isinstance` takes three times as long where the answer is no.
    return key not in value and type(value) is not OpenDict


def select(value: Any, *steps: Step) -> list[tuple[Path, Any]]:
    """What is certainly there at a route, each with its path: `select(spec, "Tags", ..., "Key")`.

    A step is a field, an index, or `...` for every item of a list or every value of an object.
    What is absent, unknown, known in part or of another type is skipped.
    """
    depth = 0
    for step in steps:
        # Most routes begin with fields, and many end at one that is absent.
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
    """All there is at a route, each with its path; raises `Undecided` where more may be hidden.

    For the question "is this name defined anywhere?", which needs the whole list.
    """
    found = _every(value, steps)
    if any(isinstance(item, Unknown) for _, item in found):
        raise Undecided
    return found


def every_text(value: Any, *steps: Step) -> list[tuple[Path, Text]]:
    """As `every`, of texts alone, those that are known in part among them."""
    found = _every(value, steps)
    if any(item is UNKNOWN for _, item in found):
        raise Undecided
    return [row for row in found if isinstance(row[1], (str, PartialText))]


def differs(one: Any, other: Any) -> bool:
    """Whether two values certainly differ: false where what is not known of one leaves that open."""
    try:
        return bool(one != other)
    except Undecided:
        return False


def certainly(question: Callable[..., object], *arguments: Any) -> bool:
    """Whether the answer to a question is yes: false where it is no, and where it is undecided.

    For a question about one of several items, which must not end the call: `certainly(uri.endswith, "/")`.
    """
    try:
        return bool(question(*arguments))
    except Undecided:
        return False


def _every(value: Any, steps: tuple[Step, ...]) -> list[tuple[Path, Any]]:
    """All there is at a route; raises `Undecided` where what leads there may be hidden."""
    found: list[tuple[Path, Any]] = [((), value)]
    for step in steps:
        for _, item in found:
            if isinstance(item, (Unknown, OpenList)):
                raise Undecided
            if isinstance(item, OpenDict) and (step is ... or step not in item):
                raise Undecided
        found = _below(found, step)
    return found


def _below(found: list[tuple[Path, Any]], step: Step) -> list[tuple[Path, Any]]:
    """What a step leads to from each of the values."""
    below: list[tuple[Path, Any]] = []
    # `(*path, key)` takes four times as long as a sum of tuples.
    for path, item in found:
        if isinstance(item, dict):
            if step is ...:
                below += [(path + (key,), value) for key, value in item.items()]
            elif step in item:
                below.append((path + (step,), item[step]))
        elif isinstance(item, list):
            if step is ...:
                below += [(path + (index,), value) for index, value in enumerate(item)]
            elif isinstance(step, int) and 0 <= step < len(item):
                below.append((path + (step,), item[step]))
    return below
