"""The `json-lines` report: a diagnostic a line, in the form of the `json` report."""

from __future__ import annotations

import json

from algolint.reports.json import diagnostic_row
from algolint.reports.parts import inert_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.diagnostic import Diagnostic, Outcome


def lines(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """An object a diagnostic."""
    return (inert_json(json.dumps(diagnostic_row(diagnostic))) for diagnostic in diagnostics)


def report(outcome: Outcome) -> str:
    """An object a line: the diagnostics, then `{"error": …}` for each thing that could not be done."""
    errors = ({"error": {"path": path, "message": message}} for path, message in outcome.errors)
    return "\n".join([*lines(outcome.diagnostics), *(inert_json(json.dumps(error)) for error in errors)])
