"""Reading jobs from Terraform's resources, whose arguments have other names than the request's fields.

Terraform itself refuses unknown arguments. An argument that is not a field of the request belongs to the
provider, and may set any field.
"""

from __future__ import annotations

from algolint.aws.model import JOBS, Model
from algolint.jobs.recognition import ENDPOINT, TRAINING, TUNING
from algolint.readers.terraform import TerraformDocument, has_state_machines, read_resources
from algolint.readers.terraform_json import ResourceDocument, resources
from algolint.readers.terraform_names import provider_name
from algolint.spec.context import TERRAFORM
from algolint.values import UNKNOWN, OpenDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.document import Document
    from algolint.source import Source
    from algolint.values import Path

#: The types of resources that are jobs, and the shapes of their requests.
SHAPES = {
    "aws_sagemaker_training_job": TRAINING,
    "aws_sagemaker_hyper_parameter_tuning_job": TUNING,
    "aws_sagemaker_endpoint_configuration": ENDPOINT,
}
# The fields that the provider names differently, by shape. No package index has the provider.
_NAMES: dict[str, dict[str, str]] = {
    TUNING: {"Name": "HyperParameterTuningJobName", "Config": "HyperParameterTuningJobConfig"},
    "HyperParameterTuningJobConfig": {"Objective": "HyperParameterTuningJobObjective"},
    "ParentHyperParameterTuningJob": {"Name": "HyperParameterTuningJobName"},
    ENDPOINT: {"Name": "EndpointConfigName"},
}
_WRITTEN = {own: name for names in _NAMES.values() for name, own in names.items()}
# The required fields that the provider fills in, by shape.
_GIVEN = {ENDPOINT: "EndpointConfigName", "ProductionVariant": "VariantName"}
# Arguments of the provider that set nothing in the request.
_OF_THE_PROVIDER = frozenset({"DeleteVpcEnisOnDestroy", "NamePrefix", "TagsAll"})


class JobDocument(TerraformDocument):
    """A job in a Terraform file."""

    __slots__ = ()

    def spelled(self, field: str) -> str:
        return _provider_name(field)

    def written_name(self, field: str) -> str:
        return _provider_name(field)


class JobResourceDocument(ResourceDocument):
    """A job in a `.tf.json` file."""

    __slots__ = ()

    def spelled(self, field: str) -> str:
        return _provider_name(field)


def _provider_name(field: str) -> str:
    return provider_name(_WRITTEN.get(field, field))


def read(source: Source) -> list[Document]:
    """Return the jobs in a Terraform file, and definitions of state machines, which have no shape.

    Raises as the reader of its algorithms.
    """
    if not any(kind in source.text for kind in SHAPES) and not has_state_machines(source.text):
        return []
    model = Model(table=JOBS)
    return [
        document if document.shape is None else _job(document, model)
        for document in read_resources(source, SHAPES)
    ]


def _job(document: TerraformDocument, model: Model) -> JobDocument:
    renaming = _Renaming(model, document.locations)
    spec = renaming.value(document.spec, str(document.shape), (), ())
    return JobDocument(
        document.source,
        spec,
        renaming.renamed,
        document.index,
        shape=document.shape,
        target=document.target,
        faults=document.faults,
        region=document.region,
    )


def requests(host: Document) -> Iterator[tuple[Path, Any, ResourceMaker]]:
    """Yield the jobs in a `.tf.json` file: the route, the request, and the maker of its document."""
    model = Model(table=JOBS)
    for kind, spec, routes in resources(host, SHAPES):
        renaming = _Renaming(model, routes)
        request = renaming.value(spec, SHAPES[kind], (), ())
        yield routes[()], request, ResourceMaker(renaming.renamed, SHAPES[kind])


class ResourceMaker:
    """Makes the document of a job in a `.tf.json` file."""

    __slots__ = ("routes", "shape")

    def __init__(self, routes: dict[Path, Path], shape: str) -> None:
        self.routes = routes
        self.shape = shape

    def __call__(self, host: Document, route: Path, spec: Any, index: int) -> Document:  # noqa: ARG002
        return JobResourceDocument(host, spec, self.routes, index, TERRAFORM, self.shape)


class _Renaming:
    """Converts the arguments of a resource to fields of the request, and the paths of their values."""

    def __init__(self, model: Model, places: dict[Path, Any]) -> None:
        self.model = model
        self.places = places
        #: What is at each path of the request.
        self.renamed: dict[Path, Any] = {}

    def value(self, value: Any, shape: str, old: Path, new: Path) -> Any:
        """Return a value of a shape; `old` is its path in the resource, and `new` in the request."""
        if old in self.places:
            self.renamed[new] = self.places[old]
        kind = self.model.shape(shape)
        if kind.type == "structure" and isinstance(value, dict):
            return self.structure(value, shape, old, new)
        if kind.type == "list" and isinstance(value, list):
            return type(value)(
                self.value(item, kind.item, (*old, index), (*new, index)) for index, item in enumerate(value)
            )
        if kind.type == "map" and isinstance(value, dict):
            return type(value)(
                {key: self.value(item, kind.value, (*old, key), (*new, key)) for key, item in value.items()}
            )
        # The request has another type than a block, because the provider has a form of its own.
        return UNKNOWN if isinstance(value, (dict, list)) else value

    def structure(self, value: dict[str, Any], shape: str, old: Path, new: Path) -> dict[str, Any]:
        members = self.model.shape(shape).members
        fields = {field.casefold(): field for field in members}
        own: dict[str, Any] = {}
        is_open = isinstance(value, OpenDict)
        for key, item in value.items():
            name = _NAMES.get(shape, {}).get(key) or fields.get(key.casefold())
            if name is not None:
                own[name] = self.value(item, members[name], (*old, key), (*new, name))
            elif key not in _OF_THE_PROVIDER:
                is_open = True
        given = _GIVEN.get(shape)
        if given is not None:
            own.setdefault(given, UNKNOWN)
        return OpenDict(own) if is_open else own
