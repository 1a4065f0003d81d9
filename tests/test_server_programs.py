"""Completion in programs: keywords of calls, keys of dicts, and values, in half-typed Python and in notebooks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from language_client import LanguageClient, edited
from test_server_places import SNIPPETS, accepted, completed

Json = dict[str, Any]
PROGRAM = """\
import boto3

client = boto3.client("sagemaker")
CHANNELS = [
    {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]},
    {"Name": "test", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]},
]


def register(name):
    training = {
        "TrainingImage": f"{REGISTRY}/forecaster:1.4.2",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge", "ml.p4d.24xlarge"],
        "SupportedHyperParameters": [
            {"Name": "mode", "Type": "Categorical",
             "Range": {"CategoricalParameterRangeSpecification": {"Values": ["additive", "1"]}}},
            {"Name": "epochs", "Type": "Integer", "DefaultValue": "10"},
        ],
        "MetricDefinitions": [{"Name": "validation:loss", "Regex": "val_loss=([0-9.]+)"}],
        "SupportedTuningJobObjectiveMetrics": [{"Type": "Minimize", "MetricName": "validation:loss"}],
        "TrainingChannels": CHANNELS,
    }
    return client.create_algorithm(
        AlgorithmName=name,
        TrainingSpecification=training,
        ValidationSpecification={
            "ValidationRole": ROLE,
            "ValidationProfiles": [
                {
                    "ProfileName": "small",
                    "TrainingJobDefinition": {
                        "TrainingInputMode": "File",
                        "HyperParameters": {"mode": "additive"},
                        "InputDataConfig": [{"ChannelName": "train"}],
                    },
                },
            ],
        },
    )
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[LanguageClient]:
    with LanguageClient(tmp_path, SNIPPETS) as client:
        yield client
        client.end()


@pytest.mark.parametrize(
    "marked", ["client.create_algorithm(|>", "x = f(boto3.client('s').create_algorithm(|>)"]
)
def test_keywords_of_the_call_are_offered_the_required_ones_first(
    marked: str, client: LanguageClient
) -> None:
    items = completed(client, marked, "a.py")
    assert [*items][:2] == ["AlgorithmName", "TrainingSpecification"]
    assert items["TrainingSpecification"]["detail"] == "object, required"
    assert items["AlgorithmName"]["textEdit"]["newText"] == 'AlgorithmName="$1"'


def test_a_keyword_comes_with_a_skeleton_that_is_python(client: LanguageClient) -> None:
    text = accepted(
        client, 'client.create_algorithm(AlgorithmName="x", Train|>)', "TrainingSpecification", "a.py"
    )
    assert text == (
        'client.create_algorithm(AlgorithmName="x", TrainingSpecification={\n    "TrainingImage": "$1",\n'
        '    "SupportedTrainingInstanceTypes": ["$2"],\n    "TrainingChannels": [\n        {\n            "Name": "$3",\n'
        '            "SupportedContentTypes": ["$4"],\n            "SupportedInputModes": ["${5|Pipe,File,FastFile|}"]\n'
        "        }\n    ]\n})"
    )
    ast.parse(text)
    text = accepted(
        client, "c.create_algorithm(\n    Certify|>\n    Tags=[],\n)", "CertifyForMarketplace", "a.py"
    )
    assert text == "c.create_algorithm(\n    CertifyForMarketplace=${1|True,False|},\n    Tags=[],\n)"


def test_what_is_there_is_not_offered_again(client: LanguageClient) -> None:
    items = completed(client, 'client.create_algorithm(AlgorithmName="x", |>, Tags=[])', "a.py")
    assert not {"AlgorithmName", "Tags"} & items.keys()
    assert "TrainingSpecification" in items
    text = accepted(client, "client.create_algorithm(T|>=[])", "Tags", "a.py")
    assert text == "client.create_algorithm(Tags=[])"


@pytest.mark.parametrize(
    ("marked", "label", "expected"),
    [
        ('x = {"TrainingSpecification": {|>', "TrainingImage", 'x = {"TrainingSpecification": {"TrainingImage": "$1"'),
        ('x = {"TrainingSpecification": {"|>"}}', "TrainingImage", 'x = {"TrainingSpecification": {"TrainingImage": "$1"}}'),
        ("x = {'TrainingSpecification': {'|>'}}", "TrainingImage", "x = {'TrainingSpecification': {'TrainingImage': \"$1\"}}"),
        ('x = {"TrainingSpecification": {"Tra|>": 1}}', "TrainingImage", 'x = {"TrainingSpecification": {"TrainingImage": 1}}'),
        ('x = {"TrainingSpecification": {\n    |>\n    "TrainingChannels": []}}', "TrainingImage",
         'x = {"TrainingSpecification": {\n    "TrainingImage": "$1",\n    "TrainingChannels": []}}'),
        ('x = {"TrainingSpecification": {"SupportsDistributedTraining": |>}}', "True",
         'x = {"TrainingSpecification": {"SupportsDistributedTraining": True}}'),
        ('x = {"TrainingSpecification": {}}\nx["Tags|>"] = []', "Tags", 'x = {"TrainingSpecification": {}}\nx["Tags"] = []'),
        ('x = {"TrainingSpecification": {}}\nx["TrainingSpecification"][\'|>\']', "TrainingImage",
         'x = {"TrainingSpecification": {}}\nx["TrainingSpecification"][\'TrainingImage\']'),
        ('x = {"TrainingSpecification": {}}\nx["Tags"] = [{|>', "Value",
         'x = {"TrainingSpecification": {}}\nx["Tags"] = [{"Value": "$1"'),
    ],
)  # fmt: skip
def test_keys_of_dicts_are_offered(marked: str, label: str, expected: str, client: LanguageClient) -> None:
    assert accepted(client, marked, label, "a.py") == expected


_BLOCKS = """\
training_specification {
  training_image = "$1"
  supported_training_instance_types = ["$2"]
  training_channels {
    name = "$3"
    supported_content_types = ["$4"]
    supported_input_modes = ["${5|Pipe,File,FastFile|}"]
  }
}"""
_OBJECTS = """\
training_specification = {
  training_image = "$1"
  supported_training_instance_types = ["$2"]
  training_channels = [
    {
      name = "$3"
      supported_content_types = ["$4"]
      supported_input_modes = ["${5|Pipe,File,FastFile|}"]
    }
  ]
}"""
_CHANNELS = """\
training_specification {
  training_channels { %s }
  supported_hyper_parameters {
    name = "lr"
  }
}
validation_specification {
  validation_profiles {
    training_job_definition {
      %s
    }
  }
}
"""


@pytest.mark.parametrize(
    ("provider", "marked", "label", "expected"),
    [
        ("aws", "train|>", "training_specification", _BLOCKS),
        ("awscc", "|>", "training_specification", _OBJECTS),
        ("aws", "tags|>", "tags", "tags = {\n  $1\n}"),
        ("awscc", "tags|>", "tags", 'tags = [\n  {\n    key = "$1"\n    value = "$2"\n  }\n]'),
        ("aws", "tags|> = {}", "tags", "tags = {}"),
        ("aws", "train|> {\n}", "training_specification", "training_specification {\n}"),
        ("aws", "certify_for_marketplace = |>", "true", "certify_for_marketplace = true"),
        ("aws", _CHANNELS % ('name = "a"\n  }\n  t|> {', ""), "training_channels",
         _CHANNELS % ('name = "a"\n  }\n  training_channels {', "")),
        ("aws", _CHANNELS % ("supported_input_modes = [Fi|>]", ""), "FastFile", _CHANNELS % ('supported_input_modes = ["FastFile"]', "")),
        ("aws", _CHANNELS % ('name = "a"', "input_data_config {\n channel_name = |>"), "a",
         _CHANNELS % ('name = "a"', 'input_data_config {\n channel_name = "a"')),
        ("aws", _CHANNELS % ("", "hyper_parameters = { |> }"), "lr", _CHANNELS % ("", 'hyper_parameters = { lr = "$1" }')),
    ],
)  # fmt: skip
def test_arguments_and_blocks_of_terraform_are_offered(
    provider: str, marked: str, label: str, expected: str, client: LanguageClient
) -> None:
    before = f'resource "{provider}_sagemaker_algorithm" "a" {{\n'
    assert accepted(client, f"{before}{marked}\n}}\n", label, "main.tf") == f"{before}{expected}\n}}\n"


def test_a_resource_of_terraform_is_offered_what_it_lacks(client: LanguageClient) -> None:
    marked = 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "a"\n  |>\n}\n'
    items = completed(client, marked, "main.tf")
    assert next(iter(items)) == "training_specification"
    assert items["training_specification"]["detail"] == "object, required"
    assert {"tags", "inference_specification", "validation_specification"} <= items.keys()
    assert "algorithm_name" not in items
    marked = marked.replace("aws_", "awscc_")
    assert "validation_specification" not in completed(client, marked, "main.tf")
    types = completed(
        client,
        marked.replace("|>", "training_specification = { supported_training_instance_types = [|>"),
        "b.tf",
    )
    assert {"ml.m5.xlarge", "ml.p5.48xlarge"} <= types.keys()


#: What is typed in place of a text of the program, and the first item offered.
VALUES = [
    ('"MetricName": "validation:loss"', '"MetricName": "|>', ["validation:loss"]),
    ('"MetricName": "validation:loss"', '"MetricName": |>', ["validation:loss"]),
    ('{"ChannelName": "train"}', '{"ChannelName": "|>"}', ["train", "test"]),
    ('[{"ChannelName": "train"}]', '[{"ChannelName": "train"}, {"ChannelName": "|>"}]', ["test"]),
    ('{"mode": "additive"}', '{"mode": "|>"}', ["additive", "1"]),
    ('{"mode": "additive"}', '{"mode": "additive", |>}', ["epochs"]),
    ('{"mode": "additive"}', '{"mode": "additive", "epochs": |>}', ["10"]),
    ('"TrainingInputMode": "File"', '"TrainingInputMode": "|>"', ["Pipe", "File", "FastFile"]),
    ('"TrainingInputMode": "File"', '"ResourceConfig": {"InstanceType": "|>"}', ["ml.m5.xlarge", "ml.p4d.24xlarge"]),
    ('"Type": "Integer"', '"Type": "|>"', ["Integer", "Continuous", "Categorical", "FreeText"]),
    ('"Type": "Integer"', '"|>"', ["Type", "Description"]),
    ('{"Name": "test", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}',
     '{"Name": "test", "SupportedInputModes": ["File", "|>"]}', ["Pipe", "FastFile"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "typed", "first"), VALUES)
def test_values_are_offered_those_of_the_spec_first(
    before: str, typed: str, first: list[str], client: LanguageClient
) -> None:
    assert before in PROGRAM
    items = completed(client, PROGRAM.replace(before, typed, 1), "register.py")
    assert [*items][: len(first)] == first


def test_what_clients_without_edits_insert_has_its_quotes(client: LanguageClient) -> None:
    marked = PROGRAM.replace('"MetricName": "validation:loss"', '"MetricName": |>', 1)
    assert completed(client, marked, "a.py")["validation:loss"]["insertText"] == '"validation:loss"'
    items = completed(client, 'x = {"TrainingSpecification": {|>', "b.py")
    assert items["TrainingImage"]["insertText"] == '"TrainingImage"'


def test_a_value_is_quoted_as_it_was_begun(client: LanguageClient) -> None:
    marked = PROGRAM.replace('"MetricName": "validation:loss"', "'MetricName': '|>'", 1)
    assert "'MetricName': 'validation:loss'" in accepted(client, marked, "validation:loss", "a.py")
    marked = PROGRAM.replace('"MetricName": "validation:loss"', '"MetricName": |>', 1)
    assert '"MetricName": "validation:loss"' in accepted(client, marked, "validation:loss", "a.py")


@pytest.mark.parametrize(
    "marked",
    [
        "import os\nos.environ.get(|>)\n",
        'client.create_algorithm(AlgorithmName="x")\nprint(|>)\n',
        'client.create_algorithm(AlgorithmName="|>")\n',
        "client.create_algorithm()  # |>\n",
        'LABELS = {"name": "|>"}\nclient.create_algorithm(**request)\n',
        "client.create_algorithm(\n\n|>\ndef f(): pass\n",
    ],
)
def test_nothing_is_offered_elsewhere_in_a_program(marked: str, client: LanguageClient) -> None:
    assert completed(client, marked, "a.py") == {}


def test_a_cell_is_completed_with_the_names_of_other_cells(tmp_path: Path) -> None:
    before, _, after = PROGRAM.partition("\n\ndef")
    cells = [
        ("python", before.replace("import boto3", "%pip install boto3\nimport boto3  # 中\n!echo 'it")),
        ("markdown", "client.create_algorithm("),
        ("python", f"def{after}".replace('{"ChannelName": "train"}', '{"ChannelName": "|>"}')),
    ]
    uris = [f"notebook-cell:{number}" for number, _ in enumerate(cells)]
    line, character = next(
        (number, line.index("|>")) for number, line in enumerate(cells[2][1].split("\n")) if "|>" in line
    )
    texts: list[Json] = [
        {"uri": uri, "languageId": language, "version": 1, "text": text.replace("|>", "")}
        for uri, (language, text) in zip(uris, cells, strict=True)
    ]
    kinds = [
        {"kind": 1 if language == "markdown" else 2, "document": uri}
        for uri, (language, _) in zip(uris, cells, strict=True)
    ]
    notebook = {"uri": (tmp_path / "a.ipynb").as_uri(), "notebookType": "jupyter-notebook", "version": 1}
    with LanguageClient(tmp_path, SNIPPETS) as client:
        client.notify(
            "notebookDocument/didOpen",
            {"notebookDocument": {**notebook, "cells": kinds}, "cellTextDocuments": texts},
        )
        params = {"textDocument": {"uri": uris[2]}, "position": {"line": line, "character": character}}
        items = client.request("textDocument/completion", params)["items"]
        assert [item["label"] for item in items] == ["train", "test"]
        text = edited(texts[2]["text"], [items[0]["textEdit"]])
        assert text == cells[2][1].replace("|>", "train")
        params = {"textDocument": {"uri": uris[1]}, "position": {"line": 0, "character": 24}}
        assert client.request("textDocument/completion", params) is None
        client.end()
