"""Write docs/messages.md, the page with an example of each message of the rules.

    python tools/build_messages.py            write the page
    python tools/build_messages.py --check    compare instead of writing; exit 1 if it differs

The messages are those for the examples on the rules' pages, and for the files in fixtures/faulty. Rules about
jobs and about releases have separate sections.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from algolint.aws.model import Model
from algolint.compare.diff import DiffRule, compare
from algolint.compare.diff import first_party_rules as first_party_diff_rules
from algolint.diagnostic import Diagnostic
from algolint.jobs.linter import job_rules
from algolint.linting.linter import Linter
from algolint.rule import Fix, Rule
from algolint.rule_files import all_rules, first_party_rules
from algolint.source import Source, SourceSyntaxError
from algolint.testing import Example, completed, examples, job_examples, release_examples

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "messages.md"
HEAD = """\
# Messages

The messages of the rules, as the terminal shows them: for the examples on the rules'
[pages](../rules/README.md) and the files in `fixtures/faulty`, then for the examples of the rules on
[jobs](../rules/jobs/README.md) and [releases](../rules/compare/README.md). Some rules have messages at
several levels. Unsafe fixes are only made with `--unsafe-fixes`. `tools/build_messages.py` writes this page.
"""
TABLE = ["| rule | level | message | fix |", "|---|---|---|---|"]
# Level, message and fix.
Row = tuple[str, str, str]


def page() -> str:
    """Return the text of the page."""
    jobs, releases = job_rules(), first_party_diff_rules()
    rows: dict[str, dict[Row, None]] = {rule.name: {} for rule in (*all_rules(), *jobs, *releases)}
    for name, row in (*of_examples(), *of_fixtures(), *of_jobs(jobs), *of_releases(releases)):
        kinds = {(level, _kind(message)) for level, message, _ in rows[name]}
        if (row[0], _kind(row[1])) not in kinds:
            rows[name][row] = None
    lines = [HEAD]
    families: dict[str, list[Rule]] = {}
    for rule in all_rules():
        families.setdefault(rule.family, []).append(rule)
    for family in sorted(families):
        lines += [
            f"## {family.replace('_', ' ')}\n",
            *TABLE,
            *_lines(families[family], rows, "README.md"),
            "",
        ]
    lines += ["## requests that use an algorithm\n", *TABLE, *_lines(jobs, rows, "jobs/README.md"), ""]
    lines += ["## a release and the one before\n", *TABLE, *_lines(releases, rows, "compare/README.md"), ""]
    return "\n".join(lines)


def _lines(rules: Iterable[Rule], rows: dict[str, dict[Row, None]], manual: str) -> Iterator[str]:
    """Yield the lines of a table; `manual` has the pages of the rules."""
    for rule in rules:
        name = f"[{rule.name}](../rules/{manual}#{rule.name})"
        for level, message, fix in rows[rule.name]:
            yield f"| {' | '.join((name, level, _cell(message), _cell(fix)))} |"
            name = ""


def _kind(message: str) -> str:
    """Return a message without names in quotes and numbers, which differ from case to case."""
    pieces = message.split("'")
    return "".join(char for char in "'".join(pieces[::2]) if not char.isdigit())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("`", "\\`")


def of_examples() -> Iterator[tuple[str, Row]]:
    """Yield the messages of each rule for its own examples."""
    rules = first_party_rules()
    for rule in all_rules():
        for example in examples(rule):
            linter = Linter(Model(example.revision), rules, region=example.region)
            for row in [*_of_values(linter, rule, example)] or _of_text(linter, rule, example):
                yield rule.name, row


def _of_values(linter: Linter, rule: Rule, example: Example) -> Iterator[Row]:
    """Yield the messages for the values of an example, and those of its reader."""
    try:
        document = example.document()
    except SourceSyntaxError as error:
        yield rule.severity, error.message, ""
        return
    for fault in document.faults:
        if fault.rule is rule:
            yield rule.severity, fault.message, ""
    spec = document.spec if example.is_whole else completed(document.spec, example.shape, linter.model)
    for by, problem in linter.findings(document, spec, example.shape).found:
        if by is rule:
            yield problem.severity or rule.severity, problem.message, _title(problem.fix)


def _of_text(linter: Linter, rule: Rule, example: Example) -> Iterator[Row]:
    """Yield the messages for the text of an example, as a file that a user names."""
    for diagnostic in linter.lint_source(Source(f"example.{example.syntax}", example.text)).diagnostics:
        if diagnostic.rule is rule:
            yield _row(diagnostic)


def of_fixtures() -> Iterator[tuple[str, Row]]:
    """Yield the messages for the faulty fixtures."""
    linter = Linter(Model(), first_party_rules())
    for path in sorted((ROOT / "fixtures" / "faulty").glob("*.yaml")):
        for diagnostic in linter.lint_source(Source(path.name, path.read_text(encoding="utf-8"))).diagnostics:
            yield diagnostic.rule.name, _row(diagnostic)


def of_jobs(rules: Iterable[Rule]) -> Iterator[tuple[str, Row]]:
    """Yield the messages of each rule for its own examples of requests that use an algorithm."""
    for rule in rules:
        for example in job_examples(rule):
            for by, problem in example.reported(example.request()):
                if by is rule:
                    level = problem.severity or rule.severity
                    yield rule.name, (level, problem.message, _title(problem.fix))


def of_releases(rules: list[DiffRule]) -> Iterator[tuple[str, Row]]:
    """Yield the messages of each rule for its own pairs of releases."""
    for rule in rules:
        for shape, old, new, _ in release_examples(rule):
            for change in compare(old, new, shape, rules)[0]:
                if change.rule is rule:
                    yield rule.name, (change.severity, change.message, "")


def _row(diagnostic: Diagnostic) -> Row:
    return diagnostic.severity, diagnostic.message, _title(diagnostic.fix)


def _title(fix: Fix | None) -> str:
    return f"{'' if fix.safe else 'unsafe: '}{fix.title}" if fix else ""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    summary, _, manual = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=manual, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args(arguments)
    text = page()
    if options.check:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
