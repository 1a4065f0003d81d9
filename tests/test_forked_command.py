"""The forked command of the tests behaves like the real one."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from conftest import ROOT, Run, started
from forked_command import fork_server

FAULTY = "AlgorithmName: a b\nTags: []\n"
RULES = """\
from algolint import rule

@rule(on="Tag", severity="warning", evidence="heuristic: for this test")
def in_{folder}(tag):
    \"\"\"Nothing.\"\"\"
    yield from ()
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked")


FAULTY_FOLDER = ROOT / "fixtures" / "faulty"
SHARE = [str(path) for path in sorted(FAULTY_FOLDER.iterdir()) if path.suffix != ".out"][::6]


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["a.yaml", "missing.json"], b""),
        (["--format", "json", "-"], FAULTY.encode()),
        (["--format", "sarif", *SHARE], b""),
        pytest.param(["--format", "sarif", str(FAULTY_FOLDER)], b"", marks=pytest.mark.slow),
        (["--jobs", "2", *SHARE], b""),
        pytest.param(["--jobs", "2", str(ROOT / "fixtures" / "same")], b"", marks=pytest.mark.slow),
        (["--fix", "--diff", "--unsafe-fixes", *SHARE], b""),
        pytest.param(["--fix", "--diff", "--unsafe-fixes", str(FAULTY_FOLDER)], b"", marks=pytest.mark.slow),
        (["diff", "a.yaml", str(ROOT / "fixtures" / "clean" / "minimal.json")], b""),
        (["explain", "metric-nam"], b""),
        (["rules", "--format", "json"], b""),
        (["config", "--no-such-option"], b""),
        (["--help"], b""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_forked_process_does_what_a_new_one_does(
    tmp_path: Path, arguments: list[str], stdin: bytes
) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    new = started(arguments, tmp_path, stdin)
    server = fork_server()
    assert server
    forked = server.run(arguments, tmp_path, stdin)
    assert (forked.returncode, forked.stdout, forked.stderr) == (new.returncode, new.stdout, new.stderr)
    assert forked.stdout or forked.stderr


def test_nothing_of_a_run_is_left_for_the_next(algolint: Run, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "pack").mkdir(parents=True)
        (tmp_path / folder / "pack" / "a.py").write_text(RULES.format(folder=folder))
        (tmp_path / folder / "algolint.toml").write_text('rule-directories = ["pack"]\n')
    for folder, other in (("one", "two"), ("two", "one"), ("one", "two")):
        done = algolint("rules", cwd=tmp_path / folder)
        assert f"pack/in-{folder}" in done.stdout
        assert f"pack/in-{other}" not in done.stdout


def test_a_signal_ends_the_process_alone(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "a.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    (tmp_path / "algolint.toml").write_text('rule-directories = ["pack"]\n')
    assert algolint("rules").returncode == -signal.SIGKILL
    assert algolint("--version").returncode == 0
