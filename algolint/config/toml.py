"""Parsing TOML: a quick reader for plain configurations, and tomli for all others; writing strings."""

from __future__ import annotations

from algolint.json_scanner import scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.json_scanner import ScanOnce

_OF_KEYS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def parsed(text: str) -> dict[str, Any]:
    """Return the values of a TOML document. Raises ValueError and RecursionError like `tomli`."""
    if "\\" not in text and text.replace("\n", "").replace("\t", "").isprintable():
        try:
            return _Plain(text).values
        except (ValueError, IndexError, StopIteration, RecursionError):
            # It is not plain, or not valid.
            pass
    from algolint.lazy_regex import lazily_compiled_patterns

    # Its patterns are for numbers and dates, which no setting takes.
    with lazily_compiled_patterns():
        # The tomllib of Python 3.11 and later is the same, but takes longer to import: it loads typing.
        import tomli
    return tomli.loads(text)


def quoted(text: str) -> str:
    """Return a text as a string of TOML, in which only printable characters are not escaped."""
    import json

    token = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else rf"\U{ord(c):08x}" for c in token)


# A comma after the last item of a list.
_LAST = '",'


class _Plain:
    """Reads the subset of TOML that most configurations use, and raises an error at anything else.

    Each line is the header of a table, a key and its value, or a comment. A value is true, false, a string
    without escapes or a list of such strings, all of which are written as in JSON, or an inline table of such
    values. This saves loading tomli and `re`, a fifth of a run with a configuration.
    """

    def __init__(self, text: str) -> None:
        self.values: dict[str, Any] = {}
        self._has_inline_tables = False
        self._scan: ScanOnce = scanner()
        table = self.values
        lines = (line.strip(" \t") for line in text.split("\n"))
        for line in lines:
            if line[:1] == "[":
                table = self._table(line)
            elif line and line[0] != "#":
                pair = _joined(line, lines)
                self._end(pair, self._pair(pair, 0, table))

    def _table(self, header: str) -> dict[str, Any]:
        """Return the new table for a header."""
        end = header.index("]")
        self._end(header, end + 1)
        *above, last = map(_bare, header[1:end].split("."))
        if above and self._has_inline_tables:
            # A header must not add to an inline table.
            raise ValueError
        table: Any = self.values
        for name in above:
            table = table.setdefault(name, {})
            if not isinstance(table, dict):
                raise ValueError
        if last in table:
            raise ValueError
        new: dict[str, Any] = {}
        table[last] = new
        return new

    def _pair(self, text: str, at: int, table: dict[str, Any]) -> int:
        """Read a key and its value into a table, and return the offset of their end."""
        equals = text.index("=", at)
        if text[at] == '"':
            key, end = self._scan(text, at)
            equals = text.index("=", end)
            if text[end:equals].strip(" \t"):
                raise ValueError
        else:
            key = _bare(text[at:equals].rstrip(" \t"))
        value, end = self._value(text, _space(text, equals + 1))
        if key in table:
            raise ValueError
        table[key] = value
        return end

    def _value(self, text: str, at: int) -> tuple[Any, int]:
        if text[at] == "{":
            self._has_inline_tables = True
            table: dict[str, Any] = {}
            while text[at] != "}":
                at = _space(text, self._pair(text, _space(text, at + 1), table))
                if text[at] not in ",}":
                    raise ValueError
            return table, at + 1
        value, end = self._scan(text, at)
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, str) and value is not True and value is not False:
                raise ValueError
        return value, end

    def _end(self, line: str, at: int) -> None:
        if line[_space(line, at) :][:1] not in ("", "#"):
            raise ValueError


def _joined(line: str, lines: Iterator[str]) -> str:
    """Return a line joined with the following lines of its list, which end in a line with only a bracket."""
    if line[-1] not in "[," or "#" in line or "{" in line:
        return line
    items = ""
    for item in lines:
        if "#" in item:
            # It may begin a comment.
            raise ValueError
        if item == "]":
            # JSON allows no comma after the last item.
            return f"{line}{items[:-1] if items.endswith(_LAST) else items}]"
        # The line breaks keep a string from continuing in the next line: JSON refuses them.
        items += f"\n{item}" if item else ""
    raise ValueError


def _space(text: str, at: int) -> int:
    """Return the offset of the next character that is not space."""
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _bare(key: str) -> str:
    """Return a key that is valid without quotes. Raises ValueError for others."""
    if not key or not _OF_KEYS.issuperset(key):
        raise ValueError
    return key
