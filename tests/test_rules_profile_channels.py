"""The channels of a profile, compared with those that the algorithm declares."""

from __future__ import annotations

from typing import Any

import pytest
from profile_cases import AT, HOLDOUT, JOB, TRAIN, A, B, fed, found, in_job, only, reported
from rule_cases import REQUEST, Reported

from algolint.rule import Replace
from algolint.values import UNKNOWN, OpenDict, OpenList


def strange(index: int) -> Reported:
    return in_job("profile-channel-unknown", "InputDataConfig", index, "ChannelName")


REQUIRED = in_job("profile-channel-required-missing", "InputDataConfig")
UNCOVERED = in_job("profile-channel-not-covered", "InputDataConfig", level="info")
CHANNELS: list[tuple[Any, Any, Reported]] = [
    ([TRAIN, HOLDOUT], [A, B], set()),
    ([TRAIN, HOLDOUT], [A], UNCOVERED),
    ([TRAIN, {"Name": "holdout"}], [A], UNCOVERED),
    ([TRAIN, {**HOLDOUT, "IsRequired": UNKNOWN}], [A], set()),
    ([TRAIN, HOLDOUT], [B], REQUIRED),
    ([TRAIN], [A, {"ChannelName": "extra"}], strange(1)),
    ([TRAIN], [{"ChannelName": "Train"}], strange(0)),
    # A misspelt name is one fault, not two.
    ([TRAIN], [{"ChannelName": "training"}], strange(0)),
    ([HOLDOUT], [{"ChannelName": "hold-out"}], strange(0)),
    ([TRAIN], [{"ChannelName": "extra"}], strange(0) | REQUIRED),
    # Hidden names.
    ([TRAIN], [{"ChannelName": UNKNOWN}], set()),
    ([TRAIN], [UNKNOWN], set()),
    ([TRAIN], OpenList([{"ChannelName": "extra"}]), strange(0)),
    ([TRAIN, UNKNOWN], [{"ChannelName": "extra"}], REQUIRED),
    (OpenList([TRAIN]), [{"ChannelName": "extra"}], REQUIRED),
    (UNKNOWN, [A], set()),
    # Empty lists have a fault of their own.
    ([], [A], set()),
    ([TRAIN], [], set()),
    ([TRAIN], UNKNOWN, set()),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "expected"), CHANNELS, ids=repr)
def test_names_of_channels(declared: Any, given: Any, expected: Reported) -> None:
    assert reported(fed(declared, given), REQUEST) == expected


def test_marketplace_expects_data_on_every_channel() -> None:
    warned = in_job("profile-channel-not-covered", "InputDataConfig", level="warning")
    assert reported(fed([TRAIN, HOLDOUT], [A], CertifyForMarketplace=True), REQUEST) == warned
    assert reported(fed([TRAIN, HOLDOUT], [A], CertifyForMarketplace=False), REQUEST) == UNCOVERED


def test_an_unknown_channel_names_the_one_that_was_meant() -> None:
    problem = only(fed([TRAIN], [{"ChannelName": "training"}]), REQUEST)
    assert problem.message == "channel 'training' is not declared in TrainingChannels; did you mean 'train'?"
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == ("train", False)
    assert only(fed([TRAIN], [A, {"ChannelName": "training"}]), REQUEST).fix is None, "the name is taken"


@pytest.mark.parametrize(
    ("declared", "channel", "is_fixed"),
    [
        ({"SupportedInputModes": ["File"]}, {"InputMode": "File"}, True),
        ({"SupportedInputModes": ["File"]}, {"InputMode": "Pipe"}, False),
        ({"SupportedInputModes": ["File"]}, {"InputMode": UNKNOWN}, True),
        ({"SupportedInputModes": UNKNOWN}, {"InputMode": "Pipe"}, True),
        ({"SupportedInputModes": ["Pipe"], "Name": "model"}, {"InputMode": "Pipe", "ChannelName": "modell"}, False),
        ({"SupportedContentTypes": ["text/csv"]}, {"ContentType": "text/csv"}, True),
        ({"SupportedContentTypes": ["text/csv"]}, {"ContentType": "application/json"}, False),
        ({"SupportedCompressionTypes": ["Gzip"]}, {"CompressionType": "Gzip"}, True),
        ({"SupportedCompressionTypes": ["Gzip"]}, {}, False),
    ],
    ids=repr,
)  # fmt: skip
def test_no_new_name_leads_to_a_finding_about_the_channel(
    declared: Any, channel: Any, is_fixed: bool
) -> None:
    spec = fed([{**TRAIN, **declared}], [{"ChannelName": "training", **channel}])
    fix = only(spec, REQUEST, "profile-channel-unknown").fix
    assert isinstance(fix, Replace) is is_fixed


def test_one_of_two_channels_with_one_name_is_not_renamed() -> None:
    twice = [{"ChannelName": "training"}, {"ChannelName": "training"}]
    assert [p.fix for r, p in found(fed([TRAIN], twice), REQUEST) if r.name == "profile-channel-unknown"] == [
        None,
        None,
    ]


def test_a_required_channel_is_named_with_its_declaration() -> None:
    problem = only(fed([TRAIN, HOLDOUT], [B]), REQUEST)
    assert problem.message == "the profile has no channel 'train'; it is required"
    assert [r.path for r in problem.related] == [
        ("TrainingSpecification", "TrainingChannels", 0, "IsRequired")
    ]


def test_a_channel_name_is_used_once() -> None:
    twice = {("profile-channel-duplicate", (2, "ChannelName"), "error")}
    assert reported([A, B, A], "InputDataConfig") == twice
    assert reported([A, UNKNOWN, A], "InputDataConfig") == twice
    assert reported([A, {"ChannelName": "Train"}], "InputDataConfig") == set()
    assert [r.path for r in only([A, B, A], "InputDataConfig").related] == [(0, "ChannelName")]


def content_type(*path: str, level: str = "warning") -> Reported:
    return in_job("profile-content-type-unsupported", "InputDataConfig", 0, *path, level=level)


CSV = ["text/csv"]
TYPES: list[tuple[Any, Any, Reported]] = [
    (CSV, {"ContentType": "text/csv"}, set()),
    (CSV, {"ContentType": "text/csv;label_size=0"}, set()),
    (["text/csv;label_size=0"], {"ContentType": "Text/CSV"}, set()),
    (CSV, {"ContentType": "application/json"}, content_type("ContentType")),
    (["csv"], {"ContentType": "text/csv"}, content_type("ContentType")),
    (["text/*"], {"ContentType": "text/csv"}, set()),
    ([], {"ContentType": "application/json"}, set()),
    (OpenList(CSV), {"ContentType": "application/json"}, set()),
    ([*CSV, UNKNOWN], {"ContentType": "application/json"}, set()),
    (UNKNOWN, {"ContentType": "application/json"}, set()),
    (CSV, {"ContentType": UNKNOWN}, set()),
    # Which of several?
    ([*CSV, "text/libsvm"], {}, content_type(level="info")),
    ([*CSV, "text/libsvm"], OpenDict(), set()),
    ([*CSV, "text/csv;label_size=0"], {}, set()),
    ([UNKNOWN], {}, set()),
    (CSV, {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("types", "channel", "expected"), TYPES, ids=repr)
def test_content_types_of_channels(types: Any, channel: Any, expected: Reported) -> None:
    given = type(channel)({**A, **channel})
    assert reported(fed([{**TRAIN, "SupportedContentTypes": types}], [given]), REQUEST) == expected


@pytest.mark.parametrize(
    ("field", "declaration", "good", "bad"),
    [
        ("ContentType", "SupportedContentTypes", "text/csv", "application/json"),
        ("CompressionType", "SupportedCompressionTypes", "None", "Gzip"),
        ("InputMode", "SupportedInputModes", "File", "FastFile"),
    ],
)
def test_every_channel_is_held_against_its_declaration(
    field: str, declaration: str, good: str, bad: str
) -> None:
    """Regardless of whether the first is reported."""
    declared = [{**TRAIN, declaration: [good]}, {**HOLDOUT, declaration: [good]}]
    for first in ({field: good}, {field: UNKNOWN}):
        spec = fed(declared, [{**A, **first}, {**B, field: bad}])
        spec["ValidationSpecification"]["ValidationProfiles"][0][JOB]["TrainingInputMode"] = "Pipe"
        path = (*AT, "InputDataConfig", 1, field)
        assert path in {p for rule, p, _ in reported(spec, REQUEST) if rule.endswith("-unsupported")}


def compression(*path: str, level: str = "error") -> Reported:
    return in_job("profile-compression-unsupported", "InputDataConfig", 0, *path, level=level)


COMPRESSIONS: list[tuple[Any, Any, Reported]] = [
    (["None"], {"CompressionType": "Gzip"}, compression("CompressionType")),
    (["None"], {"CompressionType": "None"}, set()),
    (["None"], {}, set()),
    (["None", "Gzip"], {"CompressionType": "Gzip"}, set()),
    # The reference limits the types allowed "if data compression is used".
    (["Gzip"], {}, compression(level="warning")),
    (["Gzip"], {"CompressionType": "None"}, compression("CompressionType", level="warning")),
    (["Gzip"], OpenDict(), set()),
    (["Gzip"], {"CompressionType": UNKNOWN}, set()),
    ([], {"CompressionType": "Gzip"}, set()),
    (UNKNOWN, {"CompressionType": "Gzip"}, set()),
    (OpenList(["None"]), {"CompressionType": "Gzip"}, set()),
    (["None", UNKNOWN], {"CompressionType": "Gzip"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("types", "channel", "expected"), COMPRESSIONS, ids=repr)
def test_compression_of_channels(types: Any, channel: Any, expected: Reported) -> None:
    given = type(channel)({**A, **channel})
    spec = fed([{**TRAIN, "SupportedCompressionTypes": types}], [given])
    spec["ValidationSpecification"]["ValidationProfiles"][0][JOB]["TrainingInputMode"] = "Pipe"
    assert reported(spec, REQUEST) == expected


@pytest.mark.parametrize(
    ("required", "rule"),
    [(True, "profile-channel-required-missing"), (False, "profile-channel-not-covered")],
)
def test_at_most_three_missing_channels_are_related(required: bool, rule: str) -> None:
    declared = [{"Name": f"train_{i}", "IsRequired": required} for i in range(4)]
    assert len(only(fed(declared, [{"ChannelName": "no_train"}]), REQUEST, rule).related) == 3
