"""Checking what others declare as rules, and what these yield: a mistake is an error, never silence."""

from __future__ import annotations

from functools import wraps

from algolint.aws.model import Model
from algolint.messages import meant, shown
from algolint.rule import SEVERITIES, Fix, Problem, Related, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any


def fault(rule: Rule) -> str | None:
    """What is wrong with the declaration of a rule; None for nothing."""
    shapes: Any = rule.on
    if not isinstance(shapes, tuple) or not all(isinstance(name, str) for name in shapes):
        return f"on takes the name of an API shape, or a tuple of names, not {shown(rule.on)}"
    for level in (rule.severity, *rule.also):
        if level not in SEVERITIES:
            hint = meant(str(level), SEVERITIES) or f"; one of {', '.join(SEVERITIES)}"
            return f"{shown(level)} is not a severity{hint}"
    # The newest revision has every shape that an earlier one had.
    known = frozenset(Model().names())
    for name in shapes:
        if name not in known:
            return f"{shown(name)} is not a shape of the API{meant(name, known)}"
    return None


def checked(check: Callable[..., Iterable[Problem]]) -> Callable[..., Iterator[Problem]]:
    """The same function, which raises TypeError for what is not a well-formed problem."""

    @wraps(check)
    def checking(*arguments: Any) -> Iterator[Problem]:
        try:
            for problem in check(*arguments):
                _check(problem)
                yield problem
        except SystemExit as error:
            raise RuntimeError(f"it tried to end the program ({error})") from error

    return checking


def _check(problem: Any) -> None:
    if not isinstance(problem, Problem):
        raise TypeError(f"it yields {shown(problem)}, not a Problem")
    if not isinstance(problem.message, str):
        raise TypeError(f"the message is {shown(problem.message)}, not text")
    if problem.severity is not None and problem.severity not in SEVERITIES:
        raise TypeError(f"{shown(problem.severity)} is not a severity; one of {', '.join(SEVERITIES)}")
    if problem.fix is not None and not isinstance(problem.fix, Fix):
        raise TypeError(f"the fix is {shown(problem.fix)}, not a Fix")
    if problem.secret is not None and not isinstance(problem.secret, str):
        raise TypeError(f"the secret is {shown(problem.secret)}, not text")
    if not all(isinstance(related, Related) for related in problem.related):
        raise TypeError("what is related is not a Related")
    paths = [problem.path, *(related.path for related in problem.related)]
    for step in (step for path in paths for step in path):
        if not isinstance(step, (str, int)):
            raise TypeError(f"a path has a step {shown(step)}, which is neither a key nor an index")
