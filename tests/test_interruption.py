"""Interrupted runs leave no processes and no half-written files, and the exit code shows the interruption."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, run_command, sampled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

FAULTY = '{"AlgorithmName": "a b", "TrainingSpecification": "${SPEC}"}'
FIXABLE = "AlgorithmName: a\nTrainingSpecification:\n  TrainingChannels:\n    - SupportedInputModes: [FILE]\n"


def started(folder: Path, code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start the command in a process group, after some code."""
    # They are ignored in what a shell runs in the background, and below `nohup`.
    program = "import os, signal, sys, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    program += "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    program += f"sys.path.insert(0, {str(ROOT)!r})\nfrom algolint.runs import session\nfrom algolint.cli import main as cli\n{code}\n"
    program += f"from algolint import __main__\nsys.argv[1:] = {list(arguments)!r}\nsys.exit(__main__.main())"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


# All files but the first two, after which processes are started, block until the run is interrupted; each process
# that reaches them writes a file.
SLOW = """
lint = session.Session.lint
def slowly(self, name, *rest, **more):
    if name > "a001.json":
        open(f"started-{os.getpid()}", "w").close()
        time.sleep(60)
    return lint(self, name, *rest, **more)
session.Session.lint = slowly
"""
# The limit of what a test waits for.
SECONDS = 60


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_the_end_of(group: int) -> None:
    until = time.monotonic() + SECONDS
    while alive(group):
        assert time.monotonic() < until, "a process is left"
        time.sleep(0.05)


def wait_for(processes: int, folder: Path) -> None:
    """Wait until a number of processes have reached a file that blocks."""
    until = time.monotonic() + SECONDS
    while len(list(folder.glob("started-*"))) < processes:
        assert time.monotonic() < until
        time.sleep(0.01)


def interrupted(folder: Path, number: int, to_group: bool, jobs: int) -> tuple[int, str, str]:
    """Return exit code and output of a run that gets a signal while all its processes are linting."""
    process = started(folder, SLOW, "--jobs", str(jobs), ".")
    wait_for(jobs, folder)
    (os.killpg if to_group else os.kill)(process.pid, number)
    out, err = process.communicate(timeout=SECONDS)
    wait_for_the_end_of(process.pid)
    return process.returncode, out, err


def write_faulty(folder: Path, count: int) -> Path:
    for number in range(count):
        (folder / f"a{number:03}.json").write_text(FAULTY)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report of an uninterrupted run over a hundred files, without its summary."""
    return run_command("--quiet", ".", cwd=write_faulty(tmp_path_factory.mktemp("whole"), 100)).stdout


def check_first_findings(out: str, whole: str) -> None:
    """Check that an interrupted run reports the complete findings of the first files."""
    assert whole.startswith(out)
    assert out.endswith("\n\n")
    assert out.count("error:") == 2


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("to_group", [True, False])
def test_ctrl_c(tmp_path: Path, whole: str, jobs: int, to_group: bool) -> None:
    write_faulty(tmp_path, 100)
    code, out, err = interrupted(tmp_path, signal.SIGINT, to_group, jobs)
    assert (code, err) == (130, "")
    check_first_findings(out, whole)


# Runs the command in forks of a process that has imported only what comes before `main`, and sends each SIGINT at
# another of Python's audit events: imports, code that is run, files that are opened. Prints what came of it.
AT_EACH_EVENT = """
import itertools, json, os, signal, sys
from algolint import __main__

def run(number, sent):
    seen = 0
    def audit(event, _):
        nonlocal seen
        seen += 1
        if seen == number:
            os.write(sent, b"!")
            signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open("../stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.addaudithook(audit)
    __main__.main()

loaded = [name for name in sys.modules if name.partition(".")[0] in ("algolint", "algolint_rules")]
step = int(sys.argv.pop(1))
name = sys.argv[-1]
with open(name) as file:
    before = file.read()
codes, errors, texts, files = set(), [], set(), set()
is_sent = True
for number in itertools.count(1, step):
    with open(name, "w") as file:
        file.write(before)
    received, sent = os.pipe()
    pid = os.fork()
    if not pid:
        run(number, sent)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(sent)
    is_sent = bool(os.read(received, 1))
    os.close(received)
    if not is_sent:
        break
    codes.add(code)
    files.update(os.listdir())
    with open("../stderr") as file:
        errors += [(number, line) for line in file]
    with open(name) as file:
        texts.add(file.read())
json.dump([sorted(loaded), number, code, sorted(codes), errors, sorted(texts), sorted(files)], sys.stdout)
"""


def interrupted_at_each_event(
    folder: Path, step: int, *arguments: str, code: int = 1
) -> tuple[set[str], set[str]]:
    """What a file, the last of the arguments, has been after runs cut short, and all files beside it.

    `code` is the exit code of the last run, which is not interrupted.
    """
    done = subprocess.run(
        [sys.executable, "-c", AT_EACH_EVENT, str(step), "--isolated", "--quiet", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    loaded, number, last_code, codes, errors, texts, files = json.loads(done.stdout)
    assert loaded == ["algolint", "algolint.__main__", "algolint.rule"]
    assert last_code == code
    assert number > 300
    assert (codes, errors) == ([130], [])
    return set(texts), set(files)


@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_ctrl_c_at_any_time_after_the_start(tmp_path: Path, step: int) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(FAULTY)
    assert interrupted_at_each_event(tmp_path / "in", step, "a.json") == ({FAULTY}, {"a.json"})


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_ctrl_c_at_any_time_of_a_fix(tmp_path: Path, step: int) -> None:
    """The file has its old text or its new one, and nothing lies beside it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").write_text(FIXABLE)
    texts, files = interrupted_at_each_event(tmp_path / "in", step, "--fix", "a.yaml")
    assert texts <= {FIXABLE, FIXABLE.replace("FILE", "File")}
    assert files == {"a.yaml"}


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_ctrl_c_at_any_time_of_a_new_baseline(tmp_path: Path, step: int) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(FAULTY)
    (tmp_path / "in" / "known.json").write_text('{"format": 1, "entries": []}')
    arguments = ["a.json", "--write-baseline", "known.json"]
    texts, files = interrupted_at_each_event(tmp_path / "in", step, *arguments, code=0)
    assert {len(json.loads(text)["entries"]) for text in texts} <= {0, 1}
    assert files == {"a.json", "known.json"}


@pytest.mark.parametrize("jobs", [1, pytest.param(5, marks=pytest.mark.slow)])
@pytest.mark.parametrize("to_group", [True, False])
def test_being_terminated(tmp_path: Path, whole: str, jobs: int, to_group: bool) -> None:
    write_faulty(tmp_path, 100)
    code, out, err = interrupted(tmp_path, signal.SIGTERM, to_group, jobs)
    assert code in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert err == ""
    if code > 0:
        check_first_findings(out, whole)


@pytest.mark.slow
def test_being_killed_leaves_no_process(tmp_path: Path) -> None:
    """The other processes notice that their parent has gone."""
    write_faulty(tmp_path, 400)
    process = started(tmp_path, SLOW, "--jobs", "5", ".")
    wait_for(5, tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=SECONDS)
    wait_for_the_end_of(process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("location", ["open", "fsync", "chmod", "replace"])
def test_a_signal_while_a_fix_is_written(tmp_path: Path, number: int, location: str) -> None:
    """The file has its old or its new text, and there are no temporary files."""
    path = tmp_path / "a.yaml"
    path.write_text(FIXABLE)
    code = f"""
function = os.{location}
def meanwhile(*arguments, **more):
    done = function(*arguments, **more)
    # Other files are opened to be read.
    if "{location}" != "open" or ".algolint-" in arguments[0]:
        os.kill(os.getpid(), {int(number)})
    return done
os.{location} = meanwhile
"""
    process = started(tmp_path, code, "--fix", "a.yaml")
    process.communicate(timeout=SECONDS)
    assert process.returncode in (130, -number, 128 + number)
    assert path.read_text() == FIXABLE.replace("FILE", "File")
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_a_full_disk_leaves_the_original(tmp_path: Path) -> None:
    """A limit on the size of files has the same effect as a full disk."""
    path = tmp_path / "a.yaml"
    text = FIXABLE + "# " + "x" * 20_000 + "\n"
    path.write_text(text)
    # Python 3.10 leaves half of the bytecode of what it imports first.
    code = "import resource, signal, sys\nsys.dont_write_bytecode = True\n"
    code += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    process = started(tmp_path, code, "--fix", "--quiet", "a.yaml")
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert err == "a.yaml: could not be written: File too large\n"
    assert path.read_text() == text
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_a_full_disk_keeps_no_part_of_a_template(tmp_path: Path) -> None:
    code = "import resource, signal, sys\nsys.dont_write_bytecode = True\n"
    code += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))"
    process = started(tmp_path, code, "init", "a.yaml")
    _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (2, "algolint: a.yaml cannot be written: File too large\n")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
def test_a_full_disk_under_a_report(tmp_path: Path, option: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    process = started(tmp_path, "", option, "/dev/full", "a.json")
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert err == f"algolint: {option} /dev/full: No space left on device\n"
    assert out == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_standard_output_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "algolint", "a.json"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "algolint: the report could not be written: No space left on device\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [["--format", "json", "a.json"], ["diff", "--format", "html", "b.json", "b.json"], ["rules"]],
    ids=lambda arguments: arguments[0],
)
def test_a_disk_that_takes_a_part_of_a_report(tmp_path: Path, arguments: list[str], unbuffered: str) -> None:
    """With PYTHONUNBUFFERED, Python silently drops what was not written."""
    import resource

    (tmp_path / "a.json").write_text(FAULTY)
    shutil.copy(ROOT / "fixtures" / "clean" / "minimal.json", tmp_path / "b.json")
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "algolint", *arguments],
            cwd=tmp_path,
            # Python itself would write, and keep, a part of its byte code.
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "algolint: the report could not be written: File too large\n",
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["explain", "env-size"]])
def test_help_that_cannot_be_written_is_no_success(arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "algolint", *arguments]
        assert subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False).returncode == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
@pytest.mark.parametrize("stderr", ["2>/dev/full", "2> >(true)", "2>&-"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("--statistics a.json", 1),
        ("--add-ignore a.json", 1),
        ("nosuch.json", 2),
        ("--nosuch", 2),
        ("diff a.json broken.json", 2),
    ],
)
def test_standard_error_that_takes_nothing_does_not_change_the_exit_code(
    tmp_path: Path, arguments: str, code: int, stderr: str
) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "broken.json").write_text("{")
    command = f'"{sys.executable}" -m algolint {arguments} >/dev/null {stderr}'
    assert subprocess.run(["bash", "-c", command], cwd=tmp_path, check=False).returncode == code


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_neither_stream_takes_anything(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    command = f'"{sys.executable}" -m algolint a.json >/dev/full 2>/dev/full'
    assert subprocess.run(["bash", "-c", command], cwd=tmp_path, check=False).returncode == 2


FORMATS = ["full", "concise", "json", "sarif", "html"]
READERS = ["head -1", "true", "head -c 70000"]


@pytest.mark.parametrize(
    ("form", "reader"), sampled(itertools.starmap(pytest.param, itertools.product(FORMATS, READERS)), every=2)
)
def test_a_closed_pipe_changes_neither_the_exit_code_nor_the_notes(
    tmp_path: Path, form: str, reader: str
) -> None:
    write_faulty(tmp_path, 300)
    command = f'"{sys.executable}" -m algolint --format {form} --jobs 2 . | {reader} > /dev/null'
    code = "; echo ${PIPESTATUS[0]}"
    cut = subprocess.run(
        ["bash", "-c", command + code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    whole = run_command("--format", form, "--jobs", "2", ".", cwd=tmp_path)
    assert whole.returncode == 1
    assert (cut.stdout, cut.stderr) == ("1\n", whole.stderr)
