"""The syntax trees of Terraform files, and the values of names defined in the files of a folder."""

from __future__ import annotations

import os
import re

from algolint import limits
from algolint.messages import shown
from algolint.readers.bounds import Expansion, check_tree
from algolint.readers.syntax_tree import SyntaxTree, walk
from algolint.source import MissingRequirement, SourceSyntaxError, UnreadableSource, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from typing import Any, TypeAlias

    from algolint.readers.syntax_tree import Node
    from algolint.source import Source

    # The scope, such as local or var, and the name in it.
    Name: TypeAlias = tuple[str, str]
    Definition: TypeAlias = "tuple[File, Node]"


def _parser() -> Any:
    try:
        import tree_sitter
        import tree_sitter_hcl
    except ImportError:
        raise MissingRequirement(
            "Terraform files need a parser: pip install tree-sitter tree-sitter-hcl"
        ) from None
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


# tree-sitter's scanner takes quadratic time for white space in an unterminated string.
_MAX_BLANK = 1000
_BLANK = re.compile(rf"(?<!\s)\s{{{_MAX_BLANK + 1}}}")
# The parser's grammar lacks parts of Terraform's: exponents without a fraction, spaces in `[*]`, NUL, and
# names of here-documents that are not ASCII.
_EXPONENT = re.compile(rb"(?<![\w.])\d+[eE][-+]?\d+(?![\w.])")
_SPLAT = re.compile(rb"\[[ \t]*\*[ \t]*\]")
_HEREDOC_NAME = re.compile(rb"<<-?([^\s\"<]+)[ \t]*\r?$", re.MULTILINE)
_HEREDOC_LINE = re.compile(rb"(?:^[ \t]*|<<-?)(?P<name>[^\s\"<]+)[ \t]*\r?$", re.MULTILINE)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def _readable(data: bytes) -> bytes:
    """Return the text with what the parser cannot read replaced by something of the same length."""
    data = _EXPONENT.sub(lambda number: b"0" * len(number[0]), data)
    data = _SPLAT.sub(lambda splat: b"[*]".ljust(len(splat[0])), data).replace(b"\0", b"0")
    names = {match[1] for match in _HEREDOC_NAME.finditer(data) if not match[1].isascii()}
    if not names:
        return data

    def line(match: re.Match[bytes]) -> bytes:
        return _BEYOND_ASCII.sub(b"Z", match[0]) if match["name"] in names else match[0]

    return _HEREDOC_LINE.sub(line, data)


class File(SyntaxTree):
    """The syntax tree of a Terraform file."""

    def __init__(self, source: Source) -> None:
        check_tree(source.text)
        blank = _BLANK.search(source.text)
        if blank is not None:
            message = f"more than {_MAX_BLANK:,} characters of white space in a row"
            raise SourceSyntaxError(message, blank.span())
        parser = _parser()
        super().__init__(source, lambda data: parser.parse(_readable(data)).root_node)

    def blocks(self) -> list[Node]:
        """Return the top-level blocks of the file."""
        bodies = [node for node in self.root.children if node.type == "body"]
        return [node for body in bodies for node in body.children if node.type == "block"]

    def resources(self, types: Container[str]) -> list[tuple[Node, str]]:
        """Return the blocks of resources of some types, each with its type."""
        found = []
        for block in self.blocks():
            labels = [
                self.label(node) for node in block.children if node.type in ("identifier", "string_lit")
            ]
            if len(labels) == 3 and labels[0] == "resource" and labels[1] in types:
                found.append((block, labels[1]))
        return found

    def label(self, node: Node) -> str:
        return self.text_of(node).strip('"')

    def check(self, node: Node) -> None:
        """Raise `SourceSyntaxError` if the parser could not read the content of a node.

        Errors of Terraform itself were reported before; the parser lacks parts of Terraform's grammar.
        """
        if not node.has_error:
            return
        faults = [found for found in walk(node) if found.is_missing or found.type == "ERROR"]
        fault = min(faults, key=lambda found: (found.start_byte, found.end_byte), default=node)
        start = self.offset(fault.start_byte)
        line = self.source.text[start:].split("\n", 1)[0].strip()
        start = self.source.text.find(line, start)
        what = f" {shown(line[:40])}" if line else " this"
        message = f"the parser could not read{what}, which Terraform may accept; the file is not linted"
        raise SourceSyntaxError(message, (start, start + len(line)))


def entries(block: Node) -> list[Node]:
    """Return the attributes and blocks in a block."""
    return [
        node
        for body in block.children
        if body.type == "body"
        for node in body.children
        if node.type in ("attribute", "block")
    ]


def argument(file: File, block: Node, name: str) -> Node | None:
    """Return the expression of a block's argument, if given."""
    found = [n for n in entries(block) if n.type == "attribute" and file.text_of(n.children[0]) == name]
    return found[0].children[-1] if found else None


class Module:
    """The names that the files of a folder define: locals, variables with defaults, regions of providers.

    Other files are only read to find a name that the file itself does not define. Files that set variables
    are not read, because the command line decides which of them are used.
    """

    def __init__(self, file: File) -> None:
        self._names = _definitions(file)
        self._siblings = _siblings(file.source.name)
        self.expansion = Expansion()

    def find(self, name: Name) -> Definition | None:
        """Return the file and the expression that define a name, if known."""
        while name not in self._names:
            file = next(self._siblings, None)
            if file is None:
                return None
            self._names = {**_definitions(file), **self._names}
        return self._names[name]


# ---------------------------------------------------------------- for_each

# With more instances than this, or more dynamic blocks, one represents all.
_MAX_INSTANCES = 16
# How many references to the collection of a `for_each` are followed.
_MAX_REFERENCES = 8


class Instance:
    """An instance of a resource, or a block generated from a dynamic one: its `each` key and value.

    In the body of a `for` expression it is an element, whose name stands for its `key` or its `value` alone.
    """

    __slots__ = ("key", "role", "value")

    def __init__(self, key: str | None, value: Definition, role: str = "") -> None:
        self.key = key
        self.value = value
        self.role = role

    def part(self, names: list[str]) -> Definition | None:
        """Return the value at a chain of attributes of the instance's value, or None if it is not written."""
        file, node = self.value
        for name in names:
            node = bare(node)
            elements = dict(object_elements(file, node)) if node.type == "object" else {}
            if name not in elements:
                return None
            node = elements[name]
        return file, node


def instances(module: Module, file: File, for_each: Node, depth: int = 0) -> list[Instance] | None:
    """Return the instances of a `for_each`, or None if they are not written out or too many."""
    node = bare(for_each)
    found: list[Instance] | None = None
    match node.type:
        case "tuple":
            items = [child for child in node.children if child.type == "expression"]
            found = [Instance(str(number), (file, item)) for number, item in enumerate(items)]
        case "object":
            found = [Instance(key, (file, value)) for key, value in object_elements(file, node)]
        case "function_call" if file.text_of(node.children[0]) in ("toset", "tomap", "tolist"):
            given = [n for child in node.children for n in child.children if n.type == "expression"]
            found = (
                instances(module, file, given[0], depth + 1)
                if len(given) == 1 and depth < _MAX_REFERENCES
                else None
            )
            if found is not None and file.text_of(node.children[0]) == "toset":
                # The key of an element of a set is the element.
                found = [Instance(literal(one.value[0], one.value[1]), one.value) for one in found]
        case "expression" if depth < _MAX_REFERENCES and (name := scoped_name(file, node)) is not None:
            definition = module.find(name)
            found = instances(module, *definition, depth + 1) if definition is not None else None
        case "for_expr" if depth < _MAX_REFERENCES:
            found = _of_loop(module, Loop(file, node), depth + 1)
    if found is None or len(found) > _MAX_INSTANCES or any(one.key is None for one in found):
        return None
    return found


class Loop:
    """A `for` expression: the names in it, the collection, and the expressions of a key and a value."""

    __slots__ = ("collection", "file", "has_condition", "key", "names", "value")

    def __init__(self, file: File, node: Node) -> None:
        loop = node.children[0]
        intro = next(child for child in loop.children if child.type == "for_intro")
        self.file = file
        self.names = [file.text_of(child) for child in intro.children if child.type == "identifier"]
        self.collection = next(child for child in intro.children if child.type == "expression")
        self.has_condition = any(child.type in ("for_cond", "ellipsis") for child in loop.children)
        *keys, self.value = (child for child in loop.children if child.type == "expression")
        #: None for a list.
        self.key: Node | None = keys[0] if keys else None

    def elements(self, module: Module, depth: int = 0) -> Iterator[dict[str, Instance]] | None:
        """Yield the elements of each turn by name, or return None if they are not known."""
        found = None if self.has_condition else instances(module, self.file, self.collection, depth)
        if found is None:
            return None
        roles = ("key", "value") if len(self.names) == 2 else ("value",)
        return (
            {name: Instance(one.key, one.value, role) for name, role in zip(self.names, roles, strict=True)}
            for one in found
        )


def _of_loop(module: Module, loop: Loop, depth: int) -> list[Instance] | None:
    """Return the elements of the collection if a `for` expression only gives them keys, or None."""
    turns = loop.elements(module, depth)
    if turns is None or loop.file.text_of(loop.value) != loop.names[-1]:
        return None
    found = []
    for number, turn in enumerate(turns):
        key: str | None = str(number)
        if loop.key is not None:
            key, definition = of_instance(loop.file, loop.key, turn)
            key = literal(*definition) if definition is not None else key
        found.append(Instance(key, turn[loop.names[-1]].value))
    return found


def of_instance(
    file: File, node: Node, instances: Mapping[str, Instance]
) -> tuple[str | None, Definition | None]:
    """Return the key or, as second item, the value or a part of it, that an expression has of an instance."""
    if len(node.children) == 1 and node.type == "expression":
        node = node.children[0]
    if not instances or {child.type for child in node.children[1:]} - {"get_attr"}:
        return None, None
    one = instances.get(file.text_of(node.children[0]))
    names = [file.text_of(child)[1:].strip() for child in node.children[1:]]
    if one is not None and one.role:
        return (one.key, None) if one.role == "key" and not names else (None, one.part(names))
    if one is None or names[:1] not in (["key"], ["value"]):
        return None, None
    first, *rest = names
    return (one.key, None) if first == "key" and not rest else (None, one.part(rest))


def scoped_name(file: File, node: Node) -> Name | None:
    """Return the name if an expression is a local or a variable, or None."""
    if [child.type for child in node.children] != ["variable_expr", "get_attr"]:
        return None
    scope, attribute = (file.text_of(child) for child in node.children)
    return (scope, attribute[1:].strip()) if scope in ("local", "var") else None


def bare(node: Node) -> Node:
    """Return an expression without the nodes that only wrap it."""
    while node.type in ("expression", "collection_value", "literal_value", "template_expr"):
        inner = [child for child in node.children if child.type not in ("(", ")")]
        if len(inner) != 1 or inner[0].type == "variable_expr":
            break
        node = inner[0]
    return node


def literal(file: File, node: Node) -> str | None:
    """Return the text if an expression is a string without interpolation and escapes, or None."""
    node = bare(node)
    text = file.text_of(node)
    is_plain = node.type in ("string_lit", "quoted_template") and not {"$", "%", "\\"} & set(text)
    return text[1:-1] if is_plain else None


def object_elements(file: File, node: Node) -> Iterator[tuple[str | None, Node]]:
    """Yield the keys of an object, None for computed ones, with their values."""
    for element in node.children:
        sides = [child for child in element.children if child.type == "expression"]
        if element.type == "object_elem" and len(sides) == 2:
            is_word = [child.type for child in sides[0].children] == ["variable_expr"]
            yield file.text_of(sides[0]) if is_word else literal(file, sides[0]), sides[1]


def _definitions(file: File) -> dict[Name, Definition]:
    found: dict[Name, Definition] = {}
    for block in file.blocks():
        words = [file.label(node) for node in block.children if node.type in ("identifier", "string_lit")]
        values = {
            file.text_of(node.children[0]): node.children[-1]
            for node in entries(block)
            if node.type == "attribute"
        }
        match words:
            case ["locals"]:
                found |= {("local", name): (file, value) for name, value in values.items()}
            case ["variable", name] if "default" in values:
                found["var", name] = file, values["default"]
            case ["provider", "aws" | "awscc"] if "region" in values:
                alias = file.text_of(values["alias"]).strip('"') if "alias" in values else ""
                found["provider", alias] = file, values["region"]
    return found


def _siblings(name: str) -> Iterator[File]:
    """Yield the other files of a file's module that can be read."""
    folder = os.path.dirname(name) or "."
    if not os.path.isfile(name):
        return
    try:
        names = sorted(entry for entry in os.listdir(folder) if entry.endswith((".tf", ".tofu")))
    except OSError:
        return
    left = limits.MAX_MODULE_SIZE
    for entry in names[: limits.MAX_MODULE_FILES]:
        path = os.path.join(folder, entry)
        if entry == os.path.basename(name):
            continue
        try:
            source = read_file(path, left)
            left -= len(source.text)
            yield File(source)
        except (OSError, UnreadableSource, SourceSyntaxError):
            continue
