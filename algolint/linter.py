"""Linting a document: bind it, walk it, and make diagnostics of what the rules say."""

from __future__ import annotations

from algolint.rule import SEVERITIES
from algolint.source import SourceSyntaxError
from algolint.spec import recognition
from algolint.spec.binder import Binder
from algolint.spec.context import Context
from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES
from algolint.spec.structural_rules import duplicate_key, invalid_syntax, not_an_algorithm
from algolint.spec.walker import Walker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any

    from algolint.aws.model import Model
    from algolint.fixes.edit import Edit
    from algolint.rule import Finding, Fix, Problem, Rule, Severity
    from algolint.source import Document, Source, Span
    from algolint.values import Path


#: How many findings of one rule a document is reported with; a last one says how many more there are.
MOST_REPORTED = 500
#: After so many findings the further documents of a file are not looked at.
MOST_IN_FILE = 10_000


class Location:
    """A place in a file: the span of a value or a key, with its line and column, and its path in the spec."""

    __slots__ = (
        "_message", "_source", "cell", "column", "end_column", "end_line", "is_key", "line", "path", "span"
    )  # fmt: skip

    def __init__(self, source: Source, span: Span, path: Path, is_key: bool, message: str) -> None:
        self.span = span
        #: Lines and columns count from 1, columns in characters; the end is exclusive.
        self.line, self.column = source.position(span[0])
        self.end_line, self.end_column = source.position(span[1])
        #: The cell of a notebook and the line in it, both from 1.
        self.cell: tuple[int, int] | None = None
        self.path = path
        self.is_key = is_key
        self._message = message
        self._source = source

    @property
    def message(self) -> str:
        """What is there, secrets masked; masked late, because a later document of the file may hold one."""
        message = self._source.redacted(self._message)
        return f"{message} (cell {self.cell[0]}, line {self.cell[1]})" if self.cell else message

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901), secrets masked: a key may hold one."""
        steps = [self._source.redacted(str(step)) for step in self.path]
        return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


class Diagnostic:
    """A problem with its rule, severity and exact place: what a report shows."""

    __slots__ = (
        "document", "edits", "fingerprint", "fix", "location", "related", "rule", "severity", "source"
    )  # fmt: skip

    def __init__(
        self,
        rule: Rule,
        severity: Severity,
        location: Location,
        related: list[Location],
        fix: Fix | None,
        source: Source,
        document: int,
    ) -> None:
        self.rule = rule
        self.severity: Severity = severity
        self.location = location
        self.related = related
        self.fix = fix
        #: What tells this diagnostic from others whatever line it stands on; see `fingerprint_of`.
        self.fingerprint = ""
        #: The text edits of the fix, where they were asked for and the syntax can do it.
        self.edits: list[Edit] | None = None
        self.source = source
        #: The number of the document in the file, from 0.
        self.document = document

    @property
    def message(self) -> str:
        """The fact and the limit, on one line."""
        return self.location.message


class Outcome:
    """What a run found: diagnostics, counts, and what could not be done."""

    def __init__(self, model: Model) -> None:
        self.model = model
        #: Those that the report needs all together.
        self.diagnostics: list[Diagnostic] = []
        #: How many there were, by the name of their rule and their severity.
        self.found: dict[tuple[str, str], int] = {}
        #: Files that hold a spec, and their names.
        self.files = 0
        self.names: list[str] = []
        self.skipped = 0
        self.suppressed = 0
        self.baselined = 0
        self.fixed = 0
        #: (path, message) of what could not be read or failed.
        self.errors: list[tuple[str, str]] = []

    def add(self, diagnostics: list[Diagnostic], keep: bool = True) -> None:
        """Count diagnostics, and keep them with the files they are of unless they have been reported."""
        for diagnostic in diagnostics:
            key = diagnostic.rule.name, diagnostic.severity
            self.found[key] = self.found.get(key, 0) + 1
        if keep:
            self.diagnostics += diagnostics

    def counts(self) -> dict[str, int]:
        """The number of diagnostics of each severity."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for (_, severity), count in self.found.items():
            counts[severity] += count
        return counts


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


class Selection:
    """Which rules' diagnostics are reported, and at which severity.

    `severities` maps a rule's name to the level that replaces all of its own.
    """

    __slots__ = ("names", "severities", "show_info", "shown_info")

    def __init__(
        self,
        names: frozenset[str],
        severities: Mapping[str, Severity],
        show_info: bool = False,
        shown_info: frozenset[str] = frozenset(),
    ) -> None:
        self.names = names
        self.severities = severities
        self.show_info = show_info
        #: Info rules that were asked for by name.
        self.shown_info = shown_info

    def without(self, names: Collection[str]) -> Selection:
        """The same selection less some rules."""
        if not names:
            return self
        return Selection(self.names.difference(names), self.severities, self.show_info, self.shown_info)

    def level(self, rule: Rule, given: Severity) -> Severity | None:
        """The severity to report at, or None where the diagnostic is not shown."""
        if rule.name not in self.names:
            return None
        level = self.severities.get(rule.name, given)
        if level == "info" and not self.show_info and rule.name not in self.shown_info:
            return None
        return level


class Linter:
    """Lints documents against one revision with one set of rules; keeps no state of a document.

    `skipped` counts the calls of rules that an unknown value left undecided; `unlisted` the findings
    beyond `MOST_REPORTED`; `crashes` the rules that raised.
    """

    def __init__(
        self,
        model: Model,
        rules: Iterable[Rule],
        selection: Selection | None = None,
        region: str | None = None,
        extra_instance_types: Iterable[str] = (),
        with_edits: bool = False,
        with_fingerprints: bool = False,
    ) -> None:
        self.model = model
        self.rules = tuple(rules)
        everything = frozenset(rule.name for rule in (*STRUCTURAL_RULES, *self.rules))
        self.selection = selection or Selection(everything, {}, show_info=True)
        self.region = region
        self.with_edits = with_edits
        self.with_fingerprints = with_fingerprints
        self.skipped = 0
        self.unlisted = 0
        self.crashes: list[Crash] = []
        self._binder = Binder(model, extra_instance_types)
        self._walker = Walker(model, self._to_be_called())

    def _to_be_called(self) -> list[Rule]:
        """The rules but those of which nothing would be heard.

        What replaces another that is heard must speak all the same. Secrets are masked whoever speaks of
        them, and what a pack's rule may name is not known.
        """
        level = self.selection.level
        heard = {
            rule.name
            for rule in (*STRUCTURAL_RULES, *self.rules)
            if level(rule, rule.severity) or any(level(rule, other) for other in rule.also)
        }
        return [
            rule
            for rule in self.rules
            if rule.name in heard or rule.masks or "/" in rule.name or not heard.isdisjoint(rule.replaces)
        ]

    # ------------------------------------------------------------ one file, one document

    def lint_source(self, source: Source, named: bool = True) -> list[Diagnostic] | None:
        """The diagnostics of a file in the order of its text; None where it holds no spec.

        `named`: the user named the file, so that a word is due where it holds no spec.
        """
        if not named and not recognition.may_hold_spec(source.text):
            return None
        try:
            documents = read(source)
        except SourceSyntaxError as fault:
            if not named and not recognition.looks_like_spec(source.text):
                return None
            return self.syntax_fault(source, fault)
        reports = list(self._reports(source, documents))
        if reports:
            found = [diagnostic for report in reports for diagnostic in report]
            if self.with_edits and any(diagnostic.fix is not None for diagnostic in found):
                from algolint.fixes.edits import add_edits

                add_edits(source, documents, found)
            return found
        if not named or not documents:
            return None
        return self._reported(documents[0], [not_an_algorithm(documents[0].spec)])

    def _reports(self, source: Source, documents: list[Document]) -> Iterator[list[Diagnostic]]:
        """The diagnostics of each document that is a spec, until there are very many."""
        count = 0
        for number, document in enumerate(documents):
            if count > MOST_IN_FILE:
                left = f"{len(documents) - number:,} more documents are not looked at"
                message = f"more than {MOST_IN_FILE:,} findings; {left}"
                yield self.syntax_fault(source, SourceSyntaxError(message, document.locate(())))
                return
            report = self.lint(document)
            if report is not None:
                count += len(report)
                yield report

    def lint(self, document: Document) -> list[Diagnostic] | None:
        """The diagnostics of a document in the order of its text; None where it is no spec."""
        spec = document.spec
        shape = document.shape or recognition.shape_of(spec)
        if shape is None:
            return None
        if recognition.is_whole_response(spec):
            spec = {key: value for key, value in spec.items() if key not in recognition.RESPONSE_ONLY}
        found = self.findings(spec, shape, document.syntax == "yaml", document.source, document.target)
        return self._reported(document, found) if found or document.faults else []

    def syntax_fault(self, source: Source, fault: SourceSyntaxError) -> list[Diagnostic]:
        """The diagnostic of a text that is not valid in its syntax."""
        level = self.selection.level(invalid_syntax, invalid_syntax.severity)
        if level is None:
            return []
        location = Location(source, fault.span, (), False, fault.message)
        return [Diagnostic(invalid_syntax, level, location, [], None, source, 0)]

    def findings(self, spec: Any, shape: str, yaml: bool, source: Source, target: str = "") -> list[Finding]:
        """What the rules say of a spec of a shape, settled: who speaks where two see one fault."""
        bound, found = self._binder.bind(spec, shape, yaml, bool(target))
        found += self.reported(bound, shape, Context(self.model, bound, shape, self.region, target), source)
        return _settled(found) if found else found

    def reported(self, bound: Any, shape: str, context: Context, source: Source) -> list[Finding]:
        """What the rules say of a bound spec of a shape, each for itself."""
        self._walker.skipped = 0
        found, raised = self._walker.walk(bound, shape, context)
        self.skipped += self._walker.skipped
        self.crashes += [Crash(rule, source, path, error) for rule, path, error in raised]
        return found

    # ------------------------------------------------------------ what is reported

    def _reported(self, document: Document, found: list[Finding]) -> list[Diagnostic]:
        source = document.source
        for _, problem in found:
            if problem.secret:
                source.hide(problem.secret, document.locate(problem.path))
        reported = []
        counts: dict[Rule, int] = {}
        for rule, problem in found:
            level = self.selection.level(rule, problem.severity or rule.severity)
            if level is not None:
                counts[rule] = count = counts.get(rule, 0) + 1
                if count > MOST_REPORTED:
                    continue
                location = _location(document, problem.path, problem.is_key, problem.message)
                related = [_location(document, r.path, r.is_key, r.message) for r in problem.related]
                diagnostic = Diagnostic(rule, level, location, related, problem.fix, source, document.index)
                if self.with_fingerprints:
                    diagnostic.fingerprint = fingerprint_of(rule.name, problem.path, document.spec)
                reported.append(diagnostic)
        reported += self._faults(document, counts)
        for rule, count in counts.items():
            if count > MOST_REPORTED:
                last = [diagnostic for diagnostic in reported if diagnostic.rule is rule][-1]
                reported.append(_and_more(last, count - MOST_REPORTED))
                self.unlisted += count - MOST_REPORTED
        reported.sort(key=lambda d: (d.location.span, d.rule.name, d.message))
        return reported

    def _faults(self, document: Document, counts: dict[Rule, int]) -> list[Diagnostic]:
        """The diagnostics of what the reader itself found, and in `counts` how many there would be."""
        level = self.selection.level(duplicate_key, duplicate_key.severity)
        if level is None:
            return []
        source = document.source
        reported = []
        if document.faults:
            counts[duplicate_key] = len(document.faults)
        for _, path, span, message, first in document.faults[:MOST_REPORTED]:
            related = [Location(source, first[1], path, True, first[0])] if first else []
            location = Location(source, span, path, True, message)
            for one in (location, *related):
                one.cell = document.cell_at(one.span[0])
            diagnostic = Diagnostic(duplicate_key, level, location, related, None, source, document.index)
            if self.with_fingerprints:
                diagnostic.fingerprint = fingerprint_of(duplicate_key.name, path, document.spec)
            reported.append(diagnostic)
        return reported


def syntax_of(source: Source) -> str:
    """The syntax of a file ("json", "terraform", "python" …): what its name tells, or its first character."""
    name = source.name.lower()
    if name.endswith((".yaml", ".yml")):
        return "yaml"
    if name.endswith(".tf"):
        return "terraform"
    if name.endswith((".py", ".ipynb")):
        return "python" if name.endswith(".py") else "notebook"
    return "json" if name.endswith(".json") or source.text.lstrip()[:1] in ("{", "[", "") else "yaml"


def read(source: Source) -> list[Document]:
    """The documents of a file, in its syntax; a template gives one for each algorithm among its resources."""
    syntax = syntax_of(source)
    if syntax == "terraform":
        from algolint.readers import terraform as read_terraform

        return read_terraform.read(source)
    if syntax in ("python", "notebook"):
        return _of_program(source, syntax)
    if syntax == "json":
        from algolint.readers import json as read_json

        documents = read_json.read(source)
    else:
        from algolint.readers import yaml as read_yaml

        documents = read_yaml.read(source)
    if source.name.lower().endswith(".tf.json"):
        from algolint.readers import terraform as read_terraform

        return read_terraform.expanded(documents)
    if any(isinstance(document.spec, dict) and "Resources" in document.spec for document in documents):
        from algolint.readers import cloudformation as read_cloudformation

        return read_cloudformation.expanded(documents)
    return documents


def skips(source: Source) -> bool:
    """Whether a file is a program that speaks of no spec, of which nothing is said even where it is named."""
    return syntax_of(source) in ("python", "notebook") and not recognition.may_hold_literals(source.text)


def _of_program(source: Source, syntax: str) -> list[Document]:
    if skips(source):
        return []
    if syntax == "notebook":
        from algolint.readers import notebook as read_notebook

        return read_notebook.read(source)
    from algolint.readers import python as read_python

    return read_python.read(source)


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


def fingerprint_of(rule: str, path: Path, spec: Any) -> str:
    """What a diagnostic is known by across edits: its rule, its route and its value.

    In the route an item of a list goes by its name where it has one, so that neither moved lines nor
    reordered items change it. The message is no part of it, nor is the line.
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
    text = "\0".join((rule, *steps, repr(value) if not isinstance(value, (dict, list)) else ""))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _location(document: Document, path: Path, is_key: bool, message: str) -> Location:
    span = document.locate(path, is_key)
    location = Location(document.source, span, path, is_key, message)
    location.cell = document.cell_at(span[0])
    return location


def _and_more(last: Diagnostic, count: int) -> Diagnostic:
    """The diagnostic that stands for those of a rule that are not listed, at the last one that is."""
    message = f"{count:,} more findings of this rule in this document are not listed"
    location = Location(last.source, last.location.span, last.location.path, last.location.is_key, message)
    more = Diagnostic(last.rule, last.severity, location, [], None, last.source, last.document)
    more.fingerprint = last.fingerprint
    return more


def _settled(found: list[Finding]) -> list[Finding]:
    """The findings without those that a replacing rule speaks for, and without repetitions.

    What is graver than the replacing rule's word stays: a warning never silences an error.
    """
    silenced: dict[tuple[str, Path], int] = {}
    for rule, problem in found:
        for name in rule.replaces:
            location = name, problem.path
            silenced[location] = min(_severity_rank(rule, problem), silenced.get(location, len(SEVERITIES)))
    settled: dict[tuple[str, Path, bool, str], Finding] = {}
    for rule, problem in found:
        if silenced.get((rule.name, problem.path), len(SEVERITIES)) > _severity_rank(rule, problem):
            settled.setdefault((rule.name, problem.path, problem.is_key, problem.message), (rule, problem))
    return list(settled.values())


def _severity_rank(rule: Rule, problem: Problem) -> int:
    """The place of a problem's severity among all, 0 for the gravest."""
    return SEVERITIES.index(problem.severity or rule.severity)
