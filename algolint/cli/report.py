"""Reports and the summary, and messages on standard error."""

from __future__ import annotations

import os
import sys

from algolint.cli.options import is_given, option_of
from algolint.config.settings import FORMATS
from algolint.errors import UserError
from algolint.messages import counted, escaped, inert, printed, tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import FileIO
    from typing import TextIO

    from algolint.cli.options import Options
    from algolint.config.settings import Format
    from algolint.diagnostic import Diagnostic
    from algolint.runs.outcome import Outcome

# Options with which no findings are reported.
_WITHOUT_REPORT = ("diff", "fix_only", "write_baseline", "list_files", "list_specs")

# Syntaxes in which a report declares its encoding.
_WITH_ENCODING = ("xml", "html")


class Report:
    """The reports of a run; streamed if the format allows it, so that no findings are kept."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._form = FORMATS[options.format or _usual_format(options)]
        # The formats and files of the additional reports.
        self._others = [(FORMATS[name], path) for name, path in options.report or ()]
        if not _reports_findings(options):
            self._check_unused()
        formats = [self._form, *(form for form, _ in self._others)]
        self.with_edits = any(form.with_edits for form in formats)
        self.with_fingerprints = any(form.with_fingerprints for form in formats)
        self._is_streamed = self._form.is_streamed and options.write_baseline is None
        #: Whether the outcome given to `end` has to hold the diagnostics.
        self.keeps = not self._is_streamed or bool(self._others)
        # A diff or a fixed text has standard output to itself.
        fixes = options.diff or ((options.fix or options.fix_only) and "-" in options.paths)
        self._stream = sys.stderr if fixes else sys.stdout
        if self._form.syntax in _WITH_ENCODING and not options.output:
            # These reports declare the encoding, so the terminal's does not matter.
            self._stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        # The parts of a report that is written to a file at the end.
        self._kept: list[str] = []

    @property
    def is_full(self) -> bool:
        """Whether the report is the usual one for people."""
        return self._form.name == "full"

    def _check_unused(self) -> None:
        """Raise `UserError` if a report is requested that would wrongly claim that nothing was found."""
        options = self._options
        unused = "--report" if self._others else "--output" if options.output else None
        if not self._form.is_for_people:
            unused = f"--format {self._form.name}"
        if unused is not None:
            key = next(key for key in _WITHOUT_REPORT if is_given(options, key))
            raise UserError(f"{option_of(key)} reports no findings; leave out {unused}")

    def check_files(self, named: Iterable[str]) -> None:
        """Raise `UserError` if a report would overwrite a spec or another report."""
        files = [(path, "--report") for _, path in self._others]
        if self._options.output:
            files.append((self._options.output, "--output"))
        if not files:
            return
        from algolint.cli import output

        names = list(named)
        seen: set[str] = set()
        for path, option in files:
            if path == "-":
                raise UserError(f"{option} takes a file; --format prints a report on standard output")
            if os.path.abspath(path) in seen:
                raise UserError(f"{option} {path}: is the file of another report")
            seen.add(os.path.abspath(path))
            output.check(path, option, names)

    def add(self, diagnostics: list[Diagnostic]) -> None:
        """Report the findings of a file if the format is streamed."""
        if not diagnostics or not self._is_streamed:
            return
        if not self._form.is_for_people:
            from importlib import import_module

            lines = import_module(self._form.module).lines(diagnostics)
        else:
            from algolint.reports import text

            report = text.concise if self._form.name == "concise" else text.full
            stream = None if self._options.output else self._stream
            # A program may read the output line by line if the format was requested.
            wraps = self._options.format is None
            lines = report(diagnostics, text.style_of(self._options.color, stream, wraps))
        self.write("".join(f"{line}\n" for line in lines))

    def end(self, outcome: Outcome) -> None:
        """Report what `add` did not, and write the additional reports."""
        options = self._options
        if self._form.is_for_people:
            if self._form.name == "full" and not options.quiet:
                lines = _last_lines(outcome, options)
                wraps = options.format is None and not options.output
                self.write("".join(f"{for_terminal(x, self._stream) if wraps else x}\n" for x in lines))
        else:
            text = _whole(self._form, outcome, options)
            if text:
                self.write(f"{text}\n")
        if self._form.findings_only and outcome.specs and not options.quiet:
            for line in _lines_of_unknown(outcome):
                note(f"algolint: {line}")
        if self._form.name == "github" and os.environ.get("GITHUB_STEP_SUMMARY"):
            _append_summary(os.environ["GITHUB_STEP_SUMMARY"], outcome)
        if options.output:
            from algolint.cli import output

            output.write(options.output, "".join(self._kept), "--output")
        for form, path in self._others:
            from algolint.cli import output

            text = _whole(form, outcome, options)
            output.write(path, f"{text}\n" if text else "", "--report")

    def write(self, text: str) -> None:
        """Print a text, or keep it for the file of --output."""
        if self._options.output:
            self._kept.append(text)
        else:
            self._stream.write(text)


# A line of this length fits every terminal, whose width is then not asked for.
_FITS = 40


def for_terminal(line: str, stream: TextIO) -> str:
    """Return a line for a stream, wrapped between words if that is a terminal."""
    if len(line) <= _FITS or not stream.isatty():
        return line
    from algolint.reports import text

    return text.wrapped(line, text.style_of("never", stream).width)


def note(line: str) -> None:
    """Print a line on standard error, wrapped if that is a terminal."""
    tell(for_terminal(line, sys.stderr))


def tell(line: str) -> None:
    """Print a line on standard error, or nothing if that fails: the exit code must not depend on it."""
    try:
        print(line, file=sys.stderr)
    except OSError:
        let_go(sys.stderr)


def note_errors(errors: list[tuple[str, str]]) -> None:
    """Print what could not be read or failed, as (path, message), on standard error."""
    for path, message in errors:
        note(f"{printed(path)}: {inert(escaped(message))}")


def warn(message: str) -> None:
    """Print a message of algolint on standard error."""
    from algolint.secrets.redaction import masked

    note(f"algolint: {inert(escaped(masked(message)))}")


def let_go(stream: TextIO | FileIO) -> None:
    """Discard what is written to a stream from now on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _usual_format(options: Options) -> str:
    """Return the format if none is requested: by the output's extension, or where algolint runs."""
    if options.output is not None:
        ending = os.path.splitext(options.output)[1].lower()
        names = [form.name for form in FORMATS.values() if ending in form.endings]
        if len(names) > 1:
            raise UserError(f"--output {options.output}: add --format {' or '.join(names)}")
        if names:
            return names[0]
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true" and not os.environ.get("PRE_COMMIT")
    return "github" if in_actions and options.output is None and _reports_findings(options) else "full"


def _reports_findings(options: Options) -> bool:
    return not any(is_given(options, key) for key in _WITHOUT_REPORT)


def _whole(form: Format, outcome: Outcome, options: Options) -> str:
    """Return a complete report of an outcome."""
    if form.is_for_people:
        from algolint.reports import text

        report = text.concise if form.name == "concise" else text.full
        lines = list(report(outcome.diagnostics, text.style_of(options.color, None)))
        return "\n".join([*lines, *(_last_lines(outcome, options) if form.name == "full" else ())])
    from importlib import import_module

    whole: str = import_module(form.module).report(outcome)
    return whole


def _append_summary(path: str, outcome: Outcome) -> None:
    from algolint.reports import github

    try:
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(f"{github.summary(outcome)}\n")
    except OSError as error:
        raise UserError(f"GITHUB_STEP_SUMMARY cannot be written: {error.strerror}") from None


# ---------------------------------------------------------------- the summary

# How many locations are listed; --list-specs lists all.
_MAX_UNKNOWN = 5


def _last_lines(outcome: Outcome, options: Options) -> Iterator[str]:
    """Yield the lines of the summary: counts, locations of unknown parts of specs, and available fixes."""
    if not outcome.files and not outcome.found and not outcome.fixed + outcome.left:
        why = f" ({', '.join(_counts_of_unknown(outcome))})" if outcome.specs else ""
        yield "nothing could be checked" if outcome.errors else f"no {outcome.sought} found{why}"
        return
    yield f"{_counts(outcome, options)}{_more_counts(outcome, options)}"
    # Files that were not read are listed on standard error.
    listed = outcome.unread + outcome.in_part if options.verbose else [s for s in outcome.unread if s.shape]
    for spec in listed[:_MAX_UNKNOWN]:
        yield f"  {printed(spec.path)}:{spec.line}:{spec.column}: {spec.message}"
    if len(listed) > _MAX_UNKNOWN:
        yield f"  and {len(listed) - _MAX_UNKNOWN} more; see --list-specs"
    offer = _offer(outcome, options)
    if offer:
        yield offer
    if outcome.unproved:
        how = "made" if options.is_fixing else "offered"
        is_one = outcome.unproved == 1
        yield (
            f"{outcome.unproved:,} {'fix is' if is_one else 'fixes are'} not {how}, because proving"
            f" {'it' if is_one else 'them'} would take too long"
        )


def _counts(outcome: Outcome, options: Options) -> str:
    files = f"in {counted(outcome.files, 'file')}"
    total = outcome.fixed + outcome.left - outcome.uncovered
    if total and options.is_for_changes_only:
        would = "would fix" if options.diff else "fixed"
        hidden = f", {outcome.uncovered} of them hidden until now" if outcome.uncovered else ""
        left = f"; {outcome.left} {'is' if outcome.left == 1 else 'are'} left{hidden}" if outcome.left else ""
        return f"{would} {outcome.fixed} of {counted(total, 'problem')} {files}{left}"
    if not outcome.files:
        return f"{tally(outcome.counts())}, no {outcome.sought} found"
    return f"{tally(outcome.counts())} {files}"


def _more_counts(outcome: Outcome, options: Options) -> str:
    counts = (
        (0 if options.is_for_changes_only else outcome.fixed, "fixed"),
        (outcome.suppressed, "suppressed"),
        (outcome.baselined, "in the baseline"),
    )
    more = [f"{count} {word}" for count, word in counts if count] + _counts_of_unknown(outcome)
    return f" ({', '.join(more)})" if more else ""


def _lines_of_unknown(outcome: Outcome) -> list[str]:
    lines = [f"{printed(s.path)}:{s.line}:{s.column}: {s.message}" for s in outcome.unread[:_MAX_UNKNOWN]]
    return [*lines, f"{', '.join(_counts_of_unknown(outcome))}; see --list-specs"]


def _counts_of_unknown(outcome: Outcome) -> list[str]:
    kinds = (
        (sum(not spec.shape for spec in outcome.unread), "file", "not read"),
        (sum(bool(spec.shape) for spec in outcome.unread), "spec", "not known"),
        (len(outcome.in_part), "spec", "known in part"),
    )
    return [f"{counted(count, noun)} {word}" for count, noun, word in kinds if count]


def _offer(outcome: Outcome, options: Options) -> str:
    """Return a line about what --fix and --unsafe-fixes would do, or an empty string."""
    if options.is_for_changes_only or options.write_baseline is not None:
        return ""
    safe, unsafe = outcome.fixable[True], outcome.fixable[False]
    if options.fix:
        return (
            f"{unsafe} more can be fixed with --unsafe-fixes" if unsafe and not options.unsafe_fixes else ""
        )
    more = f", {unsafe} more with --unsafe-fixes" if unsafe else ""
    if safe:
        return f"{safe} can be fixed with --fix{more}"
    return f"{unsafe} can be fixed with --fix --unsafe-fixes" if unsafe else ""
