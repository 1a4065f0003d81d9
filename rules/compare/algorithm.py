"""The algorithm as a whole: its name, its certification, its images."""

from __future__ import annotations

from algolint import Key, Problem, shown
from algolint.compare.diff import Context, diff_rule

from ._facts import flag, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

REQUEST = "CreateAlgorithmInput"
_CONTRACT = ("HyperParameterSpecification", "ChannelSpecification")


@diff_rule(
    on=REQUEST,
    severity="warning",
    evidence="guide: sagemaker-mkt-create-algo, the name must be unique in your account and Region",
)
def diff_same_name(old: Any, new: Any, context: Context) -> Iterator[Problem]:
    """Both have the same AlgorithmName, and an algorithm cannot be changed.

    A release is a new algorithm, with a name of its own.

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
    if old is not None and new is not None and context.changed(*_CONTRACT):
        name = known(new, "AlgorithmName")
        if name is not None and name == known(old, "AlgorithmName"):
            message = f"both are called {shown(name)}; an algorithm cannot be changed, NEW needs another name"
            yield Problem("AlgorithmName", message)


@diff_rule(
    on=REQUEST,
    severity="error",
    breaks=("listing",),
    evidence="reference: CreateAlgorithm, CertifyForMarketplace",
)
def diff_marketplace_lost(old: Any, new: Any) -> Iterator[Problem]:
    """The algorithm is no longer certified for the Marketplace, so that this version cannot be listed.

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
        yield Problem(Key("CertifyForMarketplace"), "no longer certified; this version cannot be listed")


@diff_rule(
    on="TrainingSpecification",
    severity="warning",
    evidence="derived: hyperparameters and channels are implemented by the image",
)
def diff_same_image(old: Any, new: Any, context: Context) -> Iterator[Problem]:
    """Hyperparameters or channels changed, and TrainingImage did not.

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
    if old is not None and new is not None and context.changed(*_CONTRACT):
        image = known(new, "TrainingImage")
        if image is not None and image == known(old, "TrainingImage"):
            message = "hyperparameters or channels changed, and the image did not"
            yield Problem("TrainingImage", message)
