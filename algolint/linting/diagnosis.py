"""From findings to diagnostics: which are reported, where, and at which severity."""

from __future__ import annotations

from itertools import islice

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.diagnostic import Crash, Diagnostic, Location, Recognised, fingerprint_of
from algolint.document import ReaderFault
from algolint.messages import counted
from algolint.rule import SEVERITIES
from algolint.spec import structural_rules as structural
from algolint.spec.placeholders import is_unknown
from algolint.values import UNKNOWN, OpenDict, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from algolint.aws.model import Model
    from algolint.document import Document
    from algolint.linting.linter import Selection
    from algolint.rule import Finding, Problem, Related, Rule, Severity
    from algolint.source import Source, SourceSyntaxError, Span
    from algolint.values import Path


def hide_secrets(document: Document, found: list[Finding]) -> None:
    """Mask the secrets that findings name in everything that is reported of the file."""
    for _, problem in found:
        if problem.secret:
            document.source.hide(problem.secret, document.locate(problem.path))


def diagnostics_of(
    document: Document, found: list[Finding], selection: Selection, with_fingerprints: bool
) -> tuple[list[Diagnostic], int]:
    """Return the diagnostics of a document, in the order of the text, and how many are left out.

    They are made from the rules' findings and the reader's faults. Of each rule at most
    `limits.MAX_REPORTED` are listed.
    """
    reported: list[tuple[Rule, Severity, Problem | ReaderFault]] = [
        *((rule, problem.severity or rule.severity, problem) for rule, problem in found),
        *((fault.rule, fault.rule.severity, fault) for fault in document.faults),
    ]
    diagnostics: list[Diagnostic] = []
    counts: dict[Rule, int] = {}
    for rule, given, what in reported:
        level = selection.level(rule, given)
        if level is not None:
            counts[rule] = counts.get(rule, 0) + 1
            if counts[rule] <= limits.MAX_REPORTED:
                diagnostics.append(
                    _of_fault(document, level, what)
                    if isinstance(what, ReaderFault)
                    else _of_problem(document, rule, level, what)
                )
    unlisted = 0
    for rule, count in counts.items():
        if count > limits.MAX_REPORTED:
            last = [diagnostic for diagnostic in diagnostics if diagnostic.rule is rule][-1]
            diagnostics.append(_and_more(last, count - limits.MAX_REPORTED))
            unlisted += count - limits.MAX_REPORTED
    diagnostics.sort(key=lambda d: (d.location.span, d.rule.name, d.message))
    if with_fingerprints:
        for diagnostic in diagnostics:
            path, spec = diagnostic.location.path, document.spec
            diagnostic.fingerprint = fingerprint_of(diagnostic.rule.name, path, spec, document.source)
    return diagnostics, unlisted


def _of_problem(document: Document, rule: Rule, level: Severity, problem: Problem) -> Diagnostic:
    return Diagnostic(
        rule,
        level,
        _located(document, problem),
        document.source,
        related=[_located(related.document or document, related) for related in problem.related],
        document=document.index,
        fix=problem.fix,
    )


def _of_fault(document: Document, level: Severity, fault: ReaderFault) -> Diagnostic:
    related = [fault.related] if fault.related else []
    return Diagnostic(
        fault.rule,
        level,
        _location(document, fault.span, fault.path, True, fault.message),
        document.source,
        related=[_location(document, span, fault.path, True, text) for span, text in related],
        document=document.index,
    )


def _location(document: Document, span: Span, path: Path, is_key: bool, message: str) -> Location:
    return Location(document.source, span, path, is_key, message, document.cell_at(span[0]))


def _located(document: Document, problem: Problem | Related) -> Location:
    span = document.locate(problem.path, problem.is_key)
    return _location(document, span, problem.path, problem.is_key, problem.message)


def _and_more(last: Diagnostic, count: int) -> Diagnostic:
    """Return the diagnostic, at the last one listed of a rule, that tells how many are not listed."""
    verb = "is" if count == 1 else "are"
    message = f"{counted(count, 'more finding')} of this rule in this document {verb} not listed"
    location = Location(last.source, last.location.span, last.location.path, last.location.is_key, message)
    return Diagnostic(last.rule, last.severity, location, last.source, document=last.document)


def without_repetitions(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics, each once: aliases and calls use a text several times."""
    unique: dict[tuple[Rule, Span, str], Diagnostic] = {}
    for diagnostic in diagnostics:
        unique.setdefault((diagnostic.rule, diagnostic.location.span, diagnostic.message), diagnostic)
    return list(unique.values())


def without_misspelt(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics without missing fields that are reported as misspelt at the same key.

    Both are kept if the misspelt key is reported at a lower severity.
    """
    misspelt = {
        (d.document, d.location.span): SEVERITIES.index(d.severity)
        for d in diagnostics
        if d.rule is structural.unknown_field
    }
    return [
        d
        for d in diagnostics
        if d.rule is not structural.missing_field
        or misspelt.get((d.document, d.location.span), len(SEVERITIES)) > SEVERITIES.index(d.severity)
    ]


def of_syntax_error(source: Source, error: SourceSyntaxError, severity: Severity) -> Diagnostic:
    """Return the diagnostic of a text that is not valid in its syntax."""
    location = Location(source, error.span, (), False, error.message)
    return Diagnostic(structural.invalid_syntax, severity, location, source)


def recognised(document: Document, shape: str, unknown: str, parts: Sequence[str]) -> Recognised:
    """Return the spec in a document, with the parts that are not known; see `Recognised`."""
    line, column = document.source.position(document.locate(())[0])
    return Recognised(document.source.name, line, column, shape, unknown, parts)


def add_known(recognised: Recognised, variant: Any) -> None:
    """Take an unknown part for one that is known in part if a variant of its spec has a value of it."""
    part = recognised.unknown
    if isinstance(variant, dict) and not is_unknown(variant.get(part, UNKNOWN)):
        recognised.unknown = ""
        recognised.parts = [part, *(other for other in recognised.parts if other != part)]


def crashes(source: Source, raised: list[tuple[Rule, Path, Exception]]) -> list[Crash]:
    """Return the crashes of rules that raised."""
    return [Crash(rule, source, path, error) for rule, path, error in raised]


# How many unknown parts of a spec are kept for the reports.
_MAX_PARTS = 20


def unknown_parts(spec: Any, shape: str, model: Model, opens: bool) -> tuple[str, list[str]]:
    """Return the `unknown` of `Recognised`, if every field is present but unknown, and its `parts`.

    `opens`: objects and lists that may hold more than is known count as unknown parts.
    """
    unknown = "TrainingSpecification" if shape == REQUEST and _has_unknown_training(spec) else ""
    return unknown, list(islice(_unknown_parts(spec, shape, model, opens), _MAX_PARTS))


def _has_unknown_training(spec: Any) -> bool:
    """Whether a request has a complete training specification whose values are all unknown."""
    training = spec.get("TrainingSpecification") if isinstance(spec, dict) else None
    needed = "SupportedTrainingInstanceTypes", "TrainingChannels"
    return (
        isinstance(training, dict)
        and all(name in training for name in needed)
        and all(map(is_unknown, training.values()))
    )


def _unknown_parts(value: Any, name: str, model: Model, opens: bool, path: str = "") -> Iterator[str]:
    """Yield the paths, within a value of a shape, of the outermost objects and lists that are not known.

    `opens`: those that may hold more than is known count as well.
    """
    shape = model.shape(name)
    inner: Iterable[tuple[str | int, Any, str]] = ()
    others: Iterable[Any] = ()
    if isinstance(value, dict):
        # A key that is not known may be any field.
        others = value.keys() - shape.members
        inner = ((key, item, shape.members[key]) for key, item in value.items() if key in shape.members)
    elif isinstance(value, list):
        # Of a list of texts each is one more that there is.
        others = value
        inner = ((index, item, shape.item) for index, item in enumerate(value) if shape.item)
    is_partly = any(map(is_unknown, others)) or (opens and isinstance(value, (OpenDict, OpenList)))
    if is_partly or is_unknown(value):
        yield path
        return
    for step, item, below in inner:
        if model.shape(below).type in ("structure", "list", "map"):
            yield from _unknown_parts(item, below, model, opens, f"{path}/{step}" if path else str(step))
