"""Reports for people: `concise`, one line a finding, and `full`, which also shows the text and the fix."""

from __future__ import annotations

import os

from algolint.messages import escaped, inert, printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from algolint.diagnostic import Diagnostic, Location

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;34m"}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
# Lines are cut to this if the output is not a terminal; a minified file is one line of 11,000 characters.
_WIDTH = 120
_NARROWEST = 20
_INDENT = "    "
_TAB = "    "
# The variables that identify terminals which support links (OSC 8), and text that they must contain.
_LINKING = (
    ("TERM_PROGRAM", ("iTerm", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio")),
    ("TERM", ("kitty", "alacritty", "foot", "ghostty")),
    ("VTE_VERSION", ("",)),
    ("KONSOLE_VERSION", ("",)),
    ("WT_SESSION", ("",)),
)


class Style:
    """How text is laid out: with colors, with links, and wrapped to the width of a terminal."""

    __slots__ = ("color", "links", "width")

    def __init__(self, color: bool = False, width: int | None = None, links: bool = False) -> None:
        self.color = color
        #: The width of the terminal, or None if lines are not wrapped.
        self.width = width
        self.links = links


PLAIN = Style()


def style_of(choice: str, stream: TextIO | None, wraps: bool = True) -> Style:
    """Return the style for a stream (None: a file); `choice` is auto, always or never.

    Lines are not wrapped for programs that read the output line by line: editors, pre-commit, CI services.
    """
    color = wants_color(choice, stream)
    if stream is None or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return Style(color)
    wraps = wraps and not os.environ.get("PRE_COMMIT") and not os.environ.get("CI")
    return Style(color, max(_columns(stream), _NARROWEST * 2) if wraps else None, color and _shows_links())


def _columns(stream: TextIO) -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def _shows_links() -> bool:
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced != "0"
    return any(
        variable in os.environ and any(word in os.environ[variable] for word in words)
        for variable, words in _LINKING
    )


def wants_color(choice: str, stream: TextIO | None) -> bool:
    """Whether to color what is written to a stream (None: a file); `choice` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    if stream is not None and (os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE")):
        return not os.environ.get("NO_COLOR")
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and not plain and stream.isatty()


def concise(diagnostics: Iterable[Diagnostic], style: Style = PLAIN) -> Iterator[str]:
    """Yield `path:line:column: severity: message [rule]` for each diagnostic."""
    for diagnostic in diagnostics:
        yield " ".join(text for text, _ in _headline(diagnostic, style))


def full(diagnostics: Iterable[Diagnostic], style: Style = PLAIN) -> Iterator[str]:
    """Yield the concise line, the line of the file with carets, the related locations and the fix."""
    for diagnostic in diagnostics:
        yield from _wrapped(_headline(diagnostic, style), style.width)
        locations = [diagnostic.location, *diagnostic.related]
        digits = max(len(str(location.line)) for location in locations)
        yield from _snippet(diagnostic.location, style, _COLORS[diagnostic.severity], "", digits)
        for related in diagnostic.related:
            yield from _snippet(related, style, _DIM, _related_note(diagnostic, related), digits)
        if diagnostic.fix is not None:
            kind = "fix:" if diagnostic.fix.safe else "unsafe fix:"
            title = inert(escaped(diagnostic.source.redacted(diagnostic.fix.title)))
            words = [(_styled(f"  {kind}", _BOLD, style), len(kind) + 2), *_words(title)]
            yield from _wrapped(words, style.width)
        yield ""


def wrapped(line: str, width: int | None) -> str:
    """Return a line wrapped to a width, or unchanged if there is no width."""
    return "\n".join(_wrapped(_words(line), width))


def _words(text: str) -> list[tuple[str, int]]:
    """Return the words of a text, each with its width."""
    return [(word, cells(word)) for word in text.split(" ")]


def _wrapped(words: list[tuple[str, int]], width: int | None) -> Iterator[str]:
    """Yield lines of words, with all but the first indented; one line if there is no width."""
    line: list[str] = []
    used = 0
    for word, taken in words:
        if width is not None and line and used + 1 + taken > width:
            yield " ".join(line)
            line, used = [_INDENT + word], len(_INDENT) + taken
        else:
            used += taken + bool(line)
            line.append(word)
    yield " ".join(line)


def _related_note(diagnostic: Diagnostic, related: Location) -> str:
    """Return the message of a related location, with its file if that is another one."""
    one, other = diagnostic.source, related.source
    # A job and the algorithm beside it are read separately; versions from git have the same name.
    if one is other or (one.name == other.name and one.text == other.text):
        return related.message
    return f"{related.message} ({printed(related.source.name)}:{related.line})"


def _headline(diagnostic: Diagnostic, style: Style) -> list[tuple[str, int]]:
    """Return the words of the first line."""
    location = diagnostic.location
    where = f"{printed(diagnostic.source.name)}:{location.line}:{location.column}:"
    severity = f"{diagnostic.severity}:"
    rule = f"[{diagnostic.rule.name}]"
    return [
        (_styled(where, _BOLD, style), cells(where)),
        (_styled(severity, _COLORS[diagnostic.severity], style), len(severity)),
        *_words(inert(escaped(location.message))),
        (_linked(_styled(rule, _DIM, style), diagnostic, style), len(rule)),
    ]


def _linked(text: str, diagnostic: Diagnostic, style: Style) -> str:
    """Return a text as a link to the rule's page."""
    if not style.links:
        return text
    from algolint.reports.parts import page_url

    url = page_url(diagnostic.rule)
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if url and url.isascii() and url.isprintable() else text


def _styled(text: str, code: str, style: Style) -> str:
    return f"{code}{text}{_RESET}" if style.color else text


def _snippet(location: Location, style: Style, code: str, note: str, digits: int) -> Iterator[str]:
    """Yield the first line of a location, cut around it, with carets below it."""
    source = location.source
    first, last = source.line_span(location.line)
    length = last - first
    end = location.end_column if location.end_line == location.line else length + 1
    start, end = location.column - 1, max(end - 1, location.column)
    number = f"{location.line:>{digits}}"
    # The line also contains the line number, its margin and the marks of cuts.
    room = _WIDTH if style.width is None else max(style.width - len(number) - 6, _NARROWEST)
    shift, width = _window(length, start, room)
    line = source.masked((first + shift, first + shift + width))
    if style.width is not None and cells(_printable(line)) > room:
        # Wide characters, tabs and escapes take more columns, so half as many characters fit.
        shift, width = _window(length, start, room // 2)
        line = source.masked((first + shift, first + shift + width))
    if not note and not line.strip():
        return
    start, end = start - shift, min(end - shift, max(width, start - shift + 1))
    if inert(line) != line:
        # The whole line is made inert, since a command may extend beyond the marked span.
        start, end = start + 3 * line[:start].count("#"), end + 3 * line[:end].count("#")
        line = inert(line)
    before, marked = _printable(line[:start]), _printable(line[start:end])
    text = before + marked + _printable(line[end:])
    cut, more = "…" if shift else "", "…" if shift + width < length else ""
    yield f" {_styled(number + ' |', _DIM, style)} {cut}{text}{more}"
    margin = f" {' ' * len(number)} {_styled('|', _DIM, style)}"
    indent = cells(before) + len(cut)
    carets = "^" * max(cells(marked), 1)
    words = _words(inert(escaped(note))) if note else []
    if style.width is not None and indent + len(carets) + sum(n + 1 for _, n in words) > room + 1:
        yield f"{margin} {' ' * indent}{_styled(carets, code, style)}"
        for part in _wrapped(words, room) if words else ():
            yield f"{margin} {_styled(part, code, style)}"
        return
    label = f" {inert(escaped(note))}" if note else ""
    yield f"{margin} {' ' * indent}{_styled(carets + label, code, style)}"


def _window(length: int, start: int, width: int) -> tuple[int, int]:
    """Return the start and the length of the part of a line that is shown around a column."""
    if length <= width:
        return 0, length
    return max(0, min(start - width // 3, length - width)), width


def _printable(text: str) -> str:
    return escaped(text.replace("\t", _TAB))


def cells(text: str) -> int:
    """Return the number of terminal columns that a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
