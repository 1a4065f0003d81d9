"""Regular expressions and wildcards of users: the worst known ones, in bounded time.

The linter never matches a metric's expression, and only analyses its structure, within a budget. If a log is
given, the expression is matched against it, with time limits.
"""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import pytest
from conftest import Run

from algolint.compare import log, scan
from algolint.compare.metrics import Reading

# Patterns that take a backtracking engine, or an analysis, forever.

pytestmark = pytest.mark.slow

WORST = [
    "(a+)+$",
    "([a-zA-Z]+)*$",
    "(a|aa)+$",
    "(a|a?)+$",
    "(.*a){20}$",
    "(.*a){1,65535}(.*b){1,65535}",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "((((((((((a*)*)*)*)*)*)*)*)*)*)*$",
    "(x+x+)+y",
    "(?:a?){60}a{60}",
    "(a{0,1000}){0,1000}",
    "((a{1,100}){1,100}){1,100}",
    "(?:(?:(?:a|b)|(?:a|b))|(?:(?:a|b)|(?:a|b)))*c",
    "loss=(.*.*.*.*.*.*.*.*)=",
    "(?=(a+))a*b\\1",
    "(?i)(ſ|s|S)+k",
    "[" + "a-z" * 150 + "]+",
    "(" * 250 + "a" + ")" * 250,
    "(?:" * 100 + "a" + ")*" * 100,
    "(a|" * 120 + "b" + ")" * 120,
    "|".join("abcdefghij"[i % 10] * 3 for i in range(120)),
    "(\\d+|\\w+|\\s+|.)*" * 25,
    "\\" * 499,
    "[" * 500,
    "(?P<n>" * 80,
    "a{99999999999999999999}",
    "(?#" + "x" * 490 + ")",
    "(?<=" + "a" * 200 + ")" + "b" * 200,
    "\\p{L}" * 90,
]


@pytest.mark.parametrize("pattern", WORST)
def test_an_expression_of_a_metric(algolint: Run, tmp_path: Path, pattern: str) -> None:
    metrics = [{"Name": f"m{i}", "Regex": f"{pattern}{i}"} for i in range(40)]
    spec = {"AlgorithmName": "a", "TrainingSpecification": {"MetricDefinitions": metrics}}
    (tmp_path / "a.json").write_text(json.dumps(spec))
    start = time.process_time(), time.monotonic()
    done = algolint("--format", "concise", "--show-info", "a.json")
    assert time.monotonic() - start[1] < 10
    assert done.returncode == 1
    assert done.stderr == ""


LOGS = {
    "one line": "a" * (1 << 20) + "!\n",
    "many lines": ("a" * 300 + "!\n") * 3000,
    "many names": ("x" * 200 + " loss=" * 20 + "\n") * 3000,
    "many digits": ("1" * 400 + "\n") * 2000,
    "many matches": ("loss=1 " * 40 + "b\n") * 3000,
}


@pytest.mark.parametrize("text", LOGS.values(), ids=LOGS)
@pytest.mark.parametrize(
    "pattern",
    [
        *WORST,
        r"[a-z]*=(\d)",
        "(.*)=(.*)=x",
        "([0-9]+)*!",
        r".*a.*a.*b(\d)",
        "loss=(.*)x",
        r"(\w+) (\d+)$",
        "a(a*)b",
    ],
)
def test_an_expression_on_a_hostile_log(pattern: str, text: str) -> None:
    reading = Reading("m", pattern)
    start = time.process_time()
    scan.read([reading], log.blocks(io.StringIO(text)))
    assert time.process_time() - start < 6


def test_a_thousand_of_the_worst_together(algolint: Run, tmp_path: Path) -> None:
    metrics = [{"Name": f"m{i}", "Regex": f"{WORST[i % len(WORST)]}{i}"} for i in range(1000)]
    spec = {"AlgorithmName": "a", "TrainingSpecification": {"MetricDefinitions": metrics}}
    (tmp_path / "a.json").write_text(json.dumps(spec))
    start = time.monotonic()
    done = algolint("--format", "concise", "a.json")
    assert time.monotonic() - start < 30
    assert done.returncode == 1
    assert done.stderr == ""


WILDCARDS = [
    "*a" * 14 + "*b",
    "**/a/" * 10 + "b",
    "*" * 200 + "b",
    "?" * 100 + "*" + "?" * 100 + "*b*c*d*e*",
    "[!b]*" * 30 + "b",
    "**/*a*a*a/**/*a*a*a/**/*a*a*a/b",
]
LONG = "a" * 200 + ".json"
FAULTY = '{"AlgorithmName": "a b", "TrainingSpecification": "${SPEC}"}'


@pytest.mark.parametrize("pattern", WILDCARDS)
@pytest.mark.parametrize(
    "where", ["exclude", "include", "per-file-ignores", "suppressions", ".gitignore", "names"]
)
def test_wildcards_of_the_configuration(algolint: Run, tmp_path: Path, pattern: str, where: str) -> None:
    folder = tmp_path.joinpath(*("a" * 40))
    folder.mkdir(parents=True)
    (folder / LONG).write_text(FAULTY)
    (tmp_path / LONG).write_text(FAULTY)
    text = json.dumps(pattern)
    lines = {
        "exclude": f"exclude = [{text}]",
        "include": f'include = ["*.json", {text}]',
        "per-file-ignores": f"per-file-ignores = {{ {text} = ['pattern-mismatch'] }}",
        "suppressions": f"[[suppressions]]\nrules = [{text}]\npointer = {json.dumps('/' + pattern)}\nreason = 'x'",
        ".gitignore": "",
        "names": f"per-file-ignores = {{ 'x' = [{text}] }}",
    }
    (tmp_path / "algolint.toml").write_text(lines[where])
    if where == ".gitignore":
        (tmp_path / ".git").mkdir()
        (tmp_path / ".gitignore").write_text(f"{pattern}\n" * 50)
    start = time.monotonic()
    done = algolint("--format", "concise", ".")
    assert time.monotonic() - start < 10
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_usual_wildcards_of_many_stars_still_match(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/one-two-three-four.json", "a/one.json"):
        (tmp_path / name).write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('exclude = ["**/*-*-*-*.json"]')
    assert algolint("--list-files", ".").stdout == "a/one.json\n"


@pytest.mark.parametrize("pattern", WILDCARDS)
def test_wildcards_of_the_command_line_and_of_comments(algolint: Run, tmp_path: Path, pattern: str) -> None:
    comment = f"# algolint: ignore[{pattern.replace('[', '').replace(']', '')}]"
    (tmp_path / "a.yaml").write_text(f"AlgorithmName: a b {comment}\nTags: []\n")
    start = time.monotonic()
    algolint("--ignore", pattern, "a.yaml")
    algolint("a.yaml")
    assert time.monotonic() - start < 10
