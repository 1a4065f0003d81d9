"""The `json` report. Its structure is a contract; `format` is incremented when it changes."""

from __future__ import annotations

import json

from algolint import __version__
from algolint.reports.parts import inert_json, page_url, sound_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.diagnostic import Diagnostic, Location
    from algolint.runs.outcome import Outcome

FORMAT = 1


def report(outcome: Outcome) -> str:
    """Return one JSON object: the diagnostics, the counts, and what could not be checked."""
    revision = outcome.model.revision
    counts = outcome.counts()
    content = {
        "format": FORMAT,
        "version": __version__,
        "api_revision": {"botocore": revision.version, "date": revision.date},
        "diagnostics": [diagnostic_row(diagnostic) for diagnostic in outcome.diagnostics],
        "summary": {
            "files": outcome.files,
            "errors": counts["error"],
            "warnings": counts["warning"],
            "info": counts["info"],
            "suppressed": outcome.suppressed,
            "skipped_for_unknown": sum(outcome.skipped.values()),
        },
        "unknown": [
            {"path": spec.path, "line": spec.line, "column": spec.column, "part": spec.unknown}
            for spec in outcome.unread
        ],
        "known_in_part": [
            {"path": spec.path, "line": spec.line, "column": spec.column, "parts": list(spec.parts)}
            for spec in outcome.in_part
        ],
        "errors": [{"path": path, "message": message} for path, message in outcome.errors],
        **outcome.more,
    }
    return inert_json(json.dumps(content, indent=2))


def diagnostic_row(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as an object of the report."""
    location = diagnostic.location
    return {
        "rule": diagnostic.rule.name,
        "severity": diagnostic.severity,
        "message": location.message,
        "path": diagnostic.source.name,
        "document": diagnostic.document,
        "cell": location.cell[0] if location.cell else None,
        **_range(location),
        "related": [{"message": r.message, "path": r.source.name, **_range(r)} for r in diagnostic.related],
        "fix": _fix(diagnostic),
        "url": page_url(diagnostic.rule),
        "count": diagnostic.count,
        **({"breaks": sorted(breaks)} if (breaks := getattr(diagnostic.rule, "breaks", ())) else {}),
    }


def _range(location: Location) -> dict[str, Any]:
    return {
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "pointer": location.pointer,
    }


def _fix(diagnostic: Diagnostic) -> dict[str, Any] | None:
    changes = sound_edits(diagnostic)
    if diagnostic.fix is None or not changes:
        return None
    source = diagnostic.source
    rows = []
    for edit in changes:
        line, column = source.position(edit.start)
        end_line, end_column = source.position(edit.end)
        rows.append(
            {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
            | {"text": edit.text}
        )
    return {
        "title": source.redacted(diagnostic.fix.title),
        "applicability": "safe" if diagnostic.fix.safe else "unsafe",
        "edits": rows,
    }
