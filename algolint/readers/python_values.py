"""The values of the interpreter, and the scopes that bind them to names.

Containers have identity, as in Python: two names of one dict see each other's changes.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from algolint.readers.python_interpreter import KnownFunction
    from algolint.readers.python_offsets import Where

    Value: TypeAlias = (
        "Scalar | Text | Unknown | Object | Array | Function | Class | Instance | Client | File | Imported"
    )
    Container: TypeAlias = "Object | Array"
    # A text, the literal that it comes from, and its start in the literal's value.
    Piece: TypeAlias = tuple[str, ast.Constant | None, int]
    # Entries or items, `is_open`, `has_escaped`.
    State: TypeAlias = tuple[Any, bool, bool]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
#: The character in a text that stands for an unknown part.
GAP = "\ue000"
# The most choices of an unknown value, and possible entries or items of a container.
_MAX_CHOICES = 16


# ---------------------------------------------------------------- values


class Scalar:
    """A number, a boolean or None."""

    __slots__ = ("value", "where")

    def __init__(self, value: object, where: Where) -> None:
        self.value = value
        self.where = where


class Text:
    """A string, as the pieces that it was built from."""

    __slots__ = ("pieces", "where")

    def __init__(self, pieces: list[Piece], where: Where) -> None:
        self.pieces = pieces
        self.where = where

    @property
    def text(self) -> str:
        """The whole text, with a `GAP` for each unknown part."""
        return "".join(piece[0] for piece in self.pieces)

    @property
    def is_known(self) -> bool:
        """Whether no part of the text is unknown."""
        return all(GAP not in piece[0] for piece in self.pieces)


class Unknown:
    """A value that is not known.

    `choices`: known values that it may have, depending on what is not known. They are linted, but nothing
    follows from them.
    """

    __slots__ = ("choices", "where")

    def __init__(self, where: Where, choices: tuple[Value, ...] = ()) -> None:
        self.where = where
        self.choices = choices


class Object:
    """A dict: its entries, each with the location of its key.

    `is_open`: it may hold more. `has_escaped`: code that is not visible may have changed it, so `entries` are
    only what the visible code leaves. `maker`: the class that it is an instance of, if it is not a dict.
    `sources`: the containers that its entries were copied from. `possible`: entries that it may have, as the
    `choices` of an unknown value.
    """

    __slots__ = (
        "changed", "created", "entries", "former", "has_escaped", "is_open", "maker", "name", "origin",
        "possible", "repeats", "scope", "sources", "unstable", "where",
    )  # fmt: skip

    def __init__(self, where: Where, origin: ast.AST, scope: Scope, created: int) -> None:
        self.where = where
        self.origin = origin
        self.scope = scope
        self.entries: dict[str, tuple[Where, Value]] = {}
        self.possible: dict[str, tuple[Where, Unknown]] = {}
        #: Keys that functions may set at any time, and whether they may also remove them.
        self.unstable: dict[str, bool] = {}
        self.is_open = False
        self.has_escaped = False
        self.created, self.changed = created, 0
        self.maker = ""
        #: The location of the first name that it is bound to.
        self.name: Where = None
        #: Duplicate keys of the literal: the key, its location and that of the first.
        self.repeats: list[tuple[str, Where, Where]] = []
        self.sources: list[Container] = []
        #: What it held before: a function may have met it then.
        self.former: list[Value] = []

    def state(self) -> State:
        """Return what may change."""
        return dict(self.entries), self.is_open, self.has_escaped

    def restore(self, state: State) -> None:
        """Go back to a state."""
        self.entries, self.is_open, self.has_escaped = state

    def stand_in(self, created: int) -> Object:
        """Return an escaped copy, for code that may meet this dict in another state."""
        other = Object(self.where, self.origin, self.scope, created)
        other.entries, other.has_escaped, other.maker = dict(self.entries), True, self.maker
        other.former = self.former
        return other

    def children(self) -> Iterable[Value]:
        """Return the values that it holds."""
        return [value for _, value in self.entries.values()]

    def offer(self, entries: Mapping[str, tuple[Where, Unknown]]) -> None:
        """Record entries that it may have."""
        if len(self.possible) + len(entries) <= _MAX_CHOICES:
            self.possible |= {key: entry for key, entry in entries.items() if entry[1].choices}

    def put_unknown(self) -> None:
        """Set an entry with an unknown key, which may replace any of the present ones."""
        self.is_open = True
        self.possible = {}
        self.entries = {key: (where, Unknown(value.where)) for key, (where, value) in self.entries.items()}


class Array:
    """A list or tuple. `is_open`: it may hold more, and only its first `fixed` items have a known index.

    `possible`: items that it may have, as the `choices` of an unknown value.
    """

    __slots__ = (
        "changed", "created", "fixed", "former", "has_escaped", "is_open", "items", "origin", "possible",
        "scope", "sources", "where",
    )  # fmt: skip

    def __init__(self, where: Where, origin: ast.AST, scope: Scope, created: int) -> None:
        self.where = where
        self.origin = origin
        self.scope = scope
        self.items: list[Value] = []
        self.possible: list[Unknown] = []
        self.fixed = 0
        self.is_open = False
        self.has_escaped = False
        self.created, self.changed = created, 0
        self.sources: list[Container] = []
        #: What it held before: a function may have met it then.
        self.former: list[Value] = []

    def state(self) -> State:
        """Return what may change."""
        return (list(self.items), self.fixed), self.is_open, self.has_escaped

    def restore(self, state: State) -> None:
        """Go back to a state."""
        (self.items, self.fixed), self.is_open, self.has_escaped = state

    def stand_in(self, created: int) -> Array:
        """Return an escaped copy, for code that may meet this list in another state."""
        other = Array(self.where, self.origin, self.scope, created)
        other.items, other.has_escaped, other.former = list(self.items), True, self.former
        return other

    def children(self) -> Iterable[Value]:
        """Return the values that it holds."""
        return self.items

    def add(self, items: Iterable[Value]) -> None:
        """Append items."""
        self.items.extend(items)
        if not self.is_open:
            self.fixed = len(self.items)

    def offer(self, items: Iterable[Unknown]) -> None:
        """Record items that it may have."""
        self.possible += [item for item in items if item.choices and item not in self.possible]
        del self.possible[_MAX_CHOICES:]

    def extend(self, other: Array) -> None:
        """Append the items of another list or tuple."""
        if not self.is_open:
            self.fixed += other.fixed
        self.items.extend(other.items)
        self.offer(other.possible)
        self.is_open = self.is_open or other.is_open
        self.sources.append(other)

    def at(self, index: Value) -> int | None:
        """Return the position in `items` of an index, or None if it is not known."""
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
        #: The class whose method it is.
        self.owner = owner
        #: The decorator: "", "staticmethod", "classmethod", or "other" for one that may do anything.
        self.kind = ""
        if not isinstance(node, ast.Lambda) and node.decorator_list:
            names = [name.id for name in node.decorator_list if isinstance(name, ast.Name)]
            self.kind = names[0] if names in (["staticmethod"], ["classmethod"]) else "other"
        self.where: Where = None


class Class:
    """A class of the program, or a module next to it, with the values of its names."""

    __slots__ = ("has_fields", "names", "scope", "where")

    def __init__(self, scope: Scope) -> None:
        #: Whether its instances are made with values for its names, as those of a dataclass.
        self.has_fields = False
        #: The scope in which it is defined.
        self.scope = scope
        self.names: dict[str, Value] = {}
        self.where: Where = None


class Instance:
    """An instance of a class of the program, or of a subclass.

    `given`: the keyword arguments of the call that makes it, or None if they are not known.
    """

    __slots__ = ("given", "maker", "where")

    def __init__(self, maker: Class, where: Where, given: Object | None = None) -> None:
        self.maker = maker
        self.where = where
        self.given = given


class Client:
    """A client or session of boto3, with its region."""

    __slots__ = ("region", "where")

    def __init__(self, region: Value | None, where: Where) -> None:
        self.region = region
        self.where = where


class File:
    """A path relative to the program's folder, or an open file with that path."""

    __slots__ = ("path", "where")

    def __init__(self, path: str, where: Where) -> None:
        self.path = path
        self.where = where


class Imported:
    """A known function of another module, imported by name."""

    __slots__ = ("function", "where")

    def __init__(self, function: KnownFunction, where: Where) -> None:
        self.function = function
        self.where = where


def as_text(value: Value) -> list[Piece]:
    """Return the pieces of the text that `str()` returns for a value."""
    if isinstance(value, Text):
        return value.pieces
    return [(str(value.value) if isinstance(value, Scalar) else GAP, None, 0)]


def is_dict(value: Value) -> bool:
    """Whether a value is a dict whose content is known."""
    return isinstance(value, Object) and not value.has_escaped and not value.maker


#: The types of values that hold others.
HOLDERS = (Object, Array, Class, Instance)


def is_blank(value: Value) -> bool:
    """Whether a value is a mere placeholder, such as None, `""` or `{}`."""
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


_LINTED = (Scalar, Text, Object, Array)


def either(where: Where, *values: Value | None) -> Unknown:
    """Return a value that is one of several, or another one. Blank ones are placeholders, and left out."""
    choices: dict[int, Value] = {}
    for value in values:
        for one in value.choices if isinstance(value, Unknown) else (value,):
            if len(choices) < _MAX_CHOICES and isinstance(one, _LINTED) and not is_blank(one):
                choices.setdefault(id(one), one)
    return Unknown(where, tuple(choices.values()))


def truth_of(value: Value) -> bool | None:
    """Return whether a value is true in a condition, or None if that is not known."""
    match value:
        case Scalar():
            return bool(value.value)
        case Text() if value.is_known:
            return bool(value.text)
        case Array() if not value.has_escaped and (value.items or not value.is_open):
            return bool(value.items)
        case Object() if is_dict(value) and not value.unstable and (value.entries or not value.is_open):
            return bool(value.entries)
    return None


def containers(value: Value) -> Iterator[Container]:
    """Yield the containers among a value and the values in it, each once."""
    seen: set[int] = set()
    todo: list[Value] = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, (Object, Array)) and id(node) not in seen:
            seen.add(id(node))
            yield node
            todo.extend(node.children())


# ---------------------------------------------------------------- scopes


class Scope:
    """The names of a module, a function or a class, and the functions defined in it."""

    __slots__ = (
        "_bound", "_rebound", "containers", "deferred", "defined", "is_class", "names", "outer", "root",
        "shared",
    )  # fmt: skip

    def __init__(
        self,
        outer: Scope | None,
        shared: frozenset[str],
        *,
        root: Scope | None = None,
        is_class: bool = False,
        defined: int = 0,
    ) -> None:
        self.outer = outer
        #: The scope whose code is running, if this is the scope of a call that is followed from there.
        self.root = root or self
        #: When the scope's function was defined.
        self.defined = defined
        self.names: dict[str, Value] = {}
        # The first value that each name was bound to, and the names that were bound to others too.
        self._bound: dict[str, Value] = {}
        self._rebound: set[str] = set()
        #: Every container that each name was ever bound to: a function may see any of them.
        self.containers: dict[str, list[Value]] = {}
        #: Names that `global` or `nonlocal` let other scopes bind; their values are never known.
        self.shared = shared
        self.is_class = is_class
        #: Functions to analyse when the scope is complete.
        self.deferred: dict[FunctionNode, Function] = {}

    def bind(self, name: str, value: Value) -> None:
        """Bind a name."""
        self.names[name] = value
        if self._bound.setdefault(name, value) is not value:
            self._rebound.add(name)
        if isinstance(value, HOLDERS):
            self.containers.setdefault(name, []).append(value)

    def is_rebound(self, name: str) -> bool:
        """Whether the name was ever bound to a value other than its present one."""
        value = self.names[name]
        return name in self._rebound or self._bound.get(name, value) is not value

    @property
    def function(self) -> Scope:
        """The nearest scope that is not a class."""
        scope = self
        while scope.is_class and scope.outer is not None:
            scope = scope.outer
        return scope
