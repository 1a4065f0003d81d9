"""The layout of a JSON or YAML text: its lines and style, and writing values in that style."""

from __future__ import annotations

import json
import re
from collections import Counter

from algolint.fixes.edit import Edit, EditError
from algolint.fixes.tree import BLOCK_STYLES, all_nodes, json_tree, yaml_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeVar

    from algolint.document import Document
    from algolint.fixes.tree import Member, Node
    from algolint.values import Path

    _Value = TypeVar("_Value", str, int)

LINE_END = re.compile(r"\r\n|\n|\r|\Z")
REST_OF_LINE = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=[\r\n]|\Z)")
COMMENT_LINE = re.compile(r"([ \t]*)#[^\r\n]*")
BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
_SPACES = re.compile(r"[ \t]*")


class SourceLayout:
    """The text and the tree of a document, and its style, by which new text is written."""

    def __init__(self, text: str, root: Node, is_json: bool) -> None:
        self.text = text
        self.root = root
        self.is_json = is_json
        end = LINE_END.search(text)
        self.line_break = (end.group() if end else "") or "\n"
        nodes = list(all_nodes(root))
        containers = [node for node in nodes if node.members]
        flows = [node for node in containers if node.flow and node.kind != "odd"]
        blocks = [node for node in containers if not node.flow]
        self.flow_unit = _most_common(
            self._flow_units(flows), "\t" if "\n\t" in text[root.start : root.end] else "  "
        )
        self.block_unit = _most_common(self._block_units(blocks, "object"), 2)
        self.list_unit = _most_common(self._block_units(blocks, "list"), self.block_unit)
        self.colon = _most_common(self._colons(flows), ": ")
        self.comma = _most_common(self._commas(flows), ", " if self.colon.endswith(" ") else ",")
        self.padding = _most_common(self._paddings(flows), "")
        self.spread = [node for node in flows if self.spreads(node)]
        self.inline = [node for node in flows if not self.spreads(node)]
        self.blocks = blocks
        self.quote, self.string_style, self.key_style = self._quotes(nodes, containers)
        self.escapes = is_json and text.isascii() and "\\u" in text

    @classmethod
    def of(cls, document: Document) -> SourceLayout:
        """Return the layout of a JSON or YAML document. Raises `EditError` for other syntaxes."""
        text = document.source.text
        if document.syntax == "json":
            return cls(text, json_tree(text), is_json=True)
        if document.syntax == "yaml":
            return cls(text, yaml_tree(text, document.locate(())[0]), is_json=False)
        raise EditError(document.syntax)

    # Lines

    def line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        return LINE_END.search(self.text, offset).start()  # type: ignore[union-attr]

    def next_line(self, offset: int) -> int:
        return LINE_END.search(self.text, offset).end()  # type: ignore[union-attr]

    def end_above(self, start: int) -> int:
        """Return the end of the line above the line that starts at an offset."""
        return start - (2 if self.text[start - 2 : start] == "\r\n" else 1)

    def line_above(self, start: int) -> int:
        return self.line_start(self.end_above(start))

    def column(self, offset: int) -> int:
        return offset - self.line_start(offset)

    def leads(self, offset: int) -> bool:
        """Whether only white space precedes an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" \t")

    def indent(self, offset: int) -> str:
        """Return the indentation of the line of an offset."""
        start = self.line_start(offset)
        return self.text[start : self.after_spaces(start)]

    def after_spaces(self, offset: int) -> int:
        """Return the offset after the spaces and tabs at an offset."""
        return _SPACES.match(self.text, offset).end()  # type: ignore[union-attr]

    def breaks(self, start: int, end: int) -> bool:
        return "\n" in self.text[start:end] or "\r" in self.text[start:end]

    def end_with_comment(self, offset: int) -> int:
        """Return the end of a line. Raises `EditError` if more than a comment follows the offset."""
        rest = REST_OF_LINE.match(self.text, offset)
        if rest is None:
            raise EditError
        return rest.end()

    def spreads(self, node: Node) -> bool:
        """Whether the members of an object or list in flow style are on lines of their own."""
        return self.leads(node.members[0].start) and self.breaks(node.body, node.members[0].start)

    # Style

    def _flow_units(self, flows: list[Node]) -> Iterator[str]:
        for node in flows:
            if self.spreads(node):
                outer, inner = self.indent(node.start), self.indent(node.members[0].start)
                if inner.startswith(outer) and inner != outer:
                    yield inner[len(outer) :]

    def _block_units(self, blocks: list[Node], kind: str) -> Iterator[int]:
        for node in blocks:
            for member in node.members:
                value = member.value
                if node.kind == "object" and value.members and not value.flow and value.kind == kind:
                    unit = self.column(value.members[0].start) - self.column(member.start)
                    if unit > 0 or (unit == 0 and kind == "list"):
                        yield unit

    def _colons(self, flows: list[Node]) -> Iterator[str]:
        for node in flows:
            for member in node.members:
                if member.key and member.intro >= 0 and member.value.end > member.intro:
                    colon = self.text[member.key.end : member.value.start]
                    if colon.strip(" ") == ":":
                        yield colon

    def _commas(self, flows: list[Node]) -> Iterator[str]:
        for node in flows:
            for member, after in zip(node.members, node.members[1:], strict=False):
                comma = self.text[member.end : after.start]
                if comma.strip(" ") == ",":
                    yield comma

    def _paddings(self, flows: list[Node]) -> Iterator[str]:
        for node in flows:
            padding = self.text[node.body + 1 : node.members[0].start]
            if node.kind == "object" and not padding.strip(" "):
                yield padding

    def _quotes(self, nodes: list[Node], containers: list[Node]) -> tuple[str, str, str]:
        keys = {id(m.key): m.key for node in containers for m in node.members if m.key}
        values = [node for node in nodes if node.kind == "scalar" and id(node) not in keys]
        styles = Counter(node.style for node in (*values, *keys.values()))
        quote = "'" if styles["'"] > styles['"'] else '"'
        # Texts that have to be quoted do not show a style.
        free = Counter(
            bool(node.style) for node in values if node.style not in BLOCK_STYLES and is_plain(node.text)
        )
        key_style = _most_common((key.style for key in keys.values()), "")
        string_style = quote if free[True] > free[False] or (key_style and not free[False]) else ""
        return quote, string_style, key_style

    def prefers_flow(self, kind: str) -> bool:
        """Whether the document writes its objects or lists in flow style rather than in block style."""
        flows = sum(node.kind == kind for node in (*self.spread, *self.inline))
        return flows > sum(node.kind == kind for node in self.blocks)

    # Finding

    def find(self, path: Path) -> list[tuple[Node, int]]:
        """Return the containers on a path from the root down, each with the index of the member to follow."""
        node = self.root
        found: list[tuple[Node, int]] = []
        for step in path:
            number = self._member(node, step)
            found.append((node, number))
            node = node.members[number].value
        return found

    def _member(self, node: Node, step: str | int) -> int:
        if isinstance(step, int):
            if node.kind == "list" and 0 <= step < len(node.members):
                return step
        elif node.kind == "object":
            # The last one of duplicate keys counts.
            for number in range(len(node.members) - 1, -1, -1):
                key = node.members[number].key
                if key is not None and key.kind == "scalar" and key.text == step:
                    return number
        # A merged or aliased value has no text of its own.
        raise EditError

    def value(self, path: Path) -> tuple[Node, Member | None, Node | None]:
        """Return the node at a path, with its member and the member's container."""
        chain = self.find(path)
        if not chain:
            return self.root, None, None
        node, number = chain[-1]
        member = node.members[number]
        return member.value, member, node

    def token(self, path: Path) -> str:
        node = self.value(path)[0]
        token = self.text[node.body : node.end]
        if node.kind != "scalar" or node.style or not token or "\n" in token or "\r" in token or node.tagged:
            raise EditError
        return token

    # Writing

    def string(self, text: str, style: str, *, in_flow: bool) -> str:
        """Return a string in a style ("" for plain) if that is possible, else in quotes."""
        if self.is_json:
            return _escaped(json.dumps(text, ensure_ascii=self.escapes))
        if not style:
            if is_plain(text, in_flow):
                return text
            style = self.quote
        if style == "'" and text.isprintable():
            return "'" + text.replace("'", "''") + "'"
        return _escaped(json.dumps(text, ensure_ascii=False))

    def scalar(self, value: Any, style: str | None, *, in_flow: bool) -> str:
        if isinstance(value, str):
            return self.string(value, self.string_style if style is None else style, in_flow=in_flow)
        if value is None or isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, int):
            return str(value)
        raise EditError

    def number(self, value: float) -> str:
        text = repr(value)
        if value - value != 0:
            if self.is_json:
                raise EditError
            return {"inf": ".inf", "-inf": "-.inf"}.get(text, ".nan")
        # In YAML 1.1, 1e-05 is not a number.
        return text if self.is_json or "." in text else text.replace("e", ".0e")

    def key(self, key: str, *, in_flow: bool, style: str | None = None) -> str:
        return self.string(key, self.key_style if style is None else style, in_flow=in_flow)

    def field(self, key: str, value: str) -> str:
        """Return a field in flow style. In YAML a colon after a plain key needs a space."""
        colon = self.colon
        if not self.is_json and key[0] not in "\"'" and not colon.endswith(" "):
            colon += " "
        return key + colon + value

    def flow(self, value: Any, indent: str | None) -> str:
        """Return a value in flow style, its members on lines of their own if `indent` is given."""
        if not isinstance(value, dict | list):
            return self.scalar(value, None, in_flow=True)
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        if not value:
            return opening + closing
        below = None if indent is None else indent + self.flow_unit
        if isinstance(value, dict):
            parts = [self.field(self.key(k, in_flow=True), self.flow(v, below)) for k, v in value.items()]
        else:
            parts = [self.flow(item, below) for item in value]
        if below is not None:
            start = self.line_break + below
            return opening + start + ("," + start).join(parts) + self.line_break + str(indent) + closing
        padding = self.padding if opening == "{" else ""
        return opening + padding + self.comma.join(parts) + padding + closing

    def block(self, value: Any) -> list[str]:
        """Return the lines of a value in block style, from column 0."""
        if not isinstance(value, dict | list) or not value:
            return [self.flow(value, None) if isinstance(value, dict | list) else self.scalar_line(value)]
        if isinstance(value, dict):
            return [line for key, below in value.items() for line in self.entry(key, below)]
        lines: list[str] = []
        for item in value:
            first, *rest = self.block(item)
            lines += ["- " + first, *("  " + line for line in rest)]
        return lines

    def scalar_line(self, value: Any) -> str:
        return self.scalar(value, None, in_flow=False)

    def entry(self, key: str, value: Any, style: str | None = None) -> list[str]:
        """Return the lines of a field of a block mapping, from column 0."""
        name = self.key(key, in_flow=False, style=style) + ":"
        if isinstance(value, dict | list):
            kind = "object" if isinstance(value, dict) else "list"
            if value and not self.prefers_flow(kind):
                unit = " " * (self.list_unit if kind == "list" else self.block_unit)
                return [name, *(unit + line for line in self.block(value))]
            return [f"{name} {self.flow(value, None)}"]
        return [f"{name} {self.scalar_line(value)}"]

    def indented(self, lines: list[str], column: int) -> str:
        """Return lines joined at a column, the first one without indentation."""
        return (self.line_break + " " * column).join(lines)

    def without_lines(self, start: int, end: int, *, opens: bool = False, closes: bool = False) -> Edit:
        """Return the edit that removes whole lines, and blank lines that would be left over.

        `opens` and `closes`: whether they are the first and the last lines in their container.
        """
        text = self.text
        above = start
        while above and not text[self.line_above(above) : above].strip():
            above = self.line_above(above)
        below = end
        while blank := BLANK_LINE.match(text, below):
            below = blank.end()
        if opens and above and COMMENT_LINE.match(text, self.line_above(above)):
            opens = False
        if below > end and (above < start or opens or not start):
            end = below
        elif closes or end == len(text):
            start = above
        if end == len(text) and start and text[end - 1 : end] not in ("\n", "\r"):
            start = self.end_above(start)
        return Edit(start, end, "")


def _most_common(values: Iterable[_Value], default: _Value) -> _Value:
    counts = Counter(values)
    return counts.most_common(1)[0][0] if counts else default


def _escaped(text: str) -> str:
    """Return a string in double quotes with the characters escaped that are not printable."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" if ord(c) < 65536 else c for c in text
    )


_NUMERIC = re.compile(r"[-+.0-9][-+.,:_0-9a-fA-FxXoOtTzZ ]*")
_WORDS = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf", "=", "<<")
)
_PLAIN = re.compile(r"(?:[^\W\d]|[/0-9.+(^$\\;<=~]|-(?=\S))(?:.*\S)?", re.DOTALL)


def is_plain(text: str, in_flow: bool = False) -> bool:
    """Whether every YAML reader reads a text without quotes as a string."""
    if not text.isprintable() or not _PLAIN.fullmatch(text) or text.lower() in _WORDS:
        return False
    if ": " in text or " #" in text or text.endswith(":") or _NUMERIC.fullmatch(text):
        return False
    if in_flow and any(c in ",[]{}?:" for c in text):
        return False
    return not text.startswith(("---", "...", "- "))
