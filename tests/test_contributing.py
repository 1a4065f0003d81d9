"""The examples in CONTRIBUTING work as written, and the locked versions fit the project."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, pytest_make_parametrize_id

from algolint.rule import Rule
from algolint.rule_files import first_party_rules, local_rules
from algolint.testing import faults
from algolint.values import UNKNOWN

tomllib = pytest.importorskip("tomllib", reason="tomllib is part of Python 3.11 and newer")
# What these report was true of older revisions only; the records are of the newest.
OF_OLDER_REVISIONS = {"instance-region"}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example() -> str:
    block = re.search(r'^```python\n(""".*?\n)```\n', CONTRIBUTING, re.DOTALL | re.MULTILINE)
    assert block is not None
    return block[1]


def test_the_example_rule_passes_the_tests_of_rules(example: str, tmp_path: Path) -> None:
    (tmp_path / "tag_values.py").write_text(example, encoding="utf-8")
    (rule,) = local_rules(str(tmp_path))
    assert list(faults(rule)) == []


@pytest.mark.slow
def test_the_example_rule_passes_the_checks_of_a_change(example: str, tmp_path: Path) -> None:
    for name in ("algolint", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "rules" / "tag_values.py").write_text(example, encoding="utf-8")
    for command in (
        ["mypy", "rules/tag_values.py"],
        ["ruff", "check", "rules"],
        ["ruff", "format", "--check", "rules"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


#: By the file of rules: its subject, and the files of fixtures/faulty with the faults of its rules.
SUBJECTS = {
    name: (subject, re.findall(r"`(\w+)`", files))
    for name, subject, files in re.findall(r"^\| `(\w+)\.py` \| (.*) \| (.*) \|$", CONTRIBUTING, re.MULTILINE)
}
RULE_FILES = sorted((ROOT / "rules").glob("[a-z]*.py"))


def test_each_file_of_rules_has_its_subject_in_the_list() -> None:
    texts = {path.stem: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in RULE_FILES}
    wanted = {name: (text or "").splitlines()[0].rstrip(".") for name, text in texts.items()}
    assert {name: subject for name, (subject, _) in SUBJECTS.items()} == wanted, "\n".join(
        f"| `{name}.py` | {text} | `{name}` |" for name, text in wanted.items()
    )


@pytest.mark.parametrize("name", [path.stem for path in RULE_FILES])
def test_each_file_of_rules_has_a_file_of_tests(name: str) -> None:
    assert (ROOT / "tests" / f"test_rules_{name}.py").exists()


@pytest.mark.parametrize("rule", first_party_rules(), ids=str)
def test_each_rule_has_a_fault_in_the_fixture_of_its_file(rule: Rule) -> None:
    _, names = SUBJECTS[rule.family]
    folder = ROOT / "fixtures" / "faulty"
    records = [(folder / f"{name}.yaml.out").read_text(encoding="utf-8") for name in names]
    is_reported = any(f"[{rule.name}]\n" in record for record in records)
    assert is_reported is (rule.name not in OF_OLDER_REVISIONS), (
        f"add a fault for {rule} to {' or '.join(f'fixtures/faulty/{name}.yaml' for name in names)}"
    )


def test_unknown_is_a_parameter_of_a_test() -> None:
    """pytest compares what it makes a name of."""
    assert pytest_make_parametrize_id(UNKNOWN) == "UNKNOWN"
    assert pytest_make_parametrize_id("text") is None


@pytest.mark.parametrize("value", [UNKNOWN, 1])
def test_a_bare_unknown_ends_no_collection(value: object) -> None:
    assert value is UNKNOWN or value == 1


@pytest.mark.slow
def test_a_format_is_one_file_and_one_line_and_is_tested_as_the_others_are(tmp_path: Path) -> None:
    """As docs/architecture.md shows it. What remains is the row of docs/output.md, which a test requests."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.partition("## A new report format")[2].partition("\n## ")[0]
    module, line = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    ignored = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(ROOT, tmp_path / "copy", ignore=ignored, symlinks=True)
    copy = tmp_path / "copy"
    (copy / "algolint" / "reports" / "lines.py").write_text(module, encoding="utf-8")
    settings = copy / "algolint" / "config" / "settings.py"
    text = settings.read_text(encoding="utf-8")
    table = "_FORMATS = (\n"
    assert table in text
    settings.write_text(text.replace(table, f"{table}    {line.strip()},\n"), encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=copy, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(copy)},
        )  # fmt: skip

    for command in (["mypy", "algolint/reports/lines.py"], ["ruff", "check", "algolint"]):
        done = run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    files = [
        f"tests/test_{name}.py"
        for name in ("reports", "unknown_specs", "redaction", "security", "job", "cli")
    ]
    done = run("pytest", "-rp", "-p", "no:cacheprovider", "-k", "lines", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = done.stdout.replace("json-lines", "")
    covered = set(re.findall(r"PASSED \S*::(\w+)\[(?:.*-)?lines(?:-.*)?\]", passed))
    assert {
        "test_a_report_is_printable_and_always_the_same",
        "test_no_report_shows_a_secret",
        "test_every_report_has_what_is_not_known",
        "test_every_report_has_what_was_not_read",
        "test_a_log_takes_no_command",
        "test_no_format_shows_a_secret_that_no_rule_reads",
    } <= covered
    done = run(
        "pytest", "-p", "no:cacheprovider", "-k", "table_of_formats_is_fresh", "tests/test_reference_pages.py"
    )
    assert "lacks ['| `lines` | … | … |  | report |']" in done.stdout


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
