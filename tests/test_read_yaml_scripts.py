"""Shell scripts in YAML: commands of workflows and pipelines, located in the file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from algolint.config.effective import SettingsFinder
from algolint.diagnostic import Diagnostic
from algolint.document import Document
from algolint.readers.yaml import read as read_yaml
from algolint.readers.yaml_offsets import with_offsets
from algolint.readers.yaml_scripts import read as read_scripts
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.suppression.writing import add_ignores
from algolint.syntaxes import read
from algolint.testing import is_unknown

REQUEST = (
    '{"AlgorithmName": "a", "TrainingSpecification": {"SupportedTrainingInstanceTypes": ["ml.m5.xlarg"]}}'
)
# A plain scalar of YAML cannot contain a colon and a space.
COMPACT = REQUEST.replace(": ", ":")
QUOTE = "'"
QUOTED = f"'{REQUEST}'"
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
    "a quoted command": f"script: '{CREATE} {QUOTED.replace(QUOTE, QUOTE * 2)}'\n",
    "a command in double quotes": f"script: {json.dumps(f'{CREATE} {QUOTED}')}\n",
    "a plain value over lines": f"run:\n  aws sagemaker\n  create-algorithm --cli-input-json\n  '{COMPACT}'\n",
    "a list in brackets": f"command: [sh, -c, {json.dumps(f'{CREATE} {QUOTED}')}]\n",
    "the words of a command": f"command: [aws]\nargs:\n- sagemaker\n- create-algorithm\n- --cli-input-json\n- {QUOTED}\n",
    "words in brackets": f"argv: [aws, sagemaker, create-algorithm, --cli-input-json, {json.dumps(REQUEST)}]\n",
    "a folded block with a blank line": f"run: >\n  ls\n\n  {CREATE}\n  {QUOTED}\n",
    "an anchor": f"a: &x\n  run: |\n    {CREATE} {QUOTED}\nb: *x\n",
    "a template": f"{{% if x %}}\nrun: |\n  {CREATE} {QUOTED}\n{{% endif %}}\n",
    "Windows": f"steps:\n  - run: |\n{indented(BLOCK, 6)}".replace("\n", "\r\n"),
}


def scripts_of(text: str) -> list[Document]:
    """The requests in the scripts of a text."""
    source = Source("a.yml", text)
    return read_scripts(source, read_yaml(source), 0)


def found_in(text: str, name: str = "a.yml") -> dict[str, str]:
    """The text at each finding, by its rule."""
    return {d.rule.name: text[slice(*d.location.span)] for d in lint(text, name)}


def lint(text: str, name: str = "a.yml") -> list[Diagnostic]:
    return list(Session(SettingsFinder({}, isolated=True)).lint(name, True, Source(name, text)).diagnostics)


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_write_a_script_is_read(form: str) -> None:
    assert found_in(FORMS[form])["unknown-instance-type"].strip('\\"') == "ml.m5.xlarg"


@pytest.mark.parametrize("form", FORMS)
def test_a_comment_that_is_added_suppresses(form: str) -> None:
    source = Source("a.yml", FORMS[form])
    found = lint(source.text)
    assert found
    text, left = add_ignores(source, found)
    assert (left, lint(text)) == ([], [])


# A comment may be at each of the marks.
SUPPRESSED = f"""<above the key>
run: |  <at the key>
  <above another>
  set -e  <after another>
  <above the file>
  cat > r.json <<EOF  <after the file>
  {REQUEST}
  EOF
  <above the command>
  {CREATE} file://r.json  <after the command>
<below>
other: 1
""".replace('"a"', '"a b"')
IN_A_BRANCH = """<above the key>
run: |  <at the key>
  <above another>
  if true; then  <after another>
    <above the command>
    aws sagemaker create-algorithm \\
      --algorithm-name 'a b' \\
      --training-specification file://t.json  <after the command>
  fi
"""
PLACES = [
    (text, place, place in places)
    for text, places in (
        (SUPPRESSED, ("above the key", "at the key", "above the file", "after the file")),
        (IN_A_BRANCH, ("above the key", "at the key", "above the command", "after the command")),
    )
    for place in re.findall("<([a-z][a-z ]+)>", text)
]


@pytest.mark.parametrize(("text", "place", "suppresses"), PLACES)
def test_where_a_comment_suppresses(text: str, place: str, suppresses: bool) -> None:
    text = text.replace(f"<{place}>", "# algolint: ignore[pattern-mismatch] why")
    text = re.sub(r"(?m)^ *<[a-z ]+>\n| *<[a-z][a-z ]+>$", "", text)
    found = [d.rule.name for d in lint(text)]
    assert ("pattern-mismatch" in found, "unused-suppression" in found) == (not suppresses, not suppresses)


@pytest.mark.parametrize(
    "text",
    [
        f"run: |\n  # algolint: ignore-file[*]\n  {CREATE} {QUOTED}\n",
        f"run: |\n  # algolint: off[*]\n  {CREATE} {QUOTED}\n  # algolint: on[*]\n",
        f"# algolint: off[*]\nrun: |\n  {CREATE} {QUOTED}\n# algolint: on[*]\n",
        f"run:\n  - a: |\n      # algolint: ignore[*]\n      {CREATE} {QUOTED}\n{{% if x %}}\n  - b: c\n{{% endif %}}\n",
        f"a:\n{{% if x %}}\n  b: c\n{{% endif %}}\n# algolint: ignore[*]\nrun: |\n  {CREATE} {QUOTED}\n",
    ],
)
def test_other_comments_in_scripts(text: str) -> None:
    assert lint(text) == []


def test_a_mark_in_a_text_is_no_comment() -> None:
    text = f"run: |\n  cat <<EOF\n  # algolint: ignore-file[*]\n  EOF\n  {CREATE} {QUOTED}\n"
    assert "unknown-instance-type" in found_in(text)


def test_fixing_keeps_the_comments_that_are_used(algolint: Run, tmp_path: Path) -> None:
    unused, used = "# algolint: ignore[item-count]", "# algolint: ignore[*]"
    text = f"run: |\n  set -e\n  {unused}\n  ls  {unused}\n  {used}\n  {CREATE} {QUOTED}\n"
    (tmp_path / "a.yml").write_text(text)
    algolint("--fix", "a.yml", cwd=tmp_path)
    assert (tmp_path / "a.yml").read_text() == text.replace(f"  {unused}\n  ls", "  ls").replace(
        f"  {unused}", ""
    )
    assert algolint("a.yml", cwd=tmp_path).returncode == 0


LINES = st.lists(st.text(alphabet="abn \t'\"\\#:x1", max_size=5), min_size=1, max_size=5)


@given(LINES, st.sampled_from(["|", ">", "'", '"', ""]), st.sampled_from(["\n", "\r\n"]))
def test_the_text_of_a_scalar_is_that_of_the_parser(lines: list[str], style: str, line_break: str) -> None:
    if style in ("|", ">"):
        text = f"k: {style}{line_break}" + "".join(f"  {line}{line_break}" for line in lines)
    else:
        text = f"k: {style}{(line_break + '  ').join(lines)}{style}{line_break}"
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader).value[0][1]  # type: ignore[union-attr]
    except yaml.YAMLError:
        return
    if isinstance(node, yaml.ScalarNode):
        found, offsets = with_offsets(text, (node.start_mark.index, node.end_mark.index), node.style)
        assert found.rstrip() == node.value.rstrip()
        assert offsets == sorted(offsets)


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
        "msg: 'run aws sagemaker create-algorithm --algorithm-name a_b'\n",
        "args: [create-algorithm, --algorithm-name, a_b]\n",
        "a:\n  description: |\n    - aws sagemaker create-algorithm --algorithm-name a_b\n",
        "Description: runs `aws sagemaker create-algorithm --algorithm-name a_b`\n",
        "run: |\n  echo create-algorithm\n",
        "run: |\n  x\nother: |\n  y create-algorithm\n",
        f"# {CREATE} '{{}}'\na: b\n",
    ],
)
def test_what_is_no_request(text: str) -> None:
    assert scripts_of(text) == []


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
    try:
        found = scripts_of(whole)
    except SourceSyntaxError:
        return
    for document in found:
        start, end = document.locate(("AlgorithmName",))
        assert 0 <= start <= end <= len(whole)
