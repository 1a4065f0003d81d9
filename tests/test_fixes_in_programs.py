"""Fixes in Terraform, Python, notebooks and TypeScript: they write what a careful person would type, or are
not offered.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from conftest import Run, Share, shares
from renderings import keeps_its_names, notebook, program, stack, terraform

from algolint.aws.model import Model
from algolint.fixes.edit import apply
from algolint.fixes.edits import SourceEditor
from algolint.linting.linter import Linter
from algolint.rule import Fix, Insert, Remove, Rename, Replace
from algolint.rule_files import all_rules, first_party_rules
from algolint.source import Source
from algolint.syntaxes import read, syntax_of
from campaigns import complete, requests
from campaigns.breaks import BREAKS
from campaigns.parts import Inapplicable


def after(text: str, fix: Fix, name: str) -> str | None:
    """Return the text with a fix made, or None if it is refused."""
    source = Source(name, text)
    plan = SourceEditor(source, syntax_of(source)).plan(read(source)[0], fix)
    return None if plan is None else apply(text, plan.edits)


# ---------------------------------------------------------------- Terraform

HEAD = 'resource "aws_sagemaker_algorithm" "a" {\n'
NAME = ("AlgorithmName",)
TRAINING = ("TrainingSpecification",)
CHANNEL = (*TRAINING, "TrainingChannels", 1)
BODY = """\
  algorithm_name = "a-b" # the name
  certify_for_marketplace = false

  training_specification {
    training_image   = "x"
    metric_definitions {
      name  = "loss"
      regex = "loss=\\\\d $${x}"
    }

    training_channels {
      name                  = "train"
      supported_input_modes = ["File"]
    }
    training_channels {
      name                  = "test"
      supported_input_modes = ["File", "Pipe"]
      is_required           = true // always
    }
  }
  tags = { team = "a", "x y" = "b" }
}
"""
HCL: list[tuple[Fix, str, str]] = [
    (Replace(NAME, "c"), '"a-b" #', '"c" #'),
    (Replace(NAME, 'q"\\${x}%{y}é'), '"a-b" #', '"q\\"\\\\$${x}%%{y}é" #'),
    (Replace(("CertifyForMarketplace",), True), "= false", "= true"),
    (Replace((*CHANNEL, "Name"), "b"), '"test"', '"b"'),
    (Replace((*CHANNEL, "SupportedInputModes"), ["Pipe"]), '["File", "Pipe"]', '["Pipe"]'),
    (Replace((*CHANNEL, "SupportedInputModes", 1), "FastFile"), '"Pipe"', '"FastFile"'),
    (Replace((*TRAINING, "MetricDefinitions", 0), {"Name": "a", "Regex": "b"}),
     'name  = "loss"\n      regex = "loss=\\\\d $${x}"', 'name  = "a"\n      regex = "b"'),
    (Replace(("Tags", 1, "Value"), "c"), '"b" }', '"c" }'),
    (Rename((*CHANNEL, "IsRequired"), "Description"), "is_required ", "description "),
    (Rename((*TRAINING, "TrainingImage"), "TrainingImageDigest"), "training_image ", "training_image_digest "),
    (Remove((*CHANNEL, "SupportedInputModes", 1)), ', "Pipe"', ""),
    (Remove((*CHANNEL, "SupportedInputModes", 0)), '"File", ', ""),
    (Remove((*TRAINING, "TrainingChannels", 0, "SupportedInputModes", 0)), '["File"]\n    }\n    tr', '[]\n    }\n    tr'),
    (Remove((*CHANNEL, "IsRequired")), "      is_required           = true // always\n", ""),
    (Remove(CHANNEL), '    training_channels {\n      name                  = "test"\n'
     '      supported_input_modes = ["File", "Pipe"]\n      is_required           = true // always\n    }\n', ""),
    (Remove(("Tags", 0)), 'team = "a", ', ""),
    (Remove(("Tags", 1)), ', "x y" = "b"', ""),
    (Insert(CHANNEL, "Description", "d"), "// always\n", '// always\n      description           = "d"\n'),
    (Insert((*TRAINING, "MetricDefinitions", 0), "Unit", ["s", 1]), "$${x}\"\n", '$${x}"\n      unit  = ["s", 1]\n'),
    (Insert((), "AlgorithmDescription", "d"), '"b" }\n', '"b" }\n  algorithm_description = "d"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("fix", "old", "new"), HCL, ids=str)
def test_terraform(fix: Fix, old: str, new: str) -> None:
    # Expressions of Terraform elsewhere in the resource do not matter.
    for text in (HEAD + BODY, (HEAD + BODY).replace('= "x"', '= "${var.registry}/x:1"')):
        assert text.count(old) >= 1
        assert after(text, fix, "a.tf") == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("body", "fix"),
    [
        ("  algorithm_name = var.name\n", Replace(NAME, "x")),
        ("  algorithm_name = local.name\n", Replace(NAME, "x")),
        ("  algorithm_name = \"a-${var.x}\"\n", Replace(NAME, "x")),
        ("  algorithm_name = <<EOT\na\nEOT\n", Replace(NAME, "x")),
        ('  algorithm_name = ("a")\n', Replace(NAME, "a\nb")),
        ('  algorithm_name = "a"\n', Rename(NAME, "ModelDataETagX_y")),
        ('  algorithm_name = "a"\n', Insert((), "Tags", [{"Key": "a"}])),
        # Without its only block there is no list, which an empty one is not.
        ('  training_specification {\n    metric_definitions {\n      name = "a"\n    }\n  }\n',
         Remove((*TRAINING, "MetricDefinitions", 0))),
        ('  training_specification { training_image = "a" }\n', Insert(TRAINING, "TrainingImageDigest", "x")),
    ],
    ids=str,
)  # fmt: skip
def test_terraform_that_is_not_certain_is_refused(body: str, fix: Fix) -> None:
    locals_ = 'locals {\n  name = "a b"\n}\n'
    assert after(f"{locals_}{HEAD}{body}}}\n", fix, "a.tf") is None


# ---------------------------------------------------------------- Python

CALL = """\
import boto3
client = boto3.client('sagemaker')
client.create_algorithm(
    AlgorithmName='a-b',  # the name
    TrainingSpecification={
        "TrainingImage": "x",
        "MetricDefinitions": [{'Name': 'loss', 'Regex': r'loss=(\\S+)'}],

        "TrainingChannels": [
            {"Name": "train", "SupportedInputModes": ["File", "Pipe"]},
            {
                "Name": "test",
                "SupportedInputModes": ["File"],  # only
                "IsRequired": True
            },
        ],
    },
    Tags=[]
)
"""
METRIC = (*TRAINING, "MetricDefinitions", 0)
PYTHON: list[tuple[Fix, str, str]] = [
    (Replace(NAME, "c"), "'a-b'", "'c'"),
    (Replace(NAME, "it's \\"), "'a-b'", "'it\\'s \\\\'"),
    (Replace((*METRIC, "Regex"), "loss=(\\d+)"), r"r'loss=(\S+)'", r"r'loss=(\d+)'"),
    (Replace((*METRIC, "Regex"), "it's\\d"), r"r'loss=(\S+)'", r"'it\'s\\d'"),
    (Replace(METRIC, {"Name": "a", "Regex": "loss=(\\S+)"}), "'loss',", "'a',"),
    (Replace((*CHANNEL, "IsRequired"), False), "True", "False"),
    (Rename((*CHANNEL, "IsRequired"), "Description"), '"IsRequired"', '"Description"'),
    (Rename(NAME, "AlgorithmDescription"), "AlgorithmName", "AlgorithmDescription"),
    (Remove((*CHANNEL, "IsRequired")), '                "IsRequired": True\n', ""),
    (Remove((*CHANNEL, "SupportedInputModes")), '                "SupportedInputModes": ["File"],  # only\n', ""),
    (Remove((*TRAINING, "TrainingChannels", 0, "SupportedInputModes", 0)), '"File", ', ""),
    (Remove((*TRAINING, "TrainingChannels", 0, "SupportedInputModes", 1)), ', "Pipe"]', "]"),
    (Remove((*CHANNEL, "SupportedInputModes", 0)), '["File"],  #', "[],  #"),
    (Remove((*METRIC, "Name")), "'Name': 'loss', ", ""),
    (Remove((*METRIC, "Regex")), ", 'Regex': r'loss=(\\S+)'", ""),
    (Remove(METRIC), "{'Name': 'loss', 'Regex': r'loss=(\\S+)'}", ""),
    (Remove(("Tags",)), "    Tags=[]\n", ""),
    (Remove(NAME), "    AlgorithmName='a-b',  # the name\n", ""),
    (Replace(("Tags",), [{"Key": "a", "Value": "b"}]), "Tags=[]", 'Tags=[{"Key": "a", "Value": "b"}]'),
    (Insert(METRIC, "Unit", "s"), r"(\S+)'}", r"(\S+)', 'Unit': 's'}"),
    (Insert(CHANNEL, "Description", ["d", {"e": 1}]), '"IsRequired": True\n',
     '"IsRequired": True,\n                "Description": ["d", {"e": 1}],\n'),
    (Insert(TRAINING, "TrainingImageDigest", "d"), "        ],\n    },\n",
     '        ],\n        "TrainingImageDigest": "d",\n    },\n'),
    (Insert((), "AlgorithmDescription", "d"), "    Tags=[]\n", '    Tags=[],\n    AlgorithmDescription="d",\n'),
]  # fmt: skip


@pytest.mark.parametrize(("fix", "old", "new"), PYTHON, ids=str)
def test_python(fix: Fix, old: str, new: str) -> None:
    # Expressions of the program elsewhere in the call do not matter.
    for text in (CALL, CALL.replace('": "x"', '": f"{REGISTRY}/x"')):
        assert text.count(old) >= 1
        assert after(text, fix, "a.py") == text.replace(old, new, 1)


@pytest.mark.parametrize(("fix", "old", "new"), PYTHON, ids=str)
@pytest.mark.parametrize("by_lines", [True, False])
def test_notebooks(fix: Fix, old: str, new: str, by_lines: bool) -> None:
    """The same in a cell: the file is written as before, with a string a line where it has one."""

    def rendered(text: str) -> str:
        source: Any = text.splitlines(keepends=True) if by_lines else text
        cells = [{"cell_type": "code", "source": source}]
        return json.dumps({"cells": cells, "metadata": {}}, indent=1, ensure_ascii=False)

    result = after(rendered(CALL), fix, "a.ipynb")
    expected = rendered(CALL.replace(old, new, 1))
    assert result is not None
    assert "".join(json.loads(result)["cells"][0]["source"]) == CALL.replace(old, new, 1)
    if not isinstance(fix, Insert) or not by_lines:
        assert result == expected


IN_CLASSES = """\
from aws_cdk.aws_sagemaker import CfnAlgorithm

channel = CfnAlgorithm.ChannelSpecificationProperty(
    name="train", supported_input_modes=["FILE"], supported_content_type=["text/csv"]
)
CfnAlgorithm(
    self,
    "Algorithm",
    algorithm_name="a b",
    training_specification=CfnAlgorithm.TrainingSpecificationProperty(
        training_image="x",
        training_channels=[channel, {"name": "test", "supportedInputModes": ["FILE"]}],
    ),
)
"""
CHANNELS = (*TRAINING, "TrainingChannels")
CLASSES: list[tuple[Fix, str, str]] = [
    (Replace(NAME, "c"), '"a b"', '"c"'),
    (Replace((*CHANNELS, 0, "SupportedInputModes", 0), "File"), '["FILE"], sup', '["File"], sup'),
    (Replace((*CHANNELS, 1, "SupportedInputModes", 0), "File"), '["FILE"]}', '["File"]}'),
    (Rename((*CHANNELS, 0, "supported_content_type"), "SupportedContentTypes"), "_type=", "_types="),
    (Remove((*CHANNELS, 0, "SupportedInputModes", 0)), '["FILE"], sup', "[], sup"),
    (Remove((*CHANNELS, 0, "supported_content_type")), ', supported_content_type=["text/csv"]', ""),
    (Insert(TRAINING, "TrainingImageDigest", "d"), "}],\n", '}],\n        training_image_digest="d",\n'),
    (
        Insert((), "CertifyForMarketplace", False),
        "    ),\n)",
        "    ),\n    certify_for_marketplace=False,\n)",
    ),
]


@pytest.mark.parametrize(("fix", "old", "new"), CLASSES, ids=str)
def test_objects_of_classes(fix: Fix, old: str, new: str) -> None:
    assert IN_CLASSES.count(old) == 1
    assert after(IN_CLASSES, fix, "a.py") == IN_CLASSES.replace(old, new)


@pytest.mark.parametrize(
    "fix",
    [
        Rename((*CHANNELS, 1, "SupportedInputModes"), "Description"),
        Insert((*CHANNELS, 1), "Description", "d"),
        Insert(TRAINING, "MetricDefinitions", [{"Name": "a"}]),
    ],
    ids=str,
)
def test_names_of_fields_in_dicts_are_not_written(fix: Fix) -> None:
    """They may be in snake case or in camelCase."""
    assert after(IN_CLASSES, fix, "a.py") is None


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("NAME = 'a b'\nclient.create_algorithm(AlgorithmName=NAME, TrainingSpecification=x)", Replace(NAME, "x")),
        ("client.create_algorithm(AlgorithmName='a' 'b', TrainingSpecification=x)", Replace(NAME, "x")),
        ("client.create_algorithm(AlgorithmName='''a''', TrainingSpecification=x)", Replace(NAME, "x")),
        ("client.create_algorithm(AlgorithmName='a', TrainingSpecification=x)", Replace(NAME, "x\n")),
        ("r = {'AlgorithmName': 'a', 'Tags': []}\nprint(r['Tags'])\nclient.create_algorithm(**r)", Remove("Tags")),
        ("r = {'AlgorithmName': 'a', 'Tags': []}\nprint(r['Tags'])\nclient.create_algorithm(**r)", Rename("Tags", "x")),
        ("r = {'AlgorithmName': 'a'}\nr['Tags'] = []\nclient.create_algorithm(**r)", Remove("Tags")),
        ("client.create_algorithm(AlgorithmName='a', **x)", Insert((), "Tags", [])),
        ("client.create_algorithm(AlgorithmName='a', Tags={'a': x})", Replace("Tags", [{"Key": "a"}])),
        ("client.create_algorithm(AlgorithmName='a', Tags={x: 'a'})", Replace("Tags", [{"Key": "a"}])),
        ("client.create_algorithm(AlgorithmName='a', Tags={'a': 'b'  # why\n})", Replace("Tags", [{"Key": "a"}])),
        ("t = {'a': 'b'}\nprint(t['a'])\nclient.create_algorithm(AlgorithmName='a', Tags=t)", Replace("Tags", [])),
    ],
)  # fmt: skip
def test_a_program_that_is_not_certain_is_refused(line: str, fix: Fix) -> None:
    assert after(f"import boto3\nclient = boto3.client('sagemaker')\n{line}\n", fix, "a.py") is None


# ---------------------------------------------------------------- TypeScript

STACK = """\
const INPUTS = ["File"];
new CfnAlgorithm(this, "a", {
  algorithmName: 'a-b', // the name
  trainingSpecification: {
    trainingImage: `${account}/x:1`,
    metricDefinitions: [{ name: "loss", regex: "loss=(\\\\S+)" }],
    supportedTrainingInstanceTypes: ["ml.m5.large", 'ml.m5.xlarge'],
    trainingChannels: [
      { name: `train`, supportedInputModes: INPUTS },
      {
        "name": "test",
        supportedInputModes: ["File"], // only
        isRequired: true
      },
    ],
  },
  tags: [],
});
"""
TYPESCRIPT: list[tuple[Fix, str, str]] = [
    (Replace(NAME, "c"), "'a-b'", "'c'"),
    (Replace(NAME, "it's \\ \"x\""), "'a-b'", "'it\\'s \\\\ \"x\"'"),
    (Replace((*METRIC, "Regex"), "loss=(\\d+)"), '"loss=(\\\\S+)"', '"loss=(\\\\d+)"'),
    (Replace(METRIC, {"Name": "a", "Regex": "loss=(\\S+)"}), '"loss",', '"a",'),
    (Replace((*TRAINING, "TrainingChannels", 0, "Name"), "b"), "`train`", '"b"'),
    (Replace((*CHANNEL, "IsRequired"), False), "isRequired: true", "isRequired: false"),
    (Replace((*CHANNEL, "SupportedInputModes"), ["Pipe", "File"]), '["File"], //', '["Pipe", "File"], //'),
    (Rename((*CHANNEL, "IsRequired"), "Description"), "isRequired:", "description:"),
    (Rename((*CHANNEL, "Name"), "Description"), '"name": "test"', '"description": "test"'),
    (Rename((*TRAINING, "TrainingImage"), "SupportedResponseMIMETypes"), "trainingImage:", "supportedResponseMimeTypes:"),
    (Remove((*CHANNEL, "IsRequired")), "        isRequired: true\n", ""),
    (Remove((*CHANNEL, "SupportedInputModes")), '        supportedInputModes: ["File"], // only\n', ""),
    (Remove((*TRAINING, "SupportedTrainingInstanceTypes", 0)), '"ml.m5.large", ', ""),
    (Remove((*TRAINING, "SupportedTrainingInstanceTypes", 1)), ", 'ml.m5.xlarge'", ""),
    (Remove((*METRIC, "Name")), 'name: "loss", ', ""),
    (Remove(("Tags",)), "  tags: [],\n", ""),
    (Insert(METRIC, "Unit", "s"), '(\\\\S+)" }', '(\\\\S+)", unit: "s" }'),
    (Insert(CHANNEL, "Description", "d"), "isRequired: true\n", 'isRequired: true,\n        description: "d"\n'),
    (Insert((), "AlgorithmDescription", 1), "  tags: [],\n", "  tags: [],\n  algorithmDescription: 1,\n"),
]  # fmt: skip


@pytest.mark.parametrize(("fix", "old", "new"), TYPESCRIPT, ids=str)
def test_typescript(fix: Fix, old: str, new: str) -> None:
    assert STACK.count(old) == 1
    assert after(STACK, fix, "a.ts") == STACK.replace(old, new)


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ('const NAME = "a b";\nsend({ AlgorithmName: NAME, TrainingSpecification: {} });', Replace(NAME, "x")),
        ('send({ AlgorithmName: "a" + b, TrainingSpecification: {} });', Replace(NAME, "x")),
        ("send({ AlgorithmName: `a-${b}`, TrainingSpecification: {} });", Replace(NAME, "x")),
        ('send({ AlgorithmName: "a" as string, TrainingSpecification: {} });', Replace(NAME, "x")),
        ('const Tags = [];\nsend({ AlgorithmName: "a", Tags, TrainingSpecification: {} });', Rename(("Tags",), "x")),
        ('const b = { AlgorithmName: "a b" };\nsend({ ...b, TrainingSpecification: {} });', Replace(NAME, "x")),
        ('send({ AlgorithmName: "a", TrainingSpecification: {}, ...b });', Insert((), "Tags", [])),
        ('send({ AlgorithmName: "a", TrainingSpecification: {} });', Insert(TRAINING, "TrainingImage", "x")),
        ('send({ AlgorithmName: "a", TrainingSpecification: {} });', Insert((), "Tags", [{"Key": "a"}])),
    ],
)  # fmt: skip
def test_typescript_that_is_not_certain_is_refused(line: str, fix: Fix) -> None:
    text = line.replace("send(", "client.createAlgorithm(")
    assert read(Source("a.ts", text))
    assert after(text, fix, "a.ts") is None


# ---------------------------------------------------------------- all fixes, in all forms

LINTER = Linter(Model(), first_party_rules(), with_edits=True)
FIXABLE = {rule.name for rule in all_rules() if rule.fix}
WAYS = [damage for damage in BREAKS if damage.rule in FIXABLE and damage.revision == "latest"]


def fixes(text: str, name: str) -> dict[tuple[str, str], Any]:
    """Return the findings by rule and pointer, with their fixes."""
    found = LINTER.lint_source(Source(name, text)).diagnostics
    return {(d.rule.name, d.location.pointer): d.fix for d in found}


@pytest.mark.parametrize("share", shares(12))
def test_nearly_every_fix_of_a_request_can_be_made_in_its_other_forms(share: Share) -> None:
    made = refused = 0
    numbers = share(range(2 * len(WAYS)))
    for number in numbers:
        dice = random.Random(number)
        request = complete.request(dice)
        try:
            WAYS[number % len(WAYS)].applied(broken := requests.copied(request), dice)
        except Inapplicable:
            continue
        expected = fixes(json.dumps(broken, indent=2), "a.json")
        forms = {"a.py": program(broken), "a.ipynb": notebook(broken), "stack.py": stack(broken)}
        if keeps_its_names(broken):
            forms["a.tf"] = terraform(broken)
        for name, text in forms.items():
            for key, fix in fixes(text, name).items():
                if expected.get(key) is not None:
                    made += fix is not None
                    refused += fix is None
    assert made > 3 * len(numbers)
    assert refused < 0.01 * made


@pytest.mark.parametrize("name", ["a.tf", "a.py", "a.ipynb"])
def test_only_fixes_that_can_be_made_are_shown(algolint: Run, tmp_path: Any, name: str) -> None:
    spec = {"AlgorithmName": "a", "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/a:1",
        "SupportedTrainingInstanceTypes": ["ml.m5.large"],
        "TrainingChannels": [{"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["FILE"]}],
    }}  # fmt: skip
    form = {"a.tf": terraform, "a.py": program, "a.ipynb": notebook}[name]
    text = form(spec)
    path = tmp_path / name
    path.write_text(text)
    assert "  fix: change to 'File'\n" in algolint(name).stdout
    assert algolint("--fix", name).returncode == 0
    assert path.read_text() == text.replace("FILE", "File")
    # The same value behind a name.
    if name == "a.tf":
        text = 'locals {\n  mode = "FILE"\n}\n' + text.replace('"FILE"', "local.mode")
    else:
        quoted, line = ('"FILE"', "{}") if name == "a.py" else (r"\"FILE\"", '"{}\\n",')
        text = text.replace(quoted, "MODE")
        first = line.format("import boto3")
        text = text.replace(first, f"{first}\n{line.format(f'MODE = {quoted}')}")
    path.write_text(text)
    done = algolint("--show-info", name)
    assert "'FILE' is not a valid" in done.stdout
    assert "fix: change to 'File'" not in done.stdout
    algolint("--fix", name)
    assert path.read_text() == text
