"""Taking suppression comments out of a text, and putting them in."""

from __future__ import annotations

import re
from bisect import bisect_left

from algolint.fixes.edit import Edit, apply
from algolint.fixes.proof import same
from algolint.source import Source, SourceSyntaxError
from algolint.spec.structural_rules import invalid_syntax
from algolint.suppression.coverage import UNSUPPRESSIBLE, Coverage, LazyDocuments
from algolint.suppression.directives import MARK, directives
from algolint.syntaxes import YAML, read, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from algolint.diagnostic import Diagnostic
    from algolint.suppression.directives import Directive


def reads_as(source: Source, specs: dict[int, object]) -> bool:
    """Whether a text is read as these specs, by the numbers of the documents."""
    try:
        found = {document.index: document.spec for document in read(source)}
    except SourceSyntaxError:
        return False
    return found.keys() == specs.keys() and all(same(found[index], specs[index]) for index in found)


def removal(source: Source, directive: Directive, unused: Collection[int] = ()) -> Edit:
    """Return the edit that removes a directive, or only its unused names where others remain."""
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
        return _removed_line(source, directive.line)
    line_start = source.line_starts()[directive.line - 1]
    return Edit(line_start + len(text[line_start:start].rstrip()), comment_end, "")


def _removed_line(source: Source, number: int) -> Edit:
    """Return the removal of a line, and of the blank lines that would be left over."""
    text = source.text
    last = len(source.line_starts())
    above, below = number, number + 1
    while above > 1 and not source.raw_line(above - 1).strip():
        above -= 1
    while below <= last and not source.raw_line(below).strip():
        below += 1
    start, end = source.line_span(number)[0], source.line_span(number + 1)[0]
    if below > last:
        # What remains ends as the text did: with or without a line break.
        if above > 1:
            start = source.line_span(above)[0]
        if start and not text.endswith(("\n", "\r")):
            start = source.line_span(above - 1)[1]
    elif above == 1 or above < number:
        end = source.line_span(below)[0]
    return Edit(start, end, "")


def add_ignores(source: Source, diagnostics: Collection[Diagnostic]) -> str | None:
    """Return the text with comments that suppress these diagnostics, all of this file.

    None where that cannot be done without changing a value. Diagnostics that nothing suppresses are
    skipped; a text that cannot be read gets no comments. As `Source.text`, the text has no byte order mark.
    """
    wanted = [diagnostic for diagnostic in diagnostics if diagnostic.rule.name not in UNSUPPRESSIBLE]
    if syntax_of(source) is not YAML or any(d.rule is invalid_syntax for d in diagnostics):
        return None
    if not wanted:
        return source.text
    try:
        return _CommentWriter(source).text(wanted)
    except SourceSyntaxError:
        return None


class _CommentWriter:
    """Writes comments where a text has room for them."""

    def __init__(self, source: Source) -> None:
        from algolint.readers.yaml_comments import comments_and_scalars

        self.source = source
        self.documents = LazyDocuments(source)
        _, self.scalars = comments_and_scalars(source.text)
        self.scalar_starts = [start for start, _ in self.scalars]
        #: The directive to extend for each line.
        self.extensible: dict[int, Directive] = {}
        for directive in directives(source):
            if directive.kind == "ignore" and not directive.error:
                self.extensible.setdefault(directive.target, directive)

    def text(self, wanted: list[Diagnostic]) -> str | None:
        """Return the text with the comments, or None where one has no room or a value would change."""
        names: dict[int, set[str]] = {}
        for diagnostic in wanted:
            line = self._line_for(diagnostic)
            if line is None:
                return None
            names.setdefault(line, set()).add(diagnostic.rule.name)
        changes = [self._edit(line, sorted(rules)) for line, rules in names.items()]
        text = apply(self.source.text, changes)
        return text if self._proved(text, changes, wanted) else None

    def _line_for(self, diagnostic: Diagnostic) -> int | None:
        """Return the first line on which the diagnostic is covered that has room for a comment."""
        lines = [diagnostic.location.line, *self.documents.further_lines(diagnostic)]
        return next((line for line in lines if self._has_room(line)), None)

    def _has_room(self, line: int) -> bool:
        return line in self.extensible or self._ends_free(line) or self._begins_free(line)

    def _is_inside(self, offset: int) -> bool:
        """Whether an offset is within a scalar, where a # would be text."""
        i = bisect_left(self.scalar_starts, offset) - 1
        return i >= 0 and offset < self.scalars[i][1]

    def _ends_free(self, line: int) -> bool:
        return not self._is_inside(self.source.line_span(line)[1])

    def _begins_free(self, line: int) -> bool:
        return not self._is_inside(self.source.line_span(line)[0])

    def _edit(self, line: int, rules: list[str]) -> Edit:
        directive = self.extensible.get(line)
        if directive is not None:
            named = {name.text for name in directive.names}
            at = directive.names[-1].span[1]
            return Edit(at, at, "".join(f", {rule}" for rule in rules if rule not in named))
        comment = f"# {MARK} ignore[{', '.join(rules)}]"
        start, end = self.source.line_span(line)
        content = self.source.raw_line(line)
        if self._ends_free(line):
            # Two spaces, as yamllint asks for.
            return Edit(start + len(content.rstrip(" \t")), end, f"  {comment}")
        indent = content[: len(content) - len(content.lstrip(" \t"))]
        return Edit(start, start, f"{indent}{comment}{self._line_break()}")

    def _line_break(self) -> str:
        end = re.search(r"\r\n|\n|\r", self.source.text)
        return end[0] if end else "\n"

    def _proved(self, text: str, changes: list[Edit], wanted: list[Diagnostic]) -> bool:
        """Whether the text has the values it had, and each diagnostic is covered on its new line."""
        after = Source(self.source.name, text)
        if not reads_as(after, {document.index: document.spec for document in self.documents.all()}):
            return False
        known = {diagnostic.rule.name: diagnostic.rule for diagnostic in wanted}
        coverage = Coverage(directives(after), known)
        shifts = _Shifts(changes)
        for diagnostic in wanted:
            offsets = [diagnostic.location.span[0], *self.documents.further(diagnostic)]
            lines = {after.position(shifts.moved(offset))[0] for offset in offsets}
            covering = [directive for line in lines for directive in coverage.lines.get(line, ())]
            if not any(coverage.names_rule(directive, diagnostic.rule.name) for directive in covering):
                return False
        return True


class _Shifts:
    """Moves offsets by edits of other parts of the text."""

    def __init__(self, edits: list[Edit]) -> None:
        edits = sorted(edits, key=lambda edit: edit.start)
        self.starts = [edit.start for edit in edits]
        self.sums = [0]
        for edit in edits:
            self.sums.append(self.sums[-1] + len(edit.text) - (edit.end - edit.start))

    def moved(self, offset: int) -> int:
        return offset + self.sums[bisect_left(self.starts, offset + 1)]
