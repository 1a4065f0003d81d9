"""Times whole processes against the cost of parsing alone and prints the ratios.

    python benchmarks/run.py [--count 1000] [--rounds 7]

Each row is the median of interleaved rounds, so that a busy moment hits all alike. Ratios travel
between machines, milliseconds do not.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpus import make

_LOAD_JSON = "import sys, json\nfor p in sys.argv[1:]: json.loads(open(p, encoding='utf-8').read())"
_LOAD_YAML = (
    "import sys, yaml\nfor p in sys.argv[1:]: yaml.load(open(p, encoding='utf-8').read(), yaml.CSafeLoader)"
)


# Byte code is cached as in any installation, whatever this shell says.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.count)
        json_files = [str(path) for path in sorted((folder / "json").iterdir())]
        yaml_files = [str(path) for path in sorted((folder / "yaml").iterdir())]
        print(f"{sys.implementation.name} {sys.version.split()[0]}, {options.count} files of", end=" ")
        print(f"{_mean_size(json_files):.1f} KB JSON and {_mean_size(yaml_files):.1f} KB YAML, 5% faulty\n")
        python, lint = [sys.executable], [sys.executable, "-m", "algolint", "--format", "concise"]
        few = max(options.rounds, 15)
        _table("one file", few, {
            "python -c pass": [*python, "-c", "pass"],
            "json.loads": [*python, "-c", _LOAD_JSON, json_files[0]],
            "algolint, JSON": [*lint, json_files[0]],
            "CSafeLoader": [*python, "-c", _LOAD_YAML, yaml_files[0]],
            "algolint, YAML": [*lint, yaml_files[0]],
        })  # fmt: skip
        _table(f"{options.count} files", options.rounds, {
            "json.loads": [*python, "-c", _LOAD_JSON, *json_files],
            "algolint, JSON": [*lint, *json_files],
            "CSafeLoader": [*python, "-c", _LOAD_YAML, *yaml_files],
            "algolint, YAML": [*lint, *yaml_files],
        })  # fmt: skip


def _table(title: str, rounds: int, commands: dict[str, list[str]]) -> None:
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=_ENVIRONMENT)
            if number:  # the first round warms the caches
                times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    first = next(iter(medians))
    print(f"| {title} | ms | x {first} | x CSafeLoader |\n|---|---|---|---|")
    for name, median in medians.items():
        ratios = f"{median / medians[first]:.2f} | {median / medians['CSafeLoader']:.2f}"
        print(f"| {name} | {median * 1000:.1f} | {ratios} |")
    print()


def _mean_size(files: list[str]) -> float:
    return statistics.mean(Path(file).stat().st_size for file in files) / 1024


if __name__ == "__main__":
    main()
