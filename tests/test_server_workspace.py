"""The language server's workspace: changes of settings, untrusted workspaces, notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from language_client import CAPABILITIES, LanguageClient, edited
from test_server import SPEC, reported, row, rules

from algolint.aws.model import Model
from algolint.server.text import ClientText
from algolint.server.workspace import OpenDocument, Workspace

Json = dict[str, Any]
RULE = """\
from algolint.rule import Problem, rule

{touched}

@rule(on="EntityName", severity="warning", evidence="heuristic: of this test")
def of_the_test(name):
    '''A name.'''
    yield Problem((), "{message}")
"""
WATCHING = {**CAPABILITIES, "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


def workspace(folder: Path, settings: str) -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "algolint.toml").write_text(settings)
    return folder


# ---------------------------------------------------------------- settings that change


def test_a_changed_configuration_is_read_again(tmp_path: Path) -> None:
    workspace(tmp_path, "")
    with LanguageClient(tmp_path, WATCHING) as client:
        uri = client.open("a.yaml", SPEC)
        assert rules(client.diagnostics(uri)) == ["pattern-mismatch", "unknown-instance-type"]
        registered = next(m for m in client.received if m["method"] == "client/registerCapability")
        watchers = registered["params"]["registrations"][0]["registerOptions"]["watchers"]
        assert {"globPattern": "**/*.toml"} in watchers
        workspace(tmp_path, 'ignore = ["pattern-mismatch"]')
        client.published.clear()
        change = {"uri": client.uri("algolint.toml"), "type": 2}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        assert rules(client.diagnostics(uri)) == ["unknown-instance-type"]
        client.end()


def test_a_changed_file_that_is_no_setting_causes_no_new_diagnostics(tmp_path: Path) -> None:
    workspace(tmp_path, "")
    with LanguageClient(tmp_path, WATCHING) as client:
        uri = client.open("a.yaml", SPEC)
        client.diagnostics(uri)
        client.published.clear()
        (tmp_path / "other.json").write_text("{}")
        client.notify(
            "workspace/didChangeWatchedFiles", {"changes": [{"uri": client.uri("other.json"), "type": 1}]}
        )
        client.end()
        assert not client.published


@pytest.mark.parametrize("name", ["algolint.toml", "sub/algolint.toml", "base.toml", "known.json"])
def test_clients_that_watch_nothing_get_new_settings_with_the_next_change(
    name: str, tmp_path: Path, algolint: Run
) -> None:
    workspace(tmp_path, 'extend = "base.toml"\nbaseline = "known.json"')
    (tmp_path / "base.toml").write_text("")
    (tmp_path / "known.json").write_text('{"format": 1, "entries": []}')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.yaml").write_text(SPEC)
    with LanguageClient(tmp_path) as client:
        uri = client.open("sub/a.yaml", SPEC)
        assert len(client.diagnostics(uri)) == 2
        if name == "known.json":
            algolint("--write-baseline", "", "sub/a.yaml", cwd=tmp_path)
        else:
            (tmp_path / name).write_text('select = ["unknown-instance-type"]\n')
        client.change(uri, 2, {"text": SPEC + "\n"})
        expected = [] if name == "known.json" else ["unknown-instance-type"]
        assert rules(client.diagnostics(uri, 2)) == expected
        client.end()


def test_a_corrected_configuration_is_used_without_a_restart(tmp_path: Path) -> None:
    workspace(tmp_path, "select = ")
    with LanguageClient(tmp_path, WATCHING) as client:
        uri = client.open("a.yaml", SPEC)
        assert client.diagnostics(uri) == []
        assert len(client.shown) == 1
        workspace(tmp_path, "select = ['unknown-instance-type']")
        client.published.clear()
        client.notify("workspace/didChangeWatchedFiles", {"changes": []})
        assert rules(client.diagnostics(uri)) == ["unknown-instance-type"]
        assert len(client.shown) == 1
        client.end()


# ---------------------------------------------------------------- trust


def rule_folder(folder: Path, message: str = "of a folder") -> Path:
    """Make a workspace with a rule folder whose code leaves a trace when it runs, and return the trace."""
    trace = folder / "trace"
    (folder / "house").mkdir(exist_ok=True)
    touched = f"open({str(trace)!r}, 'w').close(); print('noise')"
    (folder / "house/names.py").write_text(RULE.format(touched=touched, message=message))
    workspace(folder, 'rule-directories = ["house"]\nextend-select = ["house/of-the-test"]\n')
    return trace


def test_rules_of_a_workspace_run_only_where_the_client_trusts_it(tmp_path: Path) -> None:
    trace = rule_folder(tmp_path)
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        assert rules(client.diagnostics(uri)) == ["pattern-mismatch", "unknown-instance-type"]
        assert not trace.exists()
        assert len(client.shown) == 1
        assert "the workspace is not trusted" in client.shown[0]
        client.published.clear()
        client.notify("workspace/didChangeConfiguration", {"settings": {"algolint": {"trusted": True}}})
        assert "house/of-the-test" in rules(client.diagnostics(uri))
        assert trace.exists()
        client.end("noise\n")


def test_comments_for_rules_that_are_not_loaded_are_left_alone(algolint: Run, tmp_path: Path) -> None:
    """They were called unused, with a fix that deletes them."""
    rule_folder(tmp_path)
    text = f"# algolint: ignore-file[house/*, house/gone]\n{SPEC}"
    (tmp_path / "a.yaml").write_text(text)
    for options, expected in (({}, []), ({"trusted": True}, ["there is no rule 'house/gone'"])):
        with LanguageClient(tmp_path, options=options) as client:
            found = client.diagnostics(client.open("a.yaml", text))
            assert [d["message"] for d in found if d["code"] == "unused-suppression"] == expected
            client.end("noise\n" * bool(options))
    assert "there is no rule" not in algolint("--isolated", "a.yaml").stdout
    assert "there is no rule 'house/gone'" in algolint("a.yaml").stdout


@pytest.mark.parametrize("name", ["a.yaml", "team/a.yaml"])
def test_a_trusted_workspace_reads_its_rules_again_when_they_change(tmp_path: Path, name: str) -> None:
    rule_folder(tmp_path, "first")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "algolint.toml").write_text('extend = "../algolint.toml"\n')
    with LanguageClient(tmp_path, options={"trusted": True}) as client:
        uri = client.open(name, SPEC)
        assert "first" in [d["message"] for d in client.diagnostics(uri)]
        rule_folder(tmp_path, "second, and longer")
        client.change(uri, 2, {"text": SPEC + "\n"})
        assert "second, and longer" in [d["message"] for d in client.diagnostics(uri, 2)]


def test_what_is_outside_of_the_workspace_is_not_trusted(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    trace = rule_folder(outside)
    with LanguageClient(inside, options={"trusted": True}) as client:
        uri = client.open((outside / "a.yaml").as_uri(), SPEC, "yaml")
        assert len(client.diagnostics(uri)) == 2
        assert not trace.exists()
        added = {"uri": outside.as_uri(), "name": "outside"}
        client.published.clear()
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [added], "removed": []}})
        assert len(client.diagnostics(uri)) == 3
        assert trace.exists()


# ---------------------------------------------------------------- notebooks


def notebook_parts(path: Path, client: LanguageClient) -> tuple[Json, list[Json]]:
    """Return a notebook file as a client sends it."""
    content = json.loads(path.read_text())
    cells, texts = [], []
    for number, cell in enumerate(content["cells"]):
        uri = f"notebook-cell:{path}#{number}"
        is_code = cell["cell_type"] == "code"
        cells.append({"kind": 2 if is_code else 1, "document": uri})
        language = "python" if is_code else "markdown"
        texts.append({"uri": uri, "languageId": language, "version": 1, "text": "".join(cell["source"])})
    notebook = {"uri": path.as_uri(), "notebookType": "jupyter-notebook", "version": 1, "cells": cells}
    assert client.initialized["capabilities"]["notebookDocumentSync"]
    return notebook, texts


def open_notebook(path: Path, client: LanguageClient) -> tuple[Json, list[Json]]:
    notebook, texts = notebook_parts(path, client)
    client.notify("notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": texts})
    return notebook, texts


def found_in(client: LanguageClient, texts: list[Json], version: int = 1) -> dict[str, list[Json]]:
    code = [item["uri"] for item in texts if item["languageId"] == "python"]
    return {uri: client.diagnostics(uri, version) for uri in code}


@pytest.mark.parametrize("folder", sorted((ROOT / "fixtures/same").iterdir()), ids=lambda folder: folder.name)
def test_a_notebook_has_the_findings_of_its_file(folder: Path, algolint: Run) -> None:
    path = folder / "spec.ipynb"
    expected = sorted(
        (rule, severity, message) for rule, severity, message, *_ in reported(algolint, path)[str(path)]
    )
    assert expected
    with LanguageClient(ROOT) as client:
        _, texts = open_notebook(path, client)
        found = found_in(client, texts)
        assert sorted(row(d)[:3] for diagnostics in found.values() for d in diagnostics) == expected
        for item in texts:
            lines = item["text"].split("\n")
            for diagnostic in found.get(item["uri"], ()):
                start = diagnostic["range"]["start"]
                # The message ends with the position in the cell.
                position = f"line {start['line'] + 1}, column {start['character'] + 1})"
                assert position in diagnostic["message"]
                assert len(lines[start["line"]]) >= start["character"]
        client.end()


CELLS = [
    "# A cell of text.",
    'import boto3\nclient = boto3.client("sagemaker")  # 中 "quoted" \\ \t\n',
    'client.create_algorithm(\n    AlgorithmName="forecaster",\n    TrainingSpecification={"trainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/a:1"},\n)\n',
]


def made_notebook(folder: Path) -> Path:
    cells = [{"cell_type": "markdown" if not n else "code", "source": text} for n, text in enumerate(CELLS)]
    path = folder / "made.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    return path


def test_a_notebook_is_fixed_in_its_cell(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        _, texts = open_notebook(made_notebook(tmp_path), client)
        cell = texts[2]["uri"]
        found = found_in(client, texts)
        assert "unknown-field" in rules(found[cell])
        where = next(d["range"]["start"] for d in found[cell] if d["code"] == "unknown-field")
        assert (where["line"], where["character"]) == (2, CELLS[2].splitlines()[2].index('"trainingImage"'))
        actions = client.actions(cell, (2, where["character"] + 2))
        fixed = edited(CELLS[2], actions["rename to TrainingImage"]["edit"]["changes"][cell])
        assert fixed == CELLS[2].replace("trainingImage", "TrainingImage")
        ignored = edited(CELLS[2], actions["ignore unknown-field here"]["edit"]["changes"][cell])
        assert "# algolint: ignore[unknown-field] TODO: reason" in ignored.splitlines()[2]
        (whole,) = client.actions(cell, (0, 0), only=["source.fixAll"]).values()
        assert edited(CELLS[2], whole["edit"]["changes"][cell]) == fixed
        client.end()


def test_cells_are_changed_inserted_moved_and_deleted(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        notebook, texts = open_notebook(made_notebook(tmp_path), client)
        assert found_in(client, texts)[texts[2]["uri"]]
        identifier = {"uri": notebook["uri"], "version": 2}

        def change(**cells: Any) -> None:
            client.published.clear()
            client.notify(
                "notebookDocument/didChange", {"notebookDocument": identifier, "change": {"cells": cells}}
            )

        where = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
        text = {
            "document": {"uri": texts[1]["uri"], "version": 2},
            "changes": [{"range": where, "text": "x = '中'\n"}],
        }
        change(textContent=[text])
        assert "unknown-field" in rules(client.diagnostics(texts[2]["uri"]))
        # A new cell above, in which the client becomes another value.
        new: Json = {"kind": 2, "document": "notebook-cell:new"}
        item = {"uri": new["document"], "languageId": "python", "version": 1, "text": "client = 1\n"}
        change(structure={"array": {"start": 2, "deleteCount": 0, "cells": [new]}, "didOpen": [item]})
        moved = [{"kind": 2, "document": texts[2]["uri"]}, new]
        client.diagnostics(new["document"])
        client.diagnostics(texts[2]["uri"])
        change(structure={"array": {"start": 2, "deleteCount": 2, "cells": moved}})
        found = client.diagnostics(texts[2]["uri"])
        assert "unknown-field" in rules(found)
        assert "(cell 3, line 3, column 28)" in next(
            d["message"] for d in found if d["code"] == "unknown-field"
        )
        gone = {"start": 2, "deleteCount": 1, "cells": []}
        change(structure={"array": gone, "didClose": [{"uri": texts[2]["uri"]}]})
        while texts[2]["uri"] not in client.published:
            client.receive()
        assert client.published[texts[2]["uri"]]["diagnostics"] == []
        client.notify(
            "notebookDocument/didClose",
            {"notebookDocument": {"uri": notebook["uri"]}, "cellTextDocuments": []},
        )
        client.end()


def test_hover_in_a_cell(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        _, texts = open_notebook(made_notebook(tmp_path), client)
        params = {"textDocument": {"uri": texts[2]["uri"]}, "position": {"line": 1, "character": 6}}
        found = client.request("textDocument/hover", params)
        assert found["contents"]["value"].startswith("**AlgorithmName**: string, required")
        assert found["range"]["start"] == {"line": 1, "character": 4}
        client.end()


def test_a_name_is_changed_in_all_cells(tmp_path: Path) -> None:
    cells = [
        'CHANNEL = "tr\\u0061in"\n',
        'channels = [{"Name": "train"}]\n',
        'c.create_algorithm(TrainingSpecification={"TrainingChannels": channels})\n',
    ]
    path = tmp_path / "a.ipynb"
    rows = [{"cell_type": "code", "source": text} for text in cells]
    path.write_text(json.dumps({"cells": rows, "nbformat": 4}))
    with LanguageClient(tmp_path) as client:
        _, texts = open_notebook(path, client)
        uri = texts[1]["uri"]
        at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": cells[1].index("train")}}
        changes = client.request("textDocument/rename", {**at, "newName": "other"})["changes"]
        assert [*changes] == [uri]
        assert edited(cells[1], changes[uri]) == cells[1].replace("train", "other")
        client.end()


def test_names_of_rules_of_packs_are_accepted_where_packs_are_not_loaded(tmp_path: Path) -> None:
    workspace(
        tmp_path, 'plugins = ["house"]\nextend-select = ["house/a"]\n[per-file-ignores]\n"*" = ["house/*"]\n'
    )
    with LanguageClient(tmp_path) as client:
        assert len(client.diagnostics(client.open("a.yaml", SPEC))) == 2
        client.end()


def test_findings_stay_while_a_cell_is_half_typed(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        notebook, texts = open_notebook(made_notebook(tmp_path), client)
        call = texts[2]["uri"]
        before = found_in(client, texts)[call]

        def change(number: int, version: int, line: int, old: str, new: str) -> list[Json]:
            """Return the diagnostics of the call after a change in a cell."""
            column = texts[number]["text"].splitlines()[line].index(old)
            where = {
                "start": {"line": line, "character": column},
                "end": {"line": line, "character": column + len(old)},
            }
            document = {"uri": texts[number]["uri"], "version": version}
            text = {"document": document, "changes": [{"range": where, "text": new}]}
            texts[number]["text"] = edited(texts[number]["text"], [{"range": where, "newText": new}])
            client.published.clear()
            identifier = {"uri": notebook["uri"], "version": version}
            cells = {"textContent": [text]}
            client.notify(
                "notebookDocument/didChange", {"notebookDocument": identifier, "change": {"cells": cells}}
            )
            for uri in (texts[1]["uri"], call):
                client.diagnostics(uri, version if uri == document["uri"] else versions[uri])
            versions[document["uri"]] = version
            return client.diagnostics(call, versions[call])

        versions = dict.fromkeys((texts[1]["uri"], call), 1)
        # The cell of the client, and then the one of the call.
        assert change(1, 2, 1, "client = ", "client = (") == before
        assert change(1, 3, 1, "client = (", "client = ") == before
        found = change(2, 4, 0, "client.", "x = (client.")
        assert [d["code"] for d in found] == [d["code"] for d in before]
        assert [d["range"]["start"]["line"] for d in found] == [d["range"]["start"]["line"] for d in before]
        assert change(2, 5, 0, "x = (client.", "client.") == before
        # What is corrected in one cell is gone while another one is half typed.
        assert change(1, 6, 1, "client = ", "client = (") == before
        found = change(2, 7, 2, '"trainingImage"', '"TrainingImage"')
        assert [d["code"] for d in found] == [d["code"] for d in before if d["code"] != "unknown-field"]
        client.end()


# ---------------------------------------------------------------- what was read


def test_a_text_is_read_once_for_all_requests() -> None:
    workspace = Workspace()
    document = OpenDocument(
        "file:///a.py", "python", 1, ClientText("c.create_algorithm(AlgorithmName='a')", "utf-16")
    )
    model = Model()
    read = workspace.specs(document, model)
    assert [spec.root.text("AlgorithmName") for spec in read] == ["a"]
    assert workspace.specs(document, model) is read
    document.change([{"text": "c.create_algorithm(AlgorithmName='b')"}], 2)
    assert [spec.root.text("AlgorithmName") for spec in workspace.specs(document, model)] == ["b"]
