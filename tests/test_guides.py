"""The guides in docs/ are correct: their files are written, and their commands run, as shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT, Run

from algolint.cli.parser import check_parser

GUIDES = ["adopting", "suppressions", "rules-of-your-own", "marketplace", "diff", "metrics", "jobs"]


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", GUIDES)
def test_links_lead_to_files(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page(name)):
        assert (ROOT / "docs" / target).exists(), target


@pytest.mark.parametrize("name", ["adopting", "suppressions"])
def test_options_exist(name: str) -> None:
    commands = [line for block in blocks(name, "sh") for line in block.splitlines()]
    commands += re.findall(r"`(algolint --[^`]+)`", page(name))
    assert commands
    for command in commands:
        check_parser().parse_intermixed_args(shlex.split(command, comments=True)[1:])


@pytest.mark.parametrize("name", ["adopting", "suppressions"])
def test_the_configurations_are_valid(algolint: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "algolint.toml").write_text("\n".join(blocks(name, "toml")))
    (tmp_path / "algolint-baseline.json").write_text("")
    done = algolint("config", "--show", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_suppressions_shown_suppress(algolint: Run, tmp_path: Path) -> None:
    block, script = blocks("suppressions", "yaml")
    for text in (block + "  TrainingChannels: []\n", script.replace(", …", "")):
        (tmp_path / "a.yaml").write_text(text)
        done = algolint("--format", "concise", "--show-info", "a.yaml", cwd=tmp_path)
        assert "image-" not in done.stdout
        assert "suppression" not in done.stdout
        assert "missing-field" in done.stdout
