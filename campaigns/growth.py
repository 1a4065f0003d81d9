"""Multiplies: many of everything, with every feature, in every syntax, for every command.

    python -m campaigns.growth --count 20000 --seed 1

Each combination is run with 1, n and 2n of what is repeated. What 2n take may be 2.3 times what n take, each
without the cost of the run itself. Counted are steps that are the same in every run: lines of Python that are
executed, calls of C functions, and the characters that those look through. Limits that end a work early do not
hide its growth: they are lifted, and the proofs of fixes may read the text a number of times. Exits with 1 where
a combination grows faster, with each of them.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from campaigns.hostile_parts import Syntax

#: What 2n may take, relative to n.
MOST = 2.3
#: n.
COUNT = 12
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": (),
    "fix": ("--fix",),
    "diff": ("--diff", "--unsafe-fixes"),
    "add-ignore": ("--add-ignore",),
    "html": ("--format", "html"),
}
#: How many times the proofs of fixes may read a text while it is linted, and fixed.
_READINGS = 3
#: Characters that C code looks through count as a step.
_CHARACTERS = 32
# The methods of a text that look through all of it.
_WHOLE = frozenset(("count", "replace", "split", "splitlines", "encode", "translate", "lower", "casefold"))


class Steps:
    """The steps that were counted last; patterns add theirs."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the steps of what is done within."""
        count = 0

        def line(_frame: Any, _event: str, _argument: Any) -> Any:
            # The lines of algolint, and each turn of a loop within one.
            nonlocal count
            count += 1
            return line

        def call(frame: Any, _event: str, _argument: Any) -> Any:
            # Of its libraries the calls.
            nonlocal count
            count += 1
            return line if "algolint" in frame.f_code.co_filename else None

        def called(_frame: Any, event: str, function: Any) -> None:
            if event == "c_call":
                nonlocal count
                count += 1
                if function.__name__ in _WHOLE and type(function.__self__) is str:
                    count += len(function.__self__) // _CHARACTERS

        self.count = 0
        sys.setprofile(called)
        sys.settrace(call)
        try:
            yield
        finally:
            sys.settrace(None)
            sys.setprofile(None)
            self.count += count


class CountedPattern:
    """A regular expression the searches of which count the characters that they look through."""

    def __init__(self, pattern: re.Pattern[str], steps: Steps) -> None:
        self._pattern = pattern
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def _seen(self, text: str, at: int, end: int, match: re.Match[str] | None) -> re.Match[str] | None:
        seen = (match.end() if match else min(end, len(text))) - at
        self._steps.count += max(seen, 0) // _CHARACTERS
        return match

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        return self._seen(text, pos, endpos, self._pattern.search(text, pos, endpos))

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        at = pos
        for match in self._pattern.finditer(text, pos, endpos):
            self._seen(text, at, endpos, match)
            at = match.end()
            yield match
        self._seen(text, at, endpos, None)

    def findall(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> list[Any]:
        self._seen(text, pos, endpos, None)
        return self._pattern.findall(text, pos, endpos)

    def sub(self, by: Any, text: str, count: int = 0) -> str:
        self._seen(text, 0, sys.maxsize, None)
        return self._pattern.sub(by, text, count=count)

    def split(self, text: str, maxsplit: int = 0) -> list[Any]:
        self._seen(text, 0, sys.maxsize, None)
        return self._pattern.split(text, maxsplit)


def count_patterns(steps: Steps) -> None:
    """Make every pattern that is compiled from now on count; to be called before algolint is imported."""
    compiled: dict[Any, CountedPattern] = {}
    compile_: Callable[..., Any] = vars(re)["_compile"]

    def counted(pattern: Any, flags: int) -> Any:
        if isinstance(pattern, CountedPattern):
            return pattern
        if not isinstance(pattern, str):
            return compile_(pattern, flags)
        if (pattern, flags) not in compiled:
            compiled[pattern, flags] = CountedPattern(compile_(pattern, flags), steps)
        return compiled[pattern, flags]

    vars(re)["_compile"] = counted


@contextmanager
def _printed_nowhere() -> Iterator[None]:
    out, err = sys.stdout, sys.stderr
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        sys.stdout = sys.stderr = nowhere
        try:
            yield
        finally:
            sys.stdout, sys.stderr = out, err


class Campaign:
    """Measures combinations in a folder."""

    def __init__(self, folder: str) -> None:
        self.steps = Steps()
        count_patterns(self.steps)
        from algolint import limits
        from algolint.cli.main import run
        from campaigns.hostile_parts import SYNTAXES, pairs

        self._limits, self._run, self._syntaxes = limits, run, SYNTAXES
        self.pairs = [(*pair, command) for pair in pairs() for command in COMMANDS]
        self._folder = folder
        self._bases: dict[str, int] = {}
        limits.MAX_COMPARISONS = limits.MAX_PATTERN_STEPS = 1 << 40

    def growth(self, syntax: str, repeated: str, feature: str, command: str, count: int = COUNT) -> float:
        """Return what 2n take relative to n, without the cost of a run."""
        written = self._syntaxes[syntax]
        texts = [written.text(repeated, number, feature) for number in (count, 2 * count)]
        # What is kept of results, and imported, is made before it is counted.
        self._lint(written.ending, texts[1], command)
        some, many = [self._cost(written.ending, text, command) for text in texts]
        base = self._base(written)
        return (many - base) / max(some - base, 1)

    def _base(self, written: Syntax) -> int:
        """Return what a run costs that has next to nothing to lint."""
        if written.name not in self._bases:
            text = written.together([written.write([("AlgorithmName", "a"), ("Tags", [])])])
            self._lint(written.ending, text, "check")
            self._bases[written.name] = self._cost(written.ending, text, "check")
        return self._bases[written.name]

    def _cost(self, ending: str, text: str, command: str) -> int:
        with self.steps.counted():
            self._lint(ending, text, command)
        return self.steps.count

    def _lint(self, ending: str, text: str, command: str) -> None:
        path = os.path.join(self._folder, f"a{ending}")
        with open(path, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
            file.write(text)
        self._limits.MAX_PROVED_LENGTH = _READINGS * (len(text) + 1)
        self._limits.MAX_FIX_WORK = 4 * self._limits.MAX_PROVED_LENGTH
        arguments = ["--isolated", *COMMANDS[command], path]
        with _printed_nowhere():
            code = self._run(arguments)
        if code not in (0, 1):
            raise SystemExit(f"exit code {code} of {arguments} for\n{text}")


def run(count: int, seed: int, seconds: float) -> int:
    """Measure so many combinations, or all if there are not as many; print the figures."""
    started = time.perf_counter()
    slow = done = 0
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(folder)
        pairs = campaign.pairs
        # In random order, so that those measured before the time is up are a sample.
        for pair in random.Random(f"{seed} growth").sample(pairs, min(count, len(pairs))):
            growth = campaign.growth(*pair)
            done += 1
            if growth > MOST:
                slow += 1
                print(f"  {growth:.2f}  {', '.join(pair)}", flush=True)
            else:
                worst = max(worst, growth)
            if done % 1000 == 0:
                print(f"  {done:,} done, the fastest {worst:.2f}", flush=True)
            if time.perf_counter() - started > seconds:
                break
    took = time.perf_counter() - started
    print(f"seed {seed}: {done:,} combinations of {len(pairs):,}; {took:.0f} s")
    print(f"{slow} grow faster than {MOST}; the fastest of the others {worst:.2f}")
    return 1 if slow else 0


def main() -> int:
    """Run it as the command line says."""
    import argparse

    parser = argparse.ArgumentParser(description="Counts the steps that twice as many of everything take.")
    parser.add_argument("--count", type=int, default=1 << 20, help="combinations; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that time")
    options = parser.parse_args()
    return run(options.count, options.seed, options.seconds)


if __name__ == "__main__":
    sys.exit(main())
