"""The error whose message is for the user, and the message for any other one."""

from __future__ import annotations

import os

ISSUES = "https://github.com/algolint/algolint/issues"


class UserError(Exception):
    """Raised when a request of the user cannot be fulfilled, with a message that gives the reason.

    Credentials in the message are masked.
    """

    def __init__(self, message: str) -> None:
        from algolint.secrets.redaction import masked

        super().__init__(masked(message))


def internal_error(error: BaseException) -> str:
    """Return the message for an unexpected exception, which is a bug of algolint."""
    if isinstance(error, MemoryError):
        return "ran out of memory"
    import traceback

    from algolint.secrets.redaction import masked

    *_, frame = traceback.extract_tb(error.__traceback__)
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    return f"failed in {where}: {type(error).__name__}: {masked(str(error))}; please report it at {ISSUES}"
