"""The server reports what the command line reports of the saved files, in every form that a request is written in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run
from language_client import LanguageClient
from renderings import notebook, program, template, terraform
from test_server import reported, row

SPECS = [
    *(ROOT / "fixtures/same").glob("*/spec.yaml"),
    *(ROOT / "fixtures/faulty" / f"{name}.yaml" for name in ("channels", "hyperparameters", "instances")),
]
Spec = dict[str, Any]


def shell(spec: Spec) -> str:
    text = json.dumps(spec, indent=2).replace("'", "'\\''")
    return f"aws sagemaker create-algorithm --cli-input-json '{text}'\n"


def typescript(spec: Spec) -> str:
    return f"await client.send(new CreateAlgorithmCommand({json.dumps(spec, indent=2)}));\n"


def construct(spec: Spec) -> str:
    """A construct of the AWS CDK. Its properties begin in lower case."""

    def lowered(value: Any) -> Any:
        if isinstance(value, dict):
            return {f"{key[0].lower()}{key[1:]}": lowered(item) for key, item in value.items()}
        return [lowered(item) for item in value] if isinstance(value, list) else value

    return f'new sagemaker.CfnAlgorithm(this, "A", {json.dumps(lowered(spec), indent=2)});\n'


#: The name of the file, the language that editors give it, and how it is written.
FORMS: dict[str, tuple[str, Callable[[Spec], str]]] = {
    "spec.json": ("json", lambda spec: json.dumps(spec, indent=2)),
    "minified.json": ("json", json.dumps),
    "spec.yaml": ("yaml", lambda spec: yaml.safe_dump(spec, sort_keys=False)),
    "flow.yaml": ("yaml", lambda spec: yaml.safe_dump(spec, default_flow_style=True)),
    "template.json.j2.json": ("json", lambda spec: json.dumps(spec, indent=1).replace('"IsRequired": true', '"IsRequired": {{ x }}')),
    "template.cfn.yaml": ("yaml", lambda spec: yaml.safe_dump(template(spec), sort_keys=False)),
    "template.cfn.json": ("json", lambda spec: json.dumps(template(spec), indent=2)),
    "call.py": ("python", program),
    "call.ipynb": ("json", notebook),
    "main.tf": ("terraform", terraform),
    "main.tofu": ("opentofu", lambda spec: terraform(spec, "awscc_sagemaker_algorithm")),
    "call.ts": ("typescript", typescript),
    "call.mjs": ("javascript", typescript),
    "stack.ts": ("typescript", construct),
    "call.sh": ("shellscript", shell),
}  # fmt: skip


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_form_gets_what_the_command_line_reports(path: Path, tmp_path: Path, algolint: Run) -> None:
    spec = next(iter(yaml.safe_load_all(path.read_text())))
    texts = {name: write(spec) for name, (_, write) in FORMS.items()}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    expected = reported(algolint, tmp_path, files=[tmp_path / name for name in texts])
    with LanguageClient(tmp_path) as client:
        for name, text in texts.items():
            found = client.diagnostics(client.open(name, text, FORMS[name][0]))
            assert [row(diagnostic) for diagnostic in found] == expected[str(tmp_path / name)], name
            # Every form is read.
            assert found, name
        client.end()
