"""Which files of a folder are linted, and in which order."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run

SPEC = '{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}'


def listed(algolint: Run, *arguments: str) -> list[str]:
    done = algolint("--list-files", *arguments)
    assert done.returncode == 0
    return [name for name in done.stdout.splitlines() if name]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SPEC)


def test_the_order_is_stable_and_other_folders_are_passed_over(algolint: Run, tmp_path: Path) -> None:
    touch(tmp_path, "b.json", "a.yaml", "c/d.yml", "c/B.json", "x.txt", ".hidden.json", ".git/a.json")
    touch(tmp_path, "node_modules/a.json", "venv/a.json", "c/__pycache__/a.json")
    assert listed(algolint) == ["a.yaml", "b.json", "c/B.json", "c/d.yml"]
    assert listed(algolint, "c", "b.json", "c/d.yml", ".") == ["c/B.json", "c/d.yml", "b.json", "a.yaml"]
    assert listed(algolint, ".git") == [".git/a.json"], "what is named is looked at"


@pytest.mark.parametrize(
    ("ignores", "expected"),
    [
        ({".gitignore": "b.json\n"}, ["a.json", "sub/a.json", "sub/deep/a.json"]),
        ({".gitignore": "*.json\n!sub/*.json\n"}, ["sub/a.json", "sub/b.json"]),
        ({".gitignore": "/sub/\n"}, ["a.json", "b.json"]),
        ({"sub/.gitignore": "deep/\n"}, ["a.json", "b.json", "sub/a.json", "sub/b.json"]),
        ({".gitignore": "b.json\n", "sub/.gitignore": "!b.json\n"},
         ["a.json", "sub/a.json", "sub/b.json", "sub/deep/a.json", "sub/deep/b.json"]),
        ({".gitignore": "\udcff\n# comment\n\n"},
         ["a.json", "b.json", "sub/a.json", "sub/b.json", "sub/deep/a.json", "sub/deep/b.json"]),
    ],
)  # fmt: skip
def test_gitignore_holds(algolint: Run, tmp_path: Path, ignores: dict[str, str], expected: list[str]) -> None:
    touch(tmp_path, *(f"{folder}{name}.json" for folder in ("", "sub/", "sub/deep/") for name in "ab"))
    (tmp_path / ".git").mkdir()
    for name, text in ignores.items():
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert listed(algolint) == expected
    below = [name for name in expected if name.startswith("sub/deep/")]
    assert listed(algolint, "sub/deep") == below or not below


def test_templates_of_the_cdk_are_found_though_git_ignores_them(algolint: Run, tmp_path: Path) -> None:
    touch(tmp_path, "a.json", "cdk.out/S.template.json", "cdk.out/manifest.json", "cdk.out/asset.1/b.json")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("cdk.out/\n")
    assert listed(algolint) == ["a.json", "cdk.out/S.template.json"]
    assert len(listed(algolint, "cdk.out")) == 3


def test_a_named_folder_is_looked_into_though_git_ignores_it(algolint: Run, tmp_path: Path) -> None:
    touch(tmp_path, "build/a.json", "build/deep/b.json")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build\n")
    assert listed(algolint) == []
    assert listed(algolint, "build") == ["build/a.json", "build/deep/b.json"]
    assert listed(algolint, "build/deep") == ["build/deep/b.json"]


def test_symlink_loops_end(algolint: Run, tmp_path: Path) -> None:
    touch(tmp_path, "sub/a.json")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.json").symlink_to(tmp_path / "sub" / "a.json")
    (tmp_path / "self.json").symlink_to(tmp_path / "self.json")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nothing")
    done = algolint(".")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in 2 files" in done.stdout
    noted = algolint(".", "-v").stderr
    assert "gone.json is skipped: is a dangling link" in noted
    assert "self.json is skipped: " in noted
    done = algolint("gone.json")
    assert done.returncode == 2, "the user named it"


def test_templates_of_json_and_yaml_and_capital_endings_are_found(algolint: Run, tmp_path: Path) -> None:
    found = ["A.JSON", "b.Yml", "c.json.j2", "d.yaml.J2", "e.yml.gotmpl", "f.tf.json.tftpl"]
    touch(tmp_path, *found, "g.j2", "h.py.j2", "i.txt.tpl", "j.json.bak", "k.json.j2.orig")
    assert listed(algolint) == found


def test_include_chooses_other_endings(algolint: Run, tmp_path: Path) -> None:
    touch(tmp_path, "a.json", "b.spec", "deep/c.spec")
    (tmp_path / "algolint.toml").write_text('include = ["*.spec"]')
    assert listed(algolint) == ["b.spec", "deep/c.spec"]


def test_a_folder_that_cannot_be_listed_is_an_error_if_named_and_the_others_are_linted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who runs the tests may be allowed everything, so the system's refusal is played."""
    from algolint.cli import main as cli

    touch(tmp_path, "closed/a.json", "open/b.json")
    (tmp_path / "open" / "b.json").write_text('{"AlgorithmName": "a b", "Tags": []}')
    scandir = os.scandir

    def refusing(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "scandir", refusing)
    assert cli.run(["--format", "concise", "closed", "open"]) == 2
    reported = capsys.readouterr()
    assert "closed: cannot be listed: Permission denied" in reported.err
    assert "b.json:1:19: error:" in reported.out
    assert cli.run(["--format", "concise", "-v"]) == 1
    reported = capsys.readouterr()
    assert "algolint: closed is skipped: cannot be listed: Permission denied" in reported.err
    assert "b.json:1:19: error:" in reported.out
