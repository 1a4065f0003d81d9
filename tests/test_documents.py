"""README and docs/ as a reader follows them: each command is run, each configuration used, as written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Run
from locations import POSIX, commit_all, git, hooks, plain_environment, program_in

PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}
# Pages whose commands need what a clone has; tests/test_campaigns.py and tests/test_mutations.py run them.
FOR_DEVELOPERS = {"trust", "mutation-testing", "architecture"}
# The commands of these are run one after another, in a folder with the page's own files, by the journeys.
WALKED = {"rules-of-your-own"}
# Programs that need a network or an account, and what they print here.
RESPONSE = json.dumps(
    {"AlgorithmName": "a", "AlgorithmArn": "arn:aws:sagemaker:us-west-2:246618743249:algorithm/a"}
)
STUBS = {"aws": "answer", "docker": "log", "reviewdog": "", "pre-commit": "", "npm": "", "code": ""}
JOB = """\
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="j",
    AlgorithmSpecification={"AlgorithmName": "forecaster", "TrainingInputMode": "File"},
)
"""
SPEC = (ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```(?:{language})\n(.*?)^```$", PAGES[name], re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, str]]:
    """The command lines of the pages, each with its page."""
    for name in PAGES.keys() - FOR_DEVELOPERS - WALKED:
        for block in blocks(name, "sh"):
            yield from ((name, line) for line in block.splitlines() if line.strip())
        for block in blocks(name, "console"):
            yield from ((name, line[2:]) for line in block.splitlines() if line.startswith("$ "))
        prose = re.sub(r"^```.*?^```$", "", PAGES[name], flags=re.MULTILINE | re.DOTALL)
        yield from ((name, line) for line in re.findall(r"`(algolint [^`]+)`", prose))


# What installs or tests algolint itself; `.ci/run` does so in a copy of the tree. And what is not a whole command.
ELSEWHERE = re.compile(
    r"python3 -m venv|\.venv/bin/|algolint .*(?:\b[A-Z]{3,}\b|…|NAME)|algolint --fix -$|^algolint (?:diff|explain|job|metrics|server)(?: --[a-z-]+)*$"
)
COMMANDS = sorted({row for row in commands() if not ELSEWHERE.search(row[1])})


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the files that the pages name."""
    folder = tmp_path_factory.mktemp("documents") / "work"
    request = json.loads(SPEC)
    job = {
        "TrainingJobName": "j",
        "AlgorithmSpecification": {"AlgorithmName": "a", "TrainingInputMode": "File"},
    }
    files = {
        "algorithm.json": SPEC,
        "specs/algorithm.json": SPEC,
        "teams/forecasting/algorithm.json": SPEC,
        "algorithm.yaml": yaml.safe_dump(request, sort_keys=False),
        "other.yaml": yaml.safe_dump(request, sort_keys=False),
        "old.yaml": yaml.safe_dump(request, sort_keys=False),
        "new.yaml": yaml.safe_dump(request, sort_keys=False),
        "forecaster.yaml": yaml.safe_dump(request, sort_keys=False),
        "search.yaml": yaml.safe_dump(job),
        "jobs/job.yaml": yaml.safe_dump(job),
        "training-job.json": json.dumps(job),
        "tuning-job.json": json.dumps(job),
        "train.py": JOB,
        "notebook.ipynb": json.dumps(
            {"cells": [{"cell_type": "code", "source": JOB}], "metadata": {}, "nbformat": 4}
        ),
        "sentiment.yaml": yaml.safe_dump(request, sort_keys=False),
        "train.log": "validation:rmse=0.5;\n",
        "job.log": "validation:rmse=0.5;\n",
        "algolint-baseline.json": "",
        "algolint.toml": "",
        "acme/naming.py": blocks("README", "python")[0],
        "answer": json.dumps(request | json.loads(RESPONSE)),
        "log": "validation:rmse=0.5;\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    commit_all(folder)
    git(folder, "branch", "--move", "main")
    git(folder, "tag", "v2")
    return folder


@POSIX
@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=lambda value: value if " " in value else None)
def test_a_command_runs(page: str, line: str, workspace: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(workspace, work)
    programs = program_in(tmp_path / "bin")
    for name, output in STUBS.items():
        (programs / name).write_text(
            f"#!/bin/sh\n{f'cat {work / output}' if output else 'cat > /dev/null'}\n"
        )
        (programs / name).chmod(0o755)
    if " init" in line:
        (work / "algorithm.yaml").unlink()
    if "--prune-baseline" in line or line.endswith("--write-baseline"):
        (work / "algolint.toml").write_text('baseline = "algolint-baseline.json"\n')
        subprocess.run([programs / "algolint", "--write-baseline"], cwd=work, check=True, capture_output=True)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=work,
        env=plain_environment() | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), f"{page}: {line}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", sorted(PAGES.keys() - FOR_DEVELOPERS))
def test_a_configuration_is_used(algolint: Run, tmp_path: Path, name: str) -> None:
    for number, block in enumerate(blocks(name, "toml")):
        if "[project]" in block:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        for other in re.findall(r'^extend = "(.*)"$', block, re.MULTILINE):
            (folder / other).write_text("")
        (folder / "algolint.toml").write_text(block)
        done = algolint("config", cwd=folder)
        assert done.returncode == 0, done.stderr
        # Names of rules are looked up when something is linted; packs and folders are those of the journeys.
        if "plugins" in block or "rule-directories" in block or "baseline" in block:
            continue
        (folder / "a.json").write_text(SPEC)
        done = algolint("a.json", cwd=folder)
        # The profile for AWS Marketplace makes the flag of this spec an error.
        assert done.returncode == int("marketplace" in block), done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(PAGES))
def test_what_is_not_released_is_named_as_such(name: str) -> None:
    """A tag, an action or a package that does not exist yet."""
    names = re.search(r"@v0\.|rev: v0\.|/v0\.\d|pip install algolint|pip install '?algolint", PAGES[name])
    if names:
        assert "not released yet" in PAGES[name].replace("\n", " "), f"{name}: {names[0]}"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_what_yaml_uses_of_algolint_exists(name: str) -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    for block in blocks(name, "yaml"):
        for node in walked(yaml.safe_load(block)):
            if isinstance(node, dict) and str(node.get("uses", "")).startswith("algolint/"):
                assert set(node.get("with", {})) <= set(inputs)
            if isinstance(node, dict) and "hooks" in node and "algolint" in str(node.get("repo")):
                assert {hook["id"] for hook in node["hooks"]} <= hooks().keys()


def walked(value: object) -> Iterator[object]:
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from walked(child)


BOTO3 = """\
import botocore.session

def client(name):
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    made = botocore.session.get_session().create_client(name, region_name="us-west-2", **keys)
    made.meta.events.register("before-call.sagemaker.*", lambda **_: (type("R", (), {"status_code": 200})(), {}))
    return made
"""


def test_the_programs_of_the_python_page_run(workspace: Path, tmp_path: Path) -> None:
    """In their order, with a client that sends nothing."""
    pytest.importorskip("botocore")
    work = tmp_path / "work"
    shutil.copytree(workspace, work)
    (work / "boto3.py").write_text(BOTO3)
    (work / "deploy").mkdir()
    (work / "deploy" / "algolint.toml").write_text("")
    before = "import json\nrequest = json.load(open('algorithm.json'))\nalgorithm = request\ndef build_request(): return request\n"
    code = before + "\n".join(blocks("python", "python")) + "\ntest_the_request_is_right()\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=work,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
