"""The hooks, with the real pre-commit in temporary git repositories."""

from __future__ import annotations

from pathlib import Path

import locations
import pytest
from conftest import sampled
from locations import git, hook_here, pre_commit

CLEAN = """\
AlgorithmName: demand
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/demand:1
  SupportedTrainingInstanceTypes: [ml.m5.large]
  TrainingChannels:
    - {Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
"""
FAULTY = CLEAN.replace("AlgorithmName: demand", "AlgorithmName: -demand  # kept")
# Quotes are what the service's own type asks for here: a safe fix.
FIXABLE = CLEAN.replace("AlgorithmName: demand", "AlgorithmName: 7  # kept")
# Only core rules, so that new rules do not change the expected findings.
CONFIGURATION = 'select = ["pattern-mismatch", "implicit-yaml-scalar", "not-an-algorithm"]\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "algolint.toml").write_text(CONFIGURATION)
    (folder / "algorithm.yaml").write_text(CLEAN)
    locations.commit_all(folder)
    return folder


def add(repository: Path, name: str, text: str) -> None:
    (repository / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / name).write_bytes(text.encode())
    git(repository, "add", name)


def test_a_clean_spec_passes(repository: Path) -> None:
    done = pre_commit(repository, hook_here("algolint"))
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


def test_a_faulty_spec_fails_with_its_findings(repository: Path) -> None:
    add(repository, "specs/my algorithm.yaml", FAULTY)
    done = pre_commit(repository, hook_here("algolint"))
    assert done.returncode == 1
    assert "exit code: 1" in done.stdout
    (finding,) = locations.headlines(done.stdout)
    assert finding == locations.by_json(repository)[0]
    assert (finding.path, finding.line, finding.column) == ("specs/my algorithm.yaml", 1, 16)


def test_in_github_actions_pre_commit_shows_the_report_for_people(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(repository, "algorithm.yaml", FAULTY)
    here = locations.plain_environment() | {"GITHUB_ACTIONS": "true"}
    monkeypatch.setattr(locations, "plain_environment", lambda: here)
    done = pre_commit(repository, hook_here("algolint"))
    assert len(locations.headlines(done.stdout)) == 1
    assert "::error" not in done.stdout


def test_fixing_changes_the_file_and_pre_commit_reports_it(repository: Path) -> None:
    add(repository, "algorithm.yaml", FIXABLE)
    done = pre_commit(repository, hook_here("algolint-fix"))
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert (repository / "algorithm.yaml").read_text() == FIXABLE.replace("7 ", '"7" ')
    git(repository, "add", "algorithm.yaml")
    assert pre_commit(repository, hook_here("algolint-fix")).returncode == 0


def test_the_hook_without_fix_changes_nothing(repository: Path) -> None:
    add(repository, "algorithm.yaml", FIXABLE)
    pre_commit(repository, hook_here("algolint"))
    assert (repository / "algorithm.yaml").read_text() == FIXABLE


def test_what_the_configuration_excludes_is_not_linted(repository: Path) -> None:
    add(repository, "old/algorithm.yaml", FAULTY)
    assert pre_commit(repository, hook_here("algolint")).returncode == 1
    (repository / "algolint.toml").write_text(CONFIGURATION + 'exclude = ["old/**"]\n')
    git(repository, "add", "algolint.toml")
    done = pre_commit(repository, hook_here("algolint"))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "args",
    [[], ["--ignore", "pattern-mismatch"], ["--extend-ignore=pattern-mismatch"], ["--extend-select=not-*"]],
    ids=" ".join,
)
def test_a_file_without_a_spec_is_not_reported_with_any_arguments(repository: Path, args: list[str]) -> None:
    add(repository, "algorithm-list.json", '{"algorithms": []}\n')
    add(repository, "my-algorithm.yml", "- just\n- text\n")
    done = pre_commit(repository, hook_here("algolint", args=args, verbose=True))
    assert done.returncode == 0, done.stdout
    assert locations.headlines(done.stdout) == []


@pytest.mark.parametrize("key", sampled(["TrainingSpec", "trainingSpecification", "TrainingSpecificaton"], 3))
def test_a_misspelt_key_does_not_pass(repository: Path, key: str) -> None:
    add(repository, "algolint.toml", "")
    add(repository, "algorithm.json", f'{{"AlgorithmName": "x", "{key}": {{}}}}\n')
    done = pre_commit(repository, hook_here("algolint"))
    assert done.returncode == 1, done.stdout
    assert f"'{key}' is not a field of CreateAlgorithm; did you mean 'TrainingSpecification'?" in done.stdout


def test_other_files_are_not_named_to_the_hook(repository: Path) -> None:
    add(repository, "package.json", "{")
    add(repository, "algorithm.txt", "{")
    git(repository, "rm", "--quiet", "algorithm.yaml")
    done = pre_commit(repository, hook_here("algolint"))
    assert done.returncode == 0
    assert "no files to check" in done.stdout


def test_only_staged_files_are_linted_in_a_commit(repository: Path) -> None:
    add(repository, "a-algorithm.yaml", FAULTY)
    git(repository, "commit", "--quiet", "--message", "before there was a hook")
    add(repository, "b-algorithm.yaml", CLEAN)
    assert pre_commit(repository, hook_here("algolint"), arguments=("run",)).returncode == 0


def test_both_hooks_are_declared_alike() -> None:
    lint, fix = locations.hooks()["algolint"], locations.hooks()["algolint-fix"]
    own = ("id", "name", "description", "entry")
    for hook in (lint, fix):
        assert set(own) < set(hook)
    assert [(key, lint[key]) for key in lint if key not in own] == [
        (key, fix[key]) for key in fix if key not in own
    ]
    assert fix["entry"] == lint["entry"].replace("algolint", "algolint --fix", 1)


@pytest.mark.slow
def test_an_installation_from_the_repository(repository: Path, tmp_path: Path) -> None:
    """`pre-commit try-repo` builds the environment that a user of the hooks gets."""
    locations.needs_package_index()
    offered = locations.copy_of_package(tmp_path / "algolint")
    locations.commit_all(offered)
    add(repository, "algorithm.yaml", FAULTY)
    add(repository, "algorithm-list.json", '{"algorithms": []}\n')
    done = locations.run(
        *locations.needs_pre_commit(),
        *("try-repo", offered, "--all-files", "--verbose", "--color=never"),
        cwd=repository,
        # Nothing of this tree may be used.
        env={"PRE_COMMIT_HOME": str(tmp_path / "home"), "PYTHONPATH": ""},
        timeout=600,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    finding = locations.by_json(repository)[0]
    assert locations.headlines(done.stdout) == [finding, finding]  # by each of the two hooks
