"""Modules that are imported when an attribute of them is first used.

A clean file needs neither the rules that report a spec's structure nor their pages. Each use of the class is
in the `else` of an `if TYPE_CHECKING`, so that type checkers see an import:

    if TYPE_CHECKING:
        from algolint.spec import structural_rules
    else:
        structural_rules = LazyModule("algolint.spec.structural_rules")
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LazyModule:
    """A placeholder for a module, like a `lazy import` of Python 3.15 (PEP 810)."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        __import__(self._name)
        # The next access to the attribute does not call this function.
        value = self.__dict__[name] = getattr(sys.modules[self._name], name)
        return value
