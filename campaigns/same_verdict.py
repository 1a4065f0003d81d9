"""Lints each request as written in many ways: the findings must be the same.

    python -m campaigns.same_verdict --count 3000 --seed 1

A request (complete, broken or merely valid) is written as JSON on one line and indented, with its keys in
another order, as YAML in block and in flow style with random quotes, comments, blank lines and indentation,
each with both kinds of line breaks, and as a call in Python. The findings (rule, severity, path, message)
must not depend on it, with three exceptions. A number in place of a text is `wrong-type` in JSON and
`implicit-yaml-scalar` in YAML. A message that lists keys has them, or the first of them, in the file's order.
If two variables differ in letter case, `env-key-conflict` reports the later one. A text that is not a request
at all is distinguished from other content of the file by its keys, which depends on the syntax, so such cases
are skipped.

Then values, and parts of texts, are masked one at a time: no rule may report more than before.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from algolint.aws.model import REQUEST, Model
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.spec.binder import Binder
from algolint.testing import reported_by
from algolint.values import UNKNOWN, OpenDict, OpenList, PartialText
from campaigns import complete, requests
from campaigns.breaks import BREAKS
from campaigns.parts import Inapplicable

Findings = frozenset[tuple[str, str, str, bool, tuple[str, ...]]]

# Text that is a string without quotes in both YAML 1.1 and 1.2.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ]*[A-Za-z]")
_NOT_TEXT = frozenset(("yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))


# ---------------------------------------------------------------- ways to write a spec


def reordered(dice: random.Random, value: Any) -> Any:
    """Return a value with the keys of all objects in another order."""
    match value:
        case dict():
            keys = dice.sample(list(value), len(value))
            return {key: reordered(dice, value[key]) for key in keys}
        case list():
            return [reordered(dice, item) for item in value]
    return value


class YamlWriter:
    """Writes YAML in the styles of different people; every choice is random."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._step = dice.choice((1, 2, 4))
        self._comments = dice.random() < 0.5

    def text(self, spec: Any) -> str:
        """Return the document."""
        lines = list(self._block(spec, 0))
        start = self._dice.choice(("", "---\n", "# a comment\n", "%YAML 1.2\n---\n"))
        return start + "\n".join(lines) + self._dice.choice(("\n", "", "\n...\n"))

    def _block(self, value: Any, depth: int) -> Iterator[str]:
        """Return the lines of a value, indented."""
        indent = " " * depth
        if isinstance(value, dict) and value:
            for key, item in value.items():
                yield from self._pause(indent)
                yield from self._entry(f"{indent}{self._scalar(key)}:", item, depth)
        elif isinstance(value, list) and value:
            for item in value:
                yield from self._pause(indent)
                if isinstance(item, dict) and item and self._dice.random() < 0.7:
                    # The first key follows the dash.
                    lines = list(self._bare_block(item, depth + 2))
                    yield f"{indent}- {lines[0].lstrip(' ')}"
                    yield from lines[1:]
                else:
                    yield from self._entry(f"{indent}-", item, depth)
        else:
            yield indent + self._flow(value)

    def _bare_block(self, value: Any, depth: int) -> Iterator[str]:
        """Return a block whose first line is not a comment."""
        before, self._comments = self._comments, False
        yield from self._block(value, depth)
        self._comments = before

    def _entry(self, start: str, value: Any, depth: int) -> Iterator[str]:
        is_block = isinstance(value, (dict, list)) and value and self._dice.random() < 0.8
        if is_block:
            yield start + self._remark()
            yield from self._block(value, depth + self._step)
        else:
            yield f"{start} {self._flow(value)}{self._remark()}"

    def _flow(self, value: Any) -> str:
        gap = self._dice.choice(("", " "))
        match value:
            case dict():
                parts = (f"{self._quoted(key)}: {self._flow(item)}" for key, item in value.items())
                return f"{{{gap}{', '.join(parts)}{gap}}}"
            case list():
                return f"[{gap}{', '.join(map(self._flow, value))}{gap}]"
        return self._scalar(value)

    def _scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT and self._dice.random() < 0.7:
            return value
        return self._quoted(value)

    def _quoted(self, text: str) -> str:
        if text.isascii() and text.isprintable() and self._dice.random() < 0.5:
            return "'" + text.replace("'", "''") + "'"
        return _in_yaml(json.dumps(text, ensure_ascii=False))

    def _pause(self, indent: str) -> Iterator[str]:
        if self._comments and self._dice.random() < 0.1:
            yield self._dice.choice(("", f"{indent}# why: because"))

    def _remark(self) -> str:
        return "  # so it is" if self._comments and self._dice.random() < 0.1 else ""


def _in_yaml(text: str) -> str:
    """Return JSON text with escapes for characters that YAML treats as line breaks or does not accept."""
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def writings(dice: random.Random, spec: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the spec written in different ways: (description, syntax, text)."""
    yield "JSON in one line", "json", json.dumps(spec)
    indented = json.dumps(spec, indent=dice.choice((1, 2, "\t")), ensure_ascii=False)
    yield "JSON indented", "json", indented
    yield "JSON with CRLF", "json", indented.replace("\n", "\r\n")
    spaced = json.dumps(spec, indent=3, separators=(" ,", " :\t "))
    yield "JSON with white space", "json", f"\n\n {spaced}\n \n"
    yield "JSON in another order", "json", json.dumps(reordered(dice, spec), indent=2)
    yield "JSON as YAML", "yaml", _in_yaml(json.dumps(spec, indent=2, ensure_ascii=False))
    text = YamlWriter(dice).text(spec)
    yield "YAML", "yaml", text
    yield "YAML with CRLF", "yaml", text.replace("\n", "\r\n")
    yield "YAML in another order", "yaml", YamlWriter(dice).text(reordered(dice, spec))
    if isinstance(spec, dict) and all(key.isidentifier() for key in spec):
        if spec and not spec.keys() & _MODEL.shape(REQUEST).members.keys():
            # A request below another key is found in JSON, but a call takes no such argument.
            return
        arguments = ", ".join(f"{key}={value!r}" for key, value in spec.items())
        yield "Python", "py", f"import boto3\nboto3.client('sagemaker').create_algorithm({arguments})\n"


# ---------------------------------------------------------------- findings


def findings(linter: Linter, syntax: str, text: str) -> Findings:
    """Return the findings in a file, without their locations in it."""
    found = set()
    for diagnostic in linter.lint_source(Source(f"case.{syntax}", text)).diagnostics:
        rule, message = diagnostic.rule.name, diagnostic.message
        if rule in ("wrong-type", "implicit-yaml-scalar"):
            rule, message = "wrong-type", ""
        if re.search(r" and \d+ more", message):
            message = ""
        location = diagnostic.location
        words = tuple(sorted(re.split(r"[\s,;]+", message)))
        pointer = location.pointer
        if rule == "env-key-conflict":
            pointer = pointer.rpartition("/")[0]
        found.add((rule, diagnostic.severity, pointer, location.is_key, words))
    return frozenset(found)


def hidden(dice: random.Random, spec: Any) -> tuple[str, Any]:
    """Return the spec with a random value unknown, or a container open and with something missing."""
    shape = _MODEL.shape(REQUEST)
    paths = [path for path, _ in requests.locations(spec, shape, _MODEL)]
    path = dice.choice(paths)
    value = requests.at(spec, path)
    match value, dice.randrange(3):
        case dict(), 0:
            return f"{path} open", _put(spec, path, OpenDict(value))
        case dict(), 1 if value:
            gone = dice.choice(list(value))
            return f"{path} open without {gone}", _put(
                spec, path, OpenDict((k, v) for k, v in value.items() if k != gone)
            )
        case list(), 0:
            return f"{path} open", _put(spec, path, OpenList(value))
        case list(), 1:
            return f"{path} open and shorter", _put(spec, path, OpenList(value[:-1]))
    return f"{path} unknown", _put(spec, path, UNKNOWN)


def hidden_in_part(dice: random.Random, spec: Any) -> tuple[str, Any]:
    """Return the spec with one or two parts of a random text unknown."""
    texts = [
        (path, value)
        for path, _ in requests.locations(spec, _MODEL.shape(REQUEST), _MODEL)
        if isinstance(value := requests.at(spec, path), str)
    ]
    if not texts:
        return "no text", spec
    path, text = dice.choice(texts)
    cuts = sorted(dice.randrange(len(text) + 1) for _ in range(dice.choice((2, 2, 4))))
    starts, ends = [0, *cuts[1::2]], [*cuts[::2], len(text)]
    partial = PartialText(text[start:end] for start, end in zip(starts, ends, strict=True))
    return f"{path} known as {partial.pieces}", _put(spec, path, partial)


_MODEL = Model()


def _put(spec: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return the spec with another value at a path; open containers stay open."""
    if not path:
        return value
    step, *rest = path
    if isinstance(spec, dict):
        return type(spec)((k, _put(v, tuple(rest), value) if k == step else v) for k, v in spec.items())
    return type(spec)(_put(v, tuple(rest), value) if i == step else v for i, v in enumerate(spec))


# ---------------------------------------------------------------- the campaign


def _specs(dice: random.Random, count: int) -> Iterator[Any]:
    """Yield complete requests, broken ones, and valid ones with damage, in turn."""
    for number in range(count):
        if number % 3 == 2:
            yield requests.damaged(dice, requests.valid(dice, _MODEL), _MODEL)
            continue
        spec = complete.request(dice)
        if number % 3 == 1:
            for damage in dice.sample(BREAKS, 6):
                broken = requests.copied(spec)
                try:
                    damage.applied(broken, dice)
                except Inapplicable:
                    continue
                spec = broken
        yield spec


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    dice = random.Random(f"{seed} same verdict")
    rules = first_party_rules()
    linter = Linter(_MODEL, rules)
    compared: Counter[str] = Counter()
    found = masked_variants = 0
    differences: dict[str, str] = {}
    for spec in _specs(dice, count):
        first: Findings | None = None
        for what, syntax, text in writings(dice, spec):
            its = findings(linter, syntax, text)
            if first is None:
                if any(rule in ("not-an-algorithm", "unrecognised-spec") for rule, *_ in its):
                    break
                first = its
                found += len(its)
                continue
            compared[what] += 1
            if its != first:
                more, less = sorted(its - first)[:3], sorted(first - its)[:3]
                differences.setdefault(what, f"more: {more}\n  less: {less}\n{text[:6000]}")
        # After binding, and before rules replace each other's findings, as the property is stated.
        bound, _ = Binder(_MODEL).bind(spec, REQUEST)
        before = reported_by(rules, bound, REQUEST, _MODEL)
        for hide in [hidden, hidden_in_part] * 5:
            what, less_known = hide(dice, bound)
            masked_variants += 1
            added = reported_by(rules, less_known, REQUEST, _MODEL) - before
            if added:
                differences.setdefault(f"hidden: {sorted(added)[0][0]}", f"{what}: {added}\n{spec}"[:6000])
    print(f"seed {seed}: {count} requests with {found} findings, {sum(compared.values())} comparisons")
    for what, number in compared.items():
        print(f"  {what}: {number}")
    print(f"{masked_variants} hidings, half of them of parts of texts")
    print(f"kinds of difference: {len(differences)}; {time.perf_counter() - started:.0f} s")
    for what, example in differences.items():
        print(f"\n{what}\n  {example}")
    return 1 if differences else 0


def main() -> int:
    """Run the command line."""
    options = requests.options("Compares the findings of one request written in many ways.", 3000)
    given = options.parse_args()
    return run(given.count, given.seed)


if __name__ == "__main__":
    sys.exit(main())
