"""Whether matching a pattern can take exponentially long."""

from __future__ import annotations

from itertools import pairwise

from algolint.regexes.tree import (
    DOT,
    EVERY,
    Anchor,
    Char,
    Choice,
    Group,
    IndeterminateError,
    Repeat,
    bodies,
    can_be_empty,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.regexes.tree import Chars

    from ._regex_matching import Budget


class _AmbiguousError(Exception):
    """Raised when a repeat can match the same text in two ways."""


def ambiguity(sequence: list[Any], budget: Budget) -> str | None:
    """Return what makes the time of matching explode, as a message states it; None if nothing does."""
    for before, after in pairwise(sequence):
        if _is_endless_dot(before) and _is_endless_dot(after):
            return "two unbounded dots follow each other"
    for node in sequence:
        if isinstance(node, Repeat) and node.possessive:
            # A matcher never backtracks into it.
            continue
        if isinstance(node, Repeat) and node.high is None and node.has_loop and _is_ambiguous(node, budget):
            return "an unbounded repeat inside another can match the same text in two ways"
        for body in bodies(node):
            found = ambiguity(body, budget)
            if found:
                return found
    return None


def _is_endless_dot(node: Any) -> bool:
    match node:
        case Repeat(high=None, possessive=False, body=[Char(chars=chars)]):
            return chars in (DOT, EVERY)
    return False


def _is_ambiguous(repeat: Repeat, budget: Budget) -> bool:
    try:
        _Positions(budget).explore(repeat)
    except _AmbiguousError:
        return True
    except IndeterminateError:
        pass
    return False


class _Positions:
    """The characters of a repeated sequence as states, each with those that may come next.

    Two transitions from one state to the same next state, or two paths that read the same text and meet
    again, are two ways to match; in a loop their number doubles with every round.
    """

    __slots__ = ("_budget", "chars", "next")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.chars: list[Chars] = []
        self.next: list[set[int]] = []

    def explore(self, repeat: Repeat) -> None:
        """Raise `_AmbiguousError` if the loop can match a text in two ways."""
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
                            raise _AmbiguousError
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
                    raise _AmbiguousError
                self.next[state].add(to)

    def _sequence(self, sequence: list[Any]) -> tuple[list[int], list[int], bool]:
        """Return the states that a sequence can begin and end with, and whether it can be empty."""
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
                if sum(map(can_be_empty, ways)) > 1:
                    raise _AmbiguousError
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
        raise IndeterminateError

    def _repeat(self, body: list[Any], low: int, high: int | None) -> tuple[list[int], list[int], bool]:
        if low == high:
            # If more rounds are ambiguous, so are a hundred.
            return self._sequence([*body] * min(low, 100))
        if high is None or high > 10:
            if low == 0 and can_be_empty(body):
                # No round and an empty round match the same text.
                raise _AmbiguousError
            # The required rounds, the last of which is repeated.
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
