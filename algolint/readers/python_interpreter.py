"""An abstract interpreter of Python, which follows the values of a program statement by statement.

Nothing is run. Functions are analysed in two ways: where the program calls one, its body is followed with the
arguments of the call. Each function is also analysed on its own, with unknown arguments, as if it could be
called at any time; so an entry that it sets in an enclosing scope's dict is never known.

What depends on something unknown is unknown too, but the values that it may have are kept as its `choices`:
those of the branches of a condition, of a default, of a lookup. Each is linted in a request of its own, in
which all others stay unknown, and nothing else follows from them.

The meaning of each type of node is in `python_nodes` and `python_conditions`, that of known functions and
methods in `python_functions`, and that of operators in `python_operators`.
"""

from __future__ import annotations

import ast

from algolint import limits
from algolint.readers.bounds import too_many_values
from algolint.readers.python_memory import Memory
from algolint.readers.python_names import (
    assigned_attributes,
    defaults_of,
    goes_through,
    is_literal,
    is_plain_body,
    last_name,
    names_of_senders,
    parameters_of,
)
from algolint.readers.python_values import (
    HOLDERS,
    Array,
    Class,
    Client,
    Function,
    Instance,
    Object,
    Scope,
    Text,
    Unknown,
    is_dict,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any, TypeAlias

    from algolint.readers.python_names import Comprehension
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_siblings import Siblings
    from algolint.readers.python_values import Container, FunctionNode, Value

    # Returns the value of a call, or None for arguments that are not supported.
    KnownFunction: TypeAlias = "Callable[[Interpreter, ast.Call], Value | None]"
    KnownMethod: TypeAlias = "Callable[[Interpreter, ast.Call, Any], Value | None]"
    Operator: TypeAlias = "Callable[[Interpreter, ast.expr, Any, Any], Value | None]"
    Statement: TypeAlias = "Callable[[Interpreter, Any], None]"
    Expression: TypeAlias = "Callable[[Interpreter, Any], Value]"

# Rounds after which no more literals may turn out to be changed by functions.
_MAX_ROUNDS = 6
# How many calls are followed, and how deep.
_MAX_FOLLOWED = 500
_MAX_CALLS = 12
# Loops are followed item by item: how many items of one loop, and of all loops.
_MAX_ITEMS = 64
_MAX_ITERATIONS = 500
#: Builtins that can read or bind any name.
REFLECTION = frozenset(("exec", "eval", "globals", "locals", "vars"))


class UnsettledError(Exception):
    """Raised when functions change so many of each other's values that they cannot be followed."""


class CallMatcher:
    """Decides which calls of a program are of interest, and what to keep of them. This base wants none."""

    #: Keys and keyword arguments that only occur in values of interest.
    marks: frozenset[str] = frozenset()
    _values = 0

    def begin(self) -> None:
        """Prepare for another round through the program, dropping what was kept."""
        self._values = 0

    def count(self, values: int) -> bool:
        """Count values of what is kept, and return whether less than half of the limit is reached.

        Raises `SourceSyntaxError` if there are too many.
        """
        self._values += values
        if self._values > limits.MAX_VALUES:
            raise too_many_values()
        return self._values < limits.MAX_VALUES // 2

    def wants(self, call: ast.Call) -> bool:  # noqa: ARG002
        """Whether a call may be of interest."""
        return False

    def kept(self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None) -> Any:  # noqa: ARG002
        """Return what to keep of a wanted call with its present arguments, or None.

        `receiver` is the value that the method is called on.
        """
        return None

    def wants_text(self, text: str) -> bool:  # noqa: ARG002
        """Whether a string literal is of interest on its own."""
        return False

    def reads_apart(self, value: Value, is_data: bool) -> bool:  # noqa: ARG002
        """Whether a value from another file, which is a program or data, is also of interest in that file."""
        return False

    def makes(self, name: str) -> bool:  # noqa: ARG002
        """Whether a class of this name just keeps its keyword arguments."""
        return False


class Known:
    """Tables of the meaning of nodes, and of known functions, methods and operators."""

    __slots__ = ("builtins", "expressions", "methods", "of_modules", "operators", "statements", "writers")

    def __init__(
        self,
        statements: Mapping[type[ast.AST], Statement],
        expressions: Mapping[type[ast.AST], Expression],
        builtins: Mapping[str, KnownFunction],
        of_modules: Mapping[tuple[str, str], KnownFunction],
        methods: Mapping[tuple[type, str], KnownMethod],
        writers: frozenset[str],
        operators: Mapping[tuple[type[ast.operator], type, type], Operator],
    ) -> None:
        self.statements = statements
        self.expressions = expressions
        self.builtins = builtins
        #: By module and name, as in `json.loads`.
        self.of_modules = of_modules
        #: By type of the value and name.
        self.methods = methods
        #: The methods that can change a container whose content is not known.
        self.writers = writers
        #: By the types of the operator and of both its operands.
        self.operators = operators


class Interpreter(Memory):
    """Follows a module; `found` has what the matcher kept, by call."""

    def __init__(
        self,
        tree: ast.Module,
        offsets: Offsets,
        matcher: CallMatcher,
        known: Known,
        siblings: Siblings,
        path: str,
        depth: int = 0,
    ) -> None:
        self.tree = tree
        #: Whether calls and dicts are evaluated one by one, because following the program takes too long.
        self.is_apart = False
        self.siblings = siblings
        #: The path of the program in its folder, and the number of imports that led to it.
        self.path = path
        self.depth = depth
        self.offsets = offsets
        self.matcher = matcher
        self.known = known
        self.shared = frozenset(
            name
            for node in ast.walk(tree)
            if isinstance(node, (ast.Global, ast.Nonlocal))
            for name in node.names
        )
        # The attributes that are assigned somewhere, or None if they may be any; and those assigned once.
        assigned = assigned_attributes(tree)
        self._assigned = assigned
        self.assigned_once = {name for name, count in (assigned or {}).items() if count == 1}
        self._senders = names_of_senders(tree, self._is_of_interest)
        self._bodies: dict[FunctionNode, bool] = {}
        self._going_through: dict[ast.AST, bool] = {}
        super().__init__(Scope(None, self.shared), is_imported=depth > 0)

    def forget(self, module: Scope) -> None:
        super().forget(module)
        self.matcher.begin()
        #: By call, with the calls and loop iterations that led to it.
        self.found: dict[tuple[Any, ...], Any] = {}
        #: The values of attributes that the program sets in one place, by the class of their instances.
        self.attributes_set: dict[tuple[int, str], list[Value]] = {}
        #: The class of the arguments of the command line.
        self.command_line = Class(self.module)
        #: The clients that the program makes.
        self.clients: list[Client] = []
        #: The dicts that the program makes, by the expression that makes them.
        self.made: dict[ast.expr, Object] = {}
        #: The texts that the matcher wants, by literal.
        self.texts: dict[ast.expr, Text] = {}
        #: The string literals that the program decodes as JSON.
        self.decoded: set[ast.Constant] = set()
        #: The call whose coroutine is awaited immediately.
        self.awaited: ast.expr | None = None
        # The functions and calls that are being followed, and the frame of the innermost one.
        self._active: list[FunctionNode] = []
        self._calls: tuple[Any, ...] = ()
        self._frame: _Frame | None = None
        self._followed = 0
        self._iterations = 0

    def run(self) -> None:
        """Follow the module and its functions. Raises `TooLargeError`, `UnsettledError`, RecursionError."""
        for _ in range(_MAX_ROUNDS):
            self.forget(Scope(None, self.shared))
            self.execute(self.tree.body)
            self._analyse_functions(self.module)
            if self._is_settled:
                return
        raise UnsettledError

    def run_apart(self) -> None:
        """Evaluate each call, dict and text of interest on its own, ignoring the program around it.

        Raises `TooLargeError`, RecursionError.
        """
        self.forget(Scope(None, frozenset()))
        self.is_apart = True
        todo: list[ast.AST] = [self.tree]
        while todo:
            node = todo.pop()
            if isinstance(node, (ast.Call, ast.Dict, ast.Constant)) and self._is_of_interest(node):
                self.evaluate(node)
            else:
                todo.extend(ast.iter_child_nodes(node))

    def _analyse_functions(self, scope: Scope) -> None:
        """Analyse the functions of a complete scope, each as if it could be called at any time."""
        state = self.scope, self._frame, self._calls, self.shadowing
        for function in list(scope.deferred.values()):
            if not self._matters(function.node, scope):
                continue
            own = Scope(scope, self.shared, defined=function.defined)
            names: dict[str, Value] = {name: Unknown(None) for name in parameters_of(function.node)}
            for parameter, default in defaults_of(function.node):
                names[parameter] = self.choice(None, self.evaluate(default))
            if function.owner is not None and names and function.kind != "staticmethod":
                is_class = function.kind == "classmethod"
                names[next(iter(names))] = function.owner if is_class else Instance(function.owner, None)
            for name, value in names.items():
                own.bind(name, value)
            frame = _Frame(self.depth, is_followed=False)
            self.scope, self._frame, self._calls, self.shadowing = own, frame, (), []
            mark, start = len(self._undo), self._clock
            offers = self._offers
            self._run_body(function.node)
            self._offers = offers
            self._analyse_functions(own)
            self._roll_back(mark, start)
        self.scope, self._frame, self._calls, self.shadowing = state

    def _run_body(self, function: FunctionNode) -> None:
        if isinstance(function, ast.Lambda):
            self.give_back(self.evaluate(function.body))
        else:
            self.execute(function.body)

    def _is_plain(self, function: FunctionNode) -> bool:
        """Whether a call runs the body of a function at once, and can be followed."""
        if function not in self._bodies:
            self._bodies[function] = is_plain_body(function)
        return self._bodies[function]

    def goes_through(self, repeated: ast.For | Comprehension) -> bool:
        """Whether each iteration runs the whole body; see `python_names`."""
        if repeated not in self._going_through:
            self._going_through[repeated] = goes_through(repeated)
        return self._going_through[repeated]

    def _matters(self, function: ast.AST, scope: Scope | None) -> bool:
        """Whether a function may contain a call of interest, or change a value of an enclosing scope."""
        names: list[Collection[str]] = [REFLECTION]
        while scope is not None:
            names.append(scope.containers)
            scope = scope.outer
        return any(
            (isinstance(node, ast.Name) and any(node.id in known for known in names))
            or (isinstance(node, ast.Attribute) and node.attr in self._attributes)
            or (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and node.attr in self.assigned_once
            )
            or self._is_of_interest(node)
            or (isinstance(node, ast.Call) and last_name(node.func) in self._senders)
            for node in ast.walk(function)
        )

    def _is_of_interest(self, node: ast.AST) -> bool:
        """Whether a node is a call or a text of interest, or makes a dict with a key of interest."""
        match node:
            case ast.Call():
                return self.matcher.wants(node) or any(
                    word.arg in self.matcher.marks for word in node.keywords
                )
            case ast.Dict(keys=keys):
                marks = self.matcher.marks
                return any(isinstance(key, ast.Constant) and key.value in marks for key in keys)
            case ast.Constant(value=str() as text):
                return self.matcher.wants_text(text)
        return False

    # ------------------------------------------------------------ nodes

    def execute(self, body: Iterable[ast.stmt]) -> None:
        """Follow statements."""
        for node in body:
            if self._frame is not None and self._frame.has_ended:
                return
            self.step()
            follow = self.known.statements.get(type(node))
            self.visit_children(node) if follow is None else follow(self, node)

    def execute_class(self, body: list[ast.stmt]) -> Class:
        """Follow the body of a class, and return the class."""
        outer, mark = self.scope, len(self._undo)
        made = Class(outer.function)
        self.scope = Scope(outer, self.shared, root=outer.root, is_class=True)
        self.execute(body)
        made.names = {
            name: value
            for name, value in self.scope.names.items()
            if name not in self.shared and self._assigned is not None and name not in self._assigned
        }
        for name, value in self.scope.names.items():
            if isinstance(value, HOLDERS):
                self._attributes.setdefault(name, []).append(value)
            if name not in made.names:
                self.escape(value)
            if isinstance(value, Function) and value.node in body:
                value.owner = made
        # The changes that the body made outside of the class remain.
        self._undo[mark:] = [change for change in self._undo[mark:] if change[0] is not self.scope]
        self.scope = outer
        return made

    def attribute(self, base: Class | Instance, name: str, node: ast.expr) -> Value:
        value = (base.maker if isinstance(base, Instance) else base).names.get(name)
        if isinstance(base, Instance) and base.maker.has_fields and not isinstance(value, Function):
            given = base.given.entries.get(name, (None, None))[1] if base.given is not None else None
            if base.given is None or given is not None:
                is_set = self._assigned is None or name in self._assigned
                return self.choice(node, given, value) if is_set or given is None else given
        return super().attribute(base, name, node)

    def define(self, node: FunctionNode) -> Function:
        """Return a function; its analysis on its own is deferred until its scope is complete."""
        scope = self.scope.function
        # Of several definitions in a loop the last one counts.
        scope.deferred[node] = made = Function(node, scope, self._clock, None)
        return made

    def evaluate(self, node: ast.expr) -> Value:
        """Return the value of an expression, and make the changes of its evaluation."""
        self.step()
        known = self.known.expressions.get(type(node))
        made: Value = self.unknown(node) if known is None else known(self, node)
        if isinstance(made, Text):
            if made.where is node and self.matcher.wants_text(made.text):
                self.texts[node] = made
            self.weigh_text(made)
        elif isinstance(made, (Object, Array)):
            self.weigh(len(made.entries if isinstance(made, Object) else made.items))
            if made.origin is node:
                self.finish(made)
        return made

    def finish(self, made: Container) -> None:
        """Apply to a new container the changes that functions may make at any time."""
        effects = self._effects.get(made.origin)
        if isinstance(made, Object):
            self.made[made.origin] = made  # type: ignore[index]
            if any(key not in made.entries for key in made.unstable):
                made.is_open = True
        elif effects is not None and effects.grows:
            made.is_open = True
        if made.has_escaped:
            self.escape_children(made)

    def visit_children(self, node: ast.AST) -> None:
        """Follow a node of an unknown type, to whose content anything may happen."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.escape(self.evaluate(child))
            elif isinstance(child, ast.stmt):
                self.execute([child])
            elif not isinstance(child, (ast.expr_context, ast.operator)):
                self.visit_children(child)

    def unknown(self, node: ast.expr) -> Value:
        """Return the value of an expression of an unknown type."""
        self.visit_children(node)
        return Unknown(node)

    def branches(self, *runs: Callable[[], None], offers: bool = True, leaving: Collection[int] = ()) -> None:
        frame = self._frame

        def resumed(run: Callable[[], None]) -> Callable[[], None]:
            def alone() -> None:
                run()
                if frame is not None:
                    frame.has_ended = False

            return alone

        super().branches(*map(resumed, runs), offers=offers, leaving=leaving)

    # ------------------------------------------------------------ loops

    def loop(self, run: Callable[[], None], node: ast.AST | None = None) -> None:
        """Follow code that runs any number of times; what it changes is unknown from its start on.

        `node`: the loop, if some of its turns were followed before.
        """
        calls = self._calls
        self._calls = (*calls, (node, None)) if node is not None else calls
        if not self.is_probing:
            before = dict(self.found)
            self.is_probing = True
            self.branches(run)
            self.is_probing = False
            self.found = before
        self.branches(run)
        self._calls = calls

    def items_of(self, value: Value) -> list[Value] | None:
        """Return the items that a loop over a value visits, or None if they are not known or too many."""
        items: list[Value] | None = None
        if isinstance(value, Array) and not value.has_escaped and not value.is_open:
            items = list(value.items)
        elif isinstance(value, Object) and is_dict(value) and not value.is_open and not value.unstable:
            items = [Text([(key, None, 0)], where) for key, (where, _) in value.entries.items()]
        is_too_much = items is not None and (
            len(items) > _MAX_ITEMS or self._iterations + len(items) > _MAX_ITERATIONS or not self.has_steps
        )
        return None if is_too_much or self.is_apart else items

    def iterate(
        self, node: ast.AST, iterated: Value, items: list[Value], run: Callable[[Value], None]
    ) -> bool:
        """Follow what a loop over a value does with each of its items.

        Return False if the loop changes the value, so that it may end early or go on.
        """
        self._iterations += len(items)
        calls, before = self._calls, _sizes(iterated)
        is_whole = True
        for number, item in enumerate(items):
            self._calls = (*calls, (node, number))
            run(item)
            is_whole = _sizes(iterated) == before
            if not is_whole:
                break
        self._calls = calls
        return is_whole

    def within(self, run: Callable[[], None]) -> None:
        """Follow code in a scope of its own."""
        outer, mark = self.scope, len(self._undo)
        own = self.scope = Scope(outer, frozenset(), root=outer.root)
        run()
        self._undo[mark:] = [change for change in self._undo[mark:] if change[0] is not own]
        self.scope = outer

    # ------------------------------------------------------------ operators

    def add_to(self, before: Value, added: Value, operator: ast.operator, where: ast.expr) -> Value:
        """Return the result of `+=` or `|=`: the same list or dict, changed, or a new value."""
        match operator, before, added:
            case ast.Add(), Array(), _:
                self.touch(before, grows=True)
                self.append(before, added)
                if before.has_escaped:
                    self.escape_children(before)
                return before
            case ast.BitOr(), Object(maker=""), _:
                self.update(before, added)
                return before
            case _, Unknown(), Object() | Array():
                # The unknown value may be changed in place, and may have other names.
                self.escape(added)
                return Unknown(where)
        return self.operation(operator, before, added, where)

    def operation(self, operator: ast.operator, left: Value, right: Value, where: ast.expr) -> Value:
        """Return the result of an operator on two values."""
        known = self.known.operators.get((type(operator), type(left), type(right)))
        made = known(self, where, left, right) if known is not None else None
        if made is not None:
            return made
        self.escape(left)
        self.escape(right)
        return Unknown(where)

    # ------------------------------------------------------------ calls of the program's functions

    def follow(self, node: ast.Call, function: Function, receiver: Value | None = None) -> Value:
        """Return the result of calling a function of the program, and make the changes of its body."""
        can_follow = (
            function.kind != "other"
            and self._is_plain(function.node)
            and (node is self.awaited or not isinstance(function.node, ast.AsyncFunctionDef))
            and function.node not in self._active
            and len(self._active) < _MAX_CALLS
            and self._followed < _MAX_FOLLOWED
            and self.has_steps
        )
        if not can_follow:
            if receiver is not None:
                self.escape(receiver)
            return self.opaque_call(node)
        self._followed += 1
        positional, words = self.call_arguments(node)
        if positional is not None:
            if receiver is not None and function.kind != "staticmethod":
                positional.insert(0, receiver)
            names = _bound(self, node, function.node.args, positional, words)
            if names is not None:
                return self._run_call(node, function, names)
        for value in (*(positional or ()), words):
            self.escape(value)
        return Unknown(node)

    def _run_call(self, node: ast.Call, function: Function, names: dict[str, Value]) -> Value:
        defined = max(self.scope.root.defined, function.defined)
        own = Scope(function.scope, self.shared, root=self.scope.root, defined=defined)
        state = self.scope, self._frame, self._calls, self.shadowing
        offers = self._offers
        frame = _Frame(self.depth)
        self.scope, self._frame, self._calls, self.shadowing = own, frame, (*self._calls, node), []
        mark, start = len(self._undo), self._clock
        for name, value in names.items():
            self.bind(name, value)
        self._active.append(function.node)
        self._run_body(function.node)
        self._active.pop()
        self._analyse_functions(own)
        if frame.returned:
            # Any change in the body may or may not happen.
            names_changed, nodes = self._roll_back(mark, start)
            self._join(([change for change in names_changed if change[0] is not own], nodes))
        self.scope, self._frame, self._calls, self.shadowing = state
        self._offers = offers
        self._undo[mark:] = [change for change in self._undo[mark:] if change[0] is not own]
        if frame.returned:
            return self.choice(node, *frame.returned, frame.value)
        return frame.value or Unknown(node)

    def keep(self, node: ast.Call, kept: Any) -> None:
        """Record what the matcher keeps of a call."""
        self.found[(node, *self._calls)] = kept

    def give_back(self, value: Value) -> None:
        """Return a value from the function that is being followed."""
        frame = self._frame
        assert frame is not None
        frame.has_ended = True
        if not frame.is_followed:
            # Callers that are not followed are in other modules. They may change what they get, but hardly
            # the constants of this module that are in it.
            is_made = isinstance(value, (Object, Array)) and value.scope is self.scope.root
            self.escape(value, spares_outer=is_made)
        elif self.depth > frame.depth:
            self.escape(value)
            frame.returned.append(self.choice(value.where, value))
        else:
            frame.value = value

    # ------------------------------------------------------------ other calls

    def opaque_call(self, node: ast.Call) -> Value:
        """Return the value of a call of a function that may keep or change its arguments."""
        self.arguments(node, keeps=True)
        return Unknown(node)

    def harmless_call(self, node: ast.Call) -> Value:
        """Return the value of a call of a function that neither keeps nor changes its arguments."""
        self.arguments(node, keeps=False)
        return Unknown(node)

    # ------------------------------------------------------------ arguments of calls

    def arguments(self, node: ast.Call, keeps: bool) -> list[Value]:
        """Return the arguments of a call; `keeps` tells whether the function may keep or change them."""
        values = []
        for expression in (*node.args, *(word.value for word in node.keywords)):
            value = self.evaluate(expression.value if isinstance(expression, ast.Starred) else expression)
            values.append(value)
            if keeps:
                self.escape(value)
        return values

    def call_arguments(self, node: ast.Call) -> tuple[list[Value] | None, Object]:
        """Return a call's positional arguments, or None if some are not known, and its keyword arguments."""
        positional: list[Value] = []
        is_known = True
        for expression in node.args:
            if not isinstance(expression, ast.Starred):
                positional.append(self.evaluate(expression))
                continue
            items = self.evaluate(expression.value)
            if isinstance(items, Array) and not items.has_escaped and not items.is_open:
                positional += items.items
            else:
                self.escape(items)
                is_known = False
        words = self.keywords(node, self.words(node))
        if not is_known:
            for value in positional:
                self.escape(value)
        return positional if is_known else None, words

    def words(self, node: ast.Call) -> Object:
        """Return an empty object for the keyword arguments of a call."""
        return Object(node, node, self.scope.root, self._clock)

    def keywords(self, node: ast.Call, made: Object) -> Object:
        """Set the keyword arguments of a call in an object, and return that."""
        written = []
        for word in node.keywords:
            if word.arg is None:
                self.merge(made, self.evaluate(word.value))
            else:
                written.append((word.arg, self.offsets.keyword(word), self.evaluate(word.value)))
        # Python refuses a keyword that `**` repeats, so none is ever replaced.
        for name, where, value in written:
            self.put(made, name, where, value)
        return made


def _sizes(iterated: Value) -> list[Any]:
    """Return a state that changes if a loop changes the value it visits, or what that was copied from."""
    sources = iterated.sources if isinstance(iterated, (Object, Array)) else ()
    values = [one for one in (iterated, *sources) if isinstance(one, (Object, Array))]
    return [
        (list(one.entries) if isinstance(one, Object) else list(one.items), one.is_open, one.has_escaped)
        for one in values
    ]


class _Frame:
    """A function that is being followed, and what it returns."""

    __slots__ = ("depth", "has_ended", "is_followed", "returned", "value")

    def __init__(self, depth: int, is_followed: bool = True) -> None:
        #: How many alternatives the call is in.
        self.depth = depth
        #: Whether it is followed from a call, and not analysed on its own.
        self.is_followed = is_followed
        #: Whether the statements that follow are not reached.
        self.has_ended = False
        #: What it returns in the end, and what it may return before.
        self.value: Value | None = None
        self.returned: list[Value] = []


def _bound(
    run: Interpreter, node: ast.Call, arguments: ast.arguments, positional: list[Value], words: Object
) -> dict[str, Value] | None:
    """Return the values of a function's parameters in a call, or None if they do not fit."""
    names: dict[str, Value] = {}
    parameters = [*arguments.posonlyargs, *arguments.args]
    given = dict(zip((parameter.arg for parameter in parameters), positional, strict=False))
    rest = positional[len(parameters) :]
    if rest and arguments.vararg is None:
        return None
    defaults: list[ast.expr | None] = [None] * (len(parameters) - len(arguments.defaults))
    pairs = zip(
        [*parameters, *arguments.kwonlyargs],
        [*defaults, *arguments.defaults, *arguments.kw_defaults],
        strict=True,
    )
    for parameter, default in pairs:
        name = parameter.arg
        if name in given:
            names[name] = given[name]
        elif name in words.entries:
            names[name] = words.entries.pop(name)[1]
        elif words.is_open or (default is not None and not isinstance(default, ast.Constant)):
            names[name] = run.choice(None, run.evaluate(default)) if is_literal(default) else Unknown(None)
        elif default is not None:
            names[name] = run.evaluate(default)
        else:
            return None
    if arguments.vararg is not None:
        array = names[arguments.vararg.arg] = run.new_array(node)
        array.add(rest)
    if arguments.kwarg is not None:
        names[arguments.kwarg.arg] = words
    elif words.entries:
        return None
    return names
