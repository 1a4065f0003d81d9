"""A pool of forked processes, with pipes to and from each. Windows has no `fork`.

For 1,000 JSON files and two processes it takes 8% less wall time and 6% less processor time than the standard
library's pool, whose import alone takes 20 ms, and whose threads compete with the workers.
"""

from __future__ import annotations

import os
import pickle
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, BinaryIO


class BrokenPool(Exception):
    """Raised when a process has died."""


class Pending:
    """The pending answer of a process. Answers have to be asked for in the order of the tasks."""

    __slots__ = ("_answers",)

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers

    def result(self) -> Any:
        """Return the answer when it is there. Raises what the work raised, and `BrokenPool`."""
        try:
            answer = pickle.load(self._answers)
        except (EOFError, pickle.UnpicklingError):
            raise BrokenPool from None
        if isinstance(answer, Exception):
            raise answer
        return answer


class ForkedPool:
    """Processes that work on batches of the items.

    Items are sent by their numbers, so that all waiting tasks fit into the pipe: a process does not read it
    while its answers wait to be read.
    """

    def __init__(self, processes: int, work: Callable[[list[str]], Any], items: Iterable[str]) -> None:
        self._work = work
        self._items = list(items)
        self._numbers = {item: number for number, item in enumerate(self._items)}
        # This pipe ends when this process ends, however that happens.
        self._life, self._living = os.pipe()
        self._pids: list[int] = []
        self._tasks: list[BinaryIO] = []
        self._answers: list[BinaryIO] = []
        self._submitted = 0
        for _ in range(processes):
            self._start()

    def submit(self, items: list[str]) -> Pending:
        """Send items to the next process in turn. Raises `BrokenPool`."""
        turn = self._submitted % len(self._pids)
        self._submitted += 1
        task = " ".join(str(self._numbers[item]) for item in items)
        try:
            self._tasks[turn].write(f"{task}\n".encode())
        except BrokenPipeError:
            raise BrokenPool from None
        return Pending(self._answers[turn])

    def shutdown(self) -> None:
        """Wait until the processes, which have nothing left to do, end."""
        for file in self._tasks + self._answers:
            file.close()
        for pid in self._pids:
            os.waitpid(pid, 0)
        os.close(self._life)
        os.close(self._living)

    def terminate(self) -> None:
        """End the processes, whatever they are doing."""
        import signal

        for pid in self._pids:
            os.kill(pid, signal.SIGKILL)
        self.shutdown()

    def _start(self) -> None:
        (to_do, tasks), (answers, done) = os.pipe(), os.pipe()
        pid = os.fork()
        if pid:
            os.close(to_do)
            os.close(done)
            self._pids.append(pid)
            self._tasks.append(os.fdopen(tasks, "wb", buffering=0))
            self._answers.append(os.fdopen(answers, "rb"))
            return
        try:
            # Pipes do not end with the parent if this process keeps the parent's ends open.
            others = [file.fileno() for file in self._tasks + self._answers]
            for end in (self._living, tasks, answers, *others):
                os.close(end)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._serve(to_do, done)
        finally:
            # Also on Ctrl-C, which the parent reports.
            os._exit(0)

    def _end_with_parent(self) -> None:
        os.read(self._life, 1)
        os._exit(1)

    def _serve(self, to_do: int, done: int) -> None:
        with open(to_do, "rb") as tasks, open(done, "wb") as answers:
            for task in tasks:
                try:
                    answer = self._work([self._items[int(number)] for number in task.split()])
                except Exception as error:
                    answer = error
                pickle.dump(answer, answers)
                answers.flush()
