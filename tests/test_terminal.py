"""Output on a real terminal: wrapped lines, links, progress."""

from __future__ import annotations

import functools
import os
import re
import struct
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, Run, run_command
from forked_command import fork_server
from locations import POSIX

from algolint.reports.text import cells

pytestmark = POSIX

SPEC = """\
AlgorithmName: "ünïcode 日本語 {}"
TrainingSpecification:
  TrainingImage: docker.io/{}/forecaster:1
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.m5.3xlarge]
  TrainingChannels:
    - {{Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: [FILE]}}
""".format("long " * 40, "a" * 150)
STYLES = re.compile(r"\x1b\[[0-9;]*[mK]|\x1b\]8;;[^\x1b]*\x1b\\\\")


def on_terminal(folder: Path, *arguments: str, columns: int = 80, code: str = "", **variables: str) -> str:
    """Return the output of a run on a terminal of some width, after some code."""
    import fcntl
    import pty
    import termios

    hidden = ("CI", "PRE_COMMIT", "NO_COLOR", "COLUMNS", "GITHUB_ACTIONS", "TERM_PROGRAM", "VTE_VERSION")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment |= {"TERM": "xterm-256color"} | variables
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
    if code:
        program = f"{code}\nimport sys\nfrom algolint.__main__ import main\nsys.argv[1:] = {list(arguments)!r}\nmain()"
        command = [sys.executable, "-c", program]
        ended = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=child, stdout=child, stderr=child
        ).wait
    else:
        forks = fork_server()
        assert forks
        ended = functools.partial(forks.wait, forks.fork(arguments, folder, environment, [child] * 3))
    os.close(child)
    printed = b""
    while True:
        try:
            data = os.read(parent, 65536)
        except OSError:
            break
        if not data:
            break
        printed += data
    ended()
    os.close(parent)
    return printed.decode().replace("\r\n", "\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(SPEC)
    return tmp_path


@pytest.mark.parametrize("columns", [40, 80, 133])
def test_lines_fit_the_terminal(folder: Path, columns: int) -> None:
    text = STYLES.sub("", on_terminal(folder, "a.yaml", columns=columns))
    assert "a.yaml:4:50: error:" in text
    for line in text.splitlines():
        # A word that is longer than the terminal is not cut, so that it can be copied.
        assert cells(line) <= columns or " " not in line.strip(), line


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_notes_about_a_run_fit_the_terminal(tmp_path: Path, columns: int) -> None:
    """The last lines, and notes on standard error."""
    (tmp_path / "a.yaml").write_text("AlgorithmName: a b\nTags: []\n")
    (tmp_path / "algolint.toml").write_text('baseline = "known.json"\n')
    on_terminal(tmp_path, "a.yaml", "--write-baseline")
    (tmp_path / "a.yaml").write_text("AlgorithmName: a\nTags: [{Key: a, value: 'b, c'}]\n")
    told = []
    for arguments in (["a.yaml"], ["-v", "--fix-only", "a.yaml"], ["gone.yaml"], ["--region", "us-est-1"]):
        told += STYLES.sub("", on_terminal(tmp_path, *arguments, columns=columns)).splitlines()
    for line in told:
        assert cells(line) <= columns or " " not in line.strip(), line
    text = " ".join(map(str.strip, told))
    assert "known.json: no longer found: pattern-mismatch in a.yaml" in text
    assert "'us-est-1' is not an AWS region; did you mean 'us-east-1'?" in text
    assert "rule calls left undecided by unknown values" in text


@pytest.mark.parametrize("columns", [40, 80, 133])
def test_carets_are_below_what_they_mark(folder: Path, columns: int) -> None:
    lines = STYLES.sub("", on_terminal(folder, "a.yaml", columns=columns)).splitlines()
    marked = []
    for above, below in pairwise(lines):
        if re.match(r" +\| +\^", below) and cells(above) == len(above):
            marked.append(above[below.index("^") : below.rindex("^") + 1])
    assert {"ml.m5.3xlarge", "FILE"} <= set(marked)


def test_the_excerpts_of_a_finding_are_aligned(algolint: Run) -> None:
    done = algolint("--format", "full", "--exit-zero", str(ROOT / "fixtures" / "faulty"))
    blocks = [
        [match for line in block.splitlines() if (match := re.match(r" +(\d*) \|(?: |$)", line))]
        for block in done.stdout.split("\n\n")
    ]
    for block in blocks:
        assert len({match.end(1) for match in block}) <= 1, block
    widths = [{len(match[1]) for match in block if match[1]} for block in blocks]
    assert {1, 2} in widths


@pytest.mark.parametrize("columns", [40, 80, 133])
def test_a_line_that_is_cut_ends_in_a_mark(folder: Path, columns: int) -> None:
    """The mark is the only sign that the file's line goes on, and is within the terminal."""
    whole = (folder / "a.yaml").read_text(encoding="utf-8").splitlines()
    text = STYLES.sub("", on_terminal(folder, "a.yaml", columns=columns))
    rows = re.findall(r"^ (\d+) \| (?!\^)(.*)$", text, re.MULTILINE)
    assert rows
    for number, row in rows:
        shown = row.strip("…")
        before, after = whole[int(number) - 1].split(shown, 1)
        assert (row.startswith("…"), row.endswith("…")) == (bool(before), bool(after)), row
        assert len(number) + 4 + cells(row) <= columns


def test_words_are_wrapped_with_a_hanging_indent(folder: Path) -> None:
    plain = run_command("a.yaml", cwd=folder).stdout
    shown = STYLES.sub("", on_terminal(folder, "a.yaml", columns=60))
    headlines = [line for line in plain.splitlines() if line.startswith("a.yaml:")]
    joined = re.sub(r"\n    (?=\S)", " ", shown)
    assert all(line in joined for line in headlines)
    assert max(map(len, headlines)) > 60


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["--format", "full"], {}),
        (["--format", "concise"], {}),
        ([], {"PRE_COMMIT": "1"}),
        ([], {"CI": "true"}),
        ([], {"TERM": "dumb"}),
    ],
)
def test_what_is_read_line_by_line_is_not_wrapped(
    folder: Path, arguments: list[str], variables: dict[str, str]
) -> None:
    text = STYLES.sub("", on_terminal(folder, *arguments, "a.yaml", columns=60, **variables))
    lines = [line for line in text.splitlines() if line.startswith("a.yaml:")]
    assert lines
    assert all(line.endswith("]") for line in lines)


@pytest.mark.parametrize(
    "arguments", [["rules"], ["explain", "max-wait-below-runtime"], ["--help"], ["rules", "--help"]]
)
@pytest.mark.parametrize("columns", [74, 80, 140])
def test_pages_fit_the_terminal(tmp_path: Path, arguments: list[str], columns: int) -> None:
    text = STYLES.sub("", on_terminal(tmp_path, *arguments, columns=columns))
    prose = text.partition("\nevidence: ")[0]
    assert max(map(cells, prose.splitlines())) <= columns
    plain = run_command(*arguments, cwd=tmp_path)
    assert plain.returncode == 0
    assert text.split() == plain.stdout.split()


def test_the_width_can_be_set(folder: Path) -> None:
    assert on_terminal(folder, "a.yaml", COLUMNS="60") == on_terminal(folder, "a.yaml", columns=60)


@pytest.mark.parametrize(
    ("variables", "has_links"),
    [
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"VTE_VERSION": "7600"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"TERM_PROGRAM": "WezTerm", "FORCE_HYPERLINK": "0"}, False),
        ({"TERM_PROGRAM": "WezTerm", "NO_COLOR": "1"}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({}, False),
    ],
)
def test_rules_are_links_where_the_terminal_shows_links(
    folder: Path, variables: dict[str, str], has_links: bool
) -> None:
    text = on_terminal(folder, "a.yaml", columns=80, **variables)
    link = (
        "\x1b]8;;https://github.com/algolint/algolint/blob/main/rules/README.md#unknown-instance-type\x1b\\"
    )
    assert (link in text) == has_links
    assert text.count("\x1b]8;;\x1b") == text.count("\x1b]8;;https")


def test_a_long_run_counts_its_files(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"a{number:02}.yaml").write_text("AlgorithmName: a\nTrainingSpecification: ${X}\n")
    (tmp_path / "a15.yaml").write_text("AlgorithmName: a b\nTrainingSpecification: ${X}\n")
    now = "from algolint.cli import progress; progress.AFTER = progress.EVERY = 0"
    text = on_terminal(tmp_path, ".", code=now)
    assert "\r\x1b[K10 of 30 files" in text
    # The line is gone before anything else is printed.
    for line in STYLES.sub("|", text.replace("\r\x1b[K", "\n")).splitlines():
        assert re.fullmatch(r"(\d+ of 30 files)?", line) or "files" not in line.partition(" in ")[0], line
    assert "of 30 files" not in on_terminal(tmp_path, ".")
    assert "of 30 files" not in on_terminal(tmp_path, "--quiet", ".", code=now)
