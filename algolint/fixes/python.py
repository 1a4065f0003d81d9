"""Editing Python, where a value is written directly in the literal or call of its spec.

A value that comes from a variable is not edited, since the rest of the program may use the variable. A key is
not edited either if it also occurs elsewhere in the program.
"""

from __future__ import annotations

import ast
import re

from algolint.fixes.edit import Edit, EditError
from algolint.fixes.entries import removal
from algolint.fixes.literals import LiteralEditor
from algolint.readers.terraform_names import MAPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.readers.python import PythonDocument
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_specs import Part
    from algolint.source import Span
    from algolint.values import Path

_STRING = re.compile(r"([rRuU]?)('(?:[^'\\\r\n]|\\.)*'|\"(?:[^\"\\\r\n]|\\.)*\")")
# Between a key and its value: in a dict, a call and an assignment.
_BETWEEN = re.compile(r"\s*(?::|=|\]\s*=)\s*")
_BEFORE_VALUE = re.compile(r"\s*[:=]\s*")
_REST_OF_LAST = re.compile(r"[ \t]*(,?)[ \t]*((?:#[^\r\n]*)?)(\r\n|\r|\n)\s*\Z")


class ProgramEditor(LiteralEditor):
    """Edits the literals of a document in a program."""

    def __init__(self, document: PythonDocument) -> None:
        super().__init__(document.spec, document.offsets.source)
        self.document = document
        self.offsets: Offsets = document.offsets

    # ------------------------------------------------------------ locations

    def part(self, path: Path) -> Part:
        found = self.document.part_at(path)
        if found is None:
            raise EditError(path)
        return found

    def span(self, path: Path) -> Span:
        """Return the span of a value that is written directly in its container."""
        part = self.part(path)
        span = self.offsets.span(part.where)
        above = self.part(path[:-1]).where if path else None
        if part.key is not None:
            if not _BETWEEN.fullmatch(self.text, self.offsets.span(part.key)[1], span[0]):
                raise EditError(path)
        elif not isinstance(above, (ast.List, ast.Tuple)) or part.where not in above.elts:
            raise EditError(path)
        return span

    def literal(self, path: Path) -> Span:
        """Return the span of a number, a constant or a string in one piece."""
        span = self.span(path)
        text = self.text[slice(*span)]
        if not isinstance(self.part(path).where, (ast.Constant, ast.UnaryOp)):
            raise EditError(path)
        if text[-1:] in ("'", '"') and not _STRING.fullmatch(text):
            raise EditError(path)
        return span

    def literals(self, path: Path) -> Span:
        """Return the span of a dict or a list without names, calls and comments."""
        span = self.span(path)
        text = self.text[slice(*span)]
        try:
            ast.literal_eval(text)
        except (ValueError, SyntaxError):
            raise EditError(path) from None
        if "#" in text:
            raise EditError(path)
        return span

    def key(self, path: Path) -> Span:
        """Return the span of an entry's key. Raises `EditError` if the key also occurs elsewhere."""
        name = path[-1] if path else 0
        part = self.part(path)
        if not isinstance(name, str) or part.key is None:
            raise EditError(path)
        written = self.name(path[:-1], name)
        if len(re.findall(rf"\b{re.escape(written)}\b", self.text)) != len(self._keys(name)):
            raise EditError(path)
        return self.offsets.span(part.key)

    def _keys(self, name: str) -> set[Span]:
        """Return the spans of all keys in the spec with a name."""
        found = set()
        todo = [self.part(())]
        while todo:
            part = todo.pop()
            todo.extend(part.parts.values())
            below = part.parts.get(name)
            if below is not None and below.key is not None:
                found.add(self.offsets.span(below.key))
        return found

    # ------------------------------------------------------------ writing

    def name(self, path: Path, key: str) -> str:
        """Return the name of a field, as written in the container at a path."""
        if not self.document.renames or (path and path[-1] in MAPS):
            return key
        if isinstance(self.part(path).where, ast.Dict):
            # It may be in snake case or in camelCase.
            raise EditError(key)
        return self.document.spelled(key)

    def quote(self, path: Path) -> str:
        """Return the kind of quotes that is used for the key, or in the program."""
        key = self.part(path).key
        if isinstance(key, ast.Constant):
            return "'" if self.text[self.offsets.span(key)[0]] == "'" else '"'
        return "'" if self.text.count("'") > self.text.count('"') else '"'

    def written(self, value: Any, quote: str, prefix: str = "") -> str:
        """Return a value as a literal of Python. Raises `EditError` if it has none."""
        if value is None or isinstance(value, (bool, int, float)):
            return repr(value)
        if isinstance(value, list):
            return f"[{', '.join(self.written(item, quote) for item in value)}]"
        if isinstance(value, dict) and not self.document.renames:
            entries = (f"{self.written(k, quote)}: {self.written(v, quote)}" for k, v in value.items())
            return f"{{{', '.join(entries)}}}"
        if not isinstance(value, str) or not value.isprintable():
            raise EditError(value)
        if prefix.lower() == "r" and quote not in value and not value.endswith("\\"):
            return prefix + quote + value + quote
        return quote + value.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote

    # ------------------------------------------------------------ changes

    def replacement(self, path: Path, value: Any) -> Edit:
        """Return the replacement of a scalar, or of a dict or list of literals."""
        if isinstance(value, (dict, list)) and isinstance(self.part(path).where, (ast.Dict, ast.List)):
            return Edit(*self.literals(path), self.written(value, self.quote(path)))
        span = self.literal(path)
        string = _STRING.fullmatch(self.text, *span)
        if string is None:
            return Edit(*span, self.written(value, self.quote(path)))
        return Edit(*span, self.written(value, string[2][0], string[1]))

    def renaming(self, path: Path, name: str) -> Edit:
        """Return the replacement of a key."""
        span = self.key(path)
        name, old = (self.name(path[:-1], str(key)) for key in (name, path[-1]))
        text = self.text[slice(*span)]
        string = _STRING.fullmatch(text)
        if string is not None:
            return Edit(*span, self.written(name, string[2][0], string[1]))
        if not name.isidentifier() or text != old:
            raise EditError(path)
        return Edit(*span, name)

    def removal(self, path: Path) -> Edit:
        """Return the removal of an entry of a dict, an item of a list or a keyword of a call."""
        start, end = self.span(path)
        if self.part(path).key is not None:
            key = self.key(path)
            if not _BEFORE_VALUE.fullmatch(self.text, key[1], start):
                raise EditError(path)
            start = key[0]
        return removal(self.source, start, end)

    def insertion(self, path: Path, key: str, value: Any) -> list[Edit]:
        """Return the insertion of an entry at the end of a dict or of a call's keywords."""
        where = self.part(path).where
        if not isinstance(where, (ast.Dict, ast.Call)):
            raise EditError(path)
        key = self.name(path, key)
        start, end = self.offsets.span(where)
        last = self._last(path, start, end)
        quote = self.quote((*path, last))
        written = self.written(value, quote)
        if isinstance(where, ast.Dict):
            entry = f"{self.written(key, quote)}: {written}"
        elif key.isidentifier():
            entry = f"{key}={written}"
        else:
            raise EditError(key)
        last_key, last_end = self.key_start((*path, last)), self.span((*path, last))[1]
        rest = _REST_OF_LAST.match(self.text, last_end, end - 1)
        if rest is None:
            tail = self.text[last_end : end - 1]
            if tail.strip(" \t,") or "\n" in tail:
                raise EditError(path)
            return [Edit(last_end, last_end, f", {entry}")]
        indent = self.text[self.source.line_span(self.source.position(last_key)[0])[0] : last_key]
        if indent.strip(" \t"):
            raise EditError(path)
        line = Edit(rest.start(3), rest.start(3), f"{rest[3]}{indent}{entry},")
        if rest[1]:
            return [line]
        if rest.start(3) == last_end:
            return [Edit(last_end, last_end, f",{line.text}")]
        return [Edit(last_end, last_end, ","), line]

    def key_start(self, path: Path) -> int:
        """Return the start of an entry."""
        return self.offsets.span(self.part(path).key)[0]

    def _last(self, path: Path, start: int, end: int) -> str | int:
        """Return the key of the last entry of a dict or a call, all of whose entries are written in it."""
        entries = [
            (self.offsets.span(below.key), step)
            for step, below in self.part(path).parts.items()
            if below.key is not None
        ]
        if not entries or any(not start <= span[0] < end for span, _ in entries):
            raise EditError(path)
        return max(entries)[1]
