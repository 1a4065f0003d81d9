"""The schema of requests: valid, deterministic, and in agreement with algolint."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import request_strategies
from conftest import ROOT, Run, sampled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from algolint.aws import descriptions
from algolint.aws.model import REQUEST
from algolint.linting.linter import Linter
from algolint.source import read_file
from algolint.spec import json_schema
from algolint.syntaxes import read
from algolint.testing import model_of
from campaigns import requests
from campaigns.against_json_schema import (
    ajv_found,
    ajv_verdicts,
    has_whole_float,
    jsonschema_judge,
    rejects,
)

REVISIONS = ["latest", "1.35.52", "1.29.150"]
FIXTURES = sorted(p for p in (ROOT / "fixtures").rglob("*") if p.suffix in (".json", ".yaml"))


@cache
def schema_of(revision: str, root: str = REQUEST) -> dict[str, Any]:
    return json_schema.schema(model_of(revision), root)


@cache
def accepts(revision: str, root: str = REQUEST) -> Any:
    return jsonschema_judge(schema_of(revision, root))


def plain(value: Any) -> Any:
    """A spec as a JSON parser would read it: exact text, no subclasses."""
    match value:
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case str():
            return str(value)
    return value


# ---------------------------------------------------------------- the schema itself


def test_it_is_valid_under_the_metaschema() -> None:
    for revision in model_of().revisions()[::12]:
        jsonschema_judge(schema_of(revision.version))


def test_every_pattern_of_every_revision_has_a_translation() -> None:
    for revision in model_of().revisions():
        assert schema_of(revision.version)["$defs"]


def test_the_command_prints_it(algolint: Run) -> None:
    done = algolint("schema", "--api-revision", "1.29.150", "--shape", "StoppingCondition")
    assert json.loads(done.stdout) == schema_of("1.29.150", "StoppingCondition")
    assert "MaxPendingTimeInSeconds" not in done.stdout
    again = algolint("schema")
    assert again.stdout == algolint("schema", "--api-revision", "latest").stdout
    assert json.loads(again.stdout) == schema_of("latest")


def test_the_command_still_prints_the_configurations(algolint: Run) -> None:
    assert json.loads(algolint("schema", "--config").stdout)["title"] == "algolint configuration"


def test_a_shape_that_is_none_is_refused(algolint: Run) -> None:
    done = algolint("schema", "--shape", "StopingCondition")
    assert done.returncode == 2
    assert "did you mean 'StoppingCondition'?" in done.stderr


def test_it_has_what_editors_show() -> None:
    definitions = schema_of("latest")["$defs"]
    assert len(definitions["TrainingInstanceType"]["enum"]) == len(
        model_of().shape("TrainingInstanceType").enum or ()
    )
    request = definitions[REQUEST]
    assert request["required"] == ["AlgorithmName", "TrainingSpecification"]
    assert request["additionalProperties"] is False
    assert all("title" in definition for definition in definitions.values())
    assert "SelectedInstanceType" not in definitions["ResourceConfig"]["properties"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\d{1,4}.\d", r"^(?:[0-9]{1,4}[^\n\r\u0085\u2028\u2029][0-9])$"),
        (r"[\S]+", r"^(?:[^ \t\n\r\f\v]+)$"),
        (r"[-\w]+\/.+", r"^(?:[-A-Za-z0-9_]+\/[^\n\r\u0085\u2028\u2029]+)$"),
        (r"a\-b\:c", r"^(?:a-b:c)$"),
        (r"[a-z\-.]\.[\p{L}]", r"^(?:[a-z\-.]\.[\p{L}])$"),
    ],
)
def test_patterns_are_translated(pattern: str, expected: str) -> None:
    assert json_schema.ecmascript(pattern) == expected


@pytest.mark.parametrize("pattern", [r"\bword", r"(a)\1", r"[a\S]"])
def test_what_has_no_equivalent_is_refused(pattern: str) -> None:
    with pytest.raises(json_schema.Untranslatable):
        json_schema.ecmascript(pattern)


def test_every_word_belongs_to_something() -> None:
    """Every description belongs to an existing shape or field."""
    names = model_of().names()
    assert set(descriptions.SHAPES) <= set(names)
    assert set(json_schema.EXAMPLES) <= set(names)
    for shape, field in descriptions.FIELDS:
        assert field in model_of().shape(shape).members


def test_every_field_of_a_request_is_described() -> None:
    model = model_of()
    fields = [
        (name, field, below)
        for name in json_schema.names(model)
        for field, below in model.shape(name).members.items()
        if field not in model.shape(name).read_only
    ]
    assert len(fields) > 160
    assert [
        (shape, field) for shape, field, value in fields if not descriptions.about(shape, field, value)
    ] == []


def test_the_examples_are_accepted() -> None:
    for name, examples in json_schema.EXAMPLES.items():
        assert all(accepts("latest", name)(example) for example in examples), name


# ---------------------------------------------------------------- one verdict


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_of_one_verdict_on_the_fixtures(path: Any) -> None:
    for document in read(read_file(str(path), 1 << 23)):
        spec = plain(document.spec)
        for revision in REVISIONS:
            ours = not rejects(Linter(model_of(revision), []), document.spec, yaml=path.suffix == ".yaml")
            assert accepts(revision)(spec) == ours, revision


@pytest.mark.parametrize("revision", sampled(REVISIONS, 4))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data(), dice=st.randoms(use_true_random=False))
def test_of_one_verdict_on_made_requests(revision: str, data: st.DataObject, dice: Any) -> None:
    spec = data.draw(request_strategies.request(revision))
    assert accepts(revision)(spec)
    damaged = requests.damaged(dice, spec, model_of(revision))
    if not has_whole_float(damaged):
        assert accepts(revision)(damaged) == (not rejects(Linter(model_of(revision), []), damaged))


@pytest.mark.skipif(not ajv_found(), reason="Node is not here, or NODE_PATH leads to no ajv")
@pytest.mark.parametrize("revision", REVISIONS)
def test_ajv_agrees(revision: str) -> None:
    import os
    import random

    model = model_of(revision)
    made = (spec for _, spec in requests.cases(random.Random(revision), model, 300))
    specs = [spec for spec in made if not has_whole_float(spec)]
    verdicts = ajv_verdicts(schema_of(revision), specs, os.environ.get("NODE_PATH", ""))
    assert verdicts == [not rejects(Linter(model, []), spec) for spec in specs]
