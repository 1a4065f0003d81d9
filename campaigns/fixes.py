"""Applies every fix that is offered for requests with one fault, and looks at what is found then.

    python -m campaigns.fixes --count 100000 --seed 1

The examples of all rules come first, then complete requests, broken one at a time in the ways of
`campaigns/breaks.py`. Whether safe or unsafe, a fix must remove the finding that offers it and add none above
info. Exits with 1 where one does not, after an example of each.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from algolint.aws.model import REQUEST, Model
from algolint.discovery import all_rules, first_party_rules
from algolint.fixes.proof import changed
from algolint.linter import Linter
from algolint.rule import Problem, Quote, Rule
from algolint.source import Source
from algolint.testing import completed, examples
from campaigns import complete, requests
from campaigns.breaks import BREAKS, Inapplicable

Found = list[tuple[Rule, Problem]]
# A rule, and the paths that its problem is about.
Key = tuple[str, tuple[tuple[str | int, ...], ...]]


class Application:
    """A fix that was applied to a spec, and what was found before and is found then.

    `intact` returns what is found in the spec without the fault.
    """

    def __init__(
        self,
        rule: Rule,
        problem: Problem,
        spec: Any,
        before: Found,
        after: Found,
        intact: Callable[[], Found],
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
        # Two rules may see one fault from two sides; which of them reports it may change.
        vanished = {path for rule, paths in before - after if rule != name for path in paths}
        for rule, paths in after - before:
            is_new = _count(after, rule) > _count(before, rule) and vanished.isdisjoint(paths)
            # What the broken value only hid is in the intact spec, too.
            if is_new and all(other.name != rule for other, _ in self._intact()):
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
    """Return what is found in a spec."""
    return linter.findings(spec, shape, is_yaml, Source("case", "")).found


def applications(
    linter: Linter,
    spec: Any,
    shape: str = REQUEST,
    is_yaml: bool = False,
    intact: Callable[[], Found] = list,
) -> Iterator[Application]:
    """Apply each fix that is offered for a spec, one at a time."""
    before = findings(linter, spec, shape, is_yaml)
    for rule, problem in before:
        # How a quoted token reads, only the text tells.
        if problem.fix is not None and not isinstance(problem.fix, Quote):
            after = findings(linter, changed(spec, problem.fix), shape, is_yaml)
            yield Application(rule, problem, spec, before, after, intact)


def of_examples() -> Iterator[Application]:
    """Yield the applications to the examples of all rules, good ones included."""
    rules = first_party_rules()
    for rule in all_rules():
        for example in examples(rule):
            linter = Linter(Model(example.revision), rules, region=example.region)
            if example.syntax in ("json", "yaml") and rule.on:
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
        for damage in dice.choices(BREAKS, weights, k=30):
            broken = requests.copied(request)
            try:
                damage.applied(broken, dice)
            except Inapplicable:
                continue
            linter = linters[damage.revision]
            yield from applications(linter, broken, intact=partial(findings, linter, request))


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
