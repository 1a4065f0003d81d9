"""`algolint metrics`: the numbers that patterns read from a log, in all forms of logs, and the findings."""

from __future__ import annotations

import gzip
import io
import json
import math
import random
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from algolint.compare import log, log_rules
from algolint.compare.log_pattern import LogPattern
from algolint.compare.metrics import MAX_POINTS, Example, Reading, number_of, readings_of
from algolint.compare.scan import read
from algolint.compare.unclaimed import Unclaimed


def reading_of(
    text: str, pattern: str, direction: str | None = None, others: tuple[tuple[str, str], ...] = ()
) -> Reading:
    """Return the reading of one pattern, the last of several, from a log."""
    readings = [Reading(name, other) for name, other in others]
    readings.append(Reading("m", pattern, ("MetricDefinitions", 0), direction))
    read(readings, log.blocks(io.StringIO(text)))
    return readings[-1]


def found(reading: Reading) -> dict[str, str]:
    """Return messages by the rules that report them."""
    return {rule.name.removeprefix("log-"): problem.message for rule, problem in log_rules.problems(reading)}


# (log, pattern, rule, words of its message)
FAULTS = [
    ("loss: 0.4\n", r"loss=([0-9.]+)", "metric-absent", "which has ':' where the pattern has '='"),
    ("accuracy 0.9\n", r"loss=([0-9.]+)", "metric-absent", "no line of 1 matches"),
    ("", r"loss=([0-9.]+)", "metric-absent", "the log is empty"),
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


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("step 1 password: 9dX-hunter2-Qz8pLk3mN7vB\n", r"password: (\S+)"),
        ("key=AKIAIOSFODNN7ABCDEFG\n", r"key=(\S+)"),
        ("loss: token=ghp_abcdefghijklmnopqrstuvwxyz0123456789\n", r"loss: ([0-9]+)"),
        ("[1,mpirank:0,AKIAIOSFODNN7ABCDEFG]<stdout>:loss=3\n", r"^loss=(\d)"),
        ("w: password=Tr0hunter2&3x Tr0hunter2&3x\n", r"w: (.*)"),
    ],
)
def test_no_secret_of_a_log_is_shown(text: str, pattern: str) -> None:
    messages = found(reading_of(text, pattern))
    assert messages
    for message in messages.values():
        assert not re.search("hunter2|ODNN7|ghp_abc", message), message


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"{'loss': ([0-9.]+)", r"Java rejects the {; a literal one is \\{"),
        (r"loss=([[:digit:].]+)", "Java reads the [ inside of a set as a set of its own"),
        (r"loss=([a&&b]+)", "Java reads && inside of a set as an intersection"),
        (r"loss=(?P<value>[0-9.]+)", "Java rejects (?P<; a group needs no name"),
        (r"loss=([0-9]{,3})", "Java rejects {,; write {0,"),
        (r"loss=(?<value>[0-9.]+)", "Python's re rejects it"),
        (r"\p{L}=([0-9.]+)", "Python's re rejects it"),
    ],
)
def test_what_other_engines_read_otherwise(pattern: str, words: str) -> None:
    assert words.replace("\\\\", "\\") in found(reading_of("loss=1\n", pattern))["metric-dialect"]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\{'loss': ([0-9.]+)",
        r"loss=([0-9\[.]+)",
        r"a{2}(\d{1,3})",
        r"(?:a|b)=(?=\d)(.*?);",
        r"[^]]=(\d)",
        r"\(?P<(\d)",
    ],
)
def test_what_all_engines_read_alike(pattern: str) -> None:
    assert "metric-dialect" not in found(reading_of("loss=1\n", pattern))


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
    """The engine with a time limit supports classes and approximate matching that Python's does not."""
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


def test_a_damaged_gzipped_log_is_an_error(tmp_path: Path) -> None:
    data = gzip.compress(random.Random(1).randbytes(100_000))
    (tmp_path / "cut.gz").write_bytes(data[:5000])
    (tmp_path / "changed.gz").write_bytes(data[:12] + data[13:])
    for name in ("cut.gz", "changed.gz"):
        with pytest.raises(log.LogError, match=name):
            list(log.blocks_of([str(tmp_path / name)]))


@pytest.mark.parametrize("text", ['{"events": [{"message": "a"}', '{"events": [{"message": }]}'])
def test_json_that_breaks_off_is_an_error(text: str) -> None:
    with pytest.raises(log.LogError):
        list(log.blocks(io.StringIO(text)))


@pytest.mark.parametrize("form", FORMS)
def test_blocks_cut_nothing(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks give the same result as one large block, wherever they end."""
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


def test_hosts_are_distinguished() -> None:
    events = [{"message": "loss=1", "logStreamName": f"job/algo-{host}-17"} for host in (1, 2)]
    reading = reading_of(json.dumps({"events": events}), r"loss=(\d)")
    assert reading.hosts == {"algo-1", "algo-2"}
    assert "several-hosts" in found(reading)


# ---------------------------------------------------------------- numbers that no metric reads

# (what a log has before a number, the name in it, or None)
NAMED = [
    ("loss=", "loss"),
    ("'loss': ", "loss"),
    ('{"loss" : ', "loss"),
    ("train/loss: ", "train/loss"),
    ("INFO:loss=", "INFO:loss"),
    ("10:15:00:loss=", "loss"),
    ("1/20 - loss: ", "loss"),
    (f"{'a' * 60}=", "a" * 60),
    (f"{'a' * 256}=", None),
    ("2loss=", None),
    ("x-2=", "x-2"),
    ("loss=v", None),
    ("loss=1.", None),
    ("loss:\n", None),
]


@pytest.mark.parametrize(("before", "name"), NAMED)
def test_a_suggested_pattern_reads_its_number(before: str, name: str | None) -> None:
    text = "".join(f"{before}0.{i}\n" for i in range(6))
    unclaimed = Unclaimed()
    read([], log.blocks(io.StringIO(text)), unclaimed)
    lines = list(unclaimed.lines("json"))
    if name is None:
        assert not lines
        return
    assert lines[0] == f"{name} is printed 6 times and no metric reads it:"
    entry = json.loads(lines[1])
    assert entry["Name"] == name
    assert list(reading_of(text, entry["Regex"]).values) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize(
    "line", ["a:" * 200_000, "a/" * 200_000, "a=" + "1" * 400_000 + "x", "a =" * 150_000, "a" + " " * 400_000]
)
def test_a_long_line_is_searched_for_names_in_one_pass(line: str) -> None:
    """A pattern that tries each start, or each end, would take hours."""
    unclaimed = Unclaimed()
    read([], log.blocks(io.StringIO(line)), unclaimed)
    assert not list(unclaimed.lines("json"))


@pytest.mark.parametrize("line", ["[" + "mpirank" * 60_000, "2026-01-01T" + "1" * 400_000])
def test_a_long_line_is_searched_for_what_a_launcher_adds_in_one_pass(line: str) -> None:
    reading = reading_of(f"{line}\n[1,mpirank:0,algo-1]<stdout>:loss=1\n", r"^loss=(\d)")
    assert "anchored" in reading.seen


def test_a_pattern_that_cannot_be_compiled_is_invalid() -> None:
    assert "metric-invalid" in found(reading_of("", "(" * 5000 + ")" * 5000))
    assert "metric-invalid" in found(reading_of("", "[" * 300_000))


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
    """Searching for the literal text of a pattern first does not change the result."""
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


ATOMS = [
    *"abe=: 01.-,", r"\.", r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"\b", "^", "$", r"\t", r"\r", "[0-9.]", "[^,]",
    "[^]a]", "[^-a]", r"[\s:]", r"[^\s=]", "[a-e]", "[[:a]", r"(?<![\w-])", "(?<=a)", "(?=[01])", "(?!b.)", "(?i:B)", r"\B",
    "#011", "a=", "loss",
]  # fmt: skip
TIMES = ["", "", "", "*", "+", "?", "*?", "+?", "{1,2}", "{2}"]


def a_pattern(draw: random.Random, depth: int = 2) -> str:
    """Return a pattern of common parts, usually with a group."""
    parts = []
    for _ in range(draw.randint(1, 4)):
        if depth and draw.random() < 0.4:
            part = draw.choice(["(%s)", "(?:%s)", "(?:%s|b)"]) % a_pattern(draw, depth - 1)
        else:
            part = draw.choice(ATOMS)
        parts.append(part + draw.choice(TIMES))
    return "".join(parts)


def a_line(draw: random.Random) -> str:
    """Return a line that the patterns sometimes match."""
    pieces = [
        "a=",
        "b: ",
        "loss",
        "0",
        "1",
        ".5",
        "-1",
        "e",
        ",",
        " ",
        "\t",
        "\r",
        "\x1b[1m",
        "1_0",
        "nan",
        "é",
        "a=1",
        "#011",
    ]
    if draw.random() < 0.1:
        pieces = ["2026-01-01 10:00:00 ", *pieces]
    return "".join(draw.choice(pieces) for _ in range(draw.randint(0, 7)))


def what_is_known(reading: Reading) -> dict[str, Any]:
    """Return everything that a reading contains, except how its pattern is run."""
    known = {
        name: value
        for name, value in vars(reading).items()
        if name not in ("compiled", "slow_blocks", "stopped_at")
    }
    known["nearest"] = vars_of(reading.nearest)
    known["seen"] = {what: vars_of(example) for what, example in reading.seen.items()}
    return {name: repr(value) for name, value in known.items()}


def vars_of(example: Example) -> tuple[int, int, str, str]:
    return example.count, example.line, example.text, example.detail


LINEAR = [
    r"a=([0-9.]+)",
    r"loss(\S+)",
    r"b:\s+([-0-9.]+)",
    r"a=(.*)",
    r"e([0-9]+)\.([0-9]+)",
    "1(,?)[0-9]",
    "a=1",
]
# Backtracking, a repeat that goes on at the next beginning, none to search for.
NOT_LINEAR = [
    r"a=(\d*)\d", r"l(.*);", r"(a|b)=(\d)", r"^a=(\d+)", r"(?<!b)a=(\d)", r"e(\d+,)*", r"a(\w{3,}),", r"(?i)a=(\d)", "(.*)",
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "answer"), [(p, True) for p in LINEAR] + [(p, False) for p in NOT_LINEAR]
)
def test_which_patterns_are_run_without_a_time_limit(pattern: str, answer: bool) -> None:
    assert LogPattern(pattern).is_linear == answer


@pytest.mark.parametrize(("count", "seed"), [(800, 7), pytest.param(4000, 8, marks=pytest.mark.slow)])
def test_a_block_is_read_as_its_lines_are(monkeypatch: pytest.MonkeyPatch, count: int, seed: int) -> None:
    """A pattern that is run over many lines at once finds the same as in each line."""
    draw = random.Random(seed)
    in_blocks = linear = 0
    for _ in range(count):
        patterns = [a_pattern(draw), draw.choice([*LINEAR, *NOT_LINEAR])]
        if not is_valid(patterns[0]):
            continue
        lines = [a_line(draw) for _ in range(draw.randint(1, 12))]
        hosts = {number: f"algo-{draw.randint(1, 2)}" for number in range(3, 6)}
        block = log.Block(log.without_returns("\n".join(lines)), 3, hosts)
        whole, single = ([Reading(str(i), p) for i, p in enumerate(patterns)] for _ in range(2))
        read(whole, [block])
        with monkeypatch.context() as patch:
            patch.setattr(LogPattern, "finds_in_blocks", False)
            read(single, [block])
        for one, other in zip(whole, single, strict=True):
            assert what_is_known(one) == what_is_known(other), (one.pattern, block.text)
            in_blocks += one.compiled.finds_in_blocks and one.matches > 0
            linear += one.compiled.is_linear and one.matches > 0
    assert in_blocks > 0.4 * count
    assert linear > 0.15 * count


def is_valid(pattern: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except re.error:
            return False
    return True


def test_many_readings_are_thinned_and_the_statistics_are_whole() -> None:
    reading = Reading("m", "x=(.*)")
    count = MAX_POINTS * 3
    for start in range(0, count, 700):
        values = range(start, min(start + 700, count))
        reading.extend([float(value) for value in values], [value + 1 for value in values])
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


MEMORY = """
import io, sys
from resource import RUSAGE_SELF, getrusage
from algolint.compare import log, scan
from algolint.compare.metrics import readings_of

class Endless(io.TextIOBase):
    def __init__(self, blocks):
        self.left, self.text = blocks, "step 5 loss=0.25 val_loss=0.5\\n" + "nothing to read here\\n" * 20

    def read(self, size):
        self.left -= 1
        return (self.text * (size // len(self.text))) if self.left >= 0 else ""

found = readings_of([{"Name": "m", "Regex": r" loss=([0-9.]+)"}, {"Name": "n", "Regex": r"val_loss=(.*)"}])
scan.read(found, log.blocks(Endless(int(sys.argv[1]))))
print(found[0].log_lines, found[0].count, getrusage(RUSAGE_SELF).ru_maxrss)
"""


def read_in_a_process(megabytes: int) -> tuple[int, int, int]:
    """Return the lines of a log, those that match, and the peak memory in KB of reading it."""
    command = [sys.executable, "-c", MEMORY, str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines, count, peak = map(int, done.stdout.split())
    return lines, count, peak


@pytest.mark.skipif(sys.platform == "win32", reason="the module resource is for POSIX")
@pytest.mark.parametrize("megabytes", [pytest.param(size, marks=pytest.mark.slow) for size in (90, 1024)])
def test_memory_does_not_grow_with_a_log(megabytes: int) -> None:
    """Half of a log has as many numbers as are kept for one metric."""
    _, first, peak = read_in_a_process(megabytes // 2)
    lines, count, peak_of_all = read_in_a_process(megabytes)
    assert lines > 40_000 * megabytes
    assert count > first > MAX_POINTS
    assert peak_of_all < 1.1 * peak
