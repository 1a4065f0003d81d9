"""The operators that the interpreter knows, in a table."""

from __future__ import annotations

import ast
import operator

from algolint.lazy_regex import lazy
from algolint.readers.python_values import GAP, Array, Object, Scalar, Text, Unknown, as_text, is_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from algolint.readers.python_interpreter import Interpreter, Operator
    from algolint.readers.python_values import Piece, Value

# Limits of arithmetic: numbers in a spec are smaller.
_MAX_NUMBER = 10**18
_MAX_EXPONENT = 60

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


def _arithmetic(kind: type[ast.operator]) -> Operator:
    def made(run: Interpreter, where: ast.expr, left: Scalar, right: Scalar) -> Value | None:  # noqa: ARG001
        numbers: list[Any] = [left.value, right.value]
        if any(type(number) not in (int, float) or abs(number) > _MAX_NUMBER for number in numbers):
            return None
        if kind is ast.Pow and not 0 <= numbers[1] <= _MAX_EXPONENT:
            return None
        try:
            result = _ARITHMETIC[kind](*numbers)
        except (ZeroDivisionError, OverflowError):
            return None
        return Scalar(result, where) if type(result) in (int, float) else None

    return made


def _joined(run: Interpreter, where: ast.expr, left: Value, right: Value) -> Value:  # noqa: ARG001
    return Text([*as_text(left), *as_text(right)], where)


def _repeated(run: Interpreter, where: ast.expr, left: Text, right: Scalar) -> Value | None:
    if type(right.value) is not int:
        return None
    times = max(right.value, 0)
    run.weigh(len(left.text) * times // 10)
    return Text(left.pieces * times, where)


_CONVERSION = lazy(r"%(?:\((\w+)\))?([-+ #0-9.*]*)([a-zA-Z%]|$)")


def _interpolated(run: Interpreter, where: ast.expr, left: Text, right: Value) -> Value:  # noqa: ARG001
    """Return the result of `%` for `%s`, `%d` and `%(name)s`."""
    if not left.is_known or (isinstance(right, (Object, Array)) and (right.has_escaped or right.is_open)):
        return Text([(GAP, None, 0)], where)
    text, offset = left.text, 0
    pieces: list[Piece] = []
    # A list on the right is one value, a tuple several.
    items: Iterator[Value] = iter([right])
    if isinstance(right, Array) and isinstance(right.origin, ast.Tuple):
        items = iter(right.items)
    for match in _CONVERSION.finditer(text):
        name, form, kind = match.groups()
        pieces.append((text[offset : match.start()], None, 0))
        offset = match.end()
        if kind == "%":
            pieces.append(("%", None, 0))
            continue
        value = next(items, None) if name is None else _entry(right, name)
        is_plain = value is not None and not form and kind in ("s", "d", "i")
        pieces += as_text(value) if is_plain and value is not None else [(GAP, None, 0)]
    return Text([*pieces, (text[offset:], None, 0)], where)


def _entry(value: Value, name: str) -> Value | None:
    return value.entries[name][1] if isinstance(value, Object) and name in value.entries else None


def _concatenated(run: Interpreter, where: ast.expr, left: Value, right: Value) -> Value | None:
    if any(isinstance(one, Array) and one.has_escaped for one in (left, right)):
        return None
    made = run.new_array(where)
    run.append(made, left)
    run.append(made, right)
    return made


def _united(run: Interpreter, where: ast.expr, left: Value, right: Value) -> Value | None:
    if any(isinstance(one, Object) and not is_dict(one) for one in (left, right)):
        return None
    made = run.new_object(where)
    run.merge(made, left)
    run.merge(made, right)
    return made


#: By the types of the operator and of both operands.
OPERATORS: dict[tuple[type[ast.operator], type, type], Operator] = {
    **{(kind, Scalar, Scalar): _arithmetic(kind) for kind in _ARITHMETIC},
    (ast.Add, Text, Text): _joined,
    (ast.Add, Text, Unknown): _joined,
    (ast.Add, Unknown, Text): _joined,
    (ast.Mult, Text, Scalar): _repeated,
    **{(ast.Mod, Text, kind): _interpolated for kind in (Scalar, Text, Unknown, Object, Array)},
    (ast.Add, Array, Array): _concatenated,
    (ast.Add, Array, Unknown): _concatenated,
    (ast.Add, Unknown, Array): _concatenated,
    (ast.BitOr, Object, Object): _united,
    (ast.BitOr, Object, Unknown): _united,
    (ast.BitOr, Unknown, Object): _united,
}
