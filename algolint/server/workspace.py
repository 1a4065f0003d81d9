"""The open documents and their findings.

A document is linted as the command line would lint its file in a folder, but with the client's text: with the
nearest configuration in its folder or a parent folder, and the baseline of that. One `Session` serves all
folders, since it keeps the settings, rules and models of each configuration. A second session, without
third-party rules, serves folders that the client does not trust.
"""

from __future__ import annotations

import os
from glob import escape as glob_escape
from glob import glob
from urllib.parse import quote, unquote

from algolint import limits
from algolint.config.effective import SettingsFinder
from algolint.config.files import FILES, ConfigurationError
from algolint.diagnostic import collapsed
from algolint.errors import UserError
from algolint.runs.session import Result, Session
from algolint.server import cursor
from algolint.server.jobs import Algorithms, Lookup, may_name_algorithm
from algolint.server.repair import repaired
from algolint.server.text import ClientText, edits_between
from algolint.source import Source, SourceSyntaxError, UnreadableSource
from algolint.spec.recognition import may_send_job
from algolint.spec.structural_rules import invalid_syntax
from algolint.syntaxes import JSON, YAML, is_searched_for, may_hold_spec, named_syntax, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from algolint.aws.model import Model
    from algolint.config.effective import Settings
    from algolint.diagnostic import Diagnostic
    from algolint.fixes.edit import Edit
    from algolint.rule import Rule
    from algolint.runs.job_session import Find, JobSession
    from algolint.server.text import TextChange
    from algolint.server.tree import SpecTree
    from algolint.source import Span

    Json: TypeAlias = dict[str, Any]

#: The extension for each language id that clients use.
LANGUAGES = {
    "json": ".json",
    "jsonc": ".json",
    "yaml": ".yaml",
    "python": ".py",
    "terraform": ".tf",
    "hcl": ".tf",
    "opentofu": ".tofu",
    "typescript": ".ts",
    "typescriptreact": ".tsx",
    "javascript": ".js",
    "javascriptreact": ".jsx",
    "shellscript": ".sh",
    "sh": ".sh",
    "bash": ".sh",
    "makefile": ".mk",
    "make": ".mk",
}


def path_of(uri: str) -> str:
    """Return the path of a file URI, or the last part of another URI, such as that of an unsaved text."""
    scheme, _, rest = uri.partition(":")
    path = unquote(rest)
    if scheme != "file":
        return path.rsplit("/", 1)[-1] or "untitled"
    path = "/" + path.removeprefix("//").partition("/")[2] if path.startswith("//") else path
    if os.name == "nt":
        return os.path.normpath(path.lstrip("/"))
    return path


def uri_of(path: str) -> str:
    """Return the URI of a file's absolute path."""
    path = path.replace(os.sep, "/")
    return "file://" + quote(
        path if path.startswith("/") else f"/{path}", safe="/~", errors="surrogateescape"
    )


def linted_name(path: str, language: str) -> str:
    """Return the name under which a text is linted: its path, with the language's extension if needed.

    The language id is more reliable than the name: the cells of a notebook may be sent as Python.
    """
    ending = LANGUAGES.get(language)
    if ending is None:
        return path
    wanted, named = named_syntax(f"x{ending}"), named_syntax(path)
    if wanted is named or (wanted in (JSON, YAML) and (named is None or named.name == "notebook")):
        return path
    return path + ending


class TrackedDiagnostic:
    """A diagnostic, with its spans updated for changes since the text was linted."""

    __slots__ = ("diagnostic", "is_changed", "is_of_whole", "related", "span")

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        #: Whether its text could be read completely, and whether its own part of that has changed since.
        self.is_of_whole = True
        self.is_changed = False
        self.span: Span = diagnostic.location.span
        #: The spans of related locations, None for those whose text is gone.
        self.related: list[Span | None] = [location.span for location in diagnostic.related]

    @property
    def identity(self) -> tuple[Rule, Span]:
        """What identifies the finding when the text is linted again."""
        return self.diagnostic.rule, self.span

    def move(self, change: TextChange) -> bool:
        """Update the spans for a change, and return whether the diagnostic's text still exists."""
        span = change.moved(self.span)
        if span is None:
            return False
        self.is_changed |= change.start <= self.span[1] and self.span[0] <= change.end
        self.span = span
        for number, (location, place) in enumerate(zip(self.diagnostic.related, self.related, strict=True)):
            # A job's algorithm is in another file.
            if place is not None and location.source is self.diagnostic.location.source:
                self.related[number] = change.moved(place)
        return True


class OpenDocument:
    """An open document and its findings."""

    def __init__(self, uri: str, language: str, version: int | None, text: ClientText) -> None:
        self.uri = uri
        self.language = language
        self.version = version
        self.text = text
        self.path = path_of(uri)
        self.name = linted_name(self.path, language)
        #: Whether the text has changed since it was linted.
        self.is_stale = True
        #: Whether the text cannot be read; all findings except its syntax error are then earlier ones.
        self.is_broken = False
        self.findings: list[TrackedDiagnostic] = []
        #: The specs in the text, without jobs (False) and with jobs (True).
        self.specs: dict[bool, list[SpecTree]] = {}
        self._source: Source | None = None

    @property
    def source(self) -> Source:
        """The text that is linted."""
        if self._source is None:
            self._source = self.make_source()
        return self._source

    def make_source(self) -> Source:
        """Return the text to lint."""
        return Source(self.name, self.text.text)

    def change(self, changes: Iterable[Json], version: int | None) -> None:
        """Apply content changes of the client."""
        for content in changes:
            self._follow(self.text.change(content))
        self.version = version

    def touch(self) -> None:
        """Mark the text as changed, so that it is read and linted again."""
        self._source = None
        self.specs.clear()
        self.is_stale = True

    def _follow(self, change: TextChange) -> None:
        self.touch()
        mark = int(self.text.text.startswith("\ufeff"))
        change.start, change.end = change.start - mark, change.end - mark
        self.findings = [finding for finding in self.findings if finding.move(change)]

    # ------------------------------------------------------------ positions

    def uris(self) -> list[str]:
        """Return the URIs for which diagnostics are published."""
        return [self.uri]

    def offset(self, uri: str, position: Json) -> int:  # noqa: ARG002
        """Return the offset in the source of the client's position in one of the URIs."""
        return max(self.text.offset(position) - int(self.source.bom), 0)

    def placed(self, span: Span) -> tuple[str, Json]:
        """Return the URI and the range of a span of the source."""
        mark = int(self.source.bom)
        return self.uri, self.text.range((span[0] + mark, span[1] + mark))

    def typed(self, uri: str, position: Json) -> tuple[Source, int, Callable[[Span], Json]]:
        """Return the text to complete, the offset of a position in it, and a function from span to range."""
        return self.source, self.offset(uri, position), lambda span: self.placed(span)[1]

    def placed_in(self, source: Source, span: Span) -> tuple[str, Json]:
        """Return the URI and the range of a span in this source or in another file."""
        if source.name == self.source.name:
            return self.placed(span)
        return uri_of(os.path.abspath(source.name)), ClientText(source.text, self.text.encoding).range(span)

    def text_edits(self, edits: Iterable[Edit]) -> dict[str, list[Json]]:
        """Return edits of the source as TextEdits of the client, by URI."""
        found: dict[str, list[Json]] = {}
        for edit in edits:
            uri, where = self.placed((edit.start, edit.end))
            found.setdefault(uri, []).append({"range": where, "newText": edit.text})
        return found

    def replaced(self, text: str) -> dict[str, list[Json]]:
        """Return the TextEdits that replace the source by a text, by URI."""
        return self.text_edits(edits_between(self.source.text, text))

    def versions(self) -> dict[str, int | None]:
        """Return the version of the text of each URI."""
        return {self.uri: self.version}

    def readable(self, fault: SourceSyntaxError | None) -> Source | None:
        """Return the readable part of the text if it has a fault, or None."""
        return repaired(self.source, fault) if fault is not None else None

    def take(self, result: Result, rest: Rest | None = None) -> None:
        """Replace the findings by a result of linting; `rest` is that of a broken text's readable part."""
        self.is_stale = False
        found = collapsed(result.diagnostics)
        errors = [diagnostic for diagnostic in found if diagnostic.rule is invalid_syntax]
        self.is_broken = bool(errors) or result.note is not None or rest is not None
        if not self.is_broken:
            self.findings = [TrackedDiagnostic(diagnostic) for diagnostic in found]
            return
        kept = [f for f in self.findings if f.is_of_whole and f.diagnostic.rule is not invalid_syntax]
        if rest is not None:
            kept = self._with_rest(kept, rest)
        self.findings = [*kept, *map(TrackedDiagnostic, errors)]

    def _with_rest(self, before: list[TrackedDiagnostic], rest: Rest) -> list[TrackedDiagnostic]:
        """Return the findings of a broken text's readable part, with the earlier ones that remain."""
        found = [TrackedDiagnostic(diagnostic) for diagnostic in collapsed(rest.result.diagnostics)]
        places = {finding.identity for finding in before}
        for finding in found:
            finding.is_of_whole = finding.identity in places
        places = {finding.identity for finding in found}
        text, readable = self.source.text, rest.source.text
        kept = []
        for finding in before:
            start, end = finding.span
            # A finding in changed text that is not found again is gone, unless the text is in a hole.
            stays = not finding.is_changed or text[start:end] != readable[start:end]
            if stays and finding.identity not in places:
                kept.append(finding)
        replaced = {(name, f.span) for f in kept for name in f.diagnostic.rule.replaces}
        found = [f for f in found if (f.diagnostic.rule.name, f.span) not in replaced]
        return sorted([*kept, *found], key=lambda finding: finding.span)


class Rest:
    """The readable part of a broken text, and the result of linting it."""

    __slots__ = ("result", "source")

    def __init__(self, source: Source, result: Result) -> None:
        self.source = source
        self.result = result


class Workspace:
    """The open documents by URI, and the sessions that lint them."""

    def __init__(self) -> None:
        self.documents: dict[str, OpenDocument] = {}
        #: The folders of the workspace.
        self.folders: list[str] = []
        #: Whether the client trusts the folders, so that rules in them may run.
        self.is_trusted = False
        self._sessions: dict[bool, Session] = {}
        self._job_sessions: dict[Session, JobSession] = {}
        self._algorithms = Algorithms(
            lambda: self.folders, lambda: {one.path: one.source for one in self.documents.values()}
        )
        self._read: dict[str, tuple[int, int]] = {}
        #: Messages for the user about what keeps documents from being linted, usually a bad configuration.
        self.problems: list[str] = []

    def document(self, uri: str) -> OpenDocument | None:
        """Return the open document of a URI, which may be that of a notebook's cell."""
        found = self.documents.get(uri)
        if found is not None:
            return found
        return next((document for document in self.documents.values() if uri in document.uris()), None)

    def reload(self) -> None:
        """Read configurations, baselines and rules again, and lint all documents again."""
        self._sessions.clear()
        self._job_sessions.clear()
        self._read.clear()
        self._algorithms.forget()
        self.problems.clear()
        for document in self.documents.values():
            document.touch()

    def session_of(self, document: OpenDocument) -> Session:
        """Return the session that lints a document."""
        trusted = self.is_trusted and any(_is_below(document.path, folder) for folder in self.folders)
        if trusted not in self._sessions:
            self._sessions[trusted] = Session(SettingsFinder({}, with_packs=trusted), remembers=True)
        return self._sessions[trusted]

    def lookup(self, document: OpenDocument, model: Model) -> Lookup:
        """Return the object that makes the jobs of a document."""
        return Lookup(self._algorithms, self.session_of(document).settings.of(document.path), model)

    def specs(self, document: OpenDocument, model: Model, with_jobs: bool = False) -> list[SpecTree]:
        """Return the specs of a document, optionally with its jobs, which are only read once per text."""
        if with_jobs not in document.specs:
            jobs = self.lookup(document, model) if with_jobs else None
            document.specs[with_jobs] = cursor.specs(document.source, model, jobs)
        return document.specs[with_jobs]

    def touch_jobs(self, changed: OpenDocument | None = None) -> None:
        """Mark documents with jobs as changed, because their algorithm may have changed.

        `changed` is the document that may have the algorithm; without it, it may be in any file.
        """
        if changed is None:
            self._algorithms.forget()
        elif not may_name_algorithm(changed.source.text):
            return
        for document in self.documents.values():
            if document is not changed and may_send_job(document.source.text):
                document.touch()

    def model_of(self, document: OpenDocument) -> Model | None:
        """Return the model that a document is linted against, or None if the configuration is invalid."""
        session = self.session_of(document)
        try:
            return session.model_of(session.settings.of(document.path))
        except ConfigurationError:
            return None

    def stale(self) -> list[OpenDocument]:
        """Return the documents that have to be linted."""
        return [document for document in self.documents.values() if document.is_stale]

    def settings_files(self, document: OpenDocument) -> list[str]:
        """Return the paths, existing or not, of the files that decide how a document is linted."""
        folder = os.path.dirname(os.path.abspath(document.path))
        files: list[str] = []
        while True:
            files += (os.path.join(folder, name) for name in FILES)
            above = os.path.dirname(folder)
            if above == folder or os.path.exists(os.path.join(folder, ".git")):
                break
            folder = above
        session = self.session_of(document)
        try:
            settings = session.settings.of(document.path)
        except ConfigurationError:
            return files
        files += (path for path in settings.configuration.files() if path not in files)
        baseline = settings.path("baseline")
        files += [baseline] if baseline is not None else []
        for _, directory in settings.paths("rule-directories"):
            files += [directory, *glob(os.path.join(glob_escape(directory), "*.py"))]
        return files

    def has_changed_settings(self, document: OpenDocument) -> bool:
        """Whether a file that decides how a document is linted has changed since the document was linted.

        Not every client watches files, and checking a few of them is quick.
        """
        states = ((path, _state_of(path)) for path in self.settings_files(document))
        return any(self._read.get(path, state) != state for path, state in states)

    def lint(self, document: OpenDocument) -> None:
        """Lint a document whose text has changed."""
        if self.has_changed_settings(document):
            self.reload()
        for path in self.settings_files(document):
            if path not in self._read:
                self._read[path] = _state_of(path)
        try:
            result = self._result(document)
        except (UserError, OSError) as error:
            result = Result(document.name)
            result.error = str(error)
        for problem in (result.error, result.hint, *result.crashes):
            if problem and problem not in self.problems:
                self.problems.append(problem)
        document.take(result, self._rest(document, result))

    def _result(self, document: OpenDocument) -> Result:
        source = document.source
        session = self.session_of(document)
        self._note_untrusted(session, document)
        is_candidate = may_hold_spec(source.name, source.text) or may_send_job(source.text)
        if not self._is_wanted(session, document) or not is_candidate:
            return Result(document.name)
        if len(source.text) > limits.MAX_FILE_SIZE:
            result = Result(document.name)
            result.error = f"{document.path} is not linted: it has more than {limits.MAX_FILE_SIZE:,} bytes"
            return result
        return self._linted(session, source)

    def _linted(self, session: Session, source: Source) -> Result:
        """Return the result of linting the specs and the jobs of a text."""
        result = session.lint(source.name, named=False, source=source)
        if not may_send_job(source.text):
            return result
        from algolint.runs.job_session import add

        found = self._job_session(session).lint(source.name, named=False, source=source)
        for diagnostic in found.diagnostics:
            # Without edits, `actions` would make them from the specs of the text, which do not include jobs.
            diagnostic.edits = diagnostic.edits or []
        if found.is_spec:
            add(result, found)
            session.take_in(result)
        result.note = result.note or found.note
        result.error = result.error or found.error
        return result

    def _job_session(self, session: Session) -> JobSession:
        """Return the session that lints the jobs of another session's documents."""
        from algolint.runs.job_session import JobSession

        def finder(settings: Settings, model: Model) -> Find:
            return lambda request: self._algorithms.algorithm(request, settings, model)

        if session not in self._job_sessions:
            self._job_sessions[session] = JobSession(
                finder, session.settings, with_edits=True, remembers=True
            )
        return self._job_sessions[session]

    def sessions_of(self, document: OpenDocument) -> list[Session]:
        """Return the sessions that lint a document: for its specs and, if it may have any, for its jobs."""
        session = self.session_of(document)
        return [session, self._job_session(session)] if may_send_job(document.source.text) else [session]

    def _rest(self, document: OpenDocument, result: Result) -> Rest | None:
        """Lint the readable part of a broken text with a spec or a job."""
        errors = (d for d in result.diagnostics if d.rule is invalid_syntax)
        fault = next((SourceSyntaxError(d.message, d.location.span) for d in errors), None)
        if result.note is not None:
            # An unreadable file with jobs is not reported, because it may be for another program.
            fault = _fault_of(document.source)
        source = document.readable(fault)
        if source is None:
            return None
        rest = self._linted(self.session_of(document), source)
        return Rest(source, rest) if rest.was_read else None

    def _note_untrusted(self, session: Session, document: OpenDocument) -> None:
        settings = session.settings.of(document.path)
        if not settings.with_packs and (settings.get("plugins") or settings.get("rule-directories")):
            path = settings.configuration.path
            problem = (
                f"packs and rule directories of {path} are not loaded, because the workspace is not trusted"
            )
            if problem not in self.problems:
                self.problems.append(problem)

    def _is_wanted(self, session: Session, document: OpenDocument) -> bool:
        """Whether the command line would lint the file when linting its folder."""
        if session.inputs.excludes(document.path):
            return False
        settings = session.settings.of(document.path)
        include = settings.get("include")
        if include is not None:
            return settings.matches("include", document.path)
        return document.language in LANGUAGES or is_searched_for(document.path)


def _fault_of(source: Source) -> SourceSyntaxError | None:
    """Return the syntax error of a text, or None."""
    try:
        read(source)
    except SourceSyntaxError as fault:
        return fault
    except UnreadableSource:
        pass
    return None


def _state_of(path: str) -> tuple[int, int]:
    """Return the modification time and the size of a file or folder."""
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
