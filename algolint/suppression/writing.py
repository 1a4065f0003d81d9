"""Removing suppression comments from a text, and adding them."""

from __future__ import annotations

import re
from bisect import bisect_left

from algolint.fixes.edit import Edit, EditError, apply
from algolint.fixes.proof import same
from algolint.source import Source, SourceSyntaxError
from algolint.spec.structural_rules import invalid_syntax
from algolint.suppression.coverage import UNSUPPRESSIBLE, Coverage, LazyDocuments
from algolint.suppression.directives import MARK, directives, text_of
from algolint.syntaxes import read, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from algolint.diagnostic import Diagnostic
    from algolint.suppression.directives import Directive


def reads_as(source: Source, specs: dict[int, object]) -> bool:
    """Whether a text has exactly these specs, given by the index of the document."""
    try:
        found = {document.index: document.spec for document in read(source)}
    except SourceSyntaxError:
        return False
    return found.keys() == specs.keys() and all(same(found[index], specs[index]) for index in found)


def removal(source: Source, directive: Directive, unused: Collection[int] = ()) -> Edit:
    """Return the edit that removes a directive, or only its unused names if others remain."""
    names = directive.names
    remaining = [name.text for i, name in enumerate(names) if i not in unused]
    if unused and remaining:
        comma = source.text[names[0].span[1] : names[1].span[0]]
        return Edit(names[0].span[0], names[-1].span[1], comma.join(remaining))
    text = source.text
    start, end = directive.span
    comment_start, comment_end = directive.comment
    is_block = text.startswith("/*", comment_start)
    first, last = comment_start, comment_end
    if is_block:
        # The delimiters of a comment do not count as its text.
        while first < start and text[first] in "/*":
            first += 1
        last -= 2 if text.endswith("*/", end, last) else 0
    # A comment may have a megabyte and a thousand directives, so the text around one is not copied.
    something = re.compile(r"\S")
    after = something.search(text, end, last)
    if something.search(text, first, start):
        return Edit(_end_of_text(text, comment_start, start), end if after else last, "")
    if after:
        return Edit(start, after.start(), "")
    if directive.own_line:
        return _removed_lines(source, source.position(comment_start)[0], source.position(comment_end)[0])
    rest = text[comment_end : source.line_span(source.position(comment_end)[0])[1]]
    if is_block and rest.strip():
        return Edit(comment_start, comment_end + len(rest) - len(rest.lstrip(" \t")), "")
    line_start = source.line_span(source.position(comment_start)[0])[0]
    return Edit(line_start + len(text[line_start:comment_start].rstrip()), comment_end, "")


def _end_of_text(text: str, start: int, end: int) -> int:
    """Return the end of a span without the white space at its end."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _removed_lines(source: Source, first: int, last: int) -> Edit:
    """Return the edit that removes lines, and blank lines that would be left over."""
    text = source.text
    end_line = len(source.line_starts())
    above, below = first, last + 1
    while above > 1 and not source.raw_line(above - 1).strip():
        above -= 1
    while below <= end_line and not source.raw_line(below).strip():
        below += 1
    start, end = source.line_span(first)[0], source.line_span(last + 1)[0]
    if below > end_line:
        # The text must end as it did before: with or without a line break.
        if above > 1:
            start = source.line_span(above)[0]
        if start and not text.endswith(("\n", "\r")):
            start = source.line_span(above - 1)[1]
    elif above == 1 or above < first:
        end = source.line_span(below)[0]
    return Edit(start, end, "")


def add_ignores(
    source: Source, diagnostics: Collection[Diagnostic], reason: str = ""
) -> tuple[str, list[Diagnostic]]:
    """Return the text with comments that suppress a file's diagnostics, and those without room for one.

    No comment changes a value. Diagnostics that cannot be suppressed are skipped. Like `Source.text`, the
    result has no byte order mark. `reason` is added after the names of the rules.
    """
    wanted = [diagnostic for diagnostic in diagnostics if diagnostic.rule.name not in UNSUPPRESSIBLE]
    if not wanted or syntax_of(source).strings is None:
        return source.text, wanted
    if any(diagnostic.rule is invalid_syntax for diagnostic in diagnostics):
        return source.text, wanted
    from algolint.fixes.edits import limit

    try:
        return _CommentWriter(source, reason).written(wanted) if limit(source) else (source.text, wanted)
    except SourceSyntaxError:
        return source.text, wanted


def add_file_ignore(source: Source, rule: str, reason: str = "") -> str | None:
    """Return the text with a comment that suppresses a rule in the whole file, or None if not possible."""
    from algolint.fixes.edits import limit

    if rule in UNSUPPRESSIBLE or syntax_of(source).strings is None or not limit(source):
        return None
    try:
        return _CommentWriter(source, reason).with_file_comment(rule)
    except (EditError, SourceSyntaxError):
        return None


class _CommentWriter:
    """Adds comments where a text has room for them."""

    def __init__(self, source: Source, reason: str = "") -> None:
        self.source = source
        self.reason = reason
        self.syntax = syntax_of(source)
        self.documents = LazyDocuments(source)
        self.embedding = self.documents.text
        #: The text to which comments are added.
        self.text = self.embedding.text
        self.specs = {document.index: document.spec for document in self.documents.all()}
        self.strings = self.syntax.strings(self.text) if self.syntax.strings else []
        self.string_starts = [start for start, _ in self.strings]
        #: An existing directive for each line, to which names can be added.
        self.extensible: dict[int, Directive] = {}
        #: How many texts may still be read to prove comments.
        self.attempts = 0
        self.found = directives(source, self.embedding)
        for directive in self.found:
            if directive.kind == "ignore" and not directive.error and directive.names:
                self.extensible.setdefault(directive.target, directive)

    def written(self, wanted: list[Diagnostic]) -> tuple[str, list[Diagnostic]]:
        """Return the text of the file with comments, and the diagnostics that are not suppressed."""
        from algolint.fixes.edits import limit

        self.attempts = limit(self.source)
        with_room = [diagnostic for diagnostic in wanted if self._line_for(diagnostic) is not None]
        text, chosen = self._fitting(self.source.text, [], with_room)
        covered = set(map(id, chosen))
        return text, [diagnostic for diagnostic in wanted if id(diagnostic) not in covered]

    def _fitting(
        self, text: str, chosen: list[Diagnostic], more: list[Diagnostic]
    ) -> tuple[str, list[Diagnostic]]:
        """Return the text with comments for the chosen diagnostics and as many more as possible, and those.

        `text` has the comments for `chosen`. If not all of `more` can be added, each half is tried.
        """
        if not more or not self.attempts:
            return text, chosen
        self.attempts -= 1
        attempt = self._with_comments([*chosen, *more])
        if attempt is not None:
            return attempt, [*chosen, *more]
        if len(more) == 1:
            return text, chosen
        half = len(more) // 2
        text, chosen = self._fitting(text, chosen, more[:half])
        return self._fitting(text, chosen, more[half:])

    def with_file_comment(self, rule: str) -> str | None:
        """Return the text of the file with a comment about a rule; None if a value would change."""
        existing = next((d for d in self.found if d.kind == "ignore-file" and not d.error and d.names), None)
        if existing is not None:
            at = existing.names[-1].span[1]
            change = Edit(at, at, f", {rule}")
        else:
            # After lines that have to come first: the interpreter and the encoding of a program.
            line = 1
            while re.match(r"#!|#.*coding[:=]", self.text.raw_line(line)):
                line += 1
            at = self.text.line_span(line)[0]
            comment = self._comment(f"ignore-file[{rule}]")
            change = Edit(at, at, f"{comment}{self._line_break()}")
        text = apply(self.source.text, self.embedding.edits([change]))
        return text if reads_as(Source(self.source.name, text), self.specs) else None

    def _with_comments(self, wanted: list[Diagnostic]) -> str | None:
        """Return the text of the file with comments, or None if one has no room or a value would change."""
        names: dict[int, set[str]] = {}
        for diagnostic in wanted:
            line = self._line_for(diagnostic)
            if line is None:
                return None
            names.setdefault(line, set()).add(diagnostic.rule.name)
        changes = [self._edit(line, sorted(rules)) for line, rules in names.items()]
        try:
            text = apply(self.source.text, self.embedding.edits(changes))
            return text if self._proved(text, changes, wanted) else None
        except (EditError, SourceSyntaxError):
            return None

    def _line_for(self, diagnostic: Diagnostic) -> int | None:
        """Return the first line with room for a comment that covers the diagnostic, or None."""
        lines = [self.documents.line(diagnostic), *self.documents.further_lines(diagnostic)]
        return next((line for line in lines if self._has_room(line)), None)

    def _has_room(self, line: int) -> bool:
        return line in self.extensible or self._has_room_after(line) or self._has_room_before(line)

    def _is_inside(self, offset: int) -> bool:
        """Whether an offset is inside a string, where a comment would become text."""
        i = bisect_left(self.string_starts, offset) - 1
        return i >= 0 and offset < self.strings[i][1]

    def _has_room_after(self, line: int) -> bool:
        return not self._is_inside(self.text.line_span(line)[1])

    def _has_room_before(self, line: int) -> bool:
        return not self._is_inside(self.text.line_span(line)[0])

    def _edit(self, line: int, rules: list[str]) -> Edit:
        directive = self.extensible.get(line)
        if directive is not None:
            named = {name.text for name in directive.names}
            at = directive.names[-1].span[1]
            return Edit(at, at, "".join(f", {rule}" for rule in rules if rule not in named))
        comment = self._comment(f"ignore[{', '.join(rules)}]")
        start, end = self.text.line_span(line)
        content = self.text.raw_line(line)
        if self._has_room_after(line) and not (self.syntax.comments_above and self._has_room_before(line)):
            # Two spaces, as PEP 8 and yamllint require.
            return Edit(start + len(content.rstrip(" \t")), end, f"  {comment}")
        indent = content[: len(content) - len(content.lstrip(" \t"))]
        return Edit(start, start, f"{indent}{comment}{self._line_break()}")

    def _comment(self, directive: str) -> str:
        return f"{self.syntax.comment_mark} {MARK} {directive} {self.reason}".rstrip()

    def _line_break(self) -> str:
        end = re.search(r"\r\n|\n|\r", self.text.text)
        return end[0] if end else "\n"

    def _proved(self, text: str, changes: list[Edit], wanted: list[Diagnostic]) -> bool:
        """Whether the text has the same values as before, and each diagnostic is covered on its new line."""
        after = Source(self.source.name, text)
        if not reads_as(after, self.specs):
            return False
        embedding = text_of(after)
        if embedding.text.text != apply(self.text.text, changes):
            return False
        known = {diagnostic.rule.name: diagnostic.rule for diagnostic in wanted}
        coverage = Coverage(directives(after, embedding), known)
        shifts = _Shifts(changes)
        for diagnostic in wanted:
            offsets = [self.documents.start(diagnostic), *self.documents.further(diagnostic)]
            lines = {embedding.text.position(shifts.moved(offset))[0] for offset in offsets}
            covering = [directive for line in lines for directive in coverage.lines.get(line, ())]
            if not any(coverage.names_rule(directive, diagnostic.rule.name) for directive in covering):
                return False
        return True


class _Shifts:
    """Shifts offsets by the edits before them."""

    def __init__(self, edits: list[Edit]) -> None:
        edits = sorted(edits, key=lambda edit: edit.start)
        self.starts = [edit.start for edit in edits]
        self.sums = [0]
        for edit in edits:
            self.sums.append(self.sums[-1] + len(edit.text) - (edit.end - edit.start))

    def moved(self, offset: int) -> int:
        return offset + self.sums[bisect_left(self.starts, offset + 1)]
