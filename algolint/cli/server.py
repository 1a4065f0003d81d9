"""The command that starts the language server."""

from __future__ import annotations

import os
import sys

from algolint.cli.parser import Help, Parser
from algolint.errors import UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def server(arguments: Sequence[str]) -> int:
    """Serve an editor over standard input and output; return the exit code."""
    about = "Start the language server, which an editor talks to over standard input and output."
    parser = Parser("algolint server", formatter_class=Help, description=about)
    # Clients that use VS Code's library add it.
    parser.add_argument(
        "--stdio",
        action="store_true",
        help="use standard input and output, which is the default and the only way",
    )
    parser.parse_args(list(arguments))
    if sys.stdin is None:
        raise UserError("server: standard input is closed; editors start the server, see docs/editors.md")
    if os.isatty(0):
        raise UserError("server: standard input is a terminal; editors start the server, see docs/editors.md")
    if os.name == "nt":
        import msvcrt

        for stream in (sys.stdin, sys.stdout):
            msvcrt.setmode(stream.fileno(), os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]
    from algolint.server.server import serve

    return serve(0, 1)
