"""Comments, and entries of the configuration, that keep findings from being reported.

A comment says what to leave out, and a reason may follow:

    MinValue: "0"  # algolint: ignore[rule, other-rule] reason    the findings on this line
    # algolint: ignore[rule] reason                               on the first line of the next entry
    # algolint: ignore-file[rule] reason                          in the whole file, wherever it stands
    # algolint: off[rule]  …  # algolint: on[rule]                between the two, their own lines included

Rules go by name or by a pattern with `*` and `?`. `off` and `on` alone mean every rule; an `off` without
an `on` reaches to the end of the file. A line, a file and a range are those of the text, whatever
documents a stream has. The next entry begins on the next line that is neither blank nor a comment nor a
document marker.

A finding is covered on the line that its report names, where its place begins. It is covered too on the
line of the key of the value that is blamed (a list or a text that begins below its key is silenced where
a person looks for it, at the key), and, where that value is a text over several lines, on the line where
the text ends, since a comment has no room before. In braces and brackets each line counts for itself.
What stands deeper in an entry is not covered by a comment at its key: that is what ranges are for.

Of several comments that cover one finding each counts as used; those at a key or at a text's end are only
looked for where the line itself has none. A rule's name is called unused only where
its silence means something: the rule was selected, and shown at every level that it speaks at. Findings
about the comments themselves cannot be suppressed, nor can `invalid-syntax`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice

from algolint.linter import Diagnostic, Location, fingerprint_of, read
from algolint.messages import meant, shown
from algolint.rule import Fix
from algolint.source import Source, SourceSyntaxError
from algolint.spec.structural_rules import malformed_suppression, unused_suppression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from algolint.fixes.edits import Edit
    from algolint.linter import Selection
    from algolint.rule import Rule
    from algolint.source import Document, Span

    # Where a comment begins and ends, and its text from the # on.
    Comment: TypeAlias = tuple[int, int, str]

#: What every directive holds: a text without it has none.
MARK = "algolint:"
#: The rules that nothing suppresses.
LASTING = frozenset(("invalid-syntax", "unused-suppression", "malformed-suppression"))
#: How many directives of a file are read; what more would suppress is reported.
MOST_DIRECTIVES = 1000
_KINDS = ("ignore", "ignore-file", "off", "on")


class Uncomment(Fix):
    """Take a comment, or a rule in it, out of the text. It changes no value, and has edits of its own."""

    __slots__ = ()

    def __init__(self, title: str) -> None:
        super().__init__((), title, True)


# ---------------------------------------------------------------- settling a file


class Settled:
    """What is left to report of a file, and how many findings its comments suppressed."""

    __slots__ = ("kept", "suppressed")

    def __init__(self, kept: list[Diagnostic], suppressed: int) -> None:
        self.kept = kept
        self.suppressed = suppressed


def settle(
    source: Source,
    syntax: str,
    diagnostics: list[Diagnostic],
    selection: Selection,
    known: Mapping[str, Rule],
) -> Settled:
    """The diagnostics of a file that its comments do not suppress, and those about the comments.

    `known` is every rule by its name, selected or not. A text without a directive costs one search.
    """
    if MARK not in source.text or syntax not in _COMMENTS:
        return Settled(diagnostics, 0)
    if any(diagnostic.rule.name == "invalid-syntax" for diagnostic in diagnostics):
        return Settled(diagnostics, 0)
    found = directives(source, syntax)
    if not found:
        return Settled(diagnostics, 0)
    reading = _Reading(source)
    coverage = _Coverage(found, known)
    try:
        kept = [diagnostic for diagnostic in diagnostics if not coverage.takes(diagnostic, reading)]
        about = _Review(source, coverage, selection, known, reading).diagnostics()
    except SourceSyntaxError:
        # The text cannot be read, and whoever is asking does not want to hear of it.
        return Settled(diagnostics, 0)
    suppressed = len(diagnostics) - len(kept)
    if about:
        kept += about
        kept.sort(key=lambda d: (d.location.span, d.rule.name, d.message))
    return Settled(kept, suppressed)


def judged(rules: Iterable[Rule], selection: Selection) -> frozenset[str]:
    """The rules that would be heard in this run whatever they found: their silence means something."""
    return frozenset(
        rule.name
        for rule in rules
        if all(selection.level(rule, level) is not None for level in (rule.severity, *rule.also))
    )


# ---------------------------------------------------------------- comments


def yaml_comments(source: Source) -> list[Comment]:
    """The comments of a YAML text, in order."""
    return _yaml_layout(source.text)[0]


def python_comments(source: Source) -> list[Comment]:
    """The comments of a Python program, in order."""
    from algolint.readers import python as read_python

    return read_python.comments(source)


def terraform_comments(source: Source) -> list[Comment]:
    """The comments of a Terraform file, in order."""
    from algolint.readers import terraform as read_terraform

    return read_terraform.comments(source)


#: For each syntax with comments, what finds them.
_COMMENTS: dict[str, Callable[[Source], list[Comment]]] = {
    "yaml": yaml_comments,
    "python": python_comments,
    "terraform": terraform_comments,
}

# The patterns of this module are compiled when they are used, which they are for few files.
_BREAKS = "\n\r\x85\u2028\u2029"
_YAML_COMMENT = f"#[^{_BREAKS}]*"
_YAML_HEADER_COMMENT = f"[|>][^#{_BREAKS}]*(#[^{_BREAKS}]*)"


def _yaml_layout(text: str) -> tuple[list[Comment], list[Span]]:
    """The comments of a text and the spans of its scalars, as far as it can be scanned.

    Comments are what a scanner leaves between its tokens besides white space; only that of a block
    scalar's header is in the token.
    """
    import yaml

    from algolint.readers.yaml import SURROGATE_ESCAPE

    # The C library refuses half a pair of escapes; another escape of the same length moves nothing.
    covered = SURROGATE_ESCAPE.sub(r"\\u0041", text)
    a_comment, header_comment = re.compile(_YAML_COMMENT), re.compile(_YAML_HEADER_COMMENT)
    comments: list[Comment] = []
    scalars: list[Span] = []

    def gap(start: int, end: int) -> None:
        if text.find("#", start, end) >= 0:
            comments.extend((*match.span(), match[0]) for match in a_comment.finditer(text, start, end))

    offset = 0
    try:
        loader = yaml.CBaseLoader(covered) if yaml.__with_libyaml__ else yaml.BaseLoader(covered)
        while (token := loader.get_token()) is not None:
            start, end = token.start_mark.index, token.end_mark.index
            if start > offset:
                gap(offset, start)
            offset = max(offset, end)
            if isinstance(token, yaml.ScalarToken):
                if token.style in ("|", ">"):
                    header = header_comment.match(text, start, end)
                    if header:
                        comments.append((*header.span(1), header[1]))
                    # Text that is appended where it ends would belong to it.
                    end += end == len(text)
                scalars.append((start, end))
    except (yaml.YAMLError, UnicodeEncodeError):
        return comments, scalars
    gap(offset, len(text))
    return comments, scalars


# ---------------------------------------------------------------- directives


class _Name:
    """A rule's name or a pattern of names in a directive."""

    __slots__ = ("span", "text", "used")

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span
        self.used = False


class Directive:
    """A directive in a comment.

    `span` is the directive's own, with its reason; `comment` that of the comment, which may say more.
    `fault` says what cannot be read. `names` is empty where it speaks of every rule. `target` is the
    line whose findings an `ignore` covers, 0 where no line follows.
    """

    __slots__ = ("comment", "fault", "kind", "line", "names", "own_line", "span", "target", "used")

    def __init__(self, source: Source, comment: Span, span: Span, entries: _Entries) -> None:
        text = source.text
        self.comment = comment
        self.span = span
        self.line = source.position(comment[0])[0]
        line_start, line_end = _line_span(source, self.line)
        # YAML ends comments at line breaks that are none to an editor, too.
        self.own_line = comment[1] == line_end and not text[line_start : comment[0]].strip(" \t")
        self.used = False
        self.kind, self.names, self.fault = _read_directive(text, span)
        self.target = self.line
        if self.own_line and self.kind == "ignore":
            self.target = entries.after(self.line)

    def __repr__(self) -> str:
        return f"<{self.kind}[{', '.join(name.text for name in self.names)}] on line {self.line}>"


def directives(source: Source, syntax: str) -> list[Directive]:
    """The directives in a text's comments, in order; the first `MOST_DIRECTIVES`."""
    comments = _COMMENTS[syntax](source) if syntax in _COMMENTS else []
    entries = _Entries(source)
    found = (
        Directive(source, (start, end), span, entries)
        for start, end, text in comments
        if MARK in text
        for span in _directive_spans(text, start)
    )
    return list(islice(found, MOST_DIRECTIVES))


_DIRECTIVE = rf"(?:^|(?<=[ \t]))#+[ \t]*{MARK}"
# A comment may go on after a directive: with another one, or with words that are no reason of it.
_NEXT_COMMENT = rf"(?<=[ \t])#+(?=[ \t]*(?:[ \t]|$|{MARK}))"
_BODY = r"[ \t]*([\w-]*)[ \t]*(\[)?"


def _directive_spans(comment: str, offset: int) -> Iterator[Span]:
    for match in re.finditer(_DIRECTIVE, comment):
        following = re.compile(_NEXT_COMMENT).search(comment, match.end())
        end = following.start() if following else len(comment)
        yield offset + match.start(), offset + len(comment[:end].rstrip())


def _read_directive(text: str, span: Span) -> tuple[str, list[_Name], str]:
    """Kind, names and what is wrong with a directive."""
    start = text.index(MARK, *span) + len(MARK)
    body = text[start : span[1]]
    match = re.match(_BODY, body)
    kind = match[1] if match else ""
    if kind not in _KINDS:
        hint = meant(kind.casefold(), _KINDS) or "; write ignore[rule], ignore-file[rule], off or on"
        what = f"{shown(kind)} is no directive" if kind else f"no directive follows '{MARK}'"
        return kind, [], what + hint
    if match is None or not match[2]:
        if kind in ("off", "on"):
            return kind, [], ""
        return kind, [], f"{shown(kind)} names no rule; write {kind}[rule, rule]"
    closing = body.find("]", match.end())
    if closing < 0:
        return kind, [], f"the '[' after {shown(kind)} is never closed"
    names = []
    at = start + match.end()
    for part in body[match.end() : closing].split(","):
        name = part.strip(" \t")
        if name:
            begin = at + part.index(name)
            names.append(_Name(name, (begin, begin + len(name))))
        at += len(part) + 1
    spaced = next((name.text for name in names if " " in name.text or "\t" in name.text), None)
    if spaced is not None:
        return kind, [], f"{shown(spaced)} is no name of a rule; put commas between rules"
    return kind, names, "" if names else f"{shown(kind)} names no rule between its brackets"


_NO_ENTRY = r"(?:(?:---|\.\.\.)(?=[ \t]|$))?[ \t]*(?:#.*)?$|%"


class _Entries:
    """Where the entries below comments begin; asked from the top down."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.last = 0, 0

    def after(self, line: int) -> int:
        """The first line below that is no blank, comment or document marker; 0 if there is none."""
        above, target = self.last
        end = len(self.source.line_starts()) + 1
        if not above <= line < target:
            no_entry = re.compile(_NO_ENTRY, re.DOTALL)
            numbers = range(line + 1, end)
            target = next((n for n in numbers if not no_entry.match(_line(self.source, n))), end)
            self.last = line, target
        return target if target < end else 0


def _line(source: Source, number: int) -> str:
    """A line as it stands in the text, without its end."""
    start, end = _line_span(source, number)
    return source.text[start:end]


def _line_start(source: Source, number: int) -> int:
    """Where a line begins; the text's end for the one after the last."""
    starts = source.line_starts()
    return starts[number - 1] if number <= len(starts) else len(source.text)


def _line_span(source: Source, number: int) -> Span:
    """Where a line begins, and where its line break does."""
    start, end = _line_start(source, number), _line_start(source, number + 1)
    return start, start + len(source.text[start:end].rstrip("\r\n"))


# ---------------------------------------------------------------- what covers what


class _Reading:
    """Where a diagnostic's value stands, for which the text is read again; most comments do not need it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._documents: list[Document] | None = None
        self._beginnings: list[tuple[int, int]] = []

    def documents(self) -> list[Document]:
        """The documents of the file. Raises SyntaxFault."""
        if self._documents is None:
            self._documents = read(self.source)
        return self._documents

    def index_at(self, offset: int) -> int:
        """The number of the document that begins last before a place; of the first before all."""
        if not self._beginnings:
            self._beginnings = sorted((d.locate((), key=True)[0], d.index) for d in self.documents())
        after = bisect_left(self._beginnings, (offset + 1, 0))
        return self._beginnings[max(after - 1, 0)][1] if self._beginnings else 0

    def further(self, diagnostic: Diagnostic) -> list[int]:
        """The offsets besides its start at which a diagnostic is covered: its key's, and a text's end."""
        location = diagnostic.location
        if location.is_key:
            return []
        document = next((d for d in self.documents() if d.index == diagnostic.document), None)
        if document is None:
            return []
        offsets = [document.locate(location.path, key=True)[0]] if location.path else []
        value = document.spec
        for step in location.path:
            try:
                value = value[step]
            except (LookupError, TypeError):
                return offsets
        if isinstance(value, str):
            offsets.append(location.span[1])
        return offsets

    def further_lines(self, diagnostic: Diagnostic) -> list[int]:
        """The lines of those places."""
        return [self.source.position(offset)[0] for offset in self.further(diagnostic)]


class _Coverage:
    """Which directives cover a diagnostic, and which of their names have covered one."""

    def __init__(self, found: list[Directive], known: Mapping[str, Rule]) -> None:
        self.directives = found
        self.known = known
        self._meanings: dict[str, frozenset[str]] = {}
        sound = [directive for directive in found if not directive.fault]
        self.lines: dict[int, list[Directive]] = {}
        for directive in sound:
            if directive.kind == "ignore":
                self.lines.setdefault(directive.target, []).append(directive)
        self.files = [directive for directive in sound if directive.kind == "ignore-file"]
        self.offs = [directive for directive in sound if directive.kind == "off"]
        self.ons = [directive for directive in sound if directive.kind == "on"]
        self._on_spans = [on.span for on in self.ons]
        self._ends: dict[tuple[Span, str], float] = {}
        at_lines = (name.text for ds in self.lines.values() for d in ds for name in d.names)
        #: The rules that any comment at a line speaks of.
        self._at_lines = frozenset().union(*map(self.meaning, at_lines))

    def meaning(self, pattern: str) -> frozenset[str]:
        """The rules that a name or pattern stands for."""
        rules = self._meanings.get(pattern)
        if rules is None:
            rules = frozenset(self.known[name].name for name in _matching(pattern, self.known))
            self._meanings[pattern] = rules
        return rules

    def takes(self, diagnostic: Diagnostic, reading: _Reading) -> bool:
        """Whether a directive covers the diagnostic; those that do are marked as used."""
        rule = diagnostic.rule.name
        if rule in LASTING:
            return False
        line = diagnostic.location.line
        at_line = self._used_of(self.lines.get(line, ()), rule)
        if not at_line and rule in self._at_lines:
            further = set(reading.further_lines(diagnostic))
            at_line = self._used_of([d for line in further for d in self.lines.get(line, ())], rule)
        hits = list(self.files)
        hits += [off for off in self.offs if off.line <= line <= self._end(off, rule)]
        return self._used_of(hits, rule) or at_line

    def _used_of(self, hits: Iterable[Directive], rule: str) -> bool:
        """Whether one of the directives speaks of a rule; all that do are marked."""
        return sum(self._uses(directive, rule) for directive in hits) > 0

    def _end(self, off: Directive, rule: str) -> float:
        """The last line on which an `off` holds for a rule."""
        end = self._ends.get((off.span, rule))
        if end is None:
            later = range(bisect_left(self._on_spans, off.span), len(self.ons))
            ons = (self.ons[i].line for i in later if self.speaks_of(self.ons[i], rule))
            end = self._ends[off.span, rule] = next(ons, float("inf"))
        return end

    def speaks_of(self, directive: Directive, rule: str) -> bool:
        return not directive.names or any(rule in self.meaning(name.text) for name in directive.names)

    def _uses(self, directive: Directive, rule: str) -> bool:
        """Whether a directive speaks of a rule; its names that do are marked."""
        if not directive.names:
            directive.used = True
            return True
        fitting = [name for name in directive.names if rule in self.meaning(name.text)]
        for name in fitting:
            name.used = True
        return bool(fitting)

    def mark_ons(self) -> None:
        """Mark each `on` that ends something as used."""
        off: set[str] = set()
        everything = [frozenset(rule.name for rule in self.known.values())]
        for directive in sorted((*self.offs, *self.ons), key=lambda d: d.span):
            meanings = [self.meaning(name.text) for name in directive.names] or everything
            if directive.kind == "off":
                off.update(*meanings)
                continue
            directive.used = bool(off)
            for name, rules in zip(directive.names, meanings, strict=False):
                name.used = bool(off & rules)
            off.difference_update(*meanings)


def _matching(pattern: str, names: Collection[str]) -> Iterable[str]:
    """The names that a name or pattern stands for."""
    if pattern in names:
        return (pattern,)
    if "*" not in pattern and "?" not in pattern:
        return ()
    from fnmatch import fnmatchcase

    # A bracket is none of the patterns, and ends the list in a comment.
    sought = pattern.replace("[", "[[]")
    return [name for name in names if fnmatchcase(name, sought)]


# ---------------------------------------------------------------- what is wrong with the comments


class _Review:
    """Says which directives cannot be read, and which names in them have suppressed nothing."""

    def __init__(
        self,
        source: Source,
        coverage: _Coverage,
        selection: Selection,
        known: Mapping[str, Rule],
        reading: _Reading,
    ) -> None:
        self.source = source
        self.coverage = coverage
        self.selection = selection
        self.known = known
        self.reading = reading
        self.judged = judged(known.values(), selection)
        self._keeps = re.search(_KEEPING, source.text) is not None

    def diagnostics(self) -> list[Diagnostic]:
        """The diagnostics about the comments, as far as their rules are selected."""
        self.coverage.mark_ons()
        about: list[Diagnostic] = []
        # What cannot be read may be the `off` of an `on`.
        unread = any(directive.fault for directive in self.coverage.directives)
        for directive in self.coverage.directives:
            if directive.fault:
                about += self._said(malformed_suppression, directive, directive.span, directive.fault)
            elif directive.kind != "on" or not unread:
                about += self._unused(directive)
        return about

    def _unused(self, directive: Directive) -> Iterator[Diagnostic]:
        if self.selection.level(unused_suppression, unused_suppression.severity) is None:
            return
        if not directive.names:
            everything = self.known.keys() - LASTING
            if not directive.used and (directive.kind == "on" or everything <= self.judged):
                message = self._nothing("every rule", directive)
                edits = self._checked(removal(self.source, directive))
                yield from self._said(unused_suppression, directive, directive.span, message, edits)
            return
        reported = [self._fault(name, directive) for name in directive.names]
        faults = {i: fault for i, fault in enumerate(reported) if fault}
        if faults:
            edits = self._checked(removal(self.source, directive, faults))
            for i, message in faults.items():
                yield from self._said(unused_suppression, directive, directive.names[i].span, message, edits)

    def _fault(self, name: _Name, directive: Directive) -> str:
        """Why a name should not stand in a directive, or nothing."""
        if name.text in LASTING:
            return f"{shown(name.text)} cannot be suppressed"
        rules = self.coverage.meaning(name.text) - LASTING
        if not rules:
            return f"there is no rule {shown(name.text)}{meant(name.text, self.known)}"
        if name.used or (directive.kind != "on" and not rules <= self.judged):
            return ""
        return self._nothing(shown(name.text), directive)

    def _nothing(self, what: str, directive: Directive) -> str:
        match directive.kind:
            case "on":
                return f"{what} is not off here" if directive.names else "nothing is off here"
            case "off":
                return f"{what} has nothing to suppress from here on"
            case "ignore-file":
                return f"{what} has nothing to suppress in this file"
        if directive.target == 0:
            return f"{what} has nothing to suppress; no entry follows"
        return f"{what} has nothing to suppress on line {directive.target}"

    def _checked(self, edit: Edit) -> list[Edit] | None:
        """The edit, unless it changes a value.

        Only text that keeps the blank lines behind it can be changed by a comment's removal.
        """
        if self._keeps:
            from algolint.fixes import edits

            before = {document.index: document.spec for document in self.reading.documents()}
            if not _holds(Source(self.source.name, edits.apply(self.source.text, [edit])), before):
                return None
        return [edit]

    def _said(
        self, rule: Rule, directive: Directive, span: Span, message: str, edits: list[Edit] | None = None
    ) -> Iterator[Diagnostic]:
        level = self.selection.level(rule, rule.severity)
        if level is None:
            return
        source = self.source
        partly = edits is not None and edits[0].text
        fix = Uncomment("take it out of the comment" if partly else "delete the comment") if edits else None
        location = Location(source, span, (), False, message)
        covered = directive.target or directive.line
        index = self.reading.index_at(_line_span(source, covered)[1])
        diagnostic = Diagnostic(rule, level, location, [], fix, source, index)
        text = " ".join(source.text[slice(*directive.span)].split())
        diagnostic.fingerprint = fingerprint_of(rule.name, (), f"{text}\0{source.text[slice(*span)]}")
        diagnostic.edits = edits
        yield diagnostic


# The header of such a block.
_KEEPING = r"[|>][1-9]?\+"


def _holds(source: Source, specs: dict[int, object]) -> bool:
    """Whether a text reads as these specs, by the numbers of the documents."""
    from algolint.fixes import edits

    try:
        found = {document.index: document.spec for document in read(source)}
    except SourceSyntaxError:
        return False
    return found.keys() == specs.keys() and all(edits.same(found[index], specs[index]) for index in found)


# ---------------------------------------------------------------- taking comments away


def removal(source: Source, directive: Directive, unused: Collection[int] = ()) -> Edit:
    """The edit that takes a directive away, or only some of its names where others remain."""
    from algolint.fixes.edits import Edit

    names = directive.names
    remaining = [name.text for i, name in enumerate(names) if i not in unused]
    if unused and remaining:
        comma = source.text[names[0].span[1] : names[1].span[0]]
        return Edit(names[0].span[0], names[-1].span[1], comma.join(remaining))
    text = source.text
    start, end = directive.span
    comment_start, comment_end = directive.comment
    before, after = text[comment_start:start].rstrip(), text[end:comment_end]
    if before:
        return Edit(comment_start + len(before), end if after.strip() else comment_end, "")
    if after.strip():
        return Edit(start, end + len(after) - len(after.lstrip()), "")
    if directive.own_line:
        return _without_line(source, directive.line)
    line_start = source.line_starts()[directive.line - 1]
    return Edit(line_start + len(text[line_start:start].rstrip()), comment_end, "")


def _without_line(source: Source, number: int) -> Edit:
    """The removal of a line, and of the blank lines that would be left over."""
    from algolint.fixes.edits import Edit

    text = source.text
    last = len(source.line_starts())
    above, below = number, number + 1
    while above > 1 and not _line(source, above - 1).strip():
        above -= 1
    while below <= last and not _line(source, below).strip():
        below += 1
    start, end = _line_start(source, number), _line_start(source, number + 1)
    if below > last:
        # What remains ends as the text did: with or without a line break.
        if above > 1:
            start = _line_start(source, above)
        if start and not text.endswith(("\n", "\r")):
            start = _line_span(source, above - 1)[1]
    elif above == 1 or above < number:
        end = _line_start(source, below)
    return Edit(start, end, "")


# ---------------------------------------------------------------- adding comments


def add_ignores(source: Source, syntax: str, diagnostics: Collection[Diagnostic]) -> str | None:
    """The text with comments that suppress these diagnostics, all of this file.

    None where that cannot be done without changing what the text says. Diagnostics that nothing
    suppresses are passed over; a text that cannot be read gets no comments. As `Source.text`, the text
    has no byte order mark.
    """
    wanted = [diagnostic for diagnostic in diagnostics if diagnostic.rule.name not in LASTING]
    if syntax != "yaml" or any(d.rule.name == "invalid-syntax" for d in diagnostics):
        return None
    if not wanted:
        return source.text
    try:
        return _Adding(source, syntax).text(wanted)
    except SourceSyntaxError:
        return None


class _Adding:
    """Where comments can be put into a text."""

    def __init__(self, source: Source, syntax: str) -> None:
        self.source = source
        self.syntax = syntax
        self.reading = _Reading(source)
        _, self.scalars = _yaml_layout(source.text)
        self.scalar_starts = [start for start, _ in self.scalars]
        #: The directive to extend for each line.
        self.extensible: dict[int, Directive] = {}
        for directive in directives(source, syntax):
            if directive.kind == "ignore" and not directive.fault:
                self.extensible.setdefault(directive.target, directive)

    def text(self, wanted: list[Diagnostic]) -> str | None:
        """The text with the comments, or None where one has no room or the text would change its meaning."""
        from algolint.fixes import edits

        names: dict[int, set[str]] = {}
        for diagnostic in wanted:
            line = self._line_for(diagnostic)
            if line is None:
                return None
            names.setdefault(line, set()).add(diagnostic.rule.name)
        changes = [self._edit(line, sorted(rules)) for line, rules in names.items()]
        text = edits.apply(self.source.text, changes)
        return text if self._proved(text, changes, wanted) else None

    def _line_for(self, diagnostic: Diagnostic) -> int | None:
        """The first line on which the diagnostic is covered that takes a comment."""
        lines = [diagnostic.location.line, *self.reading.further_lines(diagnostic)]
        return next((line for line in lines if self._takes_comment(line)), None)

    def _takes_comment(self, line: int) -> bool:
        return line in self.extensible or self._ends_free(line) or self._begins_free(line)

    def _is_inside(self, offset: int) -> bool:
        """Whether a place is within a scalar, where a # would be text."""
        i = bisect_left(self.scalar_starts, offset) - 1
        return i >= 0 and offset < self.scalars[i][1]

    def _ends_free(self, line: int) -> bool:
        return not self._is_inside(_line_span(self.source, line)[1])

    def _begins_free(self, line: int) -> bool:
        return not self._is_inside(_line_span(self.source, line)[0])

    def _edit(self, line: int, rules: list[str]) -> Edit:
        from algolint.fixes.edits import Edit

        directive = self.extensible.get(line)
        if directive is not None:
            named = {name.text for name in directive.names}
            at = directive.names[-1].span[1]
            return Edit(at, at, "".join(f", {rule}" for rule in rules if rule not in named))
        comment = f"# {MARK} ignore[{', '.join(rules)}]"
        start, end = _line_span(self.source, line)
        content = _line(self.source, line)
        if self._ends_free(line):
            # Two spaces, as yamllint asks for.
            return Edit(start + len(content.rstrip(" \t")), end, f"  {comment}")
        indent = content[: len(content) - len(content.lstrip(" \t"))]
        return Edit(start, start, f"{indent}{comment}{self._line_break()}")

    def _line_break(self) -> str:
        end = re.search(r"\r\n|\n|\r", self.source.text)
        return end[0] if end else "\n"

    def _proved(self, text: str, changes: list[Edit], wanted: list[Diagnostic]) -> bool:
        """Whether the text says what it said before, and each diagnostic is covered where it stands then."""
        after = Source(self.source.name, text)
        if not _holds(after, {document.index: document.spec for document in self.reading.documents()}):
            return False
        known = {diagnostic.rule.name: diagnostic.rule for diagnostic in wanted}
        coverage = _Coverage(directives(after, self.syntax), known)
        shifts = _Shifts(changes)
        for diagnostic in wanted:
            offsets = [diagnostic.location.span[0], *self.reading.further(diagnostic)]
            lines = {after.position(shifts.moved(offset))[0] for offset in offsets}
            covering = [directive for line in lines for directive in coverage.lines.get(line, ())]
            if not any(coverage.speaks_of(directive, diagnostic.rule.name) for directive in covering):
                return False
        return True


class _Shifts:
    """Where a place is after edits that do not touch what stands there."""

    def __init__(self, edits: list[Edit]) -> None:
        edits = sorted(edits, key=lambda edit: edit.start)
        self.starts = [edit.start for edit in edits]
        self.sums = [0]
        for edit in edits:
            self.sums.append(self.sums[-1] + len(edit.text) - (edit.end - edit.start))

    def moved(self, offset: int) -> int:
        return offset + self.sums[bisect_left(self.starts, offset + 1)]


# ---------------------------------------------------------------- entries of the configuration


class Entry:
    """Findings that the configuration suppresses: rules by name or pattern, at a place by its JSON pointer.

    A step `*` stands for any index or name, and `**` at the end for everything below. Raises ValueError
    for what is no pointer.
    """

    __slots__ = ("pointer", "reason", "rules", "steps")

    def __init__(self, pointer: str, rules: Collection[str], reason: str = "") -> None:
        if pointer and not pointer.startswith("/"):
            raise ValueError(f"{shown(pointer)} is no JSON pointer: it begins with '/'")
        self.pointer = pointer
        self.rules = rules
        self.reason = reason
        self.steps = pointer.split("/")
        if "**" in self.steps[:-1]:
            raise ValueError(f"{shown(pointer)} has '**' before its end")

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether the diagnostic is one of those."""
        name = diagnostic.rule.name
        if name in LASTING or not any(_matching(pattern, (name,)) for pattern in self.rules):
            return False
        steps = diagnostic.location.pointer.split("/")
        sought = self.steps
        if sought[-1] == "**":
            if len(steps) < len(sought):
                return False
            sought = sought[:-1]
        elif len(steps) != len(sought):
            return False
        return all(want in ("*", step) for want, step in zip(sought, steps, strict=False))


def by_pointer(
    diagnostics: Iterable[Diagnostic], entries: Iterable[Entry]
) -> tuple[list[Diagnostic], int, list[Entry]]:
    """The diagnostics that no entry suppresses, the number of the others, and the entries without any."""
    unused = dict.fromkeys(entries)
    entries = list(unused)
    kept = []
    suppressed = 0
    for diagnostic in diagnostics:
        covering = [entry for entry in entries if entry.covers(diagnostic)]
        for entry in covering:
            unused.pop(entry, None)
        if covering:
            suppressed += 1
        else:
            kept.append(diagnostic)
    return kept, suppressed, list(unused)
