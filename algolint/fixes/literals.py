"""The base of the editors of programs and Terraform, which edit literals one by one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from algolint.fixes.edit import EditError
from algolint.fixes.entries import scalar_changes
from algolint.rule import Insert, Quote, Remove, Rename, Replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.fixes.edit import Edit
    from algolint.rule import Fix
    from algolint.source import Source, Span
    from algolint.values import Path

#: A number that all these syntaxes have.
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"


class LiteralEditor(ABC):
    """Edits the literals of a spec. All methods raise `EditError` if that is not possible."""

    def __init__(self, spec: Any, source: Source) -> None:
        self.spec = spec
        self.source = source
        self.text = source.text

    def edits(self, fix: Fix) -> list[Edit]:
        """Return the edits of a fix."""
        match fix:
            case Replace():
                changes = scalar_changes(self.spec, fix.path, fix.value)
                return [self.replacement(path, value) for path, value in changes]
            case Quote(path=path):
                return [self.replacement(path, self.token(path))]
            case Rename(path=path, key=key):
                return [self.renaming(path, key)]
            case Remove(path=path):
                return [self.removal(path)]
            case Insert(path=path, key=key, value=value):
                return self.insertion(path, key, value)
        raise EditError(fix)

    def token(self, path: Path) -> str:
        """Return the text of a number, as written."""
        text = self.text[slice(*self.literal(path))]
        if not re.fullmatch(NUMBER, text):
            raise EditError(path)
        return text

    @abstractmethod
    def literal(self, path: Path) -> Span:
        """Return the span of a value that is written directly in its container and can be replaced."""

    @abstractmethod
    def replacement(self, path: Path, value: Any) -> Edit:
        """Return the edit that replaces a literal by another."""

    @abstractmethod
    def renaming(self, path: Path, name: str) -> Edit:
        """Return the edit that renames a field."""

    @abstractmethod
    def removal(self, path: Path) -> Edit:
        """Return the edit that removes an entry or an item."""

    @abstractmethod
    def insertion(self, path: Path, key: str, value: Any) -> list[Edit]:
        """Return the edits that insert a field at the end of an object."""
