"""`algolint job ALGORITHM REQUEST …`: requests that use an algorithm, judged against it."""

from __future__ import annotations

import sys

from algolint.aws.model import JOBS, Model
from algolint.cli.options import Options, UsageError
from algolint.cli.parser import check_parser
from algolint.compare.specs import SpecError, read_spec
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter, rules_for_jobs
from algolint.jobs.recognition import may_hold_job
from algolint.session import Session
from algolint.source import read_candidate, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from algolint.linter import Linter
    from algolint.rule import Rule
    from algolint.session import Settings
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

    def session(given: dict[str, Any], *rest: Any, **more: Any) -> JobSession:
        return JobSession(name, stdin, given, *rest, **more)

    return options, session


class JobSession(Session):
    """Lints requests against one algorithm: a file, or standard input. Raises `UsageError`."""

    def __init__(self, algorithm: str, stdin: bytes | None, *rest: Any, **more: Any) -> None:
        super().__init__(*rest, **more)
        self._name = algorithm
        self._stdin = stdin

    def read(self, name: str, named: bool) -> Source | None:
        if named:
            return read_file(name, self._max_file_size)
        return read_candidate(name, self._max_file_size, may_hold_job)

    def _first_party_rules(self) -> list[Rule]:
        return rules_for_jobs()

    def _made_linter(self, settings: Settings, rules: list[Rule], **options: Any) -> Linter:
        model = self.model_of(settings)
        try:
            algorithm = Algorithm(read_spec(self._name, model, self._stdin))
        except SpecError as error:
            raise UsageError(str(error)) from None
        jobs = Model(settings.get("api-revision"), JOBS)
        return JobLinter(jobs, model, algorithm, rules, **options)
