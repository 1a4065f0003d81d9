"""Finding the algorithms that jobs use: in the configuration, open documents and the workspace's files."""

from __future__ import annotations

import os

from algolint import limits
from algolint.aws.model import JOBS, REQUEST, Model
from algolint.compare.specs import SpecError, spec_in
from algolint.discovery import discovery
from algolint.jobs.context import Algorithm
from algolint.jobs.recognition import algorithms_of
from algolint.server import cursor
from algolint.server.tree import SpecTree
from algolint.source import SourceSyntaxError, UnreadableSource, read_candidate, read_file
from algolint.syntaxes import may_hold_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from algolint.config.effective import Settings
    from algolint.server.tree import Node
    from algolint.source import Source

# How many files of a workspace are searched for algorithms.
_MAX_FILES = 5000


def may_name_algorithm(text: str) -> bool:
    """Whether a text may have a spec with a name, by which a job can use it."""
    return "AlgorithmName" in text or "algorithm_name" in text


class Algorithms:
    """Finds the algorithms of a workspace by name.

    `opened` returns the texts of the open documents by path, and `folders` the folders of the workspace. As
    on the command line, an algorithm that several files define is unknown.
    """

    def __init__(self, folders: Callable[[], Iterable[str]], opened: Callable[[], dict[str, Source]]) -> None:
        self._folders = folders
        self._opened = opened
        # The files that define each algorithm, once they were searched.
        self._files: dict[str, set[str]] | None = None
        # Of the texts that were read: the algorithms by file, name and revision, and the specs by file and
        # revision, each with the text.
        self._made: dict[tuple[str, str, int], tuple[str, Algorithm | None]] = {}
        self._specs: dict[tuple[str, int], tuple[str, list[SpecTree]]] = {}
        # The shapes of jobs, by revision.
        self._models: dict[str, Model] = {}

    def forget(self) -> None:
        """Forget the algorithms, so that files are searched again."""
        self._files = None
        self._specs.clear()

    def source(self, request: Any, settings: Settings, model: Model) -> tuple[str, Source] | None:
        """Return the text that has a request's algorithm, with its name if the text may have others, or None.

        Raises `SpecError` if the configuration names a file that cannot be read.
        """
        names = algorithms_of(request)
        if len(names) != 1:
            return None
        (name,) = names
        short = name.rpartition("/")[2]
        configured = dict(settings.paths("algorithms"))
        for key in (name, short):
            if key in configured:
                return "", self._read(configured[key])
        places = self._places(short, model)
        return (short, self._read(places.pop())) if len(places) == 1 else None

    def algorithm(self, request: Any, settings: Settings, model: Model) -> Algorithm | None:
        """Return the algorithm that a request is judged against, or None if it is not known.

        Raises `ConfigurationError` if the configuration names a file without an algorithm.
        """
        try:
            found = self.source(request, settings, model)
            return self._made_of(*found, model) if found is not None else None
        except SpecError as error:
            raise settings.error("algorithms", f"algorithms: {error}") from None

    def _made_of(self, name: str, source: Source, model: Model) -> Algorithm | None:
        key = source.name, name, model.revision.number
        known = self._made.get(key)
        if known is None or known[0] != source.text:
            try:
                made = Algorithm(spec_in(source, model, name))
            except (SpecError, SourceSyntaxError, UnreadableSource):
                if not name:
                    raise SpecError(f"{source.name}: no algorithm spec can be read") from None
                made = None
            self._made[key] = known = source.text, made
        return known[1]

    def specs(self, source: Source, model: Model) -> list[SpecTree]:
        """Return the specs in a text that have a name."""
        if not may_name_algorithm(source.text):
            return []
        key = source.name, model.revision.number
        known = self._specs.get(key)
        if known is None or known[0] != source.text:
            self._specs[key] = known = source.text, _specs(source, model)
        return known[1]

    def model(self, settings: Settings) -> Model:
        """Return the model of jobs."""
        revision = settings.get("api-revision")
        if revision not in self._models:
            self._models[revision] = Model(revision, JOBS)
        return self._models[revision]

    def _read(self, path: str) -> Source:
        path = os.path.abspath(path)
        source = self._opened().get(path)
        if source is not None:
            return source
        try:
            return read_file(path, limits.MAX_FILE_SIZE)
        except (SourceSyntaxError, UnreadableSource) as error:
            raise SpecError(f"{path}: {error}") from None

    def _places(self, name: str, model: Model) -> set[str]:
        opened = self._opened()
        if self._files is None:
            self._files = self._found(model)
        found = {path for path in self._files.get(name, ()) if path not in opened}
        return found | {
            path
            for path, source in opened.items()
            if any(spec.root.text("AlgorithmName") == name for spec in self.specs(source, model))
        }

    def _found(self, model: Model) -> dict[str, set[str]]:
        """Return the workspace's files that define algorithms, by the algorithms' names."""
        found: dict[str, set[str]] = {}
        left = _MAX_FILES
        for folder in self._folders():
            for path in discovery.files_below(folder, lambda _name, _why: None):
                left -= 1
                if left < 0:
                    return found
                for name in _names_in_file(path, model):
                    found.setdefault(name, set()).add(os.path.abspath(path))
        return found


def _names_in_file(path: str, model: Model) -> set[str]:
    try:
        source = read_candidate(path, limits.MAX_FILE_SIZE, lambda text: may_hold_spec(path, text))
    except (SourceSyntaxError, UnreadableSource, OSError):
        return set()
    specs = _specs(source, model) if source is not None else []
    return {spec.root.text("AlgorithmName") or "" for spec in specs}


def _specs(source: Source, model: Model) -> list[SpecTree]:
    specs = cursor.specs(source, model)
    return [spec for spec in specs if spec.shape == REQUEST and spec.root.text("AlgorithmName")]


class Lookup:
    """Makes the jobs of a text, linked to the algorithms that they use."""

    def __init__(self, algorithms: Algorithms, settings: Settings, model: Model) -> None:
        self._algorithms = algorithms
        self._settings = settings
        self._model = model
        #: The model of jobs.
        self.model = algorithms.model(settings)

    def job(self, root: Node, shape: str) -> SpecTree:
        """Return the job in a node, which has a shape."""
        job = SpecTree(root, shape, self.model)
        try:
            found = self._algorithms.source(root.plain(), self._settings, self._model)
        except SpecError:
            # Linting the job reports why.
            return job
        if found is not None:
            name, source = found
            # An algorithm that the configuration names need not have a name itself.
            specs = self._algorithms.specs(source, self._model) if name else cursor.specs(source, self._model)
            job.algorithm = next((s for s in specs if not name or s.root.text("AlgorithmName") == name), None)
            if job.algorithm is not None:
                job.algorithm.source = source
        return job
