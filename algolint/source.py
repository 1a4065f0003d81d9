"""The text of a file, and positions in it."""

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


# Byte order marks of encodings other than UTF-8, longer ones first.
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def leads_out(path: str) -> bool:
    """Whether a normalized relative path leads out of its folder. One to a file named `..x` does not."""
    return path == os.pardir or path.startswith(os.pardir + os.sep)


class UnreadableSource(Exception):
    """Raised when a file cannot be read: missing, a directory, no permission, too large.

    The message is for the user and does not repeat the path.
    """


class TooLarge(UnreadableSource):
    """Raised when a file that the user did not name may contain a spec but is too large to be read."""


class MissingRequirement(UnreadableSource):
    """Raised when reading a file requires a package that is not installed, or a newer Python; names it."""


class SourceSyntaxError(Exception):
    """Raised when the text is not valid in its syntax, at `span`. Reported as `invalid-syntax`."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        #: The readable part of the text, if it could not be decoded.
        self.source: Source | None = None


class LimitExceeded(SourceSyntaxError):
    """Raised when a text exceeds a limit of what is read, whether it is valid or not."""


def read_file(path: str, max_size: int) -> Source:
    """Return the text of a file, which may have `max_size` bytes.

    Raises `UnreadableSource`, or `SourceSyntaxError` if the file is not UTF-8.
    """
    try:
        status = os.stat(path)
        _check_kind(status.st_mode)
        if status.st_size > max_size:
            raise UnreadableSource(_too_large(status.st_size, max_size))
        # A file object would take longer than the reading.
        descriptor = _opened(path, _READING)
        try:
            # The file may have been replaced since.
            _check_kind(os.fstat(descriptor).st_mode)
            data = _read(descriptor, status.st_size, max_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableSource(error.strerror or str(error)) from None
    except ValueError as error:
        # The name has a null character, or half of a surrogate pair.
        raise UnreadableSource(str(error)) from None
    return decoded(path, data, max_size)


def read_candidate(
    path: str,
    max_size: int,
    may_hold_spec: Callable[[Container[str]], bool],
    may_hold_any: Callable[[str, bytes], bool] | None = None,
) -> Source | None:
    """Return the text of a file that the user did not name, or None if it does not contain a spec.

    `may_hold_any` is a quicker test of path and bytes, called first. Raises the same errors as `read_file`.
    For a file that does not contain a spec, it only raises if the file cannot be opened or is too large.
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
    # The words are ASCII, so they are found in all encodings that include ASCII.
    if not may_hold_spec(data.decode("latin-1")):
        return None
    return decoded(path, data, max_size)


_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def _read(descriptor: int, size: int, max_size: int) -> bytes:
    data = os.read(descriptor, size + 1)
    while len(data) != size and len(data) <= max_size:
        # The size has changed, or the file is delivered in pieces.
        more = os.read(descriptor, _CHUNK)
        if not more:
            break
        data += more
    return data


_CHUNK = 1 << 20


class _OpenText:
    """The text of a file that is too large to be read, in which ASCII words can be searched for."""

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

    One that the user did not name must be a regular file, as reading a pipe might never end. Raises OSError,
    `UnreadableSource`, and ValueError for text that is not UTF-8 or an invalid name.
    """
    import stat

    with open(path, "rb", opener=None if named else _opened) as file:
        if not named and not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableSource("is not a regular file")
        data = file.read(max_size + 1)
    if len(data) > max_size:
        raise UnreadableSource(f"has more than {max_size:,} bytes")
    return data.decode("utf-8", errors).removeprefix("\ufeff")


def standard_input(max_size: int) -> bytes:
    """Return the bytes of standard input, of which `decoded` refuses more than `max_size`.

    Raises `UnreadableSource`.
    """
    import sys

    if sys.stdin is None:
        raise UnreadableSource("standard input is closed")
    try:
        return sys.stdin.buffer.read(max_size + 1)
    except OSError as error:
        raise UnreadableSource(error.strerror or str(error)) from None


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
    """Return the source of bytes that were read. Raises the same errors as `read_file`."""
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


# The distance between the characters whose byte offsets are kept.
_STRIDE = 4096


def _bytes_of(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


class Source:
    """The decoded text of one file, with the name for reports.

    `text` is without a byte order mark, and its line breaks are unchanged. `bom` is whether there was a mark.
    """

    __slots__ = (
        "_bytes",
        "_line_starts",
        "_may_hold_tag",
        "_redaction",
        "bom",
        "effort",
        "holes",
        "name",
        "text",
    )

    def __init__(self, name: str, text: str, holes: Sequence[Hole] = ()) -> None:
        self.name = name
        #: The parts of a broken text that were removed; see `server.repair`.
        self.holes = holes
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        #: How much longer than other texts of its length the text takes to read, as a factor; set when it is
        #: read.
        self.effort = 1
        self._line_starts: memoryview[int] | None = None
        # The byte offset of every `_STRIDE`th character.
        self._bytes: list[int] | None = None
        self._redaction: Redaction | None = None
        self._may_hold_tag: bool | None = None

    def __getstate__(self) -> dict[str, Any]:
        # A memoryview cannot be pickled, so another process finds the lines again.
        return {slot: getattr(self, slot) for slot in self.__slots__} | {"_line_starts": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for slot, value in state.items():
            setattr(self, slot, value)

    @property
    def work(self) -> int:
        """The cost of reading the text, as a number of characters."""
        return (len(self.text) + 1) * self.effort

    @property
    def may_hold_tag(self) -> bool:
        """Whether the text of a YAML file may contain tags. The result is kept for all of its documents."""
        if self._may_hold_tag is None:
            self._may_hold_tag = "!" in self.text
        return self._may_hold_tag

    def data(self) -> bytes:
        """Return the bytes of the file."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + self.text.encode("utf-8", "surrogatepass")

    def changed(self, text: str) -> Source:
        """Return the file with another text, in which the secrets of this one may be spelled differently."""
        from algolint.secrets.redaction import Redaction

        changed = Source(self.name, ("\ufeff" if self.bom else "") + text)
        changed._redaction = Redaction(changed.text, self.redaction.secrets)
        return changed

    @property
    def redaction(self) -> Redaction:
        """The secrets of the file, which no report may show."""
        if self._redaction is None:
            # Not loaded if no report shows any text of the file.
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
        """Return the text of a span with its secrets masked, including those that overlap its ends."""
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
            # This takes a fourth of the memory of a list; a run keeps the text of every file with findings.
            # An array is as small, but its import is 6 % of a run with two findings.
            self._line_starts = memoryview(bytearray(8 * len(lines))).cast("q")
            # Lengths do not include the line breaks before.
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
        """Return the span of a line (from 1) without its end; after the last line, the end of the text."""
        starts = self.line_starts()
        start = starts[line - 1] if line <= len(starts) else len(self.text)
        end = starts[line] if line < len(starts) else len(self.text)
        # The line is not copied, as it may be the whole file.
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def raw_line(self, line: int) -> str:
        """Return the text of a line (from 1) without its end, including secrets."""
        start, end = self.line_span(line)
        return self.text[start:end]
