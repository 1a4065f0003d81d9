"""What can be said of a metric's regular expression by parsing it.

Nothing here matches a pattern against text: Python's own parser gives its tree, and a question such as
"can this group match -0.5?" is answered by following all ways through the tree at once, in time that
no pattern can blow up. Texts and groups are remembered, since metrics of all algorithms look alike.
"""

from __future__ import annotations

import re
import warnings
from itertools import pairwise

from algolint import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TypeAlias

    # A set of characters as bits: one for each code below 256, the last for all others.
    Chars: TypeAlias = int
    # From each state of a small machine: the characters that lead on, and where to.
    Machine: TypeAlias = Sequence[Sequence[tuple[Chars, int]]]

# `re` has loaded its parser by the name it has in this Python.
_UNTIL_3_10 = hasattr(re, "sre_parse")
_parser: Any = getattr(re, "sre_parse" if _UNTIL_3_10 else "_parser")

#: A group that takes every way of writing a number.
NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
#: What stands for itself in a pattern is none of these.
_SPECIAL = frozenset(r".^$*+?{}[]\|()")
_LONGEST = 1000
_MOST_KNOWN = 1024


class Regex:
    """The facts of one pattern. Where a fact cannot be told for certain, it is the harmless one."""

    __slots__ = (
        "at_once",
        "catastrophic",
        "ends_lazily",
        "fault",
        "greedy",
        "groups",
        "has_references",
        "has_text",
        "is_fault_certain",
        "is_group",
        "is_line",
        "lazy_tail",
        "nullable",
        "number_only",
        "numeric",
        "refused",
    )

    def __init__(self) -> None:
        #: What makes the pattern invalid, and whether every Python agrees.
        self.fault: str | None = None
        self.is_fault_certain = True
        #: The capturing groups, and how many of them can take part in one match.
        self.groups = 1
        self.at_once = 1
        #: The whole pattern is one of them.
        self.is_group = False
        self.has_references = False
        #: A group ends in a lazy quantifier; nothing behind it forces that to take more.
        self.ends_lazily = False
        self.lazy_tail = False
        #: A group is `.*` or `.+`.
        self.greedy = False
        #: For each group, whether it can match a number; None where that is not clear.
        self.numeric: tuple[bool | None, ...] = (None,)
        #: The ways of writing a number that the only group refuses although it takes 0.5.
        self.refused: tuple[str, ...] = ()
        #: A part that can match the same text in exponentially many ways, in words.
        self.catastrophic: str | None = None
        #: It matches the empty text; it takes no characters but those of numbers; it holds text of its
        #: own; it is anchored at both ends of a line.
        self.nullable = False
        self.number_only = False
        self.has_text = True
        self.is_line = False


_known: dict[str, Regex] = {}
_known_groups: dict[str, Regex] = {}


def analysed(text: str) -> Regex:
    """The facts of a pattern."""
    found = _known.get(text)
    if found is None:
        found = _between_plain_text(text) or _parsed(text)
        # A dozen rules ask of one pattern in a row, so the newest must be among the known.
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[text] = found
    return found


def _between_plain_text(text: str) -> Regex | None:
    """The facts of `name=(group)`, the usual pattern: those of the group, which many patterns share."""
    head, _, rest = text.partition("(")
    group, closed, tail = rest.rpartition(")")
    if not closed or not group or group[0] in "?*+" or not _SPECIAL.isdisjoint(head + tail):
        return None
    inner = _known_groups.get(group)
    if inner is None:
        inner = _parsed(f"({group})")
        if len(_known_groups) >= _MOST_KNOWN:
            _known_groups.clear()
        _known_groups[group] = inner
    if not inner.is_group or inner.has_references:
        return None
    if not head and not tail:
        return inner
    regex = Regex()
    for name in ("ends_lazily", "greedy", "numeric", "refused", "catastrophic"):
        setattr(regex, name, getattr(inner, name))
    regex.lazy_tail = inner.ends_lazily and not tail
    return regex


# ---------------------------------------------------------------- parsing


class _Fault(Exception):
    """The pattern is invalid: the reason in words, and whether every Python says so."""

    def __init__(self, reason: str, certain: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.certain = certain


class _Unclear(Exception):
    """Something that cannot be told from the tree, or not within reasonable time."""


class _Budget:
    """How much work one pattern is worth: some milliseconds, however it is nested."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = 20_000

    def spend(self) -> None:
        """Take one step, or raise `_Unclear`."""
        self.left -= 1
        if self.left < 0:
            raise _Unclear


def _parsed(text: str) -> Regex:
    if len(text) <= _LONGEST:
        try:
            return _facts(text)
        except _Fault as fault:
            regex = Regex()
            regex.fault = fault.reason
            regex.is_fault_certain = fault.certain
            return regex
        except (RecursionError, _Unclear):
            pass
    return Regex()


def _facts(text: str) -> Regex:
    regex = Regex()
    budget = _Budget()
    tree = _tree(text)
    sequence = _converted(tree, tree.state.flags)
    nodes = [*_walk(sequence)]
    groups = [node for node in nodes if isinstance(node, _Group)]
    regex.groups = len(groups)
    regex.is_group = len(groups) == len(sequence) == 1 and sequence[0] is groups[0]
    regex.at_once = _at_once(sequence)
    regex.has_references = any(isinstance(node, _Look) and node.refers for node in nodes)
    regex.ends_lazily = any(group.ends_lazily for group in groups)
    regex.lazy_tail = _has_lazy_tail(sequence)
    regex.greedy = any(_is_greedy_any(group.body) for group in groups)
    regex.numeric = tuple(_is_numeric(group.body, budget) for group in groups)
    regex.refused = _refused(groups[0].body, budget) if len(groups) == 1 else ()
    regex.catastrophic = _catastrophe(sequence, budget)
    regex.nullable = _can_be_empty(sequence, at_line=True)
    regex.number_only = not any(isinstance(n, _Look) or getattr(n, "chars", 0) & ~_NUMBERISH for n in nodes)
    regex.has_text = _has_text(sequence, False)
    anchors = [node.where for node in sequence if isinstance(node, _Anchor)]
    regex.is_line = anchors[:1] == ["start"] and anchors[-1:] == ["end"]
    return regex


def _tree(text: str) -> Any:
    unknown_escapes: list[str] = []
    read = text
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if _UNTIL_3_10:
                    # Later Pythons refuse what this one deprecates: flags that are not at the start.
                    warnings.simplefilter("error", DeprecationWarning)
                tree = _parser.parse(read)
        except re.error as error:
            # The rest is read as if the escape were plain letters, to see whether it is the only fault.
            at = error.pos
            if at is None or not error.msg.startswith("bad escape \\") or len(unknown_escapes) > 50:
                raise _Fault(*_reason(error, text)) from None
            unknown_escapes.append(f"{shown(read[at : at + 2])} at character {at + 1}")
            read = read[:at] + "xx" + read[at + 2 :]
        except DeprecationWarning:
            raise _Fault(_LATE_FLAGS, False) from None
        except OverflowError:
            raise _Fault("a number of repetitions is too large") from None
        else:
            break
    if unknown_escapes:
        raise _Fault(f"{unknown_escapes[0]} is no escape that Python knows", False)
    return tree


_LATE_FLAGS = "flags such as (?i) stand at the start of a pattern only, in Python 3.11 and later"
# What the parser says, up to where the words differ, and what that means. {at} counts from 1.
_REASONS = {
    "missing ), unterminated": "the ( at character {at} is never closed",
    "unbalanced parenthesis": "the ) at character {at} closes nothing",
    "unterminated character set": "the [ at character {at} is never closed",
    "nothing to repeat": "the {char} at character {at} has nothing to repeat; a literal one is \\{char}",
    "multiple repeat": "the {char} at character {at} follows another quantifier; a literal one is \\{char}",
    "bad escape (end of pattern)": "the backslash at the end escapes nothing",
    "bad character range": "the range at character {at} runs backwards, or from or to a class",
    "min repeat greater": "the repetition at character {at} has its minimum above its maximum",
    "unknown extension ?<": "the ? at character {at} begins no group of Python's; a named one is (?P<name>…)",
    "unknown extension": "the ? at character {at} begins no group of Python's",
    "invalid group reference": "the group that character {at} refers to does not exist",
    "cannot refer to an open": "character {at} refers to a group that is still open",
    "unknown group name": "the group that character {at} refers to does not exist",
    "redefinition of group": "two groups have the same name, the second at character {at}",
}


def _reason(error: re.error, text: str) -> tuple[str, bool]:
    at = error.pos if error.pos is not None else 0
    char = text[at : at + 1]
    if _UNTIL_3_10 and (
        (error.msg == "multiple repeat" and char == "+") or error.msg.startswith("unknown extension ?>")
    ):
        # Possessive quantifiers and atomic groups, which this Python does not know and later ones do.
        raise _Unclear
    if error.msg.startswith("global flags not at the start"):
        return _LATE_FLAGS, False
    for start, words in _REASONS.items():
        if error.msg.startswith(start):
            return words.replace("{at}", str(at + 1)).replace("{char}", char), True
    return f"{shown(error.msg)[1:-1]} at character {at + 1}", True


# ---------------------------------------------------------------- the tree

_EVERY = (1 << 257) - 1
_BEYOND = 1 << 256


def _span(low: int, high: int) -> Chars:
    """The characters from one code to another, inclusive."""
    return (1 << (min(high, 256) + 1)) - (1 << min(low, 256))


def _of(text: str) -> Chars:
    chars = 0
    for char in text:
        chars |= 1 << min(ord(char), 256)
    return chars


_DOT = _EVERY ^ _of("\n")
_DIGITS = _span(48, 57)
_LOWER = _span(97, 122)
_UPPER = _span(65, 90)
_CATEGORIES = {
    "DIGIT": _DIGITS,
    "SPACE": _span(9, 13) | _span(28, 32) | 1 << 0x85 | 1 << 0xA0,
    "WORD": _DIGITS
    | _LOWER
    | _UPPER
    | _of("_ª²³µ¹º¼½¾")
    | _span(0xC0, 0xD6)
    | _span(0xD8, 0xF6)
    | _span(0xF8, 256),
}
_NUMBERISH = _DIGITS | _of("+-.,eE")


class _Char:
    """One character out of a set."""

    __slots__ = ("chars",)

    def __init__(self, chars: Chars) -> None:
        self.chars = chars


class _Repeat:
    """A sequence repeated; `high` is None where there is no limit."""

    __slots__ = ("body", "empty", "ends_lazily", "has_loop", "high", "lazy", "low", "possessive")

    def __init__(self, body: list[Any], low: int, high: int | None, lazy: bool, possessive: bool) -> None:
        self.body = body
        self.low = low
        self.high = high
        self.empty = low == 0 or _can_be_empty(body)
        self.ends_lazily = lazy and low != high
        self.lazy = lazy
        self.possessive = possessive
        #: Whether something in it is repeated without limit.
        self.has_loop = _has_loop(body)


class _Group:
    """A capturing group."""

    __slots__ = ("body", "empty", "ends_lazily", "has_loop")

    def __init__(self, body: list[Any]) -> None:
        self.body = body
        self.empty = _can_be_empty(body)
        self.ends_lazily = _ends_lazily(body)
        self.has_loop = _has_loop(body)


class _Choice:
    """One of several sequences."""

    __slots__ = ("empty", "ends_lazily", "has_loop", "ways")

    def __init__(self, ways: list[list[Any]]) -> None:
        self.ways = ways
        self.empty = any(_can_be_empty(way) for way in ways)
        self.ends_lazily = any(_ends_lazily(way) for way in ways)
        self.has_loop = any(_has_loop(way) for way in ways)


class _Anchor:
    """A place in the text: start, end, or another."""

    __slots__ = ("where",)

    def __init__(self, where: str) -> None:
        self.where = where


class _Look:
    """What depends on the text around or before: a look to either side, a reference to a group."""

    __slots__ = ("body", "refers")

    def __init__(self, body: list[Any], refers: bool) -> None:
        self.body = body
        self.refers = refers


def _converted(tree: Any, flags: int) -> list[Any]:
    sequence: list[Any] = []
    for op, value in tree:
        match op.name, value:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN", _:
                sequence.append(_Char(_chars(op.name, value, flags)))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (low, high, body):
                most = None if high is _parser.MAXREPEAT else int(high)
                lazy, possessive = op.name == "MIN_REPEAT", op.name == "POSSESSIVE_REPEAT"
                sequence.append(_Repeat(_converted(body, flags), int(low), most, lazy, possessive))
            case "SUBPATTERN", (number, more, fewer, body):
                inner = _converted(body, (flags | more) & ~fewer)
                sequence += [_Group(inner)] if number is not None else inner
            case "ATOMIC_GROUP", body:
                sequence.append(_Repeat(_converted(body, flags), 1, 1, False, True))
            case "BRANCH", (_, ways):
                sequence.append(_Choice([_converted(way, flags) for way in ways]))
            case "AT", where:
                kind = where.name
                start = kind.startswith("AT_BEGINNING")
                sequence.append(
                    _Anchor("start" if start else "end" if kind.startswith("AT_END") else "other")
                )
            case "ASSERT" | "ASSERT_NOT", (side, body):
                if side < 0 and body.getwidth()[0] != body.getwidth()[1]:
                    raise _Fault("a look-behind, (?<=…) or (?<!…), needs text of a fixed length")
                sequence.append(_Look(_converted(body, flags), False))
            case "GROUPREF_EXISTS", (_, yes, no):
                sequence.append(_Look([*_converted(yes, flags), *_converted(no or (), flags)], True))
            case _:
                sequence.append(_Look([], op.name.startswith("GROUPREF")))
    return sequence


def _chars(name: str, value: Any, flags: int) -> Chars:
    match name:
        case "ANY":
            return _EVERY if flags & re.DOTALL else _DOT
        case "LITERAL" | "NOT_LITERAL":
            chars: Chars = 1 << min(value, 256)
            negated = name == "NOT_LITERAL"
        case _:
            chars = 0
            negated = False
            for op, part in value:
                match op.name:
                    case "NEGATE":
                        negated = True
                    case "LITERAL":
                        chars |= 1 << min(part, 256)
                    case "RANGE":
                        chars |= _span(*part)
                    case "CATEGORY":
                        kind = part.name.rpartition("_")[2]
                        chars |= _EVERY ^ _CATEGORIES[kind] if "_NOT_" in part.name else _CATEGORIES[kind]
    if flags & re.IGNORECASE:
        chars |= (chars & _UPPER) << 32 | (chars & _LOWER) >> 32
    return _EVERY ^ chars if negated else chars


def _below(node: Any) -> list[list[Any]]:
    if isinstance(node, _Choice):
        return node.ways
    return [node.body] if isinstance(node, (_Repeat, _Group, _Look)) else []


def _walk(sequence: list[Any]) -> Iterator[Any]:
    """Every node, each before those below it, in the order of the text."""
    for node in sequence:
        yield node
        for body in _below(node):
            yield from _walk(body)


# ---------------------------------------------------------------- what the tree says


def _at_once(sequence: list[Any], repeated: bool = False) -> int:
    total = 0
    for node in sequence:
        total += isinstance(node, _Group)
        # Each round may take another way.
        again = repeated or (isinstance(node, _Repeat) and node.high != 1)
        below = [_at_once(body, again) for body in _below(node)]
        total += sum(below) if repeated else max(below, default=0)
    return total


def _can_be_empty(sequence: list[Any], *, at_line: bool = False) -> bool:
    """Whether a sequence can match no text; `at_line`: on an empty line, where its own ^ and $ hold."""
    for node in sequence:
        match node:
            case _Anchor(where="start" | "end") if at_line:
                pass
            case _Repeat(empty=True) | _Group(empty=True) | _Choice(empty=True):
                pass
            case _:
                return False
    return True


def _has_loop(sequence: list[Any]) -> bool:
    for node in sequence:
        match node:
            case _Repeat(high=None) | _Repeat(has_loop=True) | _Group(has_loop=True) | _Choice(has_loop=True):
                return True
    return False


def _ends_lazily(sequence: list[Any]) -> bool:
    for node in reversed(sequence):
        match node:
            case _Repeat(ends_lazily=True) | _Group(ends_lazily=True) | _Choice(ends_lazily=True):
                return True
        if not _can_be_empty([node]):
            return False
    return False


def _has_lazy_tail(sequence: list[Any]) -> bool:
    """Whether a group ends lazily, and nothing that must match follows it up to the end of the sequence."""
    for node in reversed(sequence):
        if isinstance(node, _Group) and node.ends_lazily:
            return True
        if any(_has_lazy_tail(body) for body in _below(node)):
            return True
        if not _can_be_empty([node]):
            return False
    return False


def _is_greedy_any(body: list[Any]) -> bool:
    match body:
        case [_Repeat(low=0 | 1, high=None, lazy=False, body=[_Char(chars=chars)])]:
            return chars in (_DOT, _EVERY)
    return False


def _has_text(sequence: list[Any], in_group: bool) -> bool:
    """Whether something in the pattern names what to look for, not only a number or any text."""
    for node in sequence:
        if isinstance(node, _Char):
            few = node.chars.bit_count() <= 8 and not node.chars & _BEYOND
            if few and (not in_group or node.chars & ~_NUMBERISH):
                return True
        elif any(_has_text(body, in_group or isinstance(node, _Group)) for body in _below(node)):
            return True
    return False


# ---------------------------------------------------------------- what a group can match

_SIGN = _of("+-")
_UNIT = _LOWER | _UPPER | _of("%/")


def _machine(text: str) -> Machine:
    """The machine that accepts one text: its state is the number of characters read."""
    return [*([(_of(char), index + 1)] for index, char in enumerate(text)), []]


_PROBES = {text: _machine(text) for text in ("0.5", "12", "-0.5", "1e-05")}
_AFTER_NUMBER = [(_UNIT, 9), (_of(" "), 10)]
#: Numbers in general, with thousands separators or a unit behind them too. The states: nothing yet, a
#: sign, digits, a leading point, decimals, an e, its sign, its digits, a comma, a unit, a space.
_NUMBERS: Machine = (
    [(_of(" "), 0), (_SIGN, 1), (_DIGITS, 2), (_of("."), 3)],
    [(_DIGITS, 2), (_of("."), 3)],
    [(_DIGITS, 2), (_of("."), 4), (_of("eE"), 5), (_of(","), 8), *_AFTER_NUMBER],
    [(_DIGITS, 4)],
    [(_DIGITS, 4), (_of("eE"), 5), *_AFTER_NUMBER],
    [(_SIGN, 6), (_DIGITS, 7)],
    [(_DIGITS, 7)],
    [(_DIGITS, 7)],
    [(_DIGITS, 2)],
    [(_UNIT, 9)],
    [(_of(" "), 10), (_UNIT, 9)],
)
_NUMBERS_END = 1 << 2 | 1 << 4 | 1 << 7 | 1 << 9 | 1 << 10
# More rounds through a machine of so few states change nothing.
_ROUNDS = 64


def _run(sequence: list[Any], machine: Machine, states: int, budget: _Budget) -> int:
    """The states (as bits) that a machine can be in after text that the sequence matches."""
    for node in sequence:
        budget.spend()
        match node:
            case _Char(chars=chars):
                after = 0
                for state, ways in enumerate(machine):
                    if states >> state & 1:
                        for taken, to in ways:
                            if taken & chars:
                                after |= 1 << to
                states = after
            case _Repeat(possessive=False, body=body, low=low, high=high):
                for _ in range(min(low, _ROUNDS)):
                    states = _run(body, machine, states, budget)
                for _ in range(_ROUNDS if high is None else min(high - low, _ROUNDS)):
                    more = states | _run(body, machine, states, budget)
                    if more == states:
                        break
                    states = more
            case _Group(body=body):
                states = _run(body, machine, states, budget)
            case _Choice(ways=choices):
                after = 0
                for choice in choices:
                    after |= _run(choice, machine, states, budget)
                states = after
            case _:
                raise _Unclear
        if not states:
            return 0
    return states


def _takes(body: list[Any], probe: str, budget: _Budget) -> bool:
    return bool(_run(body, _PROBES[probe], 1, budget) >> len(probe) & 1)


def _is_numeric(body: list[Any], budget: _Budget) -> bool | None:
    """Whether a group can match a number; None where that depends on the text around."""
    try:
        if any(_takes(body, text, budget) for text in ("0.5", "12")):
            return True
        return bool(_run(body, _NUMBERS, 1, budget) & _NUMBERS_END)
    except _Unclear:
        return None


def _refused(body: list[Any], budget: _Budget) -> tuple[str, ...]:
    """The ways of writing a number that a group does not take, although it takes 0.5."""
    try:
        if _takes(body, "0.5", budget):
            return tuple(text for text in ("-0.5", "1e-05") if not _takes(body, text, budget))
    except _Unclear:
        pass
    return ()


# ---------------------------------------------------------------- exponential matching


class _Ambiguous(Exception):
    """A repeat can match the same text in two ways."""


def _catastrophe(sequence: list[Any], budget: _Budget) -> str | None:
    """What makes matching explode, in words."""
    for before, after in pairwise(sequence):
        if _is_endless_dot(before) and _is_endless_dot(after):
            return "two unbounded dots stand side by side"
    for node in sequence:
        if isinstance(node, _Repeat):
            if node.possessive:
                # Nothing in it is tried again.
                continue
            if node.high is None and node.has_loop:
                try:
                    _Positions(budget).explore(node)
                except _Ambiguous:
                    return "an unbounded repeat inside another can match the same text in two ways"
                except _Unclear:
                    pass
        for body in _below(node):
            found = _catastrophe(body, budget)
            if found:
                return found
    return None


def _is_endless_dot(node: Any) -> bool:
    match node:
        case _Repeat(high=None, possessive=False, body=[_Char(chars=chars)]):
            return chars in (_DOT, _EVERY)
    return False


class _Positions:
    """The characters of a repeated sequence as states, each with those that may come next.

    Two ways from one state to the next, or two paths that read the same text and meet again, are two
    ways to match; in a loop their number doubles with every round.
    """

    __slots__ = ("_budget", "chars", "next")

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self.chars: list[Chars] = []
        self.next: list[set[int]] = []

    def explore(self, repeat: _Repeat) -> None:
        """Raise `_Ambiguous` where the loop can match a text in two ways."""
        first, last, _ = self._sequence(repeat.body)
        self._link(last, first)
        pairs = {(state, state) for state in range(len(self.chars))}
        todo = list(pairs)
        while todo:
            left, right = todo.pop()
            for a in self.next[left]:
                for b in self.next[right]:
                    self._budget.spend()
                    if not self.chars[a] & self.chars[b]:
                        continue
                    if a == b:
                        if left != right:
                            raise _Ambiguous
                        continue
                    pair = (a, b) if a < b else (b, a)
                    if pair not in pairs:
                        pairs.add(pair)
                        todo.append(pair)

    def _link(self, last: list[int], first: list[int]) -> None:
        for state in last:
            for to in first:
                self._budget.spend()
                if to in self.next[state]:
                    raise _Ambiguous
                self.next[state].add(to)

    def _sequence(self, sequence: list[Any]) -> tuple[list[int], list[int], bool]:
        """The states that a sequence can begin and end with, and whether it can be empty."""
        first: list[int] = []
        last: list[int] = []
        empty = True
        for node in sequence:
            begins, ends, skipped = self._node(node)
            self._link(last, begins)
            first = first + begins if empty else first
            last = last + ends if skipped else ends
            empty = empty and skipped
        return first, last, empty

    def _node(self, node: Any) -> tuple[list[int], list[int], bool]:
        self._budget.spend()
        match node:
            case _Char(chars=chars):
                self.chars.append(chars)
                self.next.append(set())
                return [len(self.chars) - 1], [len(self.chars) - 1], False
            case _Choice(ways=ways):
                if sum(map(_can_be_empty, ways)) > 1:
                    raise _Ambiguous
                parts = [self._sequence(way) for way in ways]
                return (
                    [state for part in parts for state in part[0]],
                    [state for part in parts for state in part[1]],
                    any(part[2] for part in parts),
                )
            case _Group(body=body):
                return self._sequence(body)
            case _Repeat(body=body, low=low, high=high, possessive=False):
                return self._repeat(body, low, high)
            case _Anchor():
                return [], [], True
        raise _Unclear

    def _repeat(self, body: list[Any], low: int, high: int | None) -> tuple[list[int], list[int], bool]:
        if low == high:
            # Of more than a hundred, what is one in them is seen in fewer.
            return self._sequence([*body] * min(low, 100))
        if high is None or high > 10:
            if low == 0 and _can_be_empty(body):
                # No round, or one that takes nothing.
                raise _Ambiguous
            # As many as must be, and the last of them again and again.
            copies = [*body] * max(0, min(low, 10) - 1)
            before = self._sequence(copies)
            first, last, empty = self._sequence(body)
            self._link(last, first)
            self._link(before[1], first)
            begins = before[0] + first if before[2] else before[0]
            ends = before[1] + last if empty else last
            return begins, ends, low == 0 or (empty and before[2])
        optional: list[Any] = []
        for _ in range(high - low):
            optional = [_Choice([[*body, *optional], []])]
        return self._sequence([*body] * low + optional)


# ---------------------------------------------------------------- places in the text


def groups_in(text: str) -> list[tuple[int, int, int]]:
    """The capturing groups of a valid pattern by number: where each opens, its body begins and ends."""
    found: list[list[int]] = []
    opened: list[list[int] | None] = []
    at = 0
    while at < len(text):
        match text[at]:
            case "\\":
                at += 1
            case "[":
                # A ] that comes first stands for itself.
                at += 2 if text[at + 1 : at + 2] == "^" else 1
                at += text[at : at + 1] == "]"
                while at < len(text) and text[at] != "]":
                    at += 2 if text[at] == "\\" else 1
            case "(":
                group = None
                if text[at + 1 : at + 2] != "?":
                    group = [at, at + 1, 0]
                elif text.startswith("(?P<", at):
                    group = [at, text.find(">", at) + 1, 0]
                opened.append(group)
                if group:
                    found.append(group)
            case ")" if opened:
                group = opened.pop()
                if group:
                    group[2] = at
        at += 1
    return [(start, body, end) for start, body, end in found if end]
