"""Where something was removed from a text of JSON or YAML that was broken."""

from __future__ import annotations

#: More than any line is indented.
NO_INDENT = 1 << 30


class Hole:
    """A place in a text of JSON or YAML from which something was removed that may have been anything."""

    __slots__ = ("column", "columns", "indent", "kind", "start")

    def __init__(
        self,
        start: int,
        columns: tuple[int, int],
        *,
        column: int = -1,
        kind: str = "",
        indent: int = NO_INDENT,
    ) -> None:
        self.start = start
        #: Blocks are open whose column is between these two.
        self.columns = columns
        #: The column of its first line in a block of YAML; -1 where that is not known, or does not matter.
        self.column = column
        #: Whether that began as an "item" of a list, as an "entry" of an object, or as the "end" of either;
        #: empty where it may be anything.
        self.kind = kind
        #: Flow collections may have ended in it whose line is indented by so much or more.
        self.indent = indent
