"""What CONTRIBUTING shows works as written, and the locked versions fit the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

tomllib = pytest.importorskip("tomllib", reason="tomllib is part of Python 3.11 and newer")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example() -> str:
    block = re.search(r"```python\n(@rule.*?)\n```\n\nThen", CONTRIBUTING, re.DOTALL)
    assert block is not None
    return block[1]


@pytest.mark.slow
def test_the_example_rule_passes_the_checks_of_a_change(example: str, tmp_path: Path) -> None:
    for name in ("algolint", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "rules" / "tags.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\n{example}\n")
    for command in (
        ["mypy", "rules/tags.py"],
        ["ruff", "check", "rules"],
        ["ruff", "format", "--check", "rules"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def normalized(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_development_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["dev"], *extras["test"], *extras["benchmark"]]
    lock = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    locked = {normalized(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    names = {normalized(re.split(r"[^\w.-]", text)[0]) for text in asked}
    assert names - {"algolint"} <= locked, "run: nox -s lock"
    assert "://" not in lock, "the lock names no index: it is the machine's choice"
