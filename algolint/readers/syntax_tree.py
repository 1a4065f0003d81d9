"""The syntax tree of a file as parsed by tree-sitter, with offsets in characters."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left

from algolint.document import Document
from algolint.values import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeAlias

    from algolint.document import ReaderFault
    from algolint.source import Source, Span
    from algolint.values import Path

    # tree-sitter's types are loaded with the parser, which few files need.
    Node: TypeAlias = Any


class SyntaxTree:
    """The syntax tree of a text; converts tree-sitter's byte offsets to the `Source`'s characters."""

    def __init__(self, source: Source, parse: Callable[[bytes], Node]) -> None:
        self.source = source
        # A decoded file has no lone surrogates, but a text from elsewhere may.
        self.data = source.text.encode("utf-8", "replace")
        # The bytes that do not begin a character, so that offsets can be converted without decoding again.
        self._inner = array("I", (match.start() for match in re.finditer(rb"[\x80-\xbf]", self.data)))
        self.root: Node = parse(self.data)

    def offset(self, byte: int) -> int:
        """Return the offset in characters of an offset in bytes."""
        return byte - bisect_left(self._inner, byte)

    def span(self, first: Node, last: Node | None = None) -> Span:
        """Return the span of a node, or that from one node to another."""
        return self.offset(first.start_byte), self.offset((last or first).end_byte)

    def text(self, start: int, end: int) -> str:
        """Return the text between two bytes."""
        return self.data[start:end].decode("utf-8", "replace")

    def text_of(self, node: Node) -> str:
        """Return the text of a node."""
        return self.text(node.start_byte, node.end_byte)


def walk(root: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it in the order of the text, without recursion."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


# No float needs as many characters.
_LONGEST_NUMBER = 400


def number_of(text: str) -> Any:
    """Return the number of a decimal literal, an integer if it is whole; `UNKNOWN` for other texts."""
    try:
        number = float(text)
    except ValueError:
        return UNKNOWN
    if len(text) > _LONGEST_NUMBER or number in (float("inf"), float("-inf")):
        return UNKNOWN
    return int(number) if number == int(number) else number


class LocatedDocument(Document):
    """A spec with a table of the locations of its keys and values."""

    __slots__ = ("_syntax", "locations", "resource")

    def __init__(
        self,
        source: Source,
        spec: Any,
        locations: dict[Path, tuple[Span, Span]],
        index: int = 0,
        *,
        syntax: str,
        shape: str | None = None,
        target: str = "",
        renames: bool = False,
        faults: Sequence[ReaderFault] = (),
        region: str | None = None,
        is_call: bool = False,
        resource: str = "",
    ) -> None:
        super().__init__(
            source,
            spec,
            index,
            shape=shape,
            target=target,
            renames=renames,
            is_call=is_call,
            region=region,
            faults=faults,
        )
        self._syntax = syntax
        self.resource = resource
        #: For each path the span of the value, and that of its key or first token.
        self.locations = locations

    @property
    def syntax(self) -> str:  # type: ignore[override]
        """The name of the syntax."""
        return self._syntax

    def locate(self, path: Path, key: bool = False) -> Span:
        while path and path not in self.locations:
            path = path[:-1]
        return self.locations[path][key] if path in self.locations else (0, 0)
