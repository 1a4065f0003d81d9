"""A client of the language server in a real process, which sends the messages of an editor.

Each message of the server is parsed with the types of the protocol's meta model (lsprotocol), which reject
anything that is not in the specification.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from forked_command import ForkedProcess, fork_server
from lsprotocol import converters, types

from algolint.server.text import ClientText

Json: TypeAlias = dict[str, Any]

_CONVERTER = converters.get_converter()
#: The types of messages that the server sends on its own.
NOTIFICATIONS = {
    "textDocument/publishDiagnostics": types.PublishDiagnosticsNotification,
    "window/logMessage": types.LogMessageNotification,
    "window/showMessage": types.ShowMessageNotification,
}
#: The capabilities of an editor such as VS Code, as far as the server uses them.
CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": True,
            "codeDescriptionSupport": True,
        },
    },
}


class ServerError(Exception):
    """Raised for a request whose answer is an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]


def _started(folder: Path, new_process: bool) -> subprocess.Popen[bytes] | ForkedProcess:
    """Start a server in a forked process, or in a new one if requested."""
    forks = None if new_process else fork_server()
    if forks is not None:
        return forks.start(["server"], folder)
    return subprocess.Popen(
        [sys.executable, "-m", "algolint", "server"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class LanguageClient:
    """An editor with an open folder."""

    def __init__(
        self,
        folder: Path,
        capabilities: Json = CAPABILITIES,
        options: Json | None = None,
        *,
        new_process: bool = False,
        **params: Any,
    ) -> None:
        self.folder = folder
        self.process = _started(folder, new_process)
        # If the server does not answer, the test ends instead of hanging.
        self._alarm = threading.Timer(0, self.process.kill)
        self.limit(120)
        self._number = 0
        #: Messages of the server that no test has read yet, and the requests among them.
        self.received: list[Json] = []
        self.logged: list[str] = []
        self.shown: list[str] = []
        self.published: dict[str, Json] = {}
        self.initialized = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "capabilities": capabilities,
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
                "initializationOptions": options,
                **params,
            },
        )
        self.notify("initialized", {})

    def __enter__(self) -> LanguageClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._alarm.cancel()
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with suppress(OSError):
                stream.close()

    def limit(self, seconds: float) -> None:
        """End the server after a time."""
        self._alarm.cancel()
        self._alarm = threading.Timer(seconds, self.process.kill)
        self._alarm.start()

    # ------------------------------------------------------------ messages

    def send(self, *messages: Json) -> None:
        """Send messages together."""
        assert self.process.stdin is not None
        data = b""
        for message in messages:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            data += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: Any) -> int:
        """Send a request, and return its id without waiting for the answer."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._number

    def request(self, method: str, params: Any) -> Any:
        """Return the result of a request. Raises `ServerError`."""
        return self.answer(self.begin(method, params))

    def answer(self, number: int) -> Any:
        while True:
            message = self.receive()
            if "method" not in message and message["id"] == number:
                if "error" in message:
                    raise ServerError(message["error"])
                return message["result"]

    def receive(self) -> Json:
        """Return the next message of the server, and keep it by its kind."""
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            length = int(line.removeprefix(b"Content-Length: "))
        assert length, f"the server has ended: {self.process.stderr.read().decode()}"  # type: ignore[union-attr]
        message: Json = json.loads(self.process.stdout.read(length))
        if "method" in message:
            self._keep(message)
        return message

    def _keep(self, message: Json) -> None:
        kind = NOTIFICATIONS.get(message["method"])
        if kind is not None:
            _CONVERTER.structure(message, kind)
        match message["method"]:
            case "textDocument/publishDiagnostics":
                self.published[message["params"]["uri"]] = message["params"]
            case "window/logMessage":
                self.logged.append(message["params"]["message"])
            case "window/showMessage":
                self.shown.append(message["params"]["message"])
            case _ if "id" in message:
                self.send({"id": message["id"], "result": None})
        # A session may be long.
        self.received = [*self.received[-1000:], message]

    # ------------------------------------------------------------ documents

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str, language: str = "", version: int = 1) -> str:
        """Open a document of the folder, and return its URI."""
        uri = self.uri(name) if ":" not in name else name
        ending = name.rpartition(".")[2]
        languages = {"py": "python", "yml": "yaml", "ipynb": "json", "tf": "terraform"}
        item = {
            "uri": uri,
            "languageId": language or languages.get(ending, ending),
            "version": version,
            "text": text,
        }
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, version: int, *changes: Json) -> None:
        identifier = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": list(changes)})

    def diagnostics(self, uri: str, version: int = 1) -> list[Json]:
        """Return the diagnostics that the server sends for a version of a document."""
        while self.published.get(uri, {}).get("version") != version:
            self.receive()
        found: list[Json] = self.published[uri]["diagnostics"]
        return found

    def actions(
        self, uri: str, start: tuple[int, int], end: tuple[int, int] | None = None, **context: Any
    ) -> dict[str, Json]:
        """Return the code actions for a range, by title."""
        first, last = ({"line": line, "character": character} for line, character in (start, end or start))
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": first, "end": last},
            "context": {"diagnostics": [], **context},
        }
        found = self.request("textDocument/codeAction", params)
        for action in found:
            structured(action, types.CodeAction)
        return {action["title"]: action for action in found}

    def end(self, output: str = "") -> None:
        """Shut the server down. It must have logged nothing, and end with exit code 0."""
        self.request("shutdown", None)
        self.notify("exit", None)
        assert self.process.wait(30) == 0
        assert self.process.stderr is not None
        assert (self.logged, self.process.stderr.read().decode()) == ([], output)


def structured(value: Any, kind: Any) -> Any:
    """Return a result of the server, parsed as the type that the protocol requires."""
    return _CONVERTER.structure(value, kind)


def edited(text: str, edits: list[Json]) -> str:
    """Return a text with the edits of an action for it."""
    lines = ClientText(text, "utf-16")
    spans = [
        (lines.offset(e["range"]["start"]), lines.offset(e["range"]["end"]), e["newText"]) for e in edits
    ]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text
