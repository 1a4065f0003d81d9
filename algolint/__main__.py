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
    """Take the current folder, where `python -m` puts it, off the path: it may hold a json.py."""
    try:
        here = os.getcwd()
    except OSError:
        # It has been deleted.
        here = ""
    if sys.path[:1] in ([here], [""]):
        del sys.path[0]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    algolint.is_command_line = True
    module_finder.install()
    # Rules and models live until the end, and a file's values are freed without a collector.
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
            # Standard error takes nothing, or is closed.
            pass
    # Before `_exit`, which leaves them out; multiprocessing ends its processes in the same way.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            # Whoever read it has gone, or it can take no more; or a pack has put something else in its place.
            code = code or 2
    # Without it the interpreter frees object by object, 16 % of a clean run.
    os._exit(code)


if __name__ == "__main__":
    _forget_current_folder()
    main()
