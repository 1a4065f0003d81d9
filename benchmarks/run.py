"""Measures algolint as its users run it, compared with other tools, and prints tables in Markdown.

    python benchmarks/run.py                      the goals, and the tools that are installed
    python benchmarks/run.py --quick --check      a small part; exit code 1 if a goal is missed by far
    python benchmarks/run.py --only growth --full
    python benchmarks/run.py --peers VENV --update

Commands that are compared run in turn, in another order each round. A time is the median of all rounds, and a
ratio is the median of the rounds' ratios, so that a busy moment affects both commands. Ratios are comparable
between machines, milliseconds are not. Requires POSIX, and Linux to measure memory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import corpus

ROOT = Path(__file__).resolve().parent.parent

# ---------------------------------------------------------------- what algolint is compared with

_LOAD_YAML = """
import sys, yaml
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        list(yaml.load_all(file.read(), yaml.CSafeLoader))
"""
_LOAD_JSON = """
import json, sys
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        json.loads(file.read())
"""
_BOTOCORE = """
import json, sys
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
model = ServiceModel(Loader().load_service_model("sagemaker", "service-2"))
shape = model.operation_model("CreateAlgorithm").input_shape
validator = ParamValidator()
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        report = validator.validate(json.loads(file.read()), shape)
    if report.has_errors():
        print(path, report.generate_report())
"""
_JSONSCHEMA_RS = """
import json, sys
import jsonschema_rs
with open(sys.argv[1], encoding="utf-8") as file:
    validator = jsonschema_rs.validator_for(json.loads(file.read()))
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        for error in validator.iter_errors(json.loads(file.read())):
            print(path, error.instance_path, error.message)
"""

# ---------------------------------------------------------------- what is measured in a process

# Only this process: the usage that the system records includes children and the process that started it.
_PEAK = """
import atexit, sys
def print_peak():
    with open("/proc/self/status") as file:
        print(next(line for line in file if line.startswith("VmHWM")).split()[1], file=sys.stderr)
atexit.register(print_peak)
from algolint.__main__ import main
main()
"""
_KEYSTROKE = """
import statistics, sys, time
from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source
session = Session(SettingsFinder({}, isolated=True))
times = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    start = time.perf_counter()
    session.lint(path, True, Source(path, text))
    times.append(time.perf_counter() - start)
print(1000 * statistics.median(times[len(times) // 10:]))
"""

# Like the server, whose session remembers the document and which configures the collector. Each text is new.
_SAVED_AGAIN = """
import gc, statistics, sys, time
from algolint.config.effective import SettingsFinder
from algolint.runs.session import Session
from algolint.source import Source
gc.freeze()
gc.set_threshold(10_000)
session = Session(SettingsFinder({}, isolated=True), remembers=True)
with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
at = text.index("Description") + 15
times = []
for number in range(200):
    edited = f"{text[:at]}{number:03}{text[at + 3:]}"
    start = time.perf_counter()
    session.lint(sys.argv[1], True, Source(sys.argv[1], edited))
    times.append(time.perf_counter() - start)
print(1000 * statistics.median(times[20:]))
"""

_CONFIGURATION = """\
fail-on = "warning"
ignore = ["metric-*"]
extra-instance-types = ["ml.p9.48xlarge"]

[severity]
hp-default-and-required = "warning"
"""
# What most Python projects ignore.
_GITIGNORE = "__pycache__/\n*.py[cod]\n.venv/\nbuild/\ndist/\n*.egg-info/\n.pytest_cache/\n.DS_Store\n!keep\n"
_PYPROJECT = '[project]\nname = "forecaster"\n[dependency-groups]\nlint = ["algolint", "ruff"]\n'
_OTHER_TOOLS = f"{_PYPROJECT}[tool.ruff]\nline-length = 100\nselect = [\n  'E', # errors\n]\n"
_OF_TOOL = _CONFIGURATION.replace("[severity]", "[tool.algolint.severity]")
_BY_PATH = 'per-file-ignores = { "old-*" = ["tag-*"] }\n'

# Without variables of this shell or CI, so that byte code is cached and reports are written as usual.
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GITHUB_"))
}

# ---------------------------------------------------------------- measuring


class Run(NamedTuple):
    """The time of one run of a command, in seconds; `cpu` is the sum of its processes."""

    wall: float
    cpu: float


def interleaved(commands: dict[str, list[str]], rounds: int) -> dict[str, list[Run]]:
    """Return the runs of each command, in rounds, after one run of each to fill the caches."""
    for command in commands.values():
        _try(command)
    dice = random.Random(1)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name in dice.sample(list(commands), len(commands)):
            runs[name].append(_run_of(commands[name]))
    return runs


def _run_of(command: list[str]) -> Run:
    silent = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, _ENVIRONMENT, file_actions=silent)
    _, _, usage = os.wait4(process, 0)
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


def _try(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as it will be measured. A command that fails must not look fast."""
    done = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    failed = re.search(r"^Traceback|^usage:|^algolint: |No module named", done.stderr, re.MULTILINE)
    if failed or done.returncode < 0:
        raise SystemExit(f"{' '.join(command)[:200]} failed:\n{done.stderr[-2000:]}")
    return done


@dataclass
class Line:
    """A row of a table. `value` is a ratio, or has a `unit`; `goal` is its maximum.

    With `at_least`, the goal is a minimum. `spread` has the quartiles of the ratio, and `cpu` the ratio of
    processor time.
    """

    work: str
    measured: str
    reference: str
    value: float
    goal: float | None = None
    unit: str = ""
    at_least: bool = False
    spread: str = ""
    cpu: str = ""

    def misses(self, factor: float = 1) -> bool:
        """Whether the goal is missed by more than a factor."""
        if self.goal is None:
            return False
        return self.value < self.goal / factor if self.at_least else self.value > self.goal * factor

    def cells(self) -> list[str]:
        """Return the cells of the row."""
        ratio = "" if self.unit else f"{self.value:.2f}{self.spread}"
        goal = met = ""
        if self.goal is not None:
            goal = f"{'≥' if self.at_least else '≤'} {self.goal:g}{self.unit and f' {self.unit}'}"
            met = "no" if self.misses() else "yes"
        return [self.work, self.measured, self.reference, ratio, self.cpu, goal, met]


HEAD = ["work", "measured", "compared with", "ratio (quartiles)", "ratio of CPU time", "goal", "met"]


def compared(
    work: str,
    runs: dict[str, list[Run]],
    name: str,
    reference: str,
    goal: float | None = None,
    at_least: bool = False,
) -> Line:
    """Return the row that compares two commands; with `at_least`, how much faster the first one is."""
    pairs = list(zip(runs[name], runs[reference], strict=True))
    ratios = [b.wall / a.wall if at_least else a.wall / b.wall for a, b in pairs]
    cpu = statistics.median(b.cpu / a.cpu if at_least else a.cpu / b.cpu for a, b in pairs)
    low, _, high = statistics.quantiles(ratios, n=4)
    return Line(
        work,
        _ms(runs[name]),
        f"{reference}, {_ms(runs[reference])}",
        statistics.median(ratios),
        goal,
        at_least=at_least,
        spread=f" ({low:.2f}–{high:.2f})",
        cpu=f"{cpu:.2f}",
    )


def _ms(runs: list[Run]) -> str:
    ms = 1000 * _median(runs)
    return f"{ms:,.0f} ms" if ms >= 100 else f"{ms:.1f} ms"


def _median(runs: list[Run]) -> float:
    return statistics.median(run.wall for run in runs)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown with aligned columns."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


# ---------------------------------------------------------------- the environment


class Bench:
    """A temporary folder with a new virtual environment and the corpora, which is the current folder."""

    def __init__(self, folder: Path, peers: Path | None, quick: bool, full: bool) -> None:
        self.folder = folder
        self.quick = quick
        self.full = full
        self.count = 240 if quick else 1000
        # Installed from a copy, since building leaves files in the tree that the next build would include.
        ignored = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")
        shutil.copytree(ROOT, folder / "source", ignore=ignored)
        self.python, self.algolint = self.installed(sys.executable, "venv")
        self.peers = str(peers.absolute() / "bin" / "python") if peers else sys.executable
        self._corpora: dict[str, list[str]] = {}
        os.chdir(folder)

    def installed(self, python: str, name: str) -> tuple[str, str]:
        """Install algolint for an interpreter, and return the paths of its Python and its command."""
        environment = self.folder / name
        # With a current pip: the script that an old one writes imports re, which algolint does not.
        _run(python, "-m", "venv", "--upgrade-deps", str(environment))
        _run(str(environment / "bin" / "python"), "-m", "pip", "install", "-qq", str(self.folder / "source"))
        return str(environment / "bin" / "python"), str(environment / "bin" / "algolint")

    def files(self, kind: str, texts: Callable[[], Iterator[str]], syntax: str, count: int) -> list[str]:
        """Return the first `count` files of a corpus, which are written when first used."""
        name = f"{kind}-{count}"
        if name not in self._corpora:
            paths = corpus.write(Path(name), texts(), count, syntax)
            self._corpora[name] = [str(path) for path in paths]
        return self._corpora[name]

    def made(self, syntax: str, count: int) -> list[str]:
        """Return files of the generated corpus."""
        return self.files(syntax, lambda: corpus.made(syntax), syntax, count)

    def own_patterns(self, syntax: str, count: int) -> list[str]:
        """Return files of the generated corpus in which each metric has a unique pattern."""
        return self.files(
            f"{syntax}-own-patterns", lambda: corpus.made(syntax, own_patterns=True), syntax, count
        )

    def fixtures(self, syntax: str, count: int) -> list[str]:
        """Return files of the corpus that is derived from the fixtures."""
        return self.files(f"{syntax}-fixtures", lambda: corpus.from_fixtures(syntax), syntax, count)

    def has(self, module: str) -> bool:
        """Whether a tool is installed for comparison."""
        code = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
        return subprocess.run([self.peers, "-c", code], check=False).returncode == 0


def _run(*command: str) -> None:
    subprocess.run(command, env=_ENVIRONMENT, check=True)


# ---------------------------------------------------------------- the goals


def start(bench: Bench) -> list[Line]:
    """Measure the whole process for one file."""
    json_file, yaml_file = bench.made("json", 20)[0], bench.made("yaml", 20)[0]
    fixtures = shutil.copytree(ROOT / "fixtures" / "clean", "clean", dirs_exist_ok=True)
    other_json, other_yaml = (f"{fixtures}/{name}" for name in ("tuned-tabular.json", "newest-features.yaml"))
    configured = []
    for name, file, text in (
        ("configured", "algolint.toml", _CONFIGURATION),
        ("by-path", "algolint.toml", _BY_PATH + _CONFIGURATION),
        ("in-pyproject", "pyproject.toml", f"{_OTHER_TOOLS}[tool.algolint]\n{_OF_TOOL}"),
    ):
        configured.append(bench.files(name, lambda: corpus.made("json"), "json", 1)[0])
        Path(configured[-1]).with_name(file).write_text(text)
    repository, faulty, misspelt = _everyday(Path(json_file))
    command = [bench.algolint, "--format", "concise", "--region", "us-west-2"]
    bare, load = "`python -c pass`", "`CSafeLoader`"
    runs = interleaved(
        {
            bare: [bench.python, "-c", "pass"],
            "JSON": [bench.algolint, json_file],
            "JSON, a fixture": [bench.algolint, other_json],
            "configured": [*command, configured[0]],
            "by path": [*command, configured[1]],
            "in pyproject.toml": [*command, configured[2]],
            "in a repository": [bench.algolint, repository],
            "two findings": [bench.algolint, faulty],
            "misspelt": [bench.algolint, misspelt],
            load: [bench.python, "-c", _LOAD_YAML, yaml_file],
            "YAML": [bench.algolint, yaml_file],
            f"{load} of it": [bench.python, "-c", _LOAD_YAML, other_yaml],
            "YAML, a fixture": [bench.algolint, other_yaml],
        },
        15 if bench.quick else 41,
    )
    return [
        compared("one clean JSON file, whole process", runs, "JSON", bare, 2.5),
        compared("one clean JSON fixture", runs, "JSON, a fixture", bare),
        compared("JSON, with options and a configuration file", runs, "configured", bare, 3.0),
        compared("JSON, with a configuration of paths", runs, "by path", bare, 2.9),
        compared("JSON, configured in pyproject.toml", runs, "in pyproject.toml", bare, 2.6),
        compared("a repository with .gitignore and pyproject.toml", runs, "in a repository", bare, 2.4),
        compared("JSON, with two findings", runs, "two findings", bare, 2.6),
        compared("JSON, with a suggestion", runs, "misspelt", bare, 2.9),
        compared("one clean YAML file, whole process", runs, "YAML", load, 1.3),
        compared("one clean YAML fixture", runs, "YAML, a fixture", f"{load} of it"),
    ]


def versions(bench: Bench, pythons: list[str]) -> list[list[str]]:
    """Measure one file with other interpreters, each compared with its own start."""
    json_file = bench.made("json", 20)[0]
    repository, faulty, misspelt = _everyday(Path(json_file))
    rows = []
    for number, python in enumerate(pythons):
        bare, command = bench.installed(python, f"venv-{number}")
        name = _try([bare, "--version"]).stdout.strip()
        runs = interleaved(
            {
                "nothing": [bare, "-c", "pass"],
                "clean": [command, json_file],
                "repository": [command, repository],
                "findings": [command, faulty],
                "suggestion": [command, misspelt],
            },
            15 if bench.quick else 41,
        )
        ratios = [compared("", runs, work, "nothing").value for work in list(runs)[1:]]
        rows.append([name, _ms(runs["nothing"]), *(f"{ratio:.2f}" for ratio in ratios)])
    return rows


VERSIONS_HEAD = ["interpreter", "`-c pass`", "clean JSON", "repository", "two findings", "a suggestion"]


def _everyday(spec: Path) -> tuple[str, str, str]:
    """Return a repository with a spec, the spec with two faults, and the spec with a misspelt key."""
    text = spec.read_text(encoding="utf-8")
    faulty, misspelt = Path("two-findings.json"), Path("misspelt.json")
    faulty.write_text(_changed(text, ('"File"', '"FILE"'), ('"Integer"', '"integer"')), encoding="utf-8")
    misspelt.write_text(_changed(text, ('"TrainingImage"', '"TrainingImagge"')), encoding="utf-8")
    return _repository(spec), str(faulty), str(misspelt)


def _repository(spec: Path) -> str:
    """Return a git repository with one spec, a program and common settings, but none of algolint."""
    folder = Path("repository")
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    (folder / "specs").mkdir(exist_ok=True)
    shutil.copy(spec, folder / "specs" / "algorithm.json")
    (folder / ".gitignore").write_text(_GITIGNORE)
    (folder / "pyproject.toml").write_text(_PYPROJECT)
    (folder / "train.py").write_text("print('training')\n")
    return str(folder)


def _changed(text: str, *changes: tuple[str, str]) -> str:
    """Return a text with the first occurrence of each `old` in `(old, new)` replaced."""
    for old, new in changes:
        if old not in text:
            raise SystemExit(f"the corpus has no {old}")
        text = text.replace(old, new, 1)
    return text


def tree(bench: Bench) -> list[Line]:
    """Measure a tree of unrelated files with 20 specs, compared with searching for the words of a spec."""
    count = 2000 if bench.quick else 18_000
    folder = Path("tree")
    if not folder.exists():
        specs = bench.made("json", 20)
        for number in range(count):
            below = folder / f"{number % 97:02}" / f"{number % 11:02}"
            below.mkdir(parents=True, exist_ok=True)
            name, text = corpus.unrelated(number)
            (below / name).write_text(text, encoding="utf-8")
        for number, path in enumerate(specs):
            shutil.copy(path, folder / f"{number:02}" / "algorithm.json")
    search = shutil.which("rg", path=f"{Path(bench.peers).parent}:{os.environ.get('PATH', '')}")
    if search is None:
        return []
    words = "TrainingSpecification|CreateAlgorithm|create_algorithm|aws_sagemaker_algorithm"
    runs = interleaved(
        {
            "algolint": [bench.algolint, "--jobs", "1", str(folder)],
            "ripgrep": [search, "--threads", "1", "--files-with-matches", words, str(folder)],
        },
        3 if bench.quick else 9,
    )
    return [compared(f"{count:,} unrelated files and 20 specs", runs, "algolint", "ripgrep", 4.0)]


def many(bench: Bench) -> list[Line]:
    """Measure many files, of which 5% are faulty."""
    count, rounds = bench.count, 3 if bench.quick else 9
    lines = []
    if bench.has("botocore"):
        validate = [bench.peers, "-c", _BOTOCORE]
        kinds = {"made": bench.made, "own patterns": bench.own_patterns, "fixtures": bench.fixtures}
        commands = {}
        for name, files in kinds.items():
            commands[f"algolint, {name}"] = [bench.algolint, *files("json", count)]
            commands[f"`ParamValidator`, {name}"] = [*validate, *files("json", count)]
        runs = interleaved(commands, rounds)
        works = {
            "made": (f"{count} JSON files (12 KB)", 0.9),
            "own patterns": (f"{count} JSON files, each regex unique", 1.7),
            "fixtures": (f"{count} JSON files derived from the fixtures (4 KB)", None),
        }
        for name, (work, goal) in works.items():
            lines.append(compared(work, runs, f"algolint, {name}", f"`ParamValidator`, {name}", goal))
    load = [bench.python, "-c", _LOAD_YAML]
    made, fixtures = bench.made("yaml", count), bench.fixtures("yaml", count)
    runs = interleaved(
        {
            "algolint": [bench.algolint, *made],
            "`CSafeLoader`": [*load, *made],
            "`--jobs 2`": [bench.algolint, "--jobs", "2", *made],
            "`--jobs 1`": [bench.algolint, "--jobs", "1", *made],
            "algolint, fixtures": [bench.algolint, *fixtures],
            "`CSafeLoader` of them": [*load, *fixtures],
        },
        rounds,
    )
    return [
        *lines,
        compared(f"{count} YAML files (9 KB)", runs, "algolint", "`CSafeLoader`", 0.85),
        compared(
            f"{count} YAML files derived from the fixtures (3 KB)",
            runs,
            "algolint, fixtures",
            "`CSafeLoader` of them",
        ),
        compared(f"{count} YAML files, `--jobs 2`", runs, "`--jobs 2`", "`--jobs 1`", 1.7, True),
    ]


_METRICS = {
    "train:loss": " loss=([0-9.]+)",
    "validation:loss": "val_loss=([0-9.]+)",
    "step": "step ([0-9]+) loss",
}


def _training_log(megabytes: int, every: int) -> tuple[str, str]:
    """Return a spec with metrics, and a log that has their values on every `every`th line."""
    spec, log = Path("metrics.json"), Path(f"train-{every}.log")
    metrics = [{"Name": name, "Regex": pattern} for name, pattern in _METRICS.items()]
    training = {"TrainingImage": "forecaster:1", "MetricDefinitions": metrics}
    request = {"AlgorithmName": "forecaster", "TrainingSpecification": training}
    spec.write_text(json.dumps(request), encoding="utf-8")
    dice = random.Random(1)
    with log.open("w", encoding="utf-8") as file:
        # A line has 70 to 80 characters.
        for number in range(megabytes * 13_500):
            losses = f"loss={dice.random():.5f} val_loss={dice.random():.5f} lr=1e-05"
            busy = f"worker {number % 8} fetched batch {number} from shard-{number % 97:05}.parquet"
            file.write(f"2026-01-01 10:00:00 {busy if number % every else f'step {number} {losses}'}\n")
    return str(spec), str(log)


def releases(bench: Bench) -> list[Line]:
    """Measure comparing two requests, compared with linting both, and reading a log."""
    old, new = bench.made("json", 2)
    runs = interleaved(
        {"`diff`": [bench.algolint, "diff", old, new], "`check` of both": [bench.algolint, old, new]},
        7 if bench.quick else 25,
    )
    lines = [compared("two JSON files compared", runs, "`diff`", "`check` of both", 1.5)]
    shell = shutil.which("sh")
    return lines if shell is None else [*lines, *_logs(bench, shell)]


def _logs(bench: Bench, shell: str) -> list[Line]:
    """Measure reading a log with three patterns, compared with grep."""
    size, rounds = (40, 3) if bench.quick else (100, 7)
    spec, log = _training_log(size, 20)
    _, dense = _training_log(size // 10, 1)
    patterns = "|".join(_METRICS.values())

    def grep(options: str, name: str, locale: str = "C.UTF-8") -> list[str]:
        # Without the pipe, grep would notice that its output is discarded, and stop at the first match.
        return [shell, "-c", f"LC_ALL={locale} grep {options} '{patterns}' {name} | cat"]

    runs = interleaved(
        {
            "`metrics`": [bench.algolint, "metrics", spec, "--log", log],
            "`grep -oE`": grep("-oE", log),
            "`grep -oE`, `LC_ALL=C`": grep("-oE", log, "C"),
            "`grep -E`, whole lines": grep("-E", log),
            "`metrics`, dense": [bench.algolint, "metrics", spec, "--log", dense],
            "`grep -oE`, dense": grep("-oE", dense),
        },
        rounds,
    )
    work = f"a log of {size} MB, 3 patterns"
    return [
        compared(work, runs, "`metrics`", "`grep -oE`", 3),
        compared(work, runs, "`metrics`", "`grep -oE`, `LC_ALL=C`"),
        compared(work, runs, "`metrics`", "`grep -E`, whole lines"),
        compared(f"{size // 10} MB, metrics on every line", runs, "`metrics`, dense", "`grep -oE`, dense"),
    ]


def memory(bench: Bench) -> list[Line]:
    """Measure the peak memory of the parent process."""
    if not Path("/proc/self/status").exists():
        return []
    peaks = {}
    for count in (100, bench.count, *(() if bench.quick else (10_000,))):
        # As a folder, since the interpreter keeps copies of thousands of arguments. With two processes, since
        # a run of 100 files would not import what starts them.
        folder = str(Path(bench.made("json", count)[0]).parent)
        command = [bench.python, "-c", _PEAK, "--jobs", "2", folder]
        peaks[count] = int(_try(command).stderr.split()[-1]) * 1024 / 1e6
    first, last = min(peaks), max(peaks)
    shown = {count: f"{count:,} files, {peak:.1f} MB" for count, peak in peaks.items()}
    return [
        Line(
            "peak memory of the parent", shown[bench.count], "", peaks[bench.count], 45, "MB"
        ),
        Line("its growth", shown[last], shown[first], peaks[last] / peaks[first], 1.2),
    ]  # fmt: skip


def growth(bench: Bench) -> tuple[list[Line], list[list[str]]]:
    """Measure the cost of each further MiB and file; return the rows with goals, and the steps."""
    mib = 1 << 20
    # The last one stays just below the limit.
    sizes = [mib // 2, mib, 2 * mib] if bench.quick else [2 * mib, 4 * mib, 8 * mib - 1000]
    counts = [200, 400, 800] if bench.quick else [100, 1000, 10_000, *([100_000] if bench.full else [])]
    series: dict[str, tuple[str, Callable[[int], str]]] = {
        "YAML, a stream of requests": ("yaml", corpus.stream),
        "YAML, a stream of faulty requests": ("yaml", lambda size: corpus.stream(size, True)),
        "YAML, a longer list": ("yaml", lambda size: corpus.long_list(size, "yaml")),
        "JSON, a longer list": ("json", lambda size: corpus.long_list(size, "json")),
        "JSON, a longer list of faulty items": ("json", lambda size: corpus.long_list(size, "json", True)),
        "JSON, the same on one line": ("json", lambda size: corpus.long_list(size, "json", True, True)),
    }
    if bench.quick:
        series = dict(list(series.items())[:1])
    names: dict[str, list[tuple[str, float]]] = {}
    commands: dict[str, list[str]] = {}
    Path("growth").mkdir(exist_ok=True)
    for name, (syntax, text) in series.items():
        names[name] = []
        for size in sizes:
            path = Path("growth", f"{len(commands)}.{syntax}")
            path.write_text(text(size), encoding="utf-8")
            names[name].append((str(path), path.stat().st_size / mib))
            commands[str(path)] = [bench.algolint, str(path)]
    few = "files of 0.3 KB"
    names[few] = []
    for count in counts:
        files = bench.files("smallest", corpus.smallest, "json", count)
        commands[few + str(count)] = [bench.algolint, "--jobs", "1", str(Path(files[0]).parent)]
        names[few].append((few + str(count), count))
    runs = interleaved(commands, 5)
    # Disturbances only add to the time of a run, and a difference would include those of two runs.
    least = {name: 1000 * min(run.wall for run in some) for name, some in runs.items()}
    lines, steps = [], []
    for name, points in names.items():
        what, amount = ("a file", "{:,.0f}") if name == few else ("a MiB", "{:.1f} MiB")
        slopes = [
            (least[end] - least[start]) / (high - low) for (start, low), (end, high) in pairwise(points)
        ]
        reached = [amount.format(high) for _, high in points]
        cells = [
            f"{slope:.3g} ({start} to {end})"
            for slope, (start, end) in zip(slopes, pairwise(reached), strict=True)
        ]
        steps.append([name, f"ms {what}", ", ".join(cells)])
        first, last = (f"{slope:.3g} ms {what}" for slope in (slopes[0], slopes[-1]))
        work = f"growth to {reached[-1]}: {name}"
        # Differences of short runs are mostly noise.
        goal = None if bench.quick else 1.5
        lines.append(Line(work, f"at the end {last}", f"at the start {first}", slopes[-1] / slopes[0], goal))
    return lines, steps


def keystroke(bench: Bench) -> list[Line]:
    """Measure parsing and linting in a long-running process, with unique texts in each request."""
    lines = []
    for syntax, goal in (("json", 2), ("yaml", 4)):
        command = [bench.python, "-c", _KEYSTROKE, *bench.own_patterns(syntax, 200)]
        ms = statistics.median(float(_try(command).stdout) for _ in range(3 if bench.quick else 9))
        work = f"parse and lint in process, one {syntax.upper()} request"
        lines.append(Line(work, f"{ms:.2f} ms", "", ms, goal, "ms"))
    for syntax, limit in (("json", 0.8), ("yaml", 1.6)):
        command = [bench.python, "-c", _SAVED_AGAIN, bench.made(syntax, 20)[0]]
        ms = statistics.median(float(_try(command).stdout) for _ in range(3 if bench.quick else 9))
        work = f"the same {syntax.upper()} request, edited"
        lines.append(Line(work, f"{ms:.2f} ms", "", ms, limit, "ms"))
    return lines


# ---------------------------------------------------------------- the language server

EDITOR_HEAD = [
    "text",
    "keystroke",
    "p99",
    "linted in process",
    "p99",
    "ratio",
    "ratio of p99",
    "completion",
    "hover",
]
EDITOR_HEAD += ["initialize", "first diagnostics", "memory"]
# A line that keeps the text from being read, by the syntax.
_HALF_TYPED = {"json": '"Supp', "yaml": "Supp"}


def editor(bench: Bench) -> list[list[str]]:
    """Measure the language server in milliseconds: medians of 580 keystrokes and requests."""
    rows = []
    program = str(bench.folder / "source" / "benchmarks" / "language_server.py")
    for syntax in corpus.SYNTAXES:
        for count, half in ((0, ""), (25, ""), (25, _HALF_TYPED[syntax])):
            file = bench.made(syntax, 20)[0]
            command = [bench.python, program, bench.algolint, file, str(count), half]
            figures = json.loads(_try(command).stdout)
            pairs = [(f"keystroke{which}", f"linted{which}") for which in ("", ", p99")]
            names = [name for pair in zip(*pairs, strict=True) for name in pair]
            lines = [f"{figures[name]:.1f}" for name in names]
            lines += [f"{figures[served] / figures[linted]:.2f}" for served, linted in pairs]
            names = ["completion", "hover", "initialize", "first diagnostics"]
            lines += [f"{figures[name]:.1f}" for name in names]
            what = f"{syntax.upper()}, {figures['findings']} findings{', half typed' if half else ''}"
            rows.append([what, *lines, f"{figures['memory'] / 1000:.0f} MB"])
    return rows


# ---------------------------------------------------------------- other tools


def peers(bench: Bench) -> list[Line]:
    """Measure other tools on the same files. They check other things, and less of the API."""
    count = 20 if bench.quick else 300
    json_files, yaml_files = bench.made("json", count), bench.made("yaml", count)
    Path("schema.json").write_text(_try([bench.algolint, "schema"]).stdout, encoding="utf-8")
    template = shutil.copy(ROOT / "fixtures" / "same" / "image-classifier" / "spec.cfn.yaml", "template.yaml")
    tools = Path(bench.peers).parent
    check = [str(tools / "check-jsonschema"), "--schemafile", "schema.json"]
    rows: list[tuple[str, str, list[str], list[str]]] = [
        ("check_jsonschema", "check-jsonschema", check, json_files),
        ("jsonschema_rs", "jsonschema-rs", [bench.peers, "-c", _JSONSCHEMA_RS, "schema.json"], json_files),
        ("botocore", "botocore", [bench.peers, "-c", _BOTOCORE], json_files),
        ("json", "`json.loads`", [bench.python, "-c", _LOAD_JSON], json_files),
        ("yamllint", "yamllint", [str(tools / "yamllint")], yaml_files),
        ("cfnlint", "cfn-lint", [str(tools / "cfn-lint")], [template]),
    ]
    lines = []
    for module, name, command, files in rows:
        if not bench.has(module):
            continue
        for some in [files[:1], files] if len(files) > 1 else [files]:
            kind = "CloudFormation" if some == [template] else "JSON" if some[0] in json_files else "YAML"
            work = f"one {kind} file" if len(some) == 1 else f"{len(some)} {kind} files"
            commands = {"algolint": [bench.algolint, *some], name: [*command, *some]}
            lines.append(compared(work, interleaved(commands, 3 if bench.quick else 5), "algolint", name))
    return lines


# ---------------------------------------------------------------- the command

PARTS = ("start", "many", "tree", "releases", "memory", "keystroke", "growth", "editor", "peers")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="fewer files and rounds, no other tools: a minute"
    )
    parser.add_argument("--full", action="store_true", help="up to 100,000 files")
    parser.add_argument("--only", choices=PARTS, help="only this part")
    parser.add_argument(
        "--check", action="store_true", help="exit code 1 if a goal is missed by a factor of two, twice"
    )
    parser.add_argument("--peers", type=Path, metavar="VENV", help="virtual environment with the other tools")
    parser.add_argument(
        "--pythons",
        nargs="+",
        metavar="PYTHON",
        default=[],
        help="other interpreters whose start is measured",
    )
    parser.add_argument("--update", action="store_true", help="write the tables to benchmarks/README.md")
    options = parser.parse_args()
    here = os.getcwd()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python} on {platform.system()}, {os.cpu_count()} processors", flush=True)
    with tempfile.TemporaryDirectory() as name:
        try:
            bench = Bench(Path(name), options.peers, options.quick, options.full)
            parts = [options.only] if options.only else PARTS[:-1] if options.quick else PARTS
            lines: dict[str, list[Line]] = {}
            for title, rows in _tables(bench, parts, lines, options.pythons):
                print(f"\n{rows}", flush=True)
                # A part of the goals would replace the whole table.
                if options.update and not (options.only and title == "goals"):
                    _update(title, rows)
            gross = _gross(lines)
            if options.check and gross:
                # The machine may have been busy; what is really slow is slow again.
                again: dict[str, list[Line]] = {}
                slow = [part for part in lines if _gross({part: lines[part]})]
                print("\nmeasuring again what was far from its goal:", flush=True)
                for _, rows in _tables(bench, slow, again, []):
                    print(f"\n{rows}", flush=True)
                gross &= _gross(again)
        finally:
            os.chdir(here)
    if options.check and gross:
        raise SystemExit("\nfar from the goal, twice: " + "; ".join(sorted(gross)))


def _gross(lines: dict[str, list[Line]]) -> set[str]:
    """Return the works that miss their goal by a factor of two.

    Milliseconds, and the gain from a second process, depend on the machine and are left out.
    """
    every = [line for some in lines.values() for line in some]
    return {line.work for line in every if line.unit != "ms" and not line.at_least and line.misses(2)}


def _tables(
    bench: Bench, parts: Sequence[str], lines: dict[str, list[Line]], pythons: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield the tables with their names when they are done, and put rows with goals in `lines` by part."""
    for part in (start, many, tree, releases, memory, keystroke):
        if part.__name__ in parts:
            _announce(part.__name__)
            lines[part.__name__] = part(bench)
    steps: list[list[str]] = []
    if "growth" in parts:
        _announce("growth")
        lines["growth"], steps = growth(bench)
    if lines:
        yield "goals", table(HEAD, [line.cells() for some in lines.values() for line in some])
    if steps:
        yield "growth", table(["what grows", "unit", "cost of each further unit"], steps)
    if "editor" in parts:
        _announce("editor")
        yield "editor", table(EDITOR_HEAD, editor(bench))
    if pythons:
        _announce("versions")
        yield "versions", table(VERSIONS_HEAD, versions(bench, pythons))
    if "peers" in parts:
        _announce("peers")
        yield "peers", table(HEAD[:5], [line.cells()[:5] for line in peers(bench)])


def _announce(part: str) -> None:
    print(f"measuring: {part}", file=sys.stderr)


def _update(title: str, rows: str) -> None:
    """Write a table to the place in `benchmarks/README.md` that has its name."""
    page = ROOT / "benchmarks" / "README.md"
    block = re.compile(rf"(<!-- {title} -->\n).*?(<!-- end -->)", re.DOTALL)
    text = page.read_text(encoding="utf-8")
    page.write_text(block.sub(lambda match: f"{match[1]}{rows}\n{match[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
