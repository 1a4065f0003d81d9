"""The tree of a text's values, with the spans of their tokens, and finding specs in it."""

from __future__ import annotations

from algolint.aws.cloudformation_table import NOT_IN_ALGORITHM
from algolint.aws.model import JOB_REQUESTS, REQUEST
from algolint.jobs import recognition as job_recognition
from algolint.spec import recognition
from algolint.spec.context import AWSCC
from algolint.values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from algolint.aws.model import Model, Shape
    from algolint.document import Document
    from algolint.server.jobs import Lookup
    from algolint.source import Source, Span

    Step: TypeAlias = str | int
    Path: TypeAlias = tuple[Step, ...]

OBJECT, LIST, SCALAR, HOLE = "object", "list", "scalar", "hole"
#: Marks the cursor, as part of the word there: a private-use character that texts do not have.
MARK = "\ue000"


class Node:
    """A value: an object, a list, a scalar, or a hole where the text has no value yet."""

    __slots__ = ("children", "key", "key_span", "kind", "parent", "span", "value")

    def __init__(
        self,
        kind: str,
        span: Span,
        value: Any = None,
        parent: Node | None = None,
        key: Step | None = None,
        key_span: Span | None = None,
    ) -> None:
        self.kind = kind
        #: The span of the value, including quotes and brackets; for a hole, where its value would begin.
        self.span = span
        #: The value of a scalar: a text, number, boolean or None.
        self.value = value
        self.parent = parent
        #: The key in an object or the index in a list; None for the root.
        self.key = key
        self.key_span = key_span
        self.children: list[Node] = []

    def add(self, child: Node) -> Node:
        """Append a child; in a list its key is set to the index."""
        child.parent = self
        if self.kind == LIST:
            child.key = len(self.children)
        self.children.append(child)
        return child

    def get(self, *path: Step) -> Node | None:
        """Return the node at a path below, or None. The last one of duplicate keys counts."""
        node: Node | None = self
        for step in path:
            if node is not None:
                node = next((child for child in reversed(node.children) if child.key == step), None)
        return node

    def items(self, *path: Step) -> list[Node]:
        """Return the items of the list at a path; empty if there is no list."""
        node = self.get(*path)
        return node.children if node is not None and node.kind == LIST else []

    def text(self, *path: Step) -> str | None:
        """Return the text at a path, or None if there is no text."""
        node = self.get(*path)
        return node.value if node is not None and isinstance(node.value, str) else None

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += reversed(node.children)

    def path_from(self, root: Node) -> Path:
        """Return the path from an ancestor to this node."""
        steps: list[Step] = []
        node: Node | None = self
        while node is not None and node is not root:
            steps.append(node.key if node.key is not None else "")
            node = node.parent
        return tuple(reversed(steps))

    def ancestors(self) -> list[Node]:
        """Return the nodes from the root to this one."""
        found: list[Node] = []
        node: Node | None = self
        while node is not None:
            found.append(node)
            node = node.parent
        return found[::-1]

    def plain(self) -> Any:
        """Return the plain value, with None for holes."""
        if self.kind == OBJECT:
            return {child.key: child.plain() for child in self.children}
        if self.kind == LIST:
            return [child.plain() for child in self.children]
        return self.value

    def __repr__(self) -> str:
        return f"<{self.kind} {self.key!r} at {self.span}>"


class Call(Node):
    """A call of a program: an object whose fields are the keyword arguments."""

    __slots__ = ("function",)

    def __init__(self, start: int, function: str) -> None:
        super().__init__(OBJECT, (start, start))
        #: The name that is called, including what precedes the dot.
        self.function = function


class Resource(Node):
    """A resource of Terraform: an object whose fields are its arguments and blocks, by the API's names."""

    __slots__ = ("target",)

    def __init__(self, start: int, target: str) -> None:
        super().__init__(OBJECT, (start, start))
        #: See `Document.target`; empty for a resource that is not an algorithm.
        self.target = target


class SpecTree:
    """A spec in a text: its root node, its shape, and whether it is limited to CloudFormation's fields.

    A job, which is a request that uses an algorithm, is a spec too; its algorithm declares names and values.
    """

    def __init__(self, root: Node, shape: str, model: Model, in_cloudformation: bool = False) -> None:
        self.root = root
        self.shape = shape
        self.model = model
        self.in_cloudformation = in_cloudformation
        self.is_job = shape in JOB_REQUESTS
        #: The algorithm of a job, if known.
        self.algorithm: SpecTree | None = None
        #: The text with the spec, if it is the algorithm of a job.
        self.source: Source | None = None

    def training(self) -> Node | None:
        """Return the training specification; for a job, that of its algorithm."""
        if self.is_job:
            return self.algorithm.training() if self.algorithm is not None else None
        return self.root if self.shape == "TrainingSpecification" else self.root.get("TrainingSpecification")

    def inference(self) -> Node | None:
        """Return the inference specification; for a job, that of its algorithm."""
        if self.is_job:
            return self.algorithm.inference() if self.algorithm is not None else None
        return (
            self.root if self.shape == "InferenceSpecification" else self.root.get("InferenceSpecification")
        )

    def profiles(self) -> list[Node]:
        """Return the validation profiles."""
        is_part = self.shape == "AlgorithmValidationSpecification"
        holder = self.root if is_part else self.root.get("ValidationSpecification")
        return holder.items("ValidationProfiles") if holder is not None else []

    def place(self, node: Node) -> Place | None:
        """Return the place of a node in the model, or None if the model does not describe it."""
        found = Place(self, node, self.shape, None, None)
        for step in node.path_from(self.root):
            inner = self._below(found, step)
            if inner is None:
                return None
            found = Place(self, node, *inner)
        return found

    def _below(self, place: Place, step: Step) -> tuple[str, Shape | None, str | None] | None:
        shape = self.model.shape(place.shape)
        if shape.type == "structure":
            field = str(step)
            return (shape.members[field], shape, field) if field in shape.members else None
        name = shape.item or shape.value
        return (name, shape, None) if name else None

    def fields(self, shape: Shape) -> dict[str, str]:
        """Return the fields of a structure that a request may have, each with the shape of its value."""
        lacking = NOT_IN_ALGORITHM.get(shape.name, ()) if self.in_cloudformation else ()
        others = {*shape.read_only, *lacking}
        return {name: below for name, below in shape.members.items() if name not in others}


class Place:
    """A node's place in the model: its shape, and the shape and field that contain it."""

    __slots__ = ("field", "holder", "node", "shape", "spec")

    def __init__(
        self, spec: SpecTree, node: Node, shape: str, holder: Shape | None, field: str | None
    ) -> None:
        self.spec = spec
        self.node = node
        self.shape = shape
        self.holder = holder
        self.field = field


def of_document(document: Document, model: Model) -> SpecTree | None:
    """Return the spec of a reader's document, or None."""
    shape = document.shape or recognition.shape_of(document.spec)
    if shape is None:
        return None
    root = Node(OBJECT, document.locate(()))
    todo: list[tuple[Node, Path, Any]] = [(root, (), document.spec)]
    while todo:
        node, path, value = todo.pop()
        if isinstance(value, dict):
            node.kind = OBJECT
            children: list[tuple[Step, Any]] = list(value.items())
        elif isinstance(value, list):
            node.kind = LIST
            children = list(enumerate(value))
        else:
            node.kind = HOLE if isinstance(value, Unknown) else SCALAR
            node.value = None if isinstance(value, Unknown) else value
            continue
        for key, item in children:
            below = (*path, key)
            child = Node(HOLE, document.locate(below), key=key)
            child.key_span = document.locate(below, key=True) if isinstance(key, str) else None
            node.add(child)
            todo.append((child, below, item))
    return SpecTree(root, shape, model, document.target == "CloudFormation")


def specs_in(root: Node, model: Model, is_spec: bool, jobs: Lookup | None = None) -> list[SpecTree]:
    """Return the specs and jobs in the values of a text: the outermost objects that are recognized.

    `is_spec`: if nothing is recognized, the root counts as a request, in a file that was just begun.
    """
    found = []
    todo = [root]
    while todo:
        node = todo.pop()
        shape = _shape_of(node)
        if shape is not None:
            found.append(SpecTree(node, shape, model, _is_in_cloudformation(node) or _is_of_awscc(node)))
        elif jobs is not None and (shape := _job_of(node)):
            found.append(jobs.job(node, shape))
        else:
            todo += reversed(node.children)
    if not found and is_spec and root.kind in (OBJECT, HOLE, SCALAR):
        found.append(SpecTree(root, REQUEST, model))
    return found


def _shape_of(node: Node) -> str | None:
    if _is_in_cloudformation(node) or isinstance(node, Resource):
        return REQUEST
    if isinstance(node, Call):
        return REQUEST if node.function.endswith(".create_algorithm") else None
    if node.kind not in (OBJECT, LIST):
        return None
    value = node.plain()
    return recognition.shape_of(value, named=node.parent is None)


_JOB_METHODS = {
    "create_training_job": job_recognition.TRAINING,
    "create_hyper_parameter_tuning_job": job_recognition.TUNING,
    "create_transform_job": job_recognition.TRANSFORM,
    "create_model_package": job_recognition.PACKAGE,
    "create_endpoint_config": job_recognition.ENDPOINT,
}


def _job_of(node: Node) -> str | None:
    if isinstance(node, Call):
        return _JOB_METHODS.get(node.function.rpartition(".")[2])
    return job_recognition.shape_of(node.plain()) if node.kind == OBJECT else None


def _is_in_cloudformation(node: Node) -> bool:
    parent = node.parent
    return (
        node.key == "Properties"
        and parent is not None
        and parent.text("Type") == recognition.CLOUDFORMATION_TYPE
    )


def _is_of_awscc(node: Node) -> bool:
    """Whether a node is a resource of the provider awscc, which follows CloudFormation's types."""
    return isinstance(node, Resource) and node.target == AWSCC


def node_at(root: Node, offset: int) -> tuple[Node, bool] | None:
    """Return the innermost node whose key or value is at an offset, and whether it is the key."""
    best: tuple[int, Node, bool] | None = None
    for node in root.walk():
        for span, is_key in ((node.key_span, True), (node.span, False)):
            if span is not None and span[0] <= offset <= span[1]:
                size = span[1] - span[0]
                if best is None or size <= best[0]:
                    best = size, node, is_key
    return None if best is None else (best[1], best[2])
