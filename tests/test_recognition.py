"""Recognition: no fault hides a spec, and documents of other programs are not recognised."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Share, shares
from renderings import FIXTURES, replaced, template, terraform, values
from renderings import snake as provider_name

from algolint.api import lint_request
from algolint.aws.model import JOBS, Model
from algolint.diagnostic import Diagnostic
from algolint.linting.linter import Linter
from algolint.messages import are_alike
from algolint.readers.terraform_names import api_name
from algolint.source import Source
from algolint.spec import recognition
from algolint.spec.recognition import may_hold_spec
from algolint.syntaxes import read
from algolint.testing import model_of

LINTER = Linter(model_of(), [])
REQUEST = "CreateAlgorithmInput"
# Their keys are chosen by the user.
MAPS = frozenset({"HyperParameters", "Environment"})
WIDE = 8

FILES = sorted(path for path in (FIXTURES / "clean").iterdir())


def loaded(path: Path) -> Any:
    """Return the values of a fixture in plain types."""
    return json.loads(json.dumps(read(Source(path.name, path.read_text(encoding="utf-8")))[0].spec))


def fragments(spec: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a request and its parts that are specs too, each with its shape."""
    yield REQUEST, spec
    yield "TrainingSpecification", spec["TrainingSpecification"]
    if "SupportedHyperParameters" in spec["TrainingSpecification"]:
        yield "HyperParameterSpecifications", spec["TrainingSpecification"]["SupportedHyperParameters"]
    for part in ("InferenceSpecification", "ValidationSpecification"):
        if part in spec:
            yield part, spec[part]


SPECS = [
    pytest.param(shape, spec, id=f"{path.stem}-{shape}")
    for path in FILES
    for shape, spec in fragments(loaded(path))
]


def linted(text: str, name: str = "a.json", named: bool = True) -> list[Diagnostic]:
    """Return the diagnostics of a text, which must be recognised."""
    result = LINTER.lint_source(Source(name, text), named)
    assert result.is_spec, text
    rules = {d.rule.name for d in result.diagnostics}
    assert not rules & {"not-an-algorithm", "unrecognised-spec"}, text
    return result.diagnostics


def names(found: list[Diagnostic]) -> set[tuple[str, str]]:
    return {(d.rule.name, d.location.pointer) for d in found if d.severity == "error"}


def pointer(path: tuple[Any, ...]) -> str:
    return "".join(f"/{step}".replace("~", "~0") for step in path)


# ---------------------------------------------------------------- misspelt names


def distance(one: str, other: str) -> int:
    """Return the number of letters that are added, left out, changed or swapped."""

    @cache
    def of_ends(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        found = min(
            of_ends(i - 1, j) + 1, of_ends(i, j - 1) + 1, of_ends(i - 1, j - 1) + (one[i - 1] != other[j - 1])
        )
        is_swap = i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]
        return min(found, of_ends(i - 2, j - 2) + 1) if is_swap else found

    return of_ends(len(one), len(other))


NAMES = {
    name.casefold()
    for model in (model_of(), Model(table=JOBS))
    for shape in map(model.shape, model.names())
    for name in shape.members
}


def test_a_name_of_the_api_is_taken_for_another_within_two_letters() -> None:
    for one, other in product(NAMES, recognition._NAMES):
        if abs(len(one) - len(other)) <= 2:
            assert are_alike(one, other, but_for=2) == (distance(one, other) <= 2), (one, other)


def edits(name: str) -> Iterator[str]:
    """Yield a name with a letter left out, doubled, changed or swapped with the next, at each position."""
    for at in range(len(name)):
        before, letter, after = name[:at], name[at], name[at + 1 :]
        yield before + after
        yield before + 2 * letter + after
        yield f"{before}_{after}"
        yield before + after[:1] + letter + after[1:]


def test_every_name_is_recognised_with_one_letter_wrong() -> None:
    for name in (name for name in recognition._NAMES if len(name) >= 8):
        for edit in edits(name):
            assert are_alike(edit, name, but_for=2), edit
            assert not are_alike(f"x{edit}xx", name, but_for=2), edit


# ---------------------------------------------------------------- one fault in a spec


def snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(key))


def misspellings(key: str) -> Iterator[str]:
    middle = len(key) // 2
    yield key[:-1]
    yield key[:middle] + key[middle + 1 :]
    yield key[: middle - 1] + key[middle] + key[middle - 1] + key[middle + 1 :]
    yield key + "s"
    yield key[:1] + key[2:middle] + key[middle + 1 :]
    yield key[0].lower() + key[1:]
    yield key.upper()
    yield snake(key)


def is_a_key(path: tuple[Any, ...]) -> bool:
    """Whether a path ends in a field of the API."""
    return bool(path) and isinstance(path[-1], str) and not MAPS & set(path[:-1])


def renamed(spec: Any, path: tuple[Any, ...], key: str) -> Any:
    """Return a spec with another key at the end of a path."""
    parent = spec
    for step in path[:-1]:
        parent = parent[step]
    changed = {key if name == path[-1] else name: value for name, value in parent.items()}
    return replaced(spec, path[:-1], changed)


def without(spec: Any, path: tuple[Any, ...]) -> Any:
    parent = spec
    for step in path[:-1]:
        parent = parent[step]
    changed = type(parent)(parent)
    del changed[path[-1]]
    return replaced(spec, path[:-1], changed)


def required(path: tuple[Any, ...], shape: str) -> bool:
    """Whether the field at the end of a path is required."""
    model = model_of()
    name = "AlgorithmValidationSpecification" if shape == "ValidationSpecification" else shape
    for step in path[:-1]:
        of = model.shape(name)
        name = of.members[step] if isinstance(step, str) and of.members else of.item or of.value
    return path[-1] in model.shape(name).required


def others(value: Any) -> list[Any]:
    """Return values of other types, none of which YAML or a template could make of a text."""
    if isinstance(value, (dict, list)):
        return ["text", 7, None, [] if isinstance(value, dict) else {}]
    return [[], {}, None]


def is_lost(shape: str, spec: Any) -> bool:
    """Whether a list has no objects left."""
    return shape == "HyperParameterSpecifications" and not any(isinstance(item, dict) for item in spec)


@pytest.mark.parametrize("named", [True, False], ids=["named", "walk"])
@pytest.mark.parametrize(("shape", "spec"), SPECS)
@pytest.mark.parametrize("share", shares(6))
def test_a_misspelt_key_is_named(shape: str, spec: Any, named: bool, share: Share) -> None:  # noqa: ARG001
    for path, _ in share(values(spec)):
        for number, key in enumerate(misspellings(str(path[-1])) if is_a_key(path) else ()):
            if key == path[-1] or (len(path) > 4 and number not in (0, len(path) % WIDE)):
                continue
            text = json.dumps(renamed(spec, path, key))
            assert may_hold_spec(text)
            found = linted(text, named=named)
            assert ("unknown-field", pointer((*path[:-1], key))) in names(found), text


@pytest.mark.parametrize("named", [True, False], ids=["named", "walk"])
@pytest.mark.parametrize(("shape", "spec"), SPECS)
def test_a_missing_key_is_named(shape: str, spec: Any, named: bool) -> None:
    for path, _ in values(spec):
        if not path or (isinstance(path[-1], str) and not is_a_key(path)):
            continue
        rest = without(spec, path)
        if is_lost(shape, rest) or (not named and is_ambiguous(shape, path, rest)):
            continue
        found = linted(json.dumps(rest), named=named)
        if is_a_key(path) and required(path, shape):
            assert ("missing-field", pointer(path[:-1])) in names(found), rest


def is_ambiguous(shape: str, path: tuple[Any, ...], rest: Any) -> bool:
    """Whether the rest may belong to another program: a name, or the validation of a model package."""
    if shape == REQUEST:
        return list(rest) == ["AlgorithmName"]
    return shape == "ValidationSpecification" and path[-1] == "TrainingJobDefinition"


@pytest.mark.parametrize("named", [True, False], ids=["named", "walk"])
@pytest.mark.parametrize(("shape", "spec"), SPECS)
@pytest.mark.parametrize("share", shares(6))
def test_a_value_of_another_type_is_named(shape: str, spec: Any, named: bool, share: Share) -> None:
    for path, value in share(values(spec)):
        for other in others(value) if path else ():
            changed = replaced(spec, path, other)
            if is_lost(shape, changed):
                continue
            found = linted(json.dumps(changed), named=named)
            assert ("wrong-type", pointer(path)) in names(found), changed


#: How to write a request in the other forms; fields that CloudFormation's type lacks are left out there.
FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "a.yaml": lambda spec: yaml.safe_dump(spec, sort_keys=False),
    "call.py": lambda spec: f"import boto3\nboto3.client('sagemaker').create_algorithm(**{spec!r})\n",
    "t.json": lambda spec: json.dumps(template(spec)),
    "t.yaml": lambda spec: yaml.safe_dump(template(spec)),
    "a.tf": lambda spec: terraform(spec, "awscc_sagemaker_algorithm"),
}
_LACKS = frozenset({"t.json", "t.yaml", "a.tf"})


def faults(spec: Any) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """Yield each fault in one place of a request: a description, the path, and the request with it."""
    for path, value in values(spec):
        if is_a_key(path):
            for key in misspellings(str(path[-1])):
                if key != path[-1]:
                    yield "misspelt", path, renamed(spec, path, key)
        if path and (isinstance(path[-1], int) or is_a_key(path)):
            yield "missing", path, without(spec, path)
            for other in others(value):
                yield (
                    "null" if other is None else "object" if other == {} else "mistyped",
                    path,
                    replaced(spec, path, other),
                )


def is_the_same_in_terraform(path: tuple[Any, ...], faulty: Any) -> bool:
    """Whether a misspelt key has the right name in the provider's spelling, which has no capitals."""
    parent = faulty
    for step in path[:-1]:
        parent = parent[step]
    return isinstance(parent, dict) and any(
        key != path[-1] and api_name(provider_name(key)) == path[-1] for key in parent
    )


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize("share", shares(52))
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_fault_is_named_in_every_form(file: Path, share: Share, form: str) -> None:
    if form == "a.tf":
        pytest.importorskip("tree_sitter_hcl")
    for what, path, faulty in share(faults(loaded(file))):
        if form in _LACKS and path[0] == "ValidationSpecification":
            continue
        expected = {rule for rule, _ in names(linted(json.dumps(faulty)))}
        assert expected or what == "missing", path
        # In Terraform null is absence, an empty block is an item of a list, and tags are a map.
        if form == "a.tf" and (
            path[0] == "Tags" or what in ("null", "object") or is_the_same_in_terraform(path, faulty)
        ):
            continue
        found = {rule for rule, _ in names(linted(FORMS[form](faulty), form))}
        if "implicit-yaml-scalar" in found:
            # Null at a text, in YAML.
            found.add("wrong-type")
        if form == "a.tf" and found:
            # A block in place of a list is an item of it, and one of an unknown name may be any.
            expected &= {"unknown-field"}
        assert found >= expected, (what, path)


@pytest.mark.parametrize("key", ["algorithm_name", "training_specification"])
def test_a_missing_block_is_named_in_terraform(key: str) -> None:
    pytest.importorskip("tree_sitter_hcl")
    spec = loaded(FIXTURES / "clean" / "minimal.json")
    for name in list(spec):
        text = terraform(spec)
        assert not names(linted(text, "a.tf"))
        found = names(linted(terraform(without(spec, (name,))), "a.tf"))
        assert ("missing-field", "") in found
    text = terraform(spec).replace(key, f"{key}s")
    assert any(rule == "unknown-field" for rule, _ in names(linted(text, "a.tf")))


# ---------------------------------------------------------------- wrapped and embedded


IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/a:1"
FAULTY: dict[str, Any] = {
    "AlgorithmName": "a",
    "TrainingSpecification": {
        "TrainingImage": IMAGE,
        "SupportedTrainingInstanceTypes": ["ml.m5.3xlarge"],
        "TrainingChannels": [],
    },
}
IN_REQUEST = {
    ("item-count", "/TrainingSpecification/TrainingChannels"),
    ("unknown-instance-type", "/TrainingSpecification/SupportedTrainingInstanceTypes/0"),
}
TASK: dict[str, Any] = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:createAlgorithm"}
CALL = {"service": "SageMaker", "action": "createAlgorithm", "parameters": FAULTY}
QUOTED = json.dumps(CALL).split('"a"')
WRAPPED: list[tuple[str, Any]] = [
    ("wrapper", {"version": 1, "algorithm": FAULTY}),
    ("list in a wrapper", {"Algorithms": [{"name": "x"}, FAULTY]}),
    ("list of requests", [FAULTY]),
    ("task of Step Functions", {"StartAt": "A", "States": {"A": {**TASK, "Parameters": FAULTY, "End": True}}}),
    ("task in JSONata", {"States": {"A": {**TASK, "Arguments": FAULTY}}}),
    ("task in a template", {
        "Resources": {"M": {"Properties": {"Definition": {"States": {"A": {
            **TASK,
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::aws-sdk:sagemaker:createAlgorithm"},
            "Parameters": FAULTY,
        }}}}}}
    }),
    ("AwsCustomResource", {"Resources": {"C": {"Type": "Custom::AWS", "Properties": {"Create": CALL}}}}),
    ("client of version 3", {"onCreate": {
        "service": "@aws-sdk/client-sagemaker", "action": "CreateAlgorithmCommand", "parameters": FAULTY
    }}),
    ("AwsCustomResource as text", {"Resources": {"C": {"Properties": {"Create": json.dumps(CALL)}}}}),
    ("AwsCustomResource with references", {"Resources": {"C": {"Properties": {
        "Create": {"Fn::Join": ["", [f'{QUOTED[0]}"', {"Ref": "Name"}, f'"{QUOTED[1]}']]}
    }}}}),
    ("state machine as text", {"Resources": {"M": {"Properties": {
        "DefinitionString": json.dumps({"StartAt": "A", "States": {"A": {**TASK, "Parameters": FAULTY}}})
    }}}}),
]  # fmt: skip


@pytest.mark.parametrize("named", [True, False], ids=["named", "walk"])
@pytest.mark.parametrize("syntax", ["json", "yaml"])
@pytest.mark.parametrize("spec", [spec for _, spec in WRAPPED], ids=[what for what, _ in WRAPPED])
def test_a_spec_inside_of_another_document_is_linted(spec: Any, syntax: str, named: bool) -> None:
    text = json.dumps(spec, indent=1) if syntax == "json" else yaml.safe_dump(spec)
    assert names(linted(text, f"a.{syntax}", named)) == IN_REQUEST


def test_findings_in_a_wrapped_spec_are_at_their_values() -> None:
    text = yaml.safe_dump({"version": 1, "algorithms": [FAULTY, deepcopy(FAULTY)]})
    found = linted(text, "a.yaml")
    assert [text[slice(*d.location.span)] for d in found if d.rule.name == "unknown-instance-type"] == [
        "ml.m5.3xlarge",
        "ml.m5.3xlarge",
    ]
    assert len({d.location.span for d in found}) == len(found) == 2 * len(IN_REQUEST)
    assert {d.document for d in found} == {0, 1}


def test_a_wrapped_spec_is_fixed() -> None:
    text = json.dumps({"algorithm": {"algorithmName": "a", "TrainingSpecification": {}}})
    linter = Linter(model_of(), [], with_edits=True)
    (fixable,) = (d for d in linter.lint_source(Source("a.json", text)).diagnostics if d.edits)
    (edit,) = fixable.edits or []
    assert text[: edit.start] + edit.text + text[edit.end :] == text.replace("algorithmName", "AlgorithmName")


def test_what_a_task_takes_from_its_input_is_there_and_unknown() -> None:
    training = {**FAULTY["TrainingSpecification"], "TrainingChannels.$": "$.channels"}
    del training["TrainingChannels"]
    request = {"AlgorithmName.$": "$.name", "TrainingSpecification": training, "Stage.$": "$.stage"}
    text = json.dumps({"States": {"A": {**TASK, "Parameters": request}}})
    found = linted(text)
    assert {(d.rule.name, d.location.pointer) for d in found} == {
        ("unknown-instance-type", "/TrainingSpecification/SupportedTrainingInstanceTypes/0"),
        ("unknown-field", "/Stage"),
    }
    assert {text[slice(*d.location.span)] for d in found} == {'"ml.m5.3xlarge"', '"Stage.$"'}


# ---------------------------------------------------------------- parts with a single field


@pytest.mark.parametrize("named", [True, False], ids=["named", "walk"])
@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"SupportedHyperParameters": [{"Name": "a", "Type": "Int", "IsTunable": True}]}, "unknown-value"),
        ({"TrainingChannels": [{"Name": "a", "SupportedContentTypes": ["text/csv"]}]}, "missing-field"),
        ({"Containers": [{"Image": "a b"}]}, "pattern-mismatch"),
        ({"ValidationProfiles": []}, "item-count"),
    ],
)
def test_a_field_kept_apart_is_linted(spec: Any, expected: str, named: bool) -> None:
    """Its other parts are elsewhere, so nothing around it is missing."""
    found = names(linted(json.dumps(spec), named=named))
    assert expected in {rule for rule, _ in found}
    assert not any(rule == "missing-field" and not where for rule, where in found) or "Validation" in str(
        spec
    )


# ---------------------------------------------------------------- what is not a spec

SUMMARY = {"AlgorithmName": "a", "AlgorithmArn": "b", "CreationTime": "c", "AlgorithmStatus": "Completed"}
PROFILE = {"ProfileName": "a", "TransformJobDefinition": {}}
FOREIGN: list[tuple[str, Any]] = [
    ("parameters of a .NET tool", [{"Name": "p1", "Type": "int", "IsRequired": True, "DefaultValue": 3}]),
    ("columns", [{"Name": "id", "Type": "Integer"}, {"Name": "at", "Type": "Timestamp", "DefaultValue": "0"}]),
    ("an algorithm of a dashboard", {"AlgorithmName": "dijkstra", "Tags": ["graph"]}),
    ("a name alone", {"AlgorithmName": "a"}),
    ("another training specification", {"TrainingSpecification": {"epochs": 3, "optimizer": "adam"}}),
    ("a snake_case configuration", {"algorithm_name": "ppo", "tags": [], "training": {"lr": 0.1}}),
    ("a camelCase request", {"algorithmName": "a", "trainingSpecification": {}}),
    ("a training job", {"TrainingJobName": "a", "AlgorithmSpecification": {"TrainingImage": IMAGE}, "Tags": []}),
    ("a model", {"ModelName": "a", "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://a/b"}]}),
    ("containers of a task", {"Containers": [{"DockerId": "1", "Name": "a", "Image": IMAGE}]}),
    ("a Pod", {"spec": {"initContainers": [{"image": IMAGE}], "containers": [{"image": IMAGE}]}}),
    ("a model package", {"ModelPackageName": "a", "InferenceSpecification": {"Containers": [{"Image": IMAGE}]}}),
    ("a model package's validation", {"ValidationRole": "r", "ValidationProfiles": [PROFILE]}),
    ("a list of algorithms", {"AlgorithmSummaryList": [SUMMARY]}),
    ("a JSON Schema", {
        "properties": {"AlgorithmName": {"type": "string"}, "TrainingSpecification": {"$ref": "#/a"}}
    }),
    ("a service model", {"members": {"AlgorithmName": {"shape": "A"}, "TrainingSpecification": {"shape": "B"}}}),
    ("another state", {"States": {"A": {**TASK, "Resource": "arn:aws:states:::sagemaker:createModel"}}}),
]  # fmt: skip


@pytest.mark.parametrize("spec", [spec for _, spec in FOREIGN], ids=[what for what, _ in FOREIGN])
def test_what_other_programs_write_is_not_a_spec(spec: Any) -> None:
    for wrapped in (spec, {"items": spec}):
        result = LINTER.lint_source(Source("a.json", json.dumps(wrapped)), named=False)
        assert not result.is_spec
        assert not result.diagnostics


@pytest.mark.parametrize(
    ("spec", "rule", "text"),
    [
        ({"TrainingImage": IMAGE, "Owner": 1, "Stage": 2}, "unrecognised-spec", "TrainingSpecification"),
        ({"TrainingImages": IMAGE, "Owner": 1}, "unrecognised-spec", "is close to 'TrainingImage'"),
        ({"AlgorithmName": "a", "Epochs": 3}, "unrecognised-spec", "a CreateAlgorithm request"),
        ({"validation_specification": {}, "a": 1}, "unrecognised-spec", "'ValidationSpecification'"),
        ({"algorithm_name": "a", "tags": []}, "not-an-algorithm", "an object with 'algorithm_name'"),
        ({"ModelPackageName": "a", "InferenceSpecification": {}}, "not-an-algorithm", "ModelPackageName"),
        (
            {"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": "f"}},
            "not-an-algorithm",
            "Job",
        ),
        ({"name": "package", "version": "1"}, "not-an-algorithm", "'name'"),
        ([1, 2], "not-an-algorithm", "a list, but not of hyperparameters"),
    ],
)
def test_a_named_file_that_shares_fields_with_a_spec_is_an_error(spec: Any, rule: str, text: str) -> None:
    result = LINTER.lint_source(Source("a.json", json.dumps(spec)))
    (found,) = result.diagnostics
    assert found.rule.name == rule
    assert (result.is_spec, result.is_other) == (rule == "unrecognised-spec", rule == "not-an-algorithm")
    assert found.severity == ("error" if rule == "unrecognised-spec" else "warning")
    assert text in found.message


def test_each_document_of_a_named_file_is_recognised_or_named() -> None:
    text = f"{json.dumps(FAULTY)}\n---\nTrainingImages: a\nOwner: b\n---\nkind: Pod\n"
    found = LINTER.lint_source(Source("a.yaml", text)).diagnostics
    assert [d.rule.name for d in found if d.document == 1] == ["unrecognised-spec"]
    assert not [d for d in found if d.document == 2]


# ---------------------------------------------------------------- what only a response has

RESPONSE = FAULTY | {"AlgorithmArn": "a", "AlgorithmStatus": "Completed", "CreationTime": 1}


@pytest.mark.parametrize(
    ("name", "text", "eased"),
    [
        ("a.json", json.dumps(RESPONSE), True),
        ("fixture.py", f"RESPONSE = {RESPONSE!r}\n", True),
        ("call.py", f"import boto3\nboto3.client('sagemaker').create_algorithm(**{RESPONSE!r})\n", False),
        ("deploy.sh", f"aws sagemaker create-algorithm --cli-input-json '{json.dumps(RESPONSE)}'\n", False),
        ("state.json", json.dumps({"States": {"A": {**TASK, "Parameters": RESPONSE}}}), False),
    ],
)
def test_members_of_a_response_are_wrong_in_a_call(name: str, text: str, eased: bool) -> None:
    found = {(d.rule.name, d.location.pointer) for d in linted(text, name)}
    strange = {("unknown-field", f"/{key}") for key in ("AlgorithmArn", "AlgorithmStatus", "CreationTime")}
    assert found & strange == (set() if eased else strange)


def test_what_a_response_may_lack_is_not_missing() -> None:
    text = (
        "{% if x %}\nAlgorithmName: a\n{% endif %}\nAlgorithmStatus: Completed\nTrainingSpecification: {}\n"
    )
    assert ("missing-field", "") not in names(linted(text, "a.yaml"))


def test_lint_request_takes_no_response() -> None:
    found = {(d.rule.name, d.location.pointer) for d in lint_request(RESPONSE) if d.severity == "error"}
    assert any(pointer == "/AlgorithmArn" for _, pointer in found)


FRAGMENT = """.base: &base
  SupportedTrainingInstanceTypes: [ml.m5.xlarg]
  SupportsDistributedTraining: false
a:
  AlgorithmName: a
  TrainingSpecification:
    MERGE
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1
    TrainingChannels: [{Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}]
"""


@pytest.mark.parametrize(
    ("merge", "is_complete"),
    [
        ("<<: *base", False),
        ("<<: [*base, *base]", False),
        ("<< : *base", False),
        ("SupportedTrainingInstanceTypes: [ml.m5.xlarge]", True),
        ("SupportedTrainingInstanceTypes: [ml.m5.xlarge] # <<: *base2", True),
    ],
)
def test_what_is_merged_into_specs_need_not_be_complete(merge: str, is_complete: bool) -> None:
    text = FRAGMENT.replace("MERGE", merge)
    found = LINTER.lint_source(Source("a.yaml", text)).diagnostics
    assert ("missing-field" in {d.rule.name for d in found}) is is_complete
    # Its faults are still found, once.
    assert [d.location.line for d in found if d.rule.name == "unknown-instance-type"] == [2]
