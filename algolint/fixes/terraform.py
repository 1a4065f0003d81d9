"""Editing Terraform, where a value is written directly in the resource.

A value that comes from a variable or a local is not edited, since other resources may use it.
"""

from __future__ import annotations

import re

from algolint.fixes.edit import Edit, EditError
from algolint.fixes.entries import removal
from algolint.fixes.literals import NUMBER, LiteralEditor
from algolint.readers.terraform_names import LISTS, MAPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.readers.terraform import TerraformDocument
    from algolint.source import Span
    from algolint.values import Path

_TEXT = r'"(?:[^"\\$%\r\n]|\\.|\$(?!\{)|%(?!\{)|\$\$\{|%%\{)*"'
_LITERAL = re.compile(rf"{_TEXT}|{NUMBER}|true|false|null")
_LIST = re.compile(rf"\[(?:\s|,|{_TEXT}|{NUMBER}|true|false|null)*\]")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
# Between a key and its value: in a block, an object and a map.
_BETWEEN = re.compile(r"[ \t]*[=:]?[ \t]*")
_ALIGNED = re.compile(r"[\w-]+([ \t]*)=")


class TerraformEditor(LiteralEditor):
    """Edits the literals and blocks of a resource."""

    def __init__(self, document: TerraformDocument) -> None:
        super().__init__(document.spec, document.source)
        self.document = document

    # ------------------------------------------------------------ locations

    def spans(self, path: Path) -> tuple[Span, Span]:
        """Return the spans of a value written directly in the resource, and of its key or first token."""
        if path not in self.document.locations:
            raise EditError(path)
        value, key = self.document.locations[path]
        resource = self.document.locations[()][0]
        if not resource[0] <= value[0] <= value[1] <= resource[1]:
            # The value comes from a local or a variable.
            raise EditError(path)
        if key[1] <= value[0] and not _BETWEEN.fullmatch(self.text, key[1], value[0]):
            raise EditError(path)
        return value, key

    def literal(self, path: Path) -> Span:
        """Return the span of a scalar, or of a list of scalars."""
        span = self.spans(path)[0]
        if not (_LITERAL.fullmatch(self.text, *span) or _LIST.fullmatch(self.text, *span)):
            raise EditError(path)
        return span

    def is_map_key(self, path: Path) -> bool:
        """Whether the last step of a path is a key chosen by the author, in a map."""
        return len(path) > 1 and path[-2] in MAPS

    # ------------------------------------------------------------ writing

    def written(self, value: Any) -> str:
        """Return a scalar, or a list of scalars, as Terraform writes it."""
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, (int, float)) and value - value == 0:
            return repr(value)
        if isinstance(value, str) and (value.isprintable() or not value):
            text = value.replace("\\", "\\\\").replace('"', '\\"')
            return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'
        if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
            return f"[{', '.join(map(self.written, value))}]"
        raise EditError(value)

    def name(self, path: Path, key: str) -> str:
        """Return the name of a field, or the key of a map, as Terraform's syntax."""
        if self.is_map_key((*path, key)):
            return key if _NAME.fullmatch(key) else self.written(key)
        name = self.document.written_name(key)
        if name is None:
            raise EditError(key)
        return name if _NAME.fullmatch(name) else self.written(name)

    # ------------------------------------------------------------ changes

    def replacement(self, path: Path, value: Any) -> Edit:
        return Edit(*self.literal(path), self.written(value))

    def renaming(self, path: Path, name: str) -> Edit:
        _, key = self.spans(path)
        if not path or isinstance(path[-1], int):
            raise EditError(path)
        name = self.name(path[:-1], name)
        if self.text[key[0]] == '"' and name[0] != '"':
            name = f'"{name}"'
        return Edit(*key, name)

    def removal(self, path: Path) -> Edit:
        """Return the removal of an attribute, a block or an item of a list."""
        value, key = self.spans(path)
        if not path or (path[-1] in LISTS and self.text[value[0]] != "["):
            # The blocks of a list may be in different places.
            raise EditError(path)
        return removal(self.source, min(key[0], value[0]), value[1])

    def insertion(self, path: Path, key: str, value: Any) -> list[Edit]:
        """Return the insertion of an attribute at the end of a block or an object on several lines."""
        span, _ = self.spans(path)
        brace = span[1] - 1
        line = self.source.position(brace)[0]
        line_start = self.source.line_span(line)[0]
        last = self.last(path)
        if self.text[brace] != "}" or self.text[line_start:brace].strip(" \t") or last is None:
            raise EditError(path)
        start = self.source.line_span(self.source.position(last)[0])[0]
        indent = self.text[start:last]
        if indent.strip(" \t"):
            raise EditError(path)
        name = self.name(path, key)
        aligned = _ALIGNED.match(self.text, last)
        width = len(aligned[0]) - 2 if aligned else 0
        line_break = self.text[self.source.line_span(line - 1)[1] : line_start]
        attribute = f"{indent}{name.ljust(width)} = {self.written(value)}{line_break}"
        return [Edit(line_start, line_start, attribute)]

    def last(self, path: Path) -> int | None:
        """Return the start of the last entry of a block."""
        starts = [
            spans[1][0] for below, spans in self.document.locations.items() if below[:-1] == path and below
        ]
        return max(starts, default=None)
