"""The files of a run: those that the user names, and those in folders that the user names."""

from __future__ import annotations

import os

from algolint import limits
from algolint.lazy_module import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from algolint.config.effective import SettingsFinder
    from algolint.discovery import discovery
else:
    # Not needed for files that the user names.
    discovery = LazyModule("algolint.discovery.discovery")


class Inputs:
    """The files of a run. `find` collects them."""

    def __init__(self, settings: SettingsFinder) -> None:
        self._settings = settings
        #: The files in order, each with whether the user named it.
        self.files: dict[str, bool] = {}
        #: `ended` has the .gitignore files that were not applied to all paths.
        self.ignore_work = limits.IgnoreWork()
        # The folders that were searched.
        self._walked: set[str] = set()
        self._paths: frozenset[str] | None = None

    def find(
        self, paths: Iterable[str], empty: Callable[[str], None], skipped: Callable[[str, str, bool], None]
    ) -> None:
        """Find the files of a run that the configuration does not exclude.

        `empty` is called with each folder without files, and `skipped` with each path that cannot be read,
        the reason, and whether the user named it.
        """
        for path in paths:
            if path != "-" and os.path.isdir(path):
                self._walked.add(os.path.abspath(path))
                names: Iterable[str] = self._below(path, skipped)
                named = False
            else:
                names, named = [path], True
            found = False
            for name in names:
                found = True
                if name not in self.files and not self.excludes(name):
                    self.files[name] = named
            if not found:
                empty(path)

    def _below(self, folder: str, skipped: Callable[[str, str, bool], None]) -> Iterator[str]:
        def skip(name: str, why: str) -> None:
            skipped(name, why, name == folder)

        settings = self._settings.of(os.path.join(folder, ""))
        include = settings.get("include")
        if include is None:
            return discovery.files_below(folder, skip, work=self.ignore_work)
        return discovery.files_below(
            folder, skip, lambda path: settings.matches("include", path), self.ignore_work
        )

    def excludes(self, name: str) -> bool:
        """Whether the configuration excludes a file."""
        return name != "-" and self._settings.of(name).matches("exclude", name)

    def has(self, path: str) -> bool:
        """Whether a file, by whatever path, is part of the run."""
        if self._paths is None:
            self._paths = frozenset(map(os.path.abspath, self.files))
        return os.path.abspath(path) in self._paths

    def walks(self, folder: str) -> bool:
        """Whether the run searches a whole folder."""
        folder = os.path.join(folder, "")
        return any(folder.startswith(os.path.join(walked, "")) for walked in self._walked)
