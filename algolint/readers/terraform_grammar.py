"""An exact recognizer of HCL's native syntax, which finds the errors that tree-sitter does not report.

tree-sitter's grammar ignores line ends, which matter in HCL, and goes on after errors. No tree is built here.
"""

from __future__ import annotations

import re
from contextlib import suppress

from algolint import limits
from algolint.messages import shown
from algolint.readers.terraform_tokens import Scanner
from algolint.source import SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.readers.terraform_tokens import Token

_OPERATORS = frozenset(("||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"))
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
_CLOSING = {"end of hole": "}", "end of string": '"'}
_LINE_END = ("newline", "end")


def check(text: str) -> None:
    """Raise `SourceSyntaxError` at the first error that Terraform would report.

    Checking ends where the text is nested deeper than any spec.
    """
    with suppress(_TooDeepError):
        _Grammar(text).body("end")


class _TooDeepError(Exception):
    """Raised when the text is nested too deeply."""


class _Grammar:
    """A recursive-descent parser that only checks the tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        #: The error that the token of the kind "strange" stands for.
        self._strange: SourceSyntaxError | None = None
        try:
            self._tokens.extend(Scanner(text).tokens())
        except SourceSyntaxError as error:
            self._strange = error
            self._tokens.append(("strange", *error.span))
        self._at = 0
        self._depth = 0
        # Whether line breaks count as tokens: not within brackets, except the braces of an object.
        self._has_lines = True

    # ------------------------------------------------------------ tokens

    @property
    def _next(self) -> str:
        """The kind of the next token."""
        tokens = self._tokens
        if not self._has_lines:
            while tokens[self._at][0] == "newline":
                self._at += 1
        return tokens[self._at][0]

    def _read(self) -> Token:
        """Take the next token."""
        kind = self._next
        token = self._tokens[self._at]
        if kind != "end":
            self._at += 1
        return token

    def _word(self) -> str:
        """Return the next token if it is a name or a keyword, else an empty string."""
        return self._text_of(self._tokens[self._at]) if self._next == "name" else ""

    def _text_of(self, token: Token) -> str:
        return self._text[token[1] : token[2]]

    def _expect(self, kind: str, where: str = "") -> Token:
        """Take the next token, which has to be of this kind."""
        if self._next != kind:
            sign = _CLOSING.get(kind, kind)
            raise self._wrong("a name" if kind == "name" else f"'{sign}'", where)
        return self._read()

    def _wrong(self, expected: str, where: str = "") -> SourceSyntaxError:
        """Return the error for the next token, which is not the expected one."""
        kind, start, end = self._tokens[self._at]
        if kind == "strange" and self._strange is not None:
            return self._strange
        match kind:
            case "end":
                found = "the end of the file"
            case "newline":
                found = "the end of the line"
            case _:
                found = shown(self._text[start:end])
        return SourceSyntaxError(f"expected {expected}{where}, found {found}", (start, end))

    # ------------------------------------------------------------ blocks and arguments

    def body(self, end: str) -> None:
        """Read arguments and blocks up to the token that ends them."""
        while self._next != end:
            if self._next == "newline":
                self._read()
            elif self._next == "name":
                self._item()
            elif self._next == "end":
                raise self._missing("}")
            else:
                raise self._wrong("an argument or a block")
        self._read()

    def _missing(self, sign: str) -> SourceSyntaxError:
        start = self._tokens[self._at][1]
        return SourceSyntaxError(f"missing '{sign}'", (start, start))

    def _item(self) -> None:
        self._read()
        if self._next == "=":
            self._read()
            self.expression()
            self._end_line(" after the argument")
        elif self._next in ('"', "{", "name"):
            self._block()
        else:
            raise self._wrong("'=' or '{'", " after the name")

    def _end_line(self, where: str) -> None:
        if self._next not in _LINE_END:
            raise self._wrong("a line break", where)
        self._read()

    def _block(self) -> None:
        while self._next in ('"', "name"):
            if self._read()[0] == '"':
                self._label()
        self._expect("{", " on the line of the block's name")
        self._enter()
        if self._next in ("newline", "}", "end"):
            self.body("}")
        else:
            self._expect("name", " in a block")
            self._expect("=", " in a block on one line, which has one argument and no block")
            self.expression()
            self._expect("}", " on the same line, after the only argument of a block")
        self._depth -= 1
        self._end_line(" after the block")

    def _label(self) -> None:
        while self._next == "literal":
            self._read()
        self._expect("end of string", " in the label of a block")

    # ------------------------------------------------------------ expressions

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise _TooDeepError

    def _bracketed(self) -> bool:
        """Let line breaks be no tokens, and return whether they were."""
        before, self._has_lines = self._has_lines, False
        return before

    def expression(self) -> None:
        """Read an expression."""
        self._enter()
        while True:
            self._operand()
            if self._next in _OPERATORS:
                self._read()
            elif self._next == "?":
                self._read()
                self.expression()
                self._expect(":", " between the values of a condition")
            else:
                break
        self._depth -= 1

    def _operand(self) -> None:
        while self._next in ("-", "!"):
            self._read()
        kind = self._next
        match kind:
            case "(":
                before = self._bracketed()
                self._read()
                self.expression()
                self._close(")", before)
            case "number":
                self._number(self._read())
            case "name":
                self._read()
                if self._next in ("(", "::"):
                    self._call()
            case '"' | "heredoc":
                self._read()
                self._template("end of string" if kind == '"' else "end of heredoc")
            case "[":
                self._tuple()
            case "{":
                self._object()
            case _:
                raise self._wrong("a value")
        self._steps()

    def _close(self, sign: str, before: bool, is_list: bool = False) -> None:
        """Take a closing bracket, and restore whether line breaks are tokens."""
        if self._next == "end":
            raise self._missing(sign)
        if self._next != sign:
            raise self._wrong(f"',' or '{sign}'" if is_list else f"'{sign}'")
        self._read()
        self._has_lines = before

    def _number(self, token: Token) -> None:
        _, start, end = token
        kind, after, end_after = self._tokens[self._at]
        if kind == "name" and after == end:
            end = end_after
        text = self._text[start:end]
        if not _NUMBER.fullmatch(text):
            message = f"{shown(text)} is not a number; Terraform only takes decimal digits"
            raise SourceSyntaxError(message, (start, end))

    def _steps(self) -> None:
        """Read the steps after a value: `.name`, `.0`, `.*`, `[0]`, `[*]`."""
        is_splat = False
        while True:
            if self._next == ".":
                self._read()
                is_splat = self._attribute(is_splat)
            elif self._next == "[":
                is_splat = False
                self._read()
                if self._next == "*":
                    self._read()
                    self._expect("]")
                    continue
                before = self._bracketed()
                self.expression()
                self._close("]", before)
            else:
                return

    def _attribute(self, is_splat: bool) -> bool:
        """Read what follows a dot; return whether it is an asterisk or follows one."""
        match self._next:
            case "name":
                self._read()
                return is_splat
            case "number":
                token = self._read()
                if "." in self._text_of(token):
                    message = "two indexes in a row are written in brackets, such as [0][1]"
                    raise SourceSyntaxError(message, token[1:])
                self._number(token)
                return is_splat
            case "*" if not is_splat:
                self._read()
                return True
        raise self._wrong("a name", " after the dot")

    def _call(self) -> None:
        while self._next == "::":
            self._read()
            self._expect("name", " after '::'")
        self._expect("(", " after the name of a function")
        before = self._bracketed()
        while self._next != ")":
            self.expression()
            if self._next == ",":
                self._read()
                continue
            if self._next == "...":
                self._read()
                self._close(")", before)
                return
            break
        self._close(")", before, is_list=True)

    def _tuple(self) -> None:
        before = self._bracketed()
        self._read()
        if self._word() == "for":
            self._for("]", before)
            return
        while self._next != "]":
            self.expression()
            if self._next != ",":
                break
            self._read()
        self._close("]", before, is_list=True)

    def _object(self) -> None:
        before = self._bracketed()
        self._read()
        start = self._at
        if self._word() == "for":
            self._for("}", before)
            return
        self._at = start
        self._has_lines = True
        while self._next != "}":
            if self._next == "newline":
                self._read()
                continue
            self.expression()
            if self._next not in ("=", ":"):
                raise self._missing("}") if self._next == "end" else self._wrong("'='", " after the key")
            self._read()
            self.expression()
            if self._next not in (",", "newline"):
                if self._next not in ("}", "end"):
                    raise self._wrong("a comma or a line break", " between the items of an object")
                break
            self._read()
        self._close("}", before)

    def _for(self, closing: str, before: bool) -> None:
        self._read()
        self._loop()
        self._expect(":", " after the list of a 'for'")
        self.expression()
        if closing == "}":
            self._expect("=>", " after the key of an object")
            self.expression()
            if self._next == "...":
                self._read()
        if self._word() == "if":
            self._read()
            self.expression()
        self._close(closing, before)

    def _loop(self) -> None:
        """Read the names and the list of a loop."""
        self._expect("name", " after 'for'")
        if self._next == ",":
            self._read()
            self._expect("name", " after the comma")
        if self._word() != "in":
            raise self._wrong("'in'", " after the names of a 'for'")
        self._read()
        self.expression()

    # ------------------------------------------------------------ texts

    def _template(self, closing: str) -> None:
        """Read a text up to the token that ends it."""
        # The open directives.
        directives: list[str] = []
        while (token := self._tokens[self._at])[0] != closing:
            if token[0] == "end" and closing == "end of string":
                raise self._missing('"')
            if token[0] in ("end", "strange"):
                raise self._wrong("the end of a heredoc")
            self._at += 1
            if token[0] in ("${", "%{"):
                before = self._bracketed()
                if token[0] == "${":
                    self.expression()
                else:
                    self._directive(directives)
                self._expect("end of hole")
                self._has_lines = before
        if directives:
            raise self._wrong(f"'%{{ end{directives[-1].removesuffix(' else')} }}'")
        self._at += 1

    def _directive(self, directives: list[str]) -> None:
        word = self._word()
        innermost = directives[-1] if directives else ""
        match word:
            case "if":
                self._read()
                self.expression()
                directives.append("if")
            case "for":
                self._read()
                self._loop()
                directives.append("for")
            case "else" if innermost == "if":
                self._read()
                directives[-1] = "if else"
            case "endif" | "endfor" if innermost and innermost.split()[0] == word[3:]:
                self._read()
                directives.pop()
            case _:
                raise self._wrong("a directive that is allowed here, such as 'if' or 'for'")
