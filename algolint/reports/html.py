"""The `html` report: one self-contained page that shows the specs with findings below their lines."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import pairwise

from algolint import __version__
from algolint.messages import counted, escaped, tally
from algolint.page import PageExample, Paragraph, parsed
from algolint.reports import pages, plots
from algolint.reports.parts import (
    NAME,
    by_file,
    clean_files,
    fix_title,
    inert_markup,
    relative,
)
from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostic import Diagnostic, Location
    from algolint.rule import Rule
    from algolint.runs.outcome import Outcome
    from algolint.source import Source

# The number of lines shown around a finding; the others are folded.
_CONTEXT = 4
# For a line longer than this, each finding shows the part of the line that it is about.
_LONG = 240
_EXCERPT = 70
# The number of folded lines of a file; more are left out.
_MAX_FOLDED = 20_000
# A line of a megabyte would make the page unusable, so the rest of it is left out. Its findings are shown.
_LONGEST = 100_000
_CODE = re.compile(r"`([^`]+)`")


def report(outcome: Outcome) -> str:
    """Return the page."""
    numbers = {diagnostic: number for number, diagnostic in enumerate(outcome.diagnostics, 1)}
    files = [
        _File(index, name, diagnostics, numbers)
        for index, (name, diagnostics) in enumerate(by_file(outcome).items(), 1)
    ]
    rules = {diagnostic.rule.name: diagnostic.rule for diagnostic in outcome.diagnostics}
    style, script = _packaged("html.css"), _packaged("html.js")
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f'<meta name="generator" content="{NAME} {__version__}">',
        f"<title>{tally(outcome.counts())} – {NAME}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#findings">Skip to the findings</a>',
        *_header(outcome, files),
        *_failures(outcome),
        *plots.section(outcome.more.get("metrics", [])),
        '<main id="findings" tabindex="-1">',
        *(line for file in files for line in file.section()),
        *([] if files else ['<p class="none">No findings.</p>']),
        "</main>",
        *_clean(outcome),
        *_manual([rules[name] for name in sorted(rules)]),
        *_footer(outcome),
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return inert_markup("\n".join(lines))


def _packaged(name: str) -> str:
    """Return the text of a file in this package, after a line break."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return f"\n{file.read()}"


def _policy(style: str, script: str) -> str:
    """Return a content security policy that allows the page's own style and script and nothing else."""
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}';"
        " base-uri 'none'; form-action 'none'"
    )


def _html(text: str) -> str:
    """Return the user's text escaped for HTML."""
    return escape(escaped(text))


def _code_html(text: str) -> str:
    """Return a piece of a line escaped for HTML. Tabs are kept, as they are layout."""
    return "\t".join(_html(part) for part in text.split("\t"))


# ---------------------------------------------------------------- around the files


def _header(outcome: Outcome, files: list[_File]) -> Iterator[str]:
    counts = outcome.counts()
    amount = counted(outcome.files, "file")
    yield "<header>"
    yield f"<h1><span>{NAME}</span> {tally(counts)} <small>in {amount}</small></h1>"
    if files:
        yield '<form id="filter" class="filter" hidden>'
        yield "<fieldset><legend>Severity</legend>"
        for level in SEVERITIES:
            if counts[level]:
                yield (
                    f'<label class="chip {level}"><input type="checkbox" name="severity" value="{level}"'
                    f" checked> {level} <b>{counts[level]}</b></label>"
                )
        yield "</fieldset>"
        yield '<label class="search"><span>Search</span><input type="search" id="search" autocomplete="off"'
        yield ' placeholder="words of a finding, rule or file" aria-describedby="keys"></label>'
        yield '<details class="rules"><summary>Rules</summary>'
        yield '<p><button type="button" id="all">All</button>'
        yield '<button type="button" id="none">None</button></p><ul>'
        yield from _rule_boxes(outcome)
        yield "</ul></details>"
        yield '<p class="state"><output id="shown" aria-live="polite"></output>'
        yield '<button type="button" id="unfold" aria-pressed="false">Whole files</button>'
        yield '<button type="reset">Show all</button>'
        yield (
            '<span id="keys" class="keys"><kbd>j</kbd> <kbd>k</kbd> next, previous'
            " &#160; <kbd>/</kbd> search</span></p>"
        )
        yield "</form>"
    if len(files) > 1:
        yield '<nav aria-label="Files"><ul>'
        for file in files:
            yield f'<li><a href="#f{file.index}">{file.title}</a> {_badges(file.diagnostics)}</li>'
        yield "</ul></nav>"
    yield "</header>"


def _rule_boxes(outcome: Outcome) -> Iterator[str]:
    counts: dict[str, int] = {}
    for diagnostic in outcome.diagnostics:
        counts[diagnostic.rule.name] = counts.get(diagnostic.rule.name, 0) + 1
    for name in sorted(counts):
        yield (
            f'<li><label><input type="checkbox" name="rule" value="{_html(name)}" checked>'
            f" {_html(name)} <b>{counts[name]}</b></label></li>"
        )


def _badges(diagnostics: list[Diagnostic]) -> str:
    levels = [diagnostic.severity for diagnostic in diagnostics]
    return " ".join(
        f'<span class="badge {level}" title="{level}">{levels.count(level)}'
        f'<span class="hidden"> {level}</span></span>'
        for level in SEVERITIES
        if level in levels
    )


def _failures(outcome: Outcome) -> Iterator[str]:
    if outcome.errors:
        yield '<section class="failures" role="alert"><h2>Could not be checked</h2><ul>'
        for path, message in outcome.errors:
            yield f"<li><code>{_html(relative(path))}</code> {_html(message)}</li>"
        yield "</ul></section>"
    if unknown := [*outcome.unread, *outcome.in_part]:
        yield "<section><h2>Not known here</h2><ul>"
        for spec in unknown:
            yield f"<li><code>{_html(relative(spec.path))}:{spec.line}</code> {_html(spec.message)}</li>"
        yield "</ul></section>"


def _clean(outcome: Outcome) -> Iterator[str]:
    names = clean_files(outcome)
    if names:
        yield "<section><h2>Without findings</h2><ul>"
        yield from (f"<li><code>{_html(relative(name))}</code></li>" for name in names)
        yield "</ul></section>"


def _footer(outcome: Outcome) -> Iterator[str]:
    revision = outcome.model.revision
    yield (
        f"<footer>{NAME} {_html(__version__)}, checked against the API model of botocore"
        f" {_html(revision.version)} ({_html(str(revision.date))})</footer>"
    )


# ---------------------------------------------------------------- a file


class _File:
    """A file with its findings: the lines to show, the spans marked in them, and the findings below them."""

    def __init__(
        self, index: int, name: str, diagnostics: list[Diagnostic], numbers: dict[Diagnostic, int]
    ) -> None:
        self.index = index
        self.title = _html(relative(name))
        self.diagnostics = diagnostics
        self.numbers = numbers
        self.source: Source = diagnostics[0].source
        self.rows: dict[int, list[Diagnostic]] = {}
        for diagnostic in diagnostics:
            self.rows.setdefault(diagnostic.location.line, []).append(diagnostic)

    def section(self) -> Iterator[str]:
        yield f'<section class="file" id="f{self.index}" aria-labelledby="h{self.index}">'
        yield f'<h2 id="h{self.index}">{self.title} {_badges(self.diagnostics)}</h2>'
        yield '<div class="text">'
        left = _MAX_FOLDED
        for first, last, is_shown in self._stretches():
            rows = (row for line in range(first, last + 1) for row in self._row(line))
            lines = f"line {first}" if first == last else f"lines {first} to {last}"
            if is_shown:
                yield from rows
            elif left < last - first:
                yield f'<p class="fold">{lines} left out</p>'
            else:
                left -= last - first
                yield f'<details class="fold"><summary>{lines}</summary>'
                yield from rows
                yield "</details>"
        yield "</div></section>"

    def _stretches(self) -> Iterator[tuple[int, int, bool]]:
        """Yield the first and last line of each run of lines, and whether it is near a finding."""
        last = len(self.source.line_starts())
        if last > 1 and not self.source.raw_line(last):
            # A line break at the end of the file does not start another line.
            last -= 0 if last in self.rows else 1
        start = 1
        for row in sorted(self.rows):
            first, end = max(start, row - _CONTEXT), min(last, row + _CONTEXT)
            if first > start:
                # One or two lines are not worth folding.
                yield start, first - 1, first - start <= 2
            if end >= first:
                yield first, end, True
                start = end + 1
        if start <= last:
            yield start, last, last - start < 2

    def _row(self, line: int) -> Iterator[str]:
        diagnostics = self.rows.get(line, [])
        anchor = f"f{self.index}l{line}"
        text = self._marked(line, diagnostics)
        yield f'<div class="row{" hit" if diagnostics else ""}" id="{anchor}" data-line="{line}">'
        yield f'<a class="number" href="#{anchor}" aria-label="line {line}">{line}</a><code>{text}</code>'
        for diagnostic in diagnostics:
            yield from self._finding(diagnostic)
        yield "</div>"

    def _marked(self, line: int, diagnostics: list[Diagnostic]) -> str:
        """Return a line's text with the spans of its findings marked by severity."""
        start, end = self.source.line_span(line)
        spans = [
            (*_columns(d.location, end - start), SEVERITIES.index(d.severity), self.numbers[d])
            for d in diagnostics
        ]
        text = self.source.masked((start, min(end, start + _LONGEST)))
        left = end - start - len(text)
        more = f'<span class="more">… {left} more characters</span>' if left else ""
        return _highlighted(text, 0, spans) + more

    def _finding(self, diagnostic: Diagnostic) -> Iterator[str]:
        location, rule = diagnostic.location, _html(diagnostic.rule.name)
        number = self.numbers[diagnostic]
        yield (
            f'<article class="finding {diagnostic.severity}" id="d{number}" tabindex="-1"'
            f' data-severity="{diagnostic.severity}" data-rule="{rule}" data-line="{location.line}">'
        )
        yield (
            f'<p class="message"><span class="badge {diagnostic.severity}">{diagnostic.severity}</span>'
            f' <span class="what">{_html(location.message)}</span>'
            f' <a class="rule" href="#rule-{rule}">{rule}</a></p>'
        )
        first, last = self.source.line_span(location.line)
        length = last - first
        if length > _LONG:
            start, end = _columns(location, length)
            left, right = max(0, start - _EXCERPT), min(length, min(end, start + 2 * _EXCERPT) + _EXCERPT)
            span = (start, min(end, right), SEVERITIES.index(diagnostic.severity), 0)
            shown = _highlighted(self.source.masked((first + left, first + right)), left, [span])
            before, after = "…" if left else "", "…" if right < length else ""
            yield f'<p class="excerpt"><code>{before}{shown}{after}</code></p>'
        if diagnostic.related:
            yield '<ul class="related">'
            for related in diagnostic.related:
                yield f"<li>{self._related(related)}</li>"
            yield "</ul>"
        if title := fix_title(diagnostic):
            yield f'<p class="fix"><b>Fix</b> {_html(title)}</p>'
        if pointer := diagnostic.location.pointer:
            yield f'<p class="pointer">column {location.column} &#160; {_html(pointer)}</p>'
        yield "</article>"

    def _related(self, related: Location) -> str:
        """Return a related location: a link to its line, or the line itself if it is in another file."""
        start, end = related.source.line_span(related.line)
        where = f"line {related.line}" + (f", column {related.column}" if end - start > _LONG else "")
        if related.source is self.source:
            return f'<a href="#f{self.index}l{related.line}">{where}</a>: {_html(related.message)}'
        line = _html(related.source.masked((start, min(end, start + _LONGEST))).strip()[:_LONG])
        return (
            f"{_html(relative(related.source.name))}, {where}: {_html(related.message)}: <code>{line}</code>"
        )


def _columns(location: Location, length: int) -> tuple[int, int]:
    """Return the columns, from 0, at which a location starts and ends in its first line."""
    end = location.end_column - 1 if location.end_line == location.line else length
    return location.column - 1, max(min(end, length), location.column)


def _highlighted(text: str, shift: int, spans: list[tuple[int, int, int, int]]) -> str:
    """Return text that starts at column `shift`, with spans (start, end, severity, number) marked."""
    cuts = sorted({0, len(text), *(min(max(cut - shift, 0), len(text)) for s in spans for cut in s[:2])})
    pieces = []
    opening = sorted(spans, reverse=True)
    current: list[tuple[int, int, int, int]] = []
    for start, end in pairwise(cuts):
        piece = _code_html(text[start:end])
        while opening and opening[-1][0] - shift <= start:
            current.append(opening.pop())
        current = [span for span in current if end <= span[1] - shift]
        here = [span for span in spans if span in current] if len(current) > 1 else current
        if here:
            level = SEVERITIES[min(span[2] for span in here)]
            names = " ".join(f"d{span[3]}" for span in here if span[3])
            attribute = f' data-for="{names}"' if names else ""
            piece = f'<mark class="{level}"{attribute}>{piece}</mark>'
        pieces.append(piece)
    return "".join(pieces)


# ---------------------------------------------------------------- the rules


def _manual(rules: list[Rule]) -> Iterator[str]:
    if not rules:
        return
    yield '<section class="manual"><h2>The rules</h2>'
    for rule in rules:
        name = _html(rule.name)
        yield f'<details class="page" id="rule-{name}">'
        yield f"<summary><b>{name}</b> {_prose(rule.summary)}</summary>"
        yield from _page(rule)
        yield f'<p class="evidence">Evidence: {_html(rule.evidence)}</p>'
        yield "</details>"
    yield "</section>"


def _page(rule: Rule) -> Iterator[str]:
    """Yield the manual page without its summary."""
    for block in parsed(rule.page).blocks:
        match block:
            case Paragraph():
                yield f"<p>{_prose(block.text)}</p>"
            case PageExample():
                kind = "wrong" if block.kind == "bad" else "right"
                yield f'<p class="label {kind}">{_prose(pages.label_of(rule, block))}</p>'
                yield f"<pre><code>{_lines(block.text.split(chr(10))[:-1])}</code></pre>"


def _lines(lines: list[str]) -> str:
    return "\n".join(_code_html(line) for line in lines)


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", _html(text))
