"""TypeScript and JavaScript: literals that are sent or evidently are a request, with their locations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run

from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source, SourceSyntaxError
from algolint.syntaxes import read
from algolint.values import UNKNOWN, OpenDict, OpenList, PartialText

pytest.importorskip("tree_sitter_typescript", reason="tree-sitter-typescript is not installed")

FAULTY = '{AlgorithmName: "a b", TrainingSpecification: {SupportedTrainingInstanceTypes: ["ml.m5.3xlarge"]}}'
INSTANCE = ("TrainingSpecification", "SupportedTrainingInstanceTypes", 0)
# Ways to write the same request; {} is the literal.
FORMS = {
    "a command of SDK v3": "await client.send(new CreateAlgorithmCommand({}));",
    "a command of a package": "client.send(new sm.CreateAlgorithmCommand({}))",
    "a call of SDK v2": "sagemaker.createAlgorithm({}, (err, data) => {{ console.log(err) }});",
    "a constant": "const request = {};\nawait client.send(new CreateAlgorithmCommand(request));",
    "a constant of a constant": "const a = {};\nconst b = a;\nclient.send(new CreateAlgorithmCommand(b))",
    "a typed constant": "const request: CreateAlgorithmCommandInput = {};",
    "a constant that is plainly a request": "export const spec = {};",
    "as const": "const request = ({} as const) satisfies object;\nnew CreateAlgorithmCommand(request)",
    "a function": "async function register() {{\n  return client.send(new CreateAlgorithmCommand({}));\n}}",
    "a class": "class A {{ go() {{ return this.c.send(new CreateAlgorithmCommand({})); }} }}",
    "an arrow": "export const handler = async () => client.send(new CreateAlgorithmCommand({}));",
    "what a function returns": "function build() {{\n  return {};\n}}\nclient.send(new CreateAlgorithmCommand(build()))",
    "what an arrow returns": "export const build = () => ({});",
    "an argument": "register({});",
    "a member": "export default {{ weather: {} }};",
    "a field of a class": "class A {{ spec = {}; go() {{ c.send(new CreateAlgorithmCommand(this.spec)); }} }}",
    "a property of a constant": "const all = {{ spec: {} }};\nclient.send(new CreateAlgorithmCommand(all.spec));",
    "a spread of a constant": "const base = {};\nnew CreateAlgorithmCommand({{...base, Tags: []}})",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["a.ts", "a.js", "a.tsx", "a.mjs"])
def test_every_way_to_send_a_request_is_seen(form: str, name: str) -> None:
    text = FORMS[form].format(FAULTY) if "as const" not in form else FORMS[form].replace("{}", FAULTY)
    if name in ("a.js", "a.mjs") and ("typed" in form or form == "as const"):
        return
    found = Session(SettingsFinder({}, isolated=True)).lint(name, True, Source(name, text)).diagnostics
    rules = {diagnostic.rule.name for diagnostic in found}
    assert {"pattern-mismatch", "unknown-instance-type"} <= rules
    located = next(d for d in found if d.rule.name == "unknown-instance-type").location
    assert text[slice(*located.span)] == '"ml.m5.3xlarge"'


@pytest.mark.parametrize(
    "text",
    [
        "const s = {} satisfies CreateAlgorithmCommandInput;",
        "send({} as CreateAlgorithmRequest);",
        "const s: CreateAlgorithmInput = {};",
    ],
)
def test_what_is_declared_a_request_lacks_what_it_lacks(text: str) -> None:
    found = Session(SettingsFinder({}, isolated=True)).lint("a.ts", True, Source("a.ts", text)).diagnostics
    assert "missing-field" in {d.rule.name for d in found}


@pytest.mark.parametrize(
    "text",
    [
        # More fields may be added where it is sent.
        f"send({FAULTY.replace('SupportedTrainingInstanceTypes', 'TrainingImage')});",
        # What DescribeAlgorithm returns.
        f"mock({FAULTY.replace('{', '{AlgorithmArn: arn, CreationTime: now, ', 1)});",
    ],
)
def test_nothing_is_missing_in_a_literal_that_is_not_sent(text: str) -> None:
    found = Session(SettingsFinder({}, isolated=True)).lint("a.ts", True, Source("a.ts", text)).diagnostics
    assert found
    assert {d.rule.name for d in found} <= {"pattern-mismatch", "wrong-type", "unknown-instance-type"}


@pytest.mark.parametrize(
    "text",
    [
        # How the SDK itself writes a request.
        "take(input, {AlgorithmName: [], Tags: _json, TrainingSpecification: (_) => se(_), CertifyForMarketplace: []})",
        "take(output, {AlgorithmArn: text, AlgorithmName: text, CreationTime: time, TrainingSpecification: _json})",
        "const fields = {AlgorithmName: 'string', TrainingSpecification: {type: 'structure', members: {}}};",
        "const s = {AlgorithmName: name, TrainingSpecification: training};",
        "expect(sent).toEqual({AlgorithmName: 'a b', TrainingSpecification: expect.anything()});",
    ],
)
def test_what_only_has_the_names_of_a_request_is_none(text: str) -> None:
    assert read(Source("a.ts", text)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("class A { n = 'a'; go() { return new CreateAlgorithmCommand({AlgorithmName: this.n}); } }", "a"),
        ("class A { n = 'a'; go() { this.n = f(); return new CreateAlgorithmCommand({AlgorithmName: this.n}); } }", None),
        ("class A { n = 'a'; } class B { n = 'b'; go() { new CreateAlgorithmCommand({AlgorithmName: this.n}); } }", None),
        ("const c = {n: 'a'}; new CreateAlgorithmCommand({AlgorithmName: c.n})", "a"),
        ("const c = {n: 'a'}; c.n = 'b'; new CreateAlgorithmCommand({AlgorithmName: c.n})", None),
        ("const c = {n: 'a', ...more}; new CreateAlgorithmCommand({AlgorithmName: c.n})", None),
        ("const c = {n: c.n}; new CreateAlgorithmCommand({AlgorithmName: c.n})", None),
    ],
)  # fmt: skip
def test_fields_and_properties(text: str, name: str | None) -> None:
    (document,) = read(Source("a.ts", text))
    found = document.spec["AlgorithmName"]
    assert found is UNKNOWN if name is None else found == name


@pytest.mark.parametrize(
    ("clients", "region"),
    [
        ("new SageMakerClient({region: 'us-east-1'})", "us-east-1"),
        ("const r = 'us-east-1'; new AWS.SageMaker({region: r})", "us-east-1"),
        ("new SageMakerClient({region: r})", None),
        ("new SageMakerClient({}); new SageMakerClient({region: 'us-east-1'})", None),
        ("new S3Client({region: 'us-east-1'})", None),
    ],
)
def test_the_region_of_the_clients(clients: str, region: str | None) -> None:
    (document,) = read(Source("a.ts", f"{clients};\nnew CreateAlgorithmCommand({{AlgorithmName: 'a'}})"))
    assert document.region == region


def spec_of(text: str, name: str = "a.ts") -> Any:
    (document,) = read(Source(name, f"new CreateAlgorithmCommand({text})"))
    return document.spec


VALUES = [
    ("{A: 'x', \"B\": `y`, 'c-d': 1}", {"A": "x", "B": "y", "c-d": 1}),
    ("{A: -1, B: 1.5, C: 1_000, D: 3600.0}", {"A": -1, "B": 1.5, "C": 1000, "D": 3600}),
    ("{A: true, B: null, C: undefined}", {"A": True, "B": None}),
    (r"{A: 'a\n\x41\u0042\u{43}\'', B: `\``}", {"A": "a\nABC'", "B": "`"}),
    ("{A: [1, [2]], /* no */ B: {}, // yes\n}", {"A": [1, [2]], "B": {}}),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_literals_have_their_values(text: str, value: Any) -> None:
    assert spec_of(text) == value


def test_what_a_program_works_out_is_unknown() -> None:
    spec = spec_of("{A: f(), B: x, C: `${x}`, D: Mode.FILE, E: a ? 1 : 2}")
    assert all(value is UNKNOWN for value in spec.values())
    text = spec_of("{A: `a${x}b\\n${y}`}")["A"]
    assert isinstance(text, PartialText)
    assert text.pieces == ("a", "b\n", "")
    spec = spec_of("{A: 1, ...rest, [key]: 2, m() {}, B: [1, ...more]}")
    assert isinstance(spec, OpenDict)
    # The spread may replace what is before it.
    assert spec["A"] is UNKNOWN
    assert isinstance(spec["B"], OpenList)


@pytest.mark.parametrize(
    "text", ["let x = {A: 1};", "const x = f();", "", "const x = {A: 1}; function g() { const x = 2; }"]
)
def test_a_name_that_is_no_constant_is_unknown(text: str) -> None:
    (document,) = read(Source("a.ts", f"{text}\nnew CreateAlgorithmCommand(x)"))
    assert document.spec is UNKNOWN or repr(document.spec) == repr(UNKNOWN)


def test_constants_in_templates_are_put_together() -> None:
    (document,) = read(Source("a.ts", "const r = 'eu-west-1';\nnew CreateAlgorithmCommand({A: `x.${r}.y`})"))
    assert document.spec == {"A": "x.eu-west-1.y"}


CDK = """\
import { CfnAlgorithm } from "aws-cdk-lib/aws-sagemaker";
new CfnAlgorithm(this, "Algorithm", {
  algorithmName: "a b",
  trainingSpecification: {
    trainingImage: image,
    supportedTrainingInstanceTypes: ["ml.m5.3xlarge"],
    trainingChannels: [{ name: "train", supportedContentTypes: ["text/csv"], supportedInputModes: ["Fille"] }],
  },
  inferenceSpecification: {
    supportedResponseMimeTypes: ["text/csv"],
    containers: [{ image: image, environment: { workers: "4" } }],
  },
});
"""


@pytest.mark.parametrize("text", [CDK, CDK.replace("CfnAlgorithm(this, ", "aws.sagemaker.Algorithm(")])
def test_cdk_and_pulumi_write_camel_case(text: str) -> None:
    (document,) = read(Source("stack.ts", text))
    spec = document.spec
    assert spec["AlgorithmName"] == "a b"
    assert spec["InferenceSpecification"]["SupportedResponseMIMETypes"] == ["text/csv"]
    assert spec["InferenceSpecification"]["Containers"][0]["Environment"] == {"workers": "4"}
    found = (
        Session(SettingsFinder({}, isolated=True))
        .lint("stack.ts", True, Source("stack.ts", text))
        .diagnostics
    )
    lines = {(d.rule.name, d.location.line) for d in found}
    assert {("pattern-mismatch", 3), ("unknown-instance-type", 6), ("unknown-value", 7)} <= lines


def test_other_programs_are_silent(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import x from "y";\nexport const createAlgorithm = () => sort([3, 1]);\n')
    (tmp_path / "b.ts").write_text("const broken = {;\n")
    (tmp_path / "c.ts").write_text("graph.run({ name: 1 });\n")
    done = algolint(".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "no algorithm specs found\n")


def test_a_folder_and_suppressions(algolint: Run, tmp_path: Path) -> None:
    text = (
        FORMS["a constant"].format(FAULTY).replace("const", "// algolint: ignore[pattern-mismatch]\nconst", 1)
    )
    (tmp_path / "a.ts").write_text(text)
    done = algolint("--format", "concise", ".", cwd=tmp_path)
    assert "unknown-instance-type" in done.stdout
    assert "pattern-mismatch" not in done.stdout


@pytest.mark.parametrize(
    "path", sorted((ROOT / "fixtures" / "clean").glob("*.json")), ids=lambda path: path.stem
)
def test_a_clean_request_is_clean_and_the_same(path: Path) -> None:
    spec = json.loads(path.read_text(encoding="utf-8"))
    text = f"new CreateAlgorithmCommand({json.dumps(spec, indent=2)});"
    (document,) = read(Source("a.ts", text))
    assert document.spec == spec
    assert (
        Session(SettingsFinder({}, isolated=True)).lint("a.ts", True, Source("a.ts", text)).diagnostics == []
    )


def test_hostile_depth_is_an_error() -> None:
    with pytest.raises(SourceSyntaxError):
        read(Source("a.ts", "new CreateAlgorithmCommand({A: " + "[" * 5000 + "]" * 5000 + "})"))


def rules_of(text: str) -> set[str]:
    result = Session(SettingsFinder({}, isolated=True)).lint("a.ts", True, Source("a.ts", text))
    return {diagnostic.rule.name for diagnostic in result.diagnostics}


def test_a_call_takes_nothing_that_only_responses_have() -> None:
    response = (
        "{AlgorithmName: 'a', AlgorithmArn: 'arn:aws:sagemaker:us-east-1:246618743249:algorithm/a',"
        " AlgorithmStatus: 'Completed', CreationTime: 1, AlgorithmStatusDetails: {},"
        " TrainingSpecification: x}"
    )
    sent = rules_of(f"client.send(new CreateAlgorithmCommand({response}))")
    kept = rules_of(f"const saved: DescribeAlgorithmResponse = {response}")
    assert "describe-output-pasted" in sent
    assert "describe-output-pasted" not in kept
