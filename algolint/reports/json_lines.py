"""The `json-lines` report: one diagnostic a line, each an object as in the `json` report."""

from __future__ import annotations

import json

from algolint.reports.json import diagnostic_row
from algolint.reports.parts import inert_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.diagnostic import Diagnostic
    from algolint.runs.outcome import Outcome


def lines(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield an object for each diagnostic, one a line."""
    return (inert_json(json.dumps(diagnostic_row(diagnostic))) for diagnostic in diagnostics)


def report(outcome: Outcome) -> str:
    """Return one object a line: the diagnostics, then the `notes`."""
    return "\n".join([*lines(outcome.diagnostics), *notes(outcome)])


def notes(outcome: Outcome) -> Iterator[str]:
    """Yield an object for each spec that is not fully known, and for each failure."""
    for spec in (*outcome.unread, *outcome.in_part):
        row = {"path": spec.path, "line": spec.line, "column": spec.column, "message": spec.message}
        yield inert_json(json.dumps({"unknown": row}))
    errors = ({"error": {"path": path, "message": message}} for path, message in outcome.errors)
    yield from (inert_json(json.dumps(error)) for error in errors)
