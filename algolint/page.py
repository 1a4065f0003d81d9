"""The manual page of a rule, parsed into paragraphs and examples in fenced blocks.

The fence of an example has its syntax, its kind, and words for running it: a shape, `revision=1.29.150`,
`whole`. Kinds are `bad` and `good`; `old`, `new` and `silent` for rules that compare two specs; and
`algorithm` for the algorithm that the following jobs use.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Block: TypeAlias = "Paragraph | PageExample"

# The examples of rules about two specs; most of these rules are about the training specification.
_OF_PAIRS = ("old", "new", "silent")
KINDS = ("bad", "good", *_OF_PAIRS, "algorithm")
_FENCE = re.compile(rf"```(\w+) ({'|'.join(KINDS)})([^\n]*)")


class Paragraph:
    """Lines of prose, or of a list."""

    __slots__ = ("lines",)

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = lines

    @property
    def text(self) -> str:
        """The paragraph on one line."""
        return " ".join(self.lines)


class PageExample:
    """An example: its syntax, its kind (one of `KINDS`), and the words and settings of its fence."""

    __slots__ = ("kind", "settings", "syntax", "text", "words")

    def __init__(self, syntax: str, kind: str, words: str, lines: list[str]) -> None:
        self.syntax = syntax
        self.kind = kind
        self.words = [word for word in words.split() if "=" not in word]
        self.settings = dict(word.split("=", 1) for word in words.split() if "=" in word)
        #: The text of the example, in which each line has a line break.
        self.text = "".join(f"{line}\n" for line in lines)

    def shape(self, subscribed: tuple[str, ...]) -> str:
        """Return the shape of the example: that in its fence, or the first that its rule is called on."""
        named = [word for word in self.words if word != "whole"]
        if self.kind in (*_OF_PAIRS, "algorithm"):
            subscribed = ("TrainingSpecification",)
        return named[0] if named else (subscribed[0] if subscribed else "")


class Page:
    """A page: its summary, which states the fault in a sentence, and the blocks below."""

    __slots__ = ("blocks", "summary")

    def __init__(self, summary: str, blocks: tuple[Block, ...]) -> None:
        self.summary = summary
        self.blocks = blocks

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def examples(self) -> list[PageExample]:
        return [block for block in self.blocks if isinstance(block, PageExample)]


@lru_cache(maxsize=512)
def parsed(text: str) -> Page:
    """Return a page, parsed. Fences of other forms are part of the prose around them."""
    summary, *lines = text.split("\n")
    blocks: list[Block] = []
    prose: list[str] = []
    rest = iter(lines)
    for line in rest:
        fence = _FENCE.fullmatch(line)
        if line and not fence:
            prose.append(line)
            continue
        if prose:
            blocks.append(Paragraph(tuple(prose)))
            prose = []
        if fence:
            blocks.append(PageExample(fence[1], fence[2], fence[3], list(takewhile("```".__ne__, rest))))
    if prose:
        blocks.append(Paragraph(tuple(prose)))
    return Page(summary, tuple(blocks))
