"""The shapes of requests at one revision of the API, read from a table of all revisions.

`model_table` contains every revision since CreateAlgorithm appeared; `jobs_table`, imported when needed, has
the requests that use an algorithm. `tools/build_model.py` writes both. The row of a shape has the constraints
that are the same in all revisions. Those that changed are in the row's `history` as `{"<revision>": value}`,
where each value applies until the next. A shape is resolved for the revision when it is first used.
"""

from __future__ import annotations

from algolint.errors import UserError
from algolint.messages import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: The shape of a CreateAlgorithm request.
REQUEST = "CreateAlgorithmInput"
#: The table of the requests that use an algorithm, and the operation of each request.
JOBS = "jobs"
JOB_REQUESTS = {
    "CreateTrainingJobRequest": "CreateTrainingJob",
    "CreateHyperParameterTuningJobRequest": "CreateHyperParameterTuningJob",
    "CreateTransformJobRequest": "CreateTransformJob",
    "CreateModelPackageInput": "CreateModelPackage",
    "CreateEndpointConfigInput": "CreateEndpointConfig",
}
#: The requests that name an algorithm.
NAMING_ALGORITHMS = (
    "CreateTrainingJobRequest",
    "CreateHyperParameterTuningJobRequest",
    "CreateModelPackageInput",
)
#: The operation of each request.
OPERATIONS = {REQUEST: "CreateAlgorithm", **JOB_REQUESTS}


class Revision:
    """One state of the API: its number in the table, the first botocore version that has it, and the date.

    `requested` is the version or date that the user gave, if the table has no entry of its own for it.
    """

    __slots__ = ("date", "number", "requested", "version")

    def __init__(self, number: int, version: str, date: str, requested: str = "") -> None:
        self.number = number
        self.version = version
        self.date = date
        self.requested = requested if requested not in (version, date) else ""

    def __str__(self) -> str:
        requested = f" (for {self.requested})" if self.requested else ""
        return f"botocore {self.version}, {self.date}{requested}"

    @property
    def as_target(self) -> str:
        """The revision that a spec is linted for, as messages name it."""
        state = f"{self.version} ({self.date})"
        return f"{self.requested}, whose request is that of {state}" if self.requested else state

    @property
    def release(self) -> tuple[int, ...]:
        """The botocore version as numbers, for comparison."""
        return _version_order(self.version)


# The API's integers are signed, with 32 or 64 bits.
_SIZES = {"integer": 2**31, "long": 2**63}


class Shape:
    """A shape and its constraints at one revision. Limits are inclusive; None means no limit."""

    #: structure, list, map, string, integer, boolean …
    type: str
    #: Required fields, and fields that only the service sets.
    required: Sequence[str] = ()
    read_only: Sequence[str] = ()
    item: str = ""
    key: str = ""
    value: str = ""
    min: int | None = None
    max: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] | None = None

    def __init__(self, name: str, constraints: dict[str, Any]) -> None:
        self.name = name
        #: The fields of a structure, each with the shape of its value.
        self.members: dict[str, str] = {}
        #: The revisions that added fields, except the first.
        self.since: dict[str, int] = {}
        #: Fields and enum values of newer revisions, each with the revision that brings it.
        self.later: dict[str, int] = {}
        vars(self).update(constraints)

    @property
    def least(self) -> float:
        """The smallest accepted number. Without a limit, it is the smallest of the type."""
        return self.min if self.min is not None else -_SIZES.get(self.type, float("inf"))

    @property
    def most(self) -> float:
        """The largest accepted number. Without a limit, it is the largest of the type."""
        return self.max if self.max is not None else _SIZES.get(self.type, float("inf")) - 1

    def children(self) -> list[str]:
        """Return the names of the shapes of members, items, keys and values."""
        return [name for name in (*self.members.values(), self.item, self.key, self.value) if name]


class Model:
    """All shapes of a table at one revision. `Model()` has CreateAlgorithm's at the newest revision."""

    def __init__(self, revision: str = "latest", table: str = "model") -> None:
        if table == JOBS:
            from algolint.aws.jobs_table import REVISIONS, SHAPES
        else:
            from algolint.aws.model_table import REVISIONS, SHAPES
        self._revisions = REVISIONS
        self._rows: dict[str, dict[str, Any]] = SHAPES
        self._shapes: dict[str, Shape] = {}
        self.revision = self._find(revision)

    @property
    def is_latest(self) -> bool:
        """Whether the revision is the newest."""
        return self.revision.number == len(self._revisions) - 1

    def revisions(self) -> list[Revision]:
        """Return all revisions, the oldest first."""
        return [Revision(number, *row) for number, row in enumerate(self._revisions)]

    def since(self, number: int) -> Revision:
        """Return the revision with a number."""
        return Revision(number, *self._revisions[number])

    def names(self) -> list[str]:
        """Return the names of all shapes."""
        return list(self._rows)

    def shape(self, name: str) -> Shape:
        """Return a shape at this revision."""
        found = self._shapes.get(name)
        if found is None:
            found = self._shapes[name] = self._resolve(name)
        return found

    def _resolve(self, name: str) -> Shape:
        row = self._rows[name]
        now = self.revision.number
        shape = Shape(name, row)
        for key, history in row.get("history", {}).items():
            setattr(shape, key, _at(history, now))
        if "enum" in row:
            shape.enum, shape.later = _enum_at(row["enum"], row.get("dropped", {}), now)
        if shape.since:
            shape.later = {field: since for field, since in shape.since.items() if since > now}
        if shape.later and shape.members:
            shape.members = {field: of for field, of in shape.members.items() if field not in shape.later}
            shape.required = [field for field in shape.required if field not in shape.later]
        return shape

    def _find(self, wanted: str) -> Revision:
        rows = self._revisions
        if wanted == "latest":
            return Revision(len(rows) - 1, *rows[-1])
        by_date = _is_date(wanted)
        if not by_date and not _is_version(wanted):
            raise UserError(
                f"{shown(wanted)} is not an API revision; give latest, a botocore version such as"
                f" {rows[-1][0]}, or a date such as {rows[-1][1]} (`algolint revisions` lists them)"
            )
        if by_date:
            number = sum(date <= wanted for _, date in rows) - 1
        else:
            number = sum(_version_order(version) <= _version_order(wanted) for version, _ in rows) - 1
        if number < 0:
            raise UserError(
                f"there was no CreateAlgorithm at {wanted}; botocore {rows[0][0]} of {rows[0][1]} brought it"
            )
        version, date = rows[number]
        return Revision(number, version, date, wanted)


def _at(history: dict[str, Any], now: int) -> Any:
    """Return the value at a revision."""
    return next((value for since, value in reversed(history.items()) if int(since) <= now), None)


def _enum_at(
    added: dict[str, str], dropped: dict[str, str], now: int
) -> tuple[tuple[str, ...], dict[str, int]]:
    values: list[str] = []
    later: dict[str, int] = {}
    for since, words in added.items():
        if int(since) <= now:
            values += words.split()
        else:
            later |= {value: int(since) for value in words.split() if value not in later}
    for since, words in dropped.items():
        if int(since) <= now:
            for value in words.split():
                # A value that was added again occurs twice, and this removes the first one.
                values.remove(value)
    return tuple(values), {value: number for value, number in later.items() if value not in values}


def _is_date(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] == [4, 2, 2] and "".join(parts).isdecimal() and text.isascii()


def _is_version(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 3 and all(part.isdecimal() and part.isascii() and len(part) < 9 for part in parts)


def _version_order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
