"""Running a command, and the exit code and message if it ends with an exception."""

from __future__ import annotations

import io
import os
import sys

from algolint.cli.check import CLEAN, FAILED, check
from algolint.cli.options import COMMANDS, HelpPrinted
from algolint.cli.report import let_go, warn
from algolint.errors import UserError, internal_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class _Output(io.FileIO):
    """A standard stream whose reader may leave (`| head`): the rest is dropped.

    What is done, and the exit code, do not depend on the reader.
    """

    def write(self, data: Any) -> int:
        """Write bytes, and return how many were written or dropped."""
        try:
            return super().write(data)
        except BrokenPipeError:
            let_go(self)
            return len(data)


def _stream(stream: Any) -> Any:
    """Return a standard stream that writes any text, either completely or with an error."""
    if stream is None:
        # With a closed stream nothing is shown, but the exit code is still right.
        return open(os.devnull, "w")
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:
        # A console of Windows, or a stream of the tests.
        stream.reconfigure(errors="backslashreplace")
        return stream
    # An unbuffered stream of Python (PYTHONUNBUFFERED, -u) drops what a full disk does not take.
    buffer = io.BufferedWriter(_Output(raw.fileno(), "wb", closefd=False))
    by_line = stream.line_buffering or stream.write_through
    # Characters that the terminal's encoding lacks are escaped instead of raising an error.
    return io.TextIOWrapper(buffer, stream.encoding, "backslashreplace", line_buffering=by_line)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code."""
    sys.stdout, sys.stderr = _stream(sys.stdout), _stream(sys.stderr)
    command, rest = "check", arguments
    if arguments and arguments[0] in ("check", *COMMANDS):
        command, rest = arguments[0], arguments[1:]
    try:
        if command == "check":
            code = check(rest)
        elif command == "job":
            from algolint.cli.job import job

            code = job(rest)
        elif command == "diff":
            # Most uses of it do not need argparse, which `commands` imports.
            from algolint.cli.diff import diff

            code = diff(rest)
        else:
            from algolint.cli.commands import RUN

            code = RUN[command](rest) or CLEAN
        sys.stdout.flush()
        return code
    except HelpPrinted:
        return CLEAN
    except (Exception, SystemExit) as error:  # A rule of a pack may raise SystemExit.
        warn(_message_of(error))
        return FAILED


def _message_of(error: BaseException) -> str:
    """Return the message for an exception that ended the command."""
    if isinstance(error, UserError):
        return str(error)
    is_of_file = isinstance(error, (FileNotFoundError, NotADirectoryError))
    if isinstance(error, OSError) and error.filename is None and not is_of_file:
        # Standard output cannot be written, for example because the disk is full.
        let_go(sys.stdout)
        return f"the report could not be written: {error.strerror}"
    try:
        os.getcwd()
    except OSError:
        return "the current folder no longer exists"
    return internal_error(error)
