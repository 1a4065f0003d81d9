"""The structure of the code: imports run one way, and generated files are up to date."""

from __future__ import annotations

import ast
import builtins
import functools
import graphlib
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli
from conftest import ROOT

from algolint.compare.diff import first_party_rules as diff_rules
from algolint.compare.log_rules import RULES as LOG_RULES
from algolint.jobs.linter import job_rules
from algolint.reports import pages
from algolint.rule_files import all_rules

# Each of these modules and packages may import from those before it, at run time.
LAYERS = """
    limits module_finder lazy_module values messages regexes lazy_regex json_scanner secrets errors source page
    rule document diagnostic aws spec readers fixes syntaxes discovery config pack_rules rule_files
    linting compare jobs reports suppression runs api server testing cli __main__
""".split()
# Rule files of others import this; our own import from the modules themselves.
FOR_RULE_AUTHORS = {"instances": "aws", "notation": "aws"}
MODULES = sorted((ROOT / "algolint").rglob("*.py"))
RULE_FILES = sorted((ROOT / "rules").glob("*.py"))
STANDARD = {
    "__future__", "collections", "decimal", "functools", "itertools", "math", "re", "unicodedata", "warnings",
}  # fmt: skip


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imports(path: Path) -> set[str]:
    """Return the modules that a file imports at run time, not only for type checking."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for otherwise in node.orelse:
                    visit(otherwise)
                return
            case ast.Import(names=names):
                found.update(alias.name for alias in names)
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                found.update(
                    {f"{module}.{alias.name}" for alias in names}
                    if module.split(".")[0] == "algolint"
                    else {module}
                )
            case ast.Call(
                func=ast.Name(id="LazyModule" | "LazyFunctions"), args=[ast.Constant(value=str() as module)]
            ):
                found.add(module)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(parsed(path))
    return found


def module_name(path: Path) -> str:
    """Return `spec.walker` for `algolint/spec/walker.py`."""
    return ".".join(path.relative_to(ROOT / "algolint").with_suffix("").parts)


OWN = {
    module_name(path): path for path in MODULES if path.parent.name != "algolint" or path.stem != "__init__"
}


def test_imports_run_one_way_between_layers() -> None:
    upwards = []
    for name, path in OWN.items():
        layer = name.partition(".")[0]
        layer = FOR_RULE_AUTHORS.get(layer, layer)
        assert layer in LAYERS, f"add {layer} to LAYERS"
        later = LAYERS[LAYERS.index(layer) + 1 :]
        for imported in imports(path):
            package, _, rest = imported.partition(".")
            if package == "algolint" and rest.partition(".")[0] in later:
                upwards.append(f"{name} imports {imported}, which is in a later layer")
    assert upwards == []


def test_the_table_of_modules_is_that_of_the_layers() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("## Layout")[2].partition("\n## ")[0]
    listed = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert listed == LAYERS
    top = {name.partition(".")[0] for name in OWN} - FOR_RULE_AUTHORS.keys()
    assert set(listed) == top


def test_the_guide_for_rule_authors_lists_their_modules() -> None:
    page = (ROOT / "docs" / "rules-of-your-own.md").read_text(encoding="utf-8")
    table = page.partition("### What a rule may import")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `algolint\.(\w+)`", table, re.MULTILINE))
    assert listed == FOR_RULE_AUTHORS.keys()


def lines_of_code(path: Path) -> int:
    """Return the lines of a module without docstrings, as those of rules are pages of the manual."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(parsed(path)) if isinstance(node, documented)]
    pages = [node.body[0] for node in nodes if ast.get_docstring(node) is not None]
    lines = path.read_text(encoding="utf-8").splitlines()
    return len(lines) - sum((page.end_lineno or 0) - page.lineno + 1 for page in pages)


def test_a_module_is_of_one_subject() -> None:
    long = [path for path in (*MODULES, *(ROOT / "rules").rglob("*.py")) if lines_of_code(path) > 700]
    assert long == [], "move one of its subjects to a module of its own"


def test_every_package_is_installed() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = project["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "algolint").rglob("*.py")}
    folders |= {path.parent.relative_to(ROOT) for path in (ROOT / "rules").rglob("*.py")}
    assert {name.replace("algolint_rules", "rules").replace(".", "/") for name in installed} == {
        folder.as_posix() for folder in folders
    }


def test_there_is_no_circle_of_imports() -> None:
    graph = {
        name: {own for imported in imports(path) if (own := owner(imported)) and own != name}
        for name, path in OWN.items()
    }
    graphlib.TopologicalSorter(graph).prepare()


def owner(imported: str) -> str | None:
    """Return the module of algolint that an imported name is or comes from, or None."""
    name = imported.removeprefix("algolint.")
    if name == imported:
        return None
    return name if name in OWN else next((n for n in (name.rpartition(".")[0],) if n in OWN), None)


def test_rules_import_only_algolint_and_the_standard_library() -> None:
    allowed = {"algolint", "algolint_rules", "regex"} | STANDARD
    used = {(path.name, name) for path in RULE_FILES for name in imports(path)}
    assert {(path, name) for path, name in used if name.partition(".")[0] not in allowed} == set()


def test_nothing_imports_the_rules_package_statically() -> None:
    for path in MODULES:
        assert not any(name.startswith("algolint_rules") for name in imports(path))


def exceptions() -> set[str]:
    """Return the names of the exceptions of Python and of algolint."""
    found = {
        name
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, BaseException)
    }
    classes = [node for path in MODULES for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    while (
        more := {node.name for node in classes if any(ast.unparse(base) in found for base in node.bases)}
        - found
    ):
        found |= more
    return found


def raised_by_docstrings(path: Path) -> Iterator[str]:
    """Yield the names in sentences about raising: `BadPattern`, ValueError, or `read_file` for the same
    errors.
    """
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            for sentence in re.findall(
                r"\bRaises? .*?(?=\.\s|\.?$)", " ".join((ast.get_docstring(node) or "").split())
            ):
                yield from (
                    quoted or bare for quoted, bare in re.findall(r"`([\w.]+)`|\b(\w+Error)\b", sentence)
                )


def names_bound(path: Path) -> set[str]:
    """Return the names of imports, classes, functions and constants of a module."""
    found = set()
    for node in ast.walk(parsed(path)):
        match node:
            case ast.alias(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
    return found


def is_in_a_module(name: str) -> bool:
    """Whether a dotted name is in a module of algolint, or in another one such as `re`."""
    module, _, member = name.rpartition(".")
    own = f"algolint.{module}"
    return hasattr(importlib.import_module(own if module in OWN else module), member)


def test_exceptions_in_docstrings_exist() -> None:
    known, count = exceptions(), 0
    for path in MODULES:
        for name in raised_by_docstrings(path):
            count += 1
            if name[:1].isupper() and not name.isupper() and "_" not in name:
                assert name in known, f"{path}: no exception {name}"
            else:
                assert is_in_a_module(name) if "." in name else name in names_bound(path), (
                    f"{path}: no {name}"
                )
    assert count > 100


MANUALS = {
    "rules/README.md": lambda: pages.as_markdown(all_rules()),
    "rules/compare/README.md": lambda: pages.as_markdown([*diff_rules(), *LOG_RULES], "compare"),
    "rules/jobs/README.md": lambda: pages.as_markdown(job_rules(), "job"),
}


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_is_fresh(name: str, update: bool) -> None:
    """`pytest --update` and `algolint rules --format markdown` with the `--kind` of the folder rewrite it."""
    text = MANUALS[name]() + "\n"
    if update:
        (ROOT / name).write_text(text, encoding="utf-8")
    assert (ROOT / name).read_text(encoding="utf-8") == text


def test_the_hook_matches_specs_and_nothing_else() -> None:
    import yaml

    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    files = re.compile(next(hook["files"] for hook in hooks if hook["id"] == "algolint"))
    good = [
        "algorithm.json",
        "specs/my-algorithm.yaml",
        "a/b/algorithm_v2.yml",
        "create-algorithm-request.json",
        "modules/algorithm.tf",
        "lib/algorithm-stack.ts",
    ]
    bad = ["package.json", "algorithm.txt", "algorithm.json.bak", "algorithms/readme.md", "algorithm/x.json"]
    assert all(files.search(name) for name in good)
    assert not any(files.search(name) for name in bad)
