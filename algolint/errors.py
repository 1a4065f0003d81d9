"""The error whose message is for the user."""

from __future__ import annotations


class UserError(Exception):
    """Raised when what the user asked for cannot be done; the message says why.

    Credentials in the message are masked.
    """

    def __init__(self, message: str) -> None:
        from algolint.secrets.redaction import masked

        super().__init__(masked(message))
