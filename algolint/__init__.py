"""A linter for Amazon SageMaker CreateAlgorithm specs.

Here is a rule author's vocabulary. A rule file needs no other import:

    from algolint import Problem, rule
"""

from algolint.context import Context, broken_limit, channels_with_mode, input_mode, total_instances
from algolint.rule import Insert, Key, Problem, Quote, Related, Remove, Rename, Replace, Rule, rule
from algolint.values import UNKNOWN, Undecided, every, is_open, lacks, select
from algolint.wording import listed, meant, nearest, shown

__version__ = "0.1.0"

__all__ = [
    "UNKNOWN",
    "Context",
    "Insert",
    "Key",
    "Problem",
    "Quote",
    "Related",
    "Remove",
    "Rename",
    "Replace",
    "Rule",
    "Undecided",
    "broken_limit",
    "channels_with_mode",
    "every",
    "input_mode",
    "is_open",
    "lacks",
    "listed",
    "meant",
    "nearest",
    "rule",
    "select",
    "shown",
    "total_instances",
]
