"""The requests of a program that use an algorithm, sent with boto3 or the SageMaker SDK."""

from __future__ import annotations

import ast

from algolint.aws.model import JOB_REQUESTS
from algolint.readers.python_estimators import CLASSES, ESTIMATOR, TUNER, Estimators
from algolint.readers.python_interpreter import CallMatcher
from algolint.readers.python_names import last_name
from algolint.readers.python_specs import FoundSpec, Frozen, calls_of, followed, snake_case
from algolint.readers.python_values import Client, Object, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.readers.cell_files import CellFiles
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_values import Value

_METHODS = {snake_case(operation): shape for shape, operation in JOB_REQUESTS.items()}
# Names that are called in programs with estimators.
_OF_THE_SDK = frozenset(("fit", "set_hyperparameters", TUNER))
# Each request counts as this many values, for its own work.
_A_REQUEST = 20


def jobs_of(tree: ast.Module, offsets: Offsets, files: CellFiles | None = None) -> list[FoundSpec]:
    """Return the requests that use an algorithm, in text order.

    Raises the same errors as `readers.python_specs.specs_of`.
    """
    found = calls_of(followed(tree, offsets, _JobMatcher(offsets), files))
    return sorted(found, key=lambda one: one.part.start)


class _JobMatcher(CallMatcher):
    """Matches calls that send a request."""

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
        name = last_name(call.func)
        return name in _METHODS or (self._has_estimators and name in _OF_THE_SDK)

    def makes(self, name: str) -> bool:
        return self._has_estimators and name in CLASSES

    def kept(
        self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None
    ) -> FoundSpec | None:
        if last_name(call.func) in _OF_THE_SDK:
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
        if last_name(call.func) == TUNER:
            return self._estimators.tuning_job(call, words, positional, end)
        if not isinstance(receiver, Object):
            return None
        if last_name(call.func) == "set_hyperparameters":
            self._estimators.set_hyperparameters(receiver, words)
            return None
        inputs = positional[0] if positional else words.entries.get("inputs", (None, None))[1]
        return self._estimators.training_job(receiver, call, inputs, end)
