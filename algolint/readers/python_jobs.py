"""The requests of a program that use an algorithm: what the calls of boto3 and of the SDK send."""

from __future__ import annotations

import ast

from algolint.aws.model import JOB_REQUESTS
from algolint.readers.python_estimators import CLASSES, ESTIMATOR, TUNER, Estimators
from algolint.readers.python_interpreter import CallMatcher
from algolint.readers.python_specs import FoundSpec, Frozen, calls_of, followed, snake_case
from algolint.readers.python_values import Client, Object, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_values import Value

_METHODS = {snake_case(operation): shape for shape, operation in JOB_REQUESTS.items()}
# A name that is called where estimators are.
_OF_THE_SDK = frozenset(("fit", "set_hyperparameters", TUNER))
# As many values as a request is worth by the work it makes.
_A_REQUEST = 20


def jobs_of(tree: ast.Module, offsets: Offsets) -> list[FoundSpec]:
    """Return the requests that use an algorithm, in the order of the text. Raises as `specs_of`."""
    found = calls_of(followed(tree, offsets, _JobMatcher(offsets)))
    return sorted(found, key=lambda one: one.part.start)


class _JobMatcher(CallMatcher):
    """Looks for calls that send a request."""

    marks = frozenset(
        {
            "TrainingJobName",
            "HyperParameterTuningJobName",
            "HyperParameterTuningJobConfig",
            "TransformJobName",
        }
        | {"AlgorithmSpecification", "SourceAlgorithmSpecification", "ProductionVariants", "region_name"}
    )

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        self._has_estimators = ESTIMATOR in offsets.source.text
        self._estimators = Estimators(self.count)

    def wants(self, call: ast.Call) -> bool:
        name = _name_of(call)
        return name in _METHODS or (self._has_estimators and name in _OF_THE_SDK)

    def makes(self, name: str) -> bool:
        return self._has_estimators and name in CLASSES

    def kept(
        self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None
    ) -> FoundSpec | None:
        if _name_of(call) in _OF_THE_SDK:
            return self._of_the_sdk(call, words, positional, receiver)
        self.count(_A_REQUEST)
        if positional or not isinstance(call.func, ast.Attribute):
            return None
        if not words.entries and not words.is_open:
            return None
        method = call.func
        frozen = Frozen(self.count)
        request, part = frozen.value(words)
        _, end = self._offsets.span(method)
        part.key = (end - len(method.attr), end)
        part.start = end
        region = receiver.region if isinstance(receiver, Client) else None
        return FoundSpec(
            request,
            part,
            _METHODS[method.attr],
            frozen.taken,
            region=region.text if isinstance(region, Text) and region.is_known else None,
        )

    def _of_the_sdk(
        self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None
    ) -> FoundSpec | None:
        """Return the request that an estimator or a tuner sends."""
        _, end = self._offsets.span(call.func)
        if _name_of(call) == TUNER:
            return self._estimators.tuning_job(call, words, positional, end)
        if not isinstance(receiver, Object):
            return None
        if _name_of(call) == "set_hyperparameters":
            self._estimators.set_hyperparameters(receiver, words)
            return None
        inputs = positional[0] if positional else words.entries.get("inputs", (None, None))[1]
        return self._estimators.training_job(receiver, call, inputs, end)


def _name_of(call: ast.Call) -> str:
    """The name of the function or method that is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
