"""The baseline: known findings, which are not reported again.

A baseline is a JSON file, meant to be committed. An entry identifies its finding by path, rule and
fingerprint, which stay the same when lines move, items are reordered or a message is reworded; the message in
an entry is only for people. A changed value or a new name makes a new finding, which is reported.
`invalid-syntax` is never part of a baseline: nothing is known of a file that cannot be read.

Paths are relative to the baseline file, so the working directory does not matter. The entries of a file
that was moved apply at its new path; see `Baseline.filter`.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress

from algolint import limits
from algolint.config.files import ConfigurationError
from algolint.messages import shown
from algolint.readers import json as read_json
from algolint.readers import json_errors
from algolint.source import Source, UnreadableSource, read_settings
from algolint.spec.structural_rules import invalid_syntax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from algolint.diagnostic import Diagnostic
    from algolint.values import Path

    # Path, rule and fingerprint.
    Key: TypeAlias = tuple[str, str, str]
    # The files that were linted, each with the rules whose findings were not all reported.
    Linted: TypeAlias = Mapping[str, Collection[str]]

#: Raised whenever the file format changes.
FORMAT = 1

_SURROGATE = re.compile("[\ud800-\udfff]")


class BaselineEntry:
    """Findings of one rule in one file that differ only in their line, and how many there are."""

    __slots__ = ("count", "fingerprint", "message", "path", "rule")

    def __init__(self, path: str, rule: str, fingerprint: str, count: int, message: str) -> None:
        self.path = path
        self.rule = rule
        self.fingerprint = fingerprint
        self.count = count
        self.message = message

    @property
    def key(self) -> Key:
        """What identifies the entry."""
        return self.path, self.rule, self.fingerprint

    def at(self, path: str, count: int) -> BaselineEntry:
        """Return the entry for another path and count."""
        return BaselineEntry(path, self.rule, self.fingerprint, count, self.message)

    def __repr__(self) -> str:
        return f"BaselineEntry({self.path!r}, {self.rule!r}, {self.fingerprint!r}, {self.count})"


class Baseline:
    """The known findings, and which of them this run has found."""

    def __init__(self, entries: Iterable[BaselineEntry] = (), folder: str = "") -> None:
        #: The entries in order, each key once.
        self.entries = _merged(entries)
        self._folder = os.path.realpath(folder)
        self._folders: dict[str, str] = {}
        self._counts: dict[str, dict[tuple[str, str], int]] = {}
        for entry in self.entries:
            self._counts.setdefault(entry.path, {})[entry.rule, entry.fingerprint] = entry.count
        self._missing: list[str] | None = None
        # By path: a file that is linted again after a fix replaces what it found before.
        self._found: dict[str, dict[Key, int]] = {}

    def path_of(self, name: str) -> str:
        """Return a file's path relative to the baseline's folder, with `/` as separator."""
        folder, file = os.path.split(name)
        if folder not in self._folders:
            real = os.path.realpath(folder)
            # On Windows there is no relative path to another drive.
            with suppress(ValueError):
                real = os.path.relpath(real, self._folder)
            self._folders[folder] = "" if real == os.curdir else real.replace(os.sep, "/") + "/"
        return self._folders[folder] + file

    def filter(self, name: str, diagnostics: list[Diagnostic]) -> tuple[list[Diagnostic], dict[Key, int]]:
        """Return a file's new diagnostics, and how many findings of each entry were recognized.

        If a file has more findings of an entry than the entry counts, the last ones are new. A file without
        entries counts as moved, and takes over the entries of a file that no longer exists, if at least half
        of those are found and the two files share their folder or their name.
        """
        path = self.path_of(name)
        former = path if path in self._counts else self._former_path(path, diagnostics)
        counts = self._counts.get(former, {})
        new = []
        found: dict[Key, int] = {}
        for diagnostic in diagnostics:
            rule, fingerprint = diagnostic.rule.name, diagnostic.fingerprint
            seen = found.get((former, rule, fingerprint), 0)
            if diagnostic.rule is invalid_syntax or seen >= counts.get((rule, fingerprint), 0):
                new.append(diagnostic)
            else:
                found[former, rule, fingerprint] = seen + 1
        self.add_found(name, found)
        return new, found

    def add_found(self, name: str, found: dict[Key, int]) -> None:
        """Record which entries were found in a file, by this process or another one."""
        self._found[self.path_of(name)] = found

    def stale(self, linted: Linted) -> list[BaselineEntry]:
        """Return the entries whose findings are gone from the linted files, with the number that is gone."""
        hidden = self._by_path(linted)
        stale = []
        for entry, successors in self._with_successors():
            judged = [path for path in successors if path in hidden and entry.rule not in hidden[path]]
            left = entry.count - max((self._count(path, entry) for path in judged), default=0)
            if judged and left:
                stale.append(entry.at(entry.path, left))
        return stale

    def pruned(self, linted: Linted) -> Baseline:
        """Return the baseline without stale entries and deleted files, and with moved files renamed."""
        hidden = self._by_path(linted)
        kept = []
        for entry, successors in self._with_successors():
            for path in successors:
                if path not in hidden:
                    count = 0 if self._is_missing(path) else entry.count
                else:
                    count = entry.count if entry.rule in hidden[path] else self._count(path, entry)
                if count:
                    kept.append(entry.at(path, count))
        return Baseline(kept, self._folder)

    def updated(self, diagnostics: Iterable[Diagnostic], linted: Linted) -> Baseline:
        """Return a baseline of these diagnostics, keeping the entries of files and rules that did not run.

        The diagnostics need fingerprints. Those of `invalid-syntax` are left out.
        """
        hidden = self._by_path(linted)
        entries = [
            entry
            for entry in self.entries
            if (
                entry.rule in hidden[entry.path] if entry.path in hidden else not self._is_missing(entry.path)
            )
        ]
        for diagnostic in diagnostics:
            if diagnostic.rule is invalid_syntax:
                continue
            if not diagnostic.fingerprint:
                raise ValueError(f"a diagnostic of {diagnostic.rule.name} has no fingerprint")
            path, rule = self.path_of(diagnostic.source.name), diagnostic.rule.name
            entries.append(BaselineEntry(path, rule, diagnostic.fingerprint, 1, diagnostic.location.text))
        return Baseline(entries, self._folder)

    def changes_to(self, other: Baseline) -> tuple[int, int, int]:
        """Return how many findings another baseline adds, removes and keeps."""
        before = {entry.key: entry.count for entry in self.entries}
        after = {entry.key: entry.count for entry in other.entries}
        kept = sum(min(count, after.get(key, 0)) for key, count in before.items())
        # The findings of a moved file are kept.
        gone: dict[tuple[str, str], int] = {}
        for (path, *rest), count in before.items():
            if self._is_missing(path):
                known = rest[0], rest[1]
                gone[known] = gone.get(known, 0) + count - min(count, after.get((path, *known), 0))
        for (path, *rest), count in after.items():
            known = rest[0], rest[1]
            moved = min(count - min(count, before.get((path, *known), 0)), gone.get(known, 0))
            if moved:
                gone[known] -= moved
                kept += moved
        return sum(after.values()) - kept, sum(before.values()) - kept, kept

    def text(self) -> str:
        """Return the text of the file, one entry per line, so that version control can merge it."""
        rows = [
            {
                "path": entry.path,
                "rule": entry.rule,
                "fingerprint": entry.fingerprint,
                "count": entry.count,
                "message": entry.message,
            }
            for entry in self.entries
        ]
        lines = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in rows)
        entries = f"[\n    {lines}\n  ]" if rows else "[]"
        text = f'{{\n  "format": {FORMAT},\n  "entries": {entries}\n}}\n'
        # File names and messages may hold surrogates, which UTF-8 cannot encode.
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)

    def _former_path(self, path: str, diagnostics: list[Diagnostic]) -> str:
        """Return the missing file that a file without entries was moved from, or the file's own path."""
        if not diagnostics:
            return path
        if self._missing is None:
            self._missing = sorted(filter(self._is_missing, self._counts))
        found: dict[tuple[str, str], int] = {}
        for diagnostic in diagnostics:
            known = diagnostic.rule.name, diagnostic.fingerprint
            found[known] = found.get(known, 0) + 1
        folder, _, file = path.rpartition("/")
        best, most = path, 0
        for other in self._missing:
            other_folder, _, other_file = other.rpartition("/")
            if other_folder == folder or other_file == file:
                counts = self._counts[other]
                common = sum(min(count, found.get(known, 0)) for known, count in counts.items())
                if common > most and 2 * common >= sum(counts.values()):
                    best, most = other, common
        return best

    def _is_missing(self, path: str) -> bool:
        return not os.path.lexists(os.path.join(self._folder, path))

    def _with_successors(self) -> Iterator[tuple[BaselineEntry, list[str]]]:
        """Yield each entry with the paths it applies to: its own, or those its file was moved to."""
        moved: dict[str, list[str]] = {}
        for path, found in sorted(self._found.items()):
            for former in {key[0] for key in found} - {path}:
                moved.setdefault(former, []).append(path)
        for entry in self.entries:
            yield entry, moved.get(entry.path, [entry.path])

    def _by_path(self, linted: Linted) -> dict[str, Collection[str]]:
        return {self.path_of(name): rules for name, rules in linted.items()}

    def _count(self, path: str, entry: BaselineEntry) -> int:
        # What a spec and a job share is found in each of them.
        return min(self._found.get(path, {}).get(entry.key, 0), entry.count)


def _merged(entries: Iterable[BaselineEntry]) -> list[BaselineEntry]:
    """Return the entries sorted, with those of the same key merged."""
    merged: dict[Key, BaselineEntry] = {}
    for entry in entries:
        same = merged.get(entry.key)
        if same is None:
            merged[entry.key] = entry.at(entry.path, entry.count)
        else:
            same.count += entry.count
            # Equal findings may be worded differently, in an order that varies.
            same.message = min(same.message, entry.message)
    return [entry for _, entry in sorted(merged.items())]


# ---------------------------------------------------------------- reading


def load(path: str, named: bool = False) -> Baseline:
    """Return the baseline in a file, which the user may have `named`.

    Raises `ConfigurationError`, and FileNotFoundError.
    """
    try:
        return read(read_settings(path, named, limits.MAX_BASELINE_SIZE), path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigurationError(f"baseline {path}: {error.strerror}") from None
    except (UnreadableSource, UnicodeDecodeError) as error:
        raise ConfigurationError(f"baseline {path}: {error}") from None
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def read(text: str, name: str) -> Baseline:
    """Return the baseline in a file's text. Raises ValueError that names the file, the line and the fault."""
    source = Source(name, text)
    try:
        content = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        for number, row in enumerate(text.split("\n"), 1):
            if row.startswith("<<<<<<< "):
                message = "unresolved merge conflict; keep the entries of both sides"
                raise ValueError(f"{name}:{number}: {message}") from None
        fault = json_errors.diagnosis(source, error)
        raise ValueError(f"{name}:{source.position(fault.span[0])[0]}: {fault.message}") from None
    # A baseline may be much larger than a spec, and has no limit on its number of values.
    document = read_json.JsonDocument(source, content, source.text, repeats=True)
    try:
        return Baseline(_entries(document.spec), os.path.dirname(name))
    except _FormatError as error:
        line = source.position(document.locate(error.path)[0])[0]
        raise ValueError(f"{name}:{line}: {error}") from None


class _FormatError(Exception):
    """Raised when a value of the file, at `path`, is not valid in a baseline."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def _entries(content: Any) -> list[BaselineEntry]:
    if not isinstance(content, dict) or "format" not in content:
        raise _FormatError((), "not a baseline file; create one with --write-baseline")
    version = content["format"]
    if version != FORMAT or isinstance(version, bool):
        message = f"unsupported format {shown(version)}; this version of algolint reads format {FORMAT}"
        raise _FormatError(("format",), message)
    rows = content.get("entries")
    if not isinstance(rows, list):
        raise _FormatError(("entries",), "'entries' must be a list")
    return [_entry(row, index) for index, row in enumerate(rows)]


def _entry(row: Any, index: int) -> BaselineEntry:
    where: Path = ("entries", index)
    if not isinstance(row, dict):
        raise _FormatError(where, "an entry must be an object")
    for name in ("path", "rule", "fingerprint"):
        if not isinstance(row.get(name), str):
            raise _FormatError((*where, name), f"the {name} of an entry must be a string")
    count = row.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise _FormatError((*where, "count"), "the count of an entry must be an integer of 1 or more")
    message = row.get("message", "")
    return BaselineEntry(row["path"], row["rule"], row["fingerprint"], count, str(message))
