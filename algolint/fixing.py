"""Fixing files: round after round, each proved by linting again, and written at once."""

from __future__ import annotations

import os
import stat

from algolint import atomic
from algolint.fixes.edits import SourceEditor
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.document import Document
    from algolint.rule import Fix
    from algolint.session import Result, Session

# A fix may uncover another; more rounds than this would be two fixes that undo each other.
_MAX_ROUNDS = 10
# Where all fixes together do not help, so many are tried alone.
_MAX_TRIED = 50


class NotWritten(Exception):
    """Raised when a file could not be replaced by its fixed text; it is as it was."""


def fixed(session: Session, name: str, named: bool, source: Source, unsafe: bool) -> tuple[Source, Result]:
    """Return the source with its fixes made, and what is left to report.

    A fix is kept only if it leaves fewer findings than there were.
    """
    result = session.lint(name, named, source)
    count = 0
    for _ in range(_MAX_ROUNDS):
        step = _round(session, name, named, source, result, unsafe)
        if step is None:
            break
        source, result, made = step
        count += made
    result.fixed = count
    return source, result


def _round(
    session: Session, name: str, named: bool, source: Source, result: Result, unsafe: bool
) -> tuple[Source, Result, int] | None:
    """Make one round of fixes: all that fit together, or else the first one that helps by itself."""
    fixes = _fixable(source, result, unsafe)
    editor = SourceEditor(source, syntax_of(source))
    changes = editor.plans(pair for pair in fixes if pair[1].edits is None)
    # Each attempt lints the file again.
    single = [[plan] for plan in changes[:_MAX_TRIED]] if len(changes) > 1 else []
    # Comments go last: what they suppress may just have been fixed.
    comments = editor.plans(pair for pair in fixes if pair[1].edits is not None)
    for attempt in (changes, *single, comments):
        text, made = editor.combined(attempt)
        if not made:
            continue
        after = Source(source.name, ("\ufeff" if source.bom else "") + text)
        then = session.lint(name, named, after)
        if then.is_spec and _findings(then) < _findings(result):
            return after, then, made
    return None


def _findings(result: Result) -> int:
    return len(result.diagnostics) + result.unlisted


def _fixable(source: Source, result: Result, unsafe: bool) -> list[tuple[Document, Fix]]:
    """Return the fixes to make, each with its document."""
    wanted = [(d.document, d.fix) for d in result.diagnostics if d.fix is not None and (unsafe or d.fix.safe)]
    if not wanted:
        return []
    try:
        documents = {document.index: document for document in read(source)}
    except SourceSyntaxError:
        return []
    return [(documents[index], fix) for index, fix in wanted]


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


def difference(before: Source, after: Source) -> str:
    """Return the change as a unified diff."""
    import difflib

    lines = difflib.unified_diff(
        before.text.splitlines(keepends=True),
        after.text.splitlines(keepends=True),
        before.name,
        after.name,
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
