"""Patterns of .gitignore files: pathspec decides, and is loaded only where a pattern may match."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pathspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from algolint import bounded_pattern
from algolint.gitignore import BadPattern, IgnorePatterns, required_literals

if TYPE_CHECKING:
    from pathlib import Path

TEXT = st.text("ab.*?/[]!#\\ -c", min_size=1, max_size=8)
PATHS = st.lists(st.text("abc.# !-]", min_size=1, max_size=5), min_size=1, max_size=4).map("/".join)


def is_valid(line: str) -> bool:
    try:
        IgnorePatterns([line]).check()
    except BadPattern:
        return False
    return True


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@given(st.lists(TEXT, max_size=5), PATHS)
@example(["*.py[cod]"], "a/b.pyc")
@example(["a", "!b/a"], "b/a")
@example(["[a-c]"], "b")
@example(["[!a]b"], "cb")
@example(["a "], "a")
@example([r"a\ "], "a ")
@example(["**/a/**"], "b/a/c")
@example(["*"], "a")
def test_a_path_is_matched_as_by_pathspec(lines: list[str], path: str) -> None:
    valid = [line for line in lines if is_valid(line)]
    expected = pathspec.GitIgnoreSpec.from_lines(valid).check_file(path).include
    assert IgnorePatterns(lines).excludes(path) is expected


@given(TEXT)
@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
def test_the_check_finds_every_line_that_pathspec_refuses(line: str) -> None:
    import re

    try:
        pathspec.GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        with pytest.raises(BadPattern):
            IgnorePatterns(["a", line]).check()
    else:
        IgnorePatterns(["a", line]).check()


def test_only_patterns_are_compiled_whose_literal_texts_are_in_a_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thousands of patterns with many wildcards would take seconds."""
    compiled = []

    class Counted(bounded_pattern.BoundedPattern):
        def __init__(self, pattern: str) -> None:
            compiled.append(pattern)
            super().__init__(pattern)

    monkeypatch.setattr(bounded_pattern, "BoundedPattern", Counted)
    lines = [f"**/*{number}*/**/x*{number}" for number in range(4000)]
    patterns = IgnorePatterns(lines)
    paths = [f"d{number}/e/f.yaml" for number in range(300)]
    assert [patterns.excludes(path) for path in paths] == [None] * 300
    assert compiled == []
    for _ in range(2):
        assert patterns.excludes("d3977/e/x-3977") is True
    assert len(compiled) < 12
    assert lines[3977] in compiled


@pytest.mark.parametrize(
    ("line", "literals"),
    [
        ("build/", ("build",)),
        ("*.py[cod]", (".pyc", ".pyo", ".pyd")),
        ("**/cache/*.json", ("cache",)),
        ("[a-z]x", ("",)),
        ("# a comment", ()),
        ("", ()),
    ],
)
def test_literals(line: str, literals: tuple[str, ...]) -> None:
    assert required_literals(line) == literals


def test_a_usual_gitignore_does_not_load_pathspec(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("__pycache__/\n*.py[cod]\n.venv/\nbuild/\n!keep\n", encoding="utf-8")
    (tmp_path / "algorithm.json").write_text("{}", encoding="utf-8")
    (tmp_path / "a.py").write_text("", encoding="utf-8")
    code = (
        "import sys\n"
        "from algolint.discovery import files_below\n"
        "assert list(files_below('.', print)) == ['a.py', 'algorithm.json']\n"
        "sys.exit('pathspec' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
