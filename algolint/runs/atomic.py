"""Writing files completely or not at all: the text is written to a temporary file, which is renamed."""

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
# No write takes this long, so an older temporary file was left by a process that was killed.
_ABANDONED = 600
# A file that is a mount point cannot be replaced by renaming, and some folders do not allow new files.
_IN_PLACE = (errno.EBUSY, errno.EACCES, errno.EPERM)


class ChangedError(Exception):
    """Raised when a file is no longer what it was expected to be."""


def write(path: str, data: bytes) -> None:
    """Write a file, which may exist. If this raises OSError, the file is unchanged.

    The file keeps its mode and owner. Pipes and terminals are written to directly. Signals are handled when
    either the old or the new text is in place.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        status = None
    if status is not None and not stat.S_ISREG(status.st_mode):
        # What /dev/stdout and the like link to has no path of its own.
        _write_in_place(path, data)
        return
    path = os.path.realpath(path)
    with _without_signals():
        try:
            _replace(path, data, status)
        except OSError as error:
            if status is None or error.errno not in _IN_PLACE:
                raise
            _write_in_place(path, data)


def replace(path: str, before: bytes, data: bytes) -> None:
    """Replace a file that contains `before`, like `write`. Raises `ChangedError` if it contains anything
    else.

    If a file has several names (hard links), only this one gets the new text.
    """
    status = os.lstat(path)
    with _without_signals():
        _replace(path, data, status, before)


def _replace(path: str, data: bytes, like: os.stat_result | None, before: bytes | None = None) -> None:
    folder = os.path.dirname(path)
    _remove_abandoned(folder)
    temporary = os.path.join(folder, f"{_PREFIX}{os.urandom(6).hex()}{_SUFFIX}")
    # No other user may read the file until it has the old file's mode. The mode of a new file is the umask's.
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
                # With another group, the same mode would give access to others.
                os.chown(temporary, like.st_uid, like.st_gid)
            os.chmod(temporary, stat.S_IMODE(like.st_mode))
        # As late as possible, as changes that are saved after this are lost.
        if before is not None and not _contains(path, before):
            raise ChangedError
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _contains(path: str, data: bytes) -> bool:
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
