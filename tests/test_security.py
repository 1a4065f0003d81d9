"""The threat table: what a hostile file, folder or name may attempt, with a test for each; see SECURITY.md."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run, sampled

from algolint import limits
from algolint.config.settings import FORMATS

FAULTY = '{"AlgorithmName": "a b", "TrainingSpecification": "${SPEC}"}'
FIXABLE = "AlgorithmName: a\nTrainingSpecification:\n  TrainingChannels:\n    - SupportedInputModes: [FILE]\n"

# ---------------------------------------------------------------- nothing is run, imported, fetched or expanded

# All events by which the interpreter accesses the system, except those of Python's own imports (-B: it would
# also write byte code).
AUDIT = """
import json, os, sys
inside = False
def hook(event, arguments):
    if inside and (
        event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "ctypes.",
                          "pty.", "urllib.", "ftplib.", "http.", "webbrowser.", "shutil.", "tempfile.",
                          "os.remove", "os.rename", "os.mkdir", "os.chmod", "os.link", "os.symlink", "pickle."))
        # The standard streams are opened again, by their numbers.
        or (event == "open" and arguments[0] not in (1, 2) and set(arguments[1] or "") & set("wax+"))
        or (event == "open" and arguments[1] is None and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        # Programs are parsed ("compile" to a tree), never run.
        or (event == "exec" and any(w in str(arguments[0]) for w in ("HOSTILE", '"a.py"', "a.ipynb", "<unknown>")))
        or (event == "import" and "HOSTILE" in str(arguments[0]).upper())
        or (event == "open" and "hostile-target" in str(arguments[0]))
    ):
        print("AUDIT", event, arguments, file=sys.stderr)
sys.addaudithook(hook)
from algolint.cli import main as cli
for folder, arguments in json.loads(sys.argv[1]):
    os.chdir(folder)
    print("FOLDER", folder)
    print("FOLDER", folder, file=sys.stderr)
    inside = True
    code = cli.run(arguments.split())
    inside = False
    print("CODE", code)
"""

SPECS: list[tuple[str, str, str]] = [
    ("an object made by YAML", "a.yaml", "AlgorithmName: !!python/object/apply:os.system ['echo HOSTILE']\nTags: []\n"),
    ("a name of Python", "a.yaml", "AlgorithmName: !!python/name:hostile.module\nTags: []\n"),
    ("a module of Python", "a.yaml", "AlgorithmName: !!python/module:hostile.module x\nTags: []\n"),
    ("an object with state", "a.yaml", "Tags: !!python/object/new:subprocess.Popen [[id]]\nAlgorithmName: a\n"),
    ("an included file", "a.yaml", "Tags: !include hostile-target\nAlgorithmName: !ENV ${HOSTILE_TARGET}\n"),
    ("a CloudFormation include", "a.yaml", "Fn::Transform: {Name: AWS::Include, Parameters: {Location: hostile-target}}\nAlgorithmName: a\nTags: []\n"),
    ("an environment variable", "a.json", '{"AlgorithmName": "$HOSTILE_TARGET", "Tags": ["%HOSTILE_TARGET%", "~"]}'),
    ("an address of a file", "a.json", '{"AlgorithmName": "file://hostile-target", "Tags": [], "$ref": "file:hostile-target"}'),
    ("an address of a site", "a.json", '{"$schema": "http://127.0.0.1:9/x", "AlgorithmName": "http://127.0.0.1:9/", "Tags": []}'),
    ("a template of Jinja", "a.yaml", "AlgorithmName: {{ ''.__class__.__mro__[1].__subclasses__() }}\nTags: []\nx: {% include 'hostile-target' %}\n"),
    ("a format string", "a.json", '{"AlgorithmName": "{0.__class__.__init__.__globals__}", "Tags": [], "%(hostile)s%n": "{}"}'),
    ("an expression for a metric", "a.json", '{"AlgorithmName":"a","TrainingSpecification":{"MetricDefinitions":[{"Name":"a","Regex":"(?{ HOSTILE })(?#"}]}}'),
    ("configuration in a comment", "a.yaml", "# algolint: rule-directories=[hostile]\n# -*- coding: hostile -*-\nAlgorithmName: a b\nTags: []\n"),
    ("configuration in a spec", "a.json", '{"AlgorithmName": "a b", "Tags": [], "tool": {"algolint": {"plugins": ["hostile"]}}, "plugins": ["hostile"]}'),
    ("a notebook of code", "a.ipynb", '{"cells": [{"cell_type": "code", "source": ["import os; os.system(\'HOSTILE\')\\n", "client.create_algorithm(AlgorithmName=__import__(\'hostile\'))"], "metadata": {}, "outputs": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    ("a program", "a.py", "import hostile\nopen('hostile-target')\nclient.create_algorithm(AlgorithmName=eval('HOSTILE'), TrainingSpecification={})\n"),
    ("a program that is no program", "a.py", "create_algorithm(AlgorithmName=" + "f'{" * 50 + "\n"),
]  # fmt: skip


def audited(runs: list[tuple[Path, str]]) -> dict[str, tuple[str, str]]:
    """Return standard output and standard error of runs in folders, with the events of the interpreter."""
    done = subprocess.run(
        [
            sys.executable,
            "-B",
            "-c",
            AUDIT,
            json.dumps([[str(folder), arguments] for folder, arguments in runs]),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOSTILE_TARGET": "secret of the machine"},
    )
    parts = (
        (part.partition("\n") for part in text.split("FOLDER ")[1:]) for text in (done.stdout, done.stderr)
    )
    printed: dict[str, tuple[str, str]] = {}
    for (folder, _, out), (_, _, err) in zip(*parts, strict=True):
        before = printed.get(folder, ("", ""))
        printed[folder] = before[0] + out, before[1] + err
    return printed


OPTIONS = ("--format json", "--diff --unsafe-fixes", "--format html")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Return the output for each of the specs."""
    runs = []
    for what, name, text in SPECS:
        folder = tmp_path_factory.mktemp("hostile") / what.replace(" ", "-")
        folder.mkdir()
        (folder / name).write_text(text)
        (folder / "hostile-target").write_text("secret of the machine")
        (folder / "hostile.py").write_text("raise SystemExit('HOSTILE')")
        runs += [(folder, f"{options} {name} .") for options in OPTIONS]
    return {Path(folder).name: printed for folder, printed in audited(runs).items()}


@pytest.mark.parametrize("what", [row[0].replace(" ", "-") for row in SPECS])
def test_nothing_in_a_spec_is_run_imported_fetched_or_expanded(
    outputs: dict[str, tuple[str, str]], what: str
) -> None:
    out, err = outputs[what]
    assert "AUDIT" not in err
    assert "Error" not in err
    codes = re.findall("^CODE (.)$", out, re.MULTILINE)
    assert len(codes) == len(OPTIONS)
    # An older Python reports that it cannot read an f-string that Python 3.12 may read.
    assert set(codes) <= {"0", "1"} or "is written for Python 3.12" in err
    assert "secret of the machine" not in out


def test_the_audit_sees_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    [(_, err)] = audited([(tmp_path, "a.json --output report")]).values()
    assert "AUDIT open (" in err
    assert "AUDIT os.rename (" in err


# ---------------------------------------------------------------- the current folder

MODULES = (
    "algolint_rules argparse bisect copy enum functools gc importlib itertools json jsonschema logging os pathspec"
    " pickle re regex shutil signal site sitecustomize string struct tempfile tomllib types typing unicodedata"
    " usercustomize yaml zlib"
).split()


@pytest.mark.parametrize("form", ["full", "json", "html", "sarif"])
def test_modules_of_the_current_folder_are_not_imported(tmp_path: Path, form: str) -> None:
    for module in MODULES:
        (tmp_path / f"{module}.py").write_text("import sys; sys.stderr.write('HOSTILE ' + __name__)")
    (tmp_path / "algolint_rules.dist-info").mkdir()
    (tmp_path / "algolint_rules.dist-info" / "entry_points.txt").write_text("[algolint.rules]\nx = json\n")
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "a.yaml").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('exclude = ["x"]')
    script = Path(sys.executable).with_name("algolint")
    commands = [[sys.executable, "-m", "algolint"], *([[str(script)]] if script.exists() else [])]
    for command in commands:
        done = subprocess.run(
            [*command, "--format", form, "--jobs", "2", "a.json", "a.yaml"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        assert done.returncode == 1


def test_a_host_that_imports_algolint_keeps_its_path(tmp_path: Path) -> None:
    """Even if it was started with `python -m` in that folder."""
    (tmp_path / "host.py").write_text(
        "import sys\nbefore = [*sys.path]\nimport algolint\nprint(sys.path == before)\n"
    )
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("import host\n")
    (tmp_path / "package" / "__main__.py").write_text("")
    for module in ("host", "package"):
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout == "True\n"


# ---------------------------------------------------------------- code that the configuration names

LOCAL = "import sys\nsys.stderr.write('HOSTILE')\n"


def test_local_rules_run_only_where_the_configuration_names_them(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    for folder in ("rules", "algolint_rules", "algolint", "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").write_text("")
        (tmp_path / folder / "evil.py").write_text(LOCAL)
    (tmp_path / "conftest.py").write_text(LOCAL)
    (tmp_path / "other.toml").write_text('rule-directories = ["mine"]')
    # `-m` would import this as algolint itself, which algolint cannot prevent.
    (tmp_path / "algolint").rename(tmp_path / "algolint-")
    assert "HOSTILE" not in algolint(".").stderr
    assert "HOSTILE" in algolint("--config", "other.toml", ".").stderr
    (tmp_path / "other.toml").rename(tmp_path / "algolint.toml")
    assert "HOSTILE" in algolint(".").stderr
    assert "HOSTILE" not in algolint("--isolated", ".").stderr


def test_a_configuration_outside_of_the_repository_has_no_say(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "algolint.toml").write_text('rule-directories = ["mine"]')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "evil.py").write_text(LOCAL)
    below = tmp_path / "repository" / "specs"
    below.mkdir(parents=True)
    (below / "a.json").write_text(FAULTY)
    assert "HOSTILE" in algolint("repository").stderr
    (tmp_path / "repository" / ".git").mkdir()
    assert "HOSTILE" not in algolint("repository").stderr
    # A worktree or a submodule has a file there.
    (tmp_path / "repository" / ".git").rmdir()
    (tmp_path / "repository" / ".git").write_text("gitdir: elsewhere")
    assert "HOSTILE" not in algolint("specs", cwd=tmp_path / "repository").stderr


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_configuration_that_may_be_anybodys_has_no_say(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "algolint.toml").write_text('ignore = ["pattern-mismatch"]')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.json").write_text(FAULTY)
    assert algolint("mine").returncode == 0
    tmp_path.chmod(0o1777)
    assert algolint("mine").returncode == 1


# ---------------------------------------------------------------- writing


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")
class TestWriting:
    def test_a_link_is_not_followed(self, algolint: Run, tmp_path: Path) -> None:
        (tmp_path / "tree").mkdir()
        (tmp_path / "outside.yaml").write_text(FIXABLE)
        (tmp_path / "tree" / "a.yaml").symlink_to("../outside.yaml")
        for path in ("tree", "tree/a.yaml"):
            done = algolint("--fix", path)
            assert "is a symbolic link" in done.stderr
            assert done.returncode == 2
        assert (tmp_path / "outside.yaml").read_text() == FIXABLE
        assert (tmp_path / "tree" / "a.yaml").is_symlink()

    def test_a_folder_that_is_a_link_is_not_walked(self, algolint: Run, tmp_path: Path) -> None:
        (tmp_path / "tree").mkdir()
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "a.yaml").write_text(FIXABLE)
        (tmp_path / "tree" / "folder").symlink_to("../outside")
        algolint("--fix", "tree")
        assert (tmp_path / "outside" / "a.yaml").read_text() == FIXABLE

    def test_another_name_of_the_file_keeps_its_text(self, algolint: Run, tmp_path: Path) -> None:
        (tmp_path / "tree").mkdir()
        (tmp_path / "outside.yaml").write_text(FIXABLE)
        os.link(tmp_path / "outside.yaml", tmp_path / "tree" / "a.yaml")
        assert algolint("--fix", "tree").returncode == 1
        assert "File" in (tmp_path / "tree" / "a.yaml").read_text()
        assert (tmp_path / "outside.yaml").read_text() == FIXABLE

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755, 0o666])
    def test_the_mode_stays(self, algolint: Run, tmp_path: Path, mode: int) -> None:
        path = tmp_path / "a.yaml"
        path.write_text(FIXABLE)
        path.chmod(mode)
        algolint("--fix", "a.yaml")
        assert "File" in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == mode

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
    def test_the_owner_stays(self, algolint: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_text(FIXABLE)
        path.chmod(0o640)
        os.chown(path, 12345, 54321)
        algolint("--fix", "a.yaml")
        assert "File" in path.read_text()
        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 54321)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes every file")
    def test_a_read_only_file_stays(self, algolint: Run, tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_text(FIXABLE)
        path.chmod(0o444)
        assert "is read-only" in algolint("--fix", "a.yaml").stderr
        assert path.read_text() == FIXABLE

    @pytest.mark.parametrize("arguments", [[], ["--fix"], ["--diff"], ["--format", "html"], ["--list-files"]])
    def test_nothing_else_is_written(self, algolint: Run, tmp_path: Path, arguments: list[str]) -> None:
        (tmp_path / "a.json").write_text(FAULTY)
        (tmp_path / "b.yaml").write_text(FIXABLE)
        algolint(*arguments, ".")
        assert sorted(os.listdir(tmp_path)) == ["a.json", "b.yaml"]

    @pytest.mark.parametrize("option", ["--output", "--write-baseline"])
    def test_only_the_named_target_is_written(self, algolint: Run, tmp_path: Path, option: str) -> None:
        (tmp_path / "a.json").write_text(FAULTY)
        algolint(option, "target", "a.json")
        assert sorted(os.listdir(tmp_path)) == ["a.json", "target"]
        (tmp_path / "folder").mkdir()
        done = algolint(option, "folder", "a.json")
        assert done.returncode == 2
        more = {
            "--output": "Is a directory",
            "--write-baseline": "is a folder; give folders to lint before the option",
        }
        assert done.stderr == f"algolint: {option} folder: {more[option]}\n"

    def test_init_overwrites_nothing(self, algolint: Run, tmp_path: Path) -> None:
        (tmp_path / "target").write_text("mine")
        (tmp_path / "algorithm.yaml").symlink_to("target")
        assert algolint("init").returncode == 2
        assert (tmp_path / "target").read_text() == "mine"


# ---------------------------------------------------------------- reports

COMMANDS = [
    "::error::x",
    " ::add-mask::a",
    "##[error]x",
    "##[add-path]/x",
    "a ##vso[task.setvariable variable=x]y",
]


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")
@pytest.mark.parametrize("actions", ["", "true"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_log_takes_no_command(algolint: Run, tmp_path: Path, form: str, actions: str) -> None:
    """As runners of GitHub Actions or Azure Pipelines parse their logs, line by line."""
    tags = [{"Key": command, "Value": f"{command}\n{command}"} for command in COMMANDS]
    spec = {
        "AlgorithmName": COMMANDS[0],
        "Tags": tags * 2,
        **dict.fromkeys(COMMANDS, 1),
        "AlgorithmDescription": 1,
    }
    names = []
    for number, command in enumerate(COMMANDS):
        name = f"{command.replace('/', '.')}{number}.json"
        names.append(name)
        (tmp_path / name).write_text(json.dumps(spec, indent=1))
        (tmp_path / f"{name}.yaml").write_text(
            f'AlgorithmName: "{command} #"\n#{command}: [\n"{command}": #{command}\n'
        )
    for arguments in ([], ["--list-files"], ["--show-info", "--statistics", "--verbose"]):
        done = algolint("--format", form, *arguments, "--", ".", *names, "::warning::gone.json", "##[error]gone.json",
                        env={**os.environ, "GITHUB_ACTIONS": actions})  # fmt: skip
        assert done.returncode in (0, 2)
        for line in (done.stdout + done.stderr).splitlines():
            if line.startswith("::"):
                assert form == "github"
                kind, _, rest = line.removeprefix("::").partition(" ")
                assert kind in ("error", "warning", "notice")
                assert rest.startswith("file=")
                continue
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            assert "##vso[" not in line
        if FORMATS[form].syntax == "json" and not arguments:
            assert "##[error]x" in json.dumps(json.loads(done.stdout)), (
                "what is spelt otherwise reads the same"
            )


def test_the_promises_are_written_down() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "whose configuration names local rules runs those rules" in text
    assert "--isolated" in text


# ---------------------------------------------------------------- what says how to lint

# A description, the file, its text, and words of the error.
SETTINGS: list[tuple[str, str, bytes, str]] = [
    ("deep lists", "algolint.toml", b"x = " + b"[" * 100_000, "nested too deeply"),
    ("deep tables", "algolint.toml", b"x = " + b"{a=" * 100_000, "nested too deeply"),
    ("a key of many parts", "algolint.toml", b".".join([b"a"] * 100_000) + b" = 1", "a key of more than 50 parts"),
    ("a table of many parts", "algolint.toml", b"[" + b".".join([b"'a'"] * 100_000) + b"]", "a key of more than 50 parts"),
    ("a number of 5,000 digits", "algolint.toml", b"x = " + b"1" * 5000, "not valid TOML"),
    ("a large file", "algolint.toml", b"#" * 2_000_000, "has more than 1,048,576 bytes"),
    ("a large file of others", "pyproject.toml", b"# algolint " * 200_000, "has more than 1,048,576 bytes"),
    ("bytes that are no text", "algolint.toml", b"\xff\xfe", "cannot be read"),
    ("no table", "pyproject.toml", b"[tool]\nalgolint = 5\n", "takes a table, not 5"),
    ("a folder that no folder can be", "algolint.toml", b'rule-directories = ["\\u0000"]', "rule directory"),
    ("a long pattern", "algolint.toml", b'exclude = ["' + b"*a" * 300_000 + b'"]', "algolint.toml:1: exclude: a text of 600,000 characters; it takes at most 4,096"),
    ("a long pattern of files", "algolint.toml", b'[per-file-ignores]\n"' + b"*a" * 300_000 + b'" = ["x"]', "per-file-ignores: a text of 600,000 characters; it takes at most 4,096"),
    ("a long key", "algolint.toml", b"a" * 5000 + b" = 1", "a text of 5,000 characters; it takes at most 4,096"),
    ("many wildcards", "algolint.toml", b'ignore = ["x"]\nexclude = ["a", ' + b",".join(b'"' + b"*a" * 2000 + b'"' for _ in range(21)) + b"]", "algolint.toml:2: exclude: the patterns have more than 40,000 wildcards"),
    ("a file that no file can be", "algolint.toml", b'extend = "\\u0000"', "extend: no such file"),
    ("no pattern", "algolint.toml", b'exclude = ["!"]', "'!' is not a valid gitignore pattern"),
    ("no range of a pattern", "algolint.toml", b'exclude = ["[z-a]"]', "'[z-a]' is not a valid gitignore pattern"),
    ("no pattern of files", "algolint.toml", b"per-file-ignores = {'!' = ['x']}", "'!' is not a valid gitignore pattern"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "words"), [row[1:] for row in SETTINGS], ids=[r[0] for r in SETTINGS]
)
def test_a_hostile_configuration(algolint: Run, tmp_path: Path, name: str, text: bytes, words: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / name).write_bytes(text)
    done = algolint("a.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


@pytest.mark.parametrize("key", [
    "select", "ignore", "extend-select", "extend-ignore", "severity", "per-file-ignores", "suppressions", "fail-on",
    "show-info", "api-revision", "region", "extra-instance-types", "plugins", "rule-directories", "baseline",
    "include", "exclude",
])  # fmt: skip
@pytest.mark.parametrize(
    "value",
    sampled(["{x=1}", "1", "[1]", "1979-05-27", '"\\u0000"', "[[1]]", "nan", "[{}]", '{x=["\\u0000"]}']),
)
def test_a_configuration_of_wrong_types(algolint: Run, tmp_path: Path, key: str, value: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text(f"{key} = {value}")
    done = algolint("a.json")
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")
@pytest.mark.parametrize("name", ["algolint.toml", "pyproject.toml", ".gitignore", "baseline"])
@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "folder"])
def test_settings_files_are_regular_files(algolint: Run, tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.json").write_text(FAULTY)
    if name == "baseline":
        (tmp_path / "algolint.toml").write_text('baseline = "baseline"')
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if kind == "device" else name)
    done = algolint(".")
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if name == ".gitignore" else 2)


def test_a_line_that_is_no_pattern_is_passed_over(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_bytes(b"!\n[z-a]\n\xff\n\0\nb.json\n!\n")
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "b.json").write_text(FAULTY)
    assert algolint("--list-files", ".").stdout == "a.json\n"


def test_ten_thousand_suppressions(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text(
        '[[suppressions]]\nrules = ["x"]\npointer = "/a"\nreason = "r"\n' * 10_000
    )
    assert algolint("a.json").returncode == 1


def test_a_baseline_of_more_values_than_a_spec(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    algolint("--write-baseline", "baseline", "a.json")
    written = json.loads((tmp_path / "baseline").read_text())
    written["entries"] += [written["entries"][0] | {"path": f"{i}.json"} for i in range(30_000)]
    (tmp_path / "baseline").write_text(json.dumps(written))
    done = algolint("--baseline", "baseline", "a.json")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_configuration_that_the_user_names_may_be_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    command = f"echo 'ignore = [\"pattern-*\"]' | '{sys.executable}' -m algolint --config /dev/stdin a.json"
    assert subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_each_threat_of_the_table_has_its_test() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("|") and "`test_" in line]
    assert len(rows) > 10
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for row in rows:
        for name in re.findall(r"`(test_\w+)`", row[3]):
            assert f"def {name}(" in written, name


# ---------------------------------------------------------------- limits


def test_the_limits_are_the_published_ones() -> None:
    """In the order of `algolint.limits`."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    table = page.partition("| limit | of what |")[2].partition("\n\n")[0]
    published = [row.split("|")[1].strip() for row in table.splitlines()[2:]]
    sizes = {
        "MAX_FILE_SIZE",
        "MAX_SETTINGS_SIZE",
        "MAX_BASELINE_SIZE",
        "MAX_SEARCHED_SIZE",
        "MAX_TREE_LENGTH",
        "MAX_VARIABLES_LENGTH",
        "MAX_IMPORTED_SIZE",
        "MAX_MODULE_SIZE",
        "MAX_EXPANDED_LENGTH",
        "MAX_TEMPLATE_LENGTH",
        "MAX_FIXED_LENGTH",
        "MAX_COMPARED_LENGTH",
        "MAX_KEPT_BYTES",
    }

    def rendered(name: str, value: int) -> str:
        if name not in sizes:
            return f"{value:,}"
        return f"{value // 1024**2} MiB" if value % 1024**2 == 0 else f"{value // 1024} KiB"

    values = {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}
    assert published == [rendered(name, value) for name, value in values.items()]
