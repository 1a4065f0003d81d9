"""Fixing files and standard input: what is written, what is printed, and what is left to report."""

from __future__ import annotations

import sys

from algolint import fixing
from algolint.session import Result
from algolint.source import SourceSyntaxError, UnreadableSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.cli.options import Options
    from algolint.session import Session
    from algolint.source import Source


def fixed_file(session: Session, name: str, named: bool, options: Options) -> Result:
    """Fix one file, or print the difference, as the options say; return what is left of it."""
    try:
        before = session.read(name, named)
    except (UnreadableSource, SourceSyntaxError):
        # It cannot be fixed; linting reports why.
        return session.lint(name, named)
    if before is None:
        return Result(name)
    after, result = fixing.fixed(session, name, named, before, options.unsafe_fixes)
    if options.diff:
        print(fixing.difference(before, after), end="")
    elif result.fixed:
        try:
            fixing.write(name, before, after)
        except fixing.NotWritten as error:
            result = session.lint(name, named)
            result.error = str(error)
    return _without_report(result, options)


def fixed_input(session: Session, name: str, before: Source, options: Options) -> Result:
    """Print the fixed text of standard input, or the difference; return what is left of it."""
    after, result = fixing.fixed(session, name, True, before, options.unsafe_fixes)
    if options.diff:
        print(fixing.difference(before, after), end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(after.data())
    return _without_report(result, options)


def _without_report(result: Result, options: Options) -> Result:
    """Return the result with its findings counted only, where the options ask for changes alone."""
    if options.fix_only or options.diff:
        result.left = len(result.diagnostics) + result.unlisted
        result.diagnostics, result.failing = [], 0
    return result
