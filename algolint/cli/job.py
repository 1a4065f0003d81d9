"""`algolint job ALGORITHM REQUEST …`, and the jobs that `check` finds beside their algorithm."""

from __future__ import annotations

import os
import sys

from algolint.aws.model import JOBS, Model
from algolint.cli.options import Options, UsageError
from algolint.cli.parser import check_parser
from algolint.compare.specs import SpecError, read_spec, spec_in
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter, rules_for_jobs
from algolint.jobs.recognition import algorithms_of, may_hold_job
from algolint.session import BadSetting, Session
from algolint.source import SourceSyntaxError, UnreadableSource, read_candidate, read_file
from algolint.spec.structural_rules import not_an_algorithm, unused_suppression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from algolint.linter import Linter
    from algolint.rule import Rule
    from algolint.session import Result, Settings
    from algolint.source import Source

_ABOUT = (
    "Check requests against the algorithm that they use: training jobs, tuning jobs, transform jobs, model\n"
    "packages and endpoint configurations. ALGORITHM is a spec or a DescribeAlgorithm response. The options\n"
    "are those of check."
)


def options_and_session(arguments: Sequence[str]) -> tuple[Options, Callable[..., Session]]:
    """Return what the arguments say, and what makes the session that lints. Raises `UsageError`."""
    parser = check_parser()
    parser.prog = "algolint job"
    parser.usage = "algolint job ALGORITHM REQUEST [REQUEST ...] [OPTIONS]"
    parser.description, parser.epilog = _ABOUT, None
    options = parser.parse_intermixed_args(list(arguments), namespace=Options())
    name, *options.paths = [*options.paths] or [""]
    if not options.paths:
        raise UsageError("give ALGORITHM and a REQUEST, as in: algolint job algorithm.yaml job.json")
    if name == "-" and "-" in options.paths:
        raise UsageError("only one of ALGORITHM and REQUEST can be standard input")
    stdin = sys.stdin.buffer.read() if name == "-" else None
    # A job is linted in this process: it has the algorithm.
    options.jobs = 1

    def session(*rest: Any, **more: Any) -> Session:
        return _OneAlgorithm(name, stdin, *rest, **more)

    return options, session


class JobSession(Session):
    """Lints the requests of files that use an algorithm."""

    def read(self, name: str, named: bool) -> Source | None:
        if named:
            return read_file(name, self._max_file_size)
        return read_candidate(name, self._max_file_size, may_hold_job)

    def _first_party_rules(self) -> list[Rule]:
        return rules_for_jobs()

    def _made_linter(self, settings: Settings, rules: list[Rule], **options: Any) -> Linter:
        model = self.model_of(settings)
        jobs = Model(settings.get("api-revision"), JOBS)
        return JobLinter(jobs, model, rules=rules, **self._algorithms(settings, model), **options)

    def _algorithms(self, settings: Settings, model: Model) -> dict[str, Any]:
        """Return the algorithm of all requests, or what finds that of each: see `JobLinter`."""
        raise NotImplementedError


class _OneAlgorithm(JobSession):
    """Judges all requests against one algorithm: a file, or standard input. Raises `UsageError`."""

    def __init__(self, name: str, stdin: bytes | None, *rest: Any, **more: Any) -> None:
        super().__init__(*rest, **more)
        self._name = name
        self._stdin = stdin

    def _algorithms(self, settings: Settings, model: Model) -> dict[str, Any]:  # noqa: ARG002
        try:
            return {"algorithm": Algorithm(read_spec(self._name, model, self._stdin))}
        except SpecError as error:
            raise UsageError(str(error)) from None


# ---------------------------------------------------------------- jobs that check finds


def judged(session: Session, held: Iterable[Result], files: dict[str, list[str]]) -> Iterator[Result]:
    """Yield the results of files that name an algorithm, with what their jobs get.

    `files` has the files of the run in which an algorithm of a name is. A job is judged where its algorithm
    is in one place only, or in the configuration's `algorithms`.
    """
    jobs = _NamedAlgorithms(files, *session.arguments)
    for result in held:
        found = jobs.lint(result.name, named=False)
        if found.is_spec:
            session.take_in(found)
            _add(result, found)
        yield result


def _add(result: Result, jobs: Result) -> None:
    """Add what the jobs of a file get to the result of its specs."""
    if result.is_other:
        # The file is no spec, but it is not another program's either.
        result.diagnostics = [d for d in result.diagnostics if d.rule is not not_an_algorithm]
        result.failing = 0
    elif result.is_spec:
        # What suppresses a finding of the spec is not unused.
        jobs.diagnostics = [d for d in jobs.diagnostics if d.rule is not unused_suppression]
    result.is_spec, result.is_other = True, False
    result.diagnostics = sorted(
        [*result.diagnostics, *jobs.diagnostics], key=lambda d: (d.location.span, d.rule.name, d.message)
    )
    for count in ("failing", "suppressed", "baselined", "skipped", "unlisted"):
        setattr(result, count, getattr(result, count) + getattr(jobs, count))
    result.crashes += jobs.crashes


class _NamedAlgorithms(JobSession):
    """Judges each request against the algorithm that it names."""

    def __init__(self, files: dict[str, list[str]], *rest: Any) -> None:
        super().__init__(*rest)
        self._files = files

    def _algorithms(self, settings: Settings, model: Model) -> dict[str, Any]:
        known: dict[str, Algorithm | None] = {}

        def algorithm(name: str) -> Algorithm | None:
            if name not in known:
                known[name] = self._algorithm(name, settings, model)
            return known[name]

        def find(request: Any) -> Algorithm | None:
            names = algorithms_of(request)
            return algorithm(names.pop()) if len(names) == 1 else None

        return {"algorithm": None, "find": find}

    def _algorithm(self, name: str, settings: Settings, model: Model) -> Algorithm | None:
        """Return the algorithm of a name or an ARN; None where it is not known. Raises `BadSetting`."""
        short = name.rpartition("/")[2]
        configured = settings.get("algorithms", {})
        for key in (name, short):
            if key in configured:
                path = os.path.join(settings.configuration.folder, configured[key])
                try:
                    return Algorithm(read_spec(path, model))
                except SpecError as error:
                    raise BadSetting(f"algorithms: {error} (from {settings.origin('algorithms')})") from None
        files = self._files.get(short, ())
        if len(files) != 1:
            return None
        try:
            return Algorithm(spec_in(read_file(files[0], self._max_file_size), model, files[0], short))
        except (SpecError, SourceSyntaxError, UnreadableSource):
            return None
