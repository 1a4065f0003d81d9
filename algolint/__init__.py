"""A linter for Amazon SageMaker CreateAlgorithm specs.

Here is a rule author's vocabulary. A rule file needs no other import:

    from algolint import Problem, rule
"""

from algolint.messages import counted, listed, meant, nearest, shown
from algolint.rule import Insert, Key, Problem, Quote, Related, Remove, Rename, Replace, Rule, rule
from algolint.spec.context import Context, channels_with_mode, input_mode, total_instances
from algolint.values import (
    UNKNOWN,
    PartialText,
    Undecided,
    certainly,
    differs,
    every,
    is_open,
    known_pieces,
    lacks,
    select,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.api import (
        RequestRejected,
        assert_metrics,
        guard,
        lint_file,
        lint_request,
        lint_text,
        metrics,
    )

__version__ = "0.1.0.dev0"
#: Whether this process is algolint's own, not a program that imports it. `__main__` sets it.
is_command_line = False

__all__ = [
    "UNKNOWN",
    "Context",
    "Insert",
    "Key",
    "PartialText",
    "Problem",
    "Quote",
    "Related",
    "Remove",
    "Rename",
    "Replace",
    "RequestRejected",
    "Rule",
    "Undecided",
    "assert_metrics",
    "certainly",
    "channels_with_mode",
    "counted",
    "differs",
    "every",
    "guard",
    "input_mode",
    "is_open",
    "known_pieces",
    "lacks",
    "lint_file",
    "lint_request",
    "lint_text",
    "listed",
    "meant",
    "metrics",
    "nearest",
    "rule",
    "select",
    "shown",
    "total_instances",
]

# The functions for programs, loaded when they are first asked for: the command line does without.
_API = frozenset(
    ("RequestRejected", "assert_metrics", "guard", "lint_file", "lint_request", "lint_text", "metrics")
)


def __getattr__(name: str) -> object:
    if name in _API:
        from algolint import api

        return getattr(api, name)
    raise AttributeError(f"module 'algolint' has no attribute {name!r}")
