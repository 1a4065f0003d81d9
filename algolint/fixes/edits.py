"""Planning fixes: which text edits make them, which of them fit together, and the proof that they do.

No edit leaves here unproved: the edited text is read again, and must hold the change and nothing but the
change.
"""

from __future__ import annotations

from algolint import limits
from algolint.fixes.edit import EditError, apply, compatible
from algolint.fixes.proof import changed, same
from algolint.rule import Quote
from algolint.source import Source, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    from algolint.diagnostic import Diagnostic
    from algolint.document import Document
    from algolint.fixes.edit import Edit
    from algolint.rule import Fix
    from algolint.syntaxes import Syntax
    from algolint.values import Path

    class Editor(Protocol):
        """Edits a document of one syntax. The methods raise `EditError`."""

        def edits(self, fix: Fix) -> list[Edit]:
            """Return the text edits of a fix, in any order."""

        def token(self, path: Path) -> str:
            """Return a scalar as it is written."""


_MAX_READ = 5_000_000


def limit(source: Source) -> int:
    """Return how many fixes are proved in a text at most."""
    length = len(source.text)
    return _MAX_READ // (length + 1) if length <= limits.MAX_FIXED_LENGTH else 0


def add_edits(
    source: Source, syntax: Syntax, documents: Iterable[Document], diagnostics: Iterable[Diagnostic]
) -> None:
    """Give the diagnostics of a file the edits of their fixes, where these can be made."""
    editor = SourceEditor(source, syntax)
    by_index = {document.index: document for document in documents}
    for diagnostic in diagnostics:
        if diagnostic.fix is not None:
            plan = editor.plan(by_index[diagnostic.document], diagnostic.fix)
            diagnostic.edits = plan.edits if plan is not None else None


class Plan:
    """A fix with the text edits that make it, in order."""

    __slots__ = ("document", "edits", "fix")

    def __init__(self, document: Document, fix: Fix, edits: list[Edit]) -> None:
        self.document = document
        self.fix = fix
        self.edits = edits


class SourceEditor:
    """Plans the fixes of one file."""

    def __init__(self, source: Source, syntax: Syntax) -> None:
        self.source = source
        self.syntax = syntax
        self._left = limit(source)
        self._editors: dict[int, Editor] = {}
        self._specs: dict[int, object] = {}
        self._duplicates = 0

    def plan(self, document: Document, fix: Fix) -> Plan | None:
        """Return the edits of a fix, or None.

        None where the syntax cannot make it safely, and after so many fixes that proving more takes long.
        """
        if fix.edits is not None:
            return Plan(document, fix, fix.edits)
        if not self._left:
            return None
        self._left -= 1
        home = document.home(fix)
        if home is None:
            return None
        document, fix = home
        text = self.source.text
        try:
            written = self._editor(document).edits(fix)
        except EditError:
            return None
        edits = [edit for edit in written if text[edit.start : edit.end] != edit.text]
        edits.sort(key=lambda edit: (edit.start, edit.end))
        plan = Plan(document, fix, edits)
        return plan if self._proved([plan]) is not None else None

    def plans(self, fixes: Iterable[tuple[Document, Fix]]) -> list[Plan]:
        """Return the plans of the fixes that can be made and change something."""
        plans = (self.plan(document, fix) for document, fix in fixes)
        return [plan for plan in plans if plan is not None and plan.edits]

    def combined(self, plans: Iterable[Plan]) -> tuple[str, int]:
        """Return the text with as many fixes as do not overlap, and how many those were.

        Of two that overlap, the first in the text is made; equal edits count once.
        """
        chosen: list[Plan] = []
        for plan in sorted(plans, key=lambda plan: plan.edits[0].start):
            if all(plan.edits != other.edits and compatible(plan.edits, other.edits) for other in chosen):
                chosen.append(plan)
        text = self._proved(chosen)
        if text is not None:
            return text, len(chosen)
        # Each is sound alone, but two of them are not (both entries of a block removed leave nothing).
        text = self.source.text
        kept: list[Plan] = []
        for plan in chosen:
            attempt = self._proved([*kept, plan])
            if attempt is not None:
                text = attempt
                kept.append(plan)
        return text, len(kept)

    def _editor(self, document: Document) -> Editor:
        if document.index not in self._editors:
            if self.syntax.editor is None:
                raise EditError(self.syntax)
            self._editors[document.index] = self.syntax.editor(document)
        return self._editors[document.index]

    def _proved(self, plans: list[Plan]) -> str | None:
        """Return the text with fixes made, or None where it does not read as just their changes."""
        text = apply(self.source.text, [edit for plan in plans for edit in plan.edits])
        plans = [plan for plan in plans if plan.fix.edits is None]
        if not plans:
            return text
        try:
            if not self._specs:
                documents = self.syntax.read(self.source)
                self._specs = {document.index: document.spec for document in documents}
                self._duplicates = _duplicates(documents)
            expected = dict(self._specs)
            # From the end of the text, so that no removal shifts the index of a later change.
            for plan in sorted(plans, key=lambda plan: -plan.edits[0].start if plan.edits else 0):
                index = plan.document.index
                token = (
                    self._editor(plan.document).token(plan.fix.path) if isinstance(plan.fix, Quote) else ""
                )
                expected[index] = changed(expected[index], plan.fix, token)
            documents = self.syntax.read(Source(self.source.name, text))
        except (SourceSyntaxError, EditError):
            return None
        found = {document.index: document.spec for document in documents}
        if found.keys() != expected.keys() or not all(same(found[index], expected[index]) for index in found):
            return None
        return text if _duplicates(documents) <= self._duplicates else None


def _duplicates(documents: Iterable[Document]) -> int:
    """Return the number of duplicate keys."""
    return sum(len(document.faults) for document in documents)
