"""The facts of a metric's regular expression, found by parsing it.

No pattern is matched against text of a user: a question such as "can this group match -0.5?" is answered by
following all ways through the tree at once, with a budget of steps.
"""

from __future__ import annotations

from algolint.regexes.parser import parse
from algolint.regexes.tree import (
    BEYOND,
    DOT,
    EVERY,
    Anchor,
    Char,
    Group,
    IndeterminateError,
    Look,
    Reference,
    RegexSyntaxError,
    Repeat,
    bodies,
    can_be_empty,
    chars_of,
    walk,
)

from ._regex_facts import Regex
from ._regex_matching import NUMBERISH, Budget, is_numeric, takes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Small numbers as most languages write them.
EXPONENTS = ("1.5e-05", "1e-05")
_MAX_LENGTH = 1000
# The cost of parsing a character and of walking over its node.
_STEPS_A_CHARACTER = 10


def parsed(text: str) -> Regex:
    """Return the facts of a pattern that is parsed as a whole."""
    regex = Regex()
    budget = Budget()
    steps = budget.left
    if len(text) <= _MAX_LENGTH:
        try:
            regex = _facts(parse(text), budget)
        except RegexSyntaxError as error:
            regex.fault = error.reason
            regex.is_fault_certain = error.certain
        except (RecursionError, IndeterminateError):
            pass
    regex.cost = steps - max(budget.left, 0) + _STEPS_A_CHARACTER * len(text)
    return regex


def _facts(sequence: list[Any], budget: Budget) -> Regex:
    regex = Regex()
    nodes = walk(sequence)
    # There are few others, and `isinstance` takes five times as long where the answer is no.
    complex_nodes = [node for node in nodes if not isinstance(node, Char)]
    groups = [node for node in complex_nodes if isinstance(node, Group)]
    regex.groups = len(groups)
    regex.is_group = len(groups) == len(sequence) == 1 and sequence[0] is groups[0]
    regex.at_once = _at_once(sequence) if len(groups) > 1 else len(groups)
    regex.has_references = any(isinstance(node, Reference) for node in complex_nodes)
    regex.ends_lazily = any(group.ends_lazily for group in groups)
    regex.lazy_tail = regex.ends_lazily and _has_lazy_tail(sequence)
    regex.greedy = any(_is_greedy_any(group.body) for group in groups)
    regex.numeric = tuple(is_numeric(group.body, budget) for group in groups)
    if groups:
        first = groups[0].body
        inside = walk(first)
        regex.groups_in_first = sum(isinstance(node, Group) for node in inside)
        regex.unmatched = _unmatched(first, budget)
        regex.expects_exponent = any(isinstance(n, Char) and _is_exponent(n.chars) for n in inside)
        regex.has_empty_number = can_be_empty(first) and _is_of_numbers(inside)
    regex.catastrophic = _catastrophic(complex_nodes, sequence, budget)
    regex.nullable = can_be_empty(sequence, at_line=True)
    regex.number_only = not any(
        node.chars & ~NUMBERISH if isinstance(node, Char) else isinstance(node, (Look, Reference))
        for node in nodes
    )
    regex.has_text = _has_text(sequence, False)
    anchors = [node.position for node in sequence if type(node) is Anchor]
    regex.is_line = anchors[:1] == ["start"] and anchors[-1:] == ["end"]
    return regex


def _catastrophic(nodes: list[Any], sequence: list[Any], budget: Budget) -> str | None:
    """Return what makes the time of matching explode, which needs two unbounded repeats; None if nothing."""
    if sum(isinstance(node, Repeat) and node.high is None for node in nodes) < 2:
        return None
    from ._regex_ambiguity import ambiguity

    return ambiguity(sequence, budget)


# ---------------------------------------------------------------- questions about a tree


def _at_once(sequence: list[Any], repeated: bool = False) -> int:
    """Return how many groups can take part in one match."""
    total = 0
    for node in sequence:
        total += isinstance(node, Group)
        # Each round may take another alternative.
        again = repeated or (isinstance(node, Repeat) and node.high != 1)
        below = [_at_once(body, again) for body in bodies(node)]
        total += sum(below) if repeated else max(below, default=0)
    return total


def _has_lazy_tail(sequence: list[Any]) -> bool:
    """Whether a group ends lazily, and nothing that must match follows it up to the end of the sequence."""
    for node in reversed(sequence):
        if isinstance(node, Group) and node.ends_lazily:
            return True
        if any(_has_lazy_tail(body) for body in bodies(node)):
            return True
        if not can_be_empty([node]):
            return False
    return False


def _is_greedy_any(body: list[Any]) -> bool:
    """Whether a group is `.*` or `.+`."""
    match body:
        case [Repeat(low=0 | 1, high=None, lazy=False, body=[Char(chars=chars)])]:
            return chars in (DOT, EVERY)
    return False


def _has_text(sequence: list[Any], in_group: bool) -> bool:
    """Whether something in the pattern names what to look for, not only a number or any text."""
    for node in sequence:
        if isinstance(node, Char):
            few = node.chars.bit_count() <= 8 and not node.chars & BEYOND
            if few and (not in_group or node.chars & ~NUMBERISH):
                return True
        elif any(_has_text(body, in_group or isinstance(node, Group)) for body in bodies(node)):
            return True
    return False


def _unmatched(body: list[Any], budget: Budget) -> tuple[str, ...]:
    """Return the forms of a number that a group does not match, although it matches 0.5."""
    try:
        if takes(body, "0.5", budget):
            sign = [] if takes(body, "-0.5", budget) else ["-0.5"]
            exponents = [text for text in EXPONENTS if not takes(body, text, budget)]
            return (*sign, *exponents[:1])
    except IndeterminateError:
        pass
    return ()


def _is_exponent(chars: int) -> bool:
    """Whether a set of characters is for the e of a number, and not for any letter."""
    return not chars & ~NUMBERISH and bool(chars & chars_of("eE"))


def _is_of_numbers(nodes: list[Any]) -> bool:
    """Whether a group of the nodes matches only characters of numbers, and as many of them as it can."""
    for node in nodes:
        if isinstance(node, (Look, Reference)) or (isinstance(node, Repeat) and node.lazy):
            return False
        if isinstance(node, Char) and node.chars & ~NUMBERISH:
            return False
    return True
