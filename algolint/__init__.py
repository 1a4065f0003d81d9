"""A linter for Amazon SageMaker CreateAlgorithm specs.

This module has the functions for programs, and what most rule files import:

    from algolint import Problem, rule
"""

import sys

from algolint.rule import Insert, Key, Problem, Quote, Related, Remove, Rename, Replace, Rule, rule

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
    from algolint.messages import counted, listed, meant, nearest, shown
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

__version__ = "0.1.0.dev0"
#: Whether this process is algolint's command line instead of a program that imports algolint; set by
#: `__main__`.
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

# Imported when first used. The command line does not need the functions for programs. Before importing the
# others it installs its module finder and puts garbage collection off, which saves 1.2 % of a clean run.
_MODULES = {
    "algolint.api": {"RequestRejected", "assert_metrics", "guard", "lint_file", "lint_request", "lint_text"}
    | {"metrics"},
    "algolint.messages": {"counted", "listed", "meant", "nearest", "shown"},
    "algolint.spec.context": {"Context", "channels_with_mode", "input_mode", "total_instances"},
    "algolint.values": {"UNKNOWN", "PartialText", "Undecided", "certainly", "differs", "every", "is_open"}
    | {"known_pieces", "lacks", "select"},
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            __import__(module)
            value = globals()[name] = getattr(sys.modules[module], name)
            return value
    raise AttributeError(f"module 'algolint' has no attribute {name!r}")
