"""Linting files in several processes, with the results in the order of the files."""

from __future__ import annotations

import io
import os
import pickle
from collections import deque
from itertools import chain, islice

from algolint.rule import Rule
from algolint.runs.forked_pool import BrokenPool, ForkedPool
from algolint.runs.session import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from typing import Any, TypeAlias

    from algolint.diagnostic import Diagnostic
    from algolint.runs.forked_pool import Pending
    from algolint.runs.session import Session

    # What a result has by attribute, and its diagnostics, which few files have.
    Row: TypeAlias = tuple[dict[str, Any], bytes | None]
    # Files in their order: those to lint by their names, the others as their results.
    Chunk: TypeAlias = list[str | Result]

# How many chunks may wait for each process. Without a limit, waiting results would take 2.5 KB per file.
_AHEAD = 8


def lint(session: Session, chunks: Iterator[Chunk], processes: int) -> Iterator[Result]:
    """Yield the results of the files of chunks in order.

    This process is one of the `processes`: instead of waiting for another, it lints a chunk that none has
    begun. If one dies, this process lints the rest, and the first of those results reports it.
    """
    pool = _pool(session, processes - 1)
    ahead: deque[tuple[Chunk, Pending | _Spawned | None]] = deque()
    try:
        while True:
            for chunk in islice(chunks, processes * _AHEAD - len(ahead)):
                # A process may die while files are still being submitted.
                ahead.append((chunk, None))
                if names := [entry for entry in chunk if isinstance(entry, str)]:
                    ahead[-1] = chunk, pool.submit(names)
            if not ahead:
                break
            chunk, pending = ahead[0]
            if pending is not None and not pending.done() and _lint_chunk(session, ahead):
                continue
            rows = iter(pending.result() if pending else ())
            ahead.popleft()
            for entry in chunk:
                yield _taken_in(session, entry, next(rows)) if isinstance(entry, str) else entry
    except BrokenPool:
        pool.terminate()
        is_reported = False
        for entry in chain.from_iterable(chain((chunk for chunk, _ in ahead), chunks)):
            result = _linted(session, entry)
            if isinstance(entry, str) and not is_reported:
                result.crashes += ["a process died; its files were linted again"]
                is_reported = True
            yield result
    except BaseException:
        # Ctrl-C, or a report that cannot be written. The processes are not waited for.
        pool.terminate()
        raise
    else:
        pool.shutdown()


def _lint_chunk(session: Session, ahead: deque[tuple[Chunk, Pending | _Spawned | None]]) -> bool:
    """Lint here the first chunk that no process has begun. Return whether there was one."""
    for index, (chunk, pending) in enumerate(ahead):
        if pending is not None and pending.cancel():
            ahead[index] = [_linted(session, entry) for entry in chunk], None
            return True
    return False


def _linted(session: Session, entry: str | Result) -> Result:
    return session.lint(entry, session.inputs.files[entry]) if isinstance(entry, str) else entry


def _pool(session: Session, processes: int) -> ForkedPool | _SpawnedPool:
    if not hasattr(os, "fork"):
        return _SpawnedPool(session, processes)
    return ForkedPool(processes, lambda names: _rows(session, names), session.inputs.files)


def _rows(session: Session, names: list[str]) -> list[Row]:
    return [_row_of(_linted(session, name)) for name in names]


def _row_of(result: Result) -> Row:
    values = result.values()
    diagnostics = values.pop("diagnostics", None)
    return values, None if diagnostics is None else packed(diagnostics)


def _taken_in(session: Session, name: str, row: Row) -> Result:
    values, diagnostics = row
    if diagnostics is not None:
        values["diagnostics"] = unpacked(diagnostics, session.rules_of(name))
    result = Result.of(name, values)
    session.take_in(result)
    return result


# ---------------------------------------------------------------- diagnostics as bytes


class _Packer(pickle.Pickler):
    """Pickles rules by name, since both processes have the same ones."""

    def persistent_id(self, value: object) -> str | None:
        return value.name if isinstance(value, Rule) else None


class _Unpacker(pickle.Unpickler):
    def __init__(self, data: bytes, rules: dict[str, Rule]) -> None:
        super().__init__(io.BytesIO(data))
        self._rules = rules

    def persistent_load(self, name: Any) -> Rule:
        return self._rules[name]


def packed(diagnostics: list[Diagnostic]) -> bytes:
    """Return diagnostics as bytes."""
    buffer = io.BytesIO()
    _Packer(buffer).dump(diagnostics)
    return buffer.getvalue()


def unpacked(data: bytes, rules: dict[str, Rule]) -> list[Diagnostic]:
    """Return the diagnostics in bytes from `packed`; `rules` has the rules by name."""
    diagnostics: list[Diagnostic] = _Unpacker(data, rules).load()
    return diagnostics


# ---------------------------------------------------------------- without fork


class _SpawnedPool:
    """The standard library's pool, with processes that start afresh, as on Windows."""

    def __init__(self, session: Session, processes: int) -> None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        context = get_context("spawn")
        # This pipe ends when this process ends, however that happens.
        life, self._life_writer = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(processes, context, _prepare, (session, life))

    def submit(self, names: list[str]) -> _Spawned:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return _Spawned(self._pool.submit(_prepared_rows, names))
        except BrokenProcessPool:
            raise BrokenPool from None

    def shutdown(self) -> None:
        self._pool.shutdown()
        self._life_writer.close()

    def terminate(self) -> None:
        import threading

        # The pool's thread may raise when its processes end, as on Python 3.12.1.
        hook, threading.excepthook = threading.excepthook, lambda _: None
        try:
            self._life_writer.close()
            self._pool.shutdown()
        finally:
            threading.excepthook = hook


class _Spawned:
    """The pending answer of a process of a `_SpawnedPool`."""

    def __init__(self, future: Future[list[Row]]) -> None:
        self._future = future

    def done(self) -> bool:
        return self._future.done()

    def cancel(self) -> bool:
        return self._future.cancel()

    def result(self) -> list[Row]:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return self._future.result()
        except BrokenProcessPool:
            raise BrokenPool from None


_session: Session


def _prepare(session: Session, life: Connection) -> None:
    """Prepare a process of a `_SpawnedPool`."""
    import signal
    import threading

    global _session  # noqa: PLW0603
    _session = session
    # On Ctrl-C the parent ends, and this process with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_pipe, args=(life,), daemon=True).start()


def _end_with_pipe(life: Connection) -> None:
    """End this process when its pool is terminated or its parent ends: it would wait for work for ever."""
    from multiprocessing.connection import wait

    wait([life])
    os._exit(1)


def _prepared_rows(names: list[str]) -> list[Row]:
    return _rows(_session, names)
