"""Linting many files in several processes, with the results in the order of the files.

Where a process can be forked, this one lints too: it takes its turn with its children, draws what to do next
from the same pipe, and takes in what they send between two turns. Elsewhere a pool of processes does all.
"""

from __future__ import annotations

import marshal
import os
import select
import signal

from algolint.session import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn, TypeAlias

    from algolint.session import Session

    # What is to say of a file, and its diagnostics, which few files have.
    Row: TypeAlias = tuple[dict[str, Any], bytes | None]

# Below this many files for each process, starting it costs more than it saves.
_FILES_A_PROCESS = 100
# Files that are linted at a turn; more where there would be more turns than the smallest pipe holds numbers.
_CHUNK = 8
_MOST_CHUNKS = 1000
# Bytes of a number in a pipe: of a chunk, and of the length of what is sent.
_NUMBER = 4
# Bytes that a child may send ahead of being heard, where the system lets them be more than usual.
_AHEAD = 1 << 20


def processes_for(files: int, jobs: int | None) -> int:
    """How many processes to use: as many as asked for, or as pay."""
    if jobs is not None:
        return max(1, min(jobs, files))
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, files // _FILES_A_PROCESS))


def lint(session: Session, inputs: dict[str, bool], processes: int) -> Iterator[Result]:
    """The results of files, given with whether the user named them, in their order.

    A process that dies leaves its files to this one, which says so in the first result.
    """
    return (_forked if hasattr(os, "fork") else _pooled)(_Work(session, inputs), processes)


class _Work:
    """The files in chunks, linted a chunk at a time."""

    def __init__(self, session: Session, inputs: dict[str, bool]) -> None:
        self._session = session
        self._inputs = inputs
        self._names = list(inputs)
        self._size = max(_CHUNK, -(-len(inputs) // _MOST_CHUNKS))

    def __len__(self) -> int:
        """How many chunks there are."""
        return len(range(0, len(self._names), self._size))

    def _files(self, index: int) -> list[str]:
        return self._names[index * self._size : (index + 1) * self._size]

    def results(self, index: int) -> list[Result]:
        """Lint a chunk."""
        return [self._session.lint(name, self._inputs[name]) for name in self._files(index)]

    def results_again(self, index: int, code: int | None = None) -> list[Result]:
        """Lint a chunk that a process has died of, with that process's exit code."""
        results = self.results(index)
        exit_code = "" if code is None else f" (exit code {code})"
        results[0].crashes.append(f"a process died{exit_code}; its files were linted again")
        return results

    def rows(self, index: int) -> list[Row]:
        """Lint a chunk for another process."""
        return [_packed(result) for result in self.results(index)]

    def taken_in(self, index: int, rows: list[Row]) -> list[Result]:
        """The results of a chunk that another process has linted."""
        names = self._files(index)
        results = [_unpacked(self._session, name, row) for name, row in zip(names, rows, strict=True)]
        for result in results:
            self._session.take_in(result)
        return results


# ---------------------------------------------------------------- forked processes


def _forked(work: _Work, processes: int) -> Iterator[Result]:
    # What the first files make this one load and compile, the others are forked with.
    done = {0: work.results(0)}
    turns, written = os.pipe()
    os.write(written, b"".join(index.to_bytes(_NUMBER, "big") for index in range(1, len(work))))
    os.close(written)
    children: dict[int, int] = {}
    died: int | None = None
    before = _terminable()
    try:
        for _ in range(processes - 1):
            _start(work, turns, children)
        for index in range(len(work)):
            while index not in done:
                mine = _turn(turns)
                if mine is not None:
                    done[mine] = work.results(mine)
                died = _listen(work, children, done, wait=mine is None) or died
                if mine is None and not children and index not in done:
                    done[index] = work.results_again(index, died)
            yield from done.pop(index)
    finally:
        os.close(turns)
        for receiver in list(children):
            _end(children, receiver, signal.SIGTERM)
        _restore(before)


def _turn(turns: int) -> int | None:
    """The number of a chunk that nobody else lints; None where all are given out."""
    drawn = os.read(turns, _NUMBER)
    return int.from_bytes(drawn, "big") if drawn else None


def _listen(work: _Work, children: dict[int, int], done: dict[int, list[Result]], wait: bool) -> int | None:
    """Take in all that children have sent; the exit code of one that died."""
    died = None
    while speaking := _speaking(children, wait):
        wait = False
        for receiver in speaking:
            sent = _received(receiver)
            if sent is None:
                died = _end(children, receiver, None) or died
            else:
                done[sent[0]] = work.taken_in(*sent)
    return died


def _start(work: _Work, turns: int, children: dict[int, int]) -> None:
    """Fork a process; `children` are process numbers by the pipe that each sends to."""
    receiver, sender = os.pipe()
    _widen(sender)
    # A process that is just being made would speak of signals.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    number = os.fork()
    if number == 0:
        code = 1
        try:
            # A child holds the reading ends too: with them open it would not notice our end.
            for descriptor in (*children, receiver):
                os.close(descriptor)
            _serve(work, turns, sender)
            code = 0
        except BrokenPipeError:
            pass
        finally:
            os._exit(code)
    children[receiver] = number
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    os.close(sender)


def _widen(pipe: int) -> None:
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _AHEAD)  # type: ignore[attr-defined, unused-ignore]
    except (ImportError, AttributeError, OSError):
        # It holds less, and the child waits sooner.
        pass


def _serve(work: _Work, turns: int, sender: int) -> None:
    """What a child does: lint a chunk at each of its turns and send what it found."""
    # On Ctrl-C the parent ends its processes; they have nothing to say of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    while (index := _turn(turns)) is not None:
        data = marshal.dumps((index, work.rows(index)))
        data = len(data).to_bytes(_NUMBER, "big") + data
        while data:
            data = data[os.write(sender, data) :]


def _speaking(children: dict[int, int], wait: bool) -> list[int]:
    """The pipes of the children that have sent something, or have ended."""
    poll = select.poll()
    for receiver in children:
        poll.register(receiver, select.POLLIN)
    return [receiver for receiver, _ in poll.poll(None if wait and children else 0)]


def _received(receiver: int) -> tuple[int, list[Row]] | None:
    """The number of a chunk and its rows; None where the child has ended."""
    length = int.from_bytes(_read(receiver, _NUMBER), "big")
    data = _read(receiver, length)
    # It may have died while it was speaking.
    return marshal.loads(data) if data and len(data) == length else None


def _read(pipe: int, count: int) -> bytes:
    pieces = []
    while count and (piece := os.read(pipe, count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _end(children: dict[int, int], receiver: int, reason: int | None) -> int:
    """Take a child's end, brought about with a signal or come of itself; its exit code."""
    number = children.pop(receiver)
    os.close(receiver)
    if reason is not None:
        os.kill(number, reason)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


# ---------------------------------------------------------------- signals

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _terminable() -> Any:
    """Make being terminated an exception, so that the processes are ended; what was before."""
    try:
        return signal.signal(signal.SIGTERM, _terminate)
    except ValueError:
        # Not in the main thread, where signals are none of our business.
        return None


def _restore(before: Any) -> None:
    if before is not None:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


# ---------------------------------------------------------------- a pool


def _pooled(work: _Work, processes: int) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    done = 0
    with ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (work,)) as pool:
        try:
            for rows in pool.map(_rows, range(len(work))):
                yield from work.taken_in(done, rows)
                done += 1
        except BrokenProcessPool:
            yield from work.results_again(done)
            done += 1
        finally:
            pool.shutdown(cancel_futures=True)
    for index in range(done, len(work)):
        yield from work.results(index)


# The work of this process of a pool.
_mine: list[_Work] = []


def _prepare(work: _Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mine.append(work)


def _rows(index: int) -> list[Row]:
    return _mine[0].rows(index)


# ---------------------------------------------------------------- what is sent


def _packed(result: Result) -> Row:
    told = {name: value for name, value in result.told().items() if name != "diagnostics"}
    if not result.diagnostics:
        return told, None
    # Most runs find little, and pickle takes as long to load as two files to lint.
    from algolint import serialization

    return told, serialization.packed(result.diagnostics)


def _unpacked(session: Session, name: str, row: Row) -> Result:
    told, diagnostics = row
    if diagnostics is not None:
        from algolint import serialization

        told["diagnostics"] = serialization.unpacked(diagnostics, session.rules_of(name))
    return Result.of(name, told)
