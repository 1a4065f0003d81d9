"""The metrics of a spec, and what the pattern of each has read from a log."""

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

#: How many readings of a metric are kept; beyond, every second one is dropped.
MAX_POINTS = 100_000
#: What CloudWatch takes (PutMetricData): a magnitude of at most 2 to the power of 360.
LARGEST_VALUE = 2.0**360
#: How many characters of a log are shown of an example.
SHOWN = 40


class Example:
    """How often something was seen, and where first: the line's number, the text read, and its context."""

    __slots__ = ("count", "detail", "line", "text")

    def __init__(self) -> None:
        self.count = 0
        self.line = 0
        self.text = ""
        self.detail = ""

    def add(self, line: int, text: str, detail: str = "") -> None:
        """Count one more; the first is kept."""
        if not self.count:
            self.line, self.text, self.detail = line, text[:SHOWN], detail[:SHOWN]
        self.count += 1


class Reading:
    """What one metric's pattern reads from a log."""

    def __init__(self, name: str, pattern: str, path: Path = (), direction: str | None = None) -> None:
        self.name = name
        self.pattern = pattern
        #: Where the metric is in the spec.
        self.path = path
        #: Maximize or Minimize, of an objective of tuning.
        self.direction = direction
        #: The lines of the log, those that match, and among them those that give a number.
        self.log_lines = 0
        self.matches = 0
        self.count = 0
        self.first = self.last = self.minimum = self.maximum = math.nan
        self.last_line = 0
        #: The numbers in their order and the lines they are from; every `stride`-th where there are many.
        self.values = array("d")
        self.lines = array("q")
        self.stride = 1
        self.hosts: set[str] = set()
        #: Whether each number is the one before plus 1, from 0 or 1.
        self.counts_up = True
        #: The longest beginning of the pattern's text that a line holds, and that line.
        self.nearest = Example()
        #: Examples by what is wrong with them.
        self.seen: dict[str, Example] = {}
        self.compiled = LogPattern(pattern)
        #: The blocks that the pattern was too slow to search as a whole.
        self.slow_blocks = 0
        #: The line from which it was not tried any more, as it took too long; 0 where it always was.
        self.stopped_at = 0

    def note(self, what: str, line: int, text: str, detail: str = "") -> None:
        """Remember an example of something that a rule reports."""
        self.seen.setdefault(what, Example()).add(line, text, detail)

    def extend(self, values: Sequence[float], lines: Sequence[int]) -> None:
        """Take in numbers, and the lines they are from."""
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
        """Keep every `stride`-th number, and half of them where there are too many."""
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
        """Whether another pattern has read the same numbers from the same lines."""
        return (
            (self.count, self.last_line, self.values, self.lines)
            == (other.count, other.last_line, other.values, other.lines)
        )  # fmt: skip


def number_of(text: str) -> float | None:
    """Return the number that a text is, as Python's float reads it; None where it is none."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


# ---------------------------------------------------------------- a spec


def readings_of(spec: Any, base: Path = ()) -> list[Reading]:
    """Return a reading, still empty, for each metric of a spec whose Name and Regex are known.

    `spec` is a request, a TrainingSpecification or a list of MetricDefinitions.
    """
    training: Any = spec
    match spec:
        case list():
            training = {"MetricDefinitions": spec}
        case {"TrainingSpecification": dict() as inner}:
            training, base = inner, (*base, "TrainingSpecification")
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
            base = base if isinstance(spec, list) else (*base, "MetricDefinitions")
            for index, metric in enumerate(metrics):
                match metric:
                    case {"Name": str() as name, "Regex": str() as pattern}:
                        readings.append(Reading(name, pattern, (*base, index), directions.get(name)))
    return readings
