"""Each source of a rule's evidence has the parts of its kind, and quotations are verbatim."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import pytest
from conftest import Run

from algolint.cli.known_rules import compare_rules
from algolint.jobs.linter import job_rules
from algolint.reports.evidence import EvidenceSource, sources
from algolint.rule_files import all_rules

SOURCES = [
    pytest.param(source, id=f"{rule.name}-{number}")
    for rule in (*all_rules(), *job_rules(), *compare_rules())
    for number, source in enumerate(sources(rule.evidence))
]
# The form of a source that can be followed, by kind; the others state what follows from what.
FORMS = {
    "service": r"[\w.-]+/[\w.-]+#\d+(, (\w+ )?20\d\d)?",
    "reference": r"[A-Z]\w+(\.\w+)?( and \w+(\.\w+)?)?, botocore \d+\.\d+\.\d+( to \d+\.\d+\.\d+)?",
    "guide": r"(Developer Guide|AWS Marketplace Seller Guide|Amazon S3 User Guide|AWS General Reference"
    r"|aws/amazon-sagemaker-examples), [\w -]+(, cells \d+-\d+)?, (\w+ )?20\d\d",
    "sdk": r"[a-z-]+ \d+\.\d+\.\d+, (\w+\.py:\d+(-\d+)?|image_uri_config|partitions\.json)( and (\w+\.py:)?\d+(-\d+)?)*(, executed)?",
    "model": r".+, (botocore \d+\.\d+\.\d+|cfn-lint \d+\.\d+\.\d+)",
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_has_the_parts_of_its_kind(source: EvidenceSource) -> None:
    where = source.text.partition(": ")[2].partition("; ")[0]
    assert re.fullmatch(FORMS.get(source.kind, ".+"), where)
    if source.kind in FORMS:
        assert source.document
        assert source.version or source.kind == "service"
    if source.kind != "model":
        assert source.statement


@cache
def shapes() -> dict[str, Any]:
    """The shapes of the installed botocore, with their documentation."""
    folder = files("botocore") / "data" / "sagemaker" / "2017-07-24"
    packed = folder / "service-2.json.gz"
    data = (
        gzip.decompress(packed.read_bytes()) if packed.is_file() else (folder / "service-2.json").read_bytes()
    )
    found: dict[str, Any] = json.loads(data)["shapes"]
    return found


def documentation(field: str) -> str:
    """Return the reference's text about a shape or one of its members."""
    name, _, member = field.partition(".")
    shape = shapes().get(name) or shapes().get(f"{name}Request") or shapes()[f"{name}Input"]
    text = shape["members"][member].get("documentation", "") if member else shape.get("documentation", "")
    return " ".join(re.sub(r"<[^>]+>", "", text).replace("&lt;", "<").replace("&gt;", ">").split())


QUOTED = [
    param
    for param in SOURCES
    if param.values[0].kind == "reference" and re.search(r"\'.{15,}\'", param.values[0].statement)  # type: ignore[union-attr]
]


@pytest.mark.skipif(not find_spec("botocore"), reason="botocore is in the extra `campaign`")
@pytest.mark.parametrize("source", QUOTED)
def test_a_quotation_of_the_reference_is_to_the_letter(source: EvidenceSource) -> None:
    fields = source.section.split(" and ")
    text = " ".join(map(documentation, fields))
    for piece in re.search(r"\'(.+)\'", source.statement)[1].split("…"):  # type: ignore[index]
        assert piece.strip() in text, text


def test_the_parts_are_in_the_list_of_rules(algolint: Run) -> None:
    rows = {row["name"]: row for row in json.loads(algolint("rules", "--format", "json").stdout)}
    assert rows["hp-bound-not-parseable"]["sources"] == [
        {
            "kind": "reference",
            "document": "Amazon SageMaker API Reference",
            "section": "IntegerParameterRangeSpecification.MinValue",
            "version": "botocore 1.44.8",
            "executed": False,
            "statement": "'The minimum integer value allowed.'",
        },
        {
            "kind": "sdk",
            "document": "sagemaker",
            "section": "algorithm.py:552",
            "version": "2.257.7",
            "executed": True,
            "statement": "int('5.0') and int('1e3') raise ValueError",
        },
    ]


def test_explain_shows_each_source_on_a_line(algolint: Run) -> None:
    lines = algolint("explain", "hp-bound-not-parseable").stdout.splitlines()
    assert lines[-3] == "evidence:"
    assert lines[-2].startswith(
        "    reference: IntegerParameterRangeSpecification.MinValue, botocore 1.44.8; "
    )
    assert lines[-1].startswith("    sdk: sagemaker 2.257.7, algorithm.py:552, executed; ")
    assert algolint("explain", "tag-charset").stdout.splitlines()[-1].startswith("evidence: model: TagKey")


def test_files_that_cannot_be_read_are_reported_whatever_the_evidence(algolint: Run, tmp_path: Any) -> None:
    (tmp_path / "a.json").write_text("{")
    done = algolint("--min-evidence", "service", "a.json")
    assert done.returncode == 1
    assert "[invalid-syntax]" in done.stdout
