"""The state of a program while it is followed: the values of its names and containers.

Values that a branch or a loop changes are unknown after it. A value escapes, and is unknown from there on,
once it is passed to code that is not visible: an unknown function, an attribute, or a name that other scopes
bind too.
"""

from __future__ import annotations

import ast

from algolint import limits
from algolint.readers.python_values import (
    Array,
    Class,
    Instance,
    Object,
    Scalar,
    Scope,
    Text,
    Unknown,
    containers,
    either,
    is_blank,
    is_dict,
    truth_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import TypeAlias

    from algolint.readers.python_offsets import Where
    from algolint.readers.python_values import Container, State, Value

    # The names and containers that a branch changed, as it left them.
    Changed: TypeAlias = "tuple[list[tuple[Scope, str, Value]], list[tuple[Container, State]]]"

# The earlier states of containers are kept, and count towards the limit.
_KEPT_PER_WEIGHT = 8
# The weight of the escape of an outer scope's value, since many functions may let many values escape.
_ESCAPE_WEIGHT = 8


class TooLargeError(Exception):
    """Raised when the program, or what it builds, is too large to be followed."""


class Effects:
    """Changes that functions may make, at any time, to the containers made by an expression."""

    __slots__ = ("escapes", "grows", "keys")

    def __init__(self) -> None:
        #: Whether changes of any kind are possible.
        self.escapes = False
        #: Whether items are appended.
        self.grows = False
        #: The keys that are set, and whether they are removed too.
        self.keys: dict[str, bool] = {}

    def add(self, keys: list[str], removes: bool, grows: bool) -> bool:
        """Add a change: of keys, by appending items, or of any kind. Return whether it is a new one."""
        is_new = (grows and not self.grows) or not (keys or grows or self.escapes)
        self.escapes = self.escapes or not (keys or grows)
        self.grows = self.grows or grows
        for key in keys:
            known = self.keys.get(key)
            is_new = is_new or known is None or (removes and not known)
            self.keys[key] = known or removes
        return is_new


class Memory:
    """The scopes and containers of a program, and a log of changes to undo."""

    def __init__(self, module: Scope, is_imported: bool) -> None:
        self._most_steps = limits.MAX_IMPORTED_STEPS if is_imported else limits.MAX_PROGRAM_STEPS
        #: Changes that functions may make at any time, by the expression that makes the container.
        self._effects: dict[ast.AST, Effects] = {}
        self.forget(module)

    def forget(self, module: Scope) -> None:
        """Prepare for another round through the program; the effects of functions stay known."""
        self.module = self.scope = module
        self._steps = self._weight = self._clock = 0
        # The changes to undo: a container and its earlier state, or a scope, a name and its earlier value.
        self._undo: list[tuple[Container, State] | tuple[Scope, str, Value | None]] = []
        #: The names of comprehensions that are being evaluated.
        self.shadowing: list[set[str]] = []
        # The containers in classes, by attribute name: an unknown object may be of such a class.
        self._attributes: dict[str, list[Value]] = {}
        #: The number of alternatives that are being followed, each in the one before it.
        self.depth = 0
        self._offers = True
        #: Whether a loop is only searched for what it changes; those in it are then run once, or their
        #: number would double with every level.
        self.is_probing = False
        # Whether no function turned out to make a change that was not known before.
        self._is_settled = True

    # ------------------------------------------------------------ limits

    def step(self) -> None:
        """Count a step. Raises `TooLargeError` if there were too many."""
        self._steps += 1
        self._clock += 1
        if self._steps > self._most_steps:
            raise TooLargeError

    @property
    def has_steps(self) -> bool:
        """Whether less than half of the steps were taken."""
        return self._steps < self._most_steps // 2

    def weigh(self, amount: int) -> None:
        """Count the size of a value. Raises `TooLargeError` if the total is too large."""
        self._weight += amount
        if self._weight > limits.MAX_PROGRAM_WEIGHT:
            raise TooLargeError

    def weigh_text(self, made: Value) -> None:
        """Count the size of a text."""
        if isinstance(made, Text):
            self.weigh(len(made.pieces) + sum(len(piece[0]) for piece in made.pieces) // 10)

    # ------------------------------------------------------------ new containers

    def new_object(self, node: ast.expr, where: Where = None) -> Object:
        """Return an empty dict for an expression, or for a literal in it at `where`."""
        made = Object(where or node, node, self.scope.root, self._clock)
        effects = self._effects.get(node)
        if effects is not None:
            made.has_escaped, made.unstable = effects.escapes, effects.keys
        return made

    def new_array(self, node: ast.expr, where: Where = None) -> Array:
        """Return an empty list for an expression, or for a literal in it at `where`."""
        made = Array(where or node, node, self.scope.root, self._clock)
        made.has_escaped = node in self._effects and self._effects[node].escapes
        return made

    # ------------------------------------------------------------ names

    def bind(self, name: str, value: Value) -> None:
        """Bind a name in the present scope."""
        scope = self.scope
        if name in scope.shared:
            self.escape(value)
            value = Unknown(value.where)
        self._undo.append((scope, name, scope.names.get(name)))
        scope.bind(name, value)

    def lookup(self, name: str, where: Where) -> Value:
        """Return the value of a name."""
        scope: Scope | None = self.scope
        is_inner = True
        defined = 0
        if any(name in names for names in self.shadowing):
            return Unknown(where)
        while scope is not None:
            if name in scope.shared:
                return Unknown(where)
            if name in scope.names and (is_inner or not scope.is_class):
                value = scope.names[name]
                if is_inner or scope.root is self.scope.root:
                    return value
                if scope.is_rebound(name):
                    values = scope.containers.get(name, ())
                    self.weigh(len(values))
                    for one in values:
                        self.escape(one)
                    return Unknown(where)
                return self._seen_later(value, defined, where)
            # A function sees names of enclosing scopes in a later state.
            is_inner = is_inner and scope.is_class
            defined = defined if scope.is_class else scope.defined
            scope = scope.outer
        return Unknown(where)

    def _seen_later(self, value: Value, defined: int, where: Where) -> Value:
        """Return what is known of an enclosing scope's value in a function that was defined at some time."""
        if all(one.changed <= defined for one in containers(value)):
            return value
        # The container's content is not known when the function runs, but the function's changes are.
        return value.stand_in(self._clock) if isinstance(value, (Object, Array)) else Unknown(where)

    def attribute(self, base: Class | Instance, name: str, node: ast.expr) -> Value:
        """Return the value of an attribute of a class or an instance."""
        made = base.maker if isinstance(base, Instance) else base
        value = made.names.get(name)
        if value is None:
            self.escape_attribute(name)
            return Unknown(node)
        if isinstance(base, Instance) and is_blank(value):
            # A subclass probably overrides it.
            self.escape(value)
            return Unknown(node)
        if made.scope.root is self.scope.root:
            return value
        return self._seen_later(value, self._defined_below(made.scope), node)

    def _defined_below(self, outer: Scope) -> int:
        """Return when the function in a scope was defined that leads to the present code."""
        defined = 0
        scope: Scope | None = self.scope
        while scope is not None and scope is not outer:
            defined = defined if scope.is_class else scope.defined
            scope = scope.outer
        return defined if scope is outer else 0

    def escape_attribute(self, name: str | None) -> None:
        """Let the values of an attribute escape, or of all attributes, which an unknown object may have."""
        for one in list(self._attributes) if name is None else [name]:
            values = self._attributes.get(one, ())
            self.weigh(len(values))
            for value in values:
                self.escape(value)

    def is_builtin(self, name: str) -> bool:
        """Whether a name is not bound by any scope."""
        scope: Scope | None = self.scope
        while scope is not None:
            if name in scope.names or name in scope.shared:
                return False
            scope = scope.outer
        return not any(name in names for names in self.shadowing)

    # ------------------------------------------------------------ changes

    def touch(
        self, node: Container, keys: Iterable[str] = (), removes: bool = False, grows: bool = False
    ) -> None:
        """Record that a container is about to change: at some keys, by appending, or in any way."""
        # The state is a copy of its items.
        size = len(node.entries if isinstance(node, Object) else node.items)
        self.weigh(size // _KEPT_PER_WEIGHT)
        self._undo.append((node, node.state()))
        if node.scope is self.scope.root:
            node.changed = self._clock
            return
        effects = self._effects.setdefault(node.origin, Effects())
        self._is_settled = not effects.add(list(keys), removes, grows) and self._is_settled

    def escape(self, value: Value, spares_outer: bool = False) -> None:
        """Let a value escape: code that is not visible can change it from here on.

        `spares_outer`: containers of enclosing scopes in the value are left alone.
        """
        todo: list[Value] = [value]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if isinstance(node, (Object, Array)) and id(node) not in seen:
                seen.add(id(node))
                # An outer scope's value may escape here, but not yet where the function is called.
                is_outer = node.scope is not self.scope.root
                if (node.has_escaped and not is_outer) or (spares_outer and is_outer):
                    continue
                if is_outer:
                    self.weigh(_ESCAPE_WEIGHT)
                self.touch(node)
                node.has_escaped = True
                todo.extend(node.children())
                todo.extend(node.former)
            elif isinstance(node, (Class, Instance)) and id(node) not in seen:
                seen.add(id(node))
                todo.extend((node.maker if isinstance(node, Instance) else node).names.values())

    def escape_children(self, value: Value) -> None:
        """Let the values in a container escape."""
        if isinstance(value, (Object, Array)):
            for child in (*value.children(), *(value.former if value.has_escaped else ())):
                self.escape(child)

    def escape_all(self) -> None:
        """Let every value that has a name escape."""
        scope: Scope | None = self.scope
        while scope is not None:
            self.weigh(len(scope.names) * _ESCAPE_WEIGHT)
            for name, value in list(scope.names.items()):
                self.escape(value)
                self._undo.append((scope, name, value))
                scope.names[name] = Unknown(None)
            scope = scope.outer

    # ------------------------------------------------------------ branches

    def branches(self, *runs: Callable[[], None], offers: bool = True, leaving: Collection[int] = ()) -> None:
        """Follow alternatives, each starting from the present state; what they change is unknown after it.

        `offers`: whether what they set is among the choices of unknown values. It is not where the program
        may know better than this reader which alternative it takes. `leaving`: the numbers of those after
        which the program does not go on.
        """
        changed = []
        outer = self._offers
        offers = offers and outer
        for run in runs:
            mark, start = len(self._undo), self._clock
            self._offers = offers
            self.depth += 1
            run()
            self.depth -= 1
            changed.append((self._roll_back(mark, start), self._offers))
        for number, (one, is_offered) in enumerate(changed):
            self._offers = is_offered and number not in leaving
            self._join(one)
        self._offers = outer

    def withhold(self) -> None:
        """Offer no choices in the rest of the present alternative or function."""
        self._offers = False

    def _roll_back(self, mark: int, start: int) -> Changed:
        """Undo the changes since a mark, and return the state that they had led to.

        Containers made after `start` are left as they are, since only the same branch can refer to them.
        """
        names: dict[tuple[int, str], tuple[Scope, str, Value]] = {}
        nodes: dict[int, tuple[Container, State]] = {}
        for change in self._undo[mark:]:
            if len(change) == 3:
                scope, name, _ = change
                names[id(scope), name] = scope, name, scope.names[name]
            elif change[0].created <= start:
                nodes[id(change[0])] = change[0], change[0].state()
        while len(self._undo) > mark:
            change = self._undo.pop()
            if len(change) == 2:
                if change[0].created <= start:
                    change[0].restore(change[1])
            elif change[2] is None:
                del change[0].names[change[1]]
            else:
                change[0].names[change[1]] = change[2]
        return list(names.values()), list(nodes.values())

    def _join(self, changed: Changed) -> None:
        """Make unknown what a branch may have changed."""
        names, nodes = changed
        for scope, name, after in names:
            before = scope.names.get(name)
            if before is not after:
                for value in (before, after):
                    if value is not None:
                        self.escape(value)
                self._undo.append((scope, name, before))
                scope.names[name] = self.choice(after.where, before, after)
        for node, state in nodes:
            self._undo.append((node, node.state()))
            self._join_object(node, state) if isinstance(node, Object) else self._join_array(node, state)
            if state[2]:
                self.escape(node)

    def truth(self, value: Value) -> bool | None:
        """Return whether a value is true, or None if that is not known.

        It is not while a loop is searched for what it changes, in any of its turns.
        """
        return None if self.is_probing else truth_of(value)

    def choice(self, where: Where, *values: Value | None) -> Unknown:
        """Return a value that is one of several, or another one."""
        return either(where, *values) if self._offers and not self.is_probing else Unknown(where)

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
                node.entries[key] = where, self.choice(value.where, value, entries[key][1])
        for key, (where, value) in entries.items():
            if key not in node.entries:
                self.escape(value)
                self._offer(node, key, where, value)

    def _offer(self, node: Object, key: str, where: Where, value: Value) -> None:
        """Record an entry that a dict may have."""
        before = node.possible.get(key, (None, None))[1]
        node.offer({key: (where, self.choice(value.where, before, value))})

    def _join_array(self, node: Array, state: State) -> None:
        (items, fixed), is_open, _ = state
        same = 0
        while same < min(len(items), len(node.items)) and items[same] is node.items[same]:
            same += 1
        node.is_open = node.is_open or is_open or not same == len(items) == len(node.items)
        rest = [*node.items[same:], *items[same:]]
        for value in rest:
            self.escape(value)
        node.offer(self.choice(value.where, value) for value in rest)
        node.items = node.items[:same]
        node.fixed = min(node.fixed, fixed, same)

    # ------------------------------------------------------------ items and entries

    def item(self, base: Value, index: Value, node: Where) -> Value:
        """Return an item or entry of a container."""
        if isinstance(base, Object) and isinstance(index, Text) and index.is_known:
            value = base.entries[index.text][1] if index.text in base.entries else None
            if not base.has_escaped:
                return value or Unknown(node)
            if isinstance(value, (Object, Array)) and not base.former:
                # Its content is not known, but changes to it are.
                return value if value.has_escaped else value.stand_in(self._clock)
        elif isinstance(base, Array) and not base.has_escaped:
            place = base.at(index)
            if place is not None:
                return base.items[place]
        elif isinstance(base, Unknown):
            return self.choice(node, *(_at(one, index) for one in base.choices))
        # It may be any item or entry.
        self.escape_children(base)
        if isinstance(base, (Object, Array)) and isinstance(index, Unknown) and not base.has_escaped:
            return self.choice(node, *base.children())
        return Unknown(node)

    def set_item(self, base: Value, index: Value, value: Value) -> None:
        """Set an item or entry of a container."""
        if isinstance(base, Object) and not base.maker and isinstance(index, Text) and index.is_known:
            self.touch(base, [index.text])
            self.put(base, index.text, index.where, value)
            if base.has_escaped:
                self.escape(value)
            return
        if isinstance(base, Object) and is_dict(base):
            self.touch(base)
            self.escape_children(base)
            base.put_unknown()
        elif isinstance(base, Array) and not base.has_escaped:
            self.touch(base)
            place = base.at(index)
            base.former += base.items
            if place is not None:
                base.items[place] = value
                return
            self.escape_children(base)
            base.items, base.possible, base.fixed, base.is_open = [], [], 0, True
        else:
            self.escape(base)
            self.forget_choices(base)
        self.escape(value)

    def put(self, made: Object, key: str, where: Where, value: Value) -> None:
        """Set an entry; it is unknown if functions may set it too."""
        made.possible.pop(key, None)
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
        """Remove an entry, and return its value if that is known."""
        if isinstance(base, Object) and not base.maker and isinstance(key, Text) and key.is_known:
            self.touch(base, [key.text], removes=True)
            base.possible.pop(key.text, None)
            removed = base.entries.pop(key.text, (None, None))[1]
            if removed is not None:
                base.former.append(removed)
            base.is_open = base.is_open or key.text in base.unstable
            return None if base.has_escaped else removed
        if isinstance(base, Object) and is_dict(base):
            self.touch(base)
            self.escape_children(base)
            base.former += base.children()
            base.entries, base.possible, base.is_open = {}, {}, True
        else:
            self.escape(base)
            self.forget_choices(base)
        return None

    def forget_choices(self, value: Value) -> None:
        """Forget the containers that an unknown value may be, since it is changed."""
        if isinstance(value, Unknown):
            value.choices = tuple(one for one in value.choices if isinstance(one, (Scalar, Text)))

    def update(self, base: Object, value: Value) -> None:
        """Set the entries of another value in an existing dict."""
        keys: Iterable[str] = ()
        if isinstance(value, Object) and is_dict(value) and not value.is_open:
            keys = value.entries
            if not keys:
                return
        self.touch(base, keys)
        self.merge(base, value)
        if base.has_escaped:
            self.escape_children(base)

    def merge(self, made: Object, value: Value) -> None:
        """Set the entries of another value in a new dict."""
        if not isinstance(value, Object) or not is_dict(value):
            self.escape(value)
            self.escape_children(made)
            made.put_unknown()
            for one in value.choices if isinstance(value, Unknown) else ():
                for key, (where, below) in one.entries.items() if isinstance(one, Object) else ():
                    self._offer(made, key, where, below)
            return
        if value.is_open:
            self.escape_children(made)
            made.put_unknown()
        for key, (where, below) in list(value.entries.items()):
            self.put(made, key, where, below)
        made.offer(value.possible)
        made.repeats = [*made.repeats, *value.repeats]
        made.sources.append(value)

    def append(self, made: Array, value: Value) -> None:
        """Append the items of another value to a list."""
        if isinstance(value, Array) and not value.has_escaped:
            made.extend(value)
        else:
            self.escape(value)
            made.is_open = True
            for one in value.choices if isinstance(value, Unknown) else ():
                if isinstance(one, Array):
                    made.offer(self.choice(item.where, item) for item in one.items)

    def adopted(self, value: Value, where: Where, depth: int = 0) -> Value:
        """Return a value of another file, located in this program."""
        if depth > limits.MAX_DEPTH:
            raise TooLargeError
        self.step()
        match value:
            case Object() if not value.has_escaped and not value.maker:
                made = Object(where, value.origin, self.scope.root, self._clock)
                made.is_open = value.is_open
                for key, (_, below) in value.entries.items():
                    made.entries[key] = where, self.adopted(below, where, depth + 1)
                return made
            case Array() if not value.has_escaped:
                array = Array(where, value.origin, self.scope.root, self._clock)
                array.items = [self.adopted(item, where, depth + 1) for item in value.items]
                array.fixed, array.is_open = value.fixed, value.is_open
                return array
            case Class():
                module = Class(self.scope.function)
                module.names = {
                    name: self.adopted(below, where, depth + 1) for name, below in value.names.items()
                }
                return module
            case Text():
                return Text([(value.text, None, 0)], where)
            case Scalar():
                return Scalar(value.value, where)
        return Unknown(where)

    def copied(self, value: Value, copies: dict[int, Value] | None = None, depth: int = 0) -> Value:
        """Return a deep copy. Raises `TooLargeError` if the value is too deep."""
        copies = {} if copies is None else copies
        if depth > limits.MAX_DEPTH:
            raise TooLargeError
        self.step()
        if id(value) in copies:
            return copies[id(value)]
        if isinstance(value, Object) and not value.maker:
            made = Object(value.where, value.origin, self.scope.root, self._clock)
            copies[id(value)] = made
            made.is_open, made.has_escaped, made.repeats = value.is_open, value.has_escaped, value.repeats
            made.unstable, made.possible = value.unstable, dict(value.possible)
            made.sources.append(value)
            for key, (where, below) in value.entries.items():
                made.entries[key] = where, self.copied(below, copies, depth + 1)
            return made
        if isinstance(value, Array):
            array = Array(value.where, value.origin, self.scope.root, self._clock)
            copies[id(value)] = array
            array.fixed, array.is_open, array.has_escaped = value.fixed, value.is_open, value.has_escaped
            array.sources.append(value)
            array.possible = list(value.possible)
            array.items += [self.copied(item, copies, depth + 1) for item in value.items]
            return array
        return value


def _at(value: Value, index: Value) -> Value | None:
    """Return the item or entry that is visible in a container, or None."""
    match value, index:
        case Object(), Text() if index.is_known:
            return value.entries.get(index.text, (None, None))[1]
        case Array(), Scalar():
            place = value.at(index)
            return value.items[place] if place is not None else None
    return None
