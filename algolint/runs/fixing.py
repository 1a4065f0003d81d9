"""Fixing files in rounds, each checked by linting again; the result is written in one step."""

from __future__ import annotations

import os
import stat
from collections import Counter

from algolint import limits
from algolint.fixes.edits import Budget, SourceEditor
from algolint.runs import atomic
from algolint.source import Source, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostic import Diagnostic
    from algolint.fixes.edits import Plan
    from algolint.runs.session import Result, Session
    from algolint.values import Path

# A fix may uncover another fault, but so many rounds can only be fixes that undo each other.
_MAX_ROUNDS = 10
# Linting a text takes about as long as reading it this many times.
_LINT_WORK = 8


class NotWritten(Exception):
    """Raised when a file could not be replaced by its fixed text, and was left as it was."""


class Fixes:
    """What fixing a file did."""

    __slots__ = ("before", "fixed", "left", "uncovered")

    def __init__(self, fixed: int = 0, uncovered: int = 0) -> None:
        #: How many findings the fixes removed, how many they uncovered, and how many are left unreported.
        self.fixed = fixed
        self.uncovered = uncovered
        self.left = 0
        #: The text before the fixes, if these are yet to be printed.
        self.before: Source | None = None

    def add(self, other: Fixes) -> None:
        """Add what other fixes of the file did."""
        self.fixed += other.fixed
        self.uncovered += other.uncovered
        self.left += other.left


def fixed(session: Session, name: str, named: bool, source: Source, unsafe: bool) -> tuple[Source, Result]:
    """Return the fixed source, and the result of linting it, with `fixes`.

    A fix is kept if fewer findings are left than before, or if its own finding is gone. In the second case
    the new findings were hidden by the fault: nothing below a misspelt field name is checked, for example.
    """
    first = result = session.lint(name, named, source)
    budget = Budget(limits.MAX_FIX_WORK)
    # Fixes that undo each other would loop for ever.
    texts = {source.text}
    for _ in range(_MAX_ROUNDS):
        for plans, editor in _attempts(session, source, result, unsafe, budget):
            text, made = editor.combined(plans)
            if not made or text in texts or not budget.take(source, _LINT_WORK):
                continue
            after = source.changed(text)
            then = session.lint(name, named, after)
            if (then.is_spec or then.is_other) and (
                _findings(then) < _findings(result) or _are_gone([plans[plan] for plan in made], then)
            ):
                source, result = after, then
                texts.add(text)
                break
        else:
            break
    uncovered = _new(first, result)
    result.fixes = Fixes(_findings(first) + uncovered - _findings(result), uncovered)
    if budget.is_spent:
        result.unproved = sum(1 for d in result.diagnostics if d.fix is not None and (unsafe or d.fix.safe))
    return source, result


def _attempts(
    session: Session, source: Source, result: Result, unsafe: bool, budget: Budget
) -> Iterator[tuple[dict[Plan, Diagnostic], SourceEditor]]:
    """Yield the fixes to try in a round, each with its finding, until an attempt succeeds.

    First all fixes together, then each by itself, and last the removal of suppression comments.
    """
    fixable = [d for d in result.diagnostics if d.fix is not None and (unsafe or d.fix.safe)]
    if not fixable:
        return
    linter = session.linter_of(session.settings.of(result.name))
    try:
        documents = {document.index: document for document in linter.read(source)}
    except SourceSyntaxError:
        return
    editor = SourceEditor(source, linter.syntax(source), budget)
    planned = editor.plans([(documents[d.document], d.fix, d.edits) for d in fixable if d.fix is not None])
    plans = {plan: d for plan, d in zip(planned, fixable, strict=True) if plan is not None}
    changes = {plan: d for plan, d in plans.items() if plan.fix.edits is None}
    yield changes, editor
    if len(changes) > 1:
        yield from (({plan: d}, editor) for plan, d in changes.items())
    # Comments come last: what they suppress may just have been fixed.
    yield {plan: d for plan, d in plans.items() if plan.fix.edits is not None}, editor


def _findings(result: Result) -> int:
    return len(result.diagnostics) + result.unlisted


def _position(diagnostic: Diagnostic) -> tuple[str, int, Path]:
    return diagnostic.rule.name, diagnostic.document, diagnostic.location.path


def _are_gone(findings: list[Diagnostic], then: Result) -> bool:
    """Whether a result has none of these findings any more."""
    return {_position(d) for d in then.diagnostics}.isdisjoint(map(_position, findings))


def _new(before: Result, after: Result) -> int:
    """Return how many findings of `after` are new, judged by their fingerprint and their location."""
    if before.unlisted:
        # Findings listed now may have been left out before.
        return max(0, _findings(after) - _findings(before))
    known: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in before.diagnostics:
        known.setdefault((diagnostic.rule.name, diagnostic.fingerprint), []).append(diagnostic)
    others = []
    for diagnostic in after.diagnostics:
        alike = known.get((diagnostic.rule.name, diagnostic.fingerprint))
        if alike:
            alike.pop()
        else:
            others.append(_position(diagnostic))
    # Fixing the value itself changes the fingerprint, but not the location.
    rest = Counter(_position(diagnostic) for alike in known.values() for diagnostic in alike)
    return sum((Counter(others) - rest).values())


def write(name: str, before: Source, after: Source) -> None:
    """Replace a file by its fixed text, atomically. Raises `NotWritten`.

    The file keeps its mode and owner. It is left alone if it is a symbolic link, is read-only, or changed
    since it was read. If it has several names (hard links), only this one gets the new text. Signals wait
    until one of the two texts is in place.
    """
    try:
        if stat.S_ISLNK(os.lstat(name).st_mode):
            raise NotWritten("is a symbolic link; name the file it leads to")
        if not os.access(name, os.W_OK):
            raise NotWritten("is read-only")
        atomic.replace(name, before.data(), after.data())
    except atomic.ChangedError:
        raise NotWritten("changed while it was linted") from None
    except OSError as error:
        raise NotWritten(f"could not be written: {error.strerror}") from None
