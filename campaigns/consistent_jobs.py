"""Checks jobs that fit their algorithm, and broken profiles compared with the same jobs.

    python -m campaigns.consistent_jobs --count 5000 --seed 1

Each case is a complete request (`campaigns/complete.py`), with a training job, a tuning job and a transform
job made from its first profile. The properties are:

- such a job has no error;
- after a break of the request (`campaigns/breaks.py`), the profile's jobs, without rules about validation
  itself, have the same errors at the same paths as the same jobs as requests;
- no message about a job names a profile or validation.

Exits with 1 if one does not hold.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter
from typing import Any

from algolint.aws.model import JOBS, REQUEST, Model
from algolint.compare.specs import spec_in
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import ABOUT_VALIDATION, JobLinter, rules_for_jobs
from algolint.jobs.recognition import TUNING
from algolint.jobs.views import PROFILES, views_of
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.testing import problems
from campaigns import jobs, requests
from campaigns.breaks import BREAKS
from campaigns.parts import Inapplicable

# The maximum of breaks of each request; few of them affect a job.
_BREAKS_OF_EACH = 6
_OWN = ("job-", "tune-")
# Words that are wrong for a job outside of validation; those in quotes are the user's.
_OF_VALIDATION = re.compile(r"'[^']*'|\b(profile|validat|certif)")
_BREAKS = [damage for damage in BREAKS if damage.revision == "latest"]


class Campaign:
    """The linters, the counts and examples of failures."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"{seed} breaks")
        self._model, self._jobs = Model(), Model(table=JOBS)
        self._rules = rules_for_jobs()
        self._linter = Linter(self._model, first_party_rules())
        self.counts: Counter[str] = Counter()
        self.wrong: dict[str, str] = {}

    def take(self, request: dict[str, Any]) -> None:
        """Check the jobs of a request, then break it and compare."""
        for shape, job in jobs.jobs_of(request, self._dice):
            self.counts[shape] += 1
            for rule, path in self.job_errors(request, shape, job):
                self._note(f"{rule} in a job that fits", path, request, job)
        for damage in self._dice.sample(_BREAKS, _BREAKS_OF_EACH):
            broken = requests.copied(request)
            try:
                damage.applied(broken, self._dice)
                made = jobs.jobs_of(broken, self._dice)
            except (Inapplicable, LookupError, TypeError, AttributeError, ValueError):
                continue
            self._compare(broken, made)

    def _compare(self, broken: dict[str, Any], made: list[tuple[str, dict[str, Any]]]) -> None:
        found = problems(self._linter, broken, REQUEST, yaml=False)
        in_profiles = {
            (rule.name, problem.path)
            for rule, problem in found
            if (problem.severity or rule.severity) == "error" and rule.name not in ABOUT_VALIDATION
        }
        for shape, job in made:
            if shape == TUNING:
                continue
            (view,) = views_of(job, shape)
            base = (*PROFILES, 0, view.field)
            here = {
                (rule, view.path(path[4:]))
                for rule, path in in_profiles
                if path[:4] == base and path[4:5] and path[4] in view.values
            }
            places = [view.path((field,)) for field in view.values]
            there = {
                (rule, path)
                for rule, path in self.job_errors(broken, shape, job)
                if not rule.startswith(_OWN) and any(path[: len(place)] == place for place in places)
            }
            self.counts["compared"] += 1
            self.counts["errors"] += len(here)
            for rule, path in here ^ there:
                kind = "profile" if (rule, path) in here else "job"
                self._note(f"{rule} in the {kind} alone", path, broken, job)

    def job_errors(self, request: Any, shape: str, job: Any) -> set[tuple[str, Any]]:
        """Return the errors of a job of an algorithm: (rule, path)."""
        algorithm = Algorithm(spec_in(Source("algorithm.json", json.dumps(request)), self._model))
        linter = JobLinter(self._jobs, self._model, lambda _: algorithm, self._rules)
        found = problems(linter, job, shape, yaml=False)
        for rule, problem in found:
            texts = [problem.message, *(related.message for related in problem.related)]
            if any(word for text in texts for word in _OF_VALIDATION.findall(text)):
                self._note(f"{rule.name} names validation: {problem.message}", problem.path, request, job)
        return {
            (rule.name, problem.path)
            for rule, problem in found
            if (problem.severity or rule.severity) == "error"
        }

    def _note(self, kind: str, path: Any, request: Any, job: Any) -> None:
        self.counts["wrong"] += 1
        self.wrong.setdefault(kind, f"{path}\n  {json.dumps(job)[:1500]}\n  {json.dumps(request)[:3000]}")


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    campaign = Campaign(seed)
    dice = random.Random(f"{seed} jobs")
    for _ in range(count):
        campaign.take(jobs.algorithm_with_profile(dice))
    counts = campaign.counts
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in counts if kind.startswith("Create"))
    print(f"seed {seed}: {count} algorithms; {kinds}")
    print(f"{counts['compared']} broken jobs beside their profiles, with {counts['errors']} errors")
    print(f"{counts['wrong']} differences, {time.perf_counter() - started:.0f} s")
    for kind, example in campaign.wrong.items():
        print(f"\n{kind}\n  {example}")
    return 1 if campaign.wrong else 0


def main() -> int:
    """Run the command line."""
    options = requests.options("Judges jobs that fit their algorithm.", 5000).parse_args()
    return run(options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
