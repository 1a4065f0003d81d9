"""Lints complete, consistent requests, and the same requests with one part broken.

    python -m campaigns.complete_requests --count 10000 --seed 1

A complete request must have no error. Each request is then broken in ways that apply to it, one at a time
(`campaigns/breaks.py`), and the rule for the break must report an error. An error of any other rule is a
false alarm, unless the table allows it for the same damage.

Advice and warnings are tested as well (`campaigns/advice_breaks.py`): the rule must report more often than
for the unbroken request, and no other rule of any level may.

The recall of a rule is the share of the requests broken for it that it reports. Its precision is the share of
all requests it reports for which it may. Exits with 1 if a complete request has an error or a figure is below
1.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from typing import Any

from algolint.aws.model import REQUEST, Model
from algolint.linting.linter import Linter
from algolint.rule_files import all_rules, first_party_rules
from algolint.source import Source
from algolint.testing import problems
from campaigns import complete, requests
from campaigns.advice_breaks import ADVICE
from campaigns.breaks import BREAKS, TEXT_BREAKS, Break, TextBreak
from campaigns.parts import Inapplicable

# The maximum of breaks of each request; all of them would take long, and they are repetitive.
_BREAKS_OF_EACH = 12
_ADVICE_OF_EACH = 6


class Tally:
    """The counts of one rule."""

    def __init__(self) -> None:
        self.broken = self.found = self.spoke = self.rightly = 0

    def line(self, name: str) -> str:
        """Return the rule's figures."""
        recall = self.found / self.broken if self.broken else 0.0
        precision = self.rightly / self.spoke if self.spoke else 0.0
        return f"{name:40} {self.broken:7} {recall:9.4f} {precision:9.4f}"


def errors(linter: Linter, request: Any) -> list[tuple[str, str]]:
    """Return the errors of a request: (rule, where and what)."""
    found = problems(linter, request, REQUEST, yaml=False)
    return [
        (rule.name, repr(problem))
        for rule, problem in found
        if (problem.severity or rule.severity) == "error"
    ]


def errors_of_text(linter: Linter, syntax: str, text: str) -> list[tuple[str, str]]:
    """Return the errors of a file."""
    found = linter.lint_source(Source(f"case.{syntax}", text)).diagnostics
    return [(d.rule.name, d.message) for d in found if d.severity == "error"]


def counts(linter: Linter, request: Any) -> Counter[str]:
    """Return how often each rule reports for a request, at any level."""
    found = problems(linter, request, REQUEST, yaml=False)
    return Counter(rule.name for rule, _ in found)


class Campaign:
    """The linters, the counts and examples of failures."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"{seed} breaks")
        rules = first_party_rules()
        self._linters = {r: Linter(Model(r), rules) for r in {"latest", *(b.revision for b in BREAKS)}}
        self.tallies: dict[str, Tally] = {}
        self.advice: dict[str, Tally] = {}
        self.wrong: dict[str, str] = {}
        self.complete = self.with_errors = self.broken = self.advised = 0
        # A break that applies to few requests is tried on more of them.
        self.applied: Counter[int] = Counter()
        self.applied_advice: Counter[int] = Counter()

    def take(self, request: Any) -> None:
        """Lint a complete request, then break it."""
        self.complete += 1
        found = errors(self._linters["latest"], request)
        self.with_errors += bool(found)
        for rule, what in found:
            self._tally(rule).spoke += 1
            self.wrong.setdefault(f"complete request: {rule}", f"{what}\n  {json.dumps(request)[:3000]}")
        rarest = sorted(range(len(BREAKS)), key=lambda i: (self.applied[i], self._dice.random()))
        left = _BREAKS_OF_EACH
        for number in rarest:
            if left and self._break(request, BREAKS[number]):
                self.applied[number] += 1
                left -= 1
        for text_break in TEXT_BREAKS:
            text = text_break.text(request, self._dice)
            self._judge(text_break, errors_of_text(self._linters["latest"], text_break.syntax, text), text)
        self._advise(request)

    def _advise(self, request: Any) -> None:
        """Break a request in the least frequent of the ways for advice."""
        linter = self._linters["latest"]
        before = counts(linter, request)
        left = _ADVICE_OF_EACH
        for number in sorted(range(len(ADVICE)), key=lambda i: (self.applied_advice[i], self._dice.random())):
            broken = requests.copied(request)
            try:
                ADVICE[number].applied(broken, self._dice)
            except Inapplicable:
                continue
            self.applied_advice[number] += 1
            self.advised += 1
            more = counts(linter, broken) - before
            self._judge_advice(ADVICE[number], more, json.dumps(broken))
            left -= 1
            if not left:
                return

    def _judge_advice(self, damage: Break, more: Counter[str], text: str) -> None:
        meant = self.advice.setdefault(damage.rule, Tally())
        meant.broken += 1
        meant.found += damage.rule in more
        if damage.rule not in more:
            self.wrong.setdefault(f"missed: {damage.rule}", f"{dict(more)}\n  {text[:3000]}")
        for rule in more:
            tally = self.advice.setdefault(rule, Tally())
            tally.spoke += 1
            tally.rightly += rule in damage.also
            if rule not in damage.also:
                self.wrong.setdefault(f"{rule} where {damage.rule} was due", text[:3000])

    def _break(self, request: Any, damage: Break) -> bool:
        linter = self._linters[damage.revision]
        if damage.revision != "latest" and errors(linter, request):
            return False
        broken = requests.copied(request)
        try:
            damage.applied(broken, self._dice)
        except Inapplicable:
            return False
        self._judge(damage, errors(linter, broken), json.dumps(broken))
        return True

    def _judge(self, damage: Break | TextBreak, found: list[tuple[str, str]], text: str) -> None:
        self.broken += 1
        meant = self._tally(damage.rule)
        meant.broken += 1
        spoke = dict(reversed(found))
        if damage.rule in spoke:
            meant.found += 1
        else:
            self.wrong.setdefault(f"missed: {damage.rule}", f"{found}\n  {text[:3000]}")
        for rule, what in spoke.items():
            tally = self._tally(rule)
            tally.spoke += 1
            tally.rightly += rule in damage.also
            if rule not in damage.also:
                self.wrong.setdefault(f"{rule} where {damage.rule} was broken", f"{what}\n  {text[:3000]}")

    def _tally(self, rule: str) -> Tally:
        return self.tallies.setdefault(rule, Tally())


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    campaign = Campaign(seed)
    dice = random.Random(f"{seed} complete")
    for _ in range(count):
        campaign.take(complete.request(dice))
    print(f"seed {seed}: {campaign.complete} complete requests, {campaign.with_errors} with errors")
    covered = sorted({*(damage.rule for damage in BREAKS), *(damage.rule for damage in TEXT_BREAKS)})
    ways = len(BREAKS) + len(TEXT_BREAKS)
    print(f"{campaign.broken} broken requests, in {ways} ways, for {len(covered)} rules\n")
    print(f"{'rule':40} {'broken':>7} {'recall':>9} {'precision':>9}")
    for name in covered:
        print(campaign.tallies.get(name, Tally()).line(name))
    advised = sorted({damage.rule for damage in ADVICE})
    print(
        f"\n{campaign.advised} requests broken in {len(ADVICE)} ways for the advice of {len(advised)} rules\n"
    )
    for name in advised:
        print(campaign.advice.get(name, Tally()).line(name))
    levels = [rule for rule in all_rules() if "error" in (rule.severity, *rule.also)]
    rest = sorted(rule.name for rule in levels if rule.name not in covered)
    unused = [damage.rule for i, damage in enumerate(BREAKS) if not campaign.applied[i]]
    unused += [damage.rule for i, damage in enumerate(ADVICE) if not campaign.applied_advice[i]]
    print(f"\nways that applied to no request: {', '.join(unused) or 'none'}")
    print(f"not covered, of {len(levels)} rules that report as errors: {', '.join(rest) or 'none'}")
    rest = sorted({rule.name for rule in all_rules()} - {rule.name for rule in levels} - {*covered, *advised})
    print(f"not covered, of the others: {', '.join(rest) or 'none'}")
    print(f"{time.perf_counter() - started:.0f} s")
    for kind, example in campaign.wrong.items():
        print(f"\n{kind}\n  {example}")
    return 1 if campaign.wrong else 0


def main() -> int:
    """Run the command line."""
    options = requests.options("Lints complete and broken requests.", 10_000).parse_args()
    return run(options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
