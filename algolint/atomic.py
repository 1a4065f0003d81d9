"""Writing files whole or not at all: the text is written beside the file and renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX, _SUFFIX = ".algolint-", ".tmp"
# No write takes as long; what is older was left by a process that was killed.
_ABANDONED = 600
# A file that is mounted by itself cannot be renamed over, and in a folder of others none can be made.
_IN_PLACE = (errno.EBUSY, errno.EACCES, errno.EPERM)


class ChangedError(Exception):
    """Raised when a file is no longer what it was expected to be."""


def write(path: str, data: bytes) -> None:
    """Write a file that may exist. Raises OSError, and the file is then as it was.

    The file keeps its mode and owner. A pipe or a terminal is written to. Signals are handled after either
    text is in place.
    """
    path = os.path.realpath(path)
    try:
        status = os.stat(path)
    except FileNotFoundError:
        status = None
    if status is not None and not stat.S_ISREG(status.st_mode):
        _write_in_place(path, data)
        return
    with _without_signals():
        try:
            _replace(path, data, status)
        except OSError as error:
            if status is None or error.errno not in _IN_PLACE:
                raise
            _write_in_place(path, data)


def replace(path: str, before: bytes, data: bytes) -> None:
    """Replace a file that holds `before`, as `write` does. Raises `ChangedError` too.

    Of a file with several names (hard links) only this one gets the new text.
    """
    status = os.lstat(path)
    with _without_signals():
        _replace(path, data, status, before)


def _replace(path: str, data: bytes, like: os.stat_result | None, before: bytes | None = None) -> None:
    folder = os.path.dirname(path)
    _remove_abandoned(folder)
    temporary = os.path.join(folder, f"{_PREFIX}{os.urandom(6).hex()}{_SUFFIX}")
    # Until it is as private as the file was, no other user may read it; a new file is as the umask has it.
    mode = 0o666 if like is None else 0o600
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if like is not None:
            mine = os.stat(temporary)
            if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
                # With another group the same mode would let others in.
                os.chown(temporary, like.st_uid, like.st_gid)
            os.chmod(temporary, stat.S_IMODE(like.st_mode))
        # As late as possible: what is saved after this is lost.
        if before is not None and not _holds(path, before):
            raise ChangedError
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _holds(path: str, data: bytes) -> bool:
    with open(path, "rb") as file:
        return file.read(len(data) + 1) == data


def _write_in_place(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def _remove_abandoned(folder: str) -> None:
    """Remove the temporary files that killed processes have left in a folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED:
                        os.unlink(entry.path)


@contextlib.contextmanager
def _without_signals() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
