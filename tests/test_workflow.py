"""Daily use of a linter: baselines, comments for all findings, reports to files, help."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, Run, sampled
from locations import POSIX, program_in
from renderings import notebook

from algolint.api import lint_text
from algolint.cli.known_rules import compare_rules
from algolint.cli.options import COMMANDS
from algolint.config import files
from algolint.config.effective import SettingsFinder
from algolint.config.settings import FORMATS
from algolint.jobs.linter import job_rules
from algolint.page import parsed
from algolint.reports.evidence import sources
from algolint.rule import Rule
from algolint.rule_files import all_rules
from algolint.runs.session import Session

START = ROOT / "algolint" / "cli"
FAULTY = "AlgorithmName: a b\nTags:\n  - {Key: team, Value: 'x, y'}\n  - {Key: '#', Value: z}\n"


# ---------------------------------------------------------------- baselines


def test_a_baseline_hides_what_is_known_and_shows_what_is_new(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(FAULTY)
    done = algolint("--write-baseline", "known.json", "a.yaml")
    assert (done.returncode, done.stdout) == (
        0,
        "4 findings written to known.json (4 added, 0 removed, 0 kept)\n",
    )
    done = algolint("--baseline", "known.json", "a.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "no problems in 1 file (4 in the baseline)\n",
        "",
    )
    path.write_text("# moved\n" + FAULTY.replace("x, y", "x; y"))
    done = algolint("--baseline", "known.json", "--format", "concise", "a.yaml")
    assert done.returncode == 1
    assert [line.rpartition(" ")[2] for line in done.stdout.splitlines()] == ["[tag-charset]"]


def test_a_baseline_does_not_change_when_cells_are_added(algolint: Run, tmp_path: Path) -> None:
    request = {"AlgorithmName": "a b", "TrainingSpecification": {}}
    cells = json.loads(notebook(request))
    (tmp_path / "a.ipynb").write_text(json.dumps(cells))
    algolint("--write-baseline", "known.json", "a.ipynb")
    before = (tmp_path / "known.json").read_text()
    assert "'a b' contains" in before
    cells["cells"].insert(0, {"cell_type": "code", "source": ["import json\n"]})
    (tmp_path / "a.ipynb").write_text(json.dumps(cells))
    done = algolint("--write-baseline", "known.json", "a.ipynb")
    assert " 0 removed" in done.stdout
    assert (tmp_path / "known.json").read_text() == before


def test_stale_entries_are_said(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(FAULTY)
    algolint("--write-baseline", "known.json", "a.yaml")
    path.write_text(FAULTY.replace("a b", "ab"))
    (tmp_path / "algolint.toml").write_text('baseline = "known.json"')
    done = algolint("a.yaml")
    assert done.returncode == 0
    assert "known.json: no longer found: pattern-mismatch in a.yaml" in done.stderr
    assert "known.json" not in algolint("--quiet", "a.yaml").stderr


def test_a_baseline_holds_in_every_process(algolint: Run, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"a{number}.yaml").write_text(FAULTY)
    algolint("--write-baseline", "known.json", ".")
    done = algolint("--baseline", "known.json", "--jobs", "2", ".")
    assert (done.returncode, done.stderr) == (0, "")
    assert "(160 in the baseline)" in done.stdout


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}'])
def test_a_broken_baseline_is_explained(algolint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    (tmp_path / "known.json").write_text(text)
    for name in ("known.json", "gone.json"):
        done = algolint("--baseline", name, "a.yaml")
        assert done.returncode == 2
        assert name in done.stderr
        assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- suppression


def test_comments_for_all_findings(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(FAULTY)
    done = algolint("--add-ignore", "--show-info", "a.yaml")
    assert done.returncode == 0
    assert "no problems in 1 file (" in done.stdout
    assert "  # algolint: ignore[tag-charset]" in path.read_text()
    assert algolint("--show-info", "a.yaml").returncode == 0


def test_json_takes_no_comments(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"AlgorithmName": "a b", "Tags": []}')
    done = algolint("--add-ignore", "a.json")
    assert "JSON takes no comments; to suppress what is left, add this to a new algolint.toml:" in done.stderr
    assert done.returncode == 1
    assert path.read_text() == '{"AlgorithmName": "a b", "Tags": []}'


def test_an_unused_comment_is_reported_and_removed(algolint: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("AlgorithmName: ab  # algolint: ignore[pattern-mismatch] was needed once\nTags: []\n")
    done = algolint("--fail-on", "warning", "--select", "unused-suppression,pattern-mismatch", "a.yaml")
    assert done.returncode == 1
    assert "[unused-suppression]" in done.stdout
    algolint("--fix", "a.yaml")
    assert path.read_text() == "AlgorithmName: ab\nTags: []\n"


def test_an_unused_suppression_of_the_configuration_is_said(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text(
        "suppressions = [\n  {pointer = '/AlgorithmName', rules = ['pattern-mismatch']},\n"
        "  {pointer = '/Tags/9', rules = ['tag-charset'], path = 'a.yaml'},\n"
        "  {pointer = '/Tags/**', rules = ['tag-*'], path = 'b.yaml'},\n]\n"
    )
    done = algolint("a.yaml")
    assert "(1 suppressed)" in done.stdout
    assert "the suppression of tag-charset at /Tags/9 is unused" in done.stderr


def test_a_suppression_of_a_file_that_was_not_linted_is_not_called_unused(
    algolint: Run, tmp_path: Path
) -> None:
    """Hooks and editors name the files that changed."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(FAULTY if name == "a.yaml" else "AlgorithmName: ab\nTags: []\n")
    (tmp_path / "algolint.toml").write_text(
        "suppressions = [\n  {pointer = '/AlgorithmName', rules = ['pattern-mismatch'], path = 'a.yaml'},\n"
        "  {pointer = '/Tags/**', rules = ['tag-charset']},\n"
        "  {pointer = '/Tags', rules = ['tag-charset'], path = 'gone.yaml'},\n]\n"
    )
    assert algolint("b.yaml").stderr == ""
    assert algolint("--stdin-filename", "b.yaml", "-", stdin="AlgorithmName: ab\nTags: []\n").stderr == ""
    for path in (".", str(tmp_path)):
        assert algolint(path).stderr.count(" is unused") == 1
    (tmp_path / "a.yaml").unlink()
    assert algolint().stderr.count(" is unused") == 3


def test_a_suppression_that_another_configuration_extends_is_judged_once(
    algolint: Run, tmp_path: Path
) -> None:
    """It may suppress a finding in a team's file only; the message names the file and the line that has it."""
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "a.yaml").write_text(FAULTY)
    (tmp_path / "a.yaml").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text(
        "[[suppressions]]\npointer = '/AlgorithmName'\nrules = ['pattern-mismatch']\npath = 'team/'\n"
        "[[suppressions]]\npointer = '/Tags/9'\nrules = ['tag-charset']\n"
    )
    (tmp_path / "team" / "algolint.toml").write_text(
        "extend = '../algolint.toml'\n[[suppressions]]\npointer = '/Tags/8'\nrules = ['tag-charset']\n"
    )
    for jobs in ("1", "2"):
        done = algolint("--jobs", jobs, ".")
        assert "(1 suppressed)" in done.stdout
        assert done.stderr.splitlines() == [
            f"algolint: {tmp_path}/algolint.toml:6: the suppression of tag-charset at /Tags/9 is unused",
            f"algolint: {tmp_path}/team/algolint.toml:3: the suppression of tag-charset at /Tags/8 is unused",
        ]


def test_suppressions_at_one_pointer_are_judged_one_by_one(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text(
        "".join(
            f"[[suppressions]]\npath = '{name}'\npointer = '/AlgorithmName'\nrules = ['pattern-mismatch']\n"
            for name in ("a.yaml", "gone.yaml", "b.yaml")
        )
    )
    for jobs in ("1", "2"):
        done = algolint("--jobs", jobs, ".")
        assert "(1 suppressed)" in done.stdout
        assert [line.split(":")[2] for line in done.stderr.splitlines()] == ["7", "11"]


def test_the_lines_of_unused_suppressions_are_found_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds are added when algolint is adopted."""
    (tmp_path / "a.yaml").write_text(FAULTY)
    path = tmp_path / "algolint.toml"
    path.write_text(
        "".join(f"[[suppressions]]\npointer = '/Tags/{n}'\nrules = ['tag-charset']\n" for n in range(300))
    )
    split: list[str] = []
    words_of = files._words_of

    def counted(line: str) -> tuple[str, ...]:
        split.append(line)
        return words_of(line)

    monkeypatch.setattr(files, "_words_of", counted)
    session = Session(SettingsFinder({}, str(path)))
    session.inputs.find([str(tmp_path)], empty=print, skipped=print)
    session.lint(str(tmp_path / "a.yaml"), False)
    unused = list(session.unused_suppressions([str(tmp_path / "a.yaml")]))
    assert [int(where.rpartition(":")[2]) for where, _ in unused] == [3 * n + 2 for n in range(300)]
    assert len(split) < 1000


# ---------------------------------------------------------------- reports


@POSIX
@pytest.mark.new_process
@pytest.mark.parametrize("arguments", [("--output", "/dev/stdout"), ("--report", "full=/dev/fd/1", "-q")])
def test_a_report_goes_to_a_pipe(algolint: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """What they link to has no path, as that of `>(jq .)` in a shell."""
    (tmp_path / "a.yaml").write_text(FAULTY)
    done = algolint(*arguments, "a.yaml")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("a.yaml:1:")


def test_a_report_goes_to_a_file(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    done = algolint("--format", "sarif", "--output", "out.sarif", "a.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    results = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    assert all(result["partialFingerprints"]["algolint/v1"] for result in results)
    done = algolint("--output", "gone/out", "a.yaml")
    assert done.returncode == 2
    assert "gone/out: No such file or directory" in done.stderr


def test_several_reports_of_one_run(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    reports = [f"--report={form}=out.{form}" for form in FORMATS]
    done = algolint(*reports, "a.yaml")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == algolint("a.yaml").stdout
    for form in FORMATS:
        alone = algolint("--format", form, "-o", "alone", "a.yaml")
        assert alone.returncode == 1
        assert (tmp_path / f"out.{form}").read_bytes() == (tmp_path / "alone").read_bytes(), form


def test_a_report_is_written_over_neither_a_spec_nor_another_report(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    for arguments, message in [
        (["--report", "json=a.yaml"], "--report a.yaml: is a file to lint, and is left as it is"),
        (["--report", "json=x", "--report", "sarif=./x"], "--report ./x: is the file of another report"),
        (["--report", "json=x", "-o", "x"], "--output x: is the file of another report"),
        (["--report", "json=gone/x"], "--report gone/x: No such file or directory"),
    ]:
        done = algolint(*arguments, "a.yaml")
        assert done.returncode == 2
        assert message in done.stderr
    assert (tmp_path / "a.yaml").read_text() == FAULTY


@pytest.mark.parametrize("option", ["--output={}", "--report=json={}"])
def test_a_report_is_written_over_neither_a_baseline_nor_a_configuration(
    algolint: Run, tmp_path: Path, option: str
) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('baseline = "known.json"\n')
    for findings in (4, 0):
        algolint("a.yaml", "--write-baseline")
        assert len(json.loads((tmp_path / "known.json").read_text())["entries"]) == findings
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        for name, kind in (("known.json", "baseline"), ("algolint.toml", "configuration")):
            done = algolint(option.format(name), "--format=json", ".")
            assert done.returncode == 2
            assert f"{name}: looks like a {kind}, and is left as it is" in done.stderr
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
        (tmp_path / "a.yaml").write_text("AlgorithmName: ab\nTrainingSpecification: ${X}\n")


def test_paths_in_a_gitlab_job_are_those_of_the_repository(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "teams").mkdir()
    (tmp_path / "teams" / "a.yaml").write_text(FAULTY)
    job = {**os.environ, "GITLAB_CI": "true", "CI_PROJECT_DIR": str(tmp_path)}
    whole = algolint("--format", "gitlab", env=job).stdout
    assert {row["location"]["path"] for row in json.loads(whole)} == {"teams/a.yaml"}
    assert algolint("--format", "gitlab", cwd=tmp_path / "teams", env=job).stdout == whole


@pytest.mark.parametrize(
    ("variables", "arguments", "annotates"),
    [
        ({"GITHUB_ACTIONS": "true"}, [], True),
        ({"GITHUB_ACTIONS": "true", "PRE_COMMIT": "1"}, [], False),
        ({"GITHUB_ACTIONS": "true"}, ["--format", "concise"], False),
        ({"GITHUB_ACTIONS": "true"}, ["--output", "out"], False),
        ({}, [], False),
    ],
)
def test_annotations_in_github_actions(
    algolint: Run, tmp_path: Path, variables: dict[str, str], arguments: list[str], annotates: bool
) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "PRE_COMMIT"))}
    summary = tmp_path / "summary.md"
    done = algolint(*arguments, "a.yaml", env={**kept, **variables, "GITHUB_STEP_SUMMARY": str(summary)})
    assert done.stdout.startswith("::error ") == annotates
    assert summary.exists() == annotates


def test_statistics_and_quiet_and_verbose(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FAULTY)
    done = algolint("--statistics", "--quiet", "a.yaml")
    assert "    2  error    tag-charset\n" in done.stderr
    assert "in 1 file" not in done.stdout
    done = algolint("--verbose", "a.yaml")
    assert "botocore 1.43.105, 2026-09-29; " in done.stderr
    assert "0 rule calls left undecided by unknown values\n" in done.stderr


def test_verbose_names_what_was_left_undecided(algolint: Run, tmp_path: Path) -> None:
    channel = "{Name: a, SupportedContentTypes: [text/csv], SupportedInputModes: ['${X}']}"
    (tmp_path / "a.yaml").write_text(f"TrainingChannels: [{channel}]\nTrainingImage: '${{Z}}'\n")
    told = algolint("--verbose", "a.yaml").stderr
    calls, names = re.findall(r"(\d+) rule calls? left undecided by unknown values: (.+)", told)[0]
    assert "channels-no-common-input-mode (1)" in names
    report = json.loads(algolint("--format", "json", "a.yaml").stdout)
    assert int(calls) == report["summary"]["skipped_for_unknown"]
    assert int(calls) == sum(map(int, re.findall(r"\((\d+)\)", names)))


# ---------------------------------------------------------------- beginning, and help


def test_init_writes_a_request_that_is_silent_but_for_its_placeholders(algolint: Run, tmp_path: Path) -> None:
    assert algolint("init").returncode == 0
    text = (tmp_path / "algorithm.yaml").read_text()
    done = algolint("--format", "json", "--show-info", "algorithm.yaml")
    rows = json.loads(done.stdout)["diagnostics"]
    flag = "marketplace-flag-missing"
    assert {row["rule"] for row in rows} == {"placeholder-left-in", flag}
    lines = {number for number, line in enumerate(text.splitlines(), 1) if "<" in line.partition("#")[0]}
    found = [d for d in lint_text(text, "algorithm.yaml") if d.rule.name != flag]
    assert {d.location.line for d in found} == lines
    assert sum(row["count"] for row in rows if row["rule"] != flag) == len(found)
    assert done.returncode == 1, "the role with <account> is refused"
    again = algolint("init")
    assert again.returncode == 2
    assert "File exists" in again.stderr
    assert (tmp_path / "algorithm.yaml").read_text() == text
    filled = (
        text.replace("<account>", "246618743249").replace("<region>", "us-west-2").replace("<tag>", "1.0")
    )
    filled = (
        filled.replace("<repository>", "a").replace("<bucket>", "amzn-example-bucket").replace("<role>", "r")
    )
    (tmp_path / "algorithm.yaml").write_text(filled)
    done = algolint("--fail-on", "info", "algorithm.yaml")
    assert done.stdout.endswith("1 info in 1 file\n")
    assert flag in done.stdout


STARTED = [
    ("algorithm.yaml", "yaml"),
    ("my.yml", "yaml"),
    ("algorithm.json", "json"),
    ("algorithm.template", "cfn"),
    ("stack.cfn.yaml", "cfn"),
    ("main.tf", "tf"),
    ("main.tf.json", "tf.json"),
    ("create.py", "py"),
]


def test_init_quotes_a_name_with_spaces(algolint: Run, tmp_path: Path) -> None:
    name = "my algorithm.tf"
    assert algolint("init", name).stdout.endswith('then run: algolint "my algorithm.tf"\n')
    assert '#   algolint "my algorithm.tf"\n' in (tmp_path / name).read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="names that Windows and macOS refuse")
@pytest.mark.parametrize("ending", ["yaml", "template", "tf", "py"])
@pytest.mark.parametrize(("name", "shown"), [("a\nb.", "a\\nb."), ("a\udcff.", "a\\udcff.")])
def test_init_keeps_a_name_on_its_line(
    algolint: Run, tmp_path: Path, name: str, shown: str, ending: str
) -> None:
    assert algolint("init", name + ending).returncode == 0
    text = (tmp_path / f"{name}{ending}").read_text()
    assert f"algolint {shown}{ending}\n" in text


@pytest.mark.parametrize(("name", "kind"), STARTED)
def test_init_writes_what_the_ending_says(algolint: Run, tmp_path: Path, name: str, kind: str) -> None:
    """The same request in each syntax, with the same findings at the placeholders."""
    done = algolint("init", name)
    assert (done.returncode, done.stdout) == (
        0,
        f"wrote {name}; replace each <...>, then run: algolint {name}\n",
    )
    text = (tmp_path / name).read_text()
    if "json" in kind:
        assert ("resource" in json.loads(text)) == (kind == "tf.json")
    if kind == "tf":
        # `terraform fmt` has the signs of neighbours in one column.
        columns = [line.find(" = ") for line in text.splitlines()]
        assert all(one == other for one, other in pairwise(columns) if min(one, other) > 0)
        terraform = shutil.which("terraform")
        if terraform:
            subprocess.run([terraform, "fmt", "-check", name], cwd=tmp_path, check=True, capture_output=True)
    if kind == "py":
        compile(text, name, "exec")
    found = lint_text(text, name)
    assert {d.rule.name for d in found} <= {"placeholder-left-in", "marketplace-flag-missing"}
    pointers = {d.location.pointer for d in found}
    expected = {d.location.pointer for d in lint_text((START / "starter.yaml").read_text(), "a.yaml")}
    if kind == "cfn":
        expected = {
            pointer for pointer in expected if "/Validation" not in pointer and "Certify" not in pointer
        }
    assert {re.sub(r"^/Resources/\w+/Properties", "", pointer) for pointer in pointers} == expected


@pytest.mark.parametrize("name", ["foo.toml", "algorithm", "a.ipynb", "a.txt"])
def test_init_refuses_other_endings(algolint: Run, tmp_path: Path, name: str) -> None:
    done = algolint("init", name)
    assert done.returncode == 2
    assert f"{name} cannot be written: its extension is not one of .template, " in done.stderr
    assert not (tmp_path / name).exists()


def test_a_misspelt_option_is_answered_with_the_nearest(algolint: Run) -> None:
    assert "did you mean '--format'?" in algolint("--fromat", "json").stderr


def test_help_names_every_option_and_command(algolint: Run) -> None:
    from algolint.cli.parser import check_parser

    text = algolint("--help").stdout
    for action in check_parser()._actions:
        assert all(name in text for name in action.option_strings)
    for name in ("check", *COMMANDS):
        assert name in text
    assert all(len(line) <= 110 for line in text.splitlines())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_completion_script_is_short_and_read_by_its_shell(
    algolint: Run, tmp_path: Path, shell: str
) -> None:
    script = algolint("completion", shell).stdout
    assert len(script) < 2000
    assert "--words=" in script
    program = shutil.which("pwsh" if shell == "powershell" else shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(script)
    command = [program, "-n", "script"]
    if shell == "powershell":
        command = [
            program,
            "-NoProfile",
            "-Command",
            "[scriptblock]::Create((Get-Content -Raw script)) > $null",
        ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


COMPLETED = [
    ([], "expl", ["explain"]),
    ([], "--form", ["--format"]),
    ([], "--format=sa", ["--format=sarif"]),
    (["--format"], "sa", ["sarif"]),
    (["--ignore"], "max-wait-b", ["max-wait-below-runtime"]),
    (["--ignore"], "env-size,max-wait-b", ["env-size,max-wait-below-runtime"]),
    (["--select"], "hyperparam", ["hyperparameter-ranges", "hyperparameters"]),
    (["--select"], "AL", ["ALL"]),
    (["a.json", "--severity"], "env-siz", ["env-size="]),
    (["--severity"], "env-size=w", ["env-size=warning"]),
    (["--severity"], "env-size=o", ["env-size=off"]),
    (["--report"], "ju", ["junit="]),
    (["--report"], "junit=x", []),
    (["--api-revision"], "1.29.127", ["1.29.127"]),
    (["--api-revision"], "lat", ["latest"]),
    (["--region"], "eu-central-1", ["eu-central-1"]),
    (["--fail-on"], "w", ["warning"]),
    (["--output"], "", []),
    (["explain"], "max-wait-b", ["max-wait-below-runtime"]),
    (["explain"], "diff-hp-rem", ["diff-hp-removed"]),
    (["completion"], "po", ["powershell"]),
    (["rules"], "--f", ["--format"]),
    (["rules", "--format"], "m", ["markdown"]),
    (["schema", "--shape"], "TrainingSpec", ["TrainingSpecification"]),
    (["schema", "--api-revision"], "lat", ["latest"]),
    (["diff"], "--br", ["--breaks"]),
    (["job"], "--form", ["--format"]),
    (["job", "a.yaml", "--fail-on"], "w", ["warning"]),
    (["check"], "--stat", ["--statistics"]),
    (["a.json"], "b", []),
]


@pytest.mark.parametrize(("before", "current", "expected"), COMPLETED, ids=str)
def test_words_are_completed(before: list[str], current: str, expected: list[str]) -> None:
    from algolint.cli.commands import RUN
    from algolint.cli.completion import candidates

    assert [word for word, _ in candidates(current, before, RUN)] == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_options_of_every_command_are_completed(algolint: Run, command: str) -> None:
    done = algolint("completion", "--words=--", command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("--")


def test_rules_of_packs_are_completed_and_a_wrong_configuration_is_not_in_the_way(
    algolint: Run, tmp_path: Path
) -> None:
    assert "env-size\t" in algolint("completion", "--words=env-s", "--ignore").stdout
    (tmp_path / "algolint.toml").write_text("wrong")
    done = algolint("completion", "--words=env-s", "--ignore")
    assert "env-size\t" in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_words(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(algolint("completion", "bash").stdout)
    (tmp_path / "my file (1).json").write_text("{}")
    program = program_in(tmp_path / "bin") / "algolint"

    def completed(*words: str) -> list[str]:
        quoted = " ".join(f"'{word}'" for word in (str(program), *words))
        code = (
            f"compopt() {{ :; }}; source ./script; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _algolint;"
        )
        done = subprocess.run(
            ["bash", "-c", code + 'printf "%s\\n" "${COMPREPLY[@]}"'],
            cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [line for line in done.stdout.split("\n") if line]

    assert completed("--form") == ["--format"]
    # Bash breaks at =, and replaces what follows it.
    assert completed("--format", "=", "sa") == ["sarif"]
    assert completed("--format", "=") == list(FORMATS)
    assert completed("--severity", "env-siz") == ["env-size="]
    assert completed("--severity", "env-size", "=", "w") == ["warning"]
    assert completed("--severity", "=", "env-siz") == ["env-size="]
    assert completed("--severity", "=", "env-size", "=", "w") == ["warning"]
    assert completed("--ignore", "env-size,max-wait-b") == ["env-size,max-wait-below-runtime"]
    assert completed("explain", "max-wait-b") == ["max-wait-below-runtime"]
    assert completed("rules", "--f") == ["--format"]
    assert completed("my") == ["my file (1).json"]


def test_the_page_shown_by_explain_is_the_manuals(algolint: Run) -> None:
    text = algolint("explain", "max-wait-below-runtime").stdout
    assert text.startswith("max-wait-below-runtime  error or warning, unsafe fix, stopping condition\n")
    manual = (ROOT / "rules" / "README.md").read_text()
    for line in text.splitlines()[2:6]:
        assert line.strip() in manual


RULES = [*all_rules(), *compare_rules(), *job_rules()]


@pytest.mark.parametrize("rule", sampled([pytest.param(rule, id=rule.name) for rule in RULES], 10))
def test_explain_shows_the_whole_page_of_each_rule(algolint: Run, rule: Rule) -> None:
    """Its severities, every paragraph and example, and the evidence, for the rules of every command."""
    done = algolint("explain", rule.name)
    assert (done.returncode, done.stderr) == (0, "")
    head, _, body = done.stdout.partition("\n")
    assert head.startswith(f"{rule.name}  {rule.severity}")
    assert all(level in head for level in (rule.severity, *rule.also))
    shown = " ".join(body.split())
    page = parsed(rule.page)
    evidence = [source.text for source in sources(rule.evidence)]
    for paragraph in [page.summary, *(paragraph.text for paragraph in page.paragraphs), *evidence]:
        assert " ".join(paragraph.split()) in shown
    for example in page.examples:
        assert textwrap.indent(example.text, "    ") in body
