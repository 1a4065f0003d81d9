"""Whether a suggested instance type fits the rest of a request."""

from __future__ import annotations

from algolint.rule import Replace
from algolint.values import select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import EllipsisType
    from typing import Any, TypeAlias

    from algolint.rule import Finding
    from algolint.values import Path

    Route: TypeAlias = tuple[str | EllipsisType, ...]

_PROFILE: Route = ("ValidationSpecification", "ValidationProfiles", ...)
_RESOURCES: Route = (*_PROFILE, "TrainingJobDefinition", "ResourceConfig")
# By the list of the types that an algorithm supports, where its validation uses one of them.
_USES: dict[Route, tuple[Route, ...]] = {
    ("TrainingSpecification", "SupportedTrainingInstanceTypes", ...): (
        (*_RESOURCES, "InstanceType"),
        (*_RESOURCES, "InstanceGroups", ..., "InstanceType"),
        (*_RESOURCES, "InstancePreferences", ..., "InstanceType"),
    ),
    ("InferenceSpecification", "SupportedTransformInstanceTypes", ...): (
        (*_PROFILE, "TransformJobDefinition", "TransformResources", "InstanceType"),
    ),
}


def withhold(found: Iterable[Finding], request: Any) -> None:
    """Take away the fixes whose instance type a list and the validation profile would disagree about.

    `request`: as it is bound, so that the types that are not known are unknown values. A suggestion stays in
    the message; that it is the one nearest in letters is no reason to break what fits.
    """
    suggestions = [
        (problem, problem.fix.value)
        for rule, problem in found
        if rule.name == "unknown-instance-type" and isinstance(problem.fix, Replace)
    ]
    for listed, uses in _USES.items() if suggestions else ():
        supported = {name for _, name in select(request, *listed)}
        used = {name for route in uses for _, name in select(request, *route)}
        for problem, name in suggestions:
            is_missed = _is_on(problem.path, listed) and not used <= {*supported, name}
            is_foreign = any(_is_on(problem.path, route) for route in uses) and name not in supported
            if is_missed or (is_foreign and supported):
                problem.fix = None


def _is_on(path: Path, route: Route) -> bool:
    """Whether a path is one of a route."""
    return len(path) == len(route) and all(
        isinstance(step, int) if there is ... else step == there
        for step, there in zip(path, route, strict=True)
    )
