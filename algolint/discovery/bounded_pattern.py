"""A .gitignore pattern, matched in time that grows only with its length. Imported only where needed.

pathspec translates each line to a regular expression that consists of a few kinds of parts. `re` tries every
way to divide a path among the wildcards, which may take hours. Here the offsets of a path at which the rest
of a pattern matches are the bits of a number, so that each part takes a few operations. The results are those
of `re` (`tests/test_gitignore.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# The parts of pathspec's regular expressions.
_PARTS = re.compile(
    r"""
    (?P<folders>\(\?:\.\+/\)\?)
    | (?P<below>\(\?:/\.\+\)\?)
    | (?P<end>\(\?:\(\?P<ps_d>/\)\|\$\))
    | (?P<folder>\(\?P<ps_d>/\))
    | (?P<run>\[\^/\]\*)
    | (?P<some>\[\^/\]\+)
    | (?P<other>\[\^/\])
    | (?P<choice>\[\^?\]?[^\]]*\])
    | \\(?P<escaped>.)
    | (?P<char>[^\\()\[\].+*?^$|])
    """,
    re.VERBOSE | re.DOTALL,
)


class BoundedPattern(GitIgnoreSpecPattern):
    """The pattern of a line. Raises `ValueError` or `re.error` if it is not valid."""

    __slots__ = ()

    def __init__(self, line: str) -> None:
        text, include = self.pattern_to_regex(line)
        super().__init__(None if text is None else _compiled(text), include)


def _compiled(text: str) -> Any:
    parts = _parts(text)
    # Expressions that are not anchored have one part only. Others come from a later version of pathspec.
    return re.compile(text) if parts is None else _Expression(parts)


def _parts(text: str) -> list[tuple[str, Any]] | None:
    """Return the parts of an anchored expression, or None if it is not anchored or has unknown parts."""
    if not text.startswith("^"):
        return None
    parts: list[tuple[str, Any]] = []
    at = 1
    while at < len(text):
        part = _PARTS.match(text, at)
        if part is None:
            return None
        kind = part.lastgroup or ""
        found: Any = part[kind]
        if kind == "choice":
            found = _choice(found)
        parts.append(("char" if kind == "escaped" else kind, found))
        at = part.end()
    return parts


@lru_cache(maxsize=1000)
def _choice(text: str) -> re.Pattern[str]:
    return re.compile(text)


class _Match:
    """The part of a match that pathspec reads: whether a folder above the path matched."""

    __slots__ = ("_folder",)

    def __init__(self, folder: str | None) -> None:
        self._folder = folder

    def groupdict(self) -> dict[str, str | None]:
        return {"ps_d": self._folder}


class _Path:
    """A path's offsets, as bits: bit n is the offset before its last n characters."""

    __slots__ = ("_chars", "ends", "line", "segment", "size", "slash", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.size = len(text)
        self._chars: dict[str, int] = {}
        bit = 1 << self.size
        for char in text:
            self._chars[char] = self._chars.get(char, 0) | bit
            bit >>= 1
        #: The offsets before a slash, before a character of a segment, and before one that is not a line
        #: break.
        self.slash = self.before("/")
        self.segment = (2 << self.size) - 2 & ~self.slash
        self.line = (2 << self.size) - 2 & ~self.before("\n")
        # Like `$`, this includes the offset before a line break at the end.
        self.ends = 1 | self.before("\n") & 2

    def before(self, char: str) -> int:
        """Return the offsets before a character."""
        return self._chars.get(char, 0)

    def before_any(self, choice: re.Pattern[str]) -> int:
        """Return the offsets before the characters of a class."""
        found = 0
        for char, offsets in self._chars.items():
            if choice.match(char):
                found |= offsets
        return found


_path = lru_cache(maxsize=1)(_Path)


def _back(starts: int, allowed: int) -> int:
    """Return the offsets from which a run of `allowed` characters leads to one of `starts`."""
    seeds = starts << 1 & allowed
    # The addition carries each seed to the end of its run of allowed characters.
    return ((seeds + allowed ^ allowed) | seeds) & allowed


class _Expression:
    """An anchored regular expression of pathspec, with the two methods that pathspec calls."""

    __slots__ = ("_parts",)

    def __init__(self, parts: list[tuple[str, Any]]) -> None:
        self._parts = parts[::-1]

    def search(self, text: str) -> _Match | None:
        path = _path(text)
        # For each part, from the last to the first, the offsets at which the parts after it match.
        rest = [(2 << path.size) - 1]
        for part in self._parts:
            rest.append(_starts(part, rest[-1], path))
            if not rest[-1]:
                return None
        if not rest[-1] >> path.size:
            return None
        return self._followed(rest, path)

    match = search

    def _followed(self, rest: list[int], path: _Path) -> _Match:
        """Return the match that `re` finds first: each wildcard takes as much as it can."""
        left = path.size
        for number in range(len(self._parts) - 1, -1, -1):
            kind = self._parts[number][0]
            if kind in ("end", "folder"):
                return _Match("/" if path.slash >> left & 1 else None)
            left = _end(kind, left, rest[number], path)
        return _Match(None)


def _starts(part: tuple[str, Any], ends: int, path: _Path) -> int:
    """Return the offsets from which a part leads to one of `ends`."""
    kind, found = part
    if kind == "char":
        return ends << 1 & path.before(found)
    if kind == "run":
        return ends | _back(ends, path.segment)
    if kind == "choice":
        return ends << 1 & path.before_any(found)
    if kind == "other":
        return ends << 1 & path.segment
    if kind == "some":
        return _back(ends, path.segment)
    if kind == "folders":
        return ends | _back(ends << 1 & path.slash, path.line)
    if kind == "below":
        return ends | _back(ends, path.line) << 1 & path.slash
    return path.slash | (path.ends if kind == "end" else 0)


def _end(kind: str, left: int, ends: int, path: _Path) -> int:
    """Return how many characters remain after a part that matches as much as it can before one of `ends`."""
    if kind in ("char", "choice", "other"):
        return left - 1
    stop = "/" if kind in ("run", "some") else "\n"
    start = path.size - left + (kind == "below")
    found = path.text.find(stop, start)
    least = path.size - found if found >= 0 else 0
    most = left
    if kind == "folders":
        ends &= path.slash >> 1
        most = left - 2
    elif kind == "below":
        most = left - 2 if path.slash >> left & 1 else -1
    elif kind == "some":
        most = left - 1
    within = ends & (1 << most + 1) - (1 << least) if most >= least else 0
    # `folders` and `below` may match nothing.
    return (within & -within).bit_length() - 1 if within else left
