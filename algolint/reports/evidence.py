"""The sources that the evidence of a rule names, split into parts."""

from __future__ import annotations

import re

from algolint.rule import EVIDENCE_KINDS

_NEXT = re.compile(rf"; (?=(?:{'|'.join(EVIDENCE_KINDS)}): )")


def sources(evidence: str) -> list[EvidenceSource]:
    """Return the sources of a rule's evidence."""
    return [EvidenceSource(text) for text in _NEXT.split(evidence)]


class EvidenceSource:
    """One source of a rule's evidence. Parts that it does not have are empty.

    `document` is the guide, package or issue. `section` is the page, field, file or line in it, and `version`
    its version or year. `statement` is what the source states. `is_executed` means that code was run to
    confirm it.
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
