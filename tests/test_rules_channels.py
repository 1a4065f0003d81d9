"""The rules of `rules/channels.py`: names, modes and lists of channels, and media types anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import REQUEST, Reported, linter

from algolint.rule import Problem, Remove, Replace, Rule
from algolint.testing import completed, problems
from algolint.values import UNKNOWN, OpenList

LINTER = linter()
# Reported for every example without descriptions or lists of the inference specification.
NOT_HERE = {"missing-descriptions", "inference-instance-lists-missing", "inference-mime-lists-missing"}


def found(spec: Any, shape: str) -> list[tuple[Rule, Problem]]:
    whole = completed(spec, shape, LINTER.model)
    return [(rule, problem) for rule, problem in problems(LINTER, whole, shape) if rule.name not in NOT_HERE]


def reported(spec: Any, shape: str) -> Reported:
    return {(rule.name, p.path, p.severity or rule.severity) for rule, p in found(spec, shape)}


def only(spec: Any, shape: str) -> Problem:
    ((_, problem),) = found(spec, shape)
    return problem


def named(*names: Any, **fields: Any) -> list[dict[str, Any]]:
    return [{"Name": name, **fields} for name in names]


# ---------------------------------------------------------------- names


def duplicate(index: int) -> tuple[str, tuple[str | int, ...], str]:
    return ("channel-duplicate-name", (index, "Name"), "error")


def collision(index: int) -> tuple[str, tuple[str | int, ...], str]:
    return ("channel-path-or-env-collision", (index, "Name"), "warning")


PIPE = {"SupportedInputModes": ["Pipe"]}
BOTH = {"SupportedInputModes": ["File", "Pipe"]}

NAMES: list[tuple[Any, Reported]] = [
    (named("train", "validation"), set()),
    (named("train", "train"), {duplicate(1)}),
    (named("train", "validation", "train", "train"), {duplicate(2), duplicate(3)}),
    (named(UNKNOWN, "train", UNKNOWN, "train"), {duplicate(3)}),
    (OpenList(named("train", "train")), {duplicate(1)}),
    # The same variable, other names; a duplicate does not collide with itself.
    (named("train", "Train"), {collision(1)}),
    (named("train", "TRAIN", "Train"), {collision(1), collision(2)}),
    # The toolkit changes nothing but the letter case.
    (named("a.b", "a-b", "a_b"), set()),
    (named("train", "Train", "train"), {collision(1), duplicate(2)}),
    # The files of Pipe mode: the shorter name has to support it, and the rest to be a number.
    ([{"Name": "train_0"}, {"Name": "train", **BOTH}], {collision(0)}),
    ([{"Name": "train", **BOTH}, {"Name": "train_12"}], {collision(1)}),
    ([{"Name": "train", "SupportedInputModes": ["File"]}, {"Name": "train_0", **BOTH}], set()),
    ([{"Name": "train", **BOTH}, {"Name": "train_x"}, {"Name": "train0"}, {"Name": "_0"}], set()),
    ([{"Name": "train", "SupportedInputModes": UNKNOWN}, {"Name": "train_0"}], set()),
    ([{"Name": "rows", **BOTH}, {"Name": "train_0"}], set()),
]  # fmt: skip


@pytest.mark.parametrize(("channels", "expected"), NAMES, ids=repr)
def test_names_of_channels(channels: Any, expected: Reported) -> None:
    assert reported(channels, "ChannelSpecifications") == expected


def test_a_collision_names_what_is_shared_and_with_whom() -> None:
    problem = only(named("train", "Train"), "ChannelSpecifications")
    assert problem.message == (
        "'Train' and 'train' differ only in letter case, and both get the environment variable"
        " 'SM_CHANNEL_TRAIN'"
    )
    assert [related.path for related in problem.related] == [(0, "Name")]


def test_one_collision_is_enough_for_a_channel() -> None:
    three = problems(LINTER, named("train", "Train", "TRAIN"), "ChannelSpecifications")
    assert [p.path for rule, p in three if rule.name == "channel-path-or-env-collision"] == [
        (1, "Name"),
        (2, "Name"),
    ]
    twice = problems(LINTER, [*named("train", "train", **BOTH), {"Name": "train_0"}], "ChannelSpecifications")
    assert [p.path for rule, p in twice if rule.name == "channel-path-or-env-collision"] == [(2, "Name")]


@pytest.mark.parametrize(("name", "is_reported"), [(".", True), ("..", True), ("...", False), (".a", False)])
def test_a_channel_is_not_a_directory_above_the_channels(name: str, is_reported: bool) -> None:
    row = {("channel-name-dots", ("Name",), "error")}
    assert reported({"Name": name}, "ChannelSpecification") == (row if is_reported else set())
    of_job = {rule for rule, *_ in reported({"ChannelName": name}, "Channel")}
    assert ("channel-name-dots" in of_job) is is_reported


# ---------------------------------------------------------------- modes and compression

NO_COMMON: Reported = {("channels-no-common-input-mode", (), "warning")}


def modes(*lists: Any) -> list[dict[str, Any]]:
    return [{"Name": f"channel-{i}", "SupportedInputModes": some} for i, some in enumerate(lists)]


def fastfile(channel: int, index: int) -> tuple[str, tuple[str | int, ...], str]:
    path = (channel, "SupportedInputModes", index)
    return ("channel-fastfile-reported-rejected", path, "warning")


DEFAULT_REFUSED: Reported = {("channels-no-common-input-mode", (1, "SupportedInputModes"), "info")}
MODES: list[tuple[Any, Reported]] = [
    (modes(["File"], ["File", "Pipe"]), set()),
    (modes(["File"], ["Pipe"]), NO_COMMON),
    (modes(["File", "Pipe"], ["File"], ["Pipe"]), NO_COMMON),
    # File, the default of the SDK, is refused for all because of one channel.
    (modes(["File", "Pipe"], ["Pipe"]), DEFAULT_REFUSED),
    (modes(["Pipe"], ["Pipe"], ["FastFile", "Pipe"]), {fastfile(2, 0)}),
    (modes(["File", "Pipe"], UNKNOWN), set()),
    # The SDK knows File and Pipe only.
    (modes(["FastFile"]), NO_COMMON | {fastfile(0, 0)}),
    (modes(["File", "FastFile"], ["FastFile", "File"]), {fastfile(0, 1), fastfile(1, 0)}),
    # Only of lists that are known as a whole; an empty or absent one has a fault of its own.
    (modes(["File"], UNKNOWN), set()),
    (modes(["File"], OpenList(["Pipe"])), set()),
    (modes(["File"], ["Pipe", UNKNOWN]), set()),
    (OpenList(modes(["File"], ["Pipe"])), set()),
    ([*modes(["File"]), {"Name": "validation"}], set()),
    (modes(["File"], []), {("item-count", (1, "SupportedInputModes"), "error")}),
]  # fmt: skip


@pytest.mark.parametrize(("channels", "expected"), MODES, ids=repr)
def test_modes_of_channels(channels: Any, expected: Reported) -> None:
    assert reported(channels, "ChannelSpecifications") == expected


def test_the_channels_that_exclude_a_mode_are_named() -> None:
    problem = only(modes(["Pipe"], ["File"], ["File"]), "ChannelSpecifications")
    assert [(related.path, related.message) for related in problem.related] == [
        ((0, "SupportedInputModes"), "no File here"),
        ((1, "SupportedInputModes"), "no Pipe here"),
    ]


def test_fastfile_is_replaced_by_file() -> None:
    fix = only(["FastFile"], "InputModes").fix
    assert isinstance(fix, Replace)
    assert (fix.path, fix.value, fix.safe) == ((0,), "File", False)
    fix = only(["Pipe", "FastFile", "File"], "InputModes").fix
    assert isinstance(fix, Remove)
    assert fix.path == (1,)
    assert isinstance(only(["Pipe", "FastFile"], "InputModes").fix, Replace), "Pipe does not replace FastFile"


def gzip(index: int) -> Reported:
    return {("channel-gzip-without-pipe", ("SupportedCompressionTypes", index), "warning")}


COMPRESSION: list[tuple[Any, Any, Reported]] = [
    (["None", "Gzip"], ["File"], gzip(1)),
    (["Gzip"], ["File"], gzip(0)),
    (["Gzip"], ["File", "Pipe"], set()),
    (["None"], ["File"], set()),
    ([], ["File"], set()),
    (["Gzip"], OpenList(["File"]), set()),
    (["Gzip"], ["File", UNKNOWN], set()),
    (["Gzip"], UNKNOWN, set()),
    (OpenList(["Gzip"]), ["File"], gzip(0)),
    ([UNKNOWN, "Gzip"], ["File"], gzip(1)),
    (["Gzip", "None", "Gzip"], ["File"],
     gzip(0) | gzip(2) | {("channel-list-duplicates", ("SupportedCompressionTypes", 2), "warning")}),
]  # fmt: skip


@pytest.mark.parametrize(("types", "supported", "expected"), COMPRESSION, ids=repr)
def test_gzip_needs_pipe(types: Any, supported: Any, expected: Reported) -> None:
    channel = {"SupportedCompressionTypes": types, "SupportedInputModes": supported}
    assert reported(channel, "ChannelSpecification") == expected


def test_gzip_without_pipe_is_taken_out_of_the_list() -> None:
    shape = "ChannelSpecification"
    both = {"SupportedCompressionTypes": ["Gzip", "None"], "SupportedInputModes": ["File"]}
    assert isinstance(only(both, shape).fix, Remove)
    alone = {"SupportedCompressionTypes": ["Gzip"], "SupportedInputModes": ["File"]}
    assert isinstance(only(alone, shape).fix, Replace), "an empty list would be wrong"
    assert (
        only(alone, shape).message
        == "Gzip works only in Pipe mode, which is not in SupportedInputModes ('File')"
    )


# ---------------------------------------------------------------- lists


def repeated(field: str, index: int) -> tuple[str, tuple[str | int, ...], str]:
    return ("channel-list-duplicates", (field, index), "warning")


LISTS: list[tuple[dict[str, Any], Reported]] = [
    ({"SupportedContentTypes": ["text/csv", "Text/CSV"]}, {repeated("SupportedContentTypes", 1)}),
    ({"SupportedContentTypes": ["text/csv", "text/csv;label_size=0"]}, set()),
    ({"SupportedContentTypes": ["text/csv", UNKNOWN, "text/csv"]}, {repeated("SupportedContentTypes", 2)}),
    ({"SupportedInputModes": ["File", "Pipe", "File", "File"]},
     {repeated("SupportedInputModes", 2), repeated("SupportedInputModes", 3)}),
    ({"SupportedCompressionTypes": ["None", "None"]}, {repeated("SupportedCompressionTypes", 1)}),
    ({"SupportedContentTypes": []},
     {("channel-content-types-unusable", ("SupportedContentTypes",), "warning")}),
    ({"SupportedContentTypes": OpenList()}, set()),
    ({"SupportedContentTypes": ["text/csv", ""]},
     {("channel-content-types-unusable", ("SupportedContentTypes", 1), "warning")}),
    ({"SupportedContentTypes": [" "]},
     {("channel-content-types-unusable", ("SupportedContentTypes", 0), "warning")}),
]  # fmt: skip


@pytest.mark.parametrize(("channel", "expected"), LISTS, ids=repr)
def test_lists_of_channels(channel: dict[str, Any], expected: Reported) -> None:
    assert reported(channel, "ChannelSpecification") == expected


def test_only_an_exact_repetition_is_deleted() -> None:
    # As texts that were read are: equal, and not one object.
    again = "".join(("text/", "csv"))
    fix = only({"SupportedContentTypes": ["text/csv", again]}, "ChannelSpecification").fix
    assert isinstance(fix, Remove)
    assert fix.safe
    for types in (["text/csv", "TEXT/csv"], ["TEXT/csv", "text/csv"]):
        assert only({"SupportedContentTypes": types}, "ChannelSpecification").fix is None


# ---------------------------------------------------------------- media types


def malformed(*path: str | int, level: str = "warning") -> Reported:
    return {("mime-type-malformed", path, level)}


FINE = [
    "text/csv", "text/csv;label_size=0", "text/csv; charset=utf-8", "application/x-recordio-protobuf",
    "application/vnd.ms-excel", "application/ld+json", "image/*", "*/*", "application/x-npy",
]  # fmt: skip
ODD = [
    "text/",
    "/csv",
    "text/csv,text/libsvm",
    "text/csv text/libsvm",
    "text\\csv",
    "text/c/sv",
    "텍스트/csv",
]


@pytest.mark.parametrize("text", FINE)
def test_media_types_are_accepted(text: str) -> None:
    assert reported({"Accept": text}, "TransformOutput") == set()
    assert reported({"ContentType": text}, "TransformInput") == set()
    lists = {"SupportedContentTypes": [text], "SupportedResponseMIMETypes": [text]}
    assert {rule for rule, _, _ in reported(lists, "InferenceSpecification")} <= {"pattern-mismatch"}
    assert reported([{"SupportedContentTypes": [text]}], "ChannelSpecifications") == set()


@pytest.mark.parametrize("text", ODD)
def test_what_is_not_a_media_type_is_reported_anywhere(text: str) -> None:
    field = "SupportedContentTypes"
    assert reported({field: ["text/csv", text]}, "InferenceSpecification") == malformed(field, 1)
    assert reported({"ContentType": text}, "TransformInput") == malformed("ContentType")
    assert reported([{field: [text]}], "ChannelSpecifications") == malformed(0, field, 0)
    assert reported([{"ContentType": text}], "InputDataConfig") == malformed(0, "ContentType")


def test_the_words_of_aws_are_accepted_on_training_channels() -> None:
    field = "SupportedContentTypes"
    channels = [{field: ["text/csv", "libsvm"]}, {field: ["csv"]}]
    noted = malformed(0, field, 1, level="info") | malformed(1, field, 0, level="info")
    assert reported(channels, "ChannelSpecifications") == noted
    assert reported([{"ContentType": "csv"}], "InputDataConfig") == malformed(0, "ContentType", level="info")
    # Elsewhere no request matches them.
    assert reported({field: ["csv"]}, "InferenceSpecification") == malformed(field, 0)
    assert reported({"ContentType": "csv"}, "TransformInput") == malformed("ContentType")
    assert reported({"Accept": "csv"}, "TransformOutput") == malformed("Accept")


@pytest.mark.parametrize("word", ["Gzip", "None", "s3", "svmlight"])
def test_other_words_are_not_used_by_aws(word: str) -> None:
    field = "SupportedContentTypes"
    assert reported([{field: [word]}], "ChannelSpecifications") == malformed(0, field, 0)


def test_an_accept_header_may_list_types() -> None:
    assert reported({"Accept": "text/csv, application/json;q=0.9"}, "TransformOutput") == set()
    assert reported({"Accept": "text/csv, json"}, "TransformOutput") == malformed("Accept")


def test_empty_and_hidden_media_types() -> None:
    field = "SupportedContentTypes"
    # AWS's own samples use an empty text for none.
    assert reported([{"ContentType": ""}], "InputDataConfig") == set()
    assert reported({"ContentType": ""}, "TransformInput") == set()
    assert reported({"Accept": ""}, "TransformOutput") == set()
    assert reported({field: [""]}, "InferenceSpecification") == malformed(field, 0)
    assert reported({field: [UNKNOWN, "csv"]}, "InferenceSpecification") == malformed(field, 1)
    assert reported({field: UNKNOWN}, "InferenceSpecification") == set()


def test_a_response_type_that_the_api_rejects_is_one_fault() -> None:
    field = "SupportedResponseMIMETypes"
    for text in ("csv", "텍스트/csv", "te.xt/csv", "/csv", "text/"):
        assert reported({field: [text]}, "InferenceSpecification") == {
            ("pattern-mismatch", (field, 0), "error")
        }
    assert reported({field: ["text/c sv"]}, "InferenceSpecification") == malformed(field, 0)


def test_the_usual_media_type_is_suggested() -> None:
    problem = only({"SupportedContentTypes": ["csv"]}, "InferenceSpecification")
    assert problem.message == "'csv' is not a media type of the form type/subtype; did you mean 'text/csv'?"
    noted = only([{"SupportedContentTypes": ["parquet"]}], "ChannelSpecifications")
    assert noted.message == (
        "'parquet' is not of the form type/subtype, but AWS's algorithms use it; the media type is"
        " 'application/x-parquet'"
    )
    assert noted.fix is None
    no_usual = only([{"SupportedContentTypes": ["svmlight"]}], "ChannelSpecifications")
    assert no_usual.message == "'svmlight' is not a media type of the form type/subtype"
    compression = only([{"SupportedContentTypes": ["Gzip"]}], "ChannelSpecifications")
    assert compression.message == ("'Gzip' is a compression type, not a media type of the form type/subtype")


@pytest.mark.parametrize(
    ("types", "job", "is_offered"),
    [
        (["csv"], {}, True),
        (["csv", UNKNOWN], {}, True),
        # It would be there twice, or a job would send what is not in the list.
        (["csv", "text/csv"], {}, False),
        (["csv"], {"TransformInput": {"ContentType": "csv"}}, False),
        (["csv"], {"TransformInput": {"ContentType": "CSV "}}, False),
        (["csv"], {"TransformInput": {"ContentType": "text/csv"}}, True),
        (["csv"], {"TransformOutput": {"Accept": "csv"}}, False),
    ],
)
def test_the_usual_media_type_is_written_where_no_job_needs_the_word(
    types: list[Any], job: dict[str, Any], is_offered: bool
) -> None:
    spec = {
        "InferenceSpecification": {"SupportedContentTypes": types},
        "ValidationSpecification": {"ValidationProfiles": [{"TransformJobDefinition": job}]},
    }
    at = ("InferenceSpecification", "SupportedContentTypes", 0)
    fixes = [p.fix for rule, p in found(spec, REQUEST) if rule.name == "mime-type-malformed" and p.path == at]
    assert [fix.value for fix in fixes if isinstance(fix, Replace)] == (["text/csv"] if is_offered else [])
    assert all(fix is None or not fix.safe for fix in fixes)
