"""Linting many files, in several processes where that pays.

Most files of a repository contain none of the words of a spec. This process searches the files for those
words itself, because handing a file to another process takes longer.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.runs.process_pool import Chunk
    from algolint.runs.session import Result, Session

# With fewer files per process, starting it costs more than it saves.
_FILES_PER_PROCESS = 100
# As many files as are linted in the time that it takes to start the processes.
_MIN_FILES = 40
# Files that are linted before the processes are forked, which inherit what these make this one import and
# compile. With 8 of them, 1000 JSON files take 1 % longer.
_FIRST = 2
# Files that a process lints at a time, and how many are searched at most to find that many.
_CHUNK = 8
_SEARCHED = 64


def lint(session: Session, jobs: int | None) -> Iterator[Result]:
    """Yield the results of the session's files in order.

    `jobs` is the number of processes, or None for as many as pay. How many files of a folder are specs is not
    known in advance, so further processes are only started after this one has linted a number of files.
    """
    files = session.inputs.files
    least = _FIRST if jobs is not None or all(files.values()) else _MIN_FILES
    chunks = _chunks(session)
    seen = linted = 0
    for chunk in chunks:
        for one in chunk:
            if isinstance(one, str):
                linted += 1
                yield session.lint(one, files[one])
            else:
                yield one
        seen += len(chunk)
        processes = _processes_for(len(files) - seen, jobs)
        if linted >= least and processes > 1:
            from algolint.runs import process_pool

            yield from process_pool.lint(session, chunks, processes)


def _processes_for(files: int, jobs: int | None) -> int:
    """Return how many processes to use: as many as requested, or as many as pay."""
    if jobs is not None:
        return min(jobs, files)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, files // _FILES_PER_PROCESS)


def _chunks(session: Session) -> Iterator[Chunk]:
    """Yield the files in order; those without a spec, unless the user named them, as finished results."""
    chunk: Chunk = []
    size, to_lint = _FIRST, 0
    for name, named in session.inputs.files.items():
        result = None if named else session.without_spec(name)
        if result is None:
            to_lint += 1
        chunk.append(result or name)
        if to_lint == size or len(chunk) == _SEARCHED:
            yield chunk
            chunk, size, to_lint = [], _CHUNK, 0
    if chunk:
        yield chunk
