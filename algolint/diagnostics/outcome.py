"""What a run found: diagnostics, counts, and what could not be done."""

from __future__ import annotations

from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.aws.model import Model
    from algolint.diagnostics.diagnostic import Diagnostic, Recognised


class Outcome:
    """What a run found; the report is made of it."""

    def __init__(self, model: Model) -> None:
        self.model = model
        #: Those that the report needs all together.
        self.diagnostics: list[Diagnostic] = []
        #: How many there were, by the name of their rule and their severity.
        self.found: dict[tuple[str, str], int] = {}
        #: Files that hold a spec, and their names.
        self.files = 0
        self.names: list[str] = []
        #: How many calls of each rule an unknown value left undecided.
        self.skipped: dict[str, int] = {}
        self.suppressed = 0
        self.baselined = 0
        #: Findings that fixes removed, those that they uncovered, and those that are left where only changes
        #: are reported.
        self.fixed = 0
        self.uncovered = 0
        self.left = 0
        #: How many of the diagnostics have a fix, by whether it is safe.
        self.fixable = {True: 0, False: 0}
        #: Fixes that are not offered, or not made, because to prove them would take too long.
        self.unproved = 0
        #: How many are at or above `fail-on`.
        self.failing = 0
        #: The specs of which a part is not known, or all where they are to be listed.
        self.specs: list[Recognised] = []
        #: (path, message) of what could not be read or failed.
        self.errors: list[tuple[str, str]] = []
        #: What the command adds to the JSON report.
        self.more: dict[str, Any] = {}

    def add(self, diagnostics: list[Diagnostic], keep: bool = True) -> None:
        """Count diagnostics, and keep them with the files they are of unless they have been reported."""
        for diagnostic in diagnostics:
            key = diagnostic.rule.name, diagnostic.severity
            self.found[key] = self.found.get(key, 0) + 1
            if diagnostic.fix is not None:
                self.fixable[diagnostic.fix.safe] += 1
        if keep:
            self.diagnostics += diagnostics

    @property
    def unread(self) -> list[Recognised]:
        """The specs of which the request or its TrainingSpecification is not known."""
        return [spec for spec in self.specs if spec.unknown]

    @property
    def in_part(self) -> list[Recognised]:
        """The other specs of which a part is not known."""
        return [spec for spec in self.specs if spec.parts and not spec.unknown]

    def counts(self) -> dict[str, int]:
        """Return the number of diagnostics of each severity."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for (_, severity), count in self.found.items():
            counts[severity] += count
        return counts
