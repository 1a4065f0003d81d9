"""The `gitlab` report: GitLab's code quality format."""

from __future__ import annotations

from algolint.messages import escaped
from algolint.reports.parts import FAILURE, digest, in_repository, json_text, unique_fingerprints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.diagnostic import Location
    from algolint.runs.outcome import Outcome

_SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}


def report(outcome: Outcome) -> str:
    """Return a list of degradations. Failures are blockers, as the format has no other way to show them."""
    rows = [
        {
            "description": escaped(diagnostic.message),
            "check_name": diagnostic.rule.name,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[diagnostic.severity],
            "location": _location(diagnostic.source.name, diagnostic.location),
        }
        for diagnostic, fingerprint in zip(outcome.diagnostics, unique_fingerprints(outcome), strict=True)
    ]
    rows += [
        {
            "description": escaped(message),
            "check_name": FAILURE,
            "fingerprint": digest("\0".join((FAILURE, in_repository(path), str(number)))),
            "severity": "blocker",
            "location": _location(path, None),
        }
        for number, (path, message) in enumerate(outcome.errors)
    ]
    return json_text(rows)


def _location(name: str, location: Location | None) -> dict[str, Any]:
    path = escaped(in_repository(name))
    if location is None:
        return {"path": path, "lines": {"begin": 1}}
    begin = {"line": location.line, "column": location.column}
    end = {"line": location.end_line, "column": location.end_column}
    return {"path": path, "positions": {"begin": begin, "end": end}}
