"""Completion, hover, definition, references, rename and outline, in complete and half-typed specs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from language_client import CAPABILITIES, LanguageClient, ServerError, edited, structured
from lsprotocol import types

from algolint.aws.model import Model
from algolint.fixes.edit import apply
from algolint.server import cursor
from algolint.server.symbols import RenameError, renamed
from algolint.server.text import ClientText
from algolint.source import Source

Json = dict[str, Any]
SNIPPETS = {
    **CAPABILITIES,
    "textDocument": {
        **CAPABILITIES["textDocument"],
        "completion": {"completionItem": {"snippetSupport": True}},
    },
}
SPEC = """\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.p4d.24xlarge]
  SupportedHyperParameters:
    - Name: mode
      Type: Categorical
      Range: {CategoricalParameterRangeSpecification: {Values: [additive, "1"]}}
    - Name: epochs
      Type: Integer
      DefaultValue: "10"
  MetricDefinitions:
    - {Name: "validation:loss", Regex: "val_loss=([0-9.]+)"}
  SupportedTuningJobObjectiveMetrics:
    - {Type: Minimize, MetricName: "validation:loss"}
  TrainingChannels:
    - Name: train
      SupportedContentTypes: [text/csv, application/x-parquet]
      SupportedInputModes: [File]
    - Name: test
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [File]
InferenceSpecification:
  Containers: [{Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2}]
  SupportedTransformInstanceTypes: [ml.m5.large]
  SupportedContentTypes: [text/csv]
  SupportedResponseMIMETypes: [application/json]
ValidationSpecification:
  ValidationRole: arn:aws:iam::246618743249:role/A
  ValidationProfiles:
    - ProfileName: small
      TrainingJobDefinition:
        TrainingInputMode: File
        HyperParameters: {mode: additive}
        InputDataConfig:
          - ChannelName: train
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[LanguageClient]:
    with LanguageClient(tmp_path, SNIPPETS) as client:
        yield client
        client.end()


def opened(client: LanguageClient, marked: str, name: str = "algorithm.yaml") -> tuple[str, str, Json]:
    """Open a text with a mark for the cursor, and return its URI, the text without the mark, and the
    position.
    """
    offset = marked.index("|>")
    text = marked.replace("|>", "", 1)
    position = ClientText(text, "utf-16").position(offset)
    uri = client.open(name, text)
    return uri, text, {"textDocument": {"uri": uri}, "position": position}


def completed(client: LanguageClient, marked: str, name: str = "algorithm.yaml") -> dict[str, Json]:
    """Return the items that are offered at the mark, in order."""
    result = client.request("textDocument/completion", opened(client, marked, name)[2])
    if result is None:
        return {}
    structured(result, types.CompletionList)
    return {item["label"]: item for item in sorted(result["items"], key=lambda item: item["sortText"])}


def accepted(client: LanguageClient, marked: str, label: str, name: str = "algorithm.yaml") -> str:
    """Return the text after an item is accepted."""
    _, text, params = opened(client, marked, name)
    items = client.request("textDocument/completion", params)["items"]
    item = next(item for item in items if item["label"] == label)
    return edited(text, [item["textEdit"]])


# ---------------------------------------------------------------- completion


def test_missing_fields_are_offered_the_required_ones_first(client: LanguageClient) -> None:
    items = completed(client, "AlgorithmName: forecaster\n|>")
    assert next(iter(items)) == "TrainingSpecification"
    assert "AlgorithmName" not in items
    assert {"Tags", "ValidationSpecification", "CertifyForMarketplace"} <= items.keys()
    assert items["TrainingSpecification"]["detail"] == "object, required"
    assert items["TrainingSpecification"]["documentation"].startswith("How it trains")
    assert items["Tags"]["textEdit"]["newText"] == "Tags:\n  - Key: $1\n    Value: $2"


@pytest.mark.parametrize(
    ("name", "marked", "expected"),
    [
        (
            "a.yaml",
            "AlgorithmName: x\nTrain|>\n",
            "AlgorithmName: x\nTrainingSpecification:\n  TrainingImage: $1\n  SupportedTrainingInstanceTypes:\n    - $2\n"
            "  TrainingChannels:\n    - Name: $3\n      SupportedContentTypes:\n        - $4\n      SupportedInputModes:\n"
            "        - ${5|Pipe,File,FastFile|}\n",
        ),
        (
            "a.json",
            '{"AlgorithmName": "x", "Train|>\n}',
            '{"AlgorithmName": "x", "TrainingSpecification": {\n  "TrainingImage": "$1",\n'
            '  "SupportedTrainingInstanceTypes": ["$2"],\n  "TrainingChannels": [\n    {\n      "Name": "$3",\n'
            '      "SupportedContentTypes": ["$4"],\n      "SupportedInputModes": ["${5|Pipe,File,FastFile|}"]\n    }\n  ]\n}\n}',
        ),
    ],
)
def test_a_field_comes_with_a_skeleton(name: str, marked: str, expected: str, client: LanguageClient) -> None:
    assert accepted(client, marked, "TrainingSpecification", name) == expected


def test_a_skeleton_without_snippets_is_plain(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        text = accepted(client, "AlgorithmName: x\nTa|>", "Tags")
        assert text == "AlgorithmName: x\nTags:\n  - Key: \n    Value: "
        marked = '{"AlgorithmName": "x", "C|>" \n"Tags": []}'
        text = accepted(client, marked, "CertifyForMarketplace", "algorithm.json")
        assert text == '{"AlgorithmName": "x", "CertifyForMarketplace": true, \n"Tags": []}'


def test_a_key_that_has_its_colon_gets_no_other(client: LanguageClient) -> None:
    text = accepted(client, "AlgorithmName: x\nT|>: []\n", "Tags")
    assert text == "AlgorithmName: x\nTags: []\n"


@pytest.mark.parametrize(
    ("before", "typed", "first"),
    [
        ("          - ChannelName: train\n", "          - ChannelName: train\n          - ChannelName: |>\n", ["test"]),
        ("          - ChannelName: train\n", "          - ChannelName: tr|>\n", ["train", "test"]),
        ("          - ChannelName: train\n", "          - ChannelName: train\n            ContentType: |>\n",
         ["text/csv", "application/x-parquet"]),
        ("          - ChannelName: train\n", "          - ChannelName: train\n            InputMode: |>\n", ["File"]),
        ("{mode: additive}", "{mode: |>}", ["additive", "1"]),
        ("{mode: additive}", "{mode: additive, epochs: |>}", ["10"]),
        ("{mode: additive}", "{mode: additive, |>}", ["epochs"]),
        ("        TrainingInputMode: File\n", "        ResourceConfig: {InstanceType: ml.|>}\n", ["ml.m5.xlarge", "ml.p4d.24xlarge"]),
        ('MetricName: "validation:loss"', "MetricName: |>", ["validation:loss"]),
        ("Type: Categorical", "Type: |>", ["Integer", "Continuous", "Categorical", "FreeText"]),
        ("      TrainingJobDefinition:", "      TransformJobDefinition: {TransformInput: {ContentType: |>}}\n      TrainingJobDefinition:", ["text/csv"]),
        ("      TrainingJobDefinition:", "      TransformJobDefinition: {TransformOutput: {Accept: |>}}\n      TrainingJobDefinition:", ["application/json"]),
        ("      TrainingJobDefinition:", "      TransformJobDefinition: {TransformResources: {InstanceType: |>}}\n      TrainingJobDefinition:", ["ml.m5.large"]),
        ('      DefaultValue: "10"', "      IsTunable: |>", ["true", "false"]),
        ("SupportedInputModes: [File]", "SupportedInputModes: [File, |>", ["Pipe", "FastFile"]),
    ],
)  # fmt: skip
def test_values_are_offered_those_of_the_spec_first(
    before: str, typed: str, first: list[str], client: LanguageClient
) -> None:
    assert before in SPEC
    items = completed(client, SPEC.replace(before, typed, 1))
    assert [*items][: len(first)] == first


def test_group_names_are_those_of_the_profile(client: LanguageClient) -> None:
    groups = "ResourceConfig: {InstanceGroups: [{InstanceGroupName: big}, {InstanceGroupName: small}]}"
    typed = SPEC + (
        f"            DataSource: {{S3DataSource: {{InstanceGroupNames: [small, |>]}}}}\n        {groups}\n"
    )
    assert [*completed(client, typed)] == ["big"]


def test_values_are_quoted_where_yaml_needs_it(client: LanguageClient) -> None:
    assert 'mode: "1"' in accepted(client, SPEC.replace("{mode: additive}", "{mode: |>}"), "1")
    assert "mode: '1'" in accepted(client, SPEC.replace("{mode: additive}", "{mode: '|>'}"), "1")
    assert 'MetricName: "validation:loss"' in accepted(
        client, SPEC.replace('MetricName: "validation:loss"', "MetricName: |>"), "validation:loss"
    )


def test_cloudformation_is_offered_what_its_type_has(client: LanguageClient) -> None:
    marked = "Resources:\n  A:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n      |>\n"
    items = completed(client, marked, "template.yaml")
    assert "TrainingSpecification" in items
    assert "ValidationSpecification" not in items


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("package.json", '{"name": "|>"}'),
        ("values.yaml", "image:\n  |>\n"),
        ("algorithm.yaml", "AlgorithmName: x\nTags: []  # |>\n"),
        ("algorithm.py", "create_algorithm(|>)\n"),
        ("algorithm.yaml", "AlgorithmName: |>\nTags: []\n"),
    ],
)
def test_nothing_is_offered_elsewhere(name: str, marked: str, client: LanguageClient) -> None:
    assert completed(client, marked, name) == {}


# ---------------------------------------------------------------- hover


def hovered(client: LanguageClient, marked: str, name: str = "algorithm.yaml") -> tuple[str, str]:
    """Return the hover text at the mark, and the text that it is about."""
    _, text, params = opened(client, marked, name)
    result = client.request("textDocument/hover", params)
    if result is None:
        return "", ""
    structured(result, types.Hover)
    lines = ClientText(text, "utf-16")
    start, end = (lines.offset(result["range"][side]) for side in ("start", "end"))
    return result["contents"]["value"], text[start:end]


def test_hover_describes_a_field(client: LanguageClient) -> None:
    text, about = hovered(client, SPEC.replace("SupportedInputModes", "Supported|>InputModes", 1))
    assert about == "SupportedInputModes"
    assert text.startswith("**SupportedInputModes**: list of TrainingInputMode, required")
    assert "How the channel takes its data" in text
    text, _ = hovered(client, SPEC.replace("ContentTypes: [text", "Con|>tentTypes: [text", 1))
    assert "The media types of data that the channel takes." in text


def test_hover_shows_since_when_and_within_which_limits(client: LanguageClient) -> None:
    text, _ = hovered(client, SPEC + "Ta|>gs: [{Key: a, Value: b}]\n")
    assert "At most 50 items." in text
    assert "Since botocore 1.15.40, 2020-04-16." in text or "Since botocore" in text


def test_hover_has_the_facts_of_an_instance_type(client: LanguageClient) -> None:
    text, about = hovered(client, SPEC.replace("ml.p4d", "ml.|>p4d", 1))
    assert about == "ml.p4d.24xlarge"
    assert "**ml.p4d.24xlarge**: 96 vCPUs (x86_64), 8 × A100, 8,000 GB of local NVMe" in text


def test_hover_shows_a_line_that_a_regex_reads(client: LanguageClient) -> None:
    text, about = hovered(client, SPEC.replace("val_loss", "val|>_loss", 1))
    assert about == '"val_loss=([0-9.]+)"'
    assert "Reads the number of a line such as\n\n```\nval_loss=" in text
    text, _ = hovered(client, SPEC.replace("val_loss=([0-9.]+)", "val|>_loss=[0-9.]+)"))
    assert "No line is known" in text


def test_hover_on_a_suppressed_rule_is_its_page(client: LanguageClient) -> None:
    text, about = hovered(
        client, SPEC.replace("forecaster\n", "forecaster  # algolint: ignore[tag-|>charset]\n", 1)
    )
    assert about == "tag-charset"
    assert text.startswith("**tag-charset**\n\nA tag's key or value")


@pytest.mark.parametrize("form", ["py", "tf", "cfn.yaml", "json"])
def test_hover_works_in_every_form(form: str, client: LanguageClient) -> None:
    path = ROOT / "fixtures/same/forecaster" / f"spec.{form}"
    key = "supported_content_types" if form == "tf" else "SupportedContentTypes"
    text, _ = hovered(client, path.read_text().replace(key, f"{key[:3]}|>{key[3:]}", 1), path.name)
    assert "**SupportedContentTypes**: list of ContentType" in text


def test_hover_in_a_half_typed_text(client: LanguageClient) -> None:
    broken = SPEC.replace("  MetricDefinitions:\n", '  MetricDefinitions: "\n')
    text, _ = hovered(client, broken.replace("ValidationRole", "Valid|>ationRole"))
    assert "The role that the validation jobs take on." in text


# ---------------------------------------------------------------- names


def lines_of(text: str, locations: list[Json], token: str) -> list[str]:
    """Return the lines of locations, which all have the same text."""
    lines = ClientText(text, "utf-16")
    spans = sorted((lines.offset(p["range"]["start"]), lines.offset(p["range"]["end"])) for p in locations)
    assert {text[slice(*span)] for span in spans} <= {token}
    return [text.splitlines()[text.count("\n", 0, start)].strip(" -") for start, _ in spans]


#: A location of a name, its token, its declaration, and its other locations.
NAMES = [
    ("ChannelName: tr|>ain", "train", "Name: train", ["ChannelName: train"]),
    ("{mo|>de: additive}", "mode", "Name: mode", ["HyperParameters: {mode: additive}"]),
    (
        'MetricName: "val|>idation:loss"',
        '"validation:loss"',
        '{Name: "validation:loss", Regex: "val_loss=([0-9.]+)"}',
        ['{Type: Minimize, MetricName: "validation:loss"}'],
    ),
    ("ProfileName: sm|>all", "small", "ProfileName: small", []),
]


@pytest.mark.parametrize(("marked", "token", "declaration", "uses"), NAMES)
def test_definition_and_references(
    marked: str, token: str, declaration: str, uses: list[str], client: LanguageClient
) -> None:
    _, text, params = opened(client, SPEC.replace(marked.replace("|>", ""), marked))
    assert lines_of(text, client.request("textDocument/definition", params), token) == [declaration]
    for with_declaration, expected in ((True, [declaration, *uses]), (False, uses)):
        context = {"includeDeclaration": with_declaration}
        found = client.request("textDocument/references", {**params, "context": context})
        assert lines_of(text, found, token) == expected


@pytest.mark.parametrize(("marked", "token", "declaration", "uses"), NAMES)
def test_rename_changes_every_place(
    marked: str, token: str, declaration: str, uses: list[str], client: LanguageClient
) -> None:
    uri, text, params = opened(client, SPEC.replace(marked.replace("|>", ""), marked))
    old = client.request("textDocument/prepareRename", params)["placeholder"]
    assert old == token.strip('"')
    edit = client.request("textDocument/rename", {**params, "newName": "other"})
    after = edited(text, edit["changes"][uri])
    expected = text
    for line in (declaration, *uses):
        expected = expected.replace(line, line.replace(token, token.replace(old, "other"), 1))
    assert after == expected
    assert after.count("other") == 1 + len(uses)


def test_renaming_reports_why_it_is_impossible(client: LanguageClient) -> None:
    _, _, params = opened(client, SPEC.replace("- ChannelName: train", "- ChannelName: tr|>ain"))
    with pytest.raises(ServerError, match="there is a channel 'test' already"):
        client.request("textDocument/rename", {**params, "newName": "test"})
    with pytest.raises(ServerError, match="'a b' is not a valid name of a channel"):
        client.request("textDocument/rename", {**params, "newName": "a b"})
    _, _, params = opened(client, SPEC.replace("ValidationRole", "Valid|>ationRole"))
    assert client.request("textDocument/prepareRename", params) is None
    with pytest.raises(ServerError, match="no name of a hyperparameter"):
        client.request("textDocument/rename", {**params, "newName": "x"})


def test_rename_in_a_program_keeps_its_quotes(client: LanguageClient) -> None:
    text = (ROOT / "fixtures/same/forecaster/spec.py").read_text()
    at = text.index('"train"') + 2
    uri, text, params = opened(client, f"{text[:at]}|>{text[at:]}", "spec.py")
    edit = client.request("textDocument/rename", {**params, "newName": "training"})
    after = edited(text, edit["changes"][uri])
    assert after == text.replace('"train"', '"training"')


#: A file, a spec with one name in several forms, each marked with <>, and these forms for new names; None if
#: one cannot be written.
FORMS: list[tuple[str, str, dict[str, list[str] | None]]] = [
    (
        "a.yaml",
        """TrainingSpecification: {SupportedHyperParameters: [{Name: <>}, {Name: other}]}
ValidationSpecification: {ValidationProfiles: [{TrainingJobDefinition: {HyperParameters: {<>: "1"}}}]}
""",
        {
            "lr": ["lr", "lr"],
            "learning-rate": ["learning-rate", "learning-rate"],
            "on": ['"on"', '"on"'],
            "a: b": ['"a: b"', '"a: b"'],
        },
    ),
    (
        "b.yaml",
        "TrainingSpecification: {MetricDefinitions: [{Name: <>, Regex: a}]}\n",
        {"lr": ["'lr'"], "it's": ["'it''s'"]},
    ),
    (
        "a.py",
        """c.create_algorithm(TrainingSpecification={"SupportedHyperParameters": [{"Name": <>}]},
    ValidationSpecification={"ValidationProfiles": [
        {"TrainingJobDefinition": {"HyperParameters": dict(<>="1")}},
        {"TrainingJobDefinition": {"HyperParameters": {<>: "1"}}}]})
""",
        {
            "lr": ["'lr'", "lr", '"lr"'],
            "rate": ["'rate'", "rate", '"rate"'],
            "class": None,
            "learning-rate": None,
        },
    ),
    (
        "b.py",
        """NAME = <>
c.create_algorithm(TrainingSpecification={"TrainingChannels": [{"Name": NAME}]},
    ValidationSpecification={"ValidationProfiles": [
        {"TrainingJobDefinition": {"InputDataConfig": [{"ChannelName": NAME}]}}]})
""",
        {"lr": ["'lr'"], "train": ["'train'"]},
    ),
    (
        "c.py",
        'c.create_algorithm(TrainingSpecification={"MetricDefinitions": [{"Name": <>, "Regex": "a"}]})\n',
        {"lr": ["'lr'"], "it's": ["'it\\'s'"], "a\\b": ["'a\\\\b'"]},
    ),
    (
        "a.tf",
        """resource "aws_sagemaker_algorithm" "a" {
  training_specification {
    supported_hyper_parameters {
      name = <>
    }
  }
  validation_specification {
    validation_profiles {
      training_job_definition {
        hyper_parameters = { <> = "1" }
      }
    }
  }
}
""",
        {"lr": ['"lr"', "lr"], "a.b": ['"a.b"', '"a.b"'], "${x}": ['"$${x}"', '"$${x}"']},
    ),
    (
        "a.ts",
        """c.createAlgorithm({TrainingSpecification: {SupportedHyperParameters: [{Name: <>}]},
  ValidationSpecification: {ValidationProfiles: [{TrainingJobDefinition: {HyperParameters: {<>: "1"}}}]}});
""",
        {"lr": ["'lr'", "lr"], "learning-rate": ["'learning-rate'", '"learning-rate"']},
    ),
    (
        "a.sh",
        """aws sagemaker create-algorithm --training-specification '{
  "MetricDefinitions": [{"Name": <>, "Regex": "a"}]}'
""",
        {"lr": ['"lr"'], "loss": ['"loss"'], "it's": None},
    ),
    (
        "a.ipynb",
        """{"nbformat": 4, "cells": [{"cell_type": "code", "source":
["c.create_algorithm(TrainingSpecification={'MetricDefinitions': [{'Name': <>, 'Regex': 'a'}]})"]}]}
""",
        {"lr": ['\\"lr\\"'], 'a"b': ['\\"a\\\\\\"b\\"']},
    ),
]


@pytest.mark.parametrize(
    ("file", "spec", "forms", "new"),
    [(file, spec, forms, new) for file, spec, forms in FORMS for new in [*forms][1:]],
)
def test_a_new_name_is_written_in_the_syntax_of_each_place(
    file: str, spec: str, forms: dict[str, list[str] | None], new: str
) -> None:
    def written(tokens: list[str]) -> str:
        return "".join(part + token for part, token in zip(spec.split("<>"), [*tokens, ""], strict=True))

    old = forms["lr"]
    assert old is not None
    source = Source(file, written(old))
    specs = cursor.specs(source, Model())
    at = source.text.index(old[0]) + 1
    expected = forms[new]
    if expected is None:
        with pytest.raises(RenameError, match="cannot be written where 'lr' is"):
            renamed(specs, source, at, new)
    else:
        assert apply(source.text, renamed(specs, source, at, new)) == written(expected)


def test_the_outline_has_the_names_of_items(client: LanguageClient) -> None:
    uri = client.open("a.yaml", SPEC)
    found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    for symbol in found:
        structured(symbol, types.DocumentSymbol)
    (spec,) = found
    assert spec["name"] == "spec"
    sections = {symbol["name"]: symbol for symbol in spec["children"]}
    assert [*sections] == [
        "AlgorithmName",
        "TrainingSpecification",
        "InferenceSpecification",
        "ValidationSpecification",
    ]
    training = {symbol["name"]: symbol for symbol in sections["TrainingSpecification"]["children"]}
    assert [s["name"] for s in training["SupportedHyperParameters"]["children"]] == ["mode", "epochs"]
    assert [s["name"] for s in training["TrainingChannels"]["children"]] == ["train", "test"]
    todo = [spec]
    while todo:
        symbol = todo.pop()
        outer, inner = symbol["range"], symbol["selectionRange"]
        place = [
            (p["line"], p["character"]) for p in (outer["start"], inner["start"], inner["end"], outer["end"])
        ]
        assert place == sorted(place)
        todo += symbol.get("children", [])


def test_hover_masks_secrets(client: LanguageClient) -> None:
    token = "ghp_" + "Ab1Cd2Ef3Gh4" * 3
    regex = SPEC.replace("val_loss=", f"|>{token}=")
    entry = SPEC + f"InferenceSpecification: {{Containers: [{{Environment: {{|>{token}: b}}}}]}}\n"
    for marked in (regex, entry):
        text, _ = hovered(client, marked)
        assert "*" * len(token) in text
        assert token[4:] not in text


def test_the_outline_masks_secrets(client: LanguageClient) -> None:
    key = "AKIA" + "QWERTYUIOPASDFGH"
    uri = client.open("a.yaml", SPEC.replace('"10"', f'"{key}"'))
    found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert "epochs" in str(found)
    assert key not in str(found)
