"""The language server from an editor's view: documents, diagnostics, and half-typed texts."""

from __future__ import annotations

import importlib
import json
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from language_client import CAPABILITIES, LanguageClient, ServerError, structured
from lsprotocol import types

from algolint.errors import UserError
from algolint.server.protocol import Connection
from algolint.server.text import ENCODINGS, ClientText, TextChange

Json = dict[str, Any]
FIXTURES = sorted(
    path
    for path in (ROOT / "fixtures").rglob("*.*")
    if path.suffix in (".json", ".yaml", ".py", ".ipynb", ".tf")
)
SEVERITIES = {1: "error", 2: "warning", 3: "info"}
SPEC = """\
AlgorithmName: -forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.m5.xlarg]
  TrainingChannels:
    - Name: train
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [File]
"""
#: A finding of each form that a row of the command line is compared by.
Row = tuple[str, str, str, tuple[int, int, int, int], tuple[Any, ...]]


def ranged(where: Json) -> tuple[int, int, int, int]:
    start, end = where["start"], where["end"]
    return start["line"] + 1, start["character"] + 1, end["line"] + 1, end["character"] + 1


def row(found: Json) -> Row:
    related = [
        (ranged(place["location"]["range"]), place["message"])
        for place in found.get("relatedInformation", ())
    ]
    return (
        found["code"],
        SEVERITIES[found["severity"]],
        found["message"],
        ranged(found["range"]),
        tuple(related),
    )


def rules(found: list[Json]) -> list[str]:
    return sorted(diagnostic["code"] for diagnostic in found)


def reported(algolint: Run, *paths: Path, files: list[Path] | None = None) -> dict[str, list[Row]]:
    """Return the findings of the command line for files or folders, by file."""
    cwd = ROOT
    done = algolint("--format", "json-lines", *map(str, paths), cwd=cwd)
    found: dict[str, list[Row]] = {str(path): [] for path in files or paths}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if "unknown" in row:
            continue
        places = [row, *row["related"]]
        spans = [(p["line"], p["column"], p["end_line"], p["end_column"]) for p in places]
        related = tuple(
            (span, place["message"]) for span, place in zip(spans[1:], row["related"], strict=True)
        )
        found[str(cwd / row["path"])].append(
            (row["rule"], row["severity"], row["message"], spans[0], related)
        )
    return found


def capabilities(**document: Json) -> Json:
    return {**CAPABILITIES, "textDocument": {**CAPABILITIES["textDocument"], **document}}


# ---------------------------------------------------------------- the same as the command line


# In ASCII all columns are the same.
NOT_ASCII = [path for path in FIXTURES if not path.read_bytes().isascii()]


@pytest.mark.parametrize(
    ("encoding", "paths"),
    [
        pytest.param("utf-16", FIXTURES, id="utf-16"),
        *(pytest.param(name, NOT_ASCII, id=name) for name in ENCODINGS if name != "utf-16"),
        *(
            pytest.param(name, FIXTURES, id=f"{name}-all", marks=pytest.mark.slow)
            for name in ENCODINGS
            if name != "utf-16"
        ),
    ],
)
def test_the_server_reports_what_the_command_line_reports(
    encoding: str, paths: list[Path], algolint: Run
) -> None:
    folder = [ROOT / "fixtures"] if paths is FIXTURES else paths
    expected = reported(algolint, *folder, files=paths)
    assert sum(map(len, expected.values())) > (300 if paths is FIXTURES else 0)
    offered = {**CAPABILITIES, "general": {"positionEncodings": [encoding]}}
    with LanguageClient(ROOT, offered, new_process=True) as client:
        assert client.initialized["capabilities"]["positionEncoding"] == encoding
        for path in paths:
            text = path.read_bytes().decode()
            uri = client.open(str(path.relative_to(ROOT)), text)
            units = [row(found) for found in client.diagnostics(uri)]
            assert [in_characters(text, found, encoding) for found in units] == expected[str(path)], path
        client.end()


def in_characters(text: str, found: Row, encoding: str) -> Row:
    """A row with its columns in characters."""
    if text.isascii() or encoding == "utf-32":
        return found
    codec, size = {"utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1)}[encoding]
    lines = text.splitlines()

    def column(line: int, units: int) -> int:
        data = lines[line - 1].encode(codec) if line <= len(lines) else b""
        return len(data[: (units - 1) * size].decode(codec)) + 1

    def span(place: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        return place[0], column(*place[:2]), place[2], column(*place[2:])

    rule, severity, message, where, related = found
    return rule, severity, message, span(where), tuple((span(place), words) for place, words in related)


def test_pulled_diagnostics_are_those_that_are_pushed(algolint: Run) -> None:
    path = ROOT / "fixtures/faulty/metrics.yaml"
    offered = capabilities(diagnostic={"relatedInformation": True, "codeDescriptionSupport": True})
    with LanguageClient(ROOT, offered) as client:
        assert client.initialized["capabilities"]["diagnosticProvider"]["identifier"] == "algolint"
        uri = client.open("fixtures/faulty/metrics.yaml", path.read_text())
        first = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        structured(first, types.RelatedFullDocumentDiagnosticReport)
        assert [row(found) for found in first["items"]] == reported(algolint, path)[str(path)]
        again = {"textDocument": {"uri": uri}, "previousResultId": first["resultId"]}
        second = client.request("textDocument/diagnostic", again)
        assert second == {"kind": "unchanged", "resultId": first["resultId"]}
        client.change(uri, 2, {"text": "{}"})
        assert client.request("textDocument/diagnostic", again)["items"] == []
        assert not client.published
        client.end()


def test_a_diagnostic_has_a_link_related_places_and_tags(tmp_path: Path) -> None:
    text = (ROOT / "fixtures/faulty/channels.yaml").read_text()
    with LanguageClient(tmp_path) as client:
        found = client.diagnostics(client.open("a.yaml", text))
        twice = next(d for d in found if d["code"] == "channel-duplicate-name")
        assert twice["codeDescription"]["href"].endswith("#channel-duplicate-name")
        assert twice["source"] == "algolint"
        assert twice["relatedInformation"][0]["location"]["uri"] == client.uri("a.yaml")
        assert [d["tags"] for d in found if d["code"] == "channel-list-duplicates"] == [[1]]
        client.end()


@pytest.mark.parametrize(
    ("old", "tags"), [("    InstanceType: ml.m5.xlarge", [[2], [2]]), ("  SupportedTrainingInstanceTypes:\n  - ml.m5.xlarge", [None])]
)  # fmt: skip
def test_a_retired_instance_type_is_struck_out_and_a_list_of_them_is_not(
    old: str, tags: list[Any], tmp_path: Path
) -> None:
    text = (ROOT / "fixtures/same/boosted-trees/spec.yaml").read_text()
    assert old in text
    with LanguageClient(tmp_path) as client:
        found = client.diagnostics(
            client.open("a.yaml", text.replace(old, old.replace("m5", "p3").replace("xlarge", "2xlarge")))
        )
        assert [d.get("tags") for d in found if d["code"] == "instance-retired-family"] == tags
        client.end()


def test_what_the_client_cannot_show_is_left_out(tmp_path: Path) -> None:
    text = (ROOT / "fixtures/faulty/channels.yaml").read_text()
    with LanguageClient(tmp_path, {}) as client:
        uri = client.open("a.yaml", text)
        while uri not in client.published:
            client.receive()
        assert "version" not in client.published[uri]
        for found in client.published[uri]["diagnostics"]:
            assert not {"codeDescription", "relatedInformation"} & found.keys()


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("x.ipynb", "python", "client.create_algorithm(AlgorithmName='-x')\n"),
        ("spec", "yaml", "AlgorithmName: -x\nTrainingSpecification: {}\n"),
        ("untitled:Untitled-1", "json", '{"AlgorithmName": "-x", "TrainingSpecification": {}}'),
        ("a.template", "cloudformation", "Resources: {A: {Type: AWS::SageMaker::Algorithm, Properties: {AlgorithmName: -x}}}"),
        ("main.tf.json", "json", '{"resource": {"aws_sagemaker_algorithm": {"a": {"algorithm_name": "-x"}}}}'),
        ("a", "terraform", 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "-x"\n}\n'),
    ],
)  # fmt: skip
def test_the_language_decides_where_the_name_does_not(
    name: str, language: str, text: str, tmp_path: Path
) -> None:
    with LanguageClient(tmp_path) as client:
        assert "pattern-mismatch" in rules(client.diagnostics(client.open(name, text, language)))
        client.end()


@pytest.mark.parametrize("name", ["package.json", "values.yaml", "README.md", "spec.txt", "empty.json"])
def test_what_is_not_a_spec_has_no_diagnostics(name: str, tmp_path: Path) -> None:
    text = {"package.json": '{"name": "x",}', "values.yaml": "a: [", "empty.json": ""}.get(name, SPEC)
    with LanguageClient(tmp_path) as client:
        assert client.diagnostics(client.open(name, text, "plaintext" if text is SPEC else "")) == []
        client.end()


def test_the_configuration_of_the_folder_applies(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "algolint.toml").write_text('select = ["unknown-instance-type"]\nexclude = ["old/"]\n')
    with LanguageClient(tmp_path) as client:
        assert rules(client.diagnostics(client.open("a.yaml", SPEC))) == ["unknown-instance-type"]
        assert client.diagnostics(client.open("old/a.yaml", SPEC)) == []
        client.end()


def test_the_baseline_applies(tmp_path: Path, algolint: Run) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "algolint.toml").write_text('baseline = "known.json"\n')
    (tmp_path / "a.yaml").write_text(SPEC)
    assert algolint("--write-baseline", "known.json", "a.yaml", cwd=tmp_path).returncode == 0
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        assert client.diagnostics(uri) == []
        client.change(uri, 2, {"text": SPEC.replace("[File]", "[Fil]")})
        assert rules(client.diagnostics(uri, 2)) == ["unknown-value"]
        client.end()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ('select = ["no-such-rule"]', "there is no rule 'no-such-rule'"),
        ("select = ", "not valid TOML"),
        ('baseline = "missing.json"', "No such file or directory"),
    ],
)
def test_a_wrong_configuration_is_shown_once(setting: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "algolint.toml").write_text(setting)
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        assert client.diagnostics(uri) == []
        client.change(uri, 2, {"text": SPEC + "\n"})
        assert client.diagnostics(uri, 2) == []
        assert len(client.shown) == 1
        assert expected in client.shown[0]
        client.end()


def test_a_huge_text_is_not_linted(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        assert client.diagnostics(client.open("a.yaml", SPEC + "#" * (9 << 20))) == []
        assert "8,388,608 bytes" in client.shown[0]
        client.end()


# ---------------------------------------------------------------- while the text is typed


def at(line: int, character: int) -> Json:
    return {"line": line, "character": character}


def test_changes_are_made_in_order_and_linted_once(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        assert rules(client.diagnostics(uri)) == ["pattern-mismatch", "unknown-instance-type"]
        client.received.clear()
        messages = [
            {
                "method": "textDocument/didChange",
                "params": {
                    "textDocument": {"uri": uri, "version": version},
                    "contentChanges": [{"range": {"start": at(0, 15), "end": at(0, 15 + (version == 2))}, "text": "x"}],
                },
            }
            for version in range(2, 60)
        ]  # fmt: skip
        client.send(*messages)
        assert rules(client.diagnostics(uri, 59)) == ["string-length", "unknown-instance-type"]
        assert len(client.received) <= 2
        client.end()


def test_several_changes_of_one_message_follow_each_other(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        client.change(
            uri,
            2,
            {"range": {"start": at(0, 0), "end": at(0, 0)}, "text": "# one\n"},
            {"range": {"start": at(1, 15), "end": at(1, 16)}, "text": ""},
        )
        found = client.diagnostics(uri, 2)
        assert [(d["code"], d["range"]["start"]["line"]) for d in found] == [("unknown-instance-type", 4)]
        client.end()


def test_findings_stay_while_the_text_is_broken(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        before = client.diagnostics(uri)
        # A line with a quote that is not closed yet, between the two findings.
        client.change(
            uri, 2, {"range": {"start": at(1, 0), "end": at(1, 0)}, "text": 'AlgorithmDescription: "half\n'}
        )
        found = client.diagnostics(uri, 2)
        assert rules(found) == ["invalid-syntax", "pattern-mismatch", "unknown-instance-type"]
        line = {d["code"]: d["range"]["start"]["line"] for d in found}
        assert (line["pattern-mismatch"], line["unknown-instance-type"]) == (0, 4)
        # Still broken: one syntax error, not two.
        client.change(uri, 3, {"range": {"start": at(1, 23), "end": at(1, 23)}, "text": "way"})
        assert rules(client.diagnostics(uri, 3)) == rules(found)
        # What is deleted with its line is gone.
        client.change(uri, 4, {"range": {"start": at(0, 0), "end": at(1, 0)}, "text": ""})
        assert rules(client.diagnostics(uri, 4)) == ["invalid-syntax", "unknown-instance-type"]
        client.change(uri, 5, {"text": SPEC})
        assert client.diagnostics(uri, 5) == before
        client.end()


def test_findings_of_a_program_stay_while_it_is_broken(tmp_path: Path) -> None:
    text = "client.create_algorithm(AlgorithmName='-x', TrainingSpecification={})\n"
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.py", text)
        before = client.diagnostics(uri)
        client.change(uri, 2, {"text": f"def f(\n{text}"})
        assert [(d["code"], d["range"]["start"]["line"]) for d in client.diagnostics(uri, 2)] == [
            (d["code"], d["range"]["start"]["line"] + 1) for d in before
        ]
        client.end()


def test_a_closed_document_has_no_diagnostics(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        uri = client.open("a.yaml", SPEC)
        assert client.diagnostics(uri)
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        client.receive()
        assert client.published[uri]["diagnostics"] == []
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        client.change(uri, 3, {"text": SPEC})
        client.end()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_byte_order_mark_of_the_client_moves_nothing(encoding: str, tmp_path: Path) -> None:
    text = '\ufeff{"AlgorithmName": "-x", "TrainingSpecification": {}}'
    offered = {**CAPABILITIES, "general": {"positionEncodings": [encoding]}}
    with LanguageClient(tmp_path, offered) as client:
        uri = client.open("a.json", text)
        found = next(d for d in client.diagnostics(uri) if d["code"] == "pattern-mismatch")
        mark = 3 if encoding == "utf-8" else 1
        assert found["range"]["start"] == at(0, mark + text.index('"-x"') - 1)
        hover = {"textDocument": {"uri": uri}, "position": at(0, mark + 2)}
        assert "AlgorithmName" in client.request("textDocument/hover", hover)["contents"]["value"]
        client.request("textDocument/hover", {**hover, "position": at(0, 0)})
        client.end()


# ---------------------------------------------------------------- texts and positions


@pytest.mark.parametrize(
    ("span", "moved"),
    [
        ((0, 3), (0, 3)),
        ((0, 4), (0, 4)),
        ((8, 9), (9, 10)),
        ((6, 9), (7, 10)),
        ((2, 8), (2, 9)),
        ((2, 5), (2, 4)),
        ((5, 8), (7, 9)),
        ((4, 6), None),
        ((5, 6), None),
    ],
)
def test_a_span_follows_a_change(span: tuple[int, int], moved: tuple[int, int] | None) -> None:
    assert TextChange(4, 6, 3).moved(span) == moved


def test_texts_follow_changes_in_every_encoding() -> None:
    """Against a plain model: the text as a list of characters, changed by character."""
    chance = random.Random(1)
    alphabet = ["a", "é", "中", "😀", "\n", "\r\n", "\r", " ", "\t"]
    for encoding in ENCODINGS:
        for start in ("", "\ufeff"):
            text = ClientText(start + "".join(chance.choices(alphabet, k=30)), encoding)
            for _ in range(200):
                first, last = sorted(chance.choices(range(len(text.text) + 1), k=2))
                if text.text[first - 1 : first + 1] == "\r\n" or text.text[last - 1 : last + 1] == "\r\n":
                    continue
                new = "".join(chance.choices(alphabet, k=chance.randrange(4)))
                expected = text.text[:first] + new + text.text[last:]
                where = text.range((first, last))
                assert (text.offset(where["start"]), text.offset(where["end"])) == (first, last)
                text.change({"range": where, "text": new})
                assert text.text == expected


def test_a_position_past_the_end_of_a_line_is_its_end() -> None:
    text = ClientText("ab\ncd", "utf-16")
    assert text.offset(at(0, 99)) == 2
    assert text.offset(at(7, 0)) == 5
    assert text.offset(at(1, 1)) == 4


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert ClientText("a\ud800b", "utf-16").text == "a\ufffdb"


# ---------------------------------------------------------------- the connection


def test_the_connection_ends_in_good_order(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, new_process=True) as client:
        assert client.initialized["serverInfo"]["name"] == "algolint"
        structured(client.initialized, types.InitializeResult)
        client.end()


def test_without_shutdown_the_exit_code_is_1(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, new_process=True) as client:
        client.notify("exit", None)
        assert client.process.wait(30) == 1


def test_the_end_of_the_input_ends_the_server(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, new_process=True) as client:
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(30) == 1


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"{", -32700),
        (b"[1, 2]", -32600),
        (b'{"id": 7, "method": "no/such"}', -32601),
        (b'{"id": 7, "method": "shutdown", "params": [1]}', -32602),
        (b'{"id": 7, "method": "initialize"}', -32600),
        (b'{"id": [], "method": "textDocument/hover"}', -32600),
        (b'{"id": {}, "method": "no/such"}', -32600),
    ],
)
def test_what_cannot_be_handled_is_answered(message: bytes, code: int, tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        assert client.process.stdin is not None
        client.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(message), message))
        client.process.stdin.flush()
        assert client.receive()["error"]["code"] == code
        client.end()


def test_a_request_that_fails_is_logged_and_answered(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        with pytest.raises(ServerError) as failed:
            client.request("textDocument/diagnostic", {"textDocument": {}})
        assert failed.value.code == -32603
        assert "KeyError" in client.logged[0]
        uri = client.open("a.yaml", SPEC)
        assert len(client.diagnostics(uri)) == 2


def test_nothing_is_answered_before_initialize() -> None:
    message = b'{"id": 1, "method": "textDocument/hover", "params": {}}'
    done = subprocess.run(
        [sys.executable, "-m", "algolint", "server", "--stdio"],
        input=b"Content-Length: %d\r\n\r\n%s" % (len(message), message),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert b"-32002" in done.stdout


def test_a_cancelled_request_is_not_carried_out(tmp_path: Path) -> None:
    with LanguageClient(tmp_path, capabilities(diagnostic={})) as client:
        uri = client.open("a.yaml", SPEC)
        request = {"method": "textDocument/diagnostic", "params": {"textDocument": {"uri": uri}}}
        client.send(
            {"id": 100, **request},
            {"id": 101, **request},
            {"method": "$/cancelRequest", "params": {"id": 101}},
        )
        assert len(client.answer(100)["items"]) == 2
        with pytest.raises(ServerError) as cancelled:
            client.answer(101)
        assert cancelled.value.code == -32800
        client.end()


def test_input_without_frames_ends_the_server(tmp_path: Path) -> None:
    with LanguageClient(tmp_path) as client:
        assert client.process.stdin is not None
        client.process.stdin.write(b"GET / HTTP/1.1\r\n\r\n")
        client.process.stdin.flush()
        assert client.process.wait(30) == 1
        assert client.process.stderr is not None
        assert b"without Content-Length" in client.process.stderr.read()


def test_jupyter_lsp_finds_the_server() -> None:
    """What jupyter-lsp requires of an entry point: a function that takes its manager, and a description of
    version 2.
    """
    import tomli

    project = tomli.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, name = project["entry-points"]["jupyter_lsp_spec_v1"]["algolint"].partition(":")
    servers = getattr(importlib.import_module(module), name)(None)
    assert servers["algolint"]["version"] == 2
    assert servers["algolint"]["argv"][1:] == ["-m", "algolint", "server"]
    assert {"python", "yaml", "json"} <= set(servers["algolint"]["languages"])
    assert all("/" in kind for kind in servers["algolint"]["mime_types"])


# ---------------------------------------------------------------- what the system refuses


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_an_output_that_takes_nothing_ends_the_server_with_the_reason() -> None:
    message = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "algolint", "server"],
            input=f"Content-Length: {len(message)}\r\n\r\n{message}",
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "algolint: cannot send further messages: No space left on device\n"


def test_a_thread_that_the_system_refuses_is_an_error_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    with pytest.raises(UserError, match="server: the system refuses a further thread"):
        Connection(0, 1).run(lambda: False)
