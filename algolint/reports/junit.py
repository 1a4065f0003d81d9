"""The `junit` report: a suite for each file, a test case for each finding."""

from __future__ import annotations

from xml.sax.saxutils import escape

from algolint.messages import escaped
from algolint.reports import text as report_text
from algolint.reports.parts import (
    FAILURE,
    NAME,
    UNKNOWN,
    by_file,
    clean_files,
    fix_title,
    inert_markup,
    quoted,
    relative,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.diagnostic import Diagnostic
    from algolint.runs.outcome import Outcome


def report(outcome: Outcome) -> str:
    """Return the test suites. Errors and warnings are failures, and info and clean files are passing cases.

    What could not be checked is an error, and a spec that is not fully known is a skipped case. Cases are
    named by rule and path in the spec, so that they keep their names when lines move.
    """
    suites: list[str] = []
    failures = tests = 0
    for name, diagnostics in by_file(outcome).items():
        failed = sum(diagnostic.severity != "info" for diagnostic in diagnostics)
        failures += failed
        tests += len(diagnostics)
        suites += _suite(name, len(diagnostics), failed, 0, _cases(name, diagnostics))
    for name in clean_files(outcome):
        tests += 1
        suites += _suite(name, 1, 0, 0, [f'    <testcase{_identity(name, "clean")} time="0"/>'])
    for path, message in outcome.errors:
        tests += 1
        case = [
            f'    <testcase{_identity(path, FAILURE)} time="0">',
            f'      <error type="{FAILURE}" message={quoted(message)}/>',
            "    </testcase>",
        ]
        suites += _suite(path, 1, 0, 1, case)
    unknown = [*outcome.unread, *outcome.in_part]
    for spec in unknown:
        case = [
            f'    <testcase{_identity(spec.path, f"{UNKNOWN} {spec.line}:{spec.column}")} time="0">',
            f"      <skipped message={quoted(spec.message)}/>",
            "    </testcase>",
        ]
        suites += _suite(spec.path, 1, 0, 0, case, skipped=1)
    tests += len(unknown)
    counts = f'tests="{tests}" failures="{failures}" errors="{len(outcome.errors)}" time="0"'
    head = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="{NAME}" {counts}>']
    return inert_markup("\n".join([*head, *suites, "</testsuites>"]))


def _suite(
    name: str, tests: int, failures: int, errors: int, cases: list[str], skipped: int = 0
) -> list[str]:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="0"'
    return [f"  <testsuite name={quoted(relative(name))} {counts}>", *cases, "  </testsuite>"]


def _cases(name: str, diagnostics: list[Diagnostic]) -> list[str]:
    lines = []
    seen: dict[str, int] = {}
    for diagnostic in diagnostics:
        title = f"{diagnostic.rule.name} {diagnostic.location.pointer}".rstrip()
        count = seen[title] = seen.get(title, 0) + 1
        title = title if count == 1 else f"{title} ({count})"
        lines.append(f'    <testcase{_identity(name, title)} time="0">')
        text = escape("\n".join(_details(diagnostic)))
        if diagnostic.severity == "info":
            lines.append(f"      <system-out>{text}</system-out>")
        else:
            message = quoted(diagnostic.message)
            lines.append(f'      <failure type="{diagnostic.severity}" message={message}>{text}</failure>')
        lines.append("    </testcase>")
    return lines


def _details(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield the finding in the concise format, its related locations and its fix."""
    yield escaped(next(iter(report_text.concise([diagnostic]))))
    for related in diagnostic.related:
        where = f"line {related.line}"
        if related.source is not diagnostic.source:
            where = f"{relative(related.source.name)}, {where}"
        yield escaped(f"{where}: {related.message}")
    if diagnostic.fix is not None:
        yield escaped(f"fix: {fix_title(diagnostic)}")


def _identity(name: str, title: str) -> str:
    return f" classname={quoted(relative(name))} name={quoted(title)}"
