"""The command in a real process: its output, its streams, and the exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, sampled

from algolint.config.settings import FORMATS

SIX = {
    "AlgorithmName": "gradient-boost",
    "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0",
        "SupportedHyperParameters": [
            {"Name": "depth", "Type": "Integer", "IsRequired": True, "DefaultValue": "5"}
        ],
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "TrainingChannels": [
            {"Name": "train", "SupportedContentTypes": ["image/jpeg"], "SupportedInputModes": ["File"]}
        ],
    },
    "InferenceSpecification": {
        "Containers": [
            {
                "Image": "246618743249.dkr.ecr.us-west-2.amazonaws.com/boost:1.0",
                "Environment": {f"SETTING_{i}": "x" for i in range(17)},
            }
        ],
        "SupportedTransformInstanceTypes": ["ml.m5.xlarge"],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    },
    "ValidationSpecification": {
        "ValidationRole": "arn:aws:iam::246618743249:role/validation",
        "ValidationProfiles": [
            {
                "ProfileName": "smoke_test",
                "TrainingJobDefinition": {
                    "TrainingInputMode": "File",
                    "HyperParameters": {"depth": "5"},
                    "InputDataConfig": [
                        {
                            "ChannelName": "train",
                            "DataSource": {
                                "S3DataSource": {
                                    "S3DataType": "AugmentedManifestFile",
                                    "S3Uri": "s3://amzn-example-bucket/train.manifest",
                                    "AttributeNames": ["source-ref", "label"],
                                }
                            },
                        }
                    ],
                    "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/out/"},
                    "ResourceConfig": {
                        "InstanceType": "ml.c5.xlarge",
                        "InstanceCount": 1,
                        "VolumeSizeInGB": 10,
                    },
                    "StoppingCondition": {"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 3600},
                },
                "TransformJobDefinition": {
                    "TransformInput": {
                        "DataSource": {
                            "S3DataSource": {
                                "S3DataType": "AugmentedManifestFile",
                                "S3Uri": "s3://amzn-example-bucket/in.manifest",
                            }
                        },
                        "ContentType": "text/csv",
                    },
                    "TransformOutput": {
                        "S3OutputPath": "s3://amzn-example-bucket/predictions/",
                        "Accept": "text/csv",
                    },
                    "TransformResources": {"InstanceType": "ml.c5.xlarge", "InstanceCount": 1},
                },
            }
        ],
    },
}
JOB = "/ValidationSpecification/ValidationProfiles/0/TrainingJobDefinition"
TRANSFORM = "/ValidationSpecification/ValidationProfiles/0/TransformJobDefinition"
OWNERS_SIX = {
    ("hp-default-and-required", "/TrainingSpecification/SupportedHyperParameters/0/DefaultValue", '"5"'),
    ("profile-name-pattern", "/ValidationSpecification/ValidationProfiles/0/ProfileName", '"smoke_test"'),
    ("max-wait-below-runtime", f"{JOB}/StoppingCondition/MaxWaitTimeInSeconds", "3600"),
    ("profile-training-instance-unsupported", f"{JOB}/ResourceConfig/InstanceType", '"ml.c5.xlarge"'),
    ("transform-instance-unsupported", f"{TRANSFORM}/TransformResources/InstanceType", '"ml.c5.xlarge"'),
    (
        "augmented-manifest-not-pipe",
        f"{JOB}/InputDataConfig/0/DataSource/S3DataSource/S3DataType",
        '"AugmentedManifestFile"',
    ),
    (
        "transform-data-type-incompatible",
        f"{TRANSFORM}/TransformInput/DataSource/S3DataSource/S3DataType",
        '"AugmentedManifestFile"',
    ),
    ("env-too-many-entries", "/InferenceSpecification/Containers/0/Environment", '"Environment"'),
}


def as_yaml(value: Any, indent: str = "") -> str:
    """A request as a person writes it in YAML."""
    lines = []
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, (dict, list)) and item:
                lines.append(f"{indent}{key}:\n{as_yaml(item, indent + '  ')}")
            else:
                lines.append(f"{indent}{key}: {json.dumps(item)}\n")
    else:
        for item in value:
            if isinstance(item, dict):
                body = as_yaml(item, indent + "  ")
                lines.append(f"{indent}- {body[len(indent) + 2 :]}")
            else:
                lines.append(f"{indent}- {json.dumps(item)}\n")
    return "".join(lines)


def text_at(text: str, row: dict[str, Any]) -> str:
    lines = text.split("\n")
    assert row["line"] == row["end_line"]
    start, end = row["column"] - 1, row["end_column"] - 1
    return lines[int(row["line"]) - 1][int(start) : int(end)]


@pytest.mark.parametrize("syntax", ["json", "yaml"])
@pytest.mark.new_process
def test_the_six_rules_of_the_owner_at_the_exact_places(algolint: Run, tmp_path: Path, syntax: str) -> None:
    text = json.dumps(SIX, indent=2) if syntax == "json" else as_yaml(SIX)
    (tmp_path / f"six.{syntax}").write_text(text)
    done = algolint("--format", "json", f"six.{syntax}")
    assert done.returncode == 1
    rows = json.loads(done.stdout)["diagnostics"]
    found = {(row["rule"], row["pointer"], text_at(text, row)) for row in rows if row["severity"] == "error"}
    expected = OWNERS_SIX
    if syntax == "yaml":
        expected = {
            (rule, pointer, source.strip('"') if pointer.endswith("Environment") else source)
            for rule, pointer, source in OWNERS_SIX
        }
    assert found == expected


@pytest.mark.new_process
def test_json_is_the_contract(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "six.json").write_text(json.dumps(SIX, indent=2))
    done = algolint("--format", "json", "six.json", "gone.json")
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert list(report) == [
        "format",
        "version",
        "api_revision",
        "diagnostics",
        "summary",
        "unknown",
        "known_in_part",
        "errors",
    ]
    assert report["format"] == 1
    assert report["api_revision"] == {"botocore": "1.43.105", "date": "2026-09-29"}
    assert report["errors"] == [{"path": "gone.json", "message": "No such file or directory"}]
    assert list(report["summary"]) == [
        "files", "errors", "warnings", "info", "suppressed", "skipped_for_unknown",
    ]  # fmt: skip
    assert report["summary"]["errors"] == 8
    (row,) = [row for row in report["diagnostics"] if row["rule"] == "max-wait-below-runtime"]
    assert list(row) == [
        "rule", "severity", "message", "path", "document", "cell", "line", "column", "end_line", "end_column",
        "pointer", "related", "fix", "url", "count",
    ]  # fmt: skip
    assert (row["path"], row["document"], row["cell"]) == ("six.json", 0, None)
    (related,) = row["related"]
    assert related["pointer"] == f"{JOB}/StoppingCondition/MaxRuntimeInSeconds"
    assert row["fix"]["applicability"] == "unsafe"
    (edit,) = row["fix"]["edits"]
    assert edit == {k: row[k] for k in ("line", "column", "end_line", "end_column")} | {"text": "7200"}


# ---------------------------------------------------------------- what cannot be linted

CLEAN = '{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}'
BOMB = "\n".join(
    ["AlgorithmName: a", "TrainingSpecification: *i", "a0: &a [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{i}: &{chr(97 + i)} [{', '.join(['*' + chr(96 + i)] * 10)}]" for i in range(1, 9)]
)
BAD_INPUT: list[tuple[str, str, bytes, int, str]] = [
    ("empty file", "a.json", b"", 1, "the file is empty"),
    ("empty yaml", "a.yaml", b"# nothing\n", 1, "the file is empty"),
    ("null", "a.json", b"null", 0, "no algorithm spec is recognized here: null"),
    ("numbers", "a.json", b"[1, 2]", 0, "no algorithm spec is recognized here"),
    ("a tag", "a.yaml", b"!spec {Tags: []}", 0, "recognized here: a value that the file does not show"),
    ("another file", "package.json", b'{"name": "x", "version": "1"}', 0, "not-an-algorithm"),
    ("not UTF-8", "a.json", b'{"AlgorithmName": "\xe9"}', 1, "byte 0xe9 is not valid UTF-8"),
    ("UTF-16", "a.json", CLEAN.encode("utf-16"), 1, "the file is encoded as UTF-16; save it as UTF-8"),
    ("truncated", "a.json", b'{"AlgorithmName": "a", "Trai', 1, "invalid-syntax"),
    ("deep json", "a.json", b"[" * 100_000, 1, "nested more than 200 levels deep"),
    ("deep yaml", "a.yaml", b"[" * 100_000, 1, "nested more than 200 levels deep"),
    ("deep closed yaml", "a.yaml", b"[" * 100_000 + b"]" * 100_000, 1, "nested more than 200 levels deep"),
    ("deep block yaml", "a.yaml", b"- " * 100_000 + b"a", 1, "nested more than 200 levels deep"),
    ("alias bomb", "a.yaml", BOMB.encode(), 1, "alias"),
    ("recursive alias", "a.yaml", b"AlgorithmName: &a [*a]", 1, "alias"),
    ("NaN", "a.json", b'{"AlgorithmName": NaN}', 1, "'NaN' is not a JSON number"),
    ("huge integer", "a.json", b'{"AlgorithmName": ' + b"1" * 5000 + b"}", 1, "5,000 digits"),
    ("huge integer in yaml", "a.yaml", b"AlgorithmName: " + b"1" * 5000 + b"\nTags: []\n", 1, ""),
    ("duplicate", "a.json", b'{"AlgorithmName": "a", "AlgorithmName": "b", "Tags": []}', 1, "duplicate key"),
    ("NUL", "a.json", b'{"AlgorithmName": "\0"}', 1, "invalid-syntax"),
    ("NUL in yaml", "a.yaml", b"AlgorithmName: \0", 1, "invalid-syntax"),
]


@pytest.mark.parametrize(
    ("name", "data", "code", "text"),
    [row[1:] for row in BAD_INPUT],
    ids=[row[0] for row in BAD_INPUT],
)
def test_bad_input_gives_a_clear_message(
    algolint: Run, tmp_path: Path, name: str, data: bytes, code: int, text: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = algolint("--format", "concise", name)
    assert done.returncode == code, done.stderr
    assert text in done.stdout
    assert "Traceback" not in done.stderr
    assert all(line.startswith(f"{name}:") for line in done.stdout.splitlines())


def test_a_file_over_the_limit_is_refused_with_the_limit(algolint: Run, tmp_path: Path) -> None:
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    done = algolint("big.yaml")
    assert done.returncode == 2
    assert "52,428,800 bytes" in done.stderr
    assert "8,388,608 (--max-file-size)" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no FIFOs")
@pytest.mark.new_process
def test_a_fifo_is_refused_at_once(algolint: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    done = algolint("pipe.json")
    assert done.returncode == 2
    assert "not a regular file" in done.stderr


def test_the_other_files_are_linted_all_the_same(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(CLEAN)
    (tmp_path / "bad.json").write_text("{")
    done = algolint("bad.json", "gone.json", "good.json", "--format", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["summary"]["files"] == 2


# ---------------------------------------------------------------- exit codes and options


FAULTY = CLEAN.replace('"a"', '"a b"')
ADVICE = '{"TrainingImage": "<image>", "SupportedTrainingInstanceTypes": "${T}", "TrainingChannels": "${C}"}'
SITUATIONS: list[tuple[str, list[str], int]] = [
    ("clean file", ["clean.json"], 0),
    ("errors", ["faulty.json"], 1),
    ("warnings only", ["advice.json"], 0),
    ("warnings with --fail-on", ["--fail-on", "warning", "advice.json"], 1),
    ("errors with --exit-zero", ["--exit-zero", "faulty.json"], 0),
    ("missing file", ["gone.json"], 2),
    ("missing file with --exit-zero", ["--exit-zero", "gone.json"], 2),
    ("missing beats problems", ["faulty.json", "gone.json"], 2),
    ("folder with problems", ["."], 1),
    ("no path means the folder", [], 1),
    ("empty folder", ["empty"], 0),
    ("rule ignored", ["--ignore", "pattern-mismatch", "faulty.json"], 0),
    ("rule ignored by glob", ["--ignore", "pattern-*", "faulty.json"], 0),
    ("other rule selected", ["--select", "missing-field", "faulty.json"], 0),
    ("rule selected", ["--select", "pattern-mismatch", "faulty.json"], 1),
    ("rule added", ["--select", "missing-field", "--extend-select", "pattern-mismatch", "faulty.json"], 1),
    ("rule ignored by extension", ["--extend-ignore", "pattern-mismatch", "faulty.json"], 0),
    ("severity lowered", ["--severity", "pattern-mismatch=warning", "faulty.json"], 0),
    ("severity raised", ["--severity", "placeholder-left-in=error", "advice.json"], 1),
    ("unknown rule", ["--ignore", "pattern-missmatch", "faulty.json"], 2),
    ("unknown option", ["--fromat", "json"], 2),
    ("unknown format", ["--format", "xml", "clean.json"], 2),
    ("bad severity", ["--severity", "pattern-mismatch=fatal", "clean.json"], 2),
    ("bad revision", ["--api-revision", "2.0", "clean.json"], 2),
    ("old revision", ["--api-revision", "2019-01-01", "clean.json"], 0),
    ("bad size", ["--max-file-size", "0", "clean.json"], 2),
    ("small size", ["--max-file-size", "10", "clean.json"], 2),
    ("help", ["--help"], 0),
    ("version", ["--version"], 0),
    ("check by name", ["check", "clean.json"], 0),
    ("explain", ["explain", "max-wait-below-runtime"], 0),
    ("explain an unknown rule", ["explain", "max-wait"], 2),
    ("rules", ["rules"], 0),
    ("revisions", ["revisions"], 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"), [row[1:] for row in SITUATIONS], ids=[row[0] for row in SITUATIONS]
)
def test_exit_codes(algolint: Run, tmp_path: Path, arguments: list[str], code: int) -> None:
    (tmp_path / "clean.json").write_text(CLEAN)
    (tmp_path / "faulty.json").write_text(FAULTY)
    (tmp_path / "advice.json").write_text(ADVICE)
    (tmp_path / "empty").mkdir()
    done = algolint(*arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert (code == 2) == bool(done.stderr) or arguments == ["empty"]


def test_a_misspelt_rule_is_answered_with_the_nearest(algolint: Run) -> None:
    done = algolint("--ignore", "max-wait-below-runtme", ".")
    assert "did you mean 'max-wait-below-runtime'?" in done.stderr


def test_a_folder_passes_other_files_over_in_silence(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "tsconfig.json").write_text('{"compilerOptions": {}, // comments are usual here\n}')
    (tmp_path / "chart.yaml").write_text("apiVersion: v2\nname: {{ .Values.name }}\n")
    package = {"ModelPackageName": "p", "InferenceSpecification": {"Containers": []}, "Tags": []}
    (tmp_path / "package.yaml").write_text(json.dumps(package))
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "algorithm.json").write_text(FAULTY)
    done = algolint(".")
    assert (done.returncode, done.stdout) == (0, "no algorithm specs found\n")


@pytest.mark.new_process
def test_standard_input_in_either_syntax(algolint: Run) -> None:
    assert algolint("-", stdin=FAULTY).stdout.startswith("<stdin>:1:19: error:")
    done = algolint("-", "--stdin-filename", "a.yaml", stdin="AlgorithmName: a b\nTags: []\n")
    assert done.stdout.startswith("a.yaml:1:1: error:") or "a.yaml:1:16: error:" in done.stdout


def test_columns_count_characters(algolint: Run, tmp_path: Path) -> None:
    """CR LF, a byte order mark, tabs and astral characters before the place."""
    spec = '\ufeff{"AlgorithmDescription": "😀é",\r\n\t"Tags": [],\t"AlgorithmName": "😀 x"}'
    (tmp_path / "a.json").write_bytes(spec.encode())
    rows = json.loads(algolint("--format", "json", "--select", "pattern-mismatch", "a.json").stdout)[
        "diagnostics"
    ]
    assert [(row["line"], row["column"], row["end_column"]) for row in rows] == [(2, 31, 36)]


def test_color_only_where_it_is_seen(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    assert "\x1b" not in algolint("a.json").stdout
    assert "\x1b[" in algolint("--color", "always", "a.json").stdout
    assert "\x1b" not in algolint("--color", "never", "a.json").stdout


@pytest.mark.new_process
def test_the_users_text_cannot_rearrange_the_terminal(algolint: Run, tmp_path: Path) -> None:
    spec = {"AlgorithmName": "\x1b[2J\u202e", "TrainingSpecification": "${SPEC}", "\x1b]0;x\x07": 1}
    name = "\x1b[31m.json" if sys.platform != "win32" else "a.json"
    (tmp_path / name).write_text(json.dumps(spec, ensure_ascii=False))
    for form in ("full", "concise"):
        done = algolint("--format", form, name)
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout


def test_a_closed_pipe_is_silent_and_changes_neither_exit_code_nor_files(tmp_path: Path) -> None:
    import subprocess

    (tmp_path / "a.json").write_text(FAULTY)
    names = [f"a{number}.json" for number in range(50)]
    for name in names:
        (tmp_path / name).write_text(FAULTY)
    program = f'"{sys.executable}" -m algolint'
    for command, code in [
        # More than a pipe holds.
        (f"--report json=x.json {'a.json ' * 50} --format json --show-info", 1),
        (f"--exit-zero {' '.join(names)}", 0),
        (" ".join(names), 1),
        ("rules --format json", 0),
    ]:
        done = subprocess.run(
            ["bash", "-c", f"{program} {command} | true; echo ${{PIPESTATUS[0]}}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.stderr) == (f"{code}\n", ""), command
    assert json.loads((tmp_path / "x.json").read_text())["summary"]["errors"] == 1


def test_every_encoding_of_the_terminal_will_do(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"AlgorithmName": "日 本", "Tags": []}, ensure_ascii=False))
    done = algolint("a.json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "\\u65e5 \\u672c" in done.stdout


# ---------------------------------------------------------------- start-up


def imported_by(tmp_path: Path, *arguments: str) -> set[str]:
    """The modules that a run imports, without the start-up hooks of site packages, which import some too."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "algolint").symlink_to(ROOT / "algolint")
    (site / "algolint_rules").symlink_to(ROOT / "rules")
    packages = [str(site), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    code = f"import sys; sys.path += {packages!r}; from algolint.cli.main import run; run(sys.argv[1:]);"
    code += "print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def test_a_clean_json_file_imports_nothing_it_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_bytes())
    heavy = {"yaml", "regex", "jsonschema", "decimal", "typing", "dataclasses", "inspect", "pathlib", "ast"}
    heavy |= {"argparse", "json", "locale", "gettext", "multiprocessing", "pickle", "threading", "bisect"}
    heavy |= {"algolint.suppression", "algolint.cli.parser", "algolint.cli.commands", "algolint.fixes.edits"}
    heavy |= {"importlib.metadata", "shutil", "tomli", "difflib", "unicodedata", "fractions", "subprocess"}
    # Half of the start of the interpreter itself.
    heavy |= {"re", "enum", "collections", "functools", "operator", "types", "warnings", "itertools"}
    # The patterns of the metrics are usual ones.
    heavy |= {f"algolint_rules._regex{name}" for name in ("", "_matching", "_fixes", "_lines")}
    heavy |= {"algolint.regexes.parser", "algolint.regexes.tree"}
    heavy |= {
        "algolint.linting.diagnosis",
        "algolint.diagnostic",
        "algolint.secrets.redaction",
        "algolint.config.loading",
        "algolint.aws.zones",
        "atexit",
    }
    options = ("--format", "concise", "--region=us-west-2", "--isolated")
    assert not imported_by(tmp_path, *options, "a.json") & heavy


def test_a_plain_configuration_is_read_without_tomli(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_bytes())
    (tmp_path / "algolint.toml").write_text(
        'region = "us-west-2"\nignore = [\n  "tag-*",\n]\nper-file-ignores = { "old-*" = ["hyperparameters"] }\n'
        '\n[severity]\n"metric-*" = "info"\n'
    )
    assert not imported_by(tmp_path, "a.json") & {"re", "tomli", "jsonschema", "pathspec", "typing"}


@pytest.mark.parametrize(("others", "is_prepared"), [(7, False), (8, True)])
def test_few_files_are_searched_without_the_search_for_many(
    tmp_path: Path, others: int, is_prepared: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_bytes())
    for number in range(others):
        (folder / f"{number}.json").write_text("{}")
    assert ("algolint.spec.word_search" in imported_by(tmp_path, "folder")) == is_prepared


def test_two_clean_json_files_are_compared_without_what_reads_logs(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes((ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_bytes())
    heavy = {"yaml", "regex", "json", "decimal", "typing", "dataclasses", "pathlib", "ast", "subprocess"}
    heavy |= {"argparse", "re", "algolint.cli.commands", "algolint.cli.parser"}
    heavy |= {"algolint.compare.metrics", "algolint.compare.log", "algolint.compare.log_pattern"}
    heavy |= {"algolint.regexes.parser", "algolint.regexes.tree", "algolint.suppression"}
    assert not imported_by(tmp_path, "diff", "a.json", "b.json") & heavy


def test_a_json_file_with_findings_imports_little(tmp_path: Path) -> None:
    text = (ROOT / "fixtures" / "clean" / "tuned-tabular.json").read_text()
    for word, fault in [
        ('"File"', '"FILE"'),
        ('"Integer"', '"integer"'),
        ('"AlgorithmName": "', '"AlgorithmName": "_'),
    ]:
        text = text.replace(word, fault, 1)
    (tmp_path / "a.json").write_text(text)
    found = imported_by(tmp_path, "--isolated", "a.json")
    assert "algolint.reports.text" in found
    assert not found & {
        "re",
        "json",
        "collections",
        "array",
        "argparse",
        "typing",
        "yaml",
        "algolint.fixes.edits",
    }


# ---------------------------------------------------------------- many files


@pytest.mark.parametrize("jobs", ["1", "2", "5"])
@pytest.mark.new_process
def test_processes_change_nothing(algolint: Run, tmp_path: Path, jobs: str) -> None:
    for number in range(60):
        (tmp_path / f"a{number:02}.json").write_text(FAULTY if number % 3 else CLEAN)
    (tmp_path / "a17.json").write_text("{")
    one = algolint("--format", "json", "--jobs", "1", ".")
    many = algolint("--format", "json", "--jobs", jobs, ".")
    assert (many.stdout, many.stderr, many.returncode) == (one.stdout, one.stderr, one.returncode)


DYING = """
lint, parent = Session.lint, os.getpid()
def dying(self, name, *rest, **more):
    if os.getpid() != parent:
        os._exit(9)
    # The others come to their turn.
    time.sleep(0.01)
    return lint(self, name, *rest, **more)
Session.lint = dying
"""
# Where nothing forks, as on Windows; each process runs the program's beginning again.
SPAWNED = "del os.fork"

# The pool is broken when further files are submitted.
SLOWLY_SUBMITTED = """
from algolint.runs.forked_pool import ForkedPool
submit = ForkedPool.submit
def slowly(self, names):
    pending = submit(self, names)
    time.sleep(0.2)
    return pending
ForkedPool.submit = slowly
"""


def ran_after(folder: Path, before: str) -> subprocess.CompletedProcess[str]:
    """Return a run over 60 faulty files in two processes, after some code."""
    for number in range(60):
        (folder / f"a{number:02}.json").write_text(FAULTY)
    program = folder / "program.txt"
    program.write_text(
        f"import os, sys, time\nsys.path.insert(0, {str(ROOT)!r})\nfrom algolint.runs.session import Session\n{before}\n"
        "if __name__ == '__main__':\n"
        "    from algolint.cli.main import run\n"
        "    sys.exit(run(['--format', 'json', '--jobs', '2', '.']))\n"
    )
    command = [sys.executable, str(program)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("more", ["", SPAWNED], ids=["forked", "spawned"])
def test_processes_of_either_kind(tmp_path: Path, more: str) -> None:
    done = ran_after(tmp_path, more)
    assert (done.stderr, done.returncode) == ("", 1)
    assert [row["path"] for row in json.loads(done.stdout)["diagnostics"]] == [
        f"a{n:02}.json" for n in range(60)
    ]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("", id="forked"),
        *(
            pytest.param(code, id=name, marks=pytest.mark.slow)
            for name, code in (("slowly", SLOWLY_SUBMITTED), ("spawned", SPAWNED))
        ),
    ],
)
def test_the_files_of_a_process_that_dies_are_linted(tmp_path: Path, more: str) -> None:
    """Its files are linted again by the parent, and the run says so."""
    # In a spawned process this code runs too, and there the parent is another.
    dying = DYING.replace("os.getpid()\n", "os.getppid() if __name__ == '__mp_main__' else os.getpid()\n")
    done = ran_after(tmp_path, dying + more)
    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert report["summary"]["files"] == 60
    assert [row["path"] for row in report["diagnostics"]] == [f"a{n:02}.json" for n in range(60)]
    assert "a process died; its files were linted again" in report["errors"][0]["message"]


# ---------------------------------------------------------------- streams that are closed, and other files


@pytest.mark.skipif(sys.platform == "win32", reason="streams of POSIX")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("a.json >&-", 1),
        ("--format json a.json >&-", 1),
        ("a.json gone.json 2>&-", 2),
        ("a.json >&- 2>&-", 1),
        ("- <&-", 2),
        ("- <&- >&- 2>&-", 2),
        ("- 0>b.json", 2),
        ("--fix - <&-", 2),
        ("server <&-", 2),
        ("diff - a.json <&-", 2),
        ("diff - a.json 0>b.json", 2),
        ("metrics a.json --log - 0>b.json", 2),
        ("job - a.json <&-", 2),
        ("metrics a.json --log - <&-", 2),
        ("rules >&-", 0),
        ("--version >&-", 0),
        ("--help >&-", 0),
    ],
)
def test_a_closed_stream_is_no_crash(tmp_path: Path, command: str, code: int) -> None:
    metric = '{"MetricDefinitions": [{"Name": "a", "Regex": "a=([0-9.]+)"}]}'
    (tmp_path / "a.json").write_text(f'{{"AlgorithmName": "a b", "TrainingSpecification": {metric}}}')
    done = subprocess.run(
        f'"{sys.executable}" -m algolint {command}',
        shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "please report" not in done.stderr
    if command.endswith(" <&-"):
        assert "standard input is closed" in done.stderr
    if command.endswith("0>b.json"):
        assert ": Bad file descriptor\n" in done.stderr
        assert "the report" not in done.stderr


SPEC_NAMES = ["a.json", "a.sh", "Makefile", "a.yaml", "a.ts", "a.py", "a.tf", "a.ipynb", "a.template"]


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
@pytest.mark.parametrize("name", sampled(SPEC_NAMES, 3))
@pytest.mark.parametrize("limit", ["100", "1000000"])
def test_no_spec_is_overwritten(algolint: Run, tmp_path: Path, option: str, name: str, limit: str) -> None:
    """Linted, not linted or too large to be read."""
    text = 'create_algorithm(**{"AlgorithmName": "a b", "TrainingSpecification": ' + "7" * 200
    (tmp_path / name).write_text(text)
    (tmp_path / "other.json").write_text('{"AlgorithmName": "a", "Tags": []}')
    for paths in ([name], ["."], ["other.json"]):
        done = algolint(option, f"./{name}", "--max-file-size", limit, *paths)
        assert done.returncode == 2
        assert f"algolint: {option} ./{name}: " in done.stderr
        assert "is left as it is" in done.stderr
        assert (tmp_path / name).read_text() == text


@pytest.mark.parametrize("form", FORMATS)
def test_an_earlier_report_is_overwritten(algolint: Run, tmp_path: Path, form: str) -> None:
    """Although it is below the folder that is linted, and quotes a spec."""
    (tmp_path / "a.yaml").write_text("AlgorithmName: a b\nTrainingSpecification: {TrainingImage: 7}\n")
    for fault in ("a b", "a c"):
        (tmp_path / "a.yaml").write_text(f"AlgorithmName: {fault}\nTrainingSpecification: {{a: 7}}\n")
        suffix = "json" if FORMATS[form].syntax.startswith("json") else "txt"
        done = algolint("--format", form, "-o", f"report.{suffix}", ".")
        assert (done.returncode, done.stderr) == (1, "")
        assert fault in (tmp_path / f"report.{suffix}").read_text()


def test_a_limit_of_any_size(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a b", "TrainingSpecification": "${S}"}')
    done = algolint("--max-file-size", "9" * 30, "a.json")
    assert (done.returncode, done.stderr) == (1, "")


# ---------------------------------------------------------------- what nobody foresaw

UNFORESEEN = [
    ("from algolint.linting.linter import Linter; Linter.lint_source = None", ["a.json", "b.json"]),
    ("from algolint.reports import text; text.full = None", ["a.json"]),
    ("from algolint.runs import inputs; inputs.Inputs.find = None", ["a.json"]),
    ("from algolint.runs import inputs; inputs.Inputs.find = lambda *a, **b: sys.exit(0)", ["a.json"]),
    ("import algolint.cli.main as module; module.run = None", ["a.json"]),
]


@pytest.mark.parametrize(("before", "paths"), UNFORESEEN)
def test_what_nobody_foresaw_is_exit_code_2(tmp_path: Path, before: str, paths: list[str]) -> None:
    for name in paths:
        (tmp_path / name).write_text(FAULTY)
    code = f"import sys\nfrom algolint.__main__ import main\n{before}\nsys.argv[1:] = {paths!r}\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("algolint") >= len(paths)


def test_a_mistake_with_one_file_is_its_own(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(FAULTY)
    code = (
        "import sys\nfrom algolint.__main__ import main\nfrom algolint.linting.linter import Linter\n"
        "right = Linter.lint_source\n"
        "Linter.lint_source = lambda self, source, named=True: right(self, source, named) if source.name > 'b' else 1 / 0\n"
        "sys.argv[1:] = ['--format', 'json', 'a.json', 'b.json']\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert {row["path"] for row in report["diagnostics"]} == {"b.json"}
    (error,) = report["errors"]
    assert error["path"] == "a.json"
    assert "ZeroDivisionError" in error["message"]
    assert "please report it at https://" in error["message"]


@pytest.mark.skipif(sys.platform == "win32", reason="the current folder cannot be deleted")
def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(CLEAN)
    (tmp_path / "gone").mkdir()
    command = f"rmdir ../gone; '{sys.executable}' -m algolint --isolated '{tmp_path}/a.json'"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path / "gone", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "algolint: the current folder no longer exists\n")


def test_without_source_files_of_rules_nothing_is_clean(tmp_path: Path) -> None:
    """Rules are found by file name; with byte code only, there would be none."""
    shutil.copytree(ROOT / "algolint", tmp_path / "algolint", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "algolint_rules").mkdir()
    (tmp_path / "algolint_rules" / "__init__.py").write_text("")
    (tmp_path / "a.json").write_text(FAULTY)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from algolint.__main__ import main; sys.argv[1:] = ['a.json']; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "no rule of algolint itself was found" in done.stderr


def test_without_docstrings_a_page_is_an_error(tmp_path: Path) -> None:
    command = [sys.executable, "-OO", "-m", "algolint", "explain", "env-size"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "python -OO removes the pages of the rules" in done.stderr


# ---------------------------------------------------------------- what is meant

MEANT = [
    (["explian", "env-size"], "no file or command 'explian'; did you mean 'explain'?"),
    (["lint", "a.json"], "no file or command 'lint'; did you mean 'check'?"),
    (["conifg", "--show", "a.json"], "no file or command 'conifg'; did you mean 'config'?"),
    (["tset-rules", "."], "no file or command 'tset-rules'; did you mean 'test-rules'?"),
    (["--formt", "json"], "unrecognized arguments: --formt; did you mean '--format'?\n"),
    (["version"], "no file or command 'version'; did you mean '--version'?"),
    (["explain", "max-wait"], "did you mean 'max-wait-below-runtime' or 'max-wait-without-spot'?"),
    (["explain", "max-wait-below-runtme"], "did you mean 'max-wait-below-runtime'?"),
    (["explain", "below-runtime"], "did you mean 'max-wait-below-runtime'?"),
    (["explain", "DefaultValue"], "there is no rule 'DefaultValue'; algolint rules lists them\n"),
]


@pytest.mark.parametrize(("arguments", "message"), MEANT)
def test_a_misspelt_command_or_rule_is_answered_with_the_nearest(
    algolint: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "a.json").write_text(CLEAN)
    done = algolint(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_folder_may_be_called_as_a_command_nearly_is(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "lint").mkdir()
    (tmp_path / "lint" / "a.json").write_text(FAULTY)
    assert algolint("lint").returncode == 1


def test_the_format_of_a_report_is_that_of_its_file(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    algolint("-o", "x.html", "a.json")
    assert (tmp_path / "x.html").read_text().startswith("<!DOCTYPE html>")
    algolint("-o", "x.sarif", "a.json")
    assert json.loads((tmp_path / "x.sarif").read_text())["version"] == "2.1.0"
    algolint("-o", "x.json", "a.json")
    assert json.loads((tmp_path / "x.json").read_text())["summary"]["errors"] == 1
    algolint("-o", "y.html", "--format", "concise", "a.json")
    assert (tmp_path / "y.html").read_text().startswith("a.json:1:19: error:")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.xml"], "--output x.xml: add --format junit or checkstyle"),
        (["-o", "-"], "--output takes a file; --format prints a report on standard output"),
        (["--report", "json=-"], "--report takes a file; --format prints a report on standard output"),
    ],
)
def test_what_a_report_would_be_is_asked_for(
    algolint: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint(*arguments, "a.json")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"algolint: {message}\n")
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_color_that_is_forced(algolint: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    forced = {**os.environ, name: "1"}
    assert "\x1b[" in algolint("a.json", env=forced).stdout
    assert "\x1b" not in algolint("a.json", env={**forced, "NO_COLOR": "1"}).stdout
    assert "\x1b" not in algolint("--color", "never", "a.json", env=forced).stdout


@pytest.mark.new_process
def test_the_version_has_a_short_option(algolint: Run) -> None:
    assert algolint("-V").stdout == algolint("--version").stdout != ""
