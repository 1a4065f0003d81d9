"""Deciding which directives cover a finding, and recording which of them did."""

from __future__ import annotations

from bisect import bisect_left

from algolint.spec.structural_rules import invalid_syntax, malformed_suppression, unused_suppression
from algolint.suppression.directives import text_of
from algolint.syntaxes import read
from algolint.values import Undecided

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from algolint.diagnostic import Diagnostic
    from algolint.document import Document
    from algolint.fixes.embedding import Embedding
    from algolint.rule import Rule
    from algolint.source import Source
    from algolint.suppression.directives import Directive

#: The rules that cannot be suppressed.
UNSUPPRESSIBLE = frozenset(rule.name for rule in (invalid_syntax, unused_suppression, malformed_suppression))


class LazyDocuments:
    """The documents of a file, which are only read again if a finding's key or end is needed.

    Lines and offsets refer to the text that has the comments.
    """

    def __init__(self, source: Source, text: Embedding | None = None) -> None:
        self.source = source
        self.text = text or text_of(source)
        self._documents: list[Document] | None = None
        self._beginnings: list[tuple[int, int]] = []
        self._by_index: dict[int, Document] = {}

    def all(self) -> list[Document]:
        """Return the documents. Raises `SourceSyntaxError`."""
        if self._documents is None:
            self._documents = read(self.source)
        return self._documents

    def index_at(self, offset: int) -> int:
        """Return the index of the last document that begins before an offset, or of the first one."""
        if not self._beginnings:
            self._beginnings = sorted(
                (self.text.offset(d.locate((), key=True)[0]), d.index) for d in self.all()
            )
        after = bisect_left(self._beginnings, (offset + 1, 0))
        return self._beginnings[max(after - 1, 0)][1] if self._beginnings else 0

    def further(self, diagnostic: Diagnostic) -> list[int]:
        """Return the other offsets at which a diagnostic is covered: those of its key and a text's end.

        In a shell script, that of its statement is another one.
        """
        location = diagnostic.location
        if not self._by_index:
            self._by_index = {document.index: document for document in self.all()}
        document = self._by_index.get(diagnostic.document)
        if document is None:
            return []
        offset = self.text.offset
        offsets = [offset(at) for at in document.further_offsets(location.path)]
        if location.is_key:
            return offsets
        if location.path:
            offsets.append(offset(document.locate(location.path, key=True)[0]))
        value = document.spec
        for step in location.path:
            try:
                value = value[step]
            except (LookupError, TypeError, Undecided):
                # It is in a branch of a condition.
                return offsets
        if isinstance(value, str):
            offsets.append(offset(location.span[1]))
        return offsets

    def further_lines(self, diagnostic: Diagnostic) -> list[int]:
        """Return the lines of the offsets that `further` returns."""
        return [self.text.text.position(offset)[0] for offset in self.further(diagnostic)]

    def start(self, diagnostic: Diagnostic) -> int:
        """Return the offset at which a diagnostic starts."""
        return self.text.offset(diagnostic.location.span[0])

    def line(self, diagnostic: Diagnostic) -> int:
        """Return the line on which a diagnostic starts."""
        return self.text.text.position(self.start(diagnostic))[0]


class Coverage:
    """Finds the directives that cover a diagnostic, and marks them and their names as used."""

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
        self.switches = sorted((d for d in sound if d.kind in ("off", "on")), key=lambda d: d.span)
        self._at_line: dict[tuple[int, str], bool] = {}
        self._in_file: dict[str, bool] = {}
        self._off: dict[tuple[int, str], bool] = {}
        self._switched: dict[str, _Switched] = {}
        at_lines = (name.text for ds in self.lines.values() for d in ds for name in d.names)
        #: The rules named by `ignore` directives.
        self._at_lines = frozenset().union(*map(self.meaning, at_lines))

    def meaning(self, pattern: str) -> frozenset[str]:
        """Return the rules that a name or pattern matches."""
        rules = self._meanings.get(pattern)
        if rules is None:
            rules = frozenset(self.known[name].name for name in matching(pattern, self.known))
            self._meanings[pattern] = rules
        return rules

    def suppress(self, diagnostic: Diagnostic, documents: LazyDocuments) -> bool:
        """Mark the directives that cover a diagnostic as used, and return whether there are any."""
        rule = diagnostic.rule.name
        if rule in UNSUPPRESSIBLE:
            return False
        line = documents.line(diagnostic)
        at_line = self._use_at(line, rule)
        if not at_line and rule in self._at_lines:
            for further in set(documents.further_lines(diagnostic)):
                at_line |= self._use_at(further, rule)
        in_file, is_off = self._use_in_file(rule), self._use_switches(line, rule)
        return in_file or is_off or at_line

    def _use(self, directives: Iterable[Directive], rule: str) -> bool:
        """Mark the directives that name a rule, and their names that do, as used; return whether any does."""
        is_named = False
        for directive in directives:
            if not directive.names:
                directive.used = is_named = True
            for name in directive.names:
                if rule in self.meaning(name.text):
                    name.used = is_named = True
        return is_named

    # Lines and files may have many findings and many directives, so each is marked once for a rule.

    def _use_at(self, line: int, rule: str) -> bool:
        """Use the directives that cover a rule's findings at a line, and return whether there are any."""
        if line not in self.lines:
            return False
        if (line, rule) not in self._at_line:
            self._at_line[line, rule] = self._use(self.lines[line], rule)
        return self._at_line[line, rule]

    def _use_in_file(self, rule: str) -> bool:
        """Use the directives that cover a rule in the whole file, and return whether there are any."""
        if rule not in self._in_file:
            self._in_file[rule] = self._use(self.files, rule)
        return self._in_file[rule]

    def _use_switches(self, line: int, rule: str) -> bool:
        """Use the directives by which a rule is off at a line, and return whether there are any."""
        if not self.switches:
            return False
        if (line, rule) not in self._off:
            if rule not in self._switched:
                self._switched[rule] = _Switched([d for d in self.switches if self.names_rule(d, rule)])
            hits = self._switched[rule].newly_used(line)
            self._use(hits or (), rule)
            self._off[line, rule] = hits is not None
        return self._off[line, rule]

    def names_rule(self, directive: Directive, rule: str) -> bool:
        """Whether a directive names a rule, by its name or by a pattern."""
        return not directive.names or any(rule in self.meaning(name.text) for name in directive.names)

    def mark_ons(self) -> None:
        """Mark each `on` that ends an `off` as used."""
        off: set[str] = set()
        everything = [frozenset(rule.name for rule in self.known.values())]
        for directive in self.switches:
            meanings = [self.meaning(name.text) for name in directive.names] or everything
            if directive.kind == "off":
                off.update(*meanings)
                continue
            directive.used = bool(off)
            for name, rules in zip(directive.names, meanings, strict=False):
                name.used = bool(off & rules)
            off.difference_update(*meanings)


class _Switched:
    """The ranges of lines in which a rule is off, given the directives that switch it, in order."""

    def __init__(self, switches: list[Directive]) -> None:
        self._offs = [directive for directive in switches if directive.kind == "off"]
        # For each `on`, the line where it ends its `off`s, and their range; the last group may have no end.
        self._ends: list[float] = []
        self._groups: list[tuple[int, int]] = []
        count = first = 0
        for directive in switches:
            if directive.kind == "off":
                count += 1
            elif count > first:
                self._ends.append(directive.line)
                self._groups.append((first, count))
                first = count
        if count > first:
            self._ends.append(float("inf"))
            self._groups.append((first, count))
        #: The first `off` in each group that is not yet marked as used.
        self._unused = [first for first, _ in self._groups]

    def newly_used(self, line: int) -> list[Directive] | None:
        """Return the `off`s that cover a line and were not used before, or None if the rule is not off."""
        used: list[Directive] = []
        is_off = False
        for number in range(bisect_left(self._ends, line), len(self._ends)):
            first, end = self._groups[number]
            if self._offs[first].line > line:
                break
            is_off = True
            while self._unused[number] < end and self._offs[self._unused[number]].line <= line:
                used.append(self._offs[self._unused[number]])
                self._unused[number] += 1
        return used if is_off else None


def matching(pattern: str, names: Collection[str]) -> Iterable[str]:
    """Return the names that a name or pattern matches."""
    if pattern in names:
        return (pattern,)
    if "*" not in pattern and "?" not in pattern:
        return ()
    from fnmatch import fnmatchcase

    # Brackets are not part of patterns here, since they delimit the list in a comment.
    glob = pattern.replace("[", "[[]")
    return [name for name in names if fnmatchcase(name, glob)]
