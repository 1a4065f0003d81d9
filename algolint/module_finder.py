"""Finding algolint's modules with fewer system calls, in the command line's process.

For each of some seventy modules, Python checks whether its folder has changed and looks for five kinds of
files, which takes eleven system calls. A module of algolint is a file in its package's folder, which takes
four. Python's own loader decides which byte code is up to date. This saves 6 % of a clean run.
"""

from __future__ import annotations

import os
import sys

import algolint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import ModuleType
else:
    # Importing `importlib.machinery` would cost half of what is saved.
    ModuleSpec, SourceFileLoader = type(algolint.__spec__), type(algolint.__spec__.loader)

_PACKAGES = ("algolint", "algolint_rules")
# The size of a read, which most files fit in.
_CHUNK = 1 << 16
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class _Loader(SourceFileLoader):
    """Loads a module from a known file."""

    def __init__(self, name: str, path: str, status: os.stat_result) -> None:
        super().__init__(name, path)
        self._status = status

    def path_stats(self, _path: str) -> dict[str, float]:
        return {"mtime": self._status.st_mtime, "size": self._status.st_size}

    def get_data(self, path: str) -> bytes:
        descriptor = os.open(path, _READING)
        try:
            data = os.read(descriptor, _CHUNK)
        finally:
            os.close(descriptor)
        return data if len(data) < _CHUNK else super().get_data(path)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self.path
        super().exec_module(module)


class _Finder:
    """Finds modules and packages in algolint's packages. Python finds these two packages themselves."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        package, _, module = name.rpartition(".")
        if not path or package.partition(".")[0] not in _PACKAGES:
            return None
        folder = f"{path[0]}{os.sep}{module}"
        for file, inside in ((f"{folder}.py", None), (f"{folder}{os.sep}__init__.py", [folder])):
            try:
                status = os.stat(file)
            except OSError:
                continue
            spec = ModuleSpec(name, _Loader(name, file, status), origin=file)
            spec.submodule_search_locations = inside
            return spec
        return None


def install() -> None:
    """Use this finder for the modules of algolint that are not imported yet, if they are files."""
    if hasattr(SourceFileLoader, "path_stats"):
        sys.meta_path.insert(0, _Finder)
