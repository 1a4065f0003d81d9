"""The algorithm as a whole: its name, its certification, its images."""

from __future__ import annotations

from algolint import Key, Problem, every, listed, shown
from algolint.aws.notation import image
from algolint.compare.diff import DiffContext, diff_rule

from ._facts import flag, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

REQUEST = "CreateAlgorithmInput"
# What the image implements.
_IMPLEMENTED = ("HyperParameterSpecification", "ChannelSpecification")


@diff_rule(
    on=REQUEST,
    severity="warning",
    summarizes=True,
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; the name must be unique in the "
    "account and Region",
)
def diff_same_name(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """Something changed, but AlgorithmName did not, and an algorithm cannot be changed once it is created.

    Each release is a new algorithm and needs a name of its own.

    ```yaml old CreateAlgorithmInput
    AlgorithmName: forecaster
    TrainingSpecification: {TrainingChannels: [{Name: train}]}
    ```

    ```yaml new CreateAlgorithmInput
    AlgorithmName: forecaster
    TrainingSpecification: {TrainingChannels: [{Name: training}]}
    ```

    ```yaml silent CreateAlgorithmInput
    AlgorithmName: forecaster
    TrainingSpecification: {TrainingChannels: [{Name: train}]}
    ```
    """
    if old is not None and new is not None and context.changes:
        name = known(new, "AlgorithmName")
        if name is not None and name == known(old, "AlgorithmName"):
            yield Problem(
                "AlgorithmName",
                f"OLD and NEW are both named {shown(name)}; an algorithm cannot be changed, so NEW needs"
                " another name",
            )


@diff_rule(
    on=REQUEST,
    severity="error",
    breaks=("listing",),
    evidence="reference: CreateAlgorithmInput.CertifyForMarketplace, botocore 1.44.8; what is not "
    "certified cannot be listed",
)
def diff_marketplace_lost(old: Any, new: Any) -> Iterator[Problem]:
    """The algorithm is no longer certified for AWS Marketplace, so NEW cannot be listed there.

    ```yaml old CreateAlgorithmInput
    AlgorithmName: forecaster-1
    CertifyForMarketplace: true
    ```

    ```yaml new CreateAlgorithmInput
    AlgorithmName: forecaster-2
    CertifyForMarketplace: false
    ```

    ```yaml silent CreateAlgorithmInput
    AlgorithmName: forecaster-2
    CertifyForMarketplace: true
    ```
    """
    if flag(old, "CertifyForMarketplace") and not flag(new, "CertifyForMarketplace"):
        message = "CertifyForMarketplace is no longer true; NEW cannot be listed"
        yield Problem(Key("CertifyForMarketplace"), message)


@diff_rule(
    on="TrainingSpecification",
    severity="warning",
    summarizes=True,
    evidence="derived: hyperparameters and channels are implemented by the image",
)
def diff_same_image(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """Hyperparameters or channels changed, but TrainingImage did not.

    ```yaml old
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:2
    TrainingChannels: [{Name: train}]
    ```

    ```yaml new
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:2
    TrainingChannels: [{Name: train}, {Name: labels}]
    ```

    ```yaml silent
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:3
    TrainingChannels: [{Name: train}, {Name: labels}]
    ```
    """
    if old is not None and new is not None and any(c.shape in _IMPLEMENTED for c in context.changes):
        image = known(new, "TrainingImage")
        if image is not None and image == known(old, "TrainingImage"):
            yield Problem("TrainingImage", "hyperparameters or channels changed, but TrainingImage did not")


@diff_rule(
    on="TrainingSpecification",
    severity="info",
    evidence="reference: TrainingSpecification.TrainingImage, botocore 1.44.8; the registry path names "
    "a Region, and SageMaker pulls images of its own Region",
)
def diff_region(old: Any, new: Any) -> Iterator[Problem]:
    """TrainingImage is in another Region, where jobs of OLD and their data are not.

    ```yaml old
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:2
    ```

    ```yaml new
    TrainingImage: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/forecaster:2
    ```

    ```yaml silent
    TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/forecaster:3
    ```
    """
    if old is not None and new is not None:
        before, after = (image(known(one, "TrainingImage") or "").region for one in (old, new))
        if before is not None and after is not None and before != after:
            yield Problem("TrainingImage", f"the image was in {before} and is in {after}")


@diff_rule(
    on=REQUEST,
    severity="info",
    breaks=("warm-start", "deploy"),
    evidence="derived: the inference image loads what the training image wrote",
)
def diff_artifact_contract(old: Any, new: Any) -> Iterator[Problem]:
    """The training image changed, but the inference image did not, or the reverse.

    The inference image loads the artifacts that the training image wrote. Check that it still loads those
    of OLD.

    ```yaml old CreateAlgorithmInput
    TrainingSpecification: {TrainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1"}
    InferenceSpecification: {Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"}]}
    ```

    ```yaml new CreateAlgorithmInput
    TrainingSpecification: {TrainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/train:2"}
    InferenceSpecification: {Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"}]}
    ```

    ```yaml silent CreateAlgorithmInput
    TrainingSpecification: {TrainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/train:2"}
    InferenceSpecification: {Containers: [{Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:2"}]}
    ```
    """
    training, inference = ([_images(one, *route) for one in (old, new)] for route in (_TRAINING, _INFERENCE))
    if all(training) and all(inference):
        differ = training[0] != training[1], inference[0] != inference[1]
        if differ[0] != differ[1]:
            which = "training" if differ[0] else "inference"
            where = ("TrainingSpecification", "TrainingImage") if differ[0] else ("InferenceSpecification",)
            yield Problem(where, f"only the {which} image changed; artifacts of OLD may not load")


_TRAINING = ("TrainingSpecification", "TrainingImage")
_INFERENCE = ("InferenceSpecification", "Containers", ..., "Image")


def _images(request: Any, *route: Any) -> list[str]:
    """Return all images at a route; raises `Undecided` where some may be hidden."""
    return [text for _, text in every(request, *route)]


@diff_rule(
    on=REQUEST,
    severity="info",
    breaks=("listing",),
    evidence="derived: SageMaker runs the validation profiles only",
)
def diff_coverage_lost(old: Any, new: Any) -> Iterator[Problem]:
    """The validation profiles no longer cover a channel, or no longer run a transform job.

    ```yaml old CreateAlgorithmInput
    TrainingSpecification: {TrainingChannels: [{Name: train}, {Name: test}]}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition: {InputDataConfig: [{ChannelName: train}, {ChannelName: test}]}
    ```

    ```yaml new CreateAlgorithmInput
    TrainingSpecification: {TrainingChannels: [{Name: train}, {Name: test}]}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition: {InputDataConfig: [{ChannelName: train}]}
    ```
    """
    declared = {name for _, name in every(new, "TrainingSpecification", "TrainingChannels", ..., "Name")}
    profiles = ("ValidationSpecification", "ValidationProfiles", ...)
    covered = (*profiles, "TrainingJobDefinition", "InputDataConfig", ..., "ChannelName")
    before, after = ({name for _, name in every(one, *covered)} for one in (old, new))
    lost = sorted(before & declared - after)
    if lost:
        message = f"no validation profile has a channel {listed(lost)} any more"
        yield Problem(Key("ValidationSpecification"), message)
    transforms = (*profiles, "TransformJobDefinition")
    if every(old, *transforms) and not every(new, *transforms):
        yield Problem(Key("ValidationSpecification"), "no validation profile runs a transform job any more")
