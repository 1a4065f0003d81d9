"""Binding: findings of a document's structure, and their locations."""

from __future__ import annotations

import itertools
import re
import string
from typing import Any

import pytest
import request_strategies as requests
from conftest import sampled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algolint.aws import patterns
from algolint.aws.model import Model
from algolint.aws.patterns import matches, quick_test
from algolint.errors import UserError
from algolint.linting.linter import Linter
from algolint.rule import Rename, Replace
from algolint.spec.binder import Binder
from algolint.spec.placeholders import is_placeholder, is_template
from algolint.testing import completed, model_of, problems
from algolint.values import UNKNOWN, OpenDict, OpenList, Undecided

Reported = set[tuple[str, tuple[str | int, ...]]]


def reported(spec: Any, shape: str, revision: str = "latest", *, yaml: bool = False) -> Reported:
    found = problems(Linter(model_of(revision), []), spec, shape, yaml=yaml)
    return {(rule.name, problem.path) for rule, problem in found}


def message(spec: Any, shape: str, revision: str = "latest") -> str:
    ((_, problem),) = problems(Linter(model_of(revision), []), spec, shape)
    return problem.message


# ---------------------------------------------------------------- each rule, at its place

HP = {"Name": "depth", "Type": "Integer"}
LONGEST = 2500
SAID_OF_DEFAULT: dict[str, Reported] = {
    "length": {("string-length", ("DefaultValue",))},
    "form": {("pattern-mismatch", ("DefaultValue",))},
}
TABLE: list[tuple[str, Any, Reported]] = [
    ("StoppingCondition", {"MaxRuntimeInSeconds": 0}, {("number-range", ("MaxRuntimeInSeconds",))}),
    ("StoppingCondition", {"MaxRuntimeInSeconds": 1}, set()),
    ("StoppingCondition", {"MaxRuntimeInSeconds": True}, {("wrong-type", ("MaxRuntimeInSeconds",))}),
    ("StoppingCondition", {"MaxRuntimeInSeconds": 3600.0}, {("wrong-type", ("MaxRuntimeInSeconds",))}),
    ("StoppingCondition", {"MaxRuntimeInSeconds": "3600"}, {("wrong-type", ("MaxRuntimeInSeconds",))}),
    ("StoppingCondition", {"MaxRuntimeInSeconds": None}, {("wrong-type", ("MaxRuntimeInSeconds",))}),
    ("StoppingCondition", {"MaxRuntimeInSeconds": "${RUNTIME}"}, set()),
    ("StoppingCondition", {"MaxRunTime": 1}, {("unknown-field", ("MaxRunTime",))}),
    ("StoppingCondition", {"${KEY}": 1}, set()),
    ("StoppingCondition", [], {("wrong-type", ())}),
    ("HyperParameterSpecification", HP, set()),
    ("HyperParameterSpecification", {"Name": "a"}, {("missing-field", ())}),
    ("HyperParameterSpecification", OpenDict(Name="a"), set()),
    ("HyperParameterSpecification", {**HP, "Type": "integer"}, {("unknown-value", ("Type",))}),
    ("HyperParameterSpecification", {**HP, "DefaultValue": 3}, {("wrong-type", ("DefaultValue",))}),
    ("HyperParameterSpecification", {**HP, "DefaultValue": "x" * LONGEST}, set()),
    ("HyperParameterSpecification", {**HP, "DefaultValue": "x" * 2501}, SAID_OF_DEFAULT["length"]),
    ("HyperParameterSpecification", {**HP, "DefaultValue": "a\nb"}, SAID_OF_DEFAULT["form"]),
    ("HyperParameterSpecification", {**HP, "DefaultValue": "a\u2028b"}, SAID_OF_DEFAULT["form"]),
    ("ParameterValues", ["x"] * 30, set()),
    ("ParameterValues", ["x"] * 31, {("item-count", ())}),
    ("ParameterValues", OpenList(), set()),
    ("TagList", [{"Key": "a", "Value": "b"}, {"Key": "", "Value": "b"}], {("string-length", (1, "Key"))}),
    ("TagList", [{"Key": "a", "Value": "b, c"}], {("pattern-mismatch", (0, "Value"))}),
    ("TagList", [{"Key": "é日", "Value": "ü 1"}], set()),
    ("EntityDescription", "line\nline", {("pattern-mismatch", ())}),
    ("EntityDescription", "emoji 😀 and ⅷ ¼ ", set()),
    ("EntityName", "a" * 63, set()),
    ("EntityName", "a" * 64, {("string-length", ())}),
    ("EntityName", "_" * 64, {("pattern-mismatch", ())}),
    ("FileSystemId", "fs-1", {("pattern-mismatch", ())}),
    ("RoleArn", "validator", {("pattern-mismatch", ())}),
    ("EntityName", "-a", {("pattern-mismatch", ())}),
    ("EntityName", "", {("string-length", ())}),
    ("HyperParameters", {"a": "1", "b": 2}, {("wrong-type", ("b",))}),
    ("HyperParameters", {"a" * 257: "1"}, {("string-length", ("a" * 257,))}),
    ("TransformEnvironmentMap", {"1A": "x"}, {("pattern-mismatch", ("1A",))}),
    ("TrainingInstanceTypes", ["ml.m5.large"], set()),
    ("TrainingInstanceTypes", ["ml.c7g.large"], {("instance-wrong-role", (0,))}),
    ("TrainingInstanceTypes", ["ml.m5.3xlarge"], {("unknown-instance-type", (0,))}),
    ("TrainingInstanceTypes", ["m5.large"], {("unknown-instance-type", (0,))}),
    ("TrainingInstanceTypes", ["ml.zz9-new.large"], {("unknown-instance-type", (0,))}),
    ("ResourceConfig", {"SelectedInstanceCount": 1}, {("unknown-field", ("SelectedInstanceCount",))}),
    ("AlgorithmValidationSpecification", {"ValidationRole": "<RoleArn>", "ValidationProfiles": [UNKNOWN]},
     {("placeholder-left-in", ("ValidationRole",))}),
    ("TrainingInstanceTypes", ["<specify compatible instance type>"], {("placeholder-left-in", (0,))}),
    ("TrainingInstanceTypes", ["INSTANCES_REPLACE_ME"], {("placeholder-left-in", (0,))}),
    ("InputModes", ["<mode>", "file"], {("placeholder-left-in", (0,)), ("unknown-value", (1,))}),
    ("HyperParameterSpecification", {**HP, "Type": "TODO"}, {("placeholder-left-in", ("Type",))}),
    ("MetricDefinition", {"Name": "a", "Regex": "<b>${c} {{d}}"}, set()),
    ("ContainerImage", "${AccountId}.dkr.ecr.us-east-1.amazonaws.com/a", set()),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "spec", "expected"), TABLE)
def test_findings_of_a_structure(shape: str, spec: Any, expected: Reported) -> None:
    assert reported(spec, shape) == expected


def test_a_number_in_yaml_is_a_plain_scalar_at_a_string_field() -> None:
    assert reported({**HP, "DefaultValue": 3}, "HyperParameterSpecification", yaml=True) == {
        ("implicit-yaml-scalar", ("DefaultValue",))
    }


def test_one_typo_is_one_error() -> None:
    """A value that a type or an enum rejects is unknown to all other rules."""
    bound, found = Binder(model_of()).bind({**HP, "Type": "integer"}, "HyperParameterSpecification")
    assert [rule.name for rule, _ in found] == ["unknown-value"]
    assert bound["Type"] is UNKNOWN
    with pytest.raises(Undecided):
        bound["Type"] == "Integer"  # noqa: B015


def test_binding_leaves_the_spec_alone() -> None:
    spec = {"Name": "a", "Type": "x", "Range": {"IntegerParameterRangeSpecification": {"MinValue": 1}}}
    Binder(model_of()).bind(spec, "HyperParameterSpecification")
    assert spec["Type"] == "x"
    assert spec["Range"] == {"IntegerParameterRangeSpecification": {"MinValue": 1}}
    opened = OpenDict({"{{ key }}": "1", "depth": "2"})
    bound, _ = Binder(model_of()).bind(opened, "HyperParameters")
    assert "{{ key }}" in opened
    assert bound == {"depth": "2"}


@pytest.mark.parametrize(
    ("spec", "shape", "text"),
    [
        ({"MaxWaitTimeInSecond": 1}, "StoppingCondition", "did you mean 'MaxWaitTimeInSeconds'?"),
        ({"Name": "a", "Type": "Int"}, "HyperParameterSpecification", "allowed: 'Integer', 'Continuous'"),
        (["ml.p4d.24xlarge"], "TransformInstanceTypes", "is an instance type for training and real-time"),
        (["ml.m5.3xlarge"], "TrainingInstanceTypes", "did you mean 'ml.m5."),
        (["ml.g4dn.9xlarge"], "TrainingInstanceTypes", "ml.g4dn."),
        ([UNKNOWN] * 2, "AlgorithmValidationProfiles", "the API takes exactly one"),
        ("a b", "ContainerImage", "without spaces"),
        ("a_b.c", "EntityName", "'a_b.c' contains '_', '.'; EntityName takes letters, digits and hyphens"),
        ("train data", "ChannelName", "'train data' contains ' '; ChannelName takes letters"),
        ("-a", "EntityName", "'-a' does not have the right form; EntityName takes"),
        ("1A", "EnvironmentKey", "'1A' does not have the right form; EnvironmentKey takes"),
        ("A-1", "EnvironmentKey", "'A-1' contains '-'; EnvironmentKey takes"),
        ("arn:aws:iam::1:role/a b", "RoleArn", "does not have the right form; RoleArn takes"),
    ],
)
def test_a_message_names_what_is_allowed(spec: Any, shape: str, text: str) -> None:
    assert text in message(spec, shape)


@pytest.mark.parametrize(
    ("spec", "shape", "name"),
    [
        ({"Name": "a b\n"}, "HyperParameterSpecification", "Name takes"),
        ({"MinValue": 1}, "IntegerParameterRangeSpecification", "MinValue takes a string"),
        ({"InstanceCount": 0}, "TransformResources", "minimum of InstanceCount"),
        (
            {"Values": ["x" * 257]},
            "CategoricalParameterRangeSpecification",
            "a Values item takes at most 256",
        ),
        (
            {"SupportedInputModes": ["FILE"]},
            "ChannelSpecification",
            "'FILE' is not a valid SupportedInputModes item",
        ),
        ({"Environment": {"1A": "x"}}, "TransformJobDefinition", "an Environment key takes letters"),
        ({"Environment": {"A": 1}}, "TransformJobDefinition", "an Environment value takes a string"),
    ],
)
def test_a_message_names_the_field_as_the_file_does(spec: Any, shape: str, name: str) -> None:
    (text,) = (
        problem.message
        for _, problem in problems(
            Linter(model_of(), []), completed(spec, shape, model_of()), shape, yaml=False
        )
    )
    assert name in text


@pytest.mark.parametrize("yaml", [True, False])
def test_null_at_a_required_field_is_not_to_be_left_out(yaml: bool) -> None:
    channel = {"Name": "t", "SupportedContentTypes": None, "SupportedInputModes": ["File"]}
    ((_, problem),) = problems(Linter(model_of(), []), channel, "ChannelSpecification", yaml=yaml)
    assert problem.path == ("SupportedContentTypes",)
    assert problem.message == "this is null, and SupportedContentTypes is required; give it a value"
    optional = {**channel, "SupportedContentTypes": ["text/csv"], "SupportedCompressionTypes": None}
    ((_, problem),) = problems(Linter(model_of(), []), optional, "ChannelSpecification", yaml=False)
    assert "leave the field out instead" in problem.message


def test_a_long_list_is_never_printed_whole() -> None:
    assert len(message(["ml.nonsense"], "TrainingInstanceTypes")) < 200


# ---------------------------------------------------------------- revisions


def test_p5_is_newer_than_the_supplied_pages_revision() -> None:
    spec = ["ml.p5.48xlarge"]
    assert reported(spec, "TrainingInstanceTypes") == set()
    text = message(spec, "TrainingInstanceTypes", "1.29.150")
    assert "was added in botocore 1.31.19 (2023-08-03)" in text
    assert "the target is 1.29.150, whose request is that of 1.29.127 (2023-05-04)" in text


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("latest", "1.43.105"),
        ("1.44.5", "1.43.105"),
        ("99.0.0", "1.43.105"),
        ("1.12.55", "1.12.55"),
        ("1.29.139", "1.29.127"),
        ("1.29.157", "1.29.127"),
        ("1.29.158", "1.29.158"),
        ("2023-06-01", "1.29.127"),
        ("2023-06-21", "1.29.158"),
    ],
)
def test_a_revision_is_chosen_by_version_or_date(wanted: str, version: str) -> None:
    assert Model(wanted).revision.version == version


@pytest.mark.parametrize(
    "wanted", ["", "newest", "1.29", "1.29.x", "2018-01-01", "1.12.54", "２０２３-06-01"]
)
def test_what_is_no_revision_is_refused_in_words(wanted: str) -> None:
    with pytest.raises(UserError, match=r"latest|brought it"):
        Model(wanted)


def test_required_members_follow_the_revision() -> None:
    spec = completed({"InstanceType": "ml.m5.large", "InstanceCount": 1}, "ResourceConfig", model_of())
    assert reported(spec, "ResourceConfig") == set()
    assert reported(spec, "ResourceConfig", "1.29.150") == {("missing-field", ())}


REVISIONS = ["latest", "1.12.55", "1.29.150", "1.35.52", "1.42.12"]


@pytest.mark.parametrize("revision", sampled(REVISIONS, 2))
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_valid_request_has_no_structural_error(revision: str, data: st.DataObject) -> None:
    spec = data.draw(requests.request(revision))
    assert reported(spec, "CreateAlgorithmInput", revision) == set()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data(), number=st.integers(0, 74))
def test_what_an_old_revision_accepts_stays_accepted(data: st.DataObject, number: int) -> None:
    """No member or value was ever removed permanently; only three limits were tightened."""
    old = model_of().revisions()[number]
    tightened = {"pattern-mismatch", "string-length"}
    spec = data.draw(requests.request(old.version, "TrainingJobDefinition"))
    assert {name for name, _ in reported(spec, "TrainingJobDefinition")} <= tightened


# ---------------------------------------------------------------- notations of the reader's concern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${X}", True),
        ("a{{ x }}b", True),
        ("{% if %}", True),
        ("}}{{", False),
        ("{a}", False),
        ("$5", False),
        ("{" * 100_000, False),
        ("${" * 50_000, False),
    ],
)
def test_template_expressions(text: str, expected: bool) -> None:
    assert is_template(text) == expected


@pytest.mark.parametrize(
    ("text", "shape", "expected"),
    [
        ("<RoleArn>", "RoleArn", True),
        ("arn:aws:iam::<account>:role/x", "RoleArn", True),
        ("<name>", "EntityName", True),
        ("loss<0.5>", "MetricName", False),
        ("IMAGE_REPLACE_ME", "ContainerImage", True),
        ("s3://CHANGEME/x", "S3Uri", True),
        ("s3://YOUR_BUCKET/x", "S3Uri", True),
        ("<html>", "EntityDescription", False),
        ("s3://your-bucket-name/train/", "S3Uri", True),
        ("s3://your-own-s3-bucket/", "S3Uri", True),
        ("your_account.dkr.ecr.us-east-1.amazonaws.com/a", "ContainerImage", True),
        ("s3://your-sales-data/train/", "S3Uri", False),
        ("<x>", "HyperParameterValue", False),
    ],
)
def test_placeholders(text: str, shape: str, expected: bool) -> None:
    assert is_placeholder(text, shape) == expected


def test_patterns_are_matched_in_full_with_the_services_dot() -> None:
    assert matches(".*", "a b")
    for line_end in "\n\r\x85\u2028\u2029":
        assert not matches(".*", f"a{line_end}")
    assert matches(r"[\S\s]*", "a\n")
    assert not matches("[a-z]+", "é")
    assert matches(r"\d{1,4}.\d{1,4}", "1x2")


def test_ascii_properties_agree_with_unicode() -> None:
    r"""The ASCII shortcut for \p{…} agrees with the regex module, character by character."""
    import regex

    for pattern in (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"):
        for character in map(chr, range(128)):
            expected = regex.fullmatch(pattern, character) is not None
            assert matches(pattern, character) == expected, (pattern, character)
    assert all(matches(r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", c) for c in string.punctuation)


PATTERNS = {pattern for name in model_of().names() if (pattern := model_of().shape(name).pattern)}


@given(st.text(st.characters(max_codepoint=127), max_size=70) | st.from_regex(r"[a-z0-9:/._@ +=,-]{0,70}"))
def test_what_surely_matches_does(text: str) -> None:
    """The string methods never accept what the pattern rejects."""
    if text.isascii():
        for pattern in PATTERNS:
            assert matches(pattern, text) or not quick_test(pattern)(text), pattern


@given(st.sampled_from(sorted(patterns._EXACTLY_TESTED)), st.text("aZ09_-. /$", max_size=70))
def test_exact_tests_agree_with_the_pattern(pattern: str, text: str) -> None:
    assert quick_test(pattern)(text) == (re.fullmatch(pattern, text, re.ASCII) is not None)


def test_exact_tests_agree_with_the_pattern_on_short_and_long_texts() -> None:
    short = ["".join(text) for length in range(5) for text in itertools.product("a1Z_-. /", repeat=length)]
    long = [f"a{middle * 63}{end}" for middle in ("a", "-", "_", ".", "-a", " ") for end in ("", "a", "-")]
    for pattern in patterns._EXACTLY_TESTED:
        for text in [*short, *long, "a" * 1024, "a" * 1025, *filter(str.isprintable, map(chr, range(128)))]:
            expected = re.fullmatch(pattern, text, re.ASCII) is not None
            assert matches(pattern, text) == quick_test(pattern)(text) == expected, (pattern, text)


EDGES = [
    "", "-", "a-", "-a", "1a", "/", "a/", "\n", "a\n", "\x1c", "a\x7f", "a" * 64, "a" * 1025, "text/csv",
    "s3://", "s3:///a", "s3://a b",
    "arn:aws:iam::246618743249:role/", "arn:aws:iam::24661874324:role/a", "arn:aws:iam::246618743249:role/a",
]  # fmt: skip


def test_the_edges_of_what_surely_matches() -> None:
    taken = [(pattern, text) for pattern in PATTERNS for text in EDGES if quick_test(pattern)(text)]
    assert [one for one in taken if not matches(*one)] == []
    # Each shortcut is for a pattern in use, and accepts some text.
    assert {pattern for pattern, _ in taken} == patterns._QUICK_TESTS.keys()


# ---------------------------------------------------------------- what was probably meant


@pytest.mark.parametrize(
    ("shape", "spec", "meant"),
    [
        (
            "IntegerParameterRangeSpecification",
            {"Min": "1", "Max": "9"},
            {"Min": "MinValue", "Max": "MaxValue"},
        ),
        ("TrainingSpecification", {"Image": "a"}, {"Image": "TrainingImage"}),
        ("CreateAlgorithmInput", {"description": "a"}, {"description": "AlgorithmDescription"}),
        # Two fields end so, and none that is there already is meant.
        ("InferenceSpecification", {"InstanceTypes": []}, {}),
        ("TrainingSpecification", {"Image": "a", "TrainingImage": "b", "TrainingImageDigest": "c"}, {}),
        ("StoppingCondition", {"In": 1}, {}),
    ],
)
def test_a_part_of_a_name_is_completed(shape: str, spec: Any, meant: dict[str, str]) -> None:
    found = problems(Linter(model_of(), []), spec, shape)
    renames = {
        p.path[-1]: p.fix.key
        for rule, p in found
        if rule.name == "unknown-field" and isinstance(p.fix, Rename)
    }
    assert renames == meant


@pytest.mark.parametrize(
    ("field", "value", "is_fixed"),
    [
        ("SupportedContentTypes", "text/csv", True),
        ("SupportedInputModes", "File", True),
        ("SupportedInputModes", "file", False),
        ("SupportedInputModes", "File,Pipe", False),
        ("SupportedInputModes", "File Pipe", False),
        ("SupportedInputModes", {"File": "Pipe"}, False),
        ("SupportedInputModes", 5, False),
    ],
)
def test_a_text_in_the_place_of_a_list_is_put_into_one(field: str, value: Any, is_fixed: bool) -> None:
    found = problems(Linter(model_of(), []), {"Name": "a", field: value}, "ChannelSpecification")
    (fix,) = [problem.fix for rule, problem in found if rule.name == "wrong-type"]
    assert (isinstance(fix, Replace) and fix.value == [value]) is is_fixed
    assert (fix is None) is not is_fixed


# ---------------------------------------------------------------- what other tools write

ONE_CHANNEL = {"SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}
# The shape, the text, the end of the message, and what the fix writes.
OTHERWISE: list[tuple[str, Any, str, Any]] = [
    ("ParameterType", "Float", "; did you mean 'Continuous'?", "Continuous"),
    ("ParameterType", "double", "; did you mean 'Continuous'?", "Continuous"),
    ("ParameterType", "Int", "; did you mean 'Integer'?", "Integer"),
    ("ParameterType", "Enum", "; did you mean 'Categorical'?", "Categorical"),
    # Without a fix: two types fit, or the hyperparameter may have a Range.
    ("ParameterType", "String", "; did you mean 'FreeText'?", None),
    ("ParameterType", "Number", "; did you mean 'Integer' or 'Continuous'?", None),
    ("ParameterType", "Boolean", "; did you mean 'Integer' or 'Categorical'?", None),
    ("ParameterType", "Bool", "; did you mean 'Integer' or 'Categorical'?", None),
    ("ParameterType", "Date", "'FreeText'", None),
    ("HyperParameterTuningJobObjectiveType", "min", "; did you mean 'Minimize'?", "Minimize"),
    (
        "TagList",
        {"a": "b", "c": "d"},
        "Key and Value",
        [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}],
    ),
    (
        "TagList",
        {"Key": "a", "Value": "b"},
        "a list of objects with Key and Value",
        [{"Key": "a", "Value": "b"}],
    ),
    # Misspelt names of one tag are no two tags, and a number is no text.
    ("TagList", {"key": "a", "value": "b"}, "Key and Value", None),
    ("TagList", {"a": 1}, "Key and Value", None),
    ("TagList", {}, "Key and Value", None),
    ("TagList", OpenDict(a="b"), "Key and Value", None),
    ("TagList", {"a": UNKNOWN}, "Key and Value", None),
    ("TagList", "a=b", "takes a list", None),
    (
        "ChannelSpecifications",
        {"train": ONE_CHANNEL},
        "Name, SupportedContentTypes and SupportedInputModes",
        [{"Name": "train", **ONE_CHANNEL}],
    ),
    ("ChannelSpecifications", {"train": {"Mode": "File"}}, "and SupportedInputModes", None),
    ("ChannelSpecifications", {"Name": "train", **ONE_CHANNEL}, "Modes", [{"Name": "train", **ONE_CHANNEL}]),
    ("HyperParameterSpecifications", {"depth": {"Type": "Integer"}}, "Name and Type", [HP]),
    ("MetricDefinitionList", {"loss": "l=(.*)"}, "Name and Regex", [{"Name": "loss", "Regex": "l=(.*)"}]),
    ("TrainingInstanceTypes", {"a": "b"}, "this is an object; TrainingInstanceTypes takes a list", None),
    ("EnvironmentMap", [{"Name": "A", "Value": "b"}], "an object from names to values", {"A": "b"}),
    (
        "EnvironmentMap",
        [{"Name": "A", "Value": "b"}, {"Name": "A", "Value": "c"}],
        "from names to values",
        None,
    ),
    ("EnvironmentMap", [{"Name": "A", "ValueFrom": "b"}], "an object from names to values", None),
]


def test_what_other_tools_write_is_explained() -> None:
    for shape, written, end, fixed in OTHERWISE:
        ((_, problem),) = problems(Linter(model_of(), []), written, shape)
        assert problem.message.endswith(end), (shape, written, problem.message)
        replaced = problem.fix.value if isinstance(problem.fix, Replace) else None
        assert replaced == fixed, (shape, written)
        assert problem.fix is None or not problem.fix.safe
