"""Changed inference: what transform jobs and endpoints can no longer do."""

from __future__ import annotations

from algolint import Key, Problem, every, listed
from algolint.aws.instances import RETIRED
from algolint.aws.notation import instance_family, media_type
from algolint.compare.diff import diff_rule

from ._facts import gone, known, known_texts, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

INFERENCE = "InferenceSpecification"


@diff_rule(
    on=INFERENCE,
    severity="error",
    breaks=("transform", "deploy", "listing"),
    evidence="reference: InferenceSpecification, what a model package is made with",
)
def diff_inference_removed(old: Any, new: Any) -> Iterator[Problem]:
    """The InferenceSpecification is gone; models trained with NEW cannot be packaged.

    ```yaml old CreateAlgorithmInput
    AlgorithmName: forecaster-1
    InferenceSpecification: {Containers: [], SupportedContentTypes: [text/csv]}
    ```

    ```yaml new CreateAlgorithmInput
    AlgorithmName: forecaster-2
    ```
    """
    if old is not None and new is None:
        yield Problem((), "InferenceSpecification is gone; models trained with it cannot be packaged")


@diff_rule(
    on=INFERENCE,
    severity="error",
    breaks=("transform", "deploy"),
    evidence="reference: InferenceSpecification, SupportedContentTypes and SupportedResponseMIMETypes",
)
def diff_inference_type_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A content type or response type is gone; clients that use it break.

    ```yaml old InferenceSpecification
    SupportedResponseMIMETypes: [text/csv, application/json]
    ```

    ```yaml new InferenceSpecification
    SupportedResponseMIMETypes: [text/csv]
    ```

    ```yaml silent InferenceSpecification
    SupportedResponseMIMETypes: [Application/JSON, text/csv]
    ```
    """
    if old is None or new is None:
        return
    for field in ("SupportedContentTypes", "SupportedResponseMIMETypes"):
        left = {media_type(text) for text in texts(new, field) or ()}
        missing = [text for text in known_texts(old, field) if media_type(text) not in left]
        if missing:
            yield Problem(field if field in new else Key(field), f"{listed(missing)} gone from {field}")


@diff_rule(
    on=INFERENCE,
    severity="error",
    also=("warning",),
    breaks=("transform", "deploy"),
    evidence="reference: InferenceSpecification, the lists of supported instance types",
)
def diff_inference_instance_removed(old: Any, new: Any) -> Iterator[Problem]:
    """Instance types are gone from the lists for batch transform or real-time inference.

    ```yaml old InferenceSpecification
    SupportedTransformInstanceTypes: [ml.m5.xlarge, ml.c5.xlarge]
    ```

    ```yaml new InferenceSpecification
    SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml silent InferenceSpecification
    SupportedTransformInstanceTypes: [ml.c5.xlarge, ml.m5.xlarge]
    ```
    """
    if old is None or new is None:
        return
    for field in ("SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes"):
        missing = gone(old, new, field)
        if missing:
            retired = all(instance_family(name) in RETIRED for name in missing)
            what = f"{listed(missing)} gone from {field}"
            yield Problem(field if field in new else Key(field), what, "warning" if retired else None)


@diff_rule(
    on=INFERENCE,
    severity="warning",
    breaks=("deploy",),
    evidence="reference: InferenceSpecification, Containers run in their order",
)
def diff_containers_changed(old: Any, new: Any) -> Iterator[Problem]:
    """The number of containers changed, or their names or order.

    Artifacts that were trained with OLD are then loaded by other code.

    ```yaml old InferenceSpecification
    Containers: [{ContainerHostname: prepare}, {ContainerHostname: predict}]
    ```

    ```yaml new InferenceSpecification
    Containers: [{ContainerHostname: predict}]
    ```

    ```yaml silent InferenceSpecification
    Containers: [{ContainerHostname: prepare}, {ContainerHostname: predict}]
    SupportedContentTypes: [text/csv]
    ```
    """
    if old is None or new is None:
        return
    before = [known(container, "ContainerHostname") for _, container in every(old, "Containers", ...)]
    after = [known(container, "ContainerHostname") for _, container in every(new, "Containers", ...)]
    if len(before) != len(after):
        message = f"the pipeline had {len(before)} containers and has {len(after)}"
        yield Problem("Containers", f"{message}; artifacts of OLD are loaded by other code")
    elif before != after:
        yield Problem("Containers", "the containers have other names or another order")


@diff_rule(
    on=INFERENCE,
    severity="warning",
    breaks=("transform", "deploy"),
    evidence="derived: whoever set a variable of the container finds it gone",
)
def diff_environment_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A variable is gone from the Environment of a container.

    ```yaml old InferenceSpecification
    Containers: [{Environment: {WORKERS: "4", LOG_LEVEL: info}}]
    ```

    ```yaml new InferenceSpecification
    Containers: [{Environment: {LOG_LEVEL: info}}]
    ```
    """
    if old is None or new is None:
        return
    before, after = every(old, "Containers", ...), every(new, "Containers", ...)
    if len(before) != len(after):
        return
    for (_, one), (path, other) in zip(before, after, strict=True):
        variables, left = known(one, "Environment") or {}, known(other, "Environment") or {}
        missing = [name for name in variables if known(left, name) is None]
        if missing:
            yield Problem(Key(*path, "Environment"), f"{listed(missing)} gone from Environment")
