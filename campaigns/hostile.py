"""Hostile files through the real command: each within two seconds of processor time and 300 MB, without a
crash.

    python -m campaigns.hostile --count 1000 --seed 1

These are the files of `campaigns/hostile_files.py` and `campaigns/hostile_features.py`, folders and
configurations, and up to the count combinations of two features of `campaigns/growth.py`, as large as they
are checked. With each file there is a faulty one, whose finding must be reported. Commands that change files,
and the server, get five times the time, since they read a text again for each fix and edit. Exits with 1 if a
limit is exceeded, and prints the cases.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from algolint.config.settings import FORMATS
from campaigns import hostile_features, requests
from campaigns.growth import COMMANDS
from campaigns.hostile_files import CALL, ROWS, YAML, faults
from campaigns.hostile_parts import FEATURES, IMAGE, SYNTAXES, pairs

SECONDS = 2.0
MEGABYTES = 300
#: How much longer commands that change files may take.
FIXING = 5
CHECK = ("--isolated", "--format", "concise")
FAULTY = '{"AlgorithmName": "a b", "TrainingSpecification": "${SPEC}"}'

# A description, a function that makes the case in a folder, and the arguments of the command.
Case: TypeAlias = tuple[str, Callable[[Path], object], tuple[str, ...]]


def pace() -> float:
    """Return how much slower this machine currently is than the one that the limits are for; at least 1."""
    start = time.process_time()
    for _ in range(3):
        {str(number): number for number in range(300_000)}
    return max(1.0, (time.process_time() - start) / 3 / 0.07)


# ---------------------------------------------------------------- cases


def _writer(name: str, make: Callable[[], str]) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(make().encode("utf-8", "surrogatepass"))


def files() -> Iterator[Case]:
    """Yield the files in the list, each checked and then run with another command in turn."""
    others = list(COMMANDS)[1:]
    for number, (what, name, make) in enumerate(ROWS):
        yield what, _writer(name, make), (*CHECK, name)
        command = others[number % len(others)]
        yield f"{what}, {command}", _writer(name, make), ("--isolated", *COMMANDS[command], name)


def combinations(dice: random.Random) -> Iterator[Case]:
    """Yield files with two features and as many of something as are checked, without end."""
    every = list(pairs())
    commands = list(COMMANDS)
    while True:
        name, many, first = dice.choice(every)
        syntax = SYNTAXES[name]
        second = dice.choice([other for other, feature in FEATURES.items() if feature.is_of(syntax)])
        command = dice.choice(commands)
        count = 480 if many == "specs" else 1000

        make = partial(syntax.text, many, count, first, second)
        what = f"{name}, {count} {many}, {first} and {second}, {command}"
        path = f"a{syntax.ending}"
        options = CHECK if command == "check" else ("--isolated", *COMMANDS[command])
        yield what, _writer(path, make), (*options, path)


def _tree(count: int, name: str, text: str) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        for number in range(count):
            path = folder / name.format(n=number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(n=number), encoding="utf-8")

    return make


def _beside(name: str, text: Callable[[], str], make: Callable[[Path], object]) -> Callable[[Path], object]:
    def both(folder: Path) -> None:
        make(folder)
        (folder / ".git").mkdir(exist_ok=True)
        (folder / name).write_text(text(), encoding="utf-8")

    return both


def _links(folder: Path) -> None:
    for number in range(300):
        (folder / f"d{number}").mkdir()
        (folder / f"d{number}" / "back").symlink_to("..")
        (folder / f"d{number}" / "next").symlink_to(f"../d{(number + 1) % 300}")
        (folder / f"l{number}.json").symlink_to(f"l{(number + 1) % 300}.json")


def _deep(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)
    try:
        for number in range(300):
            Path(f"a{number}.json").write_text('{"x": 1}', encoding="utf-8")
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
    finally:
        os.chdir(here)


def _repository(folder: Path) -> None:
    _writer("a.json", lambda: faults(900))(folder)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for arguments in (("init", "-q"), ("add", "a.json"), ("commit", "-q", "-m", "a")):
        subprocess.run((*git, *arguments), cwd=folder, check=True, capture_output=True)
    (folder / "a.json").write_text(faults(900).replace("p ", "q "), encoding="utf-8")


def _two(
    first: Callable[[], str], second: Callable[[], str], other: str = "b.json"
) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        _writer("a.json", first)(folder)
        _writer(other, second)(folder)

    return make


def _with_metrics(*patterns: str) -> Callable[[], str]:
    rows = [{"Name": f"m{number}", "Regex": pattern} for number, pattern in enumerate(patterns)]
    training = {"TrainingImage": IMAGE, "MetricDefinitions": rows}
    return lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": training})


def _job(count: int) -> str:
    return json.dumps(
        {
            "TrainingJobName": "a",
            "AlgorithmSpecification": {"AlgorithmName": "a", "TrainingInputMode": "File"},
            "HyperParameters": {f"parm_{number}": str(number) for number in range(count)},
            "InputDataConfig": [{"ChannelName": f"chanel{number}"} for number in range(count)],
        }
    )


def _algorithm(count: int) -> str:
    rows = [{"Name": f"param_{number}", "Type": "Integer", "IsRequired": True} for number in range(count)]
    channels = [{"Name": f"channel{number}", "IsRequired": True} for number in range(count)]
    training = {"TrainingImage": IMAGE, "SupportedHyperParameters": rows, "TrainingChannels": channels}
    return json.dumps({"AlgorithmName": "a", "TrainingSpecification": training})


def _included(count: int) -> Callable[[Path], object]:
    """Return a program with modules that import each other and load files."""

    def make(folder: Path) -> None:
        lines = "".join(f"from m{number} import x{number}\n" for number in range(count))
        (folder / "a.py").write_text(f"{lines}X = x0\n{CALL}", encoding="utf-8")
        for number in range(count):
            text = f"import json\nfrom m{(number + 1) % count} import *\nx{number} = json.load(open('m{number}.json'))\n"
            (folder / f"m{number}.py").write_text(text + "y = 1\n" * 3000, encoding="utf-8")
            (folder / f"m{number}.json").write_text(faults(90), encoding="utf-8")

    return make


MANY_FINDINGS = "".join(f"---\n{YAML}Tags: [{{Key: 'aws:{n}', Valu: 1}}]\nX{n}: 1\n" for n in range(2500))
LINES = "loss=0.5 epoch 1 val_acc: 0.9 step 7 lr 1e-3\n"


def others() -> Iterator[Case]:
    """Yield folders, configurations, reports and the other commands."""
    few = _tree(20, "a{n}.json", FAULTY.replace("{", "{{").replace("}", "}}"))
    yield "3,000 files that are others", _tree(3000, "f{n}.json", '{{"x": {n}}}'), (*CHECK, ".")
    yield "2,000 folders", _tree(2000, "d{n}/e/f.yaml", "x: {n}\n"), (*CHECK, ".")
    yield "300 faulty files", _tree(300, "f{n}.yaml", "AlgorithmName: a b\nTags: [{n}]\n"), (*CHECK, ".")
    yield "names of 200 characters", _tree(900, "é" * 100 + "{n}.yaml", "x: {n}\n"), (*CHECK, ".")
    yield "links in circles", _links, (*CHECK, ".")
    yield "300 folders deep", _deep, (*CHECK, ".")
    yield "many files named", few, (*CHECK, *[f"a{n % 20}.json" for n in range(5000)])
    ignored = {
        "stars": lambda n: f"**/*{n}*/**/x*{n}\n",
        "classes": lambda n: f"[a-z{n}]*[!x]?{n}\n",
        "negations": lambda n: f"!*{n}*\n",
        "bad classes": lambda n: f"[z-a]{n}[\n",
        "stars in a row": lambda n: "*a" * 100 + f"{n}\n",
        "folders": lambda n: f"/a{n}/b/**/c/\n",
        "escapes": lambda n: "\\" * (n % 50) + f"{n}\\ \n",
        "stars for every path": lambda n: (
            "**/d*/**/*" + f"{n:b}".replace("0", "?*").replace("1", "*.*") + "x\n"
        ),
        "stars of every path": lambda n: "!**/*" + f"{n:b}".replace("0", "**").replace("1", "?*") + "\n",
        "letters": lambda n: f"{n:05}"[0] + "\n",
        "classes for every path": lambda n: f"*f*[!{chr(0x4E00 + n)}]*[!x]?*l\n",
    }
    for name, line in ignored.items():
        text = "".join(map(line, range(4000)))
        yield (
            f".gitignore of {name}",
            _beside(".gitignore", partial(str, text), _tree(300, "d{n}/e/f.yaml", "x: {n}\n")),
            (*CHECK, "."),
        )
    settings = {
        "exclude": lambda: "exclude = [" + ", ".join(f'"**/a{n}*/**"' for n in range(5000)) + "]\n",
        "per-file-ignores": lambda: (
            "[per-file-ignores]\n" + "".join(f'"a{n}*" = ["unknown-field"]\n' for n in range(5000))
        ),
        "severity": lambda: "[severity]\n" + "".join(f'"unknown-fiel{n}" = "off"\n' for n in range(3000)),
        "ignore": lambda: "ignore = [" + ", ".join(f'"no-such-{n}"' for n in range(5000)) + "]\n",
        "unknown keys": lambda: "".join(f"exclud{n} = 1\n" for n in range(5000)),
        "tables": lambda: "".join(f"[a{n}.b.c.d.e.f]\nx = 1\n" for n in range(5000)),
        "a text": lambda: 'exclude = ["' + "*a" * 300_000 + '"]\n',
        "brackets": lambda: "exclude = " + "[" * 5000 + "]" * 5000,
    }
    for name, made in settings.items():
        yield (
            f"a configuration with {name}",
            _beside("algolint.toml", made, few),
            ("--format", "concise", "."),
        )
    for form in FORMATS:
        yield (
            f"10,000 findings as {form}",
            _writer("a.yaml", lambda: MANY_FINDINGS),
            ("--isolated", "--format", form, "a.yaml"),
        )
    yield (
        "10,000 findings for a baseline",
        _writer("a.yaml", lambda: MANY_FINDINGS),
        ("--isolated", "--write-baseline", "b.json", "a.yaml"),
    )
    baseline = {
        "version": 1,
        "findings": {f"a{n}.json": [{"rule": "x", "fingerprint": "0" * 16}] for n in range(20_000)},
    }
    yield (
        "a baseline of others",
        _beside("b.json", lambda: json.dumps(baseline), few),
        ("--isolated", "--baseline", "b.json", "--format", "concise", "."),
    )
    yield "modules that import each other", _included(12), (*CHECK, "a.py")
    yield (
        "two releases with everything changed",
        _two(lambda: faults(900), lambda: faults(900).replace("p ", "q ")),
        ("diff", "--isolated", "a.json", "b.json"),
    )
    yield (
        "two releases with everything renamed",
        _two(lambda: _algorithm(1000), lambda: _algorithm(1000).replace("param_", "parm_")),
        ("diff", "--isolated", "a.json", "b.json"),
    )
    yield "a release in git", _repository, ("diff", "--isolated", "git:HEAD:a.json", "a.json")
    yield (
        "a job with names that are nearly right",
        _two(lambda: _algorithm(1000), lambda: _job(1000)),
        ("job", "--isolated", "a.json", "b.json"),
    )
    yield (
        "a job of a text of megabytes",
        _two(lambda: _algorithm(10), lambda: json.dumps({"TrainingJobName": "a" * 7_000_000})),
        ("job", "--isolated", "a.json", "b.json"),
    )
    yield (
        "900 jobs in a list",
        _two(lambda: _algorithm(30), lambda: "[" + ",".join([_job(20)] * 900) + "]"),
        ("job", "--isolated", "a.json", "b.json"),
    )
    logs: dict[str, Callable[[], str]] = {
        "100,000 lines": lambda: LINES * 100_000,
        "one line": lambda: LINES.replace("\n", " ") * 100_000,
        "one long word": lambda: "a" * 5_000_000,
        "a line of numbers": lambda: "1.5 " * 1_000_000,
        "JSON of events": lambda: json.dumps(
            {"events": [{"timestamp": n, "message": LINES} for n in range(40_000)]}
        ),
        "JSON that is open": lambda: '{"events": [' + '{"message": "' * 200_000,
        "colours": lambda: "\x1b[31m" * 1_000_000,
        "times": lambda: "2026-01-01T00:00:00.000Z " * 150_000,
    }
    expressions = (
        "loss=([0-9.]+)",
        "(a+)+$",
        "(.*)*x=([0-9]+)",
        "val_acc: ([0-9.]+)",
        "([0-9]+\\.?)+ x",
        "(?i)step ([0-9]+)",
    )
    for name, log in logs.items():
        for suggest in ((), ("--suggest",)):
            yield (
                f"metrics of {name}{' with suggestions' if suggest else ''}",
                _two(_with_metrics(*expressions), log, "b.log"),
                ("metrics", "--isolated", "a.json", "--log", "b.log", *suggest),
            )


# ---------------------------------------------------------------- running


class Measured:
    """The time and memory of a run, and whether it ended regularly."""

    def __init__(self, code: int, seconds: float, megabytes: float, out: str, err: str) -> None:
        self.code = code
        self.seconds = seconds
        self.megabytes = megabytes
        self.out = out
        self.err = err


def measured(folder: Path, arguments: tuple[str, ...]) -> Measured:
    """Run the command in a folder."""
    out, err, given = folder.parent / "out", folder.parent / "err", folder / "stdin"
    with (
        out.open("wb") as stdout,
        err.open("wb") as stderr,
        (given if given.exists() else Path(os.devnull)).open("rb") as stdin,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "algolint", *arguments],
            cwd=folder,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),  # noqa: PLW1509
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    text, errors = (path.read_bytes().decode("utf-8", "replace") for path in (out, err))
    seconds = usage.ru_utime + usage.ru_stime
    return Measured(process.returncode, seconds, usage.ru_maxrss / 1024, text, errors)


def wrong(case: Case, factor: float) -> tuple[str, float, float]:
    """Return what is wrong with a case, or nothing, and its processor seconds and megabytes."""
    _, make, arguments = case
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "specs"
        folder.mkdir()
        make(folder)
        is_check = arguments[: len(CHECK)] == CHECK and "." not in arguments
        if is_check:
            (folder / "faulty.json").write_text(FAULTY, encoding="utf-8")
            arguments = (*arguments, "faulty.json")
        done = measured(folder, arguments)
    is_fixing = not {"--fix", "--diff", "--add-ignore", "server"}.isdisjoint(arguments)
    bound = SECONDS * factor * (FIXING if is_fixing else 1)
    problems = []
    if done.seconds > bound:
        problems.append(f"{done.seconds:.1f} s")
    if done.megabytes > MEGABYTES:
        problems.append(f"{done.megabytes:.0f} MB")
    if done.code not in (0, 1, 2) or "Traceback" in done.err or "please report" in done.err:
        problems.append(f"exit code {done.code}: {done.err[-300:]}")
    if is_check and "faulty.json:1:" not in done.out:
        problems.append(f"the other file is not reported: {done.out[:200]}")
    return "; ".join(problems), done.seconds, done.megabytes


def cases(dice: random.Random, count: int) -> list[Case]:
    """Return a number of cases."""
    listed = [*files(), *others(), *hostile_features.every()]
    if count < len(listed):
        return dice.sample(listed, count)
    made = combinations(dice)
    return [*listed, *(next(made) for _ in range(count - len(listed)))]


def run(count: int, seed: int, only: str = "") -> int:
    """Run the cases and print the figures."""
    started = time.perf_counter()
    chosen = [case for case in cases(random.Random(f"{seed} hostile"), count) if only in case[0]]
    bad: list[str] = []
    slowest, largest = (0.0, ""), (0.0, "")
    for case in chosen:
        problem, seconds, megabytes = wrong(case, pace())
        if problem:
            bad.append(f"{case[0]}: {problem}")
            print(f"  {bad[-1]}", flush=True)
        slowest = max(slowest, (seconds, case[0]))
        largest = max(largest, (megabytes, case[0]))
    took = time.perf_counter() - started
    print(f"seed {seed}: {len(chosen):,} hostile files and folders, {len(bad)} out of bounds; {took:.0f} s")
    print(f"slowest {slowest[0]:.1f} s ({slowest[1]}), largest {largest[0]:.0f} MB ({largest[1]})")
    return 1 if bad else 0


def main() -> int:
    """Run the command line."""
    parser = requests.options("Runs hostile files through the command.", 1000)
    parser.add_argument("--only", default="", help="cases whose description contains this")
    options = parser.parse_args()
    return run(options.count, options.seed, options.only)


if __name__ == "__main__":
    sys.exit(main())
