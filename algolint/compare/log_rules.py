"""What a log proves about the patterns of MetricDefinitions: the rules and their messages.

Each rule is a function from the reading of one metric to the problem, or None. Facts about CloudWatch and the
console come from the MetricDefinition, PutMetricData and DescribeTrainingJob references.
"""

from __future__ import annotations

import math

from algolint.compare.metrics import MAX_SECONDS, Example, Reading
from algolint.messages import shown
from algolint.rule import Problem, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from algolint.rule import Severity

    Check = Callable[[Reading], "Problem | None"]

#: In the order in which they are tried.
RULES: list[LogRule] = []
# So many numbers, all alike, are no metric.
_MANY = 20


class LogRule(Rule):
    """A rule about what one metric reads from a log."""

    __slots__ = ()


def log_rule(
    severity: Severity, evidence: str, also: tuple[Severity, ...] = ()
) -> Callable[[Check], LogRule]:
    """Declare a rule; the name begins with log-."""

    def declare(check: Check) -> LogRule:
        made = LogRule(check, (), severity, also, evidence, (), None, False)  # type: ignore[arg-type]
        RULES.append(made)
        return made

    return declare


def problems(reading: Reading) -> Iterator[tuple[Rule, Problem]]:
    """Yield what the rules report of a metric."""
    for each in RULES:
        problem = each.check(reading)
        if isinstance(problem, Problem):
            yield each, problem


def _plural(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _at(example: Example) -> str:
    """Where something was seen first, and how often."""
    more = f" and {_plural(example.count - 1, 'more line')}" if example.count > 1 else ""
    return f"line {example.line:,}{more}"


@log_rule("error", "guide: automatic-model-tuning-define-metrics-variables, regular expressions as in Python")
def log_metric_invalid(reading: Reading) -> Problem | None:
    """A metric's Regex is not a valid regular expression, so it reads nothing."""
    if reading.invalid is None:
        return None
    return Problem("Regex", f"the pattern is not valid: {reading.invalid}")


@log_rule("error", "guide: training-metrics, the log is searched with the pattern", also=("warning",))
def log_metric_absent(reading: Reading) -> Problem | None:
    """No line of the log matches a metric's Regex.

    The job succeeds, and the metric is missing; a tuning job that aims at it fails. It is an error where the
    metric is an objective. The log may be that of another phase: then nothing is wrong.
    """
    if reading.matches or reading.invalid or "anchored" in reading.seen or "colour" in reading.seen:
        return None
    if "tab" in reading.seen:
        return None
    message = f"no line of {reading.log_lines:,} matches the Regex of {shown(reading.name)}"
    nearest = reading.nearest
    if nearest.count and len(nearest.text) > 1:
        message += f"; nearest: line {nearest.line:,}, {shown(nearest.detail)}"
        wanted = reading.literals.prefix[len(nearest.text) : len(nearest.text) + 1]
        there = nearest.detail[len(nearest.text) : len(nearest.text) + 1]
        if wanted and there:
            message += f", which has {shown(there)} where the pattern has {shown(wanted)}"
    return Problem("Regex", message, None if reading.direction else "warning")


@log_rule("error", "model: MetricDefinition, the group is the value of the metric")
def log_metric_not_a_number(reading: Reading) -> Problem | None:
    """The group of a metric's Regex reads text that is not a number, which gives no metric."""
    example = reading.seen.get("not-a-number")
    if example is None:
        return None
    what = f"reads {shown(example.text)}" if example.text else "reads an empty group"
    return Problem("Regex", f"{what} on {_at(example)}; that is not a number")


@log_rule("error", "derived: Python's re, the group ends inside a longer number")
def log_metric_cut(reading: Reading) -> Problem | None:
    """The group of a metric's Regex reads a part of a number, such as 1.2345 of 1.2345e-05."""
    example = reading.seen.get("cut")
    if example is None:
        return None
    return Problem("Regex", f"reads {example.text} of {shown(example.detail)} on {_at(example)}")


@log_rule("warning", "derived: Python's re, search finds the pattern inside longer words too")
def log_metric_inside_word(reading: Reading) -> Problem | None:
    """A metric's Regex also matches inside a longer word, as `loss=` does in `val_loss=`.

    Two metrics of the log then end up in one. Put what stands before the name into the pattern, or
    `(?<![\\w-])`.
    """
    example = reading.seen.get("inside-word")
    if example is None:
        return None
    return Problem("Regex", f"also matches inside {shown(example.text)} on {_at(example)}")


@log_rule("warning", "derived: one number cannot be the value of two metrics")
def log_metric_shared(reading: Reading) -> Problem | None:
    """Two metrics read the same number of the same lines."""
    example = reading.seen.get("shared")
    if example is None:
        return None
    many = _plural(example.count, "line")
    return Problem("Regex", f"reads the same number as {shown(example.detail)} on {many}")


@log_rule("info", "derived: Python's re, search returns the first match")
def log_metric_several(reading: Reading) -> Problem | None:
    """A line holds several matches of a metric's Regex, and the first one counts."""
    example = reading.seen.get("several")
    if example is None:
        return None
    return Problem("Regex", f"matches more than once on {_at(example)}; the first match counts")


@log_rule("warning", "derived: a progress bar updates one line, whose first update is read")
def log_metric_carriage_return(reading: Reading) -> Problem | None:
    """A progress bar wrote several updates on one line, and the first of them is read."""
    example = reading.seen.get("carriage-return")
    if example is None:
        return None
    return Problem(
        "Regex",
        f"line {example.line:,} holds {example.detail} updates separated by carriage returns; an early one"
        " is read",
    )


@log_rule("warning", "reference: PutMetricData, NaN and infinity are not supported, at most 2 to the 360th")
def log_metric_nan(reading: Reading) -> Problem | None:
    """A metric reads NaN, infinity or a number that is too large for CloudWatch."""
    example = reading.seen.get("nan")
    if example is None:
        return None
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


@log_rule("warning", "sdk: sagemaker-xgboost-container, metrics.py, its patterns have #011 for a tab")
def log_metric_tab(reading: Reading) -> Problem | None:
    """A metric's Regex takes a tab that the log stream writes as `#011`, or the reverse.

    The log of a container on your machine has the tab itself. `(?:\\t|#011)` takes both.
    """
    example = reading.seen.get("tab")
    if example is None:
        return None
    return Problem(
        "Regex",
        f"{_at(example)} has a tab, which the log stream may write as '#011'; accept both: (?:\\t|#011)",
    )


@log_rule("warning", "sdk: sagemaker-training, the MPI launcher tags each line with rank and host")
def log_metric_anchored(reading: Reading) -> Problem | None:
    """A metric's Regex begins with `^` and fails on lines that begin with a rank or a time."""
    example = reading.seen.get("anchored")
    if example is None:
        return None
    return Problem(
        "Regex", f"'^' does not match {_at(example)}, which begins with {shown(example.text[:24])}"
    )


@log_rule("warning", "derived: terminal colors are characters of the line")
def log_metric_colour(reading: Reading) -> Problem | None:
    """Terminal colors are inside the text that a metric's Regex is made for."""
    example = reading.seen.get("colour")
    if example is None:
        return None
    return Problem("Regex", f"{_at(example)} has terminal color codes inside the metric; print it without")


@log_rule("warning", "derived: backtracking matchers try every way to divide the text")
def log_metric_slow(reading: Reading) -> Problem | None:
    """A metric's Regex takes long on a line of the log."""
    example = reading.seen.get("slow")
    if example is None:
        return None
    limit = f"{MAX_SECONDS * 1000:.0f} ms"
    return Problem("Regex", f"takes more than {limit} on {_at(example)}, of {example.detail} characters")


@log_rule("info", "reference: DescribeTrainingJob, FinalMetricDataList has the last values")
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


@log_rule("info", "sdk: sagemaker 2.257.7, tuner.py:253, nodes that publish duplicate metrics")
def log_several_hosts(reading: Reading) -> Problem | None:
    """Several hosts print the same metric; only one of them should."""
    if len(reading.hosts) < 2:
        return None
    return Problem(
        "Regex", f"{len(reading.hosts)} hosts print it ({', '.join(sorted(reading.hosts)[:4])}); let one"
    )
