"""Reading training logs as blocks of lines, in constant memory.

A log may be plain text; the JSON of `aws logs get-log-events` or `filter-log-events`; the output of `aws logs
tail` or `docker logs -t`, whose leading timestamps and stream names are removed; the colored output of the
SDK in a notebook; or any of these compressed with gzip. One event is one line.
"""

from __future__ import annotations

import re
import sys
import zlib

from algolint.errors import UserError
from algolint.lazy_regex import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO, Any

#: How many characters are read at a time; a longer line is cut there. A CloudWatch event has at most 1 MB.
BLOCK = 1 << 20
# The form of a log is recognized by this many characters at its beginning.
_HEAD = 1 << 16
_SHARE = 0.9

_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
#: `aws logs tail`: time and log stream, such as `job-2026-01-01/algo-1-1767225600`.
_TAIL = re.compile(rf"^{_TIME} (?=\S*algo-\d)(\S+) ", re.MULTILINE)
#: `docker logs -t`, and `aws logs tail --format short`; a logger of the program writes a space for the T.
_DOCKER = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)? ", re.MULTILINE)
#: The SDK prints the lines of each host in a different color.
_COLOURED = re.compile(r"^\x1b\[[0-9;]*m(.*)\x1b\[0?m\r?$", re.MULTILINE)
_HOST = lazy(r"algo-\d+")


class LogError(UserError):
    """Raised when a log cannot be read; the message says why."""


class Block:
    """Complete lines of a log.

    `text` has no line end at its end; `first` and `last` are the numbers of its lines, from 1. `hosts` has
    the host of each line, by number, if the log's form shows it.
    """

    __slots__ = ("first", "hosts", "last", "text")

    def __init__(self, text: str, first: int, hosts: dict[int, str]) -> None:
        self.text = text
        self.first = first
        self.last = first + text.count("\n")
        self.hosts = hosts

    def after(self, lines: int) -> Block:
        """Return the block with its lines numbered after a number of other lines."""
        hosts = {number + lines: host for number, host in self.hosts.items()}
        return Block(self.text, self.first + lines, hosts)


def blocks(stream: IO[str]) -> Iterator[Block]:
    """Yield the blocks of a log. Raises `LogError` if CloudWatch's JSON is truncated or malformed."""
    head = stream.read(_HEAD)
    read = _prepended(head, stream)
    if head.lstrip()[:1] == "{" and '"events"' in head:
        yield from _of_events(read)
    else:
        yield from _of_lines(read, _prefix_in(head))


def blocks_of(names: Iterable[str]) -> Iterator[Block]:
    """Yield the blocks of several logs, numbered consecutively; `-` is standard input.

    Raises `LogError`, also for a file that cannot be read.
    """
    first = 0
    for name in names:
        last = 0
        try:
            with open_log(name) as stream:
                for block in blocks(stream):
                    last = block.last
                    yield block.after(first) if first else block
        except LogError as error:
            raise LogError(f"{name}: {error}") from None
        except (OSError, EOFError, zlib.error) as error:
            raise LogError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
        first += last


def open_log(path: str) -> IO[str]:
    """Open a log: standard input for `-`, gzip by its suffix. Raises `LogError` and `OSError`."""
    if path == "-":
        if sys.stdin is None:
            raise LogError("standard input is closed")
        # As a file, because the decoding of `sys.stdin` depends on the environment. It may be named twice.
        descriptor = sys.stdin.fileno()
        return open(descriptor, encoding="utf-8", errors="replace", newline="", closefd=False)
    if path.endswith(".gz"):
        import gzip

        return gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="")
    return open(path, encoding="utf-8", errors="replace", newline="")


def _prepended(head: str, stream: IO[str]) -> Callable[[int], str]:
    """Return a `read` function that returns the head first."""
    rest = [head]

    def read(size: int) -> str:
        return rest.pop() if rest else stream.read(size)

    return read


# ---------------------------------------------------------------- lines


def _prefix_in(head: str) -> re.Pattern[str] | None:
    """Return the pattern of what is added to nearly all lines that the container printed, or None."""
    lines = [line for line in head.split("\n")[:-1] if line.strip()] or [head]
    for pattern in (_TAIL, _COLOURED, _DOCKER):
        if sum(pattern.match(line) is not None for line in lines) >= _SHARE * len(lines):
            return pattern
    return None


def _of_lines(read: Callable[[int], str], prefix: re.Pattern[str] | None) -> Iterator[Block]:
    number, rest = 1, ""
    while chunk := read(BLOCK):
        text, newline, rest_of_chunk = (rest + chunk).rpartition("\n")
        if not newline:
            if len(rest_of_chunk) < BLOCK:
                rest = rest_of_chunk
                continue
            text, rest_of_chunk = rest_of_chunk, ""
        rest = rest_of_chunk
        block = _without_prefix(text, number, prefix)
        yield block
        number = block.last + 1
    if rest:
        yield _without_prefix(rest, number, prefix)


def _without_prefix(text: str, first: int, prefix: re.Pattern[str] | None) -> Block:
    hosts: dict[int, str] = {}
    if prefix is _TAIL:
        for number, line in enumerate(text.split("\n"), first):
            found = _TAIL.match(line)
            host = _HOST.search(found[1]) if found else None
            if host:
                hosts[number] = host[0]
    if prefix is not None:
        text = prefix.sub(r"\1" if prefix is _COLOURED else "", text)
    return Block(without_returns(text), first, hosts)


def without_returns(text: str) -> str:
    """Return lines without carriage returns at their ends."""
    # Searching for one character is faster than for two.
    while "\r" in text and "\r\n" in text:
        text = text.replace("\r\n", "\n")
    return text.rstrip("\r")


# ---------------------------------------------------------------- CloudWatch's JSON


def _of_events(read: Callable[[int], str]) -> Iterator[Block]:
    messages: list[str] = []
    hosts: dict[int, str] = {}
    number, size = 1, 0
    for event in _events(read):
        message = str(event.get("message", "")).rstrip("\n").replace("\n", " ")
        host = _HOST.search(str(event.get("logStreamName", "")))
        if host:
            hosts[number + len(messages)] = host[0]
        messages.append(message)
        size += len(message)
        if size > BLOCK:
            yield Block("\n".join(messages), number, hosts)
            number, size, messages, hosts = number + len(messages), 0, [], {}
    if messages:
        yield Block("\n".join(messages), number, hosts)


def _events(read: Callable[[int], str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of the list `events`, without keeping the whole document in memory."""
    import json

    decoder = json.JSONDecoder()
    text = read(BLOCK)
    at = text.index('"events"') + len('"events"')
    number = 0
    while True:
        at = _next(text, at)
        while at == len(text):
            text, at = read(BLOCK), 0
            if not text:
                raise LogError("the JSON ends inside the list of events")
            at = _next(text, at)
        if text[at] == "]":
            return
        try:
            event, at = decoder.raw_decode(text, at)
        except ValueError:
            more = read(BLOCK)
            if not more or len(text) - at > 4 * BLOCK:
                raise LogError(f"event {number + 1} is not valid JSON") from None
            text, at = text[at:] + more, 0
            continue
        number += 1
        if isinstance(event, dict):
            yield event


def _next(text: str, at: int) -> int:
    """Return the offset of the next token that is neither white space nor a separator."""
    while at < len(text) and text[at] in " \t\r\n:,[":
        at += 1
    return at
