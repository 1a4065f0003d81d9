"""JSON in the texts of a program: the values of `json.loads`, and templates of specs."""

from __future__ import annotations

import ast

from algolint import limits
from algolint.lazy_regex import lazy
from algolint.readers import json as read_json
from algolint.readers.python_offsets import Elsewhere
from algolint.readers.python_values import GAP, File, Object, Scalar, Text, Unknown
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.values import UNKNOWN, is_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from algolint.document import Document
    from algolint.readers.python_interpreter import Interpreter
    from algolint.readers.python_offsets import Where
    from algolint.readers.python_values import Piece, Value
    from algolint.source import Span
    from algolint.values import Path


# ---------------------------------------------------------------- texts and files


def decoded(
    run: Interpreter, node: ast.expr, text: Text, read: Callable[[Source], Sequence[Document]]
) -> Value:
    """Return the value that a text of JSON or YAML is decoded to."""
    run.decoded.update(piece[1] for piece in text.pieces if piece[1] is not None)
    pieces = _with_gaps_quoted(text.pieces) if read is read_json.read else text.pieces
    whole = "".join(piece[0] for piece in pieces)
    if len(whole) > limits.MAX_DECODED_LENGTH:
        return Unknown(node)
    try:
        documents = read(Source("", whole))
    except SourceSyntaxError:
        return Unknown(node)
    if len(documents) != 1 or documents[0].is_template:
        return Unknown(node)
    (document,) = documents
    return _Decoder(run, node, text, pieces, document).value(document.spec, ())


def loaded(run: Interpreter, node: ast.Call, file: File, read: Callable[[Source], list[Document]]) -> Value:
    """Return the value that a call loads from a file next to the program, or one that a cell writes."""
    written = run.siblings.written_by_cell(file.path, run.offsets.span(node)[0])
    source = Source("", written[1]) if written is not None else run.siblings.read(file.path)
    try:
        documents = read(source) if source is not None else []
    except SourceSyntaxError:
        documents = []
    if len(documents) != 1 or documents[0].is_template:
        return Unknown(node)
    if written is not None:
        return _CellDecoder(run, node, documents[0], written[0]).value(documents[0].spec, ())
    found = _value_of(run, node, documents[0].spec)
    is_apart = run.matcher.reads_apart(found, is_data=True)
    return run.adopted(found, Elsewhere(run.offsets.span(node), file.path)) if is_apart else found


def _value_of(run: Interpreter, node: ast.Call, plain: Any) -> Value:
    """Return a plain value as the interpreter's value of a call."""
    run.step()
    match plain:
        case dict():
            made = run.new_object(node)
            made.is_open = is_open(plain)
            made.entries = {key: (node, _value_of(run, node, below)) for key, below in plain.items()}
            return made
        case list():
            array = run.new_array(node)
            array.add(_value_of(run, node, item) for item in plain)
            array.is_open = is_open(plain)
            return array
        case str():
            return Text([(plain, None, 0)], node)
        case bool() | int() | float() | None:
            return Scalar(plain, node)
    return Unknown(node)


# ---------------------------------------------------------------- templates


def templates(run: Interpreter) -> Iterator[Object]:
    """Yield the objects in texts of a program that are JSON with placeholders.

    A placeholder is a text that the program replaces somewhere, or something in place of a JSON value: a
    word in capitals, `$name`, `%(name)s`. Texts that `json.loads` decodes are left out.
    """
    replaced: frozenset[str] | None = None
    for number, (node, text) in enumerate(list(run.texts.items())):
        if number == limits.MAX_EMBEDDED:
            raise LimitExceeded(f"more than {limits.MAX_EMBEDDED:,} specs in one document", (0, 0))
        if any(piece[1] in run.decoded for piece in text.pieces if piece[1] is not None):
            continue
        if replaced is None:
            replaced = _replaced_texts(run.tree)
            if "Template(" in run.offsets.source.text:
                replaced |= {name for _, text in run.texts.items() for name in _NAMES.findall(text.text)}
        filled = [part for piece in text.pieces for part in _with_holes(piece, replaced)]
        made = decoded(run, node, Text(filled, node), read_json.read)
        if isinstance(made, Object):
            yield made


def _replaced_texts(tree: ast.Module) -> frozenset[str]:
    """Return the texts that the program replaces in other texts."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="replace" | "sub"), args=[ast.Constant(value=str() as old), _, *_]
            ) if old:
                found.add(old)
    return frozenset(found)


def _with_holes(piece: Piece, replaced: frozenset[str]) -> Iterator[Piece]:
    """Yield the parts of a piece, each placeholder replaced by a gap."""
    text, node, start = piece
    end = 0
    for first, last in _placeholders(text, replaced):
        if first >= end:
            yield text[end:first], node, start + end
            yield GAP, None, 0
            end = last
    yield text[end:], node, start + end


def _placeholders(text: str, replaced: frozenset[str]) -> list[tuple[int, int]]:
    """Return the spans of placeholders in a text, longer ones first at the same start."""
    found = [match.span() for match in _STRING_OR_PLACEHOLDER.finditer(text) if text[match.start()] != '"']
    for word in replaced:
        at = text.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = text.find(word, at + len(word))
    return sorted(found, key=lambda span: (span[0], -span[1]))


_STRING_OR_PLACEHOLDER = lazy(
    r""""(?:[^"\\]|\\.)*"|\$\{\w+\}|\$\w+|%\(\w+\)[sd]|%[sd]|\b[A-Z][A-Z0-9_]{2,}\b|<[\w -]+>"""
)


# What `string.Template` replaces.
_NAMES = lazy(r"\$(?:\w+|\{\w+\})")


# ---------------------------------------------------------------- decoding

_LETTERS = lazy(r"[a-zA-Z/]")


def _with_gaps_quoted(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with each gap that is a whole JSON value put in quotes."""
    found: list[Piece] = []
    in_string = False
    for text, node, start in pieces:
        if text == GAP and node is None:
            found.append((GAP if in_string else f'"{GAP}"', None, 0))
            continue
        found.append((text, node, start))
        offset = 0
        while (at := text.find('"', offset)) >= 0:
            before = at
            while before and text[before - 1] == "\\":
                before -= 1
            if not in_string or (at - before) % 2 == 0:
                in_string = not in_string
            offset = at + 1
    return found


class _Decoder:
    """Converts a JSON text in string literals to the interpreter's values, located in the literals."""

    def __init__(
        self,
        run: Interpreter,
        node: ast.expr,
        text: Text,
        pieces: list[Piece],
        document: Document,
    ) -> None:
        self.run = run
        self.node = node
        self.text = text
        self.pieces = pieces
        self.document = document
        self.duplicates = {fault.path: fault for fault in document.faults}

    def value(self, value: Any, path: Path) -> Value:
        """Return a value with its location."""
        self.run.step()
        where = self.where(self.document.locate(path))
        match value:
            case _ if value is UNKNOWN:
                return Unknown(where)
            case dict():
                return self.object(value, path, where)
            case list():
                array = self.run.new_array(self.node, where)
                array.add([self.value(item, (*path, index)) for index, item in enumerate(value)])
                array.is_open = is_open(value)
                self.run.finish(array)
                return array
            case str() if GAP in value and not _LETTERS.search(value):
                # Without quotes it may be a number in YAML.
                return Unknown(where)
            case str():
                return Text([(value, None, 0)], where)
            case bool() | int() | float() | None:
                return Scalar(value, where)
        return Unknown(where)

    def object(self, value: dict[str, Any], path: Path, where: Where) -> Object:
        made = self.run.new_object(self.node, where)
        made.is_open = is_open(value)
        for key, below in value.items():
            if not isinstance(key, str) or GAP in key:
                made.put_unknown()
                continue
            inner = (*path, key)
            where = self.where(self.document.locate(inner, key=True))
            self.run.put(made, key, where, self.value(below, inner))
            duplicate = self.duplicates.get(inner)
            if duplicate is not None and duplicate.related is not None:
                made.repeats.append((key, self.where(duplicate.span), self.where(duplicate.related[0])))
        self.run.finish(made)
        return made

    def where(self, span: Span) -> Where:
        """Return the location of a part of the JSON text, or that of the whole text if not in one literal."""
        (first, start), (last, end) = self.at(span[0]), self.at(span[1] - 1)
        if first is None or first is not last or end < start:
            return self.text.where
        return start, end + 1

    def at(self, offset: int) -> tuple[ast.Constant | None, int]:
        """Return the literal with a character of the JSON text, and the character's offset in the program."""
        for text, node, start in self.pieces:
            if offset < len(text):
                offsets = self.run.offsets.characters(node) if node is not None else None
                return (node, offsets[start + offset]) if offsets is not None else (None, 0)
            offset -= len(text)
        return None, 0


class _CellDecoder(_Decoder):
    """Converts a file that a cell of a notebook writes, located in the cell."""

    def __init__(self, run: Interpreter, node: ast.expr, document: Document, start: int) -> None:
        super().__init__(run, node, Text([], node), [], document)
        self._start = start

    def where(self, span: Span) -> Where:
        return self._start + span[0], self._start + span[1]
