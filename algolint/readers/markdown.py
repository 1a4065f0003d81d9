"""Reading Markdown: each fenced block of JSON is a document. In folders, only `include` selects it."""

from __future__ import annotations

import re

from algolint import limits
from algolint.document import Document, ReaderFault
from algolint.readers import json
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.spec import recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from algolint.source import Span
    from algolint.values import Path

# The opening fence with its language, the lines below it, and the closing fence.
_BLOCK = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w+-]*)[^\n`]*\n"
    r"(?P<text>(?:(?! {0,3}(?P=fence))[^\n]*\n)*)(?: {0,3}(?P=fence)[^\n]*)?",
    re.MULTILINE,
)
_LANGUAGES = frozenset(("json", "json5", "jsonc"))


def read(
    source: Source, may_hold: Callable[[Container[str]], bool] = recognition.may_hold_spec
) -> list[Document]:
    """Return the documents of the JSON blocks that may hold a spec. Raises `LimitExceeded`.

    Invalid blocks are left out, because pages abbreviate their examples with dots.
    """
    found: list[Document] = []
    blocks = (
        match
        for match in _BLOCK.finditer(source.text)
        if match["language"].lower() in _LANGUAGES and may_hold(match["text"])
    )
    for number, match in enumerate(blocks):
        if number == limits.MAX_EMBEDDED:
            raise LimitExceeded(
                f"more than {limits.MAX_EMBEDDED:,} specs in one document", match.span("text")
            )
        try:
            documents = json.read(Source(source.name, match["text"]))
        except SourceSyntaxError:
            continue
        found += [MarkdownDocument(source, document, match.start("text")) for document in documents]
    return found


class MarkdownDocument(Document):
    """The document of a JSON block, with locations in the page."""

    __slots__ = ("_block", "_start")

    syntax = "markdown"

    def __init__(self, source: Source, block: Document, start: int) -> None:
        super().__init__(source, block.spec, faults=[_moved(fault, start) for fault in block.faults])
        self._block = block
        self._start = start

    def locate(self, path: Path, key: bool = False) -> Span:
        return _shifted(self._block.locate(path, key), self._start)


def _moved(fault: ReaderFault, start: int) -> ReaderFault:
    related = fault.related and (_shifted(fault.related[0], start), fault.related[1])
    return ReaderFault(fault.rule, fault.path, _shifted(fault.span, start), fault.message, related)


def _shifted(span: Span, start: int) -> Span:
    return span[0] + start, span[1] + start
