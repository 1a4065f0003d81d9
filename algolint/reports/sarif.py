"""The `sarif` report: SARIF 2.1.0, for GitHub code scanning and editors."""

from __future__ import annotations

import re

from algolint import __version__
from algolint.messages import escaped
from algolint.page import parsed
from algolint.reports import pages
from algolint.reports.parts import (
    FAILURE,
    HOME,
    NAME,
    UNKNOWN,
    fix_title,
    json_text,
    page_url,
    sound_edits,
    text_of,
    uri,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.diagnostic import Diagnostic, Location
    from algolint.rule import Rule
    from algolint.runs.outcome import Outcome
    from algolint.source import Source

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
# How precise a rule is by the kind of its evidence, in GitHub code scanning's terms.
_PRECISION = {"service": "very-high", "model": "very-high", "heuristic": "medium"}
_FINGERPRINT = "algolint/v1"
# A finding about a whole object could otherwise contain the whole file.
_LONGEST_SNIPPET = 1000
# Text that looks like an embedded link of SARIF.
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def report(outcome: Outcome) -> str:
    """Return one run: the rules that have results, the results, failures, and what is not known."""
    rules = {diagnostic.rule.name: diagnostic.rule for diagnostic in outcome.diagnostics}
    indexes = {name: index for index, name in enumerate(sorted(rules))}
    revision = outcome.model.revision
    run = {
        "tool": {
            "driver": {
                "name": NAME,
                "semanticVersion": __version__.replace(".dev", "-dev."),
                "informationUri": HOME,
                "rules": [_descriptor(rules[name]) for name in indexes],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not outcome.errors,
                "toolExecutionNotifications": [
                    *(_notification(*error) for error in outcome.errors),
                    *(_notification(s.path, s.message, "warning", s.line) for s in outcome.unread),
                    *(_notification(s.path, s.message, "note", s.line) for s in outcome.in_part),
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [_result(diagnostic, indexes) for diagnostic in outcome.diagnostics],
        "properties": {"apiRevision": {"botocore": revision.version, "date": revision.date}},
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _descriptor(rule: Rule) -> dict[str, Any]:
    kind = rule.evidence_kind
    page = parsed(rule.page)
    described = [page.summary, *(paragraph.text for paragraph in page.paragraphs[:1])]
    url = page_url(rule)
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in re.split(r"[-/_]", rule.name)),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(described)},
        "help": {"text": pages.for_terminal(rule), "markdown": pages.markdown_page(rule)},
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.family.replace("_", "-")],
            "precision": _PRECISION.get(kind, "high"),
            "evidence": rule.evidence,
            "evidenceKind": kind,
        },
    }


def _result(diagnostic: Diagnostic, indexes: dict[str, int]) -> dict[str, Any]:
    source = diagnostic.source
    name = diagnostic.rule.name
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": indexes[name],
        "level": _LEVELS[diagnostic.severity],
        "message": _message(diagnostic.message),
        "locations": [_location(source, diagnostic.location)],
    }
    if diagnostic.count > 1:
        result["occurrenceCount"] = diagnostic.count
    # A viewer would show the wrong lines of another version of the file.
    related = [r for r in diagnostic.related if r.source is source or r.source.name != source.name]
    if related:
        result["relatedLocations"] = [
            {"id": number} | _location(place.source, place) | {"message": _message(place.message)}
            for number, place in enumerate(related, 1)
        ]
    if diagnostic.fingerprint:
        result["partialFingerprints"] = {_FINGERPRINT: diagnostic.fingerprint}
    if edits := sound_edits(diagnostic):
        # SARIF has no property for the safety of a fix, so the description states it.
        result["fixes"] = [
            {
                "description": {"text": fix_title(diagnostic)},
                "artifactChanges": [
                    {
                        "artifactLocation": _artifact(source.name),
                        "replacements": [
                            {
                                "deletedRegion": _span(source, edit.start, edit.end),
                                "insertedContent": {"text": edit.text},
                            }
                            for edit in edits
                        ],
                    }
                ],
            }
        ]
    return result


def _location(source: Source, location: Location) -> dict[str, Any]:
    region: dict[str, Any] = _span(source, *location.span)
    snippet = text_of(source, location)
    if len(snippet) <= _LONGEST_SNIPPET:
        region["snippet"] = {"text": snippet}
    return {
        "physicalLocation": {"artifactLocation": _artifact(source.name), "region": region},
        "logicalLocations": [{"fullyQualifiedName": escaped(location.pointer), "kind": "member"}],
    }


def _span(source: Source, start: int, end: int) -> dict[str, int]:
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _artifact(name: str) -> dict[str, str]:
    address, is_relative = uri(name)
    return {"uri": address, "uriBaseId": "%SRCROOT%"} if is_relative else {"uri": address}


def _message(text: str) -> dict[str, str]:
    return {"text": _LINK.sub(r"\\[", escaped(text))}


def _notification(path: str, message: str, level: str = "error", line: int = 0) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(path)}
    if line:
        place["region"] = {"startLine": line}
    return {
        "descriptor": {"id": FAILURE if level == "error" else UNKNOWN},
        "level": level,
        "message": _message(message),
        "locations": [{"physicalLocation": place}],
    }
