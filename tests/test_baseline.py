"""The baseline: which findings it recognises after edits, which not, and which files it rejects."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from algolint.diagnostic import Diagnostic
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.runs.baseline import Baseline, BaselineEntry, read
from algolint.source import Source
from algolint.testing import model_of

LINTER = Linter(model_of(), first_party_rules(), with_fingerprints=True)


def linted(text: str, name: str = "specs/a.yaml") -> list[Diagnostic]:
    return LINTER.lint_source(Source(name, text)).diagnostics


def write(found: list[Diagnostic]) -> str:
    return Baseline().updated(found, {}).text()


def known(text: str, name: str = "specs/a.yaml") -> Baseline:
    return read(write(linted(text, name)), "baseline.json")


def new(base: Baseline, found: list[Diagnostic], name: str = "specs/a.yaml") -> list[Diagnostic]:
    """Return the findings of a file that are not in a baseline."""
    return base.filter(name, found)[0]


SPEC: list[dict[str, Any]] = [
    {
        "Name": "depth",
        "Description": "How deep.",
        "Type": "integer",
        "IsTunable": False,
        "IsRequired": False,
        "DefaultValue": "3",
    },
    {
        "Name": "rate",
        "Description": "How fast.",
        "Type": "Continuous",
        "Range": {"ContinuousParameterRangeSpecification": {"MinValue": "1", "MaxValue": "0", "Scale": "x"}},
        "IsTunable": True,
        "IsRequired": False,
        "DefaultValue": "0.5",
    },
    {
        "Name": "loss",
        "Description": "What to minimise.",
        "Type": "Categorical",
        "Range": {"CategoricalParameterRangeSpecification": {"Values": ["a", "b", "a", "c", "a"]}},
        "IsTunable": True,
        "IsRequired": False,
        "DefaultValue": "z",
    },
]


def text_of(spec: object, **style: Any) -> str:
    return str(yaml.safe_dump(spec, sort_keys=style.pop("sort_keys", False), **style))


TEXT = text_of(SPEC)


def with_(change: object, *path: str | int) -> str:
    """Return the spec with the value at a path replaced."""
    copy = json.loads(json.dumps(SPEC))
    value: Any = copy
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = change
    return text_of(copy)


def news(text: str, of: Baseline | None = None) -> set[tuple[str, str]]:
    """Return the findings that are reported despite the baseline, as rule and pointer."""
    kept = new(of or known(TEXT), linted(text))
    return {(diagnostic.rule.name, diagnostic.location.pointer) for diagnostic in kept}


SAME = {
    "nothing": TEXT,
    "lines that moved": f"# a comment\n\n\n{TEXT}",
    "items in another order": text_of([SPEC[2], SPEC[0], SPEC[1]]),
    "fields in another order": text_of(SPEC, sort_keys=True),
    "another style": text_of(SPEC, default_flow_style=True),
    "JSON": json.dumps(SPEC),
    "CR LF": TEXT.replace("\n", "\r\n"),
    "a fault less": with_("Integer", 0, "Type"),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_known_findings_are_known_again(text: str) -> None:
    assert len(linted(TEXT)) >= 4
    assert news(text) == set()


OTHER = {
    "another value": (with_("int", 0, "Type"), ("unknown-value", "/0/Type")),
    "another name": (with_("width", 0, "Name"), ("unknown-value", "/0/Type")),
    "a further fault": (with_("yes", 0, "IsTunable"), ("wrong-type", "/0/IsTunable")),
}


@pytest.mark.parametrize(("text", "expected"), OTHER.values(), ids=OTHER)
def test_other_findings_are_shown(text: str, expected: tuple[str, str]) -> None:
    shown = news(text)
    assert {pointer for _, pointer in shown} >= {expected[1]}
    assert len(shown) < len(linted(text))


def test_the_same_file_name_counts() -> None:
    found = linted(TEXT, "other/b.yaml")
    assert known(TEXT).filter("other/b.yaml", found) == (found, {})


@pytest.mark.parametrize("name", ["./specs/a.yaml", "specs//a.yaml", "specs/./a.yaml", "x/../specs/a.yaml"])
def test_paths_are_known_however_they_are_written(name: str) -> None:
    assert new(known(TEXT, name), linted(TEXT)) == []
    assert new(known(TEXT), linted(TEXT, name), name) == []
    assert Baseline().path_of(name) == "specs/a.yaml"


def test_paths_are_written_with_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    import ntpath

    monkeypatch.setattr(os, "path", ntpath)
    monkeypatch.setattr(os, "sep", "\\")
    assert Baseline(folder="C:\\work").path_of("C:\\work\\.\\specs\\a.yaml") == "specs/a.yaml"
    assert Baseline(folder="C:\\work\\ci").path_of("C:\\work\\a.yaml") == "../a.yaml"
    assert Baseline(folder="C:\\work").path_of("D:\\specs\\a.yaml") == "D:/specs/a.yaml"


def test_messages_are_for_people_alone() -> None:
    rows = json.loads(write(linted(TEXT)))
    for row in rows["entries"]:
        row["message"] = "reworded"
        row["note"] = "somebody's own"
    assert news(TEXT, read(json.dumps(rows), "b")) == set()


# ---------------------------------------------------------------- counts


def alike(count: int) -> list[Diagnostic]:
    """Return findings that only differ in their document."""
    return linted("---\n".join([text_of([{"Name": "a", "Type": "x", "IsRequired": True}])] * count))


def test_as_many_as_were_known_are_left_out() -> None:
    one = len(alike(1))
    for before, after in ((1, 1), (2, 1), (1, 2), (2, 5), (3, 3)):
        found = alike(after)
        kept, met = read(write(alike(before)), "b").filter("specs/a.yaml", found)
        assert sum(met.values()) == one * min(before, after)
        assert len(kept) == one * max(after - before, 0)
        # The last ones are the new ones.
        assert kept == found[len(found) - len(kept) :]


def test_a_file_may_be_linted_again() -> None:
    base = known(TEXT)
    found = linted(TEXT)
    assert new(base, found) == []
    assert new(base, found) == []


def test_files_do_not_share_counts() -> None:
    base = read(write([*linted(TEXT, "a.yaml"), *linted(TEXT, "b.yaml")]), "b")
    for name in ("a.yaml", "b.yaml", "a.yaml"):
        assert new(base, linted(TEXT, name), name) == []


# ---------------------------------------------------------------- stale entries


def stale(base: Baseline, *names: str, hidden: Collection[str] = ()) -> list[tuple[str, str, int]]:
    return [(entry.path, entry.rule, entry.count) for entry in base.stale(dict.fromkeys(names, hidden))]


def test_what_is_gone_is_stale() -> None:
    base = known(TEXT)
    new(base, linted(with_("Integer", 0, "Type")))
    assert ("specs/a.yaml", "unknown-value", 1) in stale(base, "./specs/a.yaml")
    new(base, linted(TEXT))
    assert stale(base, "specs/a.yaml") == []


def test_only_what_was_linted_is_stale() -> None:
    base = known(TEXT)
    assert stale(base, "specs/b.yaml") == []
    assert len(stale(base, "specs/a.yaml")) == len(base.entries)
    hidden = {entry.rule for entry in base.entries} - {"unknown-value"}
    assert [rule for _, rule, _ in stale(base, "specs/a.yaml", hidden=hidden)] == ["unknown-value"] * sum(
        entry.rule == "unknown-value" for entry in base.entries
    )


def test_of_several_alike_those_that_are_gone_are_counted() -> None:
    base = read(write(alike(5)), "b")
    new(base, alike(2))
    assert {count for _, _, count in stale(base, "specs/a.yaml")} == {3}


def test_a_repeated_entry_counts_twice() -> None:
    rows = json.loads(write(alike(1)))
    rows["entries"] *= 2
    base = read(json.dumps(rows), "b")
    assert new(base, alike(2)) == []
    assert stale(base, "specs/a.yaml") == []
    new(base, alike(1))
    assert {count for _, _, count in stale(base, "specs/a.yaml")} == {1}


# ---------------------------------------------------------------- the file


def test_the_file() -> None:
    assert write([]) == '{\n  "format": 1,\n  "entries": []\n}\n'
    text = write(alike(2))
    content = json.loads(text)
    assert content["format"] == 1
    assert [*content["entries"][0]] == ["path", "rule", "fingerprint", "count", "message"]
    assert {row["count"] for row in content["entries"]} == {2}
    assert text.endswith("}\n")


@given(st.randoms())
def test_the_order_of_findings_is_no_matter(random: Any) -> None:
    found = [*linted(TEXT), *linted(TEXT, "b.yaml"), *alike(2)]
    text = write(found)
    random.shuffle(found)
    assert write(found) == text


def test_what_was_written_is_read() -> None:
    text = write([*linted(TEXT, "ünï/é 日\udcff\u2028.yaml"), *alike(3)])
    text.encode()
    again = read("\ufeff" + text, "b")
    assert [(e.path, e.rule, e.fingerprint, e.count, e.message) for e in again.entries] == [
        tuple(row.values()) for row in json.loads(text)["entries"]
    ]
    name = "ünï/é 日\udcff\u2028.yaml"
    assert new(again, linted(TEXT, name), name) == []


def test_invalid_syntax_is_never_known() -> None:
    found = linted("TrainingSpecification: [")
    assert [diagnostic.rule.name for diagnostic in found] == ["invalid-syntax"]
    assert json.loads(write(found))["entries"] == []
    base = Baseline([BaselineEntry("specs/a.yaml", "invalid-syntax", "", 1, "")])
    assert base.filter("specs/a.yaml", found) == (found, {})


def test_diagnostics_without_fingerprints_are_refused() -> None:
    found = Linter(model_of(), []).lint_source(Source("a.yaml", TEXT)).diagnostics
    with pytest.raises(ValueError, match="has no fingerprint"):
        write(found)


ENTRY = '{"path": "a", "rule": "b", "fingerprint": "c", "count": 1, "message": "d"}'
RULE_7 = ENTRY.replace('"b"', "\n7")
BROKEN: list[tuple[str, str]] = [
    ("", "b.json:1: "),
    ("{\n", "b.json:"),
    (
        '{"format": 1,\n<<<<<<< HEAD\n "entries": []}',
        "b.json:2: unresolved merge conflict; keep the entries of both sides",
    ),
    ("[]", "b.json:1: not a baseline file; create one with --write-baseline"),
    ("3", "b.json:1: not a baseline file; create one with --write-baseline"),
    ("{}", "b.json:1: not a baseline file; create one with --write-baseline"),
    (
        '{\n "format": 2, "entries": []}',
        "b.json:2: unsupported format 2; this version of algolint reads format 1",
    ),
    (
        '{\n "format": true, "entries": []}',
        "b.json:2: unsupported format true; this version of algolint reads format 1",
    ),
    ('{"format": "1"}', "b.json:1: unsupported format '1'; this version of algolint reads format 1"),
    ('{\n"format": 1}', "b.json:1: 'entries' must be a list"),
    ('{"format": 1,\n "entries":\n {}}', "b.json:3: 'entries' must be a list"),
    (f'{{"format": 1, "entries": [\n{ENTRY},\n3]}}', "b.json:3: an entry must be an object"),
    ('{"format": 1, "entries": [\n{}]}', "b.json:2: the path of an entry must be a string"),
    (
        f'{{"format": 1, "entries": [{ENTRY},\n{RULE_7}]}}',
        "b.json:3: the rule of an entry must be a string",
    ),
    (
        f'{{"format": 1, "entries": [{ENTRY.replace("1", "0")}]}}',
        "b.json:1: the count of an entry must be an integer of 1 or more",
    ),
    (
        f'{{"format": 1, "entries": [{ENTRY.replace("1", "true")}]}}',
        "b.json:1: the count of an entry must be an integer of 1 or more",
    ),
    (
        f'{{"format": 1, "entries": [{ENTRY.replace("1", "1.0")}]}}',
        "b.json:1: the count of an entry must be an integer of 1 or more",
    ),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_broken_file_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        read(text, "b.json")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- moved files, and what changes


def at(tmp_path: Path, *names: str) -> Baseline:
    """Return a baseline of files with these names, which no longer exist."""
    found = [diagnostic for name in names for diagnostic in linted(TEXT, str(tmp_path / name))]
    return Baseline(Baseline(folder=str(tmp_path)).updated(found, {}).entries, str(tmp_path))


MOVED = [
    ("another name", "specs/a.yaml", "specs/b.yaml", TEXT, True),
    ("another folder", "specs/a.yaml", "c/d/a.yaml", TEXT, True),
    ("another name and folder", "specs/a.yaml", "c/b.yaml", TEXT, False),
    ("one finding less", "specs/a.yaml", "c/a.yaml", with_("Integer", 0, "Type"), True),
    ("another spec", "specs/a.yaml", "c/a.yaml", text_of([{**SPEC[0], "Name": "width"}]), False),
]


@pytest.mark.parametrize(
    ("old", "name", "text", "is_moved"), [row[1:] for row in MOVED], ids=[r[0] for r in MOVED]
)
def test_a_moved_file_keeps_its_entries(
    tmp_path: Path, old: str, name: str, text: str, is_moved: bool
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    found = linted(text, str(path))
    assert found
    base = at(tmp_path, old)
    assert new(base, found, str(path)) == ([] if is_moved else found)
    pruned = base.pruned({str(path): ()})
    assert {entry.path for entry in pruned.entries} == ({name} if is_moved else set())
    assert sum(entry.count for entry in pruned.entries) == (len(found) if is_moved else 0)
    # The file was copied if the old one still exists.
    (tmp_path / old).parent.mkdir(exist_ok=True)
    (tmp_path / old).write_text(TEXT)
    assert new(at(tmp_path, old), found, str(path)) == found


def test_a_file_with_entries_of_its_own_inherits_none(tmp_path: Path) -> None:
    name = str(tmp_path / "b.yaml")
    found = linted(TEXT, name)
    own = Baseline(folder=str(tmp_path)).updated([d for d in found if d.rule.name != "unknown-value"], {})
    base = Baseline([*at(tmp_path, "a.yaml").entries, *own.entries], str(tmp_path))
    assert {d.rule.name for d in new(base, found, name)} == {"unknown-value"}


entries = st.lists(
    st.builds(
        BaselineEntry,
        st.sampled_from(["a", "b/c"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["1", "2"]),
        st.integers(1, 3),
        st.just(""),
    ),
    max_size=6,
)


@given(entries, entries)
def test_what_is_kept_and_added_is_all_there_is(
    before: list[BaselineEntry], after: list[BaselineEntry]
) -> None:
    added, removed, kept = Baseline(before).changes_to(Baseline(after))
    assert removed + kept == sum(entry.count for entry in before)
    assert added + kept == sum(entry.count for entry in after)
    assert Baseline(before).changes_to(Baseline(before)) == (0, 0, removed + kept)
    assert Baseline(before).changes_to(Baseline()) == (0, removed + kept, 0)


def test_each_entry_has_a_line_of_its_own() -> None:
    """Two branches that each add a finding change other lines, unless these are next to each other."""
    found = [*linted(TEXT), *linted(TEXT, "b.yaml")]
    lines = write(found).splitlines()
    rows = [line for line in lines if "fingerprint" in line]
    assert rows == sorted(rows)
    assert len(rows) == len({(d.source.name, d.rule, d.fingerprint) for d in found})
    without = write([*linted(TEXT), *linted(TEXT, "b.yaml")[1:]]).splitlines()
    assert len(set(lines) - set(without)) == 1
