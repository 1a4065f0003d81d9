"""The meaning of each type of statement and expression, in two tables."""

from __future__ import annotations

import ast
import os

from algolint.readers import python_conditions
from algolint.readers.bounds import check_tokens
from algolint.readers.python_interpreter import CallMatcher, UnsettledError
from algolint.readers.python_memory import TooLargeError
from algolint.readers.python_names import SUPPRESSING, last_name
from algolint.readers.python_offsets import Elsewhere, Offsets
from algolint.readers.python_values import (
    GAP,
    Array,
    Class,
    Client,
    File,
    Function,
    Imported,
    Instance,
    Object,
    Scalar,
    Text,
    Unknown,
    as_text,
)
from algolint.source import SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from algolint.readers.python_interpreter import Expression, Interpreter, Statement
    from algolint.readers.python_names import Comprehension
    from algolint.readers.python_offsets import Where
    from algolint.readers.python_values import FunctionNode, Piece, Value
    from algolint.source import Span

# How deep imports of imported modules are followed.
_MAX_IMPORTS = 3
_MAX_BITS = 10_000


# ---------------------------------------------------------------- statements


def _expression_statement(run: Interpreter, node: ast.Expr) -> None:
    run.evaluate(node.value)


def _assignment(run: Interpreter, node: ast.Assign) -> None:
    value = run.evaluate(node.value)
    for target in node.targets:
        _assign(run, target, value)


def _annotated_assignment(run: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is None:
        run.visit_children(node)
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
        case ast.Attribute(value=ast.Name() as base, attr=name) if name in run.assigned_once:
            instance = run.evaluate(base)
            run.escape(value)
            if isinstance(instance, Instance):
                run.attributes_set.setdefault((id(instance.maker), name), []).append(value)
            run.visit_children(target)
        case _:
            run.escape(value)
            run.visit_children(target)


def _unpack(run: Interpreter, targets: list[ast.expr], value: Value) -> None:
    is_plain = not any(isinstance(target, ast.Starred) for target in targets)
    if isinstance(value, Array) and not value.has_escaped and not value.is_open:
        items = list(value.items)
        if is_plain and len(items) == len(targets):
            for target, item in zip(targets, items, strict=True):
                _assign(run, target, item)
            return
    run.escape(value)
    for number, target in enumerate(targets):
        _assign(run, target, run.item(value, Scalar(number, None), None) if is_plain else Unknown(None))


def _augmented_assignment(run: Interpreter, node: ast.AugAssign) -> None:
    added = run.evaluate(node.value)
    target = node.target
    match target:
        case ast.Name(id=name):
            sum_ = run.add_to(run.lookup(name, target), added, node.op, target)
            run.weigh_text(sum_)
            run.bind(name, sum_)
        case ast.Subscript(value=base, slice=index):
            container, key = run.evaluate(base), run.evaluate(index)
            before = run.item(container, key, target)
            after = run.add_to(before, added, node.op, target)
            if after is not before:
                run.weigh_text(after)
                run.set_item(container, key, after)
        case _:
            run.escape(added)
            run.visit_children(target)


def _deletion(run: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        match target:
            case ast.Subscript(value=base, slice=index):
                run.remove(run.evaluate(base), run.evaluate(index))
            case ast.Name(id=name):
                run.bind(name, Unknown(None))
            case _:
                run.visit_children(target)


def _for_loop(run: Interpreter, node: ast.For | ast.AsyncFor) -> None:
    def turn(item: Value) -> None:
        _assign(run, node.target, item)
        run.execute(node.body)

    iterated = run.evaluate(node.iter)
    items = run.items_of(iterated)
    is_followed = isinstance(node, ast.For) and run.goes_through(node)
    if is_followed and items is not None and run.iterate(node, iterated, items, turn):
        run.execute(node.orelse)
        return
    run.escape_children(iterated)
    item = run.choice(None, *(items or ()))
    run.loop(lambda: turn(item), node if is_followed and items is not None else None)
    run.branches(lambda: run.execute(node.orelse))


def _while_loop(run: Interpreter, node: ast.While) -> None:
    run.loop(lambda: run.execute([ast.Expr(node.test), *node.body]))
    run.branches(lambda: run.execute(node.orelse))


def _with_statement(run: Interpreter, node: ast.With | ast.AsyncWith) -> None:
    leaves_early = False
    for item in node.items:
        entered = run.evaluate(item.context_expr)
        run.escape(entered)
        if item.optional_vars is not None:
            _assign(run, item.optional_vars, entered if isinstance(entered, File) else Unknown(None))
        if isinstance(item.context_expr, ast.Call):
            leaves_early = leaves_early or last_name(item.context_expr.func) in SUPPRESSING
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


def _import(run: Interpreter, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name == "*":
            for name in list(run.scope.names):
                run.bind(name, Unknown(None))
        else:
            name = alias.asname or alias.name.partition(".")[0]
            run.bind(name, _imported(run, node, alias) or Unknown(None))


def _imported(run: Interpreter, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> Value | None:
    """Return what is imported from a file next to the program, or None if there is no such file."""
    where = run.offsets.span(alias)
    if isinstance(node, ast.Import):
        is_named = alias.asname is not None or "." not in alias.name
        return _module(run, alias.name.replace(".", "/"), where) if is_named else None
    if node.level > 1:
        return None
    base = os.path.dirname(run.path) if node.level else ""
    package = "/".join(filter(None, (base, *(node.module or "").split("."))))
    known = run.known.of_modules.get((node.module or "", alias.name))
    if known is not None:
        return Imported(known, where)
    module = _module(run, package, where) if package != base else None
    if module is None:
        return _module(run, f"{package}/{alias.name}" if package else alias.name, where)
    return module.names.get(alias.name)


def _module(run: Interpreter, path: str, where: Span) -> Class | None:
    """Return a module next to the program, with the values of its names."""
    siblings, path = run.siblings, f"{path}.py"
    if path not in siblings.modules:
        siblings.modules[path] = None
        siblings.modules[path] = _names_of_module(run, path)
    names: dict[str, Value] | None = siblings.modules[path]
    if names is None:
        return None
    module = Class(run.scope.function)
    for name, value in names.items():
        is_apart = run.matcher.reads_apart(value, is_data=False)
        module.names[name] = run.adopted(value, Elsewhere(where, path) if is_apart else where)
    return module


def _names_of_module(run: Interpreter, path: str) -> dict[str, Value] | None:
    source = run.siblings.read(path) if run.depth < _MAX_IMPORTS else None
    if source is None:
        return None
    try:
        check_tokens(source.text)
        tree = ast.parse(source.text)
        other = type(run)(tree, Offsets(source), CallMatcher(), run.known, run.siblings, path, run.depth + 1)
        other.run()
    except (
        SyntaxError,
        ValueError,
        RecursionError,
        MemoryError,
        SourceSyntaxError,
        TooLargeError,
        UnsettledError,
    ):
        return None
    scope = other.module
    return {name: value for name, value in scope.names.items() if name not in scope.shared}


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
    made.has_fields = bool(node.decorator_list) or not _WITH_FIELDS.isdisjoint(map(last_name, node.bases))
    if not is_plain:
        run.escape(made)
    run.bind(node.name, made if is_plain else Unknown(None))


# Classes whose subclasses are made with values for their names.
_WITH_FIELDS = frozenset(("BaseModel", "BaseSettings", "NamedTuple", "SQLModel"))


def _is_dataclass(decorator: ast.expr) -> bool:
    return last_name(decorator.func if isinstance(decorator, ast.Call) else decorator) == "dataclass"


STATEMENTS: dict[type[ast.AST], Statement] = {
    ast.Expr: _expression_statement,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated_assignment,
    ast.AugAssign: _augmented_assignment,
    ast.Delete: _deletion,
    ast.If: python_conditions.condition,
    ast.For: _for_loop,
    ast.AsyncFor: _for_loop,
    ast.While: _while_loop,
    ast.With: _with_statement,
    ast.AsyncWith: _with_statement,
    ast.Try: _try_statement,
    ast.Match: python_conditions.match_statement,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.FunctionDef: _function_statement,
    ast.AsyncFunctionDef: _function_statement,
    ast.ClassDef: _class_statement,
    ast.Return: _return_statement,
}
if hasattr(ast, "TryStar"):  # Python 3.11
    STATEMENTS[ast.TryStar] = _try_statement


# ---------------------------------------------------------------- expressions


def _constant(run: Interpreter, node: ast.Constant) -> Value:  # noqa: ARG001
    if isinstance(node.value, str):
        return Text([(node.value, node, 0)], node)
    if isinstance(node.value, int) and node.value.bit_length() > _MAX_BITS:
        # Python limits the conversion of such a long number to digits.
        return Unknown(node)
    if node.value is None or isinstance(node.value, (bool, int, float)):
        return Scalar(node.value, node)
    return Unknown(node)


def _name(run: Interpreter, node: ast.Name) -> Value:
    if node.id == "__file__" and run.is_builtin(node.id):
        return File(run.path, node)
    return run.lookup(node.id, node)


def _dict(run: Interpreter, node: ast.Dict) -> Value:
    made = run.new_object(node)
    written: dict[str, Where] = {}
    for key, expression in zip(node.keys, node.values, strict=True):
        if key is None:
            run.merge(made, run.evaluate(expression))
            continue
        name = run.evaluate(key)
        if isinstance(name, Text) and name.is_known:
            if name.text in written:
                made.repeats.append((name.text, name.where, written[name.text]))
            written.setdefault(name.text, name.where)
        _entry(run, made, name, run.evaluate(expression))
    return made


def _entry(run: Interpreter, made: Object, key: Value, value: Value) -> None:
    """Set an entry of a new dict; its key may be unknown."""
    if isinstance(key, Text) and key.is_known:
        run.put(made, key.text, key.where, value)
    else:
        run.escape(value)
        run.escape_children(made)
        made.put_unknown()


def _list(run: Interpreter, node: ast.List | ast.Tuple) -> Value:
    return list_of(run, node, node.elts)


def _set(run: Interpreter, node: ast.Set) -> Value:
    return run.choice(node, list_of(run, node, node.elts))


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
    if isinstance(node.op, ast.Not):
        truth = run.truth(operand)
        return Unknown(node) if truth is None else Scalar(not truth, node)
    if isinstance(operand, Scalar) and isinstance(node.op, ast.USub) and type(operand.value) in (int, float):
        return Scalar(-operand.value, node)  # type: ignore[operator]
    return Unknown(node)


def _joined_string(run: Interpreter, node: ast.JoinedStr) -> Value:
    return Text([piece for part in node.values for piece in _part_of_string(run, part)], node)


def _part_of_string(run: Interpreter, part: ast.expr) -> list[Piece]:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        # Before Python 3.12 it has no location.
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
        maker = base.maker if isinstance(base, Instance) else base
        # A bound method already has its first argument.
        is_method = isinstance(value, Function) and (isinstance(base, Instance) or value.kind != "")
        if is_method or isinstance(value, Unknown):
            return run.choice(node, value, *run.attributes_set.get((id(maker), node.attr), ()))
        return value
    if isinstance(base, File) and node.attr == "parent":
        return File(os.path.dirname(base.path), node)
    run.escape(base)
    run.escape_attribute(None if node.attr == "__dict__" else node.attr)
    # The value of a member of an Enum.
    return base if isinstance(base, Text) and node.attr == "value" else Unknown(node)


def _comprehension(run: Interpreter, node: Comprehension) -> Value:
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

    iterated = run.evaluate(node.generators[0].iter)
    items = run.items_of(iterated) if run.goes_through(node) else None
    if items is not None:
        return _elements(run, node, iterated, items)
    run.escape_children(iterated)
    run.loop(iteration)
    return Unknown(node)


def _elements(
    run: Interpreter,
    node: Comprehension,
    iterated: Value,
    items: list[Value],
) -> Value:
    """Return the container that a comprehension makes of known items."""
    generator = node.generators[0]
    elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    is_known = True
    made: Object | Array = run.new_object(node) if isinstance(node, ast.DictComp) else run.new_array(node)

    def unknown() -> None:
        for element in elements:
            run.escape(run.evaluate(element))

    def element(item: Value) -> None:
        nonlocal is_known
        _assign(run, generator.target, item)
        for condition in generator.ifs:
            truth = run.truth(run.evaluate(condition))
            if truth is False:
                return
            is_known = is_known and truth is not None
        if not is_known:
            run.branches(unknown)
        elif isinstance(node, ast.DictComp):
            _entry(run, made, run.evaluate(node.key), run.evaluate(node.value))  # type: ignore[arg-type]
        else:
            made.add([run.evaluate(node.elt)])  # type: ignore[union-attr]

    def turns() -> None:
        if not run.iterate(node, iterated, items, element):
            run.escape_children(made)
            made.is_open = True

    run.within(turns)
    if is_known:
        return made
    run.escape_children(made)
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
        if isinstance(called, Imported):
            made = called.function(run, node)
        run.escape(called)
    maker = last_name(function)
    if made is None and not node.args and maker and run.matcher.makes(maker):
        return _instance(run, node, maker)
    return run.opaque_call(node) if made is None else made


def _method_call(run: Interpreter, node: ast.Call, function: ast.Attribute) -> Value | None:
    """Return the result of calling a method of a known value, or None for other calls."""
    base = run.evaluate(function.value)
    if isinstance(base, (Object, Array, Text, Client, File)):
        return _method(run, node, base, function.attr)
    if isinstance(base, Unknown):
        if function.attr == "get":
            return run.choice(node, *run.arguments(node, keeps=True)[1:])
        if function.attr == "add_argument":
            return _add_argument(run, node)
        if function.attr == "parse_args":
            run.arguments(node, keeps=True)
            return Instance(run.command_line, node)
        if function.attr not in _READERS:
            run.forget_choices(base)
    if isinstance(base, (Class, Instance)):
        method = run.attribute(base, function.attr, function)
        if isinstance(method, Function):
            is_plain = isinstance(base, Class) and method.kind == ""
            return run.follow(node, method, None if is_plain else base)
        run.escape(base)
    return None


def _add_argument(run: Interpreter, node: ast.Call) -> Value:
    """Keep the default of an argument of the command line, unless argparse converts it."""
    values = run.arguments(node, keeps=True)
    flags = [value.text.lstrip("-") for value in values[: len(node.args)] if isinstance(value, Text)]
    words = {word.arg: value for word, value in zip(node.keywords, values[len(node.args) :], strict=True)}
    default, name = words.get("default"), words.get("dest")
    names = [name.text] if isinstance(name, Text) else [flag for flag in flags if len(flag) > 1] or flags
    if names and default is not None and not (isinstance(default, Text) and "type" in words):
        key = id(run.command_line), names[0].replace("-", "_")
        run.attributes_set.setdefault(key, []).append(default)
    return Unknown(node)


# The methods that replace nothing in a container.
_READERS = frozenset(("append", "copy", "extend", "items", "keys", "setdefault", "values"))


def _new_instance(run: Interpreter, node: ast.Call, made: Class) -> Value:
    start = made.names.get("__init__")
    if isinstance(start, Function):
        instance = Instance(made, node)
        run.follow(node, start, instance)
        return instance
    positional, words = run.call_arguments(node)
    for value in (*(positional or ()), words):
        run.escape(value)
    return Instance(made, node, words if positional == [] and not words.is_open else None)


def _wanted_call(run: Interpreter, node: ast.Call) -> Value:
    receiver = run.evaluate(node.func.value) if isinstance(node.func, ast.Attribute) else None
    if receiver is not None and not (isinstance(receiver, Object) and receiver.maker):
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
    """Return the result of calling a known function of a module, or None for other calls."""
    match function.value:
        case ast.Name(id=name):
            module = name
        case ast.Attribute(value=ast.Name(id=name), attr=below):
            module = f"{name}.{below}"
        case _:
            return None
    if isinstance(run.lookup(name, None), (Object, Array, Text)):
        return None
    known = run.known.of_modules.get((module, function.attr))
    return known(run, node) if known is not None else None


def _method(
    run: Interpreter, node: ast.Call, base: Object | Array | Text | Client | File, name: str
) -> Value:
    known = run.known.methods.get((type(base), name))
    is_hidden = isinstance(base, (Object, Array)) and base.has_escaped and name not in run.known.writers
    if known is not None and not is_hidden and not (isinstance(base, Object) and base.maker):
        made = known(run, node, base)
        if made is not None:
            return made
    if isinstance(base, (Text, File)):
        return run.harmless_call(node)
    run.escape(base)
    return run.opaque_call(node)


def _instance(run: Interpreter, node: ast.Call, maker: str) -> Value:
    made = run.new_object(node)
    run.keywords(node, made)
    for key, (where, value) in list(made.entries.items()):
        made.entries[key] = where, run.copied(value)
    made.maker = maker
    return made


EXPRESSIONS: dict[type[ast.AST], Expression] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Dict: _dict,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Set: _set,
    ast.BinOp: _operation,
    ast.UnaryOp: _unary_operation,
    ast.JoinedStr: _joined_string,
    ast.Subscript: _subscript,
    ast.Compare: python_conditions.comparison,
    ast.IfExp: python_conditions.conditional_expression,
    ast.BoolOp: python_conditions.boolean_operation,
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
