"""A small part of the fuzzing campaign, and the faults it has found; `python -m campaigns.fuzz` runs longer."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from algolint.document import Document
from algolint.readers.json import JsonDocument
from algolint.secrets.redaction import Redaction
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read
from campaigns import fuzz
from campaigns.corpus import SYNTAXES, corpus

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("what", fuzz.TARGETS)
def test_a_few_hundred_files(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    failed = fuzz.campaign(what, 400, 7, 120)
    reported = capsys.readouterr().out
    assert not failed, reported
    assert reported.startswith(f"seed 7: {what}: ")


def test_every_seed_passes_every_check() -> None:
    for what in SYNTAXES:
        check = fuzz.target(what, always=True)
        came = [check(data) for data in corpus(what).texts]
        # Some fixtures are rejected on purpose.
        assert came.count("read") >= len(came) * 0.8, what


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="the extra algolint[fuzz] is not installed"
)
def test_some_guided_files(tmp_path: Path) -> None:
    grown = tmp_path / "corpus"
    done = subprocess.run(
        [sys.executable, "-m", "campaigns.fuzz", "json", "--guided", "--count", "1000", "--seed", "7", "--corpus", str(grown)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Done 1000 runs" in done.stderr
    # It has searched for branches, and found files that take new ones.
    covered = [int(number) for number in re.findall(r" cov: (\d+)", done.stderr)]
    assert covered[-1] > 100
    assert any(grown.iterdir())


def test_a_file_is_made_again_from_its_number() -> None:
    assert fuzz.file_of("json", 7, 1999) == fuzz.file_of("json", 7, 1999)
    assert fuzz.file_of("json", 7, 1999) != fuzz.file_of("json", 7, 2000)


@pytest.mark.parametrize("what", fuzz.TARGETS)
def test_a_file_keeps_its_syntax(what: str) -> None:
    names = {fuzz.name_of(what, data).partition(".")[2] for data in corpus(what).files()}
    assert (
        names
        == {
            "json": {"json"},
            "yaml": {"yaml"},
            "python": {"py"},
            "notebook": {"ipynb"},
            "cloudformation": {"json", "yaml"},
            "terraform": {"tf", "tf.json"},
            "template": {"json", "yaml"},
            "run": {"json", "yaml", "py", "ipynb", "tf", "tf.json"},
        }[what]
    )


# ---------------------------------------------------------------- faults that are put in are seen


def test_what_is_raised_is_seen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(fuzz, "target", lambda what: lambda data: str(1 // (len(data) % 3)))  # noqa: ARG005
    assert fuzz.campaign("json", 50, 7, 60) >= 5
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_wrong_place_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = JsonDocument.locate
    data = b'{"a": [1, "x"], "b": 23}'
    assert fuzz.target("json", always=True)(data) == "read"
    for start, end in ((1, 0), (0, -1), (-1, 0), (0, 99)):
        monkeypatch.setattr(
            JsonDocument, "locate", lambda self, path, key=False, by=(start, end): tuple(map(sum, zip(right(self, path, key), by, strict=True)))
        )  # fmt: skip
        with pytest.raises((fuzz.Wrong, ValueError)):
            fuzz.target("json")(data)


def test_a_reader_with_a_memory_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    right = read

    def forgetful(source: Source) -> list[Document]:
        documents = right(source)
        for document in documents:
            document.index = int(source.text in seen)
        seen.add(source.text)
        return documents

    monkeypatch.setattr(fuzz, "read", forgetful)
    with pytest.raises(fuzz.Wrong, match="otherwise"):
        fuzz.target("json", always=True)(b'{"a": {}}')


def test_a_secret_that_is_shown_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = f'{{"AlgorithmName": "{fuzz.SECRETS[0]}", "Unheard": 1}}'.encode()
    assert fuzz.target("json")(data) == "read"
    monkeypatch.setattr(Redaction, "redacted", lambda _, text: text)
    with pytest.raises(fuzz.Wrong, match="the secret is shown"):
        fuzz.target("json")(data)


def test_a_fix_that_is_not_the_last_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'{"AlgorithmName": "a"}'
    # The commands of some files fix, those of others report.
    monkeypatch.setattr("zlib.crc32", lambda _: 0)
    assert fuzz.target("json")(data) == "read"
    monkeypatch.setattr(Source, "data", lambda self: self.text.encode() + b"\n")
    with pytest.raises(fuzz.Wrong, match="there is another text"):
        fuzz.target("json")(data)


def test_a_secret_is_in_one_file_of_four() -> None:
    planted = [b"z7qz7" in fuzz.file_of("yaml", 7, number).lower() for number in range(40)]
    assert planted == [number % fuzz.SECRET_IN == 0 for number in range(40)]


def test_a_slow_file_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> str:
        until = time.process_time() + 0.02
        while time.process_time() < until:
            pass
        return "read"

    monkeypatch.setattr(fuzz, "SLOW", 0.01)
    monkeypatch.setattr(fuzz, "check_reader", slow)
    with pytest.raises(fuzz.Wrong, match="took"):
        fuzz.Slowest().measured(fuzz.target("json"), b"{}")


# ---------------------------------------------------------------- what was found

MAYBE_ABSENT = b"""
Resources:
  A:
    Type: AWS::SageMaker::Algorithm
    Properties:
      AlgorithmName: a b
      AlgorithmDescription: !If [Big, x, !Ref "AWS::NoValue"]
"""

# Files that the campaign found: the target, the file, and the property that holds since.
FOUND: list[tuple[str, bytes, str]] = [
    # A message quoted the mask of an expression.
    ("template", b'{"a": {{ x }}, {{ y }} "b": 1 {{ z }}}', "refused"),
    # An anchor ends before a sign that no name has, and the value begins there.
    ("yaml", b"AlgorithmName: &a:b\nTags: [&c :d, &e-f_1 !!str g, &h]\n", "read"),
    # The parser accepts what is not a number.
    ("terraform", b'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = 0x1F\n}\n', "refused"),
    (
        "terraform",
        b'resource "aws_sagemaker_algorithm" "a" {\n  tags = [{ -0x1Fkey = 1 }, -0x1F]\n}\n',
        "refused",
    ),
    # The key of a tag of a list was at the name of its member, as that of an object is.
    (
        "terraform",
        b'{"resource": {"awscc_sagemaker_algorithm": {"b": {"tags": [{"key": "a", "value": "x"}]}}}}',
        "read",
    ),
    # No comment could suppress that a file has no spec: it was before the first line that may have one.
    ("run", b'resource "aws" "aws_sagemaker_algorithm" {\n}\n', "findings"),
    # The same of one without blocks.
    ("run", b'a: b\nresource "aws_sagemaker_a\n', "findings"),
    # Such a file had locations of its blocks, and none of itself.
    (
        "terraform",
        b'resource "[aws_sagemaker_algorithm" "a" {\nalgorithm_name = "a"\ntraining_specification {\n}\n'
        b"validation_specification {\nvalidation_profiles = []\n}\n}\n",
        "read",
    ),
    # What is in a value of a tag was at the value.
    ("terraform", b'{"resource": {"aws_sagemaker_algorithm": {"a": {"tags": {"b": {"c": "d"}}}}}}', "read"),
    # A resource that a template fills in was compared with an empty list.
    ("terraform", b'{"resource": {"aws_sagemaker_algorithm": {"a": {{ x }}}}}', "read"),
    # Of a duplicate key, once with a tag, another value counted than the one at its place.
    ("yaml", b"!!int AlgorithmName: a\nAlgorithmName: b\nTags: []\n", "read"),
    # The parser searched the white space after an open quote once for each of its characters.
    ("terraform", b'resource "aws_sagemaker_algorithm" "x" {\n a = "' + b"\n" * 19_000, "refused"),
    # The same if the tree is only needed for comments.
    ("run", b'# algolint: off\nresource "x" "y" {}\n' + b" " * 19_000, "findings"),
    # For each character before an expression, all following ones were searched.
    ("template", b'{"a": ' + b"null" * 4900 + b"{{ x }}}", "read"),
    # Adding a comment asked whether a value that may be absent is the same as before.
    ("run", MAYBE_ABSENT, "findings"),
]


@pytest.mark.parametrize(("what", "data", "word"), FOUND)
def test_what_was_found(what: str, data: bytes, word: str) -> None:
    assert fuzz.Slowest().measured(fuzz.target(what, always=True), data) == word


def test_a_fault_of_a_template_quotes_no_cover() -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        read(Source("a.json", '{"a": {{ x }}, {{ y }} "b": 1 {{ z }}}'))
    assert not any("\ue000" <= character <= "\uf8ff" for character in caught.value.message)
