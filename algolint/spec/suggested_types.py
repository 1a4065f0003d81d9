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
# The lists of supported types, each with the routes where validation profiles use a type of the list.
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
    """Drop the fixes after which a validation profile would use an instance type that its list lacks.

    `request` is the bound request, in which unknown instance types are unknown values. The suggestion stays
    in the message, but being the most similar name is no reason to break what fits together.
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
    """Whether a path follows a route."""
    return len(path) == len(route) and all(
        isinstance(step, int) if there is ... else step == there
        for step, there in zip(path, route, strict=True)
    )
