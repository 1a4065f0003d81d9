"""After every edit, a process that remembers parts without findings reports the same as a new one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, permutations
from typing import Any

import pytest
import yaml
from conftest import ROOT, shares
from rule_cases import RULES

from algolint import limits
from algolint.config.effective import SettingsFinder
from algolint.diagnostic import Diagnostic, Location
from algolint.linting.linter import Linter
from algolint.readers.yaml_scalars import resolve
from algolint.rule import Problem, Rule, rule
from algolint.runs.session import Session
from algolint.source import Source
from algolint.spec import clean_parts
from algolint.spec.clean_parts import CleanParts, RememberingWalker
from algolint.spec.walker import Walker
from algolint.testing import completed, document_of, examples, masked_variants, model_of
from algolint.values import MAYBE, UNKNOWN, OpenDict, OpenList, PartialText
from benchmarks import corpus
from campaigns.editing import change

FIXTURES = sorted(
    path
    for folder in ("clean", "accepted", "faulty", "same")
    for path in (ROOT / "fixtures" / folder).rglob("*")
    if path.suffix in (".json", ".yaml")
)
# Values that are equal and differ in type, and what is known in part or not at all.
STRANGE: tuple[Any, ...] = (
    None,
    True,
    1,
    1.0,
    "1",
    "",
    "${X}",
    "{{ x }}",
    "s3://${B}/x",
    [],
    {},
    [{}],
    10**30,
    -1,
    "ml.m5.large",
)
COMMENTS = (
    "# algolint: ignore",
    "# algolint: ignore[unknown-field, hp-*] why",
    "# algolint: ignore-file[tag-*]",
)


# ---------------------------------------------------------------- edits


def texts_of(original: str, suffix: str, dice: random.Random, count: int) -> Iterator[str]:
    """Yield versions of a file, with edits of its text as in an editor, and with changed values."""
    text = original
    for _ in range(count):
        start, end, new = change(dice, text, original)
        text = text[:start] + new + text[end:]
        yield text
    for number in range(2 * count):
        if number % 3 == 0:
            values = [plain(value) for value in yaml.safe_load_all(original.replace("\t", " "))]
        values[0] = edited(values[0], dice)
        yield written(values, suffix, dice)


def plain(value: Any) -> Any:
    """A copy of a value, with dates as texts and without aliases."""
    return json.loads(json.dumps(value, default=str))


def edited(root: Any, dice: random.Random) -> Any:
    """Return a value with one change below it. A copied part is the same object, so it becomes an alias in
    YAML.
    """
    places = list(places_of(root))
    if not places or dice.random() < 0.02:
        return plain(root)
    container, step = dice.choice(places)
    other, other_step = dice.choice(places)
    match dice.randrange(5):
        case 0:
            del container[step]
        case 1:
            container[step] = dice.choice(STRANGE)
        case 2 if not holds(other[other_step], container):
            container[step] = other[other_step]
        case 3 if isinstance(container, list) and not holds(container[step], container):
            container.append(container[step])
        case _:
            container[step], other[other_step] = plain(other[other_step]), plain(container[step])
    return root


def places_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container in a value with each of its keys or indexes."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, step
        if isinstance(item, (dict, list)):
            yield from places_of(item)


def holds(value: Any, container: Any) -> bool:
    """Whether a value is a container or has it below it."""
    if value is container:
        return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(holds(item, container) for item in items)


def written(values: list[Any], suffix: str, dice: random.Random) -> str:
    if suffix == ".json":
        return json.dumps(values[0], indent=dice.choice((None, 2)))
    lines = yaml.safe_dump_all(values, sort_keys=False).splitlines()
    if dice.random() < 0.3:
        lines[dice.randrange(len(lines))] += f"  {dice.choice(COMMENTS)}"
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- what is reported


def row(diagnostic: Diagnostic) -> tuple[Any, ...]:
    """Return everything that a report shows of a diagnostic."""
    places = map(place, (diagnostic.location, *diagnostic.related))
    fix = diagnostic.fix and (type(diagnostic.fix).__name__, diagnostic.fix.title)
    return diagnostic.rule.name, diagnostic.severity, *places, fix, diagnostic.fingerprint


def place(location: Location) -> tuple[Any, ...]:
    return location.span, location.path, location.is_key, location.message


def outcome(session: Session, name: str, text: str) -> tuple[Any, ...]:
    result = session.lint(name, True, Source(name, text))
    counts = sorted(result.skipped), result.suppressed, result.unlisted
    return [*map(row, result.diagnostics)], counts, result.error, result.crashes


def session(remembers: bool) -> Session:
    return Session(
        SettingsFinder({"show-info": True}, isolated=True), with_fingerprints=True, remembers=remembers
    )


def differences(files: Iterable[Any], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the versions of files for which a process that linted all earlier ones reports something else."""
    remembering, fresh = session(True), session(False)
    for path in files:
        text = path.read_text(encoding="utf-8")
        for version in texts_of(text, path.suffix, random.Random(f"{seed} {path.name}"), count):
            found, expected = (outcome(one, path.name, version) for one in (remembering, fresh))
            if found != expected:
                yield path.name, version


@pytest.mark.parametrize("share", shares(24))
def test_after_each_edit_the_report_is_that_of_a_new_process(
    share: Callable[[Iterable[Any]], list[Any]],
) -> None:
    assert not list(differences(share(FIXTURES), 6, 1))


@pytest.mark.parametrize("share", shares(48))
def test_what_is_not_known_of_an_example_changes_no_report(
    share: Callable[[Iterable[Any]], list[Any]],
) -> None:
    linters: dict[str, tuple[Linter, Linter]] = {}
    for example in share(chain.from_iterable(map(examples, RULES))):
        if example.revision not in linters:
            model = model_of(example.revision)
            linters[example.revision] = Linter(model, RULES, remembers=True), Linter(model, RULES)
        remembering, fresh = linters[example.revision]
        spec = completed(example.document().spec, example.shape, fresh.model)
        for _, variant in [("", spec), *masked_variants(spec)]:
            document = document_of(variant, yaml=example.syntax == "yaml")
            found, expected = (one.findings(document, variant, example.shape) for one in (remembering, fresh))
            assert problems(found.found) == problems(expected.found)
            assert sorted(found.skipped) == sorted(expected.skipped)


def problems(found: list[tuple[Rule, Problem]]) -> list[tuple[Any, ...]]:
    return sorted((rule.name, repr(p.path), p.is_key, p.message, p.severity or "") for rule, p in found)


# ---------------------------------------------------------------- a fault is seen


def by_length(kind: Any, data: bytes) -> Any:
    return kind, b"%d" % len(data)


def in_any_order(kind: Any, data: bytes) -> Any:
    return kind, bytes(sorted(data))


def of_any_kind(_: Any, data: bytes) -> Any:
    return "", data


@pytest.mark.parametrize("confused", [by_length, in_any_order, of_any_kind])
def test_parts_that_are_confused_are_seen(
    confused: Callable[[Any, bytes], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key_of = clean_parts._key

    def key(kind: Any, value: Any) -> Any:
        found = key_of(kind, value)
        return found and confused(*found)

    monkeypatch.setattr(clean_parts, "_key", key)
    assert any(differences(FIXTURES, 6, 1))


def test_a_rule_that_sees_more_than_its_part_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def remember_all(walker: RememberingWalker, model: Any, rules: Iterable[Rule]) -> None:
        Walker.__init__(walker, model, rules)
        walker._asking = Walker(model, [])
        walker._clean, walker._parts = CleanParts(), clean_parts._parts(model)

    monkeypatch.setattr(RememberingWalker, "__init__", remember_all)
    assert any(differences(FIXTURES, 6, 1))


# ---------------------------------------------------------------- what is remembered


def test_what_did_not_change_is_not_looked_at_again() -> None:
    called: list[str] = []

    @rule(on="ChannelSpecification", severity="error", evidence="heuristic: a test")
    def plain_rule(value: dict[str, Any]) -> Iterator[Problem]:
        called.append(value["Name"])
        if value["Name"] == "bad":
            yield Problem("Name", "is bad")

    @rule(on="ChannelSpecification", severity="error", evidence="heuristic: a test")
    def asking_rule(value: dict[str, Any], context: Any) -> Iterator[Problem]:  # noqa: ARG001
        called.append(f"{value['Name']} in context")
        yield from ()

    linter = Linter(model_of(), [plain_rule, asking_rule], remembers=True)
    in_context = ["a in context", "bad in context", "c in context"]

    def lint(*names: str) -> list[str]:
        called.clear()
        spec = {"TrainingChannels": [channel(name) for name in names]}
        linter.findings(document_of(spec, yaml=False), spec, "TrainingSpecification")
        return called

    assert lint("a", "bad", "c") == ["a", "bad", "c", *in_context]
    # What has a finding is looked at each time.
    assert lint("a", "bad", "c") == ["bad", *in_context]
    assert lint("c", "a", "new") == ["new", "c in context", "a in context", "new in context"]


def channel(name: str) -> dict[str, Any]:
    return {"Name": name, "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}


@pytest.mark.parametrize("field", ["IsRequired", "Name", "SupportedInputModes"])
def test_values_of_two_types_are_never_confused(field: str) -> None:
    linters = Linter(model_of(), RULES, remembers=True), Linter(model_of(), RULES)
    for value in chain.from_iterable(permutations((True, 1, 1.0, "1", None, UNKNOWN), 2)):
        spec = {"TrainingChannels": [channel("train"), {**channel("test"), field: value}]}
        found, expected = (
            problems(linter.findings(document_of(spec, yaml=False), spec, "TrainingSpecification").found)
            for linter in linters
        )
        assert found == expected


UNPLAIN = {
    "unknown": UNKNOWN,
    "maybe": MAYBE,
    "known in part": PartialText(("s3://", "/x")),
    "an open object": OpenDict(Name="x"),
    "an open list": OpenList(["x"]),
    "a scalar of two readings": resolve("yes"),
    "a date": resolve("2026-01-02"),
}


@pytest.mark.parametrize("value", UNPLAIN.values(), ids=UNPLAIN)
def test_what_is_not_plain_is_looked_at_each_time(value: Any) -> None:
    assert clean_parts._key("", [{"Name": "x"}]) is not None
    assert clean_parts._key("", [{"Name": "x"}, {"Name": value}]) is None


@pytest.mark.parametrize("bound", [1_000, 20_000])
def test_the_parts_that_are_kept_are_bounded(bound: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", bound)
    linter = Linter(model_of(), RULES, remembers=True)
    sizes = set()
    for text in islice(corpus.made("json"), 20):
        linter.lint_source(Source("a.json", text))
        for kept in (linter._binder._clean, linter._walker._clean):  # type: ignore[attr-defined]
            sizes.add(sum(len(data) for _, data in kept))
    assert bound / 4 < max(sizes) <= bound
