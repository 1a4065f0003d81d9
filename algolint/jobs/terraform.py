"""Terraform's resources that are jobs: their arguments have other names than the fields of the request.

Terraform itself refuses arguments that a resource does not have. One that is not a field of the request is
the provider's, and leaves open what it sets.
"""

from __future__ import annotations

from algolint.aws.model import JOBS, Model
from algolint.jobs.recognition import ENDPOINT, TRAINING, TUNING
from algolint.readers.terraform import TerraformDocument, read_resources
from algolint.values import UNKNOWN, OpenDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.document import Document
    from algolint.rule import Fix
    from algolint.source import Source, Span
    from algolint.values import Path

#: The types of resources that are jobs, and the shapes of their requests.
SHAPES = {
    "aws_sagemaker_training_job": TRAINING,
    "aws_sagemaker_hyper_parameter_tuning_job": TUNING,
    "aws_sagemaker_endpoint_configuration": ENDPOINT,
}
# By shape, the fields that the provider calls otherwise.
_NAMES: dict[str, dict[str, str]] = {
    TUNING: {"Name": "HyperParameterTuningJobName", "Config": "HyperParameterTuningJobConfig"},
    "HyperParameterTuningJobConfig": {"Objective": "HyperParameterTuningJobObjective"},
    "ParentHyperParameterTuningJob": {"Name": "HyperParameterTuningJobName"},
    ENDPOINT: {"Name": "EndpointConfigName"},
}
# By shape, the required fields that the provider fills in.
_GIVEN = {ENDPOINT: "EndpointConfigName", "ProductionVariant": "VariantName"}
# What is of the provider alone, and sets nothing of the request.
_OF_THE_PROVIDER = frozenset({"DeleteVpcEnisOnDestroy", "NamePrefix", "TagsAll"})


class JobDocument(TerraformDocument):
    """A job of a Terraform file, in which no fix is made."""

    __slots__ = ()

    def home(self, fix: Fix) -> tuple[Document, Fix] | None:  # noqa: ARG002
        return None


def read(source: Source) -> list[Document]:
    """Return the jobs of a Terraform file. Raises as the reader of its algorithms."""
    if not any(kind in source.text for kind in SHAPES):
        return []
    documents = read_resources(source, SHAPES)
    model = Model(table=JOBS) if documents else None
    return [_Renaming(document, model).document() for document in documents if model is not None]


class _Renaming:
    """Gives the arguments of a resource the names of the request, and the locations their paths there."""

    def __init__(self, read: TerraformDocument, model: Model) -> None:
        self.read = read
        self.model = model
        self.locations: dict[Path, tuple[Span, Span]] = {}

    def document(self) -> JobDocument:
        read = self.read
        spec = self.value(read.spec, str(read.shape), (), ())
        return JobDocument(
            read.source,
            spec,
            self.locations,
            read.index,
            shape=read.shape,
            target=read.target,
            faults=read.faults,
            region=read.region,
        )

    def value(self, value: Any, shape: str, old: Path, new: Path) -> Any:
        """Return a value of a shape; `old` is its path in the resource, and `new` in the request."""
        if old in self.read.locations:
            self.locations[new] = self.read.locations[old]
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
        # A block where the request has another type: the provider has a form of its own.
        return UNKNOWN if isinstance(value, (dict, list)) else value

    def structure(self, value: dict[str, Any], shape: str, old: Path, new: Path) -> dict[str, Any]:
        members = self.model.shape(shape).members
        fields = {field.casefold(): field for field in members}
        own: dict[str, Any] = {}
        is_open = isinstance(value, OpenDict)
        for key, item in value.items():
            name = _NAMES.get(shape, {}).get(key) or fields.get(key.casefold())
            if name is not None:
                own[name] = self.value(item, members[name].shape, (*old, key), (*new, name))
            elif key not in _OF_THE_PROVIDER:
                is_open = True
        given = _GIVEN.get(shape)
        if given is not None:
            own.setdefault(given, UNKNOWN)
        return OpenDict(own) if is_open else own
