"""The benchmark's corpora: the same on every machine, and without findings except in every twentieth file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from conftest import ROOT, needs_libyaml

from algolint import limits
from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source
from benchmarks import corpus

pytestmark = needs_libyaml

CORPORA = {
    "made": corpus.made,
    "own patterns": lambda syntax: corpus.made(syntax, own_patterns=True),
    "fixtures": corpus.from_fixtures,
}


def test_the_same_numbers_give_the_same_files(tmp_path: Path) -> None:
    for seed in "12":
        command = [sys.executable, "-m", "benchmarks.corpus", str(tmp_path / seed), "21"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / seed).rglob("*.*")} for seed in "12")
    assert first == second
    assert len(list(tmp_path.glob("1/*/*"))) == 6 * 21


def test_an_option_is_no_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.corpus", "--help"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert (done.returncode, [*tmp_path.iterdir()]) == (0, [])


@pytest.mark.parametrize("count", [41, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("syntax", corpus.SYNTAXES)
@pytest.mark.parametrize("name", CORPORA)
def test_every_twentieth_file_is_faulty_and_no_other(name: str, syntax: str, count: int) -> None:
    session = Session(SettingsFinder({}, isolated=True))
    texts = list(islice(CORPORA[name](syntax), count))
    assert len(set(texts)) == len(texts)
    assert sum(map(corpus.is_faulty, range(count))) >= 2
    for number, text in enumerate(texts):
        path = f"algorithm-{number}.{syntax}"
        found = session.lint(path, True, Source(path, text)).diagnostics
        assert bool(found) == corpus.is_faulty(number), (number, [d.message for d in found])


def test_no_two_metrics_have_a_pattern_or_a_group_in_common() -> None:
    text = "".join(islice(corpus.made("json", own_patterns=True), 200))
    patterns = re.findall(r'"Regex": "(.*)"', text)
    groups = [re.findall(r"\(\[.*\]\{1,[0-9]+\}\)\?\)", pattern) for pattern in patterns]
    assert len(patterns) >= 590
    assert len(set(patterns)) == len({tuple(group) for group in groups}) == len(patterns)
    assert all(len(group) == 1 for group in groups)


@pytest.mark.slow
def test_large_files_are_as_large_as_they_may_be() -> None:
    size = limits.MAX_FILE_SIZE - 1000
    for text in (corpus.long_list(size, "json"), corpus.long_list(size, "json", True, True)):
        assert 0.95 * size < len(text) <= size
        rules = {
            d.rule.name
            for d in Session(SettingsFinder({}, isolated=True))
            .lint("a.json", True, Source("", text))
            .diagnostics
        }
        assert "item-count" in rules
        assert "invalid-syntax" not in rules
    text = corpus.stream(1 << 19)
    assert 0.9 * (1 << 19) < len(text) <= 1 << 19
    result = Session(SettingsFinder({}, isolated=True)).lint("a.yaml", True, Source("a.yaml", text))
    assert result.is_spec
    assert result.diagnostics == []


def test_the_page_has_a_place_for_each_table() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    for name in ("goals", "growth", "peers"):
        assert re.search(rf"<!-- {name} -->\n\| .*?<!-- end -->", page, re.DOTALL)
