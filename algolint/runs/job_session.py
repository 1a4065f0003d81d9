"""A run over files with requests that use an algorithm, and the jobs that `check` finds beside theirs."""

from __future__ import annotations

import os

from algolint.aws.model import JOBS, Model
from algolint.compare.specs import SpecError, read_spec, spec_in
from algolint.config.effective import BadSetting
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

    # Returns the algorithm that a request is judged against; None where it is not known.
    Find: TypeAlias = Callable[[Any], Algorithm | None]
    # The path of a file, or its text where that is in no file.
    Place: TypeAlias = str | Source


class JobSession(Session):
    """Lints the requests of files that use an algorithm.

    `algorithms` returns what finds the algorithm of each request, for the settings of a file and the model of
    algorithms.
    """

    def __init__(self, algorithms: Callable[[Settings, Model], Find], *rest: Any, **more: Any) -> None:
        super().__init__(*rest, **more)
        self._algorithms = algorithms

    def read(self, name: str, named: bool) -> Source | None:
        if named:
            return read_file(name, self._max_file_size)
        return read_candidate(name, self._max_file_size, lambda text: may_hold_job(name, text))

    def leaves_jobs(self, name: str, text: Container[str]) -> bool:  # noqa: ARG002
        return False

    def _lint(self, name: str, named: bool, source: Source | None, fault: SourceSyntaxError | None) -> Result:
        result = super()._lint(name, named, source, fault)
        if result.specs:
            # A comment may be for a finding that depends on what is not known.
            result.diagnostics = [d for d in result.diagnostics if d.rule is not unused_suppression]
            self.count_failing(result)
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
    """Return what finds the algorithm of a request by the name or ARN in it; each name is asked for once."""
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


# ---------------------------------------------------------------- jobs that check finds


def judged(
    session: Session,
    held: Iterable[Result],
    places: dict[str, Place | None],
    lint: Callable[[Session, Result], Result],
) -> Iterator[Result]:
    """Yield the results of files that may hold jobs, with what `lint` gives of their jobs.

    `places` has the text of the run that has the algorithm of a name, None where there are several. A job is
    judged against its algorithm where that is in one place only, or in the configuration's `algorithms`.
    Raises `BadSetting`.
    """

    def algorithms(settings: Settings, model: Model) -> Find:
        return by_name(lambda name: _algorithm(name, settings, model, places))

    jobs = JobSession(algorithms, *session.arguments)
    jobs.inputs = session.inputs
    for result in held:
        found = lint(jobs, result)
        if found.is_spec:
            session.take_in(found)
            add(result, found)
            session.count_failing(result)
        yield result


def _algorithm(
    name: str, settings: Settings, model: Model, places: dict[str, Place | None]
) -> Algorithm | None:
    short = name.rpartition("/")[2]
    configured = settings.get("algorithms", {})
    for key in (name, short):
        if key in configured:
            path = os.path.join(settings.configuration.folder, configured[key])
            try:
                return Algorithm(read_spec(path, model))
            except SpecError as error:
                raise BadSetting(f"algorithms: {error} (from {settings.origin('algorithms')})") from None
    place = places.get(short)
    if place is None:
        return None
    try:
        source = read_file(place, os.path.getsize(place)) if isinstance(place, str) else place
        return Algorithm(spec_in(source, model, source.name, short))
    except (SpecError, SourceSyntaxError, UnreadableSource):
        return None


def add(result: Result, jobs: Result) -> None:
    """Add what the jobs of a file get to the result of its specs."""
    if result.is_other:
        # What was reported is that the file is not a spec.
        result.diagnostics, result.left = [], 0
    elif result.is_spec:
        # A comment is unused that suppresses nothing of either.
        unused = _unused(result) & _unused(jobs)
        for one in (result, jobs):
            one.diagnostics = [
                diagnostic
                for diagnostic in one.diagnostics
                if diagnostic.rule is not unused_suppression
                or (one is result and diagnostic.location.span in unused)
            ]
    result.is_spec, result.is_other = True, False
    # Both report that a file cannot be read, and what is wrong with a value that they share.
    result.diagnostics = sorted(
        without_repetitions([*result.diagnostics, *jobs.diagnostics]),
        key=lambda d: (d.location.span, d.rule.name, d.message),
    )
    result.error = result.error or jobs.error
    result.is_partly_judged = bool(jobs.specs)
    for count in ("suppressed", "baselined", "skipped", "unlisted", "unproved", "fixed", "uncovered", "left"):
        setattr(result, count, getattr(result, count) + getattr(jobs, count))
    result.crashes += jobs.crashes


def _unused(result: Result) -> set[Span]:
    """The comments that suppress nothing."""
    return {d.location.span for d in result.diagnostics if d.rule is unused_suppression}
