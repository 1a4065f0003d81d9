"""The baseline: findings that are known, and not reported again.

A file of JSON, made to be committed. An entry knows its finding by path, rule and fingerprint, which
neither moved lines nor reordered items nor a reworded message change; the message is there for people.
A changed value or another name makes another finding, and that is reported. `invalid-syntax` is never
part of a baseline: nothing is known of a file that cannot be read.
"""

from __future__ import annotations

import json
import os
import re

from algolint.messages import shown
from algolint.readers import json as read_json
from algolint.readers import json_errors
from algolint.source import Source
from algolint.spec.structural_rules import invalid_syntax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any, TypeAlias

    from algolint.diagnostic import Diagnostic
    from algolint.values import Path

    # Path, rule and fingerprint.
    Known: TypeAlias = tuple[str, str, str]

#: Grows when the form changes.
FORMAT = 1

_SURROGATE = re.compile("[\ud800-\udfff]")


class BaselineEntry:
    """As many findings of a rule, alike in all but their line, as a file was known to have."""

    __slots__ = ("count", "fingerprint", "message", "path", "rule")

    def __init__(self, path: str, rule: str, fingerprint: str, count: int, message: str) -> None:
        self.path = path
        self.rule = rule
        self.fingerprint = fingerprint
        self.count = count
        self.message = message

    @property
    def key(self) -> Known:
        """What the entry is known by."""
        return self.path, self.rule, self.fingerprint

    def __repr__(self) -> str:
        return f"BaselineEntry({self.path!r}, {self.rule!r}, {self.fingerprint!r}, {self.count})"


def write(diagnostics: Iterable[Diagnostic]) -> str:
    """The baseline that knows these diagnostics, in an order that depends on nothing else.

    They must have been made with fingerprints. Those of `invalid-syntax` are passed over.
    """
    entries: dict[Known, BaselineEntry] = {}
    for diagnostic in diagnostics:
        if _is_excluded(diagnostic):
            continue
        if not diagnostic.fingerprint:
            raise ValueError(f"a diagnostic of {diagnostic.rule.name} has no fingerprint")
        path, rule, fingerprint = _known(diagnostic)
        entry = entries.setdefault(
            (path, rule, fingerprint), BaselineEntry(path, rule, fingerprint, 0, diagnostic.message)
        )
        entry.count += 1
        # Alike findings may be worded apart; which of them comes first may change.
        entry.message = min(entry.message, diagnostic.message)
    rows = [
        {
            "path": entry.path,
            "rule": entry.rule,
            "fingerprint": entry.fingerprint,
            "count": entry.count,
            "message": entry.message,
        }
        for _, entry in sorted(entries.items())
    ]
    text = json.dumps({"format": FORMAT, "entries": rows}, indent=2, ensure_ascii=False)
    # File names and messages may hold what UTF-8 does not.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def read(text: str, name: str) -> Baseline:
    """The baseline in a file's text. Raises ValueError with the file's name, the line and what is wrong."""
    source = Source(name, text)
    try:
        content = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        fault = json_errors.diagnosis(source, error)
        raise ValueError(f"{name}:{source.position(fault.span[0])[0]}: {fault.message}") from None
    # A baseline may hold many more values than a spec.
    document = read_json.JsonDocument(source, content, source.text, repeats=True)
    try:
        return Baseline(_entries(document.spec))
    except _FormatError as fault:
        line = source.position(document.locate(fault.path)[0])[0]
        raise ValueError(f"{name}:{line}: {fault}") from None


def portable(name: str) -> str:
    """A path as a baseline names it: with `/`, and without a leading `./`."""
    path = os.path.normpath(name) if name else name
    return path.replace(os.sep, "/")


class Baseline:
    """Known findings, and which of them a run has met.

    All diagnostics of a file go to `filter` together: each call counts anew, so that a file may be
    linted again, after a fix.
    """

    def __init__(self, entries: Iterable[BaselineEntry] = ()) -> None:
        self.entries = list(entries)
        self._counts: dict[Known, int] = {}
        for entry in self.entries:
            self._counts[entry.key] = self._counts.get(entry.key, 0) + entry.count
        self._met: dict[Known, int] = {}

    def filter(self, diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], int]:
        """The diagnostics that are not known, and the number of the others.

        Where a file has more alike findings than it was known to have, the last of them are kept.
        """
        kept = []
        met: dict[Known, int] = {}
        for diagnostic in diagnostics:
            known = _known(diagnostic)
            seen = met.get(known, 0)
            if _is_excluded(diagnostic) or seen >= self._counts.get(known, 0):
                kept.append(diagnostic)
            else:
                met[known] = seen + 1
        again = {path for path, _, _ in met}
        self._met = {known: count for known, count in self._met.items() if known[0] not in again} | met
        return kept, sum(met.values())

    def met_in(self, name: str) -> dict[Known, int]:
        """The known findings that were met in a file; what another process needs for `meet`."""
        return {known: count for known, count in self._met.items() if known[0] == portable(name)}

    def meet(self, met: dict[Known, int]) -> None:
        """Take in what another process met."""
        self._met |= met

    def stale(self, linted: Iterable[str], judged: Collection[str] | None = None) -> list[BaselineEntry]:
        """The entries whose findings were not met, their counts being how many are missing.

        Only those of files that were linted, and, where `judged` is given, of these rules: a rule that
        was not selected says nothing.
        """
        paths = set(map(portable, linted))
        met = dict(self._met)
        missing = []
        for entry in self.entries:
            found = min(met.get(entry.key, 0), entry.count)
            # An entry may stand twice, where two baselines were merged.
            met[entry.key] = met.get(entry.key, 0) - found
            if found < entry.count and entry.path in paths and (judged is None or entry.rule in judged):
                left = entry.count - found
                missing.append(BaselineEntry(*entry.key, left, entry.message))
        return missing


def _known(diagnostic: Diagnostic) -> Known:
    return portable(diagnostic.source.name), diagnostic.rule.name, diagnostic.fingerprint


def _is_excluded(diagnostic: Diagnostic) -> bool:
    return diagnostic.rule is invalid_syntax


class _FormatError(Exception):
    """What is wrong at a path of the file."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def _entries(content: Any) -> list[BaselineEntry]:
    if not isinstance(content, dict) or "format" not in content:
        raise _FormatError((), "not a baseline file; create one with --write-baseline")
    version = content["format"]
    if version != FORMAT or isinstance(version, bool):
        raise _FormatError(
            ("format",), f"the format is {shown(version)}, this algolint reads format {FORMAT}"
        )
    rows = content.get("entries")
    if not isinstance(rows, list):
        raise _FormatError(("entries",), "a baseline has a list of entries")
    return [_entry(row, index) for index, row in enumerate(rows)]


def _entry(row: Any, index: int) -> BaselineEntry:
    where: Path = ("entries", index)
    if not isinstance(row, dict):
        raise _FormatError(where, "an entry is an object")
    for name in ("path", "rule", "fingerprint"):
        if not isinstance(row.get(name), str):
            raise _FormatError((*where, name), f"an entry has a text as its {name}")
    count = row.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise _FormatError((*where, "count"), "an entry has a count of 1 or more")
    message = row.get("message", "")
    return BaselineEntry(row["path"], row["rule"], row["fingerprint"], count, str(message))
