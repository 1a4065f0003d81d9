"""The mutation campaign: the changes it makes, and whether the tests detect each of them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT

if not find_spec("cosmic_ray"):
    pytest.skip("cosmic-ray is in the extra `fuzz`", allow_module_level=True)

from campaigns.mutations import changes

SOURCE = '''\
"""Two limits of 7."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SIZE: int | None = 3


def is_small(number: int | float) -> bool | None:
    """Below 3."""
    match number:
        case int() if number < SIZE:
            return True
    return False


def is_odd(number: int) -> bool:
    return number % 2 == 1
'''

TESTS = """\
import planted

def test_small():
    assert planted.is_small(2)
    assert not planted.is_small(3)
    assert not planted.is_small(4)
"""

CAMPAIGN = """\
import sys
sys.path[:0] = sys.argv[1:]
import planted
from campaigns.mutations import Forks, run
forks = Forks([planted], lambda module, item: True)
sys.exit(run(forks, [sys.argv[1] + "/test_planted.py"]))
"""


def test_what_no_run_sees_is_not_changed() -> None:
    found = changes(SOURCE)
    assert {change.line for change in found} == {7, 13, 14, 15, 19}
    assert {"- if TYPE_CHECKING:", "- TYPE_CHECKING = False"}.isdisjoint(
        row for c in found for row in c.lines
    )
    for change in found:
        compile(change.after, "changed.py", "exec")
    assert len({change.after for change in found}) == len(found)


def campaign(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    (folder / "planted.py").write_text(SOURCE, encoding="utf-8")
    (folder / "test_planted.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-c", CAMPAIGN, str(folder), str(ROOT)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_change_is_noticed_where_it_is_tested_and_survives_where_not(tmp_path: Path) -> None:
    done = campaign(tmp_path, TESTS)
    assert done.returncode == 0, done.stdout + done.stderr
    survivors = [line for line in done.stdout.splitlines() if line.startswith("  ") and line[2] != " "]
    lines = {int(line.partition(":")[0]) for line in survivors}
    assert lines == {19}
    assert "    - return number % 2 == 1\n    + return number % 2 != 1" in done.stdout
    of_odd = [change for change in changes(SOURCE) if change.line == 19]
    assert len(survivors) == len(of_odd)
    assert (tmp_path / "planted.py").read_text(encoding="utf-8") == SOURCE


def test_tests_that_fail_without_a_change_are_reported(tmp_path: Path) -> None:
    done = campaign(tmp_path, "def test_nothing():\n    assert False\n")
    assert done.returncode == 1
    assert "without a change: " in done.stdout
    assert "test_nothing" in done.stdout
