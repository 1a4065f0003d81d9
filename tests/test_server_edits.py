"""A session of random edits, a small part of that in docs/trust.md: diagnostics are always those of a new
run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from language_client import NOTIFICATIONS, structured

from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from campaigns.editing import Client, Difference, EditedText, edit_at_random


class StrictClient(Client):
    """A client that parses the server's own messages with the protocol's types."""

    def receive(self) -> dict[str, Any]:
        message = super().receive()
        if message.get("method") in NOTIFICATIONS:
            structured(message, NOTIFICATIONS[message["method"]])
        return message


@pytest.mark.parametrize(("count", "seed"), [(60, 1), pytest.param(2000, 2, marks=pytest.mark.slow)])
def test_after_each_edit_the_diagnostics_are_those_of_a_fresh_lint(
    count: int, seed: int, tmp_path: Path
) -> None:
    with StrictClient(tmp_path) as client:
        counts, memory = edit_at_random(count, seed, client)
    # Both kinds of texts occurred, and the memory was measured.
    assert min(counts.values()) > count / 5
    assert len(memory) == 20


def test_a_difference_is_seen(tmp_path: Path) -> None:
    text = "AlgorithmName: {}\nTrainingSpecification: {{}}\n"
    with StrictClient(tmp_path) as client:
        document = EditedText(client, "a.yaml", text.format("-x"))
        assert document.check(Session(SettingsFinder({}, isolated=True)), 0)
        # The server is not told of this change.
        document.text.change({"text": text.format("x")})
        with pytest.raises(Difference, match="pattern-mismatch"):
            document.check(Session(SettingsFinder({}, isolated=True)), 0)
        client.end()
