"""The requests of shell commands, and the texts that they are read from."""

from __future__ import annotations

from copy import copy

from algolint import limits
from algolint.document import Document, ReaderFault
from algolint.source import SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from algolint.readers.syntax_tree import SyntaxTree
    from algolint.rule import Fix
    from algolint.source import Source, Span
    from algolint.values import Path


class Text:
    """The text of a word after expansion, with the offset in the file of each character."""

    __slots__ = ("has_holes", "offsets", "span", "text")

    def __init__(self, text: str, offsets: Sequence[int], span: Span, has_holes: bool = False) -> None:
        self.text = text
        self.offsets = offsets
        self.span = span
        #: Whether parts are unknown, which `text` has as `${NAME}`.
        self.has_holes = has_holes

    def located(self, span: Span) -> Span:
        """Return the span in the file of a span of the text."""
        if not self.offsets:
            return self.span
        start = self.offsets[min(span[0], len(self.offsets) - 1)]
        end = self.offsets[min(max(span[1] - 1, span[0]), len(self.offsets) - 1)] + 1
        return start, max(start, end)


def quoted(text: Text) -> list[Text]:
    """Return a text in double quotes, as pieces."""
    first, last = (text.offsets[0], text.offsets[-1]) if text.offsets else text.span
    return [Text('"', [first], text.span), text, Text('"', [last], text.span)]


def joined(pieces: list[Text], span: Span) -> Text:
    """Return the text of several pieces."""
    if sum(len(piece.text) for piece in pieces) > limits.MAX_VARIABLES_LENGTH:
        # A variable may be used in it many times.
        return Text("${X}", [span[0]] * 4, span, has_holes=True)
    offsets = [offset for piece in pieces for offset in piece.offsets]
    return Text("".join(p.text for p in pieces), offsets, span, any(p.has_holes for p in pieces))


class ShellDocument(Document):
    """The request of a command."""

    __slots__ = ("_again", "_files", "_parts", "_spans", "_tree")

    syntax = "shell"

    def __init__(
        self,
        tree: SyntaxTree,
        spec: Any,
        spans: dict[str, tuple[Span, Span]],
        parts: dict[str, tuple[Document, Text, Path]],
        files: dict[str, str],
        index: int,
        region: str | None,
        shape: str,
        faults: list[ReaderFault],
        again: Callable[[], ShellDocument] | None,
    ) -> None:
        super().__init__(tree.source, spec, index, shape=shape, region=region, is_call=True, faults=faults)
        #: Reads the command again, with the defaults of variables (`${NAME:-default}`).
        self._again = again
        self._tree = tree
        #: The spans of each field's value and option; "" has the spans of the command.
        self._spans = spans
        #: For each field written as JSON, its document, the text of that, and the field's path in it.
        self._parts = parts
        #: The file that each field is read from, if the file is a spec; "" has that of the whole request.
        self._files = files

    def file_of(self, path: Path) -> str | None:
        return self._files.get(str(path[0]) if path else "") or None

    def locate(self, path: Path, key: bool = False) -> Span:
        field = str(path[0]) if path else ""
        if field in self._parts:
            document, text, base = self._parts[field]
            inner = (*base, *path[1:])
            if inner or (key and base):
                return text.located(document.locate(inner, key))
        value, option = self._spans.get(field, self._spans[""])
        return option if key else value

    def variants(self) -> Iterator[Document]:
        try:
            other = self._again() if self._again is not None else self
        except SourceSyntaxError:
            return
        if repr(other.spec) != repr(self.spec):
            yield other

    def further_offsets(self, path: Path) -> list[int]:
        """Return the start and the end of the statement, which has no room for comments but around it."""
        return list(_statement(self._tree, self.locate(path)[0]))


class CommandDocument(Document):
    """The request of a command in a script that is a part of a file, which cannot be fixed."""

    __slots__ = ("_command", "_placed", "_places")

    syntax = "shell"

    def __init__(
        self,
        source: Source,
        command: Document,
        index: int,
        placed: Callable[[Span], Span],
        places: Iterable[int] = (),
    ) -> None:
        faults = [
            ReaderFault(
                fault.rule,
                fault.path,
                placed(fault.span),
                fault.message,
                fault.related and (placed(fault.related[0]), fault.related[1]),
            )
            for fault in command.faults
        ]
        super().__init__(
            source,
            command.spec,
            index,
            shape=command.shape,
            region=command.region,
            is_call=command.is_call,
            faults=faults,
        )
        self._command = command
        #: Gives the span in the file of a span of the script.
        self._placed = placed
        #: Where the script begins in the file, and its key.
        self._places = tuple(places)

    def locate(self, path: Path, key: bool = False) -> Span:
        return self._placed(self._command.locate(path, key))

    def variants(self) -> Iterator[Document]:
        for other in self._command.variants():
            variant = copy(self)
            variant.spec, variant._command = other.spec, other
            yield variant

    def further_offsets(self, path: Path) -> list[int]:
        own = [self._placed((offset, offset))[0] for offset in self._command.further_offsets(path)]
        return [*own, *self._places]

    def file_of(self, path: Path) -> str | None:
        return self._command.file_of(path)

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:  # noqa: ARG002
        return None


#: The nodes that have statements, each of which may have a comment before it.
BODIES = frozenset(
    "program do_group compound_statement subshell if_statement elif_clause else_clause case_item"
    " while_statement for_statement function_definition case_statement negated_command".split()
)


def _statement(tree: SyntaxTree, offset: int) -> Span:
    """Return the span of the innermost statement that has an offset, with all commands of a pipeline."""
    byte = len(tree.source.text[:offset].encode("utf-8", "replace"))
    node = tree.root
    while node.type in BODIES:
        inner = next((child for child in node.children if child.start_byte <= byte < child.end_byte), None)
        if inner is None:
            break
        node = inner
    start, end = tree.span(node)
    return start, max(end - 1, start)
