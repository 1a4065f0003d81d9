"""Feeds mutated files that contain a secret to the command line, in this process, and checks its output.

    python -m campaigns.fuzz_command --count 10000 --seed 1
    python -m campaigns.fuzz_command yaml --seed 1 --number 4711

Each file is given as standard input. One in four is fixed, one in four reported as JSON, one in sixteen in
one of the other formats in turn, and the rest in the full format. Models and rules are loaded once. The exit
code must be 0, 1 or 2 without a failure, no report may show the secret, and locations must be inside the
file. A text without fixes must be printed unchanged, byte by byte. A fixed text must keep its byte order
mark, and must not change when it is fixed again.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from typing import Any

from algolint.cli.main import run
from algolint.config.settings import FORMATS
from campaigns.corpus import SYNTAXES
from campaigns.fuzz import Wrong, check_masked, file_of, name_of
from campaigns.kept_session import keep_models_and_rules

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def main() -> int:
    """Run the campaign and print the failures."""
    parser = argparse.ArgumentParser(description="feed mutated files to the command line")
    parser.add_argument("syntaxes", nargs="*", default=list(SYNTAXES))
    parser.add_argument("--count", type=int, default=1000, help="files of each syntax")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, help="only this file of the seed")
    options = parser.parse_args()
    keep_models_and_rules()
    numbers = range(options.count) if options.number is None else [options.number]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        return sum(campaign(syntax, numbers, options.seed) for syntax in options.syntaxes) > 0


def campaign(syntax: str, numbers: Sequence[int], seed: int) -> int:
    """Check files of a syntax; return the number of those that failed."""
    came: Counter[str] = Counter()
    start = time.monotonic()
    for number in numbers:
        data = file_of(syntax, seed, number, secret_in=1)
        try:
            came[check(name_of(syntax, data), data, number)] += 1
        except Exception:
            came["failed"] += 1
            print(f"{syntax} {number}: {data!r}\n{traceback.format_exc()}", flush=True)
            if came["failed"] == 10:
                break
    words = ", ".join(f"{count:,} {word}" for word, count in sorted(came.items()))
    print(f"seed {seed}: {syntax}: {sum(came.values()):,} files in {time.monotonic() - start:.0f} s: {words}")
    return came["failed"]


def check(name: str, data: bytes, number: int) -> str:
    """Give a file to the command line, and return the result in one word. Raises `Wrong`."""
    common = ["--isolated", "--show-info", "--stdin-filename", name]
    if number % 4 == 0:
        return check_fix([*common, "--fix", *["--unsafe-fixes"][: number % 8], "-"], data)
    form = "json" if number % 4 == 2 else "full"
    if number % 16 == 1:
        form = tuple(FORMATS)[number // 16 % len(FORMATS)]
    code, out, error = called([*common, "--format", form, "-"], data)
    check_masked((out + error).decode())
    if form == "json" and code < 2:
        for row in json.loads(out)["diagnostics"]:
            _check_location(row, data)
    return ("clean", "problems", "refused")[code]


def check_fix(arguments: list[str], data: bytes) -> str:
    """Fix a file, and fix the result again."""
    code, out, error = called(arguments, data)
    check_masked(error.decode())
    if code == 2:
        return "refused"
    if out == data:
        return "nothing to fix"
    if b"fixed" not in error:
        raise Wrong(f"without a fix there is another text: {out!r}")
    if out.startswith(BYTE_ORDER_MARK) is not data.startswith(BYTE_ORDER_MARK):
        raise Wrong("the byte order mark is gone")
    again = called(arguments, out)[1]
    if again != out:
        raise Wrong(f"fixing it once more changes it: {out!r} becomes {again!r}")
    return "fixed"


def called(arguments: list[str], data: bytes) -> tuple[int, bytes, bytes]:
    """Return the exit code, standard output and standard error of the command."""
    streams = sys.stdin, sys.stdout, sys.stderr
    out, error = io.BytesIO(), io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8")
    sys.stderr = io.TextIOWrapper(error, encoding="utf-8")
    try:
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        printed = error.getvalue()
        if code not in (0, 1, 2) or b"Traceback" in printed or b"please report it" in printed:
            raise Wrong(f"exit code {code}: {printed.decode()}")
        return code, out.getvalue(), printed
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams


def _check_location(row: dict[str, Any], data: bytes) -> None:
    if row["cell"] is not None:
        # Lines are counted in the cell.
        return
    lines = re.split(r"\r\n|[\r\n]", data.decode("utf-8", "replace").removeprefix("\ufeff"))
    start, end = (row["line"], row["column"]), (row["end_line"], row["end_column"])
    for line, column in (start, end):
        if not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 2):
            raise Wrong(f"a location is outside of the file: {start} to {end}")
    if end < start:
        raise Wrong(f"a location ends before it starts: {start} to {end}")


if __name__ == "__main__":
    sys.exit(main())
