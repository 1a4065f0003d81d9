"""Changed inference: what transform jobs and endpoints can no longer do."""

from __future__ import annotations

from algolint import Key, Problem, every, lacks, listed
from algolint.compare.diff import diff_rule

from ._facts import known, only_in_first, removed_instances, uncovered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path

INFERENCE = "InferenceSpecification"


@diff_rule(
    on=INFERENCE,
    severity="error",
    breaks=("transform", "deploy", "listing"),
    evidence="reference: CreateAlgorithmInput.InferenceSpecification, botocore 1.44.8; without it no "
    "model package is made of a trained model",
)
def diff_inference_removed(old: Any, new: Any) -> Iterator[Problem]:
    """The InferenceSpecification was removed; models trained with NEW cannot be packaged.

    ```yaml old CreateAlgorithmInput
    AlgorithmName: forecaster-1
    InferenceSpecification: {Containers: [], SupportedContentTypes: [text/csv]}
    ```

    ```yaml new CreateAlgorithmInput
    AlgorithmName: forecaster-2
    ```
    """
    if old is not None and new is None:
        yield Problem((), "InferenceSpecification was removed; models trained with NEW cannot be packaged")


@diff_rule(
    on=INFERENCE,
    severity="error",
    also=("warning",),
    breaks=("transform", "deploy"),
    evidence="reference: InferenceSpecification.SupportedContentTypes and "
    "InferenceSpecification.SupportedResponseMIMETypes, botocore 1.44.8; the types that "
    "clients send and get",
)
def diff_inference_type_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A content type or response type was removed; clients that use it break.

    If the whole list was removed, no type is rejected, so this is a warning: clients can no longer look up
    which types the container accepts.

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
        missing = uncovered(old, new, field)
        if missing and field in new:
            yield Problem(field, f"{field} no longer lists {listed(missing)}")
        elif missing:
            yield Problem(Key(field), f"{field} was removed; without it any type is accepted", "warning")


@diff_rule(
    on=INFERENCE,
    severity="error",
    also=("warning",),
    breaks=("transform",),
    evidence="reference: InferenceSpecification.SupportedTransformInstanceTypes, botocore 1.44.8; a "
    "transform job runs on one of them",
)
def diff_transform_instance_removed(old: Any, new: Any) -> Iterator[Problem]:
    """Instance types for batch transform were removed; transform jobs that use them are rejected.

    It is a warning for families that EC2 no longer offers.

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
    if old is not None and new is not None:
        yield from removed_instances(old, new, "SupportedTransformInstanceTypes")


@diff_rule(
    on=INFERENCE,
    severity="error",
    also=("warning",),
    breaks=("deploy",),
    evidence="reference: InferenceSpecification.SupportedRealtimeInferenceInstanceTypes, botocore "
    "1.44.8; an endpoint runs on them",
)
def diff_realtime_instance_removed(old: Any, new: Any) -> Iterator[Problem]:
    """Instance types for real-time inference were removed; new endpoints cannot use them.

    It is a warning for families that EC2 no longer offers.

    ```yaml old InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.xlarge, ml.c5.xlarge]
    ```

    ```yaml new InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml silent InferenceSpecification
    SupportedRealtimeInferenceInstanceTypes: [ml.c5.xlarge, ml.m5.xlarge]
    ```
    """
    if old is not None and new is not None:
        yield from removed_instances(old, new, "SupportedRealtimeInferenceInstanceTypes")


@diff_rule(
    on=INFERENCE,
    severity="warning",
    breaks=("deploy",),
    evidence="reference: InferenceSpecification.Containers, botocore 1.44.8; the containers that serve "
    "the model, in their order",
)
def diff_containers_changed(old: Any, new: Any) -> Iterator[Problem]:
    """The number, the names or the order of the containers changed.

    Other code then loads the artifacts that were trained with OLD.

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
        message = f"the number of containers changed from {len(before)} to {len(after)}"
        yield Problem("Containers", f"{message}; other code loads the artifacts of OLD")
    elif before != after:
        yield Problem("Containers", "the names or the order of the containers changed")


@diff_rule(
    on=INFERENCE,
    severity="warning",
    breaks=("transform", "deploy"),
    evidence="derived: the container no longer gets the variable",
)
def diff_environment_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A variable was removed from the Environment of a container.

    ```yaml old InferenceSpecification
    Containers: [{Environment: {WORKERS: "4", LOG_LEVEL: info}}]
    ```

    ```yaml new InferenceSpecification
    Containers: [{Environment: {LOG_LEVEL: info}}]
    ```
    """
    for path, before, after in _environments(old, new):
        missing = [name for name in before if lacks(after, name)]
        if missing:
            yield Problem(Key(*path, "Environment"), f"Environment no longer sets {listed(missing)}")


@diff_rule(
    on=INFERENCE,
    severity="info",
    evidence="derived: every request that OLD accepts is valid for NEW",
)
def diff_inference_widened(old: Any, new: Any) -> Iterator[Problem]:
    """Inference is new, or supports more instance types or content types than before.

    ```yaml old InferenceSpecification
    SupportedContentTypes: [text/csv]
    ```

    ```yaml new InferenceSpecification
    SupportedContentTypes: [text/csv, application/json]
    ```

    ```yaml silent InferenceSpecification
    SupportedContentTypes: [TEXT/CSV]
    ```
    """
    if old is None and new is not None:
        yield Problem((), "InferenceSpecification was added; models can be packaged")
    if old is None or new is None:
        return
    for field in ("SupportedContentTypes", "SupportedResponseMIMETypes"):
        if added := uncovered(new, old, field):
            yield Problem(field, f"{field} now lists {listed(added)}")
    for field in ("SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes"):
        if added := only_in_first(new, old, field):
            yield Problem(field, f"{field} now lists {listed(added)}")


@diff_rule(
    on=INFERENCE,
    severity="info",
    breaks=("transform", "deploy"),
    evidence="derived: the variables configure the container",
)
def diff_environment_changed(old: Any, new: Any) -> Iterator[Problem]:
    """The value of a container's environment variable changed.

    ```yaml old InferenceSpecification
    Containers: [{Environment: {WORKERS: "4"}}]
    ```

    ```yaml new InferenceSpecification
    Containers: [{Environment: {WORKERS: "8"}}]
    ```

    ```yaml silent InferenceSpecification
    Containers: [{Environment: {WORKERS: "4", LOG_LEVEL: info}}]
    ```
    """
    for path, before, after in _environments(old, new):
        changed = [name for name in before if name in after and known(before, name) != known(after, name)]
        if changed:
            yield Problem((*path, "Environment"), f"the value of {listed(changed)} in Environment changed")


def _environments(old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield the path of each container of NEW, and its variables in OLD and in NEW."""
    if old is not None and new is not None:
        before, after = every(old, "Containers", ...), every(new, "Containers", ...)
        if len(before) == len(after):
            for (_, one), (path, other) in zip(before, after, strict=True):
                yield path, _variables(one), _variables(other)


def _variables(container: Any) -> Any:
    found = known(container, "Environment")
    return {} if found is None else found
