"""The start and the end of the process of `algolint` and `python -m algolint`."""

from __future__ import annotations

# Before `main` Ctrl-C leads to a traceback, so all other imports are in it.
import os
import sys

import algolint

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
    try:
        code = _exit_code()
        # Before `_exit`, which leaves them out; multiprocessing ends its processes in the same way. Who
        # registers a function imports the module, which takes 0.1 % of a clean run.
        if "atexit" in sys.modules:
            sys.modules["atexit"]._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                # The reader has gone, the disk is full, or a pack has replaced the stream.
                code = code or 2
    except KeyboardInterrupt:
        code = 130
    # Without it the interpreter frees object by object, 19 % of a clean run.
    os._exit(code)


def _exit_code() -> int:
    try:
        import gc

        from algolint import module_finder

        algolint.is_command_line = True
        module_finder.install()
        # Rules and models live until the end, and a file's values are freed without a collector.
        gc.set_threshold(100_000)
        from algolint.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except BaseException as error:
        try:  # noqa: SIM105
            print(f"algolint: {type(error).__name__}: {error}", file=sys.stderr)
        except (OSError, AttributeError):
            # Standard error takes nothing, or is closed.
            pass
        return 2


if __name__ == "__main__":
    _forget_current_folder()
    main()
