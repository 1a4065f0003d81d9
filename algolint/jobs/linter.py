"""Linting requests that use an algorithm: their structure, and whether they fit the algorithm."""

from __future__ import annotations

from copy import copy

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.jobs.context import InAlgorithm, JobContext
from algolint.jobs.reading import read
from algolint.jobs.recognition import algorithms_of, is_plain
from algolint.jobs.views import PROFILES
from algolint.linting.linter import Findings, Linter, LinterResult, settled
from algolint.rule import Insert, Key, Problem, Related, is_of_jobs
from algolint.rule_files import first_party_rules, rule_modules, rules_of
from algolint.source import SourceSyntaxError, UnreadableSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from algolint.aws.model import Model
    from algolint.document import Document
    from algolint.jobs.context import Algorithm
    from algolint.linting.linter import Selection
    from algolint.rule import Fix, Rule
    from algolint.source import Source
    from algolint.syntaxes import Syntax

#: Rules about validation itself and not about its jobs.
ABOUT_VALIDATION = frozenset(
    {
        "filesystem-needs-vpc",
        "filesystem-read-write",
        "inference-not-validated",
        "keepalive-in-profile",
        "marketplace-file-system",
        "max-runtime-implausible",
        "max-wait-without-spot",
        "profile-channel-not-covered",
        "profile-expensive-instance",
        "profile-field-not-persisted",
        "profile-input-mode-override-fragile",
        "profile-name-pattern",
        "transform-without-inference-spec",
        "uncompressed-output-with-transform",
    }
)
# Shapes whose rules apply anywhere in a job's request: tags and addresses.
_ANYWHERE = frozenset({"S3ModelUri", "S3Uri", "Tag", "TagKey", "TagList", "TagValue", "Url"})


def job_rules() -> list[Rule]:
    """Return algolint's own rules on jobs, sorted by name; checking a spec does not load them."""
    found = [rule for module in rule_modules("algolint_rules.jobs") for rule in rules_of(module)]
    return sorted(found, key=lambda rule: rule.name)


def rules_for_jobs() -> list[Rule]:
    """Return the rules that may report something in a job, including those on profiles."""
    shared = [rule for rule in first_party_rules() if rule.name not in ABOUT_VALIDATION]
    return sorted([*shared, *job_rules()], key=lambda rule: rule.name)


class JobLinter(Linter):
    """Lints requests against the algorithm that they use.

    `model` is the model of the requests, and `algorithm_model` that of the algorithm. `find` returns the
    algorithm of a request, or None if it is not known; then objects that may belong to another program are
    not linted.
    """

    def __init__(
        self,
        model: Model,
        algorithm_model: Model,
        find: Callable[[Any], Algorithm | None],
        rules: Iterable[Rule] | None = None,
        selection: Selection | None = None,
        **options: Any,
    ) -> None:
        rules = rules_for_jobs() if rules is None else list(rules)
        super().__init__(model, rules, selection, **options)
        self._find = find
        self._algorithm_model = algorithm_model
        # Rules on other parts of an algorithm find nothing in a job, but would be called for each job.
        shapes = _shapes_to_profiles(algorithm_model)
        on_profiles = [
            rule
            for rule in self._needed_rules()
            if not is_of_jobs(rule.name) and not shapes.isdisjoint(rule.on)
        ]
        self._profile_walker = self._walker_class(algorithm_model, on_profiles)

    def _document_rules(self) -> list[Rule]:
        needed = self._needed_rules()
        return [rule for rule in needed if is_of_jobs(rule.name) or not _ANYWHERE.isdisjoint(rule.on)]

    def read(self, source: Source) -> list[Document]:
        """Return the requests of a file that use an algorithm."""
        return read(source)

    def syntax(self, source: Source) -> Syntax:
        syntax = super().syntax(source)
        # A fix is proved by reading the file's requests again, not its specs.
        if syntax.is_program:
            syntax = copy(syntax)
            syntax.read = self.read
        elif syntax.name == "terraform":
            from algolint.jobs.terraform import read as read_terraform

            syntax = copy(syntax)
            syntax.read = read_terraform
        return syntax

    def lint_source(self, source: Source, named: bool = True) -> LinterResult:
        """Lint the requests in a file. Raises `UnreadableSource` if a named file has none."""
        try:
            result = super().lint_source(source, named=False)
        except SourceSyntaxError as error:
            if named:
                return self.syntax_error(source, error)
            raise
        if named and not result.is_spec:
            raise UnreadableSource("no request that uses an algorithm is recognized")
        return result

    def lint(self, document: Document, named: bool = True) -> LinterResult:
        algorithm = self._find(document.spec)
        if algorithm is None and not self._is_plain(document):
            return LinterResult()
        limits.begin(document.source)
        if algorithm is not None and not limits.judged_values.take(algorithm.size):
            return LinterResult()
        return super().lint(document, named)

    def _is_plain(self, document: Document) -> bool:
        shape = document.shape
        return bool(document.target) or (
            shape is not None and is_plain(document.spec, self.model.shape(shape))
        )

    def findings(self, document: Document, spec: Any, shape: str) -> Findings:
        algorithm = self._find(spec)
        bound, structural = self.bound(document, spec, shape)
        region = self.region or document.region
        context = JobContext(
            self.model, bound, shape, region, algorithm, self._algorithm_model, document.target
        )
        findings = self.bound_findings(context, document.source)
        profiles = self._profile_findings(context, document.source)
        found = [*structural, *findings.found, *profiles.found]
        located = [(rule, _with_algorithm(problem, algorithm)) for rule, problem in found]
        return Findings(
            settled(located),
            findings.skipped + profiles.skipped,
            findings.crashes + profiles.crashes,
            _unknown_part(bound, algorithm),
        )

    def _profile_findings(self, context: JobContext, source: Source) -> Findings:
        """Return what the rules on profiles find in the jobs of a request, with paths in the request."""
        if not context.views:
            return Findings([])
        request = context.algorithm.spec
        found, raised, skipped = self._profile_walker.walk(request, REQUEST, context.algorithm)
        moved = [(rule, there) for rule, problem in found if (there := _in_request(problem, context))]
        return Findings(moved, skipped, self.crashes(source, raised))


def _shapes_to_profiles(model: Model) -> set[str]:
    """Return the shapes around the profiles of a CreateAlgorithm request, and those in profiles."""
    shape = REQUEST
    shapes = {shape}
    for field in PROFILES:
        shape = model.shape(shape).members[field]
        shapes.add(shape)
    todo = [shape]
    while todo:
        below = set(model.shape(todo.pop()).children()) - shapes
        shapes |= below
        todo += below
    return shapes


def _unknown_part(bound: Any, algorithm: Algorithm | None) -> str:
    """Return what is not known of a request and of its algorithm, in words, or an empty string."""
    if not isinstance(bound, dict):
        return "the request"
    return "its algorithm" if algorithm is None and algorithms_of(bound) else ""


def _with_algorithm(problem: Problem, algorithm: Algorithm | None) -> Problem:
    """Return a problem with locations in the algorithm's request converted to its document."""
    related: list[Related] = []
    for one in problem.related:
        if not isinstance(one, InAlgorithm):
            related.append(one)
        elif algorithm is not None:
            path = algorithm.path(one.path)
            related.append(InAlgorithm(Key(*path) if one.is_key else path, one.message, algorithm.document))
    problem.related = tuple(related)
    return problem


def _in_request(problem: Problem, context: JobContext) -> Problem | None:
    """Return a problem in a profile as a problem in the request that the profile was made from.

    None if the problem is in the algorithm itself.
    """
    path = context.path(problem.path)
    if path is None:
        return None
    related: list[Related] = []
    for one in problem.related:
        there = context.path(one.path)
        place = one.path if there is None else there
        kind = InAlgorithm if there is None else Related
        related.append(kind(Key(*place) if one.is_key else place, one.message))
    fix = _fix_in_request(problem.fix, context) if problem.fix is not None else None
    where = Key(*path) if problem.is_key else path
    return Problem(where, problem.message, problem.severity, fix, related, problem.secret)


# The length of the path to a profile's job in a CreateAlgorithm request.
_DEPTH = len(PROFILES) + 2


def _fix_in_request(fix: Fix, context: JobContext) -> Fix | None:
    """Return a fix in a profile as a fix in the request, or None if that has the field elsewhere."""
    place = context.path(fix.path)
    if place is None or (isinstance(fix, Insert) and len(fix.path) == _DEPTH):
        return None
    moved = fix.under(())
    moved.path = place
    return moved
