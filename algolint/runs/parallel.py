"""Linting many files, in several processes where that pays.

Most files of a repository have none of the words of a spec. This process searches them: to hand a file to
another one takes longer.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.runs.process_pool import Chunk
    from algolint.runs.session import Result, Session

# Below this many files for each process, starting it costs more than it saves.
_FILES_A_PROCESS = 100
# So many files are linted in the time that it takes to start processes.
_PAYING = 40
# Files that a process lints at a time, and the most that are searched for so many.
_CHUNK = 8
_SEARCHED = 64


def lint(session: Session, inputs: dict[str, bool], jobs: int | None) -> Iterator[Result]:
    """The results of files, given with whether the user named them, in their order.

    `jobs` is the number of processes; None for as many as pay. Of files that the user did not name it is not
    known how many are specs: there are further processes once this one has linted as many as their start
    takes the time of.
    """
    # What the first files make this process load and compile, forked ones have from the start.
    least = _CHUNK if jobs is not None or all(inputs.values()) else _PAYING
    chunks = _chunks(session, inputs)
    seen = linted = 0
    for chunk in chunks:
        for one in chunk:
            if isinstance(one, str):
                linted += 1
                yield session.lint(one, inputs[one])
            else:
                yield one
        seen += len(chunk)
        processes = _processes_for(len(inputs) - seen, jobs)
        if linted >= least and processes > 1:
            from algolint.runs import process_pool

            yield from process_pool.lint(session, inputs, chunks, processes)


def _processes_for(files: int, jobs: int | None) -> int:
    """How many processes to use: as many as requested, or as many as pay."""
    if jobs is not None:
        return min(jobs, files)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, files // _FILES_A_PROCESS)


def _chunks(session: Session, inputs: dict[str, bool]) -> Iterator[Chunk]:
    """The files in their order, searched where the user did not name them."""
    chunk: Chunk = []
    to_lint = 0
    for name, named in inputs.items():
        result = None if named else session.without_spec(name)
        if result is None:
            to_lint += 1
        chunk.append(result or name)
        if to_lint == _CHUNK or len(chunk) == _SEARCHED:
            yield chunk
            chunk, to_lint = [], 0
    if chunk:
        yield chunk
