"""A file's text, and positions in it."""

from __future__ import annotations

import os

from algolint import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence
    from typing import Any, TypeAlias

    from algolint.readers.hole import Hole
    from algolint.secrets.redaction import Redaction

    # Offsets into Source.text, in characters; the end is exclusive.
    Span: TypeAlias = tuple[int, int]


# Byte order marks of encodings that are not UTF-8; the longer before the shorter.
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def leads_out(path: str) -> bool:
    """Whether a normal relative path leads out of its folder; one to a file `..x` does not."""
    return path == os.pardir or path.startswith(os.pardir + os.sep)


class UnreadableSource(Exception):
    """Raised when a file cannot be read: missing, a directory, no permission, too large.

    The message is for the user and does not repeat the path.
    """


class TooLarge(UnreadableSource):
    """Raised when a file that the user did not name may hold a spec, and is too large to be read."""


class MissingRequirement(UnreadableSource):
    """Raised when reading a file requires a package that is not installed, or a newer Python; names it."""


class SourceSyntaxError(Exception):
    """Raised when the text is not valid in its syntax, at `span`. Reported as `invalid-syntax`."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        #: The text as far as it can be shown, where it could not be decoded.
        self.source: Source | None = None


class LimitExceeded(SourceSyntaxError):
    """Raised when a text is over a limit of what is read, whether or not it is valid."""


def read_file(path: str, max_size: int) -> Source:
    """Return a file's text; `max_size` is in bytes.

    Raises `UnreadableSource`, and `SourceSyntaxError` for a file that is not UTF-8.
    """
    try:
        status = os.stat(path)
        _check_kind(status.st_mode)
        if status.st_size > max_size:
            raise UnreadableSource(_too_large(status.st_size, max_size))
        # A file object would take longer than reading takes.
        descriptor = _opened(path, _READING)
        try:
            # It may have become something else since.
            _check_kind(os.fstat(descriptor).st_mode)
            data = _read(descriptor, status.st_size, max_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableSource(error.strerror or str(error)) from None
    except ValueError as error:
        # A name with a null character, or with half a surrogate pair.
        raise UnreadableSource(str(error)) from None
    return decoded(path, data, max_size)


def read_candidate(
    path: str,
    max_size: int,
    may_hold_spec: Callable[[Container[str]], bool],
    may_hold_any: Callable[[str, bytes], bool] | None = None,
) -> Source | None:
    """Return the text of a file that the user did not name, or None where it may not hold a spec.

    `may_hold_any` is asked first, with the path and the bytes, where it is quicker. Raises as `read_file`
    does, but of a file that may not hold a spec only that it cannot be opened or is too large.
    """
    try:
        descriptor = _opened(path, _READING)
        try:
            status = os.fstat(descriptor)
            _check_kind(status.st_mode)
            if status.st_size > max_size:
                why = _too_large(status.st_size, max_size)
                if status.st_size <= limits.MAX_SEARCHED_SIZE and not may_hold_spec(_OpenText(descriptor)):
                    raise UnreadableSource(f"{why}; it has no word of a spec")
                raise TooLarge(why)
            data = _read(descriptor, status.st_size, max_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableSource(error.strerror or str(error)) from None
    if may_hold_any is not None and not may_hold_any(path, data):
        return None
    # The words are ASCII, so that they are found in any encoding that has it.
    if not may_hold_spec(data.decode("latin-1")):
        return None
    return decoded(path, data, max_size)


_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def _read(descriptor: int, size: int, max_size: int) -> bytes:
    data = os.read(descriptor, size + 1)
    while len(data) != size and len(data) <= max_size:
        # It has become longer or shorter, or is given piece by piece.
        more = os.read(descriptor, _CHUNK)
        if not more:
            break
        data += more
    return data


_CHUNK = 1 << 20


class _OpenText:
    """The text of a file that is too large to be read: words of ASCII can be looked for in it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __contains__(self, word: object) -> bool:
        wanted = str(word).encode("ascii")
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        end = b""
        while chunk := os.read(self._descriptor, _CHUNK):
            end += chunk
            if wanted in end:
                return True
            end = end[1 - len(wanted) :]
        return False


def read_settings(
    path: str, named: bool, max_size: int = limits.MAX_SETTINGS_SIZE, errors: str = "strict"
) -> str:
    """Return the text of a configuration, a .gitignore file or a baseline.

    One that the user did not name is not trusted, and must be a regular file: a pipe has no end. Raises
    OSError, `UnreadableSource`, and ValueError for text that is not UTF-8 or an invalid name.
    """
    import stat

    with open(path, "rb", opener=None if named else _opened) as file:
        if not named and not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableSource("is not a regular file")
        data = file.read(max_size + 1)
    if len(data) > max_size:
        raise UnreadableSource(f"has more than {max_size:,} bytes")
    return data.decode("utf-8", errors).removeprefix("\ufeff")


def _check_kind(mode: int) -> None:
    import stat

    if stat.S_ISDIR(mode):
        raise UnreadableSource("is a directory")
    if not stat.S_ISREG(mode):
        # Reading a pipe or a device may never end.
        raise UnreadableSource("is not a regular file; use - to read standard input")


def _opened(path: str, flags: int) -> int:
    # Opening a pipe without a writer would block.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decoded(name: str, data: bytes, max_size: int) -> Source:
    """Return the source of bytes already read; raises as `read_file` does."""
    if len(data) > max_size:
        raise UnreadableSource(_too_large(len(data), max_size))
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _not_utf8(name, data, error) from None


def _too_large(size: int, limit: int) -> str:
    return f"has {size:,} bytes or more, the limit is {limit:,} (--max-file-size)"


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> SourceSyntaxError:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            fault = SourceSyntaxError(f"the file is encoded as {encoding}; save it as UTF-8", (0, 0))
            break
    else:
        offset = len(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
        fault = SourceSyntaxError(f"byte 0x{data[error.start]:02x} is not valid UTF-8", (offset, offset + 1))
    fault.source = Source(name, data.decode("utf-8", "replace"))
    return fault


# Characters whose bytes are counted once, for all offsets after them.
_STRIDE = 4096


def _bytes_of(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


# The letters after a backslash of escapes that may spell the beginning of an expression.
_ESCAPES = frozenset("uUx")


def _may_hold_template(text: str) -> bool:
    # Searching for one character takes a fiftieth of the time of two, and most texts have none of these.
    return (
        ("$" in text and "${" in text)
        or ("%" in text and ("{%" in text or "%(" in text))
        or "{{" in text
        or ("\\" in text and any(piece[:1] in _ESCAPES for piece in text.split("\\")[1:]))
    )


class Source:
    """The decoded text of one file, under the name that is reported.

    `text` has the characters as they are (no newline translation) without a byte order mark; `bom` is
    whether there was one.
    """

    __slots__ = (
        "_bytes",
        "_line_starts",
        "_may_hold_template",
        "_redaction",
        "bom",
        "effort",
        "holes",
        "name",
        "text",
    )

    def __init__(self, name: str, text: str, holes: Sequence[Hole] = ()) -> None:
        self.name = name
        #: Where the text was broken; see `server.repair`.
        self.holes = holes
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        #: How many times as long as others of its length the text takes to read, once it was read.
        self.effort = 1
        self._line_starts: memoryview[int] | None = None
        # The bytes before every so many characters.
        self._bytes: list[int] | None = None
        self._redaction: Redaction | None = None
        self._may_hold_template: bool | None = None

    def __getstate__(self) -> dict[str, Any]:
        # Another process finds the lines by itself: a memoryview cannot be sent.
        return {slot: getattr(self, slot) for slot in self.__slots__} | {"_line_starts": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for slot, value in state.items():
            setattr(self, slot, value)

    @property
    def work(self) -> int:
        """What it takes to read the text, as a number of characters."""
        return (len(self.text) + 1) * self.effort

    @property
    def may_hold_template(self) -> bool:
        """Whether the text, of JSON or YAML, may contain template expressions; false for most.

        Each of the file's documents asks, so the text is searched once.
        """
        if self._may_hold_template is None:
            self._may_hold_template = _may_hold_template(self.text)
        return self._may_hold_template

    def data(self) -> bytes:
        """Return the bytes of the file."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + self.text.encode("utf-8", "surrogatepass")

    def changed(self, text: str) -> Source:
        """Return the file with another text, which may spell the secrets of this one otherwise."""
        from algolint.secrets.redaction import Redaction

        changed = Source(self.name, ("\ufeff" if self.bom else "") + text)
        changed._redaction = Redaction(changed.text, self.redaction.secrets)
        return changed

    @property
    def redaction(self) -> Redaction:
        """The secrets of the file, which no report may show."""
        if self._redaction is None:
            # Not loaded where no report shows anything of the file.
            from algolint.secrets.redaction import Redaction

            self._redaction = Redaction(self.text)
        return self._redaction

    def hide(self, secret: str, span: Span) -> None:
        """Mask a secret that a rule found; see `Redaction.hide`."""
        self.redaction.hide(secret, span)

    def redacted(self, text: str) -> str:
        """Return text of or about this file with its secrets masked, at equal length."""
        return self.redaction.redacted(text)

    def masked(self, span: Span) -> str:
        """Return the text of a span with its secrets masked, those included that overlap it partly."""
        return self.redaction.masked(span)

    def line_starts(self) -> Sequence[int]:
        """Return the offset of each line's first character. Lines end at LF, CR LF or CR, as in editors."""
        if self._line_starts is None:
            # Its import takes 0.4 % of a clean run, which needs no lines.
            from itertools import accumulate

            text = self.text
            if "\r" in text:
                text = text.replace("\r\n", "\0\n").replace("\r", "\n")
            lines = text.split("\n")
            # A fourth of the memory of a list; a run keeps the text of every file with findings. An array is
            # as small, and its import is 6 % of a run with two findings.
            self._line_starts = memoryview(bytearray(8 * len(lines))).cast("q")
            # Each line before has an end that its length leaves out.
            for number, start in enumerate(accumulate(map(len, lines[:-1]), initial=0)):
                self._line_starts[number] = start + number
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both from 1, the column in characters."""
        from bisect import bisect_right

        starts = self.line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def byte_offset(self, offset: int) -> int:
        """Return the number of bytes of UTF-8 before an offset."""
        text = self.text
        if text.isascii():
            return offset
        if self._bytes is None:
            from itertools import accumulate

            starts = range(0, len(text), _STRIDE)
            self._bytes = [*accumulate((_bytes_of(text[at : at + _STRIDE]) for at in starts), initial=0)]
        block = offset // _STRIDE
        return self._bytes[block] + _bytes_of(text[block * _STRIDE : offset])

    def line_span(self, line: int) -> Span:
        """Return the span of a line (from 1) without its end; the text's end for the one after the last."""
        starts = self.line_starts()
        start = starts[line - 1] if line <= len(starts) else len(self.text)
        end = starts[line] if line < len(starts) else len(self.text)
        # A line may be as long as the file: it is not copied.
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def raw_line(self, line: int) -> str:
        """Return the text of a line (from 1) without its end, secrets included."""
        start, end = self.line_span(line)
        return self.text[start:end]

    def line_text(self, line: int) -> str:
        """Return the text of a line (from 1) without its end, secrets masked."""
        return self.masked(self.line_span(line))
