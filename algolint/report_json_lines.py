"""The `json-lines` report: a diagnostic a line, in the form of the `json` report."""

from __future__ import annotations

import json

from algolint.report_json import diagnostic_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.engine import Outcome


def report(outcome: Outcome) -> str:
    """An object a line: the diagnostics, then `{"error": …}` for each thing that could not be done."""
    rows = [diagnostic_row(diagnostic) for diagnostic in outcome.diagnostics]
    rows += [{"error": {"path": path, "message": message}} for path, message in outcome.errors]
    return "\n".join(json.dumps(row) for row in rows)
