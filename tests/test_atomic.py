"""Writing files: completely or not at all, with the same permissions, and without temporary files left."""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from algolint.runs import atomic


def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic.write(str(tmp_path / "new"), b"text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert (tmp_path / "new").read_bytes() == b"text"


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "target"
    target.write_bytes(b"old")
    target.chmod(0o604)
    (tmp_path / "link").symlink_to(target)
    atomic.write(str(tmp_path / "link"), b"new")
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    assert os.listdir(tmp_path / "there") == ["target"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    atomic.write(str(pipe), b"text")
    reader.join()
    assert read == [b"text"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("number", [16, 13, 1])
def test_a_file_that_cannot_be_renamed_over_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A file that is mounted into a container."""

    def mounted(_old: str, _new: str) -> None:
        raise OSError(number, "mounted")

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", mounted)
    atomic.write(str(tmp_path / "a"), b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]
    with pytest.raises(OSError, match="mounted"):
        atomic.replace(str(tmp_path / "a"), b"new", b"newer")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_change_in_the_last_moment_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"somebody else's"))
    with pytest.raises(atomic.ChangedError):
        atomic.replace(str(path), b"old", b"new")
    assert path.read_bytes() == b"somebody else's"
    assert os.listdir(tmp_path) == ["a"]


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """A file that another process is writing, or one of another program, is not removed."""
    left, current, other = (
        tmp_path / name for name in (".algolint-0123.tmp", ".algolint-4567.tmp", ".algolint-cache")
    )
    for path in (left, current, other):
        path.write_bytes(b"")
    for path in (left, other):
        os.utime(path, (time.time() - 3600,) * 2)
    atomic.write(str(tmp_path / "a"), b"text")
    assert sorted(os.listdir(tmp_path)) == [".algolint-4567.tmp", ".algolint-cache", "a"]
