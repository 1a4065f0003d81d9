"""Every fix in every style writes what a careful person would type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from algolint.linting.linter import Linter
from algolint.rule import Fix, Quote
from algolint.rule_files import all_rules, first_party_rules
from algolint.source import Source
from algolint.syntaxes import read
from algolint.testing import Example, completed, examples, fixed, model_of, problems

RULES = first_party_rules()


JSON_STYLES: dict[str, Callable[[Any], str]] = {
    "2 spaces": lambda value: json.dumps(value, indent=2) + "\n",
    "4 spaces": lambda value: json.dumps(value, indent=4, ensure_ascii=False) + "\n",
    "tab": lambda value: json.dumps(value, indent="\t") + "\n",
    "one line": json.dumps,
    "minified": lambda value: json.dumps(value, separators=(",", ":")),
    "CR LF": lambda value: json.dumps(value, indent=2).replace("\n", "\r\n") + "\r\n",
}


def fixes_of(example: Example, text: str, name: str) -> tuple[Any, list[Fix]]:
    """The document of a text and the fixes that the example's rule offers for it."""
    document = read(Source(name, text))[0]
    linter = Linter(model_of(example.revision), RULES, region=example.region)
    spec = completed(document.spec, example.shape, linter.model)
    found = problems(linter, spec, example.shape, yaml=name.endswith("yaml"))
    return document, [p.fix for rule, p in found if rule.name == example.rule.name and p.fix]


def pairs() -> list[tuple[Example, Example]]:
    found = []
    for rule in all_rules():
        if rule.fix and rule.name != "unused-suppression":
            bad = [e for e in examples(rule) if e.is_bad]
            good = [e for e in examples(rule) if not e.is_bad]
            found += list(zip(bad, good, strict=False))
    return found


OFFERED = [
    (bad, good, fixes)
    for bad, good in pairs()
    if bad.syntax == "yaml"
    and not bad.rule.name.startswith("implicit")
    and (fixes := fixes_of(bad, bad.text, "x.yaml")[1])
]
FIXABLE = [(bad, good) for bad, good, _ in OFFERED]
JSON_PAIRS = [(bad, good) for bad, good, fixes in OFFERED if not any(isinstance(fix, Quote) for fix in fixes)]


def test_there_are_many_fixes() -> None:
    assert len({bad.rule.name for bad, _ in FIXABLE}) >= 40


@pytest.mark.parametrize(("bad", "good"), JSON_PAIRS, ids=lambda example: example.name)
def test_json(bad: Example, good: Example) -> None:
    """The text after the fix is exactly the good value, written in the same style."""
    faulty, wanted = bad.document().spec, good.document().spec
    for style, dump in JSON_STYLES.items():
        document, fixes = fixes_of(bad, dump(faulty), "x.json")
        assert fixes, style
        text, made = fixed(document.source, [(document, fix) for fix in fixes])
        assert made == len(fixes), style
        after = json.loads(text)
        assert after == wanted, style
        if list_order(after) == list_order(wanted):
            assert text == dump(wanted), style


def list_order(value: Any) -> Any:
    """Return the order of keys, in which a fix that adds a field may differ from the example."""
    if isinstance(value, dict):
        return [(key, list_order(item)) for key, item in value.items()]
    return [list_order(item) for item in value] if isinstance(value, list) else None


YAML_STYLES: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "CR LF": lambda text: text.replace("\n", "\r\n"),
    "without final newline": lambda text: text.rstrip("\n"),
    "under a comment": lambda text: f"# of ours\n\n{text}",
    "with an end": lambda text: f"---\n{text}...\n",
}


@pytest.mark.parametrize(("bad", "good"), FIXABLE, ids=lambda example: example.name)
def test_yaml(bad: Example, good: Example) -> None:
    """The good example's text, with the same line breaks and surrounding text."""
    for style, change in YAML_STYLES.items():
        document, fixes = fixes_of(bad, change(bad.text), "x.yaml")
        text, made = fixed(document.source, [(document, fix) for fix in fixes])
        assert made == len(fixes), style
        assert text == change(good.text), style


def flow_of(example: Example) -> str:
    spec = example.document().spec
    return str(yaml.safe_dump(spec, default_flow_style=True, width=10_000, sort_keys=False))


# PyYAML writes plain what YAML 1.1 reads as text and YAML 1.2 as a number (1e3).
FLOW_PAIRS = [
    (bad, good)
    for bad, good in JSON_PAIRS
    if read(Source("x.yaml", flow_of(bad)))[0].spec == bad.document().spec
]


@pytest.mark.parametrize(("bad", "good"), FLOW_PAIRS, ids=lambda example: example.name)
def test_yaml_flow(bad: Example, good: Example) -> None:
    """One line of braces and brackets stays one."""
    flow = flow_of(bad)
    document, fixes = fixes_of(bad, flow, "x.yaml")
    text, made = fixed(document.source, [(document, fix) for fix in fixes])
    assert made == len(fixes)
    assert read(Source("x.yaml", text))[0].spec == good.document().spec
    if flow.count("\n") == 1:
        assert text.count("\n") == 1
