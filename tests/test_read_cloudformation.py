"""CloudFormation: resources read as requests, intrinsic functions unknown, and the type's own shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Share, shares
from hypothesis import given
from hypothesis import strategies as st
from renderings import FIXTURES, LINTER, added, findings, located, replaced, template, values, without_indexes
from steps import calls_of

from algolint import limits
from algolint.aws.cloudformation_table import NOT_IN_ALGORITHM
from algolint.aws.model import REQUEST, Model
from algolint.jobs import reading
from algolint.readers import yaml as read_yaml
from algolint.readers.cloudformation import HostedDocument, expanded
from algolint.source import LimitExceeded, Source
from algolint.syntaxes import read
from algolint.values import MAYBE, UNKNOWN, OpenDict, OpenList, PartialText

PREFIX = "Resources:\n  This:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n      "


def spec_of(text: str, name: str = "template.yaml") -> Any:
    return read(Source(name, text))[0].spec


def in_yaml(properties: str) -> Any:
    """Return the spec with properties written in YAML's flow style."""
    return spec_of(PREFIX + properties)


def in_json(properties: Any) -> Any:
    return spec_of(json.dumps(template(properties)), "template.json")


# ---------------------------------------------------------------- values

NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    "function",
    [
        "!Ref Name",
        "!GetAtt Role.Arn",
        "!GetAtt [Role, Arn]",
        "!ImportValue x",
        "!Join ['', [!Ref A, !Ref B]]",
        "!Join ['', !Split ['a', b]]",
        "!Select [0, !GetAZs '']",
        "!If [Prod, a, b]",
        "!FindInMap [A, B, C]",
        "!Transform {Name: X}",
        "{Ref: Name}",
        "!Sub '${AWS::StackName}'",
        "{'Fn::Sub': '${A}${B}'}",
        "{'Fn::If': [Prod, a, b]}",
        "{'Fn::GetAtt': [A, B]}",
        "{'Fn::Transform': {Name: 'AWS::Include'}}",
        "{'Fn::ForEach::Loop': [X, [a], {b: c}]}",
    ],
)
def test_functions_are_unknown(function: str) -> None:
    assert in_yaml(f"{{A: {function}, B: 1}}")["A"] is UNKNOWN
    found = in_yaml(f"{{A: [x, {function}, y]}}")["A"]
    assert (type(found), len(found)) == (list, 3)
    assert found[1] is UNKNOWN


@pytest.mark.parametrize(
    ("function", "pieces"),
    [
        ("!Sub '${AWS::StackName}-x'", ["", "-x"]),
        ('!Sub "a-${Name}"', ["a-", ""]),
        ("!Sub 'a-${Name}-${Stage}/b'", ["a-", "-", "/b"]),
        ('!Sub "${A}\\t-x"', ["", "\t-x"]),
        ("!Sub ['a${B}c', {B: !Ref B}]", ["a", "c"]),
        ("!Join ['', [a, !Ref B]]", ["a", ""]),
        ("!Join ['/', [!Sub '${A}.com', !Join ['-', [b, !Ref C]]]]", ["", ".com/b-", ""]),
        ("{'Fn::Sub': 'a${B}'}", ["a", ""]),
        ("{'Fn::Sub': ['a${B}c', {B: !Ref B}]}", ["a", "c"]),
        ("{'Fn::Sub': 'a${!B}${B}'}", ["a${B}", ""]),
        ("{'Fn::Join': ['-', [a, !Ref B, {'Fn::Sub': '${C}d'}]]}", ["a-", "-", "d"]),
    ],
)
def test_functions_of_texts_are_known_in_part(function: str, pieces: list[str]) -> None:
    found = spec_of(f"{PREFIX}{{AlgorithmDescription: {function}}}")["AlgorithmDescription"]
    assert isinstance(found, PartialText)
    assert list(found.pieces) == pieces


def test_a_short_form_in_a_block() -> None:
    resource = "Resources:\n  A:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n"
    text = f"{resource}      AlgorithmName: !Sub ${{A}}-x\n      AlgorithmDescription: !Sub |\n        ${{A}}-x\n"
    text += "      ProductId: !Join\n        - '/'\n        - - !Sub '${A}.com'\n          - b\n"
    spec = spec_of(text)
    assert repr(spec["AlgorithmName"]) == "PartialText(('', '-x'))"
    assert spec["AlgorithmDescription"].pieces == ("", "-x\n")
    assert spec["ProductId"].pieces == ("", ".com/b")


@pytest.mark.parametrize("function", ["!Ref AWS::NoValue", "!Ref 'AWS::NoValue'", json.dumps(NO_VALUE)])
def test_no_value_is_absent(function: str) -> None:
    assert in_yaml(f"{{A: {function}, B: 1, C: [a, {function}, b]}}") == {"B": 1, "C": ["a", "b"]}


@pytest.mark.parametrize(
    "function",
    [
        "!If [Prod, a, !Ref AWS::NoValue]",
        "!If [Prod, !If [Q, !Ref AWS::NoValue, x], a]",
        "!If [Prod, a, {Ref: AWS::NoValue}]",
        "{'Fn::If': [Prod, a, {Ref: 'AWS::NoValue'}]}",
        "{'Fn::If': [Prod, a, !Ref AWS::NoValue]}",
    ],
)
def test_a_condition_may_take_a_value_away(function: str) -> None:
    found = in_yaml(f"{{A: {function}, B: [a, {function}, b]}}")
    assert found["A"] is MAYBE
    assert type(found["B"]) is OpenList
    assert found["B"] == ["a", "b"]


@pytest.mark.parametrize("key", ["Fn::Transform", "Fn::ForEach::Loop"])
def test_what_is_written_out_later_opens_the_object(key: str) -> None:
    found = in_json({"A": {"X": 1, key: [1]}})["A"]
    assert type(found) is OpenDict
    assert found == {"X": 1}


def test_what_is_no_function_stays() -> None:
    properties = {"A": {"Ref": "x", "B": 1}, "C": {"Condition": "x"}, "D": {}, "E": {"Reference": "x"}}
    assert in_json(properties) == properties


# ---------------------------------------------------------------- which resources


def test_every_algorithm_is_a_document() -> None:
    text = """\
    AWSTemplateFormatVersion: "2010-09-09"
    Transform: AWS::Serverless-2016-10-31
    Parameters: {Image: {Type: String}}
    Resources:
      Bucket: {Type: AWS::S3::Bucket}
      First:
        Type: AWS::SageMaker::Algorithm
        DeletionPolicy: Retain
        Condition: Prod
        DependsOn: Bucket
        Properties: {AlgorithmName: first}
      Fn::ForEach::More:
        - Name
        - [a, b]
        - Algorithm${Name}:
            Type: AWS::SageMaker::Algorithm
            Properties: {AlgorithmName: more}
      Second:
        Type: AWS::SageMaker::Algorithm
    Outputs: {X: {Value: !Ref First}}
    """
    documents = read(Source("t.yaml", text))
    assert [document.routes[()] for document in documents if isinstance(document, HostedDocument)] == [
        ("Resources", "First", "Properties"),
        ("Resources", "Fn::ForEach::More", 2, "Algorithm${Name}", "Properties"),
        ("Resources", "Second", "Properties"),
    ]
    assert [d.spec for d in documents] == [{"AlgorithmName": "first"}, {"AlgorithmName": "more"}, {}]
    assert [d.index for d in documents] == [0, 1, 2]
    assert {(d.target, d.shape) for d in documents} == {("CloudFormation", REQUEST)}


def test_templates_and_requests_in_one_stream() -> None:
    resource = "{Type: 'AWS::SageMaker::Algorithm'}"
    text = f"Resources: {{A: {resource}, B: {resource}}}\n---\nAlgorithmName: x\n"
    text += f"---\nResources: {{C: {resource}}}\n"
    documents = read(Source("t.yaml", text))
    assert [getattr(d, "routes", {}).get(()) for d in documents] == [
        ("Resources", "A", "Properties"),
        ("Resources", "B", "Properties"),
        None,
        ("Resources", "C", "Properties"),
    ]
    assert len({d.index for d in documents}) == 4


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: {Type: AWS::S3::Bucket}}\n",
        "Resources: {A: {Type: AWS::SageMaker::Model}}\n# AWS::SageMaker::Algorithm\n",
        "Resources: !Ref AWS::SageMaker::Algorithm\n",
        "Resources: [AWS::SageMaker::Algorithm]\n",
        "Parameters: {A: {Type: AWS::SageMaker::Algorithm}}\n",
    ],
)
def test_a_template_without_an_algorithm_is_no_spec(text: str, algolint: Run, tmp_path: Path) -> None:
    assert findings("t.yaml", text) == {("not-an-algorithm", "")}
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    done = algolint(".")
    assert (done.returncode, done.stdout) == (0, "no algorithm specs found\n")


def test_the_usual_ending_of_templates(algolint: Run, tmp_path: Path) -> None:
    properties = {"AlgorithmName": "a_b"}
    (tmp_path / "a.template").write_text(json.dumps(template(properties)), encoding="utf-8")
    (tmp_path / "b.template").write_text(PREFIX + "{AlgorithmName: a_b}\n", encoding="utf-8")
    done = algolint("--format", "concise", "--select", "pattern-mismatch", ".")
    assert [line.split(" ")[0] for line in done.stdout.splitlines()] == [
        "a.template:1:94:",
        "b.template:5:23:",
    ]


# ---------------------------------------------------------------- the type's own shape


def test_fields_that_the_type_lacks_are_fields_of_the_model() -> None:
    for shape, names in NOT_IN_ALGORITHM.items():
        assert names <= Model().shape(shape).members.keys()


def test_fields_that_the_type_lacks() -> None:
    container = dict.fromkeys(NOT_IN_ALGORITHM["ModelPackageContainerDefinition"], "?")
    properties = {
        "AlgorithmName": "x",
        "TrainingSpecification": {"AdditionalS3DataSource": {"S3Uri": "nowhere"}},
        "InferenceSpecification": {"Containers": [{"Image": "x"}, container]},
        "ValidationSpecification": {"ValidationRole": "nobody", "ValidationProfiles": []},
    }
    found = findings("t.json", json.dumps(template(properties)))
    foreign = {pointer for rule, pointer in found if rule == "field-of-another-api"}
    containers = "/InferenceSpecification/Containers"
    assert foreign == {
        "/ValidationSpecification",
        "/TrainingSpecification/AdditionalS3DataSource",
        *(f"{containers}/1/{name}" for name in container),
    }
    # Their presence is all that is wrong with them.
    assert not {pointer for _, pointer in found if any(pointer.startswith(f"{p}/") for p in foreign)}
    assert ("container-without-image", f"{containers}/1") in found
    assert ("container-without-image", f"{containers}/0") not in found
    assert not {f for f in findings("a.json", json.dumps(properties)) if f[0] == "field-of-another-api"}


@pytest.mark.parametrize("flag", [True, "true"])
def test_an_algorithm_for_the_marketplace_cannot_come_from_a_template(flag: Any) -> None:
    properties = {"CertifyForMarketplace": flag, "TrainingSpecification": {"TrainingImage": "x"}}
    text = json.dumps(template(properties))
    assert {f for f in findings("t.json", text) if f[0].startswith("marketplace-")} == {
        ("marketplace-needs-validation", "/CertifyForMarketplace"),
    }


@pytest.mark.parametrize(
    ("value", "reports_error"),
    [(5, False), (5.5, True), (True, True), ("5", False), ("five", True), (None, True), ([], True)],
)
def test_numbers_and_booleans_become_texts(value: Any, reports_error: bool) -> None:
    hyperparameter = {"Name": "a", "Type": "Integer", "DefaultValue": value}
    text = json.dumps(template({"TrainingSpecification": {"SupportedHyperParameters": [hyperparameter]}}))
    pointer = "/TrainingSpecification/SupportedHyperParameters/0/DefaultValue"
    found = {rule for rule, location in findings("t.json", text) if location == pointer}
    assert bool(found) is reports_error
    assert ("wrong-type" in found) is (value is None or value == [])


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("true", set()),
        ("'true'", set()),
        ("'False'", set()),
        ("yes", set()),
        ("off", set()),
        ("'yes'", {"wrong-type"}),
        ("1", {"wrong-type"}),
        ("!Ref X", set()),
    ],
)
def test_texts_become_booleans(text: str, rules: set[str]) -> None:
    found = findings("t.yaml", f"{PREFIX}{{CertifyForMarketplace: {text}, TrainingSpecification: {{}}}}")
    location = "/CertifyForMarketplace"
    assert {rule for rule, pointer in found if pointer == location} - {
        "marketplace-needs-validation"
    } == rules


def of_default(text: str) -> tuple[set[str], str]:
    """Return the rules about a default that is written like this in a template, and their messages."""
    hyperparameter = f"{{Name: a, Type: FreeText, DefaultValue: {text}}}"
    yaml = f"{PREFIX}{{TrainingSpecification: {{SupportedHyperParameters: [{hyperparameter}]}}}}"
    found = LINTER.lint_source(Source("t.yaml", yaml)).diagnostics
    return {d.rule.name for d in found}, "".join(d.message for d in found if "quote" in d.message)


@pytest.mark.parametrize(
    "text", ["2023-05-01", "0.10", "true", "1_000", "0o17", "y", "'010'", "'yes'", "1:99", "a"]
)
def test_plain_scalars_are_texts_in_a_template(text: str) -> None:
    rules, _ = of_default(text)
    assert not rules & {"implicit-yaml-scalar", "wrong-type"}


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("yes", "true"),
        ("Off", "false"),
        ("010", "8"),
        ("012345670123", "1402433619"),
        ("12:30:45", "45045"),
        ("-1:30", "-90"),
        ("1:30.5", "90.5"),
    ],
)
def test_what_cloudformation_reads_as_another_value(text: str, becomes: str) -> None:
    """By YAML 1.1, which makes an account with a zero in front another number."""
    rules, messages = of_default(text)
    assert "implicit-yaml-scalar" in rules
    assert f"without quotes '{text}' becomes '{becomes}' in CloudFormation" in messages


def test_a_template_and_a_request_in_one_stream_are_read_differently() -> None:
    text = f"{PREFIX}{{AlgorithmDescription: 0o17}}\n---\nAlgorithmDescription: 0o17\nAlgorithmName: a\n"
    assert [document.spec["AlgorithmDescription"] for document in read(Source("a.yaml", text))] == [
        "0o17",
        15,
    ]


# ---------------------------------------------------------------- places

FAULTY = """\
Resources:
  Algorithm:
    Type: AWS::SageMaker::Algorithm
    Properties:
      AlgorithmName: !Sub "${AWS::StackName}-x"
      TrainingSpecification:
        TrainingImage: !Ref Image
        SupportedTrainingInstanceTypes:
          - !If [Prod, ml.p3.2xlarge, !Ref "AWS::NoValue"]
          - ml.m5.xlarg
        TrainingChannels:
          - Name: tra in
            SupportedContentTypes: [text/csv]
            SupportedInputModes:
              - FILE
"""


def test_findings_stand_where_the_author_wrote() -> None:
    training = "/TrainingSpecification"
    assert located("t.yaml", FAULTY) == {
        ("unknown-instance-type", f"{training}/SupportedTrainingInstanceTypes/0"): "ml.m5.xlarg",
        ("pattern-mismatch", f"{training}/TrainingChannels/0/Name"): "tra in",
        ("unknown-value", f"{training}/TrainingChannels/0/SupportedInputModes/0"): "FILE",
        # Of a branch of !If.
        (
            "instance-retired-family",
            f"{training}/SupportedTrainingInstanceTypes",
        ): "SupportedTrainingInstanceTypes",
    }


def test_what_is_absent_blames_the_properties() -> None:
    assert located("t.yaml", PREFIX + "{AlgorithmName: x}")["missing-field", ""] == "Properties"
    text = "Resources:\n  This:\n    Type: AWS::SageMaker::Algorithm\n"
    assert located("t.yaml", text)["missing-field", ""] == "This"


def test_what_is_repeated() -> None:
    text = PREFIX + "{AlgorithmName: x, AlgorithmName: y}\n  Other: {A: 1, A: 2}\n"
    assert located("t.yaml", text)["duplicate-key", "/AlgorithmName"] == "AlgorithmName"
    assert {p for r, p in findings("t.yaml", text) if r == "duplicate-key"} == {"/AlgorithmName"}


def test_fixes_are_made_in_the_template(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAULTY, encoding="utf-8")
    algolint("--fix", "t.yaml")
    assert (tmp_path / "t.yaml").read_text(encoding="utf-8") == FAULTY.replace("- FILE", "- File")
    text = json.dumps(
        template({"TrainingSpecification": {"TrainingChannels": [{"SupportedInputModes": ["FILE"]}]}})
    )
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    algolint("--fix", "t.json")
    assert (tmp_path / "t.json").read_text(encoding="utf-8") == text.replace("FILE", "File")


def test_comments_suppress(algolint: Run, tmp_path: Path) -> None:
    text = FAULTY.replace("- FILE", "- FILE  # algolint: ignore[unknown-value] so it is")
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    done = algolint("--format", "concise", "t.yaml")
    assert "FILE" not in done.stdout
    assert "unused-suppression" not in done.stdout


# ---------------------------------------------------------------- the same as a request


def specs() -> list[Any]:
    found = []
    for path in sorted([*FIXTURES.glob("clean/*"), *FIXTURES.glob("faulty/*")]):
        if path.suffix == ".out":
            continue
        for number, document in enumerate(
            read_yaml.read(Source(path.name, path.read_text(encoding="utf-8")))
        ):
            if isinstance(document.spec, dict) and "TrainingSpecification" in document.spec:
                plain = json.loads(json.dumps(document.spec, default=str))
                found.append(pytest.param(_for_cloudformation(plain), id=f"{path.stem}-{number}"))
    return found


def _for_cloudformation(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a request without the fields that the type does not have."""
    spec = {k: v for k, v in spec.items() if k not in ("ValidationSpecification", "CertifyForMarketplace")}
    training = spec["TrainingSpecification"]
    if isinstance(training, dict):
        training.pop("AdditionalS3DataSource", None)
    inference = spec.get("InferenceSpecification")
    containers = inference.get("Containers") if isinstance(inference, dict) else None
    for container in containers if isinstance(containers, list) else ():
        for name in NOT_IN_ALGORITHM["ModelPackageContainerDefinition"]:
            container.pop(name, None)
        container.setdefault("Image", "246618743249.dkr.ecr.us-west-2.amazonaws.com/serving:1.4.2")
    return spec


@pytest.mark.parametrize("spec", specs())
def test_the_same_findings_as_in_a_request(spec: Any) -> None:
    expected = {
        f for f in findings("a.json", json.dumps(spec)) if f[0] not in ("wrong-type", "duplicate-key")
    }
    text = json.dumps(template(spec, DeletionPolicy="Retain"), indent=1)
    assert {f for f in findings("t.json", text) if f[0] not in ("wrong-type", "duplicate-key")} == expected
    assert {f for f in findings("t.yaml", text) if f[0] not in ("wrong-type", "duplicate-key")} == expected


# ---------------------------------------------------------------- hiding


@pytest.mark.parametrize("share", shares(8))
@pytest.mark.parametrize("spec", specs())
def test_hiding_a_value_never_adds_a_problem(spec: Any, share: Share) -> None:
    before = findings("t.json", json.dumps(template(spec)))
    for path, value in share(values(spec)):
        if isinstance(value, (dict, list)) and not path:
            continue
        for function in ({"Ref": "X"}, {"Fn::If": ["X", {"Ref": "Y"}, NO_VALUE]}):
            text = json.dumps(template(replaced(spec, path, function)))
            after = findings("t.json", text)
            # An item that may be absent moves the indexes of those after it.
            assert not added(after, before) or not added(without_indexes(after), without_indexes(before)), (
                path,
                function,
            )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([NO_VALUE, {"Ref": "X"}]),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=20) | st.just("Fn::If"), inner),
        max_leaves=20,
    )
)
def test_no_template_is_too_strange(properties: Any) -> None:
    text = json.dumps(template(properties))
    for name in ("t.json", "t.yaml"):
        [document] = read(Source(name, text))
        paths: list[tuple[str | int, ...]] = [(), ("A",), (0,), ("A", 0)]
        for path in paths:
            start, end = document.locate(path)
            assert 0 <= start <= end <= len(text)


# ---------------------------------------------------------------- parameters

PARAMETERS = """Parameters:
  Name: {Type: String, Default: a_b}
  Size: {Type: Number, Default: 0}
  Blank: {Type: String, Default: ""}
  Placeholder: {Type: String, Default: "<your-image>"}
  Left: {Type: String, Default: CHANGE_ME}
  None: {Type: String}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /my/name}
  Types: {Type: CommaDelimitedList, Default: "a,b"}
"""


@pytest.mark.parametrize(
    ("function", "value"),
    [
        ("!Ref Name", "a_b"),
        ("{Ref: Name}", "a_b"),
        ("!Ref Size", 0),
        ("!Sub '${Name}-c'", "a_b-c"),
        ("{'Fn::Sub': '${Name}-${!c}'}", "a_b-${c}"),
        ("!Join ['-', [!Ref Name, c]]", "a_b-c"),
        ("{'Fn::Join': ['-', [{Ref: Name}, {Ref: Size}]]}", "a_b-0"),
        ("!Sub ['${Name}-${Size}', {Name: !Ref Other}]", ["", "-0"]),
        ("!Ref Blank", UNKNOWN),
        ("!Ref Placeholder", UNKNOWN),
        ("!Ref Left", UNKNOWN),
        ("!Ref None", UNKNOWN),
        ("!Ref Stored", UNKNOWN),
        ("!Ref Types", UNKNOWN),
        ("!If [Prod, !Ref Name, b]", UNKNOWN),
    ],
)
def test_a_parameter_has_its_default(function: str, value: Any) -> None:
    found = spec_of(f"{PARAMETERS}{PREFIX}{{AlgorithmName: {function}}}")["AlgorithmName"]
    if isinstance(value, list):
        assert isinstance(found, PartialText)
        assert list(found.pieces) == value
    else:
        assert found is UNKNOWN if value is UNKNOWN else found == value


def test_a_default_is_blamed_and_fixed_where_it_is_written(algolint: Run, tmp_path: Path) -> None:
    """A fix at the reference would replace it by the value, for every deployment."""
    properties = "{TrainingSpecification: {SupportedTrainingInstanceTypes: [REF], TrainingChannels: REF}}"
    for reference in ("!Ref Kind", "{Ref: Kind}"):
        text = (
            "Parameters:\n  Kind:\n    Type: String\n    Default: ml.m5.xlarg\n"
            + PREFIX
            + properties.replace("REF", reference)
        )
        (tmp_path / "t.yaml").write_text(text)
        assert (
            located("t.yaml", text)[
                "unknown-instance-type", "/TrainingSpecification/SupportedTrainingInstanceTypes/0"
            ]
            == "ml.m5.xlarg"
        )
        algolint("--fix", "--unsafe-fixes", "t.yaml", cwd=tmp_path)
        assert (tmp_path / "t.yaml").read_text() == text.replace("ml.m5.xlarg", "ml.m5.xlarge")


def test_a_field_that_is_removed_leaves_the_parameter(algolint: Run, tmp_path: Path) -> None:
    text = f"{PARAMETERS}{PREFIX}{{AlgorithmName: a, ValidationSpecification: !Ref Name}}\n"
    (tmp_path / "t.yaml").write_text(text)
    algolint("--fix", "--unsafe-fixes", "t.yaml", cwd=tmp_path)
    assert (tmp_path / "t.yaml").read_text() == text


# ---------------------------------------------------------------- the branches of conditions

CONDITIONAL = """\
Resources:
  This:
    Type: AWS::SageMaker::Algorithm
    Properties:
      AlgorithmName: a
      AlgorithmDescription: Forecasts.
      TrainingSpecification:
        TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/a:1
        SupportedTrainingInstanceTypes: [ml.m5.xlarge, TYPE]
        SupportedHyperParameters:
          - Name: depth
            Description: Depth.
            Type: Integer
            DefaultValue: "60"
            Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: MAXIMUM}}
        TrainingChannels:
          - {Name: train, Description: Rows., SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
          - CHANNEL
"""
RIGHT = {
    "TYPE": "!Ref Type",
    "MAXIMUM": '"100"',
    "CHANNEL": "!Ref Channel",
}
NO_BRANCH = "!Ref AWS::NoValue"
CHANNELS = "{Name: a b, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}"


def of_branches(**written: str) -> dict[str, str]:
    """The text at each finding, by its rule."""
    text = CONDITIONAL
    for name, value in (RIGHT | written).items():
        text = text.replace(name, value)
    found = LINTER.lint_source(Source("t.yaml", text)).diagnostics
    assert [d.location.span for d in found] == sorted(d.location.span for d in found)
    assert all(d.fix is None for d in found)
    return {d.rule.name: text[slice(*d.location.span)] for d in found}


FLOW = ["!If [Prod, {}, {}]", "{{'Fn::If': [Prod, {}, {}]}}"]


@pytest.mark.parametrize("form", FLOW)
def test_a_branch_is_linted(form: str) -> None:
    for branches, token in (
        (("ml.g5.xlarg", "ml.g5.xlarge"), "ml.g5.xlarg"),
        (("ml.g5.xlarge", "ml.g5.xlarg"), "ml.g5.xlarg"),
        (("ml.g5.xlarg", NO_BRANCH), "ml.g5.xlarg"),
        ((NO_BRANCH, "'ml.g5.xlarg'"), "'ml.g5.xlarg'"),
    ):
        assert of_branches(TYPE=form.format(*branches)) == {"unknown-instance-type": token}
    # With what is certain beside it.
    assert of_branches(MAXIMUM=form.format('"10"', '"100"')) == {"hp-default-out-of-range": '"60"'}


@pytest.mark.parametrize("form", [*FLOW, "!If\n            - Prod\n            - {}\n            - {}"])
def test_an_object_in_a_branch_is_linted(form: str) -> None:
    for branches in ((CHANNELS, NO_BRANCH), (NO_BRANCH, CHANNELS)):
        assert of_branches(CHANNEL=form.format(*branches))["pattern-mismatch"] == "a b"


@pytest.mark.parametrize(
    "written",
    [
        {"TYPE": "!If [Prod, ml.g5.xlarge, ml.c5.xlarge]"},
        {"MAXIMUM": '!If [Prod, "60", "100"]'},
        {"MAXIMUM": "!If [Prod, !Ref Most, !Ref Least]"},
        # Nothing is certain about two conditions together, nor about a branch that cannot be chosen.
        {"TYPE": "!If [Prod, !If [Prod, ml.g5.xlarge, ml.g5.xlarg], ml.c5.xlarge]"},
        {"MAXIMUM": '!If [Prod, !If [Large, "10", "100"], "100"]'},
        {"TYPE": "!If [Prod]"},
        {"TYPE": "!If Prod"},
        {"TYPE": "{'Fn::If': [Prod, ml.g5.xlarg]}"},
    ],
)
def test_what_is_right_in_each_branch_is_silent(written: dict[str, str]) -> None:
    assert of_branches(**written) == {}


def test_the_other_branch_of_the_resources_own_condition_is_never_taken() -> None:
    for own, is_found in (("Prod", False), ("Test", True)):
        text = CONDITIONAL.replace("Properties:", f"Condition: {own}\n    Properties:")
        for name, value in (RIGHT | {"TYPE": "!If [Prod, ml.g5.xlarge, ml.g5.xlarg]"}).items():
            text = text.replace(name, value)
        found = {d.rule.name for d in LINTER.lint_source(Source("t.yaml", text)).diagnostics}
        assert ("unknown-instance-type" in found) is is_found


def test_what_all_branches_share_is_reported_once() -> None:
    text = CONDITIONAL.replace("AlgorithmName: a", "AlgorithmName: a_b")
    for name, value in (RIGHT | {"TYPE": "!If [Prod, ml.g5.xlarge, ml.c5.xlarge]"}).items():
        text = text.replace(name, value)
    assert [d.rule.name for d in LINTER.lint_source(Source("t.yaml", text)).diagnostics] == [
        "pattern-mismatch"
    ]


@pytest.mark.parametrize(
    "function",
    [
        "!If [A, !If [B, ml.g5.xlarg, ml.g5.xlarge], ml.c5.xlarge]",
        "!If [A, ml.c5.xlarge, !If [B, ml.g5.xlarge, !If [A, ml.p3.xlarg, ml.g5.xlarg]]]",
        "{'Fn::If': [A, {'Fn::If': [B, ml.g5.xlarge, {'Fn::If': [C, ml.g5.xlarge, ml.g5.xlarg]}]}, ml.c5.xlarge]}",
        "{'Fn::If': [A, !If [B, ml.g5.xlarg, ml.g5.xlarge], ml.c5.xlarge]}",
    ],
)
def test_a_branch_in_a_branch_is_linted_alone(function: str) -> None:
    assert of_branches(TYPE=function) == {"unknown-instance-type": "ml.g5.xlarg"}
    channel = CHANNELS.replace("text/csv", function)
    assert of_branches(CHANNEL=f"!If [D, {channel}, {NO_BRANCH}]")["pattern-mismatch"] == "a b"


def test_a_condition_in_an_object_of_a_branch_is_linted_alone() -> None:
    channel = CHANNELS.replace("a b", "!If [B, valid, in valid]")
    assert of_branches(CHANNEL=f"!If [A, {channel}, {NO_BRANCH}]")["pattern-mismatch"] == "in valid"


def of_many(count: int, faulty: int, maximum: str = '"100"') -> tuple[set[str], str]:
    """Return the text at each finding, and what is not known, with a fault in one of many conditions."""
    functions = ["!If [A, ml.g5.xlarge, ml.c5.xlarge]"] * count
    functions[faulty] = "!If [A, ml.g5.xlarge, ml.c5.xlarg]"
    text = CONDITIONAL.replace("TYPE", ", ".join(functions)).replace("CHANNEL", "!Ref X")
    result = LINTER.lint_source(Source("t.yaml", text.replace("MAXIMUM", maximum)))
    found = {
        text[slice(*d.location.span)] for d in result.diagnostics if d.rule.name == "unknown-instance-type"
    }
    return found, result.specs[0].unknown


def test_branches_beyond_the_limit_are_linted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_many(40, 39) == ({"ml.c5.xlarg"}, "")
    monkeypatch.setattr(limits, "MAX_BRANCH_VALUES", 1000)
    found, unknown = of_many(40, 39)
    assert found == {"ml.c5.xlarg"}
    assert re.fullmatch(r"whether \d\d of 80 branches of conditions fit the rest", unknown)
    monkeypatch.setattr(limits, "MAX_BRANCHES_ALONE", 10)
    found, unknown = of_many(40, 39)
    assert not found
    assert re.fullmatch(r"what is in \d\d of 80 branches of conditions", unknown)


@pytest.mark.parametrize("other", ["ml.c5.xlarge", "!Ref AWS::NoValue"])
@pytest.mark.parametrize("name", ["a", "a" * 100_000])
def test_the_branches_of_many_conditions_are_bounded(other: str, name: str) -> None:
    types = ", ".join([f"!If [A, ml.g5.xlarge, {other}]"] * 500)
    text = CONDITIONAL.replace("TYPE", types).replace("MAXIMUM", '"100"').replace("CHANNEL", "!Ref X")
    (document,) = read(Source("t.yaml", text.replace("AlgorithmName: a", f"AlgorithmName: {name}")))
    variants = list(document.variants())
    assert len(variants) <= limits.MAX_BRANCH_VALUES / 500 + limits.MAX_BRANCHES_ALONE
    assert sum(count_of(variant.spec) for variant in variants) <= 2 * limits.MAX_BRANCH_VALUES
    # Values that may be absent are read, but are in no variant.
    assert calls_of(lambda: list(document.variants())) <= 60 * limits.MAX_BRANCH_VALUES


def test_a_function_on_a_long_line_is_read_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    read_text = read_yaml.read

    def measured(source: Source) -> Any:
        lengths.append(len(source.text))
        return read_text(source)

    text = CONDITIONAL.replace("TYPE", "!Ref Type, " * 1000)
    host = read_yaml.read(Source("t.yaml", text))
    monkeypatch.setattr(read_yaml, "read", measured)
    (document,) = expanded(host)
    assert len(document.spec["TrainingSpecification"]["SupportedTrainingInstanceTypes"]) == 1001
    assert len(lengths) >= 1000
    assert max(lengths) < 30


@pytest.mark.parametrize(
    "text",
    [
        {"Fn::Sub": "${P}" * 1000},
        {"Fn::Join": ["a" * 9000, ["b"] * 1000]},
        {"Fn::If": ["C", {"Fn::Sub": "${P}" * 1000}, "a"]},
    ],
)
def test_references_that_expand_without_bounds_are_refused(text: Any) -> None:
    resource = {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": text}}
    spec = {"Parameters": {"P": {"Type": "String", "Default": "a" * 9000}}, "Resources": {"A": resource}}
    found = LINTER.lint_source(Source("t.json", json.dumps(spec))).diagnostics
    messages = [diagnostic.message for diagnostic in found if diagnostic.rule.name == "invalid-syntax"]
    assert messages == ["references expand to more than 8,388,608 characters"]


def test_references_of_all_requests_that_use_an_algorithm_are_counted() -> None:
    algorithm = {"AlgorithmName": {"Fn::Sub": "${P}" * 100}}
    resource = {
        "Type": "AWS::SageMaker::ModelPackage",
        "Properties": {"SourceAlgorithmSpecification": {"SourceAlgorithms": [algorithm]}},
    }
    spec = {
        "Parameters": {"P": {"Type": "String", "Default": "a" * 9000}},
        "Resources": {f"A{number}": resource for number in range(20)},
    }
    with pytest.raises(LimitExceeded, match="references expand to more than 8,388,608 characters"):
        reading.read(Source("t.json", json.dumps(spec)))


def count_of(value: Any) -> int:
    if isinstance(value, str):
        return 1 + len(value) // limits.BRANCH_VALUE
    if value is UNKNOWN:
        return 0
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count_of, below))
