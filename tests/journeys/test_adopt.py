"""A journey: a repository with a legacy takes up algolint, and its baseline stays right from everywhere."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

pytestmark = pytest.mark.new_process

# Two errors each, and an info where that is shown.
FAULTY = "AlgorithmName: a b\nTrainingSpecification: ${T}\nTags:\n  - {Key: team, Value: 'x, y'}\n"
TERRAFORM = 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "a b"\n  training_specification = var.t\n}\n'


def summary(done: subprocess.CompletedProcess[str]) -> str:
    """The line that counts; the places of specs that are not known follow it."""
    return next(line for line in done.stdout.splitlines() if not line.startswith("  "))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three teams with a spec in YAML each, one with Terraform too; the configuration names a baseline."""
    for team in ("one", "two", "three"):
        folder = tmp_path / "teams" / team / "forecaster"
        folder.mkdir(parents=True)
        (folder / "algorithm.yaml").write_text(FAULTY)
    (tmp_path / "teams" / "two" / "main.tf").write_text(TERRAFORM)
    (tmp_path / "ci").mkdir()
    (tmp_path / "algolint.toml").write_text('baseline = "ci/known.json"\n')
    (tmp_path / ".git").mkdir()
    return tmp_path


def entries(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((root / "ci" / "known.json").read_text())["entries"]
    return found


def errors(done: subprocess.CompletedProcess[str]) -> int:
    return done.stdout.count(": error: ")


def test_a_legacy_is_adopted(algolint: Run, repository: Path) -> None:
    """Baseline, first fix, new fault, prune, a moved file; the editor sees the same."""
    assert errors(algolint(".")) == 0
    assert "ci/known.json: No such file or directory; create it with --write-baseline" in algolint(".").stderr
    done = algolint("--write-baseline")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "7 findings written to ci/known.json (7 added, 0 removed, 0 kept)\n"
    assert {row["path"] for row in entries(repository)} == {
        "../teams/one/forecaster/algorithm.yaml",
        "../teams/three/forecaster/algorithm.yaml",
        "../teams/two/forecaster/algorithm.yaml",
        "../teams/two/main.tf",
    }
    assert summary(algolint(".")) == "no problems in 4 files (7 in the baseline, 4 specs not known)"
    assert errors(algolint("--baseline=", ".")) == 7

    # Writing it again changes nothing, and is not disturbed by the baseline.
    before = (repository / "ci" / "known.json").read_bytes()
    assert "(0 added, 0 removed, 7 kept)" in algolint("--write-baseline").stdout
    assert (repository / "ci" / "known.json").read_bytes() == before

    # Somebody fixes one fault and adds another.
    spec = repository / "teams" / "one" / "forecaster" / "algorithm.yaml"
    spec.write_text(FAULTY.replace("x, y", "xy") + "  - {Key: '#', Value: z}\n")
    done = algolint(".")
    assert done.returncode == 1
    assert errors(done) == 1
    assert "algorithm.yaml:5:" in done.stdout
    assert "known.json: no longer found: tag-charset in ../teams/one/forecaster/algorithm.yaml" in done.stderr
    assert "--prune-baseline removes this entry" in done.stderr
    editor = algolint("-", "--stdin-filename", "algorithm.yaml", stdin=spec.read_text(), cwd=spec.parent)
    assert errors(editor) == 1

    done = algolint("--prune-baseline")
    assert done.returncode == 1
    assert "known.json: 1 removed, 6 kept" in done.stderr
    assert len(entries(repository)) == 6
    assert "no longer found" not in algolint(".").stderr

    # A file that is moved keeps its entries, and pruning writes down where it is.
    (repository / "teams" / "four").mkdir()
    spec = repository / "teams" / "three" / "forecaster" / "algorithm.yaml"
    moved = spec.rename(repository / "teams" / "four" / "algorithm.yaml")
    assert summary(algolint(str(moved))) == "no problems in 1 file (2 in the baseline, 1 spec not known)"
    assert "0 removed, 6 kept" in algolint("--prune-baseline", "teams/four").stderr
    assert [row["path"] for row in entries(repository)][:2] == ["../teams/four/algorithm.yaml"] * 2

    # Of a file that is deleted nothing is left.
    moved.unlink()
    assert "2 removed, 4 kept" in algolint("--prune-baseline").stderr


@pytest.mark.slow
def test_the_baseline_is_the_same_from_everywhere(algolint: Run, repository: Path) -> None:
    algolint("--write-baseline")
    written = (repository / "ci" / "known.json").read_bytes()
    link = repository.parent / f"{repository.name}-link"
    link.symlink_to(repository)
    teams = repository / "teams"
    for cwd, arguments, known in [
        (repository, [], 7),
        (repository, [str(repository)], 7),
        (teams / "two", [], 3),
        (teams / "two", ["main.tf"], 1),
        (teams / "two", ["../one"], 2),
        (repository.parent, [repository.name], 7),
        (Path("/"), [str(teams)], 7),
        (Path("/"), [str(link / "teams")], 7),
        (repository / "ci", ["--baseline", "known.json", "../teams"], 7),
        (Path("/"), ["--isolated", "--baseline", str(link / "ci" / "known.json"), str(teams)], 7),
    ]:
        done = algolint(*arguments, cwd=cwd)
        assert (done.returncode, done.stderr) == (0, ""), (cwd, arguments)
        assert f"({known} in the baseline," in done.stdout
    for cwd, name in [
        (teams / "two" / "forecaster", "algorithm.yaml"),
        (repository, "teams/two/forecaster/algorithm.yaml"),
        (Path("/"), str(teams / "two" / "forecaster" / "algorithm.yaml")),
    ]:
        done = algolint("-", "--stdin-filename", name, stdin=FAULTY, cwd=cwd)
        assert (done.returncode, summary(done)) == (
            0,
            "no problems in 1 file (2 in the baseline, 1 spec not known)",
        )
    for cwd, arguments in [(teams / "two", []), (Path("/"), [str(teams)]), (repository, ["teams/one"])]:
        done = algolint(*arguments, "--write-baseline", cwd=cwd)
        assert "(0 added, 0 removed, 7 kept)" in done.stdout
        assert (repository / "ci" / "known.json").read_bytes() == written


@pytest.mark.slow
def test_what_was_not_linted_is_kept(algolint: Run, repository: Path) -> None:
    """Other folders, other rules, per-file ignores, and files that cannot be read at the moment."""
    algolint("--write-baseline", "--show-info")
    everything = entries(repository)
    for arguments in (["teams/one"], ["--select", "tag-charset"], ["--ignore", "tag-*", "teams/two"], []):
        for option in ("--write-baseline", "--prune-baseline"):
            algolint(*arguments, option)
            assert entries(repository) == everything, (arguments, option)
    (repository / "algolint.toml").write_text(
        'baseline = "ci/known.json"\n[per-file-ignores]\n"teams/one/**" = ["pattern-mismatch"]\n'
    )
    broken = repository / "teams" / "two" / "forecaster" / "algorithm.yaml"
    broken.write_text("AlgorithmName: [\nTags: []\nTrainingSpecification: {}\n")
    for option in ("--write-baseline", "--prune-baseline"):
        algolint(option)
        assert entries(repository) == everything, option
    assert "no longer found" not in algolint(".").stderr


def test_each_configuration_has_its_own_baseline(algolint: Run, repository: Path) -> None:
    (repository / "teams" / "one" / "algolint.toml").write_text('baseline = "own.json"\n')
    done = algolint("--write-baseline")
    assert sorted(line.partition(" findings")[0] for line in done.stdout.splitlines()) == ["2", "5"]
    own = json.loads((repository / "teams" / "one" / "own.json").read_text())["entries"]
    assert {row["path"] for row in own} == {"forecaster/algorithm.yaml"}
    assert summary(algolint(".")) == "no problems in 4 files (7 in the baseline, 4 specs not known)"


def test_teams_without_a_baseline_are_not_in_the_way(algolint: Run, repository: Path) -> None:
    (repository / "teams" / "one" / "algolint.toml").write_text('baseline = "own.json"\n')
    (repository / "algolint.toml").unlink()
    done = algolint("--write-baseline")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "5 findings in 3 files not written: no baseline is configured there",
        "2 findings written to teams/one/own.json (2 added, 0 removed, 0 kept)",
    ]
    spec = repository / "teams" / "one" / "forecaster" / "algorithm.yaml"
    spec.write_text(FAULTY.replace("x, y", "xy"))
    done = algolint("--prune-baseline")
    assert (done.returncode, done.stderr) == (1, "teams/one/own.json: 1 removed, 1 kept\n")
    assert errors(done) == 5
    assert "no baseline is configured" in algolint("--prune-baseline", "teams/two").stderr


def test_the_baselines_of_two_branches_are_merged(algolint: Run, repository: Path) -> None:
    """Both branches add a fault in a file of their own: the lines of the file do not conflict."""
    file = repository / "ci" / "known.json"
    algolint("--write-baseline")
    versions = {"base": file.read_bytes()}
    for name, team in (("ours", "one"), ("theirs", "two")):
        spec = repository / "teams" / team / "forecaster" / "algorithm.yaml"
        spec.write_text(FAULTY + "  - {Key: '#', Value: z}\n")
        algolint("--write-baseline")
        versions[name] = file.read_bytes()
        spec.write_text(FAULTY)
        file.write_bytes(versions["base"])
    for name, data in versions.items():
        (repository / name).write_bytes(data)
    merged = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=repository, capture_output=True, check=True
    )
    file.write_bytes(merged.stdout)
    for team in ("one", "two"):
        spec = repository / "teams" / team / "forecaster" / "algorithm.yaml"
        spec.write_text(FAULTY + "  - {Key: '#', Value: z}\n")
    done = algolint(".")
    assert (done.returncode, done.stderr) == (0, "")
    assert "(9 in the baseline," in done.stdout


def test_nothing_else_is_overwritten_and_mistakes_are_explained(algolint: Run, repository: Path) -> None:
    (repository / "notes.json").write_text('{"some": "notes"}')
    for arguments, message in [
        (["--write-baseline", "notes.json"], "notes.json: not a readable baseline"),
        (["--write-baseline", "teams"], "teams: is a folder; give folders to lint before the option"),
        (["--isolated", "--write-baseline"], "no baseline is configured; name a file"),
        (["--isolated", "--prune-baseline"], "no baseline is configured; name one with --baseline"),
        (["--prune-baseline"], "ci/known.json: No such file or directory"),
    ]:
        done = algolint(*arguments)
        assert done.returncode == 2
        assert message in done.stderr
    assert (repository / "notes.json").read_text() == '{"some": "notes"}'
    (repository / "empty.json").write_text("")
    assert "7 findings written to empty.json" in algolint("--write-baseline", "empty.json").stdout


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_leaves_the_baseline_as_it_was(
    algolint: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    # Python 3.10 leaves half of the bytecode of what it imports first.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    algolint("--write-baseline")
    before = (repository / "ci" / "known.json").read_bytes()
    (repository / "teams" / "one" / "more.yaml").write_text(FAULTY)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        for arguments in (["--write-baseline"], ["--format", "json", "-o", "ci/report.json"]):
            done = algolint(*arguments)
            assert done.returncode == 2
            assert "File too large" in done.stderr
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (repository / "ci" / "known.json").read_bytes() == before
    assert os.listdir(repository / "ci") == ["known.json"]
