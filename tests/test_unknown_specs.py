"""Specs that are recognised but not known are reported: silence means that something was linted."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Run
from renderings import program, replaced, template, terraform, values
from test_partly_known import request

from algolint.config.settings import FORMATS
from algolint.diagnostic import Recognised
from algolint.linting.linter import Linter
from algolint.source import Source
from algolint.testing import model_of

if TYPE_CHECKING:
    from collections.abc import Callable

CLEAN = '{"AlgorithmName": "acme", "TrainingSpecification": "${SPEC}"}'
IN_PART: dict[str, Any] = {
    "AlgorithmName": "acme",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.eu-north-1.amazonaws.com/weather:1.4",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "TrainingChannels": "${CHANNELS}",
    },
}
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


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_has_what_is_not_known(algolint: Run, folder: Path, form: str) -> None:
    (folder / "p.json").write_text(json.dumps(IN_PART))
    for name, message in (
        ("c.json", "TrainingSpecification is not known here and was not linted"),
        ("p.json", "not all is known here of TrainingSpecification/TrainingChannels"),
    ):
        done = algolint(
            "--format", form, name, cwd=folder, env={**os.environ, "GITHUB_STEP_SUMMARY": "summary.md"}
        )
        told = done.stdout + done.stderr
        if form == "json" and name == "p.json":
            [row] = json.loads(told)["known_in_part"]
            assert row == {
                "path": "p.json",
                "line": 1,
                "column": 1,
                "parts": ["TrainingSpecification/TrainingChannels"],
            }
        elif form == "json":
            assert json.loads(told)["unknown"][0]["part"] == "TrainingSpecification"
        elif form == "github" and name == "p.json":
            # Only a few annotations are shown.
            assert not told
            assert message.replace("/", "&#47;") in (folder / "summary.md").read_text()
        elif (form == "full" or FORMATS[form].findings_only) and name == "p.json":
            assert "1 spec known in part" in told
            assert message in algolint("-v", name, cwd=folder).stdout
        else:
            assert message in told
        # It is no finding.
        assert done.returncode == 0


def test_a_spec_that_is_known_in_part_is_listed_so(algolint: Run, folder: Path) -> None:
    (folder / "p.json").write_text(json.dumps(IN_PART))
    done = algolint("--list-specs", "p.json", cwd=folder)
    part = "not all is known here of TrainingSpecification/TrainingChannels"
    assert done.stdout == f"p.json:1:1: CreateAlgorithmInput in part, {part}\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("p.yaml", "!include channels.yaml"),
        ("p.yaml", "[!vault text]"),
        ("p.yaml", "'${CHANNELS}'"),
        ("p.yaml", "{{ channels }}"),
        ("p.yaml", '["{{ channel }}"]'),
        ("p.json", '"${CHANNELS}"'),
        ("p.json", r'"\u0024{CHANNELS}"'),
        ("p.json", '["%(channel)s"]'),
    ],
)
def test_a_list_that_the_file_does_not_show_is_named(
    algolint: Run, folder: Path, name: str, value: str
) -> None:
    text = json.dumps(IN_PART).replace('"${CHANNELS}"', value)
    (folder / name).write_text(text if name == "p.json" else f"---\n{text}")
    done = algolint("--list-specs", name, cwd=folder)
    assert "in part, not all is known here of TrainingSpecification/TrainingChannels" in done.stdout


@pytest.mark.parametrize("key", ["${KEY}", "{{ key }}", "%(key)s"])
def test_an_object_that_may_have_any_field_is_named(algolint: Run, folder: Path, key: str) -> None:
    training = {key: [], **IN_PART["TrainingSpecification"]}
    del training["TrainingChannels"]
    for name, spec in (
        ("a.json", {**IN_PART, "TrainingSpecification": training}),
        ("a.yaml", {**IN_PART, "TrainingSpecification": training}),
        ("b.json", {**IN_PART, key: "text"}),
    ):
        (folder / name).write_text(json.dumps(spec))
        part = "the request" if name == "b.json" else "TrainingSpecification"
        done = algolint(name, "-v", cwd=folder)
        assert done.returncode == 0
        assert f"{name}:1:1: not all is known here of {part}\n" in done.stdout


def test_a_training_specification_of_unknown_fields_is_not_known(algolint: Run, folder: Path) -> None:
    spec = {**IN_PART, "TrainingSpecification": dict.fromkeys(IN_PART["TrainingSpecification"], "${X}")}
    (folder / "p.json").write_text(json.dumps(spec))
    assert algolint("--fail-on-unknown", "p.json", cwd=folder).returncode == 1


@pytest.mark.parametrize(
    ("call", "part"),
    [
        ("**defaults(), AlgorithmName='a', TrainingSpecification=TRAINING", "the request"),
        ("AlgorithmName='a', TrainingSpecification={**TRAINING, 'TrainingChannels': [*more]}",
         "TrainingSpecification/TrainingChannels"),
        ("AlgorithmName='a', TrainingSpecification=TRAINING, Tags=tags()", "Tags"),
        ("AlgorithmName='a', TrainingSpecification={**TRAINING, 'SupportedTrainingInstanceTypes': ['ml.m5.xlarge', kind]}",
         "TrainingSpecification/SupportedTrainingInstanceTypes"),
        # A text is judged for what is known of it.
        ("AlgorithmName=name, TrainingSpecification={**TRAINING, 'TrainingImage': image}", ""),
        # A mistyped part is known, and reported.
        ("AlgorithmName='a', TrainingSpecification=TRAINING, Tags='none'", ""),
    ],
)  # fmt: skip
def test_parts_of_a_call(call: str, part: str) -> None:
    text = (
        f"TRAINING = {IN_PART['TrainingSpecification']!r}\nTRAINING['TrainingChannels'] = [{{'Name': 'a'}}]\n"
    )
    [spec] = lint_specs(f"{text}sm.create_algorithm({call})")
    assert spec.message == (f"not all is known here of {part}" if part else "")


@pytest.fixture
def without_parser(tmp_path: Path) -> dict[str, str]:
    """Return an environment without a parser of Terraform."""
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "tree_sitter.py").write_text("raise ImportError")
    paths = [str(tmp_path / "blocked"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_has_what_was_not_read(
    algolint: Run, folder: Path, without_parser: dict[str, str], form: str
) -> None:
    (folder / "e.tf").write_text((folder / "d.tf").read_text())
    for name in CALLS.keys() - {"d.tf"}:
        (folder / name).unlink()
    done = algolint("--format", form, ".", cwd=folder, env=without_parser)
    assert done.returncode == 0
    # Standard error names what is missing once.
    assert done.stderr.startswith("algolint: d.tf is skipped: Terraform files need a parser")
    told = done.stderr if FORMATS[form].findings_only else done.stdout
    if form == "full":
        assert told == "no algorithm specs found (2 files not read)\n"
    elif form == "json":
        assert [row["path"] for row in json.loads(told)["unknown"]] == ["d.tf", "e.tf"]
    else:
        assert "e.tf" in told
        assert "the file was not read: Terraform files need a parser" in told
    assert (
        algolint("--fail-on-unknown", "--format", form, ".", cwd=folder, env=without_parser).returncode == 1
    )


def test_files_that_were_not_read_are_listed(
    algolint: Run, folder: Path, without_parser: dict[str, str]
) -> None:
    done = algolint("--list-specs", "-v", ".", cwd=folder, env=without_parser)
    assert any(line.startswith("d.tf:1:1: the file was not read: ") for line in done.stdout.splitlines())


def lint_specs(text: str) -> list[Recognised]:
    return Linter(model_of(), [], with_specs=True).lint_source(Source("a.py", text)).specs


def test_what_is_known_is_not_named(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"AlgorithmName": "acme", "TrainingSpecification": {"TrainingImage": "${X}"}}'
    )
    done = algolint("a.json", cwd=tmp_path)
    assert "known" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "written",
    [
        '"${CHANNELS}"', '"{{ channels }}"', '"{% include \'channels\' %}"', '"%(channels)s"',
        r'"\u0024\u007bCHANNELS}"', r'"\U0000007b{ channels }}"', r'"\x25(channels)s"',
    ],
)  # fmt: skip
def test_a_part_that_is_a_template_is_named_however_it_is_spelled(written: str) -> None:
    text = json.dumps(IN_PART).replace('"${CHANNELS}"', written)
    result = Linter(model_of(), []).lint_source(Source("a.yaml", text))
    assert [spec.parts for spec in result.specs] == [["TrainingSpecification/TrainingChannels"]]


# ---------------------------------------------------------------- every object and list of a request

HOLE = "a hole"
# By file name: how a request is written, and what takes the place of an object or a list in it.
HOLES: dict[str, tuple[Callable[[Any], str], list[str]]] = {
    "a.json": (json.dumps, ['"${X}"', '"{{ x }}"', '"%(x)s"']),
    "a.yaml": (lambda spec: f"---\n{json.dumps(spec)}", ["!x y", "!x {}", "{{ x }}", "'${X}'"]),
    "a.py": (program, ["more", "load()", "settings.x", "settings['x']", "x if y else z"]),
    "a.template": (
        lambda spec: json.dumps(template(spec)),
        ['{"Ref": "X"}', '{"Fn::ImportValue": "X"}', '{"Fn::If": ["X", {"Ref": "Y"}, {"Ref": "Z"}]}'],
    ),
    "a.tf": (terraform, ["var.x", 'jsondecode(file("x.json"))', "data.x.y.z"]),
}


@pytest.mark.parametrize(("name", "hole"), [(name, hole) for name in HOLES for hole in HOLES[name][1]])
def test_every_object_and_list_that_is_not_known_is_told(name: str, hole: str) -> None:
    write, _ = HOLES[name]
    linter = Linter(model_of(), [])
    told = []
    for path, value in values(request()):
        # In Terraform an item of a list of objects is a block, whose place no expression can take.
        if path and isinstance(value, (dict, list)) and (name != "a.tf" or isinstance(path[-1], str)):
            text = write(replaced(request(), path, HOLE)).replace(json.dumps(HOLE), hole)
            [spec] = linter.lint_source(Source(name, text)).specs
            told.append((path, bool(spec.unknown or spec.parts)))
    assert len(told) > 20
    assert [path for path, is_told in told if not is_told] == []


BRANCHES = {
    "template.yaml": """\
Resources:
  Algorithm:
    Type: AWS::SageMaker::Algorithm
    Properties:
      AlgorithmName: forecaster
      TrainingSpecification: !If [IsLarge, ONE, OTHER]
""",
    "create.py": """\
import boto3
training = ONE
if is_small:
    training = OTHER
boto3.client("sagemaker").create_algorithm(AlgorithmName="forecaster", TrainingSpecification=training)
""",
}


@pytest.mark.parametrize("name", BRANCHES)
@pytest.mark.parametrize(("one", "other"), [(True, True), (True, False), (False, True), (False, False)])
def test_what_is_known_in_a_branch_is_known_in_part(name: str, one: bool, other: bool) -> None:
    known = '{"TrainingImage": "a", "SupportedTrainingInstanceTypes": ["ml.g5.xlarge"]}'
    unknown = "!Ref Training" if name.endswith("yaml") else "load()"
    text = (
        BRANCHES[name].replace("ONE", known if one else unknown).replace("OTHER", known if other else unknown)
    )
    (spec,) = Linter(model_of(), []).lint_source(Source(name, text)).specs
    if one or other:
        assert spec.message == "not all is known here of TrainingSpecification"
    else:
        assert spec.message == "TrainingSpecification is not known here and was not linted"
