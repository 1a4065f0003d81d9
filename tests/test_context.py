"""The facts that `Context` and its helpers derive from a spec."""

from __future__ import annotations

from typing import Any

import pytest
from profile_cases import HOLDOUT, TRAIN, channels, groups

from algolint import UNKNOWN, Context, Undecided, channels_with_mode, input_mode, total_instances
from algolint.testing import model_of
from algolint.values import OpenDict, OpenList


def test_the_effective_input_mode() -> None:
    """The channel's own mode, or else the job's; undecided if the one in effect is masked."""
    job = {"TrainingInputMode": "File"}
    assert input_mode(job, {}) == "File"
    assert input_mode(job, {"InputMode": "Pipe"}) == "Pipe"
    assert input_mode({}, {"InputMode": "Pipe"}) == "Pipe"
    undecided: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (job, {"InputMode": UNKNOWN}), (job, OpenDict()), ({"TrainingInputMode": UNKNOWN}, {}),
        ({}, {}), (OpenDict(), {}),
    ]  # fmt: skip
    for its_job, channel in undecided:
        with pytest.raises(Undecided):
            input_mode(its_job, channel)
    seen = channels_with_mode({**job, **channels(UNKNOWN, {}, {"InputMode": UNKNOWN}, {"InputMode": "Pipe"})})
    assert [(index, mode) for index, _, mode in seen] == [(1, "File"), (3, "Pipe")]
    assert channels_with_mode({**job, "InputDataConfig": OpenList([{}])}) == [(0, {}, "File")]
    assert channels_with_mode({**job, "InputDataConfig": UNKNOWN}) == []
    assert channels_with_mode(job) == []


RESOURCES: list[tuple[Any, tuple[int, bool]]] = [
    ({"InstanceCount": 3}, (3, True)),
    ({"InstanceCount": UNKNOWN}, (0, False)),
    ({}, (0, False)),
    (OpenDict({"InstanceCount": 3}), (3, False)),
    ({"InstanceGroups": groups(1, 1, 1)}, (3, True)),
    ({"InstanceGroups": [*groups(1), UNKNOWN]}, (1, False)),
    ({"InstanceGroups": [*groups(1), {"InstanceCount": UNKNOWN}]}, (1, False)),
    ({"InstanceGroups": [*groups(1), {}]}, (1, False)),
    ({"InstanceGroups": OpenList(groups(1))}, (1, False)),
    ({"InstanceGroups": []}, (0, False)),
    # An empty list counts as absent; one that may have more does not.
    ({"InstanceGroups": [], "InstanceCount": 2}, (2, True)),
    ({"InstanceGroups": OpenList(), "InstanceCount": 2}, (2, False)),
    ({"InstanceGroups": UNKNOWN, "InstanceCount": 2}, (2, False)),
    # Side by side, which is refused: what is hidden never makes it less.
    ({"InstanceGroups": groups(1, 1), "InstanceCount": 5}, (5, True)),
    # One of the preferences is picked; the count is theirs or the job's.
    ({"InstancePreferences": [{"InstanceCount": 1}, {"InstanceCount": 4}]}, (4, True)),
    ({"InstancePreferences": [{}, {}], "InstanceCount": 2}, (2, True)),
    ({"InstancePreferences": [{"InstanceCount": 1}, UNKNOWN]}, (1, False)),
]  # fmt: skip


@pytest.mark.parametrize(("resources", "expected"), RESOURCES, ids=repr)
def test_the_total_of_instances(resources: Any, expected: tuple[int, bool]) -> None:
    assert total_instances(resources) == expected


def test_declarations_are_certain_up_to_the_first_unknown_one() -> None:
    def context(declared: Any) -> Context:
        return Context(model_of(), {"TrainingSpecification": {"TrainingChannels": declared}})

    both = context([TRAIN, HOLDOUT])
    assert list(both.channels) == list(both.certain_channels) == ["train", "holdout"]
    assert both.channels["holdout"] == (("TrainingSpecification", "TrainingChannels", 1), HOLDOUT)
    for declared, certain in [
        ([TRAIN, UNKNOWN, HOLDOUT], ["train"]), ([TRAIN, {"Name": UNKNOWN}], ["train"]),
        (OpenList([TRAIN]), []), (UNKNOWN, []),
    ]:  # fmt: skip
        partly = context(declared)
        assert list(partly.certain_channels) == certain
        with pytest.raises(Undecided):
            _ = partly.channels
    twice = context([{**TRAIN, "Description": "first"}, TRAIN])
    assert twice.channels["train"][1]["Description"] == "first"
    nothing = Context(model_of(), {"TrainingSpecification": {}})
    assert nothing.channels == nothing.certain_hyperparameters == {}
    fragment = Context(model_of(), {"TrainingChannels": [TRAIN]}, "TrainingSpecification")
    assert fragment.channels["train"][0] == ("TrainingChannels", 0)
