"""Regular expressions that are compiled when they are used, not when the module is loaded that has them."""

from __future__ import annotations

import re
import sys

import algolint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# The real function, whatever takes its place for a while.
_compile = re.compile


class _Pattern:
    """A pattern that is compiled when one of its attributes is used."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._arguments = pattern, flags
        self._pattern: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._pattern is None:
            self._pattern = _compile(*self._arguments)
        # Found from now on without a call of this function.
        value = self.__dict__[name] = getattr(self._pattern, name)
        return value


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern for text that most files do not hold."""
    return _Pattern(pattern, flags)  # type: ignore[return-value]


class lazily_compiled_patterns:  # noqa: N801 -- used as a function
    """A context in which the patterns of modules that are imported are lazy; in the command line alone.

    It makes importing PyYAML three times as fast: its reader in Python, which the parser in C does without,
    has a pattern over all of Unicode. `re.compile` is replaced meanwhile, and PyYAML keeps the lazy patterns,
    so in a program that imports algolint nothing of this happens, nor beside other threads.
    """

    def __enter__(self) -> None:
        threading: Any = sys.modules.get("threading")
        self._before = re.compile
        if algolint.is_command_line and (threading is None or threading.active_count() == 1):
            re.compile = _Pattern  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        re.compile = self._before
