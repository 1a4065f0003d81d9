"""What is recognised and not known is reported: silence means that something was linted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

CLEAN = '{"AlgorithmName": "acme", "TrainingSpecification": "${SPEC}"}'
CALLS = {
    "a.py": "from spec import more\nd = {'AlgorithmName': 'acme'}\nd.update(more)\n"
    "import boto3\nboto3.client('sagemaker').create_algorithm(**d)\n",
    "b.py": "import boto3\nboto3.client('sagemaker').create_algorithm(**load())\n",
    "c.json": CLEAN,
    "d.tf": 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "acme"\n'
    "  training_specification { training_image = var.image }\n}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in CALLS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "part"), [("a.py", "TrainingSpecification"), ("c.json", "TrainingSpecification")]
)
def test_a_spec_of_which_nothing_was_seen_is_named(algolint: Run, folder: Path, name: str, part: str) -> None:
    done = algolint(name, cwd=folder)
    assert done.returncode == 0
    assert "no problems in 1 file (1 spec not known)" in done.stdout
    assert f"{part} is not known here and was not linted" in done.stdout
    assert f"  {name}:" in done.stdout
    assert algolint("--fail-on-unknown", name, cwd=folder).returncode == 1
    assert algolint("--fail-on-unknown", "--exit-zero", name, cwd=folder).returncode == 0


def test_a_request_that_is_wholly_unknown(algolint: Run, folder: Path) -> None:
    done = algolint("--fail-on-unknown", "b.py", cwd=folder)
    assert done.returncode == 1
    assert "b.py:2:" in done.stdout


def test_specs_are_listed(algolint: Run, folder: Path) -> None:
    (folder / "e.yaml").write_text(
        "TrainingImage: a\nTrainingChannels: []\nSupportedTrainingInstanceTypes: []\n"
    )
    done = algolint("--list-specs", ".", cwd=folder)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "c.json:1:1: CreateAlgorithmInput, TrainingSpecification is not known" in lines
    assert "e.yaml:1:1: TrainingSpecification" in lines
    assert any(line.startswith("d.tf:1:1: CreateAlgorithmInput") for line in lines)
    assert len(lines) == 5


def test_json_has_what_is_not_known(algolint: Run, folder: Path) -> None:
    report = json.loads(algolint("--format", "json", "c.json", cwd=folder).stdout)
    assert report["unknown"] == [{"path": "c.json", "line": 1, "column": 1, "part": "TrainingSpecification"}]


def test_what_is_known_is_not_named(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"AlgorithmName": "acme", "TrainingSpecification": {"TrainingImage": "${X}"}}'
    )
    done = algolint("a.json", cwd=tmp_path)
    assert "not known" not in done.stdout + done.stderr
