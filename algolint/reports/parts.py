"""What several reports need of an outcome: files and their findings, addresses, fixes, legal text."""

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

    from algolint.diagnostics.diagnostic import Diagnostic, Location
    from algolint.diagnostics.outcome import Outcome
    from algolint.fixes.edit import Edit
    from algolint.rule import Rule
    from algolint.source import Source

NAME = "algolint"
HOME = "https://github.com/algolint/algolint"
# The pages are those of the version, which has a tag once it is released.
_REVISION = "main" if ".dev" in __version__ else f"v{__version__}"
_PAGES = f"{HOME}/blob/{_REVISION}/rules/README.md#"
#: The name under which formats that know only rules show what could not be checked.
FAILURE = "could-not-check"
#: The name under which they show a spec of which a part is not known.
UNKNOWN = "not-known"

_SURROGATE = re.compile("[\ud800-\udfff]")


def by_file(outcome: Outcome) -> dict[str, list[Diagnostic]]:
    """The diagnostics by the name of their file, in the order of the outcome."""
    files: dict[str, list[Diagnostic]] = {}
    for diagnostic in outcome.diagnostics:
        files.setdefault(diagnostic.source.name, []).append(diagnostic)
    return files


def clean_files(outcome: Outcome) -> list[str]:
    """The names of the files that hold a spec and have no findings."""
    faulty = {diagnostic.source.name for diagnostic in outcome.diagnostics}
    return [name for name in outcome.names if name not in faulty]


def by_severity(outcome: Outcome) -> list[Diagnostic]:
    """The diagnostics, errors before warnings before info, else in the order of the outcome."""
    return sorted(outcome.diagnostics, key=lambda diagnostic: SEVERITIES.index(diagnostic.severity))


# ---------------------------------------------------------------- where


def relative(name: str) -> str:
    """A file's name as seen from the working directory, with `/` between its parts."""
    if os.path.isabs(name):
        below = os.path.join(os.getcwd(), "")
        name = name.removeprefix(below)
    return os.path.normpath(name).replace(os.sep, "/")


# The variables in which a CI service has the root of the checkout, and those that are set in its jobs.
_CHECKOUTS = (("GITHUB_WORKSPACE", "GITHUB_ACTIONS"), ("CI_PROJECT_DIR", "GITLAB_CI"))


def in_repository(name: str) -> str:
    """A file's name as a code host has it: in a CI job as seen from the root of the checkout."""
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
    """A file's address, percent-encoded, and whether it is relative to the root that SARIF calls SRCROOT."""
    path = in_repository(name)
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "backslashreplace")
    if os.path.isabs(path):
        return "file:///" + quote(data.lstrip(b"/"), safe="/:"), False
    return quote(data, safe="/"), True


def page_url(rule: Rule) -> str | None:
    """Return where a rule's page can be read; None for a rule of a pack that does not say."""
    return rule.url if "/" in rule.name else rule_url(rule.name)


def rule_url(name: str) -> str:
    """Return where the page of a rule of algolint itself can be read."""
    if is_of_comparison(name):
        return _PAGES.replace("rules/README", "rules/compare/README") + name
    if is_of_jobs(name):
        return _PAGES.replace("rules/README", "rules/jobs/README") + name
    return _PAGES + name


def text_of(source: Source, location: Location) -> str:
    """The text of a place, secrets masked."""
    return source.masked(location.span)


def unique_fingerprints(outcome: Outcome) -> list[str]:
    """A fingerprint for each diagnostic, no two alike, that moves with neither lines nor wording.

    Where one rule has two findings at one location, their order distinguishes them.
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
    """A short hash of a text."""
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


# ---------------------------------------------------------------- what to change


def fix_title(diagnostic: Diagnostic) -> str:
    """What the fix does, and whether it needs consent; empty where there is none."""
    fix = diagnostic.fix
    if fix is None:
        return ""
    title = escaped(diagnostic.source.redacted(fix.title))
    return title if fix.safe else f"{title} (unsafe)"


def sound_edits(diagnostic: Diagnostic) -> list[Edit]:
    """The edits of a fix that a report may offer: none where they would write a masked secret."""
    source = diagnostic.source
    edits = diagnostic.edits or []
    return [] if any(source.redacted(edit.text) != edit.text for edit in edits) else edits


def whole_edit(diagnostic: Diagnostic) -> tuple[int, int, str] | None:
    """The edits of a fix as one: start, end and new text. None where it would show a secret.

    For formats in which each replacement is a proposal of its own.
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
    """A value as ASCII JSON that strict parsers take: unpaired surrogates become replacement characters."""
    text = json.dumps(value, ensure_ascii=False)
    if _SURROGATE.search(text):
        value = json.loads(_SURROGATE.sub("\ufffd", text))
    return inert_json(json.dumps(value, indent=2))


def inert_json(text: str) -> str:
    """JSON in which no CI finds a command such as `##[error]` when it is in a log."""
    return _inert(text, "\\u0023")


def inert_markup(text: str) -> str:
    """XML or HTML in which no CI finds a command."""
    return _inert(text, "&#35;")


def _inert(text: str, number_sign: str) -> str:
    return text.replace("##[", f"#{number_sign}[").replace("##vso[", f"#{number_sign}vso[")


def quoted(text: str) -> str:
    """The user's text as the value of an XML attribute."""
    # It loads urllib.request, and with it an HTTP client.
    from xml.sax.saxutils import quoteattr

    return quoteattr(escaped(text))
