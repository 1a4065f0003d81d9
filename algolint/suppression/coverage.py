"""Which directives cover a finding, and which of them have suppressed one."""

from __future__ import annotations

from bisect import bisect_left

from algolint.spec.structural_rules import invalid_syntax, malformed_suppression, unused_suppression
from algolint.suppression.directives import text_of
from algolint.syntaxes import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from algolint.diagnostic import Diagnostic
    from algolint.document import Document
    from algolint.fixes.embedding import Embedding
    from algolint.rule import Rule
    from algolint.source import Source, Span
    from algolint.suppression.directives import Directive

#: The rules that nothing suppresses.
UNSUPPRESSIBLE = frozenset(rule.name for rule in (invalid_syntax, unused_suppression, malformed_suppression))


class LazyDocuments:
    """The documents of a file, read again for the first finding whose key or end is needed; few need it.

    Lines and offsets are those of the text that the comments are in.
    """

    def __init__(self, source: Source, text: Embedding | None = None) -> None:
        self.source = source
        self.text = text or text_of(source)
        self._documents: list[Document] | None = None
        self._beginnings: list[tuple[int, int]] = []

    def all(self) -> list[Document]:
        """Return the documents. Raises SourceSyntaxError."""
        if self._documents is None:
            self._documents = read(self.source)
        return self._documents

    def index_at(self, offset: int) -> int:
        """Return the number of the last document that begins before an offset, or of the first one."""
        if not self._beginnings:
            self._beginnings = sorted(
                (self.text.offset(d.locate((), key=True)[0]), d.index) for d in self.all()
            )
        after = bisect_left(self._beginnings, (offset + 1, 0))
        return self._beginnings[max(after - 1, 0)][1] if self._beginnings else 0

    def further(self, diagnostic: Diagnostic) -> list[int]:
        """Return the offsets at which a diagnostic is covered besides its start: its key, a text's end."""
        location = diagnostic.location
        if location.is_key:
            return []
        document = next((d for d in self.all() if d.index == diagnostic.document), None)
        if document is None:
            return []
        offset = self.text.offset
        offsets = [offset(document.locate(location.path, key=True)[0])] if location.path else []
        value = document.spec
        for step in location.path:
            try:
                value = value[step]
            except (LookupError, TypeError):
                return offsets
        if isinstance(value, str):
            offsets.append(offset(location.span[1]))
        return offsets

    def further_lines(self, diagnostic: Diagnostic) -> list[int]:
        """Return the lines of those offsets."""
        return [self.text.text.position(offset)[0] for offset in self.further(diagnostic)]

    def start(self, diagnostic: Diagnostic) -> int:
        """Return the offset at which a diagnostic begins."""
        return self.text.offset(diagnostic.location.span[0])

    def line(self, diagnostic: Diagnostic) -> int:
        """Return the line on which a diagnostic begins."""
        return self.text.text.position(self.start(diagnostic))[0]


class Coverage:
    """Decides which directives cover a diagnostic, and remembers which of their names have covered one."""

    def __init__(self, found: list[Directive], known: Mapping[str, Rule]) -> None:
        self.directives = found
        self.known = known
        self._meanings: dict[str, frozenset[str]] = {}
        sound = [directive for directive in found if not directive.error]
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
        #: The rules that any comment at a line names.
        self._at_lines = frozenset().union(*map(self.meaning, at_lines))

    def meaning(self, pattern: str) -> frozenset[str]:
        """Return the rules that a name or pattern matches."""
        rules = self._meanings.get(pattern)
        if rules is None:
            rules = frozenset(self.known[name].name for name in matching(pattern, self.known))
            self._meanings[pattern] = rules
        return rules

    def suppresses(self, diagnostic: Diagnostic, documents: LazyDocuments) -> bool:
        """Whether a directive covers the diagnostic; those that do are marked as used."""
        rule = diagnostic.rule.name
        if rule in UNSUPPRESSIBLE:
            return False
        line = documents.line(diagnostic)
        at_line = self._used_of(self.lines.get(line, ()), rule)
        if not at_line and rule in self._at_lines:
            further = set(documents.further_lines(diagnostic))
            at_line = self._used_of([d for line in further for d in self.lines.get(line, ())], rule)
        hits = list(self.files)
        hits += [off for off in self.offs if off.line <= line <= self._end(off, rule)]
        return self._used_of(hits, rule) or at_line

    def _used_of(self, hits: Iterable[Directive], rule: str) -> bool:
        """Whether one of the directives names a rule; all that do are marked."""
        return sum(self._uses(directive, rule) for directive in hits) > 0

    def _end(self, off: Directive, rule: str) -> float:
        """Return the last line on which an `off` covers a rule."""
        end = self._ends.get((off.span, rule))
        if end is None:
            later = range(bisect_left(self._on_spans, off.span), len(self.ons))
            ons = (self.ons[i].line for i in later if self.names_rule(self.ons[i], rule))
            end = self._ends[off.span, rule] = next(ons, float("inf"))
        return end

    def names_rule(self, directive: Directive, rule: str) -> bool:
        """Whether a directive names a rule, outright or by a pattern."""
        return not directive.names or any(rule in self.meaning(name.text) for name in directive.names)

    def _uses(self, directive: Directive, rule: str) -> bool:
        """Whether a directive names a rule; its names that do are marked."""
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


def matching(pattern: str, names: Collection[str]) -> Iterable[str]:
    """Return the names that a name or pattern matches."""
    if pattern in names:
        return (pattern,)
    if "*" not in pattern and "?" not in pattern:
        return ()
    from fnmatch import fnmatchcase

    # A bracket is not a pattern here, and ends the list in a comment.
    sought = pattern.replace("[", "[[]")
    return [name for name in names if fnmatchcase(name, sought)]
