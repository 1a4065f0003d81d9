"""Container images: registry, form, digests, tags, and whether they belong together."""

from __future__ import annotations

from typing import Any

import pytest

from algolint.linting.linter import Linter
from algolint.rule import Problem, Replace
from algolint.rule_files import first_party_rules
from algolint.testing import completed, model_of, problems
from algolint.values import UNKNOWN, OpenDict, PartialText

RULES = first_party_rules()
ACCOUNT = "246618743249"
HOST = f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com"
ONE = "sha256:" + "6c3c624b58dbbcd3c0dd82b4c53f0419" * 2
TWO = "sha256:" + "b5bb9d8014a0f9b1d61e21e796d78dcc" * 2
ROLE = f"arn:aws:iam::{ACCOUNT}:role/AlgorithmValidation"


def found(spec: Any, shape: str, region: str | None = None) -> list[tuple[Any, Problem]]:
    """The problems of a part of a spec; what it does not show is unknown, optional or not."""
    linter = Linter(model_of(), RULES, region=region)
    return problems(linter, opened(completed(spec, shape, linter.model)), shape)


def opened(value: Any) -> Any:
    """The same with the upper objects open, so that no rule reports what is absent there."""
    if isinstance(value, dict):
        low = {"Image", "TrainingImage", "KmsKeyId"} & value.keys()
        return (dict if low else OpenDict)({key: opened(item) for key, item in value.items()})
    return [opened(item) for item in value] if isinstance(value, list) else value


def reported(spec: Any, shape: str, region: str | None = None) -> set[tuple[Any, ...]]:
    return {
        (rule.name, problem.path, problem.severity or rule.severity)
        for rule, problem in found(spec, shape, region)
    }


def of_image(text: Any) -> set[tuple[str, str]]:
    """Rule and severity of each problem of an image."""
    assert {path for _, path, _ in reported({"Image": text}, "ModelPackageContainerDefinition")} <= {
        ("Image",)
    }
    return {(name, level) for name, _, level in reported({"TrainingImage": text}, "TrainingSpecification")}


# ---------------------------------------------------------------- AWS's own images

AWS_IMAGE = "{}.dkr.ecr.{}.amazonaws.com/{}:1"


@pytest.mark.parametrize(
    ("account", "region", "repository", "is_reported"),
    [
        ("683313688378", "us-east-1", "sagemaker-xgboost", False),
        ("683313688378", "eu-west-1", "sagemaker-xgboost", True),
        ("763104351884", "eu-west-1", "pytorch-training", False),
        ("763104351884", "me-south-1", "pytorch-training", True),
        # A region that the table may be too old for, and images of others.
        ("683313688378", "us-east-9", "sagemaker-xgboost", False),
        ("683313688378", "eu-west-1", "forecaster", False),
        (ACCOUNT[::-1], "eu-west-1", "sagemaker-xgboost", False),
    ],
)
def test_an_image_of_aws_is_in_the_regions_of_its_account(
    account: str, region: str, repository: str, is_reported: bool
) -> None:
    rules = {name for name, _ in of_image(AWS_IMAGE.format(account, region, repository))}
    assert ("image-registry-not-in-region" in rules) == is_reported


def test_capitals_in_an_image_that_is_known_in_part_are_named() -> None:
    image_ = PartialText((f"{HOST}/", "/Forecaster:1"))
    problem = only({"Image": image_}, "ModelPackageContainerDefinition", "image-malformed-reference")
    assert problem.message.endswith("has upper-case letters in the repository; only lower case is allowed")


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("us-east-9", "; did you mean 'us-east-1'?"),
        ("eu-wset-1", "; did you mean 'eu-west-1'?"),
        ("useast1", "; did you mean 'us-east-1'?"),
        ("xx-moon-1", ""),
        ("us-gov-west-1", None),
        ("eusc-de-east-1", None),
    ],
)
def test_a_region_that_does_not_exist(region: str, hint: str | None) -> None:
    expected = set() if hint is None else {f"AWS has no region '{region}'{hint}"}
    key = f"arn:aws:kms:{region}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    for spec, shape in (
        ({"Image": picture(region)}, "ModelPackageContainerDefinition"),
        ({"KmsKeyId": key}, "OutputDataConfig"),
        ({"TrainingPlanArn": f"arn:aws:sagemaker:{region}:{ACCOUNT}:training-plan/a"}, "ResourceConfig"),
    ):
        found_ = found(spec, shape)
        assert {p.message for rule, p in found_ if rule.name == "unknown-region"} == expected


def test_a_region_that_does_not_exist_and_another_are_one_finding_each() -> None:
    both_ = {
        name
        for name, path, _ in reported(images("us-east-1", "us-east-9"), "CreateAlgorithmInput")
        if path == FIRST
    }
    assert "image-region-mismatch" in both_
    assert "unknown-region" not in both_
    problem = only(images("us-east-9", "us-east-1"), "CreateAlgorithmInput", "image-region-mismatch")
    assert problem.message.endswith("but TrainingImage is in 'us-east-9', which is not a known region")


FRAMEWORK = AWS_IMAGE.format("763104351884", "us-east-1", "pytorch-training")


@pytest.mark.parametrize(
    ("image", "names", "is_reported"),
    [
        (FRAMEWORK, ["epochs"], True),
        (FRAMEWORK, [], True),
        (FRAMEWORK, ["epochs", "sagemaker_program"], False),
        (FRAMEWORK, ["epochs", UNKNOWN], False),
        (FRAMEWORK, UNKNOWN, False),
        # These have an algorithm in them, or are somebody's own.
        (AWS_IMAGE.format("683313688378", "us-east-1", "sagemaker-xgboost"), ["epochs"], False),
        (AWS_IMAGE.format("998877665544", "us-east-1", "pytorch-training"), ["epochs"], False),
    ],
    ids=repr,
)
def test_a_framework_image_needs_the_name_of_a_program(image: str, names: Any, is_reported: bool) -> None:
    declared = names if names is UNKNOWN else [{"Name": name, "Type": "FreeText"} for name in names]
    spec = completed(
        {"TrainingImage": image, "SupportedHyperParameters": declared}, "TrainingSpecification", model_of()
    )
    found_ = problems(Linter(model_of(), RULES), spec, "TrainingSpecification")
    assert ("framework-image-without-program" in {rule.name for rule, _ in found_}) == is_reported


# ---------------------------------------------------------------- one reference

NOT_ECR = {("image-not-private-ecr", "error")}
MALFORMED = {("image-malformed-reference", "error")}
MUTABLE = {("image-mutable-tag", "info")}
PORT = {("image-malformed-reference", "warning")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HOST}/forecaster:1.4.2", set()),
        (f"{HOST}/team/fore_caster.x--y/a:1.4.2", set()),
        (f"{HOST}/forecaster@{ONE}", set()),
        (f"{ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com/forecaster:1", set()),
        (f"{ACCOUNT}.dkr-ecr.us-east-1.on.aws/forecaster:1", set()),
        (f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/forecaster:1", set()),
        (f"{ACCOUNT}.dkr.ecr.us-iso-east-1.c2s.ic.gov/forecaster:1", set()),
        (f"{HOST}/forecaster:Release_1.0-rc.1", set()),
        (f"{HOST}/forecaster:{'a' * 128}", set()),
        # registries
        ("python:3.11", NOT_ECR),
        ("public.ecr.aws/docker/library/python:3.11", NOT_ECR),
        ("docker.io/library/python:3.11", NOT_ECR),
        ("24661874324.dkr.ecr.us-west-2.amazonaws.com/forecaster:1", NOT_ECR),
        ("localhost:5000/forecaster:1", NOT_ECR),
        # form; one fault is one finding, whatever the registry
        (f"https://{HOST}/forecaster:1", MALFORMED),
        (f"docker://{HOST}/forecaster:1", MALFORMED),
        ("docker://", MALFORMED),
        (f"{HOST}/Forecaster:1", MALFORMED),
        ("Forecaster:1", MALFORMED),
        (f"{HOST}/forecaster:", MALFORMED),
        (f"{HOST}/forecaster@", MALFORMED),
        (f"{HOST}/forecaster:-1", MALFORMED),
        (f"{HOST}/forecaster:a:b", MALFORMED),
        (f"{HOST}/forecaster:{'a' * 129}", MALFORMED),
        (f"{HOST}/forecaster@md5:d41d8cd98f00b204e9800998ecf8427e", MALFORMED),
        (f"{HOST}/forecaster@{ONE[:-1]}", MALFORMED),
        (f"{HOST}/forecaster@{ONE}0", MALFORMED),
        (f"{HOST}/forecaster@{ONE.replace('256', '224')}", MALFORMED),
        (f"{HOST}/forecaster@{ONE.replace('256', '384')}", MALFORMED),
        (f"{HOST}/forecaster@sha256:g{ONE[8:]}", MALFORMED),
        (f"{HOST}/", MALFORMED),
        (HOST, MALFORMED),
        (f"{HOST}//forecaster:1", MALFORMED),
        (f"{HOST}/forecaster/:1", MALFORMED),
        (f"{HOST}/fore..caster:1", MALFORMED),
        (f"{HOST}/forecaster:1\n", MALFORMED),
        (f" {HOST}/forecaster:1", MALFORMED),
        (f"{HOST}/fore caster:1", MALFORMED),
        # tag and digest
        (f"{HOST}/forecaster:1@{ONE}", {("image-tag-and-digest", "warning")}),
        # tags
        (f"{HOST}/forecaster", MUTABLE),
        (f"{HOST}/forecaster:latest", MUTABLE),
        (f"{HOST}/forecaster:latest-gpu", set()),
        # a port, which ECR does not need
        (f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com:443/forecaster:1", PORT),
        (f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com:8443/forecaster@{ONE}", PORT),
        (f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com:443/forecaster", PORT | MUTABLE),
        (f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com:443/Forecaster:1", MALFORMED),
        ("registry.example.com:443/forecaster:1", NOT_ECR),
        # a login is one fault of form, and a secret
        (f"https://ci:letmein@{HOST}/forecaster:1", MALFORMED | {("credential-in-uri", "error")}),
        # no second fault of form
        (f"{HOST}/Forecaster:1@{ONE}", MALFORMED),
        (f"{HOST}/forecaster:1@sha256:123", MALFORMED),
        # what other rules report, or none
        ("", {("pattern-mismatch", "error")}),
        ("${IMAGE}", set()),
    ],
)
def test_an_image_reference(text: str, expected: set[tuple[str, str]]) -> None:
    assert of_image(text) == expected


def only(spec: Any, shape: str, name: str, region: str | None = None) -> Problem:
    (problem,) = [problem for rule, problem in found(spec, shape, region) if rule.name == name]
    return problem


def at_image(text: str, name: str) -> Problem:
    return only({"TrainingImage": text}, "TrainingSpecification", name)


@pytest.mark.parametrize(
    ("text", "rule", "fixed", "safe"),
    [
        (f"https://{HOST}/forecaster:1", "image-malformed-reference", f"{HOST}/forecaster:1", True),
        (f"{HOST}/forecaster:1\n", "image-malformed-reference", f"{HOST}/forecaster:1", True),
        (f"{HOST}/team/ForeCaster:V1", "image-malformed-reference", f"{HOST}/team/forecaster:V1", False),
        (f"{HOST}/forecaster:1@{ONE}", "image-tag-and-digest", f"{HOST}/forecaster@{ONE}", True),
        (
            f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com:443/forecaster:1",
            "image-malformed-reference",
            f"{HOST}/forecaster:1",
            True,
        ),
        (
            f"{ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com:5000/forecaster:1",
            "image-malformed-reference",
            f"{HOST}/forecaster:1",
            False,
        ),
        (
            f"https://ci:letmein@{HOST}/forecaster:1",
            "image-malformed-reference",
            f"{HOST}/forecaster:1",
            True,
        ),
        (f"{HOST}/fore caster:1", "image-malformed-reference", None, False),
        ("docker://", "image-malformed-reference", None, False),
        ("  ", "image-malformed-reference", None, False),
        (f"{HOST}/forecaster:", "image-malformed-reference", None, False),
    ],
)
def test_fixes_of_an_image(text: str, rule: str, fixed: str | None, safe: bool) -> None:
    fix = at_image(text, rule).fix
    if fixed is None:
        assert fix is None
    else:
        assert isinstance(fix, Replace)
        assert (fix.value, fix.safe) == (fixed, safe)


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("python:3.11", "image-not-private-ecr", "has no registry, which means Docker Hub"),
        ("public.ecr.aws/x/y:1", "image-not-private-ecr", "'public.ecr.aws' is not a private ECR registry"),
        (
            "12345.dkr.ecr.us-west-2.amazonaws.com/x:1",
            "image-not-private-ecr",
            "the registry's account '12345' does not have twelve digits",
        ),
        (
            "docker://x/y:1",
            "image-malformed-reference",
            "an image begins with the registry's host, not with 'docker://'",
        ),
        (f"{HOST}/forecaster:", "image-malformed-reference", "has nothing after the colon; add the tag"),
        (f"{HOST}/forecaster@", "image-malformed-reference", "has nothing after the @; add the digest"),
        (
            f"{HOST}/a:1@{ONE}",
            "image-tag-and-digest",
            "the image has both the tag '1' and a digest, and the tag is ignored",
        ),
    ],
)
def test_messages_name_the_fault(text: str, rule: str, words: str) -> None:
    assert words in at_image(text, rule).message


# ---------------------------------------------------------------- digests


@pytest.mark.parametrize(
    ("image", "digest", "expected"),
    [
        (f"{HOST}/a@{ONE}", TWO, "error"),
        (f"{HOST}/a@{TWO}", ONE, "error"),
        (f"{HOST}/a@{ONE}", ONE, "info"),
        (f"{HOST}/a@{ONE}", "SHA256:" + ONE[7:].upper(), "info"),
        (f"{HOST}/a:1", TWO, None),
        (f"{HOST}/a@{ONE}", UNKNOWN, None),
        (UNKNOWN, TWO, None),
        (f"{HOST}/a@{ONE}", "${DIGEST}", None),
    ],
    ids=repr,
)
def test_the_digest_beside_an_image(image: Any, digest: Any, expected: str | None) -> None:
    for fields, shape in (
        (("TrainingImage", "TrainingImageDigest"), "TrainingSpecification"),
        (("Image", "ImageDigest"), "ModelPackageContainerDefinition"),
    ):
        spec = dict(zip(fields, (image, digest), strict=True))
        rule = {("image-digest-mismatch", (fields[1],), expected)} if expected else set()
        assert reported(spec, shape) == rule


def test_digests_are_quoted_by_their_first_characters() -> None:
    spec = {"TrainingImage": f"{HOST}/a@{ONE}", "TrainingImageDigest": TWO}
    problem = only(spec, "TrainingSpecification", "image-digest-mismatch")
    assert problem.message == (
        "TrainingImageDigest 'sha256:b5bb9d8014a0f9b1…' is not the digest in TrainingImage,"
        " 'sha256:6c3c624b58dbbcd3…'"
    )
    assert problem.related[0].message == "the digest in the image is 'sha256:6c3c624b58dbbcd3…'"
    tagged = [{"Image": f"{HOST}/a:1", "ImageDigest": digest} for digest in (ONE, TWO)]
    problem = only({"Containers": tagged}, "InferenceSpecification", "image-digest-mismatch")
    assert problem.message == (
        "the image 'a:1' has the digest 'sha256:b5bb9d8014a0f9b1…' here, but 'sha256:6c3c624b58dbbcd3…' elsewhere"
    )
    assert problem.related[0].message == "the digest is 'sha256:6c3c624b58dbbcd3…'"


@pytest.mark.parametrize(("digest", "expected"), [(TWO[7:], "error"), (ONE[7:].upper(), "info")])
def test_a_digest_without_its_prefix_is_compared_too(digest: str, expected: str) -> None:
    spec = {"TrainingImage": f"{HOST}/a@{ONE}", "TrainingImageDigest": digest}
    found = reported(spec, "TrainingSpecification")
    assert ("image-digest-mismatch", ("TrainingImageDigest",), expected) in found
    assert ("image-digest-not-sha256", ("TrainingImageDigest",), "error") in found


def both(first: dict[str, Any], *containers: dict[str, Any]) -> dict[str, Any]:
    return {"TrainingSpecification": first, "InferenceSpecification": {"Containers": list(containers)}}


PINNED = ("InferenceSpecification", "Containers", 0, "ImageDigest")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            both(
                {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": ONE},
                {"Image": f"{HOST}/a:1", "ImageDigest": TWO},
            ),
            PINNED,
        ),
        (
            both(
                {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": TWO},
                {"Image": f"{HOST}/a:1", "ImageDigest": ONE},
            ),
            PINNED,
        ),
        (
            both(
                {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": ONE},
                {"Image": f"{HOST}/a:1", "ImageDigest": TWO[7:]},
            ),
            PINNED,
        ),
        (
            both(
                {"TrainingImage": f"{HOST}/a:1@{ONE}"},
                {"Image": f"{HOST}/a:1@{TWO}"},
            ),
            ("InferenceSpecification", "Containers", 0, "Image"),
        ),
        (
            both(
                {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": ONE},
                {"Image": f"{HOST}/a:1", "ImageDigest": ONE.upper().replace("SHA", "sha")},
            ),
            None,
        ),
        (
            both(
                {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": ONE},
                {"Image": f"{HOST}/a:2", "ImageDigest": TWO},
            ),
            None,
        ),
        (both({"TrainingImage": f"{HOST}/a@{ONE}"}, {"Image": f"{HOST}/a@{TWO}"}), None),
        (
            both(
                {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": "d41d8cd98f00b204e9800998ecf8427e"},
                {"Image": f"{HOST}/a:1", "ImageDigest": TWO},
            ),
            None,
        ),
    ],
    ids=[
        "fields",
        "fields the other way",
        "no prefix",
        "inline",
        "equal",
        "other tags",
        "no tags",
        "no digest",
    ],
)
def test_one_tag_with_two_digests_may_have_been_pushed_again(spec: Any, expected: Any) -> None:
    mismatches = {s for s in reported(spec, "CreateAlgorithmInput") if s[0] == "image-digest-mismatch"}
    assert mismatches == ({("image-digest-mismatch", expected, "warning")} if expected else set())


def test_two_containers_of_a_part_of_a_request_are_compared_too() -> None:
    containers = [
        {"Image": f"{HOST}/a:1", "ImageDigest": ONE},
        {"Image": f"{HOST}/a:1", "ImageDigest": TWO},
    ]
    spec = {"Containers": containers}
    problem = only(spec, "InferenceSpecification", "image-digest-mismatch")
    assert problem.path == ("Containers", 1, "ImageDigest")
    assert problem.related[0].path == ("Containers", 0, "ImageDigest")
    # An image without a digest is skipped.
    bare: dict[str, Any] = {"Image": f"{HOST}/a:1"}
    problem = only({"Containers": [bare, *containers]}, "InferenceSpecification", "image-digest-mismatch")
    assert problem.path == ("Containers", 2, "ImageDigest")


@pytest.mark.parametrize(
    ("digest", "rule", "fixed"),
    [
        ("d41d8cd98f00b204e9800998ecf8427e", "image-digest-not-sha256", None),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", "image-digest-not-sha256", None),
        (ONE[7:], "image-digest-not-sha256", ONE),
        ("sha512:" + "0" * 128, "image-digest-not-sha256", None),
        ("d41d8cd9", "image-digest-not-sha256", None),
        ("sha256:123", "pattern-mismatch", None),
        ("SHA256:" + ONE[7:], None, None),
        (ONE, None, None),
        ("", "pattern-mismatch", None),
    ],
)
def test_a_digest_is_sha256(digest: str, rule: str | None, fixed: str | None) -> None:
    spec = {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": digest}
    expected = {(rule, ("TrainingImageDigest",), "error")} if rule else set()
    assert reported(spec, "TrainingSpecification") == expected
    if rule == "image-digest-not-sha256":
        problem = only(spec, "TrainingSpecification", rule)
        assert (problem.fix is None) == (fixed is None)
        if isinstance(problem.fix, Replace):
            assert problem.fix.value == fixed
        is_md5 = len(digest.rpartition(":")[2]) == 32
        assert ("looks like an MD5 hash" in problem.message) is is_md5
        assert ("does not begin with sha256:" in problem.message) is not is_md5


@pytest.mark.parametrize(
    ("spec", "levels"),
    [
        (both({"TrainingImage": f"{HOST}/a"}, {"Image": f"{HOST}/b:latest"}), ["info", "info"]),
        (
            both({"TrainingImage": f"{HOST}/a"}, {"Image": f"{HOST}/b:latest"})
            | {"CertifyForMarketplace": True},
            ["warning", "warning"],
        ),
        (both({"TrainingImage": f"{HOST}/a"}) | {"CertifyForMarketplace": False}, ["info"]),
        # The flag decides the level, so without it nothing is reported.
        (both({"TrainingImage": f"{HOST}/a"}) | {"CertifyForMarketplace": UNKNOWN}, []),
        (both({"TrainingImage": f"{HOST}/a", "TrainingImageDigest": ONE}), []),
        (both({"TrainingImage": f"{HOST}/a", "TrainingImageDigest": UNKNOWN}), []),
    ],
    ids=["private", "marketplace", "not certified", "flag unknown", "pinned", "pin unknown"],
)
def test_a_tag_that_can_change(spec: Any, levels: list[str]) -> None:
    spec.setdefault("CertifyForMarketplace", False)
    found_levels = [
        level for name, _, level in reported(spec, "CreateAlgorithmInput") if name == "image-mutable-tag"
    ]
    assert found_levels == levels


def test_the_messages_of_tags_and_digests_name_what_is_there() -> None:
    def text(fields: dict[str, Any], rule: str) -> str:
        spec = both(fields) | {"CertifyForMarketplace": False}
        return only(spec, "CreateAlgorithmInput", rule).message

    tail = "and there is no TrainingImageDigest, so another image may be used later; use a version"
    assert text({"TrainingImage": f"{HOST}/a"}, "image-mutable-tag") == f"the image has no tag {tail}"
    assert text({"TrainingImage": f"{HOST}/a:latest"}, "image-mutable-tag") == f"the tag is latest {tail}"
    md5 = {"TrainingImage": f"{HOST}/a:1", "TrainingImageDigest": "d41d8cd98f00b204e9800998ecf8427e"}
    assert text(md5, "image-digest-not-sha256") == (
        "'d41d8cd98f00b204e980099…' looks like an MD5 hash; the API requires sha256: and 64 hexadecimal digits"
    )


def test_marketplace_is_named_where_it_sets_the_limit() -> None:
    def text(certify: bool) -> str:
        spec = {
            "TrainingSpecification": {"TrainingImage": picture("us-east-1", "998877665544")},
            "ValidationSpecification": {"ValidationRole": ROLE},
            "CertifyForMarketplace": certify,
        }
        return only(spec, "CreateAlgorithmInput", "image-account-mismatch").message

    fact = f"the image is in account 998877665544, but ValidationRole is in account {ACCOUNT}"
    assert text(True) == f"{fact}; AWS Marketplace needs the seller's own images"
    assert text(False) == fact


# ---------------------------------------------------------------- regions and accounts


def picture(region: str, account: str = ACCOUNT) -> str:
    return f"{account}.dkr.ecr.{region}.amazonaws.com/forecaster:1"


def regional(
    spec: Any, region: str | None = None, shape: str = "CreateAlgorithmInput"
) -> set[tuple[Any, ...]]:
    ours = ("image-region-mismatch", "kms-region-mismatch", "partition-mismatch")
    return {s for s in reported(spec, shape, region) if s[0] in ours}


FIRST, TRAINING = (
    ("InferenceSpecification", "Containers", 0, "Image"),
    ("TrainingSpecification", "TrainingImage"),
)


def mismatch(*paths: tuple[Any, ...]) -> set[tuple[Any, ...]]:
    return {("image-region-mismatch", path, "error") for path in paths}


def images(*regions: str | None) -> dict[str, Any]:
    texts = [UNKNOWN if region is None else picture(region) for region in regions]
    return both({"TrainingImage": texts[0]}, *({"Image": text} for text in texts[1:]))


@pytest.mark.parametrize(
    ("regions", "aim", "expected"),
    [
        (("us-east-1", "us-east-1"), None, ()),
        (("us-east-1", "eu-west-1"), None, (FIRST,)),
        (("us-east-1", "eu-west-1", "us-east-1"), None, (FIRST,)),
        (("us-east-1", "eu-west-1"), "eu-west-1", (TRAINING,)),
        (("us-east-1", "us-east-1"), "eu-west-1", (TRAINING, FIRST)),
        # The hidden training image decides where the fault is.
        ((None, "eu-west-1", "us-east-1"), None, ()),
        ((None, "eu-west-1"), "us-east-1", (FIRST,)),
        (("us-east-1", None), None, ()),
    ],
    ids=repr,
)
def test_images_are_in_one_region(regions: Any, aim: str | None, expected: Any) -> None:
    assert regional(images(*regions), aim) == mismatch(*expected)


def test_a_part_of_a_request_is_compared_with_the_region_of_the_command_line() -> None:
    spec = {"TrainingImage": picture("us-east-1")}
    assert regional(spec, "eu-west-1", "TrainingSpecification") == mismatch(("TrainingImage",))
    assert regional(spec, None, "TrainingSpecification") == set()


def test_a_training_plan_of_another_region() -> None:
    plan = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:training-plan/spring"
    spec = images("us-east-1") | {
        "ValidationSpecification": {
            "ValidationProfiles": [{"TrainingJobDefinition": {"ResourceConfig": {"TrainingPlanArn": plan}}}]
        }
    }
    path = ("ValidationSpecification", "ValidationProfiles", 0, "TrainingJobDefinition", "ResourceConfig")
    assert regional(spec) == mismatch((*path, "TrainingPlanArn"))
    profile = spec["ValidationSpecification"]["ValidationProfiles"][0]
    table = f"arn:aws:dynamodb:us-west-2:{ACCOUNT}:table/plans"
    profile["TrainingJobDefinition"]["ResourceConfig"]["TrainingPlanArn"] = table
    assert regional(spec) == mismatch((*path, "TrainingPlanArn"))


def test_a_mismatch_states_both_sides() -> None:
    problem = only(images("us-east-1", "eu-west-1"), "CreateAlgorithmInput", "image-region-mismatch")
    assert problem.message == (
        "the image is in region 'eu-west-1', but TrainingImage is in 'us-east-1'; copy the image to 'us-east-1'"
    )
    assert problem.related[0].path == TRAINING
    problem = only(images("us-east-1"), "CreateAlgorithmInput", "image-region-mismatch", "eu-west-1")
    assert problem.message == (
        "the image is in region 'us-east-1', but the spec is for 'eu-west-1'; copy the image to 'eu-west-1'"
    )
    assert problem.related == ()


@pytest.mark.parametrize(
    ("account", "role", "certify", "level"),
    [
        (ACCOUNT, ROLE, True, None),
        ("998877665544", ROLE, True, "error"),
        ("112233445566", ROLE, True, "error"),
        ("998877665544", ROLE, False, "info"),
        ("998877665544", ROLE, UNKNOWN, None),
        ("998877665544", UNKNOWN, True, None),
        ("998877665544", "arn:aws:iam::<account>:role/x", True, None),
    ],
    ids=repr,
)
def test_images_of_another_account(account: str, role: Any, certify: Any, level: str | None) -> None:
    spec = {
        "TrainingSpecification": {"TrainingImage": picture("us-east-1", account)},
        "ValidationSpecification": {"ValidationRole": role},
        "CertifyForMarketplace": certify,
    }
    ours = {s for s in reported(spec, "CreateAlgorithmInput") if s[0] == "image-account-mismatch"}
    assert ours == ({("image-account-mismatch", TRAINING, level)} if level else set())
