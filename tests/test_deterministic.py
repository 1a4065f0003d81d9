"""The same input gives the same bytes, for every hash seed, number of processes, and order of files."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

from algolint.config.settings import FORMATS

pytestmark = pytest.mark.slow

SEEDS = ("0", "1", "4242", "random")
JOBS = ("1", "2", "7")
# Broken files, several documents in one file, and secrets, whose masking uses sets.
HARD = {
    "broken.json": '{"AlgorithmName": ',
    "secrets.yaml": "AlgorithmName: a\nInferenceSpecification:\n  Containers:\n    - Environment:\n"
    + "".join(f"        PASSWORD_{i}: q7Zr2LxV9sTb4KwM{'x' * (i % 3)}{i % 5}\n" for i in range(20)),
    "unknown.yaml": "AlgorithmName: a\nTags: []\n" + "".join(f"Algorithm{i}Nam: 1\n" for i in range(150)),
    "comments.yaml": "AlgorithmName: a b  # algolint: ignore[pattern-*, no-such, unknown-*]\nTags: [{}]\n",
}


def outcome(folder: Path, seed: str, *arguments: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "algolint", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of all fixtures, so that several processes have work."""
    folder = tmp_path_factory.mktemp("specs")
    files = [
        path for path in (ROOT / "fixtures").rglob("*") if path.suffix in (".json", ".yaml", ".py", ".ipynb")
    ]
    for copy in range(3):
        for path in files:
            target = folder / f"copy{copy}" / path.relative_to(ROOT / "fixtures")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for name, text in HARD.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("form", FORMATS)
def test_every_run_prints_the_same_bytes(folder: Path, form: str) -> None:
    arguments = ("--format", form, "--show-info", "--statistics", "--verbose", ".")
    runs: list[tuple[str, ...]] = [(seed, *arguments) for seed in SEEDS]
    runs += [("random", "--jobs", jobs, *arguments) for jobs in JOBS]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda run: outcome(folder, *run), runs))
    assert outcomes[0][0] == 1
    assert outcomes[0][1]
    for run, found in zip(runs, outcomes, strict=True):
        assert found == outcomes[0], run


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff", "--unsafe-fixes", "."),
        ("--list-files", "."),
        ("--write-baseline", "/dev/stdout", "."),
        ("rules", "--format", "json"),
        ("explain", "tag-duplicate-key"),
        ("schema", "--config"),
        ("completion", "bash"),
        ("--select", "no-such", "."),
    ],
    ids=lambda arguments: arguments[0],
)
def test_so_does_every_other_command(folder: Path, arguments: tuple[str, ...]) -> None:
    first, *others = (outcome(folder, seed, *arguments) for seed in SEEDS)
    assert all(other == first for other in others)


def test_a_long_running_process_reports_the_same_again(folder: Path) -> None:
    """The caches of a session for one file do not affect the next, in any order."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    alone = {name: outcome(folder, "1", "--format", "concise", name)[1] for name in names[::7]}
    together = outcome(folder, "2", "--format", "concise", *reversed(names))[1].splitlines()
    for name, text in alone.items():
        if b"not-an-algorithm" not in text:
            assert [line for line in together if line.startswith(f"{name}:".encode())] == text.splitlines()
