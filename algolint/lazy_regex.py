"""Regular expressions that are compiled when they are used instead of when their module is imported."""

from __future__ import annotations

import re
import sys

import algolint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# The real function, as `re.compile` may be replaced.
_compile = re.compile


class _Pattern:
    """A pattern that is compiled when one of its attributes is used."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._arguments = pattern, flags
        self._pattern: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._pattern is None:
            self._pattern = _compile(*self._arguments)
        # The next access to the attribute does not call this function.
        value = self.__dict__[name] = getattr(self._pattern, name)
        return value


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a lazy pattern, for text that most files do not contain."""
    return _Pattern(pattern, flags)  # type: ignore[return-value]


class lazily_compiled_patterns:  # noqa: N801 -- used as a function
    """A context in which modules that are imported get lazy patterns. Only the command line uses it.

    Importing PyYAML takes a third of the time, since its Python reader, which the C parser does not use, has
    a pattern over all of Unicode. `re.compile` is replaced in the context, and PyYAML keeps the lazy
    patterns, so programs that import algolint and processes with other threads do not use it.
    """

    def __enter__(self) -> None:
        threading: Any = sys.modules.get("threading")
        self._before = re.compile
        if algolint.is_command_line and (threading is None or threading.active_count() == 1):
            re.compile = _Pattern  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        re.compile = self._before
