"""The requests of a program that use an algorithm: what the calls of boto3 send."""

from __future__ import annotations

import ast

from algolint import limits
from algolint.aws.model import JOB_REQUESTS
from algolint.readers.python_interpreter import CallMatcher
from algolint.readers.python_specs import FoundSpec, Frozen, calls_of, followed, snake_case
from algolint.readers.python_values import Client, Object, Text
from algolint.source import too_many_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.readers.python_offsets import Offsets
    from algolint.readers.python_values import Value

_METHODS = {snake_case(operation): shape for shape, operation in JOB_REQUESTS.items()}
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
        self._values = 0

    def begin(self) -> None:
        self._values = 0

    def count(self, values: int) -> None:
        """Count values of requests. Raises `SourceSyntaxError` where there are too many."""
        self._values += values
        if self._values > limits.MAX_VALUES:
            raise too_many_values()

    def wants(self, call: ast.Call) -> bool:
        return isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS

    def makes(self, name: str) -> bool:  # noqa: ARG002
        return False

    def kept(
        self, call: ast.Call, words: Object, positional: list[Value], receiver: Value | None
    ) -> FoundSpec | None:
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
