"""Finding the files to lint."""

from __future__ import annotations

import os

from algolint.limits import IgnoreWork
from algolint.source import UnreadableSource, read_settings
from algolint.syntaxes import is_searched_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from algolint.discovery.gitignore import IgnorePatterns

# Hidden folders and files with the scripts of CI services, which may create an algorithm.
_OF_CI = frozenset((".circleci", ".github", ".gitlab", ".gitlab-ci.yml"))
# Folders of tools and of code from elsewhere.
_VENDORED = frozenset(("node_modules", "__pycache__", "venv", "site-packages", "vendor", "third_party"))


def files_below(
    folder: str,
    skipped: Callable[[str, str], None],
    wanted: Callable[[str], bool] | None = None,
    work: IgnoreWork | None = None,
) -> Iterator[str]:
    """Yield the files of a folder that may contain a spec, in a stable order.

    Hidden and vendored folders, links to folders, and files that .gitignore excludes are left out. The folder
    itself may be any of these. CDK templates are included, although projects keep them out of git, and so are
    the hidden files of CI services.
    `wanted` replaces the choice by file extension. `skipped` is called with each file that cannot be read and
    the reason. `work` limits the time for .gitignore files, over all folders of a run.
    """
    ignores = _GitIgnores(folder, work or IgnoreWork())
    folders = [folder]
    while folders:
        base = folders.pop()
        try:
            with os.scandir(base) as entries:
                by_name = {entry.name: entry for entry in entries}
        except OSError as error:
            skipped(base, f"cannot be listed: {error.strerror or error}")
            continue
        if ".gitignore" in by_name:
            ignores.enter(base)
        prefix = "" if os.path.normpath(base) == "." else os.path.join(os.path.normpath(base), "")
        below = []
        for name in sorted(by_name):
            if name.startswith(".") and name not in _OF_CI:
                continue
            entry = by_name[name]
            path = prefix + name
            if entry.is_dir(follow_symlinks=False):
                if name not in _VENDORED and (name == _SYNTHESISED or not ignores.excludes(path + "/")):
                    below.append(path)
            elif (wanted(path) if wanted else is_searched_for(name)) and (
                not ignores.excludes(path) or _is_synthesised(path)
            ):
                why = _not_a_file(entry)
                if why is None:
                    yield path
                elif why:
                    skipped(path, why)
        folders += reversed(below)


#: The folder that `cdk synth` writes.
_SYNTHESISED = "cdk.out"


def _is_synthesised(path: str) -> bool:
    """Whether a file is a template that the CDK synthesises."""
    return path.endswith(".template.json") and os.path.basename(os.path.dirname(path)) == _SYNTHESISED


def _not_a_file(entry: os.DirEntry[str]) -> str | None:
    """Return why an entry of a folder cannot be read as a file: None if it can, "" for a link to a folder."""
    try:
        if entry.is_file():
            return None
        if entry.is_dir():
            return ""
        return "is a dangling link" if entry.is_symlink() else "is not a regular file"
    except OSError as error:
        return error.strerror or str(error)


class _GitIgnores:
    """The .gitignore files from the root of the repository down to the current folder of a walk."""

    def __init__(self, folder: str, work: IgnoreWork) -> None:
        self._work = work
        self._patterns: list[tuple[str, IgnorePatterns]] = []
        above = os.path.abspath(folder)
        chain = []
        while not os.path.exists(os.path.join(above, ".git")):
            parent = os.path.dirname(above)
            if parent == above:
                # Outside of a repository, only .gitignore files in and below the folder apply.
                return
            above = parent
            chain.append(above)
        for parent in reversed(chain):
            self._add(parent)
        if self.excludes(os.path.join(folder, "")):
            # A folder that is named explicitly is searched even if it is excluded.
            self._patterns.clear()

    def enter(self, base: str) -> None:
        """Add the .gitignore file of a folder, and drop those of folders that the walk has left."""
        folder = os.path.abspath(base)
        self._patterns = [entry for entry in self._patterns if (folder + os.sep).startswith(_below(entry[0]))]
        self._add(folder)

    def _add(self, folder: str) -> None:
        try:
            text = read_settings(os.path.join(folder, ".gitignore"), named=False, errors="replace")
        except (OSError, UnreadableSource):
            return
        from algolint.discovery.gitignore import IgnorePatterns

        self._patterns.append((folder, IgnorePatterns(text.splitlines(), self._work)))

    def excludes(self, path: str) -> bool:
        """Whether the innermost .gitignore with a matching pattern excludes a path (folders end in /)."""
        if not self._patterns:
            return False
        self._work.add_path()
        whole = os.path.abspath(path) + ("/" if path.endswith("/") else "")
        excluded = False
        for folder, patterns in self._patterns:
            below = _below(folder)
            if whole.startswith(below):
                matched = patterns.excludes(whole[len(below) :].replace(os.sep, "/"))
                excluded = excluded if matched is None else matched
                if patterns.is_ended:
                    self._work.ended.setdefault(os.path.join(folder, ".gitignore"), path)
        return excluded


def _below(folder: str) -> str:
    """Return the prefix of the paths in a folder."""
    return folder.rstrip(os.sep) + os.sep
