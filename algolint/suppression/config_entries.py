"""The configuration's `[[suppressions]]`, which suppress findings by their JSON pointer."""

from __future__ import annotations

import os

from algolint.messages import shown
from algolint.rule import is_of_comparison, is_of_jobs
from algolint.source import leads_out
from algolint.suppression.coverage import UNSUPPRESSIBLE, matching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from algolint.config.effective import Settings
    from algolint.config.files import Configuration
    from algolint.diagnostic import Diagnostic


class ConfigIgnore:
    """An entry of the configuration that suppresses rules, by name or pattern, at a JSON pointer.

    A step `*` matches any key or index, and `**` at the end everything below. Raises ValueError if the
    pointer is invalid.
    """

    __slots__ = ("pointer", "reason", "rules", "steps")

    def __init__(self, pointer: str, rules: Collection[str], reason: str = "") -> None:
        if pointer and not pointer.startswith("/"):
            raise ValueError(f"{shown(pointer)} is not a JSON pointer, which begins with '/'")
        self.pointer = pointer
        self.rules = rules
        self.reason = reason
        self.steps = pointer.split("/")
        if "**" in self.steps[:-1]:
            raise ValueError(f"{shown(pointer)} has '**' before its end")

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether the entry suppresses a diagnostic."""
        name = diagnostic.rule.name
        if name in UNSUPPRESSIBLE or not any(matching(pattern, (name,)) for pattern in self.rules):
            return False
        steps = diagnostic.location.pointer.split("/")
        sought = self.steps
        if sought[-1] == "**":
            if len(steps) < len(sought):
                return False
            sought = sought[:-1]
        elif len(steps) != len(sought):
            return False
        return all(want in ("*", step) for want, step in zip(sought, steps, strict=False))


def by_pointer(
    diagnostics: Iterable[Diagnostic], entries: Iterable[ConfigIgnore]
) -> tuple[list[Diagnostic], int, list[ConfigIgnore]]:
    """Return the diagnostics that are not suppressed, the number of the others, and unused entries."""
    unused = dict.fromkeys(entries)
    entries = list(unused)
    kept = []
    suppressed = 0
    for diagnostic in diagnostics:
        covering = [entry for entry in entries if entry.covers(diagnostic)]
        for entry in covering:
            unused.pop(entry, None)
        if covering:
            suppressed += 1
        else:
            kept.append(diagnostic)
    return kept, suppressed, list(unused)


class ConfigIgnores:
    """The suppressions of a configuration, and which of them had an effect. Raises `ConfigurationError`."""

    def __init__(self, settings: Settings) -> None:
        layers = settings.configuration.layers("suppressions")
        self._rows = [(layer, row) for layer in layers for row in layer.own["suppressions"]]
        try:
            self._entries = [
                ConfigIgnore(row["pointer"], row["rules"], row.get("reason", "")) for _, row in self._rows
            ]
        except ValueError as error:
            raise settings.configuration.error(str(error), "suppressions") from None
        #: The indexes of those that had an effect.
        self.used: set[int] = set()
        # Their lines, found when one is needed.
        self._lines: list[int] = []

    def filter(self, name: str, diagnostics: list[Diagnostic]) -> tuple[list[Diagnostic], set[int]]:
        """Return a file's diagnostics that are not suppressed, and the indexes of what suppresses others."""
        here = [entry for number, entry in enumerate(self._entries) if self._is_for(number, name)]
        kept, _, unused = by_pointer(diagnostics, here)
        effective = set(here).difference(unused)
        used = {number for number, entry in enumerate(self._entries) if entry in effective}
        self.used |= used
        return kept, used

    def unused(self, linted: list[str], walks: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        """Yield the suppressions that had no effect, as (origin, message).

        A suppression may be for a file that was not linted. So it is only judged if a linted file matches its
        `path`, or if the run `walks` the whole folder of its configuration.
        """
        for number, entry in enumerate(self._entries):
            layer, row = self._rows[number]
            # Suppressions for other commands are not judged here.
            others = all(is_of_comparison(rule) or is_of_jobs(rule) for rule in entry.rules)
            if number in self.used or others:
                continue
            if walks(layer.folder) or ("path" in row and any(self._is_for(number, name) for name in linted)):
                yield self._named(number)

    def effective(self) -> set[tuple[str, str]]:
        """Return what `unused` would yield for the suppressions that had an effect."""
        return {self._named(number) for number in self.used}

    def _named(self, number: int) -> tuple[str, str]:
        if not self._lines:
            self._lines = list(self._found_lines())
        layer, entry = self._rows[number][0], self._entries[number]
        where = f"{layer.path}:{self._lines[number]}"
        return where, f"the suppression of {', '.join(entry.rules)} at {entry.pointer} is unused"

    def _found_lines(self) -> Iterator[int]:
        """Yield the line of each suppression; several may have the same pointer."""
        found: dict[Configuration, dict[str, list[int]]] = {}
        for (layer, _), entry in zip(self._rows, self._entries, strict=True):
            if layer not in found:
                found[layer] = layer.lines_of_items("suppressions")
            lines = found[layer].get(entry.pointer) if entry.pointer else None
            yield lines.pop(0) if lines else layer.line_of("suppressions")

    def _is_for(self, number: int, name: str) -> bool:
        layer, row = self._rows[number]
        return "path" not in row or layer.matches([row["path"]], name)


def file_of_entries(name: str, configuration: Configuration) -> str:
    """Return the path of the configuration file that applies to a file, or of the one to create."""
    if configuration.path:
        return configuration.path
    folder = configuration.folder
    if leads_out(os.path.relpath(os.path.abspath(name), folder)):
        folder = os.path.dirname(os.path.abspath(name))
    return os.path.join(folder, "algolint.toml")


def texts_of_entries(
    name: str, diagnostics: Iterable[Diagnostic], configuration: Configuration, reason: str = ""
) -> Iterator[str]:
    """Yield entries for the configuration, in TOML, that suppress diagnostics of a file."""
    import re

    from algolint.config.toml import quoted

    folder = os.path.dirname(os.path.abspath(file_of_entries(name, configuration)))
    path = os.path.relpath(os.path.abspath(name), folder).replace(os.sep, "/")
    pattern = "/" + re.sub(r"([*?\[\]\\! ])", r"\\\1", path)
    rules: dict[str, list[str]] = {}
    for diagnostic in diagnostics:
        rules.setdefault(diagnostic.location.pointer, []).append(diagnostic.rule.name)
    is_pyproject = os.path.basename(configuration.path or "") == "pyproject.toml"
    table = "tool.algolint.suppressions" if is_pyproject else "suppressions"
    for pointer, names in rules.items():
        yield (
            f"[[{table}]]\npath = {quoted(pattern)}\npointer = {quoted(pointer)}\n"
            f"rules = [{', '.join(map(quoted, sorted(set(names))))}]\nreason = {quoted(reason)}"
        )
