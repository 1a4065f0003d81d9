"""Planning fixes: finding the text edits that make them, and proving that the edits are right.

Every edit is proved: the edited text is read again, and its values must differ by exactly the change.
"""

from __future__ import annotations

from bisect import bisect

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
            """Return the text of a scalar, as written."""


def limit(source: Source) -> int:
    """Return how many fixes of a text are proved at most while it is linted."""
    return limits.MAX_PROVED_LENGTH // source.work if len(source.text) <= limits.MAX_FIXED_LENGTH else 0


def add_edits(
    source: Source, syntax: Syntax, documents: Iterable[Document], diagnostics: Iterable[Diagnostic]
) -> int:
    """Add the edits of their fixes to the diagnostics of a file, and drop fixes that cannot be made.

    Return how many were dropped because proving them would take too long.
    """
    editor = SourceEditor(source, syntax)
    by_index = {document.index: document for document in documents}
    fixable = [(diagnostic, diagnostic.fix) for diagnostic in diagnostics if diagnostic.fix is not None]
    plans = editor.plans([(by_index[diagnostic.document], fix, None) for diagnostic, fix in fixable])
    for (diagnostic, _), plan in zip(fixable, plans, strict=True):
        if plan is None:
            diagnostic.fix = None
        else:
            diagnostic.edits = plan.edits
    return editor.unproved


class Budget:
    """How many characters may still be read to prove fixes."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    @property
    def is_spent(self) -> bool:
        """Whether a text could not be read because nothing was left."""
        return self.left < 0

    def take(self, source: Source, times: int = 1) -> bool:
        """Take the cost of reading a text, and return whether enough was left."""
        self.left -= times * source.work
        return self.left >= 0


class Plan:
    """A fix with the text edits that make it, in text order."""

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
        self._fault_count = 0
        #: How many fixes have no plan because proving them would take too long.
        self.unproved = 0

    def plan(self, document: Document, fix: Fix) -> Plan | None:
        """Return the plan of a fix; None if it changes nothing, cannot be made safely or costs too much."""
        return self.plans([(document, fix, None)])[0]

    def plans(self, fixes: list[tuple[Document, Fix, list[Edit] | None]]) -> list[Plan | None]:
        """Return the plan of each fix, as `plan` does, with its edits if an earlier plan has proved them.

        Fixes that do not overlap are proved together: if a text has exactly all their changes, each change
        was made by the edits of its own fix. If that fails, each half of them is proved again.
        """
        plans = [self._written(*fix) for fix in fixes]
        proved = {
            plan
            for plan, (_, _, edits) in zip(plans, fixes, strict=True)
            if plan and (edits or plan.fix.edits)
        }
        left = [plan for plan in plans if plan and plan not in proved]
        while left:
            together = _together(left)
            proved.update(self._prove_each(together))
            chosen = set(together)
            left = [plan for plan in left if plan not in chosen]
        return [plan if plan in proved else None for plan in plans]

    def _written(self, document: Document, fix: Fix, edits: list[Edit] | None) -> Plan | None:
        """Return a plan to be proved, unless `edits` are given or the fix has edits of its own."""
        if fix.edits is not None:
            return Plan(document, fix, fix.edits)
        text = self.source.text
        if len(text) > limits.MAX_FIXED_LENGTH:
            self.unproved += 1
            return None
        home = document.home(fix)
        if home is None:
            return None
        document, fix = home
        if edits is not None:
            return Plan(document, fix, edits)
        try:
            written = self._editor(document).edits(fix)
            # Raises `EditError` if the change is not possible on its own.
            changed(document.spec, fix, self._token(document, fix))
        except (EditError, RecursionError):
            # The value that a rule of a pack gives may be nested without a limit.
            return None
        edits = [edit for edit in written if text[edit.start : edit.end] != edit.text]
        edits.sort(key=lambda edit: (edit.start, edit.end))
        return Plan(document, fix, edits) if edits else None

    def _prove_each(self, plans: list[Plan]) -> list[Plan]:
        """Prove plans that do not overlap, and return those that are sound."""
        if self._prove(plans):
            return plans
        if self._budget.is_spent:
            self.unproved += len(plans)
            return []
        half = len(plans) // 2
        return [*self._prove_each(plans[:half]), *self._prove_each(plans[half:])] if half else []

    def combined(self, plans: Iterable[Plan]) -> tuple[str, list[Plan]]:
        """Return the text with as many fixes made as possible, and their plans.

        Of two fixes that overlap, the first in the text is made; of fixes with equal edits, one.
        """
        chosen = _together(plans)
        # Plans that are sound alone may not be together: removing both entries of a block leaves nothing.
        kept = self._sound_with([], chosen)
        return apply(self.source.text, [edit for plan in kept for edit in plan.edits]), kept

    def _sound_with(self, kept: list[Plan], plans: list[Plan]) -> list[Plan]:
        """Return the kept plans with as many of the others as are sound together with them."""
        if not plans or self._prove([*kept, *plans]):
            return [*kept, *plans]
        if len(plans) == 1:
            return kept
        half = len(plans) // 2
        return self._sound_with(self._sound_with(kept, plans[:half]), plans[half:])

    def _editor(self, document: Document) -> Editor:
        if document.index not in self._editors:
            if self.syntax.editor is None:
                raise EditError(self.syntax)
            self._editors[document.index] = self.syntax.editor(document)
        return self._editors[document.index]

    def _token(self, document: Document, fix: Fix) -> str:
        return self._editor(document).token(fix.path) if isinstance(fix, Quote) else ""

    def _prove(self, plans: list[Plan]) -> bool:
        """Read the text with the fixes made, and return whether it has exactly their changes."""
        changes = [plan for plan in plans if plan.fix.edits is None]
        if not changes:
            return True
        if not self._budget.take(self.source):
            return False
        text = apply(self.source.text, [edit for plan in plans for edit in plan.edits])
        try:
            if not self._specs:
                documents = self.syntax.read(self.source)
                self._specs = {document.index: document.spec for document in documents}
                self._fault_count = _fault_count(documents)
            expected = dict(self._specs)
            # Backwards, so that a removal does not shift the index of a change that is yet to be made.
            for plan in sorted(changes, key=lambda plan: -plan.edits[0].start if plan.edits else 0):
                index = plan.document.index
                token = self._token(plan.document, plan.fix)
                expected[index] = changed(expected[index], plan.fix, token)
            documents = self.syntax.read(Source(self.source.name, text))
        except (SourceSyntaxError, EditError):
            return False
        found = {document.index: document.spec for document in documents}
        if found.keys() != expected.keys() or not all(same(found[index], expected[index]) for index in found):
            return False
        return _fault_count(documents) <= self._fault_count


def _together(plans: Iterable[Plan]) -> list[Plan]:
    """Return plans that do not overlap: of two that do, the first in the text; of equal ones, one."""
    chosen: list[Plan] = []
    taken: list[Edit] = []
    starts: list[int] = []
    for plan in sorted(plans, key=lambda plan: plan.edits[0].start):
        # The taken edits do not overlap, so an edit can only collide with its neighbours.
        places = [bisect(starts, edit.start) for edit in plan.edits]
        if all(
            compatible([edit], taken[max(0, place - 1) : place + 1])
            for edit, place in zip(plan.edits, places, strict=True)
        ):
            chosen.append(plan)
            for edit in plan.edits:
                place = bisect(starts, edit.start)
                starts.insert(place, edit.start)
                taken.insert(place, edit)
    return chosen


def _fault_count(documents: Iterable[Document]) -> int:
    """Return the number of faults that the reader reports, such as duplicate keys."""
    return sum(len(document.faults) for document in documents)
