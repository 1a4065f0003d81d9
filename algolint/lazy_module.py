"""Modules that are imported when they are first used.

A clean file needs neither the rules that report a spec's structure nor their pages. Each use of the classes
is in the `else` of an `if TYPE_CHECKING`, so that type checkers see an import:

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
    """A placeholder for a module that is imported when an attribute is read.

    Python 3.15 has a statement for this, `lazy import` (PEP 810).
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        __import__(self._name)
        # The next access to the attribute does not call this function.
        value = self.__dict__[name] = getattr(sys.modules[self._name], name)
        return value


class LazyFunctions:
    """A placeholder for a module that is imported when a function of it, with one parameter, is called.

    A table can therefore name functions of many modules.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        def call(argument: Any) -> Any:
            __import__(self._name)
            return getattr(sys.modules[self._name], name)(argument)

        return call
