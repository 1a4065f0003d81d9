"""Reading half-typed JSON and YAML: every value that is there, and holes for the rest.

No text is refused. An unterminated string ends with its line, a missing comma or bracket is not a fault, and
a line of YAML belongs to the nearest block that its indentation fits. Valid text is read as by the readers,
except that anchors and tags are skipped, and some plain scalars have other types.
"""

from __future__ import annotations

import json
import re

from algolint import limits
from algolint.server.tree import HOLE, LIST, OBJECT, SCALAR, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The most levels of blocks, and the most levels of brackets; no spec has as many.
_MAX_DEPTH = limits.MAX_DEPTH // 2

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_YAML_SPACE = re.compile(r"(?:[ \t\r\n]|(?:^|(?<=[ \t\r\n,\[{]))#[^\r\n]*)*")
_DOUBLE = re.compile(r'"(?:[^"\\\r\n]|\\.)*("?)')
_SINGLE = re.compile(r"'(?:[^'\r\n]|'')*('?)")
# Strings of YAML, which may continue on further lines.
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*'")}
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")
# In a flow collection of YAML a colon is part of a word unless a space or a bracket follows.
_FLOW_WORD = re.compile(r"(?:[^\s,:\[\]{}#]|:(?![\s,\[\]{}]|$)|(?<=\S)#|[ \t]+(?![\s#,:\[\]{}]|$))+")


def read_json(text: str) -> Node:
    """Return the value of a JSON text."""
    return _Flow(text, is_yaml=False).value(0, len(text))[0]


def read_yaml(text: str) -> list[Node]:
    """Return the values of the documents of a YAML text."""
    return _Blocks(text).documents()


def unclosed_in_yaml(text: str) -> list[int]:
    """Return the offsets of strings and brackets that are not closed before the indentation decreases."""
    blocks = _Blocks(text)
    blocks.documents()
    return blocks.flow.unclosed


class _Flow:
    """Reads JSON, and the flow collections of YAML."""

    def __init__(self, text: str, is_yaml: bool) -> None:
        self.text = text
        self._space = _YAML_SPACE if is_yaml else _SPACE
        self._word = _FLOW_WORD if is_yaml else _WORD
        self._is_yaml = is_yaml
        #: The offsets of strings and containers that are not closed.
        self.unclosed: list[int] = []

    def value(self, offset: int, end: int) -> tuple[Node, int]:
        """Return the value at an offset, and the offset after it, which is at most `end`."""
        offset = self._skip(offset, end)
        root = self._token(offset, end)
        offset = root.span[1]
        # The open containers, the innermost last.
        stack = [root] if root.kind in (OBJECT, LIST) else []
        while stack:
            offset = self._skip(offset, end)
            holder = stack[-1]
            sign = self.text[offset] if offset < end else ""
            if sign in ("", "}", "]"):
                # A bracket that does not fit closes containers up to one that it fits, if there is one.
                if not sign:
                    self.unclosed.append(holder.span[0])
                if not sign or sign == _closing(holder):
                    offset += len(sign)
                    stack.pop().span = (holder.span[0], offset)
                elif any(sign == _closing(node) for node in stack):
                    stack.pop().span = (holder.span[0], offset)
                else:
                    offset += 1
                continue
            if sign == ",":
                offset += 1
                continue
            child, offset = self._child(holder, offset, end)
            if child.kind in (OBJECT, LIST):
                if len(stack) >= _MAX_DEPTH:
                    return root, end
                stack.append(child)
        return root, offset

    def _child(self, holder: Node, offset: int, end: int) -> tuple[Node, int]:
        """Read an entry or an item of a container; of a nested container only the opening bracket."""
        token = self._token(offset, end)
        if holder.kind == LIST:
            return holder.add(token), max(token.span[1], offset + 1)
        key_end = max(token.span[1], offset + 1)
        key = str(token.value) if token.value is not None else self.text[offset:key_end]
        colon = self._skip(key_end, end)
        child = Node(HOLE, (key_end, key_end), key=key, key_span=(offset, key_end))
        if token.kind in (OBJECT, LIST):
            # It is a value without a key.
            token.key = ""
            return holder.add(token), token.span[1]
        holder.add(child)
        if colon >= end or self.text[colon] != ":":
            return child, key_end
        child.span = (colon + 1, colon + 1)
        start = self._skip(colon + 1, end)
        if start >= end or self.text[start] in ",}]:":
            return child, start + (start < end and self.text[start] == ":")
        value = self._token(start, end)
        if self._is_next_key(colon, start, value, end):
            return child, start
        child.kind, child.span, child.value = value.kind, value.span, value.value
        return child, value.span[1]

    def _is_next_key(self, colon: int, start: int, value: Node, end: int) -> bool:
        """Whether the token after a colon is the next line's key, because the value is not typed yet."""
        after = self._skip(value.span[1], end)
        is_key = value.kind == SCALAR and after < end and self.text[after] == ":"
        return is_key and "\n" in self.text[colon:start]

    def _skip(self, offset: int, end: int) -> int:
        match = self._space.match(self.text, offset, end)
        return match.end() if match else offset

    def _token(self, offset: int, end: int) -> Node:
        """Return the scalar at an offset, or a container after reading only its opening bracket."""
        text = self.text
        sign = text[offset] if offset < end else ""
        if not sign:
            return Node(HOLE, (offset, offset))
        if sign in "{[":
            return Node(OBJECT if sign == "{" else LIST, (offset, offset + 1))
        if sign == '"' or (sign == "'" and self._is_yaml):
            match = (_DOUBLE if sign == '"' else _SINGLE).match(text, offset, end)
            assert match is not None
            if not match[1]:
                self.unclosed.append(offset)
            return Node(SCALAR, match.span(), unquoted(match[0]))
        match = self._word.match(text, offset, end)
        if match is None:
            return Node(SCALAR, (offset, offset + 1), sign)
        word = match[0].rstrip()
        return Node(SCALAR, (offset, offset + len(word)), plain(word, self._is_yaml))


def _closing(node: Node) -> str:
    return "}" if node.kind == OBJECT else "]"


def unquoted(token: str) -> str:
    """Return the text of a quoted token, which may be unterminated."""
    quote = token[0]
    body = token[1:-1] if len(token) > 1 and token.endswith(quote) else token[1:]
    if quote == "'":
        return body.replace("''", "'")
    try:
        text = json.loads(f'"{body}"')
        return text if isinstance(text, str) else body
    except ValueError:
        return body


_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


def plain(word: str, is_yaml: bool) -> Any:
    """Return the value of a word without quotes."""
    name = word.lower() if is_yaml else word
    if name in _WORDS:
        return _WORDS[name]
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,18})", word):
        return int(word)
    return word


# ---------------------------------------------------------------- blocks of YAML

_LINE = re.compile(r"([ \t]*)([^\r\n]*)(\r\n|\n|\r|$)")
_DASH = re.compile(r"-(?=[ \t]|$)[ \t]*")
_KEY = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*"[ \t]*|'(?:[^']|'')*'[ \t]*"""
    r"""|[^\s\-?:,\[\]{}#&*!|>'"%@`](?:[^:#]|:(?=\S)|(?<=\S)\#)*?"""
    r"""|[-?:](?=\S)(?:[^:#]|:(?=\S)|(?<=\S)\#)*?):(?=[ \t]|$)"""
)
# Anchors and tags before a value.
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)*")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*$")


class _Block:
    """A container that is open, at the column of its keys or dashes."""

    __slots__ = ("column", "node")

    def __init__(self, node: Node, column: int) -> None:
        self.node = node
        self.column = column


class _Blocks:
    """Reads YAML line by line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.flow = _Flow(text, is_yaml=True)
        self.offset = 0
        self.root = Node(HOLE, (0, 0))
        self.blocks: list[_Block] = []

    def documents(self) -> list[Node]:
        """Return the roots of all documents."""
        found = []
        text = self.text
        self.offset = int(text.startswith("\ufeff"))
        while self.offset < len(text):
            match = _LINE.match(text, self.offset)
            assert match is not None
            indent, content = len(match[1]), match[2]
            start = match.start(2)
            self.offset = match.end()
            if content.startswith(("---", "...")) and not indent and not content[3:4].strip():
                found.append(self._ended())
                continue
            if content and not content.startswith("#") and not (content.startswith("%") and not indent):
                self._line(start, indent, match.end(2))
        found.append(self._ended())
        return [root for root in found if root.kind != HOLE] or found[-1:]

    def _ended(self) -> Node:
        """Return the document that ends here, and begin the next one."""
        root, self.root = self.root, Node(HOLE, (self.offset, self.offset))
        self.blocks = []
        _set_spans(root)
        return root

    def _line(self, start: int, column: int, end: int) -> None:
        """Take in the content of a line, or what follows a dash on it."""
        text = self.text
        dash = _DASH.match(text, start, end)
        if dash is not None:
            if len(self.blocks) >= _MAX_DEPTH:
                return
            item = self._list(start, column).add(Node(HOLE, (dash.end(), dash.end())))
            if dash.end() < end and not text.startswith("#", dash.end()):
                self._line(dash.end(), column + dash.end() - start, end)
            item.key_span = None
            return
        key = _KEY.match(text, start, end)
        if key is not None:
            holder = self._object(start, column)
            token = key["key"].rstrip()
            span = start, start + len(token)
            child = Node(HOLE, (key.end(), key.end()), key=_key_text(token), key_span=span)
            holder.add(child)
            self._value(child, key.end(), column, end)
            return
        hole = self._hole(column)
        if hole is not None:
            self._value(hole, start, column - 1, end)
        else:
            self._half_typed(start, column, end)

    def _half_typed(self, start: int, column: int, end: int) -> None:
        """Take in a line that is neither key nor item nor a value: a key without its colon."""
        while len(self.blocks) > 1 and self.blocks[-1].column > column:
            self.blocks.pop()
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last.node.kind == LIST and last.column == column and len(self.blocks) > 1:
            # A list may have the column of its key.
            self.blocks.pop()
            last = self.blocks[-1]
        word_end = start + len(_COMMENT.sub("", self.text[start:end]).rstrip())
        if last is not None and last.node.kind == OBJECT and last.column == column:
            name = self.text[start:word_end]
            last.node.add(Node(HOLE, (word_end, word_end), key=name, key_span=(start, word_end)))
        if self.text[start] in _QUOTED:
            self.flow.unclosed.append(start)

    def _value(self, node: Node, offset: int, column: int, end: int) -> None:
        """Fill a hole with what follows on its line, and on lines below that are right of `column`."""
        text = self.text
        while offset < end and text[offset] in " \t":
            offset += 1
        properties = _PROPERTIES.match(text, offset, end)
        assert properties is not None
        offset = properties.end()
        rest = _COMMENT.sub("", text[offset:end]).rstrip()
        node.span = (offset, offset)
        if not rest:
            return
        if rest[0] in "|>" and re.fullmatch(r"[|>][-+0-9]*", rest):
            node.kind, node.span = SCALAR, (offset, self._end_of_block(column))
            lines = text[end : node.span[1]].split("\n")
            node.value = "\n".join(line.strip() for line in lines).strip()
        elif rest[0] in "{[\"'":
            limit = self._limit(column)
            before = len(self.flow.unclosed)
            value, after = self.flow.value(offset, limit)
            if rest[0] in _QUOTED and _QUOTED[rest[0]].match(text, offset, limit):
                # It closes on another line.
                del self.flow.unclosed[before:]
            node.kind, node.span, node.value = value.kind, value.span, value.value
            for child in value.children:
                node.add(child)
            self._go_on_after(after)
        else:
            node.kind, node.span = SCALAR, (offset, offset + len(rest))
            node.value = plain(rest, is_yaml=True)

    def _go_on_after(self, offset: int) -> None:
        """Go on with the line after an offset."""
        if offset > self.offset:
            match = re.compile(r"[^\r\n]*(\r\n|\n|\r|$)").match(self.text, offset)
            assert match is not None
            self.offset = match.end()

    def _limit(self, column: int) -> int:
        """Return the start of the next line that is not right of a column: a value ends there."""
        at = self.offset
        while at < len(self.text):
            match = _LINE.match(self.text, at)
            assert match is not None
            if match[2] and len(match[1]) <= column and match[2][0] not in "}]":
                return at
            at = match.end()
        return at

    def _end_of_block(self, column: int) -> int:
        """Return the end of a block scalar, and go on after it."""
        end = self._limit(column)
        self.offset = end
        return end

    def _hole(self, column: int) -> Node | None:
        """Return the value that is still open for a line at a column."""
        for block in reversed(self.blocks):
            if block.column < column:
                children = block.node.children
                return children[-1] if children and children[-1].kind == HOLE else None
        return self.root if self.root.kind == HOLE else None

    def _object(self, start: int, column: int) -> Node:
        """Return the object that has an entry at a column."""
        while self.blocks and (
            self.blocks[-1].column > column
            or (self.blocks[-1].column == column and self.blocks[-1].node.kind == LIST)
        ):
            self.blocks.pop()
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last.column == column:
            return last.node
        return self._opened(OBJECT, start, column)

    def _list(self, start: int, column: int) -> Node:
        """Return the list that has an item at a column."""
        while self.blocks and self.blocks[-1].column > column:
            self.blocks.pop()
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last.column == column:
            if last.node.kind == LIST:
                return last.node
            children = last.node.children
            if not children or children[-1].kind != HOLE:
                # An item where none can be: it is kept apart.
                return Node(LIST, (start, start))
        return self._opened(LIST, start, column)

    def _opened(self, kind: str, start: int, column: int) -> Node:
        """Return a new container in the hole that is open."""
        holder = self.blocks[-1].node if self.blocks else None
        if holder is None and self.root.kind in (HOLE, kind):
            node = self.root
        elif holder is None:
            node = Node(HOLE, (start, start))
        elif holder.children and holder.children[-1].kind == HOLE:
            node = holder.children[-1]
        elif holder.kind == kind:
            # Indented wrongly; it is of the block above.
            return holder
        else:
            node = Node(HOLE, (start, start))
        if node.kind == HOLE:
            node.kind, node.span = kind, (start, start)
        if len(self.blocks) < _MAX_DEPTH:
            self.blocks.append(_Block(node, column))
        return node


def _key_text(token: str) -> str:
    return unquoted(token) if token[0] in "\"'" else token


def _set_spans(root: Node) -> None:
    """Give block containers the span of what is in them."""
    for node in reversed(list(root.walk())):
        if node.kind in (OBJECT, LIST) and node.children and node.span[0] == node.span[1]:
            last = node.children[-1]
            end = max(last.span[1], last.key_span[1] if last.key_span else 0)
            node.span = (node.span[0], end)
