"""Compares how algolint and AWS CLI v2 parse texts; the CLI uses ruamel.yaml's pure Python parser, and
`json`.

    python -m campaigns.against_aws_cli --count 100000 --seed 1
    python -m campaigns.against_aws_cli --count 100000 --seed 1 --syntax json
    python -m campaigns.against_aws_cli --seed 1 --suite FOLDER

Texts are random combinations of tokens that matter in YAML and JSON, or pieces of the fixtures with such
tokens inserted. Both must reject a text, or both accept it with the same values. With `--suite`, every file
of a folder is read instead, such as the inputs of the official YAML and JSON suites.

Some texts are not compared: those with values that JSON cannot represent (dates, keys that are not text, tags
other than YAML's own), with merge keys, for which ruamel.yaml's versions differ, and with repeated keys,
which the CLI rejects and algolint reports separately.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError
from ruamel.yaml.error import YAMLError

from algolint.readers import json as read_json
from algolint.readers import yaml as read_yaml
from algolint.readers.yaml_scalars import YamlScalar
from algolint.source import LimitExceeded, Source, SourceSyntaxError
from algolint.spec.structural_rules import refused_by_aws_cli
from algolint.values import UNKNOWN

YAML_PIECES = (
    "a b - ? : , [ ] { } # ' \" | > & * ! % @ ` ~ = << ... --- \\ ; null true no 1 1.5 1e3 0o17 0x1f 1_000 12:30 "
    "2020-01-01 key: - -\u00e9 &a *a &a.b &\u00e9 !t !!str !!int ! |- |2 >+ 'x' \"y\" '' \"\" http://x ::1 a:b ?- %YAML "
    "\\n \\x41 \\ud83d\\ude00 'it''s' /* */ -.inf .nan 0b1 +1 -1 .5 5. ?x :x -x"
).split(" ")
YAML_PIECES += [
    "\n", "\n", "\n  ", "\n    ", "\n- ", "\nb: ", "\n# c\n", "\n---\n", "\n...\n", "\r\n", "\r", "\t", " ", " ", "  ",
    ": ", ": ", " # c", "\n\n", "%YAML 1.2\n---\n", "%TAG ! x\n---\n", "\u2028", "\x85", "\ufeff", "\u00a0", "\x07", ": |\n  ",
    "\nk: &a 1\nl: *a\n", "\"a\\\n  b\"", "'a\n\n  b'", "{a: 1, b: [c, d]}", '{"a":1,"b":[2]}', "|\n\n  x\n y",
]  # fmt: skip
JSON_PIECES = (
    '{ } [ ] : , "a" "b" "a":1 1 -1 -0 0 01 1. .5 1.5 1e5 1E+5 1e 1e400 NaN Infinity -Infinity true false null nul '
    '"\\n" "\\x" "\\u00e9" "\\ud83d\\ude00" "\\ud83d" "\\u12" "\t" "é" \' # // /**/ " \\ {} [] [1] {"a":[]}'
).split(" ")
JSON_PIECES += ["\n", " ", "\t", "\r", "\x00", "\x0c", "\ufeff", "\u00a0", "\u2028", ",\n", '": "', '{"k": ']
JSON_TEXTS = (
    '"a" "b" "" "\\n\\"\\/" "\\u00e9" "\\ud83d\\ude00" "\\ud83d" "é" "😀" "\u2028" "\x7f" "#//" "{"'
).split(" ")
JSON_NUMBERS = "0 -0 1 -1.5 1e5 1E-7 0.1e+2 1e400 12345678901234567890123 1.0 true false null".split()
#: Values that a template engine inserts are unknown.
TEMPLATE_MARKS = ("{{", "{%", "{#")
FIXTURES = Path(__file__).parent.parent / "fixtures"


def main() -> int:
    """Run the campaign and print the differences."""
    parser = argparse.ArgumentParser(description="compare algolint's readers with those of AWS CLI v2")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--syntax", choices=("json", "yaml"), help="by default a fifth are JSON")
    parser.add_argument("--suite", type=Path, help="compare the files of this folder instead")
    options = parser.parse_args()
    if options.suite:
        texts = [(name.suffix.lstrip("."), text_of(name)) for name in sorted(options.suite.rglob("*.*"))]
    else:
        texts = list(random_texts(random.Random(options.seed), options.count, options.syntax))
    counts: Counter[str] = Counter()
    differences = []
    for syntax, text in texts:
        compare = compared_json if syntax == "json" else compared_yaml
        verdict = compare(text)
        counts[verdict.split(":")[0]] += 1
        if verdict.startswith("differ"):
            differences.append((verdict, text))
    found = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.most_common())
    print(f"seed {options.seed}: {len(texts):,} texts, {found}")
    for verdict, text in sorted(differences, key=lambda row: len(row[1]))[:20]:
        print(f"{verdict}\n    {text!r}")
    return bool(differences)


def text_of(path: Path) -> str:
    """Return the text of a file, which may not be UTF-8."""
    return path.read_bytes().decode("utf-8", "replace")


def random_texts(rng: random.Random, count: int, only: str | None = None) -> Any:
    """Yield texts and their syntax, a fifth of them JSON unless they are `only` of one."""
    fixtures = {
        suffix: [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob(f"*/*.{suffix}"))]
        for suffix in ("yaml", "json")
    }
    for number in range(count):
        syntax = only or ("json" if number % 5 == 0 else "yaml")
        pieces = JSON_PIECES if syntax == "json" else YAML_PIECES
        if rng.random() < (0.25 if syntax == "json" else 0.6):
            yield syntax, "".join(rng.choices(pieces, k=rng.randint(1, 14)))
            continue
        changes = rng.randint(1, 3)
        if syntax == "json" and rng.random() < 0.7:
            text, changes = json_text(rng), changes - 1
        else:
            text = rng.choice(fixtures[syntax])
            start = rng.choice([0, text.find("\n", rng.randrange(len(text))) + 1])
            text = text[start : start + rng.randint(20, 400)]
        for _ in range(changes):
            at = rng.randint(0, len(text))
            text = text[:at] + rng.choice(pieces) + text[at + rng.choice([0, 0, 1, 3]) :]
        yield syntax, text


def json_text(rng: random.Random, depth: int = 0) -> str:
    """Return a JSON text of random values, with random white space between its tokens."""
    space = rng.choice(["", "", "", " ", "\n", "\t \r\n"])
    if depth < 4 and rng.random() < 0.6:
        items = [json_text(rng, depth + 1) for _ in range(rng.randint(0, 4))]
        if rng.random() < 0.5:
            return f"{space}[{','.join(items)}]{space}"
        members = [f"{space}{rng.choice(JSON_TEXTS)}{space}:{item}" for item in items]
        return f"{space}{{{','.join(members) or space}}}{space}"
    return f"{space}{rng.choice((*JSON_TEXTS, *JSON_NUMBERS))}{space}"


# ---------------------------------------------------------------- YAML


def compared_yaml(text: str) -> str:
    """Return the verdict on a YAML text: "both accept", "both refuse", "not compared" or "differ"."""
    if any(mark in text for mark in TEMPLATE_MARKS):
        return "not compared"
    ours = _algolint(read_yaml, text)
    refusal: Exception | None = None
    theirs: list[Any] = []
    try:
        # The parser raises errors of any kind, and warns of anchors that are defined again.
        warnings.simplefilter("ignore")
        theirs = list(YAML(typ="safe", pure=True).load_all(text.removeprefix("\ufeff")))
    except Exception as error:
        refusal = error
    if isinstance(refusal, (ConstructorError, DuplicateKeyError)) or (
        refusal and not isinstance(refusal, YAMLError)
    ):
        # Of a value, not of the text, which may have a mistake after it.
        return "not compared"
    if ours is not None and all(value is None for value in ours) and refusal is not None:
        return "not compared"
    if (ours is None) != (refusal is not None):
        reason = getattr(refusal, "problem", refusal)
        return f"differ: the CLI {'refuses' if refusal else 'accepts'} it, algolint does not ({reason})"
    if refusal is not None:
        return "both refuse"
    theirs = [value for value in theirs if value is not None]
    if "<<" in text or re.search(r"(?<!\S)!(?!\S)", text) or not all(map(_is_of_json, theirs)):
        return "not compared"
    shown = [value for value in ours or [] if value is not None]
    return "both accept" if _same(shown, theirs) else f"differ: {shown!r} instead of {theirs!r}"


def _algolint(reader: Any, text: str) -> list[Any] | None:
    try:
        documents = reader.read(Source("a", text))
    except SourceSyntaxError as error:
        is_empty = reader is read_yaml and error.message == "the file is empty"
        return [None] if isinstance(error, LimitExceeded) or is_empty else None
    if any(fault.rule is refused_by_aws_cli for document in documents for fault in document.faults):
        return None
    return [document.spec for document in documents]


def _is_of_json(value: Any) -> bool:
    match value:
        case dict():
            return all(isinstance(key, str) for key in value) and all(map(_is_of_json, value.values()))
        case list():
            return all(map(_is_of_json, value))
    return value is None or isinstance(value, (str, int, float))


def _same(ours: Any, theirs: Any) -> bool:
    match ours:
        case dict() if isinstance(theirs, dict):
            return ours.keys() == theirs.keys() and all(_same(ours[key], theirs[key]) for key in ours)
        case list() if isinstance(theirs, list):
            return len(ours) == len(theirs) and all(map(_same, ours, theirs))
        case str() if isinstance(theirs, str) and not isinstance(ours, YamlScalar):
            # Two surrogate escapes are one character, as in JSON.
            return ours == theirs.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        case YamlScalar():
            return isinstance(theirs, float) or str(ours) == theirs
    return ours is UNKNOWN or (type(ours) is type(theirs) and repr(ours) == repr(theirs))


# ---------------------------------------------------------------- JSON


def compared_json(text: str) -> str:
    """Return the verdict on a JSON text."""
    if any(mark in text for mark in TEMPLATE_MARKS):
        return "not compared"
    ours = _algolint(read_json, text)
    theirs, refusal = _by_python(text)
    if ours is not None and ours[0] is None and (refusal or theirs is not None):
        # The reader ended at one of its limits.
        return "not compared"
    if ours is None or refusal:
        if ours is None and refusal:
            return "both refuse"
        return f"differ: only {'json.loads' if refusal else 'algolint'} refuses it ({refusal})"
    if repr(theirs) != repr(ours[0]):
        return f"differ: {ours[0]!r} instead of {theirs!r}"
    return "both accept"


def _by_python(text: str) -> tuple[Any, str]:
    """Return the value that `json.loads` reads, or the error; here it also rejects what is not JSON."""

    def refused(word: str) -> Any:
        raise ValueError(f"{word} is not JSON")

    def number(written: str) -> float:
        value = float(written)
        return value if math.isfinite(value) else refused(written)

    try:
        return json.loads(text, parse_constant=refused, parse_float=number), ""
    except (ValueError, RecursionError) as error:
        return None, str(error)


if __name__ == "__main__":
    sys.exit(main())
