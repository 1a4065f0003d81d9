"""A .gitignore pattern whose matching takes bounded time. Imported only where there are patterns."""

from __future__ import annotations

from typing import Any

import regex
from pathspec.pattern import RegexMatchResult
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# Wildcards from which a pattern may take long; others are matched by `re`, which is quicker.
_MANY_WILDCARDS = 4
_SECONDS_A_MATCH = 0.1


class BoundedPattern(GitIgnoreSpecPattern):
    """A pattern of which the time is limited, of one match and of all matches of the process."""

    __slots__ = ("_bounded",)

    #: What is left to all patterns of the process.
    seconds_left = 1.0

    def __init__(self, pattern: str, include: bool | None = None) -> None:
        super().__init__(pattern, include)
        self._bounded: regex.Pattern[str] | None = None
        text = self.regex.pattern if self.regex else ""
        if text.count("*") + text.count(".+") >= _MANY_WILDCARDS:
            self._bounded = regex.compile(text)

    def match_file(self, file: Any) -> Any:
        """Match a path; None where it does not, or where time is up."""
        if self._bounded is None:
            return super().match_file(file)
        limit = min(_SECONDS_A_MATCH, max(BoundedPattern.seconds_left, 0.001))
        try:
            match = self._bounded.search(file, timeout=limit)
        except TimeoutError:
            # It matches nothing from now on.
            self._bounded = regex.compile(r"(?!)")
            BoundedPattern.seconds_left -= limit
            return None
        return RegexMatchResult(match) if match else None  # type: ignore[arg-type]
