"""The shape of the code: imports run one way, and generated files are fresh."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import ROOT

from algolint import pages
from algolint.discovery import all_rules

# Each module may import from those before it, at run time.
ORDER = [
    "wording",
    "late_patterns",
    "values",
    "source",
    "rule",
    "notation",
    "instances",
    "scanner",
    "model",
    "context",
    "recognition",
    "patterns",
    "structure",
    "walk",
    "json_schema",
    "templating",
    "json_faults",
    "read_json",
    "read_yaml",
    "python_program",
    "read_python",
    "read_notebook",
    "read_cloudformation",
    "read_terraform",
    "python_program",
    "read_python",
    "read_notebook",
    "python_edits",
    "edits",
    "discovery",
    "engine",
    "pages",
    "report_text",
    "report_parts",
    "report_json",
    "report_json_lines",
    "report_sarif",
    "report_github",
    "report_gitlab",
    "report_junit",
    "report_checkstyle",
    "report_rdjson",
    "report_html",
    "suppression",
    "baseline",
    "config",
    "session",
    "api",
    "fixing",
    "packing",
    "parallel",
    "completion",
    "options",
    "parser",
    "commands",
    "cli",
    "testing",
    "__main__",
]
MODULES = sorted((ROOT / "algolint").glob("*.py"))
RULE_FILES = sorted((ROOT / "rules").glob("*.py"))
STANDARD = {
    "__future__", "collections", "decimal", "functools", "itertools", "math", "re", "unicodedata", "warnings",
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """The modules that a file imports at run time: not for type checking alone."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return
            case ast.Import(names=names):
                found.update(alias.name for alias in names)
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                found.update(
                    {f"{module}.{alias.name}" for alias in names} if module == "algolint" else {module}
                )
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("path", [p for p in MODULES if p.stem != "__init__"], ids=lambda path: path.stem)
def test_imports_run_one_way(path: Path) -> None:
    assert path.stem in ORDER, "give the new module its place in ORDER"
    allowed = ORDER[: ORDER.index(path.stem)]
    for name in imports(path):
        package, _, rest = name.partition(".")
        if package == "algolint" and rest.split(".")[0] in ORDER:
            assert rest.split(".")[0] in allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_rules_import_only_algolint_and_the_standard_library(path: Path) -> None:
    for name in imports(path):
        package = name.partition(".")[0]
        assert package in {"algolint", "algolint_rules", "regex"} | STANDARD, f"{path.name} imports {name}"


def test_nothing_imports_the_rules_package_statically() -> None:
    for path in MODULES:
        assert not any(name.startswith("algolint_rules") for name in imports(path))


def test_the_manual_is_fresh() -> None:
    """Made anew by: algolint rules --format markdown > rules/README.md"""
    written = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    assert written == pages.as_markdown(all_rules()) + "\n"


def test_the_hook_matches_specs_and_nothing_else() -> None:
    import re

    import yaml

    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    files = re.compile(next(hook["files"] for hook in hooks if hook["id"] == "algolint"))
    good = [
        "algorithm.json",
        "specs/my-algorithm.yaml",
        "a/b/algorithm_v2.yml",
        "create-algorithm-request.json",
    ]
    bad = ["package.json", "algorithm.txt", "algorithm.json.bak", "algorithms/readme.md", "algorithm/x.json"]
    assert all(files.search(name) for name in good)
    assert not any(files.search(name) for name in bad)
