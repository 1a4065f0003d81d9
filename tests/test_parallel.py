"""What of a run of many files is held at a time; runs in several processes are in test_cli and others."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

import pytest

from algolint import parallel
from algolint.session import Result, Session

if TYPE_CHECKING:
    from collections.abc import Callable

PROCESSES = 2
CHUNKS = 3 * parallel._AHEAD * PROCESSES
NAMES = [f"{number}.json" for number in range(parallel._CHUNK * CHUNKS)]


class Pool:
    """A pool without processes, in which every result is there at once, or which breaks."""

    def __init__(self, *_: Any, breaks_at: int | None = None) -> None:
        self.breaks_at = breaks_at
        self.submitted = 0
        self.taken = 0
        self.most_held = 0

    def submit(self, _: Callable[..., Any], chunk: list[str]) -> Future[Any]:
        if self.submitted == self.breaks_at:
            raise BrokenProcessPool
        self.submitted += 1
        self.most_held = max(self.most_held, self.submitted - self.taken)
        future: Future[Any] = Future()
        future.set_result([({"is_spec": True}, None) for _ in chunk])
        return future

    def shutdown(self) -> None:
        pass


def results_of(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", lambda *_: pool)
    monkeypatch.setattr(Session, "lint", lambda _, name, *__: Result(name))
    results = []
    for number, result in enumerate(parallel.lint(Session({}), dict.fromkeys(NAMES, False), PROCESSES)):
        pool.taken = number // parallel._CHUNK
        results.append(result)
    return results


def test_few_files_are_submitted_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool()
    results = results_of(pool, monkeypatch)
    assert [result.name for result in results] == NAMES
    assert pool.submitted == CHUNKS - 1, "the first files are linted before there are processes"
    assert pool.most_held <= parallel._AHEAD * PROCESSES + 1


@pytest.mark.parametrize("breaks_at", [0, 1, CHUNKS // 2, CHUNKS - 2])
def test_no_file_is_lost_or_linted_twice_where_the_pool_breaks(
    breaks_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = results_of(Pool(breaks_at=breaks_at), monkeypatch)
    assert [result.name for result in results] == NAMES
    assert sum(bool(result.crashes) for result in results) == 1
