"""Places where text was removed from a JSON or YAML text."""

from __future__ import annotations

#: More than any line is indented.
NO_INDENT = 1 << 30


class Hole:
    """A place in a JSON or YAML text where something was removed, which may have been anything."""

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
        #: Blocks with a column between these two are open.
        self.columns = columns
        #: The column of its first line in a YAML block, or -1 if that is not known or does not matter.
        self.column = column
        #: What its first line began with: an "item" of a list, an "entry" of an object, or the "end" of
        #: either; empty if it may be anything.
        self.kind = kind
        #: Flow collections on lines with at least this indentation may have ended in the hole.
        self.indent = indent
