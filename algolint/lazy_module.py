"""Modules that are imported when something of them is first used.

A clean file needs none of the rules that report a spec's structure, and no page of theirs. Each use of the
class is below `TYPE_CHECKING`'s `else`, so that type checkers see an import:

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
    """Stands in for a module; see above. Python 3.15 has `lazy import` for it (PEP 810)."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        __import__(self._name)
        # Found from now on without a call of this function.
        value = self.__dict__[name] = getattr(sys.modules[self._name], name)
        return value
