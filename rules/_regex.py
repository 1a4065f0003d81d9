"""What can be said of a metric's regular expression by parsing it.

Nothing here matches a pattern against text: it is parsed, and a question such as "can this group match
-0.5?" is answered by following all ways through the tree at once, in time that no pattern can blow up.
Texts and groups are remembered, since metrics of all algorithms look alike.
"""

from __future__ import annotations

from itertools import pairwise

from algolint.aws.notation import remember

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TypeAlias

    # A set of characters as bits: one for each code below 256, the last for all others.
    Chars: TypeAlias = int
    # From each state of a small machine: the characters that lead on, and where to.
    Machine: TypeAlias = Sequence[Sequence[tuple[Chars, int]]]

#: A group that takes every way of writing a number.
NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
#: What stands for itself in a pattern is none of these.
_SPECIAL = frozenset(r".^$*+?{}[]\|()")
_LONGEST = 1000


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
        remember(_known, text, found)
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
        remember(_known_groups, group, inner)
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


class Fault(Exception):
    """The pattern is invalid: the reason in words, and whether every Python says so."""

    def __init__(self, reason: str, certain: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.certain = certain


class Unclear(Exception):
    """Something that cannot be told from the tree, or not within reasonable time."""


class _Budget:
    """How much work one pattern is worth: some milliseconds, however it is nested."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = 20_000

    def spend(self) -> None:
        """Take one step, or raise `Unclear`."""
        self.left -= 1
        if self.left < 0:
            raise Unclear


def _parsed(text: str) -> Regex:
    if len(text) <= _LONGEST:
        try:
            return _facts(_sequence(text))
        except Fault as fault:
            regex = Regex()
            regex.fault = fault.reason
            regex.is_fault_certain = fault.certain
            return regex
        except (RecursionError, Unclear):
            pass
    return Regex()


def _sequence(text: str) -> list[Any]:
    sequence = _plainly_parsed(text)
    if sequence is None:
        # What loads the parser of `re`, which takes a quarter of a run over one file.
        from ._regex_parser import parsed

        sequence = parsed(text)
    return sequence


def _facts(sequence: list[Any]) -> Regex:
    regex = Regex()
    budget = _Budget()
    nodes = [*_walk(sequence)]
    groups = [node for node in nodes if isinstance(node, Group)]
    regex.groups = len(groups)
    regex.is_group = len(groups) == len(sequence) == 1 and sequence[0] is groups[0]
    regex.at_once = _at_once(sequence)
    regex.has_references = any(isinstance(node, Look) and node.refers for node in nodes)
    regex.ends_lazily = any(group.ends_lazily for group in groups)
    regex.lazy_tail = _has_lazy_tail(sequence)
    regex.greedy = any(_is_greedy_any(group.body) for group in groups)
    regex.numeric = tuple(_is_numeric(group.body, budget) for group in groups)
    regex.refused = _refused(groups[0].body, budget) if len(groups) == 1 else ()
    regex.catastrophic = _catastrophe(sequence, budget)
    regex.nullable = _can_be_empty(sequence, at_line=True)
    regex.number_only = not any(isinstance(n, Look) or getattr(n, "chars", 0) & ~_NUMBERISH for n in nodes)
    regex.has_text = _has_text(sequence, False)
    anchors = [node.where for node in sequence if isinstance(node, Anchor)]
    regex.is_line = anchors[:1] == ["start"] and anchors[-1:] == ["end"]
    return regex


# ---------------------------------------------------------------- the tree

EVERY = (1 << 257) - 1
_BEYOND = 1 << 256


def span(low: int, high: int) -> Chars:
    """The characters from one code to another, inclusive."""
    return (1 << (min(high, 256) + 1)) - (1 << min(low, 256))


def _of(text: str) -> Chars:
    chars = 0
    for char in text:
        chars |= 1 << min(ord(char), 256)
    return chars


DOT = EVERY ^ _of("\n")
_DIGITS = span(48, 57)
LOWER = span(97, 122)
UPPER = span(65, 90)
CATEGORIES = {
    "DIGIT": _DIGITS,
    "SPACE": span(9, 13) | span(28, 32) | 1 << 0x85 | 1 << 0xA0,
    "WORD": _DIGITS
    | LOWER
    | UPPER
    | _of("_ª²³µ¹º¼½¾")
    | span(0xC0, 0xD6)
    | span(0xD8, 0xF6)
    | span(0xF8, 256),
}
_NUMBERISH = _DIGITS | _of("+-.,eE")


class Char:
    """One character out of a set."""

    __slots__ = ("chars",)

    def __init__(self, chars: Chars) -> None:
        self.chars = chars


class Repeat:
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


class Group:
    """A capturing group."""

    __slots__ = ("body", "empty", "ends_lazily", "has_loop")

    def __init__(self, body: list[Any]) -> None:
        self.body = body
        self.empty = _can_be_empty(body)
        self.ends_lazily = _ends_lazily(body)
        self.has_loop = _has_loop(body)


class Choice:
    """One of several sequences."""

    __slots__ = ("empty", "ends_lazily", "has_loop", "ways")

    def __init__(self, ways: list[list[Any]]) -> None:
        self.ways = ways
        self.empty = any(_can_be_empty(way) for way in ways)
        self.ends_lazily = any(_ends_lazily(way) for way in ways)
        self.has_loop = any(_has_loop(way) for way in ways)


class Anchor:
    """A place in the text: start, end, or another."""

    __slots__ = ("where",)

    def __init__(self, where: str) -> None:
        self.where = where


class Look:
    """What depends on the text around or before: a look to either side, a reference to a group."""

    __slots__ = ("body", "refers")

    def __init__(self, body: list[Any], refers: bool) -> None:
        self.body = body
        self.refers = refers


def _below(node: Any) -> list[list[Any]]:
    if isinstance(node, Choice):
        return node.ways
    return [node.body] if isinstance(node, (Repeat, Group, Look)) else []


def _walk(sequence: list[Any]) -> Iterator[Any]:
    """Every node, each before those below it, in the order of the text."""
    for node in sequence:
        yield node
        for body in _below(node):
            yield from _walk(body)


# ---------------------------------------------------------------- plain patterns


def _plainly_parsed(text: str) -> list[Any] | None:
    """The nodes of a pattern of text, sets, groups and quantifiers; None where there is more to it."""
    sequence: list[Any] = []
    opened: list[tuple[list[Any], bool]] = []
    # Where the nodes begin that a quantifier would repeat.
    begin: int | None = None
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char in _QUANTIFIERS:
            times = _QUANTIFIERS[char] or _times(text, at)
            if times is None or begin is None:
                return None
            low, high, length = times
            at += length
            lazy = text.startswith("?", at)
            at += lazy
            sequence[begin:] = [Repeat(sequence[begin:], low, high, lazy, False)]
            begin = None
        elif char == "(":
            captures = not text.startswith("?:", at)
            if captures and text.startswith("?", at):
                return None
            at += 0 if captures else 2
            opened.append((sequence, captures))
            sequence, begin = [], None
        elif char == ")":
            if not opened or not sequence:
                return None
            body = sequence
            sequence, captures = opened.pop()
            begin = len(sequence)
            sequence += [Group(body)] if captures else body
        elif char in "^$":
            sequence.append(Anchor("start" if char == "^" else "end"))
            begin = None
        else:
            found = _characters(text, at - 1)
            if found is None:
                return None
            chars, at = found
            begin = len(sequence)
            sequence.append(Char(chars))
    return None if opened else sequence


# The least and most times, and how many characters of the quantifier follow; {m,n} is looked at.
_QUANTIFIERS: dict[str, tuple[int, int | None, int] | None] = {
    "*": (0, None, 0),
    "+": (1, None, 0),
    "?": (0, 1, 0),
    "{": None,
}
_CLASSES = {"d": CATEGORIES["DIGIT"], "s": CATEGORIES["SPACE"], "w": CATEGORIES["WORD"]}
_CLASSES |= {letter.upper(): EVERY ^ chars for letter, chars in _CLASSES.items()}


def _times(text: str, at: int) -> tuple[int, int | None, int] | None:
    """What stands in the braces that begin before a character."""
    inner = text[at : at + 10].partition("}")[0]
    least, comma, most = inner.partition(",")
    closed = text.startswith("}", at + len(inner))
    if not closed or not inner.isascii() or not least.isdecimal() or not (most or "0").isdecimal():
        return None
    low = int(least)
    high = int(most) if most else None if comma else low
    return None if high is not None and high < low else (low, high, len(inner) + 1)


def _characters(text: str, at: int) -> tuple[Chars, int] | None:
    """What matches one character at a place, and where that ends."""
    char = text[at]
    if char == "[":
        return _set(text, at + 1)
    if char == ".":
        return DOT, at + 1
    if char == "\\":
        letter = text[at + 1 : at + 2]
        if not letter or (letter.isascii() and letter.isalnum() and letter not in _CLASSES):
            return None
        return _CLASSES.get(letter) or 1 << min(ord(letter), 256), at + 2
    return None if char in _SPECIAL else (1 << min(ord(char), 256), at + 1)


def _set(text: str, at: int) -> tuple[Chars, int] | None:
    """The characters between [ and ], and where that ends."""
    negated = text.startswith("^", at)
    at += negated
    chars = 0
    first = at
    while at < len(text):
        char = text[at]
        if char == "]" and at > first:
            return (EVERY ^ chars if negated else chars), at + 1
        if char == "\\":
            found = _characters(text, at)
            if found is None or text.startswith("-", found[1]):
                return None
            chars |= found[0]
            at = found[1]
        elif text.startswith("-", at + 1) and text[at + 2 : at + 3] not in ("", "]"):
            high = text[at + 2]
            if high == "\\" or high < char:
                return None
            chars |= span(ord(char), ord(high))
            at += 3
        else:
            chars |= 1 << min(ord(char), 256)
            at += 1
    return None


# ---------------------------------------------------------------- what the tree says


def _at_once(sequence: list[Any], repeated: bool = False) -> int:
    total = 0
    for node in sequence:
        total += isinstance(node, Group)
        # Each round may take another way.
        again = repeated or (isinstance(node, Repeat) and node.high != 1)
        below = [_at_once(body, again) for body in _below(node)]
        total += sum(below) if repeated else max(below, default=0)
    return total


def _can_be_empty(sequence: list[Any], *, at_line: bool = False) -> bool:
    """Whether a sequence can match no text; `at_line`: on an empty line, where its own ^ and $ hold."""
    for node in sequence:
        match node:
            case Anchor(where="start" | "end") if at_line:
                pass
            case Repeat(empty=True) | Group(empty=True) | Choice(empty=True):
                pass
            case _:
                return False
    return True


def _has_loop(sequence: list[Any]) -> bool:
    for node in sequence:
        match node:
            case Repeat(high=None) | Repeat(has_loop=True) | Group(has_loop=True) | Choice(has_loop=True):
                return True
    return False


def _ends_lazily(sequence: list[Any]) -> bool:
    for node in reversed(sequence):
        match node:
            case Repeat(ends_lazily=True) | Group(ends_lazily=True) | Choice(ends_lazily=True):
                return True
        if not _can_be_empty([node]):
            return False
    return False


def _has_lazy_tail(sequence: list[Any]) -> bool:
    """Whether a group ends lazily, and nothing that must match follows it up to the end of the sequence."""
    for node in reversed(sequence):
        if isinstance(node, Group) and node.ends_lazily:
            return True
        if any(_has_lazy_tail(body) for body in _below(node)):
            return True
        if not _can_be_empty([node]):
            return False
    return False


def _is_greedy_any(body: list[Any]) -> bool:
    match body:
        case [Repeat(low=0 | 1, high=None, lazy=False, body=[Char(chars=chars)])]:
            return chars in (DOT, EVERY)
    return False


def _has_text(sequence: list[Any], in_group: bool) -> bool:
    """Whether something in the pattern names what to look for, not only a number or any text."""
    for node in sequence:
        if isinstance(node, Char):
            few = node.chars.bit_count() <= 8 and not node.chars & _BEYOND
            if few and (not in_group or node.chars & ~_NUMBERISH):
                return True
        elif any(_has_text(body, in_group or isinstance(node, Group)) for body in _below(node)):
            return True
    return False


# ---------------------------------------------------------------- what a group can match

_SIGN = _of("+-")
_UNIT = LOWER | UPPER | _of("%/")


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
    """Return the states (as bits) that a machine can be in after text that the sequence matches.

    A possessive repeat counts as a greedy one here, so there may be more states than are reached.
    """
    for node in sequence:
        budget.spend()
        match node:
            case Char(chars=chars):
                after = 0
                for state, ways in enumerate(machine):
                    if states >> state & 1:
                        for taken, to in ways:
                            if taken & chars:
                                after |= 1 << to
                states = after
            case Repeat(body=body, low=low, high=high):
                for _ in range(min(low, _ROUNDS)):
                    states = _run(body, machine, states, budget)
                for _ in range(_ROUNDS if high is None else min(high - low, _ROUNDS)):
                    more = states | _run(body, machine, states, budget)
                    if more == states:
                        break
                    states = more
            case Group(body=body):
                states = _run(body, machine, states, budget)
            case Choice(ways=choices):
                after = 0
                for choice in choices:
                    after |= _run(choice, machine, states, budget)
                states = after
            case _:
                raise Unclear
        if not states:
            return 0
    return states


def _ends(sequence: list[Any], text: str, at: int, budget: _Budget) -> list[int]:
    """Return where matches of a sequence from one offset on end, in the order a matcher tries them."""
    ends = [at]
    for node in sequence:
        budget.spend()
        ends = _distinct([end for start in ends for end in _node_ends(node, text, start, budget)])
    return ends


def _distinct(offsets: list[int]) -> list[int]:
    return offsets if len(offsets) < 2 else [*dict.fromkeys(offsets)]


def _node_ends(node: Any, text: str, at: int, budget: _Budget) -> list[int]:
    match node:
        case Char(chars=chars):
            return [at + 1] if at < len(text) and chars >> ord(text[at]) & 1 else []
        case Group(body=body):
            return _ends(body, text, at, budget)
        case Choice(ways=ways):
            return _distinct([end for way in ways for end in _ends(way, text, at, budget)])
        case Repeat(possessive=True):
            return _possessive_ends(node, text, at, budget)
        case Repeat():
            return _repeat_ends(node, text, at, 0, budget)
    raise Unclear


def _repeat_ends(repeat: Repeat, text: str, at: int, count: int, budget: _Budget) -> list[int]:
    """Return where a repeat ends that has matched a number of rounds already."""
    budget.spend()
    # Of more rounds than there are characters, the others match nothing.
    low = min(repeat.low, len(text) + 1)
    enough = [at] if count >= low else []
    if count > len(text) or count == repeat.high:
        return enough
    longer: list[int] = []
    for end in _ends(repeat.body, text, at, budget):
        # An empty round ends the repeat.
        ended = end == at and bool(enough)
        longer += enough if ended else _repeat_ends(repeat, text, end, count + 1, budget)
    return _distinct([*enough, *longer] if repeat.lazy else [*longer, *enough])


def _possessive_ends(repeat: Repeat, text: str, at: int, budget: _Budget) -> list[int]:
    """Return where a possessive repeat ends: each round takes the first way, and none is tried again."""
    count = 0
    while count != repeat.high:
        ends = _ends(repeat.body, text, at, budget)
        if not ends:
            break
        if ends[0] == at:
            return [at]
        at = ends[0]
        count += 1
    return [at] if count >= repeat.low else []


# The last are for groups that take few numbers.
_PROBES = ("0.5", "12", "0", "-0.5", ".5", "1e-05", "1.5E+3")


def _takes(body: list[Any], probe: str, budget: _Budget) -> bool:
    return len(probe) in _ends(body, probe, 0, budget)


def _is_numeric(body: list[Any], budget: _Budget) -> bool | None:
    """Whether a group can match a number; None where that depends on the text around it."""
    try:
        if any(_takes(body, text, budget) for text in _PROBES[:2]):
            return True
        if not _run(body, _NUMBERS, 1, budget) & _NUMBERS_END:
            return False
        if any(isinstance(node, Repeat) and node.possessive for node in _walk(body)):
            return any(_takes(body, text, budget) for text in _PROBES) or None
    except Unclear:
        return None
    return True


def _refused(body: list[Any], budget: _Budget) -> tuple[str, ...]:
    """The ways of writing a number that a group does not take, although it takes 0.5."""
    try:
        if _takes(body, "0.5", budget):
            return tuple(text for text in ("-0.5", "1e-05") if not _takes(body, text, budget))
    except Unclear:
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
        if isinstance(node, Repeat):
            if node.possessive:
                # Nothing in it is tried again.
                continue
            if node.high is None and node.has_loop:
                try:
                    _Positions(budget).explore(node)
                except _Ambiguous:
                    return "an unbounded repeat inside another can match the same text in two ways"
                except Unclear:
                    pass
        for body in _below(node):
            found = _catastrophe(body, budget)
            if found:
                return found
    return None


def _is_endless_dot(node: Any) -> bool:
    match node:
        case Repeat(high=None, possessive=False, body=[Char(chars=chars)]):
            return chars in (DOT, EVERY)
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

    def explore(self, repeat: Repeat) -> None:
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
            case Char(chars=chars):
                self.chars.append(chars)
                self.next.append(set())
                return [len(self.chars) - 1], [len(self.chars) - 1], False
            case Choice(ways=ways):
                if sum(map(_can_be_empty, ways)) > 1:
                    raise _Ambiguous
                parts = [self._sequence(way) for way in ways]
                return (
                    [state for part in parts for state in part[0]],
                    [state for part in parts for state in part[1]],
                    any(part[2] for part in parts),
                )
            case Group(body=body):
                return self._sequence(body)
            case Repeat(body=body, low=low, high=high, possessive=False):
                return self._repeat(body, low, high)
            case Anchor():
                return [], [], True
        raise Unclear

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
            optional = [Choice([[*body, *optional], []])]
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
