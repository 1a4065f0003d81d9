"""Walking a bound spec, calling at each value the rules that subscribe to its shape."""

from __future__ import annotations

from algolint import limits
from algolint.values import UNKNOWN, PartialText, Undecided

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from algolint.aws.model import Model, Shape
    from algolint.rule import Finding, Problem, Rule
    from algolint.spec.context import Context
    from algolint.values import Path

    # What a rule reported or raised, and the steps from its value up to where the walk is now.
    Reported: TypeAlias = tuple[Rule, Problem | Exception, list[str | int]]
    Visit: TypeAlias = Callable[[Any, Context, list[Reported]], None]
    _Exceptions: TypeAlias = type[Exception] | tuple[type[Exception], ...]

# What a rule raises that a text known in part does not let decide: a TypeError if it only takes a `str`.
_UNDECIDED_BY_PARTS = Undecided, TypeError


class Walker:
    """Calls rules on the values of bound specs of one model.

    The visit for a shape is built when a value of it is first met, because most specs use few shapes.
    """

    def __init__(self, model: Model, rules: Iterable[Rule]) -> None:
        self._skipped: list[str] = []
        self._model = model
        self._visits: dict[str, Visit | None] = {}
        self._subscribed: dict[str, list[Rule]] = {}
        for rule in rules:
            for shape in rule.on:
                self._subscribed.setdefault(shape, []).append(rule)

    def walk(
        self, value: Any, shape: str, context: Context
    ) -> tuple[list[Finding], list[tuple[Rule, Path, Exception]], list[str]]:
        """Return the findings in a value of a shape and below, the rules that raised, and undecided rules.

        Rules that raised come with the path and the exception; undecided rules by name, once for each call.
        """
        self._skipped = []
        reported: list[Reported] = []
        visit = self._visit(shape)
        if visit is not None and value is not UNKNOWN:
            visit(value, context, reported)
        findings: list[Finding] = []
        raised: list[tuple[Rule, Path, Exception]] = []
        for rule, what, steps in reported:
            path = tuple(reversed(steps))
            if isinstance(what, Exception):
                raised.append((rule, path, what))
            else:
                findings.append((rule, what.under(path)))
        return findings, raised, self._skipped

    def _visit(self, name: str) -> Visit | None:
        """Return the visit for values of a shape, or None if no rule looks at them or below."""
        if name not in self._visits:
            self._visits[name] = self._made_visit(name)
        return self._visits[name]

    def _made_visit(self, name: str) -> Visit | None:
        shape = self._model.shape(name)
        rules = self._subscribed.get(name, [])
        match shape.type:
            case "structure":
                return self._structure(shape, rules)
            case "list":
                return self._list(shape, rules)
            case "map":
                return self._map(shape, rules)
            case _:
                return self._scalar(rules)

    def _calls(self, rules: list[Rule], undecided: _Exceptions = Undecided) -> Visit:
        """Return the visit that calls rules on one value; a rule that raises `undecided` is skipped."""
        plain = [(rule, rule.check) for rule in rules if not rule.takes_context]
        asking = [(rule, rule.check) for rule in rules if rule.takes_context]

        def call(value: Any, context: Context, reported: list[Reported]) -> None:
            for rule, check in plain:
                try:
                    for problem in check(value):
                        reported.append((rule, problem, []))
                except undecided:
                    self._skipped.append(rule.name)
                except Exception as error:
                    reported.append((rule, error, []))
            for rule, check in asking:
                try:
                    for problem in check(value, context):
                        reported.append((rule, problem, []))
                except undecided:
                    self._skipped.append(rule.name)
                except Exception as error:
                    reported.append((rule, error, []))

        return call

    def _scalar(self, rules: list[Rule]) -> Visit | None:
        if not rules:
            return None
        call = self._calls(rules)
        is_alone = not any(rule.takes_context for rule in rules)
        # Each with the work that the rules did for the value, which counts towards every file's limit.
        clean: dict[str, tuple[tuple[str, int], ...]] = {}

        def visit(value: Any, context: Context, reported: list[Reported]) -> None:
            before = len(reported)
            if type(value) is PartialText:
                self._calls(rules, _UNDECIDED_BY_PARTS)(value, context, reported)
                _drop_fixes(reported, before)
            elif not is_alone:
                call(value, context, reported)
            elif value in clean:
                if taken := clean[value]:
                    limits.pattern_steps.take_again(taken)
            else:
                mark = limits.mark()
                call(value, context, reported)
                work = limits.taken_since(mark)
                if work is not None and len(reported) == before:
                    limits.keep(clean, value, work)

        return visit

    def _structure(self, shape: Shape, rules: list[Rule]) -> Visit:
        call = self._calls(rules) if rules else None
        members = shape.members
        below: dict[str, Visit | None] = {}

        def visit(value: Any, context: Context, reported: list[Reported]) -> None:
            if call is not None:
                call(value, context, reported)
            before = len(reported)
            for key, item in value.items():
                try:
                    child = below[key]
                except KeyError:
                    child = below[key] = self._visit(members[key]) if key in members else None
                if child is not None and item is not UNKNOWN:
                    child(item, context, reported)
                    if reported and len(reported) != before:
                        _step_up(reported, before, key)
                        before = len(reported)

        return visit

    def _list(self, shape: Shape, rules: list[Rule]) -> Visit | None:
        call = self._calls(rules) if rules else None
        below = self._visit(shape.item)
        if below is None:
            return call

        def visit(value: Any, context: Context, reported: list[Reported]) -> None:
            if call is not None:
                call(value, context, reported)
            before = len(reported)
            for index, item in enumerate(value):
                if item is not UNKNOWN:
                    below(item, context, reported)
                    if reported and len(reported) != before:
                        _step_up(reported, before, index)
                        before = len(reported)

        return visit

    def _map(self, shape: Shape, rules: list[Rule]) -> Visit | None:
        call = self._calls(rules) if rules else None
        at_keys = self._visit(shape.key)
        below = self._visit(shape.value)
        if at_keys is None and below is None:
            return call

        def visit(value: Any, context: Context, reported: list[Reported]) -> None:
            if call is not None:
                call(value, context, reported)
            for key, item in value.items():
                before = len(reported)
                if at_keys is not None:
                    at_keys(key, context, reported)
                    for i in range(before, len(reported)):
                        rule, problem, steps = reported[i]
                        if not isinstance(problem, Exception):
                            reported[i] = rule, problem.about_key(), steps
                if below is not None and item is not UNKNOWN:
                    below(item, context, reported)
                if len(reported) != before:
                    _step_up(reported, before, key)

        return visit


def _drop_fixes(reported: list[Reported], start: int) -> None:
    """Drop the fixes of a text known in part: they would have to write what is not known."""
    for _, what, _ in reported[start:]:
        if not isinstance(what, Exception):
            what.fix = None


def _step_up(reported: list[Reported], start: int, step: str | int) -> None:
    """Add a step to the paths of what was reported since `start`, as the walk returns from a member."""
    for _, _, steps in reported[start:]:
        steps.append(step)
