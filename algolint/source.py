"""A file's text, and positions in it."""

from __future__ import annotations

import os
from itertools import accumulate

from algolint import credentials, limits
from algolint.messages import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterator, Sequence
    from typing import Any, TypeAlias

    # Offsets into Source.text, in characters; the end is exclusive.
    Span: TypeAlias = tuple[int, int]


# Byte order marks of encodings that are not UTF-8; the longer before the shorter.
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

# Of a shortened secret so many characters are masked; fewer do not give it away.
_LEAST = 4
# A shorter line of a secret could be any word.
_WHOLE_LINE = 8
# The letters and digits of a secret that is a token, and not an ordinary word.
_LEAST_PLAIN = 16
_PLAIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
# Of a longer secret this much is looked for in other places.
_LONGEST_SECRET = 4096
#: More than any line is indented.
NO_INDENT = 1 << 30
# The text is masked in blocks, since all findings of a minified file are on one line. What tells a
# credential, such as a name before its value, may be so far from it.
_BLOCK = 64 * 1024
_CONTEXT = 1024
# Of a longer text not all names are looked at, and a block of it may hold secrets though none was found.
_SURELY_SEARCHED = 8 * limits.MAX_ASSIGNED
# So many kinds of beginnings are looked for one by one, more at each character.
_FEW_BEGINNINGS = 64
# No message shows more of a text that it truncates.
_LONGEST_SHOWN = 300
_LONGEST_MESSAGE = 10_000


class UnreadableSource(Exception):
    """Raised when a file cannot be read: missing, a directory, no permission, too large.

    The message is for the user and does not repeat the path.
    """


class TooLarge(UnreadableSource):
    """Raised when a file that the user did not name may hold a spec, and is too large to be read."""


class MissingExtra(UnreadableSource):
    """Raised when reading the file takes a package or a Python that is not there; the message says which."""


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


def too_deep(span: Span) -> LimitExceeded:
    """Return the error of a text that is nested too deeply, at the first value that is."""
    return LimitExceeded(f"nested more than {limits.MAX_DEPTH} levels deep", span)


def too_many_values() -> LimitExceeded:
    """Return the error of a file with too many values."""
    return LimitExceeded(f"more than {limits.MAX_VALUES:,} values; refusing to read the file", (0, 0))


class Expansion:
    """What the references of a file expand to, which may double with each."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = limits.MAX_EXPANDED_LENGTH

    def add(self, value: object) -> None:
        """Count a value. Raises `LimitExceeded` where there is too much of them."""
        self._left -= limits.EXPANDED_VALUE + (len(value) if isinstance(value, str) else 0)
        if self._left < 0:
            raise LimitExceeded(
                f"references expand to more than {limits.MAX_EXPANDED_LENGTH:,} characters", (0, 0)
            )


def check_tokens(text: str) -> None:
    """Raise `LimitExceeded` for a program with too many tokens."""
    if len(text) > limits.MAX_TOKENS:
        import re

        # Where there is nothing but space to look at, splitting is quicker than an expression.
        words = re.finditer(r"\w+|[^\w\s]", " ".join(text.split()))
        if any(number == limits.MAX_TOKENS for number, _ in enumerate(words)):
            raise LimitExceeded(f"more than {limits.MAX_TOKENS:,} tokens; refusing to parse the file", (0, 0))


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
    does, but of a file that may not hold a spec only what keeps it from being opened.
    """
    try:
        descriptor = _opened(path, _READING)
        try:
            status = os.fstat(descriptor)
            _check_kind(status.st_mode)
            if status.st_size > max_size:
                if status.st_size <= limits.MAX_SEARCHED_SIZE and not may_hold_spec(_OpenText(descriptor)):
                    return None
                raise TooLarge(_too_large(status.st_size, max_size))
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


class Source:
    """The decoded text of one file, under the name that is reported.

    `text` has the characters as they are (no newline translation) without a byte order mark; `bom` is
    whether there was one.
    """

    __slots__ = (
        "_blocks",
        "_bytes",
        "_cuts",
        "_has_more",
        "_hidden",
        "_known",
        "_line_starts",
        "_longest",
        "_plain",
        "_searched",
        "bom",
        "holes",
        "name",
        "secrets",
        "text",
    )

    def __init__(self, name: str, text: str, holes: Sequence[Hole] = ()) -> None:
        self.name = name
        #: Where the text was broken; see `server.repair`.
        self.holes = holes
        self.bom = text.startswith("\ufeff")
        self.text = text[1:] if self.bom else text
        #: Text that no report may show.
        self.secrets: set[str] = set()
        self._hidden: list[Span] = []
        self._searched = self._has_more = False
        self._line_starts: memoryview[int] | None = None
        # The bytes before every so many characters.
        self._bytes: list[int] | None = None
        # The blocks of the text that were masked, by their number.
        self._blocks: dict[int, str] = {}
        # What `_index` and `_cut_to` found of the secrets so far.
        self._known: tuple[dict[str, list[int]], set[str], set[int]] | None = None
        self._cuts: dict[int, set[str]] = {}
        self._plain: dict[str, str] | None = None
        self._longest = 0

    def __getstate__(self) -> dict[str, Any]:
        # Another process finds the lines by itself: a memoryview cannot be sent.
        return {slot: getattr(self, slot) for slot in self.__slots__} | {"_line_starts": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for slot, value in state.items():
            setattr(self, slot, value)

    def data(self) -> bytes:
        """Return the bytes of the file."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + self.text.encode("utf-8", "surrogatepass")

    def changed(self, text: str) -> Source:
        """Return the file with another text, which may spell the secrets of this one otherwise."""
        self._search()
        changed = Source(self.name, ("\ufeff" if self.bom else "") + text)
        changed.secrets |= self.secrets
        return changed

    def hide(self, secret: str, span: Span) -> None:
        """Mask a secret wherever it occurs, and all of the value at `span` if that spells it otherwise.

        Escapes, folded lines and indentation make a value's text differ from the value.
        """
        self.secrets.add(secret[:_LONGEST_SECRET])
        self._known = self._plain = None
        self._cuts, self._blocks = {}, {}
        if len(secret) > _LONGEST_SECRET or secret not in self.text[span[0] : span[1]]:
            self._hidden.append(span)

    def redacted(self, text: str) -> str:
        """Return text of or about this file with its secrets masked, at equal length so that columns stay.

        These are the secrets that rules found, and whatever looks like one in the file or in the text. A
        message may show a secret with escapes, and truncated: then what is left of it is masked.
        """
        self._search()
        found = credentials.spans(text)
        if self.secrets:
            found += self._secret_spans(text)
        return credentials.covered(text, found) if found else text

    def _search(self) -> None:
        """Look for secrets that no rule has seen: in other fields, in comments, where the syntax is wrong."""
        if not self._searched:
            self._searched = True
            for number, (start, end) in enumerate(credentials.spans(self.text)):
                if number < limits.MAX_SECRETS:
                    self.secrets.add(self.text[start : min(end, start + _LONGEST_SECRET)])
                if end - start > _LONGEST_SECRET:
                    self._hidden.append((start, end))
                self._has_more = number >= limits.MAX_SECRETS
            self._known = self._plain = None

    @property
    def has_more_secrets(self) -> bool:
        """Whether there are more secrets than are looked for in other places than their own."""
        if len(self.text) < credentials.SHORTEST * limits.MAX_SECRETS:
            return False
        self._search()
        return self._has_more

    def _secret_spans(self, text: str) -> list[Span]:
        """Return the spans of secrets in a text, truncated ones included. A file may have thousands."""
        spans = []
        lengths, forms, sizes = self._index()
        for at, beginning in _occurrences(text, lengths, sizes):
            for length in lengths[beginning]:
                if text[at : at + length] in forms:
                    spans.append((at, min(at + length, len(text))))
                    break
        # Long text is the file's own and was not truncated.
        cut = text.find("…") if len(text) < _LONGEST_MESSAGE else -1
        while cut >= 0:
            for at in range(max(cut - _LONGEST_SHOWN, 0), cut - _LEAST + 1):
                if text[at : at + _LEAST] in lengths and text[at:cut] in self._cut_to(cut - at):
                    spans.append((at, cut))
                    break
            cut = text.find("…", cut + 1)
        return spans + self._respelled_spans(text) if len(text) < _LONGEST_MESSAGE else spans

    def _respelled_spans(self, text: str) -> list[Span]:
        """Return the spans of secrets that are part of a name which is spelled as another syntax does.

        Of `ghp_Ab1` that is `GhpAb1`, `ghp_ab1` or `ghpAb1`: letters and digits are compared without case.
        """
        plain = self._plain_secrets()
        places = [at for at, character in enumerate(text) if character in _PLAIN] if plain else []
        letters = "".join(text[at] for at in places).lower()
        spans = []
        for first in range(len(letters) - _LEAST_PLAIN + 1):
            secret = plain.get(letters[first : first + _LEAST_PLAIN])
            if secret is not None:
                length = _LEAST_PLAIN
                while letters[first : first + length + 1] == secret[: length + 1] and length < len(secret):
                    length += 1
                spans.append((places[first], places[first + length - 1] + 1))
        return spans

    def _plain_secrets(self) -> dict[str, str]:
        """Return the letters and digits of the long secrets in lower case, by how they start."""
        if self._plain is None:
            plains = ["".join(filter(_PLAIN.__contains__, secret)).lower() for secret in self.secrets]
            long = sorted((plain for plain in plains if len(plain) >= _LEAST_PLAIN), key=len)
            self._plain = {plain[:_LEAST_PLAIN]: plain for plain in long}
        return self._plain

    def _cut_to(self, length: int) -> set[str]:
        """Return the first characters of the secrets' forms."""
        if length not in self._cuts:
            self._cuts[length] = {form[:length] for form in self._forms() if len(form) > length}
        return self._cuts[length]

    def _index(self) -> tuple[dict[str, list[int]], set[str], set[int]]:
        """Return the lengths of the secrets' forms by how these start, long ones first; the forms; and how
        many characters the starts have."""
        if self._known is None:
            found: dict[str, set[int]] = {}
            forms = self._forms()
            for form in forms:
                found.setdefault(form[:_LEAST], set()).add(len(form))
            lengths = {start: sorted(known, reverse=True) for start, known in found.items()}
            self._known = lengths, set(forms), set(map(len, lengths))
            self._longest = len(forms[0]) if forms else 0
        return self._known

    def _forms(self) -> list[str]:
        """Return the secrets as messages and edits may spell them: escaped, line by line; long ones first."""
        import json
        import re

        forms = set(self.secrets)
        for secret in self.secrets:
            lines = [line.strip() for line in secret.split("\n")]
            forms.update(line for line in lines if len(line) >= _WHOLE_LINE)
        for form in list(forms):
            # As fixes and messages spell the name that a secret is part of.
            words = re.sub("[^0-9A-Za-z]+", "-", form).strip("-")
            forms.update(one for one in (form.lower(), form.upper(), words) if len(one) >= _WHOLE_LINE)
            forms |= {escaped(form), json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1]}
        return sorted(forms, key=lambda form: (-len(form), form))

    def line_starts(self) -> Sequence[int]:
        """Return the offset of each line's first character. Lines end at LF, CR LF or CR, as in editors."""
        if self._line_starts is None:
            text = self.text
            if "\r" in text:
                text = text.replace("\r\n", "\0\n").replace("\r", "\n")
            lines = text.split("\n")
            # A fourth of the memory of a list; a run keeps the text of every file with findings. An array is
            # as small, and its import takes 7 of the 121 million instructions of a file with two findings.
            self._line_starts = memoryview(bytearray(8 * len(lines))).cast("q")
            start = 0
            for number, line in enumerate(lines):
                self._line_starts[number] = start
                start += len(line) + 1
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

    def masked(self, span: Span) -> str:
        """Return the text of a span with its secrets masked, those included that overlap it partly."""
        start, end = span
        self._search()
        if not self.secrets and len(self.text) < _SURELY_SEARCHED:
            return self.text[start:end]
        first, last = start // _BLOCK, max(start, end - 1) // _BLOCK
        text = "".join(map(self._masked_block, range(first, last + 1)))
        return text[start - first * _BLOCK : end - first * _BLOCK]

    def _masked_block(self, number: int) -> str:
        if number not in self._blocks:
            self._index()
            start = number * _BLOCK
            margin = max(self._longest, _LONGEST_SECRET) + _CONTEXT
            first = max(start - margin, 0)
            text = self.text[first : start + _BLOCK + margin]
            inside = [(max(begin - first, 0), min(end - first, len(text))) for begin, end in self._hidden]
            text = credentials.covered(text, [(begin, end) for begin, end in inside if begin < end])
            self._blocks[number] = self.redacted(text)[start - first :][:_BLOCK]
        return self._blocks[number]


def _occurrences(text: str, beginnings: Collection[str], sizes: set[int]) -> Iterator[tuple[int, str]]:
    """Yield where any of some texts, which have one of some sizes, occurs, and which."""
    if len(beginnings) <= _FEW_BEGINNINGS:
        for beginning in beginnings:
            at = text.find(beginning)
            while at >= 0:
                yield at, beginning
                at = text.find(beginning, at + 1)
        return
    for size in sizes:
        found = [at for at in range(len(text) - size + 1) if text[at : at + size] in beginnings]
        yield from ((at, text[at : at + size]) for at in found)
