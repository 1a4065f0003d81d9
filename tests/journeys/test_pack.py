"""A journey along docs/rules-of-your-own.md: a rule is written, tested, built, installed, selected and suppressed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Run

pytestmark = pytest.mark.new_process

PAGE = (ROOT / "docs" / "rules-of-your-own.md").read_text(encoding="utf-8")
SPEC = '{"AlgorithmName": "forecaster", "TrainingSpecification": "${X}"}'
BUILD = (
    "-m",
    "pip",
    "wheel",
    "--quiet",
    "--no-deps",
    "--no-build-isolation",
    "--no-index",
    "--wheel-dir",
    "dist",
    ".",
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


RULE, TEST = blocks("python")
CONFIGURATION, PROJECT, PLUGINS = blocks("toml")
COMMANDS = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository with the rule in a folder, as the page writes it."""
    folder = tmp_path / "lint" / "acme"
    folder.mkdir(parents=True)
    (folder / "naming.py").write_text(RULE)
    (tmp_path / "algolint.toml").write_text(CONFIGURATION)
    (tmp_path / "a.json").write_text(SPEC)
    return tmp_path


def test_the_commands_of_the_page_do_what_it_says(algolint: Run, work: Path) -> None:
    done = {" ".join(command): algolint(*command[1:], cwd=work) for command in COMMANDS}
    assert "[acme/name-prefix]" in done["algolint"].stdout
    assert "acme/name-prefix" in done["algolint rules"].stdout
    assert "A name does not begin with acme-." in done["algolint explain acme/name-prefix"].stdout
    assert "acme/name-prefix" not in done["algolint --ignore acme"].stdout
    assert ": warning: " in done["algolint --severity acme/name-prefix=warning"].stdout
    tested = done["algolint test-rules lint/acme"]
    assert (tested.returncode, tested.stdout) == (0, "acme/name-prefix: 2 examples\n0 problems in 1 rule\n")
    assert {name: run.returncode for name, run in done.items() if run.returncode} == {"algolint": 1}


@pytest.mark.slow
def test_the_test_of_the_page_passes_and_fails_with_the_rule(work: Path) -> None:
    (work / "test_rules.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_rules.py"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout
    rule = work / "lint" / "acme" / "naming.py"
    rule.write_text(rule.read_text().replace("if not name", "if name"))
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    assert "1 failed" in done.stdout, done.stdout


WRONG = [
    ("if not name", "if name", ["bad-1: nothing is reported", "good-1: reported: "]),
    ("yaml good", "yaml nice", ["the page has no good example"]),
    ("CreateAlgorithmInput\n    AlgorithmName: f", "CreateAlgorithmInput\n    : [", ["bad-1: "]),
    (
        "if not name",
        "len([]) or {}.get('AlgorithmNam')\n    if not name",
        ["'AlgorithmNam' is not a field"],
    ),
    ('naming")', 'naming", fix="safe")', ["fix is declared as safe, and no bad example is fixed"]),
    (
        'begin with acme-")',
        'begin with acme-", severity="info")',
        ["bad-1: the severity info is not declared with also"],
    ),
    ("if not name", "name.count(1)\n    if not name", ["failed at"]),
    (
        "if not name",
        "name[0]\n    if not name",
        [
            "bad-1 changed to {'AlgorithmName': ''}: rule acme/name-prefix failed at /AlgorithmName: IndexError"
        ],
    ),
    (
        "if not name",
        "assert type(name) is str\n    if not name",
        ["bad-1 where a value is hidden (", "rule acme/name-prefix failed at /AlgorithmName: AssertionError"],
    ),
]


@pytest.mark.parametrize(("before", "after", "messages"), WRONG, ids=[row[1] for row in WRONG])
def test_a_wrong_rule_fails_its_tests(
    algolint: Run, work: Path, before: str, after: str, messages: list[str]
) -> None:
    rule = work / "lint" / "acme" / "naming.py"
    assert before in RULE
    rule.write_text(RULE.replace(before, after))
    done = algolint("test-rules", "lint/acme", cwd=work)
    assert done.returncode == 1, done.stdout + done.stderr
    for message in messages:
        assert message in done.stdout
    assert "Traceback" not in done.stderr


RULE_ON_RELEASES = re.findall(
    r"^```python\n(.*?)^```$", (ROOT / "docs" / "diff.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)[0]
WRONG_ON_RELEASES = [
    (
        "new is None",
        "new is not None",
        ["new-1: nothing is reported", "silent-1: reported: eta was required"],
    ),
    ("yaml new", "yaml later", ["the page has no new example"]),
    ("yaml old", "yaml early", ["new-1: "]),
    ("[{Name: eta, Type: FreeText, IsRequired: true}]", "[{", ["an example is not valid YAML"]),
    ('first")', 'first", severity="info")', ["new-1: the severity info is not declared with also"]),
    (
        'old.get("IsRequired") is True',
        'old["IsRequired"]',
        ["new-1 where a value of OLD is hidden: open without", "the rule failed: KeyError: 'IsRequired'"],
    ),
    (
        "if old is not None",
        "if old is not None and old == new:\n        yield Problem((), 'the same')\n    if old is not None",
        ["silent-1: a problem is added where OLD and NEW are the same"],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "messages"), WRONG_ON_RELEASES, ids=[r[1] for r in WRONG_ON_RELEASES]
)
def test_a_wrong_rule_about_two_specs_fails_its_tests(
    algolint: Run, work: Path, before: str, after: str, messages: list[str]
) -> None:
    assert before in RULE_ON_RELEASES
    (work / "lint" / "acme" / "naming.py").write_text(RULE_ON_RELEASES.replace(before, after, 1))
    done = algolint("test-rules", "lint/acme", cwd=work)
    assert done.returncode == 1, done.stdout + done.stderr
    for message in messages:
        assert message in done.stdout
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_tested_is_an_error(algolint: Run, work: Path) -> None:
    (work / "empty").mkdir()
    for folder, message in (("empty", "empty has no rules"), ("gone", "gone: No such file or directory")):
        done = algolint("test-rules", folder, cwd=work)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr


def test_the_workflow_of_the_page_is_one() -> None:
    (workflow,) = blocks("yaml")
    steps = yaml.safe_load(workflow)["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step][1:] == [
        "algolint test-rules algolint_acme",
        "python -m build",
    ]


@pytest.mark.slow
def test_a_pack_is_built_installed_selected_explained_and_suppressed(algolint: Run, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    (pack / "algolint_acme").mkdir(parents=True)
    (pack / "algolint_acme" / "__init__.py").write_text("")
    (pack / "algolint_acme" / "naming.py").write_text(RULE)
    (pack / "pyproject.toml").write_text(PROJECT)
    assert algolint("test-rules", "algolint_acme", cwd=pack).returncode == 0
    subprocess.run([sys.executable, *BUILD], cwd=pack, check=True)
    (wheel,) = (pack / "dist").glob("algolint_acme-1.0.0-*.whl")

    installed = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(installed), str(wheel)], check=True)
    work = tmp_path / "work"
    work.mkdir()
    spec = work / "a.yaml"
    spec.write_text("AlgorithmName: forecaster\nTrainingSpecification: ${X}\n")
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def run(*arguments: str) -> str:
        done = algolint(*arguments, cwd=work, env=environment)
        assert done.returncode < 2, done.stderr
        return done.stdout

    assert "acme" not in run("a.yaml")
    (work / "algolint.toml").write_text(PLUGINS)
    assert "[acme/name-prefix]" in run("a.yaml")
    assert "[acme/name-prefix]" in run("--select", "acme", "a.yaml")
    assert "A name does not begin with acme-." in run("explain", "acme/name-prefix")
    assert "acme/name-prefix" in run("rules")
    for selector in ("acme/*", "acme", "acme/name-prefix"):
        assert "acme/name-prefix" not in run("--ignore", selector, "a.yaml")
    run("--add-ignore", "a.yaml")
    assert "# algolint: ignore[acme/name-prefix]" in spec.read_text()
    assert "(1 suppressed" in run("a.yaml")
    spec.write_text(spec.read_text().replace("name-prefix", "name-prefx"))
    assert "did you mean 'acme/name-prefix'?" in run("a.yaml")
