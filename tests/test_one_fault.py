"""One fault gives one finding: consequences of it are not reported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Share, shares
from renderings import FIXTURES, values
from test_recognition import is_a_key, loaded, renamed

from algolint.config.settings import FORMATS
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.testing import model_of, problems
from algolint.values import UNKNOWN

LINTER = Linter(model_of(), first_party_rules())
REQUEST = "CreateAlgorithmInput"


def found(spec: Any) -> set[tuple[str, tuple[Any, ...]]]:
    return {
        (rule.name, problem.path)
        for rule, problem in problems(LINTER, spec, REQUEST, yaml=False)
        if (problem.severity or rule.severity) != "info"
    }


@pytest.mark.parametrize("share", shares(3))
@pytest.mark.parametrize("path", sorted((FIXTURES / "clean").iterdir()), ids=lambda path: path.stem)
def test_a_misspelt_key_is_one_fault(path: Any, share: Share) -> None:
    spec = loaded(path)
    before = found(spec)
    keys = [
        (place, str(place[-1])) for place, _ in values(spec) if is_a_key(place) and len(str(place[-1])) > 3
    ]
    misspellings = (
        (place, misspelt)
        for place, key in keys
        for misspelt in (key[:-1], key + "s", key[1:], key[0] + key[2:])
    )
    for place, misspelt in share(misspellings):
        added = found(renamed(spec, place, misspelt)) - before
        at_key = (*place[:-1], misspelt)
        expected = {("unknown-field", at_key), ("missing-field", at_key)}
        assert added <= expected, (misspelt, added - expected)


MISSPELT = """AlgorithmName: acme
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.eu-north-1.amazonaws.com/weather:1.4
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
  TrainingChannels:
    - {Nam: train, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
Tags:
  - {key: team, value: pricing}
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), {(6, "unknown-field"), (8, "unknown-field")}),
        # If the misspelt key is not reported, the missing field is, and a warning does not replace an error.
        (("--ignore", "unknown-field"), {(6, "missing-field"), (8, "missing-field")}),
        (
            ("--severity", "unknown-field=warning"),
            {(6, "unknown-field"), (8, "unknown-field"), (6, "missing-field"), (8, "missing-field")},
        ),
        (("--config", "per-file.toml"), {(6, "missing-field"), (8, "missing-field")}),
    ],
)
def test_a_misspelt_required_field_is_one_finding(
    algolint: Run, tmp_path: Path, arguments: tuple[str, ...], expected: set[tuple[int, str]]
) -> None:
    (tmp_path / "a.yaml").write_text(MISSPELT)
    (tmp_path / "per-file.toml").write_text('[per-file-ignores]\n"*.yaml" = ["unknown-field"]\n')
    done = algolint("--format", "json", *arguments, "a.yaml", cwd=tmp_path)
    rows = json.loads(done.stdout)["diagnostics"]
    assert {(row["line"], row["rule"]) for row in rows} == expected
    assert done.returncode == 1
    assert len(rows) == 3 * len({rule for _, rule in expected})


def test_a_misspelt_required_field_is_fixed_and_suppressed(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(MISSPELT)
    assert algolint("--fix", "--unsafe-fixes", "a.yaml", cwd=tmp_path).returncode == 0
    path.write_text(MISSPELT)
    algolint("--add-ignore", "a.yaml", cwd=tmp_path)
    assert path.read_text().count("ignore[unknown-field]") == 2
    assert algolint("a.yaml", cwd=tmp_path).returncode == 0


def test_a_misspelt_training_specification_is_not_unknown(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MISSPELT.replace("TrainingSpecification", "TrainingSpec"))
    assert "not known" not in algolint("a.yaml", cwd=tmp_path).stdout
    ignored = algolint("--ignore", "unknown-field,missing-field", "a.yaml", cwd=tmp_path)
    assert "TrainingSpecification is not known here" in ignored.stdout


# ---------------------------------------------------------------- one text that is used twice

ALIAS = """
TrainingSpecification:
  TrainingChannels:
    - {Name: a, SupportedInputModes: [File], SupportedContentTypes: &types [text/csv, text/csv]}
    - {Name: b, SupportedInputModes: [File], SupportedContentTypes: *types}
"""
MERGE = """
- &first {Name: depth, Type: Int, IsTunable: true}
- <<: *first
  Name: width
"""
SENT = """
CFG = {"AlgorithmName": "a", "TrainingSpecification": {"SupportedTrainingInstanceTypes": ["ml.m5.3xlarge"]}}
client.create_algorithm(AlgorithmName="a", TrainingSpecification=CFG["TrainingSpecification"])
client.create_algorithm(AlgorithmName="b", TrainingSpecification=CFG["TrainingSpecification"])
"""


@pytest.mark.parametrize(("name", "text"), [("a.yaml", ALIAS), ("b.yaml", MERGE), ("c.py", SENT)])
def test_a_text_is_reported_once_however_often_it_is_used(name: str, text: str) -> None:
    diagnostics = LINTER.lint_source(Source(name, text)).diagnostics
    once = {(d.rule.name, d.location.span, d.message) for d in diagnostics}
    assert once
    assert len(diagnostics) == len(once)


def test_equal_faults_at_two_locations_are_two() -> None:
    types = '["ml.m5.3xlarge", "ml.m5.3xlarge"]'
    text = f'{{"AlgorithmName": "a", "TrainingSpecification": {{"SupportedTrainingInstanceTypes": {types}}}}}'
    diagnostics = LINTER.lint_source(Source("a.json", text)).diagnostics
    assert [d.rule.name for d in diagnostics].count("unknown-instance-type") == 2


@pytest.mark.parametrize(
    ("value", "field", "rule"),
    [
        ("validator", "ValidationRole", "pattern-mismatch"),
        ("", "ValidationRole", "string-length"),
        (f"arn:aws:iam::246618743249:role/{'a' * 2048}", "ValidationRole", "string-length"),
    ],
)
def test_a_text_of_another_form_and_length_is_one_fault(value: str, field: str, rule: str) -> None:
    spec = {field: value, "ValidationProfiles": [{"ProfileName": "a", "TrainingJobDefinition": UNKNOWN}]}
    reported = problems(LINTER, spec, "AlgorithmValidationSpecification", yaml=False)
    assert [r.name for r, problem in reported if problem.path == (field,)] == [rule]


def test_an_empty_pattern_is_one_fault() -> None:
    reported = problems(LINTER, {"Name": "a", "Regex": ""}, "MetricDefinition", yaml=False)
    assert [(rule.name, problem.path) for rule, problem in reported] == [("string-length", ("Regex",))]


# ---------------------------------------------------------------- skeletons


def skeleton(shape: str, word: str) -> Any:
    """Return the skeleton of a shape that `--generate-cli-skeleton` and the documentation show, with one item
    per list.
    """
    model = model_of()
    of = model.shape(shape)
    if of.type == "structure":
        return {name: skeleton(below, word) for name, below in of.members.items()}
    if of.type == "list":
        return [skeleton(of.item, word)]
    if of.type == "map":
        return {"KeyName": skeleton(of.value, word)}
    if of.type == "string":
        return of.enum[0] if of.enum else word
    return True if of.type == "boolean" else 0


@pytest.mark.parametrize("word", ["string", ""])
@pytest.mark.parametrize("named", [True, False])
def test_a_skeleton_is_one_fault(word: str, named: bool) -> None:
    text = json.dumps(skeleton(REQUEST, word), indent=1)
    (diagnostic,) = LINTER.lint_source(Source("a.json", text), named).diagnostics
    assert diagnostic.rule.name == "unfilled-skeleton"
    assert diagnostic.severity == "error"


def test_a_request_with_some_values_of_a_skeleton_is_linted() -> None:
    spec = loaded(FIXTURES / "clean" / "tuned-tabular.json")
    for hyperparameter in spec["TrainingSpecification"]["SupportedHyperParameters"]:
        hyperparameter["Description"] = "string"
    spec["TrainingSpecification"]["SupportedTrainingInstanceTypes"] = ["string"]
    assert {rule for rule, _ in found(spec)} == {"unknown-instance-type"}


# ---------------------------------------------------------------- many findings of one cause

TEMPLATE = """\
AlgorithmName: <name>
TrainingSpecification:
  TrainingImage: <image>
  SupportedTrainingInstanceTypes: [<type>, <another type>]
  TrainingChannels:
    - {Name: <channel>, SupportedContentTypes: [text/csv], SupportedInputModes: [<mode>]}
"""
PLACEHOLDERS = 6


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "algolint", "--isolated", "--exit-zero", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("form", FORMATS)
def test_placeholders_of_a_file_are_one_finding_in_every_format(form: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEMPLATE)
    text = run(tmp_path, "--format", form, "a.yaml")
    # These two have the line of the concise report as well.
    assert text.count("looks like a placeholder") == (2 if form in ("junit", "rdjson") else 1)
    assert f"{PLACEHOLDERS - 1} more in this file" in text


def test_a_collapsed_finding_has_its_count_and_first_locations(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEMPLATE)
    report = json.loads(run(tmp_path, "--format", "json", "a.yaml"))
    (row,) = (row for row in report["diagnostics"] if row["rule"] == "placeholder-left-in")
    assert row["count"] == PLACEHOLDERS
    assert [related["line"] for related in row["related"]] == [3, 4, 4, 6, 6]
    assert (row["severity"], report["summary"]["errors"], report["summary"]["warnings"]) == ("error", 1, 0)


def test_each_of_many_findings_is_suppressed_for_itself(tmp_path: Path) -> None:
    text = TEMPLATE.replace("<image>", "<image>  # algolint: ignore[placeholder-left-in]")
    (tmp_path / "a.yaml").write_text(text)
    assert f"{PLACEHOLDERS - 2} more in this file" in run(tmp_path, "a.yaml")
    assert "unused-suppression" not in run(tmp_path, "a.yaml")


def test_each_of_many_findings_is_in_the_baseline(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEMPLATE)
    run(tmp_path, "--write-baseline", "b.json", "a.yaml")
    (tmp_path / "a.yaml").write_text(TEMPLATE.replace("<image>", "<new image>"))
    text = run(tmp_path, "--baseline", "b.json", "--format", "concise", "a.yaml")
    assert "<new image>" in text
    assert "more in this file" not in text
    assert "<type>" not in text
