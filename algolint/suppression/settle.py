"""Suppressing the findings that a file's comments cover, and reporting unused and malformed comments."""

from __future__ import annotations

import re

from algolint import limits
from algolint.diagnostic import Diagnostic, Location, fingerprint_of
from algolint.fixes.edit import EditError, apply
from algolint.messages import meant, shown
from algolint.rule import Fix, is_of_comparison, is_of_jobs
from algolint.source import Source, SourceSyntaxError
from algolint.spec.structural_rules import invalid_syntax, malformed_suppression, unused_suppression
from algolint.suppression.coverage import UNSUPPRESSIBLE, Coverage, LazyDocuments
from algolint.suppression.directives import MARK, directives, text_of
from algolint.suppression.writing import reads_as, removal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from algolint.fixes.edit import Edit
    from algolint.linting.linter import Selection
    from algolint.rule import Rule
    from algolint.source import Span
    from algolint.suppression.directives import Directive, RulePattern


class RemoveComment(Fix):
    """A fix that removes a comment, or a rule in it; it changes no value and has edits of its own."""

    __slots__ = ("edits",)

    def __init__(self, title: str, edits: list[Edit]) -> None:
        super().__init__((), title, True)
        self.edits = edits


class Settled:
    """The remaining findings of a file, and how many its comments suppressed.

    `unproved` counts the comments without a fix because proving it would take too long.
    """

    __slots__ = ("kept", "suppressed", "unproved")

    def __init__(self, kept: list[Diagnostic], suppressed: int, unproved: int = 0) -> None:
        self.kept = kept
        self.suppressed = suppressed
        self.unproved = unproved


def settle(
    source: Source,
    diagnostics: list[Diagnostic],
    selection: Selection,
    known: Mapping[str, Rule],
    has_packs: bool = True,
) -> Settled:
    """Return the diagnostics of a file that its comments do not suppress, with those about the comments.

    `known` has all rules by name, whether selected or not, and those of packs if `has_packs`. For a text
    without directives this is one search.
    """
    if MARK not in source.text:
        return Settled(diagnostics, 0)
    limits.begin(source)
    if any(diagnostic.rule is invalid_syntax for diagnostic in diagnostics):
        return Settled(diagnostics, 0)
    try:
        text = text_of(source)
        found = directives(source, text)
        if not found:
            return Settled(diagnostics, 0)
        documents = LazyDocuments(source, text)
        coverage = Coverage(found, known)
        kept = [diagnostic for diagnostic in diagnostics if not coverage.suppress(diagnostic, documents)]
        review = _Review(source, coverage, selection, known, documents, has_packs)
        about = review.diagnostics()
    except SourceSyntaxError:
        # The text is not valid, but invalid-syntax is not selected.
        return Settled(diagnostics, 0)
    suppressed = len(diagnostics) - len(kept)
    if about:
        kept += about
        kept.sort(key=lambda d: (d.location.span, d.rule.name, d.message))
    return Settled(kept, suppressed, review.unproved)


def fully_enabled(rules: Iterable[Rule], selection: Selection) -> frozenset[str]:
    """Return the names of the rules that are enabled at every severity, with no finding hidden."""
    return frozenset(
        rule.name
        for rule in rules
        if all(selection.level(rule, level) is not None for level in (rule.severity, *rule.also))
    )


class _Review:
    """Reports directives that are malformed, and names in directives that suppressed nothing."""

    def __init__(
        self,
        source: Source,
        coverage: Coverage,
        selection: Selection,
        known: Mapping[str, Rule],
        documents: LazyDocuments,
        has_packs: bool,
    ) -> None:
        self.source = source
        self.coverage = coverage
        self.selection = selection
        self.known = known
        self.documents = documents
        self.has_packs = has_packs
        #: The text that the comments are in.
        self.text = documents.text
        self.enabled = fully_enabled(known.values(), selection)
        self._keeps = re.search(_KEEPS_BLANK_LINES, source.text) is not None
        self._specs: dict[int, object] = {}
        #: How many characters may still be read to prove removals.
        self._left = limits.MAX_PROVED_LENGTH
        self.unproved = 0

    def diagnostics(self) -> list[Diagnostic]:
        """Return the diagnostics about the comments whose rules are selected."""
        self.coverage.mark_ons()
        about: list[Diagnostic] = []
        # A malformed directive may be the `off` of an `on`.
        unread = any(directive.error for directive in self.coverage.directives)
        for directive in self.coverage.directives:
            if directive.error:
                about += self._reported(malformed_suppression, directive, directive.span, directive.error)
            elif directive.kind != "on" or not unread:
                about += self._unused(directive)
        return about

    def _unused(self, directive: Directive) -> Iterator[Diagnostic]:
        if self.selection.level(unused_suppression, unused_suppression.severity) is None:
            return
        if not directive.names:
            everything = self.known.keys() - UNSUPPRESSIBLE
            if not directive.used and (directive.kind == "on" or everything <= self.enabled):
                message = self._nothing("every rule", directive)
                edits = self._checked(removal(self.text.text, directive))
                yield from self._reported(unused_suppression, directive, directive.span, message, edits)
            return
        errors = [self._error(name, directive) for name in directive.names]
        unused = {i: error for i, error in enumerate(errors) if error}
        if unused:
            edits = self._checked(removal(self.text.text, directive, unused))
            for i, message in unused.items():
                yield from self._reported(
                    unused_suppression, directive, directive.names[i].span, message, edits
                )

    def _error(self, name: RulePattern, directive: Directive) -> str:
        """Return why a name should not be in a directive, or an empty string."""
        if name.text in UNSUPPRESSIBLE:
            return f"{shown(name.text)} cannot be suppressed"
        rules = self.coverage.meaning(name.text) - UNSUPPRESSIBLE
        is_of_job = is_of_jobs(name.text) and not any(map(is_of_jobs, self.known))
        is_of_pack = "/" in name.text and not self.has_packs
        if not rules and (is_of_job or is_of_pack or is_of_comparison(name.text)):
            # The rule belongs to another command, or is not loaded, so its findings are not known here.
            return ""
        if not rules:
            return f"there is no rule {shown(name.text)}{meant(name.text, self.known)}"
        if name.used or (directive.kind != "on" and not rules <= self.enabled):
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
        cell = self.text.cell_at(self.text.text.line_span(directive.target)[0])
        where = f"line {directive.target}" if cell is None else f"line {cell[1]} of cell {cell[0]}"
        return f"{what} has nothing to suppress on {where}"

    def _checked(self, edit: Edit) -> list[Edit] | None:
        """Return the edits of the file for an edit of the text, or None if they would change a value.

        Removing a comment can only change a block scalar that keeps the blank lines after it.
        """
        try:
            edits = self.text.edits([edit])
        except EditError:
            return None
        if self._keeps:
            self._left -= self.source.work
            if self._left < 0:
                self.unproved += 1
                return None
            self._specs = self._specs or {document.index: document.spec for document in self.documents.all()}
            if not reads_as(Source(self.source.name, apply(self.source.text, edits)), self._specs):
                return None
        return edits

    def _reported(
        self, rule: Rule, directive: Directive, span: Span, message: str, edits: list[Edit] | None = None
    ) -> Iterator[Diagnostic]:
        level = self.selection.level(rule, rule.severity)
        if level is None:
            return
        source, text = self.source, self.text
        partly = edits is not None and any(edit.text for edit in edits)
        title = "remove it from the comment" if partly else "delete the comment"
        fix = RemoveComment(title, edits) if edits else None
        location = Location(source, text.span(span), (), False, message, text.cell_at(span[0]))
        covered = directive.target or directive.line
        index = self.documents.index_at(text.text.line_span(covered)[1])
        words = " ".join(text.text.text[slice(*directive.span)][:_MAX_HASHED].split())
        known = f"{words}\0{text.text.text[slice(*span)]}"
        fingerprint = fingerprint_of(rule.name, (), known, source)
        yield Diagnostic(
            rule, level, location, source, document=index, fix=fix, edits=edits, fingerprint=fingerprint
        )


# How many characters of a directive are part of the fingerprints.
_MAX_HASHED = 4000
# The header of a block scalar that keeps the blank lines after it.
_KEEPS_BLANK_LINES = r"[|>][1-9]?\+"
