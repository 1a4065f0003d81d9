"""Converting findings to diagnostics of the protocol: severities, links, related locations and tags."""

from __future__ import annotations

from algolint.messages import escaped
from algolint.reports.parts import NAME, rule_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from algolint.server.workspace import OpenDocument, TrackedDiagnostic

    Json: TypeAlias = dict[str, Any]

_SEVERITIES = {"error": 1, "warning": 2, "info": 3}
_UNNECESSARY, _DEPRECATED = 1, 2
# Editors fade what is unnecessary, and strike out what is deprecated.
_TAGS = {
    "attribute-names-ignored": _UNNECESSARY,
    "channel-list-duplicates": _UNNECESSARY,
    "describe-output-pasted": _UNNECESSARY,
    "image-tag-and-digest": _UNNECESSARY,
    "instance-list-duplicates": _UNNECESSARY,
    "instance-retired-family": _DEPRECATED,
    "keepalive-in-profile": _UNNECESSARY,
    "max-pending-on-cpu": _UNNECESSARY,
    "max-wait-without-spot": _UNNECESSARY,
    "mime-list-duplicates": _UNNECESSARY,
    "unused-suppression": _UNNECESSARY,
}


class Style:
    """Which parts of a diagnostic the client supports."""

    __slots__ = ("with_link", "with_related")

    def __init__(self, with_related: bool, with_link: bool) -> None:
        self.with_related = with_related
        self.with_link = with_link


def published(document: OpenDocument, style: Style) -> dict[str, list[Json]]:
    """Return the diagnostics of a document by URI, including URIs without diagnostics."""
    found: dict[str, list[Json]] = {uri: [] for uri in document.uris()}
    for finding in document.findings:
        uri, shown = diagnostic_of(document, finding, style)
        found.setdefault(uri, []).append(shown)
    return found


def diagnostic_of(document: OpenDocument, finding: TrackedDiagnostic, style: Style) -> tuple[str, Json]:
    """Return the URI and the diagnostic of a finding."""
    uri, where = document.placed(finding.span)
    diagnostic = finding.diagnostic
    name = diagnostic.rule.name
    found: Json = {
        "range": where,
        "severity": _SEVERITIES[diagnostic.severity],
        "code": name,
        "source": NAME,
        "message": escaped(diagnostic.message),
    }
    # The pages of packs' rules are elsewhere.
    if style.with_link and "/" not in name:
        found["codeDescription"] = {"href": rule_url(name)}
    tag = _TAGS.get(name)
    # A finding about a list is at the list's key, which is not deprecated itself.
    if tag is not None and not (tag == _DEPRECATED and diagnostic.location.is_key):
        found["tags"] = [tag]
    if style.with_related and (related := _related(document, finding)):
        found["relatedInformation"] = related
    return uri, found


def _related(document: OpenDocument, finding: TrackedDiagnostic) -> list[Json]:
    found = []
    for location, span in zip(finding.diagnostic.related, finding.related, strict=True):
        # The text of a location may have been deleted.
        if span is None:
            continue
        uri, where = document.placed_in(location.source, span)
        found.append({"location": {"uri": uri, "range": where}, "message": escaped(location.message)})
    return found
