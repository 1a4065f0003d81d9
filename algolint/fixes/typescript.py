"""Editing TypeScript and JavaScript, where a value is written directly in the literal of its request.

A value that comes from a constant is not edited, since the program may use it elsewhere.
"""

from __future__ import annotations

import json
import re

from algolint.fixes.edit import Edit, EditError
from algolint.fixes.entries import removal
from algolint.fixes.literals import NUMBER, LiteralEditor
from algolint.readers.terraform_names import MAPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.readers.typescript import TypeScriptDocument
    from algolint.source import Span
    from algolint.values import Path

_TEXT = r"\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{))*`"
_SCALAR = rf"(?:{_TEXT}|{NUMBER}|true|false|null)"
_LITERAL = re.compile(rf"{_SCALAR}|\[\s*(?:{_SCALAR}\s*,\s*)*(?:{_SCALAR}\s*)?\]")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_BETWEEN = re.compile(r"\s*:\s*")
# What may be between the last entry of an object and its brace.
_END = re.compile(r"(,?)(\s*)\}")


class TypeScriptEditor(LiteralEditor):
    """Edits the literal of a request."""

    def __init__(self, document: TypeScriptDocument) -> None:
        super().__init__(document.spec, document.source)
        self.document = document

    # ------------------------------------------------------------ locations

    def spans(self, path: Path) -> tuple[Span, Span]:
        """Return the spans of a value written directly in the literal, and of its key or first token."""
        if path not in self.document.locations:
            raise EditError(path)
        value, key = self.document.locations[path]
        start, end = self.document.locations[()][0]
        if not start <= value[0] <= value[1] <= end:
            # The value comes from a constant.
            raise EditError(path)
        if key != value and not _BETWEEN.fullmatch(self.text, key[1], value[0]):
            raise EditError(path)
        return value, key

    def literal(self, path: Path) -> Span:
        """Return the span of a scalar, or of a list of scalars."""
        span = self.spans(path)[0]
        if not _LITERAL.fullmatch(self.text, *span):
            raise EditError(path)
        return span

    # ------------------------------------------------------------ writing

    def written(self, value: Any, quote: str = '"') -> str:
        """Return a scalar, or a list of scalars, as TypeScript. Raises `EditError` for other values."""
        if isinstance(value, str):
            text = json.dumps(value, ensure_ascii=False)
            if quote == "'":
                text = "'" + text[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
            return text
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, (int, float)) and value - value == 0:
            return repr(value)
        if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
            return f"[{', '.join(self.written(item, quote) for item in value)}]"
        raise EditError(value)

    def quote(self, span: Span) -> str:
        """Return the kind of quotes in a span, or else the most frequent one in the request."""
        found = re.search("[\"']", self.text[slice(*span)])
        if found:
            return found[0]
        start, end = self.document.locations[()][0]
        return max("\"'", key=lambda sign: self.text.count(sign, start, end))

    def name(self, path: Path, key: str) -> str:
        """Return the name of a field, as written in the object at a path."""
        return key if path and path[-1] in MAPS else self.document.spelled(key)

    # ------------------------------------------------------------ changes

    def replacement(self, path: Path, value: Any) -> Edit:
        span = self.literal(path)
        return Edit(*span, self.written(value, self.quote(span)))

    def renaming(self, path: Path, name: str) -> Edit:
        value, old = self.spans(path)
        if not path or isinstance(path[-1], int) or value == old:
            raise EditError(path)
        name = self.name(path[:-1], name)
        if self.text[old[0]] in "\"'" or not _NAME.fullmatch(name):
            name = self.written(name, self.quote(old))
        return Edit(*old, name)

    def removal(self, path: Path) -> Edit:
        value, name = self.spans(path)
        return removal(self.source, min(name[0], value[0]), value[1])

    def insertion(self, path: Path, key: str, value: Any) -> list[Edit]:
        """Return the insertion of a property after the last one of an object."""
        span, _ = self.spans(path)
        entries = [self.spans(below) for below in self.document.locations if below and below[:-1] == path]
        last = max((value[1], name[0]) for value, name in entries) if entries else None
        if last is None or self.text[span[1] - 1] != "}":
            raise EditError(path)
        at, start = last
        end = _END.fullmatch(self.text, at, span[1])
        if end is None:
            raise EditError(path)
        name = self.name(path, key)
        name = name if _NAME.fullmatch(name) else self.written(name, self.quote(span))
        entry = f"{name}: {self.written(value, self.quote(span))}"
        if "\n" not in end[2]:
            return [Edit(at, at, f", {entry}")]
        line = self.source.line_span(self.source.position(start)[0])[0]
        indent = self.text[line:start]
        if indent.strip(" \t"):
            raise EditError(path)
        line_break = "\r\n" if "\r\n" in end[2] else "\n"
        return [Edit(at, at + len(end[1]), f",{line_break}{indent}{entry}{end[1]}")]
