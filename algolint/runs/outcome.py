"""The outcome of a run: diagnostics, counts, and what could not be checked."""

from __future__ import annotations

from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.aws.model import Model
    from algolint.diagnostic import Diagnostic, Recognised


class Outcome:
    """The outcome of a run, from which a report is made."""

    def __init__(self, model: Model) -> None:
        self.model = model
        #: What files are searched for, for people.
        self.sought = "algorithm specs"
        #: Empty for reports that are written file by file.
        self.diagnostics: list[Diagnostic] = []
        #: The number of diagnostics by rule name and severity.
        self.found: dict[tuple[str, str], int] = {}
        #: The number of files that contain a spec, and their names.
        self.files = 0
        self.names: list[str] = []
        #: The number of calls of each rule that an unknown value left undecided.
        self.skipped: dict[str, int] = {}
        self.suppressed = 0
        self.baselined = 0
        #: The numbers of findings that fixes removed and uncovered, and of those that remain. The last is
        #: only counted if nothing but changes is reported.
        self.fixed = 0
        self.uncovered = 0
        self.left = 0
        #: The number of diagnostics that have a fix, by whether the fix is safe.
        self.fixable = {True: 0, False: 0}
        #: The number of fixes that are not offered or made because proving them would take too long.
        self.unproved = 0
        #: The number of diagnostics at or above `fail-on`.
        self.failing = 0
        #: The specs that are not fully known, or all specs if they are to be listed.
        self.specs: list[Recognised] = []
        #: (path, message) of each file that could not be read and each rule that failed.
        self.errors: list[tuple[str, str]] = []
        #: Entries that the command adds to the JSON report.
        self.more: dict[str, Any] = {}

    def add(self, diagnostics: list[Diagnostic], keep: bool = True) -> None:
        """Count diagnostics, and keep them unless they have been reported already."""
        for diagnostic in diagnostics:
            key = diagnostic.rule.name, diagnostic.severity
            self.found[key] = self.found.get(key, 0) + 1
            if diagnostic.fix is not None:
                self.fixable[diagnostic.fix.safe] += 1
        if keep:
            self.diagnostics += diagnostics

    @property
    def unread(self) -> list[Recognised]:
        """The specs whose request or TrainingSpecification is not known."""
        return [spec for spec in self.specs if spec.unknown]

    @property
    def in_part(self) -> list[Recognised]:
        """The other specs that are not fully known."""
        return [spec for spec in self.specs if spec.parts and not spec.unknown]

    def counts(self) -> dict[str, int]:
        """Return the number of diagnostics of each severity."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for (_, severity), count in self.found.items():
            counts[severity] += count
        return counts
