"""Notebooks: their cells as one program, with locations in the file and in the cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, Share, shares
from hypothesis import given
from hypothesis import strategies as st
from renderings import added, findings

from algolint.config.effective import SettingsFinder
from algolint.diagnostic import Diagnostic
from algolint.document import Document
from algolint.linting.linter import Linter
from algolint.readers import notebook as read_notebook
from algolint.reports import text as report_text
from algolint.rule_files import first_party_rules
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read
from algolint.testing import is_unknown, model_of

RULES = first_party_rules()


def cell(text: str, whole: bool = False, **more: Any) -> dict[str, Any]:
    source: Any = text if whole else text.splitlines(keepends=True)
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [], "source": source} | more


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def notebook(*cells: Any, **more: Any) -> str:
    metadata = {"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}}
    content = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5} | more
    return json.dumps(content, indent=1)


def documents(text: str) -> list[Document]:
    return read(Source("spec.ipynb", text))


def document(*texts: str) -> Document:
    [found] = documents(notebook(*map(cell, texts)))
    return found


def linted(text: str) -> list[Diagnostic]:
    linter = Linter(model_of(), RULES)
    result = linter.lint_source(Source("spec.ipynb", text))
    assert not result.crashes, result.crashes[0]
    assert result.is_spec
    return result.diagnostics


CALL = "sm.create_algorithm(AlgorithmName='a b')"

# ---------------------------------------------------------------- a notebook as people write them

IMPORTS = """\
%matplotlib inline
%load_ext autoreload
!pip install --upgrade \\
    sagemaker boto3 --quiet  # it's needed
import json
import time
import boto3
from sagemaker import get_execution_role

role = get_execution_role()
smmp = boto3.client('sagemaker', region_name='us-west-2')
bucket = !aws s3 ls
"""
SHELL = "%%sh\n# the image's name\nalgorithm_name=my bad name\ndocker push ${fullname}\n"
TRAINING = """\
# Training: what the algorithm takes
training_specification = {
    "TrainingSpecification": {
        "TrainingImage": "<ImageURI>",
        # every hyperparameter
        "SupportedHyperParameters": [
            {
                "Description": "Grow a tree with max_leaf_nodes – best first",
                "Name": "max_leaf_nodes",
                "Type": "Integer",
                "Range": {
                    "IntegerParameterRangeSpecification": {
                        "MinValue": "1",
                        "MaxValue": 100000  # a number
                    }
                },
                "IsTunable": True,
                # "IsTunable": False,
                "IsRequired": False,
                "DefaultValue": "100"
            },
            # {
            #     "Name": "criterion",
            # },
        ],
        "SupportedTrainingInstanceTypes": ["ml.m5.large", "ml.m5.3xlarge"],
        "SupportsDistributedTraining": False,
        "MetricDefinitions": [{"Name": "validation:rmse", "Regex": "validation-rmse=(.*?);"}],
        "TrainingChannels": [
            {
                "Name": "training",
                "Description": "Rows",
                "IsRequired": True,
                "SupportedContentTypes": ["text/csv"],
                "SupportedCompressionTypes": ["None"],
                "SupportedInputModes": ["File"]
            },
        ],
        "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimise", "MetricName": "validation:rmse"}],
    }
}
print(json.dumps(training_specification, indent=2, sort_keys=True))
"""
TEMPLATE = '''\
TEMPLATE = """
{
    "InferenceSpecification": {
        "Containers" : [{"Image": "IMAGE_REPLACE_ME"}],
        "SupportedTransformInstanceTypes": INSTANCES_REPLACE_ME,
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": "text/csv"
    }
}
"""
inference_specification = json.loads(
    TEMPLATE.replace("IMAGE_REPLACE_ME", image).replace("INSTANCES_REPLACE_ME", json.dumps(instances))
)
'''
VALIDATION = """\
%%time
validation_specification = {"ValidationSpecification": {
    "ValidationRole": "<RoleArn>",
    "ValidationProfiles": [{
        "ProfileName": "ValidationProfile1",
        "TrainingJobDefinition": {
            "TrainingInputMode": "File",
            "HyperParameters": {"max_leaf_nodes": "10"},
            "InputDataConfig": [{
                "ChannelName": "training",
                "DataSource": {"S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": f"s3://{bucket}/train",
                    "S3DataDistributionType": "FullyReplicated"}},
                "ContentType": "text/csv"}],
            "OutputDataConfig": {"S3OutputPath": "s3://<bucket>/output"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "StoppingCondition": {"MaxRuntimeInSeconds": "3600"},
        },
    }],
}}
"""
BROKEN = "training_specification[\n"
SENT = """\
algorithm_name = "scikit-decision-trees-" + str(round(time.time()))
create_algorithm_input_dict = {
    "AlgorithmName" : algorithm_name,
    "AlgorithmDescription" : "Decision trees, {}".format(version),
    "CertifyForMarketplace" : "yes"
}
create_algorithm_input_dict.update(training_specification)
create_algorithm_input_dict.update(inference_specification)
create_algorithm_input_dict.update(validation_specification)
print(json.dumps(create_algorithm_input_dict, indent=4))

print ("Now creating an algorithm in SageMaker")
smmp.create_algorithm(**create_algorithm_input_dict)
"""
WAIT = """\
while True:
    response = smmp.describe_algorithm(AlgorithmName=algorithm_name)
    status = response["AlgorithmStatus"]
    if status in ("Completed", "Failed"):
        break
    time.sleep(5)
"""
WRITTEN = notebook(
    markdown("# An algorithm"),
    cell(IMPORTS),
    cell(SHELL),
    markdown("Now `create_algorithm`"),
    cell(TRAINING),
    cell(TEMPLATE),
    cell(BROKEN),
    cell(VALIDATION),
    cell(SENT),
    cell(WAIT),
)

EXPECTED = [
    # (severity, rule, text at the location, cell, line in the cell)
    ("warning", "placeholder-left-in", r"\"<ImageURI>\"", 5, 4),
    ("error", "wrong-type", "100000", 5, 14),
    ("error", "unknown-instance-type", r"\"ml.m5.3xlarge\"", 5, 26),
    ("error", "unknown-value", r"\"Minimise\"", 5, 39),
    ("error", "wrong-type", r"\"text/csv\"", 6, 7),
    ("error", "placeholder-left-in", r"\"<RoleArn>\"", 8, 3),
    ("warning", "placeholder-left-in", r"\"s3://<bucket>/output\"", 8, 16),
    ("error", "wrong-type", r"\"3600\"", 8, 18),
    ("error", "wrong-type", r"\"yes\"", 9, 5),
]


def test_a_notebook_as_people_write_them() -> None:
    found = [d for d in linted(WRITTEN) if d.severity == "error" or d.rule.name == "placeholder-left-in"]
    reported = [
        (d.severity, d.rule.name, WRITTEN[slice(*d.location.span)], *(d.location.cell or (0, 0))[:2])
        for d in found
    ]
    assert reported == EXPECTED
    for diagnostic in found:
        number, line, column = diagnostic.location.cell or (0, 0, 0)
        content = json.loads(WRITTEN)["cells"][number - 1]["source"][line - 1]
        assert content[column - 1] == json.loads(f'"{WRITTEN[diagnostic.location.span[0] :][:2]}"')[0]
        assert json.dumps(content) in WRITTEN.splitlines()[diagnostic.location.line - 1]


def test_messages_end_with_the_position_in_the_cell() -> None:
    lines = list(report_text.concise(linted(WRITTEN)))
    [line] = [line for line in lines if "Minimise" in line]
    assert line.endswith("(cell 5, line 39, column 57) [unknown-value]")
    assert all("(cell " in line for line in lines)


def test_the_json_report_names_the_cell(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(WRITTEN, encoding="utf-8")
    done = algolint(".", "--format", "json")
    rows = json.loads(done.stdout)["diagnostics"]
    assert {row["cell"] for row in rows if row["severity"] == "error"} == {5, 6, 8, 9}
    assert all(row["path"] == "a.ipynb" for row in rows)


def test_the_document_knows_its_cell() -> None:
    [found] = documents(WRITTEN)
    lines = json.loads(WRITTEN)["cells"][8]["source"]
    call = next(number for number, line in enumerate(lines, 1) if "create_algorithm(" in line)
    assert found.cell_at(found.locate((), key=True)[0]) == (
        9,
        call,
        lines[call - 1].index("create_algorithm(") + 1,
    )
    assert found.syntax == "notebook"


@pytest.mark.parametrize("share", shares(16))
@pytest.mark.parametrize("whole", [True, False])
def test_hiding_a_value_never_adds_a_problem(whole: bool, share: Share) -> None:
    """Each literal of the notebook is replaced by a call."""
    import ast

    texts = [IMPORTS, TRAINING, TEMPLATE, VALIDATION.removeprefix("%%time\n"), SENT]
    before = findings("a.ipynb", notebook(*(cell(text, whole) for text in texts)))
    for number in (1, 3, 4):
        lines = texts[number].splitlines(keepends=True)
        nodes = list(ast.walk(ast.parse(texts[number])))
        # Since Python 3.12 the literal parts of an f-string have places of their own; a call there is text.
        parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in share(nodes):
            if isinstance(node, ast.Constant) and node.lineno == node.end_lineno and id(node) not in parts:
                line = lines[node.lineno - 1].encode()
                hidden = line[: node.col_offset] + b"hidden()" + line[node.end_col_offset :]
                changed = [*lines[: node.lineno - 1], hidden.decode(), *lines[node.lineno :]]
                try:
                    ast.parse("".join(changed))
                except SyntaxError:
                    continue
                cells = [*texts[:number], "".join(changed), *texts[number + 1 :]]
                after = findings("a.ipynb", notebook(*(cell(text, whole) for text in cells)))
                # A literal that no longer reaches the call may be a spec itself, with the same faults.
                new = {
                    (rule, pointer)
                    for rule, pointer in added(after, before)
                    if not any(rule == other and whole.endswith(pointer) for other, whole in before)
                }
                assert new == set(), hidden


# ---------------------------------------------------------------- cells


def test_cells_are_one_program() -> None:
    found = document(
        "x = {'AlgorithmName': 'a'}", "x['Tags'] = [1]", "x['Tags'].append(2)", "c.create_algorithm(**x)"
    )
    assert found.spec == {"AlgorithmName": "a", "Tags": [1, 2]}


def test_a_name_of_two_cells_has_the_value_of_the_later_one() -> None:
    found = document("x = 'a'", "x = 'b'", "c.create_algorithm(AlgorithmName=x)")
    assert found.spec == {"AlgorithmName": "b"}


@pytest.mark.parametrize(
    "broken",
    [
        "x = (",
        "if x:",
        "  indented",
        "x = 'a",
        "%%bash\nx = 1",
        "%%writefile a.py\nc = None",
        "\\",
        "x = \\",
        "",
        "# no\n",
        "!ls",
    ],
)
def test_a_cell_that_is_not_python_leaves_the_others(broken: str) -> None:
    assert document("name = 'a'", broken, "c.create_algorithm(AlgorithmName=name)").spec == {
        "AlgorithmName": "a"
    }


@pytest.mark.parametrize(
    "text",
    [
        "%matplotlib inline\n{}",
        "!pip install 'x\n{}",
        "!pip install \\\n  'x\n{}",
        "if x:\n    !ls\n{}",
        "x = !ls 'a\n{}",
        "x = %sql select 'a\n{}",
        "?print\n{}",
        "print?\n{}",
        "json.loads??\n{}",
        "%%time\n{}",
        "%%capture out\n{}",
        "\n%%time\n\n{}",
        "x = '''\n%a\n'''\n!ls\n{}",
        "f(\n1\n% 2)\n%cd a\n{}",
        "# it's\n!ls\n{}",
        "x = 1 # (\n%cd a\n{}",
        "{}\n!ls",
        "{}\n%who",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_magics_are_passed_over(text: str, newline: str) -> None:
    found = document(text.replace("{}", CALL).replace("\n", newline))
    assert found.spec == {"AlgorithmName": "a b"}
    assert found.source.text[slice(*found.locate(("AlgorithmName",)))] == "'a b'"


def test_the_result_of_a_magic_is_not_known() -> None:
    found = document("x = !ls\ny = %pwd\nc.create_algorithm(AlgorithmName=x, Tags=y)")
    assert all(map(is_unknown, found.spec.values()))


def test_lines_in_strings_are_no_magics() -> None:
    found = document("!ls\nx = '''\n%a\n!b?\n'''\nc.create_algorithm(AlgorithmName=x)")
    assert found.spec == {"AlgorithmName": "\n%a\n!b?\n"}


@pytest.mark.parametrize(
    "metadata",
    [
        {"language_info": {"name": "R"}},
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"language_info": {"name": "julia"}, "kernelspec": {"language": "python"}},
    ],
)
def test_notebooks_of_other_languages(metadata: Any) -> None:
    assert documents(notebook(cell(CALL), metadata=metadata)) == []


@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": {}}, {"language_info": {"name": "ipython3", "name2": 1}}, None, 1]
)
def test_the_language_is_python_by_default(metadata: Any) -> None:
    expected = (
        1 if metadata != {"language_info": {"name": "ipython3", "name2": 1}} or "python" in "ipython3" else 0
    )
    assert len(documents(notebook(cell(CALL), metadata=metadata))) == expected


def test_nbformat_3() -> None:
    code = {
        "cell_type": "code",
        "language": "python",
        "input": ["x = 'a b'\n", "c.create_algorithm(AlgorithmName=x)"],
    }
    other = {"cell_type": "code", "language": "ruby", "input": ["x = 'b'"]}
    layouts = [{"cells": [other, {"cell_type": "markdown", "source": ["b"]}]}, {"cells": [code]}]
    text = json.dumps({"metadata": {}, "nbformat": 3, "worksheets": layouts}, indent=1)
    [found] = documents(text)
    assert found.spec == {"AlgorithmName": "a b"}
    start, end = found.locate(("AlgorithmName",))
    assert text[start:end] == "'a b'"
    assert found.cell_at(start) == (3, 1, 5)


def test_outputs_that_are_not_json_but_what_jupyter_writes() -> None:
    text = notebook(cell(CALL, outputs=[{"data": {"x": float("nan")}}]))
    assert "NaN" in text
    assert len(documents(text)) == 1


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_places_in_json_strings(whole: bool, ascii_only: bool) -> None:
    program = '# Ä 🌲 "\t\\\nname = "ö\\n🌲"  # "\nc.create_algorithm(\r\n    AlgorithmName=name, **{"Täg\\\\": "🌲é"})\n'
    content = {"cells": [markdown("ä"), cell(program, whole)], "nbformat": 4}
    text = json.dumps(content, indent=1, ensure_ascii=ascii_only)
    [found] = documents(text)

    def blamed(*path: str, key: bool = False) -> Any:
        start, end = found.locate(path, key)
        return json.loads(f'"{text[start:end]}"'), found.cell_at(start)

    assert blamed("AlgorithmName") == ('"ö\\n🌲"', (2, 2, 8))
    assert blamed("AlgorithmName", key=True) == ("AlgorithmName", (2, 4, 5))
    assert blamed("Täg\\") == ('"🌲é"', (2, 4, 37))
    assert blamed("Täg\\", key=True) == ('"Täg\\\\"', (2, 4, 28))
    assert blamed(key=True) == ("create_algorithm", (2, 3, 3))


# ---------------------------------------------------------------- what is no notebook


@pytest.mark.parametrize(
    "text",
    [
        "create_algorithm",
        "{'create_algorithm'",
        '{"cells": [create_algorithm',
        '"create_algorithm',
        "[" * 100_000 + "create_algorithm",
    ],
)
def test_what_is_not_json(text: str) -> None:
    with pytest.raises(SourceSyntaxError):
        documents(text)


strange = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", CALL, "code", "x = (", "%%sh", "\ud800", "\0"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "source", "input", "cell_type", "language", "metadata", "kernelspec"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(strange, strange)
def test_wrong_types_everywhere(content: Any, mutated: Any) -> None:
    for text in (
        json.dumps(content),
        json.dumps({"cells": content, "a": "create_algorithm"}),
        json.dumps({"cells": [cell(CALL), mutated, {"cell_type": "code", "source": content}]}),
        json.dumps({"cells": [cell(CALL)], "metadata": mutated}),
        json.dumps({"worksheets": [mutated, {"cells": content}], "a": "create_algorithm"}),
    ):
        for found in documents(text):
            found.locate(())
            found.locate((), key=True)


def test_a_notebook_without_a_spec_is_silent(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(notebook(cell("x = 1")))
    (tmp_path / "b.ipynb").write_text("no notebook")
    (tmp_path / "c.ipynb").write_text(notebook(cell("# create_algorithm")))
    done = algolint("a.ipynb", "b.ipynb", "c.ipynb")
    assert done.returncode == 0
    assert "not-an-algorithm" not in done.stdout + done.stderr


@given(st.text(alphabet="%!?\n '\"#()\\ax={}", max_size=40))
def test_what_takes_the_place_of_magics_is_as_long(text: str) -> None:
    commands: list[tuple[int, str]] = []
    program = read_notebook._without_magics(text, commands)
    assert all(offset + len(command) <= len(text) for offset, command in commands)
    if program is not None:
        assert len(program) == len(text)
        assert [i for i, char in enumerate(program) if char == "\n"] == [
            i for i, char in enumerate(text) if char == "\n"
        ]


def test_fixtures_locate_every_value_in_its_cell() -> None:
    for path in sorted((ROOT / "fixtures" / "same").glob("*/spec.ipynb")):
        for diagnostic in linted(path.read_text(encoding="utf-8")):
            assert diagnostic.location.cell is not None


# ---------------------------------------------------------------- commands of a shell

TRAINING = """{"TrainingImage": "246618743249.dkr.ecr.us-east-1.amazonaws.com/é:1",
  "SupportedTrainingInstanceTypes": ["ml.m5.3xlarge"],
  "TrainingChannels": [{"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}]}"""
ONE_LINE = " ".join(TRAINING.replace("é", "a").split())
CREATE = "aws sagemaker create-algorithm --algorithm-name"


def found_in(*texts: str, whole: bool = False) -> set[tuple[str, str, tuple[int, ...]]]:
    """Return the rule, the text, and the cell and its line, of each finding above info."""
    text = notebook(*(cell(text, whole) for text in texts))
    return {
        (d.rule.name, text[slice(*d.location.span)], (d.location.cell or ())[:2])
        for d in linted(text)
        if d.severity != "info"
    }


@pytest.mark.parametrize("whole", [False, True])
def test_a_cell_of_a_shell(whole: bool) -> None:
    script = f"%%bash\n# registers\nNAME=a_b\n{CREATE} $NAME --training-specification '{TRAINING}'\n"
    assert found_in("x = 1\n", script, whole=whole) == {
        ("pattern-mismatch", "$NAME", (2, 4)),
        ("image-malformed-reference", '\\"246618743249.dkr.ecr.us-east-1.amazonaws.com/\\u00e9:1\\"', (2, 4)),
        ("unknown-instance-type", '\\"ml.m5.3xlarge\\"', (2, 5)),
    }


def test_lines_to_the_shell_among_python() -> None:
    lines = f"name = 'a b'\n!ls\nout = !{CREATE} a_b \\\n    --training-specification '{ONE_LINE}'\n{CALL}\n"
    assert found_in(lines) == {
        ("pattern-mismatch", "a_b", (1, 3)),
        ("unknown-instance-type", '\\"ml.m5.3xlarge\\"', (1, 4)),
        ("pattern-mismatch", "'a b'", (1, 5)),
        ("missing-field", "create_algorithm", (1, 5)),
    }


def test_each_script_has_its_own_variables() -> None:
    script = f"{CREATE} $NAME --training-specification file://gone.json\n"
    assert found_in("%%bash\nNAME=a_b\n", f"%%sh\n{script}", f"!{script}") == set()


def test_what_python_puts_into_a_command_is_unknown() -> None:
    doubled = ONE_LINE.replace("{", "{{").replace("}", "}}").replace("ml.m5.3xlarge", "{kind}")
    assert found_in(f"!{CREATE} {{my_name}} --training-specification '{doubled}'\n") == set()
    # IPython only inserts values in doubled braces.
    assert found_in(f"!{CREATE} a --training-specification '{ONE_LINE}'\n") == {
        ("unknown-instance-type", '\\"ml.m5.3xlarge\\"', (1, 1))
    }


def test_json_of_a_command_that_cannot_be_read_is_located() -> None:
    text = notebook(cell(f"x = 1\n!{CREATE} a --training-specification '{{\"a\": 1,}}'\n"))
    with pytest.raises(SourceSyntaxError) as error:
        documents(text)
    assert text[slice(*error.value.span)] == ","
    assert error.value.message == "in this JSON: trailing comma before '}'"


def test_comments_of_a_shell_suppress_what_is_in_its_cell(algolint: Run, tmp_path: Path) -> None:
    comment = "# algolint: ignore[pattern-mismatch]"
    script = f"%%bash\n{comment}\n{CREATE} a_b --training-specification file://x\n"
    (tmp_path / "a.ipynb").write_text(notebook(cell(script), cell(f"!{CREATE} a_b\n")))
    done = algolint(
        "--format", "json", "--select", "pattern-mismatch,unused-suppression", "a.ipynb", cwd=tmp_path
    )
    assert [row["cell"] for row in json.loads(done.stdout)["diagnostics"]] == [2]


# ---------------------------------------------------------------- files that cells write

REQUEST = f'{{"AlgorithmName": "a", "TrainingSpecification": {ONE_LINE}}}'
IN_JSON = f"%%writefile build/spec.json\n{REQUEST}\n"
IN_YAML = f"%%writefile spec.yaml\nAlgorithmName: a\nTrainingSpecification: {ONE_LINE}\n"
BY_SHELL = "!aws sagemaker create-algorithm --cli-input-json file://build/spec.json\n"
BY_PYTHON = "with open('build/spec.json') as f:\n    sm.create_algorithm(**json.load(f))\n"
IN_THE_CELL = {("unknown-instance-type", '\\"ml.m5.3xlarge\\"', (1, 2))}


@pytest.mark.parametrize(
    "use",
    [
        BY_SHELL,
        f"%%bash\n\n{BY_SHELL[1:]}",
        '!aws sagemaker create-algorithm --cli-input-json "$(cat build/spec.json)"\n',
        f"import json\n{BY_PYTHON}",
        f"!cat build/spec.json\n!jq . build/spec.json\n!ls -l build/spec.json\n{BY_SHELL}",
        f"!aws s3 cp build/spec.json s3://amzn-example-bucket/\n{BY_SHELL}",
        # Equal findings at one location are one.
        f"import json\n{BY_SHELL}{BY_PYTHON}",
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_a_request_in_a_file_that_a_cell_writes(use: str, whole: bool) -> None:
    assert found_in(IN_JSON, use, whole=whole) == IN_THE_CELL


def test_yaml_that_a_cell_writes() -> None:
    found = {("unknown-instance-type", '\\"ml.m5.3xlarge\\"', (1, 3))}
    assert found_in(IN_YAML, "!aws sagemaker create-algorithm --cli-input-yaml file://spec.yaml\n") == found
    load = "import yaml\nsm.create_algorithm(**yaml.safe_load(open('spec.yaml')))\n"
    assert found_in(IN_YAML.replace("writefile", "file"), load) == found


def test_the_last_cell_before_the_command_counts() -> None:
    right = IN_JSON.replace("3xlarge", "xlarge")
    assert found_in(right, BY_SHELL, IN_JSON, BY_SHELL) == {
        ("unknown-instance-type", '\\"ml.m5.3xlarge\\"', (3, 2))
    }
    assert found_in(IN_JSON, right, BY_SHELL) == set()
    assert found_in(BY_SHELL, BY_PYTHON, IN_JSON) == set()


@pytest.mark.parametrize(
    "change",
    [
        "!sed -i s/3xlarge/xlarge/ build/spec.json\n",
        "!cat other.json > build/spec.json\n",
        "!aws s3 cp s3://amzn-example-bucket/spec.json build/spec.json\n",
        "%%bash\nset -e\nsed -i s/3xlarge/xlarge/ build/spec.json\n",
        "open('build/spec.json', 'w').write(x)\n",
        "%%writefile -a build/spec.json\n \n",
    ],
)
def test_a_file_that_something_else_changes_is_unknown(change: str) -> None:
    assert found_in(IN_JSON, change, BY_SHELL, f"import json\n{BY_PYTHON}") == set()


def test_json_of_a_cell_that_cannot_be_read_is_located() -> None:
    text = notebook(
        cell('%%writefile a.json\n{"a": 1,}'), cell("x = 1"), cell(f"!{CREATE} a --tags file://a.json")
    )
    with pytest.raises(SourceSyntaxError) as error:
        documents(text)
    assert text[slice(*error.value.span)] == ","


def test_comments_suppress_what_is_in_the_yaml_of_a_cell() -> None:
    commented = IN_YAML.replace("Training", "# algolint: ignore[unknown-instance-type]\nTraining", 1)
    text = notebook(
        cell(commented), cell("!aws sagemaker create-algorithm --cli-input-yaml file://spec.yaml\n")
    )
    result = Session(SettingsFinder({}, isolated=True)).lint("a.ipynb", True, Source("a.ipynb", text))
    assert "unknown-instance-type" not in {d.rule.name for d in result.diagnostics}
    assert result.suppressed == 1


def test_duplicate_keys_of_a_cell_are_found() -> None:
    twice = IN_JSON.replace('"AlgorithmName": "a"', '"AlgorithmName": "a", "AlgorithmName": "b"')
    for use in (BY_SHELL, f"import json\n{BY_PYTHON}"):
        assert ("duplicate-key", '\\"AlgorithmName\\"', (1, 2)) in found_in(twice, use)
