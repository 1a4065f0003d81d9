"""The guides in docs/ do what they say: their files are written, and their commands run, as written there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run

from algolint.cli.parser import check_parser

GUIDES = ["adopting", "suppressions", "rules-of-your-own", "marketplace", "diff", "metrics"]


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
    (block,) = blocks("suppressions", "yaml")
    (tmp_path / "a.yaml").write_text(block + "  TrainingChannels: []\n")
    done = algolint("--format", "concise", "--show-info", "a.yaml", cwd=tmp_path)
    assert "image-" not in done.stdout
    assert "suppression" not in done.stdout


RULE, TEST = blocks("rules-of-your-own", "python")
CONFIGURATION, PROJECT, PLUGINS = blocks("rules-of-your-own", "toml")
SPEC = '{"AlgorithmName": "forecaster", "TrainingSpecification": "${X}"}'


def test_a_rule_in_a_folder_is_run_and_tested(algolint: Run, tmp_path: Path) -> None:
    folder = tmp_path / "lint" / "acme"
    folder.mkdir(parents=True)
    (folder / "naming.py").write_text(RULE)
    (tmp_path / "algolint.toml").write_text(CONFIGURATION)
    (tmp_path / "a.json").write_text(SPEC)
    done = algolint("--format", "concise", "a.json", cwd=tmp_path)
    assert "'forecaster' does not begin with acme- [acme/name-prefix]" in done.stdout
    (tmp_path / "test_rules.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_rules.py"]
    tests = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 passed" in tests.stdout, tests.stdout


@pytest.mark.slow
def test_a_pack_is_built_installed_and_selected(algolint: Run, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    (pack / "algolint_acme").mkdir(parents=True)
    (pack / "algolint_acme" / "__init__.py").write_text("")
    (pack / "algolint_acme" / "naming.py").write_text(RULE)
    (pack / "pyproject.toml").write_text(PROJECT)
    installed = tmp_path / "installed"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*command, "--target", str(installed), str(pack)], check=True)
    work = tmp_path / "work"
    work.mkdir()
    (work / "a.json").write_text(SPEC)
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    assert "acme" not in algolint("--format", "concise", "a.json", cwd=work, env=environment).stdout
    (work / "algolint.toml").write_text(PLUGINS)
    done = algolint("--format", "concise", "a.json", cwd=work, env=environment)
    assert "[acme/name-prefix]" in done.stdout
    done = algolint("--format", "concise", "--ignore", "acme/*", "a.json", cwd=work, env=environment)
    assert "acme/name-prefix" not in done.stdout
