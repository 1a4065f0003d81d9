"""The names that a spec declares and uses: of hyperparameters, metrics, channels, groups and profiles."""

from __future__ import annotations

from algolint.server.tree import SCALAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.server.tree import Node, SpecTree

HYPERPARAMETER, METRIC, CHANNEL, GROUP, PROFILE = "hyperparameter", "metric", "channel", "group", "profile"
ALGORITHM = "algorithm"
# The kind of the name in each field of a job.
_OF_JOBS = {
    ("AlgorithmSpecification", "AlgorithmName"): ALGORITHM,
    ("HyperParameterAlgorithmSpecification", "AlgorithmName"): ALGORITHM,
    ("SourceAlgorithm", "AlgorithmName"): ALGORITHM,
    ("HyperParameterTuningJobObjective", "MetricName"): METRIC,
    ("Channel", "ChannelName"): CHANNEL,
    ("IntegerParameterRange", "Name"): HYPERPARAMETER,
    ("ContinuousParameterRange", "Name"): HYPERPARAMETER,
    ("CategoricalParameterRange", "Name"): HYPERPARAMETER,
    ("AutoParameter", "Name"): HYPERPARAMETER,
}


class Occurrence:
    """An occurrence of a name as a node's value or key, which declares the name or refers to it."""

    __slots__ = ("is_declaration", "is_key", "kind", "name", "node", "scope")

    def __init__(
        self, kind: str, node: Node, is_declaration: bool, is_key: bool = False, scope: Node | None = None
    ) -> None:
        self.kind = kind
        self.node = node
        self.is_declaration = is_declaration
        self.is_key = is_key
        #: The part of the spec in which the name is valid: for an instance group, its profile.
        self.scope = scope
        self.name = str(node.key if is_key else node.value)


def occurrences(spec: SpecTree) -> Iterator[Occurrence]:
    """Yield every name in a spec, in no particular order."""
    if spec.is_job:
        yield from _of_job(spec)
        return
    yield from _of_items(ALGORITHM, [spec.root], "AlgorithmName", is_declaration=True)
    training = spec.training()
    if training is not None:
        for kind, field, name in (
            (HYPERPARAMETER, "SupportedHyperParameters", "Name"),
            (METRIC, "MetricDefinitions", "Name"),
            (CHANNEL, "TrainingChannels", "Name"),
        ):
            yield from _of_items(kind, training.items(field), name, is_declaration=True)
        objectives = training.items("SupportedTuningJobObjectiveMetrics")
        yield from _of_items(METRIC, objectives, "MetricName", is_declaration=False)
    for profile in spec.profiles():
        yield from _of_items(PROFILE, [profile], "ProfileName", is_declaration=True)
        yield from _of_profile(profile)


def _of_profile(profile: Node) -> Iterator[Occurrence]:
    job = profile.get("TrainingJobDefinition")
    if job is None:
        return
    values = job.get("HyperParameters")
    for node in values.children if values is not None else ():
        yield Occurrence(HYPERPARAMETER, node, is_declaration=False, is_key=True)
    channels = job.items("InputDataConfig")
    yield from _of_items(CHANNEL, channels, "ChannelName", is_declaration=False)
    groups = job.items("ResourceConfig", "InstanceGroups")
    yield from _of_items(GROUP, groups, "InstanceGroupName", True, profile)
    for channel in channels:
        for node in channel.items("DataSource", "S3DataSource", "InstanceGroupNames"):
            if isinstance(node.value, str):
                yield Occurrence(GROUP, node, False, scope=profile)


def _of_job(spec: SpecTree) -> Iterator[Occurrence]:
    """Yield the names in a job, all of which its algorithm declares."""
    todo = [(spec.root, spec.model.shape(spec.shape))]
    while todo:
        node, shape = todo.pop()
        for child in node.children:
            below = shape.item or shape.value
            if shape.type == "structure":
                below = shape.members.get(str(child.key), "")
                kind = _OF_JOBS.get((shape.name, str(child.key)))
                if kind is not None and child.kind == SCALAR and isinstance(child.value, str):
                    yield Occurrence(kind, child, is_declaration=False)
            elif shape.name == "HyperParameters":
                yield Occurrence(HYPERPARAMETER, child, is_declaration=False, is_key=True)
            if below and child.children:
                todo.append((child, spec.model.shape(below)))


def _of_items(
    kind: str, items: list[Node], field: str, is_declaration: bool, scope: Node | None = None
) -> Iterator[Occurrence]:
    for item in items:
        node = item.get(field)
        if node is not None and node.kind == SCALAR and isinstance(node.value, str):
            yield Occurrence(kind, node, is_declaration, scope=scope)


def declared(spec: SpecTree, kind: str, scope: Node | None = None) -> list[str]:
    """Return the names of a kind declared by a spec or by a job's algorithm, in order and each once."""
    if spec.is_job:
        return declared(spec.algorithm, kind) if spec.algorithm is not None else []
    found = (o for o in occurrences(spec) if o.kind == kind and o.is_declaration)
    return list(dict.fromkeys(o.name for o in found if scope is None or o.scope is scope))


def same(spec: SpecTree, one: Occurrence) -> list[Occurrence]:
    """Return all occurrences of the name of one occurrence."""
    return [other for other in occurrences(spec) if is_same(one, other)]


def is_same(one: Occurrence, other: Occurrence) -> bool:
    """Whether two occurrences in a spec are of the same name."""
    if (one.kind, one.scope) != (other.kind, other.scope):
        return False
    if one.kind == ALGORITHM:
        # A job may name its algorithm by ARN.
        return one.name.rpartition("/")[2] == other.name.rpartition("/")[2]
    return one.name == other.name
