"""JSON-RPC 2.0 with the framing of the Language Server Protocol, over two file descriptors.

Messages are handled one by one in the order of their arrival. A separate thread reads them, so that a
cancellation is seen before its request is handled, and so that it is known whether more messages are waiting.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue

from algolint.errors import UserError
from algolint.secrets.redaction import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Json: TypeAlias = dict[str, Any]
    Handler: TypeAlias = Callable[[Json], Any]

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803

#: The most bytes of a message; larger ones are not sent by any client.
MAX_MESSAGE = 256 * 1024 * 1024
_CHUNK = 1 << 16
# The type of a message for the log.
_ERROR = 1


class ResponseError(Exception):
    """Raised by a handler to answer a request with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class FramingError(Exception):
    """Raised when the input is not a sequence of messages."""


class Frames:
    """Splits a stream of bytes into messages."""

    def __init__(self) -> None:
        self._data = bytearray()

    def add(self, data: bytes) -> list[bytes]:
        """Return the messages that are completed by more bytes. Raises `FramingError`."""
        self._data += data
        found = []
        while (frame := self._next()) is not None:
            found.append(frame)
        return found

    def _next(self) -> bytes | None:
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            if len(self._data) > _CHUNK:
                raise FramingError("no message header within 64 KiB")
            return None
        length = _content_length(bytes(self._data[:end]))
        start = end + 4
        if len(self._data) < start + length:
            return None
        frame = bytes(self._data[start : start + length])
        del self._data[: start + length]
        return frame


def _content_length(header: bytes) -> int:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
            if length > MAX_MESSAGE:
                raise FramingError(f"a message of {length:,} bytes; the limit is {MAX_MESSAGE:,}")
            return length
    raise FramingError("message without Content-Length")


class Connection:
    """Receives messages and calls their handlers; sends responses, requests and notifications."""

    def __init__(self, input_descriptor: int, output_descriptor: int) -> None:
        self._input = input_descriptor
        self._output = output_descriptor
        self._queue: SimpleQueue[list[Any] | None] = SimpleQueue()
        self._waiting: list[Any] = []
        self._cancelled: set[int | str] = set()
        self._sent = 0
        self._is_closed = False
        #: By method. The results of handlers of notifications are ignored.
        self.handlers: dict[str, Handler] = {}
        #: Whether messages other than `initialize` are handled.
        self.is_initialized = False

    # ------------------------------------------------------------ sending

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> None:
        """Send a request. Its result is ignored."""
        self._sent += 1
        self._send({"id": self._sent, "method": method, "params": params})

    def log(self, message: str) -> None:
        """Write an error to the client's log."""
        self.notify("window/logMessage", {"type": _ERROR, "message": message})

    def _send(self, message: Json) -> None:
        # In ASCII lone surrogates can be sent, and the length is that of the text.
        body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode("ascii")
        data = memoryview(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        try:
            while data:
                data = data[os.write(self._output, data) :]
        except BrokenPipeError:
            # The client is gone.
            self.close()
        except OSError as error:
            _warn_of_end("send", error)
            self.close()

    # ------------------------------------------------------------ receiving

    def close(self) -> None:
        """End `run` after the current message."""
        self._is_closed = True

    def is_cancelled(self, identity: int | str) -> bool:
        """Whether the client has cancelled a request that has not been answered yet."""
        return identity in self._cancelled

    def run(self, idle: Callable[[], bool]) -> None:
        """Handle messages until `close` or the end of the input.

        `idle` is called while no message is waiting. It does a piece of work and returns whether there is
        more.
        """
        try:
            threading.Thread(target=self._read, daemon=True).start()
        except RuntimeError:
            raise UserError("server: the system refuses a further thread") from None
        has_work = False
        while not self._is_closed:
            try:
                batch = self._queue.get_nowait() if has_work else self._queue.get()
            except Empty:
                has_work = self._guarded(idle)
                continue
            if batch is None:
                return
            self._waiting = batch[::-1]
            while self._waiting and not self._is_closed:
                self._handle(self._waiting.pop())
            has_work = True

    def _guarded(self, idle: Callable[[], bool]) -> bool:
        try:
            return idle()
        except Exception as error:
            self.log(_traceback(error))
            return False

    def _read(self) -> None:
        """Read messages, and queue those that arrive together as a batch. Runs in its own thread."""
        frames = Frames()
        try:
            while data := os.read(self._input, _CHUNK):
                batch = [_decoded(frame) for frame in frames.add(data)]
                for message in batch:
                    self._note_cancellation(message)
                if batch:
                    self._queue.put(batch)
        except Exception as error:
            # Whatever it is, such as too little memory: without an end the server would wait forever.
            _warn_of_end("read", error)
        finally:
            self._queue.put(None)

    def _note_cancellation(self, message: Any) -> None:
        match message:
            case {"method": "$/cancelRequest", "params": {"id": (int() | str()) as identity}}:
                self._cancelled.add(identity)

    def _handle(self, message: Any) -> None:
        match message:
            case {"method": "$/cancelRequest", "params": {"id": (int() | str()) as identity}}:
                # Messages are handled in order, so the request has already been answered.
                self._cancelled.discard(identity)
            case {"method": str(), "id": dict() | list()}:
                self._fail(None, INVALID_REQUEST, "the id of a request is neither a number nor a text")
            case {"method": str() as method}:
                self._call(method, message.get("id"), "id" in message, message.get("params"))
            case {"id": int() | str()}:
                # The response to a request of this server.
                pass
            case ValueError():
                self._fail(None, PARSE_ERROR, f"not JSON: {message}")
            case _:
                self._fail(None, INVALID_REQUEST, "neither a request nor a response")

    def _call(self, method: str, identity: Any, is_request: bool, params: Any) -> None:
        try:
            result = self._result(method, identity, is_request, params)
        except ResponseError as error:
            if is_request:
                self._fail(identity, error.code, str(error))
        except Exception as error:
            self.log(_traceback(error))
            if is_request:
                self._fail(identity, INTERNAL_ERROR, masked(f"{method}: {type(error).__name__}: {error}"))
        else:
            if is_request:
                self._send({"id": identity, "result": result})
        if is_request:
            self._cancelled.discard(identity)

    def _result(self, method: str, identity: Any, is_request: bool, params: Any) -> Any:
        if is_request and self.is_cancelled(identity):
            raise ResponseError(REQUEST_CANCELLED, "cancelled")
        if not self.is_initialized and method not in ("initialize", "shutdown", "exit"):
            raise ResponseError(NOT_INITIALIZED, f"{method} before initialize")
        handler = self.handlers.get(method)
        if handler is None:
            # The client ignores this for notifications.
            raise ResponseError(METHOD_NOT_FOUND, f"unknown method {method}")
        if params is not None and not isinstance(params, dict):
            raise ResponseError(INVALID_PARAMS, f"the parameters of {method} must be an object")
        result = handler(params or {})
        if is_request and self.is_cancelled(identity):
            raise ResponseError(REQUEST_CANCELLED, "cancelled")
        return result

    def _fail(self, identity: Any, code: int, message: str) -> None:
        self._send({"id": identity, "error": {"code": code, "message": message}})


def _warn_of_end(what: str, error: Exception) -> None:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    with suppress(OSError):
        print(f"algolint: cannot {what} further messages: {reason}", file=sys.stderr, flush=True)


def _decoded(frame: bytes) -> Any:
    """Return the value of a message, or the error of decoding it."""
    try:
        return json.loads(frame)
    except (ValueError, RecursionError) as error:
        return error if isinstance(error, ValueError) else ValueError("nested too deeply")


def _traceback(error: BaseException) -> str:
    import traceback

    return masked("".join(traceback.format_exception(error)).rstrip())
