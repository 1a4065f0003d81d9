"""A file's text, and places in it."""

from __future__ import annotations

import os
from bisect import bisect_right

from algolint.wording import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from algolint.rule import Fix
    from algolint.values import Path

    # Offsets into Source.text, in characters; the end is exclusive.
    Span: TypeAlias = tuple[int, int]


# Byte order marks of encodings that are not UTF-8; the longer before the shorter.
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

# Of a shortened secret as little as this is masked; less does not give it away.
_LEAST = 4
# A shorter line of a secret could be any word.
_WHOLE_LINE = 8


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
        #: The text as far as it can be shown, where it could not be decoded.
        self.source: Source | None = None


def read_file(path: str, max_size: int) -> Source:
    """A file's text; `max_size` is in bytes.

    Raises `UnreadableSource` where it cannot be read, `SyntaxFault` where it is not UTF-8.
    """
    import stat

    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableSource("is a directory")
        if not stat.S_ISREG(status.st_mode):
            # Reading a pipe or a device may never end.
            raise UnreadableSource("is not a regular file; give - to read standard input")
        if status.st_size > max_size:
            raise UnreadableSource(_too_large(status.st_size, max_size))
        with open(path, "rb") as file:
            data = file.read(max_size + 1)
    except OSError as error:
        raise UnreadableSource(error.strerror or str(error)) from None
    return decoded(path, data, max_size)


def decoded(name: str, data: bytes, max_size: int) -> Source:
    """The source of bytes already read; raises as `read_file` does."""
    if len(data) > max_size:
        raise UnreadableSource(_too_large(len(data), max_size))
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _not_utf8(name, data, error) from None


def _too_large(size: int, limit: int) -> str:
    return f"has {size:,} bytes or more, the limit is {limit:,} (--max-file-size)"


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> SyntaxFault:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            fault = SyntaxFault(f"the file is {encoding}; save it as UTF-8", (0, 0))
            break
    else:
        offset = len(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
        fault = SyntaxFault(f"byte 0x{data[error.start]:02x} is not valid UTF-8", (offset, offset + 1))
    fault.source = Source(name, data.decode("utf-8", "replace"))
    return fault


class Source:
    """The decoded text of one file, under the name that is reported.

    `text` holds the characters as they are (no newline translation) without a byte order mark;
    `bom` says whether there was one.
    """

    __slots__ = ("_hidden", "_line_starts", "bom", "name", "secrets", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        #: Text that no report may show.
        self.secrets: set[str] = set()
        self._hidden: list[Span] = []
        self._line_starts: list[int] | None = None

    def hide(self, secret: str, span: Span) -> None:
        """Mask a secret wherever it stands, and all of the value at `span` if that spells it otherwise.

        Escapes, folded lines and indentation make a value's text differ from the value.
        """
        self.secrets.add(secret)
        if secret not in self.text[span[0] : span[1]]:
            self._hidden.append(span)

    def redacted(self, text: str) -> str:
        """Text of or about this file with its secrets masked, at equal length so that columns hold.

        A message may show a secret with escapes, and shortened: then what is left of it is masked.
        """
        if not self.secrets:
            return text
        for form in self._forms():
            start = text.find(form[:_LEAST])
            while start >= 0:
                end = start + len(form[:_LEAST])
                while text[end : end + 1] == form[end - start : end - start + 1] != "":
                    end += 1
                if end - start == len(form) or text[end : end + 1] == "…":
                    text = text[:start] + "*" * (end - start) + text[end:]
                start = text.find(form[:_LEAST], end)
        return text

    def _forms(self) -> list[str]:
        """The secrets as messages and edits may spell them: with escapes, line by line; long ones first."""
        import json

        forms = set(self.secrets)
        for secret in self.secrets:
            lines = [line.strip() for line in secret.split("\n")]
            forms.update(line for line in lines if len(line) >= _WHOLE_LINE)
        for form in list(forms):
            forms |= {escaped(form), json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1]}
        return sorted(forms, key=len, reverse=True)

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
        start, end = starts[line - 1], starts[line] if line < len(starts) else len(self.text)
        text = self.text[start:end].rstrip("\r\n")
        for span in self._hidden:
            first, last = max(span[0] - start, 0), min(span[1] - start, len(text))
            if first < last:
                text = text[:first] + "*" * (last - first) + text[last:]
        return self.redacted(text)


class Document:
    """One spec of a file: its values, and where they stand.

    Readers return subclasses that know how to locate a path in their syntax.
    """

    __slots__ = ("base", "cell", "faults", "index", "is_template", "shape", "source", "spec", "target")

    #: The name of the syntax: "json" or "yaml".
    syntax = ""

    def __init__(self, source: Source, spec: Any, index: int = 0) -> None:
        self.source = source
        self.spec = spec
        #: The number of this document in the file's stream, from 0.
        self.index = index
        #: The shape that the spec is of, where the syntax tells (a call of create_algorithm does); else None.
        self.shape: str | None = None
        #: What the spec is written for, where that is not the API itself: "CloudFormation", "Terraform".
        self.target = ""
        #: The cell of a notebook, from 1, and its first line in the file.
        self.cell: tuple[int, int] | None = None
        #: Where the spec stands in the host file, for what wants to say so ("Resources/MyAlgorithm").
        self.base = ""
        #: Whether the text is a template of its syntax, which only a mask made readable.
        self.is_template = False
        #: What the reader itself found: (rule, path, span to blame, message, (message, span) of a related
        #: place or None).
        self.faults: list[tuple[str, Path, Span, str, tuple[str, Span] | None]] = []

    def locate(self, path: Path, key: bool = False) -> Span:
        """The span of the value at a path, or of the key that holds it.

        With `key`, an item of a list gives its first token and the root its first token. A path that
        is not there gives the span of the nearest container that is.
        """
        raise NotImplementedError

    def cell_at(self, offset: int) -> tuple[int, int] | None:
        """The cell of a notebook and the line in it, both from 1, of a place that was located."""
        return None

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:
        """The document that the text is read as, and a fix as it is there; None where nothing can be fixed."""
        return None if self.is_template else (self, fix)
