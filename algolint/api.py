"""Functions for programs: linting a text, a file or a request, and guarding a client's calls."""

from __future__ import annotations

import os
from _thread import RLock

from algolint import limits
from algolint.aws.model import JOB_REQUESTS, NAMING_ALGORITHMS, REQUEST
from algolint.aws.region_table import REGIONS
from algolint.config.effective import ARGUMENT, SettingsFinder
from algolint.diagnostic import Diagnostic
from algolint.document import Document
from algolint.messages import escaped
from algolint.runs.session import Session
from algolint.source import Source, read_file
from algolint.values import UNKNOWN, OpenDict, OpenList, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Literal, TypeAlias

    from algolint.aws.model import Model
    from algolint.compare.metrics import Reading
    from algolint.config.effective import Settings
    from algolint.jobs.context import Algorithm
    from algolint.runs.job_session import Find, SpecFile
    from algolint.source import Span
    from algolint.values import Path

    # A configuration file, "auto" for the nearest one upwards, or None.
    Config: TypeAlias = "str | os.PathLike[str] | Literal['auto'] | None"


# Threads lint one after another, as the work for a file is counted for the whole process (`limits`). The lock
# is reentrant, because a rule of a pack, or the handler of a signal, may lint. `threading` has the same
# class, but its import would take a sixth of this module's.
_turn = RLock()


class RequestRejected(Exception):
    """Raised by `guard` for a request with errors, which are its `diagnostics`."""

    def __init__(self, diagnostics: list[Diagnostic], operation: str = "CreateAlgorithm") -> None:
        lines = [f"{d.location.pointer or '/'}: {d.message} [{d.rule.name}]" for d in diagnostics]
        super().__init__(f"the {operation} request is wrong:\n" + "\n".join(lines))
        self.diagnostics = diagnostics


class _Memory(Document):
    """A request without a text. Every location is at its start, and has a pointer into the request."""

    __slots__ = ()

    def locate(self, path: Path, key: bool = False) -> Span:  # noqa: ARG002
        return 0, 0


def lint_text(
    text: str,
    name: str = "<text>",
    *,
    api_revision: str | None = None,
    config: Config = "auto",
) -> list[Diagnostic]:
    """Return the diagnostics of a text, in order of location. The extension of `name` selects the syntax.

    A job is checked against its algorithm if the text or the configuration (`algorithms`) has it.
    `config` is a configuration file, "auto" for the nearest one upwards from `name`, or None for none.
    `api_revision` overrides that of the configuration, which is the latest by default. Raises `UserError` if
    the configuration, a rule pack or the revision cannot be used.
    """
    with _turn:
        return _of_source(Source(name, text), _session(config, api_revision, name=name))


def lint_file(path: str | os.PathLike[str]) -> list[Diagnostic]:
    """Return the diagnostics of a file, with the configuration that applies to it.

    Raises `UnreadableSource` if the file cannot be read, and `UserError` like `lint_text`.
    """
    name = os.fspath(path)
    with _turn:
        return _of_source(read_file(name, limits.LARGEST_FILE_SIZE), Session(SettingsFinder({})))


def _of_source(source: Source, session: Session) -> list[Diagnostic]:
    """Return the diagnostics of a text, with those of its jobs."""
    result = session.lint(source.name, named=True, source=source)
    if result.may_hold_job:
        from algolint.runs.job_session import judged

        names = result.algorithms
        specs: dict[str, SpecFile | None] = {name: source for name in names if names.count(name) == 1}
        (result,) = judged(session, [result], specs, lambda jobs, _: jobs.lint(source.name, False, source))
    return result.diagnostics


def lint_request(
    request: dict[str, Any],
    *,
    api_revision: str | None = None,
    region: str | None = None,
    config: Config = "auto",
) -> list[Diagnostic]:
    """Return the diagnostics of a request, as it would be passed to `create_algorithm(**request)`.

    `config` is as for `lint_text`; "auto" means the nearest configuration upwards from the current folder. As
    there is no text, locations have a JSON pointer, but no meaningful line and column. Tuples count as lists,
    and instances of subclasses of dict, str or int as instances of these, as for botocore. Raises `TypeError`
    if a key is not a string.
    """
    with _turn:
        return _of_request(_plain(request, 0, {}), _session(config, api_revision, region))


def _of_request(request: Any, session: Session, shape: str = REQUEST) -> list[Diagnostic]:
    """Return the diagnostics of a request in plain types."""
    document = _Memory(Source("<request>", ""), request, shape=shape, is_call=True)
    result = session.linter_of(session.settings.of("")).lint(document)
    if result.crashes:
        raise RuntimeError(str(result.crashes[0])) from result.crashes[0].error
    found = session.reported("<request>", result.diagnostics)
    return sorted(found, key=lambda d: (d.location.pointer, d.rule.name, d.message))


# Sessions without a configuration, by revision and region, as making one takes longer than linting.
_sessions: dict[tuple[str | None, str | None], Session] = {}


def _session(
    config: Config, api_revision: str | None = None, region: str | None = None, name: str = ""
) -> Session:
    """Return the session for a configuration. A configuration file is read again for each call."""
    given = {"api-revision": api_revision, "region": region, "show-info": True}
    file = None if config is None or config == "auto" else os.fspath(config)
    settings = SettingsFinder(given, file, isolated=config is None, given_by=ARGUMENT)
    if settings.of(name).configuration.path is not None:
        return Session(settings)
    key = api_revision, region
    if key not in _sessions:
        _sessions[key] = Session(SettingsFinder(given, isolated=True, given_by=ARGUMENT), remembers=True)
    return _sessions[key]


class _Foreign:
    """A value of a type that no request has. Its own string may be long, or raise."""

    def __init__(self, value: object) -> None:
        self._name = type(value).__name__

    def __str__(self) -> str:
        return f"a value of the type {escaped(self._name)}"


def _plain(value: Any, depth: int, made: dict[int, Any]) -> Any:
    """Return a copy of a value in plain types, as rules expect it.

    `made` has the copies of containers by their ids, as for `copy.deepcopy`. The request outlives the call.
    """
    # The string of an enum may differ from the value that is sent.
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
        # No field is nested so deeply.
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


def guard(
    client: Any,
    *,
    api_revision: str | None = None,
    config: Config = "auto",
    algorithms: Iterable[dict[str, Any]] = (),
    describe: bool = False,
) -> None:
    """Make a boto3 SageMaker client check each CreateAlgorithm request before it is sent.

    `client.create_algorithm(...)` raises `RequestRejected` if the request has errors, but not for warnings.
    `config` is as for `lint_request`, and is read once. Only the client is needed.

    Training jobs, tuning jobs and model packages are checked against their algorithm if it is among
    `algorithms`, which are requests or DescribeAlgorithm responses, or if the configuration names its file.
    With `describe`, the client requests other algorithms, each name once. If an algorithm is not found, or
    the client may not describe it, only the request itself is checked.
    """
    region = getattr(client.meta, "region_name", None)
    known = {algorithm["AlgorithmName"]: algorithm for algorithm in algorithms}
    with _turn:
        session = _session(config, api_revision, region if region in REGIONS else None)
    _register(client, "CreateAlgorithm", REQUEST, session)
    if known or describe or session.settings.of("").get("algorithms"):
        known_algorithms = _KnownAlgorithms(known, client if describe else None)
        jobs = _job_session(session, known_algorithms)
        with _turn:
            # Now, so that a file that cannot be read does not keep a request from being sent.
            jobs.linter_of(jobs.settings.of(""))
        for shape in NAMING_ALGORITHMS:
            _register(client, JOB_REQUESTS[shape], shape, jobs, known_algorithms.describe)


def _register(
    client: Any,
    operation: str,
    shape: str,
    session: Session,
    prepare: Callable[[Any], None] | None = None,
) -> None:
    """Make a client check the requests of an operation. `prepare` gets each before other threads wait."""

    def check(params: dict[str, Any], **_: Any) -> None:
        request = _plain(params, 0, {})
        if prepare is not None:
            prepare(request)
        with _turn:
            errors = [found for found in _of_request(request, session, shape) if found.severity == "error"]
        if errors:
            raise RequestRejected(errors, operation)

    client.meta.events.register(f"provide-client-params.sagemaker.{operation}", check)


class _KnownAlgorithms:
    """The algorithms that are given to `guard` by their names, and those that its client described."""

    def __init__(self, given: dict[str, Any], client: Any) -> None:
        self._given = given
        self._client = client
        #: By name or ARN, as requests have it; None if the client got no description.
        self._described: dict[str, Any] = {}
        self._turns: dict[str, RLock] = {}

    def get(self, name: str) -> Any:
        """Return an algorithm, or None if it is not known."""
        return self._given.get(name.rpartition("/")[2], self._described.get(name))

    def describe(self, request: Any) -> None:
        """Describe the algorithm of a request, once. Only threads that need the same one wait."""
        from algolint.jobs.recognition import algorithms_of

        names = algorithms_of(request)
        if self._client is None or len(names) != 1 or self.get(name := names.pop()) is not None:
            return
        with self._turns.setdefault(name, RLock()):
            if name not in self._described:
                try:
                    self._described[name] = self._client.describe_algorithm(AlgorithmName=name)
                except self._client.exceptions.ClientError:
                    # The service reports the error for the job itself.
                    self._described[name] = None


def _job_session(session: Session, known: _KnownAlgorithms) -> Session:
    """Return the session that checks jobs against known algorithms."""
    from algolint.compare.specs import spec_of
    from algolint.jobs.context import Algorithm
    from algolint.runs.job_session import JobSession, by_name, configured

    def algorithms(settings: Settings, model: Model) -> Find:
        in_files = {name: configured(name, settings, model) for name, _ in settings.paths("algorithms")}

        def algorithm(name: str) -> Algorithm | None:
            spec = known.get(name)
            if spec is None:
                return in_files.get(name, in_files.get(name.rpartition("/")[2]))
            document = _Memory(Source("<algorithm>", ""), _plain(spec, 0, {}), shape=REQUEST)
            return Algorithm(spec_of(document, REQUEST, model))

        return by_name(algorithm)

    return JobSession(algorithms, *session.arguments)


# ---------------------------------------------------------------- metrics


def metrics(spec: Any, lines: Iterable[str] | str) -> dict[str, Reading]:
    """Return what each metric of a spec matches in a log, by name.

    `spec` is a request, a TrainingSpecification or a list of MetricDefinitions. `lines` are the lines of a
    log, or the whole log as a text. A `Reading` has `count`, `first`, `last`, `minimum`, `maximum`, and
    `values` with their `lines`.
    """
    import io

    from algolint.compare import log
    from algolint.compare.metrics import readings_of
    from algolint.compare.scan import read

    text = lines if isinstance(lines, str) else "\n".join(line.rstrip("\n") for line in lines)
    readings = readings_of(spec)
    read(readings, log.blocks(io.StringIO(text)))
    return {reading.name: reading for reading in readings}


def assert_metrics(spec: Any, lines: Iterable[str] | str) -> dict[str, Reading]:
    """Assert that `algolint metrics` has no error or warning for a log, and return what `metrics` returns.

    This is for tests of a container: `assert_metrics(spec, capfd.readouterr().out)`. Raises `AssertionError`
    with the findings.
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
