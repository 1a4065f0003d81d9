"""Jobs in an editor: their findings, and names and values of their algorithm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from language_client import LanguageClient, edited
from test_server import reported, row, rules
from test_server_actions import ABLE, changes
from test_server_places import SNIPPETS, completed, hovered, opened

from algolint.aws.model import Model
from algolint.config.effective import SettingsFinder
from algolint.server.jobs import Algorithms
from algolint.values import UNKNOWN

Json = dict[str, Any]
ALGORITHM = """\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.p4d.24xlarge]
  SupportedHyperParameters:
    - {Name: mode, Type: Categorical, IsTunable: true,
       Range: {CategoricalParameterRangeSpecification: {Values: [additive, multiplicative]}}}
    - {Name: epochs, Type: Integer, IsTunable: true, IsRequired: true, DefaultValue: "10",
       Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "24"}}}
    - {Name: seed, Type: Integer, IsTunable: false}
  MetricDefinitions: [{Name: "test:mape", Regex: "mape=([0-9.]+)"}]
  SupportedTuningJobObjectiveMetrics: [{MetricName: "test:mape", Type: Minimize}]
  TrainingChannels:
    - {Name: train, IsRequired: true, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
    - {Name: test, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
"""
JOB = """\
TrainingJobName: monday
AlgorithmSpecification: {AlgorithmName: forecaster, TrainingInputMode: File}
RoleArn: arn:aws:iam::246618743249:role/A
HyperParameters: {epochs: "30", mode: additive}
InputDataConfig:
  - ChannelName: train
    DataSource: {S3DataSource: {S3DataType: S3Prefix, S3Uri: s3://amzn-example-bucket/a}}
OutputDataConfig: {S3OutputPath: s3://amzn-example-bucket/models/}
ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
StoppingCondition: {MaxRuntimeInSeconds: 3600}
"""
SEARCH = """\
HyperParameterTuningJobName: search
HyperParameterTuningJobConfig:
  Strategy: Bayesian
  HyperParameterTuningJobObjective: {MetricName: "test:mape", Type: Minimize}
  ResourceLimits: {MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 2}
  ParameterRanges:
    IntegerParameterRanges: [{Name: epochs, MinValue: "1", MaxValue: "9"}]
    CategoricalParameterRanges: [{Name: mode, Values: [additive]}]
TrainingJobDefinition:
  AlgorithmSpecification: {AlgorithmName: forecaster, TrainingInputMode: File}
  RoleArn: arn:aws:iam::246618743249:role/A
  StaticHyperParameters: {}
  OutputDataConfig: {S3OutputPath: s3://amzn-example-bucket/models/}
  ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
  StoppingCondition: {MaxRuntimeInSeconds: 3600}
"""
PROGRAM = """\
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="monday",
    AlgorithmSpecification={"AlgorithmName": "forecaster", "TrainingInputMode": "File"},
    HyperParameters={"epochs": "30"},
    InputDataConfig=[{"ChannelName": "train"}],
    OutputDataConfig={"S3OutputPath": "s3://amzn-example-bucket/models/"},
)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    (tmp_path / "jobs").mkdir()
    (tmp_path / "specs/forecaster.yaml").write_text(ALGORITHM)
    return tmp_path


# ---------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", JOB),
        ("b.yaml", SEARCH.replace('"9"', '"90"')),
        ("c.py", PROGRAM),
        ("unknown-algorithm.yaml", JOB.replace("forecaster", "other").replace("Count: 1", "Count: one")),
    ],
)
def test_a_job_gets_what_the_command_line_reports(name: str, text: str, folder: Path, algolint: Run) -> None:
    path = folder / "jobs" / name
    path.write_text(text)
    done = algolint("--format", "json-lines", ".", cwd=folder)
    expected = [json.loads(line) for line in done.stdout.splitlines()]
    assert expected
    with LanguageClient(folder) as client:
        found = client.diagnostics(client.open(f"jobs/{name}", text))
        assert [(d["code"], d["message"], d["range"]["start"]["line"] + 1) for d in found] == [
            (e["rule"], e["message"], e["line"]) for e in expected if e["path"] == f"jobs/{name}"
        ]
        client.end()


def test_a_job_is_judged_while_a_line_of_it_is_half_typed(folder: Path) -> None:
    lines = JOB.splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if line.startswith("HyperParameters"))
    with LanguageClient(folder) as client:
        uri = client.open("jobs/a.yaml", JOB)
        assert rules(client.diagnostics(uri)) == ["profile-hp-value-invalid"]
        half = "".join([*lines[:number], "Inp\n", *lines[number:]])
        client.change(uri, 2, {"text": half})
        (found,) = [d for d in client.diagnostics(uri, 2) if d["code"] != "invalid-syntax"]
        assert (found["code"], found["range"]["start"]["line"]) == ("profile-hp-value-invalid", number + 1)
        client.change(uri, 3, {"text": half.replace('"30"', '"12"')})
        assert [d for d in client.diagnostics(uri, 3) if d["code"] != "invalid-syntax"] == []
        client.end()


def test_an_algorithm_is_bound_at_the_revision_of_each_configuration(folder: Path) -> None:
    """A field that a revision does not have yet is unknown."""
    container = "{Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1, Environment: {A: b}}"
    path = folder / "specs/forecaster.yaml"
    path.write_text(f"{ALGORITHM}InferenceSpecification: {{Containers: [{container}]}}\n")
    algorithms = Algorithms(lambda: [str(folder)], dict)
    settings = SettingsFinder({}).of(str(path))
    request = {"AlgorithmSpecification": {"AlgorithmName": "forecaster"}}
    for revision, is_known in (("2019-01-01", False), ("latest", True), ("2019-01-01", False)):
        algorithm = algorithms.algorithm(request, settings, Model(revision))
        assert algorithm is not None
        (found,) = algorithm.request["InferenceSpecification"]["Containers"]
        assert (found["Environment"] is not UNKNOWN) == is_known


def test_related_places_are_in_the_file_of_the_algorithm(folder: Path) -> None:
    with LanguageClient(folder) as client:
        uri = client.open("jobs/a.yaml", JOB)
        (found,) = client.diagnostics(uri)
        assert found["code"] == "profile-hp-value-invalid"
        (related,) = found["relatedInformation"]
        assert related["location"]["uri"] == (folder / "specs/forecaster.yaml").as_uri()
        line = ALGORITHM.splitlines()[related["location"]["range"]["start"]["line"]]
        assert 'MaxValue: "24"' in line
        # A change of the job only moves its own locations.
        client.change(uri, 2, {"text": "\n\n" + JOB})
        (moved,) = client.diagnostics(uri, 2)
        assert moved["relatedInformation"] == found["relatedInformation"]
        assert moved["range"]["start"]["line"] == found["range"]["start"]["line"] + 2
        client.end()


def test_a_job_follows_its_algorithm_while_that_is_edited(folder: Path) -> None:
    with LanguageClient(folder) as client:
        job = client.open("jobs/a.yaml", JOB)
        assert rules(client.diagnostics(job)) == ["profile-hp-value-invalid"]
        spec = client.open("specs/forecaster.yaml", ALGORITHM)
        client.diagnostics(spec)
        client.published.clear()
        client.change(spec, 2, {"text": ALGORITHM.replace('"24"', '"48"')})
        assert client.diagnostics(job) == []
        client.end()


def test_the_configuration_names_the_file_of_an_algorithm(folder: Path) -> None:
    (folder / "specs/forecaster.yaml").rename(folder / "bought.txt")
    with LanguageClient(folder) as client:
        assert client.diagnostics(client.open("jobs/a.yaml", JOB)) == []
        client.end()
    (folder / "bought.txt").rename(folder / "bought.yaml")
    (folder / "other.yaml").write_text(ALGORITHM.replace('"24"', '"48"'))
    with LanguageClient(folder) as client:
        # Two files have the name.
        assert client.diagnostics(client.open("jobs/a.yaml", JOB)) == []
        client.end()
    (folder / "algolint.toml").write_text('[algorithms]\nforecaster = "bought.yaml"\n')
    with LanguageClient(folder) as client:
        assert rules(client.diagnostics(client.open("jobs/a.yaml", JOB))) == ["profile-hp-value-invalid"]
        client.end()
    # The path is relative to the file that sets it.
    (folder / "jobs" / "algolint.toml").write_text('extend = "../algolint.toml"\n')
    with LanguageClient(folder) as client:
        assert rules(client.diagnostics(client.open("jobs/a.yaml", JOB))) == ["profile-hp-value-invalid"]
        client.end()


def test_a_configured_algorithm_that_is_not_there_is_shown(folder: Path) -> None:
    (folder / "algolint.toml").write_text('[algorithms]\nforecaster = "gone.yaml"\n')
    with LanguageClient(folder) as client:
        assert client.diagnostics(client.open("jobs/a.yaml", JOB)) == []
        assert "algorithms: " in client.shown[0]
        assert "gone.yaml" in client.shown[0]
        client.end()


def test_a_file_with_its_algorithm_is_linted_as_a_whole(folder: Path, algolint: Run) -> None:
    (folder / "specs/forecaster.yaml").unlink()
    text = f"{ALGORITHM.replace('ml.m5.xlarge, ', 'ml.m5.xlarg, ')}---\n{JOB}"
    (folder / "both.yaml").write_text(text)
    expected = reported(algolint, folder / "both.yaml")[str(folder / "both.yaml")]
    with LanguageClient(folder) as client:
        uri = client.open("both.yaml", text)
        assert [row(found)[:4] for found in client.diagnostics(uri)] == [found[:4] for found in expected]
        client.end()


def test_a_fix_of_a_job_is_offered(folder: Path) -> None:
    with LanguageClient(folder) as client:
        uri = client.open("jobs/a.yaml", JOB.replace("ChannelName: train", "ChannelName: trains"))
        found = client.diagnostics(uri)
        undeclared = next(d for d in found if "trains" in d["message"])
        start = undeclared["range"]["start"]
        titles = client.actions(uri, (start["line"], start["character"]))
        assert "change to 'train' (unsafe)" in titles
        assert f"ignore {undeclared['code']} here" in titles
        client.end()


# ---------------------------------------------------------------- at a place

#: The text, what is typed in place of what, and the first item offered.
OFFERS = [
    (JOB, "ChannelName: train", "ChannelName: |>", ["train", "test"]),
    (JOB, "mode: additive", "mode: |>", ["additive", "multiplicative"]),
    (JOB, ", mode: additive", ", |>", ["mode", "seed"]),
    (JOB, "InstanceType: ml.m5.xlarge", "InstanceType: |>", ["ml.m5.xlarge", "ml.p4d.24xlarge"]),
    (JOB, "StoppingCondition: {MaxRuntimeInSeconds: 3600}", "Stop|>", ["VpcConfig", "StoppingCondition"]),
    (JOB, "RoleArn: ", "EnableManagedSpotTraining: |>\nRoleArn: ", ["true", "false"]),
    (SEARCH, 'MetricName: "test:mape"', "MetricName: |>", ["test:mape"]),
    (SEARCH, "Name: epochs", "Name: |>", ["epochs"]),
    (SEARCH, "Name: mode", "Name: |>", ["mode"]),
    (SEARCH, 'MaxValue: "9"', "MaxValue: |>", ["24"]),
    (SEARCH, "Values: [additive]", "Values: [additive, |>]", ["multiplicative"]),
    (SEARCH, "StaticHyperParameters: {}", "StaticHyperParameters: {|>}", ["mode", "epochs", "seed"]),
    (PROGRAM, '"ChannelName": "train"', '"ChannelName": "|>', ["train", "test"]),
    (PROGRAM, '{"epochs": "30"}', "{|>", ["mode", "epochs", "seed"]),
    (PROGRAM, "InputDataConfig=", "Resource|>\n    InputDataConfig=", ["RoleArn", "ResourceConfig"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "before", "typed", "first"), OFFERS)
def test_what_the_algorithm_declares_is_offered(
    text: str, before: str, typed: str, first: list[str], folder: Path
) -> None:
    assert before in text
    name = "jobs/a.py" if text is PROGRAM else "jobs/a.yaml"
    with LanguageClient(folder, SNIPPETS) as client:
        items = [*completed(client, text.replace(before, typed, 1), name)]
        assert items[: len(first)] == first
        client.end()


def test_hover_shows_what_the_algorithm_declares(folder: Path) -> None:
    with LanguageClient(folder) as client:
        text, about = hovered(client, JOB.replace("epochs", "epo|>chs"), "jobs/a.yaml")
        assert about == "epochs"
        assert text.startswith("**epochs** is declared as Integer, 1 to 24, required, tunable, default `10`")
        text, _ = hovered(client, JOB.replace("StoppingCondition", "Stop|>pingCondition"), "jobs/b.yaml")
        assert text.startswith("**StoppingCondition**: object, ")
        text, _ = hovered(client, PROGRAM.replace('"epochs"', '"epo|>chs"'), "jobs/c.py")
        assert text.startswith("**epochs** is declared as Integer")
        client.end()


def test_hover_follows_the_job_and_its_algorithm_while_they_are_edited(folder: Path) -> None:
    with LanguageClient(folder) as client:
        spec = client.open("specs/forecaster.yaml", ALGORITHM)
        uri, text, params = opened(client, PROGRAM.replace('"epochs"', '"epo|>chs"'), "jobs/c.py")

        def shown() -> str:
            return str(client.request("textDocument/hover", params)["contents"]["value"])

        assert shown().startswith("**epochs** is declared as Integer, 1 to 24")
        client.change(spec, 2, {"text": ALGORITHM.replace('"24"', '"48"')})
        assert shown().startswith("**epochs** is declared as Integer, 1 to 48")
        client.change(uri, 2, {"text": text.replace('"epochs"', '"seeds" ')})
        assert shown().startswith("**seeds**: string")
        client.end()


@pytest.mark.parametrize(
    ("text", "marked", "line"),
    [
        (JOB, "AlgorithmName: fore|>caster", "AlgorithmName: forecaster"),
        (JOB, "{epo|>chs", '- {Name: epochs, Type: Integer, IsTunable: true, IsRequired: true, DefaultValue: "10",'),
        (JOB, "ChannelName: tr|>ain", "- {Name: train, IsRequired: true, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}"),
        (SEARCH, 'MetricName: "test|>:mape"', 'MetricDefinitions: [{Name: "test:mape", Regex: "mape=([0-9.]+)"}]'),
        (SEARCH, "{Name: mo|>de", "- {Name: mode, Type: Categorical, IsTunable: true,"),
        (PROGRAM, '"fore|>caster"', "AlgorithmName: forecaster"),
    ],
)  # fmt: skip
def test_the_definition_of_a_name_is_in_the_algorithm(
    text: str, marked: str, line: str, folder: Path
) -> None:
    name = "jobs/a.py" if text is PROGRAM else "jobs/a.yaml"
    with LanguageClient(folder) as client:
        _, _, params = opened(client, text.replace(marked.replace("|>", ""), marked, 1), name)
        (found,) = client.request("textDocument/definition", params)
        assert found["uri"] == (folder / "specs/forecaster.yaml").as_uri()
        assert ALGORITHM.splitlines()[found["range"]["start"]["line"]].strip() == line
        # Renamed only in the job, it would no longer be the algorithm's.
        assert client.request("textDocument/prepareRename", params) is None
        client.end()


def test_fix_all_fixes_jobs_as_the_command_line_does(tmp_path: Path, algolint: Run) -> None:
    job = JOB.replace('epochs: "30"', "epochs: 12").replace("MaxRuntimeInSeconds", "maxRuntimeInSeconds")
    (tmp_path / "algorithm.yaml").write_text(ALGORITHM)
    path = tmp_path / "job.yaml"
    path.write_text(job)
    algolint("--fix", ".")
    assert path.read_text() != job
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("job.yaml", job)
        client.diagnostics(uri)
        (action,) = client.actions(uri, (0, 0), only=["source.fixAll"]).values()
        assert edited(job, changes(action, uri)) == path.read_text()
        client.end()
