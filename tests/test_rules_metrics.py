"""The rules of `rules/metrics.py`: names, patterns that match the lines of others, objectives."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from metric_cases import ANY, METRICS, OBJECTIVES, RULES, TRAINING, facts, found, only, reported

from algolint.limits import MAX_KEPT
from algolint.rule import Remove, Replace
from algolint.testing import masked_variants, model_of, reported_by
from algolint.values import UNKNOWN, OpenDict, OpenList

# ---------------------------------------------------------------- one pattern on the line of another


@pytest.mark.parametrize(
    ("one", "other", "line"),
    [
        # Seen in a sample of AWS and in every log of Keras.
        ("MSE: ([0-9.]+)", "RMSE: ([0-9.]+)", "RMSE: 0.5"),
        ("loss: ([0-9.]+)", "val_loss: ([0-9.]+)", "val_loss: 0.5"),
        ("loss: ([0-9.]+)", r"val_loss:\s+([0-9.]+)", "val_loss: 0.5"),
        ("loss: ([0-9.]+)", "loss: .* val_loss: ([0-9.]+)", "loss:  val_loss: 0.5"),
        ("loss: ([0-9.]+)", "(?:train|val) loss: ([0-9.]+);", "train loss: 0.5;"),
        ("train loss: ([0-9.]+)", "(?:val|train) loss: ([0-9.]+)", "train loss: 0.5"),
        ("loss[=:] ?([0-9.]+)", "val_loss: ([0-9.]+)", "val_loss: 0.5"),
        ("loss: ([0-9.]+)", "val_loss[=:] ([0-9.]+)", "val_loss: 0.5"),
        ("loss: ([0-9.]+)", "(?:val_)?loss: ([0-9.]+)", "loss: 0.5"),
        ("loss: ([0-9]+)", "val_loss: ([0-9.]+)", "val_loss: 0.5"),
        ("count=([0-9]+)", "total_count=([0-9]{2})", "total_count=12"),
        (".*loss=(.*?);", "val_loss=(.*?);", "val_loss=0.5;"),
        ("loss: [0-9.]+", "val_loss: ([0-9.]+)", "val_loss: 0.5"),
        ("(loss|err): ([0-9.]+)", "val_loss: ([0-9.]+)", "val_loss: 0.5"),
        ("(?i)loss: ([0-9.]+)", "Val_Loss: ([0-9.]+)", "Val_Loss: 0.5"),
        (r"\bloss: ([0-9.]+)", "validation loss: ([0-9.]+)", "validation loss: 0.5"),
        ("(?<!val_)loss: ([0-9.]+)", "test_loss: ([0-9.]+)", "test_loss: 0.5"),
        # Anchored and bounded patterns, and those with more text.
        ("^loss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        (r"\bloss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        (r"(?<![a-z_])loss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        (r"(?<=\s)loss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        ("(?<!val_)loss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        ("'loss': ([0-9.]+)", "'eval_loss': ([0-9.]+)", None),
        ("train_loss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        (" loss: ([0-9.]+)", "val_loss: ([0-9.]+)", None),
        ("loss: ([0-9.]+) sec", "val_loss: ([0-9.]+)", None),
        ("loss: ([0-9.]+)", "val_loss=([0-9.]+)", None),
        # Another number of the same line.
        ("loss: ([0-9.]+)", "loss: [0-9.]+, acc: ([0-9.]+)", None),
        (r"epoch ([0-9]+)", "epoch [0-9]+: loss ([0-9.]+)", None),
        # The same pattern twice, and patterns that are reported for more than this.
        ("loss: ([0-9.]+)", "loss: ([0-9.]+)", None),
        ("([0-9.]+)", "loss: ([0-9.]+)", None),
        ("loss: ([0-9.]+", "val_loss: ([0-9.]+)", None),
        # Not decided.
        (r"(l)oss\1: ([0-9.]+)", "(v)al_lossl: ([0-9.]+)", None),
        ("loss: ([0-9.]+)", r"(v)al_loss: \1([0-9.]+)", None),
        ("loss: ([0-9.]+)", "val_loss: ([0-9]{40})", None),
        # One character represents all that are not Latin.
        ("→: ([0-9.]+)", "←: ([0-9.]+)", None),
    ],
)
def test_a_pattern_is_tried_on_the_lines_of_another(one: str, other: str, line: str | None) -> None:
    metrics = [{"Name": "one", "Regex": one}, {"Name": "other", "Regex": other}]
    of_one = [
        problem
        for name, problem, _ in found(metrics, METRICS)
        if name == "metric-regex-overlap" and problem.path == (0, "Regex")
    ]
    messages = [
        f"the Regex also matches '{line}', a line of the metric 'other', so 'one' gets the values of both"
    ]
    assert [problem.message for problem in of_one] == (messages if line else [])
    assert line is None or re.search(one, line)


@pytest.mark.parametrize(
    ("pattern", "others", "better"),
    [
        ("loss: ([0-9.]+)", ["val_loss: ([0-9.]+)"], r"\bloss: ([0-9.]+)"),
        ("loss: ([0-9.]+)", ["val_loss: ([0-9.]+)", "test_loss: ([0-9.]+)"], r"\bloss: ([0-9.]+)"),
        ("loss: ([0-9.]+)", ["val_loss: ([0-9.]+)", "test loss: ([0-9.]+)"], None),
        (": ([0-9.]+)", ["val_loss: ([0-9.]+)"], None),
        ("x" * 485 + "([0-9.]+)", ["y" + "x" * 485 + "([0-9.]+)"], rf"\b{'x' * 485}([0-9.]+)"),
        ("x" * 491 + "([0-9.]+)", ["y" + "x" * 490 + "([0-9.]+)"], None),
    ],
)
def test_a_word_boundary_keeps_patterns_apart(pattern: str, others: list[str], better: str | None) -> None:
    metrics = [{"Name": str(n), "Regex": regex} for n, regex in enumerate([pattern, *others])]
    problems_ = [problem for name, problem, _ in found(metrics, METRICS) if name == "metric-regex-overlap"]
    fixes = [problem.fix for problem in problems_ if problem.path == (0, "Regex")]
    assert [fix.value for fix in fixes if isinstance(fix, Replace)] == ([better] if better else [])


def test_several_patterns_for_one_metric_may_match_one_line() -> None:
    metrics = [{"Name": "loss", "Regex": f"loss: {ANY}"}, {"Name": "Loss ", "Regex": f"val_loss: {ANY}"}]
    assert "metric-regex-overlap" not in {name for name, _, _ in found(metrics, METRICS)}


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ([("a", "a"), ("b", "b")], set()),
        ([("a", "a"), ("a", "b")], {(1, "Name")}),
        ([("loss", "a"), ("Loss", "b")], {(1, "Name")}),
        ([("loss", "a"), ("loss ", "b")], {(1, "Name")}),
        ([("a", "a"), ("b", "a")], {(1, "Regex")}),
        # One thing copied whole is one fault.
        ([("a", "a"), ("a", "a")], {(1, "Name")}),
        ([("a", "a"), ("b", "a"), ("a", "a")], {(1, "Regex"), (2, "Name"), (2, "Regex")}),
        ([("a", "a"), (UNKNOWN, "a")], set()),
        ([("a", UNKNOWN), ("b", UNKNOWN)], set()),
        ([("a", "a"), ("a", UNKNOWN)], {(1, "Name")}),
        # As texts that were read are: equal, and not one object.
        ([("ab", "a"), ("".join(("a", "b")), "a")], {(1, "Name")}),
    ],
)
def test_duplicate_metrics(metrics: list[tuple[Any, Any]], expected: set[tuple[int, str]]) -> None:
    spec = [
        {"Name": name, "Regex": regex if regex is UNKNOWN else f"{regex}={ANY}"} for name, regex in metrics
    ]
    assert reported(spec, METRICS) == {("metric-duplicate-name", path, "warning") for path in expected}


def test_the_messages_of_duplicates_name_the_first() -> None:
    alike = only([{"Name": "loss"}, {"Name": "Loss"}], "metric-duplicate-name", METRICS)
    assert alike.message == "'Loss' differs from the earlier 'loss' only in letter case or spaces"
    assert alike.related[0].path == (0, "Name")
    alike = only([{"Name": "Loss"}, {"Name": "loss"}], "metric-duplicate-name", METRICS)
    assert alike.message == "'loss' differs from the earlier 'Loss' only in letter case or spaces"
    same = only([{"Name": "loss"}, {"Name": "".join(("lo", "ss"))}], "metric-duplicate-name", METRICS)
    assert same.message == "duplicate Name 'loss'; each metric needs its own"
    copied = [{"Name": "p", "Regex": f"p={ANY}"}, {"Name": "r", "Regex": f"p={ANY}"}]
    assert (
        only(copied, "metric-duplicate-name", METRICS).message
        == "'r' has the same Regex as 'p', so both get the same values"
    )
    nearly = [{"Name": "p", "Regex": "p=([0-9.]+)"}, {"Name": "r", "Regex": "p=([0-9]*\\.?[0-9]+)"}]
    assert (
        only(nearly, "metric-duplicate-name", METRICS).message
        == "'r' has a Regex equivalent to that of 'p', so both get the same values"
    )
    assert "metric-regex-overlap" not in {name for name, _, _ in found(nearly, METRICS)}


# ---------------------------------------------------------------- objectives


def training(objective: Any, *metrics: Any, **more: Any) -> dict[str, Any]:
    objectives = [{"Type": "Minimize", "MetricName": objective}]
    definitions = [
        {"Name": name, "Regex": f"{name}={ANY}"} if isinstance(name, str) else name for name in metrics
    ]
    return {"SupportedTuningJobObjectiveMetrics": objectives, "MetricDefinitions": definitions, **more}


WHERE = ("SupportedTuningJobObjectiveMetrics", 0, "MetricName")
BUILT_IN = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"
OWN = "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2"


@pytest.mark.parametrize(
    ("spec", "level"),
    [
        (training("loss", "loss"), None),
        (training("loss", "error"), "error"),
        (training("loss", "Loss"), "error"),
        (training("loss"), "error"),
        ({"SupportedTuningJobObjectiveMetrics": [{"MetricName": "loss"}]}, "error"),
        (training("loss", "error", TrainingImage=OWN), "error"),
        (training("loss", "error", TrainingImage=UNKNOWN), "error"),
        (training("loss", "error", TrainingImage=BUILT_IN), "warning"),
        # A definition that is hidden, or whose name is, may be the one.
        (training("loss", "error", UNKNOWN), None),
        (training("loss", {"Name": UNKNOWN, "Regex": f"a={ANY}"}), None),
        ({**training("loss"), "MetricDefinitions": UNKNOWN}, None),
        ({**training("loss"), "MetricDefinitions": OpenList([{"Name": "a", "Regex": f"a={ANY}"}])}, None),
        (OpenDict({"SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "a"}]}), None),
        (training(UNKNOWN, "error"), None),
    ],
)
def test_an_objective_is_a_defined_metric(spec: dict[str, Any], level: str | None) -> None:
    expected = {("objective-metric-undefined", WHERE, level)} if level else set()
    assert {row for row in reported(spec, TRAINING) if row[0] == "objective-metric-undefined"} == expected


def test_the_message_lists_what_is_defined_and_the_fix_takes_the_nearest() -> None:
    problem = only(
        training("validation_loss", "validation:loss", "acc"), "objective-metric-undefined", TRAINING
    )
    assert problem.message == (
        "the metric 'validation_loss' is not in MetricDefinitions ('validation:loss', 'acc');"
        " did you mean 'validation:loss'?"
    )
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == ("validation:loss", False)
    far = only(training("auc", "loss", "accuracy"), "objective-metric-undefined", TRAINING)
    assert far.message == "the metric 'auc' is not in MetricDefinitions ('loss', 'accuracy')"
    assert far.fix is None
    none = only(training("auc"), "objective-metric-undefined", TRAINING)
    assert none.message == "the metric 'auc' is not defined; MetricDefinitions has no metrics"
    assert [r.path for r in far.related] == [("MetricDefinitions",)]
    assert none.related == ()


@pytest.mark.parametrize(
    ("objectives", "expected"),
    [
        ([("Minimize", "a"), ("Minimize", "b")], set()),
        ([("Minimize", "a"), ("Minimize", "a")], {(1,)}),
        ([("Minimize", "a"), ("Maximize", "a")], {(1, "Type")}),
        ([("Minimize", "a"), ("Maximize", "a"), ("Minimize", "a")], {(1, "Type"), (2,), (2, "Type")}),
        ([("Minimize", "a"), (UNKNOWN, "a")], set()),
        ([("Minimize", UNKNOWN), ("Minimize", UNKNOWN)], set()),
        ([("Minimize", "a"), UNKNOWN, ("Minimize", "a")], {(2,)}),
    ],
)
def test_objectives_twice(objectives: list[Any], expected: set[tuple[str | int, ...]]) -> None:
    spec = [o if o is UNKNOWN else {"Type": o[0], "MetricName": o[1]} for o in objectives]
    assert reported(spec, OBJECTIVES) == {
        ("objective-duplicate-or-conflicting", path, "warning") for path in expected
    }


def test_only_exact_duplicates_are_deleted() -> None:
    same = {"Type": "Minimize", "MetricName": "a"}
    fix = only([same, same], "objective-duplicate-or-conflicting", OBJECTIVES).fix
    assert isinstance(fix, Remove)
    assert (fix.path, fix.safe) == ((1,), True)
    both = [same, {**same, "Type": "Maximize"}]
    assert only(both, "objective-duplicate-or-conflicting", OBJECTIVES).fix is None


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("validation:loss", "Minimize"),
        ("validation:logloss", "Minimize"),
        ("val_RMSE", "Minimize"),
        ("test mean-error", "Minimize"),
        ("validation:auc", "Maximize"),
        ("F1", "Maximize"),
        ("recall@10", "Maximize"),
        ("neg_mse", None),
        ("negative:loss", None),
        ("accuracy_loss", None),
        ("policy_reward_mean", None),
        ("mapper", None),
        ("glossary", None),
    ],
)
def test_the_usual_direction(name: str, usual: str | None) -> None:
    for kind in ("Minimize", "Maximize"):
        expected = (
            {("objective-direction-suspicious", ("Type",), "info")} if usual not in (None, kind) else set()
        )
        assert reported({"Type": kind, "MetricName": name}, "HyperParameterTuningJobObjective") == expected


# ---------------------------------------------------------------- all of them


def test_hiding_never_adds_over_a_spec_with_every_fault() -> None:
    patterns = [
        "loss=(.*?)",
        "loss=(.*)",
        "(a)(b+)+",
        "([0-9.]*)",
        r"x=(\\d)",
        "x=[0-9]",
        "x=([0-9.]+",
        "y=([a-z])",
        "z=([0-9.]*)",
        "w=([0-9]+)",
        "yz=([0-9]+)",
    ]
    spec = {
        "MetricDefinitions": [
            *({"Name": f"m{n // 2}", "Regex": pattern} for n, pattern in enumerate(patterns)),
            {"Name": "M0", "Regex": "loss=(.*)"},
        ],
        "SupportedTuningJobObjectiveMetrics": [
            {"Type": kind, "MetricName": name}
            for kind, name in (
                ("Maximize", "loss"),
                ("Minimize", "loss"),
                ("Maximize", "loss"),
                ("Minimize", "m0"),
            )
        ],
    }
    rules = [rule for rule in RULES if rule.family in ("metrics", "metric_patterns")]
    before = reported_by(rules, spec, TRAINING, model_of())
    assert {name for name, _ in before} >= {rule.name for rule in rules} - {"metric-regex-partial-number"}
    for what, hidden in masked_variants(spec):
        added = reported_by(rules, hidden, TRAINING, model_of()) - before
        assert not added, f"{what} adds {added}"


def test_a_clean_metric_loads_no_matching_engine() -> None:
    code = (
        "import sys\n"
        "from algolint.rule_files import first_party_rules\n"
        "from algolint.linting.linter import Linter\n"
        "from algolint.aws.model import Model\n"
        "from algolint.document import Document\n"
        "from algolint.source import Source\n"
        f"metrics = [{{'Name': 'a', 'Regex': {f'a={ANY}'!r}}}, {{'Name': 'b', 'Regex': 'b=(.*?);'}}]\n"
        "linter = Linter(Model(), first_party_rules())\n"
        "linter.findings(Document(Source('a', ''), metrics), metrics, 'MetricDefinitionList')\n"
        "sys.exit('regex' in sys.modules or 'decimal' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_pattern_is_taken_apart_once_however_many_came_before() -> None:
    for number in range(2 * MAX_KEPT + 7):
        pattern = f"a{number}=([0-9]{{1,{number + 1}}})"
        assert facts.analyzed(pattern) is facts.analyzed(pattern)
    assert len(facts._known) <= MAX_KEPT
    assert len(facts._known_groups) <= MAX_KEPT
