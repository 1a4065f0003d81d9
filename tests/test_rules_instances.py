"""Instance type lists and choices: repetitions, empty lists, age, hardware and regions."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import found, message, opened, reported

from algolint.rule import Remove
from algolint.values import UNKNOWN, OpenDict, OpenList

TRAIN, TRANSFORM, SERVE = (
    "SupportedTrainingInstanceTypes",
    "SupportedTransformInstanceTypes",
    "SupportedRealtimeInferenceInstanceTypes",
)
LISTS = ["TrainingInstanceTypes", "TransformInstanceTypes", "RealtimeInferenceInstanceTypes"]


@pytest.mark.parametrize("shape", LISTS)
@pytest.mark.parametrize(
    ("types", "duplicates"),
    [
        (["ml.m5.xlarge", "ml.c5.xlarge"], []),
        (["ml.m5.xlarge", "ml.m5.xlarge"], [1]),
        (["ml.m5.xlarge", "ml.c5.xlarge", "ml.m5.xlarge", "ml.m5.xlarge"], [2, 3]),
        ([UNKNOWN, UNKNOWN], []),
        (OpenList(["ml.m5.xlarge", "ml.m5.xlarge"]), [1]),
    ],
    ids=repr,
)
def test_duplicates(shape: str, types: Any, duplicates: list[int]) -> None:
    assert reported(types, shape) == {
        ("instance-list-duplicates", (index,), "warning") for index in duplicates
    }


def test_a_duplicate_is_related_to_the_first_and_deleted() -> None:
    ((_, problem),) = found(["ml.c5.xlarge", "ml.m5.xlarge", "ml.m5.xlarge"], LISTS[0])
    assert [related.path for related in problem.related] == [(1,)]
    assert isinstance(problem.fix, Remove)
    assert (problem.fix.path, problem.fix.safe) == ((2,), True)


@pytest.mark.parametrize(
    ("shape", "name", "types", "expected"),
    [
        ("TrainingSpecification", TRAIN, [], {("instance-list-empty", (TRAIN,), "error")}),
        ("TrainingSpecification", TRAIN, OpenList(), set()),
        ("TrainingSpecification", TRAIN, UNKNOWN, set()),
        ("InferenceSpecification", SERVE, [], {("instance-list-empty", (SERVE,), "warning")}),
        ("InferenceSpecification", SERVE, OpenList(), set()),
        # The shape of this list has a minimum of its own, so there is a structural rule for it.
        ("InferenceSpecification", TRANSFORM, [], {("item-count", (TRANSFORM,), "error")}),
    ],
    ids=repr,
)
def test_empty_lists(shape: str, name: str, types: Any, expected: set[Any]) -> None:
    assert reported(OpenDict({name: types}), shape) == expected


# ---------------------------------------------------------------- age


@pytest.mark.parametrize(
    ("types", "severities"),
    [
        (["ml.p3.2xlarge"], {"warning"}),
        (["ml.p2.xlarge", "ml.p3.8xlarge", "ml.p3.16xlarge"], {"warning"}),
        (["ml.m4.xlarge", "ml.c4.xlarge"], {"info"}),
        (["ml.m4.xlarge", "ml.p2.xlarge"], {"warning", "info"}),
        # p3dn is another family, and an older generation is not reported.
        (["ml.p3dn.24xlarge", "ml.m5.xlarge", "ml.g5.xlarge"], set()),
        ([UNKNOWN, "ml.p2.xlarge"], {"warning"}),
    ],
    ids=repr,
)
def test_a_list_gets_one_finding_for_its_old_families(types: Any, severities: set[str]) -> None:
    expected = {("instance-retired-family", (), severity) for severity in severities}
    assert reported(types, "TrainingInstanceTypes") == expected


@pytest.mark.parametrize(
    ("shape", "spec"),
    [
        ("TransformResources", {"InstanceType": "ml.p2.xlarge"}),
        ("ResourceConfig", OpenDict({"InstanceType": "ml.p2.xlarge"})),
        ("InstanceGroup", {"InstanceType": "ml.p2.xlarge"}),
        ("InstancePreference", {"InstanceType": "ml.p2.xlarge"}),
    ],
)
def test_a_chosen_type_of_an_old_family(shape: str, spec: Any) -> None:
    assert reported(spec, shape) == {("instance-retired-family", ("InstanceType",), "warning")}


# ---------------------------------------------------------------- hardware

MIX = "instance-hardware-mix"


@pytest.mark.parametrize(
    ("name", "types", "severity"),
    [
        (SERVE, ["ml.m5.large", "ml.c7g.large"], "info"),
        (SERVE, ["ml.c7g.large", "ml.m6g.large"], None),
        (SERVE, ["ml.m5.large", "ml.c5.large"], None),
        (SERVE, ["ml.inf2.xlarge", "ml.m5.large"], "warning"),
        (SERVE, ["ml.inf1.xlarge", "ml.inf2.xlarge"], None),
        (TRANSFORM, ["ml.inf2.xlarge", "ml.g5.xlarge"], "warning"),
        (SERVE, ["ml.c7g.large", UNKNOWN], None),
        (SERVE, OpenList(["ml.m5.large", "ml.c7g.large"]), "info"),
        (SERVE, ["ml.c7g.large"], None),
    ],
    ids=repr,
)
def test_hardware_in_one_list(name: str, types: Any, severity: str | None) -> None:
    expected = {(MIX, (name,), severity)} if severity else set()
    assert reported(OpenDict({name: types}), "InferenceSpecification") == expected


def test_every_list_is_checked() -> None:
    spec = OpenDict({TRANSFORM: ["ml.m5.large"], SERVE: ["ml.m5.large", "ml.c7g.large"]})
    assert (MIX, (SERVE,), "info") in reported(spec, "InferenceSpecification")


def test_only_endpoints_offer_graviton() -> None:
    """Elsewhere such a type does not exist, which is the only finding."""
    spec = OpenDict({TRANSFORM: ["ml.m5.large", "ml.c7g.large"]})
    assert {(path, level) for _, path, level in reported(spec, "InferenceSpecification")} == {
        ((TRANSFORM, 1), "error")
    }


def test_neuron_among_the_training_types() -> None:
    types = ["ml.trn1.2xlarge", "ml.g5.2xlarge"]
    assert reported(OpenDict({TRAIN: types}), "TrainingSpecification") == {(MIX, (TRAIN,), "warning")}


def test_nothing_is_claimed_of_an_unknown_family() -> None:
    """Neither the processor nor the accelerator of a family that is not in the table."""
    for unknown in ("ml.z9.large", "ml.dl1.24xlarge", "ml.p6e-gb200.36xlarge"):
        spec = OpenDict({SERVE: ["ml.c7g.large", unknown]})
        assert MIX not in {rule for rule, *_ in reported(spec, "InferenceSpecification")}
    spec = OpenDict({SERVE: ["ml.inf2.xlarge", "ml.z9.large"]})
    assert MIX not in {rule for rule, *_ in reported(spec, "InferenceSpecification")}


@pytest.mark.parametrize(
    "container",
    [
        {"Image": "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster@sha256:" + "1f" * 32},
        {"Image": "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2"},
        {"ImageDigest": "sha256:" + "1f" * 32},
    ],
)
def test_an_image_may_be_the_index_of_both_architectures(container: dict[str, Any]) -> None:
    """A tag as well as a digest: the mix is an info."""
    spec = {SERVE: ["ml.m5.large", "ml.c7g.large"], "Containers": [container]}
    assert (MIX, (SERVE,), "info") in reported(opened(spec), "InferenceSpecification")


def test_the_message_on_a_mix_names_both_kinds() -> None:
    spec = OpenDict({SERVE: ["ml.m5.large", "ml.c7g.large"]})
    assert message(spec, "InferenceSpecification", MIX) == (
        "arm64 types ('ml.c7g.large') and x86_64 types ('ml.m5.large') share an image,"
        " which must be built for both"
    )


def test_the_message_on_a_mix_names_three_of_many() -> None:
    intel = [f"ml.m5.{size}" for size in ("large", "xlarge", "2xlarge", "4xlarge")]
    arm = [name.replace("m5", "c7g") for name in intel]
    neuron = [f"ml.inf2.{size}" for size in ("xlarge", "8xlarge", "24xlarge", "48xlarge")]
    of_arm = message(OpenDict({SERVE: intel + arm}), "InferenceSpecification", MIX)
    assert "('ml.c7g.large', 'ml.c7g.xlarge', 'ml.c7g.2xlarge' and 1 more)" in of_arm
    assert "('ml.m5.large', 'ml.m5.xlarge', 'ml.m5.2xlarge' and 1 more)" in of_arm
    of_neuron = message(OpenDict({SERVE: intel + neuron}), "InferenceSpecification", MIX)
    assert "('ml.inf2.xlarge', 'ml.inf2.8xlarge', 'ml.inf2.24xlarge' and 1 more)" in of_neuron
    assert "('ml.m5.large', 'ml.m5.xlarge', 'ml.m5.2xlarge' and 1 more)" in of_neuron


# ---------------------------------------------------------------- regions

TYPES = ["ml.p4d.24xlarge", "ml.p4de.24xlarge"]


NOTED = "1.38.37"


@pytest.mark.parametrize(
    ("region", "is_reported"),
    [("us-east-1", False), ("us-west-2", False), ("eu-west-1", True), (None, False)],
)
def test_a_type_that_is_documented_for_few_regions(region: str | None, is_reported: bool) -> None:
    here = ("instance-region", (1,), "warning")
    assert reported(TYPES, "TrainingInstanceTypes", NOTED, region) == ({here} if is_reported else set())
    chosen = ("instance-region", ("InstanceType",), "warning")
    names = reported(OpenDict({"InstanceType": TYPES[1]}), "ResourceConfig", NOTED, region)
    assert (chosen in names) is is_reported


@pytest.mark.parametrize(
    ("revision", "is_reported"),
    [
        ("1.34.1", False),
        ("1.34.2", True),
        ("1.38.37", True),
        ("1.40.5", True),
        ("1.40.6", False),
        ("latest", False),
    ],
)
def test_regions_are_documented_at_some_revisions(revision: str, is_reported: bool) -> None:
    """The type is in the training enum since 1.34.2, and the note is gone since 1.40.6."""
    names = {rule for rule, *_ in reported(TYPES, "TrainingInstanceTypes", revision, "eu-west-1")}
    assert ("instance-region" in names) is is_reported


def test_the_regions_of_training_types_are_not_those_of_endpoints() -> None:
    assert reported(TYPES, "RealtimeInferenceInstanceTypes", NOTED, "eu-west-1") == set()


@pytest.mark.parametrize(("where", "is_reported"), [("us-west-2", False), ("eu-west-1", True)])
def test_the_region_is_that_of_the_image(where: str, is_reported: bool) -> None:
    image = f"246618743249.dkr.ecr.{where}.amazonaws.com/forecaster:1.4.2"
    spec = OpenDict({"TrainingImage": image, TRAIN: TYPES})
    names = {rule for rule, *_ in reported(spec, "TrainingSpecification", NOTED)}
    assert ("instance-region" in names) is is_reported
    # The region of the command line wins over the image's.
    names = {rule for rule, *_ in reported(spec, "TrainingSpecification", NOTED, "us-east-1")}
    assert "instance-region" not in names
