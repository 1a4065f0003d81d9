"""Build algolint/aws/model_table.py and jobs_table.py, the revisions of requests, from botocore's wheels.

    python tools/build_model.py --wheels DIR               write the tables
    python tools/build_model.py --wheels DIR --check       compare instead of writing; exit 1 if one differs
    python tools/build_model.py --extract 1.12.55          write one wheel's request shapes to tests/models

The wheels are downloaded one at a time from the package index that pip is configured for, and are not kept.
Their SageMaker service model and build time are kept in --wheels, so that the next run is quick. The same
wheels give the same bytes.

model_table.py has the CreateAlgorithm request, jobs_table.py the requests that use an algorithm, made from
the same releases, all of which changed CreateAlgorithm. A change of a job in another release has the date of
the next of these releases.

If a release that is newer than a table's last version changes a request, it becomes a new revision, and the
tool prints it. Then find the release that made the change, and add it to CHANGED_IN.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "algolint" / "aws"
EXTRACTS = ROOT / "tests" / "models"

SERVICE = "botocore/data/sagemaker/2017-07-24/service-2.json"

# The releases that changed a shape reachable from CreateAlgorithm. Some did not change requests (but anchors,
# names of shapes, the response); the table leaves these out.
CHANGED_IN = """
1.12.55 1.12.69 1.12.77 1.12.111 1.12.145 1.12.166 1.12.212 1.12.213 1.12.236 1.13.2 1.13.32 1.14.4 1.15.40
1.17.28 1.19.5 1.19.27 1.20.97 1.20.104 1.21.24 1.21.56 1.23.18 1.23.29 1.27.25 1.27.30 1.27.83 1.27.92 1.29.1
1.29.2 1.29.55 1.29.127 1.29.158 1.31.19 1.31.59 1.31.60 1.31.76 1.32.0 1.32.2 1.33.5 1.34.2 1.34.19 1.34.53
1.34.74 1.34.95 1.34.98 1.34.131 1.34.145 1.35.11 1.35.24 1.35.51 1.35.52 1.35.53 1.35.61 1.35.68 1.35.75
1.35.86 1.35.91 1.36.11 1.36.24 1.37.3 1.37.23 1.38.14 1.38.30 1.38.37 1.40.6 1.40.14 1.40.25 1.40.68 1.40.72
1.41.0 1.42.2 1.42.12 1.42.44 1.42.60 1.42.93 1.43.50 1.43.66 1.43.84 1.43.90 1.43.99 1.43.105
"""
VERSIONS = CHANGED_IN.split()

# Times in wheels are US Pacific up to this release, and UTC afterwards: most builds happen around noon there,
# and the times jump from 11:09 and 12:49 (1.12.131 and .132) to 19:51 and 18:51 (.133 and .134).
LAST_PACIFIC_BUILD = "1.12.132"

# Members of requests that the service only returns. The tool checks that their documentation states this.
READ_ONLY = {("ResourceConfig", "SelectedInstanceType"), ("ResourceConfig", "SelectedInstanceCount")}
SAYS_READ_ONLY = re.compile(r"(isn't|is not|aren't|are not) accepted in")

PLAIN_KEYS = ("type", "union", "required", "enum", "min", "max", "pattern")
HOLDERS = {"member": "item", "key": "key", "value": "value"}  # where lists and maps name shapes: wheel, table

Shape = dict[str, Any]
Shapes = dict[str, Shape]
Past = list[tuple[int, Shape]]  # the constraints of one shape, by revision


class ModelError(Exception):
    """Raised if the wheels contain something that the table cannot represent."""


@dataclass(frozen=True)
class Requests:
    """The requests of one table: their operations and the releases to read."""

    name: str
    operations: tuple[str, ...]
    versions: list[str]
    #: Shapes that replaced a stricter one in some place, and keep their own history there.
    merged: frozenset[str] = frozenset()

    @property
    def file(self) -> Path:
        return TABLES / f"{self.name}_table.py"


ALGORITHM = Requests("model", ("CreateAlgorithm",), VERSIONS)
JOBS = Requests(
    "jobs",
    (
        "CreateTrainingJob",
        "CreateHyperParameterTuningJob",
        "CreateTransformJob",
        "CreateModelPackage",
        "CreateEndpointConfig",
    ),
    [*VERSIONS, "1.44.8"],
    frozenset({"OptionalVolumeSizeInGB", "ArnOrName"}),
)


@dataclass(frozen=True)
class Release:
    version: str
    date: str
    roots: tuple[str, ...]
    shapes: Shapes
    read_only: set[tuple[str, str]]


# Wheels


def release(version: str, cache: Path | None, requests: Requests = ALGORITHM) -> Release:
    if cache is None:
        service, built = download(version)
    else:
        service_file, built_file = cache / f"{version}.json", cache / f"{version}.built"
        if not (service_file.exists() and built_file.exists()):
            cache.mkdir(parents=True, exist_ok=True)
            service, built = download(version)
            service_file.write_bytes(service)
            built_file.write_text(built)
        service, built = service_file.read_bytes(), built_file.read_text()
    date = build_date(version, datetime.fromisoformat(built))
    model = json.loads(service)
    roots = tuple(model["operations"][operation]["input"]["shape"] for operation in requests.operations)
    closure = request_closure(model, roots)
    return Release(version, date, roots, closure, documented_as_read_only(model, closure))


def download(version: str) -> tuple[bytes, str]:
    """Return the service model of a release and its build time, without a zone as in the wheel."""
    with tempfile.TemporaryDirectory() as folder:
        pip("download", "--quiet", "--no-deps", "--only-binary=:all:", f"botocore=={version}", "-d", folder)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            built = datetime(*archive.getinfo("botocore/__init__.py").date_time)
            if SERVICE in archive.namelist():
                return archive.read(SERVICE), built.isoformat()
            return gzip.decompress(archive.read(SERVICE + ".gz")), built.isoformat()


def newest_version() -> str:
    found = re.search(r"botocore \(([\d.]+)\)", pip("index", "versions", "botocore"))
    if not found:
        raise ModelError("pip does not list the newest botocore; use --newest")
    return found[1]


def pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def build_date(version: str, built: datetime) -> str:
    """Return the UTC date of a build."""
    if version_key(version) <= version_key(LAST_PACIFIC_BUILD):
        built += timedelta(hours=7 if is_pacific_summer(built) else 8)
    return built.date().isoformat()


def is_pacific_summer(local: datetime) -> bool:
    """Whether it is daylight saving time, by the rule since 2007. Some systems lack zoneinfo's data."""

    def sunday(month: int, nth: int) -> datetime:
        first = datetime(local.year, month, 1, 2)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))

    return sunday(3, 2) <= local < sunday(11, 1)


def version_key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


# One release


def request_closure(service: dict[str, Any], roots: Iterable[str]) -> Shapes:
    """Return the shapes that requests use, in breadth-first order, with the keys needed for validation."""
    closure: Shapes = {}
    pending = [*roots]
    while pending:
        name = pending.pop(0)
        if name not in closure:
            closure[name] = essentials(service["shapes"][name])
            pending += (child for _, child in references(closure[name]))
    return closure


def essentials(shape: Shape) -> Shape:
    slim: Shape = {key: shape[key] for key in PLAIN_KEYS if key in shape}
    if "members" in shape:
        slim["members"] = {name: {"shape": target["shape"]} for name, target in shape["members"].items()}
    for key in HOLDERS:
        if key in shape:
            slim[key] = {"shape": shape[key]["shape"]}
    return slim


def documented_as_read_only(service: dict[str, Any], closure: Shapes) -> set[tuple[str, str]]:
    return {
        (name, member)
        for name in closure
        for member, target in service["shapes"][name].get("members", {}).items()
        if SAYS_READ_ONLY.search(target.get("documentation", ""))
    }


def references(shape: Shape) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the references of a shape to others: the place, and the other shape."""
    for name, target in shape.get("members", {}).items():
        yield ("members", name), target["shape"]
    for key in HOLDERS:
        if key in shape:
            yield (key, ""), shape[key]["shape"]


def constraints(shape: Shape) -> Shape:
    """Return the constraints of a shape itself in normal form, without references to other shapes."""
    own = {"type": shape["type"], "union": shape.get("union", False)}
    for key in ("min", "max", "pattern", "enum"):
        own[key] = shape.get(key)
    if own["min"] == 0 and shape["type"] in ("string", "list", "map"):
        own["min"] = None
    if own["pattern"] is not None:
        own["pattern"] = without_anchors(own["pattern"])
    required = shape.get("required", ())
    own["members"] = {name: name in required for name in shape.get("members", {})}
    return own


def without_anchors(pattern: str) -> str:
    """Return a pattern without outer anchors, which are redundant because the whole value is matched."""
    if has_open_alternative(pattern):
        return pattern
    pattern = pattern.removeprefix("^")
    body = pattern.removesuffix("$")
    backslashes = len(body) - len(body.rstrip("\\"))
    return pattern if backslashes % 2 else body


def has_open_alternative(pattern: str) -> bool:
    """Whether there is a `|` outside of all groups, so that an anchor belongs to one alternative only."""
    depth = 0
    for part in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL):
        depth += (part == "(") - (part == ")")
        if part == "|" and depth == 0:
            return True
    return False


# All releases


def align(
    newest: Shapes,
    older: Shapes,
    roots: Iterable[str] = ("CreateAlgorithmInput",),
    merged: frozenset[str] = frozenset(),
) -> Shapes:
    """Return the older constraints by the newest names, walking both models in parallel from the requests.

    A shape that replaced another one has the constraints of that one before. If it replaced two shapes that
    differ, this is an error, unless it is one of those `merged`.
    """
    aligned: Shapes = {}
    pending, seen = [(root, root) for root in roots], set()
    while pending:
        pair = new_name, old_name = pending.pop(0)
        if pair in seen:
            continue
        seen.add(pair)
        own = constraints(older[new_name if new_name in merged and new_name in older else old_name])
        if aligned.setdefault(new_name, own) != own:
            raise ModelError(f"{new_name} names shapes that differ, one of them {old_name}")
        new_uses = dict(references(newest[new_name]))
        for use, old_target in references(older[old_name]):
            if use not in new_uses:
                raise ModelError(f"{old_name}: {use} is no longer there")
            pending.append((new_uses[use], old_target))
    return aligned


def same_for_requests(one: Shapes, other: Shapes) -> bool:
    """Whether shapes are equal except for the order of enum values and members."""

    def unordered(shapes: Shapes) -> Shapes:
        return {name: {**own, "enum": own["enum"] and set(own["enum"])} for name, own in shapes.items()}

    return unordered(one) == unordered(other)


def table(requests: Requests, releases: list[Release]) -> dict[str, Any]:
    newest = releases[-1].shapes
    read_only = releases[-1].read_only
    if read_only != READ_ONLY:
        raise ModelError(f"documented as read-only: {sorted(read_only)}, listed: {sorted(READ_ONLY)}")
    revisions: list[Release] = []
    models: list[Shapes] = []
    for each in releases:
        model = align(newest, each.shapes, each.roots, requests.merged)
        if not models or not same_for_requests(models[-1], model):
            revisions.append(each)
            models.append(model)
    last = requests.versions[-1]
    if version_key(revisions[-1].version) > version_key(last):
        print(
            f"{requests.name}: {revisions[-1].version} differs from {last}: bisect by hand", file=sys.stderr
        )
    operations = ", ".join(requests.operations)
    return {
        "source": f"Derived from botocore (Apache-2.0): the request of {operations} in "
        "sagemaker/2017-07-24/service-2.json of the versions listed.",
        "operation": operations,
        "newest_checked": [releases[-1].version, releases[-1].date],
        "revisions": [[each.version, each.date] for each in revisions],
        "shapes": {name: shape_entry(name, shape, states(name, models)) for name, shape in newest.items()},
    }


def states(name: str, models: list[Shapes]) -> Past:
    return [(revision, model[name]) for revision, model in enumerate(models) if name in model]


def shape_entry(name: str, shape: Shape, past: Past) -> Shape:
    for key in ("type", "union"):
        if len({own[key] for _, own in past}) > 1:
            raise ModelError(f"{name}: {key} changed")
    entry: Shape = {"type": shape["type"]}
    if shape.get("union"):
        entry["union"] = True
    for key, location in HOLDERS.items():
        if key in shape:
            entry[location] = shape[key]["shape"]
    if "members" in shape:
        entry["members"] = {member: target["shape"] for member, target in shape["members"].items()}
        if since := first_revisions(name, entry["members"], past):
            entry["since"] = since
        if read_only := [member for member in entry["members"] if (name, member) in READ_ONLY]:
            entry["read_only"] = read_only
    entry |= enum_entries(name, past)
    histories = {key: history((i, own[key]) for i, own in past) for key in ("min", "max", "pattern")}
    histories["required"] = history(required(entry.get("members", ()), past))
    changed = {key: values for key, values in histories.items() if isinstance(values, dict)}
    entry |= {
        key: value for key, value in histories.items() if value not in (None, []) and key not in changed
    }
    return entry | ({"history": changed} if changed else {})


def first_revisions(owner: str, members: Iterable[str], past: Past) -> dict[str, int]:
    """The revisions that brought members, except the first."""
    since = {}
    for member in members:
        known = [i for i, own in past if member in own["members"]]
        if known != [i for i, _ in past[-len(known) :]]:
            raise ModelError(f"{owner}.{member} went and came back")
        if known[0] > 0:
            since[member] = known[0]
    return since


def required(members: Iterable[str], past: Past) -> Iterator[tuple[int, list[str]]]:
    """By revision, the members that were required, or were so when they came."""
    at_first: dict[str, bool] = {}
    for _, own in reversed(past):
        at_first |= own["members"]
    for revision, own in past:
        now = at_first | own["members"]
        yield revision, [member for member in members if now[member]]


def history(values: Iterable[tuple[int, Any]]) -> Any:
    """Return a value that never changed, or else the value from each change on.

    The first one is from "0" on, even if the shape is newer, so that a look-up always finds a value.
    """
    changes: dict[str, Any] = {}
    last = object()
    for revision, value in values:
        if value != last:
            changes[str(revision) if changes else "0"] = value
            last = value
    return changes["0"] if len(changes) == 1 else changes


def enum_entries(name: str, past: Past) -> Shape:
    """Return the values, joined by spaces, by the revision that added or removed them."""
    enums = [(i, own["enum"]) for i, own in past]
    if all(values is None for _, values in enums):
        return {}
    if any(values is None for _, values in enums):
        raise ModelError(f"{name} was not always an enum")
    if any(value.split() != [value] for _, values in enums for value in values):
        raise ModelError(f"{name} has a value that is not one word")
    added = {"0": " ".join(enums[0][1])}
    dropped: dict[str, str] = {}
    for (_, before), (revision, now) in pairwise(enums):
        if new := [value for value in now if value not in before]:
            added[str(revision)] = " ".join(new)
        if gone := [value for value in before if value not in now]:
            dropped[str(revision)] = " ".join(gone)
    return {"enum": added, "dropped": dropped} if dropped else {"enum": added}


# Files


def table_text(table: dict[str, Any]) -> str:
    """A line for each revision and each shape, so that differences can be read."""
    lines = [
        f'"""The shapes of {table["operation"]} at all revisions; `algolint.aws.model` reads them.',
        "",
        "Generated by tools/build_model.py; do not edit.",
        '"""',
        "",
        f"SOURCE = {written(table['source'])}",
        f"OPERATION = {written(table['operation'])}",
        f"NEWEST_CHECKED = {written(table['newest_checked'])}",
        "REVISIONS: tuple[tuple[str, str], ...] = (",
        *(f"    {written(tuple(revision))}," for revision in table["revisions"]),
        ")",
        "SHAPES: dict[str, dict[str, object]] = {",
        *(f"    {written(name)}: {written(shape)}," for name, shape in table["shapes"].items()),
        "}",
        "",
    ]
    return "\n".join(lines)


def written(value: Any) -> str:
    """A value in Python's notation, with texts in double quotes."""
    match value:
        case dict():
            return f"{{{', '.join(f'{written(key)}: {written(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case tuple():
            return f"({', '.join(map(written, value))})"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)


def shapes_text(shapes: Shapes) -> str:
    return "{\n" + ",\n".join(f"{compact(name)}:{compact(shape)}" for name, shape in shapes.items()) + "\n}"


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def without_stamp(text: str) -> str:
    """A table without the release that was looked at last, which alone is no change."""
    return re.sub(r"^NEWEST_CHECKED = .*$", "", text, flags=re.MULTILINE)


def main(arguments: list[str] | None = None) -> int:
    summary, _, manual = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=manual, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="folder for the data from the wheels")
    parser.add_argument("--newest", metavar="VERSION", help="the newest release to check (default: ask pip)")
    parser.add_argument("--check", action="store_true", help="compare with the table instead of writing it")
    parser.add_argument("--extract", metavar="VERSION", help="write one release's request shapes instead")
    options = parser.parse_args(arguments)

    if options.extract:
        EXTRACTS.mkdir(parents=True, exist_ok=True)
        text = shapes_text(release(options.extract, options.wheels).shapes) + "\n"
        (EXTRACTS / f"botocore-{options.extract}.json").write_text(text, encoding="utf-8")
        return 0

    newest = options.newest or newest_version()
    fresh = [built(requests, newest, options.wheels, options.check) for requests in (ALGORITHM, JOBS)]
    return 0 if all(fresh) else 1


def built(requests: Requests, newest: str, cache: Path | None, check: bool) -> bool:
    """Write the table of some requests, or with `check` print and return whether it is up to date."""
    versions = requests.versions if newest == requests.versions[-1] else [*requests.versions, newest]
    text = table_text(table(requests, [release(version, cache, requests) for version in versions]))
    if not check:
        requests.file.write_text(text, encoding="utf-8")
        return True
    same = without_stamp(text) == without_stamp(requests.file.read_text(encoding="utf-8"))
    print(f"{requests.file.name} {'is up to date' if same else 'differs'}")
    return same


if __name__ == "__main__":
    sys.exit(main())
