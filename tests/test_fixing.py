"""`--fix`: what it writes, what it does not change, and that nothing of the user's is lost."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest
from conftest import ROOT, Run
from hypothesis import given
from hypothesis import strategies as st

from algolint.fixes.layout import SourceLayout
from algolint.readers import yaml as read_yaml
from algolint.runs.unified_diff import unified_diff
from algolint.source import Source

SAFE = """\
# ours
AlgorithmName: a
TrainingSpecification:
  TrainingImage: ${IMAGE}
  SupportedTrainingInstanceTypes: [ml.m5.large]
  TrainingChannels:
    - Name: train   # the rows
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [FILE]
"""
FIXED = SAFE.replace("[FILE]", "[File]")
UNSAFE = """\
ProfileName: smoke_test
"""


def test_safe_fixes_are_made_and_counted(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SAFE)
    done = algolint("--fix", "a.yaml")
    assert path.read_text() == FIXED
    assert done.returncode == 0
    assert done.stdout == "no problems in 1 file (1 fixed)\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_mark_and_final_newline_stay(
    algolint: Run, tmp_path: Path, ends: str, bom: bytes, last: bool
) -> None:
    def rendered(text: str) -> bytes:
        return bom + (text if last else text[:-1]).replace("\n", ends).encode()

    path = tmp_path / "a.yaml"
    path.write_bytes(rendered(SAFE))
    algolint("--fix", "a.yaml")
    assert path.read_bytes() == rendered(FIXED)


def test_diff_writes_nothing(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SAFE)
    done = algolint("--diff", "a.yaml")
    assert done.returncode == 1
    assert "-      SupportedInputModes: [FILE]\n+      SupportedInputModes: [File]\n" in done.stdout
    assert path.read_text() == SAFE
    # What has no fix does not count.
    path.write_text(FIXED.replace("AlgorithmName: a", "AlgorithmName: a b"))
    assert (algolint("--diff", "a.yaml").returncode, algolint("a.yaml").returncode) == (0, 1)


def test_fix_only_reports_nothing(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SAFE.replace("AlgorithmName: a", "AlgorithmName: a b"))
    done = algolint("--fix-only", "--format", "concise", "a.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert "[File]" in (tmp_path / "a.yaml").read_text()


def test_unsafe_fixes_need_consent(algolint: Run, tmp_path: Path) -> None:
    spec = json.loads((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_text())
    spec["ValidationSpecification"]["ValidationProfiles"][0]["ProfileName"] = "smoke_test"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(spec, indent=4))
    before = path.read_text()
    assert algolint("--fix", "a.json").returncode == 1
    assert path.read_text() == before
    assert algolint("--fix", "--unsafe-fixes", "a.json").returncode == 0
    assert path.read_text() == before.replace("smoke_test", "smoke-test")


def test_standard_input_is_fixed_to_standard_output(algolint: Run) -> None:
    done = algolint("--fix", "-", "--stdin-filename", "a.yaml", stdin=SAFE.replace("Name: a", "Name: a b"))
    assert done.stdout == FIXED.replace("Name: a", "Name: a b")
    assert "pattern-mismatch" in done.stderr
    assert done.returncode == 1


def test_what_cannot_be_fixed_is_as_it_was(algolint: Run, tmp_path: Path) -> None:
    for text in ("{", "AlgorithmName: [", "", "null", "\x00"):
        path = tmp_path / "a.yaml"
        path.write_text(text)
        algolint("--fix", "--unsafe-fixes", "a.yaml")
        assert path.read_text() == text


def test_the_mode_stays_and_no_file_is_left_behind(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SAFE)
    path.chmod(0o640)
    algolint("--fix", "a.yaml")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["a.yaml"]


def test_a_symbolic_link_is_left_alone(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "a.yaml"
    target.write_text(SAFE)
    (tmp_path / "link.yaml").symlink_to(target)
    done = algolint("--fix", "link.yaml")
    assert done.returncode == 2
    assert "is a symbolic link" in done.stderr
    assert target.read_text() == SAFE


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    from algolint.runs import fixing
    from algolint.source import Source

    path = tmp_path / "a.yaml"
    path.write_text("somebody else's text")
    with pytest.raises(fixing.NotWritten, match="changed while it was linted"):
        fixing.write(str(path), Source(str(path), SAFE), Source(str(path), FIXED))
    assert path.read_text() == "somebody else's text"
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_a_full_disk_leaves_the_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from algolint.runs import fixing
    from algolint.source import Source

    path = tmp_path / "a.yaml"
    path.write_text(SAFE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(fixing.NotWritten, match="No space left on device"):
        fixing.write(str(path), Source(str(path), SAFE), Source(str(path), FIXED))
    assert path.read_text() == SAFE
    assert os.listdir(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize(
    "between",
    [
        "---\n",
        "--- # text\n",
        "...\n---\n",
        "...\n%YAML 1.2\n---\n",
        "# ---\n---\n\n# text\n",
        "...\n%TAG ! tag:example.com,2000:\n---\n",
        "---\r\n",
        "x: '\n --- '\ny: |\n  ---\n  ...\n---\n",
        "--- !!map\n",
        "--- &a\n",
    ],
)
def test_the_tree_of_each_document_is_its_own(between: str) -> None:
    source = Source("a.yaml", "a: 0\n" + "".join(f"{between}a: {number}\n" for number in range(1, 4)))
    for number, document in enumerate(read_yaml.read(source)):
        root = SourceLayout.of(document).root
        start, end = document.locate(("a",))
        assert root.start <= document.locate(())[0] < root.end
        assert source.text[start:end] == str(number)
        assert (root.members[0].value.start, root.members[0].value.end) == (start, end)


# ---------------------------------------------------------------- differences


def applied(before: str, difference: str) -> str:
    """Return the text after a unified diff, whose context and removed lines must match the text."""
    old, new, at = before.splitlines(keepends=True), [], 0
    rows = difference.replace("\n\\ No newline at end of file\n", "").splitlines(keepends=True)[2:]
    for row in rows:
        if row.startswith("@@"):
            start, length = re.match(r"@@ -(\d+)(,\d+)?", row).group(1, 2)  # type: ignore[union-attr]
            start = int(start) - (length != ",0")
            new += old[at:start]
            at = start
            continue
        if row[0] in " -":
            assert old[at] == row[1:]
            at += 1
        if row[0] in " +":
            new.append(row[1:])
    return "".join(new + old[at:])


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=30)


@given(LINES, LINES, LINES, LINES, st.sampled_from(["", "end"]))
def test_a_difference_leads_from_one_text_to_the_other(
    first: list[str], removed: list[str], put: list[str], last: list[str], end: str
) -> None:
    before, after = "".join(first + removed + last), "".join(first + put + last) + end
    found = unified_diff(Source("a", before), Source("a", after))
    assert (found == "") == (before == after)
    if found:
        assert applied(before, found) == after


def test_a_small_change_of_a_long_text_is_a_small_difference() -> None:
    lines = [f"{number % 7}\n" if number % 9 else f"{number}\n" for number in range(5000)]
    after = lines.copy()
    after[100] = "x\n"
    del after[2500:2540]
    after.insert(4000, "y\n")
    found = unified_diff(Source("a", "".join(lines)), Source("a", "".join(after)))
    assert applied("".join(lines), found) == "".join(after)
    assert found.count("@@ -") == 3
    assert sum(line[0] in "+-" for line in found.splitlines()[2:]) == 2 + 40 + 1
