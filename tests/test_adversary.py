"""Ways to violate the guarantees of SECURITY.md and docs/trust.md that were found: the smallest input of
each.

A row has a file, its options, the exit code, and texts that the report must contain or, after `!`, must not
contain. `HELD_ELSEWHERE` names the tests of cases that need more than a file.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run

SPEC = {
    "AlgorithmName": "weather",
    "AlgorithmDescription": "Forecasts.",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.eu-north-1.amazonaws.com/weather:1.4",
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "TrainingChannels": [
            {
                "Name": "train",
                "Description": "Rows.",
                "SupportedContentTypes": ["text/csv"],
                "SupportedInputModes": ["File"],
            }
        ],
    },
}
YAML = """\
AlgorithmName: weather
AlgorithmDescription: Forecasts.
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.eu-north-1.amazonaws.com/weather:1.4
  SupportedTrainingInstanceTypes: [ml.m5.xlarge]
  TrainingChannels:
    - {Name: train, Description: Rows., SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
"""
METRIC = "  MetricDefinitions:\n    - Name: loss\n      Regex: "
TEMPLATE = "Resources:\n  A:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n"
RESOURCE = 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "a_b"\n'
BODY = {"algorithm_name": "a_b"}
CALL = 'boto3.client("sagemaker").create_algorithm(AlgorithmName="a b")\n'
# Built here, so that no scanner reports this file as a leak.
GITHUB = "ghp_" + "R2" * 18


def environment(name: str, value: str) -> str:
    """A request with a variable."""
    container = {
        "Image": "246618743249.dkr.ecr.eu-north-1.amazonaws.com/serving:1",
        "Environment": {name: value},
    }
    return json.dumps({**SPEC, "InferenceSpecification": {"Containers": [container]}}, indent=1)


REFUSED = "refused-by-aws-cli"
ROWS: list[tuple[str, str, str, int, str]] = [
    # YAML is read as AWS CLI v2 reads it.
    ("Y1 a tab at the end of a line", "a.yaml", YAML.replace("weather\n", "weather\t\n", 1), 1, REFUSED),
    ("Y1 a tab at the end of a key", "a.yaml", YAML.replace("on:\n", "on:\t\n", 1), 1, REFUSED),
    ("Y1 a tab before a comment", "a.yaml", YAML.replace("weather\n", "weather\t# c\n", 1), 1, REFUSED),
    ("Y1 a tab after a colon", "a.yaml", YAML.replace(": weather\n", ":\tweather\n", 1), 1, REFUSED),
    ("Y1 a line of a tab", "a.yaml", YAML + " \t\n", 1, "invalid-syntax"),
    ("Y2 a quoted key without a space", "a.yaml", YAML.replace("[File]", '["File":1]'), 1, REFUSED),
    ("Y2 a longer blank line first", "a.yaml", YAML + "Tags: []\nx: >\n \n  \n # x\n", 1, REFUSED),
    ("Y3 a dot in an anchor", "a.yaml", YAML.replace(": weather", ": &a.b weather"), 0, "no problems"),
    ("Y3 an emoji as an anchor", "a.yaml", YAML.replace(": weather", ": &\U0001f601 weather"), 0, "no problems"),
    ("Y4 a tab in a block", "a.yaml", YAML + METRIC + "|-\n        \tloss=([0-9.]+)\n", 0, "no problems"),
    ("Y5 a colon in a list", "a.yaml", YAML.replace("[File]", "[File, ::1]"), 1, "unknown-value !invalid-syntax"),
    ("Y5 a directive", "a.yaml", "%FOO\n---\n" + YAML, 0, "no problems"),
    ("Y5 no start after an end", "a.yaml", YAML + "...\n" + YAML, 0, "no problems"),
    ("Y7 an octal number of YAML 1.2", "a.yaml", f"{TEMPLATE}      AlgorithmName: 0o17\n", 1, "!'15'"),
    ("Y7 a switch of YAML 1.1", "a.yaml", f"{TEMPLATE}      AlgorithmDescription: no\n", 1, "'no' becomes 'false'"),
    ("J1 a byte order mark in JSON", "a.json", "\ufeff" + json.dumps(SPEC), 1, REFUSED),
    ("J1 a byte order mark in YAML", "a.yaml", "\ufeff" + YAML, 0, "no problems"),
    ("TM1 a mark and line ends of CR", "a.yaml",
     (YAML.replace(": weather", ": '{{ x }}'") + METRIC + "loss=\n").replace("\n", "\r"), 0, "metric-regex-no-group"),
    # Terraform.
    ("TF1 a list at the level of resources", "a.tf.json",
     json.dumps({"resource": [{"aws_sagemaker_algorithm": {"a": BODY}}]}), 1, "pattern-mismatch"),
    ("TF1 a list at the level of types", "a.tf.json",
     json.dumps({"resource": {"aws_sagemaker_algorithm": [{"a": BODY}]}}), 1, "pattern-mismatch"),
    ("TF1 a list at both and around the body", "a.tf.json",
     json.dumps({"resource": [{"aws_sagemaker_algorithm": [{"a": [BODY]}]}]}), 1, "pattern-mismatch"),
    ("TF1 a list around the file", "a.tf.json",
     json.dumps([{"resource": {"aws_sagemaker_algorithm": {"a": BODY}}}]), 1, "pattern-mismatch"),
    ("TF1 a list in a list, which Terraform refuses", "a.tf.json",
     json.dumps({"resource": [[{"aws_sagemaker_algorithm": {"a": BODY}}]]}), 0, "not-an-algorithm"),
    ("TF1 a body twice, which Terraform refuses", "a.tf.json",
     json.dumps({"resource": {"aws_sagemaker_algorithm": {"a": [BODY, BODY]}}}), 1, "wrong-type"),
    ("TF1 no body", "a.tf.json",
     json.dumps({"resource": {"aws_sagemaker_algorithm": {"a": None, "b": [], "c": BODY}}}), 1,
     "pattern-mismatch !wrong-type"),
    ("TF2 two arguments on a line", "a.tf", f'{RESOURCE}  a = "b" c = "d"\n}}\n', 1, "invalid-syntax"),
    ("TF2 a brace on the next line", "a.tf", f"{RESOURCE}  a\n  {{\n  }}\n}}\n", 1, "invalid-syntax"),
    ("TF2 a value on the next line", "a.tf", f'{RESOURCE}  a =\n  "b"\n}}\n', 1, "invalid-syntax"),
    ("TF2 a line break in quotes", "a.tf", f'{RESOURCE}  a = "b\nc"\n}}\n', 1, "invalid-syntax"),
    ("TF2 a block on one line that goes on", "a.tf", f"{RESOURCE}  a {{ b = 1\n c = 2 }}\n}}\n", 1, "invalid-syntax"),
    ("TF2 a block in one on one line", "a.tf", f"{RESOURCE}  a {{ b {{}} }}\n}}\n", 1, "invalid-syntax"),
    ("TF2 a brace too many", "a.tf", RESOURCE + "}\n}\n", 1, "invalid-syntax pattern-mismatch"),
    ("TF2 no comma in an object", "a.tf", f'{RESOURCE}  x = {{ a = "b" c = "d" }}\n}}\n', 1, "invalid-syntax"),
    # Python.
    ("P2 many values of valid text", "a.py",
     "import boto3\nx = []\nfor i in range(99999):\n    x.append([x])\n" + CALL, 1, "pattern-mismatch !larger values"),
    # Secrets.
    ("S1 beside an error of the syntax", "a.yaml", f'{YAML}Environment: {{DB_PASSWORD: "{GITHUB}", X: y\n', 1,
     f"invalid-syntax !{GITHUB}"),
    ("S1 beside a missing comma", "a.json", f'{{"AlgorithmName": "a" "X": "{GITHUB}"}}', 1, f"invalid-syntax !{GITHUB}"),
    ("S2 below a misspelt key", "a.json", environment("A", GITHUB).replace("Environment", "Enviroment"), 1,
     f"unknown-field !{GITHUB}"),
    ("S4 in an image", "a.json", json.dumps(SPEC).replace(":1.4", f":{GITHUB}@sha256:1"), 1, f"image- !{GITHUB}"),
    ("S6 in a suppression", "a.yaml", f"# algolint: ignore[{GITHUB}]\n{YAML}Tags: 1\n", 1, f"error !{GITHUB}"),
    *(
        (f"S5 {secret[:3]}", "a.json", environment("DB_PASSWORD", secret), 1, f"secret !{secret}")
        for secret in ("Tr0ub4dor&3", "x9$kQ!2m", "P@ssw0rd!", "MyS3cretP4ss", "AbCdEfGh12", "0123456789abcdef",
                       "sk-proj-" + "Ab1" * 12, "dckr_pat_" + "Ab1" * 9)
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "code", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_the_smallest_input(
    algolint: Run, tmp_path: Path, name: str, text: str, code: int, expected: str
) -> None:
    (tmp_path / name).write_bytes(text.encode())
    if expected == REFUSED and name == "a.yaml" and not yaml.__with_libyaml__:
        # PyYAML's own parser rejects it as well.
        expected = "invalid-syntax"
    done = algolint("--isolated", "--format", "full", name)
    assert done.stderr == ""
    assert done.returncode == code, done.stdout
    has, *lacks = expected.split(" !") if not expected.startswith("!") else ("", expected[1:])
    words = [has] if has.startswith("'") or has == "no problems" else has.split()
    assert [word for word in words if word not in done.stdout] == [], done.stdout
    assert [word for word in lacks if word in done.stdout] == [], done.stdout


def test_p1_an_f_string_on_the_line_of_an_error(algolint: Run, tmp_path: Path) -> None:
    """A Python that cannot parse the file reports that a newer one may."""
    (tmp_path / "a.py").write_text(f'import boto3\nx = f"{{a" + (\n{CALL}')
    done = algolint("--isolated", "a.py")
    said = (1, "invalid-syntax", done.stdout) if sys.version_info >= (3, 12) else (2, "3.12", done.stderr)
    assert done.returncode == said[0]
    assert said[1] in said[2]


def test_x6_the_difference_of_a_text_that_cannot_be_read(algolint: Run, tmp_path: Path) -> None:
    """The exit code shows whether there is a difference, and the problem is counted."""
    (tmp_path / "a.yaml").write_text("AlgorithmName: [\n")
    done = algolint("--isolated", "--diff", "a.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 is left" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_w1_a_fixed_text_is_the_bytes_of_the_file(tmp_path: Path, encoding: str, mark: str) -> None:
    fixed = f"{mark}# caf\u00e9 \u2603\n{YAML}"
    command = [sys.executable, "-m", "algolint", "--isolated", "--fix", "-", "--stdin-filename", "a.yaml"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        input=fixed.replace("[File]", "[FILE]").encode(),
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert done.stdout == fixed.encode(), done.stderr


#: Cases that need more than one file, and their tests.
HELD_ELSEWHERE: dict[str, Any] = {
    "T time and memory": ["test_hostile.test_a_hostile_file", "test_growth.test_twice_as_many_take_twice_the_steps",
                          "test_hostile.test_no_fix_takes_for_ever"],
    "T5, X1, X2 rules and directives of others": ["test_config.test_a_rule_that_yields_what_is_no_problem_is_an_error",
                                                  "test_config.test_a_rule_that_is_declared_wrongly_is_an_error"],
    "T19 a foreign .gitignore": ["test_security.test_a_line_that_is_no_pattern_is_passed_over",
                                 "test_limits.test_lines_of_gitignore_that_are_not_valid_are_each_looked_at_once",
                                 "test_gitignore.test_thousands_of_literals_are_not_each_looked_for_in_a_path",
                                 "test_gitignore.test_patterns_that_apply_to_every_path_end_with_the_work_for_them"],
    "T20 many fixes": ["test_hostile.test_no_fix_takes_for_ever",
                       "test_edits.test_fixes_that_do_not_overlap_are_proved_together",
                       "test_limits.test_fixes_beyond_the_work_of_a_file_are_counted"],
    "X4 names of rules": ["test_config.test_a_rule_that_replaces_one_that_does_not_exist_is_an_error"],
    "X3, X5, X8 exit codes": ["test_cli.test_what_nobody_foresaw_is_exit_code_2",
                              "test_cli.test_a_current_folder_that_is_gone",
                              "test_cli.test_a_mistake_with_one_file_is_its_own",
                              "test_hostile.test_a_file_that_changes_meanwhile"],
    "X7 -OO": ["test_cli.test_without_docstrings_a_page_is_an_error"],
    "Y6 however PyYAML was built": ["test_read_yaml.test_without_libyaml_the_values_are_the_same"],
    "W2, W3 reports and baselines": ["test_interruption.test_a_full_disk_under_a_report",
                                     "test_cli.test_no_spec_is_overwritten"],
    "W4 encodings of reports": ["test_reports.test_a_report_on_standard_output_is_in_the_encoding_that_it_names"],
    "W6, W7 what a killed process leaves": ["test_atomic.test_what_a_killed_process_left_is_removed",
                                            "test_atomic.test_a_change_in_the_last_moment_is_not_lost"],
    "S7 fingerprints": ["test_redaction.test_the_baseline_hashes_no_secret"],
    "P1 syntax of a later Python": ["test_read_python.test_a_file_for_a_newer_python_is_not_skipped_silently"],
}  # fmt: skip


@pytest.mark.parametrize("kind", HELD_ELSEWHERE)
def test_each_other_kind_has_its_test(kind: str) -> None:
    for held in HELD_ELSEWHERE[kind]:
        module, test = held.split(".")
        tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, held
