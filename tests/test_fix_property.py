"""No fix leads to another finding: a small part of `campaigns/fixes.py`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import pytest
from conftest import needs_libyaml

from algolint.aws.model import REQUEST
from algolint.linting.linter import Linter
from algolint.rule import Problem, Replace, Rule, rule
from algolint.rule_files import all_rules, first_party_rules
from algolint.testing import model_of, problems
from campaigns.fixes import applications, of_examples, of_requests


@needs_libyaml
def test_no_fix_of_an_example_leads_to_another_finding() -> None:
    applied = set()
    for application in of_examples():
        applied.add(application.rule.name)
        assert not [*application.faults()]
    # Comments are not in the values.
    assert {rule.name for rule in all_rules() if rule.fix} - applied <= {"unused-suppression"}


def test_no_fix_of_a_broken_request_leads_to_another_finding() -> None:
    for application in islice(of_requests(3), 400):
        assert not [*application.faults()]


LINTER = Linter(model_of(), first_party_rules())
PATTERNS = (
    "loss: ([0-9.]+)",
    "val_loss: ([0-9.]+)",
    "loss: (.*)",
    "val_loss: (.*?)",
    "loss: ([0-9.]*)",
    "loss: [0-9.]+",
    r"loss: ([0-9]+(.|e\-)[0-9]+)",
    r"val_loss: ([0-9]+\\.[0-9]+)",
    "(val_loss|err): ([0-9.]+)",
    "loss: ([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)",
)


@pytest.mark.parametrize(("one", "two"), [*product(PATTERNS, PATTERNS)])
def test_no_fix_of_a_pattern_leads_to_another_finding(one: str, two: str) -> None:
    metrics = [{"Name": "train:loss", "Regex": one}, {"Name": "validation:loss", "Regex": two}]
    for application in applications(LINTER, metrics, "MetricDefinitionList"):
        assert not [*application.faults()]


MISSPELT = "ml.m5.3xlarge"


def training(supported: list[str], resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "TrainingSpecification": {"SupportedTrainingInstanceTypes": supported},
        "ValidationSpecification": {
            "ValidationProfiles": [{"TrainingJobDefinition": {"ResourceConfig": resources}}]
        },
    }


def transform(supported: list[str], used: str) -> dict[str, Any]:
    job = {"TransformResources": {"InstanceType": used}}
    return {
        "InferenceSpecification": {"SupportedTransformInstanceTypes": supported},
        "ValidationSpecification": {"ValidationProfiles": [{"TransformJobDefinition": job}]},
    }


# A spec, and whether the nearest type, ml.m5.xlarge, is offered as a fix.
NEAREST = [
    ({"TrainingSpecification": {"SupportedTrainingInstanceTypes": [MISSPELT]}}, True),
    (training([MISSPELT], {"InstanceType": "ml.m5.xlarge"}), True),
    (training([MISSPELT], {"InstanceType": "ml.c5.xlarge"}), False),
    (training([MISSPELT, "ml.c5.xlarge"], {"InstanceType": "ml.c5.xlarge"}), True),
    (training([MISSPELT], {"InstanceGroups": [{"InstanceType": "ml.c5.xlarge"}]}), False),
    (training([MISSPELT], {"InstancePreferences": [{"InstanceType": "ml.c5.xlarge"}]}), False),
    (training(["ml.m5.xlarge"], {"InstanceType": MISSPELT}), True),
    (training(["ml.c5.xlarge"], {"InstanceType": MISSPELT}), False),
    (training(["ml.c5.xlarge"], {"InstanceGroups": [{"InstanceType": MISSPELT}]}), False),
    (transform([MISSPELT], "ml.m5.xlarge"), True),
    (transform([MISSPELT], "ml.c5.xlarge"), False),
    (transform(["ml.m5.xlarge"], MISSPELT), True),
    (transform(["ml.c5.xlarge"], MISSPELT), False),
]


@pytest.mark.parametrize(("spec", "is_offered"), NEAREST)
def test_an_instance_type_is_offered_where_lists_and_profile_agree_then(
    spec: dict[str, Any], is_offered: bool
) -> None:
    found = problems(LINTER, spec, REQUEST, yaml=False)
    (problem,) = (problem for by, problem in found if by.name == "unknown-instance-type")
    assert problem.message.endswith("; did you mean 'ml.m5.xlarge'?")
    assert (problem.fix is not None) == is_offered


@pytest.mark.parametrize("mode", ["File", "Pipe", "FastFile"])
@pytest.mark.parametrize("of_channel", ["File", "Pipe", "FastFile", None])
def test_no_mode_for_a_compressed_file_system_leads_to_another_finding(
    mode: str, of_channel: str | None
) -> None:
    """When the job's mode was corrected, the finding on file systems appeared that the one on Gzip had
    hidden.
    """
    source = {"FileSystemDataSource": {"FileSystemId": "fs-0123456789abcdef0", "DirectoryPath": "/a"}}
    channel = {"ChannelName": "b", "DataSource": source, "CompressionType": "Gzip"}
    channels = [{"ChannelName": "a"}, {**channel, "InputMode": of_channel} if of_channel else channel]
    spec = {
        "TrainingSpecification": {"TrainingChannels": [{"Name": "a", "SupportedInputModes": ["Pipe"]}]},
        "ValidationSpecification": {
            "ValidationProfiles": [
                {"TrainingJobDefinition": {"TrainingInputMode": mode, "InputDataConfig": channels}}
            ]
        },
    }
    for application in applications(LINTER, spec):
        assert not [*application.faults()]


@rule(on="EntityName", severity="warning", evidence="heuristic: none", fix="safe")
def no_letter_a(name: str) -> Iterator[Problem]:
    if "a" in name:
        yield Problem((), "has an a", fix=Replace((), name.replace("a", " "), safe=True))


@rule(on="EntityName", severity="warning", evidence="heuristic: none", fix="safe")
def no_letter_b(name: str) -> Iterator[Problem]:
    if "b" in name:
        yield Problem((), "has a b", fix=Replace((), f"{name}-2", safe=True))


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (no_letter_a, "no-letter-a: 'change to 'x y-b'' adds pattern-mismatch at ('AlgorithmName',)"),
        (no_letter_b, "no-letter-b: the finding is still there after 'change to 'xay-b-2''"),
    ],
)
def test_a_fix_that_leads_to_another_finding_is_seen(bad: Rule, fault: str) -> None:
    linter = Linter(model_of(), [bad])
    spec = {"AlgorithmName": "xay-b", "TrainingSpecification": {}}
    assert fault in [fault for application in applications(linter, spec) for fault in application.faults()]
