"""What a run reports about a file: diagnostics with locations, recognised specs, and rules that failed."""

from __future__ import annotations

from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.document import CellPosition
    from algolint.fixes.edit import Edit
    from algolint.rule import Fix, Rule, Severity
    from algolint.source import Source, Span
    from algolint.values import Path


class Location:
    """The span of a value or a key in a file, with its line and column, and its path in the spec."""

    __slots__ = (
        "_message", "_source", "cell", "column", "end_column", "end_line", "is_key", "line", "path", "span"
    )  # fmt: skip

    def __init__(
        self,
        source: Source,
        span: Span,
        path: Path,
        is_key: bool,
        message: str,
        cell: CellPosition | None = None,
    ) -> None:
        self.span = span
        #: Lines and columns count from 1, columns in characters. The end is exclusive.
        self.line, self.column = source.position(span[0])
        self.end_line, self.end_column = source.position(span[1])
        #: The position in the cell of a notebook.
        self.cell = cell
        self.path = path
        self.is_key = is_key
        self._message = message
        self._source = source

    @property
    def source(self) -> Source:
        """The file of the location. A related location may be in another file than its diagnostic."""
        return self._source

    def with_message(self, message: str) -> Location:
        """Return a copy of the location with another message."""
        return Location(self.source, self.span, self.path, self.is_key, message, self.cell)

    def with_note(self, note: str) -> Location:
        """Return a copy of the location with a note after its message."""
        return self.with_message(f"{self._message}; {note}")

    @property
    def text(self) -> str:
        """The message with secrets masked, on access, as a later document may contain another secret."""
        return self._source.redacted(self._message)

    @property
    def message(self) -> str:
        """The text, in a notebook with the position in the cell."""
        if self.cell is None:
            return self.text
        number, line, column = self.cell
        return f"{self.text} (cell {number}, line {line}, column {column})"

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901), with secrets masked, as a key may contain one."""
        steps = [self._source.redacted(str(step)) for step in self.path]
        return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


class Diagnostic:
    """A problem with its rule, severity and exact location, as reports show it."""

    __slots__ = (
        "count", "document", "edits", "fingerprint", "fix", "location", "related", "rule", "severity",
        "source",
    )  # fmt: skip

    def __init__(
        self,
        rule: Rule,
        severity: Severity,
        location: Location,
        source: Source,
        *,
        related: list[Location] | None = None,
        document: int = 0,
        fix: Fix | None = None,
        edits: list[Edit] | None = None,
        fingerprint: str = "",
        count: int = 1,
    ) -> None:
        self.rule = rule
        self.severity: Severity = severity
        self.location = location
        self.related = related or []
        self.source = source
        #: The number of the document in the file, from 0.
        self.document = document
        self.fix = fix
        #: The text edits of the fix, where they were requested and the syntax supports it.
        self.edits = edits
        #: Identifies the diagnostic after the file was edited; see `fingerprint_of`.
        self.fingerprint = fingerprint
        #: The number of findings that the diagnostic stands for; see `collapsed`.
        self.count = count

    @property
    def message(self) -> str:
        """The fact and the limit, on one line."""
        return self.location.message

    def __repr__(self) -> str:
        # A request in memory has no lines.
        line = f":{self.location.line}:{self.location.column}" if self.source.text else self.location.pointer
        return f"<{self.source.name}{line}: {self.severity}: {self.message} [{self.rule.name}]>"


#: If a rule that collapses has more findings than this in a file, they become one diagnostic with at most so
#: many related locations.
MAX_UNCOLLAPSED = 3
MAX_COLLAPSED_LOCATIONS = 5


def collapsed(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of a file, with findings of one cause merged into one.

    Many findings of a rule such as placeholder-left-in are shown as one: the first of the most severe, with
    their number and the first locations. Findings that have a fix are never merged, and info is not merged
    with errors and warnings.
    """
    alike: dict[tuple[Rule, bool], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.rule.collapses and diagnostic.fix is None:
            alike.setdefault((diagnostic.rule, diagnostic.severity == "info"), []).append(diagnostic)
    left_out: set[Diagnostic] = set()
    first_ones: dict[Diagnostic, Diagnostic] = {}
    for group in alike.values():
        if len(group) > MAX_UNCOLLAPSED:
            first = min(group, key=lambda diagnostic: SEVERITIES.index(diagnostic.severity))
            others = [diagnostic for diagnostic in group if diagnostic is not first]
            first_ones[first] = _collapsed(first, others)
            left_out.update(others)
    return [first_ones.get(d, d) for d in diagnostics if d not in left_out] if left_out else diagnostics


def _collapsed(first: Diagnostic, others: list[Diagnostic]) -> Diagnostic:
    return Diagnostic(
        first.rule,
        first.severity,
        first.location.with_note(f"{len(others)} more in this file"),
        first.source,
        related=[d.location.with_message("also here") for d in others[:MAX_COLLAPSED_LOCATIONS]],
        document=first.document,
        fingerprint=first.fingerprint,
        count=1 + len(others),
    )


class Crash:
    """A rule that raised an exception. This is a bug of algolint or a plug-in, not of the linted file."""

    __slots__ = ("error", "path", "rule", "source")

    def __init__(self, rule: Rule, source: Source, path: Path, error: Exception) -> None:
        self.rule = rule
        self.source = source
        self.path = path
        self.error = error

    def __str__(self) -> str:
        pointer = "".join(f"/{step}" for step in self.path) or "the whole spec"
        text = f"rule {self.rule.name} failed at {pointer}: {type(self.error).__name__}: {self.error}"
        return self.source.redacted(text)


# Messages name at most this many of a spec's parts that are not fully known.
_NAMED_PARTS = 3


class Recognised:
    """A spec that was recognised: its location, its shape, and which parts of it are not known."""

    __slots__ = ("column", "line", "parts", "path", "shape", "unknown")

    def __init__(
        self, path: str, line: int, column: int, shape: str, unknown: str, parts: Sequence[str] = ()
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.shape = shape
        #: The part of which nothing is known: "the request", "TrainingSpecification", or code that was not
        #: followed because it would take too long; "" if there is none.
        self.unknown = unknown
        #: The objects and lists that are not fully known; "" is the spec itself.
        self.parts = parts

    @property
    def message(self) -> str:
        """What is not known, as reports show it; "" if everything is known."""
        if self.unknown:
            return f"{self.unknown} is not known here and was not linted"
        if not self.parts:
            return ""
        return f"not all is known here of {named_parts(self.parts)}"


def named_parts(parts: Sequence[str]) -> str:
    """Return the first of the parts of a spec, as messages name them."""
    names = [part or "the request" for part in parts[:_NAMED_PARTS]]
    more = " and more" if len(parts) > _NAMED_PARTS else ""
    return f"{', '.join(names)}{more}"


class NotRead(Recognised):
    """A file that may contain a spec and was not read."""

    __slots__ = ("_why",)

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, 1, 1, "", "the file")
        self._why = why

    @property
    def message(self) -> str:
        return f"the file was not read: {self._why}"


# The fields that can name an item of a list, in the order in which they are tried.
_NAMING = (
    "Name",
    "ChannelName",
    "MetricName",
    "Key",
    "ProfileName",
    "InstanceGroupName",
    "ContainerHostname",
)


def fingerprint_of(rule: str, path: Path, spec: Any, source: Source) -> str:
    """Return a hash that identifies a diagnostic after the file was edited.

    It is made of the rule, the path and the value. Items of a list are identified by their names where they
    have some, so that neither moved lines nor reordered items change the hash. The message and the line are
    not part of it. All secrets count as equal, since a secret could be guessed from the hash.
    """
    import hashlib

    steps = []
    value = spec
    for step in path:
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            names = [value[name] for name in _NAMING if name in value] if isinstance(value, dict) else [value]
            name = next((name for name in names if isinstance(name, str)), None)
            steps.append(f"={name}" if name is not None else str(step))
        else:
            value = value.get(step) if isinstance(value, dict) else None
            steps.append(str(step))
    # `repr` works for every kind of value, unknown ones included, and distinguishes 1 from "1".
    steps.append(repr(value) if not isinstance(value, (dict, list)) else "")
    text = "\0".join((rule, *("a secret" if source.redacted(step) != step else step for step in steps)))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
