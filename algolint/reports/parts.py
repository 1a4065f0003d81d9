"""Parts that several reports share: files and their findings, addresses, fixes, escaping."""

from __future__ import annotations

import json
import os
import re
from hashlib import sha256
from urllib.parse import quote

from algolint import __version__
from algolint.messages import escaped
from algolint.rule import SEVERITIES, is_of_comparison, is_of_jobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.diagnostic import Diagnostic, Location
    from algolint.fixes.edit import Edit
    from algolint.rule import Rule
    from algolint.runs.outcome import Outcome
    from algolint.source import Source

NAME = "algolint"
HOME = "https://github.com/algolint/algolint"
# The pages of this version, which is tagged once it is released.
_REVISION = "main" if ".dev" in __version__ else f"v{__version__}"
_PAGES = f"{HOME}/blob/{_REVISION}/rules/README.md#"
#: The rule name under which formats that only know rules show what could not be checked.
FAILURE = "could-not-check"
#: The rule name under which they show a spec that is not fully known.
UNKNOWN = "not-known"

_SURROGATE = re.compile("[\ud800-\udfff]")


def by_file(outcome: Outcome) -> dict[str, list[Diagnostic]]:
    """Return the diagnostics by file name, in the order of the outcome."""
    files: dict[str, list[Diagnostic]] = {}
    for diagnostic in outcome.diagnostics:
        files.setdefault(diagnostic.source.name, []).append(diagnostic)
    return files


def clean_files(outcome: Outcome) -> list[str]:
    """Return the names of the files that contain a spec and have no findings."""
    faulty = {diagnostic.source.name for diagnostic in outcome.diagnostics}
    return [name for name in outcome.names if name not in faulty]


def by_severity(outcome: Outcome) -> list[Diagnostic]:
    """Return the diagnostics, errors before warnings before info, otherwise in the order of the outcome."""
    return sorted(outcome.diagnostics, key=lambda diagnostic: SEVERITIES.index(diagnostic.severity))


# ---------------------------------------------------------------- where


def relative(name: str) -> str:
    """Return a file's name relative to the working directory, with `/` between its parts."""
    if os.path.isabs(name):
        below = os.path.join(os.getcwd(), "")
        name = name.removeprefix(below)
    return os.path.normpath(name).replace(os.sep, "/")


# The variables that contain the root of the checkout in a CI service, and those that identify its jobs.
_CHECKOUTS = (("GITHUB_WORKSPACE", "GITHUB_ACTIONS"), ("CI_PROJECT_DIR", "GITLAB_CI"))


def in_repository(name: str) -> str:
    """Return a file's name as a code host shows it: in a CI job, relative to the root of the checkout."""
    for variable, service in _CHECKOUTS:
        root = os.environ.get(variable)
        if root and os.environ.get(service) == "true":
            folder, file = os.path.split(os.path.abspath(name))
            above = os.path.join(os.path.realpath(root), "")
            path = os.path.join(os.path.realpath(folder), file)
            if path.startswith(above):
                return path.removeprefix(above).replace(os.sep, "/")
    return relative(name)


def uri(name: str) -> tuple[str, bool]:
    """Return a file's percent-encoded address, and whether it is relative to SARIF's `SRCROOT`."""
    path = in_repository(name)
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "backslashreplace")
    if os.path.isabs(path):
        return "file:///" + quote(data.lstrip(b"/"), safe="/:"), False
    return quote(data, safe="/"), True


def page_url(rule: Rule) -> str | None:
    """Return the address of a rule's page, or None for a rule of a pack without one."""
    return rule.url if "/" in rule.name else rule_url(rule.name)


def rule_url(name: str) -> str:
    """Return the address of the page of one of algolint's own rules."""
    if is_of_comparison(name):
        return _PAGES.replace("rules/README", "rules/compare/README") + name
    if is_of_jobs(name):
        return _PAGES.replace("rules/README", "rules/jobs/README") + name
    return _PAGES + name


def text_of(source: Source, location: Location) -> str:
    """Return the text at a location, with secrets masked."""
    return source.masked(location.span)


def unique_fingerprints(outcome: Outcome) -> list[str]:
    """Return a unique fingerprint for each diagnostic. It depends neither on lines nor on the message.

    Findings of one rule at one location are distinguished by their order.
    """
    seen: dict[str, int] = {}
    unique = []
    for diagnostic in outcome.diagnostics:
        known = diagnostic.fingerprint or f"{diagnostic.rule.name}\0{diagnostic.location.pointer}"
        text = "\0".join((in_repository(diagnostic.source.name), str(diagnostic.document), known))
        count = seen[text] = seen.get(text, 0) + 1
        unique.append(digest(text if count == 1 else f"{text}\0{count}"))
    return unique


def digest(text: str) -> str:
    """Return a short hash of a text."""
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


# ---------------------------------------------------------------- what to change


def fix_title(diagnostic: Diagnostic) -> str:
    """Return the title of the fix, marked if it is unsafe; empty if there is no fix."""
    fix = diagnostic.fix
    if fix is None:
        return ""
    title = escaped(diagnostic.source.redacted(fix.title))
    return title if fix.safe else f"{title} (unsafe)"


def sound_edits(diagnostic: Diagnostic) -> list[Edit]:
    """Return the edits of a fix that a report may show: none if they would contain a secret."""
    source = diagnostic.source
    edits = diagnostic.edits or []
    return [] if any(source.redacted(edit.text) != edit.text for edit in edits) else edits


def whole_edit(diagnostic: Diagnostic) -> tuple[int, int, str] | None:
    """Return the edits of a fix as one (start, end, new text), or None if it would contain a secret.

    This is for formats in which each replacement is a separate suggestion.
    """
    edits = sorted(sound_edits(diagnostic), key=lambda edit: (edit.start, edit.end))
    if not edits:
        return None
    text = diagnostic.source.text
    start = offset = edits[0].start
    pieces: list[str] = []
    for edit in edits:
        pieces += text[offset : edit.start], edit.text
        offset = edit.end
    whole = "".join(pieces)
    return None if diagnostic.source.redacted(whole) != whole else (start, offset, whole)


# ---------------------------------------------------------------- legal text


def json_text(value: Any) -> str:
    """Return a value as ASCII JSON for strict parsers. Unpaired surrogates are replaced."""
    text = json.dumps(value, ensure_ascii=False)
    if _SURROGATE.search(text):
        value = json.loads(_SURROGATE.sub("\ufffd", text))
    return inert_json(json.dumps(value, indent=2))


def inert_json(text: str) -> str:
    """Return JSON that contains no CI commands such as `##[error]`, so that a log can show it."""
    return _inert(text, "\\u0023")


def inert_markup(text: str) -> str:
    """Return XML or HTML that contains no CI commands."""
    return _inert(text, "&#35;")


def _inert(text: str, number_sign: str) -> str:
    return text.replace("##[", f"#{number_sign}[").replace("##vso[", f"#{number_sign}vso[")


def quoted(text: str) -> str:
    """Return the user's text as the value of an XML attribute."""
    # Imported here because it loads urllib.request, and with it an HTTP client.
    from xml.sax.saxutils import quoteattr

    return quoteattr(escaped(text))
