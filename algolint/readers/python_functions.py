"""The functions, methods and operators that the interpreter knows, in tables."""

from __future__ import annotations

import ast
import os

from algolint.readers import json as read_json
from algolint.readers.python_interpreter import REFLECTION, Interpreter, Known
from algolint.readers.python_json import decoded, loaded
from algolint.readers.python_nodes import EXPRESSIONS, STATEMENTS, list_of
from algolint.readers.python_operators import OPERATORS
from algolint.readers.python_values import (
    GAP,
    Array,
    Client,
    File,
    Object,
    Scalar,
    Text,
    Unknown,
    as_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from algolint.readers.python_interpreter import KnownFunction, KnownMethod
    from algolint.readers.python_values import Piece, Value

_MAX_DIGITS = 40
# A longer range is unknown.
_MAX_RANGE = 64


# ---------------------------------------------------------------- builtins and functions of modules


def _reflection(run: Interpreter, node: ast.Call) -> Value:
    value = run.opaque_call(node)
    run.escape_all()
    return value


def _dict(run: Interpreter, node: ast.Call) -> Value | None:
    if len(node.args) > 1:
        return None
    made = run.new_object(node)
    for expression in node.args:
        run.merge(made, run.evaluate(expression))
    return run.keywords(node, made)


def _list(run: Interpreter, node: ast.Call) -> Value | None:
    if len(node.args) > 1 or node.keywords:
        return None
    return list_of(run, node, [ast.Starred(value=item) for item in node.args])


def _sorted(run: Interpreter, node: ast.Call) -> Value:
    """Return the items of `sorted()` and `set()`, whose order is not known."""
    (made, *_) = run.arguments(node, keeps=True) or [Unknown(node)]
    return run.choice(node, made)


def _json_loads(run: Interpreter, node: ast.Call) -> Value | None:
    if len(node.args) != 1 or node.keywords:
        return None
    text = run.evaluate(node.args[0])
    if isinstance(text, File):
        return loaded(run, node, text, read_json.read)
    return decoded(run, node, text, read_json.read) if isinstance(text, Text) else Unknown(node)


def _json_load(run: Interpreter, node: ast.Call) -> Value | None:
    file = run.evaluate(node.args[0]) if len(node.args) == 1 and not node.keywords else None
    return loaded(run, node, file, read_json.read) if isinstance(file, File) else None


def _yaml_load(run: Interpreter, node: ast.Call) -> Value | None:
    source = run.evaluate(node.args[0]) if len(node.args) == 1 else None
    if not isinstance(source, (File, Text)):
        return None
    from algolint.readers import yaml as read_yaml

    if isinstance(source, File):
        return loaded(run, node, source, read_yaml.read)
    return decoded(run, node, source, read_yaml.read)


def _dedent(run: Interpreter, node: ast.Call) -> Value:
    """Return the text of `textwrap.dedent()`, each line at its place in the literal."""
    text = run.evaluate(node.args[0]) if len(node.args) == 1 else None
    if not isinstance(text, Text):
        return run.opaque_call(node)
    from textwrap import dedent

    literal, start = text.pieces[0][1:] if len(text.pieces) == 1 else (None, 0)
    pieces: list[Piece] = []
    lines = text.text.splitlines(keepends=True)
    for line, rest in zip(lines, dedent(text.text).splitlines(keepends=True), strict=False):
        pieces.append((rest, literal, start + len(line) - len(rest)) if rest.strip() else (rest, None, 0))
        start += len(line)
    return Text(pieces, text.where)


def _open(run: Interpreter, node: ast.Call) -> Value | None:
    """Return a file that is opened for reading."""
    if not node.args or isinstance(node.args[0], ast.Starred):
        return None
    file = _path(run, node, [node.args[0]])
    rest = [run.evaluate(arg.value if isinstance(arg, ast.Starred) else arg) for arg in node.args[1:]]
    words = {word.arg: run.evaluate(word.value) for word in node.keywords}
    return _opened(run, file, words.get("mode", rest[0] if rest else None), node)


def _opened(run: Interpreter, file: File | None, mode: Value | None, node: ast.Call) -> Value:
    is_read = mode is None or (isinstance(mode, Text) and mode.text in ("r", "rt", "rb"))
    if file is not None and not is_read:
        run.siblings.write(file.path)
    return file if file is not None and is_read else Unknown(node)


def _open_path(run: Interpreter, node: ast.Call, file: File) -> Value:
    arguments = [run.evaluate(arg) for arg in (*node.args, *(word.value for word in node.keywords))]
    return _opened(run, file, arguments[0] if arguments else None, node)


def _same_path(run: Interpreter, node: ast.Call, file: File) -> Value:
    run.harmless_call(node)
    return file


def _join_paths(run: Interpreter, node: ast.Call) -> Value | None:
    return _path(run, node, node.args)


def _join_to(run: Interpreter, node: ast.Call, folder: File) -> Value | None:
    below = _path(run, node, node.args)
    return File(os.path.join(folder.path, below.path), node) if below is not None else None


def _absolute(run: Interpreter, node: ast.Call) -> Value | None:
    file = run.evaluate(node.args[0]) if len(node.args) == 1 else None
    return file if isinstance(file, File) else None


def _directory(run: Interpreter, node: ast.Call) -> Value | None:
    file = run.evaluate(node.args[0]) if len(node.args) == 1 else None
    return File(os.path.dirname(file.path), node) if isinstance(file, File) else None


def _path(run: Interpreter, node: ast.expr, parts: Sequence[ast.expr]) -> File | None:
    """Return the path joined from parts, the first of which may itself be a path."""
    values = [run.evaluate(part.value if isinstance(part, ast.Starred) else part) for part in parts]
    names = [value.path if isinstance(value, File) else _name_in(value) for value in values]
    if not names or None in names or any(isinstance(value, File) for value in values[1:]):
        return None
    return File(os.path.join(*(name or "" for name in names)), node)


def _name_in(value: Value) -> str | None:
    return value.text if isinstance(value, Text) and value.is_known else None


def _below(run: Interpreter, where: ast.expr, folder: File, name: Text) -> Value | None:  # noqa: ARG001
    return File(os.path.join(folder.path, name.text), where) if name.is_known else None


def _deepcopy(run: Interpreter, node: ast.Call) -> Value | None:
    return run.copied(run.evaluate(node.args[0])) if len(node.args) == 1 else None


def _copy(run: Interpreter, node: ast.Call) -> Value | None:
    if len(node.args) != 1:
        return None
    value = run.evaluate(node.args[0])
    if isinstance(value, Object):
        return _copy_of(run, node, value)
    if isinstance(value, Array):
        return _copy_of_list(run, node, value)
    return Unknown(node)


def _str(run: Interpreter, node: ast.Call) -> Value | None:
    if len(node.args) != 1 or node.keywords:
        return None
    return Text(as_text(run.evaluate(node.args[0])), node)


def _number(run: Interpreter, node: ast.Call) -> Value | None:
    """Return the result of `int()` and `float()` for a constant."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.func, ast.Name):
        return None
    value = run.evaluate(node.args[0])
    constant = value.text if isinstance(value, Text) and value.is_known else None
    if isinstance(value, Scalar) and value.value is not None:
        constant = value.value  # type: ignore[assignment]
    if constant is None or (isinstance(constant, str) and len(constant) > _MAX_DIGITS):
        return Unknown(node)
    try:
        return Scalar(int(constant) if node.func.id == "int" else float(constant), node)
    except (ValueError, OverflowError):
        return Unknown(node)


def _range(run: Interpreter, node: ast.Call) -> Value | None:
    values = [run.evaluate(arg) for arg in node.args]
    limits = [value.value for value in values if isinstance(value, Scalar) and type(value.value) is int]
    if node.keywords or len(limits) != len(node.args) or not 1 <= len(limits) <= 2:
        return Unknown(node)
    numbers = range(*limits)
    return (
        _tuple(run, node, [Scalar(n, node) for n in numbers]) if len(numbers) <= _MAX_RANGE else Unknown(node)
    )


def _enumerate(run: Interpreter, node: ast.Call) -> Value | None:
    values = [run.evaluate(arg) for arg in node.args]
    items = run.items_of(values[0]) if len(values) == 1 and not node.keywords else None
    if items is None:
        for value in values:
            run.escape_children(value)
        return Unknown(node)
    pairs = [_tuple(run, node, [Scalar(n, node), item]) for n, item in enumerate(items)]
    return _tuple(run, node, pairs, values)


def _zip(run: Interpreter, node: ast.Call) -> Value | None:
    values = [run.evaluate(arg.value if isinstance(arg, ast.Starred) else arg) for arg in node.args]
    columns = [items for value in values if (items := run.items_of(value)) is not None]
    is_plain = not node.keywords and not any(isinstance(arg, ast.Starred) for arg in node.args)
    if not is_plain or len(columns) != len(values):
        for value in values:
            run.escape(value)
        return Unknown(node)
    return _tuple(run, node, [_tuple(run, node, row) for row in zip(*columns, strict=False)], values)


def _asyncio_run(run: Interpreter, node: ast.Call) -> Value | None:
    if len(node.args) != 1:
        return None
    run.awaited = node.args[0]
    return run.evaluate(node.args[0])


def _gathered(run: Interpreter, node: ast.Call) -> Value:
    """Follow coroutines that run at some time from here on."""

    def some_time(argument: ast.expr) -> None:
        run.awaited = argument
        run.escape(run.evaluate(argument.value if isinstance(argument, ast.Starred) else argument))

    for argument in node.args:
        run.branches(lambda argument=argument: some_time(argument))  # type: ignore[misc]
    for word in node.keywords:
        run.evaluate(word.value)
    return Unknown(node)


def _getenv(run: Interpreter, node: ast.Call) -> Value:
    return run.choice(node, *run.arguments(node, keeps=True)[1:])


def _getattr(run: Interpreter, node: ast.Call) -> Value:
    match node.args:
        case [_, ast.Constant(value=str() as name), *_]:
            run.escape_attribute(name)
        case _:
            run.escape_attribute(None)
    return run.opaque_call(node)


def _client(run: Interpreter, node: ast.Call) -> Value | None:
    """Return a client or session of boto3."""
    region = next((word.value for word in node.keywords if word.arg == "region_name"), None)
    return _new_client(run, node, run.evaluate(region) if region is not None else None)


def _client_of_session(run: Interpreter, node: ast.Call, session: Client) -> Value | None:
    region = next((word.value for word in node.keywords if word.arg == "region_name"), None)
    return _new_client(run, node, run.evaluate(region) if region is not None else session.region)


def _new_client(run: Interpreter, node: ast.Call, region: Value | None) -> Client:
    run.harmless_call(node)
    made = Client(region, node)
    match node.args:
        case [ast.Constant(value="sagemaker"), *_]:
            run.clients.append(made)
    return made


_BUILTINS: dict[str, KnownFunction] = {
    **dict.fromkeys(
        "print len repr type isinstance id bool hash callable format display pprint any all".split(),
        Interpreter.harmless_call,
    ),
    **dict.fromkeys(REFLECTION, _reflection),
    "getattr": _getattr,
    "open": _open,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "dict": _dict,
    "list": _list,
    "tuple": _list,
    "sorted": _sorted,
    "set": _sorted,
    "frozenset": _sorted,
    "str": _str,
    "int": _number,
    "float": _number,
}

_OF_MODULES: dict[tuple[str, str], KnownFunction] = {
    ("json", "loads"): _json_loads,
    ("json", "load"): _json_load,
    ("yaml", "safe_load"): _yaml_load,
    ("yaml", "load"): _yaml_load,
    ("textwrap", "dedent"): _dedent,
    ("pathlib", "Path"): _join_paths,
    ("os.path", "join"): _join_paths,
    ("os.path", "dirname"): _directory,
    ("os.path", "abspath"): _absolute,
    ("os.path", "realpath"): _absolute,
    ("copy", "deepcopy"): _deepcopy,
    ("copy", "copy"): _copy,
    ("asyncio", "run"): _asyncio_run,
    **dict.fromkeys((("asyncio", name) for name in ("gather", "create_task", "wait_for")), _gathered),
    ("os", "getenv"): _getenv,
    ("boto3", "client"): _client,
    ("boto3", "Session"): _client,
    ("boto3.session", "Session"): _client,
    **dict.fromkeys(
        [
            *(("json", name) for name in ("dumps", "dump")),
            *(("pprint", name) for name in ("pprint", "pformat", "pp")),
            *(("yaml", name) for name in ("dump", "safe_dump")),
            *(
                (logger, level)
                for logger in ("logger", "logging", "log", "_logger", "LOGGER", "LOG", "_log")
                for level in ("debug", "info", "warning", "error", "critical", "exception")
            ),
        ],
        Interpreter.harmless_call,
    ),
}


# ---------------------------------------------------------------- methods of dicts and lists


def _update(run: Interpreter, node: ast.Call, base: Object) -> Value | None:
    if len(node.args) > 1:
        return None
    other = run.evaluate(node.args[0]) if node.args else None
    words = run.keywords(node, run.words(node))
    if other is not None:
        run.update(base, other)
    run.update(base, words)
    return Unknown(node)


def _key_and_rest(run: Interpreter, node: ast.Call) -> Value:
    """Return the first argument; the others escape."""
    key, *others = node.args
    index = run.evaluate(key)
    for other in others:
        run.escape(run.evaluate(other))
    return index


def _get(run: Interpreter, node: ast.Call, base: Object) -> Value | None:
    if not node.args:
        return None
    key, *others = map(run.evaluate, node.args)
    for other in others:
        run.escape(other)
    value = run.item(base, key, node)
    return run.choice(node, value, *others) if isinstance(value, Unknown) else value


def _pop(run: Interpreter, node: ast.Call, base: Object) -> Value | None:
    if not node.args:
        return None
    return run.remove(base, _key_and_rest(run, node)) or Unknown(node)


def _set_default(run: Interpreter, node: ast.Call, base: Object) -> Value | None:
    if len(node.args) != 2:
        return None
    key, default = map(run.evaluate, node.args)
    if isinstance(key, Text) and key.is_known:
        if key.text in base.entries:
            run.escape(default)
            return base.entries[key.text][1]
        if not base.is_open and key.text not in base.unstable:
            run.touch(base, [key.text])
            run.put(base, key.text, key.where, default)
            return default
    run.touch(base)
    run.escape_children(base)
    run.escape(default)
    base.is_open = True
    return Unknown(node)


def _copy_of(run: Interpreter, node: ast.Call, base: Object) -> Value:
    made = run.new_object(node, base.where)
    run.merge(made, base)
    return made


def _copy_of_list(run: Interpreter, node: ast.Call, base: Array) -> Value:
    made = run.new_array(node, base.where)
    run.append(made, base)
    return made


def _keys(run: Interpreter, node: ast.Call, base: Object) -> Value | None:  # noqa: ARG001
    return None if node.args else Unknown(node)


def _items(run: Interpreter, node: ast.Call, base: Object) -> Value | None:
    if node.args or base.is_open or base.unstable:
        return _values(run, node, base)
    pairs = []
    for key, (where, value) in base.entries.items():
        pairs.append(_tuple(run, node, [Text([(key, None, 0)], where), value]))
    return _tuple(run, node, pairs, [base])


def _tuple(run: Interpreter, node: ast.expr, items: Iterable[Value], sources: Iterable[Value] = ()) -> Array:
    made = run.new_array(node)
    made.add(items)
    made.sources += [source for source in sources if isinstance(source, (Object, Array))]
    return made


def _values(run: Interpreter, node: ast.Call, base: Object) -> Value | None:
    if node.args:
        return None
    run.escape_children(base)
    return Unknown(node)


def _append(run: Interpreter, node: ast.Call, base: Array) -> Value | None:
    if len(node.args) != 1:
        return None
    value = run.evaluate(node.args[0])
    run.touch(base, grows=True)
    base.add([value])
    if base.has_escaped:
        run.escape(value)
    return Unknown(node)


def _extend(run: Interpreter, node: ast.Call, base: Array) -> Value | None:
    if len(node.args) != 1:
        return None
    run.add_to(base, run.evaluate(node.args[0]), ast.Add(), node)
    return Unknown(node)


def _find(run: Interpreter, node: ast.Call, base: Array) -> Value | None:  # noqa: ARG001
    if len(node.args) != 1:
        return None
    run.evaluate(node.args[0])
    return Unknown(node)


# ---------------------------------------------------------------- methods of texts


def _replace(run: Interpreter, node: ast.Call, base: Text) -> Value | None:
    if len(node.args) != 2 or node.keywords:
        return None
    old, new = map(run.evaluate, node.args)
    if not isinstance(old, Text) or not old.is_known or not old.text:
        return Unknown(node)
    run.weigh(base.text.count(old.text) * (1 + (len(new.text) if isinstance(new, Text) else 1)))
    return Text(_replaced(base.pieces, old.text, new), base.where)


def _strip(run: Interpreter, node: ast.Call, base: Text) -> Value | None:  # noqa: ARG001
    return None if node.args or node.keywords else Text(_stripped(base.pieces), base.where)


def _changed_case(run: Interpreter, node: ast.Call, base: Text) -> Value | None:
    if node.args or node.keywords or not base.is_known or not isinstance(node.func, ast.Attribute):
        return None
    run.weigh(len(base.text) // 10)
    return Text([(base.text.lower() if node.func.attr == "lower" else base.text.upper(), None, 0)], node)


def _split(run: Interpreter, node: ast.Call, base: Text) -> Value | None:
    """Return the parts of a text; each is located at all of it."""
    separator = run.evaluate(node.args[0]) if len(node.args) == 1 else None
    if node.keywords or not base.is_known or (node.args and not isinstance(separator, Text)):
        return None
    if isinstance(separator, Text) and not (separator.is_known and separator.text):
        return None
    run.weigh(len(base.text))
    parts = base.text.split(separator.text if isinstance(separator, Text) else None)
    made = run.new_array(node)
    made.add(Text([(part, None, 0)], base.where) for part in parts)
    return made


def _join(run: Interpreter, node: ast.Call, base: Text) -> Value | None:
    if len(node.args) != 1:
        return None
    items = run.evaluate(node.args[0])
    if not isinstance(items, Array) or items.has_escaped or items.is_open:
        return Text([(GAP, None, 0)], node)
    pieces: list[Piece] = []
    for item in items.items:
        pieces += [*(base.pieces if pieces else ()), *as_text(item)]
    return Text(pieces, node)


def _format(run: Interpreter, node: ast.Call, base: Text) -> Value:
    """Return the result of `str.format` for plain fields: `{}`, `{0}`, `{name}`."""
    positional = [run.evaluate(arg) for arg in node.args if not isinstance(arg, ast.Starred)]
    named = {word.arg: run.evaluate(word.value) for word in node.keywords}
    is_whole = base.is_known and len(positional) == len(node.args) and None not in named
    return Text(_formatted(base.text, positional, named) if is_whole else [(GAP, None, 0)], node)


def _formatted(text: str, positional: list[Value], named: Mapping[str | None, Value]) -> list[Piece]:
    from string import Formatter

    pieces: list[Piece] = []
    number = 0
    try:
        for literal, field, form, conversion in Formatter().parse(text):
            pieces.append((literal, None, 0))
            if field is None:
                continue
            index = field or str(number)
            number += not field
            value = named.get(index)
            if index.isdecimal() and int(index[:4]) < len(positional):
                value = positional[int(index[:4])]
            is_plain = value is not None and not form and conversion in (None, "s")
            pieces += as_text(value) if is_plain and value is not None else [(GAP, None, 0)]
    except ValueError:
        return [(GAP, None, 0)]
    return pieces


_METHODS: dict[tuple[type, str], KnownMethod] = {
    (Object, "update"): _update,
    (Object, "get"): _get,
    (Object, "pop"): _pop,
    (Object, "setdefault"): _set_default,
    (Object, "copy"): _copy_of,
    (Object, "keys"): _keys,
    (Object, "items"): _items,
    (Object, "values"): _values,
    (Array, "append"): _append,
    (Array, "copy"): _copy_of_list,
    (Array, "extend"): _extend,
    (Array, "index"): _find,
    (Array, "count"): _find,
    (Client, "client"): _client_of_session,
    (Text, "replace"): _replace,
    (Text, "strip"): _strip,
    (Text, "lower"): _changed_case,
    (Text, "upper"): _changed_case,
    (Text, "format"): _format,
    (Text, "split"): _split,
    (Text, "join"): _join,
    (File, "open"): _open_path,
    **{(File, name): _same_path for name in ("read", "read_text", "resolve", "absolute", "expanduser")},
    (File, "joinpath"): _join_to,
}

KNOWN = Known(
    STATEMENTS,
    EXPRESSIONS,
    _BUILTINS,
    _OF_MODULES,
    _METHODS,
    frozenset(("update", "append", "extend")),
    {**OPERATORS, (ast.Div, File, Text): _below},
)


def _replaced(pieces: list[Piece], old: str, new: Value) -> list[Piece]:
    """Return the pieces with a text replaced by a value, which is a gap if not known."""
    whole = "".join(piece[0] for piece in pieces)
    if whole.count(old) != sum(piece[0].count(old) for piece in pieces):
        pieces = [(whole, None, 0)]
    inserted: list[Piece] = new.pieces if isinstance(new, Text) else [(GAP, None, 0)]
    found: list[Piece] = []
    for text, node, start in pieces:
        offset = 0
        while (at := text.find(old, offset)) >= 0:
            found += [(text[offset:at], node, start + offset), *inserted]
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
