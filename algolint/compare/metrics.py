"""What the patterns of MetricDefinitions read from a log, as Python's regular expressions read it.

SageMaker searches each line with each pattern and takes the first group. Patterns run with a time limit, and
only on the lines that hold the text that the pattern cannot match without.
"""

from __future__ import annotations

import math
from array import array

from algolint.aws.notation import LOGGED_NUMBER
from algolint.pattern_tree import IndeterminateError, RegexSyntaxError, literals, prefix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from algolint.compare.log import Block
    from algolint.values import Path

#: The longest that one pattern may take on one line, in seconds.
MAX_SECONDS = 0.05
#: After so many lines on which a pattern took too long it is not tried any more.
MAX_SLOW_LINES = 10
#: How many readings of a metric are kept; beyond, every second one is dropped.
MAX_POINTS = 100_000
#: What CloudWatch takes (PutMetricData): a magnitude of at most 2 to the power of 360.
LARGEST_VALUE = 2.0**360
# Further matches on a line are looked for on the first lines that match.
_MANY = 1000
_SHOWN = 40


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
            self.line, self.text, self.detail = line, text[:_SHOWN], detail[:_SHOWN]
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
        #: Why the pattern cannot be used: the message of the regular expression engine.
        self.invalid: str | None = None
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
        self._compiled: Any = None
        self.literals = Literals(pattern)

    def compile(self) -> Any:
        """Return the compiled pattern; None where it is not valid."""
        if self._compiled is None and self.invalid is None:
            import warnings

            import regex

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    self._compiled = regex.compile(_for_regex(self.pattern), regex.VERSION0)
                except regex.error as error:
                    self.invalid = str(error)
        return self._compiled

    def note(self, what: str, line: int, text: str, detail: str = "") -> None:
        """Remember an example of something that a rule reports."""
        self.seen.setdefault(what, Example()).add(line, text, detail)

    def add(self, value: float, line: int) -> None:
        """Take in one number."""
        if not self.count:
            self.first = self.minimum = self.maximum = value
            self.counts_up = value in (0, 1)
        elif value != self.last + 1:
            self.counts_up = False
        if value < self.minimum:
            self.minimum = value
        elif value > self.maximum:
            self.maximum = value
        self.last, self.last_line = value, line
        if self.count % self.stride == 0:
            self.values.append(value)
            self.lines.append(line)
            if len(self.values) >= MAX_POINTS:
                self.values, self.lines = self.values[::2], self.lines[::2]
                self.stride *= 2
        self.count += 1

    def reads_as(self, other: Reading) -> bool:
        """Whether another pattern has read the same numbers from the same lines."""
        return (
            (self.count, self.last_line, self.values, self.lines)
            == (other.count, other.last_line, other.values, other.lines)
        )  # fmt: skip


class Literals:
    """The text that a pattern cannot match without."""

    __slots__ = ("prefix", "required")

    def __init__(self, pattern: str) -> None:
        nodes = _nodes(pattern)
        #: The longest such text; "" where none is certain.
        self.required = max(literals(nodes), key=len, default="")
        #: The text that the pattern begins with.
        self.prefix = prefix(nodes)


def _nodes(pattern: str) -> list[Any]:
    """The tree of a pattern; without nodes where there is none."""
    from algolint.pattern_parser import parse

    try:
        return parse(pattern)
    except (RegexSyntaxError, IndeterminateError, RecursionError):
        return []


def _for_regex(pattern: str) -> str:
    """The pattern for `regex`, with what that would read otherwise than `re`: [:digit:] and {e<=1}."""
    import re

    return re.sub(r"\\.|\[(?=:)|\{(?!\d*,?\d*\})", lambda m: m[0] if len(m[0]) == 2 else f"\\{m[0]}", pattern)


# ---------------------------------------------------------------- reading


def read(readings: list[Reading], blocks: Iterable[Block], unclaimed: Unclaimed | None = None) -> None:
    """Let each metric read each block of a log; `unclaimed` collects the numbers that none reads."""
    shared: dict[tuple[int, int], Example] = {}
    lines = 0
    for block in blocks:
        spans: dict[tuple[int, int], int] = {}
        for index, reading in enumerate(readings):
            if reading.compile() is None:
                continue
            for start, number, line in _candidates(block, reading):
                span = _search(reading, block, number, line)
                if span is not None:
                    place = start + span[0], start + span[1]
                    first = spans.setdefault(place, index)
                    if first != index:
                        shared.setdefault((first, index), Example()).add(number, line[slice(*span)])
            if not reading.matches:
                _approach(reading, block)
                if "#011" in reading.pattern and "\t" in block.text:
                    _note_tabs(reading, block)
        lines = block.first + block.text.count("\n")
        if unclaimed is not None:
            unclaimed.look(block, spans)
    for reading in readings:
        reading.log_lines = lines
    for (first, second), example in shared.items():
        readings[second].seen["shared"] = example
        example.detail = readings[first].name


def _candidates(block: Block, reading: Reading) -> Iterator[tuple[int, int, str]]:
    """The lines that may match: the offset in the block, the number, and the text."""
    text, literal = block.text, reading.literals.required
    number, counted, at = block.first, 0, 0
    while at <= len(text):
        if literal:
            found = text.find(literal, at)
            if found < 0:
                break
            at = text.rfind("\n", 0, found) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        number += text.count("\n", counted, at)
        counted = at
        yield at, number, text[at:end].rstrip("\r")
        at = end + 1


def _note_tabs(reading: Reading, block: Block) -> None:
    """Note a line that would match if its tabs were written as CloudWatch writes them."""
    for number, line in enumerate(block.text.split("\n"), block.first):
        if "\t" in line and _found(reading, line.replace("\t", "#011"), number):
            reading.note("tab", number, line)
            return


def _found(reading: Reading, line: str, number: int, start: int = 0) -> Any:
    """The match of a pattern in a line; None where there is none, or where looking takes too long."""
    slow = reading.seen.get("slow")
    if slow is not None and slow.count >= MAX_SLOW_LINES:
        return None
    try:
        return reading.compile().search(line, start, timeout=MAX_SECONDS)
    except TimeoutError:
        reading.note("slow", number, line, str(len(line)))
        return None


def _search(reading: Reading, block: Block, number: int, line: str) -> tuple[int, int] | None:
    """Take in a line; return the span that was read, None where nothing matches."""
    match = _found(reading, line, number)
    if match is None:
        _hindered(reading, number, line)
        return None
    reading.matches += 1
    group = 1 if match.re.groups else 0
    start, end = match.span(group)
    text = match[group]
    if number in block.hosts:
        reading.hosts.add(block.hosts[number])
    if text is None:
        reading.note("not-a-number", number, "")
        return None
    value = number_of(text)
    if value is None:
        reading.note("not-a-number", number, text)
    else:
        if not math.isfinite(value) or abs(value) > LARGEST_VALUE:
            reading.note("nan", number, text)
        reading.add(value, number)
        if line[start - 1 : start] in _BEFORE or line[end : end + 1] in _AFTER:
            whole = _whole_number(line, start, end)
            if whole != text.strip():
                reading.note("cut", number, text, whole)
    _look_around(reading, match, number, line)
    return start, end


def number_of(text: str) -> float | None:
    """Return the number that a text is, as Python's float reads it; None where it is none."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


_DIGITS = frozenset("0123456789")
# What is beside a number that goes on.
_BEFORE = _DIGITS | {".", "-", ""}
_AFTER = _DIGITS | {".", "_", "e", "E", ""}


def _whole_number(line: str, start: int, end: int) -> str:
    """The number that a span is a part of."""
    while start and (line[start - 1] in _DIGITS or _is_point(line, start - 1)):
        start -= 1
    # A minus after a letter or a digit is a hyphen.
    if start and line[start - 1] == "-" and not line[start - 2 : start - 1].isalnum():
        start -= 1
    while end < len(line):
        if line[end] in _DIGITS or (line[end] in "._" and line[end + 1 : end + 2].isdigit()):
            end += 1
        elif line[end] in "eE" and (exponent := _exponent(line, end + 1)):
            end = exponent
        else:
            break
    return line[start:end].strip()


def _is_point(line: str, at: int) -> bool:
    """Whether there is a decimal point between two digits."""
    return line[at] == "." and line[at - 1 : at].isdigit()


def _exponent(line: str, at: int) -> int:
    """The end of an exponent's digits; 0 where there is none."""
    if line[at : at + 1] in ("+", "-"):
        at += 1
    first = at
    while at < len(line) and line[at] in _DIGITS:
        at += 1
    return at if at > first else 0


def _look_around(reading: Reading, match: Any, number: int, line: str) -> None:
    """Note what is around a match that makes it doubtful."""
    start, end = match.span()
    before = line[start - 1 : start] if start else ""
    if before and (before.isalnum() or before in "_-") and (line[start : start + 1].isalnum()):
        word = start
        while word and (line[word - 1].isalnum() or line[word - 1] in "_-"):
            word -= 1
        reading.note("inside-word", number, line[word:end])
    if "\r" in line and start < line.rfind("\r"):
        reading.note("carriage-return", number, match[0], str(line.count("\r") + 1))
    elif reading.matches <= _MANY:
        again = _found(reading, line, number, max(end, start + 1))
        if again is not None:
            reading.note("several", number, match[0], again[0])
    if "\x1b" in match[0]:
        reading.note("colour", number, match[0])
    if "\t" in match[0]:
        reading.note("tab", number, match[0])


def _hindered(reading: Reading, number: int, line: str) -> None:
    """Note what keeps a pattern from matching a line that it was made for."""
    if "\x1b[" in line:
        import re

        if _found(reading, re.sub(r"\x1b\[[0-9;]*m", "", line), number):
            reading.note("colour", number, line)
    if reading.pattern.startswith("^"):
        rest = _without_launcher(line)
        if rest != line and _found(reading, rest, number):
            reading.note("anchored", number, line)


def _without_launcher(line: str) -> str:
    """A line without what MPI's launcher or a logger puts before it."""
    import re

    return re.sub(
        r"^(?:\[[^\]]*mpirank[^\]]*\]<std(?:out|err)>:\s?|\d{4}-\d\d-\d\d[T ][\d:.,]+\S*\s+)", "", line
    )


def _approach(reading: Reading, block: Block) -> None:
    """Remember the line that holds the longest beginning of the pattern's text."""
    prefix, nearest = reading.literals.prefix, reading.nearest
    length = len(nearest.text) + 1
    while length <= len(prefix) and (at := block.text.find(prefix[:length])) >= 0:
        while length < len(prefix) and prefix[: length + 1] == block.text[at : at + length + 1]:
            length += 1
        nearest.count = 1
        nearest.line = block.first + block.text.count("\n", 0, at)
        nearest.text = prefix[:length]
        end = block.text.find("\n", at)
        nearest.detail = block.text[at : len(block.text) if end < 0 else end][:_SHOWN]
        length += 1


class Unclaimed:
    """Named numbers of a log that no metric reads: `name=number`, `name: number` and `"name": number`."""

    def __init__(self) -> None:
        self.found: dict[str, Example] = {}

    def look(self, block: Block, read_spans: Iterable[tuple[int, int]]) -> None:
        """Count the names of a block whose numbers are at none of the spans."""
        import re

        starts = {start for start, _ in read_spans}
        for match in re.finditer(_NAMED, block.text):
            name = match[1].strip()
            if match.start(2) not in starts and (name in self.found or len(self.found) < _MANY):
                self.found.setdefault(name, Example()).add(0, match[0])

    def lines(self) -> Iterator[str]:
        """Yield a line for each name that is printed often, and its MetricDefinitions entry in YAML."""
        import re

        for name, example in sorted(self.found.items(), key=lambda row: (-row[1].count, row[0])):
            if example.count >= _OFTEN:
                before = example.text[: example.text.index(name)]
                after = re.match(r"['\"]?\s*[=:]\s*", example.text[len(before) + len(name) :])
                text = re.escape(before + name + (after[0] if after else "")).replace("\\ ", " ")
                guard = r"(?<![\w-])" if not before else ""
                pattern = f"{guard}{text}({LOGGED_NUMBER})".replace("'", "''")
                yield f"{name} is printed {example.count:,} times and no metric reads it:"
                yield f"  - {{Name: '{name}', Regex: '{pattern}'}}"


_NAMED = rf"['\"]?(?<![\w-])([A-Za-z][\w:/-]*)['\"]?\s*[=:]\s*(?={LOGGED_NUMBER})({LOGGED_NUMBER})(?![\w.])"
_OFTEN = 5


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
