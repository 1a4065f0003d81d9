"""The examples in docs/diff.md and docs/metrics.md: each command is run, and prints what the page shows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Run

#: A file that is written, a commit that is tagged, or a command that is run, in the order of the page.
STEP = re.compile(r"<!-- (file|run|tag): (.*?) -->\n(?:```\w+\n(.*?)```\n)?", re.DOTALL)


def steps(page: str) -> list[re.Match[str]]:
    return [*STEP.finditer(page)]


@pytest.mark.parametrize("name", ["diff", "metrics"])
def test_a_case_is_told_as_it_is(algolint: Run, tmp_path: Path, name: str, update: bool) -> None:
    """`pytest --update` writes the current output to the page."""
    path = ROOT / "docs" / f"{name}.md"
    page = path.read_text(encoding="utf-8")
    runs = 0
    # The page as it would be written, and where the rest of it begins.
    new, rest = "", 0
    for step in steps(page):
        kind, what, text = step.groups()
        if kind == "file":
            (tmp_path / what).write_text(text, encoding="utf-8")
        elif kind == "tag":
            tag(tmp_path, what)
        else:
            done = algolint(*what.split(), cwd=tmp_path)
            assert done.stderr == ""
            expected = f"$ algolint {what}\n{done.stdout}"
            assert update or text == expected
            new, rest = new + page[rest : step.start(3)] + expected, step.end(3)
            runs += 1
    assert runs >= 3
    if update:
        path.write_text(new + page[rest:], encoding="utf-8")


def tag(folder: Path, name: str) -> None:
    """Commit all files of a folder, and tag the commit."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "a"], ["tag", name]):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)


def test_the_log_of_the_case_is_a_real_one() -> None:
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    (log,) = (step[3] for step in steps(page) if step[2] == "train.log")
    assert log == (ROOT / "fixtures" / "logs" / "hugging_face_trainer.log").read_text(encoding="utf-8")
