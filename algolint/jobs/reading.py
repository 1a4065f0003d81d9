"""Reading requests that use an algorithm, in every syntax that specs are read in."""

from __future__ import annotations

from algolint import limits
from algolint.aws.cloudformation_table import ONLY_IN_MODEL_PACKAGE
from algolint.aws.model import JOB_REQUESTS, JOBS, Model
from algolint.jobs.recognition import ENDPOINT, PACKAGE, TRAINING, TRANSFORM, TUNING, is_plain, shape_of
from algolint.readers.bounds import Expansion
from algolint.readers.cloudformation import HostedDocument, is_intrinsic, properties
from algolint.readers.embedded import (
    EmbeddedDocument,
    QuotedDocument,
    is_schema,
    numbered,
    quoted,
    task_of,
    without_suffixes,
)
from algolint.spec.context import CLOUDFORMATION
from algolint.spec.recognition import may_send_job
from algolint.syntaxes import is_terraform_json, syntax_of
from algolint.values import UNKNOWN, OpenDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from algolint.document import Document
    from algolint.source import Source
    from algolint.values import Path

    # The route and the values of a request, and the maker of its document.
    Request: TypeAlias = "tuple[Path, Any, _Embedded]"

# The actions of Step Functions' tasks, the steps of SageMaker Pipelines, and the types of CloudFormation.
_TASKS = {operation[0].lower() + operation[1:]: shape for shape, operation in JOB_REQUESTS.items()}
_STEPS = {
    "Training": TRAINING,
    "Tuning": TUNING,
    "Transform": TRANSFORM,
    "RegisterModel": PACKAGE,
    "EndpointConfig": ENDPOINT,
}
_RESOURCES = {
    "AWS::SageMaker::TrainingJob": TRAINING,
    "AWS::SageMaker::EndpointConfig": ENDPOINT,
    "AWS::SageMaker::ModelPackage": PACKAGE,
}
# The commands of the AWS CLI.
_COMMANDS = {
    "create-training-job": TRAINING,
    "create-hyper-parameter-tuning-job": TUNING,
    "create-transform-job": TRANSFORM,
    "create-model-package": PACKAGE,
    "create-endpoint-config": ENDPOINT,
}
# What the functions of SageMaker Pipelines are called: {"Get": "Parameters.Image"}.
_FUNCTIONS = frozenset(("Get", "Std:Join", "Std:JsonGet"))


def read(source: Source) -> list[Document]:
    """Return the requests of a file that use an algorithm, with their shapes. Raises as `syntaxes.read`."""
    syntax = syntax_of(source)
    match syntax.name:
        case "json" | "yaml" if is_terraform_json(source.name):
            from algolint.jobs.terraform import requests

            expansion = Expansion()
            documents = syntax.read(source)
            return numbered([(d, [*_requests(d.spec, expansion), *requests(d)]) for d in documents])
        case "json" | "yaml":
            hosts = syntax.read(source)
            documents = _embedded(hosts)
            if syntax.name == "yaml" and any(command in source.text for command in _COMMANDS):
                from algolint.readers import yaml_scripts
                from algolint.readers.shell import read_commands

                number = max((document.index for document in documents), default=-1) + 1
                documents += yaml_scripts.read(
                    source,
                    hosts,
                    number,
                    _COMMANDS,
                    lambda script: read_commands(script, _COMMANDS, _is_plain),
                )
            return documents
        case "markdown":
            from algolint.readers import markdown

            return _embedded(markdown.read(source, may_send_job))
        case "typescript":
            from algolint.readers.typescript import read_calls

            return read_calls(source, {operation: shape for shape, operation in JOB_REQUESTS.items()})
        case "shell":
            from algolint.readers.shell import read_commands

            return read_commands(source, _COMMANDS, _is_plain)
        case "python":
            from algolint.readers.python import read_for
            from algolint.readers.python_jobs import jobs_of

            return read_for(source, jobs_of)
        case "notebook":
            from algolint.readers.notebook import read_for as read_notebook
            from algolint.readers.python_jobs import jobs_of
            from algolint.readers.shell import read_commands

            return read_notebook(
                source, jobs_of, lambda script, written: read_commands(script, _COMMANDS, _is_plain, written)
            )
        case "terraform":
            from algolint.jobs.terraform import read as read_terraform

            expansion = Expansion()
            rows = [
                (host, [] if host.shape else list(_requests(host.spec, expansion)))
                for host in read_terraform(source)
            ]
            return [document for document in numbered(rows, keeps=True) if document.shape is not None]
    return []


def _embedded(documents: list[Document]) -> list[Document]:
    """Return the requests in documents."""
    expansion = Expansion()
    return numbered([(document, list(_requests(document.spec, expansion))) for document in documents])


def _requests(value: Any, expansion: Expansion, route: Path = (), depth: int = 0) -> Iterator[Request]:
    """Yield the requests in a document, including those of state machines and pipelines.

    `expansion` is the work left for the references of the file.
    """
    if depth > limits.MAX_DEPTH:
        return
    text = quoted(value, ":sagemaker:create")
    if text is not UNKNOWN:
        yield from (
            (route, spec, _Quoted(made.shape)) for _, spec, made in _requests(text, expansion, (), depth + 1)
        )
    elif isinstance(value, dict):
        yield from _of_object(value, expansion, route, depth)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _requests(item, expansion, (*route, index), depth + 1)


def _of_object(value: dict[str, Any], expansion: Expansion, route: Path, depth: int) -> Iterator[Request]:
    match value:
        case {"Type": str() as kind} if "::" in kind:
            yield from _of_resource(value, kind, expansion, route, depth)
            return
    call = _call(value)
    if call is not None:
        key, shape, request = call
        if shape is not None:
            yield (*route, key), request, _Embedded(shape)
        return
    # The parameters of a task may be kept apart from its state machine.
    request = without_suffixes(value) if any(key.endswith(".$") for key in value) else value
    shape = None if is_schema(value) else shape_of(request)
    if shape is not None:
        yield route, _without_functions(request), _Embedded(shape)
        return
    for key, item in value.items():
        yield from _requests(item, expansion, (*route, key), depth + 1)


def _of_resource(
    resource: dict[str, Any], kind: str, expansion: Expansion, route: Path, depth: int
) -> Iterator[Request]:
    """Yield the request of a resource in a CloudFormation template, or those of its state machine."""
    own = resource.get("Properties")
    shape = _sent(_RESOURCES.get(kind), own)
    if shape is not None:
        yield route, resource, _Resource(shape, expansion)
    elif kind.endswith("::StateMachine"):
        yield from _requests(own, expansion, (*route, "Properties"), depth + 1)


def _call(value: dict[str, Any]) -> tuple[str, str | None, Any] | None:
    """What a task of Step Functions or a step of SageMaker Pipelines sends: its key, shape and request.

    The shape is None of a request that uses no algorithm, and all is None of other objects.
    """
    task = task_of(value)
    if task is not None:
        action, key = task
        request = _without_functions(without_suffixes(value[key]))
        return key, _sent(_TASKS.get(action), request), request
    match value:
        case {"Type": str() as kind, "Arguments": dict() as arguments} if kind in _STEPS:
            # The pipeline names its jobs.
            known = _without_functions(arguments)
            request = OpenDict(known) if isinstance(known, dict) else known
            return "Arguments", _sent(_STEPS[kind], request), request
    return None


def _sent(shape: str | None, request: Any) -> str | None:
    """The shape of a request that is sent; None of a model package that is not made of an algorithm."""
    if not isinstance(request, dict) or is_intrinsic(request):
        return None
    if shape == PACKAGE and "SourceAlgorithmSpecification" not in request:
        return None
    return shape


def _without_functions(value: Any) -> Any:
    """Return a request with everything unknown that a pipeline or a template computes."""
    if isinstance(value, dict):
        if is_intrinsic(value) or (len(value) == 1 and next(iter(value)) in _FUNCTIONS):
            return UNKNOWN
        return type(value)({key: _without_functions(item) for key, item in value.items()})
    if isinstance(value, list):
        return type(value)([_without_functions(item) for item in value])
    return value


def _is_plain(value: Any) -> bool:
    """Whether a value certainly is a request, although its algorithm is not known."""
    shape = shape_of(value)
    return shape is not None and is_plain(value, Model(table=JOBS).shape(shape))


class _Embedded:
    """Makes the document of a request with a shape."""

    __slots__ = ("shape",)

    def __init__(self, shape: str) -> None:
        self.shape = shape

    def __call__(self, host: Document, route: Path, spec: Any, index: int) -> Document:
        return EmbeddedDocument(host, route, spec, index, self.shape)


class _Quoted(_Embedded):
    """Makes the document of a request that is written as JSON in a text."""

    __slots__ = ()

    def __call__(self, host: Document, route: Path, spec: Any, index: int) -> Document:
        return QuotedDocument(host, route, spec, index, self.shape)


class _Resource(_Embedded):
    """Makes the document of a request that is a resource in a CloudFormation template."""

    __slots__ = ("expansion",)

    def __init__(self, shape: str, expansion: Expansion) -> None:
        super().__init__(shape)
        self.expansion = expansion

    def __call__(self, host: Document, route: Path, spec: Any, index: int) -> Document:
        found, routes = properties(host, route, spec, self.expansion)
        # CloudFormation generates names, and has fields that the request does not.
        request = OpenDict({key: value for key, value in found.items() if key not in ONLY_IN_MODEL_PACKAGE})
        return HostedDocument(host, request, routes, index, CLOUDFORMATION, shape=self.shape)
