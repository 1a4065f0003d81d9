"""The rules of `rules/training_job.py`, and the facts of a training job that `context` derives."""

from __future__ import annotations

from typing import Any

import pytest

from algolint import UNKNOWN, Context, Undecided, channels_with_mode, input_mode, total_instances
from algolint.discovery import first_party_rules
from algolint.linter import Linter
from algolint.rule import Insert, Problem, Remove, Rename, Replace, Rule
from algolint.testing import completed, model_of, problems, reported_by
from algolint.values import OpenDict, OpenList

Path = tuple[str | int, ...]
Reported = set[tuple[str, Path, str]]
RULES = first_party_rules()
LINTER = Linter(model_of(), RULES)
FAMILY = {rule.name for rule in RULES if rule.family == "training_job"}
REQUEST = "CreateAlgorithmInput"
JOB = "TrainingJobDefinition"
AT: Path = ("ValidationSpecification", "ValidationProfiles", 0, JOB)


def found(spec: Any, shape: str) -> list[tuple[Rule, Problem]]:
    """What is said of a part of a spec; of a whole request by this family alone."""
    return [
        (rule, problem)
        for rule, problem in problems(LINTER, completed(spec, shape, LINTER.model), shape)
        if shape != REQUEST or rule.name in FAMILY
    ]


def reported(spec: Any, shape: str = JOB) -> Reported:
    return {(rule.name, p.path, p.severity or rule.severity) for rule, p in found(spec, shape)}


def only(spec: Any, shape: str = JOB, rule: str | None = None) -> Problem:
    (problem,) = [p for r, p in found(spec, shape) if rule in (None, r.name)]
    return problem


def request(training: Any, job: Any, **fields: Any) -> dict[str, Any]:
    profiles = [{"TrainingJobDefinition": job}]
    validation = {"ValidationProfiles": profiles}
    return {"TrainingSpecification": training, "ValidationSpecification": validation, **fields}


def in_job(rule: str, *path: str | int, level: str = "error") -> Reported:
    """One finding of a request, at a path below its training job."""
    return {(rule, (*AT, *path), level)}


def one(rule: str, *path: str | int, level: str = "error") -> Reported:
    return {(rule, path, level)}


def channels(*items: Any) -> dict[str, Any]:
    return {"InputDataConfig": [*items]}


def s3(uri: Any = UNKNOWN, kind: Any = "S3Prefix", **fields: Any) -> dict[str, Any]:
    return {"S3DataSource": {"S3DataType": kind, "S3Uri": uri, **fields}}


# ---------------------------------------------------------------- hyperparameters

DEPTH = {"Name": "max_depth", "Type": "Integer"}
EPOCHS = {"Name": "epochs", "Type": "Integer", "IsRequired": True}


def hyperparameters(declared: Any, given: Any) -> dict[str, Any]:
    return request({"SupportedHyperParameters": declared}, {"HyperParameters": given})


def unknown(name: str) -> Reported:
    return in_job("profile-hp-unknown", "HyperParameters", name)


def missing(*path: str) -> Reported:
    return in_job("profile-hp-required-missing", *path)


HYPERPARAMETERS: list[tuple[Any, Any, Reported]] = [
    ([DEPTH], {"max_depth": "3"}, set()),
    ([DEPTH], {"Max_Depth": "3"}, unknown("Max_Depth")),
    ([DEPTH], {"colour": "red", "max_dept": "3"}, unknown("colour") | unknown("max_dept")),
    ([DEPTH], {"max_depth": UNKNOWN}, set()),
    ([DEPTH], OpenDict({"colour": "red"}), unknown("colour")),
    # Not in a list that may hold more.
    ([DEPTH, UNKNOWN], {"colour": "red"}, set()),
    ([DEPTH, {"Name": UNKNOWN, "Type": "Integer"}], {"colour": "red"}, set()),
    (OpenList([DEPTH]), {"colour": "red"}, set()),
    (UNKNOWN, {"colour": "red"}, set()),
    # Without declarations: one warning.
    ([], {"colour": "red", "size": "4"}, in_job("profile-hp-unknown", "HyperParameters", level="warning")),
    (OpenList(), {"colour": "red"}, set()),
    # Required ones.
    ([EPOCHS], {"epochs": "5"}, set()),
    ([EPOCHS], {"epochs": UNKNOWN}, set()),
    ([EPOCHS], {}, missing("HyperParameters")),
    ([EPOCHS], UNKNOWN, set()),
    ([EPOCHS], OpenDict(), set()),
    ([{**EPOCHS, "DefaultValue": "5"}], {}, set()),
    ([{**EPOCHS, "DefaultValue": UNKNOWN}], {}, set()),
    ([OpenDict(EPOCHS)], {}, set()),
    ([{**EPOCHS, "IsRequired": False}], {}, set()),
    ([{**EPOCHS, "IsRequired": UNKNOWN}], {}, set()),
    ([UNKNOWN, EPOCHS], {}, missing("HyperParameters")),
    # A misspelt name is one fault.
    ([EPOCHS], {"epoch": "5"}, unknown("epoch")),
    ([EPOCHS, {**DEPTH, "IsRequired": True}], {"epoch": "5"}, unknown("epoch") | missing("HyperParameters")),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "expected"), HYPERPARAMETERS, ids=repr)
def test_names_of_hyperparameters(declared: Any, given: Any, expected: Reported) -> None:
    assert reported(hyperparameters(declared, given), REQUEST) == expected


def test_without_any_hyperparameters_the_job_itself_is_blamed() -> None:
    assert reported(request({"SupportedHyperParameters": [EPOCHS]}, {}), REQUEST) == missing()
    assert reported(request({"SupportedHyperParameters": [EPOCHS]}, OpenDict()), REQUEST) == set()


def test_hyperparameters_that_are_not_declared_at_all() -> None:
    warned = in_job("profile-hp-unknown", "HyperParameters", level="warning")
    assert reported(request({}, {"HyperParameters": {"eta": "1"}}), REQUEST) == warned
    assert reported(request(OpenDict(), {"HyperParameters": {"eta": "1"}}), REQUEST) == set()
    assert reported(request(UNKNOWN, {"HyperParameters": {"eta": "1"}}), REQUEST) == set()


def test_an_unknown_hyperparameter_names_the_one_that_was_meant() -> None:
    problem = only(hyperparameters([DEPTH], {"max_dept": "3"}), REQUEST)
    said_so = "'max_dept' is in no SupportedHyperParameters entry; did you mean 'max_depth'?"
    assert problem.message == said_so
    assert isinstance(problem.fix, Rename)
    assert (problem.fix.path, problem.fix.key, problem.fix.safe) == (problem.path, "max_depth", False)
    both = found(hyperparameters([DEPTH], {"max_dept": "3", "max_depth": "3"}), REQUEST)
    assert [p.fix for _, p in both] == [None], "the name is taken"
    far = only(hyperparameters([DEPTH], {"colour": "red"}), REQUEST)
    assert far.message == "'colour' is in no SupportedHyperParameters entry; declared: 'max_depth'"


def test_what_is_missing_is_one_finding_with_the_places_that_ask_for_it() -> None:
    declared = [EPOCHS, {"Name": "eta", "Type": "Continuous", "IsRequired": True}]
    problem = only(hyperparameters(declared, {}), REQUEST)
    assert problem.message == "the profile sets no 'epochs', 'eta'; they are required, without a default"
    at = ("TrainingSpecification", "SupportedHyperParameters")
    assert [r.path for r in problem.related] == [(*at, 0, "IsRequired"), (*at, 1, "IsRequired")]


def test_three_of_many_places_are_shown() -> None:
    four = [{**EPOCHS, "Name": f"epochs_{i}"} for i in range(4)]
    assert len(only(hyperparameters(four, {}), REQUEST).related) == 3
    for required, given in ((True, "no_train"), (False, "no_train")):
        declared = [{"Name": f"train_{i}", "IsRequired": required} for i in range(4)]
        spec = fed(declared, [{"ChannelName": given}])
        rule = "profile-channel-required-missing" if required else "profile-channel-not-covered"
        assert len(only(spec, REQUEST, rule).related) == 3
    job = {"TrainingInputMode": "Pipe", **channels(*({"ChannelName": f"c{i}"} for i in range(4)))}
    declared = [{"Name": f"c{i}", "SupportedInputModes": ["File"]} for i in range(4)]
    refused = only(request({"TrainingChannels": declared}, job), REQUEST, "profile-input-mode-unsupported")
    assert len(refused.related) == 3
    files = {"TrainingInputMode": "File", **channels(*({"DataSource": EFS} for _ in range(4)))}
    assert len(only(files, JOB, "filesystem-needs-vpc").related) == 3


def integer(low: Any = "1", high: Any = "10") -> dict[str, Any]:
    limits = {"MinValue": low, "MaxValue": high}
    return {**DEPTH, "Range": {"IntegerParameterRangeSpecification": limits}}


def continuous(low: Any, high: Any) -> dict[str, Any]:
    limits = {"MinValue": low, "MaxValue": high}
    ranges = {"ContinuousParameterRangeSpecification": limits}
    return {"Name": "max_depth", "Type": "Continuous", "Range": ranges}


def categorical(values: Any) -> dict[str, Any]:
    ranges = {"CategoricalParameterRangeSpecification": {"Values": values}}
    return {"Name": "max_depth", "Type": "Categorical", "Range": ranges}


VALUES: list[tuple[Any, str, bool]] = [
    # Of the type, as the most lenient parser reads it.
    (DEPTH, "3", True), (DEPTH, "-3", True), (DEPTH, "1_000", True), (DEPTH, "5.0", True),
    (DEPTH, " 5 ", True), (DEPTH, "1e3", True),
    (DEPTH, "5.5", False), (DEPTH, "five", False), (DEPTH, "", False), (DEPTH, "0x10", False),
    (DEPTH, "nan", False), (DEPTH, "Infinity", False),
    ({**DEPTH, "Type": "Continuous"}, "5.5", True), ({**DEPTH, "Type": "Continuous"}, "1e-5", True),
    ({**DEPTH, "Type": "Continuous"}, "inf", False), ({**DEPTH, "Type": "Continuous"}, "auto", False),
    ({**DEPTH, "Type": "FreeText"}, "auto", True), ({**DEPTH, "Type": "Categorical"}, "auto", True),
    ({**DEPTH, "Type": UNKNOWN}, "auto", True),
    ({**DEPTH, "Type": "FreeText", "Range": {"CategoricalParameterRangeSpecification": {"Values": ["a"]}}},
     "auto", True),
    # Within the limits, which belong to the range.
    (integer(), "1", True), (integer(), "10", True), (integer(), "0", False), (integer(), "11", False),
    (continuous("0.1", "0.3"), "0.1", True), (continuous("0.1", "0.3"), "0.30", True),
    (continuous("0.1", "0.3"), "0.09999999999999999999", False),
    (continuous("0.1", "0.3"), "0.30000000000000000001", False),
    (continuous("0", "1e-400"), "2e-400", False),
    # Nothing is compared with limits that contradict themselves, are no numbers, or of another type.
    (integer("10", "1"), "99", True), (integer("a", "b"), "99", True),
    ({**continuous("0", "1"), "Type": "Integer"}, "99", True),
    (integer(UNKNOWN, "10"), "5", True), (integer(UNKNOWN, UNKNOWN), "99", True),
    # Among the values, to the letter.
    (categorical(["relu", "tanh"]), "relu", True), (categorical(["relu", "tanh"]), "ReLU", False),
    (categorical(["relu", "tanh"]), "gelu", False), (categorical(["relu", UNKNOWN]), "gelu", True),
    (categorical(OpenList(["relu"])), "gelu", True), (categorical(UNKNOWN), "gelu", True),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "value", "valid"), VALUES, ids=repr)
def test_values_of_hyperparameters(declared: Any, value: str, valid: bool) -> None:
    invalid = in_job("profile-hp-value-invalid", "HyperParameters", "max_depth")
    assert reported(hyperparameters([declared], {"max_depth": value}), REQUEST) == (
        set() if valid else invalid
    )


def test_an_invalid_value_states_both_sides() -> None:
    def message(declared: Any, value: str) -> str:
        return only(hyperparameters([declared], {"max_depth": value}), REQUEST).message

    assert message(DEPTH, "deep") == "'deep' is not an integer, as the hyperparameter is declared"
    assert message(DEPTH, "").endswith("; leave it out to have none")
    assert message(integer(), "99") == "'99' is more than the MaxValue of the hyperparameter, '10'"
    assert message(integer(), "0") == "'0' is less than the MinValue of the hyperparameter, '1'"
    (there,) = only(hyperparameters([integer()], {"max_depth": "99"}), REQUEST).related
    assert there.message == "its MaxValue is '10'"
    of_two = message(categorical(["relu", "RELU"]), "ReLU")
    assert of_two.endswith("did you mean 'relu'?")
    relu = message(categorical(["relu", "tanh"]), "ReLU")
    assert (
        relu == "'ReLU' is not among the Values of the hyperparameter: 'relu', 'tanh'; did you mean 'relu'?"
    )


def test_only_another_case_of_a_single_category_is_corrected() -> None:
    def fix(values: list[str], value: str) -> Any:
        return only(hyperparameters([categorical(values)], {"max_depth": value}), REQUEST).fix

    correction = fix(["True", "False"], "true")
    assert isinstance(correction, Replace)
    assert (correction.value, correction.safe) == ("True", False)
    assert fix(["relu", "RELU"], "ReLU") is None
    assert fix(["relu", "tanh"], "gelu") is None


def test_the_first_declaration_of_a_name_says_what_is_valid() -> None:
    twice = [integer("1", "10"), integer("50", "100")]
    assert reported(hyperparameters(twice, {"max_depth": "5"}), REQUEST) == set()
    # Where the first is hidden, or may be, nothing is certain.
    assert reported(hyperparameters([UNKNOWN, twice[1]], {"max_depth": "5"}), REQUEST) == set()
    assert reported(hyperparameters(OpenList([twice[1]]), {"max_depth": "5"}), REQUEST) == set()
    # A later one that is hidden changes nothing.
    invalid = in_job("profile-hp-value-invalid", "HyperParameters", "max_depth")
    assert reported(hyperparameters([twice[0], UNKNOWN], {"max_depth": "99"}), REQUEST) == invalid


# ---------------------------------------------------------------- channels and their declarations

TRAIN = {"Name": "train", "IsRequired": True}
HOLDOUT = {"Name": "holdout", "IsRequired": False}


def fed(declared: Any, given: Any, **fields: Any) -> dict[str, Any]:
    return request({"TrainingChannels": declared}, {"InputDataConfig": given}, **fields)


def strange(index: int) -> Reported:
    return in_job("profile-channel-unknown", "InputDataConfig", index, "ChannelName")


REQUIRED = in_job("profile-channel-required-missing", "InputDataConfig")
UNCOVERED = in_job("profile-channel-not-covered", "InputDataConfig", level="info")
A = {"ChannelName": "train"}
B = {"ChannelName": "holdout"}

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


def test_marketplace_asks_for_every_channel() -> None:
    warned = in_job("profile-channel-not-covered", "InputDataConfig", level="warning")
    assert reported(fed([TRAIN, HOLDOUT], [A], CertifyForMarketplace=True), REQUEST) == warned
    assert reported(fed([TRAIN, HOLDOUT], [A], CertifyForMarketplace=False), REQUEST) == UNCOVERED


def test_an_unknown_channel_names_the_one_that_was_meant() -> None:
    problem = only(fed([TRAIN], [{"ChannelName": "training"}]), REQUEST)
    assert problem.message == "'training' is in no TrainingChannels entry; did you mean 'train'?"
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == ("train", False)
    assert only(fed([TRAIN], [A, {"ChannelName": "training"}]), REQUEST).fix is None, "the name is taken"


def test_a_required_channel_is_named_with_its_declaration() -> None:
    problem = only(fed([TRAIN, HOLDOUT], [B]), REQUEST)
    assert problem.message == "the profile feeds no 'train'; it is required"
    assert [r.path for r in problem.related] == [
        ("TrainingSpecification", "TrainingChannels", 0, "IsRequired")
    ]


def test_a_channel_name_stands_once() -> None:
    twice = {("profile-channel-duplicate", (2, "ChannelName"), "error")}
    assert reported([A, B, A], "InputDataConfig") == twice
    assert reported([A, UNKNOWN, A], "InputDataConfig") == twice
    assert reported([A, {"ChannelName": "Train"}], "InputDataConfig") == set()
    assert [r.path for r in only([A, B, A], "InputDataConfig").related] == [(0, "ChannelName")]


def content_type(*path: str, level: str = "error") -> Reported:
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
    """Whatever there is to say of the first, or not."""
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
    # The reference speaks of the types allowed "if data compression is used".
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


def test_gzip_in_file_mode_is_one_fault() -> None:
    """The service's own error text speaks for the declaration, too."""
    spec = fed([{**TRAIN, "SupportedCompressionTypes": ["None"]}], [{**A, "CompressionType": "Gzip"}])
    spec["ValidationSpecification"]["ValidationProfiles"][0][JOB]["TrainingInputMode"] = "File"
    assert reported(spec, REQUEST) == in_job("gzip-outside-pipe", "InputDataConfig", 0, "CompressionType")


# ---------------------------------------------------------------- input modes


def moded(supported: Any, general: Any, *given: Any, rules: set[str] | None = None) -> Reported:
    declared = [{"Name": name, "SupportedInputModes": modes} for name, modes in supported.items()]
    job = {"TrainingInputMode": general, "InputDataConfig": [*given]}
    rules = rules or {"profile-input-mode-unsupported"}
    return {f for f in reported(request({"TrainingChannels": declared}, job), REQUEST) if f[0] in rules}


def test_a_channel_is_read_in_a_mode_that_it_supports() -> None:
    general = in_job("profile-input-mode-unsupported", "TrainingInputMode")
    own = in_job("profile-input-mode-unsupported", "InputDataConfig", 0, "InputMode")
    assert moded({"train": ["File"]}, "File", A) == set()
    assert moded({"train": ["File"]}, "Pipe", A) == general
    assert moded({"train": ["File"]}, "Pipe", {**A, "InputMode": "File"}) == set()
    assert moded({"train": ["File"]}, "File", {**A, "InputMode": "Pipe"}) == own
    assert moded({"train": ["File"]}, UNKNOWN, {**A, "InputMode": "Pipe"}) == own
    assert moded({"train": ["File"]}, "Pipe", {**A, "InputMode": UNKNOWN}) == set()
    assert moded({"train": ["File"]}, "Pipe", OpenDict(A)) == set()
    assert moded({"train": ["File"]}, UNKNOWN, A) == set()
    assert moded({"train": OpenList(["File"])}, "Pipe", A) == set()
    assert moded({"train": ["File", UNKNOWN]}, "Pipe", A) == set()
    assert moded({"train": []}, "Pipe", A) == set()
    assert moded({"holdout": ["File"]}, "Pipe", A) == set(), "an unknown channel is another fault"
    # One channel that is hidden does not silence the others.
    assert moded({"train": ["File"]}, "Pipe", UNKNOWN, A) == general


def test_one_mode_that_suits_all_channels_is_offered() -> None:
    declared = [
        {"Name": "train", "SupportedInputModes": ["File", "FastFile"]},
        {"Name": "holdout", "SupportedInputModes": ["FastFile", "Pipe"]},
    ]
    job = {"TrainingInputMode": "Pipe", "InputDataConfig": [A, B]}
    problem = only(request({"TrainingChannels": declared}, job), REQUEST)
    assert problem.message == (
        "TrainingInputMode 'Pipe' is not among the SupportedInputModes of channel 'train': 'File', 'FastFile'"
    )
    assert isinstance(problem.fix, Replace)
    assert problem.fix.value == "FastFile"
    assert [r.path for r in problem.related] == [
        ("TrainingSpecification", "TrainingChannels", 0, "SupportedInputModes")
    ]


def test_a_mode_is_offered_where_there_is_one_only() -> None:
    def offered(own: str | None, *modes: list[str]) -> tuple[str, Any]:
        names = [f"c{i}" for i in range(len(modes))]
        declared = [
            {"Name": name, "SupportedInputModes": some} for name, some in zip(names, modes, strict=True)
        ]
        given = [{"ChannelName": name, **({"InputMode": own} if own else {})} for name in names]
        spec = request({"TrainingChannels": declared}, {"TrainingInputMode": "Pipe", **channels(*given)})
        problem = only(spec, REQUEST, "profile-input-mode-unsupported")
        return problem.message, problem.fix.value if isinstance(problem.fix, Replace) else problem.fix

    assert offered("FastFile", ["File"])[1] == "File"
    assert offered("FastFile", ["File", "Pipe"])[1] is None
    assert offered(None, ["File", "FastFile"])[1] is None
    message, value = offered(None, ["File"], ["File"])
    assert "SupportedInputModes of channels 'c0', 'c1': 'File'" in message
    assert value == "File"


def test_a_declaration_that_is_hidden_hides_no_other() -> None:
    declared = [
        {**TRAIN, "SupportedCompressionTypes": ["None", UNKNOWN]},
        {**HOLDOUT, "SupportedCompressionTypes": ["None"]},
    ]
    spec = fed(declared, [{**A, "CompressionType": "Gzip"}, {**B, "CompressionType": "Gzip"}])
    spec["ValidationSpecification"]["ValidationProfiles"][0][JOB]["TrainingInputMode"] = "Pipe"
    expected = in_job("profile-compression-unsupported", "InputDataConfig", 1, "CompressionType")
    assert reported(spec, REQUEST) == expected


def fragile(index: int) -> Reported:
    return one("profile-input-mode-override-fragile", "InputDataConfig", index, "InputMode", level="info")


def test_an_input_mode_of_a_channel_is_noted_once() -> None:
    """And not a second time as a field that the service forgets."""
    assert reported({"TrainingInputMode": "Pipe", **channels({"InputMode": "File"}, {})}) == fragile(0)
    # As texts that were read are: equal, and not one object.
    repeats = {"TrainingInputMode": "File", **channels({}, {"InputMode": "".join(("Fi", "le"))})}
    assert reported(repeats) == fragile(1)
    fix = only(repeats).fix
    assert isinstance(fix, Remove)
    assert fix.safe
    forgotten = one("profile-field-not-persisted", "InputDataConfig", 0, "InputMode", level="info")
    assert reported({"TrainingInputMode": UNKNOWN, **channels({"InputMode": "File"})}) == forgotten


# The owner asked for this one by name: every way the effective mode can come about.
AUGMENTED = one(
    "augmented-manifest-not-pipe", "InputDataConfig", 0, "DataSource", "S3DataSource", "S3DataType"
)
MODES: list[tuple[Any, Any, bool]] = [
    ("Pipe", None, True), ("File", None, False), ("FastFile", None, False),
    ("File", "Pipe", True), ("FastFile", "Pipe", True), ("Pipe", "Pipe", True),
    ("Pipe", "File", False), ("Pipe", "FastFile", False), ("File", "File", False),
    (UNKNOWN, None, True), ("File", UNKNOWN, True), (UNKNOWN, "File", False), (UNKNOWN, "Pipe", True),
]  # fmt: skip


@pytest.mark.parametrize(("general", "own", "fine"), MODES, ids=repr)
def test_augmented_manifests_are_for_pipe_mode(general: Any, own: Any, fine: bool) -> None:
    channel = {"DataSource": s3(kind="AugmentedManifestFile", AttributeNames=["source-ref"])}
    if own is not None:
        channel["InputMode"] = own
    job = {"TrainingInputMode": general, **channels(channel)}
    about_modes = {f for f in reported(job) if not f[0].startswith("profile-")}
    assert about_modes == (set() if fine else AUGMENTED)
    # The same in a fragment, without the declaration of the channel.
    validation = {"ValidationProfiles": [{"TrainingJobDefinition": job}]}
    names = {name for name, _, _ in reported(validation, "AlgorithmValidationSpecification")}
    assert ("augmented-manifest-not-pipe" in names) is not fine


def test_other_data_may_be_read_in_any_mode() -> None:
    for kind in ("S3Prefix", "ManifestFile", UNKNOWN):
        for mode in ("File", "Pipe", "FastFile"):
            job = {"TrainingInputMode": mode, **channels({"DataSource": s3(kind=kind)})}
            assert "augmented-manifest-not-pipe" not in {name for name, _, _ in reported(job)}


def test_one_hidden_channel_does_not_silence_the_others() -> None:
    bad = {"DataSource": s3(kind="AugmentedManifestFile", AttributeNames=["source-ref"])}
    job = {
        "TrainingInputMode": "File",
        **channels(UNKNOWN, {**bad, "InputMode": UNKNOWN}, OpenDict(bad), bad),
    }
    paths = {path for name, path, _ in reported(job) if name == "augmented-manifest-not-pipe"}
    assert paths == {("InputDataConfig", 3, "DataSource", "S3DataSource", "S3DataType")}


def augmented(modes: Any, **fields: Any) -> Problem:
    channel = {**A, "DataSource": s3(kind="AugmentedManifestFile", AttributeNames=["source-ref"]), **fields}
    declared = [{"Name": "train", "SupportedInputModes": modes}]
    job = {"TrainingInputMode": "File", **channels(channel)}
    return only(request({"TrainingChannels": declared}, job), REQUEST, "augmented-manifest-not-pipe")


def test_pipe_is_asked_for_where_the_algorithm_supports_it() -> None:
    inserted = augmented(["File", "Pipe"]).fix
    assert isinstance(inserted, Insert)
    assert (inserted.path, inserted.key, inserted.value) == ((*AT, "InputDataConfig", 0), "InputMode", "Pipe")
    assert not inserted.safe
    replaced = augmented(["File", "Pipe"], InputMode="FastFile").fix
    assert isinstance(replaced, Replace)
    assert replaced.path == (*AT, "InputDataConfig", 0, "InputMode")
    assert augmented(UNKNOWN).fix is None
    without = augmented(["File"])
    assert without.fix is None
    assert without.message == (
        "AugmentedManifestFile works in Pipe mode only, and the channel is read in File mode, so the"
        " validation job is rejected; channel 'train' is declared without Pipe"
    )
    assert [r.path for r in without.related] == [(*AT, "TrainingInputMode")]
    assert [r.path for r in augmented(["File"], InputMode="File").related] == [
        (*AT, "InputDataConfig", 0, "InputMode")
    ]


URI = "s3://amzn-example-bucket/sales/train"
S3_URI = ("DataSource", "S3DataSource", "S3Uri")
FAST: list[tuple[Any, Reported]] = [
    (s3(URI + "/"), set()),
    (s3(URI), one("fastfile-prefix-without-slash", "InputDataConfig", 0, *S3_URI, level="warning")),
    # One object, no key at all, and what is not known.
    (s3(URI + ".csv"), set()),
    (s3("s3://amzn-example-bucket"),
     one("s3-input-without-key", "InputDataConfig", 0, *S3_URI, level="warning")),
    (s3(UNKNOWN), set()),
    (s3(URI, kind=UNKNOWN), set()),
    (s3(URI + ".manifest", kind="ManifestFile"),
     one("fastfile-needs-s3prefix", "InputDataConfig", 0, "DataSource", "S3DataSource", "S3DataType")),
    # An augmented manifest is one fault, not two.
    (s3(URI + ".manifest", kind="AugmentedManifestFile", AttributeNames=["source-ref"]), AUGMENTED),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), FAST, ids=repr)
def test_fastfile_reads_folders(source: Any, expected: Reported) -> None:
    assert reported({"TrainingInputMode": "FastFile", **channels({"DataSource": source})}) == expected


def test_file_and_pipe_read_any_prefix() -> None:
    for mode in ("File", "Pipe"):
        assert reported({"TrainingInputMode": mode, **channels({"DataSource": s3(URI)})}) == set()
        manifest = s3(URI + ".manifest", kind="ManifestFile")
        assert reported({"TrainingInputMode": mode, **channels({"DataSource": manifest})}) == set()


@pytest.mark.parametrize(
    ("rule", "field", "value"),
    [("gzip-outside-pipe", "CompressionType", "Gzip"),
     ("recordwrapper-outside-pipe", "RecordWrapperType", "RecordIO")],
)  # fmt: skip
def test_options_of_pipe_mode(rule: str, field: str, value: str) -> None:
    def levels(general: Any, **channel: Any) -> list[str]:
        job = {"TrainingInputMode": general, **channels({field: value, **channel})}
        return [level for name, path, level in reported(job) if name == rule and path[-1] == field]

    assert levels("File") == ["error"]
    assert levels("Pipe", InputMode="File") == ["error"]
    assert levels("FastFile") == ["warning"]
    assert levels("Pipe") == []
    assert levels(UNKNOWN) == []
    assert levels("File", **{field: "None"}) == []
    assert levels("File", **{field: UNKNOWN}) == []
    # Gzip with an overriding Pipe has been seen rejected; nothing is known of RecordIO.
    assert levels("File", InputMode="Pipe") == (["warning"] if value == "Gzip" else [])
    assert levels("FastFile", InputMode="Pipe") == []
    fix = only({"TrainingInputMode": "File", **channels({field: value})}, rule=rule).fix
    assert isinstance(fix, Replace)
    assert (fix.value, fix.safe) == ("None", False)


def test_only_file_mode_is_known_to_be_rejected() -> None:
    def message(mode: str) -> str:
        job = {"TrainingInputMode": mode, **channels({"CompressionType": "Gzip"})}
        return only(job, rule="gzip-outside-pipe").message

    assert message("File").endswith("so the validation job is rejected")
    assert message("FastFile").endswith("the channel is read in FastFile mode")


MODEL = {"ChannelName": "model"}
MODEL_TYPE = {"ChannelName": "start", "ContentType": "application/x-sagemaker-model"}


def test_a_model_for_incremental_training_is_a_file() -> None:
    rule = "incremental-model-channel-mode"
    for channel in (MODEL, MODEL_TYPE):
        assert reported({"TrainingInputMode": "Pipe", **channels(channel)}) == one(
            rule, "InputDataConfig", 0, level="warning"
        )
        assert reported({"TrainingInputMode": "File", **channels(channel)}) == set()
        own = reported({"TrainingInputMode": "File", **channels({**channel, "InputMode": "FastFile"})})
        assert one(rule, "InputDataConfig", 0, "InputMode", level="warning") <= own
    general = only({"TrainingInputMode": "Pipe", **channels(MODEL)}, rule=rule)
    assert [r.path for r in general.related] == [("TrainingInputMode",)]
    own_mode = only({"TrainingInputMode": "File", **channels({**MODEL, "InputMode": "Pipe"})}, rule=rule)
    assert own_mode.related == ()
    assert reported({"TrainingInputMode": "Pipe", **channels({"ChannelName": "models"})}) == set()
    assert reported({"TrainingInputMode": UNKNOWN, **channels(MODEL)}) == set()


# ---------------------------------------------------------------- data sources

EFS = {"FileSystemDataSource": {"DirectoryPath": "/sales/train"}}
DATASET = {"DatasetSource": UNKNOWN}
NOT_ONE: Reported = {("datasource-not-exactly-one", (), "error")}

SOURCES: list[tuple[Any, Reported]] = [
    (s3(URI), set()), (EFS, set()), (DATASET, set()), ({"S3DataSource": UNKNOWN}, set()),
    ({}, NOT_ONE),
    (OpenDict(), set()),
    ({**s3(URI), **EFS}, NOT_ONE), ({**s3(URI), **DATASET}, NOT_ONE),
    (OpenDict({**s3(URI), **EFS}), NOT_ONE),
    # A misspelt source is one fault.
    ({"S3Datasource": {}}, {("unknown-field", ("S3Datasource",), "error")}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), SOURCES, ids=repr)
def test_a_channel_has_one_source(source: Any, expected: Reported) -> None:
    assert reported(source, "DataSource") == expected


def no_attributes(*path: str | int, level: str = "error") -> Reported:
    return {("augmented-manifest-no-attributes", path, level)}


KIND = "AugmentedManifestFile"
IGNORED: Reported = {("attribute-names-ignored", ("AttributeNames",), "warning")}
ATTRIBUTES: list[tuple[Any, Reported]] = [
    ({"S3DataType": KIND, "AttributeNames": ["source-ref", "label"]}, set()),
    ({"S3DataType": KIND}, no_attributes()),
    ({"S3DataType": KIND, "AttributeNames": []}, no_attributes("AttributeNames")),
    ({"S3DataType": KIND, "AttributeNames": OpenList()}, set()),
    ({"S3DataType": KIND, "AttributeNames": UNKNOWN}, set()),
    (OpenDict({"S3DataType": KIND}), set()),
    ({"S3DataType": KIND, "AttributeNames": ["a", "b", "a"]},
     no_attributes("AttributeNames", 2, level="warning")),
    ({"S3DataType": KIND, "AttributeNames": ["a", UNKNOWN, "a"]},
     no_attributes("AttributeNames", 2, level="warning")),
    ({"S3DataType": "S3Prefix", "AttributeNames": ["a"]}, IGNORED),
    ({"S3DataType": "ManifestFile", "AttributeNames": ["a"]}, IGNORED),
    ({"S3DataType": "S3Prefix", "AttributeNames": []}, set()),
    ({"S3DataType": UNKNOWN, "AttributeNames": ["a"]}, set()),
    ({"S3DataType": "S3Prefix", "AttributeNames": UNKNOWN}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), ATTRIBUTES, ids=repr)
def test_attribute_names_go_with_augmented_manifests(source: Any, expected: Reported) -> None:
    assert reported(source, "S3DataSource") == expected


def shape_of(level: str) -> Reported:
    return {("manifest-uri-shape", ("S3Uri",), level)}


MANIFESTS: list[tuple[str, Any, Reported]] = [
    ("ManifestFile", "s3://amzn-example-bucket/sales/", shape_of("error")),
    ("ManifestFile", "s3://amzn-example-bucket", shape_of("error")),
    ("ManifestFile", "s3://amzn-example-bucket/", shape_of("error")),
    ("ManifestFile", "s3://amzn-example-bucket/train", set()),
    ("ManifestFile", UNKNOWN, set()),
    ("S3Prefix", "s3://amzn-example-bucket/sales/train.manifest", shape_of("warning")),
    ("S3Prefix", "s3://amzn-example-bucket/sales/TRAIN.MANIFEST", shape_of("warning")),
    ("S3Prefix", "s3://amzn-example-bucket/sales.manifest/", set()),
    ("S3Prefix", "s3://amzn-example-bucket/sales/", set()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "uri", "expected"), MANIFESTS, ids=repr)
def test_manifests_are_objects(kind: str, uri: Any, expected: Reported) -> None:
    source = {"S3DataType": kind, "S3Uri": uri}
    assert reported(source, "S3DataSource") == expected
    assert reported(source, "TransformS3DataSource") == expected


def test_recordio_is_not_wrapped_twice() -> None:
    rule = {("recordwrapper-on-recordio-content", ("RecordWrapperType",), "warning")}
    for text in ("application/x-recordio", "application/x-recordio-protobuf", "Application/X-Recordio; v=1"):
        source: dict[str, Any] = {"S3DataType": "S3Prefix"}
        channel = {
            "RecordWrapperType": "RecordIO",
            "ContentType": text,
            "DataSource": {"S3DataSource": source},
        }
        assert reported(channel, "Channel") >= rule
        assert not reported(channel | {"RecordWrapperType": "None"}, "Channel") & rule
        assert not reported(channel | {"ContentType": "image/jpeg"}, "Channel") & rule
        assert not reported(channel | {"DataSource": UNKNOWN}, "Channel") & rule
        # What an augmented manifest names is wrapped on the way; the type says what the algorithm receives.
        source["S3DataType"] = "AugmentedManifestFile"
        assert not reported(channel, "Channel") & rule
    assert reported({"RecordWrapperType": "RecordIO", "ContentType": UNKNOWN}, "Channel") == set()
    assert reported({"RecordWrapperType": "RecordIO"}, "Channel") == set()


SUFFIX = "compression-suffix-mismatch"
SUFFIXES: list[tuple[str, Any, str | None]] = [
    # (the data, CompressionType, what is blamed)
    ("train.csv.gz", None, ""), ("train.csv.gz", "None", "CompressionType"), ("train.csv.gz", "Gzip", None),
    ("TRAIN.CSV.GZ", None, ""), ("train.csv.gz", UNKNOWN, None), ("model.tar.gz", None, None),
    ("train.csv", "Gzip", "CompressionType"), ("train.csv", "None", None), ("train.csv", None, None),
    ("train/", "Gzip", None), ("train", "Gzip", None), ("csv", "Gzip", None), ("v1.2", "Gzip", None),
    ("gz", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "blamed"), SUFFIXES, ids=repr)
def test_suffix_and_compression(name: str, given: Any, blamed: str | None) -> None:
    source: dict[str, Any] = {"DataSource": s3(f"s3://amzn-example-bucket/sales/{name}")}
    if given is not None:
        source["CompressionType"] = given
    path = () if not blamed else (blamed,)
    transform = set() if blamed is None else {(SUFFIX, path, "warning")}
    assert {f for f in reported(source, "TransformInput") if f[0] == SUFFIX} == transform
    training = set() if blamed is None else one(SUFFIX, "InputDataConfig", 0, *path, level="warning")
    job = {"TrainingInputMode": "Pipe", **channels(source)}
    assert {f for f in reported(job) if f[0] == SUFFIX} == training


def test_in_file_mode_nothing_is_decompressed() -> None:
    source = {"DataSource": s3("s3://amzn-example-bucket/sales/train.csv.gz")}
    noted = one(SUFFIX, "InputDataConfig", 0, level="info")
    assert reported({"TrainingInputMode": "File", **channels(source)}) == noted
    # Perhaps it is Pipe; then a decompressed stream is what was meant, or not.
    assert noted <= reported({"TrainingInputMode": UNKNOWN, **channels(source)})
    listed = {"DataSource": s3("s3://amzn-example-bucket/sales/train.csv.gz", "ManifestFile")}
    assert reported({"TrainingInputMode": "File", **channels(listed)}) == set()
    assert SUFFIX not in {
        name for name, *_ in reported({"DataSource": s3(f"{URI}.csv.gz", "AugmentedManifestFile")}, "Channel")
    }
    plain = {"DataSource": s3("s3://amzn-example-bucket/sales/train.csv"), "CompressionType": "Gzip"}
    gzip = one("gzip-outside-pipe", "InputDataConfig", 0, "CompressionType")
    assert reported({"TrainingInputMode": "File", **channels(plain)}) == gzip
    assert reported({"DataSource": UNKNOWN, "CompressionType": "Gzip"}, "TransformInput") == set()
    assert reported(OpenDict(source), "TransformInput") == set()


def shared(index: int) -> Reported:
    return {("channels-share-data", (index, "DataSource", "S3DataSource", "S3Uri"), "warning")}


def pair(first: Any, second: Any, kind: str = "S3Prefix", names: tuple[Any, Any] = ("a", "b")) -> list[Any]:
    return [
        {"ChannelName": name, "DataSource": s3(uri, kind)}
        for name, uri in zip(names, (first, second), strict=True)
    ]


SHARED: list[tuple[list[Any], Reported]] = [
    (pair("s3://data/train/", "s3://data/val/"), set()),
    (pair("s3://data/train/", "s3://data/train/"), shared(1)),
    (pair("s3://data/x.manifest", "s3://data/x.manifest", "ManifestFile"), shared(1)),
    # A prefix of the other, whichever comes first; the wider one is blamed.
    (pair("s3://data/d", "s3://data/d-val/"), shared(0)),
    (pair("s3://data/d-val/", "s3://data/d"), shared(1)),
    (pair("s3://data/d/", "s3://data/d/val/"), shared(0)),
    (pair("s3://data/d", "s3://data/d/"), shared(0)),
    # Manifests are no prefixes, and buckets are whole.
    (pair("s3://data/d", "s3://data/d-val", "ManifestFile"), set()),
    (pair("s3://data", "s3://data-val/x/"), one("s3-input-without-key", 0, *S3_URI, level="warning")),
    ([*pair("s3://data/d", "")[:1], *pair("", "s3://data/d", "ManifestFile")[1:]], set()),
    (pair("s3://data", "s3://aata/x/"), one("s3-input-without-key", 0, *S3_URI, level="warning")),
    (pair("s3://data", "s3://data/x/"),
     shared(0) | one("s3-input-without-key", 0, *S3_URI, level="warning")),
    ([*pair("s3://data/d", "", "ManifestFile")[:1], *pair("", "s3://data/d")[1:]], set()),
    # As texts that were read are: equal, and not one object.
    (pair("s3://data/train/", "".join(("s3://data/", "train/")), names=("b", "a")), shared(1)),
    ([*pair("s3://data/train/", "")[:1], *pair("", "s3://data/train/", "".join(("S3", "Prefix")))[1:]],
     shared(1)),
    ([*pair("s3://data/m", "", "ManifestFile", names=("m", ""))[:1], *pair("s3://data/x/", "s3://data/x/")],
     shared(2)),
    (pair(UNKNOWN, "s3://data/d/"), set()),
    (pair("s3://data/d/", "s3://data/d/", names=("a", UNKNOWN)), set()),
    # Two channels of one name are another fault.
    (pair("s3://data/d/", "s3://data/d/", names=("a", "a")),
     one("profile-channel-duplicate", 1, "ChannelName")),
    ([*pair("s3://data/d/", "s3://data/d/"), *pair("s3://data/d/", "s3://data/x/", names=("c", "d"))],
     shared(1) | shared(2)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), SHARED, ids=repr)
def test_channels_that_share_data(given: list[Any], expected: Reported) -> None:
    assert reported(given, "InputDataConfig") == expected


def test_the_same_data_is_called_so() -> None:
    twice = pair("s3://data/train/", "".join(("s3://data/", "train/")), names=("a", "b"))
    assert only(twice, "InputDataConfig").message == "channels 'a' and 'b' read the same data"
    one_name = pair("s3://data/train/", "s3://data/train/", names=("train", "".join(("tra", "in"))))
    assert reported(one_name, "InputDataConfig") == one("profile-channel-duplicate", 1, "ChannelName")


def test_the_narrower_of_two_prefixes_is_shown() -> None:
    (there,) = only(pair("s3://data/d", "s3://data/d-val/"), "InputDataConfig").related
    assert there.path == (1, *S3_URI)


def test_a_slash_keeps_two_prefixes_apart_where_it_can() -> None:
    fix = only(pair("s3://data/d", "s3://data/d-val/"), "InputDataConfig").fix
    assert isinstance(fix, Replace)
    assert (fix.value, fix.safe) == ("s3://data/d/", False)
    assert only(pair("s3://data/d", "s3://data/d/val/"), "InputDataConfig").fix is None
    assert only(pair("s3://data/d/", "s3://data/d/"), "InputDataConfig").fix is None


SHARDED = {"S3DataDistributionType": "ShardedByS3Key"}
SHARDING = (
    "sharding-without-effect",
    ("InputDataConfig", 0, "DataSource", "S3DataSource", "S3DataDistributionType"),
)
ONE = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
TWO = {**ONE, "InstanceCount": 2}

SHARDINGS: list[tuple[Any, Any, str | None]] = [
    (s3("s3://data/d/", **SHARDED), TWO, None),
    (s3("s3://data/d/", **SHARDED), ONE, "info"),
    (s3("s3://data/d/t.csv", **SHARDED), TWO, "warning"),
    (s3("s3://data/d/t.csv", **SHARDED), ONE, "info"),
    (s3("s3://data/d/t.csv"), TWO, None),
    (s3("s3://data/d/t.csv", S3DataDistributionType="FullyReplicated"), TWO, None),
    # A manifest is one object and names many.
    (s3("s3://data/t.manifest", "ManifestFile", **SHARDED), TWO, None),
    (s3(UNKNOWN, **SHARDED), ONE, "info"),
    (s3(UNKNOWN, **SHARDED), TWO, None),
    (s3("s3://data/d/", **SHARDED), {**ONE, "InstanceCount": UNKNOWN}, None),
    (s3("s3://data/d/t.csv", **SHARDED), {**ONE, "InstanceCount": UNKNOWN}, None),
    (s3("s3://data/d/", **SHARDED), OpenDict(ONE), None),
    (s3("s3://data/d/t.csv", **SHARDED), OpenDict(TWO), "warning"),
    # Data for some of the groups is divided among those.
    (s3("s3://data/d/t.csv", InstanceGroupNames=["g"], **SHARDED), TWO, None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "resources", "level"), SHARDINGS, ids=repr)
def test_sharding_needs_objects_and_instances(source: Any, resources: Any, level: str | None) -> None:
    job = {**channels({"DataSource": source}), "ResourceConfig": resources}
    expected = set() if level is None else {(*SHARDING, level)}
    assert {f for f in reported(job) if f[0] == SHARDING[0]} == expected


# ---------------------------------------------------------------- file systems

VPC = one("filesystem-needs-vpc", "InputDataConfig", level="warning")


def filesystem(*path: str, level: str = "error") -> Reported:
    return one("filesystem-needs-file-mode", "InputDataConfig", 0, *path, level=level)


FILE_SYSTEMS: list[tuple[Any, Any, Reported]] = [
    ("File", {}, VPC),
    ("Pipe", {}, VPC | filesystem("DataSource", "FileSystemDataSource")),
    ("FastFile", {}, VPC | filesystem("DataSource", "FileSystemDataSource")),
    (UNKNOWN, {}, VPC),
    ("File", {"CompressionType": "None", "RecordWrapperType": "None"}, VPC),
    ("File", {"ShuffleConfig": {"Seed": 1}}, VPC | filesystem("ShuffleConfig", level="warning")),
    # In File mode the options of Pipe mode are said once, by their own rules.
    ("File", {"CompressionType": "Gzip"},
     VPC | one("gzip-outside-pipe", "InputDataConfig", 0, "CompressionType")),
    ("File", {"RecordWrapperType": "RecordIO"},
     VPC | one("recordwrapper-outside-pipe", "InputDataConfig", 0, "RecordWrapperType")),
    (UNKNOWN, {"CompressionType": "Gzip"}, VPC | filesystem("CompressionType", level="warning")),
    (UNKNOWN, {"RecordWrapperType": "RecordIO"}, VPC | filesystem("RecordWrapperType", level="warning")),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "channel", "expected"), FILE_SYSTEMS, ids=repr)
def test_file_systems(mode: Any, channel: Any, expected: Reported) -> None:
    job = {"TrainingInputMode": mode, **channels({"DataSource": EFS, **channel})}
    assert {f for f in reported(job) if f[0] != "profile-field-not-persisted"} == expected


def test_a_directory_is_a_full_path() -> None:
    source = {"FileSystemDataSource": {"DirectoryPath": "sales/train"}}
    path = ("InputDataConfig", 0, "DataSource", "FileSystemDataSource", "DirectoryPath")
    job = {"TrainingInputMode": "File", **channels({"DataSource": source}, {"DataSource": EFS})}
    assert reported(job) == VPC | one("filesystem-needs-vpc", *path, level="warning")


# ---------------------------------------------------------------- output

OUTPUT: Path = ("TrainingJobDefinition", "OutputDataConfig", "S3OutputPath")
OVERLAPS: list[tuple[str, str, str | None]] = [
    ("s3://data/in/", "s3://data/out/", None),
    ("s3://data/in/", "s3://data/in/", "warning"),
    ("s3://data/in/", "s3://data/in", "warning"),
    ("s3://data/in/", "s3://data/in/out", "warning"),
    ("s3://data/in", "s3://data/input-models/", "warning"),
    ("s3://data/in/", "s3://data/inner/", None),
    # Above: the output goes to folders of its own.
    ("s3://data/in/", "s3://data", "info"),
    ("s3://data/in/", "s3://data/", "info"),
    ("s3://data/in/t.csv", "s3://data/in/", "info"),
    ("s3://data-in/x/", "s3://data", None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "output", "level"), OVERLAPS, ids=repr)
def test_output_beside_input(source: str, output: str, level: str | None) -> None:
    rule = "output-overlaps-input"
    training = {**channels({"DataSource": s3(source)}), "OutputDataConfig": {"S3OutputPath": output}}
    profile = {"TrainingJobDefinition": training}
    found = {f for f in reported(profile, "AlgorithmValidationProfile") if f[0] == rule}
    assert found == (set() if level is None else {(rule, OUTPUT, level)})
    # The transform job's output, and its input, count as well.
    transform = {"TransformInput": {"DataSource": s3(source)}, "TransformOutput": {"S3OutputPath": output}}
    profile = {"TransformJobDefinition": transform}
    found = {f for f in reported(profile, "AlgorithmValidationProfile") if f[0] == rule}
    path = ("TransformJobDefinition", "TransformOutput", "S3OutputPath")
    assert found == (set() if level is None else {(rule, path, level)})


def test_only_prefixes_take_in_what_lies_below() -> None:
    manifest = s3("s3://data/in/", "ManifestFile")
    training = {**channels({"DataSource": manifest}), "OutputDataConfig": {"S3OutputPath": "s3://data/in/"}}
    transform = {
        "TransformInput": {"DataSource": manifest},
        "TransformOutput": {"S3OutputPath": "s3://data/in/"},
    }
    for profile in ({"TrainingJobDefinition": training}, {"TransformJobDefinition": transform}):
        names = {name for name, _, _ in reported(profile, "AlgorithmValidationProfile")}
        assert "output-overlaps-input" not in names


def test_a_transform_job_needs_an_archive() -> None:
    rule = "uncompressed-output-with-transform"

    def levels(kind: Any, **profile: Any) -> list[str]:
        training = {"OutputDataConfig": {"CompressionType": kind}}
        spec = {"TrainingJobDefinition": training, **profile}
        return [level for name, _, level in reported(spec, "AlgorithmValidationProfile") if name == rule]

    assert levels("NONE", TransformJobDefinition={}) == ["warning"]
    assert levels("NONE", TransformJobDefinition=UNKNOWN) == ["warning"]
    assert levels("GZIP", TransformJobDefinition={}) == []
    assert levels(UNKNOWN, TransformJobDefinition={}) == []
    assert levels("NONE") == []


# ---------------------------------------------------------------- instances

UNSUPPORTED = "profile-training-instance-unsupported"
C5 = ["ml.c5.xlarge", "ml.c5.2xlarge"]


def groups(*kinds: Any) -> list[dict[str, Any]]:
    return [
        {"InstanceGroupName": f"g{i}", "InstanceType": kind, "InstanceCount": 1}
        for i, kind in enumerate(kinds)
    ]


# The owner asked for this one by name.
INSTANCES: list[tuple[Any, Any, list[Path]]] = [
    (C5, {"InstanceType": "ml.c5.xlarge"}, []),
    (C5, {"InstanceType": "ml.m5.large"}, [("InstanceType",)]),
    (C5, {"InstanceGroups": groups("ml.c5.xlarge", "ml.m5.large", "ml.g5.xlarge")},
     [("InstanceGroups", 1, "InstanceType"), ("InstanceGroups", 2, "InstanceType")]),
    (C5, {"InstanceGroups": [UNKNOWN, *groups("ml.m5.large")]}, [("InstanceGroups", 1, "InstanceType")]),
    (C5, {"InstancePreferences": [{"InstanceType": "ml.c5.xlarge"}, {"InstanceType": "ml.c6i.xlarge"}]},
     [("InstancePreferences", 1, "InstanceType")]),
    (C5, OpenDict({"InstanceType": "ml.m5.large"}), [("InstanceType",)]),
    # Not certain.
    (C5, {"InstanceType": UNKNOWN}, []),
    (C5, {}, []),
    (UNKNOWN, {"InstanceType": "ml.m5.large"}, []),
    ([*C5, UNKNOWN], {"InstanceType": "ml.m5.large"}, []),
    (OpenList(C5), {"InstanceType": "ml.m5.large"}, []),
    # An empty list makes no claim, and a typo is one error.
    ([], {"InstanceType": "ml.m5.large"}, []),
    (C5, {"InstanceType": "ml.c5.3xlarge"}, []),
    (["ml.m5.3xlarge"], {"InstanceType": "ml.m5.large"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("supported", "resources", "blamed"), INSTANCES, ids=repr)
def test_a_profile_trains_on_a_supported_type(supported: Any, resources: Any, blamed: list[Path]) -> None:
    spec = request({"SupportedTrainingInstanceTypes": supported}, {"ResourceConfig": resources})
    found = {f for f in reported(spec, REQUEST) if f[0] == UNSUPPORTED}
    assert found == {(UNSUPPORTED, (*AT, "ResourceConfig", *path), "error") for path in blamed}


def test_an_unsupported_type_is_shown_with_the_list() -> None:
    resources = {"InstanceType": "ml.m5.large"}
    spec = request({"SupportedTrainingInstanceTypes": C5}, {"ResourceConfig": resources})
    problem = only(spec, REQUEST)
    assert problem.message == (
        "InstanceType 'ml.m5.large' is not in SupportedTrainingInstanceTypes: 'ml.c5.xlarge', 'ml.c5.2xlarge'"
    )
    assert [r.path for r in problem.related] == [("TrainingSpecification", "SupportedTrainingInstanceTypes")]


def test_the_nearest_of_many_types_is_named() -> None:
    many = [
        "ml.m5.large",
        *(f"ml.c5.{size}" for size in ("xlarge", "2xlarge", "4xlarge", "9xlarge", "18xlarge")),
    ]
    job = {"ResourceConfig": {"InstanceType": "ml.m5.xlarge"}}

    def message(supported: list[str]) -> str:
        return only(request({"SupportedTrainingInstanceTypes": supported}, job), REQUEST).message

    assert "did you mean" not in message(many)
    assert message([*many, "ml.g5.xlarge"]).endswith("; did you mean 'ml.m5.large'?")


def test_instance_types_of_an_older_revision() -> None:
    linter = Linter(model_of("1.29.150"), RULES)
    spec = request(
        {"SupportedTrainingInstanceTypes": ["ml.c6i.xlarge"]},
        {"ResourceConfig": {"InstanceType": "ml.m5.large"}},
    )
    names = {rule.name for rule, _ in problems(linter, completed(spec, REQUEST, linter.model), REQUEST)}
    assert "newer-than-target" in names
    assert UNSUPPORTED not in names, "the list is not known as that revision knows it"


DISTRIBUTED = "distributed-not-supported"
COUNT: Path = ("InstanceCount",)
GROUPS: Path = ("InstanceGroups",)
COUNTS: list[tuple[Any, Any, tuple[Path, str] | None]] = [
    ({"SupportsDistributedTraining": False}, {"InstanceCount": 1}, None),
    ({"SupportsDistributedTraining": False}, {"InstanceCount": 2}, (COUNT, "error")),
    ({"SupportsDistributedTraining": True}, {"InstanceCount": 2}, None),
    ({"SupportsDistributedTraining": True}, {"InstanceCount": 1}, (COUNT, "info")),
    ({"SupportsDistributedTraining": UNKNOWN}, {"InstanceCount": 2}, None),
    ({}, {"InstanceCount": 2}, (COUNT, "warning")),
    ({}, {"InstanceCount": 1}, None),
    (OpenDict(), {"InstanceCount": 2}, None),
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": groups(UNKNOWN, UNKNOWN)}, (GROUPS, "error")),
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": groups(UNKNOWN)}, None),
    # What is seen is a lower bound.
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": [*groups(1, 1), UNKNOWN]}, (GROUPS, "error")),
    ({"SupportsDistributedTraining": False}, {"InstanceGroups": [*groups(1), UNKNOWN]}, None),
    ({"SupportsDistributedTraining": True}, {"InstanceGroups": [*groups(UNKNOWN), UNKNOWN]}, None),
    ({"SupportsDistributedTraining": True}, OpenDict({"InstanceCount": 1}), None),
    ({"SupportsDistributedTraining": False}, {"InstanceCount": UNKNOWN}, None),
    ({"SupportsDistributedTraining": False},
     {"InstancePreferences": [{"InstanceCount": 1}, {"InstanceCount": 4}]},
     (("InstancePreferences",), "error")),
]  # fmt: skip


@pytest.mark.parametrize(("training", "resources", "expected"), COUNTS, ids=repr)
def test_distributed_training_has_to_be_supported(
    training: Any, resources: Any, expected: tuple[Path, str] | None
) -> None:
    found = {
        f for f in reported(request(training, {"ResourceConfig": resources}), REQUEST) if f[0] == DISTRIBUTED
    }
    if expected is None:
        assert found == set()
    else:
        path, level = expected
        assert found == {(DISTRIBUTED, (*AT, "ResourceConfig", *path), level)}


def test_one_instance_is_offered_where_it_is_one_number() -> None:
    training = {"SupportsDistributedTraining": False}
    problem = only(request(training, {"ResourceConfig": {"InstanceCount": 3}}), REQUEST)
    assert problem.message == (
        "the profile trains on 3 instances, and the algorithm does not support distributed training"
    )
    assert isinstance(problem.fix, Replace)
    assert (problem.fix.value, problem.fix.safe) == (1, False)
    at = ("TrainingSpecification", "SupportsDistributedTraining")
    assert [(r.path, r.is_key) for r in problem.related] == [(at, False)]
    unsaid = only(request({}, {"ResourceConfig": {"InstanceCount": 3}}), REQUEST)
    assert [(r.path, r.is_key) for r in unsaid.related] == [(at[:1], True)]
    several = groups("ml.m5.xlarge", "ml.m5.xlarge")
    assert only(request(training, {"ResourceConfig": {"InstanceGroups": several}}), REQUEST).fix is None


# ---------------------------------------------------------------- what the service forgets


def test_fields_that_the_service_forgets() -> None:
    job = {
        **channels({"ShuffleConfig": {"Seed": 1}}, {}, {"ShuffleConfig": UNKNOWN}),
        "OutputDataConfig": {"CompressionType": "GZIP"},
        "ResourceConfig": {"KeepAlivePeriodInSeconds": 0},
        "StoppingCondition": {"MaxPendingTimeInSeconds": 7200, "MaxWaitTimeInSeconds": 90_000},
    }
    paths = {
        path
        for name, path, level in reported(job)
        if name == "profile-field-not-persisted" and level == "info"
    }
    assert paths == {
        ("InputDataConfig", 0, "ShuffleConfig"),
        ("InputDataConfig", 2, "ShuffleConfig"),
        ("OutputDataConfig", "CompressionType"),
        ("ResourceConfig", "KeepAlivePeriodInSeconds"),
        ("StoppingCondition", "MaxPendingTimeInSeconds"),
        ("StoppingCondition", "MaxWaitTimeInSeconds"),
    }


# ---------------------------------------------------------------- the derived facts


def test_the_effective_input_mode() -> None:
    """The channel's own, or else the job's; undecided where the one that counts is hidden."""
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
    # An empty list is absent; one that may hold more is not.
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


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c")])
def test_a_hyperparameter_of_unknown_type_ends_no_look_at_the_others(names: tuple[str, ...]) -> None:
    types: dict[str, Any] = {"a": UNKNOWN, "b": "Integer", "c": "Continuous"}
    spec = {
        "TrainingSpecification": {
            "SupportedHyperParameters": [{"Name": name, "Type": types[name]} for name in names]
        },
        "ValidationSpecification": {
            "ValidationProfiles": [
                {"TrainingJobDefinition": {"HyperParameters": dict.fromkeys(names, "many")}}
            ]
        },
    }
    reported = reported_by(
        [rule for rule in RULES if rule.name == "profile-hp-value-invalid"], spec, REQUEST, model_of()
    )
    assert {path[-1] for _, path in reported} == {"b", "c"}
