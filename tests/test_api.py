"""The functions for programs."""

from __future__ import annotations

import copy
import json
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT

from algolint.api import RequestRejected, guard, lint_file, lint_request, lint_text
from algolint.config.files import ConfigurationError
from algolint.diagnostic import Diagnostic
from algolint.linting.linter import Linter
from algolint.source import UnreadableSource

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
    assert (found.rule.name, found.location.line, found.location.column) == ("pattern-mismatch", 1, 16)
    assert lint_text('{"AlgorithmName": ', "a.json")[0].rule.name == "invalid-syntax"


def test_lint_file_uses_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(broken()))
    assert {d.rule.name for d in lint_file(path)} == {"pattern-mismatch", "hp-default-and-required"}
    (tmp_path / "algolint.toml").write_text('ignore = ["hp-*"]')
    assert {d.rule.name for d in lint_file(path)} == {"pattern-mismatch"}


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, whose configuration lowers one rule, skips another, and has its own rule."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(
        "from algolint import Problem, rule\n\n"
        '@rule(on="EntityName", severity="error", evidence="heuristic: our naming")\n'
        "def name_prefix(name):\n"
        '    """A name does not begin with acme-."""\n'
        "    if not name.startswith('acme-'):\n"
        "        yield Problem((), 'not ours')\n"
    )
    (tmp_path / "algolint.toml").write_text(
        'rule-directories = ["acme"]\nignore = ["pattern-mismatch"]\nregion = "us-west-2"\n'
        'baseline = "gone.json"\n[severity]\nhp-default-and-required = "warning"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def errors(found: list[Diagnostic]) -> set[str]:
    return {d.rule.name for d in found if d.severity == "error"}


def test_a_finding_is_printed_with_its_location() -> None:
    """A request in memory has no lines, so its path in the request is shown, as in a test that fails."""
    request = {"AlgorithmName": "ok", "TrainingSpecification": {"TrainingImage": 1}}
    for found, where in (
        (lint_request(request, config=None), "<<request>/TrainingSpecification/TrainingImage: error: 1 is"),
        (lint_text(json.dumps(request), "a.json", config=None), "<a.json:1:68: error: 1 is"),
    ):
        assert any(repr(diagnostic).startswith(where) for diagnostic in found), found


def test_functions_use_the_configuration_that_they_are_given(configured: Path) -> None:
    own = {"acme/name-prefix"}
    default = {"pattern-mismatch", "hp-default-and-required"}
    assert errors(lint_request(broken())) == own
    assert errors(lint_request(broken(), config=None)) == default
    other = configured / "other.toml"
    other.write_text('ignore = ["hp-*"]')
    assert errors(lint_request(broken(), config=other)) == {"pattern-mismatch"}
    text = json.dumps(broken())
    assert errors(lint_text(text, "a.json", config=None)) == default
    assert errors(lint_text(text, "a.json", config=str(other))) == {"pattern-mismatch"}
    (configured / "algolint.toml").write_text('ignore = ["pattern-mismatch"]')
    assert errors(lint_text(text, "a.json")) == {"hp-default-and-required"}
    assert errors(lint_text(text, "/a.json")) == default
    with pytest.raises(ConfigurationError):
        lint_request(broken(), config=configured / "gone.toml")


@pytest.mark.parametrize("arguments", [{"region": "us-east-9"}, {"api_revision": "0.1"}])
@pytest.mark.parametrize("config", ["auto", None])
def test_an_error_of_an_argument_names_no_command_line(
    configured: Path, config: Any, arguments: dict[str, str]
) -> None:
    assert configured
    with pytest.raises(ConfigurationError, match=r"\(from an argument of the call\)$"):
        lint_request(broken(), config=config, **arguments)


def test_a_guard_uses_the_configuration(configured: Path) -> None:
    session = pytest.importorskip("botocore.session", reason="botocore is not installed")
    stubber = pytest.importorskip("botocore.stub").Stubber
    request = copy.deepcopy(CLEAN)
    request["TrainingSpecification"]["SupportedHyperParameters"][0]["IsRequired"] = True

    def client(region: str = "us-west-2") -> Any:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        return session.get_session().create_client("sagemaker", region_name=region, **keys)

    guarded, strict = client(), client()
    guard(guarded)
    guard(strict, config=None)
    with pytest.raises(RequestRejected, match="acme/name-prefix"):
        guarded.create_algorithm(**request)
    with pytest.raises(RequestRejected, match="hp-default-and-required"):
        strict.create_algorithm(**request)
    request["AlgorithmName"] = "acme-forecaster"
    request["ValidationSpecification"]["ValidationProfiles"][0]["ProfileName"] = "acme-profile"
    with stubber(guarded) as stub:
        stub.add_response("create_algorithm", {"AlgorithmArn": "arn:aws:sagemaker:us-west-2:1:algorithm/a"})
        assert guarded.create_algorithm(**request)["AlgorithmArn"]
    # A region that this version does not know, such as that of an emulator.
    guard(client("local-1"), config=configured / "algolint.toml")


def test_lint_request_gives_pointers() -> None:
    errors = [d for d in lint_request(broken()) if d.severity == "error"]
    assert [(d.rule.name, d.location.pointer) for d in errors] == [
        ("pattern-mismatch", "/AlgorithmName"),
        ("hp-default-and-required", "/TrainingSpecification/SupportedHyperParameters/0/DefaultValue"),
    ]
    assert [d for d in lint_request(CLEAN) if d.severity != "info"] == []
    assert "missing-field" in {d.rule.name for d in lint_request({})}


def test_lint_request_agrees_with_the_same_request_as_a_file() -> None:
    reported = {(d.rule.name, d.location.pointer, d.message) for d in lint_request(broken())}
    assert reported == {
        (d.rule.name, d.location.pointer, d.message) for d in lint_text(json.dumps(broken()), "a.json")
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
    code += "print(*(d.message for d in algolint.lint_request({}))); assert 'threading' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "lacks the required fields" in done.stdout


def test_threads_lint_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is counted for the whole process, and many threads may use a guarded client."""
    inside, together = 0, 0
    bound = Linter.bound

    def counted(linter: Linter, *arguments: Any) -> Any:
        nonlocal inside, together
        inside += 1
        together = max(together, inside)
        # Another thread that is not blocked runs now.
        time.sleep(0.001)
        result = bound(linter, *arguments)
        inside -= 1
        return result

    monkeypatch.setattr(Linter, "bound", counted)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(broken()))
    events = Events()
    guard(SimpleNamespace(meta=SimpleNamespace(events=events, region_name=None)), config=None)

    def guarded() -> list[Diagnostic]:
        with pytest.raises(RequestRejected) as caught:
            events.check(params=broken())
        return caught.value.diagnostics

    calls: list[Callable[[], list[Diagnostic]]] = [
        *(lambda: lint_request(broken()), lambda: lint_request(broken(), config=None)),
        *(lambda: lint_text(json.dumps(broken()), "a.json"), lambda: lint_file(path), guarded),
    ]
    alone = [[d.message for d in call()] for call in calls]
    with ThreadPoolExecutor(8) as pool:
        found = [[d.message for d in result] for result in pool.map(lambda call: call(), calls * 8)]
    assert found == alone * 8
    assert together == 1


class Events:
    """The events of a boto3 client, which calls what is registered before it sends a request."""

    def register(self, name: str, check: Callable[..., None]) -> None:
        assert name == "provide-client-params.sagemaker.CreateAlgorithm"
        self.check = check


class _Word(str, Enum):
    """As most programs write their enums."""

    FILE = "File"
    WRONG = "FILE"


class _Silent:
    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__


def test_lint_request_takes_what_botocore_takes() -> None:
    request = copy.deepcopy(CLEAN)
    training = OrderedDict(request["TrainingSpecification"])
    training["TrainingChannels"] = tuple(map(OrderedDict, training["TrainingChannels"]))
    training["TrainingChannels"][0]["SupportedInputModes"] = (_Word.FILE,)
    request["TrainingSpecification"] = training
    whole = defaultdict(list, request)
    assert [d for d in lint_request(whole) if d.severity == "error"] == []
    training["TrainingChannels"][0]["SupportedInputModes"] = (_Word.WRONG,)
    (found,) = (d for d in lint_request(whole) if d.severity == "error")
    assert found.message.startswith("'FILE' is not")


@pytest.mark.parametrize(
    "value",
    [b"x", bytearray(b"x"), {1, 2}, object(), _Silent(), range(3), (x for x in "ab"), 1j, ..., Decimal(1), date(2026, 1, 1)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_lint_request_names_the_type_of_what_no_request_holds(value: object) -> None:
    request = CLEAN | {"AlgorithmName": value, "Tags": [{"Key": "a", "Value": value}]}
    found = [d for d in lint_request(request) if d.severity == "error"]
    kind = type(value).__name__
    assert [d.message for d in found] == [
        f"this is a value of the type {kind}; AlgorithmName takes a string",
        f"this is a value of the type {kind}; Value takes a string",
    ]


def test_lint_request_ends() -> None:
    circle: dict[str, Any] = copy.deepcopy(CLEAN)
    circle["TrainingSpecification"]["TrainingChannels"].append(circle)
    circle["Tags"] = [circle]
    assert {d.rule.name for d in lint_request(circle)} >= {"unknown-field"}
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert any(d.location.pointer == "/Tags/0" for d in lint_request(CLEAN | {"Tags": deep}))
    double: Any = {}
    for _ in range(60):
        double = {"Key": double, "Value": double}
    assert any(d.location.pointer == "/Tags/0/Key" for d in lint_request(CLEAN | {"Tags": [double]}))


@pytest.mark.parametrize("key", [1, None, b"x", (1, 2)])
def test_lint_request_refuses_keys_that_are_no_strings(key: object) -> None:
    requests: list[Any] = [{**CLEAN, key: 1}, CLEAN | {"Tags": [{key: 1}]}]
    for request in requests:
        with pytest.raises(TypeError, match=f"one of the type {type(key).__name__}"):
            lint_request(request)


@pytest.mark.parametrize("name", ["a\0.json", "\ud800.json"])
def test_lint_file_of_a_name_that_no_file_has(name: str) -> None:
    with pytest.raises(UnreadableSource):
        lint_file(name)
