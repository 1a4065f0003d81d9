"""`algolint [check] PATH …`: linting files, fixing them, and reporting what is left."""

from __future__ import annotations

import os
import sys

from algolint.cli.options import COMMANDS, Options, check_together, given, quickly_parsed
from algolint.cli.report import Report, note, note_errors, tell, warn
from algolint.config.effective import SettingsFinder
from algolint.errors import UserError
from algolint.messages import counted, meant, printed, shown
from algolint.runs.outcome import Outcome
from algolint.runs.session import Result, Session
from algolint.source import SourceSyntaxError, UnreadableSource, decoded, standard_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from algolint.runs.job_session import SpecFile

#: Exit codes: nothing at or above --fail-on; problems found; the command failed.
CLEAN, PROBLEMS, FAILED = 0, 1, 2

# With more files than this, several processes may be faster.
_MANY = 200


def check(arguments: Sequence[str]) -> int:
    """Lint files; return the exit code."""
    try:
        options = _options_of(arguments)
    except UserError:
        # `check` does not know the options of other commands; the hint about the misspelt command is better.
        _check_command(arguments[:1])
        raise
    if options.version:
        from algolint import __version__

        print(f"algolint {__version__}")
        return CLEAN
    _check_command(options.paths)
    return lint(options, Session)


def _options_of(arguments: Sequence[str]) -> Options:
    # argparse mishandles what follows -- if options and paths are mixed.
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = quickly_parsed(arguments[:end])
    if options is None:
        from algolint.cli.parser import check_parser

        options = check_parser().parse_intermixed_args(list(arguments[:end]), namespace=Options())
    options.paths = [*options.paths, *arguments[end + 1 :]]
    return options


# Commands and options by the names that other programs give them.
_OTHER_NAMES = {"lint": "check", "run": "check", "help": "--help", "version": "--version"}


def _check_command(paths: Sequence[str]) -> None:
    """Raise `UserError` if the first path is a misspelt command and not a file."""
    if not paths:
        return
    name = paths[0]
    if name[:1].isalpha() and name.replace("-", "").isalpha() and not os.path.lexists(name):
        other = _OTHER_NAMES.get(name)
        hint = f"; did you mean {shown(other)}?" if other else meant(name, ("check", *COMMANDS))
        if hint:
            raise UserError(f"no file or command {shown(name)}{hint}")


def lint(options: Options, make: Callable[..., Session]) -> int:
    """Do what the options ask for in a session made by `make`, and return the exit code.

    That is to list the files or the specs in them, to write a baseline, or to report the findings.
    """
    check_together(options)
    report = Report(options)
    session = _session(options, make, report)
    refused = _find_files(session, options)
    if options.list_files:
        return _list_files(session, refused)
    run = _Run(options, session, report)
    run.outcome.errors += refused
    report.check_files(name for name, named in session.inputs.files.items() if named)
    run.lint()
    if options.list_specs:
        return run.list_specs()
    if options.write_baseline is not None:
        return run.write_baseline()
    return run.end()


def _session(options: Options, make: Callable[..., Session], report: Report) -> Session:
    """Return a session that finds out what the report and the other output need."""
    is_new_baseline = options.write_baseline is not None
    return make(
        SettingsFinder(given(options), options.config, options.isolated),
        options.max_file_size,
        with_edits=report.with_edits,
        with_fingerprints=report.with_fingerprints or is_new_baseline or options.is_fixing,
        with_specs=options.list_specs,
        with_baseline=not is_new_baseline,
    )


def _find_files(session: Session, options: Options) -> list[tuple[str, str]]:
    """Find the files to lint; return the named paths that cannot be read, each with the reason."""
    refused: list[tuple[str, str]] = []

    def skipped(name: str, why: str, named: bool) -> None:
        if named:
            refused.append((name, why))
        elif options.verbose:
            warn(f"{name} is skipped: {why}")

    session.inputs.find(
        options.paths or ["."],
        empty=lambda path: warn(f"{path} holds no files to lint") if options.paths[1:] else None,
        skipped=skipped,
    )
    for ignoring, path in session.inputs.ignore_work.ended.items():
        warn(
            f"{ignoring} is not applied to {path} and the paths after it: matching its patterns against each "
            "path takes too long"
        )
    return refused


def _list_files(session: Session, refused: list[tuple[str, str]]) -> int:
    """Print the names of the files that would be linted."""
    print("\n".join(printed(name) for name in session.inputs.files))
    note_errors(refused)
    return FAILED if refused else CLEAN


class _Run:
    """A run of `check` or `job`: the options, the session, the report and the findings."""

    def __init__(self, options: Options, session: Session, report: Report) -> None:
        self._options = options
        self._session = session
        self._report = report
        # Made even if there is nothing to lint, so that a bad setting is always an error.
        first = next(iter(session.inputs.files), "")
        self.outcome = Outcome(session.linter_of(session.settings.of(first)).model)
        self.outcome.sought = session.sought
        # The files whose findings are all known.
        self._judged: list[str] = []
        self._hints: set[str] = set()

    # ------------------------------------------------------------ linting

    def lint(self) -> None:
        """Lint and report the files."""
        count = len(self._session.inputs.files)
        results = self._results()
        if count > 1 and sys.stderr.isatty() and not self._options.quiet:
            from algolint.cli import progress

            results = progress.counted(results, count)
        if not self._options.list_specs:
            results = self._with_jobs(results)
        for result in results:
            self._take(result)

    def _results(self) -> Iterator[Result]:
        inputs, options = self._session.inputs.files, self._options
        jobs = 1 if options.is_fixing or options.add_ignore or "-" in inputs else options.jobs
        if jobs != 1 and (jobs is not None or len(inputs) > _MANY):
            from algolint.runs import parallel

            yield from parallel.lint(self._session, jobs)
            return
        for name, named in inputs.items():
            yield self._of_standard_input() if name == "-" else self._of_file(self._session, name, named)

    def _of_file(self, session: Session, name: str, named: bool) -> Result:
        """Lint or fix a file, or suppress its findings, depending on the options."""
        if self._options.is_fixing:
            from algolint.cli import fixes

            return fixes.fixed_file(session, name, named, self._options)
        if self._options.add_ignore:
            from algolint.cli import ignores

            return ignores.added(session, name, named, self._options.max_file_size)
        return session.lint(name, named)

    def _of_standard_input(self) -> Result:
        options, name = self._options, self._options.stdin_filename
        result = Result(name)
        data = b""
        try:
            data = standard_input(options.max_file_size)
            source = decoded(name, data, options.max_file_size)
        except SourceSyntaxError as fault:
            if options.is_fixing and not options.diff:
                # The user may replace the input by the output, which must not lose it.
                sys.stdout.buffer.write(data)
            return self._session.lint(name, True, fault=fault)
        except UnreadableSource as error:
            result.error = str(error)
            return result
        if options.is_fixing:
            from algolint.cli import fixes

            return fixes.fixed_input(self._session, name, source, options)
        result = self._session.lint(name, True, source)
        result.source = source
        return result

    def _with_jobs(self, results: Iterator[Result]) -> Iterator[Result]:
        """Yield the results, last those of files that may contain jobs, with the findings in these."""
        # By AlgorithmName; nothing else is kept of a file without findings.
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

            yield from judged(self._session, held, places, self._of_jobs)

    def _of_jobs(self, jobs: Session, result: Result) -> Result:
        """Lint, fix or suppress the jobs of a file, depending on the options."""
        if self._options.is_fixing:
            from algolint.cli import fixes

            return fixes.fixed_jobs(self._session, jobs, result, self._options)
        if result.source is not None:
            return jobs.lint(result.name, False, result.source)
        return self._of_file(jobs, result.name, False)

    def _take(self, result: Result) -> None:
        """Report and count a result."""
        outcome = self.outcome
        if result.hint is not None:
            from algolint.diagnostic import NotRead

            outcome.specs.append(NotRead(result.name, result.hint))
            if result.hint not in self._hints:
                self._hints.add(result.hint)
                warn(f"{result.name} is skipped: {result.hint}")
        if result.note is not None and self._options.verbose:
            warn(f"{result.name} is skipped: {result.note}")
        if result.was_read:
            self._judged.append(result.name)
        if result.diagnostics:
            outcome.failing += self._session.failing(result)
            if self._options.write_baseline is None:
                from algolint.diagnostic import collapsed

                result.diagnostics = collapsed(result.diagnostics)
        _count(result, outcome)
        outcome.add(result.diagnostics, self._report.keeps)
        if not self._options.list_specs:
            self._report.add(result.diagnostics)

    # ------------------------------------------------------------ the end

    def list_specs(self) -> int:
        """Print the location and the shape of each spec, and which parts of it are not known."""
        for spec in self.outcome.specs:
            known = spec.message
            if spec.shape and spec.message:
                known = f", {spec.unknown} is not known" if spec.unknown else f" in part, {spec.message}"
            print(f"{printed(spec.path)}:{spec.line}:{spec.column}: {spec.shape}{known}")
        note_errors(self.outcome.errors)
        return FAILED if self.outcome.errors else CLEAN

    def write_baseline(self) -> int:
        """Write the findings into baselines."""
        from algolint.cli import baselines

        path = self._options.write_baseline or None
        for line in baselines.written(self._session, self.outcome.diagnostics, self._judged, path):
            if not self._options.quiet:
                print(line)
        note_errors(self.outcome.errors)
        return FAILED if self.outcome.errors else CLEAN

    def end(self) -> int:
        """Finish the report, print the other output, and return the exit code."""
        outcome, options = self.outcome, self._options
        self._report.end(outcome)
        if options.statistics:
            for (name, severity), count in sorted(outcome.found.items(), key=lambda row: (-row[1], row[0])):
                tell(f"{count:5}  {severity:7}  {name}")
        if options.verbose:
            calls = counted(sum(outcome.skipped.values()), "rule call")
            names = ", ".join(f"{name} ({outcome.skipped[name]})" for name in sorted(outcome.skipped))
            by_rule = f": {names}" if names else ""
            warn(f"{outcome.model.revision}; {calls} left undecided by unknown values{by_rule}")
        note_errors(outcome.errors)
        self._print_leftovers()
        if outcome.errors:
            return FAILED
        if options.diff:
            failed = outcome.fixed > 0
        else:
            failed = outcome.failing > 0 or (options.fail_on_unknown and bool(outcome.unread))
        return PROBLEMS if failed and not options.exit_zero else CLEAN

    def _print_leftovers(self) -> None:
        """Print, or remove, entries of baselines and suppressions whose findings are gone."""
        options, session = self._options, self._session
        if options.prune_baseline:
            from algolint.cli import baselines

            for line in baselines.pruned(session, self._judged):
                if not options.quiet:
                    note(line)
        if options.quiet or self.outcome.errors:
            return
        if session.baselines and not options.prune_baseline:
            from algolint.cli import baselines

            for line in baselines.stale(session, self._judged):
                warn(line)
        for where, message in session.unused_suppressions(self.outcome.names):
            warn(f"{where}: {message}")


def _count(result: Result, outcome: Outcome) -> None:
    if result.is_spec:
        outcome.files += 1
        outcome.names.append(result.name)
    for name in result.skipped:
        outcome.skipped[name] = outcome.skipped.get(name, 0) + 1
    outcome.specs += result.specs
    outcome.suppressed += result.suppressed
    outcome.baselined += sum(result.baselined.values())
    if result.fixes is not None:
        outcome.fixed += result.fixes.fixed
        outcome.uncovered += result.fixes.uncovered
        outcome.left += result.fixes.left
    outcome.unproved += result.unproved
    if result.error is not None:
        outcome.errors.append((result.name, result.error))
    outcome.errors += [(result.name, crash) for crash in result.crashes]
