"""The work that is counted for a file: what draws on it ends, and other files are not affected."""

from __future__ import annotations

import copy
from importlib import import_module

import pytest
from job_cases import ALGORITHM, TUNING, findings

from algolint import limits
from algolint.gitignore import IgnorePatterns
from algolint.jobs.recognition import TUNING as TUNING_SHAPE
from algolint.linter import Linter
from algolint.messages import nearest
from algolint.pattern_parser import parse
from algolint.pattern_tree import IndeterminateError
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.testing import model_of


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


def test_patterns_that_are_not_analysed_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """To try one on the lines of another is work as well, and what is not analysed may not even be valid."""
    lines = import_module("algolint_rules._regex_lines")
    compared: list[str] = []
    compare = lines._compared

    def counted(pattern: str, other: str) -> object:
        compared.append(pattern)
        return compare(pattern, other)

    monkeypatch.setattr(lines, "_compared", counted)
    invalid = "".join(f"    - {{Name: m{n}, Regex: 'a{n}{'(a|b)*' * 40})=(.*)'}}\n" for n in range(60))
    head = "AlgorithmName: a b\nTrainingSpecification:\n  MetricDefinitions:\n"
    for steps in (limits.MAX_PATTERN_STEPS, 2_000):
        monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", steps)
        assert reported("a.yaml", head + invalid)
        assert compared == []
    # Comparing takes of the same work.
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 35_000)
    rows = "".join(
        f"    - {{Name: m{n}, Regex: 'm[a{n}]*{'(?:a|b)*' * 5}.*=([0-9.]+)'}}\n" for n in range(20)
    )
    messages = [message for name, message in reported("a.yaml", head + rows) if name == "invalid-syntax"]
    assert compared
    assert messages == [
        "patterns of metrics that take more than 35,000 steps to analyse; the others are not analysed"
    ]


def test_groups_in_one_another_count_for_what_they_capture() -> None:
    """The captures of all of them are compared in each step."""
    matching = import_module("algolint_rules._regex_matching")
    sequence = parse(f"{'(' * 90}a7{')*' * 90}")
    budget = matching.Budget()
    steps = budget.left
    compared = 0
    distinct = matching.Matcher._distinct

    def counted(self: object, states: list[tuple[int, tuple[object, ...]]]) -> object:
        nonlocal compared
        found = distinct(self, states)
        compared += sum(len(groups) for _, groups in states) if len(states) > 1 else 0
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching.Matcher, "_distinct", counted)
        with pytest.raises(IndeterminateError):
            matching.Matcher("a7a7a7", budget, alone=False).captures(sequence)
    assert 0 < compared < 3 * (steps - budget.left)


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


# ---------------------------------------------------------------- what is reported where the work ends


def reported(name: str, text: str) -> list[tuple[str, str]]:
    result = Linter(model_of(), first_party_rules()).lint_source(Source(name, text))
    return [(diagnostic.rule.name, diagnostic.message) for diagnostic in result.diagnostics]


def test_a_file_whose_patterns_take_too_many_steps_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 20_000)
    rows = "".join(f"    - {{Name: m{n}, Regex: '({'(a|b)*' * 10}){n}=(.*)'}}\n" for n in range(40))
    text = f"AlgorithmName: a b\nTrainingSpecification:\n  MetricDefinitions:\n{rows}"
    found = reported("a.yaml", text)
    messages = [message for name, message in found if name == "invalid-syntax"]
    what = "patterns of metrics that take more than 20,000 steps to analyse; the others are not analysed"
    assert messages == [what]
    # The other findings of the file, and the next file, are as ever.
    assert "pattern-mismatch" in [name for name, _ in found]
    assert "invalid-syntax" not in [name for name, _ in reported("a.yaml", "AlgorithmName: a b\nTags: []\n")]


@pytest.mark.parametrize("remembers", [False, True])
@pytest.mark.parametrize("others", ["", "(a+)+b="], ids=["without a finding", "with one"])
def test_what_is_remembered_of_a_pattern_changes_no_report(
    others: str, remembers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern is analysed where there were no steps left for it before, and its steps count for each file."""
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 20_000)
    words = "|".join(f"word{number}" for number in range(60))
    dear = [f"(?:{words}) {others}{number}=([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)" for number in range(9)]
    bad = "(a+)+b=(.*)"
    rules = [rule for rule in first_party_rules() if rule.on == ("MetricRegex",)]
    linter = Linter(model_of(), rules, remembers=remembers)
    for patterns in ([*dear, bad], [bad], dear[:3], dear[3:], dear, [*dear[::-1], bad]):
        text = _with_patterns(patterns)
        fresh = Linter(model_of(), rules)
        first, again = (one.lint_source(Source("a.yaml", text)).diagnostics for one in (fresh, linter))
        assert [(d.rule, d.message) for d in again] == [(d.rule, d.message) for d in first]


def _with_patterns(patterns: list[str]) -> str:
    rows = "".join(f"    - {{Name: m{number}, Regex: '{text}'}}\n" for number, text in enumerate(patterns))
    return f"AlgorithmName: a\nTrainingSpecification:\n  MetricDefinitions:\n{rows}"


def test_a_file_whose_names_take_too_many_comparisons_is_reported_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_COMPARISONS", 2_000)
    documents = "---\nAlgorithmNam: a\nAlgorithmName: a\nTags: []\nTrainingSpecificaton: 1\n" * 30
    messages = [message for name, message in reported("a.yaml", documents) if name == "invalid-syntax"]
    what = "more than 2,000 characters of names compared for suggestions; further findings suggest nothing"
    assert messages == [what]


def test_a_page_with_too_many_specs_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EMBEDDED", 3)
    block = '```json\n{"AlgorithmName": "a b", "TrainingSpecification": {}}\n```\n'
    assert reported("a.md", block * 3)
    assert reported("a.md", block * 4) == [("invalid-syntax", "more than 3 specs in one document")]
