"""The model table reproduces the models it was made from.

The test reads the table with separate code, so that a mistake in algolint/aws/model.py cannot hide one in the
table. The facts come from seven wheels (tests/models, written by tools/build_model.py --extract), the release
of each change (tests/models/changes.txt), the sizes of the three big enums at each revision, and one page of
the API reference (tests/supplied_page.json).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from algolint.aws import model_table

TESTS = Path(__file__).parent
SHAPES: dict[str, dict[str, Any]] = model_table.SHAPES
REVISIONS = [list(revision) for revision in model_table.REVISIONS]
ROOT = "CreateAlgorithmInput"

# The first release of each revision, its UTC date, and the number of instance types for training, batch
# transform and real-time inference.
TIMELINE = """
1.12.55 2018-11-29 26 26 32
1.12.69 2018-12-19 26 26 32
1.12.111 2019-03-08 26 26 32
1.12.145 2019-05-08 26 26 32
1.12.166 2019-06-11 26 26 32
1.12.212 2019-08-20 26 26 32
1.12.213 2019-08-21 27 26 32
1.12.236 2019-09-25 27 26 44
1.13.2 2019-10-24 27 26 62
1.13.32 2019-12-04 27 26 66
1.14.4 2020-01-16 33 26 66
1.15.40 2020-04-16 38 26 66
1.19.5 2020-10-26 39 26 66
1.19.27 2020-12-01 39 26 66
1.20.97 2021-06-17 39 32 66
1.20.104 2021-07-01 39 32 66
1.21.24 2021-08-18 39 32 66
1.21.56 2021-10-06 39 32 66
1.23.18 2021-12-01 39 32 66
1.23.29 2022-01-05 47 32 66
1.27.25 2022-07-07 47 32 66
1.27.30 2022-07-14 47 32 84
1.27.83 2022-09-29 47 32 84
1.27.92 2022-10-17 47 32 140
1.29.1 2022-11-02 47 32 140
1.29.2 2022-11-03 49 32 140
1.29.55 2023-01-23 49 32 141
1.29.127 2023-05-04 49 32 147
1.29.158 2023-06-21 50 32 147
1.31.19 2023-08-03 51 32 147
1.31.59 2023-10-03 51 32 148
1.31.60 2023-10-04 51 32 148
1.32.0 2023-11-14 51 32 148
1.32.2 2023-11-16 51 32 148
1.33.5 2023-11-30 51 32 148
1.34.2 2023-12-15 69 32 177
1.34.19 2024-01-14 69 32 177
1.34.53 2024-02-29 69 32 177
1.34.74 2024-03-29 69 32 177
1.34.95 2024-04-30 69 32 185
1.34.98 2024-05-03 69 94 185
1.34.131 2024-06-20 69 94 185
1.34.145 2024-07-18 89 94 185
1.35.24 2024-09-20 89 94 185
1.35.51 2024-10-29 92 94 185
1.35.52 2024-10-30 90 94 185
1.35.53 2024-10-31 106 94 185
1.35.61 2024-11-14 106 98 185
1.35.68 2024-11-22 106 98 213
1.35.75 2024-12-04 108 98 213
1.35.86 2024-12-20 108 100 213
1.35.91 2025-01-02 108 100 213
1.36.11 2025-01-31 108 100 214
1.36.24 2025-02-19 108 100 224
1.37.3 2025-02-27 108 100 224
1.37.23 2025-03-28 108 100 224
1.38.30 2025-06-04 109 100 224
1.38.37 2025-06-16 136 100 263
1.40.6 2025-08-08 137 100 263
1.40.14 2025-08-20 138 100 263
1.40.25 2025-09-05 138 100 264
1.40.68 2025-11-06 138 108 264
1.40.72 2025-11-12 138 108 264
1.41.0 2025-11-19 138 108 264
1.42.2 2025-12-03 138 108 264
1.42.12 2025-12-17 139 108 264
1.42.44 2026-02-06 145 108 264
1.42.60 2026-03-03 145 108 271
1.42.93 2026-04-21 145 108 271
1.43.50 2026-07-16 145 108 277
1.43.66 2026-08-06 151 108 277
1.43.84 2026-08-31 151 116 277
1.43.90 2026-09-08 151 116 277
1.43.99 2026-09-21 192 116 277
1.43.105 2026-09-29 225 116 277
"""
TIMELINE_ROWS = [line.split() for line in TIMELINE.split("\n") if line]

# Releases that changed only anchors, names of shapes or the response.
WITHOUT_EFFECT = ["1.12.77", "1.17.28", "1.31.76", "1.35.11", "1.38.14"]

SAMPLED = ["1.12.55", "1.19.27", "1.29.150", "1.34.53", "1.35.51", "1.35.52", "1.44.5"]

# The release of the supplied page of the API reference; any of 1.29.139 to 1.29.157 fits.
SUPPLIED_PAGE = "1.29.150"

Model = dict[str, dict[str, Any]]


def test_a_check_ignores_the_release_that_was_looked_at_last_alone(tool: ModuleType) -> None:
    text = tool.ALGORITHM.file.read_text(encoding="utf-8")
    stamp = next(line for line in text.splitlines() if line.startswith("NEWEST_CHECKED = "))
    later = text.replace(stamp, 'NEWEST_CHECKED = ["9.9.9", "2099-01-01"]')
    assert later != text
    assert tool.without_stamp(later) == tool.without_stamp(text)
    assert tool.without_stamp(text.replace('"1.12.69"', '"1.12.70"')) != tool.without_stamp(text)


# Reading


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def revision_of(version: str) -> int:
    return max(i for i, (first, _) in enumerate(REVISIONS) if numbers(first) <= numbers(version))


def at(revision: int, shape: dict[str, Any], key: str) -> Any:
    """Return a value of a shape, or its value at a revision if it has a history."""
    history = shape.get("history", {}).get(key)
    if history is None:
        return shape.get(key)
    assert key not in shape
    return history[str(max(int(start) for start in history if int(start) <= revision))]


def values_at(revision: int, shape: dict[str, Any]) -> list[str]:
    """Return the values of an enum at a revision."""
    values: list[str] = []
    for i in range(revision + 1):
        gone = shape.get("dropped", {}).get(str(i), "").split()
        values = [value for value in values if value not in gone]
        values += shape["enum"].get(str(i), "").split()
    return values


def table_model(revision: int) -> Model:
    """Return every path of a request at a revision, with the constraints of its value."""
    return dict(table_paths(revision, ROOT, "$"))


def table_paths(revision: int, name: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    shape = SHAPES[name]
    limits = {key: at(revision, shape, key) for key in ("min", "max", "pattern")}
    enum = set(values_at(revision, shape)) if "enum" in shape else None
    since = shape.get("since", {})
    members = {
        field: below for field, below in shape.get("members", {}).items() if since.get(field, 0) <= revision
    }
    required = members.keys() & set(at(revision, shape, "required") or ())
    yield path, {"type": shape["type"], "enum": enum, "members": set(members), "required": required, **limits}
    for field, below in members.items():
        yield from table_paths(revision, below, f"{path}.{field}")
    for key, mark in (("item", "[]"), ("key", "{key}"), ("value", "{}")):
        if key in shape:
            yield from table_paths(revision, shape[key], path + mark)


def wheel_model(version: str) -> Model:
    """Return the same for the model in a wheel."""
    shapes = json.loads((TESTS / "models" / f"botocore-{version}.json").read_text(encoding="utf-8"))
    return dict(wheel_paths(shapes, ROOT, "$"))


def wheel_paths(shapes: dict[str, Any], name: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    shape = shapes[name]
    limits = {key: shape.get(key) for key in ("min", "max", "pattern")}
    if limits["min"] == 0 and shape["type"] != "integer":
        limits["min"] = None
    if limits["pattern"] is not None:
        assert not limits["pattern"].endswith("\\$"), "this $ is no anchor"
        limits["pattern"] = limits["pattern"].removeprefix("^").removesuffix("$")
    enum = set(shape["enum"]) if "enum" in shape else None
    members = shape.get("members", {})
    required = set(shape.get("required", ()))
    yield path, {"type": shape["type"], "enum": enum, "members": set(members), "required": required, **limits}
    for field, member in members.items():
        yield from wheel_paths(shapes, member["shape"], f"{path}.{field}")
    for key, mark in (("member", "[]"), ("key", "{key}"), ("value", "{}")):
        if key in shape:
            yield from wheel_paths(shapes, shape[key]["shape"], path + mark)


# The facts


@pytest.mark.parametrize("version", SAMPLED)
def test_gives_back_the_model_of_a_wheel(version: str) -> None:
    table, wheel = table_model(revision_of(version)), wheel_model(version)
    assert set(table) == set(wheel)
    assert {path: (table[path], wheel[path]) for path in wheel if table[path] != wheel[path]} == {}


def test_newest_checked_is_not_older_than_the_last_revision() -> None:
    version, date = model_table.NEWEST_CHECKED
    assert version in SAMPLED
    assert numbers(version) >= numbers(REVISIONS[-1][0])
    assert date >= REVISIONS[-1][1]


def test_revisions_are_those_of_the_timeline() -> None:
    assert [row[:2] for row in TIMELINE_ROWS] == REVISIONS
    assert len(REVISIONS) == 75
    assert not {version for version, _ in REVISIONS} & set(WITHOUT_EFFECT)


def test_revisions_ascend() -> None:
    for (version, date), (next_version, next_date) in pairwise(REVISIONS):
        assert numbers(version) < numbers(next_version)
        assert date < next_date


@pytest.mark.parametrize("row", TIMELINE_ROWS, ids=lambda row: row[0])
def test_sizes_of_the_instance_type_enums(row: list[str]) -> None:
    revision = revision_of(row[0])
    for name, size in zip(
        ("TrainingInstanceType", "TransformInstanceType", "ProductionVariantInstanceType"),
        row[2:],
        strict=True,
    ):
        assert len(values_at(revision, SHAPES[name])) == int(size)


def test_only_two_values_were_ever_dropped_and_came_back() -> None:
    gone, back = str(revision_of("1.35.52")), str(revision_of("1.35.75"))
    removed = {"ml.p5en.48xlarge", "ml.trn2.48xlarge"}
    dropped = {name: shape["dropped"] for name, shape in SHAPES.items() if "dropped" in shape}
    assert {name: list(history) for name, history in dropped.items()} == {"TrainingInstanceType": [gone]}
    assert set(dropped["TrainingInstanceType"][gone].split()) == removed
    assert removed == set(SHAPES["TrainingInstanceType"]["enum"][back].split())


def test_no_member_became_required() -> None:
    for name, history in histories():
        if name.endswith(" required"):
            assert all(set(fewer) < set(before) for before, fewer in pairwise(history.values())), name


def test_no_member_was_removed_between_the_sampled_wheels() -> None:
    for version, later in pairwise(SAMPLED):
        before, after = wheel_model(version), wheel_model(later)
        for path, constraints in before.items():
            assert constraints["members"] <= after[path]["members"]


def test_read_only_members() -> None:
    marked = {f"{name}.{field}" for name, shape in SHAPES.items() for field in shape.get("read_only", ())}
    assert marked == {"ResourceConfig.SelectedInstanceType", "ResourceConfig.SelectedInstanceCount"}


def changes() -> Iterator[str]:
    """Yield every change except those of the big enums, as lines: release, what, before, after."""
    for subject, history in histories():
        for (_, before), (start, after) in pairwise(history.items()):
            release = REVISIONS[int(start)][0]
            if subject.endswith(" enum"):
                if not subject.endswith("InstanceType enum"):
                    yield f"{release} {subject} + {json.dumps(after)}"
            elif subject.endswith(" required"):
                owner = subject.removesuffix(" required")
                for field in [field for field in before if field not in after]:
                    yield f"{release} {owner}.{field} required true -> false"
            else:
                yield f"{release} {subject} {json.dumps(before)} -> {json.dumps(after)}"
    for name, shape in SHAPES.items():
        for field, number in shape.get("since", {}).items():
            yield f"{REVISIONS[number][0]} {name}.{field} +"


def test_changes_came_with_the_releases_that_brought_them() -> None:
    known = (TESTS / "models" / "changes.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(changes(), key=lambda line: (numbers(line.split()[0]), line)) == known


def test_agrees_with_the_supplied_page() -> None:
    page = json.loads((TESTS / "supplied_page.json").read_text(encoding="utf-8"))
    model = table_model(revision_of(SUPPLIED_PAGE))
    leaves = {path.removeprefix("$."): asked for path, asked in model.items() if not path.endswith("{key}")}
    leaves = {
        path: asked for path, asked in leaves.items() if asked["type"] not in ("structure", "list", "map")
    }
    assert set(page) == set(leaves)
    for path, printed in page.items():
        if isinstance(printed, list):
            assert len(set(printed)) == len(printed)
            assert set(printed) == leaves[path]["enum"]
        else:
            assert leaves[path]["enum"] is None
            assert {"long": "integer"}.get(leaves[path]["type"], leaves[path]["type"]) == printed


def test_sizes_on_the_supplied_page() -> None:
    page = json.loads((TESTS / "supplied_page.json").read_text(encoding="utf-8"))
    assert len(page["TrainingSpecification.SupportedTrainingInstanceTypes[]"]) == 49
    assert len(page["InferenceSpecification.SupportedTransformInstanceTypes[]"]) == 32
    assert len(page["InferenceSpecification.SupportedRealtimeInferenceInstanceTypes[]"]) == 147


# The form of the table


def test_every_shape_is_reached_and_known() -> None:
    reached: set[str] = set()
    pending = [ROOT]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            shape = SHAPES[name]
            pending += shape.get("members", {}).values()
            pending += [shape[key] for key in ("item", "key", "value") if key in shape]
    assert reached == set(SHAPES)


def histories() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, shape in SHAPES.items():
        for key, history in shape.get("history", {}).items():
            yield f"{name} {key}", history
        if "enum" in shape:
            yield f"{name} enum", {start: words.split() for start, words in shape["enum"].items()}


def test_histories_start_at_0_and_ascend() -> None:
    for name, history in histories():
        starts = [int(start) for start in history]
        assert starts[0] == 0, name
        assert starts == sorted(set(starts)), name
        assert starts[-1] < len(REVISIONS), name


def test_histories_hold_changes_only() -> None:
    for name, history in histories():
        assert all(one != next_one for one, next_one in pairwise(history.values())), name


def test_every_revision_changes_something() -> None:
    models = [table_model(revision) for revision in range(len(REVISIONS))]
    assert all(one != next_one for one, next_one in pairwise(models))


def test_no_enum_has_a_repeated_value() -> None:
    for name, shape in SHAPES.items():
        if "enum" in shape:
            for revision in range(len(REVISIONS)):
                values = values_at(revision, shape)
                assert len(set(values)) == len(values), (name, revision)


def test_the_file_is_as_the_tool_writes_it(tool: ModuleType) -> None:
    table = {name.lower(): value for name, value in vars(model_table).items() if name.isupper()}
    assert tool.table_text(table) == tool.ALGORITHM.file.read_text(encoding="utf-8")


# The tool


@pytest.mark.parametrize(
    ("pattern", "bare"),
    [
        ("^a$", "a"),
        ("a$", "a"),
        ("^a", "a"),
        ("^(a|b)$", "(a|b)"),
        ("^[a|(b]$", "[a|(b]"),
        ("^a|b$", "^a|b$"),
        (r"^a\|b$", r"a\|b"),
        (r"^a\$", r"a\$"),
        (r"^a\\$", r"a\\"),
    ],
)
def test_anchors_around_a_whole_pattern_go(tool: ModuleType, pattern: str, bare: str) -> None:
    assert tool.without_anchors(pattern) == bare


@pytest.mark.parametrize(
    ("version", "built", "date"),
    [
        ("1.12.55", "2018-11-28T17:23:00", "2018-11-29"),
        ("1.12.132", "2019-04-17T16:59:00", "2019-04-17"),
        ("1.12.132", "2019-04-17T17:00:00", "2019-04-18"),
        ("1.12.111", "2019-03-08T16:00:00", "2019-03-09"),
        ("1.12.133", "2019-04-18T19:51:12", "2019-04-18"),
    ],
)
def test_builds_are_dated_in_utc(tool: ModuleType, version: str, built: str, date: str) -> None:
    assert tool.build_date(version, datetime.fromisoformat(built)) == date


def structure(**members: str) -> dict[str, Any]:
    return {"type": "structure", "members": {name: {"shape": shape} for name, shape in members.items()}}


def test_a_new_name_takes_over_the_past_of_the_old_one(tool: ModuleType) -> None:
    older = {ROOT: structure(A="Old"), "Old": {"type": "string", "max": 1}}
    newest = {ROOT: structure(A="New"), "New": {"type": "string", "max": 2}}
    assert tool.align(newest, older)["New"]["max"] == 1


def test_two_pasts_under_one_name_are_refused(tool: ModuleType) -> None:
    older = {ROOT: structure(A="A", B="B"), "A": {"type": "string", "max": 1}, "B": {"type": "string"}}
    newest = {ROOT: structure(A="A", B="A"), "A": {"type": "string", "max": 1}}
    with pytest.raises(tool.ModelError, match="differ"):
        tool.align(newest, older)


def test_a_removed_member_is_refused(tool: ModuleType) -> None:
    older = {ROOT: structure(A="A"), "A": {"type": "string"}}
    with pytest.raises(tool.ModelError, match="no longer there"):
        tool.align({ROOT: structure()}, older)


def test_an_enum_value_of_two_words_is_refused(tool: ModuleType) -> None:
    past = [(0, {"enum": ["File", "Fast File"]})]
    with pytest.raises(tool.ModelError, match="not one word"):
        tool.enum_entries("TrainingInputMode", past)


def test_a_member_that_is_no_longer_required_has_a_history(tool: ModuleType) -> None:
    newest = {"type": "structure", "members": {name: {"shape": "Text"} for name in "ABC"}}
    blank = {"type": "structure", "union": False, "min": None, "max": None, "pattern": None, "enum": None}
    past = [
        (0, {**blank, "members": {"A": True, "B": True}}),
        (3, {**blank, "members": {"A": True, "B": False}}),
        (5, {**blank, "members": {"A": True, "B": False, "C": True}}),
    ]
    assert tool.shape_entry("S", newest, past) == {
        "type": "structure",
        "members": {"A": "Text", "B": "Text", "C": "Text"},
        "since": {"C": 5},
        "history": {"required": {"0": ["A", "B", "C"], "3": ["A", "C"]}},
    }
