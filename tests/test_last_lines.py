"""The last lines of `check`: the counts are right, and a fixed text is not mixed with other output."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run

# Two safe fixes, one of which removes two findings, two unsafe ones, and a finding without a fix.
SPEC = {
    "AlgorithmName": "a b",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "TrainingChannels": [
            {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["FILE", "Pip"]},
            {"name": "test", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]},
        ],
        "SupportedHyperParameters": [
            {"Name": "depth", "Type": "Integer", "IsRequired": True, "DefaultValue": "5"},
        ],
    },
}
TEXT = json.dumps(SPEC, indent=2)
FAULTY = sorted(path for path in (ROOT / "fixtures" / "faulty").iterdir() if path.suffix == ".yaml")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_text(TEXT)
    return path


@pytest.mark.usefixtures("spec")
def test_the_last_line_has_what_fixes_would_do(algolint: Run) -> None:
    *_, counts, offer = algolint("a.json").stdout.splitlines()
    assert counts == "5 errors in 1 file"
    assert offer == "2 can be fixed with --fix, 2 more with --unsafe-fixes"
    *_, counts, offer = algolint("--fix", "a.json").stdout.splitlines()
    assert counts == "3 errors in 1 file (2 fixed)"
    assert offer == "2 more can be fixed with --unsafe-fixes"
    assert algolint("a.json").stdout.splitlines()[-1] == "2 can be fixed with --fix --unsafe-fixes"
    *_, counts = algolint("--fix", "--unsafe-fixes", "a.json").stdout.splitlines()
    assert counts == "1 error in 1 file (2 fixed)"
    assert algolint("a.json").stdout.splitlines()[-1] == "1 error in 1 file"


# A field under a misspelt name, with two faults in it; a Type and a default, of which one hides the other.
HIDING = """\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
  TrainingChannels: [{Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}]
  supportedHyperParameters:
  - Name: depth
    Type: integer
    DefaultValue: "15"
    Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "9"}}
  - {Name: depth, Type: FreeText}
"""


def test_a_fix_that_uncovers_other_faults_is_made_and_counted(algolint: Run, tmp_path: Path) -> None:
    """A fix is made even if at least as many findings remain because it uncovers hidden ones."""
    path = tmp_path / "a.yaml"
    path.write_text(HIDING)
    assert algolint("a.yaml").stdout.splitlines()[-2:] == ["1 error in 1 file", "1 can be fixed with --fix"]
    would = "fix 1 of 1 problem in 1 file; 2 are left, 2 of them hidden until now\n"
    assert algolint("--diff", "a.yaml").stderr == f"would {would}"
    # The second fault was hidden by the first, and has hidden a third.
    fixed = HIDING.replace("supported", "Supported").replace("integer", "Integer")
    done = algolint("--fix", "--stdin-filename", "a.yaml", "-", stdin=HIDING)
    assert done.stdout == fixed
    assert algolint("--fix-only", "a.yaml").stdout == would.replace("fix ", "fixed ", 1)
    assert path.read_text() == fixed
    found = json.loads(algolint("--format", "json", "a.yaml").stdout)["diagnostics"]
    assert [row["rule"] for row in found] == ["hp-default-out-of-range", "hp-duplicate-name"]


def test_what_a_fix_moves_was_not_hidden(algolint: Run, tmp_path: Path) -> None:
    """The second item of the list becomes the first, and its finding stays the same."""
    text = HIDING.replace("supported", "Supported").replace("integer", "Integer")
    text = text.replace("[ml.m5.xlarge]", "[ml.m5.xlarge, ml.m5.xlarge, ml.m5.medium-ish]")
    (tmp_path / "a.yaml").write_text(text)
    done = algolint("--diff", "--unsafe-fixes", "--select", "*instance*", "a.yaml")
    assert done.stderr == "would fix 1 of 2 problems in 1 file; 1 is left\n"
    assert "[ml.m5.xlarge, ml.m5.medium-ish]" in done.stdout


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_no_more_is_offered_than_is_fixed(algolint: Run, tmp_path: Path, path: Path) -> None:
    (tmp_path / path.name).write_bytes(path.read_bytes())
    last = algolint(path.name).stdout.splitlines()[-1]
    safe = re.match(r"(\d+) can be fixed with --fix(?! --)", last)
    unsafe = re.search(r"(\d+) (?:more|can be fixed) with (?:--fix )?--unsafe-fixes", last)
    for match, options in ((safe, ["--fix-only"]), (unsafe, ["--fix-only", "--unsafe-fixes"])):
        done = re.match(r"fixed (\d+) of", algolint(*options, path.name).stdout)
        assert int(done[1] if done else 0) >= int(match[1] if match else 0)


def test_a_difference_counts_what_it_would_fix(algolint: Run, spec: Path) -> None:
    done = algolint("--diff", "a.json")
    assert (done.returncode, done.stderr) == (1, "would fix 2 of 5 problems in 1 file; 3 are left\n")
    assert {line[:1] for line in done.stdout.splitlines()} <= {"-", "+", "@", " "}
    done = algolint("--diff", "--unsafe-fixes", "a.json")
    assert done.stderr == "would fix 4 of 5 problems in 1 file; 1 is left\n"
    assert spec.read_text() == TEXT
    algolint("--fix", "--unsafe-fixes", "a.json")
    done = algolint("--diff", "a.json")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "would fix 0 of 1 problem in 1 file; 1 is left\n",
    )


@pytest.mark.usefixtures("spec")
def test_fixing_only_counts_what_is_left(algolint: Run) -> None:
    done = algolint("--fix-only", "a.json")
    assert (done.returncode, done.stdout) == (0, "fixed 2 of 5 problems in 1 file; 3 are left\n")
    assert algolint("--fix-only", "--quiet", "a.json").stdout == ""


@pytest.mark.parametrize("option", ["--fix", "--fix-only"])
@pytest.mark.parametrize("form", ["full", "concise"])
def test_only_the_fixed_text_is_on_standard_output(algolint: Run, spec: Path, option: str, form: str) -> None:
    done = algolint(option, "--format", form, "--stdin-filename", "a.json", "-", stdin=TEXT)
    algolint(option, "a.json")
    assert done.stdout == spec.read_text()


@pytest.mark.parametrize(
    "data", [b'{"AlgorithmName": "a', b'{"AlgorithmName": "\xe9"}', b"\xef\xbb\xbf{}\r\n"]
)
def test_a_text_that_cannot_be_fixed_is_printed_as_it_is(data: bytes) -> None:
    """An editor replaces its text by the output."""
    command = [sys.executable, "-m", "algolint", "--fix-only", "--stdin-filename", "a.json", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.stdout == data


@pytest.mark.parametrize(
    "option", ["--diff", "--fix-only", "--write-baseline=b", "--list-files", "--list-specs"]
)
@pytest.mark.parametrize(
    ("more", "unused"),
    [
        (["--format", "json"], "--format json"),
        (["--output", "x"], "--output"),
        (["--report", "json=x"], "--report"),
        (["-o", "x.html"], "--format html"),
    ],
)
def test_no_report_claims_that_nothing_was_found(
    algolint: Run, spec: Path, option: str, more: list[str], unused: str
) -> None:
    done = algolint(option, *more, "a.json")
    assert (done.returncode, done.stdout) == (2, "")
    name = option.partition("=")[0]
    assert done.stderr == f"algolint: {name} reports no findings; leave out {unused}\n"
    assert spec.read_text() == TEXT
    assert os.listdir(spec.parent) == ["a.json"]


@pytest.mark.usefixtures("spec")
@pytest.mark.parametrize(
    "option", ["--diff", "--fix-only", "--write-baseline=b", "--list-files", "--list-specs"]
)
def test_actions_requests_no_report_where_there_is_none(
    algolint: Run, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert algolint(option, "a.json").returncode < 2


@pytest.mark.usefixtures("spec")
def test_files_are_counted_that_hold_a_spec(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1"}')
    done = algolint("a.json", "package.json")
    assert "5 errors, 1 warning in 1 file" in done.stdout
    done = algolint("--extend-ignore", "not-an-algorithm", "package.json")
    assert done.stdout == "no algorithm specs found\n"
    assert algolint("package.json").stdout.splitlines()[-1] == "1 warning, no algorithm specs found"
    report = json.loads(algolint("--format", "json", "a.json", "package.json").stdout)
    assert report["summary"]["files"] == 1


def test_an_empty_folder_is_reported_once(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = algolint("empty")
    assert (done.returncode, done.stdout, done.stderr) == (0, "no algorithm specs found\n", "")
    (tmp_path / "other").mkdir()
    assert algolint("empty", "other").stderr.splitlines() == [
        "algolint: empty holds no files to lint",
        "algolint: other holds no files to lint",
    ]
