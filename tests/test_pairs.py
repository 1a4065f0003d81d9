"""The output of `algolint diff` for releases of sellers (fixtures/pairs), word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, Run

FOLDER = ROOT / "fixtures" / "pairs"
NEW = sorted(FOLDER.glob("*.new.*"))


@pytest.mark.parametrize("new", NEW, ids=lambda path: path.name.partition(".")[0])
def test_what_is_reported_of_a_release(algolint: Run, new: Path, update: bool) -> None:
    """`pytest --update` rewrites the .out files."""
    name = new.name.partition(".")[0]
    (old,) = FOLDER.glob(f"{name}.old.*")
    done = algolint("diff", "--show-info", old.name, new.name, cwd=FOLDER)
    assert done.stderr == ""
    assert done.returncode == int("breaking change" in done.stdout)
    expected = FOLDER / f"{name}.out"
    if update:
        expected.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == expected.read_text(encoding="utf-8")


def test_there_are_five_releases() -> None:
    assert len(NEW) >= 5


@pytest.mark.parametrize("new", NEW, ids=lambda path: path.name.partition(".")[0])
def test_the_specs_themselves_are_clean(algolint: Run, new: Path) -> None:
    """Neither spec has an error of its own."""
    name = new.name.partition(".")[0]
    names = [path.name for path in (*FOLDER.glob(f"{name}.old.*"), new)]
    done = algolint(*names, cwd=FOLDER)
    assert done.returncode == 0, done.stdout
