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


def limit(source: Source) -> int:
    """Return how many fixes are proved in a text at most while it is linted."""
    length = len(source.text)
    return limits.MAX_PROVED_LENGTH // (length + 1) if length <= limits.MAX_FIXED_LENGTH else 0


def add_edits(
    source: Source, syntax: Syntax, documents: Iterable[Document], diagnostics: Iterable[Diagnostic]
) -> int:
    """Give the diagnostics of a file the edits of their fixes, and take away the fixes that have none.

    Return how many have none because to prove them would take too long.
    """
    editor = SourceEditor(source, syntax)
    by_index = {document.index: document for document in documents}
    unproved = 0
    for diagnostic in diagnostics:
        if diagnostic.fix is not None:
            plan = editor.plan(by_index[diagnostic.document], diagnostic.fix)
            if plan is None:
                diagnostic.fix = None
                unproved += editor.is_spent
            else:
                diagnostic.edits = plan.edits
    return unproved


class Budget:
    """How many characters may still be read."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    @property
    def is_spent(self) -> bool:
        """Whether a text was to be read and could not be."""
        return self.left < 0

    def take(self, source: Source, times: int = 1) -> bool:
        """Whether a text may still be read."""
        self.left -= times * (len(source.text) + 1)
        return self.left >= 0


class Plan:
    """A fix with the text edits that make it, in order."""

    __slots__ = ("document", "edits", "fix")

    def __init__(self, document: Document, fix: Fix, edits: list[Edit]) -> None:
        self.document = document
        self.fix = fix
        self.edits = edits


class SourceEditor:
    """Plans the fixes of one file."""

    def __init__(self, source: Source, syntax: Syntax, budget: Budget | None = None) -> None:
        self.source = source
        self.syntax = syntax
        self._budget = budget or Budget(limits.MAX_PROVED_LENGTH)
        self._editors: dict[int, Editor] = {}
        self._specs: dict[int, object] = {}
        self._duplicates = 0

    @property
    def is_spent(self) -> bool:
        """Whether no fix can be proved: the text is too long, or too many fixes were tried."""
        return self._budget.is_spent or len(self.source.text) > limits.MAX_FIXED_LENGTH

    def plan(self, document: Document, fix: Fix, edits: list[Edit] | None = None) -> Plan | None:
        """Return the edits of a fix that change something, or None.

        None where the syntax cannot make it safely, and when the budget is spent. `edits` are those of an
        earlier plan.
        """
        if fix.edits is not None:
            return Plan(document, fix, fix.edits)
        text = self.source.text
        home = document.home(fix) if len(text) <= limits.MAX_FIXED_LENGTH else None
        if home is None:
            return None
        document, fix = home
        if edits is not None:
            return Plan(document, fix, edits)
        try:
            written = self._editor(document).edits(fix)
        except EditError:
            return None
        edits = [edit for edit in written if text[edit.start : edit.end] != edit.text]
        edits.sort(key=lambda edit: (edit.start, edit.end))
        plan = Plan(document, fix, edits)
        return plan if edits and self._proved([plan]) is not None else None

    def combined(self, plans: Iterable[Plan]) -> tuple[str, list[Plan]]:
        """Return the text with as many fixes as do not overlap, and which those are.

        Of two that overlap, the first in the text is made; equal edits count once.
        """
        chosen: list[Plan] = []
        for plan in sorted(plans, key=lambda plan: plan.edits[0].start):
            if all(plan.edits != other.edits and compatible(plan.edits, other.edits) for other in chosen):
                chosen.append(plan)
        text = self._proved(chosen)
        if text is not None:
            return text, chosen
        # Each is sound alone, but two of them are not (both entries of a block removed leave nothing).
        text = self.source.text
        kept: list[Plan] = []
        for plan in chosen:
            attempt = self._proved([*kept, plan])
            if attempt is not None:
                text = attempt
                kept.append(plan)
        return text, kept

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
        if not self._budget.take(self.source):
            return None
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
