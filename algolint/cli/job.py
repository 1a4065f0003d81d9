"""`algolint job ALGORITHM REQUEST …`: checking requests against the algorithm that they use."""

from __future__ import annotations

from functools import partial

from algolint.cli.check import lint
from algolint.cli.options import Options
from algolint.cli.parser import check_parser
from algolint.compare.specs import read_specs, read_standard_input
from algolint.errors import UserError
from algolint.jobs.context import Algorithm
from algolint.jobs.recognition import algorithms_of
from algolint.runs.job_session import JobSession

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.aws.model import Model
    from algolint.config.effective import Settings
    from algolint.runs.job_session import Find

_ABOUT = (
    "Check requests for training jobs, tuning jobs, transform jobs, model packages and endpoint\n"
    "configurations against the algorithm that they use. ALGORITHM is a spec or a DescribeAlgorithm\n"
    "response. The options are those of check."
)


def job(arguments: Sequence[str]) -> int:
    """Check requests against an algorithm; return the exit code."""
    parser = check_parser()
    parser.prog = "algolint job"
    parser.usage = "algolint job ALGORITHM REQUEST [REQUEST ...] [OPTIONS]"
    parser.description, parser.epilog = _ABOUT, None
    options = parser.parse_intermixed_args(list(arguments), namespace=Options())
    name, *options.paths = [*options.paths] or [""]
    if not options.paths:
        raise UserError("give ALGORITHM and a REQUEST, as in: algolint job algorithm.yaml job.json")
    if name == "-" and "-" in options.paths:
        raise UserError("only one of ALGORITHM and REQUEST can be standard input")
    stdin = read_standard_input() if name == "-" else None
    # Only this process has the algorithm.
    options.jobs = 1

    def algorithms(_: Settings, model: Model) -> Find:
        specs = [Algorithm(spec) for spec in read_specs(name, model, stdin)]
        # Of a file with several, the one that a request names, or else the first.
        named = {spec.name: spec for spec in reversed(specs)}

        def find(request: Any) -> Algorithm:
            names = [algorithm.rpartition("/")[2] for algorithm in algorithms_of(request)]
            return next((named[algorithm] for algorithm in names if algorithm in named), specs[0])

        return find

    return lint(options, partial(JobSession, algorithms))
