"""algolint's command, in processes forked from one that has imported algolint.

A new interpreter takes 25 ms to start and 30 ms to import algolint; a fork takes 2 ms. As in a new process,
nothing that a run changes (modules, settings, the current folder) affects later runs.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NoReturn

#: Modules that algolint imports when needed, which takes most of the time of such a run.
IMPORTED_LATE = (
    "decimal", "difflib", "jsonschema", "ruamel.yaml", "tomli", "tomllib",
    "tree_sitter", "tree_sitter_bash", "tree_sitter_hcl", "tree_sitter_typescript",
)  # fmt: skip


class ForkServer:
    """A process that has imported algolint and runs its command in forks of itself."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(60)
        with theirs:
            command = [sys.executable, __file__, str(theirs.fileno())]
            # In a new session, so that it can be ended together with its forks.
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
            pid = self.fork(arguments, cwd, env, [stream.fileno() for stream in (stdin, stdout, stderr)])
            code = self.wait(pid)
            for stream in (stdout, stderr):
                stream.seek(0)
            return subprocess.CompletedProcess(arguments, code, stdout.read(), stderr.read())

    def start(self, arguments: Sequence[str], cwd: Path) -> ForkedProcess:
        """Start the command with arguments in a folder, with pipes as its streams."""
        (stdin, ours_in), (ours_out, stdout), (ours_err, stderr) = os.pipe(), os.pipe(), os.pipe()
        try:
            pid = self.fork(arguments, cwd, os.environ, [stdin, stdout, stderr])
        finally:
            for stream in (stdin, stdout, stderr):
                os.close(stream)
        return ForkedProcess(self, pid, open(ours_in, "wb"), open(ours_out, "rb"), open(ours_err, "rb"))

    def fork(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[int]
    ) -> int:
        """Start the command with its standard streams, and return the id of its process."""
        return self._answer({"arguments": arguments, "cwd": str(cwd), "env": dict(env)}, streams)

    def wait(self, pid: int) -> int:
        """Return the exit code of a fork after it has ended."""
        return self._answer({"pid": pid})

    def _answer(self, request: dict[str, object], streams: Sequence[int] = ()) -> int:
        message = json.dumps(request).encode()
        socket.send_fds(self._socket, [len(message).to_bytes(4, "big")], streams)
        self._socket.sendall(message)
        try:
            return int.from_bytes(self._socket.recv(4), "big", signed=True)
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise


class ForkedProcess:
    """A running fork, with the parts of `subprocess.Popen` that tests use."""

    def __init__(
        self, server: ForkServer, pid: int, stdin: IO[bytes], stdout: IO[bytes], stderr: IO[bytes]
    ) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self._server = server
        self._pid = pid
        self._code: int | None = None

    def kill(self) -> None:
        """End the process, unless it has ended."""
        if self._code is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self, _timeout: float = 60) -> int:
        """Return the exit code after the process has ended."""
        if self._code is None:
            self._code = self._server.wait(self._pid)
        return self._code


@functools.cache
def fork_server() -> ForkServer | None:
    """Return the process that the tests of a session fork from, or None if the system does not support it."""
    if not hasattr(os, "fork"):
        return None
    server = ForkServer()
    atexit.register(server.close)
    return server


def _serve(server: socket.socket) -> None:
    """Fork for each request that has a command, wait for each that has a process id, and send the result."""
    while True:
        length, streams, _, _ = socket.recv_fds(server, 4, 3)
        if not length:
            return
        request = json.loads(server.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
        if "pid" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["pid"], 0)[1])
        else:
            answer = os.fork()
            if not answer:
                server.close()
                _become(streams, **request)
        for stream in streams:
            os.close(stream)
        server.sendall(answer.to_bytes(4, "big", signed=True))


def _become(streams: list[int], arguments: list[str], cwd: str, env: dict[str, str]) -> NoReturn:
    """Run the command in this process, with its standard streams and environment."""
    from algolint.__main__ import main

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.dup2(streams[number], number)
        os.close(streams[number])
        # A stream remembers whether its file is seekable.
        old = getattr(sys, name)
        mode, buffering = "w" if number else "r", 1 if name == "stderr" else -1
        new = os.fdopen(number, mode, buffering, encoding=old.encoding, errors=old.errors, closefd=False)
        setattr(sys, name, new)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["algolint", *arguments]
    main()


if __name__ == "__main__":
    # As in the command, where it is the current folder.
    del sys.path[0]
    import algolint

    algolint.is_command_line = True
    for package in ("algolint", "algolint_rules"):
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            __import__(module.name)
    for name in IMPORTED_LATE:
        with suppress(ImportError):
            __import__(name)
    _serve(socket.socket(fileno=int(sys.argv[1])))
