"""Whether a text that is known in part can match a pattern, whatever its holes hold.

The pattern becomes a state machine that takes at least what the pattern takes: what lies beyond a machine
(looking around, back-references, anchors, repetition of more than some hundred times) is taken to fit. So
"it cannot match" is certain, and "it can" is not.
"""

from __future__ import annotations

import re
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    # What a character must be on the way to the next state; None needs no character.
    Step: TypeAlias = tuple[Callable[[str], bool] | None, int]

# `re` has loaded its parser by the name it has in this Python.
_parser: Any = getattr(re, "sre_parse" if hasattr(re, "sre_parse") else "_parser")

# More repetitions than this are taken for any number of them.
_MOST_COPIES = 128
# States and characters of one question, as a product.
_MOST_STEPS = 2_000_000

_machines: dict[str, _Machine] = {}


def may_match(pattern: str, pieces: tuple[str, ...]) -> bool:
    """Whether some text in the holes between the pieces may make a text that matches in full."""
    machine = _machines.get(pattern)
    if machine is None:
        machine = _machines[pattern] = _Machine(pattern)
    if sum(map(len, pieces)) * len(machine.steps) > _MOST_STEPS:
        return True
    states = machine.without_character({machine.start})
    for index, piece in enumerate(pieces):
        if index:
            states = machine.after_anything(states)
        for character in piece:
            states = machine.after(states, character)
            if not states:
                return False
    return machine.end in states


class _Machine:
    """The states of a pattern: from each, the steps to others."""

    def __init__(self, pattern: str) -> None:
        self.steps: list[list[Step]] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(pattern)
        self.start = self._state()
        self.end = self._sequence(tree, self.start)

    # ------------------------------------------------------------ running

    def without_character(self, states: set[int]) -> set[int]:
        """The states, and those that are reached from them without a character."""
        return self._reached(states, lambda condition: condition is None)

    def after_anything(self, states: set[int]) -> set[int]:
        """The states that any text, or none, leads to."""
        return self._reached(states, lambda _: True)

    def after(self, states: set[int], character: str) -> set[int]:
        """The states that a character leads to."""
        return self.without_character(
            {
                target
                for state in states
                for condition, target in self.steps[state]
                if condition is not None and condition(character)
            }
        )

    def _reached(self, states: set[int], follows: Callable[[Any], bool]) -> set[int]:
        reached = set(states)
        todo = list(states)
        while todo:
            for condition, target in self.steps[todo.pop()]:
                if target not in reached and follows(condition):
                    reached.add(target)
                    todo.append(target)
        return reached

    # ------------------------------------------------------------ building

    def _state(self) -> int:
        self.steps.append([])
        return len(self.steps) - 1

    def _step(self, state: int, condition: Callable[[str], bool] | None, target: int | None = None) -> int:
        target = self._state() if target is None else target
        self.steps[state].append((condition, target))
        return target

    def _sequence(self, nodes: Any, state: int) -> int:
        """Add the nodes of a pattern one after the other; return the state after the last one."""
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
        # A back-reference, or what a later Python adds.
        self._step(state, _anything, state)
        return state

    def _repeat(self, low: int, high: Any, body: Any, state: int) -> int:
        is_bounded = high is not _parser.MAXREPEAT and high <= _MOST_COPIES
        for _ in range(min(low, _MOST_COPIES)):
            state = self._sequence(body, state)
        end = self._state()
        if is_bounded:
            for _ in range(high - low):
                self._step(state, None, end)
                state = self._sequence(body, state)
        else:
            # A state of its own, so that the way back does not lead into what was before.
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
    """What belongs to one member of a set; classes as `re.ASCII` has them."""
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
