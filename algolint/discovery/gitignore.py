"""Matching paths against the patterns of a .gitignore file, as pathspec matches them.

Loading pathspec takes half of a run in a repository with a .gitignore, more than linting a spec. Most paths
contain no literal text of any pattern, so that no pattern can match them and pathspec is not loaded.
"""

from __future__ import annotations

from algolint.limits import IgnoreWork, keep
from algolint.messages import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

    from algolint.discovery.bounded_pattern import BoundedPattern


class BadPattern(Exception):
    """Raised for a line that is not a valid gitignore pattern."""

    def __init__(self, line: str) -> None:
        super().__init__(f"{shown(line)} is not a valid gitignore pattern")
        self.line = line


# From this many literals on, the pieces of a path are looked up among them. Fewer are searched for in the
# path.
_MANY_LITERALS = 500
_LITERAL_LENGTH = 16
# The time to try an empty pattern, and to translate a character of one, in units of matching one character.
_TRYING = 20
_TRANSLATING = 20
# Combinations of at most this many patterns are kept for other paths to which they apply.
_FEW_PATTERNS = 50


class IgnorePatterns:
    """The patterns of one file. As in git, a line that is not valid matches nothing.

    If `work` runs out, `is_ended` is set and no pattern matches any more.
    """

    def __init__(self, lines: list[str], work: IgnoreWork | None = None) -> None:
        self._lines = lines
        self._work = work
        self.is_ended = False
        # The numbers of the lines by a literal that every matching path contains.
        self._literals: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            for literal in required_literals(line):
                self._literals.setdefault(literal[:_LITERAL_LENGTH], []).append(number)
        self._lengths: list[int] = []
        if len(self._literals) > _MANY_LITERALS:
            self._lengths = sorted({len(literal) for literal in self._literals})
        # The patterns that were tried so far. Compiling thousands takes seconds.
        self._patterns: dict[int, BoundedPattern | None] = {}
        self._specs: dict[tuple[int, ...], GitIgnoreSpec] = {}

    def check(self) -> None:
        """Raise `BadPattern` for the first line that is not valid."""
        for line in self._lines:
            # All other patterns are valid.
            if "[" in line or "\\" in line or line.startswith("!"):
                _pattern_of(line)

    def excludes(self, path: str) -> bool | None:
        """Whether a path, relative to the file's folder, is excluded, or None if no pattern matches it."""
        if self.is_ended:
            return None
        found = self._found(path)
        if not found:
            return None
        numbers = sorted({number for literal in found for number in self._literals[literal]})
        if not self._take(sum(_TRYING + len(self._lines[number]) for number in numbers)):
            return None
        tried = tuple(number for number in numbers if _may_match(self._lines[number], path))
        if not tried or not self._take(sum(self._steps(number, path) for number in tried)):
            return None
        included: bool | None = self._spec(tried).check_file(path).include
        return included

    def _spec(self, tried: tuple[int, ...]) -> GitIgnoreSpec:
        kept = self._specs.get(tried)
        if kept is None:
            kept = _spec_of(filter(None, map(self._pattern, tried)))
            if len(tried) <= _FEW_PATTERNS:
                keep(self._specs, tried, kept)
        return kept

    def _found(self, path: str) -> list[str]:
        """Return the literals that a path contains."""
        if not self._lengths:
            return [literal for literal in self._literals if literal in path]
        pieces = {path[at : at + length] for length in self._lengths for at in range(len(path) - length + 1)}
        return [piece for piece in pieces if piece in self._literals]

    def _take(self, steps: int) -> bool:
        """Spend steps, and return whether enough were left."""
        self.is_ended = self._work is not None and not self._work.take(steps)
        return not self.is_ended

    def _steps(self, number: int, path: str) -> int:
        """Return the steps to match the pattern of a line; a class is tested with every character."""
        line = self._lines[number]
        translating = 0 if number in self._patterns else _TRANSLATING
        return len(line) * (1 + translating) + line.count("[") * (len(path) // 2 + translating)

    def _pattern(self, number: int) -> BoundedPattern | None:
        """Return the pattern of a line, or None if it is not valid."""
        if number not in self._patterns:
            try:
                self._patterns[number] = _pattern_of(self._lines[number])
            except BadPattern:
                self._patterns[number] = None
        return self._patterns[number]


def _may_match(line: str, path: str) -> bool:
    """Whether a path contains all literals of a line before the first class, in order."""
    end = 0
    for run in () if "\\" in line else _runs(line):
        start = path.find(run.strip(), end)
        if start < 0:
            return False
        end = start + len(run.strip())
    return True


def _runs(line: str) -> list[str]:
    """Return the literals of a line between its wildcards and slashes, up to the first class."""
    head = line.removeprefix("!").partition("[")[0]
    return head.replace("*", "/").replace("?", "/").split("/")


def required_literals(line: str) -> tuple[str, ...]:
    """Return literals of which every path that matches a line contains one; `""` if none is known."""
    if line.startswith("#") or not line.strip():
        return ()
    if "\\" in line:
        return ("",)
    runs = _runs(line)
    choice, closed, _ = line.partition("[")[2].partition("]")
    if closed and choice.isalnum():
        # For `*.py[cod]`: `.py` alone would be in the names of all Python files.
        return tuple(runs[-1] + letter for letter in choice)
    return (max(runs, key=len).strip(),)


def _spec_of(patterns: Iterable[BoundedPattern]) -> GitIgnoreSpec:
    import pathspec

    return pathspec.GitIgnoreSpec(list(patterns), backend="simple")


def _pattern_of(line: str) -> BoundedPattern:
    """Return the pattern of a line. Raises `BadPattern` if it is not valid."""
    import re
    import warnings

    from algolint.discovery.bounded_pattern import BoundedPattern

    with warnings.catch_warnings():
        # Silence warnings for patterns such as `[[]`, which a later version of `re` may read differently.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return BoundedPattern(line)
        except (ValueError, re.error):
            raise BadPattern(line) from None
