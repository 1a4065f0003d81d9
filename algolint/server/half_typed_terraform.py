"""Reading half-typed Terraform: blocks, objects and lists that are written out, and holes for the rest.

No text is refused, and nothing is evaluated. An unclosed bracket ends at the end of the text.
"""

from __future__ import annotations

import json
import re

from algolint.readers.terraform_names import LISTS, MAPS, META, TARGETS, api_name
from algolint.server.tree import HOLE, LIST, MARK, OBJECT, SCALAR, Node, Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.source import Span

# Deeper nesting than this is not a spec.
_MAX_DEPTH = 60
_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t]+|(?:\#|//)[^\n]*|/\*.*?(?:\*/|\Z))+)
    | (?P<newline>[\r\n]+)
    | (?P<heredoc><<-?(?P<marker>[\w-]+)\r?\n.*?(?:\n[ \t]*(?P=marker)\b|\Z))
    | (?P<string>"(?:[^"\\$\r\n]|\\.|\$\{[^}\r\n]*\}?|\$)*"?)
    | (?P<word>[\w\ue000][\w\ue000.-]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CONSTANTS = {"true": True, "false": False, "null": None}


class _Token:
    __slots__ = ("kind", "span", "text")

    def __init__(self, kind: str, span: Span, text: str) -> None:
        self.kind = kind
        self.span = span
        self.text = text


def read_terraform(text: str) -> list[Resource]:
    """Return the resources in a file that are algorithms, with the API's names for their arguments."""
    reader = _Reader(text)
    return [*reader.resources()]


class _Reader:
    """Reads a file block by block."""

    def __init__(self, text: str) -> None:
        self._tokens = [
            _Token(match.lastgroup or "sign", match.span(), match[0])
            for match in _TOKEN.finditer(text)
            if match.lastgroup != "space"
        ]
        self._at = 0
        self._depth = 0

    def resources(self) -> list[Resource]:
        """Read all blocks."""
        found = []
        while self._at < len(self._tokens):
            start = self._tokens[self._at].span[0]
            words = self._header()
            if self._is_next("{"):
                kind = words[1] if len(words) > 1 and words[0] == "resource" else ""
                resource = Resource(start, TARGETS.get(kind, ""))
                self._body(resource)
                if resource.target:
                    found.append(resource)
            else:
                self._at += 1
        return found

    # ------------------------------------------------------------ tokens

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _is_next(self, signs: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == "sign" and token.text in signs

    def _offset(self) -> int:
        """Return the end of the previous token."""
        return self._tokens[self._at - 1].span[1] if self._at else 0

    def _header(self) -> list[str]:
        """Read the words before the brace of a block."""
        words = []
        while (token := self._peek()) is not None and token.kind in ("word", "string"):
            words.append(token.text.strip('"'))
            self._at += 1
        return words

    # ------------------------------------------------------------ blocks

    def _body(self, holder: Node) -> None:
        """Read the content of a block or an object."""
        self._at += 1
        self._depth += 1
        while (token := self._peek()) is not None and not self._is_next("}"):
            if token.kind in ("word", "string") and self._depth <= _MAX_DEPTH:
                self._entry(holder, token)
            else:
                self._at += 1
        self._at += self._is_next("}")
        self._depth -= 1
        holder.span = holder.span[0], self._offset()

    def _entry(self, holder: Node, token: _Token) -> None:
        """Read an argument, a block or a key."""
        written = _text_of(token.text)
        is_own = holder.key in MAPS
        name = written if is_own or MARK in written or written in META else api_name(written)
        self._at += 1
        node = Node(HOLE, (self._offset(), self._offset()))
        if self._is_next("=:"):
            self._at += 1
            node = self._value(name)
        elif self._is_next("{") or self._is_label():
            labels = self._header()
            if self._is_next("{"):
                self._block(holder, name, token.span, labels)
                return
        node.key, node.key_span = name, token.span
        holder.add(node)

    def _is_label(self) -> bool:
        token = self._peek()
        return token is not None and token.kind == "string"

    def _block(self, holder: Node, name: str, span: Span, labels: list[str]) -> None:
        """Read a block; blocks of the same name may be the items of a list."""
        node = Node(OBJECT, self._tokens[self._at].span, key=name, key_span=span)
        self._body(node)
        if name == "Dynamic" and labels:
            # Its content is that of the generated blocks.
            name, node = api_name(labels[0]), node.get("Content") or Node(HOLE, node.span)
            node.key = name
        if name in LISTS and node.kind == OBJECT:
            items = holder.get(name)
            if items is None or items.kind != LIST:
                items = holder.add(Node(LIST, span, key=name, key_span=span))
            items.add(node)
        else:
            holder.add(node)

    # ------------------------------------------------------------ values

    def _value(self, name: str = "") -> Node:
        """Read a value up to a comma, a bracket or the end of the line; a hole if it is an expression."""
        start = self._offset()
        found: list[Node] = []
        while (token := self._peek()) is not None:
            if token.kind == "newline" or self._is_next(",]})"):
                break
            found.append(self._operand(token, name))
        if len(found) == 1:
            return found[0]
        return Node(HOLE, (found[0].span[0], self._offset()) if found else (start, start))

    def _operand(self, token: _Token, name: str) -> Node:
        if token.kind == "sign" and token.text in _CLOSING:
            return self._brackets(token, name)
        self._at += 1
        if token.kind == "string":
            is_whole = "${" not in token.text
            return Node(SCALAR if is_whole else HOLE, token.span, _text_of(token.text) if is_whole else None)
        if token.kind == "word" and MARK in token.text:
            return Node(SCALAR, token.span, token.text)
        if token.text in _CONSTANTS:
            return Node(SCALAR, token.span, _CONSTANTS[token.text])
        if token.text.isdecimal() and len(token.text) < 20:
            return Node(SCALAR, token.span, int(token.text))
        return Node(HOLE, token.span)

    def _brackets(self, token: _Token, name: str) -> Node:
        if self._depth > _MAX_DEPTH:
            self._at += 1
            return Node(HOLE, token.span)
        if token.text == "{":
            node = Node(OBJECT, token.span, key=name)
            self._body(node)
            return node
        node = Node(LIST if token.text == "[" else HOLE, token.span)
        self._at += 1
        self._depth += 1
        while self._peek() is not None and not self._is_next("]})"):
            if self._is_next(",") or self._tokens[self._at].kind == "newline":
                self._at += 1
            else:
                item = self._value()
                if node.kind == LIST:
                    node.add(item)
        self._at += self._is_next(_CLOSING[token.text])
        self._depth -= 1
        node.span = token.span[0], self._offset()
        return node


def _text_of(token: str) -> str:
    """Return the text of a word or a string, which may be unterminated."""
    if token[:1] != '"':
        return token
    body = token[1:-1] if len(token) > 1 and token[-1] == '"' else token[1:]
    try:
        return str(json.loads(f'"{body}"'))
    except ValueError:
        return body
