"""One spec of a file, as its reader hands it over."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.rule import Fix, Rule
    from algolint.source import Source, Span
    from algolint.values import Path


class ReaderFault:
    """A problem that a reader found in a text that it could read, such as a duplicate key."""

    __slots__ = ("message", "path", "related", "rule", "span")

    def __init__(
        self, rule: Rule, path: Path, span: Span, message: str, related: tuple[Span, str] | None = None
    ) -> None:
        self.rule = rule
        self.path = path
        #: The text to blame: a key.
        self.span = span
        self.message = message
        #: Another location that explains the fault, and its message.
        self.related = related


class Document:
    """One spec of a file: its values and their locations.

    Readers return subclasses that know how to locate a path in their syntax. A document does not change
    once it is made.
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

    #: The name of the syntax: "json" or "yaml".
    syntax = ""

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
        #: The number of this document in the file's stream, from 0.
        self.index = index
        #: The shape of the spec, where the syntax determines it (a call of create_algorithm does).
        self.shape = shape
        #: What the spec is written for, where that is not the API itself: "CloudFormation", "Terraform".
        self.target = target
        #: Whether the text is a template of its syntax, which could only be read with parts of it masked.
        self.is_template = is_template
        #: The Region that the file itself sends the request to; None where it names none.
        self.region = region
        #: Whether the text has other names for the fields than the API.
        self.renames = renames
        #: Whether this is the request of a call, which takes nothing that only responses have.
        self.is_call = is_call
        #: What the reader itself found.
        self.faults = faults
        #: What was not read or compared because it would take too long, in words; see `Recognised`.
        self.unread = ""

    def locate(self, path: Path, key: bool = False) -> Span:
        """Return the span of the value at a path, or of the key that holds it.

        With `key`, an item of a list gives its first token and the root its first token. A path that
        does not exist gives the span of the nearest container that does.
        """
        raise NotImplementedError

    def file_of(self, path: Path) -> str | None:  # noqa: ARG002
        """Return the other file that the value at a path is read from, and in which it is a spec."""
        return None

    def spelled(self, field: str) -> str:
        """Return the name that the text has for a field of the API."""
        return field

    def cell_at(self, offset: int) -> tuple[int, int] | None:  # noqa: ARG002
        """Return the cell of a notebook and the line in it, both from 1, of a located offset."""
        return None

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        """Return the document that the text is read as, and a fix moved there; None if it cannot be made."""
        return None if self.is_template else (self, fix)

    def as_template(self, spec: Any, faults: Sequence[ReaderFault]) -> Document:
        """Return this document as that of a template, with what the template engine fills in unknown."""
        from copy import copy

        template = copy(self)
        template.spec = spec
        template.faults = faults
        template.is_template = True
        return template
