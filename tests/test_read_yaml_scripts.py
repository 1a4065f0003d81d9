"""Shell scripts in YAML: commands of workflows and pipelines, located in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from algolint.config.effective import SettingsFinder
from algolint.readers.yaml_scripts import read as read_scripts
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read
from algolint.testing import is_unknown

REQUEST = (
    '{"AlgorithmName": "a", "TrainingSpecification": {"SupportedTrainingInstanceTypes": ["ml.m5.xlarg"]}}'
)
# A plain scalar of YAML cannot contain a colon and a space.
COMPACT = REQUEST.replace(": ", ":")
CREATE = "aws sagemaker create-algorithm --cli-input-json"
BLOCK = f"""cat > r.json <<EOF
{REQUEST}
EOF

{CREATE} file://r.json
"""


def indented(text: str, indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in text.splitlines())


FORMS = {
    "a step of GitHub": f"jobs:\n  a:\n    steps:\n      - name: x\n        run: |\n{indented(BLOCK, 10)}      - run: ls\n",
    "an item that is a block": f"steps:\n  - run: |-\n{indented(BLOCK, 6)}",
    "a script of GitLab": f"a:\n  script:\n    - |\n{indented(BLOCK, 6)}    - ls\n",
    "a command of CodeBuild": f"phases:\n  build:\n    commands:\n      - cd x\n      - {CREATE} '{COMPACT}'\n",
    "a plain value": f"script: {CREATE} '{COMPACT}'\n",
    "a folded block": f"run: >-  # folded\n  aws sagemaker\n  create-algorithm\n  --cli-input-json '{REQUEST}'\n",
    "deeper lines": f"run: |\n  if true; then\n    {CREATE} '{REQUEST}'\n  fi\n",
    "a block at the end": f"run: |\n  {CREATE} '{REQUEST}'",
    "Windows": f"steps:\n  - run: |\n{indented(BLOCK, 6)}".replace("\n", "\r\n"),
}


def found_in(text: str, name: str = "a.yml") -> dict[str, str]:
    """The text at each finding, by its rule."""
    found = Session(SettingsFinder({}, isolated=True)).lint(name, True, Source(name, text)).diagnostics
    return {d.rule.name: text[slice(*d.location.span)] for d in found}


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_write_a_script_is_read(form: str) -> None:
    assert found_in(FORMS[form])["unknown-instance-type"] == '"ml.m5.xlarg"'


def test_expressions_of_the_service_are_unknown() -> None:
    request = REQUEST.replace('"a"', '"a-${{ github.sha }}"').replace(
        '["ml.m5.xlarg"]', "${{ inputs.types }}"
    )
    (_, document) = read(Source("a.yml", f"run: |\n  {CREATE} '{request}'\n"))
    assert document.spec["AlgorithmName"].startswith("a-${")
    assert is_unknown(document.spec["TrainingSpecification"]["SupportedTrainingInstanceTypes"])


@pytest.mark.parametrize(
    "text",
    [
        "name: aws sagemaker create-algorithm\n",
        "a:\n  description: |\n    - aws sagemaker create-algorithm --algorithm-name a_b\n",
        "Description: runs `aws sagemaker create-algorithm --algorithm-name a_b`\n",
        "run: |\n  echo create-algorithm\n",
        "run: |\n  x\nother: |\n  y create-algorithm\n",
        f"# {CREATE} '{{}}'\n",
    ],
)
def test_what_is_no_request(text: str) -> None:
    assert read_scripts(Source("a.yml", text), 0) == []


def test_a_workflow_runs_in_the_root_of_the_repository(algolint: Run, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (tmp_path / "spec.json").write_text(REQUEST)
    (folder / "a.yml").write_text(f"jobs:\n  run: {CREATE} file://spec.json\n")
    found = algolint("--format", "concise", ".github/workflows/a.yml", cwd=tmp_path).stdout
    assert ".github/workflows/a.yml:2:" in found
    assert "[unknown-instance-type]" in found
    # Where the file is linted too, its findings are reported there alone.
    (folder / "a.yml").write_text(f"# AlgorithmName\n{(folder / 'a.yml').read_text()}")
    found = algolint("--format", "json", ".", ".github/workflows/a.yml", cwd=tmp_path).stdout
    paths = {
        row["path"] for row in json.loads(found)["diagnostics"] if row["rule"] == "unknown-instance-type"
    }
    assert paths == {"spec.json"}


def test_specs_and_scripts_of_one_file() -> None:
    """Each has a number of its own, so that one does not hide the findings of the other."""
    text = f"AlgorithmName: a b\n---\n{FORMS['a step of GitHub']}"
    assert found_in(text)["unknown-instance-type"] == '"ml.m5.xlarg"'
    assert found_in(text)["pattern-mismatch"] == "a b"
    indexes = [document.index for document in read(Source("a.yml", text))]
    assert len(set(indexes)) == len(indexes)


def test_json_that_is_broken_is_located() -> None:
    text = f"run: |\n  {CREATE} '{{\"a\": 1,}}'\n"
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source("a.yml", text))
    assert text[slice(*caught.value.span)] == ","


def test_a_folder_is_searched_for_scripts_of_ci_services(algolint: Run, tmp_path: Path) -> None:
    for name in (".github/workflows/a.yml", ".gitlab-ci.yml", ".circleci/config.yml", ".cache/a.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(FORMS["a step of GitHub"])
    (tmp_path / ".github" / "dependabot.yml").write_text("version: 2\n")
    found = algolint("--format", "json", ".", cwd=tmp_path).stdout
    paths = [
        row["path"] for row in json.loads(found)["diagnostics"] if row["rule"] == "unknown-instance-type"
    ]
    assert sorted(paths) == [".circleci/config.yml", ".github/workflows/a.yml", ".gitlab-ci.yml"]


@given(st.text(alphabet="ab:|>- \n\r#'\"{}$", max_size=60))
def test_every_location_is_in_the_file(text: str) -> None:
    whole = f"{text}\n- |\n  {CREATE} '{REQUEST}'\n{text}"
    for document in read_scripts(Source("a.yml", whole), 0):
        start, end = document.locate(("AlgorithmName",))
        assert 0 <= start <= end <= len(whole)
