"""The `github` report: workflow commands, which GitHub Actions turns into annotations, and a job summary."""

from __future__ import annotations

import re

from algolint.messages import counted, escaped, tally
from algolint.reports.parts import NAME, by_file, by_severity, in_repository, page_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostic import Diagnostic
    from algolint.runs.outcome import Outcome

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_SYMBOLS = {"error": "❌ error", "warning": "⚠️ warning", "info": "ℹ️ info"}
# GitHub accepts a summary of up to a mebibyte; nobody reads more rows than this.
_MAX_ROWS = 500
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def report(outcome: Outcome) -> str:
    """Return one workflow command a line: failures, errors, warnings, notices. GitHub shows ten of a kind.

    The last notices are specs of which nothing is known. Specs that are known in part are in the summary.
    """
    lines = [
        f"::error file={_property(in_repository(path))},title={NAME}::{_data(message)}"
        for path, message in outcome.errors
    ]
    notes = [
        f"::notice file={_property(in_repository(spec.path))},line={spec.line},title={NAME}"
        f"::{_data(spec.message)}"
        for spec in outcome.unread
    ]
    return "\n".join([*lines, *(_command(diagnostic) for diagnostic in by_severity(outcome)), *notes])


def _command(diagnostic: Diagnostic) -> str:
    location = diagnostic.location
    properties = [f"file={_property(in_repository(diagnostic.source.name))}", f"line={location.line}"]
    if location.end_line != location.line:
        # GitHub accepts columns only for a range on one line.
        properties.append(f"endLine={location.end_line}")
    else:
        properties += [
            f"endLine={location.line}",
            f"col={location.column}",
            f"endColumn={location.end_column}",
        ]
    properties.append(f"title={_property(f'{NAME} ({diagnostic.rule.name})')}")
    return f"::{_COMMANDS[diagnostic.severity]} {','.join(properties)}::{_data(diagnostic.message)}"


def _data(text: str) -> str:
    return escaped(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# ---------------------------------------------------------------- summary


def summary(outcome: Outcome) -> str:
    """Return the findings by file in Markdown, for `$GITHUB_STEP_SUMMARY`."""
    files = counted(outcome.files, "file")
    lines = [f"### {NAME}: {tally(outcome.counts())} in {files}"]
    if outcome.errors:
        lines += ["", "#### Could not be checked", ""]
        lines += [f"- {_plain(in_repository(path))}: {_plain(message)}" for path, message in outcome.errors]
    if unknown := [*outcome.unread, *outcome.in_part][:_MAX_ROWS]:
        lines += ["", "#### Not known here", ""]
        lines += [f"- {_plain(in_repository(s.path))}:{s.line}: {_plain(s.message)}" for s in unknown]
    left = _MAX_ROWS
    for name, diagnostics in by_file(outcome).items():
        if left > 0:
            lines += ["", f"#### {_plain(in_repository(name))}", "", *_table(diagnostics[:left])]
        left -= len(diagnostics)
    if left < 0:
        lines += ["", f"… and {-left} more."]
    return "\n".join(lines)


def _table(diagnostics: list[Diagnostic]) -> Iterator[str]:
    yield "| | line | finding | rule |"
    yield "|---|---:|---|---|"
    for diagnostic in diagnostics:
        name = diagnostic.rule.name
        url = page_url(diagnostic.rule)
        rule = f"[{_plain(name)}](<{url}>)" if url else _plain(name)
        message = _plain(diagnostic.message)
        yield f"| {_SYMBOLS[diagnostic.severity]} | {diagnostic.location.line} | {message} | {rule} |"


def _plain(text: str) -> str:
    """Return the user's text escaped for a Markdown table cell, so that it has no markup or HTML."""
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", escaped(text))
