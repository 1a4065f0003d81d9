"""The report formats: each conforms to its schema, is parsed back, and cannot be injected into."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest
from conftest import Run

from algolint import __version__
from algolint.config.settings import FORMATS
from algolint.diagnostic import Diagnostic
from algolint.fixes.edit import Edit, apply
from algolint.linting.linter import Linter
from algolint.messages import escaped
from algolint.reports import checkstyle, github, gitlab, html, json_lines, junit, parts, rdjson, sarif
from algolint.reports import json as json_report
from algolint.reports.parts import by_file, sound_edits
from algolint.rule import Replace
from algolint.rule_files import first_party_rules
from algolint.runs.outcome import Outcome
from algolint.source import Source, read_file
from algolint.testing import model_of

ROOT = Path(__file__).parent.parent
FAULTY = sorted(p for p in (ROOT / "fixtures" / "faulty").iterdir() if p.suffix in (".json", ".yaml"))
SCHEMAS = Path(__file__).parent / "schemas"
REPORTS: dict[str, Callable[[Outcome], str]] = {
    form.name: import_module(form.module).report for form in FORMATS.values() if not form.is_for_people
}
REPORTS["github summary"] = github.summary


def example_report() -> Callable[[Outcome], str]:
    """Return the report in docs/architecture.md."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    module = page.partition("## A new report format")[2].partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(compile(module, "docs/architecture.md", "exec"), names)
    report: Callable[[Outcome], str] = names["report"]
    return report


REPORTS["the example in docs/architecture.md"] = example_report()

# Assembled here, so that scanners do not report them as real.
SECRET = "q7Zr2LxV9sTb" + "4KwMd81cPf6Y"
AWS_KEY = "AKIA" + "Q7ZR2LXV9STB4KWM"

# Messages quote sixty characters at most, so each of these is short.
EVILS = [
    "::error file=x::y",
    "\n::warning::z",
    "%0A::error::50%25",
    "##[add-mask]z",
    "]]><x/> --> &lt; &#60;",
    "</script><script>alert(1)</script>",
    "</code><img src=x onerror=alert(1)>",
    '\'" onclick=alert(1) x="',
    "| `c` ``` ~~~ |",
    "[a](http://evil.example) <http://b.example>",
    "**b** _i_ ~~s~~ # h\r\n\r\n# h",
    "\x1b[31m \x00 \x7f \x9b31m",
    "\u202eabc\u2066 \u2028 \ufeff",
    "\ufffe\uffff \ud800 \udc00\ud800",
    "\\ \\n \\| \t tab",
]
EVIL = " ".join(EVILS)
EVIL_NAME = "ev,il:50%25 <b>|`x`'\".json"
PATHS = ["specs/a,b:c%0A.json", "-", "gone\n::error::.yaml", "caf\xe9/\udcff.json"]


def linted(*sources: Source, errors: tuple[tuple[str, str], ...] = ()) -> Outcome:
    linter = Linter(model_of(), first_party_rules(), with_edits=True, with_fingerprints=True)
    outcome = Outcome(model_of())
    for source in sources:
        result = linter.lint_source(source)
        assert not result.crashes, result.crashes[0]
        outcome.files += 1
        outcome.add(result.diagnostics)
    outcome.errors += errors
    return outcome


@cache
def hostile() -> Outcome:
    parameters = [{"Name": evil, "Type": evil, f"k{evil}": evil} for evil in EVILS]
    spec = {
        "AlgorithmName": EVILS[0],
        **dict.fromkeys(EVILS, 1),
        "AlgorithmDescription": EVIL,
        "TrainingSpecification": {
            "TrainingImage": EVILS[5],
            "SupportedHyperParameters": [*parameters, {"Name": "n", "Type": "Integr", "DefaultValue": EVIL}],
        },
        "Tags": [{"Key": evil, "Value": evil} for evil in EVILS] * 2,
    }
    texts = {
        EVIL_NAME: json.dumps(spec, indent=2),
        # Raw here what JSON escapes: bidirectional characters, tabs, other line ends, surrogates.
        f"raw {EVIL_NAME}": json.dumps(spec, ensure_ascii=False),
        "raw\x1b\u202e\n\udcff.yaml": "AlgorithmName: '\u202e<b>|`é'\r\nTrainingSpecification:\r\n"
        '  "k::error::\\x00\\n": <script>\r\n  SupportedHyperParameters: [{Name: 😀x, Tpe: "\u2066a"}]\r',
        "broken.json": '{"AlgorithmName": "a]]><b>\u202e", "TrainingSpecification": }',
    }
    errors = tuple((path, f"cannot be read {evil}") for path in PATHS for evil in EVILS)
    return linted(*(Source(name, text) for name, text in texts.items()), errors=errors)


@cache
def usual() -> Outcome:
    return linted(*(read_file(str(path.relative_to(ROOT)), 1 << 23) for path in FAULTY))


def minified() -> Outcome:
    import yaml

    spec = next(iter(yaml.load_all((ROOT / "fixtures/faulty/instances.yaml").read_text(), yaml.BaseLoader)))
    return linted(Source("minified.json", json.dumps(spec)))


def fixable() -> Outcome:
    """Return fixes of several kinds, in files with multi-byte characters, CR LF and a byte order mark."""
    yaml = (
        "\ufeffalgorithmName: é😀 # the wrong case\r\nTrainingSpecification:\r\n"
        "  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/f:1\r\n"
        "  SupportedHyperParameters:\r\n"
        "    - {Description: é😀, name: depth, type: integer, IsTunable: 'true', IsRequired: \"no\"}\r\n"
    )
    spec = {"AlgorithmName": "f", "Tags": [{"Key": "é😀", "value": "x"}], "CertifyForMarketplace": "true"}
    return linted(Source("a.yaml", yaml), Source("b.json", json.dumps(spec, ensure_ascii=False)))


OUTCOMES: dict[str, Callable[[], Outcome]] = {
    "usual": usual,
    "hostile": hostile,
    "minified": minified,
    "fixable": fixable,
    "empty": linted,
    "only errors": lambda: linted(errors=tuple((path, "no such file") for path in PATHS)),
}


@pytest.fixture(scope="module", params=list(OUTCOMES))
def outcome(request: pytest.FixtureRequest) -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        make = OUTCOMES[request.param]
        return make()


def messages(outcome: Outcome) -> list[str]:
    """Return the messages of a report, in the order of the outcome."""
    return [
        escaped(text) for text in [d.message for d in outcome.diagnostics] + [m for _, m in outcome.errors]
    ]


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text()))


def test_the_outcomes_are_worth_testing() -> None:
    assert len(usual().diagnostics) > 40
    assert len({d.rule.name for d in hostile().diagnostics}) > 8
    assert sum(d.edits is not None for d in fixable().diagnostics) > 3
    assert {d.severity for d in usual().diagnostics} == {"error", "warning", "info"}
    assert any(d.related for d in usual().diagnostics)


# ---------------------------------------------------------------- all formats


@pytest.mark.parametrize("form", REPORTS)
def test_a_report_is_printable_and_always_the_same(form: str, outcome: Outcome) -> None:
    text = REPORTS[form](outcome)
    assert text == REPORTS[form](outcome)
    text.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text)
    assert str(ROOT) not in text


@pytest.mark.parametrize("form", REPORTS)
def test_no_report_shows_a_secret(form: str) -> None:
    job = {"HyperParameters": {"api_key": SECRET, "note": f"see {SECRET}"}, "TrainingInputMode": SECRET}
    spec = {
        "AlgorithmName": SECRET,
        "AlgorithmDescription": f"Sign in with {AWS_KEY}",
        "TrainingSpecification": {"TrainingImage": SECRET, "SupportedHyperParameters": []},
        "ValidationSpecification": {"ValidationProfiles": [{"TrainingJobDefinition": job}]},
        "Tags": [{"Key": "password", "Value": SECRET}, {"Key": SECRET, "Valu": SECRET}],
    }
    outcome = linted(Source("a.json", json.dumps(spec, indent=1)), Source("b.json", json.dumps(spec)))
    assert len({d.rule.name for d in outcome.diagnostics if d.rule.name.startswith("secret")}) >= 2
    text = REPORTS[form](outcome)
    assert SECRET not in text
    assert AWS_KEY not in text


@pytest.mark.parametrize("form", sorted(REPORTS.keys() - {"json", "json-lines"}))
def test_no_report_shows_a_secret_that_is_a_key_or_would_be_written_back(form: str) -> None:
    profile = {"TrainingJobDefinition": {"HyperParameters": {"api_key": SECRET, SECRET: 7}}}
    spec = {
        "ValidationSpecification": {"ValidationProfiles": [profile]},
        "TrainingSpecification": {SECRET: 1},
    }
    outcome = linted(Source("a.json", json.dumps(spec, indent=1)))
    assert any(SECRET in d.location.path for d in outcome.diagnostics)
    assert SECRET not in REPORTS[form](outcome)


@pytest.mark.parametrize("form", ["html", *(form.name for form in FORMATS.values() if form.with_edits)])
def test_no_fix_with_a_secret_is_offered(form: str) -> None:
    """Neither shown, nor with asterisks in its place, which would be written to the file."""
    text = f'{{"AlgorithmName": "f", "Tags": [{{"Key": "password", "Value": "{SECRET}"}}]}}'
    start = text.index(SECRET)
    dangerous = [
        [Edit(start, start + len(SECRET), SECRET)],
        # Separately they are harmless, but joined they contain the text between them.
        [Edit(start - 5, start - 4, " "), Edit(start + len(SECRET) + 2, start + len(SECRET) + 3, " }")],
    ]
    for edits in dangerous:
        outcome = linted(Source("a.json", text))
        diagnostic = outcome.diagnostics[0]
        diagnostic.fix = Replace((), SECRET)
        diagnostic.edits = edits
        written = REPORTS[form](outcome)
        assert SECRET not in written
        if form != "html":
            assert not re.search(r'"(text|insertedContent)": "\**"', written)


# ---------------------------------------------------------------- JSON lines


def test_json_lines_are_the_rows_of_the_json_report(outcome: Outcome) -> None:
    text = json_lines.report(outcome)
    assert text.isascii()
    rows = [json.loads(line) for line in text.split("\n")] if text else []
    whole = json.loads(json_report.report(outcome))
    assert rows == whole["diagnostics"] + [{"error": error} for error in whole["errors"]]


# ---------------------------------------------------------------- SARIF


def region_of(source: Source, region: dict[str, Any]) -> tuple[int, int]:
    starts = source.line_starts()
    return (
        starts[region["startLine"] - 1] + region["startColumn"] - 1,
        starts[region["endLine"] - 1] + region["endColumn"] - 1,
    )


def test_sarif(outcome: Outcome) -> None:
    text = sarif.report(outcome)
    assert text.isascii()
    log = json.loads(text)
    schema("sarif").validate(log)
    (run,) = log["runs"]
    (invocation,) = run["invocations"]
    notes = invocation["toolExecutionNotifications"]
    reported = [entry["message"]["text"] for entry in run["results"] + notes]
    assert [text.replace("\\[", "[") for text in reported] == messages(outcome)
    assert not re.search(r"(?<!\\)\[[^\[\]]*\]\(", "\n".join(reported)), "an embedded link"
    assert invocation["executionSuccessful"] == (not outcome.errors)
    driver = run["tool"]["driver"]
    assert driver["semanticVersion"] == __version__.replace(".dev", "-dev.")
    assert {rule["id"] for rule in driver["rules"]} == {d.rule.name for d in outcome.diagnostics}
    for result, diagnostic in zip(run["results"], outcome.diagnostics, strict=True):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.rule.name
        check_sarif_location(result["locations"][0], diagnostic)
        assert len(result.get("relatedLocations", [])) == len(diagnostic.related)
        if "fixes" in result:
            check_sarif_fix(result["fixes"], diagnostic)
    assert sum("fixes" in r for r in run["results"]) == sum(d.edits is not None for d in outcome.diagnostics)


def check_sarif_location(location: dict[str, Any], diagnostic: Diagnostic) -> None:
    source = diagnostic.source
    physical = location["physicalLocation"]
    assert region_of(source, physical["region"]) == diagnostic.location.span
    name = unquote_to_bytes(physical["artifactLocation"]["uri"]).decode("utf-8", "surrogateescape")
    assert name == source.name
    if "snippet" in physical["region"]:
        start, end = diagnostic.location.span
        expected = source.redacted(source.text)[start:end]
        assert physical["region"]["snippet"]["text"] == re.sub("[\ud800-\udfff]", "\ufffd", expected)


def check_sarif_fix(fixes: list[dict[str, Any]], diagnostic: Diagnostic) -> None:
    (fix,) = fixes
    assert diagnostic.fix is not None
    assert fix["description"]["text"].endswith("(unsafe)") == (not diagnostic.fix.safe)
    (change,) = fix["artifactChanges"]
    text = diagnostic.source.text
    done = text
    for replacement in reversed(change["replacements"]):
        start, end = region_of(diagnostic.source, replacement["deletedRegion"])
        done = done[:start] + replacement["insertedContent"]["text"] + done[end:]
    assert done == apply(text, sound_edits(diagnostic))


@pytest.mark.filterwarnings("ignore")
def test_sarif_is_read_by_its_models(outcome: Outcome) -> None:
    models = pytest.importorskip("sarif_pydantic", reason="pip install sarif-pydantic")
    log = models.Sarif.model_validate_json(sarif.report(outcome))
    assert len(log.runs[0].results) == len(outcome.diagnostics)


def test_a_file_outside_the_working_directory_keeps_its_address(tmp_path: Path) -> None:
    path = tmp_path / "a b.json"
    outcome = linted(Source(str(path), "{"))
    (result,) = json.loads(sarif.report(outcome))["runs"][0]["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": path.as_uri()}


# ---------------------------------------------------------------- GitHub


def runner_reads(line: str) -> tuple[str, dict[str, str], str]:
    """Parse a workflow command as GitHub's runner does."""
    line = line.lstrip()
    assert line.startswith("::")
    end = line.index("::", 2)
    name, _, rest = line[2:end].partition(" ")
    properties = {}
    for pair in filter(None, rest.strip().split(",")):
        key, _, value = pair.partition("=")
        properties[key] = unescaped(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"})
    return name, properties, unescaped(line[end + 2 :], {"%0D": "\r", "%0A": "\n", "%25": "%"})


def unescaped(text: str, mapping: dict[str, str]) -> str:
    for token, character in mapping.items():
        text = text.replace(token, character)
    return text


def test_github(outcome: Outcome) -> None:
    text = github.report(outcome)
    commands = [runner_reads(line) for line in text.split("\n")] if text else []
    assert len(text.splitlines()) == len(commands)
    assert Counter(data for _, _, data in commands) == Counter(messages(outcome))
    order = ["error", "warning", "notice"]
    assert [order.index(name) for name, _, _ in commands] == sorted(order.index(n) for n, _, _ in commands)
    failures, findings = commands[: len(outcome.errors)], commands[len(outcome.errors) :]
    assert [properties["file"] for _, properties, _ in failures] == [escaped(p) for p, _ in outcome.errors]
    locations = {
        (escaped(d.source.name), str(d.location.line), str(d.location.end_line)) for d in outcome.diagnostics
    }
    assert {(p["file"], p["line"], p["endLine"]) for _, p, _ in findings} == locations
    for _, properties, _ in findings:
        assert set(properties) - {"col", "endColumn"} == {"file", "line", "endLine", "title"}
        # "Cannot be sent when startLine and endLine are different values."
        assert ("col" in properties) == ("endColumn" in properties)
        assert ("col" in properties) == (properties["line"] == properties["endLine"])
        assert int(properties.get("col", 1)) <= int(properties.get("endColumn", 1))


def test_github_summary_is_read_as_markdown(outcome: Outcome) -> None:
    markdown = pytest.importorskip("markdown_it", reason="pip install markdown-it-py")
    parser = markdown.MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(github.summary(outcome))
    kinds = {token.type for token in tokens} | {c.type for token in tokens for c in token.children or ()}
    boxes = "table thead tbody tr th td heading paragraph bullet_list list_item link".split()
    allowed = {f"{box}_{end}" for box in boxes for end in ("open", "close")}
    assert kinds <= allowed | {"inline", "text", "text_special", "softbreak"}
    assert sum(token.type == "table_open" for token in tokens) == len(by_file(outcome))
    cells = [
        tokens[i + 1].children
        for i, token in enumerate(tokens)
        if token.type in ("td_open", "paragraph_open")
    ]
    reported = Counter("".join(child.content for child in cell) for cell in cells)
    assert Counter(plain(escaped(d.message)) for d in outcome.diagnostics) <= Counter(
        {plain(text): count for text, count in reported.items()}
    )
    links = {c.attrs["href"] for token in tokens for c in token.children or () if c.type == "link_open"}
    assert links == {parts.rule_url(d.rule.name) for d in outcome.diagnostics}
    for path, message in outcome.errors:
        assert f"{escaped(path)}: {escaped(message)}" in reported


def plain(text: str) -> str:
    return text.strip()


def test_github_summary_stays_below_its_limit() -> None:
    outcome = usual()
    outcome.add(outcome.diagnostics * 39)
    text = github.summary(outcome)
    assert len(text.encode()) < 1 << 20
    assert text.endswith(f"… and {len(outcome.diagnostics) - 500} more.")


# ---------------------------------------------------------------- GitLab


def test_gitlab(outcome: Outcome) -> None:
    text = gitlab.report(outcome)
    assert text.isascii()
    rows = json.loads(text)
    schema("gitlab").validate(rows)
    assert [row["description"] for row in rows] == messages(outcome)
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    names = [d.source.name for d in outcome.diagnostics] + [path for path, _ in outcome.errors]
    assert [row["location"]["path"] for row in rows] == [escaped(name) for name in names]


def test_gitlab_fingerprints_survive_moved_lines() -> None:
    text = (ROOT / "fixtures/faulty/instances.yaml").read_text(encoding="utf-8")
    before = json.loads(gitlab.report(linted(Source("a.yaml", text))))
    after = json.loads(gitlab.report(linted(Source("a.yaml", "# moved\n\n" + text))))
    assert [row["fingerprint"] for row in before] == [row["fingerprint"] for row in after]
    assert [row["location"] for row in before] != [row["location"] for row in after]


# ---------------------------------------------------------------- XML


def test_junit(outcome: Outcome) -> None:
    root = ElementTree.fromstring(junit.report(outcome))
    assert root.tag == "testsuites"
    cases = [case for suite in root for case in suite]
    assert {suite.tag for suite in root} <= {"testsuite"}
    assert {case.tag for case in cases} <= {"testcase"}
    assert len(cases) == len(outcome.diagnostics) + len(outcome.errors)
    assert len(
        {(case.get("classname"), case.get("name")) for case in cases[: len(outcome.diagnostics)]}
    ) == len(outcome.diagnostics)
    for part in [root, *root]:
        for attribute, tag in {"tests": "testcase", "failures": "failure", "errors": "error"}.items():
            assert part.get(attribute) == str(len(list(part.iter(tag))))
    reported = []
    for case in cases:
        (child,) = case
        assert child.tag in ("failure", "error", "system-out")
        reported.append(child.get("message") if child.tag != "system-out" else None)
    grouped = [d for group in by_file(outcome).values() for d in group]
    wanted = [None if d.severity == "info" else xml(d.message) for d in grouped]
    assert reported == wanted + [xml(message) for _, message in outcome.errors]
    suites = [*by_file(outcome), *(path for path, _ in outcome.errors)]
    assert [suite.get("name") for suite in root] == [xml(name) for name in suites]


def xml(text: str) -> str:
    return escaped(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def test_junit_is_read_by_junitparser(outcome: Outcome) -> None:
    junitparser = pytest.importorskip("junitparser", reason="pip install junitparser")
    read = junitparser.JUnitXml.fromstring(junit.report(outcome).encode())
    before = (read.tests, read.failures, read.errors)
    read.update_statistics()
    assert (read.tests, read.failures, read.errors) == before


def test_junit_names_clean_files_where_they_are_known() -> None:
    outcome = linted(Source("a.json", "{"))
    outcome.names = ["a.json", "clean.json"]
    root = ElementTree.fromstring(junit.report(outcome))
    (case,) = root.findall("testsuite[@name='clean.json']/testcase")
    assert list(case) == []
    assert "clean.json" in html.report(outcome)


def test_checkstyle(outcome: Outcome) -> None:
    root = ElementTree.fromstring(checkstyle.report(outcome))
    assert root.tag == "checkstyle"
    assert root.get("version")
    assert {file.tag for file in root} <= {"file"}
    errors = [error for file in root for error in file]
    grouped = [d for group in by_file(outcome).values() for d in group]
    texts = [d.message for d in grouped] + [message for _, message in outcome.errors]
    assert [error.get("message") for error in errors] == [xml(text) for text in texts]
    for error, diagnostic in zip(errors, grouped, strict=False):
        assert set(error.attrib) == {"line", "column", "severity", "message", "source"}
        assert error.get("line") == str(diagnostic.location.line)
        assert error.get("severity") == diagnostic.severity
        assert error.get("source") == f"algolint.{diagnostic.rule.name}"


# ---------------------------------------------------------------- rdjson


@pytest.mark.parametrize("piece", ["a", "é", "a😀", "\ud800é\r\n"])
def test_bytes_before_an_offset_are_counted(piece: str) -> None:
    """Once for some thousand characters: a line may be as long as the file."""
    source = Source("a.json", piece * 9000)
    for offset in (*range(5), *range(4090, 4101), *range(8190, 8195), len(source.text) - 1, len(source.text)):
        assert source.byte_offset(offset) == len(source.text[:offset].encode("utf-8", "surrogatepass"))


def test_rdjson(outcome: Outcome) -> None:
    text = rdjson.report(outcome)
    assert text.isascii()
    result = json.loads(text)
    schema("rdjson").validate(result)
    rows = result["diagnostics"]
    assert [row["message"] for row in rows] == messages(outcome)
    for row, diagnostic in zip(rows, outcome.diagnostics, strict=False):
        source = diagnostic.source
        data = (("\ufeff" if source.bom else "") + source.text).encode("utf-8", "surrogatepass")
        start, end = diagnostic.location.span
        expected = source.text[start:end].encode("utf-8", "surrogatepass")
        assert cut(data, row["location"]["range"])[1] == expected
        for suggestion in row.get("suggestions", ()):
            before, _, after = cut(data, suggestion["range"])
            done = (before + suggestion["text"].encode() + after).decode("utf-8", "surrogatepass")
            assert done.removeprefix("\ufeff") == apply(source.text, diagnostic.edits or ())
    assert sum("suggestions" in row for row in rows) == sum(bool(d.edits) for d in outcome.diagnostics)


def cut(data: bytes, span: dict[str, Any]) -> tuple[bytes, bytes, bytes]:
    """Return the bytes before, in and after a range of lines and byte columns."""
    lines = re.split(rb"(?<=\r\n)|(?<=\n)|(?<=\r)(?!\n)", data)
    start, end = (
        sum(len(line) for line in lines[: place["line"] - 1]) + place["column"] - 1
        for place in (span["start"], span["end"])
    )
    return data[:start], data[start:end], data[end:]


# ---------------------------------------------------------------- HTML

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """The content of a page; fails if a tag is not closed or closes nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        #: (line of its row, file of that row, severity, rule, message)
        self.findings: list[tuple[str, str, str, str, str]] = []
        self.lines: dict[str, str] = {}
        self.inline: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given))
        if given.get("class", "").startswith("finding"):
            row = next(a for _, a in reversed(self.open) if "row" in a.get("class", "").split())
            file = next(a for _, a in reversed(self.open) if a.get("class") == "file")
            self.findings.append(
                (row["data-line"], file["id"], given["data-severity"], given["data-rule"], "")
            )

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not self.open:
            return
        tag, attributes = self.open[-1]
        if tag in ("style", "script"):
            self.inline[tag] = data
        if attributes.get("class") == "what":
            self.findings[-1] = (*self.findings[-1][:4], self.findings[-1][4] + data)
        names = [a.get("class", "").split()[:1] for _, a in self.open]
        if ["row"] in names and ["finding"] not in names and tag in ("code", "mark"):
            identity = next(a["id"] for _, a in self.open if a.get("class", "").startswith("row"))
            self.lines[identity] = self.lines.get(identity, "") + data


def expected(outcome: Outcome) -> Counter[tuple[str, str, str, str, str]]:
    return Counter(
        (str(d.location.line), f"f{index}", d.severity, d.rule.name, xml(d.message))
        for index, group in enumerate(by_file(outcome).values(), 1)
        for d in group
    )


def test_html_has_each_finding_in_the_row_of_its_line(outcome: Outcome) -> None:
    page = Page(html.report(outcome))
    assert Counter(page.findings) == expected(outcome)
    for index, group in enumerate(by_file(outcome).values(), 1):
        source = group[0].source
        last = len(source.line_starts())
        for line in range(1, last + 1):
            text = source.masked(source.line_span(line))
            if text or line < last:
                assert page.lines.get(f"f{index}l{line}", "") == "\t".join(map(xml, text.split("\t")))


def test_html_loads_nothing_and_runs_only_its_own(outcome: Outcome) -> None:
    page = Page(html.report(outcome))
    allowed = "html head meta title style body a header h1 span small form fieldset legend label input b"
    allowed += " details summary ul li p output button kbd nav section h2 code div mark article main pre"
    allowed += " script footer"
    assert {tag for tag, _ in page.tags} <= set(allowed.split())
    assert Counter(tag for tag, _ in page.tags)["script"] == 1
    identities = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(identities)) == len(identities)
    for tag, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "action")
        ]
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].removeprefix("#") in identities
    assert "url(" not in page.inline["style"]
    assert "@import" not in page.inline["style"]
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        digest = b64encode(sha256(page.inline[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def dom(path: Path, profile: Path) -> str:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium is installed")
    options = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    options += " --disable-component-update --disable-sync --disable-quic --disable-dev-shm-usage"
    done = subprocess.run(
        [browser, *options.split(), f"--user-data-dir={profile}", "--dump-dom", path.as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout.decode("utf-8")


@pytest.mark.slow
def test_html_in_a_browser(tmp_path: Path) -> None:
    """Chromium parses the page to the same rows, and its policy allows the page's own script."""
    for name in ("usual", "hostile"):
        outcome = OUTCOMES[name]()
        path = tmp_path / f"{name}.html"
        path.write_text(html.report(outcome), encoding="utf-8")
        page = Page(dom(path, tmp_path / "profile").rstrip())
        assert Counter(page.findings) == expected(outcome)
        (form,) = [a for tag, a in page.tags if tag == "form"]
        assert "hidden" not in form, "the script did not run"
        assert Counter(tag for tag, _ in page.tags)["script"] == 1


@pytest.mark.slow
def test_html_filters_in_a_browser(tmp_path: Path) -> None:
    """Unticking a severity or a rule, and searching, hide the right findings."""
    outcome = usual()
    rule = next(d.rule.name for d in outcome.diagnostics if d.severity == "error")
    word = "instance"
    drive = (
        "<script>const box = v => document.querySelector(`input[value='${v}']`);"
        f"box('info').checked = false; box('{rule}').checked = false;"
        f"document.getElementById('search').value = '{word}';"
        "document.getElementById('filter').dispatchEvent(new Event('input'));</script></body>"
    )
    text = re.sub("<meta http-equiv[^>]*>", "", html.report(outcome)).replace("</body>", drive)
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    page = Page(dom(path, tmp_path / "profile").rstrip())
    left = Counter(
        a["data-rule"] for _, a in page.tags if a.get("class", "").startswith("finding") and "hidden" not in a
    )
    assert rule not in left
    assert left
    gone = [a for _, a in page.tags if a.get("class", "").startswith("finding") and "hidden" in a]
    assert {a["data-severity"] for a in gone} >= {"info", "error"}
    path.write_text(text.replace("<script>const box", "<script>none.click(); const box"), encoding="utf-8")
    page = Page(dom(path, tmp_path / "profile").rstrip())
    shown = [a for _, a in page.tags if a.get("class", "").startswith("finding") and "hidden" not in a]
    assert shown == []
    certain = Counter(
        d.rule.name
        for d in outcome.diagnostics
        if d.severity != "info" and d.rule.name != rule and word in d.message.lower()
    )
    assert certain <= left


@pytest.mark.parametrize("form", [form.name for form in FORMATS.values() if form.syntax in ("xml", "html")])
def test_a_report_on_standard_output_is_in_the_encoding_that_it_names(
    form: str, algolint: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text('{"AlgorithmName": "caf\u00e9 \u2603", "Tags": []}', encoding="utf-8")
    done = algolint("--format", form, "a.json", env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert "caf\u00e9 \u2603" in done.stdout
