"""Applies every fix that is offered for broken requests, one at a time, and lints the result.

    python -m campaigns.fixes --count 100000 --seed 1

The examples of all rules come first. Then come complete requests, broken as in `campaigns/breaks.py`: half of
them in one way, half in two, with some enumerations and addresses drawn again, so that faults occur together.
Whether safe or unsafe, a fix must remove its finding and add none above info. Exits with 1 if one does not,
after an example of each kind.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from algolint.aws.model import REQUEST, Model
from algolint.fixes.proof import changed
from algolint.linting.linter import Linter
from algolint.rule import Problem, Quote, Rule
from algolint.rule_files import all_rules, first_party_rules
from algolint.testing import completed, examples, problems
from campaigns import complete, requests
from campaigns.breaks import BREAKS, Break
from campaigns.parts import Inapplicable

# How often a field with few values, an address and a pattern is drawn again, and from what.
_SHARE = 0.15
_DRAWN: dict[str, tuple[str, ...]] = {
    "InputMode": ("File", "Pipe", "FastFile"),
    "TrainingInputMode": ("File", "Pipe", "FastFile"),
    "CompressionType": ("None", "Gzip"),
    "RecordWrapperType": ("None", "RecordIO"),
    "S3DataType": ("S3Prefix", "ManifestFile", "AugmentedManifestFile"),
    "SplitType": ("None", "Line", "RecordIO", "TFRecord"),
    "AssembleWith": ("None", "Line"),
    "BatchStrategy": ("SingleRecord", "MultiRecord"),
}
_WRITTEN = {
    "Regex": (
        "loss: ([0-9.]+)",
        "val_loss: ([0-9.]+)",
        "val_loss: ([-+]?[0-9.]+)",
        "loss: ([0-9.]*)",
        "loss: (.*)",
        "loss: (.*?)",
        "loss: [0-9.]+",
        r"loss: ([0-9]+(.|e\-)[0-9]+)",
        r"loss: ([0-9]+\\.[0-9]+)",
        "(loss|err): ([0-9.]+)",
    ),
    "S3Uri": (
        "s3://some-bucket/a",
        "s3://some-bucket/a/",
        "s3://some-bucket/a.csv.gz",
        "s3a://some-bucket/a",
    ),
    "S3OutputPath": (
        "s3://some-bucket/",
        "https://s3.amazonaws.com/some-bucket/a",
        "s3://s3://some-bucket/a",
    ),
}
_CASES_OF_EACH = 30

Found = list[tuple[Rule, Problem]]
# A rule, and the paths that its problem is about.
Key = tuple[str, tuple[tuple[str | int, ...], ...]]


class Application:
    """A fix that was applied to a spec, and the findings before and after.

    `intact` returns the findings in the spec without some of its faults, or without all.
    """

    def __init__(
        self,
        rule: Rule,
        problem: Problem,
        spec: Any,
        before: Found,
        after: Found,
        intact: Callable[[], list[Found]],
    ) -> None:
        self.rule = rule
        self.spec = spec
        self._problem = problem
        self._before = before
        self._after = after
        self._intact = intact

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the fix."""
        title = self._problem.fix.title if self._problem.fix else ""
        name = self.rule.name
        if _number(self._after, name) >= _number(self._before, name):
            yield f"{name}: the finding is still there after '{title}'"
        before, after = _above_info(self._before), _above_info(self._after)
        for rule, paths in after - before:
            is_new = _count(after, rule) > _count(before, rule)
            # Findings that the broken value only hid are there without it, too.
            if is_new and all(_count(after, rule) > _count(_above_info(f), rule) for f in self._intact()):
                yield f"{name}: '{title}' adds {rule} at {paths[0]}"


def _number(found: Found, name: str) -> int:
    return sum(rule.name == name for rule, _ in found)


def _count(found: Counter[Key], name: str) -> int:
    return sum(count for (rule, _), count in found.items() if rule == name)


def _above_info(found: Found) -> Counter[Key]:
    """Return the errors and warnings: rule and paths."""
    return Counter(
        (rule.name, (problem.path, *(related.path for related in problem.related)))
        for rule, problem in found
        if (problem.severity or rule.severity) != "info"
    )


def findings(linter: Linter, spec: Any, shape: str = REQUEST, is_yaml: bool = False) -> Found:
    """Return the findings in a spec."""
    return problems(linter, spec, shape, yaml=is_yaml)


def applications(
    linter: Linter,
    spec: Any,
    shape: str = REQUEST,
    is_yaml: bool = False,
    intact: Callable[[], list[Found]] = list,
) -> Iterator[Application]:
    """Apply each fix that is offered for a spec, one at a time."""
    before = findings(linter, spec, shape, is_yaml)
    for rule, problem in before:
        if problem.fix is not None:
            token = json.dumps(requests.at(spec, problem.path)) if isinstance(problem.fix, Quote) else ""
            after = findings(linter, changed(spec, problem.fix, token), shape, is_yaml)
            yield Application(rule, problem, spec, before, after, intact)


def of_examples() -> Iterator[Application]:
    """Yield the applications to the examples of all rules, good ones included."""
    rules = first_party_rules()
    for rule in all_rules():
        for example in examples(rule):
            linter = Linter(Model(example.revision), rules, region=example.region)
            if example.syntax in ("json", "yaml") and rule.name != "invalid-syntax":
                spec = completed(example.document().spec, example.shape, linter.model)
                yield from applications(linter, spec, example.shape, example.syntax == "yaml")


def of_requests(seed: int) -> Iterator[Application]:
    """Yield the applications to broken requests, without end."""
    dice = random.Random(f"{seed} fixes")
    rules = first_party_rules()
    linters = {r: Linter(Model(r), rules) for r in {"latest", *(b.revision for b in BREAKS)}}
    fixable = {rule.name for rule in all_rules() if rule.fix}
    # The others are broken too, as another rule may offer a fix then.
    weights = [1.0 if damage.rule in fixable else 0.1 for damage in BREAKS]
    while True:
        request = complete.request(dice)
        for _ in range(_CASES_OF_EACH):
            damages = dice.choices(BREAKS, weights, k=dice.choice((1, 2)))
            base = requests.copied(request)
            if len(damages) > 1:
                _draw(base, dice)
            seed = dice.getrandbits(32)
            try:
                broken = _broken(base, damages, seed)
            except Inapplicable:
                continue
            linter = linters[damages[0].revision]
            yield from applications(linter, broken, intact=partial(_intact, linter, base, damages, seed))


def _draw(value: Any, dice: random.Random) -> None:
    """Draw some fields of a request again, in place."""
    if isinstance(value, dict):
        for field, item in value.items():
            if item in _DRAWN.get(field, ()) and dice.random() < _SHARE:
                value[field] = dice.choice(_DRAWN[field])
            elif field in _WRITTEN and dice.random() < _SHARE:
                value[field] = dice.choice(_WRITTEN[field])
            else:
                _draw(item, dice)
    elif isinstance(value, list):
        for item in value:
            _draw(item, dice)


def _broken(request: Any, damages: Iterable[Break], seed: int) -> Any:
    """Return a request broken in some ways; `Inapplicable` where it cannot be."""
    broken = requests.copied(request)
    for damage in damages:
        damage.applied(broken, random.Random(f"{seed} {damage.rule}"))
    return broken


def _intact(linter: Linter, request: Any, damages: list[Break], seed: int) -> list[Found]:
    """Return the findings without the damages, and with all but one of them."""
    found = [findings(linter, request)]
    for damage in damages if len(damages) > 1 else ():
        try:
            found.append(findings(linter, _broken(request, [damage], seed)))
        except Inapplicable:
            continue
    return found


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    rules: Counter[str] = Counter()
    wrong: dict[str, str] = {}
    made = 0
    for source in (of_examples(), of_requests(seed)):
        for application in source:
            made += 1
            rules[application.rule.name] += 1
            for fault in application.faults():
                wrong.setdefault(
                    fault[:80], f"{fault}\n  {json.dumps(application.spec, default=repr)[:1500]}"
                )
            if made >= count:
                break
    print(f"seed {seed}: {made} fixes of {len(rules)} rules applied in {time.perf_counter() - started:.0f} s")
    for what in wrong.values():
        print(what)
    return 1 if wrong else 0


def main() -> int:
    """Run the command line."""
    options = requests.options(__doc__ or "", 2000).parse_args()
    return run(options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
