"""Limits of the readers: on depth, on the number of values and tokens, and on expanded references."""

from __future__ import annotations

from algolint import limits
from algolint.source import LimitExceeded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.source import Span


def too_deep(span: Span) -> LimitExceeded:
    """Return the error for a text that is nested too deeply, located at the first value that is."""
    return LimitExceeded(f"nested more than {limits.MAX_DEPTH} levels deep", span)


def too_many_values() -> LimitExceeded:
    """Return the error for a file with too many values."""
    return LimitExceeded(f"more than {limits.MAX_VALUES:,} values; refusing to read the file", (0, 0))


class Expansion:
    """The work left for expanding the references of a file, each of which may double the size."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = limits.MAX_EXPANDED_LENGTH

    def add(self, value: object) -> None:
        """Count an expanded value. Raises `LimitExceeded`."""
        self._left -= limits.EXPANDED_VALUE + (len(value) if isinstance(value, str) else 0)
        if self._left < 0:
            raise LimitExceeded(
                f"references expand to more than {limits.MAX_EXPANDED_LENGTH:,} characters", (0, 0)
            )


def check_tokens(text: str) -> None:
    """Raise `LimitExceeded` for a program with too many tokens."""
    if len(text) > limits.MAX_TOKENS:
        import re

        # Splitting removes white space faster than the regular expression skips it.
        words = re.finditer(r"\w+|[^\w\s]", " ".join(text.split()))
        if any(number == limits.MAX_TOKENS for number, _ in enumerate(words)):
            raise LimitExceeded(f"more than {limits.MAX_TOKENS:,} tokens; refusing to parse the file", (0, 0))


def check_tree(text: str) -> None:
    """Raise `LimitExceeded` for a text that tree-sitter would take too long to parse."""
    if len(text) > limits.MAX_TREE_LENGTH:
        raise LimitExceeded(f"more than {limits.MAX_TREE_LENGTH:,} characters; refusing to parse", (0, 0))
    check_tokens(text)
