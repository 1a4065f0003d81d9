"""The numbers read from logs of real trainers are those that the trainers return (see tools/trainer_logs.py)."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from algolint.compare import log, log_rules
from algolint.compare.metrics import Reading, readings_of
from algolint.compare.scan import read

LOGS = sorted((ROOT / "fixtures" / "logs").glob("*.json"))
#: Findings by log and metric: a tab, which the log stream may write as #011.
REPORTED = {("catboost", "validation:rmse"): {"metric-tab"}}


def facts(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    return found


def readings(path: Path) -> list[Reading]:
    metrics = [{"Name": name, "Regex": metric["Regex"]} for name, metric in facts(path).items()]
    found = readings_of(metrics)
    with log.open_log(str(path.with_suffix(".log"))) as stream:
        read(found, log.blocks(stream))
    return found


def is_rounded(value: float, to: float) -> bool:
    """Whether a printed number is a value, rounded to the printed digits."""
    exponent = Decimal(repr(to)).as_tuple().exponent
    assert isinstance(exponent, int)
    return math.isclose(value, to, rel_tol=0, abs_tol=0.5000001 * 10.0**exponent)


def test_there_are_enough_trainers() -> None:
    assert len(LOGS) >= 12
    for path in LOGS:
        assert path.with_suffix(".log").stat().st_size < 20_000


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_what_is_read_is_what_the_trainer_reports(path: Path) -> None:
    for reading in readings(path):
        values = facts(path)[reading.name]["values"]
        assert len(reading.values) == len(values), reading.name
        assert len(values) >= 3
        for value, number in zip(values, reading.values, strict=True):
            assert is_rounded(value, number), (reading.name, value, number)


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_patterns_that_read_well_are_not_reported(path: Path) -> None:
    for reading in readings(path):
        found = {
            rule.name.removeprefix("log-"): problem.message
            for rule, problem in log_rules.problems(reading)
            if (problem.severity or rule.severity) != "info"
        }
        assert set(found) == REPORTED.get((path.stem, reading.name), set()), (reading.name, found)
