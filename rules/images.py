"""Container images: where they are, how they are named, and whether they belong together."""

from __future__ import annotations

from algolint import (
    PartialText,
    Problem,
    Related,
    Replace,
    differs,
    every,
    lacks,
    listed,
    meant,
    rule,
    select,
    shown,
)
from algolint.aws.notation import arn, image, is_account, registry_regions
from algolint.aws.patterns import may_match
from algolint.spec.context import SPEC_SHAPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.aws.notation import Image
    from algolint.rule import Fix
    from algolint.values import Path, Text


@rule(
    on="ContainerImage",
    severity="error",
    evidence="service: aws/sagemaker-python-sdk#4700; CreateModel, 'Using non-ECR image … is not supported'",
)
def image_not_private_ecr(text: Text) -> Iterator[Problem]:
    """An image is not in a private Amazon ECR registry.

    SageMaker pulls an algorithm's images only from private ECR registries; a request cannot have
    credentials for another registry. A name without a host means Docker Hub, and public.ecr.aws is a
    public registry. Copy the image to an ECR repository of your own account. The registries of all
    partitions are accepted, including their FIPS and dual-stack hosts.

    ```yaml bad TrainingSpecification
    TrainingImage: python:3.11
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad ModelPackageContainerDefinition
    Image: public.ecr.aws/docker/library/python:3.11
    ```

    ```yaml good ModelPackageContainerDefinition
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving:1.4.2
    ```
    """
    parts = image(text)
    if text and not parts.is_private_ecr:
        yield Problem(
            (),
            f"{_registry(text, parts)}; SageMaker pulls images only from private Amazon ECR,"
            " <account>.dkr.ecr.<region>.amazonaws.com/<repository>",
        )


def _registry(text: Text, parts: Image) -> str:
    """Return what is wrong with the host of an image."""
    if isinstance(text, PartialText) and not isinstance(parts.host, str):
        return f"{shown(text)} is not in a private ECR registry"
    if parts.host is None:
        return f"{shown(parts.repository)} has no registry, which means Docker Hub"
    account, dot, rest = parts.host.partition(".")
    if dot and rest.startswith(("dkr.", "dkr-")) and not is_account(account):
        return f"the registry's account {shown(account)} does not have twelve digits"
    return f"{shown(parts.host)} is not a private ECR registry"


@rule(
    on="ContainerImage",
    severity="error",
    also=("warning",),
    evidence="reference: ModelPackageContainerDefinition.Image, botocore 1.44.8;"
    " 'registry/repository[:tag] and registry/repository[@digest]'; derived: Docker's grammar of references",
    replaces=("image-not-private-ecr", "pattern-mismatch"),
    fix="unsafe",
)
def image_malformed_reference(text: Text) -> Iterator[Problem]:
    """An image reference is malformed, so that container engines cannot parse it.

    The API only requires a text without spaces. It accepts a copied https:// or docker://, an upper-case
    letter in the repository or a trailing colon, and the validation job fails when it pulls the image. The
    fix that removes a scheme, a login or surrounding spaces is safe. The fix that writes the repository in
    lower case is unsafe, since that may be another repository.

    A port is a warning: ECR registries do not need one, and 443 is the default.

    ```yaml bad TrainingSpecification
    TrainingImage: https://246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad ModelPackageContainerDefinition
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/Forecaster:1.4.2
    ```

    ```yaml good ModelPackageContainerDefinition
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad ModelPackageContainerDefinition
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com:443/forecaster:1.4.2
    ```

    ```yaml good ModelPackageContainerDefinition
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad ModelPackageContainerDefinition
    Image: "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:"
    ```
    """
    if isinstance(text, PartialText):
        if not may_match(_REFERENCE, text):
            fault = "is not a valid image; the form is <registry>/<repository>:<tag>"
            if may_match(_REFERENCE.replace("a-z0-9", "a-zA-Z0-9"), text):
                fault = "has upper-case letters in the repository; only lower case is allowed"
            yield Problem((), f"{shown(text)} {fault}")
        return
    for problem in _faults(text):
        problem.fix = _without_further_faults(problem.fix)
        yield problem


_REFERENCE = (
    r"(?:[^/@\s]+/)?[a-z0-9]+(?:(?:[./]|__?|-+)[a-z0-9]+)*"
    r"(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@(?i:sha256):[0-9a-fA-F]{64})?"
)


def _without_further_faults(fix: Fix | None) -> Fix | None:
    """Return a fix that also corrects the faults that would be left; None if one of them cannot be fixed."""
    while isinstance(fix, Replace) and (further := next(_faults(fix.value), None)) is not None:
        later = further.fix
        if not isinstance(later, Replace):
            return None
        fix = Replace((), later.value, safe=fix.safe and later.safe)
    return fix


def _faults(text: str) -> Iterator[Problem]:
    """Report the first fault of an image reference."""
    scheme, mark, rest = text.rpartition("://")
    if text.split() != [text]:
        if text:
            fix = Replace((), text.strip(), safe=True) if len(text.split()) == 1 else None
            yield Problem((), f"{shown(text)} has spaces or line breaks, which an image cannot have", fix=fix)
    elif mark:
        host, slash, path = rest.partition("/")
        plain = f"{host.rpartition('@')[2]}{slash}{path}"
        fix = Replace((), plain, title=f"remove {shown(scheme + mark)}", safe=True) if plain else None
        message = f"an image begins with the registry's host, not with {shown(scheme + mark)}"
        yield Problem((), message, fix=fix)
    else:
        yield from _faulty_parts(text, image(text))


def _faulty_parts(text: str, parts: Image) -> Iterator[Problem]:
    """Report the first part of an image reference that is not valid."""
    repository, lower = parts.repository, parts.repository.lower()
    if repository and repository != lower and _is_repository(lower):
        before, _, after = text.partition(repository)
        fix = Replace((), before + lower + after, title=f"use the repository {shown(lower)}")
        message = f"the repository {shown(repository)} has upper-case letters; only lower case is allowed"
        yield Problem((), message, fix=fix)
    elif message := _fault_without_fix(text, parts):
        yield Problem((), message)
    elif parts.is_private_ecr and ":" in parts.host:
        host, _, port = parts.host.partition(":")
        fix = Replace((), text.replace(parts.host, host, 1), title="remove the port", safe=port == "443")
        message = f"the registry has the port {shown(port)}, which Amazon ECR does not need"
        yield Problem((), message, "warning", fix=fix)


def _fault_without_fix(text: str, parts: Image) -> str:
    """Return the message about a missing or invalid repository, tag or digest; empty if all are valid."""
    repository, tag, digest = parts.repository, parts.tag, parts.digest
    if not repository:
        return f"{shown(text)} has no repository; the form is <registry>/<repository>:<tag>"
    if not _is_repository(repository):
        limit = "it has lower-case letters and digits, joined by . _ - /"
        return f"{shown(repository)} is not a valid repository; {limit}"
    if tag == "":
        return f"{shown(text)} has nothing after the colon; add the tag"
    if digest == "":
        return f"{shown(text)} has nothing after the @; add the digest"
    if tag is not None and not _is_tag(tag):
        limit = "it has up to 128 letters, digits and . - _ and does not begin with . or -"
        return f"{shown(tag)} is not a valid tag; {limit}"
    if digest is not None and not _is_digest(digest):
        return f"{shown(digest)} is not a valid digest; it is sha256: and 64 hexadecimal digits"
    return ""


# The grammar of the parts is that of the Docker registry (distribution/reference) and of OCI registries.


def _is_repository(text: str) -> bool:
    """Whether a text in lower case is a repository's name."""
    if text.isascii() and all(map(str.isalnum, text.replace("/", "-").split("-"))):
        return True
    import re

    return re.fullmatch(r"[a-z0-9]+(?:(?:[./]|__?|-+)[a-z0-9]+)*", text) is not None


def _is_tag(text: str) -> bool:
    word = text.replace("_", "a")
    plain = word.replace("-", "a").replace(".", "a")
    return plain.isascii() and plain.isalnum() and word[0].isalnum() and len(text) <= 128


def _is_digest(text: str) -> bool:
    return len(text) == 71 and text[:7].lower() == "sha256:" and not text[7:].strip("0123456789abcdefABCDEF")


def _whole_digest(text: str) -> str:
    """Return a digest with its prefix, which another rule reports if it is missing."""
    return text if text[:7].lower() == "sha256:" else f"sha256:{text}"


@rule(
    on="ContainerImage",
    severity="warning",
    evidence="reference: ModelPackageContainerDefinition.Image, botocore 1.44.8;"
    " 'registry/repository[:tag] and registry/repository[@digest]'",
    fix="safe",
)
def image_tag_and_digest(text: Text) -> Iterator[Problem]:
    """An image reference has both a tag and a digest.

    The API reference allows one or the other. Container engines that accept both pull the image by its
    digest and ignore the tag, so the tag may name another image. The fix removes the tag.

    ```yaml bad TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```
    """  # noqa: E501
    if "@" in text:
        parts = image(text)
        if parts.tag and parts.digest and _is_well_formed(text):
            fix = None
            if isinstance(text, str):
                shorter = text.replace(f":{parts.tag}@", "@")
                fix = Replace((), shorter, title=f"remove the tag {shown(parts.tag)}", safe=True)
            yield Problem(
                (),
                f"the image has both the tag {shown(parts.tag)} and a digest, and the tag is ignored",
                fix=fix,
            )


def _is_well_formed(text: Text) -> bool:
    """Whether no rule reports the form of an image."""
    return isinstance(text, PartialText) or next(_faults(text), None) is None


@rule(
    on=("ModelPackageContainerDefinition", *SPEC_SHAPES),
    severity="error",
    also=("warning", "info"),
    evidence="reference: TrainingSpecification.TrainingImageDigest, botocore 1.44.8; it 'identifies the"
    " Docker image used for training'",
)
def image_digest_mismatch(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The digest field of an image differs from the digest in the image reference.

    A digest identifies one image, so one of two different digests is wrong, usually left over from an
    earlier build. If the two agree, one is enough, which is reported as info. If training and inference
    have the same repository and tag, but different digests, it is a warning, since the tag may have been
    pushed again in between.

    ```yaml bad
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ImageDigest: sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c
    ```

    ```yaml good
    Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ImageDigest: sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c
    ```

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
      TrainingImageDigest: sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
          ImageDigest: sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
      TrainingImageDigest: sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
          ImageDigest: sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```
    """  # noqa: E501
    match part:
        case {"TrainingImage": str() as text, "TrainingImageDigest": str() as digest}:
            yield from _digests("TrainingImage", text, "TrainingImageDigest", digest)
        case {"Image": str() as text, "ImageDigest": str() as digest}:
            yield from _digests("Image", text, "ImageDigest", digest)
    if part is context.spec:
        yield from _digests_of_one_tag(context)


def _digests(field: str, text: str, digest_field: str, digest: str) -> Iterator[Problem]:
    """Report a digest that differs from the one in the image reference, or repeats it."""
    inline, whole = image(text).digest, _whole_digest(digest)
    if inline and _is_digest(inline) and _is_digest(whole):
        related = Related(field, f"the digest in the image is {shown(inline, 24)}")
        if inline.lower() != whole.lower():
            message = f"{digest_field} {shown(digest, 24)} is not the digest in {field}, {shown(inline, 24)}"
            yield Problem(digest_field, message, related=related)
        else:
            yield Problem(
                digest_field, f"{digest_field} repeats the digest in {field}", "info", related=related
            )


def _digests_of_one_tag(context: Context) -> Iterator[Problem]:
    """Report an image whose digest differs from that of an earlier one with the same repository and tag."""
    images: dict[tuple[str, str, str], list[tuple[Path, Image]]] = {}
    for path, parts in context.images:
        match parts.host, parts.repository, parts.tag:
            case str() as host, str() as repository, str() as tag if tag:
                images.setdefault((host, repository, tag), []).append((path, parts))
    for (_, repository, tag), same in images.items():
        found = (_pinned(context, *row) for row in same if len(same) > 1)
        pinned = [row for row in found if row is not None]
        for index, (location, digest) in enumerate(pinned):
            first, other = next((row for row in pinned[:index] if row[1] != digest), (location, digest))
            if other != digest:
                yield Problem(
                    location,
                    f"the image {shown(f'{repository}:{tag}')} has the digest {shown(digest, 24)} here, but"
                    f" {shown(other, 24)} elsewhere",
                    "warning",
                    related=Related(first, f"the digest is {shown(other, 24)}"),
                )


def _pinned(context: Context, path: Path, parts: Image) -> tuple[Path, str] | None:
    """Return the digest of an image, from its reference or its digest field, with the path; None if none."""
    if parts.digest:
        return (path, parts.digest.lower()) if _is_digest(parts.digest) else None
    location = (*path[:-1], "TrainingImageDigest" if path[-1] == "TrainingImage" else "ImageDigest")
    for _, digest in select(context.spec, *location):
        if isinstance(digest, str) and _is_digest(_whole_digest(digest)):
            return location, _whole_digest(digest).lower()
    return None


@rule(
    on="ImageDigest",
    severity="error",
    evidence="model: ImageDigest, botocore 1.44.8; sha256: and 64 hexadecimal digits, though the reference"
    " calls it an MD5 hash",
    replaces=("pattern-mismatch", "string-length"),
    fix="safe",
)
def image_digest_not_sha256(digest: Text) -> Iterator[Problem]:
    """A digest does not begin with sha256:; it may be an MD5 hash.

    The reference describes the field as an MD5 hash, but the API's pattern requires the digest that the
    registry shows, sha256: and 64 hexadecimal digits. The fix adds the prefix if only that is missing.

    ```yaml bad TrainingSpecification
    TrainingImageDigest: 6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```

    ```yaml good TrainingSpecification
    TrainingImageDigest: sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```

    ```yaml bad ModelPackageContainerDefinition
    ImageDigest: d41d8cd98f00b204e9800998ecf8427e
    ```

    ```yaml good ModelPackageContainerDefinition
    ImageDigest: sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c
    ```
    """
    if digest and not digest.lower().startswith("sha256:"):
        if isinstance(digest, PartialText):
            yield Problem((), f"{shown(digest, 24)} does not begin with sha256:, as the API requires")
            return
        whole = _whole_digest(digest)
        fix = Replace((), whole, title="add the prefix sha256:", safe=True) if _is_digest(whole) else None
        is_md5 = len(digest.removeprefix("md5:")) == 32
        what = "looks like an MD5 hash" if is_md5 else "does not begin with sha256:"
        message = f"{shown(digest, 24)} {what}; the API requires sha256: and 64 hexadecimal digits"
        yield Problem((), message, fix=fix)


@rule(
    on=("TrainingSpecification", "ModelPackageContainerDefinition"),
    severity="info",
    also=("warning",),
    evidence="derived: a tag can be pushed again, so the spec does not say which image it means",
)
def image_mutable_tag(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An image has no digest, and its tag is latest or missing.

    From time to time the tag latest is moved to another image. The service stores the digest when the
    algorithm is created, so the algorithm does not change, but the same spec may create a different one
    later. It is a warning if CertifyForMarketplace is true, since buyers rely on the version of a product.

    ```yaml bad
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:latest
    ```

    ```yaml good
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad CreateAlgorithmInput
    CertifyForMarketplace: true
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving
    ValidationSpecification:
      ValidationRole: arn:aws:iam::246618743249:role/AlgorithmValidation
    ```

    ```yaml good CreateAlgorithmInput
    CertifyForMarketplace: true
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster-serving
          ImageDigest: sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c
    ValidationSpecification:
      ValidationRole: arn:aws:iam::246618743249:role/AlgorithmValidation
    ```
    """
    match part:
        case {"TrainingImage": str() | PartialText() as text}:
            field, digest = "TrainingImage", "TrainingImageDigest"
        case {"Image": str() | PartialText() as text}:
            field, digest = "Image", "ImageDigest"
        case _:
            return
    parts = image(text)
    if not parts.is_private_ecr or parts.digest is not None or parts.tag not in (None, "latest"):
        return
    has_name = not isinstance(parts.repository, str) or parts.repository
    if has_name and lacks(part, digest):
        yield Problem(
            field,
            f"{'the tag is latest' if parts.tag else 'the image has no tag'} and there is no {digest}, so"
            " another image may be used later; use a version",
            "warning" if context.for_marketplace else "info",
        )


@rule(
    on="ContainerImage",
    severity="warning",
    evidence="sdk: sagemaker 2.257.7, image_uri_config; the registry accounts by region; service:"
    " aws-samples/aws-sagemaker-build#25; 'Cannot pull algorithm container'",
)
def image_registry_not_in_region(text: Text) -> Iterator[Problem]:
    """An image of AWS is in a region that its registry account does not serve.

    AWS publishes the images of its frameworks and built-in algorithms in registry accounts, most of which
    serve one region only. In another region such an account has no repositories, and the job fails with
    "Cannot pull algorithm container". The account for each region is on the page "Docker Registry Paths"
    of the SageMaker guide, and `sagemaker.image_uris.retrieve` returns it.

    ```yaml bad TrainingSpecification
    TrainingImage: 683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1
    ```
    """
    parts = image(text)
    match parts.account, parts.repository, parts.region:
        case str() as account, str() as repository, str() as region:
            served = registry_regions(account, repository)
            if served and region not in served and _is_known(region):
                yield Problem(
                    (),
                    f"AWS's image {shown(repository)} is not in account {account} in {shown(region)}; that"
                    f" account serves {listed(served)}, so use the one for {shown(region)}",
                )


@rule(
    on="TrainingSpecification",
    severity="warning",
    evidence="sdk: sagemaker-training 5.1.4, environment.py:660 and process.py:74; 'The training entry point"
    " name is empty. Set the 'sagemaker_program' hyperparameter'",
)
def framework_image_without_program(training: dict[str, Any]) -> Iterator[Problem]:
    """A framework's training image is used without the hyperparameter that names the program to run.

    AWS's training images of PyTorch, TensorFlow and other frameworks contain no algorithm: they run the
    script that the hyperparameter `sagemaker_program` names, from the archive that
    `sagemaker_submit_directory` names. A job can only set hyperparameters that the algorithm declares, so
    without these two every job fails. It is better to build an image from it that contains the program,
    names it in the environment variable SAGEMAKER_PROGRAM, and is in a repository of your own.

    ```yaml bad
    TrainingImage: 763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310
    SupportedHyperParameters:
      - Name: epochs
        Type: Integer
    ```

    ```yaml good
    TrainingImage: 763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310
    SupportedHyperParameters:
      - Name: sagemaker_program
        Type: FreeText
      - Name: sagemaker_submit_directory
        Type: FreeText
      - Name: epochs
        Type: Integer
    ```
    """
    match training:
        case {"TrainingImage": str() as text} if _is_framework(parts := image(text)):
            names = [name for _, name in every(training, "SupportedHyperParameters", ..., "Name")]
            if "sagemaker_program" not in names:
                yield Problem(
                    "TrainingImage",
                    f"AWS's image {shown(parts.repository)} runs the program that the hyperparameter"
                    " 'sagemaker_program' names; declare it in SupportedHyperParameters",
                )


def _is_known(region: str) -> bool:
    """Whether a region is as old as the tables of regions and registries, which know of no newer one."""
    from algolint.aws.region_table import REGIONS

    return region in REGIONS


def _is_framework(parts: Image) -> bool:
    """Whether an image is one of AWS's for training with a framework."""
    match parts.account, parts.repository:
        case str() as account, str() as repository if "-training" in repository:
            return bool(registry_regions(account, repository))
    return False


@rule(
    on=SPEC_SHAPES,
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits, 2023; 'must be"
    " stored in the same Region'",
    replaces=("unknown-region",),
)
def image_region_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The images, a training plan or a data set are in different regions.

    A job runs in one region and pulls its images from the ECR of that region, and the parts of a model
    have to be in the model's region too, so with an image in another region the validation job fails. Copy
    the image to a repository in the job's region. That region is given by `--region`, or else by the
    training image.

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.eu-west-1.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    InferenceSpecification:
      Containers:
        - Image: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster-serving:1.4.2
    ```

    ```yaml bad TrainingSpecification region=eu-west-1
    TrainingImage: 246618743249.dkr.ecr.us-east-1.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml good TrainingSpecification region=eu-west-1
    TrainingImage: 246618743249.dkr.ecr.eu-west-1.amazonaws.com/forecaster:1.4.2
    ```
    """
    if spec is not context.spec:
        return
    named = [(path, "the image", parts.region) for path, parts in context.images]
    named += [(p, f"the {a.service} resource", a.region) for p, a in context.arns if a.service != "kms"]
    for path, what, region in named:
        is_named = isinstance(region, (str, PartialText)) and region
        if is_named and context.region and differs(region, context.region):
            source, location = context.region_source
            yield Problem(
                path,
                f"{what} is in region {shown(region)}, but {_aim(source, location)} {shown(context.region)}"
                f"{_way_out(what, context.region)}",
                related=() if location is None else Related(location, f"in region {shown(context.region)}"),
            )


def _aim(source: str, location: Path | None) -> str:
    """Return how a message introduces the region of the spec."""
    return f"{source} is in" if location else "the spec is for"


def _way_out(what: str, region: str) -> str:
    """Return the end of a message on another region: what to do, or that the spec's is not known."""
    if not _is_known(region):
        return ", which is not a known region"
    return f"; {'copy the image to' if what == 'the image' else 'use one in'} {shown(region)}"


@rule(
    on=("ContainerImage", "KmsKeyId", "TrainingPlanArn", "HubContentArn", "HubDataSetArn"),
    severity="warning",
    evidence="sdk: botocore 1.44.8, partitions.json; the regions of all partitions",
)
def unknown_region(text: Text) -> Iterator[Problem]:
    """An image or an ARN is in a region that does not exist.

    The API accepts any text as the region of an image or a key, but the validation job fails when it pulls
    the image or uses the key. Usually it is a typo. The known regions are those that botocore lists; one
    that AWS opened later is reported too, so this is a warning.

    ```yaml bad TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-9.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad OutputDataConfig
    S3OutputPath: s3://forecaster-output/models/
    KmsKeyId: arn:aws:kms:eu-wset-1:246618743249:key/1234abcd-12ab-34cd-56ef-1234567890ab
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: s3://forecaster-output/models/
    KmsKeyId: arn:aws:kms:eu-west-1:246618743249:key/1234abcd-12ab-34cd-56ef-1234567890ab
    ```
    """
    parts = arn(text) or image(text)
    match parts.region:
        case str() as region if region and not _is_known(region):
            from algolint.aws.region_table import REGIONS

            yield Problem((), f"AWS has no region {shown(region)}{meant(region, sorted(REGIONS))}")


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("info",),
    evidence="guide: AWS Marketplace Seller Guide, ml-troubleshooting, 2023; 'validation does not support"
    " cross-account images'",
)
def image_account_mismatch(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An image is in another account than the validation role.

    For AWS Marketplace the images must be in the seller's own ECR registry, and the validation does not
    pull from another account. A private algorithm can use images of another account, such as AWS's, if
    that account allows it, so for these it is reported as info.

    ```yaml bad
    CertifyForMarketplace: true
    TrainingSpecification:
      TrainingImage: 998877665544.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    InferenceSpecification:
      SupportedContentTypes: [text/csv]
    ValidationSpecification:
      ValidationRole: arn:aws:iam::246618743249:role/AlgorithmValidation
    ```

    ```yaml good
    CertifyForMarketplace: true
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    InferenceSpecification:
      SupportedContentTypes: [text/csv]
    ValidationSpecification:
      ValidationRole: arn:aws:iam::246618743249:role/AlgorithmValidation
    ```
    """
    account = context.account
    for path, parts in context.images if account else ():
        if isinstance(parts.account, str) and parts.account != account:
            limit = "; AWS Marketplace needs the seller's own images" if context.for_marketplace else ""
            yield Problem(
                path,
                f"the image is in account {parts.account}, but ValidationRole is in account {account}{limit}",
                "error" if context.for_marketplace else "info",
                related=Related(
                    ("ValidationSpecification", "ValidationRole"), f"ValidationRole is in account {account}"
                ),
            )
