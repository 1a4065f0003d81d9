"""Checking the rules of packs when they are declared and called, so that mistakes are reported."""

from __future__ import annotations

import sys
from functools import wraps

from algolint import limits
from algolint.aws.model import Model
from algolint.messages import meant, shown
from algolint.page import parsed
from algolint.rule import EVIDENCE_KINDS, SEVERITIES, Fix, Insert, Problem, Related, Replace, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any

_FIXES = ("safe", "unsafe")


def fault(rule: Rule) -> str | None:
    """Return what is wrong with the declaration of a rule, or None."""
    shapes: Any = rule.on
    if not isinstance(shapes, tuple) or not all(isinstance(name, str) for name in shapes):
        return f"on takes the name of an API shape, or a tuple of names, not {shown(rule.on)}"
    also: Any = rule.also
    if not isinstance(also, tuple):
        return f"also takes a tuple of severities, not {shown(also)}"
    for level in (rule.severity, *also):
        if level not in SEVERITIES:
            hint = meant(str(level), SEVERITIES) or f"; one of {', '.join(SEVERITIES)}"
            return f"{shown(level)} is not a severity{hint}"
    replaced: Any = rule.replaces
    if not isinstance(replaced, tuple) or not all(isinstance(name, str) for name in replaced):
        return f"replaces takes a tuple of names of rules, not {shown(replaced)}"
    if rule.fix not in (None, *_FIXES):
        return f"{shown(rule.fix)} is not a kind of fix{meant(str(rule.fix), _FIXES) or '; safe or unsafe'}"
    if rule.url is not None and not str(rule.url).startswith("https://"):
        return f"url takes an address that begins with https://, not {shown(rule.url)}"
    kind, _, source = str(rule.evidence).partition(": ")
    if kind not in EVIDENCE_KINDS or not source:
        kinds = ", ".join(EVIDENCE_KINDS)
        return f"evidence takes 'KIND: SOURCE', KIND one of {kinds}; got {shown(rule.evidence)}"
    # The newest revision has all shapes of earlier ones.
    known = frozenset(Model().names())
    for name in shapes:
        if name not in known:
            return f"{shown(name)} is not a shape of the API{meant(name, known)}"
    return _fault_of_page(rule, known)


def _fault_of_page(rule: Rule, shapes: Collection[str]) -> str | None:
    """Return what is wrong with the page of a rule, or None."""
    if sys.flags.optimize > 1:
        # Python was started with -OO, which removes docstrings.
        return None
    page = parsed(rule.page)
    if not page.summary:
        return "it has no page; its docstring begins with the fault in one sentence"
    for example in page.examples:
        shape = example.shape(rule.on)
        if shape not in shapes:
            return f"an example is of {shown(shape)}, which is not a shape of the API{meant(shape, shapes)}"
    return None


def checked(check: Callable[..., Iterable[Problem]]) -> Callable[..., Iterator[Problem]]:
    """Return a function that raises TypeError if the check yields anything but a well-formed problem."""

    @wraps(check)
    def checking(*arguments: Any) -> Iterator[Problem]:
        try:
            problems: Any = check(*arguments)
            if not hasattr(problems, "__iter__") or isinstance(problems, str):
                raise TypeError(f"it returns {shown(problems)}, not an iterable of Problem")
            for number, problem in enumerate(problems, 1):
                if number > limits.MAX_VALUES:
                    raise RuntimeError(f"it yields more than {limits.MAX_VALUES:,} problems")
                _check(problem)
                yield problem
        except SystemExit as error:
            raise RuntimeError(f"it tried to end the program ({error})") from error
        except Exception as error:
            if not _has_text(error):
                raise RuntimeError(f"{type(error).__name__}, which cannot be shown") from None
            raise

    return checking


def _has_text(error: Exception) -> bool:
    """Whether the message of an exception can be formatted."""
    try:
        str(error)
    except Exception:
        return False
    return True


def _check(problem: Any) -> None:
    if not isinstance(problem, Problem):
        raise TypeError(f"it yields {shown(problem)}, not a Problem")
    if not isinstance(problem.message, str):
        raise TypeError(f"the message is {shown(problem.message)}, not text")
    if problem.severity is not None and problem.severity not in SEVERITIES:
        raise TypeError(f"{shown(problem.severity)} is not a severity; one of {', '.join(SEVERITIES)}")
    if problem.fix is not None and not isinstance(problem.fix, Fix):
        raise TypeError(f"the fix is {shown(problem.fix)}, not a Fix")
    if isinstance(problem.fix, (Replace, Insert)):
        _check_value(problem.fix.value)
    if problem.secret is not None and not isinstance(problem.secret, str):
        raise TypeError(f"the secret is {shown(problem.secret)}, not text")
    if not all(isinstance(related, Related) for related in problem.related):
        raise TypeError("what is related is not a Related")
    paths = [problem.path, *(related.path for related in problem.related)]
    for step in (step for path in paths for step in path):
        if not isinstance(step, (str, int)):
            raise TypeError(f"a path has a step {shown(step)}, which is neither a key nor an index")


def _check_value(value: object) -> None:
    """Raise an exception if the value of a fix cannot be that of a spec."""
    left: list[tuple[object, int]] = [(value, 1)]
    count = 0
    while left:
        value, level = left.pop()
        count += 1
        # A list may also contain itself, or the same list often.
        if level > limits.MAX_DEPTH:
            raise ValueError(f"the fix has a value nested more than {limits.MAX_DEPTH} levels deep")
        if count > limits.MAX_VALUES:
            raise ValueError(f"the fix has more than {limits.MAX_VALUES:,} values")
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise TypeError(f"the fix has a key {shown(key)}, which is not text")
            left += ((item, level + 1) for item in value.values())
        elif isinstance(value, list):
            left += ((item, level + 1) for item in value)
