"""JSON: values at the speed of the C scanner, positions only when they are asked for."""

from __future__ import annotations

import re
from json.decoder import JSONDecoder
from json.decoder import scanstring as _scanstring  # type: ignore[attr-defined]

from algolint.source import Document, Source, SyntaxFault
from algolint.wording import escaped, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from algolint.source import Source, Span
    from algolint.values import Path

    ScanString = Callable[[str, int], tuple[str, int]]
    ScanOnce = Callable[[str, int], tuple[Any, int]]

scanstring: ScanString = _scanstring

#: How deep objects and lists may stand in one another.
MAX_DEPTH = 200

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
_UNSOUND_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NUMBER_LIKE = re.compile(r"[-+.]*[0-9](?:[eE][-+]|[\w.])*|[-+.]+\w*")
_WORD = re.compile(r"[^\W\d][\w$-]*|\$[\w$-]+")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise ValueError(text)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def read(source: Source) -> list[Document]:
    """The one document of a JSON file."""
    try:
        return _read(source, source.text)
    except SyntaxFault as fault:
        from algolint import templating

        if not templating.may_hold(source.text, templating.MARKS_IN_JSON):
            raise
        return templating.read_json(source, _read, fault)


def _read(source: Source, text: str) -> list[Document]:
    """The document of a text that stands for that of the file: the same, or masked."""
    repeats = 0

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        found = dict(pairs)
        if len(found) != len(pairs):
            repeats += 1
        return found

    decoder = JSONDecoder(object_pairs_hook=build, parse_float=_finite, parse_constant=_no_constant)
    try:
        spec, end = decoder.scan_once(text, _skip_space(text, 0))  # type: ignore[attr-defined]
    except (ValueError, StopIteration, RecursionError) as error:
        raise _diagnosis(_of(source, text), error) from None
    if _skip_space(text, end) != len(text) or _too_deep(text):
        raise _diagnosis(_of(source, text), None)
    document = JsonDocument(source, spec, text)
    if repeats:
        document.faults.extend(_duplicate_keys(text))
        document.repeats = True
    return [document]


def _of(source: Source, text: str) -> Source:
    return source if text is source.text else Source(source.name, text)


class JsonDocument(Document):
    """A JSON text. Its containers are cut open along the paths that are asked for, and stay so."""

    __slots__ = ("_containers", "_ends", "_scan", "_text", "repeats")

    syntax = "json"

    def __init__(self, source: Source, spec: Any, text: str) -> None:
        super().__init__(source, spec)
        self._text = text
        #: Whether some object gives a key twice; the last one then counts, so objects are cut to their ends.
        self.repeats = False
        self._containers: dict[int, _Container] = {}
        self._ends: dict[int, int] = {}
        self._scan: ScanOnce | None = None

    def locate(self, path: Path, key: bool = False) -> Span:
        text = self._text
        start = _skip_space(text, 0)
        key_span: Span | None = None
        for step in path:
            container = self._container(start)
            below = container.find(step, self.repeats) if container else None
            if container is None or below is None:
                break
            start = below
            key_span = container.keys.get(step) if container.is_object else None
        if not key:
            return start, self._end(start, root=not path)
        if key_span is not None:
            return key_span
        return start, start + 1 if text[start] in "{[" else self._end(start, root=False)

    def _scanner(self) -> ScanOnce:
        if self._scan is None:
            self._scan = JSONDecoder().scan_once  # type: ignore[attr-defined]
        return self._scan

    def _container(self, start: int) -> _Container | None:
        container = self._containers.get(start)
        if container is None and self._text[start] in "{[":
            container = self._containers[start] = _Container(self._text, start, self._scanner())
        return container

    def _end(self, start: int, root: bool) -> int:
        if root:
            return len(self._text.rstrip(" \t\r\n"))
        end = self._ends.get(start)
        if end is None:
            end = self._ends[start] = self._scanner()(self._text, start)[1]
        return end


class _Container:
    """An object or list of the text: where its members stand, as far as it has been cut open."""

    __slots__ = ("_next", "_scan", "_text", "is_object", "keys", "values")

    def __init__(self, text: str, start: int, scan: ScanOnce) -> None:
        self._text = text
        self._scan = scan
        self.is_object = text[start] == "{"
        self.keys: dict[str | int, Span] = {}
        self.values: dict[str | int, int] = {}
        self._next = self._member(_skip_space(text, start + 1))

    def find(self, step: str | int, to_the_end: bool) -> int | None:
        """Where the value of a member starts."""
        values = self.values
        if isinstance(step, str) != self.is_object:
            return None
        if to_the_end or step not in values:
            self._cut(None if to_the_end else step)
        return values.get(step)

    def _member(self, offset: int) -> int:
        """The offset of a next member, or -1 at the end of the container."""
        return -1 if self._text[offset] in "}]" else offset

    def _cut(self, until: str | int | None) -> None:
        text, scan, space = self._text, self._scan, _SPACE.match
        offset = self._next
        while offset >= 0:
            step: str | int
            if self.is_object:
                step, key_end = scanstring(text, offset + 1)
                self.keys[step] = (offset, key_end)
                colon = space(text, key_end).end()  # type: ignore[union-attr]
                offset = space(text, colon + 1).end()  # type: ignore[union-attr]
            else:
                step = len(self.values)
            self.values[step] = offset
            end = space(text, scan(text, offset)[1]).end()  # type: ignore[union-attr]
            offset = -1 if text[end] in "}]" else space(text, end + 1).end()  # type: ignore[union-attr]
            if step == until:
                break
        self._next = offset


def _skip_space(text: str, offset: int) -> int:
    return _SPACE.match(text, offset).end()  # type: ignore[union-attr]


def _too_deep(text: str) -> bool:
    """Whether a valid text nests deeper than the limit."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    brackets = "".join(text.split('"')[::2]).translate(_ONLY_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace("[]", "")
    return bool(brackets)


# Outside strings a valid JSON text is ASCII.
_ONLY_BRACKETS = dict.fromkeys(range(128)) | {ord("["): "[", ord("{"): "[", ord("]"): "]", ord("}"): "]"}


def _duplicate_keys(text: str) -> list[tuple[str, Path, Span, str, tuple[str, Span] | None]]:
    """Every key that an object gives again, in a valid text."""
    faults: list[tuple[str, Path, Span, str, tuple[str, Span] | None]] = []
    steps: list[str | int] = []
    firsts: list[dict[str, Span] | None] = []
    key_follows = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if key_follows and token[0] == '"':
            key = scanstring(token, 1)[0]
            seen = firsts[-1]
            assert seen is not None
            steps[-1] = key
            first = seen.setdefault(key, match.span())
            if first != match.span():
                message = f"{shown(key)} stands twice in this object"
                faults.append(
                    ("duplicate-key", tuple(steps), match.span(), message, ("the first stands here", first))
                )
            key_follows = False
        elif token in "{[":
            key_follows = token == "{"
            steps.append(0)
            firsts.append({} if key_follows else None)
        elif token in "}]":
            steps.pop()
            firsts.pop()
            key_follows = False
        elif token == ",":
            key_follows = firsts[-1] is not None
            if not key_follows:
                steps[-1] += 1  # type: ignore[operator]
    return faults


def _diagnosis(source: Source, error: Exception | None) -> SyntaxFault:
    """What is wrong with a text that the scanner refused, in words for its author."""
    try:
        _Diagnosis(source).run()
    except SyntaxFault as fault:
        return fault
    # Every refusal of the scanner has its words; this is for one that a later Python may add.
    offset = getattr(error, "pos", 0)
    return SyntaxFault(str(error or "not valid JSON"), (offset, offset))


_CLOSING = {"{": "}", "[": "]"}
_NAMES = {"{": "an object", "[": "a list"}
_PYTHON_WORDS = {"True": "true", "False": "false", "None": "null"}


class _Diagnosis:
    """A slow, strict reading that stops at the first fault. It keeps its own stack, so depth is no danger."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.offset = 0
        self.open: list[tuple[str, int]] = []

    def run(self) -> None:
        if self.peek() == "":
            raise SyntaxFault("the file is empty", (0, 0))
        while self.value():
            pass
        if self.peek():
            self.after_the_end()

    def peek(self) -> str:
        self.offset = _skip_space(self.text, self.offset)
        return self.text[self.offset : self.offset + 1]

    def fault(self, message: str, length: int = 1, start: int | None = None) -> NoReturn:
        offset = self.offset if start is None else start
        raise SyntaxFault(message, (offset, min(offset + length, len(self.text))))

    def value(self) -> bool:
        """Reads a value and what closes after it; false when the document is complete."""
        char = self.peek()
        if char == "":
            self.ends_early()
        if char in "{[":
            self.enter(char)
            if self.peek() != _CLOSING[char]:
                if char == "{":
                    self.property_name()
                return True
        elif char == '"':
            self.string()
        else:
            self.scalar(char)
        return self.close()

    def enter(self, char: str) -> None:
        if len(self.open) == MAX_DEPTH:
            self.fault(f"nested more than {MAX_DEPTH} levels deep")
        self.open.append((char, self.offset))
        self.offset += 1

    def close(self) -> bool:
        while self.open:
            opening, start = self.open[-1]
            char = self.peek()
            if char == _CLOSING[opening]:
                self.open.pop()
                self.offset += 1
                continue
            if char != ",":
                self.no_comma(char, opening, start)
            comma = self.offset
            self.offset += 1
            if self.peek() in ("}", "]"):
                self.fault(f"trailing comma before '{self.peek()}'", start=comma)
            if opening == "{":
                self.property_name()
            return True
        return False

    def property_name(self) -> None:
        char = self.peek()
        if char == "":
            self.ends_early()
        if char != '"':
            self.not_a_name(char)
        start = self.offset
        self.string()
        name = shown(self.text[start + 1 : self.offset - 1])
        char = self.peek()
        if char == "":
            self.ends_early()
        if char != ":":
            self.comment(char)
            self.fault(f"missing ':' after the property name {name}", start=start, length=len(name))
        self.offset += 1
        char = self.peek()
        if char in (",", "}", "]"):
            self.fault(f"missing value after {name}")

    def string(self) -> None:
        match = _STRING.match(self.text, self.offset)
        if match is None:
            self.broken_string()
        self.offset = match.end()

    def broken_string(self) -> NoReturn:
        text, start = self.text, self.offset
        at = _UNSOUND_STRING.match(text, start).end()  # type: ignore[union-attr]
        char = text[at : at + 1]
        if char == "" or text[at:] == "\\":
            self.fault("the file ends inside a string that opens here")
        if char in "\r\n":
            message = "unescaped line break in a string (is its closing quote missing?)"
            self.fault(message, start=start, length=at - start)
        if char == "\\":
            digits = re.compile(r"u[0-9a-fA-F]{0,4}").match(text, at + 1)
            escape = text[at : digits.end() if digits else at + 2]
            reason = "; \\u takes four hexadecimal digits" if digits else ""
            self.fault(f"invalid escape {escaped(escape)}{reason}", start=at, length=len(escape))
        name = "tab" if char == "\t" else f"control character U+{ord(char):04X}"
        self.fault(f"unescaped {name} in a string", start=at)

    def scalar(self, char: str) -> None:
        if number := _NUMBER_LIKE.match(self.text, self.offset):
            self.number(number.group())
        elif word := _WORD.match(self.text, self.offset):
            self.word(word.group())
        else:
            self.no_value(char)

    def no_value(self, char: str) -> NoReturn:
        if char == "'":
            self.single_quotes()
        self.comment(char)
        if char in "}]":
            if self.open:
                opening, start = self.open[-1]
                self.wrong_closing(char, opening, start)
            self.fault(f"'{char}' closes nothing")
        if char in ",:":
            self.fault(f"missing value before '{char}'")
        self.fault(f"unexpected {_character(char)}")

    def word(self, word: str) -> None:
        length = len(word)
        if word in _PYTHON_WORDS:
            self.fault(f"Python literal {word}; JSON writes {_PYTHON_WORDS[word]}", length)
        if word in ("NaN", "Infinity"):
            self.fault(f"{word} is not JSON", length)
        if word not in ("true", "false", "null"):
            lower = word.lower()
            if lower in ("true", "false", "null"):
                self.fault(f"{shown(word)} is not JSON; it writes {lower}", length)
            self.fault(f"text without quotes: {shown(word)}", length)
        self.offset += length

    def number(self, number: str) -> None:
        length = len(number)
        if _NUMBER.fullmatch(number) is None:
            self.fault(_number_form(number), length)
        digits = number.lstrip("-")
        try:
            if digits.isdigit():
                int(digits)
            else:
                _finite(digits)
        except ValueError:
            self.fault(
                f"number of {len(digits):,} digits" if digits.isdigit() else "number out of range", length
            )
        self.offset += length

    def single_quotes(self) -> NoReturn:
        end = re.compile(r"'(?:[^'\\\r\n]|\\.)*'").match(self.text, self.offset)
        length = end.end() - self.offset if end else 1
        self.fault("single quotes are not JSON; use double quotes", length)

    def comment(self, char: str) -> None:
        if char == "#" or self.text[self.offset : self.offset + 2] in ("//", "/*"):
            line_end = re.compile(r"[^\r\n]*").match(self.text, self.offset)
            length = line_end.end() - self.offset if line_end else 1
            self.fault("comments are not allowed in JSON", length)

    def not_a_name(self, char: str) -> NoReturn:
        if char == "'":
            self.single_quotes()
        self.comment(char)
        word = _WORD.match(self.text, self.offset) or _NUMBER_LIKE.match(self.text, self.offset)
        if word:
            self.fault(f"property name without quotes: {shown(word.group())}", len(word.group()))
        if char == ",":
            self.fault("',' where a property name is due")
        if char in "}]":
            self.wrong_closing(char, *self.open[-1])
        if char in "{[":
            self.fault(f"{_NAMES[char]} where a property name is due")
        self.fault(f"unexpected {_character(char)} where a property name is due")

    def no_comma(self, char: str, opening: str, start: int) -> NoReturn:
        if char == "":
            self.ends_early()
        self.comment(char)
        if char in "}]":
            self.wrong_closing(char, opening, start)
        if char == "=":
            self.fault("'=' is not JSON")
        if char == ":":
            what = "in a list" if opening == "[" else "after a value"
            self.fault(f"':' {what}")
        token = _STRING.match(self.text, self.offset) or _NUMBER_LIKE.match(self.text, self.offset)
        token = token or _WORD.match(self.text, self.offset)
        if token:
            self.fault(f"missing comma before {shown(token.group().strip(chr(34)))}", len(token.group()))
        if char in "\"{['":
            self.fault(f"missing comma before {_character(char)}")
        self.fault(f"unexpected {_character(char)}; a comma or '{_CLOSING[opening]}' is due")

    def wrong_closing(self, char: str, opening: str, start: int) -> NoReturn:
        line = self.source.position(start)[0]
        self.fault(f"'{char}' cannot close {_NAMES[opening]} that opens at line {line}")

    def ends_early(self) -> NoReturn:
        end = len(self.text.rstrip(" \t\r\n"))
        opening, start = self.open[-1]
        line = self.source.position(start)[0]
        raise SyntaxFault(f"the file ends inside {_NAMES[opening]} that opens at line {line}", (end, end))

    def after_the_end(self) -> NoReturn:
        char = self.peek()
        self.comment(char)
        if char in "}]":
            self.fault(f"'{char}' closes nothing")
        more = " (a JSON file holds one)" if char in "{[" else ""
        self.fault(f"text after the end of the document{more}")


def _number_form(number: str) -> str:
    digits = number.lstrip("+-")
    if "Infinity" in number or "NaN" in number:
        return f"{escaped(number)} is not JSON"
    if digits[:2].lower() in ("0x", "0o", "0b"):
        reason = "JSON numbers are decimal"
    elif number[0] == "+":
        reason = "JSON writes no '+' before a number"
    elif digits[:1] == ".":
        reason = "JSON writes a digit before the point"
    elif "_" in number:
        reason = "JSON writes no '_' in numbers"
    elif re.fullmatch(r"0[0-9.]+", digits):
        reason = "JSON writes no leading zeros"
    elif re.fullmatch(r"[0-9]+\.(?:[eE].*)?", digits):
        reason = "JSON writes a digit after the point"
    else:
        return f"{shown(number)} is neither a number nor a string in quotes"
    return f"number {shown(number)}: {reason}"


def _character(char: str) -> str:
    return f"'{char}'" if char.isprintable() and char.isascii() else f"character U+{ord(char):04X}"
