"""The rules about what MetricDefinitions read from a log.

Each rule is a function from the reading of a metric, or from an example in it, to a problem or None. Facts
about CloudWatch and the console come from the API references of MetricDefinition, PutMetricData and
DescribeTrainingJob.
"""

from __future__ import annotations

import math

from algolint.messages import counted, shown
from algolint.rule import Problem, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from algolint.compare.metrics import Example, Reading
    from algolint.rule import Severity

    Check = Callable[[Reading], "Problem | None"] | Callable[[Example], Problem]

#: The rules, in the order in which they are called.
RULES: list[LogRule] = []
# This many equal numbers are not a metric.
_MANY = 20


class LogRule(Rule):
    """A rule about what one metric reads from a log."""

    __slots__ = ("seen",)

    #: The kind of example that the rule is called with, for each metric that has one; if None, it is called
    #: with the reading of each metric.
    seen: str | None


def log_rule(
    severity: Severity, evidence: str, also: tuple[Severity, ...] = (), seen: str | None = None
) -> Callable[[Check], LogRule]:
    """Return a decorator for a rule, whose name has to begin with log_."""

    def declare(check: Check) -> LogRule:
        made = LogRule(check, (), severity, also, evidence)  # type: ignore[arg-type]
        made.seen = seen
        RULES.append(made)
        return made

    return declare


def problems(reading: Reading) -> Iterator[tuple[Rule, Problem]]:
    """Yield what the rules report about a metric."""
    for each in RULES:
        about = reading if each.seen is None else reading.seen.get(each.seen)
        problem: Any = each.check(about) if about is not None else None
        if isinstance(problem, Problem):
            yield each, problem


def _at(example: Example) -> str:
    """Return where something was first seen, and how often, in the words of a message."""
    more = f" and {counted(example.count - 1, 'more line')}" if example.count > 1 else ""
    return f"line {example.line:,}{more}"


@log_rule(
    "error",
    "guide: Developer Guide, automatic-model-tuning-define-metrics-variables, 2023; 'regular expressions in"
    " Python'",
)
def log_metric_invalid(reading: Reading) -> Problem | None:
    """A metric's Regex is not a valid regular expression, so it reads nothing."""
    if reading.compiled.invalid is None:
        return None
    return Problem("Regex", f"the pattern is not valid: {reading.compiled.invalid}")


@log_rule(
    "info",
    "guide: Developer Guide, training-metrics, 2023; which engine searches the log is not documented, Java's"
    " Pattern and Python's re differ",
)
def log_metric_dialect(reading: Reading) -> Problem | None:
    """Python's or Java's engine reads a metric's Regex differently, or rejects it.

    The log was read with Python's meaning, extended by syntax that only Java has. Which engine SageMaker
    uses is not documented, so write patterns that all engines read in the same way.
    """
    from algolint.compare.log_pattern import other_reading

    found = None if reading.compiled.invalid else other_reading(reading.pattern)
    return None if found is None else Problem("Regex", f"another engine reads it differently: {found}")


@log_rule(
    "error",
    "guide: Developer Guide, training-metrics, 2023; the log is searched with the pattern",
    also=("warning",),
)
def log_metric_absent(reading: Reading) -> Problem | None:
    """No line of the log matches a metric's Regex.

    The job succeeds, but the metric is missing, and a tuning job that optimizes it fails. This is an error if
    the metric is an objective. If the log is from another phase of the job, nothing is wrong.
    """
    if reading.matches or reading.compiled.invalid or "anchored" in reading.seen or "colour" in reading.seen:
        return None
    if "tab" in reading.seen:
        return None
    message = f"no line of {reading.log_lines:,} matches" if reading.log_lines else "the log is empty"
    nearest, prefix = reading.nearest, reading.compiled.prefix
    length = len(nearest.text)
    if length > 1:
        message += f"; line {nearest.line:,} has {shown(nearest.detail)}"
        there, wanted = nearest.detail[length : length + 1], prefix[length : length + 1]
        if wanted and there:
            message += f", which has {shown(there)} where the pattern has {shown(wanted)}"
        elif nearest.detail[length:]:
            message += f", of which the pattern matches {shown(prefix)} and not what follows"
    return Problem("Regex", message, None if reading.direction else "warning")


@log_rule("error", "derived: the group is the value of the metric", seen="not-a-number")
def log_metric_not_a_number(example: Example) -> Problem:
    """The group of a metric's Regex reads text that is not a number, which gives no metric."""
    what = f"reads {shown(example.text)}" if example.text else "reads an empty group"
    return Problem("Regex", f"{what} on {_at(example)}; that is not a number")


@log_rule("error", "derived: Python's re, the group ends inside a longer number", seen="cut")
def log_metric_cut(example: Example) -> Problem:
    """The group of a metric's Regex reads a part of a number, such as 1.2345 of 1.2345e-05."""
    return Problem("Regex", f"reads {example.text} of {shown(example.detail)} on {_at(example)}")


@log_rule(
    "warning", "derived: Python's re, search finds the pattern inside longer words too", seen="inside-word"
)
def log_metric_inside_word(example: Example) -> Problem:
    """A metric's Regex also matches inside a longer word, as `loss=` does in `val_loss=`.

    Two metrics of the log then end up in one. Put what precedes the name into the pattern, or
    `(?<![\\w-])`.
    """
    return Problem("Regex", f"also matches inside {shown(example.text)} on {_at(example)}")


@log_rule("warning", "derived: one number cannot be the value of two metrics", seen="shared")
def log_metric_shared(example: Example) -> Problem:
    """Two metrics read the same number of the same lines."""
    many = counted(example.count, "line")
    return Problem("Regex", f"reads the same number as {shown(example.detail)} on {many}")


@log_rule("info", "derived: Python's re, search returns the first match", seen="several")
def log_metric_several(example: Example) -> Problem:
    """A line holds several matches of a metric's Regex, and the first one counts."""
    return Problem("Regex", f"matches more than once on {_at(example)}; the first match counts")


@log_rule(
    "warning", "derived: a progress bar updates one line, whose first update is read", seen="carriage-return"
)
def log_metric_carriage_return(example: Example) -> Problem:
    """A progress bar wrote several updates on one line, and the first of them is read."""
    return Problem(
        "Regex",
        f"line {example.line:,} holds {example.detail} updates separated by carriage returns; an early one"
        " is read",
    )


@log_rule(
    "warning",
    "reference: MetricDatum.Value, botocore 1.44.8; NaN, infinity and over 2 to the 360th are not supported",
    seen="nan",
)
def log_metric_nan(example: Example) -> Problem:
    """A metric reads NaN, infinity or a number that is too large for CloudWatch."""
    return Problem("Regex", f"reads {shown(example.text)} on {_at(example)}; CloudWatch does not accept it")


@log_rule("info", "heuristic: a metric changes during training")
def log_metric_constant(reading: Reading) -> Problem | None:
    """A metric reads the same number again and again, as a pattern for the number of epochs does."""
    if reading.count < _MANY or reading.minimum != reading.maximum:
        return None
    return Problem(
        "Regex", f"reads {reading.last:g} on all {reading.count:,} lines that match; is it a setting?"
    )


@log_rule("info", "heuristic: a metric does not count")
def log_metric_counter(reading: Reading) -> Problem | None:
    """A metric reads 0, 1, 2 and so on: the number of an epoch or a step."""
    if reading.count < 4 or not reading.counts_up:
        return None
    return Problem("Regex", f"reads {reading.first:g} to {reading.last:g} one by one; is it a counter?")


@log_rule("warning", "derived: CloudWatch Logs stores the tabs of a container as #011", seen="tab")
def log_metric_tab(example: Example) -> Problem:
    """A metric's Regex takes a tab that the log stream writes as `#011`, or the reverse.

    The log of a container on your machine has the tab itself. `(?:\\t|#011)` takes both.
    """
    return Problem(
        "Regex",
        f"{_at(example)} has a tab, which the log stream may write as '#011'; accept both: (?:\\t|#011)",
    )


@log_rule(
    "warning",
    "sdk: sagemaker-training 5.1.4, mpi.py:310; --tag-output tags each line with rank and host",
    seen="anchored",
)
def log_metric_anchored(example: Example) -> Problem:
    """A metric's Regex begins with `^` and fails on lines that begin with a rank or a time."""
    return Problem(
        "Regex", f"'^' does not match {_at(example)}, which begins with {shown(example.text[:24])}"
    )


@log_rule("warning", "derived: terminal colors are characters of the line", seen="colour")
def log_metric_colour(example: Example) -> Problem:
    """Terminal colors are inside the text that a metric's Regex is made for."""
    return Problem("Regex", f"{_at(example)} has terminal color codes inside the metric; print it without")


@log_rule("warning", "derived: backtracking matchers try every way to divide the text")
def log_metric_slow(reading: Reading) -> Problem | None:
    """A metric's Regex takes long on lines of the log.

    It is not tried on the rest of the log, so that any log is read in bounded time.
    """
    # The rules are also loaded when no log is read, which does not need the engine.
    from algolint.compare.log_pattern import MAX_SECONDS

    example = reading.seen.get("slow")
    if reading.stopped_at:
        return Problem("Regex", f"takes too long, and was not tried from line {reading.stopped_at:,} on")
    if example is None:
        return None
    limit = f"{MAX_SECONDS * 1000:.0f} ms"
    return Problem("Regex", f"takes more than {limit} on {_at(example)}, of {example.detail} characters")


@log_rule(
    "info", "reference: DescribeTrainingJobResponse.FinalMetricDataList, botocore 1.44.8; the last values"
)
def log_metric_rare(reading: Reading) -> Problem | None:
    """An objective of tuning has a single value in the log; early stopping needs more."""
    if reading.direction is None or reading.count != 1:
        return None
    return Problem("Regex", f"reads one value, on line {reading.last_line:,}; early stopping needs several")


@log_rule("warning", "derived: tuning compares the last values of an objective")
def log_objective_flat(reading: Reading) -> Problem | None:
    """An objective of tuning ends where it began, or moves against its Type."""
    if reading.direction is None or reading.count < 3 or not math.isfinite(reading.last - reading.first):
        return None
    if reading.minimum == reading.maximum:
        return Problem("Regex", f"{reading.direction}, and it stays at {reading.last:g}")
    worse = reading.last < reading.first if reading.direction == "Maximize" else reading.last > reading.first
    if not worse:
        return None
    moves = "falls" if reading.last < reading.first else "rises"
    return Problem(
        "Regex", f"{reading.direction}, and it {moves} from {reading.first:g} to {reading.last:g} in this log"
    )


@log_rule("info", "sdk: sagemaker 2.257.7, tuner.py:253; nodes that publish duplicate metrics")
def log_several_hosts(reading: Reading) -> Problem | None:
    """Several hosts print the same metric; only one of them should."""
    if len(reading.hosts) < 2:
        return None
    return Problem(
        "Regex", f"{len(reading.hosts)} hosts print it ({', '.join(sorted(reading.hosts)[:4])}); let one"
    )
