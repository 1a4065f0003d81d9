"""Linting a document: bind it to the model, call the rules, and make diagnostics of their findings."""

from __future__ import annotations

from algolint import limits
from algolint.aws.model import OPERATIONS, REQUEST
from algolint.lazy_module import LazyModule
from algolint.messages import counted
from algolint.rule import SEVERITIES, Related
from algolint.source import LimitExceeded, SourceSyntaxError
from algolint.spec import recognition
from algolint.spec.binder import Binder
from algolint.spec.context import Context
from algolint.spec.placeholders import skeleton_text
from algolint.spec.walker import Walker
from algolint.syntaxes import read, syntax_of
from algolint.values import UNKNOWN, OpenDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any

    from algolint.aws.model import Model
    from algolint.diagnostic import Crash, Diagnostic, Recognised
    from algolint.document import Document
    from algolint.linting import diagnosis
    from algolint.rule import Finding, Problem, Rule, Severity
    from algolint.source import Source
    from algolint.spec import structural_rules as structural
    from algolint.syntaxes import Syntax
    from algolint.values import Path
else:
    # Not needed for a file without findings.
    diagnosis = LazyModule("algolint.linting.diagnosis")
    structural = LazyModule("algolint.spec.structural_rules")


class Selection:
    """Which rules are reported, and at which severity.

    `names` are the selected rules, or None for all, and `ignored` are excluded from them. `severities` maps a
    rule's name to the severity of all its findings.
    """

    __slots__ = ("ignored", "names", "severities", "show_info", "shown_info")

    def __init__(
        self,
        names: frozenset[str] | None,
        severities: Mapping[str, Severity],
        show_info: bool = False,
        shown_info: frozenset[str] = frozenset(),
        ignored: frozenset[str] = frozenset(),
    ) -> None:
        self.names = names
        self.ignored = ignored
        self.severities = severities
        self.show_info = show_info
        #: Info rules that are shown because they were selected by name.
        self.shown_info = shown_info

    def without(self, names: Collection[str]) -> Selection:
        """Return the same selection without some rules."""
        if not names:
            return self
        ignored = self.ignored.union(names)
        return Selection(self.names, self.severities, self.show_info, self.shown_info, ignored)

    def with_info(self) -> Selection:
        """Return the same selection with info-level diagnostics shown."""
        return Selection(self.names, self.severities, show_info=True, ignored=self.ignored)

    def level(self, rule: Rule, given: Severity) -> Severity | None:
        """Return the severity to report at, or None if the diagnostic is not shown."""
        if rule.name in self.ignored or (self.names is not None and rule.name not in self.names):
            return None
        level = self.severities.get(rule.name, given)
        if level == "info" and not self.show_info and rule.name not in self.shown_info:
            return None
        return level


class RuleSet:
    """Rules, and the selection of those that are reported."""

    __slots__ = ("rules", "selection")

    def __init__(self, rules: Iterable[Rule], selection: Selection) -> None:
        self.rules = tuple(rules)
        self.selection = selection


class Findings:
    """What the rules found in one spec."""

    __slots__ = ("crashes", "found", "is_as_read", "skipped", "unknown")

    def __init__(
        self,
        found: list[Finding],
        skipped: list[str] | None = None,
        crashes: list[Crash] | None = None,
        unknown: str = "",
    ) -> None:
        self.found = found
        #: The part of the spec that is not known at all; see `Recognised`.
        self.unknown = unknown
        #: Whether binding changed no value, so that no text in the spec is a template.
        self.is_as_read = False
        #: The rules that an unknown value left undecided, one for each call.
        self.skipped = skipped or []
        #: The rules that raised.
        self.crashes = crashes or []


class LinterResult:
    """The result of linting a file or a document; see `Linter.lint_source`."""

    __slots__ = (
        "algorithms", "crashes", "diagnostics", "is_other", "is_spec", "skipped", "specs", "unlisted",
        "unproved",
    )  # fmt: skip

    def __init__(self, diagnostics: Iterable[Diagnostic] = (), is_spec: bool = False) -> None:
        #: In the order of the text.
        self.diagnostics = list(diagnostics)
        #: Whether it counts as checked: it holds a spec, or is meant to and cannot be read.
        self.is_spec = is_spec
        #: Whether the user named it and it holds no spec, which is reported; it does not count as checked.
        self.is_other = False
        self.skipped: list[str] = []
        #: The specs of which a part is not known, or all where they are to be listed.
        self.specs: list[Recognised] = []
        #: Diagnostics left out because their rule has more than `limits.MAX_REPORTED`.
        self.unlisted = 0
        #: Fixes that were dropped because proving them would take too long.
        self.unproved = 0
        #: The AlgorithmName of each request.
        self.algorithms: list[str] = []
        self.crashes: list[Crash] = []

    def add(self, other: LinterResult) -> None:
        """Add the result of another document of the file."""
        self.diagnostics += other.diagnostics
        self.is_spec = self.is_spec or other.is_spec
        self.skipped += other.skipped
        self.specs += other.specs
        self.unlisted += other.unlisted
        self.unproved += other.unproved
        self.algorithms += other.algorithms
        self.crashes += other.crashes

    def add_new(self, variant: LinterResult) -> None:
        """Add what is reported of a variant of a document alone, without fixes, which the document lacks."""
        known = {(diagnostic.rule, diagnostic.location.span) for diagnostic in self.diagnostics}
        for diagnostic in variant.diagnostics:
            if (diagnostic.rule, diagnostic.location.span) not in known:
                diagnostic.fix = None
                self.diagnostics.append(diagnostic)
        self.diagnostics.sort(key=lambda diagnostic: diagnostic.location.span)
        self.crashes += variant.crashes


class Linter:
    """Lints documents against one revision with one set of rules.

    `remembers` is for documents that are linted again after small changes: which of their parts have no
    findings is kept, so that only the other parts are checked again. The diagnostics are the same.
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
        with_specs: bool = False,
        marketplace: bool = False,
        remembers: bool = False,
        is_linted: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.model = model
        #: Returns whether a file is linted on its own as well.
        self.is_linted = is_linted
        self.rules = tuple(rules)
        self.selection = selection or Selection(None, {}, show_info=True)
        self.region = region
        self.with_edits = with_edits
        self.with_fingerprints = with_fingerprints
        self.with_specs = with_specs
        self.marketplace = marketplace
        self._walker_class: type[Walker] = Walker
        binder_class = Binder
        if remembers:
            from algolint.spec.clean_parts import RememberingBinder, RememberingWalker

            self._walker_class, binder_class = RememberingWalker, RememberingBinder
        self._binder = binder_class(model, extra_instance_types)
        self._walker = self._walker_class(model, self._document_rules())

    def _document_rules(self) -> list[Rule]:
        """Return the needed rules that are called on the values of a document."""
        return self._needed_rules()

    def _needed_rules(self) -> list[Rule]:
        """Return all rules but those whose findings would not be shown.

        Hidden rules are called all the same if they replace a shown one, or if they mask secrets, which no
        report may show. Rules of packs are always called, since their severities need not be declared.
        """
        level = self.selection.level
        hidden = {
            rule.name
            for rule in self.rules
            if not level(rule, rule.severity) and not any(level(rule, other) for other in rule.also)
        }
        return [
            rule
            for rule in self.rules
            if rule.name not in hidden
            or rule.masks
            or "/" in rule.name
            or not hidden.issuperset(rule.replaces)
        ]

    # ------------------------------------------------------------ one file, one document

    def read(self, source: Source) -> list[Document]:
        """Return the documents of a file. Raises `SourceSyntaxError`."""
        return read(source)

    def syntax(self, source: Source) -> Syntax:
        """Return the syntax in which fixes of a file are made."""
        return syntax_of(source)

    def lint_source(self, source: Source, named: bool = True) -> LinterResult:
        """Lint a file.

        `named`: the user named the file, so a file without a spec gets a diagnostic. Otherwise raises
        `SourceSyntaxError` for a file that cannot be read, unless it is evidently meant to be a spec.
        """
        limits.begin(source)
        try:
            documents = self.read(source)
        except SourceSyntaxError as error:
            if named or _is_of_interest(source, error):
                return self.syntax_error(source, error)
            raise
        result = self._lint_documents(source, documents, named)
        if named and documents and not result.is_spec:
            return self._not_an_algorithm(documents[0])
        if left_out := _left_out(source, result):
            result.add(self.syntax_error(source, SourceSyntaxError(left_out, documents[0].locate(()))))
        if len(result.diagnostics) > 1:
            result.diagnostics = diagnosis.without_repetitions(result.diagnostics)
            # The specs of a program may overlap in the text.
            result.diagnostics.sort(key=lambda d: d.location.span)
        result.unproved = self._check_fixes(source, documents, result.diagnostics)
        return result

    def _not_an_algorithm(self, document: Document) -> LinterResult:
        """Return the result of a named file without a spec."""
        result = self._result(document, Findings([structural.not_an_algorithm(document.spec)]))
        result.is_spec, result.is_other = False, True
        return result

    def _lint_documents(self, source: Source, documents: list[Document], named: bool) -> LinterResult:
        """Lint the documents of a file, unless those before have too many findings."""
        result = LinterResult()
        for number, document in enumerate(documents):
            if len(result.diagnostics) > limits.MAX_IN_FILE:
                count = len(documents) - number
                left = f"{counted(count, 'more document')} {'is' if count == 1 else 'are'} not linted"
                message = f"more than {limits.MAX_IN_FILE:,} findings; {left}"
                result.add(self.syntax_error(source, SourceSyntaxError(message, document.locate(()))))
                break
            linted = self.lint(document, named)
            if named and not linted.is_spec and (near := recognition.nearest_field(document.spec)):
                misspelt = structural.unrecognised_spec(document.spec, *near)
                linted = self._result(document, Findings([misspelt]))
            result.add(linted)
            try:
                for variant in document.variants():
                    result.add_new(self.lint(variant, named))
                    for recognised in linted.specs:
                        diagnosis.add_known(recognised, variant.spec)
            except LimitExceeded as error:
                result.add(self.syntax_error(source, error))
        return result

    def _check_fixes(self, source: Source, documents: list[Document], diagnostics: list[Diagnostic]) -> int:
        """Drop the fixes that cannot be made, and add the edits of the others if requested.

        Return how many were dropped because proving them would take too long.
        """
        fixable = [diagnostic for diagnostic in diagnostics if diagnostic.fix is not None]
        if not fixable:
            return 0
        syntax = self.syntax(source)
        if self.with_edits or not syntax.is_markup:
            from algolint.fixes.edits import add_edits

            return add_edits(source, syntax, documents, fixable)
        # In markup nearly every fix can be made, and proving it would take longer than linting.
        by_index = {document.index: document for document in documents}
        is_long = len(source.text) > limits.MAX_FIXED_LENGTH
        for diagnostic in fixable:
            if diagnostic.fix and (is_long or by_index[diagnostic.document].home(diagnostic.fix) is None):
                diagnostic.fix = None
        return len(fixable) if is_long else 0

    def lint(self, document: Document, named: bool = True) -> LinterResult:
        """Lint a document."""
        spec = document.spec
        shape = document.shape or recognition.shape_of(spec, named)
        if shape is None:
            return LinterResult()
        if not document.is_call and recognition.is_whole_response(spec):
            spec = recognition.request_of(spec)
        if recognition.is_open_part(spec, shape):
            spec = OpenDict(spec)
        findings = self.findings(document, spec, shape)
        if document.is_call:
            findings.found = [one for one in findings.found if not self._is_elsewhere(document, one[1])]
        result = self._result(document, findings)
        unknown, parts = self._unknown_in(document, spec, shape, findings, result.diagnostics)
        match spec:
            case {"AlgorithmName": str() as name} if shape == REQUEST:
                if self._other_file(document, ("AlgorithmName",)) is None:
                    result.algorithms.append(name)
        if unknown or parts or self.with_specs:
            result.specs = [diagnosis.recognised(document, shape, unknown, parts)]
        return result

    def _unknown_in(
        self, document: Document, spec: Any, shape: str, findings: Findings, diagnostics: list[Diagnostic]
    ) -> tuple[str, list[str]]:
        """Return `unknown` and `parts` of `Recognised`."""
        missing = findings.unknown
        unknown = missing or document.unread
        if missing and type(spec) is dict and missing not in spec:
            # It is present under a misspelt name, which a finding reports.
            rules = structural.missing_field, structural.unknown_field
            if any(diagnostic.rule in rules for diagnostic in diagnostics):
                unknown = document.unread
        # A program may add to a literal before sending it, which does not make the literal unknown.
        opens = bool(document.is_call or document.is_template or document.target)
        if not opens and findings.is_as_read and not _may_have_unknown(document):
            return unknown, []
        if shape in OPERATIONS and shape != REQUEST:
            return unknown, []
        hollow, parts = diagnosis.unknown_parts(spec, shape, self.model, opens)
        return unknown or hollow, parts

    def _other_file(self, document: Document, path: Path) -> str | None:
        """Return the other file that a value is read from, if the run lints that too."""
        file = document.file_of(path)
        return file if file is not None and self.is_linted(file) else None

    def _is_elsewhere(self, document: Document, problem: Problem) -> bool:
        """Whether a problem is in values from another file of the run, which reports it too."""
        file = self._other_file(document, problem.path)
        # Locations in the algorithm's spec are in none of the request's files.
        others = [one for one in problem.related if type(one) is Related]
        return file is not None and all(document.file_of(one.path) == file for one in others)

    def syntax_error(self, source: Source, error: SourceSyntaxError) -> LinterResult:
        """Return the result of a text that is not valid in its syntax."""
        level = self.selection.level(structural.invalid_syntax, structural.invalid_syntax.severity)
        if level is None:
            return LinterResult(is_spec=True)
        return LinterResult([diagnosis.of_syntax_error(source, error, level)], is_spec=True)

    def findings(self, document: Document, spec: Any, shape: str) -> Findings:
        """Return the findings in the spec of a document, without those that repeat others; see `settled`.

        `spec` is the document's spec, or the request in it if it is a response.
        """
        bound, misfits = self.bound(document, spec, shape)
        if misfits and (skeleton := skeleton_text(bound)):
            return Findings([structural.unfilled_skeleton(*skeleton)])
        region = self.region or document.region
        context = Context(self.model, bound, shape, region, document.target, self.marketplace)
        findings = self.bound_findings(context, document.source)
        found = misfits + findings.found
        findings.found = settled(found) if found else found
        findings.unknown = _unknown_part(bound, shape)
        findings.is_as_read = bound is spec
        return findings

    def bound(self, document: Document, spec: Any, shape: str) -> tuple[Any, list[Finding]]:
        """Return the spec of a document bound to a shape, and the structural findings."""
        limits.begin(document.source)
        return self._binder.bind_document(document, spec, shape)

    def bound_findings(self, context: Context, source: Source) -> Findings:
        """Return what the rules find in the bound spec of a context, before findings are settled."""
        found, raised, skipped = self._walker.walk(context.spec, context.shape, context)
        return Findings(found, skipped, self.crashes(source, raised))

    @staticmethod
    def crashes(source: Source, raised: list[tuple[Rule, Path, Exception]]) -> list[Crash]:
        """Return what is reported of rules that raised."""
        return diagnosis.crashes(source, raised) if raised else []

    # ------------------------------------------------------------ results

    def _result(self, document: Document, findings: Findings) -> LinterResult:
        result = LinterResult(is_spec=True)
        result.skipped = findings.skipped
        result.crashes = findings.crashes
        level = self.selection.level
        # Advisory rules find something in most clean files, which by default is not shown.
        if document.faults or any(
            problem.secret or level(rule, problem.severity or rule.severity)
            for rule, problem in findings.found
        ):
            diagnosis.hide_secrets(document, findings.found)
            result.diagnostics, result.unlisted = diagnosis.diagnostics_of(
                document, findings.found, self.selection, self.with_fingerprints
            )
        return result


def _unknown_part(bound: Any, shape: str) -> str:
    """Return the essential part of a request that is not known, or an empty string; see `Recognised`."""
    if bound is UNKNOWN:
        return "the request"
    if shape == REQUEST and isinstance(bound, dict):
        default = UNKNOWN if isinstance(bound, OpenDict) else None
        if bound.get("TrainingSpecification", default) is UNKNOWN:
            return "TrainingSpecification"
    return ""


def _may_have_unknown(document: Document) -> bool:
    """Whether the reader of a document may have left values unknown; in YAML those with tags."""
    return document.syntax != "json" and (document.syntax != "yaml" or document.source.may_hold_tag)


def _left_out(source: Source, result: LinterResult) -> str:
    """Return what was left out because a file exceeds a limit, in words; empty for nothing."""
    left_out = limits.spent()
    if result.diagnostics and source.redaction.has_more:
        many = f"more than {limits.MAX_SECRETS:,} secrets; what quotes the others is not masked"
        left_out = f"{left_out}; {many}" if left_out else many
    return left_out


def _is_of_interest(source: Source, error: SourceSyntaxError) -> bool:
    """Whether an unreadable file of a folder is evidently meant to be a spec."""
    if isinstance(error, LimitExceeded) or syntax_of(source).is_program:
        return False
    return recognition.looks_like_spec(source.text)


def settled(found: list[Finding]) -> list[Finding]:
    """Return the findings without repetitions and those that another rule's finding replaces.

    A finding more severe than the replacing one is kept: a warning never hides an error.
    """
    silenced: dict[tuple[str, Path], int] = {}
    for rule, problem in found:
        for name in rule.replaces:
            location = name, problem.path
            silenced[location] = min(_severity_rank(rule, problem), silenced.get(location, len(SEVERITIES)))
    kept: dict[tuple[str, Path, bool, str], Finding] = {}
    for rule, problem in found:
        if silenced.get((rule.name, problem.path), len(SEVERITIES)) > _severity_rank(rule, problem):
            kept.setdefault((rule.name, problem.path, problem.is_key, problem.message), (rule, problem))
    return list(kept.values())


def _severity_rank(rule: Rule, problem: Problem) -> int:
    """Return the rank of a problem's severity, 0 for the most severe."""
    return SEVERITIES.index(problem.severity or rule.severity)
