"""The rules about requests that use an algorithm: their examples, and what must hold of every rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Share, shares
from message_form import wrong_form

from algolint.aws.model import JOBS, Model
from algolint.compare.specs import Spec
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import ABOUT_VALIDATION, JobLinter, job_rules
from algolint.page import parsed
from algolint.readers import yaml as read_yaml
from algolint.rule import EVIDENCE_KINDS, Problem, Rule
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.spec.binder import Binder
from algolint.spec.context import SDK
from algolint.testing import completed, masked_variants
from algolint.values import OpenDict

ALGORITHMS = Model()
MODEL = Model(table=JOBS)
RULES = job_rules()
# What the fence of an example calls the target of its request.
TARGETS = {"": "", "sdk": SDK}


def algorithm_of(text: str, shape: str) -> Algorithm:
    """The algorithm of an example: a part of a spec, with what it does not show unknown."""
    (document,) = read_yaml.read(Source("algorithm.yaml", text))
    spec = completed(document.spec, shape, ALGORITHMS)
    if shape == "TrainingSpecification":
        spec.setdefault("SupportedTrainingInstanceTypes", OpenDict())
    known = {key: value for key, value in spec.items() if key != "ProductId"}
    bound, _ = Binder(ALGORITHMS).bind(known, shape)
    return Algorithm(Spec(document, shape, bound))


class Example:
    """An example of a page: a part of a request, and the algorithm above it."""

    def __init__(self, rule: Rule, text: str, shape: str, kind: str, settings: dict[str, str]) -> None:
        self.rule, self.text, self.shape, self.kind = rule, text, shape, kind
        self.region = settings.get("region")
        self.target = TARGETS[settings.get("target", "")]
        self.algorithm: Algorithm | None = None

    def request(self) -> Any:
        (document,) = read_yaml.read(Source("job.yaml", self.text))
        return completed(document.spec, self.shape, MODEL)

    def linter(self) -> JobLinter:
        return JobLinter(MODEL, ALGORITHMS, lambda _: self.algorithm, region=self.region)

    def found(self, request: Any) -> list[tuple[Rule, Problem]]:
        findings = self.linter().findings(
            request, self.shape, True, Source("job.yaml", self.text), self.target
        )
        assert not findings.crashes, findings.crashes[0]
        return findings.found


def examples(rule: Rule) -> Iterator[Example]:
    algorithm = None
    for block in parsed(rule.page).examples:
        shape = block.shape(rule.on)
        if block.kind == "algorithm":
            algorithm = algorithm_of(block.text, shape)
        else:
            example = Example(rule, block.text, shape, block.kind, block.settings)
            example.algorithm = algorithm
            yield example


EXAMPLES = [example for rule in RULES for example in examples(rule)]


def ids(example: Example) -> str:
    return f"{example.rule.name}-{example.kind}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_documented_as_the_interface_says(rule: Rule) -> None:
    assert rule.name.startswith(("tune-", "job-"))
    assert rule.evidence_kind in EVIDENCE_KINDS
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 110
    kinds = [example.kind for example in examples(rule)]
    assert {"bad", "good"} <= set(kinds)
    assert set(rule.on) <= set(MODEL.names())


def test_names_are_unique() -> None:
    names = [rule.name for rule in (*first_party_rules(), *RULES)]
    assert len(set(names)) == len(names)
    assert set(names) >= ABOUT_VALIDATION


@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_the_examples(example: Example) -> None:
    found = example.found(example.request())
    own = [problem for rule, problem in found if rule.name == example.rule.name]
    assert bool(own) == (example.kind == "bad"), [problem.message for problem in own]
    for problem in own:
        assert problem.severity in (None, example.rule.severity, *example.rule.also)
        for message in (problem.message, *(related.message for related in problem.related)):
            assert not (wrong := wrong_form(message)), wrong


@pytest.mark.parametrize("share", shares(3))
@pytest.mark.parametrize("example", EXAMPLES, ids=ids)
def test_hiding_a_value_adds_nothing(example: Example, share: Share) -> None:
    request = example.request()
    before = {(rule.name, problem.severity) for rule, problem in example.found(request)}
    for what, hidden in share(masked_variants(request)):
        after = {(rule.name, problem.severity) for rule, problem in example.found(hidden)}
        assert after <= before, (what, after - before)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.algorithm and e.kind == "bad"], ids=ids)
def test_hiding_a_value_of_the_algorithm_adds_nothing(example: Example) -> None:
    request = example.request()
    before = {(rule.name, problem.severity) for rule, problem in example.found(request)}
    assert example.algorithm is not None
    known = example.algorithm.request
    for what, hidden in masked_variants(known):
        example.algorithm.request = hidden
        after = {(rule.name, problem.severity) for rule, problem in example.found(request)}
        assert after <= before, (what, after - before)
    example.algorithm.request = known
