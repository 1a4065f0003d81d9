"""The work that is counted for a file: what draws on it ends, and other files are not affected."""

from __future__ import annotations

import copy
from importlib import import_module

import pytest
from job_cases import ALGORITHM, TUNING, findings

from algolint import limits
from algolint.gitignore import IgnorePatterns
from algolint.jobs.recognition import TUNING as TUNING_SHAPE
from algolint.messages import nearest


@pytest.fixture(autouse=True)
def another_file() -> None:
    limits.begin(object())


def test_suggestions_end_with_the_comparisons_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_COMPARISONS", 5_000)
    file = object()
    limits.begin(file)
    names = [f"learning_rate_{number}" for number in range(100)]
    found = [nearest(f"lerning_rate_{number}", names) for number in range(100)]
    assert found[0] == "learning_rate_0"
    assert found[-1] is None
    limits.begin(file)
    assert nearest("lerning_rate_1", names) is None
    limits.begin(object())
    assert nearest("lerning_rate_1", names) == "learning_rate_1"


def test_patterns_are_analysed_as_long_as_the_file_has_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which ones are is the same whatever has been analysed before, for another file."""
    analyzed = import_module("algolint_rules._regex_facts").analyzed
    patterns = [f"({'(a|b)*' * 10}){number}" for number in range(60)]
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 20_000)
    rounds = []
    for _ in range(2):
        limits.begin(object())
        rounds.append([analyzed(pattern).cost > 0 for pattern in patterns])
    assert rounds[0] == rounds[1]
    assert rounds[0][0]
    assert not rounds[0][-1]


def test_lines_of_gitignore_that_are_not_valid_are_each_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = import_module("algolint.gitignore")
    made: list[int] = []
    spec_of = module._spec_of

    def counted(lines: list[str]) -> object:
        made.append(len(lines))
        return spec_of(lines)

    monkeypatch.setattr(module, "_spec_of", counted)
    count = 200
    lines = [f"g{number}*x" for number in range(count)] + [f"[z-a]{number}" for number in range(count)]
    assert IgnorePatterns(lines).excludes("g1-x") is True
    assert sum(made) <= 5 * count


def test_the_work_is_counted_for_each_file_of_jobs() -> None:
    limits.comparisons.left = 0
    job = copy.deepcopy(TUNING)
    job["TrainingJobDefinition"]["StaticHyperParameters"] = {"epoch": "5"}
    messages = [problem.message for _, problem in findings(ALGORITHM, job, TUNING_SHAPE)]
    assert any("did you mean 'epochs'" in message for message in messages), messages
