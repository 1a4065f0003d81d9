"""Reports for people: `concise`, a line a finding; `full` adds the text, the other place and the fix."""

from __future__ import annotations

import os

from algolint.messages import escaped, inert, printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from algolint.diagnostic import Diagnostic, Location
    from algolint.source import Source

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;34m"}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
# Lines are cut around the finding to stay readable: a minified file is one line of 11,000 characters.
_WIDTH = 120
_TAB = "    "


def wants_color(choice: str, stream: TextIO | None) -> bool:
    """Whether to color what goes to a stream, or with None to a file, by the choice auto, always or never."""
    if choice != "auto":
        return choice == "always"
    if stream is not None and (os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE")):
        return not os.environ.get("NO_COLOR")
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and not plain and stream.isatty()


def concise(diagnostics: Iterable[Diagnostic], color: bool = False) -> Iterator[str]:
    """`path:line:column: severity: message [rule]`, a line a diagnostic."""
    for diagnostic in diagnostics:
        yield _headline(diagnostic, color)


def full(diagnostics: Iterable[Diagnostic], color: bool = False) -> Iterator[str]:
    """The concise line, the text it is about with carets, the other places and the fix."""
    for diagnostic in diagnostics:
        yield _headline(diagnostic, color)
        location = diagnostic.location
        yield from _snippet(diagnostic.source, location, color, _COLORS[diagnostic.severity], "")
        for related in diagnostic.related:
            yield from _snippet(related.source, related, color, _DIM, _related_note(diagnostic, related))
        if diagnostic.fix is not None:
            kind = "fix" if diagnostic.fix.safe else "unsafe fix"
            title = diagnostic.source.redacted(diagnostic.fix.title)
            yield f"  {_styled(kind + ':', _BOLD, color)} {inert(escaped(title))}"
        yield ""


def _related_note(diagnostic: Diagnostic, related: Location) -> str:
    """The message of a related location, with the file where that is another one."""
    if related.source is diagnostic.source:
        return related.message
    return f"{related.message} ({printed(related.source.name)}:{related.line})"


def _headline(diagnostic: Diagnostic, color: bool) -> str:
    location = diagnostic.location
    where = f"{printed(diagnostic.source.name)}:{location.line}:{location.column}:"
    severity = _styled(diagnostic.severity + ":", _COLORS[diagnostic.severity], color)
    rule = _styled(f"[{diagnostic.rule.name}]", _DIM, color)
    return f"{_styled(where, _BOLD, color)} {severity} {inert(escaped(location.message))} {rule}"


def _styled(text: str, style: str, color: bool) -> str:
    return f"{style}{text}{_RESET}" if color else text


def _snippet(source: Source, location: Location, color: bool, style: str, note: str) -> Iterator[str]:
    """The first line of a place with carets below it."""
    line = source.line_text(location.line)
    end = location.end_column if location.end_line == location.line else len(line) + 1
    start, end = location.column - 1, max(end - 1, location.column)
    shift = 0
    if len(line) <= _WIDTH:
        if not line.strip() and not note:
            return
    else:
        shift = max(0, min(start - _WIDTH // 3, len(line) - _WIDTH))
        line = line[shift : shift + _WIDTH]
        start, end = start - shift, min(end - shift, _WIDTH)
    if inert(line) != line:
        # All of them, since a command may cross the ends of what is marked.
        start, end = start + 3 * line[:start].count("#"), end + 3 * line[:end].count("#")
        line = inert(line)
    number = str(location.line)
    before, marked = _printable(line[:start]), _printable(line[start:end])
    text = before + marked + _printable(line[end:])
    cut = "…" if shift else ""
    carets = "^" * max(_cells(marked), 1)
    label = f" {inert(escaped(note))}" if note else ""
    yield f" {_styled(number + ' |', _DIM, color)} {cut}{text}"
    margin = f" {' ' * len(number)} {_styled('|', _DIM, color)}"
    yield f"{margin} {' ' * (_cells(before) + len(cut))}{_styled(carets + label, style, color)}"


def _printable(text: str) -> str:
    return escaped(text.replace("\t", _TAB))


def _cells(text: str) -> int:
    """The columns of a terminal that the text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
