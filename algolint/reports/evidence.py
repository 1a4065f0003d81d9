"""The sources that a rule's evidence names, in parts that can be followed."""

from __future__ import annotations

import re

from algolint.rule import EVIDENCE_KINDS

_NEXT = re.compile(rf"; (?=(?:{'|'.join(EVIDENCE_KINDS)}): )")


def sources(evidence: str) -> list[EvidenceSource]:
    """Return each source of an evidence by itself."""
    return [EvidenceSource(text) for text in _NEXT.split(evidence)]


class EvidenceSource:
    """One source of an evidence, in parts; a part that it does not have is empty.

    `document` is what to open (a guide, a package, an issue), `section` where in it (a page, a field, a file
    and line), `version` which of it (a version or a year), `statement` what it says there. `is_executed`: the
    code was run to see it.
    """

    __slots__ = ("document", "is_executed", "kind", "section", "statement", "text", "version")

    def __init__(self, text: str) -> None:
        self.text = text
        self.kind, _, rest = text.partition(": ")
        where, _, self.statement = rest.partition("; ")
        if not self.statement and self.kind in ("derived", "heuristic"):
            where, self.statement = "", where
        words = [word for word in where.split(", ") if word != "executed"]
        self.is_executed = ", executed" in where
        self.document = self.section = self.version = ""
        if self.kind in ("reference", "model"):
            *sections, self.version = words
            self.document, self.section = _API_DOCUMENTS[self.kind], ", ".join(sections)
        elif self.kind == "sdk":
            self.document, _, self.version = words[0].partition(" ")
            self.section = ", ".join(words[1:])
        else:
            self.document, *others = words
            self.version = others.pop() if others else ""
            self.section = ", ".join(others)


_API_DOCUMENTS = {"reference": "Amazon SageMaker API Reference", "model": "API model"}
