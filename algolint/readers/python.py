"""Python: the specs that a program passes to `create_algorithm`, and those that it holds as literals.

The program is read, never run. `X.create_algorithm(...)` of boto3 and `Algorithm.create(...)` of
sagemaker-core count as calls where their arguments are those of the request. A dict that a module binds
to a name, and that no such call sends, counts where it is plainly a spec; more may be added to it where it
is sent, so that nothing is said of what it lacks.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings

from algolint.aws.model import REQUEST, Model
from algolint.document import Document, ReaderFault
from algolint.messages import escaped, shown
from algolint.readers.python_functions import KNOWN
from algolint.readers.python_interpreter import (
    Array,
    CallMatcher,
    Interpreter,
    Object,
    Scalar,
    Text,
    TooLargeError,
    UnsettledError,
    is_dict,
)
from algolint.readers.python_offsets import Offsets
from algolint.source import MAX_DEPTH, MAX_VALUES, SourceSyntaxError, check_tokens, too_many_values
from algolint.spec import recognition
from algolint.spec.structural_rules import duplicate_key
from algolint.values import UNKNOWN, OpenDict, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from algolint.readers.python_interpreter import Container, Value
    from algolint.readers.python_offsets import Where
    from algolint.source import Source, Span
    from algolint.values import Path

_ARGUMENTS = frozenset(
    {"AlgorithmName", "AlgorithmDescription", "TrainingSpecification", "InferenceSpecification"}
    | {"ValidationSpecification", "CertifyForMarketplace"}
)
# The parameters of sagemaker-core's Algorithm.create in their order, and those that are not the request's.
_PARAMETERS = (
    "algorithm_name",
    "training_specification",
    "algorithm_description",
    "inference_specification",
    "validation_specification",
    "certify_for_marketplace",
    "tags",
)
_NOT_THE_REQUESTS = frozenset(("session", "region"))
# Of a literal that is a training specification at least so many members are there.
_LEAST_MEMBERS = 3
# As many values as a spec is worth by the work it makes: a program may send one value very often.
_A_SPEC = 20


def read(source: Source) -> list[Document]:
    """The specs of a Python file in the order of its text; none for most files.

    Raises `SyntaxFault` where a file that may hold one is not valid Python.
    """
    if not recognition.may_hold_literals(source.text):
        return []
    nul = source.text.find("\0")
    if nul >= 0:
        raise SourceSyntaxError("control character U+0000 is not allowed", (nul, nul + 1))
    try:
        tree = parsed(source.text)
    except SyntaxError as error:
        if _is_newer(source, error):
            return []
        raise _fault(source, error) from None
    except ValueError:
        # Half a surrogate pair, which no file holds.
        return []
    return list(
        documents(tree, source, lambda found, index, offsets: PythonDocument(source, found, index, offsets))
    )


def parsed(text: str) -> ast.Module:
    """The tree of a program; what Python would warn of is not of interest.

    Raises `SyntaxError`, `ValueError`, and `SyntaxFault` where it is too large or too deep to be read.
    """
    check_tokens(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError):
            raise _too_deep() from None


def _too_deep() -> SourceSyntaxError:
    return SourceSyntaxError("nested more deeply than a program can be read", (0, 0))


def documents(
    tree: ast.Module, source: Source, make: Callable[[FoundSpec, int, Offsets], PythonDocument]
) -> list[PythonDocument]:
    """Return the specs of a program, each made by `make` of the spec, its number and the offsets."""
    offsets = Offsets(source)
    search = _Search(offsets, "sagemaker" in source.text)
    program = Interpreter(tree, offsets, search, KNOWN)
    try:
        program.run()
        found = [*program.found.values(), *search.literals(program)]
    except UnsettledError:
        return []
    except TooLargeError:
        raise SourceSyntaxError("this program makes larger values than any spec holds", (0, 0)) from None
    except RecursionError:
        raise _too_deep() from None
    found.sort(key=lambda one: one.part.start)
    return [make(one, index, offsets) for index, one in enumerate(found)]


# ---------------------------------------------------------------- what is not Python, or not yet

# Syntax of later Pythons than the oldest that this runs on, where the fault is reported.
_NEWER = (
    (re.compile(r"\s*type\s+\w+\s*(\[.*\]\s*)?="), (3, 12)),
    (re.compile(r"\s*(async\s+)?(def|class)\s+\w+\s*\["), (3, 12)),
    (re.compile(r".*\b[fF][rR]?['\"]|.*\b[rR][fF]['\"]"), (3, 12)),
    (re.compile(r"\s*except\s*\*?\s*[\w.]+\s*,.*:"), (3, 14)),
    (re.compile(r"\s*except\s*\*"), (3, 11)),
    (re.compile(r".*\b[tT][rR]?['\"]|.*\b[rR][tT]['\"]"), (3, 14)),
)


def _is_newer(source: Source, error: SyntaxError) -> bool:
    """Whether what the running Python refuses is the syntax of a later one, which is not the file's fault."""
    if "f-string" in error.msg:
        return sys.version_info < (3, 12)
    lines = source.line_starts()
    number = error.lineno or 1
    text = source.line_text(number) if 1 <= number <= len(lines) else ""
    return any(sys.version_info < since and pattern.match(text) for pattern, since in _NEWER)


def _fault(source: Source, error: SyntaxError) -> SourceSyntaxError:
    lines = source.line_starts()
    number = min(max(error.lineno or 1, 1), len(lines))
    start = lines[number - 1]
    length = len(source.line_text(number))
    column = min(max((error.offset or 1) - 1, 0), length)
    end = column + 1
    if error.end_lineno == number and error.end_offset is not None:
        end = max(min(error.end_offset - 1, length), end)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    span = start + column, min(start + end, len(source.text))
    return SourceSyntaxError(f"not valid Python (read by {version}): {escaped(error.msg)}", span)


# ---------------------------------------------------------------- what is found


class Part:
    """Where a value of a spec stands, and the values below it."""

    __slots__ = ("key", "parts", "repeats", "start", "where")

    def __init__(self, where: Where, key: Where = None) -> None:
        self.where = where
        #: The key or keyword that holds it.
        self.key = key
        self.parts: dict[str | int, Part] = {}
        self.repeats: list[tuple[str, Where, Where]] = []
        #: Where it begins; of a spec alone.
        self.start = 0


class FoundSpec:
    """A spec with its locations; `renames` where the program has other names for the fields than the API."""

    __slots__ = ("part", "renames", "shape", "spec")

    def __init__(self, spec: Any, part: Part, shape: str, renames: bool = False) -> None:
        self.spec = spec
        self.part = part
        self.shape = shape
        self.renames = renames


class _Search(CallMatcher):
    """Looks for calls that create an algorithm, and for literals that are plainly a spec."""

    def __init__(self, offsets: Offsets, has_core: bool) -> None:
        self._offsets = offsets
        #: Whether sagemaker-core may be at work.
        self._has_core = has_core
        self._model: Model | None = None
        self._shapes: frozenset[str] | None = None
        #: The containers that some call sends.
        self._sent: dict[int, Container] = {}
        self._values = 0

    def begin(self) -> None:
        self._values = 0

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise too_many_values()

    def wants(self, call: ast.Call) -> bool:
        match call.func:
            case ast.Attribute(attr="create_algorithm"):
                return True
            case ast.Attribute(attr="create", value=ast.Name(id=name) | ast.Attribute(attr=name)):
                return name == "Algorithm" and self._has_core
        return False

    def makes(self, name: str) -> bool:
        if not self._has_core or not name[:1].isupper():
            return False
        if self._shapes is None:
            self._shapes = frozenset(self.model.names())
        return name in self._shapes

    @property
    def model(self) -> Model:
        """The newest shapes, for the names of fields."""
        if self._model is None:
            self._model = Model()
        return self._model

    def kept(self, call: ast.Call, words: Object, positional: list[Value]) -> FoundSpec | None:
        assert isinstance(call.func, ast.Attribute)
        self._count(_A_SPEC)
        frozen: tuple[Any, Part]
        if call.func.attr == "create":
            for name, value in zip(_PARAMETERS, positional, strict=False):
                words.entries.setdefault(name, (value.where, value))
            if not {"algorithm_name", "training_specification"} & words.entries.keys():
                return None
            for name in _NOT_THE_REQUESTS & words.entries.keys():
                del words.entries[name]
            frozen = _Core(self.model, self._sent, self._count).of_shape(words, REQUEST)
        else:
            if positional or not _ARGUMENTS & words.entries.keys():
                # boto3 takes keywords only, and a method of that name is not boto3's alone.
                return None
            frozen = _Frozen(self._sent, self._count).frozen(words)
        spec, part = frozen
        _, end = self._offsets.span(call.func)
        part.key = (end - len(call.func.attr), end)
        part.start = end
        return FoundSpec(spec, part, REQUEST, renames=call.func.attr == "create")

    def literals(self, program: Interpreter) -> list[FoundSpec]:
        """The dicts of the module that are plainly a spec and that no call sends."""
        bound: list[tuple[str, Object, Any, Part]] = []
        for name, value in program.module.names.items():
            if isinstance(value, Object) and is_dict(value):
                keys = value.entries.keys()
                if recognition.shape_of(dict.fromkeys(keys, UNKNOWN), named=False) in (
                    REQUEST,
                    "TrainingSpecification",
                ):
                    bound.append((name, value, *_Frozen({}, self._count).frozen(value)))
        found: list[FoundSpec] = []
        # What holds another one speaks for it.
        bound.sort(key=lambda one: "TrainingSpecification" not in one[2])
        for name, value, spec, part in bound:
            shape = recognition.shape_of(spec, named=False)
            is_training = shape == "TrainingSpecification"
            if id(value) in self._sent or (is_training and len(spec) < _LEAST_MEMBERS) or shape is None:
                continue
            _Frozen(self._sent, self._count).frozen(value)
            part.key = program.bindings.get(name)
            part.start = self._offsets.span(part.key if part.key is not None else part.where)[0]
            found.append(FoundSpec(OpenDict(spec), part, shape))
        return found


class _Frozen:
    """Takes values as they are at one moment: plain ones, and their places. Notes what is taken."""

    def __init__(self, taken: dict[int, Container], count: Callable[[int], None]) -> None:
        self._taken = taken
        self._count = count

    def frozen(self, value: Value, key: Where = None, depth: int = 0) -> tuple[Any, Part]:
        """The plain value, and where it stands."""
        part = Part(value.where, key)
        self._count(1)
        if depth > MAX_DEPTH:
            return UNKNOWN, part
        if isinstance(value, Text):
            return value.text if value.is_known else UNKNOWN, part
        if isinstance(value, Scalar):
            return value.value, part
        if isinstance(value, (Object, Array)):
            self._take(value)
            if not value.is_lost and not (isinstance(value, Object) and value.maker):
                return self._container(value, part, depth)
        return UNKNOWN, part

    def _container(self, value: Container, part: Part, depth: int) -> tuple[Any, Part]:
        if isinstance(value, Object):
            found: dict[str, Any] = OpenDict() if value.is_open else {}
            for name, (where, below) in value.entries.items():
                found[name], part.parts[name] = self.frozen(below, where, depth + 1)
            part.repeats = value.repeats
            return found, part
        items: list[Any] = OpenList() if value.is_open else []
        for index, item in enumerate(value.items):
            plain, part.parts[index] = self.frozen(item, None, depth + 1)
            items.append(plain)
        return items, part

    def _take(self, value: Container) -> None:
        todo = [value]
        while todo:
            node = todo.pop()
            if id(node) not in self._taken:
                self._taken[id(node)] = node
                todo.extend(node.sources)


class _Core(_Frozen):
    """Takes the values of sagemaker-core's classes, whose fields are in snake case, as the API's own."""

    def __init__(self, model: Model, taken: dict[int, Container], count: Callable[[int], None]) -> None:
        super().__init__(taken, count)
        self._model = model

    def of_shape(self, value: Value, name: str, key: Where = None, depth: int = 0) -> tuple[Any, Part]:
        """The plain value of a shape, and where it stands."""
        self._count(1)
        part = Part(value.where, key)
        if isinstance(value, (Object, Array)):
            self._take(value)
            is_other = isinstance(value, Object) and value.maker not in ("", name)
            if value.is_lost or is_other or depth > MAX_DEPTH:
                return UNKNOWN, part
        shape = self._model.shape(name) if name else None
        kind = shape.type if shape is not None else ""
        if isinstance(value, Object):
            fields = {}
            if shape is not None and kind == "structure":
                fields = {snake_case(member): member for member in shape.members}
            found: dict[str, Any] = OpenDict() if value.is_open else {}
            for written, (where, below) in value.entries.items():
                field = fields.get(written, written)
                child = ""
                if shape is not None:
                    member = shape.members.get(field)
                    child = member.shape if member is not None else shape.value
                found[field], part.parts[field] = self.of_shape(below, child, where, depth + 1)
            return found, part
        if isinstance(value, Array):
            items: list[Any] = OpenList() if value.is_open else []
            child = shape.item if shape is not None else ""
            for index, item in enumerate(value.items):
                plain, part.parts[index] = self.of_shape(item, child, None, depth + 1)
                items.append(plain)
            return items, part
        plain, _ = self.frozen(value)
        # Its classes leave None out, and convert "3600" to a number.
        is_converted = kind in _CONVERTED and type(plain) is not _CONVERTED[kind]
        return UNKNOWN if plain is None or is_converted else plain, part


_CONVERTED = {"boolean": bool, "integer": int, "long": int, "float": float, "double": float}


def snake_case(name: str) -> str:
    """A field's name in sagemaker-core."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()


# ---------------------------------------------------------------- the document


class PythonDocument(Document):
    """A spec of a Python program, whose values may stand anywhere in it."""

    __slots__ = ("_part", "offsets")

    syntax = "python"

    def __init__(self, source: Source, found: FoundSpec, index: int, offsets: Offsets) -> None:
        super().__init__(source, found.spec, index, shape=found.shape, renames=found.renames)
        self._part = found.part
        #: Where nodes stand in the program.
        self.offsets = offsets
        self.faults = self._duplicate_keys()

    def locate(self, path: Path, key: bool = False) -> Span:
        part = self._part
        for step in path:
            below = part.parts.get(step)
            if below is None:
                key = False
                break
            part = below
        if key and part.key is not None:
            return self.placed(self.offsets.span(part.key))
        span = self.offsets.span(part.where)
        return self.placed(self._first_token(span, part) if key else span)

    def placed(self, span: Span) -> Span:
        """Where a span of the program stands in the file."""
        return span

    def part_at(self, path: Path) -> Part | None:
        """The place of a value, if it is there."""
        part: Part | None = self._part
        for step in path:
            part = part.parts.get(step) if part is not None else None
        return part

    def _first_token(self, span: Span, part: Part) -> Span:
        start, end = span
        text = self.offsets.source.text
        if text[start : start + 1] in ("{", "[", "("):
            return start, start + 1
        word = re.compile(r"[\w.]+").match(text, start, end)
        return (start, word.end()) if part.parts and word else span

    def _duplicate_keys(self) -> list[ReaderFault]:
        """Return the duplicate keys of literals."""
        faults: list[ReaderFault] = []
        todo: list[tuple[Path, Part]] = [((), self._part)]
        while todo:
            path, part = todo.pop()
            for key, where, first in part.repeats:
                again, before = (self.placed(self.offsets.span(location)) for location in (where, first))
                message = f"duplicate key {shown(key)} in this dict"
                related = before, "first defined here"
                faults.append(ReaderFault(duplicate_key, (*path, key), again, message, related))
            todo.extend(((*path, step), below) for step, below in part.parts.items())
        return faults


def comments(source: Source) -> list[tuple[int, int, str]]:
    """The comments of a program: where each begins and ends, and its text; as far as it can be scanned."""
    import io
    import tokenize

    offsets = source.line_starts()
    found: list[tuple[int, int, str]] = []
    lines = io.StringIO(source.text, newline="").readline
    try:
        for token in tokenize.generate_tokens(lines):
            if token.type == tokenize.COMMENT:
                start = offsets[token.start[0] - 1] + token.start[1]
                text = token.string.rstrip("\r\n")
                found.append((start, start + len(text), text))
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass
    return found
