"""Each command in odd surroundings: what is done, printed and returned is as usual, or an error says why not."""

from __future__ import annotations

import functools
import itertools
import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, sampled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="devices and limits of Linux")

SPEC = """\
AlgorithmName: forecaster
AlgorithmDescription: "für ☃"
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
  MetricDefinitions:
    - {Name: "validation:é", Regex: "é=([0-9.]+)"}
  TrainingChannels:
    - Name: train
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [FILE]
"""
JOB = """\
{"TrainingJobName": "é", "AlgorithmSpecification": {"AlgorithmName": "forecaster", "TrainingInputMode": "Pipe"}}
"""
RULE = '''\
"""A rule file."""

from algolint import Problem, rule


@rule(on="AlgorithmName", evidence="heuristic: by way of example", severity="warning")
def name_in_capitals(name: str):
    """The name has é.

    ```bad
    a-É
    ```
    """
    if "É" in name:
        yield Problem((), "é")
'''
FILES = {
    "é☃.yaml": SPEC,
    "b.yaml": SPEC,
    "old.yaml": SPEC.replace("FILE", "File"),
    "new.yaml": SPEC.replace("FILE", "Pipe").replace("é=", "è="),
    "a.json": '{"AlgorithmName": "a ü", "TrainingSpecification": "${SPEC}"}',
    "job.json": JOB,
    "log.txt": "é=0.5\né=0.3\n",
    "base.json": '{"format": 1, "entries": []}\n',
    "own/rules.py": RULE,
}
COMMANDS = [
    "a.json b.yaml",
    ".",
    "--jobs 3 .",
    "- <b.yaml",
    "--format json .",
    "--format github .",
    "--format junit .",
    "--statistics --verbose .",
    "-o out.txt .",
    "--report sarif=out.sarif .",
    "--fix é☃.yaml b.yaml",
    "--fix-only b.yaml",
    "--fix - <b.yaml",
    "--diff .",
    "--add-ignore b.yaml a.json",
    "--write-baseline base.json .",
    "--prune-baseline --baseline base.json .",
    "--list-files .",
    "--list-specs .",
    "diff old.yaml new.yaml",
    "diff -o out.html old.yaml new.yaml",
    "job old.yaml job.json",
    "metrics old.yaml --log log.txt",
    "metrics old.yaml --log log.txt --suggest --output out.json",
    "explain env-size",
    "rules",
    "revisions",
    "config --show b.yaml",
    "schema",
    "test-rules own",
    "init",
    "completion bash",
    "--help",
    "job --help",
    "--version",
]
# Without capabilities the modes of files apply to root too.
UNPRIVILEGED = "setpriv --bounding-set=-all --inh-caps=-all " if os.geteuid() == 0 else ""
# The first pipe has no reader any more.
GONE = "mkfifo p; exec 3<>p 4>p 3<&-; rm p; {} >&4"
AS_USUAL = {
    "closed output": "{} >&-",
    "gone reader": GONE,
    "gone reader without a buffer": f"export PYTHONUNBUFFERED=1; {GONE}",
    "closed errors": "{} 2>&-",
    "no home": "unset HOME XDG_CACHE_HOME; {}",
    "no variables": f"env -i PYTHONPATH={shlex.quote(str(ROOT))} COLUMNS=80 PYTHONDONTWRITEBYTECODE=1 {{}}",
    "no temporary folder": "TMPDIR=/nosuch {}",
    "few descriptors": "ulimit -n 6; {}",
    "small stack": "ulimit -s 128; {}",
    "C": "LC_ALL=C PYTHONUTF8=0 {}",
    "ASCII": "PYTHONIOENCODING=ascii {}",
}
IS_REFUSED = {
    "full disk": "{} >/dev/full",
    "full disk without a buffer": "PYTHONUNBUFFERED=1 {} >/dev/full",
    "gone folder": "mkdir g; cd g; rmdir ../g; {}",
    "read-only folder": f"chmod a-w .; {UNPRIVILEGED}{{}}",
}


@dataclass(frozen=True)
class Done:
    """What a command has done: its exit code and output, and the files with other texts than before."""

    code: int
    out: bytes
    err: str
    changed: dict[str, str | None]


def done(command: str, situation: str, folder: Path) -> Done:
    """Run a command in a situation, in a folder with the files."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    arguments, _, stdin = command.partition(" <")
    line = f"{shlex.quote(sys.executable)} -m algolint {arguments} <{shlex.quote(str(folder / stdin))}"
    ran = subprocess.run(
        ["bash", "-c", situation.format(line if stdin else line.rpartition(" <")[0])],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    files = (path for path in folder.rglob("*") if path.is_file())
    after = {str(path.relative_to(folder)): path.read_text() for path in files}
    changed = {name: after.get(name) for name in {*FILES, *after} if FILES.get(name) != after.get(name)}
    return Done(ran.returncode, ran.stdout, ran.stderr.decode(), changed)


@functools.cache
def usual(command: str) -> Done:
    with tempfile.TemporaryDirectory() as folder:
        return done(command, "{}", Path(folder))


def check_errors(err: str) -> None:
    assert "Traceback" not in err
    assert "please report it" not in err


def in_each(situations: dict[str, str], every: int) -> list[Any]:
    """Return parameters for each command in each situation; most of them are slow tests."""
    pairs = itertools.product(COMMANDS, situations.items())
    return sampled(
        (pytest.param(command, *pair[::-1], id=f"{command}-{pair[0]}") for command, pair in pairs), every
    )


@pytest.mark.parametrize(("command", "situation", "name"), in_each(AS_USUAL, 15))
def test_as_usual(tmp_path: Path, command: str, situation: str, name: str) -> None:
    """No command depends on who reads its output, or needs the variables or more of a resource."""
    here, before = done(command, situation, tmp_path), usual(command)
    check_errors(here.err)
    assert here.code == before.code
    assert here.changed.keys() == before.changed.keys()
    if name not in ("C", "ASCII"):
        assert here.changed == before.changed
        assert here.err == ("" if name == "closed errors" else before.err)
    if name in ("no home", "no variables", "no temporary folder", "few descriptors", "small stack"):
        assert here.out == before.out


@pytest.mark.parametrize(("command", "situation", "name"), in_each(IS_REFUSED, 7))
def test_an_error_or_as_usual(tmp_path: Path, command: str, situation: str, name: str) -> None:
    """A file has its old text or all of the new one."""
    here, before = done(command, situation, tmp_path), usual(command)
    check_errors(here.err)
    assert here.changed.items() <= before.changed.items()
    if name.startswith("full") and before.out:
        assert here.code == 2
        assert here.err.endswith("algolint: the report could not be written: No space left on device\n")
    elif here.code == before.code:
        assert here.changed == before.changed
    else:
        assert here.code == 2
        assert here.err
