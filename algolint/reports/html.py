"""The `html` report: one page that needs nothing else, the specs with the findings below their lines."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import pairwise

from algolint import __version__
from algolint.messages import tally
from algolint.reports import pages
from algolint.reports.parts import (
    NAME,
    by_file,
    clean_files,
    fix_title,
    relative,
    xml_text,
)
from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostic import Diagnostic, Location, Outcome
    from algolint.rule import Rule
    from algolint.source import Source

# Lines shown around a finding; the others are folded away.
_CONTEXT = 4
# In longer lines a finding shows the part that it is about once more.
_LONG = 240
_EXCERPT = 70
# A line of a megabyte would make the page unusable; what is beyond is left out, the findings are not.
_LONGEST = 100_000
_CODE = re.compile(r"`([^`]+)`")

_STYLE = """
:root {
  --paper: #fff; --soft: #f5f6f8; --line: #d8dce3; --ink: #1c2128; --dim: #5c6672; --link: #0a58b8;
  --error: #b3202a; --error-soft: #fdecec; --warning: #855700; --warning-soft: #fdf3d7;
  --info: #0a58b8; --info-soft: #e8f1fc; --right: #1a7037;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --soft: #1c2129; --line: #343b46; --ink: #dee3ea; --dim: #98a3b1; --link: #79b8ff;
    --error: #ff8b8b; --error-soft: #3d1c20; --warning: #e6b94f; --warning-soft: #372c10;
    --info: #79b8ff; --info-soft: #14293f; --right: #6fce8a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 0 1.25rem 4rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.6rem 0 1rem; }
h1 span { color: var(--dim); font-weight: 400; margin-right: .35em; }
h1 small { color: var(--dim); font-size: 1rem; font-weight: 400; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; }
code, pre, kbd, .number, .pointer { font-family: var(--mono); font-size: .85rem; }
kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 .3em; background: var(--soft); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
[hidden] { display: none !important; }

.filter {
  display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; padding: .7rem .9rem;
  border: 1px solid var(--line); border-radius: 8px; background: var(--soft);
}
.filter fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem; }
.filter legend { position: absolute; left: -99rem; }
.filter .chip {
  border: 1px solid var(--line); border-radius: 99px; padding: .1rem .7rem .1rem .5rem; cursor: pointer;
  background: var(--paper);
}
.chip.error b { color: var(--error); } .chip.warning b { color: var(--warning); }
.chip.info b { color: var(--info); }
.search { flex: 1 1 14rem; display: flex; gap: .5rem; align-items: center; }
.search span { color: var(--dim); }
.search input, .filter button {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 5px; padding: .2rem .6rem;
}
.search input { flex: 1; min-width: 6rem; }
.filter button { cursor: pointer; }
.filter button[aria-pressed=true] { background: var(--info-soft); border-color: var(--info); }
.filter .rules { flex: 1 1 100%; }
.rules p { margin: .5rem 0 0; }
.rules summary { cursor: pointer; color: var(--dim); width: max-content; }
.rules ul { list-style: none; columns: 17rem; margin: .5rem 0 0; padding: 0; }
.rules li { break-inside: avoid; overflow-wrap: anywhere; }
.rules b { color: var(--dim); font-weight: 400; }
.state {
  flex: 1 1 100%; display: flex; flex-wrap: wrap; gap: .4rem .8rem; align-items: center; margin: 0;
  color: var(--dim);
}
.state output { flex: 1 1 auto; }
nav ul { list-style: none; padding: 0; columns: 24rem; }
nav li { break-inside: avoid; overflow-wrap: anywhere; }
.failures { border-left: 4px solid var(--error); background: var(--error-soft); padding: .1rem 1rem; }
.failures h2 { margin-top: .8rem; }

.badge {
  display: inline-block; border-radius: 4px; padding: 0 .45em; font-size: .8rem; font-weight: 600;
  line-height: 1.5;
}
.badge.error { color: var(--error); background: var(--error-soft); }
.badge.warning { color: var(--warning); background: var(--warning-soft); }
.badge.info { color: var(--info); background: var(--info-soft); }

.text { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; padding: .4rem 0; }
.row { display: grid; grid-template-columns: 4.2rem minmax(0, 1fr); }
.row > code {
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; line-height: 1.55; padding: 0 .8rem 0 2ch;
  text-indent: -1ch;
}
.number { color: var(--dim); text-align: right; padding-right: 1rem; text-decoration: none;
  line-height: 1.55; }
.number:hover { color: var(--link); text-decoration: underline; }
.row.hit > .number { color: var(--ink); font-weight: 600; }
.row:target > .number, .row:target > code { background: var(--warning-soft); }
mark { cursor: pointer; color: inherit; background: none; border-radius: 2px; text-decoration: underline 2px;
  text-underline-offset: 3px; text-decoration-skip-ink: none; }
mark.error { background: var(--error-soft); text-decoration-color: var(--error); }
mark.warning { background: var(--warning-soft); text-decoration-color: var(--warning); }
mark.info { background: var(--info-soft); text-decoration-color: var(--info); }
mark.off { cursor: auto; background: none; text-decoration: none; }
.more { color: var(--dim); }
.fold > summary {
  cursor: pointer; color: var(--dim); background: var(--soft); font-size: .85rem; padding: .15rem 1rem;
  padding-left: 2.9rem; margin: .2rem 0;
}
.fold > summary:hover { color: var(--link); }

.finding {
  grid-column: 2; margin: .25rem .8rem .55rem 1ch; padding: .45rem .8rem; border-left: 4px solid;
  border-radius: 0 6px 6px 0; background: var(--soft); overflow-wrap: anywhere;
}
.finding.error { border-color: var(--error); } .finding.warning { border-color: var(--warning); }
.finding.info { border-color: var(--info); }
.finding p, .finding ul { margin: .2rem 0; }
.finding .what { font-weight: 500; }
.finding .rule { font-size: .85rem; white-space: nowrap; margin-left: .3rem; }
.finding .related, .finding .fix { font-size: .92rem; }
.finding .excerpt code { white-space: pre-wrap; }
.finding .fix b { color: var(--right); }
.finding .pointer { color: var(--dim); font-size: .75rem; }
.finding:target, .finding:focus { outline: 2px solid var(--link); outline-offset: 1px; }

.page { border-top: 1px solid var(--line); padding: .5rem 0; max-width: 52rem; }
.page summary { cursor: pointer; }
.page:target > summary { background: var(--info-soft); }
.page p { margin: .6rem 0; }
.page pre { background: var(--soft); border-radius: 6px; padding: .6rem .9rem; overflow-x: auto; margin: 0; }
.page .label { margin-bottom: .2rem; font-size: .9rem; font-weight: 600; }
.page .wrong { color: var(--error); } .page .right { color: var(--right); }
.page .evidence, footer { color: var(--dim); font-size: .85rem; }
footer { margin-top: 3rem; }

@media (max-width: 40rem) {
  body { padding: 0 .6rem 3rem; }
  .row { grid-template-columns: 2.6rem minmax(0, 1fr); }
  .number { padding-right: .5rem; }
  .finding { grid-column: 1 / -1; margin: .25rem .5rem .55rem; }
  .finding .rule { white-space: normal; }
  .fold > summary { padding-left: 1rem; }
  .keys { display: none; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .filter, .skip { display: none; }
  .text { border: 0; }
  .finding { break-inside: avoid; border: 1px solid; border-left-width: 4px; }
  .row.hit { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { color: inherit; }
  .page:not([open]) { display: none; }
}
"""

_SCRIPT = """
"use strict";
(() => {
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const findings = every(".finding");
  const form = document.getElementById("filter");
  const reveal = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView({block: "center"});
  };
  addEventListener("hashchange", reveal);
  reveal();
  if (!form) return;
  form.hidden = false;
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");
  const words = new Map(findings.map(finding => [finding, [
    finding.textContent, finding.closest(".file").querySelector("h2").textContent].join(" ").toLowerCase()]));
  const ticked = name => new Set(every(`input[name=${name}]:checked`, form).map(box => box.value));
  const apply = () => {
    const severities = ticked("severity"), rules = ticked("rule");
    const asked = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    for (const finding of findings) {
      finding.hidden = !(severities.has(finding.dataset.severity) && rules.has(finding.dataset.rule)
        && asked.every(word => words.get(finding).includes(word)));
    }
    for (const mark of every(".row > code mark")) {
      const ids = mark.dataset.for.split(" ");
      mark.classList.toggle("off", ids.every(id => document.getElementById(id).hidden));
    }
    for (const file of every(".file")) {
      file.hidden = !every(".finding", file).some(finding => !finding.hidden);
    }
    const left = findings.filter(finding => !finding.hidden).length;
    shown.textContent = left === findings.length ? `${left} shown` : `${left} of ${findings.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  for (const [id, checked] of [["all", true], ["none", false]]) {
    document.getElementById(id).addEventListener("click", () => {
      for (const box of every("input[name=rule]", form)) box.checked = checked;
      apply();
    });
  }
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    for (const fold of every(".fold")) fold.open = open;
  });
  const step = by => {
    const left = findings.filter(finding => !finding.hidden);
    if (!left.length) return;
    const at = left.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : left.length - 1) : (at + by + left.length) % left.length;
    left[next].focus({preventScroll: true});
    left[next].scrollIntoView({block: "center"});
  };
  addEventListener("click", event => {
    const mark = event.target.closest(".row > code mark:not(.off)");
    if (!mark || !getSelection().isCollapsed) return;
    const all = mark.dataset.for.split(" ").map(id => document.getElementById(id));
    all.find(finding => !finding.hidden).focus();
  });
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) { search.blur(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") { event.preventDefault(); search.focus(); }
  });
  apply();
})();
"""


def report(outcome: Outcome) -> str:
    """The page."""
    numbers = {id(diagnostic): number for number, diagnostic in enumerate(outcome.diagnostics, 1)}
    files = [
        _File(index, name, diagnostics, numbers)
        for index, (name, diagnostics) in enumerate(by_file(outcome).items(), 1)
    ]
    rules = {diagnostic.rule.name: diagnostic.rule for diagnostic in outcome.diagnostics}
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f'<meta name="generator" content="{NAME} {__version__}">',
        f"<title>{tally(outcome.counts())} – {NAME}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#findings">Skip to the findings</a>',
        *_header(outcome, files),
        *_failures(outcome),
        '<main id="findings" tabindex="-1">',
        *(line for file in files for line in file.section()),
        *([] if files else ['<p class="none">No findings.</p>']),
        "</main>",
        *_clean(outcome),
        *_manual([rules[name] for name in sorted(rules)]),
        *_footer(outcome),
        f"<script>{_SCRIPT}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines)


def _policy() -> str:
    """Nothing may be loaded, sent or run but the page's own style and script."""
    sources = []
    for text in (_STYLE, _SCRIPT):
        sources.append("'sha256-" + b64encode(sha256(text.encode()).digest()).decode() + "'")
    style, script = sources
    return f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


def _html(text: str) -> str:
    """The user's text as text of the page."""
    return escape(xml_text(text))


def _code_html(text: str) -> str:
    """A piece of a line; tabs stay, for they are its layout."""
    return "\t".join(_html(part) for part in text.split("\t"))


# ---------------------------------------------------------------- around the files


def _header(outcome: Outcome, files: list[_File]) -> Iterator[str]:
    counts = outcome.counts()
    amount = f"{outcome.files} file{'' if outcome.files == 1 else 's'}"
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
    """A file with its findings: which lines are shown, and what stands in and below them."""

    def __init__(self, index: int, name: str, diagnostics: list[Diagnostic], numbers: dict[int, int]) -> None:
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
        for first, last, is_shown in self._stretches():
            rows = (row for line in range(first, last + 1) for row in self._row(line))
            if is_shown:
                yield from rows
            else:
                lines = f"line {first}" if first == last else f"lines {first} to {last}"
                yield f'<details class="fold"><summary>{lines}</summary>'
                yield from rows
                yield "</details>"
        yield "</div></section>"

    def _stretches(self) -> Iterator[tuple[int, int, bool]]:
        """First and last line of each run of lines, and whether it is near a finding."""
        last = len(self.source.line_starts())
        if last > 1 and not self.source.line_text(last):
            # The end of the last line is no line.
            last -= 0 if last in self.rows else 1
        near = {
            line for row in self.rows for line in range(max(1, row - _CONTEXT), min(last, row + _CONTEXT) + 1)
        }
        start = 1
        for line in range(1, last + 1):
            is_end = line == last or ((line + 1) in near) != (line in near)
            if is_end:
                # One or two lines are not worth a fold.
                yield start, line, line in near or line - start < 2
                start = line + 1

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
        """A line's text with the spans of its findings in the colour of the gravest."""
        text = self.source.line_text(line)
        spans = [
            (*_columns(d.location, text), SEVERITIES.index(d.severity), self.numbers[id(d)])
            for d in diagnostics
        ]
        more = ""
        if len(text) > _LONGEST:
            more = f'<span class="more">… {len(text) - _LONGEST} more characters</span>'
            text = text[:_LONGEST]
        return _highlighted(text, 0, spans) + more

    def _finding(self, diagnostic: Diagnostic) -> Iterator[str]:
        location, rule = diagnostic.location, _html(diagnostic.rule.name)
        number = self.numbers[id(diagnostic)]
        yield (
            f'<article class="finding {diagnostic.severity}" id="d{number}" tabindex="-1"'
            f' data-severity="{diagnostic.severity}" data-rule="{rule}" data-line="{location.line}">'
        )
        yield (
            f'<p class="message"><span class="badge {diagnostic.severity}">{diagnostic.severity}</span>'
            f' <span class="what">{_html(location.message)}</span>'
            f' <a class="rule" href="#rule-{rule}">{rule}</a></p>'
        )
        text = self.source.line_text(location.line)
        if len(text) > _LONG:
            start, end = _columns(location, text)
            left, right = max(0, start - _EXCERPT), min(len(text), min(end, start + 2 * _EXCERPT) + _EXCERPT)
            span = (start, min(end, right), SEVERITIES.index(diagnostic.severity), 0)
            shown = _highlighted(text[left:right], left, [span])
            before, after = "…" if left else "", "…" if right < len(text) else ""
            yield f'<p class="excerpt"><code>{before}{shown}{after}</code></p>'
        if diagnostic.related:
            yield '<ul class="related">'
            for related in diagnostic.related:
                is_long = len(self.source.line_text(related.line)) > _LONG
                where = f"line {related.line}" + (f", column {related.column}" if is_long else "")
                link = f'<a href="#f{self.index}l{related.line}">{where}</a>'
                yield f"<li>{link}: {_html(related.message)}</li>"
            yield "</ul>"
        if title := fix_title(diagnostic):
            yield f'<p class="fix"><b>Fix</b> {_html(title)}</p>'
        if pointer := diagnostic.location.pointer:
            yield f'<p class="pointer">column {location.column} &#160; {_html(pointer)}</p>'
        yield "</article>"


def _columns(location: Location, text: str) -> tuple[int, int]:
    """Where a place starts and ends in its first line, from 0."""
    end = location.end_column - 1 if location.end_line == location.line else len(text)
    return location.column - 1, max(min(end, len(text)), location.column)


def _highlighted(text: str, shift: int, spans: list[tuple[int, int, int, int]]) -> str:
    """Text that starts at column `shift` with its spans (start, end, severity, number) marked."""
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
    """The manual page below its first line: paragraphs, and examples between fences."""
    example: list[str] | None = None
    paragraph: list[str] = []
    for line in [*pages.markdown_page(rule).split("\n")[1:], ""]:
        if line.startswith("```"):
            if example is not None:
                yield f"<pre><code>{_lines(example)}</code></pre>"
            example = [] if example is None else None
        elif example is not None:
            example.append(line)
        elif line:
            paragraph.append(line)
        elif paragraph:
            yield _paragraph(" ".join(paragraph))
            paragraph = []


def _paragraph(text: str) -> str:
    word = text.partition(" ")[0].rstrip(":")
    is_label = word in ("Wrong", "Right") and text.endswith(":")
    return f'<p class="label {word.lower()}">{_prose(text)}</p>' if is_label else f"<p>{_prose(text)}</p>"


def _lines(lines: list[str]) -> str:
    return "\n".join(_code_html(line) for line in lines)


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", _html(text))
