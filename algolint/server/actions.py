"""Code actions: fixes, suppressions with a reason to fill in, baseline entries, and the page of a rule."""

from __future__ import annotations

import os

from algolint import limits
from algolint.config.files import ConfigurationError
from algolint.fixes.edits import Budget, SourceEditor
from algolint.reports.parts import fix_title, rule_url, sound_edits
from algolint.runs import fixing
from algolint.runs.baseline import Baseline, BaselineEntry
from algolint.server.text import ClientText
from algolint.server.workspace import uri_of
from algolint.source import SourceSyntaxError, UnreadableSource, read_settings
from algolint.suppression.config_entries import file_of_entries, texts_of_entries
from algolint.suppression.coverage import UNSUPPRESSIBLE
from algolint.suppression.writing import add_file_ignore, add_ignores
from algolint.syntaxes import read, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from algolint.diagnostic import Diagnostic
    from algolint.fixes.edit import Edit
    from algolint.runs.session import Session
    from algolint.server.workspace import OpenDocument, TrackedDiagnostic

    Json: TypeAlias = dict[str, Any]

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.algolint"
KINDS = (QUICK_FIX, FIX_ALL)
ADD_TO_BASELINE = "algolint.addToBaseline"
OPEN_PAGE = "algolint.openPage"

# The user is to replace it.
_REASON = "TODO: reason"
_AUTOMATIC = 2


class Editing:
    """How the client accepts changes of documents."""

    def __init__(self, get: Callable[..., Any], encoding: str) -> None:
        self.encoding = encoding
        self._is_versioned = bool(get("workspace", "workspaceEdit", "documentChanges"))
        operations = get("workspace", "workspaceEdit", "resourceOperations") or ()
        self.can_create = self._is_versioned and "create" in operations
        self.can_open_pages = bool(get("window", "showDocument", "support"))

    def edit(self, versions: dict[str, int | None], edits: dict[str, list[Json]]) -> Json:
        """Return a WorkspaceEdit with TextEdits, given by URI."""
        if not self._is_versioned:
            return {"changes": edits}
        return {
            "documentChanges": [
                {"textDocument": {"uri": uri, "version": versions.get(uri)}, "edits": changes}
                for uri, changes in edits.items()
            ]
        }


def actions(
    document: OpenDocument,
    sessions: list[Session],
    findings: list[tuple[TrackedDiagnostic, Json]],
    context: Json,
    editing: Editing,
) -> Iterator[Json]:
    """Yield the actions for findings, each given with the client's diagnostic.

    `sessions` are the sessions that lint the document's specs and, if it may have any, its jobs.
    """
    only = context.get("only")
    maker = _ActionMaker(document, sessions, editing)
    if _is_wanted(QUICK_FIX, only):
        for finding, shown in findings:
            yield from maker.for_finding(finding.diagnostic, shown)
    # Clients request actions at every move of the cursor, and do not show this one then.
    if _is_wanted(FIX_ALL, only) and context.get("triggerKind") != _AUTOMATIC:
        yield from maker.fix_all()


def _is_wanted(kind: str, only: list[str] | None) -> bool:
    """Whether the client requests a kind of action, or a more general kind."""
    return only is None or any(
        kind == wanted or not wanted or kind.startswith(f"{wanted}.") for wanted in only
    )


class _ActionMaker:
    """Makes the actions of one document, whose text is only read once."""

    def __init__(self, document: OpenDocument, sessions: list[Session], editing: Editing) -> None:
        self._document = document
        self._source = document.source
        #: The session for the specs and, if there may be jobs, the session for these.
        self._sessions = sessions
        self._editing = editing
        self._editor: SourceEditor | None = None

    def for_finding(self, diagnostic: Diagnostic, shown: Json) -> Iterator[Json]:
        """Yield the actions for a finding."""
        name = diagnostic.rule.name
        if not self._document.is_broken:
            yield from self._fix(diagnostic, shown)
            if name not in UNSUPPRESSIBLE:
                yield from self._ignore(diagnostic, shown)
                yield from self._add_to_baseline(diagnostic, shown)
        if self._editing.can_open_pages and "/" not in name:
            title = f"open the page of {name}"
            yield _action(title, shown, command=_command(title, OPEN_PAGE, name))

    def _fix(self, diagnostic: Diagnostic, shown: Json) -> Iterator[Json]:
        edits = self._edits(diagnostic)
        if diagnostic.fix is not None and edits:
            yield _action(
                fix_title(diagnostic),
                shown,
                isPreferred=diagnostic.fix.safe,
                edit=self._edit(self._document.text_edits(edits)),
            )

    def _edits(self, diagnostic: Diagnostic) -> list[Edit]:
        """Return the edits of a diagnostic's fix; empty if it cannot be made."""
        if diagnostic.fix is not None and diagnostic.edits is None:
            try:
                documents = {document.index: document for document in read(self._source)}
            except SourceSyntaxError:
                return []
            if self._editor is None:
                budget = Budget(limits.MAX_PROVED_LENGTH)
                self._editor = SourceEditor(self._source, syntax_of(self._source), budget)
            plan = self._editor.plan(documents[diagnostic.document], diagnostic.fix)
            diagnostic.edits = plan.edits if plan is not None else []
        return sound_edits(diagnostic)

    def _ignore(self, diagnostic: Diagnostic, shown: Json) -> Iterator[Json]:
        name = diagnostic.rule.name
        text, left = add_ignores(self._source, [diagnostic], _REASON)
        if left:
            yield from self._ignore_in_configuration(diagnostic, shown)
        else:
            yield _action(f"ignore {name} here", shown, edit=self._replaced(text))
        whole = add_file_ignore(self._source, name, _REASON)
        if whole is not None:
            yield _action(f"ignore {name} in this file", shown, edit=self._replaced(whole))

    def _ignore_in_configuration(self, diagnostic: Diagnostic, shown: Json) -> Iterator[Json]:
        """Yield an action that adds an entry to the configuration, for JSON, which has no comments."""
        configuration = self._sessions[0].settings.of(self._document.path).configuration
        path = configuration.path
        if not os.path.isabs(self._document.path) or not (path or self._editing.can_create):
            return
        target = file_of_entries(self._document.path, configuration)
        entries = "\n".join(texts_of_entries(self._document.path, [diagnostic], configuration, _REASON))
        uri = uri_of(os.path.abspath(target))
        end, is_empty = self._end_of(path) if path else ({"line": 0, "character": 0}, True)
        separator = "" if is_empty else "\n"
        change = {"range": {"start": end, "end": end}, "newText": f"{separator}{entries}\n"}
        edit = self._editing.edit({}, {uri: [change]})
        if path is None:
            edit["documentChanges"].insert(0, {"kind": "create", "uri": uri})
        yield _action(f"ignore {diagnostic.rule.name} here in {os.path.basename(target)}", shown, edit=edit)

    def _end_of(self, path: str) -> tuple[Json, bool]:
        """Return the position of the end of a configuration file, and whether the file is empty."""
        try:
            text = read_settings(path, named=True)
        except (OSError, UnreadableSource, ValueError):
            text = ""
        return ClientText(text, self._editing.encoding).position(len(text)), not text

    def _add_to_baseline(self, diagnostic: Diagnostic, shown: Json) -> Iterator[Json]:
        session = self._sessions[0]
        if session.settings.of(self._document.path).path("baseline") is not None and diagnostic.fingerprint:
            title = f"add this {diagnostic.rule.name} to the baseline"
            arguments = (self._document.uri, diagnostic.rule.name, diagnostic.fingerprint, diagnostic.message)
            yield _action(title, shown, command=_command(title, ADD_TO_BASELINE, *arguments))

    def fix_all(self) -> Iterator[Json]:
        """Yield the action that applies all safe fixes of the document."""
        diagnostics = [finding.diagnostic for finding in self._document.findings]
        if self._document.is_broken or not any(d.fix is not None and d.fix.safe for d in diagnostics):
            return
        after = self._source
        for session in self._sessions:
            after, _ = fixing.fixed(session, after.name, False, after, unsafe=False)
        if after is not self._source:
            yield {
                "title": "apply all safe fixes of algolint",
                "kind": FIX_ALL,
                "edit": self._replaced(after.text),
            }

    def _replaced(self, text: str) -> Json:
        return self._edit(self._document.replaced(text))

    def _edit(self, edits: dict[str, list[Json]]) -> Json:
        return self._editing.edit(self._document.versions(), edits)


def _action(title: str, shown: Json, **parts: Any) -> Json:
    return {"title": title, "kind": QUICK_FIX, "diagnostics": [shown], **parts}


def _command(title: str, name: str, *arguments: str) -> Json:
    return {"title": title, "command": name, "arguments": list(arguments)}


def page_of(name: str) -> Json:
    """Return the parameters for showing the page of a rule."""
    return {"uri": rule_url(name), "external": True}


def with_entry(
    session: Session, document: OpenDocument, rule: str, fingerprint: str, message: str
) -> tuple[str, str]:
    """Return the path of a document's baseline, and the baseline's text with a finding added."""
    settings = session.settings.of(document.path)
    path = settings.path("baseline")
    baseline = session.baseline_of(settings)
    if path is None or baseline is None:
        raise ConfigurationError("no baseline is configured")
    entry = BaselineEntry(baseline.path_of(document.path), rule, fingerprint, 1, message)
    return path, Baseline([*baseline.entries, entry], os.path.dirname(path)).text()
