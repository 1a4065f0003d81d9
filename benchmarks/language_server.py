"""Measures the language server as editors use it: its start, keystrokes, completion, hover, memory.

    python benchmarks/language_server.py ALGOLINT FILE FINDINGS [HALF-TYPED]

Prints milliseconds as JSON. A keystroke is the time from the change until its diagnostics arrive. In turn
with the server, this process lints the same text. The line HALF-TYPED is inserted in the middle of the
server's text only, and makes it unreadable.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source

Json = dict[str, Any]
KEYSTROKES = 600
_WARM = 20


class Editor:
    """As much of an editor as is needed to wait for the server."""

    def __init__(self, command: list[str], folder: Path | None = None) -> None:
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number = 0

    def send(self, message: Json) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self) -> Json:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            length = int(line.removeprefix(b"Content-Length: "))
        if not length:
            raise EOFError("the server has ended")
        message: Json = json.loads(self.process.stdout.read(length))
        return message

    def request(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.number:
            pass
        return message["result"]

    def diagnostics(self) -> list[Any]:
        while (message := self.receive()).get("method") != "textDocument/publishDiagnostics":
            pass
        found: list[Any] = message["params"]["diagnostics"]
        return found


def faulty(text: str, count: int) -> str:
    """Return a text with a number of misspelt fields."""
    return re.sub(r"\bIs(?=Tunable|Required)", "is", text, count=count) if count else text


def half_typed(text: str, line: str) -> str:
    """Return a text with a half-typed line in its middle, indented like the line below it."""
    lines = text.splitlines(keepends=True)
    number = next(n for n in range(len(lines) // 2, len(lines)) if lines[n].strip()[0] not in "}]-")
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    return "".join([*lines[:number], f"{indent}{line}\n", *lines[number:]]) if line else text


def measured(algolint: str, path: str, findings: int, line: str = "") -> Json:
    """Return the figures for one file, in milliseconds."""
    whole = faulty(Path(path).read_text(encoding="utf-8"), findings)
    text = half_typed(whole, line)
    uri = Path(path).absolute().as_uri()
    start = time.perf_counter()
    editor = Editor([algolint, "server"])
    editor.request("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-16"]}}})
    figures: Json = {"initialize": time.perf_counter() - start}
    editor.send({"method": "initialized", "params": {}})
    language = Path(path).suffix[1:]
    item = {"uri": uri, "languageId": language, "version": 1, "text": text}
    editor.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    figures["findings"] = len(editor.diagnostics())
    figures["first diagnostics"] = time.perf_counter() - start
    figures |= _keystrokes(editor, uri, path, whole)
    where = {"textDocument": {"uri": uri}, "position": _position(text, "SupportedInputModes")}
    for name in ("completion", "hover"):
        times = []
        for _ in range(KEYSTROKES):
            start = time.perf_counter()
            assert editor.request(f"textDocument/{name}", where)
            times.append(time.perf_counter() - start)
        figures[name] = statistics.median(times[_WARM:])
    figures = {name: value if name == "findings" else 1000 * value for name, value in figures.items()}
    status = Path(f"/proc/{editor.process.pid}/status").read_text()
    figures["memory"] = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    editor.request("shutdown", None)
    editor.send({"method": "exit"})
    editor.process.wait()
    return figures


def _keystrokes(editor: Editor, uri: str, path: str, text: str) -> Json:
    session = Session(SettingsFinder({}, isolated=True), remembers=True)
    at = text.index("Description") + 20
    line, column = text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1
    where = {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + 3}}
    served, linted = [], []
    for number in range(KEYSTROKES):
        # A new text each time; caches help only as far as texts are equal.
        word = f"{number:03}"
        change = {"range": where, "text": word}
        params = {"textDocument": {"uri": uri, "version": number + 2}, "contentChanges": [change]}
        start = time.perf_counter()
        editor.send({"method": "textDocument/didChange", "params": params})
        editor.diagnostics()
        served.append(time.perf_counter() - start)
        edited = f"{text[:at]}{word}{text[at + 3 :]}"
        start = time.perf_counter()
        session.lint(path, True, Source(path, edited))
        linted.append(time.perf_counter() - start)
    served, linted = sorted(served[_WARM:]), sorted(linted[_WARM:])
    return {
        "keystroke": statistics.median(served),
        "keystroke, p99": served[len(served) * 99 // 100],
        "linted": statistics.median(linted),
        "linted, p99": linted[len(linted) * 99 // 100],
    }


def _position(text: str, word: str) -> Json:
    at = text.index(word) + 3
    return {"line": text.count("\n", 0, at), "character": at - text.rfind("\n", 0, at) - 1}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], int(sys.argv[3]), "".join(sys.argv[4:5]))))
