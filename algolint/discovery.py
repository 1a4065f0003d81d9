"""Finding the rules, and the files to lint."""

from __future__ import annotations

import os
import sys

from algolint.rule import Rule
from algolint.structure import RULES as STRUCTURAL_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

#: What files are called that may hold a spec.
EXTENSIONS = (".json", ".yaml", ".yml")
# Folders of other people's files and of tools.
_VENDORED = frozenset(("node_modules", "__pycache__", "venv", "site-packages", "vendor", "third_party"))


def first_party_rules() -> list[Rule]:
    """algolint's own plug-in rules: every `Rule` in every file of the rules package, by name."""
    package = _imported("algolint_rules")
    folder = os.path.dirname(package.__file__ or "")
    rules: list[Rule] = []
    for entry in sorted(os.listdir(folder)):
        name, extension = os.path.splitext(entry)
        if extension == ".py" and not name.startswith("_"):
            module = _imported(f"algolint_rules.{name}")
            rules += rules_of(module)
    return sorted(rules, key=lambda rule: rule.name)


def all_rules() -> list[Rule]:
    """The structural rules and the plug-in rules, by name."""
    return sorted([*STRUCTURAL_RULES, *first_party_rules()], key=lambda rule: rule.name)


def rules_of(module: ModuleType) -> list[Rule]:
    """The rules that a module defines (not those it imports)."""
    return [
        value for value in vars(module).values() if type(value) is Rule and value.module == module.__name__
    ]


def _imported(name: str) -> ModuleType:
    # importlib's own module costs a millisecond that a plain import does not.
    __import__(name)
    return sys.modules[name]


def files_below(folder: str) -> Iterator[str]:
    """The files of a folder that may hold a spec, in a stable order; hidden and vendored folders are passed over."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _VENDORED)
        for name in sorted(names):
            if name.endswith(EXTENSIONS) and not name.startswith("."):
                yield os.path.join(base, name)
