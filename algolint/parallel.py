"""Linting many files in several processes, with the results in the order of the files."""

from __future__ import annotations

import io
import os
import pickle
import signal
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait

from algolint.rule import Rule
from algolint.session import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess
    from typing import Any, NoReturn

    from algolint.session import Session

    Inputs = list[tuple[str, bool]]

# Below this many files for each process, starting it costs more than it saves.
_FILES_A_PROCESS = 100
# Files that a process lints before it sends what it found.
_CHUNK = 16
# Files that are linted before there are processes.
_FIRST = 4


def processes_for(files: int, jobs: int | None) -> int:
    """How many processes to use: as many as asked for, or as pay."""
    if jobs is not None:
        return max(1, min(jobs, files))
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, files // _FILES_A_PROCESS))


def lint(session: Session, inputs: Inputs, processes: int) -> Iterator[Result]:
    """The results of the files, in their order.

    A process that dies leaves its files to this one, which says so in the first result.
    """
    # A forked process has the rules already; where there is no fork each imports them anew.
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    context: Any = get_context(method)
    # What the first files make this one load and compile, the others are forked with.
    shared = _FIRST if method == "fork" else 0
    first = [session.lint(name, named) for name, named in inputs[:shared]]
    chunks = [inputs[start : start + _CHUNK] for start in range(shared, len(inputs), _CHUNK)]
    done: dict[int, list[Result]] = {}
    workers: dict[Connection, BaseProcess] = {}
    left: dict[Connection, list[int]] = {}
    before = _terminable()
    try:
        for number in range(processes):
            mine = list(range(number, len(chunks), processes))
            receiver, sender = context.Pipe(duplex=False)
            work = [(index, chunks[index]) for index in mine]
            # A forked process holds the reading ends too: with them open it would not notice our end.
            inherited = [*workers, receiver] if method == "fork" else []
            process = context.Process(target=_work, args=(session, work, sender, inherited), daemon=True)
            with _uninterrupted():
                process.start()
            sender.close()
            workers[receiver], left[receiver] = process, mine
        yield from first
        for index in range(len(chunks)):
            while index not in done:
                _receive(session, chunks, workers, left, done)
            yield from done.pop(index)
    finally:
        for process in workers.values():
            process.terminate()
        for process in workers.values():
            process.join()
        _restore(before)


def _receive(
    session: Session,
    chunks: list[Inputs],
    workers: dict[Connection, BaseProcess],
    left: dict[Connection, list[int]],
    done: dict[int, list[Result]],
) -> None:
    """Wait for one process to say something and take it in."""
    for receiver in wait([r for r, indexes in left.items() if indexes]):
        assert isinstance(receiver, Connection)
        try:
            index, rows = pickle.loads(receiver.recv_bytes())
        except EOFError:
            workers[receiver].join()
            code = workers[receiver].exitcode
            for index in left[receiver]:
                done[index] = [session.lint(name, named) for name, named in chunks[index]]
            first = done[left[receiver][0]][0]
            first.crashes.append(f"a process died (exit code {code}); its files were linted again")
            left[receiver] = []
            continue
        done[index] = [_unpacked(session, row) for row in rows]
        for result in done[index]:
            session.take_in(result)
        left[receiver].remove(index)


def _work(
    session: Session, work: list[tuple[int, Inputs]], sender: Connection, inherited: list[Connection]
) -> None:
    """What a process does: lint its chunks one after the other and send what it found."""
    # On Ctrl-C the parent ends its processes; they have nothing to say of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    for receiver in inherited:
        receiver.close()
    try:
        for index, chunk in work:
            rows = [_packed(session.lint(name, named)) for name, named in chunk]
            sender.send_bytes(pickle.dumps((index, rows)))
    except BrokenPipeError:
        pass


# ---------------------------------------------------------------- signals

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _uninterrupted:  # noqa: N801 -- used as a function
    """Holds signals back: a process that is just being made would speak of them."""

    def __enter__(self) -> None:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


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


class _Packer(pickle.Pickler):
    """Rules go by their names: functions are the same on both sides and do not travel."""

    def persistent_id(self, value: object) -> str | None:
        return value.name if isinstance(value, Rule) else None


class _Unpacker(pickle.Unpickler):
    def __init__(self, data: bytes, rules: dict[str, Rule]) -> None:
        super().__init__(io.BytesIO(data))
        self._rules = rules

    def persistent_load(self, name: Any) -> Rule:
        return self._rules[name]


def _packed(result: Result) -> tuple[str, dict[str, Any], bytes | None]:
    """A file's name, what is to say of it, and its diagnostics, which few files have."""
    told = {name: value for name, value in result.told().items() if name != "diagnostics"}
    if not result.diagnostics:
        return result.name, told, None
    buffer = io.BytesIO()
    _Packer(buffer).dump(result.diagnostics)
    return result.name, told, buffer.getvalue()


def _unpacked(session: Session, row: tuple[str, dict[str, Any], bytes | None]) -> Result:
    name, told, diagnostics = row
    if diagnostics is not None:
        told["diagnostics"] = _Unpacker(diagnostics, session.rules_of(name)).load()
    return Result.of(name, told)
