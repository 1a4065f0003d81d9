"""The language server's capabilities, and the handlers of its messages."""

from __future__ import annotations

import os

from algolint import __version__
from algolint.config.files import ConfigurationError
from algolint.reports.parts import NAME
from algolint.runs import atomic
from algolint.server import actions, completion, diagnostics, hover, symbols
from algolint.server import cursor as cursors
from algolint.server.diagnostics import Style
from algolint.server.notebook import OpenNotebook
from algolint.server.protocol import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    REQUEST_FAILED,
    Connection,
    ResponseError,
)
from algolint.server.text import ENCODINGS, ClientText
from algolint.server.workspace import OpenDocument, Workspace, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from algolint.aws.model import Model
    from algolint.server.tree import SpecTree
    from algolint.source import Span

    Json: TypeAlias = dict[str, Any]

_WARNING = 2
_INCREMENTAL = 2
# The files that may be configurations, which may extend others, baselines, rules or algorithms.
_WATCHED = ("*.toml", "*.json", "*.py", "*.yaml", "*.yml", "*.tf")


class Client:
    """The client's capabilities, sent when the connection begins."""

    def __init__(self, params: Json) -> None:
        self._capabilities = params.get("capabilities") or {}
        offered = self.get("general", "positionEncodings") or ["utf-16"]
        #: The encoding of positions: the cheapest one that the client offers.
        self.encoding = next((encoding for encoding in ENCODINGS if encoding in offered), "utf-16")

    def get(self, *keys: str) -> Any:
        """Return a capability, or None if the client does not have it."""
        found: Any = self._capabilities
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found


class LanguageServer:
    """Serves one client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = Client({})
        self._workspace = Workspace()
        self._is_shut_down = False
        # The problems that were shown, and the diagnostics last pulled for each URI, with their ids.
        self._shown: set[str] = set()
        self._results: dict[str, tuple[str, list[Json]]] = {}
        self._last_result = 0
        connection.handlers = {
            "initialize": self._initialize,
            "initialized": self._initialized,
            "shutdown": self._shutdown,
            "exit": self._exit,
            "textDocument/didOpen": self._open,
            "textDocument/didChange": self._change,
            "textDocument/didSave": self._save,
            "notebookDocument/didOpen": self._open_notebook,
            "notebookDocument/didChange": self._change_notebook,
            "notebookDocument/didSave": self._ignore,
            "notebookDocument/didClose": self._close_notebook,
            "workspace/didChangeWatchedFiles": self._change_files,
            "workspace/didChangeWorkspaceFolders": self._change_folders,
            "workspace/didChangeConfiguration": self._change_settings,
            "textDocument/didClose": self._close,
            "textDocument/diagnostic": self._pull,
            "textDocument/codeAction": self._actions,
            "textDocument/completion": self._complete,
            "textDocument/hover": self._hover,
            "textDocument/definition": self._define,
            "textDocument/references": self._refer,
            "textDocument/prepareRename": self._prepare_rename,
            "textDocument/rename": self._rename,
            "textDocument/documentSymbol": self._outline,
            "workspace/executeCommand": self._execute,
            "$/setTrace": self._ignore,
        }

    def run(self) -> int:
        """Serve until the client ends the connection; return the exit code."""
        self._connection.run(self._lint_next)
        return 0 if self._is_shut_down else 1

    # ------------------------------------------------------------ lifecycle

    def _initialize(self, params: Json) -> Json:
        if self._connection.is_initialized:
            raise ResponseError(INVALID_REQUEST, "the server is already initialized")
        self._connection.is_initialized = True
        self._client = Client(params)
        folders = params.get("workspaceFolders") or []
        uris = [folder["uri"] for folder in folders] or [params.get("rootUri")]
        self._workspace.folders = [path_of(uri) for uri in uris if uri]
        options = params.get("initializationOptions") or {}
        self._workspace.is_trusted = _is_trusted(options)
        return {
            "capabilities": self._capabilities(),
            "serverInfo": {"name": NAME, "version": __version__},
        }

    def _capabilities(self) -> Json:
        capabilities: Json = {
            "positionEncoding": self._client.encoding,
            "textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": True},
            # Including cells in other languages, because they count.
            "notebookDocumentSync": {
                "notebookSelector": [{"notebook": {"notebookType": "jupyter-notebook"}}],
                "save": False,
            },
            "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
            "codeActionProvider": {"codeActionKinds": list(actions.KINDS)},
            "completionProvider": {"triggerCharacters": ['"', "'", ":", "=", " ", "-", "[", "{", "("]},
            "hoverProvider": True,
            "definitionProvider": True,
            "referencesProvider": True,
            "renameProvider": {"prepareProvider": True},
            "documentSymbolProvider": True,
            "executeCommandProvider": {"commands": [actions.ADD_TO_BASELINE, actions.OPEN_PAGE]},
        }
        if self._pulls:
            capabilities["diagnosticProvider"] = {
                "identifier": NAME,
                # A cell may affect the diagnostics of other cells.
                "interFileDependencies": True,
                "workspaceDiagnostics": False,
            }
        return capabilities

    @property
    def _pulls(self) -> bool:
        """Whether the client pulls diagnostics. They are then not pushed as well, or it would show both."""
        return self._client.get("textDocument", "diagnostic") is not None

    def _initialized(self, params: Json) -> None:  # noqa: ARG002
        if self._client.get("workspace", "didChangeWatchedFiles", "dynamicRegistration"):
            watchers = [{"globPattern": f"**/{name}"} for name in _WATCHED]
            registration = {
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": watchers},
            }
            self._connection.request("client/registerCapability", {"registrations": [registration]})

    def _ignore(self, params: Json) -> None:
        pass

    def _shutdown(self, params: Json) -> None:  # noqa: ARG002
        self._is_shut_down = True

    def _exit(self, params: Json) -> None:  # noqa: ARG002
        self._connection.close()

    # ------------------------------------------------------------ documents

    def _open(self, params: Json) -> None:
        item = params["textDocument"]
        text = ClientText(item["text"], self._client.encoding)
        self._workspace.documents[item["uri"]] = OpenDocument(
            item["uri"], item.get("languageId", ""), item.get("version"), text
        )
        self._workspace.touch_jobs(self._workspace.documents[item["uri"]])

    def _change(self, params: Json) -> None:
        identifier = params["textDocument"]
        document = self._document(identifier["uri"])
        if document is not None:
            document.change(params["contentChanges"], identifier.get("version"))
            self._workspace.touch_jobs(document)

    def _save(self, params: Json) -> None:  # noqa: ARG002
        self._workspace.touch_jobs()

    def _close(self, params: Json) -> None:
        self._end_of(self._workspace.documents.pop(params["textDocument"]["uri"], None))

    def _open_notebook(self, params: Json) -> None:
        item = params["notebookDocument"]
        notebook = OpenNotebook(item["uri"], item.get("version"), self._client.encoding)
        notebook.open(item["cells"], params["cellTextDocuments"])
        self._workspace.documents[item["uri"]] = notebook

    def _change_notebook(self, params: Json) -> None:
        identifier = params["notebookDocument"]
        notebook = self._workspace.documents.get(identifier["uri"])
        if isinstance(notebook, OpenNotebook):
            before = notebook.uris()
            notebook.change_cells(params["change"].get("cells") or {}, identifier.get("version"))
            self._clear(uri for uri in before if uri not in notebook.uris())

    def _close_notebook(self, params: Json) -> None:
        self._end_of(self._workspace.documents.pop(params["notebookDocument"]["uri"], None))

    def _end_of(self, document: OpenDocument | None) -> None:
        self._clear(document.uris() if document is not None else ())

    def _clear(self, uris: Iterable[str]) -> None:
        """Clear the diagnostics of documents that are no longer open."""
        for uri in uris:
            self._results.pop(uri, None)
            if not self._pulls:
                self._connection.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})

    def _document(self, uri: str) -> OpenDocument | None:
        """Return an open document, or None, since the client may just have closed it."""
        return self._workspace.document(uri)

    def _reload(self) -> None:
        """Read configurations, baselines and rules again."""
        self._workspace.reload()
        self._shown.clear()
        if self._client.get("workspace", "diagnostics", "refreshSupport"):
            self._connection.request("workspace/diagnostic/refresh", None)

    def _change_files(self, params: Json) -> None:  # noqa: ARG002
        self._workspace.touch_jobs()
        documents = self._workspace.documents.values()
        if any(self._workspace.has_changed_settings(document) for document in documents):
            self._reload()

    def _change_folders(self, params: Json) -> None:
        event = params["event"]
        removed = {path_of(folder["uri"]) for folder in event["removed"]}
        folders = [folder for folder in self._workspace.folders if folder not in removed]
        self._workspace.folders = folders + [path_of(folder["uri"]) for folder in event["added"]]
        self._reload()

    def _change_settings(self, params: Json) -> None:
        match params.get("settings"):
            case {"algolint": {"trusted": bool() as trusted}} if trusted != self._workspace.is_trusted:
                self._workspace.is_trusted = trusted
                self._reload()

    # ------------------------------------------------------------ diagnostics

    def _lint_next(self) -> bool:
        """Lint a changed document, and return whether there are more. Called while no message is waiting."""
        stale = [] if self._pulls else self._workspace.stale()
        if stale:
            self._publish(stale[0])
        return len(stale) > 1

    def _publish(self, document: OpenDocument) -> None:
        for uri, found in self._found_in(document).items():
            params: Json = {"uri": uri, "diagnostics": found}
            version = document.versions().get(uri)
            if version is not None and self._publishes("versionSupport"):
                params["version"] = version
            self._connection.notify("textDocument/publishDiagnostics", params)

    def _publishes(self, capability: str) -> bool:
        return bool(self._client.get("textDocument", "publishDiagnostics", capability))

    def _found_in(self, document: OpenDocument) -> dict[str, list[Json]]:
        """Return the diagnostics of a document by URI, after linting it if it has changed."""
        if document.is_stale:
            self._workspace.lint(document)
            self._show_problems()
        return diagnostics.published(document, self._style)

    @property
    def _style(self) -> Style:
        kind = "diagnostic" if self._pulls else "publishDiagnostics"
        related, link = (
            self._client.get("textDocument", kind, name)
            for name in ("relatedInformation", "codeDescriptionSupport")
        )
        return Style(bool(related), bool(link))

    def _pull(self, params: Json) -> Json:
        uri = params["textDocument"]["uri"]
        document = self._document(uri)
        found = self._found_in(document).get(uri, []) if document else []
        identity, before = self._results.get(uri, ("", []))
        if identity and before == found:
            if params.get("previousResultId") == identity:
                return {"kind": "unchanged", "resultId": identity}
        else:
            self._last_result += 1
            identity = str(self._last_result)
            self._results[uri] = identity, found
        return {"kind": "full", "resultId": identity, "items": found}

    def _show_problems(self) -> None:
        """Show each problem that keeps documents from being linted once."""
        for problem in self._workspace.problems:
            if problem not in self._shown:
                self._shown.add(problem)
                self._connection.notify(
                    "window/showMessage", {"type": _WARNING, "message": f"{NAME}: {problem}"}
                )

    # ------------------------------------------------------------ actions

    def _actions(self, params: Json) -> list[Json]:
        uri = params["textDocument"]["uri"]
        document = self._document(uri)
        if document is None:
            return []
        self._found_in(document)
        start, end = (document.offset(uri, params["range"][side]) for side in ("start", "end"))
        findings = [
            (finding, diagnostics.diagnostic_of(document, finding, self._style)[1])
            for finding in document.findings
            if finding.span[0] <= end and start <= finding.span[1]
        ]
        sessions = self._workspace.sessions_of(document)
        editing = actions.Editing(self._client.get, self._client.encoding)
        return [*actions.actions(document, sessions, findings, params.get("context") or {}, editing)]

    def _execute(self, params: Json) -> None:
        match params:
            case {"command": actions.OPEN_PAGE, "arguments": [str() as rule]}:
                self._connection.request("window/showDocument", actions.page_of(rule))
            case {
                "command": actions.ADD_TO_BASELINE,
                "arguments": [str() as uri, str() as rule, str() as fingerprint, str() as message],
            }:
                self._add_to_baseline(uri, rule, fingerprint, message)
            case _:
                raise ResponseError(
                    INVALID_PARAMS, f"no command {params.get('command')} with these arguments"
                )

    def _add_to_baseline(self, uri: str, rule: str, fingerprint: str, message: str) -> None:
        document = self._document(uri)
        if document is not None:
            try:
                session = self._workspace.session_of(document)
                path, text = actions.with_entry(session, document, rule, fingerprint, message)
                atomic.write(path, text.encode())
            except (ConfigurationError, OSError) as error:
                raise ResponseError(REQUEST_FAILED, f"the baseline is not written: {error}") from None
            self._reload()

    # ------------------------------------------------------------ at a place

    def _place(self, params: Json) -> tuple[OpenDocument, int, Model] | None:
        """Return the document, the offset and the model of a request about a position; None if not open."""
        uri = params["textDocument"]["uri"]
        document = self._document(uri)
        model = self._workspace.model_of(document) if document is not None else None
        if document is None or model is None:
            return None
        return document, document.offset(uri, params["position"]), model

    def _complete(self, params: Json) -> Json | None:
        place = self._place(params)
        if place is None:
            return None
        document, _, model = place
        source, offset, ranged = document.typed(params["textDocument"]["uri"], params["position"])
        cursor = cursors.cursor_at(source, offset, model, self._workspace.lookup(document, model))
        if cursor is None:
            return None
        with_snippets = bool(
            self._client.get("textDocument", "completion", "completionItem", "snippetSupport")
        )
        return {"isIncomplete": False, "items": completion.items(cursor, ranged, with_snippets)}

    def _hover(self, params: Json) -> Json | None:
        place = self._place(params)
        if place is None:
            return None
        document, offset, model = place
        rules = self._workspace.session_of(document).rules_of(document.name)
        specs = self._workspace.specs(document, model, with_jobs=True)
        found = hover.at(document.source, offset, specs, rules)
        if found is None:
            return None
        text, span = document.source.redacted(found[0]), found[1]
        return {"contents": {"kind": "markdown", "value": text}, "range": document.placed(span)[1]}

    def _define(self, params: Json) -> list[Json]:
        return self._locations(params, symbols.definitions)

    def _refer(self, params: Json) -> list[Json]:
        with_declarations = bool((params.get("context") or {}).get("includeDeclaration"))
        return self._locations(
            params, lambda specs, offset: symbols.references(specs, offset, with_declarations)
        )

    def _locations(
        self, params: Json, find: Callable[[list[SpecTree], int], list[tuple[SpecTree, Span]]]
    ) -> list[Json]:
        place = self._place(params)
        if place is None:
            return []
        document, offset, model = place
        specs = self._workspace.specs(document, model, with_jobs=True)
        found = (
            document.placed_in(spec.source or document.source, span) for spec, span in find(specs, offset)
        )
        return [{"uri": uri, "range": where} for uri, where in found]

    def _prepare_rename(self, params: Json) -> Json | None:
        place = self._place(params)
        if place is None:
            return None
        document, offset, model = place
        found = symbols.renamable(self._workspace.specs(document, model), offset)
        if found is None:
            return None
        occurrence = found[1]
        return {"range": document.placed(symbols.span_of(occurrence))[1], "placeholder": occurrence.name}

    def _rename(self, params: Json) -> Json | None:
        place = self._place(params)
        if place is None:
            return None
        document, offset, model = place
        specs = self._workspace.specs(document, model)
        try:
            edits = symbols.renamed(specs, document.source, offset, params["newName"])
        except symbols.RenameError as error:
            raise ResponseError(REQUEST_FAILED, str(error)) from None
        editing = actions.Editing(self._client.get, self._client.encoding)
        return editing.edit(document.versions(), document.text_edits(edits))

    def _outline(self, params: Json) -> list[Json]:
        document = self._document(params["textDocument"]["uri"])
        model = self._workspace.model_of(document) if document is not None else None
        if document is None or model is None:
            return []
        # Secrets are only known after linting.
        self._found_in(document)
        source = document.source
        return symbols.outline(
            self._workspace.specs(document, model), lambda span: document.placed(span)[1], source.redacted
        )


def _is_trusted(options: Any) -> bool:
    return isinstance(options, dict) and options.get("trusted") is True


def serve(input_descriptor: int, output_descriptor: int) -> int:
    """Serve a client until it ends the connection, and return the exit code.

    Standard output carries the protocol, so anything that rules of packs print goes to standard error.
    """
    import gc
    import sys

    # Trees have cycles, which only the collector frees. Imported modules need not be searched for garbage.
    gc.freeze()
    gc.set_threshold(10_000)
    mine = os.dup(output_descriptor)
    os.dup2(sys.stderr.fileno(), output_descriptor)
    sys.stdout = sys.stderr
    return LanguageServer(Connection(input_descriptor, mine)).run()
