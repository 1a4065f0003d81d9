"""Fixing files: round after round, each proved by linting again, and written at once."""

from __future__ import annotations

import os
import stat
from collections import Counter

from algolint import atomic, limits
from algolint.fixes.edits import Budget, SourceEditor
from algolint.source import Source, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostics.diagnostic import Diagnostic
    from algolint.fixes.edits import Plan
    from algolint.runs.session import Result, Session
    from algolint.values import Path

# A fix may uncover another; more rounds than this would be two fixes that undo each other.
_MAX_ROUNDS = 10
# To lint a text takes about as long as to read it so many times.
_LINT_WORK = 8


class NotWritten(Exception):
    """Raised when a file could not be replaced by its fixed text; it is as it was."""


def fixed(session: Session, name: str, named: bool, source: Source, unsafe: bool) -> tuple[Source, Result]:
    """Return the source with its fixes made, and what is left to report.

    A fix is kept if it leaves fewer findings than there were, or if it removes its own: those that it adds
    were hidden by the fault, as what is in a field whose name is misspelt.
    """
    first = result = session.lint(name, named, source)
    budget = Budget(limits.MAX_FIX_WORK)
    # Two fixes that undo each other would go round in a circle.
    texts = {source.text}
    for _ in range(_MAX_ROUNDS):
        for plans, editor in _attempts(session, source, result, unsafe, budget):
            text, made = editor.combined(plans)
            if not made or text in texts or not budget.take(source, _LINT_WORK):
                continue
            after = source.changed(text)
            then = session.lint(name, named, after)
            if then.is_spec and (
                _findings(then) < _findings(result) or _are_gone([plans[plan] for plan in made], then)
            ):
                source, result = after, then
                texts.add(text)
                break
        else:
            break
    result.uncovered = _new(first, result)
    result.fixed = _findings(first) + result.uncovered - _findings(result)
    if budget.is_spent:
        result.unproved = sum(1 for d in result.diagnostics if d.fix is not None and (unsafe or d.fix.safe))
    return source, result


def _attempts(
    session: Session, source: Source, result: Result, unsafe: bool, budget: Budget
) -> Iterator[tuple[dict[Plan, Diagnostic], SourceEditor]]:
    """Yield what to try in a round: all fixes that fit together, else each by itself, else the comments.

    With each fix is the finding that it is for.
    """
    fixable = [d for d in result.diagnostics if d.fix is not None and (unsafe or d.fix.safe)]
    if not fixable:
        return
    linter = session.linter_of(session.settings_of(result.name))
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
    # Comments go last: what they suppress may just have been fixed.
    yield {plan: d for plan, d in plans.items() if plan.fix.edits is not None}, editor


def _findings(result: Result) -> int:
    return len(result.diagnostics) + result.unlisted


def _place(diagnostic: Diagnostic) -> tuple[str, int, Path]:
    return diagnostic.rule.name, diagnostic.document, diagnostic.location.path


def _are_gone(findings: list[Diagnostic], then: Result) -> bool:
    """Whether none of the findings is among those of a result."""
    return {_place(d) for d in then.diagnostics}.isdisjoint(map(_place, findings))


def _new(before: Result, after: Result) -> int:
    """Return how many findings of `after` are not those of `before`, by their fingerprint or their place."""
    if before.unlisted:
        # Those that are listed now may have been left out before.
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
            others.append(_place(diagnostic))
    # A fix of the value itself changes the fingerprint.
    rest = Counter(_place(diagnostic) for alike in known.values() for diagnostic in alike)
    return sum((Counter(others) - rest).values())


def write(name: str, before: Source, after: Source) -> None:
    """Replace a file by its fixed text, whole or not at all. Raises `NotWritten`.

    The file keeps its mode and its owner. A file that is a symbolic link, that may not be written, or that
    changed since it was read, is left alone. Of a file with several names (hard links) only this one gets
    the new text. A signal is handled after either text is in place.
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
