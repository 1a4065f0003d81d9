"""The requests that the SageMaker SDK sends for an AlgorithmEstimator, or for a HyperparameterTuner of one.

They are built from keyword arguments. Values that the SDK converts to text (hyperparameters, limits of
ranges) are converted in the same way.
"""

from __future__ import annotations

import ast

from algolint.readers.python_names import last_name
from algolint.readers.python_specs import FoundSpec, Frozen, Part
from algolint.readers.python_values import Object, Text
from algolint.spec.context import SDK
from algolint.values import UNKNOWN, OpenDict, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from algolint.readers.python_offsets import Where
    from algolint.readers.python_values import Value
    from algolint.values import Path

ESTIMATOR, TUNER = "AlgorithmEstimator", "HyperparameterTuner"
#: The classes whose keyword arguments are read.
CLASSES = frozenset((ESTIMATOR, "TrainingInput"))

# The paths in the request of AlgorithmEstimator's arguments.
_ARGUMENTS: dict[str, Path] = {
    "algorithm_arn": ("AlgorithmSpecification", "AlgorithmName"),
    "input_mode": ("AlgorithmSpecification", "TrainingInputMode"),
    "instance_type": ("ResourceConfig", "InstanceType"),
    "instance_count": ("ResourceConfig", "InstanceCount"),
    "max_run": ("StoppingCondition", "MaxRuntimeInSeconds"),
    "max_wait": ("StoppingCondition", "MaxWaitTimeInSeconds"),
    "use_spot_instances": ("EnableManagedSpotTraining",),
    "output_path": ("OutputDataConfig", "S3OutputPath"),
}
# The arguments of HyperparameterTuner in order, and below, their paths in the request.
_TUNER = ("estimator", "objective_metric_name", "hyperparameter_ranges", "metric_definitions", "strategy")
_CONFIG: dict[str, Path] = {
    "objective_metric_name": ("HyperParameterTuningJobObjective", "MetricName"),
    "objective_type": ("HyperParameterTuningJobObjective", "Type"),
    "strategy": ("Strategy",),
    "max_jobs": ("ResourceLimits", "MaxNumberOfTrainingJobs"),
    "max_parallel_jobs": ("ResourceLimits", "MaxParallelTrainingJobs"),
    "early_stopping_type": ("TrainingJobEarlyStoppingType",),
}
_DEFAULTS: dict[str, Any] = {
    "objective_type": "Maximize",
    "strategy": "Bayesian",
    "max_jobs": 1,
    "max_parallel_jobs": 1,
    "early_stopping_type": "Off",
}
_KINDS = {
    "IntegerParameter": "Integer",
    "ContinuousParameter": "Continuous",
    "CategoricalParameter": "Categorical",
}


class _Request:
    """A request that is built from arguments, with the location of each value."""

    def __init__(self, where: Where, count: Callable[[int], bool]) -> None:
        self.where = where
        self.values: Any = OpenDict()
        self.part = Part(where)
        self.frozen = Frozen(count, guesses=True)

    def put(self, path: Path, value: Any, part: Part) -> None:
        """Set a value at a path; the objects that are created around it are open."""
        holder, holder_part = self.values, self.part
        for step in path[:-1]:
            holder = holder.setdefault(step, OpenDict())
            holder_part = holder_part.parts.setdefault(step, Part(self.where))
        holder[path[-1]] = value
        holder_part.parts[path[-1]] = part

    def take(
        self, arguments: dict[str, tuple[Where, Value]], routes: dict[str, Path], base: Path = ()
    ) -> None:
        """Set the values of the given arguments at their paths."""
        for name, path in routes.items():
            if name in arguments:
                where, value = arguments[name]
                self.put((*base, *path), *self.frozen.value(value, where))

    def found(self, shape: str, start: int) -> FoundSpec:
        """Return the request as a spec of the program."""
        self.part.start = start
        return FoundSpec(self.values, self.part, shape, self.frozen.taken, target=SDK)


class Estimators:
    """Builds the requests of a program's estimators when their methods are called."""

    def __init__(self, count: Callable[[int], bool]) -> None:
        self._count = count
        # The hyperparameters that are set after an estimator is made, by the call that makes it.
        self._set: dict[ast.AST, dict[str, tuple[Where, Value]]] = {}

    def set_hyperparameters(self, estimator: Object, words: Object) -> None:
        """Record what `estimator.set_hyperparameters(...)` sets."""
        self._set.setdefault(estimator.origin, {}).update(words.entries)

    def training_job(
        self, estimator: Object, where: ast.Call, inputs: Value | None, start: int
    ) -> FoundSpec | None:
        """Return the training job that `estimator.fit(inputs)` sends, or None for other estimators."""
        if not _is_of_algorithm(estimator):
            return None
        request = _Request(where, self._count)
        # The request is closed: other fields are not sent. The SDK determines the values unknown here.
        request.values = {"TrainingJobName": UNKNOWN, "RoleArn": UNKNOWN, "VpcConfig": UNKNOWN}
        request.values |= {field: OpenDict() for field in ("OutputDataConfig", "StoppingCondition")}
        self._estimator(request, estimator, (), "HyperParameters")
        self._channels(request, ("InputDataConfig",), inputs)
        return request.found("CreateTrainingJobRequest", start)

    def tuning_job(
        self, call: ast.Call, words: Object, positional: list[Value], start: int
    ) -> FoundSpec | None:
        """Return the tuning job of `HyperparameterTuner(...)`, whose channels are not known yet."""
        arguments = dict(words.entries)
        for name, value in zip(_TUNER, positional, strict=False):
            arguments.setdefault(name, (value.where, value))
        estimator = arguments.get("estimator", (None, None))[1]
        if not isinstance(estimator, Object) or not _is_of_algorithm(estimator) or words.is_open:
            return None
        request = _Request(call, self._count)
        config: Path = ("HyperParameterTuningJobConfig",)
        for name, default in _DEFAULTS.items():
            request.put((*config, *_CONFIG[name]), default, Part(call))
        request.take(arguments, _CONFIG, config)
        self._ranges(
            request, (*config, "ParameterRanges"), arguments.get("hyperparameter_ranges", (None, None))[1]
        )
        definition: Path = ("TrainingJobDefinition",)
        self._estimator(request, estimator, definition, "StaticHyperParameters")
        return request.found("CreateHyperParameterTuningJobRequest", start)

    def _estimator(self, request: _Request, estimator: Object, base: Path, field: str) -> None:
        """Set what an estimator contributes to each of its jobs."""
        request.put((*base, "AlgorithmSpecification", "TrainingInputMode"), "File", Part(estimator.where))
        request.take(estimator.entries, _ARGUMENTS, base)
        where, given = estimator.entries.get("hyperparameters", (None, None))
        more = self._set.get(estimator.origin, {})
        if given is not None and not isinstance(given, Object):
            request.put((*base, field), UNKNOWN, Part(given.where, where))
            return
        part = Part(given.where if given is not None else request.where, where)
        is_open = given is not None and (given.is_open or given.has_escaped)
        values: dict[str, Any] = OpenDict() if is_open else {}
        for name, (key, value) in {**(given.entries if given is not None else {}), **more}.items():
            plain, part.parts[name] = request.frozen.value(value, key)
            values[name] = _as_text(plain)
        request.put((*base, field), values, part)

    def _channels(self, request: _Request, path: Path, inputs: Value | None) -> None:
        """Set the channels of `fit({"train": ...})`."""
        if inputs is None:
            return
        if isinstance(inputs, Text):
            # The SDK would take each letter of the string for the name of a channel.
            name, part = request.frozen.value(inputs, inputs.where)
            for step in ("ChannelName", 0):
                holder = Part(inputs.where)
                holder.parts[step] = part
                part = holder
            request.put(path, OpenList([OpenDict({"ChannelName": name})]), part)
            return
        if not isinstance(inputs, Object):
            request.put(path, UNKNOWN, Part(inputs.where))
            return
        channels: list[Any] = OpenList() if inputs.is_open else []
        part = Part(inputs.where)
        for index, (name, (key, value)) in enumerate(inputs.entries.items()):
            channel: Any = OpenDict({"ChannelName": name})
            below = Part(value.where, key)
            below.parts["ChannelName"] = Part(key, key)
            if isinstance(value, Object) and "content_type" in value.entries:
                where, content_type = value.entries["content_type"]
                channel["ContentType"], below.parts["ContentType"] = request.frozen.value(content_type, where)
            if isinstance(value, Object) and "input_mode" in value.entries:
                where, mode = value.entries["input_mode"]
                channel["InputMode"], below.parts["InputMode"] = request.frozen.value(mode, where)
            elif isinstance(value, Text):
                channel = dict(channel)
                channel["DataSource"] = UNKNOWN
            channels.append(channel)
            part.parts[index] = below
        request.put(path, channels, part)

    def _ranges(self, request: _Request, path: Path, ranges: Value | None) -> None:
        """Set the ranges of a tuner, such as IntegerParameter(1, 9), if they are literals."""
        if not isinstance(ranges, Object):
            request.put(path, UNKNOWN, Part(request.where))
            return
        found: dict[str, list[Any]] = {}
        part = Part(ranges.where)
        is_open = ranges.is_open or ranges.has_escaped
        for name, (key, value) in ranges.entries.items():
            read = _range(value.where)
            if read is None:
                is_open = True
                continue
            kind, row, below = read
            below.key = key
            below.parts["Name"] = Part(key, key)
            items = found.setdefault(f"{kind}ParameterRanges", [])
            holder = part.parts.setdefault(f"{kind}ParameterRanges", Part(ranges.where))
            holder.parts[len(items)] = below
            items.append({"Name": name, **row})
        lists: Any = OpenDict(found) if is_open else found
        request.put(path, lists, part)


def _is_of_algorithm(estimator: Object) -> bool:
    return estimator.maker == ESTIMATOR and "algorithm_arn" in estimator.entries


def _as_text(value: Any) -> Any:
    """Return the text that the SDK sends for a hyperparameter."""
    return str(value) if isinstance(value, (bool, int, float)) else value


def _range(where: Where) -> tuple[str, dict[str, Any], Part] | None:
    """Return the kind of a range, its fields and their locations, or None if not a call with literals."""
    if not isinstance(where, ast.Call):
        return None
    kind = _KINDS.get(last_name(where.func))
    if kind is None:
        return None
    names = ("values",) if kind == "Categorical" else ("min_value", "max_value", "scaling_type")
    arguments = {
        **dict(zip(names, where.args, strict=False)),
        **{k.arg or "": k.value for k in where.keywords},
    }
    part, row = Part(where), {}
    for argument, field in (
        ("values", "Values"),
        ("min_value", "MinValue"),
        ("max_value", "MaxValue"),
        ("scaling_type", "ScalingType"),
    ):
        if argument in arguments:
            row[field] = _literal(arguments[argument])
            part.parts[field] = Part(arguments[argument])
    if kind == "Categorical":
        node = arguments.get("values")
        if isinstance(row.get("Values"), list) and isinstance(node, (ast.List, ast.Tuple)):
            part.parts["Values"].parts = {i: Part(item) for i, item in enumerate(node.elts)}
    return kind, row, part


def _literal(node: ast.expr) -> Any:
    """Return the text, or list of texts, that the SDK sends for a literal."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN
    if isinstance(value, (list, tuple)):
        return [str(item) if isinstance(item, (str, int, float)) else UNKNOWN for item in value]
    return str(value) if isinstance(value, (str, int, float)) else UNKNOWN
