"""The functions for programs."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from algolint.api import RequestRejected, guard, lint_file, lint_request, lint_text

CLEAN: dict[str, Any] = json.loads((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_text())


def broken() -> dict[str, Any]:
    request = copy.deepcopy(CLEAN)
    request["AlgorithmName"] = "not a name"
    request["TrainingSpecification"]["SupportedHyperParameters"][0]["IsRequired"] = True
    return request


def test_lint_text_reads_the_syntax_from_the_name() -> None:
    (found,) = lint_text(
        "AlgorithmName: a b\nTrainingSpecification: ${X}\nAlgorithmDescription: d\n", "a.yaml"
    )
    assert (found.rule.name, found.place.line, found.place.column) == ("pattern-mismatch", 1, 16)
    assert lint_text('{"AlgorithmName": ', "a.json")[0].rule.name == "invalid-syntax"


def test_lint_file_uses_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(broken()))
    assert {d.rule.name for d in lint_file(path)} == {"pattern-mismatch", "hp-default-and-required"}
    (tmp_path / "algolint.toml").write_text('ignore = ["hp-*"]')
    assert {d.rule.name for d in lint_file(path)} == {"pattern-mismatch"}


def test_lint_request_gives_pointers() -> None:
    errors = [d for d in lint_request(broken()) if d.severity == "error"]
    assert [(d.rule.name, d.place.pointer) for d in errors] == [
        ("pattern-mismatch", "/AlgorithmName"),
        ("hp-default-and-required", "/TrainingSpecification/SupportedHyperParameters/0/DefaultValue"),
    ]
    assert [d for d in lint_request(CLEAN) if d.severity != "info"] == []
    assert "missing-field" in {d.rule.name for d in lint_request({})}


def test_lint_request_agrees_with_the_same_request_as_a_file() -> None:
    told = {(d.rule.name, d.place.pointer, d.message) for d in lint_request(broken())}
    assert told == {
        (d.rule.name, d.place.pointer, d.message) for d in lint_text(json.dumps(broken()), "a.json")
    }


def test_a_guarded_client_sends_nothing_wrong() -> None:
    session = pytest.importorskip("botocore.session", reason="botocore is not installed")
    stubber = pytest.importorskip("botocore.stub").Stubber

    client = session.get_session().create_client(
        "sagemaker", region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="x"
    )
    guard(client)
    with stubber(client) as stub:
        with pytest.raises(RequestRejected) as rejected:
            client.create_algorithm(**broken())
        assert "/AlgorithmName: 'not a name'" in str(rejected.value)
        assert [d.rule.name for d in rejected.value.diagnostics] == [
            "pattern-mismatch",
            "hp-default-and-required",
        ]
        stub.add_response("create_algorithm", {"AlgorithmArn": "arn:aws:sagemaker:us-west-2:1:algorithm/a"})
        assert client.create_algorithm(**CLEAN)["AlgorithmArn"]


def test_the_package_offers_them_without_loading_them() -> None:
    import subprocess
    import sys

    code = "import sys, algolint; assert 'algolint.api' not in sys.modules;"
    code += "print(*(d.message for d in algolint.lint_request({})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "lacks the required fields" in done.stdout
