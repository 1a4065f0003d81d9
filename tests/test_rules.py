"""Properties of every rule: its examples, its metadata, and what makes it trustworthy."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from message_form import wrong_form

from algolint.linting.linter import Linter
from algolint.readers import yaml as read_yaml
from algolint.rule import EVIDENCE_KINDS, SEVERITIES, Rule
from algolint.rule_files import all_rules, first_party_rules
from algolint.source import Source, SourceSyntaxError
from algolint.spec.binder import Binder
from algolint.testing import (
    Example,
    completed,
    examples,
    fields_below,
    fields_named,
    fixed,
    masked_variants,
    model_of,
    mutations,
    problems,
    reported,
    reported_by,
)

PLUG_INS = first_party_rules()
RULES = all_rules()
BY_NAME = {rule.name: rule for rule in RULES}
EXAMPLES = [example for rule in RULES for example in examples(rule)]
# These are not found in a bound spec; tests of readers and of suppression cover them.
BEFORE_BINDING = {
    "invalid-syntax",
    "duplicate-key",
    "refused-by-aws-cli",
    "not-an-algorithm",
    "unrecognised-spec",
    "positional-request",
    "unused-suppression",
    "malformed-suppression",
}
BOUND = [example for example in EXAMPLES if example.rule.name not in BEFORE_BINDING]
BOUND_BAD = [example for example in BOUND if example.is_bad]
BOUND_GOOD = [example for example in BOUND if not example.is_bad]


def linter(example: Example) -> Linter:
    return Linter(model_of(example.revision), PLUG_INS, region=example.region)


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_documented_as_the_interface_requires(rule: Rule) -> None:
    model = model_of()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert set(rule.also) <= set(SEVERITIES) - {rule.severity}
    kind, colon, where = rule.evidence.partition(": ")
    assert kind in EVIDENCE_KINDS
    assert colon
    assert where
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 110
    assert rule.page.count("\n\n") >= 2, "summary, explanation, examples"
    assert [example for example in examples(rule) if example.is_bad]
    assert [example for example in examples(rule) if not example.is_bad]
    assert rule.page.count("\n```\n") + rule.page.endswith("```") == len(examples(rule)), "a fence not read"
    assert all(name in BY_NAME for name in rule.replaces)
    assert all(shape in model.names() for shape in rule.on)


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(RULES)


# ---------------------------------------------------------------- examples


@pytest.mark.parametrize("example", BOUND_BAD, ids=repr)
def test_a_bad_example_fires_its_rule(example: Example) -> None:
    said_by = {rule.name for rule, _ in reported(example, linter(example))}
    assert example.rule.name in said_by


@pytest.mark.parametrize("example", BOUND_GOOD, ids=repr)
def test_a_good_example_is_good(example: Example) -> None:
    found = reported(example, linter(example))
    assert example.rule.name not in {rule.name for rule, _ in found}
    errors = [(rule.name, p) for rule, p in found if (p.severity or rule.severity) == "error"]
    assert errors == []


@pytest.mark.parametrize("example", BOUND_BAD, ids=repr)
def test_severities_are_declared_and_messages_well_formed(example: Example) -> None:
    for rule, problem in reported(example, linter(example)):
        assert problem.severity in (None, rule.severity, *rule.also), rule
        for message in (problem.message, *(related.message for related in problem.related)):
            assert not (wrong := wrong_form(message)), wrong
        assert problem.fix is None or rule.fix is not None, rule
        assert problem.fix is None or rule.fix == "unsafe" or problem.fix.safe, rule


FIXABLE = [rule for rule in RULES if rule.fix and rule.name not in BEFORE_BINDING]


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: rule.name)
def test_a_bad_example_fixed_is_the_good_one(rule: Rule) -> None:
    bad = [e for e in examples(rule) if e.is_bad]
    good = [e for e in examples(rule) if not e.is_bad]
    fixed_any = False
    for wrong, right in zip(bad, good, strict=False):
        document = wrong.document()
        fixes = [p.fix for r, p in reported(wrong, linter(wrong)) if r.name == rule.name and p.fix]
        if fixes:
            text, _ = fixed(document.source, [(document, fix) for fix in fixes])
            assert text == right.text
            fixed_any = True
    assert fixed_any


def test_the_examples_of_what_comes_before_binding() -> None:
    for example in EXAMPLES:
        if example.rule.name == "invalid-syntax":
            if example.is_bad:
                with pytest.raises(SourceSyntaxError):
                    example.document()
            else:
                example.document()
        if example.rule.name in ("duplicate-key", "positional-request"):
            assert bool(example.document().faults) == example.is_bad
        if example.rule.name in ("not-an-algorithm", "unrecognised-spec"):
            found = Linter(model_of(), []).lint_source(Source("example.yaml", example.text)).diagnostics
            assert (example.rule.name in {d.rule.name for d in found}) == example.is_bad


# ---------------------------------------------------------------- properties


def bound_of(example: Example) -> Any:
    document = example.document()
    model = model_of(example.revision)
    spec = completed(document.spec, example.shape, model)
    bound, _ = Binder(model).bind(spec, example.shape, is_yaml=example.syntax == "yaml")
    return bound


@pytest.mark.parametrize("rule", PLUG_INS, ids=lambda rule: rule.name)
def test_hiding_a_value_never_adds_a_problem(rule: Rule) -> None:
    for example in examples(rule):
        model = model_of(example.revision)
        bound = bound_of(example)
        before = reported_by([rule], bound, example.shape, model)
        for what, hidden in masked_variants(bound):
            added = reported_by([rule], hidden, example.shape, model) - before
            assert not added, f"{example}: {what} adds {added}"


@pytest.mark.parametrize("example", BOUND_BAD, ids=repr)
def test_no_rule_raises_on_a_spoilt_spec(example: Example) -> None:
    rules = linter(example)
    for mutated in mutations(example.document().spec):
        problems(rules, mutated, example.shape)


@pytest.mark.parametrize("rule", PLUG_INS, ids=lambda rule: rule.name)
def test_field_names_exist(rule: Rule) -> None:
    model = model_of()
    shapes = ("CreateAlgorithmInput",) if rule.takes_context else rule.on
    allowed = fields_below(shapes, model) | EXTRA_FIELDS.get(rule.name, set())
    assert fields_named(rule) <= allowed


# Names that a rule uses and the request's model does not have, with the reason.
EXTRA_FIELDS: dict[str, set[str]] = {}


def test_the_field_name_check_sees_a_misspelling() -> None:
    rule = BY_NAME["max-wait-below-runtime"]
    assert {"MaxRuntimeInSeconds", "MaxWaitTimeInSeconds"} <= fields_named(rule)
    assert "MaxRuntimeInSecond" not in fields_below(rule.on, model_of())


def test_yaml_is_read_for_examples() -> None:
    assert read_yaml.read(Source("x.yaml", "A: 1"))[0].spec == {"A": 1}


@pytest.mark.parametrize(
    "rule", [rule for rule in PLUG_INS if rule.severity == "info" and not rule.also], ids=lambda r: r.name
)
def test_advice_names_no_secret(rule: Rule) -> None:
    """Rules for hidden advice are not called, and so could not mask a secret."""
    assert "secret=" not in inspect.getsource(rule.check)
