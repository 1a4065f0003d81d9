"""Whether a partially known text can match a pattern for some contents of its holes.

The pattern becomes a state machine that accepts at least the texts that match. Features beyond a state
machine (lookaround, back-references, anchors, repetition of more than some hundred times) are assumed to
match. So "it cannot match" is certain, and "it can" is not.
"""

from __future__ import annotations

import re
import warnings

from algolint.limits import keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    # The test of a character that leads to the next state, or None for a step without a character.
    Step: TypeAlias = tuple[Callable[[str], bool] | None, int]

# `re` has loaded its parser, whose name depends on the Python version.
_parser: Any = getattr(re, "sre_parse" if hasattr(re, "sre_parse") else "_parser")

# More repetitions than this are treated as unlimited.
_MAX_COPIES = 128
# The limit of states times characters.
_MAX_STEPS = 2_000_000

_machines: dict[str, _Machine] = {}


def may_match(pattern: str, pieces: tuple[str, ...]) -> bool:
    """Whether some contents of the holes between the pieces make the whole text match."""
    machine = _machines.get(pattern)
    if machine is None:
        machine = _machines[pattern] = _Machine(pattern)
    if sum(map(len, pieces)) * len(machine.steps) > _MAX_STEPS:
        return True
    states = machine.first
    for index, piece in enumerate(pieces):
        if index:
            states = machine.after_anything(states)
        for character in piece:
            states = machine.after(states, character)
            if not states:
                return False
    return machine.end in states


class _Machine:
    """The states of a pattern, each with its steps to others.

    A pattern has hundreds of states, but a text leads through few sets of them, so where each set leads is
    remembered. Characters are of the same kind if they fulfil the same conditions.
    """

    def __init__(self, pattern: str) -> None:
        self.steps: list[list[Step]] = []
        self._after: dict[tuple[frozenset[int], bytes | None], frozenset[int]] = {}
        self._kinds: dict[str, bytes] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(pattern)
        start = self._state()
        self.end = self._sequence(tree, start)
        self.first = self._reached({start}, lambda condition: condition is None)
        self._conditions = [condition for steps in self.steps for condition, _ in steps if condition]

    # ------------------------------------------------------------ running

    def after_anything(self, states: frozenset[int]) -> frozenset[int]:
        """Return the states that are reached by any text, including the empty one."""
        reached = self._after.get((states, None))
        if reached is None:
            reached = self._reached(states, lambda _: True)
            keep(self._after, (states, None), reached)
        return reached

    def after(self, states: frozenset[int], character: str) -> frozenset[int]:
        """Return the states that are reached by a character."""
        kind = self._kinds.get(character)
        if kind is None:
            kind = bytes(condition(character) for condition in self._conditions)
            keep(self._kinds, character, kind)
        reached = self._after.get((states, kind))
        if reached is None:
            targets = {
                target
                for state in states
                for condition, target in self.steps[state]
                if condition is not None and condition(character)
            }
            reached = self._reached(targets, lambda condition: condition is None)
            keep(self._after, (states, kind), reached)
        return reached

    def _reached(self, states: Iterable[int], follows: Callable[[Any], bool]) -> frozenset[int]:
        reached = set(states)
        todo = list(reached)
        while todo:
            for condition, target in self.steps[todo.pop()]:
                if target not in reached and follows(condition):
                    reached.add(target)
                    todo.append(target)
        return frozenset(reached)

    # ------------------------------------------------------------ building

    def _state(self) -> int:
        self.steps.append([])
        return len(self.steps) - 1

    def _step(self, state: int, condition: Callable[[str], bool] | None, target: int | None = None) -> int:
        target = self._state() if target is None else target
        self.steps[state].append((condition, target))
        return target

    def _sequence(self, nodes: Any, state: int) -> int:
        """Add the nodes of a pattern in sequence, and return the state after the last one."""
        for operator, argument in nodes:
            state = self._node(str(operator), argument, state)
        return state

    def _node(self, operator: str, argument: Any, state: int) -> int:
        match operator, argument:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN", _:
                return self._step(state, _condition(operator, argument))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (low, high, body):
                return self._repeat(low, high, body, state)
            case "SUBPATTERN", (_, _, _, body):
                return self._sequence(body, state)
            case "ATOMIC_GROUP", body:
                return self._sequence(body, state)
            case "BRANCH", (_, ways):
                end = self._state()
                for way in ways:
                    self._step(self._sequence(way, state), None, end)
                return end
            case "AT" | "ASSERT" | "ASSERT_NOT", _:
                return state
        # A back-reference, or a feature of a newer Python.
        self._step(state, _anything, state)
        return state

    def _repeat(self, low: int, high: Any, body: Any, state: int) -> int:
        is_bounded = high is not _parser.MAXREPEAT and high <= _MAX_COPIES
        for _ in range(min(low, _MAX_COPIES)):
            state = self._sequence(body, state)
        end = self._state()
        if is_bounded:
            for _ in range(high - low):
                self._step(state, None, end)
                state = self._sequence(body, state)
        else:
            # A new state, so that the loop does not lead back into earlier nodes.
            state = self._step(state, None)
            self._step(self._sequence(body, state), None, state)
        self._step(state, None, end)
        return end


def _anything(_: str) -> bool:
    return True


def _condition(operator: str, argument: Any) -> Callable[[str], bool]:
    match operator:
        case "LITERAL":
            return lambda character: ord(character) == argument
        case "NOT_LITERAL":
            return lambda character: ord(character) != argument
        case "ANY":
            return lambda character: character != "\n"
    (first, _), *_ = argument
    members = [_member(str(kind), what) for kind, what in argument if str(kind) != "NEGATE"]
    if str(first) == "NEGATE":
        return lambda character: not any(member(character) for member in members)
    return lambda character: any(member(character) for member in members)


def _member(kind: str, what: Any) -> Callable[[str], bool]:
    """Return the test for a member of a character class, with `re.ASCII`."""
    match kind:
        case "LITERAL":
            return lambda character: ord(character) == what
        case "RANGE":
            low, high = what
            return lambda character: low <= ord(character) <= high
    escape = re.compile(_CLASSES[str(what).removeprefix("CATEGORY_")], re.ASCII)
    return lambda character: escape.match(character) is not None


_CLASSES = {"DIGIT": r"\d", "NOT_DIGIT": r"\D", "SPACE": r"\s", "NOT_SPACE": r"\S"}
_CLASSES |= {"WORD": r"\w", "NOT_WORD": r"\W"}
