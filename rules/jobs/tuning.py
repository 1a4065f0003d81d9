"""What a tuning job searches, and what the algorithm lets it search."""

from __future__ import annotations

from algolint import Key, Problem, Related, Replace, is_open, listed, meant, nearest, rule, shown
from algolint.aws.notation import NUMBER_NAMES, compared, number
from algolint.jobs.context import InAlgorithm
from algolint.jobs.views import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext
    from algolint.jobs.views import Search
    from algolint.values import Path

REQUEST = "CreateHyperParameterTuningJobRequest"
_OBJECTIVE = "_tuning_objective_metric"


def _named(search: Search) -> Iterator[tuple[Path, str, str, dict[str, Any]]]:
    """Yield each range whose name is known: its path, the list that it is in, the name and the range."""
    for path, field, item in search.searched():
        name = item.get("Name")
        if isinstance(name, str):
            yield path, field, name, item


def _declared(
    search: Search, context: JobContext
) -> Iterator[tuple[Path, str, str, dict[str, Any], Path, dict[str, Any]]]:
    """As `_named`, of declared hyperparameters, with the path of the declaration and the declaration."""
    declared = context.algorithm.certain_hyperparameters
    for path, field, name, item in _named(search):
        if name in declared:
            yield (path, field, name, item, *declared[name])


@rule(
    on=REQUEST,
    severity="error",
    evidence="reference: HyperParameterSpecification.IsTunable, botocore 1.44.8; 'Indicates whether this "
    "hyperparameter is tunable in a hyperparameter tuning job.'",
    replaces=("profile-hp-unknown",),
    fix="unsafe",
)
def tune_hp_unknown(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches a hyperparameter that the algorithm does not declare.

    The names in SupportedHyperParameters, letter case included, are all that a job can set. The SageMaker
    SDK checks them where a training job sets them, and not where a tuning job searches them. The fix takes
    the nearest declared name.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: max_depth, Type: Integer, IsTunable: true}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: max_dept, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: max_depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```
    """
    for search in context.searches:
        for path, _field, name, _item in _named(search):
            declared = context.algorithm.hyperparameters
            if name not in declared:
                best = nearest(name[:256], declared)
                yield Problem(
                    (*path, "Name"),
                    f"{shown(name)} is not declared in SupportedHyperParameters{meant(name[:256], declared)}",
                    fix=Replace((*path, "Name"), best) if best else None,
                )


@rule(
    on=REQUEST,
    severity="error",
    evidence="service: awsdocs/amazon-sagemaker-developer-guide#90; a range of a hyperparameter that is not "
    "tunable is refused",
)
def tune_hp_not_tunable(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches a hyperparameter that the algorithm does not let be tuned.

    Only those with IsTunable true can be searched; without the field it is false. The value can be fixed in
    StaticHyperParameters instead.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: booster, Type: Categorical, IsTunable: false}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {CategoricalParameterRanges: [{Name: booster, Values: [gbtree, dart]}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig: {}
    TrainingJobDefinition:
      StaticHyperParameters: {booster: gbtree}
    ```
    """
    for search in context.searches:
        for path, _, name, _, at, declared in _declared(search, context):
            tunable = declared.get("IsTunable")
            if tunable is False or ("IsTunable" not in declared and not is_open(declared)):
                why = "IsTunable is false" if tunable is False else "IsTunable is absent, which means false"
                yield Problem(
                    (*path, "Name"),
                    f"{shown(name)} is not tunable",
                    related=InAlgorithm(Key(*at, "IsTunable"), why),
                )


@rule(
    on=REQUEST,
    severity="error",
    evidence="reference: ParameterRanges, botocore 1.44.8; a list for each type of hyperparameter",
)
def tune_hp_kind(_: Any, context: JobContext) -> Iterator[Problem]:
    """A range is in the list of another type than its hyperparameter has.

    An Integer belongs to IntegerParameterRanges, a Continuous to ContinuousParameterRanges, a Categorical to
    CategoricalParameterRanges. A FreeText can be searched in none of them.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: depth, Type: Integer, IsTunable: true}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {ContinuousParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```
    """
    for search in context.searches:
        for path, field, name, _, at, declared in _declared(search, context):
            kind = declared.get("Type")
            if isinstance(kind, str) and KINDS[field] not in ("", kind):
                limit = (
                    "a FreeText cannot be searched"
                    if kind == "FreeText"
                    else f"its range belongs to {kind}ParameterRanges"
                )
                yield Problem(
                    (*path, "Name"),
                    f"the Type of {shown(name)} is {kind}; {limit}",
                    related=InAlgorithm((*at, "Type"), f"Type is {kind}"),
                )


@rule(
    on=REQUEST,
    severity="error",
    evidence="service: awsdocs/amazon-sagemaker-developer-guide#90; a range that is less restrictive than "
    "the declared one is refused",
)
def tune_range_outside(_: Any, context: JobContext) -> Iterator[Problem]:
    """A range goes beyond the one that the algorithm declares.

    Each value that is tried has to be valid: MinValue and MaxValue within the declared limits, each of the
    Values among the declared ones, letter case included.

    ```yaml algorithm
    SupportedHyperParameters:
      - Name: depth
        Type: Integer
        IsTunable: true
        Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}}
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "2", MaxValue: "99"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "2", MaxValue: "10"}]}
    TrainingJobDefinition: {}
    ```
    """
    for search in context.searches:
        for path, field, name, item, at, declared in _declared(search, context):
            if declared.get("Type") != KINDS[field]:
                continue
            limits = context.algorithm.limits(declared)
            for end in ("MinValue", "MaxValue"):
                text = item.get(end)
                if limits and isinstance(text, str) and (broken := limits.broken_by(text)):
                    below, bound = broken
                    side = "less" if below[-1] == "MinValue" else "greater"
                    yield Problem(
                        (*path, end),
                        f"{end} {shown(text)} is {side} than the declared {below[-1]} {shown(bound)}"
                        f" of {shown(name)}",
                        related=InAlgorithm((*at, *below), f"{below[-1]} is {shown(bound)}"),
                    )
            yield from _other_categories(path, name, item, at, declared)


def _other_categories(
    path: Path, name: str, item: dict[str, Any], at: Path, declared: dict[str, Any]
) -> Iterator[Problem]:
    """Report the values of a range that are not among the declared ones."""
    match declared, item:
        case (
            {"Range": {"CategoricalParameterRangeSpecification": {"Values": [_, *_] as allowed}}},
            {"Values": list() as values},
        ) if type(allowed) is list and all(isinstance(value, str) for value in allowed):
            where = (*at, "Range", "CategoricalParameterRangeSpecification", "Values")
            for index, value in enumerate(values):
                if isinstance(value, str) and value not in allowed:
                    hint = meant(value, allowed) or f": {listed(allowed)}"
                    yield Problem(
                        (*path, "Values", index),
                        f"{shown(value)} is not in the declared Values of {shown(name)}{hint}",
                        related=InAlgorithm(Key(*where), "the values are listed here"),
                    )


_RANGES = ("IntegerParameterRange", "ContinuousParameterRange")


@rule(
    on=_RANGES, severity="error", evidence="reference: ParameterRange, botocore 1.44.8; the value is a number"
)
def tune_range_not_a_number(searched: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A limit of a range is not a number of its type.

    ```yaml bad
    Name: depth
    MinValue: "1"
    MaxValue: "2.5"
    ```

    ```yaml good
    Name: depth
    MinValue: "1"
    MaxValue: "2"
    ```
    """
    kind = context.kind_of(searched)
    for end in ("MinValue", "MaxValue"):
        text = searched.get(end)
        if kind and isinstance(text, str) and number(text, kind) is None:
            yield Problem(end, f"{end} {shown(text)} is not {NUMBER_NAMES[kind]}")


@rule(
    on=_RANGES,
    severity="error",
    evidence="service: aws/amazon-sagemaker-feedback#195; a range needs MaxValue above MinValue",
)
def tune_range_empty(searched: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """MinValue of a range is not less than MaxValue.

    A single value is not searched: set it in StaticHyperParameters.

    ```yaml bad
    Name: depth
    MinValue: "5"
    MaxValue: "1"
    ```

    ```yaml good
    Name: depth
    MinValue: "1"
    MaxValue: "5"
    ```

    ```yaml bad
    Name: depth
    MinValue: "5"
    MaxValue: "5"
    ```

    ```yaml good
    Name: depth
    MinValue: "5"
    MaxValue: "6"
    ```
    """
    match searched, context.kind_of(searched):
        case {"MinValue": str() as least, "MaxValue": str() as greatest}, str() as kind if kind:
            low, high = number(least, kind), number(greatest, kind)
            if low is None or high is None:
                return
            order = compared(low, high)
            if order > 0:
                yield Problem(
                    "MinValue",
                    f"MinValue {shown(least)} is greater than MaxValue {shown(greatest)}",
                    related=Related("MaxValue", f"MaxValue is {shown(greatest)}"),
                )
            elif order == 0:
                yield Problem(
                    "MaxValue",
                    f"MinValue and MaxValue are both {shown(greatest)}; set a single value in"
                    " StaticHyperParameters",
                )


@rule(
    on="CategoricalParameterRange",
    severity="error",
    also=("warning",),
    evidence="reference: CategoricalParameterRange.Values, botocore 1.44.8; the categories to search",
)
def tune_values_repeated(searched: dict[str, Any]) -> Iterator[Problem]:
    """A category is listed twice, or there is only one.

    A single category is a warning: nothing is searched, and the value can be set in StaticHyperParameters.

    ```yaml bad
    Name: booster
    Values: [gbtree, dart, gbtree]
    ```

    ```yaml good
    Name: booster
    Values: [gbtree, dart]
    ```

    ```yaml bad
    Name: booster
    Values: [gbtree]
    ```

    ```yaml good
    Name: booster
    Values: [gbtree, gblinear]
    ```
    """
    values = searched.get("Values")
    if not isinstance(values, list):
        return
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if isinstance(value, str) and seen.setdefault(value, index) != index:
            yield Problem(
                ("Values", index),
                f"{shown(value)} is listed twice",
                related=Related(("Values", seen[value]), "first listed here"),
            )
    if type(values) is list and len(values) == 1:
        yield Problem(
            Key("Values"),
            "a single category is not searched; set it in StaticHyperParameters",
            "warning",
        )


@rule(
    on=REQUEST,
    severity="error",
    evidence="sdk: sagemaker 2.257.7, tuner.py:917; a hyperparameter that is searched is removed from the "
    "static ones",
)
def tune_hp_twice(_: Any, context: JobContext) -> Iterator[Problem]:
    """A hyperparameter is searched twice, or both searched and fixed.

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {ContinuousParameterRanges: [{Name: eta, MinValue: "0.1", MaxValue: "0.5"}]}
    TrainingJobDefinition:
      StaticHyperParameters: {eta: "0.3"}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {ContinuousParameterRanges: [{Name: eta, MinValue: "0.1", MaxValue: "0.5"}]}
    TrainingJobDefinition:
      StaticHyperParameters: {gamma: "0.3"}
    ```
    """
    for search in context.searches:
        first: dict[str, Path] = {}
        static = search.definition.get("StaticHyperParameters")
        for path, _, name, _ in _named(search):
            if first.setdefault(name, path) != path:
                yield Problem(
                    (*path, "Name"),
                    f"{shown(name)} is searched twice",
                    related=Related((*first[name], "Name"), "first searched here"),
                )
            elif isinstance(static, dict) and name in static:
                yield Problem(
                    Key(*search.path, "StaticHyperParameters", name),
                    f"{shown(name)} is both searched and set in StaticHyperParameters",
                    related=Related((*path, "Name"), "searched here"),
                )


@rule(
    on=REQUEST,
    severity="error",
    evidence="reference: TrainingSpecification.SupportedTuningJobObjectiveMetrics, botocore 1.44.8; 'A list "
    "of the metrics that the algorithm emits that can be used as the objective metric'",
)
def tune_objective_undeclared(_: Any, context: JobContext) -> Iterator[Problem]:
    """The objective of a tuning job is not an objective metric of the algorithm.

    ```yaml algorithm
    SupportedTuningJobObjectiveMetrics: [{MetricName: "validation:rmse", Type: Minimize}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: validation_rmse, Type: Minimize}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: "validation:rmse", Type: Minimize}
    TrainingJobDefinition: {}
    ```
    """
    for path, objective in _objectives(context):
        name = objective.get("MetricName")
        names = list(dict.fromkeys(metric for metric, _ in context.objectives))
        if isinstance(name, str) and name not in names:
            hint = meant(name, names) or (f": {listed(names)}" if names else ", which declares none")
            yield Problem(
                (*path, "MetricName"),
                f"{shown(name)} is not an objective metric of the algorithm{hint}",
                related=context.objectives_location,
            )


@rule(
    on=REQUEST,
    severity="error",
    evidence="reference: HyperParameterTuningJobObjective.Type, botocore 1.44.8; part of the declaration",
    fix="unsafe",
)
def tune_objective_direction(_: Any, context: JobContext) -> Iterator[Problem]:
    """The algorithm declares the objective metric with the other Type only.

    ```yaml algorithm
    SupportedTuningJobObjectiveMetrics: [{MetricName: "validation:rmse", Type: Minimize}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: "validation:rmse", Type: Maximize}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      HyperParameterTuningJobObjective: {MetricName: "validation:rmse", Type: Minimize}
    TrainingJobDefinition: {}
    ```
    """
    for path, objective in _objectives(context):
        match objective:
            case {"MetricName": str() as name, "Type": str() as direction}:
                declared = [kind for metric, kind in context.objectives if metric == name]
                if declared and direction not in declared:
                    yield Problem(
                        (*path, "Type"),
                        f"{shown(name)} is declared as {declared[0]} only",
                        fix=Replace((*path, "Type"), declared[0]),
                        related=context.objectives_location,
                    )


def _objectives(context: JobContext) -> list[tuple[Path, dict[str, Any]]]:
    """The objectives of the definitions, each once, with their paths."""
    found = {search.objective[0]: search.objective[1] for search in context.searches if search.objective}
    return list(found.items())


@rule(
    on=REQUEST,
    severity="error",
    evidence="guide: Developer Guide, automatic-model-tuning-limits; 30 hyperparameters can be searched, "
    "and a job has 100",
)
def tune_too_many(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches more than 30 hyperparameters, or sets more than 100 altogether.

    The service adds `_tuning_objective_metric` to those of each training job.

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges:
        CategoricalParameterRanges:
          - {Name: a01, Values: [x, y]}
          - {Name: a02, Values: [x, y]}
          - {Name: a03, Values: [x, y]}
          - {Name: a04, Values: [x, y]}
          - {Name: a05, Values: [x, y]}
          - {Name: a06, Values: [x, y]}
          - {Name: a07, Values: [x, y]}
          - {Name: a08, Values: [x, y]}
          - {Name: a09, Values: [x, y]}
          - {Name: a10, Values: [x, y]}
          - {Name: a11, Values: [x, y]}
          - {Name: a12, Values: [x, y]}
          - {Name: a13, Values: [x, y]}
          - {Name: a14, Values: [x, y]}
          - {Name: a15, Values: [x, y]}
          - {Name: a16, Values: [x, y]}
        IntegerParameterRanges:
          - {Name: b01, MinValue: "1", MaxValue: "2"}
          - {Name: b02, MinValue: "1", MaxValue: "2"}
          - {Name: b03, MinValue: "1", MaxValue: "2"}
          - {Name: b04, MinValue: "1", MaxValue: "2"}
          - {Name: b05, MinValue: "1", MaxValue: "2"}
          - {Name: b06, MinValue: "1", MaxValue: "2"}
          - {Name: b07, MinValue: "1", MaxValue: "2"}
          - {Name: b08, MinValue: "1", MaxValue: "2"}
          - {Name: b09, MinValue: "1", MaxValue: "2"}
          - {Name: b10, MinValue: "1", MaxValue: "2"}
          - {Name: b11, MinValue: "1", MaxValue: "2"}
          - {Name: b12, MinValue: "1", MaxValue: "2"}
          - {Name: b13, MinValue: "1", MaxValue: "2"}
          - {Name: b14, MinValue: "1", MaxValue: "2"}
          - {Name: b15, MinValue: "1", MaxValue: "2"}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges:
        CategoricalParameterRanges:
          - {Name: a01, Values: [x, y]}
    TrainingJobDefinition: {}
    ```
    """
    for search in context.searches:
        names = search.names()
        if len(names) > 30:
            yield Problem(
                Key(*search.ranges_path), f"{len(names)} hyperparameters are searched; a tuning job takes 30"
            )
        static = search.definition.get("StaticHyperParameters")
        count = len(names.keys() | static.keys()) if isinstance(static, dict) else 0
        if count + 1 > 100:
            yield Problem(
                Key(*search.path, "StaticHyperParameters"),
                f"{count} hyperparameters are set or searched; with {_OBJECTIVE}, which the service adds, a"
                " job takes 100",
            )


@rule(
    on=_RANGES,
    severity="error",
    evidence="reference: ContinuousParameterRange.ScalingType, botocore 1.44.8; 'Logarithmic scaling works "
    "only for ranges that have only values greater than 0.'",
)
def tune_scaling(searched: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A range's ScalingType does not work for its values.

    Logarithmic scaling needs values above 0. ReverseLogarithmic needs values from 0 to below 1, and an
    integer range does not take it.

    ```yaml bad ContinuousParameterRange
    Name: eta
    MinValue: "0"
    MaxValue: "0.5"
    ScalingType: Logarithmic
    ```

    ```yaml good ContinuousParameterRange
    Name: eta
    MinValue: "0.001"
    MaxValue: "0.5"
    ScalingType: Logarithmic
    ```

    ```yaml bad
    Name: depth
    MinValue: "1"
    MaxValue: "5"
    ScalingType: ReverseLogarithmic
    ```

    ```yaml good
    Name: depth
    MinValue: "1"
    MaxValue: "5"
    ScalingType: Logarithmic
    ```
    """
    kind = context.kind_of(searched)
    match searched.get("ScalingType"):
        case str("ReverseLogarithmic") if kind == "Integer":
            yield Problem("ScalingType", "an integer range does not take ReverseLogarithmic scaling")
        case str("ReverseLogarithmic") if kind:
            yield from _outside(
                searched, kind, "MinValue", 0, "ReverseLogarithmic scaling needs values from 0"
            )
            yield from _outside(
                searched, kind, "MaxValue", 1, "ReverseLogarithmic scaling needs values below 1"
            )
        case str("Logarithmic") if kind:
            yield from _outside(searched, kind, "MinValue", 0, "Logarithmic scaling needs values above 0")


def _outside(searched: dict[str, Any], kind: str, end: str, limit: int, need: str) -> Iterator[Problem]:
    text = searched.get(end)
    value = number(text, kind) if isinstance(text, str) else None
    if value is None:
        return
    order = compared(value, limit)
    if (order < 0 or (order == 0 and "from" not in need)) if end == "MinValue" else order >= 0:
        yield Problem(
            end,
            f"{end} is {shown(text)}; {need}",
            related=Related("ScalingType", f"ScalingType is {searched['ScalingType']}"),
        )


@rule(
    on=REQUEST,
    severity="error",
    evidence="guide: Developer Guide, automatic-model-tuning-define-ranges; 'Grid' searches categorical "
    "parameters only, each combination once",
)
def tune_grid(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """A grid search has numeric ranges, or another number of jobs than combinations.

    Strategy Grid tries every combination of categories once. MaxNumberOfTrainingJobs is best left out; where
    it is given it is that number.

    ```yaml bad
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ParameterRanges: {CategoricalParameterRanges: [{Name: depth, Values: ["1", "3", "5"]}]}
    TrainingJobDefinition: {}
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ResourceLimits: {MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 1}
      ParameterRanges: {CategoricalParameterRanges: [{Name: depth, Values: ["1", "3", "5"]}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      Strategy: Grid
      ResourceLimits: {MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1}
      ParameterRanges: {CategoricalParameterRanges: [{Name: depth, Values: ["1", "3", "5"]}]}
    TrainingJobDefinition: {}
    ```
    """
    if _strategy(request) != "Grid":
        return
    is_numeric = False
    for search in context.searches:
        for path, field, item in search.searched():
            if field in ("IntegerParameterRanges", "ContinuousParameterRanges"):
                is_numeric = True
                name = item.get("Name")
                what = (
                    f"{shown(name)} is a range of numbers" if isinstance(name, str) else "a range of numbers"
                )
                yield Problem(path, f"{what}; Grid searches categories only")
    most, count = _most_jobs(request), _combinations(context)
    if most is not None and count is not None and most != count and not is_numeric:
        yield Problem(
            _MOST,
            f"MaxNumberOfTrainingJobs is {most}; Grid runs {count} jobs, one for each combination",
        )


_LIMITS = ("HyperParameterTuningJobConfig", "ResourceLimits")
_MOST = (*_LIMITS, "MaxNumberOfTrainingJobs")


def _strategy(request: dict[str, Any]) -> str | None:
    match request:
        case {"HyperParameterTuningJobConfig": {"Strategy": str() as strategy}}:
            return strategy
    return None


def _limit(request: dict[str, Any], field: str) -> int | None:
    match request:
        case {"HyperParameterTuningJobConfig": {"ResourceLimits": dict() as limits}}:
            value = limits.get(field)
            return value if isinstance(value, int) else None
    return None


def _most_jobs(request: dict[str, Any]) -> int | None:
    return _limit(request, "MaxNumberOfTrainingJobs")


def _combinations(context: JobContext) -> int | None:
    """How many combinations there are to search; None where there is no end of them, or it is not known."""
    total = 0
    for search in context.searches:
        count = 1
        for _, field, item in search.searched():
            size = _size(field, item)
            if size is None:
                return None
            count *= size
        if not search.is_known or not search.names():
            return None
        total += count
    return total or None


def _size(field: str, item: dict[str, Any]) -> int | None:
    """How many values a range has."""
    match field, item:
        case "CategoricalParameterRanges", {"Values": list() as values} if not is_open(values):
            return len(values)
        case "IntegerParameterRanges", {"MinValue": str() as least, "MaxValue": str() as greatest}:
            low, high = number(least, "Integer"), number(greatest, "Integer")
            if isinstance(low, int) and isinstance(high, int) and low <= high:
                return high - low + 1
    return None


@rule(
    on=REQUEST,
    severity="error",
    evidence="service: aws/amazon-sagemaker-operator-for-k8s#123; 'You don't have enough combinations of "
    "hyperparameter ranges.'",
)
def tune_combinations(request: dict[str, Any], context: JobContext) -> Iterator[Problem]:
    """There are fewer combinations of values than MaxNumberOfTrainingJobs.

    ```yaml bad
    HyperParameterTuningJobConfig:
      Strategy: Bayesian
      ResourceLimits: {MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 2}
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "3"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      Strategy: Bayesian
      ResourceLimits: {MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 2}
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "3"}]}
    TrainingJobDefinition: {}
    ```
    """
    most, count = _most_jobs(request), _combinations(context)
    if most is not None and count is not None and count < most and _strategy(request) not in (None, "Grid"):
        yield Problem(_MOST, f"there are only {count} combinations to search, and {most} jobs are requested")


@rule(
    on="HyperParameterTuningJobConfig",
    severity="error",
    evidence="reference: HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType, botocore 1.44.8; "
    "'TrainingJobEarlyStoppingType must be OFF to use Hyperband.'",
)
def tune_hyperband(config: dict[str, Any]) -> Iterator[Problem]:
    """Hyperband is combined with early stopping, or its settings are given to another strategy.

    Hyperband stops jobs by itself: TrainingJobEarlyStoppingType has to be Off or absent. StrategyConfig has
    settings of Hyperband alone.

    ```yaml bad
    Strategy: Hyperband
    TrainingJobEarlyStoppingType: Auto
    ```

    ```yaml good
    Strategy: Hyperband
    TrainingJobEarlyStoppingType: "Off"
    ```

    ```yaml bad
    Strategy: Bayesian
    StrategyConfig: {HyperbandStrategyConfig: {MinResource: 1, MaxResource: 9}}
    ```

    ```yaml good
    Strategy: Hyperband
    StrategyConfig: {HyperbandStrategyConfig: {MinResource: 1, MaxResource: 9}}
    ```
    """
    match config:
        case {"Strategy": str("Hyperband"), "TrainingJobEarlyStoppingType": str("Auto")}:
            yield Problem(
                "TrainingJobEarlyStoppingType",
                "TrainingJobEarlyStoppingType must be Off; Hyperband stops jobs by itself",
                related=Related("Strategy", "Strategy is Hyperband"),
            )
        case {"Strategy": str() as strategy, "StrategyConfig": {"HyperbandStrategyConfig": _}} if (
            strategy != "Hyperband"
        ):
            yield Problem(
                Key("StrategyConfig", "HyperbandStrategyConfig"),
                f"HyperbandStrategyConfig is for Strategy Hyperband, and Strategy is {strategy}",
                related=Related("Strategy", f"Strategy is {strategy}"),
            )


@rule(
    on="ResourceLimits",
    severity="warning",
    evidence="derived: no more jobs run at a time than run at all",
)
def tune_parallel(limits: dict[str, Any]) -> Iterator[Problem]:
    """More jobs may run at a time than run at all.

    ```yaml bad
    MaxNumberOfTrainingJobs: 4
    MaxParallelTrainingJobs: 8
    ```

    ```yaml good
    MaxNumberOfTrainingJobs: 8
    MaxParallelTrainingJobs: 4
    ```
    """
    match limits:
        case {"MaxNumberOfTrainingJobs": int() as most, "MaxParallelTrainingJobs": int() as parallel}:
            if parallel > most > 0:
                yield Problem(
                    "MaxParallelTrainingJobs",
                    f"MaxParallelTrainingJobs {parallel} is greater than MaxNumberOfTrainingJobs {most}",
                    related=Related("MaxNumberOfTrainingJobs", f"MaxNumberOfTrainingJobs is {most}"),
                )


@rule(
    on="HyperParameterTrainingJobDefinition",
    severity="error",
    evidence="reference: HyperParameterTuningResourceConfig.VolumeSizeInGB, botocore 1.44.8; 'Do not provide "
    "a value for this parameter if a value for InstanceConfigs is also specified.'",
)
def tune_resource_config(definition: dict[str, Any]) -> Iterator[Problem]:
    """The resources of a tuning job are given twice.

    A definition has a ResourceConfig or a HyperParameterTuningResourceConfig. In the latter InstanceConfigs
    has the types, counts and volumes, and none may be given beside it.

    ```yaml bad
    ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    HyperParameterTuningResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml good
    HyperParameterTuningResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}
    ```

    ```yaml bad
    HyperParameterTuningResourceConfig:
      VolumeSizeInGB: 30
      InstanceConfigs: [{InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}]
    ```

    ```yaml good
    HyperParameterTuningResourceConfig:
      InstanceConfigs: [{InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 30}]
    ```
    """
    field = "HyperParameterTuningResourceConfig"
    if field in definition and "ResourceConfig" in definition:
        yield Problem(
            Key("ResourceConfig"),
            f"ResourceConfig and {field} are both set; a definition takes one of them",
            related=Related(Key(field), "set here"),
        )
    resources = definition.get(field)
    if isinstance(resources, dict) and "InstanceConfigs" in resources:
        for other in ("InstanceType", "InstanceCount", "VolumeSizeInGB"):
            if other in resources:
                yield Problem(
                    Key(field, other),
                    f"{other} is set beside InstanceConfigs, whose items have it",
                    related=Related(Key(field, "InstanceConfigs"), "set here"),
                )


@rule(
    on=REQUEST,
    severity="error",
    evidence="reference: HyperParameterTrainingJobDefinition.Environment, botocore 1.44.8; 'the sum of the "
    "number of environment variables for all the training job definitions can't exceed the maximum'",
)
def tune_environment(_: Any, context: JobContext) -> Iterator[Problem]:
    """The definitions of a tuning job have more than 48 environment variables together.

    ```yaml bad
    TrainingJobDefinitions:
      - Environment: {a1: "", a2: "", a3: "", a4: "", a5: "", a6: "", a7: "", a8: "", a9: "", b1: "", b2: "",
          b3: "", b4: "", b5: "", b6: "", b7: "", b8: "", b9: "", c1: "", c2: "", c3: "", c4: "", c5: ""}
      - Environment: {a1: "", a2: "", a3: "", a4: "", a5: "", a6: "", a7: "", a8: "", a9: "", b1: "", b2: "",
          b3: "", b4: "", b5: "", b6: "", b7: "", b8: "", b9: "", c1: "", c2: "", c3: "", c4: "", c5: "",
          c6: "", c7: "", c8: ""}
    ```

    ```yaml good
    TrainingJobDefinitions:
      - Environment: {LOG_LEVEL: info}
    ```
    """
    total = 0
    for search in context.searches:
        environment = search.definition.get("Environment")
        count = len(environment) if isinstance(environment, dict) else 0
        total += count
        if total > 48 and 0 < count <= 48:
            yield Problem(
                Key(*search.path, "Environment"),
                f"{total} environment variables with this definition's; a tuning job takes 48",
            )
            return


@rule(
    on="HyperParameterTrainingJobDefinition",
    severity="warning",
    evidence="guide: Developer Guide, automatic-model-tuning-define-metrics; the service sets the "
    "hyperparameter itself",
)
def tune_static_objective(definition: dict[str, Any]) -> Iterator[Problem]:
    """The hyperparameter that the service sets to the objective metric is set by hand.

    ```yaml bad
    StaticHyperParameters: {_tuning_objective_metric: "validation:rmse"}
    ```

    ```yaml good
    StaticHyperParameters: {eval_metric: rmse}
    ```
    """
    static = definition.get("StaticHyperParameters")
    if isinstance(static, dict) and _OBJECTIVE in static:
        yield Problem(
            Key("StaticHyperParameters", _OBJECTIVE),
            f"{shown(_OBJECTIVE)} is set by the service to the objective metric",
        )


@rule(
    on=REQUEST,
    severity="error",
    evidence="reference: CreateHyperParameterTuningJob, botocore 1.44.8; TrainingJobDefinition and "
    "TrainingJobDefinitions",
)
def tune_definition(request: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job has no training job definition, or has both of the fields for one and for several.

    ```yaml bad
    HyperParameterTuningJobName: tune
    TrainingJobDefinition: {}
    TrainingJobDefinitions: [{}]
    ```

    ```yaml good
    HyperParameterTuningJobName: tune
    TrainingJobDefinition: {}
    ```
    """
    fields = [field for field in ("TrainingJobDefinition", "TrainingJobDefinitions") if field in request]
    if len(fields) > 1:
        yield Problem(
            Key(fields[1]),
            "TrainingJobDefinition and TrainingJobDefinitions are both set; a tuning job takes one of them",
            related=Related(Key(fields[0]), "set here"),
        )
    elif not fields and not is_open(request):
        yield Problem(Key(), "no TrainingJobDefinition: a tuning job needs one to know what to train")


@rule(
    on="ResourceLimits",
    severity="info",
    evidence="guide: Developer Guide, automatic-model-tuning-limits; the default quotas of an account",
)
def tune_limits(limits: dict[str, Any]) -> Iterator[Problem]:
    """A tuning job asks for more than the default quotas of an account: 750 jobs, 10 at a time.

    ```yaml bad
    MaxNumberOfTrainingJobs: 1000
    MaxParallelTrainingJobs: 4
    ```

    ```yaml good
    MaxNumberOfTrainingJobs: 100
    MaxParallelTrainingJobs: 4
    ```
    """
    for field, most in (("MaxNumberOfTrainingJobs", 750), ("MaxParallelTrainingJobs", 10)):
        value = limits.get(field)
        if isinstance(value, int) and value > most:
            yield Problem(field, f"{field} {value} is more than {most}, the default quota")
