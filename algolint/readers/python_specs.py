"""The specs of a program: requests that its calls send, and literals that are clearly a spec."""

from __future__ import annotations

import ast
import os
import re
from copy import copy

from algolint import limits
from algolint.aws.model import REQUEST, Model
from algolint.readers.cloudformation import without_foreign
from algolint.readers.python_functions import KNOWN
from algolint.readers.python_interpreter import CallMatcher, Interpreter, UnsettledError
from algolint.readers.python_json import templates
from algolint.readers.python_memory import TooLargeError
from algolint.readers.python_names import last_name
from algolint.readers.python_siblings import Siblings
from algolint.readers.python_values import GAP, Array, Client, Object, Scalar, Text, Unknown
from algolint.spec import recognition
from algolint.spec.context import CLOUDFORMATION, TERRAFORM
from algolint.values import UNKNOWN, OpenDict, OpenList, has_unknown, put_together, with_gaps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from algolint.readers.cell_files import CellFiles
    from algolint.readers.python_offsets import Offsets, Where
    from algolint.readers.python_values import Container, Value
    from algolint.values import Path

_ARGUMENTS = frozenset(
    {"AlgorithmName", "AlgorithmDescription", "TrainingSpecification", "InferenceSpecification"}
    | {"ValidationSpecification", "CertifyForMarketplace"}
)
# The parameters of sagemaker-core's Algorithm.create in order; below, those that are not request fields.
_PARAMETERS = (
    "algorithm_name",
    "training_specification",
    "algorithm_description",
    "inference_specification",
    "validation_specification",
    "certify_for_marketplace",
    "tags",
)
_NOT_THE_REQUESTS = frozenset(("session", "region", "scope", "id", "resource_name", "opts"))
# A literal is only taken for a training specification if it has this many members.
_MIN_MEMBERS = 3
# Each spec counts as this many values, for its own work: a program may send one value many times.
_A_SPEC = 20


class Part:
    """The location of a value of a spec, and of the values in it."""

    __slots__ = ("key", "parts", "repeats", "start", "where")

    def __init__(self, where: Where, key: Where = None) -> None:
        self.where = where
        #: The key or keyword that holds it.
        self.key = key
        self.parts: dict[str | int, Part] = {}
        self.repeats: list[tuple[str, Where, Where]] = []
        #: The offset of its start; only set for a whole spec.
        self.start = 0

    def signature(self) -> Any:
        """Return the locations of all values in a form that can be compared."""
        return self.where, [(step, part.signature()) for step, part in self.parts.items()]


# The JSON of a template has to begin within this many characters.
_MAX_INDENT = 100


class Choice:
    """A value that an unknown part of a spec may have; `outer` is the choice that it is part of."""

    __slots__ = ("outer", "part", "path", "plain")

    def __init__(self, path: Path, outer: Choice | None) -> None:
        self.path = path
        self.outer = outer
        self.plain: Any = UNKNOWN
        self.part = Part(None)

    def made(self, spec: Any, part: Part) -> tuple[Any, Part]:
        """Return a spec in which this value is chosen, and its locations."""
        if self.outer is not None:
            spec, part = self.outer.made(spec, part)
        return self._put(spec, part, self.path)

    def _put(self, spec: Any, part: Part, path: Path) -> tuple[Any, Part]:
        if not path:
            return self.plain, self.part
        step, *rest = path
        whole, place = type(spec)(spec), copy(part)
        place.parts = dict(part.parts)
        if isinstance(whole, list) and step == len(whole):
            whole.append(UNKNOWN)
        elif isinstance(whole, dict):
            whole.setdefault(step, UNKNOWN)
        below = part.parts.get(step, self.part)
        whole[step], place.parts[step] = self._put(whole[step], below, tuple(rest))
        return whole, place


# How many choices of a spec are linted.
_MAX_CHOICES = 32


class FoundSpec:
    """A spec with its locations."""

    __slots__ = (
        "choices", "is_positional", "origin", "part", "region", "renames", "shape", "spec", "taken", "target",
        "unread",
    )  # fmt: skip

    def __init__(
        self,
        spec: Any,
        part: Part,
        shape: str,
        taken: set[ast.AST],
        *,
        renames: bool = False,
        is_positional: bool = False,
        region: str | None = None,
        origin: ast.AST | None = None,
        target: str = "",
        choices: Sequence[Choice] = (),
    ) -> None:
        self.spec = spec
        #: What its unknown parts may be.
        self.choices = choices
        #: What the request is written for, if not for the API itself.
        self.target = target
        self.part = part
        self.shape = shape
        #: The expressions that made the containers in it.
        self.taken = taken
        #: Whether the program's names of fields differ from the API's.
        self.renames = renames
        #: Whether the request is passed by position.
        self.is_positional = is_positional
        #: The region of the client.
        self.region = region
        #: The expression of a literal, or None for a call.
        self.origin = origin
        #: The part that was not evaluated because it would take too long, in words.
        self.unread = ""


def specs_of(tree: ast.Module, offsets: Offsets, files: CellFiles | None = None) -> list[FoundSpec]:
    """Return the specs of a program, in the order of its text; `files` are those of a notebook's cells.

    Raises `TooLargeError`, RecursionError, and `SourceSyntaxError` if it sends too many values.
    """
    matcher = _SpecMatcher(offsets)
    program = followed(tree, offsets, matcher, files)
    calls = calls_of(program)
    sent = {expression for found in calls for expression in found.taken}
    literals = _Literals(matcher, offsets, sent).found([*program.made.values(), *templates(program)])
    found = sorted([*calls, *literals], key=lambda found: found.part.start)
    _bound_choices(found)
    if program.is_apart:
        for one in found:
            one.unread = "what the variables of this long program hold" if has_unknown(one.spec) else ""
    return found


def _bound_choices(found: Iterable[FoundSpec]) -> None:
    """Leave out the choices that it would take too long to lint."""
    left = limits.MAX_BRANCH_VALUES
    for one in found:
        size = _weight(one.spec) if one.choices else 0
        kept = []
        for choice in one.choices:
            left -= _A_SPEC + size + _weight(choice.plain)
            if left >= 0:
                kept.append(choice)
        one.choices = kept


def _weight(value: Any) -> int:
    """Return the number of values in a value, of which a long text counts as several."""
    if isinstance(value, str):
        return 1 + len(value) // limits.BRANCH_VALUE
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_weight, below))


def followed(
    tree: ast.Module, offsets: Offsets, matcher: CallMatcher, files: CellFiles | None = None
) -> Interpreter:
    """Return the interpreter after following a program. Raises `TooLargeError`, RecursionError."""
    name = offsets.source.name
    program = Interpreter(tree, offsets, matcher, KNOWN, Siblings(name, files), os.path.basename(name))
    try:
        program.run()
    except (TooLargeError, UnsettledError):
        program.run_apart()
    return program


def calls_of(program: Interpreter) -> list[FoundSpec]:
    """Return what the calls of a program send, with the region of its clients."""
    calls = list(_apart(program.found))
    region = _region_of(program.clients)
    for call in calls:
        call.region = call.region or region
    return calls


def _region_of(clients: list[Client]) -> str | None:
    """Return the region of the SageMaker clients, if it is known and the same for all."""
    regions = {
        region.text if isinstance(region := client.region, Text) and region.is_known else None
        for client in clients
    }
    return regions.pop() if len(regions) == 1 else None


def _apart(found: dict[tuple[ast.Call, ...], FoundSpec]) -> Iterator[FoundSpec]:
    """Yield what each call sends, once for each combination of values that reaches the call."""
    # Analysing a function on its own gives the end of a longer call path, on which more is known.
    ends = {(call, *way[start:]) for call, *way in found for start in range(1, len(way) + 1)}
    seen: dict[ast.Call, list[Any]] = {}
    for way, one in found.items():
        signature = one.part.signature(), repr(one.spec)
        if way not in ends and signature not in seen.setdefault(way[0], []):
            seen[way[0]].append(signature)
            yield one


class _SpecMatcher(CallMatcher):
    """Matches calls that create an algorithm."""

    marks = frozenset(
        {"AlgorithmName", "TrainingSpecification", "TrainingImage", "TrainingChannels"}
        | {"SupportedHyperParameters", "SupportedTrainingInstanceTypes", "region_name"}
    )

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        #: Whether the program mentions SageMaker at all.
        self._has_sagemaker = "sagemaker" in offsets.source.text
        self._has_cdk = "CfnAlgorithm" in offsets.source.text
        self._has_pulumi = self._has_sagemaker and "pulumi" in offsets.source.text
        self._model: Model | None = None
        self._shapes: frozenset[str] | None = None

    def wants(self, call: ast.Call) -> bool:
        return _method_of(call) is not None or self._target_of(call.func) is not None

    def reads_apart(self, value: Value, is_data: bool) -> bool:
        spec, _ = Frozen(self.count, guesses=True).value(value)
        shape = recognition.shape_of(spec, named=False)
        return shape is not None and (is_data or _is_plainly(shape, spec))

    def wants_text(self, text: str) -> bool:
        is_object = "{" in text[:_MAX_INDENT] and text.lstrip()[:1] == "{"
        return is_object and any(f'"{mark}"' in text for mark in self.marks)

    def makes(self, name: str) -> bool:
        if not self._has_sagemaker or not name[:1].isupper():
            return False
        if self._shapes is None:
            self._shapes = frozenset(self.model.names())
        is_of_cdk = self._has_cdk and (name == "CfnTag" or name.endswith("Property"))
        is_of_pulumi = self._has_pulumi and name.startswith("Algorithm") and name.endswith("Args")
        return name in self._shapes or is_of_cdk or is_of_pulumi

    def _target_of(self, function: ast.expr) -> str | None:
        """Return what a class or method that makes an algorithm writes it for; None for other functions."""
        owner = last_name(function.value) if isinstance(function, ast.Attribute) else ""
        match owner, last_name(function):
            case "Algorithm", "create" if self._has_sagemaker:
                return ""
            case _, "CfnAlgorithm":
                return CLOUDFORMATION
            case _, "Algorithm" if self._has_pulumi:
                return TERRAFORM
        return None

    @property
    def model(self) -> Model:
        """The newest model, for the names of fields."""
        if self._model is None:
            self._model = Model()
        return self._model

    def kept(
        self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None
    ) -> FoundSpec | None:
        self.count(_A_SPEC)
        method = _method_of(call)
        if method is None:
            target = self._target_of(call.func)
            assert target is not None
            return self._of_class(call.func, target, words, positional)
        if method is not call.func:
            # The function that is given the method may call it with more arguments.
            words.is_open = True
            if not _ARGUMENTS & words.entries.keys():
                return None
        elif positional:
            return self._positional(method, positional) if not words.entries else None
        elif not isinstance(receiver, Client) and not self._is_request(words):
            return None
        region = receiver.region if isinstance(receiver, Client) else None
        return self._found(method, words, region=region)

    def _of_class(
        self, function: ast.expr, target: str, words: Object, positional: list[Value]
    ) -> FoundSpec | None:
        """Return the request that a class or method makes from keyword arguments in snake case."""
        for name, value in zip(_PARAMETERS if not target else (), positional, strict=False):
            words.entries.setdefault(name, (value.where, value))
        if not {"algorithm_name", "training_specification"} & words.entries.keys():
            return None
        region = words.entries.get("region", (None, None))[1]
        for name in _NOT_THE_REQUESTS & words.entries.keys():
            del words.entries[name]
        return self._found(function, words, target=target, region=region)

    def _positional(self, method: ast.Attribute, positional: list[Value]) -> FoundSpec | None:
        """Return a request that is passed as a positional argument, which boto3 does not accept."""
        first = positional[0]
        if len(positional) > 1 or not isinstance(first, Object):
            return None
        found = self._found(method, first, is_positional=True)
        return found if recognition.shape_of(found.spec, named=False) == REQUEST else None

    def _found(
        self,
        function: ast.expr,
        request: Object,
        *,
        target: str | None = None,
        is_positional: bool = False,
        region: Value | None = None,
    ) -> FoundSpec:
        """Return the spec of a request. With a `target`, its fields are in snake case; see `_target_of`."""
        if target is None:
            frozen = Frozen(self.count)
            spec, part = frozen.value(request)
        else:
            frozen = renamed = _Renamed(self.model, self.count, target)
            spec, part = renamed.of_shape(request, REQUEST)
        if target == CLOUDFORMATION:
            without_foreign(spec)
        _, end = self._offsets.span(function)
        part.key = (end - len(last_name(function)), end)
        part.start = end
        return FoundSpec(
            spec,
            part,
            REQUEST,
            frozen.taken,
            renames=target is not None,
            target=target or "",
            is_positional=is_positional,
            region=region.text if isinstance(region, Text) and region.is_known else None,
            choices=frozen.choices,
        )

    def _is_request(self, words: Object) -> bool:
        """Whether the arguments are fields of the request, or may be if they are not known or misspelt.

        A method of the program's own has names in lower case.
        """
        if _ARGUMENTS & words.entries.keys():
            return True
        if not self._has_sagemaker:
            return False
        if not words.entries:
            return words.is_open
        return any(name[:1].isupper() and recognition.is_misspelt_field(name) for name in words.entries)


def _method_of(call: ast.Call) -> ast.Attribute | None:
    """Return boto3's method if it is called, or passed with its arguments to a function that calls it."""
    for function in (call.func, *call.args):
        if isinstance(function, ast.Attribute) and function.attr == "create_algorithm":
            return function
    return None


class _Literals:
    """Finds the dicts of a program that are clearly a spec, and that no call sends."""

    def __init__(self, matcher: _SpecMatcher, offsets: Offsets, sent: set[ast.AST]) -> None:
        self._matcher = matcher
        self._offsets = offsets
        self._sent = sent

    def found(self, made: Iterable[Object]) -> list[FoundSpec]:
        """Return the specs among the dicts that a program makes."""
        literals = [literal for one in made if (literal := self._literal(one)) is not None]
        # Requests first, which include their parts, and copies before originals.
        literals.sort(key=lambda literal: (literal.shape != REQUEST, -len(literal.taken)))
        found: list[FoundSpec] = []
        for literal in literals:
            if literal.origin not in self._sent:
                self._sent |= literal.taken
                found.append(literal)
        return found

    def _literal(self, made: Object) -> FoundSpec | None:
        keys = made.entries.keys()
        if self._matcher.marks.isdisjoint(keys) or made.maker or self._is_sent(made):
            return None
        frozen = Frozen(self._matcher.count, guesses=True)
        spec, part = frozen.value(made)
        shape = recognition.shape_of(spec, named=False)
        if shape is None or not _is_plainly(shape, spec):
            return None
        if not recognition.RESPONSE_ONLY.isdisjoint(keys - {"ProductId"}):
            # A DescribeAlgorithm response has more members.
            spec = recognition.request_of(spec)
        part.key = made.name
        part.start = self._offsets.span(part.key if part.key is not None else part.where)[0]
        return FoundSpec(
            OpenDict(spec), part, shape, frozen.taken, origin=made.origin, choices=frozen.choices
        )

    def _is_sent(self, made: Object) -> bool:
        """Whether a call sends a dict, or calls send all parts of it."""
        parts = [value for value in made.children() if isinstance(value, (Object, Array))]
        return made.origin in self._sent or bool(parts and all(part.origin in self._sent for part in parts))


def _is_plainly(shape: str, spec: Any) -> bool:
    """Whether a literal is clearly a spec, and not something else with some of the same keys."""
    return shape == REQUEST or (shape == "TrainingSpecification" and len(spec) >= _MIN_MEMBERS)


class Frozen:
    """Converts values of the interpreter, in their present state, to plain values with locations.

    `guesses`: values that code outside of the file may have changed are taken as the visible code leaves
    them, but may hold more.
    """

    def __init__(self, count: Callable[[int], bool], guesses: bool = False) -> None:
        self._count = count
        self._guesses = guesses
        #: The expressions that made the converted containers.
        self.taken: set[ast.AST] = set()
        #: What unknown values may be.
        self.choices: list[Choice] = []
        # The path of the present value, and the choice that it is part of.
        self._path: list[str | int] = []
        self._outer: Choice | None = None
        # The containers around the present one, because values may be cyclic.
        self._around: set[int] = set()

    def value(self, value: Value, key: Where = None) -> tuple[Any, Part]:
        """Return the plain value and its location."""
        part = Part(value.where, key)
        self._count(1)
        if isinstance(value, Text):
            return _text(value.text), part
        if isinstance(value, Scalar):
            return value.value, part
        if not isinstance(value, (Object, Array)):
            self._choose(value, key)
            return UNKNOWN, part
        self.take(value)
        is_hidden = (value.has_escaped and not self._guesses) or (isinstance(value, Object) and value.maker)
        if is_hidden or id(value) in self._around or len(self._around) > limits.MAX_DEPTH:
            return UNKNOWN, part
        self._around.add(id(value))
        plain = self._container(value, part)
        self._around.discard(id(value))
        return plain, part

    def _container(self, value: Container, part: Part) -> Any:
        is_open = value.is_open or value.has_escaped
        if isinstance(value, Object):
            part.repeats = value.repeats
            found: dict[str, Any] = OpenDict() if is_open else {}
            for name, (where, below) in value.entries.items():
                self._path.append(name)
                found[name], part.parts[name] = self.value(below, where)
                self._path.pop()
            for name, (where, below) in value.possible.items():
                self._choose(below, where, name)
            return found
        items: list[Any] = OpenList() if is_open else []
        for index, item in enumerate(value.items):
            self._path.append(index)
            plain, part.parts[index] = self.value(item)
            self._path.pop()
            items.append(plain)
        for item in value.possible:
            self._choose(item, None, len(items))
        return items

    def _choose(self, value: Value, key: Where, *path: str | int) -> None:
        """Convert what an unknown value, or the one at a path below the present one, may be."""
        state = self._outer, self._guesses, self.taken
        for one in value.choices if isinstance(value, Unknown) else ():
            if len(self.choices) == _MAX_CHOICES or not self._count(0):
                break
            choice = Choice((*self._path, *path), state[0])
            self.choices.append(choice)
            # A dict that is also linted on its own can be edited there.
            self._outer, self._guesses, self.taken = choice, True, set()
            self._path += path
            choice.plain, choice.part = self.value(one, key)
            del self._path[len(self._path) - len(path) :]
        self._outer, self._guesses, self.taken = state

    def take(self, value: Container) -> None:
        """Record that a container is converted, and the containers that its content was copied from."""
        todo = [value]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if id(node) not in seen:
                seen.add(id(node))
                self.taken.add(node.origin)
                todo.extend(node.sources)


class _Renamed(Frozen):
    """Converts objects of classes whose fields are in snake case to the API's values.

    These are sagemaker-core's, the CDK's and Pulumi's. Dicts in place of the latter two may be in camelCase.
    """

    def __init__(self, model: Model, count: Callable[[int], bool], target: str) -> None:
        super().__init__(count)
        self._model = model
        self._target = target

    def of_shape(self, value: Value, name: str, key: Where = None, depth: int = 0) -> tuple[Any, Part]:
        """Return the plain value of a shape, and its location."""
        self._count(1)
        part = Part(value.where, key)
        if isinstance(value, (Object, Array)):
            self.take(value)
            is_other = isinstance(value, Object) and not self._may_make(value.maker, name)
            if value.has_escaped or is_other or depth > limits.MAX_DEPTH:
                return UNKNOWN, part
        shape = self._model.shape(name) if name else None
        kind = shape.type if shape is not None else ""
        if isinstance(value, Object):
            if self._target == TERRAFORM and kind == "list":
                # A dict in place of the list of tags.
                return UNKNOWN, part
            fields = {}
            if shape is not None and kind == "structure":
                fields = {snake_case(member): member for member in shape.members}
            found: dict[str, Any] = OpenDict() if value.is_open else {}
            for written, (where, below) in value.entries.items():
                field = fields.get(snake_case(written) if self._target else written, written)
                child = shape.members.get(field, shape.value) if shape is not None else ""
                found[field], part.parts[field] = self.of_shape(below, child, where, depth + 1)
            return found, part
        if isinstance(value, Array):
            items: list[Any] = OpenList() if value.is_open else []
            child = shape.item if shape is not None else ""
            for index, item in enumerate(value.items):
                plain, part.parts[index] = self.of_shape(item, child, None, depth + 1)
                items.append(plain)
            return items, part
        plain, _ = self.value(value)
        # Its classes omit None, and convert "3600" to a number.
        is_converted = kind in _CONVERTED and type(plain) is not _CONVERTED[kind]
        return UNKNOWN if plain is None or is_converted else plain, part

    def _may_make(self, maker: str, name: str) -> bool:
        """Whether a class may be the one of a shape; the CDK and Pulumi name theirs by the field."""
        return maker in ("", name) or (self._target != "" and maker not in self._model.names())

    def _choose(self, value: Value, key: Where, *path: str | int) -> None:
        """Choose nothing: its values are not at the paths of the request."""


_CONVERTED = {"boolean": bool, "integer": int, "long": int, "float": float, "double": float}


def snake_case(name: str) -> str:
    """Return the name of a field in sagemaker-core, the CDK and Pulumi."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def _text(text: str) -> Any:
    """Return a text of the interpreter as a value of a spec; gaps become unknown parts."""
    return put_together(with_gaps(text.split(GAP)), text.replace(GAP, "{…}"))
