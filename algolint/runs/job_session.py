"""Linting requests that use an algorithm: the run of `job`, and the jobs that `check` finds."""

from __future__ import annotations

import os
from collections import Counter

from algolint.aws.model import JOBS, Model
from algolint.compare.specs import SpecError, read_spec, spec_in
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter, rules_for_jobs
from algolint.jobs.recognition import algorithms_of
from algolint.linting.diagnosis import without_repetitions
from algolint.runs.session import Session
from algolint.source import SourceSyntaxError, UnreadableSource, read_candidate, read_file
from algolint.spec.structural_rules import unused_suppression
from algolint.syntaxes import may_hold_job, may_hold_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from typing import Any, TypeAlias

    from algolint.config.effective import Settings
    from algolint.linting.linter import Linter
    from algolint.rule import Rule
    from algolint.runs.session import Result
    from algolint.source import Source, Span

    # Returns the algorithm that a request is judged against, or None if it is not known.
    Find: TypeAlias = Callable[[Any], Algorithm | None]
    # The path of a file, or the source itself if it was not read from a file.
    SpecFile: TypeAlias = str | Source


class JobSession(Session):
    """Lints the requests of files that use an algorithm.

    `algorithms` takes the settings of a file and the model, and returns the function that finds the algorithm
    of each request.
    """

    sought = "requests that use an algorithm"

    def __init__(self, algorithms: Callable[[Settings, Model], Find], *rest: Any, **more: Any) -> None:
        super().__init__(*rest, **more)
        self._algorithms = algorithms

    def read(self, name: str, named: bool) -> tuple[Source | None, bool]:
        if named:
            return read_file(name, self._max_file_size), False
        return read_candidate(name, self._max_file_size, lambda text: may_hold_job(name, text)), False

    def _may_hold_job(self, name: str, text: Container[str]) -> bool:  # noqa: ARG002
        return False

    def _lint(self, name: str, named: bool, source: Source | None, fault: SourceSyntaxError | None) -> Result:
        result = super()._lint(name, named, source, fault)
        if result.specs:
            # A comment may suppress a finding that only an unknown value keeps from being made.
            result.diagnostics = [d for d in result.diagnostics if d.rule is not unused_suppression]
        return result

    def _shares_comments(self, source: Source) -> bool:
        return may_hold_spec(source.name, source.text)

    def _first_party_rules(self) -> list[Rule]:
        return rules_for_jobs()

    def _made_linter(self, settings: Settings, rules: list[Rule], **options: Any) -> Linter:
        model = self.model_of(settings)
        jobs = Model(settings.get("api-revision"), JOBS)
        return JobLinter(jobs, model, rules=rules, find=self._algorithms(settings, model), **options)


def by_name(algorithm: Callable[[str], Algorithm | None]) -> Find:
    """Return a function that finds a request's algorithm by the name or ARN in it, once for each name."""
    known: dict[str, Algorithm | None] = {}

    def find(request: Any) -> Algorithm | None:
        names = algorithms_of(request)
        if len(names) != 1:
            return None
        (name,) = names
        if name not in known:
            known[name] = algorithm(name)
        return known[name]

    return find


# ---------------------------------------------------------------- the jobs that check finds


def judged(
    session: Session,
    held: Iterable[Result],
    specs: dict[str, SpecFile | None],
    lint: Callable[[Session, Result], Result],
) -> Iterator[Result]:
    """Yield the results of files that may hold jobs, with the findings that `lint` makes of the jobs added.

    `specs` maps the name of each algorithm of the run to the file that defines it, or to None if several do.
    A job is judged against its algorithm if the configuration's `algorithms` names it, or exactly one file
    of the run defines it. Raises `ConfigurationError`.
    """

    def algorithms(settings: Settings, model: Model) -> Find:
        return by_name(lambda name: _algorithm(name, settings, model, specs))

    jobs = JobSession(algorithms, *session.arguments)
    jobs.inputs = session.inputs
    for result in held:
        found = lint(jobs, result)
        if found.is_spec:
            add(result, found)
            session.take_in(result)
            result.is_partly_judged = result.is_partly_judged and not _walks_all(session, result.name)
        yield result


def _walks_all(session: Session, name: str) -> bool:
    """Whether the run looks through all that the baseline of a file, or its configuration, is about."""
    settings = session.settings.of(name)
    baseline = settings.path("baseline")
    folder = os.path.dirname(os.path.abspath(baseline)) if baseline else settings.configuration.folder
    return session.inputs.walks(folder)


def _algorithm(
    name: str, settings: Settings, model: Model, specs: dict[str, SpecFile | None]
) -> Algorithm | None:
    found = configured(name, settings, model)
    short = name.rpartition("/")[2]
    file = specs.get(short)
    if found is not None or file is None:
        return found
    try:
        source = read_file(file, os.path.getsize(file)) if isinstance(file, str) else file
        return Algorithm(spec_in(source, model, short))
    except (SpecError, SourceSyntaxError, UnreadableSource):
        return None


def configured(name: str, settings: Settings, model: Model) -> Algorithm | None:
    """Return the algorithm in the file that `algorithms` gives for a name or ARN, or None if it gives none.

    Raises `ConfigurationError` if the file has no algorithm.
    """
    short = name.rpartition("/")[2]
    paths = dict(settings.paths("algorithms"))
    path = paths.get(name, paths.get(short))
    if path is None:
        return None
    try:
        return Algorithm(read_spec(path, model, algorithm=short))
    except SpecError as error:
        raise settings.error("algorithms", f"algorithms: {error}") from None


def add(result: Result, jobs: Result) -> None:
    """Add the result of a file's jobs to the result of its specs."""
    if result.is_other:
        # The only diagnostic says that the file is not a spec.
        result.diagnostics = []
        if result.fixes is not None:
            result.fixes.left = 0
    elif result.is_spec:
        # A comment is unused if it suppresses nothing in either result.
        unused = _unused(result) & _unused(jobs)
        for one in (result, jobs):
            one.diagnostics = [
                diagnostic
                for diagnostic in one.diagnostics
                if diagnostic.rule is not unused_suppression
                or (one is result and diagnostic.location.span in unused)
            ]
    result.is_spec, result.is_other = True, False
    # Both report a file that cannot be read, and the faults of values that they share.
    result.diagnostics = sorted(
        without_repetitions([*result.diagnostics, *jobs.diagnostics]),
        key=lambda d: (d.location.span, d.rule.name, d.message),
    )
    result.error = result.error or jobs.error
    result.is_partly_judged = bool(jobs.specs)
    if result.fixes is None:
        result.fixes = jobs.fixes
    elif jobs.fixes is not None:
        result.fixes.add(jobs.fixes)
    for count in ("suppressed", "skipped", "unlisted", "unproved"):
        setattr(result, count, getattr(result, count) + getattr(jobs, count))
    result.used_ignores |= jobs.used_ignores
    result.baselined = Counter(result.baselined) + Counter(jobs.baselined)
    result.crashes += jobs.crashes


def _unused(result: Result) -> set[Span]:
    """Return the spans of the comments that suppress nothing."""
    return {d.location.span for d in result.diagnostics if d.rule is unused_suppression}
