"""Facts that rules on jobs may ask for: about the algorithm, and the searches of a tuning job."""

from __future__ import annotations

from algolint.aws.model import REQUEST
from algolint.jobs.recognition import TUNING
from algolint.jobs.views import PROFILES, searches_of, views_of
from algolint.rule import Key, Related
from algolint.spec.context import Context
from algolint.values import OpenDict, Undecided, every

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.aws.model import Model
    from algolint.compare.specs import Spec
    from algolint.document import Document
    from algolint.jobs.views import JobView, Range, Search
    from algolint.rule import Where
    from algolint.values import Path


_OBJECTIVES = "SupportedTuningJobObjectiveMetrics"


class InAlgorithm(Related):
    """A location in the algorithm's spec, at a path from its CreateAlgorithm request."""

    __slots__ = ("document",)

    def __init__(self, where: Where, message: str, document: Document | None = None) -> None:
        super().__init__(where, message)
        self.document = document

    def under(self, base: Path) -> InAlgorithm:  # noqa: ARG002
        """Return the same location, since it is not in the document of the rule's subject."""
        return self


class Algorithm:
    """The algorithm that jobs are judged against."""

    __slots__ = ("arn", "document", "name", "product", "request", "shape", "size")

    def __init__(self, spec: Spec) -> None:
        self.document = spec.document
        self.shape = spec.shape
        #: The bound request, as far as it is known.
        self.request: Any = spec.bound if spec.shape == REQUEST else OpenDict({spec.shape: spec.bound})
        written = spec.document.spec if isinstance(spec.document.spec, dict) else {}
        name, arn, product = (written.get(key) for key in ("AlgorithmName", "AlgorithmArn", "ProductId"))
        self.name = name if isinstance(name, str) and spec.shape == REQUEST else None
        self.arn = arn if isinstance(arn, str) else None
        #: Whether it is a subscription to a product of AWS Marketplace.
        self.product = isinstance(product, str)
        #: The number of values in it.
        self.size = _size(written)

    def path(self, path: Path) -> Path:
        """Return the path in the document of a value of the request."""
        return path if self.shape == REQUEST else path[1:]


def _size(value: Any) -> int:
    """Return the number of values in a value, including itself."""
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


class ProfileContext(Context):
    """The context of the algorithm's request, with the jobs as its validation profiles."""

    validates = False


def with_jobs(algorithm: Algorithm | None, views: list[JobView]) -> dict[str, Any]:
    """Return an algorithm's request with jobs as its validation profiles."""
    parts = ("TrainingSpecification", "InferenceSpecification")
    known = algorithm.request if algorithm is not None else None
    request: dict[str, Any] = {} if type(known) is dict else OpenDict()
    if isinstance(known, dict):
        request.update({part: known[part] for part in parts if part in known})
    request[PROFILES[0]] = {PROFILES[1]: [{view.field: view.values} for view in views]}
    return request


class JobContext(Context):
    """The context of a value of a job: the whole request, and the algorithm that it names."""

    validates = False

    def __init__(
        self,
        model: Model,
        job: Any,
        shape: str,
        region: str | None,
        algorithm: Algorithm | None,
        algorithm_model: Model,
        target: str = "",
    ) -> None:
        super().__init__(model, job, shape, region, target)
        #: The algorithm with its other properties, or None if it is not known.
        self.given = algorithm
        #: The jobs of the request, in the form of profiles.
        self.views = views_of(job, shape)
        #: The algorithm's context, with what it declares; undecided if the algorithm is not known.
        self.algorithm = ProfileContext(algorithm_model, with_jobs(algorithm, self.views), REQUEST, region)
        #: The search of each definition of a tuning job.
        self.searches: list[Search] = searches_of(job) if shape == TUNING else []
        # By the identity of the range, which `spec` keeps alive.
        self._kinds: dict[int, str] | None = None

    def kind_of(self, searched: dict[str, Any]) -> str:
        """Return the type of hyperparameter for a range's list; "" if it is not known."""
        if self.shape.endswith("ParameterRange"):
            return self.shape.removesuffix("ParameterRange")
        if self._kinds is None:
            self._kinds = {id(one.values): one.kind for search in self.searches for one in search.searched()}
        return self._kinds.get(id(searched), "")

    def ranges(self) -> Iterator[Range]:
        """Yield the ranges of all definitions, each once."""
        places = {search.ranges_path: search for search in self.searches}
        for search in places.values():
            yield from search.searched()

    def declared_ranges(self) -> Iterator[tuple[Range, Path, dict[str, Any]]]:
        """Yield the ranges of declared hyperparameters, each with the declaration and its path before it."""
        declared = self.algorithm.certain_hyperparameters
        for searched in self.ranges():
            if searched.name in declared:
                yield (searched, *declared[searched.name])

    def path(self, path: Path) -> Path | None:
        """Return the path in the request of a value of `algorithm.spec`, or None if it is not there."""
        if path[:2] != PROFILES or len(path) <= len(PROFILES):
            return None
        view = self.views[int(path[2])]
        return view.path(path[4:])

    @property
    def objectives(self) -> list[tuple[str, str]]:
        """The metric and Type of each objective of the algorithm. Undecided if not all are known."""
        found = []
        for _, item in every(self.algorithm.training, _OBJECTIVES, ...):
            match item:
                case {"MetricName": str() as name, "Type": str() as direction}:
                    found.append((name, direction))
                case _:
                    raise Undecided
        return found

    @property
    def objectives_location(self) -> InAlgorithm:
        """The location of the algorithm's objectives."""
        return InAlgorithm(
            Key("TrainingSpecification", _OBJECTIVES), "the objective metrics of the algorithm"
        )
