"""Suppression comments in Terraform, TypeScript, Python and notebooks: read, reported, removed and added as in YAML."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

from algolint.config.effective import SettingsFinder
from algolint.fixes.proof import same
from algolint.runs.session import Session
from algolint.source import Source, read_file
from algolint.suppression.coverage import UNSUPPRESSIBLE
from algolint.suppression.writing import add_file_ignore, add_ignores
from algolint.syntaxes import read

SESSION = Session(SettingsFinder({}, isolated=True), with_edits=True)


def linted(text: str, name: str) -> list[tuple[str, str]]:
    """Return rule and message of each finding."""
    return [(d.rule.name, d.message) for d in SESSION.lint(name, True, Source(name, text)).diagnostics]


def rules(text: str, name: str) -> set[str]:
    return {rule for rule, _ in linted(text, name)}


def fixed(text: str, name: str) -> str:
    from algolint.runs import fixing

    return fixing.fixed(SESSION, name, True, Source(name, text), unsafe=False)[0].text


# ---------------------------------------------------------------- Terraform

RESOURCE = """\
resource "aws_sagemaker_algorithm" "a" {{
  training_specification = var.t
  {above}
  algorithm_name = {within}"a b"{behind}
}}
"""


def terraform(above: str = "# a", within: str = "", behind: str = "") -> str:
    return RESOURCE.format(above=above, within=within, behind=behind)


COVERING = [
    {"behind": " # algolint: ignore[pattern-mismatch]"},
    {"behind": " // algolint: ignore[pattern-mismatch] why"},
    {"behind": " /* algolint: ignore[pattern-mismatch] why */"},
    {"behind": " /*algolint: ignore[pattern-mismatch]*/ # and a note"},
    {"within": "/* algolint: ignore[pattern-mismatch] */ "},
    {"above": "# algolint: ignore[pattern-mismatch]"},
    {"above": "// algolint: ignore[pattern-mismatch]\n  // a note"},
    {"above": "/* algolint: ignore[pattern-mismatch] why */"},
    {"above": "/* algolint: ignore[pattern-mismatch] */\n\n  /* a\n  note */ // and one"},
    {"above": "/*\n   * algolint: ignore[pattern-mismatch] why\n   * and more\n   */"},
    {"above": "/** a note\nalgolint: ignore[pattern-mismatch]\n*/"},
    {"above": "/* algolint: off[pattern-mismatch] */", "behind": " /* algolint: on[pattern-mismatch] */"},
    {"behind": "\n/*\n  algolint: ignore-file[pattern-mismatch]\n*/"},
]


@pytest.mark.parametrize("places", COVERING, ids=str)
def test_a_comment_in_terraform_suppresses(places: dict[str, str]) -> None:
    assert "pattern-mismatch" in rules(terraform(), "a.tf")
    assert not rules(terraform(**places), "a.tf") & {"pattern-mismatch", *UNSUPPRESSIBLE}
    unused = terraform(**places).replace('"a b"', '"ab"')
    assert rules(unused, "a.tf") & UNSUPPRESSIBLE == {"unused-suppression"}


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("/* algolint: ignor[env-size] */", "'ignor' is not a directive; did you mean 'ignore'?"),
        ("/* algolint: ignore */", "'ignore' names no rule; write ignore[rule, rule]"),
        ("/*\n  algolint: ignore[\n*/", "the '[' after 'ignore' is never closed"),
        ("// algolint: ignore[a b]", "'a b' is not a rule name; put commas between rules"),
        ("/* algolint: ignore[env-siz] */", "there is no rule 'env-siz'; did you mean 'env-size'?"),
    ],
)
def test_a_wrong_comment_in_terraform_is_reported(comment: str, message: str) -> None:
    assert message in [
        text for rule, text in linted(terraform(above=comment), "a.tf") if rule in UNSUPPRESSIBLE
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"above": "/* algolint: ignore[env-size] */"}, None),
        ({"above": "# x\n  /*\n   algolint: ignore[env-size]\n  */\n"}, {"above": "# x\n"}),
        ({"above": "/* x\n   algolint: ignore[env-size]\n   y */"}, {"above": "/* x\n   y */"}),
        ({"above": "/* x\n   algolint: ignore[env-size] why */"}, {"above": "/* x*/"}),
        ({"within": "/* algolint: ignore[env-size] */ "}, {}),
        ({"behind": " /* algolint: ignore[env-size] */"}, {}),
        ({"behind": " // algolint: ignore[env-size] why"}, {}),
        (
            {"behind": " /* algolint: ignore[env-size, pattern-mismatch] why */"},
            {"behind": " /* algolint: ignore[pattern-mismatch] why */"},
        ),
    ],
    ids=str,
)
def test_an_unused_comment_in_terraform_is_removed(
    before: dict[str, str], after: dict[str, str] | None
) -> None:
    expected = terraform(**after) if after is not None else terraform().replace("  # a\n", "")
    assert fixed(terraform(**before), "a.tf") == expected


# ---------------------------------------------------------------- notebooks

CELLS = [
    "import boto3  # algolint: ignore[env-size]\nclient = boto3.client('sagemaker')\nspec = given()",
    'client.create_algorithm(\n    AlgorithmName="a b",\n    TrainingSpecification=spec,\n)\n# end',
]


def by_lines(cells: list[str]) -> str:
    """As Jupyter writes it."""
    rows = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": rows, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def by_cells(cells: list[str]) -> str:
    rows = [{"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"cells": rows, "metadata": {}, "nbformat": 4})


def minified(cells: list[str]) -> str:
    return json.dumps(json.loads(by_lines(cells)), separators=(",", ":"))


FORMS = {"by lines": by_lines, "by cells": by_cells, "minified": minified}


def cells_of(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    "change",
    [
        ('"a b",', '"a b",  # algolint: ignore[pattern-mismatch]'),
        ("    Alg", "    # algolint: ignore[pattern-mismatch] why\n    Alg"),
        ("# end", "# algolint: ignore-file[pattern-mismatch]"),
        ("client.create", "# algolint: off[pattern-mismatch]\nclient.create"),
    ],
)
def test_a_comment_in_a_cell_suppresses(form: Any, change: tuple[str, str]) -> None:
    """Whether a line of the cell is a line of the file or not."""
    cells = [CELLS[0].replace("  # algolint: ignore[env-size]", ""), CELLS[1]]
    assert "pattern-mismatch" in rules(form(cells), "a.ipynb")
    cells[1] = cells[1].replace(*change)
    assert not rules(form(cells), "a.ipynb") & {"pattern-mismatch", *UNSUPPRESSIBLE}
    cells[1] = cells[1].replace('"a b"', '"ab"')
    found = [message for rule, message in linted(form(cells), "a.ipynb") if rule == "unused-suppression"]
    assert len(found) == 1
    assert "(cell 2, line " in found[0]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    ("number", "place", "before", "after"),
    [
        (0, "import boto3", "import boto3  # algolint: ignore[env-size]", "import boto3"),
        (1, "\n# end", "\n# algolint: ignore[env-size]", ""),
        (1, "client.create", "# algolint: ignore[env-size] why\nclient.create", "client.create"),
        (1, ",\n    Tr", ",\n    # algolint: ignore[env-size, tag-count]\n    Tr", ",\n    Tr"),
        (1, ",\n    Tr", ",\n    # x\n\n    # algolint: ignore[env-size]\n\n    Tr", ",\n    # x\n\n    Tr"),
        (1, ",\n    Tr", ",  # algolint: ignore[env-size] x # y\n    Tr", ",  # y\n    Tr"),
        (1, "\n# end", "\n\n# algolint: ignore[env-size]\n", "\n"),
    ],
)
def test_an_unused_comment_in_a_cell_is_removed(
    form: Any, number: int, place: str, before: str, after: str
) -> None:
    """The rest of the file does not change."""
    cells = [CELLS[0].replace("  # algolint: ignore[env-size]", ""), CELLS[1].replace('"a b"', '"ab"')]
    changed, expected = [*cells], [*cells]
    changed[number] = cells[number].replace(place, before)
    expected[number] = cells[number].replace(place, after)
    assert fixed(form(changed), "a.ipynb") == form(expected)


def test_wrong_comments_in_cells_are_reported() -> None:
    text = by_lines([CELLS[0].replace("ignore[env-size]", "ignore"), CELLS[1]])
    assert (
        "malformed-suppression",
        "'ignore' names no rule; write ignore[rule, rule] (cell 1, line 1, column 15)",
    ) in linted(text, "a.ipynb")


# ---------------------------------------------------------------- adding


def check_adding(text: str, name: str, at_least: int = 1) -> str:
    """Check that all is suppressed except without room, no value changed, and all of it can be undone."""
    source = Source(name, text)
    found = SESSION.lint(name, True, source).diagnostics
    assert len(found) >= at_least
    result, left = add_ignores(source, found)
    then = linted(result, name)
    assert sorted(then) == sorted((d.rule.name, d.message) for d in left)
    pairs = zip(read(source), read(Source(name, result)), strict=True)
    assert all(same(before.spec, after.spec) for before, after in pairs)
    return result


PROGRAMS = {
    "at the end of the line": (
        'client.create_algorithm(AlgorithmName="a b", TrainingSpecification=spec)\n',
        'client.create_algorithm(AlgorithmName="a b", TrainingSpecification=spec)'
        "  # algolint: ignore[pattern-mismatch]\n",
    ),
    "above a text over several lines": (
        'client.create_algorithm(\n    AlgorithmName="""a\nb""" "c",\n    TrainingSpecification=spec,\n)\n',
        "client.create_algorithm(\n    # algolint: ignore[pattern-mismatch]\n"
        '    AlgorithmName="""a\nb""" "c",\n    TrainingSpecification=spec,\n)\n',
    ),
    "no room": (
        'x = 1; client.create_algorithm(TrainingSpecification=spec, \\\n  AlgorithmName="a b")  \\\n  .x\n',
        'x = 1; client.create_algorithm(TrainingSpecification=spec, \\\n  AlgorithmName="a b")  \\\n  .x\n',
    ),
}


@pytest.mark.parametrize(("text", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_adding_to_a_program(text: str, expected: str) -> None:
    head = "import boto3\nclient = boto3.client('sagemaker')\nspec = given()\n"
    assert check_adding(head + text, "a.py") == head + expected


BRANCH = """\
import boto3
types = ["ml.m5.large"]
if gpu:
    types = [
        "ml.p3.3xlarge",  # algolint: ignore[unknown-instance-type] a new one
        # algolint: ignore[unknown-instance-type]
        "p3.2xlarge",
        "ml.g5.3xlarge",
    ]
boto3.client("sagemaker").create_algorithm(
    AlgorithmName="a", TrainingSpecification={**load(), "SupportedTrainingInstanceTypes": types}
)
"""


def test_a_value_of_a_branch_is_suppressed_and_not_fixed() -> None:
    """The request that the fault is in is one of several that the call may send."""
    assert [
        message.split()[0] for rule, message in linted(BRANCH, "a.py") if rule == "unknown-instance-type"
    ] == ["'ml.g5.3xlarge'"]
    assert "unused-suppression" not in rules(BRANCH, "a.py")
    assert fixed(BRANCH, "a.py") == BRANCH
    expected = BRANCH.replace(
        '"ml.g5.3xlarge",', '"ml.g5.3xlarge",  # algolint: ignore[unknown-instance-type]'
    )
    assert check_adding(BRANCH, "a.py") == expected


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_adding_to_a_notebook(form: Any) -> None:
    cells = [CELLS[0].replace("  # algolint: ignore[env-size]", ""), CELLS[1]]
    comment = '"a b",  # algolint: ignore[pattern-mismatch]'
    assert check_adding(form(cells), "a.ipynb") == form([cells[0], cells[1].replace('"a b",', comment)])


def test_a_comment_line_of_a_cell_is_a_string_of_its_own() -> None:
    cells = [CELLS[0].replace("  # algolint: ignore[env-size]", ""), CELLS[1].replace('"a b"', '"""a\nb"""')]
    comment = "    # algolint: ignore[pattern-mismatch]\n    Alg"
    for form in (by_lines, by_cells):
        assert check_adding(form(cells), "a.ipynb") == form([cells[0], cells[1].replace("    Alg", comment)])


def test_adding_to_terraform() -> None:
    """Above the line, as `terraform fmt` moves comments at the end."""
    assert check_adding(terraform(), "a.tf") == terraform(above="# a\n  # algolint: ignore[pattern-mismatch]")
    heredoc = terraform().replace('"a b"', "<<EOT\na b\nEOT")
    assert check_adding(heredoc, "a.tf") == heredoc.replace(
        "  algorithm_name", "  # algolint: ignore[pattern-mismatch]\n  algorithm_name"
    )


def test_adding_to_typescript() -> None:
    """Above the line, as Prettier moves comments at the end."""
    text = 'new CfnAlgorithm(this, "a", {\n  trainingSpecification: t,\n  algorithmName: NAME,\n});\nconst NAME = "a b";\n'
    comment = "// algolint: ignore[pattern-mismatch]\n"
    assert check_adding(text, "a.ts") == text.replace("const NAME", f"{comment}const NAME")
    template = text.replace('"a b"', "`a\n b`")
    assert check_adding(template, "a.js") == template.replace("const NAME", f"{comment}const NAME")
    source = Source("a.tsx", "#!/usr/bin/env node\n" + text)
    assert add_file_ignore(source, "pattern-mismatch", "why") == source.text.replace(
        "new", "// algolint: ignore-file[pattern-mismatch] why\nnew"
    )


SCRIPT = """#!/bin/bash
<if>if [ -n "$X" ]; then
  <command>aws sagemaker create-algorithm \\
    --algorithm-name 'a b' \\
    --training-specification file://t.json
fi
<file>cat > r.json <<END
{"AlgorithmName": "a b", "TrainingSpecification": 1}
END
aws sagemaker create-algorithm --cli-input-json file://r.json
NAME='a
b'
<variable>aws sagemaker create-algorithm --algorithm-name "$NAME" \\
  --training-specification file://t.json
"""


def test_adding_to_a_shell_script() -> None:
    """Above or after a statement, as a comment would end a command that continues on the next line."""
    comment = "# algolint: ignore[pattern-mismatch]"
    want = SCRIPT.replace("<if>", "").replace("<command>", f"{comment}\n  ")
    want = want.replace("<file>", "# algolint: ignore[pattern-mismatch, wrong-type]\n")
    want = want.replace("<variable>", f"{comment}\n")
    assert check_adding(re.sub("<[a-z]+>", "", SCRIPT), "a.sh") == want


def test_adding_to_a_makefile() -> None:
    text = (
        "a:\n\t@aws sagemaker create-algorithm \\\n\t  --algorithm-name 'a b' \\\n\t  --tags file://t.json\n"
    )
    comment = "\t# algolint: ignore[missing-field, pattern-mismatch]\n"
    assert check_adding(text, "Makefile") == text.replace("\t@", f"{comment}\t@")


def test_a_file_without_comments(algolint: Run, tmp_path: Path) -> None:
    text = f"```json\n{json.dumps({'AlgorithmName': 'a b', 'TrainingSpecification': {}})}\n```\n"
    (tmp_path / "a.md").write_text(text)
    done = algolint("--add-ignore", "a.md", cwd=tmp_path)
    assert (tmp_path / "a.md").read_text() == text
    assert "a.md: algolint writes no comments in markdown files; to suppress what is left" in done.stderr


DAMAGE = [("Integer", "integer"), ("Maximize", "maximize"), ("File", "FILE"), ("text/csv", "text csv")]


@pytest.mark.parametrize(
    "path",
    sorted(p for p in (ROOT / "fixtures" / "same").glob("*/spec.*") if p.suffix in (".py", ".ipynb", ".tf")),
    ids=lambda path: f"{path.parent.name}{path.suffix}",
)
def test_adding_to_fixtures(path: Path) -> None:
    text = read_file(str(path), 1 << 23).text
    damaged = text
    for before, after in DAMAGE:
        damaged = damaged.replace(before, after)
    assert damaged != text
    check_adding(damaged, path.name, at_least=5)


def test_a_file_with_and_without_room(algolint: Run, tmp_path: Path) -> None:
    """Findings with room get a comment, and the others an entry for the configuration that can be pasted."""
    text = "- {Name: a, IsRequired: true, Type: 'x\n\n  y', Bogus: 'x\n\n  y'}\n"
    (tmp_path / "a b.yaml").write_text(text)
    (tmp_path / "b.json").write_text('{"AlgorithmName": "a b", "Tags": [{"Key": "a", "Value": "x, y"}]}')
    done = algolint("--add-ignore", "a b.yaml", "b.json")
    assert done.returncode == 1
    assert (tmp_path / "a b.yaml").read_text().startswith("# algolint: ignore[")
    assert "1 finding has no room for a comment; to suppress what is left" in done.stderr
    assert "b.json: JSON takes no comments; to suppress what is left" in done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("algolint: ")]
    (tmp_path / "algolint.toml").write_text("\n".join(lines))
    done = algolint("a b.yaml", "b.json")
    assert (done.returncode, done.stderr) == (0, "")
