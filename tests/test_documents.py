"""README and docs/ as readers use them: each command is run, and each configuration used, as written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run, sampled
from locations import (
    POSIX,
    commit_all,
    emacs,
    git,
    hooks,
    needs_pre_commit,
    plain_environment,
    program_in,
    vim,
    with_program,
)

from algolint.cli import options

PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}
# Commands that build or measure algolint itself. `.ci/run` runs the README's commands for installing and
# testing, and tests/test_campaigns.py those of the page on trust.
FOR_DEVELOPERS = {"trust", "mutation-testing", "architecture"}
# The commands on these pages run one after another, in a folder with the page's files, in the journeys.
WALKED = {"rules-of-your-own"}
# Programs that need a network or an account, and what they print here.
RESPONSE = json.dumps(
    {"AlgorithmName": "a", "AlgorithmArn": "arn:aws:sagemaker:us-west-2:246618743249:algorithm/a"}
)
STUBS = {
    "aws": "answer",
    "docker": "log",
    **dict.fromkeys(("reviewdog", "pre-commit", "npm", "code", "pip", "python3", "curl", "npx"), ""),
}
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
    """The command lines of the blocks, each with its page and the folder that it is run in."""
    for name in PAGES.keys() - FOR_DEVELOPERS - WALKED:
        for block in blocks(name, "sh"):
            folder = ""
            for line in filter(None, block.splitlines()):
                if line.startswith("cd "):
                    folder = f"{line} && "
                elif line not in INSTALLATION:
                    yield name, folder + line
        for block in blocks(name, "console"):
            yield from ((name, line[2:]) for line in block.splitlines() if line.startswith("$ "))


INSTALLATION = re.findall(r"<!-- (?:install|test) -->\n```sh\n(.*)\n```", PAGES["README"])
# A command in the text may be a noun, or have placeholders.
IN_TEXT = sorted(
    {
        (name, " ".join(words.split()))
        for name, page in PAGES.items()
        # That page describes commands that failed.
        if name != "trust"
        for words in re.findall(
            r"`(algolint [^`]+)`", re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
        )
    }
)
IS_NOUN = re.compile(r"algolint [a-z][a-z-]+|algolint --fix -")
PLACEHOLDER = re.compile(r"\b(?:RULE|FILE|FOLDER|OLD|NEW|NAME|REQUEST|SPEC)\b")
COMMANDS = sorted(
    {
        *commands(),
        *(row for row in IN_TEXT if not IS_NOUN.fullmatch(row[1]) and not PLACEHOLDER.search(row[1])),
    }
)


def scripts() -> Iterator[tuple[str, str]]:
    """The scripts in the pages' files for CI."""
    for name in PAGES.keys() - WALKED:
        for block in blocks(name, "yaml"):
            for node in walked(yaml.safe_load(block)):
                match node:
                    case {"run": str() as script}:
                        yield name, script
                    case {"script": [*lines]}:
                        yield name, "\n".join(lines)
        for block in blocks(name, "groovy"):
            yield name, "\n".join(re.findall(r"sh '(.+)'", block))


def walked(value: object) -> Iterator[object]:
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from walked(child)


SCRIPTS = sorted({*scripts()})
# The log has no metric, the job does not fit the algorithm, and the spec is not for a listing.
MAY_FIND = re.compile(r"algolint (?:job|metrics)\b|--marketplace")

# Blocks that other tests use: page and language, and where.
USED_ELSEWHERE = {
    ("README", "python"): "test_readme.test_the_rule_shown_works",
    ("diff", "text"): "test_worked_examples.test_a_case_is_told_as_it_is",
    ("diff", "yaml"): "test_worked_examples.test_a_case_is_told_as_it_is",
    ("metrics", "text"): "test_worked_examples.test_a_case_is_told_as_it_is",
    ("metrics", "yaml"): "test_worked_examples.test_a_case_is_told_as_it_is",
    ("jobs", "yaml"): "test_job.test_the_guide_shows_what_is_printed",
    ("suppressions", "yaml"): "test_guides.test_the_suppressions_shown_suppress",
    (
        "rules-of-your-own",
        "python",
    ): "journeys.test_pack.test_the_test_of_the_page_passes_and_fails_with_the_rule",
    ("rules-of-your-own", "sh"): "journeys.test_pack.test_the_commands_of_the_page_do_what_it_says",
    (
        "rules-of-your-own",
        "toml",
    ): "journeys.test_pack.test_a_pack_is_built_installed_selected_explained_and_suppressed",
    ("rules-of-your-own", "yaml"): "journeys.test_pack.test_the_workflow_of_the_page_is_one",
    ("trust", "sh"): "test_campaigns.test_a_long_command_has_options_and_files_that_exist",
    ("mutation-testing", "sh"): "test_campaigns.test_a_long_command_has_options_and_files_that_exist",
    # One of the two is for Neovim 0.11.
    ("editors", "lua"): "test_editor_walks.test_the_settings_of_the_guide_start_the_server_in_neovim",
}
# Languages and pages whose blocks the tests below use.
USED_HERE = {
    *(
        (name, language)
        for name in PAGES.keys() - FOR_DEVELOPERS - WALKED
        for language in ("sh", "console", "toml")
    ),
    *((name, "json") for name in PAGES),
    *((name, "python") for name in ("python", "diff", "metrics", "architecture")),
    *((name, "yaml") for name in ("adopting", "ci", "editors", "pre-commit", "schema")),
    ("ci", "groovy"),
    ("editors", "elisp"),
    ("editors", "vim"),
}


def test_every_block_is_used_by_a_test() -> None:
    """A page cannot have a block that no test uses."""
    for name, page in PAGES.items():
        for language in re.findall(r"^```(\w+)", page, re.MULTILINE):
            assert (name, language) in USED_HERE | USED_ELSEWHERE.keys(), f"{name}: a block of {language}"
    for place in USED_ELSEWHERE.values():
        module, _, test = place.rpartition(".")
        text = (ROOT / "tests" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert f"def {test}(" in text, place


@pytest.mark.parametrize(("page", "line"), [row for row in IN_TEXT if IS_NOUN.fullmatch(row[1])])
def test_a_command_that_is_spoken_of_exists(page: str, line: str) -> None:
    assert line.split()[1] in ("check", "--fix", *options.COMMANDS), page


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
        "specs/forecaster.yaml": yaml.safe_dump(request, sort_keys=False),
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
        "editors/vscode/package.json": (ROOT / "editors" / "vscode" / "package.json").read_text(),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    commit_all(folder)
    git(folder, "branch", "--move", "main")
    git(folder, "tag", "v2")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


@POSIX
@pytest.mark.parametrize(
    ("page", "line"),
    sampled([pytest.param(*command) for command in COMMANDS], 3),
    ids=lambda value: value if " " in value else None,
)
def test_a_command_runs(page: str, line: str, workspace: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(workspace, work)
    if " init" in line:
        (work / "algorithm.yaml").unlink()
    if "--prune-baseline" in line or line.endswith("--write-baseline"):
        (work / "algolint.toml").write_text('baseline = "algolint-baseline.json"\n')
        program = program_in(tmp_path / "first") / "algolint"
        subprocess.run([program, "--write-baseline"], cwd=work, check=True, capture_output=True)
    # A command for CI names the branch of a pull request by it.
    done = run_in(work, tmp_path, line, GITHUB_BASE_REF="main")
    codes = (0, 1) if MAY_FIND.search(line) else (0,)
    assert done.returncode in codes, f"{page}: {line}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr


@POSIX
@pytest.mark.parametrize(("page", "script"), SCRIPTS)
def test_a_script_for_ci_runs(page: str, script: str, workspace: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(workspace, work)
    # What the stub of `python3 -m venv` does not make.
    programs = program_in(work / ".venv" / "bin")
    (programs / "pip").write_text("#!/bin/sh\n")
    (programs / "pip").chmod(0o755)
    variables = {"RUNNER_TEMP": str(tmp_path), "GITHUB_BASE_REF": "main", "GITHUB_ACTIONS": "true"}
    done = run_in(work, tmp_path, script, **variables)
    assert done.returncode == 0, f"{page}: {script}\n{done.stdout}{done.stderr}"


def run_in(work: Path, scratch: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a shell does in CI, with stubs of the programs that need a network."""
    programs = program_in(scratch / "bin")
    for name, output in STUBS.items():
        (programs / name).write_text(
            f"#!/bin/sh\n{f'cat {work / output}' if output else 'cat > /dev/null'}\n"
        )
        (programs / name).chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=work,
        env=plain_environment() | {"PATH": path} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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


# ---------------------------------------------------------------- other programs of the pages


def test_the_rule_about_two_specs_reports(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "releases.py").write_text(blocks("diff", "python")[0])
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]\n')
    spec = json.loads(SPEC)
    spec["TrainingSpecification"]["SupportedHyperParameters"].append(
        {"Name": "seasons", "Type": "FreeText", "IsRequired": True}
    )
    (tmp_path / "old.json").write_text(json.dumps(spec))
    (tmp_path / "new.json").write_text(SPEC)
    done = algolint("diff", "--format", "concise", "old.json", "new.json")
    assert "'seasons'" in done.stdout or "seasons was required until now" in done.stdout
    assert "[acme/diff-removed-at-once]" in done.stdout
    done = algolint("test-rules", "acme")
    assert (done.returncode, done.stdout) == (
        0,
        "acme/diff-removed-at-once: 3 examples\n0 problems in 1 rule\n",
    )


@pytest.mark.slow
def test_the_test_of_a_container_passes_and_fails_with_the_log(tmp_path: Path) -> None:
    request = json.loads(SPEC)
    request["TrainingSpecification"]["MetricDefinitions"] = [
        {"Name": "validation:rmse", "Regex": "validation:rmse=([0-9.]+)"}
    ]
    request["TrainingSpecification"].pop("SupportedTuningJobObjectiveMetrics", None)
    for line, outcome in (("validation:rmse=0.5", "1 passed"), ("rmse: 0.5", "1 failed")):
        before = f"spec = {request!r}\ndef train(epochs):\n    print('{line}\\n' * epochs)\n"
        (tmp_path / "test_log.py").write_text(before + blocks("metrics", "python")[0])
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_log.py"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert outcome in done.stdout, done.stdout


def test_the_report_format_and_the_syntax_of_the_architecture_are_ones() -> None:
    from algolint.api import lint_text
    from algolint.config.settings import Format
    from algolint.lazy_module import LazyFunctions
    from algolint.syntaxes import Syntax

    module, entry, syntax = blocks("architecture", "python")
    scope: dict[str, Any] = {}
    exec(module, scope)
    found = lint_text('{"AlgorithmName": "a b", "Tags": []}', "a.json")
    outcome = SimpleNamespace(diagnostics=found, unread=[], in_part=[], errors=[("b.json", "is a directory")])
    rows = scope["report"](outcome).split("\n")
    assert any(row.startswith("a.json:1 pattern-mismatch: 'a b' ") for row in rows)
    assert rows[-1] == "b.json:1 is a directory"
    assert eval(entry, {"Format": Format}).name == "lines"
    lazy = {name: LazyFunctions(f"algolint.{name}") for name in ("lines", "lines_fixes")}
    made = eval(syntax, {"Syntax": Syntax, **lazy})
    assert (made.name, made.endings) == ("lines", (".lines",))
    with pytest.raises(ModuleNotFoundError, match=r"algolint\.lines"):
        made.read(None)


def test_the_settings_of_editors_are_json_and_name_what_there_is() -> None:
    for name in PAGES:
        for block in blocks(name, "json"):
            settings = json.loads(block)
            if name == "schema":
                assert "./algorithm.schema.json" in json.dumps(settings)
                assert "> algorithm.schema.json" in "\n".join(blocks("schema", "sh"))
    package = json.loads((ROOT / "editors" / "vscode" / "package.json").read_text())
    assert f"{package['name']}-{package['version']}.vsix" in PAGES["editors"]
    assert "package" in package["scripts"]


def test_the_comment_in_a_spec_suppresses_and_the_one_for_editors_does_not_matter(
    algolint: Run, tmp_path: Path
) -> None:
    (image,), (start,) = blocks("adopting", "yaml"), blocks("schema", "yaml")
    types = "SupportedTrainingInstanceTypes: [ml.m5.xlarge]"
    (tmp_path / "a.yaml").write_text(f"{start}TrainingSpecification:\n  {image}  {types}\n")
    done = algolint(
        "--select", "*image*,*suppression*,unknown-field,pattern-mismatch", "--show-info", "a.yaml"
    )
    assert done.stdout == "no problems in 1 file (1 suppressed)\n"


@pytest.mark.slow
@POSIX
def test_the_configurations_of_pre_commit_are_valid_and_the_local_one_runs(
    workspace: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    shutil.copytree(workspace, work)
    (work / "forecaster.yaml").rename(work / "algorithm-2.yaml")
    (work / "package-of-algorithms.json").write_text('{"name": "x"}')
    git(work, "add", ".")
    environment = plain_environment() | with_program(tmp_path / "bin")
    environment |= {"PRE_COMMIT_HOME": str(tmp_path / "home")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*needs_pre_commit(), *arguments],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    configuration = work / ".pre-commit-config.yaml"
    whole, *fragments, local = blocks("pre-commit", "yaml")
    for text in (whole, *(f"{whole.partition('      - id')[0]}{fragment}" for fragment in fragments), local):
        configuration.write_text(text)
        assert run("validate-config", ".pre-commit-config.yaml").returncode == 0, text
    done = run("run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout
    assert "no problems in 5 files" in done.stdout
    (work / "algorithm.yaml").write_text(SPEC.replace('"IsTunable"', '"IsTuneable"', 1))
    assert run("run", "--all-files").returncode == 1


@POSIX
def test_vim_lists_the_findings_with_the_commands_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a b", "Tags": []}')
    compiler, *makes, window = blocks("editors", "vim")[0].splitlines()
    assert len(makes) == 2
    for line in makes:
        make = line.replace(":make", ":silent make!")
        rows = vim(tmp_path, tmp_path / "scratch", "edit a.json", compiler, make, window)
        assert [row["lnum"] for row in rows if row["valid"]] == [1, 1]


@POSIX
def test_emacs_takes_the_settings_of_the_page(tmp_path: Path) -> None:
    code = "\n".join(blocks("editors", "elisp"))
    assert (
        emacs(tmp_path, tmp_path / "scratch", f"{code}\n(princ (json-encode (featurep 'algolint)))") is True
    )


@POSIX
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_line_for_a_shell_is_taken_by_it(tmp_path: Path, shell: str) -> None:
    (line,) = re.findall(
        rf"^\| {shell}\b.*`([^`]*algolint completion {shell}[^`]*)` \|$", PAGES["output"], re.M | re.I
    )
    program = shutil.which("pwsh" if shell == "powershell" else shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    begin = "autoload -Uz compinit; compinit -u; " if shell == "zsh" else ""
    options = ["-f"] if shell == "zsh" else []
    environment = plain_environment() | with_program(tmp_path / "bin") | {"HOME": str(tmp_path)}
    command = [program, *options, "-c", begin + line.replace("\\|", "|")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
