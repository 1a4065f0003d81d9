"""docs/output.md and docs/configuration.md have every format, key and setting."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

from conftest import ROOT, Run

from algolint.config.settings import FORMATS, Format

PAGE = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
FAULTY = """\
AlgorithmName: a_b
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster@sha256:{digest}
  SupportedTrainingInstanceTypes: [ml.m5.large]
  TrainingChannels: ${{X}}
  SupportedHyperParameters:
  - {{Name: depth, Type: integer, IsRequired: true, DefaultValue: "5"}}
ValidationSpecification: ${{Y}}
"""


def section(title: str) -> str:
    return PAGE.partition(f"# {title}\n")[2].partition("\n#")[0]


def named(title: str) -> set[str]:
    """Return the words in backquotes in the table of a section."""
    rows = [line for line in section(title).splitlines() if line.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`(\w+)`", row)}


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def row_of(form: Format, made_for: str = "…", contents: str = "…") -> str:
    endings = ", ".join(f"`{ending}`" for ending in form.endings)
    unknown = "standard error" if form.findings_only else "report"
    return f"| `{form.name}` | {made_for} | {contents} | {endings} | {unknown} |"


def test_the_table_of_formats_is_fresh() -> None:
    rows = [line for line in section("Formats").splitlines() if line.startswith("| `")]
    names = [row.split("`")[1] for row in rows]
    missing = [row_of(form) for form in FORMATS.values() if form.name not in names]
    assert not missing, f"the table of docs/output.md lacks {missing}"
    assert names == list(FORMATS), "the rows are in the order of FORMATS"
    for row, form in zip(rows, FORMATS.values(), strict=True):
        _, made_for, contents, *_ = row.split(" | ")
        assert row == row_of(form, made_for, contents)


def test_every_key_of_the_json_report_is_described(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY.format(digest="0" * 64), encoding="utf-8")
    (tmp_path / "b.py").write_text(
        "import boto3\nclient = boto3.client('sagemaker')\nclient.create_algorithm(**request)\n",
        encoding="utf-8",
    )
    report = json.loads(algolint("--format", "json", "a.yaml", "b.py", "missing.json").stdout)
    assert report["unknown"]
    assert report["errors"]
    assert any(row["fix"] for row in report["diagnostics"])
    assert any(row["related"] for row in report["diagnostics"])
    assert keys(report) <= named("JSON") | named("A finding")
    values = {"error", "warning", "safe", "unsafe", "null"}
    assert named("JSON") | named("A finding") <= keys(report) | values | {"info"}


def test_every_key_of_a_comparison_is_described(algolint: Run, tmp_path: Path) -> None:
    old = (
        "SupportedHyperParameters: [{Name: a, Type: Integer}]\nMetricDefinitions: [{Name: m, Regex: m=(.)}]\n"
    )
    for name, text in (("old.yaml", old), ("new.yaml", old.replace("Name: a", "Name: b"))):
        (tmp_path / name).write_text(f"TrainingImage: x\n{text}", encoding="utf-8")
    (tmp_path / "a.log").write_text("m=1\n", encoding="utf-8")
    diff = json.loads(algolint("diff", "--format", "json", "old.yaml", "new.yaml").stdout)
    metrics = json.loads(algolint("metrics", "--format", "json", "old.yaml", "--log", "a.log").stdout)
    known = named("JSON") | named("A finding")
    assert keys(diff) - known == named("In `diff`")
    assert keys(metrics) - known == named("In `metrics`") | {"metrics"}


CONFIGURATION = ROOT / "docs" / "configuration.md"


def test_the_page_of_the_configuration_is_fresh(update: bool) -> None:
    """`pytest --update` and `tools/build_settings.py` rewrite it."""
    text = runpy.run_path(str(ROOT / "tools" / "build_settings.py"))["page"]()
    if update:
        CONFIGURATION.write_text(text, encoding="utf-8")
    assert CONFIGURATION.read_text(encoding="utf-8") == text


def test_the_configuration_shown_is_valid(algolint: Run, tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", CONFIGURATION.read_text(encoding="utf-8"), re.DOTALL)
    folder = tmp_path / "team"
    (folder / "specs").mkdir(parents=True)
    (tmp_path / "algolint.toml").write_text('region = "eu-west-1"', encoding="utf-8")
    (folder / "algolint.toml").write_text(shown, encoding="utf-8")
    done = algolint("config", "--show", "specs/algorithm.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "metric-*" in done.stdout
    assert "eu-west-1" in done.stdout
    assert json.loads(algolint("schema", "--config").stdout)["properties"]
