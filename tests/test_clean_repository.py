"""A repository without a fault passes, whatever else it contains; `-v` notes the files that were skipped."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT, Run

from algolint import source
from algolint.source import UnreadableSource, read_candidate
from algolint.spec import recognition

CLEAN = (ROOT / "fixtures" / "clean" / "heterogeneous-cluster.yaml").read_text(encoding="utf-8")
WORD = "TrainingSpecification"
MANY_NUMBERS = "rows = [\n" + "    1, 2,\n" * 100_000 + "]\n"

LIMITED = ("--max-file-size", "2000000")
# Files that are skipped in a folder, the note about each (empty if it was read and has no word of a spec),
# and the exit code if it is named.
SKIPPED: list[tuple[str, bytes, str, int]] = [
    ("rows.json", b"[" + b"[0.25, 0.5],\n" * 200_000 + b"[]]", "it has no word of a spec", 2),
    ("words.json", b'["' + WORD.encode() + b'", ' + b"0,\n" * 700_000 + b"0]", "has ", 2),
    (
        "values.json",
        b'["' + WORD.encode() + b'", ' + b"0,\n" * 200_000 + b"0]",
        "more than 100,000 values",
        1,
    ),
    ("table.py", f"# {WORD}\n{MANY_NUMBERS}".encode(), "more than 100,000 tokens", 1),
    ("rows.py", MANY_NUMBERS.encode(), "", 0),
    ("old.py", f"print '{WORD}'\n".encode(), "not valid Python", 1),
    ("latin.json", f'["{WORD}", "caf\xe9"]'.encode("latin-1"), "is not valid UTF-8", 1),
    ("other.json", b'["caf\xe9"]', "", 1),
    ("other.yaml", b"{% x %}: [AlgorithmName\n", "the template could not be read", 1),
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    (folder / "algorithm.yaml").write_text(CLEAN)
    for name, data, _, _ in SKIPPED:
        (folder / name).write_bytes(data)
    (folder / "gone.json").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.json")
    return folder


def test_a_clean_repository_passes(algolint: Run, repository: Path) -> None:
    for options in ([], ["--diff"], ["--fix"], ["--jobs", "2"]):
        done = algolint(*LIMITED, *options, cwd=repository)
        # A large file is noted if it may contain a spec.
        skipped, result = sorted((done.stdout + done.stderr).splitlines())
        assert (done.returncode, result) == (0, "no problems in 1 file (1 file not read)")
        assert skipped.startswith("algolint: words.json is skipped: has 2,100,028 bytes or more")


def test_what_is_skipped_is_noted(algolint: Run, repository: Path) -> None:
    done = algolint(*LIMITED, "-v", cwd=repository)
    assert done.returncode == 0
    noted = {
        name.removeprefix("algolint: "): why
        for name, is_note, why in (line.partition(" is skipped: ") for line in done.stderr.splitlines())
        if is_note
    }
    assert noted.pop("gone.json") == "is a dangling link"
    assert noted.pop("pipe.json") == "is not a regular file"
    assert noted.keys() == {name for name, _, why, _ in SKIPPED if why}
    assert all(why in noted[name] for name, _, why, _ in SKIPPED if why)


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, _, _, code in SKIPPED])
def test_what_is_named_is_not_skipped(algolint: Run, repository: Path, name: str, code: int) -> None:
    done = algolint(*LIMITED, name, cwd=repository)
    assert done.returncode == code
    assert (name in done.stdout + done.stderr) is (code > 0)


def test_the_standard_library_of_python_is_clean(algolint: Run, tmp_path: Path) -> None:
    # Through a link, because it may be in a repository that ignores it.
    (tmp_path / "python").symlink_to(sysconfig.get_path("stdlib"), target_is_directory=True)
    assert len(algolint("--isolated", "--list-files", "python").stdout.splitlines()) > 500
    done = algolint("--isolated", "python")
    assert (done.returncode, done.stdout, done.stderr) == (0, "no algorithm specs found\n", "")


@pytest.mark.parametrize("chunk", [8, 30, 64, 1 << 20])
def test_words_are_found_wherever_they_are_in_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(source, "_CHUNK", chunk)
    path = tmp_path / "a.json"
    for start in range(70):
        path.write_text("x" * start + "AlgorithmName" + "x" * (70 - start))
        with pytest.raises(UnreadableSource, match="has 83 bytes"):
            read_candidate(str(path), 50, recognition.may_hold_spec)
    path.write_text("AlgorithmNam" + "x" * 70)
    with pytest.raises(UnreadableSource, match=r"has 82 bytes.* it has no word of a spec"):
        read_candidate(str(path), 50, recognition.may_hold_spec)
