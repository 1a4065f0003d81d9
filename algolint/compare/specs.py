"""Loading a spec to compare from a file, standard input or git's history."""

from __future__ import annotations

import os

from algolint import limits
from algolint.diagnostic import Diagnostic, Location
from algolint.errors import UserError
from algolint.messages import shown
from algolint.source import Source, SourceSyntaxError, UnreadableSource, decoded, read_file, standard_input
from algolint.spec import recognition
from algolint.spec.binder import Binder
from algolint.syntaxes import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import CompletedProcess
    from typing import Any

    from algolint.aws.model import Model
    from algolint.document import Document
    from algolint.rule import Rule, Severity
    from algolint.values import Path


class SpecError(UserError):
    """Raised when there is no spec to compare; the message says why."""


class NoSpec(SpecError):
    """Raised when a file can be read, but has no spec that can be compared."""


class Spec:
    """One spec: its document, its shape, and its values as rules see them."""

    __slots__ = ("bound", "document", "label", "shape", "written")

    def __init__(self, document: Document, shape: str, written: Any, bound: Any) -> None:
        self.document = document
        self.shape = shape
        #: The values before they are bound.
        self.written = written
        #: The bound values; those of a wrong type or an unknown field are unknown.
        self.bound = bound
        #: How messages name the spec: by its revision, if it is from git.
        self.label = ""

    @property
    def name(self) -> str:
        """The name of the source."""
        return self.document.source.name

    @property
    def algorithm(self) -> str:
        """The AlgorithmName, if it is known, else an empty string."""
        name = self.bound.get("AlgorithmName") if isinstance(self.bound, dict) else None
        return name if isinstance(name, str) else ""

    def location(self, path: Path, is_key: bool, message: str) -> Location:
        """Return a location in the spec."""
        span = self.document.locate(path, is_key)
        cell = self.document.cell_at(span[0])
        return Location(self.document.source, span, path, is_key, message, cell)

    def diagnostic(
        self, rule: Rule, severity: Severity, location: Location, related: list[Location] | None = None
    ) -> Diagnostic:
        """Return a diagnostic at a location of the spec."""
        source = self.document.source
        return Diagnostic(rule, severity, location, source, related=related, document=self.document.index)


def read_spec(name: str, model: Model, algorithm: str = "") -> Spec:
    """Return the spec of an algorithm in a file, or else the first one. Raises `SpecError`."""
    specs = read_specs(name, model)
    return next((spec for spec in specs if algorithm and spec.algorithm == algorithm), specs[0])


def read_standard_input() -> bytes:
    """Return the bytes of standard input, for `read_specs`. Raises `SpecError`."""
    try:
        return standard_input(limits.MAX_FILE_SIZE)
    except UnreadableSource as error:
        raise SpecError(str(error)) from None


def read_specs(name: str, model: Model, stdin: bytes | None = None) -> list[Spec]:
    """Return the specs in a file, in `-` or in `git:REV:PATH`, at least one. Raises `SpecError`.

    `stdin` is what was read from standard input, if a name is `-`.
    """
    try:
        specs = specs_in(_source(name, stdin), model, name)
        for spec in specs:
            spec.label = name.split(":")[1] if _is_of_git(name) else ""
        return specs
    except SourceSyntaxError as error:
        where = ""
        if error.source is not None:
            line, column = error.source.position(error.span[0])
            where = f":{line}:{column}"
        raise SpecError(f"{name}{where}: {error.message}") from None
    except UnreadableSource as error:
        is_of_git = ":" in name and not os.path.lexists(name) and not _is_of_git(name)
        hint = f"; a version in git's history is git:{name}" if is_of_git else ""
        raise SpecError(f"{name}: {error}{hint}") from None


def specs_in(source: Source, model: Model, name: str = "") -> list[Spec]:
    """Return the specs in a text, at least one; `name` is for messages.

    Raises `SpecError`, `SourceSyntaxError` and `UnreadableSource`.
    """
    specs = [
        spec_of(document, shape, model)
        for document in read(source)
        if (shape := document.shape or recognition.shape_of(document.spec)) is not None
    ]
    if specs:
        return specs
    # A job's request is not an algorithm, but it can be checked against one.
    is_job = recognition.may_send_job(source.text)
    hint = "; algolint job ALGORITHM REQUEST checks a request that uses one" if is_job else ""
    raise NoSpec(f"{name or source.name}: no algorithm spec is recognized{hint}")


def spec_in(source: Source, model: Model, algorithm: str = "") -> Spec:
    """Return the first spec in a text, or that of an algorithm. Raises as `specs_in` does."""
    for spec in specs_in(source, model):
        if algorithm in ("", spec.algorithm):
            return spec
    raise SpecError(f"{source.name}: no spec of {shown(algorithm)}")


def spec_of(document: Document, shape: str, model: Model) -> Spec:
    """Return the spec in a document, bound, without the fields that only responses have."""
    spec = document.spec
    if recognition.is_whole_response(spec):
        spec = recognition.request_of(spec)
    bound, _ = Binder(model).bind_document(document, spec, shape)
    return Spec(document, shape, spec, bound)


def _source(name: str, stdin: bytes | None) -> Source:
    if name == "-" and stdin is not None:
        return decoded("<stdin>", stdin, limits.MAX_FILE_SIZE)
    if _is_of_git(name):
        return decoded(name.split(":", 2)[-1], _from_git(name), limits.MAX_FILE_SIZE)
    return read_file(name, limits.MAX_FILE_SIZE)


def _is_of_git(name: str) -> bool:
    return name.startswith("git:") and not os.path.exists(name)


def check_revision(revision: str) -> None:
    """Raise `SpecError` if git's history has no such revision. A repository without a commit has HEAD."""
    if not revision or revision.startswith("-"):
        raise SpecError(f"{shown(revision)} is not a revision of git")
    done = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if done.returncode == 1 and revision != "HEAD":
        raise SpecError(f"git has no revision {shown(revision)} here; in CI, fetch it first (fetch-depth: 0)")
    if done.returncode > 1:
        raise SpecError(_reason(done))


def _git(*arguments: str) -> CompletedProcess[bytes]:
    import subprocess

    try:
        return subprocess.run(["git", *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise SpecError("git is not installed") from None
    except OSError as error:
        raise SpecError(f"git cannot be run: {error.strerror}") from None


def _reason(done: CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "git failed"


def _from_git(name: str) -> bytes:
    """Return the bytes of `git:REV:PATH`, with PATH relative to the current folder. Raises `SpecError`."""
    _, revision, path = (name.split(":", 2) + ["", ""])[:3]
    if not revision or not path or revision.startswith("-"):
        raise SpecError(f"{shown(name)} is not git:REVISION:PATH, for example git:main:algorithm.yaml")
    done = _git("show", "--no-textconv", f"{revision}:./{path.removeprefix('./')}")
    if done.returncode:
        try:
            check_revision(revision)
        except SpecError as error:
            raise SpecError(f"{name}: {error}") from None
        raise SpecError(f"{name}: {_reason(done)}")
    return done.stdout
