"""The rules about two specs: their examples, and properties of every rule and every pair."""

from __future__ import annotations

import copy
import json
import random
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from message_form import wrong_form

from algolint.compare.diff import CONSUMERS, Change, DiffRule, bump, compare, diff_rule
from algolint.testing import masked_variants, release_examples
from campaigns.releases import Campaign

MODULES = sorted(p.stem for p in (ROOT / "rules" / "compare").glob("[a-z]*.py"))
RULES = [
    value
    for module in MODULES
    for value in vars(import_module(f"algolint_rules.compare.{module}")).values()
    if isinstance(value, DiffRule)
]


EXAMPLES = [(rule, *example) for rule in RULES for example in release_examples(rule)]
PAIRS = [pytest.param(*example[:3], id=rule.name) for rule in RULES for example in release_examples(rule)]


def found(shape: str, old: Any, new: Any, rules: list[DiffRule] = RULES) -> list[Change]:
    changes, raised = compare(old, new, shape, rules)
    assert not raised, raised
    return changes


def names(changes: list[Change]) -> set[tuple[str, str]]:
    return {(change.rule.name, change.severity) for change in changes}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_has_a_pair_that_the_rule_reports(rule: DiffRule) -> None:
    assert rule.name.startswith("diff-")
    assert rule.summary.endswith(".")
    assert any(reports for *_, reports in release_examples(rule))
    assert rule.breaks <= set(CONSUMERS)
    assert rule.severity != "error" or rule.breaks, "an error breaks somebody"


@pytest.mark.parametrize(
    ("rule", "shape", "old", "new", "reports"), EXAMPLES, ids=lambda v: getattr(v, "name", "")
)
def test_the_examples(rule: DiffRule, shape: str, old: Any, new: Any, reports: bool) -> None:
    changes = [change for change in found(shape, old, new) if change.rule is rule]
    assert bool(changes) == reports
    for change in changes:
        assert not wrong_form(change.message)
        assert change.severity in (rule.severity, *rule.also)


@pytest.mark.parametrize(("shape", "old", "new"), PAIRS)
def test_nothing_changed_is_nothing_reported(shape: str, old: Any, new: Any) -> None:
    for one in (old, new):
        assert found(shape, one, copy.deepcopy(one)) == []
        assert found(shape, one, reordered(one)) == []


def reordered(value: Any, field: str = "") -> Any:
    """Return the same contract in another order. Containers keep theirs."""
    if isinstance(value, dict):
        return {key: reordered(item, key) for key, item in reversed(value.items())}
    if isinstance(value, list):
        items = [reordered(item) for item in value]
        return items if field == "Containers" else items[::-1]
    return value


@pytest.mark.parametrize(("shape", "old", "new"), PAIRS)
def test_hiding_a_value_of_either_side_adds_nothing(shape: str, old: Any, new: Any) -> None:
    before = names(found(shape, old, new))
    for what, hidden in masked_variants(old):
        assert names(found(shape, hidden, new)) <= before, f"OLD: {what}"
    for what, hidden in masked_variants(new):
        assert names(found(shape, old, hidden)) <= before, f"NEW: {what}"


def test_a_change_is_located_on_both_sides() -> None:
    old = {"TrainingChannels": [{"Name": "train"}, {"Name": "validation"}]}
    new = {"TrainingChannels": [{"Name": "train"}]}
    (change,) = [c for c in found("TrainingSpecification", old, new) if c.rule.name == "diff-channel-removed"]
    assert (change.new_path, change.is_key) == (("TrainingChannels",), True)
    assert change.old_path == ("TrainingChannels", 1)


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ([], [], "patch"),
        ([{"Name": "a"}], [{"Name": "a"}, {"Name": "b"}], "minor"),
        ([{"Name": "a"}, {"Name": "b"}], [{"Name": "a"}], "major"),
    ],
)
def test_the_version_that_follows(old: list[Any], new: list[Any], answer: str) -> None:
    changes = found("TrainingSpecification", {"TrainingChannels": old}, {"TrainingChannels": new})
    assert bump(change.severity for change in changes) == answer


@pytest.mark.parametrize(
    ("on", "breaks"), [("HyperParameterSpec", ()), ("TrainingSpecification", ("trian",))]
)
def test_a_wrong_declaration_is_explained(on: str, breaks: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="did you mean"):
        diff_rule(on=on, severity="error", breaks=breaks, evidence="heuristic: x")


FIXTURES = sorted((ROOT / "fixtures" / "clean").glob("*.yaml")) + sorted(
    (ROOT / "fixtures" / "clean").glob("*.json")
)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_spec_beside_itself_has_no_changes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    spec = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    if isinstance(spec, dict):
        assert found("CreateAlgorithmInput", spec, copy.deepcopy(spec)) == []
        assert found("CreateAlgorithmInput", spec, reordered(spec)) == []


@pytest.mark.parametrize("steps", [7, pytest.param(20, marks=pytest.mark.slow)])
def test_reports_of_generated_releases_fit_together(steps: int) -> None:
    """A small part of `python -m campaigns.releases`, which names the properties."""
    campaign, dice = Campaign(), random.Random(11)
    for _ in range(steps):
        campaign.take(dice)
    assert not campaign.wrong
    assert campaign.counts["steps"] == steps
    assert sum(campaign.rules.values()) > 5 * steps
