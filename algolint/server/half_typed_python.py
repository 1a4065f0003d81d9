"""Reading half-typed Python: the calls, dicts and lists that are written out, and holes for the rest.

No text is refused, and nothing is evaluated. An unclosed bracket ends where the next statement begins, judged
by its indentation. A name has the value of its last assignment in the text, with the entries that
`name["key"] = ...` adds to it.
"""

from __future__ import annotations

import ast
import re

from algolint.server.tree import HOLE, LIST, MARK, OBJECT, SCALAR, Call, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from algolint.source import Span

# The key for a value that is unpacked into a dict or a call.
_SPREAD = "**"
# Deeper nesting than this is not a spec.
_MAX_DEPTH = 60
_MAX_STEPS = 20_000
_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\f]+|\\\r?\n|\#[^\r\n]*)+)
    | (?P<newline>[\r\n]+)
    | (?P<string>[rRbBuUfFtT]{0,2}(?:
          \"{3}.*?(?:\"{3}|\Z) | '{3}.*?(?:'{3}|\Z)
        | "(?:[^"\\\r\n]|\\.)*"? | '(?:[^'\\\r\n]|\\.)*'?))
    | (?P<word>[\w\ue000]+(?:\.[\w\ue000]+)*)
    | (?P<sign>\*\*|[=!<>:+\-*/%&|^@]=|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = frozenset(_CLOSING.values())
_TRAILERS = frozenset(("(", "[", "."))
_ENDS = frozenset((",", ":", "=", ")", "]", "}", ";"))
# Words before a value that do not change the value.
_TRANSPARENT = frozenset(("return", "await", "yield"))
_OPERATORS = frozenset(
    ("and", "as", "async", "else", "for", "from", "if", "import", "in", "is", "lambda", "not", "or", "with")
)
_CONSTANTS = {"True": True, "False": False, "None": None}


class _Name(Node):
    """The value of a variable."""

    __slots__ = ("name",)

    def __init__(self, span: Span, name: str) -> None:
        is_typed = MARK in name
        super().__init__(SCALAR if is_typed else HOLE, span, name if is_typed else None)
        self.name = name


class _Element(Node):
    """The value of a subscript: `request["Tags"]`."""

    __slots__ = ("holder", "index")

    def __init__(self, span: Span, holder: Node, index: Node) -> None:
        super().__init__(HOLE, span)
        self.holder = holder
        self.index = index


class _Token:
    __slots__ = ("column", "end", "kind", "sign", "start", "text")

    def __init__(self, kind: str, start: int, end: int, text: str, column: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text
        #: The text of an operator or a bracket, else an empty string.
        self.sign = text if kind == "sign" else ""
        #: The column of the first token of a line, else -1.
        self.column = column


def read_python(text: str) -> list[Node]:
    """Return the outermost calls, dicts and lists of a program."""
    reader = _Reader(text)
    reader.read()
    for root in reader.roots:
        reader.resolve(root)
    return [root for root in reader.roots if root.parent is None and root.children]


def _tokens(text: str) -> list[_Token]:
    found = []
    line = 0
    is_first = True
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "newline":
            line, is_first = match.end(), True
        elif kind != "space":
            start = match.start()
            found.append(_Token(kind, start, match.end(), match[0], start - line if is_first else -1))
            is_first = False
    return found


class _Reader:
    """Reads a program statement by statement."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.roots: list[Node] = []
        self._tokens = _tokens(text)
        self._at = 0
        # The closing brackets of what is open, and the column of the statement.
        self._open: list[str] = []
        self._column = 0
        self._assigned: dict[str, Node] = {}
        self._steps = 0

    def read(self) -> None:
        """Read all statements."""
        while self._at < len(self._tokens):
            self._statement()

    # ------------------------------------------------------------ tokens

    def _peek(self) -> _Token | None:
        """Return the next token of the statement, or None at its end."""
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        if token.column < 0:
            return token
        if not self._open:
            return None
        # It begins the next statement, although brackets of this one are open.
        return None if token.kind == "word" and token.column <= self._column else token

    def _is_next(self, signs: Container[str]) -> bool:
        token = self._peek()
        return token is not None and token.sign in signs

    def _offset(self) -> int:
        """Return the end of the previous token."""
        return self._tokens[self._at - 1].end if self._at else 0

    # ------------------------------------------------------------ statements

    def _statement(self) -> None:
        first = self._tokens[self._at]
        self._column, self._open = max(first.column, 0), []
        # The first token may be at any column, since no bracket is open.
        first.column = -1
        target = self._expression()
        while (token := self._peek()) is not None:
            self._at += 1
            if token.sign == "=":
                value = self._expression()
                if isinstance(target, _Name):
                    self._assigned[target.name] = value
                elif isinstance(target, _Element):
                    self._set(target, value)
                target = value
            elif token.sign == ";":
                target = self._expression()
            else:
                self._expression()

    def _expression(self) -> Node:
        """Read a value up to a comma, a bracket or the end of the statement; a hole if it is not just one."""
        start = self._offset()
        found: list[Node] = []
        is_single, is_operand_next = True, True
        while (token := self._peek()) is not None:
            if token.sign in _ENDS:
                break
            if token.text in _OPERATORS or (token.sign and token.sign not in _CLOSING):
                self._at += 1
                is_single, is_operand_next = False, True
            elif token.kind == "word" and token.text in _TRANSPARENT:
                self._at += 1
            elif is_operand_next or not self._open:
                found.append(self._operand(token))
                is_operand_next = False
            else:
                # A comma is missing.
                break
        if len(found) == 1 and is_single:
            if not self._open:
                self.roots.append(found[0])
            return found[0]
        self.roots += found
        return Node(HOLE, (start, start) if not found else (found[0].span[0], self._offset()))

    def _operand(self, token: _Token) -> Node:
        self._at += 1
        node: Node
        if token.kind == "string":
            return self._string(token)
        if token.kind == "word":
            node = _of_word(token)
        elif len(self._open) >= _MAX_DEPTH:
            return Node(HOLE, (token.start, token.end))
        elif token.sign == "{":
            node = self._entries(Node(OBJECT, (token.start, token.end)), "}")
        else:
            node = self._items(token)
        return self._with_trailers(node, token)

    def _with_trailers(self, node: Node, token: _Token) -> Node:
        """Read the calls, subscripts and attributes after a value."""
        function = token.text if token.kind == "word" else ""
        while self._is_next(_TRAILERS) and len(self._open) < _MAX_DEPTH:
            sign = self._tokens[self._at]
            self._at += 1
            if sign.text == ".":
                word = self._peek()
                if word is not None and word.kind == "word":
                    function = f"{function}.{word.text}"
                    self._at += 1
                continue
            if not isinstance(node, (_Name, _Element)):
                self.roots.append(node)
            if sign.text == "(":
                node = self._entries(Call(sign.start, function), ")")
            else:
                node = self._element(node, sign, token.start)
        return node

    def _element(self, holder: Node, bracket: _Token, start: int) -> Node:
        """Read a subscript after a value."""
        items = self._items(bracket)
        span = start, self._offset()
        index = items.children[0] if len(items.children) == 1 else items
        if not isinstance(holder, (_Name, _Element)) or not isinstance(index.value, (str, int)):
            self.roots.append(items)
            return Node(HOLE, span)
        element = _Element(span, holder, index)
        if isinstance(index.value, str) and MARK in index.value:
            # The value may not be typed yet.
            self._set(element, Node(HOLE, (span[1], span[1])))
        return element

    def _string(self, token: _Token) -> Node:
        """Read a string with the strings adjacent to it."""
        value, end = _text_of(token.text), token.end
        while (other := self._peek()) is not None and other.kind == "string":
            self._at += 1
            more = _text_of(other.text)
            value, end = None if value is None or more is None else value + more, other.end
        kind = HOLE if value is None else SCALAR
        return Node(kind, (token.start, end), value)

    # ------------------------------------------------------------ containers

    def _items(self, bracket: _Token) -> Node:
        """Read a list or a tuple, or a value in parentheses."""
        node = Node(LIST, (bracket.start, bracket.end))
        is_group = bracket.text == "("
        self._open.append(_CLOSING[bracket.text])
        items = []
        while self._skip_unmatched():
            if self._is_next(_ENDS):
                self._at += 1
                is_group = False
            else:
                items.append(self._expression())
        self._close(node)
        if is_group and len(items) == 1:
            return items[0]
        for item in items:
            node.add(item)
        return node

    def _entries(self, holder: Node, closing: str) -> Node:
        """Read the entries of a dict, or the arguments of a call."""
        self._open.append(closing)
        while self._skip_unmatched():
            if self._is_next(_ENDS):
                self._at += 1
            elif self._is_next((_SPREAD,)):
                self._at += 1
                node = self._expression()
                node.key = _SPREAD
                holder.add(node)
            elif isinstance(holder, Call):
                self._argument(holder)
            else:
                self._entry(holder)
        self._close(holder)
        return holder

    def _argument(self, call: Call) -> None:
        key = self._expression()
        if isinstance(key, _Name) and (self._is_next(("=",)) or MARK in key.name):
            self._add(call, key, key.name, "=")
        else:
            self.roots.append(key)

    def _entry(self, holder: Node) -> None:
        key = self._expression()
        if isinstance(key.value, str):
            self._add(holder, key, key.value, ":")
        else:
            # It is a computed key, or the item of a set.
            self.roots.append(key)

    def _add(self, holder: Node, key: Node, name: str, separator: str) -> None:
        """Add the entry of a key, with the value after it if there is one."""
        node = Node(HOLE, (key.span[1], key.span[1]))
        if self._is_next((separator,)):
            self._at += 1
            node = self._expression()
        node.key, node.key_span = name, key.span
        holder.add(node)

    def _skip_unmatched(self) -> bool:
        """Skip unmatched closing brackets, and return whether the innermost open container goes on."""
        while self._is_next(_BRACKETS):
            if self._tokens[self._at].text in self._open:
                return False
            self._at += 1
        return self._peek() is not None

    def _close(self, node: Node) -> None:
        """End a container, at its closing bracket if it has one."""
        if self._is_next(self._open[-1:]):
            self._at += 1
        self._open.pop()
        node.span = node.span[0], self._offset()

    # ------------------------------------------------------------ names

    def _set(self, target: _Element, value: Node) -> None:
        """Add a value to the dict to whose entry it is assigned."""
        holder = self._container(target.holder)
        if holder is not None and holder.kind == OBJECT and value.parent is None:
            value.key, value.key_span = target.index.value, target.index.span
            holder.add(value)

    def _container(self, node: Node | None, depth: int = 0) -> Node | None:
        """Return the dict or list that a value refers to, or None if it is not written out."""
        self._steps += 1
        if node is None or depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return None
        if isinstance(node, _Element):
            holder = self._container(node.holder, depth + 1)
            return self._container(holder and holder.get(node.index.value), depth + 1)
        if isinstance(node, _Name):
            return self._container(self._assigned.get(node.name), depth + 1)
        is_written = not isinstance(node, Call) or node.function == "dict"
        return node if is_written and len(node.ancestors()) <= _MAX_DEPTH else None

    def resolve(self, root: Node) -> None:
        """Replace the names below a node by the values assigned to them."""
        todo = [root]
        while todo:
            node = todo.pop()
            if isinstance(node, _Name) and node.name in self._assigned:
                self._take(node, self._assigned[node.name])
            todo += node.children
        for node in [*root.walk()]:
            spread = [child for child in node.children if child.key == _SPREAD]
            if spread:
                node.children = [child for child in node.children if child.key != _SPREAD]
                for entry in [entry for child in spread for entry in child.children]:
                    node.add(entry)

    def _take(self, node: _Name, value: Node) -> None:
        around = node.ancestors()[:-1]
        if value is node or len(around) > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return
        if not any(isinstance(other, _Name) and other.name == node.name for other in around):
            node.kind, node.value, node.span = value.kind, value.value, value.span
            for child in value.children:
                node.add(self._copy(child))

    def _copy(self, node: Node) -> Node:
        found = _Name(node.span, node.name) if isinstance(node, _Name) else Node(HOLE, node.span)
        found.kind, found.value, found.key, found.key_span = node.kind, node.value, node.key, node.key_span
        for child in node.children:
            self._steps += 1
            if self._steps <= _MAX_STEPS:
                found.add(self._copy(child))
        return found


def _of_word(token: _Token) -> Node:
    span = token.start, token.end
    if token.text in _CONSTANTS:
        return Node(SCALAR, span, _CONSTANTS[token.text])
    if token.text.isdecimal() and len(token.text) < 20:
        return Node(SCALAR, span, int(token.text))
    return _Name(span, token.text)


def _text_of(token: str) -> str | None:
    """Return the text of a string, which may be unterminated, or None if parts of it are computed."""
    body = token.lstrip("rRbBuUfFtT")
    prefix = token[: len(token) - len(body)].lower()
    quote = body[:3] if body[:3] in ('"""', "'''") else body[:1]
    is_closed = len(body) >= 2 * len(quote) and body.endswith(quote)
    text = body[len(quote) : -len(quote)] if is_closed else body[len(quote) :]
    if "b" in prefix or (("f" in prefix or "t" in prefix) and "{" in text):
        return None
    if "\\" not in text or "r" in prefix:
        return text
    try:
        return str(ast.literal_eval(f"{quote}{text}{quote}"))
    except (SyntaxError, ValueError):
        return text
