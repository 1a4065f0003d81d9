"""The check of the form of messages itself: what it lets pass, and what it says of the rest."""

from __future__ import annotations

import pytest
from message_form import wrong_form


@pytest.mark.parametrize(
    "message",
    [
        "trailing comma before '}'",
        "'a' is not a field; did you mean 'b'?",
        "MaxWaitTimeInSeconds is 1, below MaxRuntimeInSeconds, 2",
        "IsTunable is true, and there is no Range",
        "Gzip works in Pipe mode only",
        "300 characters; the limit is 256",
        "text such as '. A sentence' is quoted ...",
        "ml.m5.large no longer exists",
    ],
)
def test_good_messages(message: str) -> None:
    assert wrong_form(message) == ""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Something is wrong", "start in lower case"),
        ("something is wrong.", "no full stop"),
        ("'a' is wrong. Change it", "joined with ';'"),
        ("did you mean 'a'?; change it", "joined with ';'"),
        ("'a' is no number", "'is no '"),
        ("'a' stands twice", "'stands'"),
        ("one\nline", "one line"),
        ("two  spaces", "surplus spaces"),
    ],
)
def test_bad_messages(message: str, said: str) -> None:
    assert said in wrong_form(message)
