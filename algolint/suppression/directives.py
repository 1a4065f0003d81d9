"""Finding and parsing the directives in comments."""

from __future__ import annotations

import re
from bisect import bisect_left

from algolint import limits
from algolint.fixes.embedding import Embedding
from algolint.messages import meant, shown
from algolint.syntaxes import syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.source import Source, Span
    from algolint.syntaxes import Comment

#: The mark of every directive.
MARK = "algolint:"
_KINDS = ("ignore", "ignore-file", "off", "on")


# The patterns of this module are compiled where they are used, because few files have directives.


class RulePattern:
    """A rule's name, or a pattern of names, in a directive."""

    __slots__ = ("span", "text", "used")

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span
        self.used = False


class Directive:
    """A directive in a comment.

    `span` is the span of the directive with its reason, `comment` that of the whole comment. `error` says why
    the directive is invalid, and is empty otherwise. `names` is empty if all rules are meant. `target` is the
    line whose findings an `ignore` covers, or 0 if no line follows.
    """

    __slots__ = ("comment", "error", "kind", "line", "names", "own_line", "span", "target", "used")

    def __init__(self, source: Source, comment: Span, span: Span, entries: _Entries) -> None:
        text = source.text
        self.comment = comment
        self.span = span
        self.line = source.position(span[0])[0]
        last = source.position(comment[1])[0]
        before = text[source.line_span(source.position(comment[0])[0])[0] : comment[0]]
        # In YAML some characters end a comment that are not line breaks in an editor.
        self.own_line = not (before + text[comment[1] : source.line_span(last)[1]]).strip(" \t")
        self.used = False
        self.kind, self.names, self.error = _read_directive(text, span)
        self.target = self.line
        if self.own_line and self.kind == "ignore":
            self.target = entries.after(last)

    def __repr__(self) -> str:
        return f"<{self.kind}[{', '.join(name.text for name in self.names)}] on line {self.line}>"


def text_of(source: Source) -> Embedding:
    """Return the text of a file in which comments are found. Raises `SourceSyntaxError`."""
    embedding = syntax_of(source).embedding
    return Embedding(source) if embedding is None else embedding(source)


def directives(source: Source, text: Embedding | None = None) -> list[Directive]:
    """Return the directives in a file's comments, in order; the last one may report that there are too many.

    `text` is the result of `text_of`, to which the directives' offsets and lines refer.
    """
    find_comments = syntax_of(source).comments
    if find_comments is None:
        return []
    program = (text or text_of(source)).text
    comments = find_comments(program)
    entries = _Entries(program, comments)
    found = (
        Directive(program, (start, end), span, entries)
        for start, end, text in comments
        if MARK in text
        for span in _directive_spans(text, start)
    )
    return list(_limited(found))


def _limited(found: Iterable[Directive]) -> Iterator[Directive]:
    """Yield the directives within the limits, and the first one beyond them with an error."""
    names_left = limits.MAX_DIRECTIVE_NAMES
    for count, directive in enumerate(found):
        names_left -= len(directive.names)
        many = f"{limits.MAX_DIRECTIVES:,} suppression comments" if count == limits.MAX_DIRECTIVES else ""
        if names_left < 0:
            many = f"{limits.MAX_DIRECTIVE_NAMES:,} rule names in suppression comments"
        if many:
            directive.names = []
            directive.error = f"more than {many}; this one and those below have no effect"
        yield directive
        if many:
            return


_DIRECTIVE = rf"(?:^//+|(?:^|(?<=[ \t]))#+)[ \t]*{MARK}"
# In a block comment each line may have a directive.
_IN_BLOCK = rf"(?m)^(?:/\*+|[ \t]*\**)[ \t]*({MARK}.*?)[ \t]*(?:\*/\Z|\r?$)"
# A comment may go on after a directive, with another one or with text that is not its reason.
_NEXT_COMMENT = rf"(?<=[ \t])#+(?=[ \t]*(?:[ \t]|$|{MARK}))"
_BODY = r"[ \t]*([\w-]*)[ \t]*(\[)?"


def _directive_spans(comment: str, offset: int) -> Iterator[Span]:
    if comment.startswith("/*"):
        for match in re.finditer(_IN_BLOCK, comment):
            yield offset + match.start(1), offset + match.end(1)
        return
    for match in re.finditer(_DIRECTIVE, comment):
        following = re.compile(_NEXT_COMMENT).search(comment, match.end())
        end = following.start() if following else len(comment)
        yield offset + match.start(), offset + len(comment[:end].rstrip())


def _read_directive(text: str, span: Span) -> tuple[str, list[RulePattern], str]:
    """Return the kind, names and error of a directive."""
    start = text.index(MARK, *span) + len(MARK)
    body = text[start : span[1]]
    match = re.match(_BODY, body)
    kind = match[1] if match else ""
    if kind not in _KINDS:
        hint = meant(kind.casefold(), _KINDS) or "; write ignore[rule], ignore-file[rule], off or on"
        what = f"{shown(kind)} is not a directive" if kind else f"no directive follows '{MARK}'"
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
            names.append(RulePattern(name, (begin, begin + len(name))))
        at += len(part) + 1
    spaced = next((name.text for name in names if " " in name.text or "\t" in name.text), None)
    if spaced is not None:
        return kind, [], f"{shown(spaced)} is not a rule name; put commas between rules"
    return kind, names, "" if names else f"{shown(kind)} names no rule between its brackets"


_MARKER = r"(?:---|\.\.\.)?[ \t]*$|%"


class _Entries:
    """Finds the entry below each comment. Comments have to be given in order."""

    def __init__(self, source: Source, comments: list[Comment]) -> None:
        self._source = source
        self._comments = comments
        self._ends = [end for _, end, _ in comments]
        self._last = 0, 0

    def after(self, line: int) -> int:
        """Return the first line below that is not blank, a comment or a document marker, or 0."""
        above, target = self._last
        end = len(self._source.line_starts()) + 1
        if not above <= line < target:
            marker = re.compile(_MARKER)
            numbers = range(line + 1, end)
            target = next((n for n in numbers if not marker.match(self._without_comments(n))), end)
            self._last = line, target
        return target if target < end else 0

    def _without_comments(self, line: int) -> str:
        """Return a line without its comments."""
        at, end = self._source.line_span(line)
        pieces = []
        for number in range(bisect_left(self._ends, at + 1), len(self._comments)):
            start, stop, _ = self._comments[number]
            if start >= end:
                break
            pieces.append(self._source.text[at:start])
            at = max(at, min(stop, end))
        return "".join(pieces) + self._source.text[at:end]
