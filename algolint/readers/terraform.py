"""Reading Terraform: each resource `aws_sagemaker_algorithm` or `awscc_sagemaker_algorithm` is a request.

The syntax tree comes from tree-sitter, with the location of every token. Names become those of the API,
nested blocks become objects and lists, and what only Terraform can compute is unknown.
"""

from __future__ import annotations

import re
from contextlib import contextmanager

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.document import ReaderFault
from algolint.messages import shown
from algolint.readers.bounds import too_deep, too_many_values
from algolint.readers.cloudformation import without_foreign
from algolint.readers.syntax_tree import LocatedDocument, number_of, walk
from algolint.readers.terraform_functions import called, iterated
from algolint.readers.terraform_module import (
    File,
    Module,
    argument,
    bare,
    entries,
    instances,
    of_instance,
    scoped_name,
)
from algolint.readers.terraform_names import LISTS, MAPS, META, TARGETS, api_name, provider_name
from algolint.source import MissingRequirement, SourceSyntaxError
from algolint.spec.context import AWSCC, TERRAFORM
from algolint.spec.recognition import TERRAFORM_TYPE
from algolint.spec.structural_rules import duplicate_key, invalid_syntax
from algolint.values import (
    MAYBE,
    UNKNOWN,
    OpenDict,
    OpenList,
    PartialText,
    is_open,
    known_pieces,
    put_together,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from typing import Any

    from algolint.document import Document
    from algolint.readers.syntax_tree import Node
    from algolint.readers.terraform_module import Definition, Instance, Name
    from algolint.source import Source, Span
    from algolint.values import Path

# ---------------------------------------------------------------- reading


def read(source: Source) -> list[Document]:
    """Return the algorithms of a file. Raises `SourceSyntaxError` and `MissingRequirement`."""
    has_calls = has_state_machines(source.text) and "reateAlgorithm" in source.text
    if TERRAFORM_TYPE not in source.text and not has_calls:
        return [_outline(source)]
    file = File(source)
    algorithms = file.resources(TARGETS)
    machines = file.resources(_STATE_MACHINES) if has_calls else []
    refusal = _refusal(source)
    blocks = [block for block, _ in (*algorithms, *machines)]
    if refusal is not None and _concerns(refusal, blocks or [file.root], file):
        raise refusal
    documents: list[Document] = []
    module = Module(file)
    for block, kind in algorithms:
        file.check(block)
        for reading in _readings(file, module, block):
            documents.append(reading.document(block, TARGETS[kind], len(documents)))
    for block, _ in machines:
        documents += _Encoded(file, module).documents(block, len(documents))
    if not documents:
        # A resource that could not be recognized must not be skipped silently.
        file.check(file.root)
        documents.append(_outline(source))
    if refusal is not None and not _is_template(source.text, refusal.span[0]):
        fault = ReaderFault(invalid_syntax, (), refusal.span, refusal.message)
        documents[0].faults = [*documents[0].faults, fault]
    return documents


def _readings(file: File, module: Module, block: Node) -> Iterator[Reading]:
    """Yield one reading for each known instance of a resource, if they differ, or else one for all."""
    for_each = argument(file, block, "for_each")
    made = instances(module, file, for_each) if for_each and "each." in file.text_of(block) else None
    if not made:
        yield Reading(file, module)
    for each in made or ():
        yield Reading(file, module, {"each": each})


def read_resources(source: Source, shapes: dict[str, str]) -> list[TerraformDocument]:
    """Return the resources of some types that can be read, and the definitions of state machines.

    `shapes` has the shape for each type; the definitions have none. Raises the same errors as `read`.
    """
    file = File(source)
    module = Module(file)
    documents = [
        Reading(file, module).document(block, TERRAFORM, index, shapes[kind])
        for index, (block, kind) in enumerate(file.resources(shapes))
        if not block.has_error
    ]
    for block, _ in file.resources(_STATE_MACHINES):
        documents += _Encoded(file, module).documents(block, len(documents))
    return documents


def has_state_machines(text: Container[str]) -> bool:
    """Whether a Terraform file may have state machines."""
    return any(kind in text for kind in _STATE_MACHINES)


def _refusal(source: Source) -> SourceSyntaxError | None:
    """Return the first error that Terraform would report, even where the parser accepts the text."""
    from algolint.readers.terraform_grammar import check

    try:
        check(source.text)
    except SourceSyntaxError as error:
        return error
    return None


def _concerns(refusal: SourceSyntaxError, blocks: list[Node], file: File) -> bool:
    """Whether an error of Terraform is in one of the blocks, or keeps the parser from reading one."""
    start = refusal.span[0]
    return any(
        block.has_error or span[0] <= start < span[1] for block in blocks for span in (file.span(block),)
    )


def _is_template(text: str, at: int) -> bool:
    """Whether the line at an offset has marks of a template from which the file is generated."""
    line = text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]
    return "{{" in line or "{%" in line


def _outline(source: Source) -> TerraformDocument:
    """Return a document that lists the kinds of blocks of a file without an algorithm."""
    locations: dict[Path, tuple[Span, Span]] = {}
    for block in re.finditer(r"^(\w+)\b[^\n={]*\{", source.text, re.MULTILINE):
        # The file is located at its first block, where a comment can suppress findings about it.
        for path in ((), (block[1],)):
            locations.setdefault(path, (block.span(1), block.span(1)))
    if not locations:
        start = _first(source)
        locations[()] = (start, start), (start, start)
    return TerraformDocument(source, {str(path[0]): UNKNOWN for path in locations if path}, locations)


def _first(source: Source) -> int:
    """Return the offset of the first token that is not a comment, or 0."""
    at = 0
    for start, end, _ in comments(source):
        if source.text[at:start].strip():
            break
        at = end
    rest = source.text[at:].lstrip()
    return len(source.text) - len(rest) if rest else 0


def comments(source: Source) -> list[tuple[int, int, str]]:
    """Return the start, end and text of each comment of a Terraform file, in order."""
    return [(*span, source.text[slice(*span)]) for span in _spans(source, frozenset({"comment"}))]


def strings(source: Source) -> list[Span]:
    """Return the spans of the strings of a Terraform file, in order."""
    return _spans(source, frozenset({"string_lit", "quoted_template", "heredoc_template"}))


def _spans(source: Source, types: frozenset[str]) -> list[Span]:
    """Return the spans of nodes of some types, without the line breaks at their ends."""
    try:
        file = File(source)
    except (MissingRequirement, SourceSyntaxError):
        return []
    spans = []
    for node in walk(file.root):
        if node.type in types:
            start, end = file.span(node)
            spans.append((start, start + len(source.text[start:end].rstrip("\r\n"))))
    return spans


# The resources that define state machines of Step Functions, and their arguments with the definition.
_STATE_MACHINES = frozenset({"aws_sfn_state_machine", "awscc_stepfunctions_state_machine"})
_DEFINITIONS = frozenset({"definition", "definition_string"})


def _is_field(name: str) -> bool:
    """Whether a shape of the API has a field of this name."""
    from algolint.aws.model import Model

    model = Model()
    return any(name in model.shape(shape).members for shape in model.names())


class TerraformDocument(LocatedDocument):
    """An algorithm of a Terraform file."""

    __slots__ = ()

    def __init__(
        self,
        source: Source,
        spec: Any,
        locations: dict[Path, tuple[Span, Span]],
        index: int = 0,
        **more: Any,
    ) -> None:
        super().__init__(source, spec, locations, index, syntax="terraform", **more)

    def spelled(self, field: str) -> str:
        return provider_name(field)

    def written_name(self, field: str) -> str | None:
        """Return the name that a fix writes for a field, or None if no name is read as the field."""
        name = self.spelled(field)
        return name if api_name(name) == field else None


class DefinitionDocument(TerraformDocument):
    """The definition of a state machine in a Terraform file, which uses the API's names."""

    __slots__ = ()

    def spelled(self, field: str) -> str:
        return field

    def written_name(self, field: str) -> str:
        return field


_MAY_BE_NULL = frozenset({"var", "local", "module", "each"})
_FUNCTIONS_TO_NULL = frozenset({"element", "lookup", "nonsensitive", "one", "sensitive", "try"})


class Reading:
    """Evaluates the values of a resource from its syntax tree."""

    def __init__(
        self,
        file: File,
        module: Module,
        instances: Mapping[str, Instance] | None = None,
        resolving: frozenset[Name] = frozenset(),
    ) -> None:
        self.file = file
        self.module = module
        #: The instance for each iterator's name.
        self._instances = dict(instances or {})
        self.locations: dict[Path, tuple[Span, Span]] = {}
        #: The paths of attributes. A block cannot have the name of an attribute beside it.
        self.attributes: set[Path] = set()
        self.faults: list[ReaderFault] = []
        #: The names that are being evaluated, because a local may refer to itself.
        self._resolving = resolving
        self._target = ""
        #: The resource's meta-arguments.
        self._meta: dict[str, Node] = {}

    def document(self, block: Node, target: str, index: int, shape: str = REQUEST) -> TerraformDocument:
        """Return the document of a resource."""
        self.locate(block)
        self._target = target
        try:
            spec = self.body(block, (), 1)
        except RecursionError:
            # There may be a chain of a thousand locals.
            raise too_deep(self.file.span(block)) from None
        if target == AWSCC:
            without_foreign(spec)
        return TerraformDocument(
            self.file.source,
            spec,
            self.locations,
            index,
            shape=shape,
            target=target,
            faults=self.faults,
            region=self.region(),
            resource=self.file.text_of(block.children[2]).strip('"'),
        )

    def locate(self, block: Node) -> None:
        """Record the location of the resource."""
        spans = [self.file.span(node) for node in block.children]
        self.locations[()] = (spans[0][0], spans[-1][1]), (spans[0][0], spans[2][1])

    def region(self) -> str | None:
        """Return the region of the resource or of its provider, if known."""
        if "region" in self._meta:
            region = self.expression(self._meta["region"], ("region",), False, 1)
        else:
            provider = self._meta.get("provider")
            alias = self.file.text_of(provider).strip().partition(".")[2] if provider else ""
            definition = self.module.find(("provider", alias))
            region = self.defined(definition, frozenset()) if definition else None
        return region if isinstance(region, str) else None

    # ------------------------------------------------------------ blocks

    def body(self, block: Node, path: Path, depth: int) -> dict[str, Any]:
        """Return the values of the attributes and blocks in a block."""
        if depth > limits.MAX_DEPTH:
            raise too_deep(self.file.span(block))
        own: dict[str, Any] = {}
        for node in (n for body in block.children if body.type == "body" for n in body.children):
            if node.type not in ("attribute", "block"):
                continue
            written = self.file.text_of(node.children[0])
            if not path and written in META:
                if node.type == "attribute":
                    self._meta[written] = node.children[-1]
                continue
            if node.type == "attribute":
                self.attribute(own, node, api_name(written), path, depth)
            elif written == "dynamic":
                self.dynamic(own, node, path, depth)
            else:
                self.block(own, node, api_name(written), path, depth)
        return own

    def attribute(self, own: dict[str, Any], node: Node, name: str, path: Path, depth: int) -> None:
        key, expression = node.children[0], node.children[-1]
        if name in own:
            self.repeated(key, (*path, name))
            return
        self.attributes.add((*path, name))
        self.locations[(*path, name)] = self.file.span(expression), self.file.span(key)
        if not path and name == "Tags":
            value = self.tags(expression, depth)
        else:
            value = self.expression(expression, (*path, name), name in MAPS, depth)
        if value is not None:
            own[name] = MAYBE if value is UNKNOWN and self.may_be_null(expression) else value

    def block(self, own: dict[str, Any], node: Node, name: str, path: Path, depth: int) -> None:
        key = node.children[0]
        braces = [n for n in node.children if n.type in ("block_start", "block_end")]
        span = self.file.span(braces[0], braces[-1])
        if (*path, name) in self.attributes:
            self.repeated(key, (*path, name))
            return
        if name not in LISTS:
            if name in own:
                # A block with an unknown name may be of a kind that repeats.
                if _is_field(name):
                    self.repeated(key, (*path, name))
                return
            self.locations[(*path, name)] = span, self.file.span(key)
            own[name] = self.body(node, (*path, name), depth + 1)
            return
        items = own.setdefault(name, [])
        if items is MAYBE:
            items = own[name] = OpenList()
        if not isinstance(items, list):
            return
        self.locations.setdefault((*path, name), (self.file.span(node), self.file.span(key)))
        here = (*path, name, len(items))
        self.locations[here] = span, self.file.span(key)
        items.append(self.body(node, here, depth + 1))

    def dynamic(self, own: dict[str, Any], node: Node, path: Path, depth: int) -> None:
        """Read a dynamic block, from which Terraform generates any number of blocks.

        If their number is not known, one item of the list represents them all.
        """
        labels = [self.file.label(n) for n in node.children[1:] if n.type in ("string_lit", "identifier")]
        name = api_name(labels[0]) if labels else ""
        content = next((n for n in entries(node) if self.file.text_of(n.children[0]) == "content"), None)
        if name in LISTS and content is not None and isinstance(own.get(name, []), list):
            for_each = argument(self.file, node, "for_each")
            made = instances(self.module, self.file, for_each) if for_each else None
            if made:
                # An empty default of a variable is seldom its real value, so the block is not left out.
                for one in made:
                    self.instance(own, node, labels[0], one, content, path, depth)
                return
            self.block(own, content, name, path, depth)
        if isinstance(own.get(name), list):
            own[name] = OpenList(own[name])
        else:
            own.setdefault(name, MAYBE)

    def instance(
        self,
        own: dict[str, Any],
        node: Node,
        label: str,
        one: Instance,
        content: Node,
        path: Path,
        depth: int,
    ) -> None:
        """Read one of the blocks that are generated from a dynamic block."""
        if len(self.locations) > limits.MAX_VALUES:
            raise too_many_values()
        iterator = argument(self.file, node, "iterator")
        with self.binding({self.file.text_of(iterator) if iterator else label: one}):
            self.block(own, content, api_name(label), path, depth)

    @contextmanager
    def binding(self, instances: Mapping[str, Instance]) -> Iterator[None]:
        """Give names to instances while a block or an expression is read."""
        before = self._instances
        self._instances = {**before, **instances}
        yield
        self._instances = before

    def repeated(self, key: Node, path: Path) -> None:
        message = f"duplicate key {shown(self.file.text_of(key))} in this block"
        related = self.locations[path][1], "first defined here"
        self.faults.append(ReaderFault(duplicate_key, path, self.file.span(key), message, related))

    # ------------------------------------------------------------ expressions

    def expression(self, node: Node, path: Path, is_map: bool, depth: int) -> Any:
        """Return the value of an expression: None for null, `UNKNOWN` if only Terraform can compute it."""
        value = self._expression(node, path, is_map, depth)
        self.module.expansion.add(value)
        return value

    def _expression(self, node: Node, path: Path, is_map: bool, depth: int) -> Any:
        if depth > limits.MAX_DEPTH:
            raise too_deep(self.file.span(node))
        if len(self.locations) > limits.MAX_VALUES:
            raise too_many_values()
        inner = node
        while inner.type == "expression":
            if len(inner.children) == 3 and inner.children[0].type == "(":
                inner = inner.children[1]
            elif len(inner.children) == 1:
                inner = inner.children[0]
            else:
                return self.reference(inner, path, is_map, depth)
        if inner.type in ("literal_value", "template_expr", "collection_value", "operation"):
            inner = inner.children[0]
        match inner.type:
            case "object":
                return self.mapping(inner, path, is_map, depth)
            case "tuple":
                return self.sequence(inner, path, depth)
            case "function_call":
                return called(self, inner, path, is_map, depth)
            case "for_expr":
                return iterated(self, inner, path, is_map, depth)
            case "variable_expr" if self._instances:
                return self.reference(inner, path, is_map, depth)
        return self.scalar(inner)

    def scalar(self, node: Node) -> Any:
        text = self.file.text_of(node)
        match node.type:
            case "string_lit" | "quoted_template":
                return self.string(node)
            case "heredoc_template":
                return self.heredoc(node)
            case "numeric_lit":
                return self.number(node)
            case "bool_lit":
                return text == "true"
            case "null_lit":
                return None
            case "unary_operation" if node.children[0].type == "-":
                literal = node.children[-1]
                while literal.type in ("expression", "literal_value") and len(literal.children) == 1:
                    literal = literal.children[0]
                number: Any = self.number(literal) if literal.type == "numeric_lit" else UNKNOWN
                return UNKNOWN if number is UNKNOWN else -number
        return UNKNOWN

    # ------------------------------------------------------------ names

    def reference(self, node: Node, path: Path, is_map: bool, depth: int) -> Any:
        """Return the value of a name defined in the module or by `for_each`; a variable has its default."""
        name = scoped_name(self.file, node)
        definition = self.module.find(name) if name and name not in self._resolving else None
        if name is None:
            key, definition = of_instance(self.file, node, self._instances)
            if key is not None:
                return key
        if definition is None:
            return UNKNOWN
        file, expression = definition
        resolving = self._resolving | ({name} if name else set())
        if file is not self.file:
            return self.defined(definition, resolving, is_map)
        before, self._resolving = self._resolving, resolving
        if path in self.locations:
            self.locations[path] = self.file.span(expression), self.locations[path][1]
        value = self.expression(expression, path, is_map, depth + 1)
        self._resolving = before
        return value

    def defined(self, definition: Definition, resolving: frozenset[Name], is_map: bool = False) -> Any:
        """Return the value of a name from another file, without its locations."""
        file, expression = definition
        return Reading(file, self.module, resolving=resolving).expression(expression, (), is_map, 1)

    def number(self, node: Node) -> Any:
        try:
            return _number(self.file.text_of(node))
        except ValueError:
            # The parser accepts hexadecimal digits, but Terraform does not.
            return UNKNOWN

    def mapping(self, node: Node, path: Path, is_map: bool, depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        is_open = False
        for key, value in self.elements(node):
            written = self.key(key)
            if written is None:
                is_open = True
                continue
            name = written if is_map else self.field(written)
            if name in own:
                self.repeated(key, (*path, name))
                continue
            here = (*path, name)
            self.locations[here] = self.file.span(value), self.file.span(key)
            item = self.expression(value, here, not is_map and name in MAPS, depth + 1)
            if item is not None:
                own[name] = MAYBE if item is UNKNOWN and self.may_be_null(value) else item
        return OpenDict(own) if is_open else own

    def sequence(self, node: Node, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        for child in node.children:
            if child.type == "expression":
                here = (*path, len(items))
                span = self.file.span(child)
                self.locations[here] = span, span
                items.append(self.expression(child, here, False, depth + 1))
        return items

    def tags(self, expression: Node, depth: int) -> Any:
        """Return the tags: a map in provider aws, and a list like the API's in provider awscc."""
        path: Path = ("Tags",)
        inner = bare(expression)
        if self._target == AWSCC or inner.type != "object":
            value = self.expression(expression, path, True, depth)
            if self._target == AWSCC or not isinstance(value, dict):
                return value
            tags = [self.tag(number, *item, path) for number, item in enumerate(value.items())]
            return OpenList(tags) if is_open(value) else tags
        tags = []
        # A key may be written twice.
        pairs = [(self.key(key), key, value) for key, value in self.elements(inner)]
        for written, key, value in pairs:
            if written is not None:
                here = (*path, len(tags), "Value")
                self.locations[here] = self.file.span(value), self.file.span(key)
                tags.append(
                    self.tag(len(tags), written, self.expression(value, here, False, depth + 1), here)
                )
        return OpenList(tags) if any(written is None for written, _, _ in pairs) else tags

    def tag(self, number: int, key: str, value: Any, path: Path) -> dict[str, Any]:
        """Return a tag, which is located where the value at a path is."""
        here: Path = ("Tags", number)
        # That of another file has no location, and that of a merged object may have none.
        where, at_key = self.locations.pop((*path, key), self.locations[path])
        self.locations[here] = (at_key[0], max(where[1], at_key[1])), at_key
        self.locations[(*here, "Key")] = at_key, at_key
        self.locations[(*here, "Value")] = where, where
        return {"Key": key, "Value": UNKNOWN if value is None or value is MAYBE else value}

    def elements(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """Yield the keys of an object with their values."""
        for element in node.children:
            if element.type == "object_elem":
                sides = [child for child in element.children if child.type == "expression"]
                if len(sides) == 2:
                    yield sides[0], sides[1]

    def field(self, written: str) -> str:
        """Return the API's name for a key of an object."""
        return api_name(written)

    def key(self, node: Node) -> str | None:
        """Return the text of a key, which may be a bare word; None if it is not known."""
        inner = node.children[0] if len(node.children) == 1 else node
        if inner.type == "variable_expr" and len(inner.children) == 1:
            return self.file.text_of(inner)
        key = self.scalar(inner.children[0]) if inner.type in ("literal_value", "template_expr") else UNKNOWN
        if isinstance(key, bool):
            return "true" if key else "false"
        return str(key) if isinstance(key, (str, int, float)) else None

    # ------------------------------------------------------------ text

    def string(self, node: Node) -> Any:
        if any(child.type not in (*_QUOTED, *_HOLES) for child in node.children):
            return UNKNOWN
        # White space at the ends of a literal is not part of a node.
        parts: list[str | None] = []
        at, before = node.start_byte + 1, ""
        for hole in (child for child in node.children if child.type in _HOLES):
            written = self.file.text_of(hole)
            parts.append(_trimmed(_unescaped(self.file.text(at, hole.start_byte)), before, written))
            parts.append(self.interpolated(hole) if hole.type == "template_interpolation" else None)
            at, before = hole.end_byte, written
        parts.append(_trimmed(_unescaped(self.file.text(at, node.end_byte - 1)), before, ""))
        return put_together(parts, self.file.text_of(node)[1:-1])

    def interpolated(self, hole: Node) -> str | None:
        """Return the text that replaces an interpolation, or None if it is not known."""
        expressions = [child for child in hole.children if child.type == "expression"]
        if len(expressions) != 1:
            return None
        value = self.expression(expressions[0], ("",), False, 1)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (str, int)) else None

    def heredoc(self, node: Node) -> Any:
        holes = [child for child in node.children if child.type == "template_interpolation"]
        written, at = "", node.start_byte
        for hole in holes:
            written += self.file.text(at, hole.start_byte) + _HOLE
            at = hole.end_byte
        written += self.file.text(at, node.end_byte)
        is_trimmed = any("~" in self.file.text_of(hole) for hole in holes)
        others = [child for child in node.children if child.type not in (*_HEREDOC, "template_interpolation")]
        if others or is_trimmed or written.count(_HOLE) != len(holes):
            return UNKNOWN
        lines = written.split("\n")[1:-1]
        if node.children[0].type == "heredoc_start" and self.file.text_of(node.children[0]).endswith("-"):
            indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
            indent = min(indents, default=0)
            lines = [line[indent:] for line in lines]
        text = "".join(f"{line}\n" for line in lines)
        texts = text.replace("$${", "${").replace("%%{", "%{").split(_HOLE)
        pairs = zip(texts, [*map(self.interpolated, holes), ""], strict=True)
        return put_together((part for pair in pairs for part in pair), text.replace(_HOLE, "${…}"))

    def may_be_null(self, node: Node) -> bool:
        """Whether an expression may be null, which is the same as leaving the attribute out."""
        stack = [node]
        while stack:
            node = stack.pop()
            first = node.children[0] if node.children else node
            if "null_lit" in (node.type, first.type):
                return True
            match first.type:
                case "variable_expr":
                    if self.file.text_of(first) in _MAY_BE_NULL:
                        return True
                case "conditional":
                    stack += [child for child in first.children[1:] if child.type == "expression"]
                case "function_call":
                    if self.file.text_of(first.children[0]) in _FUNCTIONS_TO_NULL:
                        return True
                case "(" | "literal_value":
                    stack += node.children
        return False


class _Encoded(Reading):
    """Reads the definition of a state machine: the argument of jsonencode, or JSON as text."""

    def documents(self, block: Node, index: int) -> list[TerraformDocument]:
        """Return the document of the definition, in a list that is empty if it is not written out."""
        found = [n for n in entries(block) if self.file.text_of(n.children[0]) in _DEFINITIONS]
        if block.has_error or len(found) != 1 or found[0].type != "attribute":
            return []
        self.locate(block)
        spec = self.definition(found[0].children[-1])
        if not isinstance(spec, dict):
            return []
        return [DefinitionDocument(self.file.source, spec, self.locations, index, faults=self.faults)]

    def definition(self, expression: Node) -> Any:
        """Return the values of a definition, or an object with its text."""
        argument = self.encoded(expression)
        if argument is not None:
            return self.expression(argument, (), False, 1)
        path = ("definition",)
        self.locations[path] = self.file.span(expression), self.file.span(expression)
        text = self.expression(expression, path, False, 1)
        if isinstance(text, PartialText):
            text = "${Token}".join(known_pieces(text))
        return {path[0]: text} if isinstance(text, str) else UNKNOWN

    def encoded(self, expression: Node) -> Node | None:
        """Return the argument if an expression is a call of jsonencode, or None."""
        while len(expression.children) == 1:
            expression = expression.children[0]
        if expression.type != "function_call" or self.file.text_of(expression.children[0]) != "jsonencode":
            return None
        given = [n for n in expression.children if n.type == "function_arguments"]
        arguments = [n for group in given for n in group.children if n.type == "expression"]
        return arguments[0] if len(arguments) == 1 else None

    def field(self, written: str) -> str:
        return written


def _trimmed(text: str, before: str, after: str) -> str:
    """Return a literal between two holes, without the white space that a ~ strips."""
    text = text.lstrip() if before.endswith("~}") else text
    return text.rstrip() if after[2:3] == "~" else text


# A character that does not occur in texts, for holes.
_HOLE = "\0"
_HOLES = frozenset(("template_interpolation", "template_directive"))
_QUOTED = frozenset({"quoted_template_start", "template_literal", "quoted_template_end"})
_HEREDOC = frozenset({"heredoc_start", "heredoc_identifier", "template_literal"})
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{", re.DOTALL)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code, long_code, letter = match.groups()
        if letter is not None:
            return _ESCAPES.get(letter, match[0])
        if code is None and long_code is None:
            return match[0][1:]
        number = int(code or long_code, 16)
        return chr(number) if number <= 0x10FFFF else match[0]

    return _ESCAPE.sub(character, text)


def _number(text: str) -> Any:
    """Return a number with all digits of an integer; Terraform does not distinguish 3600.0 from 3600."""
    number = number_of(text)
    return int(text) if text.isdigit() and number is not UNKNOWN else number
