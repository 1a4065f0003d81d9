"""Compares algolint with `terraform fmt`: both must accept or both reject a text as HCL.

    python -m campaigns.against_terraform --count 3000 --seed 1

It needs the program `terraform`, which takes some 40 ms for a text. The texts are random combinations of
tokens that matter in HCL, or fixtures with small changes. Repeated arguments are a separate finding and not
compared.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from algolint.readers.terraform_grammar import check
from algolint.source import SourceSyntaxError

PIECES = (
    'a b x for if in else = == { } [ ] ( ) " ${ %{ } ~} . * , : ? => ... 1 1.5 1e5 - ! + / # // \\ \\n $ % true null :: && '
    '"x" "${x}" f(x) \u00e9'
).split(" ")
PIECES += [
    "\n", "\n", "\n", " ", " ", "  ", "\t", "\r\n", "/* */", "<<E\n", "E\n", "<<-EOT\n", " EOT\n", "%{ if x }", "%{ endif }",
    "%{ else }", "%{ for x in y }", "%{ endfor }", 'resource "a" "b" {\n', "a = ", "a = 1\n", "b = [1, 2]\n",
    "c = { a = 1 }\n", "[for x in y : x]", "{for k, v in y : k => v}",
]  # fmt: skip
FIXTURES = Path(__file__).parent.parent / "fixtures"


def main() -> int:
    """Run the campaign and print the differences."""
    parser = argparse.ArgumentParser(description="compare which texts algolint and Terraform accept as HCL")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    differences: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder, "terraformrc")
        configuration.touch()
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(configuration), "CHECKPOINT_DISABLE": "1"}
        for text in random_texts(random.Random(options.seed), options.count):
            verdict = compared(text, environment)
            counts[verdict.split(":")[0]] += 1
            if verdict.startswith("differ"):
                differences.append((verdict, text))
    found = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.most_common())
    print(f"seed {options.seed}: {options.count:,} texts, {found}")
    for verdict, text in sorted(differences, key=lambda row: len(row[1]))[:20]:
        print(f"{verdict}\n    {text!r}")
    return bool(differences)


def random_texts(rng: random.Random, count: int) -> Iterator[str]:
    """Yield texts: pieces, values of pieces, and fixtures with a change or two."""
    fixtures = [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.rglob("*.tf"))]
    for _ in range(count):
        kind = rng.random()
        if kind < 0.5:
            start = "a = " if kind < 0.25 else ""
            yield start + "".join(rng.choices(PIECES, k=rng.randint(1, 9))) + "\n" * bool(start)
            continue
        text = rng.choice(fixtures)
        for _ in range(rng.randint(1, 2)):
            at = rng.randint(0, len(text))
            text = (
                text[:at] + rng.choice(PIECES) * (rng.random() < 0.7) + text[at + rng.choice([0, 0, 1, 2]) :]
            )
        yield text


def compared(text: str, environment: dict[str, str]) -> str:
    """Return the verdict on a text: "both accept", "both refuse", "not compared" or "differ"."""
    ours = ""
    try:
        check(text)
    except SourceSyntaxError as error:
        ours = error.message
    command = ["terraform", "fmt", "-no-color", "-"]
    run = subprocess.run(command, input=text.encode(), capture_output=True, env=environment, check=False)
    theirs = run.stderr.decode("utf-8", "replace")
    if not run.returncode:
        return f"differ: Terraform accepts it, algolint does not ({ours})" if ours else "both accept"
    if ours:
        return "both refuse"
    if "Attribute redefined" in theirs:
        return "not compared"
    return f"differ: Terraform refuses it, algolint does not ({' '.join(theirs.split())[:200]})"


if __name__ == "__main__":
    sys.exit(main())
