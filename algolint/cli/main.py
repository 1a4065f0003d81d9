"""The command line: running commands, linting files for `check`, and exit codes."""

from __future__ import annotations

import io
import os
import sys

from algolint.cli.options import COMMANDS, HelpPrinted, Options, given, quickly_parsed
from algolint.cli.report import Report, let_go, note, tell
from algolint.config.effective import SettingsFinder
from algolint.diagnostics.outcome import Outcome
from algolint.errors import UserError, internal_error
from algolint.messages import counted, escaped, inert, meant, printed, shown
from algolint.runs.session import Result, Session
from algolint.source import SourceSyntaxError, UnreadableSource, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from algolint.runs.job_session import SpecFile

#: Exit codes: nothing at or above --fail-on; problems found; the command failed.
CLEAN, PROBLEMS, FAILED = 0, 1, 2

# With more files than this, several processes may pay.
_MANY = 200


def options_of(arguments: Sequence[str]) -> Options:
    """Return the options of `check` in the arguments. Raises `UserError`."""
    # argparse mishandles what follows -- if options and paths are mixed.
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = quickly_parsed(arguments[:end])
    if options is None:
        from algolint.cli.parser import check_parser

        options = check_parser().parse_intermixed_args(list(arguments[:end]), namespace=Options())
    options.paths = [*options.paths, *arguments[end + 1 :]]
    return options


def _stream(stream: Any) -> Any:
    """Return a standard stream that takes any text, and the whole of it or raises an error."""
    if stream is None:
        # With a closed stream nothing is shown, but the exit code is still right.
        return open(os.devnull, "w")
    if isinstance(stream.buffer, io.RawIOBase):
        # Unbuffered (PYTHONUNBUFFERED, -u): what a full disk does not take of a text would be dropped.
        buffer = io.BufferedWriter(stream.buffer)
        return io.TextIOWrapper(buffer, stream.encoding, "backslashreplace", line_buffering=True)
    # Characters that the terminal's encoding lacks are escaped instead of raising an error.
    stream.reconfigure(errors="backslashreplace")
    return stream


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code."""
    sys.stdout, sys.stderr = _stream(sys.stdout), _stream(sys.stderr)
    command, rest = "check", arguments
    if arguments and arguments[0] in ("check", *COMMANDS):
        command, rest = arguments[0], arguments[1:]
    try:
        if command == "check":
            code = _check(rest)
        elif command == "job":
            from algolint.cli.job import options_and_session

            code = _lint_in(*options_and_session(rest))
        elif command == "diff":
            from algolint.cli.diff import diff

            code = diff(rest)
        else:
            from algolint.cli.commands import RUN

            code = RUN[command](rest) or CLEAN
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            let_go(sys.stdout)
        return code
    except HelpPrinted:
        return CLEAN
    except BrokenPipeError:
        # Nothing is lost if the reader of a page or a list has seen enough; a fixed text would be.
        let_go(sys.stdout)
        return CLEAN if command in ("explain", "rules", "revisions", "config", "schema") else FAILED
    # A rule of a pack may raise SystemExit.
    except (Exception, SystemExit) as error:
        _report_error(_message_of(error))
        return FAILED


def _message_of(error: BaseException) -> str:
    """Return what the user is told of an exception that ended the command."""
    if isinstance(error, UserError):
        return str(error)
    is_of_file = isinstance(error, (FileNotFoundError, NotADirectoryError))
    if isinstance(error, OSError) and error.filename is None and not is_of_file:
        # Standard output cannot be written, for example because the disk is full.
        let_go(sys.stdout)
        return f"the report could not be written: {error.strerror}"
    try:
        os.getcwd()
    except OSError:
        return "the current folder no longer exists"
    return internal_error(error)


def _report_error(message: str) -> None:
    from algolint.secrets.redaction import masked

    note(f"algolint: {inert(escaped(masked(message)))}")


# ---------------------------------------------------------------- check


def _check(arguments: Sequence[str]) -> int:
    try:
        options = options_of(arguments)
    except UserError:
        # `check` does not know an option of another command, whose misspelt name is the better hint.
        _check_command(arguments[:1])
        raise
    if options.version:
        from algolint import __version__

        print(f"algolint {__version__}")
        return CLEAN
    _check_command(options.paths)
    return _lint_in(options, Session)


def _lint_in(options: Options, make: Callable[..., Session]) -> int:
    """Lint the files that the options name in a session made by `make`, report, and return the exit code."""
    report = Report(options)
    session = make(
        SettingsFinder(given(options), options.config, options.isolated),
        options.max_file_size,
        with_edits=report.with_edits,
        with_fingerprints=report.with_fingerprints
        or options.write_baseline is not None
        or _is_fixing(options),
        with_baseline=options.write_baseline is None,
        with_specs=options.list_specs,
    )
    refused: list[tuple[str, str]] = []

    def skipped(name: str, why: str, named: bool = False) -> None:
        if named:
            refused.append((name, why))
        elif options.verbose:
            _report_error(f"{name} is skipped: {why}")

    session.inputs.find(
        options.paths or ["."],
        empty=lambda path: _report_error(f"{path} holds no files to lint") if options.paths[1:] else None,
        skipped=skipped,
    )
    inputs = session.inputs.files
    for ignoring, path in session.inputs.ignore_work.ended.items():
        _report_error(
            f"{ignoring} is not applied to {path} and the paths after it: matching its patterns against each "
            "path takes too long"
        )
    if options.list_files:
        print("\n".join(printed(name) for name in inputs))
        _print_errors(refused)
        return FAILED if refused else CLEAN
    # Made even if there is nothing to lint, so that a bad setting is always an error.
    outcome = Outcome(session.linter_of(session.settings.of(next(iter(inputs), ""))).model)
    outcome.errors += refused
    report.check_files(name for name, named in inputs.items() if named)
    linted = _lint(session, inputs, options, report, outcome, skipped)
    if options.list_specs:
        return _list_specs(outcome)
    if options.write_baseline is not None:
        return _write_baseline(session, outcome, linted, options)
    report.end(outcome)
    _print_notes(session, outcome, linted, options)
    return _exit_code(outcome, options)


def _lint(
    session: Session,
    inputs: dict[str, bool],
    options: Options,
    report: Report,
    outcome: Outcome,
    skipped: Callable[[str, str], None],
) -> list[str]:
    """Lint and report the files; return the names of those that could be judged completely."""
    hints: set[str] = set()
    linted: list[str] = []
    results = _results(session, inputs, options)
    if len(inputs) > 1 and sys.stderr.isatty() and not options.quiet:
        from algolint.cli import progress

        results = progress.counted(results, len(inputs))
    if not options.list_specs:
        results = _with_jobs(session, results, options)
    for result in results:
        if result.hint is not None:
            from algolint.diagnostics.diagnostic import NotRead

            outcome.specs.append(NotRead(result.name, result.hint))
            if result.hint not in hints:
                hints.add(result.hint)
                _report_error(f"{result.name} is skipped: {result.hint}")
        if result.note is not None:
            skipped(result.name, result.note)
        if result.was_read:
            linted.append(result.name)
        if result.diagnostics:
            outcome.failing += session.failing(result)
            if options.write_baseline is None:
                from algolint.diagnostics.diagnostic import collapsed

                result.diagnostics = collapsed(result.diagnostics)
        _take(result, outcome, report.keeps)
        if not options.list_specs:
            report.add(result.diagnostics)
    return linted


def _with_jobs(session: Session, results: Iterator[Result], options: Options) -> Iterator[Result]:
    """Yield the results, those of files that may hold jobs last, with the findings in their jobs added."""
    # By AlgorithmName; for a file without findings this is all that is kept.
    places: dict[str, SpecFile | None] = {}
    held: list[Result] = []
    for result in results:
        for name in result.algorithms:
            places[name] = None if name in places else result.source or result.name
        if result.may_hold_job:
            held.append(result)
        else:
            yield result
    if held:
        from algolint.runs.job_session import judged

        def lint(jobs: Session, result: Result) -> Result:
            return _of_jobs(session, jobs, result, options)

        yield from judged(session, held, places, lint)


def _of_jobs(session: Session, jobs: Session, result: Result, options: Options) -> Result:
    """Lint, fix or suppress the jobs of a file, as the options say."""
    if _is_fixing(options):
        from algolint.cli import fixes

        return fixes.fixed_jobs(session, jobs, result, options)
    if result.source is not None:
        return jobs.lint(result.name, False, result.source)
    return _of_file(jobs, result.name, False, options)


def _print_notes(session: Session, outcome: Outcome, linted: list[str], options: Options) -> None:
    """Print on standard error what is not part of a report."""
    if options.statistics:
        for (name, severity), count in sorted(outcome.found.items(), key=lambda row: (-row[1], row[0])):
            tell(f"{count:5}  {severity:7}  {name}")
    if options.verbose:
        calls = counted(sum(outcome.skipped.values()), "rule call")
        names = ", ".join(f"{name} ({outcome.skipped[name]})" for name in sorted(outcome.skipped))
        _report_error(
            f"{outcome.model.revision}; {calls} left undecided by unknown values{names and f': {names}'}"
        )
    _print_errors(outcome.errors)
    _print_leftovers(session, outcome, linted, options)


def _exit_code(outcome: Outcome, options: Options) -> int:
    if outcome.errors:
        return FAILED
    if options.diff:
        failed = outcome.fixed > 0
    else:
        failed = outcome.failing > 0 or (options.fail_on_unknown and bool(outcome.unread))
    return PROBLEMS if failed and not options.exit_zero else CLEAN


def _list_specs(outcome: Outcome) -> int:
    """Print the location and the shape of each spec, and which parts of it are not known."""
    for spec in outcome.specs:
        known = spec.message
        if spec.shape and spec.message:
            known = f", {spec.unknown} is not known" if spec.unknown else f" in part, {spec.message}"
        print(f"{printed(spec.path)}:{spec.line}:{spec.column}: {spec.shape}{known}")
    _print_errors(outcome.errors)
    return FAILED if outcome.errors else CLEAN


# Commands and options by the names that other programs give them.
_OTHER_NAMES = {"lint": "check", "run": "check", "help": "--help", "version": "--version"}


def _check_command(paths: Sequence[str]) -> None:
    """Raise `UserError` if the first path is a misspelt command and not a file."""
    name = paths[0] if paths else "."
    if name[0:1].isalpha() and name.replace("-", "").isalpha() and not os.path.lexists(name):
        other = _OTHER_NAMES.get(name)
        hint = f"; did you mean {shown(other)}?" if other else meant(name, ("check", *COMMANDS))
        if hint:
            raise UserError(f"no file or command {shown(name)}{hint}")


def _write_baseline(session: Session, outcome: Outcome, linted: list[str], options: Options) -> int:
    from algolint.cli import baselines

    for line in baselines.written(session, outcome.diagnostics, linted, options.write_baseline or None):
        if not options.quiet:
            print(line)
    _print_errors(outcome.errors)
    return FAILED if outcome.errors else CLEAN


def _print_errors(errors: list[tuple[str, str]]) -> None:
    for path, message in errors:
        note(f"{printed(path)}: {inert(escaped(message))}")


def _print_leftovers(session: Session, outcome: Outcome, linted: list[str], options: Options) -> None:
    """Print, or remove, what baselines and suppressions list although it is no longer found."""
    if options.prune_baseline:
        from algolint.cli import baselines

        for line in baselines.pruned(session, linted):
            if not options.quiet:
                note(line)
    if options.quiet or outcome.errors:
        return
    if session.baselines and not options.prune_baseline:
        from algolint.cli import baselines

        for line in baselines.stale(session, linted):
            _report_error(line)
    for where, message in session.unused_suppressions(outcome.names):
        _report_error(f"{where}: {message}")


def _results(session: Session, inputs: dict[str, bool], options: Options) -> Iterator[Result]:
    fixing = _is_fixing(options)
    jobs = 1 if fixing or options.add_ignore or "-" in inputs else options.jobs
    if jobs != 1 and (jobs is not None or len(inputs) > _MANY):
        from algolint.runs import parallel

        yield from parallel.lint(session, inputs, jobs)
        return
    for name, named in inputs.items():
        if name == "-":
            yield _of_standard_input(session, options, fixing)
        else:
            yield _of_file(session, name, named, options)


def _is_fixing(options: Options) -> bool:
    return bool(options.fix or options.fix_only or options.diff)


def _of_file(session: Session, name: str, named: bool, options: Options) -> Result:
    """Lint or fix a file, or suppress its findings, as the options say."""
    if _is_fixing(options):
        from algolint.cli import fixes

        return fixes.fixed_file(session, name, named, options)
    if options.add_ignore:
        return _with_ignores(session, name, named, options)
    return session.lint(name, named)


def _of_standard_input(session: Session, options: Options, fixing: bool) -> Result:
    name = options.stdin_filename
    if sys.stdin is None:
        result = Result(name)
        result.error = "standard input is closed"
        return result
    data = sys.stdin.buffer.read(options.max_file_size + 1)
    try:
        source = decoded(name, data, options.max_file_size)
    except SourceSyntaxError as fault:
        if fixing and not options.diff:
            # Whoever replaces the input by the output must not lose it.
            sys.stdout.buffer.write(data)
        return session.lint(name, True, fault=fault)
    except UnreadableSource as error:
        result = Result(name)
        result.error = str(error)
        return result
    if fixing:
        from algolint.cli import fixes

        return fixes.fixed_input(session, name, source, options)
    result = session.lint(name, True, source)
    result.may_hold_job = session.leaves_jobs(source.name, source.text)
    result.source = source
    return result


def _with_ignores(session: Session, name: str, named: bool, options: Options) -> Result:
    """Write comments that suppress the findings in one file, and return the result that is left."""
    from algolint.cli import ignores

    result, advice = ignores.added(session, name, named, options.max_file_size)
    if advice:
        for number, line in enumerate(advice.split("\n")):
            tell(f"{'' if number else 'algolint: '}{inert(escaped(line))}")
    return result


def _take(result: Result, outcome: Outcome, keep: bool) -> None:
    outcome.add(result.diagnostics, keep)
    if result.is_spec and not result.is_other:
        outcome.files += 1
        outcome.names.append(result.name)
    for name in result.skipped:
        outcome.skipped[name] = outcome.skipped.get(name, 0) + 1
    outcome.specs += result.specs
    outcome.suppressed += result.suppressed
    outcome.baselined += sum(result.met.values())
    if result.fixes is not None:
        outcome.fixed += result.fixes.fixed
        outcome.uncovered += result.fixes.uncovered
        outcome.left += result.fixes.left
    outcome.unproved += result.unproved
    if result.error is not None:
        outcome.errors.append((result.name, result.error))
    outcome.errors += [(result.name, crash) for crash in result.crashes]
