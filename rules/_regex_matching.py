"""Whether the nodes of a pattern match a short text, or a number of any form.

A text is matched in all ways at once, in the order in which a backtracking matcher tries them. Every step is
counted, so that no pattern can take long.
"""

from __future__ import annotations

from algolint.limits import keep
from algolint.regexes.tree import (
    CATEGORIES,
    DIGITS,
    LOWER,
    UPPER,
    Anchor,
    Char,
    Choice,
    Group,
    IndeterminateError,
    Look,
    Repeat,
    chars_of,
    walk,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    from algolint.regexes.tree import Chars

    # From each state of a finite automaton: the characters that lead on, and to which state.
    Automaton: TypeAlias = Sequence[Sequence[tuple[Chars, int]]]
    # An offset in the text, and what groups have captured before it.
    State: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]


class Budget:
    """How many steps the analysis of one pattern may take: some milliseconds, however it is nested."""

    __slots__ = ("left",)

    def __init__(self, steps: int = 20_000) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps, or raise `IndeterminateError`."""
        self.left -= steps
        if self.left < 0:
            raise IndeterminateError


# ---------------------------------------------------------------- one text


class Matcher:
    """Matches nodes against one text. A part of a pattern is `alone`, since the text around it is unknown."""

    __slots__ = ("_alone", "_budget", "_text")

    def __init__(self, text: str, budget: Budget, *, alone: bool) -> None:
        self._text = text
        self._budget = budget
        self._alone = alone

    def states(self, sequence: list[Any], start: State) -> list[State]:
        """Return the states after a sequence, in the order in which a backtracking matcher tries them."""
        states = [start]
        for node in sequence:
            self._budget.spend(1 + len(states))
            states = self._distinct([after for state in states for after in self._after(node, state)])
        return states

    def captures(self, sequence: list[Any]) -> list[tuple[tuple[int, int], ...]]:
        """Return what the groups capture in each match, as `re.finditer` finds them; or else the match."""
        captured = []
        at = 0
        while at <= len(self._text):
            found = self.states(sequence, (at, ()))
            if found:
                end, groups = found[0]
                captured.append(groups or ((at, end),))
                at = max(end, at + 1)
            else:
                at += 1
        return captured

    def _after(self, node: Any, state: State) -> list[State]:
        at, groups = state
        match node:
            case Char(chars=chars):
                if at < len(self._text) and chars >> min(ord(self._text[at]), 256) & 1:
                    return [(at + 1, groups)]
                return []
            case Group(body=body):
                return [(end, (*inner, (at, end))) for end, inner in self.states(body, state)]
            case Choice(ways=ways):
                return self._distinct([after for way in ways for after in self.states(way, state)])
            case Repeat(possessive=True):
                return self._possessive(node, state)
            case Repeat(body=[Char(chars=chars)]):
                return self._run_of(node, chars, state)
            case Repeat():
                return self._repeat(node, state, 0)
            case Anchor() | Look() if not self._alone:
                return [state] if self._holds(node, at) else []
        raise IndeterminateError

    def _repeat(self, repeat: Repeat, state: State, count: int) -> list[State]:
        """Return the states after a repeat that has matched a number of rounds already."""
        self._budget.spend()
        # Of more rounds than there are characters, the others match nothing.
        low = min(repeat.low, len(self._text) + 1)
        enough = [state] if count >= low else []
        if count > len(self._text) or count == repeat.high:
            return enough
        longer: list[State] = []
        for after in self.states(repeat.body, state):
            # An empty round ends the repeat.
            ended = after[0] == state[0] and bool(enough)
            longer += [after] if ended else self._repeat(repeat, after, count + 1)
        return self._distinct([*enough, *longer] if repeat.lazy else [*longer, *enough])

    def _run_of(self, repeat: Repeat, chars: Chars, state: State) -> list[State]:
        """Return the states after a repeat of single characters, which needs no recursion."""
        at, groups = state
        most = len(self._text) if repeat.high is None else min(at + repeat.high, len(self._text))
        end = at
        while end < most and chars >> min(ord(self._text[end]), 256) & 1:
            self._budget.spend()
            end += 1
        ends = range(at + repeat.low, end + 1)
        return [(offset, groups) for offset in (ends if repeat.lazy else reversed(ends))]

    def _possessive(self, repeat: Repeat, state: State) -> list[State]:
        """Return the state after a possessive repeat: each round takes the first way, for good."""
        count = 0
        while count != repeat.high:
            after = self.states(repeat.body, state)
            if not after:
                break
            if after[0][0] == state[0]:
                return [after[0]]
            state = after[0]
            count += 1
        return [state] if count >= repeat.low else []

    def _holds(self, node: Anchor | Look, at: int) -> bool:
        """Whether an anchor or a lookaround matches at an offset."""
        match node:
            case Look(body=body, width=int() as width):
                return (width <= at and bool(self.states(body, (at - width, ())))) != node.negated
            case Look(body=body):
                return bool(self.states(body, (at, ()))) != node.negated
            case Anchor(position="start"):
                return at == 0
            case Anchor(position="end"):
                return at == len(self._text)
            case Anchor(position=position):
                return (self._is_word(at - 1) != self._is_word(at)) == (position == "boundary")

    def _is_word(self, at: int) -> bool:
        inside = 0 <= at < len(self._text)
        return inside and bool(CATEGORIES["WORD"] >> min(ord(self._text[at]), 256) & 1)

    def _distinct(self, states: list[State]) -> list[State]:
        if len(states) < 2:
            return states
        # To compare states is to compare what their groups captured; the shortest way captures least.
        captured = max(len(states[0][1]), len(states[-1][1]))
        self._budget.spend(len(states) * captured // 2)
        return [*dict.fromkeys(states)]


# ---------------------------------------------------------------- one text as a whole


def takes(body: list[Any], text: str, budget: Budget) -> bool:
    """Whether a part of a pattern can match a whole text, whatever is around it.

    Only the offsets count, as bits: a tenth of the time in which `Matcher` finds what groups capture as well.
    """
    return _offsets_after(body, 1, text, budget) >> len(text) & 1 == 1


def _offsets_after(sequence: list[Any], offsets: int, text: str, budget: Budget) -> int:
    """Return the offsets (as bits) at which a sequence can end that begins at one of the given offsets."""
    budget.spend(len(sequence))
    for node in sequence:
        # Patterns of classes would take twice the time.
        if isinstance(node, Char):
            offsets = (offsets & _offsets_of(node.chars, text)) << 1
        elif isinstance(node, Repeat):
            after = _after_possessive if node.possessive else _after_rounds
            offsets = after(node, offsets, text, budget)
        elif isinstance(node, Group):
            offsets = _offsets_after(node.body, offsets, text, budget)
        elif isinstance(node, Choice):
            before, offsets = offsets, 0
            for way in node.ways:
                offsets |= _offsets_after(way, before, text, budget)
        else:
            raise IndeterminateError
        if not offsets:
            return 0
    return offsets


def _after_rounds(repeat: Repeat, offsets: int, text: str, budget: Budget) -> int:
    # Of more rounds than there are characters, the others match nothing.
    most = len(text) + 1
    low = min(repeat.low, most)
    for _ in range(low):
        offsets = _offsets_after(repeat.body, offsets, text, budget)
        if not offsets:
            return 0
    further = offsets
    for _ in range(most if repeat.high is None else min(repeat.high - low, most)):
        further = _offsets_after(repeat.body, further, text, budget) & ~offsets
        if not further:
            break
        offsets |= further
    return offsets


def _after_possessive(repeat: Repeat, offsets: int, text: str, budget: Budget) -> int:
    matcher = Matcher(text, budget, alone=True)
    starts = [at for at in range(len(text) + 1) if offsets >> at & 1]
    ends = {end for at in starts for end, _ in matcher.states([repeat], (at, ()))}
    return sum(1 << end for end in ends)


_known_offsets: dict[tuple[Chars, str], int] = {}


def _offsets_of(chars: Chars, text: str) -> int:
    """Return the offsets in a text at which there is one of the characters."""
    key = chars, text
    offsets = _known_offsets.get(key)
    if offsets is None:
        offsets = sum(1 << at for at, char in enumerate(text) if chars >> min(ord(char), 256) & 1)
        keep(_known_offsets, key, offsets)
    return offsets


# ---------------------------------------------------------------- numbers

#: Numbers of usual forms; the first two are all that most groups are asked for.
EXAMPLES = ("0.5", "12", "0", "-0.5", ".5", "1e-05", "1.5E+3")
NUMBERISH = DIGITS | chars_of("+-.,eE")
_SIGN = chars_of("+-")
_UNIT = LOWER | UPPER | chars_of("%/")
_AFTER_NUMBER = [(_UNIT, 9), (chars_of(" "), 10)]
#: Numbers in general, also with thousands separators or a unit after them. The states: nothing yet, a
#: sign, digits, a leading point, decimals, an e, its sign, its digits, a comma, a unit, a space.
_NUMBERS: Automaton = (
    [(chars_of(" "), 0), (_SIGN, 1), (DIGITS, 2), (chars_of("."), 3)],
    [(DIGITS, 2), (chars_of("."), 3)],
    [(DIGITS, 2), (chars_of("."), 4), (chars_of("eE"), 5), (chars_of(","), 8), *_AFTER_NUMBER],
    [(DIGITS, 4)],
    [(DIGITS, 4), (chars_of("eE"), 5), *_AFTER_NUMBER],
    [(_SIGN, 6), (DIGITS, 7)],
    [(DIGITS, 7)],
    [(DIGITS, 7)],
    [(DIGITS, 2)],
    [(_UNIT, 9)],
    [(chars_of(" "), 10), (_UNIT, 9)],
)
_ACCEPTING = 1 << 2 | 1 << 4 | 1 << 7 | 1 << 9 | 1 << 10
# More rounds through an automaton of so few states change nothing.
_ROUNDS = 64


def is_numeric(body: list[Any], budget: Budget) -> bool | None:
    """Whether a group can match a number; None where that depends on the text around it."""
    try:
        if any(takes(body, text, budget) for text in EXAMPLES[:2]):
            return True
        if not _reached(body, 1, budget) & _ACCEPTING:
            return False
        if any(isinstance(node, Repeat) and node.possessive for node in walk(body)):
            return any(takes(body, text, budget) for text in EXAMPLES) or None
    except IndeterminateError:
        return None
    return True


def _reached(sequence: list[Any], states: int, budget: Budget) -> int:
    """Return the states of `_NUMBERS` (as bits) that can be reached by text that the sequence matches.

    A possessive repeat counts as a greedy one, so there may be more states than are reached.
    """
    for node in sequence:
        budget.spend()
        match node:
            case Char(chars=chars):
                states = _step(chars, states)
            case Repeat(body=body, low=low, high=high):
                for _ in range(min(low, _ROUNDS)):
                    states = _reached(body, states, budget)
                for _ in range(_ROUNDS if high is None else min(high - low, _ROUNDS)):
                    more = states | _reached(body, states, budget)
                    if more == states:
                        break
                    states = more
            case Group(body=body):
                states = _reached(body, states, budget)
            case Choice(ways=ways):
                after = 0
                for way in ways:
                    after |= _reached(way, states, budget)
                states = after
            case _:
                raise IndeterminateError
        if not states:
            return 0
    return states


def _step(chars: Chars, states: int) -> int:
    after = 0
    for state, transitions in enumerate(_NUMBERS):
        if states >> state & 1:
            for taken, to in transitions:
                if taken & chars:
                    after |= 1 << to
    return after
