"""The metrics of a spec, and what the Regex of each has read from a log."""

from __future__ import annotations

import math
from array import array
from itertools import count
from operator import eq

from algolint.compare.log_pattern import LogPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.values import Path

#: How many numbers of a metric are kept; beyond that, every second one is dropped.
MAX_POINTS = 100_000
#: The largest magnitude that CloudWatch accepts (PutMetricData).
LARGEST_VALUE = 2.0**360
#: How many characters of a log are shown of an example.
SHOWN = 40


class Example:
    """How often something was seen, and its first occurrence: line number, text and context."""

    __slots__ = ("count", "detail", "line", "text")

    def __init__(self) -> None:
        self.count = 0
        self.line = 0
        self.text = ""
        self.detail = ""

    def add(self, line: int, text: str, detail: str = "") -> None:
        """Count an occurrence, and keep it if it is the first."""
        if not self.count:
            self.line, self.text, self.detail = line, text[:SHOWN], detail[:SHOWN]
        self.count += 1


class Reading:
    """What the Regex of one metric reads from a log."""

    def __init__(self, name: str, pattern: str, path: Path = (), direction: str | None = None) -> None:
        self.name = name
        self.pattern = pattern
        #: The path of the metric in the spec.
        self.path = path
        #: Maximize or Minimize, for an objective of tuning.
        self.direction = direction
        #: How many lines the log has, how many match, and how many of these give a number.
        self.log_lines = 0
        self.matches = 0
        self.count = 0
        self.first = self.last = self.minimum = self.maximum = math.nan
        self.last_line = 0
        #: The numbers in order, with their lines; only every `stride`-th if there are many.
        self.values = array("d")
        self.lines = array("q")
        self.stride = 1
        self.hosts: set[str] = set()
        #: Whether each number is the one before plus 1, from 0 or 1.
        self.counts_up = True
        #: The line with the longest beginning of the pattern's text.
        self.nearest = Example()
        #: Examples by kind of fault.
        self.seen: dict[str, Example] = {}
        self.compiled = LogPattern(pattern)
        #: How many blocks the pattern was too slow to search as a whole.
        self.slow_blocks = 0
        #: The line from which on it was no longer tried because it took too long, or 0.
        self.stopped_at = 0

    def note(self, what: str, line: int, text: str, detail: str = "") -> None:
        """Record an example of something that a rule reports."""
        self.seen.setdefault(what, Example()).add(line, text, detail)

    def extend(self, values: Sequence[float], lines: Sequence[int]) -> None:
        """Add numbers with their lines."""
        if not values:
            return
        if not self.count:
            self.first = values[0]
            self.counts_up = self.first in (0, 1)
            self.last = self.first - 1
        known = [value for value in (self.minimum, self.maximum, *values) if not math.isnan(value)]
        self.minimum = min(known, default=math.nan)
        self.maximum = max(known, default=math.nan)
        if self.counts_up:
            self.counts_up = all(map(eq, values, count(self.last + 1)))
        self.last, self.last_line = values[-1], lines[-1]
        self._keep(values, lines)

    def _keep(self, values: Sequence[float], lines: Sequence[int]) -> None:
        """Keep every `stride`-th number, and halve them if there are too many."""
        at = 0
        while at < len(values):
            start = at + -self.count % self.stride
            end = min(len(values), start + (MAX_POINTS - len(self.values)) * self.stride)
            self.values.extend(values[start : end : self.stride])
            self.lines.extend(lines[start : end : self.stride])
            self.count += end - at
            at = end
            if len(self.values) >= MAX_POINTS:
                self.values, self.lines = self.values[::2], self.lines[::2]
                self.stride *= 2

    def reads_as(self, other: Reading) -> bool:
        """Whether another metric has read the same numbers from the same lines."""
        return (
            (self.count, self.last_line, self.values, self.lines)
            == (other.count, other.last_line, other.values, other.lines)
        )  # fmt: skip


def number_of(text: str) -> float | None:
    """Return the number in a text, as read by Python's float, or None."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


# ---------------------------------------------------------------- a spec


def readings_of(spec: Any) -> list[Reading]:
    """Return an empty reading for each metric of a spec whose Name and Regex are known.

    `spec` is a request, a TrainingSpecification or a list of MetricDefinitions.
    """
    training: Any = spec
    base: Path = ("MetricDefinitions",)
    match spec:
        case list():
            training, base = {"MetricDefinitions": spec}, ()
        case {"TrainingSpecification": dict() as inner}:
            training, base = inner, ("TrainingSpecification", *base)
    directions = {}
    match training:
        case {"SupportedTuningJobObjectiveMetrics": list() as objectives}:
            for objective in objectives:
                match objective:
                    case {"MetricName": str() as name, "Type": str() as direction}:
                        directions[name] = direction
    readings = []
    match training:
        case {"MetricDefinitions": list() as metrics}:
            for index, metric in enumerate(metrics):
                match metric:
                    case {"Name": str() as name, "Regex": str() as pattern}:
                        readings.append(Reading(name, pattern, (*base, index), directions.get(name)))
    return readings
