"""Compares releases of generated algorithms: the reports of `algolint diff` must be consistent.

    python -m campaigns.releases --count 3000 --seed 1

Each case is a complete request (`campaigns/complete.py`) and two later releases, each with random changes.
The properties are:

- a release does not differ from itself, in any syntax, with lists in another order, with other descriptions
  and with numbers in another form;
- additions by themselves are never an error, and at most the warning that their number matters to warm
  starts;
- a change that breaks between the first and the third release is reported in one of the two steps;
- masking a value of either release adds no change.

Exits with 1 if one does not hold.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from algolint.aws.model import REQUEST, Model
from algolint.compare.diff import Change, compare, first_party_rules
from algolint.compare.specs import spec_in
from algolint.source import Source
from algolint.testing import masked_variants
from campaigns import complete, requests
from campaigns.same_verdict import writings

_MODEL = Model()
_RULES = first_party_rules()
_HIDINGS = 20
_NUMERIC = ("Integer", "Continuous")

# ---------------------------------------------------------------- releases

Edit = Callable[[random.Random, Any], None]


def _training(spec: Any) -> Any:
    return spec["TrainingSpecification"]


def _one(dice: random.Random, spec: Any, field: str) -> Any:
    """Return an item of a list of the TrainingSpecification, or an empty one if there is none."""
    return dice.choice(_training(spec).get(field) or [{}])


def _limits(hyperparameter: Any) -> Any:
    """Return the limits of a numeric hyperparameter, or None."""
    kind = hyperparameter.get("Type")
    return hyperparameter.get("Range", {}).get(f"{kind}ParameterRangeSpecification")


def _add_hyperparameter(dice: random.Random, spec: Any) -> None:
    added = {"Name": f"added-{requests.word(dice)}", "Type": dice.choice(("Integer", "FreeText"))}
    _training(spec).setdefault("SupportedHyperParameters", []).append(added)


def _widen_range(dice: random.Random, spec: Any) -> None:
    hyperparameter = _one(dice, spec, "SupportedHyperParameters")
    limits = _limits(hyperparameter)
    if limits and "Values" in limits:
        limits["Values"].append(requests.word(dice))
    elif limits and hyperparameter["Type"] in _NUMERIC:
        limits["MaxValue"] = str(int(float(limits["MaxValue"])) + dice.randint(1, 50))


def _add_channel(dice: random.Random, spec: Any) -> None:
    modes = ["File", "Pipe", "FastFile"]
    channel = {"Name": f"added-{requests.word(dice)}", "SupportedContentTypes": ["text/csv"]}
    _training(spec)["TrainingChannels"].append({**channel, "SupportedInputModes": modes})


def _add_metric(dice: random.Random, spec: Any) -> None:
    name = f"added:{requests.word(dice)}"
    _training(spec).setdefault("MetricDefinitions", []).append({"Name": name, "Regex": f"{name}=([0-9.]+)"})
    if dice.random() < 0.5:
        objectives = _training(spec).setdefault("SupportedTuningJobObjectiveMetrics", [])
        objectives.append({"Type": "Minimize", "MetricName": name})


def _add_types(dice: random.Random, spec: Any) -> None:
    _training(spec).setdefault("SupportedTrainingInstanceTypes", []).append(
        dice.choice(("ml.g6.xlarge", "ml.m7i.large"))
    )
    _one(dice, spec, "TrainingChannels").setdefault("SupportedContentTypes", []).append("application/x-added")
    if "InferenceSpecification" in spec:
        spec["InferenceSpecification"].setdefault("SupportedContentTypes", []).append("application/x-added")


def _loosen(dice: random.Random, spec: Any) -> None:
    _one(dice, spec, "TrainingChannels")["IsRequired"] = False
    hyperparameter = _one(dice, spec, "SupportedHyperParameters")
    hyperparameter["IsRequired"] = False
    if dice.random() < 0.5:
        hyperparameter["IsTunable"] = True


ADDITIONS: tuple[Edit, ...] = (
    _add_hyperparameter, _widen_range, _add_channel, _add_metric, _add_types, _loosen
)  # fmt: skip


def _drop_item(dice: random.Random, spec: Any) -> None:
    fields = ("SupportedHyperParameters", "MetricDefinitions", "SupportedTuningJobObjectiveMetrics")
    field = dice.choice((*fields, "TrainingChannels", "SupportedTrainingInstanceTypes"))
    items = _training(spec).get(field)
    if items:
        items.pop(dice.randrange(len(items)))


def _drop_field(dice: random.Random, spec: Any) -> None:
    place = dice.choice((spec, _training(spec), spec.get("InferenceSpecification", {})))
    optional = [
        key for key in place if key not in ("AlgorithmName", "TrainingSpecification", "TrainingChannels")
    ]
    if optional:
        del place[dice.choice(optional)]


def _change_flag(dice: random.Random, spec: Any) -> None:
    field, flags = dice.choice(
        (("SupportedHyperParameters", ("IsRequired", "IsTunable")), ("TrainingChannels", ("IsRequired",)))
    )
    item, flag = _one(dice, spec, field), dice.choice(flags)
    item[flag] = not item.get(flag, False)


def _change_hyperparameter(dice: random.Random, spec: Any) -> None:
    hyperparameter = _one(dice, spec, "SupportedHyperParameters")
    limits = _limits(hyperparameter)
    match dice.randrange(5):
        case 0:
            hyperparameter["DefaultValue"] = str(dice.randint(1, 9))
        case 1:
            hyperparameter.pop("DefaultValue", None)
        case 2:
            hyperparameter["Type"] = dice.choice((*_NUMERIC, "FreeText", "Categorical"))
        case 3:
            hyperparameter.pop("Range", None)
        case _ if limits and "Values" in limits:
            limits["Values"] = limits["Values"][1:]
        case _ if limits:
            limits[dice.choice(("MinValue", "MaxValue"))] = str(dice.randint(-5, 200))


def _change_channel(dice: random.Random, spec: Any) -> None:
    channel = _one(dice, spec, "TrainingChannels")
    lists = {
        "SupportedInputModes": ("File", "Pipe", "FastFile"),
        "SupportedCompressionTypes": ("None", "Gzip"),
        "SupportedContentTypes": ("text/csv", "text/*", "application/json", "text/libsvm"),
    }
    field = dice.choice(list(lists))
    channel[field] = dice.sample(lists[field], dice.randint(1, 2))
    if field == "SupportedCompressionTypes" and dice.random() < 0.3:
        del channel[field]


def _change_training(dice: random.Random, spec: Any) -> None:
    _training(spec)["SupportsDistributedTraining"] = dice.random() < 0.5
    metric = _one(dice, spec, "MetricDefinitions")
    metric["Regex"] = f"{requests.word(dice)}=([0-9.]+)"
    objective = _one(dice, spec, "SupportedTuningJobObjectiveMetrics")
    objective["Type"] = dice.choice(("Minimize", "Maximize"))


def _change_containers(dice: random.Random, spec: Any) -> None:
    for container in spec.get("InferenceSpecification", {}).get("Containers", ()):
        variables = container.setdefault("Environment", {})
        if variables and dice.random() < 0.5:
            del variables[dice.choice(list(variables))]
        variables[dice.choice("ABC")] = requests.word(dice)


CHANGES: tuple[Edit, ...] = (
    *ADDITIONS, _drop_item, _drop_item, _drop_field, _change_flag, _change_hyperparameter,
    _change_hyperparameter, _change_channel, _change_channel, _change_training, _change_containers
)  # fmt: skip


def release(dice: random.Random, spec: Any, edits: tuple[Edit, ...]) -> Any:
    """Return a copy of a spec with some edits, and another name and image."""
    new = requests.copied(spec)
    for edit in dice.choices(edits, k=dice.randint(1, 6)):
        edit(dice, new)
    number = dice.randrange(10**9)
    if dice.random() < 0.9:
        new["AlgorithmName"] = f"release-{number}"
    if "TrainingImage" in _training(new) and dice.random() < 0.9:
        _training(new)["TrainingImage"] = f"246618743249.dkr.ecr.us-east-1.amazonaws.com/f:{number}"
    return new


def rewritten(dice: random.Random, value: Any, field: str = "") -> Any:
    """Return the same contract: lists in another order, other descriptions, numbers in another form."""
    match value:
        case dict():
            new = {key: rewritten(dice, item, key) for key, item in value.items()}
            if value.get("Type") == "Continuous" and "Name" in value:
                limits = new.get("Range", {}).get("ContinuousParameterRangeSpecification", {})
                for place, keys in ((new, ("DefaultValue",)), (limits, ("MinValue", "MaxValue"))):
                    for key in keys:
                        if key in place:
                            place[key] = _number(dice, place[key])
            return new
        case list():
            items = [rewritten(dice, item) for item in value]
            return items if field == "Containers" else dice.sample(items, len(items))
        case str() if field.endswith("Description"):
            return "other words"
    return value


def _number(dice: random.Random, text: str) -> str:
    """Return another form of a number; other text is unchanged."""
    try:
        value = float(text)
    except ValueError:
        return text
    return dice.choice((text, f"{value!r}", f"{value:e}" if float(f"{value:e}") == value else text))


# ---------------------------------------------------------------- what must hold


def changes_of(old: Any, new: Any) -> list[Change]:
    """Return the changes between two requests. Raises the exceptions of rules."""
    changes, raised = compare(old, new, REQUEST, _RULES)
    for _, error in raised:
        raise error
    return changes


def described(changes: list[Change]) -> set[str]:
    """Return the changes in words."""
    return {f"{change.rule.name} {change.severity}: {change.message}" for change in changes}


_SHARED = {"diff-sdk-mode-lost": "modes", "diff-channel-mode-removed": "modes"}
# They compare what has to be another one in each release.
_OF_TWO = ("diff-same-name", "diff-same-image")


def subjects(changes: list[Change], old: Any, new: Any) -> set[tuple[str, Any]]:
    """Return the subjects of changes at warning or above: the item of a list, or the part of the spec."""
    found: set[tuple[str, Any]] = set()
    for change in changes:
        if change.severity == "info" or change.rule.name in _OF_TWO:
            continue
        side, path = (old, change.old_path) if change.old_path is not None else (new, change.new_path)
        index = next((number for number, step in enumerate(path) if isinstance(step, int)), None)
        if change.shape == "InferenceSpecification":
            found.add((change.shape, None))
        elif change.shape in ("CreateAlgorithmInput", "TrainingSpecification") or index is None:
            found.add((_SHARED.get(change.rule.name, change.rule.name), None))
        else:
            item = requests.at(side, path[: index + 1])
            found.add((change.shape, item.get("Name") or item.get("MetricName")))
            if change.rule.name in _SHARED:
                found.add((_SHARED[change.rule.name], None))
    return found


class Campaign:
    """The counts, and an example of each property that does not hold."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()

    def take(self, dice: random.Random) -> None:
        """Check one case."""
        first = complete.request(dice)
        second = release(dice, first, CHANGES)
        third = release(dice, second, CHANGES)
        self._same(dice, first)
        self._additions(dice, first)
        self._covered(first, second, third)
        self._hidden(dice, first, second)

    def _check(self, what: str, extra: set[Any], *specs: Any) -> None:
        self.counts[what] += 1
        if extra:
            texts = "\n  ".join(json.dumps(spec, default=repr)[:4000] for spec in specs)
            self.wrong.setdefault(what, f"{sorted(map(str, extra))}\n  {texts}")

    def _same(self, dice: random.Random, spec: Any) -> None:
        self._check("itself", described(changes_of(spec, requests.copied(spec))), spec)
        other = rewritten(dice, spec)
        self._check("rewritten", described(changes_of(spec, other)), spec, other)
        for what, syntax, text in writings(dice, spec):
            read = spec_in(Source(f"case.{syntax}", text), _MODEL).bound
            self._check("another syntax", described(changes_of(spec, read)), what, spec, text)
            self._check("another syntax", described(changes_of(read, spec)), what, spec, text)

    def _additions(self, dice: random.Random, spec: Any) -> None:
        new = release(dice, spec, ADDITIONS)
        allowed = ("diff-hp-count", *_OF_TWO)
        wrong = [c for c in changes_of(spec, new) if c.severity != "info" and c.rule.name not in allowed]
        self._check("additions", described(wrong), spec, new)

    def _covered(self, first: Any, second: Any, third: Any) -> None:
        steps = ((first, second), (second, third))
        whole = changes_of(first, third)
        self.rules.update(change.rule.name for change in whole)
        covered = set().union(*(subjects(changes_of(*step), *step) for step in steps))
        self._check("steps", subjects(whole, first, third) - covered, first, second, third)

    def _hidden(self, dice: random.Random, old: Any, new: Any) -> None:
        before = described(changes_of(old, new))
        for is_old in (True, False):
            variants = list(masked_variants(old if is_old else new))
            for what, hidden in dice.sample(variants, min(_HIDINGS, len(variants))):
                pair = (hidden, new) if is_old else (old, hidden)
                levels = {text.partition(":")[0] for text in before}
                extra = {
                    text for text in described(changes_of(*pair)) if text.partition(":")[0] not in levels
                }
                self._check("hidden values", extra, what, *pair)


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    campaign = Campaign()
    dice = random.Random(f"{seed} releases")
    for _ in range(count):
        campaign.take(dice)
    print(f"seed {seed}: {count} algorithms of three releases each")
    for what, number in campaign.counts.items():
        print(f"{what:20} {number:9,} comparisons")
    silent = sorted(rule.name for rule in _RULES if not campaign.rules[rule.name])
    print(f"{sum(campaign.rules.values()):,} changes of {len(campaign.rules)} rules; no change of: ", end="")
    print(", ".join(silent) or "none")
    print(f"{time.perf_counter() - started:.0f} s")
    for what, example in campaign.wrong.items():
        print(f"\n{what}\n  {example}")
    return 1 if campaign.wrong else 0


def main() -> int:
    """Run the command line."""
    options = requests.options(__doc__ or "", 3000).parse_args()
    return run(options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
