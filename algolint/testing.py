"""For rule authors: running a rule's examples as tests, and testing properties that every rule must have.

Examples on a page are fenced blocks. The fence has the syntax, `bad` or `good`, the shape if it is not the
first one that the rule is called on, and settings:

    ```yaml bad Channel revision=1.29.150
    ChannelName: train data
    ```

An example is a part of a spec, in which missing required fields count as unknown, unless the fence has
`whole`. `region=…` sets the region of the rule's context. For a rule with fixes, fixing the k-th bad example
must give the k-th good one.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from typing import TYPE_CHECKING, Any

import yaml

from algolint.aws.model import JOBS, REQUEST, Model
from algolint.compare.diff import DiffRule, compare, first_party_rules
from algolint.compare.specs import Spec
from algolint.document import Document
from algolint.fixes.edits import SourceEditor
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter
from algolint.linting.linter import Linter
from algolint.messages import meant, shown
from algolint.page import KINDS, parsed
from algolint.readers import yaml as read_yaml
from algolint.source import Source, SourceSyntaxError
from algolint.spec.binder import Binder
from algolint.spec.context import SDK, Context
from algolint.syntaxes import syntax_of
from algolint.values import UNKNOWN, OpenDict, OpenList, PartialText, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.compare.diff import Change
    from algolint.linting.linter import Findings
    from algolint.page import PageExample
    from algolint.rule import Fix, Problem, Rule
    from algolint.values import Path


class Example:
    """One example of a rule's page."""

    def __init__(self, rule: Rule, number: int, example: PageExample) -> None:
        self.rule = rule
        self.syntax = example.syntax
        self.is_bad = example.kind == "bad"
        self.text = example.text
        self.label = f"{example.kind}-{number}"
        self.name = f"{rule.name}-{self.label}"
        self.revision = example.settings.get("revision", "latest")
        self.region = example.settings.get("region")
        self.is_whole = "whole" in example.words
        self.shape = example.shape(rule.on)
        unknown = example.settings.keys() - {"revision", "region"}
        if unknown or len(example.words) > 1 + self.is_whole:
            raise ValueError(f"{self.name}: a fence takes a shape, revision=, region= and whole")

    def document(self) -> Document:
        """Return the example as a document. Its shape is given, so it is not searched for specs."""
        source = Source(f"example.{self.syntax}", self.text)
        return syntax_of(source).read(source)[0]

    def __repr__(self) -> str:
        return self.name


def examples(rule: Rule) -> list[Example]:
    """Return the examples of a rule's page, in order."""
    counts = dict.fromkeys(KINDS, 0)
    found = []
    for example in parsed(rule.page).examples:
        counts[example.kind] += 1
        found.append(Example(rule, counts[example.kind], example))
    return found


_models: dict[str, Model] = {}


def model_of(revision: str = "latest") -> Model:
    """Return the model of a revision, which is loaded once."""
    if revision not in _models:
        _models[revision] = Model(revision)
    return _models[revision]


def completed(value: Any, shape_name: str, model: Model) -> Any:
    """Return a part of a spec with `UNKNOWN` for its missing required fields."""
    shape = model.shape(shape_name)
    if isinstance(value, dict) and shape.type == "structure":
        done = type(value)(
            (key, completed(item, shape.members[key], model) if key in shape.members else item)
            for key, item in value.items()
        )
        for name in shape.required:
            done.setdefault(name, UNKNOWN)
        return done
    if isinstance(value, list) and shape.type == "list":
        return type(value)(completed(item, shape.item, model) for item in value)
    return value


class _YamlPart(Document):
    """A part of a spec in which a number in a string field is a plain scalar."""

    __slots__ = ()
    syntax = "yaml"


def document_of(spec: Any, *, yaml: bool, text: str = "", target: str = "") -> Document:
    """The document of a part of a spec that is linted without being read from a text."""
    return (_YamlPart if yaml else Document)(Source("example", text), spec, target=target)


def problems(linter: Linter, spec: Any, shape: str, *, yaml: bool = True) -> list[tuple[Rule, Problem]]:
    """Return what a linter's rules report about a part of a spec. A rule that raises fails the test."""
    findings = linter.findings(document_of(spec, yaml=yaml), spec, shape)
    _check_crashes(findings)
    for rule, problem in findings.found:
        if problem.secret and not rule.masks:
            raise AssertionError(f"{rule} names a secret and does not declare that it masks")
    return findings.found


def _check_crashes(findings: Findings) -> None:
    for crash in findings.crashes:
        raise AssertionError(str(crash)) from crash.error


def reported(example: Example, linter: Linter) -> list[tuple[Rule, Problem]]:
    """Return what the rules report about an example."""
    document = example.document()
    spec = document.spec if example.is_whole else completed(document.spec, example.shape, linter.model)
    return problems(linter, spec, example.shape, yaml=example.syntax == "yaml")


# ---------------------------------------------------------------- requests that use an algorithm; releases

# The values of `target` in the fence of an example, with the targets of requests.
_TARGETS = {"": "", "sdk": SDK}


class JobExample:
    """An example of a rule about requests: a part of a request, and the algorithm above it."""

    def __init__(self, rule: Rule, block: PageExample, algorithm: Algorithm | None) -> None:
        self.rule, self.text, self.kind = rule, block.text, block.kind
        self.shape = block.shape(rule.on)
        self.region = block.settings.get("region")
        self.target = _TARGETS[block.settings.get("target", "")]
        self.algorithm = algorithm
        self._model = Model(table=JOBS)

    def request(self) -> Any:
        """The request, with missing required fields unknown."""
        (document,) = read_yaml.read(Source("job.yaml", self.text))
        return completed(document.spec, self.shape, self._model)

    def reported(self, request: Any) -> list[tuple[Rule, Problem]]:
        """Return what the rules report about a request that uses this algorithm."""
        linter = JobLinter(self._model, model_of(), lambda _: self.algorithm, region=self.region)
        document = document_of(request, yaml=True, text=self.text, target=self.target)
        findings = linter.findings(document, request, self.shape)
        _check_crashes(findings)
        return findings.found


def job_examples(rule: Rule) -> Iterator[JobExample]:
    """Yield the examples on the page of a rule about requests that use an algorithm."""
    algorithm = None
    for block in parsed(rule.page).examples:
        if block.kind == "algorithm":
            algorithm = _algorithm(block.text, block.shape(rule.on))
        else:
            yield JobExample(rule, block, algorithm)


def _algorithm(text: str, shape: str) -> Algorithm:
    """Return the algorithm of an example, with missing required fields unknown."""
    (document,) = read_yaml.read(Source("algorithm.yaml", text))
    spec = completed(document.spec, shape, model_of())
    if shape == "TrainingSpecification":
        spec.setdefault("SupportedTrainingInstanceTypes", OpenDict())
    known = {key: value for key, value in spec.items() if key != "ProductId"}
    bound, _ = Binder(model_of()).bind(known, shape)
    return Algorithm(Spec(document, shape, known, bound))


def release_examples(rule: DiffRule) -> Iterator[tuple[str, Any, Any, bool]]:
    """Yield the pairs on the page of a rule about releases: shape, OLD, NEW, whether NEW has a finding."""
    old, shape = None, ""
    for example in parsed(rule.page).examples:
        value = yaml.safe_load(example.text.replace(" None]", " 'None']").replace("[None,", "['None',"))
        if example.kind == "old":
            old, shape = value, example.shape(()) or "TrainingSpecification"
        else:
            yield shape, old, value, example.kind == "new"


# ---------------------------------------------------------------- masking


def masked_variants(value: Any, path: Path = ()) -> Iterator[tuple[str, Any]]:
    """Yield all versions of a spec with one part masked, each with a description.

    A value becomes `UNKNOWN`, a text partially known, and a container open, also without one of its items.
    """
    yield f"unknown {path}", UNKNOWN
    if isinstance(value, str):
        for hidden in partial_texts(value):
            yield f"{hidden!r} {path}", hidden
    if isinstance(value, dict):
        yield f"open {path}", OpenDict(value)
        for key, item in value.items():
            yield (
                f"open without {(*path, key)}",
                OpenDict({k: v for k, v in value.items() if k != key}),
            )
            for what, hidden in masked_variants(item, (*path, key)):
                yield what, type(value)({**value, key: hidden})
    elif isinstance(value, list):
        yield f"open {path}", OpenList(value)
        for index, item in enumerate(value):
            if index == len(value) - 1:
                yield f"open without {(*path, index)}", OpenList(value[:-1])
            for what, hidden in masked_variants(item, (*path, index)):
                yield what, type(value)([*value[:index], hidden, *value[index + 1 :]])


# A word of a text, or the characters between two words.
_WORD = re.compile(r"[^\W_]+|\W|_")
# The maximum of words that are masked in a text, so that long descriptions do not take long.
_MAX_HIDDEN_WORDS = 20


def partial_texts(text: str) -> Iterator[PartialText]:
    """Yield versions of a text with words masked: each one, all before or after it, every second one."""
    ends = [0, *(match.end() for match in _WORD.finditer(text))][: _MAX_HIDDEN_WORDS + 1]
    for start, end in itertools.pairwise(ends):
        yield PartialText((text[:start], text[end:]))
    for end in ends[1:-1]:
        yield PartialText((text[:end], ""))
        yield PartialText(("", text[end:]))
    words = [text[start:end] for start, end in itertools.pairwise([*ends, len(text)])]
    yield PartialText(["", *words[1::2], ""])
    yield PartialText([*words[::2], ""])


# The maximum of items that are mutated in a list; the others are like the first ones.
_MAX_MUTATED_ITEMS = 8


def mutations(value: Any) -> Iterator[Any]:
    """Yield all versions of a spec with one part deleted or of another type; rules must not raise."""
    strange: tuple[Any, ...] = (None, True, -1, 10**30, 1.5, "", "\ud800", [], {}, [[]], [None], {"": 0})
    yield from strange
    if isinstance(value, dict):
        for key, item in value.items():
            yield {k: v for k, v in value.items() if k != key}
            for mutated in mutations(item):
                yield {**value, key: mutated}
    elif isinstance(value, list):
        for index, item in enumerate(value[:_MAX_MUTATED_ITEMS]):
            yield value[:index] + value[index + 1 :]
            for mutated in mutations(item):
                yield [*value[:index], mutated, *value[index + 1 :]]


def reported_by(rules: list[Rule], bound: Any, shape: str, model: Model) -> set[tuple[str, Path]]:
    """Return what rules report about bound values, as (rule, path), before replacement and suppression."""
    context = Context(model, bound, shape)
    findings = Linter(model, rules).bound_findings(context, Source("masked", ""))
    _check_crashes(findings)
    return {(rule.name, problem.path) for rule, problem in findings.found}


# ---------------------------------------------------------------- field names

_CALLS_WITH_FIELDS = frozenset(
    "Problem Key Remove Replace Insert Rename Quote Related lacks select every get".split()
)


def fields_named(rule: Rule) -> set[str]:
    """Return the field names that a rule's code uses: keys of patterns, subscripts, `.get`, locations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule.check)))
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.MatchMapping(keys=keys):
                names |= {
                    key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
            case ast.Subscript(slice=ast.Constant(value=str() as name)):
                names.add(name)
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=args):
                if called in _CALLS_WITH_FIELDS:
                    names |= set(_fields_in(called, args))
    return names


def _fields_in(called: str, args: list[ast.expr]) -> Iterator[str]:
    """Yield the strings among arguments that name a location, not a message, a new value or a default."""
    takes = {"Key": len(args), "select": len(args), "every": len(args), "lacks": 2, "Insert": 2, "Rename": 2}
    for arg in args[: takes.get(called, 1)]:
        match arg:
            case ast.Constant(value=str() as name):
                yield name
            case ast.Tuple(elts=elts):
                yield from (e.value for e in elts if isinstance(e, ast.Constant) and isinstance(e.value, str))


def fields_below(shapes: tuple[str, ...], model: Model) -> set[str]:
    """Return the names of all fields at or below the shapes, in the newest revision."""
    names: set[str] = set()
    seen: set[str] = set()
    todo = list(shapes)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            names |= model.shape(name).members.keys()
            todo += model.shape(name).children()
    return names


def fixed(source: Source, fixes: Iterable[tuple[Document, Fix]]) -> tuple[str, int]:
    """Return the text with as many fixes made as fit together, and their number."""
    editor = SourceEditor(source, syntax_of(source))
    plans = editor.plans([(document, fix, None) for document, fix in fixes])
    text, made = editor.combined(plan for plan in plans if plan is not None)
    return text, len(made)


def is_unknown(value: object) -> bool:
    """Whether a value is `UNKNOWN`, which cannot be compared."""
    return isinstance(value, Unknown)


# ---------------------------------------------------------------- all of it


def faults(rule: Rule) -> Iterator[str]:
    """Yield what is wrong with a rule: with its examples, and with the properties that every rule has."""
    if isinstance(rule, DiffRule):
        yield from _faults_of_releases(rule)
        return
    shown_examples = examples(rule)
    for kind, is_bad in (("bad", True), ("good", False)):
        if not any(example.is_bad == is_bad for example in shown_examples):
            yield f"the page has no {kind} example"
    for example in shown_examples:
        try:
            yield from _faults_of_example(rule, example)
        except SourceSyntaxError as error:
            yield f"{example.label}: {error.message}"
        except AssertionError as error:
            yield f"{example.label}: {error}"
    yield from _faults_of_fixes(rule)
    known = fields_below((REQUEST,) if rule.takes_context else rule.on, model_of())
    for name in sorted(fields_named(rule) - known):
        yield f"{shown(name)} is not a field{meant(name, sorted(known))}"


def _faults_of_releases(rule: DiffRule) -> Iterator[str]:
    """Yield what is wrong with the examples of a rule about two specs, and where it must not report."""
    try:
        pairs = list(release_examples(rule))
    except yaml.YAMLError as error:
        yield f"an example is not valid YAML: {error}"
        return
    if not any(reports for *_, reports in pairs):
        yield "the page has no new example, after an old one, in which something is reported"
    counts = {"new": 0, "silent": 0}
    for shape, old, new, reports in pairs:
        kind = "new" if reports else "silent"
        counts[kind] += 1
        label = f"{kind}-{counts[kind]}"
        found, failure = _changes(rule, shape, old, new)
        if failure:
            yield f"{label}: {failure}"
            continue
        if reports and not found:
            yield f"{label}: nothing is reported"
        for change in found:
            if not reports:
                yield f"{label}: reported: {change.message}"
            if change.severity not in (rule.severity, *rule.also):
                yield f"{label}: the severity {change.severity} is not declared with also"
        yield from _faults_of_variants(rule, label, shape, old, new)


def _faults_of_variants(rule: DiffRule, label: str, shape: str, old: Any, new: Any) -> Iterator[str]:
    known = {change.severity for change in _changes(rule, shape, old, new)[0]}
    variants = [("OLD and NEW are the same", new, new)]
    variants += [(f"a value of OLD is hidden: {what}", hidden, new) for what, hidden in masked_variants(old)]
    variants += [(f"a value of NEW is hidden: {what}", old, hidden) for what, hidden in masked_variants(new)]
    for what, before, after in variants:
        found, failure = _changes(rule, shape, before, after)
        if failure:
            yield f"{label} where {what}: {failure}"
            return
        if found and (before is after or not {change.severity for change in found} <= known):
            yield f"{label}: a problem is added where {what}"
            return


def _changes(rule: DiffRule, shape: str, old: Any, new: Any) -> tuple[list[Change], str]:
    """Return what a rule reports about two specs, and how it failed if it raised, else an empty text."""
    others = first_party_rules() if rule.summarizes else ()
    changes, raised = compare(old, new, shape, [*others, rule])
    errors = [f"the rule failed: {type(error).__name__}: {error}" for by, error in raised if by is rule]
    return [change for change in changes if change.rule is rule], "".join(errors[:1])


def _linter_of(rule: Rule, example: Example) -> Linter:
    return Linter(model_of(example.revision), [rule], region=example.region)


def _problems_of(rule: Rule, example: Example) -> list[Problem]:
    return [problem for by, problem in reported(example, _linter_of(rule, example)) if by is rule]


def _faults_of_example(rule: Rule, example: Example) -> Iterator[str]:
    found = _problems_of(rule, example)
    if example.is_bad and not found:
        yield f"{example.label}: nothing is reported"
    for problem in found:
        if not example.is_bad:
            yield f"{example.label}: reported: {problem.message}"
        if problem.severity not in (None, rule.severity, *rule.also):
            yield f"{example.label}: the severity {problem.severity} is not declared with also"
        if problem.fix is not None and rule.fix is None:
            yield f"{example.label}: a fix is offered, and none is declared with fix"
    model = model_of(example.revision)
    spec = completed(example.document().spec, example.shape, model)
    bound, _ = Binder(model).bind(spec, example.shape, is_yaml=example.syntax == "yaml")
    before = reported_by([rule], bound, example.shape, model)
    for what, hidden in masked_variants(bound):
        try:
            is_added = bool(reported_by([rule], hidden, example.shape, model) - before)
        except AssertionError as error:
            yield f"{example.label} where a value is hidden ({what}): {error}"
            return
        if is_added:
            yield f"{example.label}: a problem is added where a value is hidden: {what}"
            break
    for mutated in mutations(example.document().spec):
        try:
            problems(_linter_of(rule, example), mutated, example.shape)
        except AssertionError as error:
            yield f"{example.label} changed to {mutated!r}: {error}"
            break


def _faults_of_fixes(rule: Rule) -> Iterator[str]:
    bad = [example for example in examples(rule) if example.is_bad]
    good = [example for example in examples(rule) if not example.is_bad]
    is_fixed = rule.fix is None
    for wrong, right in zip(bad, good, strict=False):
        try:
            fixes = [problem.fix for problem in _problems_of(rule, wrong) if problem.fix]
            document = wrong.document()
        except (SourceSyntaxError, AssertionError):
            continue
        if fixes:
            is_fixed = True
            if fixed(document.source, [(document, fix) for fix in fixes])[0] != right.text:
                yield f"{wrong.label}: fixed it is not {right.label}"
    if not is_fixed:
        yield f"fix is declared as {rule.fix}, and no bad example is fixed"
