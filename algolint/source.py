"""A file's text, and places in it."""

from __future__ import annotations

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from algolint.values import Path

    # Offsets into Source.text, in characters; the end is exclusive.
    Span: TypeAlias = tuple[int, int]


class UnreadableSource(Exception):
    """A file that cannot be read at all: missing, a directory, no permission, too large.

    The message is for the user and does not repeat the path.
    """


class SyntaxFault(Exception):
    """The text is not valid in its syntax, at `span`. Reported as `invalid-syntax`."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class Source:
    """The decoded text of one file, under the name that is reported.

    `text` holds the characters as they are (no newline translation) without a byte order mark;
    `bom` says whether there was one.
    """

    __slots__ = ("_line_starts", "bom", "name", "secrets", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        #: Text that no report may show.
        self.secrets: set[str] = set()
        self._line_starts: list[int] | None = None

    def redacted(self, text: str) -> str:
        """Text of or about this file with its secrets masked, at equal length so that columns hold."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "*" * len(secret))
        return text

    def line_starts(self) -> list[int]:
        """The offset of each line's first character. Lines end at LF, CR LF or CR, as in editors."""
        if self._line_starts is None:
            starts = [0]
            text = self.text
            offset = 0
            if "\r" in text:
                for line in text.replace("\r\n", "\0\n").replace("\r", "\n").split("\n")[:-1]:
                    offset += len(line) + 1
                    starts.append(offset)
            else:
                for line in text.split("\n")[:-1]:
                    offset += len(line) + 1
                    starts.append(offset)
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both from 1, the column in characters."""
        starts = self.line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line (from 1) without its end, secrets masked."""
        starts = self.line_starts()
        end = starts[line] if line < len(starts) else len(self.text)
        return self.redacted(self.text[starts[line - 1] : end].rstrip("\r\n"))


class Document:
    """One spec of a file: its values, and where they stand.

    Readers return subclasses that know how to locate a path in their syntax.
    """

    __slots__ = ("faults", "index", "source", "spec")

    #: The name of the syntax: "json" or "yaml".
    syntax = ""

    def __init__(self, source: Source, spec: Any, index: int = 0) -> None:
        self.source = source
        self.spec = spec
        #: The number of this document in the file's stream, from 0.
        self.index = index
        #: What the reader itself found: (rule, path, span to blame, message, related (message, span) or None).
        self.faults: list[tuple[str, Path, Span, str, tuple[str, Span] | None]] = []

    def locate(self, path: Path, key: bool = False) -> Span:
        """The span of the value at a path, or of the key that holds it.

        With `key`, an item of a list gives its first token and the root its first token. A path that
        is not there gives the span of the nearest container that is.
        """
        raise NotImplementedError
