"""The meaning of conditions: the statements and expressions that choose between others, and comparisons."""

from __future__ import annotations

import ast

from algolint.readers.python_values import Array, Object, Scalar, Text, Unknown, is_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.readers.python_interpreter import Interpreter
    from algolint.readers.python_values import Value


def condition(run: Interpreter, node: ast.If) -> None:
    """Follow an `if` statement."""
    truth = run.truth(run.evaluate(node.test))
    chosen = [] if truth is None else node.body if truth else node.orelse
    if truth is not None and not any(isinstance(n, _JUMPS) for one in chosen for n in ast.walk(one)):
        run.execute(chosen)
        return
    offers = _may_be_either(run, node.test)
    leaving = [number for number, body in enumerate((node.body, node.orelse)) if _leaves(body)]
    run.branches(
        lambda: run.execute(node.body), lambda: run.execute(node.orelse), offers=offers, leaving=leaving
    )
    if not offers and any(isinstance(body[-1], _PASSING) for body in (node.body, node.orelse) if body):
        run.withhold()


# What makes that the statements after a loop's body, or all others, are not reached.
_JUMPS = (ast.Raise, ast.Break, ast.Continue)


# What passes over the rest of a loop's body or of a function, as a filter does.
_PASSING = (ast.Break, ast.Continue, ast.Return)


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether the statements after some others are not reached."""
    return bool(body) and isinstance(body[-1], (*_JUMPS, ast.Return))


def _may_be_either(run: Interpreter, test: ast.expr) -> bool:
    """Whether a condition is about values that are not known at all.

    If it examines known values in a way that this reader does not understand, the program may well know the
    result, and what it would do otherwise is no fault.
    """
    values = [run.lookup(name.id, None) for name in ast.walk(test) if isinstance(name, ast.Name)]
    return not any(
        isinstance(value, (Scalar, Text, Object, Array)) or (isinstance(value, Unknown) and value.choices)
        for value in values
    )


def match_statement(run: Interpreter, node: ast.Match) -> None:
    """Follow a `match` statement."""
    run.escape(run.evaluate(node.subject))
    offers = _may_be_either(run, node.subject)
    leaving = [number for number, case in enumerate(node.cases) if _leaves(case.body)]
    run.branches(*(lambda case=case: _case(run, case) for case in node.cases), offers=offers, leaving=leaving)


def _case(run: Interpreter, case: ast.match_case) -> None:
    for below in ast.walk(case.pattern):
        if isinstance(below, (ast.MatchAs, ast.MatchStar, ast.MatchMapping)):
            name = below.rest if isinstance(below, ast.MatchMapping) else below.name
            if name is not None:
                run.bind(name, Unknown(None))
    if case.guard is not None:
        run.evaluate(case.guard)
    run.execute(case.body)


def comparison(run: Interpreter, node: ast.Compare) -> Value:
    """Return the result of a comparison."""
    left, *others = [run.evaluate(operand) for operand in (node.left, *node.comparators)]
    if len(others) > 1 or run.is_probing:
        return Unknown(node)
    result = _compared(node.ops[0], left, others[0])
    return Unknown(node) if result is None else Scalar(result, node)


def _compared(operator: ast.cmpop, left: Value, right: Value) -> bool | None:
    """Return the result of a comparison, or None if it is not known."""
    match operator, left, right:
        case ((ast.Is() | ast.IsNot()), (Scalar() | Text() | Object() | Array()), Scalar(value=None)):
            return (isinstance(left, Scalar) and left.value is None) is isinstance(operator, ast.Is)
        case ((ast.Eq() | ast.NotEq()), (Scalar() | Text()), (Scalar() | Text())):
            values = [_constant_of(left), _constant_of(right)]
            is_equal = values[0] == values[1]
            return is_equal is isinstance(operator, ast.Eq) if _NO_CONSTANT not in values else None
        case ((ast.In() | ast.NotIn()), (Scalar() | Text()), Array()):
            if right.has_escaped or right.is_open:
                return None
            values = [_constant_of(value) for value in (left, *right.items)]
            is_in = values[0] in values[1:]
            return is_in is isinstance(operator, ast.In) if _NO_CONSTANT not in values else None
        case ((ast.In() | ast.NotIn()), Text(), Object()):
            if not left.is_known or not is_dict(right) or right.unstable:
                return None
            is_in = left.text in right.entries
            return None if right.is_open and not is_in else is_in is isinstance(operator, ast.In)
    return None


# Stands for a text of which a part is not known, and for other values.
_NO_CONSTANT = object()


def _constant_of(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.value
    return value.text if isinstance(value, Text) and value.is_known else _NO_CONSTANT


def conditional_expression(run: Interpreter, node: ast.IfExp) -> Value:
    """Return the value of `a if b else c`."""
    truth = run.truth(run.evaluate(node.test))
    if truth is not None:
        return run.evaluate(node.body if truth else node.orelse)
    return _alternatives(run, node, [node.body, node.orelse], _may_be_either(run, node.test))


def _alternatives(run: Interpreter, node: ast.expr, operands: list[ast.expr], offers: bool) -> Value:
    """Return one of several expressions, of which only that one is evaluated."""
    values: list[Value] = []

    def alternative(operand: ast.expr) -> None:
        values.append(run.evaluate(operand))
        run.escape(values[-1])

    runs = [lambda operand=operand: alternative(operand) for operand in operands]
    run.branches(*runs, offers=offers)
    return run.choice(node, *values) if offers else Unknown(node)


def boolean_operation(run: Interpreter, node: ast.BoolOp) -> Value:
    """Return the value of `a or b`, or of `a and b`."""
    first, *rest = node.values
    is_or = isinstance(node.op, ast.Or)
    value = run.evaluate(first)
    while rest and (truth := run.truth(value)) is not None:
        if truth is is_or:
            return value
        value = run.evaluate(rest.pop(0))
    if not rest:
        return value
    run.escape(value)
    after = _alternatives(run, node, rest, is_or or all(_may_be_either(run, one) for one in node.values[:-1]))
    return run.choice(node, value if is_or else None, after)
