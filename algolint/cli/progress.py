"""A progress line on the terminal that counts the files of a long run."""

from __future__ import annotations

import sys
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.runs.session import Result

# In seconds: when the line first appears, and how often it changes at most.
AFTER = 2.0
EVERY = 0.1
_CLEAR = "\r\x1b[K"


def counted(results: Iterator[Result], files: int) -> Iterator[Result]:
    """Yield the results, showing a line on standard error while waiting for the next one."""
    begin = last = monotonic()
    is_line = False
    try:
        for number, result in enumerate(results, 1):
            if is_line and (result.diagnostics or result.error or result.crashes or number == files):
                # The output that follows must not be appended to the line.
                _write(_CLEAR)
                is_line = False
            yield result
            now = monotonic()
            if now - begin >= AFTER and now - last >= EVERY and number < files:
                sys.stdout.flush()
                _write(f"{_CLEAR}{number:,} of {files:,} files")
                is_line, last = True, now
    finally:
        if is_line:
            _write(_CLEAR)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
