"""Facts about a program that follow from its syntax alone, such as which names are bound where."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from algolint.readers.python_values import FunctionNode

    Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


#: Context managers that may leave their body early without ending the program.
SUPPRESSING = frozenset(("suppress", "raises", "assertRaises", "assertRaisesRegex", "warns"))
# A longer body is not followed.
_MAX_BODY = 5_000
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of a scope's body, without entering nested functions and classes."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(ast.iter_child_nodes(node))


# Nodes that may end an iteration early, or whose content runs at another time.
_LEAVING = (*_SCOPES, ast.Break, ast.Continue, ast.Return, ast.Yield, ast.YieldFrom)


def goes_through(repeated: ast.For | Comprehension) -> bool:
    """Whether a loop or comprehension runs its whole body for each item, and nothing of it later.

    A comprehension also has to make one element of each item, and bind no names outside of it.
    """
    match repeated:
        case ast.For(body=body):
            return not any(isinstance(node, _LEAVING) for node in own_nodes(body))
        case ast.SetComp():
            return False
        case _:
            (first, *others) = repeated.generators
            return not (others or first.ifs or first.is_async) and not any(
                isinstance(node, (*_LEAVING, ast.NamedExpr, ast.Await)) for node in ast.walk(repeated)
            )


def parameters_of(function: FunctionNode) -> list[str]:
    """Return the names of a function's parameters."""
    arguments = function.args
    rest = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return [arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest)]


# ---------------------------------------------------------------- functions


class Body:
    """Facts about the body of a function."""

    __slots__ = ("is_plain", "may_end_early", "returns_once")

    def __init__(self, function: FunctionNode) -> None:
        body = [function.body] if isinstance(function, ast.Lambda) else function.body
        nodes = list(own_nodes(body))
        returns = [node for node in nodes if isinstance(node, ast.Return)]
        #: Whether there is no return but one at the end.
        self.returns_once = not returns or (len(returns) == 1 and _last(body) is returns[0])
        self.may_end_early = not self.returns_once
        #: Whether a call runs the body at once and to its end.
        self.is_plain = len(nodes) <= _MAX_BODY and not any(
            isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes
        )


def _last(body: Sequence[ast.AST]) -> ast.AST:
    """Return the last statement of a body; that of a `with` statement is its body's last."""
    last = body[-1]
    while isinstance(last, (ast.With, ast.AsyncWith)):
        calls = [item.context_expr for item in last.items]
        if any(isinstance(call, ast.Call) and last_name(call.func) in SUPPRESSING for call in calls):
            break
        last = last.body[-1]
    return last


def assigned_attributes(tree: ast.Module) -> frozenset[str] | None:
    """Return the attributes that a program assigns or deletes, or None if they may be any."""
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


def names_of_senders(tree: ast.Module, is_of_interest: Callable[[ast.AST], bool]) -> frozenset[str]:
    """Return the names of functions that contain something of interest, or call one that does."""
    callers: dict[str, set[str]] = {}
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            below = list(ast.walk(node))
            for call in below:
                if isinstance(call, ast.Call):
                    callers.setdefault(last_name(call.func), set()).add(node.name)
            if any(map(is_of_interest, below)):
                found.add(node.name)
    todo = list(found)
    while todo:
        more = callers.get(todo.pop(), set()) - found
        found |= more
        todo += more
    return frozenset(found)


def last_name(function: ast.expr) -> str:
    """Return the name of a function or method without what precedes the dot, or an empty string."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
