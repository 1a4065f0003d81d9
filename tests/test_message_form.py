"""The check of the form of messages: what it accepts, and what it reports."""

from __future__ import annotations

import runpy

import pytest
from conftest import ROOT, needs_libyaml
from message_form import wrong_form

from algolint.compare.diff import first_party_rules
from algolint.jobs.linter import job_rules
from algolint.rule_files import all_rules


@pytest.mark.parametrize(
    "message",
    [
        "trailing comma before '}'",
        "'a' is not a field; did you mean 'b'?",
        "MaxWaitTimeInSeconds is 1, below MaxRuntimeInSeconds, 2",
        "IsTunable is true, and there is no Range",
        "Gzip works in Pipe mode only",
        "300 characters; the limit is 256",
        "1 of 2 channels has no Description; 31 keys are not fields",
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
        ("the name has 1 characters", "1 of a thing"),
        ("1 more keys are not fields", "1 of a thing"),
        ("1 of 2 channels have no Description", "1 of a thing"),
    ],
)
def test_bad_messages(message: str, said: str) -> None:
    assert said in wrong_form(message)


# ---------------------------------------------------------------- the page of all messages


@needs_libyaml
def test_the_page_of_messages_is_fresh(update: bool) -> None:
    """`pytest --update` and `tools/build_messages.py` rewrite it."""
    tool = runpy.run_path(str(ROOT / "tools" / "build_messages.py"))
    text = tool["page"]()
    if update:
        tool["PAGE"].write_text(text, encoding="utf-8")
    assert tool["PAGE"].read_text(encoding="utf-8") == text


def test_the_page_of_messages_has_every_rule() -> None:
    text = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    rules = (*all_rules(), *job_rules(), *first_party_rules())
    absent = {rule.name for rule in rules if f"[{rule.name}](" not in text}
    # These are about comments, which docs/suppressions.md shows.
    assert absent == {"malformed-suppression", "unused-suppression"}


def test_every_message_on_the_page_has_the_right_form() -> None:
    rows = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8").splitlines()
    messages = [row.split(" | ")[2] for row in rows if row.startswith("| ") and " | " in row][1:]
    assert len(messages) > 300
    for message in messages:
        assert wrong_form(message.replace("\\", "")) == "" or message == "message"
