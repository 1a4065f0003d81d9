"""Jobs in the form of validation profiles, so that the rules on profiles can judge them.

A profile's TrainingJobDefinition has the fields of a training job, at other paths. `views_of` returns the
jobs of a request in that form, and `JobView.path` the path in the request of a value in it.
"""

from __future__ import annotations

from algolint.jobs.recognition import TRAINING, TRANSFORM, TUNING
from algolint.values import UNKNOWN, OpenDict, is_open, lacks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path

#: The path of the profiles in a CreateAlgorithm request.
PROFILES = ("ValidationSpecification", "ValidationProfiles")

# The fields of a profile's job, with their paths in a request.
_TRAINING: dict[str, Path] = {
    "TrainingInputMode": ("AlgorithmSpecification", "TrainingInputMode"),
    "HyperParameters": ("HyperParameters",),
    "InputDataConfig": ("InputDataConfig",),
    "OutputDataConfig": ("OutputDataConfig",),
    "ResourceConfig": ("ResourceConfig",),
    "StoppingCondition": ("StoppingCondition",),
}
_DEFINITION = {**_TRAINING, "HyperParameters": ("StaticHyperParameters",)}
_TRANSFORM: dict[str, Path] = {
    field: (field,)
    for field in (
        "MaxConcurrentTransforms",
        "MaxPayloadInMB",
        "BatchStrategy",
        "Environment",
        "TransformInput",
        "TransformOutput",
        "TransformResources",
    )
}
#: The hyperparameter that the service sets to the objective metric.
OBJECTIVE = "_tuning_objective_metric"
_TUNED_RESOURCES = "HyperParameterTuningResourceConfig"
_RANGES = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")
#: The lists of a tuning job's ranges, with the Type of the hyperparameters in each; "" for any Type.
KINDS = {**{field: field.removesuffix("ParameterRanges") for field in _RANGES}, "AutoParameters": ""}


class JobView:
    """A job in the form of a profile's job."""

    __slots__ = ("_base", "_routes", "field", "searched", "values")

    def __init__(self, field: str, job: dict[str, Any], base: Path, routes: dict[str, Path]) -> None:
        #: The field of a profile: TrainingJobDefinition or TransformJobDefinition.
        self.field = field
        self._base = base
        self._routes = routes
        #: The hyperparameters that a tuning job searches, and the paths of their ranges in the request.
        self.searched: dict[str, Path] = {}
        self.values: dict[str, Any] = OpenDict() if is_open(job) else {}
        for name, route in routes.items():
            value = _at(job, route)
            if value is not None:
                self.values[name] = value

    def path(self, path: Path) -> Path:
        """Return the path in the request of a value of the view."""
        if not path:
            return self._base
        if path[0] == "HyperParameters" and len(path) > 1 and path[1] in self.searched:
            return (*self.searched[str(path[1])], "Name")
        route = self._routes.get(str(path[0]), path[:1])
        if route[-1] == _TUNED_RESOURCES and path[1:2] == ("InstancePreferences",):
            return (*self._base, *route, "InstanceConfigs", *path[2:])
        return (*self._base, *route, *path[1:])


def _at(job: dict[str, Any], route: Path) -> Any:
    """Return the value at a route, or None if it is certainly absent or the job itself is open."""
    value: Any = job
    for step in route:
        if not isinstance(value, dict):
            return UNKNOWN
        if step not in value:
            return UNKNOWN if is_open(value) and value is not job else None
        value = value[step]
    return value


class Range:
    """A range of a tuning job: the values to try for one hyperparameter."""

    __slots__ = ("field", "path", "values")

    def __init__(self, path: Path, field: str, values: dict[str, Any]) -> None:
        self.path = path
        #: The list that it is in.
        self.field = field
        self.values = values

    @property
    def name(self) -> str | None:
        """The name of the hyperparameter, or None if it is not known."""
        name = self.values.get("Name")
        return name if isinstance(name, str) else None

    @property
    def kind(self) -> str:
        """The Type of hyperparameter of its list; "" for any Type."""
        return KINDS[self.field]


class Search:
    """The hyperparameters that a definition of a tuning job searches, and those that it fixes."""

    __slots__ = ("definition", "objective", "path", "ranges", "ranges_path")

    def __init__(self, config: dict[str, Any], definition: dict[str, Any], path: Path) -> None:
        self.path = path
        self.definition = definition
        at: Path = ("HyperParameterTuningJobConfig",)
        #: The ParameterRanges and their path; None if they are certainly absent.
        self.ranges: Any = config.get("ParameterRanges", UNKNOWN if is_open(config) else None)
        self.ranges_path: Path = (*at, "ParameterRanges")
        if "HyperParameterRanges" in definition or self.ranges is None:
            self.ranges = _at(definition, ("HyperParameterRanges",))
            self.ranges_path = (*path, "HyperParameterRanges")
        #: The path and value of the objective, or None if none is known.
        self.objective: tuple[Path, dict[str, Any]] | None = None
        for base, holder, field in (
            (path, definition, "TuningObjective"),
            (at, config, "HyperParameterTuningJobObjective"),
        ):
            if self.objective is None and isinstance(holder.get(field), dict):
                self.objective = (*base, field), holder[field]

    def searched(self) -> Iterator[Range]:
        """Yield each known range."""
        if isinstance(self.ranges, dict):
            for field in KINDS:
                items = self.ranges.get(field)
                for index, item in enumerate(items if isinstance(items, list) else ()):
                    if isinstance(item, dict):
                        yield Range((*self.ranges_path, field, index), field, item)

    def names(self) -> dict[str, Path]:
        """Return the names of searched hyperparameters, each with the path of its range."""
        found: dict[str, Path] = {}
        for searched in self.searched():
            if searched.name is not None:
                found.setdefault(searched.name, searched.path)
        return found

    @property
    def static(self) -> dict[str, Any]:
        """The fixed hyperparameters, as far as they are known."""
        static = self.definition.get("StaticHyperParameters")
        return static if isinstance(static, dict) else OpenDict()

    @property
    def is_known(self) -> bool:
        """Whether all searched names are known."""
        if self.ranges is None:
            return not is_open(self.definition)
        if not isinstance(self.ranges, dict) or is_open(self.ranges):
            return False
        lists = [self.ranges[field] for field in KINDS if field in self.ranges]
        if any(not isinstance(items, list) or is_open(items) for items in lists):
            return False
        return all(
            isinstance(item, dict) and isinstance(item.get("Name"), str) for items in lists for item in items
        )


def searches_of(request: Any) -> list[Search]:
    """Return the search of each known training job definition of a tuning job."""
    if not isinstance(request, dict):
        return []
    config = request.get("HyperParameterTuningJobConfig")
    if not isinstance(config, dict):
        config = {} if lacks(request, "HyperParameterTuningJobConfig") else OpenDict()
    return [Search(config, definition, path) for path, definition in _definitions(request)]


def _definitions(request: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    single, several = request.get("TrainingJobDefinition"), request.get("TrainingJobDefinitions")
    if isinstance(single, dict):
        yield ("TrainingJobDefinition",), single
    for index, item in enumerate(several if isinstance(several, list) else ()):
        if isinstance(item, dict):
            yield ("TrainingJobDefinitions", index), item


def views_of(request: Any, shape: str) -> list[JobView]:
    """Return the training and transform jobs of a request, in the form of profiles."""
    if not isinstance(request, dict):
        return []
    if shape == TRAINING:
        return [JobView("TrainingJobDefinition", request, (), _TRAINING)]
    if shape == TRANSFORM:
        return [JobView("TransformJobDefinition", request, (), _TRANSFORM)]
    return [_tuned(search) for search in searches_of(request)] if shape == TUNING else []


def _tuned(search: Search) -> JobView:
    """Return the view of a definition's jobs, in which searched hyperparameters are unknown."""
    resources = search.definition.get(_TUNED_RESOURCES)
    routes = _DEFINITION
    if isinstance(resources, dict) and "ResourceConfig" not in search.definition:
        routes = {**_DEFINITION, "ResourceConfig": (_TUNED_RESOURCES,)}
    view = JobView("TrainingJobDefinition", search.definition, search.path, routes)
    if isinstance(resources, dict) and routes is not _DEFINITION:
        view.values["ResourceConfig"] = _resources(resources)
    static = view.values.get("HyperParameters", {})
    if isinstance(static, dict):
        view.searched = {name: path for name, path in search.names().items() if name not in static}
        values = dict.fromkeys(view.searched, UNKNOWN) | static
        if not search.is_known or is_open(static):
            view.values["HyperParameters"] = OpenDict(values)
        elif values:
            view.values["HyperParameters"] = values
    return view


def _resources(resources: dict[str, Any]) -> dict[str, Any]:
    """Return the instance types and counts that a tuning job may use, in the form of a ResourceConfig."""
    # It is open because volumes and strategies of tuning jobs have rules of their own.
    found: dict[str, Any] = OpenDict(
        {field: resources[field] for field in ("InstanceType", "InstanceCount") if field in resources}
    )
    match resources.get("InstanceConfigs"):
        case list() as configs:
            found["InstancePreferences"] = type(configs)(
                OpenDict(config) if isinstance(config, dict) else UNKNOWN for config in configs
            )
    return found
