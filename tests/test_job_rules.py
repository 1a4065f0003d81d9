"""The rules about requests that use an algorithm: their examples, and properties of every rule."""

from __future__ import annotations

import pytest
from conftest import Share, shares
from message_form import wrong_form

from algolint.aws.model import JOBS, Model
from algolint.jobs.linter import ABOUT_VALIDATION, job_rules
from algolint.rule import EVIDENCE_KINDS, Rule, is_of_jobs
from algolint.rule_files import first_party_rules
from algolint.testing import JobExample, job_examples, masked_variants

MODEL = Model(table=JOBS)
RULES = job_rules()
EXAMPLES = [example for rule in RULES for example in job_examples(rule)]


def ids(example: JobExample) -> str:
    return f"{example.rule.name}-{example.kind}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_documented_as_the_interface_requires(rule: Rule) -> None:
    assert rule.name.startswith(("tune-", "job-"))
    assert rule.evidence_kind in EVIDENCE_KINDS
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 110
    kinds = [example.kind for example in job_examples(rule)]
    assert {"bad", "good"} <= set(kinds)
    assert set(rule.on) <= set(MODEL.names())


def test_the_name_of_a_rule_shows_whether_it_is_about_jobs() -> None:
    assert all(is_of_jobs(rule.name) for rule in RULES)
    assert not any(is_of_jobs(rule.name) for rule in first_party_rules())


def test_names_are_unique() -> None:
    names = [rule.name for rule in (*first_party_rules(), *RULES)]
    assert len(set(names)) == len(names)
    assert set(names) >= ABOUT_VALIDATION


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_the_examples(example: JobExample) -> None:
    found = example.reported(example.request())
    own = [problem for rule, problem in found if rule.name == example.rule.name]
    assert bool(own) == (example.kind == "bad"), [problem.message for problem in own]
    for problem in own:
        assert problem.severity in (None, example.rule.severity, *example.rule.also)
        for message in (problem.message, *(related.message for related in problem.related)):
            assert not (wrong := wrong_form(message)), wrong


@pytest.mark.parametrize("share", shares(6))
@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_hiding_a_value_adds_nothing(example: JobExample, share: Share) -> None:
    request = example.request()
    before = {(rule.name, problem.severity) for rule, problem in example.reported(request)}
    for what, hidden in share(masked_variants(request)):
        after = {(rule.name, problem.severity) for rule, problem in example.reported(hidden)}
        assert after <= before, (what, after - before)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.algorithm and e.kind == "bad"], ids=ids)
def test_hiding_a_value_of_the_algorithm_adds_nothing(example: JobExample) -> None:
    request = example.request()
    before = {(rule.name, problem.severity) for rule, problem in example.reported(request)}
    assert example.algorithm is not None
    known = example.algorithm.request
    for what, hidden in masked_variants(known):
        example.algorithm.request = hidden
        after = {(rule.name, problem.severity) for rule, problem in example.reported(request)}
        assert after <= before, (what, after - before)
    example.algorithm.request = known
