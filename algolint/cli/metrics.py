"""`algolint metrics SPEC --log FILE`: what the patterns of MetricDefinitions read from a training log."""

from __future__ import annotations

import math
import sys

from algolint.aws.model import Model
from algolint.cli.options import UsageError
from algolint.cli.parser import Help, Parser
from algolint.compare import log, log_rules
from algolint.compare.metrics import Reading, Unclaimed, read, readings_of
from algolint.compare.specs import Spec, SpecError, read_spec
from algolint.diagnostic import Outcome
from algolint.messages import escaped
from algolint.rule import SEVERITIES
from algolint.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from algolint.diagnostic import Diagnostic

_LEVELS = ("error", "warning", "info", "never")
_BARS = "▁▂▃▄▅▆▇█"
_SPARKS = 24


def metrics(arguments: Sequence[str]) -> int:
    """Report what each metric reads from logs; return the exit code."""
    options = _parser().parse_args(list(arguments))
    settings = Session({}).settings_of(options.spec)
    model = Model(settings.get("api-revision", "latest"))
    try:
        spec = read_spec(options.spec, model)
    except SpecError as error:
        raise UsageError(str(error)) from None
    readings = readings_of(spec.bound)
    if not readings:
        raise UsageError(f"{options.spec}: no MetricDefinitions entry whose Name and Regex are known")
    unclaimed = Unclaimed() if options.suggest else None
    read(readings, _blocks(options.log), unclaimed)
    found = sorted(_diagnostics(spec, readings), key=lambda d: (d.location.span, d.rule.name, d.message))
    ignored, severities = settings.get("ignore", ()), settings.get("severity", {})
    kept = []
    for diagnostic in found:
        diagnostic.severity = severities.get(diagnostic.rule.name, diagnostic.severity)
        if diagnostic.rule.name not in ignored:
            kept.append(diagnostic)
    shown = [d for d in kept if d.severity != "info" or options.show_info]
    if options.format == "json":
        print(_json(model, shown, readings))
    else:
        _print(options, shown, readings)
        if unclaimed is not None:
            for line in unclaimed.lines():
                print(line)
    limit = SEVERITIES.index(options.fail_on) if options.fail_on != "never" else -1
    return int(any(SEVERITIES.index(d.severity) <= limit for d in kept))


def _parser() -> Parser:
    parser = Parser(
        "algolint metrics",
        formatter_class=Help,
        description="Try the Regex of each metric on the log of a training job. A log is plain text, the JSON"
        " of aws logs get-log-events or filter-log-events, the lines of aws logs tail or docker logs -t, or"
        " any of them compressed with gzip.",
    )
    add = parser.add_argument
    add("spec", metavar="SPEC")
    add(
        "--log",
        metavar="FILE",
        action="append",
        required=True,
        help="a log, - for standard input; repeatable",
    )
    add("--format", choices=("full", "concise", "json"), default="full")
    add("--show-info", action="store_true", help="report info-level findings too")
    add("--suggest", action="store_true", help="list numbers of the log that no metric reads")
    add("--fail-on", choices=_LEVELS, default="error", help="lowest severity that makes the exit code 1")
    add("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    return parser


def _blocks(names: list[str]) -> Iterator[log.Block]:
    """The lines of all logs, numbered on from one to the next."""
    first = 0
    for name in names:
        last = 0
        try:
            stream = sys.stdin if name == "-" else log.open_log(name)
            with stream:
                for block in log.blocks(stream):
                    last = block.first + block.text.count("\n")
                    yield log.Block(block.text, block.first + first, block.hosts)
        except log.LogError as error:
            raise UsageError(f"{name}: {error}") from None
        except (OSError, EOFError) as error:
            raise UsageError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
        first += last


def _diagnostics(spec: Spec, readings: list[Reading]) -> Iterator[Diagnostic]:
    for reading in readings:
        for rule, problem in log_rules.problems(reading):
            path = (*reading.path, *problem.path)
            location = spec.location(path, problem.is_key, f"{escaped(reading.name)}: {problem.message}")
            yield spec.diagnostic(rule, problem.severity or rule.severity, location)


def _print(options: Any, diagnostics: list[Diagnostic], readings: list[Reading]) -> None:
    from algolint.reports import text as report_text

    lines = report_text.concise if options.format == "concise" else report_text.full
    for line in lines(diagnostics, report_text.style_of(options.color, sys.stdout)):
        print(line)
    if options.format == "full":
        for row in _table(readings):
            print(row)


def _table(readings: list[Reading]) -> Iterator[str]:
    """A row for each metric: how often it matches, and its numbers."""
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
    """Return the series as bars, at most 24."""
    values = [value for value in reading.values if math.isfinite(value)]
    if len(values) < 2:
        return ""
    count = min(len(values), _SPARKS)
    picked = [values[round(number * (len(values) - 1) / (count - 1))] for number in range(count)]
    low, high = min(picked), max(picked)
    scale = (len(_BARS) - 1) / (high - low) if high > low else 0
    return "".join(_BARS[round((value - low) * scale)] for value in picked)


def _json(model: Model, diagnostics: list[Diagnostic], readings: list[Reading]) -> str:
    import json

    from algolint.reports.json import report

    outcome = Outcome(model)
    outcome.files = 1
    outcome.add(diagnostics)
    document = json.loads(report(outcome))
    document["metrics"] = [
        {
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
        for reading in readings
    ]
    return json.dumps(document, indent=2)


def _finite(value: float) -> float | None:
    """JSON has neither NaN nor infinity."""
    return value if math.isfinite(value) else None
