"""Making fixes in files: round after round, each proved by linting again, and written in one stroke."""

from __future__ import annotations

import os
import signal
import stat
import tempfile

from algolint.fixes import edits
from algolint.linter import read
from algolint.source import Source, SourceSyntaxError
from algolint.suppression import Uncomment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.linter import Diagnostic
    from algolint.session import Result, Session
    from algolint.source import Document

    Fixable = list[tuple[Document, Diagnostic]]

# A fix may uncover another; more rounds than this would be two fixes undoing one another.
_ROUNDS = 10
# Where all fixes together do not help, so many are tried alone.
_MOST_TRIED = 50


class NotWritten(Exception):
    """A fixed file could not be put in the place of the original, which is as it was."""


def fixed(session: Session, name: str, named: bool, source: Source, unsafe: bool) -> tuple[Source, Result]:
    """The source with its fixes made, and what is left to say of it.

    A fix is kept only if it leaves fewer findings than there were.
    """
    result = session.lint(name, named, source)
    count = 0
    for _ in range(_ROUNDS):
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
    """One round of fixes: all that fit together, or else as many as help one by one."""
    fixes = _fixable(source, result, unsafe)
    # Each attempt lints the file anew.
    single: list[Fixable] = [[fix] for fix in fixes[:_MOST_TRIED]] if len(fixes) > 1 else []
    attempts: list[Fixable | None] = [fixes, *single]
    # Comments go last: what they suppress may just have been mended.
    for attempt in (*attempts, None):
        if attempt is None:
            text, made = _uncommented(source, result)
        else:
            text, made = edits.fixed(source, [(document, d.fix) for document, d in attempt if d.fix])
        if not made:
            continue
        after = Source(source.name, ("\ufeff" if source.bom else "") + text)
        then = session.lint(name, named, after)
        if then.is_spec and _findings(then) < _findings(result):
            return after, then, made
    return None


def _findings(result: Result) -> int:
    return len(result.diagnostics) + result.unlisted


def _uncommented(source: Source, result: Result) -> tuple[str, int]:
    """The text without the comments, or parts of them, that suppress nothing; they change no value."""
    chosen: list[list[edits.Edit]] = []
    for diagnostic in result.diagnostics:
        if isinstance(diagnostic.fix, Uncomment) and diagnostic.edits:
            found = diagnostic.edits
            if all(found != other and edits.compatible(found, other) for other in chosen):
                chosen.append(found)
    return edits.apply(source.text, [edit for found in chosen for edit in found]), len(chosen)


def _fixable(source: Source, result: Result, unsafe: bool) -> Fixable:
    wanted = [
        d
        for d in result.diagnostics
        if d.fix is not None and (unsafe or d.fix.safe) and not isinstance(d.fix, Uncomment)
    ]
    if not wanted:
        return []
    try:
        documents = {document.index: document for document in read(source)}
    except SourceSyntaxError:
        return []
    return [(documents[d.document], d) for d in wanted]


def write(name: str, before: Source, after: Source) -> None:
    """Put the fixed text in the place of the file, whole or not at all. Raises `NotWritten`.

    The file keeps its mode and its owner. A file that is a symbolic link, that may not be written, or that
    changed since it was read, is left alone. Of a file with several names (hard links) only this one gets
    the new text. A signal waits until either text stands there whole.
    """
    data = after.text.encode("utf-8", "surrogatepass")
    data = b"\xef\xbb\xbf" + data if after.bom else data
    was = before.text.encode("utf-8", "surrogatepass")
    was = b"\xef\xbb\xbf" + was if before.bom else was
    temporary = ""
    held = _defer_signals()
    try:
        status = os.lstat(name)
        if stat.S_ISLNK(status.st_mode):
            raise NotWritten("is a symbolic link; name the file it leads to")
        if not os.access(name, os.W_OK):
            raise NotWritten("is read-only")
        with open(name, "rb") as file:
            if file.read(len(was) + 1) != was:
                raise NotWritten("changed while it was linted")
        handle, temporary = tempfile.mkstemp(prefix=".algolint-", dir=os.path.dirname(os.path.abspath(name)))
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mine = os.stat(temporary)
        if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
            # With another group the same mode would let others in.
            os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        os.replace(temporary, name)
    except OSError as error:
        raise NotWritten(f"could not be written: {error.strerror}") from None
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        _release_signals(held)


def _defer_signals() -> Any:
    if not hasattr(signal, "pthread_sigmask"):
        return None
    return signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))


def _release_signals(held: Any) -> None:
    if held is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def difference(before: Source, after: Source) -> str:
    """The change as a unified diff."""
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
