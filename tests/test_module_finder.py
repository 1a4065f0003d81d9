"""The command line's module finder finds the modules that Python would find, and stale byte code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.new_process

#: Runs the command line, and finally prints the file and the loader of each module of algolint.
RUN = """
import atexit, json, sys
sys.path[:0] = {folders!r}

def report():
    own = {{name: module for name, module in sys.modules.items() if name.startswith("algolint")}}
    rows = {{name: (type(m.__loader__).__name__, m.__file__, getattr(m, "END", "")) for name, m in own.items()}}
    print(json.dumps(rows), file=sys.stderr)

atexit.register(report)
from algolint.__main__ import main
sys.argv[1:] = ["--isolated", "a.json"]
main()
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Make a folder with a copy of algolint, next to a file to lint."""
    copy = tmp_path / "site"
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "algolint", copy / "algolint", ignore=without)
    shutil.copytree(ROOT / "rules", copy / "algolint_rules", ignore=without)
    shutil.copy(ROOT / "fixtures" / "clean" / "tuned-tabular.json", tmp_path / "a.json")
    return copy


def run(*sites: Path) -> tuple[str, dict[str, tuple[str, str, str]]]:
    """Return the output of a run, and the loader, the file and the END of each module."""
    folders = [*map(str, sites), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    command = [sys.executable, "-I", "-S", "-c", RUN.format(folders=folders)]
    done = subprocess.run(command, cwd=sites[0].parent, capture_output=True, text=True, check=True)
    return done.stdout, json.loads(done.stderr)


def test_modules_are_found_where_python_finds_them(site: Path) -> None:
    stdout, modules = run(site)
    assert stdout == "no problems in 1 file\n"
    for name, (_, file, _) in modules.items():
        path = site.joinpath(*name.split("."))
        assert Path(file) in (path.with_suffix(".py"), path / "__init__.py")
    quick = {name for name, (loader, _, _) in modules.items() if loader == "_Loader"}
    assert {"algolint.cli", "algolint.cli.main", "algolint.readers.json"} <= quick
    assert {"algolint_rules", "algolint_rules.channels"} <= quick
    assert len(quick) > 50
    assert "algolint" not in quick, "it is loaded before the finder"


def test_rules_that_are_not_beside_algolint_are_found_by_python(site: Path) -> None:
    elsewhere = site.parent / "elsewhere"
    elsewhere.mkdir()
    (site / "algolint_rules").rename(elsewhere / "algolint_rules")
    stdout, modules = run(site, elsewhere)
    assert stdout == "no problems in 1 file\n"
    loader, file, _ = modules["algolint_rules"]
    assert (loader, Path(file)) == ("SourceFileLoader", elsewhere / "algolint_rules" / "__init__.py")


def test_changed_source_is_not_hidden_by_byte_code(site: Path) -> None:
    run(site)
    changed = site / "algolint" / "syntaxes.py"
    assert (changed.parent / "__pycache__").is_dir()
    changed.write_text(f"{changed.read_text()}\nEND = 'changed'\n")
    assert run(site)[1]["algolint.syntaxes"][2] == "changed"


def test_damaged_byte_code_is_made_anew(site: Path) -> None:
    run(site)
    for path in site.rglob("*.pyc"):
        path.write_bytes(path.read_bytes()[:5])
    assert run(site)[0] == "no problems in 1 file\n"


def test_a_file_larger_than_one_read_is_loaded_whole(site: Path) -> None:
    long = site / "algolint_rules" / "tags.py"
    long.write_text(f"{long.read_text()}\nLONG = '{'x' * 100_000}'\nEND = 'here'\n")
    for _ in ("from source", "from byte code"):
        assert run(site)[1]["algolint_rules.tags"][2] == "here"


def test_a_program_that_imports_algolint_finds_modules_as_before() -> None:
    code = "import sys; before = sys.meta_path[:]; import algolint.__main__, algolint.api; assert sys.meta_path == before"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
