"""Counts the steps for twice as many of everything, with every feature, in every syntax, for every command.

    python -m campaigns.growth --seed 1

Each combination is run with n and 2n repetitions, unless fewer of them already show that it grows linearly.
2n may take at most 2.3 times the steps of n, both without the cost of an empty run. Steps are the same in
every run: calls, iterations of loops, and characters that are searched. Limits that end work early are
lifted, so that they do not hide its growth, and the proofs of fixes may read the text a number of times.
Exits with 1 if combinations grow faster, and prints them.
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

#: The maximum ratio of steps for 2n and n.
MOST = 2.3
#: The number of repetitions.
COUNT = 12
#: The numbers that are tried first: if each repetition after the second takes hardly more than each after the
#: first, larger ones are not needed. With a quadratic part for which 24 take 2.3 times the steps of 12, this
#: is 1.096.
FEW = (1, 4, 8)
MOST_OF_FEW = 1.09
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": (),
    "fix": ("--fix",),
    "diff": ("--diff", "--unsafe-fixes"),
    "add-ignore": ("--add-ignore",),
    "html": ("--format", "html"),
}
#: The maximum of times that the proofs of fixes read a text while it is linted, and fixed.
_READINGS = 3
#: The number of characters searched by C code that count as a step.
_CHARACTERS = 32
# The methods of a text that search all of it.
_WHOLE = frozenset(("count", "replace", "split", "splitlines", "encode", "translate", "lower", "casefold"))


class Steps:
    """Counts the steps of code in its context: calls, iterations of loops and characters searched.

    There is a bounded number of lines between two of them, so lines need not be counted.
    """

    _TOOL = 4

    def __init__(self) -> None:
        self.count = 0
        self._monitoring: Any = vars(sys)["monitoring"]
        self._monitoring.use_tool_id(self._TOOL, "steps")
        events = self._monitoring.events
        self._events = events.PY_START | events.JUMP | events.CALL
        self._monitoring.register_callback(self._TOOL, events.PY_START, self._started)
        self._monitoring.register_callback(self._TOOL, events.JUMP, self._jumped)
        self._monitoring.register_callback(self._TOOL, events.CALL, self._called)

    def __enter__(self) -> Steps:
        self._monitoring.set_events(self._TOOL, self._events)
        return self

    def __exit__(self, *_: object) -> None:
        self._monitoring.set_events(self._TOOL, self._monitoring.events.NO_EVENTS)

    def _started(self, _code: Any, _offset: int) -> None:
        self.count += 1

    def _jumped(self, _code: Any, offset: int, to: int) -> Any:
        if to > offset:
            return self._monitoring.DISABLE
        self.count += 1
        return None

    def _called(self, _code: Any, _offset: int, function: Any, first: Any) -> Any:
        # Only a method of a text can take long; a call in one place always has the same name.
        if getattr(function, "__name__", None) not in _WHOLE:
            return self._monitoring.DISABLE
        if type(first) is str:
            self.count += len(first) // _CHARACTERS
        return None


class TracedSteps:
    """Counts lines of algolint and calls, where Python has no `sys.monitoring`; four times as slow."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> TracedSteps:
        sys.setprofile(self._called)
        sys.settrace(self._traced)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        sys.setprofile(None)

    def _traced(self, frame: Any, _event: str, _argument: Any) -> Any:
        # Lines and iterations of algolint, but only calls of its libraries.
        self.count += 1
        return self._traced if "algolint" in frame.f_code.co_filename else None

    def _called(self, _frame: Any, event: str, function: Any) -> None:
        if event == "c_call":
            self.count += 1
            text = getattr(function, "__self__", None)
            if type(text) is str and function.__name__ in _WHOLE:
                self.count += len(text) // _CHARACTERS


class CountedPattern:
    """A regular expression whose searches count the characters that they search."""

    def __init__(self, pattern: re.Pattern[str], steps: Steps | TracedSteps) -> None:
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


def count_patterns(steps: Steps | TracedSteps) -> None:
    """Make all patterns that are compiled from now on count; call this before importing algolint."""
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
        self.steps = Steps() if sys.version_info >= (3, 12) else TracedSteps()
        count_patterns(self.steps)
        from algolint import limits
        from algolint.cli.main import run
        from campaigns.hostile_parts import SYNTAXES, pairs
        from campaigns.kept_session import keep_models_and_rules

        keep_models_and_rules()
        self._limits, self._run, self._syntaxes = limits, run, SYNTAXES
        self.pairs = [(*pair, command) for pair in pairs() for command in COMMANDS]
        self._folder = folder
        self._bases: dict[str, int] = {}
        limits.MAX_COMPARISONS = limits.MAX_PATTERN_STEPS = 1 << 40
        # Up to this limit each branch of a condition is linted with the rest of its request, again and again.
        limits.MAX_BRANCH_VALUES = 0

    def growth(self, syntax: str, repeated: str, feature: str, command: str) -> float:
        """Return the ratio of steps for 2n and n, without the cost of an empty run."""
        written = self._syntaxes[syntax]

        def cost(number: int) -> int:
            return self._cost(written.ending, written.text(repeated, number, feature), command)

        # The first run takes more than later ones, for which modules are imported and cached.
        third, second, first = [cost(number) for number in reversed(FEW)]
        before, after = (second - first) / (FEW[1] - FEW[0]), (third - second) / (FEW[2] - FEW[1])
        if after <= MOST_OF_FEW * before:
            return 2 * after / max(before, 1)
        many, some = cost(2 * COUNT), cost(COUNT)
        # A text that is rejected at its start takes less than the shortest text.
        base = min(self._base(written), first)
        if many - base > MOST * (some - base):
            many = cost(2 * COUNT)
        return (many - base) / max(some - base, 1)

    def _base(self, written: Syntax) -> int:
        """Return the cost of a run with almost nothing to lint."""
        if written.name not in self._bases:
            text = written.together([written.write([("AlgorithmName", "a"), ("Tags", [])])])
            costs = [self._cost(written.ending, text, "check") for _ in range(2)]
            self._bases[written.name] = costs[1]
        return self._bases[written.name]

    def _cost(self, ending: str, text: str, command: str) -> int:
        path = os.path.join(self._folder, f"a{ending}")
        with open(path, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
            file.write(text)
        self._limits.MAX_PROVED_LENGTH = _READINGS * (len(text) + 1)
        self._limits.MAX_FIX_WORK = 4 * self._limits.MAX_PROVED_LENGTH
        arguments = ["--isolated", *COMMANDS[command], path]
        self.steps.count = 0
        with _printed_nowhere(), self.steps:
            code = self._run(arguments)
        if code not in (0, 1):
            raise SystemExit(f"exit code {code} of {arguments} for\n{text}")
        return self.steps.count


def run(count: int, seed: int, seconds: float) -> int:
    """Measure a number of combinations, or all if there are fewer, and print the figures."""
    started = time.perf_counter()
    slow = done = 0
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(folder)
        pairs = campaign.pairs
        # In random order, so that the combinations measured in time are a sample.
        for pair in random.Random(f"{seed} growth").sample(pairs, min(count, len(pairs))):
            growth = campaign.growth(*pair)
            done += 1
            if growth > MOST:
                slow += 1
                print(f"  {growth:.2f}  {', '.join(pair)}", flush=True)
            else:
                worst = max(worst, growth)
            if time.perf_counter() - started > seconds:
                break
    took = time.perf_counter() - started
    print(f"seed {seed}: {done:,} combinations of {len(pairs):,}; {took:.0f} s")
    print(f"{slow} grow faster than {MOST}; the fastest of the others {worst:.2f}")
    return 1 if slow else 0


def main() -> int:
    """Run the command line."""
    import argparse

    parser = argparse.ArgumentParser(description="Counts the steps for twice as many of everything.")
    parser.add_argument("--count", type=int, default=1 << 20, help="combinations; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that time")
    options = parser.parse_args()
    return run(options.count, options.seed, options.seconds)


if __name__ == "__main__":
    sys.exit(main())
