"""What a run reports of a file: diagnostics with their locations, the specs, and rules that failed."""

from __future__ import annotations

from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from algolint.fixes.edit import Edit
    from algolint.rule import Fix, Rule, Severity
    from algolint.source import Source, Span
    from algolint.values import Path


class Location:
    """A place in a file: the span of a value or a key, with its line and column, and its path in the spec."""

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
        cell: tuple[int, int] | None = None,
    ) -> None:
        self.span = span
        #: Lines and columns count from 1, columns in characters; the end is exclusive.
        self.line, self.column = source.position(span[0])
        self.end_line, self.end_column = source.position(span[1])
        #: The cell of a notebook and the line in it, both from 1.
        self.cell = cell
        self.path = path
        self.is_key = is_key
        self._message = message
        self._source = source

    @property
    def source(self) -> Source:
        """The file that the location is in: of a related location perhaps another than the diagnostic's."""
        return self._source

    def with_message(self, message: str) -> Location:
        """Return the same location with another message."""
        return Location(self.source, self.span, self.path, self.is_key, message, self.cell)

    def with_note(self, note: str) -> Location:
        """Return the same location with a note after its message."""
        return self.with_message(f"{self._message}; {note}")

    @property
    def message(self) -> str:
        """The message with secrets masked: not before it is read, as a later document may hold one."""
        message = self._source.redacted(self._message)
        return f"{message} (cell {self.cell[0]}, line {self.cell[1]})" if self.cell else message

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901), secrets masked: a key may hold one."""
        steps = [self._source.redacted(str(step)) for step in self.path]
        return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


class Diagnostic:
    """A problem with its rule, severity and exact location: what a report shows."""

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
        #: Identifies the diagnostic across edits of the file; see `fingerprint_of`.
        self.fingerprint = fingerprint
        #: How many findings of the rule it is; see `collapsed`.
        self.count = count

    @property
    def message(self) -> str:
        """The fact and the limit, on one line."""
        return self.location.message

    def __repr__(self) -> str:
        where = f"{self.source.name}:{self.location.line}:{self.location.column}"
        return f"<{where}: {self.severity}: {self.message} [{self.rule.name}]>"


#: More findings of a rule that collapses are reported as one, with as many of their locations.
MAX_UNCOLLAPSED = 3
MAX_COLLAPSED_LOCATIONS = 5


def collapsed(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of a file with those that have one cause as one.

    Many findings of a rule such as placeholder-left-in tell no more than the first, its count and the
    first locations, at the first of the most severe. What has a fix of its own, and advice, is not collapsed
    with the others.
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
    """A rule that raised: our bug or a plug-in's, never the user's finding."""

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


# At most this many of the parts of a spec that are not known are named.
_NAMED_PARTS = 3


class Recognised:
    """A spec that was recognised: where, of which shape, and what of it is not known."""

    __slots__ = ("column", "line", "parts", "path", "shape", "unknown")

    def __init__(
        self, path: str, line: int, column: int, shape: str, unknown: str, parts: Sequence[str] = ()
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.shape = shape
        #: The part that nothing is known of: "the request", "TrainingSpecification", or what was not followed
        #: because it would take too long; "" if there is none.
        self.unknown = unknown
        #: The objects and lists in it of which not all is known; "" is the spec itself.
        self.parts = parts

    @property
    def message(self) -> str:
        """What is not known, as reports have it; "" where all is known."""
        if self.unknown:
            return f"{self.unknown} is not known here and was not linted"
        if not self.parts:
            return ""
        return f"not all is known here of {self.named_parts}"

    @property
    def named_parts(self) -> str:
        """The first of the parts, as messages name them."""
        names = [part or "the request" for part in self.parts[:_NAMED_PARTS]]
        more = " and more" if len(self.parts) > _NAMED_PARTS else ""
        return f"{', '.join(names)}{more}"


class NotRead(Recognised):
    """A file that may hold a spec, and that was not read."""

    __slots__ = ("_why",)

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, 1, 1, "", "the file")
        self._why = why

    @property
    def message(self) -> str:
        return f"the file was not read: {self._why}"


# The field that names an item of a list, in the order in which they are looked for.
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
    """Return what identifies a diagnostic across edits: a hash of its rule, its route and its value.

    In the route an item of a list goes by its name where it has one, so that neither moved lines nor
    reordered items change it. The message and the line are not part of it. Nor is a secret, which could be
    guessed from the hash: every secret counts as the same.
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
    # Repr shows every kind of value, unknown ones included, and keeps 1 and "1" apart.
    steps.append(repr(value) if not isinstance(value, (dict, list)) else "")
    text = "\0".join((rule, *("a secret" if source.redacted(step) != step else step for step in steps)))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
