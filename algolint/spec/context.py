"""Facts about the whole spec that rules may ask for; each is computed at most once.

A question that the known part of a spec does not answer raises `Undecided`, and the rule that asked reports
nothing.
"""

from __future__ import annotations

from algolint.aws.model import REQUEST
from algolint.aws.notation import (
    arn,
    compared,
    image,
    is_account,
    is_portable_number,
    number,
    partition_of,
)
from algolint.limits import MAX_KEPT_LENGTH, keep
from algolint.values import UNKNOWN, PartialText, Undecided, Unknown, every_text, lacks, select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from algolint.aws.model import Model
    from algolint.aws.notation import Arn, Image, Real
    from algolint.values import Path, Step, Text

    Route: TypeAlias = tuple[Step, ...]
    # By steps, down to the kind of the texts at the end of a route.
    RouteTree: TypeAlias = "dict[Step, RouteTree | str]"


#: Targets of documents. Terraform's awscc provider has the same fields as CloudFormation's resource type.
CLOUDFORMATION = "CloudFormation"
AWSCC = "Terraform, provider awscc"
TERRAFORM = "Terraform"
#: The SageMaker SDK converts values, and adds those that the algorithm has by default.
SDK = "SageMaker SDK"


class _Once:
    """A property computed on first use; `functools.cached_property` takes a lock before Python 3.12."""

    def __init__(self, work_out: Any) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    def __get__(self, context: Any, _: object) -> Any:
        if context is None:
            return self
        # From now on the instance attribute is found first.
        value = context.__dict__[self._name] = self._work_out(context)
        return value


if TYPE_CHECKING:
    _once = property
else:
    _once = _Once


class Context:
    """What surrounds a value: the whole spec, the target revision and facts derived from both.

    `spec` is the whole bound document. For a fragment (such as a training specification alone, or a list of
    hyperparameters) `is_whole` is False, and facts about the other parts of a request are undecided.
    """

    #: Whether the jobs are those of validation profiles; see `holder`.
    validates = True

    def __init__(
        self,
        model: Model,
        spec: Any,
        shape: str = REQUEST,
        region: str | None = None,
        target: str = "",
        must_certify: bool = False,
    ) -> None:
        #: What the spec is written for if not for the API itself: the document's `target`.
        self.target = target
        #: Whether the user set `marketplace`, so that a request without CertifyForMarketplace is wrong.
        self.must_certify = must_certify
        self.model = model
        self.revision = model.revision
        self.spec = spec
        self.shape = shape
        self.is_whole = shape == REQUEST
        self._region = region
        self._names: dict[str, tuple[dict[str, tuple[Path, dict[str, Any]]], bool]] = {}

    @property
    def holder(self) -> str:
        """How messages name what sets the fields of a job."""
        return "the profile" if self.validates else "the job"

    @property
    def in_cloudformation(self) -> bool:
        """Whether the spec is a resource of CloudFormation's type, which lacks some fields of the request."""
        return self.target in (CLOUDFORMATION, AWSCC)

    # ------------------------------------------------------------ the parts

    def _part(self, name: str) -> dict[str, Any] | None:
        """Return a part of the request, or None if it is certainly absent."""
        if not self.is_whole or not isinstance(self.spec, dict):
            raise Undecided
        if lacks(self.spec, name):
            return None
        part = self.spec.get(name, UNKNOWN)
        if not isinstance(part, dict):
            raise Undecided
        return part

    @_once
    def training(self) -> dict[str, Any]:
        """The TrainingSpecification. Undecided if it is not known."""
        if self.shape == "TrainingSpecification" and isinstance(self.spec, dict):
            return self.spec
        part = self._part("TrainingSpecification")
        if part is None:
            raise Undecided
        return part

    @_once
    def inference(self) -> dict[str, Any] | None:
        """The InferenceSpecification, or None if it is certainly absent."""
        if self.shape == "InferenceSpecification" and isinstance(self.spec, dict):
            return self.spec
        return self._part("InferenceSpecification")

    @_once
    def validation(self) -> dict[str, Any] | None:
        """The ValidationSpecification, or None if it is certainly absent."""
        if self.shape == "AlgorithmValidationSpecification" and isinstance(self.spec, dict):
            return self.spec
        return self._part("ValidationSpecification")

    @_once
    def for_marketplace(self) -> bool:
        """Whether CertifyForMarketplace is true; always false in a fragment."""
        if not self.is_whole or not isinstance(self.spec, dict):
            return False
        if lacks(self.spec, "CertifyForMarketplace"):
            return False
        match self.spec.get("CertifyForMarketplace", UNKNOWN):
            case bool() as flag:
                return flag
        raise Undecided

    @_once
    def certainly_for_marketplace(self) -> bool:
        """Whether CertifyForMarketplace is known to be true: never undecided."""
        try:
            return self.for_marketplace
        except Undecided:
            return False

    @_once
    def profiles(self) -> list[tuple[Path, dict[str, Any]]]:
        """The validation profiles that are known, each with its path from the request."""
        return [
            (path, profile)
            for path, profile in select(self.spec, "ValidationSpecification", "ValidationProfiles", ...)
            if isinstance(profile, dict)
        ]

    @_once
    def training_jobs(self) -> list[tuple[Path, dict[str, Any]]]:
        """The TrainingJobDefinitions that are known, each with its path from the request."""
        return self._jobs("TrainingJobDefinition")

    @_once
    def transform_jobs(self) -> list[tuple[Path, dict[str, Any]]]:
        """The TransformJobDefinitions that are known, each with its path from the request."""
        return self._jobs("TransformJobDefinition")

    @_once
    def transform_job_paths(self) -> list[Path]:
        """The path of every TransformJobDefinition that is set, whether or not its value is known."""
        name = "TransformJobDefinition"
        return [(*path, name) for path, profile in self.profiles if name in profile]

    def _jobs(self, name: str) -> list[tuple[Path, dict[str, Any]]]:
        return [
            ((*path, name), job)
            for path, profile in self.profiles
            if isinstance(job := profile.get(name), dict)
        ]

    # ------------------------------------------------------------ declarations

    @_once
    def hyperparameters(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The declared hyperparameters by name, each with its path; the first of those with the same name.

        Undecided if one of them or its name is not known. Use it to ask whether a name is declared.
        """
        return self._declared("SupportedHyperParameters")

    @_once
    def channels(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The declared channels by name, each with its path; the first of those with the same name.

        Undecided if one of them or its name is not known. Use it to ask whether a name is declared.
        """
        return self._declared("TrainingChannels")

    @_once
    def metrics(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The metric definitions by name; see `channels`."""
        return self._declared("MetricDefinitions")

    @_once
    def certain_hyperparameters(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The `hyperparameters` before the first one that is not known, which leaves nothing undecided.

        Use it to ask about the declaration of a name, which later declarations do not change.
        """
        return self._named("SupportedHyperParameters")[0]

    @_once
    def certain_channels(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The `channels` before the first one that is not known, which leaves nothing undecided."""
        return self._named("TrainingChannels")[0]

    def _declared(self, field: str) -> dict[str, tuple[Path, dict[str, Any]]]:
        names, is_all = self._named(field)
        if not is_all:
            raise Undecided
        return names

    def _named(self, field: str) -> tuple[dict[str, tuple[Path, dict[str, Any]]], bool]:
        """Return the declarations before the first unknown one, and whether those are all."""
        if field not in self._names:
            self._names[field] = self._names_in(field)
        return self._names[field]

    def _names_in(self, field: str) -> tuple[dict[str, tuple[Path, dict[str, Any]]], bool]:
        names: dict[str, tuple[Path, dict[str, Any]]] = {}
        if lacks(self.training, field):
            return names, True
        items = self.training.get(field, UNKNOWN)
        if type(items) is not list:
            # In an open list an earlier declaration of the same name may be hidden.
            return names, False
        base: Path = ("TrainingSpecification", field) if self.is_whole else (field,)
        for index, item in enumerate(items):
            name = item.get("Name") if isinstance(item, dict) else None
            if not isinstance(name, str):
                return names, False
            names.setdefault(name, (base + (index,), item))
        return names, True

    # ------------------------------------------------------------ region, partition and account

    @_once
    def _regional(self) -> tuple[str, Path] | None:
        return self._first("region", _IMAGES + _ARNS)

    @_once
    def region(self) -> str | None:
        """The region that the spec is for: `--region`, or that of the first image or ARN that names one.

        The training image comes first, then the other images, then keys and other ARNs. The region is
        undecided if an earlier one is not known, because it might name another region.
        """
        if self._region:
            return self._region
        return self._regional[0] if self._regional else None

    @_once
    def region_source(self) -> tuple[str, Path | None]:
        """What names the region, in the words of a message, and its path; the path is None for `--region`."""
        return _source(None if self._region else self._regional)

    @_once
    def _partitioned(self) -> tuple[str, Path] | None:
        return self._first("partition", _IMAGES + _ROLE + _ARNS)

    @_once
    def partition(self) -> str | None:
        """The partition that the spec is for; found like `region`, but ARNs of roles count too."""
        if self._region:
            return partition_of(self._region)
        return self._partitioned[0] if self._partitioned else None

    @_once
    def partition_source(self) -> tuple[str, Path | None]:
        """What names the partition; see `region_source`."""
        return _source(None if self._region else self._partitioned)

    def _first(self, part: str, routes: tuple[Route, ...]) -> tuple[str, Path] | None:
        """Return a part of the first image or ARN that has it, with its path. Undecided if not known."""
        root = _PARTS.get(self.shape)
        for route in routes:
            if not self.is_whole and route[0] != root:
                continue
            read: Any = image if route in _IMAGES else arn
            for path, text in every_text(self.spec, *(route if self.is_whole else route[1:])):
                named = getattr(read(text), part, None)
                if isinstance(named, Unknown):
                    raise Undecided
                if named:
                    return named, path
        return None

    @_once
    def account(self) -> str | None:
        """The account that the spec is for: that of ValidationRole."""
        for _, role in self._texts["role"]:
            parts = _arn(role)
            if parts and isinstance(parts.account, str) and is_account(parts.account):
                return parts.account
        return None

    @_once
    def images(self) -> list[tuple[Path, Image]]:
        """The images that are known, parsed, each with its path; the training image first.

        If an image or an ARN is partly known, some of its parts may be unknown; see `algolint.notation`.
        """
        return [(path, image(text)) for path, text in self._texts["image"]]

    @_once
    def arns(self) -> list[tuple[Path, Arn]]:
        """The ARNs of roles, keys, training plans and hub content that are known, each with its path."""
        found = []
        for path, text in self._texts["role"] + self._texts["arn"]:
            parts = _arn(text)
            if parts and isinstance(parts.service, str):
                found.append((path, parts))
        return found

    @_once
    def data_uris(self) -> list[tuple[Path, Text]]:
        """The addresses of inputs, outputs and models that are known, each with its path."""
        return self._texts["data"]

    @_once
    def _texts(self) -> dict[str, list[tuple[Path, Text]]]:
        """The texts, fully or partly known, at the routes of each kind, each with its path."""
        found: dict[str, list[tuple[Path, Text]]] = {kind: [] for kind in _ROUTES}
        tree = _ROUTE_TREE if self.is_whole else _ROUTE_TREE.get(_PARTS.get(self.shape, ""), {})
        _collect(self.spec, tree, (), found)
        return found


#: A request and the parts of one that are specs too: the shapes for a rule about the whole spec. The rule is
#: also called for a part inside a request, which it has to skip (`spec is not context.spec`).
SPEC_SHAPES = (REQUEST, "TrainingSpecification", "InferenceSpecification", "AlgorithmValidationSpecification")
_PARTS = {
    "TrainingSpecification": "TrainingSpecification",
    "InferenceSpecification": "InferenceSpecification",
    "AlgorithmValidationSpecification": "ValidationSpecification",
}

# Routes from the request, in the order in which they determine the region and the partition.
_CONTAINER = ("InferenceSpecification", "Containers", ...)
_PROFILE = ("ValidationSpecification", "ValidationProfiles", ...)
_TRAINING_JOB = (*_PROFILE, "TrainingJobDefinition")
_TRANSFORM_JOB = (*_PROFILE, "TransformJobDefinition")
_HUB_CONTENT = ("S3DataSource", "HubAccessConfig", "HubContentArn")
_IMAGES: tuple[Route, ...] = (
    ("TrainingSpecification", "TrainingImage"),
    (*_CONTAINER, "Image"),
)
_ROLE: tuple[Route, ...] = (("ValidationSpecification", "ValidationRole"),)
_ARNS: tuple[Route, ...] = (
    (*_TRAINING_JOB, "OutputDataConfig", "KmsKeyId"),
    (*_TRAINING_JOB, "ResourceConfig", "VolumeKmsKeyId"),
    (*_TRANSFORM_JOB, "TransformOutput", "KmsKeyId"),
    (*_TRANSFORM_JOB, "TransformResources", "VolumeKmsKeyId"),
    (*_TRAINING_JOB, "ResourceConfig", "TrainingPlanArn"),
    (*_TRAINING_JOB, "ResourceConfig", "InstancePreferences", ..., "TrainingPlanArns", ...),
    (*_TRAINING_JOB, "InputDataConfig", ..., "DataSource", "DatasetSource", "DatasetArn"),
    (*_TRAINING_JOB, "InputDataConfig", ..., "DataSource", *_HUB_CONTENT),
    (*_CONTAINER, "ModelDataSource", *_HUB_CONTENT),
    (*_CONTAINER, "AdditionalModelDataSources", ..., *_HUB_CONTENT),
)


def _source(named: tuple[str, Path] | None) -> tuple[str, Path | None]:
    if named is None:
        return "--region", None
    path = named[1]
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "it"), path


_DATA: tuple[Route, ...] = (
    (*_TRAINING_JOB, "InputDataConfig", ..., "DataSource", "S3DataSource", "S3Uri"),
    (*_TRANSFORM_JOB, "TransformInput", "DataSource", "S3DataSource", "S3Uri"),
    (*_TRAINING_JOB, "OutputDataConfig", "S3OutputPath"),
    (*_TRANSFORM_JOB, "TransformOutput", "S3OutputPath"),
    (*_CONTAINER, "ModelDataUrl"),
    (*_CONTAINER, "ModelDataSource", "S3DataSource", "S3Uri"),
)
_ROUTES = {"image": _IMAGES, "role": _ROLE, "arn": _ARNS, "data": _DATA}


def _route_tree() -> RouteTree:
    tree: RouteTree = {}
    for kind, routes in _ROUTES.items():
        for route in routes:
            branch: Any = tree
            for step in route[:-1]:
                branch = branch.setdefault(step, {})
            branch[route[-1]] = kind
    return tree


# All routes at once, as every spec is searched.
_ROUTE_TREE = _route_tree()


def _arn(text: Text) -> Arn | None:
    """Return the parts of an ARN, or None if the text is not certain to be one."""
    try:
        return arn(text)
    except Undecided:
        return None


def _collect(
    value: Any, tree: RouteTree | str, path: Path, found: dict[str, list[tuple[Path, Text]]]
) -> None:
    """Collect the texts at the ends of routes by their kind, as `select` finds them.

    Every spec is searched like this, so paths are sums of tuples, a quarter of the time of `(*path, step)`.
    """
    if isinstance(tree, str):
        if isinstance(value, (str, PartialText)):
            found[tree].append((path, value))
    elif isinstance(value, dict):
        for step, below in tree.items():
            if step in value:
                _collect(value[step], below, path + (step,), found)  # type: ignore[operator]
    elif isinstance(value, list) and ... in tree:
        for index, item in enumerate(value):
            _collect(item, tree[...], path + (index,), found)


def input_mode(job: dict[str, Any], channel: dict[str, Any]) -> str:
    """Return the input mode of a training job's channel: its InputMode, or else TrainingInputMode."""
    if lacks(channel, "InputMode"):
        mode = job.get("TrainingInputMode", UNKNOWN)
    else:
        mode = channel.get("InputMode", UNKNOWN)
    if not isinstance(mode, str):
        raise Undecided
    return mode


def channels_with_mode(job: dict[str, Any]) -> list[tuple[int, dict[str, Any], str]]:
    """Return the channels of a training job whose input mode is known, as (index, channel, mode)."""
    found = []
    channels, general = job.get("InputDataConfig"), job.get("TrainingInputMode")
    for index, channel in enumerate(channels) if isinstance(channels, list) else ():
        if isinstance(channel, dict):
            mode = channel.get("InputMode", general if type(channel) is dict else None)
            if isinstance(mode, str):
                found.append((index, channel, mode))
    return found


def total_instances(resources: dict[str, Any]) -> tuple[int, bool]:
    """Return the number of instances of a ResourceConfig, and whether it is exact or a lower bound.

    Groups run together, so their counts add up; one of the InstancePreferences is picked, so the largest
    counts. If several of these fields are given, which the service refuses, the largest counts as well:
    nothing unknown can make it less.
    """
    total = 0
    exact = type(resources) is dict
    for field in ("InstanceCount", "InstanceGroups", "InstancePreferences"):
        match resources.get(field):
            case int() as count:
                total = max(total, count)
            case list() as items:
                counts = [_instance_count(item, field) for item in items]
                known = [count for count in counts if count is not None]
                combined = sum(known) if field == "InstanceGroups" else max(known, default=0)
                total = max(total, combined)
                exact = exact and type(items) is list and len(known) == len(counts)
            case None:
                pass
            case _:
                exact = False
    return total, exact and total > 0


def _instance_count(item: Any, field: str) -> int | None:
    """Return the count of a group or preference, or None if it is unknown or missing."""
    match item:
        case {"InstanceCount": int() as count}:
            return max(count, 0)
        case dict() if field == "InstancePreferences" and lacks(item, "InstanceCount"):
            # The ResourceConfig has one count for all of them.
            return 0
    return None


# The path of the limits in a hyperparameter of each type.
_LIMITS: dict[str, Path] = {
    "Integer": ("Range", "IntegerParameterRangeSpecification"),
    "Continuous": ("Range", "ContinuousParameterRangeSpecification"),
}


_MOST_KEEPING = 20


class Limits:
    """The limits in the declaration of an Integer or Continuous hyperparameter.

    `least` and `greatest` are the texts of MinValue and MaxValue, or None if absent or unknown. `low` and
    `high` are their numbers, or None if the text is not a number either. `nonportable` has the texts that not
    every parser reads as a number of the type, each with its path. `path` leads to the object with both.
    """

    __slots__ = (
        *("are_crossed", "are_one", "greatest", "high", "keeping", "kind", "least", "low"),
        *("nonportable", "path"),
    )

    def __init__(self, kind: str, path: Path, least: Any, greatest: Any) -> None:
        self.kind = kind
        self.path = path
        self.least: str | None = None
        self.greatest: str | None = None
        self.low: int | Real | None = None
        self.high: int | Real | None = None
        self.nonportable: list[tuple[Path, str]] = []
        if isinstance(least, str):
            self.least, self.low = least, number(least, kind)
            if not is_portable_number(least, kind):
                self.nonportable.append(((*path, "MinValue"), least))
        if isinstance(greatest, str):
            self.greatest, self.high = greatest, number(greatest, kind)
            if not is_portable_number(greatest, kind):
                self.nonportable.append(((*path, "MaxValue"), greatest))
        order = None if self.low is None or self.high is None else compared(self.low, self.high)
        #: Whether the limits contradict each other, and whether they are equal.
        self.are_crossed = order == 1
        self.are_one = order == 0
        #: Some texts of numbers that keep both limits: a profile often sets the default.
        self.keeping: set[str] = set()

    def broken_by(self, text: str) -> tuple[Path, str] | None:
        """Return the limit that a value breaks: its path in the declaration, and its text.

        None if the value is within the limits or is not a number. None also if a limit is unknown, or if the
        limits contradict each other, which an unknown limit might do too.
        """
        if text in self.keeping or self.least is None or self.greatest is None or self.are_crossed:
            return None
        value, low, high = number(text, self.kind), self.low, self.high
        if value is None:
            return None
        if low is not None and value < low:
            return (*self.path, "MinValue"), self.least
        if high is not None and value > high:
            return (*self.path, "MaxValue"), self.greatest
        if len(self.keeping) < _MOST_KEEPING:
            self.keeping.add(text)
        return None


#: By type and texts: the ranges of a spec repeat.
_known_limits: dict[tuple[str, str, str], Limits] = {}


def limits_of(hyperparameter: dict[str, Any]) -> Limits | None:
    """Return the numeric limits of a declaration, or None if its type has none or no range is given."""
    kind = hyperparameter.get("Type")
    if not isinstance(kind, str) or kind not in _LIMITS:
        return None
    path = _LIMITS[kind]
    try:
        bounds = hyperparameter["Range"][path[1]]
        return _known_limits[kind, bounds["MinValue"], bounds["MaxValue"]]
    except (LookupError, TypeError, Undecided):
        return _limits_in(hyperparameter.get("Range"), kind, path)


def _limits_in(ranges: Any, kind: str, path: Path) -> Limits | None:
    """Return the limits in a Range that is not in `_known_limits`: it may be incomplete or partly unknown."""
    bounds = ranges.get(path[1]) if isinstance(ranges, dict) else None
    if not isinstance(bounds, dict):
        return None
    least, greatest = bounds.get("MinValue"), bounds.get("MaxValue")
    limits = Limits(kind, path, least, greatest)
    if isinstance(least, str) and isinstance(greatest, str) and len(least) + len(greatest) <= MAX_KEPT_LENGTH:
        keep(_known_limits, (kind, least, greatest), limits)
    return limits
