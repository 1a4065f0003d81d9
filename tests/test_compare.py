"""`algolint diff` and `algolint metrics` in real processes: from files, git and standard input to a report."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from conftest import ROOT, Run, Share, shares
from renderings import notebook, program, terraform

from algolint import assert_metrics, metrics
from algolint.aws.model import Model
from algolint.compare.specs import SpecError, read_specs, read_standard_input
from algolint.config import settings

OLD = """\
AlgorithmName: forecaster-1
TrainingSpecification:
  TrainingImage: 123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.g5.xlarge]
  SupportedHyperParameters:
    - {Name: eta, Type: Continuous, DefaultValue: "0.1"}
  TrainingChannels:
    - {Name: train, SupportedContentTypes: [text/csv], SupportedInputModes: [File]}
"""
NEW = OLD.replace("forecaster-1", "forecaster-2").replace("/f:1", "/f:2").replace("eta", "learning_rate")
LONGER = NEW.replace("learning_rate", "eta").replace("ml.m5.xlarge, ", "ml.m5.xlarge, ml.c5.xlarge, ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("longer.yaml", LONGER)):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_break_is_shown_on_both_sides_with_the_version_that_follows(algolint: Run, folder: Path) -> None:
    done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
    assert done.returncode == 1
    assert (
        "new.yaml:5:3: error: hyperparameter 'eta' was removed; jobs that set it are rejected" in done.stdout
    )
    assert "in OLD (old.yaml:6)" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 breaking change, 1 addition: a major version"


def test_additions_do_not_fail(algolint: Run, folder: Path) -> None:
    done = algolint("diff", "old.yaml", "longer.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "1 addition: a minor version\n")
    done = algolint("diff", "--show-info", "old.yaml", "longer.yaml", cwd=folder)
    assert "[diff-training-widened]" in done.stdout
    assert algolint("diff", "--fail-on", "info", "old.yaml", "longer.yaml", cwd=folder).returncode == 1


SAME = sorted(path for path in (ROOT / "fixtures" / "same").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", SAME, ids=lambda path: path.name)
@pytest.mark.parametrize("share", shares(3))
def test_one_spec_in_two_forms_has_no_changes(algolint: Run, folder: Path, share: Share) -> None:
    forms = sorted(folder.glob("spec.*"))
    assert len(forms) >= 6
    ring = zip(forms, [*forms[1:], forms[0]], strict=True)
    # A part removed in one direction is added in the other, and shown there, so these are a third of the
    # pairs.
    pairs = [pair for old, new in ring for pair in ((old, new), (new, old), (old, old))]
    for old, new in share(pairs):
        done = algolint("diff", "--show-info", old.name, new.name, cwd=folder)
        assert done.stdout == "no changes to the contract: a patch version\n", (old, new)
        assert done.returncode == 0


def test_what_is_deployed_beside_what_is_in_the_tree(algolint: Run, folder: Path) -> None:
    """A DescribeAlgorithm response has members that no request has."""
    import yaml

    response = {
        **yaml.safe_load(OLD),
        "AlgorithmArn": "arn:aws:sagemaker:us-east-1:123456789012:algorithm/forecaster-1",
        "CreationTime": "2026-01-01T00:00:00Z",
        "AlgorithmStatus": "Completed",
        "AlgorithmStatusDetails": {},
    }
    done = algolint("diff", "-", "old.yaml", cwd=folder, stdin=json.dumps(response))
    assert (done.returncode, done.stdout) == (0, "no changes to the contract: a patch version\n")


def test_a_version_from_git(algolint: Run, folder: Path) -> None:
    def git(*arguments: str) -> None:
        names = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", "old.yaml")
    git("commit", "-q", "-m", "first")
    (folder / "old.yaml").write_text(NEW)
    done = algolint("diff", "git:HEAD:old.yaml", "old.yaml", cwd=folder)
    assert "'eta' was removed" in done.stdout
    assert done.returncode == 1
    done = algolint("diff", "git:HEAD:none.yaml", "old.yaml", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "algolint: git:HEAD:none.yaml: path 'none.yaml' does not exist in 'HEAD'\n"
    done = algolint("diff", "git:gone:old.yaml", "old.yaml", cwd=folder)
    assert "git has no revision 'gone' here" in done.stderr
    done = algolint("diff", "git:--output=x:old.yaml", "old.yaml", cwd=folder)
    assert done.returncode == 2
    assert not (folder / "x").exists()


def commit(folder: Path, *names: str) -> None:
    """Make a repository with these files."""
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for arguments in (["init", "-q"], ["add", *names], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True, capture_output=True)


def test_files_since_a_revision(algolint: Run, folder: Path) -> None:
    """As the hook runs it: with the changed files, including new ones and files that are not specs."""
    commit(folder, "old.yaml", "longer.yaml")
    (folder / "longer.yaml").write_text(OLD)
    (folder / "other.yaml").write_text("a: 1\n")
    names = ("old.yaml", "new.yaml", "longer.yaml", "other.yaml")
    done = algolint("diff", "--since", "HEAD", "--format", "concise", *names, cwd=folder)
    assert (
        "longer.yaml:4:35: error: SupportedTrainingInstanceTypes no longer lists 'ml.c5.xlarge'"
        in done.stdout
    )
    assert done.stdout.count("error:") == 1
    assert done.returncode == 1


def test_a_folder_since_a_revision(algolint: Run, tmp_path: Path) -> None:
    """A folder that is not searched would pass without a comparison."""
    for name in ("changed.yaml", "same.yaml", "left-out.yaml"):
        (tmp_path / "specs").mkdir(exist_ok=True)
        (tmp_path / "specs" / name).write_text(OLD)
    (tmp_path / "specs" / "other.json").write_text('{"a": ')
    (tmp_path / "algolint.toml").write_text('exclude = ["left-out.yaml"]\n')
    commit(tmp_path, ".")
    for name in ("changed.yaml", "left-out.yaml", "new.yaml"):
        (tmp_path / "specs" / name).write_text(NEW)
    done = algolint("diff", "--since", "HEAD", "--format", "concise", "specs")
    assert "specs/changed.yaml:5:3: error: hyperparameter 'eta' was removed" in done.stdout
    assert done.stdout.count("error:") == 1
    assert done.stderr == "algolint: specs/new.yaml:1 ('forecaster-2'): only in NEW, not compared\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a: [\n", 2, "algolint: old.yaml: unexpected end of file"),
        ("a: 1\n", 0, "algolint: old.yaml:1 ('forecaster-1') in HEAD: only in OLD, not compared\n"),
        (None, 0, "algolint: old.yaml:1 ('forecaster-1') in HEAD: only in OLD, not compared\n"),
    ],
    ids=["broken", "no spec", "deleted"],
)
def test_a_spec_that_is_gone_since_a_revision(
    algolint: Run, folder: Path, text: str | None, code: int, words: str
) -> None:
    """That it was not compared has to be visible."""
    commit(folder, "old.yaml")
    if text is None:
        (folder / "old.yaml").unlink()
    else:
        (folder / "old.yaml").write_text(text)
    done = algolint("diff", "--since", "HEAD", "--format", "json", "old.yaml", cwd=folder)
    assert (done.returncode, done.stderr[: len(words)]) == (code, words)


def test_since_a_revision_that_git_does_not_have(algolint: Run, folder: Path) -> None:
    """Without an error, every change would pass in a shallow clone."""

    def compared(revision: str, *names: str) -> tuple[int, str]:
        done = algolint("diff", "--since", revision, *names, cwd=folder)
        return done.returncode, done.stderr

    code, words = compared("HEAD", "old.yaml")
    assert (code, words.startswith("algolint: --since: ")) == (2, True)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    # The hook, before the first commit.
    assert compared("HEAD", "old.yaml") == (0, "")
    names = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", "add", "old.yaml"], cwd=folder, check=True)
    subprocess.run(["git", *names, "commit", "-q", "-m", "first"], cwd=folder, check=True)
    code, words = compared("gone", "old.yaml")
    assert (code, "git has no revision 'gone' here" in words) == (2, True)
    code, words = compared("--output=x", "old.yaml")
    assert (code, "is not a revision" in words or "expected" in words) == (2, True)
    code, words = compared("HEAD", "odl.yaml")
    assert (code, "odl.yaml" in words) == (2, True)
    (folder / "old.yaml").unlink()
    assert compared("HEAD", "old.yaml") == (0, "")


# A text in place of a part of OLD, and the resulting last line.
UNKNOWN_PARTS = [
    (
        OLD[OLD.index("TrainingSpecification") :],
        'TrainingSpecification: "{{ spec }}"',
        "no changes in what is known; nothing is known of OLD's TrainingSpecification; no version follows",
    ),
    (
        '\n    - {Name: eta, Type: Continuous, DefaultValue: "0.1"}',
        ' "{{ hyperparameters }}"',
        "1 addition; not all is known of OLD's TrainingSpecification/SupportedHyperParameters;"
        " no version follows",
    ),
    (
        'DefaultValue: "0.1"',
        'DefaultValue: "{{ eta }}"',
        "1 addition; not all is known of OLD's"
        " TrainingSpecification/SupportedHyperParameters/0/DefaultValue; no version follows",
    ),
    ("/f:1", "/f:{{ release }}", "1 addition: a minor version"),
    # What is written, but not valid, is known to whoever wrote it.
    (
        'DefaultValue: "0.1"',
        "DefaultValue: 0.1",
        "1 addition; OLD's TrainingSpecification/SupportedHyperParameters/0/DefaultValue is not valid;"
        " no version follows",
    ),
    (
        'Type: Continuous, DefaultValue: "0.1"',
        'Type: "{{ kind }}", DefaultValue: [0.1], IsTunable: "no"',
        "1 addition; not all is known of OLD's TrainingSpecification/SupportedHyperParameters/0/Type; OLD's"
        " TrainingSpecification/SupportedHyperParameters/0/IsTunable,"
        " TrainingSpecification/SupportedHyperParameters/0/DefaultValue are not valid; no version follows",
    ),
    (
        OLD[OLD.index("TrainingSpecification") :],
        "TrainingSpecification: [1]",
        "no changes in what is known; OLD's TrainingSpecification is not valid; no version follows",
    ),
]


@pytest.mark.parametrize(("known", "unknown", "last"), UNKNOWN_PARTS)
def test_no_version_follows_from_what_is_not_known(
    algolint: Run, folder: Path, known: str, unknown: str, last: str
) -> None:
    assert OLD.count(known) == 1
    (folder / "hidden.yaml").write_text(OLD.replace(known, unknown))
    names = "hidden.yaml", "longer.yaml"
    is_known = "no version" not in last
    done = algolint("diff", *names, cwd=folder)
    assert done.stdout.splitlines()[-1] == last
    # If the whole is unknown or absent, nothing can be compared.
    code = 2 if "s TrainingSpecification " in last or "s TrainingSpecification;" in last else 0
    assert done.returncode == code
    assert algolint("diff", "--fail-on-unknown", *names, cwd=folder).returncode == (code or int(not is_known))
    done = algolint("diff", "--format", "json", *names, cwd=folder)
    report = json.loads(done.stdout)
    assert report["bump"] == ("minor" if is_known else None)
    assert bool(report["unknown"] or report["known_in_part"]) is not is_known
    assert (last in done.stderr) is not is_known
    notes = algolint("diff", "--format", "markdown", *names, cwd=folder).stdout
    assert ("### Not compared\n\n- " in notes) is not is_known
    assert "No changes" not in notes


def test_a_call_with_arguments_that_are_not_known_proves_nothing(algolint: Run, folder: Path) -> None:
    (folder / "old.py").write_text("import boto3\nboto3.client('sagemaker').create_algorithm(**settings)\n")
    for names, side in ((("old.py", "new.yaml"), "OLD"), (("new.yaml", "old.py"), "NEW")):
        done = algolint("diff", *names, cwd=folder)
        assert done.returncode == 2
        assert f"nothing is known of {side}'s TrainingSpecification; no version follows" in done.stdout


def test_a_break_is_a_break_beside_what_is_not_known(algolint: Run, folder: Path) -> None:
    (folder / "old.yaml").write_text(OLD.replace("[text/csv]", '"{{ types }}"'))
    done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
    assert done.stdout.splitlines()[-1] == (
        "1 breaking change, 1 addition; not all is known of OLD's"
        " TrainingSpecification/TrainingChannels/0/SupportedContentTypes: a major version"
    )


def test_release_notes(algolint: Run, folder: Path) -> None:
    done = algolint("diff", "--format", "markdown", "old.yaml", "new.yaml", cwd=folder)
    assert done.stdout == (
        "### Breaking changes\n\n"
        "- Hyperparameter 'eta' was removed; jobs that set it are rejected. (breaks: train, tune)\n\n"
        "### New\n\n"
        "- 'learning_rate' is new and optional.\n"
    )
    # They do not depend on the syntax, and so do not name a notebook's cell.
    for ending, rendered in (("tf", terraform), ("py", program), ("ipynb", notebook)):
        for name in ("old", "new"):
            (folder / f"{name}.{ending}").write_text(
                rendered(yaml.safe_load((folder / f"{name}.yaml").read_text()))
            )
        other = algolint("diff", "--format", "markdown", f"old.{ending}", f"new.{ending}", cwd=folder)
        assert other.stdout == done.stdout, ending


@pytest.mark.parametrize(
    "arguments", [["diff", "old.yaml", "new.yaml"], ["metrics", "old.yaml", "--log", "a.log"]], ids=" ".join
)
def test_the_file_of_a_report_has_all_that_is_printed(
    algolint: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    (folder / "old.yaml").write_text(f"{OLD}  MetricDefinitions: [{{Name: a, Regex: 'a=([0-9.]+)'}}]\n")
    (folder / "a.log").write_text("a=1\n")
    printed = algolint(*arguments, cwd=folder).stdout
    for name in ("report.txt", "report.html"):
        assert algolint(*arguments, "-o", name, cwd=folder).stdout == ""
    assert (folder / "report.txt").read_text() == printed
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert printed.splitlines()[-1] in algolint(*arguments, cwd=folder).stdout


@pytest.mark.parametrize("options", [["--format", "markdown", "-o"], ["-o"], ["--output"]])
def test_release_notes_are_written_to_a_file(algolint: Run, folder: Path, options: list[str]) -> None:
    notes = algolint("diff", "--format", "markdown", "old.yaml", "new.yaml", cwd=folder).stdout
    done = algolint("diff", *options, "notes.md", "old.yaml", "new.yaml", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert (folder / "notes.md").read_text() == notes
    done = algolint("diff", *options, "old.yaml", "old.yaml", "new.yaml", cwd=folder)
    assert (done.returncode, (folder / "old.yaml").read_text()) == (2, OLD)


def test_reports_beside_release_notes_have_the_findings(algolint: Run, folder: Path) -> None:
    def results(*options: str) -> tuple[int, list[str]]:
        done = algolint("diff", *options, "--report", "json=r.json", "old.yaml", "new.yaml", cwd=folder)
        report = json.loads((folder / "r.json").read_text())
        return done.returncode, [d["rule"] for d in report["diagnostics"]]

    assert results("--format", "markdown") == results()
    (folder / "algolint.toml").write_text("allow-major = true\n")
    assert results("--format", "markdown") == results()
    assert results()[0] == 0


def test_a_question_in_release_notes_has_no_full_stop(algolint: Run, folder: Path) -> None:
    """A message may end with the question whether something was renamed."""
    (folder / "renamed.yaml").write_text(OLD.replace("Name: eta", "Name: eta_1"))
    notes = algolint("diff", "--format", "markdown", "old.yaml", "renamed.yaml", cwd=folder).stdout
    assert "renamed to 'eta_1'? (breaks" in notes


def test_json_has_the_version(algolint: Run, folder: Path) -> None:
    report = json.loads(algolint("diff", "--format", "json", "old.yaml", "new.yaml", cwd=folder).stdout)
    assert report["bump"] == "major"
    (diagnostic,) = report["diagnostics"]
    assert diagnostic["related"][0]["path"] == "old.yaml"
    assert diagnostic["url"].endswith("rules/compare/README.md#diff-hp-removed")


@pytest.mark.parametrize(
    ("consumers", "code", "last"),
    [
        ("tune", 1, "1 breaking change: a major version for tune"),
        ("deploy,train", 1, "1 breaking change: a major version for deploy, train"),
        ("transform,listing", 0, "no changes to the contract: a patch version for transform, listing"),
    ],
)
def test_some_consumers_are_kept(algolint: Run, folder: Path, consumers: str, code: int, last: str) -> None:
    done = algolint("diff", "--breaks", consumers, "old.yaml", "new.yaml", cwd=folder)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, last)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("old.yaml", "job.json"), "algolint job ALGORITHM REQUEST checks a request that uses one"),
        (("old.yaml", "name.yaml"), "name.yaml: the request has no TrainingSpecification"),
        (("old.yaml", "none.yaml"), "No such file"),
        (("main:old.yaml", "old.yaml"), "a version in git's history is git:main:old.yaml"),
        (("old.yaml", "empty.yaml"), "no algorithm spec is recognized"),
        (("old.yaml", "broken.json"), "broken.json: unexpected end of file"),
        (("old.yaml", "part.yaml"), "cannot be compared"),
        (("-", "-"), "only one of OLD, NEW and --log can be standard input"),
        (("old.yaml",), "give OLD and NEW, or --since REVISION"),
        ((), "give OLD and NEW, or --since REVISION"),
        (("--since", "HEAD"), "give OLD and NEW, or --since REVISION"),
        (("--breaks", "trian", "old.yaml", "new.yaml"), "did you mean 'train'?"),
        (("git:x", "new.yaml"), "git:REVISION:PATH"),
    ],
)
def test_mistakes_are_explained(algolint: Run, folder: Path, arguments: tuple[str, ...], words: str) -> None:
    (folder / "empty.yaml").write_text("a: 1\n")
    (folder / "name.yaml").write_text("AlgorithmName: forecaster-2\nAlgorithmDescription: Forecasts.\n")
    (folder / "job.json").write_text(
        '{"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": "f", "TrainingInputMode": "File"}}'
    )
    (folder / "broken.json").write_text('{"AlgorithmName": ')
    (folder / "part.yaml").write_text("- {Name: eta, Type: Integer, IsTunable: true}\n")
    done = algolint("diff", *arguments, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_part_beside_a_whole_request(algolint: Run, folder: Path) -> None:
    part = "\n".join(line[2:] for line in NEW.splitlines()[2:]) + "\n"
    (folder / "part.yaml").write_text(part)
    done = algolint("diff", "--format", "concise", "part.yaml", "old.yaml", cwd=folder)
    assert "old.yaml:5:3: error: hyperparameter 'learning_rate' was removed" in done.stdout


def test_the_configuration_sets_severities(algolint: Run, folder: Path) -> None:
    (folder / "algolint.toml").write_text('[severity]\ndiff-hp-removed = "warning"\n')
    assert algolint("diff", "old.yaml", "new.yaml", cwd=folder).returncode == 0


@pytest.mark.parametrize(("consumers", "bump"), [("train", "patch"), ("tune", "patch"), ("deploy", None)])
def test_the_version_for_some_consumers_rests_on_what_they_use(
    algolint: Run, folder: Path, consumers: str, bump: str | None
) -> None:
    (folder / "old.yaml").write_text(f'{OLD}InferenceSpecification: "{{{{ inference }}}}"\n')
    done = algolint("diff", "--breaks", consumers, "--format", "json", "old.yaml", "old.yaml", cwd=folder)
    report = json.loads(done.stdout)
    assert (report["bump"], bool(report["known_in_part"])) == (bump, bump is None)


def test_parts_that_are_no_contract_cannot_be_compared(algolint: Run, folder: Path) -> None:
    (folder / "list.yaml").write_text("- {Name: eta, Type: Integer, IsTunable: true}\n")
    role = "arn:aws:iam::123456789012:role/validation"
    (folder / "profiles.yaml").write_text(
        f"ValidationRole: {role}\nValidationProfiles: [{{ProfileName: a}}]\n"
    )
    for name in ("list.yaml", "profiles.yaml"):
        done = algolint("diff", name, name, cwd=folder)
        assert (done.returncode, "alone cannot be compared" in done.stderr) == (2, True)


# ---------------------------------------------------------------- files with several specs

PYTHON = """import boto3
sm = boto3.client("sagemaker")
for_training = {{
    "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1",
    "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
    "TrainingChannels": [
        {{"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}}
    ],
}}
sm.create_algorithm(
    AlgorithmName=f"{{team}}-a", TrainingSpecification={{**for_training, "SupportedHyperParameters": [{{"Name": {0!r}, "Type": "FreeText"}}]}}
)
sm.create_algorithm(
    AlgorithmName=f"{{team}}-b", TrainingSpecification={{**for_training, "SupportedHyperParameters": [{{"Name": {1!r}, "Type": "FreeText"}}]}}
)
"""
RESOURCE = """resource "aws_sagemaker_algorithm" "{0}" {{
  algorithm_name = "${{var.team}}-{0}"
  training_specification {{
    training_image                    = "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1"
    supported_training_instance_types = ["ml.m5.xlarge"]
    supported_hyper_parameters {{
      name = "{1}"
      type = "FreeText"
    }}
    training_channels {{
      name                    = "train"
      supported_content_types = ["text/csv"]
      supported_input_modes   = ["File"]
    }}
  }}
}}
"""
STACK = "Resources:\n"
IN_STACK = "  {0}:\n    Type: AWS::SageMaker::Algorithm\n    Properties:\n"


def in_stack(*rows: tuple[str, str]) -> str:
    """A CloudFormation template of algorithms without names, each with a hyperparameter."""
    specs = (
        IN_STACK.format(name)
        + "".join(f"      {line}\n" for line in OLD.replace("eta", parameter).splitlines()[1:])
        for name, parameter in rows
    )
    return STACK + "".join(specs)


SEVERAL = {
    "names": (
        "yaml",
        f"{OLD}---\n{OLD.replace('forecaster', 'ranker').replace('eta', 'depth')}",
        f"{NEW.replace('forecaster', 'ranker').replace('learning_rate', 'depth')}---\n{NEW}",
    ),
    "labels of Terraform": (
        "tf",
        RESOURCE.format("a", "eta") + RESOURCE.format("b", "depth"),
        RESOURCE.format("b", "depth") + RESOURCE.format("a", "learning_rate"),
    ),
    "names of resources": (
        "yaml",
        in_stack(("A", "eta"), ("B", "depth")),
        in_stack(("B", "depth"), ("A", "learning_rate")),
    ),
    "wrappers": (
        "json",
        '{"a": %s, "b": %s}',
        '{"b": %s, "a": %s}',
    ),
    "position": ("py", PYTHON.format("eta", "depth"), PYTHON.format("learning_rate", "depth")),
}


@pytest.mark.parametrize("by", SEVERAL)
def test_each_spec_is_compared_with_its_own(algolint: Run, tmp_path: Path, by: str) -> None:
    kind, old, new = SEVERAL[by]
    if by == "wrappers":
        parts = {name: as_json(name) for name in ("eta", "depth", "learning_rate")}
        old, new = old % (parts["eta"], parts["depth"]), new % (parts["depth"], parts["learning_rate"])
    (tmp_path / f"old.{kind}").write_text(old)
    (tmp_path / f"new.{kind}").write_text(new)
    done = algolint("diff", f"old.{kind}", f"new.{kind}", cwd=tmp_path)
    assert done.stdout.count("error:") == 1
    assert "hyperparameter 'eta' was removed" in done.stdout
    ends = sorted(
        line.rpartition(": a ")[2] for line in done.stdout.splitlines() if ", compared with " in line
    )
    assert ends == ["major version", "patch version"]
    assert "not compared" not in done.stdout


def as_json(parameter: str) -> str:
    """A TrainingSpecification in JSON, which has no name."""
    training = yaml.safe_load(OLD.replace("eta", parameter))["TrainingSpecification"]
    return json.dumps(training)


def test_specs_of_one_file_alone_are_named(algolint: Run, folder: Path) -> None:
    (folder / "two.yaml").write_text(f"{OLD}---\n{OLD.replace('forecaster', 'ranker')}")
    done = algolint("diff", "two.yaml", "new.yaml", cwd=folder)
    assert done.stdout.splitlines()[-2:] == [
        "new.yaml:1 ('forecaster-2'), compared with two.yaml:1 ('forecaster-1'): 1 breaking change, 1 addition:"
        " a major version",
        "two.yaml:10 ('ranker-1'): only in OLD, not compared",
    ]
    done = algolint("diff", "--format", "json", "new.yaml", "two.yaml", cwd=folder)
    report = json.loads(done.stdout)
    assert report["added"] == [{"path": "two.yaml", "line": 10, "column": 1}]
    assert (report["removed"], report["summary"]["files"]) == ([], 1)
    assert done.stderr == "algolint: two.yaml:10 ('ranker-1'): only in NEW, not compared\n"


def test_algorithms_with_other_names_are_not_compared(algolint: Run, folder: Path) -> None:
    (folder / "two.yaml").write_text(
        f"{OLD.replace('forecaster', 'labeler')}---\n{OLD.replace('forecaster', 'ranker')}"
    )
    done = algolint("diff", "new.yaml", "two.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no spec of OLD has a name of one of NEW" in done.stderr
    # The only specs of two files are releases of one algorithm, whatever their names.
    (folder / "ranker.yaml").write_text(OLD.replace("forecaster", "ranker"))
    assert algolint("diff", "new.yaml", "ranker.yaml", cwd=folder).stdout.endswith(": a major version\n")


def test_release_notes_of_several_specs(algolint: Run, folder: Path) -> None:
    (folder / "two.yaml").write_text(f"{OLD}---\n{OLD.replace('forecaster', 'ranker')}")
    notes = algolint("diff", "--format", "markdown", "two.yaml", "two.yaml", cwd=folder).stdout
    assert [line for line in notes.splitlines() if line.startswith("## ")] == [
        "## two.yaml:1 ('forecaster-1'), compared with two.yaml:1 ('forecaster-1')",
        "## two.yaml:10 ('ranker-1'), compared with two.yaml:10 ('ranker-1')",
    ]


# ---------------------------------------------------------------- which changes are reported, and how


def reported(done: subprocess.CompletedProcess[str]) -> set[tuple[str, str]]:
    """The rules of a JSON report, with their severities."""
    return {(row["rule"], row["severity"]) for row in json.loads(done.stdout)["diagnostics"]}


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ('ignore = ["diff-hp-*"]', set()),
        ('select = ["hyperparameters"]', {("diff-hp-removed", "error"), ("diff-hp-widened", "info")}),
        ('[severity]\n"diff-*" = "warning"\ndiff-hp-widened = "off"', {("diff-hp-removed", "warning")}),
        ('[per-file-ignores]\n"new.*" = ["diff-hp-removed"]', {("diff-hp-widened", "info")}),
        (
            '[[suppressions]]\npointer = "/TrainingSpecification/**"\nrules = ["diff-*"]',
            set(),
        ),
        (
            'ignore = ["metric-*", "hp-default-and-required"]',
            {("diff-hp-removed", "error"), ("diff-hp-widened", "info")},
        ),
    ],
)
def test_the_configuration_is_that_of_check(
    algolint: Run, folder: Path, configuration: str, expected: set[tuple[str, str]]
) -> None:
    (folder / "algolint.toml").write_text(f"show-info = true\n{configuration}\n")
    done = algolint("diff", "--format", "json", "old.yaml", "new.yaml", cwd=folder)
    assert reported(done) == expected
    assert done.returncode == int(("diff-hp-removed", "error") in expected)
    # The file is the linter's, which does not know the rules of diff.
    done = algolint("old.yaml", cwd=folder)
    assert done.stderr == ""
    assert done.returncode < 2


def test_standard_input_is_read_for_one_purpose(algolint: Run, folder: Path) -> None:
    """It would be empty the second time, and a Regex would be said to read no number."""
    metric = '  MetricDefinitions: [{{Name: "loss", Regex: "{}([0-9.]+)"}}]\n'
    for name, text in (("two-old", "loss="), ("two-new", "loss: ")):
        first = OLD + metric.format(text)
        (folder / f"{name}.yaml").write_text(f"{first}---\n{first.replace('forecaster', 'ranker')}")
    done = algolint("diff", "two-old.yaml", "two-new.yaml", "--log", "-", cwd=folder, stdin="loss: 1\n")
    assert done.returncode == 2
    assert "--log -: standard input can be read once" in done.stderr
    (folder / "a.log").write_text("loss: 1\n")
    arguments = ("--show-info", "--format", "concise", "--log", "a.log")
    done = algolint("diff", "two-old.yaml", "two-new.yaml", *arguments, cwd=folder)
    assert done.stdout.count("reads 1 number from this log, none before") == 2
    # Where no Regex changed, the log is not needed.
    done = algolint("diff", "two-old.yaml", "two-old.yaml", "--log", "-", cwd=folder, stdin="loss: 1\n")
    assert done.returncode == 0
    for names in (("-", "new.yaml", "--log", "-"), ("-", "-"), ("old.yaml", "-", "--log", "-", "--log", "-")):
        done = algolint("diff", *names, cwd=folder, stdin=OLD)
        assert (done.returncode, done.stderr) == (
            2,
            "algolint: only one of OLD, NEW and --log can be standard input\n",
        )


def test_a_version_by_selected_rules_is_named_as_such(algolint: Run, folder: Path) -> None:
    """A selection for `check` may leave no rule that could find a change."""
    for selected in ("marketplace-*", "tune-parallel"):
        (folder / "algolint.toml").write_text(f'select = ["{selected}"]\n')
        done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
        assert done.stdout == "no changes to the contract: a patch version by the selected rules\n"
        done = algolint("diff", "--select", "ALL", "--breaks", "tune", "old.yaml", "new.yaml", cwd=folder)
        assert done.stdout.endswith(": a major version for tune by the selected rules\n")


def test_a_misspelt_rule_is_explained(algolint: Run, folder: Path) -> None:
    done = algolint("diff", "--ignore", "diff-hp-remvoed", "old.yaml", "new.yaml", cwd=folder)
    assert done.returncode == 2
    assert "did you mean 'diff-hp-removed'?" in done.stderr


def test_a_comment_in_new_suppresses(algolint: Run, folder: Path) -> None:
    comment = "  # algolint: ignore[diff-hp-removed] announced in May\n  SupportedHyper"
    (folder / "new.yaml").write_text(NEW.replace("  SupportedHyper", comment))
    done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "1 addition: a minor version\n")
    done = algolint("new.yaml", cwd=folder)
    assert "unused-suppression" not in done.stdout


FORMATS = [form.name for form in settings.FORMATS.values() if not form.is_for_people]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_both_places(algolint: Run, folder: Path, form: str) -> None:
    """OLD is longer, so its line does not exist in NEW."""
    (folder / "old.yaml").write_text("#\n" * 40 + OLD)
    done = algolint("diff", "--format", form, "old.yaml", "new.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert "diff-hp-removed" in done.stdout
    if form == "json":
        (row,) = json.loads(done.stdout)["diagnostics"]
        assert (row["line"], row["related"][0]["path"], row["related"][0]["line"]) == (5, "old.yaml", 46)
        assert row["breaks"] == ["train", "tune"]
    elif form == "sarif":
        (result,) = json.loads(done.stdout)["runs"][0]["results"]
        place = result["relatedLocations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "old.yaml"
        assert place["region"]["startLine"] == 46
    elif form == "html":
        assert "old.yaml, line 46: in OLD: <code>- {Name: eta" in done.stdout
    elif form == "junit":
        assert "old.yaml, line 46: in OLD" in done.stdout


def test_a_report_goes_to_files(algolint: Run, folder: Path) -> None:
    done = algolint(
        "diff", "--report", "sarif=a.sarif", "--report", "html=a.html", "old.yaml", "new.yaml", cwd=folder
    )
    assert "'eta' was removed" in done.stdout
    assert json.loads((folder / "a.sarif").read_text())["runs"][0]["results"]
    assert "in OLD" in (folder / "a.html").read_text()
    done = algolint("diff", "--output", "old.yaml", "old.yaml", "new.yaml", cwd=folder)
    assert done.returncode == 2
    assert (folder / "old.yaml").read_text() == OLD


SECRET = "AKIAIOSFODNN7ABCDEFG"


@pytest.mark.parametrize("form", ["full", "json", "markdown", "html", "sarif"])
def test_a_secret_of_either_side_is_masked(algolint: Run, folder: Path, form: str) -> None:
    for name, text in (("old", OLD), ("new", OLD)):
        default = SECRET if name == "old" else "9dX-hunter2-Qz8pLk3mN7vB"
        key = f'- {{Name: api_key, Type: FreeText, DefaultValue: "{default}"}}\n    - {{Name: eta'
        (folder / f"{name}.yaml").write_text(text.replace("- {Name: eta", key))
    done = algolint("diff", "--format", form, "old.yaml", "new.yaml", cwd=folder)
    assert "api_key" in done.stdout
    assert SECRET not in done.stdout
    assert "hunter2" not in done.stdout


RULE = '''
from algolint import Problem
from algolint.compare.diff import diff_rule


@diff_rule(on="HyperParameterSpecification", severity="error", breaks=("train",), evidence="heuristic: ours")
def diff_alias_kept(old, new):
    """A hyperparameter was removed, and our buyers need a release in which it is optional."""
    if new is None:
        yield Problem((), f"{old['Name']} has to be optional for a release first")
'''


def test_a_company_adds_rules(algolint: Run, folder: Path) -> None:
    (folder / "acme").mkdir()
    (folder / "acme" / "releases.py").write_text(RULE)
    (folder / "algolint.toml").write_text('rule-directories = ["acme"]\n')
    done = algolint("diff", "--format", "concise", "old.yaml", "new.yaml", cwd=folder)
    assert "eta has to be optional for a release first [acme/diff-alias-kept]" in done.stdout
    done = algolint("diff", "--ignore", "acme/*", "--format", "concise", "old.yaml", "new.yaml", cwd=folder)
    assert "acme" not in done.stdout
    assert algolint("old.yaml", cwd=folder).returncode == 0
    done = algolint("explain", "acme/diff-alias-kept", cwd=folder)
    assert "our buyers need a release" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("old['Name']", "old['name']", "rule acme/diff-alias-kept failed: KeyError"),
        ("def diff_", "def ", "must begin with diff_"),
        ('"error"', '"fatal"', "is not a severity"),
    ],
)
def test_a_broken_rule_of_a_company_is_an_error(
    algolint: Run, folder: Path, before: str, after: str, words: str
) -> None:
    (folder / "acme").mkdir()
    (folder / "acme" / "releases.py").write_text(RULE.replace(before, after))
    (folder / "algolint.toml").write_text('rule-directories = ["acme"]\n')
    done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


METRICS = "  MetricDefinitions:\n    - {Name: loss, Regex: 'loss=([0-9.]+)'}\n"


@pytest.mark.parametrize(
    ("pattern", "reported"),
    [
        ("loss=([0-9.]+),", None),
        ("(?<![a-z_])loss=([0-9.]+)", None),
        ("loss: ([0-9.]+)", "error: the Regex of 'loss' reads no number from this log, 6 numbers before"),
        (
            "loss=([0-9]+)",
            "warning: the Regex of 'loss' reads 6 numbers from this log, 6 before; first difference: 1 on line 2, 1.5 on line 2 before",
        ),
        (
            "epoch [1-9]: loss=([0-9.]+)",
            "warning: the Regex of 'loss' reads 5 numbers from this log, 6 before",
        ),
    ],
)
def test_a_log_decides_about_a_changed_regex(
    algolint: Run, folder: Path, pattern: str, reported: str | None
) -> None:
    (folder / "old.yaml").write_text(OLD + METRICS)
    (folder / "new.yaml").write_text(OLD.replace("r-1", "r-2") + METRICS.replace("loss=([0-9.]+)", pattern))
    log = "".join(f"epoch {i}: loss={i + (i > 0) / 2}, x\n" for i in range(6))
    (folder / "train.log").write_text(log)
    done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
    assert "the Regex of 'loss' changed; pass --log to see whether it reads the same numbers" in done.stdout
    done = algolint("diff", "--log", "train.log", "--format", "concise", "old.yaml", "new.yaml", cwd=folder)
    if reported is None:
        assert (done.returncode, done.stdout) == (0, "")
    else:
        assert reported in done.stdout
        assert done.returncode == reported.startswith("error")


def test_a_log_that_cannot_be_read_is_an_error(algolint: Run, folder: Path) -> None:
    done = algolint("diff", "--log", "none.log", "old.yaml", "new.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (2, "algolint: none.log: No such file or directory\n")


def test_what_a_log_proves_replaces_what_a_pattern_suggests(algolint: Run, tmp_path: Path) -> None:
    """The linter doubts patterns that read this log correctly; with the log nothing is reported for them."""
    spec = {**SPEC, "MetricDefinitions": [{"Name": "train:loss", "Regex": "loss=(.*)"}]}
    spec.pop("SupportedTuningJobObjectiveMetrics")
    request = {"AlgorithmName": "forecaster-1", "TrainingSpecification": spec}
    (tmp_path / "spec.json").write_text(json.dumps(request))
    (tmp_path / "train.log").write_text("loss=1.5\nloss=1.25\n")
    assert "metric-regex" in algolint("--show-info", "spec.json", cwd=tmp_path).stdout
    done = algolint("metrics", "--show-info", "spec.json", "--log", "train.log", cwd=tmp_path)
    assert done.returncode == 0
    assert "metric-regex" not in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("forecaster-1", "forecaster-2", 0),
        ("forecaster", "forecaster-2", 0),
        ("forecaster-v1-9", "forecaster-v2-0", 0),
        ("forecaster-1-2", "forecaster-1-3", 1),
        ("forecaster-2", "forecaster-1", 1),
        ("forecaster-1", "recommender-2", 1),
        ("forecaster", "forecaster-eu", 1),
    ],
)
def test_a_new_major_version_may_break(algolint: Run, folder: Path, old: str, new: str, code: int) -> None:
    (folder / "old.yaml").write_text(OLD.replace("forecaster-1", old))
    (folder / "new.yaml").write_text(NEW.replace("forecaster-2", new))
    assert algolint("diff", "old.yaml", "new.yaml", cwd=folder).returncode == 1
    assert algolint("diff", "--allow-major", "old.yaml", "new.yaml", cwd=folder).returncode == code
    (folder / "algolint.toml").write_text("allow-major = true\n")
    done = algolint("diff", "old.yaml", "new.yaml", cwd=folder)
    assert done.returncode == code
    assert done.stdout.splitlines()[-1].endswith(": a major version")


# ---------------------------------------------------------------- metrics

SPEC = {
    "MetricDefinitions": [
        {"Name": "train:loss", "Regex": "(?<![\\w-])loss=([0-9.]+)"},
        {"Name": "validation:acc", "Regex": "val_acc: ([0-9.]+)"},
    ],
    "SupportedTuningJobObjectiveMetrics": [{"MetricName": "validation:acc", "Type": "Maximize"}],
    "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1",
}
LOG = "".join(f"epoch {i}: loss={1 / (i + 1):.3f} val_acc={i / 10:.2f}\n" for i in range(6))


def test_metrics_of_what_is_deployed(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "train.log").write_text(LOG)
    done = algolint("metrics", "-", "--log", "train.log", stdin=json.dumps(SPEC))
    assert "<stdin>:1:" in done.stdout
    assert (done.returncode, done.stderr) == (1, "")
    done = algolint("metrics", "-", "--log", "-", stdin=json.dumps(SPEC))
    assert (done.returncode, done.stderr) == (
        2,
        "algolint: only one of SPEC and --log can be standard input\n",
    )


@pytest.mark.parametrize("form", [*settings.FORMATS, "full to a file", "json to a file"])
def test_a_log_from_standard_input_is_reported_as_one_from_a_file(
    algolint: Run, tmp_path: Path, form: str
) -> None:
    """In every format, the output, the exit code and what is suggested are those of the file."""
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    (tmp_path / "train.log").write_text(LOG)
    name, _, is_file = form.partition(" to a ")
    arguments = ["metrics", "spec.json", "--suggest", "--format", name, *(["-o", "out"] if is_file else [])]
    seen = []
    for source, stdin in (("train.log", ""), ("-", LOG)):
        done = algolint(*arguments, "--log", source, stdin=stdin)
        written = (tmp_path / "out").read_text() if is_file else ""
        seen.append((done.returncode, done.stdout, done.stderr, written))
    assert seen[0] == seen[1]
    code, output, errors, written = seen[0]
    assert code == 1
    assert "validation:acc" in output + written
    is_full = name == "full"
    suggested = "val_acc is printed 6 times and no metric reads it:"
    assert (suggested in output + written, suggested in errors) == (is_full, not is_full)


def test_nothing_to_suggest_is_said(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    done = algolint("metrics", "spec.json", "--log", "-", "--suggest", stdin="val_acc=1\n" * 4)
    assert done.stdout.endswith("no other named number is printed 5 times or more\n")


def test_metrics_in_a_table(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    (tmp_path / "train.log").write_text(LOG)
    done = algolint("metrics", "spec.json", "--log", "train.log", "--suggest", cwd=tmp_path)
    assert done.returncode == 1
    assert "validation:acc: no line of 6 matches; line 1 has" in done.stdout
    assert "which has '=' where the pattern has ':'" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.startswith("train:loss"))
    assert row.split() == ["train:loss", "6", "1", "0.167", "0.167", "1", "6", "█▄▂▂▁▁"]
    assert "val_acc is printed 6 times and no metric reads it:" in done.stdout


@pytest.mark.parametrize("name", ["spec.json", "spec.yaml"])
def test_a_suggested_entry_is_in_the_syntax_of_the_spec_and_reads_the_log(
    algolint: Run, tmp_path: Path, name: str
) -> None:
    import yaml

    spec = json.loads(json.dumps(SPEC))
    spec["MetricDefinitions"].pop()
    spec["SupportedTuningJobObjectiveMetrics"][0]["MetricName"] = "train:loss"
    written = json.dumps(spec) if name == "spec.json" else yaml.safe_dump(spec)
    (tmp_path / name).write_text(written)
    log = "".join(f"'it''s': {i} val_acc={i / 10:.2f} loss=1.{i}\n" for i in range(6))
    (tmp_path / "train.log").write_text(log)
    done = algolint("metrics", name, "--log", "train.log", "--suggest", cwd=tmp_path)
    lines = done.stdout.splitlines()
    entry = lines[lines.index("val_acc is printed 6 times and no metric reads it:") + 1].strip()
    assert entry.startswith("{" if name == "spec.json" else "- {")
    found = yaml.safe_load(entry)
    reading = metrics(found if isinstance(found, list) else [found], log)["val_acc"]
    assert list(reading.values) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]


def test_metrics_of_several_specs_are_those_of_the_first_that_has_some(algolint: Run, folder: Path) -> None:
    metric = '  MetricDefinitions: [{Name: "loss", Regex: "loss=([0-9.]+)"}]\n'
    (folder / "two.yaml").write_text(f"{OLD}---\n{OLD.replace('forecaster', 'ranker')}{metric}")
    (folder / "train.log").write_text("loss=0.5\n")
    done = algolint("metrics", "two.yaml", "--log", "train.log", cwd=folder)
    assert done.returncode == 0
    assert "loss" in done.stdout
    assert done.stderr == "algolint: 2 specs; the metrics are those of two.yaml:10 ('ranker-1')\n"


def test_metrics_from_standard_input_as_json(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC).replace("val_acc: ", "val_acc="))
    done = algolint("metrics", "spec.json", "--log", "-", "--format", "json", cwd=tmp_path, stdin=LOG)
    assert done.returncode == 0
    loss, acc = json.loads(done.stdout)["metrics"]
    assert (loss["numbers"], acc["last"], acc["values"]) == (6, 0.5, [0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert acc["objective"] == "Maximize"


def test_metrics_are_plotted(algolint: Run, tmp_path: Path) -> None:
    """The page is self-contained: it has no scripts for drawing and loads nothing."""
    text = json.dumps(SPEC).replace("val_acc: ", "val_acc=").replace("train:loss", "<b>loss")
    (tmp_path / "spec.json").write_text(text)
    done = algolint("metrics", "spec.json", "--log", "-", "--format", "html", cwd=tmp_path, stdin=LOG)
    plots = done.stdout.partition('<section class="plots"')[2].partition("</section>")[0]
    assert plots.count("<polyline") == 2
    assert "&lt;b&gt;loss</b> 6 numbers, from 1 to 0.167" in plots
    assert "to be maximized; 6 numbers, from 0 to 0.5; best 0.5 on line 6" in plots
    points = plots.partition('points="')[2].partition('"')[0].split()
    assert (points[0], points[-1]) == ("72.0,6.0", "634.0,154.0")
    assert "style=" not in plots
    assert "http" not in plots


def test_a_plot_of_many_numbers_keeps_the_extremes(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC).replace("val_acc: ", "val_acc="))
    log = "".join(f"loss={900 if i == 7777 else i % 7}\n" for i in range(20_000))
    done = algolint("metrics", "spec.json", "--log", "-", "--format", "html", cwd=tmp_path, stdin=log)
    points = done.stdout.partition('points="')[2].partition('"')[0].split()
    assert len(points) <= 640
    assert {point.partition(",")[2] for point in points} >= {"6.0", "154.0"}
    assert "<b>validation:acc</b> no numbers" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("spec.json", "--log", "none.log"), ("spec.json", "--log", "x.gz"), ("none", "--log", "-")]
)
def test_logs_that_cannot_be_read(algolint: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    (tmp_path / "x.gz").write_text("not gzip")
    done = algolint("metrics", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"algolint: {arguments[2] if arguments[0] != 'none' else 'none'}: ")


def test_a_log_from_standard_input_is_decoded_like_a_file(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    arguments = ("metrics", "spec.json", "--log", "-", "--log", "-", "--format", "json")
    done = algolint(*arguments, cwd=tmp_path, stdin=b"\xff loss=0.5\r\n", env=environment)
    assert json.loads(done.stdout)["metrics"][0]["values"] == [0.5]


def test_no_more_of_standard_input_is_read_than_may_be_linted(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO(b"x" * 100)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=data))
    monkeypatch.setattr("algolint.limits.MAX_FILE_SIZE", 10)
    with pytest.raises(SpecError, match="the limit is 10"):
        read_specs("-", Model(), read_standard_input())
    assert data.tell() == 11


def test_a_containers_own_test() -> None:
    readings = metrics(SPEC, LOG)
    assert readings["train:loss"].last == 0.167
    with pytest.raises(AssertionError, match="validation:acc: no line of 6 matches"):
        assert_metrics(SPEC, LOG.splitlines(keepends=True))
    good = json.loads(json.dumps(SPEC).replace("val_acc: ", "val_acc="))
    assert assert_metrics(good, LOG)["validation:acc"].values[-1] == 0.5


def test_git_that_the_system_refuses_to_run_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(SpecError, match="git cannot be run: Resource temporarily unavailable"):
        read_specs("git:HEAD:a.json", Model())
