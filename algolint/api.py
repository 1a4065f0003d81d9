"""For programs: lint a text, a file or a request in memory, and guard a client at the moment of the call."""

from __future__ import annotations

import os

from algolint import limits
from algolint.aws.model import REQUEST, Model
from algolint.diagnostic import Diagnostic
from algolint.document import Document
from algolint.linter import Linter, Selection
from algolint.messages import escaped
from algolint.session import Session
from algolint.source import Source, read_file
from algolint.values import UNKNOWN, OpenDict, OpenList, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from algolint.compare.metrics import Reading
    from algolint.source import Span
    from algolint.values import Path


class RequestRejected(Exception):
    """A request that `guard` did not let through; `diagnostics` are its errors."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        lines = [f"{d.location.pointer or '/'}: {d.message} [{d.rule.name}]" for d in diagnostics]
        super().__init__("the CreateAlgorithm request is wrong:\n" + "\n".join(lines))
        self.diagnostics = diagnostics


class _Memory(Document):
    """A request that was never a text: every place is its beginning, and the pointer says where."""

    __slots__ = ()

    def locate(self, path: Path, key: bool = False) -> Span:  # noqa: ARG002
        return 0, 0


def lint_text(text: str, name: str = "<text>", *, api_revision: str = "latest") -> list[Diagnostic]:
    """The diagnostics of a text, in its order; the ending of `name` selects the syntax.

    No configuration is looked for. Raises `UnknownRevision`.
    """
    if api_revision not in _sessions:
        _sessions[api_revision] = Session({"api-revision": api_revision, "show-info": True}, isolated=True)
    return _sessions[api_revision].lint(name, True, Source(name, text)).diagnostics


# By revision: an editor asks at every keystroke, and making one takes longer than linting.
_sessions: dict[str, Session] = {}


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

    There is no text: each place has its JSON pointer, and its line and column mean nothing. As for botocore
    a tuple is a list, and a subclass of dict, str or int is what it is derived from. Raises `TypeError` where
    a key is no string.
    """
    linter = _linter(api_revision, region)
    document = _Memory(Source("<request>", ""), _plain(request, 0, {}), shape=REQUEST, is_call=True)
    result = linter.lint(document)
    if result.crashes:
        raise RuntimeError(str(result.crashes[0])) from result.crashes[0].error
    return sorted(result.diagnostics, key=lambda d: (d.location.pointer, d.rule.name, d.message))


class _Foreign:
    """A value of a type that no request holds. Its own text may be long, or fail."""

    def __init__(self, value: object) -> None:
        self._name = type(value).__name__

    def __str__(self) -> str:
        return f"a value of the type {escaped(self._name)}"


def _plain(value: Any, depth: int, made: dict[int, Any]) -> Any:
    """A value of plain types, as the rules expect it.

    `made` holds what was made of containers, by their ids, as `copy.deepcopy` does: the request outlives
    the call.
    """
    # An enum's own text may be another than the one that is sent.
    if isinstance(value, str):
        return str.__str__(value)
    if value is None or isinstance(value, (bool, Unknown)):
        return value
    if isinstance(value, int):
        return int.__pos__(value)
    if isinstance(value, float):
        return float.__pos__(value)
    if not isinstance(value, (dict, list, tuple)):
        return _Foreign(value)
    if depth > limits.MAX_DEPTH:
        # No field is so deep.
        return UNKNOWN
    if id(value) not in made:
        if isinstance(value, dict):
            fields: dict[str, Any] = OpenDict() if isinstance(value, OpenDict) else {}
            made[id(value)] = fields
            for key, item in dict.items(value):
                if not isinstance(key, str):
                    kind = type(key).__name__
                    raise TypeError(f"the keys of a request are strings; there is one of the type {kind}")
                fields[str.__str__(key)] = _plain(item, depth + 1, made)
        else:
            items: list[Any] = OpenList() if isinstance(value, OpenList) else []
            made[id(value)] = items
            items += [_plain(item, depth + 1, made) for item in value]
    return made[id(value)]


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
    return _linters[key]


# ---------------------------------------------------------------- metrics


def metrics(spec: Any, lines: Iterable[str] | str) -> dict[str, Reading]:
    """Return what each metric of a spec reads from a log, by name.

    `spec` is a request, a TrainingSpecification or a list of MetricDefinitions; `lines` are the lines of a
    log, or all of it as one text. A `Reading` has `count`, `first`, `last`, `minimum`, `maximum`, and
    `values` with the `lines` that they are from.
    """
    import io

    from algolint.compare import log
    from algolint.compare.metrics import read, readings_of

    text = lines if isinstance(lines, str) else "\n".join(line.rstrip("\n") for line in lines)
    readings = readings_of(spec)
    read(readings, log.blocks(io.StringIO(text)))
    return {reading.name: reading for reading in readings}


def assert_metrics(spec: Any, lines: Iterable[str] | str) -> dict[str, Reading]:
    """Assert that a log is read as it should be: no error or warning of `algolint metrics`.

    For the test of a container: `assert_metrics(spec, capfd.readouterr().out)`. Returns what `metrics` does.
    Raises `AssertionError` with the findings.
    """
    from algolint.compare import log_rules

    readings = metrics(spec, lines)
    found = [
        f"{reading.name}: {problem.message} [{rule.name}]"
        for reading in readings.values()
        for rule, problem in log_rules.problems(reading)
        if (problem.severity or rule.severity) != "info"
    ]
    if found:
        raise AssertionError("the log is not read as it should be:\n" + "\n".join(found))
    return readings
