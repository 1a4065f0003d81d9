"""`algolint metrics`: what patterns read from a log, in every form of log, and what the rules report."""

from __future__ import annotations

import gzip
import io
import json
import math
import random
import re
from pathlib import Path

import pytest

from algolint.compare import log, log_rules
from algolint.compare.metrics import MAX_POINTS, Reading, number_of, read, readings_of


def reading_of(
    text: str, pattern: str, direction: str | None = None, others: tuple[tuple[str, str], ...] = ()
) -> Reading:
    """What one pattern, the last of several, reads from a log."""
    readings = [Reading(name, other) for name, other in others]
    readings.append(Reading("m", pattern, ("MetricDefinitions", 0), direction))
    read(readings, log.blocks(io.StringIO(text)))
    return readings[-1]


def found(reading: Reading) -> dict[str, str]:
    """Messages by the rules that report them."""
    return {rule.name.removeprefix("log-"): problem.message for rule, problem in log_rules.problems(reading)}


# (log, pattern, rule, words of its message)
FAULTS = [
    ("loss: 0.4\n", r"loss=([0-9.]+)", "metric-absent", "which has ':' where the pattern has '='"),
    ("accuracy 0.9\n", r"loss=([0-9.]+)", "metric-absent", "no line of 1 matches"),
    ("acc=0.93;\n", r"acc=(\S+)", "metric-not-a-number", "reads '0.93;' on line 1"),
    ("AUC: NaN\n", r"AUC: ([0-9.]*)", "metric-not-a-number", "an empty group"),
    (
        "'lr': 1.2345e-05\n",
        r"'lr': ([0-9]+(.|e\-)[0-9]+),?",
        "metric-cut",
        "1.2345 of '1.2345e-05' on line 1",
    ),
    ("x=-0.5\n", r"x=-([0-9.]+)", "metric-cut", "0.5 of '-0.5'"),
    ("n=1_000\n", r"n=([0-9]+)", "metric-cut", "1 of '1_000'"),
    ("v=3.25\n", r"v=([0-9]+)", "metric-cut", "3 of '3.25'"),
    ("val_loss=0.4\n", r"loss=([0-9.]+)", "metric-inside-word", "inside 'val_loss=0.4' on line 1"),
    ("val-loss=0.4\n" * 3, r"loss=([0-9.]+)", "metric-inside-word", "line 1 and 2 more lines"),
    ("a=1 a=2\n", r"a=(\d)", "metric-several", "more than once on line 1"),
    ("1%\ra=1\ra=2\n", r"a=(\d)", "metric-carriage-return", "3 updates"),
    ("a=nan\n", r"a=(\S+)", "metric-nan", "reads 'nan' on line 1"),
    ("a=1e200\n", r"a=(\S+)", "metric-nan", "CloudWatch does not accept it"),
    ("epoch=1/100\n" * 20, r"epoch=[0-9]+/([0-9]+)", "metric-constant", "reads 100 on all 20"),
    ("".join(f"step {i}\n" for i in range(5)), r"step (\d+)", "metric-counter", "0 to 4"),
    ("a\tloss:3\n", r"a#011loss:(\d+)", "metric-tab", "line 1 has a tab"),
    ("a\tloss:3\n", r"\tloss:(\d+)", "metric-tab", "#011"),
    ("[1,mpirank:0,algo-1]<stdout>:loss=3\n", r"^loss=(\d+)", "metric-anchored", "'[1,mpirank:0,algo-1]"),
    ("loss=\x1b[32m3\x1b[0m\n", r"loss=(\d+)", "metric-colour", "color codes"),
    ("a" * 5000 + "!\n", r"((a+)+)+b|loss=(\d)", "metric-slow", "more than 50 ms on line 1"),
    ("loss=3\n", r"loss=((\d)", "metric-invalid", "the pattern is not valid"),
]


@pytest.mark.parametrize(("text", "pattern", "rule", "words"), FAULTS, ids=[row[2] for row in FAULTS])
def test_a_log_proves_what_is_wrong(text: str, pattern: str, rule: str, words: str) -> None:
    messages = found(reading_of(text, pattern))
    assert words in messages[rule]


def test_what_an_objective_may_not_do() -> None:
    falling = "".join(f"r2={value}\n" for value in (2.3, 1.5, 0.4))
    assert found(reading_of(falling, r"r2=([0-9.]+)", "Maximize")) == {
        "objective-flat": "Maximize, and it falls from 2.3 to 0.4 in this log"
    }
    assert not found(reading_of(falling, r"r2=([0-9.]+)", "Minimize"))
    assert "metric-rare" in found(reading_of("r2=1.5\n", r"r2=([0-9.]+)", "Maximize"))
    assert next(log_rules.problems(reading_of("", r"r2=(.)", "Maximize")))[1].severity is None
    assert next(log_rules.problems(reading_of("", r"r2=(.)")))[1].severity == "warning"


def test_two_metrics_that_read_one_number() -> None:
    reading = reading_of("loss=1\nloss=2\n", r"loss=(\d)", others=(("train:loss", r"ss=(\d)"),))
    assert found(reading)["metric-shared"] == "reads the same number as 'train:loss' on 2 lines"


SILENT = [
    ("Epoch 1: loss=0.40, val_loss=0.5\n" * 2, r"(?<![\w-])loss=([0-9.]+)"),
    ("Epoch 1: loss=0.40, val_loss=0.5\n" * 2, r"val_loss=([0-9.]+)"),
    ("{'loss': 1.5e-05, 'epoch': 1}\n", r"'loss': ([0-9.e+-]+)"),
    ("a = -0.5\n", r"a = ([-+]?[0-9.]+)"),
    ("range 1-5: a=3\n", r"a=(\d)"),
    ("run-5 acc: 7%\n", r"acc: (\d+)%"),
]


@pytest.mark.parametrize(("text", "pattern"), SILENT)
def test_a_pattern_that_reads_well_is_silent(text: str, pattern: str) -> None:
    assert not found(reading_of(text, pattern))


@pytest.mark.parametrize(
    ("text", "pattern", "value"),
    [
        ("loss=1.5\n", r"loss=([[:digit:].]+)", None),
        ("loss=:5]\n", r"loss=[[:,](\d)", 5.0),
        ("{'loss': 1.5}\n", r"{'loss': ([0-9.]+)}", 1.5),
        ("loss{e}1\n", r"loss{e}(\d)", 1.0),
        ("los1\n", r"loss{e}(\d)", None),
        ("losss{1}\n", r"los{2,}\{(\d)", 1.0),
    ],
)
def test_a_pattern_is_read_as_python_reads_it(text: str, pattern: str, value: float | None) -> None:
    """The engine with a time limit has classes and approximate matching that Python's has not."""
    assert list(reading_of(text, pattern).values) == ([] if value is None else [value])


# ---------------------------------------------------------------- forms of logs

LINES = ["loss=3", "", "other", "loss=2.5"]
EVENTS = [{"timestamp": 1, "message": line + "\n", "logStreamName": "job/algo-1-17"} for line in LINES]
STAMP = "2026-01-01T10:00:00.123456+00:00"
FORMS = {
    "plain": "\n".join(LINES) + "\n",
    "without the last line end": "\n".join(LINES),
    "Windows line ends": "\r\n".join(LINES) + "\r\n",
    "get-log-events": json.dumps({"events": EVENTS, "nextForwardToken": "f/1"}),
    "filter-log-events, indented": json.dumps({"searchedLogStreams": [], "events": EVENTS}, indent=4),
    "aws logs tail": "".join(f"{STAMP} job/algo-1-17 {line}\n" for line in LINES),
    "docker logs -t": "".join(f"2026-01-01T10:00:00.123456789Z {line}\n" for line in LINES),
    "the SDK in a notebook": "".join(f"\x1b[34m{line}\x1b[0m\n" for line in LINES),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pattern", [r"loss=([0-9.]+)", r"^loss=([0-9.]+)$"])
def test_every_form_of_a_log_reads_alike(form: str, pattern: str) -> None:
    reading = reading_of(FORMS[form], pattern)
    assert (list(reading.values), list(reading.lines)) == ([3.0, 2.5], [1, 4])
    assert reading.log_lines == 4


def test_the_time_that_a_program_prints_is_part_of_its_lines() -> None:
    text = "".join(f"2026-01-01 10:00:0{i},123 INFO loss={i}\n" for i in range(4))
    assert list(reading_of(text, r"^\S+ \S+ INFO loss=(\d)").values) == [0.0, 1.0, 2.0, 3.0]


def test_a_gzipped_log(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(FORMS["plain"].encode()))
    reading = Reading("m", r"loss=([0-9.]+)")
    with log.open_log(str(path)) as stream:
        read([reading], log.blocks(stream))
    assert list(reading.values) == [3.0, 2.5]


@pytest.mark.parametrize("text", ['{"events": [{"message": "a"}', '{"events": [{"message": }]}'])
def test_json_that_breaks_off_is_an_error(text: str) -> None:
    with pytest.raises(log.LogError):
        list(log.blocks(io.StringIO(text)))


@pytest.mark.parametrize("form", FORMS)
def test_blocks_cut_nothing(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks give what one large block gives, wherever they end."""
    text = FORMS[form]
    whole = [line for block in log.blocks(io.StringIO(text)) for line in block.text.split("\n")]
    for size in (12, 17, 40):
        monkeypatch.setattr(log, "BLOCK", size * 4)
        parts = list(log.blocks(io.StringIO(text)))
        assert [line for block in parts for line in block.text.split("\n")] == whole
        number = 1
        for block in parts:
            assert block.first == number
            number += block.text.count("\n") + 1


def test_hosts_are_told_apart() -> None:
    events = [{"message": "loss=1", "logStreamName": f"job/algo-{host}-17"} for host in (1, 2)]
    reading = reading_of(json.dumps({"events": events}), r"loss=(\d)")
    assert reading.hosts == {"algo-1", "algo-2"}
    assert "several-hosts" in found(reading)


# ---------------------------------------------------------------- properties

WORDS = ["loss", "val_loss", "acc", "lr", "epoch 3/5", "x"]
PATTERNS = [
    r"loss=([0-9.]+)",
    r"val_loss: ([-0-9.e]+)",
    r"acc=(\S+)",
    r"(?i)LR=(.*)",
    r"([0-9.]+)$",
    r"^x|y=(\d)",
]


def test_the_first_match_of_each_line_is_what_python_reads() -> None:
    """Looking for a pattern's plain text first changes nothing."""
    draw = random.Random(5)
    for _ in range(300):
        lines = [
            " ".join(
                f"{draw.choice(WORDS)}{draw.choice(['=', ': ', ' '])}{draw.uniform(-2, 2):.{draw.randint(0, 6)}g}"
                for _ in range(draw.randint(0, 3))
            )
            for _ in range(draw.randint(0, 12))
        ]
        for pattern in PATTERNS:
            expected = []
            for number, line in enumerate(lines, 1):
                match = re.search(pattern, line)
                value = number_of(match[1]) if match and match[1] is not None else None
                if value is not None:
                    expected.append((number, value))
            reading = reading_of("\n".join(lines), pattern)
            assert list(zip(reading.lines, reading.values, strict=True)) == expected, (lines, pattern)


def test_many_readings_are_thinned_and_the_statistics_are_whole() -> None:
    reading = Reading("m", "x=(.*)")
    count = MAX_POINTS * 3
    for value in range(count):
        reading.add(float(value), value + 1)
    assert len(reading.values) <= MAX_POINTS
    assert (reading.count, reading.first, reading.last, reading.minimum, reading.maximum) == (
        count, 0.0, count - 1.0, 0.0, count - 1.0
    )  # fmt: skip
    assert list(reading.values) == [float(line - 1) for line in reading.lines]


def test_metrics_are_found_in_a_request_and_its_parts() -> None:
    definitions = [{"Name": "m", "Regex": "m=(.*)"}, {"Name": "half"}]
    training = {
        "MetricDefinitions": definitions,
        "SupportedTuningJobObjectiveMetrics": [{"MetricName": "m", "Type": "Maximize"}],
    }
    for spec, base in (
        ({"TrainingSpecification": training}, ("TrainingSpecification", "MetricDefinitions")),
        (training, ("MetricDefinitions",)),
        (definitions, ()),
    ):
        (reading,) = readings_of(spec)
        assert (reading.name, reading.path) == ("m", (*base, 0))
    assert readings_of(training)[0].direction == "Maximize"
    assert not math.isfinite(readings_of(training)[0].last)
