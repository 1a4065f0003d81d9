"""Paths against the patterns of a .gitignore file, as pathspec matches them.

To load pathspec costs more than to lint a spec (some 150 million instructions, of 300 in a repository with a
.gitignore). Most paths contain the literal text of none of the patterns; no pattern matches them then.
"""

from __future__ import annotations

from algolint.messages import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class BadPattern(Exception):
    """A line that is not a valid gitignore pattern."""

    def __init__(self, line: str) -> None:
        super().__init__(f"{shown(line)} is not a valid gitignore pattern")
        self.line = line


class IgnorePatterns:
    """The patterns of one file. A line that is not valid matches nothing, as in git."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._literals = {literal for line in lines for literal in required_literals(line)}
        self._spec: GitIgnoreSpec | None = None

    def check(self) -> None:
        """Raise `BadPattern` at the first line that is not valid."""
        for line in self._lines:
            # All other patterns are valid, whatever they match.
            if "[" in line or "\\" in line or line.startswith("!"):
                _spec_of([line])

    def excludes(self, path: str) -> bool | None:
        """Whether a path, relative to the file's folder, is excluded; None where no pattern matches it."""
        if not any(literal in path for literal in self._literals):
            return None
        if self._spec is None:
            self._spec = self._loaded()
        return self._spec.check_file(path).include

    def _loaded(self) -> GitIgnoreSpec:
        try:
            return _spec_of(self._lines)
        except BadPattern:
            return _spec_of([line for line in self._lines if _is_valid(line)])


def _is_valid(line: str) -> bool:
    try:
        _spec_of([line])
    except BadPattern:
        return False
    return True


def required_literals(line: str) -> tuple[str, ...]:
    """Texts of which a path contains one where the pattern of a line matches it; `""` where none is known."""
    if line.startswith("#") or not line.strip():
        return ()
    if "\\" in line:
        return ("",)
    head, _, rest = line.removeprefix("!").partition("[")
    runs = head.replace("*", "/").replace("?", "/").split("/")
    choice, closed, _ = rest.partition("]")
    if closed and choice.isalnum():
        # `*.py[cod]`: all names of Python files would contain `.py`.
        return tuple(runs[-1] + letter for letter in choice)
    return (max(runs, key=len).strip(),)


def _spec_of(lines: list[str]) -> GitIgnoreSpec:
    import re
    import warnings

    import pathspec

    from algolint.bounded_pattern import BoundedPattern

    with warnings.catch_warnings():
        # What `re` will read otherwise in some later version, as in `[[]`.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return pathspec.GitIgnoreSpec.from_lines(lines, BoundedPattern, backend="simple")
        except (ValueError, re.error):
            for line in lines:
                try:
                    BoundedPattern(line)
                except (ValueError, re.error):
                    raise BadPattern(line) from None
            raise
