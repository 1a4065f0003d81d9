"""Reading TypeScript and JavaScript: object literals that are CreateAlgorithm requests.

These are the arguments of the AWS SDK's `new CreateAlgorithmCommand({…})` and `.createAlgorithm({…})`, CDK's
`new CfnAlgorithm(…)` and Pulumi's `new aws.sagemaker.Algorithm(…)`, literals of a request's type, and other
literals that are clearly a request. Constants of the file and fields of its classes are followed; computed
values are unknown. Nothing is executed.
"""

from __future__ import annotations

import re

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.readers.bounds import Expansion, check_tree, too_deep, too_many_values
from algolint.readers.cloudformation import without_foreign
from algolint.readers.syntax_tree import LocatedDocument, SyntaxTree, number_of, walk
from algolint.readers.terraform_names import MAPS, api_name, provider_name
from algolint.source import MissingRequirement
from algolint.spec.context import CLOUDFORMATION, TERRAFORM
from algolint.spec.recognition import RESPONSE_ONLY, request_of, shape_of
from algolint.values import UNKNOWN, OpenDict, OpenList, put_together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from algolint.document import Document
    from algolint.readers.syntax_tree import Node
    from algolint.source import Source, Span
    from algolint.values import Path

#: A file without these words has nothing to read.
WORDS = ("CreateAlgorithm", "createAlgorithm", "CfnAlgorithm", "sagemaker.Algorithm", "TrainingSpecification")
_TYPES = frozenset(("CreateAlgorithmRequest", "CreateAlgorithmCommandInput", "CreateAlgorithmInput"))
_WRAPPERS = frozenset(
    (
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
    )
)
_FIELDS = frozenset(("public_field_definition", "field_definition"))
_ASSIGNMENTS = frozenset(("assignment_expression", "augmented_assignment_expression"))
# A literal that is clearly a request has one of these keys.
_KEYS = frozenset(("AlgorithmName", "TrainingSpecification"))
_INNER_KEYS = frozenset(
    ("TrainingImage", "SupportedTrainingInstanceTypes", "TrainingChannels", "SupportedHyperParameters")
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def read(source: Source) -> list[Document]:
    """Return the requests of a file. Raises `SourceSyntaxError` and `MissingRequirement`."""
    if not any(word in source.text for word in WORDS):
        return []
    reading = _File(_tree(source))
    return [reading.document(*found, index=index) for index, found in enumerate(reading.requests())]


def read_calls(source: Source, operations: dict[str, str]) -> list[Document]:
    """Return the requests that the AWS SDK sends; `operations` has the shape of each. Raises like `read`."""
    if not any(operation[1:] in source.text for operation in operations):
        return []
    reading = _File(_tree(source))
    return [
        reading.document(node, "", True, index=index, shape=operations[operation])
        for index, (node, operation) in enumerate(reading.sent(operations))
    ]


def _tree(source: Source) -> SyntaxTree:
    check_tree(source.text)
    return SyntaxTree(source, _parser(source.name))


def comments(source: Source) -> list[tuple[int, int, str]]:
    """Return the start, end and text of each comment of a file, in order."""
    return [(*span, source.text[slice(*span)]) for span in _spans(source, frozenset({"comment"}))]


def strings(source: Source) -> list[Span]:
    """Return the spans of the strings of a file, in order, and of other texts."""
    return _spans(source, frozenset({"string", "template_string", "regex", "jsx_text", "comment"}))


def _spans(source: Source, types: frozenset[str]) -> list[Span]:
    try:
        tree = SyntaxTree(source, _parser(source.name))
    except MissingRequirement:
        return []
    return [tree.span(node) for node in walk(tree.root) if node.type in types]


def _parser(name: str) -> Any:
    try:
        import tree_sitter
        import tree_sitter_typescript
    except ImportError:
        raise MissingRequirement(
            "TypeScript files need a parser: pip install tree-sitter tree-sitter-typescript"
        ) from None
    # JSX and type assertions in angle brackets exclude each other.
    is_typescript = name.lower().endswith((".ts", ".mts", ".cts"))
    language = (
        tree_sitter_typescript.language_typescript if is_typescript else tree_sitter_typescript.language_tsx
    )
    parser = tree_sitter.Parser(tree_sitter.Language(language()))
    return lambda data: parser.parse(data).root_node


class TypeScriptDocument(LocatedDocument):
    """A request in a TypeScript or JavaScript file."""

    __slots__ = ()

    def spelled(self, field: str) -> str:
        """Return the name of a field as written: CDK and Pulumi use camelCase."""
        if not self.renames:
            return field
        first, *words = provider_name(field).split("_")
        return first + "".join(map(str.capitalize, words))


class _File:
    """Finds the requests of a file and reads their values."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.constants = _constants(tree)
        self.locations: dict[Path, tuple[Span, Span]] = {}
        self._renamed = False
        self._regions: set[str | None] | None = None
        self._resolving: set[str] = set()
        self._expansion = Expansion()

    # ------------------------------------------------------------ which literals

    def requests(self) -> Iterator[tuple[Node, str, bool]]:
        """Yield the expressions that are requests, with their target and whether a call sends them."""
        sent: list[Node] = []
        literals: list[Node] = []
        for node in walk(self.tree.root):
            match node.type:
                case "new_expression" | "call_expression":
                    found = self._argument(node)
                    if found is not None:
                        sent.append(self._literal(found[0]))
                        yield *found, True
                case "object":
                    literals.append(node)
        end = 0
        spans = {(node.start_byte, node.end_byte) for node in sent}
        # In the order of the text, outer literals before those inside them.
        for node in sorted(literals, key=lambda node: (node.start_byte, -node.end_byte)):
            if (node.start_byte, node.end_byte) in spans:
                end = max(end, node.end_byte)
            elif node.end_byte > end and ((typed := self._is_typed(node)) or self._is_spec(node)):
                end = node.end_byte
                yield node, "", typed

    def _is_typed(self, node: Node) -> bool:
        """Whether a literal is declared to have a request's type."""
        around = node
        while around.parent is not None and around.parent.type in _WRAPPERS:
            around = around.parent
            if self.tree.text_of(around.children[-1]) in _TYPES:
                return True
        parent = around.parent
        if parent is None or parent.type != "variable_declarator":
            return False
        annotation = parent.child_by_field_name("type")
        return annotation is not None and self.tree.text_of(annotation).lstrip(": ") in _TYPES

    def _argument(self, node: Node) -> tuple[Node, str] | None:
        """Return the request that a call sends, with its target, or None."""
        name, values = self._call(node)
        is_new = node.type == "new_expression"
        if _sends(name, is_new, len(values), "CreateAlgorithm"):
            return values[0], ""
        if is_new and name.endswith("CfnAlgorithm") and len(values) == 3:
            return values[2], CLOUDFORMATION
        if is_new and name.endswith("sagemaker.Algorithm") and len(values) >= 2:
            return values[1], TERRAFORM
        return None

    def sent(self, operations: Iterable[str]) -> Iterator[tuple[Node, str]]:
        """Yield the expressions that are sent as requests of some operations, each with its operation."""
        for node in walk(self.tree.root):
            if node.type not in ("new_expression", "call_expression"):
                continue
            name, values = self._call(node)
            for operation in operations:
                if _sends(name, node.type == "new_expression", len(values), operation):
                    yield values[0], operation

    def _call(self, node: Node) -> tuple[str, list[Node]]:
        """Return the name of the called function or class, and the arguments."""
        called = node.child_by_field_name("constructor") or node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if called is None or arguments is None:
            return "", []
        values = [child for child in arguments.named_children if child.type != "comment"]
        return self.tree.text_of(called), values

    def _literal(self, node: Node) -> Node:
        """Return the literal that an expression refers to, following constants."""
        node = _bare(node)
        for _ in range(10):
            target = self._target(node)
            if target is None:
                break
            node = _bare(target)
        return node

    def _target(self, node: Node) -> Node | None:
        """Return the expression of a constant, a class's field, or a constant object's property, if known."""
        if node.type == "identifier":
            return self.constants.get(self.tree.text_of(node))
        if node.type != "member_expression":
            return None
        text = self.tree.text_of(node)
        if text in self.constants or text.startswith("this."):
            return self.constants.get(text)
        base, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        target = self.constants.get(self.tree.text_of(base)) if base and base.type == "identifier" else None
        if target is None or name is None or _bare(target).type != "object":
            return None
        pairs = [child for child in _bare(target).named_children if child.type != "comment"]
        if any(child.type != "pair" for child in pairs):
            return None
        found = [pair for pair in pairs if self.key(pair.children[0]) == self.tree.text_of(name)]
        return found[0].child_by_field_name("value") if len(found) == 1 else None

    def _read(self, node: Node, renames: bool) -> Any:
        """Return the value of an expression, and keep the locations in it until the next one is read."""
        span = self.tree.span(node)
        self.locations, self._renamed = {(): (span, span)}, renames
        return self.value(node, (), False, 1)

    def _is_spec(self, node: Node) -> bool:
        keys = {self.key(child.children[0]) for child in node.named_children if child.children}
        if not keys & _KEYS:
            return False
        spec = self._read(node, renames=False)
        # Code that handles requests has objects with these keys too.
        has_parts = isinstance(spec, dict) and any(
            isinstance(value, dict) and not _INNER_KEYS.isdisjoint(value) for value in spec.values()
        )
        return has_parts and shape_of(spec, named=False) == REQUEST

    def region(self) -> str | None:
        """Return the region of the file's SageMaker clients, if it is known and the same for all."""
        if self._regions is None:
            self._regions = set(self._regions_of_clients())
        return next(iter(self._regions)) if len(self._regions) == 1 else None

    def _regions_of_clients(self) -> Iterator[str | None]:
        for node in walk(self.tree.root):
            if node.type == "new_expression":
                name, values = self._call(node)
                if name.endswith(("SageMakerClient", ".SageMaker")) or name == "SageMaker":
                    options = self.value(values[0], ("",), True, 1) if values else {}
                    region = options.get("region") if isinstance(options, dict) else None
                    yield region if isinstance(region, str) else None

    def document(
        self, node: Node, target: str, is_sent: bool, *, index: int, shape: str = REQUEST
    ) -> LocatedDocument:
        """Return the document of an expression."""
        region = self.region() if is_sent and not target else None
        spec = self._read(node, renames=bool(target))
        if target == CLOUDFORMATION:
            without_foreign(spec)
        if not is_sent and isinstance(spec, dict):
            # A DescribeAlgorithm response has more members.
            is_response = not RESPONSE_ONLY.isdisjoint(spec.keys() - {"ProductId"})
            spec = request_of(spec) if is_response else spec
            around = node.parent
            while around is not None and around.type in _WRAPPERS:
                around = around.parent
            if around is None or around.type != "variable_declarator":
                # It is passed on, and more may be added to it.
                spec = _opened(spec)
        return TypeScriptDocument(
            self.tree.source,
            spec,
            self.locations,
            index,
            syntax="typescript",
            shape=shape if is_sent else None,
            target=target,
            renames=self._renamed,
            is_call=is_sent and not target,
            region=region,
        )

    # ------------------------------------------------------------ values

    def value(self, node: Node, path: Path, is_map: bool, depth: int) -> Any:
        """Return the value of an expression, or `UNKNOWN` if it is computed."""
        value = self._value(node, path, is_map, depth)
        self._expansion.add(value)
        return value

    def _value(self, node: Node, path: Path, is_map: bool, depth: int) -> Any:
        if depth > limits.MAX_DEPTH:
            raise too_deep(self.tree.span(node))
        if len(self.locations) > limits.MAX_VALUES:
            raise too_many_values()
        node = _bare(node)
        match node.type:
            case "object":
                return self.object(node, path, is_map, depth)
            case "array":
                return self.array(node, path, depth)
            case "string":
                return _unescaped(self.tree.text_of(node)[1:-1])
            case "template_string":
                return self.template(node, depth)
            case "number":
                return number_of(self.tree.text_of(node).replace("_", ""))
            case "unary_expression" if self.tree.text_of(node.children[0]) == "-":
                number = self.value(node.children[-1], path, False, depth + 1)
                return -number if isinstance(number, (int, float)) and number is not True else UNKNOWN
            case "true" | "false":
                return node.type == "true"
            case "null":
                return None
            case "identifier" | "member_expression":
                return self.constant(node, path, is_map, depth)
        return UNKNOWN

    def constant(self, node: Node, path: Path, is_map: bool, depth: int) -> Any:
        name = self.tree.text_of(node)
        target = self.constants.get(name) if node.type.startswith("shorthand") else self._target(node)
        if target is None or name in self._resolving:
            return UNKNOWN
        self._resolving.add(name)
        if path in self.locations:
            self.locations[path] = self.tree.span(_bare(target)), self.locations[path][1]
        value = self.value(target, path, is_map, depth + 1)
        self._resolving.discard(name)
        return value

    def object(self, node: Node, path: Path, is_map: bool, depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        is_open = False
        for child in node.named_children:
            match child.type:
                case "pair":
                    key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                case "shorthand_property_identifier":
                    key = value = child
                case "spread_element":
                    is_open = self.spread(own, child, path, is_map, depth) or is_open
                    continue
                case "comment":
                    continue
                case _:
                    is_open = True
                    continue
            written = self.key(key)
            if written is None:
                is_open = True
                continue
            if self.tree.text_of(value) == "undefined":
                own.pop(written, None)
                continue
            name = self.name(written, is_map)
            here = (*path, name)
            self.locations[here] = self.tree.span(value), self.tree.span(key)
            if child.type == "pair":
                own[name] = self.value(value, here, not is_map and name in MAPS, depth + 1)
            else:
                own[name] = self.constant(child, here, not is_map and name in MAPS, depth + 1)
        return OpenDict(own) if is_open else own

    def spread(self, own: dict[str, Any], node: Node, path: Path, is_map: bool, depth: int) -> bool:
        """Add the entries of `...x`, and return whether there may be more."""
        here = self.locations.get(path)
        added = (
            self.value(node.named_children[0], path, is_map, depth + 1) if node.named_children else UNKNOWN
        )
        if here is not None:
            # The object is not located at the constant that is spread.
            self.locations[path] = here
        if not isinstance(added, dict):
            # Unknown entries may also replace the known ones.
            own.update(dict.fromkeys(own, UNKNOWN))
            return True
        own.update(added)
        return isinstance(added, OpenDict)

    def array(self, node: Node, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        is_open = False
        for child in node.named_children:
            if child.type == "comment":
                continue
            if child.type == "spread_element":
                is_open = True
                continue
            here = (*path, len(items))
            span = self.tree.span(child)
            self.locations[here] = span, span
            items.append(self.value(child, here, False, depth + 1))
        return OpenList(items) if is_open else items

    def key(self, node: Node) -> str | None:
        """Return the name of a property, or None if it is computed."""
        match node.type:
            case "property_identifier" | "shorthand_property_identifier" | "number":
                return self.tree.text_of(node)
            case "string":
                return _unescaped(self.tree.text_of(node)[1:-1])
        return None

    def name(self, written: str, is_map: bool) -> str:
        """Return the API's name of a property; CDK and Pulumi use camelCase."""
        if is_map or not self._renamed:
            return written
        return api_name(_WORD_BOUNDARY.sub("_", written).lower())

    def template(self, node: Node, depth: int) -> Any:
        """Return the text of a template string; substitutions that are not constant are unknown."""
        parts: list[str | None] = []
        at = node.start_byte + 1
        for hole in node.named_children:
            if hole.type != "template_substitution":
                continue
            value = (
                self.value(hole.named_children[0], ("",), False, depth + 1)
                if hole.named_children
                else UNKNOWN
            )
            is_text = isinstance(value, (str, int)) and not isinstance(value, bool)
            parts += [_unescaped(self.tree.text(at, hole.start_byte)), str(value) if is_text else None]
            at = hole.end_byte
        parts.append(_unescaped(self.tree.text(at, node.end_byte - 1)))
        return put_together(parts, self.tree.text_of(node)[1:-1])


def _constants(tree: SyntaxTree) -> dict[str, Node | None]:
    """Return the values of a file's names and fields (`this.x`) by name; None for those that may change."""
    found: dict[str, Node | None] = {}
    for node in walk(tree.root):
        if node.type == "variable_declarator":
            name = node.child_by_field_name("name")
            if name is not None and name.type == "identifier":
                text = tree.text_of(name)
                is_constant = node.parent and node.parent.children[0].type == "const"
                # Two functions may each have a constant of this name.
                is_only = is_constant and text not in found
                found[text] = node.child_by_field_name("value") if is_only else None
        elif node.type in _FIELDS:
            # If a field is assigned elsewhere, the assignment is found as well.
            name = node.child_by_field_name("name") or node.child_by_field_name("property")
            text = f"this.{tree.text_of(name)}" if name is not None else ""
            found[text] = None if text in found else node.child_by_field_name("value")
        elif node.type in _ASSIGNMENTS and (left := node.child_by_field_name("left")) is not None:
            found[tree.text_of(left)] = None
    return found


def _opened(value: Any) -> Any:
    """Return a value with its objects and lists open."""
    if isinstance(value, dict):
        return OpenDict((key, _opened(item)) for key, item in value.items())
    return OpenList(map(_opened, value)) if isinstance(value, list) else value


def _sends(name: str, is_new: bool, count: int, operation: str) -> bool:
    """Whether a call of the AWS SDK sends a request: it makes a command, or calls a client's method."""
    if is_new:
        return name.endswith(f"{operation}Command") and count == 1
    return name.endswith(f".{operation[0].lower()}{operation[1:]}") and count > 0


def _bare(node: Node) -> Node:
    """Return an expression without parentheses, `as`, `satisfies` and the like."""
    while node.type in _WRAPPERS and node.named_children:
        node = node.named_children[-1 if node.type == "type_assertion" else 0]
    return node


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        braced, four, two, letter = match.groups()
        if letter is not None:
            return _ESCAPES.get(letter, letter)
        code = int(braced or four or two, 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _ESCAPE.sub(character, text) if "\\" in text else text
