"""Hostile files through the real process: a finding or a clear error, soon, in little memory, never a crash.

Every row is one file beside a clean and a faulty one, which must be linted all the same. Two seconds are
seconds of processor time, since other tests run beside this one; memory is the most that was resident.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux measures it")

SECONDS = 2.0
MEGABYTES = 300
LIMIT = 8 * 1024 * 1024

CLEAN = '{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}'
FAULTY = CLEAN.replace('"a"', '"a b"')
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0"


class Done:
    """What came of a run."""

    def __init__(self, code: int, out: str, err: str, seconds: float, megabytes: float) -> None:
        self.code = code
        self.out = out
        self.err = err
        self.seconds = seconds
        self.megabytes = megabytes


def run(folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> Done:
    """The real command in a real process, measured."""
    out, err = folder / ".out", folder / ".err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "algolint", *arguments],
            cwd=folder,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            # A run away must not take the machine with it.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (30, 30)),
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Done(
        process.returncode,
        out.read_bytes().decode(),
        err.read_bytes().decode(),
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


# ---------------------------------------------------------------- the files


def training(**members: Any) -> bytes:
    spec = {"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, **members}}
    return json.dumps(spec).encode()


def tagged(tags: str) -> bytes:
    return f'{{"AlgorithmName": "a", "TrainingSpecification": "${{S}}", "Tags": [{tags}]}}'.encode()


def hyperparameters(count: int) -> bytes:
    # Kept short, so that as many as possible stand in the eight mebibytes.
    return b'{"AlgorithmName":"a","TrainingSpecification":{"SupportedHyperParameters":[' + b",".join(
        [b"{}"] * count
    ) + b"]}}"


def nested_maps(depth: int) -> bytes:
    return b"\n".join(b" " * level + b"a:" for level in range(depth))


def bomb(open_: str, close: str, item: str) -> bytes:
    """Nine levels of ten aliases each: a billion values."""
    lines = ["AlgorithmName: a", f"a0: &a {open_}{', '.join(item.format(i, 'x') for i in range(10))}{close}"]
    for level in range(1, 9):
        alias = "*" + chr(96 + level)
        parts = ", ".join(item.format(i, alias) for i in range(10))
        lines.append(f"a{level}: &{chr(97 + level)} {open_}{parts}{close}")
    return "\n".join(["TrainingSpecification: x", *lines]).encode()


def merge_bomb() -> bytes:
    lines = ["AlgorithmName: a", "m0: &m0 {k: v}"]
    for level in range(1, 60):
        lines.append(f"m{level}: &m{level} {{<<: [*m{level - 1}, *m{level - 1}], k{level}: v}}")
    return "\n".join(lines).encode()


def minified_with_findings() -> bytes:
    parameter = {"Name": "p", "Type": "Integr", "IsRequired": "yes", "Tpye": 1, "DefaultValue": 0.5}
    item = json.dumps(parameter, separators=(",", ":"))
    count = (LIMIT - 200) // (len(item) + 1)
    text = '{"AlgorithmName":"a b","TrainingSpecification":{"SupportedHyperParameters":['
    return f"{text}{','.join([item] * count)}]}}}}".encode()


def anchors(count: int) -> bytes:
    lines = ["AlgorithmName: a", "TrainingSpecification:", "  SupportedHyperParameters:"]
    for index in range(count):
        lines.append(f"  - &p{index} {{Name: p{index}, Type: Integr}}")
    lines += [f"  - *p{index}" for index in range(count)]
    return "\n".join(lines).encode()


def quoted_keys(keys: list[str]) -> bytes:
    return json.dumps({"AlgorithmName": "a", "Tags": [], **dict.fromkeys(keys, 1)}).encode()


D = 100_000
HEAD = b'{"AlgorithmName": "a", "TrainingSpecification": "${S}", '
# What it is, the file's name, its bytes, the exit code, and words of the report.
FILES: list[tuple[str, str, Callable[[], bytes], int, str]] = [
    ("alias bomb in lists", "a.yaml", lambda: bomb("[", "]", "{1}"), 1, "aliases expand to more than"),
    ("alias bomb in mappings", "a.yaml", lambda: bomb("{", "}", "k{0}: {1}"), 1, "aliases expand to more than"),
    ("merge bomb", "a.yaml", merge_bomb, 1, "aliases expand to more than"),
    ("recursive alias", "a.yaml", lambda: b"AlgorithmName: a\nTags: &t [*t]", 1, "an alias inside the value"),
    ("recursive key", "a.yaml", lambda: b"AlgorithmName: a\nTags: &t {*t : 1}", 1, "an alias inside the value"),
    ("recursive merge", "a.yaml", lambda: b"AlgorithmName: a\nTags: &t\n  <<: *t\n", 1, "an alias inside"),
    (
        "mutually recursive merges",
        "a.yaml",
        lambda: b"AlgorithmName: a\na: &a\n  b: &b\n    <<: *a\n    c: *b\n",
        1,
        "an alias inside",
    ),
    ("many anchors and aliases", "a.yaml", lambda: anchors(100_000), 1, ""),
    ("one anchor redefined", "a.yaml", lambda: b"AlgorithmName: a\n" + b"".join(b"k%d: &a 1\n" % i for i in range(D)), 1, "unknown-field"),
    ("deep JSON lists", "a.json", lambda: b"[" * D + b"]" * D, 1, "nested more than 200"),
    ("deep JSON lists, unclosed", "a.json", lambda: b"[" * D, 1, "nested more than 200"),
    ("deep JSON objects", "a.json", lambda: b'{"a":' * D + b"1" + b"}" * D, 1, "nested more than 200"),
    ("deep JSON below a spec", "a.json", lambda: HEAD + b'"x": ' + b"[" * D + b"]" * D + b"}", 1, "nested more than 200"),
    ("deep YAML flow lists", "a.yaml", lambda: b"[" * D + b"]" * D, 1, "nested more than 200"),
    ("deep YAML flow mappings", "a.yaml", lambda: b"{a: " * D + b"}" * D, 1, "nested more than 200"),
    ("deep YAML block lists", "a.yaml", lambda: b"- " * D + b"a", 1, "nested more than 200"),
    ("deep YAML explicit keys", "a.yaml", lambda: b"? " * D + b"a", 1, "nested more than 200"),
    ("deep YAML explicit values", "a.yaml", lambda: b"? a\n: " + b"? a\n: " * D, 1, ""),
    ("deep YAML mixed", "a.yaml", lambda: b"- ? " * D + b"a", 1, "nested more than 200"),
    ("deep YAML block mappings", "a.yaml", lambda: nested_maps(4000), 1, "nested more than 200"),
    ("deep YAML flow pairs", "a.yaml", lambda: b"[a: " * D + b"]" * D, 1, "nested more than 200"),
    ("deep YAML explicit flow keys", "a.yaml", lambda: b"[? " * D + b"]" * D, 1, "nested more than 200"),
    ("deep YAML tags", "a.yaml", lambda: b"!a " * D + b"x", 1, "invalid-syntax"),
    ("8 MiB of {", "a.json", lambda: b"{" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of [", "a.json", lambda: b"[" * LIMIT, 1, "nested more than 200"),
    ("8 MiB of { in YAML", "a.yaml", lambda: b"{" * LIMIT, 1, "nested more than 200"),
    ("8 MiB of - in YAML", "a.yaml", lambda: b"- " * (LIMIT // 2), 1, "nested more than 200"),
    ("8 MiB of dashes", "a.yaml", lambda: b"-" * LIMIT, 0, "not-an-algorithm"),
    ("8 MiB of spaces", "a.json", lambda: b" " * LIMIT, 1, "the file is empty"),
    ("8 MiB of spaces in YAML", "a.yaml", lambda: b" " * LIMIT, 1, "the file is empty"),
    ("8 MiB of line ends", "a.yaml", lambda: b"\n" * LIMIT, 1, "the file is empty"),
    ("8 MiB of line ends in JSON", "a.json", lambda: b"\r\n" * (LIMIT // 2), 1, "the file is empty"),
    ("8 MiB of #", "a.yaml", lambda: b"#" * LIMIT, 1, "the file is empty"),
    ("8 MiB of # in JSON", "a.json", lambda: b"#" * LIMIT, 1, "comments are not allowed"),
    ("8 MiB of quotes", "a.json", lambda: b'"' * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of quotes in YAML", "a.yaml", lambda: b'"' * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of single quotes in YAML", "a.yaml", lambda: b"'" * LIMIT, 0, ""),
    ("8 MiB of backslashes", "a.json", lambda: b'"' + b"\\" * (LIMIT - 2) + b'"', 1, ""),
    ("8 MiB of digits", "a.json", lambda: b"1" * LIMIT, 1, "digits"),
    ("8 MiB of digits in YAML", "a.yaml", lambda: b"AlgorithmName: " + b"1" * (LIMIT - 16), 1, "digits"),
    ("8 MiB of minus", "a.json", lambda: b"-" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of a", "a.json", lambda: b"a" * LIMIT, 1, "text without quotes"),
    ("8 MiB of a in YAML", "a.yaml", lambda: b"a" * LIMIT, 0, "not-an-algorithm"),
    ("8 MiB of &", "a.yaml", lambda: b"&" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of *", "a.yaml", lambda: b"*" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of !", "a.yaml", lambda: b"!" * LIMIT, 1, ""),
    ("8 MiB of %", "a.yaml", lambda: b"%" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of |", "a.yaml", lambda: b"|" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of :", "a.yaml", lambda: b":" * LIMIT, 0, ""),
    ("8 MiB of ': '", "a.yaml", lambda: b": " * (LIMIT // 2), 1, ""),
    ("8 MiB of commas", "a.json", lambda: b"," * LIMIT, 1, "missing value before ','"),
    ("8 MiB of NUL", "a.json", lambda: b"\0" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of NUL in YAML", "a.yaml", lambda: b"\0" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of 0xFF", "a.json", lambda: b"\xff" * LIMIT, 1, "UTF-16"),
    ("8 MiB of 0x80", "a.json", lambda: b"\x80" * LIMIT, 1, "is not valid UTF-8"),
    ("8 MiB of tabs in YAML", "a.yaml", lambda: b"a:\n" + b"\t" * (LIMIT - 3), 1, ""),
    ("just below the limit", "a.json", lambda: FAULTY.encode() + b" " * (LIMIT - len(FAULTY)), 1, "pattern-mismatch"),
    ("just over the limit", "a.json", lambda: FAULTY.encode() + b" " * (LIMIT - len(FAULTY) + 1), 2, "8,388,608 (--max-file-size)"),
    ("one description of 8 MiB", "a.json", lambda: HEAD + b'"AlgorithmDescription": "' + b"x" * (LIMIT - 100) + b'"}', 1, "string-length"),
    ("a million keys", "a.json", lambda: HEAD[:-2] + b"".join(b',"%x":1' % i for i in range(600_000)) + b"}", 1, "unknown-field"),
    ("a million tags' worth of keys in YAML", "a.yaml", lambda: b"AlgorithmName: a\n" + b"".join(b"%x: 1\n" % i for i in range(800_000)), 1, "unknown-field"),
    ("a million hyperparameters", "a.json", lambda: hyperparameters(1_000_000), 1, "missing-field"),
    ("a million hyperparameters in YAML", "a.yaml", lambda: hyperparameters(1_000_000), 1, ""),
    ("a million tags", "a.json", lambda: tagged(",".join(["{}"] * 1_000_000)), 1, "missing-field"),
    ("a million numbers for tags", "a.json", lambda: tagged(",".join(["1"] * 1_000_000)), 1, "wrong-type"),
    ("the same tag 100,000 times", "a.json", lambda: tagged(",".join(['{"Key":"k","Value":"v"}'] * D)), 1, ""),
    ("100,000 tags of AWS's own", "a.json", lambda: tagged(",".join(f'{{"Key":"aws:{i}","Value":"v"}}' for i in range(D))), 1, ""),
    ("100,000 duplicate keys", "a.json", lambda: HEAD + b",".join([b'"Tags": []'] * D) + b"}", 1, "duplicate-key"),
    ("100,000 duplicate keys in YAML", "a.yaml", lambda: b"AlgorithmName: a\n" + b"Tags: []\n" * D, 1, "duplicate-key"),
    ("100,000 unknown fields", "a.json", lambda: quoted_keys([f"Training{i}" for i in range(D)]), 1, "unknown-field"),
    ("100,000 unknown fields in YAML", "a.yaml", lambda: b"AlgorithmName: a\n" + b"".join(b"Training%d: {a: [1]}\n" % i for i in range(D)), 1, "unknown-field"),
    ("100,000 objects with an unknown field", "a.json", lambda: training(SupportedHyperParameters=[{"Name": "a", "Typ": "b"}] * D), 1, "unknown-field"),
    ("100,000 faulty texts", "a.json", lambda: training(SupportedTrainingInstanceTypes=[f"ml.m5.{i}xlarge" for i in range(D)]), 1, "unknown-instance-type"),
    ("100,000 faulty texts in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTrainingSpecification:\n  SupportedTrainingInstanceTypes:\n" + b"".join(b"  - ml.m5.%dxlarge\n" % i for i in range(D)), 1, "unknown-instance-type"),
    ("100,000 placeholders", "a.json", lambda: training(MetricDefinitions=[{"Name": "a", "Regex": "("}] * D), 1, ""),
    ("100,000 hyperparameters of one name", "a.json", lambda: training(SupportedHyperParameters=[{"Name": "a", "Type": "Integer", "DefaultValue": "x"}] * D), 1, ""),
    ("100,000 channels", "a.json", lambda: training(TrainingChannels=[{"Name": "a b", "SupportedContentTypes": [], "SupportedInputModes": ["FILE"]}] * D), 1, ""),
    ("100,000 dates in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTags:\n" + b"- {Key: 2020-01-01, Value: no}\n" * D, 1, "implicit-yaml-scalar"),
    ("8 MiB on one line with findings", "a.json", minified_with_findings, 1, "unknown-field"),
    ("8 MiB on one line with findings in YAML", "a.yaml", minified_with_findings, 1, ""),
    ("lone surrogate escaped", "a.json", lambda: HEAD + b'"AlgorithmDescription": "\\ud800", "\\udc00": 1}', 1, "\\udc00"),
    ("lone surrogate escaped in YAML", "a.yaml", lambda: HEAD + b'"AlgorithmDescription": "\\ud800", "\\udc00": 1}', 1, "\\udc00"),
    ("many surrogate escapes in YAML", "a.yaml", lambda: HEAD + b'"x": "' + b"\\ud83d\\ude00" * 600_000 + b'"}', 1, "unknown-field"),
    ("lone surrogate raw", "a.json", lambda: b'{"AlgorithmName": "\xed\xa0\x80"}', 1, "byte 0xed is not valid UTF-8"),
    ("overlong UTF-8", "a.json", lambda: b'{"AlgorithmName": "\xc0\xaf"}', 1, "byte 0xc0 is not valid UTF-8"),
    ("overlong NUL", "a.yaml", lambda: b"AlgorithmName: \xc0\x80", 1, "byte 0xc0 is not valid UTF-8"),
    ("beyond Unicode", "a.json", lambda: b'{"AlgorithmName": "\xf4\x90\x80\x80"}', 1, "byte 0xf4 is not valid UTF-8"),
    ("bidirectional controls", "a.json", lambda: HEAD + '"\u202e\u2066gnp.exe": "\u200f"}'.encode(), 1, "'\\u202e\\u2066gnp.exe'"),
    ("control characters escaped", "a.json", lambda: HEAD + b'"\\u001b[2J\\u0000": 1}', 1, "'\\x1b[2J\\x00'"),
    ("NUL", "a.json", lambda: b'{"AlgorithmName": "\0"}', 1, "control character U+0000"),
    ("NUL in YAML", "a.yaml", lambda: b"AlgorithmName: \0", 1, "U+0000"),
    ("NUL after the end", "a.json", lambda: FAULTY.encode() + b"\0", 1, "invalid-syntax"),
    ("UTF-16", "a.json", lambda: FAULTY.encode("utf-16"), 1, "the file is UTF-16"),
    ("UTF-16 big end first", "a.yaml", lambda: b"\xfe\xff" + FAULTY.encode("utf-16-be"), 1, "the file is UTF-16"),
    ("UTF-32", "a.json", lambda: FAULTY.encode("utf-32"), 1, "the file is UTF-32"),
    ("UTF-32 big end first", "a.json", lambda: b"\0\0\xfe\xff" + FAULTY.encode("utf-32-be"), 1, "the file is UTF-32"),
    ("UTF-16 without a mark", "a.json", lambda: FAULTY.encode("utf-16-le"), 1, "invalid-syntax"),
    ("two byte order marks", "a.json", lambda: b"\xef\xbb\xbf" * 2 + FAULTY.encode(), 1, "invalid-syntax"),
    ("UTF-7 mark", "a.json", lambda: b"+/v8-" + FAULTY.encode(), 1, "invalid-syntax"),
    ("5,000 digits", "a.json", lambda: HEAD + b'"x": ' + b"7" * 5000 + b"}", 1, "5,000 digits"),
    ("4,000 digits", "a.json", lambda: HEAD + b'"x": ' + b"7" * 4000 + b"}", 1, "unknown-field"),
    ("5,000 hexadecimal digits in YAML", "a.yaml", lambda: b"AlgorithmName: 0x" + b"f" * 5000, 1, "digits"),
    ("8 MiB of hexadecimal digits in YAML", "a.yaml", lambda: b"AlgorithmName: 0x" + b"f" * (LIMIT - 20), 1, "digits"),
    ("8 MiB of binary digits in YAML", "a.yaml", lambda: b"AlgorithmName: 0b" + b"1" * (LIMIT - 20), 1, "digits"),
    ("1e999999", "a.json", lambda: HEAD + b'"x": 1e999999}', 1, "number out of range"),
    ("1e999999 in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTags: 1e999999\n", 1, ""),
    ("1e-999999999", "a.json", lambda: HEAD + b'"x": 1e-999999999}', 1, "unknown-field"),
    ("a bound of 1e999999999", "a.json", lambda: training(SupportedHyperParameters=[{"Name": "a", "Type": "Integer", "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1e999999999", "MaxValue": "1e999999999999"}}, "DefaultValue": "9" * 2000}]), 1, ""),
    ("long sexagesimal in YAML", "a.yaml", lambda: b"%YAML 1.1\n---\nAlgorithmName: 1" + b":59" * 100_000, 1, ""),
    ("Python object tags", "a.yaml", lambda: b"AlgorithmName: !!python/object/apply:os.system ['echo pwned']\nTags: !!python/name:os.system x", 1, ""),
    ("Python module tags", "a.yaml", lambda: b"AlgorithmName: !!python/module:antigravity x\nx: !<tag:yaml.org,2002:python/object/new:os.popen> [id]", 1, "unknown-field"),
    ("100,000 tag directives", "a.yaml", lambda: b"".join(b"%%TAG !%d! tag:x,2000:\n" % i for i in range(D)) + b"---\nAlgorithmName: a b\nTags: []\n", 1, ""),
    ("a very long key", "a.json", lambda: HEAD + b'"' + b"k" * 1_000_000 + b'": 1}', 1, "unknown-field"),
    ("a very long key in YAML", "a.yaml", lambda: HEAD + b'"' + b"k" * 1_000_000 + b'": 1}', 1, ""),
    ("1,000 long keys", "a.json", lambda: HEAD + b",".join(b'"%d%s": 1' % (i, b"k" * 8000) for i in range(1000)) + b"}", 1, "unknown-field"),
    ("keys with / and ~", "a.json", lambda: HEAD + b'"a/b~c": 1, "~1": 2, "": 3}', 1, "'a/b~c'"),
    ("keys that Python knows", "a.json", lambda: quoted_keys(["__class__", "__proto__", "__init__", "self", "%s", "{0}"]), 1, "'__proto__'"),
    ("thousands of documents", "a.yaml", lambda: b"---\nAlgorithmName: a b\nTags: []\n" * 10_000, 1, "pattern-mismatch"),
    ("100,000 empty documents", "a.yaml", lambda: b"---\n" * D, 1, "the file is empty"),
    ("100,000 documents of a word", "a.yaml", lambda: b"--- a\n" * D, 0, "not-an-algorithm"),
    ("template marks unclosed", "a.json", lambda: HEAD + b'"AlgorithmDescription": "' + b"{{" * 1_000_000 + b'"}', 1, ""),
    ("template marks in a name", "a.json", lambda: b'{"AlgorithmName": "' + b"{{" * 1_000_000 + b'", "Tags": []}', 1, ""),
    ("template marks in YAML", "a.yaml", lambda: b'AlgorithmName: "' + b"{{" * 1_000_000 + b'"\nTags: []\n', 1, ""),
    ("dollar braces unclosed", "a.json", lambda: b'{"AlgorithmName": "' + b"${" * 1_000_000 + b'", "Tags": []}', 1, ""),
    ("angle brackets unclosed", "a.json", lambda: b'{"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": "' + b"<" * 1_000_000 + b'"}}', 1, ""),
    ("an ARN of colons", "a.json", lambda: b'{"AlgorithmName": "a", "ValidationSpecification": {"ValidationRole": "arn:' + b":" * 1_000_000 + b'"}}', 1, ""),
    ("an S3 address of slashes", "a.json", lambda: b'{"AlgorithmName":"a","InferenceSpecification": {"Containers": [{"ModelDataUrl": "s3://' + b"/" * 1_000_000 + b'"}]}}', 1, ""),
    ("dots and slashes in an image", "a.json", lambda: b'{"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": "' + b"a./" * 300_000 + b'"}}', 1, ""),
    ("a long content type", "a.json", lambda: b'{"AlgorithmName":"a","InferenceSpecification":{"SupportedContentTypes":["' + b"a/" * 500_000 + b'"]}}', 1, ""),
    ("50,000 suppressions", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"# algolint: ignore[pattern-mismatch] x\n" * 50_000, 1, ""),
    ("50,000 environment entries", "a.json", lambda: json.dumps({"AlgorithmName": "a", "InferenceSpecification": {"Containers": [{"Image": IMAGE, "Environment": {f"k-{i}": "x" for i in range(50_000)}}]}}).encode(), 1, ""),
    ("100,000 secrets", "a.json", lambda: json.dumps({"AlgorithmName": "a", "InferenceSpecification": {"Containers": [{"Image": IMAGE, "Environment": {f"PASSWORD_{i}": f"q7Zr2LxV9sTb{i}" for i in range(D)}}]}}).encode(), 1, ""),
]  # fmt: skip
