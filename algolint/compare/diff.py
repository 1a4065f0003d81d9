"""Comparing two releases of an algorithm: what changes for its users.

The two specs are walked side by side. Hyperparameters, channels and metrics are paired by name, objectives by
metric and Type, everything else by field. A rule is called with each pair of the shape that it is on. A
change of order is never reported, and unknown values on either side add no findings.
"""

from __future__ import annotations

from algolint.messages import meant, shown
from algolint.rule import Rule
from algolint.rule_files import rule_modules
from algolint.spec.placeholders import is_unknown
from algolint.values import UNKNOWN, Undecided, Unknown, is_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Set
    from typing import Any, TypeAlias

    from algolint.compare.metrics import Reading
    from algolint.rule import Problem, Severity
    from algolint.values import Path

    Check: TypeAlias = Callable[..., Iterable[Problem]]

#: What a change can break: training requests, tuning jobs, warm starts, transform jobs, endpoints, dashboards
#: of metrics, and the Marketplace listing.
CONSUMERS = ("train", "tune", "warm-start", "transform", "deploy", "metrics", "listing")
#: The fields that identify an item of a list, by the item's shape.
IDENTITY = {
    "HyperParameterSpecification": ("Name",),
    "ChannelSpecification": ("Name",),
    "MetricDefinition": ("Name",),
    "HyperParameterTuningJobObjective": ("MetricName", "Type"),
}
# The fields that are compared in each shape, with their shapes; for lists, that of the items.
_PARTS = {
    "CreateAlgorithmInput": {
        "TrainingSpecification": "TrainingSpecification",
        "InferenceSpecification": "InferenceSpecification",
    },
    "TrainingSpecification": {
        "SupportedHyperParameters": "HyperParameterSpecification",
        "TrainingChannels": "ChannelSpecification",
        "MetricDefinitions": "MetricDefinition",
        "SupportedTuningJobObjectiveMetrics": "HyperParameterTuningJobObjective",
    },
}
# The fields that make up the contract. Images, values of variables and validation profiles do not.
_CONTRACT = {
    "CreateAlgorithmInput": ("TrainingSpecification", "InferenceSpecification", "CertifyForMarketplace"),
    "TrainingSpecification": (
        "SupportedHyperParameters",
        "SupportedTrainingInstanceTypes",
        "SupportsDistributedTraining",
        "MetricDefinitions",
        "TrainingChannels",
        "SupportedTuningJobObjectiveMetrics",
    ),
    "HyperParameterSpecification": ("Type", "Range", "IsTunable", "IsRequired", "DefaultValue"),
    "ChannelSpecification": (
        "IsRequired",
        "SupportedContentTypes",
        "SupportedCompressionTypes",
        "SupportedInputModes",
    ),
    "MetricDefinition": ("Regex",),
    "HyperParameterTuningJobObjective": (),
    "InferenceSpecification": (
        "Containers",
        "SupportedTransformInstanceTypes",
        "SupportedRealtimeInferenceInstanceTypes",
        "SupportedContentTypes",
        "SupportedResponseMIMETypes",
    ),
}
# What decides whether an item that only NEW has breaks anything.
_OF_NEW_ITEM = ("IsRequired", "DefaultValue", "SupportedInputModes")
#: The shapes that a rule can be on.
SHAPES = frozenset((*_PARTS, *IDENTITY, "InferenceSpecification"))


class DiffRule(Rule):
    """A rule that checks a pair: a value in OLD and the value in NEW; one of them may be None.

    `breaks` names the consumers (`CONSUMERS`) that a change can break. The problem's path is in NEW, and
    related locations are in OLD. If NEW has no such value, the problem is located at what would contain it.
    """

    __slots__ = ("breaks", "summarizes")

    breaks: frozenset[str]
    #: Whether it is called after the other rules, with their changes in the context.
    summarizes: bool


def diff_rule(
    *,
    on: str,
    severity: Severity,
    evidence: str,
    breaks: tuple[str, ...] = (),
    also: tuple[Severity, ...] = (),
    summarizes: bool = False,
) -> Callable[[Check], DiffRule]:
    """Return a decorator for a rule about two specs.

    The rule is a generator function of (old, new), or of (old, new, context).
    A rule that `summarizes` is called after the others, and can ask the context for their changes. Raises
    ValueError for an unknown shape or consumer, and for a name that does not begin with diff_.
    """
    if on not in SHAPES:
        raise ValueError(f"diff rules are on {', '.join(sorted(SHAPES))}, not {shown(on)}{meant(on, SHAPES)}")
    for consumer in breaks:
        if consumer not in CONSUMERS:
            raise ValueError(f"no consumer {shown(consumer)}{meant(consumer, CONSUMERS)}")

    def declare(check: Check) -> DiffRule:
        if not check.__name__.startswith("diff_"):
            raise ValueError(f"the name of a diff rule must begin with diff_, not {shown(check.__name__)}")
        made = DiffRule(check, (on,), severity, also, evidence)
        made.breaks = frozenset(breaks)
        made.summarizes = summarizes
        made.takes_context = check.__code__.co_argcount > 2
        return made

    return declare


def first_party_rules() -> list[DiffRule]:
    """Return algolint's own rules about two specs, sorted by name; `check` does not load them."""
    modules = rule_modules("algolint_rules.compare")
    found = [value for module in modules for value in vars(module).values() if isinstance(value, DiffRule)]
    return sorted(found, key=lambda rule: rule.name)


class Pair:
    """The values of OLD and NEW at the same place; None for a missing value."""

    __slots__ = ("new", "new_path", "old", "old_path", "shape")

    def __init__(self, shape: str, old: Any, new: Any, old_path: Path, new_path: Path) -> None:
        self.shape = shape
        self.old = old
        self.new = new
        self.old_path = old_path
        #: The path of the value in NEW, or of what would contain it.
        self.new_path = new_path


class Change:
    """A problem that a rule reports for a pair."""

    __slots__ = (
        "is_gone", "is_key", "message", "new_path", "old_path", "related", "rule", "severity", "shape"
    )  # fmt: skip

    def __init__(self, rule: DiffRule, problem: Problem, pair: Pair) -> None:
        self.rule = rule
        #: The shape of the pair.
        self.shape = pair.shape
        self.severity: Severity = problem.severity or rule.severity
        self.message = problem.message
        #: Whether NEW has no such value.
        self.is_gone = gone = pair.new is None
        #: The path in NEW, and whether its key is meant.
        self.new_path = pair.new_path if gone else pair.new_path + problem.path
        self.is_key = gone or problem.is_key
        #: The path in OLD, or None if OLD has no such value.
        self.old_path = None if pair.old is None else pair.old_path + problem.path
        self.related = [(pair.old_path + related.path, related.message) for related in problem.related]


class DiffContext:
    """What a rule about a pair may ask about the two specs."""

    def __init__(
        self, pairs: list[Pair], changes: list[Change], readings: Mapping[str, Reading] | None
    ) -> None:
        self._pairs = pairs
        self.old: Any = pairs[0].old
        self.new: Any = pairs[0].new
        #: What the rules have reported so far; everything, for a rule that `summarizes`.
        self.changes = changes
        #: What each Regex reads from a log, or None if there is no log.
        self.readings = readings

    def added(self, shape: str) -> list[str]:
        """Return the names of a shape that only NEW has."""
        return [
            pair.new[IDENTITY[shape][0]] for pair in self._pairs if pair.shape == shape and pair.old is None
        ]


def compare(
    old: Any,
    new: Any,
    shape: str,
    rules: Iterable[DiffRule],
    readings: Mapping[str, Reading] | None = None,
) -> tuple[list[Change], list[tuple[DiffRule, Exception]]]:
    """Return what rules report about two bound values of a shape, and the rules that raised."""
    pairs = [*_pairs(shape, old, new, (), ())]
    changes: list[Change] = []
    raised: list[tuple[DiffRule, Exception]] = []
    context = DiffContext(pairs, changes, readings)
    for each in sorted(rules, key=lambda rule: rule.summarizes):
        for pair in pairs:
            if pair.shape in each.on:
                arguments = (pair.old, pair.new, context) if each.takes_context else (pair.old, pair.new)
                try:
                    for problem in each.check(*arguments):
                        changes.append(Change(each, problem, pair))
                except Undecided:
                    pass
                except Exception as error:
                    raised.append((each, error))
    return changes, raised


def _pairs(shape: str, old: Any, new: Any, old_path: Path, new_path: Path) -> Iterator[Pair]:
    yield Pair(shape, old, new, old_path, new_path)
    for field, part in _PARTS.get(shape, {}).items():
        before, after = _field(old, field), _field(new, field)
        if before is UNKNOWN or after is UNKNOWN or (before is None and after is None):
            continue
        below = (*old_path, field), (*new_path, field)
        if part in IDENTITY:
            yield from _items(part, [] if before is None else before, [] if after is None else after, *below)
        elif before is not None and after is not None:
            yield from _pairs(part, before, after, *below)
        else:
            yield Pair(part, before, after, below[0], below[1] if after is not None else new_path)


def _field(value: Any, field: str) -> Any:
    """Return the value of a field, or None if it is certainly absent."""
    if not isinstance(value, dict):
        return UNKNOWN
    return value.get(field, UNKNOWN if is_open(value) else None)


def _items(shape: str, old: Any, new: Any, old_path: Path, new_path: Path) -> Iterator[Pair]:
    """Yield the items of two lists paired by name; an item is only gone if the list is fully known."""
    if not isinstance(old, list) or not isinstance(new, list):
        return
    before, old_known = _named(shape, old)
    after, new_known = _named(shape, new)
    for name, index in before.items():
        if name in after:
            place = after[name]
            yield Pair(shape, old[index], new[place], (*old_path, index), (*new_path, place))
        elif new_known:
            yield Pair(shape, old[index], None, (*old_path, index), new_path)
    if old_known:
        for name, index in after.items():
            if name not in before:
                yield Pair(shape, None, new[index], old_path, (*new_path, index))


def _named(shape: str, items: list[Any]) -> tuple[dict[tuple[Any, ...], int], bool]:
    """Return the indexes of items by what identifies them, and whether there are certainly no others."""
    found: dict[tuple[Any, ...], int] = {}
    known = not is_open(items)
    for index, item in enumerate(items):
        name = tuple(item.get(key) for key in IDENTITY[shape]) if isinstance(item, dict) else ()
        if name and all(isinstance(part, str) for part in name):
            found.setdefault(name, index)
        else:
            known = False
    return found, known


def uncompared(
    old: Any, new: Any, shape: str, written: tuple[Any, Any], asked: Set[str] = SHAPES
) -> tuple[list[Path], list[Path]]:
    """Return the parts of the contract that OLD does not show, and those that NEW does not show.

    Without them nobody knows whether a change that is not reported is a change that was not made. A value
    that rules do not see because it is wrong is no such part if both specs have it: `written` are the specs
    with these values. `asked` are the shapes whose rules are asked; they may look at everything in the shape.
    """
    of_old: list[Path] = []
    of_new: list[Path] = []
    for pair in _pairs(shape, old, new, (), ()):
        for field in _CONTRACT.get(pair.shape, ()):
            shapes = {pair.shape, *_shapes_in(_PARTS.get(pair.shape, {}).get(field))}
            if shapes.isdisjoint(asked):
                continue
            paths = (*pair.old_path, field), (*pair.new_path, field)
            if pair.old is None:
                hidden = False, field in _OF_NEW_ITEM and _is_hidden(pair.shape, field, pair.new)
            elif pair.new is None or _are_same(*map(_at, written, paths)):
                continue
            else:
                hidden = _is_hidden(pair.shape, field, pair.old), _is_hidden(pair.shape, field, pair.new)
            of_old += paths[:1] * hidden[0]
            of_new += paths[1:] * hidden[1]
    return of_old, of_new


def _shapes_in(shape: str | None) -> set[str]:
    """Return a shape and those of its parts that are compared."""
    if shape is None:
        return set()
    return {shape}.union(*map(_shapes_in, _PARTS.get(shape, {}).values()))


def _is_hidden(shape: str, field: str, value: Any) -> bool:
    """Whether not all is known of a field."""
    found = _field(value, field)
    part = _PARTS.get(shape, {}).get(field)
    if part in IDENTITY and isinstance(found, list):
        return not _named(part, found)[1]
    if field == "Containers" and isinstance(found, list):
        return is_open(found) or any(map(_hides_variables, found))
    # What is below a field with a shape is asked of a pair of its own.
    return _hides(found) if part is None else found is UNKNOWN


def _at(spec: Any, path: Path) -> Any:
    """The value at a path as it is written, UNKNOWN where there is none."""
    for step in path:
        try:
            spec = spec[step]
        except (KeyError, IndexError, TypeError, Undecided):
            return UNKNOWN
    return spec


def is_written(spec: Any, path: Path) -> bool:
    """Whether a part of a spec is written in full; if rules do not see it, it is not valid."""
    return not _hides(_at(spec, path))


def _are_same(old: Any, new: Any) -> bool:
    """Whether two values are written in full, and equal."""
    return not _hides(old) and not _hides(new) and bool(old == new)


def _hides_variables(container: Any) -> bool:
    """Whether the name of a container, or that of a variable in its Environment, is not known."""
    found = [_field(container, field) for field in ("ContainerHostname", "Environment")]
    return any(isinstance(value, Unknown) or is_open(value) for value in found)


def _hides(value: Any) -> bool:
    """Whether some of a value is not known."""
    if isinstance(value, (dict, list)):
        return is_open(value) or any(map(_hides, value.values() if isinstance(value, dict) else value))
    return is_unknown(value)


def bump(severities: Iterable[Severity], is_complete: bool = True) -> str | None:
    """Return the kind of version that changes of these severities require: major, minor or patch.

    None if parts are not known in which there may be others, unless it is major without them.
    """
    found = set(severities)
    if "error" in found:
        return "major"
    if not is_complete:
        return None
    return "minor" if found else "patch"


def is_new_major(old: Any, new: Any) -> bool:
    """Whether the AlgorithmName of NEW has a higher major version than that of OLD."""
    names = [value.get("AlgorithmName") if isinstance(value, dict) else None for value in (old, new)]
    match names:
        case [str() as one, str() as two]:
            (product, before), (other, after) = product_and_major(one), product_and_major(two)
            return product == other and after > before
    return False


def product_and_major(name: str) -> tuple[str, int]:
    """Return the product and the major version in a name, which is 2 for forecaster-2-1, 0 for forecaster."""
    words = name.split("-")
    for number in range(len(words)):
        rest = [other.lstrip("v") for other in words[number:]]
        if number and all(part.isascii() and part.isdigit() for part in rest):
            return "-".join(words[:number]), int(rest[0])
    return name, 0
