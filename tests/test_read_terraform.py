"""Terraform: resources read as requests, with locations, and only certain values known."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Share, shares
from hypothesis import given
from hypothesis import strategies as st
from renderings import FIXTURES, added, findings, hcl, keeps_its_names, located, snake, terraform

from algolint import limits
from algolint.aws.model import JOBS, REQUEST, Model, Shape
from algolint.config.effective import SettingsFinder
from algolint.jobs.terraform import SHAPES as JOB_SHAPES
from algolint.readers import yaml as read_yaml
from algolint.readers.terraform_names import LISTS, MAPS, api_name
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read
from algolint.values import MAYBE, UNKNOWN, OpenDict, OpenList, PartialText

pytest.importorskip("tree_sitter_hcl", reason="tree-sitter-hcl is not installed")

MODEL = Model()
MEMBERS = {name: MODEL.shape(name).members for name in MODEL.names()}


def resource(body: str, kind: str = "aws_sagemaker_algorithm") -> str:
    return f'resource "{kind}" "this" {{\n{body}\n}}\n'


def spec_of(body: str, kind: str = "aws_sagemaker_algorithm") -> Any:
    return read(Source("main.tf", resource(body, kind)))[0].spec


# ---------------------------------------------------------------- names


def test_names_go_over_and_back_for_every_member() -> None:
    names = {name for members in MEMBERS.values() for name in members}
    spelt = {snake(name) for name in names}
    assert len(spelt) == len(names) > 100
    assert {api_name(name) for name in spelt} == names


@pytest.mark.parametrize(
    ("argument", "field"),
    [
        # As the providers' schemas have them.
        ("supported_response_mime_types", "SupportedResponseMIMETypes"),
        ("s3_uri", "S3Uri"),
        ("s3_data_distribution_type", "S3DataDistributionType"),
        ("additional_s3_data_source", "AdditionalS3DataSource"),
        ("manifest_s3_uri", "ManifestS3Uri"),
        ("manifest_etag", "ManifestEtag"),
        ("model_data_etag", "ModelDataETag"),
        ("etag", "ETag"),
        ("kms_key_id", "KmsKeyId"),
        ("volume_kms_key_id", "VolumeKmsKeyId"),
        ("volume_size_in_gb", "VolumeSizeInGB"),
        ("max_payload_in_mb", "MaxPayloadInMB"),
        ("accept_eula", "AcceptEula"),
        ("transform_ami_version", "TransformAmiVersion"),
        ("supported_hyper_parameters", "SupportedHyperParameters"),
        ("TrainingImage", "Trainingimage"),
    ],
)
def test_names(argument: str, field: str) -> None:
    assert api_name(argument) == field


def test_lists_and_maps_are_those_of_the_model() -> None:
    lists: set[str] = set()
    maps: set[str] = set()
    for model, roots in ((MODEL, [REQUEST]), (Model(table=JOBS), list(JOB_SHAPES.values()))):
        for shape in reached(model, roots):
            for name, below in shape.members.items():
                own = model.shape(below)
                if own.type == "map":
                    maps.add(name)
                elif own.type == "list" and model.shape(own.item).type == "structure":
                    lists.add(name)
    assert lists == set(LISTS)
    assert maps == set(MAPS)


def reached(model: Model, names: list[str]) -> list[Shape]:
    """Return the shapes with some names, and all below them."""
    found: dict[str, Shape] = {}
    while names:
        name = names.pop()
        if name not in found:
            found[name] = model.shape(name)
            names += found[name].children()
    return list(found.values())


# ---------------------------------------------------------------- values

PLAIN: list[tuple[str, Any]] = [
    ('"a b"', "a b"),
    ('""', ""),
    ('" x "', " x "),
    (r'"a\"b\\c\n\t\r"', 'a"b\\c\n\t\r'),
    (r'"caf\u00e9 \U0001F600"', "café \U0001f600"),
    ('"café 😀"', "café 😀"),
    ('"$${x} %%{y} $x %"', "${x} %{y} $x %"),
    ("5", 5),
    ("-5", -5),
    ("5.5", 5.5),
    ("3600.0", 3600),
    ("1e3", 1000),
    ("-1.5e-2", -0.015),
    ("0123", 123),
    ("true", True),
    ("(false)", False),
    ('(("a"))', "a"),
    ("[]", []),
    ('["a", 1, true,]', ["a", 1, True]),
    ('[\n  # one\n  "a", // two\n  /* three */ "b"\n]', ["a", "b"]),
    ("<<EOT\n  a\n b\nEOT", "  a\n b\n"),
    ("<<-EOT\n    a\n      b\n\n    EOT", "a\n  b\n\n"),
    ("<<EOT\n$${x}\nEOT", "${x}\n"),
    ("<<EOT\nEOT", ""),
]


@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_plain_values(text: str, value: Any) -> None:
    found = spec_of(f"algorithm_description = {text}")
    assert found == {"AlgorithmDescription": value}
    assert type(found["AlgorithmDescription"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "aws_ecr_repository.this.repository_url",
        "data.aws_caller_identity.current.account_id",
        '"${aws_s3_bucket.this.bucket}"',
        '"%{ if var.x }a%{ endif }"',
        "<<EOT\n%{ if var.x }a%{ endif }\nEOT",
        "<<EOT\na ${~ var.x }\nEOT",
        'format("%05d-x", var.name)',
        'format("%s-%s", var.name)',
        'join("", [for x in var.list : "a"])',
        'join(var.x, ["a", "b"])',
        "jsonencode({ a = 1 })",
        'var.prod ? "a" : "b"',
        "1 + 2",
        "!true",
        "[for x in var.list : upper(x)]",
        "{ for k, v in var.map : k => v }",
        "aws_x.y[*].id",
        "-aws_x.y.z",
        "1e999",
        "9" * 500,
    ],
)
def test_what_terraform_works_out_is_unknown(text: str) -> None:
    assert spec_of(f"algorithm_description = {text}")["AlgorithmDescription"] is UNKNOWN


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("<<EOT\na ${var.x}\n b\nEOT", ("a ", "\n b\n")),
        ("<<-EOT\n    a\n      ${var.x}$${y}\n    EOT", ("a\n  ", "${y}\n")),
        ('format("%s-x", var.name)', ("", "-x")),
        ('format("%s-%d-%s", "a", 1, var.name)', ("a-1-", "")),
        ('join("-", ["a", var.x, "b"])', ("a-", "-b")),
        ('join("/", ["s3:/", "${var.b}-x", "y"])', ("s3://", "-x/y")),
    ],
)
def test_texts_that_are_put_together_are_known_in_part(text: str, pieces: tuple[str, ...]) -> None:
    found = spec_of(f"algorithm_description = {text}")["AlgorithmDescription"]
    assert isinstance(found, PartialText)
    assert found.pieces == pieces


def test_texts_that_are_put_together_of_literals_are_known() -> None:
    assert spec_of('algorithm_description = join("-", ["a", "b"])') == {"AlgorithmDescription": "a-b"}
    assert spec_of('algorithm_description = format("%s-%d", "a", 7)') == {"AlgorithmDescription": "a-7"}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ('"${aws_s3_bucket.this.bucket}/x"', ["", "/x"]),
        ('"x-${var.name}"', ["x-", ""]),
        ('"a ${var.a} b %{ if var.x }c%{ endif }d"', ["a ", " b ", "d"]),
        ('"a ${~ var.a ~} b"', ["a", "b"]),
        ('"a\\t$${b}${var.c}"', ["a\t${b}", ""]),
    ],
)
def test_interpolated_texts_are_known_in_part(text: str, pieces: list[str]) -> None:
    found = spec_of(f"algorithm_description = {text}")["AlgorithmDescription"]
    assert isinstance(found, PartialText)
    assert list(found.pieces) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "var.x",
        'var.x["a"].b',
        "local.x",
        "module.a.b",
        "each.value.x",
        "(var.x)",
        'var.x ? "a" : null',
        'var.x ? var.y : "a"',
        "try(var.x.y, null)",
        'lookup(var.x, "y", null)',
        "(" * 3000 + "var.x" + ")" * 3000,
    ],
)
def test_what_may_come_to_null_may_be_absent(text: str) -> None:
    assert spec_of(f"algorithm_description = {text}")["AlgorithmDescription"] is MAYBE


def test_null_is_no_argument() -> None:
    assert spec_of("algorithm_description = null") == {}
    assert spec_of("x = { a = null, b = 1 }") == {"X": {"B": 1}}


def test_a_key_that_is_worked_out_opens_the_object() -> None:
    body = 'training_specification { x = { (var.k) = 1, b = 2, "c" = 3, d : 4 } }'
    found = spec_of(body)["TrainingSpecification"]["X"]
    assert type(found) is OpenDict
    assert found == {"B": 2, "C": 3, "D": 4}


def test_maps_keep_their_keys() -> None:
    found = spec_of(
        'a {\n environment = { my_key = "x", "OTHER" = 1 }\n hyper_parameters = { max_depth = "3" }\n }'
    )
    assert found["A"] == {"Environment": {"my_key": "x", "OTHER": 1}, "HyperParameters": {"max_depth": "3"}}


def test_tags_of_both_providers() -> None:
    tags = [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": 1}]
    assert spec_of('tags = { a = "b", "c" = 1 }')["Tags"] == tags
    awscc = spec_of(
        'tags = [{ key = "a", value = "b" }, { key = "c", value = 1 }]', "awscc_sagemaker_algorithm"
    )
    assert awscc["Tags"] == tags
    assert type(spec_of("tags = { (var.k) = 1 }")["Tags"]) is OpenList
    assert spec_of("tags = local.tags")["Tags"] is MAYBE
    # A map in provider awscc is a fault.
    assert spec_of('tags = { a = "b" }', "awscc_sagemaker_algorithm")["Tags"] == {"a": "b"}


def test_tags_of_a_local_and_of_merged_maps() -> None:
    """`tags = local.tags` is how most modules set them."""
    local = 'locals {\n  tags = { team = "ml", "aws:x" = "y" }\n}\n'
    tags = [{"Key": "team", "Value": "ml"}, {"Key": "aws:x", "Value": "y"}]
    (document,) = read(Source("a.tf", local + resource("tags = local.tags")))
    assert document.spec["Tags"] == tags
    assert located("a.tf", local + resource('algorithm_name = "a"\n tags = local.tags')) == {
        ("tag-reserved-prefix", "/Tags/1/Key"): '"aws:x"',
        ("missing-field", ""): 'resource "aws_sagemaker_algorithm" "this"',
    }
    (document,) = read(Source("a.tf", local + resource('tags = merge(local.tags, { team = "b", c = "d" })')))
    assert document.spec["Tags"] == [
        {"Key": "team", "Value": "b"},
        {"Key": "aws:x", "Value": "y"},
        {"Key": "c", "Value": "d"},
    ]
    # What is not known may have other values for the keys before it.
    found = spec_of('tags = merge({ a = "b" }, var.tags, { c = 1 })')["Tags"]
    assert type(found) is OpenList
    assert [(tag["Key"], is_unknown(tag["Value"])) for tag in found] == [("a", True), ("c", False)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('concat(["a"], ["b"])', ["a", "b"]),
        ('toset(["a"])', ["a"]),
        ('[lower("A"), upper("b")]', ["a", "B"]),
        ('join("-", concat(["a"], ["b"]))', "a-b"),
    ],
)
def test_functions_of_what_is_known(expression: str, value: Any) -> None:
    assert spec_of(f"a {{ supported_content_types = {expression} }}")["A"]["SupportedContentTypes"] == value
    open_list = spec_of('a { supported_content_types = concat(["a"], var.b) }')["A"]["SupportedContentTypes"]
    assert (type(open_list), list(open_list)) == (OpenList, ["a"])
    assert is_unknown(spec_of("a { b = concat(var.a...) }")["A"]["B"])


def test_blocks_become_objects_and_lists() -> None:
    found = spec_of(
        """
        count    = 2
        for_each = toset(["a"])
        provider = aws.west
        region   = "eu-west-1"
        depends_on = [aws_iam_role.this]
        lifecycle { prevent_destroy = true }
        timeouts { create = "5m" }
        algorithm_name = "a"
        training_specification {
          training_channels { name = "a" }
          training_channels {
            name = "b"
            is_required = true
          }
        }
        inference_specification {}
        """
    )
    assert found == {
        "AlgorithmName": "a",
        "TrainingSpecification": {"TrainingChannels": [{"Name": "a"}, {"Name": "b", "IsRequired": True}]},
        "InferenceSpecification": {},
    }


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('training_channels { name = "a" }\n dynamic "training_channels" { for_each = [] }', [{"Name": "a"}]),
        ('dynamic "training_channels" { for_each = [] }\n training_channels { name = "a" }', [{"Name": "a"}]),
    ],
)
def test_dynamic_blocks_leave_a_list_open(body: str, names: list[Any]) -> None:
    found = spec_of(body)["TrainingChannels"]
    assert type(found) is OpenList
    assert found == names


def test_a_dynamic_block_alone_may_be_absent() -> None:
    found = spec_of('dynamic "training_channels" {}\n dynamic "inference_specification" {}')
    assert found["TrainingChannels"] is MAYBE
    assert found["InferenceSpecification"] is MAYBE


def test_each_resource_is_a_document() -> None:
    text = resource("") + 'resource "aws_s3_bucket" "b" {}\n' + resource("", "awscc_sagemaker_algorithm")
    documents = read(Source("main.tf", text))
    starts = [d.locate(())[0] for d in documents]
    assert starts == [0, text.index('resource "awscc_sagemaker_algorithm"')]
    assert [d.target for d in documents] == ["Terraform", "Terraform, provider awscc"]
    assert [d.index for d in documents] == [0, 1]


# ---------------------------------------------------------------- findings

FAULTY = """\
# é 😀 moves bytes, not characters
resource "aws_sagemaker_algorithm" "this" {
  algorithm_name = "my_algorithm"
  training_specification {
    training_image                    = var.image
    supported_training_instance_types = ["ml.m5.xlarge", var.x, "ml.m5.xlarg"]
    supported_hyper_parameters {
      name          = "depth"
      type          = "Integer"
      default_value = 20 /* é */
      range {
        integer_parameter_range_specification {
          min_value = 1
          max_value = "10"
        }
      }
    }
    training_channels {
      name                    = "träin"
      supported_content_types = ["text/csv"]
      supported_input_modes   = ["FILE"]
      color                   = "red"
    }
  }
  tags = {
    "aws:x" = "y"
  }
}
"""


def test_findings_stand_where_the_author_wrote() -> None:
    training = "/TrainingSpecification"
    found = located("main.tf", FAULTY)
    assert found == {
        ("pattern-mismatch", "/AlgorithmName"): '"my_algorithm"',
        ("unknown-instance-type", f"{training}/SupportedTrainingInstanceTypes/2"): '"ml.m5.xlarg"',
        ("hp-default-out-of-range", f"{training}/SupportedHyperParameters/0/DefaultValue"): "20",
        ("pattern-mismatch", f"{training}/TrainingChannels/0/Name"): '"träin"',
        ("unknown-value", f"{training}/TrainingChannels/0/SupportedInputModes/0"): '"FILE"',
        ("unknown-field", f"{training}/TrainingChannels/0/Color"): "color",
        ("tag-reserved-prefix", "/Tags/0/Key"): '"aws:x"',
    }


def test_what_is_absent_blames_the_block() -> None:
    found = located("main.tf", resource('algorithm_name = "a"\n training_specification {}'))
    assert found["missing-field", "/TrainingSpecification"] == "training_specification"
    found = located("main.tf", resource(""))
    assert found["missing-field", ""] == 'resource "aws_sagemaker_algorithm" "this"'


def test_terraform_converts_numbers_booleans_and_texts() -> None:
    plain = terraform({"TrainingSpecification": {"SupportsDistributedTraining": True}})
    assert findings("a.tf", plain.replace("= true", '= "true"')) == findings("a.tf", plain)
    assert ("wrong-type", "/TrainingSpecification/SupportsDistributedTraining") in findings(
        "a.tf", plain.replace("= true", '= "maybe"')
    )


def test_awscc_takes_what_cloudformation_takes() -> None:
    text = resource(
        """
        certify_for_marketplace = true
        validation_specification = { validation_role = "no role" }
        inference_specification = { containers = [{ model_data_url = "nowhere" }] }
        """,
        "awscc_sagemaker_algorithm",
    )
    found = {(rule, pointer) for rule, pointer in located("a.tf", text) if "description" not in rule}
    assert {
        ("field-of-another-api", "/ValidationSpecification"),
        ("field-of-another-api", "/InferenceSpecification/Containers/0/ModelDataUrl"),
        ("container-without-image", "/InferenceSpecification/Containers/0"),
        ("marketplace-needs-validation", "/CertifyForMarketplace"),
    } <= found
    assert not any(pointer.startswith("/ValidationSpecification/") for _, pointer in found)


METRICS = "/TrainingSpecification/MetricDefinitions"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('algorithm_name = "a"\n algorithm_name = "b"', "/AlgorithmName"),
        ("training_specification {}\n training_specification {}", "/TrainingSpecification"),
        ('a { environment = { x = "1", x = "2" } }', "/A/Environment/x"),
        # A name is that of an attribute or of a block.
        ("training_specification {}\n training_specification = {}", "/TrainingSpecification"),
        ("training_specification = {}\n training_specification {}", "/TrainingSpecification"),
        ("training_specification {\n metric_definitions = var.x\n metric_definitions {}\n}", METRICS),
        ("training_specification {\n metric_definitions {}\n metric_definitions = var.x\n}", METRICS),
        ("training_specification {\n metric_definitions = null\n metric_definitions {}\n}", METRICS),
    ],
)
def test_what_is_repeated(body: str, pointer: str) -> None:
    document = read(Source("a.tf", resource(body)))[0]
    [fault] = document.faults
    assert (fault.rule.name, "/" + "/".join(map(str, fault.path))) == ("duplicate-key", pointer)
    assert fault.related is not None
    assert fault.related[0] < fault.span
    assert re.fullmatch(r"duplicate key '\w+' in this block", fault.message)


# Written only for the API: values that Terraform converts, and keys that it cannot have twice.
CONVERTED = {"implicit-yaml-scalar", "wrong-type", "duplicate-key"}


def complete_specs() -> list[Any]:
    found = []
    for path in sorted([*FIXTURES.glob("clean/*"), *FIXTURES.glob("faulty/*"), *FIXTURES.glob("accepted/*")]):
        if path.suffix == ".out":
            continue
        text = path.read_text(encoding="utf-8")
        documents = read_yaml.read(Source(path.name, text))
        for number, document in enumerate(documents):
            if isinstance(document.spec, dict) and "TrainingSpecification" in document.spec:
                found.append(pytest.param(document.spec, id=f"{path.stem}-{number}"))
    return found


@pytest.mark.parametrize("spec", complete_specs())
def test_the_same_findings_as_in_json(spec: Any) -> None:
    plain = json.loads(json.dumps(spec, default=str))
    if not keeps_its_names(plain):
        pytest.skip("a misspelt name has no spelling in Terraform")
    expected = {f for f in findings("a.json", json.dumps(plain)) if f[0] not in CONVERTED}
    found = {f for f in findings("a.tf", terraform(plain)) if f[0] not in CONVERTED}
    assert found == expected


# ---------------------------------------------------------------- hiding


def literals(text: str) -> list[tuple[int, int]]:
    """Return the spans of all literal values in a Terraform text."""
    import tree_sitter
    import tree_sitter_hcl

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    data = text.encode()
    found = []
    stack = [parser.parse(data).root_node]
    while stack:
        node = stack.pop()
        stack += node.children
        above = node.parent.parent if node.parent else None
        if node.type in ("literal_value", "collection_value") and above and above.type != "object_elem":
            spans = data[: node.start_byte], data[: node.end_byte]
            found.append((len(spans[0].decode()), len(spans[1].decode())))
    return found


REFERENCES = ["var.x", "aws_x.y.z", '"${var.x}"', "upper(var.x)", "var.x ? 1 : null"]


@pytest.mark.parametrize("share", shares(48))
@pytest.mark.parametrize("spec", complete_specs())
def test_hiding_a_literal_never_adds_a_problem(spec: Any, share: Share) -> None:
    text = terraform(json.loads(json.dumps(spec, default=str)))
    before = findings("a.tf", text)
    for number, (start, end) in share(enumerate(literals(text))):
        reference = REFERENCES[number % len(REFERENCES)]
        after = findings("a.tf", text[:start] + reference + text[end:])
        assert not added(after, before), (text[start:end], reference)


# ---------------------------------------------------------------- texts that are not right


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a = " + "[" * 201 + "]" * 201, "nested more than 200 levels deep"),
        ("a {\n" * 201 + "}\n" * 201, "nested more than 200 levels deep"),
    ],
)
def test_what_is_no_terraform(body: str, message: str) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source("a.tf", resource(body)))
    assert message in caught.value.message


def test_a_fault_elsewhere_in_the_file_is_none_of_ours() -> None:
    text = resource('algorithm_name = "a_b"') + "\nvariable {{ x }}\n"
    assert ("pattern-mismatch", "/AlgorithmName") in findings("a.tf", text)


def test_other_files() -> None:
    assert findings("a.tf", 'resource "aws_s3_bucket" "b" {}\n') == {("not-an-algorithm", "")}
    assert findings("a.tf", "# aws_sagemaker_algorithm\n") == {("not-an-algorithm", "")}
    assert findings("a.tf", 'data "aws_sagemaker_algorithm" "b" {}\n') == {("not-an-algorithm", "")}
    assert findings("a.tf", "") == {("not-an-algorithm", "")}


@given(st.text(st.sampled_from('ab "${}[]()=<-EOT\n#/*\\,é:?')))
def test_no_text_is_too_strange(text: str) -> None:
    try:
        read(Source("a.tf", resource(f"algorithm_name = {text}")))
    except SourceSyntaxError as fault:
        assert 0 <= fault.span[0] <= fault.span[1]  # noqa: PT017


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_text_is_read_as_it_was_written(text: str) -> None:
    assert spec_of(f"algorithm_description = {hcl(text)}") == {"AlgorithmDescription": text}


# ---------------------------------------------------------------- the command


def test_comments_suppress(algolint: Run, tmp_path: Path) -> None:
    text = FAULTY.replace('"my_algorithm"', '"my_algorithm" # algolint: ignore[pattern-mismatch] known')
    text = text.replace("      color", "      // algolint: ignore[unknown-field] later\n      color")
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    done = algolint("--format", "concise", "main.tf")
    assert done.returncode == 1
    assert "my_algorithm" not in done.stdout
    assert "unknown-field" not in done.stdout
    assert "unused-suppression" not in done.stdout
    assert "hp-default-out-of-range" in done.stdout


def test_a_fix_changes_the_literal_and_nothing_else(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(FAULTY, encoding="utf-8")
    done = algolint("--fix", "main.tf")
    assert done.returncode == 1
    expected = FAULTY.replace('["FILE"]', '["File"]')
    assert (tmp_path / "main.tf").read_text(encoding="utf-8") == expected


def test_a_folder_is_searched_for_terraform(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "other.tf").write_text('resource "aws_s3_bucket" "b" {}\n = broken', encoding="utf-8")
    done = algolint("--format", "concise", ".")
    assert done.stdout.count("main.tf:") >= 7
    assert "other.tf" not in done.stdout + done.stderr


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_hcl", None)


@pytest.mark.usefixtures("without_the_extra")
def test_without_the_extra_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(FAULTY, encoding="utf-8")
    result = Session(SettingsFinder({})).lint(str(path), named=True)
    assert result.error == "Terraform files need a parser: pip install tree-sitter tree-sitter-hcl"
    result = Session(SettingsFinder({})).lint(str(path), named=False)
    assert (result.error, result.is_spec) == (None, False)
    assert result.hint is not None
    path.write_text('resource "aws_s3_bucket" "b" {}\n', encoding="utf-8")
    result = Session(SettingsFinder({})).lint(str(path), named=False)
    assert (result.error, result.hint, result.is_spec) == (None, None, False)


def test_a_missing_package_is_reported_once(algolint: Run, tmp_path: Path) -> None:
    for name in ("a.tf", "b.tf"):
        (tmp_path / name).write_text(FAULTY, encoding="utf-8")
    (tmp_path / "tree_sitter.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, "PYTHONPATH": path}
    done = algolint(".", env=env)
    assert done.returncode == 0
    assert done.stderr.count("pip install tree-sitter tree-sitter-hcl") == 1
    done = algolint("a.tf", env=env)
    assert done.returncode == 2
    assert "pip install tree-sitter tree-sitter-hcl" in done.stderr


# ---------------------------------------------------------------- Terraform's JSON


@pytest.mark.parametrize(
    "spec",
    [
        {"resource": [{"aws_sagemaker_algorithm": {"x": {"algorithm_name": "a b"}}}]},
        {"resource": {"aws_sagemaker_algorithm": [{"x": {"algorithm_name": "a b"}}]}},
        {
            "resource": [
                {"aws_s3_bucket": {}},
                {"aws_sagemaker_algorithm": [{}, {"x": [{"algorithm_name": "a b"}]}]},
            ]
        },
    ],
)
def test_lists_of_objects_at_the_levels_of_labels(spec: Any) -> None:
    assert located("main.tf.json", json.dumps(spec))["pattern-mismatch", "/AlgorithmName"] == '"a b"'


def test_terraform_json() -> None:
    body = {
        "count": 1,
        "algorithm_name": "my_algorithm",
        "algorithm_description": "${var.x}",
        "training_specification": [
            {
                "training_image": "${var.image}",
                "supported_training_instance_types": ["ml.m5.xlarg"],
                "training_channels": {"name": "tra in", "supported_content_types": ["text/csv"]},
                "supported_hyper_parameters": [{"name": "x", "type": "Text", "default_value": 5}],
                "dynamic": {"metric_definitions": {"for_each": "${var.m}"}},
            }
        ],
        "tags": {"aws:x": "y"},
    }
    text = json.dumps({"resource": {"aws_sagemaker_algorithm": {"this": body}}}, indent=2)
    training = "/TrainingSpecification"
    assert located("main.tf.json", text) == {
        ("pattern-mismatch", "/AlgorithmName"): '"my_algorithm"',
        ("unknown-instance-type", f"{training}/SupportedTrainingInstanceTypes/0"): '"ml.m5.xlarg"',
        ("missing-field", f"{training}/TrainingChannels/0"): '"training_channels"',
        ("pattern-mismatch", f"{training}/TrainingChannels/0/Name"): '"tra in"',
        ("unknown-value", f"{training}/SupportedHyperParameters/0/Type"): '"Text"',
        ("tag-reserved-prefix", "/Tags/0/Key"): '"aws:x"',
    }
    assert findings("main.json", text) == {("not-an-algorithm", "")}


# ---------------------------------------------------------------- names of the module


def is_unknown(value: object) -> bool:
    return value is UNKNOWN or value is MAYBE


def types_of(text: str, name: str = "main.tf") -> Any:
    (document,) = read(Source(name, text))
    return document.spec["TrainingSpecification"]["SupportedTrainingInstanceTypes"]


TYPES = resource("training_specification { supported_training_instance_types = local.types }")


@pytest.mark.parametrize(
    ("definitions", "expected"),
    [
        ('locals { types = ["ml.m5.3xlarge"] }', ["ml.m5.3xlarge"]),
        ('locals {\n types = [var.one]\n}\nvariable "one" { default = "ml.m5.3xlarge" }', ["ml.m5.3xlarge"]),
        ('locals {\n size = "3xlarge"\n types = ["ml.m5.${local.size}"]\n}', ["ml.m5.3xlarge"]),
        ('locals { types = ["ml.m5.3xlarge", var.other] }\nvariable "other" {}', ["ml.m5.3xlarge", UNKNOWN]),
    ],
)
def test_names_of_the_same_file_have_their_values(definitions: str, expected: Any) -> None:
    assert repr(types_of(f"{definitions}\n{TYPES}")) == repr(expected)


@pytest.mark.parametrize(
    "definitions",
    [
        "",
        "locals { types = local.types }",
        "locals {\n types = local.a\n a = [local.types]\n}",
        'variable "types" {}',
    ],
)
def test_what_a_name_does_not_say_is_unknown(definitions: str) -> None:
    types = types_of(f"{definitions}\n{TYPES}")
    assert is_unknown(types[0] if isinstance(types, list) else types)


def test_findings_in_a_local_are_located_there() -> None:
    text = f'locals {{ types = ["ml.m5.xlarge", "ml.m5.3xlarge"] }}\n{TYPES}'
    (document,) = read(Source("main.tf", text))
    path = ("TrainingSpecification", "SupportedTrainingInstanceTypes", 1)
    start, end = document.locate(path)
    assert text[start:end] == '"ml.m5.3xlarge"'


def test_names_of_other_files_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "locals.tf").write_text('locals { types = ["ml.m5.3xlarge"] }\n')
    (tmp_path / "broken.tf").write_bytes(b"locals { types = \xff")
    main = tmp_path / "main.tf"
    main.write_text(TYPES)
    assert types_of(TYPES, str(main)) == ["ml.m5.3xlarge"]
    (document,) = read(Source(str(main), TYPES))
    start, end = document.locate(("TrainingSpecification", "SupportedTrainingInstanceTypes", 0))
    assert TYPES[start:end] == "local.types"
    (tmp_path / "below").mkdir()
    assert is_unknown(types_of(TYPES, str(tmp_path / "below" / "main.tf")))


@pytest.mark.parametrize(
    ("for_each", "name", "names"),
    [
        ('toset(["a", "b"])', "each.key", ["a", "b"]),
        ('toset(["a", "b"])', '"x-${each.value}"', ["x-a", "x-b"]),
        ('{ a = { n = "c" }, "b" = { n = "d" } }', "each.value.n", ["c", "d"]),
        ('{ a = { n = "c" } }', '"${each.key}-${each.value.n}"', ["a-c"]),
        ("local.all", "each.value", ["c"]),
        ("toset(local.names)", "each.value", ["e"]),
        # All instances have the same name, or none is known.
        ('toset(["a", "b"])', '"z"', ["z"]),
        ("var.all", "each.key", [UNKNOWN]),
        ("var.none", "each.key", [UNKNOWN]),
        ("{ (var.x) = 1 }", "each.key", [UNKNOWN]),
        ("{ a = var.x }", "each.value.n", [UNKNOWN]),
        (f"toset({json.dumps([str(n) for n in range(17)])})", "each.key", [UNKNOWN]),
        ("local.round", "each.key", [UNKNOWN]),
    ],
)
def test_instances_of_a_resource(for_each: str, name: str, names: list[Any]) -> None:
    text = (
        'locals {\n all = { a = "c" }\n names = ["e"]\n round = local.round\n}\n'
        'variable "none" {\n default = {}\n}\n' + resource(f"for_each = {for_each}\nalgorithm_name = {name}")
    )
    found = [document.spec.get("AlgorithmName", UNKNOWN) for document in read(Source("main.tf", text))]
    assert [UNKNOWN if is_unknown(one) else one for one in found] == names


@pytest.mark.parametrize(
    ("head", "name", "names"),
    [
        ('for_each = ["a", "b"]', "training_channels.value", ["a", "b"]),
        ('for_each = { a = { n = "c" } }', "training_channels.value.n", ["c"]),
        ('for_each = ["a"]\n iterator = it', "it.value", ["a"]),
        ('for_each = ["a", "b"]', "training_channels.key", ["0", "1"]),
        ("for_each = local.all", "training_channels.key", ["a", "b"]),
    ],
)
def test_blocks_of_a_dynamic_one(head: str, name: str, names: list[str]) -> None:
    body = (
        f'training_specification {{\n dynamic "training_channels" {{\n  {head}\n  content {{\n'
        f'   name = {name}\n   supported_input_modes = ["Fille"]\n  }}\n }}\n}}'
    )
    text = "locals {\n all = { a = 1, b = 2 }\n}\n" + resource(body)
    [document] = read(Source("main.tf", text))
    channels = document.spec["TrainingSpecification"]["TrainingChannels"]
    assert type(channels) is list
    assert [channel["Name"] for channel in channels] == names
    # What they have in common is reported once.
    found = (
        Session(SettingsFinder({}, isolated=True)).lint("main.tf", True, Source("main.tf", text)).diagnostics
    )
    assert [d.rule.name for d in found].count("unknown-value") == 1


def test_dynamic_blocks_in_dynamic_blocks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_VALUES", 5000)
    many = json.dumps(list(range(16)))
    opening = f'dynamic "training_channels" {{\n for_each = {many}\n content {{\n'
    with pytest.raises(SourceSyntaxError, match="values"):
        read(Source("main.tf", resource(opening * 12 + "}\n}\n" * 12)))


def test_the_content_of_a_dynamic_block_represents_all_of_them() -> None:
    body = (
        'training_specification {\n dynamic "training_channels" {\n  for_each = var.channels\n  content {\n'
        '   name = training_channels.value\n   supported_input_modes = ["Fille"]\n  }\n }\n}'
    )
    channels = spec_of(body)["TrainingSpecification"]["TrainingChannels"]
    assert isinstance(channels, OpenList)
    assert channels[0]["SupportedInputModes"] == ["Fille"]
    assert is_unknown(channels[0]["Name"])


REGIONS = [
    ('provider "aws" { region = "eu-west-1" }', "", "eu-west-1"),
    ('provider "aws" { region = local.r }\nlocals { r = "eu-west-1" }', "", "eu-west-1"),
    ('provider "aws" {\n alias = "x"\n region = "eu-west-1"\n}', "provider = aws.x", "eu-west-1"),
    ('provider "aws" {\n alias = "x"\n region = "eu-west-1"\n}', "", None),
    ('provider "aws" { region = "eu-west-1" }', 'region = "us-east-1"', "us-east-1"),
    ('provider "aws" { region = var.region }', "", None),
    ("", "", None),
]


@pytest.mark.parametrize(("provider", "argument", "region"), REGIONS)
def test_the_region_of_the_resource_or_its_provider(provider: str, argument: str, region: str | None) -> None:
    (document,) = read(Source("main.tf", f"{provider}\n{resource(argument)}"))
    assert document.region == region


def test_an_image_of_another_region_than_the_providers(algolint: Run, tmp_path: Path) -> None:
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:1"
    (tmp_path / "main.tofu").write_text(
        'provider "aws" { region = "eu-central-1" }\n'
        + resource(f'training_specification {{ training_image = "{image}" }}')
    )
    done = algolint("--format", "concise", ".", cwd=tmp_path)
    assert "image-region-mismatch" in done.stdout
    done = algolint("--format", "concise", "--region", "us-east-1", ".", cwd=tmp_path)
    assert "image-region-mismatch" not in done.stdout


def test_values_of_terraforms_json_are_fixed_and_names_are_not(algolint: Run, tmp_path: Path) -> None:
    channel = {"name": "train", "supported_content_type": ["text/csv"], "supported_input_modes": ["FILE"]}
    body = {
        "algorithm_name": "a",
        "training_specification": {
            "training_image": "${var.image}",
            "supported_training_instance_types": ["ml.m5.3xlarge", "ml.m5.large", "ml.m5.large"],
            "training_channels": channel,
        },
        "tags": {"team": "a"},
    }
    text = json.dumps({"resource": {"aws_sagemaker_algorithm": {"a": body}}}, indent=2)
    path = tmp_path / "main.tf.json"
    path.write_text(text)
    done = algolint("--fix", "--unsafe-fixes", "--format", "concise", "main.tf.json")
    assert "did you mean 'supported_content_types'?" in done.stdout
    fixed = text.replace("FILE", "File").replace("3xlarge", "xlarge")
    assert path.read_text() == fixed.replace(',\n            "ml.m5.large"\n', "\n")


def test_tags_of_both_providers_are_located_in_json() -> None:
    for provider, tags, token in (
        ("aws", {"aws:x": "y"}, '"aws:x"'),
        ("awscc", [{"key": "aws:x", "value": "y"}], '"aws:x"'),
    ):
        text = json.dumps(
            {"resource": {f"{provider}_sagemaker_algorithm": {"a": {"algorithm_name": "a", "tags": tags}}}}
        )
        assert located("main.tf.json", text)["tag-reserved-prefix", "/Tags/0/Key"] == token
    text = '{"resource": {"awscc_sagemaker_algorithm": {"a": {"algorithm_name": "a", "tags": {"b": "c"}}}}}'
    assert located("main.tf.json", text)["wrong-type", "/Tags"] == '{"b": "c"}'


def test_a_comment_suppresses_that_a_file_is_not_recognised(algolint: Run, tmp_path: Path) -> None:
    text = '# a\nlocals {\n}\ntraining_specification {\n  training_image = "aws_sagemaker_algorithm"\n}\n'
    (tmp_path / "a.tf").write_text(text)
    done = algolint("--format", "concise", "a.tf")
    assert done.stdout.startswith("a.tf:4:1: error: 'training_specification' is close to")
    assert algolint("--add-ignore", "a.tf").returncode == 0
    assert (tmp_path / "a.tf").read_text() == text.replace(
        "train", "# algolint: ignore[unrecognised-spec]\ntrain", 1
    )


# ---------------------------------------------------------------- for expressions

LOOPED = """\
locals {
  names = ["a", "b"]
  parameters = [
    { name = "depth", type = "Integer" },
    { name = "eta", type = "Continuous" },
  ]
  tags = { team = "ml" }
}
"""


def looped(body: str, kind: str = "aws_sagemaker_algorithm") -> Any:
    (document,) = read(Source("a.tf", LOOPED + resource(body, kind)))
    return document.spec


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[for n in local.names : n]", ["a", "b"]),
        ('[for n in local.names : "${n}-x"]', ["a-x", "b-x"]),
        ("[for i, n in local.names : n]", ["a", "b"]),
        ("[for p in local.parameters : p.name]", ["depth", "eta"]),
        ("[for p in local.parameters : { name = p.name }]", [{"Name": "depth"}, {"Name": "eta"}]),
        ('[for k, v in local.tags : "${k}=${v}"]', ["team=ml"]),
        ('[for a in local.names : [for b in local.names : "${a}${b}"]]', [["aa", "ab"], ["ba", "bb"]]),
        ('concat([for n in local.names : n], ["c"])', ["a", "b", "c"]),
        # What a condition leaves out is not known, nor what a variable adds.
        ('[for n in local.names : n if n != "a"]', UNKNOWN),
        ("[for n in var.names : n]", UNKNOWN),
    ],
)
def test_lists_of_for_expressions(expression: str, value: Any) -> None:
    found = looped(f"a {{ x = {expression} }}")["A"]["X"]
    assert found is UNKNOWN or found is MAYBE if value is UNKNOWN else found == value


def test_objects_of_for_expressions() -> None:
    tags = looped("tags = { for k, v in local.tags : k => upper(v) }")["Tags"]
    assert tags == [{"Key": "team", "Value": "ML"}]
    assert type(looped("tags = { for k, v in local.tags : var.x => v }")["Tags"]) is OpenList


@pytest.mark.parametrize(
    "for_each",
    [
        "{ for p in local.parameters : p.name => p }",
        "[for p in local.parameters : p]",
        "{ for i, p in local.parameters : i => p }",
    ],
)
def test_dynamic_blocks_over_for_expressions(for_each: str) -> None:
    """`{ for p in local.parameters : p.name => p }` is how a list of objects becomes a map."""
    block = f"""
      dynamic "supported_hyper_parameters" {{
        for_each = {for_each}
        content {{
          name = supported_hyper_parameters.value.name
          type = supported_hyper_parameters.value.type
        }}
      }}
    """
    found = looped(f"training_specification {{ {block} }}")["TrainingSpecification"]
    assert found["SupportedHyperParameters"] == [
        {"Name": "depth", "Type": "Integer"},
        {"Name": "eta", "Type": "Continuous"},
    ]
    # With a condition one block represents all.
    conditioned = f'{for_each[:-1]} if p.type == "Integer" {for_each[-1]}'
    found = looped(f"training_specification {{ {block.replace(for_each, conditioned)} }}")
    (one,) = found["TrainingSpecification"]["SupportedHyperParameters"]
    assert is_unknown(one["Name"])


def test_values_of_for_expressions_are_located_where_they_are_written() -> None:
    text = LOOPED.replace('"b"', '"b_c"') + resource(
        'algorithm_name = "a"\n training_specification {\n'
        '  supported_training_instance_types = [for n in local.names : "ml.${n}.large"]\n'
        '  training_channels {\n    name = "a"\n    supported_input_modes = [for m in ["Filee"] : m]\n  }\n}'
    )
    found = located("a.tf", text)
    path = "/TrainingSpecification/TrainingChannels/0/SupportedInputModes/0"
    assert found["unknown-value", path] == '"Filee"'
    path = "/TrainingSpecification/SupportedTrainingInstanceTypes/1"
    assert found["unknown-instance-type", path] == '"ml.${n}.large"'
