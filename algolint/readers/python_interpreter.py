"""An abstract interpreter of Python: what the literals of a program hold, statement by statement.

Nothing is run. Containers are known by identity, as in Python: two names of one dict see each other's
changes. What a branch or a loop changes is unknown after it. What is passed to code that is not visible
(an unknown function, an attribute, a name that is bound twice) is lost: unknown from there on.

A function is analysed twice. Where the program calls it, its body is followed with the arguments of the
call. By itself it is analysed with unknown arguments, as if it were called at any time: an entry of an
enclosing scope's dict that it sets is never known.

`_EXECUTE` and `_EVALUATE` hold what each type of node does; the functions and methods that programs call
are in `python_functions`.
"""

from __future__ import annotations

import ast

from algolint import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from algolint.readers.python_offsets import Offsets, Where

    Value: TypeAlias = "Scalar | Text | Unknown | Object | Array | Function | Class | Instance | Client"
    Container: TypeAlias = "Object | Array"
    # Text, the literal that it comes from, and where in that one's value it begins.
    Piece: TypeAlias = tuple[str, ast.Constant | None, int]
    # Entries or items, `is_open`, `is_lost`.
    State: TypeAlias = tuple[Any, bool, bool]
    # The names and containers that a branch changed, as it left them.
    Changed: TypeAlias = "tuple[list[tuple[Scope, str, Value]], list[tuple[Container, State]]]"
    # What a call of a known function or method gives; None where its arguments are not those it knows.
    KnownFunction: TypeAlias = "Callable[[Interpreter, ast.Call], Value | None]"
    KnownMethod: TypeAlias = "Callable[[Interpreter, ast.Call, Any], Value | None]"
    Operator: TypeAlias = "Callable[[Interpreter, ast.expr, Any, Any], Value | None]"

#: Stands in a text for a part that is not known.
GAP = "\ue000"
# More steps than this take longer than a file is worth.
_MAX_STEPS = 300_000
# Items of containers, and tens of characters of texts, that expressions evaluate to: a program may double
# a value line by line, and what may change is kept as it was before.
_MAX_WEIGHT = 1_000_000
# Rounds until no further literal turns out to be changed by a function.
_MAX_ROUNDS = 6
# Calls that are followed: how many of them, how deep, and into functions of how many nodes.
_MAX_FOLLOWED = 500
_MAX_CALLS = 12
_MAX_BODY = 5_000
# Context managers that may leave their body early without ending the program.
_SUPPRESSING = frozenset(("suppress", "raises", "assertRaises", "assertRaisesRegex", "warns"))
#: Builtins through which any name can be read or bound.
REFLECTION = frozenset(("exec", "eval", "globals", "locals", "vars"))


class TooLargeError(Exception):
    """Raised when the program, or what it builds, is too large to be followed."""


class UnsettledError(Exception):
    """Raised when functions change too many of one another's values to be followed."""


# ---------------------------------------------------------------- values


class Scalar:
    """A number, a boolean or None."""

    __slots__ = ("value", "where")

    def __init__(self, value: object, where: Where) -> None:
        self.value = value
        self.where = where


class Text:
    """A string as the pieces that it is put together from."""

    __slots__ = ("pieces", "where")

    def __init__(self, pieces: list[Piece], where: Where) -> None:
        self.pieces = pieces
        self.where = where

    @property
    def text(self) -> str:
        """The whole text, with a `GAP` for each part that is not known."""
        return "".join(piece[0] for piece in self.pieces)

    @property
    def is_known(self) -> bool:
        """Whether no part of the text is unknown."""
        return all(GAP not in piece[0] for piece in self.pieces)


class Unknown:
    """A value that is not known."""

    __slots__ = ("where",)

    def __init__(self, where: Where) -> None:
        self.where = where


class Object:
    """A dict: its entries, each with the location of its key.

    `is_open`: it may hold more. `is_lost`: code that is not visible may have changed it, so that `entries`
    are only what the visible code gives. `maker`: the class that it is an instance of, where it is not a
    dict. `sources`: the containers that its entries were copied from.
    """

    __slots__ = (
        "born", "changed", "entries", "former", "home", "is_lost", "is_open", "maker", "name", "origin",
        "repeats", "sources", "unstable", "where",
    )  # fmt: skip

    def __init__(self, where: Where, origin: ast.AST, home: Scope, born: int) -> None:
        self.where = where
        self.origin = origin
        self.home = home
        self.entries: dict[str, tuple[Where, Value]] = {}
        #: Keys that functions set at any time, and whether they remove them too.
        self.unstable: dict[str, bool] = {}
        self.is_open = False
        self.is_lost = False
        self.born, self.changed = born, 0
        self.maker = ""
        #: Where the first name is that it is bound to.
        self.name: Where = None
        #: Duplicate keys of the literal: the key, its location and that of the first.
        self.repeats: list[tuple[str, Where, Where]] = []
        self.sources: list[Container] = []
        #: What it held before: a function may have met it then.
        self.former: list[Value] = []

    def state(self) -> State:
        """Return what may change."""
        return dict(self.entries), self.is_open, self.is_lost

    def restore(self, state: State) -> None:
        """Go back to a state."""
        self.entries, self.is_open, self.is_lost = state

    def stand_in(self, born: int) -> Object:
        """Return a lost dict with the same entries, for code that may meet this one in another state."""
        other = Object(self.where, self.origin, self.home, born)
        other.entries, other.is_lost, other.maker = dict(self.entries), True, self.maker
        other.former = self.former
        return other

    def children(self) -> Iterable[Value]:
        """Return the values that it holds."""
        return [value for _, value in self.entries.values()]

    def put_unknown(self) -> None:
        """Set an entry whose key is not known: it may be any of the present ones."""
        self.is_open = True
        self.entries = {key: (where, Unknown(value.where)) for key, (where, value) in self.entries.items()}


class Array:
    """A list or tuple. `is_open`: it may hold more; then only the first `fixed` items have a known index."""

    __slots__ = (
        "born", "changed", "fixed", "former", "home", "is_lost", "is_open", "items", "origin", "sources",
        "where",
    )  # fmt: skip

    def __init__(self, where: Where, origin: ast.AST, home: Scope, born: int) -> None:
        self.where = where
        self.origin = origin
        self.home = home
        self.items: list[Value] = []
        self.fixed = 0
        self.is_open = False
        self.is_lost = False
        self.born, self.changed = born, 0
        self.sources: list[Container] = []
        #: What it held before: a function may have met it then.
        self.former: list[Value] = []

    def state(self) -> State:
        """Return what may change."""
        return (list(self.items), self.fixed), self.is_open, self.is_lost

    def restore(self, state: State) -> None:
        """Go back to a state."""
        (self.items, self.fixed), self.is_open, self.is_lost = state

    def stand_in(self, born: int) -> Array:
        """Return a lost list with the same items, for code that may meet this one in another state."""
        other = Array(self.where, self.origin, self.home, born)
        other.items, other.is_lost, other.former = list(self.items), True, self.former
        return other

    def children(self) -> Iterable[Value]:
        """Return the values that it holds."""
        return self.items

    def add(self, items: Iterable[Value]) -> None:
        """Append items."""
        self.items.extend(items)
        if not self.is_open:
            self.fixed = len(self.items)

    def extend(self, other: Array) -> None:
        """Append the items of another one."""
        if not self.is_open:
            self.fixed += other.fixed
        self.items.extend(other.items)
        self.is_open = self.is_open or other.is_open
        self.sources.append(other)

    def at(self, index: Value) -> int | None:
        """Return the place in `items` of an index; None where it is not known."""
        number = index.value if isinstance(index, Scalar) else None
        if not isinstance(number, int):
            return None
        if number < 0 and not self.is_open:
            number += len(self.items)
        return number if 0 <= number < self.fixed else None


class Function:
    """A function of the program, with the scope and the time of its definition."""

    __slots__ = ("defined", "kind", "node", "owner", "scope", "where")

    def __init__(self, node: FunctionNode, scope: Scope, defined: int, owner: Class | None) -> None:
        self.node = node
        self.scope = scope
        self.defined = defined
        #: The class that it is a method of.
        self.owner = owner
        #: The decorator: "", "staticmethod", "classmethod", or "other" where that may change anything.
        self.kind = ""
        if not isinstance(node, ast.Lambda) and node.decorator_list:
            names = [name.id for name in node.decorator_list if isinstance(name, ast.Name)]
            self.kind = names[0] if names in (["staticmethod"], ["classmethod"]) else "other"
        self.where: Where = None


class Class:
    """A class of the program, with the values of its names."""

    __slots__ = ("names", "scope", "where")

    def __init__(self, scope: Scope) -> None:
        #: The scope that it is defined in.
        self.scope = scope
        self.names: dict[str, Value] = {}
        self.where: Where = None


class Instance:
    """An instance of a class of the program, or of one below it."""

    __slots__ = ("maker", "where")

    def __init__(self, maker: Class, where: Where) -> None:
        self.maker = maker
        self.where = where


class Client:
    """A client or session of boto3, and the region that it is made with."""

    __slots__ = ("region", "where")

    def __init__(self, region: Value | None, where: Where) -> None:
        self.region = region
        self.where = where


def as_text(value: Value) -> list[Piece]:
    """Return the pieces of the text that `str()` makes of a value."""
    if isinstance(value, Text):
        return value.pieces
    return [(str(value.value) if isinstance(value, Scalar) else GAP, None, 0)]


def is_dict(value: Value) -> bool:
    """Whether a value is a dict of which something is known."""
    return isinstance(value, Object) and not value.is_lost and not value.maker


# ---------------------------------------------------------------- scopes


class Scope:
    """The names of a module, a function or a class, and the functions defined in it."""

    __slots__ = ("bound", "deferred", "defined", "is_class", "names", "outer", "root", "unstable")

    def __init__(
        self,
        outer: Scope | None,
        unstable: frozenset[str],
        *,
        root: Scope | None = None,
        is_class: bool = False,
        defined: int = 0,
    ) -> None:
        self.outer = outer
        #: The scope whose code runs now, where this is the one of a call that is followed from there.
        self.root = root or self
        #: When the function was defined that the scope is of.
        self.defined = defined
        self.names: dict[str, Value] = {}
        #: Every value that a name was ever bound to: a function may meet any of them.
        self.bound: dict[str, list[Value]] = {}
        #: Names that are bound more than once, or in other scopes too: never known.
        self.unstable = unstable
        self.is_class = is_class
        #: Functions to analyse when the scope is complete.
        self.deferred: dict[FunctionNode, Function] = {}

    @property
    def function(self) -> Scope:
        """The nearest scope that is not a class."""
        scope = self
        while scope.is_class and scope.outer is not None:
            scope = scope.outer
        return scope


FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of a scope's body without those of the functions and classes in it."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(ast.iter_child_nodes(node))


def _unstable(body: Iterable[ast.AST], parameters: Iterable[str], shared: frozenset[str]) -> frozenset[str]:
    """Return the names that a scope binds more than once, deletes, or shares with others."""
    nodes = list(_own_nodes(body))
    updates = {id(target) for node in nodes for target in _updated(node)}
    counts = dict.fromkeys(parameters, 1)
    for node in nodes:
        name, times = _binding(node)
        if name is not None and id(node) not in updates:
            counts[name] = counts.get(name, 0) + times
    return shared | {name for name, count in counts.items() if count > 1}


def _updated(node: ast.AST) -> list[ast.expr]:
    """Return the names that a statement only updates: `x += 1`, `x = x.replace(...)`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
            names = [below.id for below in ast.walk(value) if isinstance(below, ast.Name)]
            return [target] if name in names else []
        case ast.AugAssign(target=target):
            return [target]
    return []


def _binding(node: ast.AST) -> tuple[str | None, int]:
    """Return the name that a node binds, and how often it counts; deleting it makes it unstable."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name, 1
        case ast.Name(id=name, ctx=ast.Del()):
            return name, 2
        case ast.alias(name=name, asname=asname):
            return asname or name.partition(".")[0], 1
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name, 1
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return node.name, 1
        case ast.MatchMapping(rest=rest):
            return rest, 1
    return None, 0


def _parameters(function: FunctionNode) -> list[str]:
    arguments = function.args
    rest = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return [arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest)]


# ---------------------------------------------------------------- the interpreter


class Effects:
    """What functions do, at any time, to the containers that an expression of an enclosing scope makes."""

    __slots__ = ("grows", "is_lost", "keys")

    def __init__(self) -> None:
        self.is_lost = False
        #: Whether items are appended.
        self.grows = False
        #: The keys that are set, and whether they are removed too.
        self.keys: dict[str, bool] = {}


class CallMatcher:
    """Decides which calls of a program are of interest, and what is kept of them."""

    #: Keys and keyword arguments that only values of interest have.
    marks: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Prepare for another round through the program: what was kept is dropped."""

    def wants(self, call: ast.Call) -> bool:
        """Whether a call may be one of interest."""
        raise NotImplementedError

    def kept(self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None) -> Any:
        """Return what to keep of such a call, with its arguments as they are now; None for nothing.

        `receiver`: what the method is called on.
        """
        raise NotImplementedError

    def makes(self, name: str) -> bool:
        """Whether a class of that name keeps its keyword arguments and does nothing else."""
        raise NotImplementedError


class Known:
    """What calls of functions and methods do, by their name, and operators, by what they are applied to."""

    __slots__ = ("builtins", "methods", "of_modules", "operators", "writers")

    def __init__(
        self,
        builtins: Mapping[str, KnownFunction],
        of_modules: Mapping[tuple[str, str], KnownFunction],
        methods: Mapping[tuple[type, str], KnownMethod],
        writers: frozenset[str],
        operators: Mapping[tuple[type[ast.operator], type, type], Operator],
    ) -> None:
        self.builtins = builtins
        #: By module and name, as in `json.loads`.
        self.of_modules = of_modules
        #: By the type of the value and name.
        self.methods = methods
        #: The methods that need not know what is in a container to change it.
        self.writers = writers
        self.operators = operators


class Interpreter:
    """Follows a module; `found` is what the matcher kept, by call."""

    def __init__(self, tree: ast.Module, offsets: Offsets, matcher: CallMatcher, known: Known) -> None:
        self.tree = tree
        self.offsets = offsets
        self.matcher = matcher
        self.known = known
        #: By call, and the calls that were followed to it.
        self.found: dict[tuple[ast.Call, ...], Any] = {}
        #: The clients that the program makes.
        self.clients: list[Client] = []
        #: The dicts that the program makes, by the expression that makes them.
        self.made: dict[ast.expr, Object] = {}
        self.shared = frozenset(
            name
            for node in ast.walk(tree)
            if isinstance(node, (ast.Global, ast.Nonlocal))
            for name in node.names
        )
        self.module = self.scope = Scope(None, _unstable(tree.body, (), self.shared))
        # The attributes that are assigned somewhere; None where they may be any.
        self._assigned = _assigned_attributes(tree)
        self._senders = _names_of_senders(tree, self._is_of_interest)
        self._bodies: dict[FunctionNode, _Body] = {}
        #: The names that comprehensions have of their own, while they are evaluated.
        self.shadowing: list[set[str]] = []
        self._effects: dict[ast.AST, Effects] = {}
        self._reset()

    def _reset(self) -> None:
        self.found = {}
        self.clients = []
        self.made = {}
        self.matcher.begin()
        self._steps = self._weight = self._clock = 0
        # What to restore: a container and its state, or a scope, a name and its value.
        self._undo: list[tuple[Container, State] | tuple[Scope, str, Value | None]] = []
        self.module = self.scope = Scope(None, self.module.unstable)
        #: The call whose coroutine is awaited at once.
        self.awaited: ast.expr | None = None
        # The functions and calls that are followed at the moment, and the return value of the last one.
        self._active: list[FunctionNode] = []
        self._calls: tuple[ast.Call, ...] = ()
        self._frame: _Frame | None = None
        self._followed = 0
        # The containers that classes hold, by name: an object that is not known may be of such a class.
        self._attributes: dict[str, list[Value]] = {}
        # Whether a function turned out to change something that it was not known to change.
        self._is_settled = True
        # Whether a loop is only searched for what it changes; those in it are then run once, or their
        # number would double with every level.
        self._probing = False

    def run(self) -> None:
        """Follow the module and its functions. Raises `TooLargeError`, `UnsettledError`, RecursionError."""
        for _ in range(_MAX_ROUNDS):
            self._reset()
            self.execute(self.tree.body)
            self._analyse_functions(self.module)
            if self._is_settled:
                return
        raise UnsettledError

    def run_apart(self) -> None:
        """Evaluate each call and dict of interest by itself, without what the program does around it.

        Raises `TooLargeError`, RecursionError.
        """
        self._reset()
        self.module.unstable = frozenset()
        todo: list[ast.AST] = [self.tree]
        while todo:
            node = todo.pop()
            if isinstance(node, (ast.Call, ast.Dict)) and self._is_of_interest(node):
                self.evaluate(node)
            else:
                todo.extend(ast.iter_child_nodes(node))

    def _analyse_functions(self, scope: Scope) -> None:
        """Analyse the functions of a complete scope, each as if it were called at any time."""
        state = self.scope, self._frame, self._calls, self.shadowing
        for function in list(scope.deferred.values()):
            if not self._matters(function.node, scope):
                continue
            own = Scope(scope, self.body(function.node).unstable, defined=function.defined)
            own.names = {name: Unknown(None) for name in _parameters(function.node)}
            if function.owner is not None and own.names and function.kind != "staticmethod":
                first = next(iter(own.names))
                is_class = function.kind == "classmethod"
                own.names[first] = function.owner if is_class else Instance(function.owner, None)
                own.bound[first] = [own.names[first]]
            self.scope, self._frame, self._calls, self.shadowing = own, None, (), []
            mark, start = len(self._undo), self._clock
            self._run_body(function.node)
            self._analyse_functions(own)
            self._roll_back(mark, start)
        self.scope, self._frame, self._calls, self.shadowing = state

    def _run_body(self, function: FunctionNode) -> None:
        if isinstance(function, ast.Lambda):
            self.give_back(self.evaluate(function.body))
        else:
            self.execute(function.body)

    def body(self, function: FunctionNode) -> _Body:
        """Return what the body of a function is like."""
        if function not in self._bodies:
            self._bodies[function] = _Body(function, self.shared)
        return self._bodies[function]

    def _matters(self, function: ast.AST, scope: Scope | None) -> bool:
        """Whether a function may hold a call of interest, or change a value of an enclosing scope."""
        names: set[str] = set(REFLECTION)
        while scope is not None:
            for name, values in scope.bound.items():
                if any(isinstance(value, (Object, Array, Class, Instance)) for value in values):
                    names.add(name)
            scope = scope.outer
        attributes = {
            name
            for name, values in self._attributes.items()
            if any(isinstance(value, (Object, Array)) for value in values)
        }
        return any(
            (isinstance(node, ast.Name) and node.id in names)
            or (isinstance(node, ast.Attribute) and node.attr in attributes)
            or self._is_of_interest(node)
            or (isinstance(node, ast.Call) and last_name(node.func) in self._senders)
            for node in ast.walk(function)
        )

    def _is_of_interest(self, node: ast.AST) -> bool:
        """Whether a node is a call of interest, or makes a dict with a key of interest."""
        match node:
            case ast.Call():
                return self.matcher.wants(node) or any(
                    word.arg in self.matcher.marks for word in node.keywords
                )
            case ast.Dict(keys=keys):
                marks = self.matcher.marks
                return any(isinstance(key, ast.Constant) and key.value in marks for key in keys)
        return False

    # ------------------------------------------------------------ nodes

    def execute(self, body: Iterable[ast.stmt]) -> None:
        """Follow statements."""
        for node in body:
            self.step()
            _EXECUTE.get(type(node), _visit_children)(self, node)

    def execute_class(self, body: list[ast.stmt]) -> Class:
        """Follow the body of a class, and return that."""
        outer, mark = self.scope, len(self._undo)
        unstable = _unstable(body, (), self.shared)
        made = Class(outer.function)
        self.scope = Scope(outer, unstable, root=outer.root, is_class=True)
        self.execute(body)
        made.names = {
            name: value
            for name, value in self.scope.names.items()
            if name not in unstable and self._assigned is not None and name not in self._assigned
        }
        for name, value in self.scope.names.items():
            self._attributes.setdefault(name, []).append(value)
            if name not in made.names:
                self.escape(value)
            if isinstance(value, Function) and value.node in body:
                value.owner = made
        # What the body did to others stays.
        self._undo[mark:] = [change for change in self._undo[mark:] if change[0] is not self.scope]
        self.scope = outer
        return made

    def define(self, node: FunctionNode) -> Function:
        """Return a function, whose analysis by itself is put off until its scope is complete."""
        scope = self.scope.function
        # In a loop the last definition counts; what it sees is what is known at the end anyway.
        scope.deferred[node] = made = Function(node, scope, self._clock, None)
        return made

    def evaluate(self, node: ast.expr) -> Value:
        """Return the value of an expression, after what evaluating it changes."""
        self.step()
        made: Value = _EVALUATE.get(type(node), _unknown_expression)(self, node)
        if isinstance(made, Text):
            self.weigh(len(made.pieces) + sum(len(piece[0]) for piece in made.pieces) // 10)
        elif isinstance(made, (Object, Array)):
            self.weigh(len(made.entries if isinstance(made, Object) else made.items))
            if made.origin is node:
                self.finish(made)
        return made

    def finish(self, made: Container) -> None:
        """Apply to a new container what functions do to it at any time."""
        effects = self._effects.get(made.origin)
        if isinstance(made, Object):
            self.made[made.origin] = made  # type: ignore[index]
            if any(key not in made.entries for key in made.unstable):
                made.is_open = True
        elif effects is not None and effects.grows:
            made.is_open = True
        if made.is_lost:
            self.escape_children(made)

    def step(self) -> None:
        """Count a step. Raises `TooLargeError` where there were too many."""
        self._steps += 1
        self._clock += 1
        if self._steps > _MAX_STEPS:
            raise TooLargeError

    def weigh(self, amount: int) -> None:
        """Count the size of a value. Raises `TooLargeError` where there was too much."""
        self._weight += amount
        if self._weight > _MAX_WEIGHT:
            raise TooLargeError

    # ------------------------------------------------------------ new containers

    def new_object(self, node: ast.expr, where: Where = None) -> Object:
        """Return an empty dict that an expression evaluates to, or a literal in it at `where`."""
        made = Object(where or node, node, self.scope.root, self._clock)
        effects = self._effects.get(node)
        if effects is not None:
            made.is_lost, made.unstable = effects.is_lost, effects.keys
        return made

    def new_array(self, node: ast.expr, where: Where = None) -> Array:
        """Return an empty list that an expression evaluates to, or a literal in it at `where`."""
        made = Array(where or node, node, self.scope.root, self._clock)
        made.is_lost = node in self._effects and self._effects[node].is_lost
        return made

    # ------------------------------------------------------------ names

    def bind(self, name: str, value: Value) -> None:
        """Bind a name of the present scope."""
        scope = self.scope
        if name in scope.unstable:
            self.escape(value)
            value = Unknown(value.where)
        self._undo.append((scope, name, scope.names.get(name)))
        scope.names[name] = value
        scope.bound.setdefault(name, []).append(value)

    def lookup(self, name: str, where: Where) -> Value:
        """Return the value of a name."""
        scope: Scope | None = self.scope
        is_inner = True
        defined = 0
        if any(name in names for names in self.shadowing):
            return Unknown(where)
        while scope is not None:
            if name in scope.unstable:
                return Unknown(where)
            if name in scope.names and (is_inner or not scope.is_class):
                value = scope.names[name]
                if is_inner or scope.root is self.scope.root:
                    return value
                return self._seen_later(value, scope.bound.get(name, ()), defined, where)
            # A function sees the names of enclosing scopes at another time than its own.
            is_inner = is_inner and scope.is_class
            defined = defined if scope.is_class else scope.defined
            scope = scope.outer
        return Unknown(where)

    def _seen_later(self, value: Value, bound: Iterable[Value], defined: int, where: Where) -> Value:
        """Return what a function that was defined at a time knows of a value of an enclosing scope."""
        if any(one is not value for one in bound):
            for one in bound:
                self.escape(one)
            return Unknown(where)
        if all(one.changed <= defined for one in _containers(value)):
            return value
        # It is not known what is in it when the function meets it; what the function does to it is.
        return value.stand_in(self._clock) if isinstance(value, (Object, Array)) else Unknown(where)

    def attribute(self, base: Class | Instance, name: str, node: ast.expr) -> Value:
        """Return the value of a class's name, as it is found in the class or in an instance."""
        made = base.maker if isinstance(base, Instance) else base
        value = made.names.get(name)
        if value is None:
            self.escape_attribute(name)
            return Unknown(node)
        if isinstance(base, Instance) and _is_blank(value):
            # A class below it gives another one.
            self.escape(value)
            return Unknown(node)
        if made.scope.root is self.scope.root:
            return value
        return self._seen_later(value, [value], self._defined_below(made.scope), node)

    def _defined_below(self, outer: Scope) -> int:
        """Return when the function was defined in a scope from which the present code is called."""
        defined = 0
        scope: Scope | None = self.scope
        while scope is not None and scope is not outer:
            defined = defined if scope.is_class else scope.defined
            scope = scope.outer
        return defined if scope is outer else 0

    def escape_attribute(self, name: str | None) -> None:
        """Forget what the attributes of a name hold, or all of them: an unknown object may have them."""
        for known, values in self._attributes.items():
            if name is None or known == name:
                for value in values:
                    self.escape(value)

    def is_builtin(self, name: str) -> bool:
        """Whether no scope binds the name."""
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.names or name in scope.unstable:
                return False
            scope = scope.outer
        return not any(name in names for names in self.shadowing)

    # ------------------------------------------------------------ changes

    def touch(
        self, node: Container, keys: Iterable[str] = (), removes: bool = False, grows: bool = False
    ) -> None:
        """Record that a container is about to change: at some keys, by items at its end, or anyhow."""
        self._undo.append((node, node.state()))
        if node.home is self.scope.root:
            node.changed = self._clock
            return
        effects = self._effects.setdefault(node.origin, Effects())
        before = effects.is_lost, effects.grows, len(effects.keys), sum(effects.keys.values())
        keys = list(keys)
        effects.is_lost = effects.is_lost or not (keys or grows)
        effects.grows = effects.grows or grows
        for key in keys:
            effects.keys[key] = effects.keys.get(key, False) or removes
        after = effects.is_lost, effects.grows, len(effects.keys), sum(effects.keys.values())
        self._is_settled = self._is_settled and before == after

    def escape(self, value: Value) -> None:
        """Forget what a value holds: code that is not visible can change it from here on."""
        todo: list[Value] = [value]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if isinstance(node, (Object, Array)) and id(node) not in seen:
                seen.add(id(node))
                if not node.is_lost:
                    self.touch(node)
                    node.is_lost = True
                elif node.home is not self.scope.root:
                    # It is lost by now; a function may be called before.
                    self.touch(node)
                else:
                    continue
                todo.extend(node.children())
                todo.extend(node.former)
            elif isinstance(node, (Class, Instance)) and id(node) not in seen:
                seen.add(id(node))
                todo.extend((node.maker if isinstance(node, Instance) else node).names.values())

    def escape_children(self, value: Value) -> None:
        """Forget what the values in a container hold."""
        if isinstance(value, (Object, Array)):
            for child in (*value.children(), *(value.former if value.is_lost else ())):
                self.escape(child)

    def escape_all(self) -> None:
        """Forget every value that has a name."""
        scope: Scope | None = self.scope
        while scope is not None:
            for name, value in list(scope.names.items()):
                self.escape(value)
                self._undo.append((scope, name, value))
                scope.names[name] = Unknown(None)
            scope = scope.outer

    # ------------------------------------------------------------ branches

    def branches(self, *runs: Callable[[], None]) -> None:
        """Follow what may happen or not: each run starts from what is known now, and none is certain."""
        changed = []
        for run in runs:
            mark, start = len(self._undo), self._clock
            run()
            changed.append(self._roll_back(mark, start))
        for one in changed:
            self._join(one)

    def loop(self, run: Callable[[], None]) -> None:
        """Follow what happens any number of times: what it changes is unknown already at its start."""
        if not self._probing:
            before = dict(self.found)
            self._probing = True
            self.branches(run)
            self._probing = False
            self.found = before
        self.branches(run)

    def _roll_back(self, mark: int, start: int) -> Changed:
        """Undo the changes since a mark, and return what they had led to.

        A container that was made after the `start` is left as it is: whoever has it went the same way.
        """
        names: dict[tuple[int, str], tuple[Scope, str, Value]] = {}
        nodes: dict[int, tuple[Container, State]] = {}
        for change in self._undo[mark:]:
            if len(change) == 3:
                scope, name, _ = change
                names[id(scope), name] = scope, name, scope.names[name]
            elif change[0].born <= start:
                nodes[id(change[0])] = change[0], change[0].state()
        while len(self._undo) > mark:
            change = self._undo.pop()
            if len(change) == 2:
                if change[0].born <= start:
                    change[0].restore(change[1])
            elif change[2] is None:
                del change[0].names[change[1]]
            else:
                change[0].names[change[1]] = change[2]
        return list(names.values()), list(nodes.values())

    def _join(self, changed: Changed) -> None:
        """Make unknown what may have been changed, or not."""
        names, nodes = changed
        for scope, name, after in names:
            before = scope.names.get(name)
            if before is not after:
                for value in (before, after):
                    if value is not None:
                        self.escape(value)
                self._undo.append((scope, name, before))
                scope.names[name] = Unknown(after.where)
        for node, state in nodes:
            self._undo.append((node, node.state()))
            self._join_object(node, state) if isinstance(node, Object) else self._join_array(node, state)
            if state[2]:
                self.escape(node)

    def _join_object(self, node: Object, state: State) -> None:
        entries, is_open, _ = state
        node.is_open = node.is_open or is_open or entries.keys() != node.entries.keys()
        for key, (where, value) in list(node.entries.items()):
            if key not in entries:
                self.escape(value)
                del node.entries[key]
            elif entries[key][1] is not value:
                self.escape(value)
                self.escape(entries[key][1])
                node.entries[key] = where, Unknown(value.where)
        for key, (_, value) in entries.items():
            if key not in node.entries:
                self.escape(value)

    def _join_array(self, node: Array, state: State) -> None:
        (items, fixed), is_open, _ = state
        same = 0
        while same < min(len(items), len(node.items)) and items[same] is node.items[same]:
            same += 1
        node.is_open = node.is_open or is_open or not same == len(items) == len(node.items)
        for value in (*items[same:], *node.items[same:]):
            self.escape(value)
        node.items = node.items[:same]
        node.fixed = min(node.fixed, fixed, same)

    # ------------------------------------------------------------ items and entries

    def item(self, base: Value, index: Value, node: ast.expr) -> Value:
        """Return an item or entry of a container."""
        if isinstance(base, Object) and isinstance(index, Text) and index.is_known:
            value = base.entries[index.text][1] if index.text in base.entries else None
            if not base.is_lost:
                return value or Unknown(node)
            if isinstance(value, (Object, Array)) and not base.former:
                # What is in it is not known; what is done to it is.
                return value if value.is_lost else value.stand_in(self._clock)
        elif isinstance(base, Array) and not base.is_lost:
            place = base.at(index)
            if place is not None:
                return base.items[place]
        # It may be any of them.
        self.escape_children(base)
        return Unknown(node)

    def set_item(self, base: Value, index: Value, value: Value) -> None:
        """Set an item or entry of a container."""
        if isinstance(base, Object) and not base.maker and isinstance(index, Text) and index.is_known:
            self.touch(base, [index.text])
            self.put(base, index.text, index.where, value)
            if base.is_lost:
                self.escape(value)
            return
        if isinstance(base, Object) and is_dict(base):
            self.touch(base)
            self.escape_children(base)
            base.put_unknown()
        elif isinstance(base, Array) and not base.is_lost:
            self.touch(base)
            place = base.at(index)
            base.former += base.items
            if place is not None:
                base.items[place] = value
                return
            self.escape_children(base)
            base.items, base.fixed, base.is_open = [], 0, True
        else:
            self.escape(base)
        self.escape(value)

    def put(self, made: Object, key: str, where: Where, value: Value) -> None:
        """Set an entry, which is not known where functions may set it too."""
        if key in made.entries:
            made.former.append(made.entries[key][1])
        if key in made.unstable:
            self.escape(value)
            value = Unknown(value.where)
            if made.unstable[key]:
                made.entries.pop(key, None)
                made.is_open = True
                return
        made.entries[key] = where, value

    def remove(self, base: Value, key: Value) -> Value | None:
        """Remove an entry, and return its value where that is known."""
        if isinstance(base, Object) and not base.maker and isinstance(key, Text) and key.is_known:
            self.touch(base, [key.text], removes=True)
            removed = base.entries.pop(key.text, (None, None))[1]
            if removed is not None:
                base.former.append(removed)
            base.is_open = base.is_open or key.text in base.unstable
            return None if base.is_lost else removed
        if isinstance(base, Object) and is_dict(base):
            self.touch(base)
            self.escape_children(base)
            base.former += base.children()
            base.entries, base.is_open = {}, True
        else:
            self.escape(base)
        return None

    def update(self, base: Object, value: Value) -> None:
        """Set the entries of another value in a dict that exists."""
        keys: Iterable[str] = ()
        if isinstance(value, Object) and is_dict(value) and not value.is_open:
            keys = value.entries
            if not keys:
                return
        self.touch(base, keys)
        self.merge(base, value)
        if base.is_lost:
            self.escape_children(base)

    def merge(self, made: Object, value: Value) -> None:
        """Set the entries of another value in a dict."""
        if not isinstance(value, Object) or not is_dict(value):
            self.escape(value)
            self.escape_children(made)
            made.put_unknown()
            return
        if value.is_open:
            self.escape_children(made)
            made.put_unknown()
        for key, (where, below) in list(value.entries.items()):
            self.put(made, key, where, below)
        made.repeats = [*made.repeats, *value.repeats]
        made.sources.append(value)

    def append(self, made: Array, value: Value) -> None:
        """Append the items of another value to a list."""
        if isinstance(value, Array) and not value.is_lost:
            made.extend(value)
        else:
            self.escape(value)
            made.is_open = True

    def add_to(self, before: Value, added: Value, operator: ast.operator, where: ast.expr) -> Value:
        """Return what `+=` or `|=` leaves: the same list or dict, changed, or a new value."""
        match operator, before, added:
            case ast.Add(), Array(), _:
                self.touch(before, grows=True)
                self.append(before, added)
                if before.is_lost:
                    self.escape_children(before)
                return before
            case ast.BitOr(), Object(maker=""), _:
                self.update(before, added)
                return before
            case _, Unknown(), Object() | Array():
                # It is changed in place, and may have other names.
                self.escape(added)
                return Unknown(where)
        return self.operation(operator, before, added, where)

    def operation(self, operator: ast.operator, left: Value, right: Value, where: ast.expr) -> Value:
        """Return what an operator makes of two values."""
        known = self.known.operators.get((type(operator), type(left), type(right)))
        made = known(self, where, left, right) if known is not None else None
        if made is not None:
            return made
        self.escape(left)
        self.escape(right)
        return Unknown(where)

    def copied(self, value: Value, copies: dict[int, Value] | None = None, depth: int = 0) -> Value:
        """Return a deep copy. Raises `TooLargeError` where the value is too deep."""
        copies = {} if copies is None else copies
        if depth > limits.MAX_DEPTH:
            raise TooLargeError
        self.step()
        if id(value) in copies:
            return copies[id(value)]
        if isinstance(value, Object) and not value.maker:
            made = Object(value.where, value.origin, self.scope.root, self._clock)
            copies[id(value)] = made
            made.is_open, made.is_lost, made.repeats = value.is_open, value.is_lost, value.repeats
            made.unstable = value.unstable
            made.sources.append(value)
            for key, (where, below) in value.entries.items():
                made.entries[key] = where, self.copied(below, copies, depth + 1)
            return made
        if isinstance(value, Array):
            array = Array(value.where, value.origin, self.scope.root, self._clock)
            copies[id(value)] = array
            array.fixed, array.is_open, array.is_lost = value.fixed, value.is_open, value.is_lost
            array.sources.append(value)
            array.items += [self.copied(item, copies, depth + 1) for item in value.items]
            return array
        return value

    # ------------------------------------------------------------ calls of the program's functions

    def follow(self, node: ast.Call, function: Function, receiver: Value | None = None) -> Value:
        """Return what a call of a function of the program returns, after what its body changes."""
        body = self.body(function.node)
        can_follow = (
            function.kind != "other"
            and body.is_plain
            and (node is self.awaited or not isinstance(function.node, ast.AsyncFunctionDef))
            and function.node not in self._active
            and len(self._active) < _MAX_CALLS
            and self._followed < _MAX_FOLLOWED
            and self._steps < _MAX_STEPS // 2
        )
        if not can_follow:
            if receiver is not None:
                self.escape(receiver)
            return opaque_call(self, node)
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
        body = self.body(function.node)
        defined = max(self.scope.root.defined, function.defined)
        own = Scope(function.scope, body.unstable, root=self.scope.root, defined=defined)
        state = self.scope, self._frame, self._calls, self.shadowing
        frame = _Frame(body.returns_once)
        self.scope, self._frame, self._calls, self.shadowing = own, frame, (*self._calls, node), []
        mark, start = len(self._undo), self._clock
        for name, value in names.items():
            self.bind(name, value)
        self._active.append(function.node)
        self._run_body(function.node)
        self._active.pop()
        self._analyse_functions(own)
        if body.may_end_early:
            # What the body changes may have changed or not.
            names_changed, nodes = self._roll_back(mark, start)
            self._join(([change for change in names_changed if change[0] is not own], nodes))
        self.scope, self._frame, self._calls, self.shadowing = state
        self._undo[mark:] = [change for change in self._undo[mark:] if change[0] is not own]
        return frame.value or Unknown(node)

    def keep(self, node: ast.Call, kept: Any) -> None:
        """Keep what was found at a call."""
        self.found[(node, *self._calls)] = kept

    def give_back(self, value: Value) -> None:
        """Return a value from the function that is followed."""
        if self._frame is not None and self._frame.is_single:
            self._frame.value = value
        else:
            self.escape(value)

    # ------------------------------------------------------------ arguments of calls

    def arguments(self, node: ast.Call, keeps: bool) -> None:
        """Evaluate the arguments of a call; `keeps` says whether the function may keep or change them."""
        for expression in (*node.args, *(word.value for word in node.keywords)):
            value = self.evaluate(expression.value if isinstance(expression, ast.Starred) else expression)
            if keeps:
                self.escape(value)

    def call_arguments(self, node: ast.Call) -> tuple[list[Value] | None, Object]:
        """Return the values of the arguments of a call; of those by position None if some are not known."""
        positional: list[Value] = []
        is_known = True
        for expression in node.args:
            if not isinstance(expression, ast.Starred):
                positional.append(self.evaluate(expression))
                continue
            items = self.evaluate(expression.value)
            if isinstance(items, Array) and not items.is_lost and not items.is_open:
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
        # A name that a splat repeats is refused, so it is never replaced.
        for name, where, value in written:
            self.put(made, name, where, value)
        return made


class _Body:
    """What the body of a function is like."""

    __slots__ = ("is_plain", "may_end_early", "returns_once", "unstable")

    def __init__(self, function: FunctionNode, shared: frozenset[str]) -> None:
        body = [function.body] if isinstance(function, ast.Lambda) else function.body
        self.unstable = _unstable(body, _parameters(function), shared)
        nodes = list(_own_nodes(body))
        returns = [node for node in nodes if isinstance(node, ast.Return)]
        #: Whether the only return, if there is one, is at the end.
        self.returns_once = not returns or (len(returns) == 1 and body[-1] is returns[0])
        self.may_end_early = not self.returns_once
        #: Whether a call runs the body, at once and to its end.
        self.is_plain = len(nodes) <= _MAX_BODY and not any(
            isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes
        )


class _Frame:
    """A call that is followed, and what it returns."""

    __slots__ = ("is_single", "value")

    def __init__(self, is_single: bool) -> None:
        self.is_single = is_single
        self.value: Value | None = None


def _bound(
    run: Interpreter, node: ast.Call, arguments: ast.arguments, positional: list[Value], words: Object
) -> dict[str, Value] | None:
    """Return the values of a function's parameters in a call; None where they do not fit."""
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
            names[name] = Unknown(None)
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


def _assigned_attributes(tree: ast.Module) -> frozenset[str] | None:
    """Return the attributes that a program assigns or deletes; None where their names are not known."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Call(
                func=ast.Name(id="setattr" | "delattr"), args=[_, ast.Constant(value=str() as name), *_]
            ):
                names.add(name)
            case ast.Call(func=ast.Name(id="setattr" | "delattr")):
                return None
    return frozenset(names)


def _names_of_senders(tree: ast.Module, is_of_interest: Callable[[ast.AST], bool]) -> frozenset[str]:
    """Return the names of functions that hold something of interest, or call a function that does."""
    calls: dict[str, set[str]] = {}
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            below = list(ast.walk(node))
            called = {last_name(call.func) for call in below if isinstance(call, ast.Call)}
            calls.setdefault(node.name, set()).update(called)
            if any(map(is_of_interest, below)):
                found.add(node.name)
    while more := {name for name, called in calls.items() if name not in found and called & found}:
        found |= more
    return frozenset(found)


def _is_blank(value: Value) -> bool:
    """Whether a class gives a name a value that says nothing: `None`, `""`, `{}`."""
    match value:
        case Scalar():
            return value.value is None
        case Text():
            return not value.text
        case Object():
            return not value.entries
        case Array():
            return not value.items
    return False


def _containers(value: Value) -> Iterator[Container]:
    """Yield a value and those below it that are containers, each once."""
    seen: set[int] = set()
    todo: list[Value] = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, (Object, Array)) and id(node) not in seen:
            seen.add(id(node))
            yield node
            todo.extend(node.children())


# ---------------------------------------------------------------- statements


def _visit_children(run: Interpreter, node: ast.AST) -> None:
    """Follow a node that has no meaning here: the values of its expressions go where nobody sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            run.escape(run.evaluate(child))
        elif isinstance(child, ast.stmt):
            run.execute([child])
        elif not isinstance(child, (ast.expr_context, ast.operator)):
            _visit_children(run, child)


def _expression_statement(run: Interpreter, node: ast.Expr) -> None:
    run.evaluate(node.value)


def _assignment(run: Interpreter, node: ast.Assign) -> None:
    value = run.evaluate(node.value)
    for target in node.targets:
        _assign(run, target, value)


def _annotated_assignment(run: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is None:
        _visit_children(run, node)
    else:
        _assign(run, node.target, run.evaluate(node.value))


def _assign(run: Interpreter, target: ast.expr, value: Value) -> None:
    match target:
        case ast.Name(id=name):
            run.bind(name, value)
            if isinstance(value, Object) and value.name is None:
                value.name = target
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _unpack(run, targets, value)
        case ast.Subscript(value=base, slice=index):
            run.set_item(run.evaluate(base), run.evaluate(index), value)
        case ast.Starred(value=below):
            run.escape(value)
            _assign(run, below, Unknown(None))
        case _:
            run.escape(value)
            _visit_children(run, target)


def _unpack(run: Interpreter, targets: list[ast.expr], value: Value) -> None:
    is_plain = not any(isinstance(target, ast.Starred) for target in targets)
    if isinstance(value, Array) and not value.is_lost and not value.is_open:
        items = list(value.items)
        if is_plain and len(items) == len(targets):
            for target, item in zip(targets, items, strict=True):
                _assign(run, target, item)
            return
    run.escape(value)
    for target in targets:
        _assign(run, target, Unknown(None))


def _augmented_assignment(run: Interpreter, node: ast.AugAssign) -> None:
    added = run.evaluate(node.value)
    target = node.target
    match target:
        case ast.Name(id=name):
            run.bind(name, run.add_to(run.lookup(name, target), added, node.op, target))
        case ast.Subscript(value=base, slice=index):
            container, key = run.evaluate(base), run.evaluate(index)
            before = run.item(container, key, target)
            after = run.add_to(before, added, node.op, target)
            if after is not before:
                run.set_item(container, key, after)
        case _:
            run.escape(added)
            _visit_children(run, target)


def _deletion(run: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        match target:
            case ast.Subscript(value=base, slice=index):
                run.remove(run.evaluate(base), run.evaluate(index))
            case ast.Name(id=name):
                run.bind(name, Unknown(None))
            case _:
                _visit_children(run, target)


def _condition(run: Interpreter, node: ast.If) -> None:
    run.evaluate(node.test)
    run.branches(lambda: run.execute(node.body), lambda: run.execute(node.orelse))


def _for_loop(run: Interpreter, node: ast.For | ast.AsyncFor) -> None:
    def iteration() -> None:
        _assign(run, node.target, Unknown(None))
        run.execute(node.body)

    run.escape_children(run.evaluate(node.iter))
    run.loop(iteration)
    run.branches(lambda: run.execute(node.orelse))


def _while_loop(run: Interpreter, node: ast.While) -> None:
    run.loop(lambda: run.execute([ast.Expr(node.test), *node.body]))
    run.branches(lambda: run.execute(node.orelse))


def _with_statement(run: Interpreter, node: ast.With | ast.AsyncWith) -> None:
    leaves_early = False
    for item in node.items:
        run.escape(run.evaluate(item.context_expr))
        if item.optional_vars is not None:
            _assign(run, item.optional_vars, Unknown(None))
        if isinstance(item.context_expr, ast.Call):
            leaves_early = leaves_early or last_name(item.context_expr.func) in _SUPPRESSING
    if leaves_early:
        run.branches(lambda: run.execute(node.body))
    else:
        run.execute(node.body)


def _try_statement(run: Interpreter, node: ast.Try) -> None:
    run.branches(lambda: run.execute(node.body))
    handlers = [lambda handler=handler: _handler(run, handler) for handler in node.handlers]
    run.branches(*handlers, lambda: run.execute(node.orelse))
    run.execute(node.finalbody)


def _handler(run: Interpreter, handler: ast.ExceptHandler) -> None:
    if handler.type is not None:
        run.evaluate(handler.type)
    if handler.name is not None:
        run.bind(handler.name, Unknown(None))
    run.execute(handler.body)


def _match_statement(run: Interpreter, node: ast.Match) -> None:
    run.escape(run.evaluate(node.subject))
    run.branches(*(lambda case=case: _case(run, case) for case in node.cases))


def _case(run: Interpreter, case: ast.match_case) -> None:
    for below in ast.walk(case.pattern):
        name, _ = _binding(below)
        if name is not None:
            run.bind(name, Unknown(None))
    if case.guard is not None:
        run.evaluate(case.guard)
    run.execute(case.body)


def _import(run: Interpreter, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name == "*":
            for name in list(run.scope.names):
                run.bind(name, Unknown(None))
        else:
            run.bind(alias.asname or alias.name.partition(".")[0], Unknown(None))


def _function_statement(run: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    run.bind(node.name, _define(run, node, node.decorator_list))


def _define(run: Interpreter, node: FunctionNode, decorators: Iterable[ast.expr] = ()) -> Value:
    for expression in (*node.args.defaults, *node.args.kw_defaults, *decorators):
        if expression is not None:
            run.escape(run.evaluate(expression))
    return run.define(node)


def _return_statement(run: Interpreter, node: ast.Return) -> None:
    run.give_back(run.evaluate(node.value) if node.value is not None else Unknown(None))


def _class_statement(run: Interpreter, node: ast.ClassDef) -> None:
    for expression in (*node.decorator_list, *node.bases, *(word.value for word in node.keywords)):
        run.escape(run.evaluate(expression))
    made = run.execute_class(node.body)
    is_plain = not node.keywords and all(map(_is_dataclass, node.decorator_list))
    if not is_plain:
        run.escape(made)
    run.bind(node.name, made if is_plain else Unknown(None))


def _is_dataclass(decorator: ast.expr) -> bool:
    return last_name(decorator.func if isinstance(decorator, ast.Call) else decorator) == "dataclass"


_EXECUTE: dict[type[ast.AST], Callable[[Interpreter, Any], None]] = {
    ast.Expr: _expression_statement,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated_assignment,
    ast.AugAssign: _augmented_assignment,
    ast.Delete: _deletion,
    ast.If: _condition,
    ast.For: _for_loop,
    ast.AsyncFor: _for_loop,
    ast.While: _while_loop,
    ast.With: _with_statement,
    ast.AsyncWith: _with_statement,
    ast.Try: _try_statement,
    ast.Match: _match_statement,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.FunctionDef: _function_statement,
    ast.AsyncFunctionDef: _function_statement,
    ast.ClassDef: _class_statement,
    ast.Return: _return_statement,
}
if hasattr(ast, "TryStar"):  # Python 3.11
    _EXECUTE[ast.TryStar] = _try_statement


# ---------------------------------------------------------------- expressions


def _unknown_expression(run: Interpreter, node: ast.expr) -> Value:
    _visit_children(run, node)
    return Unknown(node)


def _constant(run: Interpreter, node: ast.Constant) -> Value:  # noqa: ARG001
    if isinstance(node.value, str):
        return Text([(node.value, node, 0)], node)
    if node.value is None or isinstance(node.value, (bool, int, float)):
        return Scalar(node.value, node)
    return Unknown(node)


def _name(run: Interpreter, node: ast.Name) -> Value:
    return run.lookup(node.id, node)


def _dict(run: Interpreter, node: ast.Dict) -> Value:
    made = run.new_object(node)
    written: dict[str, Where] = {}
    for key, expression in zip(node.keys, node.values, strict=True):
        if key is None:
            run.merge(made, run.evaluate(expression))
            continue
        name = run.evaluate(key)
        value = run.evaluate(expression)
        if isinstance(name, Text) and name.is_known:
            text = name.text
            if text in written:
                made.repeats.append((text, name.where, written[text]))
            written.setdefault(text, name.where)
            run.put(made, text, name.where, value)
        else:
            run.escape(value)
            run.escape_children(made)
            made.put_unknown()
    return made


def _list(run: Interpreter, node: ast.List | ast.Tuple) -> Value:
    return list_of(run, node, node.elts)


def list_of(run: Interpreter, node: ast.expr, items: Iterable[ast.expr]) -> Array:
    """Return a list of items, some of which may be starred."""
    made = run.new_array(node)
    for item in items:
        if isinstance(item, ast.Starred):
            run.append(made, run.evaluate(item.value))
            continue
        made.add([run.evaluate(item)])
    return made


def _operation(run: Interpreter, node: ast.BinOp) -> Value:
    return run.operation(node.op, run.evaluate(node.left), run.evaluate(node.right), node)


def _unary_operation(run: Interpreter, node: ast.UnaryOp) -> Value:
    operand = run.evaluate(node.operand)
    if isinstance(operand, Scalar):
        if isinstance(node.op, ast.USub) and type(operand.value) in (int, float):
            return Scalar(-operand.value, node)  # type: ignore[operator]
        if isinstance(node.op, ast.Not):
            return Scalar(not operand.value, node)
    return Unknown(node)


def _joined_string(run: Interpreter, node: ast.JoinedStr) -> Value:
    return Text([piece for part in node.values for piece in _part_of_string(run, part)], node)


def _part_of_string(run: Interpreter, part: ast.expr) -> list[Piece]:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        # Before Python 3.12 it has no location of its own.
        return [(part.value, None, 0)]
    if not isinstance(part, ast.FormattedValue):
        return [(GAP, None, 0)]
    value = run.evaluate(part.value)
    if part.format_spec is not None:
        run.evaluate(part.format_spec)
        return [(GAP, None, 0)]
    return as_text(value) if part.conversion in (-1, ord("s")) else [(GAP, None, 0)]


def _subscript(run: Interpreter, node: ast.Subscript) -> Value:
    return run.item(run.evaluate(node.value), run.evaluate(node.slice), node)


def _comparison(run: Interpreter, node: ast.Compare) -> Value:
    for operand in (node.left, *node.comparators):
        run.evaluate(operand)
    return Unknown(node)


def _conditional_expression(run: Interpreter, node: ast.IfExp) -> Value:
    run.evaluate(node.test)
    run.branches(lambda: run.escape(run.evaluate(node.body)), lambda: run.escape(run.evaluate(node.orelse)))
    return Unknown(node)


def _boolean_operation(run: Interpreter, node: ast.BoolOp) -> Value:
    first, *rest = node.values
    run.escape(run.evaluate(first))
    for operand in rest:
        run.branches(lambda operand=operand: run.escape(run.evaluate(operand)))  # type: ignore[misc]
    return Unknown(node)


def _named_expression(run: Interpreter, node: ast.NamedExpr) -> Value:
    value = run.evaluate(node.value)
    _assign(run, node.target, value)
    return value


def _lambda(run: Interpreter, node: ast.Lambda) -> Value:
    return _define(run, node)


def _await(run: Interpreter, node: ast.Await) -> Value:
    run.awaited = node.value
    return run.evaluate(node.value)


def _attribute(run: Interpreter, node: ast.Attribute) -> Value:
    base = run.evaluate(node.value)
    if isinstance(base, (Class, Instance)):
        value = run.attribute(base, node.attr, node)
        # A method has its first argument already.
        is_method = isinstance(value, Function) and (isinstance(base, Instance) or value.kind != "")
        return Unknown(node) if is_method else value
    run.escape(base)
    run.escape_attribute(None if node.attr == "__dict__" else node.attr)
    return Unknown(node)


def _comprehension(
    run: Interpreter, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
) -> Value:
    elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    own = {
        name.id
        for generator in node.generators
        for name in ast.walk(generator.target)
        if isinstance(name, ast.Name)
    }

    def iteration() -> None:
        run.shadowing.append(own)
        for generator in node.generators:
            run.escape_children(run.evaluate(generator.iter))
            for condition in generator.ifs:
                run.escape(run.evaluate(condition))
        for element in elements:
            run.escape(run.evaluate(element))
        run.shadowing.pop()

    run.escape_children(run.evaluate(node.generators[0].iter))
    run.loop(iteration)
    return Unknown(node)


# ---------------------------------------------------------------- calls


def _call(run: Interpreter, node: ast.Call) -> Value:
    if run.matcher.wants(node):
        return _wanted_call(run, node)
    function = node.func
    made = None
    if isinstance(function, ast.Attribute):
        made = _module_function(run, node, function) or _method_call(run, node, function)
    elif isinstance(function, ast.Name) and run.is_builtin(function.id):
        known = run.known.builtins.get(function.id)
        made = known(run, node) if known is not None else None
    else:
        called = run.evaluate(function)
        if isinstance(called, Function):
            return run.follow(node, called)
        if isinstance(called, Class):
            return _new_instance(run, node, called)
        run.escape(called)
    maker = last_name(function)
    if made is None and not node.args and maker and run.matcher.makes(maker):
        return _instance(run, node, maker)
    return opaque_call(run, node) if made is None else made


def _method_call(run: Interpreter, node: ast.Call, function: ast.Attribute) -> Value | None:
    """Return the value of a call of a method of a known value; None for any other one."""
    base = run.evaluate(function.value)
    if isinstance(base, (Object, Array, Text, Client)):
        return _method(run, node, base, function.attr)
    if isinstance(base, (Class, Instance)):
        method = run.attribute(base, function.attr, function)
        if isinstance(method, Function):
            is_plain = isinstance(base, Class) and method.kind == ""
            return run.follow(node, method, None if is_plain else base)
        run.escape(base)
    return None


def _new_instance(run: Interpreter, node: ast.Call, made: Class) -> Value:
    instance = Instance(made, node)
    start = made.names.get("__init__")
    if isinstance(start, Function):
        run.follow(node, start, instance)
    else:
        run.arguments(node, keeps=True)
    return instance


def opaque_call(run: Interpreter, node: ast.Call) -> Value:
    """Return the value of a call of a function that may keep or change its arguments."""
    run.arguments(node, keeps=True)
    return Unknown(node)


def harmless_call(run: Interpreter, node: ast.Call) -> Value:
    """Return the value of a call of a function that neither keeps nor changes its arguments."""
    run.arguments(node, keeps=False)
    return Unknown(node)


def _wanted_call(run: Interpreter, node: ast.Call) -> Value:
    receiver = run.evaluate(node.func.value) if isinstance(node.func, ast.Attribute) else None
    if receiver is not None:
        run.escape(receiver)
    positional = [Unknown(arg) if isinstance(arg, ast.Starred) else run.evaluate(arg) for arg in node.args]
    words = run.keywords(node, run.words(node))
    kept = run.matcher.kept(node, words, positional, receiver)
    if kept is not None:
        run.keep(node, kept)
    else:
        for value in (words, *positional):
            run.escape(value)
    return Unknown(node)


def _module_function(run: Interpreter, node: ast.Call, function: ast.Attribute) -> Value | None:
    """Return the value of a call of a known function of a module; None for any other call."""
    if not isinstance(function.value, ast.Name):
        return None
    module = function.value.id
    if isinstance(run.lookup(module, None), (Object, Array, Text)):
        return None
    known = run.known.of_modules.get((module, function.attr))
    return known(run, node) if known is not None else None


def _method(run: Interpreter, node: ast.Call, base: Object | Array | Text | Client, name: str) -> Value:
    known = run.known.methods.get((type(base), name))
    is_hidden = isinstance(base, (Object, Array)) and base.is_lost and name not in run.known.writers
    if known is not None and not is_hidden and not (isinstance(base, Object) and base.maker):
        made = known(run, node, base)
        if made is not None:
            return made
    if isinstance(base, Text):
        return harmless_call(run, node)
    run.escape(base)
    return opaque_call(run, node)


def _instance(run: Interpreter, node: ast.Call, maker: str) -> Value:
    made = run.new_object(node)
    run.keywords(node, made)
    for key, (where, value) in list(made.entries.items()):
        made.entries[key] = where, run.copied(value)
    made.maker = maker
    return made


def last_name(function: ast.expr) -> str:
    """Return the name of a function without those of its modules; the empty text where it has none."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


_EVALUATE: dict[type[ast.AST], Callable[[Interpreter, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Dict: _dict,
    ast.List: _list,
    ast.Tuple: _list,
    ast.BinOp: _operation,
    ast.UnaryOp: _unary_operation,
    ast.JoinedStr: _joined_string,
    ast.Subscript: _subscript,
    ast.Compare: _comparison,
    ast.IfExp: _conditional_expression,
    ast.BoolOp: _boolean_operation,
    ast.NamedExpr: _named_expression,
    ast.Lambda: _lambda,
    ast.Attribute: _attribute,
    ast.Await: _await,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Call: _call,
}
