"""Feeds mutated files to a reader, or to the whole program: nothing but a clear refusal may come of it.

    python -m campaigns.fuzz json --count 1000000 --seed 1
    python -m campaigns.fuzz yaml --count 1000000 --seed 1 --guided

Targets are the readers (`json`, `yaml`, `python`, `notebook`) and `run`, which lints with all rules and, for
one file in fifty, makes every report and every fix. From a reader only `SyntaxFault` and `UnreadableSource`
may come, with a place inside the text; every value it gives is plain, and every path of it has a place. From a
run nothing may come, and no rule may fail.

Without `--guided` the files are made from the fixtures by a generator of random mutations, and the seed alone
brings back every one. With it atheris (extra `campaign`) looks for files that take new branches of
algolint's own code; the corpus that it grows goes to `--corpus`, and what fails to a file beside it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from algolint.discovery import first_party_rules
from algolint.edits import fixed
from algolint.engine import Linter, Outcome, read
from algolint.model import Model
from algolint.parser import FORMATS
from algolint.source import Document, Source, SyntaxFault, UnreadableSource, decoded
from algolint.wording import escaped

ROOT = Path(__file__).parent.parent
NAMES = {"json": "a.json", "yaml": "a.yaml", "python": "a.py", "notebook": "a.ipynb"}
SUFFIXES = {"json": (".json",), "yaml": (".yaml", ".yml"), "python": (".py",), "notebook": (".ipynb",)}
LIMIT = 1 << 23

# What readers and rules branch on; mutations put these in.
TOKENS = [
    *'{}[]",:\'#&*!|>?-%@`\\ \n\r\t\0\x7f\x85\xa0\xad\u2028\u202e\ufeff\ud800\udfff\U0001f600$<>~=.+0',
    "- ", ": ", "? ", "---\n", "...\n", "<<: ", "&a ", "*a", "!!str ", "!!int ", "!x ", "%YAML 1.1\n", "{{ x }}", "${X}", "{% if x %}", "{% endif %}", "%(x)s",
    "null", "true", "yes", "1e999", "-0", "0o17", "0x1F", "1_000", "12:30:45", "2023-05-01", ".inf", ".nan", "9" * 400, "\\ud83d", "\\u0000", '""', "''", "|\n ", ">-\n",
    "# algolint: ignore[*]", "# algolint: off", "AlgorithmName", "TrainingSpecification", "SupportedHyperParameters", "DefaultValue", "Range", "Tags", "<RoleArn>", "arn:aws:iam::123456789012:role/x", "s3://b/k", "ml.m5.xlarge",
    "create_algorithm(", "**kw", "f'{x}'", "lambda: 0", "def f():\n ", "import boto3\n", '{"cells": [', '"source": ',
]  # fmt: skip
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    "",
    "x" * 300,
    "\ud800",
    [],
    {},
    [[]],
    {"": {}},
    "${X}",
    "<X>",
    "0.10",
    "(a+)+$",
]


class Wrong(Exception):
    """What a target did that it must not do."""


# ---------------------------------------------------------------- the targets


def check_reader(name: str, data: bytes) -> str:
    """Read a file; what came of it in one word. Raises what the reader raises, or `Wrong`."""
    try:
        source = decoded(name, data, LIMIT)
        documents = read(source)
    except SyntaxFault as fault:
        text = (fault.source or source).text if fault.source or "source" in locals() else ""
        start, end = fault.span
        if not 0 <= start <= end <= len(text):
            raise Wrong(f"a fault at {fault.span} in {len(text)} characters") from None
        if not fault.message or "\n" in fault.message:
            raise Wrong(f"a fault that says {fault.message!r}") from None
        return "refused"
    except UnreadableSource:
        return "unreadable"
    for document in documents:
        _check_places(document, document.spec, (), [500])
    return "read"


def _check_places(document: Document, value: Any, path: tuple[str | int, ...], left: list[int]) -> None:
    """Every path has a place in the text, and every value is one of those that rules know."""
    left[0] -= 1
    if left[0] < 0:
        return
    for key in (False, True):
        start, end = document.locate(path, key)
        if not 0 <= start <= end <= len(document.source.text):
            raise Wrong(f"{path} stands at {start, end} in {len(document.source.text)} characters")
    if isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str):
                raise Wrong(f"a key that is a {type(name).__name__}")
            _check_places(document, item, (*path, name), left)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_places(document, item, (*path, index), left)
    elif not isinstance(value, (str, int, float, type(None))) and type(value).__module__ != "algolint.values":
        raise Wrong(f"a value that is a {type(value).__name__}")


class Run:
    """The whole way of a file, but for the command line."""

    def __init__(self) -> None:
        self.model = Model()
        self.linter = Linter(self.model, first_party_rules(), with_edits=True, with_fingerprints=True)
        self.count = 0

    def check(self, name: str, data: bytes) -> str:
        """Lint a file, report on it now and then; what came of it in one word."""
        self.count += 1
        try:
            source = decoded(name, data, LIMIT)
        except SyntaxFault as fault:
            assert fault.source is not None
            source, found = fault.source, self.linter.syntax_fault(fault.source, fault)
        else:
            found = self.linter.lint_source(source) or []
        if self.linter.crashes:
            crash = self.linter.crashes.pop()
            raise Wrong(str(crash)) from crash.error
        for diagnostic in found:
            if not diagnostic.message or "\n" in diagnostic.message:
                raise Wrong(f"{diagnostic.rule.name} says {diagnostic.message!r}")
        if self.count % 50 == 0:
            self._report(source, found)
        return "findings" if found else "silent"

    def _report(self, source: Source, found: list[Any]) -> None:
        from algolint import report_text

        outcome = Outcome(self.model)
        outcome.files, outcome.names, outcome.diagnostics = 1, [source.name], found
        for text in (*report_text.full(found), *report_text.concise(found)):
            if escaped(text) != text:
                raise Wrong(f"a line of the report is {text!r}")
        for form in FORMATS[2:]:
            name = f"algolint.report_{form.replace('-', '_')}"
            __import__(name)
            sys.modules[name].report(outcome).encode("utf-8", "backslashreplace")
        try:
            documents = {document.index: document for document in read(source)}
        except (SyntaxFault, UnreadableSource):
            return
        fixes = [
            (documents[d.document], d.fix) for d in found if d.fix is not None and d.document in documents
        ]
        text, made = fixed(source, [(document, fix) for document, fix in fixes if fix.path or fix.title])
        if made:
            read(Source(source.name, text))


def target(what: str) -> Callable[[bytes], str]:
    """What a file is given to."""
    if what in NAMES:
        return lambda data: check_reader(NAMES[what], data)
    run = Run()
    names = list(NAMES.values())
    # The length decides on the syntax, so that a file found by coverage keeps its own.
    return lambda data: run.check(names[len(data) % 4 if len(data) % 4 > 1 else len(data) % 2], data)


# ---------------------------------------------------------------- files


def corpus(what: str) -> list[bytes]:
    """The fixtures in the syntax, or all of them."""
    endings = SUFFIXES.get(what) or tuple(ending for row in SUFFIXES.values() for ending in row)
    files = sorted(path for path in (ROOT / "fixtures").rglob("*") if path.suffix in endings)
    seeds = [data for path in files if len(data := path.read_bytes()) < 20_000]
    # Small parts are mutated to better effect than whole files.
    return seeds + [part for data in seeds for part in data.split(b"\n---\n") if len(part) < 2000] or [b""]


def reshaped(dice: random.Random, value: Any, depth: int = 0) -> Any:
    """A value with some of what is in it replaced, dropped, doubled or moved to where it does not belong."""
    if dice.random() < 0.03:
        return dice.choice(VALUES)
    if isinstance(value, dict):
        items = [
            (key, reshaped(dice, item, depth + 1)) for key, item in value.items() if dice.random() > 0.02
        ]
        if items and dice.random() < 0.1:
            items[dice.randrange(len(items))] = (
                dice.choice(items)[0] + dice.choice(("", "s", "\u202e")),
                dice.choice(VALUES),
            )
        return dict(items)
    if isinstance(value, list):
        return [
            reshaped(dice, item, depth + 1)
            for item in value
            for _ in range(dice.choice((1, 1, 1, 1, 1, 2, 0)))
        ]
    return value


def specs(what: str) -> list[Any]:
    """The fixtures as values, for the syntaxes that JSON is or is a part of."""
    if what == "python":
        return []
    endings = (".ipynb",) if what == "notebook" else (".json", ".ipynb") if what == "run" else (".json",)
    files = sorted(path for path in (ROOT / "fixtures").rglob("*") if path.suffix in endings)
    found = []
    for path in files:
        try:
            found.append(json.loads(path.read_bytes()))
        except ValueError:
            continue
    return found


def mutated(dice: random.Random, seeds: list[bytes], whole: list[Any]) -> bytes:
    """A file with some mutations: of its values, or of bytes, of tokens and of stretches."""
    if whole and dice.random() < 0.4:
        value = reshaped(dice, dice.choice(whole))
        return json.dumps(value, indent=dice.choice((None, 2)), ensure_ascii=dice.random() < 0.5).encode(
            "utf-8", "replace"
        )
    text = dice.choice(seeds)
    if len(text) > 600 and dice.random() < 0.8:
        start = dice.randrange(len(text) - 300)
        text = text[start : start + dice.randrange(20, 600)] if dice.random() < 0.5 else text[:600]
    data = bytearray(text)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 8))):
        at = dice.randrange(len(data) + 1)
        length = dice.choice((0, 1, 1, 2, 4, 16, 64))
        match dice.randrange(8):
            case 0:
                data[at : at + length] = b""
            case 1:
                data[at:at] = bytes(dice.randrange(256) for _ in range(dice.choice((1, 2, 4))))
            case 2 | 3 | 4:
                token = dice.choice(TOKENS).encode("utf-8", "surrogatepass")
                data[at : at + dice.choice((0, 0, length))] = token
            case 5:
                data[at:at] = data[at : at + length] * dice.choice((1, 2, 8))
            case 6:
                other = dice.choice(seeds)
                start = dice.randrange(len(other) + 1)
                data[at : at + length] = other[start : start + dice.randrange(80)]
            case _ if at < len(data):
                data[at] ^= 1 << dice.randrange(8)
    return bytes(data[:20_000])


# ---------------------------------------------------------------- the campaign


def campaign(what: str, count: int, seed: int, seconds: float) -> int:
    """Random files, the same for the same seed; the number of those that failed."""
    check, seeds, whole = target(what), corpus(what), specs(what)
    came: dict[str, int] = {}
    start = time.monotonic()
    done = failed = 0
    for number in range(count):
        # Each has its own, so that one can be made again alone.
        data = mutated(random.Random(f"{seed}:{number}"), seeds, whole)
        try:
            word = check(data)
        except Exception:
            failed += 1
            word = "failed"
            print(f"number {number}: {data!r}\n{traceback.format_exc()}", flush=True)
            if failed == 20:
                break
        came[word] = came.get(word, 0) + 1
        done += 1
        if time.monotonic() - start > seconds:
            break
    took = time.monotonic() - start
    words = ", ".join(f"{n:,} {word}" for word, n in sorted(came.items()))
    print(f"seed {seed}: {what}: {done:,} files in {took:.0f} s: {words}")
    return failed


def guided(what: str, count: int, seed: int, seconds: float, folder: str | None) -> None:
    """Files that atheris makes, looking for new branches; ends the process, with 0 if nothing failed."""
    import atheris

    # The modules that are here already were loaded before anything could watch them.
    for name in [name for name in sys.modules if name.startswith("algolint")]:
        del sys.modules[name]
    with atheris.instrument_imports(include=["algolint", "algolint_rules"]):
        sys.modules.pop("campaigns.fuzz", None)
        from campaigns import fuzz

        # Most modules are loaded when they are needed; here they must be loaded while they are watched.
        for package, folder_of in (("algolint", ROOT / "algolint"), ("algolint_rules", ROOT / "rules")):
            for path in sorted(folder_of.glob("*.py")):
                if path.stem not in ("__init__", "__main__"):
                    importlib.import_module(f"{package}.{path.stem}")

        check = fuzz.target(what)
    grown = Path(folder or f".fuzz/{what}")
    seeds = grown.with_name(f"{grown.name}-seeds")
    for place in (grown, seeds):
        place.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(corpus(what)):
        (seeds / str(number)).write_bytes(data)
    words = grown.with_name(f"{grown.name}-words")
    words.write_text(
        "".join(f'"{_escaped(token)}"\n' for token in TOKENS if len(token) < 60), encoding="ascii"
    )
    options = [
        f"-runs={count}",
        f"-seed={seed}",
        f"-dict={words}",
        "-max_len=4000",
        "-timeout=60",
        "-verbosity=1",
    ]
    options += [f"-max_total_time={int(seconds)}"] if seconds < float("inf") else []
    options += [f"-artifact_prefix={grown}-failed-", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, str(grown), str(seeds)], lambda data: check(data) and None)
    atheris.Fuzz()


def _escaped(token: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", "surrogatepass"))


def main() -> None:
    """Read the options and run the campaign; exit code 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", choices=[*NAMES, "run"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that time")
    parser.add_argument("--guided", action="store_true", help="let atheris look for new branches")
    parser.add_argument("--corpus", help="where the corpus grows (default: .fuzz/<target>)")
    parser.add_argument("--again", help="give this file to the target, as atheris has left it")
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.again:
        print(target(options.target)(Path(options.again).read_bytes()))
    elif options.guided:
        guided(options.target, options.count, options.seed, options.seconds, options.corpus)
    else:
        sys.exit(1 if campaign(options.target, options.count, options.seed, options.seconds) else 0)


if __name__ == "__main__":
    main()
