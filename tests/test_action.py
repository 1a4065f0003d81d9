"""action.yml, its steps run by hand, and the workflow files."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import locations
import pytest
import yaml
from conftest import ROOT
from locations import POSIX, StepRun, run_step

ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of the action or of all jobs of a workflow."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    jobs = [data["runs"]] if path == ACTION else data["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_what_steps_use_is_pinned_and_their_scripts_hold_no_expressions(path: Path) -> None:
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"\./|[\w-]+/[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})", step["uses"])
        else:
            # What is in an expression would be read as part of the script.
            assert "${{" not in step["run"]


@POSIX
@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_the_scripts_of_steps_are_sound(path: Path, tmp_path: Path) -> None:
    for step in steps(path):
        if "run" in step:
            (tmp_path / "step.sh").write_text(step["run"])
            done = locations.run(locations.needs("bash"), "-n", "step.sh", cwd=tmp_path)
            assert done.returncode == 0, done.stderr


def test_workflows_state_what_they_may_do() -> None:
    assert {path.name for path in WORKFLOWS} == {"ci.yml", "model-update.yml", "release.yml"}
    for path in WORKFLOWS:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert data["permissions"]
        assert data[True]  # YAML 1.1 reads the key `on` as a boolean


def test_ci_runs_on_every_python_and_system() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    assert jobs["linux"]["strategy"]["matrix"]["python"] == ["3.10", "3.11", "3.12", "3.13", "3.14"]
    assert jobs["elsewhere"]["strategy"]["matrix"]["os"] == ["macos-latest", "windows-latest"]


def test_every_input_is_used_and_described() -> None:
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    text = json.dumps(action["runs"])
    for name, entry in action["inputs"].items():
        assert f"${{{{ inputs.{name} }}}}" in text
        assert entry["description"].endswith(".")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(action["inputs"])
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name in [*action["inputs"], *action["outputs"]]:
        assert f"| `{name}` |" in page


@pytest.mark.parametrize("name", ["ci", "editors", "pre-commit"])
def test_the_pages_show_yaml_that_parses_and_commands_that_exist(name: str) -> None:
    from algolint.cli.parser import check_parser

    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for language, block in blocks:
        if language == "yaml":
            assert yaml.safe_load(block)
    commands = re.findall(r"(?<!run )\balgolint ((?:--|-o|specs)[^`'\"|\n]*)", page)
    assert commands
    for command in commands:
        check_parser().parse_args(command.split())


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
            path, _, heading = target.partition("#")
            other = (page.parent / path).resolve() if path else page
            assert other.exists(), f"{page.name}: {target}"
            if heading and other.suffix == ".md":
                titles = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.MULTILINE)
                assert heading in {
                    re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles
                }


# ---------------------------------------------------------------- the steps, run by hand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return locations.write_folder(tmp_path / "work")


def lint(folder: Path, **inputs: str) -> StepRun:
    """Run the lint step in a folder; inputs with `_` for `-`."""
    scratch = folder.parent / "runner"
    program = locations.program_in(scratch / "bin") / "algolint"
    values = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    return run_step("lint", folder, scratch, values | {"steps.install.outputs.program": str(program)})


@POSIX
def test_the_annotations_are_where_the_findings_are(folder: Path) -> None:
    done = lint(folder)
    assert done.code == 1
    assert locations.annotated(done.stdout) == locations.spans_by_json(folder)
    assert done.outputs == {"exit-code": "1"}
    assert "in 2 files" in done.summary
    assert "::add-matcher::" not in done.stdout


@POSIX
def test_findings_are_annotated_once_with_a_report_too(folder: Path) -> None:
    done = lint(folder, sarif_file="out.sarif")
    assert done.code == 1
    assert locations.annotated(done.stdout) == locations.spans_by_json(folder)
    assert done.summary == lint(folder).summary
    assert done.outputs == {"exit-code": "1", "sarif-file": "./out.sarif"}
    results = json.loads((folder / "out.sarif").read_text())["runs"][0]["results"]
    locations_of = sorted(
        (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"])
        for result in results
        for region in [result["locations"][0]["physicalLocation"]["region"]]
    )
    assert locations_of == sorted(
        (span.finding.line, span.finding.column, span.end_line, span.end_column)
        for span in locations.spans_by_json(folder)
    )


@POSIX
def test_inputs_reach_algolint(folder: Path) -> None:
    (folder / "clean.yaml").write_text(locations.YAML_SPEC.splitlines()[2])
    paths = "  my specs \n\nalgorithm.yaml\n"
    assert len(locations.annotated(lint(folder, paths=paths).stdout)) == 6
    assert {span.finding.path for span in locations.annotated(lint(folder, paths="my specs").stdout)} == {
        "my specs/an odd algorithm (2).json"
    }
    chosen = lint(folder, args="--select unknown-field\n  --no-such-option", fail_on="warning")
    assert chosen.code == 2
    assert "--no-such-option" in chosen.stderr
    chosen = lint(folder, args="--select unknown-field")
    assert chosen.code == 0
    assert {span.finding.rule for span in locations.annotated(chosen.stdout)} == {"unknown-field"}
    assert lint(folder, args="--select unknown-field", fail_on="warning").code == 1
    assert "nonsense" in lint(folder, api_revision="nonsense").stderr
    assert lint(folder, region="eu-west-1").code == 1


@POSIX
def test_in_a_sub_folder_paths_are_those_of_the_repository(folder: Path) -> None:
    """As GitHub reads them, in annotations, the summary and SARIF."""
    (folder / "teams" / "one").mkdir(parents=True)
    spec = folder / "teams" / "one" / "algorithm.yaml"
    spec.write_text(locations.YAML_SPEC)
    done = lint(folder, working_directory="teams", paths="one", sarif_file="s.sarif")
    assert {span.finding.path for span in locations.annotated(done.stdout)} == {"teams/one/algorithm.yaml"}
    assert "teams&#47;one&#47;algorithm&#46;yaml" in done.summary
    assert done.outputs["sarif-file"] == "teams/s.sarif"
    results = json.loads((folder / "teams" / "s.sarif").read_text())["runs"][0]["results"]
    addresses = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
    assert addresses == {"teams/one/algorithm.yaml"}
    assert done.code == 1


@POSIX
def test_the_action_lints_once(folder: Path, tmp_path: Path) -> None:
    """A mistake in the options is reported once."""
    for name in ("", "s.sarif"):
        done = lint(folder, args="--no-such-option", sarif_file=name)
        assert done.code == 2
        assert done.stderr.count("--no-such-option") == 1
        assert done.outputs == {"exit-code": "2"}
    assert not (folder / "s.sarif").exists()
    program = tmp_path / "count"
    program.write_text(f'#!/bin/sh\necho x >> "{tmp_path}/runs"\n')
    program.chmod(0o755)
    values = {"inputs.sarif-file": "s.sarif", "steps.install.outputs.program": str(program)}
    run_step("lint", folder, tmp_path / "runner", values)
    assert (tmp_path / "runs").read_text() == "x\n"


@POSIX
@pytest.mark.parametrize("name", ["paths", "args", "api-revision", "region", "fail-on", "sarif-file"])
def test_an_input_is_never_a_command(name: str, folder: Path) -> None:
    bad = '$(touch hacked) `touch hacked`; touch hacked & "; touch hacked #\n*'
    lint(folder, **{name.replace("-", "_"): bad})
    assert not (folder / "hacked").exists()


@POSIX
def test_a_path_is_never_an_option_or_a_subcommand(folder: Path) -> None:
    done = lint(folder, paths="--exit-zero\nrules")
    assert done.code == 2
    assert "--exit-zero" in done.stdout + done.stderr


@POSIX
def test_what_could_not_be_done_is_an_annotation(folder: Path) -> None:
    done = lint(folder, paths="absent.yaml", sarif_file="no/such/folder/x.sarif")
    assert done.code == 2
    assert done.outputs["exit-code"] == "2"
    assert "::error file=absent.yaml" in done.stdout


@POSIX
@pytest.mark.slow
def test_the_install_step_makes_a_program_that_runs(folder: Path, tmp_path: Path) -> None:
    locations.needs_package_index()
    values = {
        "steps.python.outputs.python-path": sys.executable,
        "github.action_path": str(locations.copy_of_package(tmp_path / "action")),
    }
    without_tree = {"PYTHONPATH": ""}
    done = run_step("install", folder, tmp_path / "runner", values, without_tree)
    assert done.code == 0, done.stderr
    program = done.outputs["program"]
    assert os.access(program, os.X_OK)
    values = {"steps.install.outputs.program": program}
    ran = run_step("lint", folder, tmp_path / "lint", values, without_tree)
    assert locations.annotated(ran.stdout) == locations.spans_by_json(folder)


@POSIX
@pytest.mark.slow
def test_the_install_step_takes_a_version(folder: Path, tmp_path: Path) -> None:
    """What pip is asked for; the package index need not have it."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nmkdir -p "$3/bin"\ncp "$0.pip" "$3/bin/python"\n')
    (tmp_path / "python.pip").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    for program in (python, tmp_path / "python.pip"):
        program.chmod(0o755)
    for version, wanted in (("1.2.3", "algolint==1.2.3"), ("", "/the/action")):
        values = {"steps.python.outputs.python-path": str(python), "github.action_path": "/the/action"}
        done = run_step("install", folder, tmp_path / "runner", values | {"inputs.version": version})
        assert done.code == 0, done.stderr
        assert done.stdout.splitlines()[-1] == wanted
