"""`python -m algolint`, and the console script."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import algolint
from algolint import module_finder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def _forget_current_folder() -> None:
    """Remove the current folder, which `python -m` adds, from the path, as it may contain a json.py."""
    try:
        here = os.getcwd()
    except OSError:
        # The folder was deleted.
        here = ""
    if sys.path[:1] in ([here], [""]):
        del sys.path[0]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    algolint.is_command_line = True
    module_finder.install()
    # Rules and models are needed until the end, and a file's values have no cycles to collect.
    gc.set_threshold(100_000)
    try:
        from algolint.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    except BaseException as error:
        code = 2
        try:  # noqa: SIM105
            print(f"algolint: {type(error).__name__}: {error}", file=sys.stderr)
        except (OSError, AttributeError):
            # Standard error is closed or cannot be written.
            pass
    # `_exit` would skip these. multiprocessing ends its processes in the same way.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            # The reader has gone, the disk is full, or a pack has replaced the stream.
            code = code or 2
    # Otherwise the interpreter frees every object, which takes 16 % of a clean run.
    os._exit(code)


if __name__ == "__main__":
    _forget_current_folder()
    main()
