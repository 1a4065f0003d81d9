"""Regular expressions that are compiled when they are used, not when the module is loaded that has them."""

from __future__ import annotations

import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# What compiles, whatever stands in its place meanwhile.
_compile = re.compile


class _Pattern:
    """What stands for a pattern until something is asked of it."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._made_of = pattern, flags
        self._pattern: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._pattern is None:
            self._pattern = _compile(*self._made_of)
        # From now on it is found before this is asked.
        value = self.__dict__[name] = getattr(self._pattern, name)
        return value


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern for text that most files do not hold."""
    return _Pattern(pattern, flags)  # type: ignore[return-value]


class lazily_compiled_patterns:  # noqa: N801 -- used as a function
    """What is imported in this context gets such patterns.

    PyYAML's reader in Python has one over all of Unicode, which takes half as long as linting a file, and
    which the parser in C does without. In a process of several threads nothing is put off: another thread
    would be given such patterns too.
    """

    def __enter__(self) -> None:
        threading: Any = sys.modules.get("threading")
        self._before = re.compile
        if threading is None or threading.active_count() == 1:
            re.compile = _Pattern  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        re.compile = self._before
