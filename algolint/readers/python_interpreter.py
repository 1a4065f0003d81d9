"""What a Python program's literals say, statement by statement, without running any of it.

Objects and lists are known by identity, as Python knows them: two names of one dict see one another's
changes. What a branch or a loop touches is unknown behind it; what is handed to code that is not seen
(another function's argument, an attribute, a name that is bound twice) is unknown from there on. What a
function does to the values of the code around it may happen at any time, so those values are never known.
"""

from __future__ import annotations

import ast

from algolint.readers import json as read_json
from algolint.source import MAX_DEPTH, Source, SourceSyntaxError
from algolint.values import UNKNOWN, is_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from algolint.source import Span

    # A place: a node of the tree (whose offsets are counted when they are asked for) or offsets.
    Where: TypeAlias = "ast.expr | ast.keyword | Span | None"
    Value: TypeAlias = "Scalar | Text | Hidden | Object | Array"
    Container: TypeAlias = "Object | Array"
    # The names and containers that a branch touched, as it left them.
    Touched: TypeAlias = "tuple[list[tuple[Scope, str, Value]], list[tuple[Container, State]]]"
    State: TypeAlias = tuple[Any, bool, bool]

#: Stands in a text where something unknown was put in.
HOLE = "\ue000"
# More steps than this take longer than a file is worth.
_MOST_STEPS = 300_000
# Items of containers, and tens of characters of texts, that expressions come to: a program may double a
# value line by line, and what may change is kept as it was before.
_MOST_WEIGHT = 1_000_000
# A text longer than this is no template of a spec.
_LONGEST_JSON = 200_000
# Functions that change none of their arguments and keep none.
_HARMLESS = frozenset(
    "print len str repr type isinstance id bool hash callable format display pprint any all".split()
)
_HARMLESS_METHODS = {
    "json": frozenset(("dumps", "dump")),
    "pprint": frozenset(("pprint", "pformat", "pp")),
    "yaml": frozenset(("dump", "safe_dump")),
}
_LOGGERS = frozenset(("logger", "logging", "log", "_logger", "LOGGER", "LOG", "_log"))
# Functions through which any name can be read or bound.
_REFLECTION = frozenset(("exec", "eval", "globals", "locals", "vars"))
# What leaves its body early without the program's end.
_SUPPRESSING = frozenset(("suppress", "raises", "assertRaises", "assertRaisesRegex", "warns"))


class TooMuch(Exception):
    """The program, or what it makes, is too large to be followed."""


class Unsettled(Exception):
    """The program's functions change too many of one another's values to be followed."""


# ---------------------------------------------------------------- values


class Scalar:
    """A number, a truth value or None."""

    __slots__ = ("value", "where")

    def __init__(self, value: object, where: Where) -> None:
        self.value = value
        self.where = where


class Text:
    """A string: its pieces, each with the literal it comes from and where in that one's text it begins."""

    __slots__ = ("pieces", "where")

    def __init__(self, pieces: list[tuple[str, ast.Constant | None, int]], where: Where) -> None:
        self.pieces = pieces
        self.where = where

    @property
    def text(self) -> str:
        """The whole text, with a `HOLE` for what is not known."""
        return "".join(piece[0] for piece in self.pieces)


class Hidden:
    """What is not known."""

    __slots__ = ("where",)

    def __init__(self, where: Where) -> None:
        self.where = where


class Object:
    """A dict: its entries, each with the place of its key.

    `open`: it may hold more. `lost`: nothing of it is known any more. `maker`: the class that it is an
    instance of, where it is no dict. `sources`: what its entries were copied from.
    """

    __slots__ = (
        "changed",
        "entries",
        "home",
        "lost",
        "maker",
        "open",
        "origin",
        "repeats",
        "sources",
        "where",
    )

    def __init__(self, where: Where, origin: ast.AST, home: Scope) -> None:
        self.where = where
        self.origin = origin
        self.home = home
        self.entries: dict[str, tuple[Where, Value]] = {}
        self.open = False
        self.lost = False
        self.changed = 0
        self.maker = ""
        #: Keys that the literal gives again: the key, its place and that of the first.
        self.repeats: list[tuple[str, Where, Where]] = []
        self.sources: list[Container] = []

    def state(self) -> State:
        """What may change."""
        return dict(self.entries), self.open, self.lost

    def restore(self, state: State) -> None:
        """Put a state back."""
        self.entries, self.open, self.lost = state

    def children(self) -> Iterable[Value]:
        """The values it holds."""
        return [value for _, value in self.entries.values()]

    def put(self, key: str, where: Where, value: Value) -> None:
        """Set an entry."""
        self.entries[key] = where, value

    def put_unknown(self) -> None:
        """Set an entry whose key is not known: it may be any of those there are."""
        self.open = True
        self.entries = {key: (where, Hidden(value.where)) for key, (where, value) in self.entries.items()}

    def merge(self, other: Object) -> None:
        """Take over another's entries."""
        if other.open:
            self.put_unknown()
        self.entries.update(other.entries)
        self.repeats = [*self.repeats, *other.repeats]
        self.sources.append(other)


class Array:
    """A list or tuple."""

    __slots__ = ("changed", "home", "items", "lost", "open", "origin", "sources", "where")

    def __init__(self, where: Where, origin: ast.AST, home: Scope) -> None:
        self.where = where
        self.origin = origin
        self.home = home
        self.items: list[Value] = []
        self.open = False
        self.lost = False
        self.changed = 0
        self.sources: list[Container] = []

    def state(self) -> State:
        """What may change."""
        return list(self.items), self.open, self.lost

    def restore(self, state: State) -> None:
        """Put a state back."""
        self.items, self.open, self.lost = state

    def children(self) -> Iterable[Value]:
        """The values it holds."""
        return self.items

    def add(self, items: Iterable[Value], is_open: bool = False) -> None:
        """Append items; where more stand before them than are seen, they have no index."""
        if not self.open:
            self.items.extend(items)
            self.open = is_open


# ---------------------------------------------------------------- scopes


class Scope:
    """The names of a module, a function or a class, and the functions defined in it."""

    __slots__ = ("bound", "deferred", "is_class", "names", "outer", "unstable")

    def __init__(self, outer: Scope | None, unstable: frozenset[str], is_class: bool = False) -> None:
        self.outer = outer
        self.names: dict[str, Value] = {}
        #: Every value that a name was ever bound to: a function may have met any of them.
        self.bound: dict[str, list[Value]] = {}
        #: Names that are bound more than once, or elsewhere too: never known.
        self.unstable = unstable
        self.is_class = is_class
        #: Functions to look into when the scope is complete, with the time of their definition.
        self.deferred: dict[ast.AST, int] = {}


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a scope's body without those of the functions and classes in it."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(ast.iter_child_nodes(node))


def _unstable(body: Iterable[ast.AST], parameters: Iterable[str], shared: frozenset[str]) -> frozenset[str]:
    """The names that a scope binds more than once, deletes, or shares with others."""
    counts = dict.fromkeys(parameters, 1)

    def bound(name: str | None, times: int = 1) -> None:
        if name is not None:
            counts[name] = counts.get(name, 0) + times

    nodes = list(_own_nodes(body))
    updates: set[int] = set()
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
                if any(isinstance(below, ast.Name) and below.id == name for below in ast.walk(value)):
                    updates.add(id(target))
            case ast.AugAssign(target=target):
                updates.add(id(target))
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in updates:
                bound(name)
            case ast.Name(id=name, ctx=ast.Del()):
                bound(name, 2)
            case ast.alias(name=name, asname=asname):
                bound(asname or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound(name)
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
                bound(node.name)
            case ast.MatchMapping(rest=rest):
                bound(rest)
    return shared | {name for name, count in counts.items() if count > 1}


# ---------------------------------------------------------------- the program


class CallMatcher:
    """What is looked for in a program."""

    def begin(self) -> None:
        """Another round through the program begins; what was kept is dropped."""

    def wants(self, call: ast.Call) -> bool:
        """Whether a call may be one that is looked for."""
        raise NotImplementedError

    def kept(self, call: ast.Call, words: Object, positional: list[Value]) -> Any:
        """What to keep of such a call, with its arguments as they are at that moment; None for nothing."""
        raise NotImplementedError

    def makes(self, name: str) -> bool:
        """Whether a class of that name keeps its keyword arguments and does nothing else."""
        raise NotImplementedError


class Program:
    """Follows a module; `found` is what was kept of the calls that are looked for."""

    def __init__(self, tree: ast.Module, offsets: Offsets, matcher: CallMatcher) -> None:
        self.tree = tree
        self.offsets = offsets
        self._matcher = matcher
        self.found: dict[ast.Call, Any] = {}
        self._shared = frozenset(
            name
            for node in ast.walk(tree)
            if isinstance(node, (ast.Global, ast.Nonlocal))
            for name in node.names
        )
        # Literals that some function changes, or may change.
        self._unsafe: set[ast.AST] = set()
        self._steps = 0
        self._weight = 0
        self._trail: list[tuple[Any, Any, Any]] = []
        self._clock = 0
        self.module = Scope(None, _unstable(tree.body, (), self._shared))
        self._scope = self.module
        self._after: int | None = None
        # Whether a loop is only looked into for what it touches; those in it are then run once, or their
        # number would double with every level.
        self._probing = False
        # The names that comprehensions have of their own, while they are looked into.
        self._shadowing: list[set[str]] = []
        #: Where the module's names are bound.
        self.bindings: dict[str, Where] = {}

    def run(self) -> None:
        """Follow the module and its functions. Raises `TooMuch`, `Unsettled`, RecursionError."""
        for _ in range(6):
            before = len(self._unsafe)
            self.found = {}
            self._matcher.begin()
            self._steps = self._weight = 0
            self._trail = []
            self._clock = 0
            self.module = self._scope = Scope(None, self.module.unstable)
            self._after = None
            self._block(self.tree.body)
            self._functions_of(self.module)
            if len(self._unsafe) == before:
                return
        raise Unsettled

    def _functions_of(self, scope: Scope) -> None:
        """Look into the functions of a complete scope."""
        outer, before = self._scope, self._after
        for function, defined in scope.deferred.items():
            if not self._matters(function, scope):
                continue
            parameters = [arg.arg for arg in _parameters(function)]
            body: list[ast.AST] = (
                [function.body] if isinstance(function, ast.Lambda) else list(function.body)  # type: ignore[attr-defined]
            )
            own = Scope(scope, _unstable(body, parameters, self._shared))
            self._scope, self._after = own, defined
            for name in parameters:
                own.names[name] = Hidden(None)
            mark = len(self._trail)
            for node in body:
                if isinstance(node, ast.expr):
                    self.escape(self.value(node))
                else:
                    self._statement(node)  # type: ignore[arg-type]
            self._functions_of(own)
            self._roll_back(mark)
        self._scope, self._after = outer, before

    def _matters(self, function: ast.AST, scope: Scope | None) -> bool:
        """Whether a function may hold a call that is looked for, or change a value of a scope around it."""
        names: set[str] = set(_REFLECTION)
        while scope is not None:
            for name, values in scope.bound.items():
                if any(isinstance(value, (Object, Array)) for value in values):
                    names.add(name)
            scope = scope.outer
        return any(
            (isinstance(node, ast.Name) and node.id in names)
            or (isinstance(node, ast.Call) and self._matcher.wants(node))
            for node in ast.walk(function)
        )

    # ------------------------------------------------------------ names

    def _bind(self, name: str, value: Value) -> None:
        scope = self._scope
        if name in scope.unstable or scope.is_class:
            self.escape(value)
            if name in scope.unstable:
                value = Hidden(value.where)
        self._trail.append((scope, name, scope.names.get(name)))
        scope.names[name] = value
        scope.bound.setdefault(name, []).append(value)

    def _lookup(self, name: str, where: Where) -> Value:
        scope: Scope | None = self._scope
        inner = True
        if any(name in names for names in self._shadowing):
            return Hidden(where)
        while scope is not None:
            if name in scope.unstable:
                return Hidden(where)
            if name in scope.names and (inner or not scope.is_class):
                value = scope.names[name]
                if inner or self._settled(value, scope.bound.get(name, ())):
                    return value
                for one in scope.bound.get(name, ()):
                    self.escape(one)
                return Hidden(where)
            # A function sees the names of the scopes around it at another time than its own.
            inner = inner and scope.is_class
            scope = scope.outer
        return Hidden(where)

    def _settled(self, value: Value, bound: Iterable[Value]) -> bool:
        """Whether a value of an outer scope is its name's only one, settled where the function is made."""
        if any(one is not value for one in bound):
            return False
        if self._after is None or not isinstance(value, (Object, Array)):
            return True
        seen: set[int] = set()
        todo: list[Value] = [value]
        while todo:
            below = todo.pop()
            if isinstance(below, (Object, Array)) and id(below) not in seen:
                seen.add(id(below))
                if below.changed > self._after:
                    return False
                todo.extend(below.children())
        return True

    def is_builtin(self, name: str) -> bool:
        """Whether no scope binds the name."""
        scope: Scope | None = self._scope
        while scope is not None:
            if name in scope.names or name in scope.unstable:
                return False
            scope = scope.outer
        return not any(name in names for names in self._shadowing)

    # ------------------------------------------------------------ changes

    def _touch(self, node: Container) -> None:
        """About to change a container."""
        self._trail.append((node, node.state(), None))
        node.changed = self._clock
        if node.home is not self._home():
            self._unsafe.add(node.origin)

    def escape(self, value: Value) -> None:
        """Forget what a value holds: code that is not seen can change it from here on."""
        todo: list[Value] = [value]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if isinstance(node, (Object, Array)) and id(node) not in seen:
                seen.add(id(node))
                if not node.lost:
                    self._touch(node)
                    node.lost = True
                elif node.home is not self._home():
                    # It is lost by now; a function may be called before.
                    self._unsafe.add(node.origin)
                else:
                    continue
                todo.extend(node.children())

    def _escape_children(self, value: Value) -> None:
        if isinstance(value, (Object, Array)):
            for child in value.children():
                self.escape(child)

    def _lose_all(self) -> None:
        """Something can have changed any value that has a name."""
        scope: Scope | None = self._scope
        while scope is not None:
            for name, value in list(scope.names.items()):
                self.escape(value)
                self._trail.append((scope, name, value))
                scope.names[name] = Hidden(None)
            scope = scope.outer

    def _roll_back(self, mark: int) -> Touched:
        names: dict[tuple[int, str], tuple[Scope, str, Value]] = {}
        nodes: dict[int, tuple[Container, State]] = {}
        for what, detail, _ in self._trail[mark:]:
            if isinstance(what, Scope):
                names[id(what), detail] = what, detail, what.names[detail]
            else:
                nodes[id(what)] = what, what.state()
        while len(self._trail) > mark:
            what, detail, old = self._trail.pop()
            if not isinstance(what, Scope):
                what.restore(detail)
            elif old is None:
                del what.names[detail]
            else:
                what.names[detail] = old
        return list(names.values()), list(nodes.values())

    def _join(self, touched: Touched) -> None:
        """What may have been touched, or not, is unknown."""
        names, nodes = touched
        for scope, name, after in names:
            before = scope.names.get(name)
            if before is not after:
                for value in (before, after):
                    if value is not None:
                        self.escape(value)
                self._trail.append((scope, name, before))
                scope.names[name] = Hidden(after.where)
        for node, state in nodes:
            if state[2]:
                self.escape(node)
            elif not node.lost:
                self._touch(node)
                self._join_objects(node, state) if isinstance(node, Object) else self._join_arrays(
                    node, state
                )

    def _join_objects(self, node: Object, state: State) -> None:
        entries, is_open, _ = state
        node.open = node.open or is_open or entries.keys() != node.entries.keys()
        for key, (where, value) in list(node.entries.items()):
            if key not in entries:
                self.escape(value)
                del node.entries[key]
            elif entries[key][1] is not value:
                self.escape(value)
                self.escape(entries[key][1])
                node.entries[key] = where, Hidden(value.where)
        for key, (_, value) in entries.items():
            if key not in node.entries:
                self.escape(value)

    def _join_arrays(self, node: Array, state: State) -> None:
        items, is_open, _ = state
        same = 0
        while same < min(len(items), len(node.items)) and items[same] is node.items[same]:
            same += 1
        if same == len(items) == len(node.items):
            node.open = node.open or is_open
            return
        for value in (*items[same:], *node.items[same:]):
            self.escape(value)
        node.items = node.items[:same]
        node.open = True

    def _branches(self, *runs: Callable[[], None]) -> None:
        """What may happen or not: each way starts from what is known now, and nothing is sure after it."""
        touched = []
        for run in runs:
            mark = len(self._trail)
            run()
            touched.append(self._roll_back(mark))
        for one in touched:
            self._join(one)

    def _loop(self, run: Callable[[], None]) -> None:
        """What happens any number of times: what it touches is unknown already at its start."""
        if not self._probing:
            before = dict(self.found)
            self._probing = True
            self._branches(run)
            self._probing = False
            self.found = before
        self._branches(run)

    # ------------------------------------------------------------ statements

    def _block(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        self._step()
        match node:
            case ast.Expr(value=value):
                self.value(value)
            case ast.Assign(targets=targets, value=expression):
                value_ = self.value(expression)
                for target in targets:
                    self._assign(target, value_)
            case ast.AnnAssign(target=target, value=ast.expr() as expression):
                self._assign(target, self.value(expression))
            case ast.AugAssign():
                self._augment(node)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._delete(target)
            case ast.If(test=test, body=body, orelse=orelse):
                self.value(test)
                self._branches(lambda: self._block(body), lambda: self._block(orelse))
            case ast.For() | ast.AsyncFor():
                items = self.value(node.iter)
                self._escape_children(items)
                self._loop(lambda: self._iteration(node))
                self._branches(lambda: self._block(node.orelse))
            case ast.While(test=test, body=body, orelse=orelse):
                self._loop(lambda: self._block([ast.Expr(test), *body]))
                self._branches(lambda: self._block(orelse))
            case ast.With() | ast.AsyncWith():
                self._with(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
                self._bind(node.name, Hidden(None))
            case ast.ClassDef():
                self._class(node)
            case ast.Import(names=names):
                for alias in names:
                    self._bind(alias.asname or alias.name.partition(".")[0], Hidden(None))
            case ast.ImportFrom(names=names):
                for alias in names:
                    if alias.name == "*":
                        for name in list(self._scope.names):
                            self._bind(name, Hidden(None))
                    else:
                        self._bind(alias.asname or alias.name, Hidden(None))
            case ast.Match(subject=subject, cases=cases):
                self.escape(self.value(subject))
                self._branches(*(self._case(case) for case in cases))
            case ast.Assert(test=test):
                self.value(test)
            case _ if hasattr(node, "handlers"):
                self._try(node)
            case _:
                self._anything(node)

    def _step(self) -> None:
        self._steps += 1
        self._clock += 1
        if self._steps > _MOST_STEPS:
            raise TooMuch

    def _weigh(self, amount: int) -> None:
        self._weight += amount
        if self._weight > _MOST_WEIGHT:
            raise TooMuch

    def _iteration(self, node: ast.For | ast.AsyncFor) -> None:
        self._assign(node.target, Hidden(None))
        self._block(node.body)

    def _case(self, case: ast.match_case) -> Callable[[], None]:
        def run() -> None:
            for below in ast.walk(case.pattern):
                name = getattr(below, "name", None) or getattr(below, "rest", None)
                if isinstance(name, str):
                    self._bind(name, Hidden(None))
            if case.guard is not None:
                self.value(case.guard)
            self._block(case.body)

        return run

    def _try(self, node: Any) -> None:
        self._branches(lambda: self._block(node.body))
        self._branches(
            *(self._handler(handler) for handler in node.handlers), lambda: self._block(node.orelse)
        )
        self._block(node.finalbody)

    def _handler(self, handler: ast.ExceptHandler) -> Callable[[], None]:
        def run() -> None:
            if handler.type is not None:
                self.value(handler.type)
            if handler.name is not None:
                self._bind(handler.name, Hidden(None))
            self._block(handler.body)

        return run

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        leaves_early = False
        for item in node.items:
            self.escape(self.value(item.context_expr))
            if item.optional_vars is not None:
                self._assign(item.optional_vars, Hidden(None))
            match item.context_expr:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                    leaves_early = leaves_early or name in _SUPPRESSING
        if leaves_early:
            self._branches(lambda: self._block(node.body))
        else:
            self._block(node.body)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        outside: list[ast.expr | None] = [*node.args.defaults, *node.args.kw_defaults]
        if not isinstance(node, ast.Lambda):
            outside += node.decorator_list
        for expression in outside:
            if expression is not None:
                self.escape(self.value(expression))
        scope = self._scope
        while scope.is_class and scope.outer is not None:
            scope = scope.outer
        # In a loop the last definition counts; what it sees is what is known at the end anyway.
        scope.deferred[node] = self._clock

    def _class(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases, *(word.value for word in node.keywords)):
            self.escape(self.value(expression))
        outer = self._scope
        self._scope = Scope(outer, _unstable(node.body, (), self._shared), is_class=True)
        mark = len(self._trail)
        self._block(node.body)
        # The names of the class are gone; what its body did to others stays.
        self._trail[mark:] = [entry for entry in self._trail[mark:] if entry[0] is not self._scope]
        self._scope = outer
        self._bind(node.name, Hidden(None))

    def _anything(self, node: ast.AST) -> None:
        """A statement or expression of no other interest: what stands in it goes where nobody sees."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.escape(self.value(child))
            elif isinstance(child, ast.stmt):
                self._statement(child)
            elif not isinstance(child, (ast.expr_context, ast.operator)):
                self._anything(child)

    # ------------------------------------------------------------ binding and changing

    def _assign(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, value)
                if self._scope is self.module:
                    self.bindings.setdefault(name, target)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value)
            case ast.Subscript(value=base, slice=index):
                self._set_item(self.value(base), self.value(index), value)
            case ast.Starred(value=below):
                self.escape(value)
                self._assign(below, Hidden(None))
            case _:
                self.escape(value)
                self._anything(target)

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        is_plain = not any(isinstance(target, ast.Starred) for target in targets)
        if isinstance(value, Array) and not value.lost and not value.open:
            items = list(value.items)
            if is_plain and len(items) == len(targets):
                for target, item in zip(targets, items, strict=True):
                    self._assign(target, item)
                return
        self.escape(value)
        for target in targets:
            self._assign(target, Hidden(None))

    def _set_item(self, base: Value, index: Value, value: Value) -> None:
        if isinstance(base, Object) and not base.lost and not base.maker:
            self._touch(base)
            if isinstance(index, Text) and HOLE not in index.text:
                base.put(index.text, index.where, value)
                return
            self._escape_children(base)
            base.put_unknown()
        elif isinstance(base, Array) and not base.lost:
            self._touch(base)
            number = index.value if isinstance(index, Scalar) else None
            if isinstance(number, int) and 0 <= number < len(base.items):
                base.items[number] = value
                return
            self._escape_children(base)
            base.items, base.open = [], True
        else:
            self.escape(base)
        self.escape(value)

    def _augment(self, node: ast.AugAssign) -> None:
        added = self.value(node.value)
        target = node.target
        match target:
            case ast.Name(id=name):
                self._bind(name, self._added(self._lookup(name, target), added, node.op, target))
            case ast.Subscript(value=base, slice=index):
                container, key = self.value(base), self.value(index)
                before = self._item(container, key, target)
                after = self._added(before, added, node.op, target)
                if after is not before:
                    self._set_item(container, key, after)
            case _:
                self.escape(added)
                self._anything(target)

    def _added(self, before: Value, added: Value, operator: ast.operator, where: ast.expr) -> Value:
        """What `+=` or `|=` leaves: the same list or dict, changed, or a new value."""
        match operator, before, added:
            case ast.Add(), Array(lost=False), Array(lost=False):
                self._touch(before)
                before.add(added.items, added.open)
                before.sources.append(added)
                return before
            case ast.BitOr(), Object(lost=False, maker=""), Object(lost=False, maker=""):
                self._touch(before)
                self._merge(before, added)
                return before
            case ast.Add(), Text(), Text():
                return Text([*before.pieces, *added.pieces], where)
            case ast.Add(), Array(lost=False), _:
                # The items that are there stay; what follows is not known.
                self.escape(added)
                self._touch(before)
                before.open = True
                return before
        self.escape(before)
        self.escape(added)
        return Hidden(where)

    def _delete(self, target: ast.expr) -> None:
        match target:
            case ast.Subscript(value=base, slice=index):
                self._remove(self.value(base), self.value(index))
            case ast.Name(id=name):
                self._bind(name, Hidden(None))
            case _:
                self._anything(target)

    def _remove(self, base: Value, key: Value) -> Value | None:
        """Take an entry away; what it was, where that is known."""
        if isinstance(base, Object) and not base.lost and not base.maker:
            self._touch(base)
            if isinstance(key, Text) and HOLE not in key.text:
                return base.entries.pop(key.text, (None, None))[1]
            self._escape_children(base)
            base.entries, base.open = {}, True
        else:
            self.escape(base)
        return None

    # ------------------------------------------------------------ expressions

    def value(self, node: ast.expr) -> Value:
        """The value of an expression, with what evaluating it does."""
        made = self._evaluated(node)
        if isinstance(made, Text):
            self._weigh(len(made.pieces) + sum(len(piece[0]) for piece in made.pieces) // 10)
        elif isinstance(made, (Object, Array)):
            self._weigh(len(made.entries if isinstance(made, Object) else made.items))
        if isinstance(made, (Object, Array)) and made.lost and made.origin is node:
            self._escape_children(made)
        return made

    def _evaluated(self, node: ast.expr) -> Value:
        self._step()
        match node:
            case ast.Constant(value=constant):
                if isinstance(constant, str):
                    return Text([(constant, node, 0)], node)
                if constant is None or isinstance(constant, (bool, int, float)):
                    return Scalar(constant, node)
            case ast.Name(id=name):
                return self._lookup(name, node)
            case ast.Dict():
                return self._dict(node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return self._list(node, items)
            case ast.Call():
                return self._call(node)
            case ast.BinOp():
                return self._operation(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                below = self.value(operand)
                if isinstance(below, Scalar) and type(below.value) in (int, float):
                    return Scalar(-below.value, node)  # type: ignore[operator]
            case ast.UnaryOp(operand=operand):
                self.value(operand)
            case ast.JoinedStr(values=values):
                for value in values:
                    self.value(value)
                if all(isinstance(value, ast.Constant) for value in values):
                    text = "".join(value.value for value in values)  # type: ignore[attr-defined]
                    return Text([(text, None, 0)], node)
                return Text([(HOLE, None, 0)], node)
            case ast.FormattedValue(value=inner, format_spec=form):
                self.value(inner)
                if form is not None:
                    self.value(form)
            case ast.Subscript(value=base, slice=index):
                return self._item(self.value(base), self.value(index), node)
            case ast.Compare(left=left, comparators=others):
                for operand in (left, *others):
                    self.value(operand)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.value(test)
                self._branches(lambda: self.escape(self.value(body)), lambda: self.escape(self.value(orelse)))
            case ast.BoolOp(values=[first, *rest]):
                self.escape(self.value(first))
                for operand in rest:
                    self._branches(lambda operand=operand: self.escape(self.value(operand)))  # type: ignore[misc]
            case ast.NamedExpr(target=target, value=inner):
                value_ = self.value(inner)
                self._assign(target, value_)
                return value_
            case ast.Lambda():
                self._function(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node)
            case _:
                self._anything(node)
        return Hidden(node)

    def _new_object(self, node: ast.expr) -> Object:
        made = Object(node, node, self._home())
        made.lost = node in self._unsafe
        return made

    def _new_array(self, node: ast.expr) -> Array:
        made = Array(node, node, self._home())
        made.lost = node in self._unsafe
        return made

    def _home(self) -> Scope:
        scope = self._scope
        while scope.is_class and scope.outer is not None:
            scope = scope.outer
        return scope

    def _dict(self, node: ast.Dict) -> Value:
        made = self._new_object(node)
        written: dict[str, Where] = {}
        for key, expression in zip(node.keys, node.values, strict=True):
            if key is None:
                self._merge(made, self.value(expression))
                continue
            name = self.value(key)
            value = self.value(expression)
            if isinstance(name, Text) and HOLE not in name.text:
                text = name.text
                if text in written:
                    made.repeats.append((text, name.where, written[text]))
                written.setdefault(text, name.where)
                made.put(text, name.where, value)
            else:
                self.escape(value)
                self._escape_children(made)
                made.put_unknown()
        return made

    def _merge(self, made: Object, value: Value) -> None:
        if isinstance(value, Object) and not value.lost and not value.maker:
            if value.open:
                self._escape_children(made)
            made.merge(value)
        else:
            self.escape(value)
            self._escape_children(made)
            made.put_unknown()

    def _list(self, node: ast.expr, items: list[ast.expr]) -> Value:
        made = self._new_array(node)
        for item in items:
            if isinstance(item, ast.Starred):
                below = self.value(item.value)
                if isinstance(below, Array) and not below.lost:
                    made.add(below.items, below.open)
                    made.sources.append(below)
                else:
                    self.escape(below)
                    made.open = True
            else:
                value = self.value(item)
                if made.open:
                    self.escape(value)
                made.add([value])
        return made

    def _operation(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        match node.op, left, right:
            case ast.Add(), Text(), Text():
                return Text([*left.pieces, *right.pieces], node)
            case ast.Add(), Array(lost=False), _:
                made = self._new_array(node)
                made.add(left.items, left.open)
                made.sources.append(left)
                if isinstance(right, Array) and not right.lost:
                    made.add(right.items, right.open)
                    made.sources.append(right)
                else:
                    self.escape(right)
                    made.open = True
                return made
            case ast.BitOr(), Object(lost=False, maker=""), Object(lost=False, maker=""):
                united = self._new_object(node)
                self._merge(united, left)
                self._merge(united, right)
                return united
            case ast.Mod(), Text(), _:
                return Text([(HOLE, None, 0)], node)
        if isinstance(left, Text) or isinstance(right, Text):
            return Hidden(node)
        self.escape(left)
        self.escape(right)
        return Hidden(node)

    def _item(self, base: Value, index: Value, node: ast.expr) -> Value:
        if isinstance(base, Object) and not base.lost:
            if isinstance(index, Text) and HOLE not in index.text:
                return base.entries[index.text][1] if index.text in base.entries else Hidden(node)
        elif isinstance(base, Array) and not base.lost and isinstance(index, Scalar):
            number = index.value
            if isinstance(number, int) and 0 <= number < len(base.items):
                return base.items[number]
        # It may be any of them.
        self._escape_children(base)
        return Hidden(node)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        own = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name)
        }

        def run() -> None:
            self._shadowing.append(own)
            for generator in node.generators:
                self._escape_children(self.value(generator.iter))
                for condition in generator.ifs:
                    self.escape(self.value(condition))
            for element in elements:
                self.escape(self.value(element))
            self._shadowing.pop()

        first = node.generators[0]
        self._escape_children(self.value(first.iter))
        self._loop(run)

    # ------------------------------------------------------------ calls

    def _call(self, node: ast.Call) -> Value:
        function = node.func
        if isinstance(function, ast.Attribute):
            if self._matcher.wants(node):
                return self._wanted(node)
            if isinstance(function.value, ast.Name):
                made = self._module_function(node, function.value.id, function.attr)
                if made is not None:
                    return made
            base = self.value(function.value)
            if isinstance(base, (Object, Array, Text)):
                return self._method(node, base, function.attr)
        elif isinstance(function, ast.Name) and self.is_builtin(function.id):
            made = self._builtin(node, function.id)
            if made is not None:
                return made
        else:
            self.escape(self.value(function))
        maker = _last_name(function)
        if not node.args and maker and self._matcher.makes(maker):
            return self._instance(node, maker)
        self._arguments(node, keeps=True)
        return Hidden(node)

    def _wanted(self, node: ast.Call) -> Value:
        self._anything_of(node.func)
        positional = [Hidden(arg) if isinstance(arg, ast.Starred) else self.value(arg) for arg in node.args]
        words = self._keywords(node, Object(node, node, self._home()))
        kept = self._matcher.kept(node, words, positional)
        if kept is not None:
            self.found[node] = kept
        else:
            for value in (words, *positional):
                self.escape(value)
        return Hidden(node)

    def _anything_of(self, function: ast.expr) -> None:
        """Evaluate what a method is called on."""
        if isinstance(function, ast.Attribute):
            self.escape(self.value(function.value))

    def _arguments(self, node: ast.Call, keeps: bool) -> None:
        for expression in (*node.args, *(word.value for word in node.keywords)):
            value = self.value(expression.value if isinstance(expression, ast.Starred) else expression)
            if keeps:
                self.escape(value)

    def _keywords(self, node: ast.Call, made: Object) -> Object:
        """The keyword arguments of a call as an object."""
        written = []
        for word in node.keywords:
            if word.arg is None:
                self._merge(made, self.value(word.value))
            else:
                written.append((word.arg, self._name_of(word), self.value(word.value)))
        # A name that a splat gives again is refused, so it is never replaced.
        for name, where, value in written:
            made.put(name, where, value)
        return made

    def _name_of(self, word: ast.keyword) -> Where:
        """Where the name of a keyword argument stands."""
        start = self.offsets.at(word.lineno, word.col_offset)
        return start, start + len(word.arg or "")

    def _instance(self, node: ast.Call, maker: str) -> Value:
        made = self._new_object(node)
        self._keywords(node, made)
        for key, (where, value) in list(made.entries.items()):
            made.entries[key] = where, self._copied(value, 0)
        made.maker = maker
        return made

    def _copied(self, value: Value, depth: int) -> Value:
        """A value as a class keeps it: dicts and lists are made anew."""
        if depth > MAX_DEPTH:
            raise TooMuch
        self._step()
        if isinstance(value, Object) and not value.maker:
            made = Object(value.where, value.origin, self._home())
            made.entries = {
                key: (where, self._copied(below, depth + 1)) for key, (where, below) in value.entries.items()
            }
            made.open, made.lost, made.repeats = value.open, value.lost, value.repeats
            made.sources.append(value)
            return made
        if isinstance(value, Array):
            copy = Array(value.where, value.origin, self._home())
            copy.items = [self._copied(item, depth + 1) for item in value.items]
            copy.open, copy.lost = value.open, value.lost
            copy.sources.append(value)
            return copy
        return value

    def _builtin(self, node: ast.Call, name: str) -> Value | None:
        if name in _HARMLESS:
            self._arguments(node, keeps=False)
            return Hidden(node)
        if name in _REFLECTION:
            self._arguments(node, keeps=True)
            self._lose_all()
            return Hidden(node)
        if name == "dict" and len(node.args) <= 1:
            made = self._new_object(node)
            for expression in node.args:
                self._merge(made, self.value(expression))
            return self._keywords(node, made)
        if name in ("list", "tuple") and len(node.args) <= 1 and not node.keywords:
            return self._list(node, [ast.Starred(value=item) for item in node.args])
        return None

    def _module_function(self, node: ast.Call, module: str, name: str) -> Value | None:
        """A call of a function of a module that is known to be harmless, or to give something known."""
        if isinstance(self._lookup(module, None), (Object, Array, Text)):
            return None
        if (module in _HARMLESS_METHODS and name in _HARMLESS_METHODS[module]) or (
            module in _LOGGERS and name in ("debug", "info", "warning", "error", "critical", "exception")
        ):
            self._arguments(node, keeps=False)
            return Hidden(node)
        match module, name, node.args:
            case "json", "loads", [expression] if not node.keywords:
                text = self.value(expression)
                return self._from_json(node, text) if isinstance(text, Text) else Hidden(node)
            case "copy", "deepcopy", [expression]:
                return self._copied(self.value(expression), 0)
            case "copy", "copy", [expression]:
                value = self.value(expression)
                if isinstance(value, Object):
                    return self._method(node, value, "copy")
                self.escape(value)
                return Hidden(node)
        return None

    def _method(self, node: ast.Call, base: Value, name: str) -> Value:
        if isinstance(base, Text):
            return self._text_method(node, base, name)
        args = node.args
        if isinstance(base, Object) and not base.lost and not base.maker:
            match name, args:
                case "update", [] | [_]:
                    return self._update(node, base)
                case "get", [key, *_]:
                    index = self.value(key)
                    for other in args[1:]:
                        self.escape(self.value(other))
                    return self._item(base, index, node)
                case "setdefault", [key, default]:
                    return self._set_default(base, self.value(key), self.value(default), node)
                case "pop", [key, *_]:
                    index = self.value(key)
                    for other in args[1:]:
                        self.escape(self.value(other))
                    return self._remove(base, index) or Hidden(node)
                case "copy", _:
                    made = self._new_object(node)
                    made.where = base.where
                    made.merge(base)
                    made.lost = made.lost or base.lost
                    return made
                case "keys", []:
                    return Hidden(node)
                case "items" | "values", []:
                    self._escape_children(base)
                    return Hidden(node)
        elif isinstance(base, Array) and not base.lost:
            match name, args:
                case "append", [item]:
                    value = self.value(item)
                    self._touch(base)
                    if base.open:
                        self.escape(value)
                    base.add([value])
                    return Hidden(node)
                case "extend", [items]:
                    more = self.value(items)
                    self._added(base, more, ast.Add(), node)
                    return Hidden(node)
                case "index" | "count", [item]:
                    self.value(item)
                    return Hidden(node)
        self.escape(base)
        self._arguments(node, keeps=True)
        return Hidden(node)

    def _update(self, node: ast.Call, base: Object) -> Value:
        other = self.value(node.args[0]) if node.args else None
        words = self._keywords(node, Object(node, node, self._home()))
        self._touch(base)
        if other is not None:
            self._merge(base, other)
        self._merge(base, words)
        return Hidden(node)

    def _set_default(self, base: Object, key: Value, default: Value, node: ast.expr) -> Value:
        if isinstance(key, Text) and HOLE not in key.text:
            if key.text in base.entries:
                self.escape(default)
                return base.entries[key.text][1]
            self._touch(base)
            if not base.open:
                base.put(key.text, key.where, default)
                return default
        self._touch(base)
        self._escape_children(base)
        self.escape(default)
        base.open = True
        return Hidden(node)

    # ------------------------------------------------------------ texts

    def _text_method(self, node: ast.Call, base: Text, name: str) -> Value:
        values = [
            self.value(arg.value if isinstance(arg, ast.Starred) else arg)
            for arg in (*node.args, *(word.value for word in node.keywords))
        ]
        match name, values:
            case "replace", [Text() as old, new] if not node.keywords and HOLE not in old.text and old.text:
                put = len(new.text) if isinstance(new, Text) else 1
                self._weigh(base.text.count(old.text) * (1 + put))
                return Text(_replaced(base.pieces, old.text, new), base.where)
            case "strip", []:
                return Text(_stripped(base.pieces), base.where)
            case "format" | "format_map" | "join", _:
                return Text([(HOLE, None, 0)], node)
        return Hidden(node)

    def _from_json(self, node: ast.Call, text: Text) -> Value:
        """What `json.loads` makes of a text."""
        pieces = _with_holes_quoted(text.pieces)
        whole = "".join(piece[0] for piece in pieces)
        if len(whole) > _LONGEST_JSON:
            return Hidden(node)
        try:
            (document,) = read_json.read(Source("", whole))
        except SourceSyntaxError:
            return Hidden(node)
        assert isinstance(document, read_json.JsonDocument)
        return _Decoded(self, node, text, pieces, document).value(document.spec, ())


def _last_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _parameters(function: ast.AST) -> list[ast.arg]:
    arguments: ast.arguments = function.args  # type: ignore[attr-defined]
    rest = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


# ---------------------------------------------------------------- texts and their places

Piece = tuple[str, "ast.Constant | None", int]


def _replaced(pieces: list[Piece], old: str, new: Value) -> list[Piece]:
    """The pieces with one text in place of another; a hole where the other is not known."""
    whole = "".join(piece[0] for piece in pieces)
    if whole.count(old) != sum(piece[0].count(old) for piece in pieces):
        pieces = [(whole, None, 0)]
    put: list[Piece] = new.pieces if isinstance(new, Text) else [(HOLE, None, 0)]
    found: list[Piece] = []
    for text, node, start in pieces:
        offset = 0
        while (at := text.find(old, offset)) >= 0:
            found += [(text[offset:at], node, start + offset), *put]
            offset = at + len(old)
        found.append((text[offset:], node, start + offset))
    return [piece for piece in found if piece[0]]


def _stripped(pieces: list[Piece]) -> list[Piece]:
    pieces = [piece for piece in pieces if piece[0]]
    while pieces and not pieces[0][0].strip():
        pieces = pieces[1:]
    while pieces and not pieces[-1][0].strip():
        pieces = pieces[:-1]
    if pieces:
        text, node, start = pieces[0]
        pieces = [(text.lstrip(), node, start + len(text) - len(text.lstrip())), *pieces[1:]]
        text, node, start = pieces[-1]
        pieces = [*pieces[:-1], (text.rstrip(), node, start)]
    return pieces


def _with_holes_quoted(pieces: list[Piece]) -> list[Piece]:
    """The pieces with quotes around each hole that stands for a whole JSON value."""
    found: list[Piece] = []
    in_string = False
    for text, node, start in pieces:
        if text == HOLE and node is None:
            found.append((HOLE if in_string else f'"{HOLE}"', None, 0))
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


class _Decoded:
    """Values read from a JSON text in a literal, with their places in it."""

    def __init__(
        self,
        program: Program,
        node: ast.Call,
        text: Text,
        pieces: list[Piece],
        document: read_json.JsonDocument,
    ) -> None:
        self.program = program
        self.node = node
        self.text = text
        self.pieces = pieces
        self.document = document
        self.duplicates = {fault.path: fault for fault in document.faults}

    def value(self, value: Any, path: tuple[str | int, ...]) -> Value:
        """A value with its place."""
        self.program._step()
        where = self.location(self.document.locate(path))
        if value is UNKNOWN:
            return Hidden(where)
        if isinstance(value, dict):
            made = Object(where, self.node, self.program._home())
            made.lost = self.node in self.program._unsafe
            made.open = is_open(value)
            for key, below in value.items():
                if HOLE in key:
                    made.put_unknown()
                    continue
                key_span = self.document.locate((*path, key), key=True)
                made.put(key, self.location(key_span), self.value(below, (*path, key)))
                duplicate = self.duplicates.get((*path, key))
                if duplicate is not None and duplicate.related is not None:
                    first = duplicate.related[0]
                    made.repeats.append((key, self.location(duplicate.span), self.location(first)))
            return made
        if isinstance(value, list):
            array = Array(where, self.node, self.program._home())
            array.lost = self.node in self.program._unsafe
            array.open = is_open(value)
            array.items = [self.value(item, (*path, index)) for index, item in enumerate(value)]
            return array
        if isinstance(value, str):
            return Text([(value, None, 0)], where)
        return Scalar(value, where)

    def location(self, span: Span) -> Where:
        """Where a part of the JSON text stands in the program; the literal where that cannot be told."""
        (first, start), (last, end) = self.at(span[0]), self.at(span[1] - 1)
        if first is None or first is not last or end < start:
            return self.text.where
        return start, end + 1

    def at(self, offset: int) -> tuple[ast.Constant | None, int]:
        """The literal that a character of the JSON text stands in, and where in the program."""
        for text, node, start in self.pieces:
            if offset < len(text):
                locations = self.program.offsets.locations(node) if node is not None else None
                return (node, locations[start + offset]) if locations is not None else (None, 0)
            offset -= len(text)
        return None, 0


class Offsets:
    """Where nodes of a tree stand in the text, in characters. The tree counts in bytes of UTF-8."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._starts = source.line_starts()
        self._locations: dict[ast.Constant, list[int] | None] = {}

    def at(self, line: int, column: int) -> int:
        """The offset of a line (from 1) and a column in bytes."""
        start = self._starts[line - 1]
        text = self.source.text
        # As many characters as bytes hold it at least.
        part = text[start : start + column]
        if part.isascii():
            return start + column
        return start + len(part.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))

    def span(self, where: Where) -> Span:
        """The offsets of a place."""
        if isinstance(where, tuple):
            return where
        if where is None:
            return 0, 0
        end_line, end_column = where.end_lineno or where.lineno, where.end_col_offset or where.col_offset
        return self.at(where.lineno, where.col_offset), self.at(end_line, end_column)

    def locations(self, node: ast.Constant) -> list[int] | None:
        """Where each character of a string literal's text stands; None where that cannot be told."""
        if node not in self._locations:
            start, end = self.span(node)
            found = _character_places(self.source.text, start, end)
            text = node.value
            sound = found is not None and isinstance(text, str) and "".join(c for c, _ in found) == text
            self._locations[node] = [at for _, at in found] if sound and found is not None else None
        return self._locations[node]


def _character_places(text: str, start: int, end: int) -> list[tuple[str, int]] | None:
    """The characters that the string literals between two offsets stand for, each with its own offset."""
    import re

    opening = re.compile(r"""([rRuUbB]{0,2})('''|\"\"\"|'|")""")
    gap = re.compile(r"(?:[ \t\f\r\n]|\\(?:\r\n|\r|\n)|#[^\r\n]*)*")
    escape = re.compile(
        r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL
    )
    found: list[tuple[str, int]] = []
    offset = start
    while offset < end:
        match = opening.match(text, offset)
        if match is None:
            return None
        is_raw, quote = "r" in match[1].lower(), match[2]
        offset = match.end()
        while not text.startswith(quote, offset):
            if offset >= end:
                return None
            if text[offset] == "\\" and not is_raw:
                token = escape.match(text, offset)
                if token is None:
                    return None
                found += [(char, offset) for char in _unescaped(token[0])]
                offset = token.end()
            elif text[offset] == "\\" and text[offset + 1 : offset + 2] not in ("", "\r", "\n"):
                found += [("\\", offset), (text[offset + 1], offset + 1)]
                offset += 2
            elif text[offset] == "\r":
                found.append(("\n", offset))
                offset += 2 if text[offset + 1 : offset + 2] == "\n" else 1
            else:
                found.append((text[offset], offset))
                offset += 1
        offset += len(quote)
        offset = gap.match(text, offset, end).end()  # type: ignore[union-attr]
    return found


def _unescaped(token: str) -> str:
    if token[1] in "\r\n":
        return ""
    if token[1] not in "\\'\"abfnrtvxuUN01234567":
        return token
    try:
        found = ast.literal_eval(f'"{token}"')
    except (ValueError, SyntaxError):
        return ""
    return found if isinstance(found, str) else ""
