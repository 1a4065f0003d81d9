"""The server reports the same as the command line for saved files, in every form of a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Run
from language_client import LanguageClient
from renderings import literal, notebook, program, template, terraform
from test_server import reported, row
from test_server_jobs import ALGORITHM, JOB, SEARCH

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


#: The name of the file, its language in editors, and the function that writes it.
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


ESTIMATOR = """\
from sagemaker.algorithm import AlgorithmEstimator

estimator = AlgorithmEstimator(
    algorithm_arn="arn:aws:sagemaker:us-west-2:246618743249:algorithm/forecaster",
    role="arn:aws:iam::246618743249:role/A",
    instance_count=1,
    instance_type="ml.m5.xlarge",
)
estimator.set_hyperparameters(epochs=30)
estimator.fit({"train": "s3://amzn-example-bucket/a"})
"""


def job_call(operation: str) -> Callable[[Spec], str]:
    return lambda job: f'import boto3\n\nboto3.client("sagemaker").{operation}(**{literal(job)})\n'


def cell(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": text}], "nbformat": 4})


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        (JOB, "create_training_job"),
        (SEARCH.replace('"9"', '"90"').replace("ml.m5.xlarge", "ml.m5.xlarg"), "create_hyper_parameter_tuning_job"),
    ],
    ids=["training", "tuning"],
)  # fmt: skip
def test_every_form_of_a_job_gets_what_the_command_line_reports(
    text: str, operation: str, tmp_path: Path, algolint: Run
) -> None:
    job = yaml.safe_load(text)
    call = job_call(operation)
    texts = {
        "forecaster.yaml": ALGORITHM,
        "job.json": json.dumps(job, indent=2),
        "job.yaml": yaml.safe_dump(job),
        "job.py": call(job),
        "job.ipynb": cell(call(job)),
        "estimator.py": ESTIMATOR,
    }
    for name, written in texts.items():
        (tmp_path / name).write_text(written)
    expected = reported(algolint, tmp_path, files=[tmp_path / name for name in texts])
    with LanguageClient(tmp_path) as client:
        for name, written in texts.items():
            found = client.diagnostics(client.open(name, written))
            assert [row(diagnostic)[:4] for diagnostic in found] == [
                one[:4] for one in expected[str(tmp_path / name)]
            ], name
            assert found or name == "forecaster.yaml", name
        client.end()
