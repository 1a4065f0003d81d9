"""Texts that Terraform rejects are rejected, and no others.

`terraform_verdicts.json` has texts with the result of `terraform fmt` 1.11.4;
`campaigns/against_terraform.py` compares random ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from renderings import FIXTURES, LINTER, findings

from algolint.readers.terraform_grammar import check
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read

VERDICTS: dict[str, Any] = json.loads((Path(__file__).parent / "terraform_verdicts.json").read_bytes())
RESOURCE = 'resource "aws_sagemaker_algorithm" "a" {{\n  algorithm_name = "a_b"\n{}\n}}\n'
# HCL that tree-sitter cannot read.
UNREADABLE = {"a = <<\u00e9\n\u00e9\n", 'a = "a\0b"', "a = x[* ]", "a = (x[\n*])"}


@pytest.mark.parametrize("text", VERDICTS["accepted"])
def test_what_terraform_accepts(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", VERDICTS["refused"])
def test_what_terraform_refuses(text: str) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        check(text)
    start, end = caught.value.span
    assert 0 <= start <= end <= len(text)


def test_the_table_has_both_verdicts() -> None:
    assert min(map(len, VERDICTS.values())) > 90


@pytest.mark.parametrize("text", [t for t in VERDICTS["accepted"] if t not in UNREADABLE])
def test_what_terraform_accepts_in_a_resource_is_read(text: str) -> None:
    [document] = read(Source("a.tf", RESOURCE.format(f"x {{\n{text}\n}}")))
    assert not [fault.message for fault in document.faults if fault.rule.name == "invalid-syntax"]


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tf")), ids=lambda path: path.name)
def test_fixtures_are_terraform(path: Path) -> None:
    check(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["}", "variable x y\n", "locals { a = 1 b = 2 }", "x = 'y'", "a = <<E\n"])
def test_an_error_elsewhere_hides_nothing(text: str) -> None:
    """Terraform rejects the file, and the faults of the algorithm are reported as well."""
    found = findings("a.tf", RESOURCE.format("") + text + "\n")
    assert {"invalid-syntax", "pattern-mismatch"} <= {rule for rule, _ in found}


def test_the_template_of_a_file_is_not_refused() -> None:
    found = findings("a.tf", RESOURCE.format("") + "variable {{ x }}\n")
    assert "pattern-mismatch" in {rule for rule, _ in found}
    assert "invalid-syntax" not in {rule for rule, _ in found}


def test_deep_nesting_is_left_to_the_reader() -> None:
    check("a = " + "(" * 5000 + "x" + ")" * 5000)
    check("a {\n" * 5000)


@given(st.text(st.sampled_from('ab1 "${}%[]()=<-E\n#/*\\,\u00e9:?.>!~\r\t')))
def test_any_text_has_a_verdict(text: str) -> None:
    try:
        check(text)
    except SourceSyntaxError as error:
        assert 0 <= error.span[0] <= error.span[1] <= len(text)  # noqa: PT017


# Valid Terraform that the parser's grammar lacks, and the resulting description, or None if unknown.
UNKNOWN_TO_THE_PARSER: dict[str, tuple[str, str | None]] = {
    "a name of a here-document beyond ASCII": ("<<É\nhello\nÉ", "hello\n"),
    "a name that begins in ASCII": ("<<EÉ1\nhello É\nÉ\nEÉ1", "hello É\nÉ\n"),
    "an indented one": ("<<-ÀB\n    hello\n    ÀB", "hello\n"),
    "one with line ends of Windows": ("<<É\r\nhello\r\nÉ\r", "hello\r\n"),
    "NUL in a text": ('"a\0b"', "a\0b"),
    "NUL in a comment": ('"a" # \0', "a"),
    "NUL in a here-document": ("<<E\na\0b\nE", None),
    "a space after a star": ("var.x[* ]", None),
    "a space before a star": ("var.x[ *].name", None),
    "spaces around a star in a text": ('"x[ * ]"', "x[ * ]"),
    "a star in an expression": ('join(",", [for x in var.y[* ] : x])', None),
    "an exponent": ("1e5", None),
}


@pytest.mark.parametrize("what", UNKNOWN_TO_THE_PARSER)
def test_what_only_the_parser_does_not_know_is_read(what: str) -> None:
    value, expected = UNKNOWN_TO_THE_PARSER[what]
    text = f'resource "aws_sagemaker_algorithm" "x" {{\n  algorithm_description = {value}\n  algorithm_name = "a"\n}}\n'
    (document,) = read(Source("a.tf", text))
    assert document.faults == []
    assert document.spec["AlgorithmName"] == "a"
    described = document.spec["AlgorithmDescription"]
    assert expected is None or described == expected
    start, end = document.locate(("AlgorithmName",))
    assert text[start:end] == '"a"'


def test_what_the_parser_cannot_read_is_not_blamed_on_the_author(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform's grammar may have more than the parser's, and without a message the file would look clean."""
    monkeypatch.setattr("algolint.readers.terraform_module._readable", bytes)
    text = 'resource "aws_sagemaker_algorithm" "x" {\n  algorithm_name = "a b"\n  tags = var.x[* ]\n}\n'
    reported = LINTER.lint_source(Source("a.tf", text)).diagnostics
    message = "the parser could not read '* ]', which Terraform may accept; the file is not linted"
    assert [(finding.rule.name, finding.message, finding.location.line) for finding in reported] == [
        ("invalid-syntax", message, 3),
    ]


def test_many_names_of_here_documents_are_read_in_one_pass() -> None:
    from algolint.readers import terraform_module

    text = "".join(f"x{n} = <<É{n}\na\nÉ{n}\n" for n in range(2000)).encode()
    assert terraform_module._readable(text).isascii()
    assert terraform_module._readable(text).count(b"<<ZZ") == 2000
