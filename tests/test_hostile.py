"""Hostile files through the real process: a finding or a clear error, soon, in little memory, never a crash.

Each file is linted together with a clean and a faulty one, which must be linted nevertheless. The two seconds
are processor time, since other tests run at the same time; memory is the peak resident size.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from algolint.config.settings import FORMATS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux measures it"),
]


@functools.cache
def seconds() -> float:
    """Return the limit of a run: two seconds, or more on a machine slower than the one that the limit is for.

    Other work on the same processor also increases the processor time of a process.
    """
    start = time.process_time()
    for _ in range(3):
        {str(number): number for number in range(300_000)}
    return 2.0 * max(1.0, (time.process_time() - start) / 3 / 0.07)


MEGABYTES = 300
LIMIT = 8 * 1024 * 1024

CLEAN = '{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}'
FAULTY = CLEAN.replace('"a"', '"a b"')
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0"


class Done:
    """The result of a run."""

    def __init__(self, code: int, out: str, err: str, seconds: float, megabytes: float) -> None:
        self.code = code
        self.out = out
        self.err = err
        self.seconds = seconds
        self.megabytes = megabytes


# Linux counts the memory of the process that starts another as the other's; this one is small.
MEASURED = """
import json, os, resource, subprocess, sys
# A run away must not take the machine with it.
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
out, err = map(int, sys.argv[1:3])
process = subprocess.Popen([sys.executable, "-m", "algolint", *sys.argv[3:]], stdout=out, stderr=err)
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))
"""


def run(folder: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> Done:
    """Run the real command in a real process, and measure it."""
    out, err = folder / ".out", folder / ".err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        measured = subprocess.run(
            [sys.executable, "-c", MEASURED, str(stdout.fileno()), str(stderr.fileno()), *arguments],
            cwd=folder,
            stdin=stdin,
            stdout=subprocess.PIPE,
            pass_fds=[stdout.fileno(), stderr.fileno()],
            check=True,
        )
    code, seconds, kilobytes = json.loads(measured.stdout)
    return Done(code, out.read_bytes().decode(), err.read_bytes().decode(), seconds, kilobytes / 1024)


# ---------------------------------------------------------------- the files


def training(**members: Any) -> bytes:
    spec = {"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, **members}}
    return json.dumps(spec).encode()


def tagged(tags: str) -> bytes:
    return f'{{"AlgorithmName": "a", "TrainingSpecification": "${{S}}", "Tags": [{tags}]}}'.encode()


def hyperparameters(count: int) -> bytes:
    # Kept short, so that as many as possible are in the eight mebibytes.
    return (
        b'{"AlgorithmName":"a","TrainingSpecification":{"SupportedHyperParameters":['
        + b",".join([b"{}"] * count)
        + b"]}}"
    )


def nested_maps(depth: int) -> bytes:
    return b"\n".join(b" " * level + b"a:" for level in range(depth))


def bomb(open_: str, close: str, item: str) -> bytes:
    """Return nine levels of ten aliases each: a billion values."""
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


def minified(count: int = 100_000) -> bytes:
    parameter = {"Name": "p", "Type": "Integr", "IsRequired": "yes", "Tpye": 1, "DefaultValue": 0.5}
    item = json.dumps(parameter, separators=(",", ":"))
    count = min(count, (LIMIT - 200) // (len(item) + 1))
    text = '{"AlgorithmName":"a b","TrainingSpecification":{"SupportedHyperParameters":['
    return f"{text}{','.join([item] * count)}]}}}}".encode()


def anchors(count: int) -> bytes:
    lines = ["AlgorithmName: a", "TrainingSpecification:", "  SupportedHyperParameters:"]
    for index in range(count):
        lines.append(f"  - &p{index} {{Name: p{index}, Type: Integr}}")
    lines += [f"  - *p{index}" for index in range(count)]
    return "\n".join(lines).encode()


def containers(count: int) -> bytes:
    """Return lists with as many faulty items as are checked."""
    environment = {f"PASSWORD_{i}": f"q7Zr2LxV9sTb{i}" for i in range(1000)}
    container = {"Image": "a b", "Environment": environment, **{f"Imag{i}": 1 for i in range(1000)}}
    names = [f"ml.m5.{i}xlarge" for i in range(1000)]
    spec = {"Containers": [container] * count, "SupportedTransformInstanceTypes": names}
    spec |= {"SupportedRealtimeInferenceInstanceTypes": names, "SupportedContentTypes": ["a b"] * 1000}
    return json.dumps({"AlgorithmName": "a", "InferenceSpecification": spec}).encode()


def quoted_keys(keys: list[str]) -> bytes:
    return json.dumps({"AlgorithmName": "a", "Tags": [], **dict.fromkeys(keys, 1)}).encode()


CALL = 'client.create_algorithm(AlgorithmName="a b", TrainingSpecification={"TrainingImage": X})\n'


def call(value: bytes) -> bytes:
    return b'client.create_algorithm(AlgorithmName="a b", TrainingSpecification=' + value + b")\n"


def doubling(first: bytes, later: bytes) -> bytes:
    return (
        b"x0 = "
        + first
        + b"".join(b"\nx%d = %b" % (i, later % (i - 1, i - 1)) for i in range(1, 60))
        + b"\n"
        + call(b"x59")
    )


def notebook(*cells: str, more: bytes = b"0") -> bytes:
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}})[:-1].encode() + b', "more": ' + more + b"}"


def terraform(body: bytes) -> bytes:
    return b'resource "aws_sagemaker_algorithm" "x" {\nalgorithm_name = "a b"\n' + body + b"\n}\n"


def cloudformation(body: bytes) -> bytes:
    return (
        b"Resources:\n A:\n  Type: AWS::SageMaker::Algorithm\n  Properties:\n   AlgorithmName: a b\n   "
        + body
    )


# Just under and far over the number of values that a file may hold.
D = 100_000
N = 20_000


def job(**members: Any) -> dict[str, Any]:
    return {
        "TrainingInputMode": "File",
        "InputDataConfig": [],
        "OutputDataConfig": {"S3OutputPath": "s3://b/a"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        **members,
    }


def validated(training: dict[str, Any], jobs: list[dict[str, Any]], **others: Any) -> bytes:
    profiles = [
        {"ProfileName": f"p{i}", "TrainingJobDefinition": job, **others} for i, job in enumerate(jobs)
    ]
    role = "arn:aws:iam::246618743249:role/r"
    validation = {"ValidationRole": role, "ValidationProfiles": profiles}
    spec = {"TrainingImage": IMAGE, "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"], **training}
    return json.dumps(
        {"AlgorithmName": "a", "TrainingSpecification": spec, "ValidationSpecification": validation}
    ).encode()


def misspelt_groups(count: int, each: int) -> bytes:
    groups = [
        {"InstanceGroupName": f"grp{k}", "InstanceType": "ml.m5.xlarge", "InstanceCount": 1}
        for k in range(count)
    ]
    names = [f"gg{k}" for k in range(each)]
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://b/a", "InstanceGroupNames": names}
    channels = [{"ChannelName": f"c{k}", "DataSource": {"S3DataSource": source}} for k in range(count)]
    return validated({}, [job(ResourceConfig={"InstanceGroups": groups}, InputDataConfig=channels)])


def misspelt_hyperparameters(count: int, each: int) -> bytes:
    declared = [{"Name": f"param_{k}", "Type": "FreeText", "IsRequired": True} for k in range(count)]
    jobs = [job(HyperParameters={f"parm_{i}_{k}": "1" for k in range(each)}) for i in range(count)]
    return validated({"SupportedHyperParameters": declared}, jobs)


def transformed(given: str = "text/csv", accepted: str = "text/csv") -> bytes:
    """A profile with a transform job of some types."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/a"}}
    transform = {
        "TransformInput": {"ContentType": given, "DataSource": source},
        "TransformOutput": {"Accept": accepted, "S3OutputPath": "s3://b/a"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
    }
    return validated({}, [job()], TransformJobDefinition=transform)


def metrics(pattern: str, count: int = 1_000) -> bytes:
    rows = [{"Name": f"m{n}", "Regex": pattern.replace("%d", str(n + 1))} for n in range(count)]
    return validated({"MetricDefinitions": rows}, [])


HEAD = b'{"AlgorithmName": "a", "TrainingSpecification": "${S}", '
RESOURCE = b'resource "aws_sagemaker_algorithm" "x" {\n algorithm_name = "a b"\n'
# A description, the file's name, its bytes, the exit code, and words of the report.
FILES: list[tuple[str, str, Callable[[], bytes], int, str]] = [
    ("locals that double", "a.tf", lambda: b'locals {\nx0 = "a"\n' + b"".join(b'x%d = "${local.x%d}${local.x%d}"\n' % (i, i - 1, i - 1) for i in range(1, 60)) + b"}\n" + RESOURCE + b"algorithm_description = local.x59\n}", 1, "references expand to more than 8,388,608 characters"),
    ("a thousand locals in a row", "a.tf", lambda: b'locals {\nx0 = "a"\n' + b"".join(b'x%d = "${local.x%d}"\n' % (i, i - 1) for i in range(1, 3000)) + b"}\n" + RESOURCE + b"algorithm_description = local.x2999\n}", 1, "nested more than 200 levels deep"),
    ("templates that double", "a.ts", lambda: b"const x0 = 'a';\n" + b"".join(b"const x%d = `${x%d}${x%d}`;\n" % (i, i - 1, i - 1) for i in range(1, 60)) + b"client.send(new CreateAlgorithmCommand({AlgorithmName: 'a b', TrainingSpecification: {TrainingImage: x59}}));\n", 1, "references expand to more than 8,388,608 characters"),
    ("a list that grows line by line", "a.py", lambda: b"x = []\n" + b"x += ['aaaaaaaaaaaaaaaaaaaaaaaa']\n" * 12_000 + call(b"x"), 1, "pattern-mismatch"),
    ("a number of a million digits in a program", "a.py", lambda: b"x = 0x" + b"f" * 900_000 + b"\n" + call(b"[x]"), 1, "pattern-mismatch"),
    ("white space behind an open quote", "a.tf", lambda: RESOURCE + b'a = "' + b"\n" * 16_000, 1, "of white space in a row"),
    ("nearly a megabyte of the same", "a.tf", lambda: RESOURCE + b'a = "' + b" " * 1_000_000, 1, "of white space in a row"),
    ("half a million open interpolations", "a.tf", lambda: RESOURCE + b'a = "' + b"${" * 500_000, 1, "tokens"),
    ("a thousand open quotes", "a.tf", lambda: RESOURCE + b'a = "' + b'${"' * 1000, 1, "which Terraform may accept; the file is not linted"),
    ("a thousand open blocks", "a.tf", lambda: RESOURCE + b"a {" * 1000, 1, "in a block on one line, which has one argument"),
    ("many places behind an accent", "a.tf", lambda: RESOURCE + "tags = {{ {} }}\n}}".format(" ".join(f'é{i} = "é"\n' for i in range(8000))).encode(), 1, "missing-field"),
    ("alias bomb in lists", "a.yaml", lambda: bomb("[", "]", "{1}"), 1, "aliases expand to more than"),
    ("alias bomb in mappings", "a.yaml", lambda: bomb("{", "}", "k{0}: {1}"), 1, "aliases expand to more than"),
    ("merge bomb", "a.yaml", merge_bomb, 1, "aliases expand to more than"),
    ("recursive alias", "a.yaml", lambda: b"AlgorithmName: a\nTags: &t [*t]", 1, "alias refers to a value"),
    ("recursive key", "a.yaml", lambda: b"AlgorithmName: a\nTags: &t {*t : 1}", 1, "alias refers to a value"),
    ("recursive merge", "a.yaml", lambda: b"AlgorithmName: a\nTags: &t\n  <<: *t\n", 1, "alias refers to a value"),
    (
        "mutually recursive merges",
        "a.yaml",
        lambda: b"AlgorithmName: a\na: &a\n  b: &b\n    <<: *a\n    c: *b\n",
        1,
        "alias refers to a value",
    ),
    ("many anchors and aliases", "a.yaml", lambda: anchors(100_000), 1, "more than 100,000 values"),
    ("one anchor redefined", "a.yaml", lambda: b"AlgorithmName: a\nTags: []\n" + b"".join(b"k%d: &a 1\n" % i for i in range(90_000)), 1, "unknown-field"),
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
    ("8 MiB of dashes", "a.yaml", lambda: b"-" * LIMIT, 1, "not-an-algorithm"),
    ("8 MiB of spaces", "a.json", lambda: b" " * LIMIT, 1, "the file is empty"),
    ("8 MiB of spaces in YAML", "a.yaml", lambda: b" " * LIMIT, 1, "the file is empty"),
    ("8 MiB of line ends", "a.yaml", lambda: b"\n" * LIMIT, 1, "the file is empty"),
    ("8 MiB of line ends in JSON", "a.json", lambda: b"\r\n" * (LIMIT // 2), 1, "the file is empty"),
    ("8 MiB of #", "a.yaml", lambda: b"#" * LIMIT, 1, "the file is empty"),
    ("8 MiB of # in JSON", "a.json", lambda: b"#" * LIMIT, 1, "comments are not allowed"),
    ("8 MiB of quotes", "a.json", lambda: b'"' * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of quotes in YAML", "a.yaml", lambda: b'"' * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of single quotes in YAML", "a.yaml", lambda: b"'" * LIMIT, 1, "not-an-algorithm"),
    ("8 MiB of backslashes", "a.json", lambda: b'"' + b"\\" * (LIMIT - 2) + b'"', 1, ""),
    ("8 MiB of digits", "a.json", lambda: b"1" * LIMIT, 1, "digits"),
    ("8 MiB of digits in YAML", "a.yaml", lambda: b"AlgorithmName: " + b"1" * (LIMIT - 16), 1, "digits"),
    ("8 MiB of minus", "a.json", lambda: b"-" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of a", "a.json", lambda: b"a" * LIMIT, 1, "unquoted string"),
    ("8 MiB of a in YAML", "a.yaml", lambda: b"a" * LIMIT, 1, "not-an-algorithm"),
    ("8 MiB of &", "a.yaml", lambda: b"&" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of *", "a.yaml", lambda: b"*" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of !", "a.yaml", lambda: b"!" * LIMIT, 1, ""),
    ("8 MiB of %", "a.yaml", lambda: b"%" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of |", "a.yaml", lambda: b"|" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of :", "a.yaml", lambda: b":" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of ': '", "a.yaml", lambda: b": " * (LIMIT // 2), 1, ""),
    ("8 MiB of commas", "a.json", lambda: b"," * LIMIT, 1, "expected a value, found ','"),
    ("8 MiB of NUL", "a.json", lambda: b"\0" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of NUL in YAML", "a.yaml", lambda: b"\0" * LIMIT, 1, "invalid-syntax"),
    ("8 MiB of 0xFF", "a.json", lambda: b"\xff" * LIMIT, 1, "byte 0xff"),
    ("8 MiB of 0x80", "a.json", lambda: b"\x80" * LIMIT, 1, "is not valid UTF-8"),
    ("8 MiB of tabs in YAML", "a.yaml", lambda: b"a:\n" + b"\t" * (LIMIT - 3), 1, ""),
    ("just below the limit", "a.json", lambda: FAULTY.encode() + b" " * (LIMIT - len(FAULTY)), 1, "pattern-mismatch"),
    ("just over the limit", "a.json", lambda: FAULTY.encode() + b" " * (LIMIT - len(FAULTY) + 1), 2, "8,388,608 (--max-file-size)"),
    ("one description of 8 MiB", "a.json", lambda: HEAD + b'"AlgorithmDescription": "' + b"x" * (LIMIT - 100) + b'"}', 1, "string-length"),
    ("a million keys", "a.json", lambda: HEAD[:-2] + b"".join(b',"%x":1' % i for i in range(600_000)) + b"}", 1, "more than 100,000 values"),
    ("a million tags' worth of keys in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTags: []\n" + b"".join(b"%x: 1\n" % i for i in range(800_000)), 1, "more than 100,000 values"),
    ("a million hyperparameters", "a.json", lambda: hyperparameters(1_000_000), 1, "more than 100,000 values"),
    ("a million hyperparameters in YAML", "a.yaml", lambda: hyperparameters(1_000_000), 1, "more than 100,000 values"),
    ("a million tags", "a.json", lambda: tagged(",".join(["{}"] * 1_000_000)), 1, "more than 100,000 values"),
    ("a million numbers for tags", "a.json", lambda: tagged(",".join(["1"] * 1_000_000)), 1, "more than 100,000 values"),
    ("90,000 keys", "a.json", lambda: HEAD[:-2] + b"".join(b',"%x":1' % i for i in range(90_000)) + b"}", 1, "89,900 more keys are not fields"),
    ("90,000 hyperparameters", "a.json", lambda: hyperparameters(90_000), 1, "only the first 1,000 of 90,000 items"),
    ("90,000 hyperparameters in YAML", "a.yaml", lambda: hyperparameters(90_000), 1, "only the first 1,000 of 90,000 items"),
    ("90,000 tags", "a.json", lambda: tagged(",".join(["{}"] * 90_000)), 1, "only the first 1,000 of 90,000 items"),
    ("as many findings as fit", "a.json", lambda: minified(15_000), 1, "500 more findings"),
    ("as many findings as fit in YAML", "a.yaml", lambda: minified(15_000), 1, "500 more findings"),
    ("as many findings as fit in 15 containers", "a.json", lambda: containers(15), 1, "more findings of this rule"),
    ("1e5 aliases", "a.yaml", lambda: b"AlgorithmName: a\nTags: [&a 1, " + b"*a," * D + b"]", 1, "only the first 1,000 of 100,001 items"),
    ("8 MiB of aliases", "a.yaml", lambda: b"AlgorithmName: a\nTags: [&a 1, " + b"*a," * 2_600_000 + b"]", 1, "more than 100,000 values"),
    ("8 MiB of empty lists", "a.json", lambda: b"[" + b"[]," * 2_700_000 + b"[]]", 1, "more than 100,000 values"),
    ("8 MiB of empty lists in YAML", "a.yaml", lambda: b"[" + b"[]," * 2_700_000 + b"[]]", 1, "more than 100,000 values"),
    ("8 MiB of short texts", "a.json", lambda: b"[" + b'"ab",' * 1_600_000 + b"1]", 1, "more than 100,000 values"),
    ("8 MiB of nested lists", "a.json", lambda: b"[" + (b"[" * 150 + b"]" * 150 + b",") * 27_000 + b"1]", 1, "more than 100,000 values"),
    ("8 MiB of nested lists in YAML", "a.yaml", lambda: b"[" + (b"[" * 150 + b"]" * 150 + b",") * 27_000 + b"1]", 1, "more than 100,000 values"),
    ("8 MiB of tagged values", "a.yaml", lambda: b"[" + b"!a b," * 1_600_000 + b"1]", 1, "more than 100,000 values"),
    ("8 MiB of complex keys", "a.yaml", lambda: b"{" + b"? [a] : b, " * 700_000 + b"}", 1, "more than 100,000 values"),
    ("8 MiB of list items", "a.yaml", lambda: b"- a\n" * 2_000_000, 1, "more than 100,000 values"),
    ("8 MiB of escapes, faulty", "a.json", lambda: b'"' + b"\\n" * 4_000_000 + b"\\x", 1, "invalid escape"),
    ("8 MiB of escapes and a key twice", "a.json", lambda: HEAD + b'"Tags": [], "Tags": [], "AlgorithmDescription": "' + b"\\n" * 4_000_000 + b'"}', 1, "duplicate-key"),
    ("8 MiB of e+", "a.json", lambda: b"1" + b"e+" * 4_000_000, 1, "invalid-syntax"),
    ("8 MiB of short lines and a fault", "a.yaml", lambda: b"#\n" * 4_000_000 + b"AlgorithmName: a b\nTags: []\n", 1, "a.yaml:4000001:"),
    ("findings far along a line of spaces", "a.json", lambda: b" " * 7_000_000 + minified(6000), 1, "unknown-field"),
    ("the same tag 20,000 times", "a.json", lambda: tagged(",".join(['{"Key":"k","Value":"v"}'] * N)), 1, ""),
    ("20,000 tags of AWS's own", "a.json", lambda: tagged(",".join(f'{{"Key":"aws:{i}","Value":"v"}}' for i in range(N))), 1, ""),
    ("90,000 duplicate keys", "a.json", lambda: HEAD + b",".join([b'"Tags": []'] * 90_000) + b"}", 1, "duplicate-key"),
    ("90,000 duplicate keys in YAML", "a.yaml", lambda: b"AlgorithmName: a\n" + b"Tags: []\n" * 90_000, 1, "duplicate-key"),
    ("90,000 unknown fields", "a.json", lambda: quoted_keys([f"Training{i}" for i in range(90_000)]), 1, "unknown-field"),
    ("90,000 unknown fields in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTags: []\n" + b"".join(b"Training%d: 1\n" % i for i in range(90_000)), 1, "unknown-field"),
    ("20,000 objects with an unknown field", "a.json", lambda: training(SupportedHyperParameters=[{"Name": "a", "Typ": "b"}] * N), 1, "unknown-field"),
    ("90,000 faulty texts", "a.json", lambda: training(SupportedTrainingInstanceTypes=[f"ml.m5.{i}xlarge" for i in range(90_000)]), 1, "unknown-instance-type"),
    ("90,000 faulty texts in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTrainingSpecification:\n  SupportedTrainingInstanceTypes:\n" + b"".join(b"  - ml.m5.%dxlarge\n" % i for i in range(90_000)), 1, "unknown-instance-type"),
    ("20,000 broken expressions", "a.json", lambda: training(MetricDefinitions=[{"Name": "a", "Regex": "("}] * N), 1, ""),
    ("20,000 hyperparameters of one name", "a.json", lambda: training(SupportedHyperParameters=[{"Name": "a", "Type": "Integer", "DefaultValue": "x"}] * N), 1, ""),
    ("20,000 channels", "a.json", lambda: training(TrainingChannels=[{"Name": "a b", "SupportedContentTypes": [], "SupportedInputModes": ["FILE"]}] * N), 1, ""),
    ("20,000 dates in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTags:\n" + b"- {Key: 2020-01-01, Value: no}\n" * N, 1, "implicit-yaml-scalar"),
    ("8 MiB on one line with findings", "a.json", minified, 1, "more than 100,000 values"),
    ("8 MiB on one line with findings in YAML", "a.yaml", minified, 1, "more than 100,000 values"),
    ("lone surrogate escaped", "a.json", lambda: HEAD + b'"AlgorithmDescription": "\\ud800", "\\udc00": 1}', 1, "\\udc00"),
    ("lone surrogate escaped in YAML", "a.yaml", lambda: HEAD + b'"AlgorithmDescription": "\\ud800", "\\udc00": 1}', 1, "\\udc00"),
    ("many surrogate escapes in YAML", "a.yaml", lambda: HEAD + b'"x": "' + b"\\ud83d\\ude00" * 600_000 + b'"}', 1, "unknown-field"),
    ("surrogate escapes in YAML that nothing can cover", "a.yaml", lambda: b'AlgorithmName: "a \\ud83d"\nTags: []\nx: ' + "".join(map(chr, range(0xE000, 0xF900))).encode(), 1, "missing-field"),
    ("lone surrogates between letters in YAML", "a.yaml", lambda: HEAD + b'"x": "' + b"\\ud83da" * 1_000_000 + b'"}', 1, "unknown-field"),
    ("lone surrogate raw", "a.json", lambda: b'{"AlgorithmName": "\xed\xa0\x80"}', 1, "byte 0xed is not valid UTF-8"),
    ("overlong UTF-8", "a.json", lambda: b'{"AlgorithmName": "\xc0\xaf"}', 1, "byte 0xc0 is not valid UTF-8"),
    ("overlong NUL", "a.yaml", lambda: b"AlgorithmName: \xc0\x80", 1, "byte 0xc0 is not valid UTF-8"),
    ("beyond Unicode", "a.json", lambda: b'{"AlgorithmName": "\xf4\x90\x80\x80"}', 1, "byte 0xf4 is not valid UTF-8"),
    ("bidirectional controls", "a.json", lambda: HEAD + '"\u202e\u2066gnp.exe": "\u200f"}'.encode(), 1, "'\\u202e\\u2066gnp.exe'"),
    ("control characters escaped", "a.json", lambda: HEAD + b'"\\u001b[2J\\u0000": 1}', 1, "'\\x1b[2J\\x00'"),
    ("NUL", "a.json", lambda: b'{"AlgorithmName": "\0"}', 1, "control character U+0000"),
    ("NUL in YAML", "a.yaml", lambda: b"AlgorithmName: \0", 1, "U+0000"),
    ("NUL after the end", "a.json", lambda: FAULTY.encode() + b"\0", 1, "invalid-syntax"),
    ("UTF-16", "a.json", lambda: FAULTY.encode("utf-16"), 1, "the file is encoded as UTF-16"),
    ("UTF-16 big end first", "a.yaml", lambda: b"\xfe\xff" + FAULTY.encode("utf-16-be"), 1, "the file is encoded as UTF-16"),
    ("UTF-32", "a.json", lambda: FAULTY.encode("utf-32"), 1, "the file is encoded as UTF-32"),
    ("UTF-32 big end first", "a.json", lambda: b"\0\0\xfe\xff" + FAULTY.encode("utf-32-be"), 1, "the file is encoded as UTF-32"),
    ("UTF-16 without a mark", "a.json", lambda: FAULTY.encode("utf-16-le"), 1, "invalid-syntax"),
    ("two byte order marks", "a.json", lambda: b"\xef\xbb\xbf" * 2 + FAULTY.encode(), 1, "invalid-syntax"),
    ("UTF-7 mark", "a.json", lambda: b"+/v8-" + FAULTY.encode(), 1, "invalid-syntax"),
    ("5,000 digits", "a.json", lambda: HEAD + b'"x": ' + b"7" * 5000 + b"}", 1, "5,000 digits"),
    ("4,000 digits", "a.json", lambda: HEAD + b'"x": ' + b"7" * 4000 + b"}", 1, "unknown-field"),
    ("5,000 hexadecimal digits in YAML", "a.yaml", lambda: b"AlgorithmName: 0x" + b"f" * 5000, 1, "digits"),
    ("8 MiB of hexadecimal digits in YAML", "a.yaml", lambda: b"AlgorithmName: 0x" + b"f" * (LIMIT - 20), 1, "digits"),
    ("8 MiB of binary digits in YAML", "a.yaml", lambda: b"AlgorithmName: 0b" + b"1" * (LIMIT - 20), 1, "digits"),
    ("1e999999", "a.json", lambda: HEAD + b'"x": 1e999999}', 1, "is out of range"),
    ("1e999999 in YAML", "a.yaml", lambda: b"AlgorithmName: a\nTags: 1e999999\n", 1, ""),
    ("1e-999999999", "a.json", lambda: HEAD + b'"x": 1e-999999999}', 1, "unknown-field"),
    ("a bound of 1e999999999", "a.json", lambda: training(SupportedHyperParameters=[{"Name": "a", "Type": "Integer", "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1e999999999", "MaxValue": "1e999999999999"}}, "DefaultValue": "9" * 2000}]), 1, ""),
    ("long sexagesimal in YAML", "a.yaml", lambda: b"%YAML 1.1\n---\nAlgorithmName: 1" + b":59" * 100_000, 1, ""),
    ("Python object tags", "a.yaml", lambda: b"AlgorithmName: !!python/object/apply:os.system ['echo pwned']\nTags: !!python/name:os.system x", 1, ""),
    ("Python module tags", "a.yaml", lambda: b"AlgorithmName: !!python/module:antigravity x\nx: !<tag:yaml.org,2002:python/object/new:os.popen> [id]\nTags: []", 1, "unknown-field"),
    ("100,000 tag directives", "a.yaml", lambda: b"".join(b"%%TAG !%d! tag:x,2000:\n" % i for i in range(D)) + b"---\nAlgorithmName: a b\nTags: []\n", 1, ""),
    ("a very long key", "a.json", lambda: HEAD + b'"' + b"k" * 1_000_000 + b'": 1}', 1, "unknown-field"),
    ("a very long key in YAML", "a.yaml", lambda: HEAD + b'"' + b"k" * 1_000_000 + b'": 1}', 1, ""),
    ("1,000 long keys", "a.json", lambda: HEAD + b",".join(b'"%d%s": 1' % (i, b"k" * 8000) for i in range(1000)) + b"}", 1, "unknown-field"),
    ("keys with / and ~", "a.json", lambda: HEAD + b'"a/b~c": 1, "~1": 2, "": 3}', 1, "'a/b~c'"),
    ("keys that Python knows", "a.json", lambda: quoted_keys(["__class__", "__proto__", "__init__", "self", "%s", "{0}"]), 1, "'__proto__'"),
    ("thousands of documents", "a.yaml", lambda: b"---\nAlgorithmName: a b\nTags: []\n" * 10_000, 1, "pattern-mismatch"),
    ("100,000 empty documents", "a.yaml", lambda: b"---\n" * D, 1, "the file is empty"),
    ("2,000 documents with an alias each", "a.yaml", lambda: b"---\nAlgorithmName: a b\nTags: [&a {Key: a, Value: b}, *a]\n" * 2000, 1, "pattern-mismatch"),
    ("90,000 documents and what may be an anchor", "a.yaml", lambda: b"--- a\n" * 90_000 + b"--- '&'\n", 1, "not-an-algorithm"),
    ("9,000 documents in a template", "a.yaml", lambda: b"{{ x }}\n" + b"---\nAlgorithmName: a b\nTags: []\n" * 9000, 1, "pattern-mismatch"),
    ("4,000 documents in a condition", "a.yaml", lambda: b"{% if x %}\n" + b"---\nAlgorithmName: a b\nTags: []\n" * 4000 + b"{% endif %}\n", 1, "pattern-mismatch"),
    ("a line of open comments of a template", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n{{ x }} " + b"{#" * 400_000, 1, "the template could not be read"),
    ("a line of open expressions of a template", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n{{ x }} " + b"{{" * 400_000, 1, "the template could not be read"),
    ("90,000 values 190 levels deep in a template", "a.yaml", lambda: b"{% if x %}\nb: 1\n{% endif %}\nAlgorithmName: a b\nTags: []\nx: " + b"[" * 190 + b",".join([b"1"] * 90_000) + b"]" * 190, 1, "pattern-mismatch"),
    ("AWS::NoValue 30,000 times 190 levels deep", "a.json", lambda: b'{"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": "a b", "Tags": ' + b"[" * 185 + b",".join([b'{"Ref": "AWS::NoValue"}'] * 30_000) + b"]" * 185 + b"}}}}", 1, "pattern-mismatch"),
    ("40,000 scripts in YAML", "a.yaml", lambda: b"# create-algorithm\nx:\n" + b"  - |\n    echo 1\n" * 40_000, 1, "not-an-algorithm"),
    ("15,000 parameters, 500 algorithms", "a.json", lambda: b'{"Parameters": {' + b",".join(b'"P%d": {"Type": "String", "Default": "a"}' % n for n in range(15_000)) + b'}, "Resources": {' + b",".join(b'"A%d": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Ref": "P1"}}}' % n for n in range(500)) + b"}}", 1, "missing-field"),
    ("100,000 documents of a word", "a.yaml", lambda: b"--- a\n" * (D - 9), 1, "not-an-algorithm"),
    ("template marks unclosed", "a.json", lambda: HEAD + b'"AlgorithmDescription": "' + b"{{" * 1_000_000 + b'"}', 1, ""),
    ("template marks in a name", "a.json", lambda: b'{"AlgorithmName": "' + b"{{" * 1_000_000 + b'", "Tags": []}', 1, ""),
    ("template marks in YAML", "a.yaml", lambda: b'AlgorithmName: "' + b"{{" * 1_000_000 + b'"\nTags: []\n', 1, ""),
    ("template marks in a broken text", "a.json", lambda: HEAD + b'"x": {{ x }}, "' + b'\\"' * 400_000, 1, "invalid-syntax"),
    ("quotes and marks unclosed", "a.yaml", lambda: b"AlgorithmName: {{ x }}\nTags: []\nx: " + b"'{{ " * 200_000, 1, ""),
    ("expressions on one line", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\nx: " + b"{{ x }}" * 140_000, 1, ""),
    ("2,000 expressions on one line", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\nx: " + b"{{ x }}" * 1990 + b"a" * 1_000_000, 1, "pattern-mismatch"),
    ("2,000 expressions on one line in JSON", "a.json", lambda: HEAD + b'"x": [' + b"{{ x }}, " * 1990 + b'"' + b"a" * 1_000_000 + b'"]}', 1, "unknown-field"),
    ("100,000 lines of expressions", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"{{ x }}\n" * D, 1, ""),
    ("100,000 conditions unclosed", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"{% if x %}\n" * 90_000, 1, ""),
    ("2,000 conditions in one another", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"{% if x %}\n" * 990 + b"{% endif %}\n" * 990, 1, "pattern-mismatch"),
    ("1,000 conditions side by side", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"{% if x %}\n\nx: 1\n{% endif %}\n" * 990, 1, "pattern-mismatch"),
    ("8 MiB of conditions", "a.yaml", lambda: b"{% if x %}{% endif %}\n" * 360_000, 1, ""),
    ("dollar braces unclosed", "a.json", lambda: b'{"AlgorithmName": "' + b"${" * 1_000_000 + b'", "Tags": []}', 1, ""),
    ("angle brackets unclosed", "a.json", lambda: b'{"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": "' + b"<" * 1_000_000 + b'"}}', 1, ""),
    ("an ARN of colons", "a.json", lambda: b'{"AlgorithmName": "a", "ValidationSpecification": {"ValidationRole": "arn:' + b":" * 1_000_000 + b'"}}', 1, ""),
    ("an S3 address of slashes", "a.json", lambda: b'{"AlgorithmName":"a","InferenceSpecification": {"Containers": [{"ModelDataUrl": "s3://' + b"/" * 1_000_000 + b'"}]}}', 1, ""),
    ("dots and slashes in an image", "a.json", lambda: b'{"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": "' + b"a./" * 300_000 + b'"}}', 1, ""),
    ("a long content type", "a.json", lambda: b'{"AlgorithmName":"a","InferenceSpecification":{"SupportedContentTypes":["' + b"a/" * 500_000 + b'"]}}', 1, ""),
    ("50,000 suppressions", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"# algolint: ignore[pattern-mismatch] x\n" * 50_000, 1, ""),
    ("8 MiB of suppressions", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n" + b"# algolint: ignore[pattern-mismatch] x\n" * 210_000, 1, "unused-suppression"),
    ("a suppression among many findings", "a.yaml", lambda: minified(15_000) + b" # algolint: ignore[pattern-mismatch]", 1, "unknown-field"),
    ("50,000 environment entries", "a.json", lambda: json.dumps({"AlgorithmName": "a", "InferenceSpecification": {"Containers": [{"Image": IMAGE, "Environment": {f"k-{i}": "x" for i in range(50_000)}}]}}).encode(), 1, ""),
    ("90,000 secrets", "a.json", lambda: json.dumps({"AlgorithmName": "a", "InferenceSpecification": {"Containers": [{"Image": IMAGE, "Environment": {f"PASSWORD_{i}": f"q7Zr2LxV9sTb{i}" for i in range(90_000)}}]}}).encode(), 1, ""),
    ("parentheses in Python", "a.py", lambda: call(b"(" * D + b")" * D), 1, "tokens"),
    ("parentheses in Python, fewer", "a.py", lambda: call(b"(" * 1000 + b")" * 1000), 1, "not valid Python"),
    ("minus signs in Python", "a.py", lambda: call(b"-" * 90_000 + b"1"), 1, "nested too deeply"),
    ("a long sum in Python", "a.py", lambda: call(b"+".join([b"1"] * 40_000)), 1, "nested too deeply"),
    ("a short sum in Python", "a.py", lambda: call(b"+".join([b'"a"'] * 900)), 1, "nested too deeply"),
    ("calls of calls in Python", "a.py", lambda: call(b"a" + b"()" * 40_000), 1, "nested too deeply"),
    ("20,000 elif", "a.py", lambda: b"if x: pass\n" + b"elif x: pass\n" * 20_000 + call(b"{}"), 1, "nested too deeply"),
    ("a million items in Python", "a.py", lambda: call(b"[" + b"1," * 1_000_000 + b"]"), 1, "tokens"),
    ("45,000 items in Python", "a.py", lambda: call(b'{"SupportedHyperParameters": [' + b"{}," * 30_000 + b"]}"), 1, "pattern-mismatch"),
    ("45,000 statements in Python", "a.py", lambda: b"a\n" * 99_000 + call(b"{}"), 1, ""),
    ("a huge f-string", "a.py", lambda: call(b'f"' + b"{x}" * 2_500_000 + b'"'), 1, "tokens"),
    ("a large f-string", "a.py", lambda: call(b'f"' + b"{x}" * 33_000 + b'"'), 1, "pattern-mismatch"),
    ("a string of 8 MiB in Python", "a.py", lambda: call(b'{"TrainingImage": "' + b"x" * (LIMIT - 200) + b'"}'), 1, "pattern-mismatch"),
    ("8 MiB of digits in Python", "a.py", lambda: call(b"1" * (LIMIT - 200)), 1, "invalid-syntax"),
    ("NUL in Python", "a.py", lambda: call(b'"\0"'), 1, "a.py:1:69: error: control character U+0000"),
    ("a list that doubles", "a.py", lambda: b"x = [1]\n" + b"x.extend(x)\n" * 60 + call(b"x"), 1, "pattern-mismatch"),
    ("lists that double", "a.py", lambda: doubling(b"[1]", b"[*x%d, *x%d]"), 1, "pattern-mismatch"),
    ("texts that double", "a.py", lambda: doubling(b'"x"', b"x%d + x%d"), 1, "pattern-mismatch"),
    ("dicts that double", "a.py", lambda: doubling(b"{}", b'{"a": x%d, "b": x%d}'), 1, "more than 100,000 values"),
    ("a text put in for each letter", "a.py", lambda: b'x = "a"\n' + b'x = x.replace("a", "aa")\n' * 40 + call(b"x"), 1, "pattern-mismatch"),
    ("powers and products", "a.py", lambda: call(b'[9**9**9, "x" * 10**12, [1] * 10**12, "%999999999d" % 1, f"{1:999999999}"]'), 1, "pattern-mismatch"),
    ("a dict in itself", "a.py", lambda: b'x = {}\nx["a"] = x\n' + call(b"x"), 1, "unknown-field"),
    ("one value sent 2,000 times", "a.py", lambda: b'x = {"SupportedHyperParameters": [' + b"{}," * 2000 + b"]}\n" + call(b"x") * 2000, 1, "more than 100,000 values"),
    ("6,000 calls", "a.py", lambda: call(b"{}") * 6000, 1, "more than 100,000 values"),
    ("4,000 calls", "a.py", lambda: call(b"{}") * 4000, 1, "pattern-mismatch"),
    ("loops in loops", "a.py", lambda: b"".join(b" " * i + b"for i in x:\n" for i in range(19)) + b" " * 19 + call(b"{}"), 1, "pattern-mismatch"),
    ("functions that call twice", "a.py", lambda: b"".join(b"def f%d(): f%d(); f%d()\n" % (i, i + 1, i + 1) for i in range(200)) + call(b"{}"), 1, "pattern-mismatch"),
    ("a notebook of the wrong types", "a.ipynb", lambda: b'{"cells": [1, null, {"cell_type": 1, "source": {}}, {"cell_type": "code", "source": [1, null, {}]}, {"cell_type": ["code"], "source": "create_algorithm"}], "metadata": [], "nbformat": "x"}', 1, ""),
    ("a notebook of other wrong types", "a.ipynb", lambda: b'{"cells": {"a": "create_algorithm"}, "worksheets": [1, {"cells": 2}], "metadata": {"kernelspec": 1, "language_info": []}}', 1, ""),
    ("a notebook that is a text", "a.ipynb", lambda: b'"create_algorithm"', 1, ""),
    ("a deep notebook", "a.ipynb", lambda: notebook(CALL, more=b"[" * D + b"]" * D), 1, "nested more than 200"),
    ("a notebook of many objects", "a.ipynb", lambda: notebook(CALL, more=b"[" + b'{"":1},' * 1_100_000 + b"1]"), 1, "more than 500,000 objects"),
    ("a notebook of many numbers", "a.ipynb", lambda: notebook(CALL, more=b"[" + b"1.5," * 1_900_000 + b"1]"), 1, "pattern-mismatch"),
    ("100,000 cells", "a.ipynb", lambda: notebook(*["x"] * D, CALL), 1, "more than 10,000 cells"),
    ("3,000 calls in one cell", "a.ipynb", lambda: notebook(CALL * 3000), 1, "pattern-mismatch"),
    ("80 lines of 90,000 spaces in a cell", "a.ipynb", lambda: notebook((" " * 90_000 + "\n") * 80 + "x y", CALL), 1, "pattern-mismatch"),
    ("a command of 8 MiB in a cell", "a.ipynb", lambda: notebook("!" + " " * 8_000_000 + "x y", CALL), 1, "pattern-mismatch"),
    ("quotes and backslashes in a cell", "a.ipynb", lambda: notebook('"\\' * 40_000 + " x y", CALL), 1, "pattern-mismatch"),
    ("NUL in a cell", "a.ipynb", lambda: notebook('x = "\0"', CALL), 1, "pattern-mismatch"),
    ("half a surrogate pair in a cell", "a.ipynb", lambda: notebook('x = "\ud800"', CALL), 1, "pattern-mismatch"),
    ("brackets in Terraform", "a.tf", lambda: terraform(b"x = " + b"[" * 40_000 + b"]" * 40_000), 1, "nested more than 200"),
    ("blocks in Terraform", "a.tf", lambda: terraform(b"a {\n" * 30_000 + b"}\n" * 30_000), 1, "nested more than 200"),
    ("unclosed Terraform", "a.tf", lambda: terraform(b"{" * 90_000), 1, "expected an argument or a block"),
    ("8 MiB of braces in Terraform", "a.tf", lambda: terraform(b"{" * (LIMIT - 100)), 1, "more than 1,048,576 characters"),
    ("a million items in Terraform", "a.tf", lambda: terraform(b"x = [" + b"1," * 500_000 + b"]"), 1, "tokens"),
    ("a mebibyte in quotes in Terraform", "a.tf", lambda: terraform(b'x = "' + b"x" * 1_048_000 + b'"'), 1, "unknown-field"),
    ("templates in Terraform", "a.tf", lambda: terraform(b'x = "' + b"${" * 20_000 + b"1" + b"}" * 20_000 + b'"'), 1, "invalid-syntax"),
    ("10,000 resources", "a.tf", lambda: terraform(b"") * 9_000, 1, ""),
    ("comments in Terraform", "a.tf", lambda: terraform(b"# algolint: ignore[x]\n" * 15_000), 1, "pattern-mismatch"),
    ("Terraform's JSON of the wrong types", "a.tf.json", lambda: b'{"resource": {"aws_sagemaker_algorithm": {"a": [1, 2], "b": null, "c": {"dynamic": [1, null, {"tags": 1}], "tags": 5}, "d": {"dynamic": 5}, "e": {"dynamic": "ab", "tags": {"a": []}}}}}', 1, "wrong-type"),
    ("45,000 resources in Terraform's JSON", "a.tf.json", lambda: b'{"resource": {"aws_sagemaker_algorithm": {' + b",".join(b'"x%d": {"a":1}' % i for i in range(45_000)) + b"}}}", 1, "more than 500 algorithms"),
    ("14,000 resources in CloudFormation", "a.yaml", lambda: b"Resources:\n" + b"".join(b' x%d: {Type: "AWS::SageMaker::Algorithm", Properties: {AlgorithmName: a b}}\n' % i for i in range(14_000)), 1, "more than 500 algorithms"),
    ("CloudFormation of the wrong types", "a.template", lambda: b'{"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": 5}, "B": {"Type": "AWS::SageMaker::Algorithm", "Properties": [1]}, "C": {"Type": ["AWS::SageMaker::Algorithm"]}, "D": [], "E": {"Type": "AWS::SageMaker::Algorithm", "Properties": null}}}', 1, "wrong-type"),
    ("AWS::NoValue 60,000 times", "a.yaml", lambda: cloudformation(b"Tags:\n" + b"    - !Ref AWS::NoValue\n" * 60_000), 1, "pattern-mismatch"),
    ("one large resource 300 times", "a.yaml", lambda: b'x: &x {Type: "AWS::SageMaker::Algorithm", Properties: {AlgorithmName: a b, TrainingSpecification: {SupportedHyperParameters: [' + b"{}," * 300 + b"{}]}}}\nResources:\n" + b"".join(b" x%d: *x\n" % i for i in range(300)), 1, "more documents are not linted"),
    ("300 documents of faults", "a.yaml", lambda: (b"AlgorithmName: a b\nTrainingSpecification: {SupportedHyperParameters: [" + b"{}," * 320 + b"{}]}\n---\n") * 300, 1, "more than 10,000 findings; 269 more documents"),
    # One budget for what grows with the product of two numbers: names and candidates, names and rules, patterns and steps.
    ("50,000 patterns of rules in a comment", "a.yaml", lambda: b"# algolint: ignore-file[" + b",".join(b"r%d*" % i for i in range(50_000)) + b"]\nAlgorithmName: a b\nTags: []\n", 1, "pattern-mismatch"),
    ("3,000 misspelt names in a comment", "a.yaml", lambda: b"# algolint: ignore-file[" + b",".join(b"unknown-feld%d" % i for i in range(3_000)) + b"]\nAlgorithmName: a b\nTags: []\n", 1, "pattern-mismatch"),
    ("80,000 misspelt groups of 1,000", "a.json", lambda: misspelt_groups(1_000, 80), 1, "is not the InstanceGroupName"),
    ("50,000 misspelt hyperparameters of 1,000", "a.json", lambda: misspelt_hyperparameters(1_000, 50), 1, "item-count"),
    ("1,000 patterns that take long to analyse", "a.json", lambda: metrics("(?:[a-z]+|[0-9]*)+x{1,%d}" * 16), 1, "item-count"),
    ("1,000 patterns of many groups", "a.json", lambda: metrics("(a|b|c)*" * 40 + "%d"), 1, "item-count"),
    ("1,000 patterns of alternatives", "a.json", lambda: metrics("|".join(f"a{k}x%d" for k in range(40))), 1, "metric-regex"),
    ("1,000 objectives that are nearly metrics", "a.json", lambda: training(MetricDefinitions=[{"Name": f"validation:accuracy_{k}", "Regex": f"a{k}=(.*)"} for k in range(1000)], SupportedTuningJobObjectiveMetrics=[{"Type": "Maximize", "MetricName": f"validaton:accuracy_{k}"} for k in range(1000)]), 1, "did you mean"),
    ("an accepted type of 8 MB", "a.json", lambda: transformed(accepted="text/csv" + ",a" * 3_900_000), 1, "string-length"),
    ("a content type of 8 MB", "a.json", lambda: transformed("text/csv" + ",a" * 3_900_000), 1, "string-length"),
    ("9,500 documents below a comment", "a.yaml", lambda: b"# algolint: ignore[pattern-mismatch]\n" + b"---\nAlgorithmName: a b\nTags: [{Key: a, Value: b}]\n" * 9500, 1, "pattern-mismatch"),
    ("500 defaults out of range", "a.json", lambda: training(SupportedHyperParameters=[{"Name": f"p{k}", "Type": "Integer", "IsTunable": True, "IsRequired": True, "DefaultValue": "500", "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "100"}}} for k in range(500)]), 1, "hp-"),
    ("700 metrics with names in another case", "a.json", lambda: training(MetricDefinitions=[{"name": f"m{k}", "Regex": f"loss{k}=([0-9]+) and something else that is long", "x": 1} for k in range(700)]), 1, "unknown-field"),
    ("30,000 additions in a shell script", "a.sh", lambda: b"x=$((" + b"1+" * 30_000 + b"1))\naws sagemaker create-algorithm --algorithm-name 'a b'\n", 1, "pattern-mismatch"),
    ("an indented heredoc of 45,000 lines", "a.tf", lambda: terraform(b"algorithm_description = <<-E\n" + b"  a\n" * 45_000 + b"  E\n"), 1, "string-length"),
    ("a text that 16,000 statements add to", "a.py", lambda: b'import boto3\ns = ""\n' + b's += "aaaaaaaaaaaaaaaa"\n' * 16_000 + b'boto3.client("sagemaker").create_algorithm(AlgorithmName=s)\n', 1, "missing-field"),
    ("a cell with a text of 7 MB", "a.ipynb", lambda: notebook("import boto3\nboto3.client('sagemaker').create_algorithm(AlgorithmName='a b')\n", 'x = "' + "x" * 7_500_000 + '"\n'), 1, "pattern-mismatch"),
    # What looks for secrets in the lines that are shown.
    ("a million names with passwords", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n# " + b'password1: Abcdefg1, ' * 380_000, 1, "pattern-mismatch"),
    ("a million beginnings of private keys", "a.yaml", lambda: b"AlgorithmName: a b\nTags: []\n# " + b"-----BEGIN PRIVATE KEY-----" * 290_000, 1, "pattern-mismatch"),
    ("a signature of 3 MB that repeats itself", "a.json", lambda: b'{"AlgorithmName": "a b", "Tags": [], "x": "' + b"X-Amz-Signature=" * 190_000 + b'"}', 1, "unknown-field"),
    ("a million escapes of letters", "a.json", lambda: b'{"AlgorithmName": "a b", "Tags": [], "x": "' + b"\\u0041" * 1_300_000 + b'"}', 1, "unknown-field"),
    ("60 KiB of YAML that takes the parser of the AWS CLI", "a.yaml", lambda: "x: &é 1\ny: [".encode() + b"a: b," * 12_000 + b"]\nAlgorithmName: a b\nTags: []\n", 1, "unknown-field"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.json").write_text(CLEAN)
    (tmp_path / "faulty.json").write_text(FAULTY)
    return tmp_path


def check(done: Done, code: int, words: str) -> None:
    """Check properties of every run: an answer, in time, in little memory, and the other files are linted."""
    assert done.code == code, done.err[-500:]
    assert words in done.out + done.err
    assert "Traceback" not in done.err
    assert "faulty.json:1:19: error: 'a b' contains ' '" in done.out
    assert done.out.isprintable() or all(line.isprintable() for line in done.out.split("\n"))
    assert done.seconds <= seconds()
    assert done.megabytes <= MEGABYTES


@pytest.mark.parametrize(
    ("name", "make", "code", "words"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_a_hostile_file(folder: Path, name: str, make: Callable[[], bytes], code: int, words: str) -> None:
    (folder / name).write_bytes(make())
    check(run(folder, "--format", "concise", name, "good.json", "faulty.json"), code, words)


WORST = (
    "as many findings as fit",
    "as many findings as fit in YAML",
    "as many findings as fit in 15 containers",
    "findings far along a line of spaces",
    "90,000 secrets",
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", WORST)
def test_no_report_takes_long(folder: Path, what: str, form: str) -> None:
    name, make = next((row[1], row[2]) for row in FILES if row[0] == what)
    (folder / name).write_bytes(make())
    done = run(folder, "--format", form, "--show-info", name)
    assert done.code == 1, done.err[-500:]
    assert done.out
    assert done.seconds <= 2 * seconds()
    assert done.megabytes <= MEGABYTES


@pytest.mark.parametrize(
    "what", [*WORST, "500 defaults out of range", "700 metrics with names in another case"]
)
def test_no_fix_takes_for_ever(folder: Path, what: str) -> None:
    name, make = next((row[1], row[2]) for row in FILES if row[0] == what)
    (folder / name).write_bytes(make())
    done = run(folder, "--diff", "--unsafe-fixes", name)
    assert done.code in (0, 1), done.err[-500:]
    assert done.seconds <= 15
    assert done.megabytes <= 2 * MEGABYTES


NOT_COMMENTED = (
    "8 MiB of 0xFF",
    "8 MiB of short lines and a fault",
    "90,000 duplicate keys in YAML",
    "one anchor redefined",
)


@pytest.mark.parametrize("what", NOT_COMMENTED)
def test_no_comment_takes_long(folder: Path, what: str) -> None:
    name, make = next((row[1], row[2]) for row in FILES if row[0] == what)
    (folder / name).write_bytes(make())
    done = run(folder, "--add-ignore", "--format", "concise", name)
    assert done.code == 1, done.err[-500:]
    assert "Traceback" not in done.err
    assert (folder / name).read_bytes() == make()
    assert done.seconds <= seconds()
    assert done.megabytes <= MEGABYTES


# ---------------------------------------------------------------- what is no regular file


def fifo(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def loop_of_two(path: Path) -> None:
    path.symlink_to("other.json")
    (path.parent / "other.json").symlink_to(path.name)


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def unreadable(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads every file")
    path.write_text(CLEAN)
    path.chmod(0)


def socket_file(path: Path) -> None:
    import socket

    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


# A description, how it is made, the message, and whether a walk through its folder reports it.
SPECIAL: list[tuple[str, Callable[[Path], None], str]] = [
    ("FIFO", fifo, "a.json: is not a regular file; use - to read standard input"),
    ("loop of links", loop, "a.json: Too many levels of symbolic links"),
    ("loop of two links", loop_of_two, "a.json: Too many levels of symbolic links"),
    ("link to nothing", link_to("gone"), "a.json: No such file or directory"),
    ("link to /dev/zero", link_to("/dev/zero"), "a.json: is not a regular file"),
    ("link to /dev/stdin", link_to("/dev/stdin"), "a.json: is not a regular file"),
    ("link to a folder", link_to("/dev"), ""),
    ("unreadable file", unreadable, "a.json: Permission denied"),
    ("socket", socket_file, "a.json: is not a regular file"),
    ("memory of the kernel", link_to("/proc/kcore"), "a.json: "),
    ("file without a size", link_to("/proc/self/status"), "invalid-syntax"),
]


@pytest.mark.parametrize(("make", "words"), [row[1:] for row in SPECIAL], ids=[row[0] for row in SPECIAL])
def test_what_is_no_regular_file(folder: Path, make: Callable[[Path], None], words: str) -> None:
    make(folder / "a.json")
    done = run(folder, "--format", "concise", "a.json", "good.json", "faulty.json")
    check(done, done.code, words)
    assert done.code in (1, 2)
    # A walk neither hangs nor leaves the folder.
    done = run(folder, "--format", "concise", ".")
    check(done, done.code, "")
    assert done.code in (1, 2)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/stdin", "/dev/tty", "/dev/full"])
def test_a_device(folder: Path, device: str) -> None:
    reading, writing = os.pipe()
    try:
        done = run(folder, "--format", "concise", device, "faulty.json", stdin=reading)
    finally:
        os.close(reading)
        os.close(writing)
    check(done, 2, device)


def test_folders_with_names_of_files(folder: Path) -> None:
    (folder / "x.json").mkdir()
    (folder / "x.json" / "y.json").write_text(FAULTY)
    done = run(folder, "--format", "concise", ".")
    check(done, 1, "x.json/y.json:1:19: error")
    (folder / "back").symlink_to(".", target_is_directory=True)
    assert run(folder, "--format", "concise", ".").out == done.out


def test_a_very_deep_folder(folder: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(600):
            os.mkdir("d")
            os.chdir("d")
        Path("deep.json").write_text(FAULTY)
    finally:
        os.chdir(here)
    check(run(folder, "--format", "concise", "."), 1, "deep.json:1:19: error")


@pytest.mark.parametrize(
    "name",
    [
        "a\nfaulty.json:1:1: error: x.json",
        "\x1b[31m.json",
        "\x1b]0;x\x07.yaml",
        "\u202egnp.json",
        " .json",
        "-x.json",
    ],
)
def test_names_are_not_commands(folder: Path, name: str) -> None:
    (folder / name).write_text(FAULTY)
    done = run(folder, "--format", "concise", ".")
    check(done, 1, "")
    assert len(done.out.splitlines()) == 2
    (folder / name).write_text("{")
    check(run(folder, "--format", "concise", "--", name, "faulty.json"), 1, "")


def test_a_name_that_is_no_unicode(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.json"))).write_text(FAULTY)
    for form in FORMATS:
        done = run(folder, "--format", form, ".")
        assert done.code == 1, (form, done.err)
        assert "Traceback" not in done.err


# ---------------------------------------------------------------- files that change meanwhile


def meanwhile(folder: Path, change: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return a run in which a file changes between being found and being read."""
    code = f"""
import os, sys
from algolint import source
from algolint.cli import main as cli
stat = os.stat
def changing(path, *rest, **more):
    done = stat(path, *rest, **more)
    if path == "a.json":
        {change}
    return done
source.os = type(sys)("os")
source.os.__dict__.update(vars(os) | {{"stat": changing}})
sys.exit(cli.run({list(arguments)!r}))
"""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=30
    )


CHANGES = [
    ("vanishes", "os.path.exists(path) and os.unlink(path)", "a.json: No such file or directory"),
    ("becomes a folder", "os.path.isfile(path) and (os.unlink(path), os.mkdir(path))", "a.json: is a directory"),
    ("grows", "open(path, 'ab').truncate(20_000_000)", "(--max-file-size)"),
    ("shrinks", "open(path, 'wb').close()", "the file is empty"),
    ("is cut in the middle", "open(path, 'ab').truncate(20)", "invalid-syntax"),
    ("becomes a FIFO", "os.path.isfile(path) and (os.unlink(path), os.mkfifo(path))", "a.json: is not a regular file"),
    ("becomes a link to a device", "os.path.isfile(path) and (os.unlink(path), os.symlink('/dev/zero', path))", "a.json: is not a regular file"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_a_file_that_changes_meanwhile(folder: Path, change: str, words: str) -> None:
    (folder / "a.json").write_text(CLEAN)
    done = meanwhile(folder, change, "--format", "concise", "a.json", "faulty.json")
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "faulty.json:1:19" in done.stdout


def test_a_file_that_is_written_all_the_time(folder: Path) -> None:
    """The reported text is from some version of the file, or it is a syntax error."""
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"while True:\n with open('a.json', 'w') as f:\n  for part in {[CLEAN[i : i + 9] for i in range(0, 60, 9)]!r}:\n   f.write(part); f.flush()",
        ],
        cwd=folder,
    )
    try:
        time.sleep(0.2)
        for _ in range(10):
            done = run(folder, "--format", "concise", "a.json", "faulty.json")
            check(done, 1, "")
    finally:
        writer.kill()
        writer.wait()
