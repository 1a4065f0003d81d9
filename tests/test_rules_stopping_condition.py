"""How long a validation job may run and wait: each variant, its limits and its neighbours."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import Reported, found, message, reported

from algolint.values import UNKNOWN, OpenDict

DAY = 86_400
LONGEST = 28 * DAY
SC = "StoppingCondition"
RUN, WAIT = ("MaxRuntimeInSeconds",), ("MaxWaitTimeInSeconds",)
BELOW = "max-wait-below-runtime"
SPOT = ("max-wait-without-spot", WAIT, "warning")
EMPTY = ("stopping-condition-empty", (), "warning")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # The wait covers the run: equal is enough, one second less is not.
        ({"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 3600}, {SPOT}),
        ({"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 3599}, {SPOT, (BELOW, WAIT, "error")}),
        ({"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}, {SPOT}),
        # Without a run of its own the default of one day counts, and only as a warning.
        ({"MaxWaitTimeInSeconds": DAY - 1}, {SPOT, EMPTY, (BELOW, WAIT, "warning")}),
        ({"MaxWaitTimeInSeconds": DAY}, {SPOT, EMPTY}),
        ({}, {EMPTY}),
        # The maximum of 28 days is inclusive; beyond it one rule reports it, not two.
        ({"MaxRuntimeInSeconds": LONGEST}, {("max-runtime-implausible", RUN, "info")}),
        ({"MaxRuntimeInSeconds": LONGEST + 1}, {("max-runtime-over-28-days", RUN, "error")}),
        # Plausible is five minutes to one day, both inclusive.
        ({"MaxRuntimeInSeconds": 299}, {("max-runtime-implausible", RUN, "info")}),
        ({"MaxRuntimeInSeconds": 300}, set()),
        ({"MaxRuntimeInSeconds": DAY}, set()),
        ({"MaxRuntimeInSeconds": DAY + 1}, {("max-runtime-implausible", RUN, "info")}),
        ({"MaxRuntimeInSeconds": 0}, {("number-range", RUN, "error")}),
        # The value of what is unknown is not judged; that it is there is.
        ({"MaxRuntimeInSeconds": UNKNOWN, "MaxWaitTimeInSeconds": 60}, {SPOT}),
        ({"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": UNKNOWN}, {SPOT}),
        (OpenDict({"MaxWaitTimeInSeconds": 60}), {SPOT}),
        (OpenDict(), set()),
    ],
)
def test_a_stopping_condition(condition: dict[str, Any], expected: set[Any]) -> None:
    assert reported(condition, SC) == expected


def test_the_message_states_both_times() -> None:
    spec = {"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 3600}
    assert (
        message(spec, SC, BELOW)
        == "MaxWaitTimeInSeconds 3600 is less than MaxRuntimeInSeconds 7200, which it includes"
    )
    assert message({"MaxWaitTimeInSeconds": 60}, SC, BELOW) == (
        "MaxWaitTimeInSeconds 60 is less than MaxRuntimeInSeconds, which defaults to one day (86400)"
    )


def test_a_wait_is_not_raised_to_a_run_that_is_too_long_itself() -> None:
    def fix(runtime: int) -> object:
        spec = {"MaxRuntimeInSeconds": runtime, "MaxWaitTimeInSeconds": 60}
        (problem,) = [problem for rule, problem in found(spec, SC) if rule.name == BELOW]
        return problem.fix

    assert fix(LONGEST) is not None
    assert fix(LONGEST + 1) is None


@pytest.mark.parametrize(
    ("certify", "is_noted"), [(True, True), (False, False), (None, False), (UNKNOWN, False)], ids=repr
)
def test_the_wait_that_marketplace_sets_is_noted_where_it_is_certified(certify: Any, is_noted: bool) -> None:
    job = {"StoppingCondition": {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}}
    spec: dict[str, Any] = {
        "ValidationSpecification": {"ValidationProfiles": [{"TrainingJobDefinition": job}]}
    }
    if certify is not None:
        spec["CertifyForMarketplace"] = certify
    text = message(spec, "CreateAlgorithmInput", "max-wait-without-spot")
    assert ("sets it to 3600 itself" in text) is is_noted


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        # Without MaxRuntimeInSeconds the default of a day counts: what is longer is right.
        ({"MaxWaitTimeInSeconds": DAY + 1}, {"max-wait-without-spot", "stopping-condition-empty"}),
        # A runtime below the minimum is not called short as well.
        ({"MaxRuntimeInSeconds": 0}, {"number-range"}),
        ({"MaxRuntimeInSeconds": -5}, {"number-range"}),
        ({"MaxRuntimeInSeconds": 1}, {"max-runtime-implausible"}),
    ],
)
def test_the_boundaries(spec: dict[str, Any], expected: set[str]) -> None:
    assert {rule.name for rule, _ in found(spec, SC)} == expected


ON_CPU = {("max-pending-on-cpu", ("StoppingCondition", "MaxPendingTimeInSeconds"), "warning")}
GROUP = {"InstanceGroupName": "a", "InstanceCount": 1}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({"InstanceType": "ml.m5.xlarge"}, ON_CPU),
        ({"InstanceType": "ml.g5.xlarge"}, set()),
        ({"InstanceType": "ml.p3.2xlarge"}, set()),
        ({"InstanceType": "ml.trn1.2xlarge"}, set()),
        # Nothing is known of its accelerators.
        ({"InstanceType": "ml.dl1.24xlarge"}, set()),
        ({"InstanceType": "ml.z9.xlarge"}, set()),
        ({"InstanceType": UNKNOWN}, set()),
        ({}, set()),
        ({"InstanceGroups": [{**GROUP, "InstanceType": "ml.m5.xlarge"}]}, ON_CPU),
        ({"InstanceGroups": [{**GROUP, "InstanceType": kind} for kind in ("ml.m5.xlarge", "ml.g5.xlarge")]}, set()),
        ({"InstanceGroups": [{**GROUP, "InstanceType": "ml.m5.xlarge"}, UNKNOWN]}, set()),
        ({"InstancePreferences": [{"InstanceType": "ml.c5.xlarge"}, {"InstanceType": "ml.m5.xlarge"}]}, ON_CPU),
        ({"InstancePreferences": [{"InstanceType": "ml.c5.xlarge"}, {"InstanceType": "ml.g5.xlarge"}]}, set()),
        (OpenDict({"InstanceType": "ml.m5.xlarge"}), set()),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("pending", [7200, UNKNOWN], ids=repr)
def test_a_pending_limit_needs_an_accelerator(resources: Any, pending: Any, expected: Reported) -> None:
    condition = {"MaxRuntimeInSeconds": 3600, "MaxPendingTimeInSeconds": pending}
    job = {"ResourceConfig": resources, "StoppingCondition": condition}
    names = {row for row in reported(job, "TrainingJobDefinition") if row[0] == "max-pending-on-cpu"}
    assert names == expected
