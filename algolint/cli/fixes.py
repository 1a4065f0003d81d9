"""Fixing files and standard input: what is written, what is printed, and what remains to report."""

from __future__ import annotations

import sys

from algolint.runs import fixing
from algolint.runs.session import Result
from algolint.runs.unified_diff import unified_diff
from algolint.source import SourceSyntaxError, UnreadableSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.cli.options import Options
    from algolint.runs.session import Session
    from algolint.source import Source


def fixed_file(session: Session, name: str, named: bool, options: Options) -> Result:
    """Fix one file, or print the diff, as the options say; return the result that is left."""
    try:
        before, holds_job = session.read(name, named)
    except (UnreadableSource, SourceSyntaxError):
        # It cannot be fixed, and linting reports why.
        return session.lint(name, named)
    if before is None:
        return Result(name, holds_job)
    after, result = fixing.fixed(session, name, named, before, options.unsafe_fixes)
    if options.diff:
        _print_or_leave(result, before, after, options)
    elif result.fixes and result.fixes.fixed:
        try:
            fixing.write(name, before, after)
        except fixing.NotWritten as error:
            result = session.lint(name, named)
            result.error = str(error)
    return _without_report(result, options)


def fixed_input(session: Session, name: str, before: Source, options: Options) -> Result:
    """Print the fixed text of standard input, or the diff; return the result that is left."""
    after, result = fixing.fixed(session, name, True, before, options.unsafe_fixes)
    _print_or_leave(result, before, after, options)
    return _without_report(result, options)


def fixed_jobs(session: Session, jobs: Session, result: Result, options: Options) -> Result:
    """Fix the jobs of a file whose specs are already fixed; return the result of the jobs that is left."""
    after = None
    before = result.fixes.before if result.fixes else None
    if result.source is None or before is None:
        found = fixed_file(jobs, result.name, False, options)
    else:
        after, found = fixing.fixed(jobs, result.name, False, result.source, options.unsafe_fixes)
        _print(before, after, options)
        found = _without_report(found, options)
    if found.fixes and found.fixes.fixed and result.diagnostics:
        # The fixes may have moved the remaining findings of the specs.
        result.diagnostics = session.lint(result.name, False, after).diagnostics
    return found


def _print_or_leave(result: Result, before: Source, after: Source, options: Options) -> None:
    """Print the fixed text or the diff, unless the jobs in it are yet to be fixed."""
    result.source = after
    if result.may_hold_job and result.fixes:
        result.fixes.before = before
    else:
        _print(before, after, options)


def _print(before: Source, after: Source, options: Options) -> None:
    """Print the diff or the fixed text."""
    if options.diff:
        print(unified_diff(before, after), end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(after.data())


def _without_report(result: Result, options: Options) -> Result:
    """Return the result; its findings are only counted if the options ask for changes alone."""
    if options.is_for_changes_only:
        result.fixes = result.fixes or fixing.Fixes()
        result.fixes.left = len(result.diagnostics) + result.unlisted
        result.diagnostics = []
    return result
