"""`guard` of a client checks jobs against algorithms that it is given, or that the client looks up."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from job_cases import ALGORITHM, DEFINITION, INTEGER, TUNING, changed

from algolint import RequestRejected, guard, lint_request
from algolint.errors import UserError

ARN = "arn:aws:sagemaker:us-east-1:246618743249:algorithm/forecaster"
NAMED = changed(TUNING, ((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), ARN))
FAULTY = changed(NAMED, ((*INTEGER, "MaxValue"), "99"))
ANSWER = {
    "HyperParameterTuningJobArn": "arn:aws:sagemaker:us-east-1:246618743249:hyper-parameter-tuning-job/a"
}
RESPONSE = {
    **ALGORITHM,
    "AlgorithmArn": ARN,
    "CreationTime": datetime(2026, 1, 1, tzinfo=timezone.utc),
    "AlgorithmStatus": "Completed",
    "AlgorithmStatusDetails": {},
}


@pytest.fixture
def client() -> Any:
    session = pytest.importorskip("botocore.session", reason="botocore is not installed")
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return session.get_session().create_client("sagemaker", region_name="us-east-1", **keys)


def stubbed(client: Any) -> Any:
    return pytest.importorskip("botocore.stub").Stubber(client)


@pytest.mark.parametrize("algorithm", [ALGORITHM, RESPONSE], ids=["request", "response"])
def test_a_job_of_a_given_algorithm_is_checked(client: Any, algorithm: dict[str, Any]) -> None:
    guard(client, config=None, algorithms=[algorithm])
    with pytest.raises(RequestRejected, match="the CreateHyperParameterTuningJob request is wrong") as caught:
        client.create_hyper_parameter_tuning_job(**FAULTY)
    assert [d.rule.name for d in caught.value.diagnostics] == ["tune-range-outside"]
    with stubbed(client) as stub:
        stub.add_response("create_hyper_parameter_tuning_job", ANSWER)
        assert client.create_hyper_parameter_tuning_job(**NAMED)


def test_a_job_of_a_configured_algorithm_is_checked(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are read when the client is guarded, not when a request is sent."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "stored.json").write_text(json.dumps(ALGORITHM))
    (tmp_path / "algolint.toml").write_text('[algorithms]\nforecaster = "specs/stored.json"\n')
    monkeypatch.chdir(tmp_path / "specs")
    guard(client)
    (tmp_path / "specs" / "stored.json").unlink()
    monkeypatch.chdir("/")
    with pytest.raises(RequestRejected, match="tune-range-outside"):
        client.create_hyper_parameter_tuning_job(**FAULTY)
    with stubbed(client) as stub:
        stub.add_response("create_hyper_parameter_tuning_job", ANSWER)
        assert client.create_hyper_parameter_tuning_job(**NAMED)
    with pytest.raises(UserError, match=r"stored\.json: No such file"):
        guard(client, config=tmp_path / "algolint.toml")


def test_an_algorithm_is_asked_for_once_and_only_where_that_is_allowed(client: Any) -> None:
    guard(client, config=None, describe=True)
    with stubbed(client) as stub:
        stub.add_response("describe_algorithm", RESPONSE, {"AlgorithmName": ARN})
        for _ in range(2):
            with pytest.raises(RequestRejected, match="tune-range-outside"):
                client.create_hyper_parameter_tuning_job(**FAULTY)
        stub.assert_no_pending_responses()


def test_a_job_of_an_unknown_algorithm_passes(client: Any) -> None:
    guard(client, config=None, algorithms=[{**ALGORITHM, "AlgorithmName": "other"}])
    with stubbed(client) as stub:
        stub.add_response("create_hyper_parameter_tuning_job", ANSWER)
        assert client.create_hyper_parameter_tuning_job(**FAULTY)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFound", "ValidationException"])
def test_an_algorithm_that_is_not_described_is_not_known(client: Any, code: str) -> None:
    guard(client, config=None, describe=True)
    with stubbed(client) as stub:
        stub.add_client_error("describe_algorithm", code)
        for _ in range(2):
            stub.add_response("create_hyper_parameter_tuning_job", ANSWER)
            assert client.create_hyper_parameter_tuning_job(**FAULTY)
        stub.assert_no_pending_responses()


def test_what_is_wrong_with_a_job_itself_is_an_error(client: Any) -> None:
    guard(client, config=None, algorithms=[ALGORITHM])
    broken = changed(FAULTY, ((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), "other"))
    broken = changed(broken, ((*INTEGER, "MinValue"), "100"))
    with pytest.raises(RequestRejected, match="tune-range-empty"):
        client.create_hyper_parameter_tuning_job(**broken)


class BlockingClient:
    """A client whose descriptions take until `answer` is set."""

    class exceptions:  # noqa: N801 -- as in botocore
        ClientError = type("ClientError", (Exception,), {})

    def __init__(self) -> None:
        self.asked, self.answer = Event(), Event()
        self.names: list[str] = []
        self.checks: dict[str, Any] = {}
        events = SimpleNamespace(register=self.checks.__setitem__)
        self.meta = SimpleNamespace(region_name="us-east-1", events=events)

    def describe_algorithm(self, AlgorithmName: str) -> Any:  # noqa: N803
        self.names.append(AlgorithmName)
        if AlgorithmName != ARN:
            raise self.exceptions.ClientError
        self.asked.set()
        assert self.answer.wait(60)
        return RESPONSE

    def tune(self, request: dict[str, Any]) -> list[str]:
        """Return the names of the rules that reject a request."""
        try:
            self.checks["provide-client-params.sagemaker.CreateHyperParameterTuningJob"](params=request)
        except RequestRejected as error:
            return [diagnostic.rule.name for diagnostic in error.diagnostics]
        return []


def test_threads_do_not_wait_for_the_description_of_an_algorithm() -> None:
    """Except for those that need the same description, which is requested once."""
    client = BlockingClient()
    guard(client, config=None, describe=True)
    other = changed(FAULTY, ((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), "other"))
    broken = changed(other, ((*INTEGER, "MinValue"), "100"))
    with ThreadPoolExecutor(8) as pool:
        try:
            waiting = [pool.submit(client.tune, FAULTY) for _ in range(4)]
            assert client.asked.wait(60)
            assert pool.submit(lint_request, {}, config=None).result(60)
            assert pool.submit(client.tune, other).result(60) == []
            assert pool.submit(client.tune, broken).result(60) == ["tune-range-empty"]
            assert not any(future.done() for future in waiting)
        finally:
            client.answer.set()
        assert [future.result(60) for future in waiting] == [["tune-range-outside"]] * 4
    assert client.names == [ARN, "other"]
