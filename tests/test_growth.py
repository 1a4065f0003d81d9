"""Twice as many repetitions of anything take twice as many steps, in combination with any feature.

A linear part may hide a quadratic one that only a certain feature causes, so each repetition is tried with
each feature. Function calls are counted, which are the same in every run.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from steps import calls_of

from algolint import limits
from algolint.fixes.layout import SourceLayout
from algolint.linting.linter import Linter
from algolint.readers import yaml as read_yaml
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.testing import model_of

pytestmark = pytest.mark.slow

RULES = first_party_rules()
IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2"
#: The maximum ratio of calls for twice as many.
MOST = 2.3

#: Features of each repetition: lines of a mapping in YAML, with a number.
FEATURES: dict[str, str] = {
    "nothing": "",
    "an alias": "Tags: [&a{n} {{Key: k, Value: v}}, *a{n}]\n",
    "an anchor": "AlgorithmDescription: &b{n} text\n",
    "an anchor of other characters": "AlgorithmDescription: &b.{n} text\n",
    "a tag": "AlgorithmDescription: !!str text\n",
    "a tag of its own": "AlgorithmDescription: !own text\n",
    "a template's mark": "AlgorithmDescription: '{{{{ x }}}}'\n",
    "a line of a template": "{{{{ x }}}}\nAlgorithmDescription: x\n",
    "a condition": "{{% if x %}}\nAlgorithmDescription: x\n{{% endif %}}\n",
    "a comment": "AlgorithmDescription: text # a comment\n",
    "a suppression": "AlgorithmDescription: text # algolint: ignore[pattern-mismatch]\n",
    "a block": "AlgorithmDescription: |\n  text\n\n  text\n",
    "a key twice": "AlgorithmDescription: a\nAlgorithmDescription: b\n",
    "an unknown field": "Unheard{n}: 1\n",
    "a field nearly right": "AlgorithmDescripton: text\n",
    "an implicit value": "AlgorithmDescription: no\n",
    "a tab": "AlgorithmDescription:\ttext\n",
    "a password": "Environment: {{DB_PASSWORD: MyS3cretP4ss{n}}}\n",
    "a merge": "<<: {{AlgorithmDescription: text}}\n",
    "an escaped backslash": 'AlgorithmDescription: "a\\\\b"\n',
    "a surrogate escape": 'AlgorithmDescription: "\\ud83d\\ude00"\n',
}


def documents(count: int, feature: str) -> str:
    """That many documents with a finding each."""
    return "".join(f"---\nAlgorithmName: a b\n{feature.format(n=number)}" for number in range(count))


def training(count: int, member: Callable[[int], str], head: str, feature: str) -> str:
    """One document whose training specification has a list of that many."""
    rows = "".join(f"    - {member(number)}\n" for number in range(count))
    top = feature.format(n=0)
    return f"AlgorithmName: a b\n{top}TrainingSpecification:\n  TrainingImage: {IMAGE}\n  {head}:\n{rows}"


def hyperparameters(count: int, feature: str) -> str:
    return training(
        count,
        lambda n: f"{{Name: p{n}, Type: Integr, DefaultValue: 0{n}, IsRequird: true}} # {n}",
        "SupportedHyperParameters",
        feature,
    )


def channels(count: int, feature: str) -> str:
    return training(
        count, lambda n: f"{{Name: 'c {n}', SupportedContentType: [text/csv]}}", "TrainingChannels", feature
    )


def metrics(count: int, feature: str) -> str:
    return training(count, lambda n: f"{{Name: m{n}, Regex: 'loss{n}=(.*)'}}", "MetricDefinitions", feature)


def profiles(count: int, feature: str) -> str:
    job = "{TrainingInputMode: Fil, HyperParameters: {dept: 1}, InputDataConfig: [{ChannelName: trian}]}"
    rows = "".join(f"    - {{ProfileName: p_{n}, TrainingJobDefinition: {job}}}\n" for n in range(count))
    head = training(1, lambda _: "{Name: depth, Type: FreeText}", "SupportedHyperParameters", feature)
    return f"{head}ValidationSpecification:\n  ValidationProfiles:\n{rows}"


REPEATED: dict[str, tuple[Callable[[int, str], str], int]] = {
    "documents": (documents, 20),
    "hyperparameters": (hyperparameters, 15),
    "channels": (channels, 15),
    "metrics": (metrics, 15),
    "profiles": (profiles, 10),
}


def steps(name: str, text: str) -> int:
    """Return the steps to lint a text, settle its comments and mask what a report shows of it."""
    from algolint.suppression.settle import settle

    linter = Linter(model_of(), RULES, with_fingerprints=True)
    rules = {rule.name: rule for rule in RULES}

    def lint() -> None:
        source = Source(name, text)
        found = linter.lint_source(source).diagnostics
        for diagnostic in settle(source, found, linter.selection, rules).kept:
            source.masked(source.line_span(diagnostic.location.line))
            assert diagnostic.message

    return calls_of(lint)


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("repeated", REPEATED)
def test_twice_as_many_take_twice_the_steps(
    repeated: str, feature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A limit must not make the growth look linear.
    monkeypatch.setattr(limits, "MAX_COMPARISONS", 1 << 40)
    make, count = REPEATED[repeated]
    texts = [make(count * times, FEATURES[feature]) for times in (1, 2, 4)]
    # Cached results are computed before the count.
    steps("a.yaml", texts[0])
    _, some, many = [steps("a.yaml", text) for text in texts]
    assert many <= MOST * some, f"{some:,} calls, {many:,} for twice as many"


#: What comes before each document, and ends the one before it.
DIRECTIVES: dict[str, str] = {
    "none": "...\n",
    "a tag": "...\n%TAG !e! tag:example.com,2000:\n",
    "tags": "...\n" + "".join(f"%TAG !e{n}! tag:example.com,200{n}:\n" for n in range(9)),
    "a tag of its own": "...\n%TAG !e{n}! tag:example.com,2000:\n",
    "a version": "...\n%YAML 1.1\n",
    "a later version": "...\n%YAML 1.2\n",
    "one that is not known": "...\n%FOO bar{n}\n",
}


@pytest.mark.parametrize("directive", DIRECTIVES)
@pytest.mark.parametrize("feature", ["nothing", "an alias", "a tag of its own", "a comment", "a key twice"])
def test_directives_do_not_have_a_stream_parsed_for_each_document(directive: str, feature: str) -> None:
    def text(count: int) -> str:
        return "".join(
            f"{DIRECTIVES[directive].format(n=n)}---\nAlgorithmName: a b\n{FEATURES[feature].format(n=n)}"
            for n in range(count)
        )

    steps("a.yaml", text(20))
    some, many = steps("a.yaml", text(20)), steps("a.yaml", text(40))
    assert many <= MOST * some, f"{some:,} calls, {many:,} for twice as many"


def test_json_as_well() -> None:
    def text(count: int) -> str:
        rows = [{"Name": f"p{n}", "Type": "Integr", "Bogus": n} for n in range(count)]
        spec = {"TrainingImage": IMAGE, "SupportedHyperParameters": rows}
        return json.dumps({"AlgorithmName": "a b", "TrainingSpecification": spec})

    steps("a.json", text(50))
    some, many = steps("a.json", text(50)), steps("a.json", text(100))
    assert many <= MOST * some


def test_each_document_is_parsed_once_for_its_fixes() -> None:
    def parsing(count: int) -> int:
        documents = read_yaml.read(Source("a.yaml", "---\nAlgorithmName: a\nTags: []\n" * count))
        return calls_of(lambda: [SourceLayout.of(document) for document in documents])

    parsing(10)
    some, many = parsing(10), parsing(20)
    assert many <= MOST * some


def test_a_text_is_searched_once_for_all_its_documents() -> None:
    """The search for tags has no call that grows with the text, so steps do not show it."""
    source = Source("a.yaml", documents(20, FEATURES["an escaped backslash"]))
    Linter(model_of("latest"), RULES).lint_source(source)
    source.text += "!"
    assert not source.may_hold_tag, "the result for the text as it was linted is kept"
