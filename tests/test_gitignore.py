"""Patterns of .gitignore files: pathspec decides, and is only loaded if a pattern may match."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pathspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern
from steps import calls_of

from algolint import limits
from algolint.discovery import bounded_pattern, discovery, gitignore
from algolint.discovery.gitignore import BadPattern, IgnorePatterns, required_literals
from algolint.limits import IgnoreWork

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gitignore, "_MANY_LITERALS", 0)
        assert IgnorePatterns(lines).excludes(path) is expected


PIECES = [
    "a",
    "b",
    "*",
    "**",
    "/",
    "**/",
    "/**",
    "?",
    "[ab]",
    "[!a]",
    "[^b-]",
    "[]a]",
    "[z-a]",
    "[",
    "!",
    "\\",
    " ",
]


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join),
    st.text("ab./\nbé x-", min_size=1, max_size=12),
)
@example("**/a*", "b/a1/a2")
@example("a/**/b", "a/x/b/y/b")
@example("a*b", "ab\n")
def test_what_a_pattern_matches_is_what_its_regular_expression_does(line: str, path: str) -> None:
    """Including the folder, from which pathspec derives the precedence of a later line."""
    try:
        plain = GitIgnoreSpecPattern(line)
    except (ValueError, re.error):
        return
    bounded = bounded_pattern.BoundedPattern(line)
    assert bounded.include is plain.include
    found, expected = bounded.match_file(path), plain.match_file(path)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.match.groupdict().get("ps_d") == expected.match.groupdict().get("ps_d")


@pytest.mark.parametrize(
    "line", ["*a" * 14 + "*b", "**/a/" * 10 + "b", "**/*a*a*a/**/*a*a*a/b", "[!b]*" * 30 + "b", "/*a*a*b"]
)
def test_a_path_takes_no_more_calls_for_its_length(line: str) -> None:
    """`re` tries each way to divide a path among the wildcards."""
    pattern = bounded_pattern.BoundedPattern(line)

    def calls(count: int) -> int:
        path = ("a" * 250 + "/") * count
        pattern.match_file(path)
        return calls_of(lambda: pattern.match_file(path))

    assert calls(16) == calls(4) < 40 * len(line)


@given(TEXT)
@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
def test_the_check_finds_every_line_that_pathspec_refuses(line: str) -> None:
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


def test_patterns_that_apply_to_every_path_end_with_the_work_for_them(algolint: Run, tmp_path: Path) -> None:
    """Files that may be ignored are then linted, and the run reports this once."""
    (tmp_path / ".git").mkdir()
    lines = ["ignored*", *(f"*d*{'*'.join(f'{number:0100b}')}*x" for number in range(400))]
    (tmp_path / ".gitignore").write_text("\n".join(lines))
    for number in range(20):
        folder = tmp_path / f"d{number:02}"
        folder.mkdir()
        (folder / ".gitignore").write_text("own.json\n")
        for name in ("ignored.json", "own.json", "kept.json"):
            (folder / name).write_text("{}")
    done = algolint("--list-files", ".")
    listed = done.stdout.splitlines()
    ignored = [name for name in listed if name.endswith("/ignored.json")]
    assert 0 < len(ignored) < 20
    assert ignored == [f"d{number:02}/ignored.json" for number in range(20 - len(ignored), 20)]
    # Another file is applied as long as its patterns take no more than each path adds.
    assert [name for name in listed if name.endswith(("/own.json", "/kept.json"))] == [
        f"d{number:02}/kept.json" for number in range(20)
    ]
    assert re.fullmatch(
        r"algolint: .*/\.gitignore is not applied to d\d\d/\S* and the paths after it: "
        r"matching its patterns against each path takes too long\n",
        done.stderr,
    )


def test_thousands_of_literals_are_not_each_looked_for_in_a_path() -> None:
    def calls(count: int) -> int:
        patterns = IgnorePatterns([f"name{number}" for number in range(count)])
        return calls_of(lambda: patterns.excludes("some/folder/name7"))

    assert calls(8000) < 1.2 * calls(2000)


def test_patterns_of_a_configuration_that_apply_to_every_path_take_a_few_calls_each() -> None:
    """They have no budget: all patterns that a configuration may have are tried on each path."""
    patterns = IgnorePatterns([f"*j[!{chr(0x4E00 + n)}]*" for n in range(limits.MAX_WILDCARDS // 30)])

    def calls(path: str) -> int:
        return calls_of(lambda: patterns.excludes(path))

    calls("d/f.json")
    each = calls("d/g.json") / (limits.MAX_WILDCARDS / 30)
    assert each < 120
    assert calls("d/" * 1000 + "g.json") < 2 * calls("d/h.json")


def test_the_work_of_a_path_is_added_to_what_is_left() -> None:
    work = IgnoreWork()
    assert work.take(work.left)
    work.add_path()
    assert not work.take(limits.IGNORE_STEPS_OF_PATH + 1)
    assert work.take(limits.IGNORE_STEPS_OF_PATH)


def test_patterns_of_folders_that_the_walk_has_left_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    for number in range(20):
        (tmp_path / f"d{number}").mkdir()
        (tmp_path / f"d{number}" / ".gitignore").write_text("a.json\n")
        (tmp_path / f"d{number}" / "a.json").write_text("{}")
    asked = []
    excludes = IgnorePatterns.excludes

    def counted(self: IgnorePatterns, path: str) -> bool | None:
        asked.append(path)
        return excludes(self, path)

    monkeypatch.setattr(IgnorePatterns, "excludes", counted)
    held = []
    init = discovery._GitIgnores.enter

    def entered(self: discovery._GitIgnores, base: str) -> None:
        init(self, base)
        held.append(len(self._patterns))

    monkeypatch.setattr(discovery._GitIgnores, "enter", entered)
    assert list(discovery.files_below(str(tmp_path), lambda _name, _why: None)) == []
    assert (len(held), set(held), asked) == (20, {1}, ["a.json"] * 20)


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
        "from algolint.discovery.discovery import files_below\n"
        "assert list(files_below('.', print)) == ['a.py', 'algorithm.json']\n"
        "sys.exit('pathspec' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
