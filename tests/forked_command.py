"""algolint's command in processes that are forked from one that has imported it.

A new interpreter takes 25 ms to start and 30 ms more to import algolint; a fork takes 2 ms, and nothing that a
run changes (modules, settings, the current folder) outlives it, as in a new process.
"""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NoReturn


class ForkServer:
    """A process that has imported algolint and runs its command in forks of itself."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(60)
        with theirs:
            command = [sys.executable, __file__, str(theirs.fileno())]
            # In a session of its own, so that it can be ended together with its forks.
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        self._process.wait()

    def run(
        self, arguments: Sequence[str], cwd: Path, data: bytes, env: Mapping[str, str] = os.environ
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the command with arguments in a folder, with data as standard input."""
        with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
            stdin.write(data)
            stdin.seek(0)
            request = json.dumps({"arguments": arguments, "cwd": str(cwd), "env": dict(env)}).encode()
            streams = [stream.fileno() for stream in (stdin, stdout, stderr)]
            socket.send_fds(self._socket, [len(request).to_bytes(4, "big")], streams)
            self._socket.sendall(request)
            try:
                code = json.loads(self._socket.recv(100))
            except TimeoutError:
                os.killpg(self._process.pid, signal.SIGKILL)
                raise
            for stream in (stdout, stderr):
                stream.seek(0)
            return subprocess.CompletedProcess(arguments, code, stdout.read(), stderr.read())


def _serve(server: socket.socket) -> None:
    """Fork for each request, and answer with the exit code."""
    while True:
        length, streams, _, _ = socket.recv_fds(server, 4, 3)
        if not length:
            return
        request = json.loads(server.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
        pid = os.fork()
        if not pid:
            server.close()
            _become(streams, **request)
        for stream in streams:
            os.close(stream)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        server.sendall(json.dumps(code).encode())


def _become(streams: list[int], arguments: list[str], cwd: str, env: dict[str, str]) -> NoReturn:
    """Run the command in this process, with its standard streams and environment."""
    from algolint.__main__ import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["algolint", *arguments]
    main()


if __name__ == "__main__":
    # As in the command, where it is the current folder.
    del sys.path[0]
    import algolint
    from algolint.rule_files import rule_modules

    algolint.is_command_line = True
    for module in pkgutil.walk_packages(algolint.__path__, "algolint."):
        __import__(module.name)
    list(rule_modules("algolint_rules"))
    _serve(socket.socket(fileno=int(sys.argv[1])))
