"""Input modes of channels, and what works in one of them only."""

from __future__ import annotations

from typing import Any

import pytest
from profile_cases import (
    AT,
    EFS,
    HOLDOUT,
    JOB,
    S3_URI,
    TRAIN,
    URI,
    A,
    B,
    channels,
    fed,
    found,
    in_job,
    one,
    only,
    reported,
    request,
    s3,
)
from rule_cases import REQUEST, Reported

from algolint.rule import Insert, Problem, Remove, Replace
from algolint.values import UNKNOWN, OpenDict, OpenList


def test_gzip_in_file_mode_is_one_fault() -> None:
    """The error of the service replaces the one about the declaration."""
    spec = fed([{**TRAIN, "SupportedCompressionTypes": ["None"]}], [{**A, "CompressionType": "Gzip"}])
    spec["ValidationSpecification"]["ValidationProfiles"][0][JOB]["TrainingInputMode"] = "File"
    assert reported(spec, REQUEST) == in_job("gzip-outside-pipe", "InputDataConfig", 0, "CompressionType")


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
        "TrainingInputMode 'Pipe' is not in the SupportedInputModes of channel 'train': 'File', 'FastFile'"
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

    assert offered("File", ["Pipe"])[1] == "Pipe"
    assert offered("FastFile", ["File"])[1] is None
    assert offered("File", ["FastFile", "Pipe"])[1] is None
    assert offered(None, ["File", "FastFile"])[1] is None
    message, value = offered(None, ["File"], ["File"])
    assert "SupportedInputModes of channels 'c0', 'c1': 'File'" in message
    assert value == "File"


def test_fastfile_suits_a_channel_that_supports_file() -> None:
    """By the guide algorithms that read files work with FastFile unchanged."""
    general = in_job("profile-input-mode-unsupported", "TrainingInputMode", level="info")
    own = in_job("profile-input-mode-unsupported", "InputDataConfig", 0, "InputMode", level="info")
    assert moded({"train": ["File", "Pipe"]}, "FastFile", A) == general
    assert moded({"train": ["File"]}, "File", {**A, "InputMode": "FastFile"}) == own
    pipe_only = in_job("profile-input-mode-unsupported", "TrainingInputMode")
    assert moded({"train": ["Pipe"]}, "FastFile", A) == pipe_only
    # Two channels, one of which cannot read files.
    assert moded({"train": ["File"], "holdout": ["Pipe"]}, "FastFile", A, B) == pipe_only | general


# Data and options that another mode does not suit, and the modes in which no rule reports them.
SUITED: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"File", "Pipe", "FastFile"}),
    ({"DataSource": s3(URI + "/", "AugmentedManifestFile", AttributeNames=["source-ref"])}, {"Pipe"}),
    ({"DataSource": s3(URI + ".manifest", "ManifestFile")}, {"File", "Pipe"}),
    ({"DataSource": s3(URI)}, {"File", "Pipe"}),
    ({"DataSource": s3(URI + "/")}, {"File", "Pipe", "FastFile"}),
    ({"DataSource": s3(URI + ".csv.gz")}, {"File", "FastFile"}),
    ({"DataSource": EFS}, {"File"}),
    ({"CompressionType": "Gzip"}, {"Pipe"}),
    ({"CompressionType": "Gzip", "DataSource": s3(URI + ".csv.gz")}, {"Pipe"}),
    ({"CompressionType": "Gzip", "DataSource": s3(URI + ".csv")}, set()),
    ({"RecordWrapperType": "RecordIO"}, {"Pipe"}),
    ({"ContentType": "application/x-sagemaker-model"}, {"File"}),
    ({"CompressionType": UNKNOWN, "DataSource": UNKNOWN}, {"File", "Pipe", "FastFile"}),
]


@pytest.mark.parametrize(("channel", "suited"), SUITED, ids=repr)
@pytest.mark.parametrize("mode", ["File", "Pipe", "FastFile"])
def test_a_mode_is_offered_where_it_suits_the_data(
    channel: dict[str, Any], suited: set[str], mode: str
) -> None:
    present = "Pipe" if mode != "Pipe" else "File"
    declared = [{"Name": "train", "SupportedInputModes": [mode]}]
    spec = request(
        {"TrainingChannels": declared}, {"TrainingInputMode": present, **channels({**A, **channel})}
    )
    found_here = [p for r, p in found(spec, REQUEST) if r.name == "profile-input-mode-unsupported"]
    assert [problem.fix is not None for problem in found_here] == [mode in suited]


def test_an_unknown_declaration_does_not_hide_the_others() -> None:
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


def test_an_input_mode_of_a_channel_is_reported_once() -> None:
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


# Every way in which the effective mode is determined.
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


def test_pipe_is_offered_where_the_algorithm_supports_it() -> None:
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
        "S3DataType 'AugmentedManifestFile' works in Pipe mode only, but the channel is read in File mode,"
        " and channel 'train' does not support Pipe; the job is rejected"
    )
    assert [r.path for r in without.related] == [(*AT, "TrainingInputMode")]
    assert [r.path for r in augmented(["File"], InputMode="File").related] == [
        (*AT, "InputDataConfig", 0, "InputMode")
    ]


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
        job = {"TrainingInputMode": general, **channels({"DataSource": s3(), field: value, **channel})}
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


@pytest.mark.parametrize(
    "source",
    [UNKNOWN, OpenDict(), EFS, OpenDict({"S3DataSource": UNKNOWN})],
    # pytest would ask an unknown value for its name.
    ids=["unknown", "open", "file system", "open with S3"],
)
def test_compressed_data_that_may_be_on_a_file_system(source: Any) -> None:
    """There it is a fault of the file system, except in File mode."""

    def levels(mode: str) -> list[str]:
        job = {"TrainingInputMode": mode, **channels({"CompressionType": "Gzip", "DataSource": source})}
        return [level for name, _, level in reported(job) if name == "gzip-outside-pipe"]

    assert levels("FastFile") == []
    assert levels("File") == ["error"]


def test_only_file_mode_is_known_to_be_rejected() -> None:
    def message(mode: str) -> str:
        job = {"TrainingInputMode": mode, **channels({"CompressionType": "Gzip", "DataSource": s3()})}
        return only(job, rule="gzip-outside-pipe").message

    assert message("File").endswith("; the job is rejected")
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


def test_at_most_three_channels_that_refuse_a_mode_are_related() -> None:
    job = {"TrainingInputMode": "Pipe", **channels(*({"ChannelName": f"c{i}"} for i in range(4)))}
    declared = [{"Name": f"c{i}", "SupportedInputModes": ["File"]} for i in range(4)]
    problem = only(request({"TrainingChannels": declared}, job), REQUEST, "profile-input-mode-unsupported")
    assert len(problem.related) == 3


def test_no_mode_leads_to_a_compression_that_is_not_supported() -> None:
    def fix(*types: str) -> Any:
        declared = {"Name": "train", "SupportedInputModes": ["Pipe"], "SupportedCompressionTypes": [*types]}
        job = {"TrainingInputMode": "FastFile", **channels({**A, "CompressionType": "Gzip"})}
        return only(
            request({"TrainingChannels": [declared]}, job), REQUEST, "profile-input-mode-unsupported"
        ).fix

    assert isinstance(fix("Gzip"), Replace)
    assert fix("None") is None


def test_gzip_is_dropped_where_the_channel_may_be_plain() -> None:
    def fix(**declared: Any) -> Any:
        job = {"TrainingInputMode": "File", **channels({**A, "CompressionType": "Gzip"})}
        spec = request({"TrainingChannels": [{"Name": "train", **declared}]}, job)
        return only(spec, REQUEST, "gzip-outside-pipe").fix

    assert fix() is not None
    assert fix(SupportedCompressionTypes=[]) is not None
    assert fix(SupportedCompressionTypes=["None", "Gzip"]) is not None
    assert fix(SupportedCompressionTypes=["Gzip", UNKNOWN]) is not None
    assert fix(SupportedCompressionTypes=["Gzip"]) is None, "that would be another finding"


@pytest.mark.parametrize(
    ("rule", "channel"),
    [
        ("filesystem-needs-file-mode", {"DataSource": EFS}),
        ("fastfile-needs-s3prefix", {"DataSource": s3(URI + ".manifest", "ManifestFile")}),
        ("incremental-model-channel-mode", {"ContentType": "application/x-sagemaker-model"}),
    ],
)
def test_file_mode_is_offered_where_the_algorithm_supports_it(rule: str, channel: dict[str, Any]) -> None:
    def fix(modes: Any) -> Any:
        job = {"TrainingInputMode": "FastFile", **channels({**A, **channel})}
        spec = request({"TrainingChannels": [{"Name": "train", "SupportedInputModes": modes}]}, job)
        return only(spec, REQUEST, rule).fix

    offered = fix(["File", "FastFile"])
    assert isinstance(offered, Insert)
    assert (offered.key, offered.value, offered.safe) == ("InputMode", "File", False)
    assert fix(["FastFile"]) is None
    assert fix(UNKNOWN) is None


def test_the_wrapper_of_an_augmented_manifest_stays() -> None:
    source = s3(URI + ".manifest", "AugmentedManifestFile", AttributeNames=["source-ref", "species"])
    wrapped = {"RecordWrapperType": "RecordIO"}
    job = {"TrainingInputMode": "File", **channels({**wrapped, "DataSource": source}, wrapped)}
    fixes = {p.path[1]: p.fix for r, p in found(job) if r.name == "recordwrapper-outside-pipe"}
    assert fixes[0] is None
    assert isinstance(fixes[1], Replace)
