"""The error whose message is for the user."""

from __future__ import annotations


class UserError(Exception):
    """Raised when a request of the user cannot be fulfilled, with a message that gives the reason.

    Credentials in the message are masked.
    """

    def __init__(self, message: str) -> None:
        from algolint.secrets.redaction import masked

        super().__init__(masked(message))
