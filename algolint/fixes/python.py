"""Fixes in Python and notebooks, where the change is within one literal that is written in its place.

A value that comes from a name is left alone, since the rest of the program may use the name; so is a key
that occurs elsewhere in the program.
"""

from __future__ import annotations

import ast
import re

from algolint.fixes.edit import Edit, EditError
from algolint.rule import Quote, Remove, Rename, Replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.readers.python import PythonDocument
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_specs import Part
    from algolint.rule import Fix
    from algolint.source import Span
    from algolint.values import Path

_SIMPLE = re.compile(r"'[^'\\\r\n]*'|\"[^\"\\\r\n]*\"")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# Between a key and its value in a dict, a call and an assignment.
_BETWEEN = re.compile(r"\s*(?::|=|\]\s*=)\s*")
_REST_OF_ENTRY = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")


class ProgramEditor:
    """Edits the literals of a document in a program or notebook."""

    def __init__(self, document: PythonDocument) -> None:
        self.document = document
        self.offsets: Offsets = document.offsets
        self.text = document.offsets.source.text
        if document.renames:
            raise EditError(document)

    def edits(self, fix: Fix) -> list[Edit]:
        """Return the edits of a fix."""
        match fix:
            case Replace(path=path, value=value):
                return [self.value(path, value)]
            case Quote(path=path):
                return [self.value(path, self.token(path))]
            case Rename(path=path, key=key):
                return [self.key(path, key)]
            case Remove(path=path):
                return [self.removal(path)]
        raise EditError(fix)

    def token(self, path: Path) -> str:
        """Return a number as it is written. Raises `EditError` where no string could hold it."""
        text = self.literal(path)[1]
        if not _NUMBER.fullmatch(text):
            raise EditError(path)
        return text

    def part(self, path: Path) -> Part:
        found = self.document.part_at(path)
        if found is None:
            raise EditError(path)
        return found

    def literal(self, path: Path) -> tuple[Span, str]:
        """Return the span and text of a scalar that is written in its place."""
        part = self.part(path)
        if not path or not isinstance(part.where, (ast.Constant, ast.UnaryOp)):
            raise EditError(path)
        span = self.offsets.span(part.where)
        above = self.part(path[:-1]).where
        if part.key is not None:
            start = self.offsets.span(part.key)[1]
            if not _BETWEEN.fullmatch(self.text, start, span[0]):
                raise EditError(path)
        elif not isinstance(above, (ast.List, ast.Tuple)) or part.where not in above.elts:
            raise EditError(path)
        return span, self.text[slice(*span)]

    def value(self, path: Path, value: Any) -> Edit:
        """Return the replacement of a scalar by another."""
        span, text = self.literal(path)
        if text[-1] in "\"'" and not _SIMPLE.fullmatch(text):
            raise EditError(path)
        return Edit(*span, self.written(value, self.quote(text, path)))

    def quote(self, text: str, path: Path) -> str:
        """Return the quotes that the author uses nearby."""
        if text[0] in "\"'":
            return text[0]
        part = self.part(path)
        if isinstance(part.key, ast.Constant):
            return "'" if self.text[self.offsets.span(part.key)[0]] == "'" else '"'
        return "'" if self.text.count("'") > self.text.count('"') else '"'

    def written(self, value: Any, quote: str) -> str:
        if value is None or isinstance(value, (bool, int, float)):
            return repr(value)
        if not isinstance(value, str) or not value.isprintable() or quote in value or "\\" in value:
            raise EditError(value)
        return quote + value + quote

    def key(self, path: Path, name: str) -> Edit:
        """Return the replacement of a key."""
        where = self.sole_key(path)
        span = self.offsets.span(where)
        text = self.text[slice(*span)]
        if isinstance(where, ast.Constant):
            if not _SIMPLE.fullmatch(text):
                raise EditError(path)
            return Edit(*span, self.written(name, text[0]))
        if not name.isidentifier() or text != path[-1]:
            raise EditError(path)
        return Edit(*span, name)

    def sole_key(self, path: Path) -> Any:
        """Return the key of an entry, which must not occur elsewhere in the program."""
        part = self.part(path)
        name = path[-1] if path else 0
        if not isinstance(name, str) or part.key is None:
            raise EditError(path)
        if len(re.findall(rf"\b{re.escape(name)}\b", self.text)) != 1:
            raise EditError(path)
        return part.key

    def removal(self, path: Path) -> Edit:
        """Return the removal of an entry of a dict that has its lines to itself."""
        where = self.sole_key(path)
        above, below = self.part(path[:-1]).where, self.part(path).where
        if not isinstance(above, ast.Dict) or where not in above.keys or below not in above.values:
            raise EditError(path)
        source = self.offsets.source
        start, end = self.offsets.span(where)[0], self.offsets.span(below)[1]
        line_start = source.line_starts()[source.position(start)[0] - 1]
        rest = _REST_OF_ENTRY.match(self.text, end)
        if self.text[line_start:start].strip(" \t") or rest is None:
            raise EditError(path)
        return Edit(line_start, rest.end(), "")
