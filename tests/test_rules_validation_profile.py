"""The rule of `rules/validation_profile.py`: which names it refuses, why, and which it proposes."""

from __future__ import annotations

from typing import Any

import pytest
import rule_cases

from algolint.rule import Problem, Replace
from algolint.values import UNKNOWN

SHAPE = "AlgorithmValidationProfile"


def found(name: Any) -> list[Problem]:
    reported = rule_cases.found({"ProfileName": name}, SHAPE)
    assert {rule.name for rule, _ in reported} <= {"profile-name-pattern"}
    assert all(problem.path == ("ProfileName",) for _, problem in reported)
    return [problem for _, problem in reported]


@pytest.mark.parametrize(
    "name",
    ["a", "A", "0", "ab", "a-b", "a--b", "smoke-test-2", "a" * 63, "a-" * 31 + "a"],
)
def test_a_good_name(name: str) -> None:
    assert found(name) == []


def test_an_unknown_name() -> None:
    assert found(UNKNOWN) == []


LENGTH = "it takes 1 to 63"
LETTERS = "it takes letters, digits and hyphens"
ENDS = "begins or ends with a hyphen; it has to begin and end with a letter or digit"
# (name, what is wrong, the name proposed)
WRONG: list[tuple[str, str, str | None]] = [
    ("", f"has 0 characters; {LENGTH}", None),
    ("a" * 64, f"has 64 characters; {LENGTH}", None),
    # Hyphens count like the rest.
    ("a" + "-" * 62 + "a", f"has 64 characters; {LENGTH}", "a-a"),
    ("a" * 62 + "_", f"contains '_'; {LETTERS}", "a" * 62),
    ("smoke_test", f"contains '_'; {LETTERS}", "smoke-test"),
    ("a-b.c d_e", f"contains ' ', '.', '_'; {LETTERS}", "a-b-c-d-e"),
    ("größe", f"contains 'ß', 'ö'; {LETTERS}", "gr-e"),
    ("a²", f"contains '²'; {LETTERS}", "a"),
    ("-a", ENDS, "a"),
    ("a-", ENDS, "a"),
    ("-", ENDS, None),
    ("___", f"contains '_'; {LETTERS}", None),
    # What is proposed is short enough, and of the whole name.
    ("a_" * 32 + "a", f"has 65 characters; {LENGTH}", None),
    ("a" + "_" * 1500 + "b", f"has 1502 characters; {LENGTH}", "a-b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fault", "proposed"), WRONG)
def test_a_wrong_name(name: str, fault: str, proposed: str | None) -> None:
    (problem,) = found(name)
    assert problem.message.endswith(fault)
    assert (problem.fix.value if isinstance(problem.fix, Replace) else problem.fix) == proposed
