"""A journey: a seller writes a request, fills it in, fixes it, and lints it as for AWS Marketplace."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, Run

pytestmark = pytest.mark.new_process

VALUES = {
    "<account>": "246618743249",
    "<region>": "us-west-2",
    "<repository>": "forecaster",
    "<tag>": "1.0",
    "<bucket>": "amzn-example-bucket",
    "<role>": "validation",
}


@pytest.mark.parametrize("name", ["algorithm.yaml", pytest.param("algorithm.json", marks=pytest.mark.slow)])
def test_a_request_for_a_listing(algolint: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    quote = '"' if name.endswith(".json") else ""

    def edit(before: str, after: str) -> None:
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    # Written, it is not ready to be sent.
    assert algolint("init", name).returncode == 0
    done = algolint(name)
    assert done.returncode == 1
    assert "looks like a placeholder that was not filled in" in done.stdout

    # Filled in, it is.
    for placeholder, value in VALUES.items():
        edit(placeholder, value)
    done = algolint(name)
    assert (done.returncode, done.stdout) == (0, "no problems in 1 file\n")

    # Mistakes of a later edit: one is fixed by itself, one with consent, one by hand.
    edit(f"{quote}smoke-test{quote}", f"{quote}smoke_test{quote}")
    edit(f"{quote}FullyReplicated{quote}", f"{quote}fullyReplicated{quote}")
    edit("ml.m5.2xlarge", "ml.m5.3xlarge")
    done = algolint(name)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2] == "3 errors in 1 file"
    assert "--fix" in done.stdout.splitlines()[-1]
    done = algolint("--fix", "--unsafe-fixes", name)
    assert "(2 fixed)" in done.stdout or "(3 fixed)" in done.stdout
    if "ml.m5.3xlarge" in path.read_text():
        edit("ml.m5.3xlarge", "ml.m5.2xlarge")
    assert algolint(name).returncode == 0

    # For the listing the flag is missing.
    (tmp_path / "algolint.toml").write_text("marketplace = true\n")
    done = algolint("--format", "json", name)
    (row,) = [row for row in json.loads(done.stdout)["diagnostics"] if row["severity"] == "error"]
    assert (row["rule"], row["pointer"]) == ("marketplace-flag-missing", "/CertifyForMarketplace")
    flag = f"{quote}CertifyForMarketplace{quote}"
    edit(f"{flag}: false", f"{flag}: true")

    # What is left is advice; the report for code scanning has it.
    done = algolint("--report", "sarif=algolint.sarif", name)
    assert done.returncode == 0
    assert "marketplace-public-data-notice" in done.stdout
    report = json.loads((tmp_path / "algolint.sarif").read_text())
    jsonschema.validate(report, json.loads((ROOT / "tests" / "schemas" / "sarif.json").read_text()))
    rules = {result["ruleId"] for result in report["runs"][0]["results"]}
    assert "marketplace-public-data-notice" in rules
    assert rules == {result["ruleId"] for result in report["runs"][0]["results"] if result["level"] == "note"}

    # Without the profile the CI of somebody else sees nothing of it.
    assert algolint("--isolated", name).stdout == "no problems in 1 file\n"
