"""One spec of a file, as a reader returns it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeAlias

    from algolint.rule import Fix, Rule
    from algolint.source import Source, Span
    from algolint.values import Path

    # A cell of a notebook, and the line and the column in it, all from 1.
    CellPosition: TypeAlias = tuple[int, int, int]


class ReaderFault:
    """A fault that a reader found in a text that it could read, such as a duplicate key."""

    __slots__ = ("message", "path", "related", "rule", "span")

    def __init__(
        self, rule: Rule, path: Path, span: Span, message: str, related: tuple[Span, str] | None = None
    ) -> None:
        self.rule = rule
        self.path = path
        #: The key that is at fault.
        self.span = span
        self.message = message
        #: A related location that explains the fault, and its message.
        self.related = related


class Document:
    """One spec of a file: its values and their locations.

    Readers return subclasses, which locate paths in their syntax. A document is not changed after its reader
    returns it.
    """

    __slots__ = (
        "faults",
        "index",
        "is_call",
        "is_template",
        "region",
        "renames",
        "shape",
        "source",
        "spec",
        "target",
        "unread",
    )

    #: The name of the syntax in the table of `syntaxes`; "hosted" if the values have other paths in the file.
    syntax = ""
    #: What the file calls the spec, as the name of a resource; "" if nothing.
    resource = ""

    def __init__(
        self,
        source: Source,
        spec: Any,
        index: int = 0,
        *,
        shape: str | None = None,
        target: str = "",
        is_template: bool = False,
        renames: bool = False,
        is_call: bool = False,
        region: str | None = None,
        faults: Sequence[ReaderFault] = (),
    ) -> None:
        self.source = source
        self.spec = spec
        #: The number of this document in the file, from 0.
        self.index = index
        #: The shape of the spec, if the syntax determines it, as a call of create_algorithm does.
        self.shape = shape
        #: "CloudFormation" or "Terraform", if the spec is written for these instead of the API itself.
        self.target = target
        #: Whether the text is a template, of which parts were masked so that it could be read.
        self.is_template = is_template
        #: The region to which the file itself sends the request, or None if it does not name one.
        self.region = region
        #: Whether the text uses other names for fields than the API.
        self.renames = renames
        #: Whether this is the request of a call, which does not accept fields that only responses have.
        self.is_call = is_call
        #: The faults that the reader found.
        self.faults = faults
        #: What was not read or compared because it would take too long, in words; see `Recognised`.
        self.unread = ""

    def locate(self, path: Path, key: bool = False) -> Span:
        """Return the span of the value at a path, or of its key.

        With `key`, the result for an item of a list, or for the root, is its first token. For a path that
        does not exist, it is that of the nearest container that does.
        """
        raise NotImplementedError

    def further_offsets(self, path: Path) -> list[int]:  # noqa: ARG002
        """Return further offsets at which a comment covers the value at a path, whatever is found there."""
        return []

    def file_of(self, path: Path) -> str | None:  # noqa: ARG002
        """Return the name of the file that has the value at a path as its spec, if that is not this file."""
        return None

    def variants(self) -> Iterable[Document]:
        """Return the spec as it is where a condition holds that makes a value of it unknown.

        They have findings that the document has not, but no others count.
        """
        return ()

    def spelled(self, field: str) -> str:
        """Return the name of an API field in the text."""
        return field

    def cell_at(self, offset: int) -> CellPosition | None:  # noqa: ARG002
        """Return the position in a notebook's cell of a located offset."""
        return None

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        """Return the document whose text is edited and the fix for it, or None if the fix cannot be made."""
        return None if self.is_template else (self, fix)

    def as_template(self, spec: Any, faults: Sequence[ReaderFault]) -> Document:
        """Return this document as part of a template, with values from the template engine unknown."""
        from copy import copy

        template = copy(self)
        template.spec = spec
        template.faults = faults
        template.is_template = True
        return template
