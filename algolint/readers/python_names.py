"""Facts about a program that follow from its syntax alone, such as which names are bound where."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias, TypeGuard

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

    A comprehension also has to have a single loop, and bind no names outside of it.
    """
    match repeated:
        case ast.For(body=body):
            return not any(isinstance(node, _LEAVING) for node in own_nodes(body))
        case ast.SetComp():
            return False
        case _:
            (first, *others) = repeated.generators
            return not (others or first.is_async) and not any(
                isinstance(node, (*_LEAVING, ast.NamedExpr, ast.Await)) for node in ast.walk(repeated)
            )


def parameters_of(function: FunctionNode) -> list[str]:
    """Return the names of a function's parameters."""
    arguments = function.args
    rest = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return [arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest)]


def defaults_of(function: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """Yield the parameters of a function that have a literal as their default, and that."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for parameter, default in pairs:
        if is_literal(default):
            yield parameter.arg, default


def is_literal(node: ast.expr | None) -> TypeGuard[ast.expr]:
    """Whether an expression is a constant, or a list or tuple of constants."""
    items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return all(isinstance(item, ast.Constant) for item in items)


# ---------------------------------------------------------------- functions


def is_plain_body(function: FunctionNode) -> bool:
    """Whether a call runs the body of a function at once, and can be followed."""
    nodes = list(own_nodes([function.body] if isinstance(function, ast.Lambda) else function.body))
    return len(nodes) <= _MAX_BODY and not any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes)


def assigned_attributes(tree: ast.Module) -> dict[str, int] | None:
    """Return how often a program assigns or deletes attributes, or None if they may be any."""
    names: dict[str, int] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                names[name] = names.get(name, 0) + 1
            case ast.Call(
                func=ast.Name(id="setattr" | "delattr"), args=[_, ast.Constant(value=str() as name), *_]
            ):
                names[name] = names.get(name, 0) + 2
            case ast.Call(func=ast.Name(id="setattr" | "delattr")):
                return None
    return names


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
