"""`algolint metrics SPEC --log FILE`: what the Regexes of MetricDefinitions read from a training log."""

from __future__ import annotations

import math

from algolint.cli.comparison import Run, parse, parser_of
from algolint.cli.options import Options
from algolint.cli.report import note
from algolint.compare import log, log_rules
from algolint.compare.masking import mask_secrets
from algolint.compare.matching import caption
from algolint.compare.metrics import Reading, readings_of
from algolint.compare.scan import read
from algolint.compare.specs import Spec, read_specs, read_standard_input
from algolint.compare.unclaimed import MIN_COUNT, Unclaimed
from algolint.config.settings import FORMATS
from algolint.errors import UserError
from algolint.messages import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from algolint.cli.parser import Parser
    from algolint.diagnostic import Diagnostic

_BARS = "▁▂▃▄▅▆▇█"
_SPARKS = 24


class _Options(Options):
    """The options of `metrics`."""

    spec: str
    log: list[str]
    suggest: bool


def metrics(arguments: Sequence[str]) -> int:
    """Report what each metric reads from logs; return the exit code."""
    options = _Options()
    parse(_parser(), arguments, options)
    run = Run(options, options.spec)
    run.check_files([options.spec, *options.log])
    if options.spec == "-" and "-" in options.log:
        raise UserError("only one of SPEC and --log can be standard input")
    stdin = read_standard_input() if options.spec == "-" else None
    specs = read_specs(options.spec, run.outcome.model, stdin)
    spec = next((spec for spec in specs if readings_of(spec.bound)), specs[0])
    if len(specs) > 1:
        note(f"algolint: {len(specs)} specs; the metrics are those of {caption(spec)}")
    mask_secrets(run.outcome.model, spec)
    readings = readings_of(spec.bound)
    if not readings:
        raise UserError(f"{options.spec}: no MetricDefinitions entry whose Name and Regex are known")
    unclaimed = Unclaimed() if options.suggest else None
    read(readings, log.blocks_of(options.log), unclaimed)
    run.outcome.more["metrics"] = [_series(reading) for reading in readings]
    run.add(options.spec, spec, [*_diagnostics(spec, readings)])
    run.print(_table(readings))
    if unclaimed is not None:
        suggested = list(unclaimed.lines(spec.document.syntax))
        none = f"no other named number is printed {MIN_COUNT} times or more"
        run.print(iter(suggested or [none]), is_wanted=True)
    return run.end()


def _parser() -> Parser:
    about = (
        "Try the Regex of each metric on the log of a training job. A log is plain text, the JSON"
        " of aws logs get-log-events or filter-log-events, the lines of aws logs tail or docker logs -t, or"
        " any of them compressed with gzip."
    )
    parser = parser_of("metrics", about, tuple(FORMATS))
    add = parser.add_argument
    add("spec", metavar="SPEC", help="the spec with the metrics, - for standard input")
    add(
        "--log",
        metavar="FILE",
        action="append",
        required=True,
        help="a log, - for standard input; repeatable",
    )
    add("--suggest", action="store_true", help="list numbers in the log that no metric reads")
    return parser


def _diagnostics(spec: Spec, readings: list[Reading]) -> Iterator[Diagnostic]:
    for reading in readings:
        for rule, problem in log_rules.problems(reading):
            path = (*reading.path, *problem.path)
            location = spec.location(path, problem.is_key, f"{escaped(reading.name)}: {problem.message}")
            yield spec.diagnostic(rule, problem.severity or rule.severity, location)


def _table(readings: list[Reading]) -> Iterator[str]:
    """Yield a table with a row for each metric: how often its Regex matches, and its numbers."""
    head = ("metric", "matches", "first", "last", "min", "max", "last line", "")
    rows: list[tuple[str, ...]] = [head]
    for reading in readings:
        numbers = (reading.first, reading.last, reading.minimum, reading.maximum)
        texts = [f"{number:.6g}" if reading.count else "-" for number in numbers]
        where = f"{reading.last_line:,}" if reading.count else "-"
        mark = {"Maximize": "max ", "Minimize": "min "}.get(reading.direction or "", "")
        rows.append((escaped(reading.name), f"{reading.matches:,}", *texts, where, mark + sparkline(reading)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [row[column].rjust(widths[column]) for column in range(1, 7)]
        yield "  ".join([*cells, row[7]]).rstrip()


def sparkline(reading: Reading) -> str:
    """Return the series as at most 24 bars."""
    values = [value for value in reading.values if math.isfinite(value)]
    if len(values) < 2:
        return ""
    count = min(len(values), _SPARKS)
    picked = [values[round(number * (len(values) - 1) / (count - 1))] for number in range(count)]
    low, high = min(picked), max(picked)
    scale = (len(_BARS) - 1) / (high - low) if high > low else 0
    return "".join(_BARS[round((value - low) * scale)] for value in picked)


def _series(reading: Reading) -> dict[str, Any]:
    """Return the entry of a metric in the JSON report."""
    return {
        "name": reading.name,
        "objective": reading.direction,
        "matches": reading.matches,
        "numbers": reading.count,
        "first": _finite(reading.first),
        "last": _finite(reading.last),
        "min": _finite(reading.minimum),
        "max": _finite(reading.maximum),
        "last_line": reading.last_line or None,
        "every": reading.stride,
        "lines": list(reading.lines),
        "values": [_finite(value) for value in reading.values],
    }


def _finite(value: float) -> float | None:
    """Return a number, or None for NaN and infinity, which JSON does not have."""
    return value if math.isfinite(value) else None
