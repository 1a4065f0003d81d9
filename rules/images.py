"""Container images: where they are, how they are named, and whether they belong together."""

from __future__ import annotations

from algolint import PartialText, Problem, Related, Replace, differs, lacks, rule, select, shown
from algolint.aws.notation import image, is_account
from algolint.aws.patterns import may_match
from algolint.spec.context import SPEC_SHAPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.aws.notation import Image
    from algolint.values import Path, Text


@rule(
    on="ContainerImage",
    severity="error",
    evidence="service: CreateModel refuses a non-ECR image (aws/sagemaker-python-sdk#4700)",
)
def image_not_private_ecr(text: Text) -> Iterator[Problem]:
    """An image that is not in a private Amazon ECR registry.

    SageMaker pulls an algorithm's images from private ECR only: an algorithm has no place for the
    credentials of another registry. A name without a host means Docker Hub, and public.ecr.aws is
    another registry too. Copy the image to a repository of your own account. The registries of all
    partitions count, FIPS and dual-stack hosts included.

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
            f"{_registry(text, parts)}; SageMaker takes images from private Amazon ECR only,"
            " <account>.dkr.ecr.<region>.amazonaws.com/<repository>",
        )


def _registry(text: Text, parts: Image) -> str:
    """What is wrong with the host of an image."""
    if isinstance(text, PartialText) and not isinstance(parts.host, str):
        return f"{shown(text)} is not in a private ECR registry"
    if parts.host is None:
        return f"{shown(parts.repository)} names no registry, which means Docker Hub"
    account, dot, rest = parts.host.partition(".")
    if dot and rest.startswith(("dkr.", "dkr-")) and not is_account(account):
        return f"the account {shown(account)} of the registry is not twelve digits"
    return f"{shown(parts.host)} is not a private ECR registry"


@rule(
    on="ContainerImage",
    severity="error",
    evidence="reference: Image, registry/repository[:tag] or registry/repository[@digest]",
    replaces=("image-not-private-ecr", "pattern-mismatch"),
    fix="unsafe",
)
def image_malformed_reference(text: Text) -> Iterator[Problem]:
    """An image reference that no container engine reads.

    The API only asks for text without spaces, so a copied https:// or docker://, a capital letter in the
    repository or a dangling colon passes the request and fails when the image is pulled, in the
    validation job. A scheme is dropped by a safe fix; lower-casing the repository may name another one,
    so it needs consent.

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
    Image: "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:"
    ```
    """
    if isinstance(text, PartialText):
        if not may_match(_REFERENCE, text):
            yield Problem((), f"{shown(text)} is not an image; the form is <registry>/<repository>:<tag>")
        return
    scheme, mark, rest = text.partition("://")
    if text.split() != [text]:
        if text:
            fix = Replace((), text.strip(), safe=True) if len(text.split()) == 1 else None
            yield Problem((), f"{shown(text)} holds spaces or line ends; an image has none", fix=fix)
    elif mark:
        fix = Replace((), rest, title=f"drop {shown(scheme + mark)}", safe=True) if rest else None
        yield Problem(
            (), f"{shown(scheme + mark)} is not part of an image; its registry comes first", fix=fix
        )
    else:
        yield from _faults(text, image(text))


_REFERENCE = (
    r"(?:[^/@\s]+/)?[a-z0-9]+(?:(?:[./]|__?|-+)[a-z0-9]+)*"
    r"(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@(?i:sha256):[0-9a-fA-F]{64})?"
)


def _faults(text: str, parts: Image) -> Iterator[Problem]:
    """What is wrong with the parts of an image reference; one fault at a time."""
    repository, tag, digest = parts.repository, parts.tag, parts.digest
    lower = repository.lower()
    fix = None
    if not repository:
        fault = f"{shown(text)} names no repository; the form is <registry>/<repository>:<tag>"
    elif not _is_repository(lower):
        fault = (
            f"{shown(repository)} is no repository; it takes lower-case letters and digits, joined by . _ - /"
        )
    elif lower != repository:
        before, _, after = text.partition(repository)
        fix = Replace((), before + lower + after, title=f"use the repository {shown(lower)}")
        fault = f"the repository {shown(repository)} has capital letters; a repository takes none"
    elif tag == "" or digest == "":
        fault = f"{shown(text)} ends where its {'tag' if tag == '' else 'digest'} should begin"
    elif tag is not None and not _is_tag(tag):
        fault = f"{shown(tag)} is no tag; it takes up to 128 letters, digits and . - _, no . or - first"
    elif digest is not None and not _is_digest(digest):
        fault = f"{shown(digest)} is no digest; it is sha256: and 64 hexadecimal digits"
    else:
        return
    yield Problem((), fault, fix=fix)


# The grammar of the parts is the one that Docker and the OCI registries share.


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


@rule(
    on="ContainerImage",
    severity="warning",
    evidence="reference: Image, either registry/repository[:tag] or registry/repository[@digest]",
    fix="safe",
)
def image_tag_and_digest(text: Text) -> Iterator[Problem]:
    """An image reference with both a tag and a digest.

    The reference documents one or the other. Container engines that accept both pull the digest and
    ignore the tag, so the tag says nothing that can be relied on. The fix drops it.

    ```yaml bad TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
    ```
    """  # noqa: E501
    if "@" in text:
        parts = image(text)
        if parts.tag and parts.digest:
            fix = None
            if isinstance(text, str):
                shorter = text.replace(f":{parts.tag}@", "@")
                fix = Replace((), shorter, title=f"drop the tag {shown(parts.tag)}", safe=True)
            yield Problem(
                (), f"both the tag {shown(parts.tag)} and a digest; one of them is documented", fix=fix
            )


@rule(
    on=("ModelPackageContainerDefinition", *SPEC_SHAPES),
    severity="error",
    also=("warning", "info"),
    evidence="reference: TrainingImageDigest identifies the image used for training",
)
def image_digest_mismatch(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The digest beside an image is not the digest in the image reference.

    A digest identifies one image. Two different ones for the same image cannot both hold: one of them
    is left from an earlier build. Where the two agree one is enough, which is worth an info.
    The same repository and tag with different digests in training and inference earns a warning only,
    since the tag may have been pushed again in between.

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
    inline = image(text).digest
    if inline and _is_digest(inline) and _is_digest(digest):
        related = Related(field, f"the image has {shown(inline, 24)}")
        if inline.lower() != digest.lower():
            message = f"{shown(digest, 24)} is not the digest in {field}, {shown(inline, 24)}"
            yield Problem(digest_field, message, related=related)
        else:
            yield Problem(digest_field, f"this repeats the digest in {field}", "info", related=related)


def _digests_of_one_tag(context: Context) -> Iterator[Problem]:
    """One repository and tag, pinned to different digests."""
    images: dict[tuple[str | None, str, str], list[tuple[Path, Image]]] = {}
    for path, parts in context.images:
        if all(isinstance(part, str) for part in (parts.host, parts.repository, parts.tag)) and parts.tag:
            images.setdefault((parts.host, parts.repository, parts.tag), []).append((path, parts))
    for (_, repository, tag), same in images.items():
        earlier: list[tuple[Path, str]] = []
        for path, parts in same if len(same) > 1 else ():
            pinned = _pinned(context, path, parts)
            if pinned is None:
                continue
            location, digest = pinned
            for first, other in earlier:
                if other != digest:
                    yield Problem(
                        location,
                        f"{shown(digest, 24)} here and {shown(other, 24)} before,"
                        f" for one image {shown(f'{repository}:{tag}')}",
                        "warning",
                        related=Related(first, f"here it is {shown(other, 24)}"),
                    )
                    break
            earlier.append(pinned)


def _pinned(context: Context, path: Path, parts: Image) -> tuple[Path, str] | None:
    """The digest of an image and its place, in the reference or in the field beside it."""
    if parts.digest:
        return (path, parts.digest.lower()) if _is_digest(parts.digest) else None
    location = (*path[:-1], "TrainingImageDigest" if path[-1] == "TrainingImage" else "ImageDigest")
    for _, digest in select(context.spec, *location):
        if isinstance(digest, str) and _is_digest(digest):
            return location, digest.lower()
    return None


@rule(
    on="ImageDigest",
    severity="error",
    evidence="model: ImageDigest, sha256: and 64 hexadecimal digits (the reference calls it an MD5 hash)",
    replaces=("pattern-mismatch", "string-length"),
    fix="safe",
)
def image_digest_not_sha256(digest: Text) -> Iterator[Problem]:
    """A digest that does not begin with sha256:, such as an MD5 hash.

    The reference describes the field as an MD5 hash of the algorithm, which it never was: the service
    takes the digest that the registry prints, sha256: and 64 hexadecimal digits, and refuses anything
    else. Where only the prefix is missing it is added.

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
            yield Problem((), f"{shown(digest, 24)} does not begin with sha256:, as the service requires")
            return
        whole = f"sha256:{digest}"
        fix = Replace((), whole, title="put sha256: before it", safe=True) if _is_digest(whole) else None
        is_md5 = len(digest.removeprefix("md5:")) == 32
        what = "looks like an MD5 hash" if is_md5 else "does not begin with sha256:"
        message = f"{shown(digest, 24)} {what}; the service takes sha256: and 64 hexadecimal digits"
        yield Problem((), message, fix=fix)


@rule(
    on=("TrainingSpecification", "ModelPackageContainerDefinition"),
    severity="info",
    also=("warning",),
    evidence="derived: a tag can be pushed again, so the spec does not say which image it means",
)
def image_mutable_tag(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An image without a digest whose tag is latest or missing.

    Which image that is depends on the day. The service notes the digest when the algorithm is created,
    so a running algorithm does not change, but the spec cannot be applied again with the same outcome.
    An algorithm that is to be certified for AWS Marketplace earns a warning: buyers are told of versions.

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
            f"{'the tag latest' if parts.tag else 'no tag'} and no {digest}; which image this is can change",
            "warning" if context.for_marketplace else "info",
        )


@rule(
    on=SPEC_SHAPES,
    severity="error",
    evidence="guide: ml-service-restrictions-and-limits, all assets in the same Region",
)
def image_region_mismatch(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """Images, or an image and a training plan or data set, in different regions.

    A job runs in one region and pulls its images from the ECR of that region; the parts of a model
    must be in the model's region too. What is in another region fails the validation job. The region is
    the one of `--region`, or else the one of the training image.

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
    named = [(path, "this image", parts.region) for path, parts in context.images]
    named += [(p, f"this {a.service} resource", a.region) for p, a in context.arns if a.service != "kms"]
    for path, what, region in named:
        is_named = isinstance(region, (str, PartialText)) and region
        if is_named and context.region and differs(region, context.region):
            source, location = context.region_source
            yield Problem(
                path,
                f"{what} is in {shown(region)}, {source} says {shown(context.region)}",
                related=() if location is None else Related(location, f"here it is {shown(context.region)}"),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("info",),
    evidence="guide: ml-troubleshooting, validation does not support cross-account images",
)
def image_account_mismatch(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An image in the registry of another account than the validation role's.

    For AWS Marketplace the images must be in the seller's own ECR, and the validation does not pull from
    another account. An algorithm for private use may take images of another account, those of AWS
    included, if that account lets it: then this is an info.

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
            limit = "; AWS Marketplace takes the seller's own images" if context.for_marketplace else ""
            yield Problem(
                path,
                f"this image is of account {parts.account}, ValidationRole of {account}{limit}",
                "error" if context.for_marketplace else "info",
                related=Related(
                    ("ValidationSpecification", "ValidationRole"), f"the role is of account {account}"
                ),
            )
