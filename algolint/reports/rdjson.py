"""The `rdjson` report: Reviewdog Diagnostic Format."""

from __future__ import annotations

from algolint.messages import escaped
from algolint.reports import text as report_text
from algolint.reports.parts import HOME, NAME, json_text, page_url, relative, whole_edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.diagnostic import Diagnostic
    from algolint.runs.outcome import Outcome
    from algolint.source import Source

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def report(outcome: Outcome) -> str:
    """Return a DiagnosticResult. A fix is one suggestion, as reviewers accept each suggestion separately."""
    rows = [_row(diagnostic) for diagnostic in outcome.diagnostics]
    rows += [
        {"message": escaped(message), "location": {"path": escaped(relative(path))}, "severity": "ERROR"}
        for path, message in outcome.errors
    ]
    reported = {row["severity"] for row in rows}
    severity = next((level for level in _SEVERITIES.values() if level in reported), "UNKNOWN_SEVERITY")
    return json_text({"source": {"name": NAME, "url": HOME}, "severity": severity, "diagnostics": rows})


def _row(diagnostic: Diagnostic) -> dict[str, Any]:
    source = diagnostic.source
    row: dict[str, Any] = {
        "message": escaped(diagnostic.message),
        "location": {
            "path": escaped(relative(source.name)),
            "range": _range(source, *diagnostic.location.span),
        },
        "severity": _SEVERITIES[diagnostic.severity],
        "code": {"value": diagnostic.rule.name},
    }
    if (url := page_url(diagnostic.rule)) is not None:
        row["code"]["url"] = url
    if (edit := whole_edit(diagnostic)) is not None:
        start, end, text = edit
        row["suggestions"] = [{"range": _range(source, start, end), "text": text}]
    row["original_output"] = next(iter(report_text.concise([diagnostic])))
    return row


def _range(source: Source, start: int, end: int) -> dict[str, Any]:
    return {"start": _position(source, start), "end": _position(source, end)}


def _position(source: Source, offset: int) -> dict[str, int]:
    """Return line and column from 1. The column counts bytes of UTF-8, including a byte order mark."""
    line, column = source.position(offset)
    before = source.byte_offset(offset) - source.byte_offset(offset - column + 1)
    mark = 3 if source.bom and line == 1 else 0
    return {"line": line, "column": before + mark + 1}
