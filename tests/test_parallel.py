"""When processes are started, and for which files. Runs with several processes are in test_cli and others."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from algolint.config.effective import SettingsFinder
from algolint.runs import parallel, process_pool
from algolint.runs.forked_pool import BrokenPool, ForkedPool
from algolint.runs.session import Result, Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROCESSES = 2
CHUNKS = 3 * process_pool._AHEAD * PROCESSES
NAMES = [f"{number}.json" for number in range(parallel._FIRST + parallel._CHUNK * CHUNKS)]


class Answer(NamedTuple):
    """A result that is available immediately."""

    rows: list[Any]

    def done(self) -> bool:
        return True

    def result(self) -> list[Any]:
        return self.rows


class Pool:
    """A pool without processes, whose results are available immediately, or which breaks."""

    def __init__(self, *_: Any, breaks_at: int | None = None) -> None:
        self.breaks_at = breaks_at
        self.submitted = 0
        self.names: list[str] = []
        self.taken = 0
        self.most_held = 0

    def submit(self, chunk: list[str]) -> Answer:
        if self.submitted == self.breaks_at:
            raise BrokenPool
        self.submitted += 1
        self.names += chunk
        self.most_held = max(self.most_held, self.submitted - self.taken)
        return Answer([({"is_spec": True}, None) for _ in chunk])

    def shutdown(self) -> None:
        pass

    terminate = shutdown


def session_with(inputs: dict[str, bool]) -> Session:
    """Return a session that has to lint files, each with whether the user named it."""
    session = Session(SettingsFinder({}, isolated=True))
    session.inputs.files = inputs
    return session


def results_of(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    monkeypatch.setattr(process_pool, "_pool", lambda *_: pool)
    monkeypatch.setattr(Session, "lint", lambda _, name, *__: Result(name))
    results = []
    for number, result in enumerate(parallel.lint(session_with(dict.fromkeys(NAMES, False)), PROCESSES)):
        pool.taken = number // parallel._CHUNK
        results.append(result)
    return results


def test_few_files_are_submitted_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool()
    results = results_of(pool, monkeypatch)
    assert [result.name for result in results] == NAMES
    assert pool.submitted == CHUNKS, "the first files are linted before there are processes"
    assert pool.most_held <= process_pool._AHEAD * PROCESSES + 1


@pytest.mark.parametrize("breaks_at", [0, 1, CHUNKS // 2, CHUNKS - 1])
def test_no_file_is_lost_or_linted_twice_where_the_pool_breaks(
    breaks_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = results_of(Pool(breaks_at=breaks_at), monkeypatch)
    assert [result.name for result in results] == NAMES
    assert sum(bool(result.crashes) for result in results) == 1


# ---------------------------------------------------------------- forked processes

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")


def wait_for_files(folder: Path, count: int) -> None:
    give_up = time.monotonic() + 60
    while len(os.listdir(folder)) < count and time.monotonic() < give_up:
        time.sleep(0.01)


@forks
def test_answers_are_those_of_the_tasks_whoever_gives_them() -> None:
    words = [f"{number}" * 10_000 for number in range(100)]
    pool = ForkedPool(3, lambda some: (os.getpid(), some), words)
    pending = [pool.submit(words[at : at + 10]) for at in range(0, 100, 10)]
    answers = [one.result() for one in pending]
    pool.shutdown()
    assert [words for _, words in answers] == [words[at : at + 10] for at in range(0, 100, 10)]
    assert len({os.getpid(), *(pid for pid, _ in answers)}) == 4


@forks
def test_a_long_task_holds_up_one_other(tmp_path: Path) -> None:
    others = [str(tmp_path / str(number)) for number in range(9)]

    def work(some: list[str]) -> int:
        if some == ["long"]:
            wait_for_files(tmp_path, len(others) - 1)
        else:
            open(some[0], "x").close()
        return os.getpid()

    pool = ForkedPool(2, work, ["long", *others])
    pids = [pending.result() for pending in [pool.submit([item]) for item in ["long", *others]]]
    pool.shutdown()
    assert pids.count(pids[0]) <= 2


@forks
def test_this_process_lints_what_no_other_has_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = NAMES[: 5 * parallel._CHUNK]
    mine = os.getpid()

    def lint(_: Session, name: str, *__: bool) -> Result:
        if os.getpid() == mine:
            (tmp_path / name).touch()
        else:
            wait_for_files(tmp_path, 3 * parallel._CHUNK)
        result = Result(name)
        result.skipped = [str(os.getpid())]
        return result

    monkeypatch.setattr(Session, "lint", lint)
    chunks: list[process_pool.Chunk] = [[*names[at : at + 8]] for at in range(0, len(names), 8)]
    results = list(process_pool.lint(session_with(dict.fromkeys(names, True)), iter(chunks), 2))
    assert [result.name for result in results] == names
    assert [result.skipped == [str(mine)] for result in results] == [False] * 16 + [True] * 24


@forks
def test_without_further_processes_this_one_lints_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(os, "fork", refused)
    monkeypatch.setattr(Session, "lint", lambda _, name, *__: Result(name))
    open_files = os.listdir("/dev/fd")
    results = list(parallel.lint(session_with(dict.fromkeys(NAMES, False)), 3))
    assert [result.name for result in results] == NAMES
    assert os.listdir("/dev/fd") == open_files


@forks
@pytest.mark.parametrize("allowed", range(9))
def test_pipes_that_the_system_refuses_are_processes_that_it_refuses(
    allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ulimit -n`: each process takes two pipes, and one more pipe ends with this process."""
    pipe = os.pipe
    made: list[int] = []

    def pipe_or_error() -> tuple[int, int]:
        if len(made) == 2 * allowed:
            raise OSError(errno.EMFILE, "Too many open files")
        made.extend(pair := pipe())
        return pair

    monkeypatch.setattr(os, "pipe", pipe_or_error)
    open_files = os.listdir("/dev/fd")
    pool = ForkedPool(3, list, NAMES)
    assert len(pool._processes) == min(max(allowed - 1, 0) // 2, 3)
    if not pool._processes:
        assert os.listdir("/dev/fd") == open_files
    pool.shutdown()
    assert os.listdir("/dev/fd") == open_files


@forks
@pytest.mark.parametrize("descriptors", [5, 9, 13])
def test_few_descriptors_do_for_several_processes(tmp_path: Path, descriptors: int) -> None:
    for number in range(40):
        (tmp_path / f"a{number:02}.json").write_text('{"AlgorithmName": "a b", "Tags": []}')
    run = f'"{sys.executable}" -m algolint --isolated --quiet --format concise --jobs 4 .'
    done = subprocess.run(
        ["sh", "-c", f"ulimit -n {descriptors}; {run}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("[pattern-mismatch]") == 40


@forks
def test_a_process_works_without_the_thread_that_the_system_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`ulimit -u` counts threads too."""

    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    pool = ForkedPool(2, lambda names: (os.getpid(), names), NAMES)
    pids, names = zip(*(pool.submit([name]).result() for name in NAMES[:9]), strict=True)
    pool.shutdown()
    assert list(names) == [[name] for name in NAMES[:9]]
    assert os.getpid() not in pids


@forks
def test_what_a_forked_process_raises_is_raised_here() -> None:
    pool = ForkedPool(1, lambda names: os.listdir(names[0]), ["gone.json", __file__])
    pending = [pool.submit(["gone.json"]), pool.submit([__file__])]
    with pytest.raises(FileNotFoundError, match=r"gone\.json"):
        pending[0].result()
    with pytest.raises(NotADirectoryError):
        pending[1].result()
    pool.shutdown()


class OddError(Exception):
    """An error that can be pickled and not read again."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"{text} {number}")


@forks
@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (lambda: lambda: 1, (AttributeError, pickle.PicklingError), "lambda"),
        (lambda: 1 / 0, ZeroDivisionError, "division by zero"),
        (lambda: OddError(2, "odd"), RuntimeError, "OddError: odd 2"),
    ],
)
def test_an_error_of_a_forked_process_is_raised_whatever_it_is(
    answer: Callable[[], Any], expected: Any, words: str
) -> None:
    def work(_: list[str]) -> Any:
        found = answer()
        if isinstance(found, Exception):
            raise found
        return found

    pool = ForkedPool(1, work, ["a"])
    with pytest.raises(expected, match=words):
        pool.submit(["a"]).result()
    pool.shutdown()


@forks
def test_a_forked_process_that_has_died_answers_nothing() -> None:
    pool = ForkedPool(1, lambda _: os._exit(9), ["a"])
    pending = pool.submit(["a"])
    with pytest.raises(BrokenPool):
        pending.result()
    # A task that is written to a process which is ending may still arrive.
    with pytest.raises(BrokenPool):
        pool.submit(["a"]).result()
    pool.terminate()


# ---------------------------------------------------------------- spawned processes


def test_spawned_processes_answer_as_forked_ones_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = folder_with(tmp_path, list(range(60)), 60)
    with monkeypatch.context() as patched:
        patched.delattr(os, "fork", raising=False)
        spawned = list(parallel.lint(session_with(inputs), 2))
    assert [result.name for result in spawned] == list(inputs)
    assert all(result.is_spec and not result.crashes for result in spawned)


def test_a_terminated_pool_ends_its_own_processes_only(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    gate, own_end = context.Pipe()
    other = context.Process(target=gate.recv)
    other.start()
    hook = threading.excepthook
    inputs = folder_with(tmp_path, [0], 1)
    pool = process_pool._SpawnedPool(session_with(inputs), 1)
    assert len(pool.submit(list(inputs)).result()) == 1
    before = multiprocessing.active_children()
    pool.terminate()
    assert len(before) == 2
    assert multiprocessing.active_children() == [other]
    assert threading.excepthook is hook
    own_end.send(None)
    other.join()
    assert other.exitcode == 0


# ---------------------------------------------------------------- files of a folder

SPEC = '{"AlgorithmName": "a", "TrainingSpecification": {}}'


def folder_with(folder: Path, specs: list[int], files: int) -> dict[str, bool]:
    """Write files that the user did not name, some of which are specs, given by their numbers."""
    paths = [folder / f"{number}.json" for number in range(files)]
    for number, path in enumerate(paths):
        path.write_text(SPEC if number in specs else "{}")
    return {str(path): False for path in paths}


def run_over(
    inputs: dict[str, bool], jobs: int | None, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Result], Pool]:
    """Return the results of a run with unlimited processors, and the pool that it may use."""
    pool = Pool()
    monkeypatch.setattr(process_pool, "_pool", lambda *_: pool)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    return list(parallel.lint(session_with(inputs), jobs)), pool


def test_other_files_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = list(range(0, 1000, 50))
    inputs = folder_with(tmp_path, specs, 1000)
    results, pool = run_over(inputs, None, monkeypatch)
    assert [result.name for result in results] == list(inputs)
    assert [number for number, result in enumerate(results) if result.is_spec] == specs
    assert pool.names == []


@pytest.mark.parametrize("jobs", [None, 2])
def test_specs_are_linted_by_processes_and_other_files_are_not(
    jobs: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = list(range(0, 600, 3))
    inputs = folder_with(tmp_path, specs, 1000)
    results, pool = run_over(inputs, jobs, monkeypatch)
    assert [result.name for result in results] == list(inputs)
    assert [number for number, result in enumerate(results) if result.is_spec] == specs
    here = len(specs) - len(pool.names)
    assert here == parallel._FIRST + (parallel._MIN_FILES if jobs is None else 0)
    assert pool.names == [list(inputs)[number] for number in specs[here:]]


def test_the_last_few_files_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = folder_with(tmp_path, list(range(100, 250)), 250)
    assert run_over(inputs, None, monkeypatch)[1].names == []


@pytest.mark.parametrize("breaks_at", [0, 5])
def test_other_files_are_not_lost_where_the_pool_breaks(
    breaks_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = [*range(20), *range(300, 400)]
    inputs = folder_with(tmp_path, specs, 500)
    monkeypatch.setattr(process_pool, "_pool", lambda *_: Pool(breaks_at=breaks_at))
    results = list(parallel.lint(session_with(inputs), 2))
    assert [result.name for result in results] == list(inputs)
    assert [number for number, result in enumerate(results) if result.is_spec] == specs
    assert len(list(chain.from_iterable(result.crashes for result in results))) == 1


def test_what_cannot_be_searched_is_left_to_linting(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.json")
    assert Session(SettingsFinder({}, isolated=True)).without_spec(gone) is None
