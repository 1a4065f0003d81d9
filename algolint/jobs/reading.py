"""Reading the requests of a file that use an algorithm, in the syntaxes that specs are read in."""

from __future__ import annotations

from algolint import limits
from algolint.jobs.recognition import may_hold_job, shape_of
from algolint.readers.embedded import EmbeddedDocument, numbered, without_suffixes
from algolint.syntaxes import syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.document import Document
    from algolint.readers.embedded import Spec
    from algolint.source import Source
    from algolint.values import Path


def read(source: Source) -> list[Document]:
    """Return the requests of a file that use an algorithm, with their shapes. Raises as `syntaxes.read`."""
    if not may_hold_job(source.text):
        return []
    syntax = syntax_of(source)
    match syntax.name:
        case "json" | "yaml":
            documents = syntax.read(source)
            return numbered([(document, list(_requests(document.spec, (), 0))) for document in documents])
        case "python":
            from algolint.readers.python import read_for
            from algolint.readers.python_jobs import jobs_of

            return read_for(source, jobs_of)
        case "notebook":
            from algolint.readers.notebook import read_for as read_notebook
            from algolint.readers.python_jobs import jobs_of

            return read_notebook(source, jobs_of)
    return []


def _requests(value: Any, route: Path, depth: int) -> Iterator[Spec]:
    """The requests in a document: it, what it wraps or lists, and the parameters of Step Functions' tasks."""
    if depth > limits.MAX_DEPTH:
        return
    if isinstance(value, dict):
        plain = without_suffixes(value) if any(key.endswith(".$") for key in value) else value
        shape = shape_of(plain)
        if shape is not None:
            yield route, without_suffixes(value), _Made(shape)
            return
        for key, item in value.items():
            yield from _requests(item, (*route, key), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _requests(item, (*route, index), depth + 1)


class _Made:
    """Makes the document of a request of a shape."""

    __slots__ = ("_shape",)

    def __init__(self, shape: str) -> None:
        self._shape = shape

    def __call__(self, host: Document, route: Path, spec: Any, index: int) -> Document:
        return EmbeddedDocument(host, route, spec, index, self._shape)
