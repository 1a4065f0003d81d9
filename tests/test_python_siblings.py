"""Imports and files that a program loads from below its folder are included, and nothing else is read."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from algolint import limits
from algolint.source import Source
from algolint.syntaxes import read
from algolint.testing import is_unknown
from algolint.values import UNKNOWN

DATA = {
    "tags.py": "TAGS = [1]\nNAME = 'n'\nTWICE = 1\nif x: TWICE = 2\ndef f(): ...\nclass C:\n    TAGS = [2]",
    "src/deep.py": "from .beside import TAGS\nfrom tags import NAME",
    "src/beside.py": "TAGS = [3]",
    "tags.json": "[4]",
    "more/tags.yaml": "- 5\n",
    "broken.json": "[",
    "broken.py": "TAGS = [",
    "cycle.py": "from spec import TAGS",
}


def tags_of(folder: Path, program: str) -> Any:
    """Return the Tags that the only call of a program in a folder passes."""
    for name, text in DATA.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    source = Source(str(folder / "spec.py"), f"{program}\nsm.create_algorithm(AlgorithmName='a', Tags=TAGS)")
    [found] = read(source)
    return found.spec["Tags"]


@pytest.mark.parametrize(
    ("program", "tags"),
    [
        ("from tags import TAGS", [1]),
        ("from tags import NAME as TAGS", "n"),
        ("from .tags import TAGS", [1]),
        ("import tags\nTAGS = tags.TAGS", [1]),
        ("import src.beside as b\nTAGS = b.TAGS", [3]),
        ("from src.beside import TAGS", [3]),
        ("from src import beside\nTAGS = beside.TAGS", [3]),
        ("from src.deep import TAGS", [3]),
        ("from src.deep import NAME as TAGS", "n"),
        ("from tags import C\nTAGS = C.TAGS", [2]),
        ("import json\nTAGS = json.load(open('tags.json'))", [4]),
        ("import json\nTAGS = json.loads(open('tags.json', 'r').read())", [4]),
        ("from json import load\nTAGS = load(open('tags.json', encoding='utf-8'))", [4]),
        ("import json\nwith open('tags.json') as f:\n    TAGS = json.load(f)", [4]),
        ("import json\nfrom pathlib import Path\nTAGS = json.loads(Path('tags.json').read_text())", [4]),
        ("import json, pathlib\nHERE = pathlib.Path(__file__).resolve().parent\n"
         "TAGS = json.load((HERE / 'tags.json').open())", [4]),
        ("import json, os\nTAGS = json.load(open(os.path.join(os.path.dirname(__file__), 'tags.json')))", [4]),
        ("import yaml\nTAGS = yaml.safe_load(open('more/tags.yaml'))", [5]),
        ("def load(n):\n    with open(n) as f:\n        return json.load(f)\nTAGS = load('tags.json')", [4]),
    ],
)  # fmt: skip
def test_what_is_joined(tmp_path: Path, program: str, tags: Any) -> None:
    assert tags_of(tmp_path, program) == tags


@pytest.mark.parametrize(
    "program",
    [
        "from tags import TWICE as TAGS",
        "from tags import f as TAGS",
        "from tags import MISSING as TAGS",
        "from ..tags import TAGS",
        "from broken import TAGS",
        "from cycle import TAGS",
        "from tags import TAGS\nrun(TAGS)",
        "TAGS = json.load(open('broken.json'))",
        "TAGS = json.load(open('missing.json'))",
        "TAGS = json.load(open(name))",
        "TAGS = json.load(open('tags.json'), object_hook=f)",
        "json.dump(x, open('tags.json', 'w'))\nTAGS = json.load(open('tags.json'))",
        # Outside of the folder.
        "TAGS = json.load(open('../outside.json'))",
        "TAGS = json.load(open('more/../../outside.json'))",
        "TAGS = json.load(open('@/outside.json'))",
        "TAGS = json.load(open('link.json'))",
        "TAGS = json.load(open('linked/outside.json'))",
        # A file that is not regular, and a file beyond the limit.
        "TAGS = json.load(open('pipe'))",
        "TAGS = json.load(open('more'))",
        "TAGS = json.load(open('long.json'))",
        "TAGS = json.load(open('tags.json\\0'))",
    ],
)
def test_what_is_not_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "outside.json").write_text("[9]")
    (folder / "link.json").symlink_to(tmp_path / "outside.json")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "long.json").write_text("[1]" + " " * 3000)
    os.mkfifo(folder / "pipe")
    monkeypatch.setattr(limits, "MAX_IMPORTED_SIZE", 2000)
    assert is_unknown(tags_of(folder, "import json\n" + program.replace("@", str(tmp_path))))


def test_few_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_IMPORTED_FILES", 1)
    assert is_unknown(
        tags_of(tmp_path, "import json\nfrom tags import NAME\nTAGS = json.load(open('tags.json'))")
    )


def test_a_program_without_a_folder_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tags.py").write_text("TAGS = [1]")
    [found] = read(
        Source("<request>.py", "from tags import TAGS\nsm.create_algorithm(AlgorithmName='a', Tags=TAGS)")
    )
    assert found.spec["Tags"] is UNKNOWN


SPEC = """\
TRAINING = {"TrainingImage": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/f:1",
  "SupportedTrainingInstanceTypes": ["ml.m5.3xlarge"], "TrainingChannels": []}
"""
DEPLOY = """\
from spec import TRAINING
sm.create_algorithm(AlgorithmName="bad_name", TrainingSpecification=TRAINING)
"""


def test_what_is_a_spec_of_its_own_is_reported_in_its_file_alone(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.py").write_text(SPEC)
    (tmp_path / "deploy.py").write_text(DEPLOY)
    lines = algolint("--isolated", "--format", "concise", str(tmp_path)).stdout.splitlines()
    found = {(line.split(":")[0].rsplit("/")[-1], line.rsplit("[")[-1]) for line in lines if "[" in line}
    assert {("spec.py", "unknown-instance-type]"), ("deploy.py", "pattern-mismatch]")} <= found
    assert ("deploy.py", "unknown-instance-type]") not in found


def test_what_a_literal_of_another_file_lacks_is_reported_where_it_is_sent(
    algolint: Run, tmp_path: Path
) -> None:
    (tmp_path / "spec.py").write_text(SPEC.replace(', "TrainingChannels": []', ', "MetricDefinitions": []'))
    (tmp_path / "deploy.py").write_text(DEPLOY)
    done = algolint("--isolated", "--format", "concise", ".", cwd=tmp_path)
    assert (
        "deploy.py:2:47: error: TrainingSpecification lacks the required field 'TrainingChannels'"
        in done.stdout
    )


@pytest.mark.parametrize(
    ("name", "text", "load"),
    [
        ("spec.py", SPEC, "from spec import TRAINING"),
        ("spec.json", json.dumps(ast.literal_eval(SPEC.partition(" = ")[2])), "import json\nTRAINING = json.load(open('spec.json'))"),
    ],
)  # fmt: skip
def test_what_a_program_sends_is_reported_in_it_if_its_file_is_not_linted(
    algolint: Run, tmp_path: Path, name: str, text: str, load: str
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "deploy.py").write_text(DEPLOY.replace("from spec import TRAINING", load))
    found = {files: algolint("--isolated", "--format", "concise", *files, cwd=tmp_path).stdout
             for files in (("deploy.py",), (".",))}  # fmt: skip
    assert (
        found["deploy.py",].count("[unknown-instance-type]")
        == found[".",].count("[unknown-instance-type]")
        == 1
    )
    assert f"{name}:" in found[".",]


def test_diagnostics_are_in_the_order_of_the_text(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "names.py").write_text("FIRST = 'a_b'\nSECOND = 'c_d'")
    call = "sm.create_algorithm(AlgorithmName={}, TrainingSpecification=x)\n"
    text = (
        "from names import SECOND\nfrom names import FIRST\n" + call.format("FIRST") + call.format("SECOND")
    )
    (tmp_path / "deploy.py").write_text(text)
    done = algolint("--isolated", "--format", "concise", "deploy.py", cwd=tmp_path)
    assert [line.split(":")[1] for line in done.stdout.splitlines() if "deploy.py:" in line][:2] == ["1", "2"]


def test_the_name_of_standard_input_has_a_folder(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "names.py").write_text("NAME = 'bad_name'")
    text = "from names import NAME\nsm.create_algorithm(AlgorithmName=NAME, TrainingSpecification=x)"
    done = algolint("--isolated", "--stdin-filename", str(tmp_path / "deploy.py"), "-", stdin=text)
    assert "'bad_name' contains '_'" in done.stdout
