"""For programs: lint a text, a file or a request in memory, and guard a client at the moment of the call."""

from __future__ import annotations

import os

from algolint.engine import Diagnostic, Linter, Selection
from algolint.model import Model
from algolint.session import Session
from algolint.source import Document, Source, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.source import Span
    from algolint.values import Path


class RequestRejected(Exception):
    """A request that `guard` did not let through; `diagnostics` are its errors."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        lines = [f"{d.place.pointer or '/'}: {d.message} [{d.rule.name}]" for d in diagnostics]
        super().__init__("the CreateAlgorithm request is wrong:\n" + "\n".join(lines))
        self.diagnostics = diagnostics


class _Memory(Document):
    """A request that was never a text: every place is its beginning, and the pointer says where."""

    __slots__ = ()

    def locate(self, path: Path, key: bool = False) -> Span:  # noqa: ARG002
        return 0, 0


def lint_text(text: str, name: str = "<text>", *, api_revision: str = "latest") -> list[Diagnostic]:
    """The diagnostics of a text, in its order; the ending of `name` tells the syntax.

    No configuration is looked for. Raises `UnknownRevision`.
    """
    session = Session({"api-revision": api_revision, "show-info": True}, isolated=True)
    return session.lint(name, True, Source(name, text)).diagnostics


def lint_file(path: str | os.PathLike[str]) -> list[Diagnostic]:
    """The diagnostics of a file, with the configuration that holds for it.

    Raises `UnreadableSource` where it cannot be read, and what a wrong configuration raises.
    """
    name = os.fspath(path)
    session = Session({})
    return session.lint(name, True, read_file(name, 1 << 30)).diagnostics


def lint_request(
    request: dict[str, Any], *, api_revision: str = "latest", region: str | None = None
) -> list[Diagnostic]:
    """The diagnostics of a request as it would be passed to `create_algorithm(**request)`.

    There is no text: each place has its JSON pointer, and its line and column mean nothing.
    """
    linter = _linter(api_revision, region)
    document = _Memory(Source("<request>", ""), request)
    document.shape = "CreateAlgorithmInput"
    found = linter.lint(document) or []
    if linter.crashes:
        raise RuntimeError(str(linter.crashes[0])) from linter.crashes[0].error
    return sorted(found, key=lambda d: (d.place.pointer, d.rule.name, d.message))


def guard(client: Any, *, api_revision: str = "latest") -> None:
    """Make a boto3 SageMaker client check each CreateAlgorithm request before it is sent.

    `client.create_algorithm(...)` raises `RequestRejected` where the request has errors; warnings let
    it pass. Needs nothing but the client itself.
    """
    region = getattr(client.meta, "region_name", None)

    def check(params: dict[str, Any], **_: Any) -> None:
        diagnostics = lint_request(params, api_revision=api_revision, region=region)
        errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
        if errors:
            raise RequestRejected(errors)

    client.meta.events.register("provide-client-params.sagemaker.CreateAlgorithm", check)


_linters: dict[tuple[str, str | None], Linter] = {}


def _linter(api_revision: str, region: str | None) -> Linter:
    key = (api_revision, region)
    if key not in _linters:
        from algolint.discovery import all_rules, first_party_rules

        everything = Selection(frozenset(rule.name for rule in all_rules()), {}, show_info=True)
        _linters[key] = Linter(Model(api_revision), first_party_rules(), everything, region)
    _linters[key].crashes = []
    return _linters[key]
