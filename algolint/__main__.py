"""`python -m algolint`, and the console script."""

from __future__ import annotations

import atexit
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    # Rules and models live until the end, and a file's values are freed without a collector.
    gc.set_threshold(100_000)
    try:
        from algolint.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    except SystemExit as end:
        # argparse ends so after --help.
        code = end.code if isinstance(end.code, int) else 0
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # Whoever read it has gone, or it can take no more.
            code = code or 2
    # Taking the interpreter apart object by object would cost as much as linting a file.
    os._exit(code)


if __name__ == "__main__":
    main()
