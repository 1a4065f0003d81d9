"""A journey: forty specs of three teams in five forms, linted from everywhere, by hooks and by the action."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import locations
import pytest
from conftest import ROOT, Run
from locations import POSIX, git, hook_here, pre_commit, run_step
from renderings import notebook, program, terraform

pytestmark = pytest.mark.new_process

SPEC: dict[str, Any] = json.loads((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_text())
TEAMS = ("forecasting", "ranking", "vision")
ROOT_CONFIGURATION = """\
api-revision = "latest"
exclude = ["**/vendor/**"]

[severity]
hp-default-and-required = "warning"
"""
RANKING = 'extend = "../../algolint.toml"\n\n[severity]\npattern-mismatch = "warning"\n'
VISION = 'extend = "../../algolint.toml"\nextend-ignore = ["pattern-mismatch"]\n'


def spec(number: int) -> dict[str, Any]:
    """Every second one has two faults, one of which the root's configuration makes a warning."""
    copy: dict[str, Any] = json.loads(json.dumps(SPEC))
    copy["AlgorithmName"] = f"algorithm-{number}"
    if number % 2:
        copy["AlgorithmName"] += "_"
        copy["TrainingSpecification"]["SupportedHyperParameters"][0]["IsRequired"] = True
    return copy


def as_yaml(value: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(value, sort_keys=False)


FORMS: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    ("algorithm.json", lambda value: json.dumps(value, indent=2)),
    ("algorithm.yaml", as_yaml),
    ("algorithm.tf", terraform),
    ("algorithm.ipynb", notebook),
    ("create_algorithm.py", program),
]


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("monorepo") / "repository"
    for number in range(40):
        name, written = FORMS[number % 5]
        folder = root / "teams" / TEAMS[number % 3] / f"algorithm-{number}"
        folder.mkdir(parents=True)
        (folder / name).write_text(written(spec(number)))
        (folder / "package.json").write_text('{"name": "service", "version": "1.0.0"}')
        (folder / "values.yaml").write_text("replicas: 2\nimage: {{ .Values.image }}\n")
    vendored = root / "teams" / "vision" / "vendor" / "algorithm.json"
    vendored.parent.mkdir()
    vendored.write_text(json.dumps(spec(1)))
    (root / "algolint.toml").write_text(ROOT_CONFIGURATION)
    (root / "teams" / "ranking" / "algolint.toml").write_text(RANKING)
    (root / "teams" / "vision" / "algolint.toml").write_text(VISION)
    locations.commit_all(root)
    return root


def expected() -> Counter[tuple[str, str, str]]:
    """(algorithm, rule, severity) of what is to be reported."""
    found: Counter[tuple[str, str, str]] = Counter()
    for number in range(1, 40, 2):
        name, team = f"algorithm-{number}", TEAMS[number % 3]
        found[name, "hp-default-and-required", "warning"] += 1
        if team != "vision":
            found[name, "pattern-mismatch", "warning" if team == "ranking" else "error"] += 1
    return found


def reported(rows: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    return Counter((Path(row["path"]).parent.name, row["rule"], row["severity"]) for row in rows)


@pytest.mark.slow
def test_the_findings_are_the_same_from_everywhere(algolint: Run, monorepo: Path) -> None:
    teams = monorepo / "teams"
    for cwd, paths in [
        (monorepo, []),
        (monorepo, ["teams"]),
        (teams, ["forecasting", "ranking", "vision"]),
        (teams / "vision", [".", "../ranking", "../forecasting"]),
        (Path("/"), [str(monorepo)]),
        (monorepo.parent, [str(teams)]),
        (monorepo, [str(path) for path in sorted(teams.glob("*/*/*"))]),
    ]:
        done = algolint("--format", "json", "--extend-ignore", "not-an-algorithm", *paths, cwd=cwd)
        report = json.loads(done.stdout)
        assert (done.returncode, done.stderr) == (1, ""), (cwd, paths)
        assert reported(report["diagnostics"]) == expected(), (cwd, paths)
        assert report["summary"]["files"] == 40


def test_each_team_sees_its_own(algolint: Run, monorepo: Path) -> None:
    codes = {}
    for team in TEAMS:
        done = algolint("--format", "json", cwd=monorepo / "teams" / team)
        codes[team] = done.returncode
        names = {name for name, _, _ in reported(json.loads(done.stdout)["diagnostics"])}
        assert names == {f"algorithm-{n}" for n in range(1, 40, 2) if TEAMS[n % 3] == team}
    assert codes == {"forecasting": 1, "ranking": 0, "vision": 0}


@pytest.mark.slow
def test_an_editor_sees_what_the_command_line_sees(algolint: Run, monorepo: Path) -> None:
    for path in sorted((monorepo / "teams").glob("*/algorithm-1?/*.*")):
        if path.name not in dict(FORMS):
            continue
        by_name = json.loads(algolint("--format", "json", path.name, cwd=path.parent).stdout)["diagnostics"]
        text = path.read_text()
        typed = algolint("--format", "json", "--stdin-filename", path.name, "-", stdin=text, cwd=path.parent)
        assert json.loads(typed.stdout)["diagnostics"] == by_name


@pytest.mark.slow
def test_the_hook_sees_the_files_of_a_commit(monorepo: Path) -> None:
    done = pre_commit(monorepo, hook_here("algolint"))
    whole = Counter((Path(f.path).parent.name, f.rule, f.severity) for f in locations.headlines(done.stdout))
    assert done.returncode == 1
    assert whole == expected()
    changed = monorepo / "teams" / "ranking" / "algorithm-31" / "algorithm.yaml"
    before = changed.read_text()
    try:
        changed.write_text(before + "# a comment\n")
        git(monorepo, "add", str(changed.relative_to(monorepo)))
        done = pre_commit(monorepo, hook_here("algolint", verbose=True), arguments=("run",))
        assert done.returncode == 0, "warnings alone"
        assert {Path(f.path).parent.name for f in locations.headlines(done.stdout)} == {"algorithm-31"}
    finally:
        git(monorepo, "reset", "--quiet", "--hard")


@POSIX
@pytest.mark.parametrize(("folder", "paths"), [(".", "."), ("teams", "."), ("teams/vision", "..")])
def test_the_action_annotates_the_same_in_each_working_directory(
    monorepo: Path, tmp_path: Path, folder: str, paths: str
) -> None:
    """Paths are those of the repository, in annotations and in SARIF."""
    program_name = locations.program_in(tmp_path / "bin") / "algolint"
    values = {
        "inputs.paths": paths,
        "inputs.working-directory": folder,
        "inputs.sarif-file": os.fspath(tmp_path / "out.sarif"),
        "steps.install.outputs.program": str(program_name),
    }
    done = run_step("lint", monorepo, tmp_path / "runner", values)
    assert done.code == 1
    spans = locations.annotated(done.stdout)
    assert (
        Counter((Path(s.finding.path).parent.name, s.finding.rule, s.finding.severity) for s in spans)
        == expected()
    )
    assert all((monorepo / span.finding.path).is_file() for span in spans)
    results = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    addresses = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}
    assert addresses == {span.finding.path for span in spans}
    assert "in 40 files" in done.summary


@pytest.mark.slow
def test_a_legacy_of_all_teams_is_recorded_once(algolint: Run, monorepo: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "known.json")
    algolint("--write-baseline", baseline, cwd=monorepo)
    for cwd, paths in [(monorepo, []), (Path("/"), [str(monorepo)]), (monorepo / "teams" / "vision", [".."])]:
        done = algolint("--baseline", baseline, *paths, cwd=cwd)
        assert done.returncode == 0
        assert f"({sum(expected().values())} in the baseline" in done.stdout
