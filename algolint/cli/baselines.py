"""Writing and pruning baselines, and reporting their stale entries."""

from __future__ import annotations

import os

from algolint.config.files import ConfigurationError
from algolint.errors import UserError
from algolint.messages import counted, escaped
from algolint.runs import atomic
from algolint.runs.baseline import Baseline, load
from algolint.source import leads_out
from algolint.spec import structural_rules as structural
from algolint.suppression.settle import fully_enabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostic import Diagnostic
    from algolint.runs.session import Session

# Nobody reads more lines about stale entries than this.
_MAX_LISTED = 10


def written(
    session: Session, diagnostics: list[Diagnostic], linted: list[str], path: str | None
) -> Iterator[str]:
    """Write the findings of a run into baselines, and yield a line about each file written.

    `path` is the baseline to write, or None for those that the configurations name.
    """
    # By baseline file; the empty name is for linted files without a configured baseline.
    targets: dict[str, tuple[list[Diagnostic], list[str]]] = {}

    def target(name: str) -> tuple[list[Diagnostic], list[str]]:
        file = path or session.settings.of(name).path("baseline") or ""
        return targets.setdefault(file, ([], []))

    if not linted:
        target("")
    for name in linted:
        target(name)[1].append(name)
    for diagnostic in diagnostics:
        target(diagnostic.source.name)[0].append(diagnostic)
    left, _ = targets.pop("", ([], []))
    if not targets:
        raise UserError(
            "--write-baseline: no baseline is configured; name a file, or set baseline in algolint.toml"
        )
    if left:
        files = counted(len({diagnostic.source.name for diagnostic in left}), "file")
        yield f"{counted(len(left), 'finding')} in {files} not written: no baseline is configured there"
    for file, (found, names) in targets.items():
        before = _baseline_at(file)
        after = before.updated(found, {name: _hidden_rules(session, name) for name in names})
        _write(file, after, "--write-baseline")
        added, removed, kept = before.changes_to(after)
        count = added + kept
        yield (
            f"{counted(count, 'finding')} written to {_shown(file)}"
            f" ({added:,} added, {removed:,} removed, {kept:,} kept)"
        )


def pruned(session: Session, linted: list[str]) -> Iterator[str]:
    """Remove stale entries from the baselines, and yield a line about each baseline."""
    for name in linted or [""]:
        session.baseline_of(session.settings.of(name))
    if not session.baselines:
        raise UserError("--prune-baseline: no baseline is configured; name one with --baseline")
    hidden = {name: _hidden_rules(session, name) for name in linted}
    for file, before in session.baselines.items():
        after = before.pruned(hidden)
        _, removed, kept = before.changes_to(after)
        if after.text() != before.text():
            _write(file, after, "--prune-baseline")
        yield f"{_shown(file)}: {removed:,} removed, {kept:,} kept"


def stale(session: Session, linted: list[str]) -> Iterator[str]:
    """Yield lines about the stale entries, and how to remove them."""
    if not session.baselines:
        return
    hidden = {name: _hidden_rules(session, name) for name in linted}
    for file, baseline in session.baselines.items():
        entries = baseline.stale(hidden)
        for entry in entries[:_MAX_LISTED]:
            yield f"{_shown(file)}: no longer found: {entry.rule} in {entry.path}: {entry.message}"
        if entries:
            count = len(entries)
            which = "this entry" if count == 1 else f"these {count:,} entries"
            yield f"{_shown(file)}: --prune-baseline removes {which}"


def _hidden_rules(session: Session, name: str) -> frozenset[str]:
    """Return the rules whose findings in a file are not all reported."""
    settings = session.settings.of(name)
    linter = session.linter_of(settings)
    rules = (*structural.RULES, *linter.rules)
    selection = linter.selection.without(session.ignored_in(name, settings, linter))
    return frozenset(rule.name for rule in rules) - fully_enabled(rules, selection)


def _shown(path: str) -> str:
    """Return a path relative to the current folder, if it is below that."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        relative = path
    return escaped(path if leads_out(relative) else relative)


def _baseline_at(path: str) -> Baseline:
    """Return the baseline in a file, or an empty one if the file does not exist yet."""
    if os.path.isdir(path):
        raise UserError(f"--write-baseline {path}: is a folder; give folders to lint before the option")
    try:
        if os.path.getsize(path):
            return load(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise UserError(f"--write-baseline {path}: {error.strerror}") from None
    except ConfigurationError as error:
        message = f"not a readable baseline, so it is left as it is ({error})"
        raise UserError(f"--write-baseline {path}: {message}") from None
    return Baseline(folder=os.path.dirname(path))


def _write(path: str, baseline: Baseline, option: str) -> None:
    try:
        atomic.write(path, baseline.text().encode())
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}") from None
