"""Walking a bound spec, calling at each value the rules that subscribe to its shape."""

from __future__ import annotations

from algolint import limits
from algolint.values import UNKNOWN, PartialText, Undecided

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    from algolint.aws.model import Model, Shape
    from algolint.rule import Finding, Problem, Rule
    from algolint.spec.context import Context
    from algolint.values import Path

    # What a rule reported or raised, and the steps from its value up to where the walk is now.
    Reported: TypeAlias = tuple[Rule, Problem | Exception, list[str | int]]
    Visit: TypeAlias = Callable[[Any, Context], Sequence[Reported]]


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
        visit = self._visit(shape)
        reported = visit(value, context) if visit is not None and value is not UNKNOWN else ()
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

    def _calls(self, rules: list[Rule]) -> Callable[[Any, Context], list[Reported]]:
        """Return the visit that calls rules on one value; a rule that raises `Undecided` is skipped."""
        calls = [(rule, rule.check, False) for rule in rules if not rule.takes_context]
        calls += [(rule, rule.check, True) for rule in rules if rule.takes_context]

        def call(value: Any, context: Context) -> list[Reported]:
            reported: list[Reported] = []
            for rule, check, takes_context in calls:
                try:
                    for problem in check(value, context) if takes_context else check(value):
                        reported.append((rule, problem, []))
                except Undecided:
                    self._skipped.append(rule.name)
                except Exception as error:
                    reported.append((rule, error, []))
            return reported

        return call

    def _scalar(self, rules: list[Rule]) -> Visit | None:
        if not rules:
            return None
        call = self._calls(rules)
        is_alone = not any(rule.takes_context for rule in rules)
        # Each with the work that the rules did for the value, which counts towards every file's limit.
        clean: dict[str, tuple[tuple[str, int], ...]] = {}

        def visit(value: Any, context: Context) -> Sequence[Reported]:
            if type(value) is PartialText:
                return self._of_partial_text(value, context, call(value, context))
            if not is_alone:
                return call(value, context)
            if value in clean:
                if taken := clean[value]:
                    limits.pattern_steps.take_again(taken)
                return ()
            mark = limits.mark()
            reported = call(value, context)
            work = limits.taken_since(mark)
            if work is not None and not reported:
                limits.keep(clean, value, work)
            return reported

        return visit

    def _of_partial_text(
        self, text: PartialText, context: Context, reported: list[Reported]
    ) -> list[Reported]:
        """Return what was reported of a text known in part, without fixes: they write what is unknown.

        A rule that raised a TypeError is skipped if it takes a `str` with the same pieces.
        """
        kept: list[Reported] = []
        for rule, what, steps in reported:
            if isinstance(what, TypeError) and _takes(rule, "".join(text.pieces), context):
                self._skipped.append(rule.name)
                continue
            if not isinstance(what, Exception):
                what.fix = None
            kept.append((rule, what, steps))
        return kept

    def _structure(self, shape: Shape, rules: list[Rule]) -> Visit:
        call = self._calls(rules)
        members = shape.members
        below: dict[str, Visit | None] = {}

        def visit(value: Any, context: Context) -> list[Reported]:
            reported = call(value, context) if rules else []
            for key, item in value.items():
                try:
                    child = below[key]
                except KeyError:
                    child = below[key] = self._visit(members[key]) if key in members else None
                if child is not None and item is not UNKNOWN and (found := child(item, context)):
                    reported += _below(key, found)
            return reported

        return visit

    def _list(self, shape: Shape, rules: list[Rule]) -> Visit | None:
        call = self._calls(rules)
        below = self._visit(shape.item)
        if below is None:
            return call if rules else None

        def visit(value: Any, context: Context) -> list[Reported]:
            reported = call(value, context) if rules else []
            for index, item in enumerate(value):
                if item is not UNKNOWN and (found := below(item, context)):
                    reported += _below(index, found)
            return reported

        return visit

    def _map(self, shape: Shape, rules: list[Rule]) -> Visit | None:
        call = self._calls(rules)
        at_keys = self._visit(shape.key)
        below = self._visit(shape.value)
        if at_keys is None and below is None:
            return call if rules else None

        def visit(value: Any, context: Context) -> list[Reported]:
            reported = call(value, context) if rules else []
            for key, item in value.items():
                if at_keys is not None and (found := at_keys(key, context)):
                    reported += _below(key, _about_keys(found))
                if below is not None and item is not UNKNOWN and (found := below(item, context)):
                    reported += _below(key, found)
            return reported

        return visit


def _takes(rule: Rule, text: str, context: Context) -> bool:
    """Whether a rule can be called on a text without a TypeError."""
    try:
        for _ in rule.check(text, context) if rule.takes_context else rule.check(text):
            pass
    except Exception as error:
        return not isinstance(error, TypeError)
    return True


def _about_keys(reported: Sequence[Reported]) -> list[Reported]:
    """Return what was reported of a key of a map as problems of the key."""
    return [
        (rule, what if isinstance(what, Exception) else what.about_key(), steps)
        for rule, what, steps in reported
    ]


def _below(step: str | int, reported: Sequence[Reported]) -> Sequence[Reported]:
    """Add a step to the paths of what was reported of a member, as the walk returns from it."""
    for _, _, steps in reported:
        steps.append(step)
    return reported
