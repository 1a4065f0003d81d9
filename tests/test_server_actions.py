"""Code actions of the language server: which are offered, and the text after each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from language_client import CAPABILITIES, LanguageClient, ServerError, edited

Json = dict[str, Any]
ABLE = {
    **CAPABILITIES,
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
    "window": {"showDocument": {"support": True}},
}
SPEC = """\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
  supportsDistributedTraining: true
  TrainingChannels:
    - Name: train
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [File, File]
"""
REASON = "TODO: reason"


def changes(action: Json, uri: str) -> list[Json]:
    """Return the edits of an action in a document, for its open version."""
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}
    edits: list[Json] = change["edits"]
    return edits


def test_each_fix_is_offered_where_its_finding_is(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.yaml", SPEC)
        client.diagnostics(uri)
        assert client.actions(uri, (0, 3), only=["quickfix"]) == {}
        found = client.actions(uri, (4, 5))
        fix = found["rename to SupportsDistributedTraining"]
        assert (fix["kind"], fix["isPreferred"]) == ("quickfix", True)
        assert [d["code"] for d in fix["diagnostics"]] == ["unknown-field"]
        assert edited(SPEC, changes(fix, uri)) == SPEC.replace("supportsD", "SupportsD")
        twice = client.actions(uri, (8, 34))["delete the duplicate"]
        assert edited(SPEC, changes(twice, uri)) == SPEC.replace("[File, File]", "[File]")
        client.change(uri, 2, {"text": SPEC + "      SupportedCompressionTypes: [Gzip]\n"})
        client.diagnostics(uri, 2)
        found = client.actions(uri, (9, 0), (10, 0))
        assert {title: a["isPreferred"] for title, a in found.items() if title.endswith("(unsafe)")} == {
            "change to 'None' (unsafe)": False
        }
        client.end()


@pytest.mark.parametrize("name", ["spec.json", "spec.yaml", "spec.py", "spec.tf", "spec.cfn.yaml"])
def test_fix_all_makes_what_the_command_line_makes(name: str, tmp_path: Path, algolint: Run) -> None:
    for folder in sorted((ROOT / "fixtures/same").iterdir()):
        path = tmp_path / f"{folder.name}-{name}"
        text = (folder / name).read_text()
        path.write_text(text)
        algolint("--fix", str(path))
        with LanguageClient(tmp_path, ABLE) as client:
            uri = client.open(path.name, text)
            client.diagnostics(uri)
            found = client.actions(uri, (0, 0), only=["source.fixAll"])
            made = [edited(text, changes(action, uri)) for action in found.values()]
            assert made == ([path.read_text()] if path.read_text() != text else [])
            assert client.actions(uri, (0, 0), triggerKind=2) == client.actions(
                uri, (0, 0), only=["quickfix"]
            )
            client.end()


def test_a_finding_is_ignored_with_a_reason_to_fill_in(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.yaml", SPEC)
        client.diagnostics(uri)
        found = client.actions(uri, (8, 34))
        here = edited(SPEC, changes(found["ignore channel-list-duplicates here"], uri))
        assert here == SPEC[:-1] + f"  # algolint: ignore[channel-list-duplicates] {REASON}\n"
        whole = edited(SPEC, changes(found["ignore channel-list-duplicates in this file"], uri))
        assert whole == f"# algolint: ignore-file[channel-list-duplicates] {REASON}\n{SPEC}"
        for version, text in enumerate((here, whole), 2):
            client.change(uri, version, {"text": text})
            assert "channel-list-duplicates" not in [d["code"] for d in client.diagnostics(uri, version)]
        client.change(uri, 4, {"text": whole})
        client.diagnostics(uri, 4)
        action = client.actions(uri, (5, 5))["ignore unknown-field in this file"]
        (change,) = action["edit"]["documentChanges"]
        assert edited(whole, change["edits"]).startswith(
            f"# algolint: ignore-file[channel-list-duplicates, unknown-field] {REASON}\n"
        )
        client.end()


def test_a_comment_for_the_file_goes_below_the_interpreter(tmp_path: Path) -> None:
    text = "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\nclient.create_algorithm(AlgorithmName='-x', TrainingSpecification={})\n"
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.py", text)
        client.diagnostics(uri)
        action = client.actions(uri, (2, 40))["ignore pattern-mismatch in this file"]
        lines = edited(text, changes(action, uri)).splitlines()
        assert lines[2] == f"# algolint: ignore-file[pattern-mismatch] {REASON}"
        client.end()


@pytest.mark.parametrize(
    ("configured", "head"), [("algolint.toml", ""), ("pyproject.toml", "tool.algolint."), (None, "")]
)
def test_json_is_suppressed_in_the_configuration(configured: str | None, head: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    text = '{"AlgorithmName": "-x", "TrainingSpecification": {}}'
    before = "[tool.algolint]\nshow-info = false" if head else "show-info = false\n"
    path = tmp_path / (configured or "algolint.toml")
    if configured:
        path.write_text(before)
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.json", text)
        assert "pattern-mismatch" in [d["code"] for d in client.diagnostics(uri)]
        found = client.actions(uri, (0, 20))
        assert not any("in this file" in title for title in found)
        *created, change = found[f"ignore pattern-mismatch here in {path.name}"]["edit"]["documentChanges"]
        assert created == ([] if configured else [{"kind": "create", "uri": path.as_uri()}])
        assert change["textDocument"] == {"uri": path.as_uri(), "version": None}
        path.write_text(edited(before if configured else "", change["edits"]))
        assert f'[[{head}suppressions]]\npath = "/a.json"\npointer = "/AlgorithmName"' in path.read_text()
    with LanguageClient(tmp_path, ABLE) as client:
        assert "pattern-mismatch" not in [d["code"] for d in client.diagnostics(client.open("a.json", text))]
        assert client.shown == []
        client.end()


def test_a_finding_is_added_to_the_baseline(tmp_path: Path, algolint: Run) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "algolint.toml").write_text('baseline = "known.json"\n')
    (tmp_path / "a.yaml").write_text(SPEC)
    (tmp_path / "known.json").write_text('{"format": 1, "entries": []}')
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.yaml", SPEC)
        before = client.diagnostics(uri)
        action = client.actions(uri, (4, 5))["add this unknown-field to the baseline"]
        command = action["command"]
        client.published.clear()
        client.request("workspace/executeCommand", {k: command[k] for k in ("command", "arguments")})
        assert client.diagnostics(uri) == [d for d in before if d["code"] != "unknown-field"]
        client.end()
    assert json.loads((tmp_path / "known.json").read_text())["entries"][0]["path"] == "a.yaml"
    assert "unknown-field" not in algolint("a.yaml", cwd=tmp_path).stdout


def test_the_page_of_a_rule_is_opened(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.yaml", SPEC)
        client.diagnostics(uri)
        command = client.actions(uri, (4, 5))["open the page of unknown-field"]["command"]
        client.request("workspace/executeCommand", {k: command[k] for k in ("command", "arguments")})
        opened = next(m for m in client.received if m["method"] == "window/showDocument")
        assert opened["params"]["uri"].endswith("#unknown-field")
        assert opened["params"]["external"] is True
        for wrong in ({"command": "x"}, {"command": "algolint.addToBaseline", "arguments": [uri, "a"]}):
            with pytest.raises(ServerError, match=f"no command {wrong['command']} with these arguments"):
                client.request("workspace/executeCommand", wrong)
        client.end()


def test_a_broken_text_offers_nothing_that_changes_it(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.yaml", SPEC)
        client.diagnostics(uri)
        client.change(uri, 2, {"text": SPEC + "  : {"})
        assert len(client.diagnostics(uri, 2)) > 2
        found = client.actions(uri, (0, 0), (20, 0))
        assert all(title.startswith("open the page of") for title in found)
        client.end()


def test_a_shell_script_is_offered_comments_and_no_fix(tmp_path: Path) -> None:
    text = "aws sagemaker create-algorithm --algorithm-name=-x --training-specification '{}'\n"
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.sh", text, "shellscript")
        assert client.diagnostics(uri)
        found = client.actions(uri, (0, 0), (1, 0))
        assert [*found] == [
            "ignore unknown-field here",
            "ignore unknown-field in this file",
            "open the page of unknown-field",
        ]
        client.end()


def test_a_finding_in_typescript_is_ignored(tmp_path: Path) -> None:
    text = 'client.send(new CreateAlgorithmCommand({AlgorithmName: "-x", TrainingSpecification: {}}));\n'
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.ts", text, "typescript")
        assert client.diagnostics(uri)
        found = client.actions(uri, (0, 0), (1, 0))
        here = edited(text, changes(found["ignore pattern-mismatch here"], uri))
        assert here == f"// algolint: ignore[pattern-mismatch] {REASON}\n{text}"
        client.end()


def test_an_edit_is_plain_where_the_client_has_no_versions(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        client.diagnostics(uri)
        found = client.actions(uri, (8, 34))
        assert edited(SPEC, found["delete the duplicate"]["edit"]["changes"][uri]) == SPEC.replace(
            "[File, File]", "[File]"
        )
        assert not any("page" in title for title in found)
        client.end()


def test_no_edit_writes_a_secret_that_reports_mask(tmp_path: Path) -> None:
    key = "AKIA" + "QWERTYUIOPASDFGH"
    text = (
        SPEC
        + f"  SupportedHyperParameters:\n    - {{Name: aws_access_key_id, Type: FreeText, IsTunable: true, DefaultValue: {key}}}\n"
    )
    with LanguageClient(tmp_path, ABLE) as client:
        uri = client.open("a.yaml", text)
        assert key not in json.dumps(client.diagnostics(uri))
        for action in client.actions(uri, (9, 0), (12, 0), only=["quickfix"]).values():
            assert key not in json.dumps(action)
