"""Finding algolint's modules with fewer system calls, in the command line's process.

For each of some seventy modules, Python checks whether its folder has changed and looks for five kinds of
files, which takes eleven system calls. A module of algolint is a file in its package's folder, which takes
four. Python's own loader decides which byte code is up to date. This saves 11 % of a clean run.
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

_PACKAGES = ("algolint.", "algolint_rules.")
# The size of a read, which most files fit in.
_CHUNK = 1 << 16
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class _Loader(SourceFileLoader):
    """Loads a module from a known file."""

    status: os.stat_result

    def path_stats(self, _path: str) -> dict[str, float]:
        return {"mtime": self.status.st_mtime, "size": self.status.st_size}

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
    """Finds the package of rules, and the modules and packages in it and in algolint."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        if name == "algolint_rules":
            # It is installed next to algolint. In a source tree, Python finds it.
            path = [os.path.dirname(algolint.__path__[0])]
        elif not path or not name.startswith(_PACKAGES):
            return None
        folder = f"{path[0]}{os.sep}{name.rpartition('.')[2]}"
        try:
            return _spec(name, f"{folder}.py")
        except OSError:
            pass
        try:
            spec = _spec(name, f"{folder}{os.sep}__init__.py")
        except OSError:
            return None
        spec.submodule_search_locations = [folder]
        return spec


def _spec(name: str, file: str) -> ModuleSpec:
    """Return the spec of a module in a file. Raises OSError if there is none."""
    loader = _Loader(name, file)
    loader.status = os.stat(file)
    return ModuleSpec(name, loader, origin=file)


def install() -> None:
    """Use this finder for the modules of algolint that are not imported yet, if they are files."""
    if hasattr(SourceFileLoader, "path_stats"):
        sys.meta_path.insert(0, _Finder)
